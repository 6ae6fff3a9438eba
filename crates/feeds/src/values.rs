//! Single values as feeds write them: connector names, powers, counts.

use chongtu_model::ConnectorStandard;
use serde_json::Value;

/// The greatest power that is believed, kW.
pub(crate) const MAX_POWER_KW: f64 = 2000.0;
/// The greatest number of EVSEs at one location that is believed.
pub(crate) const MAX_STALLS: u32 = 1000;

/// A power that cannot be used, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadPower {
    Unreadable,
    Zero,
    OutOfRange,
}

/// Watts from kW, as a number or as text (`"120"`, `"120 kW"`).
pub(crate) fn power_w(value: &Value) -> Result<u32, BadPower> {
    let kw = match value {
        Value::Number(n) => n.as_f64(),
        Value::String(text) => {
            let text = text.trim().to_ascii_lowercase();
            let number = text.strip_suffix("kw").unwrap_or(&text).trim_end();
            number.parse().ok()
        }
        _ => None,
    };
    watts_of_kw(kw.ok_or(BadPower::Unreadable)?)
}

/// Watts from kW.
pub(crate) fn watts_of_kw(kw: f64) -> Result<u32, BadPower> {
    if kw.is_nan() {
        return Err(BadPower::Unreadable);
    }
    if !(0.0..=MAX_POWER_KW).contains(&kw) {
        return Err(BadPower::OutOfRange);
    }
    match libm::round(kw * 1000.0) as u32 {
        0 => Err(BadPower::Zero),
        watts => Ok(watts),
    }
}

/// A whole number from 1 to [`MAX_STALLS`], as a number or as text.
pub(crate) fn stalls(value: &Value) -> Option<u32> {
    let n = match value {
        Value::Number(n) => n.as_u64().or_else(|| {
            n.as_f64()
                .filter(|f| f.fract() == 0.0 && *f >= 0.0)
                .map(|f| f as u64)
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }?;
    u32::try_from(n)
        .ok()
        .filter(|n| (1..=MAX_STALLS).contains(n))
}

/// A standard by OCPI's name or by what people call it.
pub(crate) fn standard(text: &str) -> Option<ConnectorStandard> {
    use ConnectorStandard as S;
    if let Some(found) = S::from_ocpi(text) {
        return Some(found);
    }
    let folded: String = text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    Some(match folded.as_str() {
        "gbtdc" | "gbt202343" => S::GbtDc,
        "gbtac" | "gbt202342" => S::GbtAc,
        "ccs2" | "type2ccs" | "combo2" | "type2combo" | "ccscombo2" => S::Iec62196T2Combo,
        "ccs1" | "type1ccs" | "combo1" | "type1combo" | "ccscombo1" => S::Iec62196T1Combo,
        "type2" | "mennekes" => S::Iec62196T2,
        "type1" | "j1772" | "saej1772" => S::Iec62196T1,
        "nacs" | "j3400" => S::SaeJ3400,
        "schuko" => S::Domestic,
        _ => return None,
    })
}

/// A value for a finding: short, on one line.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => short(text),
        other => short(&other.to_string()),
    }
}

/// The first 80 characters, control characters blanked.
pub(crate) fn short(text: &str) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let mut out: String = text.chars().take(80).map(clean).collect();
    if text.chars().nth(80).is_some() {
        out.push('…');
    }
    out
}

/// FNV-1a, 64 bit: ids must stay the same for ever, so the hash is fixed here.
pub(crate) fn fnv1a(parts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0xff]) {
            hash ^= u64::from(byte);
            hash = hash.wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn powers() {
        for (value, expected) in [
            (json!(120), Ok(120_000)),
            (json!(7.04), Ok(7040)),
            (json!("120"), Ok(120_000)),
            (json!("22 kW"), Ok(22_000)),
            (json!(2000), Ok(2_000_000)),
            (json!(0), Err(BadPower::Zero)),
            (json!(0.0001), Err(BadPower::Zero)),
            (json!(-3), Err(BadPower::OutOfRange)),
            (json!(2000.5), Err(BadPower::OutOfRange)),
            (json!("inf"), Err(BadPower::OutOfRange)),
            (json!("NaN"), Err(BadPower::Unreadable)),
            (json!("fast"), Err(BadPower::Unreadable)),
            (json!([1]), Err(BadPower::Unreadable)),
        ] {
            assert_eq!(power_w(&value), expected, "{value}");
        }
    }

    #[test]
    fn counts() {
        for (value, expected) in [
            (json!(6), Some(6)),
            (json!(6.0), Some(6)),
            (json!("12"), Some(12)),
            (json!(1000), Some(1000)),
            (json!(0), None),
            (json!(-1), None),
            (json!(2.5), None),
            (json!(1001), None),
            (json!(1e300), None),
            (json!("many"), None),
            (json!({}), None),
        ] {
            assert_eq!(stalls(&value), expected, "{value}");
        }
    }

    #[test]
    fn standards() {
        use ConnectorStandard as S;
        for (text, expected) in [
            ("GBT_DC", Some(S::GbtDc)),
            ("GB/T DC", Some(S::GbtDc)),
            ("gbt-ac", Some(S::GbtAc)),
            ("CCS2", Some(S::Iec62196T2Combo)),
            ("Type 2 (CCS)", Some(S::Iec62196T2Combo)),
            ("CHAdeMO", Some(S::Chademo)),
            ("Type 2", Some(S::Iec62196T2)),
            ("banana", None),
            ("", None),
        ] {
            assert_eq!(standard(text), expected, "{text}");
        }
    }

    #[test]
    fn hash_is_the_published_one() {
        // FNV-1a of "foobar" is 85944171f73967e8; the separator comes on top, so check by hand.
        let foobar = 0x8594_4171_f739_67e8_u64;
        assert_eq!(
            fnv1a(&["foobar"]),
            (foobar ^ 0xff).wrapping_mul(0x0100_0000_01b3)
        );
        assert_ne!(fnv1a(&["a", "b"]), fnv1a(&["ab", ""]));
    }
}
