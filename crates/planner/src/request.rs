//! What is asked.

use crate::failure::{FailureCode, FailurePlace, PlanFailure};
use chongtu_model::{ConnectorStandard, Instant, LatLng, Soc};
use serde::{Deserialize, Serialize};

/// A trip to plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TripRequest {
    /// Where it begins.
    pub from: LatLng,
    /// Where it ends.
    pub to: LatLng,
    /// Charge at the start.
    pub departure_soc: Soc,
    /// Charge never falls below this, anywhere.
    pub reserve_soc: Soc,
    /// Least charge on arrival at a charger.
    pub charger_arrival_soc: Soc,
    /// Least charge on arrival at the destination.
    pub arrival_soc: Soc,
    /// Charging stops here at the latest.
    pub max_charge_soc: Soc,
    /// Time lost at each stop beside charging: leaving the road, plugging in, paying. Seconds.
    pub overhead_s: f64,
    /// Never faster than this, km/h.
    pub max_speed_kmh: Option<f64>,
    /// Offer slower legs too (110, 100, 90 km/h below the cap): drive slower, charge less.
    pub allow_slower: bool,
    /// When it begins; `None`: not known, and what depends on the hour is left open.
    pub departure_at: Option<Instant>,
}

impl TripRequest {
    /// A request with the defaults of the command line: 90 % at the start, 10 % everywhere
    /// else, charging up to 100 %, five minutes a stop, 120 km/h.
    pub fn new(from: LatLng, to: LatLng) -> Self {
        let soc = |share| Soc::new(share).unwrap_or(Soc::FULL);
        Self {
            from,
            to,
            departure_soc: soc(0.9),
            reserve_soc: soc(0.1),
            charger_arrival_soc: soc(0.1),
            arrival_soc: soc(0.1),
            max_charge_soc: Soc::FULL,
            overhead_s: 300.0,
            max_speed_kmh: Some(120.0),
            allow_slower: false,
            departure_at: None,
        }
    }

    /// The least charge on arrival at a charger, the reserve counted.
    pub fn least_at_charger(&self) -> f64 {
        self.charger_arrival_soc.get().max(self.reserve_soc.get())
    }

    /// The least charge at the destination, the reserve counted.
    pub fn least_at_end(&self) -> f64 {
        self.arrival_soc.get().max(self.reserve_soc.get())
    }

    /// The speed caps to offer, highest first; `None` is "as fast as the road allows".
    pub fn caps_kmh(&self) -> Vec<Option<f64>> {
        let mut caps = vec![self.max_speed_kmh];
        if self.allow_slower {
            let top = self.max_speed_kmh.unwrap_or(f64::INFINITY);
            caps.extend(
                [110.0, 100.0, 90.0]
                    .into_iter()
                    .filter(|&c| c < top)
                    .map(Some),
            );
        }
        caps
    }

    /// Names what contradicts itself.
    ///
    /// # Errors
    /// [`FailureCode::Contradiction`] with the field that cannot be.
    pub fn validate(&self) -> Result<(), PlanFailure> {
        let contradiction = |field: &'static str| {
            Err(PlanFailure::new(
                FailureCode::Contradiction,
                FailurePlace::Request(field.to_owned()),
            ))
        };
        if self.departure_soc < self.reserve_soc {
            return contradiction("reserve_soc>departure_soc");
        }
        if self.max_charge_soc < self.reserve_soc {
            return contradiction("reserve_soc>max_charge_soc");
        }
        if self.least_at_charger() >= self.max_charge_soc.get()
            && self.least_at_charger() > self.departure_soc.get()
        {
            return contradiction("charger_arrival_soc>=max_charge_soc");
        }
        if self.least_at_end() > self.max_charge_soc.get().max(self.departure_soc.get()) {
            return contradiction("arrival_soc>max_charge_soc");
        }
        if !(self.overhead_s.is_finite() && self.overhead_s >= 0.0) {
            return contradiction("overhead_s<0");
        }
        if self
            .max_speed_kmh
            .is_some_and(|v| !(v.is_finite() && v >= 20.0))
        {
            return contradiction("max_speed_kmh<20");
        }
        Ok(())
    }
}

/// What to take for sites whose power or connector the source does not say. Whatever was assumed
/// is marked so in the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Assumptions {
    /// For an unknown connector.
    pub connector: Option<ConnectorStandard>,
    /// For an unknown power, kW at the plug.
    pub power_kw: Option<f64>,
}
