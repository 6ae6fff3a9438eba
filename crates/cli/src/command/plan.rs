//! `chongtu plan`.

use super::plan_json;
use crate::args::{Objective, PlanArgs};
use crate::error::{CliError, Result};
use crate::input::{self, load_locations, load_roads};
use crate::output::Streams;
use crate::places::{Found, Gazetteer};
use chongtu_model::Vehicle;
use chongtu_planner::failure::FailurePlace;
use chongtu_planner::{
    Assumptions, Change, Itinerary, Plan, PlanFailure, Step, Travel, TripRequest, TripSearch, World,
};
use chongtu_words::plan::{cost_or_unknown, failure as failure_words, money};
use chongtu_words::{Lang, program};
use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime};

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
        departure_at: Some(args.departure_at.unwrap_or_else(now)),
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
            for line in describe(streams.lang, &plan, &car, &from, &to) {
                streams.line(&line)?;
            }
            Ok(())
        }
        (Err(failure), true) => {
            streams.json(&plan_json::refusal(&failure))?;
            Err(CliError::NotPossible)
        }
        (Err(failure), false) => {
            for line in describe_failure(streams.lang, &failure, &from, &to) {
                streams.line(&line)?;
            }
            Err(CliError::NotPossible)
        }
    }
}

/// The clock of the machine.
fn now() -> chongtu_model::Instant {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    chongtu_model::Instant::from_unix_s(since_1970.map_or(0, |d| d.as_secs() as i64))
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
                    let _ = write!(
                        streams.words,
                        "\r{}",
                        program::planning(streams.lang, progress.share)
                    );
                    let _ = streams.words.flush();
                }
            }
            Step::Done(result) => {
                if shown {
                    let _ = write!(streams.words, "\r{:20}\r", "");
                }
                return *result;
            }
        }
    }
}

fn describe(lang: Lang, plan: &Plan, car: &Vehicle, from: &Found, to: &Found) -> Vec<String> {
    let english = lang.is_english();
    let mut lines = Vec::new();
    for it in &plan.itineraries {
        lines.push(format!("{} → {}, {}", from.name, to.name, car.name));
        lines.push(totals(lang, it));
        lines.push(String::new());
        for (leg, stop) in it
            .legs
            .iter()
            .zip(it.stops.iter().map(Some).chain(std::iter::repeat(None)))
        {
            let mut line = program::leg(
                lang,
                leg.distance_m,
                leg.duration_s,
                leg.departure_soc,
                leg.arrival_soc,
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
                let _ = write!(line, "  {}", program::at_most(lang, cap));
            }
            lines.push(line);
            let Some(stop) = stop else { continue };
            let mut line = program::charge(
                lang,
                stop.energy_kwh,
                stop.charge_s,
                (stop.arrival_soc, stop.departure_soc),
                stop.name.get(english),
                stop.standard.ocpi(),
                stop.power_kw,
            );
            if stop.assumed {
                let _ = write!(line, " {}", program::assumed(lang));
            }
            if let Some(cost) = stop.cost {
                let _ = write!(line, ", {}", money(cost));
            }
            if stop.demonstration {
                let _ = write!(line, " {}", program::demonstration(lang));
            }
            lines.push(line);
            if let Some(backup) = &stop.backup {
                lines.push(program::backup(
                    lang,
                    backup.name.get(english),
                    backup.distance_m,
                    backup.arrival_soc,
                ));
            }
        }
    }
    let s = plan.skipped;
    let left_out = [
        s.power_unknown,
        s.connector_unknown,
        s.not_compatible,
        s.no_road_nearby,
    ];
    if left_out.iter().any(|&n| n > 0) {
        lines.push(String::new());
        lines.push(program::left_out(lang, left_out));
    }
    lines
}

fn totals(lang: Lang, it: &Itinerary) -> String {
    program::totals(
        lang,
        &program::Totals {
            total_s: it.total_s,
            drive_s: it.drive_s,
            charge_s: it.charge_s,
            wait_s: it.wait_s,
            overhead_s: it.overhead_s,
            n_stops: it.stops.len(),
            distance_m: it.distance_m,
            energy_kwh: it.energy_kwh,
            cost: (!it.stops.is_empty()).then(|| cost_or_unknown(lang, it.cost)),
            arrival_soc: it.arrival_soc,
        },
    )
}

fn describe_failure(lang: Lang, failure: &PlanFailure, from: &Found, to: &Found) -> Vec<String> {
    let (at, code) = (failure.at.as_text(), failure.code.as_str());
    let name = |place: &FailurePlace| match place {
        FailurePlace::Origin => from.name.clone(),
        FailurePlace::Destination => to.name.clone(),
        other => other.as_text().to_owned(),
    };
    let end = match &failure.at {
        FailurePlace::Origin => failure_words::End::Origin,
        FailurePlace::Destination => failure_words::End::Destination,
        _ => failure_words::End::Other,
    };
    let title = failure_words::title(lang, code, end);
    let mut lines = vec![program::not_possible(lang, &title, code, at)];
    let remedy = match &failure.at {
        FailurePlace::Request(what) => failure_words::contradiction(lang, what),
        _ => failure_words::remedy(lang, code),
    };
    lines.push(format!("  {remedy}"));
    if let Some(gap) = &failure.gap {
        let mut line = format!(
            "  {}",
            failure_words::gap_sentence(
                lang,
                &name(&gap.from),
                &name(&gap.to),
                gap.distance_m,
                gap.needed_soc,
                gap.available_soc,
                gap.from == FailurePlace::Origin,
            )
        );
        if let Some(kwh) = failure.gap_kwh {
            let _ = write!(line, " {}", failure_words::missing_kwh(lang, kwh));
        }
        lines.push(line);
    }
    for r in &failure.relaxations {
        let to = match r.change {
            Change::MaxSpeedKmh => r.to,
            _ => r.to * 100.0,
        };
        let change = failure_words::change(lang, r.change.as_str(), to);
        lines.push(program::possible_with(lang, &change, r.total_s));
    }
    lines
}
