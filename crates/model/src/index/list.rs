//! The list: one page of what is in view, in the asked order, without sorting all of it.

use super::cluster::{Cell, SHORT, Scene};
use super::columns::{PRICE_UNKNOWN, moment};
use super::view::{Relation, Square, lat_at, lng_at};
use super::{ListEntry, ListSort, MapQuery};
use crate::geo::LatLng;
use core::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// A square, or a location, by how near it can be.
struct Candidate {
    /// m; for a square a lower bound.
    distance_m: f64,
    what: What,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// Squares stand before locations at the same distance: they may hold one with a lower id.
    Square {
        lo: usize,
        hi: usize,
        level: u8,
        x: u32,
        y: u32,
    },
    /// Index into the catalogue, and where it stands in the index.
    Location(u32, usize),
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.distance_m
            .total_cmp(&other.distance_m)
            .then_with(|| self.what.cmp(&other.what))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}

impl Scene<'_> {
    /// One page of the list.
    pub(super) fn list(&self, cells: &[Cell], q: &MapQuery) -> Vec<ListEntry> {
        let (offset, limit) = (q.list_offset as usize, q.list_limit as usize);
        if limit == 0 {
            return Vec::new();
        }
        let end = offset.saturating_add(limit);
        let page = match q.sort {
            ListSort::Distance => self.nearest(q.center.unwrap_or_else(|| self.view.middle()), end),
            ListSort::Power => {
                let weaker = |i: usize| u64::from(u32::MAX - self.index.max_power_w[i]);
                self.lowest(cells, end, &weaker)
            }
            ListSort::Price => {
                let ranks = self.prices.ranks();
                self.lowest(cells, end, &|i| self.lowest_rank(i, &ranks))
            }
            ListSort::Free => self.lowest(cells, end, &|i| u64::MAX - self.freedom(i)),
        };
        page.into_iter()
            .skip(offset)
            .filter_map(|i| self.entry(i, q.center))
            .collect()
    }

    /// The first `end` locations in view, nearest first: squares are opened in order of how
    /// near they can be.
    fn nearest(&self, center: LatLng, end: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut heap = BinaryHeap::new();
        heap.push(Reverse(Candidate {
            distance_m: 0.0,
            what: What::Square {
                lo: 0,
                hi: self.index.len(),
                level: 0,
                x: 0,
                y: 0,
            },
        }));
        while let Some(Reverse(candidate)) = heap.pop() {
            let (lo, hi, square) = match candidate.what {
                What::Location(_, i) => {
                    found.push(i);
                    if found.len() >= end {
                        break;
                    }
                    continue;
                }
                What::Square {
                    lo,
                    hi,
                    level,
                    x,
                    y,
                } => (lo, hi, Square { level, x, y }),
            };
            let relation = self.view.relation(square.rect());
            if relation == Relation::Outside {
                continue;
            }
            if hi - lo <= SHORT || square.level == 32 {
                for i in lo..hi {
                    if self.selection.has(i) && self.is_in_view(relation, i) {
                        let at = self.index.order[i];
                        if let Some(location) = self.catalogue.locations.get(at as usize) {
                            heap.push(Reverse(Candidate {
                                distance_m: center.distance_m(location.position),
                                what: What::Location(at, i),
                            }));
                        }
                    }
                }
                continue;
            }
            let ends = self.index.quarters(square, lo, hi);
            for (q, span) in (0_u32..).zip(ends.windows(2)) {
                let (lo, hi) = (span[0], span[1]);
                if lo < hi {
                    let quarter = square.quarter(q);
                    heap.push(Reverse(Candidate {
                        distance_m: least_distance_m(center, quarter),
                        what: What::Square {
                            lo,
                            hi,
                            level: quarter.level,
                            x: quarter.x,
                            y: quarter.y,
                        },
                    }));
                }
            }
        }
        found
    }

    /// The first `end` locations in view by a key, equals in order of the catalogue.
    fn lowest(&self, cells: &[Cell], end: usize, key: &dyn Fn(usize) -> u64) -> Vec<usize> {
        let mut keyed: Vec<(u64, u32, u32)> = Vec::new();
        for cell in cells.iter().filter(|c| c.relation != Relation::Outside) {
            for i in cell.lo..cell.hi {
                if self.selection.has(i) && self.is_in_view(cell.relation, i) {
                    keyed.push((key(i), self.index.order[i], i as u32));
                }
            }
        }
        if end < keyed.len() {
            keyed.select_nth_unstable(end);
            keyed.truncate(end);
        }
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, _, i)| i as usize).collect()
    }

    /// The lowest rank of the prices of the connectors that would do.
    fn lowest_rank(&self, i: usize, ranks: &[u32]) -> u64 {
        let index = self.index;
        let rank = |key: u32| ranks.get(key as usize).copied().unwrap_or(u32::MAX);
        index
            .rows_of(i)
            .filter(|&j| index.row_price[j] != PRICE_UNKNOWN)
            .filter(|&j| self.selection.admits_row(index.rows[j]))
            .map(|j| rank(index.row_price[j]))
            .min()
            .unwrap_or(u32::MAX)
            .into()
    }

    /// Grows with the share of free EVSEs among those of known status, then with their number; 0
    /// where nothing is known. Shares of whole numbers below 2¹⁶ stay in their exact order.
    fn freedom(&self, i: usize) -> u64 {
        const PLACES: u32 = 32;
        let counts = self.index.counts(i, moment(self.now));
        let (free, known) = (u64::from(counts.free), u64::from(counts.known()));
        let share = (free << PLACES).checked_div(known);
        // At most 2³² in the upper 33 bits, the number in the lower 31.
        share.map_or(0, |share| 1 + (share << 31 | free.min((1 << 31) - 2)))
    }

    fn entry(&self, i: usize, center: Option<LatLng>) -> Option<ListEntry> {
        let catalogue = self.catalogue;
        let at = self.index.order[i];
        let location = catalogue.locations.get(at as usize)?;
        let (price_now, prices_differ) = self.price_now(i);
        Some(ListEntry {
            index: at,
            id: location.id.clone(),
            name: location.name.clone(),
            position: location.position,
            distance_m: center.map(|c| c.distance_m(location.position)),
            counts: self.index.counts(i, moment(self.now)),
            has_dc: location.has_dc(),
            kind: location.kind,
            max_power_w: location.max_power_w(),
            operator: catalogue.operator_of(location).map(|o| o.name.clone()),
            price_now,
            prices_differ,
            demonstration: catalogue
                .source_of(location)
                .is_some_and(|s| s.demonstration),
            status_updated: location
                .evses
                .iter()
                .filter(|e| e.is_place_to_go())
                .filter_map(|e| e.status_updated)
                .max(),
            address: location.address.clone(),
            open_now: location.is_open_at(catalogue, self.now),
        })
    }
}

