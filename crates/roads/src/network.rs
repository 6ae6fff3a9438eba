//! The frozen road network: columns of nodes and edges, and who meets whom.

use crate::geometry::at;
use crate::snap::SegmentIndex;
use chongtu_model::gazetteer::Readings;
use chongtu_model::provenance::LocalText;
use chongtu_model::{BoundingBox, LatLng};
use serde::{Deserialize, Serialize};

/// A node of a [`RoadNetwork`]: where roads meet or end. Counts from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NodeIdx(pub u32);

/// An edge of a [`RoadNetwork`]: a piece of road from its end `a` to its end `b`, drivable both
/// ways unless it is one-way (then from `a` to `b`). Counts from 0. A directed arc is an edge
/// with a direction: forward is from `a` to `b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EdgeIdx(pub u32);

impl NodeIdx {
    /// As an index into columns.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl EdgeIdx {
    /// As an index into columns.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A place people ask for by name: a city, a district, a station.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Stable id, `a-z0-9-`.
    pub id: String,
    /// Its name.
    pub name: LocalText,
    /// The name in pinyin, for typing.
    pub pinyin: Option<String>,
    /// Where it is.
    pub position: LatLng,
    /// 1 for the largest, larger numbers for smaller places. [`Place::FAR`] for a far city outside
    /// the region that signs name: kept apart in [`RoadNetwork::far_places`].
    pub rank: u8,
    /// The city it lies in, as written there.
    pub city: Option<String>,
}

impl Place {
    /// The rank of a far city outside the region.
    pub const FAR: u8 = 5;
}

/// A named junction of the source. It may have been contracted away as a node; its name and
/// position stay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Junction {
    /// Its name.
    pub name: LocalText,
    /// Where it is.
    pub position: LatLng,
}

/// The stored columns: what a `.roads` file holds and nothing that can be computed from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Columns {
    pub(crate) words: Words,
    /// km/h by class.
    pub(crate) class_speeds_kmh: Vec<f64>,
    /// Latitude and longitude in millionths of a degree.
    pub(crate) nodes: Vec<[i32; 2]>,
    /// Both ends of each edge; sorted by (smaller, larger).
    pub(crate) edge_ends: Vec<[u32; 2]>,
    pub(crate) lengths_cm: Vec<u64>,
    pub(crate) classes: Vec<u8>,
    pub(crate) oneway: Vec<bool>,
    /// The lists of road refs that occur.
    pub(crate) ref_sets: Vec<Vec<String>>,
    pub(crate) edge_ref_set: Vec<u32>,
    /// Edge `e` owns `shape_points[shape_first[e]..shape_first[e + 1]]`, its inner points.
    pub(crate) shape_first: Vec<u32>,
    pub(crate) shape_points: Vec<[i32; 2]>,
}

/// Everything a person reads, and the positions that go with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Words {
    pub(crate) id: String,
    pub(crate) name: LocalText,
    pub(crate) note: Option<LocalText>,
    pub(crate) attribution: String,
    pub(crate) demonstration: bool,
    /// In order of node.
    pub(crate) node_names: Vec<(u32, LocalText)>,
    pub(crate) road_names: Vec<(String, LocalText)>,
    pub(crate) places: Vec<Place>,
    pub(crate) far_places: Vec<Place>,
    pub(crate) junctions: Vec<Junction>,
    pub(crate) readings: Readings,
}

/// What one node sees of one of its edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Incidence {
    /// The node at the other end.
    pub(crate) other: u32,
    /// Edge, then one bit "the edge is one-way", then one bit "this node is the edge's `a`".
    bits: u32,
}

impl Incidence {
    fn new(other: u32, edge: u32, oneway: bool, is_a: bool) -> Self {
        Self {
            other,
            bits: edge << 2 | u32::from(oneway) << 1 | u32::from(is_a),
        }
    }

    pub(crate) fn edge(self) -> u32 {
        self.bits >> 2
    }

    /// Whether this node is the edge's `a`.
    pub(crate) fn is_a(self) -> bool {
        self.bits & 1 == 1
    }

