//! Names to positions: the same look-up as the app's search, but one answer or a refusal.

use crate::error::{CliError, Result};
use chongtu_model::gazetteer::{
    self, Fit, GazetteerBuilder, Hit, Kind, OrderReason, Query, read_coordinates,
};
use chongtu_model::provenance::LocalText;
use chongtu_model::{Catalogue, LatLng};
use chongtu_roads::RoadNetwork;

/// Entries of one name closer than this are one place, metres.
const SAME_PLACE_M: f64 = 2000.0;
/// How many candidates are listed.
const MAX_LISTED: usize = 8;
/// How many are suggested for a name that is not there.
const MAX_SUGGESTED: usize = 3;

/// A place that was found.
pub(crate) struct Found {
    pub(crate) name: String,
    pub(crate) position: LatLng,
}

/// A hit with what is said about it.
struct Candidate<'a> {
    hit: Hit,
    name: &'a LocalText,
    position: LatLng,
}

/// All names of a region.
pub(crate) struct Gazetteer<'a> {
    names: gazetteer::Gazetteer,
    catalogue: &'a Catalogue,
    network: Option<&'a RoadNetwork>,
}

impl<'a> Gazetteer<'a> {
    pub(crate) fn new(catalogue: &'a Catalogue, network: Option<&'a RoadNetwork>) -> Self {
        let mut readings = catalogue.readings.clone();
        if let Some(network) = network {
            readings.extend(network.readings());
        }
        let mut names = GazetteerBuilder::new(readings);
        if let Some(network) = network {
            // A trip begins at a place: roads are not offered.
            network.add_names(&[], &mut names);
        }
        names.add_catalogue(catalogue);
        Self {
            names: names.build(),
            catalogue,
            network,
        }
    }

    /// The one place of this name: coordinates, else all of a name, else an id, else the beginning or a part of a
    /// name; places before junctions before locations. What fits several places alike, or with wrong letters only, is
    /// refused with what was perhaps meant.
    pub(crate) fn find(&self, flag: &str, asked: &str) -> Result<Found> {
        if let Some(found) = coordinates(flag, asked)? {
            return Ok(found);
        }
        if !asked.chars().any(char::is_alphanumeric) {
            return Err(CliError::usage(format!(
                "{flag} is empty: give \"lat,lng\" or a name"
            )));
        }
        let query = Query {
            text: asked,
            near: None,
            limit: gazetteer::Gazetteer::MOST,
        };
        let mut hits = self.names.search(&query);
        hits.sort_by_key(|h| (h.quality, h.kind));
        let candidates: Vec<Candidate<'_>> = hits
            .into_iter()
            .filter_map(|hit| self.candidate(hit))
            .collect();
        let is_whole =
            |c: &Candidate<'_>| c.hit.quality.edits == 0 && c.hit.quality.fit <= Fit::Short;
        if !candidates.first().is_some_and(is_whole)
            && let Some(found) = self.by_id(asked)
        {
            return Ok(found);
        }
        let is_named = |c: &&Candidate<'_>| {
            let quality = c.hit.quality;
            quality.edits == 0 && quality.fit <= Fit::Initials
        };
        let Some(best) = candidates.first().filter(is_named) else {
            return Err(not_found(flag, asked, &candidates));
        };
        let alike =
            |c: &&Candidate<'_>| (c.hit.quality, c.hit.kind) == (best.hit.quality, best.hit.kind);
        let alike: Vec<&Candidate<'_>> = candidates.iter().filter(alike).collect();
        let same = |c: &&Candidate<'_>| {
            c.name == best.name && c.position.distance_m(best.position) <= SAME_PLACE_M
        };
        if alike.iter().all(same) {
            return Ok(best.found());
        }
        let mut names: Vec<String> = alike.iter().take(MAX_LISTED).map(|c| c.at()).collect();
        if alike.len() > MAX_LISTED {
            names.push(format!("and {} more", alike.len() - MAX_LISTED));
        }
        Err(CliError::usage(format!(
            "{flag} {asked:?} is ambiguous: {}",
            names.join("; ")
        )))
    }

    fn candidate(&self, hit: Hit) -> Option<Candidate<'a>> {
        let i = hit.index as usize;
        let (name, position) = match hit.kind {
            Kind::Place => {
                let place = self.network?.places().get(i)?;
                (&place.name, place.position)
            }
            Kind::Junction => {
                let junction = self.network?.junctions().get(i)?;
                (&junction.name, junction.position)
            }
            Kind::Location => {
                let location = self.catalogue.locations.get(i)?;
                (&location.name, location.position)
            }
            // Neither is a place to begin at.
            Kind::Road | Kind::Operator => return None,
        };
        Some(Candidate {
            hit,
            name,
            position,
        })
    }

    fn by_id(&self, asked: &str) -> Option<Found> {
        let asked = asked.trim();
        let places = self.network.map(RoadNetwork::places).unwrap_or_default();
        let place = places.iter().find(|p| p.id == asked);
        let place = place.map(|p| (&p.name, p.position));
        let (name, position) = place.or_else(|| {
            let mut locations = self.catalogue.locations.iter();
            let location = locations.find(|l| l.id.as_str() == asked)?;
            Some((&location.name, location.position))
        })?;
        Some(Found {
            name: name.get(true).to_owned(),
            position,
        })
    }
}

impl Candidate<'_> {
    fn shown(&self) -> String {
        match &self.name.en {
            Some(en) if *en != self.name.text => format!("{en} ({})", self.name.text),
            _ => self.name.text.clone(),
        }
    }

    fn at(&self) -> String {
        let LatLng { lat, lng } = self.position;
        format!("{} at {lat:.4},{lng:.4}", self.shown())
    }

    fn found(&self) -> Found {
        Found {
            name: self.name.get(true).to_owned(),
            position: self.position,
        }
    }
}

