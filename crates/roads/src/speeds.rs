//! Speeds for sources that have tiers and no speeds.

use serde::{Deserialize, Serialize};

/// Speed by tier: tier 1 first; tiers beyond the end have the last speed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "SpeedFile", into = "SpeedFile")]
pub struct SpeedDefaults {
    tiers_kmh: Vec<f64>,
}

/// The form of a speeds file: `tiers_kmh = [120, 100, 80, 60]`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SpeedFile {
    tiers_kmh: Vec<f64>,
}

/// Why a list of speeds is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SpeedDefaultsError {
    /// No speed at all, or more than tiers can count.
    #[error("between 1 and 255 tier speeds are needed, {0} are given")]
    Count(usize),
    /// A speed nothing can drive at.
    #[error("tier {tier} has {kmh} km/h: a speed must be between 1 and 500 km/h")]
    Speed {
        /// The tier, from 1.
        tier: usize,
        /// Its speed as given.
        kmh: f64,
    },
    /// The file is not what it should be.
    #[error("the speeds cannot be read: {0}")]
    Format(String),
}

impl SpeedDefaults {
    /// Checks and takes speeds in km/h, tier 1 first.
    ///
    /// # Errors
    /// When there is none, more than 255, or one is not between 1 and 500 km/h.
    pub fn new(tiers_kmh: Vec<f64>) -> Result<Self, SpeedDefaultsError> {
        if !(1..=255).contains(&tiers_kmh.len()) {
            return Err(SpeedDefaultsError::Count(tiers_kmh.len()));
        }
        let bad = |kmh: &f64| !(1.0..=500.0).contains(kmh);
        match tiers_kmh.iter().position(bad) {
            None => Ok(Self { tiers_kmh }),
            Some(i) => Err(SpeedDefaultsError::Speed {
                tier: i + 1,
                kmh: tiers_kmh[i],
            }),
        }
    }

    /// Reads a TOML file of one key: `tiers_kmh = [120, 100, 80, 60]`.
    ///
    /// # Errors
    /// When it is not that, or [`Self::new`] refuses it.
    #[cfg(feature = "import")]
    pub fn parse(toml: &str) -> Result<Self, SpeedDefaultsError> {
        let file: SpeedFile =
            toml::from_str(toml).map_err(|e| SpeedDefaultsError::Format(e.to_string()))?;
        Self::new(file.tiers_kmh)
    }

    /// km/h by class (tier - 1).
    pub fn tiers_kmh(&self) -> &[f64] {
        &self.tiers_kmh
    }
}

impl Default for SpeedDefaults {
    /// Tier 1 = 120, 2 = 100, 3 = 80, 4 and more = 60 km/h.
    fn default() -> Self {
        Self {
            tiers_kmh: vec![120.0, 100.0, 80.0, 60.0],
        }
    }
}

impl TryFrom<SpeedFile> for SpeedDefaults {
    type Error = SpeedDefaultsError;

    fn try_from(file: SpeedFile) -> Result<Self, Self::Error> {
        Self::new(file.tiers_kmh)
    }
}

impl From<SpeedDefaults> for SpeedFile {
    fn from(speeds: SpeedDefaults) -> Self {
        Self {
            tiers_kmh: speeds.tiers_kmh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_nothing_drives_at() {
        assert_eq!(
            SpeedDefaults::new(vec![]),
            Err(SpeedDefaultsError::Count(0))
        );
        for kmh in [0.0, -5.0, f64::NAN, f64::INFINITY, 501.0] {
            let got = SpeedDefaults::new(vec![120.0, kmh]);
            assert!(matches!(
                got,
                Err(SpeedDefaultsError::Speed { tier: 2, .. })
            ));
        }
    }

    #[cfg(feature = "import")]
    #[test]
    fn reads_its_file() {
        let got = SpeedDefaults::parse("tiers_kmh = [110, 90.5]").unwrap();
        assert_eq!(got.tiers_kmh(), [110.0, 90.5]);
        for bad in [
            "",
            "tiers_kmh = 3",
            "tiers_kmh = [1]\nother = 2",
            "tiers_kmh = [0]",
        ] {
            assert!(SpeedDefaults::parse(bad).is_err(), "{bad}");
        }
    }
}
