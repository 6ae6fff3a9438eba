//! Where files are found.

use crate::table::Table;
use anyhow::{Context as _, Result, bail};
use chongtu_model::Vehicle;
use std::fs;
use std::path::Path;

const OURS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data");
const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");

/// A file of the repository's `data/`.
pub(crate) fn ours(path: &str) -> Result<String> {
    let full = Path::new(OURS).join(path);
    fs::read_to_string(full).with_context(|| format!("data/{path}"))
}

/// A file of the shared test data. `None`, with a line that says so, when the whole folder is
/// absent; an error when it is there and the file is not, or on a build server.
pub(crate) fn shared(table: &mut Table, what: &str, path: &str) -> Result<Option<Vec<u8>>> {
    if !Path::new(SHARED).exists() {
        if std::env::var("CI").is_ok_and(|v| v == "true") {
            bail!("../shared/data is absent, and CI=true: {what} must be measured");
        }
        table.skipped(what, "../shared/data is absent")?;
        return Ok(None);
    }
    let bytes = fs::read(Path::new(SHARED).join(path));
    bytes
        .map(Some)
        .with_context(|| format!("../shared/data/{path}"))
}

/// A car of `data/cars/`.
pub(crate) fn car(id: &str) -> Result<Vehicle> {
    let car: Vehicle = serde_json::from_str(&ours(&format!("cars/{id}.json"))?)
        .with_context(|| format!("data/cars/{id}.json"))?;
    car.validate()
        .with_context(|| format!("data/cars/{id}.json"))?;
    Ok(car)
}
