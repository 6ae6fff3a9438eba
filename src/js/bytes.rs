//! Downloaded bytes that stay on JavaScript's side: they go from the network to the worker
//! without a copy into this module's memory.

use js_sys::{ArrayBuffer, JsString, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, RequestCache};

/// A request that takes what the browser has kept, however old, before it asks the server.
pub(crate) const FROM_CACHE: RequestCache = RequestCache::ForceCache;

/// Bytes in a JavaScript `ArrayBuffer`.
#[derive(Clone, Debug)]
pub(crate) struct Bytes(pub(super) ArrayBuffer);

impl Bytes {
    /// The bytes as UTF-8 text; what is not UTF-8 becomes U+FFFD.
    pub(crate) fn to_text(&self) -> String {
        String::from_utf8_lossy(&Uint8Array::new(&self.0).to_vec()).into_owned()
    }
}

/// Reads a response body to its end and reports how many bytes have come so far.
/// `expected` is a guess of the size (of the file as the server keeps it, uncompressed).
///
/// # Errors
/// What the browser says when the connection breaks.
pub(crate) async fn read_all(
    stream: Option<ReadableStream>,
    expected: u64,
    on_progress: impl Fn(u64),
) -> Result<Bytes, String> {
    let Some(stream) = stream else {
        return Ok(Bytes(ArrayBuffer::new(0)));
    };
    let reader: ReadableStreamDefaultReader = stream
        .get_reader()
        .dyn_into()
        .map_err(|_| "no byte reader".to_owned())?;
    let mut buffer = Uint8Array::new_with_length(u32::try_from(expected).unwrap_or(0).max(4096));
    let mut filled: u32 = 0;
    loop {
        let item = JsFuture::from(reader.read())
            .await
            .map_err(|e| super::host::describe(&e))?;
        let field =
            |name: &str| Reflect::get(&item, &JsString::from(name)).unwrap_or(JsValue::UNDEFINED);
        if field("done").is_truthy() {
            break;
        }
        let chunk: Uint8Array = field("value")
            .dyn_into()
            .map_err(|_| "no bytes".to_owned())?;
        let needed = filled + chunk.length();
        if needed > buffer.length() {
            let larger = Uint8Array::new_with_length(needed.max(buffer.length().saturating_mul(2)));
            larger.set(&buffer, 0);
            buffer = larger;
        }
        buffer.set(&chunk, filled);
        filled = needed;
        on_progress(u64::from(filled));
    }
    Ok(Bytes(buffer.slice(0, filled).buffer()))
}
