//! Where prices can change, and which component is paid between two such places.

use super::session::{Activity, Session, SessionPeriod};
use crate::money::{PARTS, Quantity};
use crate::tariff::{
    PriceComponent, PriceDimension, ReservationRestriction, Tariff, TariffElement,
    TariffRestrictions,
};
use crate::time::{Instant, LocalTime, TimeZone};

/// Nanoseconds in a second.
pub(super) const NANO: i128 = 1_000_000_000;

/// A period counts at most a gigawatt hour, in microjoules: products stay within `i128`.
const ENERGY_LIMIT: i128 = PARTS as i128 * 1_000_000;

/// Microjoules.
pub(super) fn microjoules(kwh: Quantity) -> i128 {
    i128::from(kwh.millionths()) * i128::from(PARTS / 1_000_000)
}

/// The minutes of a day at which any restriction of the tariff on the clock can begin or cease
/// to hold, in order; empty when it does not look at clock or calendar.
pub(super) fn minutes_of(tariff: &Tariff) -> Vec<u16> {
    let mut minutes = Vec::new();
    let mut add = |calendar: bool, start: Option<u16>, end: Option<u16>| {
        if calendar || start.is_some() || end.is_some() {
            // Whatever looks at the clock looks at a day that begins at midnight.
            minutes.extend([0, start.unwrap_or(0), end.unwrap_or(0)]);
        }
    };
    for TariffElement {
        restrictions: r, ..
    } in &tariff.elements
    {
        let calendar = !r.months.is_empty()
            || !r.days_of_week.is_empty()
            || r.start_date.is_some()
            || r.end_date.is_some();
        add(calendar, r.start_minute, r.end_minute);
    }
    for fee in &tariff.idle_fees {
        let calendar = fee.start_date.is_some() || fee.end_date.is_some();
        add(calendar, fee.start_minute, fee.end_minute);
    }
    minutes.sort_unstable();
    minutes.dedup();
    minutes
}

/// The instants within `(from, to)` at which clock or calendar can change what holds, in order.
pub(super) fn clock_cuts(
    tariff: &Tariff,
    from: Instant,
    to: Instant,
    zone: &TimeZone,
) -> Vec<Instant> {
    let minutes = minutes_of(tariff);
    let mut cuts = Vec::new();
    if minutes.is_empty() {
        return cuts;
    }
    let mut at = from;
    while at < to {
        // A stretch in which the clock runs evenly.
        let transition = zone.next_transition(at).filter(|t| *t < to);
        let end = transition.unwrap_or(to);
        let offset = i64::from(zone.offset_at(at));
        let day_of = |t: Instant| (t.unix_s() + offset).div_euclid(86_400);
        for day in day_of(at)..=day_of(end) {
            for &minute in &minutes {
                let cut = Instant::from_unix_s(day * 86_400 + i64::from(minute) * 60 - offset);
                if at < cut && cut < end {
                    cuts.push(cut);
                }
            }
        }
        cuts.extend(transition);
        at = end;
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// What a restriction is held against.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub(super) local: LocalTime,
    /// Microjoules since the session began.
    pub(super) energy: i128,
    /// Nanoseconds since the session (or the reservation) began.
    pub(super) elapsed: i128,
    pub(super) power_kw: Option<Quantity>,
    pub(super) current_a: Option<Quantity>,
}

/// Whether all restrictions but the one on reservations are met.
pub(super) fn is_met(r: &TariffRestrictions, state: &State) -> bool {
    let seconds = |s: u32| i128::from(s) * NANO;
    let at_least = |min: Option<Quantity>, value: Option<Quantity>| {
        min.is_none_or(|min| value.is_none_or(|v| min <= v))
    };
    let below = |max: Option<Quantity>, value: Option<Quantity>| {
        max.is_none_or(|max| value.is_none_or(|v| v < max))
    };
    r.min_kwh.is_none_or(|min| microjoules(min) <= state.energy)
        && r.max_kwh.is_none_or(|max| state.energy < microjoules(max))
        && r.min_duration_s
            .is_none_or(|min| seconds(min) <= state.elapsed)
        && r.max_duration_s
            .is_none_or(|max| state.elapsed < seconds(max))
        && at_least(r.min_power_kw, state.power_kw)
        && below(r.max_power_kw, state.power_kw)
        && at_least(r.min_current_a, state.current_a)
        && below(r.max_current_a, state.current_a)
        && r.matches_clock(state.local)
}

/// The component that is paid: which element it stands in, and itself.
pub(super) type Winner<'t> = (usize, &'t PriceComponent);

/// The first element with a price for the dimension whose restrictions are met, among those for
/// charging or for this kind of reservation.
pub(super) fn winner<'t>(
    tariff: &'t Tariff,
    dimension: PriceDimension,
    activity: Activity,
    state: &State,
) -> Option<Winner<'t>> {
    let among = |reservation: Option<ReservationRestriction>| {
        tariff
            .elements
            .iter()
            .enumerate()
            .filter(|(_, e)| e.restrictions.reservation == reservation)
            .find_map(|(i, e)| {
                let component = e.component(dimension)?;
                is_met(&e.restrictions, state).then_some((i, component))
            })
    };
    match activity {
        Activity::Charging | Activity::Parking => among(None),
        // Where both price an expired reservation, the one for expired ones does (OCPI).
        Activity::Reserved { expired: true } => {
            among(Some(ReservationRestriction::ReservationExpires))
                .or_else(|| among(Some(ReservationRestriction::Reservation)))
        }
        Activity::Reserved { expired: false } => among(Some(ReservationRestriction::Reservation)),
    }
}

