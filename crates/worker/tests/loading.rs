//! Files and messages that are as they should be, and those that are not.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests may")]

mod common;

use chongtu_model::hours::OpeningHours;
use chongtu_model::index::{ListSort, MapQuery};
use chongtu_model::{BoundingBox, Filter, LocationId, Vehicle, file};
use chongtu_worker::catalogue::{FromCatalogue, LocationQuestion, ToCatalogue};
use chongtu_worker::engine::{CatalogueEngine, Engine, PlannerEngine};
use chongtu_worker::planner::{FromPlanner, ToPlanner};
use chongtu_worker::{SCHEMA, WorkerErrorCode, build_id};
use common::{
    NOW, catalogue, check_refused, give_catalogue, give_roads, load_catalogue, load_roads, loaded,
    only, plan, ready_planner, refused, request, roads,
};

fn map_query() -> MapQuery {
    MapQuery {
        bounds: BoundingBox::WORLD,
        zoom: 8.0,
        filter: Filter::default(),
        now: NOW,
        center: None,
        list_offset: 0,
        list_limit: 20,
        sort: ListSort::Distance,
        selected: None,
        facets: true,
    }
}

fn location(id: &str) -> ToCatalogue {
    ToCatalogue::Location {
        id: 3,
        question: LocationQuestion {
            location: LocationId::new(id),
            now: NOW,
            fits: Vec::new(),
        },
    }
}

#[test]
fn questions_before_their_data_are_refused_by_number() {
    let map = || ToCatalogue::Map {
        id: 3,
        query: Box::new(map_query()),
    };
    let suggest = || ToCatalogue::Suggest {
        id: 3,
        text: "n".into(),
        limit: 5,
        near: None,
    };
    let base_map = || ToCatalogue::BaseMap { id: 3 };
    let not_loaded = |engine: &mut CatalogueEngine, message: ToCatalogue, what: &str| {
        let error = refused(engine.handle(message, None));
        let (code, id) = (error.code, error.id);
        assert_eq!((code, id), (WorkerErrorCode::NotLoaded, Some(3)));
        assert!(error.detail.contains(what), "{error}");
        assert!(!engine.has_work());
    };
    let mut engine = CatalogueEngine::default();
    for (message, what) in [
        (map(), "locations"),
        (location("x"), "locations"),
        (suggest(), "locations or roads"),
        (base_map(), "roads"),
    ] {
        not_loaded(&mut engine, message, what);
    }
    load_catalogue(&mut engine, &catalogue());
    not_loaded(&mut engine, base_map(), "roads");

    let mut engine = CatalogueEngine::default();
    load_roads(&mut engine, &roads());
    not_loaded(&mut engine, map(), "locations");
    // Either of the two is enough to suggest from.
    assert!(matches!(
        only(engine.handle(suggest(), None)),
        FromCatalogue::Suggest { id: 3, .. }
    ));
}

#[test]
fn a_plan_before_its_data_is_refused_by_number() {
    let not_loaded = |planner: &mut PlannerEngine, what: &str| {
        let error = refused(planner.handle(plan(3, request()), None));
        let (code, id) = (error.code, error.id);
        assert_eq!((code, id), (WorkerErrorCode::NotLoaded, Some(3)));
        assert!(error.detail.contains(what), "{error}");
        assert!(!planner.has_work());
    };
    let mut planner = PlannerEngine::default();
    not_loaded(&mut planner, "locations");
    give_catalogue(&mut planner, &catalogue());
    not_loaded(&mut planner, "roads");

    let mut planner = PlannerEngine::default();
    give_roads(&mut planner, &roads());
    not_loaded(&mut planner, "locations");
    give_catalogue(&mut planner, &catalogue());
    check_refused(
        planner.handle(plan(3, request()), None),
        WorkerErrorCode::BadCar,
        &[common::CAR],
    );
}

