//! What a person sets before planning.

use super::icon::icon;
use super::place_field::PlaceField;
use super::plan_parts::{Stepper, Toggle};
use super::plan_slider::ChargeSlider;
use crate::js::dom;
use crate::state::trip::{SPEEDS_KMH, Spot, TripInputs, limits};
use crate::state::use_app;
use chongtu_words::plan as words;
use chongtu_worker::catalogue::Suggestion;
use chongtu_worker::planner::CarSummary;
use leptos::prelude::*;

/// Which end of the trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TripEnd {
    /// The start.
    From,
    /// The destination.
    To,
}

/// The ids of the two fields, for the focus.
pub(crate) const FROM_FIELD: &str = "plan-from";
/// See [`FROM_FIELD`].
pub(crate) const TO_FIELD: &str = "plan-to";
/// The id of the link that opens the car list.
pub(crate) const CAR_BUTTON: &str = "plan-car";
/// The id of the heading.
pub(crate) const FORM_HEADING: &str = "plan-heading";

/// What the form tells its page.
#[derive(Clone, Copy)]
pub(crate) struct FormActions {
    /// Inputs changed for good (a slider let go): the address may follow.
    pub commit: Callback<()>,
    /// Asks what fits a text.
    pub ask: Callback<(TripEnd, String)>,
    /// Choose on the map.
    pub pick: Callback<TripEnd>,
    /// Take the device's position.
    pub here: Callback<TripEnd>,
    /// Open the list of cars.
    pub cars: Callback<()>,
    /// Plan.
    pub plan: Callback<()>,
}

/// The inputs and the button.
#[component]
pub(crate) fn PlanForm(
    /// What is set.
    inputs: RwSignal<TripInputs>,
    /// The chosen car, once the cars are known.
    #[prop(into)]
    car: Signal<Option<CarSummary>>,
    /// What fits the text of the field that is being typed in.
    #[prop(into)]
    suggestions: Signal<Vec<Suggestion>>,
    /// A sentence about what did not work, if anything.
    #[prop(into)]
    notice: Signal<Option<String>>,
    /// What it tells its page.
    actions: FormActions,
) -> impl IntoView {
    let app = use_app();
    let FormActions {
        commit: on_commit,
        ask: on_ask,
        pick: on_pick,
        here: on_here,
        cars: on_cars,
        plan: on_plan,
    } = actions;
    let change = move |f: &dyn Fn(&mut TripInputs)| {
        inputs.update(|i| f(i));
        on_commit.run(());
    };
    let words_of = move |f: fn(chongtu_words::Lang) -> &'static str| {
        Signal::derive(move || f(app.lang.get()).to_owned())
    };
    let set_spot = move |end: TripEnd, spot: Option<Spot>| {
        change(&|i| match end {
            TripEnd::From => i.from.clone_from(&spot),
            TripEnd::To => i.to.clone_from(&spot),
        });
    };
    // What is missing, and where it is set: the button says the one and leads to the other.
    let missing = move || {
        let l = app.lang.get();
        inputs.with(|i| {
            if i.from.is_none() {
                Some((words::need_from(l), FROM_FIELD))
            } else if i.to.is_none() {
                Some((words::need_to(l), TO_FIELD))
            } else if i.car.is_none() {
                Some((words::need_car(l), CAR_BUTTON))
            } else {
                None
            }
        })
    };
    view! {
        <form
            class="plan-form"
            on:submit=move |ev| {
                ev.prevent_default();
                match untrack(missing) {
                    None => on_plan.run(()),
                    Some((_, CAR_BUTTON)) => on_cars.run(()),
                    Some((_, field)) => dom::focus(field),
                }
            }
        >
            <div class="plan-scroll">
                <h1 id=FORM_HEADING tabindex="-1" class="plan-title">
                    {move || words::title(app.lang.get())}
                </h1>
                <div class="card plan-places">
                    <div class="plan-place">
                        <span class="plan-mark" aria-hidden="true"></span>
                        <PlaceField
                            id=FROM_FIELD
                            label=words_of(words::from)
                            hint=words_of(words::from_hint)
                            spot=Signal::derive(move || inputs.with(|i| i.from.clone()))
                            suggestions
                            on_ask=Callback::new(move |text| on_ask.run((TripEnd::From, text)))
                            on_choose=Callback::new(move |spot| set_spot(TripEnd::From, spot))
                            on_pick=Callback::new(move |()| on_pick.run(TripEnd::From))
                            on_here=Callback::new(move |()| on_here.run(TripEnd::From))
                        />
                    </div>
                    <div class="plan-place">
                        <span class="plan-mark sq" aria-hidden="true"></span>
                        <PlaceField
                            id=TO_FIELD
                            label=words_of(words::to)
                            hint=words_of(words::to_hint)
                            spot=Signal::derive(move || inputs.with(|i| i.to.clone()))
                            suggestions
                            on_ask=Callback::new(move |text| on_ask.run((TripEnd::To, text)))
                            on_choose=Callback::new(move |spot| set_spot(TripEnd::To, spot))
                            on_pick=Callback::new(move |()| on_pick.run(TripEnd::To))
                            on_here=Callback::new(move |()| on_here.run(TripEnd::To))
                        />
                    </div>
                    <button
                        type="button"
                        class="iconbtn plan-swap"
                        aria-label=move || words::swap(app.lang.get())
                        on:click=move |_| change(&TripInputs::swap)
                    >
                        {icon("swapv")}
                    </button>
                </div>
                {move || notice.get().map(|text| view! { <p class="note" role="alert">{icon("alert")}<span>{text}</span></p> })}
                <div class="card plan-car">
                    <div class="plan-car-head">
                        {icon("car")}
                        {move || {
                            let l = app.lang.get();
                            match car.get() {
                                Some(c) => {
                                    view! {
                                        <span class="strong clip">{c.name.get(l.is_english()).to_owned()}</span>
                                        <span class="meta nowrap">{words::full_range(l, c.range_110_m)}</span>
                                    }
                                        .into_any()
                                }
                                None => view! { <span class="sub">{words::car(l)}</span> }.into_any(),
                            }
                        }}
                        <button id=CAR_BUTTON type="button" class="link plan-car-change end" on:click=move |_| on_cars.run(())>
                            {move || {
                                let l = app.lang.get();
                                if car.with(Option::is_some) { words::change_car(l) } else { words::choose_car(l) }
                            }}
                        </button>
                    </div>
                    <ChargeSlider
                        value=Signal::derive(move || inputs.with(|i| i.departure))
                        reserve=Signal::derive(move || inputs.with(|i| i.reserve))
                        range_m=Signal::derive(move || {
                            let (now, floor) = inputs.with(|i| (i.departure, i.reserve));
                            car.with(|c| c.as_ref().map(|c| c.range_110_m * f64::from(now.saturating_sub(floor)) / 100.0))
                        })
                        on_change=Callback::new(move |v| inputs.update(|i| i.departure = v))
                        on_commit=Callback::new(move |()| on_commit.run(()))
                    />
                    <Stepper
                        label=words_of(words::reserve)
                        note=words_of(words::reserve_long)
                        value=Signal::derive(move || inputs.with(|i| i.reserve))
                        text=Signal::derive(move || format!("{}%", inputs.with(|i| i.reserve)))
                        limits=limits::RESERVE
                        step=5
                        on_change=Callback::new(move |v| change(&|i| i.reserve = v))
                    />
                    <Stepper
                        label=words_of(words::arrive_least)
                        value=Signal::derive(move || inputs.with(|i| i.arrival))
                        text=Signal::derive(move || format!("{}%", inputs.with(|i| i.arrival)))
                        limits=limits::ARRIVAL
                        step=5
                        on_change=Callback::new(move |v| change(&|i| i.arrival = v))
                    />
                </div>
                <MoreInputs inputs on_commit />
            </div>
            <div class="plan-cta">
                <button type="submit" class="btn grow" class:primary=move || missing().is_none() class:soft=move || missing().is_some()>
                    {move || missing().map_or_else(|| words::plan(app.lang.get()), |(words, _)| words)}
                </button>
            </div>
        </form>
    }
}

