//! The filter: its meaning by hand-made cases, and its place in a URL.

use chongtu_model::ConnectorStandard::{GbtAc, GbtDc};
use chongtu_model::location::{LocationKind, PlaceKind};
use chongtu_model::{ConnectorStandard, Filter, Instant, OperatorId, Status};
use proptest::prelude::*;

#[allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "shared by several test programs"
)]
mod common;

fn some<T: Clone + core::fmt::Debug + 'static>(of: &[T]) -> impl Strategy<Value = Vec<T>> + use<T> {
    prop::collection::vec(prop::sample::select(of.to_vec()), 0..4)
}

proptest! {
    #[test]
    fn a_link_restores_it(
        standards in some(ConnectorStandard::ALL),
        min_power_w: Option<u32>,
        on: [bool; 5],
        operators in prop::collection::vec("[a-z0-9%,=&*. \u{4e00}-\u{4e20}]{1,8}", 0..3),
        kinds in some(&LocationKind::ALL),
        places in some(&PlaceKind::ALL),
        text in prop::option::of("\\PC{1,12}"),
    ) {
        let filter = Filter {
            standards,
            min_power_w,
            dc_only: on[0],
            free_now: on[1],
            operators: operators
                .iter()
                .map(|o| OperatorId::new(o))
                .filter(|o| !o.as_str().is_empty())
                .collect(),
            kinds,
            places,
            open_now: on[2],
            parking_free: on[3],
            accessible: on[4],
            text: text.filter(|t| !t.trim().is_empty()),
        };
        let query = filter.to_query();
        let (back, ignored) = Filter::from_query(query.iter().map(|(k, v)| (*k, v.as_str())));
        prop_assert_eq!(ignored, Vec::<String>::new());
        prop_assert_eq!(&back, &filter);
        let json = serde_json::to_string(&filter).unwrap();
        prop_assert_eq!(serde_json::from_str::<Filter>(&json).unwrap(), filter);
    }

    #[test]
    fn any_query_is_read(pairs in prop::collection::vec(
        (prop::sample::select(vec!["c", "kw", "dc", "free", "op", "kind", "place", "open", "parking", "acc", "q", "z"]), "\\PC{0,12}"),
        0..8,
    )) {
        let (filter, _) = Filter::from_query(pairs.iter().map(|(k, v)| (*k, v.as_str())));
        let query = filter.to_query();
        let (again, ignored) = Filter::from_query(query.iter().map(|(k, v)| (*k, v.as_str())));
        prop_assert_eq!(again, filter);
        prop_assert!(ignored.is_empty());
    }
}

#[test]
fn links_are_short_and_stable() {
    let filter = Filter {
        standards: vec![ConnectorStandard::GbtDc, ConnectorStandard::Chaoji],
        min_power_w: Some(7_400),
        free_now: true,
        operators: vec![OperatorId::new("a"), OperatorId::new("b,c")],
        kinds: vec![LocationKind::BatterySwap],
        places: vec![PlaceKind::ServiceArea],
        text: Some("南京".into()),
        ..Filter::default()
    };
    let query: Vec<String> = filter
        .to_query()
        .into_iter()
        .map(|(k, v)| format!("{k}={v}"))
        .collect();
    assert_eq!(
        query.join("&"),
        "c=GBT_DC,CHAOJI&kw=7.4&free=1&op=a,b%2cc&kind=swap&place=service_area&q=南京"
    );
    assert_eq!(Filter::default().to_query(), vec![]);
}

#[test]
fn what_is_not_understood_is_named() {
    let (filter, ignored) = Filter::from_query([
        ("c", "GBT_DC,BANANA"),
        ("kw", "many"),
        ("kind", "moon"),
        ("free", "2"),
        ("z", "9.5"),
        ("kw", "4294968"),
        ("place", "mall"),
    ]);
    assert_eq!(
        ignored,
        ["c=BANANA", "kw=many", "kind=moon", "free=2", "kw=4294968"]
    );
    assert_eq!(
        filter,
        Filter {
            standards: vec![ConnectorStandard::GbtDc],
            places: vec![PlaceKind::Mall],
            ..Filter::default()
        }
    );
}

/// One location, changed by hand, against one question.
#[test]
fn meaning() {
    let mut catalogue = common::generate(1, 200);
    let at = catalogue
        .locations
        .iter()
        .position(|l| l.evses.len() >= 2 && l.evses.iter().all(|e| e.connectors.len() == 1))
        .expect("some location has two EVSEs with one connector each");
    catalogue.sources[0].stale_after_s = Some(900);
    let mut place = catalogue.locations[at].clone();
    place.source = 0;
    place.evses.truncate(2);
    let set = |place: &mut chongtu_model::Location, e: usize, standard, power_w, status| {
        let evse = &mut place.evses[e];
        evse.status = status;
        evse.status_updated = Some(common::NOW);
        evse.connectors[0].standard = standard;
        evse.connectors[0].power_w = power_w;
    };
    set(&mut place, 0, Some(GbtDc), None, Status::Available);
    set(&mut place, 1, Some(GbtAc), Some(60_000), Status::Charging);
    let ask = |filter: &Filter, place: &chongtu_model::Location, now: Instant| {
        filter.matches(&catalogue, place, now)
    };
    let dc60 = Filter {
        standards: vec![GbtDc],
        min_power_w: Some(60_000),
        ..Filter::default()
    };
    let free = Filter {
        free_now: true,
        ..Filter::default()
    };
    assert!(
        !ask(&dc60, &place, common::NOW),
        "standard and power on two connectors"
    );
    assert!(ask(&free, &place, common::NOW));
    assert!(
        !ask(&free, &place, common::NOW.plus_s(901)),
        "too old to be free"
    );
    set(&mut place, 0, Some(GbtDc), Some(60_000), Status::Available);
    assert!(ask(&dc60, &place, common::NOW));
    let ac_free = Filter {
        standards: vec![GbtAc],
        free_now: true,
        ..Filter::default()
    };
    assert!(
        !ask(&ac_free, &place, common::NOW),
        "the free one has another plug"
    );
    set(&mut place, 0, Some(GbtDc), Some(60_000), Status::Planned);
    assert!(!ask(&dc60, &place, common::NOW), "not built yet");
    set(&mut place, 1, Some(GbtAc), Some(60_000), Status::Removed);
    assert!(
        !ask(&Filter::default(), &place, common::NOW),
        "no place to go"
    );
    place.evses.clear();
    assert!(
        ask(&Filter::default(), &place, common::NOW),
        "what it has is unknown"
    );
    assert!(!ask(&dc60, &place, common::NOW));
    place.accessible = None;
    let accessible = Filter {
        accessible: true,
        ..Filter::default()
    };
    assert!(!ask(&accessible, &place, common::NOW));
    place.opening_hours = None;
    let open = Filter {
        open_now: true,
        ..Filter::default()
    };
    assert!(!ask(&open, &place, common::NOW));
}
