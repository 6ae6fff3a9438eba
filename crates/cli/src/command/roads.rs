//! `chongtu roads`.

use crate::args::{RoadsArgs, RoadsFormat};
use crate::error::{CliError, Result};
use crate::input::{self, Input, RoadsFeed};
use crate::output::{Streams, write_file, write_json};
use chongtu_roads::BuildReport;
use chongtu_words::program::{self, RoadCounts};
use serde::Serialize;

#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    format: &'static str,
    out: String,
    bytes: usize,
    places: usize,
    junctions: usize,
    #[serde(flatten)]
    build: &'a BuildReport,
}

pub(crate) fn run(args: &RoadsArgs, streams: &mut Streams<'_>) -> Result<()> {
    let asked = match args.format {
        RoadsFormat::Auto => None,
        RoadsFormat::GraphJson => Some(RoadsFeed::GraphJson),
        RoadsFormat::Region => Some(RoadsFeed::Region),
        RoadsFormat::OsmPbf | RoadsFormat::OsmXml => {
            return Err(CliError::usage(
                "--format osm-pbf and osm-xml are not read yet; give graph JSON, or a region's roads.toml",
            ));
        }
    };
    let input = Input::of_file(&args.input)?;
    let feed = match asked {
        Some(feed) => feed,
        None => input::roads_feed_of(&input)?,
    };
    let (network, build) = input::import_roads(input, feed)?;
    let bytes = network.encode();
    write_file(&args.out, &bytes)?;
    let report = Report {
        schema: 1,
        format: match feed {
            RoadsFeed::GraphJson => "graph-json",
            RoadsFeed::Region => "region",
            RoadsFeed::RoadsFile => "roads",
        },
        out: args.out.display().to_string(),
        bytes: bytes.len(),
        places: network.places().len(),
        junctions: network.junctions().len(),
        build: &build,
    };
    if let Some(path) = &args.report {
        write_json(path, &report)?;
    }
    if args.json {
        return streams.json(&report);
    }
    let counts = RoadCounts {
        nodes_read: build.nodes_read,
        edges_read: build.edges_read,
        nodes: build.nodes,
        edges: build.edges,
        nodes_contracted: build.nodes_contracted,
        components: build.components,
        total_length_m: build.total_length_m,
        bytes: report.bytes,
    };
    streams.say(&program::roads_totals(streams.lang, counts, &report.out));
    for (code, n) in &build.finding_counts {
        streams.say(&format!("{n:>7} {code}"));
    }
    for finding in &build.findings {
        streams.say(&format!(
            "{}: {}: {}",
            finding.place, finding.code, finding.detail
        ));
    }
    Ok(())
}
