//! Which label is taken up next, and which arrivals need not be followed.

use core::cmp::Ordering;

/// What waits in the queue, least bound first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Queued {
    pub(super) bound: f64,
    pub(super) label: u32,
}

impl PartialEq for Queued {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Queued {}
impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Queued {
    /// Reversed: the heap gives the least bound, and of equals the oldest label.
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .bound
            .total_cmp(&self.bound)
            .then(other.label.cmp(&self.label))
    }
}

/// Arrivals at one stop of which none covers another.
#[derive(Clone, Debug, Default)]
pub(super) struct Front {
    /// `(charge, time, v)`.
    arrivals: Vec<(f64, f64, f64)>,
}

impl Front {
    /// Whether an arrival is covered; otherwise it is kept, and those it covers go.
    pub(super) fn covers_or_keep(&mut self, charge: f64, time: f64, v: f64) -> bool {
        let covers = |(b, t, w): (f64, f64, f64), (b2, t2, w2): (f64, f64, f64)| {
            (t <= t2 && b >= b2) || (b <= b2 && w <= w2)
        };
        let new = (charge, time, v);
        if self.arrivals.iter().any(|&old| covers(old, new)) {
            return true;
        }
        self.arrivals.retain(|&old| !covers(new, old));
        self.arrivals.push(new);
        false
    }
}
