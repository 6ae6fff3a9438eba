//! A charging stop of a plan, and the drive before it.

use super::icon::icon_small;
use super::plan_parts::status_badge;
use chongtu_words::{Lang, common, plan as words};
use chongtu_worker::plan::{ChargingStop, Leg};
use leptos::prelude::*;

/// Off-road parts shorter than this are the way to the next road: not worth a line. Metres.
const OFF_ROAD_WORTH_SAYING_M: f64 = 500.0;

/// Where the sheet of a location is.
fn location_href(id: &str) -> String {
    format!("location?id={id}")
}

/// A stop: where, charge in and out, time, cost, what is free, where else to go.
pub(crate) fn stop_card(l: Lang, number: usize, stop: &ChargingStop) -> impl IntoView + use<> {
    let name = stop.name.get(l.is_english()).to_owned();
    let connector = format!(
        "{} · {}",
        words::connector(l, stop.standard),
        words::kw(stop.power_kw)
    );
    let backup = stop.backup.as_ref().map(|b| {
        view! {
            <p class="stop-backup">
                {icon_small("route")} <span>{words::backup(l)}</span>
                <a href=location_href(b.location_id.as_str())>{b.name.get(l.is_english()).to_owned()}</a>
                <span>{words::backup_facts(l, b.distance_m, b.counts, b.arrival_soc)}</span>
            </p>
        }
    });
    let none = stop.backup.is_none().then(|| view! { <p class="stop-backup">{icon_small("alert")} <span>{words::no_backup(l)}</span></p> });
    view! {
        <li class="stop">
            <span class="stop-n" aria-hidden="true">{number}</span>
            <div class="stop-top">
                <h3 class="stop-name">
                    <a href=location_href(stop.location_id.as_str())>{name}</a>
                </h3>
                {stop.road.clone().map(|road| view! { <span class="meta nowrap">{road}</span> })}
                <span class="end">{status_badge(l, stop.counts, stop.demonstration)}</span>
            </div>
            <p class="stop-facts">
                <b>{words::percent(stop.arrival_soc)}</b>
                <span class="arrow" aria-hidden="true">"→"</span>
                <span class="sr-only">{words::charged_to(l)}</span>
                <b>{words::percent(stop.departure_soc)}</b>
                <span>{words::charging_time(l, stop.charge_s)}</span>
                <span class=if stop.cost.is_some() { "" } else { "sub" }>{words::cost_or_unknown(l, stop.cost)}</span>
                <span class="meta end nowrap">{words::kwh(stop.energy_kwh)}</span>
            </p>
            <p class="stop-connector">
                <span>{connector}</span> {stop.assumed.then(|| view! { <span class="tag busy">{words::assumed(l)}</span> })}
            </p>
            {backup}
            {none}
        </li>
    }
}

/// A drive: how far, how long, on which roads.
pub(crate) fn leg_row(l: Lang, leg: &Leg, cap_asked_kmh: Option<f64>) -> impl IntoView + use<> {
    let roads = main_roads(leg).join(" → ");
    let slower = leg
        .speed_cap_kmh
        .filter(|&cap| cap_asked_kmh.is_none_or(|asked| cap < asked));
    let off: Vec<String> = leg
        .off_road_m
        .iter()
        .filter(|&&m| m > OFF_ROAD_WORTH_SAYING_M)
        .map(|&m| words::off_road(l, m))
        .collect();
    view! {
        <li class="leg">
            <span class="leg-facts">
                {words::leg_facts(l, leg.distance_m, leg.duration_s)}
                {(!roads.is_empty()).then(|| view! { <span class="leg-roads">{roads}</span> })}
            </span>
            {slower.map(|cap| view! { <span class="leg-cap">{words::leg_cap(l, cap)}</span> })}
            {off.into_iter().map(|text| view! { <span class="leg-off">{text}</span> }).collect_view()}
        </li>
    }
}

/// The start or the end of the trip in the list.
pub(crate) fn end_row(
    label: &'static str,
    name: String,
    soc: f64,
    square: bool,
) -> impl IntoView + use<> {
    view! {
        <li class="trip-end">
            <span class=if square { "plan-mark sq" } else { "plan-mark" } aria-hidden="true"></span>
            <span class="sub nowrap">{label}</span>
            <span class="strong clip">{name}</span>
            <b class="end">{words::percent(soc)}</b>
        </li>
    }
}

/// The roads that matter: at least a twentieth of the leg (or 5 km), at most five, a road that goes on
/// after a short other one named once.
fn main_roads(leg: &Leg) -> Vec<String> {
    let least_m = (leg.distance_m * 0.05).min(5_000.0);
    let mut named: Vec<(String, f64)> = Vec::new();
    for (reference, meters) in &leg.roads {
        // A road has a number; what has none (streets of a city) has no name to follow either.
        if !reference.contains(|c: char| c.is_ascii_digit()) || *meters < least_m {
            continue;
        }
        match named.last_mut() {
            Some((last, sum)) if last == reference => *sum += meters,
            _ => named.push((reference.clone(), *meters)),
        }
    }
    while named.len() > 5 {
        let shortest = named
            .iter()
            .enumerate()
            .min_by(|a, b| a.1.1.total_cmp(&b.1.1))
            .map(|(i, _)| i);
        let Some(shortest) = shortest else { break };
        named.remove(shortest);
    }
    named.dedup_by(|b, a| a.0 == b.0);
    named.into_iter().map(|(reference, _)| reference).collect()
}

/// The same as a table row: for the chart's table.
pub(crate) fn table_row(
    l: Lang,
    place: String,
    distance_m: f64,
    arrive: Option<String>,
    leave: Option<String>,
    time: String,
) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row">{place}</th>
            <td class="num">{common::distance(l, distance_m)}</td>
            <td class="num">{arrive.unwrap_or_default()}</td>
            <td class="num">{leave.unwrap_or_default()}</td>
            <td class="num">{time}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_worker::plan::StopRef;

    fn roads(roads: &[(&str, f64)]) -> Vec<String> {
        main_roads(&Leg {
            from: StopRef::Origin,
            to: StopRef::Destination,
            distance_m: roads.iter().map(|r| r.1).sum(),
            duration_s: 1.0,
            speed_cap_kmh: None,
            energy_kwh: 1.0,
            departure_soc: 1.0,
            arrival_soc: 0.5,
            off_road_m: [0.0; 2],
            passes: Vec::new(),
            geometry: Vec::new(),
            profile: Vec::new(),
            roads: roads.iter().map(|&(r, m)| (r.to_owned(), m)).collect(),
        })
    }

    #[test]
    fn names_the_roads_that_matter() {
        let km = 1000.0;
        assert_eq!(
            roads(&[
                ("", 2.0 * km),
                ("G42", 80.0 * km),
                ("G1503", km),
                ("G42", 60.0 * km),
                ("G2", 40.0 * km)
            ]),
            ["G42", "G2"]
        );
        assert_eq!(roads(&[]), Vec::<String>::new());
        assert_eq!(roads(&[("城区", 9.0 * km), ("S55", 20.0 * km)]), ["S55"]);
        let many = [
            ("A1", 90.0 * km),
            ("B2", 8.0 * km),
            ("C3", 90.0 * km),
            ("D4", 7.0 * km),
            ("E5", 90.0 * km),
            ("F6", 90.0 * km),
            ("C3", 80.0 * km),
        ];
        assert_eq!(roads(&many), ["A1", "C3", "E5", "F6", "C3"]);
    }
}
