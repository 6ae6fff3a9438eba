//! The planner: its worker is started, and given the region's files once more, when somebody first
//! plans. Until then neither its code nor the cars are loaded.

use super::AppState;
use super::catalogue::{self, LoadState, Part, beside, refused, region_url, trouble_of};
use super::manifest::{DataFile, Manifest};
use crate::http;
use crate::js::worker::{PlannerClient, WorkerState};
use crate::state::follow::follow;
use chongtu_words::map::LoadTrouble;
use chongtu_worker::planner::CarSummary;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// How often a worker that stopped is started again before the person is asked.
const RESTARTS: u32 = 2;

/// The planner as this side knows it.
#[derive(Clone, Copy)]
pub(crate) struct PlannerState {
    /// Its worker.
    pub(crate) worker: PlannerClient,
    /// How far it is with what it needs.
    pub(crate) load: RwSignal<LoadState>,
    /// The cars of the region, in order of name; none until the planner was needed.
    pub(crate) listed: RwSignal<Vec<CarSummary>>,
    /// The cars to choose from: the person's own, one that came with a link, and those listed.
    pub(crate) cars: RwSignal<Vec<CarSummary>>,
    /// Counts the loadings: an answer of an earlier one is void. 0: nobody needs it yet.
    round: RwSignal<u32>,
    /// The round that has begun.
    begun: StoredValue<u32>,
}

impl PlannerState {
    /// Not needed yet; the worker is of that script.
    pub(crate) fn new(url: &str) -> Self {
        Self {
            worker: PlannerClient::new(url),
            load: RwSignal::new(LoadState::BEGIN),
            listed: RwSignal::new(Vec::new()),
            cars: RwSignal::new(Vec::new()),
            round: RwSignal::new(0),
            begun: StoredValue::new(0),
        }
    }

    /// Somebody plans: from now on it is loaded.
    pub(crate) fn need(self) {
        if self.round.get_untracked() == 0 {
            self.round.set(1);
        }
    }

    /// Begins again from the start, with a fresh worker.
    fn again(self) {
        self.load.set(LoadState::BEGIN);
        self.round.update(|n| *n += 1);
    }
}

/// Begins again what has failed.
pub(crate) fn retry(app: AppState) {
    if app.region.manifest.with_untracked(Option::is_none) {
        catalogue::retry(app);
    }
    app.planner.again();
}

/// Loads the planner once it is needed and the manifest is there, and starts its worker again when
/// it stops.
pub(crate) fn run(app: AppState) {
    let planner = app.planner;
    follow(move || {
        let round = planner.round.get();
        if planner.begun.get_value() == round {
            return;
        }
        if let Some(manifest) = app.region.manifest.get() {
            planner.begun.set_value(round);
            planner.load.set(LoadState::BEGIN);
            planner.worker.start();
            spawn_local(load(app, round, manifest));
        } else if let failed @ LoadState::Failed(_) = app.region.load_state(Part::Locations).get() {
            planner.load.set(failed);
        } else {
            planner.load.set(LoadState::BEGIN);
        }
    });
    let restarts = StoredValue::new(0);
    follow(move || {
        if planner.worker.state.get() != WorkerState::Crashed {
            return;
        }
        if restarts.get_value() < RESTARTS {
            restarts.update_value(|n| *n += 1);
            planner.again();
        } else {
            planner.load.set(LoadState::Failed(LoadTrouble::Worker));
        }
    });
}

async fn load(app: AppState, round: u32, manifest: Arc<Manifest>) {
    let planner = app.planner;
    let result = hand_over(app, &manifest).await;
    // A worker that stopped is heard of on its own.
    if planner.round.get_untracked() == round
        && planner.worker.state.get_untracked() != WorkerState::Crashed
    {
        planner
            .load
            .set(result.map_or_else(LoadState::Failed, |()| LoadState::Ready));
    }
}

/// The cars first: the form shows them.
async fn hand_over(app: AppState, manifest: &Manifest) -> Result<(), LoadTrouble> {
    let url = region_url();
    let fetch = async |file: &DataFile| {
        http::fetch_again(&beside(&url, &file.url), file.bytes)
            .await
            .map_err(|e| trouble_of(&e))
    };
    let planner = app.planner;
    let worker = planner.worker;
    let cars = worker.load_cars(fetch(&manifest.cars).await?).await;
    planner.listed.set(cars.map_err(|e| refused(&e))?);
    let catalogue = worker.load_catalogue(fetch(&manifest.locations).await?);
    catalogue.await.map_err(|e| refused(&e))?;
    let roads = worker.load_roads(fetch(&manifest.roads).await?);
    roads.await.map_err(|e| refused(&e))
}
