//! The peer for clusters: the crate `supercluster`, Mapbox's algorithm in Rust.

use crate::table::{Times, timed};
use anyhow::{Context as _, Result, ensure};
use chongtu_model::index::{ListSort, Mark};
use chongtu_model::{BoundingBox, Catalogue, Filter, LocationIndex, MapQuery};
use supercluster::{CoordinateSystem, Supercluster};

/// Beyond this zoom it clusters nothing.
const MAX_ZOOM: u8 = 15;

pub(crate) struct Clusters {
    made: Supercluster,
    n: usize,
}

impl Clusters {
    /// Loads the points of a catalogue some times; its figures, without making its input.
    pub(crate) fn load(catalogue: &Catalogue, runs: usize) -> Result<(Self, Times)> {
        let points: Vec<Vec<f64>> = catalogue
            .locations
            .iter()
            .map(|l| vec![l.position.lng, l.position.lat])
            .collect();
        let features = Supercluster::feature_builder().add_points(points).build();
        let mut seconds = Vec::new();
        let mut last = None;
        for _ in 0..runs.max(1) {
            let features = features.clone();
            let (made, took) = timed(|| -> Result<Supercluster> {
                let options = Supercluster::builder()
                    .radius(56.0)
                    .extent(512.0)
                    .min_points(2)
                    .max_zoom(MAX_ZOOM)
                    .coordinate_system(CoordinateSystem::LatLng)
                    .build();
                let mut made = Supercluster::new(options);
                made.load(features).context("supercluster")?;
                Ok(made)
            });
            seconds.push(took);
            last = Some(made?);
        }
        let made = last.context("nothing was loaded")?;
        let n = catalogue.locations.len();
        Ok((Self { made, n }, Times::measured(seconds)))
    }

    /// How many marks it draws, and for how many points they stand.
    pub(crate) fn in_view(&self, bounds: BoundingBox, zoom: f64) -> Result<(usize, u64)> {
        let BoundingBox {
            west,
            south,
            east,
            north,
        } = bounds;
        let found = self
            .made
            .get_clusters([west, south, east, north], zoom as u8)
            .context("supercluster")?;
        let points = found.iter().map(|feature| {
            let count = feature.property("point_count");
            count.and_then(serde_json::Value::as_u64).unwrap_or(1)
        });
        Ok((found.len(), points.sum()))
    }

    /// Both stand for every point at every zoom, and find the same number in each box.
    pub(crate) fn agree(
        &self,
        catalogue: &Catalogue,
        index: &LocationIndex,
        boxes: impl Iterator<Item = BoundingBox>,
    ) -> Result<()> {
        let ask = |bounds, zoom: f64| {
            index.query(
                catalogue,
                &MapQuery {
                    bounds,
                    zoom,
                    filter: Filter::default(),
                    now: crate::generate::NOW,
                    center: None,
                    list_offset: 0,
                    list_limit: 0,
                    sort: ListSort::Distance,
                    selected: None,
                    facets: false,
                },
            )
        };
        let all = catalogue.locations.iter();
        let n_to_go = all.filter(|l| l.is_place_to_go()).count();
        ensure!(
            n_to_go == self.n,
            "the peer would draw places nobody can go to"
        );
        for zoom in 0..=MAX_ZOOM {
            let zoom = f64::from(zoom);
            let marks = ask(BoundingBox::WORLD, zoom).marks;
            let ours: u64 = marks.iter().map(|m| u64::from(Mark::n_locations(m))).sum();
            let (_, its) = self.in_view(BoundingBox::WORLD, zoom)?;
            ensure!(
                (ours, its) == (self.n as u64, self.n as u64),
                "zoom {zoom}: our marks stand for {ours}, supercluster's for {its} of {}",
                self.n
            );
        }
        // Its way of wrapping longitudes moves an edge by a rounding error. Positions are whole
        // millionths of a degree: edges half-way between two pass through none.
        let between = |degrees: f64| ((degrees * 1e6).floor() + 0.5) / 1e6;
        for BoundingBox {
            west,
            south,
            east,
            north,
        } in boxes
        {
            let bounds = BoundingBox {
                west: between(west),
                south: between(south),
                east: between(east),
                north: between(north),
            };
            let ours = u64::from(ask(bounds, 10.0).n_in_view);
            let (_, its) = self.in_view(bounds, f64::from(MAX_ZOOM) + 1.0)?;
            ensure!(
                ours == its,
                "{bounds:?}: we find {ours} points, supercluster finds {its}"
            );
        }
        Ok(())
    }
}
