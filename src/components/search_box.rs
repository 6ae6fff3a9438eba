//! The search field with its suggestions: an ARIA combobox.

use super::filter_chips::{all_filters_button, set_demand};
use super::icon::icon;
use super::say::say;
use super::sheet::Rest;
use crate::js::dom;
use crate::state::demand::Demand;
use crate::state::follow::follow_changes;
use crate::state::{catalogue, use_app, view};
use chongtu_words::{map as words, search};
use chongtu_worker::catalogue::{Suggestion, SuggestionKind};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The id of the field, for `/`.
pub(crate) const SEARCH_FIELD: &str = "search";
const LIST: &str = "search-list";
const LIMIT: u32 = 8;

fn option_id(i: usize) -> String {
    format!("{LIST}-{i}")
}

/// How near the map goes to what was chosen.
const fn zoom_for(kind: &SuggestionKind) -> f64 {
    match kind {
        SuggestionKind::Place { rank: 1 } => 10.5,
        SuggestionKind::Place { rank: 2 } => 11.5,
        SuggestionKind::Place { .. } | SuggestionKind::Junction => 13.0,
        SuggestionKind::Road { .. } => 9.0,
        SuggestionKind::Location(_)
        | SuggestionKind::Operator(_)
        | SuggestionKind::Coordinates(_) => 14.0,
    }
}

