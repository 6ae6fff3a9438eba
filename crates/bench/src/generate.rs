//! Invented catalogues: many locations around cities, as a country has them.

use crate::random::Random;
use chongtu_model::hours::{OpeningHours, RegularHours, WeeklySpan};
use chongtu_model::location::{Capability, Facility, LocationKind, ParkingCost, PlaceKind};
use chongtu_model::provenance::{Datum, LocalText, Operator, Source};
use chongtu_model::tariff::{
    PriceComponent, PriceDimension, Tariff, TariffElement, TariffRestrictions,
};
use chongtu_model::time::{TimeZone, Weekday};
use chongtu_model::{
    Catalogue, Connector, ConnectorId, ConnectorStandard, Currency, Evse, EvseUid, Instant, LatLng,
    Location, LocationId, OperatorId, SourceId, Status, TariffId, UnitPrice,
};

/// The instant that the invented data knows.
pub(crate) const NOW: Instant = Instant::from_unix_s(1_795_231_680);

const N_CITIES: usize = 330;
const N_OPERATORS: usize = 60;
const N_TARIFFS: usize = 400;

/// A catalogue of `n` locations in its normal form.
pub(crate) fn catalogue(seed: u64, n: usize) -> Catalogue {
    let r = &mut Random::new(seed);
    // Cities differ in size by the rank-size rule, as real ones do.
    let cities: Vec<(LatLng, f64)> = (1..=N_CITIES)
        .map(|rank| {
            let middle = LatLng {
                lat: r.between(21.0, 47.0),
                lng: r.between(98.0, 126.0),
            };
            (middle, 0.05 + 0.6 / (rank as f64).sqrt())
        })
        .collect();
    let total: f64 = (1..=N_CITIES).map(|rank| 1.0 / rank as f64).sum();
    let mut catalogue = Catalogue {
        sources: vec![Source {
            id: SourceId::new("invented"),
            name: LocalText::plain("Invented"),
            licence: Some("CC0-1.0".into()),
            attribution: None,
            datum: Datum::Wgs84,
            stale_after_s: Some(900),
            demonstration: true,
        }],
        operators: (0..N_OPERATORS)
            .map(|i| Operator {
                id: OperatorId::new(&format!("op{i}")),
                name: LocalText::plain(format!("Operator {i}")),
            })
            .collect(),
        tariffs: (0..N_TARIFFS).map(|i| tariff(r, i)).collect(),
        zones: vec![TimeZone::shanghai()],
        locations: Vec::with_capacity(n),
        ..Catalogue::default()
    };
    for i in 0..n {
        let mut at = r.unit() * total;
        let mut city = 0;
        while city + 1 < N_CITIES && at > 1.0 / (city + 1) as f64 {
            at -= 1.0 / (city + 1) as f64;
            city += 1;
        }
        let (middle, spread) = cities[city];
        let position = if r.chance(0.05) {
            LatLng {
                lat: r.between(21.0, 47.0),
                lng: r.between(98.0, 126.0),
            }
        } else {
            // The sum of uniform numbers: dense in the middle.
            let mut off = || (r.unit() + r.unit() + r.unit() - 1.5) * spread;
            LatLng {
                lat: middle.lat + off(),
                lng: middle.lng + off(),
            }
        };
        let made = location(r, i, city, position);
        catalogue.locations.push(made);
    }
    catalogue.normalize();
    // A copy lies in memory in order of id, as a decoded file does; sorted in place, the EVSEs of
    // neighbours would lie anywhere.
    catalogue.clone()
}

