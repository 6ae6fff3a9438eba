//! What is wrong with a tariff, told before anybody pays by it.
//!
//! Clock and calendar are looked at in full: every stretch of the day between two borders of the
//! tariff, on one day of each kind (between its dates, and by the months and days of the week
//! that it tells apart).

use super::cut::minutes_of;
use crate::money::Quantity;
use crate::tariff::{PriceDimension, Tariff, TariffElement, TariffRestrictions};
use crate::time::{LocalDate, LocalTime};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is wrong with a tariff. Elements and fees are told by their place, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TariffFinding {
    /// It has no price at all.
    NoPrices,
    /// No element prices energy at these hours of this day (the first of its kind): by OCPI's
    /// rule they are free.
    Gap {
        /// Such a day.
        date: LocalDate,
        /// From this minute.
        from_minute: u16,
        /// Until this minute, `1..=1440`.
        to_minute: u16,
    },
    /// Two elements price the same at some hours, and neither is an exception from the other:
    /// the first is paid.
    Overlap {
        /// The one that is paid.
        first: usize,
        /// The other.
        second: usize,
        /// What they price.
        dimension: PriceDimension,
        /// Such a day.
        date: LocalDate,
        /// From this minute.
        from_minute: u16,
        /// Until this minute, `1..=1440`.
        to_minute: u16,
    },
    /// Whenever the element holds, one before it is paid.
    Hidden {
        /// Which.
        element: usize,
        /// For what.
        dimension: PriceDimension,
    },
    /// Nothing can meet the restrictions.
    NeverHolds {
        /// Of which element.
        element: usize,
    },
    /// A second price for the same in one element: it is ignored.
    SecondComponent {
        /// In which element.
        element: usize,
        /// For what.
        dimension: PriceDimension,
    },
    /// A price below 0.
    NegativePrice {
        /// In which element.
        element: usize,
        /// For what.
        dimension: PriceDimension,
    },
    /// An hour, a month or a day of the week that does not exist.
    NotOnTheClock {
        /// In which element.
        element: usize,
    },
    /// An overstay fee with hours that do not exist or that nothing can meet.
    IdleNeverHolds {
        /// Which.
        fee: usize,
    },
    /// The least price of a session is above the highest.
    LimitsCrossed,
    /// It ends before it begins.
    NeverValid,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Something has no effect.
    Note,
    /// Sums may not be what was meant.
    Warning,
    /// Sums are wrong or not known.
    Error,
}

impl TariffFinding {
    /// A stable code for the interface to translate.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoPrices => "tariff_no_prices",
            Self::Gap { .. } => "tariff_gap",
            Self::Overlap { .. } => "tariff_overlap",
            Self::Hidden { .. } => "tariff_hidden",
            Self::NeverHolds { .. } => "tariff_never_holds",
            Self::SecondComponent { .. } => "tariff_second_component",
            Self::NegativePrice { .. } => "tariff_negative_price",
            Self::NotOnTheClock { .. } => "tariff_not_on_the_clock",
            Self::IdleNeverHolds { .. } => "tariff_idle_never_holds",
            Self::LimitsCrossed => "tariff_limits_crossed",
            Self::NeverValid => "tariff_never_valid",
        }
    }

    /// How bad it is.
    pub const fn severity(&self) -> Severity {
        match self {
            Self::Hidden { .. } | Self::NeverHolds { .. } | Self::IdleNeverHolds { .. } => {
                Severity::Note
            }
            Self::Overlap { .. } | Self::NegativePrice { .. } | Self::LimitsCrossed => {
                Severity::Warning
            }
            Self::NoPrices
            | Self::Gap { .. }
            | Self::SecondComponent { .. }
            | Self::NotOnTheClock { .. }
            | Self::NeverValid => Severity::Error,
        }
    }
}

/// All findings, in a fixed order.
pub fn lint(tariff: &Tariff) -> Vec<TariffFinding> {
    let mut findings = Vec::new();
    if tariff.elements.iter().all(|e| e.components.is_empty()) {
        findings.push(TariffFinding::NoPrices);
    }
    for (element, e) in tariff.elements.iter().enumerate() {
        lint_element(element, e, &mut findings);
    }
    for (fee, f) in tariff.idle_fees.iter().enumerate() {
        let r = TariffRestrictions {
            start_minute: f.start_minute,
            end_minute: f.end_minute,
            start_date: f.start_date,
            end_date: f.end_date,
            ..TariffRestrictions::default()
        };
        if !is_on_the_clock(&r) || is_never(&r) {
            findings.push(TariffFinding::IdleNeverHolds { fee });
        }
    }
    if let (Some(min), Some(max)) = (tariff.min_price, tariff.max_price) {
        let crossed = |min, max| matches!((min, max), (Some(a), Some(b)) if a > b);
        if crossed(min.before_taxes, max.before_taxes) || crossed(min.after_taxes, max.after_taxes)
        {
            findings.push(TariffFinding::LimitsCrossed);
        }
    }
    if matches!((tariff.start, tariff.end), (Some(start), Some(end)) if end <= start) {
        findings.push(TariffFinding::NeverValid);
    }
    let calendar = Calendar::new(tariff);
    calendar.lint_never(&mut findings);
    for dimension in PriceDimension::ALL {
        calendar.lint_precedence(dimension, &mut findings);
    }
    calendar.lint_gaps(&mut findings);
    findings
}

