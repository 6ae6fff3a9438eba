//! What a kWh costs at the instant of a question.

use super::columns::{LocationIndex, PRICE_UNKNOWN};
use crate::catalogue::Catalogue;
use crate::filter::{PriceNow, price_now};
use crate::time::Instant;

/// The prices of all connectors at one instant.
pub(super) struct PricesNow<'a> {
    index: &'a LocationIndex,
    catalogue: &'a Catalogue,
    now: Instant,
}

impl<'a> PricesNow<'a> {
    pub(super) const fn new(
        index: &'a LocationIndex,
        catalogue: &'a Catalogue,
        now: Instant,
    ) -> Self {
        Self {
            index,
            catalogue,
            now,
        }
    }

    /// The price of one key; `None`: not known.
    pub(super) fn of_key(&self, key: u32) -> Option<PriceNow> {
        let key = self.index.price_keys.get(key as usize)?;
        let tariff = self.catalogue.tariffs.get(key.tariff as usize)?;
        let zone = key
            .zone
            .and_then(|z| self.catalogue.zones.get(usize::from(z)));
        price_now(tariff, zone, self.now)
    }

    /// The prices of all keys: each tariff is evaluated once.
    pub(super) fn of_all_keys(&self) -> Vec<Option<PriceNow>> {
        (0..self.index.price_keys.len() as u32)
            .map(|key| self.of_key(key))
            .collect()
    }

    /// The place of each key's price among all; `u32::MAX`: not known.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let prices = self.of_all_keys();
        let mut sorted: Vec<PriceNow> = prices.iter().flatten().copied().collect();
        sorted.sort_unstable();
        sorted.dedup();
        let rank = |p: PriceNow| sorted.binary_search(&p).map_or(u32::MAX, |r| r as u32);
        prices
            .into_iter()
            .map(|p| p.map_or(u32::MAX, rank))
            .collect()
    }

    /// The lowest price among some connectors of a location, and whether another of them costs
    /// something else.
    pub(super) fn lowest(
        &self,
        i: usize,
        admits: &dyn Fn(u32) -> bool,
    ) -> (Option<PriceNow>, bool) {
        let rows = self.index.rows_of(i);
        let prices = self.index.rows[rows.clone()]
            .iter()
            .zip(&self.index.row_price[rows])
            .filter(|&(&row, &key)| key != PRICE_UNKNOWN && admits(row))
            .filter_map(|(_, &key)| self.of_key(key));
        let (mut lowest, mut differ) = (None, false);
        for price in prices {
            differ |= lowest.is_some_and(|l| l != price);
            lowest = Some(lowest.map_or(price, |l| price.min(l)));
        }
        (lowest, differ)
    }
}
