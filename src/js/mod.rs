//! The border to JavaScript. Together with the workers' entry points this folder is the only
//! place that names `wasm_bindgen`, `web_sys` or `js_sys`; everything else talks to the browser
//! through the plain functions and handles in here.

pub(crate) mod bytes;
pub(crate) mod dom;
pub(crate) mod files;
pub(crate) mod host;
pub(crate) mod json;
pub(crate) mod map;
pub(crate) mod share;
pub(crate) mod storage;
pub(crate) mod worker;
