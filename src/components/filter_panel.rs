//! All filters, with how many locations in view each option would find.

use super::car_picker::CarPicker;
use super::filter_chips::{
    HEADING, close_panel, demand_chip, favourites_chip, my_car_chip, set_demand, set_filter,
};
use super::icon::icon;
use super::profiles::Profiles;
use super::say::say;
use super::sheet::CloseButton;
use crate::js::dom;
use crate::state::catalogue::LoadState;
use crate::state::demand::Demand;
use crate::state::planner;
use crate::state::{AppState, use_app};
use chongtu_model::filter::{Filter, PriceLimit};
use chongtu_model::index::{EVSE_STEPS, LeftOut, POWER_STEPS_W, PRICE_STEPS};
use chongtu_model::location::{LocationKind, PlaceKind};
use chongtu_words::{Lang, common, filter as words, map};
use leptos::prelude::*;

/// With more operators than this they can be searched, and only so many show at first.
const FEW: usize = 8;

fn group(title: fn(Lang) -> &'static str, chips: AnyView) -> AnyView {
    view! {
        <div class="filter-group" role="group" aria-label=say(title)>
            <h3 class="h2">{say(title)}</h3>
            {chips}
        </div>
    }
    .into_any()
}

fn chips(demands: Vec<Demand>) -> AnyView {
    let chips: Vec<AnyView> = demands.into_iter().map(|d| demand_chip(d, true)).collect();
    view! { <div class="chips wrap">{chips}</div> }.into_any()
}

/// Chips over what occurs in the data, and what is asked though it does not.
fn of_data(demands: impl Fn() -> Vec<Demand> + Send + 'static) -> AnyView {
    view! { {move || chips(demands())} }.into_any()
}

/// What was left out because it is not known, with a button to have it listed too.
fn left_out(
    n: fn(&LeftOut) -> u32,
    words_of: fn(Lang, u32) -> String,
    instead: Option<Demand>,
) -> AnyView {
    let app = use_app();
    let instead = StoredValue::new(instead);
    let n = Memo::new(move |_| {
        app.view
            .answer
            .with(|a| a.as_ref().map_or(0, |a| n(&a.left_out)))
    });
    view! {
        {move || {
            let l = app.lang.get();
            let n = n.get();
            (n > 0).then(|| {
                let button = instead.with_value(Option::is_some).then(|| {
                    let include = move |_| {
                        instead.with_value(|d| d.iter().for_each(|d| set_demand(app, d, true)));
                    };
                    view! { <button type="button" class="link tall" on:click=include>{words::include_them(l)}</button> }
                });
                view! { <p class="sub left-out">{words_of(l, n)} " " {button}</p> }
            })
        }}
    }
    .into_any()
}

/// All that was left out.
pub(crate) fn all_left_out() -> AnyView {
    view! {
        {left_out(|o| o.status_unknown, words::left_out_status, Some(Demand::FreeOrUnknown))}
        {left_out(|o| o.hours_unknown, words::left_out_hours, Some(Demand::OpenOrUnknown))}
        {left_out(|o| o.price_unknown, words::left_out_prices, None)}
    }
    .into_any()
}

fn price_steps(app: AppState) -> Vec<Demand> {
    // A link may ask for another price, or in another currency: then its own chip stands first.
    let asked = app.view.filter.with(|f| f.max_price);
    let currency = asked.map(|p| p.currency);
    let steps = PRICE_STEPS.map(|per_kwh| match currency {
        Some(currency) => PriceLimit { per_kwh, currency },
        None => PriceLimit::yuan(per_kwh),
    });
    let odd = asked.filter(|p| !steps.contains(p));
    odd.into_iter().chain(steps).map(Demand::Price).collect()
}

fn with_odd(steps: &[u32], asked: Option<u32>, demand: fn(u32) -> Demand) -> Vec<Demand> {
    let odd = asked.filter(|a| !steps.contains(a));
    odd.into_iter()
        .chain(steps.iter().copied())
        .map(demand)
        .collect()
}

fn standards(app: AppState) -> Vec<Demand> {
    let mut all = app
        .region
        .catalogue
        .with(|c| c.as_ref().map(|c| c.standards.clone()).unwrap_or_default());
    app.view.filter.with_untracked(|f| {
        let new: Vec<_> = f
            .standards
            .iter()
            .filter(|s| !all.contains(s))
            .copied()
            .collect();
        all.extend(new);
    });
    all.into_iter().map(Demand::Standard).collect()
}

