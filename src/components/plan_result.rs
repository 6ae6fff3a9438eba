//! The answer: the plan in one tile, the chart, the stops with the drives between them, and what
//! it assumes.

use super::charge_chart::ChargeChart;
use super::charge_chart_shape::ChargeCurve;
use super::icon::icon;
use super::stop_card::{end_row, leg_row, stop_card, table_row};
use crate::state::trip::TripInputs;
use chongtu_model::LatLng;
use chongtu_words::{Lang, common, plan as words};
use chongtu_worker::plan::{Itinerary, Plan};
use chongtu_worker::planner::CarSummary;
use leptos::prelude::*;
use std::sync::Arc;

/// The id of the result's heading, where the focus goes when it comes.
pub(crate) const RESULT_HEADING: &str = "plan-result-heading";

/// What the result tells its page.
#[derive(Clone, Copy)]
pub(crate) struct ResultActions {
    /// The chart's cursor.
    pub scrub: Callback<Option<LatLng>>,
    /// Plan again, with sites of unknown power.
    pub assume: Callback<()>,
}

/// A plan in the language `l`.
pub(crate) fn plan_result(
    l: Lang,
    plan: &Plan,
    itinerary: &Itinerary,
    inputs: &TripInputs,
    car: Option<&CarSummary>,
    demonstration: bool,
    actions: ResultActions,
) -> impl IntoView + use<> {
    let english = l.is_english();
    let from = inputs
        .from
        .as_ref()
        .map(|s| s.label(english))
        .unwrap_or_default();
    let to = inputs
        .to
        .as_ref()
        .map(|s| s.label(english))
        .unwrap_or_default();
    let reserve = f64::from(inputs.reserve) / 100.0;
    let curve = Arc::new(ChargeCurve::new(itinerary));
    let summary = words::chart_summary(
        l,
        itinerary.departure_soc,
        itinerary.arrival_soc,
        itinerary.stops.len(),
        reserve,
    );
    let table = table(l, &curve, itinerary, &from, &to);
    let cap_asked = inputs.speed_kmh.map(f64::from);
    let mut rows: Vec<AnyView> =
        vec![end_row(words::start(l), from, itinerary.departure_soc, false).into_any()];
    for (index, leg) in itinerary.legs.iter().enumerate() {
        rows.push(leg_row(l, leg, cap_asked).into_any());
        if let Some(stop) = itinerary.stops.get(index) {
            rows.push(stop_card(l, index + 1, stop).into_any());
        }
    }
    rows.push(end_row(words::end(l), to, itinerary.arrival_soc, true).into_any());
    let skipped = plan.skipped;
    let can_assume = !inputs.assume && skipped.power_unknown + skipped.connector_unknown > 0;
    let left_out = words::skipped(
        l,
        skipped.power_unknown,
        skipped.connector_unknown,
        skipped.no_road_nearby,
    );
    view! {
        {tile(l, itinerary)}
        {totals(l, itinerary)}
        <section class="plan-section" aria-labelledby="plan-chart-heading">
            <header class="plan-section-head">
                <h2 id="plan-chart-heading">{words::charge_along(l)}</h2>
                <span class="meta">{words::chart_caption(l, itinerary.distance_m, itinerary.energy_kwh, itinerary.band_share)}</span>
            </header>
            <ChargeChart curve reserve summary on_scrub=actions.scrub />
            <details class="plan-fold">
                <summary>{words::as_table(l)}</summary>
                {table}
            </details>
        </section>
        <section class="plan-section" aria-labelledby="plan-stops-heading">
            <h2 id="plan-stops-heading" class="sr-only">{words::stops_heading(l)}</h2>
            <ol class="stops">{rows}</ol>
        </section>
        {(!left_out.is_empty())
            .then(|| {
                view! {
                    <div class="note plain plan-skipped">
                        {icon("info")} <span>{left_out.join(l.pick("", " "))}</span>
                        {can_assume
                            .then(|| {
                                view! {
                                    <button type="button" class="btn soft sm" on:click=move |_| actions.assume.run(())>
                                        {words::assume_button(l)}
                                    </button>
                                }
                            })}
                    </div>
                }
            })}
        {assumptions(l, itinerary, car, demonstration)}
    }
}

