//! The tabs: at the bottom of the phone, in the top bar of wide screens.

use super::icon::icon;
use super::say::say;
use crate::state::url::{Route, Url};
use crate::state::{AppState, use_app, view};
use chongtu_words::{Lang, common};
use leptos::prelude::*;

type Tab = (Route, &'static str, fn(Lang) -> &'static str);

/// Only what works.
const TABS: [Tab; 3] = [
    (Route::Map, "map", common::tab_map),
    (Route::Plan, "route", common::tab_plan),
    (Route::Me, "user", common::tab_me),
];

/// Which tab a page belongs to.
fn is_current(tab: Route, route: Route) -> bool {
    tab == route || (tab == Route::Map && route == Route::Location)
}

fn href(app: AppState, tab: Route) -> String {
    match tab {
        Route::Map => {
            app.view.filter.track();
            app.map.viewport.track();
            view::map_url(app).href()
        }
        Route::Plan => Url {
            fragment: app.trip.with(crate::state::trip::TripMemory::fragment),
            ..Url::to(Route::Plan)
        }
        .href(),
        other => Url::to(other).href(),
    }
}

fn links(app: AppState) -> impl IntoView {
    TABS.map(|(tab, symbol, word)| {
        view! {
            <a href=move || href(app, tab) aria-current=move || is_current(tab, app.url.route.get()).then_some("page")>
                {icon(symbol)}
                <span>{move || word(app.lang.get())}</span>
            </a>
        }
    })
    .into_iter()
    .collect_view()
}

/// At the bottom of the phone.
#[component]
pub(crate) fn TabBar() -> impl IntoView {
    let app = use_app();
    view! {
        <nav class="tabbar" aria-label=say(common::tabs)>{links(app)}</nav>
    }
}

/// On wide screens.
#[component]
pub(crate) fn TopBar() -> impl IntoView {
    let app = use_app();
    let switch = move |_| {
        app.lang
            .update(|l| *l = if *l == Lang::Zh { Lang::En } else { Lang::Zh });
    };
    view! {
        <header class="topbar">
            <a class="logo" href="./">
                <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
                    <rect width="24" height="24" rx="7"></rect>
                    <path d="M13.2 4.5 7 13h4.4L10.8 19.5 17 11h-4.4z"></path>
                </svg>
                {say(common::app_name)}
            </a>
            <nav class="topnav" aria-label=say(common::tabs)>{links(app)}</nav>
            <button type="button" class="link end language" lang=move || if app.lang.get() == Lang::Zh { "en" } else { "zh-CN" } on:click=switch>
                {say(common::other_language)}
            </button>
        </header>
    }
}
