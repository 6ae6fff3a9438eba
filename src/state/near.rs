//! The device's position: the person is asked first, in our own words, and then the browser asks.
//! Everything works without.

use super::AppState;
use crate::js::dom;
use crate::js::host::{self, Located};
use crate::js::storage;
use chongtu_words::{Lang, filter as words};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The id of the question.
pub(crate) const DIALOG: &str = "locate-consent";
const AGREED: &str = "locate";

/// Why there is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The person, or the browser on their behalf, said no.
    Denied,
    /// The device does not know.
    Unavailable,
    /// It took too long.
    Timeout,
    /// The browser has no such thing.
    Absent,
    /// It is outside of the region: known, but nothing is to be seen there.
    Outside,
}

impl Trouble {
    /// From the code of the browser's error; 0 where there is no such thing.
    const fn of(code: u16) -> Self {
        match code {
            0 => Self::Absent,
            1 => Self::Denied,
            3 => Self::Timeout,
            _ => Self::Unavailable,
        }
    }

    /// What happened and what to do.
    pub(crate) const fn words(self, l: Lang) -> &'static str {
        match self {
            Self::Denied => words::locate_denied(l),
            Self::Unavailable => words::locate_unavailable(l),
            Self::Timeout => words::locate_timeout(l),
            Self::Absent => words::locate_absent(l),
            Self::Outside => words::locate_outside(l),
        }
    }

    /// Whether trying again can help.
    pub(crate) const fn is_passing(self) -> bool {
        matches!(self, Self::Unavailable | Self::Timeout)
    }
}

type Then = Box<dyn FnOnce(Result<Located, Trouble>)>;

/// How far the question for the position is.
#[derive(Clone, Copy)]
pub(crate) struct NearState {
    /// The browser is asked.
    pub locating: RwSignal<bool>,
    /// Why there is none.
    pub trouble: RwSignal<Option<Trouble>>,
    then: StoredValue<Option<Then>, LocalStorage>,
}

impl NearState {
    /// Nobody asked yet.
    pub(crate) fn new() -> Self {
        Self {
            locating: RwSignal::new(false),
            trouble: RwSignal::new(None),
            then: StoredValue::new_local(None),
        }
    }
}

/// Asks for the position, first the person (once; the answer is kept), then the browser, and
/// gives what came of it. Nothing comes when the person declines.
pub(crate) fn want(app: AppState, then: impl FnOnce(Result<Located, Trouble>) + 'static) {
    app.near.then.set_value(Some(Box::new(then)));
    if storage::get(AGREED).is_some_and(|v| v == "1") {
        locate(app);
    } else {
        dom::show_dialog(DIALOG);
    }
}

/// The person agreed.
pub(crate) fn agree(app: AppState) {
    dom::close_dialog(DIALOG);
    storage::set(AGREED, "1");
    locate(app);
}

/// The person declined.
pub(crate) fn decline(app: AppState) {
    dom::close_dialog(DIALOG);
    app.near.then.set_value(None);
}

fn locate(app: AppState) {
    let near = app.near;
    near.trouble.set(None);
    if near.locating.get_untracked() {
        return;
    }
    near.locating.set(true);
    app.announce(words::locating(app.lang.get_untracked()).to_owned());
    spawn_local(async move {
        let found = host::locate().await.map_err(Trouble::of);
        near.locating.set(false);
        if let Some(then) = near.then.try_update_value(Option::take).flatten() {
            then(found);
        }
    });
}

/// Shows where the person is, and lists by distance from there.
pub(crate) fn show_me(app: AppState) {
    want(app, move |found| {
        let l = app.lang.get_untracked();
        let shown = found.and_then(|here| {
            let label = words::own_position(l, here.accuracy_m);
            app.me.set(Some(here.position));
            app.view.anchor.set(None);
            app.map.set_me(here.position, here.accuracy_m, &label);
            let region = app.region.manifest.get_untracked();
            if region.is_some_and(|m| !m.bounding_box().contains(here.position)) {
                // The map stays where there is something to see.
                return Err(Trouble::Outside);
            }
            app.map.fly_to(here.position, Some(13.0));
            app.announce(label);
            Ok(())
        });
        if let Err(trouble) = shown {
            app.near.trouble.set(Some(trouble));
            app.announce(trouble.words(l).to_owned());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_trouble_has_its_words() {
        let troubles = [0, 1, 2, 3].map(Trouble::of);
        assert_eq!(Trouble::of(99), Trouble::Unavailable);
        for l in [Lang::Zh, Lang::En] {
            let mut said: Vec<&str> = troubles.iter().map(|t| t.words(l)).collect();
            said.sort_unstable();
            said.dedup();
            assert_eq!(said.len(), 4, "{said:?}");
        }
    }
}
