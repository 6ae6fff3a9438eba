//! What the plan view does: follows the address, asks the worker, keeps the answer.
//!
//! The address is the truth. Whatever is to be planned is written there first; planning begins
//! when the address asks for it, so a link, a button, back and forth all take the same way.

use super::drawing;
use crate::components::sheet::Rest;
use crate::components::{failure_view, plan_form, plan_result};
use crate::js::worker::AskError;
use crate::js::{dom, host};
use crate::state::catalogue::{LoadState, Part};
use crate::state::trip::{Spot, TripInputs, TripLink, TripState};
use crate::state::url::{Route, Url};
use crate::state::{AppState, use_app};
use chongtu_model::LocationId;
use chongtu_model::provenance::LocalText;
use chongtu_words::plan as words;
use chongtu_worker::plan::failure::{FailurePlace, Gap};
use chongtu_worker::plan::Relaxation;
use chongtu_worker::{PlanResult, Suggestion, SuggestionKind, WorkerErrorCode};
use leptos::prelude::*;
use leptos::task::spawn_local;
use plan_form::TripEnd;
use std::sync::Arc;
use std::time::Duration;

/// Progress is shown only when a plan takes longer than this.
const SHOW_PROGRESS_AFTER: Duration = Duration::from_millis(300);

/// How long a note such as "copied" stays.
const SHOW_NOTICE_FOR: Duration = Duration::from_secs(6);

/// Suggestions asked for at a time.
const SUGGESTIONS: u32 = 8;

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
    typed: RwSignal<u32>,
}

impl Session {
    /// Takes up the trip where it was left, and follows the address from now on.
    pub(super) fn start() -> Self {
        let app = use_app();
        let memory = app.trip.get_untracked();
        let mut inputs = memory.inputs;
        if inputs.car.is_none() {
            inputs.car = app.car.get_untracked();
        }
        let session = Self {
            shared: StoredValue::new(app),
            inputs: RwSignal::new(inputs),
            state: RwSignal::new(if memory.state.is_busy() { TripState::Editing } else { memory.state }),
            view: RwSignal::new(View::Form),
            slow: RwSignal::new(false),
            suggestions: RwSignal::new(Vec::new()),
            notice: RwSignal::new(None),
            gap_names: RwSignal::new([None, None]),
            asked: RwSignal::new(memory.asked),
            ticket: RwSignal::new(None),
            run: RwSignal::new(0),
            typed: RwSignal::new(0),
        };
        Effect::new(move || session.follow_address());
        Effect::new(move || session.ask_when_ready());
        Effect::new(move || session.draw());
        Effect::new(move || session.remember());
        on_cleanup(move || session.leave());
        session
    }

    /// What all views share.
    pub(super) fn app(self) -> AppState {
        self.shared.get_value()
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
            link.inputs.car = self.app().car.get_untracked();
        }
        if self.inputs.with_untracked(|i| *i != link.inputs) {
            self.inputs.set(link.inputs.clone());
        }
        if link.asks_for_plan() {
            if self.view.get_untracked() != View::Answer {
                self.view.set(View::Answer);
                self.app().sheet.set(Rest::Half);
            }
            let answered = self.asked.with_untracked(|a| a.as_ref() == Some(&link.inputs));
            let open = self.state.with_untracked(|s| matches!(s, TripState::Editing | TripState::Cancelled));
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
        self.app().url.replace(&Url { fragment, ..Url::to(Route::Plan) });
    }

