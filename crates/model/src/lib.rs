//! What a charging map talks about: locations, EVSEs, connectors, tariffs, vehicles, and the
//! plain values they are made of (positions, energy, money, instants).
//!
//! The shape and the names are OCPI's (Location → Evse → Connector). Everything in here is
//! pure: no clock, no file, no network, no JavaScript; it gives the same bits on every target
//! because transcendental functions come from `libm`.
//!
//! Reading order: [`units`], [`geo`], [`money`], [`time`], [`hours`], [`ids`], [`status`],
//! [`tariff`], [`provenance`], [`location`], [`vehicle`], [`catalogue`]; then what works on
//! them: [`pricing`] (what charging costs), [`filter`], [`index`] (the map's queries), `file` (`.locations`, on [`bytes`]).

pub mod bytes;
pub mod catalogue;
pub mod datum;
pub mod decimal;
pub mod file;
pub mod filter;
pub mod gazetteer;
pub mod geo;
pub mod hours;
pub mod ids;
pub mod index;
pub mod location;
pub mod money;
pub mod pricing;
pub mod provenance;
pub mod status;
pub mod tariff;
pub mod time;
pub mod units;
pub mod vehicle;

pub use catalogue::Catalogue;
pub use filter::Filter;
pub use geo::{BoundingBox, LatLng};
pub use ids::{ConnectorId, EvseUid, LocationId, OperatorId, SourceId, TariffId};
pub use index::{LocationIndex, MapAnswer, MapQuery};
pub use location::{Connector, ConnectorStandard, Evse, Location};
pub use money::{Amount, Currency, UnitPrice};
pub use status::{FourWay, Status, StatusCounts};
pub use time::Instant;
pub use units::Soc;
pub use vehicle::Vehicle;
