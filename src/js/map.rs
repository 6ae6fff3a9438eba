//! The map: a handle that views talk to, over the glue of `map.js` over MapLibre. Whatever is
//! set before the library has arrived is kept and drawn when it has.

use super::bytes::Bytes;
use super::host;
use chongtu_model::{BoundingBox, LatLng};
use js_sys::{Array, Float64Array, Object, Reflect};
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/src/js/base_style.js")]
extern "C" {
    #[wasm_bindgen(js_name = baseStyle)]
    fn base_style(english: bool, basemap_url: Option<String>) -> JsValue;
    #[wasm_bindgen(js_name = overlayStyle)]
    fn overlay_style() -> JsValue;
}

#[wasm_bindgen(module = "/src/js/map.js")]
extern "C" {
    type MapView;
    #[wasm_bindgen(constructor)]
    fn new(host_id: &str, notify: &js_sys::Function) -> MapView;
    #[wasm_bindgen(method)]
    fn preload(this: &MapView, library: &str);
    #[wasm_bindgen(method, catch)]
    fn open(
        this: &MapView,
        library: &str,
        worker: Option<&str>,
        options: &JsValue,
    ) -> Result<js_sys::Promise, JsValue>;
    #[wasm_bindgen(method, js_name = restyle)]
    fn restyle(this: &MapView, base: &JsValue, overlay: &JsValue);
    #[wasm_bindgen(method, js_name = setRoads)]
    fn set_roads(this: &MapView, text: &js_sys::ArrayBuffer);
    #[wasm_bindgen(method, js_name = setPlaces)]
    fn set_places(this: &MapView, flat: &Array);
    #[wasm_bindgen(method, js_name = setMarks)]
    fn set_marks(this: &MapView, flat: &Array);
    #[wasm_bindgen(method, js_name = setRoute)]
    fn set_route(this: &MapView, route: &JsValue);
    #[wasm_bindgen(method, js_name = setScrub)]
    fn set_scrub(this: &MapView, lng: Option<f64>, lat: Option<f64>);
    #[wasm_bindgen(method, js_name = setMe)]
    fn set_me(this: &MapView, lng: f64, lat: f64, accuracy_m: f64, label: &str);
    #[wasm_bindgen(method, js_name = setPicking)]
    fn set_picking(this: &MapView, on: bool);
    #[wasm_bindgen(method, js_name = setPadding)]
    fn set_padding(this: &MapView, top: f64, right: f64, bottom: f64, left: f64);
    #[wasm_bindgen(method)]
    fn fit(this: &MapView, west: f64, south: f64, east: f64, north: f64, room: f64, max_zoom: f64);
    #[wasm_bindgen(method, js_name = zoomInto)]
    fn zoom_into(this: &MapView, west: f64, south: f64, east: f64, north: f64);
    #[wasm_bindgen(method, js_name = flyTo)]
    fn fly_to(this: &MapView, lng: f64, lat: f64, zoom: Option<f64>);
    #[wasm_bindgen(method)]
    fn reveal(this: &MapView, lng: f64, lat: f64);
    #[wasm_bindgen(method, js_name = zoomBy)]
    fn zoom_by(this: &MapView, by: f64);
}

/// Room that is covered by panels, or to be kept free, px.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Padding {
    /// At the top.
    pub top: f64,
    /// At the right.
    pub right: f64,
    /// At the bottom.
    pub bottom: f64,
    /// At the left.
    pub left: f64,
}

/// A route to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct RouteDrawing {
    /// The lines of its legs.
    pub lines: Vec<Vec<LatLng>>,
    /// The charging stops and what to write into their marks (`1`, `2`).
    pub stops: Vec<(LatLng, String)>,
    /// The start and its name.
    pub start: Option<(LatLng, String)>,
    /// The end and its name.
    pub end: Option<(LatLng, String)>,
    /// A leg that cannot be driven: drawn as a red dotted line.
    pub failed: Option<[LatLng; 2]>,
}

