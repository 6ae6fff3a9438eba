//! Questions to the planner worker, answered as futures.

use super::{AskError, Desk, Heard, Line, Open, Reply, WorkerState, answer, header, wait};
use crate::js::bytes::Bytes;
use crate::js::host;
use chongtu_worker::plan::cars::{CarFault, CarFigures, KnownConsumption};
use chongtu_worker::plan::{Assumptions, TripRequest};
use chongtu_worker::planner::{CarChoice, CarFile, CarSummary, FromPlanner, PlanResult, ToPlanner};
use chongtu_worker::{WorkerError, WorkerErrorCode};
use futures_channel::oneshot;
use js_sys::ArrayBuffer;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

/// The planner worker. Copies are the same worker.
#[derive(Clone, Copy)]
pub(crate) struct PlannerClient {
    inner: StoredValue<(Rc<Line>, Rc<Questions>), LocalStorage>,
    /// How it is.
    pub(crate) state: RwSignal<WorkerState>,
}

/// Who hears of the progress of a plan, and who of its result.
type OpenPlan = (Rc<dyn Fn(f64)>, Reply<PlanResult>);

/// Questions without an answer yet.
#[derive(Default)]
struct Questions {
    plans: Open<OpenPlan>,
    catalogue: RefCell<Option<Reply<()>>>,
    roads: RefCell<Option<Reply<()>>>,
    cars: RefCell<Option<Reply<Vec<CarSummary>>>>,
    of_cars: Open<OfCars>,
}

/// A car that was made, or why it cannot be.
type Made = Result<Box<CarSummary>, CarFault>;

/// Questions about cars of the person's own.
enum OfCars {
    Described(Reply<Vec<Option<CarSummary>>>),
    File(Reply<Result<CarFile, CarFault>>),
    Made(Reply<Made>),
}

/// A plan under way: its result, and by its id a way to cancel it.
pub(crate) struct PlanTicket {
    /// For [`PlannerClient::cancel`].
    pub(crate) id: u32,
    receiver: oneshot::Receiver<Result<PlanResult, AskError>>,
}

impl PlanTicket {
    /// Waits for the result.
    ///
    /// # Errors
    /// When the worker refuses the question or stops.
    pub(crate) async fn result(self) -> Result<PlanResult, AskError> {
        wait(self.receiver).await
    }
}

impl PlannerClient {
    /// The worker of that script; [`PlannerClient::start`] starts it.
    pub(crate) fn new(url: &str) -> Self {
        let questions = Rc::new(Questions::default());
        let line = Line::new("planner", url, Rc::clone(&questions) as Rc<dyn Desk>);
        Self {
            state: line.state,
            inner: StoredValue::new_local((line, questions)),
        }
    }

    /// Starts the worker, in place of the one that may be running. What was loaded must be loaded again.
    pub(crate) fn start(self) {
        self.inner.get_value().0.start();
    }

    /// Hands a `.locations` file over.
    ///
    /// # Errors
    /// When the worker cannot read it, or stops.
    pub(crate) async fn load_catalogue(self, bytes: Bytes) -> Result<(), AskError> {
        let (reply, receiver) = oneshot::channel();
        let (line, questions) = self.inner.get_value();
        *questions.catalogue.borrow_mut() = Some(reply);
        line.post(header(&ToPlanner::LoadCatalogue), Some(&bytes));
        wait(receiver).await
    }

    /// Hands a `.roads` file over.
    ///
    /// # Errors
    /// When the worker cannot read it, or stops.
    pub(crate) async fn load_roads(self, bytes: Bytes) -> Result<(), AskError> {
        let (reply, receiver) = oneshot::channel();
        let (line, questions) = self.inner.get_value();
        *questions.roads.borrow_mut() = Some(reply);
        line.post(header(&ToPlanner::LoadRoads), Some(&bytes));
        wait(receiver).await
    }

    /// Hands the list of cars over.
    ///
    /// # Errors
    /// When the worker cannot read it, or stops.
    pub(crate) async fn load_cars(self, bytes: Bytes) -> Result<Vec<CarSummary>, AskError> {
        let (reply, receiver) = oneshot::channel();
        let (line, questions) = self.inner.get_value();
        *questions.cars.borrow_mut() = Some(reply);
        line.post(header(&ToPlanner::LoadCars), Some(&bytes));
        wait(receiver).await
    }

    /// What cars are, by what is written of them; `None`: nobody can say.
    ///
    /// # Errors
    /// When the worker stops.
    pub(crate) async fn describe_cars(
        self,
        cars: Vec<String>,
    ) -> Result<Vec<Option<CarSummary>>, AskError> {
        let question = |id| ToPlanner::DescribeCars { id, cars };
        wait(self.ask(OfCars::Described, question, None)).await
    }

    /// Reads a car file of the person's: its cars, or what is wrong with it.
    ///
    /// # Errors
    /// When the worker stops.
    pub(crate) async fn read_car_file(
        self,
        bytes: Bytes,
    ) -> Result<Result<CarFile, CarFault>, AskError> {
        let question = |id| ToPlanner::ReadCarFile { id };
        wait(self.ask(OfCars::File, question, Some(&bytes))).await
    }

    /// Makes a car of figures, or says which figure cannot be.
    ///
    /// # Errors
    /// When the worker stops.
    pub(crate) async fn make_car(
        self,
        figures: CarFigures,
        before: Option<String>,
    ) -> Result<Made, AskError> {
        let question = |id| ToPlanner::MakeCar {
            id,
            figures,
            before,
        };
        wait(self.ask(OfCars::Made, question, None)).await
    }

