//! The talk with the catalogue worker: what to draw and list, one location, what fits what was typed.

mod detail;

use crate::{Place, WorkerError};
use chongtu_model::gazetteer::CoordinateReading;
use chongtu_model::index::{ListEntry, MapAnswer, MapQuery};
use chongtu_model::location::LocationKind;
use chongtu_model::provenance::{LocalText, Operator, Source};
use chongtu_model::{BoundingBox, ConnectorStandard, Instant, LatLng, LocationId, OperatorId};
use serde::{Deserialize, Serialize};

pub use detail::{
    CarCharge, Charge, CheapestSpan, Estimate, EstimateQuestion, LocationDetail, LocationQuestion,
    OtherPrice, TariffDetail,
};

/// From the app to the catalogue worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToCatalogue {
    /// First message.
    Hello {
        /// [`SCHEMA`](crate::SCHEMA) of the sender.
        schema: u16,
        /// [`build_id`](crate::build_id) of the sender.
        build: String,
    },
    /// Payload: a `.locations` file. Answered by [`FromCatalogue::CatalogueLoaded`].
    LoadCatalogue,
    /// Payload: a `.roads` file. Answered by [`FromCatalogue::RoadsLoaded`].
    LoadRoads,
    /// What to draw and list. Answered by [`FromCatalogue::Map`]; a newer question makes an older one void.
    Map {
        /// Repeated in the answer.
        id: u32,
        /// The question.
        query: Box<MapQuery>,
    },
    /// One location. Answered by [`FromCatalogue::Location`].
    Location {
        /// Repeated in the answer.
        id: u32,
        /// Which, and what of it.
        question: LocationQuestion,
    },
    /// What charging at a location would cost. Answered by [`FromCatalogue::Estimate`].
    Estimate {
        /// Repeated in the answer.
        id: u32,
        /// Where, by which tariff, and how much.
        question: Box<EstimateQuestion>,
    },
    /// Places and locations whose name fits. Answered by [`FromCatalogue::Suggest`].
    Suggest {
        /// Repeated in the answer.
        id: u32,
        /// As typed: Chinese, pinyin, English, a road with a kilometre, or coordinates. Empty: the most important
        /// places.
        text: String,
        /// At most this many; never more than 100.
        limit: u32,
        /// Where the person is or looks: nearer ones come first among alike ones.
        near: Option<LatLng>,
    },
    /// How these locations stand now, as the list shows them. Answered by [`FromCatalogue::Entries`].
    Entries {
        /// Repeated in the answer.
        id: u32,
        /// Which, by id or alias.
        locations: Vec<LocationId>,
        /// For what is open, stale or costs what now.
        now: Instant,
        /// Distances are from here.
        center: Option<LatLng>,
    },
    /// The roads as lines for the base map. Answered by [`FromCatalogue::BaseMap`] with a payload.
    BaseMap {
        /// Repeated in the answer.
        id: u32,
    },
}

/// From the catalogue worker to the app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromCatalogue {
    /// First message.
    Hello {
        /// [`SCHEMA`](crate::SCHEMA) of the sender.
        schema: u16,
        /// [`build_id`](crate::build_id) of the sender.
        build: String,
    },
    /// The catalogue stands.
    CatalogueLoaded(CatalogueSummary),
    /// The roads stand.
    RoadsLoaded(RoadsSummary),
    /// What to draw and list.
    Map {
        /// Of the question.
        id: u32,
        /// The answer.
        answer: MapAnswer,
    },
    /// One location, or `None` when there is none of that id.
    Location {
        /// Of the question.
        id: u32,
        /// The location with what it points to.
        detail: Option<Box<LocationDetail>>,
    },
    /// What charging would cost, or `None` when that cannot be said.
    Estimate {
        /// Of the question.
        id: u32,
        /// The estimate.
        estimate: Option<Box<Estimate>>,
    },
    /// What fits, best first.
    Suggest {
        /// Of the question.
        id: u32,
        /// What fits.
        suggestions: Vec<Suggestion>,
    },
    /// How the locations stand, in the order of the question; `None` where there is none of that id.
    Entries {
        /// Of the question.
        id: u32,
        /// One of each.
        entries: Vec<Option<ListEntry>>,
    },
    /// Payload: a GeoJSON `FeatureCollection` of road lines with properties `class` (0 = best),
    /// `ref` (`G42`, or empty; of several numbers the one on the signs: national before
    /// provincial before the rest).
    BaseMap {
        /// Of the question.
        id: u32,
    },
    /// A message could not be done.
    Failed(WorkerError),
}

/// What the catalogue holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CatalogueSummary {
    /// How many locations.
    pub n_locations: u32,
    /// How many EVSEs.
    pub n_evses: u32,
    /// Who runs them.
    pub operators: Vec<Operator>,
    /// Where the data comes from.
    pub sources: Vec<Source>,
    /// The box around them.
    pub bounds: Option<BoundingBox>,
    /// Connector standards that occur.
    pub standards: Vec<ConnectorStandard>,
    /// Kinds that occur.
    pub kinds: Vec<LocationKind>,
}

/// What the roads hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoadsSummary {
    /// Name of the region.
    pub name: LocalText,
    /// What must be known about it.
    pub note: Option<LocalText>,
    /// What must be written beside the map.
    pub attribution: Option<String>,
    /// Invented or approximate.
    pub demonstration: bool,
    /// The box around them.
    pub bounds: Option<BoundingBox>,
    /// Nodes of the contracted network.
    pub n_nodes: u32,
    /// Edges of the contracted network.
    pub n_edges: u32,
    /// Cities, districts and landmarks, for labels and for from and to.
    pub places: Vec<Place>,
    /// What its roads are called: reference and name.
    pub road_names: Vec<(String, LocalText)>,
}

/// A place that fits what was typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Its name.
    pub name: LocalText,
    /// Where.
    pub position: LatLng,
    /// What it is.
    pub kind: SuggestionKind,
    /// More words: the city of a district, the address of a location.
    pub context: Option<LocalText>,
    /// What of the name was typed, in whichever way.
    pub highlights: Vec<Highlight>,
}

/// Characters of a name, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Highlight {
    /// Of the English name; else of the name as written at the place.
    pub english: bool,
    /// The first.
    pub start: u32,
    /// The one after the last.
    pub end: u32,
}

/// What a suggestion is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SuggestionKind {
    /// A city, district or landmark; rank 1 is the most important.
    Place {
        /// 1 to 4.
        rank: u8,
    },
    /// A road, named by its name or, without one, by its number; the position is a place on it, about its middle.
    Road {
        /// Its number.
        reference: String,
    },
    /// A junction of expressways, or an exit.
    Junction,
    /// Who runs chargers; the position is that of the nearest of its locations.
    Operator(OperatorId),
    /// A charging location.
    Location(LocationId),
    /// Typed coordinates, with how they were read.
    Coordinates(CoordinateReading),
}
