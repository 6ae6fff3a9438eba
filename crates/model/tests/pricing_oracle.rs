//! The price engine against a slow integrator that goes second by second, on random tariffs and
//! sessions; and what must hold for all of them.
//!
//! The integrator shares no code with the engine: it reads the clock by its own calendar, holds
//! every restriction against every second, and adds up whole numbers. Random energies are whole
//! millionths of a kWh a second and random energy borders fall on whole seconds, so that it is
//! exact. A failing case prints its seed.

#![expect(clippy::unwrap_used, reason = "a test that fails says why")]

use chongtu_model::money::{ExactAmount, Quantity, TaxRate, UnitPrice};
use chongtu_model::pricing::{
    Activity, Conditions, EnergyPrice, LineKind, Measure, Session, SessionPeriod, TariffFinding,
    bill_session, cheapest_window, day_prices, lint, price_at,
};
use chongtu_model::tariff::{
    IdleFee, PriceComponent, PriceDimension, Tariff, TariffElement, TariffRestrictions,
};
use chongtu_model::time::{LocalDate, TimeZone, Weekday};
use chongtu_model::{Currency, Instant, TariffId};

/// Xorshift with 64 bits (Marsaglia).
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }

    /// Yes in `n` of 100.
    fn percent(&mut self, n: u64) -> bool {
        self.below(100) < n
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// Some of them, at least one.
    fn some_of<T: Copy>(&mut self, of: &[T]) -> Vec<T> {
        let mut some: Vec<T> = of.iter().copied().filter(|_| self.percent(50)).collect();
        if some.is_empty() {
            some.push(self.pick(of));
        }
        some
    }
}

fn zones() -> [TimeZone; 3] {
    let berlin = TimeZone {
        name: "Europe/Berlin".into(),
        offset_s: 3600,
        transitions: vec![(1_774_746_000, 7200), (1_792_890_000, 3600)],
    };
    // Jumps at its own midnight, and a day begins in the second half of an hour of UTC.
    let odd = TimeZone {
        name: "Test/Odd".into(),
        offset_s: 20_700,
        transitions: vec![(1_774_633_500, 24_300), (1_792_780_500, 20_700)],
    };
    [TimeZone::shanghai(), berlin, odd]
}

/// Days worth a session: ends of seasons, of the year, changes of the clock.
const DAYS: [&str; 9] = [
    "2026-03-28",
    "2026-03-29",
    "2026-04-15",
    "2026-05-31",
    "2026-06-01",
    "2026-08-31",
    "2026-10-24",
    "2026-10-25",
    "2026-12-31",
];

fn quantity(millionths: i64) -> Quantity {
    Quantity::from_millionths(millionths)
}

/// How much of what OCPI can say a random tariff says.
#[derive(Clone, Copy, PartialEq)]
enum Extent {
    /// Clock and calendar.
    Clock,
    /// And energy, duration, power.
    Session,
}

fn restrictions(r: &mut Random, extent: Extent, session: &Session) -> TariffRestrictions {
    let mut out = TariffRestrictions::default();
    if r.percent(60) {
        out.start_minute = r.percent(90).then(|| r.below(96) as u16 * 15);
        out.end_minute = r.percent(90).then(|| r.below(96) as u16 * 15);
    }
    if r.percent(25) {
        out.months = r.some_of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    }
    if r.percent(25) {
        out.days_of_week = r.some_of(&Weekday::ALL);
    }
    if r.percent(15) {
        out.start_date = LocalDate::parse(r.pick(&DAYS)).ok();
    }
    if r.percent(15) {
        out.end_date = LocalDate::parse(r.pick(&DAYS)).ok();
    }
    if extent == Extent::Session {
        // Energies that are reached at a whole second of the session.
        let reached = |r: &mut Random| {
            let mut energy = 0;
            for period in &session.periods {
                let each = period.energy_kwh.millionths() / i64::from(period.duration_s.max(1));
                if r.percent(50) {
                    return quantity(
                        energy + each * r.below(u64::from(period.duration_s) + 1) as i64,
                    );
                }
                energy += period.energy_kwh.millionths();
            }
            quantity(energy)
        };
        out.min_kwh = r.percent(15).then(|| reached(r));
        out.max_kwh = r.percent(15).then(|| reached(r));
        let length = session.duration_s() as u64;
        out.min_duration_s = r.percent(15).then(|| r.below(length + 100) as u32);
        out.max_duration_s = r.percent(15).then(|| r.below(length + 100) as u32);
        out.min_power_kw = r.percent(10).then(|| quantity(r.below(200_000_000) as i64));
        out.max_power_kw = r.percent(10).then(|| quantity(r.below(200_000_000) as i64));
        out.max_current_a = r.percent(5).then(|| quantity(32_000_000));
    }
    out
}

