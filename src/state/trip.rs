//! The trip as the person asks for it, its link, and what came of it. Pure: no browser here.
//!
//! The link is the fragment of `/plan`, so no server ever sees a trip. It is the truth of the page:
//! a link opened anywhere restores the inputs and, when they are complete, plans at once.

use chongtu_model::location::ConnectorStandard;
use chongtu_model::provenance::LocalText;
use chongtu_model::{LatLng, Soc};
use chongtu_worker::plan::failure::FailurePlace;
use chongtu_worker::plan::{Assumptions, Change, Plan, PlanFailure, Relaxation, TripRequest};
use chongtu_worker::{CarChoice, WorkerErrorCode};
use std::sync::Arc;

/// The speed caps to choose from, km/h; `None`: as fast as the road allows.
pub(crate) const SPEEDS_KMH: [Option<u16>; 5] = [Some(90), Some(100), Some(110), Some(120), None];

/// Power assumed for sites that do not say theirs, kW.
pub(crate) const ASSUMED_POWER_KW: f64 = 60.0;

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
    pub(crate) const SPEED_KMH: (u16, u16) = (60, 150);
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
        Self { position: LatLng { lat: round(position.lat), lng: round(position.lng) }, name: named }
    }

    /// Where.
    pub(crate) const fn position(&self) -> LatLng {
        self.position
    }

    /// Its name, or its coordinates.
    pub(crate) fn label(&self, english: bool) -> String {
        self.name.as_ref().map_or_else(|| coordinates(self.position), |n| n.get(english).to_owned())
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

/// What a link says.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct TripLink {
    /// The inputs.
    pub inputs: TripInputs,
    /// The inputs are being changed: show them, do not plan.
    pub editing: bool,
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
        };
        let assumptions = if self.assume {
            Assumptions { connector: Some(ConnectorStandard::GbtDc), power_kw: Some(ASSUMED_POWER_KW) }
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
            Change::MaxSpeedKmh => next.speed_kmh = Some((relaxation.to + 1e-6).floor().clamp(20.0, 250.0) as u16),
            Change::DepartureSoc => next.departure = up(relaxation.to),
            Change::ReserveSoc => next.reserve = down(relaxation.to),
            Change::ArrivalSoc => next.arrival = down(relaxation.to),
            Change::MaxChargeSoc => next.max_charge = up(relaxation.to),
        }
        next
    }

    /// The fragment of the link, without `#`. What has its default value and is rarely set is left out.
    pub(crate) fn to_fragment(&self, editing: bool) -> String {
        let usual = Self::default();
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if let Some(spot) = &self.from {
            pairs.push(("from", encode_spot(spot)));
        }
        if let Some(spot) = &self.to {
            pairs.push(("to", encode_spot(spot)));
        }
        if let Some(car) = &self.car {
            pairs.push(("car", encode(car)));
        }
        pairs.push(("soc", self.departure.to_string()));
        pairs.push(("reserve", self.reserve.to_string()));
        pairs.push(("arrive", self.arrival.to_string()));
        if self.max_charge != usual.max_charge {
            pairs.push(("max", self.max_charge.to_string()));
        }
        if self.speed_kmh != usual.speed_kmh {
            pairs.push(("speed", self.speed_kmh.map_or_else(|| "none".to_owned(), |v| v.to_string())));
        }
        if self.slower {
            pairs.push(("slower", "1".to_owned()));
        }
        if self.overhead_min != usual.overhead_min {
            pairs.push(("stop", self.overhead_min.to_string()));
        }
        if self.assume {
            pairs.push(("assume", "1".to_owned()));
        }
        if editing {
            pairs.push(("edit", "1".to_owned()));
        }
        pairs.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("&")
    }
}

impl TripLink {
    /// Reads a fragment, with or without `#`. Never fails: keys and values that cannot be read are
    /// ignored, numbers are brought within their limits.
    pub(crate) fn parse(fragment: &str) -> Self {
        let mut link = Self::default();
        let inputs = &mut link.inputs;
        for pair in fragment.trim_start_matches('#').split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            match key {
                "from" => inputs.from = decode_spot(value).or_else(|| inputs.from.take()),
                "to" => inputs.to = decode_spot(value).or_else(|| inputs.to.take()),
                "car" => inputs.car = Some(decode(value)).filter(|c| !c.is_empty()),
                "soc" => set_whole(&mut inputs.departure, value, limits::DEPARTURE),
                "reserve" => set_whole(&mut inputs.reserve, value, limits::RESERVE),
                "arrive" => set_whole(&mut inputs.arrival, value, limits::ARRIVAL),
                "max" => set_whole(&mut inputs.max_charge, value, limits::MAX_CHARGE),
                "stop" => set_whole(&mut inputs.overhead_min, value, limits::OVERHEAD_MIN),
                "speed" if value == "none" => inputs.speed_kmh = None,
                "speed" => {
                    if let Ok(v) = value.parse::<f64>()
                        && v.is_finite()
                    {
                        inputs.speed_kmh = Some((v.round() as u16).clamp(limits::SPEED_KMH.0, limits::SPEED_KMH.1));
                    }
                }
                "slower" => inputs.slower = is_yes(value),
                "assume" => inputs.assume = is_yes(value),
                "edit" => link.editing = is_yes(value),
                _ => {}
            }
        }
        link
    }

    /// Whether the link asks for a plan (else the inputs are shown).
    pub(crate) const fn asks_for_plan(&self) -> bool {
        self.inputs.is_complete() && !self.editing
    }
}

