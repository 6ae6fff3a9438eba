//! What a scan of every location says that the index must answer.

use chongtu_model::filter::PriceLimit;
use chongtu_model::index::{
    EVSE_STEPS, Facets, LeftOut, ListSort, Mark, POWER_STEPS_W, PRICE_STEPS,
};
use chongtu_model::location::{LocationKind, PlaceKind};
use chongtu_model::pricing::price_per_kwh_at;
use chongtu_model::{
    Catalogue, ConnectorStandard, Currency, Filter, Instant, Location, MapAnswer, MapQuery,
    StatusCounts, UnitPrice,
};
use std::collections::BTreeSet;

fn counts(catalogue: &Catalogue, location: &Location, now: Instant) -> StatusCounts {
    location.status_counts(now, catalogue.stale_after_s(location))
}

/// The lowest price now and whether there is another, as the words of `ListEntry::price_now` say.
fn price(
    catalogue: &Catalogue,
    filter: &Filter,
    location: &Location,
    now: Instant,
) -> (Option<(String, i64)>, bool) {
    let prices: BTreeSet<(String, i64)> = location
        .evses
        .iter()
        .filter(|e| e.status.four_way().is_some())
        .flat_map(|e| &e.connectors)
        .filter(|c| filter.admits_connector(c))
        .filter_map(|c| catalogue.tariff_of(c))
        .filter_map(|t| {
            let price = match catalogue.zone_of(location) {
                Some(zone) => price_per_kwh_at(t, now, zone)?,
                None => t.flat_price_per_kwh()?,
            };
            Some((t.currency.code().to_owned(), price.millionths()))
        })
        .collect();
    (prices.first().cloned(), prices.len() > 1)
}

/// Free, known.
fn freedom(counts: StatusCounts) -> (u32, u32) {
    (counts.free, counts.known())
}

/// Everything in the answer that a scan can say.
pub fn check(catalogue: &Catalogue, q: &MapQuery, answer: &MapAnswer) {
    let matching: Vec<(u32, &Location)> = (0..)
        .zip(&catalogue.locations)
        .filter(|(_, l)| q.filter.matches(catalogue, l, q.now))
        .collect();
    let in_view: Vec<(u32, &Location)> = matching
        .iter()
        .copied()
        .filter(|(_, l)| q.bounds.contains(l.position))
        .collect();
    assert_eq!(answer.n_matching as usize, matching.len());
    assert_eq!(answer.n_in_view as usize, in_view.len());
    let free = in_view
        .iter()
        .filter(|(_, l)| counts(catalogue, l, q.now).free > 0)
        .count();
    assert_eq!(answer.n_free_in_view as usize, free);
    assert_eq!(answer.facets.is_some(), q.facets);
    assert_eq!(answer.left_out, left_out(catalogue, q), "{:?}", q.filter);
    if let Some(facets) = &answer.facets {
        assert_eq!(*facets, counted(catalogue, q), "{:?}", q.filter);
    }
    check_list(catalogue, q, answer, &in_view);
    check_marks(catalogue, q, answer, &in_view);
}

fn check_list(
    catalogue: &Catalogue,
    q: &MapQuery,
    answer: &MapAnswer,
    in_view: &[(u32, &Location)],
) {
    let mut expected: Vec<u32> = in_view.iter().map(|(i, _)| *i).collect();
    let of = |i: &u32| &catalogue.locations[*i as usize];
    // Stable sorts over the order of ids.
    match q.sort {
        ListSort::Distance => {
            if let Some(center) = q.center {
                expected.sort_by(|a, b| {
                    let d = |i| center.distance_m(of(i).position);
                    d(a).total_cmp(&d(b))
                });
            }
        }
        ListSort::Power => {
            expected.sort_by_key(|i| std::cmp::Reverse(of(i).max_power_w().unwrap_or(0)));
        }
        ListSort::Price => {
            expected.sort_by_key(|i| {
                let (price, _) = price(catalogue, &q.filter, of(i), q.now);
                (price.is_none(), price)
            });
        }
        ListSort::Free => {
            expected.sort_by(|a, b| {
                let f = |i| freedom(counts(catalogue, of(i), q.now));
                let ((free_a, known_a), (free_b, known_b)) = (f(a), f(b));
                // Shares by cross products; nothing known stands last.
                (known_b > 0)
                    .cmp(&(known_a > 0))
                    .then((free_b * known_a).cmp(&(free_a * known_b)))
                    .then(free_b.cmp(&free_a))
            });
        }
    }
    let page: Vec<u32> = expected
        .into_iter()
        .skip(q.list_offset as usize)
        .take(q.list_limit as usize)
        .collect();
    let listed: Vec<u32> = answer.list.iter().map(|e| e.index).collect();
    if q.center.is_some() || q.sort != ListSort::Distance {
        assert_eq!(listed, page);
    } else {
        assert_eq!(listed.len(), page.len());
    }
    for entry in &answer.list {
        let location = &catalogue.locations[entry.index as usize];
        assert_eq!(entry.id, location.id);
        assert_eq!(entry.counts, counts(catalogue, location, q.now));
        assert_eq!(
            entry.distance_m,
            q.center.map(|c| c.distance_m(location.position))
        );
        let written = |p: UnitPrice, c: Currency| (c.code().to_owned(), p.millionths());
        assert_eq!(
            (
                entry.price_now.map(|(p, c)| written(p, c)),
                entry.prices_differ
            ),
            price(catalogue, &q.filter, location, q.now)
        );
    }
}

