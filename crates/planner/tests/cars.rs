//! Cars of a person's own: files, figures, calibration, and the text they are written as.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "tests may")]

use chongtu_model::vehicle::Consumption;
use chongtu_model::{ConnectorStandard, Vehicle};
use chongtu_planner::cars::{
    CarFault, CarFigures, KnownConsumption, STEADY_110_OVER_AVERAGE, Why, WrittenCar, calibration,
    of_figures, read_car_file, scaled, tidy, with_gbt_inlets,
};
use chongtu_planner::consumption::Consumer;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
const CARS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/cars");

/// The real file of the open data; `None` in a clone without it.
fn open_data() -> Option<Vec<u8>> {
    if !Path::new(SHARED).exists() {
        assert!(
            std::env::var_os("CI").is_none_or(|v| v != "true"),
            "shared data is needed here"
        );
        println!("skipped: no shared data beside the project");
        return None;
    }
    Some(fs::read(format!("{SHARED}/vehicles/chargeprice_ev-data.json")).unwrap())
}

fn data_cars() -> Vec<Vehicle> {
    let mut files: Vec<_> = fs::read_dir(CARS)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    let read = |f: &std::path::PathBuf| {
        let mut found = read_car_file(&fs::read(f).unwrap()).unwrap();
        assert_eq!(
            (found.cars.len(), found.refused.len()),
            (1, 0),
            "{}",
            f.display()
        );
        found.cars.remove(0).vehicle
    };
    files.iter().map(read).collect()
}

fn wh_per_km(car: &Vehicle, speed: f64) -> f64 {
    Consumer::new(car).wh_per_km(speed)
}

/// A small generator (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

#[test]
fn every_car_of_the_open_data_is_read_or_refused_with_a_reason() {
    let Some(bytes) = open_data() else { return };
    let file: Value = serde_json::from_slice(&bytes).unwrap();
    let entries = file["data"].as_array().unwrap();
    let found = read_car_file(&bytes).unwrap();
    assert_eq!(found.cars.len() + found.refused.len(), entries.len());
    assert_eq!(entries.len(), 293);
    for fault in &found.refused {
        println!("{fault}");
        assert!(fault.row.is_some() && fault.car.is_some() && !fault.field.is_empty());
    }
    // Only what cannot be charged or what no car takes may be missing.
    assert!(found.refused.len() <= 25, "{} refused", found.refused.len());
    for car in &found.cars {
        let entry = entries
            .iter()
            .find(|e| e["id"].as_str() == car.id.as_deref())
            .unwrap();
        let v = &car.vehicle;
        v.validate().unwrap();
        assert_eq!(
            v.usable_battery_kwh,
            entry["usable_battery_size"].as_f64().unwrap()
        );
        assert!(v.name.contains(entry["model"].as_str().unwrap().trim()));
        assert!(v.source.as_ref().unwrap().contains("MIT, 2021-09-09"));
        // The energy is the average's: by hand at 110 km/h, and growing with speed.
        let average = entry["energy_consumption"]["average_consumption"]
            .as_f64()
            .unwrap();
        let at_110 = wh_per_km(v, 110.0);
        assert!(
            (at_110 - average * 10.0 * STEADY_110_OVER_AVERAGE).abs() <= 0.051,
            "{}: {at_110}",
            v.name
        );
        let Consumption::SpeedTable(table) = &v.consumption;
        assert!(
            table.points.windows(2).all(|w| w[0][1] < w[1][1]),
            "{}",
            v.name
        );
        // The curve: through every point given, none above the most, none at zero.
        let curve = &v.charge_curve.points;
        assert!(curve.windows(2).all(|w| w[0][0] < w[1][0]) && curve[0][0] == 0.0);
        if let Some(points) = entry["dc_charger"]["charging_curve"].as_array()
            && !entry["dc_charger"]["ports"].as_array().unwrap().is_empty()
        {
            let most = entry["dc_charger"]["max_power"].as_f64().unwrap();
            assert!(curve.iter().all(|p| p[1] > 0.0 && p[1] <= most));
            for p in points {
                let (soc, kw) = (
                    p["percentage"].as_f64().unwrap() / 100.0,
                    p["power"].as_f64().unwrap(),
                );
                let ours = curve.iter().find(|c| c[0] == soc).unwrap()[1];
                assert!(ours == kw || kw < 0.5, "{}: {soc} {kw} {ours}", v.name);
            }
        } else {
            let kw = entry["ac_charger"]["max_power"].as_f64().unwrap();
            assert!(curve.iter().all(|p| p[1] == kw), "{}", v.name);
        }
    }
}

