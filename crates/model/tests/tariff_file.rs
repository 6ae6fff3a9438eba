//! Tariffs in the `.locations` file: all of them comes back, and what is not said takes a byte.

use chongtu_model::file::{decode, encode};
use chongtu_model::money::{Quantity, TaxRate, UnitPrice};
use chongtu_model::provenance::LocalText;
use chongtu_model::tariff::{
    IdleFee, ParkingFee, ParkingWaiver, PriceComponent, PriceDimension, PriceLimit,
    ReservationRestriction, Tariff, TariffElement, TariffKind, TariffRestrictions, TaxIncluded,
    TimeBand,
};
use chongtu_model::time::{LocalDate, Weekday};
use chongtu_model::{Catalogue, Currency, Instant, OperatorId, TariffId};

/// A tariff in which everything is said, no two fields with the same value.
fn full() -> Tariff {
    let price = UnitPrice::from_millionths;
    let quantity = |n| Some(Quantity::from_millionths(n));
    let date = |text| LocalDate::parse(text).ok();
    let element = TariffElement {
        components: PriceDimension::ALL
            .iter()
            .zip(1..)
            .map(|(&dimension, n)| PriceComponent {
                dimension,
                price: price(n * 111_111),
                vat: Some(TaxRate::from_millionths(n as u32 * 10_000)),
                step_size: n as u32,
            })
            .collect(),
        restrictions: TariffRestrictions {
            start_minute: Some(1),
            end_minute: Some(1439),
            months: vec![2, 12],
            days_of_week: vec![Weekday::Monday, Weekday::Sunday],
            start_date: date("1969-12-31"),
            end_date: date("2099-01-01"),
            min_kwh: quantity(3),
            max_kwh: quantity(4_000_000),
            min_current_a: quantity(5),
            max_current_a: quantity(6),
            min_power_kw: quantity(7),
            max_power_kw: quantity(8),
            min_duration_s: Some(9),
            max_duration_s: Some(u32::MAX),
            reservation: Some(ReservationRestriction::ReservationExpires),
        },
        band: Some(TimeBand::DeepValley),
    };
    Tariff {
        id: TariffId::new("full"),
        operator: Some(OperatorId::new("op")),
        currency: Currency::CNY,
        elements: vec![element, TariffElement::default()],
        kind: Some(TariffKind::Regular),
        alt_text: Some(LocalText::both("谷段优惠", "cheap at night")),
        alt_url: Some("tariff.html".into()),
        min_price: Some(PriceLimit {
            before_taxes: Some(price(10)),
            after_taxes: None,
        }),
        max_price: Some(PriceLimit {
            before_taxes: None,
            after_taxes: Some(price(-11)),
        }),
        tax_included: TaxIncluded::NotApplicable,
        start: Some(Instant::from_unix_s(-12)),
        end: Some(Instant::from_unix_s(13)),
        idle_fees: vec![IdleFee {
            per_minute: price(14),
            free_minutes: 15,
            step_s: 16,
            max: Some(price(17)),
            per_minute_when_full: Some(price(18)),
            start_minute: Some(19),
            end_minute: Some(20),
            start_date: date("2026-02-01"),
            end_date: date("2026-02-02"),
        }],
        parking: Some(ParkingFee {
            waiver: ParkingWaiver::WhenCharging(Some(21)),
            per_hour: Some(price(22)),
            step_s: 23,
            max: Some(price(24)),
        }),
    }
}

fn with(tariffs: Vec<Tariff>) -> Catalogue {
    Catalogue {
        tariffs,
        ..Catalogue::default()
    }
}

#[test]
fn a_tariff_that_says_everything_comes_back() {
    let catalogue = with(vec![full()]);
    assert_eq!(decode(&encode(&catalogue)).unwrap(), catalogue);
}

#[test]
fn what_is_not_said_takes_at_most_a_byte() {
    let flat = |i: usize| {
        let components = vec![
            PriceComponent::new(PriceDimension::Energy, UnitPrice::from_millionths(739_000)),
            PriceComponent::new(PriceDimension::Service, UnitPrice::from_millionths(400_000)),
        ];
        let element = TariffElement {
            components,
            ..TariffElement::default()
        };
        Tariff::new(
            TariffId::new(&format!("t{i:03}")),
            Currency::CNY,
            vec![element],
        )
    };
    let size = |n| encode(&with((0..n).map(flat).collect())).len();
    // Id 1 + 4, currency 3, two lengths, two components of dimension, price (at most 3 bytes and
    // one), tax and step, 15 restrictions and a band, 12 other fields: 5 + 3 + 2 + 14 + 16 + 12.
    let each = (size(110) - size(10)) / 100;
    assert!(each <= 52, "{each} bytes");
}
