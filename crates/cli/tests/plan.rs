//! `plan`: answers that add up, and refusals.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests: a helper that fails is a test that fails"
)]

mod common;

use common::{check_one_sentence, folder, program, project, run_args, run_command, shared};
use serde_json::{Value, json};
use std::fs;

const CAR: &str = "byd-dolphin-2023-60";

fn region<'a>(locations: &'a str, roads: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    [&["plan", "--locations", locations, "--roads", roads], rest].concat()
}

/// Every total of an answer is the sum of its parts, and no charge leaves its bounds.
#[track_caller]
fn check_adds_up(answer: &Value, usable_kwh: f64, reserve: f64, departure: f64) {
    let close = |a: f64, b: f64, what: &str| {
        assert!(
            (a - b).abs() < 1e-6 * (1.0 + b.abs()),
            "{what}: {a} and {b}"
        );
    };
    let n = |v: &Value, key: &str| v[key].as_f64().unwrap_or_else(|| panic!("{key} of {v}"));
    for it in answer["itineraries"].as_array().unwrap() {
        let (legs, stops) = (
            it["legs"].as_array().unwrap(),
            it["stops"].as_array().unwrap(),
        );
        assert_eq!(legs.len(), stops.len() + 1);
        let sum = |of: &[Value], key: &str| of.iter().map(|v| n(v, key)).sum::<f64>();
        close(n(it, "drive_s"), sum(legs, "duration_s"), "drive_s");
        close(n(it, "distance_m"), sum(legs, "distance_m"), "distance_m");
        close(n(it, "energy_kwh"), sum(legs, "energy_kwh"), "energy_kwh");
        for key in ["charge_s", "wait_s", "overhead_s"] {
            close(n(it, key), sum(stops, key), key);
        }
        close(
            n(it, "total_s"),
            ["drive_s", "charge_s", "wait_s", "overhead_s"]
                .iter()
                .map(|k| n(it, k))
                .sum(),
            "total_s",
        );
        let mut soc = departure;
        let mut at = "origin";
        for (leg, stop) in legs.iter().zip(stops.iter().map(Some).chain([None])) {
            assert_eq!(leg["from"], at);
            close(n(leg, "departure_soc"), soc, "departure_soc");
            soc -= n(leg, "energy_kwh") / usable_kwh;
            close(n(leg, "arrival_soc"), soc, "arrival_soc");
            assert!(soc >= reserve - 1e-9, "{soc} is below the reserve");
            match stop {
                None => assert_eq!(leg["to"], "destination"),
                Some(stop) => {
                    at = stop["location_id"].as_str().unwrap();
                    assert_eq!(leg["to"], at);
                    close(n(stop, "arrival_soc"), soc, "arrival at the stop");
                    soc += n(stop, "energy_kwh") / usable_kwh;
                    close(n(stop, "departure_soc"), soc, "departure from the stop");
                    assert!(soc <= 1.0 + 1e-9 && n(stop, "charge_s") > 0.0);
                }
            }
        }
        close(n(it, "arrival_soc"), soc, "arrival_soc");
    }
}

