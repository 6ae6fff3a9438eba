//! A worker's global scope: its inbox, its outbox and the turns in which it works.

use chongtu_worker::engine::{Engine, Outgoing};
use chongtu_worker::{SCHEMA, WorkerError, WorkerErrorCode, build_id};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

/// How long one turn lasts, milliseconds: a cancel is heard after at most about this long.
const TURN_MS: f64 = 8.0;

/// How much of a plan is done between two looks at the clock.
const LABELS_A_STEP: u32 = 16;

/// Installs the handlers and says hello. Returns at once; the browser calls from then on.
pub(crate) fn start<E: Engine + 'static>() {
    let Some(scope) = scope() else { return };
    // A panic ends this instance; the app hears of it and starts another.
    std::panic::set_hook(Box::new(|panic| {
        post_error::<E>(WorkerErrorCode::Internal, panic.to_string());
    }));
    let Ok(channel) = MessageChannel::new() else {
        let detail = "the browser gives no MessageChannel".to_owned();
        return post_error::<E>(WorkerErrorCode::Internal, detail);
    };
    let turns = Rc::new(RefCell::new(Turns::<E> {
        engine: E::default(),
        inbox: VecDeque::new(),
        bell: channel.port2(),
        rung: false,
    }));

    let on_turn = {
        let turns = Rc::clone(&turns);
        Closure::<dyn FnMut()>::new(move || turns.borrow_mut().take())
    };
    channel
        .port1()
        .set_onmessage(Some(on_turn.as_ref().unchecked_ref()));
    let on_message =
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            match read(&event.data()) {
                Ok((message, payload)) => turns.borrow_mut().put(message, payload),
                Err(detail) => post_error::<E>(WorkerErrorCode::BadMessage, detail),
            }
        });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // Both handlers live as long as the worker: there is no moment to drop them.
    on_turn.forget();
    on_message.forget();

    post(&E::hello(SCHEMA, build_id().to_owned()), None);
}

/// Work in turns: between two turns the browser delivers what has come in.
struct Turns<E: Engine> {
    engine: E,
    inbox: VecDeque<(E::Question, Option<Vec<u8>>)>,
    /// A message sent here comes back as the next turn.
    bell: MessagePort,
    rung: bool,
}

impl<E: Engine> Turns<E> {
    fn put(&mut self, message: E::Question, payload: Option<Vec<u8>>) {
        self.inbox
            .retain(|(waiting, _)| !E::is_void(waiting, &message));
        self.inbox.push_back((message, payload));
        self.ring();
    }

    fn take(&mut self) {
        self.rung = false;
        let until = now_ms() + TURN_MS;
        while let Some((message, payload)) = self.inbox.pop_front() {
            post_all(self.engine.handle(message, payload));
            if now_ms() >= until {
                break;
            }
        }
        // At least one step a turn, so that questions cannot starve a plan.
        while self.engine.has_work() {
            post_all(self.engine.work(LABELS_A_STEP));
            if now_ms() >= until {
                break;
            }
        }
        if self.engine.has_work() || !self.inbox.is_empty() {
            self.ring();
        }
    }

    fn ring(&mut self) {
        if !self.rung {
            self.rung = self.bell.post_message(&JsValue::NULL).is_ok();
        }
    }
}

/// A message of the app: an array of a header and, for some, a payload.
fn read<Q: DeserializeOwned>(data: &JsValue) -> Result<(Q, Option<Vec<u8>>), String> {
    let parts: &Array = data.dyn_ref().ok_or("the message is not an array")?;
    let header: Uint8Array = parts
        .get(0)
        .dyn_into()
        .map_err(|_| "the header is not a Uint8Array")?;
    let message = postcard::from_bytes(&header.to_vec())
        .map_err(|e| format!("the header is not of schema {SCHEMA}: {e}"))?;
    let payload = match parts.get(1) {
        none if none.is_undefined() || none.is_null() => None,
        some => {
            let buffer: ArrayBuffer = some
                .dyn_into()
                .map_err(|_| "the payload is not an ArrayBuffer")?;
            Some(Uint8Array::new(&buffer).to_vec())
        }
    };
    Ok((message, payload))
}

fn post_all<A: Serialize>(answers: Vec<Outgoing<A>>) {
    for (message, payload) in answers {
        post(&message, payload.as_deref());
    }
}

fn post_error<E: Engine>(code: WorkerErrorCode, detail: String) {
    let id = None;
    post(&E::failed(WorkerError { code, detail, id }), None);
}

fn post<A: Serialize>(message: &A, payload: Option<&[u8]>) {
    // Writing into memory of its own, postcard cannot fail on these types; posting fails only
    // when the scope is gone, and then there is nobody to tell.
    let (Some(scope), Ok(header)) = (scope(), postcard::to_allocvec(message)) else {
        return;
    };
    let parts = Array::of1(&Uint8Array::from(header.as_slice()));
    let transfer = Array::new();
    if let Some(payload) = payload {
        let buffer = Uint8Array::from(payload).buffer();
        parts.push(&buffer);
        transfer.push(&buffer);
    }
    let _ = scope.post_message_with_transfer(&parts, &transfer);
}

fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}

/// Milliseconds on a clock that never goes back.
fn now_ms() -> f64 {
    scope()
        .and_then(|scope| scope.performance())
        .map_or_else(js_sys::Date::now, |performance| performance.now())
}
