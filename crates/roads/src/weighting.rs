//! What driving each edge costs, for one speed cap and one car.

use crate::network::{EdgeIdx, RoadNetwork};
use crate::path::PathSums;

/// Time and energy of every edge, driven whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighting {
    /// Seconds, by edge.
    pub duration_s: Vec<f64>,
    /// kWh out of the battery, by edge; never below 0.
    pub energy_kwh: Vec<f64>,
    /// The speed cap, km/h, if any.
    pub cap_kmh: Option<f64>,
}

impl Weighting {
    /// Weighs a network: speed = the class's speed, at most the cap; energy = length times
    /// `wh_per_km` at that speed (Wh/km; asked once for each class).
    ///
    /// A cap below 1 km/h counts as 1 km/h. Consumption that is negative or not finite counts
    /// as 0: shortest paths need costs that are not negative.
    pub fn new(
        network: &RoadNetwork,
        cap_kmh: Option<f64>,
        wh_per_km: impl Fn(f64) -> f64,
    ) -> Self {
        let by_class: Vec<(f64, f64)> = network
            .class_speeds_kmh()
            .iter()
            .map(|&class_kmh| {
                let kmh = cap_kmh.map_or(class_kmh, |cap| class_kmh.min(cap.max(1.0)));
                let wh = wh_per_km(kmh);
                let wh = if wh.is_finite() { wh.max(0.0) } else { 0.0 };
                (kmh, wh)
            })
            .collect();
        let n = network.n_edges();
        let (mut duration_s, mut energy_kwh) = (Vec::with_capacity(n), Vec::with_capacity(n));
        for edge in network.edges() {
            let (kmh, wh) = by_class[usize::from(network.edge_class(edge))];
            let length_m = network.edge_length_m(edge);
            duration_s.push(length_m * 3.6 / kmh);
            energy_kwh.push(length_m * wh / 1e6);
        }
        Self {
            duration_s,
            energy_kwh,
            cap_kmh,
        }
    }

    /// What driving a part of an edge costs, from `from_m` to `to_m` metres along the travel.
    /// The whole edge costs exactly its weights.
    pub(crate) fn part(
        &self,
        network: &RoadNetwork,
        edge: EdgeIdx,
        from_m: f64,
        to_m: f64,
    ) -> PathSums {
        let length_m = network.edge_length_m(edge);
        let distance_m = (to_m - from_m).max(0.0);
        let share = if length_m > 0.0 {
            distance_m / length_m
        } else {
            0.0
        };
        PathSums {
            duration_s: self.duration_s[edge.index()] * share,
            energy_kwh: self.energy_kwh[edge.index()] * share,
            distance_m,
        }
    }
}
