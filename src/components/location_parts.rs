//! Parts of the location sheet: EVSEs, prices, hours.

use super::icon::glyph;
use crate::state::pins;
use chongtu_model::hours::OpeningHours;
use chongtu_model::location::Connector;
use chongtu_model::tariff::{PriceDimension, Tariff};
use chongtu_model::time::Weekday;
use chongtu_model::{FourWay, Instant, StatusCounts, UnitPrice};
use chongtu_words::{Lang, common, map as words};
use chongtu_worker::catalogue::LocationDetail;
use leptos::prelude::*;

/// Up to so many EVSEs are listed one by one; more are grouped, with the single ones folded away.
const LISTED_SINGLY: usize = 8;

/// `直流 120 kW · GB/T`.
fn connector_words(
    l: Lang,
    standard: Option<chongtu_model::ConnectorStandard>,
    power_w: Option<u32>,
) -> String {
    let standard = standard.map_or(common::connector_unknown(l), |s| common::connector(l, s));
    let power = power_w.map_or_else(
        || common::power_unknown(l).to_owned(),
        |w| common::power(l, w),
    );
    format!("{standard} · {power}")
}

fn status_mark(l: Lang, status: FourWay) -> impl IntoView {
    view! {
        <span class=format!("status {}", pins::status_class(status))>
            {glyph(pins::status_glyph(status))}
            {common::status(l, status)}
        </span>
    }
}

fn assumed_mark(l: Lang, assumed: bool) -> impl IntoView {
    assumed.then(|| view! { " "<span class="tag">{words::assumed(l)}</span> })
}

/// The EVSEs: one by one when there are few, else grouped.
pub(crate) fn evses(l: Lang, detail: &LocationDetail, now: Instant) -> AnyView {
    let stale = detail
        .source
        .as_ref()
        .map_or(Some(chongtu_model::status::DEFAULT_STALE_AFTER_S), |s| {
            s.stale_after_s
        });
    let shown: Vec<_> = detail
        .location
        .evses
        .iter()
        .filter_map(|e| {
            e.status
                .four_way_at(e.status_updated, now, stale)
                .map(|s| (e, s))
        })
        .collect();
    if shown.is_empty() {
        return view! { <p class="sub">{words::no_evses(l)}</p> }.into_any();
    }
    let single = shown
        .iter()
        .enumerate()
        .map(|(i, (evse, status))| {
            let age = evse
                .status_updated
                .map(|at| common::age(l, now.unix_s() - at.unix_s()));
            let plugs = evse
                .connectors
                .iter()
                .map(|c: &Connector| connector_words(l, c.standard, c.power_w))
                .collect::<Vec<_>>();
            let assumed = evse
                .connectors
                .iter()
                .any(|c| c.standard_assumed || c.power_assumed);
            view! {
                <li class="evse">
                    <span class="n">{format!("{:02}", i + 1)}</span>
                    <span class="what">{plugs.join(" / ")}{assumed_mark(l, assumed)}</span>
                    {status_mark(l, *status)}
                    <span class="meta num">{age}</span>
                </li>
            }
        })
        .collect_view();
    if shown.len() <= LISTED_SINGLY {
        return view! { <ul class="well evselist">{single}</ul> }.into_any();
    }
    let groups = detail
        .groups
        .iter()
        .map(|group| {
            view! {
                <li class="evse evse--group">
                    <span class="what">{connector_words(l, group.standard, group.power_w)}{assumed_mark(l, group.assumed)}</span>
                    {count_marks(l, &group.counts)}
                </li>
            }
        })
        .collect_view();
    let n = shown.len();
    view! {
        <ul class="well evselist">{groups}</ul>
        <details class="fold">
            <summary>{words::evses(l)} " " {n}</summary>
            <ul class="well evselist">{single}</ul>
        </details>
    }
    .into_any()
}

/// How many are in each state, with glyph and word.
fn count_marks(l: Lang, counts: &StatusCounts) -> impl IntoView + use<> {
    let marks = [
        (counts.free, FourWay::Free),
        (counts.occupied, FourWay::Occupied),
        (counts.out_of_order, FourWay::OutOfOrder),
        (counts.unknown, FourWay::Unknown),
    ]
    .into_iter()
    .filter(|&(n, _)| n > 0)
    .map(
        |(n, s)| view! { <span class="nowrap">{status_mark(l, s)}" "<b class="num">{n}</b></span> },
    )
    .collect_view();
    view! { <span class="evse-counts">{marks}</span> }
}

