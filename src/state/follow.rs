//! Work that follows signals.

use leptos::prelude::*;

/// Runs `f` now and again whenever a signal changes that it read. In place of `Effect::new`, whose
/// whole machinery the compiler makes anew for every closure: a kilobyte each time.
pub(crate) fn follow(f: impl FnMut() + 'static) {
    boxed(Box::new(f));
}

fn boxed(f: Box<dyn FnMut()>) {
    Effect::new(f);
}

/// As [`follow`]; `f` hears whether this is the first time.
pub(crate) fn follow_changes(mut f: impl FnMut(bool) + 'static) {
    let mut first = true;
    follow(move || f(std::mem::replace(&mut first, false)));
}
