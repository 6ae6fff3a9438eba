//! A plan computed again in other ways: driving time by petgraph or by trigonometry, energy from
//! the car's table, charging time by summing up small steps.

use anyhow::{Context as _, Result, bail, ensure};
use chongtu_model::vehicle::{Consumption, Interpolation, OutOfRange};
use chongtu_model::{Catalogue, LatLng, Vehicle};
use chongtu_planner::road_legs::{MAX_SNAP_M, OFF_ROAD_DETOUR, OFF_ROAD_KMH};
use chongtu_planner::{Assumptions, ChargingStop, Itinerary, Leg, StopRef, TripRequest};
use chongtu_roads::{EdgeIdx, RoadNetwork, Side, Snap};
use petgraph::visit::EdgeRef as _;

/// How the plan travels.
#[derive(Clone, Copy)]
pub(crate) enum Drive<'a> {
    /// On these roads.
    Roads(&'a RoadNetwork),
    /// Great circles at this speed, km/h, without detour.
    GreatCircle(f64),
}

/// What a plan is held against.
#[derive(Clone, Copy)]
pub(crate) struct Check<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) drive: Drive<'a>,
    pub(crate) vehicle: &'a Vehicle,
    pub(crate) request: &'a TripRequest,
    pub(crate) assumptions: &'a Assumptions,
}

/// Slack for shares of the battery.
const SOC: f64 = 1e-9;

fn near(a: f64, b: f64, relative: f64, absolute: f64) -> bool {
    (a - b).abs() <= absolute + relative * a.abs().max(b.abs())
}