    /// Whether one may drive from this node into the edge.
    pub(crate) fn may_leave(self) -> bool {
        self.bits & 0b11 != 0b10
    }

    /// Whether one may arrive at this node by the edge.
    pub(crate) fn may_arrive(self) -> bool {
        self.bits & 0b11 != 0b11
    }
}

/// The largest number of edges a network can have.
pub(crate) const MAX_EDGES: usize = 1 << 30;

/// A frozen road network. Built by [`crate::RoadNetworkBuilder`], or decoded from a file; both
/// give equal values. Lengths are whole centimetres, positions whole millionths of a degree.
///
/// Methods that take an index expect one of this network; an index beyond its end panics, like
/// a slice.
#[derive(Clone, Debug, PartialEq)]
pub struct RoadNetwork {
    pub(crate) columns: Columns,
    first_incidence: Vec<u32>,
    incidences: Vec<Incidence>,
    pub(crate) segments: SegmentIndex,
}

impl RoadNetwork {
    /// Computes what is not stored. The columns must be consistent: the builder makes them so,
    /// the decoder checks them.
    pub(crate) fn from_columns(columns: Columns) -> Self {
        let mut first_incidence = vec![0u32; columns.nodes.len() + 1];
        for &[a, b] in &columns.edge_ends {
            first_incidence[a as usize + 1] += 1;
            first_incidence[b as usize + 1] += 1;
        }
        for i in 1..first_incidence.len() {
            first_incidence[i] += first_incidence[i - 1];
        }
        let mut next = first_incidence.clone();
        let mut incidences = vec![Incidence { other: 0, bits: 0 }; columns.edge_ends.len() * 2];
        for (e, (&[a, b], &oneway)) in columns.edge_ends.iter().zip(&columns.oneway).enumerate() {
            for (node, other, is_a) in [(a, b, true), (b, a, false)] {
                let slot = &mut next[node as usize];
                incidences[*slot as usize] = Incidence::new(other, e as u32, oneway, is_a);
                *slot += 1;
            }
        }
        let segments = SegmentIndex::new(&columns);
        Self {
            columns,
            first_incidence,
            incidences,
            segments,
        }
    }

    /// How many nodes there are.
    pub fn n_nodes(&self) -> usize {
        self.columns.nodes.len()
    }

    /// How many edges there are (a two-way road counts once).
    pub fn n_edges(&self) -> usize {
        self.columns.edge_ends.len()
    }

