//! Opening hours, as OCPI has them, in local time.

use crate::time::{Instant, LocalTime, TimeZone, Weekday};
use serde::{Deserialize, Serialize};

/// Minutes in a day.
const DAY: u16 = 24 * 60;

/// When a place can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OpeningHours {
    /// Always.
    TwentyFourSeven,
    /// By weekday, with exceptions.
    Regular(RegularHours),
}

/// Weekly hours and their exceptions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegularHours {
    /// Weekly spans.
    pub weekly: Vec<WeeklySpan>,
    /// Open beyond the weekly hours, `[from, to)` in UTC.
    pub exceptional_openings: Vec<(Instant, Instant)>,
    /// Closed in spite of everything, `[from, to)` in UTC. Closings override all.
    pub exceptional_closings: Vec<(Instant, Instant)>,
}

/// One span on one weekday. `end <= begin` runs past midnight into the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeeklySpan {
    /// On which day it begins.
    pub weekday: Weekday,
    /// Minutes after midnight, `0..1440`.
    pub begin: u16,
    /// Minutes after midnight, `1..=1440`.
    pub end: u16,
}

impl WeeklySpan {
    /// Whether the wall clock falls into this span, `[begin, end)`.
    fn contains(self, at: LocalTime) -> bool {
        let today = at.weekday() == self.weekday;
        if self.begin < self.end {
            return today && (self.begin..self.end).contains(&at.minute);
        }
        let yesterday = LocalTime {
            day: at.day - 1,
            minute: 0,
        }
        .weekday()
            == self.weekday;
        (today && at.minute >= self.begin) || (yesterday && at.minute < self.end)
    }
}

impl OpeningHours {
    /// Whether it is open at an instant, in the location's zone.
    pub fn is_open_at(&self, at: Instant, zone: &TimeZone) -> bool {
        let within =
            |spans: &[(Instant, Instant)]| spans.iter().any(|&(from, to)| from <= at && at < to);
        match self {
            Self::TwentyFourSeven => true,
            Self::Regular(hours) => {
                !within(&hours.exceptional_closings)
                    && (within(&hours.exceptional_openings)
                        || hours
                            .weekly
                            .iter()
                            .any(|span| span.contains(zone.local(at))))
            }
        }
    }

    /// The spans of one weekday as `(begin, end)` minutes, in order. `end` may be at most the
    /// next midnight (1440) or smaller than `begin` when the span runs past midnight.
    pub fn spans_on(&self, weekday: Weekday) -> Vec<(u16, u16)> {
        match self {
            Self::TwentyFourSeven => vec![(0, DAY)],
            Self::Regular(hours) => {
                let mut spans: Vec<_> = hours
                    .weekly
                    .iter()
                    .filter(|s| s.weekday == weekday)
                    .map(|s| (s.begin, s.end))
                    .collect();
                spans.sort_unstable();
                spans
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depot_open_at_night() {
        // Weekdays 21:00-06:00.
        let weekly = Weekday::ALL[..5]
            .iter()
            .map(|&weekday| WeeklySpan {
                weekday,
                begin: 21 * 60,
                end: 6 * 60,
            })
            .collect();
        let hours = OpeningHours::Regular(RegularHours {
            weekly,
            ..RegularHours::default()
        });
        let zone = TimeZone::shanghai();
        // Days from Monday 2026-11-16 (20,773 days after the epoch), at local hours.
        let open = |day: i64, hour: i64| {
            hours.is_open_at(
                Instant::from_unix_s((20_773 + day) * 86_400 + (hour - 8) * 3600),
                &zone,
            )
        };
        assert!(
            !open(0, 5),
            "Monday before dawn belongs to Sunday, which is closed"
        );
        assert!(open(0, 21) && open(1, 5) && !open(1, 6) && !open(1, 20));
        assert!(open(5, 5), "Saturday before dawn belongs to Friday");
        assert!(!open(5, 21) && !open(6, 23));
    }
}
