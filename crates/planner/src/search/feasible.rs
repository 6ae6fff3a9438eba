//! Whether there can be a plan at all, asked before the search.

use super::{EPS, Queued, Search};
use crate::legs::{DESTINATION, LegOracle, ORIGIN};
use std::collections::BinaryHeap;

impl<O: LegOracle> Search<O> {
    /// Whether the destination can be reached at all, charging to the ceiling at every place that
    /// may be a stop: asked before a search, because one without an answer would look everywhere.
    /// Speed caps may change freely here, so "no" is proved and "yes" is a promise the search may
    /// still not keep.
    pub fn may_be_feasible(&mut self) -> bool {
        let n = self.legs.len();
        let mut charge = vec![f64::NEG_INFINITY; n];
        let mut queue = BinaryHeap::new();
        if let Some(first) = charge.first_mut() {
            *first = self.problem.departure;
        }
        queue.push(Queued {
            bound: self.bound(ORIGIN).drive_s,
            label: ORIGIN,
        });
        while let Some(Queued { label: place, .. }) = queue.pop() {
            let arrived = charge
                .get(place as usize)
                .copied()
                .unwrap_or(f64::NEG_INFINITY);
            let may_charge =
                self.charger(place).is_some() && arrived >= self.problem.least_at_charger - EPS;
            let leaves = if may_charge {
                arrived.max(self.problem.ceiling)
            } else {
                arrived
            };
            for leg in self.legs_of(place).iter() {
                let left = leaves - leg.energy_kwh / self.problem.capacity_kwh;
                let lowest = leaves - leg.need_kwh / self.problem.capacity_kwh;
                if lowest < self.problem.reserve - EPS || left < self.problem.reserve - EPS {
                    continue;
                }
                if leg.to == DESTINATION {
                    if left >= self.problem.least_at_end - EPS {
                        return true;
                    }
                    continue;
                }
                let worth = |soc: f64| {
                    if soc >= self.problem.least_at_charger - EPS {
                        self.problem.ceiling.max(soc)
                    } else {
                        soc
                    }
                };
                let bound = self.bound(leg.to).drive_s;
                if let Some(known) = charge.get_mut(leg.to as usize)
                    && worth(left) > worth(*known) + EPS
                {
                    *known = left;
                    queue.push(Queued {
                        bound,
                        label: leg.to,
                    });
                }
            }
        }
        false
    }
}
