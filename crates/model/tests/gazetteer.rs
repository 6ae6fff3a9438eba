//! The gazetteer against its definition: a matcher that tries everything, name by name, way by way.

#[allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "shared by several test programs"
)]
mod common;

use chongtu_model::gazetteer::{
    Field, Fit, Gazetteer, GazetteerBuilder, Kind, Quality, Query, Readings, Way,
};
use chongtu_model::location::RoadSide;
use chongtu_model::provenance::{LocalText, Operator};
use chongtu_model::{Catalogue, LatLng, OperatorId};
use common::Random;
use proptest::prelude::*;
use std::sync::LazyLock;

const READINGS: [(char, &[&str]); 13] = [
    ('南', &["nan"]),
    ('京', &["jing"]),
    ('六', &["liu", "lu"]),
    ('合', &["he"]),
    ('安', &["an"]),
    ('重', &["zhong", "chong"]),
    ('庆', &["qing"]),
    ('长', &["chang", "zhang"]),
    ('西', &["xi"]),
    ('先', &["xian"]),
    ('岸', &["an"]),
    ('站', &["zhan"]),
    ('厦', &["xia", "sha"]),
];
/// Two that are read aloud nowhere, and what names are made of beside them.
const UNREAD: &str = "鼋渚";
const LATIN: [&str; 12] = [
    "nan", "nanjing", "jing", "an", "xian", "lu", "g42", "g4", "12", "he", "qing", "zhang",
];

static TABLE: LazyLock<Readings> = LazyLock::new(|| {
    let mut table = Readings::new();
    for (c, readings) in READINGS {
        for reading in readings {
            assert!(table.add(c, reading));
        }
    }
    table
});

fn readings() -> Readings {
    TABLE.clone()
}

/// An entry of the slow matcher.
struct Thing {
    kind: Kind,
    index: u32,
    importance: i32,
    position: Option<LatLng>,
    keys: Vec<(Field, String)>,
}

/// A unit of a name: whether a word starts with it, and in which ways it is spelt in full.
struct Token {
    starts: bool,
    written: char,
    read: Vec<String>,
}

/// The texts of these tests hold lower-case letters, digits, Han characters and blanks only.
fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut before = ' ';
    for c in text.chars() {
        if c != ' ' {
            let joins = c.is_ascii() && before.is_ascii() && before != ' ';
            let starts = !joins || c.is_ascii_digit() != before.is_ascii_digit();
            let read = TABLE.of(c).to_vec();
            tokens.push(Token {
                starts,
                written: c,
                read,
            });
        }
        before = c;
    }
    tokens
}

/// Every way to use up `typed` from token `at` on: after how many tokens, and whether the last one is whole.
fn ways(tokens: &[Token], at: usize, typed: &str, initials: bool, found: &mut Vec<(usize, bool)>) {
    let Some(token) = tokens.get(at) else { return };
    let mut go = |part: &str| {
        if let Some(rest) = typed.strip_prefix(part) {
            if rest.is_empty() {
                found.push((at + 1, true));
            } else {
                ways(tokens, at + 1, rest, initials, found);
            }
        } else if part.starts_with(typed) {
            found.push((at + 1, false));
        }
    };
    go(&token.written.to_string());
    for reading in &token.read {
        go(reading);
        if initials {
            go(&reading[..1]);
            if reading[1..].starts_with('h') && typed.len() > 1 {
                go(&reading[..2]);
            }
        }
    }
}

