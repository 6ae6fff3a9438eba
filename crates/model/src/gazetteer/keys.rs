//! The texts of all entries, folded, one after the other.

use super::Field;
use super::alphabet::{Alphabet, Symbol};
use super::fold::fold_into;
use super::readings::Readings;

/// Letters of a text beyond these are not searched.
const MAX_KEY: usize = 1000;

/// Keys of entries, each after its field and its length. Names and what else is known lie apart: most questions are
/// answered by the names, and reading memory is what takes the time.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    symbols: Vec<Symbol>,
    /// Where the keys of each entry begin.
    from: Vec<u32>,
}

impl Keys {
    /// Begins the next entry.
    pub(super) fn begin(&mut self) {
        self.from.push(self.symbols.len() as u32);
    }

    /// Adds a key to the entry begun last. One without letters is none.
    pub(super) fn add(
        &mut self,
        field: Field,
        text: &str,
        alphabet: &mut Alphabet,
        readings: &Readings,
    ) {
        let symbols = &mut self.symbols;
        symbols.extend([field as Symbol, 0]);
        let from = symbols.len();
        fold_into(text, &mut |folded| {
            if symbols.len() - from < MAX_KEY {
                symbols.push(alphabet.number(folded, readings));
            }
        });
        let len = symbols.len() - from;
        if len == 0 {
            symbols.truncate(from - 2);
        } else if let Some(stored) = symbols.get_mut(from - 1) {
            *stored = len as Symbol;
        }
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.symbols.shrink_to_fit();
        self.from.shrink_to_fit();
    }

    /// The keys of an entry, each with its field.
    pub(super) fn of(&self, entry: usize) -> impl Iterator<Item = (Field, &[Symbol])> {
        let at = |entry: usize| self.from.get(entry).map(|&from| from as usize);
        let to = at(entry + 1).unwrap_or(self.symbols.len());
        let keys = at(entry).and_then(|from| self.symbols.get(from..to));
        let mut rest = keys.unwrap_or_default();
        core::iter::from_fn(move || {
            let [field, len, after @ ..] = rest else {
                return None;
            };
            let (key, next) = after.split_at_checked(usize::from(*len))?;
            rest = next;
            Some((*Field::ALL.get(usize::from(*field))?, key))
        })
    }

    /// Memory held, bytes.
    pub(super) fn n_bytes(&self) -> usize {
        self.symbols.len() * size_of::<Symbol>() + self.from.len() * size_of::<u32>()
    }
}
