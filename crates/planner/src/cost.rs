//! What a planned stop costs: its charge as a session that begins when the car is plugged in,
//! billed by the tariff at that hour.

use crate::charging::ChargeFunction;
use chongtu_model::money::Quantity;
use chongtu_model::pricing::{BillFinding, Session, SessionPeriod, bill_session};
use chongtu_model::tariff::Tariff;
use chongtu_model::time::TimeZone;
use chongtu_model::{Amount, Instant};

/// About so long is a period of the session, seconds: prices change by the quarter of an hour at most.
const PERIOD_S: f64 = 60.0;
/// At most so many periods a stop.
const MAX_PERIODS: f64 = 600.0;

/// A stop's charge.
pub(crate) struct StopCharge<'a> {
    /// By which it is paid.
    pub(crate) tariff: &'a Tariff,
    /// Of the place; `None`: not known.
    pub(crate) zone: Option<&'a TimeZone>,
    /// How the battery takes it.
    pub(crate) charger: &'a ChargeFunction,
    /// Charge when it begins and when it ends, 0..=1.
    pub(crate) socs: (f64, f64),
    /// Energy at the plug that a share of 1 stands for, kWh.
    pub(crate) billed_capacity_kwh: f64,
    /// When charging begins; `None`: not known.
    pub(crate) start: Option<Instant>,
}

impl StopCharge<'_> {
    /// What it costs; `None` when that depends on an hour or a zone that is not known, or when the
    /// tariff leaves it open.
    pub(crate) fn cost(&self) -> Option<Amount> {
        let (arrival, departure) = self.socs;
        let (Some(start), Some(zone)) = (self.start, self.zone) else {
            let price = self.tariff.flat_price_per_kwh()?;
            let billed_kwh = (departure - arrival) * self.billed_capacity_kwh;
            return Some(Amount::of(price, billed_kwh, self.tariff.currency));
        };
        let bill = bill_session(self.tariff, &self.session(start), zone);
        let open = |finding: &BillFinding| {
            matches!(
                finding,
                BillFinding::Gap { .. } | BillFinding::NotValid | BillFinding::TaxNotKnown
            )
        };
        (!bill.findings.iter().any(open)).then_some(bill.total)
    }

    /// The charge, cut where the battery stands at equal steps. Seconds and energy are rounded on
    /// their sums, so that nothing is lost between periods.
    fn session(&self, start: Instant) -> Session {
        let (arrival, departure) = self.socs;
        let n = libm::ceil(self.charger.time(arrival, departure) / PERIOD_S).clamp(1.0, MAX_PERIODS)
            as u32;
        let mut periods = Vec::new();
        let (mut until_s, mut given) = (0_u32, 0_i64);
        for i in 1..=n {
            let soc = if i == n {
                departure
            } else {
                arrival + (departure - arrival) * f64::from(i) / f64::from(n)
            };
            let at_s = libm::round(self.charger.time(arrival, soc)) as u32;
            let energy = Quantity::nearest((soc - arrival) * self.billed_capacity_kwh).millionths();
            if at_s <= until_s && i < n {
                continue;
            }
            let duration_s = at_s.saturating_sub(until_s);
            let kwh = Quantity::from_millionths(energy - given);
            let hours = f64::from(duration_s) / 3600.0;
            periods.push(SessionPeriod {
                power_kw: (duration_s > 0).then(|| Quantity::nearest(kwh.as_f64() / hours)),
                ..SessionPeriod::charging(duration_s, kwh)
            });
            (until_s, given) = (at_s, energy);
        }
        Session { start, periods }
    }
}
