//! The planner worker and cars of a person's own.
#![allow(clippy::panic, clippy::unwrap_used, reason = "tests may")]

mod common;

use chongtu_model::ConnectorStandard;
use chongtu_worker::WorkerErrorCode;
use chongtu_worker::engine::{Engine as _, PlannerEngine};
use chongtu_worker::plan::cars::{CarFault, CarFigures, KnownConsumption, Why};
use chongtu_worker::plan::{Assumptions, TripRequest};
use chongtu_worker::planner::{CarChoice, CarFile, CarSummary, FromPlanner, PlanResult, ToPlanner};
use common::{CAR, NANJING, NOW, SHANGHAI, cars, check_refused, ready_planner, work_to_the_end};

fn with_cars() -> PlannerEngine {
    let mut engine = PlannerEngine::default();
    engine.handle(ToPlanner::LoadCars, Some(cars()));
    engine
}

fn describe(engine: &mut PlannerEngine, car: &str) -> Option<CarSummary> {
    let question = ToPlanner::DescribeCars {
        id: 7,
        cars: vec![car.to_owned()],
    };
    match engine.handle(question, None).as_slice() {
        [(FromPlanner::CarsDescribed { id: 7, cars }, None)] => cars[0].clone(),
        other => panic!("{other:?}"),
    }
}

fn made(said: Vec<(FromPlanner, Option<Vec<u8>>)>) -> Result<CarSummary, CarFault> {
    match said.into_iter().next() {
        Some((FromPlanner::CarMade { id: 3, result }, None)) => result.map(|car| *car),
        other => panic!("{other:?}"),
    }
}

fn calibrate(
    engine: &mut PlannerEngine,
    car: &str,
    known: Option<KnownConsumption>,
) -> Result<CarSummary, CarFault> {
    let question = ToPlanner::CalibrateCar {
        id: 3,
        car: car.to_owned(),
        known,
    };
    made(engine.handle(question, None))
}

fn figures() -> CarFigures {
    CarFigures {
        name: "阿黄 <b>".to_owned(),
        usable_battery_kwh: 58.0,
        consumption: vec![[110.0, 18.0]],
        dc_kw: Some(90.0),
        ac_kw: None,
        connectors: vec![ConnectorStandard::GbtDc],
    }
}

#[test]
fn cars_are_described_by_what_is_written() {
    let mut engine = with_cars();
    let listed = describe(&mut engine, CAR).unwrap();
    assert_eq!((listed.id.as_str(), listed.factor), (CAR, 1.0));
    let more = describe(&mut engine, &format!("{CAR}~1.25")).unwrap();
    assert_eq!(more.factor, 1.25);
    // A quarter more energy a kilometre is a fifth less range.
    assert!((more.range_110_m - listed.range_110_m * 0.8).abs() < 1e-6);
    assert_eq!(
        more.figures, listed.figures,
        "figures are without the calibration"
    );
    for nobody in ["tractor", "own1~x", "", "own9~1~2"] {
        assert_eq!(describe(&mut engine, nobody), None, "{nobody}");
    }
}

#[test]
fn a_car_of_figures_is_made_written_and_read_again() {
    let mut engine = with_cars();
    let make = |figures, before: Option<String>| ToPlanner::MakeCar {
        id: 3,
        figures,
        before,
    };
    let car = made(engine.handle(make(figures(), None), None)).unwrap();
    assert_eq!(car.name.text, "阿黄 <b>");
    // 58 kWh at 18 kWh/100 km.
    assert!(
        (car.range_110_m - 322_222.0).abs() < 200.0,
        "{}",
        car.range_110_m
    );
    assert_eq!(describe(&mut engine, &car.id).as_ref(), Some(&car));
    // Calibrated, then with a larger battery: the calibration stays.
    let known = KnownConsumption {
        speed_kmh: 110.0,
        kwh_per_100_km: 19.8,
    };
    let calibrated = calibrate(&mut engine, &car.id, Some(known)).unwrap();
    assert!((calibrated.factor - 1.1).abs() < 1e-9);
    let larger = CarFigures {
        usable_battery_kwh: 80.0,
        ..figures()
    };
    let larger = made(engine.handle(make(larger, Some(calibrated.id.clone())), None)).unwrap();
    assert_eq!((larger.factor, larger.usable_battery_kwh), (1.1, 80.0));
    assert_eq!(calibrate(&mut engine, &calibrated.id, None), Ok(car));
    let without_name = CarFigures {
        name: String::new(),
        ..figures()
    };
    let fault = made(engine.handle(make(without_name, None), None)).unwrap_err();
    assert_eq!((fault.field.as_str(), fault.why), ("name", Why::Missing));
}

