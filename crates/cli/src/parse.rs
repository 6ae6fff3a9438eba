//! Values of flags.

use chongtu_model::{ConnectorStandard, Instant, LatLng, Soc};

/// `40` or `40%`, from 0 to 100.
pub(crate) fn percent(text: &str) -> Result<Soc, String> {
    let number = text.trim().strip_suffix('%').unwrap_or(text).trim();
    number
        .parse()
        .ok()
        .and_then(|percent: f64| Soc::from_percent(percent).ok())
        .ok_or_else(|| "a percentage from 0 to 100 is needed".to_owned())
}

/// `0`, `90s`, `5m`, `1h30m`: seconds. A bare number other than 0 has no unit and is refused.
pub(crate) fn duration_s(text: &str) -> Result<f64, String> {
    let bad = || "a duration is needed, such as 0, 90s, 5m or 1h30m".to_owned();
    let text = text.trim();
    if text == "0" {
        return Ok(0.0);
    }
    let (mut total, mut digits, mut last_unit) = (0_u64, String::new(), u64::MAX);
    for c in text.chars() {
        let unit = match c {
            '0'..='9' => {
                digits.push(c);
                continue;
            }
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return Err(bad()),
        };
        // Hours before minutes before seconds, each once.
        if unit >= last_unit {
            return Err(bad());
        }
        last_unit = unit;
        let n: u64 = digits.parse().map_err(|_| bad())?;
        digits.clear();
        total = n
            .checked_mul(unit)
            .and_then(|s| s.checked_add(total))
            .ok_or_else(bad)?;
    }
    if !digits.is_empty() || last_unit == u64::MAX || total > 7 * 86_400 {
        return Err(bad());
    }
    Ok(total as f64)
}

/// An instant as RFC 3339 writes it, with or without seconds.
pub(crate) fn instant(text: &str) -> Result<Instant, String> {
    text.trim()
        .parse::<jiff::Timestamp>()
        .map(|at| Instant::from_unix_s(at.as_second()))
        .map_err(|_| {
            "an instant with its offset is needed, such as 2026-12-01T08:00+08:00".to_owned()
        })
}

/// A number within bounds.
fn number(text: &str, min: f64, max: f64, unit: &str) -> Result<f64, String> {
    text.trim()
        .parse()
        .ok()
        .filter(|n| (min..=max).contains(n))
        .ok_or_else(|| format!("a number from {min} to {max}{unit} is needed"))
}

/// A speed, km/h.
pub(crate) fn speed_kmh(text: &str) -> Result<f64, String> {
    number(text, 20.0, 300.0, " km/h")
}

/// Road length over great circle.
pub(crate) fn detour(text: &str) -> Result<f64, String> {
    number(text, 1.0, 5.0, "")
}

/// A charger's power, kW.
pub(crate) fn power_kw(text: &str) -> Result<f64, String> {
    number(text, 1.0, 2000.0, " kW")
}

/// A connector by OCPI's name.
pub(crate) fn standard(text: &str) -> Result<ConnectorStandard, String> {
    ConnectorStandard::from_ocpi(text).ok_or_else(|| {
        let names: Vec<_> = ConnectorStandard::ALL.iter().map(|s| s.ocpi()).collect();
        format!("one of {} is needed", names.join(", "))
    })
}

/// `lat,lng`. `None`: it is a name. `Some(Err)`: two numbers that are no position.
pub(crate) fn lat_lng(text: &str) -> Option<Result<LatLng, String>> {
    let (lat, lng) = text.split_once([',', '\u{ff0c}'])?;
    let (lat, lng): (f64, f64) = (lat.trim().parse().ok()?, lng.trim().parse().ok()?);
    Some(LatLng::new(lat, lng).map_err(|e| {
        if LatLng::new(lng, lat).is_ok() {
            format!("{e}: latitude comes first, so perhaps \"{lng},{lat}\"")
        } else {
            e.to_string()
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, expected) in [
            ("0", Some(0.0)),
            ("90s", Some(90.0)),
            ("5m", Some(300.0)),
            ("1h30m", Some(5400.0)),
            ("1h5s", Some(3605.0)),
            ("0m", Some(0.0)),
            ("5", None),
            ("", None),
            ("m", None),
            ("-5m", None),
            ("5m1h", None),
            ("5m5m", None),
            ("1.5h", None),
            ("5 min", None),
            ("99999999999999999999h", None),
            ("18446744073709551615h", None),
            ("400h", None),
        ] {
            assert_eq!(duration_s(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn percentages() {
        for (text, expected) in [
            ("0", Some(0.0)),
            ("40", Some(0.4)),
            ("40%", Some(0.4)),
            (" 12.5 % ", Some(0.125)),
            ("100", Some(1.0)),
            ("100.1", None),
            ("-1", None),
            ("NaN", None),
            ("full", None),
        ] {
            assert_eq!(percent(text).ok().map(Soc::get), expected, "{text}");
        }
    }

    #[test]
    fn positions_and_names() {
        let at = |lat, lng| Some(Ok(LatLng { lat, lng }));
        assert_eq!(lat_lng("32.06,118.8"), at(32.06, 118.8));
        assert_eq!(lat_lng(" -33.9 , 151.2 "), at(-33.9, 151.2));
        assert_eq!(lat_lng("Nanjing"), None);
        assert_eq!(lat_lng("Nanjing, Jiangsu"), None);
        let swapped = lat_lng("118.8,32.06").unwrap().unwrap_err();
        assert!(swapped.contains("32.06,118.8"), "{swapped}");
        assert!(lat_lng("1000,1000").unwrap().is_err());
        assert!(lat_lng("NaN,1").unwrap().is_err());
    }
}
