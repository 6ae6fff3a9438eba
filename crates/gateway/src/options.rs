//! What the operator decides, checked once before the first request.

use std::{io, net::SocketAddr, path::PathBuf};

/// How the app is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeOptions {
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Folder of the built app, with `index.html` in it.
    pub app: PathBuf,
    /// Origins that may show the app in a frame, as in `https://portal.example:8443`. The app's own origin always may.
    /// `*` lets every site do it and `none` nobody; each stands alone.
    pub frame_ancestors: Vec<String>,
    /// Origins that the page may load its base map from, as in `https://tiles.example`, besides its own: a style, tiles,
    /// a `PMTiles` archive. Scheme, host and port, without a path or a star.
    pub base_map_origins: Vec<String>,
    /// Where the app is mounted: `/`, or a path such as `/portal/charge/`.
    pub base_path: String,
}

impl ServeOptions {
    /// The app of folder `app` at the root of `127.0.0.1:8080`, framed by nobody else.
    pub fn new(app: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            app: app.into(),
            frame_ancestors: Vec::new(),
            base_map_origins: Vec::new(),
            base_path: "/".to_owned(),
        }
    }

    /// Makes the base path start and end with one slash.
    ///
    /// # Errors
    /// When it has empty, `.` or `..` segments, or characters that would need escaping in an address.
    pub(crate) fn normal_base_path(&self) -> Result<String, ServeError> {
        let inner = self.base_path.trim_matches('/');
        if inner.is_empty() {
            return Ok("/".to_owned());
        }
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
        let ok = inner
            .split('/')
            .all(|segment| !matches!(segment, "" | "." | "..") && segment.bytes().all(plain));
        if !ok {
            return Err(ServeError::BasePath(self.base_path.clone()));
        }
        Ok(format!("/{inner}/"))
    }

    /// What the policy's `connect-src` and `img-src` allow besides the app's own origin: each with a space before it.
    ///
    /// # Errors
    /// When an entry is not one origin: a star would let the page speak to anyone, and whatever follows an origin would
    /// end, or add to, the policy it stands in.
    pub(crate) fn base_map_sources(&self) -> Result<String, ServeError> {
        let mut sources = String::new();
        for origin in &self.base_map_origins {
            if !is_origin(origin) || origin.contains('*') {
                return Err(ServeError::BaseMapOrigin(origin.clone()));
            }
            sources.push(' ');
            sources.push_str(origin);
        }
        Ok(sources)
    }

    /// The value of the policy's `frame-ancestors`.
    ///
    /// # Errors
    /// When an entry is not an origin: it would otherwise end, or add to, the policy it stands in.
    pub(crate) fn frame_sources(&self) -> Result<String, ServeError> {
        let alone = |word: &str| self.frame_ancestors.len() == 1 && self.frame_ancestors[0] == word;
        if alone("none") || alone("'none'") {
            return Ok("'none'".to_owned());
        }
        if alone("*") {
            return Ok("*".to_owned());
        }
        let mut sources = "'self'".to_owned();
        for origin in &self.frame_ancestors {
            if matches!(origin.as_str(), "self" | "'self'") {
                continue;
            }
            if !is_origin(origin) {
                return Err(ServeError::FrameAncestor(origin.clone()));
            }
            sources.push(' ');
            sources.push_str(origin);
        }
        Ok(sources)
    }
}

/// `http(s)://host[:port]` and nothing after it; the host may begin with `*.`.
fn is_origin(text: &str) -> bool {
    let Some(rest) = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
    else {
        return false;
    };
    let (host, port) = match rest.strip_prefix('[').and_then(|v6| v6.split_once(']')) {
        Some((address, after)) => {
            let hex = |b: u8| b.is_ascii_hexdigit() || b == b':';
            if address.is_empty() || !address.bytes().all(hex) {
                return false;
            }
            ("v6", after.strip_prefix(':'))
        }
        None => match rest.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (rest, None),
        },
    };
    let host = host.strip_prefix("*.").unwrap_or(host);
    let in_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let host_ok = !host.is_empty() && host.bytes().all(in_name);
    let port_ok = port.is_none_or(|port| port == "*" || port.parse::<u16>().is_ok());
    host_ok && port_ok
}

