//! What a person asks of a location, and how it stands in a URL.
//!
//! [`Filter::matches`] is the meaning; the packed columns of [`crate::index`] are only a faster
//! way to the same answer, and are tested against it.

use crate::catalogue::Catalogue;
use crate::ids::OperatorId;
use crate::location::{
    Connector, ConnectorStandard, Evse, Location, LocationKind, ParkingCost, PlaceKind,
};
use crate::provenance::LocalText;
use crate::status::FourWay;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// What is asked of a location. The default asks nothing. A value that is not known never passes
/// a filter that asks for it: unknown is not free, not open, not accessible.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the page and in the link"
)]
pub struct Filter {
    /// One connector has any of these standards. Empty: any.
    pub standards: Vec<ConnectorStandard>,
    /// That same connector gives at least this power, W.
    pub min_power_w: Option<u32>,
    /// That same connector carries direct current.
    pub dc_only: bool,
    /// An EVSE is free now; with demands on the connector, an EVSE that has such a connector.
    pub free_now: bool,
    /// Run by any of these. Empty: by anyone.
    pub operators: Vec<OperatorId>,
    /// Of any of these kinds. Empty: of any.
    pub kinds: Vec<LocationKind>,
    /// At any of these kinds of places. Empty: anywhere.
    pub places: Vec<PlaceKind>,
    /// Open now.
    pub open_now: bool,
    /// Parking costs nothing, at least while charging.
    pub parking_free: bool,
    /// Usable with a wheelchair.
    pub accessible: bool,
    /// Stands, without regard to case, in the name, the address, the operator's name (each in
    /// either language) or the road's number.
    pub text: Option<String>,
}

/// The keys in a URL's query. They are written into links that people keep: never rename one.
mod key {
    pub(super) const STANDARDS: &str = "c";
    pub(super) const MIN_POWER: &str = "kw";
    pub(super) const DC_ONLY: &str = "dc";
    pub(super) const FREE_NOW: &str = "free";
    pub(super) const OPERATORS: &str = "op";
    pub(super) const KINDS: &str = "kind";
    pub(super) const PLACES: &str = "place";
    pub(super) const OPEN_NOW: &str = "open";
    pub(super) const PARKING_FREE: &str = "parking";
    pub(super) const ACCESSIBLE: &str = "acc";
    pub(super) const TEXT: &str = "q";
}

impl LocationKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Public,
        Self::DepotPublicHours,
        Self::PrivateShared,
        Self::BatterySwap,
        Self::Hydrogen,
    ];

    /// The word for it in links.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::DepotPublicHours => "depot",
            Self::PrivateShared => "private",
            Self::BatterySwap => "swap",
            Self::Hydrogen => "hydrogen",
        }
    }

    /// Reads the word of a link.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }
}

impl PlaceKind {
    /// Every kind of place.
    pub const ALL: [Self; 12] = [
        Self::ServiceArea,
        Self::Roadside,
        Self::ParkAndRide,
        Self::Mall,
        Self::Residential,
        Self::LampPost,
        Self::PetrolStation,
        Self::Depot,
        Self::Office,
        Self::Hotel,
        Self::Station,
        Self::Other,
    ];

    /// The word for it in links.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::ServiceArea => "service_area",
            Self::Roadside => "roadside",
            Self::ParkAndRide => "park_and_ride",
            Self::Mall => "mall",
            Self::Residential => "residential",
            Self::LampPost => "lamp_post",
            Self::PetrolStation => "petrol_station",
            Self::Depot => "depot",
            Self::Office => "office",
            Self::Hotel => "hotel",
            Self::Station => "station",
            Self::Other => "other",
        }
    }

    /// Reads the word of a link.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.slug() == slug)
    }
}

impl Filter {
    /// Whether it asks nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it asks anything of a connector.
    pub fn asks_connector(&self) -> bool {
        !self.standards.is_empty() || self.min_power_w.is_some() || self.dc_only
    }

    /// Whether a connector has the standard and the power that are asked for.
    pub fn admits_connector(&self, connector: &Connector) -> bool {
        let standard = self.standards.is_empty()
            || connector
                .standard
                .is_some_and(|s| self.standards.contains(&s));
        let power = self
            .min_power_w
            .is_none_or(|least| connector.power_w.is_some_and(|w| w >= least));
        let dc = !self.dc_only || connector.standard.is_some_and(ConnectorStandard::is_dc);
        standard && power && dc
    }

