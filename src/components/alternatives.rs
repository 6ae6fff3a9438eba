//! Other places near a location: the ones with a free charger first, then the cheapest.

use super::icon::glyph;
use crate::state::{AppState, pins, use_app, view};
use chongtu_model::index::ListEntry;
use chongtu_model::location::LocationKind;
use chongtu_words::{Lang, common, location as words, map as map_words};
use leptos::prelude::*;

/// What the places have in common: a word beside the heading.
fn in_common(l: Lang, app: AppState, kind: Option<LocationKind>) -> &'static str {
    if let Some(kind @ (LocationKind::BatterySwap | LocationKind::Hydrogen)) = kind {
        common::kind(l, kind)
    } else if app.view.filter.with(|f| !f.standards.is_empty()) {
        words::nearby_filter(l)
    } else if app.my_car.with(Option::is_some) {
        words::nearby_my_car(l)
    } else {
        words::nearby_same(l)
    }
}

/// The section.
pub(crate) fn alternatives(nearby: Memo<Vec<ListEntry>>, kind: Option<LocationKind>) -> AnyView {
    let app = use_app();
    view! {
        <div class="sec-head">
            <h2>{move || words::nearby(app.lang.get())}</h2>
            <span class="meta">{move || in_common(app.lang.get(), app, kind)}</span>
        </div>
        {move || {
            let l = app.lang.get();
            let list = nearby.get();
            if list.is_empty() {
                return view! { <p class="sub">{words::nearby_none(l)}</p> }.into_any();
            }
            let rows: Vec<AnyView> = list.iter().map(|e| row(l, app, e)).collect();
            view! { <ul class="well alternatives">{rows}</ul> }.into_any()
        }}
    }
    .into_any()
}

fn row(l: Lang, app: AppState, e: &ListEntry) -> AnyView {
    let status = e.counts.summary();
    let href = view::open_url(app, e.id.as_str()).href();
    let mut badge = "badge ".to_owned();
    badge.push_str(pins::status_class(status));
    if !e.has_dc {
        badge.push_str(" ac");
    }
    let current = if e.has_dc {
        common::dc(l)
    } else {
        common::ac(l)
    };
    let power = match (e.kind, e.max_power_w) {
        (Some(kind @ (LocationKind::BatterySwap | LocationKind::Hydrogen)), _) => {
            common::kind(l, kind).to_owned()
        }
        (_, Some(w)) => [current, &common::power(l, w)].join(" "),
        (_, None) => common::power_unknown(l).to_owned(),
    };
    let price = e.price_now.map(|(price, currency)| {
        words::nearby_price(l, &common::price(l, price, currency), e.prices_differ)
    });
    let closed = e.open_now == Some(false);
    view! {
        <li>
            <a class="row" href=href>
                <span class=badge aria-hidden="true">{glyph(pins::status_glyph(status))}{pins::counts_text(l, &e.counts)}</span>
                <span class="row-main">
                    <span class="row-title clip block"><bdi>{e.name.get(l.is_english()).to_owned()}</bdi></span>
                    <span class="sub facts">
                        <span>{common::status(l, status)}</span>
                        <span>{power}</span>
                        {closed.then(|| view! { <span class="t-amber">{map_words::closed_now(l)}</span> })}
                    </span>
                    <span class="sr-only">{map_words::counts_in_full(l, &e.counts)}</span>
                </span>
                <span class="row-end">
                    {match price {
                        Some(price) => view! { <span class="num block"><b>{price}</b></span> }.into_any(),
                        None => view! { <span class="meta num block">{common::price_unknown(l)}</span> }.into_any(),
                    }}
                    <span class="meta num block">{e.distance_m.map(|m| common::distance(l, m))}</span>
                </span>
            </a>
        </li>
    }
    .into_any()
}
