//! Plans: in steps, cancelled, overtaken, refused, and equal to planning in one go.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests may")]

mod common;

use chongtu_model::{LatLng, Soc, Vehicle};
use chongtu_worker::WorkerErrorCode;
use chongtu_worker::engine::{Engine as _, PlannerEngine};
use chongtu_worker::plan::{Assumptions, FailureCode, Plan, Travel, TripRequest, World, plan_trip};
use chongtu_worker::planner::{CarChoice, FromPlanner, PlanResult, ToPlanner};
use common::{
    NANJING, NOW, SHANGHAI, check_refused, give_catalogue, give_roads, plan, ready_planner,
    request, work_to_the_end,
};
use std::rc::Rc;

fn car() -> Vehicle {
    let cars: Vec<Vehicle> = serde_json::from_slice(&common::cars()).unwrap();
    let mut cars = cars.into_iter();
    cars.find(|c| c.id.as_deref() == Some(common::CAR)).unwrap()
}

fn in_one_go(car: &Vehicle, request: &TripRequest) -> Plan {
    let travel = Travel::roads(Rc::new(common::roads()));
    let world = Rc::new(World::new(Rc::new(common::catalogue()), travel).with_now(NOW));
    plan_trip(&world, car, request, &Assumptions::default(), false).unwrap()
}

fn found(message: Option<&FromPlanner>, id: u32) -> Plan {
    match message {
        Some(FromPlanner::Plan {
            id: of,
            result: PlanResult::Found(plan),
        }) if *of == id => (**plan).clone(),
        other => panic!("{other:?}"),
    }
}

fn cancelled(id: u32) -> FromPlanner {
    FromPlanner::Plan {
        id,
        result: PlanResult::Cancelled,
    }
}

#[test]
fn a_plan_in_steps_is_the_plan_in_one_go() {
    let expected = in_one_go(&car(), &request());
    assert!(!expected.itineraries[0].stops.is_empty());
    for budget in [1, 7, 1_000_000] {
        let mut engine = ready_planner();
        assert_eq!(engine.handle(plan(4, request()), None), []);
        let said = work_to_the_end(&mut engine, budget);
        assert_eq!(found(said.last(), 4), expected);
        let (mut share, mut labels) = (0.0, 0);
        for message in &said[..said.len() - 1] {
            let FromPlanner::PlanProgress {
                id: 4,
                share: now,
                labels: so_far,
            } = message
            else {
                panic!("{message:?}")
            };
            assert!(*now >= share + 0.01 && *now <= 1.0, "{share} {now}");
            assert!(*so_far >= labels);
            (share, labels) = (*now, *so_far);
        }
        assert!(said.len() <= 102);
        assert_eq!(engine.work(budget), []);
    }
}

#[test]
fn a_car_of_one_s_own_counts() {
    let mut own = car();
    own.id = None;
    own.usable_battery_kwh = 30.0;
    let expected = in_one_go(&own, &request());
    let mut engine = ready_planner();
    let with = |car: Vehicle| ToPlanner::Plan {
        id: 1,
        car: CarChoice::Own(Box::new(car)),
        request: request(),
        assumptions: Assumptions::default(),
        now: NOW,
    };
    assert_eq!(engine.handle(with(own.clone()), None), []);
    let said = work_to_the_end(&mut engine, 100);
    assert_eq!(found(said.last(), 1), expected);

    own.charge_efficiency = 1.5;
    check_refused(
        engine.handle(with(own), None),
        WorkerErrorCode::BadCar,
        &["charge_efficiency", "1.5"],
    );
}

#[test]
fn a_cancel_is_heard_between_two_steps() {
    let mut engine = ready_planner();
    let cancel = |engine: &mut PlannerEngine, id| engine.handle(ToPlanner::Cancel { id }, None);
    engine.handle(plan(4, request()), None);
    engine.work(1);
    assert!(engine.has_work(), "too easy a plan to be cancelled");
    // Of another plan: nothing happens.
    assert_eq!(cancel(&mut engine, 3), []);
    assert!(engine.has_work());
    assert_eq!(cancel(&mut engine, 4), [(cancelled(4), None)]);
    assert!(!engine.has_work());
    assert_eq!(engine.work(1), []);
    assert_eq!(cancel(&mut engine, 4), []);
    // And the next one is as good as ever.
    engine.handle(plan(5, request()), None);
    let said = work_to_the_end(&mut engine, 50);
    assert_eq!(found(said.last(), 5), in_one_go(&car(), &request()));
}

