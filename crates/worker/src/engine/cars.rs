//! The list of cars to choose from.

use crate::CarSummary;
use chongtu_model::Vehicle;
use chongtu_model::provenance::LocalText;
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

/// What one chooses by.
pub(super) fn summary_of(car: &Vehicle) -> CarSummary {
    let wh_per_km = Consumer::new(car).wh_per_km(110.0);
    let power = |point: &[f64; 2]| point[1];
    CarSummary {
        id: car.id.clone().unwrap_or_default(),
        name: match &car.name_zh {
            Some(zh) => LocalText::both(zh.as_str(), car.name.as_str()),
            None => LocalText::plain(car.name.as_str()),
        },
        usable_battery_kwh: car.usable_battery_kwh,
        connectors: car.connectors.iter().map(|c| c.standard).collect(),
        max_power_kw: car
            .charge_curve
            .points
            .iter()
            .map(power)
            .fold(0.0, f64::max),
        // kWh to Wh and km to m.
        range_110_m: car.usable_battery_kwh * 1e6 / wh_per_km,
        source: car.source.clone(),
    }
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
