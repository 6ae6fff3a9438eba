//! Shared by the tests: real data, a seeded generator, and an oracle that splits edges.
#![allow(dead_code, reason = "each test file uses its part of this module")]

use chongtu_model::LatLng;
use chongtu_roads::{
    BuildReport, Metric, NodeIdx, RoadNetwork, Side, Snap, SpeedDefaults, Weighting,
    parse_graph_json,
};
use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, NodeIndex};
use std::path::Path;

/// Reads a road graph of the shared data; `None`, with one line, when the folder is absent.
pub(crate) fn shared_graph(name: &str) -> Option<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    if !Path::new(folder).is_dir() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "CI needs the folder of shared data"
        );
        println!("skipped: the folder of shared data is not there");
        return None;
    }
    let path = format!("{folder}/roads/{name}");
    Some(std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}")))
}

pub(crate) fn shared_network(name: &str) -> Option<(RoadNetwork, BuildReport)> {
    let bytes = shared_graph(name)?;
    Some(parse_graph_json(&bytes, &SpeedDefaults::default()).expect(name))
}

/// `SplitMix64` (Steele, Lea, Flood 2014).
pub(crate) struct Seeded(pub(crate) u64);

impl Seeded {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// From 0 up to 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A point on a random edge; one in ten lies exactly at an end.
    pub(crate) fn point(&mut self, network: &RoadNetwork) -> Snap {
        let edge = chongtu_roads::EdgeIdx(self.below(network.n_edges()) as u32);
        let share = match self.below(20) {
            0 => 0.0,
            1 => 1.0,
            _ => self.share(),
        };
        Snap {
            edge,
            offset_m: share * network.edge_length_m(edge),
            side: Side::Both,
            position: LatLng { lat: 0.0, lng: 0.0 },
            distance_m: 0.0,
        }
    }
}

/// Consumption that makes the least-energy path differ from the fastest.
pub(crate) fn wh_per_km(kmh: f64) -> f64 {
    90.0 + 0.012 * kmh * kmh
}

/// The metric of the best path from `from` to `to` by petgraph, on a graph of its own in which
/// both points are nodes and their edges are split.
pub(crate) fn oracle(
    network: &RoadNetwork,
    weighting: &Weighting,
    metric: Metric,
    from: &Snap,
    to: &Snap,
) -> Option<f64> {
    let weights = match metric {
        Metric::Duration => &weighting.duration_s,
        Metric::Energy => &weighting.energy_kwh,
    };
    let mut graph: DiGraph<(), f64> = DiGraph::new();
    for _ in 0..network.n_nodes() + 2 {
        graph.add_node(());
    }
    let node = |n: NodeIdx| NodeIndex::new(n.index());
    let origin = NodeIndex::new(network.n_nodes());
    let target = NodeIndex::new(network.n_nodes() + 1);
    for edge in network.edges() {
        let (a, b) = network.edge_endpoints(edge);
        let length = network.edge_length_m(edge);
        let mut stops = vec![(0.0, node(a))];
        let mut inner: Vec<(f64, NodeIndex)> = [(from, origin), (to, target)]
            .into_iter()
            .filter(|(s, _)| s.edge == edge)
            .map(|(s, n)| (s.offset_m, n))
            .collect();
        inner.sort_by(|x, y| x.0.total_cmp(&y.0));
        stops.extend(inner);
        stops.push((length, node(b)));
        for pair in stops.windows(2) {
            let share = if length > 0.0 {
                (pair[1].0 - pair[0].0) / length
            } else {
                0.0
            };
            let weight = weights[edge.index()] * share;
            graph.add_edge(pair[0].1, pair[1].1, weight);
            if !network.edge_oneway(edge) {
                graph.add_edge(pair[1].1, pair[0].1, weight);
            }
        }
    }
    dijkstra(&graph, origin, Some(target), |e| *e.weight())
        .get(&target)
        .copied()
}
