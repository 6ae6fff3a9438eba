//! The search: label setting on the stop graph, exact for the legs it gets.
//!
//! # Problem
//! Find stops `s₁ … sₙ` and departure charges `x₁ … xₙ` that minimise
//! `Σ drive + Σ (overhead + Cᵢ(aᵢ, xᵢ))`, where `aᵢ` is the charge on arrival, `Cᵢ(a, x)` the
//! charging time, `xᵢ` at most the ceiling, and charge never below what is asked.
//!
//! # Labels
//! Two kinds, after the labels of Baum et al. that keep the last charging decision open:
//! * A `State` is an arrival at a stop at a time with a charge, all decided.
//! * A `Label` stands at a place; how much was charged at the state before it is still open. It
//!   is the function that maps the open departure charge `x` in `[lo, hi]` to an arrival time.
//!
//! # Candidates
//! When the next place is to be a stop, `x` must be fixed. For a fixed row of stops the total is
//! `Σ [Fᵢ(xᵢ) − Fᵢ₊₁(xᵢ − eᵢ)]` plus constants, with `F` the time from empty: each `xᵢ` stands
//! alone, and an optimum lies where the slope `1/Pᵢ(x) − 1/Pᵢ₊₁(x − e)` changes its sign from
//! below to above: at the least feasible `x`, at the ceiling, at a kink of either curve, or at a
//! root of `Pᵢ(x) = Pᵢ₊₁(x − e)`. All of them are taken that are local minima; no rounding.
//! The one coupling, that a stop charges at least nothing (`xᵢ ≥ aᵢ`), is active only at a stop
//! that charges nothing. Such a stop is no stop: the legs before and after it are joined (the car
//! drives past), so legs are closed under joining, and a joined leg is followed only where no given
//! leg between the same places is as fast and as thrifty. Driving past keeps the speed cap; to change
//! it costs a stop's overhead, or joined legs would grow beyond all bounds for a change of speed that
//! needs no charger. Whoever reads the answer need not stop for that.
//!
//! # Dominance
//! At a stop, arrival `(t, b)` covers `(t′, b′)` when it is no later with no less charge, or when
//! it has less and can have charged up to `b′` by `t′`: with `v = t − F(b)` that is `b ≤ b′` and
//! `v ≤ v′`. Both compare all that can follow, so nothing is lost.
//!
//! # Order
//! Labels are taken up by `A* `: the arrival time at `lo` plus a lower bound of what is left: the
//! driving time, and for the charge that is missing the least time in which any station of this
//! trip could give it, overheads counted. The first label taken up at the destination is the
//! optimum.

mod feasible;
mod least_charging;
mod order;

use crate::charging::ChargeFunction;
use crate::legs::{Bound, DESTINATION, FIRST_STATION, LegCost, LegOracle, ORIGIN};
use std::collections::{BTreeMap, BinaryHeap};
use std::rc::Rc;

use least_charging::LeastCharging;
use order::{Front, Queued};

/// What is searched, in shares of the battery. The request has been validated.
#[derive(Clone, Debug)]
pub struct Problem {
    /// kWh that a share of 1 stands for.
    pub capacity_kwh: f64,
    /// Charge at the origin.
    pub departure: f64,
    /// Charge never falls below this.
    pub reserve: f64,
    /// Least charge on arrival at a station.
    pub least_at_charger: f64,
    /// Least charge on arrival at the destination.
    pub least_at_end: f64,
    /// Charging ends here.
    pub ceiling: f64,
    /// Seconds a stop.
    pub overhead_s: f64,
    /// The distinct charging functions.
    pub chargers: Vec<ChargeFunction>,
    /// For each station (place 2 and on) the index of its charging function.
    pub charger_of: Vec<u32>,
    /// Labels that may be made before the search gives up.
    pub budget: u64,
}

/// The optimum.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// Seconds from departure to arrival.
    pub total_s: f64,
    /// Hops in order. Between two stops there is one hop, or several joined.
    pub hops: Vec<Hop>,
}

