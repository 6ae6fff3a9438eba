//! Plans: the demonstration region, all China, and 300 sites across a continent.

use crate::Scale;
use crate::check::{Check, Drive};
use crate::data;
use crate::grid::{Grid, Trip};
use crate::random::Random;
use crate::sites;
use crate::table::{Table, Times, timed};
use anyhow::{Context as _, Result, ensure};
use chongtu_feeds::options::ShanghaiOnly;
use chongtu_feeds::{DatumChoice, ImportOptions, Mapping, import_geojson, import_region};
use chongtu_model::vehicle::{
    ChargeCurve, Consumption, Interpolation, OutOfRange, SpeedTable, VehicleConnector,
};
use chongtu_model::{Catalogue, ConnectorStandard, LatLng, Soc, Vehicle};
use chongtu_planner::{
    Assumptions, FailureCode, Plan, PlanFailure, Travel, TripRequest, World, plan_trip,
};
use chongtu_roads::{SpeedDefaults, parse_graph_json, parse_region_with};
use std::rc::Rc;

const SEED: u64 = 31;
/// The usual car of these rows: 60.5 kWh, 88 kW at most, so China takes it many stops.
const CAR: &str = "byd-atto3-2023-60";

/// Steps of the grid that is timed, and of the one that is only held against our answers.
const COARSE: usize = 100;
const FINE: usize = 400;

pub(crate) fn measure(table: &mut Table, scale: Scale) -> Result<()> {
    region(table, scale)?;
    china(table, scale)?;
    continent(table, scale)
}

/// Trips in one world with one car.
struct Trips {
    world: Rc<World>,
    travel: Travel,
    vehicle: Vehicle,
    assumptions: Assumptions,
    requests: Vec<TripRequest>,
}

type Answer = Result<Plan, PlanFailure>;

impl Trips {
    fn new(
        catalogue: Catalogue,
        travel: Travel,
        vehicle: Vehicle,
        assumptions: Assumptions,
    ) -> Self {
        Self {
            world: Rc::new(World::new(Rc::new(catalogue), travel.clone())),
            travel,
            vehicle,
            assumptions,
            requests: Vec::new(),
        }
    }

    fn plan(&self, request: &TripRequest) -> Answer {
        plan_trip(
            &self.world,
            &self.vehicle,
            request,
            &self.assumptions,
            false,
        )
    }

