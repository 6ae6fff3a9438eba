//! The list of cars to choose from: the person's own, one of a link, and those listed.

use super::car_parts::car_words;
use super::icon::icon;
use super::say::say;
use crate::js::dom;
use crate::state::garage::{self, NotKept};
use crate::state::use_app;
use chongtu_words::{me, plan as words};
use chongtu_worker::planner::CarSummary;
use leptos::prelude::*;

/// The id of the list's heading, where the focus goes when it opens.
pub(crate) const HEADING: &str = "car-heading";

/// All cars, the chosen one marked.
#[component]
pub(crate) fn CarPicker(
    /// The cars: own ones first, then those listed.
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
    let lists = move || {
        let l = app.lang.get();
        let kept = app.garage.get();
        let chosen = chosen.get();
        let mut groups: [Vec<AnyView>; 3] = Default::default();
        for car in cars.get() {
            let group = match (garage::is_own(&car.id), kept.contains(&car.id)) {
                (false, _) => 2,
                (true, true) => 0,
                (true, false) => 1,
            };
            let is_chosen = chosen.as_deref() == Some(car.id.as_str());
            let facts = car_words(l, &car);
            let keep = (group == 1).then(|| {
                let id = car.id.clone();
                let keep = move |_| {
                    if garage::put(app, &id, None) == Err(NotKept::Full) {
                        app.announce(me::garage_full(app.lang.get_untracked()).to_owned());
                    }
                };
                view! { <button type="button" class="btn sm soft car-keep" on:click=keep>{me::keep_car(l)}</button> }
            });
            let id = car.id;
            let row = view! {
                <li>
                    <button
                        type="button"
                        class="car-row"
                        aria-pressed=if is_chosen { "true" } else { "false" }
                        on:click=move |_| on_choose.run(id.clone())
                    >
                        {facts}
                        <span class="car-check">{is_chosen.then(|| icon("check"))}</span>
                    </button>
                    {keep}
                </li>
            };
            if let Some(rows) = groups.get_mut(group) {
                rows.push(row.into_any());
            }
        }
        let titled = !kept.is_empty() || groups.get(1).is_some_and(|g| !g.is_empty());
        [me::garage, me::car_of_link, me::list_of_cars]
            .into_iter()
            .zip(groups)
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(title, rows)| {
                view! {
                    {titled.then(|| view! { <h2 class="h2 car-note">{title(l)}</h2> })}
                    <ul class="card car-list">{rows}</ul>
                }
            })
            .collect_view()
    };
    view! {
        <div class="car-picker" on:keydown=on_key>
            <header class="plan-head">
                <button type="button" class="iconbtn" aria-label=move || words::back(app.lang.get()) on:click=move |_| on_back.run(())>
                    {icon("back")}
                </button>
                <h1 id=HEADING tabindex="-1">{say(words::cars)}</h1>
            </header>
            <p class="meta car-note">{say(words::cars_note)}</p>
            {move || cars.with(Vec::is_empty).then(|| view! { <p class="car-note sub">{words::cars_loading(app.lang.get())}</p> })}
            {lists}
        </div>
    }
}
