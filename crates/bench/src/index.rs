//! The spatial index: build, and the map's question, beside two indexes of points and one of
//! clusters.

use crate::Scale;
use crate::clusters::Clusters;
use crate::generate::{NOW, catalogue};
use crate::random::Random;
use crate::table::{Table, Times};
use anyhow::{Context as _, Result, ensure};
use chongtu_model::filter::PriceLimit;
use chongtu_model::index::ListSort;
use chongtu_model::{BoundingBox, Catalogue, Filter, LatLng, LocationIndex, MapQuery, UnitPrice};
use geo_index::kdtree::{KDTree, KDTreeBuilder, KDTreeIndex as _};
use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree, RTreeBuilder, RTreeIndex as _};

const SEED: u64 = 20_261_121;

pub(crate) fn measure(table: &mut Table, scale: Scale) -> Result<()> {
    of_size(table, scale, scale.pick(20_000, 200_000))?;
    if scale == Scale::Full {
        of_size(table, scale, 1_000_000)?;
    }
    Ok(())
}

fn of_size(table: &mut Table, scale: Scale, n: usize) -> Result<()> {
    let thousands = n / 1000;
    let catalogue = catalogue(SEED, n);
    let index = LocationIndex::new(&catalogue);
    ensure!(index.len() == n, "the index holds {} of {n}", index.len());
    let runs = scale.pick(3, 9);
    let (kd, r) = (kd_tree(&catalogue), r_tree(&catalogue));
    let (clusters, loading) = Clusters::load(&catalogue, if n > 500_000 { 1 } else { 3 })?;
    let views = views(&catalogue, scale.pick(2, 8));
    let digest = agree(&catalogue, &index, &kd, &r, &views)?;
    clusters.agree(&catalogue, &index, views.iter().map(|v| v.bounds))?;
    let name = format!("index build, {thousands}k locations");
    let ours = Times::of(runs, || LocationIndex::new(&catalogue));
    let points_alone: [(&str, Times); 2] = [
        (
            "geo-index KDTree, points alone",
            Times::of(runs, || kd_tree(&catalogue)),
        ),
        (
            "geo-index RTree (Hilbert), points alone",
            Times::of(runs, || r_tree(&catalogue)),
        ),
    ];
    for (peer, its) in &points_alone {
        table.row(&name, &ours, Some((peer, its)), &digest)?;
    }
    table.row(
        &name,
        &ours,
        Some(("supercluster (Rust), clusters alone", &loading)),
        &digest,
    )?;
    let passes = scale.pick(1, 5);
    for (filtered, filter) in filters()? {
        let ours = Times::of_each(&views, passes, |view| {
            index.query(&catalogue, &question(view, &filter, 50))
        });
        let name = format!("map view, {thousands}k{filtered}: marks + list of 50");
        let found = Found {
            catalogue: &catalogue,
            filter: &filter,
        };
        let peer = Times::of_each(&views, passes, |view| found.by_kd_tree(&kd, view));
        table.row(
            &name,
            &ours,
            Some(("geo-index KDTree + filter: ids alone", &peer)),
            &digest,
        )?;
        let peer = Times::of_each(&views, 1, |view| found.by_scan(view));
        table.row(
            &name,
            &ours,
            Some(("scan of all: ids alone", &peer)),
            &digest,
        )?;
        if filter.is_empty() {
            let peer = Times::of_each(&views, passes, |view| {
                clusters.in_view(view.bounds, view.zoom)
            });
            table.row(
                &name,
                &ours,
                Some(("supercluster (Rust): clusters alone", &peer)),
                &digest,
            )?;
        }
    }
    let mut whole = Vec::new();
    for (what, change) in HARDEST {
        let name = format!("all {thousands}k in view, {what}");
        let mut question = question(&WORLD, &Filter::default(), 50);
        change(&mut question);
        let times = Times::of(runs, || index.query(&catalogue, &question));
        let matching = index.query(&catalogue, &question).n_matching;
        let all = catalogue.locations.iter();
        let expected = all
            .filter(|l| question.filter.matches(&catalogue, l, question.now))
            .count();
        ensure!(
            matching as usize == expected,
            "{name}: {matching} match, {expected} by a scan"
        );
        whole.push((name, times, matching));
    }
    for (name, times, matching) in whole {
        table.row(&name, &times, None, &format!("{matching} match a scan"))?;
    }
    Ok(())
}

/// All of the Earth on one screen.
const WORLD: View = View {
    bounds: BoundingBox::WORLD,
    zoom: 4.0,
};

type Change = fn(&mut MapQuery);

/// What is asked of every location at once.
const HARDEST: [(&str, Change); 9] = [
    ("nothing asked", |_| ()),
    ("counts beside the filters", |q| q.facets = true),
    ("DC, 100 kW, free", |q| q.filter = demanding()),
    ("DC, 100 kW, free, with counts", |q| {
        q.filter = demanding();
        q.facets = true;
    }),
    ("open at 22:28", |q| {
        q.filter.open_now = true;
        q.now = q.now.plus_s(11 * 3600);
    }),
    ("text \"77 zhongshan road\"", |q| {
        q.filter.text = Some("77 zhongshan road".into());
    }),
    ("text \"sta\"", |q| q.filter.text = Some("sta".into())),
    ("cheapest first", |q| q.sort = ListSort::Price),
    ("freest first", |q| q.sort = ListSort::Free),
];

fn demanding() -> Filter {
    Filter {
        dc_only: true,
        min_power_w: Some(100_000),
        free_now: true,
        ..Filter::default()
    }
}

