//! Graph JSON: `{"nodes": [[lat, lng, "route@label; …"], …], "edges": [[a, b, km, tier, "G40/G42"], …]}`.
//!
//! Tiers count from 1; speeds come from [`SpeedDefaults`]. Edges are two-way. The label is
//! optional, and so are the routes.

use crate::builder::{EdgeInput, RoadNetworkBuilder};
use crate::network::RoadNetwork;
use crate::report::BuildReport;
use crate::speeds::SpeedDefaults;
use chongtu_model::LatLng;
use chongtu_model::provenance::LocalText;
use serde::Deserialize;
use serde_json::Value;
use serde_json::error::Category;
use std::collections::BTreeSet;

/// Why a graph cannot be read at all. Single bad rows are no error: they are dropped and counted.
#[derive(Debug, thiserror::Error)]
pub enum GraphError {
    /// The text ends in the middle.
    #[error("the graph JSON is truncated: it ends at line {line}, column {column}, in the middle")]
    Truncated {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// Not JSON.
    #[error("this is not JSON (line {line}, column {column}: {source})")]
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// JSON of another shape.
    #[error(
        "this JSON is no road graph: {source}; expected {{\"nodes\": [[lat, lng, \"label\"], …], \"edges\": [[a, b, km, tier, \"routes\"], …]}}"
    )]
    NotAGraph {
        /// What the JSON reader says.
        source: serde_json::Error,
    },
    /// Nothing usable in it.
    #[error("the graph has no usable edge ({nodes} nodes and {edges} edges read)")]
    NoUsableEdge {
        /// Nodes read.
        nodes: usize,
        /// Edges read.
        edges: usize,
        /// What was wrong with them.
        report: Box<BuildReport>,
    },
}

#[derive(Deserialize)]
struct Graph {
    nodes: Vec<Value>,
    edges: Vec<Value>,
}

/// Reads a road graph.
///
/// # Errors
/// When the bytes are not JSON, JSON of another shape, or without any usable edge.
pub fn parse_graph_json(
    bytes: &[u8],
    speeds: &SpeedDefaults,
) -> Result<(RoadNetwork, BuildReport), GraphError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let graph: Graph = serde_json::from_slice(bytes).map_err(|source| {
        let (line, column) = (source.line(), source.column());
        match source.classify() {
            Category::Eof => GraphError::Truncated {
                line,
                column,
                source,
            },
            Category::Data => GraphError::NotAGraph { source },
            Category::Syntax | Category::Io => GraphError::NotJson {
                line,
                column,
                source,
            },
        }
    })?;
    let mut builder = RoadNetworkBuilder::new();
    builder.set_class_speeds(speeds.tiers_kmh().to_vec());
    for row in &graph.nodes {
        match node_of(row) {
            Some((position, name)) => {
                for exit in exits(label_of(row)) {
                    builder.add_junction(LocalText::plain(exit), position);
                }
                builder.add_node(position, name)
            }
            None => builder.add_malformed_node(excerpt(row)),
        };
    }
    for row in &graph.edges {
        match edge_of(row) {
            Some(edge) => builder.add_edge(edge),
            None => builder.add_malformed_edge(excerpt(row)),
        }
    }
    let (network, report) = builder.build();
    if network.n_edges() == 0 {
        return Err(GraphError::NoUsableEdge {
            nodes: report.nodes_read,
            edges: report.edges_read,
            report: Box::new(report),
        });
    }
    Ok((network, report))
}

fn node_of(row: &Value) -> Option<(LatLng, Option<LocalText>)> {
    let row = row.as_array()?;
    let position = LatLng::new(row.first()?.as_f64()?, row.get(1)?.as_f64()?).ok()?;
    let name = row.get(2).and_then(Value::as_str).and_then(readable_name);
    Some((position, name))
}

fn label_of(row: &Value) -> &str {
    row.get(2).and_then(Value::as_str).unwrap_or_default()
}

/// The numbered exits of a label, for search: "AH5@648; G40@648; G42@648" gives "G40 648" and "G42 648". A number is
/// the exit's, in China the kilometre. Routes of several countries (AH5, E35) number no exits: they show those of the
/// roads that they run along.
fn exits(label: &str) -> Vec<String> {
    let numbered = |part: &str| {
        let (route, number) = part.trim().split_once('@')?;
        let digits = number.trim_end_matches(|c: char| c.is_ascii_uppercase());
        let is_number = !digits.is_empty()
            && number.len() <= digits.len() + 1
            && digits.bytes().all(|b| b.is_ascii_digit());
        (is_number && !route.is_empty()).then(|| (route.to_owned(), number.to_owned()))
    };
    let all: BTreeSet<(String, String)> = label.split(';').filter_map(numbered).collect();
    let is_foreign = |route: &str| {
        let digits = route.strip_prefix("AH").or(route.strip_prefix('E'));
        digits.is_some_and(|d| d.starts_with(|c: char| c.is_ascii_digit()))
    };
    let shown = |route: &str, number: &str| {
        let mut others = all.iter().filter(|(r, n)| n == number && r != route);
        !is_foreign(route) || others.all(|(r, _)| is_foreign(r))
    };
    all.iter()
        .filter(|(route, number)| shown(route, number))
        .map(|(route, number)| format!("{route} {number}"))
        .collect()
}

/// "G2@196B(G2); AH5@196B" reads "G2 196B(G2)". Labels that begin with "+" mark points of a
/// shape and name nothing.
fn readable_name(label: &str) -> Option<LocalText> {
    label.split(';').find_map(|part| {
        let (route, label) = part.trim().split_once('@')?;
        let named = !route.is_empty() && !label.is_empty() && !label.starts_with('+');
        named.then(|| LocalText::plain(format!("{route} {label}")))
    })
}

fn edge_of(row: &Value) -> Option<EdgeInput> {
    let row = row.as_array()?;
    let node = |i: usize| u32::try_from(row.get(i)?.as_u64()?).ok();
    let km = row.get(2)?.as_f64()?;
    let tier = row.get(3)?.as_u64().filter(|&t| t >= 1)?;
    let refs = match row.get(4) {
        None | Some(Value::Null) => "",
        Some(value) => value.as_str()?,
    };
    Some(EdgeInput {
        a: node(0)?,
        b: node(1)?,
        length_m: km * 1000.0,
        class: u8::try_from(tier - 1).unwrap_or(u8::MAX),
        refs: refs.split('/').map(|r| r.trim().to_owned()).collect(),
        shape: Vec::new(),
        oneway: false,
    })
}

/// The beginning of a row, for the report.
fn excerpt(row: &Value) -> String {
    let text = row.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_exits_of_labels() {
        for (label, expected) in [
            ("AH5@648; G40@648; G42@648", vec!["G40 648", "G42 648"]),
            ("AH5@196A(G2); G2@196A; G42@196A(G2)", vec!["G2 196A"]),
            ("A5@12; E35@12", vec!["A5 12"]),
            ("E35@12", vec!["E35 12"]),
            ("G42@+X403426; G40@S206", vec![]),
            ("G1@12AB; G1@A12; G1@", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(exits(label), expected, "{label}");
        }
    }
}
