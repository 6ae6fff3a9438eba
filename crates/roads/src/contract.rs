//! Contraction of nodes that only join two like pieces of road: they become points of a shape.
//!
//! Distances between the nodes that stay do not change: lengths are whole centimetres, and the
//! length of a chain is the sum of its pieces.

use crate::builder::CleanEdge;

/// Edges in a row told as one, for all rows there are. Never makes a loop: a ring keeps two nodes.
pub(crate) fn contract(positions: &[[i32; 2]], edges: &[CleanEdge]) -> Vec<CleanEdge> {
    Contraction::new(positions, edges).run()
}

struct Contraction<'a> {
    positions: &'a [[i32; 2]],
    edges: &'a [CleanEdge],
    /// The edges of node `n`: `incident[first[n]..first[n + 1]]`.
    first: Vec<u32>,
    incident: Vec<u32>,
    keep: Vec<bool>,
    done: Vec<bool>,
    chains: Vec<CleanEdge>,
}

impl<'a> Contraction<'a> {
    fn new(positions: &'a [[i32; 2]], edges: &'a [CleanEdge]) -> Self {
        let mut first = vec![0u32; positions.len() + 1];
        for n in edges.iter().flat_map(|e| e.ends) {
            first[n as usize + 1] += 1;
        }
        for i in 1..first.len() {
            first[i] += first[i - 1];
        }
        let mut next = first.clone();
        let mut incident = vec![0; edges.len() * 2];
        for (i, edge) in edges.iter().enumerate() {
            for n in edge.ends {
                incident[next[n as usize] as usize] = i as u32;
                next[n as usize] += 1;
            }
        }
        let mut this = Self {
            positions,
            edges,
            first,
            incident,
            keep: Vec::new(),
            done: vec![false; edges.len()],
            chains: Vec::new(),
        };
        this.keep = (0..positions.len() as u32)
            .map(|n| !this.only_joins(n))
            .collect();
        this
    }

    fn edges_of(&self, node: u32) -> &[u32] {
        let n = node as usize;
        &self.incident[self.first[n] as usize..self.first[n + 1] as usize]
    }

    /// Whether a node only joins two pieces of one road.
    fn only_joins(&self, node: u32) -> bool {
        let &[e, f] = self.edges_of(node) else {
            return false;
        };
        let (e, f) = (&self.edges[e as usize], &self.edges[f as usize]);
        // One-way roads go on where one comes in and the other goes out.
        let goes_on = !e.oneway || (e.ends[0] == node) != (f.ends[0] == node);
        e.class == f.class && e.ref_set == f.ref_set && e.oneway == f.oneway && goes_on
    }

    fn run(mut self) -> Vec<CleanEdge> {
        for node in 0..self.positions.len() as u32 {
            if self.keep[node as usize] {
                self.walk_from(node);
            }
        }
        // What is left are rings without any node to keep.
        for node in 0..self.positions.len() as u32 {
            if self
                .edges_of(node)
                .first()
                .is_some_and(|&e| !self.done[e as usize])
            {
                self.keep[node as usize] = true;
                self.walk_from(node);
            }
        }
        self.chains
    }

    fn walk_from(&mut self, start: u32) {
        for i in self.first[start as usize]..self.first[start as usize + 1] {
            let mut edge = self.incident[i as usize];
            if self.done[edge as usize] {
                continue;
            }
            let (mut nodes, mut pieces) = (vec![start], Vec::new());
            let mut node = start;
            loop {
                self.done[edge as usize] = true;
                pieces.push(edge);
                let [a, b] = self.edges[edge as usize].ends;
                node = if a == node { b } else { a };
                nodes.push(node);
                if self.keep[node as usize] {
                    break;
                }
                let onward = self.edges_of(node).iter().find(|&&e| e != edge);
                let Some(&onward) = onward else { break };
                edge = onward;
            }
            if node == start {
                let middle = pieces.len() / 2;
                self.emit(&nodes[..=middle], &pieces[..middle]);
                self.emit(&nodes[middle..], &pieces[middle..]);
            } else {
                self.emit(&nodes, &pieces);
            }
        }
    }

    /// Adds the chain over these nodes by these edges.
    fn emit(&mut self, nodes: &[u32], pieces: &[u32]) {
        let (Some(&from), Some(&to)) = (nodes.first(), nodes.last()) else {
            return;
        };
        let Some(&head) = pieces.first() else { return };
        let head = &self.edges[head as usize];
        let mut shape: Vec<[i32; 2]> = Vec::new();
        let mut length_cm = 0u64;
        for (i, &piece) in pieces.iter().enumerate() {
            let edge = &self.edges[piece as usize];
            length_cm = length_cm.saturating_add(edge.length_cm);
            if i > 0 {
                shape.push(self.positions[nodes[i] as usize]);
            }
            if edge.ends[0] == nodes[i] {
                shape.extend(&edge.shape);
            } else {
                shape.extend(edge.shape.iter().rev());
            }
        }
        shape.dedup();
        let mut edge = CleanEdge {
            ends: [from, to],
            length_cm,
            class: head.class,
            ref_set: head.ref_set,
            oneway: head.oneway,
            shape,
        };
        // A one-way chain is told in the direction of driving.
        if head.oneway && head.ends[0] != from {
            edge.ends.reverse();
            edge.shape.reverse();
        }
        self.chains.push(edge);
    }
}
