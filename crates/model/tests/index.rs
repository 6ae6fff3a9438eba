//! The index against a scan of every location.

#[allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "shared by several test programs"
)]
mod common;

#[allow(unreachable_pub, reason = "a room of this test program")]
mod index_oracle;

use chongtu_model::filter::PriceLimit;
use chongtu_model::index::{ListSort, Mark};
use chongtu_model::location::{LocationKind, PlaceKind};
use chongtu_model::{
    BoundingBox, Catalogue, ConnectorStandard, Currency, Filter, FourWay, LatLng, LocationId,
    LocationIndex, MapAnswer, MapQuery, OperatorId, UnitPrice,
};
use common::{NOW, generate};
use index_oracle::check;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

fn five_thousand() -> &'static (Catalogue, LocationIndex) {
    static MADE: OnceLock<(Catalogue, LocationIndex)> = OnceLock::new();
    MADE.get_or_init(|| {
        let catalogue = generate(7, 5_000);
        let index = LocationIndex::new(&catalogue);
        (catalogue, index)
    })
}

fn query(bounds: BoundingBox, zoom: f64) -> MapQuery {
    MapQuery {
        bounds,
        zoom,
        filter: Filter::default(),
        now: NOW,
        center: None,
        list_offset: 0,
        list_limit: u32::MAX,
        sort: ListSort::Distance,
        selected: None,
        facets: false,
    }
}

fn filters() -> impl Strategy<Value = Filter> {
    let some = |n: usize| prop::collection::vec(0..n, 0..3);
    (
        (some(11), some(5), some(12), some(14)),
        (
            prop::option::of(prop::sample::select(vec![
                0, 7_000, 60_000, 60_001, 480_000,
            ])),
            prop::option::weighted(0.15, prop::sample::select(vec![0, 2, 3, 100])),
            prop::option::weighted(0.2, (0..3_000_000_i64, prop::bool::weighted(0.7))),
        ),
        prop::array::uniform12(prop::bool::weighted(0.15)),
        prop::option::weighted(
            0.15,
            prop::sample::select(vec![
                "站",
                "station 1",
                " GRÖSSE ",
                "größe",
                "power 3",
                "g4",
                "号",
                " ",
            ]),
        ),
        prop::option::weighted(
            0.1,
            prop::collection::vec((0..5_000_usize, prop::bool::ANY), 0..300),
        ),
        prop::bool::weighted(0.2),
    )
        .prop_map(
            |(
                (standards, kinds, places, operators),
                (power, evses, most),
                on,
                text,
                ids,
                plain,
            )| {
                if plain {
                    return Filter::default();
                }
                let all = &five_thousand().0.locations;
                Filter {
                    standards: standards
                        .iter()
                        .filter(|_| on[6])
                        .map(|&i| ConnectorStandard::ALL[i])
                        .collect(),
                    min_power_w: power.filter(|_| on[5]),
                    dc_only: on[0],
                    max_price: most.map(|(millionths, yuan)| PriceLimit {
                        per_kwh: UnitPrice::from_millionths(millionths),
                        currency: if yuan { Currency::CNY } else { Currency::EUR },
                    }),
                    free_now: on[1],
                    free_or_unknown: on[9],
                    operators: operators
                        .iter()
                        .filter(|_| on[7])
                        .map(|i| OperatorId::new(&format!("op{i}")))
                        .collect(),
                    kinds: kinds
                        .iter()
                        .filter(|_| !on[8])
                        .map(|&i| LocationKind::ALL[i])
                        .collect(),
                    places: places
                        .iter()
                        .filter(|_| on[8])
                        .map(|&i| PlaceKind::ALL[i])
                        .collect(),
                    open_now: on[2],
                    open_or_unknown: on[10],
                    parking_free: on[3],
                    parking_always_free: on[11],
                    accessible: on[4],
                    min_evses: evses,
                    text: text.map(str::to_owned),
                    ids: ids.map(|ids| {
                        ids.into_iter()
                            .map(|(i, alias)| match all[i].aliases.first() {
                                Some(old) if alias => old.clone(),
                                _ if alias => LocationId::new("x-nowhere"),
                                _ => all[i].id.clone(),
                            })
                            .collect()
                    }),
                }
            },
        )
}

