//! The search field with its suggestions: an ARIA combobox.

use super::filter_chips::all_filters_button;
use super::icon::icon;
use super::say::say;
use super::sheet::Rest;
use crate::js::dom;
use crate::state::{use_app, view};
use chongtu_words::map as words;
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
        SuggestionKind::Location(_) | SuggestionKind::Coordinates => 14.0,
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
        spawn_local(async move {
            let suggestions = app.worker.suggest(typed, LIMIT).await;
            if asked.get_value() == number {
                found.set(suggestions);
                answered.set(true);
            }
        });
    };
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
            kind => {
                app.sheet.set(Rest::Peek);
                // From now on distances count from there.
                app.view.anchor.set(Some((chosen.position, chosen.name.clone())));
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

/// A text with the part that was typed marked.
fn marked(text: &str, typed: &str) -> AnyView {
    let (before, part, after) = split_at_match(text, typed);
    view! { <bdi>{before.to_owned()}<mark>{part.to_owned()}</mark>{after.to_owned()}</bdi> }.into_any()
}

/// What stands before, in and after the first place where a text holds what was typed, without
/// regard to case. Nothing in it where it does not, as when pinyin was typed.
fn split_at_match<'a>(text: &'a str, typed: &str) -> (&'a str, &'a str, &'a str) {
    let typed: Vec<char> = typed.trim().chars().flat_map(char::to_lowercase).collect();
    let fits = |from: &str| {
        let mut rest = typed.as_slice();
        let mut len = 0;
        for c in from.chars() {
            let Some(after) = c
                .to_lowercase()
                .try_fold(rest, |rest, low| match rest.split_first() {
                    Some((first, after)) if *first == low => Some(after),
                    _ => None,
                })
            else {
                return None;
            };
            rest = after;
            len += c.len_utf8();
            if rest.is_empty() {
                return Some(len);
            }
        }
        None
    };
    let found = text.char_indices().find_map(|(at, _)| {
        let len = fits(text.get(at..)?).filter(|_| !typed.is_empty())?;
        Some((text.get(..at)?, text.get(at..at + len)?, text.get(at + len..)?))
    });
    found.unwrap_or((text, "", ""))
}

fn suggestion_view(l: chongtu_words::Lang, suggestion: &Suggestion, typed: &str) -> AnyView {
    let english = l.is_english();
    let (symbol, kind) = match suggestion.kind {
        SuggestionKind::Place { .. } => ("pin", words::kind_place(l)),
        SuggestionKind::Junction => ("route", words::kind_junction(l)),
        SuggestionKind::Location(_) => ("bolt", words::kind_location(l)),
        SuggestionKind::Coordinates => ("locate", words::kind_coordinates(l)),
    };
    let context = suggestion
        .context
        .as_ref()
        .map(|c| view! { <span class="meta clip block">{marked(c.get(english), typed)}</span> });
    view! {
        {icon(symbol)}
        <span class="row-main">
            <span class="clip block">{marked(suggestion.name.get(english), typed)}</span>
            {context}
        </span>
        <span class="meta nowrap">{kind}</span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_marked() {
        for (text, typed, expected) in [
            ("南京南站", "南站", ("南京", "南站", "")),
            ("Xinjiekou", "xinJIE", ("", "Xinjie", "kou")),
            ("新街口", "xjk", ("新街口", "", "")),
            ("新街口", "", ("新街口", "", "")),
            ("İstanbul", "stan", ("İ", "stan", "bul")),
            ("ab", "abc", ("ab", "", "")),
        ] {
            assert_eq!(split_at_match(text, typed), expected, "{text} {typed}");
        }
    }
}
