//! Location → Evse → Connector, OCPI's nouns. One EVSE serves one car at a time.

use crate::geo::LatLng;
use crate::hours::OpeningHours;
use crate::ids::{ConnectorId, EvseUid, LocationId};
use crate::money::Currency;
use crate::provenance::LocalText;
use crate::status::{Status, StatusCounts};
use crate::tariff::ParkingFee;
use crate::time::Instant;
use serde::{Deserialize, Serialize};

/// A place where cars charge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Stable id.
    pub id: LocationId,
    /// Earlier ids, and ids of what was merged into it.
    pub aliases: Vec<LocationId>,
    /// Name.
    pub name: LocalText,
    /// Street address.
    pub address: Option<LocalText>,
    /// City, as a lower-case slug or as the source has it.
    pub city: Option<String>,
    /// District within the city.
    pub district: Option<String>,
    /// Where, in WGS-84.
    pub position: LatLng,
    /// What the source gave, in the source's datum (latitude, longitude), when it is not WGS-84.
    pub raw_position: Option<(f64, f64)>,
    /// Index into [`crate::Catalogue::sources`].
    pub source: u16,
    /// Index into [`crate::Catalogue::operators`].
    pub operator: Option<u32>,
    /// For whom it is; `None` where the source does not say.
    pub kind: Option<LocationKind>,
    /// What kind of place it stands at.
    pub place: Option<PlaceKind>,
    /// The road and direction that a service area serves.
    pub road: Option<RoadSide>,
    /// Index into [`crate::Catalogue::zones`].
    pub zone: Option<u16>,
    /// When it is open; `None`: unknown.
    pub opening_hours: Option<OpeningHours>,
    /// What else is there.
    pub facilities: Vec<Facility>,
    /// Usable with a wheelchair.
    pub accessible: Option<bool>,
    /// What parking costs, in short: what the filter asks.
    pub parking: Option<ParkingCost>,
    /// What parking costs, in full, where more is known than the short form says.
    pub parking_rule: Option<ParkingRule>,
    /// How to get in: the entrance, the level, the bay.
    pub access_note: Option<LocalText>,
    /// The level it stands on as written on the wall, such as `B2`.
    pub floor: Option<String>,
    /// The highest vehicle that gets in, cm.
    pub max_vehicle_height_cm: Option<u16>,
    /// Whom to call on the spot, as it is dialled.
    pub phone: Option<String>,
    /// Its EVSEs.
    pub evses: Vec<Evse>,
    /// Latest change that the source reports.
    pub last_updated: Option<Instant>,
}

/// For whom a location is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationKind {
    /// Open to all.
    Public,
    /// A bus, taxi or office depot that opens to the public in fixed hours.
    DepotPublicHours,
    /// Somebody's own, shared.
    PrivateShared,
    /// Battery swap.
    BatterySwap,
    /// Hydrogen.
    Hydrogen,
}

/// What kind of place a location stands at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// On an expressway, usually for one direction.
    ServiceArea,
    /// Bays along a street.
    Roadside,
    /// Park and ride.
    ParkAndRide,
    /// A mall.
    Mall,
    /// A residential quarter.
    Residential,
    /// A lamp post.
    LampPost,
    /// A petrol station.
    PetrolStation,
    /// A depot.
    Depot,
    /// An office car park.
    Office,
    /// A hotel.
    Hotel,
    /// A railway or coach station, or an airport.
    Station,
    /// Something else.
    Other,
}

/// The carriageway that a service area serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoadSide {
    /// The road's number, such as `G42`.
    pub reference: String,
    /// Towards where.
    pub direction: Option<LocalText>,
}

/// What else is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Facility {
    /// Toilets.
    Toilets,
    /// A restaurant.
    Restaurant,
    /// A café.
    Cafe,
    /// A shop.
    Shop,
    /// Wireless network.
    Wifi,
    /// A hotel.
    Hotel,
    /// A car wash.
    CarWash,
}

