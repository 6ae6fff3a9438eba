//! Money: exact unit prices and quantities, exact sums, and amounts rounded once.

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
    /// Not a decimal number of at most six places.
    #[error("{0:?} is not a quantity: a decimal number with at most six places")]
    Quantity(String),
    /// Not a percentage of at most four places.
    #[error("{0:?} is not a tax rate: percent from 0 to 400 with at most four places")]
    Rate(String),
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
        parse_millionths(text)
            .map(Self)
            .ok_or_else(|| MoneyError::Price(text.to_owned()))
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
        write_millionths(f, self.0, 2)
    }
}

/// Millionths from a plain decimal such as `1.0358`.
fn parse_millionths(text: &str) -> Option<i64> {
    let (negative, digits) = match text.trim().strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.trim()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let kept = fraction.trim_end_matches('0');
    if kept.len() > PLACES {
        return None;
    }
    let mut millionths = whole.parse::<i64>().ok()?.checked_mul(SCALE)?;
    let mut place = SCALE;
    for digit in kept.bytes() {
        place /= 10;
        millionths = millionths.checked_add(i64::from(digit - b'0') * place)?;
    }
    Some(if negative { -millionths } else { millionths })
}

/// Writes millionths as a decimal with at least `min_places` places, no more than needed.
fn write_millionths(f: &mut fmt::Formatter<'_>, millionths: i64, min_places: usize) -> fmt::Result {
    let sign = if millionths < 0 { "-" } else { "" };
    let (whole, rest) = (
        millionths.unsigned_abs() / SCALE as u64,
        millionths.unsigned_abs() % SCALE as u64,
    );
    let fraction = format!("{rest:06}");
    let kept = fraction.trim_end_matches('0').len().max(min_places);
    if kept == 0 {
        write!(f, "{sign}{whole}")
    } else {
        write!(f, "{sign}{whole}.{}", &fraction[..kept])
    }
}

/// An exact decimal number of some unit, to six places; the field that holds it names the unit
/// (kWh, kW, A). Stored as millionths.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Quantity(i64);

impl Quantity {
    /// From millionths of the unit.
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// Millionths of the unit.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// Reads a plain decimal such as `"0.1"`; never through a float.
    ///
    /// # Errors
    /// When it is not a decimal number, has more than six places, or is beyond ±9 · 10¹² .
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        parse_millionths(text)
            .map(Self)
            .ok_or_else(|| MoneyError::Quantity(text.to_owned()))
    }

    /// The nearest quantity to a float: for what was computed rather than agreed upon, such as
    /// the energy of a planned stop. Not a number becomes 0, what is beyond the range its end.
    pub fn nearest(value: f64) -> Self {
        Self(libm::round(value * SCALE as f64) as i64)
    }

    /// As a float, for drawing and comparing only.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / SCALE as f64
    }
}

impl fmt::Display for Quantity {
    /// No more places than needed: `12.3`, `40`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_millionths(f, self.0, 0)
    }
}

/// A rate of tax, exact to a ten-thousandth of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaxRate(u32);

impl TaxRate {
    /// From millionths: 200,000 is 20 %.
    pub const fn from_millionths(millionths: u32) -> Self {
        Self(millionths)
    }

    /// Millionths: 20 % is 200,000.
    pub const fn millionths(self) -> u32 {
        self.0
    }

    /// Reads a percentage such as `"20.0"`.
    ///
    /// # Errors
    /// When it is not a decimal number within 0 to 400 of at most four places.
    pub fn parse_percent(text: &str) -> Result<Self, MoneyError> {
        parse_millionths(text)
            .filter(|m| m % 100 == 0 && (0..=400 * SCALE).contains(m))
            .map(|m| Self((m / 100) as u32))
            .ok_or_else(|| MoneyError::Rate(text.to_owned()))
    }
}

impl fmt::Display for TaxRate {
    /// In percent, no more places than needed: `20`, `5.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_millionths(f, i64::from(self.0) * 100, 0)
    }
}

/// A sum of money before it is rounded. Prices are millionths of a unit; energy is counted in
/// microjoules and time in nanoseconds, of which a kWh and an hour have 3.6 · 10¹² each; a tax
/// rate is millionths. Their products are whole numbers of 1 / (3.6 · 10²⁴) of a currency unit,
/// which is how the sum is stored: nothing is lost before it is rounded. Beyond ±4 · 10¹³
/// currency units it stays at that bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExactAmount(i128);

/// Parts of a kWh (microjoules) or of an hour (nanoseconds).
pub(crate) const PARTS: i64 = 3_600_000_000_000;