/// A leg as driven.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hop {
    /// From which place.
    pub from: u32,
    /// The leg.
    pub leg: LegCost,
    /// When the hop begins at a stop (or the origin): charge on arrival there and on departure.
    /// `None` where it is joined to the hop before it.
    pub charged: Option<(f64, f64)>,
}

/// Why the search ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The optimum.
    Solved(Solution),
    /// There is none.
    Infeasible,
    /// The budget is spent.
    BudgetExceeded,
}

/// Slack for sums of shares that should be equal.
const EPS: f64 = 1e-12;
/// Shares by which a joined leg must be thriftier to be worth following.
const JOIN_EPS: f64 = 1e-9;
const NONE: u32 = u32::MAX;

/// An arrival at a stop, decided.
#[derive(Clone, Copy, Debug)]
struct State {
    place: u32,
    time: f64,
    charge: f64,
    /// The label that led here, and the departure charge chosen at its state.
    label: u32,
    chosen: f64,
}

/// A place reached from a state whose departure charge is open.
#[derive(Clone, Copy, Debug)]
struct Label {
    state: u32,
    place: u32,
    /// The label before it when hops are joined.
    before: u32,
    /// The last hop.
    leg: LegCost,
    /// Over all joined hops: seconds, and shares of the battery.
    duration: f64,
    need: f64,
    used: f64,
    /// Least departure charge that a change of cap on the way asks for.
    floor: f64,
    lo: f64,
}

/// What joined hops come to: seconds, need, use, floor.
type JoinedHops = (f64, f64, f64, f64);

/// A search that can be run in steps.
#[derive(Debug)]
pub struct Search<O> {
    oracle: O,
    /// The oracle's legs are closed under joining.
    closed: bool,
    problem: Problem,
    bounds: Vec<Bound>,
    least_charging: LeastCharging,
    legs: Vec<Option<Rc<[LegCost]>>>,
    states: Vec<State>,
    labels: Vec<Label>,
    queue: BinaryHeap<Queued>,
    fronts: Vec<Front>,
    /// Joined hops that are followed, by `(state, place, cap)`.
    joined: BTreeMap<(u32, u32, u8), Vec<JoinedHops>>,
    /// The best arrival at the destination that is in the queue.
    best: f64,
    taken: u64,
    nearest: f64,
    candidates: Vec<f64>,
}

impl<O: LegOracle> Search<O> {
    /// Prepares a search.
    pub fn new(mut oracle: O, problem: Problem) -> Self {
        let n = oracle.n_places() as usize;
        let bounds = oracle.bounds_to_destination();
        let worst = bounds
            .iter()
            .map(|b| b.energy_kwh)
            .filter(|e| e.is_finite())
            .fold(0.0, f64::max);
        let least_charging = LeastCharging::new(&problem, worst / problem.capacity_kwh + 1.0);
        let nearest = bounds.first().map_or(0.0, |b| b.drive_s);
        let mut search = Self {
            closed: oracle.is_closed(),
            oracle,
            bounds,
            least_charging,
            legs: vec![None; n],
            states: Vec::new(),
            labels: Vec::new(),
            queue: BinaryHeap::new(),
            fronts: vec![Front::default(); n],
            joined: BTreeMap::new(),
            best: f64::INFINITY,
            taken: 0,
            nearest,
            candidates: Vec::new(),
            problem,
        };
        let charge = search.problem.departure;
        search.states.push(State {
            place: ORIGIN,
            time: 0.0,
            charge,
            label: NONE,
            chosen: charge,
        });
        search.expand(0);
        search
    }

    /// Takes up at most `work` labels.
    pub fn step(&mut self, work: u32) -> Option<Outcome> {
        for _ in 0..work {
            let Some(Queued { label, .. }) = self.queue.pop() else {
                return Some(Outcome::Infeasible);
            };
            self.taken += 1;
            let Some(&taken) = self.labels.get(label as usize) else {
                return Some(Outcome::Infeasible);
            };
            if taken.place == DESTINATION {
                return Some(Outcome::Solved(self.solution(label)));
            }
            if self.labels.len() as u64 > self.problem.budget {
                return Some(Outcome::BudgetExceeded);
            }
            self.nearest = self.nearest.min(self.bound(taken.place).drive_s);
            self.stop_at(label, taken);
            self.join(label, taken);
        }
        None
    }

