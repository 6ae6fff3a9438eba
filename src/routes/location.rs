//! `/location?id=`: one location in full.

use crate::components::icon::{glyph, icon};
use crate::components::location_list::row_id;
use crate::components::location_parts::{evses, hours, prices};
use crate::components::notices::{Notice, Skeleton};
use crate::components::sheet::{CloseButton, Sheet};
use crate::js::{dom, host};
use crate::state::catalogue::{self, LoadState, Part};
use crate::state::follow::follow;
use crate::state::url::{Route, Url, encode};
use crate::state::{AppState, pins, use_app, view};
use chongtu_model::LocationId;
use chongtu_words::{Lang, common, map as words};
use chongtu_worker::catalogue::{LocationDetail, LocationQuestion};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

const HEADING: &str = "location-heading";

/// What is known of the asked location.
#[derive(Clone, PartialEq)]
enum Known {
    /// Not yet.
    Asked,
    /// There is none of that id.
    Missing,
    /// All.
    Found(Arc<LocationDetail>),
}

/// Back to the map; the focus goes to the row that led here.
fn close(app: AppState, id: Option<&LocationId>) {
    app.url.go(&view::map_url(app));
    if let Some(id) = id.cloned() {
        request_animation_frame(move || dom::focus(&row_id(&id)));
    }
}

/// The page.
#[component]
pub(crate) fn LocationPage() -> impl IntoView {
    let app = use_app();
    let l = move || app.lang.get();
    let id = Memo::new(move |_| view::selected(app));
    let known = RwSignal::new(Known::Asked);
    let shown = StoredValue::new(None::<LocationId>);
    follow(move || {
        app.view.asked_at.track();
        let (Some(id), true) = (id.get(), app.region.catalogue.with(Option::is_some)) else {
            return;
        };
        if shown.with_value(|s| s.as_ref() != Some(&id)) {
            known.set(Known::Asked);
        }
        spawn_local(async move {
            let Ok(answer) = app.worker.location(LocationQuestion {
                location: id.clone(),
                now: host::now(),
                fits: Vec::new(),
            }).await else {
                return;
            };
            // The page may be gone, or show another one by now.
            if untrack(|| view::selected(app)).as_ref() != Some(&id) || known.is_disposed() {
                return;
            }
            let first = shown.with_value(|s| s.as_ref() != Some(&id));
            match answer {
                None => known.set(Known::Missing),
                Some(detail) => {
                    if first {
                        app.map.reveal(detail.location.position);
                    }
                    known.set(Known::Found(Arc::new(*detail)));
                }
            }
            if first {
                shown.set_value(Some(id));
                dom::focus_soon(HEADING);
            }
        });
    });
    follow(move || {
        let english = l().is_english();
        if let Known::Found(detail) = known.get() {
            host::set_title(&format!(
                "{} · {}",
                detail.location.name.get(english),
                common::app_name(l())
            ));
        }
    });
    let label = Signal::derive(move || words::kind_location(l()).to_owned());
    let load = app.region.load_state(Part::Locations);
    view! {
        <Sheet label=label>
            {move || match (known.get(), load.get()) {
                (Known::Found(detail), _) => full(app, &detail).into_any(),
                (Known::Missing, _) => view! {
                    <div class="sheet-body">
                        <h1 class="sr-only" id=HEADING tabindex="-1">{words::no_location(l())}</h1>
                        <Notice symbol="info" title=words::no_location(l()) text=words::no_location_text(l()) action=common::back_to_map(l()) on_action=move || close(app, None) />
                    </div>
                }.into_any(),
                (Known::Asked, LoadState::Failed(trouble)) => view! {
                    <div class="sheet-body">
                        <h1 class="sr-only">{words::load_failed(l())}</h1>
                        <Notice symbol="alert" title=words::load_failed(l()) text=words::load_trouble(l(), trouble) action=common::try_again(l()) on_action=move || catalogue::retry(app) />
                    </div>
                }.into_any(),
                (Known::Asked, _) => view! {
                    <h1 class="sr-only">{words::loading_location(l())}</h1>
                    <Skeleton text=Signal::derive(move || words::loading_location(l()).to_owned()) />
                }.into_any(),
            }}
        </Sheet>
    }
}

/// A line of facts.
fn fact(term: &'static str, value: impl IntoView) -> impl IntoView {
    view! { <dt>{term}</dt><dd>{value}</dd> }
}

