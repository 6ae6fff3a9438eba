//! Making the index: one pass over the catalogue, a radix sort of the Morton numbers, and one
//! pass that lays the columns out in their order. Nothing is allocated for a single location.

use super::columns::{
    HOURS_ALWAYS, HOURS_FIRST, HOURS_UNKNOWN, LocationIndex, PRICE_UNKNOWN, PriceKey, attr,
    connector_row,
};
use super::view::{morton, project};
use crate::catalogue::Catalogue;
use crate::hours::{OpeningHours, RegularHours};
use crate::location::{Location, ParkingCost};
use crate::status::FourWay;
use crate::time::Instant;
use std::sync::OnceLock;

/// Like rows are sought among so many last ones of the same location; a twin beyond stands twice,
/// which changes no answer.
const LOOK_BACK: usize = 64;

/// So many locations are looked at twice in a row.
const BLOCK: usize = 32;

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
    hours: u32,
    n_evses: u32,
    n_available: u32,
    n_out_of_order: u32,
    evse_start: u32,
    evse_end: u32,
    row_start: u32,
    row_end: u32,
}

/// What the index keeps of connectors of one location that are alike.
#[derive(Clone, Copy)]
struct ConnectorRow {
    packed: u32,
    price: u32,
    free_until: u32,
    known_until: u32,
}

/// What a first look at a location's EVSEs finds.
#[derive(Clone, Copy, Default)]
struct Glance {
    /// EVSEs that are places to go.
    n_evses: u32,
    /// The strongest connector, W; 0: unknown.
    max_power_w: u32,
    /// A connector has a tariff.
    priced: bool,
}

impl Glance {
    fn at(location: &Location) -> Self {
        let mut glance = Self::default();
        for evse in &location.evses {
            glance.n_evses += u32::from(evse.is_place_to_go());
            for connector in &evse.connectors {
                let power_w = connector.power_w.unwrap_or(0);
                glance.max_power_w = glance.max_power_w.max(power_w);
                glance.priced |= connector.tariff.is_some();
            }
        }
        glance
    }
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

/// The rows of all locations, in the catalogue's order.
#[derive(Default)]
struct Rows {
    made: Vec<LocationRow>,
    connectors: Vec<ConnectorRow>,
    evse_until: Vec<u32>,
    /// Of the location at hand: when the words on its occupied EVSEs end.
    occupied: Vec<u32>,
    hours: HoursBook,
    prices: PriceBook,
    aliased: Vec<u32>,
}

impl Rows {
    /// Reads one location.
    fn read(&mut self, catalogue: &Catalogue, location: &Location, at: u32, glance: Glance) {
        let (x, y) = project(location.position);
        let kind = location.kind.map_or(0, |k| k as u32 + 1);
        let place = location.place.map_or(0, |p| p as u32 + 1);
        let mut attrs = kind << attr::KIND_SHIFT | place << attr::PLACE_SHIFT;
        let mut set = |on: bool, flag: u32| attrs |= if on { flag } else { 0 };
        set(location.has_free_parking(), attr::PARKING_FREE);
        set(
            location.parking == Some(ParkingCost::Free),
            attr::PARKING_ALWAYS_FREE,
        );
        set(location.accessible == Some(true), attr::ACCESSIBLE);
        let mut row = LocationRow {
            x,
            y,
            operator: location.operator.map_or(0, |o| o.saturating_add(1)),
            known_until: u32::MAX,
            n_evses: glance.n_evses,
            max_power_w: glance.max_power_w,
            hours: self.hours.number(catalogue, location, at),
            evse_start: self.evse_until.len() as u32,
            row_start: self.connectors.len() as u32,
            ..LocationRow::default()
        };
        let stale_after_s = catalogue.stale_after_s(location);
        self.occupied.clear();
        for evse in &location.evses {
            let Some(shown) = evse.status.four_way() else {
                continue;
            };
            let until = holds_until(evse.status_updated, stale_after_s);
            let (mut free_until, mut known_until) = (0, u32::MAX);
            match shown {
                FourWay::Free => {
                    row.n_available += 1;
                    self.evse_until.push(until);
                    free_until = until;
                    known_until = until;
                }
                FourWay::Occupied => {
                    attrs |= attr::OCCUPIED;
                    self.occupied.push(until);
                    known_until = until;
                }
                FourWay::Unknown => known_until = 0,
                FourWay::OutOfOrder => row.n_out_of_order += 1,
            }
            row.free_until = row.free_until.max(free_until);
            row.known_until = row.known_until.min(known_until);
            for connector in &evse.connectors {
                let new = ConnectorRow {
                    packed: connector_row(connector.standard, connector.power_w),
                    price: if glance.priced {
                        self.prices.number(connector.tariff, location.zone)
                    } else {
                        PRICE_UNKNOWN
                    },
                    free_until,
                    known_until,
                };
                self.add(row.row_start, new);
            }
            if evse.connectors.is_empty() {
                self.add(
                    row.row_start,
                    ConnectorRow::unknown(free_until, known_until),
                );
            }
        }
        if location.evses.is_empty() {
            row.known_until = 0;
            self.add(row.row_start, ConnectorRow::unknown(0, 0));
        }
        if location.evses.is_empty() || row.n_evses > 0 {
            attrs |= attr::PLACE_TO_GO;
        } else {
            row.known_until = 0;
        }
        self.evse_until.append(&mut self.occupied);
        row.attrs = attrs;
        row.evse_end = self.evse_until.len() as u32;
        row.row_end = self.connectors.len() as u32;
        if !location.aliases.is_empty() {
            self.aliased.push(at);
        }
        self.made.push(row);
    }

