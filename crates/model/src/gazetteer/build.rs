//! From names to a gazetteer.

use super::alphabet::Alphabet;
use super::columns::{BLOCK, Blocks, Shape};
use super::fold::fold;
use super::readings::Readings;
use super::road_position::{RoadPosition, exit_of};
use super::{Entry, Field, Gazetteer, Kind};
use crate::catalogue::Catalogue;
use crate::geo::LatLng;
use crate::provenance::LocalText;

/// What counts for what, against the penalty of distance (20 for each doubling from 1 km on).
mod importance {
    /// Of a place of rank 1; each further rank has [`RANK`] less.
    pub(super) const CITY: u16 = 1000;
    pub(super) const RANK: u16 = 200;
    pub(super) const ROAD: u16 = 500;
    pub(super) const OPERATOR: u16 = 300;
    pub(super) const JUNCTION: u16 = 200;
    /// Of a location; each EVSE adds 1, up to [`MOST_EVSES`].
    pub(super) const LOCATION: u16 = 100;
    pub(super) const MOST_EVSES: u16 = 99;
}

/// What a place's name may end with and be called without: district, city, county.
const ENDINGS: [char; 3] = ['\u{533a}', '\u{5e02}', '\u{53bf}'];
/// Names of fewer characters are not called without their ending.
const MIN_WITH_ENDING: usize = 3;

/// Collects names; [`Self::build`] makes them searchable. What is added first comes first among what is alike
/// in all else.
#[derive(Debug, Default)]
pub struct GazetteerBuilder {
    readings: Readings,
    gazetteer: Gazetteer,
    n_added: [u32; 5],
}

impl GazetteerBuilder {
    /// Without names. Han characters that are not among the readings are found as they are written only.
    pub fn new(readings: Readings) -> Self {
        Self {
            readings,
            gazetteer: Gazetteer {
                alphabet: Alphabet::new(),
                ..Gazetteer::default()
            },
            n_added: [0; 5],
        }
    }

    /// Adds a place, with its pinyin where that is known; rank 1 is the most important, 4 the least.
    pub fn add_place(&mut self, name: &LocalText, pinyin: Option<&str>, rank: u8, at: LatLng) {
        let less = importance::RANK * u16::from(rank.clamp(1, 5) - 1);
        self.begin(Kind::Place, importance::CITY - less, Some(at));
        self.name(name);
        if name.text.chars().count() >= MIN_WITH_ENDING
            && let Some(short) = name.text.strip_suffix(ENDINGS)
        {
            self.key(Field::Short, short);
        }
        if let Some(pinyin) = pinyin {
            self.key(Field::Sound, pinyin);
        }
    }

    /// Adds a road by its number, with its name where that is known.
    pub fn add_road(&mut self, reference: &str, name: Option<&LocalText>) {
        self.begin(Kind::Road, importance::ROAD, None);
        self.key(Field::Reference, reference);
        if let Some(name) = name {
            self.name(name);
        }
    }

    /// Adds a junction. A name of a road's number and a kilometre or exit, such as `G2 196B`, is found by road and
    /// number as well.
    pub fn add_junction(&mut self, name: &LocalText, at: LatLng) {
        let entry = self.begin(Kind::Junction, importance::JUNCTION, Some(at));
        if let Some((road, number)) = exit_of(&fold(&name.text)) {
            self.gazetteer.road_positions.push(RoadPosition {
                road,
                number,
                entry,
            });
        }
        self.name(name);
    }

    /// Adds all operators and locations of a catalogue; the numbers of hits are those of its lists. Locations that
    /// are planned or gone are left out.
    pub fn add_catalogue(&mut self, catalogue: &Catalogue) {
        for operator in &catalogue.operators {
            self.begin(Kind::Operator, importance::OPERATOR, None);
            self.name(&operator.name);
        }
        for location in &catalogue.locations {
            if !location.is_place_to_go() {
                self.skip(Kind::Location);
                continue;
            }
            let evses = u16::try_from(location.evses.len()).unwrap_or(u16::MAX);
            let importance = importance::LOCATION + evses.min(importance::MOST_EVSES);
            self.begin(Kind::Location, importance, Some(location.position));
            self.name(&location.name);
            if let Some(address) = &location.address {
                self.key(Field::Address, &address.text);
                if let Some(en) = &address.en {
                    self.key(Field::AddressEn, en);
                }
            }
            if let Some(road) = &location.road {
                self.key(Field::Road, &road.reference);
            }
            for area in [&location.city, &location.district].into_iter().flatten() {
                self.key(Field::District, area);
            }
            if let Some(operator) = catalogue.operator_of(location) {
                self.key(Field::Operator, &operator.name.text);
                if let Some(en) = &operator.name.en {
                    self.key(Field::OperatorEn, en);
                }
            }
        }
    }

    /// Makes it searchable.
    pub fn build(self) -> Gazetteer {
        let mut gazetteer = self.gazetteer;
        gazetteer.names.shrink_to_fit();
        gazetteer.others.shrink_to_fit();
        gazetteer.entries.shrink_to_fit();
        gazetteer.road_positions.sort();
        let alphabet = &gazetteer.alphabet;
        let n = gazetteer.entries.len();
        let mut names = Blocks::new(Shape::NAMES, n);
        let mut others = Blocks::new(Shape::OTHERS, n);
        let mut firsts = Blocks::new(Shape::FIRSTS, n);
        for entry in 0..gazetteer.entries.len() {
            if entry % BLOCK == 0 {
                names.begin();
                others.begin();
                firsts.begin();
            }
            let bit = 1 << (entry % BLOCK);
            for (_, key) in gazetteer.names.of(entry) {
                names.note(bit, key, alphabet);
                firsts.note_first(bit, key, alphabet);
            }
            for (_, key) in gazetteer.others.of(entry) {
                others.note(bit, key, alphabet);
            }
        }
        gazetteer.name_columns = names.finish();
        gazetteer.other_columns = others.finish();
        gazetteer.first_columns = firsts.finish();
        gazetteer
    }

    fn begin(&mut self, kind: Kind, importance: u16, position: Option<LatLng>) -> u32 {
        let entry = self.gazetteer.entries.len() as u32;
        self.gazetteer.entries.push(Entry {
            kind,
            index: self.n_added[kind as usize],
            importance,
            position: position.map(LatLng::to_e6),
        });
        self.gazetteer.names.begin();
        self.gazetteer.others.begin();
        self.skip(kind);
        entry
    }

    /// Counts one of this kind without an entry.
    fn skip(&mut self, kind: Kind) {
        self.n_added[kind as usize] += 1;
    }

    fn name(&mut self, name: &LocalText) {
        self.key(Field::Text, &name.text);
        if let Some(en) = &name.en {
            self.key(Field::En, en);
        }
    }

    /// Adds a key to the entry begun last. One without letters is none.
    fn key(&mut self, field: Field, text: &str) {
        let gazetteer = &mut self.gazetteer;
        let keys = if field.is_name() {
            &mut gazetteer.names
        } else {
            &mut gazetteer.others
        };
        keys.add(field, text, &mut gazetteer.alphabet, &self.readings);
    }
}
