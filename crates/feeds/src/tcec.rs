//! T/CEC 102 and its provincial variants: their prices.

pub mod policy;

pub use policy::{ChargingType, parse_policy};