fn is_yes(value: &str) -> bool {
    matches!(value, "1" | "true" | "yes")
}

fn set_whole(into: &mut u8, value: &str, (least, most): (u8, u8)) {
    if let Ok(v) = value.parse::<f64>()
        && v.is_finite()
    {
        *into = (v.round().clamp(0.0, 255.0) as u8).clamp(least, most);
    }
}

/// `lat,lng`, then `~name` and `~name in English` where they are known.
fn encode_spot(spot: &Spot) -> String {
    let mut text = format!("{},{}", spot.position.lat, spot.position.lng);
    if let Some(name) = &spot.name {
        text.push('~');
        text.push_str(&encode(&name.text));
        if let Some(en) = &name.en {
            text.push('~');
            text.push_str(&encode(en));
        }
    }
    text
}

fn decode_spot(value: &str) -> Option<Spot> {
    let mut parts = value.split('~');
    // Some messengers write the comma as %2C.
    let place = decode(parts.next()?);
    let (lat, lng) = place.split_once(',')?;
    let position = LatLng::new(lat.trim().parse().ok()?, lng.trim().parse().ok()?).ok()?;
    let text = parts.next().map(decode).filter(|t| !t.is_empty());
    let en = parts.next().map(decode).filter(|t| !t.is_empty());
    Some(Spot::new(position, text.map(|text| LocalText { text, en })))
}

/// Percent-encodes all but letters, digits, `-`, `.` and `_`.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            out.push(char::from(byte));
        } else {
            const HEX: [u8; 16] = *b"0123456789ABCDEF";
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    out
}

/// Undoes [`encode`]. A `%` without two digits stands for itself; bytes that are no UTF-8 become U+FFFD.
fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit = |at: usize| tail.get(at).and_then(|&b| char::from(b).to_digit(16));
        if *first == b'%'
            && let (Some(high), Some(low)) = (digit(0), digit(1))
        {
            out.push((high * 16 + low) as u8);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
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
            Self::Planning { share: before, explaining } => *explaining || share < *before,
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
        let answered = matches!(self.state, TripState::Found(_) | TripState::Failed(_)) && self.asked.as_ref() == Some(&self.inputs);
        let untouched = TripInputs { car: self.inputs.car.clone(), ..TripInputs::default() } == self.inputs;
        if untouched { String::new() } else { self.inputs.to_fragment(!answered) }
    }
}

