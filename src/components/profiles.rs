//! Filters saved under a name: save, apply, rename, delete.

use super::filter_chips::set_filter;
use super::icon::icon;
use super::say::say;
use crate::js::dom;
use crate::state::saved::{self, MOST, clean_name};
use crate::state::use_app;
use chongtu_model::filter::Filter;
use chongtu_words::filter as words;
use leptos::prelude::*;

const FIELD: &str = "profile-name";

/// One saved filter, to be used, or to be changed.
fn row(i: usize, name: String, editing: bool) -> AnyView {
    let app = use_app();
    let l = app.lang.get();
    if !editing {
        let own = move |f: &Filter| {
            app.view
                .profiles
                .with(|all| all.get(i).is_some_and(|p| p.filter == *f))
        };
        let is_on = move || app.view.filter.with(own);
        return view! {
            <button
                type="button"
                class="chip is-saved"
                aria-pressed=move || if is_on() { "true" } else { "false" }
                on:click=move |_| {
                    let filter = app.view.profiles.with_untracked(|all| all.get(i).map(|p| p.filter.clone()));
                    set_filter(app, filter.unwrap_or_default());
                }
            >
                <bdi class="chip-text">{name}</bdi>
            </button>
        }
        .into_any();
    }
    let rename = move |ev: leptos::ev::Event| {
        if let Some(name) = clean_name(&dom::value(&ev)) {
            app.view.profiles.update(|all| {
                let taken = all
                    .iter()
                    .enumerate()
                    .any(|(j, p)| j != i && p.name == name);
                if let Some(profile) = all.get_mut(i).filter(|_| !taken) {
                    profile.name = name;
                }
            });
        }
    };
    view! {
        <div class="profile-row">
            <input
                class="field"
                type="text"
                dir="auto"
                autocomplete="off"
                maxlength=saved::LONGEST_NAME.to_string()
                aria-label=words::rename_profile(l, &name)
                prop:value=name.clone()
                on:change=rename
            />
            <button
                type="button"
                class="iconbtn"
                aria-label=words::delete_profile(l, &name)
                on:click=move |_| {
                    app.view.profiles.update(|all| {
                        if i < all.len() {
                            all.remove(i);
                        }
                    });
                }
            >
                {icon("close")}
            </button>
        </div>
    }
    .into_any()
}

/// The saved filters.
#[component]
pub(crate) fn Profiles() -> impl IntoView {
    let app = use_app();
    let l = move || app.lang.get();
    let editing = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let any = move || app.view.profiles.with(|all| !all.is_empty());
    let can_save = Memo::new(move |_| {
        app.view.filter.with(|f| {
            Filter {
                ids: None,
                ..f.clone()
            } != Filter::default()
        })
    });
    let is_full = Memo::new(move |_| app.view.profiles.with(Vec::len) >= MOST);
    let save = move || {
        if saved::save(app, &name.get_untracked()) {
            name.set(String::new());
            app.announce(words::profile_saved(app.lang.get_untracked()).to_owned());
        } else {
            dom::focus(FIELD);
        }
    };
    let rows = move || {
        let editing = editing.get();
        let names = app
            .view
            .profiles
            .with(|all| all.iter().map(|p| p.name.clone()).collect::<Vec<_>>());
        names
            .into_iter()
            .enumerate()
            .map(|(i, name)| row(i, name, editing))
            .collect::<Vec<_>>()
    };
    let form = move || {
        if is_full.get() {
            return view! { <p class="sub">{words::profiles_full(l())}</p> }.into_any();
        }
        if !can_save.get() {
            return (!any())
                .then(|| view! { <p class="sub">{words::no_profiles(l())}</p> })
                .into_any();
        }
        view! {
            <div class="profile-row">
                <input
                    id=FIELD
                    class="field"
                    type="text"
                    dir="auto"
                    autocomplete="off"
                    enterkeyhint="done"
                    maxlength=saved::LONGEST_NAME.to_string()
                    aria-label=say(words::profile_name)
                    placeholder=say(words::profile_hint)
                    prop:value=move || name.get()
                    on:input=move |ev| name.set(dom::value(&ev))
                    on:keydown=move |ev| {
                        if dom::key(&ev) == "Enter" {
                            ev.prevent_default();
                            save();
                        }
                    }
                />
                <button type="button" class="btn md soft" on:click=move |_| save()>{say(words::save_filter)}</button>
            </div>
        }
        .into_any()
    };
    view! {
        <div class="filter-group" role="group" aria-label=say(words::profiles)>
            <div class="group-head">
                <h3 class="h2">{say(words::profiles)}</h3>
                <button type="button" class="link tall end" hidden=move || !any() on:click=move |_| editing.update(|e| *e = !*e)>
                    {move || if editing.get() { words::done(l()) } else { words::edit_profiles(l()) }}
                </button>
            </div>
            <div class=move || if editing.get() { "profile-rows" } else { "chips wrap" }>{rows}</div>
            {form}
        </div>
    }
}
