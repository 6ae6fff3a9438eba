//! From what was typed to the best entries.

use super::columns::{Entries, Need};
use super::fold::{Folded, fold};
use super::keys::Keys;
use super::near::{Forgiving, Near};
use super::pattern::{Pattern, Run, Typed};
use super::rank::Best;
use super::road_position;
use super::spelt::{Hash, LONG};
use super::{Field, Fit, Gazetteer, Hit, Kind, Matched, Quality, Query, Way};

/// Words beyond these are not read one by one.
const MAX_WORDS: usize = 8;
/// Entries of at least this importance are given when nothing is typed: places of rank 1 and 2.
const TOP_IMPORTANCE: u16 = 800;

impl Gazetteer {
    /// The best entries for what was typed, best first.
    ///
    /// What was typed is read up to its 60th letter and, word by word, up to its 8th word. Blank text gives the most
    /// important places; text without any letter or digit gives nothing.
    pub fn search(&self, query: &Query<'_>) -> Vec<Hit> {
        let mut best = Best::new(self, query);
        if query
            .text
            .chars()
            .all(|c| c.is_whitespace() || c.is_control())
        {
            for (i, entry) in self.entries.iter().enumerate() {
                if entry.kind == Kind::Place && entry.importance >= TOP_IMPORTANCE {
                    best.offer(i, NOTHING);
                }
            }
            return best.hits(|_| Vec::new());
        }
        let folded = fold(query.text);
        if folded.is_empty() {
            return Vec::new();
        }
        if let Some(asked) = road_position::asked(&folded) {
            let found = road_position::find(&self.road_positions, &asked);
            if !found.is_empty() {
                return self.along_a_road(query, &found);
            }
            // No kilometre of it is known: the road itself is the nearest answer.
            let mut question = Question::new(self, &folded);
            let hits = self.by_name(query, &question);
            if !hits.is_empty() {
                return hits;
            }
            question = Question::new(self, folded.get(..asked.n_road_units).unwrap_or_default());
            return self.by_name(query, &question);
        }
        self.by_name(query, &Question::new(self, &folded))
    }

    /// Stage by stage: no stage can give better hits than the one before, so that most need not be tried.
    fn by_name(&self, query: &Query<'_>, question: &Question) -> Vec<Hit> {
        let mut best = Best::new(self, query);
        let mut seen = Entries::none(self.len());
        let mut found = false;
        for stage in [Stage::Beginning, Stage::Within, Stage::Other] {
            let mut candidates = question.candidates(self, stage);
            candidates.remove_all(&seen);
            for i in candidates.iter() {
                // When the best are found it is enough that they are: no later stage is asked.
                if best.is_full() && !best.may_enter(i, question.at_best(self, i, stage)) {
                    continue;
                }
                if let Some(quality) = question.quality(self, i, stage) {
                    seen.add(i);
                    best.offer(i, quality);
                    found |= stage != Stage::Other;
                }
            }
            if best.is_full() {
                break;
            }
        }
        if found || best.is_full() {
            return best.hits(|i| question.matched(self, i));
        }
        let Some(forgiving) = question.forgiving(self) else {
            return best.hits(|i| question.matched(self, i));
        };
        let mut nearly = Entries::none(self.len());
        for stage in [Stage::Beginning, Stage::Within] {
            let mut candidates = forgiving.candidates(self, stage);
            candidates.remove_all(&seen);
            for i in candidates.iter() {
                let at_best = Quality {
                    edits: 1,
                    fit: stage.best_fit(),
                    way: Way::Spelt,
                };
                if best.is_full() && !best.may_enter(i, at_best) {
                    continue;
                }
                if let Some(quality) = forgiving.quality(self, i, stage) {
                    nearly.add(i);
                    best.offer(i, quality);
                    found = true;
                }
            }
            if found {
                break;
            }
        }
        best.hits(|i| {
            if nearly.has(i) {
                forgiving.matched(self, i)
            } else {
                question.matched(self, i)
            }
        })
    }

