//! Money: exact unit prices, and amounts rounded once.

use core::fmt;
use serde::{Deserialize, Serialize};

/// An ISO 4217 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Renminbi.
    pub const CNY: Self = Self(*b"CNY");
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// Pound sterling.
    pub const GBP: Self = Self(*b"GBP");

    /// From a code of three letters, in any case.
    ///
    /// # Errors
    /// When `code` is not three ASCII letters.
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        match code.as_bytes() {
            [a, b, c] if code.chars().all(|c| c.is_ascii_alphabetic()) => Ok(Self([
                a.to_ascii_uppercase(),
                b.to_ascii_uppercase(),
                c.to_ascii_uppercase(),
            ])),
            _ => Err(MoneyError::Currency(code.to_owned())),
        }
    }

    /// The code in capitals.
    pub fn code(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many minor units make one unit: 1 for yen, won and their like, else 100.
    pub fn minor_per_unit(self) -> i64 {
        const WHOLE: [&[u8; 3]; 6] = [b"JPY", b"KRW", b"VND", b"CLP", b"ISK", b"UGX"];
        if WHOLE.contains(&&self.0) { 1 } else { 100 }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A price that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not three letters.
    #[error("{0:?} is not a currency code of three letters")]
    Currency(String),
    /// Not a decimal number of at most six places.
    #[error("{0:?} is not a price: a decimal number with at most six places")]
    Price(String),
}

/// Places after the point that a unit price can hold.
const PLACES: usize = 6;
const SCALE: i64 = 1_000_000;

/// An exact decimal price for one unit (a kWh, an hour), to six places: 1.0358 yuan/kWh is
/// exactly that. Stored as millionths.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct UnitPrice(i64);

impl UnitPrice {
    /// From millionths of a currency unit.
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// Millionths of a currency unit.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// Reads a plain decimal such as `"1.0358"`; never through a float.
    ///
    /// # Errors
    /// When it is not a decimal number, has more than six places, or is beyond ±9 · 10¹² .
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let bad = || MoneyError::Price(text.to_owned());
        let (negative, digits) = match text.trim().strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.trim()),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return Err(bad());
        }
        let kept = fraction.trim_end_matches('0');
        if kept.len() > PLACES {
            return Err(bad());
        }
        let mut millionths: i64 = whole.parse().map_err(|_| bad())?;
        millionths = millionths.checked_mul(SCALE).ok_or_else(bad)?;
        let mut place = SCALE;
        for digit in kept.bytes() {
            place /= 10;
            millionths = millionths
                .checked_add(i64::from(digit - b'0') * place)
                .ok_or_else(bad)?;
        }
        Ok(Self(if negative { -millionths } else { millionths }))
    }

    /// The sum of two prices for the same unit, exact.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// As a float, for drawing and comparing only.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / SCALE as f64
    }
}

impl fmt::Display for UnitPrice {
    /// At least two places, no more than needed: `1.0358`, `1.20`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (
            self.0.unsigned_abs() / SCALE as u64,
            self.0.unsigned_abs() % SCALE as u64,
        );
        let fraction = format!("{rest:06}");
        let kept = fraction.trim_end_matches('0');
        let kept = if kept.len() < 2 { &fraction[..2] } else { kept };
        write!(f, "{sign}{whole}.{kept}")
    }
}

/// An amount to pay, in minor units. Made by rounding once, half up, on a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// Minor units (fen, cent).
    pub minor: i64,
    /// In which currency.
    pub currency: Currency,
}

impl Amount {
    /// `units` times a unit price, rounded once, half up (away from zero), to minor units.
    /// The product is exact to a thousandth of a unit (a Wh, a millikilowatt-hour).
    pub fn of(price: UnitPrice, units: f64, currency: Currency) -> Self {
        let thousandths = libm::round(units * 1e3) as i128;
        Self::from_scaled(i128::from(price.0) * thousandths, currency)
    }

    /// From a total in 10⁻⁹ of a currency unit.
    pub fn from_scaled(nano: i128, currency: Currency) -> Self {
        let per_minor = 1_000_000_000 / i128::from(currency.minor_per_unit());
        let half = per_minor / 2;
        let minor = if nano >= 0 {
            (nano + half) / per_minor
        } else {
            (nano - half) / per_minor
        };
        Self {
            minor: minor as i64,
            currency,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_prints_exactly() {
        for (text, millionths, shown) in [
            ("1.0358", 1_035_800, "1.0358"),
            ("0.4", 400_000, "0.40"),
            ("-2", -2_000_000, "-2.00"),
            ("0.000001", 1, "0.000001"),
            ("3.10000000", 3_100_000, "3.10"),
            ("1.", 1_000_000, "1.00"),
        ] {
            let price = UnitPrice::parse(text).unwrap();
            assert_eq!(
                (price.millionths(), price.to_string().as_str()),
                (millionths, shown)
            );
        }
        for bad in [
            "",
            ".",
            "1,5",
            "1e3",
            "1.0000001",
            "--1",
            "99999999999999999",
        ] {
            assert!(UnitPrice::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rounds_half_up_once() {
        let price = UnitPrice::parse("1.0358").unwrap();
        // 28.6 kWh x 1.0358 = 29.62388 yuan.
        assert_eq!(Amount::of(price, 28.6, Currency::CNY).minor, 2962);
        // 0.005 yuan exactly: half goes up.
        assert_eq!(
            Amount::of(UnitPrice::parse("0.005").unwrap(), 1.0, Currency::CNY).minor,
            1
        );
        assert_eq!(
            Amount::of(
                UnitPrice::parse("10.5").unwrap(),
                1.0,
                Currency::parse("jpy").unwrap()
            )
            .minor,
            11
        );
    }
}
