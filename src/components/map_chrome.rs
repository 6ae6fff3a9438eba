//! What floats over the map: buttons, the mark for demonstration data, the attribution.

use super::icon::{icon, icon_small};
use crate::js::host;
use crate::state::use_app;
use chongtu_words::{common, map as words};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Zoom, whole region, own position.
#[component]
pub(crate) fn MapButtons() -> impl IntoView {
    let app = use_app();
    let l = move || app.lang.get();
    let trouble = RwSignal::new(None::<u16>);
    let locate = move || {
        spawn_local(async move {
            match host::locate().await {
                Ok(at) => {
                    trouble.set(None);
                    app.me.set(Some(at));
                    app.map.set_me(at, words::locate(app.lang.get_untracked()));
                    app.map.fly_to(at, Some(12.5));
                }
                Err(code) => {
                    trouble.set(Some(code));
                    set_timeout(move || trouble.set(None), std::time::Duration::from_secs(6));
                }
            }
        });
    };
    let whole = move || {
        if let Some(bounds) = app.region.manifest.with_untracked(|m| m.as_ref().map(|m| m.bounding_box())) {
            app.map.fit(bounds, 24.0);
        }
    };
    let refused = move |code: u16| if code == 1 { words::locate_refused(l()) } else { words::locate_failed(l()) };
    view! {
        <div class="mapside">
            {move || trouble.get().map(|code| view! { <p class="toast" role="status">{refused(code)}</p> })}
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
                <button type="button" class="mapbtn" aria-label=say(words::locate) on:click=move |_| locate()>
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
        let own = app.region.manifest.with(|m| m.as_ref().and_then(|m| m.note.as_ref().map(|n| n.get(english).to_owned())));
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

/// Where the map comes from.
#[component]
pub(crate) fn Attribution() -> impl IntoView {
    let app = use_app();
    let text = move || {
        let l = app.lang.get();
        app.region.manifest.with(|m| {
            let m = m.as_ref()?;
            let mut parts = m.attribution.clone();
            parts.extend(m.map_approval.as_ref().map(|n| words::map_approval(l, n)));
            (!parts.is_empty()).then(|| parts.join(" · "))
        })
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