    fn along_a_road(&self, query: &Query<'_>, found: &[(u32, u32)]) -> Vec<Hit> {
        let hit = |&(difference, entry): &(u32, u32)| {
            let entry = self.entries.get(entry as usize)?;
            let fit = if difference == 0 {
                Fit::Whole
            } else {
                Fit::Within
            };
            Some(Hit {
                kind: entry.kind,
                index: entry.index,
                quality: Quality { fit, ..NOTHING },
                matched: Vec::new(),
            })
        };
        let limit = query.limit.min(Self::MOST);
        found.iter().filter_map(hit).take(limit).collect()
    }
}

/// The quality of what nobody asked for.
const NOTHING: Quality = Quality {
    edits: 0,
    fit: Fit::Whole,
    way: Way::Spelt,
};

/// Where what was typed is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// All of it at the beginning of a name.
    Beginning,
    /// Further on in names; and the words each anywhere in names.
    Within,
    /// In addresses and the like; and the words each anywhere.
    Other,
}

impl Stage {
    /// No match of the stage is better.
    const fn best_fit(self) -> Fit {
        match self {
            Self::Beginning => Fit::Whole,
            Self::Within => Fit::Within,
            Self::Other => Fit::OtherWhole,
        }
    }
}

/// What was typed: as one piece, and, where blanks or marks part it, as words that must all be found.
struct Question {
    joined: Pattern,
    words: Vec<Pattern>,
}

impl Question {
    fn new(gazetteer: &Gazetteer, folded: &[Folded]) -> Self {
        let spelt = gazetteer.name_columns.spelt();
        let pattern = |folded: &[Folded]| {
            let mut pattern = Pattern::new(folded, &gazetteer.alphabet);
            pattern.may_be_spelt = spelt.may_begin(pattern.letters());
            pattern
        };
        let mut words = Vec::new();
        let mut from = 0;
        for to in 1..=folded.len() {
            if folded.get(to).is_none_or(|f| f.after_gap) {
                words.push(folded.get(from..to).unwrap_or_default());
                from = to;
            }
        }
        Self {
            joined: pattern(folded),
            words: match words.len() {
                0 | 1 => Vec::new(),
                _ => words.into_iter().take(MAX_WORDS).map(pattern).collect(),
            },
        }
    }

    /// Entries that may fit.
    fn candidates(&self, gazetteer: &Gazetteer, stage: Stage) -> Entries {
        let mut entries = Entries::all(gazetteer.len());
        narrow(&mut entries, &self.joined, gazetteer, stage);
        if !self.words.is_empty() {
            let mut by_words = Entries::all(gazetteer.len());
            for (n, word) in self.words.iter().enumerate() {
                if n == 0 && stage == Stage::Beginning {
                    narrow(&mut by_words, word, gazetteer, stage);
                } else {
                    narrow_by_word(&mut by_words, word, gazetteer, stage);
                }
            }
            entries.add_all(&by_words);
        }
        entries
    }

    /// No better than this can the entry fit at this stage.
    fn at_best(&self, gazetteer: &Gazetteer, entry: usize, stage: Stage) -> Quality {
        let spelt = self.joined.may_be_spelt || !self.words.is_empty() || stage == Stage::Other;
        let way = if spelt { Way::Spelt } else { Way::Initials };
        // Each character takes at least one typed unit: what is longer was not typed whole.
        let n = self.joined.units.len();
        let may_be_whole = || {
            keys_of(gazetteer, stage)
                .of(entry)
                .any(|(_, key)| key.len() <= n)
        };
        let fit = match stage {
            Stage::Within if way == Way::Initials => Fit::Initials,
            Stage::Within => Fit::Within,
            Stage::Beginning if may_be_whole() => Fit::Whole,
            Stage::Beginning => Fit::Beginning,
            Stage::Other if may_be_whole() => Fit::OtherWhole,
            // Words that stand in a name and elsewhere together.
            Stage::Other => Fit::Other,
        };
        Quality {
            fit,
            way,
            ..NOTHING
        }
    }

    fn quality(&self, gazetteer: &Gazetteer, entry: usize, stage: Stage) -> Option<Quality> {
        let joined = run_in(gazetteer, entry, &self.joined, stage).map(|(_, r)| quality_of(0, r));
        if self.words.is_empty() {
            return joined;
        }
        let by_words = if stage == Stage::Beginning {
            self.in_order(gazetteer, entry).map(|(_, quality)| quality)
        } else {
            self.by_words(gazetteer, entry, stage)
        };
        joined.into_iter().chain(by_words).min()
    }

