//! Initials of pinyin: `nanjing` of a name with two characters is typed `nj`.

/// What a syllable may begin with; two letters before one.
const INITIALS: [&str; 23] = [
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r",
    "z", "c", "s", "y", "w",
];

/// What may follow it. Generous: the number of characters decides what is meant.
const FINALS: [&str; 37] = [
    "a", "o", "e", "i", "u", "v", "ai", "ei", "ao", "ou", "an", "en", "ang", "eng", "er", "ong",
    "ia", "ie", "iao", "iu", "ian", "in", "iang", "ing", "iong", "ua", "uo", "uai", "ui", "uan",
    "un", "uang", "ueng", "ue", "ve", "van", "vn",
];

/// Syllables that have no initial.
const BARE: [&str; 11] = [
    "a", "o", "e", "ai", "ei", "ao", "ou", "an", "en", "ang", "er",
];

/// How many readings are kept where pinyin can be cut in several ways.
const MAX_READINGS: usize = 4;

/// The initials of `pinyin` (lower case, as written for `name`), every way it can be cut into as
/// many syllables as the name has Chinese characters: `jinan` is `jn` (ji-nan) and `ja` (jin-an).
/// With blanks between the syllables there is one way. Empty when it cannot be cut so.
pub(super) fn initials(name: &str, pinyin: &str) -> Vec<String> {
    let pinyin = pinyin.trim();
    if pinyin.contains(char::is_whitespace) {
        return vec![
            pinyin
                .split_whitespace()
                .filter_map(|s| s.chars().next())
                .collect(),
        ];
    }
    let n_syllables = name.chars().filter(|&c| is_han(c)).count();
    let mut readings = Vec::new();
    if n_syllables > 1 {
        cut(pinyin, n_syllables, &mut String::new(), &mut readings);
    }
    readings
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

fn cut(rest: &str, n_syllables: usize, so_far: &mut String, readings: &mut Vec<String>) {
    if readings.len() >= MAX_READINGS {
        return;
    }
    let Some(first) = rest.chars().next() else {
        if n_syllables == 0 && !readings.contains(so_far) {
            readings.push(so_far.clone());
        }
        return;
    };
    // No syllable has more than six letters: what is longer cannot come out.
    if n_syllables == 0 || rest.len() > 6 * n_syllables {
        return;
    }
    so_far.push(first);
    let initial = INITIALS.iter().find(|i| rest.starts_with(**i));
    let (tail, finals) = match initial {
        Some(initial) => (rest.get(initial.len()..).unwrap_or_default(), &FINALS[..]),
        None => (rest, &BARE[..]),
    };
    for after in finals.iter().filter_map(|f| tail.strip_prefix(*f)) {
        cut(after, n_syllables - 1, so_far, readings);
    }
    so_far.pop();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_by_the_number_of_characters() {
        let check = |name: &str, pinyin: &str, expected: &[&str]| {
            let mut got = initials(name, pinyin);
            got.sort_unstable();
            assert_eq!(got, expected, "{name} {pinyin}");
        };
        check("南京", "nanjing", &["nj"]);
        check("镇江", "zhenjiang", &["zj"]);
        check("西安", "xian", &["xa"]);
        check("六安", "luan", &["la"]);
        check("淮安", "huaian", &["ha"]);
        check("马鞍山", "maanshan", &["mas"]);
        check("连云港", "lianyungang", &["lyg"]);
        check("济南", "jinan", &["ja", "jn"]);
        check("南京南站", "nan jing nan zhan", &["njnz"]);
        check("先", "xian", &[]);
        check("T3", "t3", &[]);
        check("南京", "qqqq", &[]);
    }
}
