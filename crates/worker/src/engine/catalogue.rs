//! The catalogue worker's engine: it answers every message at once.

mod base_map;
mod details;
mod entries;
mod estimate;
mod location;
mod suggest;

use super::{Engine, Outgoing, error, needed, not_loaded, one, same_build};
use crate::catalogue::{FromCatalogue, Suggestion, ToCatalogue};
use crate::{WorkerError, WorkerErrorCode};
use chongtu_model::gazetteer::Query;
use chongtu_model::index::LocationIndex;
use chongtu_model::{Catalogue, file};
use chongtu_roads::RoadNetwork;
use core::cell::OnceCell;
use suggest::Names;

/// The locations with their index, and the names of the region.
#[derive(Default)]
pub struct CatalogueEngine {
    locations: Option<Locations>,
    roads: Option<RoadNetwork>,
    /// Of both; made when first searched.
    names: OnceCell<Names>,
}

struct Locations {
    catalogue: Catalogue,
    index: LocationIndex,
}

impl Engine for CatalogueEngine {
    type Question = ToCatalogue;
    type Answer = FromCatalogue;

    fn hello(schema: u16, build: String) -> FromCatalogue {
        FromCatalogue::Hello { schema, build }
    }

    fn failed(error: WorkerError) -> FromCatalogue {
        FromCatalogue::Failed(error)
    }

    /// A newer question about the map makes those still waiting void.
    fn is_void(waiting: &ToCatalogue, newer: &ToCatalogue) -> bool {
        matches!(
            (waiting, newer),
            (ToCatalogue::Map { .. }, ToCatalogue::Map { .. })
        )
    }

    fn answer(
        &mut self,
        message: ToCatalogue,
        payload: Option<Vec<u8>>,
    ) -> Result<Vec<Outgoing<FromCatalogue>>, WorkerError> {
        match message {
            ToCatalogue::Hello { schema, build } => same_build(schema, &build),
            ToCatalogue::LoadCatalogue => self.load_catalogue(&needed(payload)?),
            ToCatalogue::LoadRoads => self.load_roads(&needed(payload)?),
            ToCatalogue::Map { id, query } => {
                let locations = self.locations(id)?;
                let answer = locations.index.query(&locations.catalogue, &query);
                Ok(one(FromCatalogue::Map { id, answer }))
            }
            ToCatalogue::Location { id, question } => {
                let Locations {
                    catalogue, index, ..
                } = self.locations(id)?;
                let detail = catalogue
                    .find(&question.location)
                    .map(|found| location::location_detail(catalogue, index, found, &question))
                    .map(Box::new);
                Ok(one(FromCatalogue::Location { id, detail }))
            }
            ToCatalogue::Estimate { id, question } => {
                let catalogue = &self.locations(id)?.catalogue;
                let estimate = estimate::estimate(catalogue, &question).map(Box::new);
                Ok(one(FromCatalogue::Estimate { id, estimate }))
            }
            ToCatalogue::Suggest {
                id,
                text,
                limit,
                near,
            } => {
                if self.roads.is_none() && self.locations.is_none() {
                    return Err(not_loaded(id, "locations or roads"));
                }
                let suggestions = self.suggest(&Query {
                    text: &text,
                    near,
                    limit: limit as usize,
                });
                Ok(one(FromCatalogue::Suggest { id, suggestions }))
            }
            ToCatalogue::Entries {
                id,
                locations: ids,
                now,
                center,
            } => {
                let Locations {
                    catalogue, index, ..
                } = self.locations(id)?;
                let entries = entries::entries((catalogue, index), &ids, now, center);
                Ok(one(FromCatalogue::Entries { id, entries }))
            }
            ToCatalogue::BaseMap { id } => {
                let roads = self.roads.as_ref();
                let roads = roads.ok_or_else(|| not_loaded(id, "roads"))?;
                let lines = base_map::base_map(roads);
                Ok(vec![(FromCatalogue::BaseMap { id }, Some(lines))])
            }
        }
    }
}

impl CatalogueEngine {
    fn load_catalogue(
        &mut self,
        bytes: &[u8],
    ) -> Result<Vec<Outgoing<FromCatalogue>>, WorkerError> {
        let catalogue =
            file::decode(bytes).map_err(|e| error(WorkerErrorCode::BadLocations, e.to_string()))?;
        let summary = details::catalogue_summary(&catalogue);
        self.locations = Some(Locations {
            index: LocationIndex::new(&catalogue),
            catalogue,
        });
        self.names = OnceCell::new();
        Ok(one(FromCatalogue::CatalogueLoaded(summary)))
    }

    fn load_roads(&mut self, bytes: &[u8]) -> Result<Vec<Outgoing<FromCatalogue>>, WorkerError> {
        let network = RoadNetwork::decode(bytes)
            .map_err(|e| error(WorkerErrorCode::BadRoads, e.to_string()))?;
        let summary = details::roads_summary(&network);
        self.roads = Some(network);
        self.names = OnceCell::new();
        Ok(one(FromCatalogue::RoadsLoaded(summary)))
    }

    fn suggest(&self, query: &Query<'_>) -> Vec<Suggestion> {
        let network = self.roads.as_ref();
        let catalogue = self.locations.as_ref().map(|l| &l.catalogue);
        let names = self.names.get_or_init(|| Names::new(network, catalogue));
        suggest::suggest(query, names, network, catalogue)
    }

    fn locations(&self, id: u32) -> Result<&Locations, WorkerError> {
        let locations = self.locations.as_ref();
        locations.ok_or_else(|| not_loaded(id, "locations"))
    }
}
