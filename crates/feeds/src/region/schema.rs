//! What stands in the files, key by key.

use chongtu_model::location::{Facility, LocationKind, ParkingCost, PlaceKind};
use chongtu_model::provenance::LocalText;
use serde::Deserialize;

/// `operators.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperatorsFile {
    pub(super) source: Option<SourceEntry>,
    #[serde(default)]
    pub(super) operator: Vec<OperatorEntry>,
    #[serde(default)]
    pub(super) tariff: Vec<TariffEntry>,
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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TariffEntry {
    pub(super) id: String,
    pub(super) operator: String,
    pub(super) currency: String,
    pub(super) energy_per_kwh: String,
    pub(super) service_per_kwh: Option<String>,
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
    pub(super) parking: Option<ParkingCost>,
    #[serde(default)]
    pub(super) groups: Vec<GroupEntry>,
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
