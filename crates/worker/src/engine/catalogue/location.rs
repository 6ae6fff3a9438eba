//! One location in full.

use crate::catalogue::{CheapestSpan, LocationDetail, LocationQuestion, OtherPrice, TariffDetail};
use chongtu_model::filter::Filter;
use chongtu_model::hours::OpeningHours;
use chongtu_model::index::{ListEntry, ListSort, LocationIndex, MapQuery};
use chongtu_model::location::LocationKind;
use chongtu_model::pricing::{
    Conditions, EnergyPrice, PricePerKwh, PriceSpan, day_prices, price_at, price_spans,
};
use chongtu_model::tariff::{PriceDimension, Tariff};
use chongtu_model::time::{LocalDate, TimeZone};
use chongtu_model::{
    BoundingBox, Catalogue, ConnectorStandard, Instant, LatLng, Location, UnitPrice,
};
use std::collections::BTreeSet;

const DAY_S: i64 = 86_400;

/// Beyond this a place is no longer nearby, m.
const NEARBY_M: f64 = 20_000.0;
/// How many of the nearest are looked at.
const NEARBY_ASKED: u32 = 7;
/// How many are named.
const NEARBY_NAMED: usize = 3;

pub(super) fn location_detail(
    catalogue: &Catalogue,
    index: &LocationIndex,
    location: &Location,
    question: &LocationQuestion,
) -> LocationDetail {
    let now = question.now;
    let stale_after_s = catalogue.stale_after_s(location);
    let zone = catalogue.zone_of(location);
    let groups = location.connector_groups(now, stale_after_s);
    let connectors = location.evses.iter().flat_map(|e| &e.connectors);
    // Those of the groups first: strongest first. Others are of chargers that are no place to go.
    let mut tariffs: Vec<u32> = Vec::new();
    for tariff in groups
        .iter()
        .filter_map(|g| g.tariff)
        .chain(connectors.filter_map(|c| c.tariff))
    {
        if !tariffs.contains(&tariff) {
            tariffs.push(tariff);
        }
    }
    let hours = location.opening_hours.as_ref();
    let tariff = |i: u32| {
        let tariff = catalogue.tariffs.get(i as usize)?;
        Some(tariff_detail(i, tariff, zone, hours, now))
    };
    LocationDetail {
        operator: catalogue.operator_of(location).cloned(),
        source: catalogue.source_of(location).cloned(),
        zone: zone.cloned(),
        tariffs: tariffs.into_iter().filter_map(tariff).collect(),
        groups,
        counts: location.status_counts(now, stale_after_s),
        open_now: location.is_open_at(catalogue, now),
        open_changes: hours
            .zip(zone)
            .and_then(|(hours, zone)| next_open_change(hours, now, zone)),
        weekday: zone.map(|zone| zone.local(now).weekday().number()),
        nearby: nearby(catalogue, index, location, question),
        location: location.clone(),
    }
}

fn tariff_detail(
    index: u32,
    tariff: &Tariff,
    zone: Option<&TimeZone>,
    hours: Option<&OpeningHours>,
    now: Instant,
) -> TariffDetail {
    let ahead = zone.map_or_else(Vec::new, |zone| {
        // A day and a half: the cheapest hours may begin within a day and end after it.
        price_spans(tariff, now, now.plus_s(DAY_S * 3 / 2), zone)
    });
    let day = |plus: i64| {
        zone.map_or_else(Vec::new, |zone| {
            let date = zone.date_at(now).plus_days(plus);
            day_prices(tariff, date, zone)
        })
    };
    let price_now = match zone {
        Some(zone) => price_at(tariff, now, zone, &Conditions::default()),
        None => flat_price(tariff),
    };
    let is_open = |at: Instant| match (hours, zone) {
        (Some(hours), Some(zone)) => hours.is_open_at(at, zone),
        _ => true,
    };
    TariffDetail {
        index,
        currency: tariff.currency,
        now: price_now,
        next: ahead
            .iter()
            .find(|s| s.price != price_now)
            .map(|s| (s.from, s.price)),
        today: day(0),
        tomorrow: day(1),
        cheapest: cheapest(&ahead, now.plus_s(DAY_S), is_open),
        idle_fees: tariff.idle_fees.clone(),
        parking: tariff.parking,
        others: others(tariff),
        min_price: tariff.min_price,
        max_price: tariff.max_price,
    }
}

/// The price of a place whose clock is not known: one that holds at all hours.
fn flat_price(tariff: &Tariff) -> EnergyPrice {
    let first = |dimension| tariff.elements.iter().find_map(|e| e.component(dimension));
    match tariff.flat_price_per_kwh() {
        Some(_) => EnergyPrice::Priced(PricePerKwh {
            energy: first(PriceDimension::Energy).map(|c| tariff.paid(c)),
            service: first(PriceDimension::Service).map(|c| tariff.paid(c)),
            band: None,
            depends_on_session: false,
        }),
        None => EnergyPrice::Gap,
    }
}

