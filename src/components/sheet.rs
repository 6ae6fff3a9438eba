//! The bottom sheet of the phone with its three rests; on wide screens the panel at the left.

use super::icon::icon;
use super::say::say;
use crate::js::dom;
use crate::state::use_app;
use chongtu_words::map as words;
use leptos::prelude::*;

/// Where the sheet rests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Search and the first two rows.
    #[default]
    Peek,
    /// About two thirds.
    Half,
    /// All but a strip of the map.
    Full,
}

impl Rest {
    const ALL: [Self; 3] = [Self::Peek, Self::Half, Self::Full];

    /// Its height in a window of that height, px.
    pub(crate) fn height(self, window: f64, elder: bool) -> f64 {
        match self {
            Self::Peek if elder => 484.0_f64.min(window * 0.58),
            Self::Peek => 384.0_f64.min(window * 0.5),
            Self::Half => 552.0_f64.min(window * 0.68),
            Self::Full => (window - 56.0).max(window * 0.8),
        }
    }

    /// The rest that a drag ends in: where the sheet would come to stand if it went on for a
    /// moment. `height` in px, `speed` in px per millisecond, up is positive.
    fn after_drag(height: f64, speed: f64, window: f64, elder: bool) -> Self {
        let aim = height + speed * 180.0;
        let off = |rest: Self| (rest.height(window, elder) - aim).abs();
        Self::ALL
            .into_iter()
            .min_by(|a, b| off(*a).total_cmp(&off(*b)))
            .unwrap_or_default()
    }

    const fn larger(self) -> Self {
        match self {
            Self::Peek => Self::Half,
            Self::Half | Self::Full => Self::Full,
        }
    }

    const fn smaller(self) -> Self {
        match self {
            Self::Full => Self::Half,
            Self::Half | Self::Peek => Self::Peek,
        }
    }
}

/// A drag under way.
#[derive(Clone, Copy, Default)]
struct Drag {
    from_y: f64,
    last: (f64, f64),
    speed: f64,
    moved: bool,
}

/// A sheet with its handle. Its content decides what scrolls (`.sheet-body`).
#[component]
pub(crate) fn Sheet(
    /// What it is called.
    #[prop(into)]
    label: Signal<String>,
    /// Stays in the page, but is not shown.
    #[prop(into, optional)]
    hidden: Signal<bool>,
    /// Its content.
    children: Children,
) -> impl IntoView {
    let app = use_app();
    let drag = StoredValue::new(None::<Drag>);
    let pulled = RwSignal::new(None::<f64>);
    let rest_height =
        move |rest: Rest| rest.height(app.window_height.get_untracked(), app.elder.get_untracked());
    let on_down = move |ev| {
        dom::capture(&ev);
        let at = dom::pointer(&ev);
        drag.set_value(Some(Drag {
            from_y: at.0,
            last: at,
            ..Drag::default()
        }));
    };
    let on_move = move |ev| {
        let Some(mut now) = drag.get_value() else {
            return;
        };
        let at = dom::pointer(&ev);
        let span = (at.1 - now.last.1).max(1.0);
        now.speed = (now.last.0 - at.0) / span;
        now.last = at;
        now.moved |= (at.0 - now.from_y).abs() > 6.0;
        drag.set_value(Some(now));
        if now.moved {
            pulled.set(Some(now.from_y - at.0));
        }
    };
    let on_up = move |_| {
        let Some(ended) = drag.get_value() else {
            return;
        };
        drag.set_value(None);
        pulled.set(None);
        let rest = app.sheet.get_untracked();
        app.sheet.set(if ended.moved {
            let height = rest_height(rest) + ended.from_y - ended.last.0;
            Rest::after_drag(
                height,
                ended.speed,
                app.window_height.get_untracked(),
                app.elder.get_untracked(),
            )
        } else if rest == Rest::Full {
            Rest::Peek
        } else {
            rest.larger()
        });
    };
    let on_cancel = move |_| {
        drag.set_value(None);
        pulled.set(None);
    };
    let on_key = move |ev| match dom::key(&ev).as_str() {
        "ArrowUp" => app.sheet.update(|r| *r = r.larger()),
        "ArrowDown" => app.sheet.update(|r| *r = r.smaller()),
        "Enter" | " " => app.sheet.update(|r| {
            *r = if *r == Rest::Full {
                Rest::Peek
            } else {
                r.larger()
            }
        }),
        _ => {}
    };
    let action = move || {
        let l = app.lang.get();
        if app.sheet.get() == Rest::Full {
            words::sheet_smaller(l)
        } else {
            words::sheet_larger(l)
        }
    };
    view! {
        <section
            class="sheet"
            class:is-dragged=move || pulled.get().is_some()
            aria-label=move || label.get()
            hidden=move || hidden.get()
            style=("--drag", move || format!("{:.0}px", pulled.get().unwrap_or(0.0)))
        >
            <button
                type="button"
                class="grab"
                aria-label=action
                on:pointerdown=on_down
                on:pointermove=on_move
                on:pointerup=on_up
                on:pointercancel=on_cancel
                on:keydown=on_key
            >
                <span class="grab-bar"></span>
            </button>
            {children()}
        </section>
    }
}

/// The round button that closes what the sheet shows.
#[component]
pub(crate) fn CloseButton(
    /// What it does.
    on_close: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="iconbtn fill"
            aria-label=say(chongtu_words::common::close)
            on:click=move |_| on_close()
        >
            {icon("close")}
        </button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_as_drawn_at_844() {
        let heights = Rest::ALL.map(|r| r.height(844.0, false));
        assert_eq!(heights, [384.0, 552.0, 788.0]);
        for window in [320.0, 390.0, 568.0, 844.0, 1200.0] {
            for elder in [false, true] {
                let [peek, half, full] = Rest::ALL.map(|r| r.height(window, elder));
                assert!(
                    peek < half && half < full && full < window,
                    "{window} {elder}"
                );
            }
        }
    }

    #[test]
    fn a_drag_ends_where_it_heads() {
        let end = |height, speed| Rest::after_drag(height, speed, 844.0, false);
        assert_eq!(end(390.0, 0.0), Rest::Peek);
        assert_eq!(end(500.0, 0.0), Rest::Half);
        assert_eq!(end(500.0, -1.0), Rest::Peek);
        assert_eq!(end(400.0, 3.0), Rest::Full);
    }
}
