//! `chongtu info`.

use crate::args::InfoArgs;
use crate::error::Result;
use crate::input;
use crate::output::Streams;
use chongtu_model::provenance::LocalText;
use chongtu_model::{BoundingBox, Catalogue};
use chongtu_roads::RoadNetwork;
use serde::Serialize;
use std::fs::File;
use std::io::Read as _;

#[derive(Serialize)]
struct LocationsInfo<'a> {
    schema: u32,
    kind: &'static str,
    /// `[west, south, east, north]`, degrees.
    bounds: Option<[f64; 4]>,
    demonstration: bool,
    locations: usize,
    evses: usize,
    operators: usize,
    tariffs: usize,
    zones: Vec<&'a str>,
    attribution: Vec<String>,
    sources: Vec<SourceInfo<'a>>,
}

#[derive(Serialize)]
struct SourceInfo<'a> {
    id: &'a str,
    name: &'a LocalText,
    licence: Option<&'a str>,
    attribution: Option<&'a str>,
    demonstration: bool,
    locations: usize,
}

#[derive(Serialize)]
struct RoadsInfo<'a> {
    schema: u32,
    kind: &'static str,
    id: &'a str,
    name: &'a LocalText,
    note: Option<&'a LocalText>,
    attribution: &'a str,
    /// `[west, south, east, north]`, degrees.
    bounds: Option<[f64; 4]>,
    demonstration: bool,
    nodes: usize,
    edges: usize,
    total_length_m: f64,
    class_speeds_kmh: &'a [f64],
    places: usize,
    junctions: usize,
}

pub(crate) fn run(args: &InfoArgs, streams: &mut Streams<'_>) -> Result<()> {
    if holds_roads(&args.file) {
        let network = input::load_roads(&args.file)?;
        streams.json(&roads_info(&network))
    } else {
        let catalogue = input::load_locations(&args.file)?;
        streams.json(&locations_info(&catalogue))
    }
}

/// Whether a file is about roads; whatever cannot be read is left to the reader of locations.
fn holds_roads(path: &std::path::Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|f| f.take(64 * 1024).read_to_end(&mut head));
    if read.is_err() {
        return false;
    }
    let has = |needle: &[u8]| head.windows(needle.len()).any(|w| w == needle);
    head.starts_with(b"CTROADS")
        || has(b"[[road]]")
        || has(b"[[node]]")
        || (has(b"\"nodes\"") && !has(b"\"features\""))
}

fn corners(bounds: Option<BoundingBox>) -> Option<[f64; 4]> {
    bounds.map(|b| [b.west, b.south, b.east, b.north])
}

fn locations_info(catalogue: &Catalogue) -> LocationsInfo<'_> {
    let sources = catalogue
        .sources
        .iter()
        .zip(0_u16..)
        .map(|(source, index)| SourceInfo {
            id: source.id.as_str(),
            name: &source.name,
            licence: source.licence.as_deref(),
            attribution: source.attribution.as_deref(),
            demonstration: source.demonstration,
            locations: catalogue
                .locations
                .iter()
                .filter(|l| l.source == index)
                .count(),
        })
        .collect();
    LocationsInfo {
        schema: 1,
        kind: "locations",
        bounds: corners(BoundingBox::of(
            catalogue.locations.iter().map(|l| l.position),
        )),
        demonstration: catalogue.is_demonstration(),
        locations: catalogue.locations.len(),
        evses: catalogue.locations.iter().map(|l| l.evses.len()).sum(),
        operators: catalogue.operators.len(),
        tariffs: catalogue.tariffs.len(),
        zones: catalogue.zones.iter().map(|z| z.name.as_str()).collect(),
        attribution: catalogue
            .sources
            .iter()
            .map(|s| {
                let name = s.attribution.as_deref().unwrap_or(&s.name.text);
                match &s.licence {
                    Some(licence) => format!("{name} ({licence})"),
                    None => name.to_owned(),
                }
            })
            .collect(),
        sources,
    }
}

fn roads_info(network: &RoadNetwork) -> RoadsInfo<'_> {
    RoadsInfo {
        schema: 1,
        kind: "roads",
        id: network.id(),
        name: network.name(),
        note: network.note(),
        attribution: network.attribution(),
        bounds: corners(network.bounding_box()),
        demonstration: network.demonstration(),
        nodes: network.n_nodes(),
        edges: network.n_edges(),
        total_length_m: network.edges().map(|e| network.edge_length_m(e)).sum(),
        class_speeds_kmh: network.class_speeds_kmh(),
        places: network.places().len(),
        junctions: network.junctions().len(),
    }
}