/// The first of the cheapest stretches that begin before `until` while it is open; `None` when all
/// known prices are the same.
fn cheapest(
    spans: &[PriceSpan],
    until: Instant,
    is_open: impl Fn(Instant) -> bool,
) -> Option<CheapestSpan> {
    let mut runs: Vec<(Instant, Instant, Option<UnitPrice>)> = Vec::new();
    for span in spans {
        let price = span.price.per_kwh();
        match runs.last_mut() {
            Some(last) if last.2 == price => last.1 = span.to,
            _ => runs.push((span.from, span.to, price)),
        }
    }
    let known: BTreeSet<UnitPrice> = runs.iter().filter_map(|r| r.2).collect();
    if known.len() < 2 {
        return None;
    }
    runs.iter()
        .filter(|(from, ..)| *from < until && is_open(*from))
        .filter_map(|&(from, to, price)| {
            Some(CheapestSpan {
                from,
                to,
                per_kwh: price?,
            })
        })
        .min_by_key(|s| (s.per_kwh, s.from))
}

fn others(tariff: &Tariff) -> Vec<OtherPrice> {
    [
        PriceDimension::Time,
        PriceDimension::ParkingTime,
        PriceDimension::Flat,
    ]
    .into_iter()
    .filter_map(|dimension| {
        let mut priced = tariff
            .elements
            .iter()
            .filter(|e| e.restrictions.reservation.is_none())
            .filter_map(|e| Some((e.component(dimension)?, e.restrictions.is_always())));
        let (first, always) = priced.next()?;
        Some(OtherPrice {
            dimension,
            price: tariff.paid(first),
            varies: !always,
        })
    })
    .collect()
}

/// When it opens or closes next, within a week.
pub(super) fn next_open_change(
    hours: &OpeningHours,
    now: Instant,
    zone: &TimeZone,
) -> Option<Instant> {
    let OpeningHours::Regular(regular) = hours else {
        return None;
    };
    let today = zone.date_at(now);
    let mut borders: Vec<Instant> = regular
        .exceptional_openings
        .iter()
        .chain(&regular.exceptional_closings)
        .flat_map(|&(from, to)| [from, to])
        .collect();
    for day in -1..=7 {
        let date = today.plus_days(day);
        for (begin, end) in hours.spans_on(date.weekday()) {
            borders.push(moment(zone, date, begin));
            let next = i64::from(end <= begin);
            borders.push(moment(zone, date.plus_days(next), end));
        }
    }
    borders.retain(|at| now < *at && *at <= now.plus_s(7 * DAY_S));
    borders.sort_unstable();
    let open = hours.is_open_at(now, zone);
    borders
        .into_iter()
        .find(|at| hours.is_open_at(*at, zone) != open)
}

/// When the clock on the wall shows that minute of that day; where clocks are changed, about then.
fn moment(zone: &TimeZone, date: LocalDate, minute: u16) -> Instant {
    let at = zone.day_start(date).plus_s(i64::from(minute) * 60);
    let shown = zone.local(at);
    let off = (date.days() - shown.day) * 1440 + i64::from(minute) - i64::from(shown.minute);
    at.plus_s(off * 60)
}

/// The nearest other places that fit.
fn nearby(
    catalogue: &Catalogue,
    index: &LocationIndex,
    location: &Location,
    question: &LocationQuestion,
) -> Vec<ListEntry> {
    let at = location.position;
    let query = MapQuery {
        bounds: box_around(at),
        zoom: 0.0,
        filter: alike(location, &question.fits),
        now: question.now,
        center: Some(at),
        list_offset: 0,
        list_limit: NEARBY_ASKED,
        sort: ListSort::Distance,
        selected: None,
        facets: false,
    };
    let mut found = index.query(catalogue, &query).list;
    found.retain(|e| e.id != location.id && e.distance_m.is_some_and(|m| m <= NEARBY_M));
    // Stable: the nearer of equals stays first.
    found.sort_by_key(|e| {
        let price = e
            .price_now
            .map_or(i64::MAX, |(price, _)| price.millionths());
        (e.counts.free == 0, e.open_now == Some(false), price)
    });
    found.truncate(NEARBY_NAMED);
    found
}

/// What a place must be to stand in for this one: of the same kind where cars do not charge, else
/// with a connector that fits.
fn alike(location: &Location, fits: &[ConnectorStandard]) -> Filter {
    match location.kind {
        Some(kind @ (LocationKind::BatterySwap | LocationKind::Hydrogen)) => Filter {
            kinds: vec![kind],
            ..Filter::default()
        },
        _ if fits.is_empty() => Filter {
            standards: own_standards(location),
            ..Filter::default()
        },
        _ => Filter {
            standards: fits.to_vec(),
            ..Filter::default()
        },
    }
}

/// What the location has itself, direct current alone where it has it: who came for fast charging
/// is not helped by slow.
fn own_standards(location: &Location) -> Vec<ConnectorStandard> {
    let all = location.evses.iter().flat_map(|e| &e.connectors);
    let all: BTreeSet<ConnectorStandard> = all.filter_map(|c| c.standard).collect();
    let dc: Vec<ConnectorStandard> = all.iter().copied().filter(|s| s.is_dc()).collect();
    if dc.is_empty() {
        all.into_iter().collect()
    } else {
        dc
    }
}

/// Holds all that is nearby up to 60 degrees north and south, where a degree of longitude is half
/// as long as at the equator; beyond it cuts off some in the east and the west.
fn box_around(at: LatLng) -> BoundingBox {
    let (lat, lng) = (0.18, 0.36);
    BoundingBox {
        west: (at.lng - lng).max(-180.0),
        south: (at.lat - lat).max(-90.0),
        east: (at.lng + lng).min(180.0),
        north: (at.lat + lat).min(90.0),
    }
}
