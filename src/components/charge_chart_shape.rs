//! The charge along a trip as lines, bands and labels. Pure: the view draws what stands here.

pub(crate) mod labels;

use chongtu_model::LatLng;
use chongtu_worker::plan::{Itinerary, Leg};
use std::fmt::Write;

/// The charge at one point of the trip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reading {
    /// Metres since the start.
    pub distance_m: f64,
    /// Seconds since the start, stops included.
    pub elapsed_s: f64,
    /// Expected charge, 0..=1.
    pub soc: f64,
    /// Charge if consumption is as bad as the band says.
    pub low: f64,
    /// Charge if it is as good.
    pub high: f64,
}

/// A charging stop in the chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rise {
    /// Metres since the start.
    pub distance_m: f64,
    /// On arrival, with its band.
    pub arrive: Reading,
    /// Charge on departure.
    pub leave_soc: f64,
    /// Charging, seconds.
    pub charge_s: f64,
}

/// A trip, sampled.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChargeCurve {
    /// One line a leg. The band starts at nothing: a charge after charging is known.
    pub legs: Vec<Vec<Reading>>,
    /// The stops between them.
    pub rises: Vec<Rise>,
    /// The whole distance, metres.
    pub distance_m: f64,
    /// The lines on the map with their cumulative great-circle metres, one a leg.
    lines: Vec<Vec<(f64, LatLng)>>,
}

impl ChargeCurve {
    /// Samples an itinerary.
    pub(crate) fn new(itinerary: &Itinerary) -> Self {
        let (mut from_m, mut from_s) = (0.0, 0.0);
        let (mut legs, mut rises) = (Vec::new(), Vec::new());
        for (index, leg) in itinerary.legs.iter().enumerate() {
            let samples = sample(leg, from_m, from_s, itinerary.band_share);
            from_m += leg.distance_m;
            from_s += leg.duration_s;
            if let (Some(stop), Some(&arrive)) = (itinerary.stops.get(index), samples.last()) {
                rises.push(Rise {
                    distance_m: from_m,
                    arrive,
                    leave_soc: stop.departure_soc,
                    charge_s: stop.charge_s,
                });
                from_s += stop.charge_s + stop.wait_s + stop.overhead_s;
            }
            legs.push(samples);
        }
        let lines = itinerary
            .legs
            .iter()
            .map(|leg| measured(&leg.geometry))
            .collect();
        Self {
            legs,
            rises,
            distance_m: from_m,
            lines,
        }
    }

    /// The charge at a distance from the start, between the samples linear; at a stop: on arrival.
    pub(crate) fn at(&self, distance_m: f64) -> Option<Reading> {
        let (_, leg) = self.leg_at(distance_m)?;
        let after = leg.partition_point(|r| r.distance_m < distance_m);
        let next = leg.get(after).or_else(|| leg.last())?;
        let Some(before) = after.checked_sub(1).and_then(|i| leg.get(i)) else {
            return Some(*next);
        };
        let t = share(
            distance_m - before.distance_m,
            next.distance_m - before.distance_m,
        );
        let mix = |a: f64, b: f64| a + (b - a) * t;
        Some(Reading {
            distance_m: mix(before.distance_m, next.distance_m),
            elapsed_s: mix(before.elapsed_s, next.elapsed_s),
            soc: mix(before.soc, next.soc),
            low: mix(before.low, next.low),
            high: mix(before.high, next.high),
        })
    }

    /// Where on the map that is: by share of the leg's length along its line.
    pub(crate) fn position_at(&self, distance_m: f64) -> Option<LatLng> {
        let (index, leg) = self.leg_at(distance_m)?;
        let (start, end) = (leg.first()?.distance_m, leg.last()?.distance_m);
        let line = self.lines.get(index)?;
        let length = line.last()?.0;
        let along = length * share(distance_m - start, end - start);
        let after = line.partition_point(|p| p.0 < along);
        let (next_m, next) = *line.get(after).or_else(|| line.last())?;
        let Some(&(before_m, before)) = after.checked_sub(1).and_then(|i| line.get(i)) else {
            return Some(next);
        };
        let t = share(along - before_m, next_m - before_m);
        Some(LatLng {
            lat: before.lat + (next.lat - before.lat) * t,
            lng: before.lng + (next.lng - before.lng) * t,
        })
    }

    fn leg_at(&self, distance_m: f64) -> Option<(usize, &Vec<Reading>)> {
        let ends_after =
            |leg: &&Vec<Reading>| leg.last().is_some_and(|r| r.distance_m >= distance_m);
        let index = self
            .legs
            .iter()
            .position(|leg| ends_after(&leg))
            .unwrap_or(self.legs.len().checked_sub(1)?);
        Some((index, self.legs.get(index)?))
    }
}

/// `part / whole` within 0..=1; the end where there is no whole.
fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 {
        (part / whole).clamp(0.0, 1.0)
    } else {
        1.0
    }
}

