//! Which entries can hold a match at all: one bit an entry, in columns, so that a question looks at few entries.
//!
//! A column says "here begins something typed `n`", "… `na`" or "here stands this character". Pairs and
//! characters share columns by a hash: a column may say yes too often, never too rarely.

use super::alphabet::{Alphabet, FIRST_OTHER, Symbol, letter_of, starts};
use super::fold::N_LETTERS;
use super::spelt::{Hash, LONG, Spelt, beginnings};

const LETTERS: usize = N_LETTERS as usize;
/// Entries a word holds the bits of.
pub(super) const BLOCK: usize = 64;

/// How many columns there are of which sort.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shape {
    /// For the first two letters of what can be typed from a place on.
    pairs: usize,
    /// For the first [`LONG`] letters of what is spelt in full from a place on; may be 0.
    longs: usize,
    /// For characters.
    others: usize,
}

impl Shape {
    /// Names are asked first: more columns, fewer that say yes for nothing.
    pub(super) const NAMES: Self = Self {
        pairs: 256,
        longs: 0,
        others: 128,
    };
    /// What names begin with.
    pub(super) const FIRSTS: Self = Self {
        pairs: 96,
        longs: 0,
        others: 96,
    };
    /// Addresses and the like. They begin alike in a whole city, and are found by what is spelt in full only.
    pub(super) const OTHERS: Self = Self {
        pairs: 128,
        longs: 256,
        others: 96,
    };

    const fn n(self) -> usize {
        LETTERS + self.pairs + self.longs + self.others
    }

    const fn pair(self, a: u8, b: u8) -> usize {
        // Letters that follow each other are no number's neighbours: multiply, and take the middle.
        let mixed = (a as u32 * N_LETTERS as u32 + b as u32).wrapping_mul(0x9e37_79b1);
        LETTERS + (mixed >> 20) as usize % self.pairs
    }

    /// `None` where there are no such columns.
    const fn long(self, hash: Hash) -> Option<usize> {
        match (hash.mixed() as usize >> 8).checked_rem(self.longs) {
            Some(column) => Some(LETTERS + self.pairs + column),
            None => None,
        }
    }

    const fn other(self, symbol: Symbol) -> usize {
        LETTERS + self.pairs + self.longs + (symbol - FIRST_OTHER) as usize % self.others
    }
}

/// The bits of all entries.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    shape: Shape,
    /// Column after column.
    bits: Vec<u64>,
    n_blocks: usize,
    /// What is spelt in full anywhere in the keys.
    spelt: Spelt,
}

/// The bits while they are made: block after block of [`BLOCK`] entries, so that what is written lies together.
pub(super) struct Blocks {
    shape: Shape,
    bits: Vec<u64>,
    spelt: Spelt,
}

impl Blocks {
    /// For so many entries.
    pub(super) fn new(shape: Shape, n_entries: usize) -> Self {
        Self {
            shape,
            bits: Vec::with_capacity(n_entries.div_ceil(BLOCK) * shape.n()),
            spelt: Spelt::new(n_entries),
        }
    }

    /// Begins the next block.
    pub(super) fn begin(&mut self) {
        self.bits.resize(self.bits.len() + self.shape.n(), 0);
    }

    /// Notes what a key of the entry with this bit can be found by.
    pub(super) fn note(&mut self, bit: u64, key: &[Symbol], alphabet: &Alphabet) {
        self.note_starts(bit, key, key.len(), alphabet);
        let (shape, spelt) = (self.shape, &mut self.spelt);
        let from = self.bits.len().saturating_sub(shape.n());
        let Some(block) = self.bits.get_mut(from..) else {
            return;
        };
        for (i, &symbol) in key.iter().enumerate() {
            if !starts(symbol) {
                continue;
            }
            let rest = key.get(i..).unwrap_or_default();
            let all = beginnings(rest, alphabet, &mut |n, hash| {
                spelt.note(hash);
                let column = shape.long(hash).filter(|_| n == LONG);
                if let Some(word) = column.and_then(|column| block.get_mut(column)) {
                    *word |= bit;
                }
            });
            if !all {
                spelt.note_any();
                let longs = block
                    .iter_mut()
                    .skip(LETTERS + shape.pairs)
                    .take(shape.longs);
                longs.for_each(|word| *word |= bit);
            }
        }
    }

    /// Notes what the beginning of the key can be found by.
    pub(super) fn note_first(&mut self, bit: u64, key: &[Symbol], alphabet: &Alphabet) {
        self.note_starts(bit, key, 1, alphabet);
    }

