//! A filter over the packed columns: the same answer as [`Filter::matches`] for every location.
//!
//! A location's demands fall into groups, and so do a connector's. For each location one byte
//! says which groups fail; for each connector row another one does. What fails nothing passes;
//! what fails one group alone would pass without it, which is what the counts beside the
//! filters ([`super::facets`]) ask.

use super::columns::{
    HOURS_ALWAYS, HOURS_FIRST, LocationIndex, NO_STANDARD, POWER_MASK, attr, moment, packed_power,
};
use super::prices::PricesNow;
use super::texts::FoldedTexts;
use crate::catalogue::Catalogue;
use crate::filter::{Filter, Needle};
use crate::location::ConnectorStandard;
use crate::time::Instant;

/// Groups of demands on a location: the bit says that it fails.
pub(super) mod group {
    pub(in super::super) const OPERATOR: u8 = 1;
    pub(in super::super) const KIND: u8 = 1 << 1;
    pub(in super::super) const PLACE: u8 = 1 << 2;
    pub(in super::super) const OPEN: u8 = 1 << 3;
    pub(in super::super) const PARKING: u8 = 1 << 4;
    pub(in super::super) const ACCESSIBLE: u8 = 1 << 5;
    pub(in super::super) const EVSES: u8 = 1 << 6;
    /// No place to go, or out by what has no options to count: text, favourites.
    pub(in super::super) const OUT: u8 = 1 << 7;
    /// How many groups.
    pub(in super::super) const N: usize = 8;
}

/// Groups of demands on one connector.
pub(super) mod row_group {
    pub(in super::super) const STANDARD: u8 = 1;
    pub(in super::super) const POWER: u8 = 1 << 1;
    pub(in super::super) const DC: u8 = 1 << 2;
    pub(in super::super) const PRICE: u8 = 1 << 3;
    pub(in super::super) const FREE: u8 = 1 << 4;
}

/// When a location is open, as a question about now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    Unknown,
    No,
    Yes,
}

/// Which locations pass, in the index's order.
pub(super) struct Selection {
    /// `None`: all do.
    mask: Option<Vec<bool>>,
    /// Groups that fail; empty: none does.
    fails: Vec<u8>,
    /// Groups that fail, by connector row; empty: none does.
    row_fails: Vec<u8>,
    connector: ConnectorDemand,
    pub(super) n_matching: u32,
}

impl Selection {
    pub(super) fn new(
        index: &LocationIndex,
        catalogue: &Catalogue,
        filter: &Filter,
        now: Instant,
    ) -> Self {
        let mut selection = Self {
            mask: None,
            fails: Vec::new(),
            row_fails: Vec::new(),
            connector: ConnectorDemand::new(filter),
            n_matching: index.n_places(),
        };
        if filter.is_empty() && index.n_places() as usize == index.len() {
            return selection;
        }
        let mut fails = Fails(
            index
                .attrs
                .iter()
                .map(|&a| {
                    if a & attr::PLACE_TO_GO == 0 {
                        group::OUT
                    } else {
                        0
                    }
                })
                .collect(),
        );
        fails.by_attributes(index, filter);
        if !filter.operators.is_empty() {
            fails.by_operator(index, catalogue, filter);
        }
        if filter.open_now || filter.open_or_unknown {
            let open = open_by_hours(index, catalogue, now);
            let fine = |o: Open| o == Open::Yes || (!filter.open_now && o == Open::Unknown);
            let closed: Vec<bool> = open.into_iter().map(|o| !fine(o)).collect();
            fails.by_table(&index.hours, &closed, group::OPEN);
        }
        if let Some(ids) = &filter.ids {
            let wanted = index.places_of(catalogue, ids);
            fails.unless(&wanted, group::OUT);
        }
        if let Some(needle) = filter.text.as_deref().and_then(Needle::new) {
            let found = by_text(index, catalogue, needle);
            fails.unless(&found, group::OUT);
        }
        let mut mask: Vec<bool> = fails.0.iter().map(|&f| f == 0).collect();
        if filter.asks_connector() || filter.free_now || filter.free_or_unknown {
            selection.row_fails = row_fails(index, catalogue, filter, &selection.connector, now);
            keep_with_a_row(index, &selection.row_fails, &mut mask);
        }
        selection.n_matching = mask.iter().map(|&passes| u32::from(passes)).sum();
        selection.mask = Some(mask);
        selection.fails = fails.0;
        selection
    }

