//! An address that is none of ours.

use crate::components::notices::Notice;
use crate::state::{use_app, view};
use chongtu_words::common;
use leptos::prelude::*;

/// The page.
#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    let app = use_app();
    move || {
        let l = app.lang.get();
        view! {
            <section class="page">
                <h1 class="sr-only">{common::not_found_title(l)}</h1>
                <Notice
                    symbol="map"
                    title=common::not_found_title(l)
                    text=common::not_found_text(l)
                    action=common::back_to_map(l)
                    on_action=move || app.url.go(&view::map_url(app))
                />
            </section>
        }
    }
}