#[test]
fn a_listed_car_is_calibrated_and_back() {
    let mut engine = with_cars();
    let known = KnownConsumption {
        speed_kmh: 110.0,
        kwh_per_100_km: 20.0,
    };
    let car = calibrate(&mut engine, CAR, Some(known)).unwrap();
    assert!(car.id.starts_with(CAR) && car.id != CAR);
    assert!((car.range_110_m - car.usable_battery_kwh / 20.0 * 1e5).abs() < 300.0);
    // Once more from there: from the figures, not from the calibrated ones.
    assert_eq!(
        calibrate(&mut engine, &car.id, Some(known)).as_ref(),
        Ok(&car)
    );
    assert_eq!(calibrate(&mut engine, &car.id, None).unwrap().id, CAR);
    assert_eq!(
        calibrate(&mut engine, "tractor", Some(known))
            .unwrap_err()
            .why,
        Why::Missing
    );
}

#[test]
fn a_file_gives_its_cars_in_both_markets() {
    let mut engine = with_cars();
    let file = br#"{ "data": [
        { "brand": "B", "model": "M", "usable_battery_size": 50, "ac_charger": { "ports": ["type2"], "max_power": 11 },
          "dc_charger": { "ports": ["ccs"], "max_power": 100, "charging_curve": [ { "percentage": 0, "power": 90 } ] },
          "energy_consumption": { "average_consumption": 16 } },
        { "brand": "B", "model": "Bad" , "usable_battery_size": 50 } ] }"#;
    let said = engine.handle(ToPlanner::ReadCarFile { id: 5 }, Some(file.to_vec()));
    let [(FromPlanner::CarFileRead { id: 5, result }, None)] = said.as_slice() else {
        panic!("{said:?}")
    };
    let CarFile {
        cars,
        with_gbt,
        refused,
    } = result.as_ref().unwrap();
    assert_eq!((cars.len(), with_gbt.len(), refused.len()), (1, 1, 1));
    assert_eq!(
        cars[0].connectors,
        [
            ConnectorStandard::Iec62196T2Combo,
            ConnectorStandard::Iec62196T2
        ]
    );
    let gbt = describe(&mut engine, &with_gbt[0]).unwrap();
    assert_eq!(
        gbt.connectors,
        [ConnectorStandard::GbtDc, ConnectorStandard::GbtAc]
    );
    assert_eq!(gbt.range_110_m, cars[0].range_110_m);
    check_refused(
        engine.handle(ToPlanner::ReadCarFile { id: 5 }, None),
        WorkerErrorCode::BadMessage,
        &["payload"],
    );
}

#[test]
fn plans_with_written_cars_are_those_of_their_figures() {
    let mut engine = ready_planner();
    let listed = engine.handle(ToPlanner::LoadCars, Some(cars()));
    assert!(matches!(
        listed.as_slice(),
        [(FromPlanner::CarsLoaded { .. }, None)]
    ));
    let mut energy = |car: &str| {
        let question = ToPlanner::Plan {
            id: 1,
            car: CarChoice::Known(car.to_owned()),
            request: TripRequest::new(NANJING, SHANGHAI),
            assumptions: Assumptions::default(),
            now: NOW,
        };
        assert_eq!(engine.handle(question, None), []);
        let said = work_to_the_end(&mut engine, 500);
        match said.last() {
            Some(FromPlanner::Plan {
                result: PlanResult::Found(plan),
                ..
            }) => plan.itineraries[0].energy_kwh,
            other => panic!("{other:?}"),
        }
    };
    let (plain, same, more) = (
        energy(CAR),
        energy(&format!("{CAR}~1")),
        energy(&format!("{CAR}~1.1")),
    );
    assert_eq!(plain, same);
    // The same road or a thriftier one, at a tenth more a kilometre.
    assert!(more > plain * 1.02 && more < plain * 1.2, "{plain} {more}");
    check_refused(
        engine.handle(
            ToPlanner::Plan {
                id: 1,
                car: CarChoice::Known("own1~broken".to_owned()),
                request: TripRequest::new(NANJING, SHANGHAI),
                assumptions: Assumptions::default(),
                now: NOW,
            },
            None,
        ),
        WorkerErrorCode::BadCar,
        &[],
    );
}
