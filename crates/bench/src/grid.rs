//! The peer of plans: Dijkstra's algorithm over (place, charge in even steps).
//!
//! Leg energies are rounded up, the departure charge and the ceiling down, what is asked up: every
//! plan of the grid can be driven, so its best is never below the optimum. Together with the check
//! that our plan can be driven too, an answer that is not optimal shows when the grid is below it.

use crate::check::charge_s;
use anyhow::{Context as _, Result};
use chongtu_model::{LatLng, Location, Vehicle};
use chongtu_planner::consumption::Consumer;
use chongtu_planner::legs::{DESTINATION, FIRST_STATION, GreatCircleLegs, LegOracle, ORIGIN};
use chongtu_planner::road_legs::{Joined, MAX_SNAP_M, RoadLegs};
use chongtu_planner::stations::Stations;
use chongtu_planner::{Assumptions, Travel, TripRequest, World, plan_trip};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

/// A leg on the grid.
#[derive(Clone, Copy)]
struct GridLeg {
    to: u32,
    steps: u32,
    seconds: f64,
}

/// What is planned.
#[derive(Clone, Copy)]
pub(crate) struct Trip<'a> {
    pub(crate) world: &'a Rc<World>,
    pub(crate) travel: &'a Travel,
    pub(crate) vehicle: &'a Vehicle,
    pub(crate) request: &'a TripRequest,
    pub(crate) assumptions: &'a Assumptions,
    /// Steps of charge from empty to full.
    pub(crate) steps: usize,
}

/// A trip on the grid, its legs and charging times worked out.
pub(crate) struct Grid {
    /// Steps from empty to full.
    steps: usize,
    legs: Vec<Vec<GridLeg>>,
    /// For every station the index of its charging times.
    charger_of: Vec<usize>,
    /// Seconds from `k` to `k + 1` steps.
    chargers: Vec<Vec<f64>>,
    departure: usize,
    reserve: usize,
    at_charger: usize,
    at_end: usize,
    ceiling: usize,
    overhead_s: f64,
}

fn up(share: f64, steps: usize) -> usize {
    (share * steps as f64 - 1e-9).ceil().max(0.0) as usize
}

fn down(share: f64, steps: usize) -> usize {
    (share * steps as f64 + 1e-9).floor() as usize
}

impl Grid {
    /// The planner's own legs and chargers.
    ///
    /// Where sites serve one carriageway only the world knows which; there it is the legs that
    /// the search asked for, and nothing for a trip that it refused. Elsewhere it is every leg of the same oracle, asked for or not.
    pub(crate) fn new(trip: &Trip<'_>) -> Result<Option<Self>> {
        let directed = |l: &Location| l.road.as_ref().is_some_and(|r| r.direction.is_some());
        let on_roads = matches!(trip.travel, Travel::Roads(_));
        if on_roads && trip.world.catalogue().locations.iter().any(directed) {
            Self::of_asked(trip)
        } else {
            Self::of_all(trip).map(Some)
        }
    }

    fn of_asked(trip: &Trip<'_>) -> Result<Option<Self>> {
        let plan = plan_trip(
            trip.world,
            trip.vehicle,
            trip.request,
            trip.assumptions,
            true,
        );
        let Ok(plan) = plan else { return Ok(None) };
        let graph = plan.graph.context("the plan keeps no graph")?;
        let mut legs = vec![Vec::new(); graph.places.len()];
        for leg in &graph.legs {
            legs[leg.from as usize].push(trip.on_grid(leg.to, leg.need_kwh, leg.duration_s));
        }
        let mut limits = Vec::new();
        for place in graph.places.iter().skip(FIRST_STATION as usize) {
            let &(standard, kw, _) = place.groups.first().context("a site without chargers")?;
            let mut inlets = trip.vehicle.connectors.iter();
            let inlet = inlets.find(|c| c.standard == standard);
            let inlet = inlet.context("a site for other cars")?;
            let at_plug = inlet.max_power_kw.map_or(kw, |most| most.min(kw));
            limits.push(at_plug * trip.vehicle.charge_efficiency);
        }
        Self::of(trip, legs, &limits).map(Some)
    }