fn tariff(r: &mut Random, extent: Extent, session: &Session) -> Tariff {
    let component = |r: &mut Random, dimension| PriceComponent {
        vat: r
            .percent(30)
            .then(|| TaxRate::from_millionths(r.below(300_000) as u32)),
        step_size: if extent == Extent::Session && r.percent(30) {
            r.pick(&[1, 60, 300, 900, 1000])
        } else {
            0
        },
        ..PriceComponent::new(
            dimension,
            UnitPrice::from_millionths(r.below(2_000_000) as i64),
        )
    };
    let elements = (0..r.below(6))
        .map(|_| TariffElement {
            components: r
                .some_of(&PriceDimension::ALL)
                .into_iter()
                .filter(|d| extent == Extent::Session || *d != PriceDimension::Flat)
                .map(|d| component(r, d))
                .collect(),
            restrictions: restrictions(r, extent, session),
            band: None,
        })
        .collect();
    let mut out = Tariff::new(TariffId::new("t"), Currency::CNY, elements);
    if extent == Extent::Session {
        out.idle_fees = (0..r.below(3))
            .map(|_| IdleFee {
                per_minute: UnitPrice::from_millionths(r.below(1_000_000) as i64),
                free_minutes: r.below(40) as u16,
                step_s: r.pick(&[0, 0, 60]),
                max: r
                    .percent(30)
                    .then(|| UnitPrice::from_millionths(10_000_000)),
                start_minute: r.percent(50).then(|| r.below(96) as u16 * 15),
                end_minute: r.percent(50).then(|| r.below(96) as u16 * 15),
                ..IdleFee::default()
            })
            .collect();
    }
    out
}

/// A session of some periods around midnight of a day worth it.
fn session(r: &mut Random, zone: &TimeZone) -> Session {
    let day = zone.day_start(LocalDate::parse(r.pick(&DAYS)).unwrap());
    let periods = (0..=r.below(4))
        .map(|_| {
            let duration_s = 1 + r.below(14_000) as u32;
            if r.percent(70) {
                // Up to 180 kW, whole millionths of a kWh a second.
                let each = r.below(50_000) as i64;
                SessionPeriod {
                    power_kw: r.percent(70).then(|| quantity(each * 3600)),
                    current_a: r.percent(30).then(|| quantity(r.below(64_000_000) as i64)),
                    ..SessionPeriod::charging(duration_s, quantity(each * i64::from(duration_s)))
                }
            } else {
                SessionPeriod::parking(duration_s)
            }
        })
        .collect();
    Session {
        start: day.plus_s(r.below(86_400) as i64 - 20_000),
        periods,
    }
}

/// The calendar as a child would count it: from 1 January 1970 on.
fn calendar(day: i64) -> (i64, u8, u8) {
    let (mut year, mut left) = (1970, day);
    loop {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = if leap { 366 } else { 365 };
        if left < days {
            let months = [
                31,
                if leap { 29 } else { 28 },
                31,
                30,
                31,
                30,
                31,
                31,
                30,
                31,
                30,
                31,
            ];
            for (month, length) in (1..).zip(months) {
                if left < length {
                    return (year, month, left as u8 + 1);
                }
                left -= length;
            }
        }
        left -= days;
        year += 1;
    }
}

