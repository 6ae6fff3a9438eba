//! What of a network is asked for by name, given to a [`GazetteerBuilder`].

use crate::network::RoadNetwork;
use chongtu_model::LatLng;
use chongtu_model::gazetteer::{GazetteerBuilder, Readings};
use chongtu_model::provenance::LocalText;
use std::collections::BTreeMap;

/// A road of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedRoad {
    /// Its number, such as `G42`.
    pub reference: String,
    /// Its name, where the source has one.
    pub name: Option<LocalText>,
    /// A place on it, about its middle.
    pub position: LatLng,
}

impl RoadNetwork {
    /// The roads that have a number and lie in the network, in order of number.
    pub fn named_roads(&self) -> Vec<NamedRoad> {
        let mut points: BTreeMap<&str, Vec<LatLng>> = BTreeMap::new();
        for edge in self.edges() {
            let (a, b) = self.edge_endpoints(edge);
            for reference in self.edge_refs(edge).iter().filter(|r| !r.is_empty()) {
                let ends = [a, b].map(|node| self.node_position(node));
                points.entry(reference).or_default().extend(ends);
            }
        }
        let name_of = |reference: &str| {
            let mut names = self.road_names().iter();
            names
                .find(|(r, _)| r == reference)
                .map(|(_, name)| name.clone())
        };
        points
            .into_iter()
            .filter_map(|(reference, points)| {
                let n = points.len() as f64;
                let sum = points
                    .iter()
                    .fold((0.0, 0.0), |s, p| (s.0 + p.lat, s.1 + p.lng));
                let middle = LatLng {
                    lat: sum.0 / n,
                    lng: sum.1 / n,
                };
                let nearest = points.into_iter().min_by(|a, b| {
                    let distance = |p: &LatLng| p.distance_m(middle);
                    distance(a).total_cmp(&distance(b))
                });
                Some(NamedRoad {
                    reference: reference.to_owned(),
                    name: name_of(reference),
                    position: nearest?,
                })
            })
            .collect()
    }

    /// Adds the places, these roads (of [`Self::named_roads`]) and the junctions: the numbers of hits are those of
    /// [`Self::places`], of the roads given, and of [`Self::junctions`].
    pub fn add_names(&self, roads: &[NamedRoad], gazetteer: &mut GazetteerBuilder) {
        for place in self.places() {
            let pinyin = place.pinyin.as_deref();
            gazetteer.add_place(&place.name, pinyin, place.rank, place.position);
        }
        for road in roads {
            gazetteer.add_road(&road.reference, road.name.as_ref());
        }
        for junction in self.junctions() {
            gazetteer.add_junction(&junction.name, junction.position);
        }
    }

    /// How the Han characters of its names are read; empty where nobody looked them up.
    pub fn readings(&self) -> &Readings {
        &self.columns.words.readings
    }

    /// The same network with these readings.
    #[must_use]
    pub fn with_readings(mut self, readings: Readings) -> Self {
        self.columns.words.readings = readings;
        self
    }

    /// Every name that is searched, as written at the place: what readings are needed for.
    pub fn searched_texts(&self) -> impl Iterator<Item = &str> {
        let words = &self.columns.words;
        let places = words.places.iter().map(|p| &p.name);
        let junctions = words.junctions.iter().map(|j| &j.name);
        let roads = words.road_names.iter().map(|(_, name)| name);
        places
            .chain(junctions)
            .chain(roads)
            .map(|name| name.text.as_str())
    }
}
