//! Why there is no plan, and the smallest single changes that would make one.
//!
//! The leg that fails is found by a bottleneck search: over all ways from the origin to the
//! destination, charging to the ceiling everywhere, the one whose worst leg misses by least.
//! Every relaxation is verified by planning again.

use crate::failure::{Change, FailureCode, FailurePlace, Gap, PlanFailure, Relaxation};
use crate::legs::{DESTINATION, FIRST_STATION, LegCost, LegOracle, ORIGIN};
use crate::request::{Assumptions, TripRequest};
use crate::search::Outcome;
use crate::trip::{Phase, Prepared, Progress};
use chongtu_model::{LatLng, Soc};

/// A trial: one change and the request with it.
#[derive(Debug)]
struct Trial {
    change: Change,
    from: Option<f64>,
    to: f64,
    request: TripRequest,
}

/// The work of explaining, in steps.
#[derive(Debug)]
pub(crate) struct Explain {
    prepared: Prepared,
    assume: Assumptions,
    bottleneck: Option<Bottleneck>,
    failure: Option<PlanFailure>,
    trials: Vec<Trial>,
    n_trials: usize,
    running: Option<(Trial, Box<Prepared>)>,
    solved: Vec<Change>,
    labels: u64,
}

impl Explain {
    pub(crate) fn new(prepared: Prepared, request: &TripRequest, assume: Assumptions) -> Self {
        let n = prepared.search.n_places();
        let labels = prepared.search.taken();
        let mut explain = Self {
            prepared,
            assume,
            bottleneck: Some(Bottleneck::new(n)),
            failure: None,
            trials: Vec::new(),
            n_trials: 0,
            running: None,
            solved: Vec::new(),
            labels,
        };
        explain.trials = trials(request);
        explain.n_trials = explain.trials.len();
        explain
    }

    pub(crate) fn progress(&self) -> Progress {
        let left = self.trials.len() + usize::from(self.running.is_some());
        let share = if self.bottleneck.is_some() {
            0.0
        } else {
            1.0 - left as f64 / (self.n_trials + 1) as f64
        };
        Progress {
            share,
            labels: self.labels,
            phase: Phase::Explaining,
        }
    }

    /// Goes on; gives the failure when it is explained.
    pub(crate) fn step(&mut self, work: u32) -> Option<PlanFailure> {
        if let Some(bottleneck) = &mut self.bottleneck {
            if let Some(found) = bottleneck.step(&mut self.prepared, (work / 64).max(1)) {
                self.bottleneck = None;
                self.failure = Some(self.describe(found));
            }
            return None;
        }
        if let Some((trial, mut prepared)) = self.running.take() {
            match prepared.search.step(work) {
                None => self.running = Some((trial, prepared)),
                Some(outcome) => {
                    self.labels += prepared.search.taken();
                    if let (Outcome::Solved(solution), Some(failure)) = (outcome, &mut self.failure)
                    {
                        self.solved.push(trial.change);
                        let Trial {
                            change, from, to, ..
                        } = trial;
                        failure.relaxations.push(Relaxation {
                            change,
                            from,
                            to,
                            total_s: solution.total_s,
                        });
                    }
                }
            }
            return None;
        }
        if self.trials.is_empty() {
            let mut failure = self.failure.take()?;
            failure
                .relaxations
                .sort_by(|a, b| a.total_s.total_cmp(&b.total_s));
            return Some(failure);
        }
        let trial = self.trials.remove(0);
        // The smallest change of each kind is enough: the next of the same kind is tried only when it failed.
        if self.solved.contains(&trial.change) {
            return None;
        }
        if let Ok(mut prepared) = Prepared::new(
            &self.prepared.world,
            &self.prepared.vehicle,
            &trial.request,
            &self.assume,
        ) && prepared.search.may_be_feasible()
        {
            self.running = Some((trial, Box::new(prepared)));
        }
        None
    }

    fn describe(&self, found: Found) -> PlanFailure {
        let Found::Worst(worst) = found else {
            return PlanFailure::new(FailureCode::Unreachable, FailurePlace::Destination);
        };
        let skipped = &self.prepared.stations.skipped;
        let none_fits = self.prepared.stations.stations.is_empty()
            && skipped.not_compatible + skipped.connector_unknown + skipped.power_unknown > 0;
        let code = if none_fits {
            FailureCode::NoCompatibleConnector
        } else {
            FailureCode::GapTooLong
        };
        let capacity = self.prepared.vehicle.usable_battery_kwh;
        let reserve = self.prepared.request.reserve_soc.get();
        let used = worst.leg.energy_kwh / capacity;
        let reach = ((worst.available - reserve) / used).clamp(0.0, 1.0);
        let mut failure = PlanFailure::new(code, self.name(worst.from));
        failure.gap_kwh = Some((worst.needed - worst.available) * capacity);
        failure.gap = Some(Gap {
            from: self.name(worst.from),
            to: self.name(worst.leg.to),
            from_position: self.position(worst.from),
            to_position: self.position(worst.leg.to),
            distance_m: worst.leg.distance_m,
            available_soc: worst.available,
            needed_soc: worst.needed,
            reach_m: worst.leg.distance_m * reach,
        });
        failure
    }

    fn name(&self, place: u32) -> FailurePlace {
        match place {
            ORIGIN => FailurePlace::Origin,
            DESTINATION => FailurePlace::Destination,
            _ => self
                .prepared
                .location(place)
                .map_or(FailurePlace::Everywhere, |l| {
                    FailurePlace::Location(l.id.to_string())
                }),
        }
    }

