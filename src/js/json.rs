//! JSON as the browser reads it.

use crate::state::manifest::Json;
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A value that was JSON.
pub(crate) struct JsJson(JsValue);

/// Reads JSON.
///
/// # Errors
/// What the browser says about text that is not JSON.
pub(crate) fn parse(text: &str) -> Result<JsJson, String> {
    JSON::parse(text)
        .map(JsJson)
        .map_err(|e| super::host::describe(&e))
}

impl Json for JsJson {
    fn field(&self, key: &str) -> Option<Self> {
        let value = Reflect::get(&self.0, &JsValue::from_str(key)).ok()?;
        (!value.is_null() && !value.is_undefined()).then_some(Self(value))
    }

    fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn truth(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn items(&self) -> Option<Vec<Self>> {
        let list: &Array = self.0.dyn_ref()?;
        Some(list.iter().map(Self).collect())
    }
}
