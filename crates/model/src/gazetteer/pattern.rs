//! What was typed, as a machine that runs along a name.
//!
//! A state is a set of bits: bit `i` says that the first `i` typed units are used up at this place of the name.
//! A Han character can be typed as itself, as any of its readings in full, or as the first letter of one (two
//! where that is `zh`, `ch` or `sh`); all ways are followed at once, so that `nanjing`, `nj` and `nanj` need no
//! key of their own and a character with five readings costs no more names.

use super::alphabet::{Alphabet, Symbol, Symbols, letter_of};
use super::fold::{Folded, N_LETTERS, Unit};
use super::{Fit, Way};

/// Units beyond these are not read: a state has 64 bits.
pub(super) const MAX_UNITS: usize = 60;

/// The letter `h`, second of `zh`, `ch` and `sh`.
const H: u8 = 7;

/// A unit that was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// A Latin letter or digit.
    Letter(u8),
    /// Another letter; `None` where no name has it.
    Other(Option<Symbol>),
}

/// One piece of what was typed.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub(super) units: Vec<Typed>,
    /// The letters before the first unit that is none.
    beginning: Vec<u8>,
    /// Where each letter stands.
    letters: [u64; N_LETTERS as usize],
    /// Where each other letter stands.
    others: Vec<(Symbol, u64)>,
    /// The bit of the end.
    pub(super) end: u64,
    /// By number of syllable.
    steps: Vec<Step>,
    /// What a match can begin with.
    begins: Symbols,
    /// Whether a name may be spelt so in full.
    pub(super) may_be_spelt: bool,
}

/// Where a syllable was typed.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    /// In full.
    whole: u64,
    /// How long that is.
    len: u8,
    /// Up to the end of what was typed, and not in full.
    within: u64,
    /// By its first letter.
    initial: u64,
    /// By its first two letters, where those are `zh`, `ch` or `sh`.
    digraph: u64,
}

/// A match of a pattern with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) fit: Fit,
    pub(super) way: Way,
    /// Where it begins, in symbols of the key.
    pub(super) start: usize,
    /// Over how many symbols it runs.
    pub(super) len: usize,
}

impl Pattern {
    /// From the units that were typed; the first [`MAX_UNITS`] count.
    pub(super) fn new(folded: &[Folded], alphabet: &Alphabet) -> Self {
        let units: Vec<Typed> = folded
            .iter()
            .take(MAX_UNITS)
            .map(|f| match f.unit {
                Unit::Letter(letter) => Typed::Letter(letter),
                Unit::Other(c) => Typed::Other(alphabet.symbol_of(c)),
            })
            .collect();
        let mut letters = [0; N_LETTERS as usize];
        let mut others: Vec<(Symbol, u64)> = Vec::new();
        for (i, unit) in units.iter().enumerate() {
            match *unit {
                Typed::Letter(letter) => letters[usize::from(letter)] |= 1 << i,
                Typed::Other(None) => {}
                Typed::Other(Some(symbol)) => {
                    match others.iter_mut().find(|(known, _)| *known == symbol) {
                        Some((_, at)) => *at |= 1 << i,
                        None => others.push((symbol, 1 << i)),
                    }
                }
            }
        }
        let letter = |unit: &Typed| match *unit {
            Typed::Letter(letter) => Some(letter),
            Typed::Other(_) => None,
        };
        let mut pattern = Self {
            end: 1 << units.len(),
            beginning: units.iter().map_while(letter).collect(),
            units,
            letters,
            others,
            steps: Vec::new(),
            begins: Symbols::starting(alphabet, |_| false),
            may_be_spelt: true,
        };
        pattern.steps = alphabet.syllables().map(|s| pattern.step_of(s)).collect();
        pattern.begins = Symbols::starting(alphabet, |symbol| {
            let (whole, within) = pattern.step(alphabet, symbol, 1, Way::Initials);
            whole != 0 || within
        });
        pattern
    }

    /// The letters that it begins with.
    pub(super) fn letters(&self) -> &[u8] {
        &self.beginning
    }

    /// Whether some unit stands in no name at all.
    pub(super) fn is_foreign(&self) -> bool {
        self.units.contains(&Typed::Other(None))
    }

    /// Where this letter was typed.
    pub(super) fn at_letter(&self, letter: u8) -> u64 {
        self.letters.get(usize::from(letter)).copied().unwrap_or(0)
    }

    /// Where this other letter was typed.
    pub(super) fn at_other(&self, symbol: Symbol) -> u64 {
        self.others
            .iter()
            .find(|(known, _)| *known == symbol)
            .map_or(0, |&(_, at)| at)
    }

