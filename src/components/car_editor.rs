//! Two forms: a car's figures, and one consumption that its driver knows.

use super::car_parts::{HEADING, alert, fault_words, field, head, number};
use super::garage::{Shown, keep};
use super::say::say;
use crate::js::dom;
use crate::state::{AppState, use_app};
use chongtu_model::ConnectorStandard;
use chongtu_words::{common, me as words};
use chongtu_worker::plan::cars::{CarFault, CarFigures, KnownConsumption, Why};
use chongtu_worker::planner::CarSummary;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The speeds at which consumption is asked for, km/h.
const SPEEDS_KMH: [u32; 3] = [90, 110, 120];

/// A number field that is empty, or what is wrong with it.
fn optional(name: &str, text: &str) -> Result<Option<f64>, CarFault> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    number(text)
        .map(Some)
        .ok_or_else(|| fault(name, Why::NotANumber))
}

fn fault(field: &str, why: Why) -> CarFault {
    CarFault {
        row: None,
        car: None,
        field: field.to_owned(),
        why,
    }
}

fn needed(name: &str, text: &str) -> Result<f64, CarFault> {
    optional(name, text)?.ok_or_else(|| fault(name, Why::Missing))
}

/// What is typed into the form of figures.
#[derive(Clone, Copy)]
struct Typed {
    name: RwSignal<String>,
    battery: RwSignal<String>,
    consumption: [RwSignal<String>; 3],
    dc: RwSignal<String>,
    ac: RwSignal<String>,
    inlets: RwSignal<Vec<ConnectorStandard>>,
}

impl Typed {
    fn new(car: Option<&CarSummary>) -> Self {
        let signal =
            |value: Option<f64>| RwSignal::new(value.map(|v| v.to_string()).unwrap_or_default());
        let figures = car.map(|c| &c.figures);
        let at = |speed: u32| {
            let points = figures?.consumption.iter();
            points
                .filter(|p| p[0] == f64::from(speed))
                .map(|p| p[1])
                .next()
        };
        let china = || vec![ConnectorStandard::GbtDc, ConnectorStandard::GbtAc];
        Self {
            name: RwSignal::new(figures.map(|f| f.name.clone()).unwrap_or_default()),
            battery: signal(figures.map(|f| f.usable_battery_kwh)),
            consumption: SPEEDS_KMH.map(|speed| signal(at(speed))),
            dc: signal(figures.and_then(|f| f.dc_kw)),
            ac: signal(figures.map_or(Some(7.0), |f| f.ac_kw)),
            inlets: RwSignal::new(figures.map_or_else(china, |f| f.connectors.clone())),
        }
    }

    fn figures(self) -> Result<CarFigures, CarFault> {
        let text = |signal: RwSignal<String>| signal.get_untracked();
        let mut consumption = Vec::new();
        for (speed, typed) in SPEEDS_KMH.into_iter().zip(self.consumption) {
            if let Some(kwh) = optional("consumption", &text(typed))? {
                consumption.push([f64::from(speed), kwh]);
            }
        }
        Ok(CarFigures {
            name: text(self.name),
            usable_battery_kwh: needed("usable_battery_kwh", &text(self.battery))?,
            consumption,
            dc_kw: optional("dc_kw", &text(self.dc))?,
            ac_kw: optional("ac_kw", &text(self.ac))?,
            connectors: self.inlets.get_untracked(),
        })
    }
}

/// The inlets as chips.
fn inlet_chips(inlets: RwSignal<Vec<ConnectorStandard>>) -> AnyView {
    let app = use_app();
    let chips = ConnectorStandard::ALL
        .iter()
        .map(|&standard| {
            let on = move || inlets.with(|i| i.contains(&standard));
            view! {
                <button
                    type="button"
                    class="chip"
                    aria-pressed=move || if on() { "true" } else { "false" }
                    on:click=move |_| {
                        inlets
                            .update(|list| {
                                let before = list.len();
                                list.retain(|s| *s != standard);
                                if list.len() == before {
                                    list.push(standard);
                                }
                            });
                    }
                >
                    {move || common::connector(app.lang.get(), standard)}
                </button>
            }
        })
        .collect_view();
    view! {
        <fieldset class="car-inlets">
            <legend>{say(words::inlets)}</legend>
            <div class="chips wrap">{chips}</div>
        </fieldset>
    }
    .into_any()
}

/// The form of figures: of a car to change, or empty.
pub(super) fn figures_form(shown: RwSignal<Shown>, car: Option<CarSummary>) -> AnyView {
    let app = use_app();
    let l = app.lang.get_untracked();
    let typed = Typed::new(car.as_ref());
    let trouble = RwSignal::new(None);
    let before = car.map(|c| c.id);
    let title = if before.is_some() {
        words::edit_title
    } else {
        words::figures_title
    };
    let save = move || {
        let figures = match typed.figures() {
            Ok(figures) => figures,
            Err(fault) => return trouble.set(Some(fault_words(app.lang.get_untracked(), &fault))),
        };
        let before = before.clone();
        spawn_local(async move {
            let made = app.planner.worker.make_car(figures, before.clone()).await;
            finish(app, shown, trouble, made.ok(), before.as_deref());
        });
    };
    let back = Callback::new(move |()| shown.set(Shown::Home));
    let consumption = SPEEDS_KMH
        .into_iter()
        .zip(["car-c90", "car-c110", "car-c120"])
        .zip(typed.consumption)
        .map(|((speed, id), value)| {
            field(
                id,
                words::at_kmh(l, speed),
                Some(words::unit_per_100),
                value,
            )
        })
        .collect_view();
    view! {
        {head(title, back)}
        <form
            class="card block car-form"
            on:submit=move |ev| {
                ev.prevent_default();
                save();
            }
        >
            {field("car-name", words::name(l).to_owned(), None, typed.name)}
            {field("car-battery", words::battery(l).to_owned(), Some(words::unit_kwh), typed.battery)}
            <fieldset class="car-group">
                <legend>{words::consumption(l)}</legend>
                <p class="meta">{words::consumption_text(l)}</p>
                {consumption}
            </fieldset>
            {field("car-dc", words::dc_power(l).to_owned(), Some(words::unit_kw), typed.dc)}
            {field("car-ac", words::ac_power(l).to_owned(), Some(words::unit_kw), typed.ac)}
            {inlet_chips(typed.inlets)}
            {alert(trouble)}
            <button type="submit" class="btn primary">{words::save(l)}</button>
        </form>
    }
    .into_any()
}