#[test]
fn summaries_say_what_is_in_the_files() {
    let (catalogue, roads) = (catalogue(), roads());
    let mut engine = CatalogueEngine::default();
    let message = ToCatalogue::LoadCatalogue;
    let FromCatalogue::CatalogueLoaded(summary) =
        only(engine.handle(message, Some(file::encode(&catalogue))))
    else {
        panic!()
    };
    assert_eq!(summary.n_locations as usize, catalogue.locations.len());
    let evses = || catalogue.locations.iter().flat_map(|l| &l.evses);
    assert_eq!(summary.n_evses as usize, evses().count());
    assert_eq!(summary.operators, catalogue.operators);
    assert_eq!(summary.sources, catalogue.sources);
    let standards = || evses().flat_map(|e| &e.connectors).map(|c| c.standard);
    assert!(!summary.standards.is_empty());
    for pair in summary.standards.windows(2) {
        assert!(pair[0] < pair[1]);
    }
    for standard in &summary.standards {
        assert!(standards().any(|s| s == Some(*standard)));
    }
    for standard in standards().flatten() {
        assert!(summary.standards.contains(&standard));
    }
    for location in &catalogue.locations {
        assert!(summary.bounds.unwrap().contains(location.position));
        assert!(location.kind.is_none_or(|k| summary.kinds.contains(&k)));
    }

    let FromCatalogue::RoadsLoaded(summary) =
        only(engine.handle(ToCatalogue::LoadRoads, Some(roads.encode())))
    else {
        panic!()
    };
    assert_eq!(summary.n_nodes as usize, roads.n_nodes());
    assert_eq!(summary.n_edges as usize, roads.n_edges());
    assert_eq!(summary.places, roads.places());
    assert_eq!(summary.road_names, roads.road_names());
    assert_eq!(summary.bounds, roads.bounding_box());
    assert_eq!(&summary.name, roads.name());
}

#[test]
fn damaged_files_are_refused_and_change_nothing() {
    let mut engine = loaded();
    let map = |engine: &mut CatalogueEngine| {
        let query = Box::new(map_query());
        only(engine.handle(ToCatalogue::Map { id: 1, query }, None))
    };
    let before = map(&mut engine);
    let base_map = engine.handle(ToCatalogue::BaseMap { id: 1 }, None);

    let load = || ToCatalogue::LoadCatalogue;
    for bytes in damaged(&file::encode(&catalogue())) {
        let answers = engine.handle(load(), Some(bytes));
        check_refused(answers, WorkerErrorCode::BadLocations, &[]);
    }
    for bytes in damaged(&roads().encode()) {
        let answers = engine.handle(ToCatalogue::LoadRoads, Some(bytes));
        check_refused(answers, WorkerErrorCode::BadRoads, &[]);
    }
    // Each file in the place of the other.
    let answers = engine.handle(load(), Some(roads().encode()));
    check_refused(answers, WorkerErrorCode::BadLocations, &[]);
    let answers = engine.handle(ToCatalogue::LoadRoads, Some(file::encode(&catalogue())));
    check_refused(answers, WorkerErrorCode::BadRoads, &[]);
    for message in [load(), ToCatalogue::LoadRoads] {
        let answers = engine.handle(message, None);
        check_refused(answers, WorkerErrorCode::BadMessage, &["payload"]);
    }
    assert_eq!(map(&mut engine), before);
    let after = engine.handle(ToCatalogue::BaseMap { id: 1 }, None);
    assert_eq!(after, base_map);
}

#[test]
fn a_planner_refuses_damaged_files_and_keeps_what_it_has() {
    let mut planner = ready_planner();
    for bytes in damaged(&file::encode(&catalogue())) {
        let answers = planner.handle(ToPlanner::LoadCatalogue, Some(bytes));
        check_refused(answers, WorkerErrorCode::BadLocations, &[]);
    }
    for bytes in damaged(&roads().encode()) {
        let answers = planner.handle(ToPlanner::LoadRoads, Some(bytes));
        check_refused(answers, WorkerErrorCode::BadRoads, &[]);
    }
    let all = [
        ToPlanner::LoadCatalogue,
        ToPlanner::LoadRoads,
        ToPlanner::LoadCars,
    ];
    for message in all {
        let answers = planner.handle(message, None);
        check_refused(answers, WorkerErrorCode::BadMessage, &["payload"]);
    }
    assert_eq!(planner.handle(plan(1, request()), None), []);
    assert!(planner.has_work());
}

/// One bit wrong, half of it missing, nothing at all, and another file altogether.
fn damaged(good: &[u8]) -> [Vec<u8>; 4] {
    let mut flipped = good.to_vec();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    [
        flipped,
        good[..good.len() / 2].to_vec(),
        Vec::new(),
        b"{\"type\":\"FeatureCollection\"}".to_vec(),
    ]
}

#[test]
fn a_stale_app_is_told() {
    let mut engine = CatalogueEngine::default();
    let mut planner = PlannerEngine::default();
    for (schema, build) in [
        (SCHEMA, build_id()),
        (SCHEMA + 1, build_id()),
        (SCHEMA, "another"),
    ] {
        let build = build.to_owned();
        let to_catalogue = ToCatalogue::Hello {
            schema,
            build: build.clone(),
        };
        let to_planner = ToPlanner::Hello {
            schema,
            build: build.clone(),
        };
        let answers = (
            engine.handle(to_catalogue, None),
            planner.handle(to_planner, None),
        );
        if (schema, build.as_str()) == (SCHEMA, build_id()) {
            assert_eq!(answers, (vec![], vec![]));
            continue;
        }
        let schema = schema.to_string();
        let words = ["schema", &schema, &build, "reload"];
        check_refused(answers.0, WorkerErrorCode::BadMessage, &words);
        check_refused(answers.1, WorkerErrorCode::BadMessage, &words);
    }
}