/// What one element shows.
fn lint_element(element: usize, e: &TariffElement, findings: &mut Vec<TariffFinding>) {
    for dimension in PriceDimension::ALL {
        let mut of = e.components.iter().filter(|c| c.dimension == dimension);
        let first = of.next();
        if first.is_some_and(|c| c.price.millionths() < 0) {
            findings.push(TariffFinding::NegativePrice { element, dimension });
        }
        if of.next().is_some() {
            findings.push(TariffFinding::SecondComponent { element, dimension });
        }
    }
    if !is_on_the_clock(&e.restrictions) {
        findings.push(TariffFinding::NotOnTheClock { element });
    } else if is_never(&e.restrictions) {
        findings.push(TariffFinding::NeverHolds { element });
    }
}

/// Whether its hours and months exist.
fn is_on_the_clock(r: &TariffRestrictions) -> bool {
    let minute = |m: Option<u16>| m.is_none_or(|m| m < 1440);
    minute(r.start_minute) && minute(r.end_minute) && r.months.iter().all(|m| (1..=12).contains(m))
}

/// Whether it excludes everything by itself.
fn is_never(r: &TariffRestrictions) -> bool {
    let empty = |min: Option<Quantity>, max: Option<Quantity>| {
        max.is_some_and(|max| max <= min.unwrap_or_default())
    };
    let no_hours = matches!((r.start_minute, r.end_minute), (Some(a), Some(b)) if a == b && b != 0);
    let no_days = matches!((r.start_date, r.end_date), (Some(a), Some(b)) if b <= a);
    no_hours
        || no_days
        || empty(r.min_kwh, r.max_kwh)
        || empty(r.min_power_kw, r.max_power_kw)
        || empty(r.min_current_a, r.max_current_a)
        || r.max_duration_s
            .is_some_and(|max| max <= r.min_duration_s.unwrap_or(0))
}

/// Every kind of moment the elements for charging tell apart, and which of them hold then.
struct Calendar<'t> {
    elements: Vec<(usize, &'t TariffElement)>,
    moments: Vec<Moment>,
}

/// A stretch of a day of a kind.
struct Moment {
    date: LocalDate,
    from_minute: u16,
    to_minute: u16,
    /// Places in `Calendar::elements`.
    hold: Vec<usize>,
}

impl<'t> Calendar<'t> {
    fn new(tariff: &'t Tariff) -> Self {
        let elements: Vec<(usize, &TariffElement)> = tariff
            .elements
            .iter()
            .enumerate()
            .filter(|(_, e)| {
                let r = &e.restrictions;
                r.reservation.is_none() && is_on_the_clock(r) && !is_never(r)
            })
            .collect();
        let mut minutes: Vec<u16> = minutes_of(tariff);
        minutes.retain(|m| *m < 1440);
        if minutes.is_empty() {
            minutes.push(0);
        }
        let mut moments = Vec::new();
        for date in days_of_each_kind(&elements) {
            for (i, &from_minute) in minutes.iter().enumerate() {
                let local = LocalTime {
                    day: date.days(),
                    minute: from_minute,
                };
                let holds = |(_, (_, e)): &(usize, &(usize, &TariffElement))| {
                    e.restrictions.matches_clock(local)
                };
                moments.push(Moment {
                    date,
                    from_minute,
                    to_minute: minutes.get(i + 1).copied().unwrap_or(1440),
                    hold: elements
                        .iter()
                        .enumerate()
                        .filter(holds)
                        .map(|(i, _)| i)
                        .collect(),
                });
            }
        }
        Self { elements, moments }
    }

    /// Elements whose restrictions exclude each other on the calendar.
    fn lint_never(&self, findings: &mut Vec<TariffFinding>) {
        for (i, &(element, _)) in self.elements.iter().enumerate() {
            if !self.moments.iter().any(|m| m.hold.contains(&i)) {
                findings.push(TariffFinding::NeverHolds { element });
            }
        }
    }

