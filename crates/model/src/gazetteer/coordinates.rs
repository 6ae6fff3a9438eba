//! Coordinates as people paste them: from a chat, a map app, a sign, a table.
//!
//! `32.06, 118.8` · `118.8，32.06` · `３２．０６；１１８．８` · `32°03'34"N 118°47'48"E` · `N32 3.57 E118 47.8` ·
//! `32.06N 118.8E` · `lat: 32.06, lng: 118.8` · `geo:32.06,118.8;u=20` · `gcj02 118.8,32.06`, with the marks and
//! words of English and of Chinese.
//!
//! Two numbers do not say which is the latitude. Marks say it; else the range of latitudes does; else that one
//! order lies in China and the other does not. Where nothing says it both readings are given. A datum is believed
//! when it is named and is WGS-84 otherwise; positions are always given back in WGS-84.

use super::fold::half_width;
use crate::datum::to_wgs84;
use crate::geo::LatLng;
use crate::provenance::Datum;
use serde::{Deserialize, Serialize};

/// Longer texts are no coordinates.
const MAX_CHARS: usize = 160;
/// A box around China, in whole degrees: south, north, west, east.
const CHINA: [f64; 4] = [3.0, 54.0, 73.0, 136.0];

/// Which number came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AxisOrder {
    /// Latitude, then longitude.
    LatLng,
    /// Longitude, then latitude.
    LngLat,
}

/// What says which number is the latitude.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderReason {
    /// The text itself: N, E, `lat`, `geo:`.
    Marked,
    /// Only one of the numbers can be a latitude.
    Range,
    /// Only so it lies in China.
    China,
    /// Nothing: the other order is a reading as well.
    Nothing,
}

/// One reading of a text as coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoordinateReading {
    /// The position, in WGS-84.
    pub position: LatLng,
    /// The latitude and longitude as given, degrees in the datum.
    pub given: (f64, f64),
    /// The datum they are taken to be in.
    pub datum: Datum,
    /// Whether the text names the datum.
    pub datum_named: bool,
    /// Which number came first.
    pub order: AxisOrder,
    /// What says so.
    pub reason: OrderReason,
}

/// The readings of a text as coordinates: none when it is something else, one, or, when nothing says which number
/// is the latitude, two: latitude first, then longitude first.
pub fn read_coordinates(text: &str) -> Vec<CoordinateReading> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return Vec::new();
    }
    let text: String = text.chars().map(half_width).flat_map(char::to_lowercase).collect();
    let (text, datum) = take_datum(&text);
    let is_uri = text.trim_start().starts_with("geo:");
    let text = if is_uri {
        // A third number is a height; parameters say how exact it is.
        let body = text.trim_start().trim_start_matches("geo:");
        let end = body.find([';', '?']).unwrap_or(body.len());
        let numbers: Vec<&str> = body.get(..end).unwrap_or_default().split(',').collect();
        match numbers.as_slice() {
            [lat, lng] | [lat, lng, _] => format!("{lat},{lng}"),
            _ => return Vec::new(),
        }
    } else {
        text
    };
    let Some([first, second]) = tokens(&text).as_deref().and_then(two_values) else {
        return Vec::new();
    };
    let datum_named = datum.is_some();
    let reading = |order, reason| {
        let (lat, lng) = match order {
            AxisOrder::LatLng => (first.degrees, second.degrees),
            AxisOrder::LngLat => (second.degrees, first.degrees),
        };
        let given = LatLng::new(lat, lng).ok()?;
        let datum = datum.unwrap_or_default();
        let position = to_wgs84(datum, given.lat, given.lng);
        Some(CoordinateReading {
            position: LatLng::new(position.lat, position.lng).ok()?,
            given: (lat, lng),
            datum,
            datum_named,
            order,
            reason,
        })
    };
    let marked = match (first.axis, second.axis) {
        (Some(a), Some(b)) if a == b => return Vec::new(),
        (Some(Axis::Lat), _) | (_, Some(Axis::Lng)) => Some(AxisOrder::LatLng),
        (Some(Axis::Lng), _) | (_, Some(Axis::Lat)) => Some(AxisOrder::LngLat),
        (None, None) => is_uri.then_some(AxisOrder::LatLng),
    };
    if let Some(order) = marked {
        return reading(order, OrderReason::Marked).into_iter().collect();
    }
    let a = reading(AxisOrder::LatLng, OrderReason::Range);
    let b = reading(AxisOrder::LngLat, OrderReason::Range);
    let (Some(mut a), Some(mut b)) = (a, b) else {
        return a.into_iter().chain(b).collect();
    };
    match (in_china(&a), in_china(&b)) {
        (true, false) => {
            a.reason = OrderReason::China;
            vec![a]
        }
        (false, true) => {
            b.reason = OrderReason::China;
            vec![b]
        }
        _ if a.given == b.given => vec![a],
        _ => {
            a.reason = OrderReason::Nothing;
            b.reason = OrderReason::Nothing;
            vec![a, b]
        }
    }
}

