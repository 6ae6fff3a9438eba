//! The demonstration region that we ship: what it must have, and what may not be in it. Most is
//! checked against the text of the files, not against what the importer made of it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may"
)]

use chongtu_feeds::import_region;
use chongtu_model::location::{
    Capability, Connector, ConnectorStandard, Location, LocationKind, ParkingCost, PlaceKind,
};
use chongtu_model::pricing::lint;
use chongtu_model::tariff::{ParkingWaiver, PriceDimension, Tariff, TimeBand};
use chongtu_model::time::{LocalDate, LocalTime};
use chongtu_model::{Catalogue, Instant, LatLng, UnitPrice, file};
use std::collections::{BTreeMap, BTreeSet};

const LOCATIONS: &str = include_str!("../../../data/yangtze/locations.toml");
const OPERATORS: &str = include_str!("../../../data/yangtze/operators.toml");
const PLACES: &str = include_str!("../../../data/yangtze/places.toml");
const ROADS: &str = include_str!("../../../data/yangtze/roads.toml");

const DISTRICTS: [&str; 11] = [
    "xuanwu",
    "qinhuai",
    "jianye",
    "gulou",
    "pukou",
    "qixia",
    "yuhuatai",
    "jiangning",
    "luhe",
    "lishui",
    "gaochun",
];
/// The square, and what people type who mean its surroundings.
const XINJIEKOU: LatLng = LatLng {
    lat: 32.0438,
    lng: 118.779,
};

fn region() -> Catalogue {
    import_region(LOCATIONS, OPERATORS).unwrap().catalogue
}

/// The entries of one kind in a file.
fn entries(text: &str, kind: &str) -> Vec<toml::Table> {
    let file: toml::Table = text.parse().unwrap();
    file[kind]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry.as_table().unwrap().clone())
        .collect()
}

fn text<'a>(entry: &'a toml::Table, key: &str) -> &'a str {
    entry[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} of {entry:?}"))
}

fn position(entry: &toml::Table) -> LatLng {
    let degrees = |key: &str| entry[key].as_float().unwrap();
    LatLng::new(degrees("lat"), degrees("lng")).unwrap()
}

/// Positions of places by id.
fn places() -> BTreeMap<String, LatLng> {
    entries(PLACES, "place")
        .iter()
        .map(|p| (text(p, "id").to_owned(), position(p)))
        .collect()
}

fn connectors(location: &Location) -> impl Iterator<Item = &Connector> {
    location.evses.iter().flat_map(|e| &e.connectors)
}

fn at(year: i32, month: u8, day: u8, minute: u16) -> LocalTime {
    let day = LocalDate::new(year, month, day).unwrap().days();
    LocalTime { day, minute }
}

/// The components of a dimension that hold at a time, straight from the definition.
fn holding(
    tariff: &Tariff,
    dimension: PriceDimension,
    at: LocalTime,
) -> Vec<(UnitPrice, Option<TimeBand>)> {
    tariff
        .elements
        .iter()
        .filter(|e| e.restrictions.matches_clock(at))
        .flat_map(|e| e.components.iter().map(move |c| (c, e.band)))
        .filter(|(c, _)| c.dimension == dimension)
        .map(|(c, band)| (c.price, band))
        .collect()
}

/// Energy and service at a time.
fn price_at(tariff: &Tariff, at: LocalTime) -> UnitPrice {
    let one = |dimension| {
        holding(tariff, dimension, at)
            .first()
            .map_or(UnitPrice::default(), |(price, _)| *price)
    };
    one(PriceDimension::Energy).plus(one(PriceDimension::Service))
}

#[test]
fn it_is_as_large_as_was_asked() {
    let region = region();
    assert!(region.locations.len() >= 460, "{}", region.locations.len());
    assert!(entries(ROADS, "node").len() >= 300);
    for district in DISTRICTS {
        let here = region.locations.iter().filter(|l| {
            l.city.as_deref() == Some("nanjing")
                && l.district.as_deref() == Some(district)
                && l.place != Some(PlaceKind::ServiceArea)
        });
        let n = here.count();
        assert!(n >= 12, "{district} has {n} locations");
    }
    for place in [
        PlaceKind::ServiceArea,
        PlaceKind::Roadside,
        PlaceKind::ParkAndRide,
        PlaceKind::Mall,
        PlaceKind::Residential,
        PlaceKind::LampPost,
        PlaceKind::PetrolStation,
        PlaceKind::Depot,
        PlaceKind::Office,
        PlaceKind::Hotel,
        PlaceKind::Station,
    ] {
        let n = region.locations.iter().filter(|l| l.place == Some(place));
        assert!(n.count() >= 5, "{place:?}");
    }
    for kind in [
        LocationKind::DepotPublicHours,
        LocationKind::PrivateShared,
        LocationKind::BatterySwap,
        LocationKind::Hydrogen,
    ] {
        let n = region.locations.iter().filter(|l| l.kind == Some(kind));
        assert!(n.count() >= 5, "{kind:?}");
    }
    for capability in [
        Capability::Reservable,
        Capability::VehicleToGrid,
        Capability::SharesPower,
    ] {
        let evses = region.locations.iter().flat_map(|l| &l.evses);
        let n = evses.filter(|e| e.capabilities.contains(&capability));
        assert!(n.count() >= 10, "{capability:?}");
    }
}

