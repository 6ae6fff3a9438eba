//! What an import says about its input: codes with parameters. Sentences are made elsewhere.

use chongtu_model::Catalogue;
use serde::Serialize;
use std::collections::BTreeMap;

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The record was dropped.
    Error,
    /// A value was dropped or replaced; the record is kept.
    Warning,
    /// Worth knowing.
    Info,
}

/// One thing found in the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How grave.
    pub severity: Severity,
    /// Stable code, one of [`code`].
    pub code: &'static str,
    /// Number of the record in its file, from 1.
    pub row: Option<u32>,
    /// The record's id: as given, else as derived.
    pub id: Option<String>,
    /// Which field.
    pub field: Option<&'static str>,
    /// What stood there, shortened to 80 characters.
    pub value: Option<String>,
}

/// Codes of findings. Stable: interfaces translate them.
pub mod code {
    macro_rules! codes {
        ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
            $($(#[$doc])* pub const $name: &str = $code;)*
            /// All of them.
            pub const ALL: &[&str] = &[$($name),*];
        };
    }

    codes! {
        /// Dropped: the element is no GeoJSON feature.
        NOT_A_FEATURE = "not_a_feature";
        /// Dropped: the feature has no geometry.
        POSITION_MISSING = "position_missing";
        /// Dropped: the geometry is a line, an area or a set of points.
        GEOMETRY_NOT_POINT = "geometry_not_point";
        /// Dropped: the coordinates are not two numbers.
        POSITION_UNREADABLE = "position_unreadable";
        /// Dropped: latitude and longitude stand in the wrong order.
        POSITION_SWAPPED = "position_swapped";
        /// Dropped: not on Earth.
        POSITION_OUT_OF_RANGE = "position_out_of_range";
        /// Dropped: latitude 0, longitude 0, which stands for "unknown".
        POSITION_ZERO = "position_zero";
        /// Dropped: the whole record repeats an earlier one.
        RECORD_REPEATED = "record_repeated";
        /// Dropped: another record has this id.
        ID_REPEATED = "id_repeated";
        /// Kept: the id was derived from name and position.
        ID_DERIVED = "id_derived";
        /// Kept: the name was taken from another field.
        NAME_MISSING = "name_missing";
        /// Kept, power unknown: not a number.
        POWER_UNREADABLE = "power_unreadable";
        /// Kept, power unknown: 0, which stands for "unknown".
        POWER_ZERO = "power_zero";
        /// Kept, power unknown: below 0 or above 2,000 kW.
        POWER_OUT_OF_RANGE = "power_out_of_range";
        /// Kept, connector unknown: the name is no known standard.
        CONNECTOR_UNRECOGNISED = "connector_unrecognised";
        /// Kept as one EVSE: the count is no whole number of 1 to 1,000.
        STALLS_OUT_OF_RANGE = "stalls_out_of_range";
        /// Kept, hours unknown: outside the subset that is read.
        OPENING_HOURS_UNREADABLE = "opening_hours_unreadable";
        /// Kept: no zone has this name.
        TIME_ZONE_UNKNOWN = "time_zone_unknown";
        /// Kept, status unknown: not one of OCPI's values.
        STATUS_UNRECOGNISED = "status_unrecognised";
        /// Kept, field ignored: a text was expected.
        TEXT_EXPECTED = "text_expected";
    }
}

/// How much was read, kept and dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportCounts {
    /// Records in the input.
    pub records: u32,
    /// Locations that came out.
    pub locations: u32,
    /// EVSEs of these locations.
    pub evses: u32,
    /// Dropped records by the code of their finding; they and `locations` make up `records`.
    pub dropped_by_code: BTreeMap<&'static str, u32>,
    /// Locations without a connector of known power (before anything was assumed).
    pub power_unknown: u32,
    /// Locations without a connector of known standard (before anything was assumed).
    pub connector_unknown: u32,
    /// Locations whose number of EVSEs is unknown (one was made).
    pub stalls_unknown: u32,
    /// Locations whose power was assumed.
    pub power_assumed: u32,
    /// Locations whose connector was assumed.
    pub connector_assumed: u32,
}

impl ImportCounts {
    /// All dropped records.
    pub fn dropped(&self) -> u32 {
        self.dropped_by_code.values().sum()
    }

    /// Adds the counts of another input.
    pub(crate) fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.locations += other.locations;
        self.evses += other.evses;
        for (code, n) in &other.dropped_by_code {
            *self.dropped_by_code.entry(code).or_default() += n;
        }
        self.power_unknown += other.power_unknown;
        self.connector_unknown += other.connector_unknown;
        self.stalls_unknown += other.stalls_unknown;
        self.power_assumed += other.power_assumed;
        self.connector_assumed += other.connector_assumed;
    }
}

/// What came out of an import.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// Locations in order of id, positions in whole millionths of a degree.
    pub catalogue: Catalogue,
    /// In order of rows.
    pub findings: Vec<Finding>,
    /// How much was read, kept and dropped.
    pub counts: ImportCounts,
}

impl Imported {
    /// How often each code was found.
    pub fn summary(&self) -> BTreeMap<&'static str, u32> {
        let mut by_code = BTreeMap::new();
        for finding in &self.findings {
            *by_code.entry(finding.code).or_default() += 1;
        }
        by_code
    }
}
