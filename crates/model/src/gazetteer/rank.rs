//! The order of hits: how well they fit, then importance less distance, then as they were added.

use super::{Fit, Gazetteer, Hit, Matched, Quality, Query};
use crate::geo::LatLng;

/// What a name without its ending costs: more than one rank, so that the lake comes before its district, and less
/// than what parts a district from a junction.
const SHORT_COSTS: i32 = 250;
/// What a doubling of the distance costs, from 1 km on, in units of importance.
const PENALTY_OF_DOUBLING: i32 = 20;
/// Nothing on Earth is further: 15 doublings.
const MAX_PENALTY: i32 = 15 * PENALTY_OF_DOUBLING;
/// Kilometres of a millionth of a degree of latitude.
const KM_OF_E6: f64 = crate::geo::EARTH_RADIUS_M * core::f64::consts::PI / 180.0 / 1e9;

/// What distance costs.
struct Distance {
    from: [i32; 2],
    /// How much shorter a degree of longitude is there than one of latitude.
    shrink: f64,
    /// From which square of kilometres on the penalty is 1, 2, ….
    squares: Vec<f64>,
}

impl Distance {
    fn new(from: LatLng) -> Self {
        let step = f64::from(PENALTY_OF_DOUBLING);
        Self {
            from: from.to_e6(),
            shrink: libm::cos(from.lat.to_radians()),
            squares: (1..=MAX_PENALTY)
                .map(|penalty| {
                    let km = libm::exp2((f64::from(penalty) - 0.5) / step) - 1.0;
                    km * km
                })
                .collect(),
        }
    }

    /// On a plane: what is compared is near, or far beyond doubt.
    fn square_km(&self, to: [i32; 2]) -> f64 {
        let north = (f64::from(to[0]) - f64::from(self.from[0])) * KM_OF_E6;
        let mut east = (f64::from(to[1]) - f64::from(self.from[1])).abs();
        if east > 180e6 {
            east = 360e6 - east;
        }
        let east = east * KM_OF_E6 * self.shrink;
        north * north + east * east
    }

    fn penalty(&self, square_km: f64) -> i32 {
        self.squares.partition_point(|&s| s <= square_km) as i32
    }

    /// Whether the penalty is more than this.
    fn is_more(&self, square_km: f64, penalty: usize) -> bool {
        self.squares.get(penalty).is_some_and(|&s| s <= square_km)
    }
}

/// In order of preference: field by field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    /// With all but the ending as all.
    class: Quality,
    /// Distance less importance.
    cost: i32,
    entry: usize,
    quality: Quality,
}

/// The best so many, in order. Few are kept, so that few are ever moved.
pub(super) struct Best<'g> {
    gazetteer: &'g Gazetteer,
    limit: usize,
    distance: Option<Distance>,
    candidates: Vec<Candidate>,
}

impl<'g> Best<'g> {
    pub(super) fn new(gazetteer: &'g Gazetteer, query: &Query<'_>) -> Self {
        let limit = query.limit.min(Gazetteer::MOST);
        let near = query.near.filter(|p| LatLng::new(p.lat, p.lng).is_ok());
        Self {
            gazetteer,
            limit,
            distance: near.map(Distance::new),
            candidates: Vec::with_capacity(limit + 1),
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.candidates.len() >= self.limit
    }

    /// Whether the entry can still come among the best when it fits no better than so: its place in the order is
    /// known before its names are looked at.
    pub(super) fn may_enter(&self, i: usize, at_best: Quality) -> bool {
        self.candidate(i, at_best).is_some()
    }

    pub(super) fn offer(&mut self, i: usize, quality: Quality) {
        let Some(candidate) = self.candidate(i, quality) else {
            return;
        };
        let at = self.candidates.partition_point(|c| *c < candidate);
        self.candidates.insert(at, candidate);
        self.candidates.truncate(self.limit);
    }

    /// The entry as a candidate; `None` when as many better ones are there as are asked for.
    fn candidate(&self, i: usize, quality: Quality) -> Option<Candidate> {
        let entry = self.gazetteer.entries.get(i).filter(|_| self.limit > 0)?;
        let mut candidate = Candidate {
            class: quality,
            cost: -i32::from(entry.importance),
            entry: i,
            quality,
        };
        if quality.fit == Fit::Short {
            candidate.class.fit = Fit::Whole;
            candidate.cost += SHORT_COSTS;
        }
        let worst = self.candidates.last().filter(|_| self.is_full());
        // Distance only makes it worse: most need not be measured.
        if worst.is_some_and(|worst| candidate >= *worst) {
            return None;
        }
        if let (Some(distance), Some(position)) = (&self.distance, entry.position) {
            let square = distance.square_km(position);
            if let Some(worst) = worst.filter(|worst| worst.class == candidate.class) {
                // Most are too far at a glance.
                let allowed = worst.cost - candidate.cost;
                if usize::try_from(allowed).is_ok_and(|a| distance.is_more(square, a)) {
                    return None;
                }
            }
            candidate.cost += distance.penalty(square);
        }
        worst
            .is_none_or(|worst| candidate < *worst)
            .then_some(candidate)
    }

    pub(super) fn hits(self, matched: impl Fn(usize) -> Vec<Matched>) -> Vec<Hit> {
        let hit = |c: &Candidate| {
            let entry = self.gazetteer.entries.get(c.entry)?;
            Some(Hit {
                kind: entry.kind,
                index: entry.index,
                quality: c.quality,
                matched: matched(c.entry),
            })
        };
        self.candidates.iter().filter_map(hit).collect()
    }
}
