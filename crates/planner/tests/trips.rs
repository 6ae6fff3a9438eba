//! Whole trips on a road one can work out by hand.
//!
//! A straight road of 600 km at 100 km/h, nodes every 50 km; a car that uses 200 Wh/km and holds
//! 60 kWh, so 50 km are a sixth of the battery (and half an hour); chargers that give 60 kW flat.

#![expect(clippy::expect_used, reason = "a test that fails says why")]

use chongtu_model::location::{Connector, Evse, RoadSide};
use chongtu_model::provenance::{Datum, LocalText, Source};
use chongtu_model::vehicle::{
    ChargeCurve, Consumption, Interpolation, OutOfRange, SpeedTable, VehicleConnector,
};
use chongtu_model::{
    Catalogue, ConnectorId, ConnectorStandard, EvseUid, LatLng, Location, LocationId, Soc,
    SourceId, Status, Vehicle,
};
use chongtu_planner::failure::FailurePlace;
use chongtu_planner::{
    Assumptions, Change, FailureCode, Plan, PlanFailure, Step, Travel, TripRequest, TripSearch,
    World, plan_trip,
};
use chongtu_roads::{EdgeInput, Place, RoadNetworkBuilder};
use std::rc::Rc;

/// Degrees of longitude for a kilometre on the equator.
const DEGREE_PER_KM: f64 = 1.0 / 111.195_08;

fn at_km(km: f64) -> LatLng {
    LatLng {
        lat: 0.0,
        lng: 100.0 + km * DEGREE_PER_KM,
    }
}

fn road() -> chongtu_roads::RoadNetwork {
    let mut builder = RoadNetworkBuilder::new();
    builder.set_class_speeds(vec![100.0]);
    let nodes: Vec<_> = (0..=12)
        .map(|i| builder.add_node(at_km(f64::from(i) * 50.0), None))
        .collect();
    for pair in nodes.windows(2) {
        builder.add_edge(EdgeInput {
            a: pair[0],
            b: pair[1],
            length_m: 50_000.0,
            class: 0,
            ..EdgeInput::default()
        });
    }
    builder.build().0
}

fn car() -> Vehicle {
    Vehicle {
        id: None,
        name: "Test".into(),
        name_zh: None,
        source: None,
        usable_battery_kwh: 60.0,
        consumption: Consumption::SpeedTable(SpeedTable {
            points: vec![[80.0, 150.0], [100.0, 200.0], [120.0, 250.0]],
            interpolation: Interpolation::Linear,
            out_of_range: OutOfRange::Clamp,
        }),
        charge_curve: ChargeCurve {
            points: vec![[0.0, 1000.0]],
            interpolation: Interpolation::Linear,
        },
        connectors: vec![VehicleConnector {
            standard: ConnectorStandard::GbtDc,
            max_power_kw: None,
        }],
        auxiliary_kw: 0.0,
        charge_efficiency: 1.0,
        slope: None,
    }
}

fn site(id: &str, km: f64, standard: Option<ConnectorStandard>, power_w: Option<u32>) -> Location {
    Location {
        id: LocationId::new(id),
        aliases: Vec::new(),
        name: LocalText::plain(id),
        address: None,
        city: None,
        district: None,
        position: at_km(km),
        raw_position: None,
        source: 0,
        operator: None,
        kind: None,
        place: None,
        road: None,
        zone: None,
        opening_hours: None,
        facilities: Vec::new(),
        accessible: None,
        parking: None,
        parking_rule: None,
        access_note: None,
        floor: None,
        max_vehicle_height_cm: None,
        phone: None,
        evses: vec![Evse {
            uid: EvseUid::new("1"),
            evse_id: None,
            status: Status::Unknown,
            status_updated: None,
            capabilities: Vec::new(),
            connectors: vec![Connector {
                id: ConnectorId::new("1"),
                standard,
                power_w,
                tariff: None,
                standard_assumed: false,
                power_assumed: false,
            }],
        }],
        last_updated: None,
    }
}

fn world(sites: Vec<Location>) -> Rc<World> {
    let source = Source {
        id: SourceId::new("test"),
        name: LocalText::plain("test"),
        licence: None,
        attribution: None,
        datum: Datum::Wgs84,
        stale_after_s: Some(900),
        demonstration: false,
    };
    let mut locations = sites;
    locations.sort_by(|a, b| a.id.cmp(&b.id));
    let catalogue = Catalogue {
        sources: vec![source],
        locations,
        ..Catalogue::default()
    };
    Rc::new(World::new(
        Rc::new(catalogue),
        Travel::roads(Rc::new(road())),
    ))
}

const DC: Option<ConnectorStandard> = Some(ConnectorStandard::GbtDc);

