//! petgraph's visit traits: every algorithm of petgraph runs on `&RoadNetwork`.
//!
//! The network is a directed graph there: a two-way road is two arcs with the same edge id. The
//! weight of a node is its position in millionths of a degree, of an edge its length in whole
//! centimetres.

use crate::network::{EdgeIdx, Incidence, NodeIdx, RoadNetwork};
use petgraph::visit::{
    Data, EdgeCount, EdgeRef, GraphBase, GraphProp, IntoEdgeReferences, IntoEdges,
    IntoEdgesDirected, IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers,
    NodeCompactIndexable, NodeCount, NodeIndexable, VisitMap, Visitable,
};
use petgraph::{Directed, Direction};

/// An arc of the network, as petgraph sees it.
#[derive(Clone, Copy, Debug)]
pub struct RoadEdge<'a> {
    source: NodeIdx,
    target: NodeIdx,
    edge: EdgeIdx,
    forward: bool,
    length_cm: &'a u64,
}

impl RoadEdge<'_> {
    /// Whether the arc goes from the edge's `a` to its `b`.
    pub fn forward(&self) -> bool {
        self.forward
    }
}

impl EdgeRef for RoadEdge<'_> {
    type NodeId = NodeIdx;
    type EdgeId = EdgeIdx;
    type Weight = u64;

    fn source(&self) -> NodeIdx {
        self.source
    }

    fn target(&self) -> NodeIdx {
        self.target
    }

    fn weight(&self) -> &u64 {
        self.length_cm
    }

    fn id(&self) -> EdgeIdx {
        self.edge
    }
}

/// Which nodes a traversal has visited.
#[derive(Clone, Debug, Default)]
pub struct Visited(Vec<bool>);

impl VisitMap<NodeIdx> for Visited {
    fn visit(&mut self, node: NodeIdx) -> bool {
        !std::mem::replace(&mut self.0[node.index()], true)
    }

    fn is_visited(&self, node: &NodeIdx) -> bool {
        self.0[node.index()]
    }

    fn unvisit(&mut self, node: NodeIdx) -> bool {
        std::mem::replace(&mut self.0[node.index()], false)
    }
}

/// Arcs out of a node, or into it.
#[derive(Clone, Debug)]
pub struct Arcs<'a> {
    network: &'a RoadNetwork,
    node: NodeIdx,
    direction: Direction,
    rest: std::slice::Iter<'a, Incidence>,
}

impl<'a> Iterator for Arcs<'a> {
    type Item = RoadEdge<'a>;

    fn next(&mut self) -> Option<RoadEdge<'a>> {
        let outgoing = self.direction == Direction::Outgoing;
        let i = self.rest.find(|i| {
            if outgoing {
                i.may_leave()
            } else {
                i.may_arrive()
            }
        })?;
        let other = NodeIdx(i.other);
        let (source, target) = if outgoing {
            (self.node, other)
        } else {
            (other, self.node)
        };
        Some(RoadEdge {
            source,
            target,
            edge: EdgeIdx(i.edge()),
            forward: i.is_a() == outgoing,
            length_cm: &self.network.columns.lengths_cm[i.edge() as usize],
        })
    }
}

/// Nodes at the other ends of arcs.
#[derive(Clone, Debug)]
pub struct Neighbors<'a>(Arcs<'a>);

impl Iterator for Neighbors<'_> {
    type Item = NodeIdx;

    fn next(&mut self) -> Option<NodeIdx> {
        let node = self.0.node;
        self.0.next().map(|arc| {
            if arc.source == node {
                arc.target
            } else {
                arc.source
            }
        })
    }
}

/// All arcs, in order of edge, forward before backward.
#[derive(Clone, Debug)]
pub struct AllArcs<'a> {
    network: &'a RoadNetwork,
    /// Twice the edge, plus 1 for its backward arc.
    next: usize,
}

impl<'a> Iterator for AllArcs<'a> {
    type Item = RoadEdge<'a>;

    fn next(&mut self) -> Option<RoadEdge<'a>> {
        let c = &self.network.columns;
        loop {
            let (e, forward) = (self.next / 2, self.next.is_multiple_of(2));
            let &[a, b] = c.edge_ends.get(e)?;
            self.next += 1;
            if forward || !c.oneway[e] {
                let (source, target) = if forward { (a, b) } else { (b, a) };
                return Some(RoadEdge {
                    source: NodeIdx(source),
                    target: NodeIdx(target),
                    edge: EdgeIdx(e as u32),
                    forward,
                    length_cm: &c.lengths_cm[e],
                });
            }
        }
    }
}

impl GraphBase for RoadNetwork {
    type EdgeId = EdgeIdx;
    type NodeId = NodeIdx;
}

impl GraphProp for RoadNetwork {
    type EdgeType = Directed;
}

impl Data for RoadNetwork {
    type NodeWeight = [i32; 2];
    type EdgeWeight = u64;
}

impl NodeCount for RoadNetwork {
    fn node_count(&self) -> usize {
        self.n_nodes()
    }
}

impl EdgeCount for RoadNetwork {
    fn edge_count(&self) -> usize {
        let oneway = self.columns.oneway.iter().filter(|&&o| o).count();
        2 * self.n_edges() - oneway
    }
}

impl NodeIndexable for RoadNetwork {
    fn node_bound(&self) -> usize {
        self.n_nodes()
    }

    fn to_index(&self, node: NodeIdx) -> usize {
        node.index()
    }

    fn from_index(&self, i: usize) -> NodeIdx {
        NodeIdx(i as u32)
    }
}

impl NodeCompactIndexable for RoadNetwork {}

impl Visitable for RoadNetwork {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited(vec![false; self.n_nodes()])
    }

    fn reset_map(&self, map: &mut Visited) {
        map.0.clear();
        map.0.resize(self.n_nodes(), false);
    }
}

impl IntoNodeIdentifiers for &RoadNetwork {
    type NodeIdentifiers = std::iter::Map<std::ops::Range<u32>, fn(u32) -> NodeIdx>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        (0..self.n_nodes() as u32).map(NodeIdx)
    }
}

impl<'a> IntoNeighbors for &'a RoadNetwork {
    type Neighbors = Neighbors<'a>;

    fn neighbors(self, node: NodeIdx) -> Neighbors<'a> {
        Neighbors(self.edges_directed(node, Direction::Outgoing))
    }
}

impl<'a> IntoNeighborsDirected for &'a RoadNetwork {
    type NeighborsDirected = Neighbors<'a>;

    fn neighbors_directed(self, node: NodeIdx, direction: Direction) -> Neighbors<'a> {
        Neighbors(self.edges_directed(node, direction))
    }
}

impl<'a> IntoEdgeReferences for &'a RoadNetwork {
    type EdgeRef = RoadEdge<'a>;
    type EdgeReferences = AllArcs<'a>;

    fn edge_references(self) -> AllArcs<'a> {
        AllArcs {
            network: self,
            next: 0,
        }
    }
}

impl<'a> IntoEdges for &'a RoadNetwork {
    type Edges = Arcs<'a>;

    fn edges(self, node: NodeIdx) -> Arcs<'a> {
        self.edges_directed(node, Direction::Outgoing)
    }
}

impl<'a> IntoEdgesDirected for &'a RoadNetwork {
    type EdgesDirected = Arcs<'a>;

    fn edges_directed(self, node: NodeIdx, direction: Direction) -> Arcs<'a> {
        Arcs {
            network: self,
            node,
            direction,
            rest: self.incidences_of(node.0).iter(),
        }
    }
}