    fn of_all(trip: &Trip<'_>) -> Result<Self> {
        let locations = &trip.world.catalogue().locations;
        let stations = Stations::new(
            trip.world.catalogue(),
            trip.vehicle,
            trip.assumptions,
            trip.world.now(),
        );
        let consumer = Consumer::new(trip.vehicle);
        let mut places = vec![trip.request.from, trip.request.to];
        let mut limits = Vec::new();
        for station in &stations.stations {
            let position = locations[station.location as usize].position;
            let near = match trip.travel {
                Travel::Roads(roads) => !roads.snap(position, MAX_SNAP_M, 1).is_empty(),
                Travel::GreatCircle { .. } => true,
            };
            if near {
                places.push(position);
                limits.push(station.limit_kw);
            }
        }
        let legs = match trip.travel {
            Travel::Roads(roads) => {
                let join = |&position: &LatLng| {
                    let snap = roads.snap(position, MAX_SNAP_M, 1).into_iter().next();
                    snap.map(|snap| Joined { position, snap })
                };
                let joined: Option<Vec<Joined>> = places.iter().map(join).collect();
                let joined = joined.context("an end of the trip joins no road")?;
                let caps = trip.request.caps_kmh();
                let oracle = RoadLegs::new(Rc::clone(roads), joined, &consumer, &caps);
                trip.all_legs(oracle)
            }
            &Travel::GreatCircle { cruise_kmh, detour } => trip.all_legs(GreatCircleLegs {
                places,
                cruise_kmh,
                detour,
                wh_per_km: consumer.wh_per_km(cruise_kmh),
            }),
        };
        Self::of(trip, legs, &limits)
    }

    fn of(trip: &Trip<'_>, legs: Vec<Vec<GridLeg>>, limits_kw: &[f64]) -> Result<Self> {
        let mut distinct = limits_kw.to_vec();
        distinct.sort_unstable_by(f64::total_cmp);
        distinct.dedup();
        let chargers: Result<Vec<Vec<f64>>> = distinct
            .iter()
            .map(|&limit| {
                let at = |k: usize| k as f64 / trip.steps as f64;
                (0..trip.steps)
                    .map(|k| charge_s(trip.vehicle, limit, at(k), at(k + 1)))
                    .collect()
            })
            .collect();
        let (request, steps) = (trip.request, trip.steps);
        Ok(Self {
            steps,
            legs,
            charger_of: limits_kw
                .iter()
                .map(|l| distinct.partition_point(|d| d < l))
                .collect(),
            chargers: chargers?,
            departure: down(request.departure_soc.get(), steps),
            reserve: up(request.reserve_soc.get(), steps),
            at_charger: up(request.least_at_charger(), steps),
            at_end: up(request.least_at_end(), steps),
            ceiling: down(request.max_charge_soc.get(), steps),
            overhead_s: request.overhead_s,
        })
    }

    /// Seconds of the best plan on the grid; `None` when it has none.
    pub(crate) fn total_s(&self) -> Option<f64> {
        // A state is a place, whether the car is plugged in there, and its charge.
        let width = self.steps + 1;
        let state = |place: u32, plugged: bool, k: usize| {
            (place as usize * 2 + usize::from(plugged)) * width + k
        };
        let mut best = vec![f64::INFINITY; self.legs.len() * 2 * width];
        let mut heap = BinaryHeap::new();
        let start = state(ORIGIN, false, self.departure);
        best[start] = 0.0;
        heap.push(Reverse((0_u64, start)));
        while let Some(Reverse((bits, at))) = heap.pop() {
            let time = f64::from_bits(bits);
            if time > best[at] {
                continue;
            }
            let (k, plugged) = (at % width, at / width % 2 == 1);
            let place = (at / width / 2) as u32;
            if place == DESTINATION {
                if k >= self.at_end {
                    return Some(time);
                }
                continue;
            }
            let mut reach = |to: usize, time: f64| {
                if time < best[to] {
                    best[to] = time;
                    heap.push(Reverse((time.to_bits(), to)));
                }
            };
            for leg in &self.legs[place as usize] {
                if let Some(left) = k.checked_sub(leg.steps as usize)
                    && left >= self.reserve
                {
                    reach(state(leg.to, false, left), time + leg.seconds);
                }
            }
            let Some(station) = place.checked_sub(FIRST_STATION) else {
                continue;
            };
            if plugged && k < self.ceiling {
                let step = self.chargers[self.charger_of[station as usize]][k];
                reach(state(place, true, k + 1), time + step);
            } else if !plugged && k >= self.at_charger && k < self.ceiling {
                reach(state(place, true, k), time + self.overhead_s);
            }
        }
        None
    }
}

impl Trip<'_> {
    fn on_grid(&self, to: u32, need_kwh: f64, seconds: f64) -> GridLeg {
        GridLeg {
            to,
            steps: up(need_kwh / self.vehicle.usable_battery_kwh, self.steps) as u32,
            seconds,
        }
    }

    /// Every leg of every place.
    fn all_legs(&self, mut oracle: impl LegOracle) -> Vec<Vec<GridLeg>> {
        let request = self.request;
        let most = request
            .departure_soc
            .get()
            .max(request.max_charge_soc.get());
        let reach = (most - request.reserve_soc.get() + 1e-9) * self.vehicle.usable_battery_kwh;
        (0..oracle.n_places())
            .map(|from| {
                let mut legs = Vec::new();
                if from != DESTINATION {
                    oracle.legs_from(from, reach, &mut legs);
                }
                legs.iter()
                    .map(|l| self.on_grid(l.to, l.need_kwh, l.duration_s))
                    .collect()
            })
            .collect()
    }
}
