//! The talk with the planner worker: cars and plans.

use crate::plan::cars::{CarFault, CarFigures, KnownConsumption};
use crate::{WorkerError, plan};
use chongtu_model::provenance::LocalText;
use chongtu_model::vehicle::{ChargeCurve, VehicleConnector};
use chongtu_model::{ConnectorStandard, Instant, Vehicle};
use serde::{Deserialize, Serialize};

/// From the app to the planner worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToPlanner {
    /// First message.
    Hello {
        /// [`SCHEMA`](crate::SCHEMA) of the sender.
        schema: u16,
        /// [`build_id`](crate::build_id) of the sender.
        build: String,
    },
    /// Payload: a `.locations` file. Answered by [`FromPlanner::CatalogueLoaded`].
    LoadCatalogue,
    /// Payload: a `.roads` file. Answered by [`FromPlanner::RoadsLoaded`].
    LoadRoads,
    /// Payload: a JSON list of car files. Answered by [`FromPlanner::CarsLoaded`].
    LoadCars,
    /// A plan. Answered by any number of [`FromPlanner::PlanProgress`] and one [`FromPlanner::Plan`].
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
    /// What cars are, by what is written of them (an id of the list, or figures). Answered by
    /// [`FromPlanner::CarsDescribed`].
    DescribeCars {
        /// Repeated in the answer.
        id: u32,
        /// As [`WrittenCar`](crate::plan::cars::WrittenCar) writes them.
        cars: Vec<String>,
    },
    /// Payload: a car file of the person's. Answered by [`FromPlanner::CarFileRead`].
    ReadCarFile {
        /// Repeated in the answer.
        id: u32,
    },
    /// A car of what its driver knows. Answered by [`FromPlanner::CarMade`].
    MakeCar {
        /// Repeated in the answer.
        id: u32,
        /// What the driver knows.
        figures: CarFigures,
        /// The car whose figures these were.
        before: Option<String>,
    },
    /// Calibrates a car, or, without a known consumption, takes its calibration back. Answered by
    /// [`FromPlanner::CarMade`].
    CalibrateCar {
        /// Repeated in the answer.
        id: u32,
        /// Which car.
        car: String,
        /// What its driver saw.
        known: Option<KnownConsumption>,
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
    /// As it is written: one of those loaded, by id, or with its figures.
    Known(String),
    /// With its own figures.
    Own(Box<Vehicle>),
}

/// From the planner worker to the app.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FromPlanner {
    /// First message.
    Hello {
        /// [`SCHEMA`](crate::SCHEMA) of the sender.
        schema: u16,
        /// [`build_id`](crate::build_id) of the sender.
        build: String,
    },
    /// The catalogue stands.
    CatalogueLoaded,
    /// The roads stand.
    RoadsLoaded,
    /// The cars stand.
    CarsLoaded {
        /// In order of name.
        cars: Vec<CarSummary>,
    },
    /// What the cars are, in the order of the question; `None`: nobody can say.
    CarsDescribed {
        /// Of the question.
        id: u32,
        /// The cars.
        cars: Vec<Option<CarSummary>>,
    },
    /// The cars of a file.
    CarFileRead {
        /// Of the question.
        id: u32,
        /// The cars, or why there are none.
        result: Result<CarFile, CarFault>,
    },
    /// A car that was made or calibrated.
    CarMade {
        /// Of the question.
        id: u32,
        /// The car, or why it cannot be.
        result: Result<Box<CarSummary>, CarFault>,
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

/// The cars of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarFile {
    /// With the inlets that the file gives them.
    pub cars: Vec<CarSummary>,
    /// The same cars with GB/T inlets in place of their own, as written.
    pub with_gbt: Vec<String>,
    /// Those that cannot be used, and why.
    pub refused: Vec<CarFault>,
}

/// A car to choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarSummary {
    /// By which it is asked for: as it is written.
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
    /// What it takes, as a multiple of its figures; 1: not calibrated. Range and consumption hold it.
    pub factor: f64,
    /// What its driver would say of it, without the calibration: name, battery, consumption at 90,
    /// 110 and 120 km/h, powers.
    pub figures: CarFigures,
    /// How it charges, for who estimates a charge without planning.
    pub charging: CarCharging,
}

/// How a car charges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarCharging {
    /// Power at the battery over state of charge.
    pub curve: ChargeCurve,
    /// Share of the energy at the plug that reaches the battery, `0..=1`.
    pub efficiency: f64,
    /// Its inlets, with the most that each takes.
    pub inlets: Vec<VehicleConnector>,
}
