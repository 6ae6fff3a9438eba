//! How some locations stand now: the favourites.

use chongtu_model::filter::Filter;
use chongtu_model::index::{ListEntry, ListSort, LocationIndex, MapQuery};
use chongtu_model::{BoundingBox, Catalogue, Instant, LatLng, LocationId};

/// The list's entries of these locations, by id or alias, in their order; `None` where there is no
/// such location, or it is no place to go any more.
pub(super) fn entries(
    (catalogue, index): (&Catalogue, &LocationIndex),
    ids: &[LocationId],
    now: Instant,
    center: Option<LatLng>,
) -> Vec<Option<ListEntry>> {
    let everywhere = BoundingBox {
        west: -180.0,
        south: -90.0,
        east: 180.0,
        north: 90.0,
    };
    let query = MapQuery {
        bounds: everywhere,
        zoom: 0.0,
        filter: Filter {
            ids: Some(ids.to_vec()),
            ..Filter::default()
        },
        now,
        center,
        list_offset: 0,
        list_limit: ids.len() as u32,
        sort: ListSort::Distance,
        selected: None,
        facets: false,
    };
    let list = index.query(catalogue, &query).list;
    ids.iter()
        .map(|id| {
            let location = catalogue.find(id)?;
            list.iter().find(|e| e.id == location.id).cloned()
        })
        .collect()
}