    /// Asks for the plan of the inputs as they are: by the address.
    pub(super) fn plan(self) {
        if !self.inputs.with_untracked(TripInputs::is_complete) {
            return;
        }
        let fragment = self.inputs.with_untracked(|i| i.to_fragment(false));
        let to = Url { fragment, ..Url::to(Route::Plan) };
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
        self.app().url.go(&Url { fragment, ..Url::to(Route::Plan) });
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
            self.app().worker.cancel(id);
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
            if self.run.try_get_untracked() == Some(run) && self.state.with_untracked(TripState::is_busy) {
                self.slow.set(true);
            }
        };
        set_timeout(late, SHOW_PROGRESS_AFTER);
    }

    /// Sends the question as soon as roads, locations and cars are loaded.
    fn ask_when_ready(self) {
        if !self.state.with(|s| matches!(s, TripState::Waiting)) {
            return;
        }
        let parts = [Part::Locations, Part::Roads, Part::Cars].map(|p| self.app().region.load_state(p).get());
        if parts.iter().any(|p| matches!(p, LoadState::Failed(_))) {
            self.finish(TripState::Broken(WorkerErrorCode::NotLoaded));
            return;
        }
        if parts.iter().any(|p| *p != LoadState::Ready) {
            return;
        }
        let Some((car, request, assumptions)) = self.inputs.with_untracked(TripInputs::question) else { return };
        let run = self.run.get_untracked();
        let current = move || self.run.try_get_untracked() == Some(run);
        let on_progress = move |share: f64| {
            if current() {
                self.state.update(|s| *s = s.progressed(share));
            }
        };
        self.state.set(TripState::Planning { share: 0.0, explaining: false });
        let ticket = self.app().worker.plan(car, request, assumptions, on_progress);
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
                Some(words::announce_found(l, best.total_s, best.stops.len(), best.arrival_soc))
            }
            TripState::Failed(failure) => Some(failure_view::failure_title(l, failure)),
            TripState::Cancelled => Some(words::cancelled(l).to_owned()),
            TripState::Broken(code) => Some(words::failure::worker(l, &format!("{code:?}")).to_owned()),
            _ => None,
        }
    }

    /// Finds the names of the sites at the ends of a gap.
    fn name_gap(self, gap: Option<&Gap>) {
        let Some(gap) = gap else { return };
        let run = self.run.get_untracked();
        for (index, place) in [&gap.from, &gap.to].into_iter().enumerate() {
            let FailurePlace::Location(id) = place else { continue };
            let id = LocationId::new(id);
            spawn_local(async move {
                if let Ok(Some(detail)) = self.app().worker.location(id, host::now()).await
                    && self.run.try_get_untracked() == Some(run)
                {
                    self.gap_names.update(|names| names[index] = Some(detail.location.name));
                }
            });
        }
    }

    fn draw(self) {
        let l = self.app().lang.get();
        let answer = self.view.get() == View::Answer;
        let drawing = self.inputs.with(|inputs| {
            self.state.with(|state| drawing::drawing(l, inputs, if answer { state } else { &TripState::Editing }))
        });
        self.app().map.set_route(Some(&drawing));
    }

    /// Moves the map to all of the trip, once the panels stand as they will.
    fn show_route(self) {
        request_animation_frame(move || {
            let Some(view) = self.view.try_get_untracked() else { return };
            let l = self.app().lang.get_untracked();
            let shown = self.inputs.with_untracked(|i| {
                self.state.with_untracked(|s| drawing::drawing(l, i, if view == View::Answer { s } else { &TripState::Editing }))
            });
            let beside = if self.app().wide.get_untracked() { 0.06 } else { 0.22 };
            if let Some(bounds) = drawing::bounds(&shown, beside) {
                self.app().map.fit(bounds, ROUTE_ROOM);
            }
        });
    }

    fn remember(self) {
        let (inputs, asked, state) = (self.inputs.get(), self.asked.get(), self.state.get());
        self.app().trip.set(crate::state::trip::TripMemory { inputs, asked, state });
    }

    fn leave(self) {
        self.stop();
        self.app().map.set_route(None);
        self.app().map.set_scrub(None);
        self.app().map.on_tap_pick(None);
    }

    /// Asks what fits a text; the answer to the newest text wins.
    pub(super) fn ask(self, text: String) {
        self.typed.update(|n| *n += 1);
        let asked = self.typed.get_untracked();
        spawn_local(async move {
            let found = self.app().worker.suggest(text, SUGGESTIONS).await;
            if self.typed.try_get_untracked() == Some(asked) {
                self.suggestions.set(without_doubles(found));
            }
        });
    }

    /// Sets an end of the trip.
    pub(super) fn set_end(self, end: TripEnd, spot: Spot) {
        self.inputs.update(|i| match end {
            TripEnd::From => i.from = Some(spot),
            TripEnd::To => i.to = Some(spot),
        });
        self.commit();
    }

    /// Shows the map; its next tap is that end of the trip.
    pub(super) fn pick(self, end: TripEnd) {
        self.view.set(View::Picking(end));
        let take = move |at| {
            self.set_end(end, Spot::new(at, None));
            self.pick_done(end);
        };
        self.app().map.on_tap_pick(Some(Box::new(take)));
    }

    /// Back from the map to the inputs.
    pub(super) fn pick_done(self, end: TripEnd) {
        self.app().map.on_tap_pick(None);
        self.view.set(View::Form);
        // On to what is still missing; a field that is set would open its list.
        let to_is_set = self.inputs.with_untracked(|i| i.to.is_some());
        dom::focus_soon(match end {
            TripEnd::From if !to_is_set => plan_form::TO_FIELD,
            _ => plan_form::FORM_HEADING,
        });
    }

    /// Takes the device's position for that end.
    pub(super) fn here(self, end: TripEnd) {
        spawn_local(async move {
            let found = host::locate().await;
            if self.view.try_get_untracked().is_none() {
                return;
            }
            match found {
                Ok(at) => {
                    let name = LocalText::both(words::my_position(chongtu_words::Lang::Zh), words::my_position(chongtu_words::Lang::En));
                    self.set_end(end, Spot::new(at, Some(name)));
                }
                Err(_) => self.notice.set(Some(words::no_position(self.app().lang.get_untracked()).to_owned())),
            }
        });
    }

    /// Sets the car, and remembers it on the device.
    pub(super) fn choose_car(self, id: &str) {
        self.inputs.update(|i| i.car = Some(id.to_owned()));
        self.app().car.set(Some(id.to_owned()));
        self.close_cars();
        self.commit();
    }

    /// Opens the list of cars.
    pub(super) fn open_cars(self) {
        if self.view.get_untracked() == View::Answer {
            self.edit();
        }
        self.view.set(View::Cars);
        dom::focus_soon(crate::components::car_picker::HEADING);
    }

    /// Closes the list of cars.
    pub(super) fn close_cars(self) {
        self.view.set(View::Form);
        dom::focus_soon(plan_form::CAR_BUTTON);
    }

    /// Copies the link. "My location" would be wrong on another's screen: only the point goes along.
    pub(super) fn share(self) {
        let mut shared = self.inputs.get_untracked();
        for spot in [&mut shared.from, &mut shared.to].into_iter().flatten() {
            spot.name.take_if(|n| n.text == words::my_position(chongtu_words::Lang::Zh));
        }
        let fragment = shared.to_fragment(false);
        let link = host::absolute(&Url { fragment, ..Url::to(Route::Plan) }.href());
        spawn_local(async move {
            let l = self.app().lang.get_untracked();
            let text = if host::copy(&link).await { words::copied(l) } else { words::copy_failed(l) };
            self.app().announce(text.to_owned());
            if self.view.try_get_untracked().is_some() {
                self.notice.set(Some(text.to_owned()));
                set_timeout(
                    move || {
                        let _ = self.notice.try_update(|n| n.take_if(|n| n == text));
                    },
                    SHOW_NOTICE_FOR,
                );
            }
        });
    }
}