    /// Whether the location at a place of the index passes.
    pub(super) fn has(&self, i: usize) -> bool {
        self.mask.as_ref().is_none_or(|m| m[i])
    }

    /// The mask over a range; `None`: all pass.
    pub(super) fn slice(&self, lo: usize, hi: usize) -> Option<&[bool]> {
        self.mask.as_ref().map(|m| &m[lo..hi])
    }

    /// The groups that a location fails, those on its connectors aside.
    pub(super) fn fails(&self, i: usize) -> u8 {
        self.fails.get(i).copied().unwrap_or(0)
    }

    /// The groups that a connector row fails.
    pub(super) fn row_fails(&self, j: usize) -> u8 {
        self.row_fails.get(j).copied().unwrap_or(0)
    }

    /// Whether a connector row has the standard and the power that are asked for.
    pub(super) const fn admits_row(&self, row: u32) -> bool {
        self.connector.fails(row) == 0
    }
}

/// What is asked of a connector's standard and power.
struct ConnectorDemand {
    /// The groups that a standard fails, by its four bits.
    standards: [u8; 16],
    power: u32,
}

impl ConnectorDemand {
    fn new(filter: &Filter) -> Self {
        let all = 1 << NO_STANDARD | bits(ConnectorStandard::ALL.iter());
        let fine = if filter.standards.is_empty() {
            all
        } else {
            bits(filter.standards.iter())
        };
        let dc = if filter.dc_only { dc_bits() } else { all };
        let group = |bits: u32, s: usize, group: u8| if bits >> s & 1 == 1 { 0 } else { group };
        Self {
            standards: core::array::from_fn(|s| {
                group(fine, s, row_group::STANDARD) | group(dc, s, row_group::DC)
            }),
            power: packed_power(filter.min_power_w),
        }
    }

    const fn fails(&self, row: u32) -> u8 {
        let weak = (row & POWER_MASK < self.power) as u8;
        self.standards[(row >> 28) as usize] | (weak * row_group::POWER)
    }
}

fn bits<'a>(standards: impl Iterator<Item = &'a ConnectorStandard>) -> u32 {
    standards.fold(0, |bits, &s| bits | 1 << s as u32)
}

/// A bit for each standard that carries direct current.
pub(super) fn dc_bits() -> u32 {
    bits(ConnectorStandard::ALL.iter().filter(|s| s.is_dc()))
}

/// Groups that fail, by location.
struct Fails(Vec<u8>);

impl Fails {
    fn by_attributes(&mut self, index: &LocationIndex, filter: &Filter) {
        let flag = |on: bool, flag: u32| if on { flag } else { 0 };
        let parking = flag(filter.parking_free, attr::PARKING_FREE)
            | flag(filter.parking_always_free, attr::PARKING_ALWAYS_FREE);
        let accessible = flag(filter.accessible, attr::ACCESSIBLE);
        for (need, group) in [(parking, group::PARKING), (accessible, group::ACCESSIBLE)] {
            if need != 0 {
                self.by(&index.attrs, group, |a| a & need != need);
            }
        }
        // One bit a value; bit 0, unknown, is never asked for.
        let any_of = |bits: u32, value: u32| bits | 1 << (value + 1);
        if !filter.kinds.is_empty() {
            let kinds = filter.kinds.iter().fold(0, |b, &k| any_of(b, k as u32));
            self.by(&index.attrs, group::KIND, |a| {
                kinds >> (a >> attr::KIND_SHIFT & attr::KIND_MASK) & 1 == 0
            });
        }
        if !filter.places.is_empty() {
            let places = filter.places.iter().fold(0, |b, &p| any_of(b, p as u32));
            self.by(&index.attrs, group::PLACE, |a| {
                places >> (a >> attr::PLACE_SHIFT & attr::PLACE_MASK) & 1 == 0
            });
        }
        if let Some(least) = filter.min_evses {
            self.by(&index.n_evses, group::EVSES, |n| n < least);
        }
    }

    fn by_operator(&mut self, index: &LocationIndex, catalogue: &Catalogue, filter: &Filter) {
        let others = catalogue.operators.iter();
        let others = others.map(|o| !filter.operators.contains(&o.id));
        let fails: Vec<bool> = core::iter::once(true).chain(others).collect();
        self.by_table(&index.operator, &fails, group::OPERATOR);
    }

