//! Chips over the demands of a filter: one for each, and the row of the usual ones above the list.

use super::icon::icon_small;
use super::say::say;
use super::sheet::Rest;
use crate::js::dom;
use crate::state::demand::Demand;
use crate::state::{AppState, use_app};
use chongtu_model::filter::Filter;
use chongtu_model::{LocationId, OperatorId};
use chongtu_words::{Lang, filter as words, map};
use leptos::prelude::*;

/// The heading of the panel of all filters.
pub(super) const HEADING: &str = "filters-heading";
/// The chip and the button that open it: one of them is there at any width.
const OPENERS: [&str; 2] = ["all-filters", "all-filters-button"];

/// What an operator is called.
fn operator_name(app: AppState, l: Lang, id: &OperatorId) -> String {
    app.region.catalogue.with(|c| {
        let known = c
            .as_ref()
            .and_then(|c| c.operators.iter().find(|o| o.id == *id));
        known.map_or_else(
            || id.as_str().to_owned(),
            |o| o.name.get(l.is_english()).to_owned(),
        )
    })
}

/// What a demand is called.
pub(super) fn demand_words(app: AppState, l: Lang, demand: &Demand) -> String {
    demand.words(l, &|id| operator_name(app, l, id))
}

/// Switches a demand. A filter that somebody touches is no longer that of the last visit.
pub(super) fn set_demand(app: AppState, demand: &Demand, on: bool) {
    app.view.is_last_filter.set(false);
    app.view.filter.update(|f| demand.clone().set(f, on));
}

/// Replaces the filter.
pub(super) fn set_filter(app: AppState, filter: Filter) {
    app.view.is_last_filter.set(false);
    app.view.filter.set(filter);
}

/// How many a demand would find, where that was counted.
fn count(app: AppState, demand: &Demand) -> Option<u32> {
    let operators: Vec<OperatorId> = if matches!(demand, Demand::Operator(_)) {
        app.region.catalogue.with(|c| {
            let operators = c.as_ref().map(|c| c.operators.as_slice());
            operators
                .unwrap_or_default()
                .iter()
                .map(|o| o.id.clone())
                .collect()
        })
    } else {
        Vec::new()
    };
    app.view.answer.with(|a| {
        let facets = a.as_ref()?.facets.as_ref()?;
        demand.count(facets, &operators)
    })
}

/// A chip over a demand; `counted`: with how many it would find, while those are counted.
pub(super) fn demand_chip(demand: Demand, counted: bool) -> AnyView {
    let app = use_app();
    let demand = StoredValue::new(demand);
    let words = move || demand.with_value(|d| demand_words(app, app.lang.get(), d));
    let is_on = move || app.view.filter.with(|f| demand.with_value(|d| d.is_in(f)));
    let found = move || {
        counted
            .then(|| demand.with_value(|d| count(app, d)))
            .flatten()
    };
    view! {
        <button
            type="button"
            class="chip"
            class:is-none=move || found() == Some(0) && !is_on()
            aria-pressed=move || if is_on() { "true" } else { "false" }
            on:click=move |_| {
                let on = !app.view.filter.with_untracked(|f| demand.with_value(|d| d.is_in(f)));
                demand.with_value(|d| set_demand(app, d, on));
            }
        >
            <bdi class="chip-text">{words}</bdi>
            {move || found().map(|n| view! {
                " " <span class="chip-count">{n}</span> <span class="sr-only">" "{words::unit(app.lang.get())}</span>
            })}
        </button>
    }
    .into_any()
}

/// A chip over a demand that is on: it takes it away.
fn removable_chip(demand: Demand) -> AnyView {
    let app = use_app();
    let l = app.lang.get();
    let said = demand_words(app, l, &demand);
    let label = words::drop_filter(l, &said);
    view! {
        <button
            type="button"
            class="chip is-set"
            aria-label=label
            on:click=move |_| {
                set_demand(app, &demand, false);
                dom::focus_soon(super::location_list::HEADING);
            }
        >
            <bdi class="chip-text">{said}</bdi>
            {icon_small("close")}
        </button>
    }
    .into_any()
}

/// The chip of the connectors that the person's car has. Without a car it opens the list of cars.
pub(super) fn my_car_chip(choosing: RwSignal<bool>) -> AnyView {
    let app = use_app();
    let is_on = move || {
        app.my_car.with(|c| {
            c.as_ref()
                .is_some_and(|c| app.view.filter.with(|f| c.is_asked(f)))
        })
    };
    view! {
        <button
            type="button"
            class="chip"
            aria-pressed=move || if is_on() { "true" } else { "false" }
            on:click=move |_| {
                let Some(car) = app.my_car.get_untracked() else {
                    open_panel(app);
                    choosing.set(true);
                    app.planner.need();
                    return;
                };
                let is_on = app.view.filter.with_untracked(|f| car.is_asked(f));
                app.view.is_last_filter.set(false);
                app.view.filter.update(|f| f.standards = if is_on { Vec::new() } else { car.inlets });
            }
        >
            {icon_small("car")}
            {say(words::fits_my_car)}
        </button>
    }
    .into_any()
}

/// Opens the panel of all filters.
pub(super) fn open_panel(app: AppState) {
    app.view.panel_open.set(true);
    app.sheet.set(Rest::Full);
    dom::focus_soon(HEADING);
}

