//! A question with letters forgiven.

use super::columns::Entries;
use super::pattern::{Pattern, Run};
use super::search::{Stage, all_words, anywhere, matched_of, narrow_by_word, quality_of};
use super::typos::Typos;
use super::{Field, Fit, Gazetteer, Matched, Quality};

/// A pattern with its letters forgiven, where they may be.
pub(super) struct Near<'q> {
    pattern: &'q Pattern,
    at_beginnings: Option<Typos<'q>>,
    within_names: Option<Typos<'q>>,
}

impl<'q> Near<'q> {
    pub(super) fn new(pattern: &'q Pattern, gazetteer: &Gazetteer) -> Self {
        Self {
            pattern,
            at_beginnings: Typos::at_beginnings(pattern, &gazetteer.alphabet),
            within_names: Typos::within_names(pattern, &gazetteer.alphabet),
        }
    }

    pub(super) fn may(&self) -> bool {
        self.at_beginnings.is_some()
    }

    fn typos(&self, stage: Stage) -> Option<&Typos<'q>> {
        match stage {
            Stage::Beginning => self.at_beginnings.as_ref(),
            Stage::Within | Stage::Other => self.within_names.as_ref(),
        }
    }

    /// The best match with the names of an entry at this stage, with its edits.
    fn run_in(
        &self,
        gazetteer: &Gazetteer,
        entry: usize,
        stage: Stage,
    ) -> Option<(Field, usize, Run)> {
        let (typos, alphabet) = (self.typos(stage)?, &gazetteer.alphabet);
        let mut best: Option<(Field, usize, Run)> = None;
        for (field, key) in gazetteer.names.of(entry) {
            let found = match stage {
                Stage::Beginning => typos.at_beginning(alphabet, key),
                Stage::Within | Stage::Other => typos.within(alphabet, key),
            };
            if let Some((edits, mut run)) = found {
                if field == Field::Short && run.fit == Fit::Whole {
                    run.fit = Fit::Short;
                }
                if best.is_none_or(|(_, e, b)| (edits, run.fit) < (e, b.fit)) {
                    best = Some((field, edits, run));
                }
            }
        }
        best
    }

    /// The best match of a word, exactly anywhere or nearly in a name.
    fn anywhere(&self, gazetteer: &Gazetteer, entry: usize) -> Option<(Field, usize, Run)> {
        if let Some((field, run)) = anywhere(gazetteer, entry, self.pattern, Stage::Other) {
            return Some((field, 0, run));
        }
        let near = |stage| self.run_in(gazetteer, entry, stage);
        near(Stage::Beginning).or_else(|| near(Stage::Within))
    }

    /// Keeps entries with a name in which something like the pattern can be at this stage.
    fn narrow(&self, entries: &mut Entries, gazetteer: &Gazetteer, stage: Stage) {
        let Some(typos) = self.typos(stage) else {
            *entries = Entries::none(gazetteer.len());
            return;
        };
        let columns = match stage {
            Stage::Beginning => &gazetteer.first_columns,
            Stage::Within | Stage::Other => &gazetteer.name_columns,
        };
        for needs in typos.needs() {
            let any: Vec<_> = needs.into_iter().map(|n| (columns, n)).collect();
            entries.keep_any(&any);
        }
    }

    /// Keeps entries in which the word can be exactly anywhere or nearly in a name.
    fn narrow_by_word(&self, entries: &mut Entries, gazetteer: &Gazetteer) {
        // What is forgiven at the beginning of a name needs least.
        let Some(typos) = &self.at_beginnings else {
            return narrow_by_word(entries, self.pattern, gazetteer, Stage::Other);
        };
        for needs in typos.needs() {
            let both = |need| {
                [
                    (&gazetteer.name_columns, need),
                    (&gazetteer.other_columns, need),
                ]
            };
            let any: Vec<_> = needs.into_iter().flat_map(both).collect();
            entries.keep_any(&any);
        }
    }
}

/// A question with letters forgiven.
pub(super) struct Forgiving<'q> {
    pub(super) joined: Near<'q>,
    pub(super) words: Vec<Near<'q>>,
}

impl Forgiving<'_> {
    pub(super) fn candidates(&self, gazetteer: &Gazetteer, stage: Stage) -> Entries {
        let mut entries = Entries::all(gazetteer.len());
        self.joined.narrow(&mut entries, gazetteer, stage);
        if stage != Stage::Beginning && !self.words.is_empty() {
            let mut by_words = Entries::all(gazetteer.len());
            for word in &self.words {
                word.narrow_by_word(&mut by_words, gazetteer);
            }
            entries.add_all(&by_words);
        }
        entries
    }

    pub(super) fn quality(
        &self,
        gazetteer: &Gazetteer,
        entry: usize,
        stage: Stage,
    ) -> Option<Quality> {
        let joined = self.joined.run_in(gazetteer, entry, stage);
        let joined = joined.map(|(_, edits, run)| quality_of(edits, run));
        if stage == Stage::Beginning {
            return joined;
        }
        let by_words = all_words(&self.words, |word| {
            let (_, edits, run) = word.anywhere(gazetteer, entry)?;
            Some(quality_of(edits, run))
        });
        joined.into_iter().chain(by_words).min()
    }

    pub(super) fn matched(&self, gazetteer: &Gazetteer, entry: usize) -> Vec<Matched> {
        let joined = |stage| self.joined.run_in(gazetteer, entry, stage);
        if let Some((field, _, run)) = joined(Stage::Beginning).or_else(|| joined(Stage::Within)) {
            return vec![matched_of(field, run)];
        }
        let found = self
            .words
            .iter()
            .filter_map(|word| word.anywhere(gazetteer, entry));
        found.map(|(f, _, run)| matched_of(f, run)).collect()
    }
}
