//! The star that keeps a location as a favourite.

use crate::state::{AppState, favourites};
use chongtu_model::LocationId;
use chongtu_words::location as words;
use leptos::prelude::*;

/// The button; it says what it does, and the star is full when the location is a favourite.
pub(crate) fn star_button(app: AppState, id: &LocationId) -> AnyView {
    let marked = {
        let id = id.clone();
        Memo::new(move |_| app.favourites.with(|ids| ids.contains(&id)))
    };
    let id = id.clone();
    let toggle = move |_| {
        let l = app.lang.get_untracked();
        let is = favourites::toggle(app, &id);
        let said = if is {
            words::favourite_added(l)
        } else {
            words::favourite_removed(l)
        };
        app.announce(said.to_owned());
    };
    let label = move || words::favourite(app.lang.get());
    view! {
        <button
            type="button"
            class="iconbtn fill star"
            aria-label=label
            aria-pressed=move || if marked.get() { "true" } else { "false" }
            on:click=toggle
        >
            <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="m12 3.8 2.5 5.2 5.7.8-4.1 4 1 5.6-5.1-2.7-5.1 2.7 1-5.6-4.1-4 5.7-.8z"></path></svg>
        </button>
    }
    .into_any()
}
