//! What a stop costs at the hour of arrival, on a trip one can work out by hand.
//!
//! A car that uses 200 Wh/km and holds 60 kWh drives 400 km along the equator at 100 km/h from
//! 90 %. The only site stands half-way and gives 60 kW: the car arrives after two hours with
//! 14 kWh, is plugged in five minutes later, and needs 46 kWh to arrive with a tenth: 32 kWh in
//! 32 minutes.

#![expect(clippy::expect_used, reason = "a test that fails says why")]

use chongtu_model::location::{Connector, Evse, Location};
use chongtu_model::provenance::{Datum, LocalText, Source};
use chongtu_model::tariff::{
    PriceComponent, PriceDimension, Tariff, TariffElement, TariffRestrictions,
};
use chongtu_model::time::TimeZone;
use chongtu_model::vehicle::{
    ChargeCurve, Consumption, Interpolation, OutOfRange, SpeedTable, VehicleConnector,
};
use chongtu_model::{
    Amount, Catalogue, ConnectorId, ConnectorStandard, Currency, EvseUid, Instant, LatLng,
    LocationId, Soc, SourceId, Status, TariffId, UnitPrice, Vehicle,
};
use chongtu_planner::{Assumptions, Travel, TripRequest, World, plan_trip};
use std::rc::Rc;

/// Metres on the mean sphere a degree of the equator.
const KM_PER_DEGREE: f64 = 6_371.008_8 * core::f64::consts::PI / 180.0;

fn at_km(km: f64) -> LatLng {
    LatLng {
        lat: 0.0,
        lng: 100.0 + km / KM_PER_DEGREE,
    }
}

fn energy(price: &str, from: u16, to: u16) -> TariffElement {
    TariffElement {
        components: vec![PriceComponent::new(
            PriceDimension::Energy,
            UnitPrice::parse(price).expect("a price"),
        )],
        restrictions: TariffRestrictions {
            start_minute: Some(from),
            end_minute: Some(to),
            ..TariffRestrictions::default()
        },
        band: None,
    }
}

/// What the stop costs when the trip begins at a local time of 8 July 2026 in Nanjing.
fn cost(elements: Vec<TariffElement>, zone: bool, departure: Option<(i64, i64)>) -> Option<Amount> {
    let location = Location {
        zone: zone.then_some(0),
        evses: vec![Evse {
            uid: EvseUid::new("1"),
            evse_id: None,
            status: Status::Unknown,
            status_updated: None,
            capabilities: Vec::new(),
            connectors: vec![Connector {
                id: ConnectorId::new("1"),
                standard: Some(ConnectorStandard::GbtDc),
                power_w: Some(60_000),
                tariff: Some(0),
                standard_assumed: false,
                power_assumed: false,
            }],
        }],
        ..Location::new(
            LocationId::new("half-way"),
            LocalText::plain("half-way"),
            at_km(200.0),
        )
    };
    let catalogue = Catalogue {
        sources: vec![Source {
            id: SourceId::new("test"),
            name: LocalText::plain("test"),
            licence: None,
            attribution: None,
            datum: Datum::Wgs84,
            stale_after_s: Some(900),
            demonstration: false,
        }],
        zones: vec![TimeZone::shanghai()],
        tariffs: vec![Tariff::new(TariffId::new("t"), Currency::CNY, elements)],
        locations: vec![location],
        ..Catalogue::default()
    };
    let car = Vehicle {
        id: None,
        name: "Test".into(),
        name_zh: None,
        source: None,
        usable_battery_kwh: 60.0,
        consumption: Consumption::SpeedTable(SpeedTable {
            points: vec![[100.0, 200.0]],
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
    };
    let travel = Travel::GreatCircle {
        cruise_kmh: 100.0,
        detour: 1.0,
    };
    let world = Rc::new(World::new(Rc::new(catalogue), travel));
    // 8 July 2026, 00:00 in Nanjing.
    let midnight = Instant::from_unix_s(1_783_440_000);
    let request = TripRequest {
        departure_soc: Soc::from_percent(90.0).expect("a percentage"),
        departure_at: departure.map(|(hour, minute)| midnight.plus_s(hour * 3600 + minute * 60)),
        ..TripRequest::new(at_km(0.0), at_km(400.0))
    };
    let plan = plan_trip(&world, &car, &request, &Assumptions::default(), false).expect("a plan");
    let it = &plan.itineraries[0];
    assert_eq!(it.stops.len(), 1);
    let stop = &it.stops[0];
    assert!((stop.energy_kwh - 32.0).abs() < 1e-6 && (stop.charge_s - 32.0 * 60.0).abs() < 1e-3);
    assert_eq!(it.cost, stop.cost);
    stop.cost
}

fn yuan(minor: i64) -> Amount {
    Amount {
        minor,
        currency: Currency::CNY,
    }
}

#[test]
fn a_border_of_periods_within_the_charge_splits_it() {
    // Cheap before 11:00, dear after: 11 is minute 660.
    let day = || vec![energy("0.5", 0, 660), energy("1.0", 660, 0)];
    // Plugged in at 10:35, until 11:07: 25 minutes at 0.5 and 7 at 1.0, a kWh a minute.
    assert_eq!(cost(day(), true, Some((8, 30))), Some(yuan(1950)));
    // From 08:05 and from 13:05 on one price holds.
    assert_eq!(cost(day(), true, Some((6, 0))), Some(yuan(1600)));
    assert_eq!(cost(day(), true, Some((11, 0))), Some(yuan(3200)));
    // Over midnight: 23:50 to 00:22.
    assert_eq!(cost(day(), true, Some((21, 45))), Some(yuan(1000 + 1100)));
}

#[test]
fn what_is_not_known_is_left_open() {
    let day = || vec![energy("0.5", 0, 660), energy("1.0", 660, 0)];
    assert_eq!(cost(day(), true, None), None);
    assert_eq!(cost(day(), false, Some((8, 30))), None);
    // The tariff forgets the time after 11:00: known before, open where the charge runs into it.
    let forgetful = || vec![energy("0.5", 0, 660)];
    assert_eq!(cost(forgetful(), true, Some((6, 0))), Some(yuan(1600)));
    assert_eq!(cost(forgetful(), true, Some((8, 30))), None);
    // One price at all hours needs neither.
    let flat = || {
        vec![TariffElement {
            restrictions: TariffRestrictions::default(),
            ..energy("0.7", 0, 0)
        }]
    };
    assert_eq!(cost(flat(), false, None), Some(yuan(2240)));
    assert_eq!(cost(flat(), true, Some((8, 30))), Some(yuan(2240)));
}
