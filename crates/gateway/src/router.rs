//! One handler for every address: health, the app's routes, its files, and plain words for the rest.

use crate::{
    encoding::{Encoding, preferred},
    folder::{AppFolder, OpenFile, Stamp, segments},
    mime::{content_type, is_hashed},
    options::{ServeError, ServeOptions},
    policy::{PageFacts, Sources, add_headers},
    range::{Part, part},
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
    io::{self, Seek as _, SeekFrom},
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
    sources: Sources,
    page: Mutex<(Option<Stamp>, PageFacts)>,
}

/// The routes that serve the app, for a server of one's own or a test without one.
///
/// # Errors
/// When the folder holds no built app, or an option does not mean anything.
pub fn app_router(options: &ServeOptions) -> Result<Router, ServeError> {
    let sources = Sources {
        frame: options.frame_sources()?,
        base_map: options.base_map_sources()?,
    };
    let site = Site {
        base: options.normal_base_path()?,
        folder: AppFolder::new(&options.app)?,
        page: Mutex::new((None, PageFacts::of(b"", &sources))),
        sources,
    };
    Ok(Router::new().fallback(handle).with_state(Arc::new(site)))
}

async fn handle(State(site): State<Arc<Site>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let is_head = parts.method == Method::HEAD;
    let asked = Asked::of(&parts.headers, &parts.method);
    let uri = parts.uri;
    let method = parts.method;
    // The file system is asked on a thread that may wait.
    let answered = tokio::task::spawn_blocking(move || {
        let page = site.page();
        let mut answer = if method == Method::GET || method == Method::HEAD {
            site.answer(uri.path(), uri.query(), &asked, page.as_ref().ok())
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
                Ok(Some(html)) => *page = (stamp, PageFacts::of(&html, &self.sources)),
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
        asked: &Asked,
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
            return match self.folder.open(&index, &preferred(&asked.encodings)) {
                Ok(Some(file)) => match file_answer("index.html", file, asked) {
                    Ok(mut answer) => {
                        answer.shared = true;
                        answer
                    }
                    Err(error) => unreadable(path, &error),
                },
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
        match self.folder.open(&segments, &preferred(&asked.encodings)) {
            Ok(Some(file)) => match file_answer(name, file, asked) {
                Ok(mut answer) => {
                    answer.shared = segments == ["embed.js"];
                    answer
                }
                Err(error) => unreadable(path, &error),
            },
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

/// What a request's headers say about the form of the answer; lists as one text.
struct Asked {
    encodings: String,
    known_tags: String,
    /// The range; empty for none.
    range: String,
    /// The tag that the range is of; none when any will do.
    range_of: Option<String>,
}

impl Asked {
    fn of(headers: &HeaderMap, method: &Method) -> Self {
        Self {
            encodings: joined(headers, &header::ACCEPT_ENCODING),
            known_tags: joined(headers, &header::IF_NONE_MATCH),
            // Defined for GET alone.
            range: if method == Method::GET {
                joined(headers, &header::RANGE)
            } else {
                String::new()
            },
            range_of: headers
                .contains_key(header::IF_RANGE)
                .then(|| joined(headers, &header::IF_RANGE)),
        }
    }

    /// The part of this file. Compressed forms go out whole: they are small, and a client that wants parts of the plain
    /// file would get parts of something else.
    fn part(&self, file: &OpenFile) -> Part {
        let is_this = self.range_of.as_ref().is_none_or(|tag| *tag == file.etag);
        if file.encoding == Encoding::Identity && is_this {
            part(&self.range, file.len)
        } else {
            Part::Whole
        }
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

/// # Errors
/// When the file cannot be read from where the asked part begins.
fn file_answer(name: &str, mut file: OpenFile, asked: &Asked) -> io::Result<Answer> {
    let known = asked
        .known_tags
        .split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == file.etag);
    let part = asked.part(&file);
    let mut answer = if known {
        Answer::new(StatusCode::NOT_MODIFIED, Content::Nothing)
    } else if part == Part::Beyond {
        let text = "the file ends before the range that was asked for";
        let mut answer = words(StatusCode::RANGE_NOT_SATISFIABLE, text);
        answer.set(header::CONTENT_RANGE, &format!("bytes */{}", file.len));
        answer.set(header::ACCEPT_RANGES, "bytes");
        return Ok(answer);
    } else {
        let (status, len) = match part {
            Part::Bytes { first, last } => {
                file.file.seek(SeekFrom::Start(first))?;
                (StatusCode::PARTIAL_CONTENT, last - first + 1)
            }
            _ => (StatusCode::OK, file.len),
        };
        let mut answer = Answer::new(status, Content::File(file.file, len));
        answer.set(header::CONTENT_TYPE, content_type(name));
        answer.set(header::CONTENT_LENGTH, &len.to_string());
        if let Part::Bytes { first, last } = part {
            let range = format!("bytes {first}-{last}/{}", file.len);
            answer.set(header::CONTENT_RANGE, &range);
        }
        match file.encoding.token() {
            Some(token) => answer.set(header::CONTENT_ENCODING, token),
            None => answer.set(header::ACCEPT_RANGES, "bytes"),
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
    Ok(answer)
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
