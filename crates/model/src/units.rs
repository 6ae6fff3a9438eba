//! Values with a unit. Inside the kernels of roads and planner plain `f64` with a unit suffix
//! in the name is used; these types stand where a value is stored or handed on.

use core::fmt;
use serde::{Deserialize, Serialize};

/// State of charge as a share of the usable battery, `0.0..=1.0`. Percent exists only in views.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Soc(f64);

/// A state of charge outside `0..=1`, or not a number.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("state of charge {0} is not within 0 to 1")]
pub struct SocOutOfRange(pub f64);

impl Soc {
    /// An empty battery.
    pub const EMPTY: Self = Self(0.0);
    /// A full battery.
    pub const FULL: Self = Self(1.0);

    /// Checks the range.
    ///
    /// # Errors
    /// When `share` is not within `0.0..=1.0`.
    pub fn new(share: f64) -> Result<Self, SocOutOfRange> {
        if (0.0..=1.0).contains(&share) {
            Ok(Self(share))
        } else {
            Err(SocOutOfRange(share))
        }
    }

    /// From percent, `0.0..=100.0`.
    ///
    /// # Errors
    /// When `percent` is not within `0.0..=100.0`.
    pub fn from_percent(percent: f64) -> Result<Self, SocOutOfRange> {
        Self::new(percent / 100.0)
    }

    /// The share, `0.0..=1.0`.
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Soc {
    type Error = SocOutOfRange;
    fn try_from(share: f64) -> Result<Self, SocOutOfRange> {
        Self::new(share)
    }
}

impl From<Soc> for f64 {
    fn from(soc: Soc) -> Self {
        soc.0
    }
}

impl fmt::Display for Soc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0}%", self.0 * 100.0)
    }
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub f64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{} {}", self.0, $unit)
            }
        }

        impl core::ops::Add for $name {
            type Output = Self;
            fn add(self, rhs: Self) -> Self {
                Self(self.0 + rhs.0)
            }
        }

        impl core::ops::Sub for $name {
            type Output = Self;
            fn sub(self, rhs: Self) -> Self {
                Self(self.0 - rhs.0)
            }
        }

        impl core::iter::Sum for $name {
            fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
                Self(iter.map(|x| x.0).sum())
            }
        }
    };
}

quantity!(
    /// Energy. Into the battery unless a name says `billed`.
    KilowattHours,
    "kWh"
);
quantity!(
    /// Power. At the plug for a connector, at the battery for a charging curve.
    Kilowatts,
    "kW"
);
quantity!(
    /// A distance along the ground.
    Meters,
    "m"
);
quantity!(
    /// A span of time (an instant is [`crate::Instant`]).
    Seconds,
    "s"
);
