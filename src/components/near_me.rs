//! The question before the browser's own, and what came of it.

use super::icon::icon;
use super::say::say;
use crate::state::near::{self, DIALOG};
use crate::state::use_app;
use chongtu_words::{common, filter as words};
use leptos::prelude::*;

const TITLE: &str = "locate-title";

/// Asks whether the position may be used. It stands in the page closed, and opens over everything.
pub(crate) fn locate_consent() -> AnyView {
    let app = use_app();
    view! {
        <dialog id=DIALOG class="dialog" aria-labelledby=TITLE on:cancel=move |_: leptos::ev::Event| near::decline(app)>
            <h2 id=TITLE class="sheet-title">{say(words::locate_title)}</h2>
            <p>{say(words::locate_why)}</p>
            <p class="sub">{say(words::locate_next)}</p>
            <div class="dialog-actions">
                <button type="button" class="btn" on:click=move |_| near::decline(app)>{say(words::locate_no)}</button>
                <button type="button" class="btn primary" on:click=move |_| near::agree(app)>{say(words::locate_yes)}</button>
            </div>
        </dialog>
    }
    .into_any()
}

/// Says above the map's buttons that it is being found, or why there is none.
pub(super) fn locate_note() -> AnyView {
    let app = use_app();
    let close = move |_| app.near.trouble.set(None);
    let note = move || {
        let l = app.lang.get();
        let Some(trouble) = app.near.trouble.get() else {
            return app
                .near
                .locating
                .get()
                .then(|| view! { <p class="toast">{words::locating(l)}</p> })
                .into_any();
        };
        let again = trouble.is_passing().then(|| {
            view! {
                <button type="button" class="link tall" on:click=move |_| near::show_me(app)>{common::try_again(l)}</button>
            }
        });
        view! {
            <div class="toast locate-note">
                <span>{trouble.words(l)} " " {again}</span>
                <button type="button" class="iconbtn" aria-label=common::close(l) on:click=close>{icon("close")}</button>
            </div>
        }
        .into_any()
    };
    view! { {note} }.into_any()
}
