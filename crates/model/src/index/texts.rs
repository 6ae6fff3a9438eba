//! Looking for a text in all locations at once.

use super::columns::LocationIndex;
use crate::catalogue::Catalogue;
use crate::filter::texts_of;

/// What can be searched of all locations, case folded, one after the other.
#[derive(Clone, Debug)]
pub(super) struct FoldedTexts {
    all: String,
    /// Where each location's texts end.
    ends: Vec<usize>,
    /// How often each byte occurs.
    frequency: Vec<u32>,
}

/// So many bytes are looked at together.
const CHUNK: usize = 64;

impl FoldedTexts {
    /// Stands after every text, so that nothing is found across two.
    pub(super) const END: char = '\u{1}';

    pub(super) fn new(index: &LocationIndex, catalogue: &Catalogue) -> Self {
        let mut all = String::with_capacity(index.len() * 48);
        let mut ends = Vec::with_capacity(index.len());
        for &at in &index.order {
            if let Some(location) = catalogue.locations.get(at as usize) {
                for text in texts_of(location) {
                    fold_into(&mut all, text);
                    all.push(Self::END);
                }
            }
            ends.push(all.len());
        }
        let mut frequency = vec![0_u32; 256];
        for &byte in all.as_bytes() {
            frequency[usize::from(byte)] += 1;
        }
        Self {
            all,
            ends,
            frequency,
        }
    }

    /// Marks the locations whose texts hold the needle. Only where two of its rarest bytes stand
    /// as far apart as in the needle is it compared.
    pub(super) fn mark(&self, needle: &str, found: &mut [bool]) {
        let (hay, needle) = (self.all.as_bytes(), needle.as_bytes());
        if needle.is_empty() || hay.len() < needle.len() {
            return;
        }
        let rarity = |&i: &usize| self.frequency[usize::from(needle[i])];
        let a = (0..needle.len()).min_by_key(rarity).unwrap_or(0);
        let others = (0..needle.len()).filter(|&i| i != a);
        let b = others.min_by_key(rarity).unwrap_or(a);
        let n_starts = hay.len() - needle.len() + 1;
        let (at_a, at_b) = (&hay[a..a + n_starts], &hay[b..b + n_starts]);
        let (byte_a, byte_b) = (needle[a], needle[b]);
        let mut location = 0;
        let mut compare = |from: usize, of_a: &[u8], of_b: &[u8]| {
            for (start, (&x, &y)) in (from..).zip(of_a.iter().zip(of_b)) {
                if x == byte_a && y == byte_b && hay[start..].starts_with(needle) {
                    while self.ends.get(location).is_some_and(|&end| end <= start) {
                        location += 1;
                    }
                    if let Some(found) = found.get_mut(location) {
                        *found = true;
                    }
                }
            }
        };
        let (chunks_a, rest_a) = at_a.as_chunks::<CHUNK>();
        let (chunks_b, rest_b) = at_b.as_chunks::<CHUNK>();
        for (n, (of_a, of_b)) in chunks_a.iter().zip(chunks_b).enumerate() {
            // No branches: this loop is the search.
            let mut any = 0_u8;
            for k in 0..CHUNK {
                any |= u8::from(of_a[k] == byte_a) & u8::from(of_b[k] == byte_b);
            }
            if any != 0 {
                compare(n * CHUNK, of_a, of_b);
            }
        }
        compare(n_starts - rest_a.len(), rest_a, rest_b);
    }
}

/// Appends a text in lower case, as [`str::to_lowercase`] has it.
fn fold_into(all: &mut String, text: &str) {
    // Han, kana and their punctuation know no case.
    let caseless = |c: char| c.is_ascii() || ('\u{3000}'..='\u{9fff}').contains(&c);
    if text.chars().all(caseless) {
        let from = all.len();
        all.push_str(text);
        if let Some(tail) = all.get_mut(from..) {
            tail.make_ascii_lowercase();
        }
    } else {
        all.push_str(&text.to_lowercase());
    }
}
