//! Every message survives the border: postcard has no names, so an attribute on any type inside
//! could break it in silence.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests may")]

mod common;

use chongtu_model::index::{ListSort, MapQuery};
use chongtu_model::{BoundingBox, ConnectorStandard, Filter, LocationId, OperatorId, Soc, Vehicle};
use chongtu_worker::plan::{Assumptions, TripRequest};
use chongtu_worker::{CarChoice, FromWorker, PlanResult, ToWorker};
use common::{NANJING, NOW, loaded, plan, request, work_to_the_end};
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

#[test]
fn messages_come_out_as_they_went_in() {
    let filter = Filter {
        standards: vec![ConnectorStandard::GbtDc, ConnectorStandard::Iec62196T2Combo],
        min_power_w: Some(60_000),
        free_now: true,
        operators: vec![OperatorId::new("zjq")],
        text: Some("服务区".into()),
        ..Filter::default()
    };
    let query = |filter, zoom| MapQuery {
        bounds: BoundingBox::WORLD,
        zoom,
        filter,
        now: NOW,
        center: Some(NANJING),
        list_offset: 0,
        list_limit: 30,
        sort: ListSort::Price,
        selected: Some(LocationId::new("x")),
    };
    let own: Vec<Vehicle> = serde_json::from_slice(&common::cars()).unwrap();
    let stuck = TripRequest {
        departure_soc: Soc::new(0.1).unwrap(),
        allow_slower: true,
        max_speed_kmh: None,
        ..request()
    };
    let mut engine = loaded();
    let id = 7;
    let location = |location| ToWorker::Location {
        id,
        location,
        now: NOW,
    };
    let mut questions = vec![
        ToWorker::Hello {
            schema: 9,
            build: "stale".into(),
        },
        ToWorker::BaseMap { id },
        ToWorker::Map {
            id,
            query: query(filter, 7.0),
        },
        ToWorker::Map {
            id,
            query: query(Filter::default(), 12.0),
        },
        location(LocationId::new("x")),
        ToWorker::Suggest {
            id,
            text: "n".into(),
            limit: 50,
        },
        plan(id, request()),
        ToWorker::Cancel { id },
        plan(id, stuck),
    ];
    questions.extend(
        common::catalogue()
            .locations
            .into_iter()
            .map(|l| location(l.id)),
    );
    questions.extend(own.into_iter().map(|car| ToWorker::Plan {
        id,
        car: CarChoice::Own(Box::new(car)),
        request: request(),
        assumptions: Assumptions {
            connector: Some(ConnectorStandard::GbtDc),
            power_kw: Some(60.0),
        },
        now: NOW,
    }));
    let files = [
        (
            ToWorker::LoadCatalogue,
            chongtu_model::file::encode(&common::catalogue()),
        ),
        (ToWorker::LoadRoads, common::roads().encode()),
        (ToWorker::LoadCars, common::cars()),
    ];
    let mut answers = Vec::new();
    for (question, file) in files {
        check(&question);
        answers.extend(engine.handle(question, Some(file)));
    }
    for question in questions {
        check(&question);
        let is_plan = matches!(question, ToWorker::Plan { .. });
        answers.extend(engine.handle(question, None));
        // The first plan is cancelled by the question after it.
        if is_plan && answers.iter().any(is_cancelled) {
            answers.extend(
                work_to_the_end(&mut engine, 64)
                    .into_iter()
                    .map(|m| (m, None)),
            );
        }
    }
    let is = |kind: fn(&FromWorker) -> bool| assert!(answers.iter().any(|a| kind(&a.0)));
    is(|m| matches!(m, FromWorker::Failed(_)));
    is(|m| {
        matches!(
            m,
            FromWorker::Location {
                detail: Some(_),
                ..
            }
        )
    });
    is(|m| matches!(m, FromWorker::PlanProgress { .. }));
    for result in [
        |r: &PlanResult| matches!(r, PlanResult::Found(_)),
        |r: &PlanResult| matches!(r, PlanResult::Failed(_)),
        |r: &PlanResult| matches!(r, PlanResult::Cancelled),
    ] {
        assert!(
            answers
                .iter()
                .any(|a| matches!(&a.0, FromWorker::Plan { result: r, .. } if result(r)))
        );
    }
    for (answer, _) in &answers {
        check(answer);
    }
}

fn is_cancelled(answer: &(FromWorker, Option<Vec<u8>>)) -> bool {
    matches!(
        answer.0,
        FromWorker::Plan {
            result: PlanResult::Cancelled,
            ..
        }
    )
}