/// A piece of a session over which no restriction of the tariff changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) activity: Activity,
    /// Nanoseconds since the start of the session.
    pub(super) from: i128,
    pub(super) to: i128,
    /// Microjoules within it.
    pub(super) energy: i128,
    /// As it begins.
    pub(super) state: State,
}

/// A session in its own periods, each judged by what holds when it begins.
pub(super) fn whole_periods(session: &Session, zone: &TimeZone) -> Vec<Piece> {
    cut_periods(None, session, zone)
}

/// A session in pieces.
pub(super) fn pieces(tariff: &Tariff, session: &Session, zone: &TimeZone) -> Vec<Piece> {
    cut_periods(Some(tariff), session, zone)
}

fn cut_periods(tariff: Option<&Tariff>, session: &Session, zone: &TimeZone) -> Vec<Piece> {
    let restrictions = || {
        let elements = tariff.into_iter().flat_map(|t| &t.elements);
        elements.map(|e| &e.restrictions)
    };
    let mut energies: Vec<i128> = restrictions()
        .flat_map(|r| [r.min_kwh, r.max_kwh])
        .flatten()
        .map(microjoules)
        .collect();
    energies.sort_unstable();
    let mut durations: Vec<i128> = restrictions()
        .flat_map(|r| [r.min_duration_s, r.max_duration_s])
        .flatten()
        .map(|s| i128::from(s) * NANO)
        .collect();
    durations.sort_unstable();

    let mut out = Vec::new();
    let (mut start, mut energy) = (0_i128, 0_i128);
    // Durations count from the first moment that is not a reservation.
    let mut session_start = None;
    for period in &session.periods {
        let base = match period.activity {
            Activity::Reserved { .. } => 0,
            _ => *session_start.get_or_insert(start),
        };
        let span = Span {
            from: start,
            to: start + i128::from(period.duration_s) * NANO,
            energy_from: energy,
            energy_to: energy + microjoules(period.energy_kwh).clamp(0, ENERGY_LIMIT),
        };
        let clock = tariff.map_or_else(Vec::new, |tariff| {
            let (from, to) = (instant(session, span.from), instant(session, span.to));
            clock_cuts(tariff, from, to, zone)
        });
        let mut points: Vec<(i128, i128)> = Vec::with_capacity(clock.len() + 2);
        points.push((span.from, span.energy_from));
        for cut in clock {
            let at = i128::from(cut.unix_s() - session.start.unix_s()) * NANO;
            points.push((at, span.energy_at(at)));
        }
        for at in durations.iter().map(|d| base + d) {
            if span.from < at && at < span.to {
                points.push((at, span.energy_at(at)));
            }
        }
        for &energy in &energies {
            if span.energy_from < energy && energy < span.energy_to {
                points.push((span.time_of(energy), energy));
            }
        }
        points.push((span.to, span.energy_to));
        points.sort_unstable();
        push_pieces(&mut out, &points, period, (base, session, zone));
        (start, energy) = (span.to, span.energy_to);
    }
    out
}

/// The pieces between the points (time, energy) of a period.
fn push_pieces(
    out: &mut Vec<Piece>,
    points: &[(i128, i128)],
    period: &SessionPeriod,
    (base, session, zone): (i128, &Session, &TimeZone),
) {
    for pair in points.windows(2) {
        let &[(from, energy_from), (to, energy_to)] = pair else {
            continue;
        };
        // Two cuts that fall together leave nothing between them.
        if from == to && energy_from == energy_to && points.len() > 2 {
            continue;
        }
        out.push(Piece {
            activity: period.activity,
            from,
            to,
            energy: energy_to - energy_from,
            state: State {
                local: zone.local(instant(session, from)),
                energy: energy_from,
                elapsed: from - base,
                power_kw: period.power_kw,
                current_a: period.current_a,
            },
        });
    }
}

/// The second that a time since the start of a session falls into.
pub(super) fn instant(session: &Session, nanoseconds: i128) -> Instant {
    session.start.plus_s((nanoseconds.div_euclid(NANO)) as i64)
}

/// A period in time and energy.
struct Span {
    from: i128,
    to: i128,
    energy_from: i128,
    energy_to: i128,
}

impl Span {
    /// The energy until a time within it, to the nearest microjoule.
    fn energy_at(&self, time: i128) -> i128 {
        let (part, whole) = (time - self.from, self.to - self.from);
        self.energy_from + nearest((self.energy_to - self.energy_from) * part, whole)
    }

    /// When an energy within it is reached, to the nearest nanosecond.
    fn time_of(&self, energy: i128) -> i128 {
        let (part, whole) = (energy - self.energy_from, self.energy_to - self.energy_from);
        self.from + nearest((self.to - self.from) * part, whole)
    }
}

/// `value / of` (both not below 0), rounded.
const fn nearest(value: i128, of: i128) -> i128 {
    if of == 0 { 0 } else { (value + of / 2) / of }
}
