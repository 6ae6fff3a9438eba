//! Calendars of prices by time of day: which hours of which months are peak, flat or valley.
//! They are set by provinces, not by operators, so they stand in files of their own.

use super::entry::Entry;
use super::schema::{CalendarEntry, CalendarsFile, SeasonEntry};
use crate::error::ImportError;
use chongtu_model::provenance::LocalText;
use chongtu_model::tariff::{TariffRestrictions, TimeBand};
use std::collections::BTreeMap;

/// Minutes in a day.
const DAY: u16 = 24 * 60;

/// Those of `data/prices`, which every region may name.
const FILES: [(&str, &str); 4] = [
    (
        "prices/jiangsu-2025.toml",
        include_str!("../../../../data/prices/jiangsu-2025.toml"),
    ),
    (
        "prices/shanghai-sample.toml",
        include_str!("../../../../data/prices/shanghai-sample.toml"),
    ),
    (
        "prices/anhui-sample.toml",
        include_str!("../../../../data/prices/anhui-sample.toml"),
    ),
    (
        "prices/zhejiang-sample.toml",
        include_str!("../../../../data/prices/zhejiang-sample.toml"),
    ),
];

/// A calendar that covers every minute of every month exactly once.
pub(super) struct Calendar {
    /// Who set it.
    pub(super) source: LocalText,
    /// Its spans: the months and hours as a tariff has them.
    pub(super) spans: Vec<(TimeBand, TariffRestrictions)>,
}

impl Calendar {
    /// Whether some hour of it belongs to this period.
    pub(super) fn has(&self, band: TimeBand) -> bool {
        self.spans.iter().any(|(b, _)| *b == band)
    }
}

/// As the files write a period.
pub(super) const fn name_of(band: TimeBand) -> &'static str {
    match band {
        TimeBand::Sharp => "sharp",
        TimeBand::Peak => "peak",
        TimeBand::Flat => "flat",
        TimeBand::Valley => "valley",
        TimeBand::DeepValley => "deep_valley",
    }
}

/// Those of `data/prices` and those of the region itself, by id.
pub(super) fn read_all(own: &[CalendarEntry]) -> Result<BTreeMap<String, Calendar>, ImportError> {
    let mut all = BTreeMap::new();
    for (file, text) in FILES {
        let read: CalendarsFile =
            toml::from_str(text).map_err(|e| ImportError::of_toml(file, text, &e))?;
        add(&mut all, file, &read.calendar)?;
    }
    add(&mut all, "operators.toml", own)?;
    Ok(all)
}

fn add(
    all: &mut BTreeMap<String, Calendar>,
    file: &'static str,
    entries: &[CalendarEntry],
) -> Result<(), ImportError> {
    for entry in entries {
        let at = Entry {
            file,
            kind: "calendar",
            id: &entry.id,
        };
        at.check_id()?;
        let calendar = read(entry, at)?;
        if all.insert(entry.id.clone(), calendar).is_some() {
            return Err(at.err("id", "another calendar has this id"));
        }
    }
    Ok(())
}

fn read(entry: &CalendarEntry, at: Entry<'_>) -> Result<Calendar, ImportError> {
    let mut taken = Taken::new();
    let mut spans = Vec::new();
    for season in &entry.seasons {
        if let Some(month) = season.months.iter().find(|m| !(1..=12).contains(*m)) {
            return Err(at.err(
                "seasons.months",
                format!("{month} is no month; months are 1 to 12"),
            ));
        }
        let mut months = season.months.clone();
        months.sort_unstable();
        for (band, texts) in bands(season) {
            for text in texts {
                let (start, end) = parse_span(text).ok_or_else(|| {
                    at.err(
                        "seasons",
                        format!(
                            "{text:?} is no span of hours: write such as \"22:00-02:00\" or \"13:00-24:00\""
                        ),
                    )
                })?;
                taken.take(band, &months, start, end, at)?;
                spans.push((
                    band,
                    TariffRestrictions {
                        start_minute: (start != 0).then_some(start),
                        end_minute: (end != DAY).then_some(end),
                        // The whole year needs no list of months.
                        months: if months.len() == 12 {
                            Vec::new()
                        } else {
                            months.clone()
                        },
                        ..TariffRestrictions::default()
                    },
                ));
            }
        }
    }
    taken.check_whole(at)?;
    Ok(Calendar {
        source: entry.source.clone().into(),
        spans,
    })
}

fn bands(season: &SeasonEntry) -> [(TimeBand, &[String]); 5] {
    [
        (TimeBand::Sharp, &season.sharp),
        (TimeBand::Peak, &season.peak),
        (TimeBand::Flat, &season.flat),
        (TimeBand::Valley, &season.valley),
        (TimeBand::DeepValley, &season.deep_valley),
    ]
}

/// `22:00-02:00` as minutes after midnight; the end is excluded, wraps when it is smaller, and is
/// never 0: the end of the day is `24:00`.
fn parse_span(text: &str) -> Option<(u16, u16)> {
    let minute = |text: &str| -> Option<u16> {
        let (hours, minutes) = text.split_once(':')?;
        if hours.len() != 2 || minutes.len() != 2 {
            return None;
        }
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        let at = hours * 60 + minutes;
        (minutes < 60 && at <= DAY).then_some(at)
    };
    let (start, end) = text.split_once('-')?;
    let (start, end) = (minute(start)?, minute(end)?);
    (start < DAY && end > 0 && start != end).then_some((start, end))
}

/// Which period every minute of every month belongs to.
struct Taken(Vec<Option<TimeBand>>);

impl Taken {
    fn new() -> Self {
        Self(vec![None; 12 * usize::from(DAY)])
    }

    fn take(
        &mut self,
        band: TimeBand,
        months: &[u8],
        start: u16,
        end: u16,
        at: Entry<'_>,
    ) -> Result<(), ImportError> {
        let length = (end + DAY - start) % DAY;
        // From midnight to midnight the remainder is 0.
        let length = if length == 0 { DAY } else { length };
        for &month in months {
            for minute in (0..length).map(|i| (start + i) % DAY) {
                let slot = usize::from(month - 1) * usize::from(DAY) + usize::from(minute);
                if let Some(before) = self.0.get_mut(slot).and_then(|s| s.replace(band)) {
                    return Err(at.err(
                        "seasons",
                        format!(
                            "month {month}, {} is twice in a period ({} and {}): each minute belongs to one",
                            clock(minute),
                            name_of(before),
                            name_of(band)
                        ),
                    ));
                }
            }
        }
        Ok(())
    }

    fn check_whole(&self, at: Entry<'_>) -> Result<(), ImportError> {
        let Some(gap) = self.0.iter().position(Option::is_none) else {
            return Ok(());
        };
        let (month, minute) = (gap / usize::from(DAY) + 1, gap % usize::from(DAY));
        Err(at.err(
            "seasons",
            format!(
                "month {month}, {} is in no period: every minute of every month needs one",
                clock(minute as u16)
            ),
        ))
    }
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