#[test]
fn cars_by_name_with_their_range() {
    let mut engine = PlannerEngine::default();
    let FromPlanner::CarsLoaded { cars } =
        only(engine.handle(ToPlanner::LoadCars, Some(common::cars())))
    else {
        panic!()
    };
    let files: Vec<Vehicle> = serde_json::from_slice(&common::cars()).unwrap();
    assert_eq!(cars.len(), files.len());
    let name = |id: &str| {
        let file = files.iter().find(|f| f.id.as_deref() == Some(id)).unwrap();
        file.name.clone()
    };
    let names: Vec<String> = cars.iter().map(|c| name(&c.id)).collect();
    assert!(names.is_sorted(), "{names:?}");

    // By hand: 100 kWh at 190 Wh/km (half way from 180 to 200) and 1.1 kW over 1/110 h
    // (10 Wh) go 500 km.
    let car = r#"[{"id":"x","name":"X","name_zh":"某","usable_battery_kwh":100,
        "consumption":{"speed_table":{"points":[[100,180],[120,200]]}},
        "charge_curve":{"points":[[0,90],[0.4,150],[0.8,30]]},"auxiliary_kw":1.1}]"#;
    let FromPlanner::CarsLoaded { cars } =
        only(engine.handle(ToPlanner::LoadCars, Some(car.as_bytes().to_vec())))
    else {
        panic!()
    };
    assert!((cars[0].range_110_m - 500_000.0).abs() < 1e-6);
    assert_eq!(cars[0].max_power_kw, 150.0);
    assert_eq!(
        (cars[0].name.get(false), cars[0].name.get(true)),
        ("某", "X")
    );
}

