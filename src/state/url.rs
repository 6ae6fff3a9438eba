//! The address: the shareable truth. Every route is one path segment, so that the app runs under
//! any folder; ids and filters stand in the query, positions and trips in the fragment, which no
//! server ever sees.

use crate::js::host::{self, Address};
use leptos::prelude::*;

/// The pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// The map.
    Map,
    /// One location: `?id=`.
    Location,
    /// The trip planner.
    Plan,
    /// Preferences and what the app is.
    Me,
    /// None of ours.
    Unknown,
}

impl Route {
    const ALL: [Self; 4] = [Self::Map, Self::Location, Self::Plan, Self::Me];

    /// Its path segment.
    pub(crate) const fn segment(self) -> &'static str {
        match self {
            Self::Map | Self::Unknown => "",
            Self::Location => "location",
            Self::Plan => "plan",
            Self::Me => "me",
        }
    }

    fn from_segment(segment: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|r| r.segment() == segment)
            .unwrap_or(match segment {
                // How some servers and files name the folder itself.
                "index.html" => Self::Map,
                _ => Self::Unknown,
            })
    }
}

/// An address within the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Url {
    /// The page.
    pub route: Route,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// The fragment without `#`, as it stands.
    pub fragment: String,
}

impl Url {
    /// A page without more.
    pub(crate) const fn to(route: Route) -> Self {
        Self {
            route,
            query: Vec::new(),
            fragment: String::new(),
        }
    }

    /// One location.
    pub(crate) fn location(id: &str) -> Self {
        Self {
            query: vec![("id".to_owned(), id.to_owned())],
            ..Self::to(Route::Location)
        }
    }

    fn parse(address: &Address) -> Self {
        let segment = address.path.rsplit('/').next().unwrap_or_default();
        let query = address
            .search
            .trim_start_matches('?')
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                (
                    decode(&key.replace('+', " ")),
                    decode(&value.replace('+', " ")),
                )
            })
            .collect();
        let fragment = address.hash.trim_start_matches('#').to_owned();
        Self {
            route: Route::from_segment(&decode(segment)),
            query,
            fragment,
        }
    }

    /// A link to it, relative to any page of the app.
    pub(crate) fn href(&self) -> String {
        let mut href = format!("./{}", self.route.segment());
        for (i, (key, value)) in self.query.iter().enumerate() {
            href.push(if i == 0 { '?' } else { '&' });
            href.push_str(&encode(key));
            href.push('=');
            href.push_str(&encode(value));
        }
        if !self.fragment.is_empty() {
            href.push('#');
            href.push_str(&self.fragment);
        }
        href
    }

    /// The first value of a key of the query.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, v)| v.as_str())
    }
}

/// Percent-encodes what is not a letter, a digit or one of `-._~,:`.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for nibble in [byte >> 4, byte & 15] {
                out.push(
                    char::from_digit(u32::from(nibble), 16)
                        .unwrap_or('0')
                        .to_ascii_uppercase(),
                );
            }
        }
    }
    out
}

/// Undoes [`encode`] and its like; a `%` that begins nothing stands for itself, and what is not
/// UTF-8 becomes U+FFFD.
pub(crate) fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = |b: Option<&u8>| b.and_then(|&b| char::from(b).to_digit(16));
        if first == b'%'
            && let (Some(high), Some(low)) = (hex(tail.first()), hex(tail.get(1)))
        {
            out.push((high * 16 + low) as u8);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            out.push(first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Where the app stands. Copies are the same.
#[derive(Clone, Copy)]
pub(crate) struct UrlState {
    current: RwSignal<Url>,
    /// The page alone.
    pub route: Memo<Route>,
}

impl UrlState {
    /// Reads the address and follows it: back and forth, and plain clicks on links of the app.
    pub(crate) fn start() -> Self {
        let address = host::address();
        let folder_len = address.path.rfind('/').map_or(0, |i| i + 1);
        let folder = address.path.get(..folder_len).unwrap_or("/").to_owned();
        let current = RwSignal::new(Url::parse(&address));
        let state = Self {
            current,
            route: Memo::new(move |_| current.with(|u| u.route)),
        };
        host::on_address_change(move || {
            let now = Url::parse(&host::address());
            if current.with_untracked(|u| *u != now) {
                current.set(now);
            }
        });
        host::on_link(move |address| {
            let ours = address
                .path
                .strip_prefix(&folder)
                .is_some_and(|rest| !rest.contains(['/', '.']));
            if ours {
                state.go(&Url::parse(&address));
            }
            ours
        });
        state
    }

    /// Where it stands.
    pub(crate) fn get(self) -> Url {
        self.current.get()
    }

    /// Where it stands, without following it.
    pub(crate) fn get_untracked(self) -> Url {
        self.current.get_untracked()
    }

    /// A part of it, followed.
    pub(crate) fn with<T>(self, f: impl FnOnce(&Url) -> T) -> T {
        self.current.with(f)
    }

    /// Goes there; back leads here again.
    pub(crate) fn go(self, to: &Url) {
        if self.current.with_untracked(|u| u == to) {
            return;
        }
        host::set_address(&to.href(), false);
        self.current.set(to.clone());
    }

    /// Goes there in place of here.
    pub(crate) fn replace(self, with: &Url) {
        if self.current.with_untracked(|u| u == with) {
            return;
        }
        host::set_address(&with.href(), true);
        self.current.set(with.clone());
    }

    /// Changes the fragment in place.
    pub(crate) fn replace_fragment(self, fragment: &str) {
        let with = Url {
            fragment: fragment.to_owned(),
            ..self.get_untracked()
        };
        self.replace(&with);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(path: &str, search: &str, hash: &str) -> Url {
        Url::parse(&Address {
            path: path.into(),
            search: search.into(),
            hash: hash.into(),
        })
    }

    #[test]
    fn routes_under_any_folder() {
        for (path, route) in [
            ("/", Route::Map),
            ("/portal/charge/", Route::Map),
            ("/index.html", Route::Map),
            ("/portal/charge/plan", Route::Plan),
            ("/location", Route::Location),
            ("/me", Route::Me),
            ("/nothing", Route::Unknown),
        ] {
            assert_eq!(parse(path, "", "").route, route, "{path}");
        }
    }

    #[test]
    fn an_address_survives_its_link() {
        let awkward = ["", "a b", "南京 100%", "%41", "a&b=c#d?e", "+", "é/../"];
        for value in awkward {
            let url = Url {
                route: Route::Location,
                query: vec![("id".into(), value.into()), ("q".into(), "x".into())],
                fragment: "m=12/32.06/118.79".into(),
            };
            let href = url.href();
            let (path_and_query, hash) = href.split_once('#').unwrap();
            let (path, search) = path_and_query.split_once('?').unwrap();
            assert_eq!(parse(path, search, hash), url, "{href}");
        }
    }

    #[test]
    fn decoding_is_tolerant() {
        for (text, expected) in [
            ("%", "%"),
            ("%4", "%4"),
            ("%zz", "%zz"),
            ("%E5%8D%97", "南"),
            ("%ff", "\u{fffd}"),
        ] {
            assert_eq!(decode(text), expected);
        }
        assert_eq!(
            parse("/", "?q=a+b&&flag", "").query,
            [("q".into(), "a b".into()), ("flag".into(), String::new())]
        );
    }
}