#[test]
fn a_newer_plan_cancels_an_older_but_a_refused_one_does_not() {
    let mut engine = ready_planner();
    engine.handle(plan(1, request()), None);
    engine.work(1);
    assert!(engine.has_work());
    let refused = |engine: &mut PlannerEngine, message, code, words: &[&str]| {
        check_refused(engine.handle(message, None), code, words);
        assert!(engine.has_work());
    };
    let unknown = ToPlanner::Plan {
        id: 2,
        car: CarChoice::Known("banana".into()),
        request: request(),
        assumptions: Assumptions::default(),
        now: NOW,
    };
    refused(&mut engine, unknown, WorkerErrorCode::BadCar, &["banana"]);
    let nowhere = TripRequest {
        to: LatLng {
            lat: f64::NAN,
            lng: 3.0,
        },
        ..request()
    };
    let bad = WorkerErrorCode::BadMessage;
    refused(&mut engine, plan(2, nowhere), bad, &["to"]);
    let powerless = ToPlanner::Plan {
        id: 2,
        car: CarChoice::Known(common::CAR.to_owned()),
        request: request(),
        assumptions: Assumptions {
            power_kw: Some(0.0),
            ..Assumptions::default()
        },
        now: NOW,
    };
    refused(&mut engine, powerless, bad, &["power_kw"]);

    let back = TripRequest {
        from: SHANGHAI,
        to: NANJING,
        ..request()
    };
    let answers = engine.handle(plan(2, back.clone()), None);
    assert_eq!(answers, [(cancelled(1), None)]);
    let said = work_to_the_end(&mut engine, 50);
    assert!(!said.contains(&cancelled(1)));
    assert_eq!(found(said.last(), 2), in_one_go(&car(), &back));
}

#[test]
fn failures_are_answers() {
    let mut engine = ready_planner();
    let mut check = |request: TripRequest, code: FailureCode| {
        engine.handle(plan(1, request), None);
        match work_to_the_end(&mut engine, 1000).pop() {
            Some(FromPlanner::Plan {
                id: 1,
                result: PlanResult::Failed(failure),
            }) => assert_eq!(failure.code, code),
            other => panic!("{other:?}"),
        }
    };
    let soc = |share| Soc::new(share).unwrap();
    let upside_down = TripRequest {
        reserve_soc: soc(0.5),
        ..request()
    };
    check(upside_down, FailureCode::Contradiction);
    let stuck = TripRequest {
        departure_soc: soc(0.1),
        ..request()
    };
    check(stuck, FailureCode::GapTooLong);
}

#[test]
fn new_data_count_for_the_next_plan() {
    let mut engine = ready_planner();
    engine.handle(plan(1, request()), None);
    engine.work(1);
    assert!(engine.has_work());
    // The plan at work goes on with the data it began with.
    let mut fewer = common::catalogue();
    let stops = in_one_go(&car(), &request()).itineraries.remove(0).stops;
    let closed: Vec<_> = stops.iter().map(|s| s.location_id.clone()).collect();
    fewer.locations.retain(|l| !closed.contains(&l.id));
    give_catalogue(&mut engine, &fewer);
    give_roads(&mut engine, &common::roads());
    let said = work_to_the_end(&mut engine, 50);
    assert_eq!(found(said.last(), 1).itineraries[0].stops, stops);
    // The next one has the new.
    engine.handle(plan(2, request()), None);
    let said = work_to_the_end(&mut engine, 50);
    let next = found(said.last(), 2);
    for stop in &next.itineraries[0].stops {
        assert!(!closed.contains(&stop.location_id));
    }
}
