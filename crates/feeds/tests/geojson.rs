//! GeoJSON, row by row: what is kept, what is dropped and what is said about it.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::needless_pass_by_value,
    reason = "tests: a helper that fails is a test that fails; rows are written where they are used"
)]

use chongtu_feeds::finding::code;
use chongtu_feeds::options::{ImportOptions, Mapping, MappingFile, ShanghaiOnly};
use chongtu_feeds::{DatumChoice, ImportError, Imported, Severity, import_geojson, merge};
use chongtu_model::datum::Gcj02;
use chongtu_model::hours::OpeningHours;
use chongtu_model::provenance::{Datum, LocalText, Source};
use chongtu_model::{ConnectorStandard, LatLng, SourceId, Status};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn options() -> ImportOptions<'static> {
    ImportOptions {
        source: Source {
            id: SourceId::new("test"),
            name: LocalText::plain("Test"),
            licence: None,
            attribution: None,
            datum: Datum::Wgs84,
            stale_after_s: None,
            demonstration: false,
        },
        datum: DatumChoice::Auto,
        mapping: Mapping::default(),
        default_zone: None,
        zones: &ShanghaiOnly,
        assume_connector: None,
        assume_power_kw: None,
    }
}

fn feature(coordinates: Value, properties: Value) -> Value {
    json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": coordinates}, "properties": properties})
}

fn import_with(features: Vec<Value>, options: &ImportOptions<'_>) -> Imported {
    let document = json!({"type": "FeatureCollection", "features": features});
    import_geojson(document.to_string().as_bytes(), options).unwrap()
}

fn import(features: Vec<Value>) -> Imported {
    import_with(features, &options())
}

fn nanjing() -> Value {
    json!([118.7969, 32.0603])
}

#[test]
fn a_full_row() {
    let out = import(vec![feature(
        nanjing(),
        json!({"id": 7, "name": "Xinjiekou", "name_en": "New Street", "operator": "Star, Inc.", "address": "1 Road", "city": "nanjing",
               "power_kw": 60.5, "connector": "GBT_DC;CHAdeMO", "stalls": 3, "opening_hours": "24/7", "status": "charging",
               "time_zone": "Asia/Shanghai"}),
    )]);
    let [location] = out.catalogue.locations.as_slice() else {
        panic!("{out:?}")
    };
    assert_eq!(location.id.as_str(), "x-test-7");
    assert_eq!(location.name, LocalText::both("Xinjiekou", "New Street"));
    assert_eq!(
        out.catalogue.operator_of(location).unwrap().id.as_str(),
        "star-inc."
    );
    assert_eq!(
        out.catalogue.zone_of(location).unwrap().name,
        "Asia/Shanghai"
    );
    assert_eq!(location.opening_hours, Some(OpeningHours::TwentyFourSeven));
    assert_eq!(
        location.position,
        LatLng {
            lat: 32.0603,
            lng: 118.7969
        }
    );
    assert_eq!(location.raw_position, None);
    assert_eq!(location.kind, None, "not said, so not known");
    let uids: Vec<_> = location.evses.iter().map(|e| e.uid.as_str()).collect();
    assert_eq!(uids, ["1", "2", "3"]);
    for evse in &location.evses {
        assert_eq!(evse.status, Status::Charging);
        let standards: Vec<_> = evse.connectors.iter().map(|c| c.standard).collect();
        assert_eq!(
            standards,
            [
                Some(ConnectorStandard::GbtDc),
                Some(ConnectorStandard::Chademo)
            ]
        );
        assert!(
            evse.connectors
                .iter()
                .all(|c| c.power_w == Some(60_500) && !c.power_assumed && !c.standard_assumed)
        );
    }
    assert_eq!(out.findings, []);
    assert_eq!(
        (out.counts.records, out.counts.locations, out.counts.evses),
        (1, 1, 3)
    );
}

/// One bad row between two good ones: the good ones stay, the bad one is named.
#[track_caller]
fn check_dropped(bad: Value, expected: &str) {
    let good = |id| feature(nanjing(), json!({"id": id, "name": "ok"}));
    let out = import(vec![good(1), bad, good(2)]);
    assert_eq!(out.counts.locations, 2);
    assert_eq!(out.counts.dropped_by_code, BTreeMap::from([(expected, 1)]));
    let found: Vec<_> = out
        .findings
        .iter()
        .map(|f| (f.severity, f.code, f.row))
        .collect();
    assert_eq!(found, [(Severity::Error, expected, Some(2))]);
}

