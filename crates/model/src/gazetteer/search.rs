//! From what was typed to the best entries.

use super::columns::Entries;
use super::fold::{Folded, fold};
use super::pattern::{Pattern, Run, Typed};
use super::road_position;
use super::typos::{Typos, mate};
use super::{Field, Fit, Gazetteer, Hit, Kind, Matched, Quality, Query, Way};
use crate::geo::LatLng;

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
        if query.text.chars().all(|c| c.is_whitespace() || c.is_control()) {
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

    fn by_name(&self, query: &Query<'_>, question: &Question) -> Vec<Hit> {
        let mut best = Best::new(self, query);
        let mut seen = Entries::none(self.len());
        for i in question.candidates(self).iter() {
            if let Some(quality) = question.quality(self, i) {
                seen.add(i);
                best.offer(i, quality);
            }
        }
        if best.is_full() {
            return best.hits(|i| question.matched(self, i));
        }
        let forgiving = question.forgiving(self);
        if let Some(forgiving) = &forgiving {
            let mut candidates = forgiving.candidates(self);
            candidates.remove_all(&seen);
            for i in candidates.iter() {
                if let Some(quality) = forgiving.quality(self, i) {
                    best.offer(i, quality);
                }
            }
        }
        best.hits(|i| match &forgiving {
            Some(forgiving) if question.quality(self, i).is_none() => forgiving.matched(self, i),
            _ => question.matched(self, i),
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

/// What was typed: as one piece, and, where blanks or marks part it, as words that must all be found.
struct Question {
    joined: Pattern,
    words: Vec<Pattern>,
}

impl Question {
    fn new(gazetteer: &Gazetteer, folded: &[Folded]) -> Self {
        let pattern = |folded: &[Folded]| Pattern::new(folded, &gazetteer.alphabet);
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
    fn candidates(&self, gazetteer: &Gazetteer) -> Entries {
        let n = gazetteer.len();
        let mut entries = Entries::all(n);
        narrow(&mut entries, &self.joined, gazetteer);
        if !self.words.is_empty() {
            let mut by_words = Entries::all(n);
            for word in &self.words {
                narrow(&mut by_words, word, gazetteer);
            }
            entries.add_all(&by_words);
        }
        entries
    }

    fn quality(&self, gazetteer: &Gazetteer, entry: usize) -> Option<Quality> {
        let joined = best_run(gazetteer, entry, &self.joined).map(|(_, run)| quality_of(0, run));
        if self.words.is_empty() || joined.is_some_and(|q| q.fit <= Fit::Beginning) {
            return joined;
        }
        let by_words = all_words(&self.words, |word| {
            best_run(gazetteer, entry, word).map(|(_, run)| quality_of(0, run))
        });
        joined.into_iter().chain(by_words).min()
    }

    /// Where the words stand.
    fn matched(&self, gazetteer: &Gazetteer, entry: usize) -> Vec<Matched> {
        let joined = best_run(gazetteer, entry, &self.joined);
        let quality = self.quality(gazetteer, entry);
        if let Some((field, run)) = joined
            && quality == Some(quality_of(0, run))
        {
            return vec![matched_of(field, run)];
        }
        let found = self.words.iter().map(|w| best_run(gazetteer, entry, w));
        found.flatten().map(|(f, run)| matched_of(f, run)).collect()
    }

    /// The same question with letters forgiven; `None` where none may be.
    fn forgiving(&self, gazetteer: &Gazetteer) -> Option<Forgiving<'_>> {
        let typos = |pattern| Typos::new(pattern, &gazetteer.alphabet);
        let forgiving = Forgiving {
            joined: (&self.joined, typos(&self.joined)),
            words: self.words.iter().map(|word| (word, typos(word))).collect(),
        };
        let any = forgiving.joined.1.is_some() || forgiving.words.iter().any(|(_, t)| t.is_some());
        any.then_some(forgiving)
    }
}

/// A question with letters forgiven.
struct Forgiving<'q> {
    joined: (&'q Pattern, Option<Typos<'q>>),
    words: Vec<(&'q Pattern, Option<Typos<'q>>)>,
}

impl Forgiving<'_> {
    fn candidates(&self, gazetteer: &Gazetteer) -> Entries {
        let n = gazetteer.len();
        let mut entries = Entries::none(n);
        if self.joined.1.is_some() {
            let mut joined = Entries::all(n);
            narrow_by_first(&mut joined, self.joined.0, gazetteer);
            entries.add_all(&joined);
        }
        if !self.words.is_empty() {
            let mut by_words = Entries::all(n);
            for (word, typos) in &self.words {
                match typos {
                    Some(_) => narrow_by_first(&mut by_words, word, gazetteer),
                    None => narrow(&mut by_words, word, gazetteer),
                }
            }
            entries.add_all(&by_words);
        }
        entries
    }

    fn quality(&self, gazetteer: &Gazetteer, entry: usize) -> Option<Quality> {
        let near = |typos: &Option<Typos<'_>>| {
            let (_, edits, run) = best_near(gazetteer, entry, typos.as_ref()?)?;
            Some(quality_of(edits, run))
        };
        let joined = near(&self.joined.1);
        let by_words = all_words(&self.words, |(word, typos)| {
            best_run(gazetteer, entry, word)
                .map(|(_, run)| quality_of(0, run))
                .or_else(|| near(typos))
        });
        joined.into_iter().chain(by_words).min()
    }

    fn matched(&self, gazetteer: &Gazetteer, entry: usize) -> Vec<Matched> {
        let near = |typos: &Option<Typos<'_>>| {
            let (field, _, run) = best_near(gazetteer, entry, typos.as_ref()?)?;
            Some((field, run))
        };
        if let Some((field, run)) = near(&self.joined.1) {
            return vec![matched_of(field, run)];
        }
        let found = self
            .words
            .iter()
            .map(|(word, typos)| best_run(gazetteer, entry, word).or_else(|| near(typos)));
        found.flatten().map(|(f, run)| matched_of(f, run)).collect()
    }
}

