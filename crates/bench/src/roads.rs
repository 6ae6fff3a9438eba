//! Roads: search, snap, read, size.

use crate::Scale;
use crate::data;
use crate::random::Random;
use crate::table::{Table, Times, fnv1a};
use anyhow::{Context as _, Result, ensure};
use chongtu_model::LatLng;
use chongtu_roads::{
    EdgeIdx, Metric, NodeIdx, RoadNetwork, Router, Side, Snap, SpeedDefaults, Weighting,
    parse_graph_json,
};
use petgraph::visit::EdgeRef as _;

const SEED: u64 = 11;

pub(crate) fn measure(table: &mut Table, scale: Scale) -> Result<()> {
    of_graph(table, scale, "China", "roads/china_expressways_graph.json")?;
    if scale == Scale::Full {
        of_graph(table, scale, "Germany", "roads/germany_graph.json")?;
    }
    Ok(())
}

fn of_graph(table: &mut Table, scale: Scale, name: &str, path: &str) -> Result<()> {
    let Some(json) = data::shared(table, &format!("roads of {name}"), path)? else {
        return Ok(());
    };
    let speeds = SpeedDefaults::parse(&data::ours("speeds.toml")?)?;
    let (network, report) =
        parse_graph_json(&json, &speeds).with_context(|| format!("../shared/data/{path}"))?;
    read(
        table,
        scale,
        name,
        &json,
        &speeds,
        &network,
        report.edges_read,
    )?;
    one_to_all(table, scale, name, &network)?;
    snap(table, scale, name, &network)
}

/// Decoding the built file beside reading its source.
fn read(
    table: &mut Table,
    scale: Scale,
    name: &str,
    json: &[u8],
    speeds: &SpeedDefaults,
    network: &RoadNetwork,
    n_source_edges: usize,
) -> Result<()> {
    let bytes = network.encode();
    ensure!(
        RoadNetwork::decode(&bytes)? == *network,
        "{name}: the .roads file does not give back what was written"
    );
    let runs = scale.pick(3, 15);
    let ours = Times::of(runs, || RoadNetwork::decode(&bytes));
    let peer = Times::of(scale.pick(1, 3), || parse_graph_json(json, speeds));
    table.row(
        &format!(".roads decode, {name}"),
        &ours,
        Some(("reading and contracting its graph JSON", &peer)),
        &format!("{:016x}", fnv1a(&bytes)),
    )?;
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: if scale == Scale::Quick { 5 } else { 11 },
        ..brotli::enc::BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut bytes.as_slice(), &mut packed, &params)?;
    let each = |bytes: usize, edges: usize| bytes as f64 / edges as f64;
    table.note(&format!(
        "{} bytes, {} with brotli {}; {} edges contracted from {}: {:.2} bytes an edge read ({:.2} with brotli), {:.1} an edge kept, names and shapes included",
        bytes.len(),
        packed.len(),
        params.quality,
        network.n_edges(),
        n_source_edges,
        each(bytes.len(), n_source_edges),
        each(packed.len(), n_source_edges),
        each(bytes.len(), network.n_edges()),
    ))
}

