//! Building: contraction keeps distances, reports add up, real graphs have their known sizes.
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
    EdgeInput, Metric, NodeIdx, RoadNetwork, RoadNetworkBuilder, Router, Weighting,
};
use common::{Seeded, shared_graph, shared_network, wh_per_km};
use petgraph::algo::{connected_components, dijkstra, kosaraju_scc};
use petgraph::graph::{DiGraph, NodeIndex};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Distances in centimetres on our network and on an uncontracted one are equal for all nodes
/// that both have, from some of them.
fn check_distances(net: &RoadNetwork, raw: &DiGraph<[i32; 2], u64>, sources: usize, seed: u64) {
    let mut raw_of: BTreeMap<[i32; 2], NodeIndex> = BTreeMap::new();
    for n in raw.node_indices() {
        assert_eq!(raw_of.insert(raw[n], n), None, "positions are distinct");
    }
    let same = |n: NodeIdx| raw_of[&net.node_position(n).to_e6()];
    let mut random = Seeded(seed);
    for _ in 0..sources {
        let source = NodeIdx(random.below(net.n_nodes()) as u32);
        let ours = dijkstra(net, source, None, |e| *petgraph::visit::EdgeRef::weight(&e));
        let theirs = dijkstra(raw, same(source), None, |e| *e.weight());
        for node in net.nodes() {
            assert_eq!(
                ours.get(&node),
                theirs.get(&same(node)),
                "seed {seed}, {source:?} to {node:?}"
            );
        }
    }
}

/// The graph as the file says, read without our code.
fn raw_graph(bytes: &[u8]) -> DiGraph<[i32; 2], u64> {
    let json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    let mut graph = DiGraph::new();
    for node in json["nodes"].as_array().unwrap() {
        let (lat, lng) = (node[0].as_f64().unwrap(), node[1].as_f64().unwrap());
        graph.add_node(LatLng { lat, lng }.to_e6());
    }
    for edge in json["edges"].as_array().unwrap() {
        let node = |i: usize| NodeIndex::new(edge[i].as_u64().unwrap() as usize);
        let cm = (edge[2].as_f64().unwrap() * 100_000.0).round() as u64;
        graph.add_edge(node(0), node(1), cm);
        graph.add_edge(node(1), node(0), cm);
    }
    graph
}

#[test]
fn contraction_keeps_real_distances() {
    for name in ["yangtze_delta_graph.json", "china_expressways_graph.json"] {
        let Some(bytes) = shared_graph(name) else {
            return;
        };
        let (net, report) = shared_network(name).unwrap();
        let raw = raw_graph(&bytes);
        check_distances(&net, &raw, 6, 11);
        let raw_total: u64 = raw.edge_weights().sum();
        assert_eq!(report.total_length_m, (raw_total / 2) as f64 / 100.0);
        assert_eq!(connected_components(&net), report.components);
    }
}

#[test]
fn all_china_has_its_known_sizes() {
    let Some((net, report)) = shared_network("china_expressways_graph.json") else {
        return;
    };
    // From the data's own description.
    assert_eq!((report.nodes_read, report.edges_read), (19_718, 20_335));
    assert_eq!(report.components, 10);
    assert_eq!(report.largest_component_nodes, 19_168);
    assert!((report.total_length_m / 1000.0 - 109_097.0).abs() < 1.0);
    assert_eq!(report.findings, []);
    assert_eq!(report.nodes, net.n_nodes());
    assert_eq!(report.nodes + report.nodes_contracted, 19_718);
    // Contraction takes as many edges as nodes, but in rings: those keep two nodes.
    assert_eq!(report.edges, 20_335 - report.nodes_contracted);
    // All roads are two-way: strongly connected parts are the connected ones.
    assert_eq!(kosaraju_scc(&net).len(), 10);
}

