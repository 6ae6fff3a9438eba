//! The page around the app: its address, its `<html>` element, its clock, its clipboard.

use chongtu_model::{Instant, LatLng};
use futures_channel::oneshot;
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, Event, EventTarget, MediaQueryListEvent, MouseEvent, Window};

/// The address of the page in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    /// As in `location.pathname`.
    pub path: String,
    /// As in `location.search`.
    pub search: String,
    /// As in `location.hash`.
    pub hash: String,
}

fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

/// What a thrown value says.
pub(super) fn describe(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map_or_else(|| format!("{error:?}"), |e| String::from(e.message()))
}

/// Where the page stands.
pub(crate) fn address() -> Address {
    let Some(location) = window().map(|w| w.location()) else {
        return Address::default();
    };
    Address {
        path: location.pathname().unwrap_or_default(),
        search: location.search().unwrap_or_default(),
        hash: location.hash().unwrap_or_default(),
    }
}

/// The full address of a link relative to the page, for sharing.
pub(crate) fn absolute(href: &str) -> String {
    let base = document()
        .and_then(|d| d.base_uri().ok().flatten())
        .unwrap_or_default();
    web_sys::Url::new_with_base(href, &base).map_or_else(|_| href.to_owned(), |u| u.href())
}

/// Changes the address without loading. `replace` keeps the history as long as it was.
pub(crate) fn set_address(href: &str, replace: bool) {
    let Some(history) = window().and_then(|w| w.history().ok()) else {
        return;
    };
    // Browsers refuse too many changes within some seconds: the address is then behind, nothing else.
    let _ = if replace {
        history.replace_state_with_url(&JsValue::NULL, "", Some(href))
    } else {
        history.push_state_with_url(&JsValue::NULL, "", Some(href))
    };
}

/// Loads the page anew.
pub(crate) fn reload() {
    if let Some(window) = window() {
        let _ = window.location().reload();
    }
}

fn listen<E: JsCast + 'static>(target: &EventTarget, name: &str, f: impl Fn(E) + 'static) {
    let closure = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if let Ok(event) = event.dyn_into::<E>() {
            f(event);
        }
    });
    let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    // The app listens as long as the page lives.
    closure.forget();
}

/// Calls `f` when the person goes back or forth, or edits the fragment.
pub(crate) fn on_address_change(f: impl Fn() + 'static) {
    if let Some(window) = window() {
        listen(&window, "popstate", move |_: Event| f());
    }
}

/// Gives plain clicks on links within the page's folder to `f`, which returns whether it took
/// them. Clicks with a modifier, and links with `target` or `download`, are the browser's.
pub(crate) fn on_link(f: impl Fn(Address) -> bool + 'static) {
    let Some(document) = document() else { return };
    listen(&document, "click", move |event: MouseEvent| {
        if event.default_prevented()
            || event.button() != 0
            || event.alt_key()
            || event.ctrl_key()
            || event.meta_key()
            || event.shift_key()
        {
            return;
        }
        let link = event
            .target()
            .and_then(|t| t.dyn_into::<Element>().ok())
            .and_then(|e| e.closest("a[href]").ok().flatten());
        let Some(link) = link else { return };
        if link.has_attribute("target") || link.has_attribute("download") {
            return;
        }
        let href = link.get_attribute("href").unwrap_or_default();
        if href.starts_with('#') {
            return;
        }
        let Ok(url) = web_sys::Url::new(&absolute(&href)) else {
            return;
        };
        let here = window()
            .and_then(|w| w.location().origin().ok())
            .unwrap_or_default();
        if url.origin() != here {
            return;
        }
        let address = Address {
            path: url.pathname(),
            search: url.search(),
            hash: url.hash(),
        };
        if f(address) {
            event.prevent_default();
        }
    });
}

/// Calls `f` with every key pressed anywhere that no control has taken: its name, and whether
/// the focus is in a field.
pub(crate) fn on_key(f: impl Fn(&str, bool) -> bool + 'static) {
    let Some(document) = document() else { return };
    listen(
        &document,
        "keydown",
        move |event: web_sys::KeyboardEvent| {
            if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.alt_key()
            {
                return;
            }
            let in_field = event
                .target()
                .and_then(|t| t.dyn_into::<Element>().ok())
                .is_some_and(|e| {
                    e.matches("input:not([type=range]):not([type=checkbox]), textarea, select")
                        .unwrap_or(false)
                });
            if f(&event.key(), in_field) {
                event.prevent_default();
            }
        },
    );
}

/// Now, by the device's clock.
pub(crate) fn now() -> Instant {
    Instant::from_unix_s((Date::now() / 1000.0) as i64)
}

/// The languages that the person prefers, best first (BCP 47).
pub(crate) fn languages() -> Vec<String> {
    window()
        .map(|w| {
            w.navigator()
                .languages()
                .iter()
                .filter_map(|l| l.as_string())
                .collect()
        })
        .unwrap_or_default()
}

/// The content of `<meta name=…>`, when it stands in the page.
pub(crate) fn meta(name: &str) -> Option<String> {
    let element = document()?
        .query_selector(&format!("meta[name=\"{name}\"]"))
        .ok()??;
    element.get_attribute("content").filter(|c| !c.is_empty())
}

