//! The price engine against sums by hand.

#![expect(clippy::unwrap_used, reason = "a test that fails says why")]

use chongtu_model::money::{ExactAmount, Quantity, TaxRate, UnitPrice};
use chongtu_model::pricing::{
    Activity, Bill, BillFinding, Conditions, EnergyPrice, LineKind, Measure, Session,
    SessionPeriod, TariffFinding, bill_session, bill_session_at, cheapest_window, day_prices, lint,
    price_at, price_per_kwh_at,
};
use chongtu_model::tariff::{
    IdleFee, ParkingFee, ParkingWaiver, PriceComponent, PriceDimension, PriceLimit, Tariff,
    TariffElement, TariffRestrictions, TaxIncluded, TimeBand,
};
use chongtu_model::time::{LocalDate, TimeZone, Weekday};
use chongtu_model::{Currency, Instant, TariffId};

fn price(text: &str) -> UnitPrice {
    UnitPrice::parse(text).unwrap()
}

fn exact(text: &str) -> ExactAmount {
    ExactAmount::from_price(price(text))
}

fn kwh(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

fn date(text: &str) -> LocalDate {
    LocalDate::parse(text).unwrap()
}

/// An instant by the clock on the wall in China: `2026-05-31 22:00`.
fn at(text: &str) -> Instant {
    let (day, time) = text.split_once(' ').unwrap();
    let (h, m) = time.split_once(':').unwrap();
    let minutes = h.parse::<i64>().unwrap() * 60 + m.parse::<i64>().unwrap();
    Instant::from_unix_s(date(day).days() * 86_400 + minutes * 60 - 8 * 3600)
}

fn china() -> TimeZone {
    TimeZone::shanghai()
}

/// Summer time in 2026 from 29 March to 25 October, changed at 01:00 UTC.
fn berlin() -> TimeZone {
    TimeZone {
        name: "Europe/Berlin".into(),
        offset_s: 3600,
        transitions: vec![(1_774_746_000, 7200), (1_792_890_000, 3600)],
    }
}

fn tariff(elements: Vec<TariffElement>) -> Tariff {
    Tariff::new(TariffId::new("t"), Currency::CNY, elements)
}

fn component(dimension: PriceDimension, text: &str) -> PriceComponent {
    PriceComponent::new(dimension, price(text))
}

fn element(components: &[PriceComponent], restrictions: TariffRestrictions) -> TariffElement {
    TariffElement {
        components: components.to_vec(),
        restrictions,
        band: None,
    }
}

fn hours(start: u16, end: u16) -> TariffRestrictions {
    TariffRestrictions {
        start_minute: Some(start * 60),
        end_minute: Some(end % 24 * 60),
        ..TariffRestrictions::default()
    }
}

fn energy_at(hours: TariffRestrictions, text: &str) -> TariffElement {
    element(&[component(PriceDimension::Energy, text)], hours)
}

/// Jiangsu from 2025-06-01, 一般工商业 (PROTOCOLS §9): 1.0358, 0.7390 and 0.4634 a kWh, here with
/// a service fee of 0.6000.
fn jiangsu() -> Tariff {
    let summer_and_winter = [6, 7, 8, 12, 1, 2];
    let spring_and_autumn = [3, 4, 5, 9, 10, 11];
    let bands = [
        (TimeBand::Peak, "1.0358"),
        (TimeBand::Flat, "0.7390"),
        (TimeBand::Valley, "0.4634"),
    ];
    let mut elements = Vec::new();
    let mut add = |months: [u8; 6], band: usize, spans: &[(u16, u16)]| {
        for &(start, end) in spans {
            elements.push(TariffElement {
                components: vec![
                    component(PriceDimension::Energy, bands[band].1),
                    component(PriceDimension::Service, "0.6000"),
                ],
                restrictions: TariffRestrictions {
                    months: months.to_vec(),
                    ..hours(start, end)
                },
                band: Some(bands[band].0),
            });
        }
    };
    add(summer_and_winter, 0, &[(14, 22)]);
    add(summer_and_winter, 1, &[(6, 11), (13, 14), (22, 24)]);
    add(summer_and_winter, 2, &[(0, 6), (11, 13)]);
    add(spring_and_autumn, 0, &[(15, 22)]);
    add(spring_and_autumn, 1, &[(6, 10), (14, 15), (22, 2)]);
    add(spring_and_autumn, 2, &[(2, 6), (10, 14)]);
    tariff(elements)
}

fn charging(from: &str, to: &str, energy: &str) -> Session {
    let (start, end) = (at(from), at(to));
    Session {
        start,
        periods: vec![SessionPeriod::charging(
            (end.unix_s() - start.unix_s()) as u32,
            kwh(energy),
        )],
    }
}

fn lines(bill: &Bill) -> Vec<(&'static str, String, String)> {
    let amount = |m: Measure| match m {
        Measure::Kwh(q) => format!("{q} kWh"),
        Measure::Seconds(s) => format!("{s} s"),
        Measure::Once => String::new(),
    };
    bill.lines
        .iter()
        .map(|l| {
            (
                l.kind.code(),
                amount(l.billed),
                l.after_taxes.rounded(6).to_string(),
            )
        })
        .collect()
}

#[test]
fn jiangsu_over_midnight() {
    // 100 kWh from 21:30 to 02:30 are 20 kWh an hour: 10 kWh of peak (1.0358 + 0.6 = 1.6358),
    // 80 of flat (1.3390), 10 of valley (1.0634): 16.358 + 107.12 + 10.634 = 134.1120.
    let bill = bill_session(
        &jiangsu(),
        &charging("2026-04-15 21:30", "2026-04-16 02:30", "100"),
        &china(),
    );
    assert_eq!(bill.after_taxes, exact("134.1120"));
    assert_eq!(
        (bill.total.minor, bill.total.currency),
        (13_411, Currency::CNY)
    );
    assert_eq!(bill.findings, []);
    let line = |code, kwh: &str, sum: &str| (code, format!("{kwh} kWh"), sum.to_owned());
    assert_eq!(
        lines(&bill),
        [
            line("energy", "10", "10.358"),
            line("service", "10", "6.00"),
            line("energy", "80", "59.12"),
            line("service", "80", "48.00"),
            line("energy", "10", "4.634"),
            line("service", "10", "6.00"),
        ]
    );
    let flat = &bill.lines[2];
    assert_eq!(
        (flat.band, flat.from, flat.to),
        (
            Some(TimeBand::Flat),
            at("2026-04-15 22:00"),
            at("2026-04-16 02:00")
        )
    );
}

#[test]
fn jiangsu_over_the_season() {
    // 40 kWh from 22:00 on 31 May to 02:00 on 1 June: spring's flat until midnight
    // (20 × 1.3390 = 26.78), then summer's valley (20 × 1.0634 = 21.268): 48.0480.
    let bill = bill_session(
        &jiangsu(),
        &charging("2026-05-31 22:00", "2026-06-01 02:00", "40"),
        &china(),
    );
    assert_eq!(bill.after_taxes, exact("48.0480"));
    // A day earlier it is flat throughout: 40 × 1.3390.
    let bill = bill_session(
        &jiangsu(),
        &charging("2026-05-30 22:00", "2026-05-31 02:00", "40"),
        &china(),
    );
    assert_eq!(bill.after_taxes, exact("53.56"));
}

#[test]
fn jiangsu_by_the_hour() {
    let spans = day_prices(&jiangsu(), date("2026-04-15"), &china());
    let shown: Vec<(u16, u16, String)> = spans
        .iter()
        .map(|s| {
            (
                s.start_minute / 60,
                s.end_minute / 60,
                s.price.per_kwh().unwrap().to_string(),
            )
        })
        .collect();
    let (peak, flat, valley) = ("1.6358", "1.339", "1.0634");
    let want = [
        (0, 2, flat),
        (2, 6, valley),
        (6, 10, flat),
        (10, 14, valley),
        (14, 15, flat),
        (15, 22, peak),
        (22, 24, flat),
    ];
    assert_eq!(shown, want.map(|(a, b, p)| (a, b, p.to_owned())));
    let EnergyPrice::Priced(now) = spans[5].price else {
        panic!("priced");
    };
    assert_eq!(
        (now.energy, now.service, now.band, now.depends_on_session),
        (
            Some(price("1.0358")),
            Some(price("0.6")),
            Some(TimeBand::Peak),
            false
        )
    );
    assert_eq!(lint(&jiangsu()), []);

    let day = |from: &str, to: &str, duration_s| {
        cheapest_window(&jiangsu(), at(from), at(to), duration_s, &china())
            .map(|w| (w.from, w.per_kwh.to_string()))
    };
    let all_day = |duration_s| day("2026-04-15 00:00", "2026-04-16 00:00", duration_s);
    assert_eq!(
        all_day(3600),
        Some((at("2026-04-15 02:00"), valley.to_owned()))
    );
    // Five hours: four of valley and one of flat: (4 × 1.0634 + 1.339) / 5 = 1.11852.
    assert_eq!(
        all_day(5 * 3600),
        Some((at("2026-04-15 01:00"), "1.11852".to_owned()))
    );
    // Three hours of the evening: one of peak and two of flat, (1.6358 + 2 × 1.339) / 3.
    assert_eq!(
        day("2026-04-15 18:00", "2026-04-16 00:00", 3 * 3600),
        Some((at("2026-04-15 21:00"), "1.437933".to_owned()))
    );
    assert_eq!(all_day(0), None);
    assert_eq!(all_day(86_401), None);
}

#[test]
fn a_forgotten_hour_is_free_by_the_rule_and_unknown_to_people() {
    // 00-02 and 04-24 have a price, 02-04 has none.
    let t = tariff(vec![
        energy_at(hours(0, 2), "0.5"),
        energy_at(hours(4, 24), "1"),
    ]);
    let now = |text| price_at(&t, at(text), &china(), &Conditions::default());
    assert_eq!(now("2026-04-15 03:59"), EnergyPrice::Gap);
    assert_eq!(price_per_kwh_at(&t, at("2026-04-15 02:00"), &china()), None);
    assert_eq!(
        price_per_kwh_at(&t, at("2026-04-15 04:00"), &china()),
        Some(price("1"))
    );
    assert_eq!(
        lint(&t),
        [TariffFinding::Gap {
            date: date("2026-01-01"),
            from_minute: 120,
            to_minute: 240
        }]
    );
    // 4 kWh an hour from 01:00 to 05:00: 4 × 0.5 + 0 + 4 × 1.
    let bill = bill_session(
        &t,
        &charging("2026-04-15 01:00", "2026-04-15 05:00", "16"),
        &china(),
    );
    assert_eq!(bill.after_taxes, exact("6"));
    assert_eq!(
        bill.findings,
        [BillFinding::Gap {
            from: at("2026-04-15 02:00"),
            to: at("2026-04-15 04:00"),
            energy_kwh: kwh("8")
        }]
    );
    // The cheapest window keeps away from it.
    let best = cheapest_window(
        &t,
        at("2026-04-15 00:00"),
        at("2026-04-16 00:00"),
        3 * 3600,
        &china(),
    );
    assert_eq!(best.unwrap().from, at("2026-04-15 04:00"));
}

#[test]
fn free_is_not_forgotten() {
    let of = |components: &[PriceComponent]| {
        let t = tariff(vec![element(components, TariffRestrictions::default())]);
        price_at(&t, at("2026-04-15 12:00"), &china(), &Conditions::default())
    };
    assert_eq!(
        of(&[component(PriceDimension::Flat, "0")]),
        EnergyPrice::Free
    );
    assert_eq!(
        of(&[component(PriceDimension::Flat, "0")]).per_kwh(),
        Some(price("0"))
    );
    assert_eq!(
        of(&[component(PriceDimension::Time, "2")]),
        EnergyPrice::NotByEnergy
    );
    assert_eq!(of(&[]), EnergyPrice::Gap);
    // No service fee in the valley is not a forgotten price.
    let t = tariff(vec![
        element(
            &[
                component(PriceDimension::Energy, "1"),
                component(PriceDimension::Service, "0.4"),
            ],
            hours(6, 24),
        ),
        energy_at(hours(0, 6), "0.5"),
    ]);
    assert_eq!(
        price_per_kwh_at(&t, at("2026-04-15 01:00"), &china()),
        Some(price("0.5"))
    );
    assert_eq!(lint(&t), []);
}

#[test]
fn a_price_now_may_depend_on_the_session_and_on_the_validity() {
    let fast = TariffRestrictions {
        min_power_kw: Some(kwh("60")),
        ..TariffRestrictions::default()
    };
    let mut t = tariff(vec![
        energy_at(fast, "1.5"),
        energy_at(TariffRestrictions::default(), "1"),
    ]);
    let now = |t: &Tariff, power: Option<&str>| {
        let conditions = Conditions {
            power_kw: power.map(kwh),
            ..Conditions::default()
        };
        price_at(t, at("2026-04-15 12:00"), &china(), &conditions)
    };
    assert_eq!(now(&t, Some("120")).per_kwh(), Some(price("1.5")));
    let EnergyPrice::Priced(slow) = now(&t, Some("7")) else {
        panic!("priced");
    };
    assert_eq!((slow.sum(), slow.depends_on_session), (price("1"), true));
    // Billed without a power it is taken as met, and said.
    let bill = bill_session(
        &t,
        &charging("2026-04-15 12:00", "2026-04-15 13:00", "10"),
        &china(),
    );
    assert_eq!(
        (bill.after_taxes, bill.findings),
        (exact("15"), vec![BillFinding::PowerNotKnown])
    );

    t.start = Some(at("2026-04-15 12:01"));
    assert_eq!(now(&t, None), EnergyPrice::NotValid);
    let spans = day_prices(&t, date("2026-04-15"), &china());
    assert_eq!(
        spans
            .iter()
            .map(|s| (s.end_minute, s.price.per_kwh()))
            .collect::<Vec<_>>(),
        [(721, None), (1440, Some(price("1.5")))]
    );
    let bill = bill_session(
        &t,
        &charging("2026-04-15 12:00", "2026-04-15 13:00", "10"),
        &china(),
    );
    assert!(bill.findings.contains(&BillFinding::NotValid));
}

#[test]
fn days_of_23_and_25_hours() {
    // 0.20 from 01:00 to 04:00 on the wall, 0.30 else; 6 kWh an hour over the whole local day.
    let t = tariff(vec![
        energy_at(hours(1, 4), "0.20"),
        energy_at(TariffRestrictions::default(), "0.30"),
    ]);
    let zone = berlin();
    for (day, length_h, cheap_h) in [
        ("2026-03-28", 24, 3),
        ("2026-03-29", 23, 2),
        ("2026-10-25", 25, 4),
    ] {
        let start = zone.day_start(date(day));
        let session = Session {
            start,
            periods: vec![SessionPeriod::charging(
                length_h as u32 * 3600,
                Quantity::from_millionths(6_000_000 * length_h),
            )],
        };
        let bill = bill_session(&t, &session, &zone);
        // Hundredths: 6 kWh an hour at 20 and 30.
        let cents = 6 * (20 * cheap_h + 30 * (length_h - cheap_h));
        assert_eq!(
            bill.after_taxes,
            ExactAmount::from_price(UnitPrice::from_millionths(cents * 10_000)),
            "{day}"
        );
        let spans = day_prices(&t, date(day), &zone);
        assert_eq!(
            spans
                .iter()
                .map(|s| (s.start_minute, s.end_minute))
                .collect::<Vec<_>>(),
            [(0, 60), (60, 240), (240, 1440)],
            "{day}"
        );
        let seconds = |i: usize| spans[i].to.unix_s() - spans[i].from.unix_s();
        assert_eq!(seconds(1), cheap_h * 3600, "{day}");
    }
}

#[test]
fn overstay_after_free_minutes_within_hours_up_to_a_cap() {
    let mut t = tariff(vec![energy_at(TariffRestrictions::default(), "1")]);
    t.idle_fees = vec![IdleFee {
        per_minute: price("0.5"),
        free_minutes: 15,
        max: Some(price("30")),
        start_minute: Some(8 * 60),
        end_minute: Some(22 * 60),
        ..IdleFee::default()
    }];
    // Charges until 20:00, then stands.
    let bill = |stands_s: u32| {
        let mut session = charging("2026-04-15 19:00", "2026-04-15 20:00", "10");
        session.periods.push(SessionPeriod::parking(stands_s));
        bill_session(&t, &session, &china())
    };
    let idle = |minutes: u32| {
        bill(minutes * 60)
            .cost_of(LineKind::Idle)
            .map(|c| c.rounded(6).to_string())
    };
    assert_eq!(idle(15), None);
    assert_eq!(idle(16).as_deref(), Some("0.50"));
    // 20:15 to 21:00.
    assert_eq!(idle(60).as_deref(), Some("22.50"));
    // 20:15 to 22:00 is 105 min, 52.50; the cap takes 22.50 off. The night is free; the next
    // morning from 08:00 adds to what is beyond the cap.
    for minutes in [2 * 60, 11 * 60, 13 * 60] {
        assert_eq!(bill(minutes * 60).after_taxes, exact("40"), "{minutes}");
    }
    assert_eq!(
        lines(&bill(13 * 3600))
            .iter()
            .map(|(code, ..)| *code)
            .collect::<Vec<_>>(),
        ["energy", "idle", "idle", "idle_cap"]
    );
    // A pause in charging is no overstay.
    let mut session = charging("2026-04-15 10:00", "2026-04-15 11:00", "10");
    session.periods.push(SessionPeriod::parking(3600));
    session
        .periods
        .push(SessionPeriod::charging(3600, kwh("10")));
    assert_eq!(
        bill_session(&t, &session, &china()).after_taxes,
        exact("20")
    );
    // Every minute begun.
    t.idle_fees[0].step_s = 60;
    let mut session = charging("2026-04-15 19:00", "2026-04-15 20:00", "10");
    session.periods.push(SessionPeriod::parking(15 * 60 + 61));
    assert_eq!(
        bill_session(&t, &session, &china()).after_taxes,
        exact("11")
    );
}

#[test]
fn parking_by_who_charges() {
    let t = tariff(vec![energy_at(TariffRestrictions::default(), "1")]);
    let fee = |waiver| ParkingFee {
        waiver,
        per_hour: Some(price("5")),
        step_s: 3600,
        max: Some(price("12")),
    };
    // Two hours and ten minutes in all, ten minutes of them after charging.
    let parked = |waiver, energy: &str| {
        let mut session = charging("2026-04-15 10:00", "2026-04-15 12:00", energy);
        session.periods.push(SessionPeriod::parking(600));
        let bill = bill_session_at(Some(&fee(waiver)), &t, &session, &china());
        let sum = bill
            .after_taxes
            .minus(bill.cost_of(LineKind::Energy).unwrap_or_default());
        (sum.rounded(6).to_string(), bill.findings)
    };
    let sum = |text: &str| (text.to_owned(), vec![]);
    assert_eq!(parked(ParkingWaiver::Free, "10"), sum("0.00"));
    // Three hours begun are 15, at most 12.
    assert_eq!(parked(ParkingWaiver::Paid, "10"), sum("12.00"));
    assert_eq!(parked(ParkingWaiver::FreeMinutes(60), "10"), sum("10.00"));
    assert_eq!(
        parked(ParkingWaiver::WhenCharging(Some(120)), "10"),
        sum("5.00")
    );
    assert_eq!(parked(ParkingWaiver::WhenCharging(None), "10"), sum("0.00"));
    assert_eq!(parked(ParkingWaiver::WhenCharging(None), "0"), sum("12.00"));
    let unknown = ("0.00".to_owned(), vec![BillFinding::ParkingNotKnown]);
    assert_eq!(parked(ParkingWaiver::FreeForATime, "10"), unknown);
}

#[test]
fn taxes_contained_added_and_unknown() {
    let ten_percent = PriceComponent {
        vat: Some(TaxRate::from_millionths(100_000)),
        ..component(PriceDimension::Energy, "1.1")
    };
    let bill = |tax_included, component| {
        let mut t = tariff(vec![element(&[component], TariffRestrictions::default())]);
        t.tax_included = tax_included;
        let session = charging("2026-04-15 10:00", "2026-04-15 11:00", "10");
        let now = price_per_kwh_at(&t, session.start, &china()).unwrap();
        let bill = bill_session(&t, &session, &china());
        (
            now.to_string(),
            bill.before_taxes.rounded(6).to_string(),
            bill.after_taxes.rounded(6).to_string(),
            bill.findings.len(),
        )
    };
    let of = |now: &str, before: &str, after: &str, n| {
        (now.to_owned(), before.to_owned(), after.to_owned(), n)
    };
    assert_eq!(
        bill(TaxIncluded::Yes, ten_percent),
        of("1.10", "10.00", "11.00", 0)
    );
    assert_eq!(
        bill(TaxIncluded::Unstated, ten_percent),
        of("1.21", "11.00", "12.10", 0)
    );
    assert_eq!(
        bill(TaxIncluded::No, ten_percent),
        of("1.21", "11.00", "12.10", 0)
    );
    assert_eq!(
        bill(TaxIncluded::NotApplicable, ten_percent),
        of("1.10", "11.00", "11.00", 0)
    );
    // Taxes on top at a rate that is not told.
    let plain = component(PriceDimension::Energy, "1.1");
    assert_eq!(
        bill(TaxIncluded::No, plain),
        of("1.10", "11.00", "11.00", 1)
    );
}

#[test]
fn limits_are_lines_of_their_own() {
    let mut t = tariff(vec![energy_at(TariffRestrictions::default(), "1")]);
    let limit = |text| {
        Some(PriceLimit {
            before_taxes: Some(price(text)),
            after_taxes: None,
        })
    };
    (t.min_price, t.max_price) = (limit("5"), limit("20"));
    let session = |energy| charging("2026-04-15 10:00", "2026-04-15 11:00", energy);
    for (energy, sum, extra) in [
        ("0", "5", Some((LineKind::MinPrice, "5"))),
        ("3", "5", Some((LineKind::MinPrice, "2"))),
        ("10", "10", None),
        ("30", "20", Some((LineKind::MaxPrice, "-10"))),
    ] {
        let bill = bill_session(&t, &session(energy), &china());
        assert_eq!(bill.after_taxes, exact(sum), "{energy}");
        let limits = [LineKind::MinPrice, LineKind::MaxPrice];
        let found = bill.lines.iter().find(|l| limits.contains(&l.kind));
        assert_eq!(
            found.map(|l| (l.kind, l.after_taxes)),
            extra.map(|(k, a)| (k, exact(a)))
        );
    }
}

#[test]
fn what_lint_finds() {
    let always = TariffRestrictions::default;
    let check = |elements: Vec<TariffElement>, want: &[&str]| {
        let found: Vec<_> = lint(&tariff(elements))
            .iter()
            .map(TariffFinding::code)
            .collect();
        assert_eq!(found, want);
    };
    check(vec![], &["tariff_no_prices"]);
    check(vec![energy_at(always(), "1")], &[]);
    // 电费 and 服务费 as two ENERGY components: the second is never paid.
    check(
        vec![element(
            &[
                component(PriceDimension::Energy, "0.7"),
                component(PriceDimension::Energy, "0.6"),
            ],
            always(),
        )],
        &["tariff_second_component"],
    );
    check(vec![energy_at(always(), "-1")], &["tariff_negative_price"]);
    // An exception before the rule is in order; the rule before its exception hides it.
    check(
        vec![energy_at(hours(8, 20), "1"), energy_at(always(), "2")],
        &[],
    );
    check(
        vec![energy_at(always(), "2"), energy_at(hours(8, 20), "1")],
        &["tariff_hidden"],
    );
    // 06-14 and 12-24 cross, and 00-06 is missing.
    check(
        vec![energy_at(hours(6, 14), "1"), energy_at(hours(12, 24), "2")],
        &["tariff_overlap", "tariff_gap"],
    );
    check(
        vec![energy_at(hours(8, 8), "1"), energy_at(always(), "2")],
        &["tariff_never_holds"],
    );
    let month_13 = TariffRestrictions {
        months: vec![13],
        ..always()
    };
    check(
        vec![energy_at(month_13, "1"), energy_at(always(), "2")],
        &["tariff_not_on_the_clock"],
    );
    // February never lies between June and July.
    let never = TariffRestrictions {
        months: vec![2],
        start_date: Some(date("2026-06-01")),
        end_date: Some(date("2026-07-01")),
        ..always()
    };
    check(
        vec![energy_at(never, "1"), energy_at(always(), "2")],
        &["tariff_never_holds"],
    );
    // Weekdays only: the weekend is missing.
    let weekdays = TariffRestrictions {
        days_of_week: Weekday::ALL[..5].to_vec(),
        ..always()
    };
    assert_eq!(
        lint(&tariff(vec![energy_at(weekdays, "1")])),
        [TariffFinding::Gap {
            date: date("2026-01-03"),
            from_minute: 0,
            to_minute: 1440
        }]
    );
    // A tariff of energy steps covers all hours.
    let below = |max| TariffRestrictions {
        max_kwh: Some(kwh(max)),
        ..always()
    };
    check(
        vec![energy_at(below("20"), "1"), energy_at(always(), "2")],
        &[],
    );
    let mut crossed = tariff(vec![energy_at(always(), "1")]);
    let limit = |text| {
        Some(PriceLimit {
            before_taxes: None,
            after_taxes: Some(price(text)),
        })
    };
    (crossed.min_price, crossed.max_price) = (limit("5"), limit("4"));
    (crossed.start, crossed.end) = (Some(at("2026-04-15 00:00")), Some(at("2026-04-15 00:00")));
    assert_eq!(
        lint(&crossed),
        [TariffFinding::LimitsCrossed, TariffFinding::NeverValid]
    );
}

#[test]
fn nothing_panics_on_absurd_values() {
    let huge = UnitPrice::from_millionths(i64::MAX);
    let all = PriceDimension::ALL.map(|d| PriceComponent {
        vat: Some(TaxRate::from_millionths(u32::MAX)),
        step_size: u32::MAX,
        ..PriceComponent::new(d, huge)
    });
    let mut t = tariff(vec![
        element(
            &all,
            TariffRestrictions {
                start_minute: Some(u16::MAX),
                end_minute: Some(3000),
                months: vec![0, 200],
                max_kwh: Some(Quantity::from_millionths(i64::MIN)),
                ..TariffRestrictions::default()
            },
        ),
        element(&all, TariffRestrictions::default()),
    ]);
    t.idle_fees = vec![IdleFee {
        per_minute: huge,
        step_s: u16::MAX,
        max: Some(price("-1")),
        ..IdleFee::default()
    }];
    t.parking = Some(ParkingFee {
        waiver: ParkingWaiver::Paid,
        per_hour: Some(huge),
        step_s: u32::MAX,
        max: None,
    });
    t.min_price = Some(PriceLimit {
        before_taxes: Some(huge),
        after_taxes: None,
    });
    t.max_price = Some(PriceLimit {
        before_taxes: None,
        after_taxes: Some(price("-9")),
    });
    let period = |activity, energy| SessionPeriod {
        activity,
        ..SessionPeriod::charging(400_000, Quantity::from_millionths(energy))
    };
    let session = Session {
        start: Instant::from_unix_s(-1_000_000_000_000),
        periods: vec![
            period(Activity::Reserved { expired: true }, 0),
            period(Activity::Charging, i64::MAX),
            period(Activity::Parking, -5),
            SessionPeriod::charging(0, kwh("1")),
        ],
    };
    let bill = bill_session(&t, &session, &china());
    assert!(!bill.lines.is_empty());
    assert!(!lint(&t).is_empty());
    assert!(!day_prices(&t, LocalDate::from_days(2_000_000_000), &china()).is_empty());
}
