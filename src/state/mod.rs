//! What the app knows: the address first ([`url`]), then what the person prefers ([`prefs`]),
//! then what was loaded ([`catalogue`]) and what the map shows of it ([`mod@view`]). Views derive
//! everything else.

pub(crate) mod catalogue;
pub(crate) mod demand;
pub(crate) mod favourites;
pub(crate) mod follow;
pub(crate) mod garage;
pub(crate) mod manifest;
pub(crate) mod my_car;
pub(crate) mod near;
pub(crate) mod pins;
pub(crate) mod planner;
pub(crate) mod prefs;
pub(crate) mod relax;
pub(crate) mod saved;
pub(crate) mod trip;
pub(crate) mod url;
pub(crate) mod view;

use crate::components::sheet::Rest;
use crate::js::host;
use crate::js::map::MapHandle;
use crate::js::worker::CatalogueClient;
use catalogue::RegionState;
use chongtu_model::{LatLng, LocationId};
use chongtu_words::Lang;
use leptos::prelude::*;
use my_car::MyCar;
use near::NearState;
use planner::PlannerState;
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
    /// The person's car, as it is written: the id of one listed, or figures.
    pub car: RwSignal<Option<String>>,
    /// The cars of the person's own, as they are written ([`garage`]).
    pub garage: RwSignal<Vec<String>>,
    /// What was kept on the device and cannot be read, by key: it is not used.
    pub damaged: RwSignal<Vec<&'static str>>,
    /// The locations marked with a star, in the order of marking ([`favourites`]).
    pub favourites: RwSignal<Vec<LocationId>>,
    /// Where the app stands, as the address says.
    pub url: UrlState,
    /// The catalogue worker: index, names, roads to draw.
    pub worker: CatalogueClient,
    /// The planner and its worker.
    pub planner: PlannerState,
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
    /// How far the question for it is.
    pub near: NearState,
    /// What the person's car takes, as far as it is known without the planner.
    pub my_car: RwSignal<Option<MyCar>>,
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
    /// Reads address and preferences, starts the catalogue worker and the loading of the region.
    pub(crate) fn start(map_host_id: &str) -> Self {
        let prefs = Prefs::load();
        let script = |name: &str, or: &str| host::meta(name).unwrap_or_else(|| or.to_owned());
        let worker = CatalogueClient::start(&script("chongtu-worker", "./worker_loader.js"));
        let planner_script = script("chongtu-planner", "./planner_worker_loader.js");
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
            garage: RwSignal::new(prefs.garage),
            damaged: RwSignal::new(prefs.damaged),
            favourites: RwSignal::new(prefs.favourites),
            url,
            worker,
            planner: PlannerState::new(&planner_script),
            map: MapHandle::new(map_host_id),
            region: RegionState::new(),
            view: MapViewState::new(&url.get_untracked()),
            trip: RwSignal::new(TripMemory::default()),
            announcement: RwSignal::new(String::new()),
            me: RwSignal::new(None),
            near: NearState::new(),
            my_car: RwSignal::new(my_car::load()),
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
        favourites::keep(app);
        garage::run(app);
        catalogue::load(app);
        planner::run(app);
        view::run(app);
        relax::run(app);
        saved::keep(app);
        my_car::keep(app);
        app
    }

    /// Has screen readers say something.
    pub(crate) fn announce(self, text: String) {
        self.announcement.set(text);
    }
}
