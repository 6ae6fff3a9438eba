//! The app's end of the talk with the planner worker: questions with ids, answers as futures.

use super::bytes::Bytes;
use super::host;
use chongtu_model::index::{MapAnswer, MapQuery};
use chongtu_model::{Instant, LocationId};
use chongtu_worker::plan::{Assumptions, TripRequest};
use chongtu_worker::{
    CarChoice, CarSummary, CatalogueSummary, FromWorker, LocationDetail, PlanResult, RoadsSummary,
    SCHEMA, Suggestion, ToWorker, WorkerError, WorkerErrorCode, build_id,
};
use futures_channel::oneshot;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, MessageEvent, Worker};

/// Why a question got no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AskError {
    /// The worker said why.
    Refused(WorkerError),
    /// The worker stopped, or a newer question took the place of this one.
    Gone,
}

/// How the worker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WorkerState {
    /// Started, not heard of yet.
    Starting,
    /// Talks.
    Ready,
    /// Stopped with an error; [`WorkerClient::restart`] starts another.
    Crashed,
    /// Of another build than the app: the page must be loaded anew.
    OtherBuild,
}

type Reply<T> = oneshot::Sender<Result<T, AskError>>;

/// Questions without an answer yet.
enum Pending {
    Map(Reply<MapAnswer>),
    Location(Reply<Option<Box<LocationDetail>>>),
    Suggest(Reply<Vec<Suggestion>>),
    BaseMap(Reply<Bytes>),
    Plan(Box<dyn Fn(f64)>, Reply<PlanResult>),
}

impl Pending {
    fn refuse(self, error: AskError) {
        // A receiver that is gone no longer wants to know.
        match self {
            Self::Map(reply) => drop(reply.send(Err(error))),
            Self::Location(reply) => drop(reply.send(Err(error))),
            Self::Suggest(reply) => drop(reply.send(Err(error))),
            Self::BaseMap(reply) => drop(reply.send(Err(error))),
            Self::Plan(_, reply) => drop(reply.send(Err(error))),
        }
    }
}

struct Inner {
    url: String,
    worker: RefCell<Option<Worker>>,
    /// What the app wants to say before the worker has said hello: it would be lost.
    waiting: RefCell<Option<Vec<(Array, Array)>>>,
    next_id: Cell<u32>,
    pending: RefCell<BTreeMap<u32, Pending>>,
    catalogue: RefCell<Option<Reply<CatalogueSummary>>>,
    roads: RefCell<Option<Reply<RoadsSummary>>>,
    cars: RefCell<Option<Reply<Vec<CarSummary>>>>,
    state: RwSignal<WorkerState>,
}

/// The worker. Copies are the same worker.
#[derive(Clone, Copy)]
pub(crate) struct WorkerClient {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
    /// How it is.
    pub(crate) state: RwSignal<WorkerState>,
}

/// A plan under way: its result, and by its id a way to cancel it.
pub(crate) struct PlanTicket {
    /// For [`WorkerClient::cancel`].
    pub(crate) id: u32,
    receiver: oneshot::Receiver<Result<PlanResult, AskError>>,
}

impl PlanTicket {
    /// Waits for the result.
    ///
    /// # Errors
    /// When the worker refuses the question or stops.
    pub(crate) async fn result(self) -> Result<PlanResult, AskError> {
        self.receiver.await.unwrap_or(Err(AskError::Gone))
    }
}

impl WorkerClient {
    /// Starts the worker of that script.
    pub(crate) fn start(url: &str) -> Self {
        let state = RwSignal::new(WorkerState::Starting);
        let inner = Rc::new(Inner {
            url: url.to_owned(),
            worker: RefCell::new(None),
            waiting: RefCell::new(Some(Vec::new())),
            next_id: Cell::new(1),
            pending: RefCell::default(),
            catalogue: RefCell::default(),
            roads: RefCell::default(),
            cars: RefCell::default(),
            state,
        });
        Inner::spawn(&inner);
        Self {
            inner: StoredValue::new_local(inner),
            state,
        }
    }

