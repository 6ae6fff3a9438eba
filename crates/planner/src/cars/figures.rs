//! A car of few figures, and the models that fill in the rest.
//!
//! # Consumption over speed
//! At a steady speed a car works against rolling resistance, which a kilometre costs the same at
//! any speed, and against drag, which grows with its square:
//! `e(v) = e(110) · (ROLLING + (1 − ROLLING) · (v / 110)²)`. With `ROLLING` = 0.45 the curve
//! follows the tables of `data/cars` within 6 % from 80 to 130 km/h and 12 % at 60 (a test holds it to that).
//! Where several consumptions are known, the curve is stretched to go through each of them: by the
//! quotient at the known speeds, on a straight line between them, the same beyond the ends.
//!
//! # From an average consumption
//! The open data gives one average: city, country road and motorway, mild and cold. For the cars
//! that stand in both, the tables of `data/cars` take 0.94 to 1.04 times that average at a steady
//! 110 km/h in mild weather. [`STEADY_110_OVER_AVERAGE`] is a little above: better charge too early
//! than strand. One known consumption ([`calibration`]) replaces the guess.
//!
//! # Charging power over state of charge
//! Without a curve: the full power from 10 to 50 %, then falling as most cars do.

use super::{CarFault, Why, tidy, within};
use crate::consumption::Consumer;
use chongtu_model::vehicle::{
    ChargeCurve, Consumption, Interpolation, OutOfRange, SpeedTable, VehicleConnector,
};
use chongtu_model::{ConnectorStandard, Vehicle};
use libm::round;
use serde::{Deserialize, Serialize};

/// What a steady 110 km/h takes, as a multiple of the average consumption of the open data.
pub const STEADY_110_OVER_AVERAGE: f64 = 1.1;
/// The share of the consumption at 110 km/h that does not grow with speed.
const ROLLING: f64 = 0.45;
/// The speeds of a table that is made here, km/h.
const SPEEDS_KMH: [f64; 8] = [40.0, 60.0, 80.0, 90.0, 100.0, 110.0, 120.0, 130.0];
/// The usual way of charging power: state of charge, share of the most.
const USUAL_CURVE: [[f64; 2]; 7] = [
    [0.0, 0.85],
    [0.1, 1.0],
    [0.5, 1.0],
    [0.7, 0.65],
    [0.8, 0.45],
    [0.9, 0.25],
    [1.0, 0.06],
];
/// No curve ends below this, kW: the last hundredth would take for ever.
pub(super) const LEAST_POWER_KW: f64 = 0.5;
/// What of the energy at the plug reaches the battery, where nobody says.
pub(super) const USUAL_EFFICIENCY: f64 = 0.95;
/// Bounds of a consumption, kWh/100 km: from a scooter to a bus.
pub(super) const CONSUMPTION: (f64, f64) = (2.0, 150.0);
/// Bounds of a usable battery, kWh.
pub(super) const BATTERY: (f64, f64) = (1.0, 500.0);
/// Bounds of a charging power, kW.
pub(super) const POWER: (f64, f64) = (1.0, 1000.0);
/// Bounds of a known speed, km/h.
const SPEED: (f64, f64) = (20.0, 200.0);
/// Bounds of a calibration.
pub(super) const FACTOR: (f64, f64) = (0.5, 2.0);

/// What a person knows of a car.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CarFigures {
    /// What they call it.
    pub name: String,
    /// What can be taken out of the battery, kWh.
    pub usable_battery_kwh: f64,
    /// Consumption at steady speeds, everything in it: `[km/h, kWh/100 km]`, at least one.
    pub consumption: Vec<[f64; 2]>,
    /// The most it charges with direct current, kW.
    pub dc_kw: Option<f64>,
    /// The most it charges with alternating current, kW.
    pub ac_kw: Option<f64>,
    /// Its inlets.
    pub connectors: Vec<ConnectorStandard>,
}

/// One consumption that a driver has seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownConsumption {
    /// At this steady speed, km/h.
    pub speed_kmh: f64,
    /// kWh for 100 km.
    pub kwh_per_100_km: f64,
}

/// Relative consumption at a steady speed: 1 at 110 km/h.
fn shape(speed_kmh: f64) -> f64 {
    let v = speed_kmh / 110.0;
    ROLLING + (1.0 - ROLLING) * v * v
}

/// To a tenth of a Wh/km: more would only lengthen links.
fn tenth(x: f64) -> f64 {
    round(x * 10.0) / 10.0
}

