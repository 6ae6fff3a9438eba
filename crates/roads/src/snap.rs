//! Snapping: where a place joins the network.
//!
//! A packed tree of boxes over the segments of all edge shapes. Edges lie in the file along a
//! Hilbert curve, so runs of consecutive segments are near each other and the tree needs no sort.

use crate::geometry::{at, between, lengths_along, lng_difference};
use crate::network::{Columns, EdgeIdx, RoadNetwork};
use chongtu_model::LatLng;
use chongtu_model::geo::EARTH_RADIUS_M;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Which carriageway of an edge a place lies on. A service area serves one; a town both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Side {
    /// Reached and left in either direction.
    #[default]
    Both,
    /// Reached and left only by those who drive from the edge's `a` to its `b`.
    Forward,
    /// Reached and left only by those who drive from the edge's `b` to its `a`.
    Backward,
}

impl Side {
    /// Whether those who drive in this direction can stop there.
    pub fn serves(self, forward: bool) -> bool {
        match self {
            Self::Both => true,
            Self::Forward => forward,
            Self::Backward => !forward,
        }
    }
}

/// A place joined to the network: a point on an edge.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snap {
    /// The edge.
    pub edge: EdgeIdx,
    /// Metres from the edge's `a` towards its `b`, scaled to the edge's length (which may differ
    /// from the length of its drawn line).
    pub offset_m: f64,
    /// Which carriageway it lies on.
    pub side: Side,
    /// The point on the edge's line.
    pub position: LatLng,
    /// Great-circle metres between the place and that point: how far off the road it is.
    pub distance_m: f64,
}

/// Segments under one box of the lowest level, and boxes under one box above.
const FANOUT: usize = 8;

/// Smallest latitude and longitude, largest latitude and longitude, millionths of a degree.
type E6Box = [i32; 4];

/// Boxes over segments. Segment number `shape_first[e] + e + k` is the `k`-th of edge `e`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SegmentIndex {
    /// Level 0 has one box for each [`FANOUT`] segments; each level above one for as many boxes
    /// below. The last level has one box.
    levels: Vec<Vec<E6Box>>,
    /// The edge of the first segment of each box of level 0.
    first_edge: Vec<u32>,
}

impl SegmentIndex {
    pub(crate) fn new(columns: &Columns) -> Self {
        let n_segments = columns.shape_points.len() + columns.edge_ends.len();
        let n_leaves = n_segments.div_ceil(FANOUT);
        let mut leaves = Vec::with_capacity(n_leaves);
        let mut first_edge = Vec::with_capacity(n_leaves);
        let mut s = 0;
        for e in 0..columns.edge_ends.len() {
            let mut previous: Option<[i32; 2]> = None;
            for p in points_of(columns, e) {
                if let Some(q) = previous {
                    if s % FANOUT == 0 {
                        leaves.push([i32::MAX, i32::MAX, i32::MIN, i32::MIN]);
                        first_edge.push(e as u32);
                    }
                    if let Some(leaf) = leaves.last_mut() {
                        *leaf = join(*leaf, [q[0], q[1], q[0], q[1]]);
                        *leaf = join(*leaf, [p[0], p[1], p[0], p[1]]);
                    }
                    s += 1;
                }
                previous = Some(p);
            }
        }
        let mut levels = vec![leaves];
        while let Some(below) = levels.last()
            && below.len() > 1
        {
            let above = below
                .chunks(FANOUT)
                .map(|boxes| boxes.iter().copied().reduce(join).unwrap_or_default())
                .collect();
            levels.push(above);
        }
        Self { levels, first_edge }
    }

