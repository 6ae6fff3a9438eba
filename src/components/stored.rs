//! What is stored on the device: the list, a file of it, and how to delete all.

use super::car_parts::alert;
use super::icon::icon;
use super::say::say;
use crate::js::{dom, files, host, storage};
use crate::state::follow::follow;
use crate::state::{AppState, prefs, use_app};
use chongtu_words::{Lang, common, map, me as words};
use leptos::prelude::*;
use leptos::task::spawn_local;

const DIALOG: &str = "delete-all";
const TITLE: &str = "delete-all-title";

/// A key in words.
fn key_words(l: Lang, key: &str) -> &'static str {
    match key {
        "lang" => map::language(l),
        "theme" => map::theme(l),
        "elder" => map::elder(l),
        "car" | "car_inlets" => map::setting_car(l),
        "garage" => words::garage(l),
        "favourites" => words::favourites(l),
        "filter" => words::key_filter(l),
        "profiles" => words::key_profiles(l),
        "locate" => words::key_locate(l),
        _ => words::key_other(l),
    }
}

/// A value short enough to read is shown; of all others their size is enough.
fn value_words(l: Lang, key: &str, value: &str) -> Option<&'static str> {
    match (key, value) {
        ("lang", "zh-CN") => Some(common::other_language(Lang::En)),
        ("lang", "en") => Some(common::other_language(Lang::Zh)),
        ("theme", "auto") => Some(map::theme_auto(l)),
        ("theme", "light") => Some(map::theme_light(l)),
        ("theme", "dark") => Some(map::theme_dark(l)),
        _ => None,
    }
}

/// The card.
pub(crate) fn stored_card() -> AnyView {
    let app = use_app();
    let works = storage::works();
    let trouble = RwSignal::new(None);
    let stored = RwSignal::new(Vec::new());
    follow(move || {
        // Each setting is kept when it changes, some in the same turn after this: look in the next.
        app.lang.track();
        app.theme.track();
        app.elder.track();
        app.car.track();
        app.my_car.track();
        app.garage.track();
        app.favourites.track();
        request_animation_frame(move || drop(stored.try_set(storage::all())));
    });
    let list = move || {
        let l = app.lang.get();
        let stored = stored.get();
        if stored.is_empty() {
            return view! { <p class="sub">{map::nothing_stored(l)}</p> }.into_any();
        }
        let in_all = stored.iter().map(|(k, v)| k.len() + v.len()).sum();
        let rows = stored
            .iter()
            .map(|(key, value)| {
                let damaged = app.damaged.with(|d| d.contains(&key.as_str()));
                let said = if damaged {
                    Some(words::damaged(l))
                } else {
                    value_words(l, key, value)
                };
                let said = said.map(|s| view! { <span class:t-amber=damaged>{s}" · "</span> });
                let size = words::size(l, key.len() + value.len());
                view! { <dt>{key_words(l, key)}<span class="meta">" "{key.clone()}</span></dt><dd>{said}{size}</dd> }
            })
            .collect_view();
        // A link of data needs no server and no script; it goes nowhere but into a file.
        let file = [
            "data:application/json;charset=utf-8,",
            &crate::state::url::encode(&storage::export()),
        ]
        .concat();
        view! {
            <p class="sub">{words::stored_in_all(l, stored.len(), &words::size(l, in_all))}</p>
            <dl class="kv">{rows}</dl>
            <div class="car-actions">
                <a class="btn md grow" href=file download="chongtu-settings.json">{words::export(l)}</a>
                {import_button(app, trouble)}
            </div>
            <p class="meta">{words::import_text(l)}</p>
            {alert(trouble)}
            <button type="button" class="btn md danger" on:click=|_| dom::show_dialog(DIALOG)>{map::delete_all(l)}</button>
        }
        .into_any()
    };
    let import_alone = move || {
        stored.with(Vec::is_empty).then(|| {
            view! { <div class="car-actions">{import_button(app, trouble)}</div>{alert(trouble)} }
        })
    };
    view! {
        <section class="card block" aria-labelledby="me-stored">
            <h2 class="h2" id="me-stored">{say(words::storage)}</h2>
            <p class="sub">{say(map::privacy_text)}</p>
            {(!works).then(|| view! { <p class="note">{icon("alert")}<span class="grow">{say(words::no_storage)}</span></p> })}
            {list}
            {import_alone}
        </section>
        {delete_dialog()}
    }
    .into_any()
}

/// The field that takes a file back, as a button.
fn import_button(app: AppState, trouble: RwSignal<Option<String>>) -> AnyView {
    let import = move |ev: leptos::ev::Event| {
        trouble.set(None);
        let Some(file) = files::picked(&ev) else {
            return;
        };
        spawn_local(async move {
            let l = app.lang.get_untracked();
            let bytes = file.bytes().await;
            let text = match bytes {
                Some(bytes) => match storage::import(&bytes.to_text()) {
                    // What is kept is read when the page opens.
                    Ok(()) => return host::reload(),
                    Err(storage::ImportError::Foreign) => words::import_bad(l),
                    Err(storage::ImportError::Newer) => words::import_newer(l),
                    Err(storage::ImportError::Full) => words::import_full(l),
                },
                None => words::file_unreadable(l),
            };
            let _ = trouble.try_set(Some(text.to_owned()));
        });
    };
    view! {
        <span class="btn md grow car-pick">
            {say(words::import)}
            <input id="me-import" type="file" accept=".json,application/json" aria-label=say(words::import) on:change=import />
        </span>
    }
    .into_any()
}

/// The question before everything is deleted.
fn delete_dialog() -> AnyView {
    view! {
        <dialog id=DIALOG class="dialog" aria-labelledby=TITLE>
            <h2 id=TITLE class="sheet-title">{say(words::delete_title)}</h2>
            <p>{say(words::delete_text)}</p>
            <div class="dialog-actions">
                <button type="button" class="btn" on:click=|_| dom::close_dialog(DIALOG)>{say(map::cancel)}</button>
                <button type="button" class="btn danger" on:click=|_| prefs::forget_all()>{say(words::delete_yes)}</button>
            </div>
        </dialog>
    }
    .into_any()
}
