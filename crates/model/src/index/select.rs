//! A filter over the packed columns: the same answer as [`Filter::matches`] for every location.

use super::columns::{
    HOURS_ALWAYS, HOURS_FIRST, LocationIndex, NO_STANDARD, POWER_MASK, attr, moment, packed_power,
};
use crate::catalogue::Catalogue;
use crate::filter::{Filter, Needle, texts_of};
use crate::location::ConnectorStandard;
use crate::time::Instant;

/// Which locations pass, in the index's order.
pub(super) struct Selection {
    /// `None`: all do.
    mask: Option<Vec<bool>>,
    pub(super) n_matching: u32,
}

impl Selection {
    pub(super) fn new(
        index: &LocationIndex,
        catalogue: &Catalogue,
        filter: &Filter,
        now: Instant,
    ) -> Self {
        if filter.is_empty() && index.n_places() as usize == index.len() {
            return Self {
                mask: None,
                n_matching: index.n_places(),
            };
        }
        let mut mask = by_attributes(index, filter);
        if !filter.operators.is_empty() {
            by_operator(index, catalogue, filter, &mut mask);
        }
        if filter.free_now {
            let now = moment(now);
            for (passes, &until) in mask.iter_mut().zip(&index.free_until) {
                *passes &= now <= until;
            }
        }
        if let Some(least) = filter.min_power_w {
            // Necessary, not sufficient: the rows decide. It spares most of them.
            for (passes, &most) in mask.iter_mut().zip(&index.max_power_w) {
                *passes &= most >= least;
            }
        }
        if filter.asks_connector() {
            by_connector(index, filter, moment(now), &mut mask);
        }
        if filter.open_now {
            by_hours(index, catalogue, now, &mut mask);
        }
        if let Some(needle) = filter.text.as_deref().and_then(Needle::new) {
            by_text(index, catalogue, needle, &mut mask);
        }
        let n_matching = mask.iter().map(|&passes| u32::from(passes)).sum();
        Self {
            mask: Some(mask),
            n_matching,
        }
    }

    /// Whether the location at a place of the index passes.
    pub(super) fn has(&self, i: usize) -> bool {
        self.mask.as_ref().is_none_or(|m| m[i])
    }

    /// The mask over a range; `None`: all pass.
    pub(super) fn slice(&self, lo: usize, hi: usize) -> Option<&[bool]> {
        self.mask.as_ref().map(|m| &m[lo..hi])
    }
}

#[expect(
    clippy::needless_bitwise_bool,
    reason = "no branches: the loop runs over every location"
)]
fn by_attributes(index: &LocationIndex, filter: &Filter) -> Vec<bool> {
    let mut need = attr::PLACE_TO_GO;
    if filter.parking_free {
        need |= attr::PARKING_FREE;
    }
    if filter.accessible {
        need |= attr::ACCESSIBLE;
    }
    // One bit a value; bit 0, unknown, only when nothing is asked.
    let any_of = |values: &mut dyn Iterator<Item = u32>| {
        values
            .map(|v| 1_u32 << (v + 1))
            .reduce(|a, b| a | b)
            .unwrap_or(u32::MAX)
    };
    let kinds = any_of(&mut filter.kinds.iter().map(|&k| k as u32));
    let places = any_of(&mut filter.places.iter().map(|&p| p as u32));
    index
        .attrs
        .iter()
        .map(|&a| {
            (a & need == need)
                & (kinds >> (a >> attr::KIND_SHIFT & 7) & 1 == 1)
                & (places >> (a >> attr::PLACE_SHIFT & 15) & 1 == 1)
        })
        .collect()
}

fn by_operator(index: &LocationIndex, catalogue: &Catalogue, filter: &Filter, mask: &mut [bool]) {
    let wanted: Vec<bool> = core::iter::once(false)
        .chain(
            catalogue
                .operators
                .iter()
                .map(|o| filter.operators.contains(&o.id)),
        )
        .collect();
    for (passes, &operator) in mask.iter_mut().zip(&index.operator) {
        *passes &= wanted.get(operator as usize).copied().unwrap_or(false);
    }
}

