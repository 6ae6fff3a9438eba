//! How to read a file.

use chongtu_model::ConnectorStandard;
use chongtu_model::provenance::{Datum, Source};
use chongtu_model::time::TimeZone;
use serde::Deserialize;

/// Gives the rules of a named zone. Callers fill it, since a zone database is no pure thing.
pub trait ZoneSource {
    /// The zone of this IANA name with its transitions; `None` when there is none.
    fn zone(&self, name: &str) -> Option<TimeZone>;
}

/// Knows `Asia/Shanghai` only, whose rules need no database.
#[derive(Clone, Copy, Debug, Default)]
pub struct ShanghaiOnly;

impl ZoneSource for ShanghaiOnly {
    fn zone(&self, name: &str) -> Option<TimeZone> {
        let zone = TimeZone::shanghai();
        (zone.name == name).then_some(zone)
    }
}

/// In which datum a file gives its positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DatumChoice {
    /// As the format's own standard says: WGS-84 for GeoJSON (RFC 7946).
    #[default]
    Auto,
    /// As stated by whoever imports.
    Given(Datum),
}

/// How to read a file.
pub struct ImportOptions<'a> {
    /// The source that its locations get; its datum is set by the import.
    pub source: Source,
    /// The datum of its positions.
    pub datum: DatumChoice,
    /// Names of its properties.
    pub mapping: Mapping,
    /// Zone of locations that name none; without it `Asia/Shanghai` within mainland China, else none.
    pub default_zone: Option<String>,
    /// Rules of named zones.
    pub zones: &'a dyn ZoneSource,
    /// Connector where none is known, marked as assumed.
    pub assume_connector: Option<ConnectorStandard>,
    /// Power where none is known, kW, marked as assumed.
    pub assume_power_kw: Option<f64>,
}

/// Names of properties, each a list of which the first that is there and not null counts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// The id.
    pub id: Names,
    /// The name as written at the place.
    pub name: Names,
    /// The name in English.
    pub name_en: Names,
    /// The operator's name.
    pub operator: Names,
    /// The street address.
    pub address: Names,
    /// The city.
    pub city: Names,
    /// The district.
    pub district: Names,
    /// Power at the plug, kW.
    pub power_kw: Names,
    /// Connector standard, or several.
    pub connector: Names,
    /// Number of EVSEs.
    pub stalls: Names,
    /// IANA zone.
    pub time_zone: Names,
    /// Opening hours in OpenStreetMap's notation.
    pub opening_hours: Names,
    /// Status, as OCPI has it.
    pub status: Names,
}

/// One name or several.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Names {
    /// One.
    One(String),
    /// The first that is there counts.
    Several(Vec<String>),
}

impl Names {
    /// The names in order.
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(name) => core::slice::from_ref(name),
            Self::Several(names) => names,
        }
    }
}

impl Default for Mapping {
    fn default() -> Self {
        let one = |name: &str| Names::One(name.to_owned());
        let several =
            |names: &[&str]| Names::Several(names.iter().map(|&n| n.to_owned()).collect());
        Self {
            id: one("id"),
            name: one("name"),
            name_en: one("name_en"),
            operator: one("operator"),
            address: one("address"),
            city: one("city"),
            district: one("district"),
            power_kw: one("power_kw"),
            connector: several(&["connector", "standard"]),
            stalls: several(&["stalls", "count", "capacity"]),
            time_zone: one("time_zone"),
            opening_hours: one("opening_hours"),
            status: one("status"),
        }
    }
}

/// A mapping file: names of properties, and what to say about the source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MappingFile {
    /// Names of properties.
    pub fields: Mapping,
    /// About the source.
    pub source: MappingSource,
}

/// What a mapping file says about the source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MappingSource {
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its licence.
    pub licence: Option<String>,
    /// What must be written beside the map.
    pub attribution: Option<String>,
    /// After how many seconds its status goes stale.
    pub stale_after_s: Option<i64>,
    /// Zone of locations that name none.
    pub time_zone: Option<String>,
}

impl MappingFile {
    /// Reads a mapping file. Unknown keys are refused by name.
    ///
    /// # Errors
    /// When it is not TOML, or has a key that is not known.
    pub fn parse(text: &str) -> Result<Self, crate::ImportError> {
        toml::from_str(text).map_err(|e| crate::ImportError::of_toml("mapping", text, &e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mapping_keeps_defaults_and_refuses_unknown_keys() {
        let file = MappingFile::parse(
            "[fields]\nname = \"naam\"\npower_kw = [\"kw\", \"max_kw\"]\n[source]\nlicence = \"CC0-1.0\"\n",
        )
        .unwrap();
        assert_eq!(file.fields.name, Names::One("naam".into()));
        assert_eq!(file.fields.power_kw.as_slice(), ["kw", "max_kw"]);
        assert_eq!(file.fields.stalls, Mapping::default().stalls);
        assert_eq!(file.source.licence.as_deref(), Some("CC0-1.0"));
        let error = MappingFile::parse("[fields]\npower = \"kw\"\n").unwrap_err();
        assert!(error.to_string().contains("`power`"), "{error}");
    }
}
