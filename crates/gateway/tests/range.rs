//! Parts of files, as archives of tiles are read: which bytes come, and when the whole comes instead.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers too"
)]

mod common;

use axum::http::{Method, StatusCode};
use chongtu_gateway::{ServeOptions, app_router};
use common::{Answer, Folder, ask, get};
use std::fs;

const PATH: &str = "/data/yangtze/base.pmtiles";

/// Every byte differs from its neighbours, so that a part says where it is from.
fn archive() -> String {
    let numbers: Vec<String> = (0..1000_u32).map(|n| format!("{n:03}")).collect();
    numbers.concat()
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write(&format!("app{PATH}"), &archive());
    folder
}

async fn ranged(folder: &Folder, path: &str, headers: &[(&str, &str)]) -> Answer {
    ask(&folder.router(), Method::GET, path, headers).await
}

#[tokio::test]
async fn a_range_is_exactly_its_bytes() {
    let folder = folder();
    let whole = get(&folder.router(), PATH).await;
    assert_eq!(
        (whole.status, whole.body.as_str()),
        (StatusCode::OK, archive().as_str())
    );
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert_eq!(whole.header("content-type"), "application/vnd.pmtiles");
    assert_eq!(whole.header("content-range"), "");
    for (range, first, last) in [
        ("bytes=0-0", 0, 0),
        ("bytes=0-126", 0, 126),
        ("bytes=127-2999", 127, 2999),
        ("bytes=2000-", 2000, 2999),
        ("bytes=-5", 2995, 2999),
        ("bytes=0-16383", 0, 2999),
    ] {
        let part = ranged(&folder, PATH, &[("range", range)]).await;
        assert_eq!(part.status, StatusCode::PARTIAL_CONTENT, "{range}");
        assert_eq!(part.body, archive()[first..=last], "{range}");
        assert_eq!(
            part.header("content-range"),
            format!("bytes {first}-{last}/3000"),
            "{range}"
        );
        assert_eq!(
            part.header("content-length"),
            (last - first + 1).to_string(),
            "{range}"
        );
        for name in [
            "etag",
            "cache-control",
            "content-type",
            "vary",
            "accept-ranges",
            "content-security-policy",
        ] {
            assert_eq!(part.header(name), whole.header(name), "{range}: {name}");
        }
    }
}

#[tokio::test]
async fn parts_put_together_are_the_file() {
    let folder = folder();
    for step in [1, 7, 1024, 2999, 3000] {
        let mut joined = String::new();
        while joined.len() < 3000 {
            let range = format!("bytes={}-{}", joined.len(), joined.len() + step - 1);
            joined += &ranged(&folder, PATH, &[("range", &range)]).await.body;
        }
        assert!(joined == archive(), "in steps of {step}");
    }
}

#[tokio::test]
async fn a_range_after_the_end_is_refused_with_the_length() {
    let folder = folder();
    folder.write("app/empty.pmtiles", "");
    for (path, range, said) in [
        (PATH, "bytes=3000-", "bytes */3000"),
        (PATH, "bytes=4000-5000", "bytes */3000"),
        (PATH, "bytes=-0", "bytes */3000"),
        ("/empty.pmtiles", "bytes=0-16383", "bytes */0"),
    ] {
        let answer = ranged(&folder, path, &[("range", range)]).await;
        assert_eq!(answer.status, StatusCode::RANGE_NOT_SATISFIABLE, "{range}");
        assert_eq!(answer.header("content-range"), said, "{range}");
        assert!(!answer.body.contains("998999"), "{range}");
    }
}