fn filters() -> Result<[(&'static str, Filter); 3]> {
    let cheap = UnitPrice::parse("1.2").context("a price")?;
    let cheap = Filter {
        max_price: Some(PriceLimit::yuan(cheap)),
        open_now: true,
        min_evses: Some(4),
        ..Filter::default()
    };
    Ok([
        ("", Filter::default()),
        (" filtered", demanding()),
        (" cheap, open", cheap),
    ])
}

/// What one window shows.
struct View {
    bounds: BoundingBox,
    zoom: f64,
}

/// Windows of 1280 x 800 pixels over places where something is, from a continent to a street.
fn views(catalogue: &Catalogue, n_each: usize) -> Vec<View> {
    let mut r = Random::new(SEED + 1);
    let mut views = Vec::new();
    for zoom in [4.0, 6.0, 8.0, 10.0, 12.0, 14.0] {
        for _ in 0..n_each {
            let middle = catalogue.locations[r.below(catalogue.locations.len())].position;
            let world_px = 512.0 * f64::exp2(zoom);
            let half_lng = 640.0 / world_px * 360.0;
            // Mercator's vertical scale at the middle is good enough for a window.
            let half_lat = 400.0 / world_px * 360.0 * middle.lat.to_radians().cos();
            views.push(View {
                bounds: BoundingBox {
                    west: middle.lng - half_lng,
                    south: middle.lat - half_lat,
                    east: middle.lng + half_lng,
                    north: middle.lat + half_lat,
                },
                zoom,
            });
        }
    }
    views
}

fn question(view: &View, filter: &Filter, list_limit: u32) -> MapQuery {
    MapQuery {
        bounds: view.bounds,
        zoom: view.zoom,
        filter: filter.clone(),
        now: NOW,
        center: None,
        list_offset: 0,
        list_limit,
        sort: ListSort::Distance,
        selected: None,
        facets: false,
    }
}

fn kd_tree(catalogue: &Catalogue) -> KDTree<f64> {
    let mut builder = KDTreeBuilder::<f64>::new(catalogue.locations.len() as u32);
    for location in &catalogue.locations {
        builder.add(location.position.lng, location.position.lat);
    }
    builder.finish()
}

fn r_tree(catalogue: &Catalogue) -> RTree<f64> {
    let mut builder = RTreeBuilder::<f64>::new(catalogue.locations.len() as u32);
    for location in &catalogue.locations {
        let LatLng { lat, lng } = location.position;
        builder.add(lng, lat, lng, lat);
    }
    builder.finish::<HilbertSort>()
}

/// The peers' way to the locations in a view that match.
struct Found<'a> {
    catalogue: &'a Catalogue,
    filter: &'a Filter,
}

impl Found<'_> {
    fn keep(&self, ids: Vec<u32>) -> Vec<u32> {
        ids.into_iter().filter(|&i| self.matches(i)).collect()
    }

    fn matches(&self, i: u32) -> bool {
        let location = &self.catalogue.locations[i as usize];
        location.is_place_to_go() && self.filter.matches(self.catalogue, location, NOW)
    }

    fn by_kd_tree(&self, tree: &KDTree<f64>, view: &View) -> Vec<u32> {
        let b = view.bounds;
        self.keep(tree.range(b.west, b.south, b.east, b.north))
    }

    fn by_r_tree(&self, tree: &RTree<f64>, view: &View) -> Vec<u32> {
        let b = view.bounds;
        self.keep(tree.search(b.west, b.south, b.east, b.north))
    }

    fn by_scan(&self, view: &View) -> Vec<u32> {
        let b = view.bounds;
        let within =
            |p: LatLng| (b.west..=b.east).contains(&p.lng) && (b.south..=b.north).contains(&p.lat);
        (0..self.catalogue.locations.len() as u32)
            .filter(|&i| within(self.catalogue.locations[i as usize].position) && self.matches(i))
            .collect()
    }
}

/// Holds our answers against both peers and the scan, id by id; gives how many were found and a
/// hash of which.
fn agree(
    catalogue: &Catalogue,
    index: &LocationIndex,
    kd: &KDTree<f64>,
    r: &RTree<f64>,
    views: &[View],
) -> Result<String> {
    let (mut n_found, mut hash) = (0, 0_u64);
    for (filtered, filter) in filters()? {
        let found = Found {
            catalogue,
            filter: &filter,
        };
        for view in views {
            let answer = index.query(catalogue, &question(view, &filter, u32::MAX));
            let ours = sorted(answer.list.iter().map(|entry| entry.index).collect());
            let at = || format!("{:?} at zoom {}{filtered}", view.bounds, view.zoom);
            ensure!(
                answer.n_in_view as usize == ours.len(),
                "{}: {} in view, {} listed",
                at(),
                answer.n_in_view,
                ours.len()
            );
            let marked: u32 = answer
                .marks
                .iter()
                .map(chongtu_model::index::Mark::n_locations)
                .sum();
            ensure!(
                marked == answer.n_in_view,
                "{}: {marked} in marks, {} in view",
                at(),
                answer.n_in_view
            );
            for (peer, theirs) in [
                ("a scan", found.by_scan(view)),
                ("geo-index KDTree", found.by_kd_tree(kd, view)),
                ("geo-index RTree", found.by_r_tree(r, view)),
            ] {
                let theirs = sorted(theirs);
                ensure!(
                    ours == theirs,
                    "{}: we find {}, {peer} finds {}, or others",
                    at(),
                    ours.len(),
                    theirs.len()
                );
            }
            n_found += ours.len();
            for id in ours {
                hash = (hash ^ u64::from(id))
                    .wrapping_mul(0x0100_0000_01b3)
                    .rotate_left(7);
            }
        }
    }
    ensure!(n_found > 0, "no view holds anything");
    Ok(format!("{n_found} ids, {hash:016x}"))
}

fn sorted(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids
}
