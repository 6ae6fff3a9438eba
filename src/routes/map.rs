//! `/`: the list beside the map. It stays in the page behind a location's sheet, so that it is
//! where it was when one comes back.

use crate::components::filter_chips::Chips;
use crate::components::filter_panel::FilterPanel;
use crate::components::location_list::{ListHead, LocationList, on_scroll};
use crate::components::nothing_found::nothing_found;
use crate::components::notices::{Notice, Skeleton};
use crate::components::say::say;
use crate::components::search_box::SearchBox;
use crate::components::sheet::Sheet;
use crate::state::catalogue::{self, LoadState, Part};
use crate::state::follow::follow;
use crate::state::url::Route;
use crate::state::use_app;
use chongtu_words::{common, map as words};
use leptos::prelude::*;

/// What the body of the list shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Loading,
    Failed(words::LoadTrouble),
    Empty,
    List,
}

/// The page.
#[component]
pub(crate) fn MapPage() -> impl IntoView {
    let app = use_app();
    let l = move || app.lang.get();
    let choosing_car = RwSignal::new(false);
    let hidden = Signal::derive(move || app.url.route.get() != Route::Map);
    let load = app.region.load_state(Part::Locations);
    let body = Memo::new(move |_| match (load.get(), app.view.answer.get()) {
        (LoadState::Failed(trouble), _) => Body::Failed(trouble),
        (_, Some(answer)) if answer.n_in_view == 0 => Body::Empty,
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
                when=move || app.view.panel_open.get()
                fallback=move || {
                    view! {
                        <div class="panel-head">
                            <SearchBox />
                            <Chips choosing=choosing_car />
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
                                Body::Empty => nothing_found(),
                                Body::List => view! { <LocationList /> }.into_any(),
                            }}
                        </div>
                    }
                }
            >
                <FilterPanel choosing=choosing_car />
            </Show>
        </Sheet>
    }
}

/// Tells screen readers how many there are, once the map rests and the number is another.
fn announce_counts() {
    let app = use_app();
    let said = StoredValue::new(None::<(u32, u32)>);
    follow(move || {
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