/// What the map shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct MapViewport {
    /// The part that no panel covers.
    pub bounds: BoundingBox,
    /// The middle of that part.
    pub center: LatLng,
    /// MapLibre's zoom: the world is 512 · 2^zoom px wide.
    pub zoom: f64,
    /// The map rests; `false` while it moves.
    pub settled: bool,
}

/// What happened on the map.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum MapEvent {
    /// The mark of that key was chosen.
    Mark(String),
    /// A tap on no mark.
    Tap(LatLng),
}

/// How the map is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MapState {
    /// The library is on its way.
    Loading,
    /// It draws.
    Ready,
    /// It cannot draw, and why (technical).
    Failed(String),
}

/// A mark on the map as `map.js` draws it: our HTML, placed at a position.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MarkView {
    /// Told back when it is chosen; equal keys are the same mark.
    pub key: String,
    /// Where its tip (pin) or middle (cluster) stands.
    pub position: LatLng,
    /// CSS classes.
    pub class: String,
    /// Symbol of its glyph, such as `g-free`; empty for none.
    pub glyph: &'static str,
    /// What is written in it.
    pub text: String,
    /// What it says to who cannot see it.
    pub label: String,
    /// For a cluster: locations by status (free, occupied, out of order, unknown), for its ring.
    pub ring: Option<[u32; 4]>,
}

type TapPick = Box<dyn Fn(LatLng)>;
type OnEvent = Box<dyn Fn(MapEvent)>;

struct Inner {
    view: MapView,
    tap_pick: RefCell<Option<TapPick>>,
    on_event: RefCell<Option<OnEvent>>,
}

/// The map. Copies are the same map.
#[derive(Clone, Copy)]
pub(crate) struct MapHandle {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
    /// How it is.
    pub(crate) state: RwSignal<MapState>,
    /// What it shows; `None` before it draws.
    pub(crate) viewport: RwSignal<Option<MapViewport>>,
    /// The next tap is taken by [`MapHandle::on_tap_pick`].
    pub(crate) picking: RwSignal<bool>,
}

/// Where the map stands when it opens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Opening {
    /// All of a box.
    Box(BoundingBox),
    /// A middle and a zoom.
    At(LatLng, f64),
}

/// What `map.js` needs to open.
pub(crate) struct OpenOptions {
    /// Where it stands first.
    pub opening: Opening,
    /// Labels in English.
    pub english: bool,
    /// `GeoJSON` of land and water.
    pub basemap_url: Option<String>,
    /// A MapLibre style or, by the end of its path, a `PMTiles` archive: under our marks instead of our own base map.
    pub style_url: Option<String>,
    /// What the map is called for those who cannot see it.
    pub title: String,
}

fn library_url() -> String {
    host::meta("chongtu-maplibre").unwrap_or_else(|| "./vendor/maplibre-gl.mjs".to_owned())
}

fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object.into()
}

fn position(p: LatLng) -> JsValue {
    Array::of2(&p.lng.into(), &p.lat.into()).into()
}

fn labelled(at: Option<&(LatLng, String)>) -> JsValue {
    at.map_or(JsValue::NULL, |(p, label)| {
        object(&[("at", position(*p)), ("label", label.as_str().into())])
    })
}

