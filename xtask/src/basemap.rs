//! The drawn base map of a region: land from Natural Earth (npm `world-atlas`), lakes and rivers from our own hand.
//!
//! Natural Earth comes as `TopoJSON`: arcs of whole-number steps, shared by neighbours. The land is clipped to the region's
//! box with a margin, so that its cut edges lie outside the first view, and thinned to what a screen shows.

use crate::water;
use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use std::path::Path;

/// Longitude, latitude in degrees: the order of files and of the map library.
pub(crate) type Point = [f64; 2];
pub(crate) type Ring = Vec<Point>;

/// West, south, east, north in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Box4(pub(crate) [f64; 4]);

impl Box4 {
    /// The smallest box around both.
    pub(crate) fn union(self, other: Self) -> Self {
        let ([w, s, e, n], [w2, s2, e2, n2]) = (self.0, other.0);
        Self([w.min(w2), s.min(s2), e.max(e2), n.max(n2)])
    }

    fn grown(self, degrees: f64) -> Self {
        let [w, s, e, n] = self.0;
        Self([
            (w - degrees).max(-180.0),
            (s - degrees).max(-85.0),
            (e + degrees).min(180.0),
            (n + degrees).min(85.0),
        ])
    }

    fn span(self) -> f64 {
        let [w, s, e, n] = self.0;
        (e - w).max(n - s)
    }
}

/// Around the region, so that the cut stays out of sight.
const MARGIN_DEG: f64 = 2.0;
/// Thinning for a region of a few hundred kilometres: about 200 m, half a pixel at the zoom where a city fills the screen.
const THIN_DEG: f64 = 0.002;
/// Larger regions are first seen from further away: no finer than one part in this many of the region.
const THIN_SHARE: f64 = 1.0 / 5000.0;

/// The base map as one GeoJSON text. `water_toml` is the region's own water; none for data without.
pub(crate) fn build(
    land_topojson: &Value,
    bounds: Box4,
    water_toml: Option<&str>,
) -> Result<String> {
    let clip = bounds.grown(MARGIN_DEG);
    let tolerance = THIN_DEG.max(clip.span() * THIN_SHARE);
    let mut features = Vec::new();
    for polygon in polygons(land_topojson).context("the land's TopoJSON")? {
        let rings: Vec<Ring> = clipped_polygon(&polygon, clip)
            .into_iter()
            .filter_map(|ring| thinned_ring(&ring, tolerance))
            .collect();
        if !rings.is_empty() {
            features.push(feature(
                &json!({"layer": "land"}),
                "Polygon",
                &rings_json(&rings),
            ));
        }
    }
    if let Some(text) = water_toml {
        features.extend(water::features(text)?);
    }
    let collection = json!({"type": "FeatureCollection", "features": features});
    Ok(collection.to_string())
}

pub(crate) fn feature(properties: &Value, kind: &str, coordinates: &Value) -> Value {
    json!({"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}})
}

/// Five decimals: about a metre.
fn rounded(point: Point) -> Point {
    point.map(|degrees| (degrees * 1e5).round() / 1e5)
}

pub(crate) fn line_json(points: &[Point]) -> Value {
    points.iter().map(|&point| json!(rounded(point))).collect()
}

/// Closed, as GeoJSON wants rings.
pub(crate) fn rings_json(rings: &[Ring]) -> Value {
    rings
        .iter()
        .map(|ring| {
            let mut closed = ring.clone();
            closed.extend(ring.first().copied());
            line_json(&closed)
        })
        .collect()
}

// ---- TopoJSON ----

/// All polygons of all geometries, rings open (the last point is not the first again).
fn polygons(topology: &Value) -> Result<Vec<Vec<Ring>>> {
    let pair = |name: &str| -> Result<Point> {
        let values = &topology["transform"][name];
        Ok([
            values[0]
                .as_f64()
                .with_context(|| format!("no transform.{name}"))?,
            values[1]
                .as_f64()
                .with_context(|| format!("no transform.{name}"))?,
        ])
    };
    let (scale, translate) = (pair("scale")?, pair("translate")?);
    let arcs: Vec<Vec<Point>> = list(&topology["arcs"], "arcs")?
        .iter()
        .map(|arc| {
            let mut at = [0.0, 0.0];
            list(arc, "an arc")?
                .iter()
                .map(|step| {
                    for axis in 0..2 {
                        at[axis] += step[axis].as_f64().context("an arc's step is no number")?;
                    }
                    Ok([
                        at[0] * scale[0] + translate[0],
                        at[1] * scale[1] + translate[1],
                    ])
                })
                .collect()
        })
        .collect::<Result<_>>()?;
    let objects = topology["objects"].as_object().context("no objects")?;
    let mut out = Vec::new();
    for object in objects.values() {
        collect(object, &arcs, &mut out)?;
    }
    Ok(out)
}

fn collect(geometry: &Value, arcs: &[Vec<Point>], out: &mut Vec<Vec<Ring>>) -> Result<()> {
    let polygon = |rings: &Value| -> Result<Vec<Ring>> {
        list(rings, "a polygon")?
            .iter()
            .map(|ring| stitched(ring, arcs))
            .collect()
    };
    match geometry["type"].as_str() {
        Some("GeometryCollection") => {
            for inner in list(&geometry["geometries"], "geometries")? {
                collect(inner, arcs, out)?;
            }
        }
        Some("Polygon") => out.push(polygon(&geometry["arcs"])?),
        Some("MultiPolygon") => {
            for rings in list(&geometry["arcs"], "a multipolygon")? {
                out.push(polygon(rings)?);
            }
        }
        other => bail!("a geometry of type {other:?} is no land"),
    }
    Ok(())
}

/// One ring from its arcs: `!i` means arc `i` backwards, and each arc begins where the one before ended.
fn stitched(ring: &Value, arcs: &[Vec<Point>]) -> Result<Ring> {
    let mut points: Ring = Vec::new();
    for index in list(ring, "a ring")? {
        let index = index.as_i64().context("an arc's number is no number")?;
        let at = usize::try_from(if index < 0 { !index } else { index })?;
        let arc = arcs
            .get(at)
            .with_context(|| format!("there is no arc {at}"))?;
        let skip = usize::from(!points.is_empty());
        if index < 0 {
            points.extend(arc.iter().rev().skip(skip));
        } else {
            points.extend(arc.iter().skip(skip));
        }
    }
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    Ok(points)
}

fn list<'a>(value: &'a Value, what: &str) -> Result<&'a Vec<Value>> {
    value
        .as_array()
        .with_context(|| format!("{what}: not a list"))
}

