//! The system's own share sheet, where the browser has one.

use super::host;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What became of sharing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shared {
    /// The system took it, or the person changed their mind: nothing more is to be said.
    Done,
    /// There is no share sheet here: the link is on the clipboard.
    Copied,
    /// Neither could be had.
    Failed,
}

/// Shares a link by the system's sheet, else copies it. To be called right from a click.
pub(crate) async fn share(title: &str, url: &str) -> Shared {
    if let Some(promise) = by_sheet(title, url) {
        match JsFuture::from(promise).await {
            Err(error) if name_of(&error) != "AbortError" => {}
            _ => return Shared::Done,
        }
    }
    if host::copy(url).await {
        Shared::Copied
    } else {
        Shared::Failed
    }
}

fn by_sheet(title: &str, url: &str) -> Option<Promise> {
    let navigator: JsValue = web_sys::window()?.navigator().into();
    let share = Reflect::get(&navigator, &JsValue::from_str("share")).ok()?;
    let share = share.dyn_into::<Function>().ok()?;
    let data = Object::new();
    for (key, value) in [("title", title), ("url", url)] {
        Reflect::set(&data, &JsValue::from_str(key), &JsValue::from_str(value)).ok()?;
    }
    share.call1(&navigator, &data).ok()?.dyn_into().ok()
}

fn name_of(error: &JsValue) -> String {
    Reflect::get(error, &JsValue::from_str("name"))
        .ok()
        .and_then(|name| name.as_string())
        .unwrap_or_default()
}
