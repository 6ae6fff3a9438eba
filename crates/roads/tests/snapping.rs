//! Snapping against a scan of every segment.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests may"
)]

mod common;

use chongtu_model::LatLng;
use chongtu_roads::{EdgeInput, RoadNetwork, RoadNetworkBuilder};
use common::{Seeded, shared_network};

/// Great-circle distance to the nearest point of each edge, by ternary search on each segment.
/// Segments that cannot come within `max_m` (triangle inequality) count as infinitely far.
fn scan(net: &RoadNetwork, place: LatLng, max_m: f64) -> Vec<(f64, u32)> {
    let mut all: Vec<(f64, u32)> = net
        .edges()
        .map(|edge| {
            let shape = net.edge_shape(edge);
            let nearest = shape
                .windows(2)
                .filter(|s| place.distance_m(s[0]) - s[0].distance_m(s[1]) <= max_m)
                .map(|s| nearest_on(place, s[0], s[1]))
                .fold(f64::INFINITY, f64::min);
            (nearest, edge.0)
        })
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    all
}

fn nearest_on(place: LatLng, p: LatLng, q: LatLng) -> f64 {
    let at = |t: f64| LatLng {
        lat: p.lat + (q.lat - p.lat) * t,
        lng: p.lng + (q.lng - p.lng) * t,
    };
    let (mut lo, mut hi) = (0.0, 1.0);
    for _ in 0..60 {
        let (u, v) = (lo + (hi - lo) / 3.0, hi - (hi - lo) / 3.0);
        if place.distance_m(at(u)) < place.distance_m(at(v)) {
            hi = v;
        } else {
            lo = u;
        }
    }
    place
        .distance_m(at(f64::midpoint(lo, hi)))
        .min(place.distance_m(p))
        .min(place.distance_m(q))
}

#[test]
fn equals_a_scan() {
    let Some((net, _)) = shared_network("china_expressways_graph.json") else {
        return;
    };
    let bounds = net.bounding_box().unwrap();
    let mut random = Seeded(4);
    let mut hits = 0;
    for i in 0..120 {
        let place = if i % 3 == 0 {
            LatLng {
                lat: bounds.south + random.share() * (bounds.north - bounds.south),
                lng: bounds.west + random.share() * (bounds.east - bounds.west),
            }
        } else {
            // Near a road, where people are.
            let shape = net.edge_shape(random.point(&net).edge);
            let p = shape[random.below(shape.len())];
            LatLng {
                lat: p.lat + random.share() * 0.1,
                lng: p.lng - random.share() * 0.1,
            }
        };
        let max_m = [2_000.0, 15_000.0, 60_000.0][i % 3];
        let limit = 1 + i % 7;
        let got = net.snap(place, max_m, limit);
        let want: Vec<(f64, u32)> = scan(&net, place, max_m)
            .into_iter()
            .filter(|s| s.0 <= max_m)
            .take(limit)
            .collect();
        assert_eq!(got.len(), want.len(), "{place:?} {max_m} {limit}");
        hits += got.len();
        for (snap, (distance_m, _)) in got.iter().zip(&want) {
            assert!(
                (snap.distance_m - distance_m).abs() < 0.01 + 1e-4 * distance_m,
                "{place:?}: {snap:?}, scan {distance_m}"
            );
            assert_eq!(snap.distance_m, place.distance_m(snap.position));
            assert!((0.0..=net.edge_length_m(snap.edge)).contains(&snap.offset_m));
        }
        let mut edges: Vec<_> = got.iter().map(|s| s.edge).collect();
        edges.sort_unstable();
        edges.dedup();
        assert_eq!(edges.len(), got.len(), "each edge once");
    }
    assert!(hits > 100, "{hits}");
}