/// All words together: as bad as the worst of them, and no better than within a name.
fn all_words<W>(words: &[W], quality: impl Fn(&W) -> Option<Quality>) -> Option<Quality> {
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

/// Keeps entries in which the pattern can be.
fn narrow(entries: &mut Entries, pattern: &Pattern, gazetteer: &Gazetteer) {
    if pattern.is_foreign() || pattern.units.is_empty() {
        *entries = Entries::none(gazetteer.len());
        return;
    }
    let columns = &gazetteer.columns;
    match pattern.units.as_slice() {
        [Typed::Letter(a), Typed::Letter(b), ..] => entries.keep_pair(columns, *a, *b),
        [Typed::Letter(a), ..] => entries.keep_letter(columns, *a),
        _ => {}
    }
    for unit in &pattern.units {
        if let Typed::Other(Some(symbol)) = unit {
            entries.keep_other(columns, *symbol);
        }
    }
}

/// Keeps entries in which something like the pattern can be: its first unit is never wrong.
fn narrow_by_first(entries: &mut Entries, pattern: &Pattern, gazetteer: &Gazetteer) {
    let columns = &gazetteer.columns;
    match pattern.units.first() {
        Some(&Typed::Letter(a)) => entries.keep_either(columns, a, mate(a).unwrap_or(a)),
        Some(Typed::Other(Some(symbol))) => entries.keep_other(columns, *symbol),
        Some(Typed::Other(None)) | None => *entries = Entries::none(gazetteer.len()),
    }
}

/// The best match of a pattern with any key of an entry.
fn best_run(gazetteer: &Gazetteer, entry: usize, pattern: &Pattern) -> Option<(Field, Run)> {
    let alphabet = &gazetteer.alphabet;
    let mut best: Option<(Field, Run)> = None;
    for (field, key) in gazetteer.keys(entry) {
        // Names come first, and all else fits worse.
        if best.is_some_and(|(_, b)| (b.fit, b.way) == (Fit::Whole, Way::Spelt))
            || (best.is_some() && !field.is_name() && best.is_none_or(|(f, _)| f.is_name()))
        {
            break;
        }
        let run = if field.is_name() {
            pattern.in_name(alphabet, key)
        } else {
            pattern.in_other(alphabet, key)
        };
        if let Some(run) = run
            && best.is_none_or(|(_, b)| (run.fit, run.way) < (b.fit, b.way))
        {
            best = Some((field, run));
        }
    }
    best
}

/// The best match of a forgiving pattern with a name of an entry, with its edits.
fn best_near(
    gazetteer: &Gazetteer,
    entry: usize,
    typos: &Typos<'_>,
) -> Option<(Field, usize, Run)> {
    let mut best: Option<(Field, usize, Run)> = None;
    for (field, key) in gazetteer.keys(entry) {
        if !field.is_name() {
            break;
        }
        if let Some((edits, run)) = typos.in_name(&gazetteer.alphabet, key)
            && best.is_none_or(|(_, e, b)| (edits, run.fit) < (e, b.fit))
        {
            best = Some((field, edits, run));
        }
    }
    best
}

fn quality_of(edits: usize, run: Run) -> Quality {
    Quality {
        edits: u8::try_from(edits).unwrap_or(u8::MAX),
        fit: run.fit,
        way: run.way,
    }
}

fn matched_of(field: Field, run: Run) -> Matched {
    Matched {
        field,
        first: run.start as u32,
        n: run.len as u32,
    }
}

/// What a doubling of the distance costs, from 1 km on, in units of importance.
const PENALTY_OF_DOUBLING: i32 = 20;
/// Nothing on Earth is further: 15 doublings.
const MAX_PENALTY: i32 = 15 * PENALTY_OF_DOUBLING;
/// Kilometres of a millionth of a degree of latitude.
const KM_OF_E6: f64 = crate::geo::EARTH_RADIUS_M * core::f64::consts::PI / 180.0 / 1e9;

/// What distance costs.
struct Distance {
    from: [i32; 2],
    /// How much shorter a degree of longitude is there than one of latitude.
    shrink: f64,
    /// From which square of kilometres on the penalty is 1, 2, ….
    squares: Vec<f64>,
}

impl Distance {
    fn new(from: LatLng) -> Self {
        let step = f64::from(PENALTY_OF_DOUBLING);
        Self {
            from: from.to_e6(),
            shrink: libm::cos(from.lat.to_radians()),
            squares: (1..=MAX_PENALTY)
                .map(|penalty| {
                    let km = libm::exp2((f64::from(penalty) - 0.5) / step) - 1.0;
                    km * km
                })
                .collect(),
        }
    }

    /// On a plane: what is compared is near, or far beyond doubt.
    fn penalty(&self, to: [i32; 2]) -> i32 {
        let north = (f64::from(to[0]) - f64::from(self.from[0])) * KM_OF_E6;
        let mut east = (f64::from(to[1]) - f64::from(self.from[1])).abs();
        if east > 180e6 {
            east = 360e6 - east;
        }
        let east = east * KM_OF_E6 * self.shrink;
        let square = north * north + east * east;
        self.squares.partition_point(|&s| s <= square) as i32
    }
}

/// In order of preference: field by field.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    quality: Quality,
    /// Distance less importance.
    cost: i32,
    entry: usize,
}

