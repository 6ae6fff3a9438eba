//! The filters: chips for the usual ones, a panel for all.

use super::icon::{icon, icon_small};
use super::say::say;
use super::sheet::CloseButton;
use crate::js::dom;
use crate::state::use_app;
use chongtu_model::OperatorId;
use chongtu_model::filter::Filter;
use chongtu_words::{Lang, common, map as words};
use leptos::prelude::*;

const HEADING: &str = "filters-heading";
/// The choices of least power, kW.
const POWERS_KW: [u32; 4] = [30, 60, 120, 250];
const W_PER_KW: u32 = 1000;

/// A button that is on or off.
#[component]
fn Chip(
    /// What it says.
    #[prop(into)]
    text: Signal<String>,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// Switches it.
    toggle: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="chip"
            aria-pressed=move || if on.get() { "true" } else { "false" }
            on:click=move |_| toggle()
        >
            {move || text.get()}
        </button>
    }
}

/// A chip over a yes or no of the filter.
fn flag(
    get: fn(&Filter) -> bool,
    set: fn(&mut Filter, bool),
    word: fn(Lang) -> &'static str,
) -> impl IntoView {
    let app = use_app();
    let filter = app.view.filter;
    view! {
        <Chip
            text=Signal::derive(move || word(app.lang.get()).to_owned())
            on=Signal::derive(move || filter.with(get))
            toggle=move || filter.update(|f| set(f, !get(f)))
        />
    }
}

/// A chip over a least power.
fn power_chip(kw: u32) -> impl IntoView {
    let app = use_app();
    let filter = app.view.filter;
    let on = move |f: &Filter| f.min_power_w == Some(kw * W_PER_KW);
    view! {
        <Chip
            text=Signal::derive(move || words::at_least_kw(app.lang.get(), kw))
            on=Signal::derive(move || filter.with(on))
            toggle=move || filter.update(|f| f.min_power_w = if on(f) { None } else { Some(kw * W_PER_KW) })
        />
    }
}

/// A chip over one value of a list.
fn member<T: Clone + PartialEq + Send + Sync + 'static>(
    value: T,
    text: impl Fn(Lang) -> String + Send + Sync + 'static,
    list: fn(&mut Filter) -> &mut Vec<T>,
    read: fn(&Filter) -> &Vec<T>,
) -> impl IntoView {
    let app = use_app();
    let filter = app.view.filter;
    let wanted = value.clone();
    view! {
        <Chip
            text=Signal::derive(move || text(app.lang.get()))
            on=Signal::derive(move || filter.with(|f| read(f).contains(&wanted)))
            toggle=move || {
                filter.update(|f| {
                    let list = list(f);
                    match list.iter().position(|v| *v == value) {
                        Some(i) => drop(list.remove(i)),
                        None => list.push(value.clone()),
                    }
                });
            }
        />
    }
}

/// What is asked for, in words.
pub(crate) fn in_words(l: Lang, filter: &Filter) -> Vec<String> {
    let mut said = Vec::new();
    let flags = [
        (filter.free_now, words::free_now(l)),
        (filter.dc_only, words::dc_only(l)),
        (filter.open_now, words::open_now(l)),
        (filter.parking_free, words::parking_free(l)),
        (filter.accessible, words::accessible(l)),
    ];
    said.extend(
        flags
            .into_iter()
            .filter(|(on, _)| *on)
            .map(|(_, word)| word.to_owned()),
    );
    said.extend(
        filter
            .min_power_w
            .map(|w| words::at_least_kw(l, w / W_PER_KW)),
    );
    said.extend(
        filter
            .standards
            .iter()
            .map(|&s| common::connector(l, s).to_owned()),
    );
    said.extend(filter.kinds.iter().map(|&k| common::kind(l, k).to_owned()));
    said.extend(
        filter
            .places
            .iter()
            .map(|&p| common::place(l, p).to_owned()),
    );
    if !filter.operators.is_empty() {
        said.push(words::operators(l).to_owned());
    }
    said.extend(filter.text.clone());
    said
}

/// How many demands stand behind the button "all filters", beyond the chips.
fn hidden_demands(filter: &Filter) -> usize {
    let odd_power = filter
        .min_power_w
        .is_some_and(|w| w != 60 * W_PER_KW && w != 120 * W_PER_KW);
    filter.standards.len()
        + filter.kinds.len()
        + filter.places.len()
        + filter.operators.len()
        + usize::from(odd_power)
        + usize::from(filter.accessible)
        + usize::from(filter.text.is_some())
}

/// The chips of the usual filters, and the button to all.
#[component]
pub(crate) fn Chips(
    /// Opens the panel.
    open: RwSignal<bool>,
) -> impl IntoView {
    let app = use_app();
    let all = move || {
        let l = app.lang.get();
        match app.view.filter.with(hidden_demands) {
            0 => words::all_filters(l).to_owned(),
            n => words::all_filters_set(l, n),
        }
    };
    view! {
        <div class="chips" role="group" aria-label=say(words::filters)>
            {flag(|f| f.free_now, |f, on| f.free_now = on, words::free_now)}
            {power_chip(60)}
            {power_chip(120)}
            {flag(|f| f.parking_free, |f, on| f.parking_free = on, words::parking_free)}
            {flag(|f| f.open_now, |f, on| f.open_now = on, words::open_now)}
            {flag(|f| f.dc_only, |f, on| f.dc_only = on, words::dc_only)}
            <button
                type="button"
                id="all-filters"
                class="chip"
                class:is-set=move || app.view.filter.with(|f| hidden_demands(f) > 0)
                aria-expanded=move || if open.get() { "true" } else { "false" }
                on:click=move |_| {
                    open.set(true);
                    dom::focus_soon(HEADING);
                }
            >
                {icon_small("filter")}
                {all}
            </button>
        </div>
    }
}

