//! A trip from request to answer, in steps: [`TripSearch`], and [`plan_trip`], the loop around it.

use crate::assemble::Assembler;
use crate::consumption::Consumer;
use crate::explain::Explain;
use crate::failure::{FailureCode, FailurePlace, PlanFailure};
use crate::itinerary::Plan;
use crate::legs::{Bound, GreatCircleLegs, LegCost, LegOracle};
use crate::request::{Assumptions, TripRequest};
use crate::road_legs::{Joined, MAX_SNAP_M, RoadLegs};
use crate::search::{Outcome, Problem, Search};
use crate::sides;
use crate::stations::Stations;
use chongtu_model::{BoundingBox, Catalogue, Instant, LatLng, Vehicle};
use chongtu_roads::{RoadNetwork, Snap};
use std::rc::Rc;

/// Labels that one search may make before it gives up: some seconds and a few hundred megabytes.
const BUDGET: u64 = 4_000_000;

/// How to get from place to place.
#[derive(Clone, Debug)]
pub enum Travel {
    /// On a road network.
    Roads(Rc<RoadNetwork>),
    /// Along great circles, at one speed.
    GreatCircle {
        /// Constant speed, km/h.
        cruise_kmh: f64,
        /// Metres driven for a metre of great circle.
        detour: f64,
    },
}

impl Travel {
    /// On a road network.
    pub fn roads(network: Rc<RoadNetwork>) -> Self {
        Self::Roads(network)
    }
}

/// What all plans share: the locations, joined once to the roads.
#[derive(Debug)]
pub struct World {
    catalogue: Rc<Catalogue>,
    travel: Travel,
    snaps: Vec<Option<Snap>>,
    now: Instant,
}

impl World {
    /// Joins every location to the roads. Until [`World::with_now`] says otherwise, all status
    /// counts as stale (unless its source does not go stale).
    pub fn new(catalogue: Rc<Catalogue>, travel: Travel) -> Self {
        let snaps = match &travel {
            Travel::Roads(network) => {
                let mut snaps: Vec<_> = catalogue
                    .locations
                    .iter()
                    .map(|l| snap_nearest(network, l.position))
                    .collect();
                sides::assign(network, &catalogue, &mut snaps, MAX_SNAP_M);
                snaps
            }
            Travel::GreatCircle { .. } => Vec::new(),
        };
        // The year 9999.
        Self {
            catalogue,
            travel,
            snaps,
            now: Instant::from_unix_s(253_402_300_799),
        }
    }

    /// Judges the age of statuses at this instant.
    #[must_use]
    pub fn with_now(mut self, now: Instant) -> Self {
        self.now = now;
        self
    }

    /// The locations.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Where each location joins the roads, in order of location; empty for great circles.
    pub fn snaps(&self) -> &[Option<Snap>] {
        &self.snaps
    }

    /// The instant at which statuses are judged.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The roads, unless great circles are driven.
    pub fn network(&self) -> Option<&RoadNetwork> {
        match &self.travel {
            Travel::Roads(network) => Some(network),
            Travel::GreatCircle { .. } => None,
        }
    }
}

fn snap_nearest(network: &RoadNetwork, at: LatLng) -> Option<Snap> {
    network.snap(at, MAX_SNAP_M, 1).into_iter().next()
}

/// Legs by roads or by great circles.
#[derive(Debug)]
pub(crate) enum Legs {
    Roads(RoadLegs),
    GreatCircle(GreatCircleLegs),
}

impl LegOracle for Legs {
    fn n_places(&self) -> u32 {
        match self {
            Self::Roads(legs) => legs.n_places(),
            Self::GreatCircle(legs) => legs.n_places(),
        }
    }

    fn legs_from(&mut self, from: u32, max_need_kwh: f64, out: &mut Vec<LegCost>) {
        match self {
            Self::Roads(legs) => legs.legs_from(from, max_need_kwh, out),
            Self::GreatCircle(legs) => legs.legs_from(from, max_need_kwh, out),
        }
    }

    fn is_closed(&self) -> bool {
        match self {
            Self::Roads(legs) => legs.is_closed(),
            Self::GreatCircle(legs) => legs.is_closed(),
        }
    }