struct Second {
    day: i64,
    minute: u16,
    month: u8,
    weekday: u8,
}

fn second(at: i64, zone: &TimeZone) -> Second {
    let mut offset = zone.offset_s;
    for &(from, to) in &zone.transitions {
        if from <= at {
            offset = to;
        }
    }
    let local = at + i64::from(offset);
    let day = local.div_euclid(86_400);
    Second {
        day,
        minute: (local.rem_euclid(86_400) / 60) as u16,
        month: calendar(day).1,
        // Day 0 was a Thursday, the fourth.
        weekday: ((day + 3).rem_euclid(7) + 1) as u8,
    }
}

fn in_hours(minute: u16, start: Option<u16>, end: Option<u16>) -> bool {
    let (start, end) = (
        start.unwrap_or(0),
        match end {
            None | Some(0) => 1440,
            Some(e) => e,
        },
    );
    if end < start {
        minute >= start || minute < end
    } else {
        minute >= start && minute < end
    }
}

fn holds(
    r: &TariffRestrictions,
    s: &Second,
    (energy, elapsed): (i64, i64),
    (power, current): (Option<Quantity>, Option<Quantity>),
) -> bool {
    if let Some(date) = r.start_date
        && s.day < date.days()
    {
        return false;
    }
    if let Some(date) = r.end_date
        && s.day >= date.days()
    {
        return false;
    }
    if !r.months.is_empty() && !r.months.contains(&s.month) {
        return false;
    }
    if !r.days_of_week.is_empty() && r.days_of_week.iter().all(|d| d.number() != s.weekday) {
        return false;
    }
    if !in_hours(s.minute, r.start_minute, r.end_minute) {
        return false;
    }
    let too_low = |min: Option<Quantity>, have: Option<Quantity>| matches!((min, have), (Some(m), Some(h)) if h < m);
    let too_high = |max: Option<Quantity>, have: Option<Quantity>| matches!((max, have), (Some(m), Some(h)) if h >= m);
    !(too_low(r.min_kwh, Some(quantity(energy)))
        || too_high(r.max_kwh, Some(quantity(energy)))
        || r.min_duration_s.is_some_and(|m| elapsed < i64::from(m))
        || r.max_duration_s.is_some_and(|m| elapsed >= i64::from(m))
        || too_low(r.min_power_kw, power)
        || too_high(r.max_power_kw, power)
        || too_low(r.min_current_a, current)
        || too_high(r.max_current_a, current))
}

/// What a dimension has come to: units (millionths of a kWh, or seconds) of the sum, and who was
/// paid last, when.
#[derive(Default)]
struct Account {
    units: i128,
    last: Option<(i64, PriceComponent)>,
}

/// The price with tax in millionths of millionths.
fn taxed(c: &PriceComponent) -> i128 {
    i128::from(c.price.millionths())
        * (1_000_000 + i128::from(c.vat.map_or(0, TaxRate::millionths)))
}

