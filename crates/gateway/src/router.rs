//! One handler for every address: health, the app's routes, its files, and plain words for the rest.

use crate::{
    encoding::{Encoding, preferred},
    folder::{AppFolder, OpenFile, Stamp, segments},
    mime::{content_type, is_hashed},
    options::{ServeError, ServeOptions},
    policy::{PageFacts, add_headers},
    run::log,
};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const REVALIDATE: &str = "no-cache";
const NEVER: &str = "no-store";

#[derive(Debug)]
struct Site {
    folder: AppFolder,
    base: String,
    frame_sources: String,
    page: Mutex<(Option<Stamp>, PageFacts)>,
}

/// The routes that serve the app, for a server of one's own or a test without one.
///
/// # Errors
/// When the folder holds no built app, or an option does not mean anything.
pub fn app_router(options: &ServeOptions) -> Result<Router, ServeError> {
    let site = Site {
        base: options.normal_base_path()?,
        frame_sources: options.frame_sources()?,
        folder: AppFolder::new(&options.app)?,
        page: Mutex::new((None, PageFacts::of(b"", &options.frame_sources()?))),
    };
    Ok(Router::new().fallback(handle).with_state(Arc::new(site)))
}

async fn handle(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let accepted = joined(&parts.headers, &header::ACCEPT_ENCODING);
    let known_tags = joined(&parts.headers, &header::IF_NONE_MATCH);
    let is_head = parts.method == Method::HEAD;
    let uri = parts.uri;
    let method = parts.method;
    // The file system is asked on a thread that may wait.
    let answered = tokio::task::spawn_blocking(move || {
        let page = site.page();
        let mut answer = if method == Method::GET || method == Method::HEAD {
            site.answer(
                uri.path(),
                uri.query(),
                &accepted,
                &known_tags,
                page.as_ref().ok(),
            )
        } else {
            let mut answer = words(
                StatusCode::METHOD_NOT_ALLOWED,
                "only GET and HEAD are answered here",
            );
            answer.set(header::ALLOW, "GET, HEAD");
            answer
        };
        let policy = match page {
            Ok(page) | Err(page) => page.policy,
        };
        add_headers(&mut answer.headers, policy, answer.shared);
        answer
    })
    .await;
    match answered {
        Ok(answer) => answer.into_response(is_head),
        Err(error) => {
            log(&format!("a request failed: {error}"));
            words(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the server failed; try again",
            )
            .into_response(is_head)
        }
    }
}

impl Site {
    /// What is known of the page, read again when it changed; `Err` with the last known facts when it is gone.
    fn page(&self) -> Result<PageFacts, PageFacts> {
        let stamp = self.folder.index_stamp();
        let mut page = self.page.lock().unwrap_or_else(PoisonError::into_inner);
        if stamp.is_none() {
            return Err(page.1.clone());
        }
        if page.0 != stamp {
            match self.folder.index() {
                Ok(Some(html)) => *page = (stamp, PageFacts::of(&html, &self.frame_sources)),
                Ok(None) => return Err(page.1.clone()),
                Err(error) => {
                    log(&format!("index.html cannot be read: {error}"));
                    return Err(page.1.clone());
                }
            }
        }
        Ok(page.1.clone())
    }

    fn answer(
        &self,
        path: &str,
        query: Option<&str>,
        accepted: &str,
        known_tags: &str,
        page: Option<&PageFacts>,
    ) -> Answer {
        if path == "/healthz" {
            return health(page);
        }
        let Some(inner) = path.strip_prefix(&self.base) else {
            if Some(path) == self.base.strip_suffix('/') {
                return self.to_base(query);
            }
            return nothing_here();
        };
        if inner == "healthz" {
            return health(page);
        }
        let Some(segments) = (if inner.is_empty() {
            Some(Vec::new())
        } else {
            segments(inner)
        }) else {
            return nothing_here();
        };
        let name = segments.last().map_or("", String::as_str);
        // Every route of the app is one segment without a dot; every file has a dot.
        let is_route = segments.len() <= 1 && !name.contains('.');
        if is_route || segments == ["index.html"] {
            let index = ["index.html".to_owned()];
            return match self.folder.open(&index, &preferred(accepted)) {
                Ok(Some(file)) => {
                    let mut answer = file_answer("index.html", file, known_tags);
                    answer.shared = true;
                    answer
                }
                Ok(None) => words(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "the app is not there: its folder has no index.html. It may be being built; try again in a moment",
                ),
                Err(error) => unreadable(path, &error),
            };
        }
        // The stored encodings are not files of their own.
        let is_stored_encoding = [Encoding::Brotli, Encoding::Gzip]
            .iter()
            .any(|encoding| name.ends_with(encoding.suffix()));
        if is_stored_encoding {
            return nothing_here();
        }
        match self.folder.open(&segments, &preferred(accepted)) {
            Ok(Some(file)) => {
                let mut answer = file_answer(name, file, known_tags);
                answer.shared = segments == ["embed.js"];
                answer
            }
            Ok(None) => nothing_here(),
            Err(error) => unreadable(path, &error),
        }
    }

