//! Looking for a text in what a location is called.

use crate::catalogue::Catalogue;
use crate::location::Location;
use crate::provenance::LocalText;

/// A text to look for, case folded once.
pub(crate) struct Needle {
    folded: String,
    /// Folding changes nothing in it and it has no ASCII letters: a plain search will do.
    caseless: bool,
    buffer: String,
}

impl Needle {
    /// `None` when the text asks nothing.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let folded = text.trim().to_lowercase();
        (!folded.is_empty()).then(|| Self {
            caseless: folded
                .chars()
                .all(|c| c.is_ascii_digit() || c == ' ' || ('\u{4e00}'..='\u{9fff}').contains(&c)),
            folded,
            buffer: String::new(),
        })
    }

    fn is_in_str(&mut self, hay: &str) -> bool {
        if hay.len() < self.folded.len() && hay.is_ascii() {
            return false;
        }
        if self.caseless {
            return hay.contains(self.folded.as_str());
        }
        self.buffer.clear();
        if hay.is_ascii() {
            self.buffer.push_str(hay);
            self.buffer.make_ascii_lowercase();
        } else {
            self.buffer.push_str(&hay.to_lowercase());
        }
        self.buffer.contains(self.folded.as_str())
    }

    /// Whether it stands in a text of two languages.
    pub(crate) fn is_in_text(&mut self, text: &LocalText) -> bool {
        self.is_in_str(&text.text) || text.en.as_deref().is_some_and(|en| self.is_in_str(en))
    }

    /// Whether it stands in the location's own words.
    pub(crate) fn is_in_location(&mut self, location: &Location) -> bool {
        texts_of(location).any(|text| self.is_in_str(text))
    }

    /// What is looked for, case folded.
    pub(crate) fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether it stands in the location's words or its operator's name.
    pub(super) fn is_in(&mut self, catalogue: &Catalogue, location: &Location) -> bool {
        self.is_in_location(location)
            || catalogue
                .operator_of(location)
                .is_some_and(|o| self.is_in_text(&o.name))
    }
}

/// The location's own words that are searched.
pub(crate) fn texts_of(location: &Location) -> impl Iterator<Item = &str> {
    let address = location.address.as_ref();
    [
        Some(location.name.text.as_str()),
        location.name.en.as_deref(),
        address.map(|a| a.text.as_str()),
        address.and_then(|a| a.en.as_deref()),
        location.road.as_ref().map(|r| r.reference.as_str()),
    ]
    .into_iter()
    .flatten()
}
