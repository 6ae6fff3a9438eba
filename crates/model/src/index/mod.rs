//! The map's questions: which pins and clusters to draw, and the list that equals them, out of
//! up to a million locations.
//!
//! Locations stand in Morton order of their Web Mercator position (32 bits an axis, at most
//! 9 mm apart), so every square of the world grid at every level is one contiguous range: a
//! viewport touches the ranges under it and no others. Filters run over packed columns. Clusters
//! are squares of that grid, anchored to the world and not to the viewport, joined where their
//! middles come too near (`cluster`).

mod build;
mod cluster;
mod columns;
mod facets;
mod list;
mod prices;
mod select;
mod texts;
mod view;

use crate::catalogue::Catalogue;
use crate::filter::Filter;
use crate::geo::{BoundingBox, LatLng};
use crate::ids::LocationId;
use crate::location::LocationKind;
use crate::money::{Currency, UnitPrice};
use crate::provenance::LocalText;
use crate::status::StatusCounts;
use crate::time::Instant;
pub use columns::LocationIndex;
pub use facets::{EVSE_STEPS, Facets, LeftOut, POWER_STEPS_W, PRICE_STEPS};
use prices::PricesNow;
use select::Selection;
use serde::{Deserialize, Serialize};
use view::View;

/// What the map asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapQuery {
    /// What is in view. Longitudes within ±180; `west > east` crosses the antimeridian.
    pub bounds: BoundingBox,
    /// MapLibre's zoom: the world is 512 · 2^zoom pixels wide.
    pub zoom: f64,
    /// What is asked of a location.
    pub filter: Filter,
    /// At which instant status and opening hours hold.
    pub now: Instant,
    /// From where the list measures distance; `None`: by nearness to the middle of the view,
    /// and no distances are given.
    pub center: Option<LatLng>,
    /// How many entries of the list to pass over.
    pub list_offset: u32,
    /// How many entries of the list to give.
    pub list_limit: u32,
    /// The list's order.
    pub sort: ListSort,
    /// The location that is open: drawn by itself, never in a cluster.
    pub selected: Option<LocationId>,
    /// Whether to count what each option of each filter would find.
    pub facets: bool,
}

/// The list's order. Equals stand in order of id; what is unknown stands last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListSort {
    /// Nearest first.
    #[default]
    Distance,
    /// Strongest connector first.
    Power,
    /// Lowest price of a kWh now first, within each currency: [`ListEntry::price_now`].
    Price,
    /// Largest share of free EVSEs among those of known status first, then most of them.
    Free,
}

/// The answer: what to draw, and one page of the same as a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapAnswer {
    /// Pins and clusters; a selected pin is the last.
    pub marks: Vec<Mark>,
    /// The asked page of the locations in view.
    pub list: Vec<ListEntry>,
    /// Matching locations in view: the length of the whole list, and the sum over the marks.
    pub n_in_view: u32,
    /// Those of them with at least one free EVSE.
    pub n_free_in_view: u32,
    /// Matching locations all over the catalogue.
    pub n_matching: u32,
    /// Locations of the catalogue that are places to go ([`crate::Location::is_place_to_go`]).
    pub n_total: u32,
    /// Locations in view that fail only for want of knowledge.
    pub left_out: LeftOut,
    /// The counts beside the filters, when asked for.
    pub facets: Option<Facets>,
}

/// What the map draws at one point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Mark {
    /// One location.
    Pin(Pin),
    /// Several.
    Cluster(Cluster),
}

impl Mark {
    /// Where it stands.
    pub const fn position(&self) -> LatLng {
        match self {
            Self::Pin(pin) => pin.position,
            Self::Cluster(cluster) => cluster.position,
        }
    }

    /// How many locations it stands for.
    pub const fn n_locations(&self) -> u32 {
        match self {
            Self::Pin(_) => 1,
            Self::Cluster(cluster) => cluster.n_locations,
        }
    }
}

/// One location on the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pin {
    /// Index into [`Catalogue::locations`].
    pub index: u32,
    /// Its id.
    pub id: LocationId,
    /// Where it is.
    pub position: LatLng,
    /// Its EVSEs by status.
    pub counts: StatusCounts,
    /// A connector carries direct current.
    pub has_dc: bool,
    /// For whom it is.
    pub kind: Option<LocationKind>,
    /// Its strongest connector, W.
    pub max_power_w: Option<u32>,
    /// Its name.
    pub name: LocalText,
    /// As [`ListEntry::price_now`].
    pub price_now: Option<(UnitPrice, Currency)>,
    /// As [`ListEntry::prices_differ`].
    pub prices_differ: bool,
}

/// Several locations near each other on the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// The mean of its members on the (Mercator) map.
    pub position: LatLng,
    /// How many.
    pub n_locations: u32,
    /// Locations by [`StatusCounts::summary`] of their EVSEs.
    pub by_status: StatusCounts,
    /// What holds them all, to zoom to; widened by at most a centimetre.
    pub bounds: BoundingBox,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListEntry {
    /// Index into [`Catalogue::locations`].
    pub index: u32,
    /// Its id.
    pub id: LocationId,
    /// Its name.
    pub name: LocalText,
    /// Where it is.
    pub position: LatLng,
    /// Great circle from [`MapQuery::center`], m.
    pub distance_m: Option<f64>,
    /// Its EVSEs by status.
    pub counts: StatusCounts,
    /// A connector carries direct current.
    pub has_dc: bool,
    /// For whom it is.
    pub kind: Option<LocationKind>,
    /// Its strongest connector, W.
    pub max_power_w: Option<u32>,
    /// Who runs it.
    pub operator: Option<LocalText>,
    /// What a kWh costs now, energy and service: the lowest known price among its connectors
    /// that have the standard and the power that the filter asks for.
    pub price_now: Option<(UnitPrice, Currency)>,
    /// Another such connector is known to cost something else now: the price is "from".
    pub prices_differ: bool,
    /// Its source is a demonstration.
    pub demonstration: bool,
    /// The latest word on the status of any of its EVSEs.
    pub status_updated: Option<Instant>,
    /// Street address.
    pub address: Option<LocalText>,
    /// Open now; `None`: not known.
    pub open_now: Option<bool>,
}

impl LocationIndex {
    /// Answers the map. `catalogue` must be the one that the index was made of; with another the
    /// answer means nothing, but nothing panics. Bounds that are not finite hold nothing.
    pub fn query(&self, catalogue: &Catalogue, q: &MapQuery) -> MapAnswer {
        let selection = Selection::new(self, catalogue, &q.filter, q.now);
        let mut answer = MapAnswer {
            n_matching: selection.n_matching,
            n_total: self.n_places(),
            ..MapAnswer::default()
        };
        let Some(view) = View::new(q.bounds) else {
            return answer;
        };
        let prices = PricesNow::new(self, catalogue, q.now);
        let scene = cluster::Scene {
            index: self,
            catalogue,
            selection: &selection,
            view: &view,
            now: q.now,
            prices: &prices,
        };
        let cells = scene.cells(cluster::level_of(q.zoom));
        let (marks, in_view, free) = scene.marks(&cells, q.selected.as_ref());
        answer.marks = marks;
        answer.n_in_view = in_view;
        answer.n_free_in_view = free;
        answer.list = scene.list(&cells, q);
        if q.filter.free_now || q.filter.open_now || q.filter.max_price.is_some() {
            answer.left_out = scene.left_out(&cells, &q.filter);
        }
        if q.facets {
            answer.facets = Some(scene.facets(&cells, &q.filter));
        }
        answer
    }
}
