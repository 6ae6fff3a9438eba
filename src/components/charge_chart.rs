//! The chart of charge along the way: lines in SVG, labels in HTML (they follow the text size),
//! and a range input over it, so that touch, pointer and arrow keys all move the cursor.

use super::charge_chart_shape::labels::{Anchor, Label, LabelKind, LabelPlacer, ticks};
use super::charge_chart_shape::{ChargeCurve, Scale};
use crate::js::dom;
use crate::state::use_app;
use chongtu_model::LatLng;
use chongtu_words::{common, plan as words};
use leptos::prelude::*;
use std::sync::Arc;

/// About the plot's size in CSS pixels, for placing labels: the width of a phone's card.
pub(crate) const PLOT: (f64, f64) = (316.0, 120.0);

/// The steps of the cursor along the way.
const STEPS: u32 = 200;

/// Text size of the page against the usual.
pub(crate) fn text_scale(elder: bool) -> f64 {
    if elder { 1.3 } else { 1.0 }
}

fn anchor_class(anchor: Anchor) -> &'static str {
    match anchor {
        Anchor::Above => "above",
        Anchor::AboveRight => "above-right",
        Anchor::AboveLeft => "above-left",
        Anchor::Right => "right",
        Anchor::Left => "left",
        Anchor::BelowRight => "below-right",
        Anchor::BelowLeft => "below-left",
    }
}

fn kind_class(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Strong => "strong",
        LabelKind::Light => "light",
        LabelKind::Reserve => "reserve",
        LabelKind::Missing => "missing",
    }
}

/// The labels of a chart.
pub(crate) fn labels_view(labels: Vec<Label>) -> impl IntoView {
    labels
        .into_iter()
        .map(|label| {
            view! {
                <span
                    class=format!("chart-label {} {}", kind_class(label.kind), anchor_class(label.anchor))
                    style:left=format!("{:.2}%", label.left)
                    style:top=format!("{:.2}%", label.top)
                >
                    {label.text}
                </span>
            }
        })
        .collect_view()
}

/// The labels of an itinerary's chart: ends, minutes, reserve, arrival ranges, in order of weight.
fn labels(
    l: chongtu_words::Lang,
    curve: &ChargeCurve,
    scale: Scale,
    reserve: f64,
    text_scale: f64,
) -> Vec<Label> {
    let at = |distance_m: f64, soc: f64| (scale.x(distance_m) / 10.0, scale.y(soc));
    let mut placer = LabelPlacer::new(PLOT, text_scale);
    let start = curve.legs.first().and_then(|leg| leg.first()).copied();
    let end = curve.legs.last().and_then(|leg| leg.last()).copied();
    for rise in &curve.rises {
        placer.keep_free(at(rise.distance_m, rise.leave_soc), 4.0);
        placer.keep_free(at(rise.distance_m, rise.arrive.soc), 4.0);
    }
    if let Some(r) = start {
        placer.place(
            words::percent(r.soc),
            LabelKind::Strong,
            at(0.0, r.soc),
            &[Anchor::AboveRight],
        );
    }
    if let Some(r) = end {
        placer.place(
            words::percent(r.soc),
            LabelKind::Strong,
            at(r.distance_m, r.soc),
            &[Anchor::AboveLeft, Anchor::BelowLeft],
        );
    }
    for rise in &curve.rises {
        let minutes = words::charging_time(l, rise.charge_s);
        placer.place(
            minutes,
            LabelKind::Strong,
            at(rise.distance_m, rise.leave_soc),
            &[
                Anchor::Above,
                Anchor::AboveRight,
                Anchor::AboveLeft,
                Anchor::Right,
            ],
        );
    }
    // The dashed line must be named: anywhere along it.
    for share in [0.0, 0.2, 0.4, 0.6, 0.75] {
        let point = at(scale.distance_m * share, reserve);
        if placer.place(
            words::reserve_at(l, reserve),
            LabelKind::Reserve,
            point,
            &[Anchor::AboveRight, Anchor::BelowRight],
        ) {
            break;
        }
    }
    for rise in &curve.rises {
        let range = words::percent_range(rise.arrive.low, rise.arrive.high);
        placer.place(
            range,
            LabelKind::Light,
            at(rise.distance_m, rise.arrive.soc),
            &[Anchor::Right, Anchor::Left],
        );
    }
    placer.labels
}

/// A dot at a point of the plot (x 0..=1000, y 0..=100).
pub(crate) fn dot(x: f64, y: f64) -> impl IntoView {
    view! { <span class="chart-dot" style:left=format!("{:.2}%", x / 10.0) style:top=format!("{y:.2}%")></span> }
}

/// The three lines of the charge axis and their numbers.
pub(crate) fn axis(scale: Scale) -> (impl IntoView, impl IntoView) {
    let levels = [0.0, 0.5, 1.0];
    let lines = levels.map(|soc| {
        let y = format!("{:.2}", scale.y(soc));
        view! { <line class="chart-grid" x1="0" x2="1000" y1=y.clone() y2=y></line> }
    });
    let numbers = levels.map(|soc| view! { <span class="chart-y" style:top=format!("{:.2}%", scale.y(soc))>{format!("{:.0}", soc * 100.0)}</span> });
    (
        lines.into_iter().collect_view(),
        numbers.into_iter().collect_view(),
    )
}

