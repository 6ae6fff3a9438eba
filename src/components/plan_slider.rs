//! The charge at the start, as a slider over a battery with its reserve marked.

use crate::js::dom;
use crate::state::trip::limits;
use crate::state::use_app;
use chongtu_words::plan as words;
use leptos::prelude::*;

/// A native range input over a drawn bar: keyboard, touch and screen reader come with it.
#[component]
pub(crate) fn ChargeSlider(
    /// The charge, percent.
    #[prop(into)]
    value: Signal<u8>,
    /// The reserve, percent.
    #[prop(into)]
    reserve: Signal<u8>,
    /// How far that goes above the reserve, metres, when the car is known.
    #[prop(into)]
    range_m: Signal<Option<f64>>,
    /// Gets every value while the slider moves.
    on_change: Callback<u8>,
    /// The slider was let go.
    on_commit: Callback<()>,
) -> impl IntoView {
    let app = use_app();
    let percent = |v: u8| format!("{v}%");
    // A label near an edge keeps within the bar: moved left by its own share of width.
    let shift = |v: u8| format!("translateX(-{v}%)");
    let text = move || {
        words::charge_now_value(
            app.lang.get(),
            f64::from(value.get()) / 100.0,
            range_m.get(),
        )
    };
    view! {
        <div class="soc">
            <div class="soc-bar">
                <span class="soc-fill" style:width=move || percent(value.get())></span>
                <span class="soc-floor" style:width=move || percent(reserve.get().min(value.get()))></span>
                <span class="soc-tick" style:left=move || percent(reserve.get())></span>
                <span class="soc-tick-label" aria-hidden="true" style:left=move || percent(reserve.get()) style:transform=move || shift(reserve.get())>
                    {move || words::reserve_at(app.lang.get(), f64::from(reserve.get()) / 100.0)}
                </span>
                <span class="soc-now" aria-hidden="true" style:left=move || percent(value.get()) style:transform=move || shift(value.get())>
                    <b>{move || format!("{} {}", words::now(app.lang.get()), percent(value.get()))}</b>
                    {move || range_m.get().map(|m| view! { <span class="meta">{words::above_reserve(app.lang.get(), m)}</span> })}
                </span>
                <input
                    type="range"
                    class="soc-input"
                    min="0"
                    max="100"
                    step="1"
                    aria-label=move || words::charge_now(app.lang.get())
                    aria-valuetext=text
                    prop:value=move || value.get().to_string()
                    on:input=move |ev| {
                        if let Ok(v) = dom::value(&ev).parse::<u8>() {
                            on_change.run(v.clamp(limits::DEPARTURE.0, limits::DEPARTURE.1));
                        }
                    }
                    on:change=move |_| on_commit.run(())
                />
            </div>
        </div>
    }
}