// ---- clipping and thinning ----

/// Outer ring and holes within the box; empty when nothing is.
fn clipped_polygon(polygon: &[Ring], clip: Box4) -> Vec<Ring> {
    let mut rings = polygon.iter().map(|ring| clipped_ring(ring, clip));
    match rings.next() {
        Some(outer) if outer.len() >= 3 => std::iter::once(outer)
            .chain(rings.filter(|hole| hole.len() >= 3))
            .collect(),
        _ => Vec::new(),
    }
}

/// Sutherland and Hodgman's clipping: one side of the box after the other. Parts of a ring that leave and come back stay
/// joined along the box, which a fill does not show.
fn clipped_ring(ring: &[Point], Box4([w, s, e, n]): Box4) -> Ring {
    // Axis, limit, and whether inside is above it.
    let sides = [(0, w, true), (0, e, false), (1, s, true), (1, n, false)];
    let mut points = ring.to_vec();
    for (axis, limit, above) in sides {
        let inside = |p: Point| {
            if above {
                p[axis] >= limit
            } else {
                p[axis] <= limit
            }
        };
        let crossing = |a: Point, b: Point| {
            let share = (limit - a[axis]) / (b[axis] - a[axis]);
            let mut point = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
            point[axis] = limit;
            point
        };
        let mut kept = Vec::with_capacity(points.len());
        for (i, &to) in points.iter().enumerate() {
            let from = points[(i + points.len() - 1) % points.len()];
            if inside(from) != inside(to) {
                kept.push(crossing(from, to));
            }
            if inside(to) {
                kept.push(to);
            }
        }
        points = kept;
    }
    points
}

