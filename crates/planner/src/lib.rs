//! Exact charging plans: which way, where to stop, how long to charge at each.
//!
//! Given a road network (or great circles), locations, a car and a request, [`TripSearch`] finds
//! the plan with the least total time: driving + charging + a fixed overhead a stop. Charge never
//! falls below the reserve, not below the asked charge at chargers and at the end, and is never
//! charged above the ceiling. Charging is partial and nonlinear.
//!
//! # What is exact
//! The plan is optimal on the *stop graph*: the origin, the destination and every usable location,
//! joined by the legs that the [`legs::LegOracle`] gives (the fastest path under each offered speed
//! cap) and their concatenations under one cap (driving past a location without stopping). It is not the shortest
//! feasible path over all paths of the road network (CFP; Baum, Dibbelt, Gemsa, Wagner, Zündorf
//! 2019): a slower path that saves energy is found only when it leads past a location or when a
//! lower cap is offered.
//!
//! Reading order: [`request`], [`consumption`], [`charging`], [`stations`], [`legs`],
//! [`road_legs`], [`search`], [`trip`], [`itinerary`], [`failure`].

mod assemble;
pub mod cars;
pub mod charging;
pub mod consumption;
mod cost;
mod explain;
pub mod failure;
pub mod itinerary;
pub mod legs;
pub mod request;
pub mod road_legs;
pub mod search;
mod sides;
pub mod stations;
pub mod trip;

pub use failure::{Change, FailureCode, PlanFailure, Relaxation};
pub use itinerary::{Backup, ChargingStop, Itinerary, Leg, Plan, PlanLabel, StopRef};
pub use request::{Assumptions, TripRequest};
pub use stations::SkippedLocations;
pub use trip::{Phase, Progress, Step, Travel, TripSearch, World, plan_trip};
