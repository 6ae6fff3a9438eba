//! The router against petgraph, and paths against their own sums.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests may"
)]

mod common;

use chongtu_model::LatLng;
use chongtu_roads::{
    EdgeInput, Metric, NodeIdx, RoadNetwork, RoadNetworkBuilder, RoutePath, Router, Side, Snap,
    Weighting,
};
use common::{Seeded, oracle, shared_network, wh_per_km};
use petgraph::visit::EdgeRef;
use proptest::prelude::*;

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// Whatever one can say of a path without knowing the best one.
fn check_path(net: &RoadNetwork, w: &Weighting, from: &Snap, to: &Snap, path: &RoutePath) {
    let first = path.pieces.first().expect("a path has pieces");
    let last = path.pieces.last().expect("a path has pieces");
    let along = |edge, forward: bool, m: f64| {
        if forward {
            m
        } else {
            net.edge_length_m(edge) - m
        }
    };
    assert_eq!((first.edge, last.edge), (from.edge, to.edge));
    assert!(close(
        along(first.edge, first.forward, first.from_m),
        from.offset_m
    ));
    assert!(close(
        along(last.edge, last.forward, last.to_m),
        to.offset_m
    ));
    for piece in &path.pieces {
        assert!(piece.from_m <= piece.to_m && piece.from_m >= 0.0);
        assert!(piece.to_m <= net.edge_length_m(piece.edge));
        assert!(piece.forward || !net.edge_oneway(piece.edge), "wrong way");
    }
    for pair in path.pieces.windows(2) {
        let (a, b) = net.edge_endpoints(pair[0].edge);
        let left_at = if pair[0].forward { b } else { a };
        let (a, b) = net.edge_endpoints(pair[1].edge);
        let entered_at = if pair[1].forward { a } else { b };
        assert_eq!(left_at, entered_at, "pieces touch");
        assert_eq!(pair[0].to_m, net.edge_length_m(pair[0].edge));
        assert_eq!(pair[1].from_m, 0.0);
    }
    let profile = path.profile(net, w);
    assert_eq!(profile[0], (0.0, 0.0, 0.0));
    assert_eq!(profile.len(), path.pieces.len() + 1);
    let end = profile[profile.len() - 1];
    assert!(close(end.0, path.sums.distance_m));
    assert!(close(end.1, path.sums.duration_s));
    assert!(close(end.2, path.sums.energy_kwh));
    let by_refs: f64 = path.refs(net).iter().map(|r| r.1).sum();
    assert!(close(by_refs, path.sums.distance_m));
}

fn against_oracle(net: &RoadNetwork, router: &mut Router, w: &Weighting, from: &Snap, to: &Snap) {
    for metric in [Metric::Duration, Metric::Energy] {
        let want = oracle(net, w, metric, from, to);
        router.search(net, w, metric, from, true, f64::INFINITY);
        let forward = router.to(net, w, to);
        assert_eq!(
            forward.is_some(),
            want.is_some(),
            "{metric:?} {from:?} {to:?}"
        );
        let path = router.path_to(net, w, to);
        assert_eq!(path.as_ref().map(|p| p.sums), forward);
        if let (Some(path), Some(want)) = (&path, want) {
            assert!(
                close(metric.of(&path.sums), want),
                "{metric:?} {from:?} {to:?}: {:?}, petgraph {want}",
                path.sums
            );
            check_path(net, w, from, to, path);
            // Driving order and search order agree: then the bits agree.
            let profile = path.profile(net, w);
            let end = profile[profile.len() - 1];
            let sums = path.sums;
            assert_eq!(end, (sums.distance_m, sums.duration_s, sums.energy_kwh));
        }
        router.search(net, w, metric, to, false, f64::INFINITY);
        let backward = router.path_to(net, w, from);
        assert_eq!(backward.is_some(), want.is_some());
        if let (Some(path), Some(want)) = (&backward, want) {
            assert!(close(metric.of(&path.sums), want), "backward");
            check_path(net, w, from, to, path);
        }
        router.search_until(net, w, metric, from, true, f64::INFINITY, &[*to]);
        assert_eq!(router.path_to(net, w, to), path, "stopping early");
        if let Some(want) = want {
            let limit = want * (1.0 - 1e-6);
            router.search(net, w, metric, from, true, limit);
            assert_eq!(router.to(net, w, to).is_some(), want == 0.0, "limit");
            router.search(net, w, metric, from, true, want * (1.0 + 1e-6));
            assert_eq!(router.to(net, w, to), forward, "limit");
        }
    }
}

#[test]
fn equals_petgraph_on_real_roads() {
    for (name, pairs) in [
        ("yangtze_delta_graph.json", 150),
        ("china_expressways_graph.json", 120),
    ] {
        let Some((net, _)) = shared_network(name) else {
            return;
        };
        let mut router = Router::new(&net);
        let mut random = Seeded(20_260_101);
        for i in 0..pairs {
            let cap = [None, Some(90.0)][i % 2];
            let w = Weighting::new(&net, cap, wh_per_km);
            let from = random.point(&net);
            let mut to = random.point(&net);
            if i % 5 == 0 {
                to.edge = from.edge;
                to.offset_m = random.share() * net.edge_length_m(to.edge);
            }
            against_oracle(&net, &mut router, &w, &from, &to);
        }
    }
}