/// From a node to every other, beside petgraph on the same network with the same weights.
fn one_to_all(table: &mut Table, scale: Scale, name: &str, network: &RoadNetwork) -> Result<()> {
    let weighting = Weighting::new(network, Some(120.0), |_| 180.0);
    let mut r = Random::new(SEED);
    let starts: Vec<(NodeIdx, Snap)> = (0..scale.pick(10, 100))
        .map(|_| {
            let edge = EdgeIdx(r.below(network.n_edges()) as u32);
            let (node, _) = network.edge_endpoints(edge);
            let position = network.node_position(node);
            let snap = Snap {
                edge,
                offset_m: 0.0,
                side: Side::Both,
                position,
                distance_m: 0.0,
            };
            (node, snap)
        })
        .collect();
    let peers = |start: NodeIdx| {
        petgraph::algo::dijkstra(network, start, None, |e| {
            weighting.duration_s[e.id().index()]
        })
    };
    let mut router = Router::new(network);
    let (mut sum, mut n_reached) = (0.0, 0_u64);
    for (node, snap) in &starts {
        let theirs = peers(*node);
        router.search(
            network,
            &weighting,
            Metric::Duration,
            snap,
            true,
            f64::INFINITY,
        );
        for at in network.nodes() {
            match (router.to_node(at), theirs.get(&at)) {
                (Some(ours), Some(&theirs)) => {
                    ensure!(
                        (ours.duration_s - theirs).abs() <= 1e-6 * theirs.max(1.0),
                        "{name}, {node:?} to {at:?}: {} s, petgraph {theirs} s",
                        ours.duration_s
                    );
                    sum += ours.duration_s;
                    n_reached += 1;
                }
                (None, None) => {}
                (ours, theirs) => {
                    anyhow::bail!("{name}, {node:?} to {at:?}: {ours:?}, petgraph {theirs:?}")
                }
            }
        }
    }
    ensure!(
        n_reached > starts.len() as u64,
        "{name}: nothing was reached"
    );
    let passes = scale.pick(1, 5);
    let ours = Times::of_each(&starts, passes, |(_, snap)| {
        router.search(
            network,
            &weighting,
            Metric::Duration,
            snap,
            true,
            f64::INFINITY,
        );
    });
    let peer = Times::of_each(&starts, passes, |(node, _)| peers(*node));
    table.row(
        &format!("one to all, {name}, {} nodes", network.n_nodes()),
        &ours,
        Some(("petgraph dijkstra, time alone", &peer)),
        &format!("{n_reached} nodes, {sum:.3} s"),
    )
}

/// Places near roads, beside a scan of all lines.
fn snap(table: &mut Table, scale: Scale, name: &str, network: &RoadNetwork) -> Result<()> {
    const MAX_M: f64 = 25_000.0;
    let lines: Vec<Vec<LatLng>> = network.edges().map(|e| network.edge_shape(e)).collect();
    let mut r = Random::new(SEED + 1);
    let places: Vec<LatLng> = (0..scale.pick(20, 300))
        .map(|_| {
            let line = &lines[r.below(lines.len())];
            let near = line[r.below(line.len())];
            LatLng {
                lat: near.lat + r.between(-0.1, 0.1),
                lng: near.lng + r.between(-0.1, 0.1),
            }
        })
        .collect();
    let mut sum = 0.0;
    for &place in &places {
        let ours = network.snap(place, MAX_M, 1);
        let ours = ours.first().map(|s| s.distance_m);
        let theirs = nearest_m(&lines, place);
        match ours {
            Some(ours) => {
                ensure!(
                    (ours - theirs).abs() <= 1.0 + 1e-3 * theirs,
                    "{name}: {place:?} is {ours} m off the road, by a scan {theirs} m"
                );
                sum += ours;
            }
            None => ensure!(
                theirs > MAX_M * 0.999,
                "{name}: {place:?} joins no road, by a scan it is {theirs} m off"
            ),
        }
    }
    let passes = scale.pick(1, 5);
    let ours = Times::of_each(&places, passes, |&p| network.snap(p, MAX_M, 1));
    let some = &places[..places.len().min(20)];
    let peer = Times::of_each(some, 1, |&p| nearest_m(&lines, p));
    table.row(
        &format!("snap a place, {name}"),
        &ours,
        Some(("scan of all lines: metres alone", &peer)),
        &format!("{sum:.0} m"),
    )
}

/// Metres to the nearest of all lines: the foot on a plane that touches at the place, then the
/// great circle to it.
fn nearest_m(lines: &[Vec<LatLng>], place: LatLng) -> f64 {
    let shrink = place.lat.to_radians().cos();
    let mut nearest: Option<(f64, LatLng)> = None;
    for line in lines {
        for ends in line.windows(2) {
            let [a, b] = ends else { continue };
            let (ax, ay) = ((a.lng - place.lng) * shrink, a.lat - place.lat);
            let (dx, dy) = ((b.lng - a.lng) * shrink, b.lat - a.lat);
            let square = dx * dx + dy * dy;
            let t = if square > 0.0 {
                (-(ax * dx + ay * dy) / square).clamp(0.0, 1.0)
            } else {
                0.0
            };
            let (x, y) = (ax + t * dx, ay + t * dy);
            let off = x * x + y * y;
            if nearest.is_none_or(|(best, _)| off < best) {
                let foot = LatLng {
                    lat: a.lat + t * (b.lat - a.lat),
                    lng: a.lng + t * (b.lng - a.lng),
                };
                nearest = Some((off, foot));
            }
        }
    }
    nearest.map_or(f64::INFINITY, |(_, foot)| place.distance_m(foot))
}
