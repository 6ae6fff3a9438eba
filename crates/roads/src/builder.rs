//! From nodes and edges as they come to a frozen network.

use crate::contract::contract;
use crate::geometry::at;
use crate::network::{Columns, Junction, MAX_EDGES, Place, RoadNetwork, Words};
use crate::order::hilbert_order;
use crate::report::BuildReport;
use crate::speeds::SpeedDefaults;
use chongtu_model::LatLng;
use chongtu_model::provenance::LocalText;
use std::collections::BTreeMap;

/// An edge as a source gives it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EdgeInput {
    /// The node it starts at, as [`RoadNetworkBuilder::add_node`] numbered it.
    pub a: u32,
    /// The node it ends at.
    pub b: u32,
    /// Its length, metres. Kept as given, in whole centimetres, whatever its shape measures.
    pub length_m: f64,
    /// Speed class, from 0; beyond the last class it counts as the last.
    pub class: u8,
    /// Road numbers.
    pub refs: Vec<String>,
    /// The points between the two nodes, from `a` to `b`, ends not included.
    pub shape: Vec<LatLng>,
    /// Whether it may be driven from `a` to `b` only.
    pub oneway: bool,
}

/// Longest believable edge: more than once around the Earth is a mistake of units.
const MAX_LENGTH_M: f64 = 50_000_000.0;
/// A length of zero is believed between nodes as near as this.
const SAME_PLACE_M: f64 = 1.0;
/// Below this share of the great circle a length is reported.
const SHORTER_THAN_STRAIGHT: f64 = 0.98;

/// An edge with a usable length between two usable nodes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CleanEdge {
    pub(crate) ends: [u32; 2],
    pub(crate) length_cm: u64,
    pub(crate) class: u8,
    pub(crate) ref_set: u32,
    pub(crate) oneway: bool,
    pub(crate) shape: Vec<[i32; 2]>,
}

impl CleanEdge {
    /// The same edge told from its other end.
    fn reversed(mut self) -> Self {
        self.ends.reverse();
        self.shape.reverse();
        self
    }
}

/// Collects nodes and edges; [`Self::build`] cleans, contracts, orders and freezes them.
#[derive(Clone, Debug, Default)]
pub struct RoadNetworkBuilder {
    nodes: Vec<Option<[i32; 2]>>,
    names: BTreeMap<u32, LocalText>,
    edges: Vec<(u32, EdgeInput)>,
    n_edges_seen: u32,
    class_speeds_kmh: Vec<f64>,
    words: Words,
    report: BuildReport,
}

impl RoadNetworkBuilder {
    /// An empty builder with the speeds of [`SpeedDefaults::default`].
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a node and returns its number, counted from 0. A position that is none is counted and
    /// reported; edges to it will dangle.
    pub fn add_node(&mut self, position: LatLng, name: Option<LocalText>) -> u32 {
        let number = self.nodes.len() as u32;
        if let Ok(p) = LatLng::new(position.lat, position.lng) {
            self.nodes.push(Some(p.to_e6()));
            if let Some(name) = name {
                self.names.insert(number, name);
            }
            number
        } else {
            let detail = format!("no position: {}, {}", position.lat, position.lng);
            self.add_malformed_node(detail)
        }
    }

    /// Counts a node that cannot be read, and keeps its number.
    pub(crate) fn add_malformed_node(&mut self, detail: String) -> u32 {
        let number = self.nodes.len() as u32;
        self.nodes.push(None);
        self.report.nodes_dropped_malformed += 1;
        self.report
            .find("malformed_node", || format!("nodes[{number}]"), detail);
        number
    }

    /// Adds an edge. What is wrong with it is found by [`Self::build`].
    pub fn add_edge(&mut self, edge: EdgeInput) {
        self.edges.push((self.n_edges_seen, edge));
        self.n_edges_seen += 1;
    }