#[test]
fn nanjing_to_shanghai_with_a_stop() {
    let folder = folder("plan");
    let path = |name: &str| folder.join(name).display().to_string();
    let (sources, roads) = (
        project("data/yangtze/locations.toml"),
        project("data/yangtze/roads.toml"),
    );
    let (built, built_roads) = (path("y.locations"), path("y.roads"));
    assert_eq!(run_args(&["import", &sources, "--out", &built]).code, 0);
    assert_eq!(run_args(&["roads", &roads, "--out", &built_roads]).code, 0);
    let trip = [
        "--car",
        CAR,
        "--from",
        "Nanjing",
        "--to",
        "上海",
        "--departure-soc",
        "40",
        "--json",
    ];
    let run = run_args(&region(&built, &built_roads, &trip));
    assert_eq!(run.code, 0, "{}", run.words);
    let answer = run.json();
    assert_eq!(
        (&answer["schema"], &answer["status"]),
        (&json!(1), &json!("ok"))
    );
    assert!(
        !answer["itineraries"][0]["stops"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    check_adds_up(&answer, 60.5, 0.1, 0.4);
    // The sources themselves give the same answer to the last byte.
    assert_eq!(run_args(&region(&sources, &roads, &trip)).out, run.out);

    let words = run_args(&region(&built, &built_roads, &trip[..trip.len() - 1]));
    assert_eq!(words.code, 0);
    for part in [
        "Nanjing → Shanghai",
        "charge",
        "drive",
        "¥",
        "[demonstration]",
    ] {
        assert!(words.out.contains(part), "{part}: {}", words.out);
    }
    // Every leg of the answer is among the legs that the search asked for.
    let legs = [&trip[..], &["--legs"]].concat();
    let with_graph = run_args(&region(&built, &built_roads, &legs)).json();
    let graph = &with_graph["graph"];
    let ids: Vec<&str> = graph["places"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["id"].as_str().unwrap())
        .collect();
    assert!(ids.contains(&"origin") && ids.contains(&"destination"));
    for leg in graph["legs"].as_array().unwrap() {
        assert!(
            ids.contains(&leg["from"].as_str().unwrap())
                && ids.contains(&leg["to"].as_str().unwrap())
        );
        assert!(leg["need_kwh"].as_f64().unwrap() >= leg["energy_kwh"].as_f64().unwrap() - 1e-9);
    }
}

#[test]
fn great_circles_need_no_roads() {
    let sources = project("data/yangtze/locations.toml");
    let run = run_args(&[
        "plan",
        "--locations",
        &sources,
        "--great-circle",
        "--cruise-kmh",
        "100",
        "--detour",
        "1.2",
        "--car",
        CAR,
        "--from",
        "32.06,118.80",
        "--to",
        "31.23,121.47",
        "--json",
    ]);
    assert_eq!(run.code, 0, "{}", run.words);
    let answer = run.json();
    check_adds_up(&answer, 60.5, 0.1, 0.9);
    let it = &answer["itineraries"][0];
    let (distance, drive) = (
        it["distance_m"].as_f64().unwrap(),
        it["drive_s"].as_f64().unwrap(),
    );
    // Great circle of 269 km by the spherical law of cosines, times the detour; 100 km/h.
    let degrees = |x: f64| x.to_radians();
    let cosine = degrees(32.06).sin() * degrees(31.23).sin()
        + degrees(32.06).cos() * degrees(31.23).cos() * degrees(121.47 - 118.80).cos();
    let straight = cosine.acos() * 6_371_008.8;
    assert!(
        distance >= straight * 1.2 - 1.0 && distance < straight * 1.3,
        "{distance} and {straight}"
    );
    assert!((drive - distance / (100.0 / 3.6)).abs() < 1e-3);
}

#[test]
fn what_cannot_be_done_is_status_3() {
    let (sources, roads) = (
        project("data/yangtze/locations.toml"),
        project("data/yangtze/roads.toml"),
    );
    let refused = |rest: &[&str], codes: &[&str]| {
        let run = run_args(&region(&sources, &roads, &[rest, &["--json"]].concat()));
        assert_eq!(run.code, 3, "{rest:?}: {}{}", run.out, run.words);
        let answer = run.json();
        assert_eq!(
            (&answer["schema"], &answer["status"]),
            (&json!(1), &json!("infeasible"))
        );
        let code = answer["failure"]["code"].as_str().unwrap();
        assert!(codes.contains(&code), "{rest:?}: {code}");
        let words = run_args(&region(&sources, &roads, rest));
        assert_eq!(words.code, 3);
        assert!(
            words.out.contains("Not possible") && words.out.contains(code),
            "{}",
            words.out
        );
        answer
    };
    // In the East China Sea.
    refused(
        &["--car", CAR, "--from", "30.0,124.0", "--to", "shanghai"],
        &["no_road_nearby", "out_of_coverage"],
    );
    refused(
        &[
            "--car",
            CAR,
            "--from",
            "nanjing",
            "--to",
            "shanghai",
            "--departure-soc",
            "5",
            "--reserve-soc",
            "20",
        ],
        &["contradiction"],
    );
    let gap = refused(
        &[
            "--car",
            CAR,
            "--from",
            "nanjing",
            "--to",
            "shanghai",
            "--departure-soc",
            "10",
        ],
        &["gap_too_long"],
    );
    assert!(gap["failure"]["gap_kwh"].as_f64().unwrap() > 0.0);
}

#[test]
fn bad_cars_places_and_files_are_refused_in_one_sentence() {
    let folder = folder("plan-refused");
    let path = |name: &str| folder.join(name).display().to_string();
    let (sources, roads) = (
        project("data/yangtze/locations.toml"),
        project("data/yangtze/roads.toml"),
    );
    let check =
        |rest: &[&str], parts: &[&str]| check_one_sentence(&region(&sources, &roads, rest), parts);
    let trip = ["--from", "nanjing", "--to", "shanghai"];
    let car = |name: &str, text: &str| {
        fs::write(path(name), text).unwrap();
        path(name)
    };
    let with_car = |car: &str, parts: &[&str]| check(&[&["--car", car], &trip[..]].concat(), parts);
    with_car("byd-dolfin", &["byd-dolfin", "byd-dolphin"]);
    with_car(&path("absent.json"), &["absent.json", "no such file"]);
    with_car(
        &car("cut.json", "{\"name\": \"x\""),
        &["cut.json", "not a car file"],
    );
    let whole = fs::read_to_string(project(&format!("data/cars/{CAR}.json"))).unwrap();
    with_car(
        &car(
            "typo.json",
            &whole.replacen("\"usable_battery_kwh\"", "\"usable_batery_kwh\"", 1),
        ),
        &["typo.json", "usable_batery_kwh"],
    );
    with_car(
        &car("none.json", &whole.replacen("60.5,", "-1,", 1)),
        &["none.json", "usable_battery_kwh"],
    );
    // The file as it stands is accepted.
    let own = car("own.json", &whole);
    assert_eq!(
        run_args(&region(
            &sources,
            &roads,
            &[&["--car", &own], &trip[..]].concat()
        ))
        .code,
        0
    );

    check(
        &["--car", CAR, "--from", "Atlantis", "--to", "shanghai"],
        &["--from", "Atlantis", "lat,lng"],
    );
    check(
        &["--car", CAR, "--from", "nan", "--to", "shanghai"],
        &["--from", "ambiguous", "Nantong"],
    );
    check(
        &["--car", CAR, "--from", "118.8,32.06", "--to", "shanghai"],
        &["--from", "latitude comes first", "32.06,118.8"],
    );
    check(
        &["--car", CAR, "--from", "nanjing", "--to", "1000,1000"],
        &["--to", "not a position"],
    );
    for objective in ["cheapest", "fewest-stops", "alternatives"] {
        check(
            &[
                "--car",
                CAR,
                "--from",
                "nanjing",
                "--to",
                "shanghai",
                "--objective",
                objective,
            ],
            &[objective],
        );
    }
    check_one_sentence(
        &region(
            &path("absent.locations"),
            &roads,
            &[&["--car", CAR], &trip[..]].concat(),
        ),
        &["absent.locations", "no such file"],
    );
    check_one_sentence(
        &region(&roads, &roads, &[&["--car", CAR], &trip[..]].concat()),
        &["roads.toml", "region's roads", "--roads"],
    );
    check_one_sentence(
        &region(
            &sources,
            &path("absent.roads"),
            &[&["--car", CAR], &trip[..]].concat(),
        ),
        &["absent.roads", "no such file"],
    );
}

#[test]
fn real_china_nanjing_to_beijing() {
    let Some(sites) = shared("locations/china_chargers_wgs84.geojson") else {
        return;
    };
    let Some(graph) = shared("roads/china_expressways_graph.json") else {
        return;
    };
    let trip = [
        "--car",
        "tesla-model-y-rwd-2023",
        "--from",
        "32.06,118.80",
        "--to",
        "39.90,116.40",
        "--json",
    ];
    let run = run_args(&region(
        &sites,
        &graph,
        &[&trip[..], &["--assume-connector", "GBT_DC"]].concat(),
    ));
    assert_eq!(run.code, 0, "{}{}", run.out, run.words);
    let answer = run.json();
    let cars = run_args(&["cars", "--json"]).json();
    let car = cars
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["id"] == "tesla-model-y-rwd-2023")
        .unwrap();
    check_adds_up(
        &answer,
        car["usable_battery_kwh"].as_f64().unwrap(),
        0.1,
        0.9,
    );
    let it = &answer["itineraries"][0];
    assert!(it["stops"].as_array().unwrap().len() >= 2);
    assert_eq!(
        (&it["cost_minor"], &it["currency"]),
        (&Value::Null, &Value::Null),
        "an unknown price is null"
    );
    // 1,049 km on expressways (ENGINE.md), without the ends in town; the fastest way with stops is no shorter.
    let km = it["distance_m"].as_f64().unwrap() / 1000.0;
    assert!((1000.0..1250.0).contains(&km), "{km}");
    // Without the assumption no connector of these sites is known.
    let run = run_args(&region(&sites, &graph, &trip));
    assert_eq!(
        (run.code, run.json()["failure"]["code"].as_str()),
        (3, Some("no_compatible_connector"))
    );
}

#[test]
fn words_come_in_both_languages() {
    let (sources, roads) = (
        project("data/yangtze/locations.toml"),
        project("data/yangtze/roads.toml"),
    );
    let trip = [
        "--car",
        CAR,
        "--from",
        "nanjing",
        "--to",
        "shanghai",
        "--departure-soc",
        "40",
    ];
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let english = run_args(&region(&sources, &roads, &trip));
    let asked = run_args(&region(
        &sources,
        &roads,
        &[&trip[..], &["--lang", "zh"]].concat(),
    ));
    let by_locale = run_command(
        program()
            .env("LC_ALL", "zh_CN.UTF-8")
            .args(region(&sources, &roads, &trip)),
    );
    assert_eq!((english.code, asked.code, by_locale.code), (0, 0, 0));
    assert!(
        english.out.contains("arriving with") && !han(&english.out),
        "{}",
        english.out
    );
    assert!(
        asked.out.contains("到达剩") && !asked.out.contains("drive"),
        "{}",
        asked.out
    );
    assert_eq!(asked.out, by_locale.out);
    let refused = [
        "--car",
        CAR,
        "--from",
        "30.0,124.0",
        "--to",
        "shanghai",
        "--lang",
        "zh",
    ];
    let refused = run_args(&region(&sources, &roads, &refused));
    assert_eq!(refused.code, 3);
    assert!(refused.out.starts_with("不可行"), "{}", refused.out);
}
