//! What a session costs, and the lines that explain it.

use crate::money::{Amount, Currency, ExactAmount, Quantity, TaxRate, UnitPrice};
use crate::tariff::TimeBand;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// What a session costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// The currency of all of it.
    pub currency: Currency,
    /// What the sum is made of; none when nothing of the tariff applied.
    pub lines: Vec<BillLine>,
    /// The sum of the lines before taxes, as far as their rates are known.
    pub before_taxes: ExactAmount,
    /// The sum of the lines as they are paid.
    pub after_taxes: ExactAmount,
    /// What is paid: the sum, rounded once.
    pub total: Amount,
    /// What makes the sum doubtful.
    pub findings: Vec<BillFinding>,
}

/// A part of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillLine {
    /// For what.
    pub kind: LineKind,
    /// What the operator calls these hours.
    pub band: Option<TimeBand>,
    /// From this instant, to the second.
    pub from: Instant,
    /// Until this instant, to the second.
    pub to: Instant,
    /// How much there was.
    pub measured: Measure,
    /// How much is billed: as measured, or rounded up to whole blocks.
    pub billed: Measure,
    /// For one unit of it as the tariff states it: a kWh, an hour, once; for overstay a minute.
    pub price: UnitPrice,
    /// The rate of tax.
    pub vat: Option<TaxRate>,
    /// Before taxes.
    pub before_taxes: ExactAmount,
    /// As it is paid.
    pub after_taxes: ExactAmount,
}

/// For what a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LineKind {
    /// Energy.
    Energy,
    /// The service fee of energy.
    Service,
    /// Time charging.
    Time,
    /// Time connected without charging.
    ParkingTime,
    /// Once.
    Flat,
    /// The time of a reservation.
    ReservationTime,
    /// A reservation, once.
    ReservationFee,
    /// Standing on after charging.
    Idle,
    /// What overstay goes beyond its highest amount, taken off.
    IdleCap,
    /// The place to stand.
    Parking,
    /// What parking goes beyond its highest amount, taken off.
    ParkingCap,
    /// What is missing to the least price of a session.
    MinPrice,
    /// What goes beyond the highest price of a session, taken off.
    MaxPrice,
}

impl LineKind {
    /// A stable code for the interface to translate.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Energy => "energy",
            Self::Service => "service",
            Self::Time => "time",
            Self::ParkingTime => "parking_time",
            Self::Flat => "flat",
            Self::ReservationTime => "reservation_time",
            Self::ReservationFee => "reservation_fee",
            Self::Idle => "idle",
            Self::IdleCap => "idle_cap",
            Self::Parking => "parking",
            Self::ParkingCap => "parking_cap",
            Self::MinPrice => "min_price",
            Self::MaxPrice => "max_price",
        }
    }

    /// Whether a session's least and highest price look at it.
    pub(super) const fn is_limited(self) -> bool {
        matches!(
            self,
            Self::Energy | Self::Service | Self::Time | Self::ParkingTime | Self::Flat
        )
    }
}

/// How much of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// Energy, kWh, to the nearest millionth (the amount knows it to the microjoule).
    Kwh(Quantity),
    /// Time, to the nearest second (the amount knows it to the nanosecond).
    Seconds(u32),
    /// A fee or an adjustment.
    Once,
}

/// What makes a sum doubtful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BillFinding {
    /// The tariff says nothing of the energy of these hours; it counts as free.
    Gap {
        /// From this instant.
        from: Instant,
        /// Until this instant.
        to: Instant,
        /// How much, kWh.
        energy_kwh: Quantity,
    },
    /// The tariff does not hold when the session begins.
    NotValid,
    /// Taxes come on top and the tariff does not say at which rate.
    TaxNotKnown,
    /// The tariff asks for power or current, which the session does not tell; taken as met.
    PowerNotKnown,
    /// Parking is to be paid and its price is not known.
    ParkingNotKnown,
}

impl BillFinding {
    /// A stable code for the interface to translate.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Gap { .. } => "bill_gap",
            Self::NotValid => "bill_not_valid",
            Self::TaxNotKnown => "bill_tax_not_known",
            Self::PowerNotKnown => "bill_power_not_known",
            Self::ParkingNotKnown => "bill_parking_not_known",
        }
    }
}

impl Bill {
    /// What the lines of one kind come to as they are paid; `None` when there is none.
    pub fn cost_of(&self, kind: LineKind) -> Option<ExactAmount> {
        let mut lines = self.lines.iter().filter(|l| l.kind == kind).peekable();
        lines.peek()?;
        Some(lines.map(|l| l.after_taxes).sum())
    }

    /// Whether energy was charged at a time of which the tariff says nothing.
    pub fn has_gap(&self) -> bool {
        self.findings
            .iter()
            .any(|f| matches!(f, BillFinding::Gap { .. }))
    }
}
