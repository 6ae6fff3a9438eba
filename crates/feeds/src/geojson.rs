//! GeoJSON points (RFC 7946): a `FeatureCollection`, or a single `Feature`.

use crate::detect::{Feed, detect, skip_mark};
use crate::draft::{Builder, Draft, Log, Place, quantised};
use crate::error::ImportError;
use crate::finding::{Imported, Severity, code};
use crate::hours::parse_hours;
use crate::options::{DatumChoice, ImportOptions, Names};
use crate::values::{self, BadPower, fnv1a, short, shown};
use chongtu_model::location::ConnectorStandard;
use chongtu_model::provenance::{Datum, LocalText};
use chongtu_model::{LatLng, LocationId, Status, datum};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

type Properties = Map<String, Value>;

/// Reads GeoJSON. Rows that cannot be used are dropped, counted and named; the rest is kept.
///
/// A `null` property is an absent one. Without an id one is derived from name and position, the
/// same at every import. A record that repeats an earlier one in every property is dropped.
///
/// # Errors
/// When it is not GeoJSON at all: the error names what it looks like and what to do.
pub fn import_geojson(bytes: &[u8], options: &ImportOptions<'_>) -> Result<Imported, ImportError> {
    match detect(bytes, "")? {
        Feed::GeoJson => {}
        other => {
            return Err(ImportError::NotGeoJson {
                found: format!("it looks like {other:?}"),
            });
        }
    }
    let root: Value =
        serde_json::from_slice(skip_mark(bytes)).map_err(|e| ImportError::of_json(&e))?;
    let features = features_of(&root)?;

    let datum = match options.datum {
        DatumChoice::Auto => Datum::Wgs84,
        DatumChoice::Given(datum) => datum,
    };
    let mut source = options.source.clone();
    source.datum = datum;
    let mut builder = Builder::new(options, source);
    let mut log = Log::default();
    let mut first_rows: BTreeMap<LocationId, &Value> = BTreeMap::new();
    for (feature, row) in features.iter().zip(1_u32..) {
        log.counts.records += 1;
        let Some((draft, given_id)) = read_feature(feature, row, datum, options, &mut log) else {
            continue;
        };
        add(
            draft,
            given_id,
            feature,
            row,
            &mut builder,
            &mut first_rows,
            &mut log,
        );
    }
    Ok(builder.finish(log))
}

/// The features of a document.
fn features_of(root: &Value) -> Result<&[Value], ImportError> {
    let not = |found: String| Err(ImportError::NotGeoJson { found });
    let Some(object) = root.as_object() else {
        return not("it is no object".to_owned());
    };
    match object.get("type").and_then(Value::as_str) {
        Some("FeatureCollection") => match object.get("features") {
            Some(Value::Array(features)) => Ok(features),
            Some(_) => not("`features` is no list".to_owned()),
            None => not("the FeatureCollection has no `features`".to_owned()),
        },
        Some("Feature") => Ok(core::slice::from_ref(root)),
        Some(other) => not(format!("its `type` is {:?}", short(other))),
        None => not("it has no `type`".to_owned()),
    }
}

/// Adds a draft unless its id is taken: a full repeat and a given id are dropped, a derived id
/// gets a number.
fn add<'v>(
    mut draft: Draft,
    given_id: Option<String>,
    feature: &'v Value,
    row: u32,
    builder: &mut Builder<'_>,
    first_rows: &mut BTreeMap<LocationId, &'v Value>,
    log: &mut Log,
) {
    let derived = given_id.is_none();
    let shown = given_id.unwrap_or_else(|| draft.id.as_str().to_owned());
    let at = Place {
        row,
        id: Some(&shown),
    };
    if first_rows
        .get(&draft.id)
        .is_some_and(|&first| first == feature)
    {
        log.drop_record(code::RECORD_REPEATED, at, None, None);
        return;
    }
    if builder.is_taken(&draft.id) {
        if !derived {
            log.drop_record(code::ID_REPEATED, at, Some("id"), Some(short(&shown)));
            return;
        }
        let id = draft.id.as_str().to_owned();
        let mut n = 2;
        loop {
            let next = LocationId::new(&format!("{id}-{n}"));
            if first_rows.get(&next).is_some_and(|&first| first == feature) {
                log.drop_record(code::RECORD_REPEATED, at, None, None);
                return;
            }
            if !builder.is_taken(&next) {
                draft.id = next;
                break;
            }
            n += 1;
        }
    }
    if derived {
        log.note(Severity::Info, code::ID_DERIVED, at, Some("id"), None);
    }
    first_rows.insert(draft.id.clone(), feature);
    builder.add(draft, at, log);
}

