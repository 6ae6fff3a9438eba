//! The demonstration region as files, and engines that hold them.
#![allow(dead_code, reason = "every test program uses its part of it")]

use chongtu_feeds::import_region;
use chongtu_feeds::readings::{catalogue_readings, readings_of};
use chongtu_model::{Catalogue, Instant, LatLng, Soc, file};
use chongtu_roads::{RoadNetwork, parse_region};
use chongtu_worker::catalogue::{FromCatalogue, ToCatalogue};
use chongtu_worker::engine::{CatalogueEngine, Engine, Outgoing, PlannerEngine};
use chongtu_worker::plan::{Assumptions, TripRequest};
use chongtu_worker::planner::{CarChoice, FromPlanner, ToPlanner};
use chongtu_worker::{WorkerError, WorkerErrorCode};
use core::fmt::Debug;

/// Saturday 2026-11-21, 11:28 in Nanjing.
pub(crate) const NOW: Instant = Instant::from_unix_s(1_795_231_680);
pub(crate) const NANJING: LatLng = LatLng {
    lat: 32.06,
    lng: 118.797,
};
pub(crate) const SHANGHAI: LatLng = LatLng {
    lat: 31.231,
    lng: 121.473,
};
pub(crate) const CAR: &str = "byd-dolphin-2023-60";

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data");

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{DATA}/{path}")).unwrap_or_else(|e| panic!("{path}: {e}"))
}

pub(crate) fn catalogue() -> Catalogue {
    let locations = read("yangtze/locations.toml");
    let imported = import_region(&locations, &read("yangtze/operators.toml")).unwrap();
    Catalogue {
        readings: catalogue_readings(&imported.catalogue),
        ..imported.catalogue
    }
}

pub(crate) fn roads() -> RoadNetwork {
    let places = read("yangtze/places.toml");
    let network = parse_region(&read("yangtze/roads.toml"), Some(&places))
        .unwrap()
        .0;
    let readings = readings_of(network.searched_texts());
    network.with_readings(readings)
}

/// All car files of the repository as one JSON list.
pub(crate) fn cars() -> Vec<u8> {
    let mut files: Vec<_> = std::fs::read_dir(format!("{DATA}/cars"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    let cars: Vec<String> = files
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    format!("[{}]", cars.join(",")).into_bytes()
}

pub(crate) fn load_catalogue(engine: &mut CatalogueEngine, catalogue: &Catalogue) {
    let bytes = Some(file::encode(catalogue));
    let answer = only(engine.handle(ToCatalogue::LoadCatalogue, bytes));
    assert!(
        matches!(answer, FromCatalogue::CatalogueLoaded(_)),
        "{answer:?}"
    );
}

pub(crate) fn load_roads(engine: &mut CatalogueEngine, roads: &RoadNetwork) {
    let answer = only(engine.handle(ToCatalogue::LoadRoads, Some(roads.encode())));
    assert!(
        matches!(answer, FromCatalogue::RoadsLoaded(_)),
        "{answer:?}"
    );
}

/// A catalogue engine that holds the demonstration region.
pub(crate) fn loaded() -> CatalogueEngine {
    let mut engine = CatalogueEngine::default();
    load_catalogue(&mut engine, &catalogue());
    load_roads(&mut engine, &roads());
    engine
}

pub(crate) fn give_catalogue(planner: &mut PlannerEngine, catalogue: &Catalogue) {
    let bytes = Some(file::encode(catalogue));
    let answer = only(planner.handle(ToPlanner::LoadCatalogue, bytes));
    assert_eq!(answer, FromPlanner::CatalogueLoaded);
}

pub(crate) fn give_roads(planner: &mut PlannerEngine, roads: &RoadNetwork) {
    let answer = only(planner.handle(ToPlanner::LoadRoads, Some(roads.encode())));
    assert_eq!(answer, FromPlanner::RoadsLoaded);
}

pub(crate) fn give_cars(planner: &mut PlannerEngine) {
    let answer = only(planner.handle(ToPlanner::LoadCars, Some(cars())));
    assert!(
        matches!(answer, FromPlanner::CarsLoaded { .. }),
        "{answer:?}"
    );
}

/// A planner that holds the demonstration region and all cars.
pub(crate) fn ready_planner() -> PlannerEngine {
    let mut planner = PlannerEngine::default();
    give_catalogue(&mut planner, &catalogue());
    give_roads(&mut planner, &roads());
    give_cars(&mut planner);
    planner
}

/// The one answer, without payload.
pub(crate) fn only<A: Debug>(mut answers: Vec<Outgoing<A>>) -> A {
    assert_eq!(answers.len(), 1, "{answers:?}");
    let (message, payload) = answers.remove(0);
    assert_eq!(payload, None);
    message
}

/// Answers that can be an error.
pub(crate) trait Refusal: Debug {
    /// The error, or the answer that is none.
    fn refusal(self) -> Result<WorkerError, Self>
    where
        Self: Sized;
}

impl Refusal for FromCatalogue {
    fn refusal(self) -> Result<WorkerError, Self> {
        match self {
            Self::Failed(error) => Ok(error),
            other => Err(other),
        }
    }
}

impl Refusal for FromPlanner {
    fn refusal(self) -> Result<WorkerError, Self> {
        match self {
            Self::Failed(error) => Ok(error),
            other => Err(other),
        }
    }
}

/// The one answer, an error.
pub(crate) fn refused<A: Refusal>(answers: Vec<Outgoing<A>>) -> WorkerError {
    match only(answers).refusal() {
        Ok(error) => error,
        Err(other) => panic!("{other:?}"),
    }
}

/// Asserts an error of this code whose words hold all of `words`.
pub(crate) fn check_refused<A: Refusal>(
    answers: Vec<Outgoing<A>>,
    code: WorkerErrorCode,
    words: &[&str],
) {
    let error = refused(answers);
    assert_eq!(error.code, code, "{error}");
    for word in words {
        assert!(error.detail.contains(word), "no {word:?} in {error}");
    }
}

/// Nanjing to Shanghai at 40 %.
pub(crate) fn request() -> TripRequest {
    TripRequest {
        departure_soc: Soc::new(0.4).unwrap(),
        ..TripRequest::new(NANJING, SHANGHAI)
    }
}

pub(crate) fn plan(id: u32, request: TripRequest) -> ToPlanner {
    ToPlanner::Plan {
        id,
        car: CarChoice::Known(CAR.to_owned()),
        request,
        assumptions: Assumptions::default(),
        now: NOW,
    }
}

/// Works until nothing is left and gives all that was said.
pub(crate) fn work_to_the_end(engine: &mut PlannerEngine, budget: u32) -> Vec<FromPlanner> {
    let mut said = Vec::new();
    for _ in 0..10_000_000 {
        if !engine.has_work() {
            return said;
        }
        said.extend(engine.work(budget).into_iter().map(|(message, payload)| {
            assert_eq!(payload, None);
            message
        }));
    }
    panic!("the plan does not end");
}
