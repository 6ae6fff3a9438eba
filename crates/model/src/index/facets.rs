//! The counts beside the filters: for every option, how many locations in view would match if
//! its group asked for it alone and all other groups for what they do.

use super::cluster::{Cell, Scene};
use super::columns::{NO_STANDARD, POWER_MASK, attr, moment, packed_power};
use super::select::{Open, dc_bits, group, open_by_hours, row_group};
use super::view::Relation;
use crate::filter::Filter;
use crate::location::{ConnectorStandard, LocationKind, PlaceKind};
use crate::money::{Currency, UnitPrice};
use serde::{Deserialize, Serialize};

/// The least powers that are counted, W, ascending.
pub const POWER_STEPS_W: [u32; 6] = [7_000, 30_000, 60_000, 120_000, 180_000, 250_000];
/// The highest prices of a kWh that are counted, ascending: in the currency of the filter's own
/// limit, or else in yuan.
pub const PRICE_STEPS: [UnitPrice; 6] = [
    UnitPrice::from_millionths(600_000),
    UnitPrice::from_millionths(800_000),
    UnitPrice::from_millionths(1_000_000),
    UnitPrice::from_millionths(1_200_000),
    UnitPrice::from_millionths(1_500_000),
    UnitPrice::from_millionths(2_000_000),
];
/// The least numbers of EVSEs that are counted, ascending.
pub const EVSE_STEPS: [u32; 5] = [2, 4, 6, 10, 20];

/// For every option of every filter, how many locations in view match with that option alone in
/// its group, the other groups as they are. Free, or free or unknown, are options of one group;
/// so are the two of opening and the two of parking.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facets {
    /// In order of [`ConnectorStandard::ALL`].
    pub standards: Vec<u32>,
    /// In order of [`POWER_STEPS_W`].
    pub powers: Vec<u32>,
    /// In order of [`PRICE_STEPS`].
    pub prices: Vec<u32>,
    /// In order of [`crate::Catalogue::operators`].
    pub operators: Vec<u32>,
    /// In order of [`LocationKind::ALL`].
    pub kinds: Vec<u32>,
    /// In order of [`PlaceKind::ALL`].
    pub places: Vec<u32>,
    /// In order of [`EVSE_STEPS`].
    pub evses: Vec<u32>,
    /// [`Filter::dc_only`].
    pub dc_only: u32,
    /// [`Filter::free_now`].
    pub free_now: u32,
    /// [`Filter::free_or_unknown`].
    pub free_or_unknown: u32,
    /// [`Filter::open_now`].
    pub open_now: u32,
    /// [`Filter::open_or_unknown`].
    pub open_or_unknown: u32,
    /// [`Filter::parking_free`].
    pub parking_free: u32,
    /// [`Filter::parking_always_free`].
    pub parking_always_free: u32,
    /// [`Filter::accessible`].
    pub accessible: u32,
}

impl Facets {
    /// With one connector standard.
    pub fn standard(&self, standard: ConnectorStandard) -> u32 {
        self.standards.get(standard as usize).copied().unwrap_or(0)
    }

    /// Of one kind.
    pub fn kind(&self, kind: LocationKind) -> u32 {
        self.kinds.get(kind as usize).copied().unwrap_or(0)
    }

    /// At one kind of place.
    pub fn place(&self, place: PlaceKind) -> u32 {
        self.places.get(place as usize).copied().unwrap_or(0)
    }
}

/// Locations in view that are left out only because something about them is not known: all else
/// that is asked they are. Zero for what is not asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// No price of a connector that would do is known (in the limit's currency).
    pub price_unknown: u32,
    /// No EVSE that would do is free, and the status of one is not known.
    pub status_unknown: u32,
    /// Nobody knows its hours.
    pub hours_unknown: u32,
}

/// What a location's connectors would pass.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each answers another question"
)]
struct Offer {
    /// A bit for each standard of those that pass all but the standard demanded.
    standards: u32,
    /// The strongest that passes all but the power demanded, as rows hold it.
    power: u32,
    /// One that passes all but the demand for direct current carries it.
    dc: bool,
    /// The first of [`PRICE_STEPS`] that admits one that passes all but the price demanded; their
    /// number or more: none does.
    price_step: usize,
    /// One that passes all but the demand for a free one is free, or unknown.
    free: bool,
    unknown: bool,
    /// One passes everything.
    all: bool,
}

/// Bits of an attribute word that have options.
const ATTRS: u32 = (attr::PARKING_ALWAYS_FREE << 1) - 1;
/// EVSEs are counted up to the last step.
const MOST_EVSES: u32 = EVSE_STEPS[EVSE_STEPS.len() - 1];

