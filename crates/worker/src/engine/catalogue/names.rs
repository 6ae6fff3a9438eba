//! Names laid out for searching: all keys of all entries in one text, folded once, so that a
//! query is one sweep without an allocation per candidate.

/// Before a key that may be found anywhere in it.
const KEY: char = '\n';
/// Before a key that is found by its beginning only.
const BEGINNING_ONLY: char = '\r';

/// How well a name fits; the best is the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// The whole key.
    Exact,
    /// Its beginning.
    Beginning,
    /// Somewhere in it.
    Within,
}

/// Searchable names of numbered entries.
#[derive(Debug, Default)]
pub(super) struct Names {
    text: String,
    /// Where each entry's keys begin in the text.
    starts: Vec<usize>,
}

impl Names {
    /// Begins the next entry; entries count from 0.
    pub(super) fn begin(&mut self) {
        self.starts.push(self.text.len());
    }

    /// Adds a key to the entry begun last.
    pub(super) fn key(&mut self, raw: &str) {
        self.push(KEY, raw);
    }

    /// Adds a key that is found by its beginning only, such as initials: within, any two letters
    /// would be.
    pub(super) fn beginning(&mut self, raw: &str) {
        self.push(BEGINNING_ONLY, raw);
    }

    fn push(&mut self, mark: char, raw: &str) {
        let before = self.text.len();
        self.text.push(mark);
        fold_into(raw, &mut self.text);
        if self.text.len() == before + mark.len_utf8() {
            self.text.truncate(before);
        }
    }

    /// Calls `found` once for each entry with a key that fits `needle` (folded, not empty), in
    /// order of entry, with its best fit.
    pub(super) fn search(&self, needle: &str, mut found: impl FnMut(usize, Fit)) {
        let mut last: Option<(usize, Fit)> = None;
        for (at, _) in self.text.match_indices(needle) {
            let Some(fit) = self.fit(at, needle.len()) else {
                continue;
            };
            let seen = last.map_or(0, |(entry, _)| entry);
            let starts = self.starts.get(seen..).unwrap_or_default();
            let entry = seen
                + starts
                    .partition_point(|&start| start <= at)
                    .saturating_sub(1);
            last = match last {
                Some((same, best)) if same == entry => Some((entry, best.min(fit))),
                done => {
                    if let Some((entry, best)) = done {
                        found(entry, best);
                    }
                    Some((entry, fit))
                }
            };
        }
        if let Some((entry, best)) = last {
            found(entry, best);
        }
    }

    /// The fit of a match at byte `at`; `None` within a key that is found by its beginning only.
    fn fit(&self, at: usize, len: usize) -> Option<Fit> {
        let before = self.text.get(..at)?;
        let ends = self
            .text
            .get(at + len..)
            .is_none_or(|rest| rest.is_empty() || rest.starts_with([KEY, BEGINNING_ONLY]));
        if before.ends_with(KEY) {
            return Some(if ends { Fit::Exact } else { Fit::Beginning });
        }
        if before.ends_with(BEGINNING_ONLY) {
            return Some(Fit::Beginning);
        }
        let mark = before.rfind([KEY, BEGINNING_ONLY])?;
        before.get(mark..)?.starts_with(KEY).then_some(Fit::Within)
    }
}

/// Folds what people type differently for the same: case, full-width forms, blanks, apostrophes,
/// middle dots and the tone marks of pinyin.
pub(super) fn fold(raw: &str) -> String {
    let mut folded = String::with_capacity(raw.len());
    fold_into(raw, &mut folded);
    folded
}

fn fold_into(raw: &str, folded: &mut String) {
    for c in raw.chars().map(half_width) {
        // Blanks are left out: so are the marks of `Names`, which are blanks or controls.
        if c.is_whitespace() || c.is_control() || matches!(c, '\'' | '\u{2019}' | '\u{b7}') {
            continue;
        }
        folded.extend(c.to_lowercase().map(without_tone));
    }
}

/// A full-width form of ASCII as ASCII.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

fn without_tone(c: char) -> char {
    match c {
        'ā' | 'á' | 'ǎ' | 'à' => 'a',
        'ē' | 'é' | 'ě' | 'è' => 'e',
        'ī' | 'í' | 'ǐ' | 'ì' => 'i',
        'ō' | 'ó' | 'ǒ' | 'ò' => 'o',
        'ū' | 'ú' | 'ǔ' | 'ù' => 'u',
        'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => 'v',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let mut names = Names::default();
        for (key, initials) in [
            ("南京", "nj"),
            ("南京南站", "njnz"),
            ("到南京", "dnj"),
            ("Nanjing Road", ""),
            ("", ""),
            ("aa aab", "x"),
        ] {
            names.begin();
            names.key(key);
            names.beginning(initials);
        }
        names
    }

    fn found(needle: &str) -> Vec<(usize, Fit)> {
        let mut found = Vec::new();
        names().search(&fold(needle), |entry, fit| found.push((entry, fit)));
        found
    }

    #[test]
    fn finds_each_entry_once_with_its_best_fit() {
        use Fit::{Beginning, Exact, Within};
        assert_eq!(found("南京"), [(0, Exact), (1, Beginning), (2, Within)]);
        // Initials by their beginning only: `dnj` is not found by `nj`.
        assert_eq!(found("NJ"), [(0, Beginning), (1, Beginning), (3, Within)]);
        assert_eq!(found("nan jing"), [(3, Beginning)]);
        assert_eq!(found("road"), [(3, Within)]);
        assert_eq!(found("aab"), [(5, Within)]);
        assert_eq!(found("aa"), [(5, Beginning)]);
        assert_eq!(found("zzz"), []);
        // A match never runs from one key into the next.
        assert_eq!(found("njroad"), []);
    }

    #[test]
    fn folds_what_is_typed_differently() {
        for (raw, expected) in [
            ("Ｇ４２ ", "g42"),
            ("Xī'ān", "xian"),
            ("LÜ", "lv"),
            ("喀什·\n机场", "喀什机场"),
            ("\u{3000}P+R", "p+r"),
        ] {
            assert_eq!(fold(raw), expected);
        }
    }
}