    /// Relative addresses need the slash at the end of the base path.
    fn to_base(&self, query: Option<&str>) -> Answer {
        let target = match query {
            Some(query) => format!("{}?{query}", self.base),
            None => self.base.clone(),
        };
        let mut answer = words(
            StatusCode::PERMANENT_REDIRECT,
            &format!("the app is at {}", self.base),
        );
        answer.set(header::LOCATION, &target);
        answer
    }
}

/// An answer before it becomes bytes on the wire.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Content,
    /// Other origins may load it.
    shared: bool,
}

enum Content {
    Nothing,
    Text(String),
    /// The file and how much of it to send: it may grow meanwhile.
    File(std::fs::File, u64),
}

impl Answer {
    fn new(status: StatusCode, body: Content) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body,
            shared: false,
        }
    }

    /// A value that cannot stand in a header is left out.
    fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }

    fn into_response(self, is_head: bool) -> Response {
        let body = match self.body {
            _ if is_head => Body::empty(),
            Content::Nothing => Body::empty(),
            Content::Text(text) => Body::from(text),
            Content::File(file, len) => {
                let file = tokio::fs::File::from_std(file).take(len);
                Body::from_stream(ReaderStream::with_capacity(file, 64 * 1024))
            }
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

fn file_answer(name: &str, file: OpenFile, known_tags: &str) -> Answer {
    let known = known_tags
        .split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == file.etag);
    let mut answer = if known {
        Answer::new(StatusCode::NOT_MODIFIED, Content::Nothing)
    } else {
        let mut answer = Answer::new(StatusCode::OK, Content::File(file.file, file.len));
        answer.set(header::CONTENT_TYPE, content_type(name));
        answer.set(header::CONTENT_LENGTH, &file.len.to_string());
        if let Some(token) = file.encoding.token() {
            answer.set(header::CONTENT_ENCODING, token);
        }
        answer
    };
    answer.set(header::ETAG, &file.etag);
    answer.set(header::VARY, "accept-encoding");
    answer.set(
        header::CACHE_CONTROL,
        if is_hashed(name) {
            IMMUTABLE
        } else {
            REVALIDATE
        },
    );
    answer
}

fn health(page: Option<&PageFacts>) -> Answer {
    let (code, status) = match page {
        Some(_) => (StatusCode::OK, "ok"),
        None => (StatusCode::SERVICE_UNAVAILABLE, "no_app"),
    };
    let build = page.map_or("", |page| page.build.as_str());
    let text = format!(
        r#"{{"schema":1,"status":"{status}","version":"{}","build":"{build}"}}"#,
        env!("CARGO_PKG_VERSION")
    );
    let mut answer = Answer::new(code, Content::Nothing);
    answer.set(header::CONTENT_LENGTH, &text.len().to_string());
    answer.body = Content::Text(text);
    answer.set(header::CONTENT_TYPE, "application/json");
    answer.set(header::CACHE_CONTROL, NEVER);
    answer
}

fn words(status: StatusCode, text: &str) -> Answer {
    let text = format!("{}: {text}.\n", status.as_u16());
    let mut answer = Answer::new(status, Content::Nothing);
    answer.set(header::CONTENT_LENGTH, &text.len().to_string());
    answer.body = Content::Text(text);
    answer.set(header::CONTENT_TYPE, "text/plain; charset=utf-8");
    answer.set(header::CACHE_CONTROL, NEVER);
    answer
}

fn nothing_here() -> Answer {
    words(
        StatusCode::NOT_FOUND,
        "nothing is at this address; the map is one level up, at the app's root",
    )
}

fn unreadable(path: &str, error: &io::Error) -> Answer {
    log(&format!("{path:?} cannot be read: {error}"));
    words(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the file is there and cannot be read; the server's log says why",
    )
}

/// All values of a list header as one list.
fn joined(headers: &HeaderMap, name: &HeaderName) -> String {
    let values: Vec<&str> = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    values.join(",")
}
