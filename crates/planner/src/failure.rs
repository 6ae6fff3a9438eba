//! When there is no plan: what failed, where, by how much, and what to change.

use chongtu_model::LatLng;
use serde::{Deserialize, Serialize};

/// Why there is no plan. Codes, not sentences: the sentences stand in `crates/words`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanFailure {
    /// What failed.
    pub code: FailureCode,
    /// Where.
    pub at: FailurePlace,
    /// How much energy is missing on the leg that fails, kWh; `None` where energy is not the matter.
    pub gap_kwh: Option<f64>,
    /// The leg that fails, for [`FailureCode::GapTooLong`].
    pub gap: Option<Gap>,
    /// Single changes that make it work, each verified by planning again; quickest first.
    pub relaxations: Vec<Relaxation>,
}

/// The codes of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// The origin or the destination is too far from any road.
    NoRoadNearby,
    /// The origin or the destination lies outside the region that is loaded.
    OutOfCoverage,
    /// No road leads there.
    Unreachable,
    /// A leg between chargers needs more than the battery may give.
    GapTooLong,
    /// No site takes this car.
    NoCompatibleConnector,
    /// The request contradicts itself.
    Contradiction,
    /// The search stopped at its budget of work.
    BudgetExceeded,
}

impl FailureCode {
    /// The code as the command line prints it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoRoadNearby => "no_road_nearby",
            Self::OutOfCoverage => "out_of_coverage",
            Self::Unreachable => "unreachable",
            Self::GapTooLong => "gap_too_long",
            Self::NoCompatibleConnector => "no_compatible_connector",
            Self::Contradiction => "contradiction",
            Self::BudgetExceeded => "budget_exceeded",
        }
    }
}

/// Where it failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailurePlace {
    /// At the start.
    Origin,
    /// At the end.
    Destination,
    /// At a location, by id.
    Location(String),
    /// In the request: the two things that contradict each other, as `a>b`.
    Request(String),
    /// Nowhere in particular.
    Everywhere,
}

impl FailurePlace {
    /// As the command line prints it.
    pub fn as_text(&self) -> &str {
        match self {
            Self::Origin => "origin",
            Self::Destination => "destination",
            Self::Location(id) => id,
            Self::Request(what) => what,
            Self::Everywhere => "everywhere",
        }
    }
}

/// The leg that cannot be driven, on the way that misses by least.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gap {
    /// Where the leg begins.
    pub from: FailurePlace,
    /// Where it ends.
    pub to: FailurePlace,
    /// Where the leg begins on the map.
    pub from_position: LatLng,
    /// Where the leg ends on the map.
    pub to_position: LatLng,
    /// How long it is, metres.
    pub distance_m: f64,
    /// The charge with which it would begin at best.
    pub available_soc: f64,
    /// The charge with which it would have to begin.
    pub needed_soc: f64,
    /// How far the car gets on that leg before it falls to the reserve, metres (by share of the energy).
    pub reach_m: f64,
}

/// One change that makes the trip possible.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relaxation {
    /// What to change.
    pub change: Change,
    /// Its value now (km/h, or a state of charge 0..=1); `None`: no limit was set.
    pub from: Option<f64>,
    /// Its value then.
    pub to: f64,
    /// The total time of the plan found with it, seconds.
    pub total_s: f64,
}

/// What can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Drive slower.
    MaxSpeedKmh,
    /// Start with more.
    DepartureSoc,
    /// Keep less in reserve (the charge on arrival at chargers goes with it).
    ReserveSoc,
    /// Arrive with less.
    ArrivalSoc,
    /// Charge higher.
    MaxChargeSoc,
}

impl Change {
    /// As the command line prints it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MaxSpeedKmh => "max_speed_kmh",
            Self::DepartureSoc => "departure_soc",
            Self::ReserveSoc => "reserve_soc",
            Self::ArrivalSoc => "arrival_soc",
            Self::MaxChargeSoc => "max_charge_soc",
        }
    }
}

impl PlanFailure {
    /// A failure without gap and relaxations.
    pub fn new(code: FailureCode, at: FailurePlace) -> Self {
        Self {
            code,
            at,
            gap_kwh: None,
            gap: None,
            relaxations: Vec::new(),
        }
    }
}
