//! `import`, `roads` and `info`, from files and addresses.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests: a helper that fails is a test that fails"
)]

mod common;

use common::{check_one_sentence, folder, program, project, run_args, run_command, shared};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

fn site(id: i32, lng: f64) -> Value {
    json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [lng, 32.0]}, "properties": {"id": id, "name": format!("Site {id}")}})
}

fn collection(features: &[Value]) -> String {
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

#[test]
fn the_region_becomes_the_same_bytes_every_time() {
    let folder = folder("region");
    let path = |name: &str| folder.join(name).display().to_string();
    {
        let (one, other) = ("a.locations", "b.locations");
        for out in [one, other] {
            let run = run_args(&[
                "import",
                &project("data/yangtze/locations.toml"),
                "--out",
                &path(out),
            ]);
            assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.words);
        }
        assert_eq!(fs::read(path(one)).unwrap(), fs::read(path(other)).unwrap());
    }
    let info = run_args(&["info", &path("a.locations")]).json();
    assert!(info["locations"].as_u64().unwrap() >= 120);
    assert_eq!(info["demonstration"], true);
    assert_eq!(info["sources"][0]["id"], "demo");
    // Straight from the source, without a file in between.
    assert_eq!(
        run_args(&["info", &project("data/yangtze/locations.toml")]).json(),
        info
    );

    for out in ["a.roads", "b.roads"] {
        let run = run_args(&[
            "roads",
            &project("data/yangtze/roads.toml"),
            "--out",
            &path(out),
            "--json",
        ]);
        assert_eq!(run.code, 0, "{}", run.words);
        let report = run.json();
        assert!(report["nodes_read"].as_u64().unwrap() >= 120);
        assert!(
            report["places"].as_u64().unwrap() > 0,
            "places.toml beside it is read"
        );
    }
    assert_eq!(
        fs::read(path("a.roads")).unwrap(),
        fs::read(path("b.roads")).unwrap()
    );
    let info = run_args(&["info", &path("a.roads")]).json();
    assert_eq!(
        (&info["kind"], &info["id"], &info["demonstration"]),
        (&json!("roads"), &json!("yangtze"), &json!(true))
    );
    let bounds: Vec<f64> = info["bounds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap())
        .collect();
    // Nanjing lies within [west, south, east, north].
    assert!(
        bounds[0] < 118.8 && 118.8 < bounds[2] && bounds[1] < 32.06 && 32.06 < bounds[3],
        "{bounds:?}"
    );
}

#[test]
fn the_report_accounts_for_every_row() {
    let folder = folder("report");
    let path = |name: &str| folder.join(name).display().to_string();
    let mut bad = site(3, 118.0);
    bad["geometry"]["coordinates"] = json!([32.0, 118.0]);
    let mut slow = site(4, 118.0);
    slow["properties"]["power_kw"] = json!(-7);
    fs::write(
        path("my sites.geojson"),
        collection(&[site(1, 118.0), site(1, 118.0), bad, slow, site(5, 13.4)]),
    )
    .unwrap();
    let args = [
        "import",
        &path("my sites.geojson"),
        "--out",
        &path("x.locations"),
        "--report",
        &path("r.json"),
        "--assume-connector",
        "gbt-dc",
        "--assume-power-kw",
        "60",
    ];
    let run = run_args(&args);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.words);
    assert!(
        run.words.contains("5 records: 3 locations"),
        "{}",
        run.words
    );
    assert!(
        run.words.contains("row 4 (id 4): power_kw = -7"),
        "{}",
        run.words
    );
    let report: Value = serde_json::from_slice(&fs::read(path("r.json")).unwrap()).unwrap();
    for (key, expected) in [
        ("schema", json!(1)),
        ("feed", json!("geojson")),
        ("records", json!(5)),
        ("locations", json!(3)),
        ("dropped", json!(2)),
        (
            "dropped_by_code",
            json!({"record_repeated": 1, "position_swapped": 1}),
        ),
        (
            "summary",
            json!({"record_repeated": 1, "position_swapped": 1, "power_out_of_range": 1}),
        ),
        ("power_assumed", json!(3)),
        ("connector_assumed", json!(3)),
    ] {
        assert_eq!(report[key], expected, "{key}");
    }
    let swapped = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["code"] == "position_swapped")
        .unwrap();
    assert_eq!(
        (&swapped["severity"], &swapped["row"]),
        (&json!("error"), &json!(3))
    );
    assert!(
        swapped["suggestion"]
            .as_str()
            .unwrap()
            .contains("longitude")
    );
    // The same on standard output.
    let printed = run_args(&[&args[..], &["--json"]].concat()).json();
    assert_eq!(printed, report);
}

