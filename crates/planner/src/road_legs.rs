//! Legs on a road network: the fastest path under each offered cap.

use crate::consumption::Consumer;
use crate::legs::{Bound, DESTINATION, LegCost, LegOracle};
use chongtu_model::LatLng;
use chongtu_roads::{Metric, PathSums, RoadNetwork, RoutePath, Router, Snap, Weighting};
use std::rc::Rc;

/// Metres driven beyond the network for a metre as the crow flies.
pub const OFF_ROAD_DETOUR: f64 = 1.3;
/// Speed beyond the network, km/h.
pub const OFF_ROAD_KMH: f64 = 40.0;
/// Farther off than this a place has no road, metres.
pub const MAX_SNAP_M: f64 = 25_000.0;

/// A place joined to the network.
#[derive(Clone, Copy, Debug)]
pub struct Joined {
    /// Where it is.
    pub position: LatLng,
    /// Where it joins.
    pub snap: Snap,
}

impl Joined {
    /// Metres driven between the place and the network.
    pub fn off_road_m(&self) -> f64 {
        self.snap.distance_m * OFF_ROAD_DETOUR
    }
}

/// Legs between joined places.
#[derive(Debug)]
pub struct RoadLegs {
    network: Rc<RoadNetwork>,
    places: Vec<Joined>,
    weightings: Vec<Weighting>,
    /// The least energy for a second of driving under each cap, kWh/s.
    thrift: Vec<f64>,
    off_road_kwh_per_m: f64,
    router: Router,
}

impl RoadLegs {
    /// Origin, destination and stations, joined to the network, for a car and its caps.
    pub fn new(
        network: Rc<RoadNetwork>,
        places: Vec<Joined>,
        consumer: &Consumer,
        caps_kmh: &[Option<f64>],
    ) -> Self {
        let weightings: Vec<_> = caps_kmh
            .iter()
            .map(|&cap| Weighting::new(&network, cap, |kmh| consumer.wh_per_km(kmh)))
            .collect();
        let thrift = weightings
            .iter()
            .map(|w| {
                w.energy_kwh
                    .iter()
                    .zip(&w.duration_s)
                    .filter(|(_, d)| **d > 0.0)
                    .map(|(e, d)| e / d)
                    .fold(f64::INFINITY, f64::min)
            })
            .collect();
        let router = Router::new(&network);
        let off_road_kwh_per_m = consumer.wh_per_km(OFF_ROAD_KMH) / 1e6;
        Self {
            network,
            places,
            weightings,
            thrift,
            off_road_kwh_per_m,
            router,
        }
    }

    /// Adds the ways between the places and the network at both ends.
    fn with_ends(&self, from: &Joined, to: &Joined, sums: PathSums) -> PathSums {
        let off = from.off_road_m() + to.off_road_m();
        PathSums {
            distance_m: sums.distance_m + off,
            duration_s: sums.duration_s + off * 3.6 / OFF_ROAD_KMH,
            energy_kwh: sums.energy_kwh + off * self.off_road_kwh_per_m,
        }
    }

    /// The network.
    pub fn network(&self) -> Rc<RoadNetwork> {
        Rc::clone(&self.network)
    }

    /// The path of a leg.
    pub fn path(
        &mut self,
        from: u32,
        leg: &LegCost,
    ) -> Option<(RoutePath, Joined, Joined, &Weighting)> {
        let (start, end) = (
            *self.places.get(from as usize)?,
            *self.places.get(leg.to as usize)?,
        );
        let weighting = self.weightings.get(usize::from(leg.cap))?;
        let targets = [end.snap];
        self.router.search_until(
            &self.network,
            weighting,
            Metric::Duration,
            &start.snap,
            true,
            f64::INFINITY,
            &targets,
        );
        let path = self.router.path_to(&self.network, weighting, &end.snap)?;
        Some((path, start, end, weighting))
    }

    /// Seconds and kWh for metres beyond the network.
    pub fn off_road(&self, meters: f64) -> (f64, f64) {
        (
            meters * 3.6 / OFF_ROAD_KMH,
            meters * self.off_road_kwh_per_m,
        )
    }
}

impl LegOracle for RoadLegs {
    fn n_places(&self) -> u32 {
        self.places.len() as u32
    }

    fn legs_from(&mut self, from: u32, max_need_kwh: f64, legs: &mut Vec<LegCost>) {
        let Some(&start) = self.places.get(from as usize) else {
            return;
        };
        let first = legs.len();
        for (cap, weighting) in self.weightings.iter().enumerate() {
            let thrift = self.thrift.get(cap).copied().unwrap_or(0.0);
            // No path of more seconds can need less than the most that may be needed.
            let limit_s = if thrift > 0.0 {
                max_need_kwh / thrift * (1.0 + 1e-9)
            } else {
                f64::INFINITY
            };
            self.router.search(
                &self.network,
                weighting,
                Metric::Duration,
                &start.snap,
                true,
                limit_s,
            );
            for (to, place) in self.places.iter().enumerate().skip(1) {
                if to as u32 == from {
                    continue;
                }
                let Some(sums) = self.router.to(&self.network, weighting, &place.snap) else {
                    continue;
                };
                let sums = self.with_ends(&start, place, sums);
                if sums.energy_kwh <= max_need_kwh {
                    legs.push(LegCost {
                        to: to as u32,
                        cap: cap as u8,
                        distance_m: sums.distance_m,
                        duration_s: sums.duration_s,
                        need_kwh: sums.energy_kwh,
                        energy_kwh: sums.energy_kwh,
                    });
                }
            }
        }
        if self.weightings.len() > 1
            && let Some(new) = legs.get_mut(first..)
        {
            new.sort_unstable_by_key(|l| (l.to, l.cap));
        }
    }

    fn bounds_to_destination(&mut self) -> Vec<Bound> {
        let n = self.places.len();
        let mut bounds = vec![
            Bound {
                drive_s: f64::INFINITY,
                energy_kwh: f64::INFINITY
            };
            n
        ];
        let Some(&end) = self.places.get(DESTINATION as usize) else {
            return bounds;
        };
        for weighting in &self.weightings {
            for metric in [Metric::Duration, Metric::Energy] {
                self.router.search(
                    &self.network,
                    weighting,
                    metric,
                    &end.snap,
                    false,
                    f64::INFINITY,
                );
                for (bound, place) in bounds.iter_mut().zip(&self.places) {
                    let Some(sums) = self.router.to(&self.network, weighting, &place.snap) else {
                        continue;
                    };
                    let sums = self.with_ends(place, &end, sums);
                    // Sums run the other way round than a leg's: allow for the last bit.
                    match metric {
                        Metric::Duration => {
                            bound.drive_s = bound.drive_s.min(sums.duration_s * (1.0 - 1e-9));
                        }
                        Metric::Energy => {
                            bound.energy_kwh = bound.energy_kwh.min(sums.energy_kwh * (1.0 - 1e-9));
                        }
                    }
                }
            }
        }
        if let Some(bound) = bounds.get_mut(DESTINATION as usize) {
            *bound = Bound {
                drive_s: 0.0,
                energy_kwh: 0.0,
            };
        }
        bounds
    }
}