    /// By what a table says of each value; a value beyond its end fails.
    fn by_table(&mut self, column: &[u32], fails: &[bool], group: u8) {
        self.by(column, group, |v| {
            fails.get(v as usize).copied().unwrap_or(true)
        });
    }

    fn by(&mut self, column: &[u32], group: u8, fails: impl Fn(u32) -> bool) {
        for (f, &value) in self.0.iter_mut().zip(column) {
            *f |= if fails(value) { group } else { 0 };
        }
    }

    fn unless(&mut self, passes: &[bool], group: u8) {
        for (f, &passes) in self.0.iter_mut().zip(passes) {
            *f |= if passes { 0 } else { group };
        }
    }
}

/// Which groups each connector row fails.
fn row_fails(
    index: &LocationIndex,
    catalogue: &Catalogue,
    filter: &Filter,
    demand: &ConnectorDemand,
    now: Instant,
) -> Vec<u8> {
    let mut fails: Vec<u8> = index.rows.iter().map(|&row| demand.fails(row)).collect();
    let moment = moment(now);
    if filter.free_now {
        for (f, &until) in fails.iter_mut().zip(&index.row_free_until) {
            *f |= if moment <= until { 0 } else { row_group::FREE };
        }
    }
    if filter.free_or_unknown {
        let until = index.row_free_until.iter().zip(&index.row_known_until);
        for (f, (&free, &known)) in fails.iter_mut().zip(until) {
            let fine = u8::from(moment <= free) | u8::from(moment > known);
            *f |= if fine == 0 { row_group::FREE } else { 0 };
        }
    }
    if let Some(most) = filter.max_price {
        let prices = PricesNow::new(index, catalogue, now).of_all_keys();
        let dear: Vec<u8> = prices
            .into_iter()
            .map(|price| {
                let fine = price.is_some_and(|(currency, price)| {
                    currency == most.currency && price <= most.per_kwh
                });
                if fine { 0 } else { row_group::PRICE }
            })
            .collect();
        for (f, &key) in fails.iter_mut().zip(&index.row_price) {
            *f |= dear.get(key as usize).copied().unwrap_or(row_group::PRICE);
        }
    }
    fails
}

/// Takes out of the mask the locations of which every connector row fails something. Without
/// branches: it counts the rows that pass before each one.
fn keep_with_a_row(index: &LocationIndex, row_fails: &[u8], mask: &mut [bool]) {
    let mut passing = Vec::with_capacity(row_fails.len() + 1);
    let mut n = 0_u32;
    passing.push(n);
    passing.extend(row_fails.iter().map(|&fails| {
        n += u32::from(fails == 0);
        n
    }));
    let before = |row: u32| passing.get(row as usize).copied().unwrap_or(0);
    let mut at_start = 0;
    for (passes, &end) in mask.iter_mut().zip(index.row_start.iter().skip(1)) {
        let at_end = before(end);
        *passes &= at_end != at_start;
        at_start = at_end;
    }
}

/// Whether the different hours of an index are open at an instant, by their number.
pub(super) fn open_by_hours(
    index: &LocationIndex,
    catalogue: &Catalogue,
    now: Instant,
) -> Vec<Open> {
    let mut open = vec![Open::Unknown; HOURS_FIRST as usize];
    open[HOURS_ALWAYS as usize] = Open::Yes;
    open.extend(index.hours_of.iter().map(|&first| {
        let location = catalogue.locations.get(first as usize);
        match location.and_then(|l| l.is_open_at(catalogue, now)) {
            Some(true) => Open::Yes,
            Some(false) => Open::No,
            None => Open::Unknown,
        }
    }));
    open
}

fn by_text(index: &LocationIndex, catalogue: &Catalogue, mut needle: Needle) -> Vec<bool> {
    // An operator's name is looked at once, not at each of its locations.
    let of_operator: Vec<bool> = core::iter::once(false)
        .chain(
            catalogue
                .operators
                .iter()
                .map(|o| needle.is_in_text(&o.name)),
        )
        .collect();
    let has = |&o: &u32| of_operator.get(o as usize).copied().unwrap_or(false);
    let mut found: Vec<bool> = index.operator.iter().map(has).collect();
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
    found
}