/// What the plan is good at, its time, its stops and its cost.
fn tile(l: Lang, itinerary: &Itinerary) -> impl IntoView + use<> {
    let minutes = (itinerary.total_s / 60.0).round() as i64;
    let time = if minutes < 90 {
        view! { <span>{minutes}<small>"min"</small></span> }.into_any()
    } else {
        view! { <span>{minutes / 60}<small>"h"</small>{minutes % 60}<small>"min"</small></span> }
            .into_any()
    };
    let stops = words::stops(l, itinerary.stops.len());
    let cost = (!itinerary.stops.is_empty()).then(|| words::cost_or_unknown(l, itinerary.cost));
    view! {
        <div class="plan-tile">
            <span class="plan-tile-label">{words::fastest(l)}</span>
            <span class="plan-tile-time">{time}</span>
            <span class="plan-tile-facts">{stops} {cost.map(|c| format!(" · {c}"))}</span>
        </div>
    }
}

fn totals(l: Lang, itinerary: &Itinerary) -> impl IntoView + use<> {
    let mut facts = vec![(words::drive_time(l), common::duration(l, itinerary.drive_s))];
    if !itinerary.stops.is_empty() {
        facts.push((
            words::charge_time(l),
            words::charging_time(l, itinerary.charge_s),
        ));
        facts.push((
            words::overhead_time(l),
            common::duration(l, itinerary.overhead_s + itinerary.wait_s),
        ));
    }
    facts.push((words::at_arrival(l), words::percent(itinerary.arrival_soc)));
    view! {
        <dl class="plan-totals">
            {facts.into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view()}
        </dl>
    }
}

/// The chart as a table.
fn table(
    l: Lang,
    curve: &ChargeCurve,
    itinerary: &Itinerary,
    from: &str,
    to: &str,
) -> impl IntoView + use<> {
    let english = l.is_english();
    let mut rows = vec![table_row(
        l,
        from.to_owned(),
        0.0,
        None,
        Some(words::percent(itinerary.departure_soc)),
        String::new(),
    )];
    for (rise, stop) in curve.rises.iter().zip(&itinerary.stops) {
        let arrive = format!(
            "{} ({})",
            words::percent(rise.arrive.soc),
            words::percent_range(rise.arrive.low, rise.arrive.high)
        );
        let leave = words::percent(rise.leave_soc);
        let name = stop.name.get(english).to_owned();
        rows.push(table_row(
            l,
            name,
            rise.distance_m,
            Some(arrive),
            Some(leave),
            common::duration(l, rise.arrive.elapsed_s),
        ));
    }
    if let Some(end) = curve.legs.last().and_then(|leg| leg.last()) {
        let arrive = format!(
            "{} ({})",
            words::percent(end.soc),
            words::percent_range(end.low, end.high)
        );
        rows.push(table_row(
            l,
            to.to_owned(),
            end.distance_m,
            Some(arrive),
            None,
            common::duration(l, end.elapsed_s),
        ));
    }
    view! {
        <div class="plan-table" tabindex="0" role="region" aria-label=words::table_caption(l)>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words::col_where(l)}</th>
                        <th scope="col" class="num">{words::col_km(l)}</th>
                        <th scope="col" class="num">{words::col_arrive(l)}</th>
                        <th scope="col" class="num">{words::col_leave(l)}</th>
                        <th scope="col" class="num">{words::col_time(l)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn assumptions(
    l: Lang,
    itinerary: &Itinerary,
    car: Option<&CarSummary>,
    demonstration: bool,
) -> impl IntoView + use<> {
    let mut lines = vec![
        words::assume_exact(l).to_owned(),
        words::assume_weather(l).to_owned(),
        words::assume_band(l, itinerary.band_share),
        words::assume_status(l).to_owned(),
        words::assume_prices(l).to_owned(),
    ];
    if demonstration {
        lines.push(words::assume_demo(l).to_owned());
    }
    view! {
        <details class="plan-fold plan-assumes">
            <summary>{words::assumptions(l)}</summary>
            <ul>
                {lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                {car
                    .map(|car| {
                        // Sources are quoted as they are written, in English.
                        view! {
                            <li>
                                {words::assume_car(l, car.name.get(l.is_english()))} " "
                                {car.source.clone().map(|source| view! { <span class="meta" lang="en">{source}</span> })}
                            </li>
                        }
                    })}
            </ul>
        </details>
    }
}
