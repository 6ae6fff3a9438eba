//! Sites across a continent, out of a public list.

use crate::random::Random;
use anyhow::{Result, ensure};
use chongtu_model::location::{Connector, Evse};
use chongtu_model::provenance::{Datum, LocalText, Source};
use chongtu_model::{
    Catalogue, ConnectorId, ConnectorStandard, EvseUid, LatLng, Location, LocationId, SourceId,
    Status,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Site {
    id: u32,
    name: String,
    status: String,
    address: SiteAddress,
    gps: SitePosition,
    power_kilowatt: u32,
}

#[derive(Deserialize)]
struct SiteAddress {
    country: String,
}

#[derive(Deserialize)]
struct SitePosition {
    latitude: f64,
    longitude: f64,
}

/// 300 open sites of known power, chosen by `r`. Their plug is named as the one the cars of `data/cars/` have:
/// a plan asks only that they are the same.
pub(crate) fn of_usa(json: &[u8], r: &mut Random) -> Result<Catalogue> {
    const N: usize = 300;
    let mut sites: Vec<Site> = serde_json::from_slice(json)?;
    sites.retain(|s| s.status == "OPEN" && s.address.country == "USA" && s.power_kilowatt > 0);
    ensure!(sites.len() >= N, "{} sites of {N}", sites.len());
    let mut catalogue = Catalogue {
        sources: vec![source("usa")],
        ..Catalogue::default()
    };
    for _ in 0..N {
        let site = sites.swap_remove(r.below(sites.len()));
        catalogue.locations.push(Location {
            id: LocationId::new(&format!("x-usa-{:05}", site.id)),
            aliases: Vec::new(),
            name: LocalText::plain(site.name),
            address: None,
            city: None,
            district: None,
            position: LatLng::new(site.gps.latitude, site.gps.longitude)?,
            raw_position: None,
            source: 0,
            operator: None,
            kind: None,
            place: None,
            road: None,
            zone: None,
            opening_hours: None,
            facilities: Vec::new(),
            accessible: None,
            parking: None,
            parking_rule: None,
            access_note: None,
            floor: None,
            max_vehicle_height_cm: None,
            phone: None,
            evses: vec![Evse {
                uid: EvseUid::new("1"),
                evse_id: None,
                status: Status::Unknown,
                status_updated: None,
                capabilities: Vec::new(),
                connectors: vec![Connector {
                    id: ConnectorId::new("1"),
                    standard: Some(ConnectorStandard::GbtDc),
                    power_w: Some(site.power_kilowatt * 1000),
                    tariff: None,
                    standard_assumed: true,
                    power_assumed: false,
                }],
            }],
            last_updated: None,
        });
    }
    catalogue.normalize();
    Ok(catalogue)
}

/// A source of which only the id is known.
pub(crate) fn source(id: &str) -> Source {
    Source {
        id: SourceId::new(id),
        name: LocalText::plain(id),
        licence: None,
        attribution: None,
        datum: Datum::Wgs84,
        stale_after_s: None,
        demonstration: false,
    }
}