    /// Elements that an earlier one hides or crosses.
    fn lint_precedence(&self, dimension: PriceDimension, findings: &mut Vec<TariffFinding>) {
        let prices = |i: usize| {
            self.elements
                .get(i)
                .is_some_and(|(_, e)| e.component(dimension).is_some())
        };
        let by_clock = |i: usize| {
            self.elements
                .get(i)
                .is_some_and(|(_, e)| !e.restrictions.depends_on_session())
        };
        for (j, &(second, e)) in self.elements.iter().enumerate() {
            if !prices(j) {
                continue;
            }
            let holds_at = |m: &&Moment| m.hold.contains(&j);
            let is_hidden = |m: &Moment| m.hold.iter().any(|&i| i < j && prices(i) && by_clock(i));
            let mut held = self.moments.iter().filter(holds_at).peekable();
            if held.peek().is_some() && held.all(is_hidden) {
                findings.push(TariffFinding::Hidden {
                    element: second,
                    dimension,
                });
                continue;
            }
            if !by_clock(j) || e.restrictions.is_always() {
                continue;
            }
            for (i, &(first, _)) in self.elements.iter().enumerate().take(j) {
                if !prices(i) || !by_clock(i) {
                    continue;
                }
                let count = |a: bool, b: bool| {
                    self.moments
                        .iter()
                        .find(|m| m.hold.contains(&i) == a && m.hold.contains(&j) == b)
                };
                if let (Some(both), Some(_), Some(_)) =
                    (count(true, true), count(true, false), count(false, true))
                {
                    findings.push(TariffFinding::Overlap {
                        first,
                        second,
                        dimension,
                        date: both.date,
                        from_minute: both.from_minute,
                        to_minute: both.to_minute,
                    });
                }
            }
        }
    }

    /// Hours without a price for energy, in a tariff that prices energy (or, where it prices no
    /// energy, the service fee).
    fn lint_gaps(&self, findings: &mut Vec<TariffFinding>) {
        let priced = |dimension| {
            self.elements
                .iter()
                .any(|(_, e)| e.component(dimension).is_some())
        };
        let Some(dimension) = [PriceDimension::Energy, PriceDimension::Service]
            .into_iter()
            .find(|d| priced(*d))
        else {
            return;
        };
        // Before the first and after the last of its dates a tariff is over, not full of gaps.
        let is_current = |date: LocalDate| {
            self.elements.iter().any(|(_, e)| {
                let r = &e.restrictions;
                e.component(dimension).is_some()
                    && r.start_date.is_none_or(|start| start <= date)
                    && r.end_date.is_none_or(|end| date < end)
            })
        };
        let mut gaps: Vec<(LocalDate, u16, u16)> = Vec::new();
        for moment in &self.moments {
            let is_priced = moment.hold.iter().any(|&i| {
                self.elements
                    .get(i)
                    .is_some_and(|(_, e)| e.component(dimension).is_some())
            });
            if is_priced || !is_current(moment.date) {
                continue;
            }
            match gaps.last_mut() {
                Some((date, _, to)) if *date == moment.date && *to == moment.from_minute => {
                    *to = moment.to_minute;
                }
                _ => gaps.push((moment.date, moment.from_minute, moment.to_minute)),
            }
        }
        let mut told = BTreeSet::new();
        gaps.retain(|&(_, from, to)| told.insert((from, to)));
        findings.extend(gaps.into_iter().map(|(date, from_minute, to_minute)| {
            TariffFinding::Gap {
                date,
                from_minute,
                to_minute,
            }
        }));
    }
}

/// One day of each kind that the restrictions tell apart: between their dates, and by the
/// elements that its month and its day of the week allow.
fn days_of_each_kind(elements: &[(usize, &TariffElement)]) -> Vec<LocalDate> {
    // A year has every day of the week in every month.
    const YEAR: i64 = 366;
    // Any first day will do where no date is named.
    const SOME_DAY: LocalDate = LocalDate::from_days(20_454);
    let restrictions = || elements.iter().map(|(_, e)| &e.restrictions);
    let borders: BTreeSet<LocalDate> = restrictions()
        .flat_map(|r| [r.start_date, r.end_date])
        .flatten()
        .collect();
    let borders: Vec<LocalDate> = borders.into_iter().collect();
    let mut stretches: Vec<(LocalDate, LocalDate)> = Vec::new();
    match (borders.first(), borders.last()) {
        (Some(first), Some(last)) => {
            stretches.push((first.plus_days(-YEAR), *first));
            stretches.extend(borders.windows(2).filter_map(|w| {
                let &[from, to] = w else { return None };
                Some((from, to.min(from.plus_days(YEAR))))
            }));
            stretches.push((*last, last.plus_days(YEAR)));
        }
        _ => stretches.push((SOME_DAY, SOME_DAY.plus_days(YEAR))),
    }
    let mut days = Vec::new();
    for (from, to) in stretches {
        let mut kinds = BTreeSet::new();
        for date in (from.days()..to.days()).map(LocalDate::from_days) {
            let (month, weekday) = (date.date().1, date.weekday());
            let kind: Vec<bool> = restrictions()
                .flat_map(|r| {
                    [
                        r.months.is_empty() || r.months.contains(&month),
                        r.days_of_week.is_empty() || r.days_of_week.contains(&weekday),
                    ]
                })
                .collect();
            if kinds.insert(kind) {
                days.push(date);
            }
        }
    }
    days
}