/// Junctions that only repeat the name of a place say nothing new.
fn without_doubles(mut found: Vec<Suggestion>) -> Vec<Suggestion> {
    let places: Vec<LocalText> =
        found.iter().filter(|s| matches!(s.kind, SuggestionKind::Place { .. })).map(|s| s.name.clone()).collect();
    found.retain(|s| s.kind != SuggestionKind::Junction || places.iter().all(|p| p.text != s.name.text));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_model::LatLng;

    #[test]
    fn a_junction_that_is_a_place_is_said_once() {
        let suggestion = |name: &str, kind| Suggestion {
            name: LocalText::plain(name),
            position: LatLng { lat: 32.0, lng: 118.0 },
            kind,
            context: None,
        };
        let place = SuggestionKind::Place { rank: 2 };
        let found = vec![
            suggestion("a", place.clone()),
            suggestion("a", SuggestionKind::Junction),
            suggestion("b", SuggestionKind::Junction),
            suggestion("a", SuggestionKind::Location(LocationId::new("x"))),
        ];
        let kept: Vec<_> = without_doubles(found).into_iter().map(|s| (s.name.text, s.kind)).collect();
        let expected = [
            ("a".to_owned(), place),
            ("b".to_owned(), SuggestionKind::Junction),
            ("a".to_owned(), SuggestionKind::Location(LocationId::new("x"))),
        ];
        assert_eq!(kept, expected);
    }
}
