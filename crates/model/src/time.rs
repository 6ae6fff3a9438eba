//! Instants are UTC; a location carries its zone; opening hours and tariffs are local.
//! A zone's transitions travel with the data, so a phone needs no zone database.

use serde::{Deserialize, Serialize};

/// A moment in UTC, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// From seconds since 1970-01-01T00:00:00Z.
    pub const fn from_unix_s(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn unix_s(self) -> i64 {
        self.0
    }

    /// This instant plus a span.
    #[must_use]
    pub const fn plus_s(self, seconds: i64) -> Self {
        Self(self.0 + seconds)
    }
}

/// A day of the week; the number is OCPI's (Monday = 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Weekday {
    /// Monday.
    Monday = 1,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// OCPI's number, 1 to 7.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// From any whole number of days after a Monday.
    const fn after_monday(days: i64) -> Self {
        Self::ALL[days.rem_euclid(7) as usize]
    }
}

/// A time on a wall: day of the week, minute of the day and calendar date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalTime {
    /// Days since 1970-01-01 on the local calendar.
    pub day: i64,
    /// Minutes since local midnight, `0..1440`.
    pub minute: u16,
}

impl LocalTime {
    /// The day of the week.
    pub const fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        Weekday::after_monday(self.day + 3)
    }

    /// Year, month (1-12) and day of the month (1-31) on the proleptic Gregorian calendar.
    pub const fn date(self) -> (i32, u8, u8) {
        // Days to civil: era of 400 years, counted from 1 March.
        let z = self.day + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + (month <= 2) as i64;
        (year as i32, month as u8, day as u8)
    }
}

/// A day on the local calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalDate(i32);

/// Text that is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a date of the calendar written yyyy-mm-dd")]
pub struct DateError(pub String);

impl LocalDate {
    /// From days since 1970-01-01, kept within about 5 million years of it.
    pub const fn from_days(days: i64) -> Self {
        const LIMIT: i64 = i32::MAX as i64 - 1;
        Self(if days > LIMIT {
            LIMIT as i32
        } else if days < -LIMIT {
            -LIMIT as i32
        } else {
            days as i32
        })
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i64 {
        self.0 as i64
    }

    /// From year, month (1-12) and day of the month; `None` when the calendar has no such day.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        // Civil to days, the inverse of `LocalTime::date`.
        let y = i64::from(year) - i64::from(month <= 2);
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let mp = (i64::from(month) + 9) % 12;
        let doy = (153 * mp + 2) / 5 + i64::from(day) - 1;
        let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
        let date = Self::from_days(era * 146_097 + doe - 719_468);
        (date.date() == (year, month, day)).then_some(date)
    }

    /// Reads `yyyy-mm-dd`.
    ///
    /// # Errors
    /// When it is written otherwise or the calendar has no such day.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let bytes = text.as_bytes();
        let number = |from: usize, to: usize| {
            let digits = text.get(from..to)?;
            let plain = digits.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| digits.parse::<i32>().ok())?
        };
        let date = || match (bytes.len(), bytes.get(4), bytes.get(7)) {
            (10, Some(b'-'), Some(b'-')) => Self::new(
                number(0, 4)?,
                u8::try_from(number(5, 7)?).ok()?,
                u8::try_from(number(8, 10)?).ok()?,
            ),
            _ => None,
        };
        date().ok_or_else(|| DateError(text.to_owned()))
    }

    /// Year, month (1-12) and day of the month (1-31) on the proleptic Gregorian calendar.
    pub const fn date(self) -> (i32, u8, u8) {
        LocalTime {
            day: self.days(),
            minute: 0,
        }
        .date()
    }

    /// The day of the week.
    pub const fn weekday(self) -> Weekday {
        LocalTime {
            day: self.days(),
            minute: 0,
        }
        .weekday()
    }

    /// The day after `n` days.
    #[must_use]
    pub const fn plus_days(self, n: i64) -> Self {
        Self::from_days(self.days().saturating_add(n))
    }
}

impl core::fmt::Display for LocalDate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (year, month, day) = self.date();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// A time zone with the changes of its offset over the years that the data covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeZone {
    /// IANA name, such as `Asia/Shanghai`.
    pub name: String,
    /// The offset east of UTC before the first transition, seconds.
    pub offset_s: i32,
    /// From which instant (unix seconds, ascending) which offset east of UTC holds, seconds.
    pub transitions: Vec<(i64, i32)>,
}

impl TimeZone {
    /// All of mainland China: UTC+8, no summer time.
    pub fn shanghai() -> Self {
        Self {
            name: "Asia/Shanghai".to_owned(),
            offset_s: 8 * 3600,
            transitions: Vec::new(),
        }
    }

    /// The offset east of UTC at an instant, seconds.
    pub fn offset_at(&self, at: Instant) -> i32 {
        let after = self.transitions.partition_point(|&(from, _)| from <= at.0);
        after
            .checked_sub(1)
            .and_then(|i| self.transitions.get(i))
            .map_or(self.offset_s, |&(_, o)| o)
    }

    /// The first instant after `at` from which another offset holds.
    pub fn next_transition(&self, at: Instant) -> Option<Instant> {
        let after = self.transitions.partition_point(|&(from, _)| from <= at.0);
        self.transitions.get(after).map(|&(from, _)| Instant(from))
    }