    /// Counts an edge that cannot be read.
    #[cfg(feature = "import")]
    pub(crate) fn add_malformed_edge(&mut self, detail: String) {
        let row = self.n_edges_seen;
        self.n_edges_seen += 1;
        self.report.edges_dropped_malformed += 1;
        self.report
            .find("malformed_edge", || format!("edges[{row}]"), detail);
    }

    /// Adds a place people ask for by name.
    pub fn add_place(&mut self, mut place: Place) {
        place.position = quantised(place.position);
        if place.rank >= Place::FAR {
            self.words.far_places.push(place);
        } else {
            self.words.places.push(place);
        }
    }

    /// Adds a named junction.
    pub fn add_junction(&mut self, name: LocalText, position: LatLng) {
        let position = quantised(position);
        self.words.junctions.push(Junction { name, position });
    }

    /// Names the road with this number.
    pub fn add_road_name(&mut self, road_ref: String, name: LocalText) {
        self.words.road_names.push((road_ref, name));
    }

    /// Short id of the region.
    pub fn set_id(&mut self, id: String) {
        self.words.id = id;
    }

    /// What the region is called.
    pub fn set_name(&mut self, name: LocalText) {
        self.words.name = name;
    }

    /// Whom to name when the data is shown.
    pub fn set_attribution(&mut self, attribution: String) {
        self.words.attribution = attribution;
    }

    /// Whether the data is made for demonstration.
    pub fn set_demonstration(&mut self, demonstration: bool) {
        self.words.demonstration = demonstration;
    }

    /// What a reader should know about the data.
    pub fn set_note(&mut self, note: LocalText) {
        self.words.note = Some(note);
    }

    /// Speed by class, km/h. Speeds that [`SpeedDefaults::new`] refuses are reported by the
    /// build, which then uses the default ones.
    pub fn set_class_speeds(&mut self, kmh: Vec<f64>) {
        self.class_speeds_kmh = kmh;
    }

    /// Drops and counts what cannot be used, joins duplicates, contracts nodes that only join two
    /// like pieces of road, puts nodes and edges in an order that keeps neighbours together, and
    /// freezes the result. All connected parts are kept. The same input gives the same network.
    pub fn build(mut self) -> (RoadNetwork, BuildReport) {
        let mut report = std::mem::take(&mut self.report);
        report.nodes_read = self.nodes.len();
        report.edges_read = self.n_edges_seen as usize;
        let class_speeds_kmh = self.speeds(&mut report);
        let mut refs = RefSets::default();
        let edges = self.clean(class_speeds_kmh.len(), &mut refs, &mut report);
        count_components(self.nodes.len(), &edges, &mut report);
        report.nodes_isolated_dropped -= report.nodes_dropped_malformed;

        // Every usable edge ends at nodes with positions.
        let positions: Vec<[i32; 2]> = self.nodes.iter().map(|p| p.unwrap_or_default()).collect();
        let chains = contract(&positions, &edges);
        let mut columns = Columns {
            words: std::mem::take(&mut self.words),
            class_speeds_kmh,
            ..Columns::default()
        };
        self.order(&positions, chains, &refs.sets, &mut columns);

        report.nodes = columns.nodes.len();
        report.nodes_contracted = report.nodes_read
            - report.nodes_dropped_malformed
            - report.nodes_isolated_dropped
            - report.nodes;
        report.edges = columns.edge_ends.len();
        let total_cm = columns
            .lengths_cm
            .iter()
            .fold(0, |a: u64, b| a.saturating_add(*b));
        report.total_length_m = total_cm as f64 / 100.0;
        (RoadNetwork::from_columns(columns), report)
    }

    fn speeds(&mut self, report: &mut BuildReport) -> Vec<f64> {
        let given = std::mem::take(&mut self.class_speeds_kmh);
        let default = SpeedDefaults::default();
        if given.is_empty() {
            return default.tiers_kmh().to_vec();
        }
        match SpeedDefaults::new(given) {
            Ok(speeds) => speeds.tiers_kmh().to_vec(),
            Err(e) => {
                report.find("bad_class_speeds", String::new, e.to_string());
                default.tiers_kmh().to_vec()
            }
        }
    }

