//! What fits what was typed: places, junctions, locations, coordinates.

use super::names::{Fit, Names, fold, half_width};
use super::pinyin::initials;
use crate::Place;
use crate::catalogue::{Suggestion, SuggestionKind};
use chongtu_model::decimal::parse_decimal;
use chongtu_model::provenance::LocalText;
use chongtu_model::{Catalogue, LatLng};
use chongtu_roads::RoadNetwork;

/// No more than this, whatever is asked: nobody reads further.
const MOST: usize = 100;

/// Places of this rank and above are suggested before anything is typed.
const TOP_RANK: u8 = 2;

/// The names of a road network: its places, then its junctions.
pub(super) fn road_network_names(network: &RoadNetwork) -> Names {
    let mut names = Names::default();
    for place in network.places() {
        add_name(&mut names, &place.name);
        if let Some(pinyin) = &place.pinyin {
            names.key(pinyin);
            let folded = pinyin.to_lowercase();
            for reading in initials(&place.name.text, &folded) {
                names.beginning(&reading);
            }
        }
    }
    for junction in network.junctions() {
        add_name(&mut names, &junction.name);
    }
    names
}

/// The names of a catalogue's locations, and the numbers of the roads that they serve.
pub(super) fn catalogue_names(catalogue: &Catalogue) -> Names {
    let mut names = Names::default();
    for location in &catalogue.locations {
        if !location.is_place_to_go() {
            // An entry without a key, so that entries count like locations.
            names.begin();
            continue;
        }
        add_name(&mut names, &location.name);
        if let Some(road) = &location.road {
            names.key(&road.reference);
        }
    }
    names
}

fn add_name(names: &mut Names, name: &LocalText) {
    names.begin();
    names.key(&name.text);
    if let Some(en) = &name.en {
        names.key(en);
    }
}

/// The best `limit` suggestions: exact names before beginnings before names that contain the
/// text; among equals places before junctions before locations, then by rank, then places as the
/// region lists them and the rest by name.
/// Coordinates are themselves the only suggestion. Without text: the most important places.
pub(super) fn suggest(
    text: &str,
    limit: u32,
    roads: Option<(&RoadNetwork, &Names)>,
    catalogue: Option<(&Catalogue, &Names)>,
) -> Vec<Suggestion> {
    if let Some(position) = parse_coordinates(text) {
        return vec![Suggestion {
            name: LocalText::plain(format!("{}, {}", position.lat, position.lng)),
            position,
            kind: SuggestionKind::Coordinates,
            context: None,
        }];
    }
    let needle = fold(text);
    let mut best = Best::new((limit as usize).min(MOST));
    if let Some((network, names)) = roads {
        let places = network.places();
        if needle.is_empty() {
            for (i, place) in places.iter().enumerate() {
                if place.rank <= TOP_RANK {
                    best.offer(Candidate::place(Fit::Exact, i, place));
                }
            }
        } else {
            names.search(&needle, |i, fit| {
                let junctions = network.junctions();
                if let Some(place) = places.get(i) {
                    best.offer(Candidate::place(fit, i, place));
                } else if let Some(junction) = junctions.get(i - places.len()) {
                    let i = i - places.len();
                    best.offer(Candidate::new(fit, What::Junction(i), 0, &junction.name));
                }
            });
        }
    }
    if let (Some((catalogue, names)), false) = (catalogue, needle.is_empty()) {
        names.search(&needle, |i, fit| {
            if let Some(location) = catalogue.locations.get(i) {
                best.offer(Candidate::new(fit, What::Location(i), 0, &location.name));
            }
        });
    }
    let network = roads.map(|(network, _)| network);
    let catalogue = catalogue.map(|(catalogue, _)| catalogue);
    best.candidates
        .iter()
        .filter_map(|c| write_out(c.what, network, catalogue))
        .collect()
}

/// What a candidate is, with its index; in order of preference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Place(usize),
    Junction(usize),
    Location(usize),
}

impl What {
    const fn class(self) -> u8 {
        match self {
            Self::Place(_) => 0,
            Self::Junction(_) => 1,
            Self::Location(_) => 2,
        }
    }
}

/// In order of preference: field by field.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Candidate<'a> {
    fit: Fit,
    class: u8,
    rank: u8,
    /// Places of one rank as the region lists them: its own cities before those around it.
    order: usize,
    name: &'a str,
    what: What,
}