    /// The nearest segment of each of the nearest edges, not in order, perhaps more than `limit`
    /// and some slightly too far: distances are measured on a plane that touches at `place`.
    fn nearest(&self, columns: &Columns, place: LatLng, max_m: f64, limit: usize) -> Vec<Near> {
        let plane = Plane::new(place);
        let mut found: Vec<Near> = Vec::new();
        let mut cutoff = max_m * plane.slack(max_m) + 0.01;
        let top = self.levels.len() - 1;
        let mut heap = BinaryHeap::new();
        if !self.levels[top].is_empty() {
            heap.push(Reverse((0u64, top, 0usize)));
        }
        while let Some(Reverse((bits, level, i))) = heap.pop() {
            if f64::from_bits(bits) > cutoff {
                break;
            }
            if level > 0 {
                let below = &self.levels[level - 1];
                let end = below.len().min((i + 1) * FANOUT);
                for (j, b) in below.iter().enumerate().take(end).skip(i * FANOUT) {
                    let d = plane.distance_to_box(*b);
                    if d <= cutoff {
                        heap.push(Reverse((d.to_bits(), level - 1, j)));
                    }
                }
                continue;
            }
            for near in self.segments_of_leaf(columns, &plane, i) {
                if near.plane_m > cutoff {
                    continue;
                }
                match found.iter().position(|f| f.edge == near.edge) {
                    Some(f) if found[f].plane_m <= near.plane_m => continue,
                    Some(f) => {
                        found.remove(f);
                    }
                    None => {}
                }
                let slot = found.partition_point(|f| f.plane_m <= near.plane_m);
                found.insert(slot, near);
                if let Some(last) = found.get(limit - 1) {
                    cutoff = cutoff.min(last.plane_m * plane.slack(last.plane_m) + 0.01);
                }
            }
        }
        found.retain(|f| f.plane_m <= cutoff);
        found
    }

    fn segments_of_leaf<'a>(
        &self,
        columns: &'a Columns,
        plane: &'a Plane,
        leaf: usize,
    ) -> impl Iterator<Item = Near> + 'a {
        let begin = leaf * FANOUT;
        let first_edge = self.first_edge[leaf] as usize;
        (first_edge..columns.edge_ends.len())
            .take_while(move |&e| columns.shape_first[e] as usize + e < begin + FANOUT)
            .flat_map(move |e| {
                let first = columns.shape_first[e] as usize + e;
                let end = columns.shape_first[e + 1] as usize + e + 1;
                (begin.max(first)..end.min(begin + FANOUT)).map(move |s| {
                    let k = s - first;
                    let (p, q) = (point(columns, e, k), point(columns, e, k + 1));
                    let (plane_m, t) = plane.distance_to_segment(at(p), at(q));
                    Near {
                        plane_m,
                        edge: e,
                        k,
                        t,
                    }
                })
            })
    }
}

/// A point of an edge that is near.
struct Near {
    plane_m: f64,
    edge: usize,
    /// Which segment of the edge, and how far along it (0 to 1).
    k: usize,
    t: f64,
}

/// The `k`-th point of an edge's line; 0 is its `a`.
fn point(columns: &Columns, e: usize, k: usize) -> [i32; 2] {
    let first = columns.shape_first[e] as usize;
    let n_inner = columns.shape_first[e + 1] as usize - first;
    let [a, b] = columns.edge_ends[e];
    if k == 0 {
        columns.nodes[a as usize]
    } else if k <= n_inner {
        columns.shape_points[first + k - 1]
    } else {
        columns.nodes[b as usize]
    }
}

fn points_of(columns: &Columns, e: usize) -> impl Iterator<Item = [i32; 2]> + '_ {
    let n_inner = (columns.shape_first[e + 1] - columns.shape_first[e]) as usize;
    (0..n_inner + 2).map(move |k| point(columns, e, k))
}

fn join(a: E6Box, b: E6Box) -> E6Box {
    [
        a[0].min(b[0]),
        a[1].min(b[1]),
        a[2].max(b[2]),
        a[3].max(b[3]),
    ]
}

/// A plane that touches the Earth at a place: metres east and north, good near it.
struct Plane {
    place: LatLng,
    metres_per_lng: f64,
    /// Tangent of the latitude: how fast meridians converge.
    tan: f64,
}

/// Metres in a degree of latitude.
const METRES_PER_LAT: f64 = EARTH_RADIUS_M * std::f64::consts::PI / 180.0;

