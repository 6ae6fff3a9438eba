//! What stands in for content: skeleton, empty, error; and the notices over everything.

use super::icon::icon;
use super::say::say;
use crate::js::host;
use crate::js::map::MapState;
use crate::js::worker::WorkerState;
use crate::state::use_app;
use chongtu_words::{common, map as words};
use leptos::prelude::*;

/// Says what happened and what to do next, with a button.
#[component]
pub(crate) fn Notice(
    /// The icon.
    symbol: &'static str,
    /// What happened.
    #[prop(into)]
    title: String,
    /// What to do.
    #[prop(into)]
    text: String,
    /// What the button says.
    #[prop(into)]
    action: String,
    /// What the button does.
    on_action: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <div class="empty">
            {icon(symbol)}
            <p class="strong">{title}</p>
            <p class="sub">{text}</p>
            <button type="button" class="btn md soft" on:click=move |_| on_action()>{action}</button>
        </div>
    }
}

/// Rows to come, with words.
#[component]
pub(crate) fn Skeleton(
    /// What is on its way.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let rows = (0..5).map(|_| view! { <div class="skel-row" aria-hidden="true"><span class="skel skel-badge"></span><span class="skel skel-line"></span></div> });
    view! {
        <div class="skeleton">
            <p class="sub" role="status">{move || text.get()}</p>
            {rows.collect_view()}
        </div>
    }
}

/// Offline, another build, no map: told over the map as long as they hold.
#[component]
pub(crate) fn Banners() -> impl IntoView {
    let app = use_app();
    view! {
        <div class="banners" role="status">
            <Show when=move || !app.online.get()>
                <p class="note">{icon("info")}<span>{say(common::offline)}</span></p>
            </Show>
            <Show when=move || {
                let states = [app.worker.state.get(), app.planner.worker.state.get()];
                states.contains(&WorkerState::OtherBuild)
            }>
                <p class="note">
                    {icon("alert")}
                    <span>{say(words::worker_other_build)}</span>
                    <button type="button" class="link end" on:click=|_| host::reload()>{say(words::reload)}</button>
                </p>
            </Show>
            <Show when=move || matches!(app.map.state.get(), MapState::Failed(_))>
                <p class="note">{icon("alert")}<span>{say(words::map_failed)}</span></p>
            </Show>
        </div>
    }
}