#[test]
fn several_inputs_are_several_sources() {
    let folder = folder("several");
    let path = |name: &str| folder.join(name).display().to_string();
    fs::write(path("a.geojson"), collection(&[site(1, 118.0)])).unwrap();
    fs::write(path("b.json"), collection(&[site(1, 119.0)])).unwrap();
    let region = project("data/yangtze/locations.toml");
    let run = run_args(&[
        "import",
        &path("a.geojson"),
        &path("b.json"),
        &region,
        "--out",
        &path("x.locations"),
        "--json",
    ]);
    assert_eq!(run.code, 0, "{}", run.words);
    let report = run.json();
    assert_eq!(report["feed"], "mixed");
    let sources: Vec<&str> = report["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| i["source"].as_str().unwrap())
        .collect();
    assert_eq!(sources, ["a", "b", "demo"]);
    let info = run_args(&["info", &path("x.locations")]).json();
    let counts: Vec<u64> = info["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["locations"].as_u64().unwrap())
        .collect();
    assert_eq!(counts[..2], [1, 1]);
    assert_eq!(
        counts.iter().sum::<u64>(),
        info["locations"].as_u64().unwrap()
    );
}

#[test]
fn files_of_one_name_stay_apart() {
    let folder = folder("same-name");
    let path = |name: &str| folder.join(name).display().to_string();
    fs::create_dir(folder.join("b")).unwrap();
    fs::write(path("x.geojson"), collection(&[site(1, 118.0)])).unwrap();
    fs::write(path("b/x.geojson"), collection(&[site(1, 119.0)])).unwrap();
    let (one, other, out) = (path("x.geojson"), path("b/x.geojson"), path("x.locations"));
    let report = run_args(&["import", &one, &other, "--out", &out, "--json"]).json();
    assert_eq!(
        (&report["locations"], &report["dropped"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(report["inputs"][1]["source"], "x-2");
}

#[test]
fn unreadable_inputs_get_one_sentence() {
    let folder = folder("unreadable");
    let path = |name: &str| folder.join(name).display().to_string();
    let out = path("out.bin");
    let file = |name: &str, content: &[u8]| {
        fs::write(path(name), content).unwrap();
        path(name)
    };
    let whole = collection(&[site(1, 118.0), site(2, 118.0)]);
    let import =
        |input: &str, parts: &[&str]| check_one_sentence(&["import", input, "--out", &out], parts);
    import(&path("absent.geojson"), &["absent.geojson", "no such file"]);
    import(&folder.display().to_string(), &["folder"]);
    import(&file("empty.geojson", b""), &["empty.geojson", "empty"]);
    import(
        &file("cut.geojson", &whole.as_bytes()[..whole.len() / 2]),
        &["cut.geojson", "truncated", "line 1"],
    );
    import(
        &file("page.geojson", b"<!doctype html><html></html>"),
        &["page.geojson", "web page"],
    );
    import(
        &file("graph.json", br#"{"nodes":[],"edges":[]}"#),
        &["road graph", "chongtu roads"],
    );
    import(&file("photo.geojson", b"\x89PNG\r\n"), &["picture"]);
    import(&file("list.json", b"[1,2]"), &["list.json", "list"]);
    import(
        &file("feed.json", br#"{"data":[],"status_code":1000}"#),
        &["OCPI", "not read yet"],
    );
    import(
        &file("map.osm", b"<?xml version='1.0'?><osm/>"),
        &["OpenStreetMap", "not read yet"],
    );
    import(&file("table.csv", b"a,b\n"), &["CSV", "not read yet"]);
    import(
        &file("none.geojson", collection(&[]).as_bytes()),
        &["none.geojson", "no location"],
    );
    import(
        &file("sea.geojson", collection(&[json!(5)]).as_bytes()),
        &["all 1 records dropped", "not_a_feature 1"],
    );
    import(
        &file("bad.toml", b"[[location]]\nid = 5\n"),
        &["operators.toml", "no such file"],
    );
    file("operators.toml", b"");
    import(
        &file("bad.toml", b"[[location]]\nid = 5\n"),
        &["bad.toml", "locations.toml", "line 2"],
    );
    let roads =
        |input: &str, parts: &[&str]| check_one_sentence(&["roads", input, "--out", &out], parts);
    roads(&path("absent.json"), &["absent.json", "no such file"]);
    roads(
        &file("cut.json", br#"{"nodes":[[32.0,118.0,""#),
        &["cut.json", "truncated"],
    );
    roads(
        &file("g.json", whole.as_bytes()),
        &["GeoJSON", "--locations"],
    );
    roads(
        &file("m.osm.pbf", b"\0\0\0\x0d\n\x09OSMHeader"),
        &["OpenStreetMap", "not read yet"],
    );
    roads(&file("empty.json", b""), &["empty"]);
    roads(&file("p.json", b"<html>"), &["web page"]);
    for feed in ["csv", "ocpi", "tcec", "ocm", "osm", "irve", "bnetza"] {
        check_one_sentence(
            &["import", "x", "--feed", feed, "--out", &out],
            &[feed, "not read yet"],
        );
    }
    check_one_sentence(
        &["roads", "x", "--format", "osm-pbf", "--out", &out],
        &["osm-pbf", "not read yet"],
    );
    check_one_sentence(
        &[
            "import",
            &file("a.geojson", whole.as_bytes()),
            "--mapping",
            &file("m.toml", b"[fields]\npower = \"x\"\n"),
            "--out",
            &out,
        ],
        &["m.toml", "line 2", "power"],
    );
    check_one_sentence(
        &[
            "import",
            &path("a.geojson"),
            "--out",
            &path("no/such/folder/x"),
        ],
        &["cannot write", "no/such/folder"],
    );
    assert!(!std::path::Path::new(&out).exists(), "nothing was written");
}

#[test]
fn damaged_built_files_are_named() {
    let folder = folder("damaged");
    let path = |name: &str| folder.join(name).display().to_string();
    assert_eq!(
        run_args(&[
            "import",
            &project("data/yangtze/locations.toml"),
            "--out",
            &path("x.locations")
        ])
        .code,
        0
    );
    assert_eq!(
        run_args(&[
            "roads",
            &project("data/yangtze/roads.toml"),
            "--out",
            &path("x.roads")
        ])
        .code,
        0
    );
    for name in ["x.locations", "x.roads"] {
        let whole = fs::read(path(name)).unwrap();
        let mut flipped = whole.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 0x40;
        for (what, bytes) in [
            ("cut", &whole[..whole.len() - 9]),
            ("head", &whole[..10]),
            ("flipped", &flipped[..]),
        ] {
            let file = path(&format!("{what}-{name}"));
            fs::write(&file, bytes).unwrap();
            check_one_sentence(&["info", &file], &[&file]);
        }
    }
    check_one_sentence(
        &["import", &path("x.locations"), "--out", &path("y")],
        &["already"],
    );
}

/// Answers requests one after the other: status line with body, and gives the requests' heads.
fn serve_once(
    answers: Vec<(&'static str, String)>,
) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let mut heads = Vec::new();
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if line.trim().is_empty() {
                    break;
                }
                head.push_str(&line);
            }
            heads.push(head);
            write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
        }
        heads
    });
    (address, server)
}

#[test]
fn addresses_are_fetched_with_their_token() {
    let folder = folder("address");
    let out = folder.join("x.locations").display().to_string();
    let body = collection(&[site(1, 118.0)]);
    let (address, server) = serve_once(vec![
        ("200 OK", body.clone()),
        ("200 OK", body),
        ("401 Unauthorized", String::new()),
        ("404 Not Found", String::new()),
        ("200 OK", "<html>log in</html>".to_owned()),
    ]);
    let url = format!("{address}/feeds/sites.geojson?key=s3cret");
    let run = |token: &str| {
        let args = [
            "import",
            &url,
            "--token-env",
            "TEST_TOKEN",
            "--out",
            &out,
            "--json",
        ];
        run_command(program().args(args).env("TEST_TOKEN", token))
    };
    let first = run("abc");
    assert_eq!(first.code, 0, "{}", first.words);
    let report = first.json();
    assert_eq!(report["inputs"][0]["source"], "sites");
    assert!(
        !first.out.contains("s3cret") && !first.words.contains("s3cret"),
        "no secret is shown"
    );
    assert_eq!(run("Token abc").code, 0);
    for part in ["--token-env", "404", "web page"] {
        let refused = run("abc");
        assert_eq!(refused.code, 2);
        assert!(
            refused.words.contains(part) && !refused.words.contains("s3cret"),
            "{}",
            refused.words
        );
    }
    let heads = server.join().unwrap();
    assert!(
        heads[0]
            .to_lowercase()
            .contains("authorization: bearer abc"),
        "{}",
        heads[0]
    );
    assert!(
        heads[1].to_lowercase().contains("authorization: token abc"),
        "{}",
        heads[1]
    );
    check_one_sentence(
        &[
            "import",
            "http://127.0.0.1:1/x",
            "--token-env",
            "TEST_TOKEN_THAT_IS_NOT_SET",
            "--out",
            &out,
        ],
        &["TEST_TOKEN_THAT_IS_NOT_SET"],
    );
}

#[test]
fn real_data_in_full() {
    let folder = folder("real");
    let out = folder.join("x.locations").display().to_string();
    // Rows, and rows with stalls and kW given: data/README.md of the shared folder.
    for (file, rows, superchargers) in [
        ("yangtze_delta_chargers_wgs84", 665, 255),
        ("china_chargers_wgs84", 1254, 842),
    ] {
        let Some(path) = shared(&format!("locations/{file}.geojson")) else {
            return;
        };
        let run = run_args(&["import", &path, "--out", &out, "--json"]);
        assert_eq!(run.code, 0, "{}", run.words);
        let report = run.json();
        let n = |key: &str| report[key].as_u64().unwrap();
        assert_eq!(n("records"), rows);
        assert_eq!(n("locations") + n("dropped"), rows);
        assert_eq!(
            n("locations") - n("stalls_unknown"),
            superchargers,
            "every row with stalls is kept"
        );
        assert_eq!(n("connector_unknown"), n("locations"));
    }
    let Some(path) = shared("roads/china_expressways_graph.json") else {
        return;
    };
    let roads = folder.join("x.roads").display().to_string();
    let report = run_args(&["roads", &path, "--out", &roads, "--json"]).json();
    for (key, expected) in [
        ("nodes_read", 19_718),
        ("edges_read", 20_335),
        ("components", 10),
        ("largest_component_nodes", 19_168),
    ] {
        assert_eq!(report[key], expected, "{key}");
    }
}
