//! What names are spelt like in full: the beginnings of readings and words, hashed, from every place where a match can
//! begin. Most of what is typed wrong is nowhere spelt so, and need not be looked for.

use super::alphabet::{Alphabet, Symbol, letter_of};

/// At these lengths beginnings are noted.
const LENGTHS: [usize; 4] = [3, 5, 7, 9];
/// At this length they have columns.
pub(super) const LONG: usize = 5;
/// From one place on no more ways to spell are followed: eight readings a character would be millions.
const MAX_STEPS: u32 = 400;

/// A hash of letters, taken one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hash(u32);

impl Hash {
    const EMPTY: Self = Self(0x811c_9dc5);

    const fn and(self, letter: u8) -> Self {
        Self((self.0 ^ (letter as u32 + 1)).wrapping_mul(0x0100_0193))
    }

    /// Of the first `n` letters.
    pub(super) fn of(letters: impl Iterator<Item = u8>) -> Self {
        letters.fold(Self::EMPTY, Self::and)
    }

    /// With its bits spread: the upper ones are as good as any.
    pub(super) const fn mixed(self) -> u32 {
        (self.0 ^ self.0 >> 15).wrapping_mul(0x9e37_79b1)
    }
}

/// Gives every beginning of the lengths that are noted, of what is spelt in full from the first symbol on. `false`: there
/// are too many, and not all were given.
pub(super) fn beginnings(
    key: &[Symbol],
    alphabet: &Alphabet,
    give: &mut dyn FnMut(usize, Hash),
) -> bool {
    let mut steps = MAX_STEPS;
    walk(key, alphabet, (0, Hash::EMPTY), &mut steps, give);
    steps > 0
}

fn walk(
    key: &[Symbol],
    alphabet: &Alphabet,
    (n, hash): (usize, Hash),
    steps: &mut u32,
    give: &mut dyn FnMut(usize, Hash),
) {
    let Some((&symbol, rest)) = key.split_first() else {
        return;
    };
    let mut spell = |spelling: &[u8]| {
        if *steps == 0 {
            return;
        }
        *steps -= 1;
        let (mut n, mut hash) = (n, hash);
        for &letter in spelling {
            n += 1;
            hash = hash.and(letter);
            if LENGTHS.contains(&n) {
                give(n, hash);
            }
            if n >= LENGTHS[LENGTHS.len() - 1] {
                return;
            }
        }
        walk(rest, alphabet, (n, hash), steps, give);
    };
    match letter_of(symbol) {
        Some(letter) => spell(&[letter]),
        None => alphabet.spellings_of(symbol).for_each(spell),
    }
}

/// All beginnings that occur: may say yes too often, never too rarely.
#[derive(Clone, Debug, Default)]
pub(super) struct Spelt {
    bits: Vec<u64>,
    /// Some were too many to note.
    any: bool,
}

impl Spelt {
    /// For so many entries.
    pub(super) fn new(n_entries: usize) -> Self {
        let n_bits = n_entries.saturating_mul(16).next_power_of_two();
        Self {
            bits: vec![0; n_bits.clamp(1 << 12, 1 << 24) / 64],
            any: false,
        }
    }

    fn place(&self, hash: Hash) -> (usize, u64) {
        // A power of two: the upper bits of the hash choose.
        let bits = (self.bits.len() as u32 * 64).trailing_zeros();
        let bit = u64::from(hash.mixed()) >> (32 - bits);
        (bit as usize / 64, 1 << (bit % 64))
    }

    pub(super) fn note(&mut self, hash: Hash) {
        let (word, bit) = self.place(hash);
        if let Some(word) = self.bits.get_mut(word) {
            *word |= bit;
        }
    }

    /// Notes that anything may occur.
    pub(super) fn note_any(&mut self) {
        self.any = true;
    }

    /// Whether something that begins with these letters, spelt in full, may occur.
    pub(super) fn may_begin(&self, letters: &[u8]) -> bool {
        if self.any {
            return true;
        }
        let longest = LENGTHS.iter().rev().find(|&&n| n <= letters.len());
        let Some(&n) = longest else { return true };
        let (word, bit) = self.place(Hash::of(letters.iter().copied().take(n)));
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Memory held, bytes.
    pub(super) fn n_bytes(&self) -> usize {
        self.bits.len() * size_of::<u64>()
    }
}
