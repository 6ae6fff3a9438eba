//! Region TOML: a network written by hand, as a file of roads and a file of places.
//!
//! ```toml
//! [region]
//! id = "yangtze"
//! name = { zh = "…", en = "…" }
//! note = { zh = "…", en = "…" }      # optional
//! attribution = "…"                  # optional
//!
//! [[node]]
//! id = "maqun"
//! name = { zh = "…", en = "…" }
//! lat = 32.043
//! lng = 118.905
//!
//! [[road]]
//! ref = "G42"
//! name = { zh = "…", en = "…" }
//! tier = 1
//! winding = 1.04                     # length of the road by length of the great circle
//! path = ["maqun", "jurong"]         # each pair of neighbours is a two-way edge
//! ```
//!
//! and `[[place]]` with `id`, `name`, `pinyin`, `lat`, `lng`, `rank` (1 to 4, 5 for a far city on signs), `city`. A network
//! written by hand is a demonstration and is marked so.

use crate::builder::{EdgeInput, RoadNetworkBuilder};
use crate::network::{Place, RoadNetwork};
use crate::report::BuildReport;
use crate::speeds::SpeedDefaults;
use chongtu_model::LatLng;
use chongtu_model::provenance::LocalText;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong with a region. These files are ours, so the first mistake is an error.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RegionError {
    /// Not TOML, a key too many, or one too few.
    #[error("the file of {file} cannot be read: {message}")]
    Toml {
        /// `roads` or `places`.
        file: &'static str,
        /// What the TOML reader says, with the line.
        message: String,
    },
    /// Two nodes, or two places, of one id.
    #[error("{kind} \"{id}\" is there twice; ids must differ")]
    Duplicate {
        /// `node` or `place`.
        kind: &'static str,
        /// The id.
        id: String,
    },
    /// A position that is none.
    #[error("{kind} \"{id}\": latitude {lat}, longitude {lng} is not a position on Earth")]
    Position {
        /// `node` or `place`.
        kind: &'static str,
        /// The id.
        id: String,
        /// Latitude as given.
        lat: f64,
        /// Longitude as given.
        lng: f64,
    },
    /// A rank of no meaning.
    #[error(
        "place \"{id}\" has rank {rank}; ranks are 1 (largest) to 4, or 5 for a far city on signs"
    )]
    Rank {
        /// The place.
        id: String,
        /// Its rank as given.
        rank: u8,
    },
    /// A path over a node that is not there.
    #[error(
        "road {road}: its path names the node \"{node}\", which is not there; add it or correct the path"
    )]
    UnknownNode {
        /// The road's ref.
        road: String,
        /// The id in its path.
        node: String,
    },
    /// A path that leads nowhere.
    #[error("road {road}: {problem}")]
    Road {
        /// The road's ref.
        road: String,
        /// What is wrong, with the remedy.
        problem: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    zh: String,
    en: String,
}

