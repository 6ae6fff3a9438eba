//! The least time in which missing charge can be had, for the bound of the search.

use super::{EPS, Problem};

/// A lower bound of the time to charge a share, over all stations of a trip and any number of stops.
///
/// At one stop the charge lies between the least on arrival and the ceiling, so a stop that adds
/// `y` takes no less than the fastest `y` of that range, wherever they lie: a convex function of
/// `y`. Over `n` stops that is least when they share alike; the least over `n`, overheads counted,
/// bounds every plan.
#[derive(Clone, Debug)]
pub(super) struct LeastCharging {
    /// Seconds for `i / PER_SHARE` of the battery.
    seconds: Vec<f64>,
}

impl LeastCharging {
    const PER_SHARE: f64 = 512.0;
    const CELLS: u32 = 256;

    pub(super) fn new(problem: &Problem, most: f64) -> Self {
        let (from, to) = (problem.least_at_charger, problem.ceiling);
        let span = to - from;
        if problem.chargers.is_empty() || span <= 0.0 {
            return Self {
                seconds: vec![0.0, f64::INFINITY],
            };
        }
        let cell = span / f64::from(Self::CELLS);
        let mut each: Vec<f64> = (0..Self::CELLS)
            .map(|i| {
                let a = from + cell * f64::from(i);
                let power = problem
                    .chargers
                    .iter()
                    .map(|c| c.max_power(a, a + cell))
                    .fold(0.0, f64::max);
                3600.0 * problem.capacity_kwh * cell / power
            })
            .collect();
        each.sort_unstable_by(f64::total_cmp);
        let mut sum = 0.0;
        let mut fastest = vec![0.0];
        fastest.extend(each.iter().map(|s| {
            sum += s;
            sum
        }));
        // Between whole cells a convex function lies below its chord, so take the value to the left plus the slope there.
        let one_stop = |y: f64| {
            let at = (y / cell).min(f64::from(Self::CELLS));
            let whole = at as usize;
            let base = fastest.get(whole).copied().unwrap_or(sum);
            base + each.get(whole).map_or(0.0, |s| s * (at - whole as f64))
        };
        let n_entries = (most.clamp(0.0, 1000.0) * Self::PER_SHARE) as u32 + 2;
        let seconds = (0..n_entries)
            .map(|i| {
                let share = f64::from(i) / Self::PER_SHARE;
                let fewest = libm::ceil(share / span - 1e-9).max(1.0);
                (0..6u32)
                    .map(|more| {
                        let n = fewest + f64::from(more);
                        n * (problem.overhead_s + one_stop((share / n).min(span)))
                    })
                    .fold(f64::INFINITY, f64::min)
            })
            .collect();
        Self { seconds }
    }

    /// Seconds for a missing share; 0 when nothing is missing.
    pub(super) fn seconds(&self, missing: f64) -> f64 {
        if missing <= EPS {
            return 0.0;
        }
        if !missing.is_finite() {
            return f64::INFINITY;
        }
        let at = (missing * Self::PER_SHARE) as usize;
        let last = self.seconds.len() - 1;
        // A hair less than computed: the bound must not exceed the truth by a rounding error.
        self.seconds.get(at.min(last)).copied().unwrap_or(0.0) * (1.0 - 1e-9)
    }
}
