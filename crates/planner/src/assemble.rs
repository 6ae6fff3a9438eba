//! From the search's hops to the itinerary that people read.

use crate::cost::StopCharge;
use crate::itinerary::{
    Backup, ChargingStop, GraphLeg, GraphPlace, Itinerary, Leg, Plan, PlanLabel, ProfilePoint,
    StopGraph, StopRef,
};
use crate::legs::{DESTINATION, FIRST_STATION, LegCost, LegOracle, ORIGIN};
use crate::search::{Hop, Solution};
use crate::sides::across_the_road;
use crate::stations::Station;
use crate::trip::{Legs, Prepared};
use chongtu_model::{Amount, LatLng};

/// Consumption may be off by this share either way (published models differ by 5-10 %).
const BAND_SHARE: f64 = 0.10;

/// A stop that charges nothing only changes the speed cap: nobody need stop for that.
fn without_idle_stop(mut hop: Hop) -> Hop {
    if hop.from != ORIGIN
        && hop
            .charged
            .is_some_and(|(arrival, departure)| departure <= arrival)
    {
        hop.charged = None;
    }
    hop
}

/// Builds the answer of one prepared request.
pub(crate) struct Assembler<'a> {
    prepared: &'a mut Prepared,
}

impl<'a> Assembler<'a> {
    pub(crate) fn new(prepared: &'a mut Prepared) -> Self {
        Self { prepared }
    }

    pub(crate) fn plan(&mut self, solution: &Solution, keep_graph: bool) -> Plan {
        let itinerary = self.itinerary(solution);
        Plan {
            itineraries: vec![itinerary],
            skipped: self.prepared.stations.skipped,
            graph: keep_graph.then(|| self.graph(solution)),
            labels: self.prepared.search.taken(),
        }
    }

    fn itinerary(&mut self, solution: &Solution) -> Itinerary {
        let mut legs: Vec<Leg> = Vec::new();
        let mut stops: Vec<ChargingStop> = Vec::new();
        let mut soc = self.prepared.request.departure_soc.get();
        let mut elapsed_s = 0.0;
        let hops: Vec<Hop> = solution
            .hops
            .iter()
            .map(|h| without_idle_stop(*h))
            .collect();
        let mut rest = hops.as_slice();
        while let Some(first) = rest.first() {
            let joined = 1 + rest
                .iter()
                .skip(1)
                .take_while(|h| h.charged.is_none())
                .count();
            let (hops, others) = rest.split_at(joined);
            rest = others;
            if let Some((arrival, departure)) = first.charged {
                soc = departure;
                if first.from != ORIGIN {
                    let stop = self.stop(first.from, (arrival, departure), elapsed_s);
                    elapsed_s += stop
                        .as_ref()
                        .map_or(0.0, |s| s.overhead_s + s.wait_s + s.charge_s);
                    stops.extend(stop);
                }
            }
            let leg = self.leg(hops, soc);
            soc = leg.arrival_soc;
            elapsed_s += leg.duration_s;
            legs.push(leg);
        }
        let sum = |f: fn(&ChargingStop) -> f64| stops.iter().map(f).sum::<f64>();
        let (charge_s, wait_s, overhead_s) = (
            sum(|s| s.charge_s),
            sum(|s| s.wait_s),
            sum(|s| s.overhead_s),
        );
        let drive_s = legs.iter().map(|l| l.duration_s).sum::<f64>();
        let cost = stops.iter().map(|s| s.cost).reduce(|a, b| match (a, b) {
            (Some(a), Some(b)) if a.currency == b.currency => Some(Amount {
                minor: a.minor + b.minor,
                currency: a.currency,
            }),
            _ => None,
        });
        Itinerary {
            label: PlanLabel::Fastest,
            total_s: drive_s + charge_s + wait_s + overhead_s,
            drive_s,
            charge_s,
            wait_s,
            overhead_s,
            distance_m: legs.iter().map(|l| l.distance_m).sum(),
            energy_kwh: legs.iter().map(|l| l.energy_kwh).sum(),
            cost: cost.flatten(),
            departure_soc: self.prepared.request.departure_soc.get(),
            arrival_soc: soc,
            legs,
            stops,
            band_share: BAND_SHARE,
        }
    }

    fn stop_ref(&self, place: u32) -> StopRef {
        match place {
            ORIGIN => StopRef::Origin,
            DESTINATION => StopRef::Destination,
            _ => self
                .prepared
                .location(place)
                .map_or(StopRef::Origin, |l| StopRef::Location(l.id.clone())),
        }
    }

