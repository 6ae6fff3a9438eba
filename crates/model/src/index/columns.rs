//! The index itself: packed columns, one value a location, in Morton order.
//!
//! What changes with time is kept as the instant until which it holds, so an index answers for
//! every `now`. A connector row stands for an EVSE that is a place to go: when one is planned,
//! removed or comes into use, the index is built again.

use super::texts::FoldedTexts;
use super::view::{Square, morton};
use crate::status::{FourWay, StatusCounts};
use crate::time::Instant;
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
    /// Strongest connector, W; 0: unknown.
    pub(super) max_power_w: Vec<u32>,
    /// EVSEs that are places to go.
    pub(super) n_evses: Vec<u32>,
    /// Where its part of `evse_until` begins; one more than there are locations.
    pub(super) evse_start: Vec<u32>,
    /// Until when the word on an EVSE holds: those that are AVAILABLE, then those that are occupied.
    pub(super) evse_until: Vec<u32>,
    /// How many are AVAILABLE, however old that word is.
    pub(super) n_available: Vec<u32>,
    /// How many are out of order, which no age changes.
    pub(super) n_out_of_order: Vec<u32>,
    /// Where its connector rows begin; one more than there are locations.
    pub(super) row_start: Vec<u32>,
    /// Connectors of a location that are alike in standard, power and price: standard and power,
    /// packed (see [`connector_row`]). EVSEs of which nobody knows a connector have a row of their
    /// own with nothing known, and so has a location without EVSEs.
    pub(super) rows: Vec<u32>,
    /// An EVSE with such a connector is free up to this moment; 0: none.
    pub(super) row_free_until: Vec<u32>,
    /// From after this moment an EVSE with such a connector is unknown.
    pub(super) row_known_until: Vec<u32>,
    /// Which of `price_keys`.
    pub(super) row_price: Vec<u32>,
    /// The different pairs of a tariff and the zone it is read in; the first is no tariff at all.
    pub(super) price_keys: Vec<PriceKey>,
    /// Opening hours: [`HOURS_UNKNOWN`], [`HOURS_ALWAYS`], or from [`HOURS_FIRST`] on which of `hours_of`.
    pub(super) hours: Vec<u32>,
    /// For all different hours in their zone, the first location of the catalogue that has them.
    pub(super) hours_of: Vec<u32>,
    /// Locations of the catalogue that have aliases.
    pub(super) aliased: Vec<u32>,
    /// What can be searched; made when first asked for, as most maps never are.
    pub(super) texts: OnceLock<FoldedTexts>,
    pub(super) n_places: u32,
}

/// A tariff as it is read in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PriceKey {
    /// Index into the catalogue's tariffs.
    pub(super) tariff: u32,
    /// Index into the catalogue's zones.
    pub(super) zone: Option<u16>,
}

/// Nobody knows when it is open.
pub(super) const HOURS_UNKNOWN: u32 = 0;
/// Always open.
pub(super) const HOURS_ALWAYS: u32 = 1;
/// The first of the different hours.
pub(super) const HOURS_FIRST: u32 = 2;
/// The row of an unknown price.
pub(super) const PRICE_UNKNOWN: u32 = 0;

/// Fields of a packed attribute word.
pub(super) mod attr {
    /// Kind plus 1 in three bits; 0: unknown.
    pub(in super::super) const KIND_SHIFT: u32 = 0;
    pub(in super::super) const KIND_MASK: u32 = 7;
    /// Place plus 1 in four bits; 0: unknown.
    pub(in super::super) const PLACE_SHIFT: u32 = 3;
    pub(in super::super) const PLACE_MASK: u32 = 15;
    /// Parking costs nothing, at least while charging.
    pub(in super::super) const PARKING_FREE: u32 = 1 << 7;
    /// Known to be accessible.
    pub(in super::super) const ACCESSIBLE: u32 = 1 << 8;
    /// Parking costs nothing at all.
    pub(in super::super) const PARKING_ALWAYS_FREE: u32 = 1 << 9;
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
pub(super) fn connector_row(
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

impl LocationIndex {
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

    /// The connector rows of a location.
    pub(super) fn rows_of(&self, i: usize) -> core::ops::Range<usize> {
        self.row_start[i] as usize..self.row_start[i + 1] as usize
    }

    /// What people are shown for a place as a whole: [`StatusCounts::summary`] at a moment.
    pub(super) fn summary(&self, i: usize, now: u32) -> FourWay {
        summary(
            now,
            self.free_until[i],
            self.known_until[i],
            self.attrs[i] & attr::OCCUPIED != 0,
        )
    }

    /// Its EVSEs by status at a moment: [`crate::Location::status_counts`].
    pub(super) fn counts(&self, i: usize, now: u32) -> StatusCounts {
        let all = &self.evse_until[self.evse_start[i] as usize..self.evse_start[i + 1] as usize];
        let (available, occupied) = all.split_at((self.n_available[i] as usize).min(all.len()));
        let hold = |of: &[u32]| of.iter().map(|&until| u32::from(now <= until)).sum::<u32>();
        let (free, occupied, out_of_order) =
            (hold(available), hold(occupied), self.n_out_of_order[i]);
        StatusCounts {
            free,
            occupied,
            out_of_order,
            unknown: self.n_evses[i] - free - occupied - out_of_order,
        }
    }

    /// The first location at or after a Morton number, between two places of the index.
    pub(super) fn first_at(&self, number: u64, mut lo: usize, mut hi: usize) -> usize {
        while lo < hi {
            let middle = usize::midpoint(lo, hi);
            if morton(self.x[middle], self.y[middle]) < number {
                lo = middle + 1;
            } else {
                hi = middle;
            }
        }
        lo
    }

    /// The range of a square's quarters within its own range, as five ends.
    pub(super) fn quarters(&self, square: Square, lo: usize, hi: usize) -> [usize; 5] {
        let mut ends = [lo, hi, hi, hi, hi];
        for q in 1..4_u32 {
            let first = square.quarter(q).first_unit();
            ends[q as usize] = self.first_at(first, ends[q as usize - 1], hi);
        }
        ends
    }
}

/// [`StatusCounts::summary`] out of what the columns hold.
pub(super) const fn summary(
    now: u32,
    free_until: u32,
    known_until: u32,
    occupied: bool,
) -> FourWay {
    if now <= free_until {
        FourWay::Free
    } else if now > known_until {
        FourWay::Unknown
    } else if occupied {
        FourWay::Occupied
    } else {
        FourWay::OutOfOrder
    }
}
