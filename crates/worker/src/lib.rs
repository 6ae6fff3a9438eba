//! What the app and its planner worker say to each other. The worker (`src/main.rs`) holds the
//! catalogue, its index, the region's roads and the planner; it receives bytes and never fetches.
//!
//! A message is a JavaScript array of one or two items: the header (a `Uint8Array` of
//! [`ToWorker`] or [`FromWorker`] in postcard) and, where the docs say so, a payload (an
//! `ArrayBuffer`, transferred). The first message each way is `Hello`: a different schema or
//! build means that a stale copy is running, and the app reloads rather than guesses. The worker
//! speaks first, and the app must wait for that: what is posted to a worker whose code is still
//! loading is lost.

use chongtu_model::index::{MapAnswer, MapQuery};
use chongtu_model::location::{ConnectorGroup, LocationKind};
use chongtu_model::provenance::{LocalText, Operator, Source};
use chongtu_model::tariff::Tariff;
use chongtu_model::{
    BoundingBox, ConnectorStandard, Instant, LatLng, Location, LocationId, StatusCounts, Vehicle,
};
use serde::{Deserialize, Serialize};

pub use chongtu_planner as plan;
pub use chongtu_roads::Place;

pub mod engine;

/// The number of this set of messages; it grows with every change of their shape.
pub const SCHEMA: u16 = 1;

/// The build this code comes from; the same in app and worker of one build.
pub fn build_id() -> &'static str {
    option_env!("CHONGTU_BUILD").unwrap_or("dev")
}

/// From the app to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToWorker {
    /// First message.
    Hello {
        /// [`SCHEMA`] of the sender.
        schema: u16,
        /// [`build_id`] of the sender.
        build: String,
    },
    /// Payload: a `.locations` file. Answered by [`FromWorker::CatalogueLoaded`].
    LoadCatalogue,
    /// Payload: a `.roads` file. Answered by [`FromWorker::RoadsLoaded`].
    LoadRoads,
    /// Payload: a JSON list of car files. Answered by [`FromWorker::CarsLoaded`].
    LoadCars,
    /// What to draw and list. Answered by [`FromWorker::Map`]; a newer question makes an older one void.
    Map {
        /// Repeated in the answer.
        id: u32,
        /// The question.
        query: MapQuery,
    },
    /// One location. Answered by [`FromWorker::Location`].
    Location {
        /// Repeated in the answer.
        id: u32,
        /// Which, by id or alias.
        location: LocationId,
        /// For what is open or stale now.
        now: Instant,
    },
    /// Places and locations whose name fits. Answered by [`FromWorker::Suggest`].
    Suggest {
        /// Repeated in the answer.
        id: u32,
        /// As typed: Chinese, pinyin, English, or `lat,lng`. Empty: the most important places.
        text: String,
        /// At most this many.
        limit: u32,
    },
    /// The roads as lines for the base map. Answered by [`FromWorker::BaseMap`] with a payload.
    BaseMap {
        /// Repeated in the answer.
        id: u32,
    },
    /// A plan. Answered by any number of [`FromWorker::PlanProgress`] and one [`FromWorker::Plan`].
    /// A newer plan cancels an older one.
    Plan {
        /// Repeated in the answers.
        id: u32,
        /// Which car.
        car: CarChoice,
        /// The request.
        request: plan::TripRequest,
        /// For sites whose power or connector is unknown.
        assumptions: plan::Assumptions,
        /// For which statuses are stale now.
        now: Instant,
    },
    /// Stops the plan of that id; it is answered by [`PlanResult::Cancelled`]. A plan that is
    /// answered already is left alone, without a word.
    Cancel {
        /// Whose plan.
        id: u32,
    },
}

/// Which car.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CarChoice {
    /// One of those loaded, by id.
    Known(String),
    /// With its own figures.
    Own(Box<Vehicle>),
}

