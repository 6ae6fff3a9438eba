//! When nothing is found: which demand of the filter keeps most away.

use super::AppState;
use super::demand::{Demand, relaxations};
use super::follow::follow;
use super::view;
use chongtu_model::filter::Filter;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What dropping one demand would show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Relaxation {
    /// What is dropped: several connectors, operators, kinds or places together.
    pub demands: Vec<Demand>,
    /// The filter without.
    pub filter: Filter,
    /// How many locations it shows in view.
    pub n_in_view: u32,
}

/// Counts as soon as an answer is empty.
pub(crate) fn run(app: AppState) {
    follow(move || {
        let is_empty = app
            .view
            .answer
            .with(|a| a.as_ref().is_some_and(|a| a.n_in_view == 0));
        app.view.relaxed.set(None);
        let filter = app.view.filter.get_untracked();
        if is_empty && !filter.is_empty() {
            spawn_local(count(app, filter));
        }
    });
}

/// One question after the other: a newer question of the map makes the one under way void, and
/// ends this, because its answer begins it anew.
async fn count(app: AppState, filter: Filter) {
    let mut found = Vec::new();
    for (demands, without) in relaxations(&filter) {
        let Some(mut query) = view::question(app, 0) else {
            return;
        };
        query.filter = without.clone();
        query.list_limit = 0;
        query.facets = false;
        let Ok(answer) = app.worker.map(query).await else {
            return;
        };
        found.push(Relaxation {
            demands,
            filter: without,
            n_in_view: answer.n_in_view,
        });
    }
    found.retain(|r| r.n_in_view > 0);
    // Equals in the order in which they are said.
    found.sort_by_key(|r| core::cmp::Reverse(r.n_in_view));
    if app.view.filter.with_untracked(|f| *f == filter) {
        app.view.relaxed.set(Some(found));
    }
}