/// The distances below the plot.
pub(crate) fn ticks_view(l: chongtu_words::Lang, scale: Scale, at_m: Vec<f64>) -> impl IntoView {
    let last = at_m.len().saturating_sub(1);
    at_m.into_iter()
        .enumerate()
        .map(|(i, m)| {
            let (class, text) = match i {
                0 => ("chart-x first", "0".to_owned()),
                _ if i == last => ("chart-x last", common::distance(l, m)),
                _ => ("chart-x", format!("{:.0}", m / 1000.0)),
            };
            view! { <span class=class style:left=format!("{:.2}%", scale.x(m) / 10.0)>{text}</span> }
        })
        .collect_view()
}

/// The chart of an itinerary.
#[component]
pub(crate) fn ChargeChart(
    /// What it shows.
    curve: Arc<ChargeCurve>,
    /// The reserve, 0..=1.
    reserve: f64,
    /// The chart in words.
    summary: String,
    /// Hears where on the map the cursor is; `None` when it is gone.
    on_scrub: Callback<Option<LatLng>>,
) -> impl IntoView {
    let app = use_app();
    let l = app.lang.get_untracked();
    let scale = Scale {
        distance_m: curve.distance_m,
        top_soc: 1.0,
    };
    let start = curve.legs.first().and_then(|leg| leg.first()).copied();
    let end = curve.legs.last().and_then(|leg| leg.last()).copied();
    let labels = labels(
        l,
        &curve,
        scale,
        reserve,
        text_scale(app.elder.get_untracked()),
    );
    let (grid, numbers) = axis(scale);
    let bands = curve
        .legs
        .iter()
        .map(|leg| view! { <path class="chart-band" d=scale.band(leg)></path> })
        .collect_view();
    let lines = curve
        .legs
        .iter()
        .map(|leg| view! { <path class="chart-line" d=scale.line(leg)></path> })
        .collect_view();
    let rises = curve
        .rises
        .iter()
        .map(|r| {
            let (x, low, high) = (
                scale.x(r.distance_m),
                scale.y(r.arrive.soc),
                scale.y(r.leave_soc),
            );
            view! { <path class="chart-rise" d=format!("M{x:.1} {low:.2}V{high:.2}")></path> }
        })
        .collect_view();
    let mut dots: Vec<_> = curve
        .rises
        .iter()
        .flat_map(|r| [(r.distance_m, r.arrive.soc), (r.distance_m, r.leave_soc)])
        .map(|(d, soc)| dot(scale.x(d), scale.y(soc)))
        .collect();
    dots.extend(end.map(|r| dot(scale.x(r.distance_m), scale.y(r.soc))));
    let stops_m: Vec<f64> = curve.rises.iter().map(|r| r.distance_m).collect();
    let x_ticks = ticks_view(l, scale, ticks(curve.distance_m, &stops_m, 0.16));
    let reserve_y = format!("{:.2}", scale.y(reserve));

    let step = RwSignal::new(None::<u32>);
    let reading = {
        let curve = Arc::clone(&curve);
        Memo::new(move |_| {
            step.get()
                .and_then(|s| curve.at(curve.distance_m * f64::from(s) / f64::from(STEPS)))
        })
    };
    // Before the cursor is moved, the slider stands at the start.
    let value_text = move || {
        let at = reading.get().or(start);
        at.map(|r| {
            words::scrub_value(
                app.lang.get(),
                r.distance_m,
                r.soc,
                (r.low, r.high),
                r.elapsed_s,
            )
        })
        .unwrap_or_default()
    };
    let move_to = move |s: Option<u32>| {
        step.set(s);
        on_scrub.run(
            s.and_then(|s| curve.position_at(curve.distance_m * f64::from(s) / f64::from(STEPS))),
        );
    };
    let (move_in, move_on, move_out) = (move_to.clone(), move_to.clone(), move_to);
    view! {
        <figure class="chart">
            <div class="chart-frame">
                <div class="chart-plot">
                    <svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label=summary>
                        {grid}
                        {bands}
                        <line class="chart-reserve" x1="0" x2="1000" y1=reserve_y.clone() y2=reserve_y></line>
                        {lines}
                        {rises}
                    </svg>
                    <div aria-hidden="true">
                        {numbers} {dots} {labels_view(labels)} {x_ticks}
                        {move || {
                            reading
                                .get()
                                .map(|r| {
                                    let (left, top) = (scale.x(r.distance_m) / 10.0, scale.y(r.soc));
                                    let text = value_text();
                                    view! {
                                        <span class="chart-cursor" style:left=format!("{left:.2}%")></span>
                                        <span class="chart-cursor-dot" style:left=format!("{left:.2}%") style:top=format!("{top:.2}%")></span>
                                        <span class="chart-readout" style:left=format!("{left:.2}%") style:transform=format!("translateX(-{left:.1}%)")>
                                            {text}
                                        </span>
                                    }
                                })
                        }}
                    </div>
                    <input
                        type="range"
                        class="chart-scrub"
                        min="0"
                        max=STEPS.to_string()
                        step="1"
                        value="0"
                        aria-label=words::scrub(l)
                        aria-valuetext=value_text
                        on:focus=move |ev| move_on(dom::value(&ev).parse().ok())
                        on:input=move |ev| move_in(dom::value(&ev).parse().ok())
                        on:blur=move |_| move_out(None)
                    />
                </div>
            </div>
        </figure>
    }
}
