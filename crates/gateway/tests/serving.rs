//! The served app, asked in process: what a browser, a cache, a portal and an attacker get.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers too"
)]

mod common;

use axum::http::{Method, StatusCode};
use chongtu_gateway::{ServeError, ServeOptions, app_router};
use common::{Folder, INDEX, ask, get};
use std::{fs, path::Path};

#[tokio::test]
async fn every_route_is_the_page() {
    let folder = Folder::new();
    let router = folder.router();
    for path in [
        "/",
        "/location?id=a%2Fb.c",
        "/plan",
        "/me",
        "/index.html",
        "/%E5%85%85",
    ] {
        let answer = get(&router, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.body, INDEX, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
        assert_eq!(
            answer.header("content-length"),
            INDEX.len().to_string(),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_in_words() {
    let folder = Folder::new();
    let router = folder.router();
    for path in [
        "/app.js",
        "/a/b",
        "/plan/",
        "/data/yangtze",
        "/data/yangtze/none.json",
        "/app-0123456789abcdef.js.br",
    ] {
        let answer = get(&router, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            answer.body.contains("nothing is at this address"),
            "{path}: {}",
            answer.body
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_gets_out() {
    let folder = Folder::new();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.0.join("outside.txt"), folder.app().join("link.txt"))
            .unwrap();
        std::os::unix::fs::symlink(&folder.0, folder.app().join("up")).unwrap();
    }
    let router = folder.router();
    for path in [
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/%2e%2e%2foutside.txt",
        "/data/../../outside.txt",
        "/data/%2e%2e/%2e%2e/outside.txt",
        "/data%2f..%2f..%2foutside.txt",
        "/..%5coutside.txt",
        "//outside.txt",
        "/app-0123456789abcdef.js%00",
        "/%00",
        "/link.txt",
        "/up/outside.txt",
        "/.secret.json",
        "/%2esecret.json",
    ] {
        let answer = get(&router, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            !answer.body.contains("outside\n") && answer.body != "outside",
            "{path}"
        );
    }
    let long = get(&router, &format!("/{}.js", "x".repeat(4000))).await;
    assert_eq!(
        long.status,
        StatusCode::NOT_FOUND,
        "a name longer than a file's may be"
    );
}

#[tokio::test]
async fn the_best_stored_encoding_is_sent() {
    let folder = Folder::new();
    let router = folder.router();
    let path = "/app-0123456789abcdef.js";
    let mut tags = Vec::new();
    for (accept, encoding, body) in [
        ("gzip, deflate, br", "br", "brotli script"),
        ("gzip", "gzip", "gzip script"),
        ("br;q=0, gzip;q=0.1", "gzip", "gzip script"),
        ("", "", "plain script"),
        ("br;q=0, gzip;q=0", "", "plain script"),
    ] {
        let answer = ask(&router, Method::GET, path, &[("accept-encoding", accept)]).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::OK, body),
            "{accept:?}"
        );
        assert_eq!(answer.header("content-encoding"), encoding, "{accept:?}");
        assert_eq!(
            answer.header("content-type"),
            "text/javascript; charset=utf-8",
            "{accept:?}"
        );
        assert_eq!(
            answer.header("content-length"),
            body.len().to_string(),
            "{accept:?}"
        );
        assert_eq!(answer.header("vary"), "accept-encoding", "{accept:?}");
        let tag = answer.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.ends_with('"'), "strong: {tag}");
        tags.push((encoding, tag));
    }
    assert_ne!(tags[0].1, tags[1].1, "each encoding has its own tag");
    assert_eq!(tags[1].1, tags[2].1, "the same bytes have the same tag");
    assert_ne!(tags[1].1, tags[3].1);
    // Stored in one form only: that form, whatever is accepted.
    let wasm = ask(
        &router,
        Method::GET,
        "/app-0123456789abcdef_bg.wasm",
        &[("accept-encoding", "br, gzip")],
    )
    .await;
    assert_eq!(
        (wasm.header("content-encoding"), wasm.body.as_str()),
        ("", "\0asm")
    );
    assert_eq!(wasm.header("content-type"), "application/wasm");
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_others_asked_again() {
    let folder = Folder::new();
    let router = folder.router();
    for (path, expected) in [
        (
            "/app-0123456789abcdef.js",
            "public, max-age=31536000, immutable",
        ),
        (
            "/app-0123456789abcdef_bg.wasm",
            "public, max-age=31536000, immutable",
        ),
        (
            "/data/yangtze/locations-0123456789abcdef.locations",
            "public, max-age=31536000, immutable",
        ),
        ("/data/yangtze/region.json", "no-cache"),
        ("/manifest.webmanifest", "no-cache"),
        ("/", "no-cache"),
    ] {
        assert_eq!(
            get(&router, path).await.header("cache-control"),
            expected,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_known_tag_spares_the_body() {
    let folder = Folder::new();
    let router = folder.router();
    let path = "/data/yangtze/region.json";
    let tag = get(&router, path).await.header("etag").to_owned();
    for (given, status) in [
        (tag.clone(), StatusCode::NOT_MODIFIED),
        (format!("\"x\", W/{tag}"), StatusCode::NOT_MODIFIED),
        ("*".to_owned(), StatusCode::NOT_MODIFIED),
        ("\"x\"".to_owned(), StatusCode::OK),
    ] {
        let answer = ask(&router, Method::GET, path, &[("if-none-match", &given)]).await;
        assert_eq!(answer.status, status, "{given}");
        assert_eq!(answer.header("etag"), tag, "{given}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{given}");
        assert_eq!(
            answer.body.is_empty(),
            status == StatusCode::NOT_MODIFIED,
            "{given}"
        );
    }
    // Written again with other bytes: another tag, without a restart.
    folder.write("app/data/yangtze/region.json", r#"{"schema":1}"#);
    let again = ask(&router, Method::GET, path, &[("if-none-match", &tag)]).await;
    assert_eq!(
        (again.status, again.body.as_str()),
        (StatusCode::OK, r#"{"schema":1}"#)
    );
}

#[tokio::test]
async fn head_is_get_without_the_body_and_other_methods_are_refused() {
    let folder = Folder::new();
    let router = folder.router();
    for path in ["/", "/app-0123456789abcdef.js", "/healthz", "/none.js"] {
        let (get, head) = (
            get(&router, path).await,
            ask(&router, Method::HEAD, path, &[]).await,
        );
        assert_eq!(
            (head.status, head.body.as_str()),
            (get.status, ""),
            "{path}"
        );
        assert_eq!(head.headers, get.headers, "{path}");
        assert_eq!(
            head.header("content-length"),
            get.body.len().to_string(),
            "{path}"
        );
    }
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let answer = ask(&router, method.clone(), "/", &[]).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.header("allow"), "GET, HEAD", "{method}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_policy() {
    let folder = Folder::new();
    let router = folder.router();
    for (method, path) in [
        (Method::GET, "/"),
        (Method::GET, "/app-0123456789abcdef.js"),
        (Method::GET, "/none.js"),
        (Method::GET, "/healthz"),
        (Method::POST, "/"),
    ] {
        let answer = ask(&router, method, path, &[]).await;
        let policy = answer.header("content-security-policy");
        let directive = |name: &str| {
            let mut found = policy
                .split("; ")
                .filter_map(|part| part.split_once(' '))
                .filter(|(key, _)| *key == name);
            let value = found
                .next()
                .unwrap_or_else(|| panic!("{path}: no {name} in {policy}"))
                .1;
            assert!(found.next().is_none(), "{name} twice");
            value.split(' ').collect::<Vec<_>>()
        };
        assert_eq!(directive("default-src"), ["'none'"], "{path}");
        assert_eq!(directive("connect-src"), ["'self'"], "{path}");
        assert_eq!(directive("style-src"), ["'self'"], "{path}");
        assert_eq!(directive("worker-src"), ["'self'"], "{path}");
        assert_eq!(directive("frame-ancestors"), ["'self'"], "{path}");
        let scripts = directive("script-src");
        assert_eq!(scripts[..2], ["'self'", "'wasm-unsafe-eval'"], "{path}");
        assert_eq!(
            scripts.len(),
            3,
            "{path}: one inline script, one hash: {scripts:?}"
        );
        assert!(scripts[2].starts_with("'sha256-"), "{path}");
        for loose in ["'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"] {
            assert!(
                !policy.split([' ', ';']).any(|word| word == loose),
                "{path}: {loose}"
            );
        }
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(
            answer
                .header("permissions-policy")
                .contains("geolocation=(self)"),
            "{path}"
        );
        assert!(
            answer.header("permissions-policy").contains("camera=()"),
            "{path}"
        );
        let shared = if path == "/" && answer.status == StatusCode::OK {
            "cross-origin"
        } else {
            "same-origin"
        };
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            shared,
            "{path}"
        );
        assert!(
            !answer.headers.contains_key("x-frame-options"),
            "{path}: frame-ancestors says it"
        );
    }
    assert_eq!(
        get(&router, "/embed.js")
            .await
            .header("cross-origin-resource-policy"),
        "cross-origin"
    );
}

#[tokio::test]
async fn the_policy_follows_a_rebuilt_page() {
    let folder = Folder::new();
    let router = folder.router();
    let before = get(&router, "/")
        .await
        .header("content-security-policy")
        .to_owned();
    folder.write(
        "app/index.html",
        "<script>one</script><script>another, longer</script>",
    );
    let after = get(&router, "/")
        .await
        .header("content-security-policy")
        .to_owned();
    assert_eq!(before.matches("'sha256-").count(), 1);
    assert_eq!(after.matches("'sha256-").count(), 2);
}

#[tokio::test]
async fn a_portal_frames_the_app_under_its_own_path() {
    let folder = Folder::new();
    let router = app_router(&ServeOptions {
        base_path: "/portal/charge/".to_owned(),
        frame_ancestors: vec!["http://127.0.0.1:4000".to_owned()],
        ..folder.options()
    })
    .unwrap();
    for path in [
        "/portal/charge/",
        "/portal/charge/plan",
        "/portal/charge/healthz",
        "/healthz",
    ] {
        assert_eq!(get(&router, path).await.status, StatusCode::OK, "{path}");
    }
    let page = get(&router, "/portal/charge/").await;
    assert!(
        page.header("content-security-policy")
            .ends_with("frame-ancestors 'self' http://127.0.0.1:4000"),
        "{}",
        page.header("content-security-policy")
    );
    for (path, location) in [
        ("/portal/charge", "/portal/charge/"),
        ("/portal/charge?lang=en", "/portal/charge/?lang=en"),
    ] {
        let answer = get(&router, path).await;
        assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT, "{path}");
        assert_eq!(answer.header("location"), location, "{path}");
    }
    for path in [
        "/",
        "/plan",
        "/portal",
        "/portal/",
        "/portal/chargers",
        "/portal/charge/../charge/plan",
    ] {
        assert_eq!(
            get(&router, path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}

#[tokio::test]
async fn health_says_what_runs_and_when_the_app_is_gone() {
    let folder = Folder::new();
    let router = folder.router();
    let answer = get(&router, "/healthz").await;
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        body,
        serde_json::json!({"schema": 1, "status": "ok", "version": env!("CARGO_PKG_VERSION"), "build": "b1"})
    );
    assert_eq!(answer.header("cache-control"), "no-store");

    fs::remove_file(folder.app().join("index.html")).unwrap();
    let answer = get(&router, "/healthz").await;
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(
        (answer.status, &body["status"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"no_app".into())
    );
    let page = get(&router, "/plan").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.body.contains("index.html"), "{}", page.body);
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'")
    );

    folder.write("app/index.html", INDEX);
    assert_eq!(
        get(&router, "/healthz").await.status,
        StatusCode::OK,
        "back without a restart"
    );
}

#[tokio::test]
async fn a_folder_without_an_app_is_refused_with_the_remedy() {
    let folder = Folder::new();
    let check = |path: &Path| {
        let error = app_router(&ServeOptions::new(path)).unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, ServeError::NoApp { .. }), "{text}");
        assert!(text.contains("cargo xtask build"), "{text}");
    };
    check(&folder.0); // a folder, not an app
    check(&folder.0.join("none"));
    check(&folder.0.join("outside.txt"));
}

#[tokio::test]
async fn a_whole_large_file_arrives() {
    let folder = Folder::new();
    let text: String = "0123456789abcdef".repeat(60_000) + "end";
    folder.write("app/big.json", &text);
    let answer = get(&folder.router(), "/big.json").await;
    assert_eq!(answer.header("content-length"), text.len().to_string());
    assert!(
        answer.body == text,
        "{} of {} bytes",
        answer.body.len(),
        text.len()
    );
}
