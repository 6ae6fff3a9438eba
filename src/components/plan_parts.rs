//! Small parts of the plan view: status, stepper, toggle.

use super::icon::{glyph, icon};
use crate::state::use_app;
use chongtu_model::{FourWay, StatusCounts};
use chongtu_words::{common, plan as words};
use leptos::prelude::*;

const fn status_names(status: FourWay) -> (&'static str, &'static str) {
    match status {
        FourWay::Free => ("free", "g-free"),
        FourWay::Occupied => ("busy", "g-busy"),
        FourWay::OutOfOrder => ("fault", "g-fault"),
        FourWay::Unknown => ("unknown", "g-unknown"),
    }
}

/// Glyph and numbers of a status: `● 空闲 3/6`, with the mark of demonstration data.
pub(crate) fn status_badge(
    l: chongtu_words::Lang,
    counts: StatusCounts,
    demonstration: bool,
) -> impl IntoView + use<> {
    let summary = counts.summary();
    let (class, symbol) = status_names(summary);
    let text = match summary {
        FourWay::Free | FourWay::Unknown => words::free_of(l, counts),
        FourWay::Occupied | FourWay::OutOfOrder => format!(
            "{} {}/{}",
            common::status(l, summary),
            counts.free,
            counts.known()
        ),
    };
    view! {
        <span class=format!("status {class}")>
            {glyph(symbol)}
            {text}
            {demonstration.then(|| view! { <span class="demo-mark">{common::demonstration(l)}</span> })}
        </span>
    }
}

/// A number with a button on either side.
#[component]
pub(crate) fn Stepper(
    /// What it sets.
    #[prop(into)]
    label: Signal<String>,
    /// More words under the label.
    #[prop(into, optional)]
    note: Option<Signal<String>>,
    /// Its value.
    #[prop(into)]
    value: Signal<u8>,
    /// Its value as it is shown.
    #[prop(into)]
    text: Signal<String>,
    /// Its least and most.
    limits: (u8, u8),
    /// One step.
    step: u8,
    /// Gets the new value.
    on_change: Callback<u8>,
) -> impl IntoView {
    let app = use_app();
    let (least, most) = limits;
    // A value between steps (a link may carry any) goes to the next whole step.
    let lower = move || (value.get().saturating_sub(1) / step * step).max(least);
    let upper = move || ((value.get() / step + 1) * step).min(most);
    view! {
        <div class="plan-row" role="group" aria-label=move || label.get()>
            <span class="plan-row-label">
                {move || label.get()}
                {note.map(|n| view! { <span class="meta">{move || n.get()}</span> })}
            </span>
            <span class="stepper">
                <button
                    type="button"
                    aria-label=move || format!("{} · {}", words::less(app.lang.get()), label.get())
                    disabled=move || value.get() == least
                    on:click=move |_| on_change.run(lower())
                >
                    {icon("minus")}
                </button>
                <output>{move || text.get()}</output>
                <button
                    type="button"
                    aria-label=move || format!("{} · {}", words::greater(app.lang.get()), label.get())
                    disabled=move || value.get() == most
                    on:click=move |_| on_change.run(upper())
                >
                    {icon("plus")}
                </button>
            </span>
        </div>
    }
}

/// A switch with its words.
#[component]
pub(crate) fn Toggle(
    /// What it turns on.
    #[prop(into)]
    label: Signal<String>,
    /// What that means.
    #[prop(into)]
    note: Signal<String>,
    /// Whether it is on.
    #[prop(into)]
    on: Signal<bool>,
    /// Gets the new state.
    on_change: Callback<bool>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="plan-row plan-toggle"
            role="switch"
            aria-checked=move || if on.get() { "true" } else { "false" }
            on:click=move |_| on_change.run(!on.get())
        >
            <span class="plan-row-label">
                {move || label.get()} <span class="meta">{move || note.get()}</span>
            </span>
            <span class="plan-switch" aria-hidden="true"></span>
        </button>
    }
}
