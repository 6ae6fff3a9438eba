//! Which part of a file a `Range` header asks for (RFC 9110, section 14): archives such as `.pmtiles` are read piece by
//! piece.

/// What to send of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of it: nothing else was asked for, or nothing that is answered here.
    Whole,
    /// The bytes `first..=last`.
    Bytes { first: u64, last: u64 },
    /// Only bytes that the file does not have.
    Beyond,
}

/// The part of a file of `len` bytes that the header's value asks for.
///
/// One range of bytes is answered. Several at once, another unit and a value that is none are not refused: the standard
/// lets a server ignore them and send the whole.
pub(crate) fn part(range: &str, len: u64) -> Part {
    let Some((unit, set)) = range.trim().split_once('=') else {
        return Part::Whole;
    };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Part::Whole;
    }
    let Some((from, to)) = set.trim().split_once('-') else {
        return Part::Whole;
    };
    match (position(from), position(to)) {
        (Position::Absent, Position::At(0)) => Part::Beyond,
        (Position::Absent, Position::At(_)) if len == 0 => Part::Beyond,
        (Position::Absent, Position::At(count)) => Part::Bytes {
            first: len.saturating_sub(count),
            last: len - 1,
        },
        (Position::At(first), Position::At(last)) if last < first => Part::Whole,
        (Position::At(first), Position::At(_) | Position::Absent) if first >= len => Part::Beyond,
        (Position::At(first), Position::At(last)) => Part::Bytes {
            first,
            last: last.min(len - 1),
        },
        (Position::At(first), Position::Absent) => Part::Bytes {
            first,
            last: len - 1,
        },
        _ => Part::Whole,
    }
}

enum Position {
    Absent,
    At(u64),
    Nonsense,
}

fn position(text: &str) -> Position {
    if text.is_empty() {
        return Position::Absent;
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Position::Nonsense;
    }
    // Digits that fit no number mean a place after every file's end.
    Position::At(text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_of_bytes_is_understood() {
        let bytes = |first, last| Part::Bytes { first, last };
        for (range, len, expected) in [
            ("bytes=0-0", 10, bytes(0, 0)),
            ("bytes=2-5", 10, bytes(2, 5)),
            ("bytes=2-", 10, bytes(2, 9)),
            ("bytes=2-99", 10, bytes(2, 9)),
            ("bytes=-3", 10, bytes(7, 9)),
            ("bytes=-99", 10, bytes(0, 9)),
            ("Bytes = 2-5", 10, bytes(2, 5)),
            ("bytes=0-99999999999999999999999", 10, bytes(0, 9)),
            ("bytes=10-", 10, Part::Beyond),
            ("bytes=10-12", 10, Part::Beyond),
            ("bytes=99999999999999999999999-", 10, Part::Beyond),
            ("bytes=-0", 10, Part::Beyond),
            ("bytes=0-", 0, Part::Beyond),
            ("bytes=-1", 0, Part::Beyond),
            ("", 10, Part::Whole),
            ("bytes", 10, Part::Whole),
            ("bytes=", 10, Part::Whole),
            ("bytes=-", 10, Part::Whole),
            ("bytes=5-2", 10, Part::Whole),
            ("bytes=0-1,4-5", 10, Part::Whole),
            ("bytes=a-5", 10, Part::Whole),
            ("bytes=+1-5", 10, Part::Whole),
            ("bytes=1--5", 10, Part::Whole),
            ("rows=1-5", 10, Part::Whole),
        ] {
            assert_eq!(part(range, len), expected, "{range:?} of {len}");
        }
    }

    #[test]
    fn a_part_lies_within_its_file() {
        for len in 0..6_u64 {
            for from in 0..8_u64 {
                for range in [
                    format!("bytes={from}-"),
                    format!("bytes=-{from}"),
                    format!("bytes={from}-{}", from + 1),
                ] {
                    match part(&range, len) {
                        Part::Bytes { first, last } => {
                            assert!(first <= last && last < len, "{range} of {len}");
                        }
                        other => assert_eq!(other, Part::Beyond, "{range} of {len}"),
                    }
                }
            }
        }
    }
}
