//! The Mercator square in 32 bits an axis, its grid, and what of it is in view.

use crate::geo::{BoundingBox, LatLng};
use core::f64::consts::PI;

/// Units along each axis of the square.
const UNITS: f64 = 4_294_967_296.0;

/// Column of a longitude, growing eastwards.
fn x_of(lng: f64) -> u32 {
    ((lng + 180.0) / 360.0 * UNITS) as u32
}

/// Row of a latitude, growing southwards. Beyond ±85.05° the square ends.
fn y_of(lat: f64) -> u32 {
    let s = libm::sin(lat.to_radians());
    ((0.5 - libm::log((1.0 + s) / (1.0 - s)) / (4.0 * PI)) * UNITS) as u32
}

/// A position on the square.
pub(super) fn project(p: LatLng) -> (u32, u32) {
    (x_of(p.lng), y_of(p.lat))
}

/// The longitude at a distance from the western edge, in units.
pub(super) fn lng_at(x: f64) -> f64 {
    x / UNITS * 360.0 - 180.0
}

/// The latitude at a distance from the northern edge, in units.
pub(super) fn lat_at(y: f64) -> f64 {
    libm::atan(libm::sinh(PI * (1.0 - 2.0 * y / UNITS))).to_degrees()
}

/// Morton order: the bits of column and row interleaved, the row's higher.
pub(super) const fn morton(x: u32, y: u32) -> u64 {
    const fn spread(v: u32) -> u64 {
        let mut v = v as u64;
        v = (v | v << 16) & 0x0000_ffff_0000_ffff;
        v = (v | v << 8) & 0x00ff_00ff_00ff_00ff;
        v = (v | v << 4) & 0x0f0f_0f0f_0f0f_0f0f;
        v = (v | v << 2) & 0x3333_3333_3333_3333;
        (v | v << 1) & 0x5555_5555_5555_5555
    }
    spread(x) | spread(y) << 1
}

/// A square of the grid: at level `l` there are 2^l along each axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Square {
    pub(super) level: u8,
    pub(super) x: u32,
    pub(super) y: u32,
}

impl Square {
    pub(super) const WORLD: Self = Self {
        level: 0,
        x: 0,
        y: 0,
    };

    /// The square of a level that holds a point.
    pub(super) const fn of(level: u8, x: u32, y: u32) -> Self {
        let shift = 32 - level as u32;
        Self {
            level,
            x: (x as u64 >> shift) as u32,
            y: (y as u64 >> shift) as u32,
        }
    }

    /// A quarter, in Morton order, `0..4`.
    pub(super) const fn quarter(self, q: u32) -> Self {
        Self {
            level: self.level + 1,
            x: self.x << 1 | (q & 1),
            y: self.y << 1 | (q >> 1),
        }
    }

    /// Its first and last column and its first and last row, in units.
    pub(super) const fn rect(self) -> [i64; 4] {
        let shift = 32 - self.level as u32;
        let (x, y, last) = (
            (self.x as i64) << shift,
            (self.y as i64) << shift,
            (1_i64 << shift) - 1,
        );
        [x, x + last, y, y + last]
    }

    /// Morton number among the squares of its level.
    pub(super) const fn number(self) -> u64 {
        morton(self.x, self.y)
    }

    /// The Morton number of its first unit.
    pub(super) const fn first_unit(self) -> u64 {
        let shift = 32 - self.level as u32;
        morton(
            ((self.x as u64) << shift) as u32,
            ((self.y as u64) << shift) as u32,
        )
    }
}

/// How a rectangle lies to the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// Nothing of it is in view.
    Outside,
    /// Ask each location.
    Partly,
    /// All of it is in view.
    Inside,
}

/// Bounds on the square. Units decide all but the outermost ones, where the exact position does.
#[derive(Clone, Debug)]
pub(super) struct View {
    /// Columns from, to; two where the view crosses the antimeridian (`n_spans`).
    spans: [(i64, i64); 2],
    n_spans: usize,
    rows: (i64, i64),
    pub(super) bounds: BoundingBox,
}

