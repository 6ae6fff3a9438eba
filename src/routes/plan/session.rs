//! What the plan view does: follows the address, asks the worker, keeps the answer.
//!
//! The address is the truth. Whatever is to be planned is written there first; planning begins
//! when the address asks for it, so a link, a button, back and forth all take the same way.

use super::drawing;
use crate::components::sheet::Rest;
use crate::components::{failure_view, plan_form, plan_result};
use crate::js::worker::AskError;
use crate::js::{dom, host};
use crate::state::catalogue::LoadState;
use crate::state::follow::follow;
use crate::state::trip::{TripInputs, TripLink, TripState, first_car};
use crate::state::url::{Route, Url};
use crate::state::{AppState, use_app};
use chongtu_model::LocationId;
use chongtu_model::provenance::LocalText;
use chongtu_words::plan as words;
use chongtu_worker::WorkerErrorCode;
use chongtu_worker::catalogue::{LocationQuestion, Suggestion};
use chongtu_worker::plan::Relaxation;
use chongtu_worker::plan::failure::{FailurePlace, Gap};
use chongtu_worker::planner::PlanResult;
use leptos::prelude::*;
use leptos::task::spawn_local;
use plan_form::TripEnd;
use std::sync::Arc;
use std::time::Duration;

/// Progress is shown only when a plan takes longer than this.
const SHOW_PROGRESS_AFTER: Duration = Duration::from_millis(300);

/// Room between a route and the edges of the free part of the map, px.
const ROUTE_ROOM: f64 = 48.0;

/// What the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// The inputs.
    Form,
    /// The list of cars, over the inputs.
    Cars,
    /// The map, to tap a place on it.
    Picking(TripEnd),
    /// What came of planning.
    Answer,
}

/// The plan view's state. Copies are the same.
#[derive(Clone, Copy)]
pub(super) struct Session {
    shared: StoredValue<AppState>,
    /// What is set.
    pub(super) inputs: RwSignal<TripInputs>,
    /// What came of it.
    pub(super) state: RwSignal<TripState>,
    /// What is shown.
    pub(super) view: RwSignal<View>,
    /// Planning takes long enough to say so.
    pub(super) slow: RwSignal<bool>,
    /// Places that fit what is being typed.
    pub(super) suggestions: RwSignal<Vec<Suggestion>>,
    /// What did not work, in words.
    pub(super) notice: RwSignal<Option<String>>,
    /// The names of the sites at the ends of a gap, where they are sites.
    pub(super) gap_names: RwSignal<[Option<LocalText>; 2]>,
    asked: RwSignal<Option<TripInputs>>,
    ticket: RwSignal<Option<u32>>,
    /// Counts the plans asked for: an answer to an earlier one is void.
    run: RwSignal<u32>,
    /// Counts the texts asked for: the answer to the newest wins.
    pub(super) typed: RwSignal<u32>,
    /// What was typed last; `None` before anything was.
    pub(super) typed_text: RwSignal<Option<String>>,
}

impl Session {
    /// Takes up the trip where it was left, and follows the address from now on.
    pub(super) fn start() -> Self {
        let app = use_app();
        app.planner.need();
        let memory = app.trip.get_untracked();
        let session = Self {
            shared: StoredValue::new(app),
            inputs: RwSignal::new(memory.inputs),
            state: RwSignal::new(if memory.state.is_busy() {
                TripState::Editing
            } else {
                memory.state
            }),
            view: RwSignal::new(View::Form),
            slow: RwSignal::new(false),
            suggestions: RwSignal::new(Vec::new()),
            notice: RwSignal::new(None),
            gap_names: RwSignal::new([None, None]),
            asked: RwSignal::new(memory.asked),
            ticket: RwSignal::new(None),
            run: RwSignal::new(0),
            typed: RwSignal::new(0),
            typed_text: RwSignal::new(None),
        };
        follow(move || session.choose_first_car());
        follow(move || session.follow_address());
        follow(move || session.ask_when_ready());
        follow(move || session.ask_for_names());
        follow(move || session.draw());
        follow(move || session.remember());
        on_cleanup(move || session.leave());
        session
    }

    /// What all views share.
    pub(super) fn app(self) -> AppState {
        self.shared.get_value()
    }

    /// The car to begin with; followed, because the cars arrive later than the page.
    fn first_car(self) -> Option<String> {
        let remembered = self.app().car.get_untracked();
        self.app().planner.cars.with(|cars| {
            let ids: Vec<&str> = cars.iter().map(|c| c.id.as_str()).collect();
            first_car(remembered, &ids)
        })
    }

    fn choose_first_car(self) {
        let car = self.first_car();
        if self.inputs.with_untracked(|i| i.car.is_none()) && car.is_some() {
            self.inputs.update(|i| i.car = car);
        }
    }