/// The speed table through known points (`[km/h, Wh/km]`, ascending, not empty).
pub(super) fn table_through(known: &[[f64; 2]]) -> SpeedTable {
    let quotients: Vec<[f64; 2]> = known.iter().map(|k| [k[0], k[1] / shape(k[0])]).collect();
    let quotient = |v: f64| {
        let above = quotients.partition_point(|q| q[0] <= v);
        let before = above.checked_sub(1).and_then(|i| quotients.get(i));
        match (before, quotients.get(above)) {
            (Some(a), Some(b)) => a[1] + (b[1] - a[1]) * (v - a[0]) / (b[0] - a[0]),
            (Some(end), None) | (None, Some(end)) => end[1],
            (None, None) => 0.0,
        }
    };
    let mut speeds: Vec<f64> = SPEEDS_KMH.to_vec();
    for k in known {
        if !speeds.contains(&k[0]) {
            speeds.push(k[0]);
        }
    }
    speeds.sort_by(f64::total_cmp);
    let points = speeds
        .into_iter()
        .map(|v| [v, tenth(shape(v) * quotient(v))])
        .collect();
    SpeedTable {
        points,
        interpolation: Interpolation::Linear,
        out_of_range: OutOfRange::Clamp,
    }
}

/// The usual curve for that highest power.
fn usual_curve(most_kw: f64) -> ChargeCurve {
    let point = |p: &[f64; 2]| [p[0], tenth(p[1] * most_kw).max(LEAST_POWER_KW)];
    ChargeCurve {
        points: USUAL_CURVE.iter().map(point).collect(),
        interpolation: Interpolation::Linear,
    }
}

/// The same power at any state of charge: what an onboard charger gives.
pub(super) fn flat_curve(kw: f64) -> ChargeCurve {
    ChargeCurve {
        points: vec![[0.0, kw], [1.0, kw]],
        interpolation: Interpolation::Linear,
    }
}

/// The highest power of a curve, kW.
fn most_of(curve: &ChargeCurve) -> f64 {
    curve.points.iter().map(|p| p[1]).fold(0.0, f64::max)
}

/// The most that a car's inlets of that kind of current take, kW.
fn inlet_kw(car: &Vehicle, dc: bool) -> Option<f64> {
    let of_kind = car.connectors.iter().filter(|c| c.standard.is_dc() == dc);
    of_kind.filter_map(|c| c.max_power_kw).reduce(f64::max)
}

impl CarFigures {
    /// The figures that a person would give of this car: consumption at 90, 110 and 120 km/h.
    pub fn of(car: &Vehicle) -> Self {
        let consumer = Consumer::new(car);
        let has = |dc: bool| car.connectors.iter().any(|c| c.standard.is_dc() == dc);
        Self {
            name: car.name.clone(),
            usable_battery_kwh: car.usable_battery_kwh,
            consumption: [90.0, 110.0, 120.0]
                .map(|v| [v, round(consumer.wh_per_km(v) * 10.0) / 100.0])
                .to_vec(),
            dc_kw: inlet_kw(car, true).or_else(|| has(true).then(|| most_of(&car.charge_curve))),
            ac_kw: inlet_kw(car, false).or_else(|| has(false).then_some(7.0)),
            connectors: car.connectors.iter().map(|c| c.standard).collect(),
        }
    }
}