/// What comes after the planner made a car: it is kept, or the form says why not.
fn finish(
    app: AppState,
    shown: RwSignal<Shown>,
    trouble: RwSignal<Option<String>>,
    made: Option<Result<Box<CarSummary>, CarFault>>,
    in_place_of: Option<&str>,
) {
    let l = app.lang.get_untracked();
    // The page may be gone by then.
    if shown.try_get_untracked().is_none() {
        return;
    }
    match made {
        Some(Ok(car)) => {
            let name = car.name.get(l.is_english()).to_owned();
            trouble.set(keep(app, shown, &car.id, &name, in_place_of));
        }
        Some(Err(fault)) => trouble.set(Some(fault_words(l, &fault))),
        None => trouble.set(Some(words::no_planner(l).to_owned())),
    }
}

/// The form of one known consumption.
pub(super) fn calibration_form(shown: RwSignal<Shown>, car: &CarSummary) -> AnyView {
    let app = use_app();
    let l = app.lang.get_untracked();
    let by_trip = RwSignal::new(false);
    let empty = || RwSignal::new(String::new());
    let (speed, display, distance, energy) =
        (RwSignal::new("110".to_owned()), empty(), empty(), empty());
    let trouble = RwSignal::new(None);
    let facts = super::car_parts::car_words(l, car);
    let (id, factor) = (car.id.clone(), car.factor);
    let known = move || -> Result<KnownConsumption, CarFault> {
        let speed_kmh = needed("speed_kmh", &speed.get_untracked())?;
        let kwh_per_100_km = if by_trip.get_untracked() {
            let km = needed("trip_distance", &distance.get_untracked())?;
            let kwh = needed("trip_energy", &energy.get_untracked())?;
            if km <= 0.0 {
                return Err(fault(
                    "trip_distance",
                    Why::OutOfRange {
                        value: km,
                        least: 1.0,
                        most: 2000.0,
                    },
                ));
            }
            kwh / km * 100.0
        } else {
            needed("consumption", &display.get_untracked())?
        };
        Ok(KnownConsumption {
            speed_kmh,
            kwh_per_100_km,
        })
    };
    let calibrate = move |known: Option<KnownConsumption>| {
        let id = id.clone();
        spawn_local(async move {
            let made = app.planner.worker.calibrate_car(id.clone(), known).await;
            finish(app, shown, trouble, made.ok(), Some(&id));
        });
    };
    let reset = {
        let calibrate = calibrate.clone();
        (factor != 1.0).then(|| {
            view! {
                <button type="button" class="btn" on:click=move |_| calibrate(None)>{words::reset(l)}</button>
            }
        })
    };
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        match known() {
            Ok(known) => calibrate(Some(known)),
            Err(fault) => trouble.set(Some(fault_words(app.lang.get_untracked(), &fault))),
        }
    };
    let way = |trip: bool, name: super::car_parts::Words| {
        view! {
            <button
                type="button"
                aria-pressed=move || if by_trip.get() == trip { "true" } else { "false" }
                on:click=move |_| by_trip.set(trip)
            >
                {name(l)}
            </button>
        }
    };
    let back = Callback::new(move |()| shown.set(Shown::Home));
    let fields = move || {
        if by_trip.get() {
            view! {
                {field("known-km", words::trip_distance(l).to_owned(), Some(words::unit_km), distance)}
                {field("known-kwh", words::trip_energy(l).to_owned(), Some(words::unit_kwh), energy)}
            }
            .into_any()
        } else {
            field(
                "known-display",
                words::by_display(l).to_owned(),
                Some(words::unit_per_100),
                display,
            )
        }
    };
    view! {
        {head(words::calibrate_title, back)}
        <form class="card block car-form" on:submit=submit>
            <p class="car-row still">{facts}</p>
            <p class="sub">{words::calibrate_text(l)}</p>
            <div class="seg" role="group" aria-label=words::calibrate_title(l)>
                {way(false, words::by_display)} {way(true, words::by_trip)}
            </div>
            {field("known-speed", words::at_speed(l).to_owned(), Some(words::unit_kmh), speed)}
            {fields}
            {alert(trouble)}
            <div class="car-actions">{reset}<button type="submit" class="btn primary grow">{words::calibrate(l)}</button></div>
        </form>
    }
    .into_any()
}

/// Puts the focus on the heading of the view that opens.
pub(super) fn focus_heading() {
    dom::focus_soon(HEADING);
}