fn tariff(r: &mut Random, i: usize) -> Tariff {
    let by_hour = r.chance(0.4);
    let mut element = |start_minute| TariffElement {
        components: [
            (PriceDimension::Energy, 300_000 + 10_000 * r.below(90)),
            (PriceDimension::Service, 10_000 * r.below(80)),
        ]
        .into_iter()
        .map(|(dimension, millionths)| {
            PriceComponent::new(dimension, UnitPrice::from_millionths(millionths as i64))
        })
        .collect(),
        restrictions: TariffRestrictions {
            start_minute,
            ..TariffRestrictions::default()
        },
        ..TariffElement::default()
    };
    let elements = if by_hour {
        vec![element(Some(1320)), element(None)]
    } else {
        vec![element(None)]
    };
    Tariff {
        operator: Some(OperatorId::new(&format!("op{}", i % N_OPERATORS))),
        ..Tariff::new(TariffId::new(&format!("t{i}")), Currency::CNY, elements)
    }
}

fn location(r: &mut Random, i: usize, city: usize, position: LatLng) -> Location {
    let operator = r.below(N_OPERATORS);
    let tariff = r
        .chance(0.8)
        .then(|| (operator + N_OPERATORS * r.below(N_TARIFFS / N_OPERATORS)) as u32);
    let dc = r.chance(0.6);
    let power_w = if dc {
        r.pick(&[60_000, 120_000, 120_000, 180_000, 250_000, 480_000])
    } else {
        r.pick(&[7_000, 7_000, 11_000, 42_000])
    };
    let n_evses = 1 + r.below(12);
    let evses = (0..n_evses)
        .map(|e| Evse {
            uid: EvseUid::new(&format!("{i:07}{e:02}")),
            evse_id: None,
            status: r.pick(&[
                Status::Available,
                Status::Available,
                Status::Charging,
                Status::OutOfOrder,
                Status::Unknown,
            ]),
            status_updated: r.chance(0.9).then(|| NOW.plus_s(-(r.below(1800) as i64))),
            capabilities: if r.chance(0.3) {
                vec![Capability::Reservable]
            } else {
                Vec::new()
            },
            connectors: vec![Connector {
                id: ConnectorId::new("1"),
                standard: Some(if dc {
                    ConnectorStandard::GbtDc
                } else {
                    ConnectorStandard::GbtAc
                }),
                power_w: r.chance(0.9).then_some(power_w),
                tariff,
                standard_assumed: false,
                power_assumed: false,
            }],
        })
        .collect();
    Location {
        id: LocationId::from_party("CN", "INV", &format!("{:06x}{i}", r.below(1 << 24))),
        aliases: Vec::new(),
        name: LocalText::plain(format!("City {city} Station {i}")),
        address: r
            .chance(0.8)
            .then(|| LocalText::plain(format!("{} Zhongshan Road", r.below(2000)))),
        city: Some(format!("city-{city}")),
        district: None,
        position,
        raw_position: None,
        source: 0,
        operator: Some(operator as u32),
        kind: Some(if r.chance(0.9) {
            LocationKind::Public
        } else {
            LocationKind::DepotPublicHours
        }),
        place: r.chance(0.5).then(|| r.pick(&PlaceKind::ALL)),
        road: None,
        zone: Some(0),
        opening_hours: Some(hours(r)),
        facilities: if r.chance(0.2) {
            vec![Facility::Toilets, Facility::Shop]
        } else {
            Vec::new()
        },
        accessible: None,
        parking_rule: None,
        access_note: None,
        floor: None,
        max_vehicle_height_cm: None,
        phone: None,
        parking: r
            .chance(0.5)
            .then(|| r.pick(&[ParkingCost::Free, ParkingCost::Paid])),
        evses,
        last_updated: Some(NOW.plus_s(-(r.below(1 << 20) as i64))),
    }
}

fn hours(r: &mut Random) -> OpeningHours {
    if r.chance(0.7) {
        return OpeningHours::TwentyFourSeven;
    }
    let (begin, end) = (60 * (5 + r.below(4)) as u16, 60 * (20 + r.below(5)) as u16);
    OpeningHours::Regular(RegularHours {
        weekly: Weekday::ALL
            .into_iter()
            .map(|weekday| WeeklySpan {
                weekday,
                begin,
                end,
            })
            .collect(),
        ..RegularHours::default()
    })
}