/// The offset along the road leads back to the position on its line.
#[test]
fn offsets_fit_positions() {
    let Some((net, _)) = shared_network("yangtze_delta_graph.json") else {
        return;
    };
    let mut random = Seeded(5);
    for _ in 0..200 {
        let shape = net.edge_shape(random.point(&net).edge);
        let p = shape[random.below(shape.len())];
        let place = LatLng {
            lat: p.lat + 0.01 * random.share(),
            lng: p.lng + 0.01 * random.share(),
        };
        let Some(snap) = net.snap(place, 10_000.0, 1).first().copied() else {
            panic!("a road is near {place:?}");
        };
        let share = snap.offset_m / net.edge_length_m(snap.edge);
        let line = net.edge_shape(snap.edge);
        let total: f64 = line.windows(2).map(|s| s[0].distance_m(s[1])).sum();
        let mut left = share * total;
        let mut walked = line[line.len() - 1];
        for s in line.windows(2) {
            let m = s[0].distance_m(s[1]);
            if left <= m {
                walked = LatLng {
                    lat: s[0].lat + (s[1].lat - s[0].lat) * left / m,
                    lng: s[0].lng + (s[1].lng - s[0].lng) * left / m,
                };
                break;
            }
            left -= m;
        }
        assert!(
            walked.distance_m(snap.position) < 0.1,
            "{snap:?} {walked:?}"
        );
    }
}

fn one_road(a: LatLng, b: LatLng) -> RoadNetwork {
    let mut builder = RoadNetworkBuilder::new();
    let (a_idx, b_idx) = (builder.add_node(a, None), builder.add_node(b, None));
    builder.add_edge(EdgeInput {
        a: a_idx,
        b: b_idx,
        length_m: a.distance_m(b),
        ..EdgeInput::default()
    });
    builder.build().0
}

#[test]
fn across_the_antimeridian() {
    let at = |lat, lng| LatLng { lat, lng };
    let across = one_road(at(-17.0, 179.9), at(-17.0, -179.9));
    for lng in [179.95, -179.95, 180.0, -180.0] {
        let snap = across.snap(at(-17.0, lng), 100.0, 3);
        assert_eq!(snap.len(), 1, "{lng}");
        assert!(snap[0].distance_m < 1.0, "{snap:?}");
    }
    let east = one_road(at(-17.0, -179.99), at(-17.0, -179.5));
    let snap = east.snap(at(-17.0, 179.99), 5_000.0, 3);
    assert_eq!(snap.len(), 1);
    assert!((snap[0].distance_m - 0.02 * 111_195.0 * 17f64.to_radians().cos()).abs() < 5.0);
}

/// Enough roads for several levels of boxes, all on the other side of the antimeridian.
#[test]
fn across_the_antimeridian_in_a_crowd() {
    let mut builder = RoadNetworkBuilder::new();
    for i in 0..200 {
        let lat = -20.0 + 0.05 * f64::from(i);
        let west = builder.add_node(LatLng { lat, lng: -179.99 }, None);
        let east = builder.add_node(LatLng { lat, lng: -179.5 }, None);
        builder.add_edge(EdgeInput {
            a: west,
            b: east,
            length_m: 60_000.0,
            ..EdgeInput::default()
        });
    }
    let net = builder.build().0;
    let place = LatLng {
        lat: -15.0,
        lng: 179.99,
    };
    let snap = net.snap(place, 5_000.0, 1);
    assert_eq!(snap.len(), 1);
    assert_eq!(
        snap[0].position.to_e6(),
        [-15_000_000, -179_990_000],
        "the road at the same latitude, its near end"
    );
}

#[test]
fn refuses_nonsense_quietly() {
    let at = |lat, lng| LatLng { lat, lng };
    let net = one_road(at(30.0, 120.0), at(30.0, 120.1));
    assert_eq!(net.snap(at(f64::NAN, 120.0), 1e9, 3), []);
    assert_eq!(net.snap(at(30.0, 999.0), 1e9, 3), []);
    assert_eq!(net.snap(at(30.0, 120.0), f64::NAN, 3), []);
    assert_eq!(net.snap(at(30.0, 120.0), -1.0, 3), []);
    assert_eq!(net.snap(at(30.0, 120.0), 1e9, 0), []);
    assert_eq!(net.snap(at(-60.0, -60.0), f64::INFINITY, 9).len(), 1);
    assert_eq!(
        RoadNetworkBuilder::new()
            .build()
            .0
            .snap(at(1.0, 1.0), 1e9, 1),
        []
    );
}
