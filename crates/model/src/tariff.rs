//! What charging costs: OCPI's tariff (2.2.1 and 2.3.0) with what China's prices have beside
//! it: energy and service fee apart, seasons that recur, overstay and parking.
//!
//! These are the types that are stored. [`crate::pricing`] works with them.

use crate::ids::{OperatorId, TariffId};
use crate::money::{Currency, ExactAmount, Quantity, TaxRate, UnitPrice};
use crate::provenance::LocalText;
use crate::time::{Instant, LocalDate, LocalTime, Weekday};
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
    /// Whom it is for (OCPI's `type`); `None`: everybody.
    pub kind: Option<TariffKind>,
    /// Its description in words.
    pub alt_text: Option<LocalText>,
    /// A page that explains it.
    pub alt_url: Option<String>,
    /// A session costs at least this.
    pub min_price: Option<PriceLimit>,
    /// A session costs at most this.
    pub max_price: Option<PriceLimit>,
    /// Whether its prices contain tax.
    pub tax_included: TaxIncluded,
    /// From when it is valid, included.
    pub start: Option<Instant>,
    /// Until when it is valid, excluded.
    pub end: Option<Instant>,
    /// What is paid for standing on after charging has ended; the first that holds at a moment
    /// is paid then.
    pub idle_fees: Vec<IdleFee>,
    /// What the place to stand costs.
    pub parking: Option<ParkingFee>,
}

/// OCPI's `TariffType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TariffKind {
    /// Paid on the spot, without a contract.
    AdHocPayment,
    /// For the preference "cheap".
    ProfileCheap,
    /// For the preference "fast".
    ProfileFast,
    /// For the preference "green".
    ProfileGreen,
    /// With a contract and no preference.
    Regular,
}

/// A least or highest price of a session, before and after taxes; where both are given both hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceLimit {
    /// Before taxes.
    pub before_taxes: Option<UnitPrice>,
    /// After taxes.
    pub after_taxes: Option<UnitPrice>,
}

/// Whether prices contain tax.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaxIncluded {
    /// Not said, as before OCPI 2.3.0: a component's rate comes on top, without a rate the price
    /// is what is paid.
    #[default]
    Unstated,
    /// Contained: the price is what is paid.
    Yes,
    /// Comes on top, at the component's rate where it has one.
    No,
    /// There is none.
    NotApplicable,
}

/// Prices that hold together under the same restrictions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TariffElement {
    /// The prices.
    pub components: Vec<PriceComponent>,
    /// When they hold; the default is always.
    pub restrictions: TariffRestrictions,
    /// What the operator calls these hours, where it says so.
    pub band: Option<TimeBand>,
}

/// The names of the hours in prices by time of day, dearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeBand {
    /// The few dearest hours (尖峰).
    Sharp,
    /// Peak (高峰).
    Peak,
    /// Flat (平段).
    Flat,
    /// Valley (低谷).
    Valley,
    /// The few cheapest hours (深谷).
    DeepValley,
}

/// One price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceComponent {
    /// What is paid for.
    pub dimension: PriceDimension,
    /// For one unit of it.
    pub price: UnitPrice,
    /// The rate of tax; `None`: not said.
    pub vat: Option<TaxRate>,
    /// Billed in blocks of this many Wh or seconds; 0: billed as measured.
    pub step_size: u32,
}

/// What is paid for. OCPI has one `ENERGY`; China's bills split it into the energy itself and
/// the operator's service fee, and both are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PriceDimension {
    /// Energy, a kWh as billed at the plug.
    Energy,
    /// The service fee, a kWh as billed at the plug.
    Service,
    /// Charging, an hour. In an element for reservations: the reservation, an hour.
    Time,
    /// Standing without charging, an hour.
    ParkingTime,
    /// Once.
    Flat,
}

