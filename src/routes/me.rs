//! `/me`: preferences, privacy, about.

use crate::components::favourites_list::favourites_card;
use crate::components::garage::{Shown, UNDO, Undo, garage_card, garage_view};
use crate::components::icon::icon;
use crate::components::map_chrome::DemonstrationMark;
use crate::components::say::say;
use crate::components::stored::stored_card;
use crate::js::dom;
use crate::state::follow::follow_changes;
use crate::state::prefs::Theme;
use crate::state::use_app;
use chongtu_words::{Lang, common, map as words, me};
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
    // The names of cars are the planner's.
    app.planner.need();
    let shown = RwSignal::new(Shown::Home);
    let undo: RwSignal<Option<Undo>> = RwSignal::new(None);
    let is_home = move || shown.with(|s| matches!(s, Shown::Home));
    follow_changes(move |first| {
        if is_home() && !first {
            dom::focus_soon("me-heading");
        }
    });
    view! {
        <section class="page" aria-labelledby="me-heading" hidden=move || !is_home()>
            <h1 id="me-heading" tabindex="-1">{say(words::me)}</h1>
            {garage_card(shown, undo)}
            {favourites_card(undo)}
            <section class="card block" aria-labelledby="me-display">
                <h2 class="h2" id="me-display">{say(words::appearance)}</h2>
                {choice(words::language, LANGUAGES, app.lang)}
                {choice(words::theme, THEMES, app.theme)}
                <label class="setting">
                    <span>{say(words::elder)}<span class="meta block">{say(words::elder_text)}</span></span>
                    <input type="checkbox" role="switch" class="toggle" prop:checked=move || app.elder.get() on:change=move |ev| app.elder.set(dom::checked(&ev)) />
                </label>
            </section>
            {stored_card()}
            <section class="card block" aria-labelledby="me-about">
                <h2 class="h2" id="me-about">{say(words::about)}</h2>
                {about}
            </section>
            {undo_bar(undo)}
        </section>
        {move || garage_view(shown).map(|view| view! { <section class="page sub-page">{view}</section> })}
    }
}

/// What was deleted, and the way back. It stays until something else is deleted or the page is left.
fn undo_bar(undo: RwSignal<Option<Undo>>) -> AnyView {
    let app = use_app();
    let bar = move || {
        undo.get().map(|Undo { said, back }| {
            let l = app.lang.get();
            let take_back = move |_| {
                undo.set(None);
                back();
            };
            view! {
                <div class="toast undo">
                    <span class="grow"><bdi>{said}</bdi></span>
                    <button type="button" class="link tall" id=UNDO on:click=take_back>{me::undo(l)}</button>
                    <button type="button" class="iconbtn" aria-label=common::close(l) on:click=move |_| undo.set(None)>{icon("close")}</button>
                </div>
            }
        })
    };
    view! { {bar} }.into_any()
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