    /// The usable edges, duplicates joined, two-way ones told from their smaller node.
    fn clean(
        &mut self,
        n_classes: usize,
        refs: &mut RefSets,
        report: &mut BuildReport,
    ) -> Vec<CleanEdge> {
        let mut edges: Vec<(u32, CleanEdge)> = Vec::with_capacity(self.edges.len());
        for (row, input) in std::mem::take(&mut self.edges) {
            let place = || format!("edges[{row}]");
            let node = |i: u32| self.nodes.get(i as usize).copied().flatten();
            let (Some(a), Some(b)) = (node(input.a), node(input.b)) else {
                report.edges_dropped_dangling += 1;
                let detail = format!("from node {} to node {}", input.a, input.b);
                report.find("dangling_edge", place, detail);
                continue;
            };
            if input.a == input.b {
                report.edges_dropped_self_loop += 1;
                report.find("self_loop", place, format!("at node {}", input.a));
                continue;
            }
            let straight_m = at(a).distance_m(at(b));
            let length_m = input.length_m;
            let believable = (0.0..=MAX_LENGTH_M).contains(&length_m)
                && (length_m > 0.0 || straight_m <= SAME_PLACE_M)
                && input
                    .shape
                    .iter()
                    .all(|p| LatLng::new(p.lat, p.lng).is_ok());
            if !believable || edges.len() >= MAX_EDGES {
                report.edges_dropped_bad_length += 1;
                let detail = format!("{length_m} m, great circle {straight_m:.0} m");
                report.find("bad_length", place, detail);
                continue;
            }
            if length_m < straight_m * SHORTER_THAN_STRAIGHT && straight_m > SAME_PLACE_M {
                report.edges_shorter_than_straight += 1;
                let detail = format!("{length_m:.0} m, great circle {straight_m:.0} m");
                report.find("shorter_than_straight", place, detail);
            }
            let edge = CleanEdge {
                ends: [input.a, input.b],
                length_cm: libm::round(length_m * 100.0) as u64,
                class: input.class.min(n_classes as u8 - 1),
                ref_set: refs.intern(input.refs),
                oneway: input.oneway,
                shape: input.shape.iter().map(|p| p.to_e6()).collect(),
            };
            let tell_reversed = !edge.oneway && input.a > input.b;
            let edge = if tell_reversed { edge.reversed() } else { edge };
            edges.push((row, edge));
        }
        join_duplicates(edges, refs, report)
    }

    /// Puts nodes along a Hilbert curve and edges in order of their nodes.
    fn order(
        &mut self,
        positions: &[[i32; 2]],
        chains: Vec<CleanEdge>,
        ref_sets: &[Vec<String>],
        columns: &mut Columns,
    ) {
        let mut used: Vec<u32> = chains.iter().flat_map(|c| c.ends).collect();
        used.sort_unstable();
        used.dedup();
        hilbert_order(&mut used, positions);
        let mut number = vec![0u32; positions.len()];
        for (new, &old) in used.iter().enumerate() {
            number[old as usize] = new as u32;
            columns.nodes.push(positions[old as usize]);
            if let Some(name) = self.names.remove(&old) {
                columns.words.node_names.push((new as u32, name));
            }
        }
        let mut edges: Vec<CleanEdge> = chains
            .into_iter()
            .map(|mut edge| {
                edge.ends = edge.ends.map(|n| number[n as usize]);
                if !edge.oneway && edge.ends[0] > edge.ends[1] {
                    edge.reversed()
                } else {
                    edge
                }
            })
            .collect();
        edges.sort_by(|x, y| sort_key(x).cmp(&sort_key(y)));

        // Ref sets in order of first use, so that unused ones leave no trace.
        let mut new_set: BTreeMap<u32, u32> = BTreeMap::new();
        columns.shape_first.push(0);
        for edge in edges {
            let next = new_set.len() as u32;
            let set = *new_set.entry(edge.ref_set).or_insert(next);
            if set == next && columns.ref_sets.len() == next as usize {
                columns
                    .ref_sets
                    .push(ref_sets[edge.ref_set as usize].clone());
            }
            columns.edge_ends.push(edge.ends);
            columns.lengths_cm.push(edge.length_cm);
            columns.classes.push(edge.class);
            columns.oneway.push(edge.oneway);
            columns.edge_ref_set.push(set);
            columns.shape_points.extend(edge.shape);
            columns.shape_first.push(columns.shape_points.len() as u32);
        }
    }
}

