//! What the person prefers, kept on the device.

use super::{AppState, favourites};
use crate::js::{host, storage};
use crate::state::follow::follow_changes;
use chongtu_model::LocationId;
use chongtu_words::Lang;
use leptos::prelude::*;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the device has it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every choice.
    pub(crate) const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    const fn key(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.key() == key)
    }
}

/// The preferences as they were kept.
pub(crate) struct Prefs {
    /// The language; without one kept, that of the device.
    pub lang: Lang,
    /// Light or dark.
    pub theme: Theme,
    /// Larger text and targets.
    pub elder: bool,
    /// The car's id.
    pub car: Option<String>,
    /// The locations marked with a star.
    pub favourites: Vec<LocationId>,
}

impl Prefs {
    /// Reads what was kept.
    pub(crate) fn load() -> Self {
        let of_device = || {
            host::languages()
                .first()
                .map_or(Lang::Zh, |tag| Lang::from_tag(tag))
        };
        Self {
            lang: storage::get("lang").map_or_else(of_device, |tag| Lang::from_tag(&tag)),
            theme: storage::get("theme")
                .and_then(|key| Theme::from_key(&key))
                .unwrap_or_default(),
            elder: storage::get("elder").is_some_and(|v| v == "1"),
            car: storage::get("car"),
            favourites: storage::get(favourites::KEY)
                .and_then(|kept| favourites::read(&kept))
                .unwrap_or_default(),
        }
    }
}

/// Keeps every change, and shows it in `<html>` (`lang`, `data-theme`, `data-elder`); the map
/// follows.
pub(crate) fn keep(app: AppState) {
    let device_dark = RwSignal::new(false);
    device_dark.set(host::media("(prefers-color-scheme: dark)", move |is| {
        device_dark.set(is);
    }));
    let changed = |is_first: bool, key: &str, value: &str| {
        // Nothing is kept that was not chosen.
        if !is_first {
            storage::set(key, value);
        }
    };
    follow_changes(move |is_first| {
        let tag = app.lang.get().tag();
        host::set_root_attribute("lang", Some(tag));
        changed(is_first, "lang", tag);
    });
    follow_changes(move |is_first| {
        changed(is_first, "theme", app.theme.get().key());
    });
    follow_changes(move |is_first| {
        changed(is_first, "elder", if app.elder.get() { "1" } else { "0" });
    });
    follow_changes(move |is_first| {
        if let Some(car) = app.car.get() {
            changed(is_first, "car", &car);
        }
    });
    follow_changes(move |is_first| {
        let dark = match app.theme.get() {
            Theme::Auto => device_dark.get(),
            Theme::Light => false,
            Theme::Dark => true,
        };
        host::set_root_attribute("data-theme", Some(if dark { "dark" } else { "light" }));
        host::set_root_attribute("data-elder", app.elder.get().then_some(""));
        let english = app.lang.get().is_english();
        if !is_first {
            app.map.restyle(english);
        }
    });
}

/// Forgets everything that is kept on the device and starts afresh.
pub(crate) fn forget_all() {
    storage::clear();
    host::reload();
}
