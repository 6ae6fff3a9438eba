//! The app's end of the talk with its workers: starting one, its hello, and messages both ways.
//! What is asked, and who waits for which answer, stands in [`catalogue`] and [`planner`].

mod catalogue;
mod planner;

pub(crate) use catalogue::CatalogueClient;
pub(crate) use planner::PlannerClient;

use super::bytes::Bytes;
use super::host;
use chongtu_worker::{SCHEMA, WorkerError, WorkerErrorCode, build_id};
use futures_channel::oneshot;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use leptos::prelude::*;
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, MessageEvent, Worker};

/// Why a question got no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AskError {
    /// The worker said why.
    Refused(WorkerError),
    /// The worker stopped, or a newer question took the place of this one.
    Gone,
}

/// How a worker is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WorkerState {
    /// Not heard of yet.
    Starting,
    /// Talks.
    Ready,
    /// Stopped with an error; another can be started.
    Crashed,
    /// Of another build than the app: the page must be loaded anew.
    OtherBuild,
}

/// Where an answer goes.
type Reply<T> = oneshot::Sender<Result<T, AskError>>;

/// Waits for an answer; a worker that stopped, or a newer question, drops the sender.
async fn wait<T>(receiver: oneshot::Receiver<Result<T, AskError>>) -> Result<T, AskError> {
    receiver.await.unwrap_or(Err(AskError::Gone))
}

/// Answers a question that has no id because only one of its kind is ever open.
fn answer<T>(slot: &RefCell<Option<Reply<T>>>, result: Result<T, AskError>) {
    if let Some(reply) = slot.borrow_mut().take() {
        // A receiver that is gone no longer wants to know.
        drop(reply.send(result));
    }
}

/// The questions with an id that have no answer yet. There are a few at most.
struct Open<P>(RefCell<Vec<(u32, P)>>);

impl<P> Default for Open<P> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<P> Open<P> {
    fn put(&self, id: u32, pending: P) {
        self.0.borrow_mut().push((id, pending));
    }

    fn take(&self, id: u32) -> Option<P> {
        let mut open = self.0.borrow_mut();
        let at = open.iter().position(|(of, _)| *of == id)?;
        Some(open.swap_remove(at).1)
    }

    fn retain(&self, keep: impl Fn(&P) -> bool) {
        self.0.borrow_mut().retain(|(_, pending)| keep(pending));
    }
}

/// What came from a worker, as far as all workers' messages are alike.
enum Heard {
    Hello {
        schema: u16,
        build: String,
    },
    Failed(WorkerError),
    /// An answer; whoever waited has it.
    Answer,
    /// Postcard has no names: what cannot be read is of another build.
    Unreadable,
}

/// Who waits for what of one worker.
trait Desk {
    /// The app's hello.
    fn hello(&self, schema: u16, build: String) -> Option<Vec<u8>>;
    /// Reads a message and gives it to whoever waits for it.
    fn hear(&self, header: &[u8], payload: Option<ArrayBuffer>) -> Heard;
    /// A question could not be done.
    fn refuse(&self, error: WorkerError);
    /// The worker is gone, and with it every answer.
    fn clear(&self);
}

/// A message in postcard. Writing into memory of its own, postcard cannot fail on these types.
fn header<M: Serialize>(message: &M) -> Option<Vec<u8>> {
    postcard::to_allocvec(message).ok()
}

/// One worker, running or not.
struct Line {
    /// For the console.
    name: &'static str,
    url: String,
    desk: Rc<dyn Desk>,
    worker: RefCell<Option<Worker>>,
    /// What the app wants to say before the worker has said hello: it would be lost.
    waiting: RefCell<Option<Vec<(Array, Array)>>>,
    next_id: Cell<u32>,
    state: RwSignal<WorkerState>,
}

impl Line {
    /// The line to the worker of that script, which is not running yet.
    fn new(name: &'static str, url: &str, desk: Rc<dyn Desk>) -> Rc<Self> {
        Rc::new(Self {
            name,
            url: url.to_owned(),
            desk,
            worker: RefCell::new(None),
            waiting: RefCell::new(None),
            next_id: Cell::new(1),
            state: RwSignal::new(WorkerState::Starting),
        })
    }

    fn id(&self) -> u32 {
        let id = self.next_id.get();
        self.next_id.set(id.wrapping_add(1));
        id
    }

    /// Starts the worker, in place of the one that may be running. What was loaded must be loaded again.
    fn start(self: &Rc<Self>) {
        self.stop();
        self.state.set(WorkerState::Starting);
        let worker = match Worker::new(&self.url) {
            Ok(worker) => worker,
            Err(error) => return self.crashed(&host::describe(&error)),
        };
        // The worker holds its handlers, and the handlers must not keep a stopped worker's answers alive.
        let weak = Rc::downgrade(self);
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(line) = weak.upgrade() {
                line.receive(&event);
            }
        });
        let weak = Rc::downgrade(self);
        let on_error = Closure::<dyn Fn(Event)>::new(move |event: Event| {
            if let Some(line) = weak.upgrade() {
                let message = event
                    .dyn_ref::<web_sys::ErrorEvent>()
                    .map(web_sys::ErrorEvent::message);
                line.crashed(
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
        self.desk.clear();
    }

    fn crashed(&self, why: &str) {
        self.log(why);
        self.stop();
        self.state.set(WorkerState::Crashed);
    }

    fn log(&self, what: &str) {
        host::log_error(&format!("{} worker: {what}", self.name));
    }

    /// Sends a message, or keeps it until the worker has said hello.
    fn post(&self, header: Option<Vec<u8>>, payload: Option<&Bytes>) {
        if self.worker.borrow().is_none() {
            // It stopped, and nobody has started another: whoever waits must hear of it.
            self.desk.clear();
            return;
        }
        let Some(header) = header else { return };
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
            self.log(&host::describe(&error));
        }
    }

    fn receive(&self, event: &MessageEvent) {
        let Ok(items) = event.data().dyn_into::<Array>() else {
            return;
        };
        let Ok(header) = items.get(0).dyn_into::<Uint8Array>() else {
            return;
        };
        let payload = items.get(1).dyn_into::<ArrayBuffer>().ok();
        match self.desk.hear(&header.to_vec(), payload) {
            Heard::Hello { schema, build } if schema == SCHEMA && build == build_id() => {
                self.greet();
            }
            Heard::Hello { .. } | Heard::Unreadable => self.state.set(WorkerState::OtherBuild),
            Heard::Failed(error) if error.code == WorkerErrorCode::Internal => {
                self.crashed(&error.detail);
            }
            Heard::Failed(error) => {
                self.log(&error.to_string());
                self.desk.refuse(error);
            }
            Heard::Answer => {}
        }
    }

    fn greet(&self) {
        let waiting = self.waiting.borrow_mut().take().unwrap_or_default();
        self.post(self.desk.hello(SCHEMA, build_id().to_owned()), None);
        for (items, transfer) in waiting {
            self.send(&items, &transfer);
        }
        self.state.set(WorkerState::Ready);
    }
}