    /// Labels taken up.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// How many places there are.
    pub fn n_places(&self) -> u32 {
        self.legs.len() as u32
    }

    /// How near to the destination the search has come, as a share of the driving time.
    pub fn share(&self) -> f64 {
        let all = self.bound(ORIGIN).drive_s;
        if all > 0.0 && all.is_finite() {
            1.0 - self.nearest / all
        } else {
            0.0
        }
    }

    /// The oracle, to ask for lines and for legs of a failure.
    pub fn oracle(&mut self) -> &mut O {
        &mut self.oracle
    }

    /// Every leg asked for: the place it begins at, and the leg.
    pub fn asked(&self) -> impl Iterator<Item = (u32, &LegCost)> {
        self.legs.iter().enumerate().flat_map(|(from, legs)| {
            legs.iter()
                .flat_map(move |l| l.iter().map(move |leg| (from as u32, leg)))
        })
    }

    /// Whether any way leads from the origin to the destination.
    pub fn is_connected(&self) -> bool {
        self.bound(ORIGIN).drive_s.is_finite()
    }

    fn bound(&self, place: u32) -> Bound {
        self.bounds.get(place as usize).copied().unwrap_or(Bound {
            drive_s: f64::INFINITY,
            energy_kwh: f64::INFINITY,
        })
    }

    fn charger(&self, place: u32) -> Option<&ChargeFunction> {
        let station = place.checked_sub(FIRST_STATION)?;
        self.problem
            .charger_of
            .get(station as usize)
            .and_then(|&c| self.problem.chargers.get(c as usize))
    }

    /// The least departure charge with which a label arrives with what is asked.
    fn least_departure(&self, label: &Label, on_arrival: f64) -> f64 {
        (label.used + on_arrival)
            .max(label.need + self.problem.reserve)
            .max(label.floor)
    }

    /// The highest departure charge at a state.
    fn most_at(&self, state: &State) -> f64 {
        if state.place == ORIGIN {
            state.charge
        } else {
            self.problem.ceiling.max(state.charge)
        }
    }

    /// The legs from a place, asked for once.
    fn legs_of(&mut self, place: u32) -> Rc<[LegCost]> {
        if let Some(Some(known)) = self.legs.get(place as usize) {
            return Rc::clone(known);
        }
        let most = self.problem.departure.max(self.problem.ceiling);
        let mut legs = Vec::new();
        // A hair more, so that a leg that just fits is not lost to rounding.
        let reach = (most - self.problem.reserve + EPS) * self.problem.capacity_kwh;
        self.oracle.legs_from(place, reach, &mut legs);
        let legs: Rc<[LegCost]> = legs.into();
        if let Some(slot) = self.legs.get_mut(place as usize) {
            *slot = Some(Rc::clone(&legs));
        }
        legs
    }

    /// Follows every leg from a state, its departure charge open.
    fn expand(&mut self, state: u32) {
        let Some(&from) = self.states.get(state as usize) else {
            return;
        };
        for leg in self.legs_of(from.place).iter() {
            let (need, used) = (
                leg.need_kwh / self.problem.capacity_kwh,
                leg.energy_kwh / self.problem.capacity_kwh,
            );
            self.push(Label {
                state,
                place: leg.to,
                before: NONE,
                leg: *leg,
                duration: leg.duration_s,
                need,
                used,
                floor: 0.0,
                lo: 0.0,
            });
        }
    }

    /// Queues a label unless it is infeasible or cannot beat what is known.
    fn push(&mut self, mut label: Label) {
        let Some(&state) = self.states.get(label.state as usize) else {
            return;
        };
        let least_on_arrival = match label.place {
            DESTINATION => self.problem.least_at_end,
            // Where nothing is joined, nobody drives past.
            _ if self.closed => self.problem.least_at_charger,
            _ => self.problem.reserve,
        };
        let least = self.least_departure(&label, least_on_arrival);
        let most = self.most_at(&state);
        if least > most + EPS {
            return;
        }
        label.lo = least.min(most).max(state.charge);
        let arrival = self.arrival(&label, &state, label.lo);
        let bound = if label.place == DESTINATION {
            arrival
        } else {
            self.least_total(&label, &state, arrival)
        };
        if !bound.is_finite() || bound >= self.best {
            return;
        }
        if label.place == DESTINATION {
            self.best = arrival;
        }
        let index = self.labels.len() as u32;
        self.labels.push(label);
        self.queue.push(Queued {
            bound,
            label: index,
        });
    }

