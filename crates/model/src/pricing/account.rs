//! A bill in the making: who is paid for which piece of a session.

use super::bill::{Bill, BillFinding, BillLine, LineKind, Measure};
use super::cut::{NANO, Piece, Winner, instant, pieces, whole_periods, winner};
use super::price::prices;
use super::session::{Activity, Session};
use crate::money::{ExactAmount, PARTS, Quantity, UnitPrice};
use crate::tariff::{
    ParkingFee, PriceComponent, PriceDimension, Tariff, TariffRestrictions, TaxIncluded,
};
use crate::time::{Instant, TimeZone};

/// What a session costs by a tariff, in the zone of the place. The tariff that holds when a
/// session begins holds until it ends.
pub fn bill_session(tariff: &Tariff, session: &Session, zone: &TimeZone) -> Bill {
    bill_session_at(None, tariff, session, zone)
}

/// What a session costs, with what the place asks for parking where the tariff itself is silent.
pub fn bill_session_at(
    parking: Option<&ParkingFee>,
    tariff: &Tariff,
    session: &Session,
    zone: &TimeZone,
) -> Bill {
    bill_pieces(parking, tariff, session, &pieces(tariff, session, zone))
}

/// What a record of a session costs whose periods were cut by who made it, as those of OCPI's
/// charge detail records are: each is priced as a whole by what holds when it begins. For
/// checking what was billed; [`bill_session`] cuts where the tariff's borders are.
pub fn bill_record(tariff: &Tariff, session: &Session, zone: &TimeZone) -> Bill {
    bill_pieces(None, tariff, session, &whole_periods(session, zone))
}

fn bill_pieces(
    parking: Option<&ParkingFee>,
    tariff: &Tariff,
    session: &Session,
    pieces: &[Piece],
) -> Bill {
    let mut work = Work {
        tariff,
        session,
        parking: tariff.parking.as_ref().or(parking),
        lines: Vec::new(),
        findings: Vec::new(),
    };
    work.find();
    let mut runs = work.collect_runs(pieces);
    round_up_to_blocks(&mut runs);
    for run in &runs {
        work.push_run(run);
    }
    work.apply_limits();
    work.add_idle(pieces);
    work.add_parking();

    let before_taxes = work.lines.iter().map(|l| l.before_taxes).sum();
    let after_taxes: ExactAmount = work.lines.iter().map(|l| l.after_taxes).sum();
    Bill {
        currency: tariff.currency,
        total: after_taxes.to_amount(tariff.currency),
        lines: work.lines,
        before_taxes,
        after_taxes,
        findings: work.findings,
    }
}

/// A stretch paid by one component.
struct Run<'t> {
    kind: LineKind,
    element: usize,
    component: &'t PriceComponent,
    from: i128,
    to: i128,
    /// Microjoules or nanoseconds.
    measured: i128,
    billed: i128,
}

/// The runs of one kind that may still grow: the last of each.
#[derive(Default)]
struct Open {
    last: [Option<usize>; 5],
}

impl Open {
    const KINDS: [LineKind; 5] = [
        LineKind::Energy,
        LineKind::Service,
        LineKind::Time,
        LineKind::ParkingTime,
        LineKind::ReservationTime,
    ];

    fn slot(&mut self, kind: LineKind) -> Option<&mut Option<usize>> {
        let i = Self::KINDS.iter().position(|k| *k == kind)?;
        self.last.get_mut(i)
    }
}

/// A bill in the making.
pub(super) struct Work<'t> {
    pub(super) tariff: &'t Tariff,
    pub(super) session: &'t Session,
    pub(super) parking: Option<&'t ParkingFee>,
    pub(super) lines: Vec<BillLine>,
    pub(super) findings: Vec<BillFinding>,
}

