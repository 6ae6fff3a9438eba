//! A car as one line of text: in a link, in the browser's storage.
//!
//! ```text
//! byd-seal-2022-82                 a car of the list
//! byd-seal-2022-82~1.083           the same, calibrated: it takes 8.3 % more
//! own1~1~63~0~0.95~lc40x118-…~l0x95-0.18x90-…~GBT_DCx95-GBT_ACx6.6~~Aiways U5~~open-ev-data, MIT
//! ```
//! The last is a car with its own figures: version, calibration, usable kWh, auxiliary kW, charging
//! efficiency, speed table (`l` linear or `s` steps, `c` clamped or `e` extrapolated; km/h x Wh/km),
//! charging curve (state of charge x kW), inlets, slope (Wh a metre up x down, or nothing), name,
//! name in Chinese, source. A link with such a car works for whoever gets it: the figures are in it.

use super::figures::{FACTOR, scaled};
use super::{CarFault, Why};
use chongtu_model::vehicle::{
    ChargeCurve, Consumption, Interpolation, OutOfRange, Slope, SpeedTable, VehicleConnector,
};
use chongtu_model::{ConnectorStandard, Vehicle};
use core::fmt::{self, Write as _};

/// The first field of a car with its own figures; the digit is the version of the form.
const OWN: &str = "own1";
/// What stands between two fields; ids and texts have none.
const BETWEEN: char = '~';
/// No text is kept longer than this many characters.
const LONGEST_TEXT: usize = 160;
/// No car is longer than this many bytes.
const LONGEST_CAR: usize = 8_000;

/// A car as it is written.
#[derive(Clone, Debug, PartialEq)]
pub enum WrittenCar {
    /// One of a list that both sides have.
    Known {
        /// Its id in the list.
        id: String,
        /// What it takes, as a multiple of the list's figures.
        factor: f64,
    },
    /// With its own figures.
    Own {
        /// What it takes, as a multiple of its figures.
        factor: f64,
        /// Its figures, not calibrated, without an id.
        vehicle: Box<Vehicle>,
    },
}

/// A text fit to be kept and shown: no control and no direction characters, no `~`, blanks as one,
/// and not endless.
pub fn tidy(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let is_direction = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if is_direction {
            continue;
        }
        if c.is_whitespace() || c.is_control() || c == BETWEEN {
            if !out.ends_with(' ') && !out.is_empty() {
                out.push(' ');
            }
        } else {
            out.push(c);
        }
    }
    let end = out
        .char_indices()
        .nth(LONGEST_TEXT)
        .map_or(out.len(), |(at, _)| at);
    out.truncate(end);
    out.truncate(out.trim_end().len());
    out
}

impl WrittenCar {
    /// A car with its own figures, not calibrated; its texts are made fit for it.
    pub fn own(vehicle: &Vehicle) -> Self {
        let text = |t: &Option<String>| t.as_deref().map(tidy).filter(|t| !t.is_empty());
        let vehicle = Vehicle {
            id: None,
            name: tidy(&vehicle.name),
            name_zh: text(&vehicle.name_zh),
            source: text(&vehicle.source),
            ..vehicle.clone()
        };
        Self::Own {
            factor: 1.0,
            vehicle: Box::new(vehicle),
        }
    }

    /// Reads a car. Any text without `~` is the id of a car of the list.
    ///
    /// # Errors
    /// What cannot be read, by the name of the field.
    pub fn parse(text: &str) -> Result<Self, CarFault> {
        if text.len() > LONGEST_CAR {
            return Err(CarFault::of("", Why::NotCars));
        }
        let mut fields = text.split(BETWEEN);
        let first = fields.next().unwrap_or_default();
        let fields: Vec<&str> = fields.collect();
        match (first, fields.as_slice()) {
            (id, []) => Ok(Self::Known {
                id: id.to_owned(),
                factor: 1.0,
            }),
            (OWN, fields) => parse_own(fields),
            (id, [factor]) => Ok(Self::Known {
                id: id.to_owned(),
                factor: parse_factor(factor)?,
            }),
            _ => Err(CarFault::of("", Why::NotCars)),
        }
    }