#[test]
fn bad_positions_are_dropped_and_named() {
    let at = |coordinates| feature(coordinates, json!({"id": "x", "name": "x"}));
    check_dropped(at(json!([31.9, 118.7])), code::POSITION_SWAPPED);
    check_dropped(at(json!([181, 10])), code::POSITION_OUT_OF_RANGE);
    check_dropped(at(json!([200, 100])), code::POSITION_OUT_OF_RANGE);
    check_dropped(at(json!([0, 0])), code::POSITION_ZERO);
    check_dropped(at(json!(["118.8", "32.0"])), code::POSITION_UNREADABLE);
    check_dropped(at(json!([118.8])), code::POSITION_UNREADABLE);
    check_dropped(at(Value::Null), code::POSITION_UNREADABLE);
    check_dropped(
        json!({"type": "Feature", "geometry": null, "properties": {"id": 3}}),
        code::POSITION_MISSING,
    );
    check_dropped(
        json!({"type": "Feature", "properties": {"id": 3}}),
        code::POSITION_MISSING,
    );
    check_dropped(
        json!({"type": "Feature", "geometry": 5, "properties": {}}),
        code::POSITION_UNREADABLE,
    );
    check_dropped(
        json!({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 1]]]}, "properties": {}}),
        code::GEOMETRY_NOT_POINT,
    );
    check_dropped(
        json!({"type": "Point", "coordinates": [1, 2]}),
        code::NOT_A_FEATURE,
    );
    check_dropped(json!("text"), code::NOT_A_FEATURE);
}

#[test]
fn bad_values_become_unknown() {
    #[track_caller]
    fn check(property: &str, value: Value, expected: Option<&str>) -> Imported {
        let out = import(vec![feature(
            nanjing(),
            json!({"id": 1, "name": "x", property: value}),
        )]);
        let codes: Vec<_> = out.findings.iter().map(|f| f.code).collect();
        assert_eq!(codes, expected.into_iter().collect::<Vec<_>>());
        assert_eq!(out.counts.locations, 1);
        out
    }
    for (value, expected) in [
        (json!(-5), Some(code::POWER_OUT_OF_RANGE)),
        (json!(120_000), Some(code::POWER_OUT_OF_RANGE)),
        (json!(0), Some(code::POWER_ZERO)),
        (json!("fast"), Some(code::POWER_UNREADABLE)),
        (Value::Null, None),
    ] {
        let out = check("power_kw", value, expected);
        assert_eq!(out.catalogue.locations[0].max_power_w(), None);
        assert_eq!(out.counts.power_unknown, 1);
    }
    for value in [json!(0), json!(-1), json!(5000), json!(1.5), json!("few")] {
        let out = check("stalls", value, Some(code::STALLS_OUT_OF_RANGE));
        assert_eq!((out.counts.evses, out.counts.stalls_unknown), (1, 1));
    }
    let out = check(
        "connector",
        json!("banana"),
        Some(code::CONNECTOR_UNRECOGNISED),
    );
    assert_eq!(out.counts.connector_unknown, 1);
    check(
        "opening_hours",
        json!("by appointment"),
        Some(code::OPENING_HOURS_UNREADABLE),
    );
    check("status", json!("WORKING"), Some(code::STATUS_UNRECOGNISED));
    check(
        "time_zone",
        json!("Mars/Olympus"),
        Some(code::TIME_ZONE_UNKNOWN),
    );
    check("operator", json!({"name": "x"}), Some(code::TEXT_EXPECTED));
    let out = check("capacity", json!("4"), None);
    assert_eq!(out.counts.evses, 4);
    let out = check("standard", json!(["GBT_DC", "GBT_AC", "GBT_DC"]), None);
    assert_eq!(out.catalogue.locations[0].evses[0].connectors.len(), 2);
}

#[test]
fn ids_are_derived_and_stay_the_same() {
    let row = |lat: f64, name: &str| feature(json!([118.8, lat]), json!({"name": name}));
    let one = import(vec![row(32.0, "A"), row(32.1, "B")]);
    let other = import(vec![row(32.1, "B"), row(32.0, "A"), row(31.0, "C")]);
    let ids = |x: &Imported| {
        x.catalogue
            .locations
            .iter()
            .map(|l| l.id.clone())
            .collect::<BTreeSet<_>>()
    };
    assert!(ids(&one).is_subset(&ids(&other)));
    assert_eq!(one.summary(), BTreeMap::from([(code::ID_DERIVED, 2)]));
    assert!(
        ids(&one)
            .iter()
            .all(|id| id.as_str().starts_with("x-test-auto-"))
    );
    // GeoJSON's own id is taken before one is derived.
    let mut with_id = row(32.0, "A");
    with_id["id"] = json!("F1");
    assert_eq!(
        import(vec![with_id]).catalogue.locations[0].id.as_str(),
        "x-test-f1"
    );
}