/// Reads one feature, with its id as given; `None` when it was dropped.
fn read_feature(
    feature: &Value,
    row: u32,
    datum: Datum,
    options: &ImportOptions<'_>,
    log: &mut Log,
) -> Option<(Draft, Option<String>)> {
    let empty = Properties::new();
    let properties = match feature.get("properties") {
        Some(Value::Object(properties)) => properties,
        _ => &empty,
    };
    let mapping = &options.mapping;
    let given_id = property(properties, &mapping.id)
        .or_else(|| feature.get("id"))
        .and_then(id_text);
    let at = Place {
        row,
        id: given_id.as_deref(),
    };
    if feature.get("type").and_then(Value::as_str) != Some("Feature") {
        log.drop_record(
            code::NOT_A_FEATURE,
            at,
            Some("type"),
            feature.get("type").map(shown),
        );
        return None;
    }
    let given = read_position(feature, at, log)?;
    let position = quantised(datum::to_wgs84(datum, given.lat, given.lng));
    let raw_position = (datum != Datum::Wgs84).then_some((given.lat, given.lng));

    let mut text = |names: &Names, field: &'static str| text_of(properties, names, field, at, log);
    let name = text(&mapping.name, "name");
    let name_en = text(&mapping.name_en, "name_en");
    let operator = text(&mapping.operator, "operator");
    let address = text(&mapping.address, "address");
    let city = text(&mapping.city, "city");
    let district = text(&mapping.district, "district");
    let time_zone = text(&mapping.time_zone, "time_zone");
    let hours_text = text(&mapping.opening_hours, "opening_hours");
    let status_text = text(&mapping.status, "status");

    let key = given_id
        .clone()
        .unwrap_or_else(|| derived_key(name.as_deref().unwrap_or_default(), given));
    let id = LocationId::from_source(&options.source.id, &key);
    let name = name.unwrap_or_else(|| {
        log.note(
            Severity::Warning,
            code::NAME_MISSING,
            at,
            Some("name"),
            None,
        );
        [&address, &operator]
            .into_iter()
            .flatten()
            .next()
            .cloned()
            .unwrap_or_else(|| id.as_str().to_owned())
    });
    let opening_hours = hours_text.and_then(|text| {
        parse_hours(&text)
            .map_err(|e| {
                log.note(
                    Severity::Warning,
                    code::OPENING_HOURS_UNREADABLE,
                    at,
                    Some("opening_hours"),
                    Some(short(&e.part)),
                );
            })
            .ok()
    });
    let status = status_text.and_then(|text| {
        let found = Status::from_ocpi(&text);
        if found.is_none() {
            log.note(
                Severity::Warning,
                code::STATUS_UNRECOGNISED,
                at,
                Some("status"),
                Some(short(&text)),
            );
        }
        found
    });
    let draft = Draft {
        id,
        name: LocalText {
            text: name,
            en: name_en,
        },
        address,
        city,
        district,
        position,
        raw_position,
        operator,
        standards: read_standards(property(properties, &mapping.connector), at, log),
        power_w: read_power(property(properties, &mapping.power_kw), at, log),
        stalls: read_stalls(property(properties, &mapping.stalls), at, log),
        time_zone,
        opening_hours,
        status,
    };
    Some((draft, given_id))
}

/// An id is a text or a whole number.
fn id_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

/// The key of a record without an id: from its name and its position to 1e-5 degree (1 m).
fn derived_key(name: &str, position: LatLng) -> String {
    let lat = format!("{:.5}", position.lat);
    let lng = format!("{:.5}", position.lng);
    format!("auto-{:016x}", fnv1a(&[name.trim(), &lat, &lng]))
}

