//! From the files' entries to the catalogue, checking every value.

use super::entry::Entry;
use super::parking;
use super::schema::{GroupEntry, LocationEntry, LocationsFile, OperatorsFile};
use super::tariffs;
use crate::draft::quantised;
use crate::error::ImportError;
use crate::finding::{ImportCounts, Imported};
use crate::hours::parse_hours;
use crate::values::{MAX_POWER_KW, MAX_STALLS, watts_of_kw};
use chongtu_model::location::{
    Capability, Connector, ConnectorStandard, Evse, Location, LocationKind, RoadSide,
};
use chongtu_model::provenance::{Datum, LocalText, Operator, Source};
use chongtu_model::time::TimeZone;
use chongtu_model::{
    Catalogue, ConnectorId, EvseUid, LatLng, LocationId, OperatorId, SourceId, Status,
};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn build(
    locations: LocationsFile,
    operators: &OperatorsFile,
) -> Result<Imported, ImportError> {
    let mut catalogue = Catalogue {
        sources: vec![Source {
            id: SourceId::new("demo"),
            name: operators.source.as_ref().map_or_else(
                || LocalText::both("Demonstration data", "Demonstration data"),
                |source| source.name.clone().into(),
            ),
            licence: Some("MIT OR Apache-2.0".to_owned()),
            attribution: operators
                .source
                .as_ref()
                .and_then(|s| s.attribution.clone()),
            datum: Datum::Wgs84,
            stale_after_s: None,
            demonstration: true,
        }],
        zones: vec![TimeZone::shanghai()],
        ..Catalogue::default()
    };
    let operator_index = add_operators(&mut catalogue, operators)?;
    let tariff_index = tariffs::add(&mut catalogue, operators, &operator_index)?;

    let mut counts = ImportCounts::default();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for entry in locations.location {
        counts.records += 1;
        let id = entry.id.clone();
        let at = Entry {
            file: "locations.toml",
            kind: "location",
            id: &id,
        };
        at.check_id()?;
        if !seen.insert(id.clone()) {
            return Err(at.err("id", "another location has this id"));
        }
        let location = location(entry, &at, &operator_index, &tariff_index)?;
        counts.locations += 1;
        counts.evses += location.evses.len() as u32;
        catalogue.locations.push(location);
    }
    catalogue.locations.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Imported {
        catalogue,
        findings: Vec::new(),
        counts,
    })
}

fn add_operators(
    catalogue: &mut Catalogue,
    file: &OperatorsFile,
) -> Result<BTreeMap<String, u32>, ImportError> {
    let mut index = BTreeMap::new();
    for (entry, i) in file.operator.iter().zip(0_u32..) {
        let at = Entry {
            file: "operators.toml",
            kind: "operator",
            id: &entry.id,
        };
        at.check_id()?;
        if index.insert(entry.id.clone(), i).is_some() {
            return Err(at.err("id", "another operator has this id"));
        }
        catalogue.operators.push(Operator {
            id: OperatorId::new(&entry.id),
            name: entry.name.clone().into(),
        });
    }
    Ok(index)
}

fn location(
    entry: LocationEntry,
    at: &Entry<'_>,
    operators: &BTreeMap<String, u32>,
    tariffs: &BTreeMap<String, u32>,
) -> Result<Location, ImportError> {
    let operator = *operators.get(&entry.operator).ok_or_else(|| {
        at.err(
            "operator",
            format!("no operator {:?} in operators.toml", entry.operator),
        )
    })?;
    let position = LatLng::new(entry.lat, entry.lng).map_err(|e| at.err("lat", e.to_string()))?;
    if entry.name.zh.trim().is_empty() {
        return Err(at.err("name", "the name is empty"));
    }
    let opening_hours = entry
        .hours
        .as_deref()
        .map(parse_hours)
        .transpose()
        .map_err(|e| at.err("hours", e.to_string()))?;
    let without_chargers = matches!(
        entry.kind,
        LocationKind::BatterySwap | LocationKind::Hydrogen
    );
    if entry.groups.is_empty() && !without_chargers {
        return Err(at.err("groups", "at least one group of chargers is needed"));
    }
    let max_vehicle_height_cm = entry
        .max_vehicle_height_m
        .map(|m| height_cm(m, at))
        .transpose()?;
    check_said(&entry, at)?;
    let (parking, parking_rule) = match entry.parking {
        Some(given) => parking::read(given, *at)?,
        None => (None, None),
    };
    let mut evses = Vec::new();
    for group in &entry.groups {
        add_group(&mut evses, group, at, tariffs)?;
    }
    Ok(Location {
        id: LocationId::from_party("cn", &entry.operator, &entry.id),
        aliases: Vec::new(),
        name: entry.name.into(),
        address: entry.address.map(Into::into),
        city: entry.city,
        district: entry.district,
        position: quantised(position),
        raw_position: None,
        source: 0,
        operator: Some(operator),
        kind: Some(entry.kind),
        place: Some(entry.place),
        road: entry.road.map(|road| RoadSide {
            reference: road.reference,
            direction: road.direction.map(Into::into),
        }),
        zone: Some(0),
        opening_hours,
        facilities: entry.facilities,
        accessible: entry.accessible,
        parking,
        parking_rule,
        access_note: entry.how_to_get_in.map(Into::into),
        floor: entry.floor,
        max_vehicle_height_cm,
        phone: entry.phone,
        evses,
        last_updated: None,
    })
}

