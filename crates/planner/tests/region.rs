//! The demonstration region: every service area is joined to its own carriageway.

use chongtu_feeds::import_region;
use chongtu_planner::{Travel, World};
use chongtu_roads::{Side, parse_region};
use std::rc::Rc;

#[test]
fn the_two_sides_of_a_service_area_are_two() {
    let roads = include_str!("../../../data/yangtze/roads.toml");
    let places = include_str!("../../../data/yangtze/places.toml");
    let (network, _) = parse_region(roads, Some(places)).expect("our own roads");
    let imported = import_region(
        include_str!("../../../data/yangtze/locations.toml"),
        include_str!("../../../data/yangtze/operators.toml"),
    )
    .expect("our own locations");
    let world = World::new(Rc::new(imported.catalogue), Travel::roads(Rc::new(network)));
    let with_side: Vec<_> = world
        .catalogue()
        .locations
        .iter()
        .zip(world.snaps())
        .filter_map(|(l, snap)| {
            Some((
                l,
                l.road.as_ref()?,
                snap.as_ref().expect("every site has a road"),
            ))
        })
        .filter(|(_, road, _)| road.direction.is_some())
        .collect();
    assert!(with_side.len() > 80, "{} service areas", with_side.len());
    let mut pairs = 0;
    for (here, road, snap) in &with_side {
        assert_ne!(snap.side, Side::Both, "{} ({:?})", here.id, road.direction);
        for (there, other_road, other) in &with_side {
            let is_twin = here.id < there.id
                && road.reference == other_road.reference
                && here.position.distance_m(there.position) < 2_000.0;
            // At a junction the two may lie on two edges, whose directions do not compare.
            if is_twin && snap.edge == other.edge {
                pairs += 1;
                assert_ne!(snap.side, other.side, "{} and {}", here.id, there.id);
            }
        }
    }
    assert!(pairs > 40, "{pairs} pairs");
}