#[test]
fn yangtze_has_its_known_distances() {
    let Some((net, report)) = shared_network("yangtze_delta_graph.json") else {
        return;
    };
    assert_eq!((report.nodes_read, report.edges_read), (1_631, 1_696));
    assert!((report.total_length_m / 1000.0 - 9_613.0).abs() < 1.0);
    let cities = [
        (
            "Nanjing", 32.060, 118.797, "Shanghai", 31.230, 121.474, 280.0,
        ),
        ("Xuzhou", 34.261, 117.185, "Wenzhou", 27.994, 120.699, 964.0),
    ];
    let w = Weighting::new(&net, None, wh_per_km);
    let mut router = Router::new(&net);
    for (from_name, lat, lng, to_name, to_lat, to_lng, km) in cities {
        let from = net.snap(LatLng { lat, lng }, 30_000.0, 1)[0];
        let to_at = LatLng {
            lat: to_lat,
            lng: to_lng,
        };
        let to = net.snap(to_at, 30_000.0, 1)[0];
        router.search_until(
            &net,
            &w,
            Metric::Duration,
            &from,
            true,
            f64::INFINITY,
            &[to],
        );
        let path = router.path_to(&net, &w, &to).unwrap();
        let got = path.sums.distance_m / 1000.0;
        println!("{from_name} - {to_name}: {got:.1} km, published {km}");
        assert!((got / km - 1.0).abs() < 0.015, "{got}");
        // The drawn line is as long as the road says, within what great circles lose.
        let line = path.geometry(&net);
        let drawn: f64 = line.windows(2).map(|p| p[0].distance_m(p[1])).sum();
        assert!((drawn / path.sums.distance_m - 1.0).abs() < 0.01, "{drawn}");
        assert!(line[0].distance_m(from.position) < 1.0);
        assert!(line[line.len() - 1].distance_m(to.position) < 1.0);
    }
}

type Rows = Vec<(u32, u32, u32, u8, bool, u8)>;

fn rows() -> impl Strategy<Value = Rows> {
    // Few classes and refs and many nodes: long chains with one-ways, rings, parallels.
    let row = (0..14u32, 0..15u32, 0..500u32, 0..2u8, any::<bool>(), 0..2u8);
    proptest::collection::vec(row, 0..24)
}

fn position(i: u32) -> LatLng {
    LatLng {
        lat: 10.0 + f64::from(i * i % 7) * 0.01,
        lng: 20.0 + f64::from(i) * 0.01,
    }
}

fn build(rows: &Rows) -> (RoadNetwork, chongtu_roads::BuildReport) {
    let mut builder = RoadNetworkBuilder::new();
    for i in 0..14 {
        builder.add_node(position(i), None);
    }
    for &(a, b, metres, class, oneway, road) in rows {
        builder.add_edge(EdgeInput {
            a,
            b,
            length_m: f64::from(metres),
            class,
            refs: vec![format!("G{road}")],
            shape: vec![],
            oneway,
        });
    }
    builder.build()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn contraction_keeps_any_distances(rows in rows()) {
        let (net, report) = build(&rows);
        let mut raw: DiGraph<[i32; 2], u64> = DiGraph::new();
        for i in 0..14 {
            raw.add_node(position(i).to_e6());
        }
        let mut usable = 0;
        for &(a, b, metres, _, oneway, _) in &rows {
            if a == b || b >= 14 || metres == 0 {
                continue;
            }
            usable += 1;
            let (a, b) = (NodeIndex::new(a as usize), NodeIndex::new(b as usize));
            raw.add_edge(a, b, u64::from(metres) * 100);
            if !oneway {
                raw.add_edge(b, a, u64::from(metres) * 100);
            }
        }
        if net.n_nodes() > 0 {
            check_distances(&net, &raw, 14, 3);
        }
        // The report accounts for every row and every node.
        let dropped = report.edges_dropped_dangling
            + report.edges_dropped_self_loop
            + report.edges_dropped_bad_length;
        prop_assert_eq!(report.edges_read, rows.len());
        prop_assert_eq!(report.edges_read - dropped, usable);
        prop_assert_eq!(usable - report.edges_dropped_duplicate - report.nodes_contracted, report.edges);
        prop_assert_eq!(
            report.nodes + report.nodes_contracted + report.nodes_isolated_dropped,
            14
        );
        prop_assert_eq!(connected_components(&net), report.components);
        // No node that could be contracted is left, but in rings (which would become loops).
        for node in net.nodes() {
            let mut edges: Vec<_> = net.arcs_from(node).chain(net.arcs_to(node)).map(|(e, other, _)| (e, other)).collect();
            edges.sort_unstable();
            edges.dedup();
            if let [(e, at_e), (f, at_f)] = edges[..] {
                let like = net.edge_class(e) == net.edge_class(f)
                    && net.edge_refs(e) == net.edge_refs(f)
                    && net.edge_oneway(e) == net.edge_oneway(f);
                let onward = !net.edge_oneway(e) || net.arcs_from(node).count() == 1;
                prop_assert!(!like || !onward || at_e == at_f, "{:?} joins {:?} and {:?}", node, e, f);
            }
        }
        let loops = net.edges().map(|e| net.edge_endpoints(e)).filter(|(a, b)| a == b);
        prop_assert_eq!(loops.count(), 0);
    }

    #[test]
    fn files_return(rows in rows()) {
        let (net, _) = build(&rows);
        let bytes = net.encode();
        prop_assert_eq!(RoadNetwork::decode(&bytes), Ok(net));
        prop_assert_eq!(build(&rows).0.encode(), bytes);
    }
}