/// A lower bound on the great-circle distance from a point to anything in a square, m.
fn least_distance_m(from: LatLng, square: Square) -> f64 {
    let [x0, x1, y0, y1] = square.rect();
    // A unit more on every side: positions are cut to units.
    let (west, east) = (lng_at((x0 - 1) as f64), lng_at((x1 + 2) as f64));
    let north = if y0 == 0 {
        90.0
    } else {
        lat_at((y0 - 1) as f64)
    };
    let south = if y1 >= i64::from(u32::MAX) {
        -90.0
    } else {
        lat_at((y1 + 2) as f64)
    };
    let clamped = |lat: f64| lat.clamp(south, north);
    let distance = if (west..=east).contains(&from.lng) {
        from.distance_m(LatLng {
            lat: clamped(from.lat),
            lng: from.lng,
        })
    } else {
        // At every latitude the nearest point lies on the western or the eastern edge.
        let to_edge = |lng: f64| {
            let d = libm::cos((lng - from.lng).to_radians());
            if d > 0.0 {
                // Along that meridian distance falls to this latitude and rises again.
                let foot = libm::atan2(libm::tan(from.lat.to_radians()), d).to_degrees();
                from.distance_m(LatLng {
                    lat: clamped(foot),
                    lng,
                })
            } else {
                let at = |lat| from.distance_m(LatLng { lat, lng });
                at(south).min(at(north))
            }
        };
        to_edge(west).min(to_edge(east))
    };
    // Rounding, worst near the antipode.
    distance - 1.0
}
