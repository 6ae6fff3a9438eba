//! The trip as the person asks for it, its link, and what came of it. Pure: no browser here.
//!
//! How a trip is written into a link stands in [`link`].

pub(crate) mod link;

pub(crate) use link::TripLink;

use chongtu_model::location::ConnectorStandard;
use chongtu_model::provenance::LocalText;
use chongtu_model::{LatLng, Soc};
use chongtu_worker::WorkerErrorCode;
use chongtu_worker::plan::failure::FailurePlace;
use chongtu_worker::plan::{Assumptions, Change, Plan, PlanFailure, Relaxation, TripRequest};
use chongtu_worker::planner::CarChoice;
use std::sync::Arc;

/// The speed caps to choose from, km/h; `None`: as fast as the road allows.
pub(crate) const SPEEDS_KMH: [Option<u16>; 5] = [Some(90), Some(100), Some(110), Some(120), None];

/// Power assumed for sites that do not say theirs, kW.
pub(crate) const ASSUMED_POWER_KW: f64 = 60.0;

/// The car of somebody who has not chosen one: common, and of middle range.
const USUAL_CAR: &str = "byd-dolphin-2023-60";

/// The car to begin with: the one remembered on the device, else a usual one, else the first.
/// `ids` are those to choose from; while there are none yet, the remembered one is believed.
pub(crate) fn first_car(remembered: Option<String>, ids: &[&str]) -> Option<String> {
    let known = remembered.filter(|car| ids.is_empty() || ids.contains(&car.as_str()));
    let usual = || {
        ids.iter()
            .find(|id| **id == USUAL_CAR)
            .or_else(|| ids.first())
    };
    known.or_else(|| usual().map(|id| (*id).to_owned()))
}

/// The least and the most of each whole number that a person may set.
pub(crate) mod limits {
    /// Charge at the start, percent.
    pub(crate) const DEPARTURE: (u8, u8) = (1, 100);
    /// Reserve, percent.
    pub(crate) const RESERVE: (u8, u8) = (0, 50);
    /// Charge at the end, percent.
    pub(crate) const ARRIVAL: (u8, u8) = (0, 90);
    /// Charging limit, percent.
    pub(crate) const MAX_CHARGE: (u8, u8) = (50, 100);
    /// Extra time per stop, minutes.
    pub(crate) const OVERHEAD_MIN: (u8, u8) = (0, 30);
    /// Speed cap, km/h.
    pub(crate) const SPEED_KMH: (u16, u16) = (20, 250);
}

/// A place of the trip.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spot {
    /// Where, to a hundred-thousandth of a degree (about 1 m), as the link carries it.
    position: LatLng,
    /// What it is called; `None`: a point tapped or typed.
    pub name: Option<LocalText>,
}

impl Spot {
    /// A place; the position is rounded to what a link can carry.
    pub(crate) fn new(position: LatLng, name: Option<LocalText>) -> Self {
        let round = |v: f64| (v * 1e5).round() / 1e5;
        let named = name.filter(|n| !n.text.is_empty());
        Self {
            position: LatLng {
                lat: round(position.lat),
                lng: round(position.lng),
            },
            name: named,
        }
    }

    /// Where.
    pub(crate) const fn position(&self) -> LatLng {
        self.position
    }

    /// Its name, or its coordinates.
    pub(crate) fn label(&self, english: bool) -> String {
        self.name
            .as_ref()
            .map_or_else(|| coordinates(self.position), |n| n.get(english).to_owned())
    }
}

/// `32.0603, 118.7969`.
pub(crate) fn coordinates(at: LatLng) -> String {
    format!("{:.4}, {:.4}", at.lat, at.lng)
}

/// Everything a person can set. Percent and minutes are whole numbers, as the controls step them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TripInputs {
    /// Start.
    pub from: Option<Spot>,
    /// Destination.
    pub to: Option<Spot>,
    /// The car's id.
    pub car: Option<String>,
    /// Charge at the start, percent.
    pub departure: u8,
    /// Never below, percent.
    pub reserve: u8,
    /// At least this at the end, percent.
    pub arrival: u8,
    /// Charging stops here at the latest, percent.
    pub max_charge: u8,
    /// Speed cap, km/h.
    pub speed_kmh: Option<u16>,
    /// Offer slower legs too.
    pub slower: bool,
    /// Extra time per stop, minutes.
    pub overhead_min: u8,
    /// Use sites of unknown power or connector.
    pub assume: bool,
}

impl Default for TripInputs {
    fn default() -> Self {
        Self {
            from: None,
            to: None,
            car: None,
            departure: 80,
            reserve: 10,
            arrival: 10,
            max_charge: 100,
            speed_kmh: Some(120),
            slower: false,
            overhead_min: 5,
            assume: false,
        }
    }
}

impl TripInputs {
    /// Whether there is enough to plan.
    pub(crate) const fn is_complete(&self) -> bool {
        self.from.is_some() && self.to.is_some() && self.car.is_some()
    }

    /// Exchanges start and destination.
    pub(crate) fn swap(&mut self) {
        core::mem::swap(&mut self.from, &mut self.to);
    }

