//! Pins and clusters.
//!
//! The world is cut into squares of 64 px at the nearest whole zoom (45 to 90 px on the screen).
//! A square whose middle (the mean of its members) comes within [`JOIN`] of a fuller one's joins
//! it, so that marks do not lie on each other. Both look at whole squares and at most two squares
//! further, never at the viewport: panning moves no cluster. One that the edge of the view cuts
//! shows the members in view.

use super::columns::{LocationIndex, attr, moment, summary};
use super::prices::PricesNow;
use super::select::Selection;
use super::view::{Relation, Square, View, lat_at, lng_at, morton, project};
use super::{Cluster, Mark, Pin};
use crate::catalogue::Catalogue;
use crate::geo::{BoundingBox, LatLng};
use crate::ids::LocationId;
use crate::money::{Currency, UnitPrice};
use crate::status::{FourWay, StatusCounts};
use crate::time::Instant;

/// From this zoom on only equal positions cluster.
const ZOOM_OF_PINS: f64 = 15.0;
/// The level of single units: each position by itself.
const UNIT_LEVEL: u8 = 32;
/// Squares of 64 px: 2^3 along a tile of 512 px.
const LEVELS_BELOW_ZOOM: f64 = 3.0;
/// Middles nearer than this share of a square's side are joined: 56 px at a whole zoom, never
/// under 40 px on the screen. Below 1, so that only neighbours can be that near.
const JOIN: f64 = 0.875;
/// How many squares beyond the view can decide what a square in view joins.
const MARGIN_SQUARES: i64 = 2;
/// Ranges up to this length are scanned instead of divided further.
pub(super) const SHORT: usize = 32;

/// The grid level for a zoom.
pub(super) fn level_of(zoom: f64) -> u8 {
    if zoom >= ZOOM_OF_PINS {
        UNIT_LEVEL
    } else {
        // NaN becomes 0.
        (libm::round(zoom.max(0.0)) + LEVELS_BELOW_ZOOM) as u8
    }
}

/// What a query looks at.
pub(super) struct Scene<'a> {
    pub(super) index: &'a LocationIndex,
    pub(super) catalogue: &'a Catalogue,
    pub(super) selection: &'a Selection,
    pub(super) view: &'a View,
    pub(super) now: Instant,
    pub(super) prices: &'a PricesNow<'a>,
}

/// One square of the grid that holds locations, in view or near it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub(super) square: Square,
    /// Its range in the index.
    pub(super) lo: usize,
    pub(super) hi: usize,
    pub(super) relation: Relation,
}

/// The members of a cell or of a cluster, added up.
#[derive(Clone, Copy, Debug)]
struct Members {
    n: u32,
    sum_x: u64,
    sum_y: u64,
    /// First and last column, first and last row.
    rect: [u32; 4],
    by_status: StatusCounts,
    /// One of them, as a place of the index.
    one: usize,
}

impl Members {
    const NONE: Self = Self {
        n: 0,
        sum_x: 0,
        sum_y: 0,
        rect: [u32::MAX, 0, u32::MAX, 0],
        by_status: StatusCounts {
            free: 0,
            occupied: 0,
            out_of_order: 0,
            unknown: 0,
        },
        one: 0,
    };

    fn add(&mut self, i: usize, x: u32, y: u32, status: FourWay) {
        self.n += 1;
        self.sum_x += u64::from(x);
        self.sum_y += u64::from(y);
        let [x0, x1, y0, y1] = self.rect;
        self.rect = [x0.min(x), x1.max(x), y0.min(y), y1.max(y)];
        self.by_status.add(status);
        self.one = i;
    }

    fn merge(&mut self, other: &Self) {
        if other.n == 0 {
            return;
        }
        self.n += other.n;
        self.sum_x += other.sum_x;
        self.sum_y += other.sum_y;
        let ([a, b, c, d], [e, f, g, h]) = (self.rect, other.rect);
        self.rect = [a.min(e), b.max(f), c.min(g), d.max(h)];
        self.by_status.merge(other.by_status);
        self.one = other.one;
    }