/// What parking costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParkingCost {
    /// Nothing.
    Free,
    /// Nothing while charging.
    FreeWhileCharging,
    /// Something.
    Paid,
}

/// What parking at a location costs, in full: the car park's own fee, whatever the charger's
/// tariff is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkingRule {
    /// The fee.
    pub fee: ParkingFee,
    /// The currency of the fee.
    pub currency: Currency,
    /// What no number says, such as a receipt to be shown.
    pub note: Option<LocalText>,
}

/// What serves one car at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evse {
    /// OCPI's uid.
    pub uid: EvseUid,
    /// The eMI3 id on the sticker.
    pub evse_id: Option<String>,
    /// What it is doing.
    pub status: Status,
    /// Since when that is known.
    pub status_updated: Option<Instant>,
    /// What it can do.
    pub capabilities: Vec<Capability>,
    /// Only one of them at a time.
    pub connectors: Vec<Connector>,
}

/// What an EVSE can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Capability {
    /// Can be reserved.
    Reservable,
    /// Can feed the grid from the car.
    VehicleToGrid,
    /// Can be started remotely.
    RemoteStartStop,
    /// Shares its supply with its neighbours: when they charge too, it gives less than it says.
    SharesPower,
}

/// A plug or socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connector {
    /// Unique within the EVSE.
    pub id: ConnectorId,
    /// Which; `None`: unknown.
    pub standard: Option<ConnectorStandard>,
    /// Power at the plug, W; `None`: unknown.
    pub power_w: Option<u32>,
    /// Index into [`crate::Catalogue::tariffs`].
    pub tariff: Option<u32>,
    /// The standard was assumed by the importer, not given by the source.
    pub standard_assumed: bool,
    /// The power was assumed by the importer, not given by the source.
    pub power_assumed: bool,
}

