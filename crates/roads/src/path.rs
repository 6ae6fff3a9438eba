//! A found path: its sums, its pieces, its line on the map.

use crate::geometry::cut;
use crate::network::{EdgeIdx, RoadNetwork};
use crate::weighting::Weighting;
use chongtu_model::LatLng;
use serde::{Deserialize, Serialize};
use std::ops::Add;

/// Totals of a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PathSums {
    /// Driving time, seconds.
    pub duration_s: f64,
    /// Energy out of the battery, kWh.
    pub energy_kwh: f64,
    /// Length, metres.
    pub distance_m: f64,
}

impl Add for PathSums {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            duration_s: self.duration_s + other.duration_s,
            energy_kwh: self.energy_kwh + other.energy_kwh,
            distance_m: self.distance_m + other.distance_m,
        }
    }
}

/// A piece of a path: an edge or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathPiece {
    /// The edge.
    pub edge: EdgeIdx,
    /// Whether it is driven from its `a` towards its `b`.
    pub forward: bool,
    /// Where the piece begins: metres from the end of the edge where a drive in this direction
    /// enters it (`a` forward, `b` backward), scaled to the edge's length.
    pub from_m: f64,
    /// Where the piece ends, counted likewise: never less than `from_m`.
    pub to_m: f64,
}

/// A path, in the order of driving.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoutePath {
    /// Totals. After a forward search they are the sums of the pieces in order of driving,
    /// after a backward search in the opposite order (the last bits may differ).
    pub sums: PathSums,
    /// The pieces; two at least touch, unless the path stays on one edge.
    pub pieces: Vec<PathPiece>,
}

impl RoutePath {
    /// The line of the path, without repeated points.
    pub fn geometry(&self, network: &RoadNetwork) -> Vec<LatLng> {
        let mut line: Vec<LatLng> = Vec::new();
        for piece in &self.pieces {
            let mut shape = network.edge_shape(piece.edge);
            if !piece.forward {
                shape.reverse();
            }
            let length_m = network.edge_length_m(piece.edge);
            let part = if length_m > 0.0 {
                cut(&shape, piece.from_m / length_m, piece.to_m / length_m)
            } else {
                shape
            };
            for p in part {
                if line.last() != Some(&p) {
                    line.push(p);
                }
            }
        }
        line
    }

    /// Cumulative (distance in metres, time in seconds, energy in kWh) at the end of each piece;
    /// the first entry is (0, 0, 0).
    pub fn profile(&self, network: &RoadNetwork, weighting: &Weighting) -> Vec<(f64, f64, f64)> {
        let mut sums = PathSums::default();
        let mut profile = vec![(0.0, 0.0, 0.0)];
        for piece in &self.pieces {
            sums = sums + weighting.part(network, piece.edge, piece.from_m, piece.to_m);
            profile.push((sums.distance_m, sums.duration_s, sums.energy_kwh));
        }
        profile
    }

    /// The roads driven: refs joined by "/" and metres on them, like neighbours merged. A road
    /// without a number has an empty ref.
    pub fn refs(&self, network: &RoadNetwork) -> Vec<(String, f64)> {
        let mut runs: Vec<(String, f64)> = Vec::new();
        for piece in &self.pieces {
            let refs = network.edge_refs(piece.edge).join("/");
            let length_m = piece.to_m - piece.from_m;
            match runs.last_mut() {
                Some(run) if run.0 == refs => run.1 += length_m,
                _ => runs.push((refs, length_m)),
            }
        }
        runs
    }
}
