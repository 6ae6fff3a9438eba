//! Which kind of car file it is, and its cars one by one.

use super::{CarFault, Why, open, tidy};
use chongtu_model::Vehicle;
use serde_json::Value;

/// The cars of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CarsOfFile {
    /// Those that could be read, in the file's order.
    pub cars: Vec<FileCar>,
    /// Those that could not, each with its reason.
    pub refused: Vec<CarFault>,
}

/// A car of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileCar {
    /// Its id in the file, where it has one.
    pub id: Option<String>,
    /// Its figures.
    pub vehicle: Vehicle,
}

/// Reads a car file: our own form (one car, or a list of cars) or `open-ev-data` (the whole file, a
/// list of its entries, or one entry). Cars that cannot be used are reported beside those that can.
///
/// # Errors
/// The file is no JSON, or holds nothing that looks like a car; or the only car in it cannot be.
pub fn read_car_file(bytes: &[u8]) -> Result<CarsOfFile, CarFault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let json: Value = serde_json::from_slice(bytes).map_err(|e| {
        CarFault::of(
            "",
            Why::NotJson {
                line: e.line() as u32,
                column: e.column() as u32,
            },
        )
    })?;
    let updated = json
        .get("meta")
        .and_then(|m| m.get("updated_at"))
        .and_then(Value::as_str);
    let list = json.get("data").unwrap_or(&json);
    let Some(list) = list.as_array() else {
        let vehicle = read(&json, updated)?;
        let cars = vec![FileCar {
            id: id_of(&json),
            vehicle,
        }];
        return Ok(CarsOfFile {
            cars,
            refused: Vec::new(),
        });
    };
    let mut found = CarsOfFile::default();
    for (i, car) in list.iter().enumerate() {
        match read(car, updated) {
            Ok(vehicle) => found.cars.push(FileCar {
                id: id_of(car),
                vehicle,
            }),
            Err(fault) => found.refused.push(CarFault {
                row: Some(i as u32 + 1),
                car: Some(label_of(car)).filter(|l| !l.is_empty()),
                ..fault
            }),
        }
    }
    if list.is_empty() || (found.cars.is_empty() && found.refused.iter().all(is_foreign)) {
        return Err(CarFault::of("", Why::NotCars));
    }
    Ok(found)
}

/// No car of a form that we know.
fn is_foreign(fault: &CarFault) -> bool {
    fault.field.is_empty() && fault.why == Why::NotCars
}

fn id_of(car: &Value) -> Option<String> {
    car.get("id").and_then(Value::as_str).map(str::to_owned)
}

fn label_of(car: &Value) -> String {
    let own = car.get("name").and_then(Value::as_str);
    own.map_or_else(|| open::name_of(car), tidy)
}

fn read(car: &Value, updated: Option<&str>) -> Result<Vehicle, CarFault> {
    if open::is_open(car) {
        return open::read(car, updated);
    }
    let ours = ["usable_battery_kwh", "consumption", "charge_curve"];
    if !ours.iter().any(|key| car.get(key).is_some()) {
        return Err(CarFault::of("", Why::NotCars));
    }
    let vehicle: Vehicle = serde_json::from_value(car.clone()).map_err(|e| {
        let why = e.to_string();
        // A misspelt key is the cause of the one that is missing for it.
        let missing = ["name", "usable_battery_kwh", "consumption", "charge_curve"]
            .into_iter()
            .find(|key| car.get(key).is_none_or(Value::is_null))
            .filter(|_| !why.starts_with("unknown field"));
        missing.map_or_else(
            || CarFault::of("", Why::Other(why)),
            |key| CarFault::of(key, Why::Missing),
        )
    })?;
    vehicle
        .validate()
        .map_err(|e| CarFault::of(e.field, Why::Other(e.why)))?;
    Ok(vehicle)
}