/// The best of all exact matches of `typed` with a key.
fn exact(field: Field, key: &str, typed: &str) -> Option<Quality> {
    let tokens = tokens(key);
    let is_name = matches!(
        field,
        Field::Text | Field::En | Field::Sound | Field::Reference
    );
    let mut all = Vec::new();
    for start in (0..tokens.len()).filter(|&i| tokens[i].starts) {
        for way in [Way::Spelt, Way::Initials] {
            let mut found = Vec::new();
            ways(&tokens, start, typed, way == Way::Initials, &mut found);
            for (end, whole) in found {
                let fit = match (start == 0, whole && end == tokens.len(), way) {
                    (true, true, _) => Fit::Whole,
                    (true, false, _) => Fit::Beginning,
                    (false, _, Way::Spelt) => Fit::Within,
                    (false, _, Way::Initials) => Fit::Initials,
                };
                let fit = match fit {
                    _ if is_name => fit,
                    Fit::Whole => Fit::OtherWhole,
                    _ => Fit::Other,
                };
                let too_few = fit == Fit::Initials && typed.chars().count() < 3;
                let allowed = is_name || way == Way::Spelt;
                if allowed && !too_few {
                    all.push(Quality { edits: 0, fit, way });
                }
            }
        }
    }
    all.into_iter().min()
}

/// Optimal string alignment distance, by its table.
fn osa(a: &[char], b: &[char]) -> usize {
    let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            if i == 0 || j == 0 {
                d[i][j] = i + j;
                continue;
            }
            let differs = usize::from(a[i - 1] != b[j - 1]);
            d[i][j] = (d[i - 1][j] + 1)
                .min(d[i][j - 1] + 1)
                .min(d[i - 1][j - 1] + differs);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                d[i][j] = d[i][j].min(d[i - 2][j - 2] + 1);
            }
        }
    }
    d[a.len()][b.len()]
}