impl Plane {
    fn new(place: LatLng) -> Self {
        let lat = place.lat.to_radians();
        Self {
            place,
            metres_per_lng: METRES_PER_LAT * libm::cos(lat).max(0.0),
            tan: libm::fabs(libm::tan(lat)).min(50.0),
        }
    }

    /// How much longer than the great circle a distance on the plane may be, as a factor. To
    /// first order the error is half of `distance / R * tan(latitude)`.
    fn slack(&self, distance_m: f64) -> f64 {
        1.001 + distance_m / EARTH_RADIUS_M * (self.tan + 1.0)
    }

    fn distance_to_box(&self, b: E6Box) -> f64 {
        let ([south, west], [north, east]) = (b01(b), b23(b));
        let lat = (south - self.place.lat)
            .max(self.place.lat - north)
            .max(0.0);
        let mut lng = f64::INFINITY;
        for shift in [-360.0, 0.0, 360.0] {
            let x = self.place.lng + shift;
            lng = lng.min((west - x).max(x - east).max(0.0));
        }
        let (x, y) = (lng * self.metres_per_lng, lat * METRES_PER_LAT);
        libm::sqrt(x * x + y * y)
    }

    /// Distance to the nearest point of a segment, and how far along that point is (0 to 1).
    fn distance_to_segment(&self, p: LatLng, q: LatLng) -> (f64, f64) {
        let px = lng_difference(self.place.lng, p.lng) * self.metres_per_lng;
        let py = (p.lat - self.place.lat) * METRES_PER_LAT;
        let dx = lng_difference(p.lng, q.lng) * self.metres_per_lng;
        let dy = (q.lat - p.lat) * METRES_PER_LAT;
        let square = dx * dx + dy * dy;
        let t = if square > 0.0 {
            (-(px * dx + py * dy) / square).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let (x, y) = (px + t * dx, py + t * dy);
        (libm::sqrt(x * x + y * y), t)
    }
}

fn b01(b: E6Box) -> [f64; 2] {
    [f64::from(b[0]) / 1e6, f64::from(b[1]) / 1e6]
}

fn b23(b: E6Box) -> [f64; 2] {
    [f64::from(b[2]) / 1e6, f64::from(b[3]) / 1e6]
}

impl RoadNetwork {
    /// Where a place joins the network: the nearest point of each of the `limit` nearest edges,
    /// nearest first, none farther than `max_distance_m` (great circle). Edges equally near come
    /// in order of their index. Empty when no road is that near.
    pub fn snap(&self, place: LatLng, max_distance_m: f64, limit: usize) -> Vec<Snap> {
        let sane = LatLng::new(place.lat, place.lng).is_ok() && max_distance_m >= 0.0;
        if limit == 0 || !sane {
            return Vec::new();
        }
        let mut snaps: Vec<Snap> = self
            .segments
            .nearest(&self.columns, place, max_distance_m, limit)
            .into_iter()
            .map(|near| self.snap_of(place, &near))
            .filter(|s| s.distance_m <= max_distance_m)
            .collect();
        snaps.sort_by(|a, b| {
            a.distance_m
                .total_cmp(&b.distance_m)
                .then(a.edge.cmp(&b.edge))
        });
        snaps.truncate(limit);
        snaps
    }

    fn snap_of(&self, place: LatLng, near: &Near) -> Snap {
        let edge = EdgeIdx(near.edge as u32);
        let line = self.edge_shape(edge);
        let along = lengths_along(&line);
        let position = between(line[near.k], line[near.k + 1], near.t);
        let m = along[near.k] + (along[near.k + 1] - along[near.k]) * near.t;
        let total = along[along.len() - 1];
        let length_m = self.edge_length_m(edge);
        let offset_m = if total > 0.0 {
            (m / total * length_m).clamp(0.0, length_m)
        } else {
            0.0
        };
        Snap {
            edge,
            offset_m,
            side: Side::Both,
            position,
            distance_m: place.distance_m(position),
        }
    }
}
