//! What charging at a location would cost.

use super::location::next_open_change;
use crate::catalogue::{CarCharge, Charge, Estimate, EstimateQuestion};
use chongtu_model::hours::OpeningHours;
use chongtu_model::money::Quantity;
use chongtu_model::pricing::{
    CheapestWindow, Session, SessionPeriod, bill_session_at, cheapest_window,
};
use chongtu_model::tariff::Tariff;
use chongtu_model::time::TimeZone;
use chongtu_model::{Catalogue, Instant};
use chongtu_planner::charging::ChargeFunction;

const DAY_S: i64 = 86_400;
/// Into so many steps of charge a car's curve is cut.
const STEPS: u32 = 40;
/// No session is longer than this, s: 10 days.
const LONGEST_S: i64 = 10 * DAY_S;

/// The estimate; `None` when there is no such location or tariff, its clock is not known though
/// the tariff goes by it, or the charge is no charge.
pub(super) fn estimate(catalogue: &Catalogue, question: &EstimateQuestion) -> Option<Estimate> {
    let location = catalogue.find(&question.location)?;
    let tariff = catalogue.tariffs.get(question.tariff as usize)?;
    let utc = TimeZone {
        name: String::new(),
        offset_s: 0,
        transitions: Vec::new(),
    };
    let zone = match catalogue.zone_of(location) {
        Some(zone) => zone,
        // A price that holds at all hours needs no clock.
        None if tariff.flat_price_per_kwh().is_some() && tariff.idle_fees.is_empty() => &utc,
        None => return None,
    };
    let session = session(&question.charge, question.now)?;
    let parking = location
        .parking_rule
        .as_ref()
        .filter(|rule| rule.currency == tariff.currency)
        .map(|rule| &rule.fee);
    let bill = bill_session_at(parking, tariff, &session, zone);
    let duration_s = u32::try_from(session.duration_s()).ok()?;
    let later = || {
        let hours = location.opening_hours.as_ref();
        let from = cheapest_start(tariff, hours, zone, question.now, duration_s)?;
        if from <= question.now {
            return None;
        }
        let then = Session {
            start: from,
            ..session.clone()
        };
        let total = bill_session_at(parking, tariff, &then, zone).total;
        (total.minor < bill.total.minor).then_some((from, total))
    };
    Some(Estimate {
        energy_kwh: session.energy_kwh(),
        duration_s,
        later: later(),
        bill,
    })
}

/// When to begin within a day, so that a kWh costs least and one can get in and out.
fn cheapest_start(
    tariff: &Tariff,
    hours: Option<&OpeningHours>,
    zone: &TimeZone,
    now: Instant,
    duration_s: u32,
) -> Option<Instant> {
    let until = now.plus_s(DAY_S + i64::from(duration_s));
    let mut best: Option<CheapestWindow> = None;
    let mut from = now;
    while from < until {
        let open = hours.is_none_or(|h| h.is_open_at(from, zone));
        let change = hours.and_then(|h| next_open_change(h, from, zone));
        let to = change.unwrap_or(until).min(until);
        let window = open.then(|| cheapest_window(tariff, from, to, duration_s, zone));
        if let Some(found) = window.flatten()
            && best.is_none_or(|best| found.per_kwh < best.per_kwh)
        {
            best = Some(found);
        }
        from = to;
    }
    best.map(|window| window.from)
}

fn session(charge: &Charge, start: Instant) -> Option<Session> {
    let session = match charge {
        Charge::Energy {
            energy_kwh,
            power_w,
        } => Session::at_constant_power(
            start,
            start.plus_s(LONGEST_S),
            Quantity::from_millionths(i64::from(*power_w) * 1000),
            *energy_kwh,
        ),
        Charge::Car(car) => car_session(car, start)?,
    };
    let charging: Vec<SessionPeriod> = session
        .periods
        .into_iter()
        .filter(|p| p.energy_kwh.millionths() > 0)
        .collect();
    (!charging.is_empty()).then_some(Session {
        start,
        periods: charging,
    })
}

/// A car along its curve, in steps of equal charge.
fn car_session(car: &CarCharge, start: Instant) -> Option<Session> {
    let limit_kw = f64::from(car.power_w) / 1000.0 * car.charge_efficiency;
    let points = &car.charge_curve.points;
    let sound = car.usable_battery_kwh > 0.0
        && car.usable_battery_kwh < 10_000.0
        && 0.0 < car.charge_efficiency
        && car.charge_efficiency <= 1.0
        && limit_kw > 0.0
        && 0.0 <= car.from_soc
        && car.from_soc < car.to_soc
        && car.to_soc <= 1.0
        && points.first().is_some_and(|p| p[0] == 0.0)
        && points.iter().all(|p| p[1] > 0.0)
        && points.is_sorted_by(|a, b| a[0] < b[0]);
    if !sound {
        return None;
    }
    let curve = ChargeFunction::new(&car.charge_curve, limit_kw, car.usable_battery_kwh);
    let mut periods = Vec::new();
    let (mut given, mut passed_s) = (0_i64, 0_u32);
    for step in 1..=STEPS {
        let soc = car.from_soc + (car.to_soc - car.from_soc) * f64::from(step) / f64::from(STEPS);
        let at_plug_kwh = (soc - car.from_soc) * car.usable_battery_kwh / car.charge_efficiency;
        let energy = Quantity::nearest(at_plug_kwh).millionths();
        // Rounded as a whole and not step by step: the parts add up.
        let until_s = curve.time(car.from_soc, soc).round();
        if until_s.is_nan() || until_s > LONGEST_S as f64 {
            return None;
        }
        let duration_s = (until_s as u32).saturating_sub(passed_s);
        let power_kw = (energy - given) as f64 * 3600.0 / 1e6 / f64::from(duration_s.max(1));
        periods.push(SessionPeriod {
            power_kw: Some(Quantity::nearest(power_kw)),
            ..SessionPeriod::charging(duration_s, Quantity::from_millionths(energy - given))
        });
        (given, passed_s) = (energy, until_s as u32);
    }
    Some(Session { start, periods })
}