impl<'t> Work<'t> {
    /// Findings that need no pieces.
    fn find(&mut self) {
        if !self.tariff.is_valid_at(self.session.start) {
            self.findings.push(BillFinding::NotValid);
        }
        let elements = || {
            self.tariff
                .elements
                .iter()
                .filter(|e| e.restrictions.reservation.is_none())
        };
        let asks = |of: fn(&TariffRestrictions) -> bool| elements().any(|e| of(&e.restrictions));
        let asks_power = asks(|r| r.min_power_kw.is_some() || r.max_power_kw.is_some());
        let asks_current = asks(|r| r.min_current_a.is_some() || r.max_current_a.is_some());
        let is_blind = self.session.periods.iter().any(|p| {
            p.activity == Activity::Charging
                && (asks_power && p.power_kw.is_none() || asks_current && p.current_a.is_none())
        });
        if is_blind {
            self.findings.push(BillFinding::PowerNotKnown);
        }
        if self.tariff.tax_included == TaxIncluded::No
            && elements()
                .flat_map(|e| &e.components)
                .any(|c| c.vat.is_none() && c.price.millionths() != 0)
        {
            self.findings.push(BillFinding::TaxNotKnown);
        }
    }

    /// Which component is paid when, over all pieces.
    fn collect_runs(&mut self, pieces: &[Piece]) -> Vec<Run<'t>> {
        let tariff = self.tariff;
        let mut runs = Vec::new();
        let mut open = Open::default();
        let (mut flat, mut fee) = (false, false);
        let declares_energy = prices(tariff, PriceDimension::Energy);
        for piece in pieces {
            let find = |dimension| winner(tariff, dimension, piece.activity, &piece.state);
            let time = piece.to - piece.from;
            let mut pay = |kind, dimension, amount| {
                if amount > 0 {
                    extend(&mut runs, &mut open, (kind, amount), find(dimension), piece);
                }
            };
            let once = match piece.activity {
                Activity::Charging | Activity::Parking => {
                    pay(LineKind::Energy, PriceDimension::Energy, piece.energy);
                    pay(LineKind::Service, PriceDimension::Service, piece.energy);
                    if piece.activity == Activity::Charging {
                        pay(LineKind::Time, PriceDimension::Time, time);
                    } else {
                        pay(LineKind::ParkingTime, PriceDimension::ParkingTime, time);
                    }
                    if piece.energy > 0 && declares_energy && find(PriceDimension::Energy).is_none()
                    {
                        self.push_gap(piece);
                    }
                    (LineKind::Flat, &mut flat)
                }
                Activity::Reserved { .. } => {
                    pay(LineKind::ReservationTime, PriceDimension::Time, time);
                    (LineKind::ReservationFee, &mut fee)
                }
            };
            if !*once.1
                && let Some((element, component)) = find(PriceDimension::Flat)
            {
                *once.1 = true;
                runs.push(Run {
                    kind: once.0,
                    element,
                    component,
                    from: piece.from,
                    to: piece.from,
                    measured: i128::from(PARTS),
                    billed: i128::from(PARTS),
                });
            }
        }
        runs
    }

    fn push_gap(&mut self, piece: &Piece) {
        let (start, end) = (
            instant(self.session, piece.from),
            instant(self.session, piece.to),
        );
        let more = kwh(piece.energy);
        if let Some(BillFinding::Gap { to, energy_kwh, .. }) = self.findings.last_mut()
            && *to == start
        {
            *to = end;
            *energy_kwh = Quantity::from_millionths(energy_kwh.millionths() + more.millionths());
        } else {
            self.findings.push(BillFinding::Gap {
                from: start,
                to: end,
                energy_kwh: more,
            });
        }
    }

    fn push_run(&mut self, run: &Run<'t>) {
        let stated = ExactAmount::of_parts(run.component.price, run.billed);
        let vat = run.component.vat;
        let (before_taxes, after_taxes) = match (self.tariff.tax_included, vat) {
            (TaxIncluded::Unstated | TaxIncluded::No, Some(rate)) => {
                (stated, stated.plus(stated.tax(rate)))
            }
            (TaxIncluded::Yes, Some(rate)) => (stated.without_tax(rate), stated),
            _ => (stated, stated),
        };
        let measure = |amount: i128| match run.kind {
            LineKind::Energy | LineKind::Service => Measure::Kwh(kwh(amount)),
            LineKind::Flat | LineKind::ReservationFee => Measure::Once,
            _ => Measure::Seconds(seconds(amount)),
        };
        self.lines.push(BillLine {
            kind: run.kind,
            band: self.tariff.elements.get(run.element).and_then(|e| e.band),
            from: self.nearest_instant(run.from),
            to: self.nearest_instant(run.to),
            measured: measure(run.measured),
            billed: measure(run.billed),
            price: run.component.price,
            vat,
            before_taxes,
            after_taxes,
        });
    }

    pub(super) fn nearest_instant(&self, at: i128) -> Instant {
        instant(self.session, at + NANO / 2)
    }

    /// A line without a rate of tax: what is paid is all there is.
    pub(super) fn push_plain(
        &mut self,
        kind: LineKind,
        (from, to): (i128, i128),
        (measured, billed): (Measure, Measure),
        price: UnitPrice,
        amount: ExactAmount,
    ) {
        self.lines.push(BillLine {
            kind,
            band: None,
            from: self.nearest_instant(from),
            to: self.nearest_instant(to),
            measured,
            billed,
            price,
            vat: None,
            before_taxes: amount,
            after_taxes: amount,
        });
    }
}

