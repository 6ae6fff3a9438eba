//! The person's cars: which is in use, those kept, and the ways to add one.

use super::car_editor::{calibration_form, figures_form, focus_heading};
use super::car_file::{self, cars_of_file};
use super::car_parts::{alert, car_words, head};
use super::car_picker::{self, CarPicker};
use super::icon::icon;
use super::say::say;
use crate::js::{dom, files};
use crate::state::catalogue::LoadState;
use crate::state::garage::{self, NotKept};
use crate::state::{AppState, planner, use_app};
use chongtu_words::{common, me as words, plan};
use chongtu_worker::planner::{CarFile, CarSummary};
use leptos::prelude::*;
use std::sync::Arc;

/// What the page "Me" shows.
#[derive(Clone)]
pub(crate) enum Shown {
    /// All of it.
    Home,
    /// The list of cars.
    Cars,
    /// The ways to add a car.
    Add,
    /// The cars of a file.
    File(Arc<CarFile>),
    /// The form of figures.
    Figures(Option<CarSummary>),
    /// The form of one known consumption.
    Calibrate(CarSummary),
}

/// The id of the button that takes a deletion back.
pub(crate) const UNDO: &str = "undo";

/// What was deleted last, and how it comes back.
#[derive(Clone)]
pub(crate) struct Undo {
    /// What was deleted, in words.
    pub said: String,
    /// Brings it back. Counted and not a `Callback`: the view that made it is gone by then.
    pub back: Arc<dyn Fn() + Send + Sync>,
}

/// A view of the garage that takes the whole page; `None` at home.
pub(crate) fn garage_view(shown: RwSignal<Shown>) -> Option<AnyView> {
    let app = use_app();
    let opened = shown.get();
    if !matches!(opened, Shown::Home | Shown::Cars) {
        focus_heading();
    }
    let home = move || shown.set(Shown::Home);
    let view = match opened {
        Shown::Home => return None,
        Shown::Cars => {
            dom::focus_soon(car_picker::HEADING);
            let choose = move |id: String| {
                garage::use_car(app, id);
                home();
            };
            view! {
                <CarPicker
                    cars=app.planner.cars
                    chosen=app.car
                    on_choose=Callback::new(choose)
                    on_back=Callback::new(move |()| home())
                />
            }
            .into_any()
        }
        Shown::Add => add_view(shown),
        Shown::File(file) => cars_of_file(shown, &file),
        Shown::Figures(car) => figures_form(shown, car),
        Shown::Calibrate(car) => calibration_form(shown, &car),
    };
    let on_key = move |ev: leptos::ev::KeyboardEvent| {
        if dom::key(&ev) == "Escape" && !ev.default_prevented() {
            ev.prevent_default();
            home();
        }
    };
    Some(view! { <div on:keydown=on_key>{view}</div> }.into_any())
}

/// The ways to add a car.
fn add_view(shown: RwSignal<Shown>) -> AnyView {
    let app = use_app();
    let l = app.lang.get_untracked();
    let trouble = RwSignal::new(None);
    let back = Callback::new(move |()| shown.set(Shown::Home));
    let way = |name: &'static str, text: super::car_parts::Words, to: Shown| {
        view! {
            <li>
                <button type="button" class="car-row" on:click=move |_| shown.set(to.clone())>
                    {icon(name)}<span class="car-main strong">{text(l)}</span>{icon("next")}
                </button>
            </li>
        }
    };
    view! {
        {head(words::add_car, back)}
        <ul class="card car-list">
            {way("list", words::from_list, Shown::Cars)}
            <li>
                // The field covers the row: it is what is pressed, dropped on, and focused.
                <div class="car-row car-pick">
                    {icon("car")}
                    <span class="car-main">
                        <span class="strong">{words::from_file(l)}</span>
                        <span class="meta">{words::from_file_text(l)}</span>
                    </span>
                    {icon("next")}
                    <input
                        id="car-file"
                        type="file"
                        accept=".json,application/json"
                        aria-label=words::from_file(l)
                        on:change=move |ev| {
                            if let Some(file) = files::picked(&ev) {
                                car_file::read(app, shown, trouble, file);
                            }
                        }
                    />
                </div>
            </li>
            {way("gauge", words::from_figures, Shown::Figures(None))}
        </ul>
        <div class="car-tools">{alert(trouble)}</div>
    }
    .into_any()
}

/// Keeps a car and uses it; goes home. Gives what hinders that.
pub(super) fn keep(
    app: AppState,
    shown: RwSignal<Shown>,
    car: &str,
    name: &str,
    in_place_of: Option<&str>,
) -> Option<String> {
    let l = app.lang.get_untracked();
    match garage::put(app, car, in_place_of) {
        Err(NotKept::Full) => return Some(words::garage_full(l).to_owned()),
        Err(NotKept::There) => app.announce(words::car_there(l).to_owned()),
        Ok(()) => app.announce(words::now_using(l, name)),
    }
    shown.set(Shown::Home);
    None
}