/// Which leg a gap is, by its ends.
pub(crate) fn gap_leg(from: &FailurePlace, to: &FailurePlace) -> chongtu_words::plan::failure::GapLeg {
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

    /// A small generator (Knuth's MMIX constants): the tests say the seed when they fail.
    struct Random(u64);

    impl Random {
        fn next(&mut self, below: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % below
        }

        fn within(&mut self, (least, most): (u8, u8)) -> u8 {
            least + self.next(u64::from(most - least) + 1) as u8
        }

        fn text(&mut self) -> String {
            const PIECES: [&str; 16] =
                ["南京", "上海", "A", "z9", " ", "&", "=", "~", "%", "#", "+", ",", "%4", "é", "🚗", "/?"];
            (0..=self.next(5)).map(|_| PIECES[self.next(16) as usize]).collect()
        }

        fn spot(&mut self) -> Option<Spot> {
            if self.next(5) == 0 {
                return None;
            }
            let lat = self.next(18_000_001) as f64 / 1e5 - 90.0;
            let lng = self.next(36_000_001) as f64 / 1e5 - 180.0;
            let name = match self.next(3) {
                0 => None,
                1 => Some(LocalText::plain(self.text())),
                _ => Some(LocalText::both(self.text(), self.text())),
            };
            Some(Spot::new(LatLng { lat, lng }, name))
        }

        fn inputs(&mut self) -> TripInputs {
            TripInputs {
                from: self.spot(),
                to: self.spot(),
                car: (self.next(4) > 0).then(|| self.text()),
                departure: self.within(limits::DEPARTURE),
                reserve: self.within(limits::RESERVE),
                arrival: self.within(limits::ARRIVAL),
                max_charge: self.within(limits::MAX_CHARGE),
                speed_kmh: (self.next(3) > 0).then(|| 60 + self.next(91) as u16),
                slower: self.next(2) == 1,
                overhead_min: self.within(limits::OVERHEAD_MIN),
                assume: self.next(2) == 1,
            }
        }
    }

    #[test]
    fn a_link_restores_every_trip() {
        for seed in 0..5_000 {
            let mut random = Random(seed);
            let (inputs, editing) = (random.inputs(), random.next(2) == 1);
            let fragment = inputs.to_fragment(editing);
            assert!(fragment.bytes().all(|b| b.is_ascii_graphic() && b != b'#'), "seed {seed}: {fragment}");
            assert_eq!(TripLink::parse(&fragment), TripLink { inputs, editing }, "seed {seed}: {fragment}");
        }
    }

    #[test]
    fn any_text_is_a_link_within_limits() {
        const PIECES: [&str; 24] = [
            "from", "to", "car", "soc", "reserve", "arrive", "max", "speed", "stop", "=", "&", "~", "#", "%", "%E5", "-1", "1e9", "NaN", "40", "32.1,118.8",
            ",", "none", "inf", "南",
        ];
        for seed in 0..5_000 {
            let mut random = Random(seed);
            let text: String = (0..random.next(14)).map(|_| PIECES[random.next(24) as usize]).collect();
            let inputs = TripLink::parse(&text).inputs;
            let within = |v: u8, (least, most): (u8, u8)| (least..=most).contains(&v);
            assert!(
                within(inputs.departure, limits::DEPARTURE)
                    && within(inputs.reserve, limits::RESERVE)
                    && within(inputs.arrival, limits::ARRIVAL)
                    && within(inputs.max_charge, limits::MAX_CHARGE)
                    && within(inputs.overhead_min, limits::OVERHEAD_MIN)
                    && inputs.speed_kmh.is_none_or(|v| (60..=150).contains(&v)),
                "seed {seed}: {text}"
            );
            // What was read can be written and read again.
            assert_eq!(TripLink::parse(&inputs.to_fragment(false)).inputs, inputs, "seed {seed}: {text}");
        }
    }

    #[test]
    fn a_link_written_by_hand() {
        let link = TripLink::parse("#from=32.0603,118.7969~南京&to=31.2304%2C121.4737&car=byd-seal&soc=40&new=thing&max=300&speed=none");
        assert!(link.asks_for_plan());
        let inputs = &link.inputs;
        assert_eq!(inputs.from.as_ref().unwrap().label(true), "南京");
        assert_eq!(inputs.to.as_ref().unwrap().label(false), "31.2304, 121.4737");
        assert_eq!((inputs.departure, inputs.reserve, inputs.max_charge, inputs.speed_kmh), (40, 10, 100, None));
        // Without a start there is nothing to plan, but the rest is kept.
        let link = TripLink::parse("to=31.2,121.4~上海~Shanghai&from=999,0");
        assert!(!link.asks_for_plan());
        assert_eq!(link.inputs.to.unwrap().label(true), "Shanghai");
        assert!(!TripLink::parse("from=32,118&to=31,121&car=x&edit=1").asks_for_plan());
    }

    #[test]
    fn the_question_says_what_was_set() {
        let mut inputs = TripLink::parse("from=32,118&to=31,121&car=x&soc=40&reserve=15&arrive=20&max=80&speed=110&stop=7").inputs;
        let (car, request, assumptions) = inputs.question().unwrap();
        assert_eq!(car, CarChoice::Known("x".to_owned()));
        let shares = [request.departure_soc, request.reserve_soc, request.charger_arrival_soc, request.arrival_soc, request.max_charge_soc];
        assert_eq!(shares.map(Soc::get), [0.4, 0.15, 0.15, 0.2, 0.8]);
        assert_eq!((request.overhead_s, request.max_speed_kmh, request.allow_slower), (420.0, Some(110.0), false));
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
    fn progress_that_begins_again_is_explaining() {
        let mut state = TripState::Waiting;
        for (share, expected) in [(0.1, false), (0.5, false), (0.5, false), (0.0, true), (0.7, true)] {
            state = state.progressed(share);
            assert!(matches!(state, TripState::Planning { share: s, explaining: e } if s == share && e == expected), "{share}");
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
        let failure = PlanFailure::new(chongtu_worker::plan::FailureCode::Unreachable, FailurePlace::Destination);
        memory.state = TripState::Failed(Arc::new(failure));
        assert!(TripLink::parse(&memory.fragment()).asks_for_plan());
        memory.inputs.departure = 33;
        assert!(!TripLink::parse(&memory.fragment()).asks_for_plan(), "changed since");
    }

    #[test]
    fn a_change_is_rounded_to_the_side_that_works() {
        let inputs = TripInputs::default();
        let with = |change, to| inputs.with(&Relaxation { change, from: None, to, total_s: 0.0 });
        for (share, up, down) in [(0.74, 74, 74), (0.740_000_000_000_1, 74, 74), (0.741, 75, 74), (0.0, 0, 0), (1.0, 100, 100)] {
            assert_eq!(with(Change::DepartureSoc, share).departure, up, "{share}");
            assert_eq!(with(Change::MaxChargeSoc, share).max_charge, up, "{share}");
            assert_eq!(with(Change::ReserveSoc, share).reserve, down, "{share}");
            assert_eq!(with(Change::ArrivalSoc, share).arrival, down, "{share}");
        }
        assert_eq!(with(Change::MaxSpeedKmh, 90.0).speed_kmh, Some(90));
        // Only the one thing changed.
        let changed = with(Change::ReserveSoc, 0.05);
        assert_eq!(TripInputs { reserve: inputs.reserve, ..changed }, inputs);
    }
}
