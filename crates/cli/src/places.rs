//! Names to positions: places of the roads, junctions, locations.

use crate::cars::edit_distance;
use crate::error::{CliError, Result};
use chongtu_model::provenance::LocalText;
use chongtu_model::{Catalogue, LatLng};
use chongtu_roads::RoadNetwork;

/// Entries of one name closer than this are one place, metres.
const SAME_PLACE_M: f64 = 2000.0;
/// How many candidates are listed.
const MAX_LISTED: usize = 8;

/// Something with a name.
struct Entry<'a> {
    /// What it is called in lists.
    shown: String,
    /// What it can be asked for as, folded.
    keys: Vec<String>,
    position: LatLng,
    name: &'a LocalText,
}

/// A place that was found.
pub(crate) struct Found {
    pub(crate) name: String,
    pub(crate) position: LatLng,
}

/// All names of a region, in the order in which they are tried.
pub(crate) struct Gazetteer<'a> {
    /// Places of the roads, junctions, locations.
    kinds: [Vec<Entry<'a>>; 3],
}

impl<'a> Gazetteer<'a> {
    pub(crate) fn new(catalogue: &'a Catalogue, network: Option<&'a RoadNetwork>) -> Self {
        let mut places = Vec::new();
        let mut junctions = Vec::new();
        if let Some(network) = network {
            for p in network.places() {
                let more = [Some(p.id.as_str()), p.pinyin.as_deref()];
                places.push(Entry::new(&p.name, &more, p.position));
            }
            for j in network.junctions() {
                junctions.push(Entry::new(&j.name, &[], j.position));
            }
        }
        let locations = catalogue
            .locations
            .iter()
            .map(|l| Entry::new(&l.name, &[Some(l.id.as_str())], l.position))
            .collect();
        Self {
            kinds: [places, junctions, locations],
        }
    }

    /// The one entry of this name: exactly, else by its beginning, else by a part; places before
    /// junctions before locations.
    pub(crate) fn find(&self, flag: &str, asked: &str) -> Result<Found> {
        let key = fold(asked);
        if key.is_empty() {
            return Err(CliError::usage(format!(
                "{flag} is empty: give \"lat,lng\" or a name"
            )));
        }
        let exact = |k: &str| k == key;
        let begins = |k: &str| k.starts_with(&key);
        let holds = |k: &str| k.contains(&key);
        let tests: [&dyn Fn(&str) -> bool; 3] = [&exact, &begins, &holds];
        // An exact name of any kind comes before a part of a name.
        let rounds = self.kinds.iter().map(|kind| (kind, tests[0])).chain(
            self.kinds
                .iter()
                .flat_map(|kind| [(kind, tests[1]), (kind, tests[2])]),
        );
        for (kind, test) in rounds {
            let hits: Vec<&Entry<'_>> = kind
                .iter()
                .filter(|e| e.keys.iter().any(|k| test(k)))
                .collect();
            if let Some(found) = one_of(flag, asked, &hits)? {
                return Ok(found);
            }
        }
        Err(self.not_found(flag, asked, &key))
    }

    fn not_found(&self, flag: &str, asked: &str, key: &str) -> CliError {
        let mut near: Vec<(usize, &str)> = self
            .kinds
            .iter()
            .flatten()
            .filter_map(|e| {
                let distance = e.keys.iter().map(|k| edit_distance(key, k)).min()?;
                (distance * 2 <= key.chars().count()).then_some((distance, e.shown.as_str()))
            })
            .collect();
        near.sort_unstable();
        near.dedup();
        let near: Vec<&str> = near.iter().take(3).map(|&(_, name)| name).collect();
        let hint = if near.is_empty() {
            String::new()
        } else {
            format!("; nearest: {}", near.join(", "))
        };
        CliError::usage(format!(
            "{flag} {asked:?}: no place, junction or location has this name{hint}; \"lat,lng\" works everywhere"
        ))
    }
}

impl<'a> Entry<'a> {
    fn new(name: &'a LocalText, more: &[Option<&str>], position: LatLng) -> Self {
        let shown = match &name.en {
            Some(en) if *en != name.text => format!("{en} ({})", name.text),
            _ => name.text.clone(),
        };
        let names = [Some(name.text.as_str()), name.en.as_deref()];
        let keys = names
            .into_iter()
            .chain(more.iter().copied())
            .flatten()
            .map(fold)
            .filter(|k| !k.is_empty())
            .collect();
        Self {
            shown,
            keys,
            position,
            name,
        }
    }
}

/// The single place among the hits; `None` without hits.
fn one_of(flag: &str, asked: &str, hits: &[&Entry<'_>]) -> Result<Option<Found>> {
    let Some(first) = hits.first() else {
        return Ok(None);
    };
    let same = |e: &&Entry<'_>| {
        e.name == first.name && e.position.distance_m(first.position) <= SAME_PLACE_M
    };
    if hits.iter().all(same) {
        return Ok(Some(Found {
            name: first.name.get(true).to_owned(),
            position: first.position,
        }));
    }
    let mut names: Vec<String> = hits
        .iter()
        .take(MAX_LISTED)
        .map(|e| format!("{} at {:.4},{:.4}", e.shown, e.position.lat, e.position.lng))
        .collect();
    if hits.len() > MAX_LISTED {
        names.push(format!("and {} more", hits.len() - MAX_LISTED));
    }
    Err(CliError::usage(format!(
        "{flag} {asked:?} is ambiguous: {}",
        names.join("; ")
    )))
}

/// Lower case, without blanks and punctuation: "Xi'an" is "xian", "Nan Jing" is "nanjing".
fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
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
            ..EdgeInput::default()
        });
        for (id, zh, en, pinyin, lng) in [
            ("nanjing", "南京", "Nanjing", "nanjing", 118.8),
            (
                "nanjing-south",
                "南京南站",
                "Nanjing South Station",
                "nanjingnan",
                118.9,
            ),
            ("nantong", "南通", "Nantong", "nantong", 120.9),
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
        builder.build().0
    }

    #[test]
    fn names_in_every_spelling() {
        let (catalogue, network) = (Catalogue::default(), network());
        let names = Gazetteer::new(&catalogue, Some(&network));
        for (asked, lng) in [
            ("Nanjing", 118.8),
            ("南京", 118.8),
            (" NAN JING ", 118.8),
            ("nanjing-south", 118.9),
            ("南京南", 118.9),
            ("nant", 120.9),
            ("xi’an", 108.9),
            ("south station", 118.9),
        ] {
            assert_eq!(
                names.find("--from", asked).map(|f| f.position.lng).ok(),
                Some(lng),
                "{asked}"
            );
        }
    }

    #[test]
    fn ambiguous_and_unknown_names_say_so() {
        let (catalogue, network) = (Catalogue::default(), network());
        let names = Gazetteer::new(&catalogue, Some(&network));
        let error = |asked| {
            names
                .find("--to", asked)
                .err()
                .map(|e| e.to_string())
                .unwrap_or_default()
        };
        let ambiguous = error("nan");
        assert!(
            ambiguous.contains("ambiguous")
                && ambiguous.contains("Nantong")
                && ambiguous.contains("Nanjing"),
            "{ambiguous}"
        );
        let unknown = error("Nanjng");
        assert!(unknown.contains("nearest: Nanjing"), "{unknown}");
        assert!(error("Atlantis").contains("--to"));
        assert!(error("  ").contains("empty"));
    }
}