    fn bounds_to_destination(&mut self) -> Vec<Bound> {
        match self {
            Self::Roads(legs) => legs.bounds_to_destination(),
            Self::GreatCircle(legs) => legs.bounds_to_destination(),
        }
    }
}

/// A request made ready: its stations and its search.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) world: Rc<World>,
    pub(crate) vehicle: Rc<Vehicle>,
    pub(crate) request: TripRequest,
    pub(crate) caps_kmh: Vec<Option<f64>>,
    pub(crate) stations: Stations,
    pub(crate) search: Search<Legs>,
}

impl Prepared {
    pub(crate) fn new(
        world: &Rc<World>,
        vehicle: &Rc<Vehicle>,
        request: &TripRequest,
        assume: &Assumptions,
    ) -> Result<Self, PlanFailure> {
        request.validate()?;
        let mut stations = Stations::new(&world.catalogue, vehicle, assume, world.now);
        let consumer = Consumer::new(vehicle);
        let (caps_kmh, legs) = match &world.travel {
            Travel::Roads(network) => {
                let mut places = vec![
                    join_end(network, request.from, FailurePlace::Origin)?,
                    join_end(network, request.to, FailurePlace::Destination)?,
                ];
                let mut near = Vec::with_capacity(stations.stations.len());
                for station in stations.stations {
                    let at = station.location as usize;
                    match (
                        world.snaps.get(at).copied().flatten(),
                        world.catalogue.locations.get(at),
                    ) {
                        (Some(snap), Some(location)) => {
                            places.push(Joined {
                                position: location.position,
                                snap,
                            });
                            near.push(station);
                        }
                        _ => stations.skipped.no_road_nearby += 1,
                    }
                }
                stations.stations = near;
                let caps = request.caps_kmh();
                let legs = RoadLegs::new(Rc::clone(network), places, &consumer, &caps);
                (caps, Legs::Roads(legs))
            }
            &Travel::GreatCircle { cruise_kmh, detour } => {
                let mut places = vec![request.from, request.to];
                places.extend(stations.stations.iter().filter_map(|s| {
                    world
                        .catalogue
                        .locations
                        .get(s.location as usize)
                        .map(|l| l.position)
                }));
                let legs = GreatCircleLegs {
                    places,
                    cruise_kmh,
                    detour,
                    wh_per_km: consumer.wh_per_km(cruise_kmh),
                };
                (vec![Some(cruise_kmh)], Legs::GreatCircle(legs))
            }
        };
        let problem = Problem {
            capacity_kwh: vehicle.usable_battery_kwh,
            departure: request.departure_soc.get(),
            reserve: request.reserve_soc.get(),
            least_at_charger: request.least_at_charger(),
            least_at_end: request.least_at_end(),
            ceiling: request.max_charge_soc.get(),
            overhead_s: request.overhead_s,
            chargers: stations.chargers.clone(),
            charger_of: stations.stations.iter().map(|s| s.charger).collect(),
            budget: BUDGET,
        };
        let search = Search::new(legs, problem);
        if !search.is_connected() {
            return Err(PlanFailure::new(
                FailureCode::Unreachable,
                FailurePlace::Destination,
            ));
        }
        Ok(Self {
            world: Rc::clone(world),
            vehicle: Rc::clone(vehicle),
            request: request.clone(),
            caps_kmh,
            stations,
            search,
        })
    }
}

fn join_end(network: &RoadNetwork, at: LatLng, which: FailurePlace) -> Result<Joined, PlanFailure> {
    if let Some(snap) = snap_nearest(network, at) {
        Ok(Joined { position: at, snap })
    } else {
        let inside = network
            .bounding_box()
            .is_some_and(|b: BoundingBox| b.contains(at));
        let code = if inside {
            FailureCode::NoRoadNearby
        } else {
            FailureCode::OutOfCoverage
        };
        Err(PlanFailure::new(code, which))
    }
}

/// What the search is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Looking for the plan.
    Searching,
    /// There is none: looking for what failed and what would help.
    Explaining,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// 0..=1, grows within a phase.
    pub share: f64,
    /// Labels taken up so far.
    pub labels: u64,
    /// What it is doing.
    pub phase: Phase,
}

