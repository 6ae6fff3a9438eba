//! Which carriageway a service area serves.
//!
//! Sources say it in words ("towards Shanghai"). The place that the words name decides: the side
//! is the direction along the edge in which the way to that place is shorter. Where the place is
//! not known but the other side of the same service area is, it is the opposite one; where neither
//! is, both directions may stop there.

use chongtu_model::{Catalogue, LatLng, Location};
use chongtu_roads::{Metric, Place, RoadNetwork, Router, Side, Snap, Weighting};
use std::collections::BTreeMap;

/// Two sides of one service area are no farther apart, metres.
const ACROSS_M: f64 = 2_000.0;

/// Whether two locations are the two sides of one service area: near as the crow flies, out of
/// reach for a car.
pub(crate) fn across_the_road(a: &Location, b: &Location) -> bool {
    match (&a.road, &b.road) {
        (Some(ra), Some(rb)) => {
            ra.reference == rb.reference
                && ra.direction != rb.direction
                && a.position.distance_m(b.position) < ACROSS_M
        }
        _ => false,
    }
}

/// Sets the side of every location's snap that says which direction it serves.
pub(crate) fn assign(
    network: &RoadNetwork,
    catalogue: &Catalogue,
    snaps: &mut [Option<Snap>],
    max_snap_m: f64,
) {
    let places: Vec<&Place> = network
        .places()
        .iter()
        .chain(network.far_places())
        .collect();
    let mut towards: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, location) in catalogue.locations.iter().enumerate() {
        if location
            .road
            .as_ref()
            .is_some_and(|r| r.direction.is_some())
            && let Some(place) = place_of(location, &places)
        {
            towards.entry(place).or_default().push(index);
        }
    }
    if towards.is_empty() {
        return;
    }
    // By how many seconds the named place is nearer when driving forward; negative: backward.
    let mut forward_by_s: Vec<Option<f64>> = vec![None; snaps.len()];
    let weighting = Weighting::new(network, None, |_| 1.0);
    let mut router = Router::new(network);
    for (place, members) in towards {
        let Some(&place) = places.get(place) else {
            continue;
        };
        let end = network.snap(place.position, max_snap_m, 1).first().copied();
        if let Some(end) = end {
            router.search(
                network,
                &weighting,
                Metric::Duration,
                &end,
                false,
                f64::INFINITY,
            );
        }
        for index in members {
            if let Some(Some(snap)) = snaps.get(index)
                && let Some(slot) = forward_by_s.get_mut(index)
            {
                *slot = match end {
                    Some(_) => nearer_way(network, &router, &weighting, snap),
                    None => Some(nearer_end(network, snap, place.position)),
                };
            }
        }
    }
    settle_pairs(catalogue, snaps, &mut forward_by_s);
    for (snap, by_s) in snaps.iter_mut().zip(forward_by_s) {
        if let (Some(snap), Some(by_s)) = (snap, by_s) {
            snap.side = if by_s >= 0.0 {
                Side::Forward
            } else {
                Side::Backward
            };
        }
    }
}

/// The two sides of one service area are two: where both seem to lie on one (roads to two cities
/// may part only later), the one that is less sure gives way; one of unknown direction takes what
/// is left.
fn settle_pairs(catalogue: &Catalogue, snaps: &[Option<Snap>], forward_by_s: &mut [Option<f64>]) {
    let areas: Vec<usize> = (0..catalogue.locations.len())
        .filter(|&i| {
            catalogue
                .locations
                .get(i)
                .is_some_and(|l| l.road.as_ref().is_some_and(|r| r.direction.is_some()))
        })
        .collect();
    let edge = |i: usize| snaps.get(i).copied().flatten().map(|s| s.edge);
    for (n, &i) in areas.iter().enumerate() {
        for &j in areas.iter().skip(n + 1) {
            let (Some(here), Some(there)) =
                (catalogue.locations.get(i), catalogue.locations.get(j))
            else {
                continue;
            };
            if edge(i) != edge(j) || !across_the_road(here, there) {
                continue;
            }
            let by_s = |k: usize| forward_by_s.get(k).copied().flatten();
            let (weaker, opposite) = match (by_s(i), by_s(j)) {
                (Some(a), Some(b)) if (a >= 0.0) == (b >= 0.0) => {
                    if a.abs() < b.abs() {
                        (i, -b)
                    } else {
                        (j, -a)
                    }
                }
                (Some(a), None) => (j, -a),
                (None, Some(b)) => (i, -b),
                _ => continue,
            };
            if let Some(slot) = forward_by_s.get_mut(weaker) {
                // Not quite zero, so that its sign speaks.
                *slot = Some(if opposite == 0.0 { -1.0 } else { opposite });
            }
        }
    }
}

/// The place that a location's direction names: the longest name found in it.
fn place_of(location: &Location, places: &[&Place]) -> Option<usize> {
    let direction = location.road.as_ref()?.direction.as_ref()?;
    let named = |place: &&Place| {
        let local = direction
            .text
            .contains(&place.name.text)
            .then(|| place.name.text.chars().count());
        let english = match (&direction.en, &place.name.en) {
            (Some(d), Some(p)) if d.starts_with(p.as_str()) => Some(p.len()),
            _ => None,
        };
        local.max(english)
    };
    places
        .iter()
        .enumerate()
        .filter_map(|(i, p)| Some((named(p)?, core::cmp::Reverse(p.rank), core::cmp::Reverse(i))))
        .max()
        .map(|(_, _, core::cmp::Reverse(i))| i)
}

/// By how many seconds the way to the searched place is shorter when driving forward.
fn nearer_way(
    network: &RoadNetwork,
    router: &Router,
    weighting: &Weighting,
    snap: &Snap,
) -> Option<f64> {
    let (a, b) = network.edge_endpoints(snap.edge);
    let whole_s = weighting
        .duration_s
        .get(snap.edge.index())
        .copied()
        .unwrap_or(0.0);
    let share = snap.offset_m / network.edge_length_m(snap.edge).max(1e-9);
    let by_a = router.to_node(a)?.duration_s + whole_s * share;
    let by_b = router.to_node(b)?.duration_s + whole_s * (1.0 - share);
    Some(by_a - by_b)
}

/// The same for a place beyond the network, as the crow flies from the edge's ends, at 100 km/h.
fn nearer_end(network: &RoadNetwork, snap: &Snap, place: LatLng) -> f64 {
    let (a, b) = network.edge_endpoints(snap.edge);
    let from_m = |node| network.node_position(node).distance_m(place);
    (from_m(a) - from_m(b)) * 3.6 / 100.0
}
