//! The map view's state: filter, order, and the worker's answer for what the map shows. The
//! filter stands in the query of the address, the position in its fragment.

use super::AppState;
use super::catalogue::{self, LoadState, Part};
use super::pins;
use super::relax::Relaxation;
use super::saved::{self, Profile, filter_of, query_of};
use super::url::{Route, Url};
use crate::js::host;
use crate::js::map::{MapEvent, MapState, MapViewport};
use crate::state::follow::{follow, follow_changes};
use chongtu_model::decimal::parse_decimal;
use chongtu_model::filter::Filter;
use chongtu_model::index::{ListEntry, ListSort, MapAnswer, MapQuery, Mark};
use chongtu_model::provenance::LocalText;
use chongtu_model::{BoundingBox, LatLng, LocationId};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;
use std::time::Duration;

/// Entries of the list that are asked for at a time.
const PAGE: u32 = 40;
/// At most one question in this time while the map moves.
const WHILE_MOVING: Duration = Duration::from_millis(160);
/// Marks cluster as if the map were looked at from so much farther, in zooms: their squares are 52
/// to 104 px wide then, and a pin with its figures is as wide as the narrowest.
const ROOM: f64 = 0.2;
/// And so much more for marks that are 1.3 times as large.
const ROOM_OF_ELDER: f64 = 0.38;
/// Status ages: the question is asked again after this time.
const REFRESH: Duration = Duration::from_mins(1);

/// Filter, order, list and marks. Copies are the same.
#[derive(Clone, Copy)]
pub(crate) struct MapViewState {
    /// What is asked of locations.
    pub filter: RwSignal<Filter>,
    /// The list's order.
    pub sort: RwSignal<ListSort>,
    /// The newest answer: counts and marks.
    pub answer: RwSignal<Option<Arc<MapAnswer>>>,
    /// The list as far as it has been asked for.
    pub list: RwSignal<Vec<ListEntry>>,
    /// When the newest answer was asked for: ages count from here.
    pub asked_at: RwSignal<chongtu_model::Instant>,
    /// A further page of the list is on its way.
    pub more_coming: RwSignal<bool>,
    /// The filter is that of the last visit, and nobody has touched it.
    pub is_last_filter: RwSignal<bool>,
    /// The panel of all filters shows: its counts are asked for.
    pub panel_open: RwSignal<bool>,
    /// The filters saved under a name.
    pub profiles: RwSignal<Vec<Profile>>,
    /// The place that was searched for: distances count from there while it is in view.
    pub anchor: RwSignal<Option<(LatLng, LocalText)>>,
    /// When nothing is found: what dropping each demand would show, most first; `None` while it is
    /// being counted.
    pub relaxed: RwSignal<Option<Vec<Relaxation>>>,
}

/// Whence the distances of the list count.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Origin {
    /// The device's own position.
    Me,
    /// A place that was searched for.
    Place(LocalText),
    /// The middle of the map.
    Centre,
}

impl MapViewState {
    /// With the filter of an address.
    pub(crate) fn new(url: &Url) -> Self {
        let (filter, is_last) = saved::first_filter(url);
        Self {
            filter: RwSignal::new(filter),
            sort: RwSignal::new(ListSort::default()),
            answer: RwSignal::new(None),
            list: RwSignal::new(Vec::new()),
            asked_at: RwSignal::new(host::now()),
            more_coming: RwSignal::new(false),
            is_last_filter: RwSignal::new(is_last),
            panel_open: RwSignal::new(false),
            profiles: RwSignal::new(saved::load_profiles()),
            anchor: RwSignal::new(None),
            relaxed: RwSignal::new(None),
        }
    }
}

/// Whence distances count: a place that was searched for while it is in view, else the device's
/// position, else the middle of the map.
pub(crate) fn origin(app: AppState) -> Origin {
    let viewport = app.map.viewport.get();
    let anchor = app.view.anchor.get();
    match anchor.filter(|(at, _)| viewport.is_none_or(|v| v.bounds.contains(*at))) {
        Some((_, name)) => Origin::Place(name),
        None if app.me.with(Option::is_some) => Origin::Me,
        None => Origin::Centre,
    }
}

