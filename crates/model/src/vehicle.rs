//! A car as the planner needs it: battery, consumption, charging curve, connectors.
//!
//! This is also the car file of the command line (`data/cars/*.json`): unknown keys are refused by name.

use crate::location::ConnectorStandard;
use serde::{Deserialize, Serialize};

/// A car.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vehicle {
    /// Key by which it is asked for; the file's name when absent.
    #[serde(default)]
    pub id: Option<String>,
    /// Name.
    pub name: String,
    /// Name in Chinese.
    #[serde(default)]
    pub name_zh: Option<String>,
    /// Where the figures come from.
    #[serde(default)]
    pub source: Option<String>,
    /// What can be taken out of the battery, kWh.
    pub usable_battery_kwh: f64,
    /// Energy for driving.
    pub consumption: Consumption,
    /// Power at the battery over state of charge.
    pub charge_curve: ChargeCurve,
    /// What it can be plugged into.
    #[serde(default = "default_connectors")]
    pub connectors: Vec<VehicleConnector>,
    /// Constant draw beside driving (air conditioning, electronics), kW.
    #[serde(default)]
    pub auxiliary_kw: f64,
    /// Share of the energy at the plug that reaches the battery, `0..=1`.
    #[serde(default = "default_efficiency")]
    pub charge_efficiency: f64,
    /// Extra energy for height; used where roads carry elevation.
    #[serde(default)]
    pub slope: Option<Slope>,
}

fn default_efficiency() -> f64 {
    1.0
}

fn default_connectors() -> Vec<VehicleConnector> {
    vec![VehicleConnector {
        standard: ConnectorStandard::GbtDc,
        max_power_kw: None,
    }]
}

/// How energy for driving is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Consumption {
    /// By speed.
    SpeedTable(SpeedTable),
}

/// Wh/km over km/h.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeedTable {
    /// `[km/h, Wh/km]`, speeds ascending.
    pub points: Vec<[f64; 2]>,
    /// Between points.
    #[serde(default)]
    pub interpolation: Interpolation,
    /// Below the first and above the last point.
    #[serde(default)]
    pub out_of_range: OutOfRange,
}

/// Between two points of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// A straight line.
    #[default]
    Linear,
    /// The value of the point to the left.
    Step,
}

/// Beyond a table's ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutOfRange {
    /// The end's value.
    #[default]
    Clamp,
    /// On along the last line; never below zero.
    Extrapolate,
}

/// Power at the battery over state of charge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChargeCurve {
    /// `[state of charge 0..=1, kW]`, ascending; the first at 0; every power above 0.
    pub points: Vec<[f64; 2]>,
    /// Between points.
    #[serde(default)]
    pub interpolation: Interpolation,
}

/// One inlet of the car.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VehicleConnector {
    /// Which.
    pub standard: ConnectorStandard,
    /// The most it takes at the plug, kW.
    #[serde(default)]
    pub max_power_kw: Option<f64>,
}

/// Energy for height.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Slope {
    /// Per metre up and down.
    Altitude {
        /// Spent, Wh a metre gained.
        up_wh_per_m: f64,
        /// Regained, Wh a metre lost.
        down_wh_per_m: f64,
    },
}

/// A car that cannot be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct VehicleError {
    /// Which field.
    pub field: &'static str,
    /// What is wrong, and what would be right.
    pub why: String,
}

impl Vehicle {
    /// Checks every figure.
    ///
    /// # Errors
    /// The first field that cannot be, with what would be right.
    pub fn validate(&self) -> Result<(), VehicleError> {
        let err = |field, why: String| Err(VehicleError { field, why });
        let positive = |x: f64| x.is_finite() && x > 0.0;
        if !positive(self.usable_battery_kwh) || self.usable_battery_kwh > 2000.0 {
            return err(
                "usable_battery_kwh",
                format!("{} is not between 0 and 2000", self.usable_battery_kwh),
            );
        }
        let Consumption::SpeedTable(table) = &self.consumption;
        if table.points.is_empty() {
            return err(
                "consumption.speed_table.points",
                "at least one point [km/h, Wh/km] is needed".into(),
            );
        }
        if !table
            .points
            .iter()
            .all(|p| positive(p[0]) && positive(p[1]) && p[1] < 10_000.0)
        {
            return err(
                "consumption.speed_table.points",
                "speeds and Wh/km must be above 0".into(),
            );
        }
        if !table.points.windows(2).all(|w| w[0][0] < w[1][0]) {
            return err(
                "consumption.speed_table.points",
                "speeds must ascend".into(),
            );
        }
        let curve = &self.charge_curve.points;
        if curve.first().is_none_or(|p| p[0] != 0.0) {
            return err(
                "charge_curve.points",
                "the first point must be at state of charge 0".into(),
            );
        }
        if !curve.windows(2).all(|w| w[0][0] < w[1][0]) || curve.last().is_some_and(|p| p[0] > 1.0)
        {
            return err(
                "charge_curve.points",
                "states of charge must ascend and end at 1 at the latest".into(),
            );
        }
        if !curve.iter().all(|p| positive(p[1]) && p[1] < 10_000.0) {
            return err("charge_curve.points", "powers must be above 0 (kW)".into());
        }
        if self.connectors.is_empty() {
            return err("connectors", "at least one connector is needed".into());
        }
        if !self
            .connectors
            .iter()
            .all(|c| c.max_power_kw.is_none_or(positive))
        {
            return err("connectors", "max_power_kw must be above 0".into());
        }
        if !(self.auxiliary_kw.is_finite() && self.auxiliary_kw >= 0.0) {
            return err("auxiliary_kw", "must not be below 0".into());
        }
        if !positive(self.charge_efficiency) || self.charge_efficiency > 1.0 {
            return err(
                "charge_efficiency",
                format!("{} is not above 0 and at most 1", self.charge_efficiency),
            );
        }
        Ok(())
    }
}
