//! How the inputs are set: places typed, tapped or taken from the device; the car; the link.

use super::session::{Session, View};
use crate::components::plan_form::{self, TripEnd};
use crate::js::{dom, host};
use crate::state::trip::Spot;
use crate::state::url::{Route, Url};
use crate::state::{catalogue, near};
use chongtu_model::provenance::LocalText;
use chongtu_words::plan as words;
use chongtu_worker::catalogue::{Suggestion, SuggestionKind};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// How long a note such as "copied" stays.
const SHOW_NOTICE_FOR: Duration = Duration::from_secs(6);

/// Suggestions asked for at a time.
const SUGGESTIONS: u32 = 8;

impl Session {
    /// Asks what fits a text; the answer to the newest text wins.
    pub(super) fn ask(self, text: String) {
        self.typed.update(|n| *n += 1);
        self.typed_text.set(Some(text));
    }

    /// Sends what was typed last as soon as there are names to search, and again when there are more.
    pub(super) fn ask_for_names(self) {
        let known = catalogue::has_names(self.app());
        let (true, Some(text)) = (known, self.typed_text.get()) else {
            return;
        };
        let asked = self.typed.get_untracked();
        spawn_local(async move {
            let app = self.app();
            let centre = app.map.viewport.get_untracked().map(|v| v.center);
            let found = app.worker.suggest(text, SUGGESTIONS, centre).await;
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
        // No sheet covers the map now.
        self.show_route();
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
        near::want(self.app(), move |found| {
            if self.view.try_get_untracked().is_none() {
                return;
            }
            match found {
                Ok(here) => {
                    let name = LocalText::both(
                        words::my_position(chongtu_words::Lang::Zh),
                        words::my_position(chongtu_words::Lang::En),
                    );
                    self.set_end(end, Spot::new(here.position, Some(name)));
                }
                Err(trouble) => {
                    let l = self.app().lang.get_untracked();
                    self.notice.set(Some(trouble.words(l).to_owned()));
                }
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
            spot.name
                .take_if(|n| n.text == words::my_position(chongtu_words::Lang::Zh));
        }
        let fragment = shared.to_fragment(false);
        let link = host::absolute(
            &Url {
                fragment,
                ..Url::to(Route::Plan)
            }
            .href(),
        );
        spawn_local(async move {
            let l = self.app().lang.get_untracked();
            let text = if host::copy(&link).await {
                words::copied(l)
            } else {
                words::copy_failed(l)
            };
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

/// Junctions that only repeat the name of a place say nothing new; roads and operators are no places to go to.
fn without_doubles(mut found: Vec<Suggestion>) -> Vec<Suggestion> {
    let places: Vec<LocalText> = found
        .iter()
        .filter(|s| matches!(s.kind, SuggestionKind::Place { .. }))
        .map(|s| s.name.clone())
        .collect();
    found.retain(|s| match s.kind {
        SuggestionKind::Junction => places.iter().all(|p| p.text != s.name.text),
        SuggestionKind::Road { .. } | SuggestionKind::Operator(_) => false,
        _ => true,
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_model::{LatLng, LocationId};

    #[test]
    fn a_junction_that_is_a_place_is_said_once() {
        let suggestion = |name: &str, kind| Suggestion {
            name: LocalText::plain(name),
            position: LatLng {
                lat: 32.0,
                lng: 118.0,
            },
            kind,
            context: None,
            highlights: Vec::new(),
        };
        let place = SuggestionKind::Place { rank: 2 };
        let found = vec![
            suggestion("a", place.clone()),
            suggestion("a", SuggestionKind::Junction),
            suggestion("b", SuggestionKind::Junction),
            suggestion(
                "G1",
                SuggestionKind::Road {
                    reference: "G1".to_owned(),
                },
            ),
            suggestion("a", SuggestionKind::Location(LocationId::new("x"))),
        ];
        let kept: Vec<_> = without_doubles(found)
            .into_iter()
            .map(|s| (s.name.text, s.kind))
            .collect();
        let expected = [
            ("a".to_owned(), place),
            ("b".to_owned(), SuggestionKind::Junction),
            (
                "a".to_owned(),
                SuggestionKind::Location(LocationId::new("x")),
            ),
        ];
        assert_eq!(kept, expected);
    }
}
