//! Cars of a person's own: read from a file, made from a few figures, calibrated by one known
//! consumption, and written as one short text that fits into a link and a browser's storage.
//!
//! * [`read_car_file`] reads our own car file and the open format of `open-ev-data`;
//! * [`of_figures`] makes a car of what a person knows of it;
//! * [`calibration`] compares a car with one consumption that its driver has seen;
//! * [`WrittenCar`] is a car as text.
//!
//! Nothing in here fails on strange input: what cannot be is a [`CarFault`] that names the car and
//! the field.

mod figures;
mod file;
mod open;
mod written;

pub use figures::{
    CarFigures, KnownConsumption, STEADY_110_OVER_AVERAGE, calibration, of_figures, scaled,
    with_gbt_inlets,
};
pub use file::{CarsOfFile, FileCar, read_car_file};
pub use written::{WrittenCar, tidy};

use core::fmt;
use serde::{Deserialize, Serialize};

/// Why a car cannot be, and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarFault {
    /// Which car of the file, counted from 1; `None` when it is about the whole file or the only car.
    pub row: Option<u32>,
    /// What the car is called, as far as that could be read.
    pub car: Option<String>,
    /// Which field, as it stands in the file; empty when it is about the whole.
    pub field: String,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong with a field or a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Why {
    /// No JSON, from this place on (both counted from 1).
    NotJson {
        /// Line.
        line: u32,
        /// Column.
        column: u32,
    },
    /// JSON, but neither a car nor a list of cars in a form that is known.
    NotCars,
    /// Not there.
    Missing,
    /// Something else than a number.
    NotANumber,
    /// Not within these bounds.
    OutOfRange {
        /// What it is.
        value: f64,
        /// The least it may be.
        least: f64,
        /// The most it may be.
        most: f64,
    },
    /// Points that do not ascend.
    NotAscending,
    /// No inlet that is known, so that the car could not be charged.
    NoInlet,
    /// In technical words.
    Other(String),
}

impl CarFault {
    /// About a field of the only car.
    pub(crate) fn of(field: &str, why: Why) -> Self {
        Self {
            row: None,
            car: None,
            field: field.to_owned(),
            why,
        }
    }
}

/// In technical words; sentences for people stand in the words' crate.
impl fmt::Display for CarFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "car {row}: ")?;
        }
        if let Some(car) = &self.car {
            write!(f, "{car}: ")?;
        }
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        match &self.why {
            Why::NotJson { line, column } => write!(f, "no JSON at line {line} column {column}"),
            Why::NotCars => f.write_str("neither a car file nor open-ev-data"),
            Why::Missing => f.write_str("is missing"),
            Why::NotANumber => f.write_str("is not a number"),
            Why::OutOfRange { value, least, most } => {
                write!(f, "{value} is not between {least} and {most}")
            }
            Why::NotAscending => f.write_str("must ascend"),
            Why::NoInlet => f.write_str("no inlet that is known"),
            Why::Other(text) => f.write_str(text),
        }
    }
}

impl core::error::Error for CarFault {}

/// A number within bounds, or the fault of its field.
fn within(field: &str, value: f64, least: f64, most: f64) -> Result<f64, CarFault> {
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(CarFault::of(field, Why::OutOfRange { value, least, most }))
    }
}
