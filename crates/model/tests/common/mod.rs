//! Invented catalogues from a seed: places around cities, some anywhere on Earth, every field
//! sometimes known and sometimes not.

use chongtu_model::gazetteer::Readings;
use chongtu_model::hours::{OpeningHours, RegularHours, WeeklySpan};
use chongtu_model::location::{
    Capability, Facility, LocationKind, ParkingCost, ParkingRule, PlaceKind, RoadSide,
};
use chongtu_model::provenance::{Datum, LocalText, Operator, Source};
use chongtu_model::tariff::{
    ParkingFee, ParkingWaiver, PriceComponent, PriceDimension, Tariff, TariffElement,
    TariffRestrictions,
};
use chongtu_model::time::{TimeZone, Weekday};
use chongtu_model::{
    Catalogue, Connector, ConnectorId, ConnectorStandard, Currency, Evse, EvseUid, Instant, LatLng,
    Location, LocationId, OperatorId, SourceId, Status, TariffId, UnitPrice,
};

/// An instant that the invented data knows: a Saturday noon in Nanjing.
pub const NOW: Instant = Instant::from_unix_s(1_795_231_680);

/// Xorshift with 64 bits (Marsaglia): the same numbers everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// `0..n`.
    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 11) % n
    }

    /// `0.0..1.0`.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    pub fn maybe<T: Copy>(&mut self, p: f64, of: &[T]) -> Option<T> {
        if self.chance(p) {
            Some(self.pick(of))
        } else {
            None
        }
    }
}

const CITIES: [(f64, f64); 8] = [
    (32.06, 118.80),
    (31.23, 121.47),
    (39.90, 116.40),
    (23.13, 113.26),
    (30.57, 104.07),
    (52.52, 13.40),
    (-17.80, 179.95),
    (51.50, -0.10),
];

fn position(r: &mut Random) -> LatLng {
    let (lat, lng) = if r.chance(0.1) {
        (r.unit() * 180.0 - 90.0, r.unit() * 360.0 - 180.0)
    } else {
        let (lat, lng) = r.pick(&CITIES);
        let (spread, angle) = (r.unit() * r.unit() * 0.6, r.unit() * core::f64::consts::TAU);
        (lat + spread * angle.sin(), lng + spread * angle.cos())
    };
    let lng = if lng > 180.0 { lng - 360.0 } else { lng };
    LatLng {
        lat: (lat * 1e6).round() / 1e6,
        lng: (lng * 1e6).round() / 1e6,
    }
}

fn hours(r: &mut Random) -> Option<OpeningHours> {
    match r.below(4) {
        0 => None,
        1 | 2 => Some(OpeningHours::TwentyFourSeven),
        _ => {
            let begin = 60 * r.below(24) as u16;
            let end = 60 * (1 + r.below(24)) as u16;
            let weekly = Weekday::ALL
                .into_iter()
                .filter(|d| r.below(7) as u8 + 1 >= d.number() / 2)
                .map(|weekday| WeeklySpan {
                    weekday,
                    begin,
                    end,
                })
                .collect();
            let mut hours = RegularHours {
                weekly,
                ..RegularHours::default()
            };
            if r.chance(0.1) {
                hours.exceptional_closings = vec![(NOW.plus_s(-60), NOW.plus_s(3600))];
            }
            if r.chance(0.1) {
                hours.exceptional_openings = vec![(NOW.plus_s(-60), NOW.plus_s(3600))];
            }
            Some(OpeningHours::Regular(hours))
        }
    }
}