    /// Adds a connector to the rows of its location, which begin at `start`.
    fn add(&mut self, start: u32, new: ConnectorRow) {
        let from = (start as usize).max(self.connectors.len().saturating_sub(LOOK_BACK));
        let twin = self.connectors.get_mut(from..).and_then(|rows| {
            rows.iter_mut()
                .find(|r| (r.packed, r.price) == (new.packed, new.price))
        });
        match twin {
            Some(twin) => {
                twin.free_until = twin.free_until.max(new.free_until);
                twin.known_until = twin.known_until.min(new.known_until);
            }
            None => self.connectors.push(new),
        }
    }
}

impl ConnectorRow {
    /// For an EVSE of whose connectors nothing is known.
    fn unknown(free_until: u32, known_until: u32) -> Self {
        Self {
            packed: connector_row(None, None),
            price: PRICE_UNKNOWN,
            free_until,
            known_until,
        }
    }
}

impl LocationIndex {
    /// Indexes a catalogue of at most 2³² locations. No instant is needed: it answers for each.
    pub fn new(catalogue: &Catalogue) -> Self {
        let n = catalogue.locations.len();
        let mut rows = Rows {
            made: Vec::with_capacity(n),
            connectors: Vec::with_capacity(n + n / 2),
            evse_until: Vec::with_capacity(n * 4),
            prices: PriceBook::new(catalogue),
            ..Rows::default()
        };
        let mut at = 0_u32;
        for block in catalogue.locations.chunks(BLOCK) {
            // EVSEs and connectors lie all over memory. This short loop waits for many of them at
            // once; reading them in full would wait for each.
            let mut glances = [Glance::default(); BLOCK];
            for (glance, location) in glances.iter_mut().zip(block) {
                *glance = Glance::at(location);
            }
            for (location, glance) in block.iter().zip(glances) {
                rows.read(catalogue, location, at, glance);
                at += 1;
            }
        }
        let keyed = rows.made.iter().zip(0_u32..);
        let mut keyed: Vec<(u64, u32)> = keyed.map(|(r, i)| (morton(r.x, r.y), i)).collect();
        sort_by_number(&mut keyed);
        let order: Vec<u32> = keyed.into_iter().map(|(_, i)| i).collect();
        let mut index = Self::gather(&rows, order);
        index.hours_of = rows.hours.firsts;
        index.price_keys = rows.prices.keys;
        index.aliased = rows.aliased;
        index
    }

