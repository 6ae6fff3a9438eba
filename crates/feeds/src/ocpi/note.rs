//! What was read otherwise than it stands, or not at all, and where: codes with a place.

use serde::Serialize;
use serde_json::Value;
use std::fmt::Write as _;

/// One thing found while reading a JSON object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Stable code, one of [`code`].
    pub code: &'static str,
    /// Where, as a path from the object: `$.elements.1.price_components.0.type`.
    pub path: String,
    /// What stands there, shortened to 80 characters.
    pub value: String,
}

/// Codes of notes. Stable: interfaces translate them.
pub mod code {
    /// The object was left out: it cannot be read without this.
    pub const OBJECT_DROPPED: &str = "ocpi_object_dropped";
    /// The price was left out: what it is for is not known.
    pub const DIMENSION_UNKNOWN: &str = "ocpi_dimension_unknown";
    /// The price was left out: it cannot be read.
    pub const PRICE_UNREADABLE: &str = "ocpi_price_unreadable";
    /// The element was left out: without this restriction it would hold too often.
    pub const RESTRICTION_UNREADABLE: &str = "ocpi_restriction_unreadable";
    /// The value was ignored: it cannot be read.
    pub const VALUE_IGNORED: &str = "ocpi_value_ignored";
    /// The value is of another type than the specification says, and was understood.
    pub const TYPE_UNEXPECTED: &str = "ocpi_type_unexpected";
    /// Periods were put in order of their beginning.
    pub const ORDER_CHANGED: &str = "ocpi_order_changed";
}

/// A place within an object, and the notes made about it.
pub(crate) struct Reading {
    path: String,
    pub(crate) notes: Vec<Note>,
}

impl Reading {
    pub(crate) fn new() -> Self {
        Self {
            path: "$".to_owned(),
            notes: Vec::new(),
        }
    }

    /// Does something one step further in.
    pub(crate) fn within<T>(
        &mut self,
        step: impl std::fmt::Display,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let length = self.path.len();
        // Writing to a String cannot fail.
        let _ = write!(self.path, ".{step}");
        let done = work(self);
        self.path.truncate(length);
        done
    }

    /// Notes something about the value at this place.
    pub(crate) fn note(&mut self, code: &'static str, value: &Value) {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.notes.push(Note {
            code,
            path: self.path.clone(),
            value: value.chars().take(80).collect(),
        });
    }

    /// Reads a field where it is there and not null; what cannot be read gets the code.
    pub(crate) fn field<T>(
        &mut self,
        object: &Value,
        name: &str,
        code: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Field<T> {
        let Some(value) = object.get(name).filter(|v| !v.is_null()) else {
            return Field::Absent;
        };
        self.within(name, |r| {
            if let Some(read) = read(value) {
                Field::Read(read)
            } else {
                r.note(code, value);
                Field::Unreadable
            }
        })
    }
}

/// A field of an object.
pub(crate) enum Field<T> {
    Absent,
    Unreadable,
    Read(T),
}

impl<T> Field<T> {
    pub(crate) fn ok(self) -> Option<T> {
        match self {
            Self::Read(value) => Some(value),
            Self::Absent | Self::Unreadable => None,
        }
    }
}

/// The digits of a number as they stand, or of a number in quotes. JSON numbers of up to 15
/// digits come back as they were written.
pub(crate) fn decimal(value: &Value) -> Option<String> {
    match value {
        Value::Number(n) => Some(n.to_string()),
        Value::String(text) => Some(text.trim().to_owned()),
        _ => None,
    }
}

/// A whole number not below 0, also when written `60.0` or in quotes.
pub(crate) fn whole(value: &Value) -> Option<u32> {
    let digits = decimal(value)?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    fraction
        .bytes()
        .all(|b| b == b'0')
        .then(|| whole.parse().ok())?
}