/// Every node, by petgraph's own Dijkstra over our visit traits.
#[test]
fn settles_what_petgraph_settles() {
    let Some((net, _)) = shared_network("china_expressways_graph.json") else {
        return;
    };
    let w = Weighting::new(&net, Some(100.0), wh_per_km);
    let mut router = Router::new(&net);
    let mut random = Seeded(7);
    for _ in 0..5 {
        let edge = chongtu_roads::EdgeIdx(random.below(net.n_edges()) as u32);
        let (start, _) = net.edge_endpoints(edge);
        let from = Snap {
            edge,
            offset_m: 0.0,
            side: Side::Both,
            position: net.node_position(start),
            distance_m: 0.0,
        };
        let want = petgraph::algo::dijkstra(&net, start, None, |e| w.duration_s[e.id().index()]);
        router.search(&net, &w, Metric::Duration, &from, true, f64::INFINITY);
        let got: Vec<(NodeIdx, f64)> = router.settled().collect();
        assert_eq!(got.len(), want.len());
        assert!(got.windows(2).all(|p| p[0].1 <= p[1].1), "in order");
        for (node, duration_s) in got {
            // Same additions in the same order: the same bits.
            assert_eq!(want.get(&node), Some(&duration_s));
            assert_eq!(router.to_node(node).map(|s| s.duration_s), Some(duration_s));
        }
    }
}

/// After a search that stopped early, other points are right or unknown.
#[test]
fn stopping_early_is_never_wrong() {
    let Some((net, _)) = shared_network("yangtze_delta_graph.json") else {
        return;
    };
    let w = Weighting::new(&net, None, wh_per_km);
    let (mut early, mut full) = (Router::new(&net), Router::new(&net));
    let mut random = Seeded(99);
    let (mut known, mut unknown) = (0, 0);
    for _ in 0..40 {
        let from = random.point(&net);
        let targets: Vec<Snap> = (0..6).map(|_| random.point(&net)).collect();
        let others: Vec<Snap> = (0..30).map(|_| random.point(&net)).collect();
        for forward in [true, false] {
            let inf = f64::INFINITY;
            full.search(&net, &w, Metric::Energy, &from, forward, inf);
            early.search_until(&net, &w, Metric::Energy, &from, forward, inf, &targets[..2]);
            for target in &targets[..2] {
                assert_eq!(early.to(&net, &w, target), full.to(&net, &w, target));
            }
            for other in &others {
                match early.to(&net, &w, other) {
                    Some(sums) => {
                        known += 1;
                        assert_eq!(Some(sums), full.to(&net, &w, other));
                    }
                    None => unknown += 1,
                }
            }
        }
    }
    assert!(known > 100 && unknown > 100, "{known} {unknown}");
}

/// A small network from a list of (a, b, metres, class, one-way) over nodes on a grid.
fn small(n: u32, edges: &[(u32, u32, u32, u8, bool)]) -> RoadNetwork {
    let mut builder = RoadNetworkBuilder::new();
    for i in 0..n {
        let position = LatLng {
            lat: f64::from(i / 4) * 0.001,
            lng: f64::from(i % 4) * 0.001,
        };
        builder.add_node(position, None);
    }
    for &(a, b, metres, class, oneway) in edges {
        builder.add_edge(EdgeInput {
            a,
            b,
            length_m: f64::from(metres),
            class,
            oneway,
            ..EdgeInput::default()
        });
    }
    builder.build().0
}