fn evses(r: &mut Random, location: u64, n_tariffs: u64) -> Vec<Evse> {
    let n = if r.chance(0.05) { 0 } else { 1 + r.below(6) };
    let planned = r.chance(0.03);
    let tariff = r.chance(0.7).then(|| r.below(n_tariffs) as u32);
    (0..n)
        .map(|e| {
            let standard = r.maybe(0.85, ConnectorStandard::ALL);
            let power_w = r.maybe(
                0.8,
                &[
                    3_500, 7_000, 11_000, 22_000, 60_000, 120_000, 180_000, 480_000,
                ],
            );
            let connectors = (0..u64::from(!r.chance(0.03)) * (1 + u64::from(r.chance(0.2))))
                .map(|c| Connector {
                    id: ConnectorId::new(&(c + 1).to_string()),
                    standard: if c == 0 {
                        standard
                    } else {
                        r.maybe(0.9, ConnectorStandard::ALL)
                    },
                    power_w,
                    tariff,
                    standard_assumed: r.chance(0.05),
                    power_assumed: r.chance(0.05),
                })
                .collect();
            Evse {
                uid: EvseUid::new(&format!("{location:07}{e:02}")),
                evse_id: r.chance(0.5).then(|| format!("CN*DEM*E{location:07}*{e}")),
                status: if planned {
                    r.pick(&[Status::Planned, Status::Removed])
                } else {
                    r.pick(&Status::ALL)
                },
                status_updated: r.chance(0.9).then(|| NOW.plus_s(-(r.below(3600) as i64))),
                capabilities: r
                    .maybe(
                        0.5,
                        &[
                            Capability::Reservable,
                            Capability::VehicleToGrid,
                            Capability::RemoteStartStop,
                        ],
                    )
                    .into_iter()
                    .collect(),
                connectors,
            }
        })
        .collect()
}

fn location(r: &mut Random, i: u64, n_operators: u64, n_tariffs: u64) -> Location {
    let position = position(r);
    Location {
        id: LocationId::from_party("CN", "DEM", &format!("{:06x}{i}", r.below(1 << 24))),
        aliases: (0..u64::from(r.chance(0.05)))
            .map(|a| LocationId::new(&format!("x-old-{i}-{a}")))
            .collect(),
        name: if r.chance(0.3) {
            LocalText::both(format!("充电站 {i} 号"), format!("Station {i}"))
        } else {
            LocalText::plain(format!(
                "{} {i}",
                r.pick(&["Größe", "南京南站", "Plaza", "服务区"])
            ))
        },
        address: r
            .chance(0.8)
            .then(|| LocalText::plain(format!("中山路 {} 号", r.below(2000)))),
        city: r
            .maybe(0.9, &["nanjing", "shanghai", "hefei"])
            .map(str::to_owned),
        district: r.maybe(0.5, &["鼓楼区", "玄武区"]).map(str::to_owned),
        position,
        raw_position: match r.below(4) {
            0 => Some((position.lat + 0.002_1, position.lng - 0.004_7)),
            1 => Some((
                ((position.lat + 0.002_1) * 1e6).round() / 1e6,
                ((position.lng - 0.004_7) * 1e6).round() / 1e6,
            )),
            _ => None,
        },
        source: r.below(3) as u16,
        operator: r.chance(0.9).then(|| r.below(n_operators) as u32),
        kind: r.maybe(0.8, &LocationKind::ALL),
        place: r.maybe(0.6, &PlaceKind::ALL),
        road: r.chance(0.1).then(|| RoadSide {
            reference: r.pick(&["G25", "G40", "G42"]).to_owned(),
            direction: r.chance(0.5).then(|| LocalText::plain("上海方向")),
        }),
        zone: r.chance(0.95).then(|| r.below(2) as u16),
        opening_hours: hours(r),
        facilities: r
            .maybe(0.3, &[Facility::Toilets, Facility::Shop, Facility::Wifi])
            .into_iter()
            .collect(),
        accessible: r.maybe(0.5, &[true, false]),
        parking: r.maybe(
            0.5,
            &[
                ParkingCost::Free,
                ParkingCost::FreeWhileCharging,
                ParkingCost::Paid,
            ],
        ),
        parking_rule: r.chance(0.3).then(|| ParkingRule {
            fee: ParkingFee {
                waiver: r.pick(&[
                    ParkingWaiver::Paid,
                    ParkingWaiver::FreeMinutes(60),
                    ParkingWaiver::WhenCharging(None),
                ]),
                per_hour: r.maybe(0.7, &[UnitPrice::from_millionths(5_000_000)]),
                step_s: r.pick(&[0, 1800]),
                max: r.maybe(0.2, &[UnitPrice::from_millionths(60_000_000)]),
            },
            currency: Currency::CNY,
            note: r.chance(0.2).then(|| LocalText::plain("每日封顶 40 元")),
        }),
        access_note: r
            .chance(0.3)
            .then(|| LocalText::both("从中山路入口进", "Enter from Zhongshan Road")),
        floor: r.maybe(0.2, &["B1", "B2"]).map(str::to_owned),
        max_vehicle_height_cm: r.maybe(0.2, &[200, 450]),
        phone: r
            .chance(0.4)
            .then(|| format!("025-0000 {:04}", r.below(10_000))),
        evses: evses(r, i, n_tariffs),
        last_updated: r
            .chance(0.5)
            .then(|| NOW.plus_s(-(r.below(1 << 24) as i64))),
    }
}

