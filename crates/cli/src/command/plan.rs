//! `chongtu plan`.

use super::plan_json;
use crate::args::{Objective, PlanArgs};
use crate::error::{CliError, Result};
use crate::input::{self, load_locations, load_roads};
use crate::output::Streams;
use crate::places::{Found, Gazetteer};
use crate::wording::{distance, duration, failure as failure_words, percent};
use chongtu_model::Vehicle;
use chongtu_planner::{
    Assumptions, Change, Itinerary, Plan, PlanFailure, Step, Travel, TripRequest, TripSearch, World,
};
use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Work between two looks at the clock.
const WORK: u32 = 2_000;
/// How often progress is shown on a terminal.
const PROGRESS_EVERY: Duration = Duration::from_millis(500);

pub(crate) fn run(args: &PlanArgs, streams: &mut Streams<'_>) -> Result<()> {
    let not_yet = match args.objective {
        Objective::Fastest => None,
        Objective::Cheapest => Some("cheapest"),
        Objective::FewestStops => Some("fewest-stops"),
        Objective::Alternatives => Some("alternatives"),
    };
    if let Some(name) = not_yet {
        return Err(CliError::usage(format!(
            "--objective {name} is not planned for yet; fastest is"
        )));
    }
    let car = crate::cars::find(&args.car, args.cars.as_deref())?;
    // Numbers are checked before large files are read.
    let from = input::position("--from", &args.from)?;
    let to = input::position("--to", &args.to)?;

    let catalogue = load_locations(&args.locations)?;
    let network = args.travel.roads.as_deref().map(load_roads).transpose()?;
    let names = Gazetteer::new(&catalogue, network.as_ref());
    let place = |flag, text: &str, position| match position {
        Some(position) => Ok(Found {
            name: text.trim().to_owned(),
            position,
        }),
        None => names.find(flag, text),
    };
    let from = place("--from", &args.from, from)?;
    let to = place("--to", &args.to, to)?;
    drop(names);

    let request = TripRequest {
        departure_soc: args.departure_soc,
        reserve_soc: args.reserve_soc,
        charger_arrival_soc: args.charger_arrival_soc,
        arrival_soc: args.arrival_soc,
        max_charge_soc: args.max_charge_soc,
        overhead_s: args.overhead,
        max_speed_kmh: Some(args.max_speed),
        allow_slower: args.allow_slower,
        ..TripRequest::new(from.position, to.position)
    };
    let assumptions = Assumptions {
        connector: args.assume_connector,
        power_kw: args.assume_power_kw,
    };
    let travel = match network {
        Some(network) => Travel::roads(Rc::new(network)),
        None => Travel::GreatCircle {
            cruise_kmh: args.cruise_kmh,
            detour: args.detour,
        },
    };
    let world = Rc::new(World::new(Rc::new(catalogue), travel));
    let result = search(&world, &car, &request, &assumptions, args.legs, streams);

    match (result, args.json) {
        (Ok(plan), true) => streams.json(&plan_json::answer(&plan)),
        (Ok(plan), false) => {
            for line in describe(&plan, &car, &from, &to) {
                streams.line(&line)?;
            }
            Ok(())
        }
        (Err(failure), true) => {
            streams.json(&plan_json::refusal(&failure))?;
            Err(CliError::NotPossible)
        }
        (Err(failure), false) => {
            for line in describe_failure(&failure) {
                streams.line(&line)?;
            }
            Err(CliError::NotPossible)
        }
    }
}

/// Searches in steps, with progress on a terminal.
fn search(
    world: &Rc<World>,
    car: &Vehicle,
    request: &TripRequest,
    assumptions: &Assumptions,
    keep_graph: bool,
    streams: &mut Streams<'_>,
) -> std::result::Result<Plan, PlanFailure> {
    let mut search = TripSearch::new(Rc::clone(world), car, request, assumptions, keep_graph);
    let on_terminal = std::io::stderr().is_terminal();
    let mut last = Instant::now();
    let mut shown = false;
    loop {
        match search.step(WORK) {
            Step::Running(progress) => {
                if on_terminal && last.elapsed() >= PROGRESS_EVERY {
                    last = Instant::now();
                    shown = true;
                    let _ = write!(streams.words, "\rplanning {:3.0} %", progress.share * 100.0);
                    let _ = streams.words.flush();
                }
            }
            Step::Done(result) => {
                if shown {
                    let _ = write!(streams.words, "\r              \r");
                }
                return *result;
            }
        }
    }
}