/// When an element holds: all that is set must be met. Times and dates are local.
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
    /// From this day, included.
    pub start_date: Option<LocalDate>,
    /// Until this day, excluded.
    pub end_date: Option<LocalDate>,
    /// From this energy of the session on, kWh, included.
    pub min_kwh: Option<Quantity>,
    /// Until this energy of the session, kWh, excluded.
    pub max_kwh: Option<Quantity>,
    /// While at least this much current flows, the sum of all phases, A.
    pub min_current_a: Option<Quantity>,
    /// While less than this current flows, the sum of all phases, A.
    pub max_current_a: Option<Quantity>,
    /// While charging with at least this power, kW.
    pub min_power_kw: Option<Quantity>,
    /// While charging with less than this power, kW.
    pub max_power_kw: Option<Quantity>,
    /// Once the session has lasted this long, s, included.
    pub min_duration_s: Option<u32>,
    /// Until the session has lasted this long, s, excluded.
    pub max_duration_s: Option<u32>,
    /// For a reservation and not for charging.
    pub reservation: Option<ReservationRestriction>,
}

/// Which reservations an element prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReservationRestriction {
    /// Any.
    Reservation,
    /// Those that ran out before a car came.
    ReservationExpires,
}

/// What standing on costs after charging has ended (占位费).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdleFee {
    /// A minute.
    pub per_minute: UnitPrice,
    /// So many minutes after charging ended are free.
    pub free_minutes: u16,
    /// Billed in blocks of this many seconds; 0: to the second.
    pub step_s: u16,
    /// At most this much a session.
    pub max: Option<UnitPrice>,
    /// A minute while every place of the site is taken, where the source says so. Whether it is
    /// full is nothing a tariff knows: this is for people to read and not used in sums.
    pub per_minute_when_full: Option<UnitPrice>,
    /// From this minute of the day.
    pub start_minute: Option<u16>,
    /// Until this minute of the day, excluded, read as in [`TariffRestrictions`].
    pub end_minute: Option<u16>,
    /// From this day, included.
    pub start_date: Option<LocalDate>,
    /// Until this day, excluded.
    pub end_date: Option<LocalDate>,
}

/// What the place to stand costs, from plugging in to leaving.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkingFee {
    /// For whom it is free.
    pub waiver: ParkingWaiver,
    /// An hour, where it is known.
    pub per_hour: Option<UnitPrice>,
    /// Billed in blocks of this many seconds (3,600: every hour begun); 0: to the second.
    pub step_s: u32,
    /// At most this much a stay.
    pub max: Option<UnitPrice>,
}

/// For whom the place to stand is free (T/CEC 102 `ParkType`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParkingWaiver {
    /// Not known.
    #[default]
    Unknown,
    /// For all.
    Free,
    /// For nobody.
    Paid,
    /// So many minutes for all.
    FreeMinutes(u16),
    /// For who charges: so many minutes, or the whole stay.
    WhenCharging(Option<u16>),
    /// For all, for a time that is not told.
    FreeForATime,
    /// For who charges, for a time that is not told.
    WhenChargingForATime,
}

impl Tariff {
    /// A tariff with these elements and nothing else.
    pub fn new(id: TariffId, currency: Currency, elements: Vec<TariffElement>) -> Self {
        Self {
            id,
            operator: None,
            currency,
            elements,
            kind: None,
            alt_text: None,
            alt_url: None,
            min_price: None,
            max_price: None,
            tax_included: TaxIncluded::default(),
            start: None,
            end: None,
            idle_fees: Vec::new(),
            parking: None,
        }
    }

    /// A price as it is paid: with tax where its rate is known, rounded to six places, half up.
    pub fn paid(&self, component: &PriceComponent) -> UnitPrice {
        let stated = ExactAmount::from_price(component.price);
        match self.added_tax(component) {
            Some(rate) => stated.plus(stated.tax(rate)).rounded(6),
            None => component.price,
        }
    }

    /// The rate of tax that comes on top of a price, where there is one.
    pub(crate) fn added_tax(&self, component: &PriceComponent) -> Option<TaxRate> {
        match self.tax_included {
            TaxIncluded::Unstated | TaxIncluded::No => component.vat,
            TaxIncluded::Yes | TaxIncluded::NotApplicable => None,
        }
    }