fn tariff(r: &mut Random, i: u64) -> Tariff {
    let price = |dimension, millionths| {
        PriceComponent::new(dimension, UnitPrice::from_millionths(millionths))
    };
    let currency = r.pick(&[Currency::CNY, Currency::EUR]);
    let mut tariff = Tariff::new(
        TariffId::new(&format!("t{i}")),
        currency,
        vec![TariffElement {
            components: vec![
                price(PriceDimension::Energy, 100 * r.below(20_000) as i64),
                price(PriceDimension::Service, 100 * r.below(8_000) as i64),
            ],
            restrictions: TariffRestrictions {
                start_minute: r.maybe(0.3, &[480]),
                months: r.maybe(0.1, &[7]).into_iter().collect(),
                ..TariffRestrictions::default()
            },
            ..TariffElement::default()
        }],
    );
    tariff.operator = Some(OperatorId::new("op1"));
    tariff
}

/// A catalogue of `n` locations, already normal (in order of id, positions in millionths).
pub fn generate(seed: u64, n: u64) -> Catalogue {
    let r = &mut Random::new(seed);
    let (n_operators, n_tariffs) = (12, 40);
    let source = |id: &str, stale_after_s, demonstration| Source {
        id: SourceId::new(id),
        name: LocalText::both(id, "Invented"),
        licence: Some("CC0-1.0".into()),
        attribution: None,
        datum: Datum::Gcj02,
        stale_after_s,
        demonstration,
    };
    let mut catalogue = Catalogue {
        sources: vec![
            source("demo", None, true),
            source("live", Some(900), false),
            source("slow", Some(2400), false),
        ],
        operators: (0..n_operators)
            .map(|i| Operator {
                id: OperatorId::new(&format!("op{i}")),
                name: LocalText::both(format!("示例运营商 {i}"), format!("Example Power {i}")),
            })
            .collect(),
        tariffs: (0..n_tariffs).map(|i| tariff(r, i)).collect(),
        zones: vec![
            TimeZone::shanghai(),
            TimeZone {
                name: "Europe/Berlin".into(),
                offset_s: 3600,
                transitions: vec![(1_774_746_000, 7200), (1_792_890_000, 3600)],
            },
        ],
        locations: Vec::new(),
        readings: Readings::default(),
    };
    for (c, reading) in "示例运营商"
        .chars()
        .zip(["shi", "li", "yun", "ying", "shang"])
    {
        catalogue.readings.add(c, reading);
    }
    for i in 0..n {
        let mut made = location(r, i, n_operators, n_tariffs);
        if i > 0 && r.chance(0.05) {
            // Two at the very same place.
            made.position = catalogue.locations[r.below(i) as usize].position;
        }
        catalogue.locations.push(made);
    }
    catalogue.locations.sort_by(|a, b| a.id.cmp(&b.id));
    catalogue
}
