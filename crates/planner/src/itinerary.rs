//! The answer: legs that drive, stops that charge, and the charge along the way.

use crate::stations::SkippedLocations;
use chongtu_model::provenance::LocalText;
use chongtu_model::{
    Amount, ConnectorId, ConnectorStandard, EvseUid, LatLng, LocationId, StatusCounts,
};
use serde::{Deserialize, Serialize};

/// Everything found for a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The plans found; the fastest alone for now.
    pub itineraries: Vec<Itinerary>,
    /// Locations that were left out of planning, and why.
    pub skipped: SkippedLocations,
    /// Every leg that the search asked for, so that anyone can check the answer.
    /// Filled only when asked for (`keep_graph` of [`crate::TripSearch::new`]).
    pub graph: Option<StopGraph>,
    /// Work done: labels taken up.
    pub labels: u64,
}

/// What a plan is good at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanLabel {
    /// Least total time.
    Fastest,
}

/// One way to make the trip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Itinerary {
    /// What it is good at.
    pub label: PlanLabel,
    /// Driving + charging + waiting + overhead, seconds.
    pub total_s: f64,
    /// Driving, seconds.
    pub drive_s: f64,
    /// Charging, seconds.
    pub charge_s: f64,
    /// Waiting, seconds.
    pub wait_s: f64,
    /// Overhead of all stops, seconds.
    pub overhead_s: f64,
    /// Driven, metres.
    pub distance_m: f64,
    /// Used for driving, kWh out of the battery.
    pub energy_kwh: f64,
    /// What all stops cost; `None` when any price is unknown or depends on an hour that was not given.
    pub cost: Option<Amount>,
    /// Charge at the start.
    pub departure_soc: f64,
    /// Charge at the end.
    pub arrival_soc: f64,
    /// The legs, one more than stops.
    pub legs: Vec<Leg>,
    /// The stops, in order.
    pub stops: Vec<ChargingStop>,
    /// The share by which consumption may be off either way, for the band of the chart.
    pub band_share: f64,
}

/// An end of a leg.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopRef {
    /// The start of the trip.
    Origin,
    /// Its end.
    Destination,
    /// A charging stop at this location.
    Location(LocationId),
}

impl StopRef {
    /// `origin`, `destination`, or the location's id.
    pub fn as_text(&self) -> &str {
        match self {
            Self::Origin => "origin",
            Self::Destination => "destination",
            Self::Location(id) => id.as_str(),
        }
    }
}

/// A drive between two ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leg {
    /// Where it begins.
    pub from: StopRef,
    /// Where it ends.
    pub to: StopRef,
    /// Metres driven.
    pub distance_m: f64,
    /// Seconds driven.
    pub duration_s: f64,
    /// The cap under which it is driven, km/h.
    pub speed_cap_kmh: Option<f64>,
    /// Energy out of the battery, kWh.
    pub energy_kwh: f64,
    /// Charge at its start.
    pub departure_soc: f64,
    /// Charge at its end.
    pub arrival_soc: f64,
    /// Metres of it beyond the road network (great circle x detour), at its start and end.
    pub off_road_m: [f64; 2],
    /// Locations that it drives past without stopping because the legs were joined there.
    pub passes: Vec<LocationId>,
    /// Its line on the map.
    pub geometry: Vec<LatLng>,
    /// Along the way: cumulative metres, seconds and kWh, from `(0, 0, 0)` to the leg's totals.
    pub profile: Vec<ProfilePoint>,
    /// The roads it takes, in order: reference and metres.
    pub roads: Vec<(String, f64)>,
}

/// A point along a leg.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfilePoint {
    /// Metres since the leg's start.
    pub distance_m: f64,
    /// Seconds since the leg's start.
    pub duration_s: f64,
    /// kWh since the leg's start.
    pub energy_kwh: f64,
}

/// A stop to charge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChargingStop {
    /// Where.
    pub location_id: LocationId,
    /// Its name.
    pub name: LocalText,
    /// Its position.
    pub position: LatLng,
    /// The road it serves, such as `G42`.
    pub road: Option<String>,
    /// One EVSE of the group to be used.
    pub evse_uid: EvseUid,
    /// Its connector.
    pub connector_id: ConnectorId,
    /// The connector's standard.
    pub standard: ConnectorStandard,
    /// Its power at the plug, kW.
    pub power_kw: f64,
    /// Standard or power was assumed, not given by the source.
    pub assumed: bool,
    /// The EVSEs of the group by status.
    pub counts: StatusCounts,
    /// Status and price come from a demonstration source.
    pub demonstration: bool,
    /// Charge on arrival.
    pub arrival_soc: f64,
    /// Charge on departure.
    pub departure_soc: f64,
    /// Into the battery, kWh.
    pub energy_kwh: f64,
    /// At the plug, kWh.
    pub billed_kwh: f64,
    /// Charging, seconds.
    pub charge_s: f64,
    /// Waiting, seconds.
    pub wait_s: f64,
    /// Overhead, seconds.
    pub overhead_s: f64,
    /// What it costs; `None` when unknown, or when it depends on an hour that was not given.
    pub cost: Option<Amount>,
    /// Another location within reach of what is left on arrival.
    pub backup: Option<Backup>,
}

/// A location to go to when the stop cannot be used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Backup {
    /// Where.
    pub location_id: LocationId,
    /// Its name.
    pub name: LocalText,
    /// How far from the stop, metres.
    pub distance_m: f64,
    /// Charge on arrival there.
    pub arrival_soc: f64,
    /// Its EVSEs by status.
    pub counts: StatusCounts,
}

/// The stop graph as far as the search asked for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StopGraph {
    /// Origin, destination and every usable location.
    pub places: Vec<GraphPlace>,
    /// Every leg asked for.
    pub legs: Vec<GraphLeg>,
}

/// A place of the stop graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GraphPlace {
    /// `origin`, `destination` or the location's id.
    pub id: String,
    /// Where.
    pub position: LatLng,
    /// What can be used there: standard, kW at the plug, EVSEs.
    pub groups: Vec<(ConnectorStandard, f64, u32)>,
}

/// A leg of the stop graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GraphLeg {
    /// Index into the places.
    pub from: u32,
    /// Index into the places.
    pub to: u32,
    /// The cap, km/h.
    pub speed_cap_kmh: Option<f64>,
    /// Metres.
    pub distance_m: f64,
    /// Seconds.
    pub duration_s: f64,
    /// Needed at departure, kWh.
    pub need_kwh: f64,
    /// Used, kWh.
    pub energy_kwh: f64,
}
