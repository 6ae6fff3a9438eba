//! Search by name: cities, districts, roads, junctions, operators and charging locations.
//!
//! A [`Gazetteer`] is built once from all names ([`GazetteerBuilder`]) and answers every keystroke afresh. A name
//! is found by
//!
//! * any part of it in Chinese; pinyin in full, by initials, or mixed, in every reading of a character
//!   ([`Readings`]); the beginning of each of its English words;
//! * several words, each of them somewhere in its name, address, road, district or operator;
//! * a few wrong letters (`typos`), when no name fits as it was typed;
//! * a road and a kilometre or exit, `G42 K120` (`road_position`).
//!
//! Coordinates are no names: [`read_coordinates`] reads them.
//!
//! Hits come by how well they fit ([`Quality`]), then by importance less the distance, then in the order in which
//! the names were added: the same question always gets the same answer.
//!
//! How it is fast: names are rows of two-byte symbols in one list (`alphabet`), one bit an entry says where a
//! match is possible at all (`columns`), and what was typed runs along the rest as a bit-parallel automaton
//! (`pattern`). Nothing is kept between questions.

mod alphabet;
mod build;
mod columns;
pub mod coordinates;
mod fold;
mod keys;
mod near;
mod pattern;
mod rank;
mod readings;
mod road_position;
mod search;
mod spelt;
mod typos;

pub use build::GazetteerBuilder;
pub use coordinates::{AxisOrder, CoordinateReading, OrderReason, read_coordinates};
pub use readings::Readings;

use crate::geo::LatLng;
use alphabet::Alphabet;
use columns::Columns;
use core::ops::Range;
use keys::Keys;
use road_position::RoadPosition;

/// What a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A city, district or landmark.
    Place,
    /// A road.
    Road,
    /// A junction or an exit.
    Junction,
    /// Who runs chargers.
    Operator,
    /// A charging location.
    Location,
}

/// How much of a name what was typed is; the best is the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// All of it.
    Whole,
    /// All but its ending, such as that of a district. It counts as all of it, and as a little less important.
    Short,
    /// Its beginning; of several words the first is its beginning, and the others follow in it in order.
    Beginning,
    /// A part that begins at a character or word, or several words.
    Within,
    /// A part, typed with initials.
    Initials,
    /// All of something else that is known of it: the number of its road.
    OtherWhole,
    /// A part of something else: its address, operator, district.
    Other,
}

/// How it was typed; the better is the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// As it is written or read aloud.
    Spelt,
    /// At least one syllable by its initial alone.
    Initials,
}

/// How well a name fits; the best is the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quality {
    /// Letters that were wrong.
    pub edits: u8,
    /// How much of the name it is.
    pub fit: Fit,
    /// How it was typed.
    pub way: Way,
}

/// Which of the texts of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u16)]
pub enum Field {
    /// The name as written at the place.
    Text,
    /// The same without its ending: a district may be called without saying that it is one.
    Short,
    /// The name in English.
    En,
    /// The name's pinyin as given.
    Sound,
    /// A road's number.
    Reference,
    /// The address as written at the place.
    Address,
    /// The address in English.
    AddressEn,
    /// The number of the road it serves.
    Road,
    /// City or district.
    District,
    /// Who runs it.
    Operator,
    /// Who runs it, in English.
    OperatorEn,
}

impl Field {
    const ALL: [Self; 11] = [
        Self::Text,
        Self::Short,
        Self::En,
        Self::Sound,
        Self::Reference,
        Self::Address,
        Self::AddressEn,
        Self::Road,
        Self::District,
        Self::Operator,
        Self::OperatorEn,
    ];

    /// Whether it is a name of the entry itself.
    const fn is_name(self) -> bool {
        matches!(
            self,
            Self::Text | Self::Short | Self::En | Self::Sound | Self::Reference
        )
    }
}

/// Where in an entry's texts what was typed stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched {
    /// In which text.
    pub field: Field,
    /// From which of its letters.
    first: u32,
    /// How many of them.
    n: u32,
}

impl Matched {
    /// The characters of that text to highlight, counted from 0; empty when the text is another one.
    pub fn in_text(&self, text: &str) -> Range<usize> {
        let folded = fold::fold(text);
        let last = (self.first + self.n).checked_sub(1);
        let at = |i: u32| folded.get(i as usize).map(|f| f.at as usize);
        match (at(self.first), last.and_then(at)) {
            (Some(first), Some(last)) if self.n > 0 => first..last + 1,
            _ => 0..0,
        }
    }
}

/// An entry that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// What it is.
    pub kind: Kind,
    /// Its number among those of its kind, as it was added.
    pub index: u32,
    /// How well it fits.
    pub quality: Quality,
    /// Where what was typed stands, word by word; empty when nothing was typed.
    pub matched: Vec<Matched>,
}

/// A question.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    /// As typed. Blank: the most important entries.
    pub text: &'a str,
    /// Where the person is, or looks: nearer entries come first among alike ones.
    pub near: Option<LatLng>,
    /// At most this many hits; more than [`Gazetteer::MOST`] are never given.
    pub limit: usize,
}

/// All names, ready to be searched.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    alphabet: Alphabet,
    entries: Vec<Entry>,
    /// What the entries are called.
    names: Keys,
    /// What else is known of them.
    others: Keys,
    name_columns: Columns,
    other_columns: Columns,
    /// Of what names begin with.
    first_columns: Columns,
    /// In order of road and number.
    road_positions: Vec<RoadPosition>,
}

/// One thing with names.
#[derive(Clone, Copy, Debug)]
struct Entry {
    kind: Kind,
    index: u32,
    importance: u16,
    /// Millionths of a degree; `None` for what is everywhere, such as a road.
    position: Option<[i32; 2]>,
}

impl Gazetteer {
    /// No more hits than this, whatever is asked: nobody reads further.
    pub const MOST: usize = 100;

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Memory held, bytes, to a few percent.
    pub fn n_bytes(&self) -> usize {
        let columns = [&self.name_columns, &self.other_columns, &self.first_columns];
        self.entries.len() * size_of::<Entry>()
            + self.names.n_bytes()
            + self.others.n_bytes()
            + columns.map(Columns::n_bytes).iter().sum::<usize>()
            + self.alphabet.n_bytes()
            + self.road_positions.len() * size_of::<RoadPosition>()
    }
}
