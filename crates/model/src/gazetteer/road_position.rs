//! A road with a kilometre or an exit, as signs and drivers say it: `G42 K120`, `G25 exit 12`.

use super::fold::{Folded, Unit};

/// A place along a road that has a number there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RoadPosition {
    pub(super) road: RoadNumber,
    pub(super) number: u32,
    /// Whose position it is.
    pub(super) entry: u32,
}

/// A road's number: its letters and its digits, `G` and `42`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RoadNumber {
    letters: Vec<u8>,
    digits: u32,
}

/// How far from what was asked a number may be to be offered, in kilometres.
const NEAR: u32 = 20;
/// A road's number has no more letters, and no more digits, than this.
const MAX_LETTERS: usize = 3;
const MAX_DIGITS: usize = 5;

/// Words that say that a number follows, or that it was one: `K`, `km`, `exit`.
const SAID: [&[u8]; 3] = [&[10], &[10, 12], &[4, 23, 8, 19]];
/// The same in Chinese: exit, kilometre, stake, (number)-mark, in the characters they are written with.
const SAID_IN_HAN: &str = "\u{51fa}\u{53e3}\u{516c}\u{91cc}\u{6869}\u{53f7}\u{5904}";

/// A run of units of one sort without a gap.
enum Run {
    Letters(Vec<u8>),
    /// The digits and how many there are.
    Digits(u32, usize),
    Han(char),
}

/// Runs, each with whether a gap lies before it.
type Runs = Vec<(Run, bool)>;

fn runs(folded: &[Folded]) -> Runs {
    let mut runs = Runs::new();
    for f in folded {
        match (f.unit, f.unit.digit(), runs.last_mut()) {
            (Unit::Letter(_), Some(digit), Some((Run::Digits(value, n), _))) if !f.after_gap => {
                *value = value.saturating_mul(10).saturating_add(u32::from(digit));
                *n += 1;
            }
            (Unit::Letter(_), Some(digit), _) => {
                runs.push((Run::Digits(u32::from(digit), 1), f.after_gap));
            }
            (Unit::Letter(letter), None, Some((Run::Letters(run), _))) if !f.after_gap => {
                run.push(letter);
            }
            (Unit::Letter(letter), None, _) => {
                runs.push((Run::Letters(vec![letter]), f.after_gap));
            }
            (Unit::Other(c), ..) => runs.push((Run::Han(c), f.after_gap)),
        }
    }
    runs
}

/// The road, how many units name it, and what follows.
fn road_of(folded: &[Folded]) -> Option<(RoadNumber, usize, Runs)> {
    let mut runs = runs(folded).into_iter();
    let (Some((Run::Letters(letters), _)), Some((Run::Digits(digits, n), gap))) =
        (runs.next(), runs.next())
    else {
        return None;
    };
    if letters.len() > MAX_LETTERS || n > MAX_DIGITS || gap {
        return None;
    }
    let n_units = letters.len() + n;
    Some((RoadNumber { letters, digits }, n_units, runs.collect()))
}

/// The road and number that a junction's name is made of: `G2 196B` is 196 of `G2`. `None` for other names.
pub(super) fn exit_of(name: &[Folded]) -> Option<(RoadNumber, u32)> {
    let (road, _, rest) = road_of(name)?;
    match rest.as_slice() {
        [(Run::Digits(number, 1..=MAX_DIGITS), true)] => Some((road, *number)),
        [
            (Run::Digits(number, 1..=MAX_DIGITS), true),
            (Run::Letters(side), false),
        ] if side.len() == 1 => Some((road, *number)),
        _ => None,
    }
}

/// A question for a place along a road.
pub(super) struct Asked {
    pub(super) road: RoadNumber,
    pub(super) number: u32,
    /// How many of the units name the road.
    pub(super) n_road_units: usize,
}

/// What was asked, if it is a road and a number: `G42 120`, `G42 K120`, `g42k120`, `G25 exit 12`, `G42 120 km`.
pub(super) fn asked(typed: &[Folded]) -> Option<Asked> {
    let (road, n_road_units, rest) = road_of(typed)?;
    let mut number = None;
    for (run, _) in rest {
        match run {
            Run::Digits(n, 1..=MAX_DIGITS) if number.is_none() => number = Some(n),
            Run::Letters(word) if SAID.contains(&word.as_slice()) => {}
            // The side of an exit, `196B`, does not matter.
            Run::Letters(word) if number.is_some() && word.len() == 1 => {}
            Run::Han(c) if SAID_IN_HAN.contains(c) => {}
            _ => return None,
        }
    }
    number.map(|number| Asked {
        road,
        number,
        n_road_units,
    })
}

/// The entries at that number of the road; where there is none, the nearest before and after it. With the
/// difference.
pub(super) fn find(positions: &[RoadPosition], asked: &Asked) -> Vec<(u32, u32)> {
    let from = positions.partition_point(|p| p.road < asked.road);
    let to = positions.partition_point(|p| p.road <= asked.road);
    let road = positions.get(from..to).unwrap_or_default();
    let difference = |p: &RoadPosition| p.number.abs_diff(asked.number);
    let at = road.partition_point(|p| p.number < asked.number);
    let (before, from_there) = road.split_at(at);
    let n_there = from_there.partition_point(|p| p.number == asked.number);
    let (there, after) = from_there.split_at(n_there);
    let mut found: Vec<(u32, u32)> = there.iter().map(|p| (0, p.entry)).collect();
    if found.is_empty() {
        let neighbours = before.last().into_iter().chain(after.first());
        found.extend(
            neighbours
                .map(|p| (difference(p), p.entry))
                .filter(|&(d, _)| d <= NEAR),
        );
        found.sort_unstable();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn what_is_a_road_and_a_number() {
        for (text, expected) in [
            ("G42 120", Some(("g", 42, 120))),
            ("g42 K120", Some(("g", 42, 120))),
            ("G42k120", Some(("g", 42, 120))),
            ("G25 exit 12", Some(("g", 25, 12))),
            ("G25 Exit12B", Some(("g", 25, 12))),
            ("G42 120 km", Some(("g", 42, 120))),
            ("G42 120公里处", Some(("g", 42, 120))),
            ("G42，120号出口", Some(("g", 42, 120))),
            ("S38 7", Some(("s", 38, 7))),
            ("G42", None),
            ("G42 120 7", None),
            ("G42 Shanghai", None),
            ("G 42 120", None),
            ("42 120", None),
            ("station 42", None),
            ("G42 99999999999", None),
        ] {
            let asked = asked(&fold(text));
            let got = asked.as_ref().map(|a| {
                let letters = a.road.letters.iter().map(|l| char::from(b'a' + l));
                (letters.collect::<String>(), a.road.digits, a.number)
            });
            let expected = expected.map(|(r, d, n)| (r.to_owned(), d, n));
            assert_eq!(got, expected, "{text}");
        }
    }

    #[test]
    fn exits_are_read_from_names() {
        let number = |name| exit_of(&fold(name)).map(|(_, number)| number);
        assert_eq!(number("G50 58"), Some(58));
        assert_eq!(number("G2 196B"), Some(196));
        assert_eq!(number("G2 S206"), None);
        assert_eq!(number("G2 Exit 7"), None);
        assert_eq!(number("Maqun"), None);
    }
}
