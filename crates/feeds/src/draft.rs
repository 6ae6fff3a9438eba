//! From a record's values to a location: what all flat feeds (one row, one site) share.

use crate::finding::{Finding, ImportCounts, Imported, Severity, code};
use crate::options::ImportOptions;
use crate::values::{short, watts_of_kw};
use chongtu_model::datum::Gcj02;
use chongtu_model::hours::OpeningHours;
use chongtu_model::location::{Connector, ConnectorStandard, Evse, Location};
use chongtu_model::provenance::{LocalText, Operator, Source};
use chongtu_model::{Catalogue, ConnectorId, EvseUid, LatLng, LocationId, OperatorId, Status};
use std::collections::{BTreeMap, BTreeSet};

/// One site, as a flat feed gives it.
pub(crate) struct Draft {
    pub(crate) id: LocationId,
    pub(crate) name: LocalText,
    pub(crate) address: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) district: Option<String>,
    pub(crate) position: LatLng,
    pub(crate) raw_position: Option<(f64, f64)>,
    pub(crate) operator: Option<String>,
    pub(crate) standards: Vec<ConnectorStandard>,
    pub(crate) power_w: Option<u32>,
    pub(crate) stalls: Option<u32>,
    pub(crate) time_zone: Option<String>,
    pub(crate) opening_hours: Option<OpeningHours>,
    pub(crate) status: Option<Status>,
}

/// Collects findings and counts of one input.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) findings: Vec<Finding>,
    pub(crate) counts: ImportCounts,
}

/// Where in the input something was found.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) row: u32,
    pub(crate) id: Option<&'a str>,
}

impl Log {
    pub(crate) fn note(
        &mut self,
        severity: Severity,
        code: &'static str,
        at: Place<'_>,
        field: Option<&'static str>,
        value: Option<String>,
    ) {
        self.findings.push(Finding {
            severity,
            code,
            row: Some(at.row),
            id: at.id.map(str::to_owned),
            field,
            value,
        });
    }

    /// Notes that a record is dropped, and counts it.
    pub(crate) fn drop_record(
        &mut self,
        code: &'static str,
        at: Place<'_>,
        field: Option<&'static str>,
        value: Option<String>,
    ) {
        *self.counts.dropped_by_code.entry(code).or_default() += 1;
        self.note(Severity::Error, code, at, field, value);
    }
}