fn edges(n: u32) -> impl Strategy<Value = Vec<(u32, u32, u32, u8, bool)>> {
    let edge = (0..n, 0..n, 1..2_000u32, 0..3u8, any::<bool>());
    proptest::collection::vec(edge, 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn equals_petgraph_with_one_ways(edges in edges(9), seed: u64) {
        let net = small(9, &edges);
        prop_assume!(net.n_edges() > 0);
        let w = Weighting::new(&net, None, wh_per_km);
        let mut router = Router::new(&net);
        let mut random = Seeded(seed);
        for _ in 0..4 {
            let (from, to) = (random.point(&net), random.point(&net));
            against_oracle(&net, &mut router, &w, &from, &to);
        }
    }
}

#[test]
fn one_way_round() {
    // A ring of one-ways 0 -> 1 -> 2 -> 0: back along one's own edge means all the way round.
    let net = small(
        3,
        &[
            (0, 1, 100, 0, true),
            (1, 2, 200, 0, true),
            (2, 0, 300, 0, true),
        ],
    );
    let total: f64 = net.edges().map(|e| net.edge_length_m(e)).sum();
    assert_eq!(total, 600.0);
    let w = Weighting::new(&net, None, wh_per_km);
    let mut router = Router::new(&net);
    for edge in net.edges() {
        let point = |share: f64| Snap {
            edge,
            offset_m: share * net.edge_length_m(edge),
            side: Side::Both,
            position: LatLng { lat: 0.0, lng: 0.0 },
            distance_m: 0.0,
        };
        let (early, late) = (point(0.25), point(0.75));
        router.search(&net, &w, Metric::Duration, &late, true, f64::INFINITY);
        let back = router.to(&net, &w, &early).unwrap();
        let half = net.edge_length_m(edge) / 2.0;
        assert!(close(back.distance_m, 600.0 - half));
        router.search(&net, &w, Metric::Duration, &late, false, f64::INFINITY);
        assert!(close(router.to(&net, &w, &early).unwrap().distance_m, half));
    }
}

#[test]
fn caps_and_consumption() {
    let net = small(2, &[(0, 1, 12_000, 0, false)]);
    let edge = net.edges().next().unwrap();
    // 12 km at 120 km/h take 6 minutes, at 90 km/h 8; at 200 Wh/km they take 2.4 kWh.
    let w = Weighting::new(&net, None, |_| 200.0);
    assert!(close(w.duration_s[edge.index()], 360.0));
    assert!(close(w.energy_kwh[edge.index()], 2.4));
    assert!(close(
        Weighting::new(&net, Some(90.0), |_| 1.0).duration_s[edge.index()],
        480.0
    ));
    assert!(close(
        Weighting::new(&net, Some(150.0), |_| 1.0).duration_s[edge.index()],
        360.0
    ));
    for odd in [f64::NAN, -3.0, f64::INFINITY] {
        assert_eq!(Weighting::new(&net, None, |_| odd).energy_kwh, [0.0]);
    }
}

#[test]
fn a_service_area_serves_its_own_carriageway_only() {
    // a -- 10 km -- b -- 10 km -- c, and points on the first edge.
    let mut builder = RoadNetworkBuilder::new();
    let nodes: Vec<u32> = (0..3)
        .map(|i| {
            builder.add_node(
                LatLng {
                    lat: 31.0,
                    lng: 118.0 + 0.105 * f64::from(i),
                },
                None,
            )
        })
        .collect();
    for pair in nodes.windows(2) {
        builder.add_edge(EdgeInput {
            a: pair[0],
            b: pair[1],
            length_m: 10_000.0,
            // Different roads, so that the node between them stays.
            refs: vec![format!("G{}", pair[0])],
            ..EdgeInput::default()
        });
    }
    let (net, _) = builder.build();
    let w = Weighting::new(&net, None, wh_per_km);
    let west = net.snap(
        LatLng {
            lat: 31.0,
            lng: 118.0,
        },
        100.0,
        1,
    )[0];
    let east = net.snap(
        LatLng {
            lat: 31.0,
            lng: 118.21,
        },
        100.0,
        1,
    )[0];
    let middle = net.snap(
        LatLng {
            lat: 31.0,
            lng: 118.0525,
        },
        100.0,
        1,
    )[0];
    let mut router = Router::new(&net);
    let mut km = |from: Snap, to: Snap, forward: bool| {
        let (origin, target) = if forward { (from, to) } else { (to, from) };
        router.search(&net, &w, Metric::Duration, &origin, forward, f64::INFINITY);
        let sums = router.to(&net, &w, &target).unwrap();
        let path = router.path_to(&net, &w, &target).unwrap();
        let driven: f64 = path.pieces.iter().map(|p| p.to_m - p.from_m).sum();
        assert!(
            close(driven, sums.distance_m),
            "the path is as long as it says"
        );
        (sums.distance_m / 1000.0).round() as i32
    };
    let (first_a, _) = net.edge_endpoints(middle.edge);
    let eastward = if net.node_position(first_a).lng < 118.05 {
        Side::Forward
    } else {
        Side::Backward
    };
    let westward = if eastward == Side::Forward {
        Side::Backward
    } else {
        Side::Forward
    };
    for forward in [true, false] {
        let on = |side| Snap { side, ..middle };
        assert_eq!(km(west, on(Side::Both), forward), 5);
        assert_eq!(km(west, on(eastward), forward), 5);
        // To the other side: past it to b, turn, and back.
        assert_eq!(km(west, on(westward), forward), 15);
        assert_eq!(km(on(eastward), east, forward), 15);
        // Leaving westward: to a, turn, and all the way.
        assert_eq!(km(on(westward), east, forward), 25);
        // Two places at one spot: no drive on one carriageway, the turn at b or a and back else.
        for side in [eastward, westward] {
            assert_eq!(km(on(side), on(side), forward), 0);
            assert_eq!(km(on(Side::Both), on(side), forward), 0);
        }
        assert_eq!(km(on(eastward), on(westward), forward), 10);
    }
}
