//! The list of cars to choose from.

use super::icon::icon;
use crate::js::dom;
use crate::state::use_app;
use chongtu_words::plan as words;
use chongtu_worker::planner::CarSummary;
use leptos::prelude::*;

/// The id of the list's heading, where the focus goes when it opens.
pub(crate) const HEADING: &str = "car-heading";

/// All cars, the chosen one marked.
#[component]
pub(crate) fn CarPicker(
    /// The cars, in order of name.
    #[prop(into)]
    cars: Signal<Vec<CarSummary>>,
    /// The id of the chosen one.
    #[prop(into)]
    chosen: Signal<Option<String>>,
    /// Gets the id of a choice.
    on_choose: Callback<String>,
    /// Back without a choice.
    on_back: Callback<()>,
) -> impl IntoView {
    let app = use_app();
    let on_key = move |ev: leptos::ev::KeyboardEvent| {
        if dom::key(&ev) == "Escape" {
            ev.prevent_default();
            on_back.run(());
        }
    };
    view! {
        <div class="car-picker" on:keydown=on_key>
            <header class="plan-head">
                <button type="button" class="iconbtn" aria-label=move || words::back(app.lang.get()) on:click=move |_| on_back.run(())>
                    {icon("back")}
                </button>
                <h1 id=HEADING tabindex="-1">{move || words::cars(app.lang.get())}</h1>
            </header>
            <p class="meta car-note">{move || words::cars_note(app.lang.get())}</p>
            {move || cars.with(Vec::is_empty).then(|| view! { <p class="car-note sub">{words::cars_loading(app.lang.get())}</p> })}
            <ul class="card car-list">
                {move || {
                    let l = app.lang.get();
                    cars.get()
                        .into_iter()
                        .map(|car| {
                            let id = car.id.clone();
                            let is_chosen = {
                                let id = id.clone();
                                move || chosen.with(|c| c.as_ref() == Some(&id))
                            };
                            let marked = is_chosen.clone();
                            view! {
                                <li>
                                    <button
                                        type="button"
                                        class="car-row"
                                        aria-pressed=move || if is_chosen() { "true" } else { "false" }
                                        on:click=move |_| on_choose.run(id.clone())
                                    >
                                        <span class="car-main">
                                            <span class="strong">{car.name.get(l.is_english()).to_owned()}</span>
                                            <span class="meta">{words::car_facts(l, car.usable_battery_kwh, car.range_110_m)}</span>
                                        </span>
                                        <span class="meta nowrap">{words::car_power(l, car.max_power_kw)}</span>
                                        <span class="car-check">{move || marked().then(|| icon("check"))}</span>
                                    </button>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
        </div>
    }
}