    /// Turns rows in the catalogue's order into columns in Morton order.
    fn gather(rows: &Rows, order: Vec<u32>) -> Self {
        let made = &rows.made;
        let column = |of: fn(&LocationRow) -> u32| -> Vec<u32> {
            order
                .iter()
                .map(|&i| made.get(i as usize).map_or(0, of))
                .collect()
        };
        let n_rows = rows.connectors.len();
        let mut index = Self {
            x: column(|r| r.x),
            y: column(|r| r.y),
            attrs: column(|r| r.attrs),
            operator: column(|r| r.operator),
            free_until: column(|r| r.free_until),
            known_until: column(|r| r.known_until),
            max_power_w: column(|r| r.max_power_w),
            hours: column(|r| r.hours),
            n_evses: column(|r| r.n_evses),
            n_available: column(|r| r.n_available),
            n_out_of_order: column(|r| r.n_out_of_order),
            evse_start: Vec::with_capacity(order.len() + 1),
            evse_until: Vec::with_capacity(rows.evse_until.len()),
            row_start: Vec::with_capacity(order.len() + 1),
            rows: Vec::with_capacity(n_rows),
            row_free_until: Vec::with_capacity(n_rows),
            row_known_until: Vec::with_capacity(n_rows),
            row_price: Vec::with_capacity(n_rows),
            texts: OnceLock::new(),
            ..Self::default()
        };
        for &i in &order {
            let row = made.get(i as usize).copied().unwrap_or_default();
            index.evse_start.push(index.evse_until.len() as u32);
            index.row_start.push(index.rows.len() as u32);
            let evses = row.evse_start as usize..row.evse_end as usize;
            let evses = rows.evse_until.get(evses).unwrap_or_default();
            index.evse_until.extend_from_slice(evses);
            let alike = row.row_start as usize..row.row_end as usize;
            for row in rows.connectors.get(alike).unwrap_or_default() {
                index.rows.push(row.packed);
                index.row_free_until.push(row.free_until);
                index.row_known_until.push(row.known_until);
                index.row_price.push(row.price);
            }
        }
        index.evse_start.push(index.evse_until.len() as u32);
        index.row_start.push(index.rows.len() as u32);
        let places = index.attrs.iter();
        index.n_places = places.map(|a| u32::from(a & attr::PLACE_TO_GO != 0)).sum();
        index.order = order;
        index
    }
}

/// Sorts by number; equals keep their order. A radix sort of the upper bits, then what these do
/// not tell apart (locations within some metres of each other).
fn sort_by_number(keyed: &mut Vec<(u64, u32)>) {
    const DIGIT: u32 = 12;
    const LOWEST: u32 = 16;
    let digit = |key: u64, shift: u32| (key >> shift) as usize & ((1 << DIGIT) - 1);
    let mut from = core::mem::take(keyed);
    let mut to = vec![(0, 0); from.len()];
    for shift in (LOWEST..64).step_by(DIGIT as usize) {
        let mut next = vec![0_u32; 1 << DIGIT];
        for &(key, _) in &from {
            next[digit(key, shift)] += 1;
        }
        let mut sum = 0;
        for at in &mut next {
            sum += core::mem::replace(at, sum);
        }
        for &pair in &from {
            let at = &mut next[digit(pair.0, shift)];
            to[*at as usize] = pair;
            *at += 1;
        }
        core::mem::swap(&mut from, &mut to);
    }
    for alike in from.chunk_by_mut(|a, b| a.0 >> LOWEST == b.0 >> LOWEST) {
        if alike.len() > 1 {
            alike.sort_unstable();
        }
    }
    *keyed = from;
}

/// Finds which opening hours are the same.
#[derive(Default)]
struct HoursBook {
    /// Open addressing: number plus 1 by hash; 0: empty. At most half full.
    slots: Vec<u32>,
    hashes: Vec<u64>,
    firsts: Vec<u32>,
}

impl HoursBook {
    fn number(&mut self, catalogue: &Catalogue, location: &Location, at: u32) -> u32 {
        let hours = match (&location.opening_hours, location.zone) {
            (Some(OpeningHours::TwentyFourSeven), _) => return HOURS_ALWAYS,
            (Some(OpeningHours::Regular(hours)), Some(_)) => hours,
            _ => return HOURS_UNKNOWN,
        };
        if self.firsts.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash_of(hours);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let number = match self.slots[slot].checked_sub(1) {
                None => break,
                Some(number) => number as usize,
            };
            if self.hashes[number] == hash
                && catalogue
                    .locations
                    .get(self.firsts[number] as usize)
                    .is_some_and(|l| {
                        l.zone == location.zone && l.opening_hours == location.opening_hours
                    })
            {
                return number as u32 + HOURS_FIRST;
            }
            slot = (slot + 1) & mask;
        }
        self.firsts.push(at);
        self.hashes.push(hash);
        self.slots[slot] = self.firsts.len() as u32;
        self.firsts.len() as u32 - 1 + HOURS_FIRST
    }

