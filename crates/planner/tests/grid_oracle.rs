//! The search against brute force: a fine grid over the charge, on random networks whose legs
//! obey no triangle inequality, with linear, step and rising charging curves.
//!
//! Leg energies and limits lie on the grid, so every plan of the grid is a plan of the search
//! (`search <= grid`), and rounding the departure charges of the search's plan up to the grid gives
//! a plan of the grid (`grid <= search + stops x one grid step at the least power`).

#![expect(clippy::panic, reason = "a test that fails says why")]

use chongtu_model::vehicle::{ChargeCurve, Interpolation};
use chongtu_planner::charging::ChargeFunction;
use chongtu_planner::legs::{DESTINATION, FIRST_STATION, LegCost, MatrixLegs, ORIGIN};
use chongtu_planner::search::{Outcome, Problem, Search, Solution};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

const GRID: usize = 240;
const CAPACITY: f64 = 48.0;

/// xorshift64*: a seed is all that a failure needs to be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }
    fn between(&mut self, a: f64, b: f64) -> f64 {
        a + (b - a) * (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    Linear,
    Step,
    Rising,
    Mixed,
}

fn curve(random: &mut Random, shape: Shape) -> ChargeCurve {
    let mut xs = vec![0.0];
    for _ in 0..=random.below(4) {
        xs.push(random.between(0.05, 0.95));
    }
    xs.push(1.0);
    xs.sort_unstable_by(f64::total_cmp);
    xs.dedup_by(|a, b| (*a - *b).abs() < 0.01);
    let mut powers: Vec<f64> = xs.iter().map(|_| random.between(15.0, 150.0)).collect();
    match shape {
        Shape::Linear => powers.sort_unstable_by(|a, b| b.total_cmp(a)),
        Shape::Rising => powers.sort_unstable_by(f64::total_cmp),
        Shape::Step | Shape::Mixed => {}
    }
    let interpolation = match shape {
        Shape::Step => Interpolation::Step,
        Shape::Mixed if random.below(2) == 0 => Interpolation::Step,
        _ => Interpolation::Linear,
    };
    ChargeCurve {
        points: xs.into_iter().zip(powers).map(|(x, p)| [x, p]).collect(),
        interpolation,
    }
}

struct Case {
    problem: Problem,
    legs: MatrixLegs,
    /// Grid steps of every leg, beside `legs`.
    steps: Vec<Vec<usize>>,
}

fn case(random: &mut Random, shape: Shape) -> Case {
    let n_stations = 1 + random.below(5);
    let n = n_stations + 2;
    let on_grid = |k: usize| k as f64 / GRID as f64;
    let n_chargers = 1 + random.below(3);
    let chargers: Vec<_> = (0..n_chargers)
        .map(|_| {
            let curve = curve(random, shape);
            let limit = random.between(10.0, 160.0);
            ChargeFunction::new(&curve, limit, CAPACITY)
        })
        .collect();
    let charger_of = (0..n_stations)
        .map(|_| random.below(n_chargers) as u32)
        .collect();
    let reserve = random.below(GRID / 5);
    let at_charger = reserve + random.below(GRID / 10);
    let at_end = reserve + random.below(GRID / 4);
    let ceiling = GRID - random.below(GRID / 3);
    let departure = (reserve + random.below(GRID)).min(GRID);
    // Half of the cases are rows of stations, where several stops are needed; the rest is anything.
    let row = random.below(2) == 0;
    let mut legs = vec![Vec::new(); n];
    let mut steps = vec![Vec::new(); n];
    let place_at: Vec<f64> = (0..n)
        .map(|i| match i as u32 {
            ORIGIN => 0.0,
            DESTINATION => 1.0,
            i => f64::from(i - 1) / (n_stations + 1) as f64,
        })
        .collect();
    for from in 0..n {
        for to in 1..n {
            if from == to || from as u32 == DESTINATION || random.below(6) == 0 {
                continue;
            }
            for cap in 0..=u8::from(random.below(3) == 0) {
                let k = if row {
                    let apart = (place_at[to] - place_at[from]).abs();
                    1 + (apart * GRID as f64 * random.between(1.2, 2.2)) as usize
                } else {
                    1 + random.below(GRID * 3 / 4)
                };
                let energy = on_grid(k) * CAPACITY;
                let duration_s = energy * random.between(100.0, 260.0);
                legs[from].push(LegCost {
                    to: to as u32,
                    cap,
                    distance_m: energy * 6e3,
                    duration_s,
                    need_kwh: energy,
                    energy_kwh: energy,
                });
                steps[from].push(k);
            }
        }
    }
    let problem = Problem {
        capacity_kwh: CAPACITY,
        departure: on_grid(departure),
        reserve: on_grid(reserve),
        least_at_charger: on_grid(at_charger),
        least_at_end: on_grid(at_end),
        ceiling: on_grid(ceiling),
        overhead_s: if random.below(4) == 0 {
            0.0
        } else {
            random.between(0.0, 600.0)
        },
        chargers,
        charger_of,
        budget: 1_000_000,
    };
    Case {
        problem,
        legs: MatrixLegs { legs },
        steps,
    }
}

/// How the car stands at a place: arrived under a cap and not plugged in (the cap), or plugged in.
const PLUGGED: usize = 2;
const MODES: usize = 3;

/// Dijkstra over (place, charge on the grid, mode).
fn grid_optimum(case: &Case) -> Option<f64> {
    let p = &case.problem;
    let to_grid = |share: f64| (share * GRID as f64).round() as usize;
    let n = case.legs.legs.len();
    let index = |place: usize, k: usize, mode: usize| (place * (GRID + 1) + k) * MODES + mode;
    let mut best = vec![f64::INFINITY; n * (GRID + 1) * MODES];
    let mut heap = BinaryHeap::new();
    let start = index(ORIGIN as usize, to_grid(p.departure), PLUGGED);
    best[start] = 0.0;
    heap.push(Reverse((0u64, start)));
    while let Some(Reverse((bits, at))) = heap.pop() {
        let time = f64::from_bits(bits);
        if time > best[at] {
            continue;
        }
        let (place, k, mode) = (at / MODES / (GRID + 1), at / MODES % (GRID + 1), at % MODES);
        if place == DESTINATION as usize {
            return Some(time);
        }
        let mut relax = |to: usize, t: f64| {
            if t < best[to] {
                best[to] = t;
                heap.push(Reverse((t.to_bits(), to)));
            }
        };
        if place >= FIRST_STATION as usize {
            let charger = &p.chargers[p.charger_of[place - FIRST_STATION as usize] as usize];
            if mode == PLUGGED && k < to_grid(p.ceiling) {
                let step = charger.time(k as f64 / GRID as f64, (k + 1) as f64 / GRID as f64);
                relax(index(place, k + 1, PLUGGED), time + step);
            } else if mode != PLUGGED && k >= to_grid(p.least_at_charger) {
                relax(index(place, k, PLUGGED), time + p.overhead_s);
            }
        }
        for (leg, &steps) in case.legs.legs[place].iter().zip(&case.steps[place]) {
            // Not plugged in, the car drives past, under the cap it came with.
            if mode != PLUGGED && usize::from(leg.cap) != mode {
                continue;
            }
            // The charger's minimum is asked of those who plug in; driving past asks for the reserve.
            let least = if leg.to == DESTINATION {
                p.least_at_end
            } else {
                p.reserve
            };
            if k >= steps + to_grid(least) {
                relax(
                    index(leg.to as usize, k - steps, usize::from(leg.cap)),
                    time + leg.duration_s,
                );
            }
        }
    }
    None
}

/// Drives a plan: energies add up, nothing falls below what is asked, and charging takes what
/// small steps over the power say.
fn drive(case: &Case, solution: &Solution) {
    let p = &case.problem;
    let (mut time, mut charge) = (0.0, p.departure);
    let mut at = ORIGIN;
    for (i, hop) in solution.hops.iter().enumerate() {
        assert_eq!(hop.from, at);
        if let Some((arrival, departure)) = hop.charged {
            assert!(
                (arrival - charge).abs() < 1e-9,
                "arrival {arrival} but {charge}"
            );
            if at != ORIGIN {
                let charger = &p.chargers[p.charger_of[(at - FIRST_STATION) as usize] as usize];
                assert!(departure >= arrival && departure <= p.ceiling + 1e-12);
                assert!(arrival >= p.least_at_charger - 1e-9);
                let n = 4000;
                let dx = (departure - arrival) / f64::from(n);
                let steps: f64 = (0..n)
                    .map(|k| {
                        let x = arrival + (f64::from(k) + 0.5) * dx;
                        3600.0 * p.capacity_kwh * dx
                            / (0.5 * (charger.power_below(x) + charger.power_above(x)))
                    })
                    .sum();
                let closed = charger.time(arrival, departure);
                // Midpoint rule over kinks and jumps: at most one step wrong by the ratio of powers.
                assert!(
                    (steps - closed).abs() <= closed * 2e-3 + 0.5,
                    "charging {closed}, in steps {steps}"
                );
                time += p.overhead_s + closed;
                charge = departure;
            }
        } else {
            assert!(i > 0);
            // Driving past under another cap counts as a stop that charges nothing.
            if hop.leg.cap != solution.hops[i - 1].leg.cap {
                time += p.overhead_s;
                assert!(charge >= p.least_at_charger - 1e-9);
            }
        }
        assert!(
            case.legs.legs[at as usize].contains(&hop.leg),
            "a leg that was not given"
        );
        assert!(charge - hop.leg.need_kwh / p.capacity_kwh >= p.reserve - 1e-9);
        charge -= hop.leg.energy_kwh / p.capacity_kwh;
        time += hop.leg.duration_s;
        at = hop.leg.to;
    }
    assert_eq!(at, DESTINATION);
    assert!(charge >= p.least_at_end - 1e-9);
    assert!(
        (time - solution.total_s).abs() < 1e-6,
        "total {} but drives {time}",
        solution.total_s
    );
}

fn solve(case: &Case) -> Option<Solution> {
    let mut search = Search::new(case.legs.clone(), case.problem.clone());
    let promised = search.may_be_feasible();
    loop {
        // Small steps: the answer must not depend on how the work is cut.
        match search.step(7) {
            None => {}
            Some(Outcome::Solved(solution)) => {
                assert!(promised, "called infeasible, but solved");
                return Some(solution);
            }
            Some(Outcome::Infeasible) => return None,
            Some(Outcome::BudgetExceeded) => panic!("a small network must not exhaust the budget"),
        }
    }
}

fn compare(shape: Shape, seed: u64, cases: u32) {
    let mut random = Random(seed);
    let (mut feasible, mut with_two) = (0, 0);
    for number in 0..cases {
        let case = case(&mut random, shape);
        let context = format!("{shape:?}, seed {seed}, case {number}");
        match (solve(&case), grid_optimum(&case)) {
            (Some(solution), Some(grid)) => {
                drive(&case, &solution);
                feasible += 1;
                let stops = solution
                    .hops
                    .iter()
                    .filter(|h| h.charged.is_some() && h.from != ORIGIN)
                    .count();
                with_two += u32::from(stops >= 2);
                let least_power = case
                    .problem
                    .chargers
                    .iter()
                    .flat_map(|c| (0..=1000).map(|i| c.power_below(f64::from(i) / 1000.0)))
                    .fold(f64::INFINITY, f64::min);
                let width =
                    stops as f64 * CAPACITY / GRID as f64 * 3600.0 / least_power * 1.01 + 1e-6;
                assert!(
                    solution.total_s <= grid + 1e-6,
                    "{context}: {} but the grid has {grid}",
                    solution.total_s
                );
                assert!(
                    grid <= solution.total_s + width,
                    "{context}: {} but the grid has {grid}, width {width}",
                    solution.total_s
                );
            }
            (None, None) => {}
            (search, grid) => panic!(
                "{context}: search {:?}, grid {grid:?}",
                search.map(|s| s.total_s)
            ),
        }
    }
    // The cases must be worth their name.
    assert!(
        feasible > cases / 4 && with_two > cases / 25,
        "{shape:?}: {feasible} feasible, {with_two} with two stops of {cases}"
    );
}

#[test]
fn equals_the_grid_on_falling_linear_curves() {
    compare(Shape::Linear, 0x5EED_0001, 3000);
}

#[test]
fn equals_the_grid_on_step_curves() {
    compare(Shape::Step, 0x5EED_0002, 3000);
}

#[test]
fn equals_the_grid_on_rising_curves() {
    compare(Shape::Rising, 0x5EED_0003, 3000);
}

#[test]
fn equals_the_grid_on_mixed_curves() {
    compare(Shape::Mixed, 0x5EED_0004, 3000);
}

#[test]
fn more_is_never_worse() {
    let mut random = Random(0x5EED_0005);
    for number in 0..400 {
        let case = case(&mut random, Shape::Mixed);
        let total = |edit: &dyn Fn(&mut Problem)| {
            let mut problem = case.problem.clone();
            edit(&mut problem);
            let changed = Case {
                problem,
                legs: case.legs.clone(),
                steps: case.steps.clone(),
            };
            solve(&changed).map_or(f64::INFINITY, |s| s.total_s)
        };
        let base = total(&|_| {});
        for (what, better) in [
            (
                "a higher charge at the start",
                total(&|p| p.departure = (p.departure + 0.1).min(1.0)),
            ),
            (
                "a higher ceiling",
                total(&|p| p.ceiling = (p.ceiling + 0.1).min(1.0)),
            ),
            (
                "a lower reserve",
                total(&|p| p.reserve = (p.reserve - 0.1).max(0.0)),
            ),
            ("a shorter overhead", total(&|p| p.overhead_s *= 0.5)),
            (
                "a lower arrival",
                total(&|p| p.least_at_end = (p.least_at_end - 0.1).max(p.reserve)),
            ),
        ] {
            assert!(
                better <= base + 1e-6,
                "case {number}: {what} makes {base} to {better}"
            );
        }
    }
}
