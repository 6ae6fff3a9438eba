//! `localStorage`, where what the person sets is kept. A browser that forbids it (private windows,
//! embedded pages) is no error: nothing is remembered then, and the page "Me" says so.
//!
//! Every value is text of its own form, read by the module that wrote it. Together they can leave
//! the device as one JSON file and come back ([`export`], [`import`]).

use js_sys::{Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Storage;

/// All our keys begin with this, and so do the names of caches and databases.
const PREFIX: &str = "chongtu.";
/// What the exported file says it is.
const FORMAT: &str = "chongtu-settings";
/// Its version.
const VERSION: f64 = 1.0;
/// No value that is imported is longer than this many bytes.
const LONGEST_VALUE: usize = 500_000;

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn full(key: &str) -> String {
    [PREFIX, key].concat()
}

/// Reads a value.
pub(crate) fn get(key: &str) -> Option<String> {
    storage()?.get_item(&full(key)).ok()?
}

/// Keeps a value. `false` when the browser is full or forbids it: it holds for this visit only.
pub(crate) fn set(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(&full(key), value).is_ok())
}

/// Forgets a value.
pub(crate) fn remove(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&full(key));
    }
}

/// Whether the browser keeps anything.
pub(crate) fn works() -> bool {
    let works = set("probe", "1");
    remove("probe");
    works
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

/// Everything of ours as one JSON text.
pub(crate) fn export() -> String {
    let values = Object::new();
    for (key, value) in all() {
        let _ = Reflect::set(&values, &key.into(), &value.into());
    }
    let file = Object::new();
    for (key, value) in [
        ("format", JsValue::from_str(FORMAT)),
        ("version", JsValue::from_f64(VERSION)),
        ("values", values.into()),
    ] {
        let _ = Reflect::set(&file, &key.into(), &value);
    }
    JSON::stringify_with_replacer_and_space(&file, &JsValue::NULL, &JsValue::from_f64(1.0))
        .map(String::from)
        .unwrap_or_default()
}

/// Why a file was not imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ImportError {
    /// No file of ours.
    Foreign,
    /// Of a version that is not known here.
    Newer,
    /// The browser did not take all of it.
    Full,
}

/// Keeps everything that an exported file holds, in place of what has the same key.
///
/// # Errors
/// The file is none of ours, or the browser is full. A foreign file changes nothing.
pub(crate) fn import(text: &str) -> Result<(), ImportError> {
    let file =
        JSON::parse(text.trim_start_matches('\u{feff}')).map_err(|_| ImportError::Foreign)?;
    let field = |name: &str| Reflect::get(&file, &name.into()).unwrap_or(JsValue::UNDEFINED);
    if !file.is_object() || field("format").as_string().as_deref() != Some(FORMAT) {
        return Err(ImportError::Foreign);
    }
    match field("version").as_f64() {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(ImportError::Newer),
        _ => return Err(ImportError::Foreign),
    }
    let values: Object = field("values")
        .dyn_into()
        .map_err(|_| ImportError::Foreign)?;
    // All are looked at before any is kept.
    let mut pairs = Vec::new();
    for key in Object::keys(&values).iter() {
        let value = Reflect::get(&values, &key).ok().and_then(|v| v.as_string());
        let (Some(key), Some(value)) = (key.as_string(), value) else {
            return Err(ImportError::Foreign);
        };
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        let is_key = !key.is_empty() && key.len() <= 40 && key.bytes().all(plain);
        if !is_key || value.len() > LONGEST_VALUE {
            return Err(ImportError::Foreign);
        }
        pairs.push((key, value));
    }
    let kept = pairs.iter().all(|(key, value)| set(key, value));
    if kept { Ok(()) } else { Err(ImportError::Full) }
}

/// Calls a method that gives a promise, and waits for it.
async fn ask(of: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function = Reflect::get(of, &method.into()).ok()?;
    let function = function.dyn_into::<Function>().ok()?;
    let arguments = arguments.iter().collect::<js_sys::Array>();
    let answer = Reflect::apply(&function, of, &arguments).ok()?;
    match answer.dyn_into::<Promise>() {
        Ok(promise) => JsFuture::from(promise).await.ok(),
        Err(plain) => Some(plain),
    }
}

/// Deletes everything of ours: values, and caches and databases whose name begins as our keys do.
/// Others of the same origin (a portal's) are left alone.
pub(crate) async fn clear() {
    for (key, _) in all() {
        remove(&key);
    }
    let window = js_sys::global();
    let part = |name: &str| {
        Reflect::get(&window, &name.into())
            .ok()
            .filter(JsValue::is_object)
    };
    let ours = |name: &JsValue| {
        name.as_string()
            .is_some_and(|n| n.starts_with(PREFIX.trim_end_matches('.')))
    };
    if let Some(caches) = part("caches")
        && let Some(names) = ask(&caches, "keys", &[]).await
    {
        for name in js_sys::Array::from(&names).iter().filter(ours) {
            ask(&caches, "delete", &[name]).await;
        }
    }
    if let Some(databases) = part("indexedDB")
        && let Some(list) = ask(&databases, "databases", &[]).await
    {
        for database in js_sys::Array::from(&list).iter() {
            let name = Reflect::get(&database, &"name".into()).unwrap_or(JsValue::UNDEFINED);
            if ours(&name) {
                ask(&databases, "deleteDatabase", &[name]).await;
            }
        }
    }
}