/// Sets an attribute of `<html>`, or takes it away.
pub(crate) fn set_root_attribute(name: &str, value: Option<&str>) {
    let Some(root) = document().and_then(|d| d.document_element()) else {
        return;
    };
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// Sets the title of the page.
pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Takes the static skeleton of `index.html` away.
pub(crate) fn remove_shell() {
    if let Some(shell) = document().and_then(|d| d.get_element_by_id("shell")) {
        shell.remove();
    }
}

/// Whether a media query holds now; `f` hears of every change.
pub(crate) fn media(query: &str, f: impl Fn(bool) + 'static) -> bool {
    let Some(list) = window().and_then(|w| w.match_media(query).ok().flatten()) else {
        return false;
    };
    listen(&list, "change", move |event: MediaQueryListEvent| {
        f(event.matches());
    });
    list.matches()
}

/// Whether the device says that it has a network; `f` hears of every change.
pub(crate) fn online(f: impl Fn(bool) + Clone + 'static) -> bool {
    let Some(window) = window() else { return true };
    for (name, state) in [("online", true), ("offline", false)] {
        let f = f.clone();
        listen(&window, name, move |_: Event| f(state));
    }
    window.navigator().on_line()
}

/// The height of the window, px; `f` hears of every change.
pub(crate) fn window_height(f: impl Fn(f64) + 'static) -> f64 {
    let Some(window) = window() else { return 0.0 };
    let height = |w: &Window| {
        w.inner_height()
            .ok()
            .and_then(|h| h.as_f64())
            .unwrap_or(0.0)
    };
    let now = height(&window);
    let again = window.clone();
    listen(&window, "resize", move |_: Event| f(height(&again)));
    now
}

/// The width of the window, px.
pub(crate) fn window_width() -> f64 {
    window()
        .and_then(|w| w.inner_width().ok()?.as_f64())
        .unwrap_or(0.0)
}

/// Puts text on the clipboard. `false` when the browser does not let us.
pub(crate) async fn copy(text: &str) -> bool {
    let Some(navigator) = window().map(|w| w.navigator()) else {
        return false;
    };
    // Absent outside secure contexts, in spite of its type.
    let there =
        Reflect::get(&navigator, &JsValue::from_str("clipboard")).is_ok_and(|c| c.is_object());
    there
        && JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
}

/// Where the device is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Located {
    /// The position.
    pub position: LatLng,
    /// It is within so many metres of it, in two cases of three.
    pub accuracy_m: f64,
}

/// Where the device is, once. It asks the person; the position stays here.
///
/// # Errors
/// The browser's code: 1 refused, 2 not known, 3 took too long; 0 where there is no such thing.
pub(crate) async fn locate() -> Result<Located, u16> {
    let geolocation = window()
        .and_then(|w| w.navigator().geolocation().ok())
        .ok_or(0_u16)?;
    let (send, receive) = oneshot::channel::<Result<Located, u16>>();
    let send = std::rc::Rc::new(std::cell::RefCell::new(Some(send)));
    let answer = move |result: Result<Located, u16>| {
        if let Some(send) = send.borrow_mut().take() {
            let _ = send.send(result);
        }
    };
    let number = |value: &JsValue, key: &str| {
        Reflect::get(value, &JsValue::from_str(key))
            .ok()
            .and_then(|v| v.as_f64())
    };
    let found = {
        let answer = answer.clone();
        Closure::once(move |position: JsValue| {
            let coords =
                Reflect::get(&position, &JsValue::from_str("coords")).unwrap_or(JsValue::NULL);
            let lat = number(&coords, "latitude");
            let lng = number(&coords, "longitude");
            let accuracy_m = number(&coords, "accuracy").unwrap_or(0.0);
            let here = lat
                .zip(lng)
                .and_then(|(lat, lng)| LatLng::new(lat, lng).ok());
            let located = here.map(|position| Located {
                position,
                accuracy_m,
            });
            answer(located.ok_or(2));
        })
    };
    let failed = Closure::once(move |error: JsValue| {
        answer(Err(number(&error, "code").map_or(2, |c| c as u16)));
    });
    let options = Object::new();
    for (key, value) in [("timeout", 15_000.0), ("maximumAge", 60_000.0)] {
        let _ = Reflect::set(&options, &JsValue::from_str(key), &JsValue::from_f64(value));
    }
    geolocation
        .get_current_position_with_error_callback_and_options(
            found.as_ref().unchecked_ref(),
            Some(failed.as_ref().unchecked_ref()),
            options.unchecked_ref(),
        )
        .map_err(|_| 0_u16)?;
    receive.await.unwrap_or(Err(2))
}

/// Writes to the browser's console as an error: for reports, not for people.
pub(crate) fn log_error(text: &str) {
    let console = Reflect::get(&js_sys::global(), &JsValue::from_str("console"));
    let Ok(console) = console else { return };
    let error = Reflect::get(&console, &JsValue::from_str("error"));
    if let Some(error) = error
        .ok()
        .and_then(|e| e.dyn_into::<js_sys::Function>().ok())
    {
        let _ = error.call1(&console, &JsValue::from_str(text));
    }
}

/// When this module panics, says so in the console and shows the static notice of `index.html`:
/// a dead page must not look alive.
pub(crate) fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        log_error(&info.to_string());
        if let Some(notice) = document().and_then(|d| d.get_element_by_id("broken")) {
            let _ = notice.remove_attribute("hidden");
        }
    }));
}
