//! A region written by hand: `locations.toml` and `operators.toml`. Since people write it, the
//! first mistake is an error that names its place; nothing is dropped in silence.

mod build;
mod calendar;
mod entry;
mod parking;
mod schema;
mod tariffs;

use crate::error::ImportError;
use crate::finding::Imported;

/// Reads a demonstration region. Its source is `demo`, marked as a demonstration; its zone is
/// `Asia/Shanghai`; its status does not go stale. Its tariffs may name the calendars of
/// `data/prices`, which are compiled in.
///
/// # Errors
/// When a file is not TOML, has an unknown key, or a value that cannot be: the error names the
/// file, the entry and the field.
pub fn import_region(locations_toml: &str, operators_toml: &str) -> Result<Imported, ImportError> {
    let operators: schema::OperatorsFile = parse(operators_toml, "operators.toml")?;
    let locations: schema::LocationsFile = parse(locations_toml, "locations.toml")?;
    build::build(locations, &operators)
}

fn parse<T: serde::de::DeserializeOwned>(text: &str, file: &'static str) -> Result<T, ImportError> {
    toml::from_str(text).map_err(|e| ImportError::of_toml(file, text, &e))
}
