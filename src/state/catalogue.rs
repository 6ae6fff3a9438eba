//! The region: its manifest says which files there are; they are fetched side by side and handed
//! to the catalogue worker. Nothing of their content stays on this side but summaries.

use super::AppState;
use super::manifest::Manifest;
use crate::http::{self, FetchError};
use crate::js::bytes::Bytes;
use crate::js::map::{OpenOptions, Opening};
use crate::js::worker::{AskError, WorkerState};
use crate::js::{host, json};
use crate::state::follow::follow;
use chongtu_model::LatLng;
use chongtu_words::map::LoadTrouble;
use chongtu_worker::WorkerErrorCode;
use chongtu_worker::catalogue::{CatalogueSummary, RoadsSummary};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// How often a worker that stopped is started again before the person is asked.
const RESTARTS: u32 = 2;

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The locations.
    Locations,
    /// The roads.
    Roads,
}

impl Part {
    const ALL: [Self; 2] = [Self::Locations, Self::Roads];
}

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoadState {
    /// On its way: bytes so far and in all (0: not known).
    Loading {
        /// So far.
        done: u64,
        /// In all.
        total: u64,
    },
    /// The worker has it.
    Ready,
    /// It could not be had.
    Failed(LoadTrouble),
}

impl LoadState {
    pub(super) const BEGIN: Self = Self::Loading { done: 0, total: 0 };
}

/// The region's data as this side knows it.
#[derive(Clone, Copy)]
pub(crate) struct RegionState {
    /// The manifest.
    pub manifest: RwSignal<Option<Arc<Manifest>>>,
    /// What the catalogue holds.
    pub catalogue: RwSignal<Option<Arc<CatalogueSummary>>>,
    /// What the roads hold: places among them.
    pub roads: RwSignal<Option<Arc<RoadsSummary>>>,
    locations_load: RwSignal<LoadState>,
    roads_load: RwSignal<LoadState>,
    /// Counts the loadings: an answer of an earlier one is void.
    round: RwSignal<u32>,
}

impl RegionState {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        let load = || RwSignal::new(LoadState::BEGIN);
        Self {
            manifest: RwSignal::new(None),
            catalogue: RwSignal::new(None),
            roads: RwSignal::new(None),
            locations_load: load(),
            roads_load: load(),
            round: RwSignal::new(0),
        }
    }

    /// How far a part is.
    pub(crate) fn load_state(self, part: Part) -> RwSignal<LoadState> {
        match part {
            Part::Locations => self.locations_load,
            Part::Roads => self.roads_load,
        }
    }

    /// Whether any of what it shows is invented.
    pub(crate) fn is_demonstration(self) -> bool {
        self.manifest
            .with(|m| m.as_ref().is_some_and(|m| m.demonstration))
            || self.catalogue.with(|c| {
                c.as_ref()
                    .is_some_and(|c| c.sources.iter().any(|s| s.demonstration))
            })
    }
}

/// Loads the region, opens the map as soon as its bounds are known, and starts the worker again
/// when it stops.
pub(crate) fn load(app: AppState) {
    load_files(app);
    let opened = StoredValue::new(false);
    follow(move || {
        let Some(manifest) = app.region.manifest.get() else {
            return;
        };
        // Where to open stands in the roads; without them it is the whole region.
        let waiting = matches!(
            app.region.load_state(Part::Roads).get(),
            LoadState::Loading { .. }
        );
        if !opened.get_value() && !waiting {
            opened.set_value(true);
            open_map(app, &manifest);
        }
    });
    draw_base_map(app);
    let restarts = StoredValue::new(0);
    follow(move || {
        if app.worker.state.get() != WorkerState::Crashed {
            return;
        }
        if restarts.get_value() < RESTARTS {
            restarts.update_value(|n| *n += 1);
            retry(app);
        } else {
            // What is still on its way comes too late.
            app.region.round.update(|n| *n += 1);
            for part in Part::ALL {
                app.region
                    .load_state(part)
                    .set(LoadState::Failed(LoadTrouble::Worker));
            }
        }
    });
}

/// Whether there are names to search: those of the locations, of the roads, or of both. Follows
/// both.
pub(crate) fn has_names(app: AppState) -> bool {
    let (locations, roads) = (
        app.region.catalogue.with(Option::is_some),
        app.region.roads.with(Option::is_some),
    );
    locations || roads
}

/// Begins again from the start, with a fresh worker.
pub(crate) fn retry(app: AppState) {
    app.worker.restart();
    app.region.catalogue.set(None);
    load_files(app);
}

fn load_files(app: AppState) {
    let region = app.region;
    region.round.update(|n| *n += 1);
    let round = region.round.get_untracked();
    for part in Part::ALL {
        region.load_state(part).set(LoadState::BEGIN);
    }
    spawn_local(async move {
        let url = region_url();
        match fetch_manifest(&url).await {
            Ok(manifest) => {
                let manifest = Arc::new(manifest);
                region.manifest.set(Some(Arc::clone(&manifest)));
                for part in Part::ALL {
                    let file = match part {
                        Part::Locations => &manifest.locations,
                        Part::Roads => &manifest.roads,
                    };
                    spawn_local(load_part(
                        app,
                        round,
                        part,
                        beside(&url, &file.url),
                        file.bytes,
                    ));
                }
            }
            Err(trouble) => {
                for part in Part::ALL {
                    region.load_state(part).set(LoadState::Failed(trouble));
                }
            }
        }
    });
}