    /// The local day at an instant.
    pub fn date_at(&self, at: Instant) -> LocalDate {
        LocalDate::from_days(self.local(at).day)
    }

    /// The first instant of a local day. A day whose midnight the clock jumps over begins at the
    /// jump; it ends where the next day begins, after 23, 24 or 25 hours as the clocks change.
    pub fn day_start(&self, date: LocalDate) -> Instant {
        let midnight = date.days() * 86_400;
        // The answer lies in the stretch of one offset that first reaches the midnight: try each
        // that can, from the earliest on.
        let mut from = Instant(midnight - 2 * 86_400);
        loop {
            let reached = Instant(midnight - i64::from(self.offset_at(from))).max(from);
            match self.next_transition(from) {
                Some(next) if next <= reached => from = next,
                _ => return reached,
            }
        }
    }

    /// What the clock on the wall shows at an instant.
    pub fn local(&self, at: Instant) -> LocalTime {
        let local_s = at.0 + i64::from(self.offset_at(at));
        LocalTime {
            day: local_s.div_euclid(86_400),
            minute: (local_s.rem_euclid(86_400) / 60) as u16,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar_and_weekday() {
        let at = |unix_s| TimeZone::shanghai().local(Instant::from_unix_s(unix_s));
        // 2026-11-21T03:28:00Z is 11:28 on a Saturday in Nanjing.
        let t = at(1_795_231_680);
        assert_eq!(
            (t.date(), t.minute, t.weekday()),
            ((2026, 11, 21), 11 * 60 + 28, Weekday::Saturday)
        );
        // 1969-12-31T15:59:59Z is 23:59 of the last day of 1969.
        let t = at(-28_801);
        assert_eq!(
            (t.date(), t.minute, t.weekday()),
            ((1969, 12, 31), 23 * 60 + 59, Weekday::Wednesday)
        );
        // 2024-02-29T16:00:00Z is midnight of 1 March.
        assert_eq!(at(1_709_222_400).date(), (2024, 3, 1));
    }

    #[test]
    fn dates_are_read_and_written() {
        for text in ["1970-01-01", "2024-02-29", "2026-12-31", "0001-03-01"] {
            assert_eq!(LocalDate::parse(text).unwrap().to_string(), text);
        }
        // A Thursday, and 59 days after New Year 2026: 1 March.
        assert_eq!(LocalDate::parse("1970-01-01").unwrap().days(), 0);
        assert_eq!(
            LocalDate::new(2026, 1, 1).unwrap().plus_days(59),
            LocalDate::new(2026, 3, 1).unwrap()
        );
        for bad in [
            "2025-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "+026-01-01",
            "",
            "二零二六-01",
        ] {
            assert!(LocalDate::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn days_begin_at_their_midnight_or_at_the_jump_over_it() {
        let berlin = TimeZone {
            name: "Europe/Berlin".into(),
            offset_s: 3600,
            transitions: vec![(1_774_746_000, 7200), (1_792_890_000, 3600)],
        };
        let hours = |zone: &TimeZone, y, m, d| {
            let date = LocalDate::new(y, m, d).unwrap();
            (zone.day_start(date.plus_days(1)).0 - zone.day_start(date).0) / 3600
        };
        assert_eq!(hours(&berlin, 2026, 3, 28), 24);
        assert_eq!(hours(&berlin, 2026, 3, 29), 23);
        assert_eq!(hours(&berlin, 2026, 10, 25), 25);
        // A clock that jumps from 00:00 to 01:00 on 2026-03-27: the day begins at the jump, and
        // back from 24:00 to 23:00 on 2026-10-29: that day has 25 hours.
        let at = |text: &str| LocalDate::parse(text).unwrap().days() * 86_400;
        let jumping = TimeZone {
            name: "Test/Midnight".into(),
            offset_s: 0,
            transitions: vec![(at("2026-03-27"), 3600), (at("2026-10-30") - 3600, 0)],
        };
        assert_eq!(
            jumping.day_start(LocalDate::parse("2026-03-27").unwrap()).0,
            at("2026-03-27")
        );
        assert_eq!(hours(&jumping, 2026, 3, 27), 23);
        assert_eq!(hours(&jumping, 2026, 3, 26), 24);
        assert_eq!(hours(&jumping, 2026, 10, 29), 25);
        assert_eq!(
            TimeZone::shanghai()
                .day_start(LocalDate::parse("2026-11-21").unwrap())
                .0,
            at("2026-11-21") - 8 * 3600
        );
    }

    #[test]
    fn offsets_change_at_their_transition() {
        // Berlin 2026: summer time from 2026-03-29T01:00Z to 2026-10-25T01:00Z.
        let berlin = TimeZone {
            name: "Europe/Berlin".into(),
            offset_s: 3600,
            transitions: vec![(1_774_746_000, 7200), (1_792_890_000, 3600)],
        };
        let offset = |s| berlin.offset_at(Instant::from_unix_s(s));
        assert_eq!(
            [
                offset(1_774_745_999),
                offset(1_774_746_000),
                offset(1_792_889_999),
                offset(1_792_890_000)
            ],
            [3600, 7200, 7200, 3600]
        );
    }
}
