//! Which locations a car can use, and with which connector.

use crate::charging::ChargeFunction;
use crate::request::Assumptions;
use chongtu_model::location::{ConnectorGroup, LocationKind};
use chongtu_model::{Catalogue, ConnectorStandard, Instant, Vehicle};
use serde::{Deserialize, Serialize};

/// Locations that were left out of planning, by reason. A location counts once, under the first
/// reason that fits in this order: power unknown, connector unknown, not compatible, no road nearby.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedLocations {
    /// It has a fitting connector, but of unknown power.
    pub power_unknown: u32,
    /// No connector fits, and at least one is unknown.
    pub connector_unknown: u32,
    /// No connector fits the car; swap and hydrogen sites; everything planned, removed or out of order.
    pub not_compatible: u32,
    /// Too far from any road.
    pub no_road_nearby: u32,
}

/// A location the car can charge at, with the connector that charges it fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    /// Index into [`Catalogue::locations`].
    pub location: u32,
    /// The group to be used.
    pub group: ConnectorGroup,
    /// Its standard.
    pub standard: ConnectorStandard,
    /// Power at the plug, kW.
    pub power_kw: f64,
    /// Power at the battery at most, kW: the lesser of site and car, times the efficiency.
    pub limit_kw: f64,
    /// Standard or power was assumed.
    pub assumed: bool,
    /// Index into [`Stations::chargers`].
    pub charger: u32,
}

/// All stations for one car.
#[derive(Clone, Debug, Default)]
pub struct Stations {
    /// In order of location.
    pub stations: Vec<Station>,
    /// The distinct charging functions among them.
    pub chargers: Vec<ChargeFunction>,
    /// What was left out. `no_road_nearby` is filled by the caller, who knows the roads.
    pub skipped: SkippedLocations,
}

/// The EVSEs of a group that may work: not known to be out of order.
fn usable_evses(group: &ConnectorGroup) -> u32 {
    group.counts.total() - group.counts.out_of_order
}

impl Stations {
    /// Chooses for every location the connector that charges this car fastest. `now` decides
    /// nothing but which statuses are stale.
    pub fn new(
        catalogue: &Catalogue,
        vehicle: &Vehicle,
        assume: &Assumptions,
        now: Instant,
    ) -> Self {
        let mut all = Self::default();
        let mut limits: Vec<f64> = Vec::new();
        for (index, location) in catalogue.locations.iter().enumerate() {
            if matches!(
                location.kind,
                Some(LocationKind::BatterySwap | LocationKind::Hydrogen)
            ) {
                all.skipped.not_compatible += 1;
                continue;
            }
            let groups = location.connector_groups(now, catalogue.stale_after_s(location));
            let (mut connector_unknown, mut power_unknown) = (false, false);
            let mut best: Option<Station> = None;
            for group in groups {
                if usable_evses(&group) == 0 {
                    continue;
                }
                let Some(standard) = group.standard.or(assume.connector) else {
                    connector_unknown = true;
                    continue;
                };
                let Some(inlet) = vehicle.connectors.iter().find(|c| c.standard == standard) else {
                    continue;
                };
                let given_kw = group
                    .power_w
                    .filter(|&w| w > 0)
                    .map(|w| f64::from(w) / 1000.0);
                let Some(power_kw) = given_kw.or(assume.power_kw.filter(|p| *p > 0.0)) else {
                    power_unknown = true;
                    continue;
                };
                let at_plug = inlet.max_power_kw.map_or(power_kw, |car| car.min(power_kw));
                let limit_kw = at_plug * vehicle.charge_efficiency;
                // Groups come strongest first: only a truly faster one replaces the one before it;
                // among equals the one with more EVSEs.
                let better = best.as_ref().is_none_or(|b| {
                    limit_kw > b.limit_kw
                        || (limit_kw == b.limit_kw && usable_evses(&group) > usable_evses(&b.group))
                });
                if better {
                    let assumed = group.assumed || group.standard.is_none() || given_kw.is_none();
                    best = Some(Station {
                        location: index as u32,
                        group,
                        standard,
                        power_kw,
                        limit_kw,
                        assumed,
                        charger: 0,
                    });
                }
            }
            match best {
                Some(mut station) => {
                    let at = limits
                        .iter()
                        .position(|&l| l == station.limit_kw)
                        .unwrap_or_else(|| {
                            limits.push(station.limit_kw);
                            all.chargers.push(ChargeFunction::new(
                                &vehicle.charge_curve,
                                station.limit_kw,
                                vehicle.usable_battery_kwh,
                            ));
                            limits.len() - 1
                        });
                    station.charger = at as u32;
                    all.stations.push(station);
                }
                None if power_unknown => all.skipped.power_unknown += 1,
                None if connector_unknown => all.skipped.connector_unknown += 1,
                None => all.skipped.not_compatible += 1,
            }
        }
        all
    }
}
