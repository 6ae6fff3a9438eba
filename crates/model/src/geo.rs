//! Positions on the ground, in WGS-84. Other datums are other types ([`crate::datum`]).

use serde::{Deserialize, Serialize};

/// Mean Earth radius (IUGG R₁), metres.
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A WGS-84 position in degrees. The field names keep the order honest: `[lng, lat]` exists
/// only in files and at the JavaScript border.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatLng {
    /// Latitude, degrees north, `-90..=90`.
    pub lat: f64,
    /// Longitude, degrees east, `-180..=180`.
    pub lng: f64,
}

/// A pair of numbers that is not a position.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("latitude {lat}, longitude {lng} is not a position on Earth")]
pub struct NotAPosition {
    /// The latitude as given.
    pub lat: f64,
    /// The longitude as given.
    pub lng: f64,
}

impl LatLng {
    /// Checks the ranges.
    ///
    /// # Errors
    /// When the latitude is outside ±90, the longitude outside ±180, or either is not finite.
    pub fn new(lat: f64, lng: f64) -> Result<Self, NotAPosition> {
        if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lng) {
            Ok(Self { lat, lng })
        } else {
            Err(NotAPosition { lat, lng })
        }
    }

    /// Great-circle distance in metres (haversine on the mean Earth radius; at most 0.6 % off
    /// the ellipsoid). Nanjing to Shanghai: about 270 km.
    pub fn distance_m(self, other: Self) -> f64 {
        let (p1, p2) = (self.lat.to_radians(), other.lat.to_radians());
        let dp = libm::sin((p2 - p1) / 2.0);
        let dl = libm::sin((other.lng - self.lng).to_radians() / 2.0);
        let h = dp * dp + libm::cos(p1) * libm::cos(p2) * dl * dl;
        2.0 * EARTH_RADIUS_M * libm::asin(libm::sqrt(h.min(1.0)))
    }

    /// The position in whole millionths of a degree, as files store it (0.11 m).
    pub fn to_e6(self) -> [i32; 2] {
        [
            libm::round(self.lat * 1e6) as i32,
            libm::round(self.lng * 1e6) as i32,
        ]
    }

    /// From whole millionths of a degree (latitude, longitude).
    ///
    /// # Errors
    /// When outside the ranges of [`LatLng::new`].
    pub fn from_e6(e6: [i32; 2]) -> Result<Self, NotAPosition> {
        Self::new(f64::from(e6[0]) / 1e6, f64::from(e6[1]) / 1e6)
    }
}

/// A box of latitudes and longitudes. `west > east` means that it crosses the antimeridian.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoundingBox {
    /// Western edge, degrees.
    pub west: f64,
    /// Southern edge, degrees.
    pub south: f64,
    /// Eastern edge, degrees.
    pub east: f64,
    /// Northern edge, degrees.
    pub north: f64,
}

impl BoundingBox {
    /// The whole Earth.
    pub const WORLD: Self = Self {
        west: -180.0,
        south: -90.0,
        east: 180.0,
        north: 90.0,
    };

    /// The smallest box that holds all points; `None` without points. Never crosses the antimeridian.
    pub fn of(points: impl IntoIterator<Item = LatLng>) -> Option<Self> {
        points.into_iter().fold(None, |acc, p| {
            Some(match acc {
                None => Self {
                    west: p.lng,
                    south: p.lat,
                    east: p.lng,
                    north: p.lat,
                },
                Some(b) => Self {
                    west: b.west.min(p.lng),
                    south: b.south.min(p.lat),
                    east: b.east.max(p.lng),
                    north: b.north.max(p.lat),
                },
            })
        })
    }

    /// Whether the point lies within or on the edge.
    pub fn contains(&self, p: LatLng) -> bool {
        let lng = if self.west <= self.east {
            p.lng >= self.west && p.lng <= self.east
        } else {
            p.lng >= self.west || p.lng <= self.east
        };
        lng && p.lat >= self.south && p.lat <= self.north
    }

    /// The middle (not across the antimeridian).
    pub fn center(&self) -> LatLng {
        LatLng {
            lat: f64::midpoint(self.south, self.north),
            lng: f64::midpoint(self.west, self.east),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanjing_to_shanghai() {
        let nanjing = LatLng {
            lat: 32.0603,
            lng: 118.7969,
        };
        let shanghai = LatLng {
            lat: 31.2304,
            lng: 121.4737,
        };
        // Spherical law of cosines, worked by hand: 269.6 km.
        assert!((nanjing.distance_m(shanghai) - 269_600.0).abs() < 1_000.0);
        assert_eq!(nanjing.distance_m(nanjing), 0.0);
    }

    #[test]
    fn refuses_what_is_no_position() {
        for (lat, lng) in [
            (90.1, 0.0),
            (0.0, 180.5),
            (f64::NAN, 0.0),
            (0.0, f64::INFINITY),
        ] {
            assert!(LatLng::new(lat, lng).is_err());
        }
    }

    #[test]
    fn box_across_the_antimeridian() {
        let b = BoundingBox {
            west: 170.0,
            south: -10.0,
            east: -170.0,
            north: 10.0,
        };
        assert!(b.contains(LatLng {
            lat: 0.0,
            lng: 179.0
        }));
        assert!(b.contains(LatLng {
            lat: 0.0,
            lng: -179.0
        }));
        assert!(!b.contains(LatLng { lat: 0.0, lng: 0.0 }));
    }
}