impl MapHandle {
    /// A map in the element of that id. It draws when [`MapHandle::open`] has fetched the library.
    pub(crate) fn new(host_id: &str) -> Self {
        let state = RwSignal::new(MapState::Loading);
        let viewport = RwSignal::new(None);
        let picking = RwSignal::new(false);
        let shared: Rc<RefCell<std::rc::Weak<Inner>>> = Rc::new(RefCell::new(std::rc::Weak::new()));
        let back = Rc::clone(&shared);
        let notify =
            Closure::<dyn Fn(String, JsValue)>::new(move |what: String, value: JsValue| {
                let numbers = value
                    .dyn_ref::<Float64Array>()
                    .map(Float64Array::to_vec)
                    .unwrap_or_default();
                match (what.as_str(), numbers.as_slice()) {
                    ("move", &[west, south, east, north, lng, lat, zoom, settled]) => {
                        let bounds = BoundingBox {
                            west,
                            south,
                            east,
                            north,
                        };
                        let center = LatLng { lat, lng };
                        viewport.set(Some(MapViewport {
                            bounds,
                            center,
                            zoom,
                            settled: settled > 0.0,
                        }));
                    }
                    ("ready", _) => state.set(MapState::Ready),
                    ("error", _) => {
                        host::log_error(&format!("map: {}", value.as_string().unwrap_or_default()));
                    }
                    ("tap" | "pick", &[lng, lat]) => {
                        let Some(inner) = back.borrow().upgrade() else {
                            return;
                        };
                        let Ok(at) = LatLng::new(lat, lng) else {
                            return;
                        };
                        if what == "tap" {
                            if let Some(f) = inner.on_event.borrow().as_ref() {
                                f(MapEvent::Tap(at));
                            }
                            return;
                        }
                        // Taken out first: the callback may set another.
                        picking.set(false);
                        inner.view.set_picking(false);
                        let taken = inner.tap_pick.borrow_mut().take();
                        if let Some(f) = taken {
                            f(at);
                        }
                    }
                    ("mark", _) => {
                        let Some(inner) = back.borrow().upgrade() else {
                            return;
                        };
                        if let (Some(f), Some(key)) =
                            (inner.on_event.borrow().as_ref(), value.as_string())
                        {
                            f(MapEvent::Mark(key));
                        }
                    }
                    _ => {}
                }
            });
        let view = MapView::new(host_id, notify.as_ref().unchecked_ref());
        view.preload(&library_url());
        // The map lives as long as the page.
        notify.forget();
        let inner = Rc::new(Inner {
            view,
            tap_pick: RefCell::default(),
            on_event: RefCell::default(),
        });
        *shared.borrow_mut() = Rc::downgrade(&inner);
        Self {
            inner: StoredValue::new_local(inner),
            state,
            viewport,
            picking,
        }
    }

    fn inner(self) -> Rc<Inner> {
        self.inner.get_value()
    }

    /// Fetches the library and draws. Failure is told by [`MapHandle::state`].
    pub(crate) async fn open(self, options: OpenOptions) {
        let library = library_url();
        let worker = host::meta("chongtu-maplibre-worker");
        let opening = match options.opening {
            Opening::Box(b) => [
                (
                    "bounds",
                    Array::of4(
                        &b.west.into(),
                        &b.south.into(),
                        &b.east.into(),
                        &b.north.into(),
                    )
                    .into(),
                ),
                ("zoom", JsValue::UNDEFINED),
            ],
            Opening::At(center, zoom) => [("center", position(center)), ("zoom", zoom.into())],
        };
        let [first, second] = opening;
        let style_url = options.style_url.map_or(JsValue::NULL, JsValue::from);
        let js_options = object(&[
            first,
            second,
            ("base", base_style(options.english, options.basemap_url)),
            ("overlay", overlay_style()),
            ("styleUrl", style_url),
            ("title", options.title.into()),
        ]);
        let opened = self
            .inner()
            .view
            .open(&library, worker.as_deref(), &js_options);
        let result = match opened {
            Ok(promise) => JsFuture::from(promise).await.map(|_| ()),
            Err(error) => Err(error),
        };
        if let Err(error) = result {
            let why = host::describe(&error);
            host::log_error(&format!("map: {why}"));
            self.state.set(MapState::Failed(why));
        }
    }

    /// Draws with the page's present tokens and that language.
    pub(crate) fn restyle(self, english: bool) {
        self.inner()
            .view
            .restyle(&base_style(english, None), &overlay_style());
    }

    /// Hears of choices on the map.
    pub(crate) fn on_event(self, f: impl Fn(MapEvent) + 'static) {
        *self.inner().on_event.borrow_mut() = Some(Box::new(f));
    }

    /// The roads of the base map, as `GeoJSON` bytes.
    pub(crate) fn set_roads(self, geojson: &Bytes) {
        self.inner().view.set_roads(&geojson.0);
    }

