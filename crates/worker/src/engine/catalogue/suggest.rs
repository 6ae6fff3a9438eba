//! What fits what was typed: the gazetteer's hits as suggestions, and coordinates.

use crate::catalogue::{Highlight, Suggestion, SuggestionKind};
use chongtu_model::gazetteer::{
    Field, Gazetteer, GazetteerBuilder, Hit, Kind, Query, read_coordinates,
};
use chongtu_model::provenance::LocalText;
use chongtu_model::{Catalogue, LatLng};
use chongtu_roads::{NamedRoad, RoadNetwork};

/// All names of the region: built when first asked for.
pub(super) struct Names {
    gazetteer: Gazetteer,
    roads: Vec<NamedRoad>,
}

impl Names {
    pub(super) fn new(network: Option<&RoadNetwork>, catalogue: Option<&Catalogue>) -> Self {
        let mut readings = catalogue.map(|c| c.readings.clone()).unwrap_or_default();
        if let Some(network) = network {
            readings.extend(network.readings());
        }
        let roads = network.map(RoadNetwork::named_roads).unwrap_or_default();
        let mut builder = GazetteerBuilder::new(readings);
        if let Some(network) = network {
            network.add_names(&roads, &mut builder);
        }
        if let Some(catalogue) = catalogue {
            builder.add_catalogue(catalogue);
        }
        Self {
            gazetteer: builder.build(),
            roads,
        }
    }
}

/// The best suggestions. Coordinates are themselves the only ones, one for each way to read them. Without text: the
/// most important places.
pub(super) fn suggest(
    query: &Query<'_>,
    names: &Names,
    network: Option<&RoadNetwork>,
    catalogue: Option<&Catalogue>,
) -> Vec<Suggestion> {
    let readings = read_coordinates(query.text);
    if !readings.is_empty() {
        return readings
            .into_iter()
            .take(query.limit)
            .map(|reading| Suggestion {
                name: LocalText::plain(as_text(reading.position)),
                position: reading.position,
                kind: SuggestionKind::Coordinates(reading),
                context: None,
                highlights: Vec::new(),
            })
            .collect();
    }
    let hits = names.gazetteer.search(query);
    let written = hits
        .iter()
        .filter_map(|hit| write_out(hit, query.near, names, network, catalogue));
    written.collect()
}

/// Latitude and longitude to the millionth of a degree, without zeros at the end.
fn as_text(position: LatLng) -> String {
    let [lat, lng] = position.to_e6().map(|e6| {
        let (whole, part) = (e6.unsigned_abs() / 1_000_000, e6.unsigned_abs() % 1_000_000);
        let sign = if e6 < 0 { "-" } else { "" };
        let text = format!("{sign}{whole}.{part:06}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        text.to_owned()
    });
    format!("{lat}, {lng}")
}

fn write_out(
    hit: &Hit,
    near: Option<LatLng>,
    names: &Names,
    network: Option<&RoadNetwork>,
    catalogue: Option<&Catalogue>,
) -> Option<Suggestion> {
    let i = hit.index as usize;
    let (name, position, kind, context) = match hit.kind {
        Kind::Place => {
            let place = network?.places().get(i)?;
            let city = city_name(place.city.as_deref(), network);
            let context = city.filter(|c| *c != place.name);
            let kind = SuggestionKind::Place { rank: place.rank };
            (place.name.clone(), place.position, kind, context)
        }
        Kind::Road => {
            let road = names.roads.get(i)?;
            let reference = road.reference.clone();
            let name = road.name.clone();
            let name = name.unwrap_or_else(|| LocalText::plain(reference.clone()));
            (
                name,
                road.position,
                SuggestionKind::Road { reference },
                None,
            )
        }
        Kind::Junction => {
            let junction = network?.junctions().get(i)?;
            let kind = SuggestionKind::Junction;
            (junction.name.clone(), junction.position, kind, None)
        }
        Kind::Operator => {
            let catalogue = catalogue?;
            let operator = catalogue.operators.get(i)?;
            let kind = SuggestionKind::Operator(operator.id.clone());
            let position = site_of(catalogue, hit.index, near)?;
            (operator.name.clone(), position, kind, None)
        }
        Kind::Location => {
            let location = catalogue?.locations.get(i)?;
            let address = location.address.clone();
            let context = address.or_else(|| city_name(location.city.as_deref(), network));
            let kind = SuggestionKind::Location(location.id.clone());
            (location.name.clone(), location.position, kind, context)
        }
    };
    Some(Suggestion {
        highlights: highlights(hit, &name),
        name,
        position,
        kind,
        context,
    })
}

/// What to mark in a name.
fn highlights(hit: &Hit, name: &LocalText) -> Vec<Highlight> {
    let marked = hit.matched.iter().filter_map(|matched| {
        let (english, range) = match matched.field {
            Field::Text | Field::Short => (false, matched.in_text(&name.text)),
            Field::En => (true, matched.in_text(name.en.as_deref()?)),
            // All of it was typed in another way.
            Field::Sound => (false, 0..name.text.chars().count()),
            _ => return None,
        };
        (!range.is_empty()).then_some(Highlight {
            english,
            start: range.start as u32,
            end: range.end as u32,
        })
    });
    marked.collect()
}

/// The nearest of an operator's locations, or its first.
fn site_of(catalogue: &Catalogue, operator: u32, near: Option<LatLng>) -> Option<LatLng> {
    let locations = catalogue.locations.iter();
    let mut sites = locations
        .filter(|l| l.operator == Some(operator) && l.is_place_to_go())
        .map(|l| l.position);
    match near {
        None => sites.next(),
        Some(near) => sites.min_by(|a, b| near.distance_m(*a).total_cmp(&near.distance_m(*b))),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_as_text() {
        for (lat, lng, expected) in [
            (32.06, 118.8, "32.06, 118.8"),
            (-33.0, -70.500_001, "-33, -70.500001"),
            (-0.000_001, 0.0, "-0.000001, 0"),
            (10.0, 100.0, "10, 100"),
        ] {
            assert_eq!(as_text(LatLng { lat, lng }), expected);
        }
    }
}
