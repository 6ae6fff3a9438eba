//! Legs between places: what the search drives on.
//!
//! Places are numbered: 0 is the origin, 1 the destination, 2 and on the stations.

use chongtu_model::LatLng;

/// The origin's number.
pub const ORIGIN: u32 = 0;
/// The destination's number.
pub const DESTINATION: u32 = 1;
/// The first station's number.
pub const FIRST_STATION: u32 = 2;

/// A leg, without its line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LegCost {
    /// The place it leads to.
    pub to: u32,
    /// Index into the caps that the oracle was made with.
    pub cap: u8,
    /// Metres.
    pub distance_m: f64,
    /// Seconds.
    pub duration_s: f64,
    /// Needed in the battery at departure so that it never falls below 0 on the way, kWh.
    /// More than `energy_kwh` where the leg climbs first and regains later.
    pub need_kwh: f64,
    /// Used in sum, kWh.
    pub energy_kwh: f64,
}

/// Lower bounds of what is left to the destination.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// Driving, seconds; infinite where no road leads.
    pub drive_s: f64,
    /// Energy, kWh; infinite where no road leads.
    pub energy_kwh: f64,
}

/// Where legs come from: a road network, great circles, a given matrix.
pub trait LegOracle {
    /// How many places there are, origin and destination among them.
    fn n_places(&self) -> u32;

    /// Appends the legs from a place to every other place whose need is at most `max_need_kwh`,
    /// in order of `(to, cap)`. Per pair at most one leg a cap. No leg leads to the origin.
    fn legs_from(&mut self, from: u32, max_need_kwh: f64, legs: &mut Vec<LegCost>);

    /// Whether joining two legs is never faster nor thriftier than the given legs between their ends.
    fn is_closed(&self) -> bool {
        false
    }

    /// For every place a lower bound of driving time and of energy to the destination, over all
    /// ways that legs can be joined.
    fn bounds_to_destination(&mut self) -> Vec<Bound>;
}

/// Great circles times a detour factor at one speed: for data without roads.
#[derive(Clone, Debug)]
pub struct GreatCircleLegs {
    /// Positions of all places.
    pub places: Vec<LatLng>,
    /// Constant speed, km/h.
    pub cruise_kmh: f64,
    /// Metres driven for a metre of great circle, at least 1.
    pub detour: f64,
    /// Wh for a kilometre at that speed.
    pub wh_per_km: f64,
}

impl GreatCircleLegs {
    fn leg(&self, from: LatLng, to: LatLng) -> (f64, f64, f64) {
        let distance_m = from.distance_m(to) * self.detour;
        (
            distance_m,
            distance_m * 3.6 / self.cruise_kmh,
            distance_m * self.wh_per_km / 1e6,
        )
    }
}

impl LegOracle for GreatCircleLegs {
    fn n_places(&self) -> u32 {
        self.places.len() as u32
    }

    fn legs_from(&mut self, from: u32, max_need_kwh: f64, legs: &mut Vec<LegCost>) {
        let Some(&start) = self.places.get(from as usize) else {
            return;
        };
        for (to, &place) in self.places.iter().enumerate().skip(1) {
            let (distance_m, duration_s, energy_kwh) = self.leg(start, place);
            if to as u32 != from && energy_kwh <= max_need_kwh {
                legs.push(LegCost {
                    to: to as u32,
                    cap: 0,
                    distance_m,
                    duration_s,
                    need_kwh: energy_kwh,
                    energy_kwh,
                });
            }
        }
    }

    fn is_closed(&self) -> bool {
        true
    }

    fn bounds_to_destination(&mut self) -> Vec<Bound> {
        let Some(&end) = self.places.get(DESTINATION as usize) else {
            return Vec::new();
        };
        let bound = |&place| {
            let (_, drive_s, energy_kwh) = self.leg(place, end);
            // Great circles obey the triangle inequality but for rounding.
            Bound {
                drive_s: drive_s * (1.0 - 1e-12),
                energy_kwh: energy_kwh * (1.0 - 1e-12),
            }
        };
        self.places.iter().map(bound).collect()
    }
}

/// A given list of legs: fixed-route problems, and tests.
#[derive(Clone, Debug, Default)]
pub struct MatrixLegs {
    /// For every place its legs in order of `(to, cap)`.
    pub legs: Vec<Vec<LegCost>>,
}

impl LegOracle for MatrixLegs {
    fn n_places(&self) -> u32 {
        self.legs.len() as u32
    }

    fn legs_from(&mut self, from: u32, max_need_kwh: f64, legs: &mut Vec<LegCost>) {
        if let Some(all) = self.legs.get(from as usize) {
            legs.extend(
                all.iter()
                    .filter(|l| l.need_kwh <= max_need_kwh && l.to != ORIGIN && l.to != from),
            );
        }
    }

    fn bounds_to_destination(&mut self) -> Vec<Bound> {
        let n = self.legs.len();
        let shortest = |weight: fn(&LegCost) -> f64| {
            // Bellman and Ford: matrices are small, and energies may be negative downhill.
            let mut best = vec![f64::INFINITY; n];
            if let Some(end) = best.get_mut(DESTINATION as usize) {
                *end = 0.0;
            }
            for _ in 0..n {
                let mut changed = false;
                for (from, legs) in self.legs.iter().enumerate() {
                    for leg in legs {
                        let via = best.get(leg.to as usize).copied().unwrap_or(f64::INFINITY)
                            + weight(leg);
                        if let Some(old) = best.get_mut(from)
                            && via < *old
                        {
                            *old = via;
                            changed = true;
                        }
                    }
                }
                if !changed {
                    break;
                }
            }
            best
        };
        let (drive, energy) = (shortest(|l| l.duration_s), shortest(|l| l.energy_kwh));
        drive
            .into_iter()
            .zip(energy)
            .map(|(drive_s, energy_kwh)| Bound {
                drive_s,
                energy_kwh,
            })
            .collect()
    }
}
