//! The two shifted datums of China. GCJ-02 and BD-09 exist in feeds, hand-off links and base maps;
//! inside there is only WGS-84 ([`crate::LatLng`]).
//!
//! The forward formula is the classic one that all public code shares (Krasovsky 1940 with two
//! series of sines); the inverse is a fixed point iteration, good to 1 mm after four rounds.
//! Hong Kong, Macau and Taiwan are not shifted, nor is anything outside a coarse outline of China.

use crate::geo::LatLng;
use crate::provenance::Datum;
use core::f64::consts::PI;

const A: f64 = 6_378_245.0;
const EE: f64 = 0.006_693_421_622_965_943;

/// A position in GCJ-02, degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gcj02 {
    /// Latitude in GCJ-02.
    pub lat: f64,
    /// Longitude in GCJ-02.
    pub lng: f64,
}

/// A position in BD-09, degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bd09 {
    /// Latitude in BD-09.
    pub lat: f64,
    /// Longitude in BD-09.
    pub lng: f64,
}

/// Boxes `[west, south, east, north]` whose union is a coarse outline of mainland China.
const INSIDE: [[f64; 4]; 6] = [
    [79.446_2, 42.889_9, 96.33, 49.220_4],
    [109.687_2, 39.374_2, 135.000_2, 54.141_5],
    [73.124_6, 29.529_7, 124.143_255, 42.889_9],
    [82.968_4, 26.718_6, 97.035_2, 29.529_7],
    [97.025_3, 20.414_096, 124.367_395, 29.529_7],
    [107.975_793, 17.871_542, 111.744_104, 20.414_096],
];

/// Boxes within them that are not shifted.
const OUTSIDE: [[f64; 4]; 7] = [
    [119.921_265, 21.785_006, 122.497_559, 25.398_623], // Taiwan
    [101.865_235, 20.098_8, 106.665, 21.785_006],
    [106.452_5, 20.487_1, 108.051, 21.785_006],
    [109.032_3, 50.325_7, 119.127, 55.817_5],
    [127.456_8, 49.557_4, 137.022_7, 55.817_5],
    [113.825_0, 22.137_0, 114.502_0, 22.562_0], // Hong Kong
    [113.527_0, 22.102_0, 113.605_0, 22.217_0], // Macau
];

fn is_shifted(p: LatLng) -> bool {
    let within = |b: &[f64; 4]| p.lng >= b[0] && p.lat >= b[1] && p.lng <= b[2] && p.lat <= b[3];
    INSIDE.iter().any(within) && !OUTSIDE.iter().any(within)
}

fn shift(lat: f64, lng: f64) -> (f64, f64) {
    let (x, y) = (lng - 105.0, lat - 35.0);
    let s = |v: f64| libm::sin(v * PI);
    let common = (20.0 * s(6.0 * x) + 20.0 * s(2.0 * x)) * 2.0 / 3.0;
    let root = libm::sqrt(x.abs());
    let dlat = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + common
        + (20.0 * s(y) + 40.0 * s(y / 3.0)) * 2.0 / 3.0
        + (160.0 * s(y / 12.0) + 320.0 * s(y / 30.0)) * 2.0 / 3.0;
    let dlng = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + common
        + (20.0 * s(x) + 40.0 * s(x / 3.0)) * 2.0 / 3.0
        + (150.0 * s(x / 12.0) + 300.0 * s(x / 30.0)) * 2.0 / 3.0;
    let rad = lat.to_radians();
    let magic = 1.0 - EE * libm::sin(rad) * libm::sin(rad);
    let root = libm::sqrt(magic);
    (
        dlat * 180.0 / (A * (1.0 - EE) / (magic * root) * PI),
        dlng * 180.0 / (A / root * libm::cos(rad) * PI),
    )
}

impl From<LatLng> for Gcj02 {
    fn from(p: LatLng) -> Self {
        if !is_shifted(p) {
            return Self {
                lat: p.lat,
                lng: p.lng,
            };
        }
        let (dlat, dlng) = shift(p.lat, p.lng);
        Self {
            lat: p.lat + dlat,
            lng: p.lng + dlng,
        }
    }
}

impl Gcj02 {
    /// Back to WGS-84.
    pub fn to_wgs84(self) -> LatLng {
        let mut p = LatLng {
            lat: self.lat,
            lng: self.lng,
        };
        for _ in 0..5 {
            let there = Self::from(p);
            p = LatLng {
                lat: p.lat + self.lat - there.lat,
                lng: p.lng + self.lng - there.lng,
            };
        }
        p
    }
}

const BD_PI: f64 = PI * 3000.0 / 180.0;

impl From<Gcj02> for Bd09 {
    fn from(p: Gcj02) -> Self {
        let z = libm::sqrt(p.lng * p.lng + p.lat * p.lat) + 0.00002 * libm::sin(p.lat * BD_PI);
        let theta = libm::atan2(p.lat, p.lng) + 0.000_003 * libm::cos(p.lng * BD_PI);
        Self {
            lat: z * libm::sin(theta) + 0.006,
            lng: z * libm::cos(theta) + 0.0065,
        }
    }
}

impl Bd09 {
    /// Back to GCJ-02.
    pub fn to_gcj02(self) -> Gcj02 {
        let mut p = Gcj02 {
            lat: self.lat - 0.006,
            lng: self.lng - 0.0065,
        };
        for _ in 0..5 {
            let there = Self::from(p);
            p = Gcj02 {
                lat: p.lat + self.lat - there.lat,
                lng: p.lng + self.lng - there.lng,
            };
        }
        p
    }
}

/// A position in the given datum, turned to WGS-84.
pub fn to_wgs84(datum: Datum, lat: f64, lng: f64) -> LatLng {
    match datum {
        Datum::Wgs84 => LatLng { lat, lng },
        Datum::Gcj02 => Gcj02 { lat, lng }.to_wgs84(),
        Datum::Bd09 => Bd09 { lat, lng }.to_gcj02().to_wgs84(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_vector() {
        let gcj = Gcj02::from(LatLng {
            lat: 39.915,
            lng: 116.404,
        });
        assert!((gcj.lng - 116.410_244_499_169_38).abs() < 1e-9, "{gcj:?}");
        assert!((gcj.lat - 39.916_404_281_501_64).abs() < 1e-9, "{gcj:?}");
    }

    #[test]
    fn there_and_back_over_china() {
        for lat in 20..50 {
            for lng in 80..125 {
                let p = LatLng {
                    lat: f64::from(lat) + 0.3,
                    lng: f64::from(lng) + 0.7,
                };
                let gcj = Gcj02::from(p);
                assert!(
                    p.distance_m(gcj.to_wgs84()) < 0.001 || !is_shifted(p),
                    "{p:?}"
                );
                let back = Bd09::from(gcj).to_gcj02();
                assert!((back.lat - gcj.lat).abs() + (back.lng - gcj.lng).abs() < 1e-8);
            }
        }
    }

    #[test]
    fn not_shifted_outside_the_mainland() {
        for (name, lat, lng) in [
            ("Hong Kong", 22.30, 114.17),
            ("Macau", 22.19, 113.54),
            ("Taipei", 25.04, 121.56),
            ("Hanoi", 21.03, 105.85),
            ("Seoul", 37.57, 126.98),
            ("London", 51.5, -0.1),
        ] {
            let p = LatLng { lat, lng };
            let gcj = Gcj02::from(p);
            assert_eq!((gcj.lat, gcj.lng), (lat, lng), "{name}");
        }
    }
}
