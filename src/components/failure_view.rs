//! When there is no plan: what failed, by how much, and the changes that make it work.

use super::charge_chart::{PLOT, axis, dot, labels_view, text_scale, ticks_view};
use super::charge_chart_shape::Scale;
use super::charge_chart_shape::labels::{Anchor, LabelKind, LabelPlacer};
use super::icon::icon;
use crate::state::trip::{TripInputs, gap_leg};
use chongtu_words::plan::failure as words;
use chongtu_words::{Lang, plan};
use chongtu_worker::plan::failure::{FailurePlace, Gap};
use chongtu_worker::plan::{Change, FailureCode, PlanFailure, Relaxation};
use leptos::prelude::*;

/// The id of the heading, where the focus goes.
pub(crate) const FAILURE_HEADING: &str = "plan-failure-heading";

/// What the view tells its page.
#[derive(Clone, Copy)]
pub(crate) struct FailureActions {
    /// Applies a change and plans again.
    pub apply: Callback<Relaxation>,
    /// Opens the list of cars.
    pub cars: Callback<()>,
    /// Plans again, with sites of unknown power.
    pub assume: Callback<()>,
}

/// What failed in one sentence: the heading, and what the live region says.
pub(crate) fn failure_title(l: Lang, failure: &PlanFailure) -> String {
    match &failure.gap {
        Some(gap) if failure.code == FailureCode::GapTooLong => words::gap_title(
            l,
            gap_leg(&gap.from, &gap.to),
            gap.needed_soc - gap.available_soc,
        ),
        _ => words::title(l, failure.code.as_str(), end_of(&failure.at)),
    }
}

const fn end_of(place: &FailurePlace) -> words::End {
    match place {
        FailurePlace::Origin => words::End::Origin,
        FailurePlace::Destination => words::End::Destination,
        _ => words::End::Other,
    }
}

/// A failure in the language `l`; `names` are those of the gap's two ends, `elder` says
/// that text is larger.
pub(crate) fn failure_view(
    l: Lang,
    failure: &PlanFailure,
    inputs: &TripInputs,
    names: [&str; 2],
    elder: bool,
    actions: FailureActions,
) -> impl IntoView + use<> {
    let gap = failure
        .gap
        .as_ref()
        .filter(|_| failure.code == FailureCode::GapTooLong);
    let sentence = match (gap, &failure.at) {
        (Some(gap), _) => {
            let at_origin = gap.from == FailurePlace::Origin;
            words::gap_sentence(
                l,
                names[0],
                names[1],
                gap.distance_m,
                gap.needed_soc,
                gap.available_soc,
                at_origin,
            )
        }
        (None, FailurePlace::Request(what)) => words::contradiction(l, what).to_owned(),
        _ => words::remedy(l, failure.code.as_str()).to_owned(),
    };
    let beyond = gap
        .is_some_and(|g| g.needed_soc > 1.0)
        .then(|| words::beyond_full(l));
    let missing = failure
        .gap_kwh
        .filter(|_| gap.is_some())
        .map(|kwh| words::missing_kwh(l, kwh));
    let chart = gap.map(|g| {
        gap_chart(
            l,
            g,
            f64::from(inputs.reserve) / 100.0,
            names[1],
            text_scale(elder),
        )
    });
    let fixes: Vec<_> = failure
        .relaxations
        .iter()
        .map(|&r| fix_row(l, r, actions.apply))
        .collect();
    let energy_matters = failure.code == FailureCode::GapTooLong;
    let car_matters = matches!(
        failure.code,
        FailureCode::NoCompatibleConnector | FailureCode::GapTooLong
    );
    let can_assume = car_matters && !inputs.assume;
    view! {
        <header class="plan-fail-head">
            <h2 id=FAILURE_HEADING tabindex="-1">{failure_title(l, failure)}</h2>
            <p class="sub">{sentence} " " {beyond}</p>
            {missing.map(|text| view! { <p class="meta">{text}</p> })}
        </header>
        {chart}
        {if fixes.is_empty() {
            energy_matters.then(|| view! { <p class="note plain">{icon("alert")}<span>{words::no_fixes(l)}</span></p> }.into_any())
        } else {
            Some(
                view! {
                    <section class="plan-section" aria-labelledby="plan-fixes-heading">
                        <header class="plan-section-head">
                            <h2 id="plan-fixes-heading">{words::fixes(l)}</h2>
                            <span class="meta">{words::fixes_order(l)}</span>
                        </header>
                        <ul class="card">{fixes}</ul>
                    </section>
                }
                    .into_any(),
            )
        }}
        <div class="plan-fail-more">
            {car_matters
                .then(|| {
                    view! {
                        <button type="button" class="btn md" on:click=move |_| actions.cars.run(())>
                            {words::change_car(l)}
                        </button>
                    }
                })}
            {can_assume
                .then(|| {
                    view! {
                        <button type="button" class="btn md" on:click=move |_| actions.assume.run(())>
                            {plan::assume(l)}
                        </button>
                    }
                })}
        </div>
    }
}

