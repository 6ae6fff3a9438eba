//! The list that equals the map: every location in view, page by page.

use super::filter_panel::all_left_out;
use super::icon::{glyph, icon_small};
use super::say::say;
use crate::js::dom;
use crate::state::view::Origin;
use crate::state::{pins, use_app, view};
use chongtu_model::index::{ListEntry, ListSort};
use chongtu_model::{Instant, LocationId};
use chongtu_words::{Lang, common, filter, map as words};
use leptos::prelude::*;

/// Rows within this many px of the end: time for the next page.
const NEARLY_AT_END_PX: f64 = 600.0;
/// An older status is worth a word when there is nothing newer.
const STALE_AFTER_S: i64 = 15 * 60;
const SORTS: [(ListSort, &str); 4] = [
    (ListSort::Distance, "distance"),
    (ListSort::Power, "power"),
    (ListSort::Price, "price"),
    (ListSort::Free, "free"),
];

/// The heading, where the focus goes when what had it is gone.
pub(crate) const HEADING: &str = "list-heading";

/// The id of a location's row.
pub(crate) fn row_id(id: &LocationId) -> String {
    format!("row-{id}")
}

/// How many there are, and in which order.
#[component]
pub(crate) fn ListHead() -> impl IntoView {
    let app = use_app();
    let l = move || app.lang.get();
    let counts = move || {
        app.view
            .answer
            .with(|a| a.as_ref().map(|a| (a.n_in_view, a.n_free_in_view)))
    };
    view! {
        <div class="listhead">
            <h2 class="h2" id=HEADING tabindex="-1">{move || counts().map_or_else(|| words::list(l()).to_owned(), |(n, _)| words::in_view(l(), n))}</h2>
            <span class="meta clip">{move || counts().filter(|&(n, _)| n > 0).map(|(_, free)| [words::with_free(l(), free), measured(l(), &view::origin(app))].join(" · "))}</span>
            <label class="sort link end">
                <span class="sr-only">{say(words::sort)}</span>
                <select
                    on:change=move |ev| {
                        let value = dom::value(&ev);
                        if let Some(&(sort, _)) = SORTS.iter().find(|(_, key)| *key == value) {
                            app.view.sort.set(sort);
                        }
                    }
                >
                    {SORTS
                        .map(|(sort, key)| {
                            view! {
                                <option value=key selected=move || app.view.sort.get() == sort>
                                    {move || words::sort_by(l(), sort)}
                                </option>
                            }
                        })
                        .into_iter()
                        .collect_view()}
                </select>
                {icon_small("down")}
            </label>
        </div>
    }
}

/// Whence the distances count.
fn measured(l: Lang, origin: &Origin) -> String {
    match origin {
        Origin::Me => filter::from_me(l).to_owned(),
        Origin::Centre => filter::from_centre(l).to_owned(),
        Origin::Place(name) => filter::from_place(l, name.get(l.is_english())),
    }
}

/// What a row shows; equal rows are the same row.
#[derive(Clone, PartialEq, Eq, Hash)]
struct RowKey {
    id: LocationId,
    counts: [u32; 4],
    distance_dam: Option<i64>,
    age_min: Option<i64>,
    price: Option<(i64, bool)>,
    open_now: Option<bool>,
    l: bool,
}

/// The rows.
#[component]
pub(crate) fn LocationList() -> impl IntoView {
    let app = use_app();
    let rows = move || {
        let english = app.lang.get().is_english();
        let now = app.view.asked_at.get();
        app.view.list.with(|list| {
            list.iter()
                .map(|e| (key_of(e, english, now), e.clone()))
                .collect::<Vec<_>>()
        })
    };
    view! {
        {move || stale_note(app.lang.get())}
        <ul
            class="rows"
            on:keydown=move |ev| {
                let by = match dom::key(&ev).as_str() {
                    "ArrowDown" => 1,
                    "ArrowUp" => -1,
                    _ => return,
                };
                if dom::focus_row(&ev, by) {
                    ev.prevent_default();
                }
            }
        >
            <For
                each=rows
                key=|(key, _)| key.clone()
                children=move |(_, entry)| row(app.lang.get_untracked(), &entry, app.view.asked_at.get_untracked(), &view::open_url(app, entry.id.as_str()).href())
            />
        </ul>
        <div class="list-end">{all_left_out()}</div>
    }
}