/// All spellings of tokens from `at` on, as units of the sort that was typed.
fn spellings(tokens: &[Token], at: usize, han: bool) -> Vec<Vec<char>> {
    let Some(token) = tokens.get(at) else {
        return vec![Vec::new()];
    };
    let own: Vec<String> = if token.written.is_ascii() || han {
        vec![token.written.to_string()]
    } else {
        token.read.clone()
    };
    if own.is_empty() {
        // Cannot be spelt: what follows is out of reach.
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for own in own {
        for rest in spellings(tokens, at + 1, han) {
            all.push(own.chars().chain(rest).collect());
        }
    }
    all
}

/// The best match of `typed` with the beginning of a name, or with what comes later, when some letters are forgiven.
fn near(key: &str, typed: &str, beginning: bool) -> Option<Quality> {
    let typed: Vec<char> = typed.chars().collect();
    let han = typed.iter().any(|c| !c.is_ascii());
    // These tests forgive only where all that is typed is of one sort; the rest is asserted by example.
    let editable = |c: &char| {
        if han {
            !c.is_ascii()
        } else {
            c.is_ascii_lowercase()
        }
    };
    assert!(typed.iter().all(editable));
    let most = match typed.len() {
        0..4 => return None,
        4..8 => 1,
        _ if !beginning => 1,
        _ => 2,
    };
    let n_sure = if beginning { 1 } else { 2 };
    let tokens = tokens(key);
    let mut best: Option<(usize, Fit)> = None;
    for start in (0..tokens.len()).filter(|&i| tokens[i].starts && (i == 0) == beginning) {
        for spelling in spellings(&tokens, start, han) {
            // What may not be wrong ends what can be compared.
            let comparable = spelling.iter().take_while(|c| editable(c)).count();
            let whole = start == 0 && comparable == spelling.len() && {
                let can_spell = |t: &Token| t.written.is_ascii() || han || !t.read.is_empty();
                tokens.iter().all(can_spell)
            };
            for n in n_sure..=comparable {
                let first = match (spelling[0], typed[0]) {
                    (a, b) if a == b => 0,
                    ('n', 'l') | ('l', 'n') => 1,
                    _ => continue,
                };
                if spelling[1..n_sure] != typed[1..n_sure] {
                    continue;
                }
                let edits = first + osa(&spelling[n_sure..n], &typed[n_sure..]);
                let fit = match (start, whole && n == spelling.len()) {
                    (0, true) => Fit::Whole,
                    (0, false) => Fit::Beginning,
                    _ => Fit::Within,
                };
                if edits <= most && best.is_none_or(|b| (edits, fit) < b) {
                    best = Some((edits, fit));
                }
            }
        }
    }
    best.map(|(edits, fit)| Quality {
        edits: edits as u8,
        fit,
        way: Way::Spelt,
    })
}

fn is_name(field: Field) -> bool {
    matches!(
        field,
        Field::Text | Field::En | Field::Sound | Field::Reference
    )
}

fn word_exact(thing: &Thing, typed: &str) -> Option<Quality> {
    let keys = thing.keys.iter();
    keys.filter_map(|(field, key)| exact(*field, key, typed))
        .min()
}

fn word_near(thing: &Thing, typed: &str, beginning: bool) -> Option<Quality> {
    let keys = thing.keys.iter().filter(|(field, _)| is_name(*field));
    keys.filter_map(|(_, key)| near(key, typed, beginning))
        .min()
}

/// All words together.
fn joined(words: &[Option<Quality>]) -> Option<Quality> {
    let words: Option<Vec<Quality>> = words.iter().copied().collect();
    let words = words.filter(|w| w.len() > 1)?;
    Some(Quality {
        edits: words.iter().map(|q| q.edits).sum(),
        fit: words.iter().map(|q| q.fit).max()?.max(Fit::Within),
        way: words.iter().map(|q| q.way).max()?,
    })
}

/// Where the shortest match from a token on ends.
fn end_from(tokens: &[Token], at: usize, typed: &str, initials: bool) -> Option<usize> {
    let mut found = Vec::new();
    if tokens[at].starts {
        ways(tokens, at, typed, initials, &mut found);
    }
    found.into_iter().map(|(end, _)| end).min()
}

/// The first word at the beginning of a name, the others after it in order.
fn in_order(thing: &Thing, words: &[&str]) -> Option<Quality> {
    let (first, others) = words
        .split_first()
        .filter(|(_, others)| !others.is_empty())?;
    let holds = |key: &str, initials: bool| -> Option<()> {
        let tokens = tokens(key);
        tokens.first()?;
        let mut end = end_from(&tokens, 0, first, initials)?;
        for word in others {
            end = (end..tokens.len()).find_map(|at| end_from(&tokens, at, word, false))?;
        }
        Some(())
    };
    let way = [Way::Spelt, Way::Initials].into_iter().find(|&way| {
        let mut names = thing.keys.iter().filter(|(field, _)| is_name(*field));
        names.any(|(_, key)| holds(key, way == Way::Initials).is_some())
    })?;
    Some(Quality {
        edits: 0,
        fit: Fit::Beginning,
        way,
    })
}

/// Gives the quality of a thing, if it fits.
type Matcher<'a> = &'a dyn Fn(&Thing) -> Option<Quality>;

/// The quality of every thing that fits. Letters are forgiven only when no name fits, and within names only when
/// no name begins nearly so.
fn qualities(things: &[Thing], text: &str, forgive: bool) -> Vec<Option<Quality>> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let whole = words.concat();
    let exact = |thing: &Thing| {
        let by_word: Vec<_> = words.iter().map(|w| word_exact(thing, w)).collect();
        let words_too = in_order(thing, &words).into_iter().chain(joined(&by_word));
        word_exact(thing, &whole).into_iter().chain(words_too).min()
    };
    let mut found: Vec<_> = things.iter().map(exact).collect();
    let is_by_name = |q: &Option<Quality>| q.is_some_and(|q| q.fit <= Fit::Initials);
    if !forgive || found.iter().any(is_by_name) {
        return found;
    }
    let beginning = |thing: &Thing| word_near(thing, &whole, true);
    let anywhere = |thing: &Thing| {
        let word = |w: &&str| {
            let near = |beginning| word_near(thing, w, beginning);
            word_exact(thing, w)
                .or_else(|| near(true))
                .or_else(|| near(false))
        };
        let by_word: Vec<_> = words.iter().map(word).collect();
        let within = word_near(thing, &whole, false);
        within.into_iter().chain(joined(&by_word)).min()
    };
    let stages: [Matcher<'_>; 2] = [&beginning, &anywhere];
    for stage in stages {
        let near: Vec<_> = things.iter().map(stage).collect();
        let new = near
            .iter()
            .zip(&found)
            .any(|(near, found)| near.is_some() && found.is_none());
        for (found, near) in found.iter_mut().zip(near) {
            *found = found.or(near);
        }
        if new {
            break;
        }
    }
    found
}

fn slow_search(things: &[Thing], query: &Query<'_>, forgive: bool) -> Vec<(Kind, u32, Quality)> {
    let mut hits = Vec::new();
    let qualities = qualities(things, query.text, forgive);
    for (order, (thing, quality)) in things.iter().zip(qualities).enumerate() {
        let Some(quality) = quality else { continue };
        let mut cost = -thing.importance;
        if let (Some(near), Some(at)) = (query.near, thing.position) {
            let km = 6_371.008_8_f64.to_radians();
            let mut dlng = (at.lng - near.lng).abs();
            if dlng > 180.0 {
                dlng = 360.0 - dlng;
            }
            let east = dlng * near.lat.to_radians().cos() * km;
            let north = (at.lat - near.lat) * km;
            cost += (20.0 * (1.0 + east.hypot(north)).log2()).round() as i32;
        }
        hits.push((quality, cost, order));
    }
    hits.sort_unstable();
    hits.truncate(query.limit);
    let hit = |&(quality, _, order): &(Quality, i32, usize)| {
        (things[order].kind, things[order].index, quality)
    };
    hits.iter().map(hit).collect()
}

fn text(r: &mut Random, most: u64) -> String {
    let mut text = String::new();
    for _ in 0..=r.below(most) {
        match r.below(8) {
            0 => text.push_str(r.pick(&LATIN)),
            1 => text.push(r.pick(&UNREAD.chars().collect::<Vec<_>>())),
            2 => text.push(' '),
            _ => text.push(r.pick(&READINGS).0),
        }
    }
    text
}

/// Names of all kinds, for both matchers. Ranks are 4 and names have no ending that may be left out.
fn world(seed: u64) -> (Gazetteer, Vec<Thing>) {
    let r = &mut Random::new(seed);
    let mut builder = GazetteerBuilder::new(readings());
    let mut things = Vec::new();
    let name_keys = |name: &LocalText| {
        let mut keys = vec![(Field::Text, name.text.clone())];
        keys.extend(name.en.clone().map(|en| (Field::En, en)));
        keys
    };
    let name = |r: &mut Random| {
        let mut name = LocalText::plain(text(r, 4));
        name.en = r
            .chance(0.4)
            .then(|| format!("{} {}", r.pick(&LATIN), r.pick(&LATIN)));
        name
    };
    let mut catalogue = common::generate(seed, 40);
    for index in 0..30 {
        let (name, at) = (name(r), catalogue.locations[index].position);
        let sound = r.chance(0.3).then(|| r.pick(&LATIN));
        builder.add_place(&name, sound, 4, at);
        let mut keys = name_keys(&name);
        keys.extend(sound.map(|s| (Field::Sound, s.to_owned())));
        things.push(Thing {
            kind: Kind::Place,
            index: index as u32,
            importance: 400,
            position: Some(at),
            keys,
        });
    }
    for (index, reference) in ["g42", "g4", "g421"].into_iter().enumerate() {
        let name = name(r);
        builder.add_road(reference, Some(&name));
        let mut keys = vec![(Field::Reference, reference.to_owned())];
        keys.extend(name_keys(&name));
        things.push(Thing {
            kind: Kind::Road,
            index: index as u32,
            importance: 500,
            position: None,
            keys,
        });
    }
    catalogue.operators = (0..3)
        .map(|i| Operator {
            id: OperatorId::new(&format!("o{i}")),
            name: name(r),
        })
        .collect();
    for location in &mut catalogue.locations {
        location.name = name(r);
        location.address = r.chance(0.5).then(|| name(r));
        location.road = r.chance(0.2).then(|| RoadSide {
            reference: "g42".into(),
            direction: None,
        });
        location.city = r.chance(0.3).then(|| "nanjing".into());
        location.district = None;
        location.operator = Some(r.below(3) as u32);
    }
    builder.add_catalogue(&catalogue);
    for (index, operator) in catalogue.operators.iter().enumerate() {
        let keys = name_keys(&operator.name);
        things.push(Thing {
            kind: Kind::Operator,
            index: index as u32,
            importance: 300,
            position: None,
            keys,
        });
    }
    for (index, location) in catalogue.locations.iter().enumerate() {
        if !location.is_place_to_go() {
            continue;
        }
        let mut keys = name_keys(&location.name);
        if let Some(address) = &location.address {
            keys.push((Field::Address, address.text.clone()));
            keys.extend(address.en.clone().map(|en| (Field::AddressEn, en)));
        }
        keys.extend(
            location
                .road
                .as_ref()
                .map(|road| (Field::Road, road.reference.clone())),
        );
        keys.extend(location.city.clone().map(|city| (Field::District, city)));
        let operator = catalogue.operator_of(location).map(|o| o.name.clone());
        let operator = operator.unwrap_or_default();
        keys.push((Field::Operator, operator.text));
        keys.extend(operator.en.map(|en| (Field::OperatorEn, en)));
        let importance = 100 + location.evses.len().min(99) as i32;
        let position = Some(location.position);
        things.push(Thing {
            kind: Kind::Location,
            index: index as u32,
            importance,
            position,
            keys,
        });
    }
    (builder.build(), things)
}

/// Something that could be typed for a name: spelt, by initials, in Han, cut off, spoilt.
fn typed(r: &mut Random, things: &[Thing]) -> String {
    let thing = &things[r.below(things.len() as u64) as usize];
    let key = thing.keys[r.below(thing.keys.len() as u64) as usize]
        .1
        .clone();
    let way = r.below(4);
    let mut typed = String::new();
    let skip = r.below(3) as usize;
    for c in key.chars().skip(skip) {
        let of = TABLE.of(c);
        match (of, if way == 3 { r.below(3) } else { way }) {
            ([], _) | (_, 0) => typed.push(c),
            (of, 1) => typed.push_str(&of[r.below(of.len() as u64) as usize]),
            (of, _) => typed.push_str(&of[0][..1]),
        }
        if r.chance(0.1) {
            typed.push(' ');
        }
    }
    let keep = 1 + r.below(16) as usize;
    let mut typed: Vec<char> = typed.chars().take(keep).collect();
    for _ in 0..r.below(3) {
        if typed.len() < 4 {
            break;
        }
        let at = 1 + r.below(typed.len() as u64 - 2) as usize;
        match r.below(4) {
            0 => drop(typed.remove(at)),
            1 => typed.insert(at, r.pick(&['n', 'g', 'a', '南'])),
            2 => typed.swap(at, at + 1),
            _ => typed[at] = r.pick(&['n', 'i', 'h', '安']),
        }
    }
    typed.into_iter().collect()
}

#[test]
fn equals_the_matcher_that_tries_everything() {
    let mut n_hits = [0_usize; 3];
    for seed in 0..80 {
        let (gazetteer, things) = world(seed);
        let r = &mut Random::new(1000 + seed);
        for _ in 0..60 {
            let text = typed(r, &things);
            let query = Query {
                text: &text,
                near: r.chance(0.7).then(|| things[0].position).flatten(),
                limit: 1 + r.below(40) as usize,
            };
            // A road and a number is another question, asked of other data.
            let road_and_number =
                text.trim().starts_with('g') && text.contains(|c: char| c.is_ascii_digit());
            let word = |w: &str| {
                w.chars().all(|c| c.is_ascii_lowercase()) || w.chars().all(|c| !c.is_ascii())
            };
            let one_sort = text.split_whitespace().all(word)
                && word(&text.split_whitespace().collect::<String>());
            let has_exact = !slow_search(&things, &query, false).is_empty();
            if text.trim().is_empty() || road_and_number || (!one_sort && !has_exact) {
                continue;
            }
            let mut expected = slow_search(&things, &query, one_sort);
            let mut got: Vec<_> = gazetteer
                .search(&query)
                .into_iter()
                .map(|hit| (hit.kind, hit.index, hit.quality))
                .collect();
            if !one_sort {
                // What is forgiven in mixed texts is asserted by example.
                expected.retain(|h| h.2.edits == 0);
                got.retain(|h| h.2.edits == 0);
            }
            assert_eq!(got, expected, "seed {seed}, typed {text:?}");
            n_hits[0] += usize::from(expected.iter().any(|h| h.2.edits == 0));
            n_hits[1] += usize::from(expected.iter().any(|h| h.2.edits == 1));
            n_hits[2] += usize::from(expected.iter().any(|h| h.2.edits > 1));
        }
    }
    assert!(
        n_hits.iter().all(|&n| n > 50),
        "the questions ask too little: {n_hits:?}"
    );
}

fn gazetteer_of(names: &[(&str, &str)]) -> Gazetteer {
    let mut builder = GazetteerBuilder::new(readings());
    for (i, (text, en)) in names.iter().enumerate() {
        let name = LocalText {
            text: (*text).into(),
            en: (!en.is_empty()).then(|| (*en).into()),
        };
        let at = LatLng {
            lat: 32.0,
            lng: 118.0 + i as f64,
        };
        builder.add_place(&name, None, 4, at);
    }
    builder.build()
}

fn search(gazetteer: &Gazetteer, text: &str) -> Vec<u32> {
    let query = Query {
        text,
        near: None,
        limit: 20,
    };
    gazetteer
        .search(&query)
        .iter()
        .map(|hit| hit.index)
        .collect()
}

#[test]
fn what_was_typed_is_highlighted() {
    let name = "  (南)京南Zhan 12号, P+R";
    let gazetteer = gazetteer_of(&[(name, "Nan Jing Qing")]);
    for (typed, expected) in [
        ("南京", vec!["南)京"]),
        ("nanj", vec!["南)京"]),
        ("njn", vec!["南)京南"]),
        ("zha", vec!["Zha"]),
        ("zhan12", vec!["Zhan 12"]),
        ("12", vec!["12"]),
        ("r 京", vec!["R", "京"]),
        ("zahn12号", vec![]),
    ] {
        let query = Query {
            text: typed,
            near: None,
            limit: 1,
        };
        let hits = gazetteer.search(&query);
        let spans: Vec<String> = hits
            .iter()
            .flat_map(|hit| &hit.matched)
            .map(|m| {
                assert_eq!(m.field, Field::Text, "{typed}");
                let range = m.in_text(name);
                name.chars().skip(range.start).take(range.len()).collect()
            })
            .collect();
        assert_eq!(spans, expected, "{typed}");
    }
    let query = Query {
        text: "qing",
        near: None,
        limit: 1,
    };
    let hits = gazetteer.search(&query);
    assert_eq!(hits[0].matched[0].field, Field::En);
    assert_eq!(hits[0].matched[0].in_text("Nan Jing Qing"), 9..13);
    // Another text than the one that was found: nothing to highlight, and nothing breaks.
    assert_eq!(hits[0].matched[0].in_text("x"), 0..0);
}

#[test]
fn an_ending_may_be_left_out() {
    let gazetteer = gazetteer_of(&[("六合北", ""), ("六合区", "Luhe District")]);
    for typed in ["六合", "luhe", "liuhe", "lh", "六合区", "六he"] {
        assert_eq!(search(&gazetteer, typed).first(), Some(&1), "{typed}");
    }
    // What is called so in full comes before a district that is called more, and before a junction not.
    let gazetteer = {
        let mut builder = GazetteerBuilder::new(readings());
        let at = LatLng {
            lat: 32.0,
            lng: 118.0,
        };
        builder.add_place(&LocalText::plain("六合区"), None, 3, at);
        builder.add_place(&LocalText::plain("六合"), None, 4, at);
        builder.add_junction(&LocalText::plain("六合"), at);
        builder.build()
    };
    let query = Query {
        text: "六合",
        near: None,
        limit: 9,
    };
    let hits = gazetteer.search(&query);
    let found: Vec<_> = hits
        .iter()
        .map(|h| (h.kind, h.index, h.quality.fit))
        .collect();
    let expected = [
        (Kind::Place, 1, Fit::Whole),
        (Kind::Place, 0, Fit::Short),
        (Kind::Junction, 0, Fit::Whole),
    ];
    assert_eq!(found, expected);
    // Two characters keep theirs: a county is not called by one.
    let gazetteer = gazetteer_of(&[("先站", ""), ("先县", "")]);
    assert_eq!(search(&gazetteer, "xian"), [0, 1]);
}

#[test]
fn nearer_and_more_important_first() {
    let mut builder = GazetteerBuilder::new(readings());
    let at = |lng| LatLng { lat: 32.0, lng };
    for (rank, lng) in [(4, 118.0), (3, 119.0), (1, 121.0), (4, 118.5)] {
        builder.add_place(&LocalText::plain("南京"), None, rank, at(lng));
    }
    let gazetteer = builder.build();
    let from = |near| {
        let query = Query {
            text: "南京",
            near,
            limit: 9,
        };
        gazetteer
            .search(&query)
            .iter()
            .map(|h| h.index)
            .collect::<Vec<_>>()
    };
    assert_eq!(from(None), [2, 1, 0, 3]);
    assert_eq!(from(Some(at(118.5))), [2, 1, 3, 0]);
    assert_eq!(
        from(Some(LatLng {
            lat: f64::NAN,
            lng: 0.0
        })),
        [2, 1, 0, 3]
    );
}

#[test]
fn roads_with_a_number() {
    let mut builder = GazetteerBuilder::new(readings());
    let at = |lng| LatLng { lat: 32.0, lng };
    builder.add_road(
        "G42",
        Some(&LocalText::both("沪蓉高速", "Shanghai-Chengdu Expressway")),
    );
    builder.add_road("G4", None);
    for (name, lng) in [
        ("G42 58", 118.0),
        ("G42 120A", 118.5),
        ("G42 120B", 118.6),
        ("G42 131", 119.0),
        ("G4 120", 113.0),
    ] {
        builder.add_junction(&LocalText::plain(name), at(lng));
    }
    let gazetteer = builder.build();
    let found = |text| {
        let query = Query {
            text,
            near: None,
            limit: 9,
        };
        let hits = gazetteer.search(&query);
        hits.iter()
            .map(|h| (h.kind, h.index, h.quality.fit))
            .collect::<Vec<_>>()
    };
    for text in [
        "G42 120",
        "g42 K120",
        "G42 exit 120",
        "G42 120公里",
        "Ｇ４２ 120",
    ] {
        assert_eq!(
            found(text),
            [
                (Kind::Junction, 1, Fit::Whole),
                (Kind::Junction, 2, Fit::Whole)
            ],
            "{text}"
        );
    }
    assert_eq!(
        found("G42 K125"),
        [
            (Kind::Junction, 2, Fit::Within),
            (Kind::Junction, 3, Fit::Within)
        ]
    );
    assert_eq!(found("G42 K60"), [(Kind::Junction, 0, Fit::Within)]);
    // No kilometre near it is known: the road.
    assert_eq!(found("G42 K900")[0], (Kind::Road, 0, Fit::Whole));
    assert_eq!(found("G42")[0], (Kind::Road, 0, Fit::Whole));
    assert_eq!(found("g4")[0], (Kind::Road, 1, Fit::Whole));
    assert_eq!(found("沪蓉")[0], (Kind::Road, 0, Fit::Beginning));
    assert_eq!(found("chengdu")[0], (Kind::Road, 0, Fit::Within));
}

#[test]
fn mixed_texts_are_forgiven_where_they_may_be() {
    let gazetteer = gazetteer_of(&[("长安重庆六合站", "Zhang Qing 12"), ("G42 南京", "")]);
    for (typed, expected) in [
        ("长安庆六合站", vec![0]),
        ("长安重庆六合", vec![0]),
        ("长安庆重六合站", vec![0]),
        ("长安西庆六合站", vec![0]),
        // Three Han characters forgive nothing, and the first must be right.
        ("长安庆", vec![]),
        ("西安重庆六合站", vec![]),
        ("zhangqign", vec![0]),
        ("zhangqing13", vec![]),
        ("nanjign", vec![1]),
        ("lanjing", vec![1]),
        ("manjing", vec![]),
        // Initials are not forgiven, nor are numbers.
        ("cacq", vec![0]),
        ("caxq", vec![]),
        ("g43南京", vec![]),
    ] {
        assert_eq!(search(&gazetteer, typed), expected, "{typed}");
    }
}

#[test]
fn blank_and_foreign_texts() {
    let mut builder = GazetteerBuilder::new(Readings::new());
    let at = LatLng {
        lat: 32.0,
        lng: 118.0,
    };
    for rank in [3, 1, 2, 4] {
        builder.add_place(&LocalText::plain(format!("南京{rank}")), None, rank, at);
    }
    let gazetteer = builder.build();
    assert_eq!(search(&gazetteer, ""), [1, 2]);
    assert_eq!(search(&gazetteer, " \u{3000}\n"), [1, 2]);
    for nothing in ["!?…", "🚗", "\u{202e}\u{200f}", "北", "nanjing"] {
        assert!(search(&gazetteer, nothing).is_empty(), "{nothing:?}");
    }
    assert!(search(&Gazetteer::default(), "南").is_empty());
    assert!(search(&GazetteerBuilder::default().build(), "").is_empty());
    assert!(Gazetteer::default().is_empty());
}

#[test]
fn limits() {
    let names: Vec<(&str, &str)> = vec![("南京站", ""); 150];
    let gazetteer = gazetteer_of(&names);
    let found = |limit| {
        let query = Query {
            text: "n",
            near: None,
            limit,
        };
        gazetteer
            .search(&query)
            .iter()
            .map(|h| h.index as usize)
            .collect::<Vec<_>>()
    };
    for limit in [0, 1, 7, 100] {
        assert_eq!(found(limit), (0..limit).collect::<Vec<_>>());
    }
    assert_eq!(found(usize::MAX).len(), Gazetteer::MOST);
}

/// Texts as hostile as they come.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,30}",
        any::<String>(),
        "[a-z南京六<>&\"' \u{202e}\u{200b}\u{0}🚗]{0,80}",
        "[南n]{400,500}",
        Just("<img src=x onerror=alert(1)>".to_owned()),
        "[gG][0-9]{0,12} ?[kK]?[0-9]{0,12}",
    ]
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(names in proptest::collection::vec(hostile(), 0..12), typed in hostile()) {
        let mut builder = GazetteerBuilder::new(readings());
        let at = LatLng { lat: -17.0, lng: 179.99 };
        let mut catalogue = Catalogue::default();
        for (i, text) in names.iter().enumerate() {
            let name = LocalText { text: text.clone(), en: names.get(i / 2).cloned() };
            builder.add_place(&name, Some(text), i as u8, at);
            builder.add_road(text, Some(&name));
            builder.add_junction(&name, at);
            catalogue.operators.push(Operator { id: OperatorId::new("x"), name });
        }
        builder.add_catalogue(&catalogue);
        let gazetteer = builder.build();
        let near = Some(LatLng { lat: 90.0, lng: -180.0 });
        for text in names.iter().chain([&typed]) {
            let query = Query { text, near, limit: 100 };
            let hits = gazetteer.search(&query);
            prop_assert_eq!(&hits, &gazetteer.search(&query));
            for matched in hits.iter().flat_map(|h| &h.matched) {
                for text in &names {
                    prop_assert!(matched.in_text(text).end <= text.chars().count());
                }
            }
        }
    }
}

/// A name is found by itself, and stands among the whole ones.
#[test]
fn every_name_finds_itself() {
    for seed in 0..20 {
        let (gazetteer, things) = world(seed);
        for thing in &things {
            for (_, key) in thing.keys.iter().filter(|(field, _)| is_name(*field)) {
                if key.trim().is_empty() {
                    continue;
                }
                let query = Query {
                    text: key,
                    near: thing.position,
                    limit: 100,
                };
                let hits = gazetteer.search(&query);
                let own = hits
                    .iter()
                    .find(|h| (h.kind, h.index) == (thing.kind, thing.index));
                assert_eq!(own.map(|h| h.quality.fit), Some(Fit::Whole), "{key:?}");
            }
        }
    }
}
