//! Shortest paths: Dijkstra's algorithm with reusable scratch.
//!
//! A search settles nodes in order of the metric, ties in order of node index, and adds duration,
//! energy and distance along each path from the origin outwards: one defined order of additions,
//! so the sums are the same bits on every target.

use crate::network::{EdgeIdx, NodeIdx, RoadNetwork};
use crate::path::{PathPiece, PathSums, RoutePath};
use crate::snap::Snap;
use crate::weighting::Weighting;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What a search minimises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Driving time, seconds.
    Duration,
    /// Energy, kWh.
    Energy,
}

impl Metric {
    /// This metric's part of the sums.
    pub fn of(self, sums: &PathSums) -> f64 {
        match self {
            Self::Duration => sums.duration_s,
            Self::Energy => sums.energy_kwh,
        }
    }
}

/// Best known path to a node.
#[derive(Clone, Copy, Debug, Default)]
struct Label {
    sums: PathSums,
    /// The edge by which the path comes, twice, plus 1 when it is driven forward; for the first
    /// node of a path the origin's own edge.
    by: u32,
    /// The node before; the node itself for the first.
    before: u32,
    /// Search number times 2 when reached, plus 1 when settled.
    stamp: u32,
}

/// What the last search was.
#[derive(Clone, Copy, Debug)]
struct Last {
    from: Snap,
    metric: Metric,
    forward: bool,
    /// Up to this value of the metric everything is known.
    horizon: f64,
}

/// Scratch for searches on one network; reuse it, after the first searches it allocates nothing.
#[derive(Clone, Debug)]
pub struct Router {
    labels: Vec<Label>,
    heap: BinaryHeap<Reverse<(u64, u32)>>,
    settled: Vec<u32>,
    /// For nodes at the ends of a target's edge: the search that watches them.
    watched: Vec<u32>,
    generation: u32,
    last: Option<Last>,
}

impl Router {
    /// Scratch for a network.
    pub fn new(network: &RoadNetwork) -> Self {
        Self {
            labels: vec![Label::default(); network.n_nodes()],
            heap: BinaryHeap::new(),
            settled: Vec::new(),
            watched: vec![0; network.n_nodes()],
            generation: 0,
            last: None,
        }
    }

    /// Searches from a point of the network to everything whose metric is at most `limit`
    /// (infinite: to everything). `forward`: paths that start there; otherwise paths that end
    /// there, which differ on one-way roads.
    ///
    /// `from` must be a snap of this network.
    pub fn search(
        &mut self,
        network: &RoadNetwork,
        weighting: &Weighting,
        metric: Metric,
        from: &Snap,
        forward: bool,
        limit: f64,
    ) {
        self.search_until(network, weighting, metric, from, forward, limit, &[]);
    }