#[tokio::test]
async fn what_is_no_single_range_gets_the_whole() {
    let folder = folder();
    for range in ["bytes=0-1,5-6", "rows=0-1", "bytes=5-1", "bytes=x", ""] {
        let answer = ranged(&folder, PATH, &[("range", range)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{range:?}");
        assert!(answer.body == archive(), "{range:?}");
    }
    let head = ask(
        &folder.router(),
        Method::HEAD,
        PATH,
        &[("range", "bytes=0-1")],
    )
    .await;
    assert_eq!(
        (head.status, head.header("content-length")),
        (StatusCode::OK, "3000")
    );
    let missing = ranged(&folder, "/none.pmtiles", &[("range", "bytes=0-1")]).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_range_of_an_older_file_gets_the_whole_new_one() {
    let folder = folder();
    let tag = get(&folder.router(), PATH).await.header("etag").to_owned();
    let range = ("range", "bytes=3-5");
    let status = async |if_range: &str| {
        ranged(&folder, PATH, &[range, ("if-range", if_range)])
            .await
            .status
    };
    assert_eq!(status(&tag).await, StatusCode::PARTIAL_CONTENT);
    for other in [
        "\"x\"",
        "",
        &format!("W/{tag}"), // weakly the same is not the same bytes
        "Wed, 21 Oct 2015 07:28:00 GMT",
    ] {
        assert_eq!(status(other).await, StatusCode::OK, "{other:?}");
    }
    folder.write(&format!("app{PATH}"), &archive().replace("001", "xyz"));
    assert_eq!(
        status(&tag).await,
        StatusCode::OK,
        "written again meanwhile"
    );

    let fresh = get(&folder.router(), PATH).await.header("etag").to_owned();
    assert_ne!(fresh, tag);
    let known = ranged(&folder, PATH, &[range, ("if-none-match", &fresh)]).await;
    assert_eq!(
        known.status,
        StatusCode::NOT_MODIFIED,
        "asked before the range"
    );
}

#[tokio::test]
async fn compressed_forms_go_out_whole() {
    let folder = folder();
    let path = "/app-0123456789abcdef.js";
    for (accept, status, encoding, ranges, body) in [
        ("br", StatusCode::OK, "br", "", "brotli script"),
        ("gzip", StatusCode::OK, "gzip", "", "gzip script"),
        ("identity", StatusCode::PARTIAL_CONTENT, "", "bytes", "lain"),
        ("", StatusCode::PARTIAL_CONTENT, "", "bytes", "lain"),
    ] {
        let headers = [("accept-encoding", accept), ("range", "bytes=1-4")];
        let answer = ranged(&folder, path, &headers).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (status, body),
            "{accept:?}"
        );
        assert_eq!(answer.header("content-encoding"), encoding, "{accept:?}");
        assert_eq!(answer.header("accept-ranges"), ranges, "{accept:?}");
    }
}

/// Tagged without reading it, but no less exactly.
#[tokio::test]
async fn a_very_large_file_has_a_tag_and_ranges() {
    let folder = folder();
    let path = folder.app().join("large.pmtiles");
    let size = (64 << 20) + 1;
    let sized = |len: u64| {
        fs::File::create(&path).unwrap().set_len(len).unwrap(); // sparse: costs no room
    };
    sized(size);
    let ask_end = async || ranged(&folder, "/large.pmtiles", &[("range", "bytes=-2")]).await;
    let first = ask_end().await;
    assert_eq!(
        (first.status, first.body.as_str()),
        (StatusCode::PARTIAL_CONTENT, "\0\0")
    );
    let last = size - 1;
    assert_eq!(
        first.header("content-range"),
        format!("bytes {}-{last}/{size}", last - 1)
    );
    assert_eq!(ask_end().await.header("etag"), first.header("etag"));
    sized(size + 1);
    assert_ne!(ask_end().await.header("etag"), first.header("etag"));
}

#[tokio::test]
async fn the_page_may_load_its_base_map_from_named_origins_only() {
    let folder = folder();
    let options = ServeOptions {
        base_map_origins: vec![
            "https://tiles.example".to_owned(),
            "http://[::1]:81".to_owned(),
        ],
        ..folder.options()
    };
    let page = get(&app_router(&options).unwrap(), "/").await;
    let mut found = 0;
    for directive in page.header("content-security-policy").split("; ") {
        let (name, sources) = directive.split_once(' ').unwrap();
        let expected = match name {
            "connect-src" => "'self' https://tiles.example http://[::1]:81",
            "img-src" => "'self' data: https://tiles.example http://[::1]:81",
            _ => {
                assert!(!sources.contains("tiles.example"), "{directive}");
                continue;
            }
        };
        assert_eq!(sources, expected);
        found += 1;
    }
    assert_eq!(found, 2);
    let star = ServeOptions {
        base_map_origins: vec!["https://*.example".to_owned()],
        ..folder.options()
    };
    let error = app_router(&star).unwrap_err().to_string();
    assert!(error.contains("--base-map-origin"), "{error}");
}
