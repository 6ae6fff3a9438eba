//! Filters that are kept on the device: the last one, and those saved under a name.

use super::AppState;
use super::url::{self, Route, Url};
use crate::js::storage;
use chongtu_model::filter::Filter;
use leptos::prelude::*;

/// No more than this.
pub(crate) const MOST: usize = 12;
/// A name has no more characters than this.
pub(crate) const LONGEST_NAME: usize = 40;
const LAST: &str = "filter";
const PROFILES: &str = "profiles";
/// How the list of profiles begins; another number is another app's.
const VERSION: &str = "1";

/// A filter with a name. Copies in the device's storage are lines of two percent-encoded fields.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Profile {
    /// As the person wrote it, cut and on one line.
    pub name: String,
    /// What it asks.
    pub filter: Filter,
}

/// A filter as the query of a link.
pub(crate) fn query_of(filter: &Filter) -> Vec<(String, String)> {
    filter
        .to_query()
        .into_iter()
        .map(|(k, v)| (k.to_owned(), v))
        .collect()
}

/// The filter in the query of a link. What it has and we do not know is passed over: a newer app
/// may have made it.
pub(crate) fn filter_of(query: &[(String, String)]) -> Filter {
    let pairs = query.iter().map(|(k, v)| (k.as_str(), v.as_str()));
    Filter::from_query(pairs).0
}

fn to_text(filter: &Filter) -> String {
    let pairs = filter.to_query();
    let pairs = pairs
        .iter()
        .map(|(k, v)| [url::encode(k), url::encode(v)].join("="));
    pairs.collect::<Vec<_>>().join("&")
}

fn from_text(text: &str) -> Filter {
    let pairs: Vec<(String, String)> = text
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(k, v)| (url::decode(k), url::decode(v)))
        .collect();
    filter_of(&pairs)
}

/// A name fit to be kept: one line, no blanks around it, not too long; `None` when nothing is left.
pub(crate) fn clean_name(name: &str) -> Option<String> {
    let words: Vec<&str> = name
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect();
    let name: String = words.join(" ").chars().take(LONGEST_NAME).collect();
    (!name.is_empty()).then_some(name)
}

fn write(profiles: &[Profile]) -> String {
    let lines = profiles
        .iter()
        .map(|p| [url::encode(&p.name), url::encode(&to_text(&p.filter))].join(" "));
    core::iter::once(VERSION.to_owned())
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Reads what [`write()`] wrote; a line that is damaged is left out.
fn read(text: &str) -> Vec<Profile> {
    let mut lines = text.lines();
    if lines.next() != Some(VERSION) {
        return Vec::new();
    }
    lines
        .filter_map(|line| {
            let (name, filter) = line.split_once(' ')?;
            Some(Profile {
                name: clean_name(&url::decode(name))?,
                filter: from_text(&url::decode(filter)),
            })
        })
        .filter(|p| !p.filter.is_empty())
        .take(MOST)
        .collect()
}

/// The profiles kept on the device.
pub(crate) fn load_profiles() -> Vec<Profile> {
    storage::get(PROFILES).map_or_else(Vec::new, |text| read(&text))
}

/// The filter to begin with, and whether it is that of the last visit: a link that asks for
/// something is obeyed, and only where it asks nothing the last filter holds.
pub(crate) fn first_filter(url: &Url) -> (Filter, bool) {
    let asked = filter_of(&url.query);
    if !asked.is_empty() || url.route != Route::Map {
        return (asked, false);
    }
    let last = storage::get(LAST).map_or_else(Filter::default, |text| from_text(&text));
    let is_last = !last.is_empty();
    (last, is_last)
}

/// Saves the present filter under a name; one of the same name is replaced. `false` when there is
/// no name, nothing asked, or no room.
pub(crate) fn save(app: AppState, name: &str) -> bool {
    let filter = Filter {
        ids: None,
        ..app.view.filter.get_untracked()
    };
    let Some(name) = clean_name(name).filter(|_| !filter.is_empty()) else {
        return false;
    };
    let mut profiles = app.view.profiles.get_untracked();
    let has_room = profiles.len() < MOST;
    match profiles.iter_mut().find(|p| p.name == name) {
        Some(same) => same.filter = filter,
        None if has_room => profiles.push(Profile { name, filter }),
        None => return false,
    }
    app.view.profiles.set(profiles);
    true
}

/// Keeps the last filter and the profiles as they change.
pub(crate) fn keep(app: AppState) {
    Effect::new(move |before: Option<()>| {
        let text = app.view.filter.with(to_text);
        // A filter that came with a link is kept like any other: it is what was used last.
        if before.is_some() || !text.is_empty() {
            storage::set(LAST, &text);
        }
    });
    Effect::new(move |before: Option<()>| {
        let text = app.view.profiles.with(|p| write(p));
        if before.is_some() {
            storage::set(PROFILES, &text);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_model::OperatorId;

    fn filter() -> Filter {
        Filter {
            free_now: true,
            min_power_w: Some(60_000),
            operators: vec![OperatorId::new("a,b&c=%")],
            text: Some("新 街&口\n=".into()),
            ..Filter::default()
        }
    }

    #[test]
    fn a_filter_survives_its_text() {
        assert_eq!(from_text(&to_text(&filter())), filter());
        assert!(from_text("").is_empty());
        assert!(from_text("utm=x&free").is_empty());
    }

    #[test]
    fn profiles_survive_whatever_they_are_called() {
        let long = "好".repeat(500);
        let names = ["<b>下班</b>", "a b", "\u{202e}abc", "%20", long.as_str()];
        let profiles: Vec<Profile> = names
            .iter()
            .map(|name| Profile {
                name: clean_name(name).unwrap(),
                filter: filter(),
            })
            .collect();
        assert_eq!(read(&write(&profiles)), profiles);
        assert_eq!(profiles[4].name.chars().count(), LONGEST_NAME);
        assert_eq!(clean_name(" \n\t "), None);
    }

    #[test]
    fn damage_is_left_out() {
        let good = write(&[Profile {
            name: "x".into(),
            filter: filter(),
        }]);
        assert_eq!(read(&format!("{good}\nnothing\n%zz %zz\n")).len(), 1);
        for bad in ["", "2\nx free%3D1", "{\"a\":1}", "1"] {
            assert!(read(bad).is_empty(), "{bad}");
        }
        let many = format!("1\n{}", "x free%3D1\n".repeat(50));
        assert_eq!(read(&many).len(), MOST);
    }
}
