//! What building a network did with its input.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many findings of one code are listed; all are counted.
pub const MAX_FINDINGS_PER_CODE: usize = 20;

/// Something in the input that was not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoadFinding {
    /// Stable code: `malformed_node`, `malformed_edge`, `dangling_edge`, `self_loop`,
    /// `bad_length`, `duplicate_edge`, `shorter_than_straight`, `bad_class_speeds`.
    pub code: String,
    /// Where in the input: `nodes[17]`, `edges[4]`; counts from 0.
    pub place: String,
    /// What is there, in plain English, for logs and reports.
    pub detail: String,
}

/// What building did: what was read, what was dropped and why, what came out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BuildReport {
    /// Nodes in the input.
    pub nodes_read: usize,
    /// Nodes without a usable position; their edges count as dangling.
    pub nodes_dropped_malformed: usize,
    /// Edges in the input.
    pub edges_read: usize,
    /// Edges that could not be read at all.
    pub edges_dropped_malformed: usize,
    /// Edges to a node that is not there or has no usable position.
    pub edges_dropped_dangling: usize,
    /// Edges from a node to itself.
    pub edges_dropped_self_loop: usize,
    /// Edges whose length is not a number, negative, absurd, or zero between distinct places.
    pub edges_dropped_bad_length: usize,
    /// Edges that say again what another says (their road numbers are joined).
    pub edges_dropped_duplicate: usize,
    /// Edges kept although they claim to be more than 2 % shorter than the great circle.
    pub edges_shorter_than_straight: usize,
    /// Nodes without any edge.
    pub nodes_isolated_dropped: usize,
    /// Nodes that only joined two like pieces of road: now points of a shape.
    pub nodes_contracted: usize,
    /// Connected parts, one-way roads taken as two-way, before contraction.
    pub components: usize,
    /// Nodes of the largest part, before contraction.
    pub largest_component_nodes: usize,
    /// Nodes of the network.
    pub nodes: usize,
    /// Edges of the network.
    pub edges: usize,
    /// Length of all edges, each once, metres.
    pub total_length_m: f64,
    /// The first findings of each code; the counts above are complete.
    pub findings: Vec<RoadFinding>,
    /// All findings by code.
    pub finding_counts: BTreeMap<String, usize>,
}

impl BuildReport {
    pub(crate) fn find(&mut self, code: &str, place: impl FnOnce() -> String, detail: String) {
        let count = self.finding_counts.entry(code.to_owned()).or_default();
        *count += 1;
        if *count <= MAX_FINDINGS_PER_CODE {
            self.findings.push(RoadFinding {
                code: code.to_owned(),
                place: place(),
                detail,
            });
        }
    }
}
