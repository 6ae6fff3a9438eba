//! What happened, or will: the charging session that is billed.

use crate::money::Quantity;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// A session: periods one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// When it begins.
    pub start: Instant,
    /// In order, without a pause between them.
    pub periods: Vec<SessionPeriod>,
}

/// A stretch of a session. Energy flows evenly over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPeriod {
    /// What the car does.
    pub activity: Activity,
    /// How long, s.
    pub duration_s: u32,
    /// The energy as billed at the plug, kWh; below 0 counts as 0, above a million as a million.
    pub energy_kwh: Quantity,
    /// Power, kW; `None`: not known, and restrictions on it count as met.
    pub power_kw: Option<Quantity>,
    /// Current, the sum of all phases, A; `None`: not known, and restrictions on it count as met.
    pub current_a: Option<Quantity>,
}

/// What the car does in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Activity {
    /// It charges.
    Charging,
    /// It is connected and does not charge.
    Parking,
    /// It is awaited: the EVSE is reserved.
    Reserved {
        /// The reservation ran out before it came.
        expired: bool,
    },
}

impl SessionPeriod {
    /// Charging of which power and current are not known.
    pub const fn charging(duration_s: u32, energy_kwh: Quantity) -> Self {
        Self {
            activity: Activity::Charging,
            duration_s,
            energy_kwh,
            power_kw: None,
            current_a: None,
        }
    }

    /// Standing without charging.
    pub const fn parking(duration_s: u32) -> Self {
        Self {
            activity: Activity::Parking,
            ..Self::charging(duration_s, Quantity::from_millionths(0))
        }
    }
}

impl Session {
    /// Charges with one power until it has got `requested_kwh`, then stands until `end`. When
    /// that comes first, it gets less. Nothing charges with a power of 0. Charging ends at a
    /// whole second; the energy is exact to a millionth of a kWh.
    pub fn at_constant_power(
        start: Instant,
        end: Instant,
        power_kw: Quantity,
        requested_kwh: Quantity,
    ) -> Self {
        let stay_s = end.unix_s().saturating_sub(start.unix_s()).max(0);
        let (power, requested) = (
            i128::from(power_kw.millionths().max(0)),
            i128::from(requested_kwh.millionths().max(0)),
        );
        let nearest = |value: i128, of: i128| (value + of / 2) / of;
        let needed_s = if power == 0 {
            i128::MAX
        } else {
            nearest(requested * 3600, power)
        };
        let (charging_s, energy) = if power == 0 {
            (0, 0)
        } else if needed_s <= i128::from(stay_s) {
            (needed_s, requested)
        } else {
            let charging_s = i128::from(stay_s);
            (charging_s, nearest(power * charging_s, 3600).min(requested))
        };
        let seconds = |s: i128| u32::try_from(s).unwrap_or(u32::MAX);
        let mut periods = Vec::with_capacity(2);
        if charging_s > 0 || energy > 0 {
            periods.push(SessionPeriod {
                power_kw: Some(power_kw),
                ..SessionPeriod::charging(
                    seconds(charging_s),
                    Quantity::from_millionths(energy as i64),
                )
            });
        }
        let idle_s = i128::from(stay_s) - charging_s;
        if idle_s > 0 {
            periods.push(SessionPeriod::parking(seconds(idle_s)));
        }
        Self { start, periods }
    }

    /// Charges for `charging_s` with a power that depends on the time since the start (s → kW at
    /// the plug), sampled in the middle of every `step_s` (at least 1). The energies of the
    /// periods add up to the nearest millionth of a kWh of the sampled total.
    pub fn from_power(
        start: Instant,
        charging_s: u32,
        step_s: u32,
        power_kw: impl Fn(f64) -> f64,
    ) -> Self {
        let mut periods = Vec::new();
        let (mut from, mut total_kwh, mut given) = (0, 0.0, 0_i64);
        while from < charging_s {
            let duration_s = step_s.max(1).min(charging_s - from);
            let power = power_kw(f64::from(from) + f64::from(duration_s) / 2.0).max(0.0);
            total_kwh += power * f64::from(duration_s) / 3600.0;
            let until_now = Quantity::nearest(total_kwh).millionths();
            periods.push(SessionPeriod {
                power_kw: Some(Quantity::nearest(power)),
                ..SessionPeriod::charging(duration_s, Quantity::from_millionths(until_now - given))
            });
            given = until_now;
            from += duration_s;
        }
        Self { start, periods }
    }

    /// How long it lasts, s, reservations included.
    pub fn duration_s(&self) -> i64 {
        self.periods.iter().map(|p| i64::from(p.duration_s)).sum()
    }

    /// When it ends.
    pub fn end(&self) -> Instant {
        self.start.plus_s(self.duration_s())
    }

    /// The energy billed, kWh.
    pub fn energy_kwh(&self) -> Quantity {
        Quantity::from_millionths(self.periods.iter().fold(0, |sum: i64, p| {
            sum.saturating_add(p.energy_kwh.millionths().max(0))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn constant_power_charges_until_full_or_until_the_end() {
        let at = Instant::from_unix_s;
        let parts = |stay_s: i64, power, requested| {
            Session::at_constant_power(
                at(1000),
                at(1000 + stay_s),
                quantity(power),
                quantity(requested),
            )
            .periods
            .iter()
            .map(|p| (p.activity, p.duration_s, p.energy_kwh.to_string()))
            .collect::<Vec<_>>()
        };
        let (charging, parking) = (Activity::Charging, Activity::Parking);
        // 40 kWh at 24 kW take 100 min.
        assert_eq!(
            parts(7200, "24", "40"),
            [(charging, 6000, "40".into()), (parking, 1200, "0".into())]
        );
        assert_eq!(parts(6000, "24", "40"), [(charging, 6000, "40".into())]);
        assert_eq!(parts(900, "24", "40"), [(charging, 900, "6".into())]);
        assert_eq!(parts(900, "0", "40"), [(parking, 900, "0".into())]);
        assert!(parts(-5, "24", "40").is_empty());
    }

    #[test]
    fn a_power_curve_adds_up_to_its_integral() {
        // Falls linearly from 120 kW to 0 in an hour: 60 kWh, which the midpoint rule gives exactly.
        let session = Session::from_power(Instant::from_unix_s(0), 3600, 7, |t| {
            120.0 * (1.0 - t / 3600.0)
        });
        assert_eq!(session.energy_kwh(), quantity("60"));
        assert_eq!(session.duration_s(), 3600);
    }
}
