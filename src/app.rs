//! Mounts the app: one map, one sheet, and the pages in it.

use crate::components::filter_chips::close_panel;
use crate::components::map_chrome::{Attribution, DemonstrationMark, MapButtons};
use crate::components::navigation::{TabBar, TopBar};
use crate::components::near_me::locate_consent;
use crate::components::notices::Banners;
use crate::components::say::say;
use crate::components::search_box::SEARCH_FIELD;
use crate::components::sheet::Rest;
use crate::js::map::Padding;
use crate::js::{dom, host};
use crate::routes::location::LocationPage;
use crate::routes::map::MapPage;
use crate::routes::me::MePage;
use crate::routes::not_found::NotFoundPage;
use crate::routes::plan::PlanPage;
use crate::state::follow::follow;
use crate::state::url::Route;
use crate::state::{AppState, view};
use chongtu_words::{common, map as words, plan};
use leptos::prelude::*;

/// The element that the map draws in.
const MAP_HOST: &str = "map";

/// Puts the app into the page.
pub(crate) fn mount() {
    host::install_panic_hook();
    leptos::mount::mount_to_body(App);
    host::remove_shell();
}

/// The app.
#[component]
pub(crate) fn App() -> impl IntoView {
    let app = AppState::start(MAP_HOST);
    provide_context(app);
    keep_title(app);
    keep_map_clear(app);
    keep_keys(app);
    let rest = move || match app.sheet.get() {
        Rest::Peek => "peek",
        Rest::Half => "half",
        Rest::Full => "full",
    };
    let route = move || match app.url.route.get() {
        Route::Map => "map",
        Route::Location => "location",
        Route::Plan => "plan",
        Route::Me => "me",
        Route::Unknown => "unknown",
    };
    let sheet_height = move || {
        format!(
            "{:.0}px",
            app.sheet
                .get()
                .height(app.window_height.get(), app.elder.get())
        )
    };
    view! {
        <div class="app" data-rest=rest data-route=route style=("--sheet-h", sheet_height)>
            <a class="skip" href="#main" on:click=move |ev| {
                ev.prevent_default();
                dom::focus("main");
            }>{say(common::skip_to_content)}</a>
            <TopBar />
            <main id="main" tabindex="-1">
                <MapPage />
                {move || match app.url.route.get() {
                    Route::Map => ().into_any(),
                    Route::Location => view! { <LocationPage /> }.into_any(),
                    Route::Plan => view! { <PlanPage /> }.into_any(),
                    Route::Me => view! { <MePage /> }.into_any(),
                    Route::Unknown => view! { <NotFoundPage /> }.into_any(),
                }}
            </main>
            <section class="stage" aria-label=say(words::map_region)>
                <div id=MAP_HOST class="map"></div>
                <div class="float">
                    <DemonstrationMark />
                    <Banners />
                </div>
                <MapButtons />
                <Attribution />
            </section>
            <TabBar />
            {locate_consent()}
            <div class="sr-only" role="status" aria-live="polite">{move || app.announcement.get()}</div>
        </div>
    }
}

fn keep_title(app: AppState) {
    follow(move || {
        let l = app.lang.get();
        let page = match app.url.route.get() {
            Route::Map => words::page_title(l),
            // The page sets its own when it knows the name.
            Route::Location => words::kind_location(l),
            Route::Plan => plan::title(l),
            Route::Me => words::me(l),
            Route::Unknown => common::not_found_title(l),
        };
        host::set_title(&format!("{page} · {}", common::app_name(l)));
    });
    Effect::new(move |before: Option<Route>| {
        let route = app.url.route.get();
        if before.is_some_and(|b| b != route) {
            match route {
                Route::Location => app.sheet.set(Rest::Half),
                Route::Map => app.sheet.set(Rest::Peek),
                Route::Me => dom::focus_soon("me-heading"),
                Route::Plan | Route::Unknown => {}
            }
        }
        route
    });
}

/// Tells the map which part of it the sheet covers. The planner tells for itself.
fn keep_map_clear(app: AppState) {
    follow(move || {
        let bottom = match (app.wide.get(), app.url.route.get()) {
            (true, _) => 0.0,
            (false, Route::Plan) => return,
            (false, _) => {
                // Fully up, the sheet leaves a strip: what is in view stays what it was. The filters
                // count what the map shows when they are closed.
                let rest = match app.sheet.get() {
                    _ if app.view.panel_open.get() => Rest::Peek,
                    Rest::Full => Rest::Half,
                    rest => rest,
                };
                rest.height(app.window_height.get(), app.elder.get())
            }
        };
        app.map.set_padding(Padding {
            bottom,
            ..Padding::default()
        });
    });
}

fn keep_keys(app: AppState) {
    host::on_key(move |key, in_field| match key {
        "/" if !in_field => {
            if app.url.route.get_untracked() != Route::Map {
                app.url.go(&view::map_url(app));
            }
            dom::focus_soon(SEARCH_FIELD);
            true
        }
        "Escape" if app.map.picking.get_untracked() => {
            app.map.on_tap_pick(None);
            true
        }
        "Escape" if app.view.panel_open.get_untracked() => {
            close_panel(app);
            true
        }
        "Escape" if app.url.route.get_untracked() == Route::Location => {
            app.url.go(&view::map_url(app));
            true
        }
        "Escape" if !app.wide.get_untracked() && app.sheet.get_untracked() != Rest::Peek => {
            app.sheet.set(Rest::Peek);
            true
        }
        _ => false,
    });
}