/// Edges in files come in order of this.
fn sort_key(e: &CleanEdge) -> impl Ord + '_ {
    let [a, b] = e.ends;
    (
        a.min(b),
        a.max(b),
        e.length_cm,
        e.class,
        e.oneway,
        a > b,
        &e.shape,
        e.ref_set,
    )
}

/// Edges that agree in everything but their refs become one, with the refs of all.
fn join_duplicates(
    mut edges: Vec<(u32, CleanEdge)>,
    refs: &mut RefSets,
    report: &mut BuildReport,
) -> Vec<CleanEdge> {
    edges.sort_by(|(i, x), (j, y)| sort_key(x).cmp(&sort_key(y)).then(i.cmp(j)));
    let mut kept: Vec<CleanEdge> = Vec::with_capacity(edges.len());
    for (row, edge) in edges {
        match kept.last_mut() {
            Some(last) if same_road(last, &edge) => {
                last.ref_set = refs.union(last.ref_set, edge.ref_set);
                report.edges_dropped_duplicate += 1;
                let detail = format!("from node {} to node {}", edge.ends[0], edge.ends[1]);
                report.find("duplicate_edge", || format!("edges[{row}]"), detail);
            }
            _ => kept.push(edge),
        }
    }
    kept
}

fn same_road(x: &CleanEdge, y: &CleanEdge) -> bool {
    x.ends == y.ends
        && x.length_cm == y.length_cm
        && x.class == y.class
        && x.oneway == y.oneway
        && x.shape == y.shape
}

/// Lists of refs, each once whatever its order.
#[derive(Default)]
struct RefSets {
    sets: Vec<Vec<String>>,
    /// By the sorted list.
    known: BTreeMap<Vec<String>, u32>,
}

impl RefSets {
    fn intern(&mut self, refs: Vec<String>) -> u32 {
        let mut unique: Vec<String> = Vec::with_capacity(refs.len());
        for r in refs {
            if !r.is_empty() && !unique.contains(&r) {
                unique.push(r);
            }
        }
        let mut sorted = unique.clone();
        sorted.sort_unstable();
        let next = self.sets.len() as u32;
        *self.known.entry(sorted).or_insert_with(|| {
            self.sets.push(unique);
            next
        })
    }

    fn union(&mut self, a: u32, b: u32) -> u32 {
        if a == b {
            return a;
        }
        let mut refs = self.sets[a as usize].clone();
        refs.extend(self.sets[b as usize].iter().cloned());
        self.intern(refs)
    }
}

/// Counts connected parts and isolated nodes by joining edge after edge.
fn count_components(n_nodes: usize, edges: &[CleanEdge], report: &mut BuildReport) {
    let mut parts = petgraph::unionfind::UnionFind::<u32>::new(n_nodes);
    let mut touched = vec![false; n_nodes];
    for &CleanEdge { ends: [a, b], .. } in edges {
        parts.union(a, b);
        touched[a as usize] = true;
        touched[b as usize] = true;
    }
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    for (node, _) in touched.iter().enumerate().filter(|(_, t)| **t) {
        *sizes.entry(parts.find(node as u32)).or_default() += 1;
    }
    report.nodes_isolated_dropped = touched.iter().filter(|t| !**t).count();
    report.components = sizes.len();
    report.largest_component_nodes = sizes.values().copied().max().unwrap_or(0);
}

/// As files store it; an impossible position is left to whoever reads it.
fn quantised(p: LatLng) -> LatLng {
    LatLng::from_e6(p.to_e6()).unwrap_or(p)
}