    /// One leg out of one hop or of several joined ones.
    fn leg(&mut self, hops: &[Hop], departure_soc: f64) -> Leg {
        let from = hops.first().map_or(ORIGIN, |h| h.from);
        let to = hops.last().map_or(DESTINATION, |h| h.leg.to);
        let passes = hops
            .iter()
            .skip(1)
            .filter_map(|h| self.prepared.location(h.from))
            .map(|l| l.id.clone())
            .collect();
        let sum = |f: fn(&LegCost) -> f64| hops.iter().map(|h| f(&h.leg)).sum::<f64>();
        let (distance_m, duration_s, energy_kwh) = (
            sum(|l| l.distance_m),
            sum(|l| l.duration_s),
            sum(|l| l.energy_kwh),
        );
        let mut caps = hops.iter().map(|h| {
            self.prepared
                .caps_kmh
                .get(usize::from(h.leg.cap))
                .copied()
                .flatten()
        });
        let speed_cap_kmh = caps.next().flatten();
        let mut leg = Leg {
            from: self.stop_ref(from),
            to: self.stop_ref(to),
            distance_m,
            duration_s,
            speed_cap_kmh,
            energy_kwh,
            departure_soc,
            arrival_soc: departure_soc - energy_kwh / self.prepared.vehicle.usable_battery_kwh,
            off_road_m: [0.0, 0.0],
            passes,
            geometry: Vec::new(),
            profile: vec![ProfilePoint {
                distance_m: 0.0,
                duration_s: 0.0,
                energy_kwh: 0.0,
            }],
            roads: Vec::new(),
        };
        let n_hops = hops.len();
        for (i, hop) in hops.iter().enumerate() {
            let off_road = self.draw(hop, &mut leg);
            if i == 0 {
                leg.off_road_m[0] = off_road[0];
            }
            if i + 1 == n_hops {
                leg.off_road_m[1] = off_road[1];
            }
        }
        // The profile's sums run piece by piece; its end is the leg's own figure.
        if let Some(last) = leg.profile.last_mut() {
            *last = ProfilePoint {
                distance_m,
                duration_s,
                energy_kwh,
            };
        }
        leg
    }

    /// Appends the line, the profile and the roads of a hop; gives the metres off the network at its ends.
    fn draw(&mut self, hop: &Hop, leg: &mut Leg) -> [f64; 2] {
        let mut at = leg.profile.last().copied().unwrap_or(ProfilePoint {
            distance_m: 0.0,
            duration_s: 0.0,
            energy_kwh: 0.0,
        });
        let mut advance = |d: f64, t: f64, e: f64| {
            if d > 0.0 {
                at = ProfilePoint {
                    distance_m: at.distance_m + d,
                    duration_s: at.duration_s + t,
                    energy_kwh: at.energy_kwh + e,
                };
                leg.profile.push(at);
            }
        };
        let ends = [self.position(hop.from), self.position(hop.leg.to)];
        match self.prepared.search.oracle() {
            Legs::GreatCircle(_) => {
                advance(hop.leg.distance_m, hop.leg.duration_s, hop.leg.energy_kwh);
                leg.geometry.extend(ends);
                [0.0, 0.0]
            }
            Legs::Roads(legs) => {
                let network = legs.network();
                let Some((path, start, end, weighting)) = legs.path(hop.from, &hop.leg) else {
                    return [0.0, 0.0];
                };
                let profile = path.profile(&network, weighting);
                let line = path.geometry(&network);
                let roads = path.refs(&network);
                let (head, tail) = (start.off_road_m(), end.off_road_m());
                let (head_s, head_kwh) = legs.off_road(head);
                advance(head, head_s, head_kwh);
                for pair in profile.windows(2) {
                    if let [a, b] = pair {
                        advance(b.0 - a.0, b.1 - a.1, b.2 - a.2);
                    }
                }
                let (tail_s, tail_kwh) = legs.off_road(tail);
                advance(tail, tail_s, tail_kwh);
                leg.geometry.push(start.position);
                leg.geometry.extend(line);
                leg.geometry.push(end.position);
                for (reference, meters) in roads {
                    match leg.roads.last_mut() {
                        Some((last, sum)) if *last == reference => *sum += meters,
                        _ => leg.roads.push((reference, meters)),
                    }
                }
                [head, tail]
            }
        }
    }

    fn position(&self, place: u32) -> LatLng {
        match place {
            ORIGIN => self.prepared.request.from,
            DESTINATION => self.prepared.request.to,
            _ => self
                .prepared
                .location(place)
                .map_or(self.prepared.request.from, |l| l.position),
        }
    }

    fn station(&self, place: u32) -> Option<&Station> {
        self.prepared
            .stations
            .stations
            .get(place.checked_sub(FIRST_STATION)? as usize)
    }