/// Douglas and Peucker's thinning of an open ring: no point of it lies further than `tolerance` from the thinned one.
/// None when less than a triangle is left.
fn thinned_ring(ring: &[Point], tolerance: f64) -> Option<Ring> {
    let first = *ring.first()?;
    // A ring has no ends: cut it at its first point and the one farthest from there.
    let far = (0..ring.len())
        .max_by(|&a, &b| distance(ring[a], first).total_cmp(&distance(ring[b], first)))?;
    let mut keep = vec![false; ring.len() + 1];
    let mut closed = ring.to_vec();
    closed.push(first);
    keep[0] = true;
    keep[far] = true;
    let mut waiting = vec![(0, far), (far, ring.len())];
    while let Some((from, to)) = waiting.pop() {
        let worst = (from + 1..to)
            .map(|i| (i, distance_to_segment(closed[i], closed[from], closed[to])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((i, off)) = worst.filter(|&(_, off)| off > tolerance) {
            keep[i] = true;
            waiting.push((from, i));
            waiting.push((i, to));
            debug_assert!(off.is_finite());
        }
    }
    let thin: Ring = ring
        .iter()
        .zip(&keep)
        .filter(|&(_, &keep)| keep)
        .map(|(&point, _)| point)
        .collect();
    (thin.len() >= 3).then_some(thin)
}

fn distance(a: Point, b: Point) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

fn distance_to_segment(p: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length2 = dx * dx + dy * dy;
    if length2 == 0.0 {
        return distance(p, a);
    }
    let share = (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2).clamp(0.0, 1.0);
    distance(p, [a[0] + share * dx, a[1] + share * dy])
}

/// Reads Natural Earth's land as npm brings it.
pub(crate) fn read_land(node_modules: &Path) -> Result<Value> {
    let path = node_modules.join("world-atlas/land-10m.json");
    let bytes = crate::workspace::read(&path)?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is not JSON", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(ring: &[Point]) -> f64 {
        let next = ring.iter().cycle().skip(1);
        ring.iter()
            .zip(next)
            .map(|(a, b)| a[0] * b[1] - b[0] * a[1])
            .sum::<f64>()
            .abs()
            / 2.0
    }

    /// Fixed seed, so that a failure comes again.
    struct Random(u64);

    impl Random {
        fn unit(&mut self) -> f64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 11) as f64 / (1u64 << 53) as f64
        }
    }

    /// A star-shaped ring around the origin.
    fn star(random: &mut Random, corners: usize) -> Ring {
        (0..corners)
            .map(|i| {
                let angle =
                    (i as f64 + 0.8 * random.unit()) * std::f64::consts::TAU / corners as f64;
                let radius = 0.5 + 2.0 * random.unit();
                [radius * angle.cos(), radius * angle.sin()]
            })
            .collect()
    }

    fn contains(ring: &[Point], [x, y]: Point) -> bool {
        let next = ring.iter().cycle().skip(1);
        ring.iter()
            .zip(next)
            .filter(|(a, b)| (a[1] > y) != (b[1] > y))
            .fold(false, |inside, (a, b)| {
                let cross = a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
                inside != (x < cross)
            })
    }

    #[test]
    fn clipping_keeps_exactly_what_is_in_the_box() {
        let mut random = Random(42);
        let clip = Box4([-1.0, -0.7, 1.3, 0.9]);
        for round in 0..200 {
            let ring = star(&mut random, 3 + round % 40);
            let clipped = clipped_ring(&ring, clip);
            for p in &clipped {
                assert!(
                    p[0] >= -1.0 && p[0] <= 1.3 && p[1] >= -0.7 && p[1] <= 0.9,
                    "round {round}: {p:?}"
                );
            }
            for _ in 0..200 {
                let p = [random.unit() * 2.2 - 0.95, random.unit() * 1.5 - 0.65];
                assert_eq!(
                    contains(&ring, p),
                    contains(&clipped, p),
                    "round {round}: {p:?}"
                );
            }
        }
    }

    #[test]
    fn thinning_stays_within_its_tolerance() {
        let mut random = Random(7);
        for round in 0..100 {
            let ring = star(&mut random, 5 + round);
            let tolerance = 0.3 * random.unit();
            let Some(thin) = thinned_ring(&ring, tolerance) else {
                continue;
            };
            assert!(thin.len() <= ring.len());
            for &p in &ring {
                let next = thin.iter().cycle().skip(1);
                let off = thin
                    .iter()
                    .zip(next)
                    .map(|(&a, &b)| distance_to_segment(p, a, b))
                    .fold(f64::INFINITY, f64::min);
                assert!(
                    off <= tolerance + 1e-12,
                    "round {round}: {off} > {tolerance}"
                );
            }
        }
        let square = vec![[0.0, 0.0], [0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
        assert_eq!(
            thinned_ring(&square, 1e-9).unwrap().len(),
            4,
            "a point on a straight side goes"
        );
        assert_eq!(
            thinned_ring(&square, 10.0),
            None,
            "smaller than the tolerance"
        );
    }

    #[test]
    fn arcs_are_joined_in_either_direction() {
        // A unit square of two arcs, the second stored backwards: step 0.5, origin (10, 20).
        let topology = json!({
            "type": "Topology",
            "transform": {"scale": [0.5, 0.5], "translate": [10.0, 20.0]},
            "arcs": [[[0, 0], [2, 0], [0, 2]], [[0, 0], [0, 2], [2, 0]]],
            "objects": {"land": {"type": "GeometryCollection", "geometries": [
                {"type": "MultiPolygon", "arcs": [[[0, -2]]]}
            ]}}
        });
        let all = polygons(&topology).unwrap();
        assert_eq!(
            all,
            [[vec![[10.0, 20.0], [11.0, 20.0], [11.0, 21.0], [10.0, 21.0]]]]
        );
        assert!((area(&all[0][0]) - 1.0).abs() < 1e-12);
    }
}
