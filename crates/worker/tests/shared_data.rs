//! The whole way on real roads and real chargers: Xuzhou to Wenzhou (964 km).

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests may"
)]

mod common;

use chongtu_feeds::options::ShanghaiOnly;
use chongtu_feeds::{ImportOptions, import_geojson};
use chongtu_model::provenance::{Datum, LocalText, Source};
use chongtu_model::{ConnectorStandard, LatLng, SourceId};
use chongtu_roads::{SpeedDefaults, parse_graph_json};
use chongtu_worker::engine::{Engine as _, PlannerEngine};
use chongtu_worker::plan::{Assumptions, TripRequest};
use chongtu_worker::planner::{CarChoice, FromPlanner, PlanResult, ToPlanner};
use common::{NOW, give_cars, give_catalogue, give_roads, work_to_the_end};
use std::path::Path;

/// The file of that name, or `None` (and one line) where the folder is not there at all.
fn shared(file: &str) -> Option<Vec<u8>> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    if !folder.exists() {
        let ci = std::env::var("CI").is_ok_and(|v| v == "true");
        assert!(!ci, "../shared/data is absent");
        println!("skipped: ../shared/data is absent");
        return None;
    }
    let bytes = std::fs::read(folder.join(file));
    Some(bytes.unwrap_or_else(|e| panic!("{file}: {e}")))
}

#[test]
fn xuzhou_to_wenzhou() {
    let Some(graph) = shared("roads/yangtze_delta_graph.json") else {
        return;
    };
    let Some(chargers) = shared("locations/yangtze_delta_chargers_wgs84.geojson") else {
        return;
    };
    let (roads, _) = parse_graph_json(&graph, &SpeedDefaults::default()).unwrap();
    let options = ImportOptions {
        source: Source {
            id: SourceId::new("shared"),
            name: LocalText::plain("shared"),
            licence: None,
            attribution: None,
            datum: Datum::Wgs84,
            stale_after_s: None,
            demonstration: false,
        },
        datum: chongtu_feeds::DatumChoice::Auto,
        mapping: chongtu_feeds::Mapping::default(),
        default_zone: None,
        zones: &ShanghaiOnly,
        assume_connector: None,
        assume_power_kw: None,
    };
    let catalogue = import_geojson(&chargers, &options).unwrap().catalogue;

    let mut engine = PlannerEngine::default();
    give_catalogue(&mut engine, &catalogue);
    give_roads(&mut engine, &roads);
    give_cars(&mut engine);
    let request = TripRequest::new(
        LatLng {
            lat: 34.26,
            lng: 117.18,
        },
        LatLng {
            lat: 28.0,
            lng: 120.67,
        },
    );
    let message = ToPlanner::Plan {
        id: 1,
        car: CarChoice::Known("tesla-model-3-lr-2023".into()),
        request: request.clone(),
        assumptions: Assumptions {
            connector: Some(ConnectorStandard::GbtDc),
            power_kw: Some(60.0),
        },
        now: NOW,
    };
    assert_eq!(engine.handle(message, None), []);
    let Some(FromPlanner::Plan {
        id: 1,
        result: PlanResult::Found(plan),
    }) = work_to_the_end(&mut engine, 16).pop()
    else {
        panic!("no plan")
    };
    let trip = &plan.itineraries[0];
    assert!(
        (trip.distance_m - 964_000.0).abs() < 0.05 * 964_000.0,
        "{}",
        trip.distance_m
    );
    assert!(!trip.stops.is_empty());
    assert_eq!(trip.legs.len(), trip.stops.len() + 1);
    // Charge adds up and stays above what was asked.
    let capacity = car_capacity();
    for leg in &trip.legs {
        let used = leg.energy_kwh / capacity;
        assert!((leg.departure_soc - used - leg.arrival_soc).abs() < 1e-9);
        assert!(leg.arrival_soc >= request.reserve_soc.get() - 1e-9);
    }
    for (i, stop) in trip.stops.iter().enumerate() {
        assert!(catalogue.find(&stop.location_id).is_some());
        assert!((stop.arrival_soc - trip.legs[i].arrival_soc).abs() < 1e-9);
        assert!((stop.departure_soc - trip.legs[i + 1].departure_soc).abs() < 1e-9);
        assert!(stop.departure_soc > stop.arrival_soc);
    }
    let sum = trip.drive_s + trip.charge_s + trip.wait_s + trip.overhead_s;
    assert!((trip.total_s - sum).abs() < 1e-6);
}

fn car_capacity() -> f64 {
    let cars: Vec<chongtu_model::Vehicle> = serde_json::from_slice(&common::cars()).unwrap();
    let car = cars
        .iter()
        .find(|c| c.id.as_deref() == Some("tesla-model-3-lr-2023"));
    car.unwrap().usable_battery_kwh
}