    fn drive(&self) -> Drive<'_> {
        match &self.travel {
            Travel::Roads(roads) => Drive::Roads(roads),
            Travel::GreatCircle { cruise_kmh, .. } => Drive::GreatCircle(*cruise_kmh),
        }
    }

    fn grid(&self, request: &TripRequest, steps: usize) -> Result<Option<Grid>> {
        Grid::new(&Trip {
            world: &self.world,
            travel: &self.travel,
            vehicle: &self.vehicle,
            request,
            assumptions: &self.assumptions,
            steps,
        })
    }

    /// Checks every answer, measures, and prints the rows of the trips that can be driven and of
    /// those that cannot. The grid plans the first `n_grid` of each.
    fn measure(&self, table: &mut Table, what: &str, passes: usize, n_grid: usize) -> Result<()> {
        let (mut solved, mut refused) = (Vec::new(), Vec::new());
        for request in &self.requests {
            match timed(|| self.plan(request)) {
                (Ok(plan), _) => solved.push((request.clone(), plan)),
                (Err(failure), seconds) => refused.push((request.clone(), failure, seconds)),
            }
        }
        ensure!(!solved.is_empty(), "{what}: no trip can be driven");
        self.solved(table, what, passes, n_grid, &solved)?;
        if !refused.is_empty() {
            self.refused(table, what, n_grid, &refused)?;
        }
        Ok(())
    }

    fn solved(
        &self,
        table: &mut Table,
        what: &str,
        passes: usize,
        n_grid: usize,
        trips: &[(TripRequest, Plan)],
    ) -> Result<()> {
        let (mut sum, mut checked, mut labels, mut stops) = (0.0, 0.0, 0, 0);
        let mut most_stops = 0;
        for (request, plan) in trips {
            let place = || format!("{what}, {:?} to {:?}", request.from, request.to);
            let it = plan.itineraries.first().with_context(place)?;
            let check = Check {
                catalogue: self.world.catalogue(),
                drive: self.drive(),
                vehicle: &self.vehicle,
                request,
                assumptions: &self.assumptions,
            };
            checked += check.total_s(it).with_context(place)?;
            sum += it.total_s;
            labels += plan.labels;
            stops += it.stops.len();
            most_stops = most_stops.max(it.stops.len());
        }
        ensure!(
            (sum - checked).abs() <= 1e-5 * checked,
            "{what}: the totals sum to {sum} s, computed again to {checked} s"
        );
        let times = |trips: &[(TripRequest, Plan)]| match trips {
            [(only, _)] => Times::of(passes, || self.plan(only)),
            several => Times::of_each(several, passes, |(request, _)| self.plan(request)),
        };
        let ours = times(trips);
        let some = &trips[..n_grid.min(trips.len())];
        let (its, excess) = self.by_grid(what, some)?;
        let peer = Some(("Dijkstra on a grid of 1 %, legs given free", &its));
        let checksum = format!("{sum:.3} s");
        if some.len() == trips.len() {
            table.row(what, &ours, peer, &checksum)?;
        } else {
            table.row(what, &ours, None, &checksum)?;
            // The ratio is of the same trips on both sides.
            let sum: f64 = some
                .iter()
                .filter_map(|(_, plan)| plan.itineraries.first())
                .map(|it| it.total_s)
                .sum();
            let name = format!("  the first {} of them", some.len());
            table.row(&name, &times(some), peer, &format!("{sum:.3} s"))?;
        }
        let n = trips.len() as f64;
        table.note(&format!(
            "{:.0} labels, {:.1} stops a trip, at most {most_stops} stops; the grid's plans are longer by {excess}",
            labels as f64 / n,
            stops as f64 / n
        ))
    }

    /// Times of the coarse grid, and by how much the plans of both are longer than ours. They must
    /// not be shorter.
    fn by_grid(&self, what: &str, trips: &[(TripRequest, Plan)]) -> Result<(Times, String)> {
        let mut coarse = Vec::new();
        let mut excess = Vec::new();
        for (steps, name) in [(COARSE, "1 %"), (FINE, "0.25 %")] {
            let (mut least, mut most, mut n_none) = (f64::INFINITY, 0.0_f64, 0);
            for (request, plan) in trips {
                let place = || format!("{what}, {:?} to {:?}", request.from, request.to);
                let grid = self.grid(request, steps)?.with_context(place)?;
                let ours = plan.itineraries.first().with_context(place)?.total_s;
                match grid.total_s() {
                    Some(its) => {
                        ensure!(
                            ours <= its + 1e-6 * its,
                            "{}: {ours} s is not optimal: a grid of {name} finds {its} s",
                            place()
                        );
                        least = least.min(its - ours);
                        most = most.max(its - ours);
                    }
                    None => n_none += 1,
                }
                if steps == COARSE {
                    coarse.push(grid);
                }
            }
            let cannot = if n_none > 0 {
                format!(" ({n_none} trips it cannot make)")
            } else {
                String::new()
            };
            excess.push(format!("{least:.1} to {most:.1} s at {name}{cannot}"));
        }
        let times = Times::of_each(&coarse, 1, Grid::total_s);
        Ok((times, excess.join(", ")))
    }

    /// Each was planned once: telling what would help takes seconds, and warmth changes little.
    fn refused(
        &self,
        table: &mut Table,
        what: &str,
        n_grid: usize,
        trips: &[(TripRequest, PlanFailure, f64)],
    ) -> Result<()> {
        let (mut n_relaxations, mut codes) = (0, std::collections::BTreeMap::new());
        for (i, (request, failure, _)) in trips.iter().enumerate() {
            let place = || format!("{what}, {:?} to {:?}", request.from, request.to);
            *codes.entry(failure.code.as_str()).or_insert(0) += 1;
            ensure!(
                failure.code != FailureCode::BudgetExceeded,
                "{}: the search gave up",
                place()
            );
            if i < n_grid && failure.code == FailureCode::GapTooLong {
                ensure!(
                    self.grid(request, FINE)?
                        .is_none_or(|grid| grid.total_s().is_none()),
                    "{}: refused, and a grid of 0.25 % finds a plan",
                    place()
                );
            }
            n_relaxations += failure.relaxations.len();
        }
        let ours = Times::measured(trips.iter().map(|t| t.2).collect());
        let codes: Vec<String> = codes.iter().map(|(c, n)| format!("{n} {c}")).collect();
        table.row(
            "  others, refused with what would help",
            &ours,
            None,
            &format!("{}, {n_relaxations} ways out", codes.join(", ")),
        )?;
        // Which one took longest: it is the one to look at.
        match trips.iter().max_by(|a, b| a.2.total_cmp(&b.2)) {
            Some((request, failure, seconds)) => table.note(&format!(
                "longest: {seconds:.3} s, {} at {}, {:?} to {:?}",
                failure.code.as_str(),
                failure.at.as_text(),
                request.from,
                request.to
            )),
            None => Ok(()),
        }
    }
}