fn soc(percent: f64) -> Soc {
    Soc::from_percent(percent).expect("a percentage")
}

fn request(from_km: f64, to_km: f64) -> TripRequest {
    TripRequest {
        departure_soc: soc(90.0),
        ..TripRequest::new(at_km(from_km), at_km(to_km))
    }
}

fn plan(world: &Rc<World>, request: &TripRequest) -> Result<Plan, PlanFailure> {
    plan_trip(world, &car(), request, &Assumptions::default(), true)
}

#[track_caller]
fn close(got: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (got - expected).abs() <= tolerance,
        "{what}: {got}, expected {expected}"
    );
}

/// Everything must add up, whatever the plan.
fn adds_up(plan: &Plan) {
    let it = &plan.itineraries[0];
    assert_eq!(it.legs.len(), it.stops.len() + 1);
    let mut charge = it.departure_soc;
    for (i, leg) in it.legs.iter().enumerate() {
        close(
            leg.departure_soc,
            charge,
            1e-9,
            "a leg begins with what the stop before it left",
        );
        close(
            leg.arrival_soc,
            leg.departure_soc - leg.energy_kwh / 60.0,
            1e-9,
            "a leg uses its energy",
        );
        let last = leg.profile.last().expect("a profile");
        assert_eq!(
            (last.distance_m, last.energy_kwh),
            (leg.distance_m, leg.energy_kwh)
        );
        assert!(
            leg.profile
                .windows(2)
                .all(|w| w[0].distance_m <= w[1].distance_m && w[0].energy_kwh <= w[1].energy_kwh)
        );
        charge = leg.arrival_soc;
        if let Some(stop) = it.stops.get(i) {
            close(
                stop.arrival_soc,
                charge,
                1e-9,
                "a stop begins with what the leg left",
            );
            close(
                stop.energy_kwh,
                (stop.departure_soc - stop.arrival_soc) * 60.0,
                1e-9,
                "a stop's energy",
            );
            assert!(stop.charge_s > 0.0, "no stop of zero minutes");
            charge = stop.departure_soc;
        }
    }
    close(it.arrival_soc, charge, 1e-9, "the end");
    close(
        it.total_s,
        it.drive_s + it.charge_s + it.wait_s + it.overhead_s,
        1e-6,
        "the total",
    );
    close(
        it.drive_s,
        it.legs.iter().map(|l| l.duration_s).sum(),
        1e-6,
        "driving",
    );
    // Every leg of the answer is in the graph that anyone may check.
    let graph = plan.graph.as_ref().expect("asked for");
    for leg in &it.legs {
        assert!(graph.legs.iter().any(|g| {
            graph.places[g.from as usize].id == leg.from.as_text()
                && graph.places[g.to as usize].id == leg.to.as_text()
                && (g.duration_s - leg.duration_s).abs() < 1e-6
                && (g.energy_kwh - leg.energy_kwh).abs() < 1e-9
        }));
    }
}

#[test]
fn without_a_stop() {
    let plan = plan(
        &world(vec![site("a", 100.0, DC, Some(60_000))]),
        &request(0.0, 200.0),
    )
    .expect("in reach");
    adds_up(&plan);
    let it = &plan.itineraries[0];
    // 200 km: 2 h and 40 kWh, two thirds of the battery.
    close(it.total_s, 7_200.0, 1.0, "two hours");
    close(it.arrival_soc, 0.9 - 2.0 / 3.0, 1e-4, "arrival");
    assert!(it.stops.is_empty());
}

#[test]
fn one_stop_charges_just_enough() {
    let plan = plan(
        &world(vec![site("a", 200.0, DC, Some(60_000))]),
        &request(0.0, 400.0),
    )
    .expect("one stop");
    adds_up(&plan);
    let it = &plan.itineraries[0];
    // 80 kWh to drive; 54 at the start, 6 must be left: 32 to charge at 60 kW, 32 minutes.
    close(it.energy_kwh, 80.0, 0.01, "energy");
    close(it.charge_s, 32.0 * 60.0, 1.0, "charging");
    close(it.total_s, 4.0 * 3600.0 + 32.0 * 60.0 + 300.0, 2.0, "total");
    close(it.arrival_soc, 0.1, 1e-9, "arrives with what was asked");
}