/// The card: the car in use, those kept, and the button to add one.
pub(crate) fn garage_card(shown: RwSignal<Shown>, undo: RwSignal<Option<Undo>>) -> AnyView {
    let app = use_app();
    let body = move || {
        let l = app.lang.get();
        let cars = app.planner.cars.get();
        if cars.is_empty() {
            return match app.planner.load.get() {
                LoadState::Failed(_) => view! {
                    <p class="note">{icon("alert")}<span class="grow">{words::no_planner(l)}</span></p>
                    <button type="button" class="btn md" on:click=move |_| planner::retry(app)>{common::try_again(l)}</button>
                }
                .into_any(),
                _ => view! { <p class="sub">{words::loading_cars(l)}</p><div class="skel skel-line"></div> }.into_any(),
            };
        }
        let in_use = app.car.get();
        let current = in_use
            .as_ref()
            .and_then(|id| cars.iter().find(|c| c.id == *id));
        let kept = app.garage.get();
        let current = match current {
            Some(car) => current_car(app, shown, undo, car, kept.contains(&car.id)),
            None => view! { <p class="sub">{words::no_car(l)}</p> }.into_any(),
        };
        let rows: Vec<AnyView> = kept
            .iter()
            .filter(|id| in_use.as_ref() != Some(id))
            .filter_map(|id| cars.iter().find(|c| c.id == *id))
            .map(|car| kept_car(app, shown, undo, car))
            .collect();
        let n_unread = garage::n_unread(app);
        view! {
            {current}
            {(!rows.is_empty()).then(|| view! { <h3 class="h2">{words::other_cars(l)}</h3><ul class="car-kept">{rows}</ul> })}
            {(n_unread > 0).then(|| view! { <p class="note">{icon("alert")}<span class="grow">{words::unread_cars(l, n_unread)}</span></p> })}
            <div class="car-actions">
                <button type="button" class="btn md grow" on:click=move |_| shown.set(Shown::Cars)>{plan::choose_car(l)}</button>
                <button type="button" class="btn md soft grow" on:click=move |_| shown.set(Shown::Add)>{icon("plus")}{words::add_car(l)}</button>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="card block" aria-labelledby="me-car">
            <h2 class="h2" id="me-car">{say(words::my_car)}</h2>
            {body}
        </section>
    }
    .into_any()
}

/// The car in use, with what can be done with it.
fn current_car(
    app: AppState,
    shown: RwSignal<Shown>,
    undo: RwSignal<Option<Undo>>,
    car: &CarSummary,
    is_kept: bool,
) -> AnyView {
    let l = app.lang.get_untracked();
    // Of a listed car the note of the list says it.
    let source = garage::is_own(&car.id).then(|| {
        let source = car.source.clone();
        let source = source.unwrap_or_else(|| words::own_source(l).to_owned());
        view! { <p class="meta car-source">{source}</p> }
    });
    let calibrated_listed = car.factor != 1.0 && !car.id.starts_with("own");
    view! {
        <div class="car-current">
            <div class="car-row still">{car_words(l, car)}</div>
            {source.filter(|_| !calibrated_listed)}
            {verbs(app, shown, undo, car, is_kept)}
        </div>
    }
    .into_any()
}

/// A kept car: a row that chooses it, and what can be done with it.
fn kept_car(
    app: AppState,
    shown: RwSignal<Shown>,
    undo: RwSignal<Option<Undo>>,
    car: &CarSummary,
) -> AnyView {
    let l = app.lang.get_untracked();
    let id = car.id.clone();
    view! {
        <li>
            <button type="button" class="car-row" aria-pressed="false" on:click=move |_| garage::use_car(app, id.clone())>
                {car_words(l, car)}
            </button>
            {verbs(app, shown, undo, car, true)}
        </li>
    }
    .into_any()
}

/// What can be done with a car; one that is not kept can only be calibrated.
fn verbs(
    app: AppState,
    shown: RwSignal<Shown>,
    undo: RwSignal<Option<Undo>>,
    car: &CarSummary,
    is_kept: bool,
) -> AnyView {
    let l = app.lang.get_untracked();
    let name = car.name.get(l.is_english()).to_owned();
    let label = |verb: &str| [verb, &name].join(" ");
    let verb = |verb: super::car_parts::Words, to: Shown| {
        view! {
            <button type="button" class="link tall" aria-label=label(verb(l)) on:click=move |_| shown.set(to.clone())>{verb(l)}</button>
        }
    };
    let calibrate = verb(words::calibrate, Shown::Calibrate(car.clone()));
    let others = is_kept.then(|| {
        let edit = verb(words::edit, Shown::Figures(Some(car.clone())));
        let delete = label(words::delete(l));
        let (id, name) = (car.id.clone(), name.clone());
        let remove = move |_| {
            let place = garage::remove(app, &id);
            let id = id.clone();
            let said = words::deleted(app.lang.get_untracked(), &name);
            app.announce(said.clone());
            let back = Arc::new(move || garage::restore(app, &id, place));
            undo.set(Some(Undo { said, back }));
            // The button that had the focus is gone.
            dom::focus_soon(UNDO);
        };
        view! {
            {edit}
            <button type="button" class="link tall car-delete" aria-label=delete on:click=remove>{words::delete(l)}</button>
        }
    });
    view! { <div class="car-verbs">{calibrate}{others}</div> }.into_any()
}