    /// All nodes.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeIdx> + use<> {
        (0..self.columns.nodes.len() as u32).map(NodeIdx)
    }

    /// All edges.
    pub fn edges(&self) -> impl ExactSizeIterator<Item = EdgeIdx> + use<> {
        (0..self.columns.edge_ends.len() as u32).map(EdgeIdx)
    }

    /// Where a node is.
    pub fn node_position(&self, node: NodeIdx) -> LatLng {
        at(self.columns.nodes[node.index()])
    }

    /// What a node is called, where the source says so.
    pub fn node_name(&self, node: NodeIdx) -> Option<&LocalText> {
        let names = &self.columns.words.node_names;
        let i = names.binary_search_by_key(&node.0, |n| n.0).ok()?;
        names.get(i).map(|n| &n.1)
    }

    /// Both ends of an edge, `a` first.
    pub fn edge_endpoints(&self, edge: EdgeIdx) -> (NodeIdx, NodeIdx) {
        let [a, b] = self.columns.edge_ends[edge.index()];
        (NodeIdx(a), NodeIdx(b))
    }

    /// Length of an edge in metres, a whole number of centimetres.
    pub fn edge_length_m(&self, edge: EdgeIdx) -> f64 {
        self.columns.lengths_cm[edge.index()] as f64 / 100.0
    }

    /// Speed class of an edge: index into [`Self::class_speeds_kmh`] (the source's tier - 1).
    pub fn edge_class(&self, edge: EdgeIdx) -> u8 {
        self.columns.classes[edge.index()]
    }

    /// Whether an edge may be driven from `a` to `b` only.
    pub fn edge_oneway(&self, edge: EdgeIdx) -> bool {
        self.columns.oneway[edge.index()]
    }

    /// The road numbers of an edge ("G42"), in the source's order.
    pub fn edge_refs(&self, edge: EdgeIdx) -> &[String] {
        &self.columns.ref_sets[self.columns.edge_ref_set[edge.index()] as usize]
    }

    /// The line of an edge from `a` to `b`, both ends included.
    pub fn edge_shape(&self, edge: EdgeIdx) -> Vec<LatLng> {
        self.edge_points(edge).map(at).collect()
    }

    /// [`Self::edge_shape`] in millionths of a degree.
    pub(crate) fn edge_points(&self, edge: EdgeIdx) -> impl Iterator<Item = [i32; 2]> {
        let c = &self.columns;
        let e = edge.index();
        let [a, b] = c.edge_ends[e];
        let inner = &c.shape_points[c.shape_first[e] as usize..c.shape_first[e + 1] as usize];
        std::iter::once(c.nodes[a as usize])
            .chain(inner.iter().copied())
            .chain(std::iter::once(c.nodes[b as usize]))
    }

    /// Speed of each class, km/h: finite and above 0.
    pub fn class_speeds_kmh(&self) -> &[f64] {
        &self.columns.class_speeds_kmh
    }

    /// The places people ask for by name.
    pub fn places(&self) -> &[Place] {
        &self.columns.words.places
    }

    /// Cities beyond the region that signs name ("towards Beijing"): neither shown nor asked for.
    pub fn far_places(&self) -> &[Place] {
        &self.columns.words.far_places
    }

    /// The named junctions of the source; empty where the source names none.
    pub fn junctions(&self) -> &[Junction] {
        &self.columns.words.junctions
    }

    /// The names of roads by their number.
    pub fn road_names(&self) -> &[(String, LocalText)] {
        &self.columns.words.road_names
    }

    /// Short id of the region, `a-z0-9-`; empty where the source has none.
    pub fn id(&self) -> &str {
        &self.columns.words.id
    }

    /// What the region is called; empty where the source does not say.
    pub fn name(&self) -> &LocalText {
        &self.columns.words.name
    }

    /// What a reader should know about the data.
    pub fn note(&self) -> Option<&LocalText> {
        self.columns.words.note.as_ref()
    }

    /// Whom to name when the data is shown.
    pub fn attribution(&self) -> &str {
        &self.columns.words.attribution
    }

    /// Whether the data is made for demonstration and not to be driven by.
    pub fn demonstration(&self) -> bool {
        self.columns.words.demonstration
    }

    /// The box around all nodes and shapes; `None` for a network without nodes.
    pub fn bounding_box(&self) -> Option<BoundingBox> {
        let c = &self.columns;
        BoundingBox::of(c.nodes.iter().chain(&c.shape_points).copied().map(at))
    }

    /// The arcs one may drive from a node: edge, node at its other end, and whether the edge is
    /// driven forward (from its `a`). In order of edge.
    pub fn arcs_from(&self, node: NodeIdx) -> impl Iterator<Item = (EdgeIdx, NodeIdx, bool)> + '_ {
        self.incidences_of(node.0)
            .iter()
            .filter(|i| i.may_leave())
            .map(|i| (EdgeIdx(i.edge()), NodeIdx(i.other), i.is_a()))
    }

    /// The arcs by which one may arrive at a node: edge, node at its other end, and whether the
    /// edge is driven forward (to its `b`). In order of edge.
    pub fn arcs_to(&self, node: NodeIdx) -> impl Iterator<Item = (EdgeIdx, NodeIdx, bool)> + '_ {
        self.incidences_of(node.0)
            .iter()
            .filter(|i| i.may_arrive())
            .map(|i| (EdgeIdx(i.edge()), NodeIdx(i.other), !i.is_a()))
    }

    pub(crate) fn incidences_of(&self, node: u32) -> &[Incidence] {
        let n = node as usize;
        &self.incidences[self.first_incidence[n] as usize..self.first_incidence[n + 1] as usize]
    }
}
