//! Opening hours in a subset of OpenStreetMap's notation:
//!
//! ```text
//! 24/7
//! Mo-Fr 21:00-06:00; Sa-Su 00:00-24:00
//! Mo,We,Fr 08:00-12:00,14:00-18:00; Su off
//! 06:00-23:00                              every day
//! ```
//!
//! A later rule replaces an earlier one on its days. Holidays, months, weeks and sunrise are
//! outside the subset and refused: half-understood hours would send somebody to a closed gate.

use chongtu_model::hours::{OpeningHours, RegularHours, WeeklySpan};
use chongtu_model::time::Weekday;

/// Minutes in a day.
const DAY: u16 = 24 * 60;

/// Which days of the week, from Monday.
type Days = [bool; 7];
/// Begin and end, minutes after midnight.
type Span = (u16, u16);

/// Hours that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{part:?} is not understood: write such as \"24/7\" or \"Mo-Fr 21:00-06:00; Sa-Su 00:00-24:00\""
)]
pub struct HoursError {
    /// The part that is not understood.
    pub part: String,
}

/// Reads opening hours.
///
/// # Errors
/// The first part that is outside the subset.
pub fn parse_hours(text: &str) -> Result<OpeningHours, HoursError> {
    let text = text.trim();
    let normal = text.replace(['\u{2013}', '\u{2014}'], "-");
    if normal == "24/7" {
        return Ok(OpeningHours::TwentyFourSeven);
    }
    let mut week: [Vec<Span>; 7] = Default::default();
    let mut rules = 0;
    for rule in normal.split(';').map(str::trim).filter(|r| !r.is_empty()) {
        rules += 1;
        let (days, spans) = parse_rule(rule)?;
        for (day, open) in week.iter_mut().zip(days) {
            if open {
                day.clone_from(&spans);
            }
        }
    }
    if rules == 0 {
        return Err(bad(text));
    }
    if week.iter().all(|day| *day == [(0, DAY)]) {
        return Ok(OpeningHours::TwentyFourSeven);
    }
    let weekly = Weekday::ALL
        .into_iter()
        .zip(week)
        .flat_map(|(weekday, spans)| {
            spans.into_iter().map(move |(begin, end)| WeeklySpan {
                weekday,
                begin,
                end,
            })
        })
        .collect();
    Ok(OpeningHours::Regular(RegularHours {
        weekly,
        ..RegularHours::default()
    }))
}

fn bad(part: &str) -> HoursError {
    HoursError {
        part: part.chars().take(80).collect(),
    }
}

/// One rule: on which days of the week (from Monday), and the spans of each.
fn parse_rule(rule: &str) -> Result<(Days, Vec<Span>), HoursError> {
    // Days come first, when there are any; times begin with a digit, "off" is a word of its own.
    let begins_with_day = rule.get(..2).is_some_and(|two| parse_day(two).is_some());
    let (days, times) = if begins_with_day {
        let end = rule
            .find(|c: char| c.is_ascii_digit())
            .or_else(|| rule.rfind(char::is_whitespace))
            .unwrap_or(rule.len());
        let (days, times) = rule.split_at(end);
        (parse_days(days)?, times.trim())
    } else {
        ([true; 7], rule)
    };
    if ["off", "closed"]
        .iter()
        .any(|w| times.eq_ignore_ascii_case(w))
    {
        return Ok((days, Vec::new()));
    }
    let mut spans = Vec::new();
    for span in times.split(',') {
        spans.push(parse_span(span.trim()).ok_or_else(|| bad(rule))?);
    }
    spans.sort_unstable();
    spans.dedup();
    Ok((days, spans))
}

fn parse_day(text: &str) -> Option<usize> {
    ["mo", "tu", "we", "th", "fr", "sa", "su"]
        .iter()
        .position(|d| text.eq_ignore_ascii_case(d))
}

/// `Mo-Fr,Su`; a range may wrap around the week's end.
fn parse_days(text: &str) -> Result<Days, HoursError> {
    let mut days = [false; 7];
    for part in text.split(',').map(str::trim) {
        let (from, to) = match part.split_once('-') {
            Some((from, to)) => (parse_day(from.trim()), parse_day(to.trim())),
            None => (parse_day(part), parse_day(part)),
        };
        let (Some(from), Some(to)) = (from, to) else {
            return Err(bad(text));
        };
        let length = (to + 7 - from) % 7;
        for step in 0..=length {
            if let Some(day) = days.get_mut((from + step) % 7) {
                *day = true;
            }
        }
    }
    Ok(days)
}

