//! The roads as GeoJSON lines, for the base map.

use chongtu_model::LatLng;
use chongtu_roads::RoadNetwork;

/// A `FeatureCollection` with one line an edge and the properties `class` and `ref`. Written by
/// hand: coordinates have five decimals (1 m), and there is nothing in between.
pub(super) fn base_map(network: &RoadNetwork) -> Vec<u8> {
    let mut json = String::with_capacity(network.n_edges() * 160 + 64);
    json.push_str(r#"{"type":"FeatureCollection","features":["#);
    for edge in network.edges() {
        if edge.0 > 0 {
            json.push(',');
        }
        json.push_str(r#"{"type":"Feature","properties":{"class":"#);
        push_integer(&mut json, i64::from(network.edge_class(edge)));
        json.push_str(r#","ref":""#);
        push_escaped(&mut json, sign(network.edge_refs(edge)));
        json.push_str(r#""},"geometry":{"type":"LineString","coordinates":["#);
        for (i, point) in network.edge_shape(edge).into_iter().enumerate() {
            if i > 0 {
                json.push(',');
            }
            push_position(&mut json, point);
        }
        json.push_str("]}}");
    }
    json.push_str("]}");
    json.into_bytes()
}

/// The number that stands on the signs: national expressways (G) before provincial (S) before
/// whatever comes first (international numbers such as AH5 stand on no sign in China).
fn sign(refs: &[String]) -> &str {
    let with = |letter: char| refs.iter().find(|r| r.starts_with(letter));
    with('G')
        .or_else(|| with('S'))
        .or_else(|| refs.first())
        .map_or("", String::as_str)
}

fn push_position(json: &mut String, at: LatLng) {
    json.push('[');
    push_e5(json, at.lng);
    json.push(',');
    push_e5(json, at.lat);
    json.push(']');
}

/// A number with up to five decimals, without zeros at its end.
fn push_e5(json: &mut String, degrees: f64) {
    let e5 = (degrees * 1e5).round() as i64;
    if e5 < 0 {
        json.push('-');
    }
    let e5 = e5.abs();
    push_integer(json, e5 / 100_000);
    let mut decimals = e5 % 100_000;
    if decimals == 0 {
        return;
    }
    json.push('.');
    let mut place = 10_000;
    while decimals > 0 {
        json.push(char::from(b'0' + (decimals / place) as u8));
        decimals %= place;
        place /= 10;
    }
}

fn push_integer(json: &mut String, number: i64) {
    if number >= 10 {
        push_integer(json, number / 10);
    }
    json.push(char::from(b'0' + (number % 10) as u8));
}

/// Text inside a JSON string.
fn push_escaped(json: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                json.push('\\');
                json.push(c);
            }
            c if u32::from(c) < 0x20 => {
                json.push_str("\\u00");
                for digit in [u32::from(c) >> 4, u32::from(c) & 15] {
                    json.extend(char::from_digit(digit, 16));
                }
            }
            c => json.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_decimals() {
        let check = |degrees: f64, expected: &str| {
            let mut json = String::new();
            push_e5(&mut json, degrees);
            assert_eq!(json, expected);
        };
        check(0.0, "0");
        check(118.796_9, "118.7969");
        check(-0.000_01, "-0.00001");
        check(-0.000_001, "0");
        check(120.000_004, "120");
        check(31.100_016, "31.10002");
        check(-179.999_999, "-180");
    }

    #[test]
    fn the_number_on_the_signs() {
        let check = |refs: &[&str], expected: &str| {
            let refs: Vec<String> = refs.iter().map(|&r| r.to_owned()).collect();
            assert_eq!(sign(&refs), expected);
        };
        check(&["AH5", "S87", "G40", "G42"], "G40");
        check(&["AH5", "S87"], "S87");
        check(&["A7"], "A7");
        check(&[], "");
    }

    #[test]
    fn any_text_is_json() {
        let text = "a\"b\\c\n\u{1}\u{1f}/南京";
        let mut json = String::from('"');
        push_escaped(&mut json, text);
        json.push('"');
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
