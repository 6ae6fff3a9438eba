//! Every message survives the border: postcard has no names, so an attribute on any type inside
//! could break it in silence.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests may")]

mod common;

use chongtu_model::index::{ListSort, MapQuery};
use chongtu_model::money::Quantity;
use chongtu_model::{BoundingBox, ConnectorStandard, Filter, LocationId, OperatorId, Soc, Vehicle};
use chongtu_worker::catalogue::{
    Charge, EstimateQuestion, FromCatalogue, LocationQuestion, ToCatalogue,
};
use chongtu_worker::engine::{Engine, Outgoing};
use chongtu_worker::plan::{Assumptions, TripRequest};
use chongtu_worker::planner::{CarChoice, FromPlanner, PlanResult, ToPlanner};
use common::{NANJING, NOW, loaded, plan, ready_planner, request, work_to_the_end};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn check<T: Serialize + DeserializeOwned + PartialEq + core::fmt::Debug>(message: &T) {
    let bytes = postcard::to_allocvec(message).unwrap();
    assert_eq!(&postcard::from_bytes::<T>(&bytes).unwrap(), message);
    // A message cut short is an error, never something else.
    for cut in [0, bytes.len() / 2, bytes.len() - 1] {
        assert!(postcard::from_bytes::<T>(&bytes[..cut]).is_err());
    }
}

/// Asks all questions and holds questions and answers against their bytes.
fn ask<E: Engine>(engine: &mut E, question: E::Question, file: Option<Vec<u8>>) -> Vec<E::Answer>
where
    E::Question: Serialize + PartialEq + core::fmt::Debug,
{
    check(&question);
    let answers: Vec<Outgoing<E::Answer>> = engine.handle(question, file);
    answers.into_iter().map(|(answer, _)| answer).collect()
}

#[test]
fn the_catalogue_s_messages_come_out_as_they_went_in() {
    let filter = Filter {
        standards: vec![ConnectorStandard::GbtDc, ConnectorStandard::Iec62196T2Combo],
        min_power_w: Some(60_000),
        free_now: true,
        operators: vec![OperatorId::new("zjq")],
        text: Some("服务区".into()),
        ..Filter::default()
    };
    let id = 7;
    let map = |filter, zoom| ToCatalogue::Map {
        id,
        query: Box::new(MapQuery {
            bounds: BoundingBox::WORLD,
            zoom,
            filter,
            now: NOW,
            center: Some(NANJING),
            list_offset: 0,
            list_limit: 30,
            sort: ListSort::Price,
            selected: Some(LocationId::new("x")),
            facets: true,
        }),
    };
    let location = |location| ToCatalogue::Location {
        id,
        question: LocationQuestion {
            location,
            now: NOW,
            fits: Vec::new(),
        },
    };
    let mut questions = vec![
        ToCatalogue::Hello {
            schema: 9,
            build: "stale".into(),
        },
        ToCatalogue::BaseMap { id },
        map(filter, 7.0),
        map(Filter::default(), 12.0),
        location(LocationId::new("x")),
        ToCatalogue::Suggest {
            id,
            text: "n".into(),
            limit: 50,
            near: None,
        },
    ];
    let locations = common::catalogue().locations;
    let estimate = |location, tariff| ToCatalogue::Estimate {
        id,
        question: Box::new(EstimateQuestion {
            location,
            tariff,
            now: NOW,
            charge: Charge::Energy {
                energy_kwh: Quantity::from_millionths(30_000_000),
                power_w: 60_000,
            },
        }),
    };
    questions.push(estimate(locations[0].id.clone(), 0));
    questions.push(estimate(LocationId::new("x"), u32::MAX));
    questions.extend(locations.into_iter().map(|l| location(l.id)));
    let mut engine = loaded();
    let catalogue = chongtu_model::file::encode(&common::catalogue());
    let mut answers = ask(&mut engine, ToCatalogue::LoadCatalogue, Some(catalogue));
    let roads = common::roads().encode();
    answers.extend(ask(&mut engine, ToCatalogue::LoadRoads, Some(roads)));
    for question in questions {
        answers.extend(ask(&mut engine, question, None));
    }
    let is = |kind: fn(&FromCatalogue) -> bool| assert!(answers.iter().any(kind));
    is(|m| matches!(m, FromCatalogue::Failed(_)));
    is(|m| {
        let FromCatalogue::Location { detail, .. } = m else {
            return false;
        };
        detail.is_some()
    });
    for answer in &answers {
        check(answer);
    }
}

#[test]
fn the_planner_s_messages_come_out_as_they_went_in() {
    let own: Vec<Vehicle> = serde_json::from_slice(&common::cars()).unwrap();
    let stuck = TripRequest {
        departure_soc: Soc::new(0.1).unwrap(),
        allow_slower: true,
        max_speed_kmh: None,
        ..request()
    };
    let id = 7;
    let mut questions = vec![
        ToPlanner::Hello {
            schema: 9,
            build: "stale".into(),
        },
        plan(id, request()),
        ToPlanner::Cancel { id },
        plan(id, stuck),
    ];
    questions.extend(own.into_iter().map(|car| ToPlanner::Plan {
        id,
        car: CarChoice::Own(Box::new(car)),
        request: request(),
        assumptions: Assumptions {
            connector: Some(ConnectorStandard::GbtDc),
            power_kw: Some(60.0),
        },
        now: NOW,
    }));
    let mut engine = ready_planner();
    let catalogue = chongtu_model::file::encode(&common::catalogue());
    let mut answers = ask(&mut engine, ToPlanner::LoadCatalogue, Some(catalogue));
    let roads = common::roads().encode();
    answers.extend(ask(&mut engine, ToPlanner::LoadRoads, Some(roads)));
    answers.extend(ask(&mut engine, ToPlanner::LoadCars, Some(common::cars())));
    for question in questions {
        let is_plan = matches!(question, ToPlanner::Plan { .. });
        answers.extend(ask(&mut engine, question, None));
        // The first plan is cancelled by the question after it.
        if is_plan && answers.iter().any(is_cancelled) {
            answers.extend(work_to_the_end(&mut engine, 64));
        }
    }
    let is = |kind: fn(&FromPlanner) -> bool| assert!(answers.iter().any(kind));
    is(|m| matches!(m, FromPlanner::Failed(_)));
    is(|m| matches!(m, FromPlanner::PlanProgress { .. }));
    is(is_cancelled);
    for result in [
        |r: &PlanResult| matches!(r, PlanResult::Found(_)),
        |r: &PlanResult| matches!(r, PlanResult::Failed(_)),
    ] {
        let is = |m: &FromPlanner| matches!(m, FromPlanner::Plan { result: r, .. } if result(r));
        assert!(answers.iter().any(is));
    }
    for answer in &answers {
        check(answer);
    }
}

fn is_cancelled(answer: &FromPlanner) -> bool {
    matches!(
        answer,
        FromPlanner::Plan {
            result: PlanResult::Cancelled,
            ..
        }
    )
}