async fn fetch_manifest(url: &str) -> Result<Manifest, LoadTrouble> {
    let bytes = http::fetch(url, 0, |_| ())
        .await
        .map_err(|e| trouble_of(&e))?;
    let read = json::parse(&bytes.to_text());
    let manifest = read.and_then(|json| Manifest::read(&json).map_err(str::to_owned));
    let manifest = manifest.map_err(|what| {
        host::log_error(&format!("{url}: {what}"));
        LoadTrouble::Damaged
    })?;
    let [west, south, east, north] = manifest.bounds;
    let sound =
        LatLng::new(south, west).is_ok() && LatLng::new(north, east).is_ok() && south < north;
    if manifest.schema == 1 && sound {
        Ok(manifest)
    } else {
        Err(LoadTrouble::Damaged)
    }
}

async fn load_part(app: AppState, round: u32, part: Part, url: String, size: u64) {
    let state = app.region.load_state(part);
    let current = move || app.region.round.get_untracked() == round;
    let fetched = http::fetch(&url, size, move |done| {
        if current() {
            state.set(LoadState::Loading {
                done,
                total: size.max(done),
            });
        }
    });
    let result = match fetched.await {
        Ok(bytes) if current() => hand_over(app, part, bytes).await,
        Ok(_) => return,
        Err(error) => {
            host::log_error(&format!("{url}: {error:?}"));
            Err(trouble_of(&error))
        }
    };
    if current() {
        state.set(result.map_or_else(LoadState::Failed, |()| LoadState::Ready));
    }
}

async fn hand_over(app: AppState, part: Part, bytes: Bytes) -> Result<(), LoadTrouble> {
    let region = app.region;
    match part {
        Part::Locations => {
            let summary = app.worker.load_catalogue(bytes).await;
            let summary = summary.map_err(|e| refused(&e))?;
            region.catalogue.set(Some(Arc::new(summary)));
        }
        Part::Roads => {
            let summary = app.worker.load_roads(bytes).await;
            let summary = summary.map_err(|e| refused(&e))?;
            region.roads.set(Some(Arc::new(summary)));
        }
    }
    Ok(())
}

/// What a worker's refusal of a file means to a person.
pub(super) const fn refused(error: &AskError) -> LoadTrouble {
    match error {
        AskError::Refused(e) if !matches!(e.code, WorkerErrorCode::Internal) => {
            LoadTrouble::Damaged
        }
        _ => LoadTrouble::Worker,
    }
}

/// Where the manifest is.
pub(super) fn region_url() -> String {
    host::meta("chongtu-region").unwrap_or_else(|| "./data/region.json".to_owned())
}

pub(super) const fn trouble_of(error: &FetchError) -> LoadTrouble {
    match error {
        FetchError::Network(_) => LoadTrouble::Network,
        FetchError::Status(code) => LoadTrouble::Status(*code),
    }
}

/// An address relative to another file's.
pub(super) fn beside(file: &str, url: &str) -> String {
    if url.starts_with('/') || url.contains("://") {
        return url.to_owned();
    }
    let folder = file
        .rfind('/')
        .map_or("", |i| file.get(..=i).unwrap_or_default());
    format!("{folder}{url}")
}

fn open_map(app: AppState, manifest: &Manifest) {
    let url = host::meta("chongtu-region").unwrap_or_default();
    let at = super::view::position_of(&app.url.get_untracked()).or_else(|| home(app));
    let opening = at.map_or(Opening::Box(manifest.bounding_box()), |(p, zoom)| {
        Opening::At(p, zoom)
    });
    let absolute = |relative: &str| host::absolute(&beside(&url, relative));
    let l = app.lang.get_untracked();
    let options = OpenOptions {
        opening,
        english: l.is_english(),
        basemap_url: manifest.basemap.as_ref().map(|f| absolute(&f.url)),
        style_url: manifest.style.as_deref().map(absolute),
        title: chongtu_words::map::map_title(l).to_owned(),
    };
    spawn_local(app.map.open(options));
}

/// Where people live: the first large city that the region names, as near as a city is looked at.
pub(crate) fn home(app: AppState) -> Option<(LatLng, f64)> {
    let zoom = if app.wide.get_untracked() { 10.5 } else { 10.0 };
    let first = app
        .region
        .roads
        .with_untracked(|r| Some(r.as_ref()?.places.iter().find(|p| p.rank == 1)?.position));
    first.map(|at| (at, zoom))
}

/// The roads and the names, once the worker has them.
fn draw_base_map(app: AppState) {
    follow(move || {
        let Some(roads) = app.region.roads.get() else {
            return;
        };
        app.map.set_places(roads.places.iter().map(|p| {
            (
                p.position,
                p.rank,
                p.name.text.as_str(),
                p.name.en.as_deref().unwrap_or(&p.name.text),
            )
        }));
        spawn_local(async move {
            if let Ok(geojson) = app.worker.base_map().await {
                app.map.set_roads(&geojson);
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stand_beside_their_manifest() {
        for (file, url, expected) in [
            (
                "./data/yangtze/region.json",
                "roads-1.roads",
                "./data/yangtze/roads-1.roads",
            ),
            ("region.json", "a", "a"),
            ("./data/region.json", "/abs", "/abs"),
        ] {
            assert_eq!(beside(file, url), expected);
        }
    }
}
