//! `/location?id=`: one location in full.

use crate::components::alternatives::alternatives;
use crate::components::estimate::estimate_section;
use crate::components::icon::{glyph, icon};
use crate::components::location_list::row_id;
use crate::components::location_parts::{
    LISTED_SINGLY, evse_groups, evse_list, evse_notes, evses_meta, hours_now, hours_week,
    money_facts, place_facts,
};
use crate::components::notices::{Notice, Skeleton};
use crate::components::price_chart::{PriceView, price_section};
use crate::components::sheet::{CloseButton, Sheet};
use crate::components::star::star_button;
use crate::js::share::{Shared, share};
use crate::js::{dom, host};
use crate::state::catalogue::{self, LoadState, Part};
use crate::state::follow::follow;
use crate::state::url::{Route, Url, encode};
use crate::state::{AppState, favourites, pins, use_app, view};
use chongtu_model::provenance::{Operator, Source};
use chongtu_model::{ConnectorStandard, Location, LocationId};
use chongtu_words::{Lang, common, location as words, map as map_words};
use chongtu_worker::catalogue::{LocationDetail, LocationQuestion};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

const HEADING: &str = "location-heading";
/// A longer name is cut, and shown in full on demand.
const LONG_NAME: usize = 60;

/// What the page shows. While it stays the same, nothing of the page is made anew: folds stay
/// open and the focus stays where it is when ages and prices move on.
#[derive(Clone, PartialEq)]
enum Shown {
    /// Not known yet.
    Asked,
    /// There is none of that id.
    Missing,
    /// This.
    Found(Arc<Place>),
}

/// What does not change from minute to minute.
#[derive(PartialEq)]
struct Place {
    location: Location,
    operator: Option<Operator>,
    source: Option<Source>,
}

/// Back to the map; the focus goes to the row that led here.
fn close(app: AppState, id: Option<&LocationId>) {
    app.url.go(&view::map_url(app));
    if let Some(id) = id.cloned() {
        request_animation_frame(move || dom::focus(&row_id(&id)));
    }
}

/// What a place nearby must take: what the filter asks for, else the chosen car's inlets.
fn fits(app: AppState) -> Vec<ConnectorStandard> {
    let asked = app.view.filter.with(|f| f.standards.clone());
    if asked.is_empty() {
        let inlets = |car: &Option<_>| {
            car.as_ref()
                .map(|c: &crate::state::my_car::MyCar| c.inlets.clone())
        };
        app.my_car.with(inlets).unwrap_or_default()
    } else {
        asked
    }
}

/// The page.
#[component]
pub(crate) fn LocationPage() -> impl IntoView {
    let app = use_app();
    let l = move || app.lang.get();
    let id = Memo::new(move |_| view::selected(app));
    let detail = RwSignal::new(None::<Arc<LocationDetail>>);
    let missing = RwSignal::new(false);
    let asked = StoredValue::new(None::<LocationId>);
    follow(move || {
        app.view.asked_at.track();
        let fits = fits(app);
        let (Some(id), true) = (id.get(), app.region.catalogue.with(Option::is_some)) else {
            return;
        };
        let first = asked.with_value(|a| a.as_ref() != Some(&id));
        if first {
            asked.set_value(Some(id.clone()));
            missing.set(false);
            detail.set(None);
        }
        spawn_local(async move {
            let question = LocationQuestion {
                location: id.clone(),
                now: host::now(),
                fits,
            };
            let answer = app.worker.location(question).await;
            // The page may be gone, or show another one by now.
            let is_here = asked.try_with_value(|a| a.as_ref() == Some(&id));
            if is_here != Some(true) {
                return;
            }
            match answer {
                Err(_) => {
                    // The worker stopped: once it is back, this is asked anew.
                    asked.set_value(None);
                    return;
                }
                Ok(None) => missing.set(true),
                Ok(Some(found)) => {
                    if first {
                        app.map.reveal(found.location.position);
                        follow_merged(app, &id, &found.location.id);
                    }
                    detail.set(Some(Arc::from(found)));
                }
            }
            if first {
                dom::focus_soon(HEADING);
            }
        });
    });
    let shown = Memo::new(move |_| {
        if missing.get() {
            return Shown::Missing;
        }
        detail.with(|d| match d.as_deref() {
            None => Shown::Asked,
            Some(d) => Shown::Found(Arc::new(Place {
                location: d.location.clone(),
                operator: d.operator.clone(),
                source: d.source.clone(),
            })),
        })
    });
    follow(move || {
        let english = l().is_english();
        if let Shown::Found(place) = shown.get() {
            let mut title = place.location.name.get(english).to_owned();
            title.push_str(" · ");
            title.push_str(common::app_name(l()));
            host::set_title(&title);
        }
    });
    let label = Signal::derive(move || map_words::kind_location(l()).to_owned());
    let load = app.region.load_state(Part::Locations);
    view! {
        <Sheet label=label>
            {move || match (shown.get(), load.get()) {
                (Shown::Found(place), _) => full(app, detail, &place),
                (Shown::Missing, _) => view! {
                    <div class="sheet-body">
                        <h1 class="sr-only" id=HEADING tabindex="-1">{map_words::no_location(l())}</h1>
                        <Notice symbol="info" title=map_words::no_location(l()) text=map_words::no_location_text(l()) action=common::back_to_map(l()) on_action=move || close(app, None) />
                    </div>
                }.into_any(),
                (Shown::Asked, LoadState::Failed(trouble)) => view! {
                    <div class="sheet-body">
                        <h1 class="sr-only">{map_words::load_failed(l())}</h1>
                        <Notice symbol="alert" title=map_words::load_failed(l()) text=map_words::load_trouble(l(), trouble) action=common::try_again(l()) on_action=move || catalogue::retry(app) />
                    </div>
                }.into_any(),
                (Shown::Asked, _) => view! {
                    <h1 class="sr-only">{map_words::loading_location(l())}</h1>
                    <Skeleton text=Signal::derive(move || map_words::loading_location(l()).to_owned()) />
                }.into_any(),
            }}
        </Sheet>
    }
}

