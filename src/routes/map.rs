//! `/`: the list beside the map. It stays in the page behind a location's sheet, so that it is
//! where it was when one comes back.

use crate::components::filter_panel::{Chips, FilterPanel, in_words};
use crate::components::location_list::{ListHead, LocationList, on_scroll};
use crate::components::notices::{Notice, Skeleton};
use crate::components::say::say;
use crate::components::search_box::SearchBox;
use crate::components::sheet::{Rest, Sheet};
use crate::state::catalogue::{self, LoadState, Part};
use crate::state::url::Route;
use crate::state::use_app;
use chongtu_model::filter::Filter;
use chongtu_words::{common, map as words};
use leptos::prelude::*;

/// What the body of the list shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Loading,
    Failed(words::LoadTrouble),
    Empty { n_matching: u32, filtered: bool },
    List,
}

/// The page.
#[component]
pub(crate) fn MapPage() -> impl IntoView {
    let app = use_app();
    let l = move || app.lang.get();
    let filters_open = RwSignal::new(false);
    let hidden = Signal::derive(move || app.url.route.get() != Route::Map);
    let load = app.region.load_state(Part::Locations);
    let body = Memo::new(move |_| match (load.get(), app.view.answer.get()) {
        (LoadState::Failed(trouble), _) => Body::Failed(trouble),
        (_, Some(answer)) if answer.n_in_view == 0 => Body::Empty {
            n_matching: answer.n_matching,
            filtered: !app.view.filter.with(Filter::is_empty),
        },
        (_, Some(_)) => Body::List,
        (_, None) => Body::Loading,
    });
    announce_counts();
    let progress = Signal::derive(move || match load.get() {
        LoadState::Loading { done, total } if done > 0 => {
            format!(
                "{} {}",
                words::loading_list(l()),
                words::bytes_progress(l(), done, total)
            )
        }
        _ => words::loading_list(l()).to_owned(),
    });
    view! {
        <Sheet label=Signal::derive(move || words::list(l()).to_owned()) hidden=hidden>
            <h1 class="sr-only">{say(words::page_title)}</h1>
            <Show
                when=move || filters_open.get()
                fallback=move || {
                    view! {
                        <div class="panel-head">
                            <SearchBox />
                            <Chips open=filters_open />
                            <ListHead />
                        </div>
                        <div class="sheet-body" on:scroll=|ev| on_scroll(&ev)>
                            {move || match body.get() {
                                Body::Loading => view! { <Skeleton text=progress /> }.into_any(),
                                Body::Failed(trouble) => view! {
                                    <Notice
                                        symbol="alert"
                                        title=words::load_failed(l())
                                        text=words::load_trouble(l(), trouble)
                                        action=common::try_again(l())
                                        on_action=move || catalogue::retry(app)
                                    />
                                }.into_any(),
                                Body::Empty { n_matching, filtered } => empty(n_matching, filtered).into_any(),
                                Body::List => view! { <LocationList /> }.into_any(),
                            }}
                        </div>
                    }
                }
            >
                <FilterPanel open=filters_open />
            </Show>
        </Sheet>
    }
}

fn empty(n_matching: u32, filtered: bool) -> impl IntoView {
    let app = use_app();
    let l = app.lang.get();
    let whole = move || {
        if let Some(bounds) = app
            .region
            .manifest
            .with_untracked(|m| m.as_ref().map(|m| m.bounding_box()))
        {
            app.sheet.set(Rest::Peek);
            app.map.fit(bounds, 24.0);
        }
    };
    let clear = move || app.view.filter.set(Filter::default());
    match (filtered, n_matching) {
        (true, 0) => {
            let asked = app.view.filter.with(|f| in_words(l, f));
            view! { <Notice symbol="filter" title=words::none_match(l) text=words::drop_filters(l, &asked) action=words::clear_filters(l) on_action=clear /> }.into_any()
        }
        (true, n) => {
            view! { <Notice symbol="filter" title=words::none_match_here(l) text=words::matching_elsewhere(l, n) action=words::whole_region(l) on_action=whole /> }.into_any()
        }
        (false, _) => {
            view! { <Notice symbol="map" title=words::none_here(l) text=words::none_here_text(l) action=words::whole_region(l) on_action=whole /> }.into_any()
        }
    }
}

/// Tells screen readers how many there are, once the map rests and the number is another.
fn announce_counts() {
    let app = use_app();
    let said = StoredValue::new(None::<(u32, u32)>);
    Effect::new(move || {
        let counts = app
            .view
            .answer
            .with(|a| a.as_ref().map(|a| (a.n_in_view, a.n_free_in_view)));
        let resting = app
            .map
            .viewport
            .with_untracked(|v| v.is_none_or(|v| v.settled));
        let Some((n, free)) = counts.filter(|_| resting) else {
            return;
        };
        if app.url.route.get_untracked() == Route::Map && said.get_value() != counts {
            said.set_value(counts);
            app.announce(words::announce_list(app.lang.get_untracked(), n, free));
        }
    });
}