/// The position in a fragment (`m=zoom/lat/lng`).
pub(crate) fn position_of(url: &Url) -> Option<(LatLng, f64)> {
    let text = url
        .fragment
        .split('&')
        .find_map(|part| part.strip_prefix("m="))?;
    let mut numbers = text.split('/').map(parse_decimal);
    let (zoom, lat, lng) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let sound = (0.0..=22.0).contains(&zoom) && numbers.next().is_none();
    sound
        .then(|| LatLng::new(lat, lng).ok())
        .flatten()
        .map(|p| (p, zoom))
}

fn fragment_of(viewport: &MapViewport) -> String {
    format!(
        "m={:.2}/{:.5}/{:.5}",
        viewport.zoom, viewport.center.lat, viewport.center.lng
    )
}

/// The address of the map as it stands now.
pub(crate) fn map_url(app: AppState) -> Url {
    let fragment = app
        .map
        .viewport
        .with_untracked(|v| v.as_ref().map(fragment_of));
    Url {
        query: app.view.filter.with_untracked(query_of),
        fragment: fragment.unwrap_or_default(),
        ..Url::to(Route::Map)
    }
}

/// The location that the address names.
pub(crate) fn selected(app: AppState) -> Option<LocationId> {
    app.url.with(|u| match u.route {
        Route::Location => u.get("id").map(LocationId::new),
        _ => None,
    })
}

/// Keeps address, map and list in step.
pub(crate) fn run(app: AppState) {
    follow_address(app);
    ask_on_change(app);
    draw_marks(app);
    set_interval(move || app.view.asked_at.set(host::now()), REFRESH);
}

fn follow_address(app: AppState) {
    let written = StoredValue::new(app.url.get_untracked().fragment);
    // Filter → query.
    follow_changes(move |is_first| {
        let query = app.view.filter.with(query_of);
        let url = app.url.get_untracked();
        // The first time the address is what the filter was read from, unless it is the last one's.
        let is_news = !is_first || app.view.is_last_filter.get_untracked();
        if is_news && url.route == Route::Map && url.query != query {
            app.url.replace(&Url { query, ..url });
        }
    });
    // Position → fragment.
    follow(move || {
        let Some(viewport) = app.map.viewport.get() else {
            return;
        };
        let url = app.url.get_untracked();
        if viewport.settled && matches!(url.route, Route::Map | Route::Location) {
            let fragment = fragment_of(&viewport);
            written.set_value(fragment.clone());
            app.url.replace_fragment(&fragment);
        }
    });
    // Back, forth, and links: query → filter, fragment → position.
    follow_changes(move |is_first| {
        let url = app.url.get();
        if url.route != Route::Map || is_first {
            return;
        }
        let filter = Filter {
            // No link carries favourites.
            ids: app.view.filter.with_untracked(|f| f.ids.clone()),
            ..filter_of(&url.query)
        };
        if app.view.filter.with_untracked(|f| *f != filter) {
            app.view.filter.set(filter);
        }
        if written.with_value(|w| *w != url.fragment)
            && let Some((at, zoom)) = position_of(&url)
        {
            written.set_value(url.fragment);
            app.map.fly_to(at, Some(zoom));
        }
    });
}

fn ask_on_change(app: AppState) {
    let waiting = StoredValue::new(false);
    follow(move || {
        app.view.filter.track();
        app.view.sort.track();
        app.view.asked_at.track();
        app.view.panel_open.track();
        app.view.anchor.track();
        app.elder.track();
        app.me.track();
        app.region.catalogue.track();
        app.region.manifest.track();
        app.region.roads.track();
        app.map.state.track();
        app.url.with(|u| drop(u.get("id").map(str::to_owned)));
        let moving = app.map.viewport.with(|v| v.is_some_and(|v| !v.settled));
        if !moving {
            ask(app);
        } else if !waiting.get_value() {
            waiting.set_value(true);
            set_timeout(
                move || {
                    waiting.set_value(false);
                    ask(app);
                },
                WHILE_MOVING,
            );
        }
    });
}

