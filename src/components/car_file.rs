//! The cars of a file that the person picked, to choose one from.

use super::car_parts::{alert, car_words, fault_words, head};
use super::garage::{Shown, keep};
use crate::js::dom;
use crate::js::files::Picked;
use crate::state::{AppState, use_app};
use chongtu_model::ConnectorStandard;
use chongtu_words::me as words;
use chongtu_worker::planner::CarFile;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// No car file is larger, bytes.
const LARGEST: f64 = 8e6;
/// Cars that are shown at a time.
const ROWS: usize = 40;

/// Reads the picked file; shows its cars, or says why there are none.
pub(super) fn read(
    app: AppState,
    shown: RwSignal<Shown>,
    trouble: RwSignal<Option<String>>,
    file: Picked,
) {
    let l = app.lang.get_untracked();
    trouble.set(None);
    if file.size > LARGEST {
        return trouble.set(Some(words::file_too_large(l).to_owned()));
    }
    spawn_local(async move {
        let Some(bytes) = file.bytes().await else {
            let _ = trouble.try_set(Some(words::file_unreadable(l).to_owned()));
            return;
        };
        let read = app.planner.worker.read_car_file(bytes).await;
        // The page may be gone by then.
        if shown.try_get_untracked().is_none() {
            return;
        }
        match read {
            Ok(Ok(file)) => shown.set(Shown::File(Arc::new(file))),
            Ok(Err(fault)) => trouble.set(Some(fault_words(l, &fault))),
            Err(_) => trouble.set(Some(words::no_planner(l).to_owned())),
        }
    });
}

/// The cars of the file, by name.
pub(super) fn cars_of_file(shown: RwSignal<Shown>, file: &Arc<CarFile>) -> AnyView {
    let app = use_app();
    let l = app.lang.get_untracked();
    let foreign = !file.cars.iter().any(|c| {
        c.connectors
            .iter()
            .any(|s| matches!(s, ConnectorStandard::GbtDc | ConnectorStandard::GbtAc))
    });
    let as_gbt = RwSignal::new(foreign);
    let text = RwSignal::new(String::new());
    let trouble = RwSignal::new(None);
    let refused = (!file.refused.is_empty()).then(|| {
        let lines = file
            .refused
            .iter()
            .map(|f| view! { <li>{fault_words(l, f)}</li> })
            .collect_view();
        let title = words::cars_in_file(l, file.cars.len(), file.refused.len());
        view! { <details class="fold car-refused"><summary>{title}</summary><ul class="lines sub">{lines}</ul></details> }
    });
    let cars = Arc::clone(file);
    let rows = move || {
        let wanted = text.get().to_lowercase();
        let parts: Vec<&str> = wanted.split_whitespace().collect();
        let gbt = as_gbt.get();
        let (mut rows, mut more) = (Vec::new(), 0);
        for (car, with_gbt) in cars.cars.iter().zip(&cars.with_gbt) {
            let name = car.name.text.to_lowercase();
            if !parts.iter().all(|p| name.contains(p)) {
                continue;
            }
            if rows.len() == ROWS {
                more += 1;
                continue;
            }
            let id = if gbt {
                with_gbt.clone()
            } else {
                car.id.clone()
            };
            let facts = car_words(l, car);
            let name = car.name.text.clone();
            let choose = move |_| trouble.set(keep(app, shown, &id, &name, None));
            rows.push(view! { <li><button type="button" class="car-row" on:click=choose>{facts}</button></li> });
        }
        let none = rows.is_empty();
        view! {
            {none.then(|| view! { <p class="sub car-note">{words::no_such_car(l)}</p> })}
            <ul class="card car-list" hidden=none>{rows}</ul>
            {(more > 0).then(|| view! { <p class="meta car-note">{words::more_cars(l, more)}</p> })}
        }
    };
    let back = Callback::new(move |()| shown.set(Shown::Home));
    let count = file.refused.is_empty().then(|| {
        view! { <p class="meta car-note">{words::cars_in_file(l, file.cars.len(), 0)}</p> }
    });
    view! {
        {head(words::file_title, back)}
        <div class="car-tools">
            <input
                id="car-search"
                type="search"
                class="field"
                placeholder=words::find_car(l)
                aria-label=words::find_car(l)
                on:input=move |ev| text.set(dom::value(&ev))
            />
            <label class="setting" hidden=!foreign>
                <span>{words::as_gbt(l)}<span class="meta block">{words::as_gbt_text(l)}</span></span>
                <input type="checkbox" role="switch" class="toggle" prop:checked=move || as_gbt.get() on:change=move |ev| as_gbt.set(dom::checked(&ev)) />
            </label>
            {count}
            {refused}
            {alert(trouble)}
        </div>
        {rows}
    }
    .into_any()
}
