//! What stands in the files, key by key.

use chongtu_model::location::{Facility, LocationKind, PlaceKind};
use chongtu_model::provenance::LocalText;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// `operators.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperatorsFile {
    pub(super) source: Option<SourceEntry>,
    #[serde(default)]
    pub(super) operator: Vec<OperatorEntry>,
    /// Calendars of its own, beside those of `data/prices`.
    #[serde(default)]
    pub(super) calendar: Vec<CalendarEntry>,
    #[serde(default)]
    pub(super) tariff: Vec<TariffEntry>,
}

/// A file of `data/prices`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarsFile {
    pub(super) calendar: Vec<CalendarEntry>,
}

/// What to call the source; optional.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceEntry {
    pub(super) name: Text,
    pub(super) attribution: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperatorEntry {
    pub(super) id: String,
    pub(super) name: Text,
}

/// Which hours of which months are which period.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarEntry {
    pub(super) id: String,
    /// Who set it; shown with the prices.
    pub(super) source: Text,
    pub(super) seasons: Vec<SeasonEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeasonEntry {
    pub(super) months: Vec<u8>,
    #[serde(default)]
    pub(super) sharp: Vec<String>,
    #[serde(default)]
    pub(super) peak: Vec<String>,
    #[serde(default)]
    pub(super) flat: Vec<String>,
    #[serde(default)]
    pub(super) valley: Vec<String>,
    #[serde(default)]
    pub(super) deep_valley: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TariffEntry {
    pub(super) id: String,
    pub(super) operator: String,
    pub(super) currency: String,
    /// Needed when a price differs by period.
    pub(super) calendar: Option<String>,
    pub(super) energy_per_kwh: TextOr<BandPrices>,
    pub(super) service_per_kwh: Option<TextOr<BandPrices>>,
    pub(super) idle: Option<IdleEntry>,
}

/// A price for each period.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BandPrices {
    pub(super) sharp: Option<String>,
    pub(super) peak: Option<String>,
    pub(super) flat: Option<String>,
    pub(super) valley: Option<String>,
    pub(super) deep_valley: Option<String>,
}

/// What standing on costs after charging has ended.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdleEntry {
    pub(super) per_minute: String,
    #[serde(default)]
    pub(super) free_minutes: u16,
    /// At most this much a session.
    pub(super) cap: Option<String>,
}

/// `locations.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LocationsFile {
    #[serde(default)]
    pub(super) location: Vec<LocationEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LocationEntry {
    pub(super) id: String,
    pub(super) operator: String,
    pub(super) name: Text,
    pub(super) address: Option<Text>,
    pub(super) city: Option<String>,
    pub(super) district: Option<String>,
    pub(super) lat: f64,
    pub(super) lng: f64,
    pub(super) kind: LocationKind,
    pub(super) place: PlaceKind,
    pub(super) road: Option<RoadEntry>,
    pub(super) hours: Option<String>,
    #[serde(default)]
    pub(super) facilities: Vec<Facility>,
    pub(super) accessible: Option<bool>,
    pub(super) parking: Option<TextOr<ParkingEntry>>,
    pub(super) how_to_get_in: Option<Text>,
    pub(super) floor: Option<String>,
    pub(super) max_vehicle_height_m: Option<f64>,
    pub(super) phone: Option<String>,
    #[serde(default)]
    pub(super) groups: Vec<GroupEntry>,
}

/// What parking costs, in full.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParkingEntry {
    /// `free`, `free_while_charging`, `paid` or `free_minutes`.
    pub(super) kind: String,
    pub(super) free_minutes: Option<u16>,
    pub(super) per_hour: Option<String>,
    /// Billed in blocks of this many minutes; to the second where it is not given.
    pub(super) step_minutes: Option<u16>,
    /// At most this much a stay.
    pub(super) cap: Option<String>,
    pub(super) note: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoadEntry {
    #[serde(rename = "ref")]
    pub(super) reference: String,
    pub(super) direction: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupEntry {
    pub(super) standard: String,
    pub(super) power_kw: f64,
    pub(super) count: u32,
    pub(super) tariff: Option<String>,
    #[serde(default)]
    pub(super) free: u32,
    #[serde(default)]
    pub(super) occupied: u32,
    #[serde(default)]
    pub(super) fault: u32,
    #[serde(default)]
    pub(super) reservable: bool,
    #[serde(default)]
    pub(super) v2g: bool,
    #[serde(default)]
    pub(super) shared_power: bool,
}

/// A text in Chinese, with English.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    pub(super) zh: String,
    pub(super) en: Option<String>,
}

impl From<Text> for LocalText {
    fn from(text: Text) -> Self {
        Self {
            text: text.zh,
            en: text.en,
        }
    }
}

/// A text alone, or a table that says more. Written out, since an untagged enum would not name
/// the key that is wrong.
#[derive(Debug)]
pub(super) enum TextOr<T> {
    Text(String),
    Table(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for TextOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrTable<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for TextOrTable<T> {
            type Value = TextOr<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text in quotes, or a table")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(TextOr::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(TextOr::Table)
            }
        }

        deserializer.deserialize_any(TextOrTable(PhantomData))
    }
}