fn fix_row(l: Lang, relaxation: Relaxation, apply: Callback<Relaxation>) -> impl IntoView + use<> {
    // What will be applied is what is said: whole steps.
    let applied = TripInputs::default().with(&relaxation);
    let to = match relaxation.change {
        Change::MaxSpeedKmh => f64::from(applied.speed_kmh.unwrap_or_default()),
        Change::DepartureSoc => f64::from(applied.departure),
        Change::ReserveSoc => f64::from(applied.reserve),
        Change::ArrivalSoc => f64::from(applied.arrival),
        Change::MaxChargeSoc => f64::from(applied.max_charge),
    };
    let title = words::change(l, relaxation.change.as_str(), to);
    let label = format!("{}: {title}", words::apply(l));
    view! {
        <li class="fix">
            <h3>{title}</h3>
            <p class="sub">{words::change_facts(l, relaxation.total_s)}</p>
            <button type="button" class="btn soft md" aria-label=label on:click=move |_| apply.run(relaxation)>
                {words::apply(l)}
            </button>
        </li>
    }
}

/// The leg that fails: what there is, down to the reserve, against what it would take.
fn gap_chart(l: Lang, gap: &Gap, reserve: f64, to: &str, text_scale: f64) -> impl IntoView + use<> {
    let scale = Scale {
        distance_m: gap.distance_m,
        top_soc: gap.needed_soc.max(1.0),
    };
    let (x, y) = (|m: f64| scale.x(m), |soc: f64| scale.y(soc));
    let reach = gap.reach_m.clamp(0.0, gap.distance_m);
    // On from the reserve at the same slope, down to empty or to the leg's end.
    let slope = if reach > 0.0 {
        (gap.available_soc - reserve) / reach
    } else {
        0.0
    };
    let empty_m = if slope > 0.0 {
        (reach + reserve / slope).min(gap.distance_m)
    } else {
        reach
    };
    let empty_soc = (gap.available_soc - slope * empty_m).max(0.0);
    let have = format!(
        "M0 {:.2}L{:.1} {:.2}",
        y(gap.available_soc),
        x(reach),
        y(reserve.min(gap.available_soc))
    );
    let short = format!(
        "M{:.1} {:.2}L{:.1} {:.2}",
        x(reach),
        y(reserve.min(gap.available_soc)),
        x(empty_m),
        y(empty_soc)
    );
    let need = format!("M0 {:.2}L1000 {:.2}", y(gap.needed_soc), y(reserve));
    let bracket = format!("M0 {:.2}V{:.2}", y(gap.needed_soc), y(gap.available_soc));
    let reserve_y = format!("{:.2}", y(reserve));
    let mut placer = LabelPlacer::new(PLOT, text_scale);
    let missing = format!(
        "{} {}",
        words::short(l),
        plan::percent(gap.needed_soc - gap.available_soc)
    );
    placer.place(
        missing,
        LabelKind::Missing,
        (
            1.0,
            y(gap.needed_soc) + (y(gap.available_soc) - y(gap.needed_soc)) * 0.65,
        ),
        &[Anchor::Right, Anchor::BelowRight],
    );
    placer.place(
        plan::reserve_at(l, reserve),
        LabelKind::Reserve,
        (0.0, y(reserve)),
        &[Anchor::AboveRight, Anchor::BelowRight],
    );
    let middle = f64::midpoint(gap.needed_soc, reserve);
    placer.place(
        words::needed(l, gap.needed_soc),
        LabelKind::Light,
        (50.0, y(middle)),
        &[Anchor::AboveRight, Anchor::Right],
    );
    placer.place(
        words::reach(l, reach),
        LabelKind::Strong,
        (x(reach) / 10.0, y(reserve)),
        &[
            Anchor::BelowLeft,
            Anchor::BelowRight,
            Anchor::Above,
            Anchor::AboveLeft,
        ],
    );
    let (grid, numbers) = axis(scale);
    view! {
        <figure class="chart">
            <div class="chart-frame">
                <div class="chart-plot">
                    <svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label=words::chart_summary(l, reach, gap.distance_m, to)>
                        {grid}
                        <line class="chart-reserve" x1="0" x2="1000" y1=reserve_y.clone() y2=reserve_y></line>
                        <path class="chart-need" d=need></path>
                        <path class="chart-line" d=have></path>
                        <path class="chart-short" d=short></path>
                        <path class="chart-bracket" d=bracket></path>
                    </svg>
                    <div aria-hidden="true">
                        {numbers} {dot(x(reach), y(reserve.min(gap.available_soc)))} {labels_view(placer.labels)}
                        {ticks_view(l, scale, vec![0.0, gap.distance_m])}
                    </div>
                </div>
            </div>
        </figure>
    }
}