/// Closes it.
pub(crate) fn close_panel(app: AppState) {
    app.view.panel_open.set(false);
    app.sheet.set(Rest::Peek);
    for id in OPENERS {
        dom::focus_soon(id);
    }
}

/// The demands that have a chip of their own above the list.
fn usual() -> [Demand; 5] {
    [
        Demand::Free,
        Demand::Power(60_000),
        Demand::Power(120_000),
        Demand::Parking,
        Demand::Open,
    ]
}

/// What is asked beyond the usual chips; the connectors of one's car have one as well.
fn unusual(app: AppState) -> Vec<Demand> {
    let usual = usual();
    let filter = app.view.filter.get();
    let of_car = app
        .my_car
        .with(|c| c.as_ref().is_some_and(|c| c.is_asked(&filter)));
    let mut demands = Demand::of(&filter);
    let has_chip = |d: &Demand| usual.contains(d) || (of_car && matches!(d, Demand::Standard(_)));
    demands.retain(|d| !has_chip(d));
    demands
}

/// The favourites as a demand.
pub(super) fn favourites_of(app: AppState) -> Demand {
    Demand::Favourites(app.favourites.get_untracked())
}

/// A chip for favourites only, once there are some. It follows the stars.
pub(super) fn favourites_chip() -> AnyView {
    let app = use_app();
    let is_on = move || app.view.filter.with(|f| f.ids.is_some());
    let n = move || app.favourites.with(Vec::len);
    view! {
        <button
            type="button"
            class="chip"
            aria-pressed=move || if is_on() { "true" } else { "false" }
            hidden=move || n() == 0 && !is_on()
            on:click=move |_| {
                let on = app.view.filter.with_untracked(|f| f.ids.is_none());
                set_demand(app, &favourites_of(app), on);
            }
        >
            {say(words::favourites)}
            <span class="chip-count">{n}</span>
        </button>
    }
    .into_any()
}

/// Has the filter follow the stars while it asks for favourites.
pub(super) fn keep_favourites(app: AppState) {
    crate::state::follow::follow(move || {
        let ids: Vec<LocationId> = app.favourites.get();
        let differs = |f: &Filter| f.ids.as_ref().is_some_and(|own| *own != ids);
        if app.view.filter.with_untracked(differs) {
            app.view.filter.update(|f| f.ids = Some(ids));
        }
    });
}

/// The row above the list: what is on, the usual chips, saved filters, and the chip to all.
#[component]
pub(crate) fn Chips(
    /// The list of cars is to be shown in the panel.
    choosing: RwSignal<bool>,
) -> impl IntoView {
    let app = use_app();
    let l = move || app.lang.get();
    keep_favourites(app);
    let all = move || match unusual(app).len() {
        0 => map::all_filters(l()).to_owned(),
        n => map::all_filters_set(l(), n),
    };
    let last = move || {
        app.view.is_last_filter.get().then(|| {
            view! {
                <button type="button" class="chip is-note" on:click=move |_| set_filter(app, Filter::default())
                    aria-label=map::joined(l(), words::last_filter(l()), map::clear_filters(l()))
                >
                    {words::last_filter(l())}
                    {icon_small("close")}
                </button>
            }
        })
    };
    let profiles = move || {
        let profiles = app.view.profiles.get();
        let chip = |p: crate::state::saved::Profile| {
            let filter = StoredValue::new(p.filter);
            let is_on = move || app.view.filter.with(|f| filter.with_value(|own| own == f));
            view! {
                <button
                    type="button"
                    class="chip is-saved"
                    aria-pressed=move || if is_on() { "true" } else { "false" }
                    aria-label=words::apply_profile(l(), &p.name)
                    on:click=move |_| set_filter(app, filter.get_value())
                >
                    {icon_small("filter")}
                    <bdi class="chip-text">{p.name.clone()}</bdi>
                </button>
            }
            .into_any()
        };
        profiles.into_iter().map(chip).collect::<Vec<_>>()
    };
    view! {
        <div class="chips" role="group" aria-label=say(map::filters)>
            {last}
            {my_car_chip(choosing)}
            {move || unusual(app).into_iter().map(removable_chip).collect::<Vec<_>>()}
            {usual().map(|d| demand_chip(d, false)).into_iter().collect::<Vec<_>>()}
            {profiles}
            <button
                type="button"
                id="all-filters"
                class="chip wide-only"
                class:is-set=move || !unusual(app).is_empty()
                on:click=move |_| open_panel(app)
            >
                {icon_small("filter")}
                {all}
            </button>
        </div>
    }
}

/// The button to all filters in the search field of the phone.
pub(super) fn all_filters_button() -> AnyView {
    let app = use_app();
    let n = move || app.view.filter.with(|f| Demand::of(f).len());
    view! {
        <button
            type="button"
            id="all-filters-button"
            class="iconbtn narrow-only"
            aria-label=move || match n() {
                0 => map::all_filters(app.lang.get()).to_owned(),
                n => map::all_filters_set(app.lang.get(), n),
            }
            on:click=move |_| open_panel(app)
        >
            {super::icon::icon("filter")}
            {move || (n() > 0).then(|| view! { <span class="count-dot" aria-hidden="true">{n()}</span> })}
        </button>
    }
    .into_any()
}