fn kinds(app: AppState) -> Vec<Demand> {
    let all = app
        .region
        .catalogue
        .with(|c| c.as_ref().map(|c| c.kinds.clone()).unwrap_or_default());
    let asked = app.view.filter.with_untracked(|f| f.kinds.clone());
    LocationKind::ALL
        .into_iter()
        .filter(|k| all.contains(k) || asked.contains(k))
        .map(Demand::Kind)
        .collect()
}

/// The operators that show: those asked for, then those that fit what is typed.
fn operators(app: AppState, typed: &str, all: bool) -> Vec<Demand> {
    let typed = typed.trim().to_lowercase();
    // What is chosen while the panel shows moves no chip under the finger.
    let asked = app.view.filter.with_untracked(|f| f.operators.clone());
    let mut shown = asked.clone();
    app.region.catalogue.with(|c| {
        let operators = c
            .as_ref()
            .map(|c| c.operators.as_slice())
            .unwrap_or_default();
        let limit = if all || !typed.is_empty() || operators.len() <= FEW {
            usize::MAX
        } else {
            FEW
        };
        let fits = |name: &str| name.to_lowercase().contains(&typed);
        shown.extend(
            operators
                .iter()
                .filter(|o| !asked.contains(&o.id))
                .filter(|o| fits(o.name.get(false)) || fits(o.name.get(true)))
                .take(limit)
                .map(|o| o.id.clone()),
        );
    });
    shown.into_iter().map(Demand::Operator).collect()
}

fn operator_group() -> AnyView {
    let app = use_app();
    let typed = RwSignal::new(String::new());
    let all = RwSignal::new(false);
    let n = Memo::new(move |_| {
        app.region
            .catalogue
            .with(|c| c.as_ref().map_or(0, |c| c.operators.len()))
    });
    let found = Memo::new(move |_| operators(app, &typed.get(), all.get()));
    let field = move || {
        (n.get() > FEW).then(|| {
            view! {
                <input
                    class="field"
                    type="search"
                    autocomplete="off"
                    aria-label=say(words::find_operator)
                    placeholder=say(words::find_operator)
                    on:input=move |ev| typed.set(dom::value(&ev))
                />
            }
        })
    };
    let more = move || {
        (n.get() > FEW && !all.get() && typed.with(|t| t.trim().is_empty())).then(|| {
            view! {
                <button type="button" class="link tall" on:click=move |_| all.set(true)>
                    {move || words::all_operators(app.lang.get(), n.get())}
                </button>
            }
        })
    };
    let nobody = move || {
        (found.with(Vec::is_empty) && n.get() > 0).then(
            || view! { <p class="sub" role="status">{words::no_operator(app.lang.get())}</p> },
        )
    };
    let body = view! {
        {field}
        <div class="chips wrap">
            <For
                each=move || found.get()
                key=|d| match d {
                    Demand::Operator(id) => id.as_str().to_owned(),
                    _ => String::new(),
                }
                children=|d| demand_chip(d, true)
            />
        </div>
        {nobody}
        {more}
    }
    .into_any();
    group(map::operators, body)
}

fn my_car(choosing: RwSignal<bool>) -> AnyView {
    let app = use_app();
    let choose = move |_| {
        choosing.set(true);
        app.planner.need();
    };
    let name = move || {
        let english = app.lang.get().is_english();
        app.my_car
            .with(|c| c.as_ref().map(|c| c.name.get(english).to_owned()))
    };
    let action = move || {
        let l = app.lang.get();
        if app.my_car.with(Option::is_some) {
            words::change_car(l)
        } else {
            words::choose_car(l)
        }
    };
    let body = view! {
        <div class="chips wrap">
            {my_car_chip(choosing)}
            <span class="sub"><bdi>{name}</bdi></span>
            <button type="button" class="link tall" on:click=choose>{action}</button>
        </div>
    }
    .into_any();
    group(words::my_car, body)
}

