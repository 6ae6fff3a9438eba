//! What stands beside the prices of the elements: least and highest price, overstay, parking.

use super::account::{Work, rounded_up, seconds};
use super::bill::{BillFinding, BillLine, LineKind, Measure};
use super::cut::{NANO, Piece};
use super::session::{Activity, Session};
use crate::money::{ExactAmount, UnitPrice};
use crate::tariff::{ParkingFee, ParkingWaiver, PriceLimit};

/// The larger or the smaller of two.
type Pick = fn(ExactAmount, ExactAmount) -> ExactAmount;

impl Work<'_> {
    /// Least and highest price of the session.
    pub(super) fn apply_limits(&mut self) {
        let Some((from, to)) = self.stay() else {
            return;
        };
        let limits: [(_, _, Pick); 2] = [
            (LineKind::MinPrice, self.tariff.min_price, Ord::max),
            (LineKind::MaxPrice, self.tariff.max_price, Ord::min),
        ];
        let sum = |of: fn(&BillLine) -> ExactAmount| -> ExactAmount {
            self.lines
                .iter()
                .filter(|l| l.kind.is_limited())
                .map(of)
                .sum()
        };
        let mut have = (sum(|l| l.before_taxes), sum(|l| l.after_taxes));
        for (kind, limit, pick) in limits {
            let Some(limit) = limit else { continue };
            let want = limited(have, limit, pick);
            if want != have {
                self.lines.push(BillLine {
                    kind,
                    band: None,
                    from: self.nearest_instant(from),
                    to: self.nearest_instant(to),
                    measured: Measure::Once,
                    billed: Measure::Once,
                    price: limit.after_taxes.or(limit.before_taxes).unwrap_or_default(),
                    vat: None,
                    before_taxes: want.0.minus(have.0),
                    after_taxes: want.1.minus(have.1),
                });
                have = want;
            }
        }
    }

    /// From the first moment that is not a reservation to the end.
    fn stay(&self) -> Option<(i128, i128)> {
        let mut at = 0;
        let mut start = None;
        for period in &self.session.periods {
            if !matches!(period.activity, Activity::Reserved { .. }) {
                start.get_or_insert(at);
            }
            at += i128::from(period.duration_s) * NANO;
        }
        Some((start?, at))
    }

    /// Standing on after the last charging; from the beginning, where nothing was charged.
    pub(super) fn add_idle(&mut self, pieces: &[Piece]) {
        let fees = &self.tariff.idle_fees;
        let Some((stay_from, _)) = self.stay().filter(|_| !fees.is_empty()) else {
            return;
        };
        let charged_until = pieces
            .iter()
            .filter(|p| p.activity == Activity::Charging)
            .map(|p| p.to)
            .next_back()
            .unwrap_or(stay_from);
        // Per fee: its stretches.
        let mut stretches: Vec<Vec<(i128, i128)>> = vec![Vec::new(); fees.len()];
        for piece in pieces {
            if piece.activity != Activity::Parking || piece.from < charged_until {
                continue;
            }
            let held = fees
                .iter()
                .zip(&mut stretches)
                .find(|(fee, _)| fee.matches_clock(piece.state.local));
            if let Some((fee, stretches)) = held {
                let free = i128::from(fee.free_minutes) * 60 * NANO;
                let from = piece.from.max(charged_until + free);
                match stretches.last_mut() {
                    _ if from >= piece.to => {}
                    Some(last) if last.1 == from => last.1 = piece.to,
                    _ => stretches.push((from, piece.to)),
                }
            }
        }
        for (fee, stretches) in fees.iter().zip(stretches) {
            let total: i128 = stretches.iter().map(|(from, to)| to - from).sum();
            let rest = rounded_up(total, i128::from(fee.step_s) * NANO) - total;
            let per_hour =
                UnitPrice::from_millionths(fee.per_minute.millionths().saturating_mul(60));
            let mut cost = ExactAmount::ZERO;
            for (i, &(from, to)) in stretches.iter().enumerate() {
                let measured = to - from;
                let billed = measured + if i + 1 == stretches.len() { rest } else { 0 };
                let amount = ExactAmount::of_parts(per_hour, billed);
                cost = cost.plus(amount);
                let measures = (
                    Measure::Seconds(seconds(measured)),
                    Measure::Seconds(seconds(billed)),
                );
                self.push_plain(LineKind::Idle, (from, to), measures, fee.per_minute, amount);
            }
            if let (Some(&(from, _)), Some(&(_, to))) = (stretches.first(), stretches.last()) {
                self.push_cap(LineKind::IdleCap, (from, to), cost, fee.max);
            }
        }
    }

    /// Takes off what goes beyond the highest amount.
    fn push_cap(
        &mut self,
        kind: LineKind,
        span: (i128, i128),
        cost: ExactAmount,
        max: Option<UnitPrice>,
    ) {
        let Some(max) = max else { return };
        let beyond = cost.minus(ExactAmount::from_price(max));
        if beyond > ExactAmount::ZERO {
            let off = ExactAmount::ZERO.minus(beyond);
            self.push_plain(kind, span, (Measure::Once, Measure::Once), max, off);
        }
    }

    /// The place to stand.
    pub(super) fn add_parking(&mut self) {
        let (Some(fee), Some((from, to))) = (self.parking, self.stay()) else {
            return;
        };
        let free_s = match free_time(fee, self.session) {
            FreeTime::Always => return,
            FreeTime::Seconds(seconds) => seconds,
            FreeTime::NotKnown => {
                self.findings.push(BillFinding::ParkingNotKnown);
                return;
            }
        };
        let measured = (to - from - i128::from(free_s) * NANO).max(0);
        if measured == 0 {
            return;
        }
        let Some(per_hour) = fee.per_hour else {
            self.findings.push(BillFinding::ParkingNotKnown);
            return;
        };
        let billed = rounded_up(measured, i128::from(fee.step_s) * NANO);
        let amount = ExactAmount::of_parts(per_hour, billed);
        let measures = (
            Measure::Seconds(seconds(measured)),
            Measure::Seconds(seconds(billed)),
        );
        self.push_plain(
            LineKind::Parking,
            (to - measured, to),
            measures,
            per_hour,
            amount,
        );
        self.push_cap(LineKind::ParkingCap, (to - measured, to), amount, fee.max);
    }
}