    /// What the planner is asked; `None` while a place or the car is missing.
    pub(crate) fn question(&self) -> Option<(CarChoice, TripRequest, Assumptions)> {
        let (from, to, car) = (self.from.as_ref()?, self.to.as_ref()?, self.car.clone()?);
        let soc = |percent: u8| Soc::from_percent(f64::from(percent.min(100))).unwrap_or(Soc::FULL);
        let request = TripRequest {
            from: from.position,
            to: to.position,
            departure_soc: soc(self.departure),
            reserve_soc: soc(self.reserve),
            charger_arrival_soc: soc(self.reserve),
            arrival_soc: soc(self.arrival),
            max_charge_soc: soc(self.max_charge),
            overhead_s: f64::from(self.overhead_min) * 60.0,
            max_speed_kmh: self.speed_kmh.map(f64::from),
            allow_slower: self.slower,
            departure_at: None,
        };
        let assumptions = if self.assume {
            Assumptions {
                connector: Some(ConnectorStandard::GbtDc),
                power_kw: Some(ASSUMED_POWER_KW),
            }
        } else {
            Assumptions::default()
        };
        Some((CarChoice::Known(car), request, assumptions))
    }

    /// With one change of a failure applied, rounded to whole steps on the side that stays possible.
    #[must_use]
    pub(crate) fn with(&self, relaxation: &Relaxation) -> Self {
        // A hair of tolerance: 0.74 arrives as 0.7400000000000001 and must not become 75.
        let up = |share: f64| (share * 100.0 - 1e-6).ceil().clamp(0.0, 100.0) as u8;
        let down = |share: f64| (share * 100.0 + 1e-6).floor().clamp(0.0, 100.0) as u8;
        let mut next = self.clone();
        match relaxation.change {
            Change::MaxSpeedKmh => {
                next.speed_kmh = Some((relaxation.to + 1e-6).floor().clamp(20.0, 250.0) as u16);
            }
            Change::DepartureSoc => next.departure = up(relaxation.to),
            Change::ReserveSoc => {
                // An arrival that was no more than the reserve goes down with it, as the planner had it.
                if next.arrival <= next.reserve {
                    next.arrival = down(relaxation.to);
                }
                next.reserve = down(relaxation.to);
            }
            Change::ArrivalSoc => next.arrival = down(relaxation.to),
            Change::MaxChargeSoc => next.max_charge = up(relaxation.to),
        }
        next
    }
}

/// What is being done about the trip.
#[derive(Clone, Debug, Default)]
pub(crate) enum TripState {
    /// Nothing was asked yet, or the inputs are being changed.
    #[default]
    Editing,
    /// The question stands; the data it needs is still being read.
    Waiting,
    /// The worker searches.
    Planning {
        /// 0..=1, grows; begins again when the worker turns to explaining.
        share: f64,
        /// There is no plan; the worker looks for what would help.
        explaining: bool,
    },
    /// A plan.
    Found(Arc<Plan>),
    /// No plan, and why.
    Failed(Arc<PlanFailure>),
    /// Stopped by the person.
    Cancelled,
    /// The worker could not do it.
    Broken(WorkerErrorCode),
}

impl TripState {
    /// The worker said how far it is.
    #[must_use]
    pub(crate) fn progressed(&self, share: f64) -> Self {
        let explaining = match self {
            // The share begins again only when the search turned to explaining.
            Self::Planning {
                share: before,
                explaining,
            } => *explaining || share < *before,
            _ => false,
        };
        Self::Planning { share, explaining }
    }

    /// Whether an answer is still to come.
    pub(crate) const fn is_busy(&self) -> bool {
        matches!(self, Self::Waiting | Self::Planning { .. })
    }
}

/// The trip last shown, kept while the page lives: leaving the view and coming back loses nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct TripMemory {
    /// What was set.
    pub inputs: TripInputs,
    /// For which inputs the state holds; `None` while nothing was asked.
    pub asked: Option<TripInputs>,
    /// What came of it.
    pub state: TripState,
}

impl TripMemory {
    /// The fragment that leads back to it: to its answer if it has one, else to its inputs. Empty
    /// while nothing was set.
    pub(crate) fn fragment(&self) -> String {
        let answered = matches!(self.state, TripState::Found(_) | TripState::Failed(_))
            && self.asked.as_ref() == Some(&self.inputs);
        let untouched = TripInputs {
            car: self.inputs.car.clone(),
            ..TripInputs::default()
        } == self.inputs;
        if untouched {
            String::new()
        } else {
            self.inputs.to_fragment(!answered)
        }
    }
}