    fn grow(&mut self) {
        let n = (self.slots.len() * 2).max(64);
        self.slots = vec![0; n];
        for (&hash, number) in self.hashes.iter().zip(1_u32..) {
            let mut slot = hash as usize & (n - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (n - 1);
            }
            self.slots[slot] = number;
        }
    }
}

/// Equal hours have equal hashes.
fn hash_of(hours: &RegularHours) -> u64 {
    let mut hash = 0x9e37_79b9_7f4a_7c15_u64;
    let mut mix = |v: u64| {
        hash = (hash ^ v).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash ^= hash >> 32;
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

/// Numbers the pairs of a tariff and a zone that occur.
#[derive(Default)]
struct PriceBook {
    keys: Vec<PriceKey>,
    /// By tariff: its first key; 0: none yet.
    first: Vec<u32>,
    /// By key: the next one of the same tariff.
    next: Vec<u32>,
}

impl PriceBook {
    fn new(catalogue: &Catalogue) -> Self {
        Self {
            keys: vec![PriceKey {
                tariff: u32::MAX,
                zone: None,
            }],
            first: vec![PRICE_UNKNOWN; catalogue.tariffs.len()],
            next: vec![PRICE_UNKNOWN],
        }
    }

    fn number(&mut self, tariff: Option<u32>, zone: Option<u16>) -> u32 {
        let Some((tariff, first)) = tariff.and_then(|t| Some((t, self.first.get_mut(t as usize)?)))
        else {
            return PRICE_UNKNOWN;
        };
        let mut at = *first;
        while at != PRICE_UNKNOWN {
            if self.keys[at as usize].zone == zone {
                return at;
            }
            at = self.next[at as usize];
        }
        let number = self.keys.len() as u32;
        self.keys.push(PriceKey { tariff, zone });
        self.next.push(*first);
        *first = number;
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_as_the_standard_sort_does() {
        let mut state = 7_u64;
        let mut random = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            state >> 7
        };
        for n in [0, 1, 2, 100, 5_000] {
            for spread in [1_u64, 1 << 17, u64::MAX] {
                let mut keyed: Vec<(u64, u32)> =
                    (0..n).map(|i| ((random() << 7) % spread, i)).collect();
                let mut expected = keyed.clone();
                expected.sort_unstable();
                sort_by_number(&mut keyed);
                assert_eq!(keyed, expected, "{n} numbers below {spread}");
            }
        }
    }
}