#[test]
fn connectors_have_the_power_that_they_can_have() {
    for location in &region().locations {
        for connector in connectors(location) {
            let kw = connector.power_w.unwrap() / 1000;
            let range = match connector.standard.unwrap() {
                ConnectorStandard::GbtAc => 3..=43,
                ConnectorStandard::GbtDc => 20..=800,
                ConnectorStandard::Chaoji => 300..=1200,
                other => panic!("{}: {other:?} is not used in China", location.id),
            };
            assert!(range.contains(&kw), "{}: {kw} kW", location.id);
        }
    }
}

#[test]
fn every_entry_says_what_it_must_in_both_languages() {
    let both = |entry: &toml::Table, value: &toml::Value| {
        for language in ["zh", "en"] {
            let said = value.get(language).and_then(toml::Value::as_str);
            assert!(said.is_some_and(|s| !s.trim().is_empty()), "{entry:?}");
        }
        let has_han = |s: &str| s.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        assert!(has_han(value["zh"].as_str().unwrap()), "{entry:?}");
        assert!(!has_han(value["en"].as_str().unwrap()), "{entry:?}");
    };
    let mut names = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for entry in entries(LOCATIONS, "location") {
        both(&entry, &entry["name"]);
        both(&entry, &entry["address"]);
        if let Some(way_in) = entry.get("how_to_get_in") {
            both(&entry, way_in);
        }
        if let Some(note) = entry.get("parking").and_then(|p| p.get("note")) {
            both(&entry, note);
        }
        for language in ["zh", "en"] {
            let name = entry["name"][language].as_str().unwrap();
            assert!(names.insert(name.to_owned()), "{name} is there twice");
        }
        assert!(ids.insert(text(&entry, "id").to_owned()));
        assert!(entry.contains_key("city"), "{entry:?}");
        if text(&entry, "place") != "service_area" || text(&entry, "city") == "nanjing" {
            assert!(entry.contains_key("district"), "{entry:?}");
        }
    }
    let with = |key: &str| {
        let all = entries(LOCATIONS, "location");
        all.iter().filter(|e| e.contains_key(key)).count()
    };
    for (key, least) in [
        ("how_to_get_in", 80),
        ("floor", 80),
        ("max_vehicle_height_m", 80),
        ("phone", 200),
        ("accessible", 100),
    ] {
        assert!(with(key) >= least, "{key}: {}", with(key));
    }
}

#[test]
fn it_says_that_it_is_invented() {
    let region = region();
    assert!(region.sources.iter().all(|s| s.demonstration));
    for operator in &region.operators {
        let (zh, en) = (operator.name.get(false), operator.name.get(true));
        assert!(zh.contains("示例") || zh.contains("演示"), "{zh}");
        assert!(en.contains("Sample") || en.contains("Demo"), "{en}");
    }
    for location in &region.locations {
        if let Some(phone) = &location.phone {
            assert!(phone.contains("-0000 "), "{phone} may be somebody's");
        }
    }
    for file in [LOCATIONS, OPERATORS] {
        assert!(file.starts_with("# 演示数据 / Demonstration data."));
    }
}

#[test]
fn no_two_stand_on_one_spot_unless_they_are_two_directions() {
    let region = region();
    for (i, a) in region.locations.iter().enumerate() {
        for b in &region.locations[..i] {
            let two_sides = matches!((&a.road, &b.road), (Some(x), Some(y))
                if x.reference == y.reference && x.direction != y.direction);
            assert!(
                two_sides || a.position.distance_m(b.position) > 20.0,
                "{} and {}",
                a.id,
                b.id
            );
        }
    }
}