    fn mean(&self) -> (f64, f64) {
        let n = f64::from(self.n);
        (self.sum_x as f64 / n, self.sum_y as f64 / n)
    }
}

/// A cell with its members: all of them, and those in view.
struct Counted {
    number: u64,
    square: Square,
    mean: (f64, f64),
    n: u32,
    in_view: Members,
}

impl Scene<'_> {
    /// The cells of a level in and around the view, in Morton order.
    pub(super) fn cells(&self, level: u8) -> Vec<Cell> {
        let mut cells = Vec::new();
        self.divide(Square::WORLD, 0, self.index.len(), level, &mut cells);
        cells
    }

    fn divide(&self, square: Square, lo: usize, hi: usize, level: u8, cells: &mut Vec<Cell>) {
        let margin = if level == UNIT_LEVEL {
            0
        } else {
            MARGIN_SQUARES << (32 - level)
        };
        let near = |s: Square| self.view.relation_widened(s.rect(), margin) != Relation::Outside;
        if lo == hi || !near(square) {
            return;
        }
        let mut push = |square: Square, lo, hi| {
            cells.push(Cell {
                square,
                lo,
                hi,
                relation: self.view.relation(square.rect()),
            });
        };
        if square.level == level {
            push(square, lo, hi);
        } else if hi - lo <= SHORT {
            let at = |i: usize| Square::of(level, self.index.x[i], self.index.y[i]);
            let mut from = lo;
            while from < hi {
                let this = at(from);
                let mut to = from + 1;
                while to < hi && at(to) == this {
                    to += 1;
                }
                if near(this) {
                    push(this, from, to);
                }
                from = to;
            }
        } else {
            let ends = self.index.quarters(square, lo, hi);
            for (q, end) in (0_u32..).zip(ends.windows(2)) {
                self.divide(square.quarter(q), end[0], end[1], level, cells);
            }
        }
    }

    /// Whether a location of a cell is in view.
    pub(super) fn is_in_view(&self, cell: Relation, i: usize) -> bool {
        match cell {
            Relation::Inside => true,
            Relation::Outside => false,
            Relation::Partly => {
                let (x, y) = (i64::from(self.index.x[i]), i64::from(self.index.y[i]));
                match self.view.relation([x, x, y, y]) {
                    Relation::Inside => true,
                    Relation::Outside => false,
                    Relation::Partly => self
                        .catalogue
                        .locations
                        .get(self.index.order[i] as usize)
                        .is_some_and(|l| self.view.bounds.contains(l.position)),
                }
            }
        }
    }

    /// The marks, how many locations they stand for, and how many of those have a free EVSE.
    pub(super) fn marks(
        &self,
        cells: &[Cell],
        selected: Option<&LocationId>,
    ) -> (Vec<Mark>, u32, u32) {
        let selected = selected.and_then(|id| {
            self.index
                .place_of(self.catalogue, self.catalogue.index_of(id)?)
        });
        let counted = self.count(cells, selected);
        let joined = join(&counted);
        let mut groups = vec![Members::NONE; counted.len()];
        for (cell, &to) in counted.iter().zip(&joined) {
            if let Some(group) = groups.get_mut(to) {
                group.merge(&cell.in_view);
            }
        }
        let mut total = Members::NONE;
        let mut marks = Vec::new();
        for group in &groups {
            total.merge(group);
            match group.n {
                0 => {}
                1 => marks.extend(self.pin(group.one)),
                _ => marks.push(Mark::Cluster(cluster_of(group))),
            }
        }
        if let Some(i) = selected
            && self.selection.has(i)
            && self.is_in_view(Relation::Partly, i)
        {
            total.n += 1;
            total.by_status.add(self.index.summary(i, moment(self.now)));
            marks.extend(self.pin(i));
        }
        (marks, total.n, total.by_status.free)
    }

    /// Adds up the cells, without the selected location; those without a member fall out.
    fn count(&self, cells: &[Cell], selected: Option<usize>) -> Vec<Counted> {
        let now = moment(self.now);
        let index = self.index;
        let mut counted = Vec::with_capacity(cells.len());
        for cell in cells {
            let (mut n, mut sum_x, mut sum_y) = (0_u32, 0_u64, 0_u64);
            let mut in_view = Members::NONE;
            let range = cell.lo..cell.hi;
            let without = selected.is_some_and(|i| range.contains(&i));
            if cell.relation == Relation::Inside && !without {
                in_view = self.add_up(cell.lo, cell.hi, now);
                (n, sum_x, sum_y) = (in_view.n, in_view.sum_x, in_view.sum_y);
            } else {
                for i in range.filter(|&i| self.selection.has(i) && Some(i) != selected) {
                    let (x, y) = (index.x[i], index.y[i]);
                    n += 1;
                    sum_x += u64::from(x);
                    sum_y += u64::from(y);
                    if self.is_in_view(cell.relation, i) {
                        in_view.add(i, x, y, index.summary(i, now));
                    }
                }
            }
            if n > 0 {
                counted.push(Counted {
                    number: cell.square.number(),
                    square: cell.square,
                    mean: (sum_x as f64 / f64::from(n), sum_y as f64 / f64::from(n)),
                    n,
                    in_view,
                });
            }
        }
        counted
    }

    /// The members of a range that is wholly in view.
    fn add_up(&self, lo: usize, hi: usize, now: u32) -> Members {
        let index = self.index;
        let mut all = Members::NONE;
        let mut by_status = [0_u32; 4];
        let mut each = |i: usize, (x, y): (u32, u32), free, known, attrs: u32| {
            all.n += 1;
            all.sum_x += u64::from(x);
            all.sum_y += u64::from(y);
            let [x0, x1, y0, y1] = all.rect;
            all.rect = [x0.min(x), x1.max(x), y0.min(y), y1.max(y)];
            by_status[summary(now, free, known, attrs & attr::OCCUPIED != 0) as usize] += 1;
            all.one = i;
        };
        let positions = index.x[lo..hi].iter().zip(&index.y[lo..hi]);
        let until = index.free_until[lo..hi]
            .iter()
            .zip(&index.known_until[lo..hi]);
        let columns = (lo..hi).zip(positions).zip(until).zip(&index.attrs[lo..hi]);
        match self.selection.slice(lo, hi) {
            None => {
                for (((i, (&x, &y)), (&free, &known)), &attrs) in columns {
                    each(i, (x, y), free, known, attrs);
                }
            }
            Some(mask) => {
                for ((((i, (&x, &y)), (&free, &known)), &attrs), &passes) in columns.zip(mask) {
                    if passes {
                        each(i, (x, y), free, known, attrs);
                    }
                }
            }
        }
        let [free, occupied, out_of_order, unknown] = by_status;
        all.by_status = StatusCounts {
            free,
            occupied,
            out_of_order,
            unknown,
        };
        all
    }

    /// What a kWh costs now at the cheapest connector with the standard and power that are asked
    /// for, and whether another such connector costs something else.
    pub(super) fn price_now(&self, i: usize) -> (Option<(UnitPrice, Currency)>, bool) {
        let (lowest, differ) = self.prices.lowest(i, &|row| self.selection.admits_row(row));
        (lowest.map(|(currency, price)| (price, currency)), differ)
    }

    fn pin(&self, i: usize) -> Option<Mark> {
        let at = self.index.order[i];
        let location = self.catalogue.locations.get(at as usize)?;
        let (price, prices_differ) = self.price_now(i);
        Some(Mark::Pin(Pin {
            index: at,
            id: location.id.clone(),
            position: location.position,
            counts: self.index.counts(i, moment(self.now)),
            has_dc: location.has_dc(),
            kind: location.kind,
            max_power_w: location.max_power_w(),
            name: location.name.clone(),
            price_now: price,
            prices_differ,
        }))
    }
}

