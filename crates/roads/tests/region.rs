//! The demonstration region, written by hand, against the real expressways.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests may"
)]

mod common;

use chongtu_model::LatLng;
use chongtu_roads::{Metric, RoadNetwork, Router, Weighting, parse_region};
use common::shared_network;
use std::collections::{BTreeMap, BTreeSet};

const ROADS: &str = include_str!("../../../data/yangtze/roads.toml");
const PLACES: &str = include_str!("../../../data/yangtze/places.toml");

fn region() -> RoadNetwork {
    let (network, report) = parse_region(ROADS, Some(PLACES)).expect("our own region");
    assert!(report.nodes_read >= 120, "{} nodes", report.nodes_read);
    assert_eq!(report.components, 1, "every place can be driven to");
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    network
}

fn place(network: &RoadNetwork, id: &str) -> LatLng {
    network
        .places()
        .iter()
        .find(|p| p.id == id)
        .unwrap_or_else(|| panic!("no place {id}"))
        .position
}

#[test]
fn every_city_of_the_issue_is_there() {
    let network = region();
    for city in [
        "nanjing",
        "suzhou",
        "wuxi",
        "changzhou",
        "zhenjiang",
        "yangzhou",
        "taizhou",
        "nantong",
        "yancheng",
        "huaian",
        "suqian",
        "xuzhou",
        "lianyungang",
        "shanghai",
        "hefei",
        "hangzhou",
    ] {
        let at = place(&network, city);
        let snap = network.snap(at, 10_000.0, 1);
        assert!(
            !snap.is_empty(),
            "{city} is farther than 10 km from any road"
        );
    }
    assert!(
        network.demonstration(),
        "it says that it is a demonstration"
    );
}

#[test]
fn the_expressways_of_the_nanjing_plan_are_there_and_the_ring_is_closed() {
    let source: toml::Table = ROADS.parse().expect("TOML");
    let mut paths: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for road in source["road"].as_array().expect("roads") {
        if let Some(reference) = road.get("ref").and_then(toml::Value::as_str) {
            let path = road["path"].as_array().expect("a path");
            paths
                .entry(reference)
                .or_default()
                .push(path.iter().filter_map(toml::Value::as_str).collect());
        }
    }
    for reference in ["G25", "G40", "G4211", "G36", "G2503"] {
        let nodes: BTreeSet<_> = paths
            .get(reference)
            .into_iter()
            .flatten()
            .flatten()
            .collect();
        assert!(nodes.len() >= 4, "{reference} has {} nodes", nodes.len());
    }
    let ring = &paths["G2503"][0];
    assert_eq!(ring.first(), ring.last(), "the ring is closed");
}

#[test]
fn junctions_of_expressways_lie_near_the_real_ones() {
    let Some((real, _)) = shared_network("yangtze_delta_graph.json") else {
        return;
    };
    let source: toml::Table = ROADS.parse().expect("TOML");
    let mut on_expressways = BTreeSet::new();
    for road in source["road"].as_array().expect("roads") {
        if road["tier"].as_integer() == Some(1) {
            on_expressways.extend(
                road["path"]
                    .as_array()
                    .expect("a path")
                    .iter()
                    .filter_map(toml::Value::as_str),
            );
        }
    }
    let mut checked = 0;
    for node in source["node"].as_array().expect("nodes") {
        let id = node["id"].as_str().expect("an id");
        if on_expressways.contains(id) {
            let degrees = |key: &str| {
                node[key]
                    .as_float()
                    .or(node[key].as_integer().map(|i| i as f64))
                    .expect("a number")
            };
            let at = LatLng::new(degrees("lat"), degrees("lng")).expect("a position");
            assert!(
                !real.snap(at, 10_000.0, 1).is_empty(),
                "{id} is farther than 10 km from any expressway"
            );
            checked += 1;
        }
    }
    assert!(checked >= 100, "{checked} junctions checked");
}

/// Kilometres by the shortest way between two places, the way to and from the road counted straight.
fn km(network: &RoadNetwork, from: LatLng, to: LatLng) -> f64 {
    // Under a cap that every road allows the fastest way is the shortest.
    let weighting = Weighting::new(network, Some(10.0), |_| 1.0);
    let start = network.snap(from, 30_000.0, 1)[0];
    let end = network.snap(to, 30_000.0, 1)[0];
    let mut router = Router::new(network);
    router.search(
        network,
        &weighting,
        Metric::Duration,
        &start,
        true,
        f64::INFINITY,
    );
    let sums = router.to(network, &weighting, &end).expect("a way");
    (sums.distance_m + start.distance_m + end.distance_m) / 1000.0
}

#[test]
fn distances_from_nanjing_are_those_of_the_real_roads() {
    let Some((real, _)) = shared_network("yangtze_delta_graph.json") else {
        return;
    };
    let ours = region();
    let nanjing = place(&ours, "nanjing");
    for city in ["shanghai", "suzhou", "hefei", "xuzhou", "hangzhou"] {
        let to = place(&ours, city);
        let (have, want) = (km(&ours, nanjing, to), km(&real, nanjing, to));
        println!("Nanjing to {city}: {have:.0} km, on the real roads {want:.0} km");
        assert!(
            (have / want - 1.0).abs() < 0.08,
            "{city}: {have} km instead of {want}"
        );
    }
}

#[test]
fn every_place_can_be_driven_to() {
    let network = region();
    let far: Vec<String> = network
        .places()
        .iter()
        .filter(|p| network.snap(p.position, 15_000.0, 1).is_empty())
        .map(|p| {
            let near = network.snap(p.position, 100_000.0, 1);
            format!(
                "{} ({:.0} km)",
                p.id,
                near.first().map_or(f64::NAN, |s| s.distance_m / 1000.0)
            )
        })
        .collect();
    assert!(far.is_empty(), "farther than 15 km from any road: {far:?}");
}