impl<'a> Candidate<'a> {
    fn new(fit: Fit, what: What, rank: u8, name: &'a LocalText) -> Self {
        Self {
            fit,
            class: what.class(),
            rank,
            order: match what {
                What::Place(i) => i,
                What::Junction(_) | What::Location(_) => 0,
            },
            name: &name.text,
            what,
        }
    }

    fn place(fit: Fit, i: usize, place: &'a Place) -> Self {
        Self::new(fit, What::Place(i), place.rank, &place.name)
    }
}

/// The best so many candidates, in order. Few are kept, so that few are ever moved.
struct Best<'a> {
    limit: usize,
    candidates: Vec<Candidate<'a>>,
}

impl<'a> Best<'a> {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            candidates: Vec::with_capacity(limit + 1),
        }
    }

    fn offer(&mut self, candidate: Candidate<'a>) {
        let full = self.candidates.len() >= self.limit;
        if full
            && self
                .candidates
                .last()
                .is_none_or(|worst| candidate >= *worst)
        {
            return;
        }
        let at = self.candidates.partition_point(|c| *c < candidate);
        self.candidates.insert(at, candidate);
        self.candidates.truncate(self.limit);
    }
}

fn write_out(
    what: What,
    network: Option<&RoadNetwork>,
    catalogue: Option<&Catalogue>,
) -> Option<Suggestion> {
    Some(match what {
        What::Place(i) => {
            let place = network?.places().get(i)?;
            Suggestion {
                name: place.name.clone(),
                position: place.position,
                kind: SuggestionKind::Place { rank: place.rank },
                context: city_name(place.city.as_deref(), network).filter(|c| *c != place.name),
            }
        }
        What::Junction(i) => {
            let junction = network?.junctions().get(i)?;
            Suggestion {
                name: junction.name.clone(),
                position: junction.position,
                kind: SuggestionKind::Junction,
                context: None,
            }
        }
        What::Location(i) => {
            let location = catalogue?.locations.get(i)?;
            Suggestion {
                name: location.name.clone(),
                position: location.position,
                kind: SuggestionKind::Location(location.id.clone()),
                context: location
                    .address
                    .clone()
                    .or_else(|| city_name(location.city.as_deref(), network)),
            }
        }
    })
}

/// A city, given by its place's id or name, in all languages that are known.
fn city_name(city: Option<&str>, network: Option<&RoadNetwork>) -> Option<LocalText> {
    let city = city?;
    let known = network.and_then(|network| {
        let places = network.places().iter();
        places
            .filter(|p| p.id == city || p.name.text == city)
            .min_by_key(|p| p.rank)
    });
    Some(known.map_or_else(|| LocalText::plain(city), |place| place.name.clone()))
}

/// `32.06,118.8`, also with a full-width comma, or with a blank between two decimal numbers.
/// Latitude first; the other way round where only that is a position.
fn parse_coordinates(text: &str) -> Option<LatLng> {
    let text: String = text.chars().map(half_width).collect();
    let is_comma = |c| matches!(c, ',' | ';' | '\u{3001}');
    let (first, second) = if text.contains(is_comma) {
        text.split_once(is_comma)?
    } else {
        text.trim()
            .split_once(char::is_whitespace)
            .filter(|(a, b)| a.contains('.') && b.contains('.'))?
    };
    let number = |part: &str| parse_decimal(part.trim());
    let (first, second) = (number(first)?, number(second)?);
    LatLng::new(first, second)
        .or_else(|_| LatLng::new(second, first))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_as_people_paste_them() {
        let nanjing = Some(LatLng {
            lat: 32.06,
            lng: 118.8,
        });
        for (text, expected) in [
            ("32.06,118.8", nanjing),
            (" 118.8, 32.06 ", nanjing),
            ("３２．０６，１１８．８", nanjing),
            ("32.06、118.8", nanjing),
            ("32.06 118.8", nanjing),
            ("32 118", None),
            ("100,100", None),
            ("10,190", None),
            ("nan,1", None),
            ("32.06,", None),
            ("32.06,118.8,5", None),
            ("G42, 118", None),
            ("-33.9,-70.5", LatLng::new(-33.9, -70.5).ok()),
        ] {
            assert_eq!(parse_coordinates(text), expected, "{text}");
        }
    }
}