    /// A stop that is reached `elapsed_s` after departure.
    fn stop(
        &mut self,
        place: u32,
        (arrival_soc, departure_soc): (f64, f64),
        elapsed_s: f64,
    ) -> Option<ChargingStop> {
        let backup = self.backup(place, arrival_soc);
        let station = self.station(place)?;
        let location = self.prepared.location(place)?;
        let catalogue = self.prepared.world.catalogue();
        let vehicle = &self.prepared.vehicle;
        let charger = self
            .prepared
            .stations
            .chargers
            .get(station.charger as usize)?;
        let energy_kwh = (departure_soc - arrival_soc) * vehicle.usable_battery_kwh;
        let billed_kwh = energy_kwh / vehicle.charge_efficiency;
        let tariff = station
            .group
            .tariff
            .and_then(|t| catalogue.tariffs.get(t as usize));
        let overhead_s = self.prepared.request.overhead_s;
        // The overhead lies before the plug is in: leaving the road, finding the place.
        let start = self
            .prepared
            .request
            .departure_at
            .map(|at| at.plus_s(libm::round(elapsed_s + overhead_s) as i64));
        let cost = tariff.and_then(|tariff| {
            StopCharge {
                tariff,
                zone: catalogue.zone_of(location),
                charger,
                socs: (arrival_soc, departure_soc),
                billed_capacity_kwh: vehicle.usable_battery_kwh / vehicle.charge_efficiency,
                start,
            }
            .cost()
        });
        let (evse_uid, connector_id) = station.group.first.clone();
        Some(ChargingStop {
            location_id: location.id.clone(),
            name: location.name.clone(),
            position: location.position,
            road: location.road.as_ref().map(|r| r.reference.clone()),
            evse_uid,
            connector_id,
            standard: station.standard,
            power_kw: station.power_kw,
            assumed: station.assumed,
            counts: station.group.counts,
            demonstration: catalogue
                .source_of(location)
                .is_some_and(|s| s.demonstration),
            arrival_soc,
            departure_soc,
            energy_kwh,
            billed_kwh,
            charge_s: charger.time(arrival_soc, departure_soc),
            wait_s: 0.0,
            overhead_s,
            cost,
            backup,
        })
    }

    /// The nearest other station that what is left on arrival reaches.
    fn backup(&mut self, place: u32, arrival_soc: f64) -> Option<Backup> {
        let capacity = self.prepared.vehicle.usable_battery_kwh;
        let mut legs = Vec::new();
        self.prepared
            .search
            .oracle()
            .legs_from(place, arrival_soc * capacity, &mut legs);
        let here = self.prepared.location(place)?;
        let leg = legs
            .iter()
            .filter(|l| l.to >= FIRST_STATION)
            .filter(|l| {
                self.prepared
                    .location(l.to)
                    .is_some_and(|there| !across_the_road(here, there))
            })
            .min_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then(a.to.cmp(&b.to)))?;
        let (there, station) = (self.prepared.location(leg.to)?, self.station(leg.to)?);
        Some(Backup {
            location_id: there.id.clone(),
            name: there.name.clone(),
            distance_m: leg.distance_m,
            arrival_soc: arrival_soc - leg.energy_kwh / capacity,
            counts: station.group.counts,
        })
    }

    fn graph(&self, solution: &Solution) -> StopGraph {
        let ends = [
            ("origin", self.prepared.request.from),
            ("destination", self.prepared.request.to),
        ];
        let mut places: Vec<GraphPlace> = ends
            .into_iter()
            .map(|(id, position)| GraphPlace {
                id: id.to_owned(),
                position,
                groups: Vec::new(),
            })
            .collect();
        for (i, station) in self.prepared.stations.stations.iter().enumerate() {
            if let Some(location) = self.prepared.location(i as u32 + FIRST_STATION) {
                places.push(GraphPlace {
                    id: location.id.to_string(),
                    position: location.position,
                    groups: vec![(
                        station.standard,
                        station.power_kw,
                        station.group.counts.total(),
                    )],
                });
            }
        }
        let leg = |from: u32, l: &LegCost| GraphLeg {
            from,
            to: l.to,
            speed_cap_kmh: self
                .prepared
                .caps_kmh
                .get(usize::from(l.cap))
                .copied()
                .flatten(),
            distance_m: l.distance_m,
            duration_s: l.duration_s,
            need_kwh: l.need_kwh,
            energy_kwh: l.energy_kwh,
        };
        let mut legs: Vec<GraphLeg> = self
            .prepared
            .search
            .asked()
            .map(|(from, l)| leg(from, l))
            .collect();
        // Joined legs of the answer are sums: list them too, so that every leg of the answer is there.
        let mut hops = solution.hops.iter().peekable();
        while let Some(first) = hops.next() {
            let mut sum = leg(first.from, &first.leg);
            let mut joined = false;
            while let Some(next) = hops.next_if(|h| h.charged.is_none()) {
                let next = leg(next.from, &next.leg);
                sum.need_kwh = sum.need_kwh.max(sum.energy_kwh + next.need_kwh);
                sum.to = next.to;
                sum.distance_m += next.distance_m;
                sum.duration_s += next.duration_s;
                sum.energy_kwh += next.energy_kwh;
                joined = true;
            }
            if joined {
                legs.push(sum);
            }
        }
        StopGraph { places, legs }
    }
}