#[test]
fn the_faster_of_two_sites_is_taken_and_the_other_is_its_backup() {
    let sites = vec![
        site("fast", 200.0, DC, Some(120_000)),
        site("slow", 190.0, DC, Some(60_000)),
    ];
    let plan = plan(&world(sites), &request(0.0, 400.0)).expect("one stop");
    adds_up(&plan);
    let stop = &plan.itineraries[0].stops[0];
    assert_eq!(stop.location_id.as_str(), "fast");
    let backup = stop.backup.as_ref().expect("the other one is near");
    assert_eq!(backup.location_id.as_str(), "slow");
    close(backup.distance_m, 10_000.0, 30.0, "backup");
    close(
        backup.arrival_soc,
        stop.arrival_soc - 2.0 / 60.0,
        1e-4,
        "what is left there",
    );
}

#[test]
fn unknown_sites_are_counted_and_used_only_when_assumed() {
    let sites = vec![
        site("no-power", 200.0, DC, None),
        site("no-connector", 205.0, None, Some(60_000)),
        site(
            "foreign",
            210.0,
            Some(ConnectorStandard::Chademo),
            Some(60_000),
        ),
    ];
    let world = world(sites);
    let failure = plan(&world, &request(0.0, 400.0)).expect_err("nothing known fits");
    assert_eq!(failure.code, FailureCode::NoCompatibleConnector);
    let assume = Assumptions {
        connector: DC,
        power_kw: Some(60.0),
    };
    let plan = plan_trip(&world, &car(), &request(0.0, 400.0), &assume, true).expect("assumed");
    adds_up(&plan);
    let stop = &plan.itineraries[0].stops[0];
    assert!(stop.assumed);
    assert_eq!(plan.skipped.not_compatible, 1);
    let nothing = plan_trip(
        &world,
        &car(),
        &request(0.0, 100.0),
        &Assumptions::default(),
        false,
    )
    .expect("in reach");
    let s = nothing.skipped;
    assert_eq!(
        (
            s.power_unknown,
            s.connector_unknown,
            s.not_compatible,
            s.no_road_nearby
        ),
        (1, 1, 1, 0)
    );
}

#[test]
fn a_gap_says_where_and_by_how_much_and_what_would_help() {
    // 400 km from the only charger to the end: 80 kWh, but a full battery gives 54.
    let world = world(vec![site("a", 200.0, DC, Some(60_000))]);
    let failure = plan(&world, &request(0.0, 600.0)).expect_err("too far");
    assert_eq!(failure.code, FailureCode::GapTooLong);
    assert_eq!(failure.at, FailurePlace::Location("a".into()));
    close(
        failure.gap_kwh.expect("energy is the matter"),
        80.0 + 6.0 - 60.0,
        0.01,
        "gap",
    );
    let gap = failure.gap.as_ref().expect("a gap");
    assert_eq!(gap.to, FailurePlace::Destination);
    close(gap.distance_m, 400_000.0, 100.0, "how long");
    close(
        gap.reach_m,
        400_000.0 * 54.0 / 80.0,
        100.0,
        "how far it gets",
    );
    // At 80 km/h a kilometre takes 150 Wh: 60 kWh, and 54 are there above the reserve; at no
    // reserve 60 are. So slower alone is not enough, nor is the reserve alone.
    assert!(failure.relaxations.is_empty(), "{:?}", failure.relaxations);

    // 320 km: 64 kWh + 6 > 60. Slower helps: 90 km/h needs 56, no; 80 km/h needs 48, yes.
    let failure = plan(&world, &request(0.0, 520.0)).expect_err("too far");
    let changes: Vec<_> = failure
        .relaxations
        .iter()
        .map(|r| (r.change, r.to))
        .collect();
    assert_eq!(changes, [(Change::MaxSpeedKmh, 80.0)]);
    // And the relaxation is true: planning with it gives that total.
    let slower = TripRequest {
        max_speed_kmh: Some(80.0),
        ..request(0.0, 520.0)
    };
    let total = plan(&world, &slower).expect("as promised").itineraries[0].total_s;
    close(
        failure.relaxations[0].total_s,
        total,
        1e-6,
        "the promised total",
    );
}

#[test]
fn starting_with_too_little() {
    let world = world(vec![site("a", 200.0, DC, Some(60_000))]);
    let low = TripRequest {
        departure_soc: soc(40.0),
        ..request(0.0, 400.0)
    };
    let failure = plan(&world, &low).expect_err("cannot reach the charger");
    assert_eq!(failure.at, FailurePlace::Origin);
    // 40 kWh to the charger and 6 to be left; 24 are there.
    close(failure.gap_kwh.expect("energy"), 22.0, 0.01, "gap");
    let more = failure
        .relaxations
        .iter()
        .find(|r| r.change == Change::DepartureSoc)
        .expect("starting fuller helps");
    close(more.to, 0.8, 1e-9, "46 of 60 kWh: the next tenth is 80 %");
}