#[test]
fn everything_stands_where_its_address_says() {
    let places = places();
    for location in &region().locations {
        let (id, at) = (&location.id, location.position);
        let city = location.city.as_deref().unwrap();
        let named = if city == "suzhou-ah" {
            "suzhou-anhui"
        } else {
            city
        };
        let centre = places
            .get(named)
            .unwrap_or_else(|| panic!("no place {named}"));
        // The widest city, Xuzhou, reaches 110 km from its centre.
        let km = at.distance_m(*centre) / 1000.0;
        assert!(km < 115.0, "{id} is {km:.0} km from {city}");
        if city == "nanjing" {
            let district = location.district.as_deref().unwrap();
            let km = at.distance_m(places[district]) / 1000.0;
            // 江宁 and 六合 are wide, the inner districts are not.
            let reach = match district {
                "xuanwu" | "qinhuai" | "jianye" | "gulou" => 9.0,
                "qixia" | "yuhuatai" => 20.0,
                _ => 33.0,
            };
            assert!(km < reach, "{id} is {km:.1} km from {district}");
        }
    }
}

/// Metres from a place to a straight road, on a plane that touches at the place.
fn metres_to_segment(place: LatLng, a: LatLng, b: LatLng) -> f64 {
    let scale = 6_371_009.0 * core::f64::consts::PI / 180.0;
    let flat = |p: LatLng| {
        let x = (p.lng - place.lng) * place.lat.to_radians().cos();
        (x * scale, (p.lat - place.lat) * scale)
    };
    let ((ax, ay), (bx, by)) = (flat(a), flat(b));
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let t = if length > 0.0 {
        (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (ax + t * dx).hypot(ay + t * dy)
}

#[test]
fn every_location_is_near_a_road() {
    let nodes: BTreeMap<String, LatLng> = entries(ROADS, "node")
        .iter()
        .map(|n| (text(n, "id").to_owned(), position(n)))
        .collect();
    let mut segments = Vec::new();
    for road in entries(ROADS, "road") {
        let path: Vec<LatLng> = road["path"]
            .as_array()
            .unwrap()
            .iter()
            .map(|id| nodes[id.as_str().unwrap()])
            .collect();
        segments.extend(path.windows(2).map(|ends| (ends[0], ends[1])));
    }
    let far: Vec<String> = region()
        .locations
        .iter()
        .filter_map(|l| {
            let metres = segments
                .iter()
                .map(|&(a, b)| metres_to_segment(l.position, a, b))
                .fold(f64::INFINITY, f64::min);
            let limit = if l.city.as_deref() == Some("nanjing") {
                7_000.0
            } else {
                12_000.0
            };
            (metres > limit).then(|| format!("{} {:.1} km", l.id, metres / 1000.0))
        })
        .collect();
    assert!(far.is_empty(), "far from any road: {far:?}");
}

#[test]
fn every_minute_of_the_year_has_one_price_of_each_kind() {
    let region = region();
    for tariff in &region.tariffs {
        let has_service = tariff
            .elements
            .iter()
            .any(|e| e.component(PriceDimension::Service).is_some());
        for month in 1..=12 {
            // The first day of a month is where seasons change.
            for day in [1, 15] {
                for minute in 0..24 * 60 {
                    let at = at(2026, month, day, minute);
                    let energy = holding(tariff, PriceDimension::Energy, at);
                    assert_eq!(energy.len(), 1, "{}: {month}-{day} {minute}", tariff.id);
                    if has_service {
                        let service = holding(tariff, PriceDimension::Service, at);
                        assert_eq!(service.len(), 1, "{}: {month}-{day} {minute}", tariff.id);
                    }
                }
            }
        }
    }
}

#[test]
fn no_tariff_has_anything_to_find_fault_with() {
    for tariff in &region().tariffs {
        assert_eq!(lint(tariff), [], "{}", tariff.id);
    }
}

#[test]
fn every_operator_has_prices_and_they_differ() {
    let region = region();
    let noon = at(2026, 5, 6, 12 * 60);
    let mut cheapest = BTreeMap::new();
    for tariff in &region.tariffs {
        let price = price_at(tariff, noon);
        let of = cheapest
            .entry(tariff.operator.clone().unwrap())
            .or_insert(price);
        *of = (*of).min(price);
    }
    assert_eq!(cheapest.len(), region.operators.len());
    let different: BTreeSet<UnitPrice> = cheapest.values().copied().collect();
    assert!(different.len() >= 8, "{cheapest:?}");
    assert!(region.tariffs.iter().any(|t| !t.idle_fees.is_empty()));
    // Every connector has a price, in a tariff of the operator whose site it is.
    for location in &region.locations {
        for connector in connectors(location) {
            let tariff = region.tariff_of(connector).unwrap();
            let operator = region.operator_of(location).unwrap();
            assert_eq!(
                tariff.operator.as_ref(),
                Some(&operator.id),
                "{}",
                location.id
            );
        }
    }
}

/// The table of the Jiangsu notice, hour by hour, written down apart from the data: one letter an
/// hour, peak, flat, valley.
#[test]
fn the_periods_of_jiangsu_are_those_of_the_notice() {
    const SUMMER_AND_WINTER: &str = "vvvvvvfffffvvfppppppppff";
    const SPRING_AND_AUTUMN: &str = "ffvvvvffffvvvvfpppppppff";
    let region = region();
    let tariff = region
        .tariffs
        .iter()
        .find(|t| t.id.as_str() == "zjq-dc")
        .unwrap();
    for month in 1..=12_u8 {
        let day = if matches!(month, 6 | 7 | 8 | 12 | 1 | 2) {
            SUMMER_AND_WINTER
        } else {
            SPRING_AND_AUTUMN
        };
        for (hour, letter) in (0_u16..).zip(day.chars()) {
            let (band, price) = match letter {
                'p' => (TimeBand::Peak, "1.0358"),
                'f' => (TimeBand::Flat, "0.7390"),
                _ => (TimeBand::Valley, "0.4634"),
            };
            for minute in [0, 59] {
                let at = at(2026, month, 15, hour * 60 + minute);
                let held = holding(tariff, PriceDimension::Energy, at);
                let expected = (UnitPrice::parse(price).unwrap(), Some(band));
                assert_eq!(held, [expected], "month {month}, {hour}:{minute:02}");
            }
        }
    }
}

#[test]
fn around_xinjiekou_there_is_a_choice_and_one_cheapest() {
    let region = region();
    let near: Vec<&Location> = region
        .locations
        .iter()
        .filter(|l| l.position.distance_m(XINJIEKOU) < 1_500.0)
        .collect();
    assert!(near.len() >= 12, "{} locations", near.len());
    let now = Instant::from_unix_s(0);
    let (mut powers, mut standards) = (BTreeSet::new(), BTreeSet::new());
    let (mut free, mut occupied, mut broken, mut unknown) = (0, 0, 0, 0);
    for location in &near {
        let counts = location.status_counts(now, None);
        free += counts.free;
        occupied += counts.occupied;
        broken += counts.out_of_order;
        unknown += counts.unknown;
        for connector in connectors(location) {
            powers.insert(connector.power_w);
            standards.insert(connector.standard);
        }
    }
    assert!(
        powers.len() >= 5 && standards.len() >= 3,
        "{powers:?} {standards:?}"
    );
    assert!(free > 0 && occupied > 0 && broken > 0 && unknown > 0);
    // At every hour one site has the cheapest fast charger that is free.
    for month in 1..=12 {
        for hour in 0..24 {
            let at = at(2026, month, 15, hour * 60);
            let mut offers: Vec<(UnitPrice, &str)> = near
                .iter()
                .filter_map(|l| {
                    let price = l
                        .connector_groups(now, None)
                        .iter()
                        .filter(|g| g.counts.free > 0 && g.power_w >= Some(60_000))
                        .map(|g| price_at(&region.tariffs[g.tariff.unwrap() as usize], at))
                        .min()?;
                    Some((price, l.id.as_str()))
                })
                .collect();
            offers.sort_unstable();
            assert!(offers.len() >= 6);
            assert!(offers[0].0 < offers[1].0, "{month} {hour}: {offers:?}");
        }
    }
}

#[test]
fn parking_rules_are_of_every_kind() {
    let region = region();
    let count = |is: &dyn Fn(&Location) -> bool| region.locations.iter().filter(|l| is(l)).count();
    let waiver = |l: &Location| l.parking_rule.as_ref().map(|r| r.fee.waiver);
    assert!(count(&|l| l.parking == Some(ParkingCost::Free)) > 50);
    assert!(count(&|l| waiver(l) == Some(ParkingWaiver::Paid)) > 20);
    assert!(count(&|l| matches!(waiver(l), Some(ParkingWaiver::WhenCharging(_)))) > 10);
    // Nanjing, 2018: the first hour at a roadside bay with a charger is free.
    let roadside = |l: &&Location| {
        l.city.as_deref() == Some("nanjing") && l.place == Some(PlaceKind::Roadside)
    };
    let all: Vec<&Location> = region.locations.iter().filter(roadside).collect();
    assert!(all.len() >= 10);
    for location in all {
        let first_hour = waiver(location) == Some(ParkingWaiver::FreeMinutes(60));
        assert!(
            first_hour || location.parking != Some(ParkingCost::Paid),
            "{}",
            location.id
        );
        if first_hour {
            assert_eq!(location.parking, Some(ParkingCost::Paid), "{}", location.id);
        }
    }
}

#[test]
fn the_file_gives_it_back_and_is_small() {
    let mut region = region();
    region.normalize();
    let bytes = file::encode(&region);
    let a_location = bytes.len() / region.locations.len();
    assert!(a_location < 350, "{a_location} bytes a location");
    assert_eq!(file::decode(&bytes).unwrap(), region);
}