/// Where a source gives ages and every one of them is old: the status shows as unknown, and here
/// is why.
fn stale_note(l: Lang) -> Option<AnyView> {
    let app = use_app();
    let newest = app.view.list.with(|list| {
        let all_unknown = list
            .iter()
            .all(|e| e.counts.free == 0 && e.counts.occupied == 0);
        let newest = list.iter().filter_map(|e| e.status_updated).max();
        newest.filter(|_| all_unknown)
    })?;
    let age_s = app.view.asked_at.get().unix_s() - newest.unix_s();
    let said = filter::stale(l, &common::age(l, age_s));
    let is_old = age_s > STALE_AFTER_S;
    is_old.then(|| view! { <p class="note stale-note" role="status">{icon_small("info")}<span>{said}</span></p> }.into_any())
}

/// Asks for the next page when the scrolled element of the event nears its end.
pub(crate) fn on_scroll(ev: &leptos::ev::Event) {
    if dom::left_to_scroll(ev) < NEARLY_AT_END_PX {
        view::ask_more(use_app());
    }
}

fn key_of(e: &ListEntry, l: bool, now: Instant) -> RowKey {
    RowKey {
        id: e.id.clone(),
        counts: [
            e.counts.free,
            e.counts.occupied,
            e.counts.out_of_order,
            e.counts.unknown,
        ],
        distance_dam: e.distance_m.map(|m| (m / 10.0) as i64),
        age_min: e.status_updated.map(|at| (now.unix_s() - at.unix_s()) / 60),
        price: e.price_now.map(|(p, _)| (p.millionths(), e.prices_differ)),
        open_now: e.open_now,
        l,
    }
}

fn row(l: Lang, e: &ListEntry, now: Instant, href: &str) -> impl IntoView + use<> {
    view! { <li>{row_link(l, e, now, href, Some(row_id(&e.id)))}</li> }
}

/// What a row holds: the link to the location with its status, power and price.
pub(crate) fn row_link(
    l: Lang,
    e: &ListEntry,
    now: Instant,
    href: &str,
    id: Option<String>,
) -> AnyView {
    let english = l.is_english();
    let status = e.counts.summary();
    let class = pins::status_class(status);
    let shape = if e.has_dc { "" } else { " ac" };
    let age = e
        .status_updated
        .map(|at| common::age(l, now.unix_s() - at.unix_s()));
    let current = if e.has_dc {
        common::dc(l)
    } else {
        common::ac(l)
    };
    let power = match (e.kind, e.max_power_w) {
        (
            Some(
                kind @ (chongtu_model::location::LocationKind::BatterySwap
                | chongtu_model::location::LocationKind::Hydrogen),
            ),
            _,
        ) => common::kind(l, kind).to_owned(),
        (_, Some(w)) => format!("{current} {}", common::power(l, w)),
        (_, None) => common::power_unknown(l).to_owned(),
    };
    let price = e
        .price_now
        .map(|(p, currency)| common::price(l, p, currency));
    let distance = e.distance_m.map(|m| common::distance(l, m));
    let said = match age {
        Some(age) => format!("{} · {age}", common::status(l, status)),
        None => common::status(l, status).to_owned(),
    };
    view! {
            <a class="row" id=id href=href.to_owned()>
                <span class=format!("badge {class}{shape}") aria-hidden="true">
                    {glyph(pins::status_glyph(status))}
                    {pins::counts_text(l, &e.counts)}
                </span>
                <span class="row-main">
                    <span class="row-title clip block"><bdi>{e.name.get(english).to_owned()}</bdi></span>
                    <span class="sub facts">
                        <span>
                            {said}
                            {e.demonstration.then(|| view! { " "<span class="demo">{common::demonstration(l)}</span> })}
                        </span>
                        <span>{power}</span>
                        {(e.open_now == Some(false)).then(|| view! { <span class="t-amber">{words::closed_now(l)}</span> })}
                    </span>
                    // The badge in words, for who cannot see it.
                    <span class="sr-only">{words::counts_in_full(l, &e.counts)}</span>
                </span>
                <span class="row-end">
                    {match price {
                        Some(price) => view! {
                            <span class="num block">
                                {(e.prices_differ && english).then(|| view! { <span class="meta">{filter::price_from(l)}</span> })}
                                <b>{price}</b>
                                <span class="meta">{words::per_kwh(l)}{(e.prices_differ && !english).then(|| filter::price_from(l))}</span>
                            </span>
                        }.into_any(),
                        None => view! { <span class="meta num block">{common::price_unknown(l)}</span> }.into_any(),
                    }}
                    {distance.map(|d| view! { <span class="meta num block">{d}</span> })}
                </span>
            </a>
    }
    .into_any()
}
