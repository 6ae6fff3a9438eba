//! Lines on the ground: positions in millionths of a degree, cutting a line by distance.

use chongtu_model::LatLng;

/// A stored position in degrees. Stored positions are in range.
pub(crate) fn at(e6: [i32; 2]) -> LatLng {
    LatLng {
        lat: f64::from(e6[0]) / 1e6,
        lng: f64::from(e6[1]) / 1e6,
    }
}

/// Longitude difference in degrees, the short way round.
pub(crate) fn lng_difference(from: f64, to: f64) -> f64 {
    let d = to - from;
    if d > 180.0 {
        d - 360.0
    } else if d < -180.0 {
        d + 360.0
    } else {
        d
    }
}

/// The point the fraction `t` of the way from `p` to `q`, straight in latitude and longitude.
pub(crate) fn between(p: LatLng, q: LatLng, t: f64) -> LatLng {
    if t <= 0.0 {
        return p;
    }
    if t >= 1.0 {
        return q;
    }
    let lng = p.lng + lng_difference(p.lng, q.lng) * t;
    LatLng {
        lat: p.lat + (q.lat - p.lat) * t,
        lng: if lng > 180.0 {
            lng - 360.0
        } else if lng < -180.0 {
            lng + 360.0
        } else {
            lng
        },
    }
}

/// Great-circle length along a line, at each of its points: starts with 0.
pub(crate) fn lengths_along(line: &[LatLng]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut along = Vec::with_capacity(line.len());
    for (i, p) in line.iter().enumerate() {
        if i > 0 {
            sum += line[i - 1].distance_m(*p);
        }
        along.push(sum);
    }
    along
}

/// The part of a line between two fractions of its length, `0 <= from <= to <= 1`, both cut
/// points included. A line without length gives its ends.
pub(crate) fn cut(line: &[LatLng], from: f64, to: f64) -> Vec<LatLng> {
    let along = lengths_along(line);
    let total = along.last().copied().unwrap_or(0.0);
    if total <= 0.0 || (from <= 0.0 && to >= 1.0) {
        return line.to_vec();
    }
    let (start_m, end_m) = (from.max(0.0) * total, to.min(1.0) * total);
    let mut part = vec![point_at(line, &along, start_m)];
    for (p, &m) in line.iter().zip(&along) {
        if m > start_m && m < end_m {
            part.push(*p);
        }
    }
    part.push(point_at(line, &along, end_m));
    part
}

/// The point `m` metres along a line with at least one point.
fn point_at(line: &[LatLng], along: &[f64], m: f64) -> LatLng {
    let i = along.partition_point(|&x| x < m);
    if i == 0 {
        return line[0];
    }
    if i >= line.len() {
        return line[line.len() - 1];
    }
    let span = along[i] - along[i - 1];
    let t = if span > 0.0 {
        (m - along[i - 1]) / span
    } else {
        0.0
    };
    between(line[i - 1], line[i], t)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(lat: f64, lng: f64) -> LatLng {
        LatLng { lat, lng }
    }

    #[test]
    fn cuts_by_length() {
        // On the equator a degree is a degree: thirds fall where one expects them.
        let line = [p(0.0, 0.0), p(0.0, 1.0), p(0.0, 3.0)];
        let part = cut(&line, 1.0 / 6.0, 0.5);
        let want = [p(0.0, 0.5), p(0.0, 1.0), p(0.0, 1.5)];
        assert_eq!(part.len(), want.len());
        for (got, want) in part.iter().zip(want) {
            assert!(got.distance_m(want) < 0.01, "{got:?} {want:?}");
        }
        assert_eq!(cut(&line, 0.0, 1.0), line);
        assert_eq!(cut(&line[..1], 0.2, 0.4), &line[..1]);
    }

    #[test]
    fn goes_the_short_way_round() {
        let mid = between(p(0.0, 179.9), p(0.0, -179.7), 0.75);
        assert!((mid.lng - -179.8).abs() < 1e-9, "{mid:?}");
    }
}
