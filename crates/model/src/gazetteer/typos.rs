//! Names that are nearly what was typed: asked when no name is what was typed.
//!
//! At the beginning of a name one edit is forgiven from four letters on, two from eight: a letter wrong, missing or
//! too many, or two neighbours swapped; the first letter must be right. When no name begins nearly so, one edit is
//! forgiven further on in names, and the first two letters must be right. `n` for `l` in the first place and the other
//! way round, which many speakers do not tell apart, is an edit like another. Digits are never forgiven. What is typed
//! in Han characters is compared by characters, what is typed in letters by the letters of the readings in full;
//! initials are not forgiven: any would be near any other.

use super::alphabet::{Alphabet, Symbol, Symbols, letter_of};
use super::columns::Need;
use super::fold::Unit;
use super::pattern::{Pattern, Run, Typed};
use super::{Fit, Way};

/// Edits forgiven at most.
const MAX_EDITS: usize = 2;
/// The letters `l` and `n`.
const L: u8 = 11;
const N: u8 = 13;

/// A pattern with forgiveness.
#[derive(Clone, Debug)]
pub(super) struct Typos<'p> {
    pattern: &'p Pattern,
    /// How many edits are forgiven.
    edits: usize,
    /// Typed units that may be wrong.
    editable: u64,
    /// States after which a unit of the name may have been left out.
    skippable: u64,
    /// So many units at the beginning must be right.
    n_sure: usize,
    /// Han characters were typed.
    in_han: bool,
    begins: Symbols,
}

/// As in [`Pattern`], by number of edits; and the same waiting for the second of two swapped letters.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    used: [u64; MAX_EDITS + 1],
    swapped: [u64; MAX_EDITS],
}

impl State {
    fn join(&mut self, other: Self) {
        for (a, b) in self.used.iter_mut().zip(other.used) {
            *a |= b;
        }
        for (a, b) in self.swapped.iter_mut().zip(other.swapped) {
            *a |= b;
        }
    }

    fn is_dead(&self) -> bool {
        self.used.iter().all(|&u| u == 0) && self.swapped.iter().all(|&s| s == 0)
    }
}

/// The other of two letters that are not told apart.
const fn mate(letter: u8) -> Option<u8> {
    match letter {
        L => Some(N),
        N => Some(L),
        _ => None,
    }
}

impl<'p> Typos<'p> {
    /// For the beginning of names; `None` where nothing is forgiven.
    pub(super) fn at_beginnings(pattern: &'p Pattern, alphabet: &Alphabet) -> Option<Self> {
        Self::new(pattern, alphabet, MAX_EDITS, 1)
    }

    /// For what comes later in names; `None` where nothing is forgiven.
    pub(super) fn within_names(pattern: &'p Pattern, alphabet: &Alphabet) -> Option<Self> {
        Self::new(pattern, alphabet, 1, 2)
    }

    fn new(pattern: &'p Pattern, alphabet: &Alphabet, most: usize, n_sure: usize) -> Option<Self> {
        let in_han = pattern.units.iter().any(|u| matches!(u, Typed::Other(_)));
        let mut editable = 0_u64;
        for (i, unit) in pattern.units.iter().enumerate() {
            let may = match *unit {
                Typed::Letter(letter) => !in_han && Unit::Letter(letter).is_latin(),
                Typed::Other(_) => in_han,
            };
            editable |= u64::from(may) << i;
        }
        let edits = match editable.count_ones() {
            0..4 => return None,
            4..8 => 1,
            _ => 2,
        };
        let sure = (1 << n_sure) - 1;
        let mut typos = Self {
            pattern,
            edits: edits.min(most),
            editable: editable & !sure,
            skippable: !sure,
            n_sure,
            in_han,
            begins: Symbols::starting(alphabet, |_| false),
        };
        typos.begins = Symbols::starting(alphabet, |symbol| {
            let (state, found) = typos.token(alphabet, symbol, None);
            found.is_some() || !state.is_dead()
        });
        Some(typos)
    }

    /// The best match with the beginning of a key that is a name, with its number of edits.
    pub(super) fn at_beginning(&self, alphabet: &Alphabet, key: &[Symbol]) -> Option<(usize, Run)> {
        key.first().filter(|&&first| self.begins.has(first))?;
        self.run(alphabet, key, 0)
    }

    /// What an entry must have one of, and then one of the next, for this to be in one of its names.
    pub(super) fn needs(&self) -> Vec<Vec<Need>> {
        match self.pattern.units.as_slice() {
            [Typed::Letter(a), Typed::Letter(b), ..] if self.n_sure > 1 => {
                let mate = mate(*a).unwrap_or(*a);
                vec![vec![Need::Pair(*a, *b), Need::Pair(mate, *b)]]
            }
            [Typed::Letter(a), ..] => {
                vec![vec![Need::Letter(*a), Need::Letter(mate(*a).unwrap_or(*a))]]
            }
            units => {
                let sure = units.iter().take(self.n_sure);
                let sure = sure.map(|unit| match unit {
                    Typed::Other(Some(symbol)) => vec![Need::Other(*symbol)],
                    _ => Vec::new(),
                });
                sure.collect()
            }
        }
    }