/// The best so many, in order. Few are kept, so that few are ever moved.
struct Best<'g> {
    gazetteer: &'g Gazetteer,
    limit: usize,
    distance: Option<Distance>,
    candidates: Vec<Candidate>,
}

impl<'g> Best<'g> {
    fn new(gazetteer: &'g Gazetteer, query: &Query<'_>) -> Self {
        let limit = query.limit.min(Gazetteer::MOST);
        let near = query.near.filter(|p| LatLng::new(p.lat, p.lng).is_ok());
        Self {
            gazetteer,
            limit,
            distance: near.map(Distance::new),
            candidates: Vec::with_capacity(limit + 1),
        }
    }

    fn is_full(&self) -> bool {
        self.candidates.len() >= self.limit
    }

    fn offer(&mut self, i: usize, quality: Quality) {
        let Some(entry) = self.gazetteer.entries.get(i) else {
            return;
        };
        let mut candidate = Candidate {
            quality,
            cost: -i32::from(entry.importance),
            entry: i,
        };
        // Distance only makes it worse: most need not be measured.
        let worst = self.candidates.last().copied();
        let worst = worst.filter(|_| self.is_full());
        if self.limit == 0 || worst.is_some_and(|worst| candidate >= worst) {
            return;
        }
        if let (Some(distance), Some(position)) = (&self.distance, entry.position) {
            candidate.cost += distance.penalty(position);
        }
        if worst.is_some_and(|worst| candidate >= worst) {
            return;
        }
        let at = self.candidates.partition_point(|c| *c < candidate);
        self.candidates.insert(at, candidate);
        self.candidates.truncate(self.limit);
    }

    fn hits(self, matched: impl Fn(usize) -> Vec<Matched>) -> Vec<Hit> {
        let hit = |c: &Candidate| {
            let entry = self.gazetteer.entries.get(c.entry)?;
            Some(Hit {
                kind: entry.kind,
                index: entry.index,
                quality: c.quality,
                matched: matched(c.entry),
            })
        };
        self.candidates.iter().filter_map(hit).collect()
    }
}