    /// Like [`Self::search`], but stops as soon as the best paths to all `targets` are known;
    /// with no targets it does not stop early. Afterwards [`Self::to`] also answers for other
    /// points whose best path was known by then, and gives `None` for the rest.
    #[expect(
        clippy::too_many_arguments,
        reason = "the plain form of the query; a struct would be named once, here"
    )]
    pub fn search_until(
        &mut self,
        network: &RoadNetwork,
        weighting: &Weighting,
        metric: Metric,
        from: &Snap,
        forward: bool,
        limit: f64,
        targets: &[Snap],
    ) {
        self.begin(network);
        let reached = self.generation * 2;
        self.last = Some(Last {
            from: *from,
            metric,
            forward,
            horizon: limit,
        });
        for target in targets {
            let (a, b) = network.edge_endpoints(target.edge);
            self.watched[a.index()] = self.generation;
            self.watched[b.index()] = self.generation;
        }
        // The first target whose best path is not known yet, and its best so far. A best below
        // the key that is being settled is final, so each target is passed once.
        let mut waiting = targets.iter();
        let mut waiting_for = waiting.next();
        let mut best_so_far = self.best_metric(network, weighting, waiting_for);

        for end in ends(network, from, forward) {
            let sums = weighting.part(network, from.edge, end.piece.from_m, end.piece.to_m);
            let by = from.edge.0 << 1 | u32::from(end.piece.forward);
            self.reach(metric, limit, end.node, sums, by, end.node.0);
        }
        while let Some(Reverse((bits, node))) = self.heap.pop() {
            let key = f64::from_bits(bits);
            let label = &self.labels[node as usize];
            if label.stamp != reached || metric.of(&label.sums) != key {
                continue;
            }
            while waiting_for.is_some() && best_so_far < key {
                waiting_for = waiting.next();
                best_so_far = self.best_metric(network, weighting, waiting_for);
            }
            if waiting_for.is_none() && !targets.is_empty() {
                if let Some(last) = &mut self.last {
                    last.horizon = key;
                }
                break;
            }
            let label = &mut self.labels[node as usize];
            label.stamp = reached + 1;
            self.settled.push(node);
            let sums = label.sums;
            if self.watched[node as usize] == self.generation {
                best_so_far = self.best_metric(network, weighting, waiting_for);
            }
            for i in network.incidences_of(node) {
                let open = if forward {
                    i.may_leave()
                } else {
                    i.may_arrive()
                };
                if !open || self.labels[i.other as usize].stamp == reached + 1 {
                    continue;
                }
                let edge = i.edge();
                let step = PathSums {
                    duration_s: weighting.duration_s[edge as usize],
                    energy_kwh: weighting.energy_kwh[edge as usize],
                    distance_m: network.edge_length_m(EdgeIdx(edge)),
                };
                let by = edge << 1 | u32::from(i.is_a() == forward);
                self.reach(metric, limit, NodeIdx(i.other), sums + step, by, node);
            }
        }
        self.heap.clear();
    }

    /// After a search: the sums of the best path between its origin and a point of the network.
    /// `None` when there is none within the limit (or the search stopped before it was known).
    pub fn to(
        &self,
        network: &RoadNetwork,
        weighting: &Weighting,
        target: &Snap,
    ) -> Option<PathSums> {
        let last = self.last.as_ref()?;
        let (sums, _) = self.best(network, weighting, last, target)?;
        (last.metric.of(&sums) <= last.horizon).then_some(sums)
    }

    /// Like [`Self::to`], with the path itself, in order of driving.
    pub fn path_to(
        &self,
        network: &RoadNetwork,
        weighting: &Weighting,
        target: &Snap,
    ) -> Option<RoutePath> {
        let last = self.last.as_ref()?;
        let (sums, way) = self.best(network, weighting, last, target)?;
        if last.metric.of(&sums) > last.horizon {
            return None;
        }
        let mut pieces = match way {
            Way::Direct(piece) => return Some(RoutePath::of(sums, vec![piece])),
            Way::Via(end) => vec![end.piece],
        };
        let Way::Via(end) = way else { return None };
        let mut node = end.node.0;
        loop {
            let label = &self.labels[node as usize];
            let (edge, forward) = (EdgeIdx(label.by >> 1), label.by & 1 == 1);
            if label.before == node {
                pieces.extend(
                    ends(network, &last.from, last.forward)
                        .filter(|e| e.node.0 == node && e.piece.forward == forward)
                        .map(|e| e.piece),
                );
                break;
            }
            pieces.push(PathPiece {
                edge,
                forward,
                from_m: 0.0,
                to_m: network.edge_length_m(edge),
            });
            node = label.before;
        }
        if last.forward {
            pieces.reverse();
        }
        Some(RoutePath::of(sums, pieces))
    }

    /// After a search: the sums of the best path between its origin and a node; `None` when the
    /// node was not settled.
    pub fn to_node(&self, node: NodeIdx) -> Option<PathSums> {
        let label = self.labels.get(node.index())?;
        (self.last.is_some() && label.stamp == self.generation * 2 + 1).then_some(label.sums)
    }

    /// After a search: the nodes it settled and their metric, in order of the metric.
    pub fn settled(&self) -> impl Iterator<Item = (NodeIdx, f64)> + '_ {
        let metric = self.last.map_or(Metric::Duration, |l| l.metric);
        self.settled
            .iter()
            .map(move |&n| (NodeIdx(n), metric.of(&self.labels[n as usize].sums)))
    }

    fn begin(&mut self, network: &RoadNetwork) {
        let n = network.n_nodes();
        if self.generation == u32::MAX / 2 - 1 || self.labels.len() != n {
            self.labels.clear();
            self.labels.resize(n, Label::default());
            self.watched.clear();
            self.watched.resize(n, 0);
            self.generation = 0;
        }
        self.generation += 1;
        self.heap.clear();
        self.settled.clear();
    }

    fn reach(
        &mut self,
        metric: Metric,
        limit: f64,
        node: NodeIdx,
        sums: PathSums,
        by: u32,
        before: u32,
    ) {
        let key = metric.of(&sums);
        let stamp = self.generation * 2;
        let label = &mut self.labels[node.index()];
        if key <= limit && (label.stamp < stamp || key < metric.of(&label.sums)) {
            *label = Label {
                sums,
                by,
                before,
                stamp,
            };
            self.heap.push(Reverse((key.to_bits(), node.0)));
        }
    }

    /// The metric of the best path to a target over settled nodes; infinite without one.
    fn best_metric(
        &self,
        network: &RoadNetwork,
        weighting: &Weighting,
        target: Option<&Snap>,
    ) -> f64 {
        let (Some(last), Some(target)) = (&self.last, target) else {
            return f64::INFINITY;
        };
        self.best(network, weighting, last, target)
            .map_or(f64::INFINITY, |(sums, _)| last.metric.of(&sums))
    }

    /// The best path to a target over settled nodes. Among equals: along one edge, then by `a`.
    fn best(
        &self,
        network: &RoadNetwork,
        weighting: &Weighting,
        last: &Last,
        target: &Snap,
    ) -> Option<(PathSums, Way)> {
        let mut best: Option<(PathSums, Way)> = None;
        let mut offer = |sums: PathSums, way: Way| {
            let better = best
                .as_ref()
                .is_none_or(|(b, _)| last.metric.of(&sums) < last.metric.of(b));
            if better {
                best = Some((sums, way));
            }
        };
        if let Some(piece) = direct(network, &last.from, target, last.forward) {
            let sums = weighting.part(network, piece.edge, piece.from_m, piece.to_m);
            offer(sums, Way::Direct(piece));
        }
        // Seen from the target, the last piece of a path is the first of a search the other way.
        for end in ends(network, target, !last.forward) {
            if let Some(sums) = self.to_node(end.node) {
                let part = weighting.part(network, target.edge, end.piece.from_m, end.piece.to_m);
                offer(sums + part, Way::Via(end));
            }
        }
        best
    }
}