fn describe(plan: &Plan, car: &Vehicle, from: &Found, to: &Found) -> Vec<String> {
    let mut lines = Vec::new();
    for it in &plan.itineraries {
        lines.push(format!("{} → {}, {}", from.name, to.name, car.name));
        lines.push(totals(it));
        lines.push(String::new());
        for (leg, stop) in it
            .legs
            .iter()
            .zip(it.stops.iter().map(Some).chain(std::iter::repeat(None)))
        {
            let mut line = format!(
                "  drive   {:>8}  {:>12}  {:>5} → {:>5}",
                distance(leg.distance_m),
                duration(leg.duration_s),
                percent(leg.departure_soc),
                percent(leg.arrival_soc)
            );
            let roads: Vec<&str> = leg
                .roads
                .iter()
                .map(|(r, _)| r.as_str())
                .filter(|r| !r.is_empty())
                .take(6)
                .collect();
            if !roads.is_empty() {
                let _ = write!(line, "  {}", roads.join(" "));
            }
            if let Some(cap) = leg.speed_cap_kmh {
                let _ = write!(line, "  (at most {cap:.0} km/h)");
            }
            lines.push(line);
            let Some(stop) = stop else { continue };
            let mut line = format!(
                "  charge  {:>5} kWh  {:>12}  {:>5} → {:>5}  {}, {} {:.0} kW",
                format!("{:.1}", stop.energy_kwh),
                duration(stop.charge_s),
                percent(stop.arrival_soc),
                percent(stop.departure_soc),
                stop.name.get(true),
                stop.standard.ocpi(),
                stop.power_kw
            );
            if stop.assumed {
                line.push_str(" (assumed)");
            }
            if let Some(cost) = stop.cost {
                let _ = write!(line, ", {}", money(cost));
            }
            if stop.demonstration {
                line.push_str(" [demonstration]");
            }
            lines.push(line);
            if let Some(backup) = &stop.backup {
                lines.push(format!(
                    "          else {}, {} further, arriving with {}",
                    backup.name.get(true),
                    distance(backup.distance_m),
                    percent(backup.arrival_soc)
                ));
            }
        }
    }
    let s = plan.skipped;
    let all = s.power_unknown + s.connector_unknown + s.not_compatible + s.no_road_nearby;
    if all > 0 {
        lines.push(String::new());
        lines.push(format!(
            "{all} sites left out: power unknown {}, connector unknown {}, not for this car {}, no road nearby {}",
            s.power_unknown, s.connector_unknown, s.not_compatible, s.no_road_nearby
        ));
    }
    lines
}

fn totals(it: &Itinerary) -> String {
    let mut text = format!(
        "{} in all: driving {}, charging {}",
        duration(it.total_s),
        duration(it.drive_s),
        duration(it.charge_s)
    );
    if it.wait_s > 0.0 {
        let _ = write!(text, ", waiting {}", duration(it.wait_s));
    }
    let stops = if it.stops.len() == 1 { "stop" } else { "stops" };
    let _ = write!(
        text,
        ", overhead {}; {} {stops}; {}; {:.1} kWh; ",
        duration(it.overhead_s),
        it.stops.len(),
        distance(it.distance_m),
        it.energy_kwh
    );
    if !it.stops.is_empty() {
        match it.cost {
            Some(cost) => {
                let _ = write!(text, "{}; ", money(cost));
            }
            None => text.push_str("price unknown; "),
        }
    }
    let _ = write!(text, "arriving with {}", percent(it.arrival_soc));
    text
}

fn money(amount: chongtu_model::Amount) -> String {
    let per_unit = amount.currency.minor_per_unit();
    if per_unit == 1 {
        return format!("{} {}", amount.currency, amount.minor);
    }
    let sign = if amount.minor < 0 { "-" } else { "" };
    let minor = amount.minor.unsigned_abs();
    let per_unit = per_unit.unsigned_abs();
    format!(
        "{} {sign}{}.{:02}",
        amount.currency,
        minor / per_unit,
        minor % per_unit
    )
}

fn describe_failure(failure: &PlanFailure) -> Vec<String> {
    let mut lines = vec![format!(
        "Not possible: {} ({}, at {})",
        failure_words(failure.code),
        failure.code.as_str(),
        failure.at.as_text()
    )];
    if let Some(gap) = &failure.gap {
        let missing = failure
            .gap_kwh
            .map(|kwh| format!(", {kwh:.1} kWh are missing"))
            .unwrap_or_default();
        lines.push(format!(
            "  {} → {}: {}; it needs {} at departure and has {}{missing}",
            gap.from.as_text(),
            gap.to.as_text(),
            distance(gap.distance_m),
            percent(gap.needed_soc),
            percent(gap.available_soc)
        ));
    }
    for r in &failure.relaxations {
        let value = |x: f64| match r.change {
            Change::MaxSpeedKmh => format!("{x:.0} km/h"),
            _ => percent(x),
        };
        lines.push(format!(
            "  possible with {} {} instead of {}: {}",
            r.change.as_str(),
            value(r.to),
            r.from.map_or_else(|| "none".to_owned(), value),
            duration(r.total_s)
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_model::{Amount, Currency};

    #[test]
    fn money_as_people_read_it() {
        let of = |minor, code| {
            money(Amount {
                minor,
                currency: Currency::parse(code).unwrap(),
            })
        };
        assert_eq!(of(2962, "CNY"), "CNY 29.62");
        assert_eq!(of(5, "EUR"), "EUR 0.05");
        assert_eq!(of(-105, "EUR"), "EUR -1.05");
        assert_eq!(of(300, "JPY"), "JPY 300");
    }
}
