//! The locations that the person marked with a star, kept on the device by id.
//!
//! Kept as lines: the version, then one id a line, in the order in which they were marked.

use super::AppState;
use super::follow::follow_changes;
use crate::js::storage;
use chongtu_model::LocationId;
use leptos::prelude::*;

/// The key they are kept under.
pub(crate) const KEY: &str = "favourites";
/// The first line of what is kept.
const VERSION: &str = "1";

/// Reads what was kept. `None` when it is damaged or of a version that is not known.
pub(crate) fn read(kept: &str) -> Option<Vec<LocationId>> {
    let mut lines = kept.lines();
    if lines.next()? != VERSION {
        return None;
    }
    let mut ids: Vec<LocationId> = Vec::new();
    for line in lines {
        let id = LocationId::new(line);
        if !id.as_str().is_empty() && !ids.contains(&id) {
            ids.push(id);
        }
    }
    Some(ids)
}

/// As it is kept.
fn write(ids: &[LocationId]) -> String {
    let mut text = VERSION.to_owned();
    for id in ids {
        text.push('\n');
        text.push_str(id.as_str());
    }
    text
}

/// Keeps every change from now on.
pub(crate) fn keep(app: AppState) {
    follow_changes(move |first| {
        let text = app.favourites.with(|ids| write(ids));
        if !first {
            if app.favourites.with_untracked(Vec::is_empty) {
                storage::remove(KEY);
            } else {
                storage::set(KEY, &text);
            }
        }
    });
}

/// Marks a location, or takes the mark away. Whether it is marked now.
pub(crate) fn toggle(app: AppState, id: &LocationId) -> bool {
    let was = app.favourites.with_untracked(|ids| ids.contains(id));
    app.favourites.update(|ids| {
        if was {
            ids.retain(|i| i != id);
        } else {
            ids.push(id.clone());
        }
    });
    !was
}

/// Puts the id a location has now in the place of one it had before it was merged, so that its
/// star is one and the same.
pub(crate) fn rename(app: AppState, old: &LocationId, new: &LocationId) {
    app.favourites.update(|ids| {
        let known = ids.contains(new);
        if let Some(at) = ids.iter().position(|i| i == old) {
            if known {
                ids.remove(at);
            } else if let Some(slot) = ids.get_mut(at) {
                *slot = new.clone();
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again() {
        for ids in [&[][..], &["cn-a-1"], &["cn-a-1", "x-osm-2", "nanjing 3"]] {
            let ids: Vec<LocationId> = ids.iter().map(|i| LocationId::new(i)).collect();
            assert_eq!(read(&write(&ids)), Some(ids));
        }
    }

    #[test]
    fn doubles_and_empty_lines_are_passed_over_and_other_versions_refused() {
        let read_ids = |kept: &str| {
            let ids = read(kept)?;
            Some(
                ids.iter()
                    .map(|i| i.as_str().to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(
            read_ids("1\nA\n\n a \nb"),
            Some(vec!["a".to_owned(), "b".to_owned()])
        );
        for damaged in ["", "2\na", "a\nb", "[\"a\"]"] {
            assert_eq!(read_ids(damaged), None, "{damaged}");
        }
    }
}