/// Which leg a gap is, by its ends.
pub(crate) fn gap_leg(
    from: &FailurePlace,
    to: &FailurePlace,
) -> chongtu_words::plan::failure::GapLeg {
    use chongtu_words::plan::failure::GapLeg;
    match (from, to) {
        (FailurePlace::Origin, FailurePlace::Destination) => GapLeg::Whole,
        (FailurePlace::Origin, _) => GapLeg::First,
        (_, FailurePlace::Destination) => GapLeg::Last,
        _ => GapLeg::Middle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_says_what_was_set() {
        let mut inputs = TripLink::parse(
            "from=32,118&to=31,121&car=x&soc=40&reserve=15&arrive=20&max=80&speed=110&stop=7",
        )
        .inputs;
        let (car, request, assumptions) = inputs.question().unwrap();
        assert_eq!(car, CarChoice::Known("x".to_owned()));
        let shares = [
            request.departure_soc,
            request.reserve_soc,
            request.charger_arrival_soc,
            request.arrival_soc,
            request.max_charge_soc,
        ];
        assert_eq!(shares.map(Soc::get), [0.4, 0.15, 0.15, 0.2, 0.8]);
        assert_eq!(
            (
                request.overhead_s,
                request.max_speed_kmh,
                request.allow_slower
            ),
            (420.0, Some(110.0), false)
        );
        assert_eq!(assumptions, Assumptions::default());
        assert!(request.validate().is_ok());
        inputs.assume = true;
        let (_, _, assumptions) = inputs.question().unwrap();
        assert_eq!(assumptions.power_kw, Some(60.0));
        inputs.swap();
        let (_, swapped, _) = inputs.question().unwrap();
        assert_eq!((swapped.from, swapped.to), (request.to, request.from));
        inputs.car = None;
        assert!(inputs.question().is_none());
    }

    #[test]
    fn a_first_plan_needs_no_choice_of_car() {
        let first =
            |remembered: Option<&str>, ids: &[&str]| first_car(remembered.map(str::to_owned), ids);
        let all = ["aion", USUAL_CAR, "zeekr"];
        assert_eq!(first(None, &all).as_deref(), Some(USUAL_CAR));
        assert_eq!(first(Some("zeekr"), &all).as_deref(), Some("zeekr"));
        assert_eq!(first(Some("gone"), &all).as_deref(), Some(USUAL_CAR));
        assert_eq!(first(None, &["aion", "zeekr"]).as_deref(), Some("aion"));
        assert_eq!(first(Some("zeekr"), &[]).as_deref(), Some("zeekr"));
        assert_eq!(first(None, &[]), None);
    }

    #[test]
    fn progress_that_begins_again_is_explaining() {
        let mut state = TripState::Waiting;
        for (share, expected) in [
            (0.1, false),
            (0.5, false),
            (0.5, false),
            (0.0, true),
            (0.7, true),
        ] {
            state = state.progressed(share);
            assert!(
                matches!(state, TripState::Planning { share: s, explaining: e } if s == share && e == expected),
                "{share}"
            );
        }
    }

    #[test]
    fn the_memory_leads_back_to_what_was_shown() {
        let mut memory = TripMemory::default();
        memory.inputs.car = Some("x".to_owned());
        assert_eq!(memory.fragment(), "", "a car alone is no trip");
        memory.inputs = TripLink::parse("from=32,118&to=31,121&car=x").inputs;
        assert!(TripLink::parse(&memory.fragment()).editing);
        memory.asked = Some(memory.inputs.clone());
        let failure = PlanFailure::new(
            chongtu_worker::plan::FailureCode::Unreachable,
            FailurePlace::Destination,
        );
        memory.state = TripState::Failed(Arc::new(failure));
        assert!(TripLink::parse(&memory.fragment()).asks_for_plan());
        memory.inputs.departure = 33;
        assert!(
            !TripLink::parse(&memory.fragment()).asks_for_plan(),
            "changed since"
        );
    }

    #[test]
    fn a_change_is_rounded_to_the_side_that_works() {
        let inputs = TripInputs::default();
        let with = |change, to| {
            inputs.with(&Relaxation {
                change,
                from: None,
                to,
                total_s: 0.0,
            })
        };
        for (share, up, down) in [
            (0.74, 74, 74),
            (0.740_000_000_000_1, 74, 74),
            (0.741, 75, 74),
            (0.0, 0, 0),
            (1.0, 100, 100),
        ] {
            assert_eq!(with(Change::DepartureSoc, share).departure, up, "{share}");
            assert_eq!(with(Change::MaxChargeSoc, share).max_charge, up, "{share}");
            assert_eq!(with(Change::ReserveSoc, share).reserve, down, "{share}");
            assert_eq!(with(Change::ArrivalSoc, share).arrival, down, "{share}");
        }
        assert_eq!(with(Change::MaxSpeedKmh, 90.0).speed_kmh, Some(90));
        // Only the one thing changed; an arrival at the reserve goes with it, one above it does not.
        let changed = with(Change::DepartureSoc, 0.95);
        assert_eq!(
            TripInputs {
                departure: inputs.departure,
                ..changed
            },
            inputs
        );
        let lower = |arrival| {
            let relaxation = Relaxation {
                change: Change::ReserveSoc,
                from: Some(0.1),
                to: 0.05,
                total_s: 0.0,
            };
            let changed = TripInputs {
                arrival,
                ..inputs.clone()
            }
            .with(&relaxation);
            (changed.reserve, changed.arrival)
        };
        assert_eq!([lower(5), lower(10), lower(20)], [(5, 5), (5, 5), (5, 20)]);
    }
}
