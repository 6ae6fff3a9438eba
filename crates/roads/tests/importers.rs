//! Graph JSON and region TOML: good rows in, bad rows counted, foreign files refused in a sentence.
#![cfg(feature = "import")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests may"
)]

use chongtu_model::LatLng;
use chongtu_roads::{
    GraphError, Metric, RegionError, RoadNetwork, Router, SpeedDefaults, Weighting,
    parse_graph_json, parse_region,
};
use proptest::prelude::*;

fn graph(text: &str) -> Result<(RoadNetwork, chongtu_roads::BuildReport), GraphError> {
    parse_graph_json(text.as_bytes(), &SpeedDefaults::default())
}

#[test]
fn reads_a_graph() {
    let (net, report) = graph(
        r#"{"nodes": [[32.0, 118.0, "AH5@+X1; G40@S22"], [32.0, 118.1], [32.0, 118.2, "G42@E (old)"], [32.1, 118.1, "no at sign"]],
            "edges": [[0, 1, 9.5, 1, "G40/G42"], [1, 2, 9.6, 7, ""], [3, 1, 11.2, 3]], "extra": true}"#,
    )
    .unwrap();
    assert_eq!((net.n_nodes(), net.n_edges()), (4, 3));
    assert_eq!(report.findings, []);
    let mut edges: Vec<(f64, f64, String)> = net
        .edges()
        .map(|e| {
            let kmh = net.class_speeds_kmh()[usize::from(net.edge_class(e))];
            (net.edge_length_m(e), kmh, net.edge_refs(e).join("+"))
        })
        .collect();
    edges.sort_by(|a, b| a.0.total_cmp(&b.0));
    let want = [
        (9_500.0, 120.0, "G40+G42"),
        (9_600.0, 60.0, ""),
        (11_200.0, 80.0, ""),
    ];
    assert_eq!(edges, want.map(|(m, kmh, r)| (m, kmh, r.to_owned())));
    let mut names: Vec<&str> = net
        .nodes()
        .filter_map(|n| net.node_name(n))
        .map(|n| n.text.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["G40 S22", "G42 E (old)"]);
}

#[test]
fn bad_rows_are_dropped_and_named() {
    let (net, report) = graph(
        r#"{"nodes": [[32.0, 118.0], [32.0, 118.1], [132.0, 118.0], ["32", 1], 7],
            "edges": [[0, 1, 9.5, 1, "G1"], [0, 9, 1, 1, ""], [0, 1, 0, 1, ""], [0, 1, -3, 1, ""],
                      [0, 1, "9", 1, ""], [0, 1], null, [0, 2, 5, 1, ""], [1, 1, 5, 1, ""], [-1, 0, 5, 1, ""],
                      [0, 1, 9.5, 0, ""], [0, 1, 9.5, 1, 12], [0, 1, 1e300, 1, ""]]}"#,
    )
    .unwrap();
    assert_eq!((net.n_nodes(), net.n_edges()), (2, 1));
    assert_eq!(report.nodes_read, 5);
    assert_eq!(report.nodes_dropped_malformed, 3);
    assert_eq!(report.edges_read, 13);
    assert_eq!(report.edges_dropped_dangling, 2);
    assert_eq!(report.edges_dropped_bad_length, 3);
    assert_eq!(report.edges_dropped_self_loop, 1);
    assert_eq!(report.edges_dropped_malformed, 6);
    let place = |code: &str| {
        let mut all: Vec<&str> = report
            .findings
            .iter()
            .filter(|f| f.code == code)
            .map(|f| f.place.as_str())
            .collect();
        all.sort_unstable();
        all
    };
    assert_eq!(
        place("malformed_node"),
        ["nodes[2]", "nodes[3]", "nodes[4]"]
    );
    assert_eq!(place("dangling_edge"), ["edges[1]", "edges[7]"]);
    assert_eq!(place("bad_length"), ["edges[12]", "edges[2]", "edges[3]"]);
}