#[test]
fn shapes_keep_the_positions_of_contracted_nodes() {
    let mut builder = RoadNetworkBuilder::new();
    let p = |i: f64| LatLng {
        lat: 30.0 + i * i * 0.001,
        lng: 120.0 + i * 0.01,
    };
    for i in 0..4 {
        builder.add_node(p(f64::from(i)), None);
    }
    // Told against each other, with a shape point in the middle one.
    for (a, b, shape) in [
        (1, 0, vec![]),
        (1, 2, vec![p(1.5)]),
        (3, 2, vec![p(2.6), p(2.3)]),
    ] {
        builder.add_edge(EdgeInput {
            a,
            b,
            length_m: 1_500.0,
            shape,
            ..EdgeInput::default()
        });
    }
    let (net, report) = builder.build();
    assert_eq!(
        (net.n_nodes(), net.n_edges(), report.nodes_contracted),
        (2, 1, 2)
    );
    let edge = net.edges().next().unwrap();
    assert_eq!(net.edge_length_m(edge), 4_500.0);
    let mut got: Vec<[i32; 2]> = net.edge_shape(edge).iter().map(|p| p.to_e6()).collect();
    if got[0] != p(0.0).to_e6() {
        got.reverse();
    }
    let want = [0.0, 1.0, 1.5, 2.0, 2.3, 2.6, 3.0].map(|i| p(i).to_e6());
    assert_eq!(got, want);
}

#[test]
fn dirty_input_is_dropped_and_counted() {
    let mut builder = RoadNetworkBuilder::new();
    let at = |lat, lng| LatLng { lat, lng };
    let a = builder.add_node(at(31.0, 120.0), None);
    let b = builder.add_node(at(31.0, 120.1), None);
    let bad = builder.add_node(at(f64::NAN, 0.0), None);
    let twin = builder.add_node(at(31.0, 120.1), None);
    builder.add_node(at(1.0, 1.0), None);
    let edge = |a, b, length_m, road: &str| EdgeInput {
        a,
        b,
        length_m,
        refs: vec![road.to_owned()],
        ..EdgeInput::default()
    };
    builder.add_edge(edge(a, b, 10_000.0, "G1"));
    builder.add_edge(edge(b, a, 10_000.0, "G2")); // the same road again
    builder.add_edge(edge(a, bad, 10.0, ""));
    builder.add_edge(edge(a, 77, 10.0, ""));
    builder.add_edge(edge(a, a, 10.0, ""));
    for length_m in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
        builder.add_edge(edge(a, b, length_m, ""));
    }
    builder.add_edge(edge(b, twin, 0.0, "G1")); // zero, between two nodes at one place
    builder.add_edge(edge(a, twin, 5_000.0, "G3")); // 9.5 km as the crow flies
    let (net, report) = builder.build();
    assert_eq!(report.nodes_dropped_malformed, 1);
    assert_eq!(report.nodes_isolated_dropped, 1);
    assert_eq!(report.edges_dropped_duplicate, 1);
    assert_eq!(report.edges_dropped_dangling, 2);
    assert_eq!(report.edges_dropped_self_loop, 1);
    assert_eq!(report.edges_dropped_bad_length, 5);
    assert_eq!(report.edges_shorter_than_straight, 1);
    assert_eq!((net.n_nodes(), net.n_edges()), (3, 3));
    let refs: BTreeSet<String> = net.edges().map(|e| net.edge_refs(e).join("/")).collect();
    assert_eq!(refs, ["G1", "G1/G2", "G3"].map(str::to_owned).into());
    let places: Vec<&str> = report.findings.iter().map(|f| f.place.as_str()).collect();
    assert!(places.contains(&"edges[3]") && places.contains(&"nodes[2]"));
    assert_eq!(report.finding_counts["bad_length"], 5);
}
