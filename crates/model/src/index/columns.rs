//! The index itself: one packed row a location, in Morton order.
//!
//! What changes with time is kept as the instant until which it holds, so an index answers for
//! every `now`. A connector row stands for an EVSE that is a place to go: when one is planned,
//! removed or comes into use, the index is built again.

use super::select::FoldedTexts;
use super::view::{Square, morton, project};
use super::{flat_prices, lowest_flat_price};
use crate::catalogue::Catalogue;
use crate::hours::{OpeningHours, RegularHours};
use crate::location::Location;
use crate::money::{Currency, UnitPrice};
use crate::status::FourWay;
use crate::time::Instant;
use std::collections::HashMap;
use std::sync::OnceLock;

/// A spatial index over the locations of a catalogue.
#[derive(Clone, Debug, Default)]
pub struct LocationIndex {
    /// Index into the catalogue.
    pub(super) order: Vec<u32>,
    pub(super) x: Vec<u32>,
    pub(super) y: Vec<u32>,
    /// Packed: see [`attr`].
    pub(super) attrs: Vec<u32>,
    /// Index of the operator plus 1; 0: none.
    pub(super) operator: Vec<u32>,
    /// A free EVSE is known up to this moment; 0: none is.
    pub(super) free_until: Vec<u32>,
    /// From after this moment an EVSE is unknown; 0: one is from the start; `u32::MAX`: never.
    pub(super) known_until: Vec<u32>,
    /// EVSEs whose status is AVAILABLE, however old, at most `u16::MAX`.
    pub(super) available: Vec<u16>,
    /// Strongest connector, W; 0: unknown.
    pub(super) max_power_w: Vec<u32>,
    /// Rank of its lowest flat price among all; `u32::MAX`: has none.
    pub(super) price_rank: Vec<u32>,
    /// Where its connector rows begin; one more than there are locations.
    pub(super) row_start: Vec<u32>,
    /// Distinct connectors of a location: standard and power, packed: see [`connector_row`].
    pub(super) rows: Vec<u32>,
    /// An EVSE with such a connector is free up to this moment; 0: none.
    pub(super) row_free_until: Vec<u32>,
    /// Opening hours: [`HOURS_UNKNOWN`], [`HOURS_ALWAYS`], or from [`HOURS_FIRST`] on which of `hours_of`.
    pub(super) hours: Vec<u32>,
    /// For all different hours in their zone, the first location of the catalogue that has them.
    pub(super) hours_of: Vec<u32>,
    /// What can be searched; made when first asked for, as most maps never are.
    pub(super) texts: OnceLock<FoldedTexts>,
    n_places: u32,
}

/// Nobody knows when it is open.
const HOURS_UNKNOWN: u32 = 0;
/// Always open.
pub(super) const HOURS_ALWAYS: u32 = 1;
/// The first of the different hours.
pub(super) const HOURS_FIRST: u32 = 2;

/// Finds which opening hours are the same.
#[derive(Default)]
struct HoursBook {
    by_hash: HashMap<u64, Vec<u32>>,
    firsts: Vec<u32>,
}

impl HoursBook {
    fn number(&mut self, catalogue: &Catalogue, location: &Location, at: u32) -> u32 {
        let hours = match (&location.opening_hours, location.zone) {
            (Some(OpeningHours::TwentyFourSeven), _) => return HOURS_ALWAYS,
            (Some(OpeningHours::Regular(hours)), Some(_)) => hours,
            _ => return HOURS_UNKNOWN,
        };
        let alike = self.by_hash.entry(hash_of(hours)).or_default();
        let same = alike.iter().copied().find(|&n| {
            let first = self.firsts.get(n as usize);
            first
                .and_then(|&f| catalogue.locations.get(f as usize))
                .is_some_and(|l| {
                    l.zone == location.zone && l.opening_hours == location.opening_hours
                })
        });
        same.unwrap_or_else(|| {
            let number = self.firsts.len() as u32;
            alike.push(number);
            self.firsts.push(at);
            number
        }) + HOURS_FIRST
    }
}

/// Equal hours have equal hashes.
fn hash_of(hours: &RegularHours) -> u64 {
    let mut hash = 0_u64;
    let mut mix = |v: u64| {
        hash = (hash ^ v)
            .wrapping_mul(0x0000_0100_0000_01b3)
            .rotate_left(17);
    };
    for span in &hours.weekly {
        mix(u64::from(span.weekday.number()) << 32
            | u64::from(span.begin) << 16
            | u64::from(span.end));
    }
    for (from, to) in hours
        .exceptional_openings
        .iter()
        .chain(&hours.exceptional_closings)
    {
        mix(from.unix_s() as u64);
        mix(to.unix_s() as u64);
    }
    hash
}

