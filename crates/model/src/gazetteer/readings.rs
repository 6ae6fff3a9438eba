//! How Han characters are read aloud: what makes `nanjing` find a name that is written in two characters.
//!
//! A table of all characters would be most of the page. Instead every file carries the readings of the
//! characters that its own names use, put there when it is made: some kilobytes for a province.

use crate::bytes::{BytesError, Reader, Writer};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// The longest syllable of pinyin: `zhuang`, `chuang`, `shuang`.
const MAX_SYLLABLE: usize = 6;
/// No character has more readings than this; further ones are left out.
const MAX_READINGS: usize = 8;

/// The readings of some Han characters, in pinyin without tones, `a` to `z`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// In order of character; the most usual reading first.
    of: BTreeMap<char, Vec<String>>,
}

impl Readings {
    /// No readings: names are found by their characters and their English only.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a reading of a character. `false`, and nothing is added, when it is none: one to six letters
    /// `a` to `z`. At most eight readings of a character are kept.
    pub fn add(&mut self, character: char, reading: &str) -> bool {
        let letters = reading.bytes().all(|b| b.is_ascii_lowercase());
        if !letters || !(1..=MAX_SYLLABLE).contains(&reading.len()) {
            return false;
        }
        let readings = self.of.entry(character).or_default();
        if readings.len() < MAX_READINGS && !readings.iter().any(|r| r == reading) {
            readings.push(reading.to_owned());
        }
        true
    }

    /// Adds all readings of another table, after those that are there.
    pub fn extend(&mut self, other: &Self) {
        for (character, readings) in &other.of {
            for reading in readings {
                self.add(*character, reading);
            }
        }
    }

    /// The readings of a character, the most usual first; none when it is not in the table.
    pub fn of(&self, character: char) -> &[String] {
        self.of.get(&character).map_or(&[], Vec::as_slice)
    }

    /// How many characters are in the table.
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// Whether the table is empty.
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The table as bytes: the syllables that occur, then each character as the difference to the one
    /// before with the numbers of its syllables.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut numbers: BTreeMap<&str, u64> = BTreeMap::new();
        for reading in self.of.values().flatten() {
            numbers.insert(reading, 0);
        }
        let mut out = Writer::new();
        out.varint(numbers.len() as u64);
        for (i, (syllable, number)) in numbers.iter_mut().enumerate() {
            *number = i as u64;
            out.block(syllable.as_bytes());
        }
        out.varint(self.of.len() as u64);
        let mut before = 0;
        for (character, readings) in &self.of {
            let code = u64::from(u32::from(*character));
            out.varint(code - before);
            before = code;
            out.varint(readings.len() as u64);
            for reading in readings {
                out.varint(numbers.get(reading.as_str()).copied().unwrap_or(0));
            }
        }
        out.into_vec()
    }

    /// Reads what [`Self::to_bytes`] writes.
    ///
    /// # Errors
    /// When the bytes are no such table.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BytesError> {
        let mut r = Reader::new(bytes);
        let n_syllables = r.count(2)?;
        let mut syllables = Vec::with_capacity(n_syllables);
        for _ in 0..n_syllables {
            let syllable = core::str::from_utf8(r.block()?);
            syllables.push(syllable.map_err(|_| r.error("a syllable is not UTF-8"))?);
        }
        let n = r.count(2)?;
        let mut table = Self::new();
        let mut code = 0_u32;
        for _ in 0..n {
            let character = code
                .checked_add(r.varint_u32()?)
                .filter(|&next| next > code)
                .and_then(char::from_u32)
                .ok_or_else(|| r.error("not a character, or out of order"))?;
            code = u32::from(character);
            let n_readings = r.count(1)?;
            if !(1..=MAX_READINGS).contains(&n_readings) {
                return Err(r.error("too few or too many readings"));
            }
            for _ in 0..n_readings {
                let reading = syllables.get(r.varint_u32()? as usize);
                if !reading.is_some_and(|reading| table.add(character, reading)) {
                    return Err(r.error("not a reading"));
                }
            }
        }
        r.end()?;
        Ok(table)
    }
}

impl Serialize for Readings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.to_bytes())
    }
}

impl<'de> Deserialize<'de> for Readings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = Vec::<u8>::deserialize(deserializer)?;
        Self::from_bytes(&bytes).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table() -> impl Strategy<Value = Readings> {
        let pair = (any::<char>(), "[a-z]{1,6}");
        proptest::collection::vec(pair, 0..40).prop_map(|pairs| {
            let mut table = Readings::new();
            for (character, reading) in pairs {
                // Zero cannot be told from "no difference"; no name holds it.
                if character != '\0' {
                    assert!(table.add(character, &reading));
                }
            }
            table
        })
    }

    proptest! {
        #[test]
        fn bytes_give_the_table_back(table in table()) {
            prop_assert_eq!(Readings::from_bytes(&table.to_bytes()), Ok(table.clone()));
            let posted = postcard::to_allocvec(&table).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Readings>(&posted).unwrap(), table);
        }

        #[test]
        fn damaged_bytes_are_refused_or_read(table in table(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = table.to_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = Readings::from_bytes(&bytes);
            let _ = Readings::from_bytes(&bytes[..at]);
        }
    }

    #[test]
    fn what_is_no_reading_is_refused() {
        let mut table = Readings::new();
        for bad in ["", "Nan", "nán", "zhuangg", "n2"] {
            assert!(!table.add('南', bad), "{bad}");
        }
        assert!(table.is_empty());
        assert!(table.add('六', "liu") && table.add('六', "lu") && table.add('六', "liu"));
        assert_eq!(table.of('六'), ["liu", "lu"]);
        assert!(table.of('南').is_empty());
    }
}
