//! Files that the person picks. They are read here and go nowhere.

use super::bytes::Bytes;
use js_sys::{ArrayBuffer, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, HtmlInputElement};

/// A file that was picked: its size, bytes, and its content on the way.
pub(crate) struct Picked {
    /// Bytes.
    pub(crate) size: f64,
    content: Option<Promise>,
}

fn get(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

/// The file picked in the field that the event comes from. The field is emptied, so that the same
/// file can be picked again.
pub(crate) fn picked(event: &Event) -> Option<Picked> {
    let field = event.target()?.dyn_into::<HtmlInputElement>().ok()?;
    let file = Reflect::get_u32(&get(&field, "files"), 0).ok()?;
    if !file.is_object() {
        return None;
    }
    let read = get(&file, "arrayBuffer").dyn_into::<Function>().ok();
    let content = read
        .and_then(|read| read.call0(&file).ok())
        .and_then(|promise| promise.dyn_into::<Promise>().ok());
    field.set_value("");
    Some(Picked {
        size: get(&file, "size").as_f64().unwrap_or(0.0),
        content,
    })
}

impl Picked {
    /// Its content; `None` when the browser cannot read it (it was moved or changed).
    pub(crate) async fn bytes(self) -> Option<Bytes> {
        let content = JsFuture::from(self.content?).await.ok()?;
        Some(Bytes(content.dyn_into::<ArrayBuffer>().ok()?))
    }
}