/// Fields of a packed attribute word.
pub(super) mod attr {
    /// Kind plus 1 in three bits; 0: unknown.
    pub(in super::super) const KIND_SHIFT: u32 = 0;
    /// Place plus 1 in four bits; 0: unknown.
    pub(in super::super) const PLACE_SHIFT: u32 = 3;
    /// Parking costs nothing, at least while charging.
    pub(in super::super) const PARKING_FREE: u32 = 1 << 7;
    /// Known to be accessible.
    pub(in super::super) const ACCESSIBLE: u32 = 1 << 8;
    /// An EVSE is occupied, or was when last heard of.
    pub(in super::super) const OCCUPIED: u32 = 1 << 11;
    /// A place to go.
    pub(in super::super) const PLACE_TO_GO: u32 = 1 << 12;
}

/// Standard in a connector row that stands for unknown.
pub(super) const NO_STANDARD: u32 = 15;
/// Bits of the power in a connector row.
pub(super) const POWER_MASK: u32 = (1 << 28) - 1;

/// Standard in the high four bits, power in W plus 1 below (0: unknown). 268 MW is the most.
fn connector_row(
    standard: Option<crate::location::ConnectorStandard>,
    power_w: Option<u32>,
) -> u32 {
    standard.map_or(NO_STANDARD, |s| s as u32) << 28 | packed_power(power_w)
}

/// A power as connector rows hold it.
pub(super) fn packed_power(power_w: Option<u32>) -> u32 {
    power_w.map_or(0, |w| w.saturating_add(1).min(POWER_MASK))
}

/// An instant that is now, in seconds from 1970 to 2106, never the two ends.
pub(super) fn moment(now: Instant) -> u32 {
    now.unix_s().clamp(1, i64::from(u32::MAX) - 1) as u32
}

/// Until when a word on status holds; 0: it does not.
fn holds_until(updated: Option<Instant>, stale_after_s: Option<i64>) -> u32 {
    match (updated, stale_after_s) {
        (_, None) => u32::MAX,
        (None, Some(_)) => 0,
        (Some(at), Some(limit)) => at
            .unix_s()
            .saturating_add(limit)
            .clamp(0, i64::from(u32::MAX) - 1) as u32,
    }
}

/// What the index keeps of one location.
#[derive(Clone, Copy, Default)]
struct LocationRow {
    x: u32,
    y: u32,
    attrs: u32,
    operator: u32,
    free_until: u32,
    known_until: u32,
    max_power_w: u32,
    price: u32,
    hours: u32,
    row_start: u32,
    n_rows: u16,
    available: u16,
}

impl LocationRow {
    /// Reads a location and appends its distinct connectors to `rows`.
    fn of(catalogue: &Catalogue, location: &Location, rows: &mut Vec<(u32, u32)>) -> Self {
        let (x, y) = project(location.position);
        let mut attrs = location
            .kind
            .map_or(0, |k| (k as u32 + 1) << attr::KIND_SHIFT)
            | location
                .place
                .map_or(0, |p| (p as u32 + 1) << attr::PLACE_SHIFT);
        let mut set = |on: bool, flag: u32| attrs |= if on { flag } else { 0 };
        set(location.has_free_parking(), attr::PARKING_FREE);
        set(location.accessible == Some(true), attr::ACCESSIBLE);
        let stale_after_s = catalogue.stale_after_s(location);
        let start = rows.len();
        let (mut free_until, mut known_until, mut available) = (0, u32::MAX, 0_u16);
        let mut max_power_w = 0;
        let mut place_to_go = false;
        for evse in &location.evses {
            let shown = evse.status.four_way();
            place_to_go |= shown.is_some();
            let until = holds_until(evse.status_updated, stale_after_s);
            let evse_free_until = if shown == Some(FourWay::Free) {
                until
            } else {
                0
            };
            match shown {
                Some(FourWay::Free) => {
                    available = available.saturating_add(1);
                    free_until = free_until.max(until);
                    known_until = known_until.min(until);
                }
                Some(FourWay::Occupied) => {
                    attrs |= attr::OCCUPIED;
                    known_until = known_until.min(until);
                }
                Some(FourWay::Unknown) => known_until = 0,
                Some(FourWay::OutOfOrder) | None => {}
            }
            for connector in &evse.connectors {
                max_power_w = max_power_w.max(connector.power_w.unwrap_or(0));
                if shown.is_none() {
                    continue;
                }
                let row = connector_row(connector.standard, connector.power_w);
                match rows[start..].iter_mut().find(|(r, _)| *r == row) {
                    Some((_, until)) => *until = evse_free_until.max(*until),
                    None => rows.push((row, evse_free_until)),
                }
            }
        }
        if location.evses.is_empty() {
            place_to_go = true;
        }
        if !place_to_go || location.evses.is_empty() {
            known_until = 0;
        }
        if place_to_go {
            attrs |= attr::PLACE_TO_GO;
        }
        // More distinct connectors than this no place has; the rest would be passed over.
        rows.truncate(start + usize::from(u16::MAX));
        Self {
            x,
            y,
            attrs,
            operator: location.operator.map_or(0, |o| o.saturating_add(1)),
            free_until,
            known_until,
            max_power_w,
            price: u32::MAX,
            hours: HOURS_UNKNOWN,
            row_start: start as u32,
            n_rows: (rows.len() - start) as u16,
            available,
        }
    }
}