#[test]
fn requests_that_cannot_be() {
    let world = world(Vec::new());
    let check = |edit: &dyn Fn(&mut TripRequest), code: FailureCode, at: &str| {
        let mut wrong = request(0.0, 100.0);
        edit(&mut wrong);
        let failure = plan(&world, &wrong).expect_err(at);
        assert_eq!((failure.code, failure.at.as_text()), (code, at));
    };
    check(
        &|r| r.reserve_soc = soc(95.0),
        FailureCode::Contradiction,
        "reserve_soc>departure_soc",
    );
    check(
        &|r| r.max_charge_soc = soc(5.0),
        FailureCode::Contradiction,
        "reserve_soc>max_charge_soc",
    );
    check(
        &|r| {
            r.max_charge_soc = soc(80.0);
            r.arrival_soc = soc(95.0);
        },
        FailureCode::Contradiction,
        "arrival_soc>max_charge_soc",
    );
    check(
        &|r| r.overhead_s = f64::NAN,
        FailureCode::Contradiction,
        "overhead_s<0",
    );
    check(
        &|r| {
            r.to = LatLng {
                lat: 40.0,
                lng: 10.0,
            }
        },
        FailureCode::OutOfCoverage,
        "destination",
    );
    check(
        &|r| {
            r.from = LatLng {
                lat: -89.0,
                lng: -170.0,
            }
        },
        FailureCode::OutOfCoverage,
        "origin",
    );
}

#[test]
fn steps_give_the_same_answer_as_one_go() {
    let sites = (1..12)
        .map(|i| {
            site(
                &format!("s{i}"),
                f64::from(i) * 50.0,
                DC,
                Some(30_000 + i as u32 * 9_000),
            )
        })
        .collect();
    let world = world(sites);
    let request = TripRequest {
        departure_soc: soc(60.0),
        allow_slower: true,
        ..request(0.0, 600.0)
    };
    let whole = plan(&world, &request).expect("a plan");
    adds_up(&whole);
    let mut search = TripSearch::new(
        Rc::clone(&world),
        &car(),
        &request,
        &Assumptions::default(),
        true,
    );
    let mut last = 0.0;
    let stepped = loop {
        match search.step(1) {
            Step::Running(progress) => {
                assert!(progress.share >= last && progress.share <= 1.0);
                last = progress.share;
            }
            Step::Done(answer) => break *answer,
        }
    };
    assert_eq!(stepped, Ok(whole));
}

/// A site on a carriageway: the direction names a place of the network.
fn side(id: &str, km: f64, towards: &str) -> Location {
    let mut location = site(id, km, DC, Some(60_000));
    location.road = Some(RoadSide {
        reference: "G1".into(),
        direction: Some(LocalText::plain(format!("direction {towards}"))),
    });
    location
}

#[test]
fn a_service_area_is_used_from_its_own_carriageway() {
    let mut builder = RoadNetworkBuilder::new();
    builder.set_class_speeds(vec![100.0]);
    // Every node carries another road, so that none is contracted and cars can turn at each.
    let nodes: Vec<_> = (0..=12)
        .map(|i| builder.add_node(at_km(f64::from(i) * 50.0), None))
        .collect();
    for (i, pair) in nodes.windows(2).enumerate() {
        builder.add_edge(EdgeInput {
            a: pair[0],
            b: pair[1],
            length_m: 50_000.0,
            refs: vec![format!("S{i}")],
            ..EdgeInput::default()
        });
    }
    for (name, km) in [("West", 0.0), ("East", 600.0)] {
        builder.add_place(Place {
            id: name.to_lowercase(),
            name: LocalText::plain(name),
            pinyin: None,
            position: at_km(km),
            rank: 1,
            city: None,
        });
    }
    let network = Rc::new(builder.build().0);
    // "Nowhere" is no place: its side follows from the one across the road.
    let sites = vec![
        side("a-west", 210.0, "West"),
        side("b-east", 210.5, "East"),
        side("c-nowhere", 310.0, "Nowhere"),
        side("d-west", 310.5, "West"),
    ];
    let catalogue = Catalogue {
        locations: sites,
        ..world(Vec::new()).catalogue().clone()
    };
    let world = Rc::new(World::new(Rc::new(catalogue), Travel::roads(network)));
    let stop = |from, to| {
        let plan = plan(&world, &request(from, to)).expect("one stop");
        adds_up(&plan);
        let it = &plan.itineraries[0];
        close(it.distance_m, 400_000.0, 50.0, "nobody turns round");
        it.stops[0].location_id.as_str().to_owned()
    };
    let there = stop(0.0, 400.0);
    assert!(there == "b-east" || there == "c-nowhere", "{there}");
    let back = stop(400.0, 0.0);
    assert!(back == "a-west" || back == "d-west", "{back}");
}
