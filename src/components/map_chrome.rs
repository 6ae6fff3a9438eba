//! What floats over the map: buttons, the mark for demonstration data, the attribution.

use super::icon::{icon, icon_small};
use super::near_me::locate_note;
use super::say::say;
use crate::state::{near, use_app};
use chongtu_model::provenance::Source;
use chongtu_words::{Lang, common, map as words};
use leptos::prelude::*;

/// Zoom, whole region, own position.
#[component]
pub(crate) fn MapButtons() -> impl IntoView {
    let app = use_app();
    let whole = move || {
        if let Some(bounds) = app
            .region
            .manifest
            .with_untracked(|m| m.as_ref().map(|m| m.bounding_box()))
        {
            app.map.fit(bounds, 24.0);
        }
    };
    view! {
        <div class="mapside">
            {locate_note()}
            <div class="mapbtns">
                <button type="button" class="mapbtn wide-only" aria-label=say(words::zoom_in) on:click=move |_| app.map.zoom_by(1.0)>
                    {icon("plus")}
                </button>
                <button type="button" class="mapbtn wide-only" aria-label=say(words::zoom_out) on:click=move |_| app.map.zoom_by(-1.0)>
                    {icon("minus")}
                </button>
                <button type="button" class="mapbtn" aria-label=say(words::whole_region) on:click=move |_| whole()>
                    {icon("globe")}
                </button>
                <button
                    type="button"
                    class="mapbtn"
                    class:is-on=move || app.me.with(Option::is_some)
                    aria-label=say(words::locate)
                    aria-busy=move || if app.near.locating.get() { "true" } else { "false" }
                    on:click=move |_| near::show_me(app)
                >
                    {icon("locate")}
                </button>
            </div>
        </div>
    }
}

/// Says that what shows is invented, as long as it is.
#[component]
pub(crate) fn DemonstrationMark() -> impl IntoView {
    let app = use_app();
    let l = move || app.lang.get();
    let note = move || {
        let english = l().is_english();
        let own = app.region.manifest.with(|m| {
            m.as_ref()
                .and_then(|m| m.note.as_ref().map(|n| n.get(english).to_owned()))
        });
        own.unwrap_or_else(|| words::demonstration_text(l()).to_owned())
    };
    view! {
        <Show when=move || app.region.is_demonstration()>
            <details class="demonstration">
                <summary class="freshness">{icon_small("info")}{say(common::demonstration_data)}</summary>
                <p class="floatnote">{note}</p>
            </details>
        </Show>
    }
}

/// What must be written of a source. A demonstration names itself; others in the words they ask for.
fn source_line(l: Lang, source: &Source) -> String {
    match &source.attribution {
        Some(words) if !source.demonstration => words.clone(),
        _ => {
            let name = source.name.get(l.is_english());
            source
                .licence
                .as_ref()
                .map_or_else(|| name.to_owned(), |licence| format!("{name} ({licence})"))
        }
    }
}

/// Where the map comes from.
#[component]
pub(crate) fn Attribution() -> impl IntoView {
    let app = use_app();
    let text = move || {
        let l = app.lang.get();
        let sources = app.region.catalogue.get();
        let sources = sources
            .as_ref()
            .map(|c| c.sources.as_slice())
            .unwrap_or_default();
        let mut parts: Vec<String> = sources.iter().map(|s| source_line(l, s)).collect();
        app.region.manifest.with(|m| {
            let Some(m) = m else { return };
            // What a source asks for was said with the source; a demonstration's roads are its own.
            let roads = app.region.roads.get();
            let own = roads
                .as_ref()
                .filter(|r| r.demonstration)
                .and_then(|r| r.attribution.as_ref());
            let said = |a: &String| {
                Some(a) == own || sources.iter().any(|s| s.attribution.as_ref() == Some(a))
            };
            parts.extend(m.attribution.iter().filter(|a| !said(a)).cloned());
            parts.extend(m.map_approval.as_ref().map(|n| words::map_approval(l, n)));
        });
        parts.dedup();
        (!parts.is_empty()).then(|| parts.join(" · "))
    };
    // On a phone it is folded into a mark: the text would cover half of the map.
    view! {
        {move || text().map(|t| view! {
            <details class="attribution" open=move || app.wide.get()>
                <summary aria-label=say(words::attribution)>{icon_small("info")}</summary>
                <p>{t}</p>
            </details>
        })}
    }
}