/// The car of these figures. `before` is the car whose figures were changed: what was left as it
/// is keeps the finer data it has (its speed table, its charging curve, its source).
///
/// # Errors
/// The first figure that cannot be.
pub fn of_figures(figures: &CarFigures, before: Option<&Vehicle>) -> Result<Vehicle, CarFault> {
    let name = tidy(&figures.name);
    if name.is_empty() {
        return Err(CarFault::of("name", Why::Missing));
    }
    let shown = before.map(CarFigures::of);
    let usable_battery_kwh = within(
        "usable_battery_kwh",
        figures.usable_battery_kwh,
        BATTERY.0,
        BATTERY.1,
    )?;
    let mut known = figures.consumption.clone();
    known.sort_by(|a, b| a[0].total_cmp(&b[0]));
    if known.is_empty() {
        return Err(CarFault::of("consumption", Why::Missing));
    }
    if !known.windows(2).all(|w| w[0][0] < w[1][0]) {
        return Err(CarFault::of("consumption", Why::NotAscending));
    }
    for [speed, kwh] in &mut known {
        within("speed_kmh", *speed, SPEED.0, SPEED.1)?;
        within("consumption", *kwh, CONSUMPTION.0, CONSUMPTION.1)?;
        *kwh *= 10.0;
    }
    let (has_dc, has_ac) = (
        figures.connectors.iter().any(|c| c.is_dc()),
        figures.connectors.iter().any(|c| !c.is_dc()),
    );
    if !has_dc && !has_ac {
        return Err(CarFault::of("connectors", Why::NoInlet));
    }
    let power = |field: &str, kw: Option<f64>, needed: bool| match kw {
        _ if !needed => Ok(None),
        Some(kw) => within(field, kw, POWER.0, POWER.1).map(Some),
        None => Err(CarFault::of(field, Why::Missing)),
    };
    let dc_kw = power("dc_kw", figures.dc_kw, has_dc)?;
    let ac_kw = power("ac_kw", figures.ac_kw, has_ac)?;

    let same_consumption = shown
        .as_ref()
        .is_some_and(|s| s.consumption == figures.consumption);
    let same_power = shown
        .as_ref()
        .is_some_and(|s| (s.dc_kw, s.ac_kw) == (figures.dc_kw, figures.ac_kw));
    let (consumption, auxiliary_kw) = match before {
        Some(car) if same_consumption => (car.consumption.clone(), car.auxiliary_kw),
        // The figures hold everything, the auxiliary draw too.
        _ => (Consumption::SpeedTable(table_through(&known)), 0.0),
    };
    let charge_curve = match (before, dc_kw) {
        (Some(car), _) if same_power => car.charge_curve.clone(),
        (_, Some(dc)) => usual_curve(dc),
        (_, None) => flat_curve(ac_kw.unwrap_or(POWER.0)),
    };
    let connector = |&standard: &ConnectorStandard| VehicleConnector {
        standard,
        max_power_kw: if standard.is_dc() { dc_kw } else { ac_kw },
    };
    let car = Vehicle {
        id: None,
        name_zh: before
            .filter(|b| b.name == name)
            .and_then(|b| b.name_zh.clone()),
        name,
        source: before.and_then(|b| b.source.clone()),
        usable_battery_kwh,
        consumption,
        charge_curve,
        connectors: figures.connectors.iter().map(connector).collect(),
        auxiliary_kw,
        charge_efficiency: before.map_or(USUAL_EFFICIENCY, |b| b.charge_efficiency),
        slope: before.and_then(|b| b.slope.clone()),
    };
    car.validate()
        .map_err(|e| CarFault::of(e.field, Why::Other(e.why)))?;
    Ok(car)
}

/// How much more a car takes than its figures say, by one consumption that its driver has seen:
/// 1.08 is 8 % more, at every speed. Rounded to a thousandth.
///
/// # Errors
/// A speed or a consumption that cannot be, or a factor that is not between 0.5 and 2: then the
/// wrong car is chosen, or the figure is of another unit.
pub fn calibration(car: &Vehicle, known: KnownConsumption) -> Result<f64, CarFault> {
    let speed = within("speed_kmh", known.speed_kmh, SPEED.0, SPEED.1)?;
    let kwh = within(
        "consumption",
        known.kwh_per_100_km,
        CONSUMPTION.0,
        CONSUMPTION.1,
    )?;
    let factor = kwh * 10.0 / Consumer::new(car).wh_per_km(speed);
    within(
        "calibration",
        round(factor * 1000.0) / 1000.0,
        FACTOR.0,
        FACTOR.1,
    )
}

/// The car with all its consumption multiplied, the auxiliary draw with the rest: at every speed it
/// takes that many times as much.
pub fn scaled(car: &Vehicle, factor: f64) -> Vehicle {
    let mut car = car.clone();
    if factor != 1.0 {
        let Consumption::SpeedTable(table) = &mut car.consumption;
        for point in &mut table.points {
            point[1] *= factor;
        }
        car.auxiliary_kw *= factor;
    }
    car
}

/// The car as it is sold in China: GB/T inlets in place of its own, with the same power.
pub fn with_gbt_inlets(car: &Vehicle) -> Vehicle {
    let has = |dc: bool| car.connectors.iter().any(|c| c.standard.is_dc() == dc);
    let inlet = |dc: bool, standard: ConnectorStandard| {
        has(dc).then(|| VehicleConnector {
            standard,
            max_power_kw: inlet_kw(car, dc),
        })
    };
    Vehicle {
        connectors: inlet(true, ConnectorStandard::GbtDc)
            .into_iter()
            .chain(inlet(false, ConnectorStandard::GbtAc))
            .collect(),
        ..car.clone()
    }
}