impl Check<'_> {
    /// Holds every figure against its own computation; gives the total time of that computation,
    /// seconds.
    pub(crate) fn total_s(&self, it: &Itinerary) -> Result<f64> {
        ensure!(
            it.legs.len() == it.stops.len() + 1,
            "{} legs and {} stops",
            it.legs.len(),
            it.stops.len()
        );
        let mut soc = self.request.departure_soc.get();
        let mut at = (StopRef::Origin, self.request.from);
        let mut sides = vec![Side::Both];
        let (mut drive_s, mut charge_s, mut energy_kwh, mut distance_m) = (0.0, 0.0, 0.0, 0.0);
        for (i, leg) in it.legs.iter().enumerate() {
            let stop = it.stops.get(i);
            let (end, position, least) = match stop {
                Some(stop) => (
                    StopRef::Location(stop.location_id.clone()),
                    stop.position,
                    self.request.charger_arrival_soc,
                ),
                None => (
                    StopRef::Destination,
                    self.request.to,
                    self.request.arrival_soc,
                ),
            };
            ensure!(
                leg.from == at.0 && leg.to == end,
                "leg {i} does not join up"
            );
            ensure!(
                near(leg.departure_soc, soc, 0.0, SOC),
                "leg {i} departs with {}, there is {soc}",
                leg.departure_soc
            );
            let (leg_s, leg_sides) = self
                .leg_s(leg, (at.1, &sides), position)
                .with_context(|| format!("leg {i}"))?;
            drive_s += leg_s;
            sides = leg_sides;
            energy_kwh += leg.energy_kwh;
            distance_m += leg.distance_m;
            soc -= leg.energy_kwh / self.vehicle.usable_battery_kwh;
            ensure!(
                near(leg.arrival_soc, soc, 0.0, SOC)
                    && soc >= self.request.reserve_soc.get() - SOC
                    && soc >= least.get() - SOC,
                "leg {i} arrives with {}, by its energy {soc}",
                leg.arrival_soc
            );
            if let Some(stop) = stop {
                charge_s += self
                    .stop_s(stop, soc)
                    .with_context(|| format!("stop {i} at {}", stop.location_id))?;
                soc = stop.departure_soc;
                at = (end, position);
            }
        }
        let overhead_s = self.request.overhead_s * it.stops.len() as f64;
        for (what, theirs, ours) in [
            ("drive_s", it.drive_s, drive_s),
            ("charge_s", it.charge_s, charge_s),
            ("overhead_s", it.overhead_s, overhead_s),
            ("energy_kwh", it.energy_kwh, energy_kwh),
            ("distance_m", it.distance_m, distance_m),
            ("arrival_soc", it.arrival_soc, soc),
            ("wait_s", it.wait_s, 0.0),
            (
                "total_s",
                it.total_s,
                it.drive_s + it.charge_s + it.overhead_s + it.wait_s,
            ),
        ] {
            ensure!(
                near(theirs, ours, 1e-5, 1e-6),
                "{what} is {theirs}, by its parts {ours}"
            );
        }
        Ok(drive_s + charge_s + overhead_s)
    }

    /// Driving time of a leg, computed again, and the sides of its end with which it is right; its
    /// energy is held against the car's table.
    fn leg_s(&self, leg: &Leg, from: (LatLng, &[Side]), to: LatLng) -> Result<(f64, Vec<Side>)> {
        let mut hops = Vec::new();
        for id in &leg.passes {
            let place = self.catalogue.find(id).context("it passes nowhere")?;
            hops.push((place.position, self.sides(&StopRef::Location(id.clone()))));
        }
        hops.push((to, self.sides(&leg.to)));
        let mut ways: Vec<(Side, f64)> = from.1.iter().map(|&side| (side, 0.0)).collect();
        let mut at = from.0;
        for (next, sides) in hops {
            let mut further = Vec::new();
            match self.drive {
                Drive::GreatCircle(kmh) => {
                    let seconds = haversine_m(at, next) * 3.6 / kmh;
                    further.extend(
                        ways.iter()
                            .map(|&(_, before)| (Side::Both, before + seconds)),
                    );
                }
                Drive::Roads(network) => {
                    let way = Way::new(network, self.request.max_speed_kmh, at, next)?;
                    for &(from, before) in &ways {
                        for &to in &sides {
                            further.push((to, before + way.seconds(from, to)));
                        }
                    }
                }
            }
            (ways, at) = (further, next);
        }
        ways.retain(|&(_, seconds)| near(leg.duration_s, seconds, 1e-6, 1e-3));
        let Some(&(_, seconds)) = ways.first() else {
            bail!("it takes {} s; computed again it does not", leg.duration_s);
        };
        for pair in leg.profile.windows(2) {
            let [a, b] = pair else { continue };
            let (metres, seconds) = (b.distance_m - a.distance_m, b.duration_s - a.duration_s);
            if metres <= 0.01 || seconds <= 0.0 {
                continue;
            }
            let expected = metres * self.wh_per_km(metres / seconds * 3.6)? / 1e6;
            let energy = b.energy_kwh - a.energy_kwh;
            // Differences of sums: a part of a metre is not exact.
            ensure!(
                near(energy, expected, 1e-4, 1e-7),
                "{metres} m in {seconds} s need {energy} kWh, by the table {expected}"
            );
        }
        let end = leg.profile.last().context("it has no profile")?;
        ensure!(
            near(end.energy_kwh, leg.energy_kwh, 1e-9, 1e-9)
                && near(end.duration_s, leg.duration_s, 1e-9, 1e-6)
                && near(end.distance_m, leg.distance_m, 1e-9, 1e-3),
            "its profile ends elsewhere"
        );
        let mut sides: Vec<Side> = Vec::new();
        for (side, _) in ways {
            if !sides.contains(&side) {
                sides.push(side);
            }
        }
        Ok((seconds, sides))
    }

    /// The carriageways that a place may lie on: any one where the source names a direction, which
    /// it does in words; one and the same for all legs of a trip.
    fn sides(&self, place: &StopRef) -> Vec<Side> {
        let road = match place {
            StopRef::Location(id) => self.catalogue.find(id).and_then(|l| l.road.as_ref()),
            _ => None,
        };
        if road.is_some_and(|r| r.direction.is_some()) {
            vec![Side::Both, Side::Forward, Side::Backward]
        } else {
            vec![Side::Both]
        }
    }

    /// The car's table by hand.
    fn wh_per_km(&self, kmh: f64) -> Result<f64> {
        let Consumption::SpeedTable(table) = &self.vehicle.consumption;
        if (table.interpolation, table.out_of_range) != (Interpolation::Linear, OutOfRange::Clamp) {
            bail!("the check knows linear, clamped tables only");
        }
        Ok(between(&table.points, kmh) + self.vehicle.auxiliary_kw * 1000.0 / kmh)
    }

    /// Charging time of a stop, computed again.
    fn stop_s(&self, stop: &ChargingStop, arrival: f64) -> Result<f64> {
        let location = self
            .catalogue
            .find(&stop.location_id)
            .context("there is no such location")?;
        let offered = location.evses.iter().flat_map(|e| &e.connectors).any(|c| {
            let kw = c.power_w.map(|w| f64::from(w) / 1000.0);
            c.standard.or(self.assumptions.connector) == Some(stop.standard)
                && kw.or(self.assumptions.power_kw) == Some(stop.power_kw)
        });
        ensure!(
            offered && stop.position == location.position,
            "it does not offer {:?} of {} kW there",
            stop.standard,
            stop.power_kw
        );
        ensure!(
            near(stop.arrival_soc, arrival, 0.0, SOC)
                && stop.departure_soc > arrival
                && stop.departure_soc <= self.request.max_charge_soc.get() + SOC,
            "it charges from {} to {}, arriving with {arrival}",
            stop.arrival_soc,
            stop.departure_soc
        );
        let inlet = self
            .vehicle
            .connectors
            .iter()
            .find(|c| c.standard == stop.standard)
            .context("the car has no such inlet")?;
        let limit_kw = inlet
            .max_power_kw
            .unwrap_or(f64::INFINITY)
            .min(stop.power_kw)
            * self.vehicle.charge_efficiency;
        let seconds = charge_s(self.vehicle, limit_kw, arrival, stop.departure_soc)?;
        let energy = (stop.departure_soc - arrival) * self.vehicle.usable_battery_kwh;
        ensure!(
            near(stop.charge_s, seconds, 1e-5, 1e-3),
            "it takes {} s, in small steps {seconds} s",
            stop.charge_s
        );
        ensure!(
            near(stop.energy_kwh, energy, 1e-9, 1e-9),
            "it gives {} kWh, by the charge {energy}",
            stop.energy_kwh
        );
        Ok(seconds)
    }
}