macro_rules! standards {
    ($($(#[$doc:meta])* $name:ident = $ocpi:literal, $dc:literal;)*) => {
        /// Connector standards by their OCPI names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum ConnectorStandard {
            $($(#[$doc])* #[serde(rename = $ocpi)] $name,)*
        }

        impl ConnectorStandard {
            /// All that are known.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// OCPI's name.
            pub const fn ocpi(self) -> &'static str {
                match self { $(Self::$name => $ocpi,)* }
            }

            /// Whether it carries direct current.
            pub const fn is_dc(self) -> bool {
                match self { $(Self::$name => $dc,)* }
            }
        }
    };
}

standards! {
    /// GB/T 20234.2, alternating current.
    GbtAc = "GBT_AC", false;
    /// GB/T 20234.3, direct current.
    GbtDc = "GBT_DC", true;
    /// `ChaoJi`.
    Chaoji = "CHAOJI", true;
    /// `CHAdeMO`.
    Chademo = "CHADEMO", true;
    /// Type 1.
    Iec62196T1 = "IEC_62196_T1", false;
    /// CCS1.
    Iec62196T1Combo = "IEC_62196_T1_COMBO", true;
    /// Type 2.
    Iec62196T2 = "IEC_62196_T2", false;
    /// CCS2.
    Iec62196T2Combo = "IEC_62196_T2_COMBO", true;
    /// Tesla's own of Europe.
    TeslaS = "TESLA_S", true;
    /// North America's.
    SaeJ3400 = "SAE_J3400", true;
    /// A household socket (any).
    Domestic = "DOMESTIC", false;
}

impl ConnectorStandard {
    /// Reads OCPI's name, in any case, with `-`, blank or `/` for `_`; `DOMESTIC_*` is one.
    pub fn from_ocpi(text: &str) -> Option<Self> {
        let folded: String = text
            .trim()
            .chars()
            .map(|c| {
                if matches!(c, '-' | ' ' | '/') {
                    '_'
                } else {
                    c.to_ascii_uppercase()
                }
            })
            .collect();
        if folded.starts_with("DOMESTIC") {
            return Some(Self::Domestic);
        }
        Self::ALL.iter().copied().find(|s| s.ocpi() == folded)
    }
}

/// Connectors of one location that are alike: what the planner works with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorGroup {
    /// Which plug.
    pub standard: Option<ConnectorStandard>,
    /// Power at the plug, W.
    pub power_w: Option<u32>,
    /// Index into [`crate::Catalogue::tariffs`].
    pub tariff: Option<u32>,
    /// Standard or power was assumed.
    pub assumed: bool,
    /// How many EVSEs offer it, by status.
    pub counts: StatusCounts,
    /// The first EVSE and connector of the group, to name one.
    pub first: (EvseUid, ConnectorId),
}

impl Location {
    /// A location of the first source of which no more is known.
    pub const fn new(id: LocationId, name: LocalText, position: LatLng) -> Self {
        Self {
            id,
            aliases: Vec::new(),
            name,
            address: None,
            city: None,
            district: None,
            position,
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
            evses: Vec::new(),
            last_updated: None,
        }
    }

    /// Status of every EVSE that is a place to go, at an instant.
    pub fn status_counts(&self, now: Instant, stale_after_s: Option<i64>) -> StatusCounts {
        let mut counts = StatusCounts::default();
        for evse in &self.evses {
            if let Some(shown) = evse
                .status
                .four_way_at(evse.status_updated, now, stale_after_s)
            {
                counts.add(shown);
            }
        }
        counts
    }

    /// Its connectors grouped by standard, power and tariff; strongest first, then by standard.
    pub fn connector_groups(
        &self,
        now: Instant,
        stale_after_s: Option<i64>,
    ) -> Vec<ConnectorGroup> {
        let mut groups: Vec<ConnectorGroup> = Vec::new();
        for evse in &self.evses {
            let Some(shown) = evse
                .status
                .four_way_at(evse.status_updated, now, stale_after_s)
            else {
                continue;
            };
            let mut seen: Vec<usize> = Vec::new();
            for connector in &evse.connectors {
                let assumed = connector.standard_assumed || connector.power_assumed;
                let same = |g: &ConnectorGroup| {
                    (g.standard, g.power_w, g.tariff, g.assumed)
                        == (
                            connector.standard,
                            connector.power_w,
                            connector.tariff,
                            assumed,
                        )
                };
                let at = groups.iter().position(same).unwrap_or_else(|| {
                    groups.push(ConnectorGroup {
                        standard: connector.standard,
                        power_w: connector.power_w,
                        tariff: connector.tariff,
                        assumed,
                        counts: StatusCounts::default(),
                        first: (evse.uid.clone(), connector.id.clone()),
                    });
                    groups.len() - 1
                });
                // Two like connectors on one EVSE still serve one car.
                if !seen.contains(&at) {
                    seen.push(at);
                    if let Some(group) = groups.get_mut(at) {
                        group.counts.add(shown);
                    }
                }
            }
        }
        groups.sort_by_key(|g| (core::cmp::Reverse(g.power_w), g.standard));
        groups
    }

    /// The strongest connector, W.
    pub fn max_power_w(&self) -> Option<u32> {
        self.evses
            .iter()
            .flat_map(|e| &e.connectors)
            .filter_map(|c| c.power_w)
            .max()
    }

    /// Whether any connector carries direct current.
    pub fn has_dc(&self) -> bool {
        self.evses
            .iter()
            .flat_map(|e| &e.connectors)
            .any(|c| c.standard.is_some_and(ConnectorStandard::is_dc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standards_by_name() {
        for &s in ConnectorStandard::ALL {
            assert_eq!(ConnectorStandard::from_ocpi(s.ocpi()), Some(s));
        }
        assert_eq!(
            ConnectorStandard::from_ocpi("gbt-dc"),
            Some(ConnectorStandard::GbtDc)
        );
        assert_eq!(
            ConnectorStandard::from_ocpi("DOMESTIC_F"),
            Some(ConnectorStandard::Domestic)
        );
        assert_eq!(ConnectorStandard::from_ocpi("banana"), None);
    }
}