fn sample(leg: &Leg, from_m: f64, from_s: f64, band_share: f64) -> Vec<Reading> {
    let used_soc = leg.departure_soc - leg.arrival_soc;
    let reading = |distance_m: f64, duration_s: f64, energy_share: f64| {
        let used = used_soc * energy_share;
        let soc = leg.departure_soc - used;
        let off = used.abs() * band_share;
        Reading {
            distance_m: from_m + distance_m,
            elapsed_s: from_s + duration_s,
            soc,
            low: (soc - off).max(0.0),
            high: (soc + off).min(leg.departure_soc.max(soc)),
        }
    };
    let mut samples = vec![reading(0.0, 0.0, 0.0)];
    for p in &leg.profile {
        // The ends are exact by themselves; a profile that says nothing of energy is spread by distance.
        if p.distance_m > 0.0 && p.distance_m < leg.distance_m {
            let used = if leg.energy_kwh > 0.0 {
                p.energy_kwh / leg.energy_kwh
            } else {
                share(p.distance_m, leg.distance_m)
            };
            samples.push(reading(p.distance_m, p.duration_s, used));
        }
    }
    samples.push(reading(leg.distance_m, leg.duration_s, 1.0));
    samples
}

fn measured(line: &[LatLng]) -> Vec<(f64, LatLng)> {
    let mut along = 0.0;
    let mut before: Option<LatLng> = None;
    line.iter()
        .map(|&p| {
            along += before.map_or(0.0, |b| b.distance_m(p));
            before = Some(p);
            (along, p)
        })
        .collect()
}

/// The plot's own units: x 0..=1000 along the trip, y 0 (full) ..=100 (empty).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    /// Metres at the right edge.
    pub distance_m: f64,
    /// Charge at the upper edge.
    pub top_soc: f64,
}

impl Scale {
    /// Across the plot, 0..=1000.
    pub(crate) fn x(&self, distance_m: f64) -> f64 {
        if self.distance_m > 0.0 {
            distance_m / self.distance_m * 1000.0
        } else {
            0.0
        }
    }

    /// Down the plot, 0..=100.
    pub(crate) fn y(&self, soc: f64) -> f64 {
        (1.0 - soc / self.top_soc) * 100.0
    }

    /// A polyline through readings, as SVG path data.
    pub(crate) fn line(&self, readings: &[Reading]) -> String {
        self.path(readings.iter().map(|r| (r.distance_m, r.soc)))
    }

    /// The band around readings, as SVG path data of a closed shape.
    pub(crate) fn band(&self, readings: &[Reading]) -> String {
        let upper = readings.iter().map(|r| (r.distance_m, r.high));
        let lower = readings.iter().rev().map(|r| (r.distance_m, r.low));
        let mut path = self.path(upper.chain(lower));
        path.push('Z');
        path
    }

