//! What the person prefers, kept on the device.

use super::follow::follow_changes;
use super::{AppState, favourites, garage};
use crate::js::{host, storage};
use chongtu_model::LocationId;
use chongtu_words::Lang;
use leptos::prelude::*;
use leptos::task::spawn_local;

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
    /// The car, as it is written.
    pub car: Option<String>,
    /// The cars of the person's own.
    pub garage: Vec<String>,
    /// The locations marked with a star.
    pub favourites: Vec<LocationId>,
    /// The keys whose values cannot be read: they are as good as absent.
    pub damaged: Vec<&'static str>,
}

/// Reads a value, and notes its key when it is there and cannot be read.
fn kept<T>(
    key: &'static str,
    damaged: &mut Vec<&'static str>,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let text = storage::get(key)?;
    let value = read(&text);
    if value.is_none() {
        damaged.push(key);
    }
    value
}

fn lang_of(tag: &str) -> Option<Lang> {
    [Lang::Zh, Lang::En].into_iter().find(|l| l.tag() == tag)
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

/// A car as it is written: one line of text.
fn car_of(text: &str) -> Option<String> {
    let sound = !text.is_empty() && text.len() <= 8_000 && !text.contains(char::is_control);
    sound.then(|| text.to_owned())
}

impl Prefs {
    /// Reads what was kept.
    pub(crate) fn load() -> Self {
        let of_device = || {
            host::languages()
                .first()
                .map_or(Lang::Zh, |tag| Lang::from_tag(tag))
        };
        let mut damaged = Vec::new();
        let d = &mut damaged;
        Self {
            lang: kept("lang", d, lang_of).unwrap_or_else(of_device),
            theme: kept("theme", d, Theme::from_key).unwrap_or_default(),
            elder: kept("elder", d, yes_or_no).unwrap_or_default(),
            car: kept("car", d, car_of),
            garage: kept(garage::KEY, d, garage::read).unwrap_or_default(),
            favourites: kept(favourites::KEY, d, favourites::read).unwrap_or_default(),
            damaged,
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
    follow_changes(move |first| {
        let tag = app.lang.get().tag();
        host::set_root_attribute("lang", Some(tag));
        changed(first, "lang", tag);
    });
    follow_changes(move |first| {
        changed(first, "theme", app.theme.get().key());
    });
    follow_changes(move |first| {
        changed(first, "elder", if app.elder.get() { "1" } else { "0" });
    });
    follow_changes(move |first| match app.car.get() {
        Some(car) => changed(first, "car", &car),
        None if !first => {
            storage::remove("car");
            storage::remove("car_inlets");
        }
        None => {}
    });
    follow_changes(move |first| {
        let dark = match app.theme.get() {
            Theme::Auto => device_dark.get(),
            Theme::Light => false,
            Theme::Dark => true,
        };
        host::set_root_attribute("data-theme", Some(if dark { "dark" } else { "light" }));
        host::set_root_attribute("data-elder", app.elder.get().then_some(""));
        let english = app.lang.get().is_english();
        if !first {
            app.map.restyle(english);
        }
    });
}

/// Forgets everything that is kept on the device and starts afresh.
pub(crate) fn forget_all() {
    spawn_local(async {
        storage::clear().await;
        host::reload();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_values_are_as_good_as_absent() {
        for tag in ["zh-CN", "en"] {
            assert_eq!(lang_of(tag).map(Lang::tag), Some(tag));
        }
        assert_eq!(lang_of("xx"), None);
        assert_eq!(yes_or_no("1"), Some(true));
        assert_eq!(yes_or_no("true"), None);
        assert_eq!(car_of("a\nb"), None);
        assert_eq!(car_of(&"a".repeat(9_000)), None);
        assert_eq!(car_of("byd~1.1").as_deref(), Some("byd~1.1"));
    }
}
