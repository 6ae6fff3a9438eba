//! An entry of the files: how errors name it, and the checks that all kinds share.

use crate::error::ImportError;
use chongtu_model::money::UnitPrice;

/// Names an entry in errors.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) file: &'static str,
    pub(super) kind: &'static str,
    pub(super) id: &'a str,
}

impl Entry<'_> {
    pub(super) fn err(&self, field: &'static str, why: impl Into<String>) -> ImportError {
        ImportError::Region {
            file: self.file,
            entry: format!("{} {:?}", self.kind, self.id),
            field,
            why: why.into(),
        }
    }

    /// Ids go into links: lower-case letters, digits, `-`, `_` and `.`.
    pub(super) fn check_id(&self) -> Result<(), ImportError> {
        let plain =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
        if self.id.is_empty() || !self.id.chars().all(plain) {
            return Err(self.err(
                "id",
                "only lower-case letters, digits, `-`, `_` and `.` may stand in an id",
            ));
        }
        Ok(())
    }

    /// A price that is not below 0.
    pub(super) fn price(&self, field: &'static str, text: &str) -> Result<UnitPrice, ImportError> {
        let price = UnitPrice::parse(text).map_err(|e| self.err(field, e.to_string()))?;
        if price.millionths() < 0 {
            return Err(self.err(field, "a price must not be below 0"));
        }
        Ok(price)
    }
}
