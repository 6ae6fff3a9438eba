//! A small app in a folder, and a way to ask the router that serves it.

#![allow(
    dead_code,
    reason = "compiled once for each test file, and none needs all of it"
)]

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use chongtu_gateway::{ServeOptions, app_router};
use std::{
    fs,
    path::PathBuf,
    process,
    sync::atomic::{AtomicU32, Ordering},
};
use tower::ServiceExt as _;

pub(crate) const INDEX: &str = r#"<!doctype html><meta name="chongtu-build" content="b1">
<script type="module">import "./app-0123456789abcdef.js";</script>"#;

/// A folder with a small app in it, gone when the test is over.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "chongtu-serving-{}-{}",
            process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let folder = Self(std::env::temp_dir().join(name));
        folder.write("app/index.html", INDEX);
        folder.write("app/app-0123456789abcdef.js", "plain script");
        folder.write("app/app-0123456789abcdef.js.br", "brotli script");
        folder.write("app/app-0123456789abcdef.js.gz", "gzip script");
        folder.write("app/app-0123456789abcdef_bg.wasm", "\0asm");
        folder.write("app/manifest.webmanifest", "{}");
        folder.write("app/embed.js", "0");
        folder.write("app/.secret.json", "hidden");
        folder.write("app/data/yangtze/region.json", "{}");
        folder.write(
            "app/data/yangtze/locations-0123456789abcdef.locations",
            "CTLOCS",
        );
        folder.write("outside.txt", "outside");
        folder
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn app(&self) -> PathBuf {
        self.0.join("app")
    }

    pub(crate) fn options(&self) -> ServeOptions {
        ServeOptions::new(self.app())
    }

    pub(crate) fn router(&self) -> Router {
        app_router(&self.options()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) async fn ask(
    router: &Router,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = router
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

pub(crate) async fn get(router: &Router, path: &str) -> Answer {
    ask(router, Method::GET, path, &[]).await
}