impl LocationIndex {
    /// Where a location of the catalogue stands in the index.
    fn place_of(&self, catalogue: &Catalogue, at: usize) -> Option<usize> {
        let (x, y) = project(catalogue.locations.get(at)?.position);
        (self.first_at(morton(x, y), 0, self.len())..self.len())
            .take_while(|&i| (self.x[i], self.y[i]) == (x, y))
            .find(|&i| self.order[i] as usize == at)
    }

    /// Which locations have one of some ids, or one as an alias.
    pub(super) fn places_of(&self, catalogue: &Catalogue, ids: &[LocationId]) -> Vec<bool> {
        let locations = &catalogue.locations;
        let by_id = ids
            .iter()
            .filter_map(|id| locations.binary_search_by(|l| l.id.cmp(id)).ok());
        let aliased = self.aliased.iter().map(|&at| at as usize).filter(|&at| {
            let location = locations.get(at);
            location.is_some_and(|l| l.aliases.iter().any(|a| ids.contains(a)))
        });
        let mut found = vec![false; self.len()];
        for at in by_id.chain(aliased) {
            if let Some(i) = self.place_of(catalogue, at) {
                found[i] = true;
            }
        }
        found
    }
}

/// For each cell the cell that it joins: itself, or the fullest of its neighbours that comes too
/// near and has itself no fuller one too near.
fn join(cells: &[Counted]) -> Vec<usize> {
    let mut joined: Vec<usize> = (0..cells.len()).collect();
    let Some(level) = cells.first().map(|c| c.square.level) else {
        return joined;
    };
    if level == UNIT_LEVEL {
        return joined;
    }
    let near: Vec<Vec<usize>> = (0..cells.len())
        .map(|i| fuller_and_too_near(cells, i, level))
        .collect();
    let is_root = |i: usize| near.get(i).is_some_and(Vec::is_empty);
    for (to, candidates) in joined.iter_mut().zip(&near) {
        let fullest = candidates
            .iter()
            .copied()
            .filter(|&j| is_root(j))
            .max_by_key(|&j| rank(cells, j));
        if let Some(root) = fullest {
            *to = root;
        }
    }
    joined
}

