//! The locations with a star, as they stand now.

use super::garage::{UNDO, Undo};
use super::icon::icon;
use super::location_list::row_link;
use super::say::say;
use crate::js::dom;
use crate::state::follow::follow;
use crate::state::{AppState, favourites, use_app, view};
use chongtu_model::LocationId;
use chongtu_model::filter::Filter;
use chongtu_model::index::ListEntry;
use chongtu_words::me as words;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// One favourite: its id, and how it stands where the data has it.
type Row = (LocationId, Option<ListEntry>);

/// The card of favourites.
pub(crate) fn favourites_card(undo: RwSignal<Option<Undo>>) -> AnyView {
    let app = use_app();
    let rows: RwSignal<Option<Vec<Row>>> = RwSignal::new(None);
    follow(move || {
        let ids = app.favourites.get();
        app.view.asked_at.track();
        app.region.catalogue.track();
        if ids.is_empty() {
            rows.set(Some(Vec::new()));
        } else if app.region.catalogue.with_untracked(Option::is_some) {
            spawn_local(ask(app, rows, ids));
        }
    });
    let body = move || {
        let l = app.lang.get();
        let Some(rows) = rows.get() else {
            return view! { <div class="skel skel-line"></div> }.into_any();
        };
        if rows.is_empty() {
            return view! { <p class="sub">{words::no_favourites(l)}</p> }.into_any();
        }
        let rows = rows
            .into_iter()
            .map(|row| favourite(app, undo, row))
            .collect_view();
        let on_map = move |_| {
            let ids = Some(app.favourites.get_untracked());
            let filter = Filter {
                ids,
                ..Filter::default()
            };
            app.view.filter.set(filter);
            app.url.go(&view::map_url(app));
        };
        view! {
            <ul class="rows fav-rows">{rows}</ul>
            <button type="button" class="btn md" on:click=on_map>{icon("map")}{words::on_map(l)}</button>
        }
        .into_any()
    };
    view! {
        <section class="card block" aria-labelledby="me-favourites">
            <h2 class="h2" id="me-favourites">{say(words::favourites)}</h2>
            {body}
        </section>
    }
    .into_any()
}

/// Asks how they stand. Those whose site got another id when it was merged take that id.
async fn ask(app: AppState, rows: RwSignal<Option<Vec<Row>>>, ids: Vec<LocationId>) {
    let here = app.me.get_untracked();
    let Ok(entries) = app.worker.entries(ids.clone(), here).await else {
        return;
    };
    // The page may be gone by then, or a star.
    let current = app.favourites.with_untracked(|now| *now == ids);
    if !current || rows.try_get_untracked().is_none() {
        return;
    }
    let renamed = ids
        .iter()
        .zip(&entries)
        .find_map(|(id, e)| e.as_ref().filter(|e| e.id != *id).map(|e| (id, &e.id)));
    if let Some((old, new)) = renamed {
        // Asks once more.
        favourites::rename(app, old, new);
        return;
    }
    rows.set(Some(ids.into_iter().zip(entries).collect()));
}

fn favourite(app: AppState, undo: RwSignal<Option<Undo>>, (id, entry): Row) -> AnyView {
    let l = app.lang.get_untracked();
    let name = entry.as_ref().map_or_else(
        || id.as_str().to_owned(),
        |e| e.name.get(l.is_english()).to_owned(),
    );
    let main = match &entry {
        Some(e) => {
            let href = view::open_url(app, id.as_str()).href();
            row_link(l, e, app.view.asked_at.get_untracked(), &href, None)
        }
        None => view! {
            <div class="row fav-gone">
                <span class="row-main">
                    <span class="row-title clip block"><bdi>{name.clone()}</bdi></span>
                    <span class="sub">{words::gone(l)}" · "{words::gone_text(l)}</span>
                </span>
            </div>
        }
        .into_any(),
    };
    let label = [words::delete(l), &name].join(" ");
    let remove = move |_| {
        let before = app.favourites.get_untracked();
        favourites::toggle(app, &id);
        let said = words::unmarked(app.lang.get_untracked(), &name);
        app.announce(said.clone());
        let back = Arc::new(move || app.favourites.set(before.clone()));
        undo.set(Some(Undo { said, back }));
        dom::focus_soon(UNDO);
    };
    view! {
        <li>
            {main}
            <button type="button" class="iconbtn" aria-label=label on:click=remove>{icon("close")}</button>
        </li>
    }
    .into_any()
}