/// A star on an id that was merged into another one moves to that.
fn follow_merged(app: AppState, asked: &LocationId, found: &LocationId) {
    if asked != found && app.favourites.with_untracked(|ids| ids.contains(asked)) {
        favourites::rename(app, asked, found);
    }
}

/// The sheet of one location. What moves on with the minutes stands in closures of its own.
fn full(app: AppState, detail: RwSignal<Option<Arc<LocationDetail>>>, place: &Place) -> AnyView {
    let l = app.lang.get();
    let location = &place.location;
    let id = location.id.clone();
    let many = location.evses.len() > LISTED_SINGLY;
    let s = PriceView::new(detail);
    let nearby = Memo::new(move |_| {
        detail.with(|d| d.as_ref().map(|d| d.nearby.clone()).unwrap_or_default())
    });
    let of = move |f: fn(Lang, &LocationDetail, chongtu_model::Instant) -> AnyView| {
        let now = app.view.asked_at.get();
        detail.with(|d| d.as_ref().map(|d| f(l, d, now)))
    };
    let meta = move || {
        let now = app.view.asked_at.get();
        detail.with(|d| d.as_ref().map(|d| evses_meta(app, d, now)))
    };
    let has_week = matches!(
        location.opening_hours,
        Some(chongtu_model::hours::OpeningHours::Regular(_))
    );
    let hours = if has_week {
        view! {
            <details class="fold fold--line">
                <summary>{move || of(hours_now)}</summary>
                {move || of(|l, d, _| hours_week(l, d))}
            </details>
        }
        .into_any()
    } else {
        view! { {move || of(hours_now)} }.into_any()
    };
    view! {
        <header class="head">
            <div class="row-main">
                {name(l, location.name.get(l.is_english()))}
                <p class="sub">{under_name(l, place)}{move || distance(app, detail)}</p>
            </div>
            {star_button(app, &id)}
            <CloseButton on_close=move || close(app, Some(&id)) />
        </header>
        <div class="sumline">{move || summary(app, detail)}</div>
        <div class="sheet-body sec" tabindex="0" role="group" aria-label=map_words::details(l)>
            <div class="sec-head">
                <h2>{map_words::evses(l)}</h2>
                <span class="meta">{meta}</span>
            </div>
            {if many {
                view! {
                    {move || of(|l, d, _| evse_groups(l, d))}
                    <details class="fold">
                        <summary>{words::one_by_one(l)}</summary>
                        {move || of(evse_list)}
                    </details>
                }.into_any()
            } else {
                view! { {move || of(evse_list)} }.into_any()
            }}
            {move || of(evse_notes)}
            {price_section(s)}
            {estimate_section(s)}
            <div class="location-facts">
                {move || money_facts(app, s)}
                <dl class="kv"><dt>{map_words::hours(l)}</dt><dd>{hours}</dd></dl>
                {detail.with_untracked(|d| d.as_ref().map(|d| place_facts(l, d)))}
            </div>
            {alternatives(nearby, location.kind)}
        </div>
        {dock(app, location)}
    }
    .into_any()
}