#[test]
fn findings_are_capped_and_counts_are_not() {
    let rows = vec!["[0, 0, 1, 1, \"\"]"; 500].join(",");
    let text = format!(r#"{{"nodes": [[1, 1], [1, 2]], "edges": [[0, 1, 120, 1, ""], {rows}]}}"#);
    let (_, report) = graph(&text).unwrap();
    assert_eq!(report.edges_dropped_self_loop, 500);
    assert_eq!(report.finding_counts["self_loop"], 500);
    assert_eq!(report.findings.len(), 20);
}

#[test]
fn foreign_files_are_refused() {
    let whole = r#"{"nodes": [[1, 1], [1, 2]], "edges": [[0, 1, 120, 1, ""]]}"#;
    assert!(graph(whole).is_ok());
    assert!(
        graph(&format!("\u{feff}{whole}")).is_ok(),
        "a byte-order mark"
    );
    for n in 0..whole.len() {
        assert!(
            matches!(graph(&whole[..n]), Err(GraphError::Truncated { .. })),
            "{n}"
        );
    }
    for foreign in [
        r#"{"type": "FeatureCollection", "features": []}"#,
        "[1, 2]",
        r#"{"nodes": 3, "edges": []}"#,
    ] {
        assert!(
            matches!(graph(foreign), Err(GraphError::NotAGraph { .. })),
            "{foreign}"
        );
    }
    for foreign in ["id,name\n1,2", "<osm/>"] {
        assert!(
            matches!(graph(foreign), Err(GraphError::NotJson { .. })),
            "{foreign}"
        );
    }
    let empty = graph(r#"{"nodes": [[1, 1]], "edges": []}"#);
    assert!(matches!(
        empty,
        Err(GraphError::NoUsableEdge {
            nodes: 1,
            edges: 0,
            ..
        })
    ));
    let binary = parse_graph_json(&[0xff, 0xfe, 0], &SpeedDefaults::default());
    assert!(matches!(binary, Err(GraphError::NotJson { .. })));
}

const REGION: &str = r#"
[region]
id = "sample"
name = { zh = "样", en = "Sample" }
note = { zh = "演示", en = "Demonstration" }

[[node]]
id = "a"
name = { zh = "甲", en = "A" }
lat = 32.0
lng = 118.0
[[node]]
id = "b"
name = { zh = "乙", en = "B" }
lat = 32.0
lng = 118.1
[[node]]
id = "c"
name = { zh = "丙", en = "C" }
lat = 32.0
lng = 118.2
[[node]]
id = "d"
name = { zh = "丁", en = "D" }
lat = 32.0
lng = 118.3

[[road]]
ref = "G1"
name = { zh = "一", en = "One" }
tier = 1
winding = 1.1
path = ["a", "b", "c"]
[[road]]
ref = "S2"
name = { zh = "二", en = "Two" }
tier = 2
winding = 1.0
path = ["d", "c", "b"]
"#;

const PLACES: &str = r#"
[[place]]
id = "town"
name = { zh = "城", en = "Town" }
pinyin = "cheng"
lat = 32.0
lng = 118.25
rank = 2
"#;

#[test]
fn reads_a_region() {
    let (net, report) = parse_region(REGION, Some(PLACES)).unwrap();
    assert_eq!((net.id(), net.demonstration()), ("sample", true));
    assert_eq!(net.name().get(true), "Sample");
    assert_eq!(net.junctions().len(), 4);
    assert_eq!(net.places()[0].name.get(false), "城");
    assert_eq!(net.road_names().len(), 2);
    assert_eq!(report.findings, []);
    // a-b: G1 alone, winding 1.1; b-c: both roads, so the shorter drawing and the better tier;
    // c-d: S2 alone. Nothing contracts.
    let step = LatLng {
        lat: 32.0,
        lng: 118.0,
    }
    .distance_m(LatLng {
        lat: 32.0,
        lng: 118.1,
    });
    let mut got: Vec<(String, u8, f64)> = net
        .edges()
        .map(|e| {
            (
                net.edge_refs(e).join("/"),
                net.edge_class(e),
                net.edge_length_m(e),
            )
        })
        .collect();
    got.sort_by(|x, y| x.0.cmp(&y.0));
    let want = [("G1", 0, step * 1.1), ("G1/S2", 0, step), ("S2", 1, step)];
    assert_eq!(got.len(), 3);
    for (got, want) in got.iter().zip(want) {
        assert_eq!((got.0.as_str(), got.1), (want.0, want.1));
        assert!((got.2 - want.2).abs() < 0.01, "{got:?} {want:?}");
    }
    let w = Weighting::new(&net, None, |_| 100.0);
    let mut router = Router::new(&net);
    let ends = [118.0, 118.3].map(|lng| net.snap(LatLng { lat: 32.0, lng }, 10.0, 1)[0]);
    router.search(&net, &w, Metric::Duration, &ends[0], true, f64::INFINITY);
    let path = router.path_to(&net, &w, &ends[1]).unwrap();
    assert!((path.sums.distance_m - 3.1 * step).abs() < 0.03);
    let refs: Vec<String> = path.refs(&net).into_iter().map(|r| r.0).collect();
    assert_eq!(refs, ["G1", "G1/S2", "S2"]);
}

#[test]
fn mistakes_in_a_region_are_named() {
    let check = |from: &str, to: &str, want: &str| {
        let text = REGION.replacen(from, to, 1);
        assert_ne!(text, REGION, "{from}");
        let error = parse_region(&text, Some(PLACES)).unwrap_err().to_string();
        assert!(error.contains(want), "{error}");
    };
    check(
        r#""d", "c""#,
        r#""x", "c""#,
        "road S2: its path names the node \"x\"",
    );
    check(r#"id = "b""#, r#"id = "a""#, "node \"a\" is there twice");
    check("lat = 32.0", "lat = 92.0", "node \"a\": latitude 92");
    check("lat = 32.0", "lat = nan", "node \"a\": latitude NaN");
    check("winding = 1.1", "winding = 0.5", "road G1: winding 0.5");
    check("tier = 2", "tier = 0", "road S2: tier 0");
    check(
        r#"["d", "c", "b"]"#,
        r#"["d"]"#,
        "road S2: its path has 1 nodes",
    );
    check(
        r#"["d", "c", "b"]"#,
        r#"["d", "d"]"#,
        "road S2: its path goes from \"d\" to itself",
    );
    check("tier = 2", "tier = 2\nlanes = 3", "lanes");
    check("[region]", "[reigon]", "reigon");
    for (from, to, want) in [
        ("rank = 2", "rank = 9", "place \"town\" has rank 9"),
        (
            "lng = 118.25",
            "lng = 518.25",
            "place \"town\": latitude 32, longitude 518.25",
        ),
        ("rank = 2", "", "rank"),
    ] {
        let error = parse_region(REGION, Some(&PLACES.replace(from, to))).unwrap_err();
        assert!(error.to_string().contains(want), "{error}");
    }
    let twice = parse_region(REGION, Some(&PLACES.repeat(2)));
    assert!(matches!(
        twice,
        Err(RegionError::Duplicate { kind: "place", .. })
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Rows of odd numbers and types: never a panic, and every row accounted for.
    #[test]
    fn odd_rows_never_panic(
        nodes in proptest::collection::vec("(\\[-?[1-9][0-9]{0,2}(\\.5)?, ?-?[1-9][0-9]{0,2}(, \"[@;+A-C ]{0,6}\")?\\]|null|\\[\\]|\"x\")", 0..6),
        edges in proptest::collection::vec("\\[[0-6], [0-6], (0|-?[1-9][0-9]{0,4}|1e[0-9]{1,2}|null), (0|[1-9][0-9]{0,2})(, \"[/G1-3]{0,5}\")?\\]", 0..9),
    ) {
        let text = format!(r#"{{"nodes": [{}], "edges": [{}]}}"#, nodes.join(","), edges.join(","));
        let report = match graph(&text) {
            Ok((net, report)) => {
                prop_assert_eq!(RoadNetwork::decode(&net.encode()), Ok(net));
                report
            }
            Err(GraphError::NoUsableEdge { report, .. }) => *report,
            Err(e) => return Err(TestCaseError::fail(e.to_string())),
        };
        prop_assert_eq!(report.nodes_read, nodes.len());
        prop_assert_eq!(report.edges_read, edges.len());
        let dropped = report.edges_dropped_malformed + report.edges_dropped_dangling
            + report.edges_dropped_self_loop + report.edges_dropped_bad_length
            + report.edges_dropped_duplicate;
        prop_assert_eq!(report.edges + report.nodes_contracted + dropped, edges.len());
    }
}