/// The sum in parts of a currency unit.
fn integrate(t: &Tariff, session: &Session, zone: &TimeZone) -> i128 {
    // A currency unit has 10^12 of (price with tax) × 10^6 of a kWh, or × 3600 of a second.
    let per_kwh_unit = ExactAmount::PARTS_PER_UNIT / 1_000_000_000_000 / 1_000_000;
    let per_second = ExactAmount::PARTS_PER_UNIT / 1_000_000_000_000 / 3600;
    let dimensions = [
        (PriceDimension::Energy, per_kwh_unit, 1000),
        (PriceDimension::Service, per_kwh_unit, 1000),
        (PriceDimension::Time, per_second, 1),
        (PriceDimension::ParkingTime, per_second, 1),
    ];
    let mut accounts: [Account; 4] = Default::default();
    let mut sum = 0;
    let mut has_flat = false;
    let charged_until: i64 = {
        let mut at = 0;
        let mut until = 0;
        for p in &session.periods {
            at += i64::from(p.duration_s);
            if p.activity == Activity::Charging {
                until = at;
            }
        }
        until
    };
    let mut idle = vec![(0_i128, false); t.idle_fees.len()];
    let (mut elapsed, mut energy) = (0_i64, 0_i64);
    for p in &session.periods {
        let each = p.energy_kwh.millionths() / i64::from(p.duration_s);
        for _ in 0..p.duration_s {
            let s = second(session.start.unix_s() + elapsed, zone);
            let paid = |dimension| {
                t.elements
                    .iter()
                    .filter(|e| {
                        holds(
                            &e.restrictions,
                            &s,
                            (energy, elapsed),
                            (p.power_kw, p.current_a),
                        )
                    })
                    .flat_map(|e| &e.components)
                    .find(|c| c.dimension == dimension)
            };
            if !has_flat && let Some(flat) = paid(PriceDimension::Flat) {
                has_flat = true;
                sum += taxed(flat) * (ExactAmount::PARTS_PER_UNIT / 1_000_000_000_000);
            }
            let is_charging = p.activity == Activity::Charging;
            let units = [each, each, i64::from(is_charging), i64::from(!is_charging)];
            for (i, (dimension, parts, _)) in dimensions.iter().enumerate() {
                if units[i] > 0
                    && let Some(c) = paid(*dimension)
                {
                    accounts[i].units += i128::from(units[i]);
                    accounts[i].last = Some((elapsed, *c));
                    sum += taxed(c) * i128::from(units[i]) * parts;
                }
            }
            if !is_charging && elapsed >= charged_until {
                let fee = t
                    .idle_fees
                    .iter()
                    .position(|f| in_hours(s.minute, f.start_minute, f.end_minute));
                if let Some(i) = fee
                    && elapsed - charged_until >= i64::from(t.idle_fees[i].free_minutes) * 60
                {
                    idle[i].0 += 1;
                }
            }
            elapsed += 1;
            energy += each;
        }
    }
    // Blocks: energy and service each; of charging and parking time the one paid last.
    let last_time = |i: usize| accounts[i].last.map_or(-1, |(at, _)| at);
    let stepped = [0, 1, if last_time(2) > last_time(3) { 2 } else { 3 }];
    for i in stepped {
        if let Some((_, c)) = accounts[i].last {
            let step = i128::from(c.step_size) * dimensions[i].2;
            if step > 0 {
                let billed = accounts[i].units.div_euclid(step) * step;
                let rest = if billed == accounts[i].units {
                    0
                } else {
                    billed + step - accounts[i].units
                };
                sum += taxed(&c) * rest * dimensions[i].1;
            }
        }
    }
    for (fee, (seconds, _)) in t.idle_fees.iter().zip(idle) {
        let step = i128::from(fee.step_s.max(1));
        let billed = (seconds + step - 1) / step * step;
        let cost = i128::from(fee.per_minute.millionths())
            * billed
            * (ExactAmount::PARTS_PER_UNIT / 1_000_000 / 60);
        let max = fee.max.map(|m| ExactAmount::from_price(m).parts());
        sum += max.map_or(cost, |m| cost.min(m));
    }
    sum
}

#[test]
fn bills_equal_the_integral_second_by_second() {
    let mut n_lines = 0;
    for seed in 0..600 {
        let r = &mut Random::new(seed);
        let zone = &zones()[r.below(3) as usize];
        let session = session(r, zone);
        let tariff = tariff(r, Extent::Session, &session);
        let bill = bill_session(&tariff, &session, zone);
        assert_eq!(
            bill.after_taxes.parts(),
            integrate(&tariff, &session, zone),
            "seed {seed}: {tariff:#?}\n{session:#?}\n{bill:#?}"
        );
        assert_eq!(
            bill.lines
                .iter()
                .map(|l| l.after_taxes)
                .sum::<ExactAmount>(),
            bill.after_taxes
        );
        assert_eq!(
            bill.lines
                .iter()
                .map(|l| l.before_taxes)
                .sum::<ExactAmount>(),
            bill.before_taxes
        );
        assert_eq!(bill.after_taxes.to_amount(Currency::CNY), bill.total);
        n_lines += bill.lines.len();
    }
    assert!(
        n_lines > 1000,
        "the sessions are worth billing: {n_lines} lines"
    );
}