fn soc(share: f64) -> Result<Soc> {
    Ok(Soc::new(share)?)
}

/// 50 trips between places of the demonstration region.
fn region(table: &mut Table, scale: Scale) -> Result<()> {
    let imported = import_region(
        &data::ours("yangtze/locations.toml")?,
        &data::ours("yangtze/operators.toml")?,
    )?;
    let speeds = SpeedDefaults::parse(&data::ours("speeds.toml")?)?;
    let (network, _) = parse_region_with(
        &data::ours("yangtze/roads.toml")?,
        Some(&data::ours("yangtze/places.toml")?),
        &speeds,
    )?;
    let places: Vec<LatLng> = network.places().iter().map(|p| p.position).collect();
    ensure!(
        places.len() > 1,
        "data/yangtze/places.toml has no two places"
    );
    let travel = Travel::roads(Rc::new(network));
    let mut trips = Trips::new(
        imported.catalogue,
        travel,
        data::car(CAR)?,
        Assumptions::default(),
    );
    let mut r = Random::new(SEED);
    for _ in 0..scale.pick(10, 50) {
        let (from, to) = r.pair(places.len());
        trips.requests.push(TripRequest {
            departure_soc: soc(f64::from(30 + r.below(61) as u32) / 100.0)?,
            ..TripRequest::new(places[from], places[to])
        });
    }
    trips.measure(
        table,
        "plan, region, between places",
        scale.pick(2, 9),
        scale.pick(2, 10),
    )
}

