//! What a charge would cost: how much, the sum, and the bill's lines folded below.

use super::price_chart::{PriceView, clock_of};
use crate::state::catalogue::LoadState;
use crate::state::follow::follow;
use crate::state::{AppState, use_app};
use chongtu_model::Instant;
use chongtu_model::money::{Amount, Quantity};
use chongtu_words::location::bill as words;
use chongtu_words::{Lang, bill, common};
use chongtu_worker::catalogue::{
    CarCharge, Charge, Estimate, EstimateQuestion, LocationDetail, TariffDetail,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// The amounts to choose from, kWh.
const AMOUNTS: [u32; 4] = [10, 20, 30, 50];
/// What most people charge on the way, percent.
const FROM_TO: (u32, u32) = (20, 80);

/// How much.
#[derive(Clone, Copy, PartialEq)]
enum Pick {
    Kwh(u32),
    Car,
}

/// What is known of it.
#[derive(Clone, PartialEq)]
enum Answer {
    /// It is being computed.
    Asked,
    /// The cars are on their way.
    CarAsked,
    /// They could not be had, or the chosen one is not among them.
    NoCar,
    /// The chosen car fits none of these connectors.
    NoFit,
    /// It cannot be said: no price, no power.
    Unknown,
    /// This, with what it assumes, in words that stand beside it.
    Known(Arc<Estimate>, Arc<Asked>),
}

/// What was asked.
#[derive(Clone, PartialEq)]
struct Asked {
    pick: Pick,
    power_w: u32,
    at: Instant,
    car: Option<chongtu_model::provenance::LocalText>,
}

/// The section; nothing where there is no tariff.
pub(crate) fn estimate_section(s: PriceView) -> AnyView {
    let app = use_app();
    let first = if has_car_figures(app) {
        Pick::Car
    } else {
        Pick::Kwh(30)
    };
    let pick = RwSignal::new(first);
    let answer = RwSignal::new(Answer::Asked);
    let round = StoredValue::new(0_u32);
    follow(move || {
        let at = app.view.asked_at.get();
        let asked = question(app, s, pick.get(), at);
        let mine = round.get_value().wrapping_add(1);
        round.set_value(mine);
        match asked {
            Err(known) => answer.set(known),
            Ok((question, asked)) => {
                spawn_local(async move {
                    let said = app.worker.estimate(question).await;
                    // The sheet may be closed, or something else asked since.
                    if round.try_get_value() != Some(mine) {
                        return;
                    }
                    answer.set(match said {
                        Ok(Some(estimate)) => Answer::Known(Arc::from(estimate), Arc::new(asked)),
                        _ => Answer::Unknown,
                    });
                });
            }
        }
    });
    let there = Memo::new(move |_| s.of_tariff(false, |_, _| true));
    view! {
        {move || there.get().then(|| {
            let l = app.lang.get();
            view! {
                <div class="sec-head"><h2>{words::title(l)}</h2></div>
                {picks(app, pick)}
                <div class="well estimate" role="status">{move || shown(app, s, &answer.get())}</div>
                <details class="fold" hidden=move || !answer.with(|a| matches!(a, Answer::Known(..)))>
                    <summary>{words::lines(l)}</summary>
                    {move || lines(app, s, &answer.get())}
                </details>
            }
        })}
    }
    .into_any()
}

fn has_car_figures(app: AppState) -> bool {
    let car = app.car.get_untracked();
    app.planner
        .cars
        .with_untracked(|cars| cars.iter().any(|c| Some(&c.id) == car.as_ref()))
}

fn picks(app: AppState, pick: RwSignal<Pick>) -> AnyView {
    let l = app.lang.get();
    let chip = move |is: Pick, label: String| {
        let pressed = move || if pick.get() == is { "true" } else { "false" };
        let choose = move |_| {
            if is == Pick::Car {
                // Its figures come with the planner, which is loaded only now.
                app.planner.need();
            }
            pick.set(is);
        };
        view! { <button type="button" class="chip" aria-pressed=pressed on:click=choose>{label}</button> }
            .into_any()
    };
    let mut chips: Vec<AnyView> = AMOUNTS
        .iter()
        .map(|&n| chip(Pick::Kwh(n), words::kwh(l, n)))
        .collect();
    if app.car.get().is_some() {
        let mut label = words::my_car(l).to_owned();
        label.push(' ');
        label.push_str(&words::soc(l, FROM_TO.0, FROM_TO.1));
        chips.insert(0, chip(Pick::Car, label));
    }
    view! { <div class="chips wrap" role="group" aria-label=words::how_much(l)>{chips}</div> }
        .into_any()
}

/// The question for the worker, or what is known without it.
fn question(
    app: AppState,
    s: PriceView,
    pick: Pick,
    at: Instant,
) -> Result<(EstimateQuestion, Asked), Answer> {
    s.of_tariff(Err(Answer::Unknown), |detail, tariff| {
        let (charge, power_w, car) = match pick {
            Pick::Kwh(n) => {
                let power_w = strongest(detail, tariff, |_| Some(u32::MAX));
                let power_w = power_w.ok_or(Answer::Unknown)?;
                let energy_kwh = Quantity::from_millionths(i64::from(n) * 1_000_000);
                let charge = Charge::Energy {
                    energy_kwh,
                    power_w,
                };
                (charge, power_w, None)
            }
            Pick::Car => {
                let (charge, power_w, name) = car_charge(app, detail, tariff)?;
                (charge, power_w, Some(name))
            }
        };
        let question = EstimateQuestion {
            location: detail.location.id.clone(),
            tariff: tariff.index,
            now: at,
            charge,
        };
        let asked = Asked {
            pick,
            power_w,
            at,
            car,
        };
        Ok((question, asked))
    })
}

/// The highest power that a connector of this tariff gives a car, W; `takes` says the most that
/// its inlet for a standard takes, `None` when it has none.
fn strongest(
    detail: &LocationDetail,
    tariff: &TariffDetail,
    takes: impl Fn(Option<chongtu_model::ConnectorStandard>) -> Option<u32>,
) -> Option<u32> {
    let groups = detail.groups.iter();
    groups
        .filter(|g| g.tariff == Some(tariff.index))
        .filter_map(|g| Some(g.power_w?.min(takes(g.standard)?)))
        .max()
}

fn car_charge(
    app: AppState,
    detail: &LocationDetail,
    tariff: &TariffDetail,
) -> Result<(Charge, u32, chongtu_model::provenance::LocalText), Answer> {
    let id = app.car.get();
    let load = app.planner.load.get();
    app.planner.cars.with(|cars| {
        let Some(car) = cars.iter().find(|c| Some(&c.id) == id.as_ref()) else {
            let coming = cars.is_empty() && matches!(load, LoadState::Loading { .. });
            return Err(if coming {
                Answer::CarAsked
            } else {
                Answer::NoCar
            });
        };
        let charging = &car.charging;
        let takes = |standard| {
            let inlet = charging
                .inlets
                .iter()
                .find(|i| Some(i.standard) == standard)?;
            Some(
                inlet
                    .max_power_kw
                    .map_or(u32::MAX, |kw| (kw * 1000.0) as u32),
            )
        };
        let power_w = strongest(detail, tariff, takes).ok_or(Answer::NoFit)?;
        let charge = Charge::Car(Box::new(CarCharge {
            usable_battery_kwh: car.usable_battery_kwh,
            charge_efficiency: charging.efficiency,
            charge_curve: charging.curve.clone(),
            power_w,
            from_soc: f64::from(FROM_TO.0) / 100.0,
            to_soc: f64::from(FROM_TO.1) / 100.0,
        }));
        Ok((charge, power_w, car.name.clone()))
    })
}

fn shown(app: AppState, s: PriceView, answer: &Answer) -> AnyView {
    let l = app.lang.get();
    let (estimate, asked) = match answer {
        Answer::Known(estimate, asked) => (estimate, asked),
        Answer::Asked => return sentence(words::computing(l)),
        Answer::CarAsked => return sentence(words::car_loading(l)),
        Answer::NoCar => return sentence(words::car_unknown(l)),
        Answer::NoFit => return sentence(words::car_does_not_fit(l)),
        Answer::Unknown => return sentence(words::unknown(l)),
    };
    if estimate.bill.lines.is_empty() && estimate.bill.has_gap() {
        return sentence(words::unknown(l));
    }
    let power = common::power(l, asked.power_w);
    let assumes = match &asked.car {
        Some(car) => words::of_car(l, car.get(l.is_english()), &power),
        None => words::at_power(l, &power),
    };
    let total = words::amount(l, estimate.bill.total);
    let later = estimate.later.and_then(|(when, then)| {
        s.of_tariff(None, |detail, _| {
            let when = clock_of(detail, asked.at)?.moment(l, when);
            let saved = Amount {
                minor: estimate.bill.total.minor - then.minor,
                currency: then.currency,
            };
            let (then, saved) = (words::amount(l, then), words::amount(l, saved));
            Some(words::later(l, &when, &then, &saved))
        })
    });
    let zone = s.of_tariff(None, |detail, _| detail.zone.clone());
    let doubts: Vec<AnyView> = zone.map_or_else(Vec::new, |zone| {
        let findings = estimate.bill.findings.iter();
        findings
            .map(|f| view! { <p class="sub t-amber">{bill::finding(l, f, &zone)}</p> }.into_any())
            .collect()
    });
    view! {
        <p class="estimate-line">
            <span class="sub">{words::charging(l, &rounded(estimate.energy_kwh))}</span>
            <b class="estimate-sum">{words::about(l, &total)}</b>
            <span class="strong">{words::about_time(l, estimate.duration_s)}</span>
        </p>
        <p class="meta">{assumes}</p>
        {later.map(|text| view! { <p class="sub strong t-brand">{text}</p> })}
        {doubts}
    }
    .into_any()
}

fn sentence(text: &'static str) -> AnyView {
    view! { <p class="sub">{text}</p> }.into_any()
}

/// An energy with one place after the point.
fn rounded(energy: Quantity) -> String {
    let tenths = (energy.millionths() + 50_000).div_euclid(100_000);
    Quantity::from_millionths(tenths * 100_000).to_string()
}

/// The bill, line by line.
fn lines(app: AppState, s: PriceView, answer: &Answer) -> AnyView {
    let l: Lang = app.lang.get();
    let Answer::Known(estimate, asked) = answer else {
        return ().into_any();
    };
    let sums = &estimate.bill;
    s.of_tariff(().into_any(), |detail, _| {
        let clock = clock_of(detail, asked.at);
        let rows: Vec<AnyView> = sums
            .lines
            .iter()
            .map(|line| {
                let hours = clock
                    .as_ref()
                    .map_or_else(String::new, |c| c.span(l, line.from, line.to));
                view! {
                    <tr>
                        <td>
                            <span class="block">{words::line_kind(l, line.kind)}</span>
                            <span class="meta">{words::line_how(l, line, &hours)}</span>
                        </td>
                        <td class="num">{words::line_amount(l, line.after_taxes)}</td>
                    </tr>
                }
                .into_any()
            })
            .collect();
        view! {
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{words::column_what(l)}</th>
                        <th scope="col" class="num">{words::column_amount(l)}</th>
                    </tr>
                </thead>
                <tbody>
                    {rows}
                    <tr>
                        <td class="strong">{words::total(l)}</td>
                        <td class="num strong">{words::amount(l, sums.total)}</td>
                    </tr>
                </tbody>
            </table>
        }
        .into_any()
    })
}
