//! Public formats of charging locations, read into the [model](chongtu_model) with findings.
//!
//! A feed is dirty: a row that cannot be used is dropped, counted and named, and the rest is
//! kept. Only a file that is not what it should be is an error. Everything here is pure: bytes
//! in, values out; zone rules come through [`ZoneSource`], which callers fill.
//!
//! Reading order: [`finding`], [`options`], [`mod@detect`], [`hours`], [`geojson`], [`region`],
//! [`mod@merge`]; prices of other formats: [`ocpi`], [`tcec`].

pub mod detect;
mod draft;
pub mod error;
pub mod finding;
pub mod geojson;
pub mod hours;
pub mod merge;
pub mod ocpi;
pub mod options;
#[cfg(feature = "readings")]
pub mod readings;
pub mod region;
pub mod tcec;
mod values;

pub use detect::{Feed, detect};
pub use error::ImportError;
pub use finding::{Finding, ImportCounts, Imported, Severity};
pub use geojson::import_geojson;
pub use merge::merge;
pub use options::{DatumChoice, ImportOptions, Mapping, ZoneSource};
pub use region::import_region;