    /// What it takes, as a multiple of its figures; 1: not calibrated.
    pub fn factor(&self) -> f64 {
        match self {
            Self::Known { factor, .. } | Self::Own { factor, .. } => *factor,
        }
    }

    /// The same car with another calibration.
    #[must_use]
    pub fn with_factor(self, factor: f64) -> Self {
        match self {
            Self::Known { id, .. } => Self::Known { id, factor },
            Self::Own { vehicle, .. } => Self::Own { factor, vehicle },
        }
    }

    /// Its figures as they stand, without the calibration; `None` when the list has no such car.
    pub fn base<'a>(&'a self, list: &'a [Vehicle]) -> Option<&'a Vehicle> {
        match self {
            Self::Known { id, .. } => list.iter().find(|c| c.id.as_ref() == Some(id)),
            Self::Own { vehicle, .. } => Some(vehicle),
        }
    }

    /// The car to plan with; `None` when the list has no such car.
    pub fn vehicle(&self, list: &[Vehicle]) -> Option<Vehicle> {
        Some(scaled(self.base(list)?, self.factor()))
    }
}

impl fmt::Display for WrittenCar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known { id, factor: 1.0 } => f.write_str(id),
            Self::Known { id, factor } => write!(f, "{id}{BETWEEN}{factor}"),
            Self::Own { factor, vehicle } => write_own(f, *factor, vehicle),
        }
    }
}

fn write_own(f: &mut fmt::Formatter<'_>, factor: f64, car: &Vehicle) -> fmt::Result {
    let Consumption::SpeedTable(table) = &car.consumption;
    let way = |i: Interpolation| match i {
        Interpolation::Linear => 'l',
        Interpolation::Step => 's',
    };
    let beyond = match table.out_of_range {
        OutOfRange::Clamp => 'c',
        OutOfRange::Extrapolate => 'e',
    };
    let (usable, auxiliary, efficiency) = (
        car.usable_battery_kwh,
        car.auxiliary_kw,
        car.charge_efficiency,
    );
    write!(f, "{OWN}~{factor}~{usable}~{auxiliary}~{efficiency}~")?;
    f.write_char(way(table.interpolation))?;
    f.write_char(beyond)?;
    write_points(f, &table.points)?;
    f.write_char(BETWEEN)?;
    f.write_char(way(car.charge_curve.interpolation))?;
    write_points(f, &car.charge_curve.points)?;
    f.write_char(BETWEEN)?;
    for (i, inlet) in car.connectors.iter().enumerate() {
        if i > 0 {
            f.write_char('-')?;
        }
        f.write_str(inlet.standard.ocpi())?;
        if let Some(kw) = inlet.max_power_kw {
            write!(f, "x{kw}")?;
        }
    }
    f.write_char(BETWEEN)?;
    if let Some(Slope::Altitude {
        up_wh_per_m,
        down_wh_per_m,
    }) = &car.slope
    {
        write!(f, "{up_wh_per_m}x{down_wh_per_m}")?;
    }
    let text = |t: &Option<String>| t.as_deref().map(tidy).unwrap_or_default();
    let (name, zh, source) = (tidy(&car.name), text(&car.name_zh), text(&car.source));
    write!(f, "~{name}~{zh}~{source}")
}

fn write_points(f: &mut fmt::Formatter<'_>, points: &[[f64; 2]]) -> fmt::Result {
    for (i, [x, y]) in points.iter().enumerate() {
        if i > 0 {
            f.write_char('-')?;
        }
        write!(f, "{x}x{y}")?;
    }
    Ok(())
}

