//! One location in full, and what charging there would cost.

use chongtu_model::hours::OpeningHours;
use chongtu_model::index::ListEntry;
use chongtu_model::location::ConnectorGroup;
use chongtu_model::money::{Amount, Quantity};
use chongtu_model::pricing::{Bill, EnergyPrice, PriceSpan};
use chongtu_model::provenance::{Operator, Source};
use chongtu_model::tariff::{IdleFee, ParkingFee, PriceDimension, PriceLimit};
use chongtu_model::time::{TimeZone, Weekday};
use chongtu_model::vehicle::ChargeCurve;
use chongtu_model::{
    ConnectorStandard, Currency, Instant, Location, LocationId, StatusCounts, UnitPrice,
};
use serde::{Deserialize, Serialize};

/// What is asked of one location.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocationQuestion {
    /// Which, by id or alias.
    pub location: LocationId,
    /// For what is open, stale and to be paid now.
    pub now: Instant,
    /// What a place nearby must have one of to be named; empty: what the location itself has.
    pub fits: Vec<ConnectorStandard>,
}

/// One location with what it points to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocationDetail {
    /// The location.
    pub location: Location,
    /// Who runs it.
    pub operator: Option<Operator>,
    /// Where the data comes from.
    pub source: Option<Source>,
    /// Its zone, for every instant that is shown.
    pub zone: Option<TimeZone>,
    /// What its connectors cost, that of the strongest first.
    pub tariffs: Vec<TariffDetail>,
    /// Alike connectors together, strongest first.
    pub groups: Vec<ConnectorGroup>,
    /// Status of all EVSEs now.
    pub counts: StatusCounts,
    /// Open now; `None`: hours or zone unknown.
    pub open_now: Option<bool>,
    /// When it opens or closes next, within a week.
    pub open_changes: Option<Instant>,
    /// The weekday there now (1 = Monday), when the zone is known.
    pub weekday: Option<u8>,
    /// Other places near it that fit, those with a free EVSE first, then the cheapest.
    pub nearby: Vec<ListEntry>,
}

impl LocationDetail {
    /// The spans of each day of the week, Monday first; `None` when it is always open or unknown.
    pub fn week(&self) -> Option<[Vec<(u16, u16)>; 7]> {
        match &self.location.opening_hours {
            Some(hours @ OpeningHours::Regular(_)) => {
                Some(Weekday::ALL.map(|day| hours.spans_on(day)))
            }
            _ => None,
        }
    }
}

/// What a tariff of a location asks, now and over two days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TariffDetail {
    /// Index into the catalogue, as [`ConnectorGroup::tariff`] has it.
    pub index: u32,
    /// The currency of all its prices.
    pub currency: Currency,
    /// The price of a kWh now.
    pub now: EnergyPrice,
    /// When that changes, and to what.
    pub next: Option<(Instant, EnergyPrice)>,
    /// Today's prices; none without a zone.
    pub today: Vec<PriceSpan>,
    /// Tomorrow's prices; none without a zone.
    pub tomorrow: Vec<PriceSpan>,
    /// When a kWh is cheapest, of the hours in which one can get in; `None` when it costs the same
    /// throughout.
    pub cheapest: Option<CheapestSpan>,
    /// For standing on after charging.
    pub idle_fees: Vec<IdleFee>,
    /// For the place to stand, where the tariff itself says it.
    pub parking: Option<ParkingFee>,
    /// What is paid beside energy: the first price of each other dimension.
    pub others: Vec<OtherPrice>,
    /// A session costs at least this.
    pub min_price: Option<PriceLimit>,
    /// A session costs at most this.
    pub max_price: Option<PriceLimit>,
}

/// The hours in which a kWh costs least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheapestSpan {
    /// From this instant, not before now.
    pub from: Instant,
    /// Until this instant.
    pub to: Instant,
    /// For a kWh.
    pub per_kwh: UnitPrice,
}

/// A price that is not for energy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherPrice {
    /// For what.
    pub dimension: PriceDimension,
    /// For an hour, or once, as it is paid.
    pub price: UnitPrice,
    /// It does not hold always.
    pub varies: bool,
}

/// What would charging cost?
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EstimateQuestion {
    /// Where, by id or alias.
    pub location: LocationId,
    /// By which tariff, by index into the catalogue.
    pub tariff: u32,
    /// When it begins.
    pub now: Instant,
    /// How much.
    pub charge: Charge,
}

/// How much is charged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Charge {
    /// So much, at one power.
    Energy {
        /// As billed at the plug.
        energy_kwh: Quantity,
        /// At the plug, W.
        power_w: u32,
    },
    /// A car, along its charging curve.
    Car(Box<CarCharge>),
}

/// A car that charges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarCharge {
    /// What can be taken out of the battery, kWh.
    pub usable_battery_kwh: f64,
    /// Share of the energy at the plug that reaches the battery, `0..=1`.
    pub charge_efficiency: f64,
    /// Power at the battery over state of charge.
    pub charge_curve: ChargeCurve,
    /// What plug and inlet let through, W.
    pub power_w: u32,
    /// From this state of charge, `0..=1`.
    pub from_soc: f64,
    /// To this.
    pub to_soc: f64,
}

/// What charging would cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// As billed at the plug.
    pub energy_kwh: Quantity,
    /// How long it charges, s.
    pub duration_s: u32,
    /// What it costs when it begins now.
    pub bill: Bill,
    /// A cheaper time to begin within a day, and what it costs then.
    pub later: Option<(Instant, Amount)>,
}
