//! What the app and its two workers say to each other.
//!
//! * The **catalogue worker** (`src/main.rs`, messages in [`catalogue`]) is there from the first moment. It holds
//!   the locations with their index and the region's names, and draws the roads.
//! * The **planner worker** (`src/planner_worker.rs`, messages in [`planner`]) is started when somebody first
//!   plans. It holds the locations once more, the roads, the cars and the planner: a search never keeps the map
//!   waiting, and who never plans never loads it.
//!
//! Both receive bytes and never fetch. Both are the same program around an [`engine::Engine`].
//!
//! A message is a JavaScript array of one or two items: the header (a `Uint8Array` of the message in
//! postcard) and, where the docs say so, a payload (an `ArrayBuffer`, transferred). The first
//! message each way is `Hello`: a different schema or build means that a stale copy is running, and
//! the app reloads rather than guesses. The worker speaks first, and the app must wait for that:
//! what is posted to a worker whose code is still loading is lost.

use serde::{Deserialize, Serialize};

pub use chongtu_planner as plan;
pub use chongtu_roads::Place;

pub mod catalogue;
pub mod engine;
pub mod planner;

/// The number of this set of messages, to and from both workers; it grows with every change of their shape.
pub const SCHEMA: u16 = 3;

/// The build this code comes from; the same in app and workers of one build.
pub fn build_id() -> &'static str {
    option_env!("CHONGTU_BUILD").unwrap_or("dev")
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
