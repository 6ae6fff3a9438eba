//! How a filter stands in a URL.

use super::{Filter, PriceLimit};
use crate::ids::OperatorId;
use crate::location::{ConnectorStandard, LocationKind, PlaceKind};
use crate::money::{Currency, UnitPrice};

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
    pub(super) const MAX_PRICE: &str = "price";
    pub(super) const FREE_OR_UNKNOWN: &str = "free_u";
    pub(super) const OPEN_OR_UNKNOWN: &str = "open_u";
    pub(super) const PARKING_ALWAYS_FREE: &str = "parking_all";
    pub(super) const MIN_EVSES: &str = "n";
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
    /// The filter as pairs for a URL's query, not yet percent-encoded, in a fixed order; nothing
    /// for what is not asked. [`Filter::from_query`] reads them back, all but
    /// [`Filter::ids`]: favourites are nobody else's business.
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
        list(
            key::MAX_PRICE,
            self.max_price.map(limit).into_iter().collect(),
        );
        list(key::FREE_NOW, flag(self.free_now));
        list(key::FREE_OR_UNKNOWN, flag(self.free_or_unknown));
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
        list(key::OPEN_OR_UNKNOWN, flag(self.open_or_unknown));
        list(key::PARKING_FREE, flag(self.parking_free));
        list(key::PARKING_ALWAYS_FREE, flag(self.parking_always_free));
        list(key::ACCESSIBLE, flag(self.accessible));
        list(
            key::MIN_EVSES,
            self.min_evses.iter().map(u32::to_string).collect(),
        );
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
                key::MAX_PRICE => match parse_limit(value) {
                    Some(most) => filter.max_price = Some(most),
                    None if value.is_empty() => filter.max_price = None,
                    None => bad(value),
                },
                key::FREE_NOW => flag(&mut filter.free_now),
                key::FREE_OR_UNKNOWN => flag(&mut filter.free_or_unknown),
                key::OPEN_OR_UNKNOWN => flag(&mut filter.open_or_unknown),
                key::PARKING_ALWAYS_FREE => flag(&mut filter.parking_always_free),
                key::MIN_EVSES => match value.parse() {
                    Ok(least) => filter.min_evses = Some(least),
                    Err(_) if value.is_empty() => filter.min_evses = None,
                    Err(_) => bad(value),
                },
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

/// A limit as links have it: `1.20` is yuan, `0.45EUR` another currency.
fn limit(most: PriceLimit) -> String {
    let price = most.per_kwh.to_string();
    if most.currency == Currency::CNY {
        return price;
    }
    price + most.currency.code()
}

/// Reads what [`limit`] writes.
fn parse_limit(text: &str) -> Option<PriceLimit> {
    let ends = text.find(|c: char| c.is_ascii_alphabetic());
    let (price, code) = text.split_at(ends.unwrap_or(text.len()));
    Some(PriceLimit {
        per_kwh: UnitPrice::parse(price).ok()?,
        currency: if code.is_empty() {
            Currency::CNY
        } else {
            Currency::parse(code).ok()?
        },
    })
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
