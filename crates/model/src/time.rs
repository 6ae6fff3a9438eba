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
