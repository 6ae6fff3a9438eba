//! The list of cars to choose from.

use crate::planner::{CarCharging, CarFile, CarSummary};
use chongtu_model::Vehicle;
use chongtu_model::provenance::LocalText;
use chongtu_planner::cars::{
    CarFault, CarFigures, KnownConsumption, Why, WrittenCar, calibration, of_figures,
    read_car_file, with_gbt_inlets,
};
use chongtu_planner::consumption::Consumer;
use core::cell::RefCell;
use core::fmt;
use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads a JSON list of car files. Every car needs an id of its own.
///
/// # Errors
/// In words that name the car and the field.
pub(super) fn parse_cars(json: &[u8]) -> Result<Vec<Vehicle>, String> {
    let cars = RefCell::new(Vec::new());
    let mut source = serde_json::Deserializer::from_slice(json);
    let read = List(&cars)
        .deserialize(&mut source)
        .and_then(|()| source.end());
    let cars = cars.into_inner();
    if let Err(error) = read {
        let mut place = name_of(json, cars.len());
        place.push_str(&error.to_string());
        return Err(place);
    }
    for (i, car) in cars.iter().enumerate() {
        let refuse = |why: &dyn fmt::Display| Err(format!("{}{why}", name_of(json, i)));
        let Some(id) = car.id.as_deref().filter(|id| !id.trim().is_empty()) else {
            return refuse(&"id: a car in a list needs one");
        };
        if cars.iter().take(i).any(|c| c.id.as_deref() == Some(id)) {
            return refuse(&"id: another car of the list has the same");
        }
        if let Err(error) = car.validate() {
            return refuse(&error);
        }
    }
    Ok(cars)
}

/// What one chooses by, of a car of the list.
pub(super) fn summary_of_listed(car: &Vehicle) -> CarSummary {
    summary_of(car, car.id.clone().unwrap_or_default(), 1.0)
}

/// What one chooses by.
fn summary_of(base: &Vehicle, written: String, factor: f64) -> CarSummary {
    let wh_per_km = Consumer::new(base).wh_per_km(110.0) * factor;
    let power = |point: &[f64; 2]| point[1];
    CarSummary {
        id: written,
        name: match &base.name_zh {
            Some(zh) => LocalText::both(zh.as_str(), base.name.as_str()),
            None => LocalText::plain(base.name.as_str()),
        },
        usable_battery_kwh: base.usable_battery_kwh,
        connectors: base.connectors.iter().map(|c| c.standard).collect(),
        max_power_kw: base
            .charge_curve
            .points
            .iter()
            .map(power)
            .fold(0.0, f64::max),
        // kWh to Wh and km to m.
        range_110_m: base.usable_battery_kwh * 1e6 / wh_per_km,
        source: base.source.clone(),
        factor,
        figures: CarFigures::of(base),
        charging: CarCharging {
            curve: base.charge_curve.clone(),
            efficiency: base.charge_efficiency,
            inlets: base.connectors.clone(),
        },
    }
}

fn summary_of_written(car: &WrittenCar, list: &[Vehicle]) -> Option<CarSummary> {
    let base = car.base(list)?;
    Some(summary_of(base, car.to_string(), car.factor()))
}

/// What a written car is; `None` when it cannot be read or the list has it not.
pub(super) fn describe(written: &str, list: &[Vehicle]) -> Option<CarSummary> {
    summary_of_written(&WrittenCar::parse(written).ok()?, list)
}

/// Reads a car file of the person's.
pub(super) fn read_file(bytes: &[u8]) -> Result<CarFile, CarFault> {
    let found = read_car_file(bytes)?;
    let summary = |car: &Vehicle| summary_of(car, WrittenCar::own(car).to_string(), 1.0);
    let with_gbt = |car: &Vehicle| WrittenCar::own(&with_gbt_inlets(car)).to_string();
    Ok(CarFile {
        cars: found.cars.iter().map(|c| summary(&c.vehicle)).collect(),
        with_gbt: found.cars.iter().map(|c| with_gbt(&c.vehicle)).collect(),
        refused: found.refused,
    })
}

/// Makes a car of figures. A calibration of the car before is kept: it is of the same car.
pub(super) fn make(
    figures: &CarFigures,
    before: Option<&str>,
    list: &[Vehicle],
) -> Result<Box<CarSummary>, CarFault> {
    let before = before.and_then(|b| WrittenCar::parse(b).ok());
    let base = before.as_ref().and_then(|b| b.base(list));
    let factor = before.as_ref().map_or(1.0, WrittenCar::factor);
    let car = WrittenCar::own(&of_figures(figures, base)?).with_factor(factor);
    summarised(&car, list)
}

/// Calibrates a car by what its driver saw; `None` takes the calibration back.
pub(super) fn calibrate(
    written: &str,
    known: Option<KnownConsumption>,
    list: &[Vehicle],
) -> Result<Box<CarSummary>, CarFault> {
    let car = WrittenCar::parse(written)?;
    let factor = match (known, car.base(list)) {
        (Some(known), Some(base)) => calibration(base, known)?,
        _ => 1.0,
    };
    summarised(&car.with_factor(factor), list)
}

fn summarised(car: &WrittenCar, list: &[Vehicle]) -> Result<Box<CarSummary>, CarFault> {
    summary_of_written(car, list)
        .map(Box::new)
        .ok_or_else(|| CarFault {
            row: None,
            car: None,
            field: "id".to_owned(),
            why: Why::Missing,
        })
}

/// Keeps what was read before an error, so that the error can be counted to its car.
struct List<'a>(&'a RefCell<Vec<Vehicle>>);

impl<'de> DeserializeSeed<'de> for List<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of cars")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(car) = list.next_element()? {
            self.0.borrow_mut().push(car);
        }
        Ok(())
    }
}

/// Enough of a car to name it, whatever is wrong with the rest.
#[derive(Deserialize)]
struct Label {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

/// `car 3 (byd-han): `, counted from 1; empty when the file is not a list with such a car.
fn name_of(json: &[u8], i: usize) -> String {
    let labels: Vec<Label> = serde_json::from_slice(json).unwrap_or_default();
    labels.get(i).map_or_else(String::new, |label| {
        let label = label.id.as_deref().or(label.name.as_deref());
        format!("car {} ({}): ", i + 1, label.unwrap_or("without a name"))
    })
}
