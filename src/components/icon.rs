//! Icons and glyphs of the sprite in `index.html`. They say nothing to a screen reader: words
//! stand beside them.

use leptos::prelude::*;

/// An icon, 20 px.
pub(crate) fn icon(name: &'static str) -> impl IntoView {
    view! { <svg class="icon" aria-hidden="true"><use href=format!("#i-{name}")></use></svg> }
}

/// A small icon, 16 px.
pub(crate) fn icon_small(name: &'static str) -> impl IntoView {
    view! { <svg class="icon s" aria-hidden="true"><use href=format!("#i-{name}")></use></svg> }
}

/// A status glyph by the id of its symbol, such as `g-free`.
pub(crate) fn glyph(symbol: &'static str) -> impl IntoView {
    view! { <svg class="glyph" aria-hidden="true"><use href=format!("#{symbol}")></use></svg> }
}
