//! What the app knows: the address first ([`url`]), then what the person prefers ([`prefs`]),
//! then what was loaded ([`catalogue`]) and what the map shows of it ([`mod@view`]). Views derive
//! everything else.

pub(crate) mod catalogue;
pub(crate) mod pins;
pub(crate) mod prefs;
pub(crate) mod trip;
pub(crate) mod url;
pub(crate) mod view;

use crate::components::sheet::Rest;
use crate::js::host;
use crate::js::map::MapHandle;
use crate::js::worker::WorkerClient;
use catalogue::RegionState;
use chongtu_model::LatLng;
use chongtu_words::Lang;
use leptos::prelude::*;
use prefs::{Prefs, Theme};
use std::ops::Deref;
use trip::TripMemory;
use url::{Route, UrlState};
use view::MapViewState;

/// Everything that views share. Copies are the same state; [`use_app`] gives it to any component.
/// It is one pointer, because every closure of every view carries one.
#[derive(Clone, Copy)]
pub(crate) struct AppState(&'static AppFields);

impl Deref for AppState {
    type Target = AppFields;
    fn deref(&self) -> &AppFields {
        self.0
    }
}

/// What [`AppState`] points to.
pub(crate) struct AppFields {
    /// The language of the interface.
    pub lang: RwSignal<Lang>,
    /// Light, dark, or as the device has it.
    pub theme: RwSignal<Theme>,
    /// Larger text and targets.
    pub elder: RwSignal<bool>,
    /// The person's car, by id.
    pub car: RwSignal<Option<String>>,
    /// Where the app stands, as the address says.
    pub url: UrlState,
    /// Index and planner.
    pub worker: WorkerClient,
    /// The map.
    pub map: MapHandle,
    /// The region's data: what is loaded, how far, what failed.
    pub region: RegionState,
    /// Filter, order, list and marks of the map view.
    pub view: MapViewState,
    /// The last trip, while the page lives.
    pub trip: RwSignal<TripMemory>,
    /// Read out by screen readers when it changes.
    pub announcement: RwSignal<String>,
    /// The device's position, once the person asked for it.
    pub me: RwSignal<Option<LatLng>>,
    /// The device has a network.
    pub online: RwSignal<bool>,
    /// 900 px or wider: panel in place of the sheet.
    pub wide: RwSignal<bool>,
    /// The height of the window, px.
    pub window_height: RwSignal<f64>,
    /// Where the sheet rests.
    pub sheet: RwSignal<Rest>,
}

/// The state of the app.
///
/// # Panics
/// Outside of [`crate::app::App`], which provides it.
pub(crate) fn use_app() -> AppState {
    expect_context::<AppState>()
}

impl AppState {
    /// Reads address and preferences, starts the worker and the loading of the region.
    pub(crate) fn start(map_host_id: &str) -> Self {
        let prefs = Prefs::load();
        let worker_url =
            host::meta("chongtu-worker").unwrap_or_else(|| "./worker_loader.js".to_owned());
        let worker = WorkerClient::start(&worker_url);
        let url = UrlState::start();
        let online = RwSignal::new(true);
        online.set(host::online(move |is| online.set(is)));
        let wide = RwSignal::new(false);
        wide.set(host::media("(min-width: 900px)", move |is| wide.set(is)));
        let window_height = RwSignal::new(0.0);
        window_height.set(host::window_height(move |h| window_height.set(h)));
        let fields = AppFields {
            lang: RwSignal::new(prefs.lang),
            theme: RwSignal::new(prefs.theme),
            elder: RwSignal::new(prefs.elder),
            car: RwSignal::new(prefs.car),
            url,
            worker,
            map: MapHandle::new(map_host_id),
            region: RegionState::new(),
            view: MapViewState::new(&url.get_untracked()),
            trip: RwSignal::new(TripMemory::default()),
            announcement: RwSignal::new(String::new()),
            me: RwSignal::new(None),
            online,
            wide,
            window_height,
            sheet: RwSignal::new(if url.route.get_untracked() == Route::Location {
                Rest::Half
            } else {
                Rest::Peek
            }),
        };
        // It lives as long as the page.
        let app = Self(Box::leak(Box::new(fields)));
        prefs::keep(app);
        catalogue::load(app);
        view::run(app);
        app
    }

    /// Has screen readers say something.
    pub(crate) fn announce(self, text: String) {
        self.announcement.set(text);
    }
}
