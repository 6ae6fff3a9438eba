//! The workers without their workers: messages in, messages out, and a plan that runs in steps.
//!
//! [`Engine::handle`] answers at once whatever can be answered at once. A plan is begun by it and
//! carried on by [`Engine::work`], a little at a time, so that whoever drives the engine can hear
//! a cancel in between. A message that fails changes nothing.

mod catalogue;
mod planner;

pub use catalogue::CatalogueEngine;
pub use planner::PlannerEngine;

use crate::{SCHEMA, WorkerError, WorkerErrorCode};
use serde::{Serialize, de::DeserializeOwned};

/// A message from an engine, and its payload where it has one.
pub type Outgoing<A> = (A, Option<Vec<u8>>);

/// All that a worker knows and does.
pub trait Engine: Default {
    /// What the app says to it.
    type Question: DeserializeOwned + 'static;
    /// What it says to the app.
    type Answer: Serialize;

    /// Its first message.
    fn hello(schema: u16, build: String) -> Self::Answer;

    /// The message that says what could not be done.
    fn failed(error: WorkerError) -> Self::Answer;

    /// Whether the newer of two messages leaves nobody to hear the answer to one still waiting.
    fn is_void(waiting: &Self::Question, newer: &Self::Question) -> bool {
        let _ = (waiting, newer);
        false
    }

    /// Does a message and gives the answers; what takes long only begins (see [`Engine::work`]).
    ///
    /// # Errors
    /// What cannot be done, and then nothing changes.
    fn answer(
        &mut self,
        message: Self::Question,
        payload: Option<Vec<u8>>,
    ) -> Result<Vec<Outgoing<Self::Answer>>, WorkerError>;

    /// As [`Engine::answer`], with the error as a message like any other.
    fn handle(
        &mut self,
        message: Self::Question,
        payload: Option<Vec<u8>>,
    ) -> Vec<Outgoing<Self::Answer>> {
        self.answer(message, payload)
            .unwrap_or_else(|error| one(Self::failed(error)))
    }

    /// Whether something is at work.
    fn has_work(&self) -> bool {
        false
    }

    /// Carries what is at work on by about `budget` steps of its own, and gives what it has to say.
    fn work(&mut self, budget: u32) -> Vec<Outgoing<Self::Answer>> {
        let _ = budget;
        Vec::new()
    }
}

fn same_build<A>(schema: u16, build: &str) -> Result<Vec<Outgoing<A>>, WorkerError> {
    let ours = crate::build_id();
    if (schema, build) == (SCHEMA, ours) {
        return Ok(Vec::new());
    }
    let detail = format!(
        "the app speaks schema {schema} of build {build}, the worker schema {SCHEMA} of build {ours}: reload the page"
    );
    Err(error(WorkerErrorCode::BadMessage, detail))
}

fn needed(payload: Option<Vec<u8>>) -> Result<Vec<u8>, WorkerError> {
    let missing = "the message comes without its payload";
    payload.ok_or_else(|| error(WorkerErrorCode::BadMessage, missing.to_owned()))
}

fn one<A>(message: A) -> Vec<Outgoing<A>> {
    vec![(message, None)]
}

fn error(code: WorkerErrorCode, detail: String) -> WorkerError {
    WorkerError {
        code,
        detail,
        id: None,
    }
}

fn of(id: u32, code: WorkerErrorCode, detail: String) -> WorkerError {
    WorkerError {
        code,
        detail,
        id: Some(id),
    }
}

fn not_loaded(id: u32, what: &str) -> WorkerError {
    let detail = format!("the {what} must be loaded before this is asked");
    of(id, WorkerErrorCode::NotLoaded, detail)
}