/// How long parking is free.
enum FreeTime {
    Always,
    Seconds(u32),
    NotKnown,
}

/// How long parking is free in this session. A place of which nothing is known is taken as free:
/// most are not asked for.
fn free_time(fee: &ParkingFee, session: &Session) -> FreeTime {
    let minutes = |m: u16| FreeTime::Seconds(u32::from(m) * 60);
    match fee.waiver {
        ParkingWaiver::Unknown | ParkingWaiver::Free => FreeTime::Always,
        ParkingWaiver::Paid => FreeTime::Seconds(0),
        ParkingWaiver::FreeMinutes(m) => minutes(m),
        ParkingWaiver::WhenCharging(_) | ParkingWaiver::WhenChargingForATime
            if session.energy_kwh().millionths() == 0 =>
        {
            FreeTime::Seconds(0)
        }
        ParkingWaiver::WhenCharging(m) => m.map_or(FreeTime::Always, minutes),
        ParkingWaiver::FreeForATime | ParkingWaiver::WhenChargingForATime => FreeTime::NotKnown,
    }
}

/// Before and after taxes, brought within a limit. Where it is given for one of them only, the
/// other follows in proportion.
fn limited(
    (before, after): (ExactAmount, ExactAmount),
    limit: PriceLimit,
    pick: Pick,
) -> (ExactAmount, ExactAmount) {
    let bring = |have, limit: Option<UnitPrice>| {
        limit.map_or(have, |l| pick(have, ExactAmount::from_price(l)))
    };
    let (mut want_before, mut want_after) = (
        bring(before, limit.before_taxes),
        bring(after, limit.after_taxes),
    );
    let follow = |change: ExactAmount, part: ExactAmount, whole: ExactAmount| {
        if part == whole || whole == ExactAmount::ZERO {
            change
        } else {
            change.in_proportion(part, whole)
        }
    };
    if limit.before_taxes.is_none() {
        want_before = before.plus(follow(want_after.minus(after), before, after));
    }
    if limit.after_taxes.is_none() {
        want_after = after.plus(follow(want_before.minus(before), after, before));
    }
    (want_before, want_after)
}