    fn position(&self, place: u32) -> LatLng {
        match place {
            ORIGIN => self.prepared.request.from,
            DESTINATION => self.prepared.request.to,
            _ => self
                .prepared
                .location(place)
                .map_or(self.prepared.request.from, |l| l.position),
        }
    }
}

/// What may be changed, the smaller change of a kind first.
fn trials(request: &TripRequest) -> Vec<Trial> {
    let mut trials = Vec::new();
    let mut add = |change, from: Option<f64>, to: f64, edit: &dyn Fn(&mut TripRequest, Soc)| {
        let mut changed = request.clone();
        edit(&mut changed, Soc::new(to).unwrap_or(Soc::FULL));
        trials.push(Trial {
            change,
            from,
            to,
            request: changed,
        });
    };
    for kmh in [110.0, 100.0, 90.0, 80.0] {
        if request.max_speed_kmh.is_none_or(|now| kmh < now) {
            add(Change::MaxSpeedKmh, request.max_speed_kmh, kmh, &|r, _| {
                r.max_speed_kmh = Some(kmh);
            });
        }
    }
    let now = request.departure_soc.get();
    for more in [0.5, 0.6, 0.7, 0.8, 0.9, 1.0] {
        if more > now {
            add(Change::DepartureSoc, Some(now), more, &|r, soc| {
                r.departure_soc = soc;
            });
        }
    }
    let now = request.reserve_soc.get();
    for less in [0.15, 0.1, 0.05, 0.0] {
        if less < now {
            add(Change::ReserveSoc, Some(now), less, &|r, soc| {
                // Where chargers were to be reached with the reserve, they still are.
                if r.charger_arrival_soc <= r.reserve_soc {
                    r.charger_arrival_soc = soc;
                }
                if r.arrival_soc <= r.reserve_soc {
                    r.arrival_soc = soc;
                }
                r.reserve_soc = soc;
            });
        }
    }
    let now = request.arrival_soc.get();
    for less in [0.3, 0.2, 0.1, 0.05] {
        if less < now && less >= request.reserve_soc.get() {
            add(Change::ArrivalSoc, Some(now), less, &|r, soc| {
                r.arrival_soc = soc;
            });
        }
    }
    let now = request.max_charge_soc.get();
    for more in [0.8, 0.9, 1.0] {
        if more > now {
            add(Change::MaxChargeSoc, Some(now), more, &|r, soc| {
                r.max_charge_soc = soc;
            });
        }
    }
    trials
}

/// The leg that misses most on the way that misses least.
#[derive(Clone, Copy, Debug)]
struct Worst {
    from: u32,
    leg: LegCost,
    available: f64,
    needed: f64,
}

/// What the growth came to.
#[derive(Clone, Copy, Debug)]
enum Found {
    /// The leg that misses most on the best way.
    Worst(Worst),
    /// No way leads there at all.
    NoWay,
}

/// Prim-like growth from the origin by the worst leg so far.
#[derive(Debug)]
struct Bottleneck {
    /// The least worst leg to each place, and whether it is final.
    worst: Vec<Option<Worst>>,
    done: Vec<bool>,
}

impl Bottleneck {
    fn new(n: u32) -> Self {
        Self {
            worst: vec![None; n as usize],
            done: vec![false; n as usize],
        }
    }

    /// Takes up some places; gives what came of it when it is known.
    fn step(&mut self, prepared: &mut Prepared, places: u32) -> Option<Found> {
        let missing = |w: &Option<Worst>| w.map_or(f64::INFINITY, |w| w.needed - w.available);
        for _ in 0..places {
            let next = if self.done.first() == Some(&false) {
                ORIGIN as usize
            } else {
                let open = self
                    .worst
                    .iter()
                    .enumerate()
                    .filter(|(i, w)| w.is_some() && self.done.get(*i) == Some(&false));
                let Some((next, _)) = open.min_by(|a, b| missing(a.1).total_cmp(&missing(b.1)))
                else {
                    return Some(Found::NoWay);
                };
                next
            };
            if next == DESTINATION as usize {
                return self.worst.get(next).copied().flatten().map(Found::Worst);
            }
            if let Some(done) = self.done.get_mut(next) {
                *done = true;
            }
            let so_far = self.worst.get(next).copied().flatten();
            let request = &prepared.request;
            let capacity = prepared.vehicle.usable_battery_kwh;
            let available = if next == ORIGIN as usize {
                request.departure_soc
            } else {
                request.max_charge_soc
            }
            .get();
            let reserve = request.reserve_soc.get();
            let (at_charger, at_end) = (request.least_at_charger(), request.least_at_end());
            let mut legs = Vec::new();
            prepared
                .search
                .oracle()
                .legs_from(next as u32, f64::INFINITY, &mut legs);
            for leg in legs {
                let least = if leg.to == DESTINATION {
                    at_end
                } else {
                    at_charger
                };
                let needed =
                    (leg.energy_kwh / capacity + least).max(leg.need_kwh / capacity + reserve);
                let here = Worst {
                    from: next as u32,
                    leg,
                    available,
                    needed,
                };
                let through = match so_far {
                    Some(before) if before.needed - before.available >= needed - available => {
                        before
                    }
                    _ => here,
                };
                let at = leg.to as usize;
                if self.done.get(at) == Some(&false)
                    && let Some(known) = self.worst.get_mut(at)
                    && missing(&Some(through)) < missing(known)
                {
                    *known = Some(through);
                }
            }
        }
        None
    }
}

impl Prepared {
    /// The location of a station's place.
    pub(crate) fn location(&self, place: u32) -> Option<&chongtu_model::Location> {
        let station = self
            .stations
            .stations
            .get(place.checked_sub(FIRST_STATION)? as usize)?;
        self.world
            .catalogue()
            .locations
            .get(station.location as usize)
    }
}
