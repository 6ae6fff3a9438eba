//! Nothing in view: why, and what to do, with one tap each.

use super::filter_chips::{demand_words, set_filter};
use super::filter_panel::all_left_out;
use super::location_list::HEADING;
use super::sheet::Rest;
use crate::js::dom;
use crate::state::demand::Demand;
use crate::state::relax::Relaxation;
use crate::state::{AppState, use_app};
use chongtu_model::filter::Filter;
use chongtu_words::{Lang, filter as words, map};
use leptos::prelude::*;

/// So many suggestions are offered.
const OFFERED: usize = 4;

fn joined_words(app: AppState, l: Lang, demands: &[Demand]) -> String {
    let said: Vec<String> = demands.iter().map(|d| demand_words(app, l, d)).collect();
    words::list(l, &said)
}

/// One demand to drop, and how many that shows.
fn offer(app: AppState, l: Lang, relaxation: Relaxation) -> AnyView {
    let said = words::drop_filter(l, &joined_words(app, l, &relaxation.demands));
    let gains = words::gains(l, relaxation.n_in_view);
    let filter = relaxation.filter;
    view! {
        <li>
            <button type="button" class="relax" on:click=move |_| {
                set_filter(app, filter.clone());
                dom::focus_soon(HEADING);
            }>
                <bdi class="clip">{said}</bdi>
                <span class="end num strong">{gains}</span>
            </button>
        </li>
    }
    .into_any()
}

/// Nothing in view.
pub(crate) fn nothing_found() -> AnyView {
    let app = use_app();
    let title = move || {
        let l = app.lang.get();
        let (filtered, n) = counts(app);
        match (filtered, n) {
            (true, 0) => map::none_match(l),
            (true, _) => map::none_match_here(l),
            (false, _) => map::none_here(l),
        }
    };
    let text = move || {
        let l = app.lang.get();
        match counts(app) {
            (true, 0) => String::new(),
            (true, n) => map::matching_elsewhere(l, n),
            (false, _) => map::none_here_text(l).to_owned(),
        }
    };
    let offers = move || {
        let l = app.lang.get();
        if !counts(app).0 {
            return None;
        }
        let Some(found) = app.view.relaxed.get() else {
            return Some(
                view! { <p class="sub" role="status">{words::counting(l)}</p> }.into_any(),
            );
        };
        let offers: Vec<AnyView> = found
            .into_iter()
            .take(OFFERED)
            .map(|r| offer(app, l, r))
            .collect();
        (!offers.is_empty()).then(|| {
            view! {
                <p class="sub">{words::drop_one(l)}</p>
                <ul class="relaxations">{offers}</ul>
            }
            .into_any()
        })
    };
    let whole = move |_| {
        if let Some(region) = app.region.manifest.get_untracked() {
            app.sheet.set(Rest::Peek);
            app.map.fit(region.bounding_box(), 24.0);
        }
    };
    let has_more = move || counts(app) != (true, 0);
    view! {
        <div class="empty nothing">
            <p class="strong" role="status">{title}</p>
            <p class="sub" hidden=move || text().is_empty()>{text}</p>
            {offers}
            {all_left_out()}
            <div class="empty-actions">
                <button type="button" class="btn md" hidden=move || !counts(app).0 on:click=move |_| set_filter(app, Filter::default())>
                    {move || map::clear_filters(app.lang.get())}
                </button>
                <button type="button" class="btn md soft" hidden=move || !has_more() on:click=whole>
                    {move || map::whole_region(app.lang.get())}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// Whether anything is asked, and how many match all over the region.
fn counts(app: AppState) -> (bool, u32) {
    let n = app
        .view
        .answer
        .with(|a| a.as_ref().map_or(0, |a| a.n_matching));
    (app.view.filter.with(|f| !f.is_empty()), n)
}
