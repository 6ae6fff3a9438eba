//! Where data comes from, and under which licence: carried to the page's attribution and to exports.

use crate::ids::{OperatorId, SourceId};
use serde::{Deserialize, Serialize};

/// A text in the language of its place, with English where it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LocalText {
    /// As written at the place.
    pub text: String,
    /// In English.
    pub en: Option<String>,
}

impl LocalText {
    /// A text without translation.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            en: None,
        }
    }

    /// A text with its English.
    pub fn both(text: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            en: Some(en.into()),
        }
    }

    /// English when asked for and known, else as written at the place.
    pub fn get(&self, english: bool) -> &str {
        match &self.en {
            Some(en) if english => en,
            _ => &self.text,
        }
    }
}

/// A source of locations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// Its name, for the attribution.
    pub name: LocalText,
    /// Licence as an SPDX expression or in words; `None` where none is stated.
    pub licence: Option<String>,
    /// What must be written beside the map.
    pub attribution: Option<String>,
    /// The datum in which it gave positions.
    pub datum: Datum,
    /// After how many seconds its status goes stale; `None`: it does not.
    pub stale_after_s: Option<i64>,
    /// Invented or simulated: marked 演示 wherever it shows.
    pub demonstration: bool,
}

/// A geodetic datum (or its obfuscation) that sources use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Datum {
    /// The one used inside.
    #[default]
    Wgs84,
    /// 火星坐标, obligatory for published maps of mainland China.
    Gcj02,
    /// Baidu's, on top of GCJ-02.
    Bd09,
}

/// Who runs chargers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// Its id.
    pub id: OperatorId,
    /// Its name.
    pub name: LocalText,
}
