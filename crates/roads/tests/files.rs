//! `.roads` files: real networks return, damage is an error and never a panic.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests may"
)]

mod common;

use chongtu_model::LatLng;
use chongtu_model::provenance::LocalText;
use chongtu_roads::{
    EdgeInput, Metric, Place, RoadNetwork, RoadNetworkBuilder, RoadsFileError, Router, Weighting,
};
use common::{Seeded, shared_network, wh_per_km};
use proptest::prelude::*;

/// A network that uses every column.
fn rich() -> RoadNetwork {
    let mut builder = RoadNetworkBuilder::new();
    builder.set_id("sample".to_owned());
    builder.set_name(LocalText::both("样", "Sample"));
    builder.set_note(LocalText::plain("演示"));
    builder.set_attribution("nobody".to_owned());
    builder.set_demonstration(true);
    builder.set_class_speeds(vec![120.0, 62.5]);
    let mut random = Seeded(1);
    for i in 0..30 {
        let position = LatLng {
            lat: 30.0 + random.share(),
            lng: 120.0 + random.share(),
        };
        let name = (i % 3 == 0).then(|| LocalText::plain(format!("n{i}")));
        builder.add_node(position, name);
        builder.add_junction(LocalText::plain(format!("j{i}")), position);
    }
    for i in 0..45u32 {
        builder.add_edge(EdgeInput {
            a: random.below(30) as u32,
            b: random.below(30) as u32,
            length_m: 200_000.0 * random.share(),
            class: (i % 2) as u8,
            refs: vec![format!("G{}", i % 4), format!("S{}", i % 3)],
            shape: (0..i % 4)
                .map(|_| LatLng {
                    lat: 30.0 + random.share(),
                    lng: 120.0 + random.share(),
                })
                .collect(),
            oneway: i % 5 == 0,
        });
    }
    builder.add_road_name("G1".to_owned(), LocalText::both("一", "One"));
    builder.add_place(Place {
        id: "p".to_owned(),
        name: LocalText::both("地", "Place"),
        pinyin: Some("di".to_owned()),
        position: LatLng {
            lat: 30.123_456_78,
            lng: 120.5,
        },
        rank: 2,
        city: None,
    });
    builder.build().0
}

/// Uses everything a query uses. Must not panic on any network that decodes.
fn exercise(net: &RoadNetwork) {
    let w = Weighting::new(net, Some(100.0), wh_per_km);
    let mut router = Router::new(net);
    let places = [
        LatLng {
            lat: 30.5,
            lng: 120.5,
        },
        LatLng {
            lat: 30.1,
            lng: 120.9,
        },
    ];
    let snaps: Vec<_> = places.iter().flat_map(|&p| net.snap(p, 1e7, 4)).collect();
    for from in &snaps {
        router.search(net, &w, Metric::Energy, from, true, f64::INFINITY);
        for to in &snaps {
            if let Some(path) = router.path_to(net, &w, to) {
                path.geometry(net);
                path.profile(net, &w);
                path.refs(net);
            }
        }
    }
    for edge in net.edges() {
        net.edge_shape(edge);
        net.edge_refs(edge);
    }
    assert!(net.nodes().all(|n| net.node_position(n).lat.abs() <= 90.0));
}

#[test]
fn real_networks_return() {
    for name in [
        "jiangsu_graph.json",
        "yangtze_delta_graph.json",
        "china_expressways_graph.json",
        "germany_graph.json",
    ] {
        let Some((net, report)) = shared_network(name) else {
            return;
        };
        let bytes = net.encode();
        println!(
            "{name}: {} bytes, {:.1} an edge read",
            bytes.len(),
            bytes.len() as f64 / report.edges_read as f64
        );
        assert_eq!(RoadNetwork::decode(&bytes).unwrap(), net);
        assert_eq!(shared_network(name).unwrap().0.encode(), bytes);
    }
}

#[test]
fn every_column_returns() {
    let net = rich();
    assert!(net.edges().any(|e| net.edge_oneway(e)));
    assert!(
        net.edges()
            .any(|e| net.edge_oneway(e) && net.edge_endpoints(e).0 > net.edge_endpoints(e).1)
    );
    let back = RoadNetwork::decode(&net.encode()).unwrap();
    assert_eq!(back, net);
    assert_eq!(back.name().get(true), "Sample");
    assert_eq!(back.note().map(|n| n.text.as_str()), Some("演示"));
    assert_eq!(
        (back.id(), back.attribution(), back.demonstration()),
        ("sample", "nobody", true)
    );
    assert_eq!(back.places()[0].position.lat, 30.123_457);
    assert_eq!(back.junctions().len(), 30);
    assert_eq!(back.road_names()[0].0, "G1");
    assert!(
        back.nodes()
            .any(|n| back.node_name(n).is_some_and(|t| t.text.starts_with('n')))
    );
    exercise(&back);
}

#[test]
fn every_truncation_is_an_error() {
    let bytes = rich().encode();
    for n in 0..bytes.len() {
        let got = RoadNetwork::decode(&bytes[..n]);
        match n {
            0..8 => assert_eq!(got, Err(RoadsFileError::NotRoads)),
            _ => assert!(
                matches!(got, Err(RoadsFileError::Truncated { .. })),
                "{n}: {got:?}"
            ),
        }
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(RoadNetwork::decode(&longer), Err(RoadsFileError::Damaged));
    let mut newer = bytes;
    newer[8] = 9;
    assert_eq!(
        RoadNetwork::decode(&newer),
        Err(RoadsFileError::Version { found: 9 })
    );
    assert_eq!(
        RoadNetwork::decode(b"{\"nodes\":[]}"),
        Err(RoadsFileError::NotRoads)
    );
}

/// FNV-1a as published, to give damaged content a fitting hash.
fn resign(bytes: &mut [u8]) {
    let length = (bytes.len() - 26) as u64;
    bytes[10..18].copy_from_slice(&length.to_le_bytes());
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for &b in &bytes[26..] {
        hash = (hash ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    bytes[18..26].copy_from_slice(&hash.to_le_bytes());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_flipped_bit_is_an_error(at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let mut bytes = rich().encode();
        let i = at.index(bytes.len());
        bytes[i] ^= 1 << bit;
        prop_assert!(RoadNetwork::decode(&bytes).is_err());
    }

    #[test]
    fn damage_under_a_fitting_hash_never_panics(
        hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in proptest::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = rich().encode();
        if let Some(cut) = cut {
            bytes.truncate(26 + cut.index(bytes.len() - 26));
        }
        for (at, value) in hits {
            if bytes.len() > 26 {
                let i = 26 + at.index(bytes.len() - 26);
                bytes[i] = value;
            }
        }
        resign(&mut bytes);
        if let Ok(net) = RoadNetwork::decode(&bytes) {
            exercise(&net);
            // What decodes is a network like any other.
            prop_assert_eq!(RoadNetwork::decode(&net.encode()), Ok(net));
        }
    }

    #[test]
    fn any_bytes_under_a_fitting_hash_never_panic(payload in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = b"CTROADS\0\x01\0".to_vec();
        bytes.extend([0; 16]);
        bytes.extend(payload);
        resign(&mut bytes);
        if let Ok(net) = RoadNetwork::decode(&bytes) {
            exercise(&net);
        }
    }
}
