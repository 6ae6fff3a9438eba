//! What people type differently for the same: case, width, accents, blanks, apostrophes.
//!
//! A text becomes a row of [`Folded`] units: letters and digits of the Latin alphabet as numbers, any other
//! letter (a Han character above all) as itself. All else only parts words, or is not there at all.

/// How many letters and digits there are: `a` to `z` are 0 to 25, `0` to `9` are 26 to 35.
pub(super) const N_LETTERS: u16 = 36;
/// The first digit.
const ZERO: u8 = 26;

/// A letter, a digit or something else that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// `a` to `z`, `0` to `9`, below [`N_LETTERS`].
    Letter(u8),
    /// Anything else that is alphanumeric.
    Other(char),
}

impl Unit {
    pub(super) const fn is_digit(self) -> bool {
        matches!(self, Self::Letter(letter) if letter >= ZERO)
    }

    /// The value of a digit.
    pub(super) const fn digit(self) -> Option<u8> {
        match self {
            Self::Letter(letter) if letter >= ZERO => Some(letter - ZERO),
            _ => None,
        }
    }

    /// `a` to `z`.
    pub(super) const fn is_latin(self) -> bool {
        matches!(self, Self::Letter(letter) if letter < ZERO)
    }
}

/// One unit of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Folded {
    pub(super) unit: Unit,
    /// It is the first, or something that is not written parts it from the one before.
    pub(super) after_gap: bool,
    /// A word begins with it: after a gap, between letters and digits, and every other letter.
    pub(super) starts: bool,
    /// Which character of the text it comes from, counted from 0.
    pub(super) at: u32,
}

/// The units of a text, in order.
pub(super) fn fold(text: &str) -> Vec<Folded> {
    let mut folded = Vec::with_capacity(text.len());
    fold_into(text, &mut |unit| folded.push(unit));
    folded
}

/// Gives the units of a text, in order.
pub(super) fn fold_into(text: &str, give: &mut impl FnMut(Folded)) {
    let mut before: Option<Unit> = None;
    for (at, raw) in text.chars().enumerate() {
        let c = half_width(raw);
        let mut one = |unit: Unit| {
            let starts = match (before, unit) {
                (Some(last @ Unit::Letter(_)), Unit::Letter(_)) => {
                    last.is_digit() != unit.is_digit()
                }
                _ => true,
            };
            give(Folded {
                unit,
                after_gap: before.is_none(),
                starts,
                at: at as u32,
            });
            before = Some(unit);
        };
        if c.is_ascii_alphanumeric() {
            one(letter(c));
        } else if is_silent(c) {
            // Not there.
        } else if c.is_alphanumeric() {
            for c in c.to_lowercase().filter(|&c| !is_silent(c)) {
                match plain_latin(c) {
                    Some(plain) => plain.chars().for_each(|c| one(letter(c))),
                    None if c.is_ascii_alphanumeric() => one(letter(c)),
                    None => one(Unit::Other(c)),
                }
            }
        } else {
            before = None;
        }
    }
}

/// The unit of an ASCII letter or digit.
fn letter(c: char) -> Unit {
    let c = c.to_ascii_lowercase() as u8;
    Unit::Letter(if c.is_ascii_digit() {
        c - b'0' + ZERO
    } else {
        c - b'a'
    })
}

/// A full-width form of ASCII as ASCII.
pub(super) fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// What does not part a word: apostrophes (Xi'an), combining marks, marks of direction and joiners.
const fn is_silent(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '\u{b4}'
            | '\u{2018}'
            | '\u{2019}'
            | '\u{2bc}'
            | '\u{300}'..='\u{36f}'
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    )
}

/// A lower-case Latin letter without its accents; tones of pinyin are accents, and `ü` is typed `u`.
fn plain_latin(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' => "i",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ǹ' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ǒ' => "o",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' => "s",
        'ţ' | 'ť' | 'ŧ' => "t",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ǔ' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => {
            "u"
        }
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units as a text, with `|` at a gap and `.` where else a word starts.
    fn shown(text: &str) -> String {
        let mut out = String::new();
        for (i, f) in fold(text).into_iter().enumerate() {
            if i > 0 && f.after_gap {
                out.push('|');
            } else if i > 0 && f.starts {
                out.push('.');
            }
            match f.unit {
                Unit::Letter(n @ 0..26) => out.push(char::from(b'a' + n)),
                Unit::Letter(n) => out.push(char::from(b'0' + n - 26)),
                Unit::Other(c) => out.push(c),
            }
        }
        out
    }

    #[test]
    fn what_is_typed_differently() {
        for (raw, expected) in [
            ("Ｇ４２ ", "g.42"),
            ("Xī'ān", "xian"),
            ("Xi’an", "xian"),
            ("LÜ München", "lu|munchen"),
            ("u\u{308}ber", "uber"),
            ("Straße ÅÉÎÕÜÝ ŁÓDŹ İ", "strasse|aeiouy|lodz|i"),
            ("ŴΣ한", "ŵ.σ.한"),
            ("喀什·\n机场", "喀.什|机.场"),
            ("\u{3000}P+R 3号", "p|r|3.号"),
            ("nan\u{202e}jing\u{200b}", "nanjing"),
            ("<b>南京</b>", "b|南.京|b"),
            ("🚗🔌", ""),
            ("！？…", ""),
            ("", ""),
        ] {
            assert_eq!(shown(raw), expected, "{raw:?}");
        }
    }

    #[test]
    fn units_say_where_they_come_from() {
        let at: Vec<u32> = fold(" 南\u{200b}ß京").iter().map(|f| f.at).collect();
        assert_eq!(at, [1, 3, 3, 4]);
    }
}