/// Coordinates in any form but two bare numbers, which are read before: degrees and minutes, `geo:`, a named datum.
fn coordinates(flag: &str, asked: &str) -> Result<Option<Found>> {
    let readings = read_coordinates(asked);
    match readings.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(Found {
            name: asked.trim().to_owned(),
            position: one.position,
        })),
        [first, ..] => {
            debug_assert_eq!(first.reason, OrderReason::Nothing);
            let LatLng { lat, lng } = first.position;
            Err(CliError::usage(format!(
                "{flag} {asked:?} does not say which number is the latitude: give \"{lat:.6},{lng:.6}\" with the latitude first, or write N and E"
            )))
        }
    }
}

fn not_found(flag: &str, asked: &str, near: &[Candidate<'_>]) -> CliError {
    let mut names: Vec<String> = Vec::new();
    for name in near.iter().map(Candidate::shown) {
        if names.len() < MAX_SUGGESTED && !names.contains(&name) {
            names.push(name);
        }
    }
    let hint = if names.is_empty() {
        String::new()
    } else {
        format!("; did you mean {}?", names.join(", "))
    };
    CliError::usage(format!(
        "{flag} {asked:?}: no place, junction or location has this name{hint}; \"lat,lng\" works everywhere"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_feeds::readings::readings_of;
    use chongtu_roads::{EdgeInput, Place, RoadNetworkBuilder};

    fn network() -> RoadNetwork {
        let mut builder = RoadNetworkBuilder::new();
        let at = |lat, lng| LatLng { lat, lng };
        let a = builder.add_node(at(32.0, 118.0), None);
        let b = builder.add_node(at(32.0, 118.1), None);
        builder.add_edge(EdgeInput {
            a,
            b,
            length_m: 9_500.0,
            refs: vec!["G42".into()],
            ..EdgeInput::default()
        });
        for (id, zh, en, pinyin, lng) in [
            ("nanjing", "南京", "Nanjing", "nanjing", 118.8),
            (
                "nj-south",
                "南京南站",
                "Nanjing South Station",
                "nanjingnan",
                118.9,
            ),
            ("nantong", "南通", "Nantong", "nantong", 120.9),
            ("suzhou", "苏州", "Suzhou", "suzhou", 120.6),
            ("suzhou-anhui", "宿州", "Suzhou (Anhui)", "suzhou", 116.98),
            ("luhe", "六合区", "Luhe District", "luhequ", 118.85),
            ("xian", "西安", "Xi'an", "xian", 108.9),
        ] {
            builder.add_place(Place {
                id: id.into(),
                name: LocalText::both(zh, en),
                pinyin: Some(pinyin.into()),
                position: at(32.0, lng),
                rank: 1,
                city: None,
            });
        }
        for (name, lng) in [("G42 118", 118.0), ("G42 126", 118.1)] {
            builder.add_junction(LocalText::plain(name), at(32.0, lng));
        }
        let network = builder.build().0;
        let readings = readings_of(network.searched_texts());
        network.with_readings(readings)
    }

    #[test]
    fn names_in_every_spelling() {
        let (catalogue, network) = (Catalogue::default(), network());
        let names = Gazetteer::new(&catalogue, Some(&network));
        for (asked, lng) in [
            ("Nanjing", 118.8),
            ("南京", 118.8),
            (" NAN JING ", 118.8),
            ("nj", 118.8),
            ("nj-south", 118.9),
            ("南京南", 118.9),
            ("njnz", 118.9),
            ("nant", 120.9),
            ("xi’an", 108.9),
            ("south station", 118.9),
            ("六合", 118.85),
            ("liuhe", 118.85),
            ("luhe", 118.85),
            ("suzhou-anhui", 116.98),
            ("宿州", 116.98),
            ("G42 K118", 118.0),
            ("geo:32,118.3", 118.3),
            ("32°0'N 118°30'E", 118.5),
            ("E118.25 N32", 118.25),
        ] {
            let found = names.find("--from", asked);
            assert_eq!(
                found.map(|f| f.position.lng).map_err(|e| e.to_string()),
                Ok(lng),
                "{asked}"
            );
        }
    }

    #[test]
    fn ambiguous_and_unknown_names_say_so() {
        let (catalogue, network) = (Catalogue::default(), network());
        let names = Gazetteer::new(&catalogue, Some(&network));
        let check = |asked, words: &[&str]| {
            let error = names.find("--to", asked).err().map(|e| e.to_string());
            let error = error.unwrap_or_default();
            for word in words {
                assert!(error.contains(word), "{asked}: no {word:?} in {error:?}");
            }
        };
        check("nan", &["ambiguous", "Nantong", "Nanjing"]);
        // Two whole names alike; no part of one comes into question.
        check("suzhou", &["ambiguous", "苏州", "Suzhou (Anhui) (宿州)"]);
        // Wrong letters are never guessed away.
        check("Nanjng", &["--to", "did you mean Nanjing (南京)"]);
        check("Nantogn", &["did you mean Nantong (南通)?"]);
        check("G42 K122", &["ambiguous", "G42 118", "G42 126"]);
        check("Atlantis", &["--to", "no place", "lat,lng"]);
        check("G42", &["ambiguous", "G42 118"]);
        check("  ", &["empty"]);
        check("?!", &["empty"]);
        check("2.5, 48.8 gps", &["latitude", "2.500000,48.800000"]);
    }
}