/// Histograms of the locations that fail nothing or one group.
struct Tally<'a> {
    scene: &'a Scene<'a>,
    now: u32,
    /// By price key: the first step that admits it.
    price_steps: Vec<u8>,
    powers: [u32; POWER_STEPS_W.len()],
    dc: u32,
    /// By attribute word, for those that fail nothing; then the same for each group.
    attrs: Vec<u32>,
    /// By number of EVSEs.
    evses: Vec<u32>,
    /// By number of the hours.
    hours: Vec<u32>,
    facets: Facets,
}

impl Scene<'_> {
    /// Counts what is in view.
    pub(super) fn facets(&self, cells: &[Cell], filter: &Filter) -> Facets {
        let currency = filter.max_price.map_or(Currency::CNY, |m| m.currency);
        let step_of = |price: Option<(Currency, UnitPrice)>| match price {
            Some((c, price)) if c == currency => PRICE_STEPS.partition_point(|&s| s < price),
            _ => PRICE_STEPS.len(),
        };
        let prices = self.prices.of_all_keys();
        let open = open_by_hours(self.index, self.catalogue, self.now);
        let counts = |n: usize| vec![0; n];
        let mut tally = Tally {
            scene: self,
            now: moment(self.now),
            price_steps: prices.into_iter().map(|p| step_of(p) as u8).collect(),
            powers: POWER_STEPS_W.map(|w| packed_power(Some(w))),
            dc: dc_bits(),
            attrs: counts((ATTRS as usize + 1) * (group::N + 1)),
            evses: counts(MOST_EVSES as usize + 1),
            hours: counts(open.len()),
            facets: Facets {
                standards: counts(1 + NO_STANDARD as usize),
                powers: counts(POWER_STEPS_W.len() + 1),
                prices: counts(PRICE_STEPS.len() + 1),
                operators: counts(self.catalogue.operators.len() + 1),
                kinds: counts(LocationKind::ALL.len()),
                places: counts(PlaceKind::ALL.len()),
                ..Facets::default()
            },
        };
        for cell in cells.iter().filter(|c| c.relation != Relation::Outside) {
            for i in cell.lo..cell.hi {
                let fails = self.selection.fails(i);
                // With two groups failing no single option helps.
                if fails & group::OUT == 0
                    && fails & fails.wrapping_sub(1) == 0
                    && self.is_in_view(cell.relation, i)
                {
                    tally.add(i, fails);
                }
            }
        }
        tally.sum_up(&open)
    }

    /// Counts the locations in view that fail for want of knowledge.
    pub(super) fn left_out(&self, cells: &[Cell], filter: &Filter) -> LeftOut {
        let (index, selection) = (self.index, self.selection);
        let mut left_out = LeftOut::default();
        let known: Vec<bool> = filter.max_price.map_or(Vec::new(), |most| {
            let prices = self.prices.of_all_keys().into_iter();
            let known = prices.map(|p| p.is_some_and(|(currency, _)| currency == most.currency));
            known.collect()
        });
        let open = open_by_hours(index, self.catalogue, self.now);
        let now = moment(self.now);
        for cell in cells.iter().filter(|c| c.relation != Relation::Outside) {
            for i in cell.lo..cell.hi {
                let fails = selection.fails(i);
                let hours_alone = fails == group::OPEN && filter.open_now;
                if selection.has(i)
                    || (fails != 0 && !hours_alone)
                    || !self.is_in_view(cell.relation, i)
                {
                    continue;
                }
                if hours_alone {
                    let unknown = open.get(index.hours[i] as usize) == Some(&Open::Unknown);
                    if unknown && index.rows_of(i).any(|j| selection.row_fails(j) == 0) {
                        left_out.hours_unknown += 1;
                    }
                    continue;
                }
                let (mut priced, mut unpriced, mut unknown) = (false, false, false);
                for j in index.rows_of(i) {
                    let fails = selection.row_fails(j);
                    let is_known = known.get(index.row_price[j] as usize) == Some(&true);
                    priced |= fails == row_group::PRICE && is_known;
                    unpriced |= fails == row_group::PRICE && !is_known;
                    unknown |= fails == row_group::FREE && now > index.row_known_until[j];
                }
                left_out.price_unknown += u32::from(unpriced && !priced);
                left_out.status_unknown += u32::from(unknown && filter.free_now);
            }
        }
        left_out
    }
}

/// Counts some more at a place of a list, where the list has it.
fn count(counts: &mut [u32], at: usize, n: u32) {
    if let Some(count) = counts.get_mut(at) {
        *count += n;
    }
}

