//! The planner worker's engine: one plan at a time, in steps.

mod cars;

use super::{Engine, Outgoing, error, needed, not_loaded, of, one, same_build};
use crate::planner::{CarChoice, FromPlanner, PlanResult, ToPlanner};
use crate::{WorkerError, WorkerErrorCode};
use chongtu_model::{Catalogue, Instant, LatLng, Vehicle, file};
use chongtu_planner::cars::WrittenCar;
use chongtu_planner::{Assumptions, Phase, Step, Travel, TripRequest, TripSearch, World};
use chongtu_roads::RoadNetwork;
use std::rc::Rc;

/// The least growth of the share done that is worth a message.
const PROGRESS_STEP: f64 = 0.01;

/// Locations, roads and cars, and the plan at work.
#[derive(Default)]
pub struct PlannerEngine {
    catalogue: Option<Rc<Catalogue>>,
    roads: Option<Rc<RoadNetwork>>,
    cars: Vec<Vehicle>,
    /// Catalogue on roads; made for the first plan that needs it.
    world: Option<Rc<World>>,
    running: Option<Running>,
}

/// The plan at work.
struct Running {
    id: u32,
    search: TripSearch,
    phase: Phase,
    /// The share that was told last, of this phase.
    told: f64,
}

impl Engine for PlannerEngine {
    type Question = ToPlanner;
    type Answer = FromPlanner;

    fn hello(schema: u16, build: String) -> FromPlanner {
        FromPlanner::Hello { schema, build }
    }

    fn failed(error: WorkerError) -> FromPlanner {
        FromPlanner::Failed(error)
    }

    fn answer(
        &mut self,
        message: ToPlanner,
        payload: Option<Vec<u8>>,
    ) -> Result<Vec<Outgoing<FromPlanner>>, WorkerError> {
        match message {
            ToPlanner::Hello { schema, build } => same_build(schema, &build),
            ToPlanner::LoadCatalogue => self.load_catalogue(&needed(payload)?),
            ToPlanner::LoadRoads => self.load_roads(&needed(payload)?),
            ToPlanner::LoadCars => self.load_cars(&needed(payload)?),
            ToPlanner::Plan {
                id,
                car,
                request,
                assumptions,
                now,
            } => {
                let (catalogue, roads) = self.ready(id)?;
                let request = checked(id, request, &assumptions)?;
                let car = self.car(id, car)?;
                Ok(self.begin_plan(id, (catalogue, roads), &car, &request, &assumptions, now))
            }
            ToPlanner::DescribeCars { id, cars } => {
                let cars = cars.iter().map(|c| cars::describe(c, &self.cars)).collect();
                Ok(one(FromPlanner::CarsDescribed { id, cars }))
            }
            ToPlanner::ReadCarFile { id } => {
                let result = cars::read_file(&needed(payload)?);
                Ok(one(FromPlanner::CarFileRead { id, result }))
            }
            ToPlanner::MakeCar {
                id,
                figures,
                before,
            } => {
                let result = cars::make(&figures, before.as_deref(), &self.cars);
                Ok(one(FromPlanner::CarMade { id, result }))
            }
            ToPlanner::CalibrateCar { id, car, known } => {
                let result = cars::calibrate(&car, known, &self.cars);
                Ok(one(FromPlanner::CarMade { id, result }))
            }
            ToPlanner::Cancel { id } => Ok(self
                .running
                .take_if(|running| running.id == id)
                .map_or_else(Vec::new, |running| one(cancelled(running.id)))),
        }
    }

    /// Whether a plan is at work.
    fn has_work(&self) -> bool {
        self.running.is_some()
    }

    /// Carries the running plan on by about `budget` labels. Gives its answer when it is done, and
    /// its progress when that has grown by a hundredth.
    fn work(&mut self, budget: u32) -> Vec<Outgoing<FromPlanner>> {
        let Some(running) = &mut self.running else {
            return Vec::new();
        };
        let id = running.id;
        match running.search.step(budget) {
            Step::Running(progress) => {
                if progress.phase != running.phase {
                    running.phase = progress.phase;
                    running.told = 0.0;
                }
                if progress.share < running.told + PROGRESS_STEP {
                    return Vec::new();
                }
                running.told = progress.share;
                one(FromPlanner::PlanProgress {
                    id,
                    share: progress.share,
                    labels: progress.labels,
                })
            }
            Step::Done(result) => {
                self.running = None;
                let result = match *result {
                    Ok(plan) => PlanResult::Found(Box::new(plan)),
                    Err(failure) => PlanResult::Failed(Box::new(failure)),
                };
                one(FromPlanner::Plan { id, result })
            }
        }
    }
}