fn in_china(reading: &CoordinateReading) -> bool {
    let [south, north, west, east] = CHINA;
    (south..=north).contains(&reading.given.0) && (west..=east).contains(&reading.given.1)
}

/// Names of datums, folded, the longer first; the Chinese are "Mars coordinates", "Baidu", "Gaode", "Amap".
const DATUMS: [(&str, Datum); 14] = [
    ("wgs-84", Datum::Wgs84),
    ("wgs84", Datum::Wgs84),
    ("gps", Datum::Wgs84),
    ("gcj-02", Datum::Gcj02),
    ("gcj02", Datum::Gcj02),
    ("bd-09", Datum::Bd09),
    ("bd09", Datum::Bd09),
    ("\u{706b}\u{661f}", Datum::Gcj02),
    ("\u{767e}\u{5ea6}", Datum::Bd09),
    ("\u{9ad8}\u{5fb7}", Datum::Gcj02),
    ("\u{817e}\u{8baf}", Datum::Gcj02),
    ("amap", Datum::Gcj02),
    ("baidu", Datum::Bd09),
    ("mars", Datum::Gcj02),
];

/// Words about the datum that say nothing more: "coordinates", "coordinate system".
const COORDINATES: [&str; 4] = [
    "\u{5750}\u{6807}\u{7cfb}",
    "\u{5750}\u{6807}",
    "coordinates",
    "crs=",
];

/// The text without the words that name its datum.
fn take_datum(text: &str) -> (String, Option<Datum>) {
    let mut rest = text.to_owned();
    let mut named = None;
    for (name, datum) in DATUMS {
        if named.is_none() && rest.contains(name) {
            named = Some(datum);
            rest = rest.replacen(name, " ", 1);
        }
    }
    if named.is_some() {
        for word in COORDINATES {
            rest = rest.replacen(word, " ", 1);
        }
    }
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || ":;=,".contains(c));
    (rest.to_owned(), named)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Lat,
    Lng,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    /// A number as written, its sign apart, and whether it has a decimal point.
    Number {
        value: f64,
        negative: bool,
        decimal: bool,
    },
    Degree,
    Minute,
    Second,
    /// Which axis; south and west turn the sign.
    Mark(Axis, bool),
    /// A comma or the like.
    Comma,
}

/// Words that name an axis, longer first, the Chinese: north, south, east and west of the Earth's circles, latitude,
/// longitude.
const MARKS: [(&str, Axis, bool); 17] = [
    ("\u{5317}\u{7eac}", Axis::Lat, false),
    ("\u{5357}\u{7eac}", Axis::Lat, true),
    ("\u{4e1c}\u{7ecf}", Axis::Lng, false),
    ("\u{897f}\u{7ecf}", Axis::Lng, true),
    ("\u{7eac}\u{5ea6}", Axis::Lat, false),
    ("\u{7ecf}\u{5ea6}", Axis::Lng, false),
    ("latitude", Axis::Lat, false),
    ("longitude", Axis::Lng, false),
    ("lat", Axis::Lat, false),
    ("long", Axis::Lng, false),
    ("lng", Axis::Lng, false),
    ("lon", Axis::Lng, false),
    ("n", Axis::Lat, false),
    ("s", Axis::Lat, true),
    ("e", Axis::Lng, false),
    ("w", Axis::Lng, true),
    ("\u{7eac}", Axis::Lat, false),
];

