//! Which carriageway a service area serves.
//!
//! Sources say it in words ("towards Shanghai"). The place that the words name decides: the side
//! is the direction along the edge in which the way to that place is shorter. Where the place is
//! not known but the other side of the same service area is, it is the opposite one; where neither
//! is, both directions may stop there.

use chongtu_model::{Catalogue, Location};
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
    let mut towards: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut unnamed: Vec<usize> = Vec::new();
    for (index, location) in catalogue.locations.iter().enumerate() {
        if location
            .road
            .as_ref()
            .is_some_and(|r| r.direction.is_some())
        {
            match place_of(location, network.places()) {
                Some(place) => towards.entry(place).or_default().push(index),
                None => unnamed.push(index),
            }
        }
    }
    if towards.is_empty() {
        return;
    }
    let weighting = Weighting::new(network, None, |_| 1.0);
    let mut router = Router::new(network);
    for (place, members) in towards {
        let Some(place) = network.places().get(place) else {
            continue;
        };
        let Some(&end) = network.snap(place.position, max_snap_m, 1).first() else {
            continue;
        };
        router.search(
            network,
            &weighting,
            Metric::Duration,
            &end,
            false,
            f64::INFINITY,
        );
        for index in members {
            if let Some(Some(snap)) = snaps.get_mut(index) {
                snap.side = nearer_way(network, &router, &weighting, snap);
            }
        }
    }
    for index in unnamed {
        let Some(here) = catalogue.locations.get(index) else {
            continue;
        };
        let other = catalogue
            .locations
            .iter()
            .zip(snaps.iter())
            .find_map(|(there, snap)| {
                let side = snap
                    .map(|s| (s.edge, s.side))
                    .filter(|(_, side)| *side != Side::Both)?;
                across_the_road(here, there).then_some(side)
            });
        if let (Some((edge, side)), Some(Some(snap))) = (other, snaps.get_mut(index))
            && snap.edge == edge
        {
            snap.side = if side == Side::Forward {
                Side::Backward
            } else {
                Side::Forward
            };
        }
    }
}

/// The place that a location's direction names: the longest name found in it.
fn place_of(location: &Location, places: &[Place]) -> Option<usize> {
    let direction = location.road.as_ref()?.direction.as_ref()?;
    let named = |place: &Place| {
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

/// The direction along a snap's edge in which the way to the searched place is shorter.
fn nearer_way(network: &RoadNetwork, router: &Router, weighting: &Weighting, snap: &Snap) -> Side {
    let (a, b) = network.edge_endpoints(snap.edge);
    let whole_s = weighting
        .duration_s
        .get(snap.edge.index())
        .copied()
        .unwrap_or(0.0);
    let share = snap.offset_m / network.edge_length_m(snap.edge).max(1e-9);
    let by_a = router.to_node(a).map(|s| s.duration_s + whole_s * share);
    let by_b = router
        .to_node(b)
        .map(|s| s.duration_s + whole_s * (1.0 - share));
    match (by_a, by_b) {
        (Some(by_a), Some(by_b)) if by_a < by_b => Side::Backward,
        (_, Some(_)) => Side::Forward,
        (Some(_), None) => Side::Backward,
        (None, None) => Side::Both,
    }
}
