//! The answer of `plan --json`: unrounded numbers, seconds, kWh, charge 0..1, minor units; what
//! is unknown is null.

use chongtu_planner::itinerary::StopGraph;
use chongtu_planner::{ChargingStop, Itinerary, Leg, Plan, PlanFailure, PlanLabel};
use serde::Serialize;

/// The version of this shape.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
pub(super) struct Answer<'a> {
    schema: u32,
    status: &'static str,
    skipped_locations: Skipped,
    itineraries: Vec<ItineraryOut<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    graph: Option<Graph<'a>>,
}

#[derive(Serialize)]
struct Skipped {
    power_unknown: u32,
    connector_unknown: u32,
    not_compatible: u32,
    no_road_nearby: u32,
}

#[derive(Serialize)]
struct ItineraryOut<'a> {
    label: &'static str,
    total_s: f64,
    drive_s: f64,
    charge_s: f64,
    wait_s: f64,
    overhead_s: f64,
    distance_m: f64,
    energy_kwh: f64,
    cost_minor: Option<i64>,
    currency: Option<String>,
    arrival_soc: f64,
    legs: Vec<LegOut<'a>>,
    stops: Vec<StopOut<'a>>,
}

#[derive(Serialize)]
struct LegOut<'a> {
    from: &'a str,
    to: &'a str,
    distance_m: f64,
    duration_s: f64,
    speed_cap_kmh: Option<f64>,
    energy_kwh: f64,
    departure_soc: f64,
    arrival_soc: f64,
}

#[derive(Serialize)]
struct StopOut<'a> {
    location_id: &'a str,
    evse_uid: &'a str,
    connector_id: &'a str,
    power_kw: f64,
    arrival_soc: f64,
    departure_soc: f64,
    energy_kwh: f64,
    charge_s: f64,
    wait_s: f64,
    overhead_s: f64,
    cost_minor: Option<i64>,
    backup: Option<BackupOut<'a>>,
}

#[derive(Serialize)]
struct BackupOut<'a> {
    location_id: &'a str,
    distance_m: f64,
    arrival_soc: f64,
}

#[derive(Serialize)]
struct Graph<'a> {
    places: Vec<GraphPlaceOut<'a>>,
    legs: Vec<GraphLegOut<'a>>,
}

#[derive(Serialize)]
struct GraphPlaceOut<'a> {
    id: &'a str,
    lat: f64,
    lng: f64,
    groups: Vec<GroupOut>,
}

#[derive(Serialize)]
struct GroupOut {
    standard: &'static str,
    power_kw: f64,
    n_evses: u32,
}

#[derive(Serialize)]
struct GraphLegOut<'a> {
    from: Option<&'a str>,
    to: Option<&'a str>,
    speed_cap_kmh: Option<f64>,
    distance_m: f64,
    duration_s: f64,
    need_kwh: f64,
    energy_kwh: f64,
}

#[derive(Serialize)]
pub(super) struct Refusal<'a> {
    schema: u32,
    status: &'static str,
    failure: FailureOut<'a>,
}

#[derive(Serialize)]
struct FailureOut<'a> {
    code: &'static str,
    at: &'a str,
    gap_kwh: Option<f64>,
    relaxations: Vec<RelaxationOut>,
}

#[derive(Serialize)]
struct RelaxationOut {
    change: &'static str,
    from: Option<f64>,
    to: f64,
    total_s: f64,
}

pub(super) fn answer(plan: &Plan) -> Answer<'_> {
    Answer {
        schema: SCHEMA,
        status: "ok",
        skipped_locations: Skipped {
            power_unknown: plan.skipped.power_unknown,
            connector_unknown: plan.skipped.connector_unknown,
            not_compatible: plan.skipped.not_compatible,
            no_road_nearby: plan.skipped.no_road_nearby,
        },
        itineraries: plan.itineraries.iter().map(itinerary).collect(),
        graph: plan.graph.as_ref().map(graph),
    }
}

fn itinerary(it: &Itinerary) -> ItineraryOut<'_> {
    ItineraryOut {
        label: match it.label {
            PlanLabel::Fastest => "fastest",
        },
        total_s: it.total_s,
        drive_s: it.drive_s,
        charge_s: it.charge_s,
        wait_s: it.wait_s,
        overhead_s: it.overhead_s,
        distance_m: it.distance_m,
        energy_kwh: it.energy_kwh,
        cost_minor: it.cost.map(|c| c.minor),
        currency: it.cost.map(|c| c.currency.code().to_owned()),
        arrival_soc: it.arrival_soc,
        legs: it.legs.iter().map(leg).collect(),
        stops: it.stops.iter().map(stop).collect(),
    }
}

fn leg(leg: &Leg) -> LegOut<'_> {
    LegOut {
        from: leg.from.as_text(),
        to: leg.to.as_text(),
        distance_m: leg.distance_m,
        duration_s: leg.duration_s,
        speed_cap_kmh: leg.speed_cap_kmh,
        energy_kwh: leg.energy_kwh,
        departure_soc: leg.departure_soc,
        arrival_soc: leg.arrival_soc,
    }
}

fn stop(stop: &ChargingStop) -> StopOut<'_> {
    StopOut {
        location_id: stop.location_id.as_str(),
        evse_uid: stop.evse_uid.as_str(),
        connector_id: stop.connector_id.as_str(),
        power_kw: stop.power_kw,
        arrival_soc: stop.arrival_soc,
        departure_soc: stop.departure_soc,
        energy_kwh: stop.energy_kwh,
        charge_s: stop.charge_s,
        wait_s: stop.wait_s,
        overhead_s: stop.overhead_s,
        cost_minor: stop.cost.map(|c| c.minor),
        backup: stop.backup.as_ref().map(|b| BackupOut {
            location_id: b.location_id.as_str(),
            distance_m: b.distance_m,
            arrival_soc: b.arrival_soc,
        }),
    }
}

fn graph(graph: &StopGraph) -> Graph<'_> {
    let id = |i: u32| graph.places.get(i as usize).map(|p| p.id.as_str());
    Graph {
        places: graph
            .places
            .iter()
            .map(|p| GraphPlaceOut {
                id: &p.id,
                lat: p.position.lat,
                lng: p.position.lng,
                groups: p
                    .groups
                    .iter()
                    .map(|&(standard, power_kw, n_evses)| GroupOut {
                        standard: standard.ocpi(),
                        power_kw,
                        n_evses,
                    })
                    .collect(),
            })
            .collect(),
        legs: graph
            .legs
            .iter()
            .map(|l| GraphLegOut {
                from: id(l.from),
                to: id(l.to),
                speed_cap_kmh: l.speed_cap_kmh,
                distance_m: l.distance_m,
                duration_s: l.duration_s,
                need_kwh: l.need_kwh,
                energy_kwh: l.energy_kwh,
            })
            .collect(),
    }
}

pub(super) fn refusal(failure: &PlanFailure) -> Refusal<'_> {
    Refusal {
        schema: SCHEMA,
        status: "infeasible",
        failure: FailureOut {
            code: failure.code.as_str(),
            at: failure.at.as_text(),
            gap_kwh: failure.gap_kwh,
            relaxations: failure
                .relaxations
                .iter()
                .map(|r| RelaxationOut {
                    change: r.change.as_str(),
                    from: r.from,
                    to: r.to,
                    total_s: r.total_s,
                })
                .collect(),
        },
    }
}
