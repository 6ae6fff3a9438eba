//! Everything known about locations, as one value: what a `.locations` file holds.

use crate::gazetteer::Readings;
use crate::ids::LocationId;
use crate::location::{Connector, Location};
use crate::provenance::{Operator, Source};
use crate::tariff::Tariff;
use crate::time::TimeZone;
use serde::{Deserialize, Serialize};

/// Locations with what they point to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Where the data comes from.
    pub sources: Vec<Source>,
    /// Who runs the chargers.
    pub operators: Vec<Operator>,
    /// What they charge.
    pub tariffs: Vec<Tariff>,
    /// The zones of the locations.
    pub zones: Vec<TimeZone>,
    /// The locations, in order of id.
    pub locations: Vec<Location>,
    /// How the Han characters of its names are read, for search; empty where nobody looked them up.
    pub readings: Readings,
}

impl Catalogue {
    /// Looks a location up by id or alias. `locations` must be in order of id (files are).
    pub fn find(&self, id: &LocationId) -> Option<&Location> {
        self.index_of(id).and_then(|i| self.locations.get(i))
    }

    /// Index of a location by id or alias.
    pub fn index_of(&self, id: &LocationId) -> Option<usize> {
        self.locations
            .binary_search_by(|l| l.id.cmp(id))
            .ok()
            .or_else(|| self.locations.iter().position(|l| l.aliases.contains(id)))
    }

    /// The source of a location.
    pub fn source_of(&self, location: &Location) -> Option<&Source> {
        self.sources.get(usize::from(location.source))
    }

    /// The operator of a location.
    pub fn operator_of(&self, location: &Location) -> Option<&Operator> {
        location
            .operator
            .and_then(|i| self.operators.get(i as usize))
    }

    /// The tariff of a connector.
    pub fn tariff_of(&self, connector: &Connector) -> Option<&Tariff> {
        connector.tariff.and_then(|i| self.tariffs.get(i as usize))
    }

    /// The zone of a location.
    pub fn zone_of(&self, location: &Location) -> Option<&TimeZone> {
        location.zone.and_then(|i| self.zones.get(usize::from(i)))
    }

    /// When the status of this location's source goes stale, seconds; `None`: it does not.
    /// Without a source the default of 15 minutes holds.
    pub fn stale_after_s(&self, location: &Location) -> Option<i64> {
        self.source_of(location)
            .map_or(Some(crate::status::DEFAULT_STALE_AFTER_S), |s| {
                s.stale_after_s
            })
    }

    /// Whether any of its sources is a demonstration.
    pub fn is_demonstration(&self) -> bool {
        self.sources.iter().any(|s| s.demonstration)
    }
}