/// What a step gave.
#[derive(Debug)]
pub enum Step {
    /// Go on.
    Running(Progress),
    /// The answer. Further steps give it no more.
    Done(Box<Result<Plan, PlanFailure>>),
}

#[derive(Debug)]
enum State {
    Start,
    Searching(Box<Prepared>),
    Explaining(Box<Explain>),
    Ended,
}

/// A trip being planned. Between steps the caller may report progress, hear a cancel, or drop it.
#[derive(Debug)]
pub struct TripSearch {
    world: Rc<World>,
    vehicle: Rc<Vehicle>,
    request: TripRequest,
    assume: Assumptions,
    keep_graph: bool,
    state: State,
}

impl TripSearch {
    /// Prepares nothing yet: whatever is wrong comes out of the first step. The vehicle must be
    /// valid ([`Vehicle::validate`]). `keep_graph` fills [`Plan::graph`].
    pub fn new(
        world: Rc<World>,
        vehicle: &Vehicle,
        request: &TripRequest,
        assume: &Assumptions,
        keep_graph: bool,
    ) -> Self {
        Self {
            world,
            vehicle: Rc::new(vehicle.clone()),
            request: request.clone(),
            assume: *assume,
            keep_graph,
            state: State::Start,
        }
    }

    /// Takes up at most `work` labels.
    pub fn step(&mut self, work: u32) -> Step {
        match core::mem::replace(&mut self.state, State::Ended) {
            State::Start => {
                match Prepared::new(&self.world, &self.vehicle, &self.request, &self.assume) {
                    Ok(prepared) => {
                        self.state = State::Searching(Box::new(prepared));
                        Step::Running(Progress {
                            share: 0.0,
                            labels: 0,
                            phase: Phase::Searching,
                        })
                    }
                    Err(failure) => Step::Done(Box::new(Err(failure))),
                }
            }
            State::Searching(mut prepared) => match prepared.search.step(work) {
                None => {
                    let progress = Progress {
                        share: prepared.search.share(),
                        labels: prepared.search.taken(),
                        phase: Phase::Searching,
                    };
                    self.state = State::Searching(prepared);
                    Step::Running(progress)
                }
                Some(Outcome::Solved(solution)) => {
                    let plan = Assembler::new(&mut prepared).plan(&solution, self.keep_graph);
                    Step::Done(Box::new(Ok(plan)))
                }
                Some(Outcome::Infeasible) => {
                    let labels = prepared.search.taken();
                    self.state = State::Explaining(Box::new(Explain::new(
                        *prepared,
                        &self.request,
                        self.assume,
                    )));
                    Step::Running(Progress {
                        share: 0.0,
                        labels,
                        phase: Phase::Explaining,
                    })
                }
                Some(Outcome::BudgetExceeded) => {
                    let failure =
                        PlanFailure::new(FailureCode::BudgetExceeded, FailurePlace::Everywhere);
                    Step::Done(Box::new(Err(failure)))
                }
            },
            State::Explaining(mut explain) => match explain.step(work) {
                None => {
                    let progress = explain.progress();
                    self.state = State::Explaining(explain);
                    Step::Running(progress)
                }
                Some(failure) => Step::Done(Box::new(Err(failure))),
            },
            State::Ended => Step::Done(Box::new(Err(PlanFailure::new(
                FailureCode::BudgetExceeded,
                FailurePlace::Everywhere,
            )))),
        }
    }
}

/// Plans a trip to the end.
///
/// # Errors
/// The [`PlanFailure`] that says what failed, by how much, and what would help.
pub fn plan_trip(
    world: &Rc<World>,
    vehicle: &Vehicle,
    request: &TripRequest,
    assume: &Assumptions,
    keep_graph: bool,
) -> Result<Plan, PlanFailure> {
    let mut search = TripSearch::new(Rc::clone(world), vehicle, request, assume, keep_graph);
    loop {
        if let Step::Done(answer) = search.step(u32::MAX) {
            return *answer;
        }
    }
}