/// The inputs that are rarely set.
#[component]
fn MoreInputs(inputs: RwSignal<TripInputs>, on_commit: Callback<()>) -> impl IntoView {
    let app = use_app();
    let change = move |f: &dyn Fn(&mut TripInputs)| {
        inputs.update(|i| f(i));
        on_commit.run(());
    };
    let words_of = move |f: fn(chongtu_words::Lang) -> &'static str| {
        Signal::derive(move || f(app.lang.get()).to_owned())
    };
    let summary = move || {
        let l = app.lang.get();
        let (speed, max) = inputs.with(|i| (i.speed_kmh, i.max_charge));
        words::more_summary(l, speed.map(f64::from), f64::from(max) / 100.0)
    };
    // A link may carry a speed that is not among the usual ones: then it is offered too.
    let speeds = Memo::new(move |_| {
        let now = inputs.with(|i| i.speed_kmh);
        let mut all = SPEEDS_KMH.to_vec();
        if !all.contains(&now) {
            all.push(now);
            all.sort_by_key(|v| v.unwrap_or(u16::MAX));
        }
        all
    });
    view! {
        <details class="card plan-more">
            <summary>
                {icon("gauge")} <span>{move || words::more(app.lang.get())}</span> <span class="sub clip end">{summary}</span> {icon("down")}
            </summary>
            <fieldset class="plan-speeds">
                <legend>{move || words::max_speed(app.lang.get())}</legend>
                <div class="seg">
                    <For each=move || speeds.get() key=|v| *v let:kmh>
                        <label>
                            <input
                                type="radio"
                                name="plan-speed"
                                class="sr-only"
                                prop:checked=move || inputs.with(|i| i.speed_kmh == kmh)
                                on:change=move |_| change(&|i| i.speed_kmh = kmh)
                            />
                            <span>{move || kmh.map_or_else(|| words::no_limit(app.lang.get()).to_owned(), |v| v.to_string())}</span>
                        </label>
                    </For>
                </div>
            </fieldset>
            <Toggle
                label=words_of(words::slower)
                note=words_of(words::slower_note)
                on=Signal::derive(move || inputs.with(|i| i.slower))
                on_change=Callback::new(move |v| change(&|i| i.slower = v))
            />
            <Stepper
                label=words_of(words::max_charge)
                value=Signal::derive(move || inputs.with(|i| i.max_charge))
                text=Signal::derive(move || format!("{}%", inputs.with(|i| i.max_charge)))
                limits=limits::MAX_CHARGE
                step=5
                on_change=Callback::new(move |v| change(&|i| i.max_charge = v))
            />
            <Stepper
                label=words_of(words::overhead)
                note=words_of(words::overhead_note)
                value=Signal::derive(move || inputs.with(|i| i.overhead_min))
                text=Signal::derive(move || words::minutes(app.lang.get(), u32::from(inputs.with(|i| i.overhead_min))))
                limits=limits::OVERHEAD_MIN
                step=1
                on_change=Callback::new(move |v| change(&|i| i.overhead_min = v))
            />
            <Toggle
                label=words_of(words::assume)
                note=words_of(words::assume_note)
                on=Signal::derive(move || inputs.with(|i| i.assume))
                on_change=Callback::new(move |v| change(&|i| i.assume = v))
            />
        </details>
    }
}
