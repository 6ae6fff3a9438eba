//! China's structured prices: T/CEC 102's policy and Zhejiang's additions.

#![expect(clippy::unwrap_used, reason = "a test that fails says why")]

use chongtu_feeds::ocpi::code;
use chongtu_feeds::tcec::{ChargingType, parse_policy};
use chongtu_model::money::{ExactAmount, Quantity, UnitPrice};
use chongtu_model::pricing::{
    EnergyPrice, Session, SessionPeriod, bill_session, day_prices, lint, price_per_kwh_at,
};
use chongtu_model::tariff::{IdleFee, ParkingWaiver, Tariff, TaxIncluded};
use chongtu_model::time::{LocalDate, TimeZone};
use chongtu_model::{Instant, TariffId};
use serde_json::{Value, json};

fn price(text: &str) -> UnitPrice {
    UnitPrice::parse(text).unwrap()
}

fn at(day: &str, minute: i64) -> Instant {
    let midnight = LocalDate::parse(day).unwrap().days() * 86_400 - 8 * 3600;
    Instant::from_unix_s(midnight + minute * 60)
}

fn read(charging: Option<ChargingType>, value: &Value) -> (Tariff, Vec<(&'static str, String)>) {
    let (tariff, notes) = parse_policy(&TariffId::new("p"), charging, value);
    let notes = notes.into_iter().map(|n| (n.code, n.path)).collect();
    (tariff.unwrap(), notes)
}

/// The prices of a day: until which hour which sum.
fn day(tariff: &Tariff, date: &str) -> Vec<(u16, Option<String>)> {
    day_prices(
        tariff,
        LocalDate::parse(date).unwrap(),
        &TimeZone::shanghai(),
    )
    .iter()
    .map(|s| (s.end_minute / 60, s.price.per_kwh().map(|p| p.to_string())))
    .collect()
}

fn hours(of: &[(u16, &str)]) -> Vec<(u16, Option<String>)> {
    of.iter()
        .map(|(h, p)| (*h, Some((*p).to_owned())))
        .collect()
}

#[test]
fn the_sample_of_the_standard() {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    if !std::path::Path::new(data).exists() {
        assert!(
            std::env::var_os("CI").is_none_or(|v| v != "true"),
            "shared data is absent"
        );
        println!("skipped: no ../shared/data");
        return;
    }
    let file = std::fs::read(format!("{data}/protocols/tcec/authored-samples.json")).unwrap();
    let samples: Value = serde_json::from_slice(&file).unwrap();
    let policy = &samples["query_equip_business_policy"]["response"];
    let (tariff, notes) = read(None, policy);
    assert_eq!(notes, []);
    assert_eq!(lint(&tariff), []);
    assert_eq!(tariff.tax_included, TaxIncluded::Yes);
    // 0.7390, 0.4634 and 1.0358 with 0.6 of service.
    let (flat, valley, peak) = ("1.339", "1.0634", "1.6358");
    assert_eq!(
        day(&tariff, "2026-04-15"),
        hours(&[
            (2, flat),
            (6, valley),
            (10, flat),
            (14, valley),
            (15, flat),
            (22, peak),
            (24, flat)
        ])
    );
    // PROTOCOLS §1.6: 100 kWh from 21:30 to 02:30.
    let session = Session {
        start: at("2026-04-15", 21 * 60 + 30),
        periods: vec![SessionPeriod::charging(
            5 * 3600,
            Quantity::parse("100").unwrap(),
        )],
    };
    let bill = bill_session(&tariff, &session, &TimeZone::shanghai());
    assert_eq!(bill.after_taxes, ExactAmount::from_price(price("134.1120")));
}

#[test]
fn periods_without_an_end_last_until_the_next() {
    let (tariff, notes) = read(
        None,
        &json!({"PolicyInfos": [
            {"StartTime": "220000", "ElecPrice": "0.3", "ServicePrice": 0.2},
            {"StartTime": "080000", "ElecPrice": 0.9, "SevicePrice": "0.4"},
        ]}),
    );
    assert_eq!(notes, [(code::ORDER_CHANGED, "$.PolicyInfos".to_owned())]);
    assert_eq!(
        day(&tariff, "2026-01-01"),
        hours(&[(8, "0.50"), (22, "1.30"), (24, "0.50")])
    );
    let (one, notes) = read(
        None,
        &json!({"PolicyInfos": [{"StartTime": "060000", "ElecPrice": 1.2}]}),
    );
    assert_eq!(notes, []);
    assert_eq!(day(&one, "2026-01-01"), hours(&[(24, "1.20")]));
}

#[test]
fn a_province_adds_ends_dates_kinds_overstay_and_parking() {
    let period = |from: &str, to: &str, kind: u8, elec: f64| {
        json!({"StartTime": from, "EndTime": to, "ChargingType": kind, "ElecFee": elec, "ServiceFee": 0.4,
            "StartDate": "2026-01-01", "EndDate": "2026-12-31"})
    };
    let value = json!({
        "PolicyInfos": [
            period("00:00", "08:00", 2, 0.3), period("08:00", "24:00", 2, 0.9),
            period("00:00:00", "23:59:59", 3, 1.5),
        ],
        "ParkType": 3,
        "IdleFeeFlag": 2,
        "IdleFeeInfos": [{"StartTime": "080000", "EndTime": "215959", "IdleFee": 0.5, "FullIdleFee": 1,
            "MaxFee": "50", "FreeTime": 15, "StartDate": "20260101"}],
    });
    let (fast, notes) = read(Some(ChargingType::Fast), &value);
    assert_eq!(notes, []);
    assert_eq!(
        day(&fast, "2026-04-15"),
        hours(&[(8, "0.70"), (24, "1.30")])
    );
    // The last day is the 31st.
    assert_eq!(
        day(&fast, "2026-12-31"),
        hours(&[(8, "0.70"), (24, "1.30")])
    );
    assert_eq!(day(&fast, "2027-01-01"), [(24, None)]);
    let (ultra, _) = read(Some(ChargingType::Ultra), &value);
    assert_eq!(day(&ultra, "2026-04-15"), hours(&[(24, "1.90")]));
    assert_eq!(
        fast.idle_fees,
        [IdleFee {
            per_minute: price("0.5"),
            free_minutes: 15,
            max: Some(price("50")),
            per_minute_when_full: Some(price("1")),
            start_minute: Some(480),
            end_minute: Some(1320),
            start_date: LocalDate::parse("2026-01-01").ok(),
            ..IdleFee::default()
        }]
    );
    assert_eq!(
        fast.parking.unwrap().waiver,
        ParkingWaiver::WhenChargingForATime
    );
}

#[test]
fn what_cannot_be_read_leaves_a_gap_that_is_told() {
    let (tariff, notes) = read(
        None,
        &json!({"PolicyInfos": [
            {"StartTime": "000000", "EndTime": "080000", "ElecFee": 0.3},
            {"StartTime": "080000", "EndTime": "noon", "ElecFee": 0.9},
            {"StartTime": "120000", "EndTime": "240000", "ElecFee": "free"},
            {"EndTime": "240000", "ElecFee": 1},
        ]}),
    );
    let codes: Vec<&str> = notes.iter().map(|(code, _)| *code).collect();
    assert_eq!(
        codes,
        [
            code::RESTRICTION_UNREADABLE,
            code::PRICE_UNREADABLE,
            code::PRICE_UNREADABLE,
            code::RESTRICTION_UNREADABLE
        ]
    );
    assert_eq!(notes[0].1, "$.PolicyInfos.1.EndTime");
    assert_eq!(
        day(&tariff, "2026-01-01"),
        [(8, Some("0.30".into())), (24, None)]
    );
    let spans = day_prices(
        &tariff,
        LocalDate::parse("2026-01-01").unwrap(),
        &TimeZone::shanghai(),
    );
    assert_eq!(spans[1].price, EnergyPrice::Gap);
    assert_eq!(
        price_per_kwh_at(&tariff, at("2026-01-01", 480), &TimeZone::shanghai()),
        None
    );

    for nothing in [
        json!({}),
        json!({"PolicyInfos": []}),
        json!([1]),
        json!({"PolicyInfos": [7]}),
    ] {
        let (tariff, notes) = parse_policy(&TariffId::new("p"), None, &nothing);
        assert_eq!(tariff, None, "{nothing}");
        assert!(!notes.is_empty(), "{nothing}");
    }
}