fn full(app: AppState, detail: &LocationDetail) -> impl IntoView + use<> {
    let l = app.lang.get();
    let english = l.is_english();
    let now = app.view.asked_at.get();
    let location = &detail.location;
    let status = detail.counts.summary();
    let operator = detail
        .operator
        .as_ref()
        .map(|o| o.name.get(english).to_owned());
    let under_title = [
        location.address.as_ref().map(|a| a.get(english).to_owned()),
        operator,
    ];
    let under_title: Vec<String> = under_title.into_iter().flatten().collect();
    let updated = location.evses.iter().filter_map(|e| e.status_updated).max();
    let age = updated.map_or_else(
        || common::age_unknown(l).to_owned(),
        |at| common::age(l, now.unix_s() - at.unix_s()),
    );
    let source_name = detail
        .source
        .as_ref()
        .map(|s| s.name.get(english).to_owned());
    let demonstration = detail.source.as_ref().is_some_and(|s| s.demonstration);
    let id = location.id.clone();
    let at = location.position;
    let coordinates = format!("{:.5}, {:.5}", at.lat, at.lng);
    view! {
        <header class="head">
            <div class="row-main">
                <h1 class="sheet-title" id=HEADING tabindex="-1">{location.name.get(english).to_owned()}</h1>
                <p class="sub">{under_title.join(" · ")}</p>
            </div>
            <CloseButton on_close=move || close(app, Some(&id)) />
        </header>
        <div class="sumline">
            <span class=format!("status status--l {}", pins::status_class(status))>
                {glyph(pins::status_glyph(status))}
                {common::status_counts(l, &detail.counts)}
            </span>
            <span class="meta">
                {words::age_and_source(l, &age, source_name.as_deref())}
                {demonstration.then(|| view! { " "<span class="demo">{common::demonstration(l)}</span> })}
            </span>
        </div>
        <div class="sheet-body sec" tabindex="0" role="group" aria-label=words::details(l)>
            <div class="sec-head">
                <h2>{words::evses(l)}</h2>
                <span class="meta">{(detail.counts.total() > 0).then(|| words::counts_in_full(l, &detail.counts))}</span>
            </div>
            {evses(l, detail, now)}
            <div class="sec-head">
                <h2>{words::price(l)}</h2>
                {demonstration.then(|| view! { <span class="demo">{common::demonstration(l)}</span> })}
            </div>
            {prices(l, detail)}
            <dl class="kv">{facts(l, detail, &coordinates)}</dl>
        </div>
        {dock(app, detail)}
    }
}

fn facts(l: Lang, detail: &LocationDetail, coordinates: &str) -> impl IntoView + use<> {
    let english = l.is_english();
    let location = &detail.location;
    let kinds = [
        location.kind.map(|k| common::kind(l, k)),
        location.place.map(|p| common::place(l, p)),
    ];
    let kinds: Vec<&str> = kinds.into_iter().flatten().collect();
    let road = location.road.as_ref().map(|r| {
        words::road_side(
            l,
            &r.reference,
            r.direction.as_ref().map(|d| d.get(english)),
        )
    });
    let mut facilities: Vec<&str> = location
        .facilities
        .iter()
        .map(|&f| common::facility(l, f))
        .collect();
    if location.accessible == Some(true) {
        facilities.push(words::wheelchair(l));
    }
    let source = detail.source.as_ref().map(|s| {
        let licence = s
            .licence
            .clone()
            .unwrap_or_else(|| words::licence_unknown(l).to_owned());
        format!("{} · {licence}", s.name.get(english))
    });
    view! {
        {fact(words::parking(l), location.parking.map_or(words::not_told(l), |p| common::parking(l, p)))}
        {fact(words::hours(l), hours(l, detail))}
        {road.map(|r| fact(words::road(l), r))}
        {(!kinds.is_empty()).then(|| fact(words::kind(l), kinds.join(" · ")))}
        {(!facilities.is_empty()).then(|| fact(words::facilities(l), facilities.join(" · ")))}
        {fact(words::coordinates(l), coordinates.to_owned())}
        {source.map(|s| fact(words::source(l), s))}
    }
}

fn dock(app: AppState, detail: &LocationDetail) -> impl IntoView + use<> {
    let l = app.lang.get();
    let location = &detail.location;
    let [lat, lng] = [location.position.lat, location.position.lng].map(|d| format!("{d:.6}"));
    let name = location.name.get(l.is_english()).to_owned();
    let to = Url {
        fragment: format!("to={lat},{lng}~{}", encode(&name)),
        ..Url::to(Route::Plan)
    };
    let link = host::absolute(&Url::location(location.id.as_str()).href());
    let copied = RwSignal::new(None::<bool>);
    let share = move |_| {
        let link = link.clone();
        spawn_local(async move {
            let done = host::copy(&link).await;
            copied.set(Some(done));
            let l = app.lang.get_untracked();
            app.announce(
                (if done {
                    words::copied(l)
                } else {
                    words::copy_failed(l)
                })
                .to_owned(),
            );
        });
    };
    let share_text = move || match copied.get() {
        None => words::share(l),
        Some(true) => words::copied(l),
        Some(false) => words::copy_failed(l),
    };
    view! {
        <div class="dock">
            <button type="button" class="btn" on:click=share>{icon("copy")}<span>{share_text}</span></button>
            <a class="btn primary grow" href=to.href()>{icon("route")}{words::plan_to_here(l)}</a>
        </div>
    }
}