/// The name as the page's heading. A long one is cut after three lines, with a button that shows
/// the whole. Whatever marks of direction it holds end with it.
fn name(l: Lang, name: &str) -> AnyView {
    let long = name.chars().count() > LONG_NAME;
    let whole = RwSignal::new(!long);
    let more = long.then(|| {
        let text = move || {
            if whole.get() {
                words::short_name(l)
            } else {
                words::whole_name(l)
            }
        };
        view! {
            <button type="button" class="link name-more" aria-expanded=move || if whole.get() { "true" } else { "false" } on:click=move |_| whole.update(|w| *w = !*w)>
                {text}
            </button>
        }
    });
    view! {
        <h1 class="sheet-title" class:is-cut=move || !whole.get() id=HEADING tabindex="-1"><bdi>{name.to_owned()}</bdi></h1>
        {more}
    }
    .into_any()
}

/// Address and operator.
fn under_name(l: Lang, place: &Place) -> AnyView {
    let english = l.is_english();
    let address = place.location.address.as_ref().map(|a| a.get(english));
    let operator = place.operator.as_ref().map(|o| o.name.get(english));
    let parts: Vec<AnyView> = [address, operator]
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(i, text)| {
            let dot = (i > 0).then_some(" · ");
            view! { {dot}<bdi class="told">{text.to_owned()}</bdi> }.into_any()
        })
        .collect();
    view! { {parts} }.into_any()
}

/// How far it is from the own position, once that is known.
fn distance(app: AppState, detail: RwSignal<Option<Arc<LocationDetail>>>) -> Option<String> {
    let me = app.me.get()?;
    let there = detail.with(|d| d.as_ref().map(|d| d.location.position))?;
    let mut text = " · ".to_owned();
    text.push_str(&common::distance(app.lang.get(), me.distance_m(there)));
    Some(text)
}

/// The status of all chargers, how old it is, and who said it.
fn summary(app: AppState, detail: RwSignal<Option<Arc<LocationDetail>>>) -> AnyView {
    let l = app.lang.get();
    let now = app.view.asked_at.get();
    detail.with(|d| {
        let Some(d) = d.as_deref() else {
            return ().into_any();
        };
        let status = d.counts.summary();
        let updated = d.location.evses.iter().filter_map(|e| e.status_updated).max();
        let age = updated.map_or_else(
            || common::age_unknown(l).to_owned(),
            |at| common::age(l, now.unix_s() - at.unix_s()),
        );
        let source = d.source.as_ref();
        let name = source.map(|s| s.name.get(l.is_english()));
        let mut class = "status status--l ".to_owned();
        class.push_str(pins::status_class(status));
        view! {
            <span class=class>{glyph(pins::status_glyph(status))}{common::status_counts(l, &d.counts)}</span>
            <span class="meta">
                <bdi>{map_words::age_and_source(l, &age, name)}</bdi>
                {source.is_some_and(|s| s.demonstration).then(|| view! { " "<span class="demo">{common::demonstration(l)}</span> })}
            </span>
        }
        .into_any()
    })
}

fn dock(app: AppState, location: &Location) -> AnyView {
    let l = app.lang.get();
    let [lat, lng] = location.position.to_e6().map(|e6| f64::from(e6) / 1e6);
    let name = location.name.get(l.is_english()).to_owned();
    let to = Url {
        fragment: format!("to={lat:.6},{lng:.6}~{}", encode(&name)),
        ..Url::to(Route::Plan)
    };
    let link = host::absolute(&Url::location(location.id.as_str()).href());
    let result = RwSignal::new(None::<Shared>);
    let words_of = move |shared: Shared| match shared {
        Shared::Done => words::share(l),
        Shared::Copied => map_words::copied(l),
        Shared::Failed => map_words::copy_failed(l),
    };
    let on_share = move |_| {
        let (link, name) = (link.clone(), name.clone());
        spawn_local(async move {
            let shared = share(&name, &link).await;
            if result.try_set(Some(shared)).is_none() && shared != Shared::Done {
                app.announce(words_of(shared).to_owned());
            }
        });
    };
    let text = move || result.get().map_or(words::share(l), words_of);
    view! {
        <div class="dock">
            <button type="button" class="btn share" on:click=on_share>{icon("share")}<span>{text}</span></button>
            <a class="btn primary grow" href=to.href()>{icon("route")}{map_words::plan_to_here(l)}</a>
        </div>
    }
    .into_any()
}