#[test]
fn repeats_are_dropped_and_counted() {
    let a = feature(nanjing(), json!({"id": "a", "name": "A", "stalls": 2}));
    let other_a = feature(
        nanjing(),
        json!({"id": "A", "name": "another", "stalls": 9}),
    );
    let bare = feature(nanjing(), json!({"name": "A"}));
    let bare_with_more = feature(nanjing(), json!({"name": "A", "address": "elsewhere"}));
    let out = import(vec![
        a.clone(),
        a,
        other_a,
        bare.clone(),
        bare_with_more.clone(),
        bare,
        bare_with_more,
    ]);
    assert_eq!(
        out.counts.dropped_by_code,
        BTreeMap::from([(code::RECORD_REPEATED, 3), (code::ID_REPEATED, 1)])
    );
    assert_eq!(
        out.counts.locations, 3,
        "A, and two sites of one name and place that differ"
    );
    assert_eq!(
        out.counts.records,
        out.counts.locations + out.counts.dropped()
    );
    assert_eq!(out.counts.evses, 4);
}

#[test]
fn unnamed_sites_are_kept() {
    let out = import(vec![
        feature(nanjing(), json!({"id": 1, "address": "5 Long Road"})),
        feature(json!([118.0, 32.0]), json!({"id": 2})),
        json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [118.1, 32.0]}, "properties": null}),
    ]);
    let names: Vec<_> = out
        .catalogue
        .locations
        .iter()
        .map(|l| l.name.text.as_str())
        .collect();
    assert_eq!(names[..2], ["5 Long Road", "x-test-2"]);
    assert_eq!(out.summary()[code::NAME_MISSING], 3);
}

#[test]
fn assumptions_fill_only_what_is_unknown_and_are_marked() {
    use ConnectorStandard as S;
    let options = ImportOptions {
        assume_connector: Some(ConnectorStandard::GbtDc),
        assume_power_kw: Some(60.0),
        ..options()
    };
    let out = import_with(
        vec![
            feature(nanjing(), json!({"id": 1, "name": "x"})),
            feature(nanjing(), json!({"id": 2, "name": "x", "power_kw": 120})),
            feature(
                nanjing(),
                json!({"id": 3, "name": "x", "connector": "GBT_AC"}),
            ),
        ],
        &options,
    );
    let connectors: Vec<_> = out
        .catalogue
        .locations
        .iter()
        .map(|l| {
            let c = &l.evses[0].connectors[0];
            (
                c.standard.unwrap(),
                c.standard_assumed,
                c.power_w.unwrap(),
                c.power_assumed,
            )
        })
        .collect();
    assert_eq!(
        connectors,
        [
            (S::GbtDc, true, 60_000, true),
            (S::GbtDc, true, 120_000, false),
            (S::GbtAc, false, 60_000, true)
        ]
    );
    assert_eq!(
        (out.counts.power_unknown, out.counts.connector_unknown),
        (2, 2)
    );
    assert_eq!(
        (out.counts.power_assumed, out.counts.connector_assumed),
        (2, 2)
    );
}

#[test]
fn shifted_datums_come_back_and_keep_the_raw_position() {
    let there = LatLng {
        lat: 32.0603,
        lng: 118.7969,
    };
    let gcj = Gcj02::from(there);
    assert!(
        there.distance_m(LatLng {
            lat: gcj.lat,
            lng: gcj.lng
        }) > 300.0,
        "the shift is real"
    );
    let options = ImportOptions {
        datum: DatumChoice::Given(Datum::Gcj02),
        ..options()
    };
    // What a row says about its own datum is informational: the file was converted as a whole.
    let row = feature(
        json!([gcj.lng, gcj.lat]),
        json!({"id": 1, "name": "x", "src_datum": "BD-09"}),
    );
    let out = import_with(vec![row], &options);
    let location = &out.catalogue.locations[0];
    assert!(location.position.distance_m(there) < 0.2);
    assert_eq!(location.raw_position, Some((gcj.lat, gcj.lng)));
    assert_eq!(out.catalogue.sources[0].datum, Datum::Gcj02);
}

