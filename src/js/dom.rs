//! Small things that views ask of elements and events.

use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent, PointerEvent,
};

fn by_id(id: &str) -> Option<Element> {
    web_sys::window()?.document()?.get_element_by_id(id)
}

/// Puts the focus on the element of that id, without scrolling the page.
pub(crate) fn focus(id: &str) {
    if let Some(element) = by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Puts the focus there once what is being changed now stands in the page.
pub(crate) fn focus_soon(id: &'static str) {
    leptos::prelude::request_animation_frame(move || focus(id));
}

/// Selects all text of the field of that id.
pub(crate) fn select_text(id: &str) {
    if let Some(field) = by_id(id).and_then(|e| e.dyn_into::<HtmlInputElement>().ok()) {
        field.select();
    }
}

/// Scrolls the element of that id into the visible part of what it scrolls in.
pub(crate) fn scroll_into_view(id: &str) {
    if let Some(element) = by_id(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// What stands in the field that the event comes from.
pub(crate) fn value(event: &Event) -> String {
    let target = event.target();
    target
        .as_ref()
        .and_then(|t| t.dyn_ref::<HtmlInputElement>())
        .map(HtmlInputElement::value)
        .or_else(|| {
            target
                .as_ref()
                .and_then(|t| t.dyn_ref::<HtmlSelectElement>())
                .map(HtmlSelectElement::value)
        })
        .unwrap_or_default()
}

/// Whether the box that the event comes from is ticked.
pub(crate) fn checked(event: &Event) -> bool {
    event
        .target()
        .and_then(|t| t.dyn_into::<HtmlInputElement>().ok())
        .is_some_and(|i| i.checked())
}

/// The key of a keyboard event, such as `ArrowDown`; empty while an input method composes.
pub(crate) fn key(event: &KeyboardEvent) -> String {
    if event.is_composing() {
        String::new()
    } else {
        event.key()
    }
}

/// How near the scrolled element of the event is to its end, px.
pub(crate) fn left_to_scroll(event: &Event) -> f64 {
    event
        .target()
        .and_then(|t| t.dyn_into::<Element>().ok())
        .map_or(f64::INFINITY, |e| {
            f64::from(e.scroll_height() - e.scroll_top() - e.client_height())
        })
}

/// Where a pointer event is and when: px from the top of the window, milliseconds.
pub(crate) fn pointer(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.client_y()), event.time_stamp())
}

/// Keeps all further events of this pointer at the element that listens.
pub(crate) fn capture(event: &PointerEvent) {
    if let Some(element) = event
        .current_target()
        .and_then(|t| t.dyn_into::<Element>().ok())
    {
        // Refused when the pointer is gone already: then there is nothing to keep.
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// Moves the focus from the row (`.row`) that has it to one further down (`by` = 1) or up (-1) in
/// the same list. `false` when there is none.
pub(crate) fn focus_row(event: &KeyboardEvent, by: i32) -> bool {
    let row = event
        .target()
        .and_then(|t| t.dyn_into::<Element>().ok())
        .and_then(|e| e.closest("li").ok().flatten());
    let next = row.and_then(|li| {
        if by > 0 {
            li.next_element_sibling()
        } else {
            li.previous_element_sibling()
        }
    });
    let link = next
        .and_then(|li| li.query_selector("a.row").ok().flatten())
        .and_then(|e| e.dyn_into::<HtmlElement>().ok());
    link.is_some_and(|link| link.focus().is_ok())
}

/// Opens the `<dialog>` of that id over everything: it keeps the focus, Esc closes it, and the
/// focus goes back to where it was.
pub(crate) fn show_dialog(id: &str) {
    call(id, "showModal");
}

/// Closes the `<dialog>` of that id.
pub(crate) fn close_dialog(id: &str) {
    call(id, "close");
}

fn call(id: &str, method: &str) {
    let Some(element) = by_id(id) else { return };
    let function = js_sys::Reflect::get(&element, &method.into())
        .ok()
        .and_then(|f| f.dyn_into::<js_sys::Function>().ok());
    if let Some(function) = function {
        // Refused when it is open, or closed, already.
        let _ = function.call0(&element);
    }
}
