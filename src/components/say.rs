//! Words in the language of the moment.

use crate::state::use_app;
use chongtu_words::Lang;
use leptos::prelude::*;

/// Words that follow the language, for a text or an attribute. It is a function and no closure in
/// each view: all of them are one type then, and the compiler makes their code once.
pub(crate) fn say(
    word: fn(Lang) -> &'static str,
) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    let app = use_app();
    move || word(app.lang.get())
}
