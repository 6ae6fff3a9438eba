//! The price engine: what a kWh costs now and by the hour, when it is cheapest, and what a
//! session costs, line by line.
//!
//! **Rules.** OCPI's: for each dimension the first element that prices it and whose restrictions
//! are met is paid; none met is free. An element that asks for a power or a current which the
//! session does not tell counts as met. `step_size` rounds up once a session: the total of
//! energy, and the total of whichever of charging and parking time was paid last; the rest goes
//! to the last line. Least and highest price hold for what OCPI prices; overstay, parking and
//! reservations come beside them.
//!
//! **Free or forgotten.** By the rule an hour that no element covers is free, which is hardly
//! ever meant. The engine counts it as 0 and says so: [`EnergyPrice::Gap`],
//! [`BillFinding::Gap`], [`TariffFinding::Gap`].
//!
//! **Exact.** Prices and quantities are decimals, time is cut where the clock, the energy or the
//! duration of the session crosses a border of the tariff, and nothing is rounded before the
//! total ([`ExactAmount`]): half up, once. Within a period of a session energy flows evenly;
//! where a border falls inside a period, its energy is split to the microjoule.
//!
//! Reading order: [`session`] (what happened), `cut` (where prices change), [`price`] (a kWh at
//! an instant and by the hour), [`bill`] (a session, by
//! `account` and `beside`), [`mod@lint`] (what is wrong with a tariff).
//!
//! [`ExactAmount`]: crate::money::ExactAmount

mod account;
mod beside;
pub mod bill;
mod cut;
pub mod lint;
pub mod price;
pub mod session;

pub use account::{bill_record, bill_session, bill_session_at};
pub use bill::{Bill, BillFinding, BillLine, LineKind, Measure};
pub use lint::{Severity, TariffFinding, lint};
pub use price::{
    CheapestWindow, Conditions, EnergyPrice, PricePerKwh, PriceSpan, cheapest_window, day_prices,
    price_at, price_per_kwh_at, price_spans,
};
pub use session::{Activity, Session, SessionPeriod};
