//! The open car data of `open-ev-data` (chargeprice, MIT licence): usable battery, one average
//! consumption, charging power over state of charge.
//!
//! What the data does not say is filled in by the models at the top of [`super::figures`]. Rules for
//! its charging curves: percentages ascend; one that does not begin at 0 begins with its first
//! power; no power is above the car's highest; a power of 0 at the end is taken as 0.5 kW.

use super::figures::{
    BATTERY, CONSUMPTION, LEAST_POWER_KW, POWER, STEADY_110_OVER_AVERAGE, USUAL_EFFICIENCY,
    flat_curve, table_through,
};
use super::{CarFault, Why, tidy, within};
use chongtu_model::vehicle::{ChargeCurve, Consumption, Interpolation, VehicleConnector};
use chongtu_model::{ConnectorStandard, Vehicle};
use serde_json::Value;

/// Where a car of this format comes from; the licence asks that it be said.
fn source(updated: Option<&str>, default_curve: bool) -> String {
    let mut text = String::from("open-ev-data (chargeprice), MIT");
    if let Some(day) = updated.and_then(|u| u.get(..10)) {
        text.push_str(", ");
        text.push_str(day);
    }
    if default_curve {
        text.push_str(", default charging curve");
    }
    text
}

/// Whether an object looks like a car of this format.
pub(super) fn is_open(car: &Value) -> bool {
    car.get("usable_battery_size").is_some() || car.get("energy_consumption").is_some()
}

/// What a car calls itself: brand, model, variant, year.
pub(super) fn name_of(car: &Value) -> String {
    let text = |key: &str| car.get(key).and_then(Value::as_str).unwrap_or_default();
    let year = car.get("release_year").and_then(Value::as_u64);
    let year = year.map(|year| format!("({year})")).unwrap_or_default();
    let parts = [text("brand"), text("model"), text("variant"), &year];
    let parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    // A year alone is no name.
    let named = parts.iter().any(|p| *p != year);
    if named {
        tidy(&parts.join(" "))
    } else {
        String::new()
    }
}

/// Reads one car.
///
/// # Errors
/// The first field that cannot be used.
pub(super) fn read(car: &Value, updated: Option<&str>) -> Result<Vehicle, CarFault> {
    let name = name_of(car);
    if name.is_empty() {
        return Err(CarFault::of("model", Why::Missing));
    }
    let usable = number(car, "usable_battery_size", &["usable_battery_size"])?;
    let usable_battery_kwh = within("usable_battery_size", usable, BATTERY.0, BATTERY.1)?;
    let field = "energy_consumption.average_consumption";
    let average = number(car, field, &["energy_consumption", "average_consumption"])?;
    let average = within(field, average, CONSUMPTION.0, CONSUMPTION.1)?;

    let ac = inlets(car, "ac_charger")?;
    let dc = inlets(car, "dc_charger")?;
    let dc_charger = car.get("dc_charger").filter(|_| !dc.is_empty());
    let charge_curve = match dc_charger {
        Some(charger) => curve(charger)?,
        None => match ac.first().and_then(|c| c.max_power_kw) {
            Some(kw) => flat_curve(kw),
            None => return Err(CarFault::of("ac_charger", Why::NoInlet)),
        },
    };
    let default_curve = dc_charger
        .and_then(|c| c.get("is_default_charging_curve"))
        .and_then(Value::as_bool)
        == Some(true);
    let vehicle = Vehicle {
        id: None,
        name,
        name_zh: None,
        source: Some(source(updated, default_curve)),
        usable_battery_kwh,
        // kWh/100 km to Wh/km.
        consumption: Consumption::SpeedTable(table_through(&[[
            110.0,
            average * 10.0 * STEADY_110_OVER_AVERAGE,
        ]])),
        charge_curve,
        connectors: dc.into_iter().chain(ac).collect(),
        auxiliary_kw: 0.0,
        charge_efficiency: USUAL_EFFICIENCY,
        slope: None,
    };
    vehicle
        .validate()
        .map_err(|e| CarFault::of(e.field, Why::Other(e.why)))?;
    Ok(vehicle)
}

/// The number at the end of a path.
fn number(car: &Value, field: &str, path: &[&str]) -> Result<f64, CarFault> {
    let mut value = car;
    for key in path {
        value = value
            .get(key)
            .filter(|v| !v.is_null())
            .ok_or_else(|| CarFault::of(field, Why::Missing))?;
    }
    value
        .as_f64()
        .ok_or_else(|| CarFault::of(field, Why::NotANumber))
}

/// The inlets of a charger, all with its highest power. Two names of one inlet are one; a name that
/// is not known is no inlet.
fn inlets(car: &Value, charger: &str) -> Result<Vec<VehicleConnector>, CarFault> {
    let Some(object) = car.get(charger).filter(|c| !c.is_null()) else {
        return Ok(Vec::new());
    };
    let ports = object.get("ports").and_then(Value::as_array);
    let mut found: Vec<VehicleConnector> = Vec::new();
    for port in ports.into_iter().flatten() {
        let standard = match port.as_str().unwrap_or_default() {
            "type1" => ConnectorStandard::Iec62196T1,
            "type2" => ConnectorStandard::Iec62196T2,
            "ccs" | "tesla_ccs" => ConnectorStandard::Iec62196T2Combo,
            "chademo" => ConnectorStandard::Chademo,
            "tesla_suc" => ConnectorStandard::TeslaS,
            _ => continue,
        };
        if found.iter().all(|c| c.standard != standard) {
            let field = format!("{charger}.max_power");
            let kw = number(object, &field, &["max_power"])?;
            found.push(VehicleConnector {
                standard,
                max_power_kw: Some(within(&field, kw, POWER.0, POWER.1)?),
            });
        }
    }
    Ok(found)
}

/// The charging curve, by the rules at the top.
fn curve(charger: &Value) -> Result<ChargeCurve, CarFault> {
    const FIELD: &str = "dc_charger.charging_curve";
    let most = number(charger, "dc_charger.max_power", &["max_power"])?;
    let given = charger.get("charging_curve").and_then(Value::as_array);
    let given = given.filter(|c| !c.is_empty());
    let given = given.ok_or_else(|| CarFault::of(FIELD, Why::Missing))?;
    let mut points: Vec<[f64; 2]> = Vec::new();
    for point in given {
        let percentage = number(point, FIELD, &["percentage"])?;
        let power = number(point, FIELD, &["power"])?;
        let soc = within(FIELD, percentage, 0.0, 100.0)? / 100.0;
        within(FIELD, power, 0.0, POWER.1)?;
        if points.last().is_some_and(|last| last[0] >= soc) {
            return Err(CarFault::of(FIELD, Why::NotAscending));
        }
        if points.is_empty() && soc > 0.0 {
            points.push([0.0, power.min(most).max(LEAST_POWER_KW)]);
        }
        points.push([soc, power.min(most).max(LEAST_POWER_KW)]);
    }
    Ok(ChargeCurve {
        points,
        interpolation: Interpolation::Linear,
    })
}
