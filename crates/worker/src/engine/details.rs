//! What the app is told about catalogue, roads and single locations.

use crate::{CatalogueSummary, LocationDetail, RoadsSummary};
use chongtu_model::hours::OpeningHours;
use chongtu_model::location::LocationKind;
use chongtu_model::{BoundingBox, Catalogue, ConnectorStandard, Instant, Location};
use chongtu_roads::RoadNetwork;
use std::collections::BTreeSet;

pub(super) fn catalogue_summary(catalogue: &Catalogue) -> CatalogueSummary {
    let locations = &catalogue.locations;
    let standards: BTreeSet<ConnectorStandard> = locations
        .iter()
        .flat_map(|l| &l.evses)
        .flat_map(|e| &e.connectors)
        .filter_map(|c| c.standard)
        .collect();
    let kinds: BTreeSet<LocationKind> = locations.iter().filter_map(|l| l.kind).collect();
    CatalogueSummary {
        n_locations: locations.len() as u32,
        n_evses: locations.iter().map(|l| l.evses.len() as u32).sum(),
        operators: catalogue.operators.clone(),
        sources: catalogue.sources.clone(),
        bounds: BoundingBox::of(locations.iter().map(|l| l.position)),
        standards: standards.into_iter().collect(),
        kinds: kinds.into_iter().collect(),
    }
}

pub(super) fn roads_summary(network: &RoadNetwork) -> RoadsSummary {
    let attribution = network.attribution();
    RoadsSummary {
        name: network.name().clone(),
        note: network.note().cloned(),
        attribution: (!attribution.is_empty()).then(|| attribution.to_owned()),
        demonstration: network.demonstration(),
        bounds: network.bounding_box(),
        n_nodes: network.n_nodes() as u32,
        n_edges: network.n_edges() as u32,
        places: network.places().to_vec(),
        road_names: network.road_names().to_vec(),
    }
}

pub(super) fn location_detail(
    catalogue: &Catalogue,
    location: &Location,
    now: Instant,
) -> LocationDetail {
    let stale_after_s = catalogue.stale_after_s(location);
    let zone = catalogue.zone_of(location);
    let tariffs: BTreeSet<u32> = location
        .evses
        .iter()
        .flat_map(|e| &e.connectors)
        .filter_map(|c| c.tariff)
        .collect();
    let tariff = |i: u32| Some((i, catalogue.tariffs.get(i as usize)?.clone()));
    LocationDetail {
        operator: catalogue.operator_of(location).cloned(),
        source: catalogue.source_of(location).cloned(),
        tariffs: tariffs.into_iter().filter_map(tariff).collect(),
        groups: location.connector_groups(now, stale_after_s),
        counts: location.status_counts(now, stale_after_s),
        open_now: match (&location.opening_hours, zone) {
            (Some(OpeningHours::TwentyFourSeven), _) => Some(true),
            (Some(hours), Some(zone)) => Some(hours.is_open_at(now, zone)),
            _ => None,
        },
        weekday: zone.map(|zone| zone.local(now).weekday().number()),
        location: location.clone(),
    }
}
