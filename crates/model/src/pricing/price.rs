//! What a kWh costs: at an instant, by the hour of a day, and when it is cheapest.

use super::cut::{NANO, State, Winner, clock_cuts, microjoules, winner};
use super::session::Activity;
use crate::money::{Quantity, UnitPrice};
use crate::tariff::{PriceDimension, Tariff, TimeBand};
use crate::time::{Instant, LocalDate, TimeZone};
use serde::{Deserialize, Serialize};

/// What a tariff says of the price of a kWh at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EnergyPrice {
    /// It has one.
    Priced(PricePerKwh),
    /// Charging costs nothing at all: all its prices are 0.
    Free,
    /// Energy costs nothing, time or the session does.
    NotByEnergy,
    /// It prices energy at other times and says nothing of this one (or says nothing at all). By
    /// OCPI's rule free, by experience a mistake: to be shown as unknown.
    Gap,
    /// The tariff does not hold then.
    NotValid,
}

/// The price of a billed kWh as it is paid: with tax, where the tariff tells its rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricePerKwh {
    /// For the energy.
    pub energy: Option<UnitPrice>,
    /// For the service.
    pub service: Option<UnitPrice>,
    /// What the operator calls these hours.
    pub band: Option<TimeBand>,
    /// It changes with the energy, power, current or duration of the session; this one holds
    /// under the conditions asked for.
    pub depends_on_session: bool,
}

impl PricePerKwh {
    /// Energy and service fee.
    pub fn sum(&self) -> UnitPrice {
        let zero = UnitPrice::default();
        self.energy
            .unwrap_or(zero)
            .plus(self.service.unwrap_or(zero))
    }
}

impl EnergyPrice {
    /// The sum for a kWh: 0 when charging is free, `None` when the price is not known.
    pub fn per_kwh(&self) -> Option<UnitPrice> {
        match self {
            Self::Priced(price) => Some(price.sum()),
            Self::Free => Some(UnitPrice::default()),
            Self::NotByEnergy | Self::Gap | Self::NotValid => None,
        }
    }
}

/// For which charging a price is asked; the default is the beginning of a session of which power
/// and current are not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// Energy charged so far, kWh.
    pub energy_kwh: Quantity,
    /// Time since the beginning, s.
    pub elapsed_s: u32,
    /// Power, kW.
    pub power_kw: Option<Quantity>,
    /// Current, the sum of all phases, A.
    pub current_a: Option<Quantity>,
}

/// The price of a billed kWh at an instant, energy and service fee; 0 when charging is free,
/// `None` when it is not known or energy is not what is paid for. [`price_at`] tells these apart.
pub fn price_per_kwh_at(tariff: &Tariff, at: Instant, zone: &TimeZone) -> Option<UnitPrice> {
    price_at(tariff, at, zone, &Conditions::default()).per_kwh()
}

/// What the tariff says of a kWh at an instant under the conditions.
pub fn price_at(
    tariff: &Tariff,
    at: Instant,
    zone: &TimeZone,
    conditions: &Conditions,
) -> EnergyPrice {
    if !tariff.is_valid_at(at) {
        return EnergyPrice::NotValid;
    }
    let state = State {
        local: zone.local(at),
        energy: microjoules(conditions.energy_kwh),
        elapsed: i128::from(conditions.elapsed_s) * NANO,
        power_kw: conditions.power_kw,
        current_a: conditions.current_a,
    };
    let find = |dimension| winner(tariff, dimension, Activity::Charging, &state);
    let (energy, service) = (find(PriceDimension::Energy), find(PriceDimension::Service));
    let prices_energy = prices(tariff, PriceDimension::Energy);
    if energy.is_none() && (prices_energy || service.is_none()) {
        return if prices_energy || prices(tariff, PriceDimension::Service) {
            EnergyPrice::Gap
        } else {
            without_energy(tariff)
        };
    }
    let paid = |winner: Option<Winner<'_>>| winner.map(|(_, c)| tariff.paid(c));
    let band = |winner: Option<Winner<'_>>| tariff.elements.get(winner?.0)?.band;
    EnergyPrice::Priced(PricePerKwh {
        energy: paid(energy),
        service: paid(service),
        band: band(energy).or_else(|| band(service)),
        depends_on_session: depends_on_session(tariff, &state, (energy, service)),
    })
}

/// Whether any element for charging has a price of this dimension.
pub(super) fn prices(tariff: &Tariff, dimension: PriceDimension) -> bool {
    tariff
        .elements
        .iter()
        .any(|e| e.restrictions.reservation.is_none() && e.component(dimension).is_some())
}

/// What a tariff without a price for energy is.
fn without_energy(tariff: &Tariff) -> EnergyPrice {
    let mut prices = tariff
        .elements
        .iter()
        .filter(|e| e.restrictions.reservation.is_none())
        .flat_map(|e| &e.components)
        .map(|c| c.price.millionths())
        .peekable();
    if prices.peek().is_none() {
        EnergyPrice::Gap
    } else if prices.all(|price| price == 0) {
        EnergyPrice::Free
    } else {
        EnergyPrice::NotByEnergy
    }
}

