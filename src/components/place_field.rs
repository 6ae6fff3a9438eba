//! A field for a place, with what fits below it (an ARIA combobox with a list).

use super::icon::icon_small;
use crate::js::dom;
use crate::state::follow::follow;
use crate::state::trip::Spot;
use crate::state::use_app;
use chongtu_words::{plan as words, search};
use chongtu_worker::catalogue::{Suggestion, SuggestionKind};
use leptos::prelude::*;

/// The two rows above the suggestions.
const ACTIONS: usize = 2;

/// A field for the start or the end of the trip.
#[component]
pub(crate) fn PlaceField(
    /// Its id in the page; those of its list and options begin with it.
    id: &'static str,
    /// Its label.
    #[prop(into)]
    label: Signal<String>,
    /// What to type.
    #[prop(into)]
    hint: Signal<String>,
    /// What is chosen.
    #[prop(into)]
    spot: Signal<Option<Spot>>,
    /// What fits the text last asked for.
    #[prop(into)]
    suggestions: Signal<Vec<Suggestion>>,
    /// Asks what fits a text.
    on_ask: Callback<String>,
    /// Gets the choice; `None` when the field was emptied.
    on_choose: Callback<Option<Spot>>,
    /// Choose on the map.
    on_pick: Callback<()>,
    /// Take the device's own position.
    on_here: Callback<()>,
) -> impl IntoView {
    let app = use_app();
    let english = move || app.lang.get().is_english();
    let shown = move || spot.get().map(|s| s.label(english())).unwrap_or_default();
    let text = RwSignal::new(String::new());
    let open = RwSignal::new(false);
    let active = RwSignal::new(None::<usize>);
    // Whether the list answers what was typed (else it shows the most important places).
    let typed = RwSignal::new(false);
    // What is chosen is what the field says, unless somebody is typing.
    follow(move || {
        let chosen = shown();
        if !open.get_untracked() {
            text.set(chosen);
        }
    });
    let list_id = format!("{id}-list");
    let option_id = move |i: usize| format!("{id}-option-{i}");
    let close = move || {
        open.set(false);
        active.set(None);
        text.set(
            spot.get_untracked()
                .map(|s| s.label(app.lang.get_untracked().is_english()))
                .unwrap_or_default(),
        );
    };
    let choose = move |index: usize| {
        close();
        match index {
            0 => on_here.run(()),
            1 => on_pick.run(()),
            _ => {
                let chosen = suggestions.with_untracked(|s| s.get(index - ACTIONS).map(spot_of));
                if let Some(chosen) = chosen {
                    text.set(chosen.label(app.lang.get_untracked().is_english()));
                    on_choose.run(Some(chosen));
                }
            }
        }
    };
    let leave = move || {
        if open.get_untracked() {
            if text.with_untracked(|t| t.trim().is_empty()) && spot.with_untracked(Option::is_some)
            {
                on_choose.run(None);
            }
            close();
        }
    };
    let on_key = move |ev: leptos::ev::KeyboardEvent| {
        let count = suggestions.with_untracked(Vec::len) + ACTIONS;
        match dom::key(&ev).as_str() {
            "ArrowDown" | "ArrowUp" if !open.get_untracked() => {
                open.set(true);
                on_ask.run(String::new());
            }
            "ArrowDown" => active.update(|a| *a = Some(a.map_or(0, |i| (i + 1) % count))),
            "ArrowUp" => {
                active.update(|a| *a = Some(a.map_or(count - 1, |i| (i + count - 1) % count)));
            }
            "Enter" if open.get_untracked() => {
                // Without a row chosen, Enter takes the best that fits what was typed.
                let asked = typed.get_untracked() && text.with_untracked(|t| !t.trim().is_empty());
                let best = (asked && count > ACTIONS).then_some(ACTIONS);
                if let Some(index) = active.get_untracked().or(best) {
                    choose(index);
                }
            }
            "Escape" if open.get_untracked() => close(),
            _ => return,
        }
        ev.prevent_default();
        if let Some(index) = active.get_untracked() {
            dom::scroll_into_view(&option_id(index));
        }
    };
    let on_focus = move |_| {
        open.set(true);
        active.set(None);
        typed.set(false);
        dom::select_text(id);
        on_ask.run(String::new());
    };
    let option_row = move |index: usize, symbol: &'static str, name: String, context: String| {
        view! {
            <li
                id=option_id(index)
                role="option"
                class="place-option"
                aria-selected=move || if active.get() == Some(index) { "true" } else { "false" }
                on:click=move |_| choose(index)
            >
                {icon_small(symbol)}
                <span class="clip">{name}</span>
                <span class="meta clip end">{context}</span>
            </li>
        }
    };
    view! {
        <div class="place-field">
            <input
                id=id
                class="place-input"
                type="text"
                role="combobox"
                autocomplete="off"
                enterkeyhint="done"
                aria-autocomplete="list"
                aria-label=move || label.get()
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-controls=list_id.clone()
                aria-activedescendant=move || active.get().filter(|_| open.get()).map(option_id)
                placeholder=move || hint.get()
                prop:value=move || text.get()
                on:focus=on_focus
                on:input=move |ev| {
                    let value = dom::value(&ev);
                    text.set(value.clone());
                    typed.set(true);
                    open.set(true);
                    active.set(None);
                    on_ask.run(value);
                }
                on:keydown=on_key
                on:blur=move |_| leave()
            />
            // A press on the list must not take the focus from the field, or the list closes under it.
            <ul
                id=list_id.clone()
                class="place-list"
                role="listbox"
                aria-label=move || words::suggestions(app.lang.get())
                hidden=move || !open.get()
                on:pointerdown=|ev| ev.prevent_default()
                on:mousedown=|ev| ev.prevent_default()
            >
                {move || {
                    let l = app.lang.get();
                    let found = suggestions.get();
                    let nothing = found.is_empty() && typed.get();
                    let rows: Vec<_> = found
                        .iter()
                        .enumerate()
                        .map(|(i, s)| {
                            let (symbol, kind) = kind_of(l, &s.kind);
                            let context = s.context.as_ref().map_or_else(|| kind.to_owned(), |c| c.get(l.is_english()).to_owned());
                            option_row(i + ACTIONS, symbol, s.name.get(l.is_english()).to_owned(), context)
                        })
                        .collect();
                    view! {
                        {option_row(0, "locate", words::my_position(l).to_owned(), String::new())}
                        {option_row(1, "map", words::pick_on_map(l).to_owned(), String::new())}
                        {rows}
                        {nothing
                            .then(|| {
                                view! {
                                    <li role="presentation" class="place-nothing meta">
                                        {words::no_match(l)}
                                    </li>
                                }
                            })}
                    }
                }}
            </ul>
        </div>
    }
}

fn kind_of(l: chongtu_words::Lang, kind: &SuggestionKind) -> (&'static str, &'static str) {
    match kind {
        SuggestionKind::Place { .. } => ("pin", ""),
        SuggestionKind::Junction => ("route", words::kind_junction(l)),
        SuggestionKind::Location(_) => ("bolt", words::kind_location(l)),
        SuggestionKind::Coordinates(_) => ("pin", words::kind_coordinates(l)),
        SuggestionKind::Road { .. } => ("route", search::kind_road(l)),
        SuggestionKind::Operator(_) => ("bolt", search::kind_operator(l)),
    }
}

fn spot_of(suggestion: &Suggestion) -> Spot {
    let named = !matches!(suggestion.kind, SuggestionKind::Coordinates(_));
    Spot::new(suggestion.position, named.then(|| suggestion.name.clone()))
}