    /// The first word at the beginning of a name and the others after it, each at the first place where it stands.
    fn in_order(&self, gazetteer: &Gazetteer, entry: usize) -> Option<(Vec<Matched>, Quality)> {
        let alphabet = &gazetteer.alphabet;
        let (first, others) = self.words.split_first()?;
        for way in [Way::Spelt, Way::Initials] {
            for (field, key) in gazetteer.names.of(entry) {
                let Some(mut end) = first.end_from(alphabet, key, 0, way) else {
                    continue;
                };
                let mut spans = vec![(0, end)];
                for word in others {
                    let next = (end..key.len()).find_map(|start| {
                        let end = word.end_from(alphabet, key, start, Way::Spelt)?;
                        Some((start, end))
                    });
                    let Some(next) = next else { break };
                    end = next.1;
                    spans.push(next);
                }
                if spans.len() == self.words.len() {
                    let matched = |(start, end): (usize, usize)| Matched {
                        field,
                        first: start as u32,
                        n: (end - start) as u32,
                    };
                    let fit = Fit::Beginning;
                    let quality = Quality {
                        fit,
                        way,
                        ..NOTHING
                    };
                    return Some((spans.into_iter().map(matched).collect(), quality));
                }
            }
        }
        None
    }

    /// All words together, each in the keys of this stage and those before it.
    fn by_words(&self, gazetteer: &Gazetteer, entry: usize, stage: Stage) -> Option<Quality> {
        all_words(&self.words, |word| {
            anywhere(gazetteer, entry, word, stage).map(|(_, run)| quality_of(0, run))
        })
    }

    /// Where the words stand.
    fn matched(&self, gazetteer: &Gazetteer, entry: usize) -> Vec<Matched> {
        let joined = anywhere(gazetteer, entry, &self.joined, Stage::Other);
        let in_order = self.in_order(gazetteer, entry);
        let by_words = self.by_words(gazetteer, entry, Stage::Other);
        let worse = in_order
            .as_ref()
            .map(|(_, q)| *q)
            .into_iter()
            .chain(by_words)
            .min();
        match (joined, in_order) {
            (Some((field, run)), _) if worse.is_none_or(|q| quality_of(0, run) <= q) => {
                vec![matched_of(field, run)]
            }
            (_, Some((matched, _))) => matched,
            _ => {
                let words = self.words.iter();
                let found = words.filter_map(|w| anywhere(gazetteer, entry, w, Stage::Other));
                found.map(|(f, run)| matched_of(f, run)).collect()
            }
        }
    }

    /// The same question with letters forgiven; `None` where none may be.
    fn forgiving(&self, gazetteer: &Gazetteer) -> Option<Forgiving<'_>> {
        let forgiving = Forgiving {
            joined: Near::new(&self.joined, gazetteer),
            words: self
                .words
                .iter()
                .map(|word| Near::new(word, gazetteer))
                .collect(),
        };
        let any = forgiving.joined.may() || forgiving.words.iter().any(Near::may);
        any.then_some(forgiving)
    }
}

/// All words together: as bad as the worst of them, and no better than within a name.
pub(super) fn all_words<W>(
    words: &[W],
    quality: impl Fn(&W) -> Option<Quality>,
) -> Option<Quality> {
    if words.is_empty() {
        return None;
    }
    let mut all = Quality {
        fit: Fit::Within,
        ..NOTHING
    };
    for word in words {
        let word = quality(word)?;
        all.edits = all.edits.saturating_add(word.edits);
        all.fit = all.fit.max(word.fit);
        all.way = all.way.max(word.way);
    }
    Some(all)
}