/// Fuller before emptier; among equals the first in Morton order.
fn rank(cells: &[Counted], i: usize) -> (u32, core::cmp::Reverse<u64>) {
    (cells[i].n, core::cmp::Reverse(cells[i].number))
}

/// The neighbours of a cell that outrank it and whose middles are too near to its own.
fn fuller_and_too_near(cells: &[Counted], i: usize, level: u8) -> Vec<usize> {
    let this = &cells[i];
    let side = 1_u64 << level;
    let limit = JOIN * (1_u64 << (32 - level)) as f64;
    let mut found = Vec::new();
    for dy in -1..=1_i64 {
        for dx in -1..=1_i64 {
            let (x, y) = (i64::from(this.square.x) + dx, i64::from(this.square.y) + dy);
            if (dx, dy) == (0, 0) || x < 0 || y < 0 || x as u64 >= side || y as u64 >= side {
                continue;
            }
            let number = morton(x as u32, y as u32);
            let Ok(j) = cells.binary_search_by_key(&number, |c| c.number) else {
                continue;
            };
            let (a, b) = (this.mean.0 - cells[j].mean.0, this.mean.1 - cells[j].mean.1);
            if a * a + b * b < limit * limit && rank(cells, j) > rank(cells, i) {
                found.push(j);
            }
        }
    }
    found
}

fn cluster_of(members: &Members) -> Cluster {
    let (x, y) = members.mean();
    let [x0, x1, y0, y1] = members.rect;
    // Half a unit on: a unit's number is that of its first corner.
    let position = LatLng {
        lat: lat_at(y + 0.5),
        lng: lng_at(x + 0.5),
    };
    // The square ends before the poles; what lies beyond stands on its edge.
    let north = if y0 == 0 {
        90.0
    } else {
        lat_at(f64::from(y0) - 1.0)
    };
    let south = if y1 == u32::MAX {
        -90.0
    } else {
        lat_at(f64::from(y1) + 2.0)
    };
    Cluster {
        position,
        n_locations: members.n,
        by_status: members.by_status,
        bounds: BoundingBox {
            west: lng_at(f64::from(x0)),
            south,
            east: lng_at(f64::from(x1) + 1.0).min(180.0),
            north,
        },
    }
}