    fn follow_address(self) {
        let (route, fragment) = self.app().url.with(|u| (u.route, u.fragment.clone()));
        if route != Route::Plan {
            return;
        }
        let mut link = TripLink::parse(&fragment);
        if fragment.is_empty() {
            // The tab, not a link: what was set before stays.
            self.show_form();
            return;
        }
        if link.inputs.car.is_none() {
            link.inputs.car = self.first_car();
        }
        if self.inputs.with_untracked(|i| *i != link.inputs) {
            self.inputs.set(link.inputs.clone());
        }
        if link.asks_for_plan() {
            if self.view.get_untracked() != View::Answer {
                self.view.set(View::Answer);
                self.app().sheet.set(Rest::Half);
            }
            let answered = self
                .asked
                .with_untracked(|a| a.as_ref() == Some(&link.inputs));
            let open = self.state.with_untracked(|s| {
                matches!(
                    s,
                    TripState::Editing | TripState::Cancelled | TripState::Broken(_)
                )
            });
            if open || !answered {
                self.begin();
            } else {
                self.show_route();
            }
        } else {
            self.show_form();
        }
    }

    fn show_form(self) {
        if self.view.get_untracked() == View::Answer {
            self.stop();
            dom::focus_soon(plan_form::FORM_HEADING);
        }
        if !matches!(self.view.get_untracked(), View::Cars | View::Picking(_)) {
            self.view.set(View::Form);
        }
    }

    /// The inputs changed: the address follows, in place.
    pub(super) fn commit(self) {
        self.notice.set(None);
        let fragment = self.inputs.with_untracked(|i| i.to_fragment(true));
        self.app().url.replace(&Url {
            fragment,
            ..Url::to(Route::Plan)
        });
    }

    /// Asks for the plan of the inputs as they are: by the address.
    pub(super) fn plan(self) {
        if !self.inputs.with_untracked(TripInputs::is_complete) {
            return;
        }
        let fragment = self.inputs.with_untracked(|i| i.to_fragment(false));
        let to = Url {
            fragment,
            ..Url::to(Route::Plan)
        };
        if self.app().url.with(|u| *u == to) {
            // The address asks for it already: once more, then.
            self.begin();
        } else {
            self.app().url.go(&to);
        }
    }

    /// Back to the inputs.
    pub(super) fn edit(self) {
        self.notice.set(None);
        let fragment = self.inputs.with_untracked(|i| i.to_fragment(true));
        self.app().url.go(&Url {
            fragment,
            ..Url::to(Route::Plan)
        });
    }

    /// Applies a change of a failure and plans again.
    pub(super) fn apply(self, relaxation: Relaxation) {
        self.inputs.update(|i| *i = i.with(&relaxation));
        self.plan();
    }

    /// Plans again with sites of unknown power.
    pub(super) fn assume(self) {
        self.inputs.update(|i| i.assume = true);
        self.plan();
    }

    /// Stops the search.
    pub(super) fn cancel(self) {
        self.stop();
        self.state.set(TripState::Cancelled);
        self.asked.set(None);
    }

    fn stop(self) {
        if let Some(id) = self.ticket.get_untracked() {
            self.app().planner.worker.cancel(id);
        }
        self.ticket.set(None);
        self.slow.set(false);
        if self.state.with_untracked(TripState::is_busy) {
            self.state.set(TripState::Editing);
            self.run.update(|r| *r += 1);
        }
    }

    fn begin(self) {
        self.stop();
        self.asked.set(Some(self.inputs.get_untracked()));
        self.gap_names.set([None, None]);
        self.run.update(|r| *r += 1);
        let run = self.run.get_untracked();
        self.state.set(TripState::Waiting);
        let late = move || {
            // The page may be gone by then.
            if self.run.try_get_untracked() == Some(run)
                && self.state.with_untracked(TripState::is_busy)
            {
                self.slow.set(true);
            }
        };
        set_timeout(late, SHOW_PROGRESS_AFTER);
    }

