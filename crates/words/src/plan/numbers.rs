//! Numbers with their units, as every view of a plan writes them.

use super::not_published;
use crate::Lang;
use crate::common::duration;
use chongtu_model::{Amount, ConnectorStandard, Currency};

/// A share as whole percent: `18%`.
pub fn percent(share: f64) -> String {
    format!("{}%", (share * 100.0).round() as i64)
}

/// A range of shares: `12–24%`; one number when both round to the same.
pub fn percent_range(low: f64, high: f64) -> String {
    let (low, high) = ((low * 100.0).round() as i64, (high * 100.0).round() as i64);
    if low == high {
        format!("{low}%")
    } else {
        format!("{low}–{high}%")
    }
}

/// Energy with one place: `28.6 kWh`.
pub fn kwh(energy_kwh: f64) -> String {
    format!("{energy_kwh:.1} kWh")
}

/// Power without needless places: `120 kW`, `7.5 kW`.
pub fn kw(power_kw: f64) -> String {
    if (power_kw - power_kw.round()).abs() < 0.05 {
        format!("{power_kw:.0} kW")
    } else {
        format!("{power_kw:.1} kW")
    }
}

/// What people call a connector.
pub const fn connector(l: Lang, standard: ConnectorStandard) -> &'static str {
    match standard {
        ConnectorStandard::GbtAc => l.pick("国标交流", "GB/T AC"),
        ConnectorStandard::GbtDc => l.pick("国标直流", "GB/T DC"),
        ConnectorStandard::Chaoji => "ChaoJi",
        ConnectorStandard::Chademo => "CHAdeMO",
        ConnectorStandard::Iec62196T1 => "Type 1",
        ConnectorStandard::Iec62196T1Combo => "CCS1",
        ConnectorStandard::Iec62196T2 => "Type 2",
        ConnectorStandard::Iec62196T2Combo => "CCS2",
        ConnectorStandard::TeslaS => "Tesla",
        ConnectorStandard::SaeJ3400 => "NACS",
        ConnectorStandard::Domestic => l.pick("家用插座", "Household socket"),
    }
}

/// An amount of money with its sign: `¥45.19`. Currencies without a sign here show their code.
pub fn money(amount: Amount) -> String {
    let sign = match amount.currency {
        Currency::CNY => "¥".to_owned(),
        Currency::EUR => "€".to_owned(),
        Currency::GBP => "£".to_owned(),
        other => format!("{other} "),
    };
    let minus = if amount.minor < 0 { "−" } else { "" };
    let minor = amount.minor.unsigned_abs();
    let per_unit = amount.currency.minor_per_unit().unsigned_abs();
    if per_unit == 1 {
        format!("{minus}{sign}{minor}")
    } else {
        format!("{minus}{sign}{}.{:02}", minor / per_unit, minor % per_unit)
    }
}

/// What stops cost, or that nobody published it.
pub fn cost_or_unknown(l: Lang, cost: Option<Amount>) -> String {
    cost.map_or_else(|| not_published(l).to_owned(), money)
}

/// A charging span. Never "0 min": a short one is "under a minute".
pub fn charging_time(l: Lang, seconds: f64) -> String {
    if seconds < 30.0 {
        l.pick("不到 1 min", "under 1 min").to_owned()
    } else {
        duration(l, seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_two_places_where_the_currency_has() {
        let cny = |minor| {
            money(Amount {
                minor,
                currency: Currency::CNY,
            })
        };
        assert_eq!(
            [cny(4519), cny(5), cny(0), cny(-120)],
            ["¥45.19", "¥0.05", "¥0.00", "−¥1.20"]
        );
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(
            money(Amount {
                minor: 450,
                currency: yen
            }),
            "JPY 450"
        );
    }

    #[test]
    fn a_short_charge_is_never_zero_minutes() {
        for seconds in [0.0, 1.0, 29.9, 30.0, 59.0] {
            for l in [Lang::Zh, Lang::En] {
                assert!(!charging_time(l, seconds).starts_with("0 "), "{seconds}");
            }
        }
    }
}