    /// Whether a location passes at an instant. One that is no place to go
    /// ([`Location::is_place_to_go`]) passes no filter, not even the empty one.
    pub fn matches(&self, catalogue: &Catalogue, location: &Location, now: Instant) -> bool {
        location.is_place_to_go()
            && self.matches_evses(catalogue, location, now)
            && (self.operators.is_empty()
                || catalogue
                    .operator_of(location)
                    .is_some_and(|o| self.operators.contains(&o.id)))
            && (self.kinds.is_empty() || location.kind.is_some_and(|k| self.kinds.contains(&k)))
            && (self.places.is_empty() || location.place.is_some_and(|p| self.places.contains(&p)))
            && (!self.open_now || location.is_open_at(catalogue, now) == Some(true))
            && (!self.parking_free || location.has_free_parking())
            && (!self.accessible || location.accessible == Some(true))
            && self.text.as_deref().is_none_or(|text| {
                Needle::new(text).is_none_or(|mut needle| needle.is_in(catalogue, location))
            })
    }

    fn matches_evses(&self, catalogue: &Catalogue, location: &Location, now: Instant) -> bool {
        if !self.free_now && !self.asks_connector() {
            return true;
        }
        let stale_after_s = catalogue.stale_after_s(location);
        location.evses.iter().any(|evse| {
            let shown = evse
                .status
                .four_way_at(evse.status_updated, now, stale_after_s);
            (if self.free_now {
                shown == Some(FourWay::Free)
            } else {
                shown.is_some()
            }) && (!self.asks_connector()
                || evse.connectors.iter().any(|c| self.admits_connector(c)))
        })
    }

    /// The filter as pairs for a URL's query, not yet percent-encoded, in a fixed order; nothing
    /// for what is not asked. [`Filter::from_query`] reads them back.
    pub fn to_query(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut list = |key, values: Vec<String>| {
            if !values.is_empty() {
                pairs.push((key, values.join(",")));
            }
        };
        list(
            key::STANDARDS,
            self.standards.iter().map(|s| s.ocpi().to_owned()).collect(),
        );
        list(
            key::MIN_POWER,
            self.min_power_w.map(kilowatts).into_iter().collect(),
        );
        let flag = |on: bool| -> Vec<String> { on.then(|| "1".to_owned()).into_iter().collect() };
        list(key::DC_ONLY, flag(self.dc_only));
        list(key::FREE_NOW, flag(self.free_now));
        let operators = self.operators.iter().map(|o| escape(o.as_str()));
        list(
            key::OPERATORS,
            operators.filter(|o| !o.is_empty()).collect(),
        );
        list(
            key::KINDS,
            self.kinds.iter().map(|k| k.slug().to_owned()).collect(),
        );
        list(
            key::PLACES,
            self.places.iter().map(|p| p.slug().to_owned()).collect(),
        );
        list(key::OPEN_NOW, flag(self.open_now));
        list(key::PARKING_FREE, flag(self.parking_free));
        list(key::ACCESSIBLE, flag(self.accessible));
        if let Some(text) = self.text.as_deref().filter(|t| !t.trim().is_empty()) {
            pairs.push((key::TEXT, text.to_owned()));
        }
        pairs
    }

    /// Reads the pairs of a URL's query (percent-decoded). Keys that are not a filter's are
    /// somebody else's and passed over; values that mean nothing are left out and returned as
    /// `key=value`, so that the page can say which part of the link it did not understand.
    pub fn from_query<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> (Self, Vec<String>) {
        let mut filter = Self::default();
        let mut ignored = Vec::new();
        for (key, value) in pairs {
            let mut bad = |part: &str| ignored.push(format!("{key}={part}"));
            let parts = || value.split(',').map(str::trim).filter(|p| !p.is_empty());
            let mut flag = |on: &mut bool| match value {
                "1" | "true" => *on = true,
                "0" | "false" | "" => *on = false,
                other => bad(other),
            };
            match key {
                key::STANDARDS => {
                    for part in parts() {
                        match ConnectorStandard::from_ocpi(part) {
                            Some(s) => filter.standards.push(s),
                            None => bad(part),
                        }
                    }
                }
                key::MIN_POWER => match parse_kilowatts(value) {
                    Some(watts) => filter.min_power_w = Some(watts),
                    None if value.is_empty() => filter.min_power_w = None,
                    None => bad(value),
                },
                key::DC_ONLY => flag(&mut filter.dc_only),
                key::FREE_NOW => flag(&mut filter.free_now),
                key::OPEN_NOW => flag(&mut filter.open_now),
                key::PARKING_FREE => flag(&mut filter.parking_free),
                key::ACCESSIBLE => flag(&mut filter.accessible),
                key::OPERATORS => filter
                    .operators
                    .extend(parts().map(|p| OperatorId::new(&unescape(p)))),
                key::KINDS => {
                    for part in parts() {
                        match LocationKind::from_slug(part) {
                            Some(k) => filter.kinds.push(k),
                            None => bad(part),
                        }
                    }
                }
                key::PLACES => {
                    for part in parts() {
                        match PlaceKind::from_slug(part) {
                            Some(p) => filter.places.push(p),
                            None => bad(part),
                        }
                    }
                }
                key::TEXT => {
                    filter.text = (!value.trim().is_empty()).then(|| value.to_owned());
                }
                _ => {}
            }
        }
        (filter, ignored)
    }
}