fn group(title: fn(Lang) -> &'static str, chips: impl IntoView) -> impl IntoView {
    let app = use_app();
    view! {
        <div class="filter-group" role="group" aria-label=move || title(app.lang.get())>
            <h3 class="h2">{move || title(app.lang.get())}</h3>
            <div class="chips wrap">{chips}</div>
        </div>
    }
}

/// All filters.
#[component]
pub(crate) fn FilterPanel(
    /// Whether it shows.
    open: RwSignal<bool>,
) -> impl IntoView {
    let app = use_app();
    let l = move || app.lang.get();
    let close = move || {
        open.set(false);
        dom::focus_soon("all-filters");
    };
    let standards = move || {
        let of_data = app
            .region
            .catalogue
            .with(|c| c.as_ref().map(|c| c.standards.clone()).unwrap_or_default());
        of_data
            .into_iter()
            .map(|s| {
                member(
                    s,
                    move |l| common::connector(l, s).to_owned(),
                    |f| &mut f.standards,
                    |f| &f.standards,
                )
            })
            .collect_view()
    };
    let kinds = move || {
        let of_data = app
            .region
            .catalogue
            .with(|c| c.as_ref().map(|c| c.kinds.clone()).unwrap_or_default());
        of_data
            .into_iter()
            .map(|k| {
                member(
                    k,
                    move |l| common::kind(l, k).to_owned(),
                    |f| &mut f.kinds,
                    |f| &f.kinds,
                )
            })
            .collect_view()
    };
    let operators = move || {
        let of_data = app
            .region
            .catalogue
            .with(|c| c.as_ref().map(|c| c.operators.clone()).unwrap_or_default());
        of_data
            .into_iter()
            .map(|o| {
                let name = o.name.clone();
                let id: OperatorId = o.id;
                member(
                    id,
                    move |l| name.get(l.is_english()).to_owned(),
                    |f| &mut f.operators,
                    |f| &f.operators,
                )
            })
            .collect_view()
    };
    let has_operators = move || {
        app.region
            .catalogue
            .with(|c| c.as_ref().is_some_and(|c| !c.operators.is_empty()))
    };
    let count = move || {
        app.view
            .answer
            .with(|a| a.as_ref().map_or(0, |a| a.n_in_view))
    };
    view! {
        <div class="filters" on:keydown=move |ev| {
            if dom::key(&ev) == "Escape" {
                ev.prevent_default();
                close();
            }
        }>
            <header class="head">
                <h2 id=HEADING tabindex="-1" class="sheet-title">{say(words::filters)}</h2>
                <CloseButton on_close=close />
            </header>
            <div class="sheet-body filters-body">
                {group(words::conditions, view! {
                    {flag(|f| f.free_now, |f, on| f.free_now = on, words::free_now)}
                    {flag(|f| f.open_now, |f, on| f.open_now = on, words::open_now)}
                    {flag(|f| f.parking_free, |f, on| f.parking_free = on, words::parking_free)}
                    {flag(|f| f.accessible, |f, on| f.accessible = on, words::accessible)}
                    {flag(|f| f.dc_only, |f, on| f.dc_only = on, words::dc_only)}
                })}
                {group(words::least_power, POWERS_KW.map(power_chip).into_iter().collect_view())}
                {group(words::connectors, standards)}
                {group(words::kinds, kinds)}
                <Show when=has_operators>{group(words::operators, operators)}</Show>
            </div>
            <div class="dock">
                <button type="button" class="btn" disabled=move || app.view.filter.with(Filter::is_empty) on:click=move |_| app.view.filter.set(Filter::default())>
                    {say(words::clear_filters)}
                </button>
                <button type="button" class="btn primary grow" on:click=move |_| close()>
                    {icon("list")}
                    {move || words::in_view(l(), count())}
                </button>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_model::ConnectorStandard;

    #[test]
    fn every_demand_has_words() {
        let filter = Filter {
            standards: vec![ConnectorStandard::GbtDc],
            min_power_w: Some(60_000),
            dc_only: true,
            free_now: true,
            operators: vec![OperatorId::new("a")],
            kinds: vec![chongtu_model::location::LocationKind::BatterySwap],
            places: vec![chongtu_model::location::PlaceKind::Mall],
            open_now: true,
            parking_free: true,
            accessible: true,
            text: Some("x".into()),
        };
        // Eleven fields, eleven phrases: a new field of the filter must get its words.
        assert_eq!(in_words(Lang::Zh, &filter).len(), 11);
        assert!(in_words(Lang::En, &Filter::default()).is_empty());
        assert_eq!(hidden_demands(&filter), 6);
    }
}
