//! What charging costs: OCPI's tariff, with China's split of energy and service fee kept.
//! The engine that prices a session by the hour comes with the price issue; here stand the
//! types that are stored, and the one price that needs no clock.

use crate::ids::{OperatorId, TariffId};
use crate::money::{Currency, UnitPrice};
use crate::time::Weekday;
use serde::{Deserialize, Serialize};

/// A tariff. Per dimension the first element whose restrictions match wins (OCPI).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tariff {
    /// Unique within the catalogue.
    pub id: TariffId,
    /// Whose it is.
    pub operator: Option<OperatorId>,
    /// The currency of all its prices.
    pub currency: Currency,
    /// In order of precedence.
    pub elements: Vec<TariffElement>,
}

/// Prices that hold together under the same restrictions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TariffElement {
    /// The prices.
    pub components: Vec<PriceComponent>,
    /// When they hold; the default is always.
    pub restrictions: TariffRestrictions,
}

/// One price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceComponent {
    /// What is paid for.
    pub dimension: PriceDimension,
    /// For one unit of it.
    pub price: UnitPrice,
}

/// What is paid for. OCPI has one `ENERGY`; China's bills split it into the energy itself and
/// the operator's service fee, and both are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PriceDimension {
    /// Energy, a kWh as billed at the plug.
    Energy,
    /// The service fee, a kWh as billed at the plug.
    Service,
    /// Charging, an hour.
    Time,
    /// Standing without charging, an hour.
    ParkingTime,
    /// Once.
    Flat,
}

/// When an element holds. Times are local.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TariffRestrictions {
    /// From this minute of the day.
    pub start_minute: Option<u16>,
    /// Until this minute of the day, excluded; smaller than the start wraps past midnight; 0 is the end of the day.
    pub end_minute: Option<u16>,
    /// Months of the year (1-12) in which it holds: China's recurring seasons. Empty: all.
    pub months: Vec<u8>,
    /// Days of the week. Empty: all.
    pub days_of_week: Vec<Weekday>,
}

impl TariffRestrictions {
    /// Whether it holds always.
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }
}

impl Tariff {
    /// The price of a billed kWh (energy + service fee) when it is the same at all hours; `None`
    /// when it depends on the hour, or when the tariff has no price for energy.
    pub fn flat_price_per_kwh(&self) -> Option<UnitPrice> {
        let first = |dimension| {
            let mut of = self.elements.iter().flat_map(|e| {
                e.components
                    .iter()
                    .filter(move |c| c.dimension == dimension)
                    .map(move |c| (c.price, e.restrictions.is_always()))
            });
            of.next()
        };
        match (
            first(PriceDimension::Energy),
            first(PriceDimension::Service),
        ) {
            (Some((energy, true)), Some((service, true))) => Some(energy.plus(service)),
            (Some((energy, true)), None) => Some(energy),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_price_is_the_sum_only_without_restrictions() {
        let component = |dimension, price| PriceComponent {
            dimension,
            price: UnitPrice::parse(price).unwrap(),
        };
        let mut tariff = Tariff {
            id: TariffId::new("t"),
            operator: None,
            currency: Currency::CNY,
            elements: vec![TariffElement {
                components: vec![
                    component(PriceDimension::Energy, "0.7390"),
                    component(PriceDimension::Service, "0.4"),
                ],
                restrictions: TariffRestrictions::default(),
            }],
        };
        assert_eq!(
            tariff
                .flat_price_per_kwh()
                .map(|p| p.to_string())
                .as_deref(),
            Some("1.139")
        );
        tariff.elements[0].restrictions.start_minute = Some(0);
        assert_eq!(tariff.flat_price_per_kwh(), None);
    }
}