impl Tally<'_> {
    /// Adds a location in view that fails at most one group besides its connectors.
    fn add(&mut self, i: usize, fails: u8) {
        let index = self.scene.index;
        let offer = self.offer(i);
        if fails == 0 {
            self.add_offer(&offer);
        }
        if !offer.all {
            return;
        }
        let part = if fails == 0 {
            0
        } else {
            1 + fails.trailing_zeros() as usize
        };
        let word = part * (ATTRS as usize + 1) + (index.attrs[i] & ATTRS) as usize;
        count(&mut self.attrs, word, 1);
        if fails & !group::OPERATOR == 0 {
            let operator = index.operator[i] as usize;
            count(&mut self.facets.operators, operator, 1);
        }
        if fails & !group::OPEN == 0 {
            count(&mut self.hours, index.hours[i] as usize, 1);
        }
        if fails & !group::EVSES == 0 {
            let n = index.n_evses[i].min(MOST_EVSES);
            count(&mut self.evses, n as usize, 1);
        }
    }

    fn offer(&self, i: usize) -> Offer {
        let (index, selection) = (self.scene.index, self.scene.selection);
        let mut offer = Offer {
            standards: 0,
            power: 0,
            dc: false,
            price_step: PRICE_STEPS.len(),
            free: false,
            unknown: false,
            all: false,
        };
        for j in index.rows_of(i) {
            let fails = selection.row_fails(j);
            if fails & fails.wrapping_sub(1) != 0 {
                continue;
            }
            let row = index.rows[j];
            let standard = row >> 28;
            let alone = |group: u8| fails & !group == 0;
            offer.all |= fails == 0;
            if alone(row_group::STANDARD) {
                offer.standards |= 1 << standard;
            }
            if alone(row_group::POWER) {
                offer.power = offer.power.max(row & POWER_MASK);
            }
            if alone(row_group::DC) {
                offer.dc |= self.dc >> standard & 1 == 1;
            }
            if alone(row_group::PRICE) {
                let key = index.row_price[j] as usize;
                let step = self.price_steps.get(key).map_or(usize::MAX, |&s| s.into());
                offer.price_step = offer.price_step.min(step);
            }
            if alone(row_group::FREE) {
                offer.free |= self.now <= index.row_free_until[j];
                offer.unknown |= self.now > index.row_known_until[j];
            }
        }
        offer
    }

    fn add_offer(&mut self, offer: &Offer) {
        let facets = &mut self.facets;
        let mut standards = offer.standards;
        while standards != 0 {
            let standard = standards.trailing_zeros() as usize;
            count(&mut facets.standards, standard, 1);
            standards &= standards - 1;
        }
        // No branches: any power comes next.
        let steps = self.powers.iter();
        let n: usize = steps.map(|&s| usize::from(s <= offer.power)).sum();
        count(&mut facets.powers, n, 1);
        count(&mut facets.prices, offer.price_step, 1);
        facets.dc_only += u32::from(offer.dc);
        facets.free_now += u32::from(offer.free);
        facets.free_or_unknown += u32::from(offer.free | offer.unknown);
    }

    /// Turns the histograms into counts by option.
    fn sum_up(self, open: &[Open]) -> Facets {
        let mut facets = self.facets;
        facets.standards.truncate(ConnectorStandard::ALL.len());
        // A power admits all steps up to it, a price all from it.
        for step in (1..POWER_STEPS_W.len()).rev() {
            facets.powers[step] += facets.powers[step + 1];
        }
        facets.powers.remove(0);
        for step in 1..PRICE_STEPS.len() {
            facets.prices[step] += facets.prices[step - 1];
        }
        facets.prices.truncate(PRICE_STEPS.len());
        // Those without an operator stand first.
        facets.operators.remove(0);
        let at_least = |least: u32| self.evses.iter().skip(least as usize).sum();
        facets.evses = EVSE_STEPS.iter().map(|&s| at_least(s)).collect();
        for (&n, open) in self.hours.iter().zip(open) {
            facets.open_now += if *open == Open::Yes { n } else { 0 };
            facets.open_or_unknown += if *open == Open::No { 0 } else { n };
        }
        for (part, words) in self.attrs.chunks(ATTRS as usize + 1).enumerate() {
            let is = |group: u8| part == 0 || part == 1 + group.trailing_zeros() as usize;
            for (attrs, &n) in (0_u32..).zip(words).filter(|(_, n)| **n > 0) {
                // Zero is unknown, and becomes a number beyond the list.
                if is(group::KIND) {
                    let kind = attrs >> attr::KIND_SHIFT & attr::KIND_MASK;
                    count(&mut facets.kinds, (kind as usize).wrapping_sub(1), n);
                }
                if is(group::PLACE) {
                    let place = attrs >> attr::PLACE_SHIFT & attr::PLACE_MASK;
                    count(&mut facets.places, (place as usize).wrapping_sub(1), n);
                }
                let of = |group: u8, flag: u32| {
                    if is(group) && attrs & flag != 0 { n } else { 0 }
                };
                facets.parking_free += of(group::PARKING, attr::PARKING_FREE);
                facets.parking_always_free += of(group::PARKING, attr::PARKING_ALWAYS_FREE);
                facets.accessible += of(group::ACCESSIBLE, attr::ACCESSIBLE);
            }
        }
        facets
    }
}