/// Nanjing to Beijing, and 100 trips between sites, on all China with every charger.
fn china(table: &mut Table, scale: Scale) -> Result<()> {
    let (roads, chargers) = (
        "roads/china_expressways_graph.json",
        "locations/china_chargers_wgs84.geojson",
    );
    let Some(json) = data::shared(table, "plans on all China", roads)? else {
        return Ok(());
    };
    let Some(geojson) = data::shared(table, "plans on all China", chargers)? else {
        return Ok(());
    };
    let speeds = SpeedDefaults::parse(&data::ours("speeds.toml")?)?;
    let (network, _) = parse_graph_json(&json, &speeds)?;
    let catalogue = import_geojson(
        &geojson,
        &ImportOptions {
            source: sites::source("china"),
            datum: DatumChoice::Auto,
            mapping: Mapping::default(),
            default_zone: None,
            zones: &ShanghaiOnly,
            assume_connector: None,
            assume_power_kw: None,
        },
    )?
    .catalogue;
    let positions: Vec<LatLng> = catalogue.locations.iter().map(|l| l.position).collect();
    ensure!(
        positions.len() > 1,
        "../shared/data/{chargers}: no two sites"
    );
    let n_sites = positions.len();
    let assumptions = Assumptions {
        connector: Some(ConnectorStandard::GbtDc),
        power_kw: Some(60.0),
    };
    let travel = Travel::roads(Rc::new(network));
    let mut trips = Trips::new(catalogue, travel, data::car(CAR)?, assumptions);

    let nanjing = LatLng::new(32.06, 118.797)?;
    let beijing = LatLng::new(39.904, 116.407)?;
    trips.requests = vec![TripRequest::new(nanjing, beijing)];
    trips.measure(
        table,
        "plan, China, Nanjing to Beijing",
        scale.pick(3, 31),
        1,
    )?;

    let mut r = Random::new(SEED + 1);
    trips.requests = (0..scale.pick(8, 100))
        .map(|_| {
            let (from, to) = r.pair(n_sites);
            TripRequest::new(positions[from], positions[to])
        })
        .collect();
    let what = format!("plan, China, between any of {n_sites} sites");
    trips.measure(table, &what, scale.pick(1, 5), scale.pick(2, 5))
}

/// 300 sites across North America along great circles, at 105 km/h with a range of 320 km: first
/// with flat charging, full at the start, no reserve and no overhead, then as a car really charges.
fn continent(table: &mut Table, scale: Scale) -> Result<()> {
    let path = "locations/tesla_allSites.json";
    let Some(json) = data::shared(table, "plans across a continent", path)? else {
        return Ok(());
    };
    let mut r = Random::new(SEED + 2);
    let catalogue =
        sites::of_usa(&json, &mut r).with_context(|| format!("../shared/data/{path}"))?;
    let positions: Vec<LatLng> = catalogue.locations.iter().map(|l| l.position).collect();
    let travel = Travel::GreatCircle {
        cruise_kmh: 105.0,
        detour: 1.0,
    };
    let pairs: Vec<(LatLng, LatLng)> = (0..scale.pick(8, 61))
        .map(|_| {
            let (from, to) = r.pair(positions.len());
            (positions[from], positions[to])
        })
        .collect();
    let passes = scale.pick(2, 9);
    let n_grid = scale.pick(2, 10);

    let flat = Vehicle {
        id: None,
        name: "320 km, takes what the site gives".into(),
        name_zh: None,
        source: None,
        usable_battery_kwh: 64.0,
        consumption: Consumption::SpeedTable(SpeedTable {
            points: vec![[105.0, 200.0]],
            interpolation: Interpolation::Linear,
            out_of_range: OutOfRange::Clamp,
        }),
        charge_curve: ChargeCurve {
            points: vec![[0.0, 1000.0]],
            interpolation: Interpolation::Linear,
        },
        connectors: vec![VehicleConnector {
            standard: ConnectorStandard::GbtDc,
            max_power_kw: None,
        }],
        auxiliary_kw: 0.0,
        charge_efficiency: 1.0,
        slope: None,
    };
    let mut trips = Trips::new(
        catalogue.clone(),
        travel.clone(),
        flat,
        Assumptions::default(),
    );
    for &(from, to) in &pairs {
        trips.requests.push(TripRequest {
            departure_soc: Soc::FULL,
            reserve_soc: Soc::EMPTY,
            charger_arrival_soc: Soc::EMPTY,
            arrival_soc: Soc::EMPTY,
            overhead_s: 0.0,
            ..TripRequest::new(from, to)
        });
    }
    trips.measure(
        table,
        "plan, 300 sites, great circles, flat",
        passes,
        n_grid,
    )?;

    let mut trips = Trips::new(
        catalogue,
        travel,
        data::car("tesla-model-3-lr-2023")?,
        Assumptions::default(),
    );
    trips.requests = pairs
        .iter()
        .map(|&(from, to)| TripRequest::new(from, to))
        .collect();
    trips.measure(
        table,
        "plan, 300 sites, great circles, curve",
        passes,
        n_grid,
    )
}
