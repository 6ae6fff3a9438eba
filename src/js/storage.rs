//! `localStorage`, where the preferences are kept. A browser that forbids it (private windows,
//! embedded pages) is no error: nothing is remembered then.

use web_sys::Storage;

/// All our keys begin with this.
const PREFIX: &str = "chongtu.";

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Reads a value.
pub(crate) fn get(key: &str) -> Option<String> {
    storage()?.get_item(&format!("{PREFIX}{key}")).ok()?
}

/// Keeps a value.
pub(crate) fn set(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // Full or forbidden: the preference holds for this visit only.
        let _ = storage.set_item(&format!("{PREFIX}{key}"), value);
    }
}

/// Every key of ours with its value, in order of key.
pub(crate) fn all() -> Vec<(String, String)> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let n = storage.length().unwrap_or(0);
    let mut found: Vec<(String, String)> = (0..n)
        .filter_map(|i| storage.key(i).ok()?)
        .filter_map(|key| {
            let short = key.strip_prefix(PREFIX)?.to_owned();
            let value = storage.get_item(&key).ok()??;
            Some((short, value))
        })
        .collect();
    found.sort();
    found
}

/// Deletes everything of ours.
pub(crate) fn clear() {
    let keys = all();
    if let Some(storage) = storage() {
        for (key, _) in keys {
            let _ = storage.remove_item(&format!("{PREFIX}{key}"));
        }
    }
}