/// The tokens of a text; `None` when anything stands in it that belongs to no coordinates.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim();
    // A pair may stand in brackets.
    for (open, close) in [('(', ')'), ('[', ']'), ('\u{3010}', '\u{3011}')] {
        if let Some(inner) = rest.strip_prefix(open).and_then(|r| r.strip_suffix(close)) {
            rest = inner.trim();
        }
    }
    while let Some(c) = rest.chars().next() {
        if let Some((token, len)) = number(rest) {
            tokens.push(token);
            rest = rest.get(len..)?;
            continue;
        }
        if let Some((word, axis, turns)) = MARKS.iter().find(|(word, ..)| rest.starts_with(word)) {
            tokens.push(Token::Mark(*axis, *turns));
            rest = rest.get(word.len()..)?;
            continue;
        }
        // Two single quotes are a double one.
        if let Some(after) = rest.strip_prefix("''") {
            tokens.push(Token::Second);
            rest = after;
            continue;
        }
        match c {
            '\u{b0}' | '\u{ba}' | '\u{2da}' | '\u{5ea6}' => tokens.push(Token::Degree),
            '\'' | '\u{2032}' | '\u{2018}' | '\u{2019}' | '\u{5206}' => {
                tokens.push(Token::Minute);
            }
            '"' | '\u{2033}' | '\u{201c}' | '\u{201d}' | '\u{79d2}' => {
                tokens.push(Token::Second);
            }
            ',' | ';' | '\u{3001}' | '/' | '|' | '&' | '\n' => tokens.push(Token::Comma),
            ':' | '=' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
        rest = rest.get(c.len_utf8()..)?;
    }
    Some(tokens)
}

/// A number at the beginning of a text, and its length in bytes.
fn number(text: &str) -> Option<(Token, usize)> {
    let (negative, unsigned) = match text.chars().next()? {
        '-' | '\u{2212}' => (true, text.trim_start_matches(['-', '\u{2212}'])),
        '+' => (false, text.trim_start_matches('+')),
        _ => (false, text),
    };
    let end = unsigned
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(unsigned.len());
    let digits = unsigned.get(..end)?;
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // `1.2.3` is no number; a dot that ends a sentence belongs to none.
    let digits = digits.strip_suffix('.').unwrap_or(digits);
    let token = Token::Number {
        value: digits.parse().ok()?,
        negative,
        decimal: digits.contains('.'),
    };
    Some((token, text.len() - unsigned.len() + digits.len()))
}

#[derive(Clone, Copy, Debug)]
struct Value {
    degrees: f64,
    axis: Option<Axis>,
}

/// The two values of the tokens; `None` when there are more or fewer, or when they are not parted clearly.
fn two_values(tokens: &[Token]) -> Option<[Value; 2]> {
    let commas = tokens.iter().filter(|t| **t == Token::Comma).count();
    if commas == 1 {
        let mut sides = tokens.split(|t| *t == Token::Comma);
        return Some([value(sides.next()?)?, value(sides.next()?)?]);
    }
    if commas > 1 {
        return None;
    }
    // Without a comma marks part the values, else degree signs, else the middle of bare numbers.
    let is_mark = |t: &Token| matches!(t, Token::Mark(..));
    let marks: Vec<usize> = (0..tokens.len()).filter(|&i| tokens.get(i).is_some_and(is_mark)).collect();
    let degrees = |t: &Token| *t == Token::Degree;
    let at = match marks.as_slice() {
        [0, second] => *second,
        [first, _] => first + 1,
        [] if tokens.iter().filter(|t| degrees(t)).count() == 2 => {
            tokens.iter().rposition(degrees)?.checked_sub(1)?
        }
        [] => match tokens {
            // Two whole numbers could be anything.
            [
                Token::Number { decimal: true, .. },
                Token::Number { decimal: true, .. },
            ] => 1,
            _ => return None,
        },
        _ => return None,
    };
    let (first, second) = tokens.split_at_checked(at)?;
    Some([value(first)?, value(second)?])
}

