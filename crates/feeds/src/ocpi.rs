//! OCPI (2.1.1, 2.2.1, 2.3.0): its tariffs.

pub mod note;
pub mod tariff;

pub use note::{Note, code};
pub use tariff::{ParsedTariffs, parse_tariff, parse_tariffs};