/// The first property of these names that is there and not null.
fn property<'v>(properties: &'v Properties, names: &Names) -> Option<&'v Value> {
    names
        .as_slice()
        .iter()
        .filter_map(|name| properties.get(name))
        .find(|value| !value.is_null())
}

fn text_of(
    properties: &Properties,
    names: &Names,
    field: &'static str,
    at: Place<'_>,
    log: &mut Log,
) -> Option<String> {
    match property(properties, names)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Value::Number(n) => Some(n.to_string()),
        other => {
            log.note(
                Severity::Warning,
                code::TEXT_EXPECTED,
                at,
                Some(field),
                Some(shown(other)),
            );
            None
        }
    }
}

/// The position as given, in the file's datum; `None` when the record was dropped.
fn read_position(feature: &Value, at: Place<'_>, log: &mut Log) -> Option<LatLng> {
    let mut dropped = |code, value: Option<String>| {
        log.drop_record(code, at, Some("geometry"), value);
        None
    };
    let geometry = match feature.get("geometry") {
        Some(Value::Object(geometry)) => geometry,
        None | Some(Value::Null) => return dropped(code::POSITION_MISSING, None),
        Some(other) => return dropped(code::POSITION_UNREADABLE, Some(shown(other))),
    };
    match geometry.get("type").and_then(Value::as_str) {
        Some("Point") => {}
        other => {
            return dropped(code::GEOMETRY_NOT_POINT, other.map(short));
        }
    }
    let coordinates = geometry.get("coordinates");
    let value = coordinates.map(shown);
    let number = |i| coordinates.and_then(|c| c.get(i)).and_then(Value::as_f64);
    let (Some(lng), Some(lat)) = (number(0), number(1)) else {
        return dropped(code::POSITION_UNREADABLE, value);
    };
    match LatLng::new(lat, lng) {
        Ok(_) if lat == 0.0 && lng == 0.0 => dropped(code::POSITION_ZERO, value),
        Ok(position) => Some(position),
        Err(_) if LatLng::new(lng, lat).is_ok() => dropped(code::POSITION_SWAPPED, value),
        Err(_) => dropped(code::POSITION_OUT_OF_RANGE, value),
    }
}

fn read_power(value: Option<&Value>, at: Place<'_>, log: &mut Log) -> Option<u32> {
    let value = value?;
    let (severity, code) = match values::power_w(value) {
        Ok(watts) => return Some(watts),
        Err(BadPower::Zero) => (Severity::Info, code::POWER_ZERO),
        Err(BadPower::OutOfRange) => (Severity::Warning, code::POWER_OUT_OF_RANGE),
        Err(BadPower::Unreadable) => (Severity::Warning, code::POWER_UNREADABLE),
    };
    log.note(severity, code, at, Some("power_kw"), Some(shown(value)));
    None
}

fn read_stalls(value: Option<&Value>, at: Place<'_>, log: &mut Log) -> Option<u32> {
    let value = value?;
    let found = values::stalls(value);
    if found.is_none() {
        log.note(
            Severity::Warning,
            code::STALLS_OUT_OF_RANGE,
            at,
            Some("stalls"),
            Some(shown(value)),
        );
    }
    found
}

/// Standards from a text, a text with `;` between them, or a list of texts; each once.
fn read_standards(value: Option<&Value>, at: Place<'_>, log: &mut Log) -> Vec<ConnectorStandard> {
    let mut found: Vec<ConnectorStandard> = Vec::new();
    let mut read = |text: &str| match values::standard(text) {
        Some(standard) if found.contains(&standard) => {}
        Some(standard) => found.push(standard),
        None => log.note(
            Severity::Warning,
            code::CONNECTOR_UNRECOGNISED,
            at,
            Some("connector"),
            Some(short(text)),
        ),
    };
    match value {
        None => {}
        Some(Value::String(text)) => text
            .split([';', ','])
            .filter(|part| !part.trim().is_empty())
            .for_each(&mut read),
        Some(Value::Array(list)) => {
            for item in list {
                match item {
                    Value::String(text) => read(text),
                    other => read(&other.to_string()),
                }
            }
        }
        Some(other) => read(&other.to_string()),
    }
    found
}
