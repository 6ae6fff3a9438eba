//! The only speaker of HTTP. It fetches the app's own static files and nothing else: every
//! address is relative to the page.

use crate::js::bytes::{Bytes, FROM_CACHE, read_all};
use gloo_net::http::{Request, RequestBuilder};

/// Why a file did not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// No answer: no network, or the server is gone.
    Network(String),
    /// The server answered with this status.
    Status(u16),
}

/// Fetches a file. `expected` is its size as the manifest states it (0: unknown); `on_progress`
/// hears of the bytes that have come.
///
/// # Errors
/// [`FetchError`].
pub(crate) async fn fetch(
    url: &str,
    expected: u64,
    on_progress: impl Fn(u64),
) -> Result<Bytes, FetchError> {
    read(Request::get(url), expected, on_progress).await
}

/// Fetches a file that was fetched before: from the browser's cache while that has it, so that both are the same bytes.
///
/// # Errors
/// [`FetchError`].
pub(crate) async fn fetch_again(url: &str, expected: u64) -> Result<Bytes, FetchError> {
    let request = Request::get(url).cache(FROM_CACHE);
    read(request, expected, |_| ()).await
}

async fn read(
    request: RequestBuilder,
    expected: u64,
    on_progress: impl Fn(u64),
) -> Result<Bytes, FetchError> {
    let network = |e: gloo_net::Error| FetchError::Network(e.to_string());
    let response = request.send().await.map_err(network)?;
    if !response.ok() {
        return Err(FetchError::Status(response.status()));
    }
    read_all(response.body(), expected, on_progress)
        .await
        .map_err(FetchError::Network)
}