/// From the worker to the app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromWorker {
    /// First message.
    Hello {
        /// [`SCHEMA`] of the sender.
        schema: u16,
        /// [`build_id`] of the sender.
        build: String,
    },
    /// The catalogue stands.
    CatalogueLoaded(CatalogueSummary),
    /// The roads stand.
    RoadsLoaded(RoadsSummary),
    /// The cars stand.
    CarsLoaded {
        /// In order of name.
        cars: Vec<CarSummary>,
    },
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
    /// What fits, best first.
    Suggest {
        /// Of the question.
        id: u32,
        /// What fits.
        suggestions: Vec<Suggestion>,
    },
    /// Payload: a GeoJSON `FeatureCollection` of road lines with properties `class` (0 = best),
    /// `ref` (`G42`, or empty; of several numbers the one on the signs: national before
    /// provincial before the rest).
    BaseMap {
        /// Of the question.
        id: u32,
    },
    /// Still planning.
    PlanProgress {
        /// Of the request.
        id: u32,
        /// 0..=1, grows; it begins once more when there is no plan and the worker looks for what
        /// would help.
        share: f64,
        /// Labels taken up so far.
        labels: u64,
    },
    /// The plan.
    Plan {
        /// Of the request.
        id: u32,
        /// What came of it.
        result: PlanResult,
    },
    /// A message could not be done.
    Failed(WorkerError),
}

/// What came of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum PlanResult {
    /// A plan.
    Found(Box<plan::Plan>),
    /// No plan, and why.
    Failed(Box<plan::PlanFailure>),
    /// Cancelled.
    Cancelled,
}

/// Why a message could not be done. `detail` is technical, for the console and for reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code:?}: {detail}")]
pub struct WorkerError {
    /// What kind.
    pub code: WorkerErrorCode,
    /// Technical words.
    pub detail: String,
    /// Of which question, where it had an id.
    pub id: Option<u32>,
}

/// What kind of error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorkerErrorCode {
    /// The message is not one of this schema.
    BadMessage,
    /// The `.locations` file is damaged, foreign or of another version.
    BadLocations,
    /// The `.roads` file is damaged, foreign or of another version.
    BadRoads,
    /// The list of cars cannot be read.
    BadCars,
    /// The question came before the data it needs.
    NotLoaded,
    /// No car of that id, or its figures cannot be.
    BadCar,
    /// A fault in the worker itself. It is of no more use: start another.
    Internal,
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

/// A car to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarSummary {
    /// By which it is asked for.
    pub id: String,
    /// Its name.
    pub name: LocalText,
    /// What can be taken out of the battery, kWh.
    pub usable_battery_kwh: f64,
    /// Its inlets.
    pub connectors: Vec<ConnectorStandard>,
    /// The highest power of its charging curve, kW.
    pub max_power_kw: f64,
    /// Range at a constant 110 km/h from full to empty, metres.
    pub range_110_m: f64,
    /// Where its figures come from.
    pub source: Option<String>,
}

/// One location with what it points to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocationDetail {
    /// The location.
    pub location: Location,
    /// Who runs it.
    pub operator: Option<Operator>,
    /// Where the data comes from.
    pub source: Option<Source>,
    /// The tariffs of its connectors, by index into the catalogue.
    pub tariffs: Vec<(u32, Tariff)>,
    /// Alike connectors together, strongest first.
    pub groups: Vec<ConnectorGroup>,
    /// Status of all EVSEs now.
    pub counts: StatusCounts,
    /// Open now; `None`: hours or zone unknown.
    pub open_now: Option<bool>,
    /// The weekday there now (1 = Monday), when the zone is known.
    pub weekday: Option<u8>,
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
}

/// What a suggestion is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SuggestionKind {
    /// A city, district or landmark; rank 1 is the most important.
    Place {
        /// 1 to 4.
        rank: u8,
    },
    /// A junction of expressways.
    Junction,
    /// A charging location.
    Location(LocationId),
    /// Typed coordinates.
    Coordinates,
}
