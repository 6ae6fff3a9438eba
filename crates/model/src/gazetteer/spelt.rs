//! What names are spelt like in full: the beginnings of readings and words, hashed, from every place where a match can
//! begin. Most of what is typed wrong is nowhere spelt so, and need not be looked for.

use super::alphabet::{Alphabet, Symbol, letter_of};

/// At these lengths beginnings are noted.
const LENGTHS: [usize; 3] = [3, 5, 7];
const LONGEST: usize = 7;
/// The same as bits.
const NOTED: u32 = 1 << 3 | 1 << 5 | 1 << 7;
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
    give: &mut impl FnMut(usize, Hash),
) -> bool {
    let mut steps = MAX_STEPS;
    walk(key, alphabet, (0, Hash::EMPTY), &mut steps, give);
    steps > 0
}

fn walk(
    key: &[Symbol],
    alphabet: &Alphabet,
    (mut n, mut hash): (usize, Hash),
    steps: &mut u32,
    give: &mut impl FnMut(usize, Hash),
) {
    let mut rest = key.iter();
    while let Some(&symbol) = rest.next() {
        if let Some(letter) = letter_of(symbol) {
            (n, hash) = spell(&[letter], (n, hash), give);
        } else {
            // Every reading but one is followed on its own.
            let mut spellings = alphabet.spellings_of(symbol);
            let Some(first) = spellings.next() else {
                return;
            };
            for other in spellings {
                if *steps == 0 {
                    return;
                }
                *steps -= 1;
                let (n, hash) = spell(other, (n, hash), give);
                if n < LONGEST {
                    walk(rest.as_slice(), alphabet, (n, hash), steps, give);
                }
            }
            (n, hash) = spell(first, (n, hash), give);
        }
        if n >= LONGEST {
            return;
        }
    }
}

/// What follows `n` letters; gives the beginnings that end in it.
fn spell(
    letters: &[u8],
    (mut n, mut hash): (usize, Hash),
    give: &mut impl FnMut(usize, Hash),
) -> (usize, Hash) {
    for &letter in letters {
        n += 1;
        hash = hash.and(letter);
        // Beyond the longest nothing is noted.
        if NOTED >> n & 1 == 1 {
            give(n, hash);
        }
    }
    (n, hash)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lengths_are_the_bits() {
        let bits = LENGTHS
            .iter()
            .map(|n| 1 << n)
            .fold(0, |all: u32, bit| all | bit);
        assert_eq!(bits, NOTED);
        assert_eq!(LENGTHS.iter().max(), Some(&LONGEST));
        assert!(LENGTHS.contains(&LONG));
    }

    #[test]
    fn never_says_no_to_what_was_noted() {
        for n_entries in [0, 1, 1000, 100_000] {
            let mut spelt = Spelt::new(n_entries);
            let words: [&[u8]; 3] = [&[1, 2, 3], &[1, 2, 3, 4, 5], &[25, 0, 12, 3, 4]];
            for word in words {
                spelt.note(Hash::of(word.iter().copied()));
            }
            assert!(words.into_iter().all(|word| spelt.may_begin(word)));
            // Too short to know, and not there.
            assert!(spelt.may_begin(&[9, 9]));
            assert!(!spelt.may_begin(&[9, 9, 9]) || !spelt.may_begin(&[9, 9, 8]));
        }
        assert!(!Spelt::default().may_begin(&[1, 2, 3]));
    }
}