    fn path(&self, points: impl Iterator<Item = (f64, f64)>) -> String {
        points.fold(String::new(), |mut path, (distance_m, soc)| {
            let command = if path.is_empty() { 'M' } else { 'L' };
            // Writing into a string cannot fail.
            let _ = write!(
                path,
                "{command}{:.1} {:.2}",
                self.x(distance_m),
                self.y(soc)
            );
            path
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_model::provenance::LocalText;
    use chongtu_model::{ConnectorId, ConnectorStandard, EvseUid, LocationId, StatusCounts};
    use chongtu_worker::plan::itinerary::ProfilePoint;
    use chongtu_worker::plan::{ChargingStop, PlanLabel, StopRef};

    fn leg(distance_m: f64, departure_soc: f64, arrival_soc: f64, geometry: Vec<LatLng>) -> Leg {
        let (duration_s, energy_kwh) = (distance_m / 25.0, (departure_soc - arrival_soc) * 60.0);
        // The first half of the way takes a third of the energy.
        let profile = [(0.0, 0.0), (0.5, 1.0 / 3.0), (1.0, 1.0)].map(|(d, e)| ProfilePoint {
            distance_m: distance_m * d,
            duration_s: duration_s * d,
            energy_kwh: energy_kwh * e,
        });
        Leg {
            from: StopRef::Origin,
            to: StopRef::Destination,
            distance_m,
            duration_s,
            speed_cap_kmh: None,
            energy_kwh,
            departure_soc,
            arrival_soc,
            off_road_m: [0.0, 0.0],
            passes: Vec::new(),
            geometry,
            profile: profile.to_vec(),
            roads: Vec::new(),
        }
    }

    fn stop(arrival_soc: f64, departure_soc: f64) -> ChargingStop {
        let id = LocationId::new("a");
        ChargingStop {
            location_id: id,
            name: LocalText::plain("A"),
            position: LatLng { lat: 0.0, lng: 1.0 },
            road: None,
            evse_uid: EvseUid::new("e"),
            connector_id: ConnectorId::new("1"),
            standard: ConnectorStandard::GbtDc,
            power_kw: 120.0,
            assumed: false,
            counts: StatusCounts::default(),
            demonstration: true,
            arrival_soc,
            departure_soc,
            energy_kwh: 20.0,
            billed_kwh: 21.0,
            charge_s: 900.0,
            wait_s: 0.0,
            overhead_s: 300.0,
            cost: None,
            backup: None,
        }
    }

    /// Two legs along the equator: 1 degree in 120 km (winding), then 1 degree in 150 km.
    fn trip() -> Itinerary {
        let at = |lng| LatLng { lat: 0.0, lng };
        let legs = vec![
            leg(120_000.0, 0.8, 0.5, vec![at(0.0), at(0.25), at(1.0)]),
            leg(150_000.0, 0.7, 0.1, vec![at(1.0), at(2.0)]),
        ];
        Itinerary {
            label: PlanLabel::Fastest,
            total_s: 12_000.0,
            drive_s: 10_800.0,
            charge_s: 900.0,
            wait_s: 0.0,
            overhead_s: 300.0,
            distance_m: 270_000.0,
            energy_kwh: 54.0,
            cost: None,
            departure_soc: 0.8,
            arrival_soc: 0.1,
            legs,
            stops: vec![stop(0.5, 0.7)],
            band_share: 0.1,
        }
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn the_curve_meets_the_ends_of_every_leg() {
        let curve = ChargeCurve::new(&trip());
        assert!(close(curve.distance_m, 270_000.0));
        let ends: Vec<_> = curve
            .legs
            .iter()
            .map(|l| (l[0].soc, l[l.len() - 1].soc, l[l.len() - 1].elapsed_s))
            .collect();
        assert_eq!(ends.len(), 2);
        assert!(close(ends[0].0, 0.8) && close(ends[0].1, 0.5) && close(ends[0].2, 4_800.0));
        assert!(
            close(ends[1].0, 0.7)
                && close(ends[1].1, 0.1)
                && close(ends[1].2, 4_800.0 + 1_200.0 + 6_000.0)
        );
        assert_eq!(curve.rises.len(), 1);
        assert!(
            close(curve.rises[0].distance_m, 120_000.0) && close(curve.rises[0].leave_soc, 0.7)
        );
    }

    #[test]
    fn the_band_grows_from_nothing_on_every_leg() {
        let curve = ChargeCurve::new(&trip());
        for leg in &curve.legs {
            assert!(close(leg[0].low, leg[0].soc) && close(leg[0].high, leg[0].soc));
            assert!(
                leg.windows(2)
                    .all(|w| w[1].high - w[1].low >= w[0].high - w[0].low)
            );
            assert!(
                leg.iter()
                    .all(|r| 0.0 <= r.low && r.low <= r.soc && r.soc <= r.high && r.high <= 1.0)
            );
        }
        // 30 points used, a tenth of it either way.
        let arrive = curve.rises[0].arrive;
        assert!(close(arrive.low, 0.47) && close(arrive.high, 0.53));
    }

    #[test]
    fn reads_between_samples_and_beyond_the_ends() {
        let curve = ChargeCurve::new(&trip());
        // A quarter of the first leg: half of the third that its first half takes.
        let quarter = curve.at(30_000.0).unwrap();
        assert!(close(quarter.soc, 0.8 - 0.3 / 6.0) && close(quarter.elapsed_s, 1_200.0));
        assert!(close(curve.at(120_000.0).unwrap().soc, 0.5), "on arrival");
        assert!(close(curve.at(-5.0).unwrap().soc, 0.8));
        assert!(close(curve.at(9e9).unwrap().soc, 0.1));
    }

    #[test]
    fn follows_the_line_on_the_map() {
        let curve = ChargeCurve::new(&trip());
        for (distance_m, lng) in [
            (0.0, 0.0),
            (12_000.0, 0.1),
            (60_000.0, 0.5),
            (120_000.0, 1.0),
            (195_000.0, 1.5),
            (270_000.0, 2.0),
            (9e9, 2.0),
        ] {
            let at = curve.position_at(distance_m).unwrap();
            assert!((at.lng - lng).abs() < 1e-6, "{distance_m}: {at:?}");
        }
    }

    #[test]
    fn an_empty_trip_has_no_reading() {
        let mut empty = trip();
        empty.legs.clear();
        empty.stops.clear();
        let curve = ChargeCurve::new(&empty);
        assert_eq!((curve.at(1.0), curve.position_at(1.0)), (None, None));
        // A trip to where one is already.
        let mut nowhere = trip();
        nowhere.stops.clear();
        nowhere.legs = vec![leg(0.0, 0.5, 0.5, vec![LatLng { lat: 1.0, lng: 1.0 }])];
        let curve = ChargeCurve::new(&nowhere);
        assert!(close(curve.at(0.0).unwrap().soc, 0.5));
        assert_eq!(curve.position_at(0.0), Some(LatLng { lat: 1.0, lng: 1.0 }));
        let scale = Scale {
            distance_m: 0.0,
            top_soc: 1.0,
        };
        assert!(!scale.line(&curve.legs[0]).contains("NaN"));
    }
}