/// Car parks are between 1.5 m and 6 m high; anything else is a slip of units.
fn height_cm(metres: f64, at: &Entry<'_>) -> Result<u16, ImportError> {
    if !(1.5..=6.0).contains(&metres) {
        return Err(at.err(
            "max_vehicle_height_m",
            format!("{metres} is not between 1.5 and 6 (metres)"),
        ));
    }
    Ok(libm::round(metres * 100.0) as u16)
}

/// What is said in words must say something, and a telephone number must be one.
fn check_said(entry: &LocationEntry, at: &Entry<'_>) -> Result<(), ImportError> {
    let blank = |text: &str| text.trim().is_empty();
    if entry.how_to_get_in.as_ref().is_some_and(|t| blank(&t.zh)) {
        return Err(at.err("how_to_get_in", "the text is empty"));
    }
    if entry.floor.as_deref().is_some_and(blank) {
        return Err(at.err("floor", "the text is empty"));
    }
    if let Some(phone) = &entry.phone {
        let digits = phone.chars().filter(char::is_ascii_digit).count();
        let plain = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ');
        if !(5..=20).contains(&digits) || !phone.chars().all(plain) {
            return Err(at.err(
                "phone",
                format!("{phone:?} is no telephone number: digits, blanks, `-` and `+`"),
            ));
        }
    }
    Ok(())
}

/// Appends the EVSEs of a group: free ones first, then occupied, at fault, unknown.
fn add_group(
    evses: &mut Vec<Evse>,
    group: &GroupEntry,
    at: &Entry<'_>,
    tariffs: &BTreeMap<String, u32>,
) -> Result<(), ImportError> {
    let standard = ConnectorStandard::from_ocpi(&group.standard).ok_or_else(|| {
        at.err(
            "groups.standard",
            format!("{:?} is no connector standard of OCPI", group.standard),
        )
    })?;
    let power_w = watts_of_kw(group.power_kw).map_err(|_| {
        at.err(
            "groups.power_kw",
            format!(
                "{} is not above 0 and at most {MAX_POWER_KW}",
                group.power_kw
            ),
        )
    })?;
    if !(1..=MAX_STALLS).contains(&group.count) {
        return Err(at.err(
            "groups.count",
            format!("{} is not between 1 and {MAX_STALLS}", group.count),
        ));
    }
    let tariff = match &group.tariff {
        None => None,
        Some(id) => Some(*tariffs.get(id).ok_or_else(|| {
            at.err(
                "groups.tariff",
                format!("no tariff {id:?} in operators.toml"),
            )
        })?),
    };
    let given = u64::from(group.free) + u64::from(group.occupied) + u64::from(group.fault);
    let Some(unknown) = u64::from(group.count).checked_sub(given) else {
        return Err(at.err(
            "groups.free",
            format!(
                "free, occupied and fault are {given} together, of {}",
                group.count
            ),
        ));
    };
    let capabilities: Vec<Capability> = [
        (group.reservable, Capability::Reservable),
        (group.v2g, Capability::VehicleToGrid),
        (group.shared_power, Capability::SharesPower),
    ]
    .into_iter()
    .filter_map(|(has, capability)| has.then_some(capability))
    .collect();
    for (status, n) in [
        (Status::Available, u64::from(group.free)),
        (Status::Charging, u64::from(group.occupied)),
        (Status::OutOfOrder, u64::from(group.fault)),
        (Status::Unknown, unknown),
    ] {
        for _ in 0..n {
            evses.push(Evse {
                uid: EvseUid::new(&(evses.len() + 1).to_string()),
                evse_id: None,
                status,
                status_updated: None,
                capabilities: capabilities.clone(),
                connectors: vec![Connector {
                    id: ConnectorId::new("1"),
                    standard: Some(standard),
                    power_w: Some(power_w),
                    tariff,
                    standard_assumed: false,
                    power_assumed: false,
                }],
            });
        }
    }
    Ok(())
}