fn check_marks(
    catalogue: &Catalogue,
    q: &MapQuery,
    answer: &MapAnswer,
    in_view: &[(u32, &Location)],
) {
    let sum: u32 = answer.marks.iter().map(Mark::n_locations).sum();
    assert_eq!(sum, answer.n_in_view);
    let mut by_status = StatusCounts::default();
    let mut pinned = BTreeSet::new();
    for mark in &answer.marks {
        match mark {
            Mark::Pin(pin) => {
                let location = &catalogue.locations[pin.index as usize];
                assert_eq!(pin.id, location.id);
                assert_eq!(pin.position, location.position);
                assert_eq!(pin.counts, counts(catalogue, location, q.now));
                let (price, differ) = price(catalogue, &q.filter, location, q.now);
                let shown = pin.price_now;
                assert_eq!(
                    shown.map(|(p, c)| (c.code().to_owned(), p.millionths())),
                    price
                );
                assert_eq!(pin.prices_differ, differ);
                by_status.add(pin.counts.summary());
                assert!(pinned.insert(pin.index), "drawn twice");
                assert!(in_view.iter().any(|(i, _)| *i == pin.index));
            }
            Mark::Cluster(cluster) => {
                assert!(cluster.n_locations > 1);
                assert_eq!(cluster.by_status.total(), cluster.n_locations);
                assert!(cluster.bounds.contains(cluster.position));
                by_status.merge(cluster.by_status);
            }
        }
    }
    let mut expected = StatusCounts::default();
    for (i, location) in in_view {
        expected.add(counts(catalogue, location, q.now).summary());
        // What is no pin lies within some cluster.
        assert!(
            pinned.contains(i)
                || answer.marks.iter().any(|m| matches!(
                    m,
                    Mark::Cluster(c) if c.bounds.contains(location.position)
                ))
        );
        if q.selected.as_ref() == Some(&location.id) {
            assert!(pinned.contains(i), "the selected one is drawn by itself");
        }
    }
    assert_eq!(by_status, expected);
}

/// How many locations in view pass a changed filter, by a scan.
fn n_with(catalogue: &Catalogue, q: &MapQuery, change: impl FnOnce(&mut Filter)) -> u32 {
    let mut filter = q.filter.clone();
    change(&mut filter);
    catalogue
        .locations
        .iter()
        .filter(|l| q.bounds.contains(l.position) && filter.matches(catalogue, l, q.now))
        .count() as u32
}

fn free(filter: &mut Filter, strictly: bool) {
    (filter.free_now, filter.free_or_unknown) = (strictly, !strictly);
}

fn open(filter: &mut Filter, strictly: bool) {
    (filter.open_now, filter.open_or_unknown) = (strictly, !strictly);
}

fn parking(filter: &mut Filter, always: bool) {
    (filter.parking_free, filter.parking_always_free) = (!always, always);
}

/// What `Facets` says it counts, option by option.
fn counted(catalogue: &Catalogue, q: &MapQuery) -> Facets {
    let currency = q.filter.max_price.map_or(Currency::CNY, |m| m.currency);
    let n = |change: &dyn Fn(&mut Filter)| n_with(catalogue, q, change);
    let each = |n_options: usize, change: &dyn Fn(&mut Filter, usize)| -> Vec<u32> {
        (0..n_options)
            .map(|option| n(&|f| change(f, option)))
            .collect()
    };
    Facets {
        standards: each(ConnectorStandard::ALL.len(), &|f, o| {
            f.standards = vec![ConnectorStandard::ALL[o]];
        }),
        powers: each(POWER_STEPS_W.len(), &|f, o| {
            f.min_power_w = Some(POWER_STEPS_W[o]);
        }),
        prices: each(PRICE_STEPS.len(), &|f, o| {
            f.max_price = Some(PriceLimit {
                per_kwh: PRICE_STEPS[o],
                currency,
            });
        }),
        operators: each(catalogue.operators.len(), &|f, o| {
            f.operators = vec![catalogue.operators[o].id.clone()];
        }),
        kinds: each(LocationKind::ALL.len(), &|f, o| {
            f.kinds = vec![LocationKind::ALL[o]];
        }),
        places: each(PlaceKind::ALL.len(), &|f, o| {
            f.places = vec![PlaceKind::ALL[o]];
        }),
        evses: each(EVSE_STEPS.len(), &|f, o| f.min_evses = Some(EVSE_STEPS[o])),
        dc_only: n(&|f| f.dc_only = true),
        free_now: n(&|f| free(f, true)),
        free_or_unknown: n(&|f| free(f, false)),
        open_now: n(&|f| open(f, true)),
        open_or_unknown: n(&|f| open(f, false)),
        parking_free: n(&|f| parking(f, false)),
        parking_always_free: n(&|f| parking(f, true)),
        accessible: n(&|f| f.accessible = true),
    }
}

/// What `LeftOut` says it counts.
fn left_out(catalogue: &Catalogue, q: &MapQuery) -> LeftOut {
    let n = |change: &dyn Fn(&mut Filter)| n_with(catalogue, q, change);
    let asked = |on: bool, count: &dyn Fn() -> u32| if on { count() } else { 0 };
    LeftOut {
        // Matches without the limit, and not with the highest one: no price is known.
        price_unknown: asked(q.filter.max_price.is_some(), &|| {
            n(&|f| f.max_price = None)
                - n(&|f| {
                    if let Some(most) = &mut f.max_price {
                        most.per_kwh = UnitPrice::from_millionths(i64::MAX);
                    }
                })
        }),
        status_unknown: asked(q.filter.free_now, &|| {
            n(&|f| free(f, false)) - n(&|f| free(f, true))
        }),
        hours_unknown: asked(q.filter.open_now, &|| {
            n(&|f| open(f, false)) - n(&|f| open(f, true))
        }),
    }
}
