//! Questions to the catalogue worker, answered as futures.

use super::{AskError, Desk, Heard, Line, Open, Reply, WorkerState, answer, header, wait};
use crate::js::bytes::Bytes;
use crate::js::host;
use chongtu_model::index::{ListEntry, MapAnswer, MapQuery};
use chongtu_model::{LatLng, LocationId};
use chongtu_worker::catalogue::{
    CatalogueSummary, Estimate, EstimateQuestion, FromCatalogue, LocationDetail, LocationQuestion,
    RoadsSummary, Suggestion, ToCatalogue,
};
use chongtu_worker::{WorkerError, WorkerErrorCode};
use futures_channel::oneshot;
use js_sys::ArrayBuffer;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

/// The catalogue worker. Copies are the same worker.
#[derive(Clone, Copy)]
pub(crate) struct CatalogueClient {
    inner: StoredValue<(Rc<Line>, Rc<Questions>), LocalStorage>,
    /// How it is.
    pub(crate) state: RwSignal<WorkerState>,
}

/// Questions without an answer yet.
#[derive(Default)]
struct Questions {
    open: Open<Pending>,
    catalogue: RefCell<Option<Reply<CatalogueSummary>>>,
    roads: RefCell<Option<Reply<RoadsSummary>>>,
}

enum Pending {
    Map(Reply<MapAnswer>),
    Location(Reply<Option<Box<LocationDetail>>>),
    Estimate(Reply<Option<Box<Estimate>>>),
    Suggest(Reply<Vec<Suggestion>>),
    BaseMap(Reply<Bytes>),
    Entries(Reply<Vec<Option<ListEntry>>>),
}

impl CatalogueClient {
    /// Starts the worker of that script.
    pub(crate) fn start(url: &str) -> Self {
        let questions = Rc::new(Questions::default());
        let line = Line::new("catalogue", url, Rc::clone(&questions) as Rc<dyn Desk>);
        line.start();
        Self {
            state: line.state,
            inner: StoredValue::new_local((line, questions)),
        }
    }

    /// Starts another worker in place of this one. What was loaded must be loaded again.
    pub(crate) fn restart(self) {
        self.inner.get_value().0.start();
    }

    /// Hands a `.locations` file over.
    ///
    /// # Errors
    /// When the worker cannot read it, or stops.
    pub(crate) async fn load_catalogue(self, bytes: Bytes) -> Result<CatalogueSummary, AskError> {
        let (reply, receiver) = oneshot::channel();
        let (line, questions) = self.inner.get_value();
        *questions.catalogue.borrow_mut() = Some(reply);
        line.post(header(&ToCatalogue::LoadCatalogue), Some(&bytes));
        wait(receiver).await
    }

    /// Hands a `.roads` file over.
    ///
    /// # Errors
    /// When the worker cannot read it, or stops.
    pub(crate) async fn load_roads(self, bytes: Bytes) -> Result<RoadsSummary, AskError> {
        let (reply, receiver) = oneshot::channel();
        let (line, questions) = self.inner.get_value();
        *questions.roads.borrow_mut() = Some(reply);
        line.post(header(&ToCatalogue::LoadRoads), Some(&bytes));
        wait(receiver).await
    }

    /// What to draw and list. A newer question makes an older one [`AskError::Gone`].
    ///
    /// # Errors
    /// When the catalogue is not loaded, the worker stops, or a newer question came.
    pub(crate) async fn map(self, query: MapQuery) -> Result<MapAnswer, AskError> {
        let is_other = |pending: &Pending| !matches!(pending, Pending::Map(_));
        self.inner.with_value(|(_, q)| q.open.retain(is_other));
        wait(self.ask(Pending::Map, |id| ToCatalogue::Map {
            id,
            query: Box::new(query),
        }))
        .await
    }

    /// One location with all that is known; `None` when there is none of that id.
    ///
    /// # Errors
    /// When the catalogue is not loaded, or the worker stops.
    pub(crate) async fn location(
        self,
        question: LocationQuestion,
    ) -> Result<Option<Box<LocationDetail>>, AskError> {
        let question = |id| ToCatalogue::Location { id, question };
        wait(self.ask(Pending::Location, question)).await
    }

    /// What charging would cost; `None` when that cannot be said.
    ///
    /// # Errors
    /// When the catalogue is not loaded, or the worker stops.
    pub(crate) async fn estimate(
        self,
        question: EstimateQuestion,
    ) -> Result<Option<Box<Estimate>>, AskError> {
        let question = Box::new(question);
        let question = |id| ToCatalogue::Estimate { id, question };
        wait(self.ask(Pending::Estimate, question)).await
    }