/// Watts as kilowatts, exact: 7400 is `7.4`.
fn kilowatts(watts: u32) -> String {
    let (whole, rest) = (watts / 1000, watts % 1000);
    if rest == 0 {
        return whole.to_string();
    }
    let fraction = format!("{rest:03}");
    format!("{whole}.{}", fraction.trim_end_matches('0'))
}

/// Reads what [`kilowatts`] writes; at most three places.
fn parse_kilowatts(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || fraction.len() > 3 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let thousandths: u32 = format!("{fraction:0<3}").parse().ok()?;
    whole
        .parse::<u32>()
        .ok()?
        .checked_mul(1000)?
        .checked_add(thousandths)
}

/// Operators' ids stand in a list divided by commas, and may hold a comma themselves.
fn escape(id: &str) -> String {
    id.replace('%', "%25").replace(',', "%2c")
}

fn unescape(part: &str) -> String {
    part.replace("%2c", ",")
        .replace("%2C", ",")
        .replace("%25", "%")
}

/// A text to look for, case folded once.
pub(crate) struct Needle {
    folded: String,
    /// Folding changes nothing in it and it has no ASCII letters: a plain search will do.
    caseless: bool,
    buffer: String,
}

impl Needle {
    /// `None` when the text asks nothing.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let folded = text.trim().to_lowercase();
        (!folded.is_empty()).then(|| Self {
            caseless: folded
                .chars()
                .all(|c| c.is_ascii_digit() || c == ' ' || ('\u{4e00}'..='\u{9fff}').contains(&c)),
            folded,
            buffer: String::new(),
        })
    }

    fn is_in_str(&mut self, hay: &str) -> bool {
        if hay.len() < self.folded.len() && hay.is_ascii() {
            return false;
        }
        if self.caseless {
            return hay.contains(self.folded.as_str());
        }
        self.buffer.clear();
        if hay.is_ascii() {
            self.buffer.push_str(hay);
            self.buffer.make_ascii_lowercase();
        } else {
            self.buffer.push_str(&hay.to_lowercase());
        }
        self.buffer.contains(self.folded.as_str())
    }

    /// Whether it stands in a text of two languages.
    pub(crate) fn is_in_text(&mut self, text: &LocalText) -> bool {
        self.is_in_str(&text.text) || text.en.as_deref().is_some_and(|en| self.is_in_str(en))
    }

    /// Whether it stands in the location's own words.
    pub(crate) fn is_in_location(&mut self, location: &Location) -> bool {
        texts_of(location).any(|text| self.is_in_str(text))
    }

    /// What is looked for, case folded.
    pub(crate) fn folded(&self) -> &str {
        &self.folded
    }

    fn is_in(&mut self, catalogue: &Catalogue, location: &Location) -> bool {
        self.is_in_location(location)
            || catalogue
                .operator_of(location)
                .is_some_and(|o| self.is_in_text(&o.name))
    }
}

/// The location's own words that are searched.
pub(crate) fn texts_of(location: &Location) -> impl Iterator<Item = &str> {
    let address = location.address.as_ref();
    [
        Some(location.name.text.as_str()),
        location.name.en.as_deref(),
        address.map(|a| a.text.as_str()),
        address.and_then(|a| a.en.as_deref()),
        location.road.as_ref().map(|r| r.reference.as_str()),
    ]
    .into_iter()
    .flatten()
}

impl Location {
    /// Whether it is a place to go: not when every EVSE is planned or removed. One without EVSEs
    /// is: what it has is unknown.
    pub fn is_place_to_go(&self) -> bool {
        self.evses.is_empty() || self.evses.iter().any(Evse::is_place_to_go)
    }

    /// Whether parking costs nothing, at least while charging.
    pub fn has_free_parking(&self) -> bool {
        matches!(
            self.parking,
            Some(ParkingCost::Free | ParkingCost::FreeWhileCharging)
        )
    }

    /// Whether it is open at an instant; `None` where hours, or the zone that they need, are not known.
    pub fn is_open_at(&self, catalogue: &Catalogue, now: Instant) -> Option<bool> {
        match self.opening_hours.as_ref()? {
            crate::hours::OpeningHours::TwentyFourSeven => Some(true),
            hours @ crate::hours::OpeningHours::Regular(_) => {
                Some(hours.is_open_at(now, catalogue.zone_of(self)?))
            }
        }
    }
}

impl Evse {
    /// Whether it is neither planned nor removed.
    pub fn is_place_to_go(&self) -> bool {
        self.status.four_way().is_some()
    }
}
