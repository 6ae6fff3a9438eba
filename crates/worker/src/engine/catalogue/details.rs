//! What the app is told about catalogue and roads.

use crate::catalogue::{CatalogueSummary, RoadsSummary};
use chongtu_model::location::LocationKind;
use chongtu_model::{BoundingBox, Catalogue, ConnectorStandard};
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