/// Seconds from `a` to `b` at no more than `limit_kw`, in small steps.
pub(crate) fn charge_s(vehicle: &Vehicle, limit_kw: f64, a: f64, b: f64) -> Result<f64> {
    const STEPS: u32 = 2_000;
    let curve = &vehicle.charge_curve;
    if curve.interpolation != Interpolation::Linear {
        bail!("the check knows linear curves only");
    }
    let mut marks = vec![a, b];
    marks.extend(
        curve
            .points
            .iter()
            .map(|p| p[0])
            .filter(|&x| x > a && x < b),
    );
    marks.sort_unstable_by(f64::total_cmp);
    let mut seconds = 0.0;
    for pair in marks.windows(2) {
        let [x0, x1] = pair else { continue };
        let dx = (x1 - x0) / f64::from(STEPS);
        for i in 0..STEPS {
            let power = between(&curve.points, x0 + (f64::from(i) + 0.5) * dx).min(limit_kw);
            seconds += 3600.0 * vehicle.usable_battery_kwh * dx / power;
        }
    }
    Ok(seconds)
}

/// A table's value, linear between points, the ends' beyond them.
fn between(points: &[[f64; 2]], x: f64) -> f64 {
    let mut value = points.first().map_or(f64::NAN, |p| p[1]);
    for pair in points.windows(2) {
        let [a, b] = pair else { continue };
        if x >= b[0] {
            value = b[1];
        } else if x > a[0] {
            return a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]);
        }
    }
    value
}

/// The great circle on the mean radius, metres.
pub(crate) fn haversine_m(a: LatLng, b: LatLng) -> f64 {
    let (lat_a, lat_b) = (a.lat.to_radians(), b.lat.to_radians());
    let h = ((lat_b - lat_a) / 2.0).sin().powi(2)
        + lat_a.cos() * lat_b.cos() * ((b.lng - a.lng).to_radians() / 2.0).sin().powi(2);
    2.0 * 6_371_008.8 * h.sqrt().min(1.0).asin()
}