    /// Places and locations whose name fits, best first; nothing when the worker cannot say.
    pub(crate) async fn suggest(
        self,
        text: String,
        limit: u32,
        near: Option<LatLng>,
    ) -> Vec<Suggestion> {
        let question = |id| ToCatalogue::Suggest {
            id,
            text,
            limit,
            near,
        };
        let asked = self.ask(Pending::Suggest, question);
        wait(asked).await.unwrap_or_default()
    }

    /// How these locations stand now, in their order; `None` where there is none of that id.
    ///
    /// # Errors
    /// When the catalogue is not loaded, or the worker stops.
    pub(crate) async fn entries(
        self,
        locations: Vec<LocationId>,
        center: Option<LatLng>,
    ) -> Result<Vec<Option<ListEntry>>, AskError> {
        let question = |id| ToCatalogue::Entries {
            id,
            locations,
            now: host::now(),
            center,
        };
        wait(self.ask(Pending::Entries, question)).await
    }

    /// The roads as `GeoJSON`.
    ///
    /// # Errors
    /// When the roads are not loaded, or the worker stops.
    pub(crate) async fn base_map(self) -> Result<Bytes, AskError> {
        wait(self.ask(Pending::BaseMap, |id| ToCatalogue::BaseMap { id })).await
    }

    /// Sends a question with a fresh id and files who waits for it.
    fn ask<T>(
        self,
        file: impl FnOnce(Reply<T>) -> Pending,
        question: impl FnOnce(u32) -> ToCatalogue,
    ) -> oneshot::Receiver<Result<T, AskError>> {
        let (reply, receiver) = oneshot::channel();
        let (line, questions) = self.inner.get_value();
        let id = line.id();
        questions.open.put(id, file(reply));
        line.post(header(&question(id)), None);
        receiver
    }
}

impl Desk for Questions {
    fn hello(&self, schema: u16, build: String) -> Option<Vec<u8>> {
        header(&ToCatalogue::Hello { schema, build })
    }

    fn hear(&self, header: &[u8], payload: Option<ArrayBuffer>) -> Heard {
        let Ok(message) = postcard::from_bytes::<FromCatalogue>(header) else {
            return Heard::Unreadable;
        };
        match message {
            FromCatalogue::Hello { schema, build } => return Heard::Hello { schema, build },
            FromCatalogue::Failed(error) => return Heard::Failed(error),
            FromCatalogue::CatalogueLoaded(summary) => answer(&self.catalogue, Ok(summary)),
            FromCatalogue::RoadsLoaded(summary) => answer(&self.roads, Ok(summary)),
            FromCatalogue::Map { id, answer } => {
                if let Some(Pending::Map(reply)) = self.open.take(id) {
                    drop(reply.send(Ok(answer)));
                }
            }
            FromCatalogue::Location { id, detail } => {
                if let Some(Pending::Location(reply)) = self.open.take(id) {
                    drop(reply.send(Ok(detail)));
                }
            }
            FromCatalogue::Estimate { id, estimate } => {
                if let Some(Pending::Estimate(reply)) = self.open.take(id) {
                    drop(reply.send(Ok(estimate)));
                }
            }
            FromCatalogue::Suggest { id, suggestions } => {
                if let Some(Pending::Suggest(reply)) = self.open.take(id) {
                    drop(reply.send(Ok(suggestions)));
                }
            }
            FromCatalogue::Entries { id, entries } => {
                if let Some(Pending::Entries(reply)) = self.open.take(id) {
                    drop(reply.send(Ok(entries)));
                }
            }
            FromCatalogue::BaseMap { id } => {
                if let Some(Pending::BaseMap(reply)) = self.open.take(id) {
                    let bytes = payload.unwrap_or_else(|| ArrayBuffer::new(0));
                    drop(reply.send(Ok(Bytes(bytes))));
                }
            }
        }
        Heard::Answer
    }

    fn refuse(&self, error: WorkerError) {
        let (id, code) = (error.id, error.code);
        let refused = AskError::Refused(error);
        match id.and_then(|id| self.open.take(id)) {
            Some(Pending::Map(reply)) => drop(reply.send(Err(refused))),
            Some(Pending::Location(reply)) => drop(reply.send(Err(refused))),
            Some(Pending::Estimate(reply)) => drop(reply.send(Err(refused))),
            Some(Pending::Suggest(reply)) => drop(reply.send(Err(refused))),
            Some(Pending::BaseMap(reply)) => drop(reply.send(Err(refused))),
            Some(Pending::Entries(reply)) => drop(reply.send(Err(refused))),
            None if code == WorkerErrorCode::BadLocations => answer(&self.catalogue, Err(refused)),
            None if code == WorkerErrorCode::BadRoads => answer(&self.roads, Err(refused)),
            None => {}
        }
    }

    fn clear(&self) {
        self.open.retain(|_| false);
        self.catalogue.take();
        self.roads.take();
    }
}