/// What an entry must have for the pattern to be in it; `None` when no name has all of it.
fn needs(pattern: &Pattern) -> Option<Vec<Need>> {
    if pattern.is_foreign() || pattern.units.is_empty() {
        return None;
    }
    let mut needs = Vec::with_capacity(4);
    match pattern.units.as_slice() {
        [Typed::Letter(a), Typed::Letter(b), ..] if pattern.letters().len() >= LONG => {
            let hash = Hash::of(pattern.letters().iter().copied().take(LONG));
            needs.push(Need::Long(*a, *b, hash));
        }
        [Typed::Letter(a), Typed::Letter(b), ..] => needs.push(Need::Pair(*a, *b)),
        [Typed::Letter(a), ..] => needs.push(Need::Letter(*a)),
        _ => {}
    }
    needs.extend(pattern.units.iter().filter_map(|unit| match unit {
        Typed::Other(Some(symbol)) => Some(Need::Other(*symbol)),
        _ => None,
    }));
    Some(needs)
}

/// Keeps entries in which the pattern can be in one key of this stage.
fn narrow(entries: &mut Entries, pattern: &Pattern, gazetteer: &Gazetteer, stage: Stage) {
    let Some(needs) = needs(pattern) else {
        *entries = Entries::none(gazetteer.len());
        return;
    };
    // The first of the needs is that of the first letters.
    if let (Stage::Beginning, Some(&first)) = (stage, needs.first()) {
        entries.keep(&gazetteer.first_columns, first);
    }
    let columns = match stage {
        Stage::Beginning | Stage::Within => &gazetteer.name_columns,
        Stage::Other => &gazetteer.other_columns,
    };
    if stage == Stage::Other && !columns.spelt().may_begin(pattern.letters()) {
        *entries = Entries::none(gazetteer.len());
        return;
    }
    for need in needs {
        entries.keep(columns, need);
    }
}

/// Keeps entries in which the pattern can be in any key of this stage or one before it.
pub(super) fn narrow_by_word(
    entries: &mut Entries,
    pattern: &Pattern,
    gazetteer: &Gazetteer,
    stage: Stage,
) {
    if stage != Stage::Other {
        return narrow(entries, pattern, gazetteer, Stage::Within);
    }
    let Some(needs) = needs(pattern) else {
        *entries = Entries::none(gazetteer.len());
        return;
    };
    let (names, others) = (&gazetteer.name_columns, &gazetteer.other_columns);
    for need in needs {
        entries.keep_any(&[(names, need), (others, need)]);
    }
}

/// The keys that a stage looks at.
const fn keys_of(gazetteer: &Gazetteer, stage: Stage) -> &Keys {
    match stage {
        Stage::Beginning | Stage::Within => &gazetteer.names,
        Stage::Other => &gazetteer.others,
    }
}

/// The best match of a pattern with the keys of this stage.
fn run_in(
    gazetteer: &Gazetteer,
    entry: usize,
    pattern: &Pattern,
    stage: Stage,
) -> Option<(Field, Run)> {
    let alphabet = &gazetteer.alphabet;
    let mut best: Option<(Field, Run)> = None;
    for (field, key) in keys_of(gazetteer, stage).of(entry) {
        let run = match stage {
            Stage::Beginning => pattern.at_beginning(alphabet, key),
            Stage::Within => pattern.within(alphabet, key),
            Stage::Other => pattern.in_other(alphabet, key),
        };
        if let Some(mut run) = run {
            if field == Field::Short && run.fit == Fit::Whole {
                run.fit = Fit::Short;
            }
            if best.is_none_or(|(_, b)| (run.fit, run.way) < (b.fit, b.way)) {
                best = Some((field, run));
            }
        }
    }
    best
}

/// The best match of a pattern with the keys of this stage and those before it.
pub(super) fn anywhere(
    gazetteer: &Gazetteer,
    entry: usize,
    pattern: &Pattern,
    stage: Stage,
) -> Option<(Field, Run)> {
    let run = |stage| run_in(gazetteer, entry, pattern, stage);
    run(Stage::Beginning)
        .or_else(|| run(Stage::Within))
        .or_else(|| (stage == Stage::Other).then(|| run(Stage::Other)).flatten())
}

pub(super) fn quality_of(edits: usize, run: Run) -> Quality {
    Quality {
        edits: u8::try_from(edits).unwrap_or(u8::MAX),
        fit: run.fit,
        way: run.way,
    }
}

pub(super) fn matched_of(field: Field, run: Run) -> Matched {
    Matched {
        field,
        first: run.start as u32,
        n: run.len as u32,
    }
}
