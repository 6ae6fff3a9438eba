//! Prices by period in a region written by hand: calendars, tariffs by them, and their mistakes.

use chongtu_feeds::import_region;
use chongtu_model::UnitPrice;
use chongtu_model::tariff::{IdleFee, PriceDimension, TimeBand};

/// A calendar of two seasons and a tariff by it.
const BY_PERIOD: &str = r#"
[[operator]]
id = "zjq"
name = { zh = "甲", en = "A" }
[[calendar]]
id = "own"
source = { zh = "自拟", en = "Our own" }
seasons = [
  { months = [1, 2, 3, 4, 5, 6], peak = ["08:00-22:00"], valley = ["22:00-08:00"] },
  { months = [7, 8, 9, 10, 11, 12], peak = ["00:00-24:00"] },
]
[[tariff]]
id = "zjq-dc"
operator = "zjq"
currency = "CNY"
calendar = "own"
energy_per_kwh = { peak = "1.0", valley = "0.5" }
service_per_kwh = "0.4"
idle = { per_minute = "0.50", free_minutes = 15, cap = "30.00" }
"#;

#[test]
fn a_tariff_by_period_is_one_element_a_span() {
    let out = import_region("", BY_PERIOD).unwrap();
    let tariff = &out.catalogue.tariffs[0];
    let got: Vec<_> = tariff
        .elements
        .iter()
        .map(|e| {
            let r = &e.restrictions;
            let prices: Vec<_> = e
                .components
                .iter()
                .map(|c| (c.dimension, c.price.to_string()))
                .collect();
            (
                e.band,
                r.start_minute,
                r.end_minute,
                r.months.clone(),
                prices,
            )
        })
        .collect();
    let energy = |price: &str| vec![(PriceDimension::Energy, price.to_owned())];
    let (first, second) = ((1..=6).collect::<Vec<u8>>(), (7..=12).collect::<Vec<u8>>());
    assert_eq!(
        got,
        [
            (
                Some(TimeBand::Peak),
                Some(480),
                Some(1320),
                first.clone(),
                energy("1.00")
            ),
            (
                Some(TimeBand::Valley),
                Some(1320),
                Some(480),
                first,
                energy("0.50")
            ),
            (Some(TimeBand::Peak), None, None, second, energy("1.00")),
            (
                None,
                None,
                None,
                Vec::new(),
                vec![(PriceDimension::Service, "0.40".to_owned())]
            ),
        ]
    );
    assert_eq!(tariff.flat_price_per_kwh(), None);
    assert_eq!(tariff.alt_text.as_ref().unwrap().get(true), "Our own");
    assert_eq!(
        tariff.idle_fees,
        [IdleFee {
            per_minute: UnitPrice::parse("0.5").unwrap(),
            free_minutes: 15,
            max: Some(UnitPrice::parse("30").unwrap()),
            ..IdleFee::default()
        }]
    );
}

#[test]
fn mistakes_in_calendars_and_prices_are_named() {
    #[track_caller]
    fn check(from: &str, to: &str, parts: &[&str]) {
        let text = BY_PERIOD.replacen(from, to, 1);
        assert_ne!(text, BY_PERIOD, "{from} is not in the sample");
        let error = import_region("", &text).unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "{part:?} is not in: {error}");
        }
    }
    assert!(import_region("", BY_PERIOD).is_ok());
    let gap = &[
        "operators.toml",
        "calendar \"own\"",
        "month 1, 22:00 is in no period",
    ][..];
    check("22:00-08:00", "22:30-08:00", gap);
    check(
        "22:00-08:00",
        "22:00-07:59",
        &["month 1, 07:59 is in no period"],
    );
    check(
        "22:00-08:00",
        "21:59-08:00",
        &["month 1, 21:59 is twice", "peak and valley"],
    );
    check(
        "[7, 8, 9, 10, 11, 12]",
        "[7, 8, 9, 10, 11]",
        &["month 12, 00:00 is in no period"],
    );
    check("[7, 8, 9,", "[6, 7, 8, 9,", &["month 6, 00:00 is twice"]);
    check("[7, 8, 9,", "[0, 7, 8, 9,", &["0 is no month"]);
    for span in [
        "8:00-22:00",
        "08:00-25:00",
        "08:00-08:00",
        "08:60-22:00",
        "08:00",
        "22:00-00:00",
        "24:00-08:00",
        "99999:00-1:00",
    ] {
        check("08:00-22:00", span, &["seasons", span, "no span of hours"]);
    }
    check("peak = [\"08", "noon = [\"08", &["operators.toml", "noon"]);
    check(
        ", valley = \"0.5\"",
        "",
        &["zjq-dc", "energy_per_kwh", "valley", "no price"],
    );
    check(
        "valley = \"0.5\"",
        "valley = \"0.5\", flat = \"0.7\"",
        &["energy_per_kwh", "flat", "no such hours"],
    );
    check(
        "valley = \"0.5\"",
        "vally = \"0.5\"",
        &["operators.toml", "vally"],
    );
    check(
        "valley = \"0.5\"",
        "valley = \"-0.5\"",
        &["zjq-dc", "below 0"],
    );
    check(
        "calendar = \"own\"",
        "calendar = \"none\"",
        &["zjq-dc", "calendar", "none", "jiangsu-2025"],
    );
    check(
        "calendar = \"own\"\n",
        "",
        &["zjq-dc", "energy_per_kwh", "need a calendar"],
    );
    check(
        "{ peak = \"1.0\", valley = \"0.5\" }",
        "\"1.0\"",
        &["zjq-dc", "calendar", "says nothing"],
    );
    check(
        "{ peak = \"1.0\", valley = \"0.5\" }",
        "1.0",
        &["operators.toml", "a text in quotes, or a table"],
    );
    check(
        "id = \"own\"",
        "id = \"jiangsu-2025\"",
        &["another calendar"],
    );
    check(
        "\"0.50\"",
        "\"half\"",
        &["zjq-dc", "idle.per_minute", "half"],
    );
    check("\"30.00\"", "\"-1\"", &["zjq-dc", "idle.cap"]);
}