impl ExactAmount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One currency unit.
    const UNIT: i128 = SCALE as i128 * PARTS as i128 * SCALE as i128;

    /// How many parts a currency unit has.
    pub const PARTS_PER_UNIT: i128 = Self::UNIT;

    /// This amount in parts of a currency unit, [`ExactAmount::PARTS_PER_UNIT`] of them a unit.
    pub const fn parts(self) -> i128 {
        self.0
    }

    /// As many currency units as the price says.
    pub const fn from_price(price: UnitPrice) -> Self {
        Self(price.0 as i128 * (Self::UNIT / SCALE as i128))
    }

    /// A price times a part of its unit: microjoules for a price of a kWh, nanoseconds for a
    /// price of an hour.
    pub(crate) const fn of_parts(price: UnitPrice, parts: i128) -> Self {
        Self((price.0 as i128 * SCALE as i128).saturating_mul(parts))
    }

    /// The sum.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// This times the rate, rounded to the stored precision (10⁻²⁴ of a unit). Exact for an
    /// amount that has not been taxed before.
    pub(crate) const fn tax(self, rate: TaxRate) -> Self {
        Self(Self::scaled(self.0, rate.0 as i128, SCALE as i128))
    }

    /// The amount that with tax at this rate becomes this one, to the stored precision.
    pub(crate) const fn without_tax(self, rate: TaxRate) -> Self {
        let whole = SCALE as i128 + rate.0 as i128;
        Self(Self::scaled(self.0, SCALE as i128, whole))
    }

    /// `value · times / over` without overflow on the way; towards zero.
    const fn scaled(value: i128, times: i128, over: i128) -> i128 {
        (value / over)
            .saturating_mul(times)
            .saturating_add((value % over).saturating_mul(times) / over)
    }

    /// This amount in the proportion `part` to `whole`; nothing for a whole of nothing. To a
    /// billionth of itself: for splitting an adjustment, never for a price.
    pub(crate) fn in_proportion(self, part: Self, whole: Self) -> Self {
        const FINE: i128 = 1_000_000_000;
        match whole.0 / FINE {
            0 => Self::ZERO,
            unit => Self(Self::scaled(self.0, part.0 / unit, FINE)),
        }
    }

    /// To the nearest multiple of 10^-`places` (0 to 6) of a currency unit, half away from zero.
    pub fn rounded(self, places: u32) -> UnitPrice {
        let step = 10_i64.pow(6 - places.min(6));
        let unit = Self::UNIT / i128::from(SCALE) * i128::from(step);
        let steps = Self::divided(self.0, unit);
        UnitPrice(
            i64::try_from(steps)
                .ok()
                .and_then(|s| s.checked_mul(step))
                .unwrap_or(if self.0 < 0 { i64::MIN } else { i64::MAX }),
        )
    }

    /// Whole `unit`s, half away from zero.
    const fn divided(value: i128, unit: i128) -> i128 {
        let (whole, rest) = (value / unit, value % unit);
        whole
            + if rest.unsigned_abs() * 2 >= unit.unsigned_abs() {
                value.signum()
            } else {
                0
            }
    }

    /// The amount to pay: rounded once, half up (away from zero), to minor units.
    pub fn to_amount(self, currency: Currency) -> Amount {
        let per_minor = Self::UNIT / i128::from(currency.minor_per_unit());
        let minor = Self::divided(self.0, per_minor);
        Amount {
            minor: i64::try_from(minor).unwrap_or(if minor < 0 { i64::MIN } else { i64::MAX }),
            currency,
        }
    }

    /// As a float, for drawing and comparing only.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / Self::UNIT as f64
    }
}

impl core::iter::Sum for ExactAmount {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Self::plus)
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
    fn quantities_and_rates_print_no_more_places_than_needed() {
        for (text, shown) in [
            ("12.30", "12.3"),
            ("40", "40"),
            ("-0.5", "-0.5"),
            ("0", "0"),
        ] {
            assert_eq!(Quantity::parse(text).unwrap().to_string(), shown);
        }
        assert_eq!(Quantity::nearest(28.6).millionths(), 28_600_000);
        assert_eq!(Quantity::nearest(f64::NAN), Quantity::default());
        let rate = TaxRate::parse_percent("5.50").unwrap();
        assert_eq!(
            (rate.millionths(), rate.to_string().as_str()),
            (55_000, "5.5")
        );
        for bad in ["-1", "401", "5.12345", "x"] {
            assert!(TaxRate::parse_percent(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn exact_amounts_round_half_away_from_zero() {
        let price = |text| UnitPrice::parse(text).unwrap();
        let exact = |text| ExactAmount::from_price(price(text));
        // A third of an hour at 1 an hour, three times: exactly 1.
        let third = ExactAmount::of_parts(price("1"), i128::from(PARTS / 3));
        assert_eq!(third.plus(third).plus(third), exact("1"));
        assert_eq!(third.rounded(4), price("0.3333"));
        for (text, minor) in [
            ("0.005", 1),
            ("0.004999", 0),
            ("-0.005", -1),
            ("2.675", 268),
        ] {
            assert_eq!(exact(text).to_amount(Currency::CNY).minor, minor, "{text}");
        }
        let vat = TaxRate::from_millionths(190_000);
        assert_eq!(exact("10").tax(vat), exact("1.9"));
        assert_eq!(exact("11.9").without_tax(vat), exact("10"));
        assert_eq!(
            exact("1.1").in_proportion(exact("2"), exact("10")),
            exact("0.22")
        );
        // Absurd sums stay at the bound.
        let huge = ExactAmount::of_parts(UnitPrice(i64::MAX), i128::MAX / 2);
        assert_eq!(
            huge.plus(huge).to_amount(Currency::CNY).minor,
            4_726_143_985_013_034
        );
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