    /// A lower bound of the total time of any plan that goes on from a label.
    ///
    /// Two views of the charge that is missing, each below the truth: all that is missing from the
    /// arrival at the state on, its own stop counted among the stops; or what is missing beyond
    /// `lo`, of which the state may give more without a further overhead.
    fn least_total(&self, label: &Label, state: &State, arrival: f64) -> f64 {
        let left = self.bound(label.place);
        let ahead =
            left.energy_kwh / self.problem.capacity_kwh + self.problem.least_at_end + label.used;
        let beyond_lo = self.least_charging.seconds(ahead - label.lo);
        if state.place == ORIGIN {
            return arrival + beyond_lo + left.drive_s;
        }
        let in_all =
            state.time + label.duration + self.least_charging.seconds(ahead - state.charge);
        in_all.max(arrival + (beyond_lo - self.problem.overhead_s).max(0.0)) + left.drive_s
    }

    /// The arrival time of a label for a departure charge at its state.
    fn arrival(&self, label: &Label, state: &State, departure: f64) -> f64 {
        match self.charger(state.place) {
            Some(charger) => {
                state.time
                    + self.problem.overhead_s
                    + charger.time(state.charge, departure)
                    + label.duration
            }
            None => state.time + label.duration,
        }
    }

    /// Makes the label's place a stop: fixes the charge at the state before it, in every way that can be optimal.
    fn stop_at(&mut self, index: u32, label: Label) {
        let Some(&state) = self.states.get(label.state as usize) else {
            return;
        };
        let mut candidates = core::mem::take(&mut self.candidates);
        self.departures(&label, &state, &mut candidates);
        for &departure in &candidates {
            // Nothing charged at the state before: that is a joined leg, followed on its own.
            if state.place != ORIGIN && departure <= state.charge {
                continue;
            }
            let charge = departure - label.used;
            if charge >= self.problem.ceiling {
                continue;
            }
            let time = self.arrival(&label, &state, departure);
            let Some(v) = self.charger(label.place).map(|c| time - c.time_to(charge)) else {
                continue;
            };
            let covered = self
                .fronts
                .get_mut(label.place as usize)
                .is_none_or(|f| f.covers_or_keep(charge, time, v));
            if !covered {
                let next = self.states.len() as u32;
                self.states.push(State {
                    place: label.place,
                    time,
                    charge,
                    label: index,
                    chosen: departure,
                });
                self.expand(next);
            }
        }
        self.candidates = candidates;
    }

    /// The departure charges at `state` that can be optimal when the label's place is the next stop.
    fn departures(&self, label: &Label, state: &State, out: &mut Vec<f64>) {
        out.clear();
        // To stop here asks for more than to drive past.
        let most = self.most_at(state);
        let least = self.least_departure(label, self.problem.least_at_charger);
        if least > most + EPS {
            return;
        }
        let lo = least.min(most).max(state.charge);
        let (Some(here), Some(next)) = (self.charger(state.place), self.charger(label.place))
        else {
            out.push(state.charge);
            return;
        };
        let (lo, hi, e) = (lo, self.problem.ceiling, label.used);
        if hi <= lo {
            out.push(lo);
            return;
        }
        out.push(lo);
        out.extend(here.kinks().filter(|&x| x > lo && x < hi));
        out.extend(next.kinks().map(|x| x + e).filter(|&x| x > lo && x < hi));
        here.equal_power(next, e, lo, hi, out);
        out.push(hi);
        out.sort_unstable_by(f64::total_cmp);
        out.dedup_by(|b, a| *b - *a < EPS);
        // Between neighbours the slope keeps its sign, so its middle tells; at the points themselves
        // rounding could look at the wrong side of a jump. Powers a hair apart count as equal: a
        // candidate too many costs only time.
        let hair = 1.0 + 1e-9;
        let powers = |a: f64, b: f64| {
            let x = f64::midpoint(a, b);
            (here.power_above(x), next.power_above(x - e))
        };
        let mut falls_before = true;
        let mut kept = 0;
        for i in 0..out.len() {
            let Some(&x) = out.get(i) else { break };
            let (rises_after, falls_after) = out.get(i + 1).map_or((true, false), |&y| {
                let (p, q) = powers(x, y);
                (p <= q * hair, p * hair >= q)
            });
            if falls_before && rises_after {
                out.swap(kept, i);
                kept += 1;
            }
            falls_before = falls_after;
        }
        out.truncate(kept);
    }