#[test]
fn a_bad_car_is_named_and_changes_nothing() {
    let mut engine = ready_planner();
    let car = |id: &str, battery: &str, more: &str| {
        format!(
            r#"{{{id}"name":"N","usable_battery_kwh":{battery},
            "consumption":{{"speed_table":{{"points":[[100,180]]}}}},
            "charge_curve":{{"points":[[0,90]]}}{more}}}"#
        )
    };
    let good = car(r#""id":"good","#, "60", "");
    let mut check = |list: String, words: &[&str]| {
        let answers = engine.handle(ToPlanner::LoadCars, Some(list.into_bytes()));
        check_refused(answers, WorkerErrorCode::BadCars, words);
    };
    let second = |car: String| format!("[{good},{car}]");
    check(
        second(car(r#""id":"b","#, "60", r#","colour":"red""#)),
        &["car 2 (b)", "colour"],
    );
    check(
        second(car(r#""id":"b","#, "\"60\"", "")),
        &["car 2 (b)", "expected f64"],
    );
    check(
        second(car(r#""id":"b","#, "-1", "")),
        &["car 2 (b)", "usable_battery_kwh"],
    );
    check(second(car("", "60", "")), &["car 2 (N)", "id"]);
    check(
        second(car(r#""id":"good","#, "60", "")),
        &["car 2 (good)", "id", "same"],
    );
    check(
        second(r#"{"id":"b","name":"B"}"#.into()),
        &["car 2 (b)", "usable_battery_kwh"],
    );
    check(second("7".into()), &["line"]);
    check(good.clone(), &["list of cars"]);
    check(format!("[{good}"), &["line"]);
    check(format!("[{good}] x"), &["line"]);
    check(String::new(), &["line"]);
    // Those of before are still there.
    assert_eq!(engine.handle(plan(1, request()), None), []);
}

#[test]
fn a_location_by_id_and_by_alias_with_what_it_points_to() {
    let mut catalogue = catalogue();
    let at = catalogue
        .locations
        .iter()
        .position(|l| matches!(l.opening_hours, Some(OpeningHours::Regular(_))))
        .unwrap();
    catalogue.locations[at].aliases = vec![LocationId::new("old-name")];
    let mut engine = CatalogueEngine::default();
    load_catalogue(&mut engine, &catalogue);
    let location_of =
        |engine: &mut CatalogueEngine, id: &str| match only(engine.handle(location(id), None)) {
            FromCatalogue::Location { id: 3, detail } => detail,
            other => panic!("{other:?}"),
        };
    for expected in &catalogue.locations {
        let detail = location_of(&mut engine, expected.id.as_str()).unwrap();
        assert_eq!(&detail.location, expected);
        assert_eq!(detail.operator.as_ref(), catalogue.operator_of(expected));
        assert_eq!(detail.source.as_ref(), catalogue.source_of(expected));
        assert_eq!(detail.weekday, Some(6));
        let stale = catalogue.stale_after_s(expected);
        assert_eq!(detail.counts, expected.status_counts(NOW, stale));
        assert_eq!(detail.groups, expected.connector_groups(NOW, stale));
        for connector in expected.evses.iter().flat_map(|e| &e.connectors) {
            if let Some(i) = connector.tariff {
                let tariff = &catalogue.tariffs[i as usize];
                let told: Vec<_> = detail.tariffs.iter().filter(|t| t.index == i).collect();
                assert_eq!(told.len(), 1);
                assert_eq!(told[0].currency, tariff.currency);
            }
        }
        let zone = catalogue.zone_of(expected).unwrap();
        let open = expected
            .opening_hours
            .as_ref()
            .map(|h| h.is_open_at(NOW, zone));
        assert_eq!(detail.open_now, open);
    }
    let by_alias = location_of(&mut engine, "OLD-name").unwrap();
    assert_eq!(by_alias.location, catalogue.locations[at]);
    assert_eq!(location_of(&mut engine, "nowhere"), None);

    // Hours without a zone say nothing; always open needs no zone.
    catalogue.locations[at].zone = None;
    let regular = catalogue.locations[at].id.clone();
    let always = catalogue
        .locations
        .iter()
        .position(|l| l.opening_hours == Some(OpeningHours::TwentyFourSeven))
        .unwrap();
    catalogue.locations[always].zone = None;
    let always = catalogue.locations[always].id.clone();
    load_catalogue(&mut engine, &catalogue);
    let detail = location_of(&mut engine, regular.as_str()).unwrap();
    assert_eq!((detail.open_now, detail.weekday), (None, None));
    let detail = location_of(&mut engine, always.as_str()).unwrap();
    assert_eq!((detail.open_now, detail.weekday), (Some(true), None));
}

#[test]
fn the_map_is_the_index_s_answer() {
    let catalogue = catalogue();
    let mut engine = CatalogueEngine::default();
    load_catalogue(&mut engine, &catalogue);
    let index = chongtu_model::index::LocationIndex::new(&catalogue);
    let mut n_pins = 0;
    for (i, zoom) in [3.0, 6.5, 9.0, 12.0, 16.0].into_iter().enumerate() {
        for free_now in [false, true] {
            let query = MapQuery {
                bounds: BoundingBox {
                    west: 118.0,
                    south: 31.5,
                    east: 119.0 + zoom / 10.0,
                    north: 32.5,
                },
                zoom,
                filter: Filter {
                    free_now,
                    ..Filter::default()
                },
                center: Some(common::NANJING),
                ..map_query()
            };
            let expected = index.query(&catalogue, &query);
            n_pins += expected.n_in_view;
            let id = i as u32;
            let query = Box::new(query);
            assert_eq!(
                only(engine.handle(ToCatalogue::Map { id, query }, None)),
                FromCatalogue::Map {
                    id,
                    answer: expected
                }
            );
        }
    }
    assert!(n_pins > 0);
    // Numbers that are none change nothing and stop nothing.
    for nan in [f64::NAN, f64::INFINITY] {
        let mut query = map_query();
        query.bounds.west = nan;
        query.zoom = nan;
        let query = Box::new(query);
        let answer = only(engine.handle(ToCatalogue::Map { id: 1, query }, None));
        assert!(matches!(answer, FromCatalogue::Map { id: 1, .. }));
    }
}

#[test]
fn the_base_map_is_json_with_every_edge() {
    let roads = roads();
    let mut engine = CatalogueEngine::default();
    load_roads(&mut engine, &roads);
    let mut answers = engine.handle(ToCatalogue::BaseMap { id: 9 }, None);
    let (message, payload) = answers.remove(0);
    assert_eq!(message, FromCatalogue::BaseMap { id: 9 });
    let json: serde_json::Value = serde_json::from_slice(&payload.unwrap()).unwrap();
    assert_eq!(json["type"], "FeatureCollection");
    let features = json["features"].as_array().unwrap();
    assert_eq!(features.len(), roads.n_edges());
    for (edge, feature) in roads.edges().zip(features) {
        assert_eq!(feature["properties"]["class"], roads.edge_class(edge));
        let sign = feature["properties"]["ref"].as_str().unwrap().to_owned();
        let refs = roads.edge_refs(edge);
        assert!(refs.contains(&sign) || refs.is_empty() && sign.is_empty());
        let shape = roads.edge_shape(edge);
        let line = feature["geometry"]["coordinates"].as_array().unwrap();
        assert_eq!(line.len(), shape.len());
        for (at, point) in shape.iter().zip(line) {
            let [lng, lat] = [0, 1].map(|i| point[i].as_f64().unwrap());
            assert!((lng - at.lng).abs() < 5.1e-6 && (lat - at.lat).abs() < 5.1e-6);
        }
    }
}