impl PlannerEngine {
    fn load_catalogue(&mut self, bytes: &[u8]) -> Result<Vec<Outgoing<FromPlanner>>, WorkerError> {
        let catalogue =
            file::decode(bytes).map_err(|e| error(WorkerErrorCode::BadLocations, e.to_string()))?;
        self.catalogue = Some(Rc::new(catalogue));
        self.world = None;
        Ok(one(FromPlanner::CatalogueLoaded))
    }

    fn load_roads(&mut self, bytes: &[u8]) -> Result<Vec<Outgoing<FromPlanner>>, WorkerError> {
        let network = RoadNetwork::decode(bytes)
            .map_err(|e| error(WorkerErrorCode::BadRoads, e.to_string()))?;
        self.roads = Some(Rc::new(network));
        self.world = None;
        Ok(one(FromPlanner::RoadsLoaded))
    }

    fn load_cars(&mut self, bytes: &[u8]) -> Result<Vec<Outgoing<FromPlanner>>, WorkerError> {
        let mut cars = cars::parse_cars(bytes).map_err(|e| error(WorkerErrorCode::BadCars, e))?;
        cars.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        let summaries = cars.iter().map(cars::summary_of_listed).collect();
        self.cars = cars;
        Ok(one(FromPlanner::CarsLoaded { cars: summaries }))
    }

    fn ready(&self, id: u32) -> Result<(Rc<Catalogue>, Rc<RoadNetwork>), WorkerError> {
        let catalogue = self.catalogue.as_ref();
        let catalogue = catalogue.ok_or_else(|| not_loaded(id, "locations"))?;
        let roads = self.roads.as_ref();
        let roads = roads.ok_or_else(|| not_loaded(id, "roads"))?;
        Ok((Rc::clone(catalogue), Rc::clone(roads)))
    }

    fn car(&self, id: u32, choice: CarChoice) -> Result<Vehicle, WorkerError> {
        let bad = |detail: String| of(id, WorkerErrorCode::BadCar, detail);
        match choice {
            CarChoice::Own(car) => match car.validate() {
                Ok(()) => Ok(*car),
                Err(e) => Err(bad(e.to_string())),
            },
            CarChoice::Known(written) => WrittenCar::parse(&written)
                .map_err(|e| bad(e.to_string()))?
                .vehicle(&self.cars)
                .ok_or_else(|| bad(format!("no car of the list has the id {written}"))),
        }
    }

    fn begin_plan(
        &mut self,
        id: u32,
        (catalogue, network): (Rc<Catalogue>, Rc<RoadNetwork>),
        car: &Vehicle,
        request: &TripRequest,
        assumptions: &Assumptions,
        now: Instant,
    ) -> Vec<Outgoing<FromPlanner>> {
        let older = self.running.take().map(|older| older.id);
        // With the older plan its hold on the world is gone: the locations need not be joined
        // to the roads again only because time has passed.
        let world = match self.world.take().map(Rc::try_unwrap) {
            Some(Ok(world)) => world,
            _ => World::new(catalogue, Travel::roads(network)),
        };
        let world = Rc::new(world.with_now(now));
        self.world = Some(Rc::clone(&world));
        self.running = Some(Running {
            id,
            search: TripSearch::new(world, car, request, assumptions, false),
            phase: Phase::Searching,
            told: 0.0,
        });
        older.map_or_else(Vec::new, |older| one(cancelled(older)))
    }
}

/// Messages carry bare numbers: what is no position would make every distance NaN.
fn checked(
    id: u32,
    request: TripRequest,
    assumptions: &Assumptions,
) -> Result<TripRequest, WorkerError> {
    let bad = |detail: String| of(id, WorkerErrorCode::BadMessage, detail);
    for (field, at) in [("from", request.from), ("to", request.to)] {
        LatLng::new(at.lat, at.lng).map_err(|e| bad(format!("{field}: {e}")))?;
    }
    match assumptions.power_kw {
        Some(kw) if !(kw.is_finite() && kw > 0.0) => {
            Err(bad(format!("assumptions.power_kw: {kw} is not above 0")))
        }
        _ => Ok(request),
    }
}

fn cancelled(id: u32) -> FromPlanner {
    FromPlanner::Plan {
        id,
        result: PlanResult::Cancelled,
    }
}