fn parse_own(fields: &[&str]) -> Result<WrittenCar, CarFault> {
    let [
        factor,
        usable,
        auxiliary,
        efficiency,
        table,
        curve,
        inlets,
        slope,
        name,
        zh,
        source,
    ] = fields
    else {
        return Err(CarFault::of("", Why::NotCars));
    };
    let text = |t: &str| Some(tidy(t)).filter(|t| !t.is_empty());
    let (interpolation, table) = parse_way(table, "consumption")?;
    let (out_of_range, table) = match (table.strip_prefix('c'), table.strip_prefix('e')) {
        (Some(rest), _) => (OutOfRange::Clamp, rest),
        (_, Some(rest)) => (OutOfRange::Extrapolate, rest),
        _ => return Err(CarFault::of("consumption", Why::NotCars)),
    };
    let consumption = Consumption::SpeedTable(SpeedTable {
        points: parse_points(table, "consumption")?,
        interpolation,
        out_of_range,
    });
    let (interpolation, curve) = parse_way(curve, "charge_curve")?;
    let charge_curve = ChargeCurve {
        points: parse_points(curve, "charge_curve")?,
        interpolation,
    };
    let slope = match slope.split_once('x') {
        None => None,
        Some((up, down)) => Some(Slope::Altitude {
            up_wh_per_m: number(up, "slope")?,
            down_wh_per_m: number(down, "slope")?,
        }),
    };
    let vehicle = Vehicle {
        id: None,
        name: text(name).ok_or_else(|| CarFault::of("name", Why::Missing))?,
        name_zh: text(zh),
        source: text(source),
        usable_battery_kwh: number(usable, "usable_battery_kwh")?,
        consumption,
        charge_curve,
        connectors: inlets
            .split('-')
            .map(parse_inlet)
            .collect::<Result<_, _>>()?,
        auxiliary_kw: number(auxiliary, "auxiliary_kw")?,
        charge_efficiency: number(efficiency, "charge_efficiency")?,
        slope,
    };
    vehicle
        .validate()
        .map_err(|e| CarFault::of(e.field, Why::Other(e.why)))?;
    Ok(WrittenCar::Own {
        factor: parse_factor(factor)?,
        vehicle: Box::new(vehicle),
    })
}

/// Digits with at most one point: all that [`fmt::Display`] writes of a number that is not negative.
fn number(text: &str, field: &str) -> Result<f64, CarFault> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let value = text.parse::<f64>().ok().filter(|v| plain && v.is_finite());
    value.ok_or_else(|| CarFault::of(field, Why::NotANumber))
}

fn parse_factor(text: &str) -> Result<f64, CarFault> {
    let factor = number(text, "calibration")?;
    super::within("calibration", factor, FACTOR.0, FACTOR.1)
}

fn parse_way<'a>(text: &'a str, field: &str) -> Result<(Interpolation, &'a str), CarFault> {
    match (text.strip_prefix('l'), text.strip_prefix('s')) {
        (Some(rest), _) => Ok((Interpolation::Linear, rest)),
        (_, Some(rest)) => Ok((Interpolation::Step, rest)),
        _ => Err(CarFault::of(field, Why::NotCars)),
    }
}

fn parse_points(text: &str, field: &str) -> Result<Vec<[f64; 2]>, CarFault> {
    let point = |text: &str| {
        let (x, y) = text
            .split_once('x')
            .ok_or_else(|| CarFault::of(field, Why::NotANumber))?;
        Ok([number(x, field)?, number(y, field)?])
    };
    text.split('-').map(point).collect()
}

fn parse_inlet(text: &str) -> Result<VehicleConnector, CarFault> {
    let (name, kw) = text
        .split_once('x')
        .map_or((text, None), |(name, kw)| (name, Some(kw)));
    let standard = ConnectorStandard::ALL.iter().find(|s| s.ocpi() == name);
    Ok(VehicleConnector {
        standard: *standard.ok_or_else(|| CarFault::of("connectors", Why::NoInlet))?,
        max_power_kw: kw.map(|kw| number(kw, "connectors")).transpose()?,
    })
}