    /// Names to write on the base map: position, rank (1 is the most important), local name, English name.
    pub(crate) fn set_places<'a>(
        self,
        places: impl Iterator<Item = (LatLng, u8, &'a str, &'a str)>,
    ) {
        let flat = Array::new();
        for (p, rank, name, en) in places {
            for item in [
                p.lng.into(),
                p.lat.into(),
                f64::from(rank).into(),
                name.into(),
                en.into(),
            ] {
                flat.push(&item);
            }
        }
        self.inner().view.set_places(&flat);
    }

    /// The pins and clusters.
    pub(crate) fn set_marks(self, marks: &[MarkView]) {
        let flat = Array::new();
        for mark in marks {
            let ring = mark.ring.map_or(JsValue::NULL, |[a, b, c, d]| {
                Array::of4(&a.into(), &b.into(), &c.into(), &d.into()).into()
            });
            for item in [
                mark.key.as_str().into(),
                mark.position.lng.into(),
                mark.position.lat.into(),
                mark.class.as_str().into(),
                mark.glyph.into(),
                mark.text.as_str().into(),
                mark.label.as_str().into(),
                ring,
            ] {
                flat.push(&item);
            }
        }
        self.inner().view.set_marks(&flat);
    }

    /// Draws a route, or takes it away.
    pub(crate) fn set_route(self, route: Option<&RouteDrawing>) {
        let value = route.map_or(JsValue::NULL, |route| {
            let lines: Array = route
                .lines
                .iter()
                .map(|line| {
                    let flat: Vec<f64> = line.iter().flat_map(|p| [p.lng, p.lat]).collect();
                    Float64Array::from(flat.as_slice())
                })
                .collect();
            let stops: Array = route
                .stops
                .iter()
                .map(|stop| labelled(Some(stop)))
                .collect();
            let failed = route.failed.map_or(JsValue::NULL, |[a, b]| {
                Array::of2(&position(a), &position(b)).into()
            });
            object(&[
                ("lines", lines.into()),
                ("stops", stops.into()),
                ("start", labelled(route.start.as_ref())),
                ("end", labelled(route.end.as_ref())),
                ("failed", failed),
            ])
        });
        self.inner().view.set_route(&value);
    }

    /// Moves the map so that all of a box is in the part that no panel covers, with `room` px
    /// between the box and the edges.
    pub(crate) fn fit(self, b: BoundingBox, room: f64) {
        self.inner()
            .view
            .fit(b.west, b.south, b.east, b.north, room, 14.0);
    }

    /// Moves the map so that a cluster falls apart: all of its box in view, but closer in any case.
    pub(crate) fn zoom_into(self, b: BoundingBox) {
        self.inner()
            .view
            .zoom_into(b.west, b.south, b.east, b.north);
    }

    /// Moves the map to a position; without a zoom it keeps its own.
    pub(crate) fn fly_to(self, to: LatLng, zoom: Option<f64>) {
        self.inner().view.fly_to(to.lng, to.lat, zoom);
    }

    /// Moves the map only if the position is not well within the part that no panel covers.
    pub(crate) fn reveal(self, at: LatLng) {
        self.inner().view.reveal(at.lng, at.lat);
    }

    /// Zooms by that many steps.
    pub(crate) fn zoom_by(self, by: f64) {
        self.inner().view.zoom_by(by);
    }

    /// Says what part of the map panels cover.
    pub(crate) fn set_padding(self, p: Padding) {
        self.inner()
            .view
            .set_padding(p.top, p.right, p.bottom, p.left);
    }

    /// The next tap on the map (or Enter with the map focused: its middle) goes to `f`, once;
    /// `None` takes that back.
    pub(crate) fn on_tap_pick(self, f: Option<Box<dyn Fn(LatLng)>>) {
        let inner = self.inner();
        self.picking.set(f.is_some());
        inner.view.set_picking(f.is_some());
        *inner.tap_pick.borrow_mut() = f;
    }

    /// A dot that follows the charge chart.
    pub(crate) fn set_scrub(self, at: Option<LatLng>) {
        self.inner()
            .view
            .set_scrub(at.map(|p| p.lng), at.map(|p| p.lat));
    }

    /// The device's own position, within so many metres.
    pub(crate) fn set_me(self, at: LatLng, accuracy_m: f64, label: &str) {
        self.inner().view.set_me(at.lng, at.lat, accuracy_m, label);
    }
}
