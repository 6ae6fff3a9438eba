//! Decimal numbers as people and links write them.
//!
//! The standard library's parser of floating-point numbers reads every number that can be written,
//! correctly rounded, and brings tables of 10 KB for it, which compress to nothing less. The first
//! page would load them twice, in the app and in its worker. Coordinates and percentages need none
//! of that.

/// The whole numbers that a float holds exactly: up to 2^53.
const EXACT: u64 = 1 << 53;

/// `-118.797`: digits with at most one point between or before them, and a sign before. No
/// exponent, no blanks, no infinity. With up to 15 digits it is the float next to what is written, as
/// the standard library has it; digits beyond what a float can hold are left out.
pub fn parse_decimal(text: &str) -> Option<f64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if part.is_empty() && whole.len() < digits.len() {
        return None;
    }
    let (mut number, mut scale, mut any, mut full) = (0_u64, 1.0_f64, false, false);
    for (is_part, digit) in whole
        .bytes()
        .map(|b| (false, b))
        .chain(part.bytes().map(|b| (true, b)))
    {
        if !digit.is_ascii_digit() {
            return None;
        }
        any = true;
        let next = number * 10 + u64::from(digit - b'0');
        full |= next > EXACT;
        if !full {
            number = next;
            scale *= if is_part { 10.0 } else { 1.0 };
        } else if !is_part {
            return None;
        }
        // Else: further digits after the point say nothing that a float could hold.
    }
    // Both are exact, so that the one division rounds as the number itself would.
    let value = number as f64 / scale;
    any.then_some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::parse_decimal;

    #[test]
    fn as_the_standard_library_reads_it() {
        let mut seed = 0x00C0_FFEE_u64;
        for _ in 0..100_000 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let n_digits = 1 + (seed >> 60) as u32 % 15;
            let digits = (seed >> 8) % 10_u64.pow(n_digits);
            let mut text = format!("{digits:0width$}", width = n_digits as usize);
            let point = (seed >> 40) as usize % (text.len() + 1);
            if point < text.len() {
                text.insert(point, '.');
            }
            if seed.is_multiple_of(3) {
                text.insert(0, '-');
            }
            let expected: f64 = text.parse().unwrap();
            let got = parse_decimal(&text).unwrap();
            assert_eq!(got.to_bits(), expected.to_bits(), "{text}");
        }
    }

    #[test]
    fn what_is_no_decimal() {
        for text in [
            "",
            "-",
            "+",
            ".",
            "-.",
            "5.",
            "1e3",
            "inf",
            "NaN",
            " 1",
            "1 ",
            "1.2.3",
            "--1",
            "0x1",
            "１",
            "1,5",
            "99999999999999999999",
        ] {
            assert_eq!(parse_decimal(text), None, "{text:?}");
        }
    }

    #[test]
    fn more_digits_than_a_float_holds() {
        let got = parse_decimal("118.796900000000000000000000000001").unwrap();
        assert!((got - 118.7969).abs() < 1e-13, "{got}");
        assert_eq!(parse_decimal("+.5"), Some(0.5));
        assert_eq!(parse_decimal("007"), Some(7.0));
    }
}