/// Why the app cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The folder is absent, is not a folder, or has no `index.html`.
    #[error("no built app in {}: {reason}; build it with `cargo xtask build`, or name its folder with --app", .app.display())]
    NoApp {
        /// The folder that was named.
        app: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// The base path is not a plain path.
    #[error("--base-path {0:?} is not a plain path; write it like /portal/charge/")]
    BasePath(String),
    /// An entry of the frame ancestors is not an origin.
    #[error(
        "--frame-ancestors {0:?} is not an origin; write scheme, host and port only, like https://portal.example"
    )]
    FrameAncestor(String),
    /// An entry of the base map's origins is not one origin.
    #[error(
        "--base-map-origin {0:?} is not an origin; write scheme, host and port only, without a path or a star, like https://tiles.example"
    )]
    BaseMapOrigin(String),
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {listen}: {source}; choose another with --listen (port 0 takes a free one)"
    )]
    Listen {
        /// The address that was asked for.
        listen: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The listener failed while serving.
    #[error("the server stopped: {0}")]
    Serve(#[source] io::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_base(base_path: &str) -> ServeOptions {
        ServeOptions {
            base_path: base_path.to_owned(),
            ..ServeOptions::new("x")
        }
    }

    fn framed(by: &[&str]) -> ServeOptions {
        ServeOptions {
            frame_ancestors: by.iter().map(|&s| s.to_owned()).collect(),
            ..ServeOptions::new("x")
        }
    }

    #[test]
    fn base_paths_become_one_form_or_are_refused() {
        for (given, expected) in [
            ("", "/"),
            ("/", "/"),
            ("x", "/x/"),
            ("/x/y", "/x/y/"),
            ("/portal/charge/", "/portal/charge/"),
        ] {
            assert_eq!(
                with_base(given).normal_base_path().unwrap(),
                expected,
                "{given:?}"
            );
        }
        for bad in [
            "/a//b/", "/../", "/a/./b/", "/a b/", "/%2e%2e/", "/充/", "/a?b/", "/a\nb/",
        ] {
            let error = with_base(bad).normal_base_path().unwrap_err();
            assert!(error.to_string().contains("plain path"), "{bad:?}: {error}");
        }
    }

    #[test]
    fn base_map_origins_are_single_origins() {
        let with = |origins: &[&str]| ServeOptions {
            base_map_origins: origins.iter().map(|&s| s.to_owned()).collect(),
            ..ServeOptions::new("x")
        };
        for (given, expected) in [
            (&[][..], ""),
            (&["https://tiles.example"], " https://tiles.example"),
            (
                &["http://127.0.0.1:4000", "https://[::1]:80"],
                " http://127.0.0.1:4000 https://[::1]:80",
            ),
        ] {
            assert_eq!(
                with(given).base_map_sources().unwrap(),
                expected,
                "{given:?}"
            );
        }
        for bad in [
            "",
            "*",
            "none",
            "self",
            "'self'",
            "tiles.example",
            "https://",
            "https://tiles.example/",
            "https://tiles.example/china.pmtiles",
            "https://tiles.example?x",
            "https://*.example",
            "https://tiles.example:*",
            "https://tiles.example:99999",
            "https://user@tiles.example",
            "wss://tiles.example",
            "https://a; script-src https://b",
            "https://a https://b",
            "https://a,https://b",
        ] {
            let error = with(&[bad]).base_map_sources().unwrap_err().to_string();
            assert!(
                error.contains("--base-map-origin") && error.contains("https://tiles.example"),
                "{bad:?}: {error}"
            );
        }
    }

    #[test]
    fn frame_ancestors_are_origins_and_nothing_else() {
        for (given, expected) in [
            (&[][..], "'self'"),
            (&["self"], "'self'"),
            (&["none"], "'none'"),
            (&["*"], "*"),
            (&["https://portal.example"], "'self' https://portal.example"),
            (
                &["http://127.0.0.1:4000", "http://[::1]:80"],
                "'self' http://127.0.0.1:4000 http://[::1]:80",
            ),
            (&["https://*.example.cn"], "'self' https://*.example.cn"),
        ] {
            assert_eq!(
                framed(given).frame_sources().unwrap(),
                expected,
                "{given:?}"
            );
        }
        for bad in [
            "portal.example",
            "https://portal.example/",
            "https://a b",
            "https://a;script-src *",
            "https://a,https://b",
            "javascript:x",
            "https://",
            "https://a:99999",
            "https://a\r\nx: y",
            "http://[::1",
        ] {
            assert!(framed(&[bad]).frame_sources().is_err(), "{bad:?}");
        }
        assert!(
            framed(&["*", "https://a"]).frame_sources().is_err(),
            "a star hides among origins"
        );
    }
}