/// Splits the periods of a session at a second of it.
fn split_at(session: &Session, at: u32) -> (Vec<SessionPeriod>, Vec<SessionPeriod>) {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let mut begun = 0;
    for p in &session.periods {
        let each = p.energy_kwh.millionths() / i64::from(p.duration_s.max(1));
        let first = at.saturating_sub(begun).min(p.duration_s);
        let part = |duration_s| SessionPeriod {
            duration_s,
            energy_kwh: quantity(each * i64::from(duration_s)),
            ..*p
        };
        if first > 0 {
            before.push(part(first));
        }
        if first < p.duration_s {
            after.push(part(p.duration_s - first));
        }
        begun += p.duration_s;
    }
    (before, after)
}

#[test]
fn a_split_changes_no_price() {
    for seed in 0..600 {
        let r = &mut Random::new(seed);
        let zone = &zones()[r.below(3) as usize];
        let session = session(r, zone);
        let at = r.below(session.duration_s() as u64 + 1) as u32;
        let (before, after) = split_at(&session, at);

        // A period in two: whatever the tariff.
        let any = tariff(r, Extent::Session, &session);
        let whole = bill_session(&any, &session, zone);
        let in_two = Session {
            periods: before.iter().chain(&after).copied().collect(),
            ..session
        };
        assert_eq!(whole, bill_session(&any, &in_two, zone), "seed {seed}");

        // A session in two: without what looks at the session as a whole.
        let plain = tariff(r, Extent::Clock, &session);
        let of = |start: Instant, periods: &[SessionPeriod]| {
            let session = Session {
                start,
                periods: periods.to_vec(),
            };
            bill_session(&plain, &session, zone).after_taxes
        };
        assert_eq!(
            of(session.start, &before).plus(of(session.start.plus_s(i64::from(at)), &after)),
            of(session.start, &session.periods),
            "seed {seed} at {at}: {plain:#?}"
        );
    }
}

#[test]
fn more_energy_never_costs_less() {
    for seed in 0..300 {
        let r = &mut Random::new(seed);
        let zone = &zones()[r.below(3) as usize];
        let mut session = session(r, zone);
        let tariff = tariff(r, Extent::Clock, &session);
        let before = bill_session(&tariff, &session, zone).after_taxes;
        let n = session.periods.len() as u64;
        let more = &mut session.periods[r.below(n) as usize].energy_kwh;
        *more = quantity(more.millionths() + r.below(30_000_000) as i64);
        let after = bill_session(&tariff, &session, zone).after_taxes;
        assert!(before <= after, "seed {seed}");
    }
}