/// Grows the last run of a kind, or begins another when another component is paid. Nothing paid
/// ends it.
fn extend<'t>(
    runs: &mut Vec<Run<'t>>,
    open: &mut Open,
    (kind, amount): (LineKind, i128),
    winner: Option<Winner<'t>>,
    piece: &Piece,
) {
    let Some(slot) = open.slot(kind) else { return };
    let Some((element, component)) = winner else {
        *slot = None;
        return;
    };
    if let Some(run) = slot.and_then(|i| runs.get_mut(i))
        && run.element == element
    {
        run.to = piece.to;
        run.measured += amount;
        run.billed += amount;
        return;
    }
    *slot = Some(runs.len());
    runs.push(Run {
        kind,
        element,
        component,
        from: piece.from,
        to: piece.to,
        measured: amount,
        billed: amount,
    });
}

/// OCPI's `step_size`: once a session for energy and once for time, by the component that was
/// paid last; charging time is not rounded when parking time was paid after it.
fn round_up_to_blocks(runs: &mut [Run<'_>]) {
    const GROUPS: [&[LineKind]; 4] = [
        &[LineKind::Energy],
        &[LineKind::Service],
        &[LineKind::Time, LineKind::ParkingTime],
        &[LineKind::ReservationTime],
    ];
    for group in GROUPS {
        let last = runs
            .iter()
            .enumerate()
            .filter(|(_, r)| group.contains(&r.kind))
            .max_by_key(|(i, r)| (r.to, *i))
            .map(|(i, r)| (i, r.kind));
        let Some((last, kind)) = last else { continue };
        let total: i128 = runs
            .iter()
            .filter(|r| r.kind == kind)
            .map(|r| r.measured)
            .sum();
        if let Some(run) = runs.get_mut(last) {
            let unit = match kind {
                LineKind::Energy | LineKind::Service => i128::from(PARTS / 1000),
                _ => NANO,
            };
            let step = i128::from(run.component.step_size) * unit;
            run.billed += rounded_up(total, step) - total;
        }
    }
}

/// To the next multiple of a step; as it is, when there is no step.
pub(super) const fn rounded_up(value: i128, step: i128) -> i128 {
    if step <= 0 {
        value
    } else {
        (value + step - 1) / step * step
    }
}

/// Microjoules as kWh, to the nearest millionth.
fn kwh(microjoules: i128) -> Quantity {
    let unit = i128::from(PARTS / 1_000_000);
    let millionths = (microjoules + unit / 2).div_euclid(unit);
    Quantity::from_millionths(i64::try_from(millionths).unwrap_or(i64::MAX))
}

/// Nanoseconds as whole seconds, to the nearest.
pub(super) fn seconds(nanoseconds: i128) -> u32 {
    u32::try_from((nanoseconds + NANO / 2) / NANO).unwrap_or(u32::MAX)
}