    fn inner(self) -> Rc<Inner> {
        self.inner.get_value()
    }

    /// Starts another worker in place of this one. What was loaded must be loaded again.
    pub(crate) fn restart(self) {
        let inner = self.inner();
        inner.stop();
        inner.state.set(WorkerState::Starting);
        Inner::spawn(&inner);
    }

    /// Hands a `.locations` file over.
    ///
    /// # Errors
    /// When the worker cannot read it, or stops.
    pub(crate) async fn load_catalogue(self, bytes: Bytes) -> Result<CatalogueSummary, AskError> {
        let (reply, receiver) = oneshot::channel();
        let inner = self.inner();
        *inner.catalogue.borrow_mut() = Some(reply);
        inner.post(&ToWorker::LoadCatalogue, Some(&bytes));
        wait(receiver).await
    }

    /// Hands a `.roads` file over.
    ///
    /// # Errors
    /// When the worker cannot read it, or stops.
    pub(crate) async fn load_roads(self, bytes: Bytes) -> Result<RoadsSummary, AskError> {
        let (reply, receiver) = oneshot::channel();
        let inner = self.inner();
        *inner.roads.borrow_mut() = Some(reply);
        inner.post(&ToWorker::LoadRoads, Some(&bytes));
        wait(receiver).await
    }

    /// Hands the list of cars over.
    ///
    /// # Errors
    /// When the worker cannot read it, or stops.
    pub(crate) async fn load_cars(self, bytes: Bytes) -> Result<Vec<CarSummary>, AskError> {
        let (reply, receiver) = oneshot::channel();
        let inner = self.inner();
        *inner.cars.borrow_mut() = Some(reply);
        inner.post(&ToWorker::LoadCars, Some(&bytes));
        wait(receiver).await
    }

    /// What to draw and list. A newer question makes an older one [`AskError::Gone`].
    ///
    /// # Errors
    /// When the catalogue is not loaded, the worker stops, or a newer question came.
    pub(crate) async fn map(self, query: MapQuery) -> Result<MapAnswer, AskError> {
        let inner = self.inner();
        let older: Vec<u32> = inner
            .pending
            .borrow()
            .iter()
            .filter_map(|(&id, p)| matches!(p, Pending::Map(_)).then_some(id))
            .collect();
        for id in older {
            inner.pending.borrow_mut().remove(&id);
        }
        wait(inner.ask(Pending::Map, |id| ToWorker::Map { id, query })).await
    }

    /// One location with all that is known; `None` when there is none of that id.
    ///
    /// # Errors
    /// When the catalogue is not loaded, or the worker stops.
    pub(crate) async fn location(
        self,
        location: LocationId,
        now: Instant,
    ) -> Result<Option<Box<LocationDetail>>, AskError> {
        wait(
            self.inner()
                .ask(Pending::Location, |id| ToWorker::Location {
                    id,
                    location,
                    now,
                }),
        )
        .await
    }

    /// Places and locations whose name fits, best first; nothing when the worker cannot say.
    pub(crate) async fn suggest(self, text: String, limit: u32) -> Vec<Suggestion> {
        let asked = self
            .inner()
            .ask(Pending::Suggest, |id| ToWorker::Suggest { id, text, limit });
        wait(asked).await.unwrap_or_default()
    }

    /// The roads as `GeoJSON`.
    ///
    /// # Errors
    /// When the roads are not loaded, or the worker stops.
    pub(crate) async fn base_map(self) -> Result<Bytes, AskError> {
        wait(
            self.inner()
                .ask(Pending::BaseMap, |id| ToWorker::BaseMap { id }),
        )
        .await
    }

    /// Plans a trip. `on_progress` hears of the share done, 0..=1. A newer plan cancels this one.
    pub(crate) fn plan(
        self,
        car: CarChoice,
        request: TripRequest,
        assumptions: Assumptions,
        on_progress: impl Fn(f64) + 'static,
    ) -> PlanTicket {
        let inner = self.inner();
        let (reply, receiver) = oneshot::channel();
        let id = inner.id();
        inner
            .pending
            .borrow_mut()
            .insert(id, Pending::Plan(Box::new(on_progress), reply));
        inner.post(
            &ToWorker::Plan {
                id,
                car,
                request,
                assumptions,
                now: host::now(),
            },
            None,
        );
        PlanTicket { id, receiver }
    }

