//! The filter: its meaning by hand-made cases, and its place in a URL.

use chongtu_model::ConnectorStandard::{GbtAc, GbtDc};
use chongtu_model::filter::PriceLimit;
use chongtu_model::location::{LocationKind, ParkingCost, PlaceKind};
use chongtu_model::tariff::TariffRestrictions;
use chongtu_model::{
    ConnectorStandard, Currency, Filter, Instant, LocationId, OperatorId, Status, UnitPrice,
};
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
        on: [bool; 8],
        max_price in prop::option::of((
            -9_000_000_000_000_i64..9_000_000_000_000,
            prop::sample::select(vec![Currency::CNY, Currency::EUR]),
        )),
        min_evses: Option<u32>,
        operators in prop::collection::vec("[a-z0-9%,=&*. \u{4e00}-\u{4e20}]{1,8}", 0..3),
        kinds in some(&LocationKind::ALL),
        places in some(&PlaceKind::ALL),
        text in prop::option::of("\\PC{1,12}"),
    ) {
        let filter = Filter {
            standards,
            min_power_w,
            dc_only: on[0],
            max_price: max_price.map(|(millionths, currency)| PriceLimit {
                per_kwh: UnitPrice::from_millionths(millionths),
                currency,
            }),
            free_now: on[1],
            free_or_unknown: on[5],
            operators: operators
                .iter()
                .map(|o| OperatorId::new(o))
                .filter(|o| !o.as_str().is_empty())
                .collect(),
            kinds,
            places,
            open_now: on[2],
            open_or_unknown: on[6],
            parking_free: on[3],
            parking_always_free: on[7],
            accessible: on[4],
            min_evses,
            text: text.filter(|t| !t.trim().is_empty()),
            ids: None,
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
        (prop::sample::select(vec!["c", "kw", "dc", "free", "op", "kind", "place", "open", "parking", "acc", "q", "z", "price", "free_u", "open_u", "parking_all", "n"]),
         prop_oneof!["\\PC{0,12}", "[0-9]{0,3}[.]?[0-9]{0,7}[a-z]{0,3}"]),
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

/// Links that people have kept since the first filters, and those with all the later ones.
#[test]
fn old_and_new_links_are_read() {
    let read = |link: &str| {
        let pairs = link.split('&').filter_map(|pair| pair.split_once('='));
        let (filter, ignored) = Filter::from_query(pairs);
        assert_eq!(ignored, Vec::<String>::new(), "{link}");
        filter
    };
    let old = Filter {
        standards: vec![GbtDc],
        min_power_w: Some(60_000),
        dc_only: true,
        free_now: true,
        operators: vec![OperatorId::new("a")],
        kinds: vec![LocationKind::Public],
        places: vec![PlaceKind::Mall],
        open_now: true,
        parking_free: true,
        accessible: true,
        text: Some("x".into()),
        ..Filter::default()
    };
    assert_eq!(
        read("c=GBT_DC&kw=60&dc=1&free=1&op=a&kind=public&place=mall&open=1&parking=1&acc=1&q=x"),
        old
    );
    let yuan = |millionths| PriceLimit::yuan(UnitPrice::from_millionths(millionths));
    let new = Filter {
        max_price: Some(yuan(1_200_000)),
        free_or_unknown: true,
        open_or_unknown: true,
        parking_always_free: true,
        min_evses: Some(4),
        ..Filter::default()
    };
    assert_eq!(read("price=1.2&free_u=1&open_u=1&parking_all=1&n=4"), new);
    let euro = PriceLimit {
        currency: Currency::EUR,
        ..yuan(450_000)
    };
    assert_eq!(read("price=0.45eur").max_price, Some(euro));
}

#[test]
fn favourites_stand_in_no_link() {
    let filter = Filter {
        ids: Some(vec![LocationId::new("x-a-1")]),
        ..Filter::default()
    };
    assert!(!filter.is_empty());
    assert_eq!(filter.to_query(), vec![]);
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
        ("price", "cheap"),
        ("price", "1.2eu"),
        ("n", "-1"),
    ]);
    assert_eq!(
        ignored,
        [
            "c=BANANA",
            "kw=many",
            "kind=moon",
            "free=2",
            "kw=4294968",
            "price=cheap",
            "price=1.2eu",
            "n=-1"
        ]
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
    let open_or_unknown = Filter {
        open_or_unknown: true,
        ..Filter::default()
    };
    assert!(ask(&open_or_unknown, &place, common::NOW));
    let free_or_unknown = Filter {
        free_or_unknown: true,
        ..Filter::default()
    };
    assert!(
        ask(&free_or_unknown, &place, common::NOW),
        "nothing is known of it"
    );
}

/// The demands that came with the everyday map, on one location changed by hand.
#[test]
fn meaning_of_price_parking_and_favourites() {
    let mut catalogue = common::generate(2, 300);
    let at = catalogue
        .locations
        .iter()
        .position(|l| l.evses.len() == 2 && l.evses.iter().all(|e| e.connectors.len() == 1))
        .expect("some location has two EVSEs with one connector each");
    catalogue.sources[0].stale_after_s = Some(900);
    // Two tariffs of one price each, in yuan.
    for (tariff, price) in catalogue.tariffs.iter_mut().zip([900_000, 1_500_000]) {
        tariff.currency = Currency::CNY;
        tariff.elements.truncate(1);
        tariff.elements[0].restrictions = TariffRestrictions::default();
        tariff.elements[0].components.truncate(1);
        tariff.elements[0].components[0].price = UnitPrice::from_millionths(price);
    }
    let mut place = catalogue.locations[at].clone();
    place.source = 0;
    place.zone = Some(0);
    for (e, evse) in place.evses.iter_mut().enumerate() {
        evse.status = [Status::Charging, Status::Available][e];
        evse.status_updated = Some(common::NOW);
        evse.connectors[0].standard = Some(GbtDc);
        evse.connectors[0].tariff = Some(e as u32);
    }
    let most = |millionths| Filter {
        max_price: Some(PriceLimit::yuan(UnitPrice::from_millionths(millionths))),
        ..Filter::default()
    };
    let ask = |filter: &Filter, place: &chongtu_model::Location| {
        filter.matches(&catalogue, place, common::NOW)
    };
    assert!(ask(&most(900_000), &place) && !ask(&most(899_999), &place));
    let free = |millionths| Filter {
        free_now: true,
        ..most(millionths)
    };
    assert!(
        !ask(&free(1_000_000), &place),
        "the cheap one is occupied, the free one is dear"
    );
    assert!(ask(&free(1_500_000), &place));
    let euros = Filter {
        max_price: Some(PriceLimit {
            per_kwh: UnitPrice::from_millionths(9_000_000),
            currency: Currency::EUR,
        }),
        ..Filter::default()
    };
    assert!(!ask(&euros, &place), "yuan are no euros");
    place.evses[0].connectors[0].tariff = None;
    assert!(!ask(&most(1_000_000), &place), "unknown is not cheap");

    let parking = |always: bool| Filter {
        parking_free: !always,
        parking_always_free: always,
        ..Filter::default()
    };
    for (cost, [while_charging, always]) in [
        (Some(ParkingCost::Free), [true, true]),
        (Some(ParkingCost::FreeWhileCharging), [true, false]),
        (Some(ParkingCost::Paid), [false, false]),
        (None, [false, false]),
    ] {
        place.parking = cost;
        assert_eq!(ask(&parking(false), &place), while_charging, "{cost:?}");
        assert_eq!(ask(&parking(true), &place), always, "{cost:?}");
    }

    let at_least = |n| Filter {
        min_evses: Some(n),
        ..Filter::default()
    };
    assert!(ask(&at_least(2), &place) && !ask(&at_least(3), &place));
    place.evses[0].status = Status::Planned;
    assert!(!ask(&at_least(2), &place), "one is yet to be built");

    let only = |id: &str| Filter {
        ids: Some(vec![LocationId::new(id)]),
        ..Filter::default()
    };
    place.aliases = vec![LocationId::new("x-before-7")];
    assert!(ask(&only(place.id.as_str()), &place));
    assert!(
        ask(&only("X-Before-7"), &place),
        "a merged favourite still stands"
    );
    assert!(!ask(&only("x-other"), &place));
    let none = Filter {
        ids: Some(Vec::new()),
        ..Filter::default()
    };
    assert!(!ask(&none, &place), "no favourites, no locations");
}