#[test]
fn mapping_renames_properties() {
    let mapping =
        MappingFile::parse("[fields]\nname = \"naam\"\npower_kw = [\"p1\", \"p2\"]\n").unwrap();
    let options = ImportOptions {
        mapping: mapping.fields,
        ..options()
    };
    let out = import_with(
        vec![feature(
            nanjing(),
            json!({"id": 1, "naam": "Oude Haven", "p1": null, "p2": 50}),
        )],
        &options,
    );
    let location = &out.catalogue.locations[0];
    assert_eq!(
        (location.name.text.as_str(), location.max_power_w()),
        ("Oude Haven", Some(50_000))
    );
}

#[test]
fn zones_follow_the_position() {
    let at = |id, lng: f64, lat: f64| feature(json!([lng, lat]), json!({"id": id, "name": "x"}));
    let out = import(vec![
        at(1, 118.8, 32.0),
        at(2, 13.4, 52.5),
        at(3, 114.17, 22.30),
    ]);
    let zones: Vec<_> = out.catalogue.locations.iter().map(|l| l.zone).collect();
    assert_eq!(
        zones,
        [Some(0), None, None],
        "Berlin and Hong Kong are not guessed"
    );
}

#[test]
fn what_is_not_geojson_gets_one_clear_error() {
    #[track_caller]
    fn check(bytes: &[u8], code: &str, part: &str) {
        let error = import_geojson(bytes, &options()).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
    check(b"", "file_empty", "empty");
    check(
        b"{\"type\":\"FeatureCollection\",\n\"features\":[{\"type\":",
        "json_truncated",
        "line 2",
    );
    check(
        b"{\"type\":\"FeatureCollection\",\"features\":[{]}",
        "json_invalid",
        "line 1",
    );
    check(
        b"{\"type\":\"FeatureCollection\"}",
        "json_not_geojson",
        "features",
    );
    check(
        b"{\"type\":\"FeatureCollection\",\"features\":5}",
        "json_not_geojson",
        "no list",
    );
    check(b"{\"type\":\"Topology\"}", "json_not_geojson", "Topology");
    check(b"{\"a\":1}", "json_not_geojson", "no `type`");
    check(b"[]", "json_not_geojson", "list");
    check(b"<html><body>404", "file_foreign", "web page");
    check(b"{\"nodes\":[],\"edges\":[]}", "file_foreign", "road graph");
    check("[".repeat(100_000).as_bytes(), "json_not_geojson", "list");
    let deep = format!("{{\"type\":\"Feature\",\"x\":{}", "[".repeat(100_000));
    check(deep.as_bytes(), "json_invalid", "recursion");
}

#[test]
fn merging_keeps_sources_apart() {
    let named = |id: &str, power: u32| {
        let options = ImportOptions {
            source: Source {
                id: SourceId::new(id),
                ..options().source
            },
            ..options()
        };
        import_with(
            vec![
                feature(
                    nanjing(),
                    json!({"id": 1, "name": id, "operator": "Shared", "power_kw": power}),
                ),
                feature(
                    nanjing(),
                    json!({"id": 2, "name": id, "operator": id, "power_kw": power}),
                ),
            ],
            &options,
        )
    };
    let out = merge(vec![named("b", 50), named("a", 60), named("b", 70)]);
    let seen: Vec<_> = out
        .catalogue
        .locations
        .iter()
        .map(|l| {
            let operator = out.catalogue.operator_of(l).unwrap();
            (
                l.id.as_str(),
                out.catalogue.source_of(l).unwrap().id.as_str(),
                operator.name.text.as_str(),
                l.max_power_w().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("x-a-1", "a", "Shared", 60_000),
            ("x-a-2", "a", "a", 60_000),
            ("x-b-1", "b", "Shared", 50_000),
            ("x-b-2", "b", "b", 50_000)
        ]
    );
    assert_eq!(
        out.counts.dropped_by_code,
        BTreeMap::from([(code::ID_REPEATED, 2)])
    );
    assert_eq!(
        (out.counts.records, out.counts.locations, out.counts.evses),
        (6, 4, 4)
    );
    assert_eq!(out.catalogue.operators.len(), 3);
}

/// Counts straight from the raw JSON, without the importer's code.
fn raw_counts(path: &str) -> Option<(Imported, BTreeMap<&'static str, usize>)> {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    if !std::path::Path::new(data).exists() {
        assert!(
            std::env::var_os("CI").is_none_or(|v| v != "true"),
            "shared data is absent"
        );
        println!("skipped: no ../shared/data");
        return None;
    }
    let bytes = std::fs::read(format!("{data}/locations/{path}")).unwrap();
    let root: Value = serde_json::from_slice(&bytes).unwrap();
    let features = root["features"].as_array().unwrap();
    let distinct: BTreeSet<String> = features.iter().map(Value::to_string).collect();
    let count = |test: &dyn Fn(&Value) -> bool| {
        distinct
            .iter()
            .filter(|f| test(&serde_json::from_str::<Value>(f).unwrap()["properties"]))
            .count()
    };
    let counts = BTreeMap::from([
        ("records", features.len()),
        ("distinct", distinct.len()),
        ("no_id", count(&|p| p["id"].is_null())),
        ("no_power", count(&|p| p["power_kw"].is_null())),
        ("zero_power", count(&|p| p["power_kw"] == 0)),
        ("no_stalls", count(&|p| p["stalls"].is_null())),
        ("stalls", count(&|p| !p["stalls"].is_null())),
    ]);
    Some((import_geojson(&bytes, &options()).unwrap(), counts))
}

#[test]
fn real_sites_are_all_accounted_for() {
    // Rows, rows with stalls, rows without power (data/README.md of the shared folder).
    for (path, rows, superchargers, without_power) in [
        ("yangtze_delta_chargers_wgs84.geojson", 665, 255, 410),
        ("china_chargers_wgs84.geojson", 1254, 842, 412),
    ] {
        let Some((out, raw)) = raw_counts(path) else {
            return;
        };
        assert_eq!(raw["records"], rows);
        assert_eq!(superchargers + without_power, rows);
        let counts = &out.counts;
        assert_eq!(counts.records as usize, rows);
        // Stations of the second origin stand there once for every road that passes them.
        assert_eq!(counts.locations as usize, raw["distinct"]);
        assert_eq!(
            counts.dropped_by_code,
            BTreeMap::from([(code::RECORD_REPEATED, (rows - raw["distinct"]) as u32)])
        );
        assert_eq!(raw["stalls"], superchargers);
        assert_eq!(counts.stalls_unknown as usize, raw["no_stalls"]);
        assert_eq!(
            counts.power_unknown as usize,
            raw["no_power"] + raw["zero_power"]
        );
        assert_eq!(counts.connector_unknown, counts.locations);
        let summary = out.summary();
        assert_eq!(summary[code::ID_DERIVED] as usize, raw["no_id"]);
        assert_eq!(summary[code::POWER_ZERO] as usize, raw["zero_power"]);
        assert!(
            out.catalogue
                .locations
                .windows(2)
                .all(|w| w[0].id < w[1].id)
        );
        assert!(
            out.catalogue
                .locations
                .iter()
                .all(|l| LatLng::from_e6(l.position.to_e6()) == Ok(l.position))
        );
    }
}

proptest! {
    #[test]
    fn never_panics_and_accounts_for_every_row(rows in prop::collection::vec(any_feature(), 0..12)) {
        let n = rows.len() as u32;
        let out = import(rows);
        prop_assert_eq!(out.counts.records, n);
        prop_assert_eq!(out.counts.locations + out.counts.dropped(), n);
        prop_assert_eq!(out.catalogue.locations.len() as u32, out.counts.locations);
        let errors = out.findings.iter().filter(|f| f.severity == Severity::Error).count() as u32;
        prop_assert_eq!(errors, out.counts.dropped());
    }

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = import_geojson(&bytes, &options());
    }

    #[test]
    fn cut_anywhere_is_an_error(cut in 1_usize..150) {
        let document = json!({"type": "FeatureCollection", "features": [feature(nanjing(), json!({"id": 1, "name": "x"}))]}).to_string();
        prop_assume!(cut < document.len());
        let is_error = matches!(
            import_geojson(&document.as_bytes()[..cut], &options()),
            Err(ImportError::Truncated { .. })
        );
        prop_assert!(is_error);
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-300_i32..300).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-zGBT_DC0-9 ;:-]{0,12}".prop_map(Value::from),
        Just(json!([118.0, 32.0])),
        Just(json!({"a": [1, "b"]})),
    ]
}

fn any_feature() -> impl Strategy<Value = Value> {
    let names = [
        "id",
        "name",
        "operator",
        "address",
        "power_kw",
        "connector",
        "stalls",
        "status",
        "opening_hours",
        "time_zone",
    ];
    let properties =
        prop::collection::btree_map(prop::sample::select(names.to_vec()), any_value(), 0..8);
    (any_value(), properties, any_value()).prop_map(|(coordinates, properties, odd)| {
        let coordinates = if odd.is_null() {
            json!([118.0, 32.0])
        } else {
            coordinates
        };
        feature(coordinates, json!(properties))
    })
}