/// One value: a number of degrees, or degrees, minutes and seconds, with or without a mark before or after.
fn value(tokens: &[Token]) -> Option<Value> {
    let (mark, numbers) = match tokens {
        [Token::Mark(axis, turns), rest @ ..] | [rest @ .., Token::Mark(axis, turns)] => {
            (Some((*axis, *turns)), rest)
        }
        rest => (None, rest),
    };
    let mut parts = Vec::new();
    let mut rest = numbers;
    let signs = [Token::Degree, Token::Minute, Token::Second];
    while let [
        Token::Number {
            value,
            negative,
            decimal,
        },
        after @ ..,
    ] = rest
    {
        // Only the last part has decimals, and only the first a sign.
        let place = parts.len();
        let sign = signs.get(place)?;
        if *negative && place > 0 {
            return None;
        }
        parts.push((*value, *negative, *decimal));
        rest = match after {
            [found, more @ ..] if found == sign => more,
            more => more,
        };
    }
    if !rest.is_empty() {
        return None;
    }
    let (degrees, negative) = match *parts.as_slice() {
        [(degrees, negative, _)] => (degrees, negative),
        [(degrees, negative, false), (minutes, ..)] if minutes < 60.0 => {
            (degrees + minutes / 60.0, negative)
        }
        [(degrees, negative, false), (minutes, _, false), (seconds, ..)]
            if minutes < 60.0 && seconds < 60.0 =>
        {
            (degrees + minutes / 60.0 + seconds / 3600.0, negative)
        }
        _ => return None,
    };
    let turns = mark.is_some_and(|(_, turns)| turns);
    Some(Value {
        degrees: if negative == turns { degrees } else { -degrees },
        axis: mark.map(|(axis, _)| axis),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use AxisOrder::{LatLng as LatFirst, LngLat as LngFirst};
    use OrderReason::{China, Marked, Nothing, Range};

    fn check(text: &str, expected: &[(f64, f64, AxisOrder, OrderReason)]) {
        let got = read_coordinates(text);
        assert_eq!(got.len(), expected.len(), "{text}: {got:?}");
        for (got, (lat, lng, order, reason)) in got.iter().zip(expected) {
            let near = (got.given.0 - lat).abs() < 1e-6 && (got.given.1 - lng).abs() < 1e-6;
            assert!(near, "{text}: {got:?}");
            assert_eq!((got.order, got.reason), (*order, *reason), "{text}");
        }
    }

    #[test]
    fn as_people_paste_them() {
        let minutes = |d: f64, m: f64, s: f64| d + m / 60.0 + s / 3600.0;
        let (lat, lng) = (minutes(32.0, 3.0, 34.0), minutes(118.0, 47.0, 48.0));
        for (text, expected) in [
            ("32.06,118.8", (32.06, 118.8, LatFirst, Range)),
            (" 118.8, 32.06 ", (32.06, 118.8, LngFirst, Range)),
            ("119.1,32.2", (32.2, 119.1, LngFirst, Range)),
            ("３２．０６，１１８．８", (32.06, 118.8, LatFirst, Range)),
            ("118.8；32.06", (32.06, 118.8, LngFirst, Range)),
            ("32.06、118.8", (32.06, 118.8, LatFirst, Range)),
            ("32.06 118.8", (32.06, 118.8, LatFirst, Range)),
            ("32.06\u{3000}118.8", (32.06, 118.8, LatFirst, Range)),
            ("32.06\t118.8", (32.06, 118.8, LatFirst, Range)),
            ("(32.06, 118.8)", (32.06, 118.8, LatFirst, Range)),
            ("[118.8,32.06]", (32.06, 118.8, LngFirst, Range)),
            ("32,118", (32.0, 118.0, LatFirst, Range)),
            ("32°03'34\"N 118°47'48\"E", (lat, lng, LatFirst, Marked)),
            ("32°03′34″N, 118°47′48″E", (lat, lng, LatFirst, Marked)),
            ("32° 03’ 34” N 118º 47’ 48” E", (lat, lng, LatFirst, Marked)),
            ("118°47'48''E 32°03'34''N", (lat, lng, LngFirst, Marked)),
            ("N32°03'34\" E118°47'48\"", (lat, lng, LatFirst, Marked)),
            ("32°03'34\" 118°47'48\"", (lat, lng, LatFirst, Range)),
            ("32 03 34 N 118 47 48 E", (lat, lng, LatFirst, Marked)),
            ("32 03 34, 118 47 48", (lat, lng, LatFirst, Range)),
            ("北纬32度03分34秒 东经118度47分48秒", (lat, lng, LatFirst, Marked)),
            ("东经118.8°，北纬32.06°", (32.06, 118.8, LngFirst, Marked)),
            ("经度:118.8 纬度:32.06", (32.06, 118.8, LngFirst, Marked)),
            ("N32 3.6 E118 48", (32.06, 118.8, LatFirst, Marked)),
            ("32.06N 118.8E", (32.06, 118.8, LatFirst, Marked)),
            ("118.8e,32.06n", (32.06, 118.8, LngFirst, Marked)),
            ("33.9S 70.5W", (-33.9, -70.5, LatFirst, Marked)),
            ("lat: 32.06, lng: 118.8", (32.06, 118.8, LatFirst, Marked)),
            ("lng=118.8&lat=32.06", (32.06, 118.8, LngFirst, Marked)),
            ("geo:32.06,118.8", (32.06, 118.8, LatFirst, Marked)),
            ("GEO:32.06,118.8,12;u=35?z=3", (32.06, 118.8, LatFirst, Marked)),
            ("geo:2.35,48.85", (2.35, 48.85, LatFirst, Marked)),
            ("42.3, 80.1", (42.3, 80.1, LatFirst, China)),
            ("80.1, 42.3", (42.3, 80.1, LngFirst, China)),
            ("-33.9,-170.5", (-33.9, -170.5, LatFirst, Range)),
            ("−33.9,+170.5", (-33.9, 170.5, LatFirst, Range)),
        ] {
            check(text, &[expected]);
        }
    }

    #[test]
    fn both_orders_where_nothing_says_which() {
        check(
            "48.85, 2.35",
            &[
                (48.85, 2.35, LatFirst, Nothing),
                (2.35, 48.85, LngFirst, Nothing),
            ],
        );
        check(
            "-33.9,-70.5",
            &[
                (-33.9, -70.5, LatFirst, Nothing),
                (-70.5, -33.9, LngFirst, Nothing),
            ],
        );
        check("10.5, 10.5", &[(10.5, 10.5, LatFirst, Range)]);
    }

    #[test]
    fn what_is_no_position() {
        for text in [
            "",
            "南京",
            "32",
            "32.06",
            "32 118",
            "100,100",
            "10,190",
            "nan,1",
            "inf,1",
            "32.06,",
            ",118.8",
            "32.06,118.8,5",
            "1.2.3,4",
            "G42, 118",
            "G42 K120",
            "32.06N 118.8N",
            "32°70'N 118°E",
            "32.5°30'N 118°E",
            "1e3,2",
            "32.06,118.8 km",
            "-32.06,-118.8x",
            "geo:32.06",
            "geo:a,b",
            "95.0N 10E",
            "3号线",
            "---",
            "°°",
        ] {
            assert_eq!(read_coordinates(text), [], "{text}");
        }
        assert_eq!(read_coordinates(&"1,".repeat(300)), []);
    }

    #[test]
    fn a_named_datum_is_turned_to_wgs_84() {
        // 新街口 in three datums, within a metre of the published formula.
        let wgs = LatLng {
            lat: 32.0415,
            lng: 118.7781,
        };
        let gcj = crate::datum::Gcj02::from(wgs);
        let bd = crate::datum::Bd09::from(gcj);
        for (text, datum) in [
            (format!("{},{}", wgs.lat, wgs.lng), None),
            (format!("WGS84 {},{}", wgs.lat, wgs.lng), Some(Datum::Wgs84)),
            (format!("gcj02 {},{}", gcj.lat, gcj.lng), Some(Datum::Gcj02)),
            (format!("{},{} GCJ-02", gcj.lng, gcj.lat), Some(Datum::Gcj02)),
            (format!("火星坐标 {}，{}", gcj.lng, gcj.lat), Some(Datum::Gcj02)),
            (format!("高德：{},{}", gcj.lng, gcj.lat), Some(Datum::Gcj02)),
            (format!("bd09: {},{}", bd.lat, bd.lng), Some(Datum::Bd09)),
            (format!("百度坐标系 {},{}", bd.lng, bd.lat), Some(Datum::Bd09)),
            (format!("geo:{},{};crs=gcj02", gcj.lat, gcj.lng), Some(Datum::Gcj02)),
        ] {
            let got = read_coordinates(&text);
            assert_eq!(got.len(), 1, "{text}: {got:?}");
            assert!(got[0].position.distance_m(wgs) < 0.01, "{text}: {got:?}");
            assert_eq!(got[0].datum, datum.unwrap_or_default(), "{text}");
            assert_eq!(got[0].datum_named, datum.is_some(), "{text}");
        }
        // The shift is some hundred metres there: a datum that is not believed would show.
        assert!(wgs.distance_m(LatLng { lat: gcj.lat, lng: gcj.lng }) > 300.0);
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,40}", other in "[0-9NSEWnsew°'\",;.+\\- ]{0,30}") {
            for text in [text, other] {
                for reading in read_coordinates(&text) {
                    let LatLng { lat, lng } = reading.position;
                    assert!(LatLng::new(lat, lng).is_ok());
                }
            }
        }
    }
}
