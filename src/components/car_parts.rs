//! What the views of the garage have in common: fields of a form, what is wrong with a car in
//! words, the line of a car's facts.

use super::icon::icon;
use crate::js::dom;
use crate::state::use_app;
use chongtu_words::me::{self as words, CarTrouble};
use chongtu_words::{Lang, plan};
use chongtu_worker::plan::cars::{CarFault, Why};
use chongtu_worker::planner::CarSummary;
use leptos::prelude::*;

/// Words by language.
pub(super) type Words = fn(Lang) -> &'static str;

/// The id of the heading of a view of the garage, where the focus goes when it opens.
pub(super) const HEADING: &str = "garage-heading";

/// A heading with the way back; Esc goes the same way.
pub(super) fn head(title: Words, back: Callback<()>) -> AnyView {
    let app = use_app();
    view! {
        <header class="plan-head">
            <button type="button" class="iconbtn" aria-label=move || plan::back(app.lang.get()) on:click=move |_| back.run(())>
                {icon("back")}
            </button>
            <h1 id=HEADING tabindex="-1">{move || title(app.lang.get())}</h1>
        </header>
    }
    .into_any()
}

/// A field of a form: its name, what is typed, its unit.
pub(super) fn field(
    id: &'static str,
    name: String,
    unit: Option<Words>,
    value: RwSignal<String>,
) -> AnyView {
    let app = use_app();
    let is_number = unit.is_some();
    view! {
        <label class="car-field" for=id>
            <span>{name}</span>
            <span class="car-input">
                <input
                    id=id
                    type="text"
                    class=if is_number { "field" } else { "field text" }
                    inputmode=if is_number { "decimal" } else { "text" }
                    maxlength=if is_number { "12" } else { "80" }
                    autocomplete="off"
                    prop:value=move || value.get()
                    on:input=move |ev| value.set(dom::value(&ev))
                />
                {unit.map(|unit| view! { <span class="meta">{move || unit(app.lang.get())}</span> })}
            </span>
        </label>
    }
    .into_any()
}

/// What is wrong, said at once to who cannot see it.
pub(super) fn alert(text: RwSignal<Option<String>>) -> AnyView {
    let shown = move || {
        text.get().map(|text| {
            view! { <p class="note" role="alert">{icon("alert")}<span class="grow">{text}</span></p> }
        })
    };
    view! { {shown} }.into_any()
}

/// Why a car cannot be, in words.
pub(super) fn fault_words(l: Lang, fault: &CarFault) -> String {
    let trouble = match &fault.why {
        Why::NotJson { line, column } => CarTrouble::NotJson(*line, *column),
        Why::NotCars => CarTrouble::NotCars,
        Why::Missing => CarTrouble::Missing,
        Why::NotANumber => CarTrouble::NotANumber,
        Why::OutOfRange { value, least, most } => CarTrouble::OutOfRange(*value, *least, *most),
        Why::NotAscending => CarTrouble::NotAscending,
        Why::NoInlet => CarTrouble::NoInlet,
        Why::Other(text) => CarTrouble::Other(text),
    };
    words::car_trouble(l, fault.row, fault.car.as_deref(), &fault.field, trouble)
}

/// Name and facts of a car, for a row or a card.
pub(super) fn car_words(l: Lang, car: &CarSummary) -> AnyView {
    let calibrated = (car.factor != 1.0)
        .then(|| view! { <span class="tag car-tag">{words::calibrated(l, car.factor)}</span> });
    view! {
        <span class="car-main">
            <span class="strong car-name"><bdi>{car.name.get(l.is_english()).to_owned()}</bdi></span>
            <span class="meta">{plan::car_facts(l, car.usable_battery_kwh, car.range_110_m)}</span>
            {calibrated}
        </span>
        <span class="meta nowrap">{plan::car_power(l, car.max_power_kw)}</span>
    }
    .into_any()
}

/// A number as it was typed: a comma will do for the point, blanks around are nothing.
pub(super) fn number(text: &str) -> Option<f64> {
    chongtu_model::decimal::parse_decimal(&text.trim().replace([',', '\u{ff0c}'], "."))
}