    /// Sends the question as soon as the planner has what it needs.
    fn ask_when_ready(self) {
        if !self.state.with(|s| matches!(s, TripState::Waiting)) {
            return;
        }
        match self.app().planner.load.get() {
            LoadState::Ready => {}
            LoadState::Failed(_) => {
                self.finish(TripState::Broken(WorkerErrorCode::NotLoaded));
                return;
            }
            LoadState::Loading { .. } => return,
        }
        let Some((car, mut request, assumptions)) =
            self.inputs.with_untracked(TripInputs::question)
        else {
            return;
        };
        // For prices by the hour; the link says nothing of it, whoever opens it starts then.
        request.departure_at = Some(host::now());
        let run = self.run.get_untracked();
        let current = move || self.run.try_get_untracked() == Some(run);
        let on_progress = move |share: f64| {
            if current() {
                self.state.update(|s| *s = s.progressed(share));
            }
        };
        self.state.set(TripState::Planning {
            share: 0.0,
            explaining: false,
        });
        let ticket = self
            .app()
            .planner
            .worker
            .plan(car, request, assumptions, on_progress);
        self.ticket.set(Some(ticket.id));
        spawn_local(async move {
            let result = ticket.result().await;
            if !current() {
                return;
            }
            let state = match result {
                Ok(PlanResult::Found(plan)) => TripState::Found(Arc::from(plan)),
                Ok(PlanResult::Failed(failure)) => {
                    self.name_gap(failure.gap.as_ref());
                    TripState::Failed(Arc::from(failure))
                }
                Ok(PlanResult::Cancelled) => TripState::Cancelled,
                Err(AskError::Refused(error)) => TripState::Broken(error.code),
                Err(AskError::Gone) => TripState::Broken(WorkerErrorCode::Internal),
            };
            self.finish(state);
        });
    }

    fn finish(self, state: TripState) {
        self.ticket.set(None);
        self.slow.set(false);
        if let Some(text) = self.sentence(&state) {
            self.app().announce(text);
        }
        let heading = match &state {
            TripState::Failed(_) => Some(failure_view::FAILURE_HEADING),
            TripState::Found(_) => Some(plan_result::RESULT_HEADING),
            _ => None,
        };
        self.state.set(state);
        if let Some(heading) = heading {
            dom::focus_soon(heading);
        }
        self.show_route();
    }

    /// What the live region says.
    fn sentence(self, state: &TripState) -> Option<String> {
        let l = self.app().lang.get_untracked();
        match state {
            TripState::Found(plan) => {
                let best = plan.itineraries.first()?;
                Some(words::announce_found(
                    l,
                    best.total_s,
                    best.stops.len(),
                    best.arrival_soc,
                ))
            }
            TripState::Failed(failure) => Some(failure_view::failure_title(l, failure)),
            TripState::Cancelled => Some(words::cancelled(l).to_owned()),
            TripState::Broken(code) => {
                Some(words::failure::worker(l, &format!("{code:?}")).to_owned())
            }
            _ => None,
        }
    }

    /// Finds the names of the sites at the ends of a gap.
    fn name_gap(self, gap: Option<&Gap>) {
        let Some(gap) = gap else { return };
        let run = self.run.get_untracked();
        for (index, place) in [&gap.from, &gap.to].into_iter().enumerate() {
            let FailurePlace::Location(id) = place else {
                continue;
            };
            let question = LocationQuestion {
                location: LocationId::new(id),
                now: host::now(),
                fits: Vec::new(),
            };
            spawn_local(async move {
                if let Ok(Some(detail)) = self.app().worker.location(question).await
                    && self.run.try_get_untracked() == Some(run)
                {
                    self.gap_names
                        .update(|names| names[index] = Some(detail.location.name));
                    // Longer names want more room beside the leg.
                    self.show_route();
                }
            });
        }
    }

    fn draw(self) {
        let l = self.app().lang.get();
        let answer = self.view.get() == View::Answer;
        let names = self.gap_names.get();
        let drawing = self.inputs.with(|inputs| {
            self.state.with(|state| {
                drawing::drawing(
                    l,
                    inputs,
                    if answer { state } else { &TripState::Editing },
                    &names,
                )
            })
        });
        self.app().map.set_route(Some(&drawing));
    }

    /// Moves the map to all of the trip, once the panels stand as they will.
    pub(super) fn show_route(self) {
        request_animation_frame(move || {
            let Some(view) = self.view.try_get_untracked() else {
                return;
            };
            let (l, names) = (
                self.app().lang.get_untracked(),
                self.gap_names.get_untracked(),
            );
            let shown = self.inputs.with_untracked(|i| {
                self.state.with_untracked(|s| {
                    drawing::drawing(
                        l,
                        i,
                        if view == View::Answer {
                            s
                        } else {
                            &TripState::Editing
                        },
                        &names,
                    )
                })
            });
            // About the width of a phone, and of what a window leaves beside the panel.
            let map_px = if self.app().wide.get_untracked() {
                1_000.0
            } else {
                390.0
            };
            let beside = drawing::room_beside(&shown, map_px, ROUTE_ROOM);
            if let Some(bounds) = drawing::bounds(&shown, beside) {
                self.app().map.fit(bounds, ROUTE_ROOM);
            }
        });
    }

    fn remember(self) {
        let (inputs, asked, state) = (self.inputs.get(), self.asked.get(), self.state.get());
        self.app().trip.set(crate::state::trip::TripMemory {
            inputs,
            asked,
            state,
        });
    }

    fn leave(self) {
        self.stop();
        self.app().map.set_route(None);
        self.app().map.set_scrub(None);
        self.app().map.on_tap_pick(None);
    }
}