impl From<Names> for LocalText {
    fn from(names: Names) -> Self {
        Self::both(names.zh, names.en)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoadsFile {
    region: RegionHead,
    #[serde(default)]
    node: Vec<NodeRow>,
    #[serde(default)]
    road: Vec<RoadRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionHead {
    id: String,
    name: Names,
    note: Option<Names>,
    attribution: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeRow {
    id: String,
    name: Names,
    lat: f64,
    lng: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoadRow {
    /// None for a road without a number, such as a street.
    #[serde(rename = "ref")]
    road_ref: Option<String>,
    name: Names,
    tier: u8,
    #[serde(default = "straight")]
    winding: f64,
    path: Vec<String>,
}

impl RoadRow {
    /// How an error names it.
    fn called(&self) -> String {
        self.road_ref
            .clone()
            .unwrap_or_else(|| self.name.zh.clone())
    }
}

fn straight() -> f64 {
    1.0
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacesFile {
    #[serde(default)]
    place: Vec<PlaceRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceRow {
    id: String,
    name: Names,
    pinyin: Option<String>,
    lat: f64,
    lng: f64,
    rank: u8,
    city: Option<String>,
}

/// Reads a region, with the speeds of [`SpeedDefaults::default`].
///
/// # Errors
/// The first mistake in the files, by place and remedy.
pub fn parse_region(
    roads_toml: &str,
    places_toml: Option<&str>,
) -> Result<(RoadNetwork, BuildReport), RegionError> {
    parse_region_with(roads_toml, places_toml, &SpeedDefaults::default())
}

/// Reads a region.
///
/// # Errors
/// The first mistake in the files, by place and remedy.
pub fn parse_region_with(
    roads_toml: &str,
    places_toml: Option<&str>,
    speeds: &SpeedDefaults,
) -> Result<(RoadNetwork, BuildReport), RegionError> {
    let roads: RoadsFile = read(roads_toml, "roads")?;
    let places: PlacesFile = read(places_toml.unwrap_or_default(), "places")?;
    let mut builder = RoadNetworkBuilder::new();
    builder.set_class_speeds(speeds.tiers_kmh().to_vec());
    builder.set_demonstration(true);
    builder.set_id(roads.region.id);
    builder.set_name(roads.region.name.into());
    builder.set_attribution(roads.region.attribution.unwrap_or_default());
    if let Some(note) = roads.region.note {
        builder.set_note(note.into());
    }
    let nodes = add_nodes(&mut builder, roads.node)?;
    add_roads(&mut builder, roads.road, &nodes)?;
    add_places(&mut builder, places.place)?;
    Ok(builder.build())
}

fn read<'a, T: Deserialize<'a>>(text: &'a str, file: &'static str) -> Result<T, RegionError> {
    toml::from_str(text).map_err(|e| RegionError::Toml {
        file,
        message: e.to_string(),
    })
}

fn position_of(kind: &'static str, id: &str, lat: f64, lng: f64) -> Result<LatLng, RegionError> {
    LatLng::new(lat, lng).map_err(|_| RegionError::Position {
        kind,
        id: id.to_owned(),
        lat,
        lng,
    })
}

/// Number and position of nodes by id.
type Nodes = BTreeMap<String, (u32, LatLng)>;

fn add_nodes(builder: &mut RoadNetworkBuilder, rows: Vec<NodeRow>) -> Result<Nodes, RegionError> {
    let mut nodes = Nodes::new();
    for row in rows {
        let position = position_of("node", &row.id, row.lat, row.lng)?;
        let name = LocalText::from(row.name);
        let number = builder.add_node(position, Some(name.clone()));
        builder.add_junction(name, position);
        if nodes.insert(row.id.clone(), (number, position)).is_some() {
            let (kind, id) = ("node", row.id);
            return Err(RegionError::Duplicate { kind, id });
        }
    }
    Ok(nodes)
}

/// What the roads between two neighbouring nodes say together.
struct Pair {
    length_m: f64,
    tier: u8,
    refs: Vec<String>,
}

fn add_roads(
    builder: &mut RoadNetworkBuilder,
    rows: Vec<RoadRow>,
    nodes: &Nodes,
) -> Result<(), RegionError> {
    let mut pairs: BTreeMap<(u32, u32), Pair> = BTreeMap::new();
    let mut named = BTreeSet::new();
    for row in rows {
        check_road(&row)?;
        let stops = row
            .path
            .iter()
            .map(|id| {
                nodes
                    .get(id)
                    .copied()
                    .ok_or_else(|| RegionError::UnknownNode {
                        road: row.called(),
                        node: id.clone(),
                    })
            })
            .collect::<Result<Vec<_>, _>>()?;
        for ends in stops.windows(2) {
            let ((a, at_a), (b, at_b)) = (ends[0], ends[1]);
            let length_m = at_a.distance_m(at_b) * row.winding;
            let pair = pairs.entry((a.min(b), a.max(b))).or_insert(Pair {
                length_m,
                tier: row.tier,
                refs: Vec::new(),
            });
            // Two roads on one carriageway: the shorter drawing and the better road hold.
            pair.length_m = pair.length_m.min(length_m);
            pair.tier = pair.tier.min(row.tier);
            pair.refs.extend(row.road_ref.clone());
        }
        // A road may be written in several pieces; its first name holds.
        if let Some(road_ref) = row.road_ref
            && named.insert(road_ref.clone())
        {
            builder.add_road_name(road_ref, row.name.into());
        }
    }
    for ((a, b), pair) in pairs {
        builder.add_edge(EdgeInput {
            a,
            b,
            length_m: pair.length_m,
            class: pair.tier - 1,
            refs: pair.refs,
            shape: Vec::new(),
            oneway: false,
        });
    }
    Ok(())
}

fn check_road(row: &RoadRow) -> Result<(), RegionError> {
    let mut pairs = row.path.iter().zip(row.path.iter().skip(1));
    let twice = pairs.find(|(a, b)| a == b);
    let problem = if row.path.len() < 2 {
        format!("its path has {} nodes; it needs at least 2", row.path.len())
    } else if let Some((twice, _)) = twice {
        format!("its path goes from \"{twice}\" to itself; name each node once in a row")
    } else if !(1.0..=3.0).contains(&row.winding) {
        format!("winding {} is not between 1 (straight) and 3", row.winding)
    } else if row.tier == 0 {
        "tier 0; tiers count from 1".to_owned()
    } else {
        return Ok(());
    };
    Err(RegionError::Road {
        road: row.called(),
        problem,
    })
}

fn add_places(builder: &mut RoadNetworkBuilder, rows: Vec<PlaceRow>) -> Result<(), RegionError> {
    let mut ids = BTreeSet::new();
    for row in rows {
        let position = position_of("place", &row.id, row.lat, row.lng)?;
        let (id, rank) = (row.id, row.rank);
        if !(1..=Place::FAR).contains(&rank) {
            return Err(RegionError::Rank { id, rank });
        }
        if !ids.insert(id.clone()) {
            let kind = "place";
            return Err(RegionError::Duplicate { kind, id });
        }
        builder.add_place(Place {
            id,
            name: row.name.into(),
            pinyin: row.pinyin,
            position,
            rank,
            city: row.city,
        });
    }
    Ok(())
}