/// Builds a catalogue out of drafts.
pub(crate) struct Builder<'a> {
    options: &'a ImportOptions<'a>,
    catalogue: Catalogue,
    operators: BTreeMap<OperatorId, u32>,
    zones: BTreeMap<String, Option<u16>>,
    taken: BTreeSet<LocationId>,
    assume_power_w: Option<u32>,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(options: &'a ImportOptions<'a>, source: Source) -> Self {
        Self {
            options,
            catalogue: Catalogue {
                sources: vec![source],
                ..Catalogue::default()
            },
            operators: BTreeMap::new(),
            zones: BTreeMap::new(),
            taken: BTreeSet::new(),
            assume_power_w: options.assume_power_kw.and_then(|kw| watts_of_kw(kw).ok()),
        }
    }

    pub(crate) fn is_taken(&self, id: &LocationId) -> bool {
        self.taken.contains(id)
    }

    pub(crate) fn add(&mut self, draft: Draft, at: Place<'_>, log: &mut Log) {
        let zone = self.zone_of(&draft, at, log);
        let operator = draft.operator.as_deref().map(|name| self.operator(name));
        let counts = &mut log.counts;
        counts.power_unknown += u32::from(draft.power_w.is_none());
        counts.connector_unknown += u32::from(draft.standards.is_empty());
        counts.stalls_unknown += u32::from(draft.stalls.is_none());

        let power_w = draft.power_w.or(self.assume_power_w);
        let power_assumed = draft.power_w.is_none() && power_w.is_some();
        let mut standards: Vec<Option<ConnectorStandard>> =
            draft.standards.iter().copied().map(Some).collect();
        let standard_assumed = standards.is_empty() && self.options.assume_connector.is_some();
        if standards.is_empty() {
            standards.push(self.options.assume_connector);
        }
        counts.power_assumed += u32::from(power_assumed);
        counts.connector_assumed += u32::from(standard_assumed);

        let connectors: Vec<Connector> = standards
            .iter()
            .zip(1_u32..)
            .map(|(&standard, n)| Connector {
                id: ConnectorId::new(&n.to_string()),
                standard,
                power_w,
                tariff: None,
                standard_assumed,
                power_assumed,
            })
            .collect();
        let evses: Vec<Evse> = (1..=draft.stalls.unwrap_or(1))
            .map(|n| Evse {
                uid: EvseUid::new(&n.to_string()),
                evse_id: None,
                status: draft.status.unwrap_or_default(),
                status_updated: None,
                capabilities: Vec::new(),
                connectors: connectors.clone(),
            })
            .collect();
        counts.evses += evses.len() as u32;
        counts.locations += 1;
        self.taken.insert(draft.id.clone());
        self.catalogue.locations.push(Location {
            id: draft.id,
            aliases: Vec::new(),
            name: draft.name,
            address: draft.address.map(LocalText::plain),
            city: draft.city,
            district: draft.district,
            position: draft.position,
            raw_position: draft.raw_position,
            source: 0,
            operator,
            kind: None,
            place: None,
            road: None,
            zone,
            opening_hours: draft.opening_hours,
            facilities: Vec::new(),
            accessible: None,
            parking: None,
            parking_rule: None,
            access_note: None,
            floor: None,
            max_vehicle_height_cm: None,
            phone: None,
            evses,
            last_updated: None,
        });
    }

    fn operator(&mut self, name: &str) -> u32 {
        let id = operator_id(name);
        let catalogue = &mut self.catalogue;
        *self.operators.entry(id.clone()).or_insert_with(|| {
            catalogue.operators.push(Operator {
                id,
                name: LocalText::plain(name),
            });
            (catalogue.operators.len() - 1) as u32
        })
    }

    fn zone_of(&mut self, draft: &Draft, at: Place<'_>, log: &mut Log) -> Option<u16> {
        if let Some(name) = &draft.time_zone {
            let found = self.zone(name);
            if found.is_some() {
                return found;
            }
            log.note(
                Severity::Warning,
                code::TIME_ZONE_UNKNOWN,
                at,
                Some("time_zone"),
                Some(short(name)),
            );
        }
        let fallback = self.options.default_zone.clone();
        let fallback = fallback
            .or_else(|| in_mainland_china(draft.position).then(|| "Asia/Shanghai".to_owned()))?;
        self.zone(&fallback)
    }

    fn zone(&mut self, name: &str) -> Option<u16> {
        if let Some(&known) = self.zones.get(name) {
            return known;
        }
        let zones = &mut self.catalogue.zones;
        let index = self.options.zones.zone(name).map(|zone| {
            zones.push(zone);
            (zones.len() - 1) as u16
        });
        self.zones.insert(name.to_owned(), index);
        index
    }

    pub(crate) fn finish(mut self, log: Log) -> Imported {
        self.catalogue.locations.sort_by(|a, b| a.id.cmp(&b.id));
        Imported {
            catalogue: self.catalogue,
            findings: log.findings,
            counts: log.counts,
        }
    }
}

/// An operator's id from its name: what may stand in a list separated by commas.
pub(crate) fn operator_id(name: &str) -> OperatorId {
    let words: Vec<&str> = name
        .split(|c: char| c.is_whitespace() || c == ',' || c == ';')
        .filter(|w| !w.is_empty())
        .collect();
    OperatorId::new(&words.join("-"))
}

/// Whether a position lies where maps are shifted, which is how the model outlines the mainland.
fn in_mainland_china(position: LatLng) -> bool {
    let shifted = Gcj02::from(position);
    shifted.lat != position.lat || shifted.lng != position.lng
}

/// The position on the grid of files, millionths of a degree.
pub(crate) fn quantised(position: LatLng) -> LatLng {
    LatLng::from_e6(position.to_e6()).unwrap_or(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outline_of_the_mainland() {
        for (lat, lng, inside) in [
            (32.06, 118.80, true),
            (43.8, 87.6, true),
            (22.30, 114.17, false),
            (25.04, 121.56, false),
            (35.68, 139.69, false),
            (52.5, 13.4, false),
        ] {
            assert_eq!(
                in_mainland_china(LatLng { lat, lng }),
                inside,
                "{lat},{lng}"
            );
        }
    }

    #[test]
    fn operator_ids_fit_into_lists() {
        assert_eq!(
            operator_id("Star Charge, Inc.").as_str(),
            "star-charge-inc."
        );
    }
}