    /// The price of a billed kWh (energy + service fee, as it is paid) when it is the
    /// same at all hours; `None` when it depends on the hour or the session, or when the tariff
    /// has no price for energy. [`crate::pricing`] knows the others.
    pub fn flat_price_per_kwh(&self) -> Option<UnitPrice> {
        let first = |dimension| {
            self.elements.iter().find_map(|e| {
                let component = e.component(dimension)?;
                Some((self.paid(component), e.restrictions.is_always()))
            })
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

    /// Whether it is valid at an instant.
    pub fn is_valid_at(&self, at: Instant) -> bool {
        self.start.is_none_or(|start| start <= at) && self.end.is_none_or(|end| at < end)
    }
}

impl TariffElement {
    /// The price of a dimension: the first, where a faulty source gives two.
    pub fn component(&self, dimension: PriceDimension) -> Option<&PriceComponent> {
        self.components.iter().find(|c| c.dimension == dimension)
    }
}

impl PriceComponent {
    /// A price billed as measured, of which no tax is said.
    pub const fn new(dimension: PriceDimension, price: UnitPrice) -> Self {
        Self {
            dimension,
            price,
            vat: None,
            step_size: 0,
        }
    }
}

impl PriceDimension {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Energy,
        Self::Service,
        Self::Time,
        Self::ParkingTime,
        Self::Flat,
    ];
}

impl TariffRestrictions {
    /// Whether it holds always.
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }

    /// Whether clock and calendar meet it.
    pub fn matches_clock(&self, at: LocalTime) -> bool {
        let date = LocalDate::from_days(at.day);
        (self.days_of_week.is_empty() || self.days_of_week.contains(&at.weekday()))
            && (self.months.is_empty() || self.months.contains(&at.date().1))
            && self.start_date.is_none_or(|start| start <= date)
            && self.end_date.is_none_or(|end| date < end)
            && is_within(at.minute, self.start_minute, self.end_minute)
    }

    /// Whether it asks for more than clock and calendar: for energy, power, current or duration.
    pub const fn depends_on_session(&self) -> bool {
        self.min_kwh.is_some()
            || self.max_kwh.is_some()
            || self.min_current_a.is_some()
            || self.max_current_a.is_some()
            || self.min_power_kw.is_some()
            || self.max_power_kw.is_some()
            || self.min_duration_s.is_some()
            || self.max_duration_s.is_some()
    }
}

impl IdleFee {
    /// Whether clock and calendar meet it.
    pub fn matches_clock(&self, at: LocalTime) -> bool {
        let date = LocalDate::from_days(at.day);
        self.start_date.is_none_or(|start| start <= date)
            && self.end_date.is_none_or(|end| date < end)
            && is_within(at.minute, self.start_minute, self.end_minute)
    }
}

/// Whether a minute of the day lies in a window of OCPI: an end before the start wraps past
/// midnight, an end of 0 is the end of the day, and one that equals the start leaves nothing.
fn is_within(minute: u16, start: Option<u16>, end: Option<u16>) -> bool {
    match (start.unwrap_or(0), end) {
        (start, None | Some(0)) => start <= minute,
        (start, Some(end)) if end < start => start <= minute || minute < end,
        (start, Some(end)) => (start..end).contains(&minute),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_price_is_the_sum_only_without_restrictions() {
        let component =
            |dimension, price| PriceComponent::new(dimension, UnitPrice::parse(price).unwrap());
        let mut tariff = Tariff::new(
            TariffId::new("t"),
            Currency::CNY,
            vec![TariffElement {
                components: vec![
                    component(PriceDimension::Energy, "0.7390"),
                    component(PriceDimension::Service, "0.4"),
                ],
                ..TariffElement::default()
            }],
        );
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

    #[test]
    fn windows_of_the_day() {
        let h = |hour: u16| hour * 60;
        let hours = |start: Option<u16>, end: Option<u16>| -> Vec<u16> {
            (0..24)
                .filter(|&hour| is_within(h(hour), start.map(h), end.map(h)))
                .collect()
        };
        assert_eq!(hours(None, None).len(), 24);
        assert_eq!(hours(Some(22), Some(2)), [0, 1, 22, 23]);
        assert_eq!(hours(Some(22), Some(0)), [22, 23]);
        assert_eq!(hours(Some(0), Some(0)).len(), 24);
        assert_eq!(hours(None, Some(2)), [0, 1]);
        assert_eq!(hours(Some(8), None).len(), 16);
        assert!(hours(Some(8), Some(8)).is_empty());
        assert!(is_within(h(24) - 1, Some(h(22)), Some(h(2))));
        assert!(!is_within(h(2), Some(h(22)), Some(h(2))));
    }
}