/// The fastest way between two places by petgraph, with the ways between places and roads.
struct Way<'a> {
    network: &'a RoadNetwork,
    cap_kmh: f64,
    from: Snap,
    to: Snap,
    /// Seconds from the ends of the first edge (`a`, `b`) to the ends of the last.
    between_ends: [[f64; 2]; 2],
}

impl<'a> Way<'a> {
    fn new(network: &'a RoadNetwork, cap: Option<f64>, a: LatLng, b: LatLng) -> Result<Self> {
        let snap = |p| {
            let snaps = network.snap(p, MAX_SNAP_M, 1);
            snaps.into_iter().next().context("no road nearby")
        };
        let mut way = Self {
            network,
            cap_kmh: cap.unwrap_or(f64::INFINITY),
            from: snap(a)?,
            to: snap(b)?,
            between_ends: [[f64::INFINITY; 2]; 2],
        };
        let [first, last] = [way.from, way.to].map(|s| network.edge_endpoints(s.edge));
        for (i, start) in [first.0, first.1].into_iter().enumerate() {
            let found = petgraph::algo::dijkstra(network, start, None, |e| {
                way.part_s(e.id(), network.edge_length_m(e.id()))
            });
            for (j, end) in [last.0, last.1].into_iter().enumerate() {
                way.between_ends[i][j] = found.get(&end).copied().unwrap_or(f64::INFINITY);
            }
        }
        Ok(way)
    }

    /// Seconds for metres of an edge.
    fn part_s(&self, edge: EdgeIdx, metres: f64) -> f64 {
        let class = self.network.class_speeds_kmh()[usize::from(self.network.edge_class(edge))];
        metres * 3.6 / class.min(self.cap_kmh)
    }

    /// Seconds from one place to the other when they lie on these carriageways; infinite when no
    /// way leads there.
    fn seconds(&self, from_side: Side, to_side: Side) -> f64 {
        let (from, to) = (&self.from, &self.to);
        let two_way = |snap: &Snap| !self.network.edge_oneway(snap.edge);
        let length_m = |snap: &Snap| self.network.edge_length_m(snap.edge);
        let mut best = f64::INFINITY;
        if from.edge == to.edge {
            let forward = from.offset_m <= to.offset_m;
            if (forward || two_way(from)) && from_side.serves(forward) && to_side.serves(forward) {
                best = self.part_s(from.edge, (from.offset_m - to.offset_m).abs());
            }
        }
        for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            // One leaves forward towards `b`, and arrives forward from `a`.
            let (leave_forward, arrive_forward) = (i == 1, j == 0);
            if !(leave_forward || two_way(from)) || !(arrive_forward || two_way(to)) {
                continue;
            }
            if !from_side.serves(leave_forward) || !to_side.serves(arrive_forward) {
                continue;
            }
            let before_m = if leave_forward {
                length_m(from) - from.offset_m
            } else {
                from.offset_m
            };
            let after_m = if arrive_forward {
                to.offset_m
            } else {
                length_m(to) - to.offset_m
            };
            best = best.min(
                self.part_s(from.edge, before_m)
                    + self.between_ends[i][j]
                    + self.part_s(to.edge, after_m),
            );
        }
        let off_m = (from.distance_m + to.distance_m) * OFF_ROAD_DETOUR;
        best + off_m * 3.6 / OFF_ROAD_KMH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_circles_by_hand() {
        let points = [[50.0, 130.0], [90.0, 160.0], [120.0, 220.0]];
        for (x, y) in [
            (40.0, 130.0),
            (70.0, 145.0),
            (90.0, 160.0),
            (105.0, 190.0),
            (130.0, 220.0),
        ] {
            assert!((between(&points, x) - y).abs() < 1e-12, "{x}");
        }
        // A quarter of a meridian.
        let (equator, pole) = (
            LatLng { lat: 0.0, lng: 7.0 },
            LatLng {
                lat: 90.0,
                lng: 7.0,
            },
        );
        let quarter = 6_371_008.8 * std::f64::consts::FRAC_PI_2;
        assert!((haversine_m(equator, pole) - quarter).abs() < 1e-6);
    }
}
