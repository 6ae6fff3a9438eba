//! What a person asks of a location, and how it stands in a URL.
//!
//! [`Filter::matches`] is the meaning; the packed columns of [`crate::index`] are only a faster
//! way to the same answer, and are tested against it.

mod link;
mod text;

use crate::catalogue::Catalogue;
use crate::ids::{LocationId, OperatorId};
use crate::location::{
    Connector, ConnectorStandard, Evse, Location, LocationKind, ParkingCost, PlaceKind,
};
use crate::money::{Currency, UnitPrice};
use crate::pricing::price_per_kwh_at;
use crate::status::FourWay;
use crate::tariff::Tariff;
use crate::time::{Instant, TimeZone};
use serde::{Deserialize, Serialize};
pub(crate) use text::{Needle, texts_of};

/// What is asked of a location. The default asks nothing. A value that is not known never passes
/// a filter that asks for it: unknown is not free, not open, not cheap, not accessible. Where
/// unknown will do as well, a switch of its own says so.
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
    /// A kWh from that same connector costs at most this now.
    pub max_price: Option<PriceLimit>,
    /// An EVSE is free now; with demands on the connector, an EVSE that has such a connector.
    pub free_now: bool,
    /// The same, or its status is not known now. Where nothing is known of any EVSE, one may be free.
    pub free_or_unknown: bool,
    /// Run by any of these. Empty: by anyone.
    pub operators: Vec<OperatorId>,
    /// Of any of these kinds. Empty: of any.
    pub kinds: Vec<LocationKind>,
    /// At any of these kinds of places. Empty: anywhere.
    pub places: Vec<PlaceKind>,
    /// Open now.
    pub open_now: bool,
    /// Open now, or nobody knows its hours.
    pub open_or_unknown: bool,
    /// Parking costs nothing, at least while charging.
    pub parking_free: bool,
    /// Parking costs nothing, whether charging or not.
    pub parking_always_free: bool,
    /// Usable with a wheelchair.
    pub accessible: bool,
    /// At least so many EVSEs that are places to go.
    pub min_evses: Option<u32>,
    /// Stands, without regard to case, in the name, the address, the operator's name (each in
    /// either language) or the road's number.
    pub text: Option<String>,
    /// Only these, by id or alias (favourites). No link carries them.
    pub ids: Option<Vec<LocationId>>,
}

/// The most that a kWh may cost, energy and service together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceLimit {
    /// For one kWh.
    pub per_kwh: UnitPrice,
    /// In which currency; a price in another one is as good as unknown.
    pub currency: Currency,
}

impl PriceLimit {
    /// A limit in yuan.
    pub const fn yuan(per_kwh: UnitPrice) -> Self {
        Self {
            per_kwh,
            currency: Currency::CNY,
        }
    }
}

/// A price of a kWh. Sorts by currency, then by price.
pub(crate) type PriceNow = (Currency, UnitPrice);

/// What a kWh costs at an instant by a tariff; `None`: not known. Without a zone only a price that
/// holds at all hours is known.
pub(crate) fn price_now(
    tariff: &Tariff,
    zone: Option<&TimeZone>,
    now: Instant,
) -> Option<PriceNow> {
    let price = match zone {
        Some(zone) => price_per_kwh_at(tariff, now, zone),
        None => tariff.flat_price_per_kwh(),
    };
    Some((tariff.currency, price?))
}

impl Filter {
    /// Whether it asks nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it asks anything of a connector.
    pub fn asks_connector(&self) -> bool {
        !self.standards.is_empty()
            || self.min_power_w.is_some()
            || self.dc_only
            || self.max_price.is_some()
    }

    /// Whether a connector has the standard and the power that are asked for. Its price is
    /// another matter: that takes a catalogue and an instant.
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
        let open = || location.is_open_at(catalogue, now);
        location.is_place_to_go()
            && self.matches_evses(catalogue, location, now)
            && (self.operators.is_empty()
                || catalogue
                    .operator_of(location)
                    .is_some_and(|o| self.operators.contains(&o.id)))
            && (self.kinds.is_empty() || location.kind.is_some_and(|k| self.kinds.contains(&k)))
            && (self.places.is_empty() || location.place.is_some_and(|p| self.places.contains(&p)))
            && (!self.open_now || open() == Some(true))
            && (!self.open_or_unknown || open() != Some(false))
            && (!self.parking_free || location.has_free_parking())
            && (!self.parking_always_free || location.parking == Some(ParkingCost::Free))
            && (!self.accessible || location.accessible == Some(true))
            && self
                .min_evses
                .is_none_or(|least| location.n_evses() >= least)
            && self.ids.as_ref().is_none_or(|ids| {
                ids.contains(&location.id) || location.aliases.iter().any(|a| ids.contains(a))
            })
            && self.text.as_deref().is_none_or(|text| {
                Needle::new(text).is_none_or(|mut needle| needle.is_in(catalogue, location))
            })
    }

    fn matches_evses(&self, catalogue: &Catalogue, location: &Location, now: Instant) -> bool {
        let asks_status = self.free_now || self.free_or_unknown;
        if !asks_status && !self.asks_connector() {
            return true;
        }
        if location.evses.is_empty() {
            return !self.free_now && !self.asks_connector();
        }
        let stale_after_s = catalogue.stale_after_s(location);
        location.evses.iter().any(|evse| {
            let shown = evse
                .status
                .four_way_at(evse.status_updated, now, stale_after_s);
            shown.is_some()
                && (!self.free_now || shown == Some(FourWay::Free))
                && (!self.free_or_unknown
                    || matches!(shown, Some(FourWay::Free | FourWay::Unknown)))
                && (!self.asks_connector()
                    || evse.connectors.iter().any(|c| {
                        self.admits_connector(c) && self.admits_price(catalogue, location, c, now)
                    }))
        })
    }

    fn admits_price(
        &self,
        catalogue: &Catalogue,
        location: &Location,
        connector: &Connector,
        now: Instant,
    ) -> bool {
        self.max_price.is_none_or(|most| {
            catalogue
                .tariff_of(connector)
                .and_then(|t| price_now(t, catalogue.zone_of(location), now))
                .is_some_and(|(currency, price)| currency == most.currency && price <= most.per_kwh)
        })
    }
}

impl Location {
    /// Whether it is a place to go: not when every EVSE is planned or removed. One without EVSEs
    /// is: what it has is unknown.
    pub fn is_place_to_go(&self) -> bool {
        self.evses.is_empty() || self.evses.iter().any(Evse::is_place_to_go)
    }

    /// How many EVSEs are places to go.
    pub fn n_evses(&self) -> u32 {
        self.evses.iter().filter(|e| e.is_place_to_go()).count() as u32
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