/// The free part of the map, px, as the frame lays it out.
fn map_size(app: AppState) -> (f64, f64) {
    let (width, height) = (host::window_width(), app.window_height.get_untracked());
    if app.wide.get_untracked() {
        (width - 400.0, height - 56.0)
    } else {
        (
            width,
            height
                - app
                    .sheet
                    .get_untracked()
                    .height(height, app.elder.get_untracked()),
        )
    }
}

/// What a map of that size shows around a position.
fn around(center: LatLng, zoom: f64, (width, height): (f64, f64)) -> BoundingBox {
    let degrees_a_px = 360.0 / (512.0 * zoom.exp2());
    let half_lng = (width / 2.0 * degrees_a_px).clamp(0.0, 180.0);
    // Mercator: a degree of latitude takes 1 / cos(latitude) as many px as one of longitude.
    let half_lat = height / 2.0 * degrees_a_px * center.lat.to_radians().cos();
    BoundingBox {
        west: (center.lng - half_lng).max(-180.0),
        south: (center.lat - half_lat).max(-90.0),
        east: (center.lng + half_lng).min(180.0),
        north: (center.lat + half_lat).min(90.0),
    }
}

/// The question for what the map shows. The list does not wait for the map: before it draws, what
/// it is going to show is asked for, and when it cannot, the whole region.
pub(super) fn question(app: AppState, offset: u32) -> Option<MapQuery> {
    let ready = app.region.load_state(Part::Locations).get_untracked() == LoadState::Ready
        || app.region.catalogue.with_untracked(Option::is_some);
    let viewport = app.map.viewport.get_untracked();
    let (bounds, zoom) = if let Some(v) = viewport {
        (v.bounds, v.zoom)
    } else {
        let failed = matches!(app.map.state.get_untracked(), MapState::Failed(_));
        let at = position_of(&app.url.get_untracked())
            .or_else(|| catalogue::home(app))
            .filter(|_| !failed);
        let whole = app
            .region
            .manifest
            .with_untracked(|m| m.as_ref().map(|m| (m.bounding_box(), 6.0)));
        let roads_failed = matches!(
            app.region.load_state(Part::Roads).get_untracked(),
            LoadState::Failed(_)
        );
        match at {
            Some((center, zoom)) => (around(center, zoom, map_size(app)), zoom),
            None if failed || roads_failed => whole?,
            None => return None,
        }
    };
    let center = match untrack(|| origin(app)) {
        Origin::Place(_) => app.view.anchor.with_untracked(|a| a.as_ref().map(|a| a.0)),
        Origin::Me => app.me.get_untracked(),
        Origin::Centre => viewport.map(|v| v.center),
    };
    let crowding = if app.elder.get_untracked() {
        ROOM + ROOM_OF_ELDER
    } else {
        ROOM
    };
    ready.then(|| MapQuery {
        bounds,
        zoom: zoom - crowding,
        filter: app.view.filter.get_untracked(),
        now: host::now(),
        center,
        list_offset: offset,
        list_limit: PAGE,
        sort: app.view.sort.get_untracked(),
        selected: untrack(|| selected(app)),
        facets: app.view.panel_open.get_untracked(),
    })
}

fn ask(app: AppState) {
    let Some(mut query) = question(app, 0) else {
        return;
    };
    // While the map moves its marks follow, and the list waits until it rests.
    let moving = app
        .map
        .viewport
        .with_untracked(|v| v.is_some_and(|v| !v.settled));
    let with_list = !moving || app.view.list.with_untracked(Vec::is_empty);
    if !with_list {
        query.list_limit = 0;
    }
    spawn_local(async move {
        if let Ok(mut answer) = app.worker.map(query).await {
            if with_list {
                app.view.list.set(std::mem::take(&mut answer.list));
            }
            app.view.answer.set(Some(Arc::new(answer)));
            app.view.more_coming.set(false);
        }
    });
}