/// The price of a dimension, when it holds at all hours.
fn flat(tariff: &Tariff, dimension: PriceDimension) -> Option<UnitPrice> {
    let mut found = tariff.elements.iter().flat_map(|e| {
        e.components
            .iter()
            .map(move |c| (c, e.restrictions.is_always()))
    });
    found
        .find(|(c, _)| c.dimension == dimension)
        .filter(|(_, always)| *always)
        .map(|(c, _)| c.price)
}

/// The prices, a line a tariff.
pub(crate) fn prices(l: Lang, detail: &LocationDetail) -> AnyView {
    if detail.tariffs.is_empty() {
        return view! { <p class="sub">{common::price_unknown(l)}</p> }.into_any();
    }
    let several = detail.tariffs.len() > 1;
    detail
        .tariffs
        .iter()
        .map(|(index, tariff)| {
            let whose = several
                .then(|| {
                    let mut plugs: Vec<String> = detail
                        .groups
                        .iter()
                        .filter(|g| g.tariff == Some(*index))
                        .map(|g| connector_words(l, g.standard, g.power_w))
                        .collect();
                    plugs.dedup();
                    plugs.join(" / ")
                })
                .filter(|w| !w.is_empty());
            let line = |word: &'static str, price: Option<UnitPrice>| {
                price.map(|p| view! { <span class="price-part">{word}" "<span class="num">{p.to_string()}</span></span> })
            };
            let sum = tariff.flat_price_per_kwh();
            view! {
                <div class="well price">
                    {whose.map(|w| view! { <p class="sub">{w}</p> })}
                    <p class="price-line">
                        {match sum {
                            Some(sum) => view! {
                                <span class="price-sum num"><b>{common::price(l, sum, tariff.currency)}</b><span class="meta">{words::per_kwh(l)}</span></span>
                            }.into_any(),
                            None => view! { <b>{words::price_by_hour(l)}</b> }.into_any(),
                        }}
                        <span class="sub facts end">
                            {line(words::price_energy(l), flat(tariff, PriceDimension::Energy))}
                            {line(words::price_service(l), flat(tariff, PriceDimension::Service))}
                        </span>
                    </p>
                </div>
            }
        })
        .collect_view()
        .into_any()
}

fn spans_of_day(l: Lang, hours: &OpeningHours, day: Weekday) -> String {
    let spans = hours.spans_on(day);
    if spans.is_empty() {
        return words::closed_day(l).to_owned();
    }
    spans
        .into_iter()
        .map(|(from, to)| words::span(l, from, to))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The opening hours: today's, and the week folded away.
pub(crate) fn hours(l: Lang, detail: &LocationDetail) -> AnyView {
    let Some(hours) = &detail.location.opening_hours else {
        return view! { {words::not_told(l)} }.into_any();
    };
    if *hours == OpeningHours::TwentyFourSeven {
        return view! { {words::always_open(l)} }.into_any();
    }
    let today = detail
        .weekday
        .and_then(|n| Weekday::ALL.into_iter().find(|d| d.number() == n));
    let state = detail.open_now.map(|open| {
        let (class, word) = if open {
            ("t-free", words::open_state(l))
        } else {
            ("t-amber", words::closed_state(l))
        };
        view! { <span class=format!("strong {class}")>{word}</span>" · " }
    });
    let week = Weekday::ALL
        .into_iter()
        .map(|day| {
            view! {
                <div class="hours-day" class:strong=today == Some(day)>
                    <span>{common::weekday(l, day.number())}</span>
                    <span class="num">{spans_of_day(l, hours, day)}</span>
                </div>
            }
        })
        .collect_view();
    let now = today.map_or_else(
        || words::hours(l).to_owned(),
        |day| spans_of_day(l, hours, day),
    );
    view! {
        <details class="fold fold--line">
            <summary>{state}{now}</summary>
            <div class="hours">{week}</div>
        </details>
    }
    .into_any()
}