impl RoutePath {
    fn of(sums: PathSums, pieces: Vec<PathPiece>) -> Self {
        Self { sums, pieces }
    }
}

/// How a path gets to its target.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// Along the one edge that both points are on.
    Direct(PathPiece),
    /// By a node at an end of the target's edge.
    Via(End),
}

/// An end of a point's edge, and the drive between the point and it.
#[derive(Clone, Copy, Debug)]
struct End {
    node: NodeIdx,
    piece: PathPiece,
}

/// The ends of its edge that can be driven to from a point (`leaving`), or from which the point
/// can be driven to; the end `a` first.
fn ends(network: &RoadNetwork, point: &Snap, leaving: bool) -> impl Iterator<Item = End> + use<> {
    let (a, b) = network.edge_endpoints(point.edge);
    let length_m = network.edge_length_m(point.edge);
    let oneway = network.edge_oneway(point.edge);
    let offset_m = point.offset_m.clamp(0.0, length_m);
    let (edge, side) = (point.edge, point.side);
    [a, b].into_iter().filter_map(move |node| {
        let forward = (node == b) == leaving;
        if (oneway && !forward) || !side.serves(forward) {
            return None;
        }
        let entered_m = if forward {
            offset_m
        } else {
            length_m - offset_m
        };
        let (from_m, to_m) = if leaving {
            (entered_m, length_m)
        } else {
            (0.0, entered_m)
        };
        Some(End {
            node,
            piece: PathPiece {
                edge,
                forward,
                from_m,
                to_m,
            },
        })
    })
}

/// The drive along one edge from `from` to `to` (or from `to` to `from` when not `onward`), where
/// both are on it and the direction is allowed.
fn direct(network: &RoadNetwork, from: &Snap, to: &Snap, onward: bool) -> Option<PathPiece> {
    if from.edge != to.edge {
        return None;
    }
    let (start, end) = if onward { (from, to) } else { (to, from) };
    let length_m = network.edge_length_m(from.edge);
    let start_m = start.offset_m.clamp(0.0, length_m);
    let end_m = end.offset_m.clamp(0.0, length_m);
    let oneway = network.edge_oneway(from.edge);
    let allowed = |forward: bool| {
        (forward || !oneway) && start.side.serves(forward) && end.side.serves(forward)
    };
    // At one spot either direction does: which one is left to the carriageway.
    let forward = start_m < end_m || (start_m == end_m && allowed(true));
    if !allowed(forward) {
        return None;
    }
    let (from_m, to_m) = if forward {
        (start_m, end_m)
    } else {
        (length_m - start_m, length_m - end_m)
    };
    Some(PathPiece {
        edge: from.edge,
        forward,
        from_m,
        to_m,
    })
}