#[expect(
    clippy::needless_bitwise_bool,
    reason = "no branches: the loop runs over every connector"
)]
fn by_connector(index: &LocationIndex, filter: &Filter, now: u32, mask: &mut [bool]) {
    let bits = |standards: &[ConnectorStandard]| -> u32 {
        standards.iter().fold(0, |bits, &s| bits | 1 << s as u32)
    };
    let mut standards = if filter.standards.is_empty() {
        bits(ConnectorStandard::ALL) | 1 << NO_STANDARD
    } else {
        bits(&filter.standards)
    };
    if filter.dc_only {
        let dc = ConnectorStandard::ALL.iter().filter(|s| s.is_dc());
        standards &= dc.fold(0, |bits, &s| bits | 1 << s as u32);
    }
    let power = packed_power(filter.min_power_w);
    let ends = index.row_start.iter().zip(index.row_start.iter().skip(1));
    for (passes, (&from, &to)) in mask.iter_mut().zip(ends) {
        if !*passes {
            continue;
        }
        let rows = from as usize..to as usize;
        *passes = index.rows[rows.clone()]
            .iter()
            .zip(&index.row_free_until[rows])
            .any(|(&row, &free_until)| {
                (standards >> (row >> 28) & 1 == 1)
                    & (row & POWER_MASK >= power)
                    & (!filter.free_now | (now <= free_until))
            });
    }
}

fn by_hours(index: &LocationIndex, catalogue: &Catalogue, now: Instant, mask: &mut [bool]) {
    let mut open = vec![false; HOURS_FIRST as usize];
    open[HOURS_ALWAYS as usize] = true;
    open.extend(index.hours_of.iter().map(|&first| {
        let location = catalogue.locations.get(first as usize);
        location.is_some_and(|l| l.is_open_at(catalogue, now) == Some(true))
    }));
    for (passes, &hours) in mask.iter_mut().zip(&index.hours) {
        *passes &= open.get(hours as usize).copied().unwrap_or(false);
    }
}

fn by_text(index: &LocationIndex, catalogue: &Catalogue, mut needle: Needle, mask: &mut [bool]) {
    // An operator's name is looked at once, not at each of its locations.
    let mut found: Vec<bool> = {
        let of_operator: Vec<bool> = core::iter::once(false)
            .chain(
                catalogue
                    .operators
                    .iter()
                    .map(|o| needle.is_in_text(&o.name)),
            )
            .collect();
        let has = |&o: &u32| of_operator.get(o as usize).copied().unwrap_or(false);
        index.operator.iter().map(has).collect()
    };
    if needle.folded().contains(FoldedTexts::END) {
        // Nobody types this; the divider must not be searched for.
        for (found, &at) in found.iter_mut().zip(&index.order) {
            let location = catalogue.locations.get(at as usize);
            *found |= location.is_some_and(|l| needle.is_in_location(l));
        }
    } else {
        index
            .texts
            .get_or_init(|| FoldedTexts::new(index, catalogue))
            .mark(needle.folded(), &mut found);
    }
    for (passes, found) in mask.iter_mut().zip(found) {
        *passes &= found;
    }
}

/// What can be searched of all locations, case folded, one after the other.
#[derive(Clone, Debug)]
pub(super) struct FoldedTexts {
    all: String,
    /// Where each location's texts end.
    ends: Vec<usize>,
}

impl FoldedTexts {
    /// Stands after every text, so that nothing is found across two.
    const END: char = '\u{1}';

    fn new(index: &LocationIndex, catalogue: &Catalogue) -> Self {
        let mut all = String::new();
        let ends = index
            .order
            .iter()
            .map(|&at| {
                if let Some(location) = catalogue.locations.get(at as usize) {
                    texts_of(location).for_each(|text| {
                        if text.is_ascii() {
                            all.extend(text.chars().map(|c| c.to_ascii_lowercase()));
                        } else {
                            all.push_str(&text.to_lowercase());
                        }
                        all.push(Self::END);
                    });
                }
                all.len()
            })
            .collect();
        Self { all, ends }
    }

    /// Marks the locations whose texts hold the needle.
    fn mark(&self, needle: &str, found: &mut [bool]) {
        let mut from = 0;
        while let Some(at) = self.all.get(from..).and_then(|rest| rest.find(needle)) {
            let i = self.ends.partition_point(|&end| end <= from + at);
            let (Some(found), Some(&end)) = (found.get_mut(i), self.ends.get(i)) else {
                break;
            };
            *found = true;
            // One hit a location is enough.
            from = end;
        }
    }
}