    /// The best match within a key that is a name, not at its beginning, with its number of edits.
    pub(super) fn within(&self, alphabet: &Alphabet, key: &[Symbol]) -> Option<(usize, Run)> {
        let places = self.begins.places_in(key, 1);
        let runs = places.filter_map(|start| self.run(alphabet, key, start));
        // The first of the best, as iterators see it.
        runs.min_by_key(|&(edits, _)| edits)
    }

    fn run(&self, alphabet: &Alphabet, key: &[Symbol], start: usize) -> Option<(usize, Run)> {
        let mut best: Option<(usize, Run)> = None;
        let mut state = None;
        for (i, &symbol) in key.iter().enumerate().skip(start) {
            let (after, found) = self.token(alphabet, symbol, state);
            let run = |fit| Run {
                fit,
                way: Way::Spelt,
                start,
                len: i + 1 - start,
            };
            let fit = if start == 0 {
                Fit::Beginning
            } else {
                Fit::Within
            };
            if let Some(edits) = found
                && best.is_none_or(|(e, b)| (edits, fit) < (e, b.fit))
            {
                best = Some((edits, run(fit)));
            }
            if start == 0
                && i + 1 == key.len()
                && let Some(edits) = self.ended(&after)
                && best.is_none_or(|(e, b)| (edits, Fit::Whole) < (e, b.fit))
            {
                best = Some((edits, run(Fit::Whole)));
            }
            if after.is_dead() {
                break;
            }
            state = Some(after);
        }
        best
    }

    /// The fewest edits with which all that was typed is used up.
    fn ended(&self, state: &State) -> Option<usize> {
        state.used.iter().position(|u| u & self.pattern.end != 0)
    }

    /// The state after a symbol of the name, from the beginning where there is none before; and the fewest edits
    /// with which what was typed ends at it or within its reading.
    fn token(
        &self,
        alphabet: &Alphabet,
        symbol: Symbol,
        before: Option<State>,
    ) -> (State, Option<usize>) {
        let mut after = State::default();
        let mut found: Option<usize> = None;
        let mut look = |state: &State| {
            let ended = self.ended(state);
            found = match (found, ended) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        };
        if let Some(letter) = letter_of(symbol) {
            let may = !self.in_han && Unit::Letter(letter).is_latin();
            let at = self.pattern.at_letter(letter);
            after = match before {
                Some(state) => self.unit(&state, at, may),
                None => self.first(at, Some(letter)),
            };
            look(&after);
        } else if self.in_han {
            let at = self.pattern.at_other(symbol);
            after = match before {
                Some(state) => self.unit(&state, at, true),
                None => self.first(at, None),
            };
            look(&after);
        } else {
            for reading in alphabet.spellings_of(symbol) {
                let mut state = before;
                for &letter in reading {
                    let at = self.pattern.at_letter(letter);
                    let next = match state {
                        Some(state) => self.unit(&state, at, true),
                        None => self.first(at, Some(letter)),
                    };
                    look(&next);
                    let dead = next.is_dead();
                    state = Some(next);
                    if dead {
                        break;
                    }
                }
                if let Some(state) = state {
                    after.join(state);
                }
            }
        }
        (after, found)
    }

    /// The state after the first unit of the name, which was typed at the places `at`.
    fn first(&self, at: u64, letter: Option<u8>) -> State {
        let mut state = State::default();
        if at & 1 != 0 {
            state.used[0] = 1 << 1;
        } else if !self.in_han
            && letter
                .and_then(mate)
                .is_some_and(|mate| self.pattern.at_letter(mate) & 1 != 0)
        {
            state.used[1] = 1 << 1;
        }
        for edits in 1..=self.edits {
            state.used[edits] |= (state.used[edits - 1] & self.editable) << 1;
        }
        state
    }

    /// The state after a further unit of the name, which was typed at the places `at`; `may` be wrong.
    fn unit(&self, state: &State, at: u64, may: bool) -> State {
        let mut after = State::default();
        let editable = self.editable;
        for edits in 0..=self.edits {
            let mut used = (state.used[edits] & at) << 1;
            if let Some(fewer) = edits.checked_sub(1) {
                if may {
                    // Another was typed instead; or it was left out.
                    used |= (state.used[fewer] & editable) << 1;
                    used |= state.used[fewer] & self.skippable;
                }
                used |= (state.swapped[fewer] & at) << 2;
                // One more was typed after it.
                used |= (after.used[fewer] & editable) << 1;
            }
            after.used[edits] = used;
            if edits < self.edits && may {
                after.swapped[edits] = state.used[edits] & (at >> 1) & editable & (editable >> 1);
            }
        }
        after
    }
}