/// The list of cars in place of the filters.
fn cars(choosing: RwSignal<bool>) -> AnyView {
    let app = use_app();
    let back = move || {
        choosing.set(false);
        dom::focus_soon(HEADING);
    };
    let choose = Callback::new(move |id: String| {
        let inlets = app.planner.cars.with_untracked(|cars| {
            cars.iter()
                .find(|c| c.id == id)
                .map(|c| c.connectors.clone())
        });
        app.car.set(Some(id));
        if let Some(inlets) = inlets {
            app.view.is_last_filter.set(false);
            app.view.filter.update(|f| f.standards = inlets);
        }
        back();
    });
    let trouble = move || match app.planner.load.get() {
        LoadState::Failed(trouble) if app.planner.cars.with(Vec::is_empty) => {
            let l = app.lang.get();
            Some(view! {
                <div class="note">
                    {icon("alert")}
                    <span>{words::cars_failed(l)} " " {map::load_trouble(l, trouble)}</span>
                    <button type="button" class="link end" on:click=move |_| planner::retry(app)>{common::try_again(l)}</button>
                </div>
            })
        }
        _ => None,
    };
    view! {
        {trouble}
        <CarPicker
            cars=app.planner.cars
            chosen=app.car
            on_choose=choose
            on_back=Callback::new(move |()| back())
        />
    }
    .into_any()
}

fn groups(choosing: RwSignal<bool>) -> AnyView {
    let app = use_app();
    let notes = |first: AnyView, second: AnyView| view! { {first} {second} }.into_any();
    let all: Vec<AnyView> = vec![
        my_car(choosing),
        group(
            words::availability,
            notes(
                chips(vec![Demand::Free, Demand::FreeOrUnknown]),
                left_out(|o| o.status_unknown, words::left_out_status, Some(Demand::FreeOrUnknown)),
            ),
        ),
        group(
            map::least_power,
            of_data(move || {
                let asked = app.view.filter.with_untracked(|f| f.min_power_w);
                let mut demands = with_odd(&POWER_STEPS_W, asked, Demand::Power);
                demands.push(Demand::Dc);
                demands
            }),
        ),
        group(
            words::highest_price,
            notes(
                of_data(move || untrack(|| price_steps(app))),
                left_out(|o| o.price_unknown, words::left_out_prices, None),
            ),
        ),
        group(map::connectors, of_data(move || standards(app))),
        operator_group(),
        group(
            words::opening,
            notes(
                chips(vec![Demand::Open, Demand::OpenOrUnknown]),
                left_out(|o| o.hours_unknown, words::left_out_hours, Some(Demand::OpenOrUnknown)),
            ),
        ),
        group(words::parking, chips(vec![Demand::Parking, Demand::ParkingAlways])),
        group(words::places, chips(PlaceKind::ALL.map(Demand::Place).to_vec())),
        group(map::kinds, of_data(move || kinds(app))),
        group(
            words::least_evses,
            of_data(move || {
                let asked = app.view.filter.with_untracked(|f| f.min_evses);
                with_odd(&EVSE_STEPS, asked, Demand::Evses)
            }),
        ),
        group(
            words::more,
            view! {
                <div class="chips wrap">{demand_chip(Demand::Accessible, true)} {favourites_chip()}</div>
            }
            .into_any(),
        ),
    ];
    view! { {all} <Profiles /> }.into_any()
}

/// The panel.
#[component]
pub(crate) fn FilterPanel(
    /// The list of cars shows in place of the filters.
    choosing: RwSignal<bool>,
) -> impl IntoView {
    let app = use_app();
    let l = move || app.lang.get();
    let close = move || {
        choosing.set(false);
        close_panel(app);
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
                if choosing.get_untracked() { choosing.set(false) } else { close() }
            }
        }>
            {move || if choosing.get() {
                cars(choosing)
            } else {
                view! {
                    <header class="head">
                        <h2 id=HEADING tabindex="-1" class="sheet-title">{say(map::filters)}</h2>
                        <CloseButton on_close=close />
                    </header>
                    <div class="sheet-body filters-body">{groups(choosing)}</div>
                    <div class="dock">
                        <button type="button" class="btn" aria-disabled=move || if app.view.filter.with(Filter::is_empty) { "true" } else { "false" } on:click=move |_| set_filter(app, Filter::default())>
                            {say(map::clear_filters)}
                        </button>
                        <button type="button" class="btn primary grow" on:click=move |_| close()>
                            {move || words::show_n(l(), count())}
                        </button>
                    </div>
                }.into_any()
            }}
        </div>
    }
}