/// Whether, at this hour, an element at or before the winner asks for more than the clock.
fn depends_on_session(
    tariff: &Tariff,
    state: &State,
    (energy, service): (Option<Winner<'_>>, Option<Winner<'_>>),
) -> bool {
    let until = |dimension, winner: Option<Winner<'_>>| {
        winner.is_some_and(|(last, _)| {
            tariff.elements.iter().take(last + 1).any(|e| {
                let r = &e.restrictions;
                r.depends_on_session()
                    && r.reservation.is_none()
                    && e.component(dimension).is_some()
                    && r.matches_clock(state.local)
            })
        })
    };
    until(PriceDimension::Energy, energy) || until(PriceDimension::Service, service)
}

/// A stretch of time with one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceSpan {
    /// From this instant.
    pub from: Instant,
    /// Until this instant, excluded.
    pub to: Instant,
    /// What the clock on the wall shows at its beginning, minutes after midnight.
    pub start_minute: u16,
    /// What it shows at its end, `1..=1440`: midnight is 1440, and where the clock is changed at
    /// the end it is the time before the change.
    pub end_minute: u16,
    /// The price.
    pub price: EnergyPrice,
}

/// The prices of a local day, in order and without a gap between the spans: from one change of
/// price to the next, wherever it falls, over 23, 24 or 25 hours.
pub fn day_prices(tariff: &Tariff, date: LocalDate, zone: &TimeZone) -> Vec<PriceSpan> {
    let (from, to) = (zone.day_start(date), zone.day_start(date.plus_days(1)));
    price_spans(tariff, from, to, zone)
}

/// The prices from one instant to another, as [`day_prices`] gives them for a day.
pub fn price_spans(tariff: &Tariff, from: Instant, to: Instant, zone: &TimeZone) -> Vec<PriceSpan> {
    let mut cuts = clock_cuts(tariff, from, to, zone);
    cuts.extend([tariff.start, tariff.end].into_iter().flatten());
    cuts.retain(|cut| from < *cut && *cut < to);
    cuts.push(from);
    cuts.push(to);
    cuts.sort_unstable();
    cuts.dedup();
    let conditions = Conditions::default();
    let mut spans: Vec<PriceSpan> = Vec::new();
    for pair in cuts.windows(2) {
        let &[from, to] = pair else { continue };
        let price = price_at(tariff, from, zone, &conditions);
        let end_minute = zone.local(to.plus_s(-1)).minute + 1;
        match spans.last_mut() {
            Some(last) if last.price == price => (last.to, last.end_minute) = (to, end_minute),
            _ => spans.push(PriceSpan {
                from,
                to,
                start_minute: zone.local(from).minute,
                end_minute,
                price,
            }),
        }
    }
    spans
}

/// When to charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheapestWindow {
    /// Begin here.
    pub from: Instant,
    /// End here.
    pub to: Instant,
    /// The mean price of a kWh at constant power, to the nearest millionth.
    pub per_kwh: UnitPrice,
}

/// When charging `duration_s` at constant power costs least, anywhere from `from` to `to`; the
/// earliest of the cheapest. Windows that touch a time of unknown price are left out; `None` when
/// no other fits.
pub fn cheapest_window(
    tariff: &Tariff,
    from: Instant,
    to: Instant,
    duration_s: u32,
    zone: &TimeZone,
) -> Option<CheapestWindow> {
    let length = i64::from(duration_s);
    let latest = Instant::from_unix_s(to.unix_s().checked_sub(length)?);
    if length == 0 || latest < from {
        return None;
    }
    let spans = price_spans(tariff, from, to, zone);
    // The sum is linear while no end of the window crosses a border: its least value is where one does.
    let mut starts: Vec<Instant> = spans
        .iter()
        .flat_map(|s| [s.from, s.to, s.from.plus_s(-length), s.to.plus_s(-length)])
        .filter(|start| from <= *start && *start <= latest)
        .collect();
    starts.sort_unstable();
    starts.dedup();
    let mut best: Option<(i128, Instant)> = None;
    for start in starts {
        let cost = window_cost(&spans, start, start.plus_s(length));
        if let Some(cost) = cost
            && best.is_none_or(|(least, _)| cost < least)
        {
            best = Some((cost, start));
        }
    }
    let (cost, from) = best?;
    let mean = (2 * cost + i128::from(length)).div_euclid(2 * i128::from(length));
    Some(CheapestWindow {
        from,
        to: from.plus_s(length),
        per_kwh: UnitPrice::from_millionths(mean as i64),
    })
}

/// Price times seconds over a window; `None` when it touches an unknown price.
fn window_cost(spans: &[PriceSpan], from: Instant, to: Instant) -> Option<i128> {
    let first = spans.partition_point(|s| s.to <= from);
    let mut cost = 0;
    for span in spans.iter().skip(first).take_while(|s| s.from < to) {
        let seconds = span.to.min(to).unix_s() - span.from.max(from).unix_s();
        cost += i128::from(span.price.per_kwh()?.millionths()) * i128::from(seconds);
    }
    Some(cost)
}