    /// Notes what a key can be found by that begins at one of its first `n` symbols.
    fn note_starts(&mut self, bit: u64, key: &[Symbol], n: usize, alphabet: &Alphabet) {
        let shape = self.shape;
        let from = self.bits.len().saturating_sub(shape.n());
        let Some(block) = self.bits.get_mut(from..) else {
            return;
        };
        let mut set = |column: usize| {
            if let Some(word) = block.get_mut(column) {
                *word |= bit;
            }
        };
        for (i, &symbol) in key.iter().enumerate().take(n) {
            if !starts(symbol) {
                continue;
            }
            let next = key.get(i + 1).copied();
            // The pairs of a letter with what the next symbol can begin with.
            let pairs = |letter: u8, set: &mut dyn FnMut(usize)| match next {
                None => {}
                Some(next) => match letter_of(next) {
                    Some(second) => set(shape.pair(letter, second)),
                    None => {
                        for second in alphabet.spellings_of(next).filter_map(|r| r.first()) {
                            set(shape.pair(letter, *second));
                        }
                    }
                },
            };
            if let Some(letter) = letter_of(symbol) {
                set(usize::from(letter));
                pairs(letter, &mut set);
                continue;
            }
            set(shape.other(symbol));
            for reading in alphabet.spellings_of(symbol) {
                let Some(&first) = reading.first() else {
                    continue;
                };
                set(usize::from(first));
                if let Some(&second) = reading.get(1) {
                    set(shape.pair(first, second));
                }
                pairs(first, &mut set);
            }
        }
    }

    /// The same bits in columns.
    pub(super) fn finish(self) -> Columns {
        let shape = self.shape;
        let n_blocks = self.bits.len() / shape.n();
        let mut bits = vec![0; self.bits.len()];
        for (b, block) in self.bits.chunks(shape.n()).enumerate() {
            for (c, word) in block.iter().enumerate() {
                if let Some(to) = bits.get_mut(c * n_blocks + b) {
                    *to = *word;
                }
            }
        }
        Columns {
            shape,
            bits,
            n_blocks,
            spelt: self.spelt,
        }
    }
}

/// What an entry must have to be looked at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Need {
    /// Something that begins with this letter.
    Letter(u8),
    /// Something that begins with these two.
    Pair(u8, u8),
    /// Something that begins with these two, and with [`LONG`] letters of this hash where what is spelt in full has
    /// columns of its own.
    Long(u8, u8, Hash),
    /// This character.
    Other(Symbol),
}

impl Columns {
    fn column(&self, need: Need) -> &[u64] {
        let column = match need {
            Need::Letter(letter) => usize::from(letter),
            Need::Pair(a, b) => self.shape.pair(a, b),
            Need::Long(a, b, hash) => match self.shape.long(hash) {
                Some(column) => column,
                None => self.shape.pair(a, b),
            },
            Need::Other(symbol) => self.shape.other(symbol),
        };
        let from = column * self.n_blocks;
        self.bits
            .get(from..from + self.n_blocks)
            .unwrap_or_default()
    }

    /// What is spelt in full anywhere in the keys.
    pub(super) fn spelt(&self) -> &Spelt {
        &self.spelt
    }

    /// Memory held, bytes.
    pub(super) fn n_bytes(&self) -> usize {
        self.bits.len() * size_of::<u64>() + self.spelt.n_bytes()
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

    /// Keeps those that have it.
    pub(super) fn keep(&mut self, columns: &Columns, need: Need) {
        for (word, column) in self.words.iter_mut().zip(columns.column(need)) {
            *word &= column;
        }
    }

    /// Keeps those that have one of these, here or there.
    pub(super) fn keep_any(&mut self, any: &[(&Columns, Need)]) {
        let columns: Vec<&[u64]> = any.iter().map(|(c, need)| c.column(*need)).collect();
        for (block, word) in self.words.iter_mut().enumerate() {
            let bits = columns.iter().filter_map(|column| column.get(block));
            *word &= bits.fold(0, |all, bits| all | bits);
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

    pub(super) fn has(&self, entry: usize) -> bool {
        let word = self.words.get(entry / BLOCK);
        word.is_some_and(|word| word >> (entry % BLOCK) & 1 == 1)
    }

    /// In order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        let n = self.n;
        self.words
            .iter()
            .enumerate()
            .flat_map(move |(block, &word)| {
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