fn boxes() -> impl Strategy<Value = BoundingBox> {
    let around = |lat: f64, lng: f64| {
        (0.001..20.0_f64, 0.001..20.0_f64).prop_map(move |(h, w)| BoundingBox {
            west: lng - w,
            south: lat - h,
            east: if lng + w > 180.0 {
                lng + w - 360.0
            } else {
                lng + w
            },
            north: lat + h,
        })
    };
    prop_oneof![
        Just(BoundingBox::WORLD),
        around(32.06, 118.8),
        around(51.5, -0.1),
        around(-17.8, 179.95),
        (-180.0..180.0, -90.0..90.0, -180.0..180.0, -90.0..90.0_f64).prop_map(
            |(west, south, east, north): (f64, f64, f64, f64)| BoundingBox {
                west,
                south: south.min(north),
                east,
                north: south.max(north),
            }
        ),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn equals_a_scan(
        bounds in boxes(),
        zoom in 0.0..20.0_f64,
        filter in filters(),
        later_s in prop::sample::select(vec![-3600_i64, 0, 1, 300, 901, 4000, 40_000]),
        center in prop::option::weighted(0.8, (-90.0..=90.0_f64, -180.0..=180.0_f64)),
        (list_offset, list_limit) in prop_oneof![
            Just((0, u32::MAX)), (0..50_u32, 0..100_u32)
        ],
        sort in prop::sample::select(vec![
            ListSort::Distance, ListSort::Distance, ListSort::Power, ListSort::Price, ListSort::Free,
        ]),
        selected in prop::option::of(0..5_000_usize),
        facets in prop::bool::weighted(0.3),
    ) {
        let (catalogue, index) = five_thousand();
        let q = MapQuery {
            bounds,
            zoom,
            filter,
            now: NOW.plus_s(later_s),
            center: center.map(|(lat, lng)| LatLng { lat, lng }),
            list_offset,
            list_limit,
            sort,
            selected: selected.map(|i| catalogue.locations[i].id.clone()),
            facets,
        };
        check(catalogue, &q, &index.query(catalogue, &q));
    }

    /// Bounds that pass exactly through a location hold it, and a hair less does not.
    #[test]
    fn the_edge_is_exact(i in 0..5_000_usize, zoom in 0.0..20.0_f64) {
        let (catalogue, index) = five_thousand();
        let p = catalogue.locations[i].position;
        prop_assume!(p.lng < 179.0 && p.lat < 89.0);
        let on = BoundingBox { west: p.lng, south: p.lat, east: p.lng + 0.5, north: p.lat + 0.5 };
        for bounds in [on, BoundingBox { west: p.lng.next_up(), ..on }, BoundingBox { south: p.lat.next_up(), ..on }] {
            let q = query(bounds, zoom);
            check(catalogue, &q, &index.query(catalogue, &q));
        }
    }
}

#[test]
fn pages_join_to_the_whole_list() {
    let (catalogue, index) = five_thousand();
    for sort in [
        ListSort::Distance,
        ListSort::Power,
        ListSort::Price,
        ListSort::Free,
    ] {
        let whole = MapQuery {
            sort,
            ..query(BoundingBox::WORLD, 5.0)
        };
        let ids = |q: &MapQuery| -> Vec<u32> {
            let list = index.query(catalogue, q).list;
            list.iter().map(|e| e.index).collect()
        };
        let mut joined = Vec::new();
        for page in 0..60 {
            joined.extend(ids(&MapQuery {
                list_offset: page * 100,
                list_limit: 100,
                ..whole.clone()
            }));
        }
        assert_eq!(joined, ids(&whole));
        let distinct: BTreeSet<_> = joined.iter().collect();
        assert_eq!(distinct.len(), joined.len());
    }
}

/// World pixels at a zoom.
fn pixels(p: LatLng, zoom: f64) -> (f64, f64) {
    let world = 512.0 * zoom.exp2();
    let s = p.lat.to_radians().sin();
    (
        (p.lng + 180.0) / 360.0 * world,
        (0.5 - ((1.0 + s) / (1.0 - s)).ln() / (4.0 * std::f64::consts::PI)) * world,
    )
}

/// What a screen of a size shows around a point.
fn screen(center: LatLng, zoom: f64, width: f64, height: f64) -> BoundingBox {
    let world = 512.0 * zoom.exp2();
    let (x, y) = pixels(center, zoom);
    let lat = |y: f64| {
        (std::f64::consts::PI * (1.0 - 2.0 * y / world))
            .sinh()
            .atan()
            .to_degrees()
    };
    let lng = |x: f64| x / world * 360.0 - 180.0;
    BoundingBox {
        west: lng(x - width / 2.0),
        south: lat(y + height / 2.0),
        east: lng(x + width / 2.0),
        north: lat(y - height / 2.0),
    }
}

const NANJING: LatLng = LatLng {
    lat: 32.06,
    lng: 118.80,
};

#[test]
fn panning_moves_no_mark() {
    let (catalogue, index) = five_thousand();
    for zoom in [6.0, 8.3, 9.7, 11.0, 13.2] {
        let here = screen(NANJING, zoom, 900.0, 900.0);
        let width = here.east - here.west;
        let there = BoundingBox {
            west: here.west + 0.137 * width,
            east: here.east + 0.137 * width,
            ..here
        };
        let marks = |bounds| index.query(catalogue, &query(bounds, zoom)).marks;
        // A cluster is at most three squares of 90 px wide: inside this frame none is cut.
        let cut = 300.0 / 900.0 * width;
        let inside = |marks: &[Mark]| -> Vec<String> {
            let mut kept: Vec<String> = marks
                .iter()
                .filter(|m| {
                    let p = m.position();
                    (there.west + cut..here.east - cut).contains(&p.lng)
                        && (pixels(p, zoom).1 - pixels(NANJING, zoom).1).abs() < 150.0
                })
                .map(|m| format!("{m:?}"))
                .collect();
            kept.sort();
            kept
        };
        let (before, after) = (inside(&marks(here)), inside(&marks(there)));
        assert!(!before.is_empty(), "nothing to compare at zoom {zoom}");
        assert_eq!(before, after, "zoom {zoom}");
    }
}

#[test]
fn marks_keep_their_distance() {
    let (catalogue, index) = five_thousand();
    let (mut n_marks, mut n_near) = (0, 0);
    for step in 0..100 {
        let zoom = 3.0 + 0.11 * f64::from(step);
        let marks = index
            .query(
                catalogue,
                &query(screen(NANJING, zoom, 1440.0, 900.0), zoom),
            )
            .marks;
        let at: Vec<_> = marks.iter().map(|m| pixels(m.position(), zoom)).collect();
        n_marks += at.len();
        n_near += (0..at.len())
            .filter(|&i| {
                (0..at.len()).any(|j| i != j && (at[i].0 - at[j].0).hypot(at[i].1 - at[j].1) < 40.0)
            })
            .count();
    }
    println!("{n_near} of {n_marks} marks nearer than 40 px to another");
    assert!(n_near * 20 < n_marks, "{n_near} of {n_marks}");
}

#[test]
fn close_up_only_equal_positions_cluster() {
    let (catalogue, index) = five_thousand();
    let mut at = BTreeMap::<[i32; 2], u32>::new();
    for location in &catalogue.locations {
        if location.is_place_to_go() {
            *at.entry(location.position.to_e6()).or_default() += 1;
        }
    }
    let marks = index
        .query(catalogue, &query(BoundingBox::WORLD, 15.0))
        .marks;
    assert_eq!(marks.len(), at.len());
    assert!(at.values().any(|&n| n > 1));
    let sizes = |mut of: Vec<u32>| {
        of.sort_unstable();
        of
    };
    assert_eq!(
        sizes(marks.iter().map(Mark::n_locations).collect()),
        sizes(at.into_values().collect())
    );
}

#[test]
fn far_out_neighbours_cluster() {
    let (catalogue, index) = five_thousand();
    let answer = index.query(catalogue, &query(BoundingBox::WORLD, 2.0));
    assert!(answer.marks.len() < 400, "{}", answer.marks.len());
    assert!(answer.marks.iter().any(|m| m.n_locations() > 100));
}

#[test]
fn planned_places_are_not_shown() {
    let mut catalogue = generate(3, 50);
    let before = LocationIndex::new(&catalogue).query(&catalogue, &query(BoundingBox::WORLD, 3.0));
    let gone = before.list[0].index as usize;
    catalogue.locations[gone].evses.truncate(1);
    for evse in &mut catalogue.locations[gone].evses {
        evse.status = chongtu_model::Status::Planned;
    }
    assert_eq!(
        catalogue.locations[gone].evses.len(),
        1,
        "choose another seed"
    );
    let after = LocationIndex::new(&catalogue).query(&catalogue, &query(BoundingBox::WORLD, 3.0));
    assert_eq!(after.n_total, before.n_total - 1);
    assert_eq!(after.n_in_view, before.n_in_view - 1);
    assert!(after.list.iter().all(|e| e.index as usize != gone));
}

#[test]
fn nothing_and_nonsense_are_answered() {
    let empty = Catalogue::default();
    let q = query(BoundingBox::WORLD, 3.0);
    assert_eq!(
        LocationIndex::new(&empty).query(&empty, &q),
        MapAnswer::default()
    );
    let (catalogue, index) = five_thousand();
    for zoom in [f64::NAN, f64::INFINITY, -5.0, 1e9] {
        let q = query(BoundingBox::WORLD, zoom);
        check(catalogue, &q, &index.query(catalogue, &q));
    }
    let q = query(
        BoundingBox {
            west: f64::NAN,
            ..BoundingBox::WORLD
        },
        3.0,
    );
    assert_eq!(index.query(catalogue, &q).n_in_view, 0);
    // South above north holds nothing.
    let q = query(
        BoundingBox {
            south: 33.0,
            north: 31.0,
            ..BoundingBox::WORLD
        },
        8.0,
    );
    check(catalogue, &q, &index.query(catalogue, &q));
    // An index of another catalogue.
    assert_eq!(
        index.query(&empty, &query(BoundingBox::WORLD, 3.0)).list,
        vec![]
    );
}

#[test]
fn unknown_is_not_free() {
    let (catalogue, index) = five_thousand();
    let mut q = query(BoundingBox::WORLD, 15.0);
    q.filter.free_now = true;
    let answer = index.query(catalogue, &q);
    assert!(answer.n_matching > 0 && answer.n_matching < answer.n_total);
    assert!(
        answer
            .list
            .iter()
            .all(|e| e.counts.summary() == FourWay::Free)
    );
    assert_eq!(answer.n_free_in_view, answer.n_in_view);
}
