//! Instants as the clock at a location shows them.

use chongtu_model::Instant;
use chongtu_model::time::TimeZone;
use chongtu_words::{Lang, location as words};

/// The clock at a location, and which day it is there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LocalClock {
    zone: TimeZone,
    today: i64,
}

impl LocalClock {
    /// The clock of a zone, as it stands now.
    pub(crate) fn new(zone: &TimeZone, now: Instant) -> Self {
        Self {
            zone: zone.clone(),
            today: zone.local(now).day,
        }
    }

    /// A moment: `15:00`, `明天 02:00`.
    pub(crate) fn moment(&self, l: Lang, at: Instant) -> String {
        let shown = self.zone.local(at);
        let ahead = shown.day - self.today;
        words::moment(l, ahead, shown.weekday().number(), shown.minute)
    }

    /// The end of something that begins at `from`: midnight is 24:00 of the day that ends.
    pub(crate) fn end(&self, l: Lang, from: Instant, to: Instant) -> String {
        let (begin, end) = (self.zone.local(from), self.zone.local(to));
        match end.day - begin.day {
            0 => words::clock(end.minute),
            1 if end.minute == 0 => words::clock(1440),
            1 => words::next_day(l, end.minute),
            _ => self.moment(l, to),
        }
    }

    /// From one moment to another: `明天 22:00–次日 02:00`.
    pub(crate) fn span(&self, l: Lang, from: Instant, to: Instant) -> String {
        let mut text = self.moment(l, from);
        text.push('–');
        text.push_str(&self.end(l, from, to));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_over_midnight() {
        // 2026-11-21 in Nanjing begins at 1,795,190,400; it is 14:52.
        let day = 1_795_190_400;
        let at = |days: i64, minute: i64| Instant::from_unix_s(day + days * 86_400 + minute * 60);
        let clock = LocalClock::new(&TimeZone::shanghai(), at(0, 892));
        for (from, to, zh, en) in [
            (at(0, 900), at(0, 1320), "15:00–22:00", "15:00–22:00"),
            (at(0, 1320), at(1, 0), "22:00–24:00", "22:00–24:00"),
            (
                at(0, 1320),
                at(1, 120),
                "22:00–次日 02:00",
                "22:00–02:00 (next day)",
            ),
            (
                at(1, 120),
                at(1, 360),
                "明天 02:00–06:00",
                "tomorrow 02:00–06:00",
            ),
        ] {
            assert_eq!(clock.span(Lang::Zh, from, to), zh);
            assert_eq!(clock.span(Lang::En, from, to), en);
        }
    }
}
