//! What an EVSE is doing: OCPI's nine values, and the four that people are shown.

use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// OCPI's status values, all nine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Status {
    /// Free to use now.
    Available,
    /// A vehicle or a thing is in the way.
    Blocked,
    /// In use.
    Charging,
    /// Not yet, or no longer, in operation.
    Inoperative,
    /// Broken.
    OutOfOrder,
    /// To be built.
    Planned,
    /// Gone; kept so that links still say so.
    Removed,
    /// Held for somebody.
    Reserved,
    /// Not known, or offline.
    #[default]
    Unknown,
}

/// The four that people are shown. Unknown is never drawn as free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FourWay {
    /// Can be used now.
    Free,
    /// Somebody is there, or it is held.
    Occupied,
    /// Cannot be used.
    OutOfOrder,
    /// Nobody knows, or the last word is too old.
    Unknown,
}

impl Status {
    /// The value that OCPI writes.
    pub const fn ocpi(self) -> &'static str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Blocked => "BLOCKED",
            Self::Charging => "CHARGING",
            Self::Inoperative => "INOPERATIVE",
            Self::OutOfOrder => "OUTOFORDER",
            Self::Planned => "PLANNED",
            Self::Removed => "REMOVED",
            Self::Reserved => "RESERVED",
            Self::Unknown => "UNKNOWN",
        }
    }

    /// Every value, in OCPI's order.
    pub const ALL: [Self; 9] = [
        Self::Available,
        Self::Blocked,
        Self::Charging,
        Self::Inoperative,
        Self::OutOfOrder,
        Self::Planned,
        Self::Removed,
        Self::Reserved,
        Self::Unknown,
    ];

    /// Reads OCPI's value, in any case; anything else is `None`.
    pub fn from_ocpi(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|s| s.ocpi().eq_ignore_ascii_case(text.trim()))
    }

    /// What people are shown; `None` for an EVSE that is no place to go (planned, removed).
    pub const fn four_way(self) -> Option<FourWay> {
        match self {
            Self::Available => Some(FourWay::Free),
            Self::Blocked | Self::Charging | Self::Reserved => Some(FourWay::Occupied),
            Self::Inoperative | Self::OutOfOrder => Some(FourWay::OutOfOrder),
            Self::Unknown => Some(FourWay::Unknown),
            Self::Planned | Self::Removed => None,
        }
    }

    /// Like [`Status::four_way`], with free and occupied turned unknown when the last word is
    /// older than `stale_after_s`, or of unknown age. A fault stands until it is cleared.
    /// `stale_after_s = None` means that the source does not go stale.
    pub fn four_way_at(
        self,
        last_updated: Option<Instant>,
        now: Instant,
        stale_after_s: Option<i64>,
    ) -> Option<FourWay> {
        let shown = self.four_way()?;
        let stale = stale_after_s
            .is_some_and(|limit| last_updated.is_none_or(|at| now.unix_s() - at.unix_s() > limit));
        Some(match shown {
            FourWay::Free | FourWay::Occupied if stale => FourWay::Unknown,
            other => other,
        })
    }
}

/// How many EVSEs are in each of the four states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusCounts {
    /// Free.
    pub free: u32,
    /// Occupied.
    pub occupied: u32,
    /// Out of order.
    pub out_of_order: u32,
    /// Unknown.
    pub unknown: u32,
}

impl StatusCounts {
    /// Counts one more.
    pub fn add(&mut self, status: FourWay) {
        match status {
            FourWay::Free => self.free += 1,
            FourWay::Occupied => self.occupied += 1,
            FourWay::OutOfOrder => self.out_of_order += 1,
            FourWay::Unknown => self.unknown += 1,
        }
    }

    /// Adds the counts of another.
    pub fn merge(&mut self, other: Self) {
        self.free += other.free;
        self.occupied += other.occupied;
        self.out_of_order += other.out_of_order;
        self.unknown += other.unknown;
    }

    /// All four.
    pub const fn total(&self) -> u32 {
        self.free + self.occupied + self.out_of_order + self.unknown
    }

    /// All but unknown: the total of "free/total".
    pub const fn known(&self) -> u32 {
        self.free + self.occupied + self.out_of_order
    }

    /// One word for the whole: free when any is free; else unknown when any is unknown; else
    /// occupied when any is occupied; else out of order. A place without EVSEs is unknown.
    pub const fn summary(&self) -> FourWay {
        if self.free > 0 {
            FourWay::Free
        } else if self.unknown > 0 || self.total() == 0 {
            FourWay::Unknown
        } else if self.occupied > 0 {
            FourWay::Occupied
        } else {
            FourWay::OutOfOrder
        }
    }
}

/// When a status is too old unless its source says otherwise, seconds.
pub const DEFAULT_STALE_AFTER_S: i64 = 15 * 60;

#[cfg(test)]
mod tests {
    use super::*;
    use FourWay::{Free, Occupied, OutOfOrder, Unknown};

    #[test]
    fn nine_become_four() {
        let shown: Vec<_> = Status::ALL.iter().map(|s| s.four_way()).collect();
        assert_eq!(
            shown,
            [
                Some(Free),
                Some(Occupied),
                Some(Occupied),
                Some(OutOfOrder),
                Some(OutOfOrder),
                None,
                None,
                Some(Occupied),
                Some(Unknown)
            ]
        );
        for status in Status::ALL {
            assert_eq!(
                Status::from_ocpi(&status.ocpi().to_lowercase()),
                Some(status)
            );
        }
        assert_eq!(Status::from_ocpi("WORKING"), None);
    }

    #[test]
    fn old_news_is_unknown_but_a_fault_stands() {
        let (then, now) = (Instant::from_unix_s(0), Instant::from_unix_s(901));
        let at = |s: Status, t| s.four_way_at(t, now, Some(DEFAULT_STALE_AFTER_S));
        assert_eq!(at(Status::Available, Some(then)), Some(FourWay::Unknown));
        assert_eq!(at(Status::Available, None), Some(FourWay::Unknown));
        assert_eq!(
            at(Status::Available, Some(Instant::from_unix_s(1))),
            Some(FourWay::Free)
        );
        assert_eq!(
            at(Status::OutOfOrder, Some(then)),
            Some(FourWay::OutOfOrder)
        );
        assert_eq!(
            Status::Charging.four_way_at(None, now, None),
            Some(FourWay::Occupied)
        );
    }
}