    /// Drives past the label's place: joins its legs to the label where that can be of use.
    fn join(&mut self, index: u32, label: Label) {
        if self.closed {
            return;
        }
        let Some(&state) = self.states.get(label.state as usize) else {
            return;
        };
        let direct = self.legs_of(state.place);
        let capacity = self.problem.capacity_kwh;
        for leg in self.legs_of(label.place).iter() {
            if leg.to == state.place || self.passes(index, leg.to) {
                continue;
            }
            let changes_cap = leg.cap != label.leg.cap;
            let (overhead, floor) = if changes_cap {
                let floor = label.used + self.problem.least_at_charger;
                (self.problem.overhead_s, label.floor.max(floor))
            } else {
                (0.0, label.floor)
            };
            let duration = label.duration + overhead + leg.duration_s;
            let need = label.need.max(label.used + leg.need_kwh / capacity);
            let used = label.used + leg.energy_kwh / capacity;
            let first = direct.partition_point(|d| d.to < leg.to);
            // Rounding must not make a joined leg of what lies on the given one.
            let as_good = |d: &LegCost| {
                let switch = if d.cap == leg.cap {
                    0.0
                } else {
                    self.problem.overhead_s
                };
                d.duration_s + switch <= duration * (1.0 + 1e-9)
                    && d.need_kwh / capacity <= need + JOIN_EPS
                    && d.energy_kwh / capacity <= used + JOIN_EPS
            };
            if direct
                .iter()
                .skip(first)
                .take_while(|d| d.to == leg.to)
                .any(as_good)
            {
                continue;
            }
            let followed = self
                .joined
                .entry((label.state, leg.to, leg.cap))
                .or_default();
            if followed
                .iter()
                .any(|&(d, n, u, f)| d <= duration && n <= need && u <= used && f <= floor)
            {
                continue;
            }
            followed.push((duration, need, used, floor));
            self.push(Label {
                state: label.state,
                place: leg.to,
                before: index,
                leg: *leg,
                duration,
                need,
                used,
                floor,
                lo: 0.0,
            });
        }
    }

    /// Whether the joined hops of a label already lead past a place.
    fn passes(&self, mut index: u32, place: u32) -> bool {
        while let Some(label) = self.labels.get(index as usize) {
            if label.place == place {
                return true;
            }
            index = label.before;
        }
        false
    }

    fn solution(&self, last: u32) -> Solution {
        let mut hops: Vec<Hop> = Vec::new();
        let (mut index, mut departure) =
            (last, self.labels.get(last as usize).map_or(0.0, |l| l.lo));
        let mut total_s = 0.0;
        if let Some(label) = self.labels.get(last as usize)
            && let Some(state) = self.states.get(label.state as usize)
        {
            total_s = self.arrival(label, state, departure);
        }
        while let Some(label) = self.labels.get(index as usize) {
            let Some(state) = self.states.get(label.state as usize) else {
                break;
            };
            let mut hop = *label;
            loop {
                let before = self.labels.get(hop.before as usize);
                let charged = before.is_none().then_some((state.charge, departure));
                hops.push(Hop {
                    from: before.map_or(state.place, |b| b.place),
                    leg: hop.leg,
                    charged,
                });
                match before {
                    Some(b) => hop = *b,
                    None => break,
                }
            }
            index = state.label;
            departure = state.chosen;
        }
        hops.reverse();
        Solution { total_s, hops }
    }
}
