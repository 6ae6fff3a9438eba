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
use crate::decimal::parse_decimal;
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
    let text: String = text
        .chars()
        .map(half_width)
        .flat_map(char::to_lowercase)
        .collect();
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
        value: parse_decimal(digits)?,
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
    let marks: Vec<usize> = (0..tokens.len())
        .filter(|&i| tokens.get(i).is_some_and(is_mark))
        .collect();
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
        [
            (degrees, negative, false),
            (minutes, _, false),
            (seconds, ..),
        ] if minutes < 60.0 && seconds < 60.0 => {
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