/// Asks for the next page of the list, unless it is whole or on its way.
pub(crate) fn ask_more(app: AppState) {
    let have = app.view.list.with_untracked(Vec::len) as u32;
    let all = app
        .view
        .answer
        .with_untracked(|a| a.as_ref().map_or(0, |a| a.n_in_view));
    if have >= all || app.view.more_coming.get_untracked() {
        return;
    }
    let Some(query) = question(app, have) else {
        return;
    };
    app.view.more_coming.set(true);
    spawn_local(async move {
        if let Ok(answer) = app.worker.map(query).await {
            app.view.list.update(|list| {
                // The list may have been asked for afresh meanwhile.
                if list.len() as u32 == have {
                    list.extend(answer.list);
                }
            });
            app.view.more_coming.set(false);
        }
    });
}

fn draw_marks(app: AppState) {
    follow(move || {
        let l = app.lang.get();
        let chosen = selected(app);
        let on_plan = app.url.route.get() == Route::Plan;
        let marks = app.view.answer.with(|answer| match answer {
            // Beside a route the pins would only be in the way.
            Some(answer) if !on_plan => pins::marks(l, &answer.marks, chosen.as_ref()),
            _ => Vec::new(),
        });
        app.map.set_marks(&marks);
    });
    app.map.on_event(move |event| match event {
        MapEvent::Mark(key) if key.starts_with(pins::CLUSTER_KEY) => {
            let bounds = app.view.answer.with_untracked(|answer| {
                let marks = answer
                    .as_ref()
                    .map(|a| a.marks.as_slice())
                    .unwrap_or_default();
                let views = pins::marks(app.lang.get_untracked(), marks, None);
                marks
                    .iter()
                    .zip(&views)
                    .find_map(|(mark, view)| match mark {
                        Mark::Cluster(cluster) if view.key == key => Some(cluster.bounds),
                        _ => None,
                    })
            });
            if let Some(bounds) = bounds {
                app.map.zoom_into(bounds);
            }
        }
        MapEvent::Mark(id) => app.url.go(&open_url(app, &id)),
        MapEvent::Tap(_) => {
            if app.url.route.get_untracked() == Route::Location {
                app.url.go(&map_url(app));
            }
        }
    });
}

/// The address of one location; the map stays where it is.
pub(crate) fn open_url(app: AppState, id: &str) -> Url {
    let fragment = app
        .map
        .viewport
        .with_untracked(|v| v.as_ref().map(fragment_of));
    Url {
        fragment: fragment.unwrap_or_default(),
        ..Url::location(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_position_in_the_fragment() {
        let at = |fragment: &str| {
            position_of(&Url {
                fragment: fragment.into(),
                ..Url::to(Route::Map)
            })
        };
        assert_eq!(
            at("m=12.30/32.06000/118.79000"),
            Some((
                LatLng {
                    lat: 32.06,
                    lng: 118.79
                },
                12.3
            ))
        );
        assert_eq!(
            at("x=1&m=3/0/-180"),
            Some((
                LatLng {
                    lat: 0.0,
                    lng: -180.0
                },
                3.0
            ))
        );
        for bad in [
            "",
            "m=",
            "m=12/32",
            "m=12/91/0",
            "m=99/0/0",
            "m=a/b/c",
            "m=1/2/3/4",
        ] {
            assert_eq!(at(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_a_map_shows_around_a_position() {
        // At the equator a map of 512 px at zoom 0 shows all longitudes.
        let at = |lat: f64, zoom, size| around(LatLng { lat, lng: 10.0 }, zoom, size);
        let b = at(0.0, 0.0, (512.0, 128.0));
        assert_eq!((b.west, b.east), (-170.0, 180.0));
        // At 60 degrees north a px is half as many degrees of latitude as of longitude.
        let b = at(60.0, 10.0, (100.0, 100.0));
        assert!(((b.east - b.west) / (b.north - b.south) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_filter_survives_the_address() {
        let filter = Filter {
            free_now: true,
            min_power_w: Some(60_000),
            text: Some("南京 &".into()),
            ..Filter::default()
        };
        assert_eq!(filter_of(&query_of(&filter)), filter);
        assert!(filter_of(&[("utm".into(), "x".into())]).is_empty());
    }
}