    /// Calibrates a car; without a known consumption its calibration is taken back.
    ///
    /// # Errors
    /// When the worker stops.
    pub(crate) async fn calibrate_car(
        self,
        car: String,
        known: Option<KnownConsumption>,
    ) -> Result<Made, AskError> {
        let question = |id| ToPlanner::CalibrateCar { id, car, known };
        wait(self.ask(OfCars::Made, question, None)).await
    }

    /// Sends a question about cars with a fresh id and files who waits for it.
    fn ask<T>(
        self,
        file: impl FnOnce(Reply<T>) -> OfCars,
        question: impl FnOnce(u32) -> ToPlanner,
        payload: Option<&Bytes>,
    ) -> oneshot::Receiver<Result<T, AskError>> {
        let (reply, receiver) = oneshot::channel();
        let (line, questions) = self.inner.get_value();
        let id = line.id();
        questions.of_cars.put(id, file(reply));
        line.post(header(&question(id)), payload);
        receiver
    }

    /// Plans a trip. `on_progress` hears of the share done, 0..=1. A newer plan cancels this one.
    pub(crate) fn plan(
        self,
        car: CarChoice,
        request: TripRequest,
        assumptions: Assumptions,
        on_progress: impl Fn(f64) + 'static,
    ) -> PlanTicket {
        let (line, questions) = self.inner.get_value();
        let (reply, receiver) = oneshot::channel();
        let id = line.id();
        questions.plans.put(id, (Rc::new(on_progress), reply));
        let question = ToPlanner::Plan {
            id,
            car,
            request,
            assumptions,
            now: host::now(),
        };
        line.post(header(&question), None);
        PlanTicket { id, receiver }
    }

    /// Stops the plan of that id; its result is then [`PlanResult::Cancelled`].
    pub(crate) fn cancel(self, id: u32) {
        let cancel = header(&ToPlanner::Cancel { id });
        self.inner.get_value().0.post(cancel, None);
    }
}

impl Questions {
    fn on_progress(&self, id: u32) -> Option<Rc<dyn Fn(f64)>> {
        let open = self.plans.0.borrow();
        let (_, (on_progress, _)) = open.iter().find(|(of, _)| *of == id)?;
        Some(Rc::clone(on_progress))
    }
}

impl Desk for Questions {
    fn hello(&self, schema: u16, build: String) -> Option<Vec<u8>> {
        header(&ToPlanner::Hello { schema, build })
    }

    fn hear(&self, header: &[u8], _: Option<ArrayBuffer>) -> Heard {
        let Ok(message) = postcard::from_bytes::<FromPlanner>(header) else {
            return Heard::Unreadable;
        };
        match message {
            FromPlanner::Hello { schema, build } => return Heard::Hello { schema, build },
            FromPlanner::Failed(error) => return Heard::Failed(error),
            FromPlanner::CatalogueLoaded => answer(&self.catalogue, Ok(())),
            FromPlanner::RoadsLoaded => answer(&self.roads, Ok(())),
            FromPlanner::CarsLoaded { cars } => answer(&self.cars, Ok(cars)),
            FromPlanner::CarsDescribed { id, cars } => {
                if let Some(OfCars::Described(reply)) = self.of_cars.take(id) {
                    drop(reply.send(Ok(cars)));
                }
            }
            FromPlanner::CarFileRead { id, result } => {
                if let Some(OfCars::File(reply)) = self.of_cars.take(id) {
                    drop(reply.send(Ok(result)));
                }
            }
            FromPlanner::CarMade { id, result } => {
                if let Some(OfCars::Made(reply)) = self.of_cars.take(id) {
                    drop(reply.send(Ok(result)));
                }
            }
            FromPlanner::PlanProgress { id, share, .. } => {
                // Called outside of the borrow: whoever hears of it may ask for another plan.
                if let Some(on_progress) = self.on_progress(id) {
                    on_progress(share);
                }
            }
            FromPlanner::Plan { id, result } => {
                if let Some((_, reply)) = self.plans.take(id) {
                    drop(reply.send(Ok(result)));
                }
            }
        }
        Heard::Answer
    }

    fn refuse(&self, error: WorkerError) {
        let (id, code) = (error.id, error.code);
        if let Some(of_cars) = id.and_then(|id| self.of_cars.take(id)) {
            let refused = AskError::Refused(error);
            return match of_cars {
                OfCars::Described(reply) => drop(reply.send(Err(refused))),
                OfCars::File(reply) => drop(reply.send(Err(refused))),
                OfCars::Made(reply) => drop(reply.send(Err(refused))),
            };
        }
        let refused = AskError::Refused(error);
        match (id.and_then(|id| self.plans.take(id)), code) {
            (Some((_, reply)), _) => drop(reply.send(Err(refused))),
            (None, WorkerErrorCode::BadLocations) => answer(&self.catalogue, Err(refused)),
            (None, WorkerErrorCode::BadRoads) => answer(&self.roads, Err(refused)),
            (None, WorkerErrorCode::BadCars) => answer(&self.cars, Err(refused)),
            (None, _) => {}
        }
    }

    fn clear(&self) {
        self.plans.retain(|_| false);
        self.of_cars.retain(|_| false);
        self.catalogue.take();
        self.roads.take();
        self.cars.take();
    }
}