    /// The state after a symbol of the name, and whether what was typed ends within its reading.
    fn step(&self, alphabet: &Alphabet, symbol: Symbol, state: u64, way: Way) -> (u64, bool) {
        if let Some(letter) = letter_of(symbol) {
            return ((state & self.at_letter(letter)) << 1, false);
        }
        let mut whole = (state & self.at_other(symbol)) << 1;
        let mut within = 0;
        for &number in alphabet.readings_of(symbol) {
            let Some(step) = self.steps.get(usize::from(number)) else {
                continue;
            };
            whole |= (state & step.whole) << step.len;
            within |= state & step.within;
            if way == Way::Initials {
                whole |= (state & step.initial) << 1 | (state & step.digraph) << 2;
            }
        }
        (whole, within != 0)
    }

    fn step_of(&self, syllable: &[u8]) -> Step {
        // Which typed units the syllable can begin at, letter by letter.
        let mut begin = (self.end << 1) - 1;
        let mut step = Step {
            len: syllable.len() as u8,
            ..Step::default()
        };
        for (i, &letter) in syllable.iter().enumerate() {
            begin &= self.at_letter(letter) >> i;
            match (i, letter) {
                (0, _) => step.initial = begin,
                (1, H) => step.digraph = begin,
                _ => {}
            }
            if i + 1 < syllable.len() {
                step.within |= begin & (self.end >> (i + 1));
            }
        }
        step.whole = begin;
        step
    }

    /// The match that begins at a symbol of the key.
    fn run(&self, alphabet: &Alphabet, key: &[Symbol], start: usize, way: Way) -> Option<Run> {
        let mut state = 1;
        let mut found: Option<Run> = None;
        for (i, &symbol) in key.iter().enumerate().skip(start) {
            let (whole, within) = self.step(alphabet, symbol, state, way);
            let ends = whole & self.end != 0;
            let len = i + 1 - start;
            let run = |fit| Run {
                fit,
                way,
                start,
                len,
            };
            if ends && start == 0 && i + 1 == key.len() {
                return Some(run(Fit::Whole));
            }
            if found.is_none() && (ends || within) {
                found = Some(run(match (start, way) {
                    (0, _) => Fit::Beginning,
                    (_, Way::Spelt) => Fit::Within,
                    (_, Way::Initials) => Fit::Initials,
                }));
            }
            state = whole & !self.end;
            if state == 0 {
                break;
            }
        }
        found
    }

    /// The best match with the beginning of a key that is a name.
    pub(super) fn at_beginning(&self, alphabet: &Alphabet, key: &[Symbol]) -> Option<Run> {
        key.first().filter(|&&first| self.begins.has(first))?;
        let loose = self.run(alphabet, key, 0, Way::Initials)?;
        match self.run_spelt(alphabet, key, 0) {
            Some(spelt) if spelt.fit <= loose.fit => Some(spelt),
            _ => Some(loose),
        }
    }

    /// The best match within a key that is a name, not at its beginning.
    pub(super) fn within(&self, alphabet: &Alphabet, key: &[Symbol]) -> Option<Run> {
        let mut best: Option<Run> = None;
        for start in self.begins.places_in(key, 1) {
            if best.is_none() && self.units.len() >= MIN_INITIALS_WITHIN {
                best = self.run(alphabet, key, start, Way::Initials);
                if best.is_none() {
                    continue;
                }
            }
            if !self.may_be_spelt {
                break;
            }
            let spelt = self.run(alphabet, key, start, Way::Spelt);
            if spelt.is_some() {
                return spelt;
            }
        }
        best
    }

    /// As [`Self::run`], where a name may be spelt so at all.
    fn run_spelt(&self, alphabet: &Alphabet, key: &[Symbol], start: usize) -> Option<Run> {
        let may = self.may_be_spelt;
        may.then(|| self.run(alphabet, key, start, Way::Spelt))
            .flatten()
    }

    /// The best match within a key that is no name, such as an address: no initials.
    pub(super) fn in_other(&self, alphabet: &Alphabet, key: &[Symbol]) -> Option<Run> {
        // Only what begins first can be the whole, so the first match is the best.
        let mut places = self.begins.places_in(key, 0);
        let run = places.find_map(|start| self.run(alphabet, key, start, Way::Spelt))?;
        let fit = if run.fit == Fit::Whole {
            Fit::OtherWhole
        } else {
            Fit::Other
        };
        Some(Run { fit, ..run })
    }

    /// Where the shortest match that begins at a symbol of the key ends.
    pub(super) fn end_from(
        &self,
        alphabet: &Alphabet,
        key: &[Symbol],
        start: usize,
        way: Way,
    ) -> Option<usize> {
        key.get(start).filter(|&&first| self.begins.has(first))?;
        let mut state = 1;
        for (i, &symbol) in key.iter().enumerate().skip(start) {
            let (whole, within) = self.step(alphabet, symbol, state, way);
            if within || whole & self.end != 0 {
                return Some(i + 1);
            }
            if whole == 0 {
                break;
            }
            state = whole;
        }
        None
    }
}

/// Two initials within a name are any two letters: from three on they mean something.
const MIN_INITIALS_WITHIN: usize = 3;