/// `HH:MM-HH:MM`; the end may be 24:00, or past it (`21:00-30:00`), or smaller than the begin.
fn parse_span(text: &str) -> Option<Span> {
    let (from, to) = text.split_once('-')?;
    let (begin, end) = (parse_minute(from.trim())?, parse_minute(to.trim())?);
    if begin >= DAY || end > begin.saturating_add(DAY) {
        return None;
    }
    // Midnight as an end is the end of the day; past it, the next day's clock.
    let end = match end {
        0 => DAY,
        later if later > DAY => later - DAY,
        same_day => same_day,
    };
    Some((begin, end))
}

fn parse_minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |s: &str| (1..=2).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(hours) || minutes.len() != 2 || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 48 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans(text: &str) -> Vec<(u8, u16, u16)> {
        match parse_hours(text).unwrap() {
            OpeningHours::TwentyFourSeven => vec![(0, 0, DAY)],
            OpeningHours::Regular(hours) => hours
                .weekly
                .iter()
                .map(|s| (s.weekday.number(), s.begin, s.end))
                .collect(),
        }
    }

    #[test]
    fn always_in_every_spelling() {
        for text in [
            "24/7",
            " 24/7 ",
            "00:00-24:00",
            "Mo-Su 00:00-24:00",
            "0:00-0:00",
            "Mo-Fr 00:00-24:00; Sa,Su 00:00-24:00",
        ] {
            assert_eq!(
                parse_hours(text),
                Ok(OpeningHours::TwentyFourSeven),
                "{text}"
            );
        }
    }

    #[test]
    fn depots_open_at_night() {
        assert_eq!(
            spans("Mo-Fr 21:00-06:00; Sa-Su 00:00-24:00"),
            [
                (1, 1260, 360),
                (2, 1260, 360),
                (3, 1260, 360),
                (4, 1260, 360),
                (5, 1260, 360),
                (6, 0, 1440),
                (7, 0, 1440)
            ]
        );
        assert_eq!(spans("Mo 21:00-30:00"), [(1, 1260, 360)]);
        assert_eq!(spans("Mo 21:00-00:00"), [(1, 1260, 1440)]);
    }

    #[test]
    fn lists_wraps_and_later_rules() {
        assert_eq!(
            spans("mo,WE 14:00-18:00, 8:00-12:00"),
            [(1, 480, 720), (1, 840, 1080), (3, 480, 720), (3, 840, 1080)]
        );
        assert_eq!(
            spans("Sa-Mo 10:00-11:00"),
            [(1, 600, 660), (6, 600, 660), (7, 600, 660)]
        );
        assert_eq!(
            spans("06:00-23:00; Tu-Su off; Su 09:00–10:00"),
            [(1, 360, 1380), (7, 540, 600)]
        );
        assert_eq!(spans("Mo-Su off"), []);
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        for text in [
            "",
            ";",
            "always",
            "PH off",
            "Mo-Fr",
            "Mo 8-12",
            "Mo 25:00-26:00",
            "Mo 08:00",
            "Mo 08:60-09:00",
            "Mo-Xx 08:00-09:00",
            "Jan-Mar 08:00-09:00",
            "Mo 08:00-09:00,",
            "08:00-33:00",
            "sunrise-sunset",
            "Mo[1] 08:00-09:00",
            "Mo 08:00-09:00 \"by call\"",
            "上午",
        ] {
            let error = parse_hours(text).expect_err(text);
            assert!(text.contains(error.part.trim()), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,40}") {
            let _ = parse_hours(&text);
        }

        #[test]
        fn never_panics_near_the_grammar(text in "((Mo|Su|Fr|PH|off|24/7)?[-,; ]?[0-9]{0,2}:?[0-9]{0,2}[-,; ]?){0,5}") {
            if let Ok(OpeningHours::Regular(hours)) = parse_hours(&text) {
                for span in hours.weekly {
                    prop_assert!(span.begin < DAY && (1..=DAY).contains(&span.end));
                }
            }
        }

        #[test]
        fn reads_back_what_is_written(day in 0_usize..7, begin in 0_u16..1440, end in 1_u16..=1440) {
            let names = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
            let text = format!("{} {:02}:{:02}-{:02}:{:02}", names[day], begin / 60, begin % 60, end / 60, end % 60);
            prop_assert_eq!(spans(&text), vec![(day as u8 + 1, begin, end)]);
        }
    }
}