#[test]
fn a_day_is_covered_by_spans_that_say_what_holds() {
    for seed in 0..200 {
        let r = &mut Random::new(seed);
        let zone = &zones()[r.below(3) as usize];
        let any = session(r, zone);
        let tariff = tariff(
            r,
            if seed % 2 == 0 {
                Extent::Clock
            } else {
                Extent::Session
            },
            &any,
        );
        let date = LocalDate::parse(r.pick(&DAYS)).unwrap();
        let spans = day_prices(&tariff, date, zone);
        let (start, end) = (zone.day_start(date), zone.day_start(date.plus_days(1)));
        assert_eq!(
            (spans[0].from, spans[spans.len() - 1].to),
            (start, end),
            "seed {seed}"
        );
        for pair in spans.windows(2) {
            assert_eq!(pair[0].to, pair[1].from, "seed {seed}");
            assert_ne!(pair[0].price, pair[1].price, "seed {seed}");
        }
        for span in &spans {
            for at in (span.from.unix_s()..span.to.unix_s()).step_by(60) {
                let price = price_at(
                    &tariff,
                    Instant::from_unix_s(at),
                    zone,
                    &Conditions::default(),
                );
                assert_eq!(price, span.price, "seed {seed} at {at}");
            }
        }
        // The cheapest window against every start at a full minute.
        let duration_s = 900 * (1 + r.below(30) as u32);
        let best = cheapest_window(&tariff, start, end, duration_s, zone);
        let cost = |from: i64| -> Option<i128> {
            (from..from + i64::from(duration_s))
                .step_by(60)
                .map(|at| {
                    let price = price_at(
                        &tariff,
                        Instant::from_unix_s(at),
                        zone,
                        &Conditions::default(),
                    );
                    price.per_kwh().map(|p| i128::from(p.millionths()) * 60)
                })
                .sum()
        };
        let by_scan = (start.unix_s()..=end.unix_s() - i64::from(duration_s))
            .step_by(300)
            .filter_map(|from| cost(from).map(|c| (c, from)))
            .min();
        assert_eq!(
            best.map(|w| (cost(w.from.unix_s()), w.from.unix_s())),
            by_scan.map(|(c, from)| (Some(c), from)),
            "seed {seed}"
        );
    }
}

#[test]
fn lint_finds_a_gap_when_a_year_has_one() {
    let mut n_gaps = 0;
    for seed in 0..150 {
        let r = &mut Random::new(seed);
        let zone = &zones()[0];
        let any = session(r, zone);
        let mut tariff = tariff(r, Extent::Clock, &any);
        for element in &mut tariff.elements {
            // A tariff that is over has no gaps.
            (
                element.restrictions.start_date,
                element.restrictions.end_date,
            ) = (None, None);
        }
        let prices_a_kwh = |e: &TariffElement| {
            let kwh = [PriceDimension::Energy, PriceDimension::Service];
            e.components.iter().any(|c| kwh.contains(&c.dimension))
        };
        let first = LocalDate::parse("2026-01-01").unwrap();
        let in_a_year = tariff.elements.iter().any(prices_a_kwh)
            && (0..365).any(|day| {
                day_prices(&tariff, first.plus_days(day), zone)
                    .iter()
                    .any(|s| s.price == EnergyPrice::Gap)
            });
        let found = lint(&tariff)
            .iter()
            .any(|f| matches!(f, TariffFinding::Gap { .. }));
        assert_eq!(found, in_a_year, "seed {seed}: {tariff:#?}");
        n_gaps += u32::from(found);
    }
    assert!((30..140).contains(&n_gaps), "{n_gaps} of 150 have gaps");
}

#[test]
fn charging_at_a_constant_power_equals_its_own_periods() {
    // The energy of a session that is not cut off is what was asked for, line by line.
    for seed in 0..100 {
        let r = &mut Random::new(seed);
        let zone = &zones()[r.below(3) as usize];
        let any = session(r, zone);
        let all_day = PriceComponent::new(
            PriceDimension::Energy,
            UnitPrice::from_millionths(1_000_000),
        );
        let mut tariff = tariff(r, Extent::Clock, &any);
        tariff.elements.push(TariffElement {
            components: vec![all_day],
            ..TariffElement::default()
        });
        let kwh = quantity(1 + r.below(90_000_000) as i64);
        let session = Session::at_constant_power(
            any.start,
            any.start.plus_s(100_000),
            quantity(60_000_000),
            kwh,
        );
        let bill = bill_session(&tariff, &session, zone);
        let billed: i64 = bill
            .lines
            .iter()
            .filter(|l| l.kind == LineKind::Energy)
            .map(|l| match l.billed {
                Measure::Kwh(q) => q.millionths(),
                _ => panic!("energy is measured in kWh"),
            })
            .sum();
        // Every line is rounded to a millionth for people.
        assert!(
            (billed - kwh.millionths()).abs() <= bill.lines.len() as i64,
            "seed {seed}"
        );
    }
}
