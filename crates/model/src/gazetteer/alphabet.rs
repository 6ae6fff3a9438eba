//! The symbols that names are stored in: two bytes each, with what every symbol can be typed as.

use super::fold::{Folded, N_LETTERS, Unit};
use super::readings::Readings;
use std::collections::BTreeMap;

/// A unit of a stored name. Below [`N_LETTERS`]: a letter or digit within a word; then the same where a word
/// starts; then every other letter that occurs, in order of appearance.
pub(super) type Symbol = u16;

/// The first symbol that is not a Latin letter or digit.
pub(super) const FIRST_OTHER: Symbol = 2 * N_LETTERS;
/// Stands for letters beyond those that can be numbered, and matches nothing.
const UNNUMBERED: Symbol = Symbol::MAX;
/// Characters share a page of the table by their higher bits.
const PAGE: usize = 256;

/// Whether a match may begin here.
pub(super) const fn starts(symbol: Symbol) -> bool {
    symbol >= N_LETTERS
}

/// Some of all symbols.
#[derive(Clone, Debug)]
pub(super) struct Symbols(Box<[u64; 1024]>);

impl Symbols {
    /// Those of an alphabet that a match may begin with and that fulfil a condition.
    pub(super) fn starting(alphabet: &Alphabet, holds: impl Fn(Symbol) -> bool) -> Self {
        let mut symbols = Self(Box::new([0; 1024]));
        let n_symbols = FIRST_OTHER as usize + alphabet.len();
        for symbol in (0..n_symbols as Symbol).filter(|&s| starts(s) && holds(s)) {
            symbols.0[usize::from(symbol >> 6)] |= 1 << (symbol & 63);
        }
        symbols
    }

    pub(super) fn has(&self, symbol: Symbol) -> bool {
        self.0[usize::from(symbol >> 6)] >> (symbol & 63) & 1 == 1
    }

    /// The first of these in a key from a place on.
    pub(super) fn next_in(&self, key: &[Symbol], from: usize) -> Option<usize> {
        let rest = key.get(from..)?;
        rest.iter().position(|&s| self.has(s)).map(|at| from + at)
    }

    /// All places of these in a key from a place on.
    pub(super) fn places_in<'k>(
        &'k self,
        key: &'k [Symbol],
        from: usize,
    ) -> impl Iterator<Item = usize> + 'k {
        core::iter::successors(self.next_in(key, from), |&at| self.next_in(key, at + 1))
    }
}

/// The Latin letter or digit of a symbol.
pub(super) const fn letter_of(symbol: Symbol) -> Option<u8> {
    if symbol < FIRST_OTHER {
        Some((symbol % N_LETTERS) as u8)
    } else {
        None
    }
}

/// Every character that occurs in a gazetteer, numbered, with its readings as letters.
#[derive(Clone, Debug, Default)]
pub(super) struct Alphabet {
    /// Symbols by higher bits of the character; 0 is none.
    pages: Vec<Option<Box<[Symbol; PAGE]>>>,
    /// Symbol `FIRST_OTHER + i` owns `readings[first[i]..first[i + 1]]`.
    first: Vec<u32>,
    /// Numbers of syllables.
    readings: Vec<u16>,
    /// As letters.
    syllables: Vec<Box<[u8]>>,
    /// The number of each syllable, while names are added.
    numbers: BTreeMap<Box<[u8]>, u16>,
}

impl Alphabet {
    pub(super) fn new() -> Self {
        Self {
            first: vec![0],
            ..Self::default()
        }
    }

    /// The symbol of a unit, numbered now if it is new.
    pub(super) fn number(&mut self, folded: Folded, readings: &Readings) -> Symbol {
        let c = match folded.unit {
            Unit::Letter(letter) => {
                return u16::from(letter) + if folded.starts { N_LETTERS } else { 0 };
            }
            Unit::Other(c) => c,
        };
        if let Some(known) = self.symbol_of(c) {
            return known;
        }
        let next = FIRST_OTHER as usize + self.len();
        if next >= UNNUMBERED as usize {
            return UNNUMBERED;
        }
        for reading in readings.of(c) {
            let letters: Box<[u8]> = reading.bytes().map(|b| b - b'a').collect();
            // There are some four hundred syllables; no table has more than 65,536.
            let next = self.syllables.len() as u16;
            let number = *self.numbers.entry(letters.clone()).or_insert(next);
            if number == next {
                self.syllables.push(letters);
            }
            self.readings.push(number);
        }
        self.first.push(self.readings.len() as u32);
        let symbol = next as Symbol;
        let code = u32::from(c) as usize;
        if self.pages.len() <= code / PAGE {
            self.pages.resize(code / PAGE + 1, None);
        }
        if let Some(page) = self.pages.get_mut(code / PAGE) {
            page.get_or_insert_with(|| Box::new([0; PAGE]))[code % PAGE] = symbol;
        }
        symbol
    }

    /// The symbol of a letter that is not Latin; `None` when it does not occur.
    pub(super) fn symbol_of(&self, c: char) -> Option<Symbol> {
        let code = u32::from(c) as usize;
        let page = self.pages.get(code / PAGE)?.as_ref()?;
        Some(page[code % PAGE]).filter(|&symbol| symbol != 0)
    }

    /// How many letters there are that are not Latin.
    pub(super) fn len(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// The readings of a symbol, as numbers of syllables.
    pub(super) fn readings_of(&self, symbol: Symbol) -> &[u16] {
        let Some(i) = symbol.checked_sub(FIRST_OTHER).map(usize::from) else {
            return &[];
        };
        let (Some(&a), Some(&b)) = (self.first.get(i), self.first.get(i + 1)) else {
            return &[];
        };
        self.readings
            .get(a as usize..b as usize)
            .unwrap_or_default()
    }

    /// The readings of a symbol, as letters.
    pub(super) fn spellings_of(&self, symbol: Symbol) -> impl Iterator<Item = &[u8]> {
        let numbers = self.readings_of(symbol).iter();
        numbers.filter_map(|&n| self.syllables.get(usize::from(n)).map(AsRef::as_ref))
    }

    /// All syllables that occur, in order of number.
    pub(super) fn syllables(&self) -> impl Iterator<Item = &[u8]> {
        self.syllables.iter().map(AsRef::as_ref)
    }

    /// Memory held, bytes.
    pub(super) fn n_bytes(&self) -> usize {
        let pages = self.pages.iter().flatten().count() * PAGE * size_of::<Symbol>();
        let syllables = self.syllables.iter();
        let syllables: usize = syllables.map(|s| 2 * (s.len() + size_of_val(s))).sum();
        let lists = (self.first.len() * 2 + self.readings.len()) * size_of::<u16>();
        pages + self.pages.len() * size_of::<usize>() + lists + syllables
    }
}