impl View {
    /// `None` when a number is not finite.
    pub(super) fn new(bounds: BoundingBox) -> Option<Self> {
        let BoundingBox {
            west,
            south,
            east,
            north,
        } = bounds;
        if ![west, south, east, north].iter().all(|v| v.is_finite()) {
            return None;
        }
        // Where the bounds reach the end of the Earth no exact look is needed.
        let past = UNITS as i64 + 4;
        let from_x = if west <= -180.0 {
            -4
        } else {
            i64::from(x_of(west))
        };
        let to_x = if east >= 180.0 {
            past
        } else {
            i64::from(x_of(east))
        };
        let from_y = if north >= 90.0 {
            -4
        } else {
            i64::from(y_of(north))
        };
        let to_y = if south <= -90.0 {
            past
        } else {
            i64::from(y_of(south))
        };
        let (spans, n_spans) = if west <= east {
            ([(from_x, to_x); 2], 1)
        } else {
            ([(-4, to_x), (from_x, past)], 2)
        };
        Some(Self {
            spans,
            n_spans,
            rows: (from_y, to_y),
            bounds,
        })
    }

    /// How `[first column, last column, first row, last row]` lies to it.
    pub(super) fn relation(&self, rect: [i64; 4]) -> Relation {
        self.relation_widened(rect, 0)
    }

    /// The same to the view widened by some units on every side.
    pub(super) fn relation_widened(&self, rect: [i64; 4], by: i64) -> Relation {
        let [x0, x1, y0, y1] = rect;
        // The logarithm may be off by one unit in the rows; columns are exact to the unit.
        let (top, bottom) = (self.rows.0 - by, self.rows.1 + by);
        if y1 < top - 1 || y0 > bottom + 1 {
            return Relation::Outside;
        }
        let rows_inside = y0 > top + 1 && y1 < bottom - 1;
        let mut relation = Relation::Outside;
        for &(from, to) in self.spans.iter().take(self.n_spans) {
            if x1 < from - by || x0 > to + by {
                continue;
            }
            if rows_inside && x0 > from - by && x1 < to + by {
                return Relation::Inside;
            }
            relation = Relation::Partly;
        }
        relation
    }

    /// The middle of the bounds, also across the antimeridian.
    pub(super) fn middle(&self) -> LatLng {
        let mut middle = self.bounds.center();
        if self.bounds.west > self.bounds.east {
            middle.lng += if middle.lng > 0.0 { -180.0 } else { 180.0 };
        }
        middle
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back_within_a_unit() {
        for lat in -85..=85 {
            for lng in -180..180 {
                let (x, y) = project(LatLng {
                    lat: f64::from(lat),
                    lng: f64::from(lng),
                });
                assert!((lng_at(f64::from(x)) - f64::from(lng)).abs() < 1e-7);
                assert!((lat_at(f64::from(y)) - f64::from(lat)).abs() < 1e-7);
            }
        }
        // The tile of Nanjing at zoom 10 of the usual tile numbers: 849/415.
        let (x, y) = project(LatLng {
            lat: 32.06,
            lng: 118.80,
        });
        assert_eq!((x >> 22, y >> 22), (849, 415));
    }

    #[test]
    fn the_poles_and_the_edges_stay_on_the_square() {
        assert_eq!(y_of(90.0), 0);
        assert_eq!(y_of(-90.0), u32::MAX);
        assert_eq!((x_of(-180.0), x_of(180.0)), (0, u32::MAX));
    }

    #[test]
    fn quarters_partition_their_square() {
        let square = Square::of(5, 0x9234_5678, 0x2345_6789);
        let [x0, x1, y0, y1] = square.rect();
        let area = |s: Square| {
            let [a, b, c, d] = s.rect();
            (b - a + 1) * (d - c + 1)
        };
        assert_eq!(
            (0..4).map(|q| area(square.quarter(q))).sum::<i64>(),
            (x1 - x0 + 1) * (y1 - y0 + 1)
        );
        assert_eq!(square.quarter(0).first_unit(), square.first_unit());
        assert!((0..3).all(|q| square.quarter(q).number() + 1 == square.quarter(q + 1).number()));
    }
}