impl LocationIndex {
    /// Indexes a catalogue of at most 2³² locations. No instant is needed: it answers for each.
    pub fn new(catalogue: &Catalogue) -> Self {
        let locations = &catalogue.locations;
        let flat = flat_prices(catalogue);
        let ranks = ranks_of(&flat);
        let has_prices = !ranks.is_empty();
        let mut connectors: Vec<(u32, u32)> = Vec::with_capacity(locations.len() * 2);
        let mut keyed: Vec<(u64, u32)> = Vec::with_capacity(locations.len());
        let mut book = HoursBook::default();
        let made: Vec<LocationRow> = locations
            .iter()
            .zip(0_u32..)
            .map(|(location, i)| {
                let mut row = LocationRow::of(catalogue, location, &mut connectors);
                row.hours = book.number(catalogue, location, i);
                if has_prices {
                    row.price = lowest_flat_price(&flat, location)
                        .and_then(|p| ranks.binary_search(&p).ok())
                        .map_or(u32::MAX, |r| r as u32);
                }
                keyed.push((morton(row.x, row.y), i));
                row
            })
            .collect();
        keyed.sort_unstable();
        let mut index = Self::gather(&made, &connectors, &keyed);
        index.hours_of = book.firsts;
        index
    }

    /// Turns rows in the catalogue's order into columns in Morton order.
    fn gather(made: &[LocationRow], connectors: &[(u32, u32)], keyed: &[(u64, u32)]) -> Self {
        let n = keyed.len();
        let column = || Vec::with_capacity(n);
        let mut index = Self {
            order: column(),
            x: column(),
            y: column(),
            attrs: column(),
            operator: column(),
            free_until: column(),
            known_until: column(),
            available: Vec::with_capacity(n),
            max_power_w: column(),
            price_rank: column(),
            hours: column(),
            hours_of: Vec::new(),
            texts: OnceLock::new(),
            row_start: Vec::with_capacity(n + 1),
            rows: Vec::with_capacity(connectors.len()),
            row_free_until: Vec::with_capacity(connectors.len()),
            n_places: 0,
        };
        for &(_, i) in keyed {
            let row = made.get(i as usize).copied().unwrap_or_default();
            index.order.push(i);
            index.x.push(row.x);
            index.y.push(row.y);
            index.attrs.push(row.attrs);
            index.operator.push(row.operator);
            index.free_until.push(row.free_until);
            index.known_until.push(row.known_until);
            index.available.push(row.available);
            index.max_power_w.push(row.max_power_w);
            index.price_rank.push(row.price);
            index.hours.push(row.hours);
            index.row_start.push(index.rows.len() as u32);
            let rows = row.row_start as usize..row.row_start as usize + usize::from(row.n_rows);
            for &(connector, until) in connectors.get(rows).unwrap_or_default() {
                index.rows.push(connector);
                index.row_free_until.push(until);
            }
            index.n_places += u32::from(row.attrs & attr::PLACE_TO_GO != 0);
        }
        index.row_start.push(index.rows.len() as u32);
        index
    }

    /// How many locations it holds, places to go or not.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// How many of its locations are places to go.
    pub(super) const fn n_places(&self) -> u32 {
        self.n_places
    }

    /// What people are shown for a place as a whole: [`crate::StatusCounts::summary`] at a moment.
    pub(super) fn summary(&self, i: usize, now: u32) -> FourWay {
        if now <= self.free_until[i] {
            FourWay::Free
        } else if now > self.known_until[i] {
            FourWay::Unknown
        } else if self.attrs[i] & attr::OCCUPIED != 0 {
            FourWay::Occupied
        } else {
            FourWay::OutOfOrder
        }
    }

    /// The range of a square's quarters within its own range, as five ends.
    pub(super) fn quarters(&self, square: Square, lo: usize, hi: usize) -> [usize; 5] {
        let mut ends = [lo, hi, hi, hi, hi];
        for q in 1..4_u32 {
            let first = square.quarter(q).first_unit();
            let from = ends[q as usize - 1];
            let within = &self.order[from..hi];
            let mut size = within.len();
            let mut at = from;
            // partition_point over two columns.
            while size > 0 {
                let half = size / 2;
                let middle = at + half;
                if morton(self.x[middle], self.y[middle]) < first {
                    at = middle + 1;
                    size -= half + 1;
                } else {
                    size = half;
                }
            }
            ends[q as usize] = at;
        }
        ends
    }
}

/// All different prices, in order.
fn ranks_of(flat: &[Option<(Currency, UnitPrice)>]) -> Vec<(Currency, UnitPrice)> {
    let mut ranks: Vec<_> = flat.iter().flatten().copied().collect();
    ranks.sort_unstable();
    ranks.dedup();
    ranks
}
