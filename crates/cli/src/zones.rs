//! Rules of time zones, from the zone database that is built into the program.

use chongtu_feeds::ZoneSource;
use chongtu_model::time::TimeZone;
use jiff::{Timestamp, civil, tz};

/// The years whose transitions go into files.
const YEARS: std::ops::RangeInclusive<i16> = 2024..=2035;

/// The zone database.
pub(crate) struct ZoneDatabase;

impl ZoneSource for ZoneDatabase {
    fn zone(&self, name: &str) -> Option<TimeZone> {
        let zone = tz::TimeZone::get(name).ok()?;
        let begin = start_of(*YEARS.start())?;
        let end = start_of(YEARS.end() + 1)?;
        let transitions = zone
            .following(begin)
            .take_while(|t| t.timestamp() < end)
            .map(|t| (t.timestamp().as_second(), t.offset().seconds()))
            .collect();
        Some(TimeZone {
            name: zone.iana_name().unwrap_or(name).to_owned(),
            offset_s: zone.to_offset(begin).seconds(),
            transitions,
        })
    }
}

fn start_of(year: i16) -> Option<Timestamp> {
    let day = civil::Date::new(year, 1, 1).ok()?;
    Some(day.to_zoned(tz::TimeZone::UTC).ok()?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_model::Instant;

    #[test]
    fn berlin_has_summer_time_and_shanghai_has_not() {
        let berlin = ZoneDatabase.zone("Europe/Berlin").unwrap();
        assert_eq!(berlin.transitions.len(), 24, "two a year, twelve years");
        let offset = |s| berlin.offset_at(Instant::from_unix_s(s));
        // 2026-03-29T01:00Z and 2026-10-25T01:00Z, by the European directive.
        assert_eq!(
            [
                offset(1_774_745_999),
                offset(1_774_746_000),
                offset(1_792_889_999),
                offset(1_792_890_000)
            ],
            [3600, 7200, 7200, 3600]
        );
        assert_eq!(
            ZoneDatabase.zone("Asia/Shanghai"),
            Some(TimeZone::shanghai())
        );
        assert_eq!(ZoneDatabase.zone("Mars/Olympus"), None);
    }
}
