//! Which entries can hold a match at all: one bit an entry, in columns, so that a question looks at few entries.
//!
//! A column says "here begins something typed `n`", "… `na`" or "here stands this character". Pairs and
//! characters share columns by a hash: a column may say yes too often, never too rarely.

use super::alphabet::{Alphabet, FIRST_OTHER, Symbol, letter_of, starts};
use super::fold::N_LETTERS;

const LETTERS: usize = N_LETTERS as usize;
/// Columns for the first two letters of what can be typed from a place on.
const PAIRS: usize = 256;
/// Columns for characters.
const OTHERS: usize = 128;
const COLUMNS: usize = LETTERS + PAIRS + OTHERS;
/// Entries a word holds the bits of.
pub(super) const BLOCK: usize = 64;

const fn pair_column(a: u8, b: u8) -> usize {
    // Letters that follow each other are no number's neighbours: multiply, and take the middle.
    let mixed = (a as u32 * N_LETTERS as u32 + b as u32).wrapping_mul(0x9e37_79b1);
    LETTERS + (mixed >> 20) as usize % PAIRS
}

const fn other_column(symbol: Symbol) -> usize {
    LETTERS + PAIRS + (symbol - FIRST_OTHER) as usize % OTHERS
}

/// The bits of all entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    /// Column after column.
    bits: Vec<u64>,
    n_blocks: usize,
}

/// The bits of up to [`BLOCK`] entries while they are made.
pub(super) struct Block([u64; COLUMNS]);

impl Block {
    pub(super) const fn new() -> Self {
        Self([0; COLUMNS])
    }

    /// Notes what a key of the entry with this bit can be found by.
    pub(super) fn note(&mut self, bit: u64, key: &[Symbol], alphabet: &Alphabet) {
        for (i, &symbol) in key.iter().enumerate() {
            if !starts(symbol) {
                continue;
            }
            let next = key.get(i + 1).copied();
            if let Some(letter) = letter_of(symbol) {
                self.0[usize::from(letter)] |= bit;
                self.pairs(bit, letter, next, alphabet);
                continue;
            }
            self.0[other_column(symbol)] |= bit;
            for reading in alphabet.readings_of(symbol) {
                let Some(&first) = reading.first() else { continue };
                self.0[usize::from(first)] |= bit;
                if let Some(&second) = reading.get(1) {
                    self.0[pair_column(first, second)] |= bit;
                }
                self.pairs(bit, first, next, alphabet);
            }
        }
    }

    /// The pairs of a letter with what the next symbol can begin with.
    fn pairs(&mut self, bit: u64, letter: u8, next: Option<Symbol>, alphabet: &Alphabet) {
        let Some(next) = next else { return };
        if let Some(second) = letter_of(next) {
            self.0[pair_column(letter, second)] |= bit;
        } else {
            for second in alphabet.readings_of(next).iter().filter_map(|r| r.first()) {
                self.0[pair_column(letter, *second)] |= bit;
            }
        }
    }
}

impl Columns {
    /// From blocks in order of entry.
    pub(super) fn new(blocks: &[Block]) -> Self {
        let n_blocks = blocks.len();
        let mut bits = vec![0; COLUMNS * n_blocks];
        for (c, column) in bits.chunks_mut(n_blocks.max(1)).enumerate() {
            for (word, block) in column.iter_mut().zip(blocks) {
                *word = block.0[c];
            }
        }
        Self { bits, n_blocks }
    }

    fn column(&self, column: usize) -> &[u64] {
        let from = column * self.n_blocks;
        self.bits.get(from..from + self.n_blocks).unwrap_or_default()
    }

    /// Memory held, bytes.
    pub(super) fn n_bytes(&self) -> usize {
        self.bits.len() * size_of::<u64>()
    }
}

/// Entries, one bit each.
#[derive(Clone, Debug)]
pub(super) struct Entries {
    words: Vec<u64>,
    n: usize,
}

impl Entries {
    pub(super) fn all(n: usize) -> Self {
        let mut words = vec![u64::MAX; n.div_ceil(BLOCK)];
        if let (Some(last), used @ 1..) = (words.last_mut(), n % BLOCK) {
            *last = (1 << used) - 1;
        }
        Self { words, n }
    }

    pub(super) fn none(n: usize) -> Self {
        Self {
            words: vec![0; n.div_ceil(BLOCK)],
            n,
        }
    }

    fn keep(&mut self, column: &[u64]) {
        for (word, column) in self.words.iter_mut().zip(column) {
            *word &= column;
        }
    }

    /// Keeps those that hold this character.
    pub(super) fn keep_other(&mut self, columns: &Columns, symbol: Symbol) {
        self.keep(columns.column(other_column(symbol)));
    }

    /// Keeps those where something typed so begins.
    pub(super) fn keep_pair(&mut self, columns: &Columns, a: u8, b: u8) {
        self.keep(columns.column(pair_column(a, b)));
    }

    /// Keeps those where something typed so begins.
    pub(super) fn keep_letter(&mut self, columns: &Columns, letter: u8) {
        self.keep(columns.column(usize::from(letter)));
    }

    /// Keeps those where something begins with either letter.
    pub(super) fn keep_either(&mut self, columns: &Columns, a: u8, b: u8) {
        let (a, b) = (columns.column(usize::from(a)), columns.column(usize::from(b)));
        for ((word, a), b) in self.words.iter_mut().zip(a).zip(b) {
            *word &= a | b;
        }
    }

    pub(super) fn add_all(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    pub(super) fn remove_all(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    pub(super) fn add(&mut self, entry: usize) {
        if let Some(word) = self.words.get_mut(entry / BLOCK) {
            *word |= 1 << (entry % BLOCK);
        }
    }

    /// In order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let n = self.n;
        self.words.iter().enumerate().flat_map(move |(block, &word)| {
            let mut left = word;
            core::iter::from_fn(move || {
                let entry = block * BLOCK + (left.trailing_zeros() as usize);
                (left != 0).then(|| {
                    left &= left - 1;
                    entry
                })
            })
            .filter(move |&entry| entry < n)
        })
    }
}