    /// Stops the plan of that id; its result is then [`PlanResult::Cancelled`].
    pub(crate) fn cancel(self, id: u32) {
        self.inner().post(&ToWorker::Cancel { id }, None);
    }
}

impl Inner {
    fn id(&self) -> u32 {
        let id = self.next_id.get();
        self.next_id.set(id.wrapping_add(1));
        id
    }

    /// Sends a question with a fresh id and waits for what `file` filed it under.
    fn ask<T>(
        &self,
        file: impl FnOnce(Reply<T>) -> Pending,
        question: impl FnOnce(u32) -> ToWorker,
    ) -> oneshot::Receiver<Result<T, AskError>> {
        let (reply, receiver) = oneshot::channel();
        let id = self.id();
        self.pending.borrow_mut().insert(id, file(reply));
        self.post(&question(id), None);
        receiver
    }

    fn spawn(self: &Rc<Self>) {
        let worker = match Worker::new(&self.url) {
            Ok(worker) => worker,
            Err(error) => {
                host::log_error(&format!("worker {}: {}", self.url, host::describe(&error)));
                self.state.set(WorkerState::Crashed);
                return;
            }
        };
        // The worker holds its handlers, and the handlers must not keep a stopped worker's answers alive.
        let weak = Rc::downgrade(self);
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(inner) = weak.upgrade() {
                inner.receive(&event);
            }
        });
        let weak = Rc::downgrade(self);
        let on_error = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            if let Some(inner) = weak.upgrade() {
                let message = event
                    .dyn_ref::<web_sys::ErrorEvent>()
                    .map(web_sys::ErrorEvent::message);
                inner.crashed(
                    &message.unwrap_or_else(|| "the worker's script did not load".to_owned()),
                );
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // A worker lives as long as the page, or dies with its handlers when it is restarted.
        on_message.forget();
        on_error.forget();
        *self.waiting.borrow_mut() = Some(Vec::new());
        *self.worker.borrow_mut() = Some(worker);
    }

    fn stop(&self) {
        if let Some(worker) = self.worker.borrow_mut().take() {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
        }
        let pending = std::mem::take(&mut *self.pending.borrow_mut());
        for question in pending.into_values() {
            question.refuse(AskError::Gone);
        }
        self.catalogue.borrow_mut().take();
        self.roads.borrow_mut().take();
        self.cars.borrow_mut().take();
    }

    fn crashed(&self, why: &str) {
        host::log_error(&format!("worker: {why}"));
        self.stop();
        self.state.set(WorkerState::Crashed);
    }

    fn post(&self, message: &ToWorker, payload: Option<&Bytes>) {
        if self.worker.borrow().is_none() {
            // It stopped, and nobody has started another: whoever waits must hear of it.
            self.stop();
            return;
        }
        let Ok(header) = postcard::to_allocvec(message) else {
            return;
        };
        let items = Array::of1(&Uint8Array::from(header.as_slice()));
        let transfer = Array::new();
        if let Some(Bytes(buffer)) = payload {
            // The worker gets the buffer itself, not a copy.
            items.push(buffer);
            transfer.push(buffer);
        }
        match self.waiting.borrow_mut().as_mut() {
            Some(waiting) => waiting.push((items, transfer)),
            None => self.send(&items, &transfer),
        }
    }

    fn send(&self, items: &Array, transfer: &Array) {
        let worker = self.worker.borrow();
        let Some(worker) = worker.as_ref() else {
            return;
        };
        if let Err(error) = worker.post_message_with_transfer(items, transfer) {
            host::log_error(&format!("worker: {}", host::describe(&error)));
        }
    }

    fn greet(&self) {
        let waiting = self.waiting.borrow_mut().take().unwrap_or_default();
        self.post(
            &ToWorker::Hello {
                schema: SCHEMA,
                build: build_id().to_owned(),
            },
            None,
        );
        for (items, transfer) in waiting {
            self.send(&items, &transfer);
        }
        self.state.set(WorkerState::Ready);
    }

    fn receive(&self, event: &MessageEvent) {
        let Ok(items) = event.data().dyn_into::<Array>() else {
            return;
        };
        let Ok(header) = items.get(0).dyn_into::<Uint8Array>() else {
            return;
        };
        let payload: JsValue = items.get(1);
        match postcard::from_bytes::<FromWorker>(&header.to_vec()) {
            Ok(message) => self.dispatch(message, payload.dyn_into::<ArrayBuffer>().ok()),
            // Postcard has no names: what cannot be read is of another build.
            Err(_) => self.state.set(WorkerState::OtherBuild),
        }
    }

    fn take(&self, id: u32) -> Option<Pending> {
        self.pending.borrow_mut().remove(&id)
    }

    fn dispatch(&self, message: FromWorker, payload: Option<ArrayBuffer>) {
        match message {
            FromWorker::Hello { schema, build } => {
                if schema == SCHEMA && build == build_id() {
                    self.greet();
                } else {
                    self.state.set(WorkerState::OtherBuild);
                }
            }
            FromWorker::CatalogueLoaded(summary) => answer(&self.catalogue, Ok(summary)),
            FromWorker::RoadsLoaded(summary) => answer(&self.roads, Ok(summary)),
            FromWorker::CarsLoaded { cars } => answer(&self.cars, Ok(cars)),
            FromWorker::Map { id, answer } => {
                if let Some(Pending::Map(reply)) = self.take(id) {
                    drop(reply.send(Ok(answer)));
                }
            }
            FromWorker::Location { id, detail } => {
                if let Some(Pending::Location(reply)) = self.take(id) {
                    drop(reply.send(Ok(detail)));
                }
            }
            FromWorker::Suggest { id, suggestions } => {
                if let Some(Pending::Suggest(reply)) = self.take(id) {
                    drop(reply.send(Ok(suggestions)));
                }
            }
            FromWorker::BaseMap { id } => {
                if let Some(Pending::BaseMap(reply)) = self.take(id) {
                    let bytes = payload.unwrap_or_else(|| ArrayBuffer::new(0));
                    drop(reply.send(Ok(Bytes(bytes))));
                }
            }
            FromWorker::PlanProgress { id, share, .. } => {
                if let Some(Pending::Plan(on_progress, _)) = self.pending.borrow().get(&id) {
                    on_progress(share);
                }
            }
            FromWorker::Plan { id, result } => {
                if let Some(Pending::Plan(_, reply)) = self.take(id) {
                    drop(reply.send(Ok(result)));
                }
            }
            FromWorker::Failed(error) => self.failed(error),
        }
    }

    fn failed(&self, error: WorkerError) {
        if error.code == WorkerErrorCode::Internal {
            self.crashed(&error.detail);
            return;
        }
        host::log_error(&format!("worker: {error}"));
        if let Some(question) = error.id.and_then(|id| self.take(id)) {
            question.refuse(AskError::Refused(error));
            return;
        }
        match error.code {
            WorkerErrorCode::BadLocations => answer(&self.catalogue, Err(AskError::Refused(error))),
            WorkerErrorCode::BadRoads => answer(&self.roads, Err(AskError::Refused(error))),
            WorkerErrorCode::BadCars => answer(&self.cars, Err(AskError::Refused(error))),
            _ => {}
        }
    }
}

/// Waits for an answer; a worker that stopped, or a newer question, drops the sender.
async fn wait<T>(receiver: oneshot::Receiver<Result<T, AskError>>) -> Result<T, AskError> {
    receiver.await.unwrap_or(Err(AskError::Gone))
}

/// Answers a question that has no id because only one of its kind is ever open.
fn answer<T>(slot: &RefCell<Option<Reply<T>>>, result: Result<T, AskError>) {
    if let Some(reply) = slot.borrow_mut().take() {
        drop(reply.send(result));
    }
}