#[test]
fn every_car_is_the_same_after_it_was_written() {
    let mut cars = data_cars();
    if let Some(bytes) = open_data() {
        cars.extend(
            read_car_file(&bytes)
                .unwrap()
                .cars
                .into_iter()
                .map(|c| c.vehicle),
        );
    }
    for car in cars {
        let written = WrittenCar::own(&car).with_factor(1.083);
        let text = written.to_string();
        assert!(!text.contains(['\n', '\r']), "{text}");
        assert_eq!(WrittenCar::parse(&text).unwrap(), written, "{text}");
        let back = written.vehicle(&[]).unwrap();
        // The texts may be tidied; no figure may change but by the calibration.
        for v in [40.0, 87.0, 110.0, 131.0] {
            let (a, b) = (wh_per_km(&car, v) * 1.083, wh_per_km(&back, v));
            assert!((a - b).abs() < 1e-9 * a, "{}", car.name);
        }
        assert_eq!(
            (&back.charge_curve, &back.connectors, &back.slope),
            (&car.charge_curve, &car.connectors, &car.slope)
        );
        assert_eq!(back.usable_battery_kwh, car.usable_battery_kwh);
    }
}

#[test]
fn written_cars_by_hand() {
    let known = |id: &str, factor| WrittenCar::Known {
        id: id.to_owned(),
        factor,
    };
    assert_eq!(WrittenCar::parse("byd-seal"), Ok(known("byd-seal", 1.0)));
    assert_eq!(
        WrittenCar::parse("byd-seal~1.083"),
        Ok(known("byd-seal", 1.083))
    );
    assert_eq!(known("byd-seal", 1.083).to_string(), "byd-seal~1.083");
    let text =
        "own1~1.1~63~0~0.95~lc50x130-120x220~l0x95-1x8~GBT_DCx95-GBT_AC~5x3.5~U5~爱驰~by hand";
    let car = WrittenCar::parse(text).unwrap();
    assert_eq!(car.to_string(), text);
    let v = car.vehicle(&[]).unwrap();
    assert!((wh_per_km(&v, 50.0) - 143.0).abs() < 1e-9);
    assert_eq!(v.name_zh.as_deref(), Some("爱驰"));
    assert_eq!(v.connectors.len(), 2);
    for bad in [
        "own1~1",
        "own2~1~63~0~0.95~lc50x130~l0x95~GBT_DC~~n~~",
        "a~b",
        "a~0",
        "a~9",
        "own1~1~-63~0~0.95~lc50x130~l0x95~GBT_DC~~n~~",
        "own1~1~inf~0~0.95~lc50x130~l0x95~GBT_DC~~n~~",
        "own1~1~63~0~0.95~lc130x1-50x130~l0x95~GBT_DC~~n~~",
        "own1~1~63~0~0.95~lc50x130~l0x95~PLUG~~n~~",
        "own1~1~63~0~0.95~lc50x130~l0x95~GBT_DC~~ ~~",
    ] {
        assert!(WrittenCar::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn no_text_is_too_strange() {
    const PIECES: [&str; 20] = [
        "own1",
        "~",
        "1",
        "63",
        "0.95",
        "lc",
        "50x130",
        "-",
        "x",
        "l0x95",
        "GBT_DC",
        "\u{202e}",
        "<b>",
        "\n",
        "NaN",
        "e9",
        ".",
        "南京",
        "own",
        "99999999999999999999",
    ];
    for seed in 0..20_000 {
        let mut random = Random(seed);
        let text: String = (0..random.next(30))
            .map(|_| PIECES[random.next(20) as usize])
            .collect();
        if let Ok(car) = WrittenCar::parse(&text) {
            assert_eq!(
                WrittenCar::parse(&car.to_string()),
                Ok(car),
                "seed {seed}: {text}"
            );
        }
        let tidied = tidy(&text);
        assert_eq!(tidy(&tidied), tidied, "seed {seed}");
        assert!(!tidied.contains(['~', '\n', '\u{202e}']), "seed {seed}");
    }
    assert_eq!(tidy(" a\u{202e}b\t\tc~d  "), "ab c d");
    assert!(tidy(&"长".repeat(500)).chars().count() <= 160);
}

#[test]
fn the_shape_follows_the_tables_of_the_built_in_cars() {
    for car in data_cars() {
        let figures = CarFigures {
            consumption: vec![[110.0, wh_per_km(&car, 110.0) / 10.0]],
            ..CarFigures::of(&car)
        };
        let made = of_figures(&figures, None).unwrap();
        for (speed, most) in [(60.0, 0.12), (80.0, 0.06), (100.0, 0.06), (130.0, 0.06)] {
            let off = wh_per_km(&made, speed) / wh_per_km(&car, speed) - 1.0;
            assert!(off.abs() <= most, "{} at {speed}: {off}", car.name);
        }
    }
}

#[test]
fn an_average_stands_below_a_steady_110() {
    let Some(bytes) = open_data() else { return };
    let open = read_car_file(&bytes).unwrap().cars;
    let ours = data_cars();
    for (theirs, our_id) in [
        ("Tesla Model 3 LR", "tesla-model-3-lr-2023"),
        ("Tesla Model 3 SR+", "tesla-model-3-rwd-2023"),
        ("Hyundai Ioniq 5 (2021)", "hyundai-ioniq-5-2022-73"),
    ] {
        let open = open.iter().find(|c| c.vehicle.name == theirs);
        let open = open.unwrap_or_else(|| panic!("{theirs}"));
        let ours = ours
            .iter()
            .find(|c| c.id.as_deref() == Some(our_id))
            .unwrap();
        let share =
            wh_per_km(ours, 110.0) / wh_per_km(&open.vehicle, 110.0) * STEADY_110_OVER_AVERAGE;
        assert!((0.93..=1.05).contains(&share), "{theirs}: {share}");
    }
}

fn figures() -> CarFigures {
    CarFigures {
        name: "My car".to_owned(),
        usable_battery_kwh: 60.0,
        consumption: vec![[90.0, 14.0], [110.0, 16.9], [120.0, 19.0]],
        dc_kw: Some(80.0),
        ac_kw: Some(7.0),
        connectors: vec![ConnectorStandard::GbtDc, ConnectorStandard::GbtAc],
    }
}

#[test]
fn figures_make_a_car_that_has_them() {
    let car = of_figures(&figures(), None).unwrap();
    for [speed, kwh] in figures().consumption {
        assert!(
            (wh_per_km(&car, speed) - kwh * 10.0).abs() < 0.06,
            "{speed}"
        );
    }
    let Consumption::SpeedTable(table) = &car.consumption;
    assert!(
        table.points.windows(2).all(|w| w[0][1] < w[1][1]),
        "{table:?}"
    );
    let most = car
        .charge_curve
        .points
        .iter()
        .map(|p| p[1])
        .fold(0.0, f64::max);
    assert_eq!(most, 80.0);
    assert_eq!(car.connectors[0].max_power_kw, Some(80.0));
    assert_eq!(car.connectors[1].max_power_kw, Some(7.0));
    // Only alternating current: flat.
    let slow = CarFigures {
        connectors: vec![ConnectorStandard::GbtAc],
        dc_kw: None,
        ..figures()
    };
    let slow = of_figures(&slow, None).unwrap();
    assert!(slow.charge_curve.points.iter().all(|p| p[1] == 7.0));
}

#[test]
fn what_is_not_changed_keeps_its_finer_data() {
    for car in data_cars() {
        let same = of_figures(&CarFigures::of(&car), Some(&car)).unwrap();
        assert_eq!(same.consumption, car.consumption, "{}", car.name);
        assert_eq!(same.charge_curve, car.charge_curve, "{}", car.name);
        assert_eq!((&same.source, &same.name_zh), (&car.source, &car.name_zh));
        let larger = CarFigures {
            usable_battery_kwh: 99.0,
            name: "other".to_owned(),
            ..CarFigures::of(&car)
        };
        let larger = of_figures(&larger, Some(&car)).unwrap();
        assert_eq!(larger.charge_curve, car.charge_curve);
        assert_eq!((larger.usable_battery_kwh, larger.name_zh), (99.0, None));
    }
}

#[test]
fn figures_that_cannot_be_are_refused_by_name() {
    let refused = |change: &dyn Fn(&mut CarFigures)| {
        let mut f = figures();
        change(&mut f);
        of_figures(&f, None).unwrap_err()
    };
    let field = |change: &dyn Fn(&mut CarFigures)| refused(change).field;
    assert_eq!(field(&|f| f.name = " \u{202e}~".to_owned()), "name");
    for battery in [0.0, -5.0, 5000.0, f64::NAN, f64::INFINITY] {
        assert_eq!(
            field(&|f| f.usable_battery_kwh = battery),
            "usable_battery_kwh"
        );
    }
    assert_eq!(field(&|f| f.consumption.clear()), "consumption");
    assert_eq!(
        field(&|f| f.consumption = vec![[110.0, 175.0]]),
        "consumption"
    );
    assert_eq!(field(&|f| f.consumption = vec![[0.0, 17.5]]), "speed_kmh");
    assert_eq!(
        refused(&|f| f.consumption = vec![[110.0, 17.0], [110.0, 18.0]]).why,
        Why::NotAscending
    );
    assert_eq!(refused(&|f| f.connectors.clear()).why, Why::NoInlet);
    assert_eq!(field(&|f| f.dc_kw = None), "dc_kw");
    assert_eq!(field(&|f| f.ac_kw = Some(0.0)), "ac_kw");
}

#[test]
fn a_calibrated_car_takes_what_its_driver_saw() {
    for car in data_cars() {
        for (speed, share) in [(110.0, 1.08), (90.0, 0.9), (130.0, 1.5)] {
            let seen = wh_per_km(&car, speed) * share / 10.0;
            let known = KnownConsumption {
                speed_kmh: speed,
                kwh_per_100_km: seen,
            };
            let factor = calibration(&car, known).unwrap();
            assert!((factor - share).abs() <= 0.000_51, "{}: {factor}", car.name);
            let now = wh_per_km(&scaled(&car, factor), speed) / 10.0;
            assert!((now - seen).abs() < 0.001 * seen);
            // The battery and the plug are as they were.
            assert_eq!(scaled(&car, factor).charge_curve, car.charge_curve);
        }
        let wrong = KnownConsumption {
            speed_kmh: 110.0,
            kwh_per_100_km: 90.0,
        };
        assert_eq!(calibration(&car, wrong).unwrap_err().field, "calibration");
    }
}

#[test]
fn gbt_inlets_keep_the_power() {
    let Some(bytes) = open_data() else { return };
    for car in read_car_file(&bytes).unwrap().cars {
        let theirs = &car.vehicle;
        let ours = with_gbt_inlets(theirs);
        ours.validate().unwrap();
        for dc in [true, false] {
            let most = |v: &Vehicle| {
                let of_kind = v.connectors.iter().filter(|c| c.standard.is_dc() == dc);
                of_kind.filter_map(|c| c.max_power_kw).reduce(f64::max)
            };
            assert_eq!(most(&ours), most(theirs), "{}", theirs.name);
        }
        assert!(ours.connectors.iter().all(|c| matches!(
            c.standard,
            ConnectorStandard::GbtAc | ConnectorStandard::GbtDc
        )));
    }
}

fn entry() -> Value {
    json!({
        "id": "x", "brand": "Brand", "model": "Model", "variant": "", "release_year": 2021,
        "usable_battery_size": 50.0,
        "ac_charger": { "ports": ["type2"], "max_power": 11.0 },
        "dc_charger": { "ports": ["ccs"], "max_power": 100.0, "charging_curve":
            [ { "percentage": 10, "power": 120.0 }, { "percentage": 100, "power": 0.0 } ] },
        "energy_consumption": { "average_consumption": 16.0 }
    })
}

fn fault_of(value: &Value) -> CarFault {
    let file = read_car_file(value.to_string().as_bytes());
    match file {
        Err(fault) => fault,
        Ok(file) => file.refused.into_iter().next().unwrap(),
    }
}

#[test]
fn rules_of_the_curve() {
    let car = read_car_file(entry().to_string().as_bytes())
        .unwrap()
        .cars
        .remove(0);
    assert_eq!(
        car.vehicle.charge_curve.points,
        [[0.0, 100.0], [0.1, 100.0], [1.0, 0.5]]
    );
    assert_eq!(car.vehicle.name, "Brand Model (2021)");
}

#[test]
fn bad_files_are_one_fault_that_names_the_place() {
    let with = |path: &str, value: Value| {
        let mut e = entry();
        *e.pointer_mut(path).unwrap() = value;
        e
    };
    let curve = "/dc_charger/charging_curve";
    for (bad, field, why) in [
        (
            with("/usable_battery_size", json!(null)),
            "usable_battery_size",
            Why::Missing,
        ),
        (
            with("/usable_battery_size", json!("big")),
            "usable_battery_size",
            Why::NotANumber,
        ),
        (
            with("/usable_battery_size", json!(-1.0)),
            "usable_battery_size",
            Why::OutOfRange {
                value: -1.0,
                least: 1.0,
                most: 500.0,
            },
        ),
        (
            with("/energy_consumption/average_consumption", json!(0)),
            "energy_consumption.average_consumption",
            Why::OutOfRange {
                value: 0.0,
                least: 2.0,
                most: 150.0,
            },
        ),
        (
            with(curve, json!([])),
            "dc_charger.charging_curve",
            Why::Missing,
        ),
        (
            with(
                curve,
                json!([{"percentage": 50, "power": 9}, {"percentage": 50, "power": 8}]),
            ),
            "dc_charger.charging_curve",
            Why::NotAscending,
        ),
    ] {
        let fault = fault_of(&bad);
        assert_eq!(
            (fault.field.as_str(), &fault.why, fault.row),
            (field, &why, None)
        );
        // In a list the car is named.
        let fault = fault_of(&json!({ "data": [entry(), bad] }));
        assert_eq!((fault.field.as_str(), &fault.why), (field, &why));
        assert_eq!(
            (fault.row, fault.car.as_deref()),
            (Some(2), Some("Brand Model (2021)"))
        );
    }
    let mut no_inlet = with("/dc_charger", json!(null));
    no_inlet["ac_charger"]["ports"] = json!([]);
    assert_eq!(fault_of(&no_inlet).why, Why::NoInlet);
    assert_eq!(
        read_car_file(b"{\n \"a\": nope").unwrap_err().why,
        Why::NotJson { line: 2, column: 8 }
    );
    for foreign in [
        "[]",
        "{}",
        "3",
        "null",
        "\"x\"",
        "[1, 2]",
        "{\"data\": []}",
        "{\"features\": []}",
    ] {
        assert_eq!(
            read_car_file(foreign.as_bytes()).unwrap_err().why,
            Why::NotCars,
            "{foreign}"
        );
    }
    // Our own form: what is missing and what is unknown, by name.
    let ours = fs::read_to_string(format!("{CARS}/byd-seal-2022-82.json")).unwrap();
    let mut ours: Value = serde_json::from_str(&ours).unwrap();
    ours["colour"] = json!("red");
    let Why::Other(text) = fault_of(&ours).why else {
        panic!("unknown keys are refused")
    };
    assert!(text.contains("colour"), "{text}");
    // A key that is not known may be the missing one misspelt: it is named first.
    let curve = ours.as_object_mut().unwrap().remove("charge_curve");
    assert!(matches!(fault_of(&ours).why, Why::Other(text) if text.contains("colour")));
    ours.as_object_mut().unwrap().remove("colour");
    assert_eq!(fault_of(&ours).field, "charge_curve");
    ours["charge_curve"] = curve.unwrap();
    assert!(read_car_file(ours.to_string().as_bytes()).is_ok());
}

#[test]
fn any_damage_of_a_file_is_answered() {
    let text = json!({ "data": [entry(), entry()] }).to_string();
    for seed in 0..3_000 {
        let mut random = Random(seed);
        let mut bytes = text.clone().into_bytes();
        for _ in 0..=random.next(6) {
            let at = random.next(bytes.len() as u64) as usize;
            bytes[at] = b"{}[]\",:0-x\xff"[random.next(12) as usize % 11];
        }
        if let Ok(found) = read_car_file(&bytes) {
            for car in found.cars {
                assert!(car.vehicle.validate().is_ok(), "seed {seed}");
            }
        }
    }
}
