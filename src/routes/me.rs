//! `/me`: preferences, privacy, about.

use crate::components::map_chrome::DemonstrationMark;
use crate::components::say::say;
use crate::js::{dom, storage};
use crate::state::prefs::{self, Theme};
use crate::state::use_app;
use chongtu_words::{Lang, common, map as words};
use leptos::prelude::*;

/// Words by language.
type Words = fn(Lang) -> &'static str;

/// One of a few, as a row of buttons.
fn choice<T: Copy + PartialEq + Send + Sync + 'static>(
    name: Words,
    options: &'static [(T, Words)],
    value: RwSignal<T>,
) -> impl IntoView {
    let app = use_app();
    let buttons = options
        .iter()
        .map(|&(option, word)| {
            view! {
                <button
                    type="button"
                    aria-pressed=move || if value.get() == option { "true" } else { "false" }
                    on:click=move |_| value.set(option)
                >
                    {move || word(app.lang.get())}
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="setting">
            <span>{move || name(app.lang.get())}</span>
            <div class="seg" role="group" aria-label=move || name(app.lang.get())>{buttons}</div>
        </div>
    }
}

/// Each named in itself.
const LANGUAGES: &[(Lang, Words)] = &[
    (Lang::Zh, |_| common::other_language(Lang::En)),
    (Lang::En, |_| common::other_language(Lang::Zh)),
];
const THEMES: &[(Theme, Words)] = &[
    (Theme::Auto, words::theme_auto),
    (Theme::Light, words::theme_light),
    (Theme::Dark, words::theme_dark),
];

/// The page.
#[component]
pub(crate) fn MePage() -> impl IntoView {
    let app = use_app();
    view! {
        <section class="page" aria-labelledby="me-heading">
            <h1 id="me-heading" tabindex="-1">{say(words::me)}</h1>
            <div class="card block">
                <h2 class="h2">{say(words::appearance)}</h2>
                {choice(words::language, LANGUAGES, app.lang)}
                {choice(words::theme, THEMES, app.theme)}
                <label class="setting">
                    <span>{say(words::elder)}<span class="meta block">{say(words::elder_text)}</span></span>
                    <input type="checkbox" role="switch" class="toggle" prop:checked=move || app.elder.get() on:change=move |ev| app.elder.set(dom::checked(&ev)) />
                </label>
            </div>
            <div class="card block">
                <h2 class="h2">{say(words::privacy)}</h2>
                {privacy}
            </div>
            <div class="card block">
                <h2 class="h2">{say(words::about)}</h2>
                {about}
            </div>
        </section>
    }
}

/// What is kept on the device, by the words of the setting.
fn privacy() -> impl IntoView {
    let app = use_app();
    let stored = move || {
        // Follow the settings: each is kept when it changes, which is before this is asked.
        app.lang.track();
        app.theme.track();
        app.elder.track();
        app.car.track();
        storage::all()
    };
    move || {
        let l = app.lang.get();
        let stored = stored();
        if stored.is_empty() {
            return view! { <p class="sub">{words::privacy_text(l)}</p><p class="sub">{words::nothing_stored(l)}</p> }.into_any();
        }
        let rows = stored
            .into_iter()
            .map(|(key, value)| {
                let name = match key.as_str() {
                    "lang" => words::language(l).to_owned(),
                    "theme" => words::theme(l).to_owned(),
                    "elder" => words::elder(l).to_owned(),
                    "car" => words::setting_car(l).to_owned(),
                    _ => key,
                };
                view! { <dt>{name}</dt><dd>{value}</dd> }
            })
            .collect_view();
        view! {
            <p class="sub">{words::privacy_text(l)}" "{words::stored(l)}</p>
            <dl class="kv">{rows}</dl>
            <button type="button" class="btn md danger" on:click=|_| prefs::forget_all()>{words::delete_all(l)}</button>
        }
        .into_any()
    }
}

fn about() -> impl IntoView {
    let app = use_app();
    move || {
        let l = app.lang.get();
        let english = l.is_english();
        let manifest = app.region.manifest.get();
        let sources = app.region.catalogue.get().map(|c| {
            let lines = c.sources.iter().map(|s| {
                let licence = s
                    .licence
                    .clone()
                    .unwrap_or_else(|| words::licence_unknown(l).to_owned());
                let demonstration = s
                    .demonstration
                    .then(|| view! { " "<span class="demo">{common::demonstration(l)}</span> });
                view! { <li>{s.name.get(english).to_owned()}" · "{licence}{demonstration}</li> }
            });
            lines.collect_view()
        });
        // The land is said in our own words below.
        let said = |a: &&String| !a.starts_with("Natural Earth");
        let attribution = manifest.as_ref().map(|m| {
            m.attribution
                .iter()
                .filter(said)
                .map(|a| view! { <li>{a.clone()}</li> })
                .collect_view()
        });
        let holds = app
            .region
            .catalogue
            .get()
            .map(|c| words::region_holds(l, c.n_locations, c.n_evses));
        let region = manifest
            .as_ref()
            .map(|m| m.name.get(english).to_owned())
            .into_iter()
            .chain(holds)
            .collect::<Vec<_>>();
        let version = format!(
            "{} ({})",
            env!("CARGO_PKG_VERSION"),
            chongtu_worker::build_id()
        );
        view! {
            <p class="sub">{words::about_text(l)}</p>
            <DemonstrationMark />
            <dl class="kv">
                <dt>{words::region(l)}</dt><dd>{region.join(" · ")}</dd>
                <dt>{words::version(l)}</dt><dd>{version}</dd>
            </dl>
            <h3 class="h2">{words::sources(l)}</h3>
            <ul class="lines sub">{sources}{attribution}<li>{words::natural_earth(l)}</li></ul>
            <h3 class="h2">{words::software(l)}</h3>
            <ul class="lines sub"><li>{words::maplibre(l)}</li></ul>
        }
    }
}