/// The field.
#[component]
pub(crate) fn SearchBox() -> impl IntoView {
    let app = use_app();
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(Vec::<Suggestion>::new());
    let answered = RwSignal::new(false);
    let open = RwSignal::new(false);
    let active = RwSignal::new(None::<usize>);
    let asked = StoredValue::new(0_u32);
    let l = move || app.lang.get();

    let ask = move || {
        asked.update_value(|n| *n += 1);
        let number = asked.get_value();
        let typed = text.get_untracked();
        active.set(None);
        if typed.trim().is_empty() {
            found.set(Vec::new());
            answered.set(false);
            return;
        }
        if !untrack(|| catalogue::has_names(app)) {
            return;
        }
        let centre = app.map.viewport.get_untracked().map(|v| v.center);
        let centre = centre.or(app.me.get_untracked());
        spawn_local(async move {
            let suggestions = app.worker.suggest(typed, LIMIT, centre).await;
            if asked.get_value() == number {
                found.set(suggestions);
                answered.set(true);
            }
        });
    };
    // What was typed too early is asked when there are names, and again when there are more.
    follow_changes(move |is_first| {
        if catalogue::has_names(app) && !is_first {
            ask();
        }
    });
    let close = move || {
        open.set(false);
        active.set(None);
    };
    let choose = move |i: usize| {
        let Some(chosen) = found.with_untracked(|f| f.get(i).cloned()) else {
            return;
        };
        close();
        text.set(String::new());
        found.set(Vec::new());
        answered.set(false);
        match &chosen.kind {
            SuggestionKind::Location(id) => app.url.go(&view::open_url(app, id.as_str())),
            // The map stays: what is asked for is who, and not where.
            SuggestionKind::Operator(id) => {
                app.sheet.set(Rest::Peek);
                set_demand(app, &Demand::Operator(id.clone()), true);
            }
            kind => {
                app.sheet.set(Rest::Peek);
                // From now on distances count from there.
                app.view
                    .anchor
                    .set(Some((chosen.position, chosen.name.clone())));
                app.map.fly_to(chosen.position, Some(zoom_for(kind)));
                app.announce(
                    chosen
                        .name
                        .get(app.lang.get_untracked().is_english())
                        .to_owned(),
                );
            }
        }
    };
    let on_key = move |ev: leptos::ev::KeyboardEvent| {
        let n = found.with_untracked(Vec::len);
        let step = |to: Option<usize>| {
            active.set(to);
            open.set(true);
            if let Some(i) = to {
                dom::scroll_into_view(&option_id(i));
            }
        };
        match dom::key(&ev).as_str() {
            "ArrowDown" if n > 0 => step(Some(active.get_untracked().map_or(0, |i| (i + 1) % n))),
            "ArrowUp" if n > 0 => step(Some(
                active.get_untracked().map_or(n - 1, |i| (i + n - 1) % n),
            )),
            "Enter" if n > 0 => choose(active.get_untracked().unwrap_or(0)),
            "Escape" => {
                if open.get_untracked() && answered.get_untracked() {
                    close();
                } else {
                    text.set(String::new());
                    ask();
                }
            }
            _ => return,
        }
        ev.prevent_default();
    };
    let shown = move || open.get() && answered.get();
    view! {
        <div class="search" role="search">
            {icon("search")}
            <input
                id=SEARCH_FIELD
                type="text"
                inputmode="search"
                enterkeyhint="search"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                role="combobox"
                aria-autocomplete="list"
                aria-controls=LIST
                aria-expanded=move || if shown() { "true" } else { "false" }
                aria-activedescendant=move || active.get().map(option_id)
                aria-label=say(words::search)
                placeholder=say(words::search_hint)
                prop:value=move || text.get()
                on:input=move |ev| {
                    text.set(dom::value(&ev));
                    open.set(true);
                    ask();
                }
                on:focus=move |_| {
                    open.set(true);
                    // The keyboard of a phone covers half of the screen.
                    app.sheet.set(Rest::Full);
                }
                on:blur=move |_| close()
                on:keydown=on_key
            />
            <Show when=move || !text.get().is_empty() fallback=|| view! { <kbd class="tag wide-only" aria-hidden="true">"/"</kbd> }>
                <button
                    type="button"
                    class="iconbtn"
                    aria-label=say(words::clear_search)
                    on:mousedown=move |ev| ev.prevent_default()
                    on:click=move |_| {
                        text.set(String::new());
                        ask();
                        dom::focus(SEARCH_FIELD);
                    }
                >
                    {icon("close")}
                </button>
            </Show>
            {all_filters_button()}
            <ul id=LIST class="suggestions" role="listbox" aria-label=say(words::suggestions) hidden=move || !shown() || found.with(Vec::is_empty)>
                {move || {
                    let l = l();
                    let typed = text.get_untracked();
                    found
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(i, suggestion)| {
                            view! {
                                <li
                                    id=option_id(i)
                                    class="suggestion"
                                    role="option"
                                    aria-selected=move || if active.get() == Some(i) { "true" } else { "false" }
                                    // Before the field loses the focus and closes the list.
                                    on:mousedown=move |ev| ev.prevent_default()
                                    on:click=move |_| choose(i)
                                >
                                    {suggestion_view(l, &suggestion, &typed)}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <Show when=move || shown() && found.with(Vec::is_empty)>
                <p class="suggestions nothing sub" role="status">{say(words::nothing_found)}</p>
            </Show>
        </div>
    }
}

/// A text with the characters marked that were typed, in whichever way. `spans` ascend.
fn marked(text: &str, spans: &[(usize, usize)]) -> AnyView {
    let parts: Vec<AnyView> = split_at(text, spans)
        .into_iter()
        .map(|(is_match, part)| {
            if is_match {
                view! { <mark>{part}</mark> }.into_any()
            } else {
                part.into_any()
            }
        })
        .collect();
    view! { <bdi>{parts}</bdi> }.into_any()
}

/// A text in parts: those within the spans of characters, and those between.
fn split_at(text: &str, spans: &[(usize, usize)]) -> Vec<(bool, String)> {
    let mut parts: Vec<(bool, String)> = Vec::new();
    for (i, c) in text.chars().enumerate() {
        let is_match = spans.iter().any(|&(start, end)| (start..end).contains(&i));
        match parts.last_mut() {
            Some((same, part)) if *same == is_match => part.push(c),
            _ => parts.push((is_match, c.to_string())),
        }
    }
    parts
}

/// What of the name as it is shown was typed. Pinyin is found in the name as it is written at the
/// place: in English its letters are looked for.
fn spans_of(suggestion: &Suggestion, english: bool, typed: &str) -> Vec<(usize, usize)> {
    let has_english = suggestion.name.en.is_some();
    let shown = suggestion
        .highlights
        .iter()
        .filter(|h| h.english == (english && has_english));
    let spans: Vec<_> = shown.map(|h| (h.start as usize, h.end as usize)).collect();
    if spans.is_empty() {
        same_letters(suggestion.name.get(english), typed)
            .into_iter()
            .collect()
    } else {
        spans
    }
}

/// Where a text holds what was typed, letter for letter, in characters.
fn same_letters(text: &str, typed: &str) -> Option<(usize, usize)> {
    // Only what keeps its number of characters in lower case is compared.
    let low = |text: &str| -> Vec<char> {
        let one = |c: char| c.to_lowercase().next().unwrap_or(c);
        text.chars().map(one).collect()
    };
    let (text, typed) = (low(text), low(typed.trim()));
    let fits = |at: &usize| text.get(*at..at + typed.len()) == Some(typed.as_slice());
    let at = (0..text.len()).find(fits).filter(|_| !typed.is_empty())?;
    Some((at, at + typed.len()))
}

fn suggestion_view(l: chongtu_words::Lang, suggestion: &Suggestion, typed: &str) -> AnyView {
    let english = l.is_english();
    let (symbol, kind) = match &suggestion.kind {
        SuggestionKind::Place { .. } => ("pin", words::kind_place(l)),
        SuggestionKind::Road { .. } => ("route", search::kind_road(l)),
        SuggestionKind::Junction => ("route", words::kind_junction(l)),
        SuggestionKind::Operator(_) => ("filter", search::kind_operator(l)),
        SuggestionKind::Location(_) => ("bolt", words::kind_location(l)),
        SuggestionKind::Coordinates(_) => ("locate", words::kind_coordinates(l)),
    };
    let context = match &suggestion.kind {
        SuggestionKind::Coordinates(reading) => Some(search::coordinates_read(l, reading)),
        _ => suggestion
            .context
            .as_ref()
            .map(|c| c.get(english).to_owned()),
    };
    let reference = match &suggestion.kind {
        SuggestionKind::Road { reference } if *reference != suggestion.name.text => {
            Some(view! { <span class="tag">{reference.clone()}</span> " " })
        }
        _ => None,
    };
    view! {
        {icon(symbol)}
        <span class="row-main">
            <span class="clip block">{reference}{marked(suggestion.name.get(english), &spans_of(suggestion, english, typed))}</span>
            {context.map(|c| view! { <span class="meta clip block"><bdi>{c}</bdi></span> })}
        </span>
        <span class="meta nowrap">{kind}</span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_looked_for_without_regard_to_case() {
        for (text, typed, expected) in [
            ("Xinjiekou", " xinJIE ", Some((0, 6))),
            ("Nanjing South", "south", Some((8, 13))),
            ("Xinjiekou", "xjk", None),
            ("Xinjiekou", "", None),
            ("ab", "abc", None),
        ] {
            assert_eq!(same_letters(text, typed), expected, "{text} {typed}");
        }
    }

    #[test]
    fn what_was_typed_is_marked() {
        let said = |text: &str, spans: &[(usize, usize)]| {
            let parts = split_at(text, spans).into_iter();
            parts
                .map(|(is_match, part)| if is_match { format!("[{part}]") } else { part })
                .collect::<String>()
        };
        for (text, spans, expected) in [
            ("南京南站", &[(2, 4)][..], "南京[南站]"),
            ("Nanjing South", &[(0, 3), (8, 9)], "[Nan]jing [S]outh"),
            ("新街口", &[], "新街口"),
            ("新街口", &[(0, 9)], "[新街口]"),
            ("", &[(0, 1)], ""),
        ] {
            assert_eq!(said(text, spans), expected);
        }
    }
}
