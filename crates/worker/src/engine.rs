//! The worker without its worker: messages in, messages out, and a plan that runs in steps.
//!
//! [`Engine::handle`] answers at once whatever can be answered at once. A plan is begun by it and
//! carried on by [`Engine::work`], a little at a time, so that whoever drives the engine can hear
//! a [`ToWorker::Cancel`] in between. A message that fails changes nothing.

mod base_map;
mod cars;
mod details;
mod names;
mod pinyin;
mod suggest;

use crate::{CarChoice, FromWorker, PlanResult, SCHEMA, ToWorker, WorkerError, WorkerErrorCode};
use chongtu_model::index::LocationIndex;
use chongtu_model::{Catalogue, Instant, LatLng, Vehicle, file};
use chongtu_planner::{Assumptions, Phase, Step, Travel, TripRequest, TripSearch, World};
use chongtu_roads::RoadNetwork;
use core::cell::OnceCell;
use names::Names;
use std::rc::Rc;

/// A message from the engine, and its payload where it has one.
pub type Outgoing = (FromWorker, Option<Vec<u8>>);

/// The least growth of the share done that is worth a message.
const PROGRESS_STEP: f64 = 0.01;

/// All that the worker knows and does. Create it with [`Engine::default`].
#[derive(Default)]
pub struct Engine {
    catalogue: Option<Locations>,
    roads: Option<Roads>,
    cars: Vec<Vehicle>,
    /// Catalogue on roads; made for the first plan that needs it.
    world: Option<Rc<World>>,
    running: Option<Running>,
}

struct Locations {
    catalogue: Rc<Catalogue>,
    index: LocationIndex,
    names: OnceCell<Names>,
}

struct Roads {
    network: Rc<RoadNetwork>,
    names: OnceCell<Names>,
}

/// The plan at work.
struct Running {
    id: u32,
    search: TripSearch,
    phase: Phase,
    /// The share that was told last, of this phase.
    told: f64,
}

impl Engine {
    /// Does a message and gives the answers, at once; a plan only begins (see [`Engine::work`]).
    /// What cannot be done is answered by [`FromWorker::Failed`], and nothing changes.
    pub fn handle(&mut self, message: ToWorker, payload: Option<Vec<u8>>) -> Vec<Outgoing> {
        self.answer(message, payload)
            .unwrap_or_else(|error| vec![(FromWorker::Failed(error), None)])
    }

    /// Whether a plan is at work.
    pub fn has_work(&self) -> bool {
        self.running.is_some()
    }

    /// Carries the running plan on by about `budget_labels` labels. Gives its answer when it is
    /// done, and its progress when that has grown by a hundredth.
    pub fn work(&mut self, budget_labels: u32) -> Vec<Outgoing> {
        let Some(running) = &mut self.running else {
            return Vec::new();
        };
        let id = running.id;
        match running.search.step(budget_labels) {
            Step::Running(progress) => {
                if progress.phase != running.phase {
                    running.phase = progress.phase;
                    running.told = 0.0;
                }
                if progress.share < running.told + PROGRESS_STEP {
                    return Vec::new();
                }
                running.told = progress.share;
                one(FromWorker::PlanProgress {
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
                one(FromWorker::Plan { id, result })
            }
        }
    }

    fn answer(
        &mut self,
        message: ToWorker,
        payload: Option<Vec<u8>>,
    ) -> Result<Vec<Outgoing>, WorkerError> {
        let payload = || {
            let missing = "the message comes without its payload";
            payload.ok_or_else(|| error(WorkerErrorCode::BadMessage, missing.to_owned()))
        };
        match message {
            ToWorker::Hello { schema, build } => same_build(schema, &build),
            ToWorker::LoadCatalogue => self.load_catalogue(&payload()?),
            ToWorker::LoadRoads => self.load_roads(&payload()?),
            ToWorker::LoadCars => self.load_cars(&payload()?),
            ToWorker::Map { id, query } => {
                let locations = self.locations(id)?;
                let answer = locations.index.query(&locations.catalogue, &query);
                Ok(one(FromWorker::Map { id, answer }))
            }
            ToWorker::Location { id, location, now } => {
                let catalogue = &self.locations(id)?.catalogue;
                let detail = catalogue
                    .find(&location)
                    .map(|location| details::location_detail(catalogue, location, now))
                    .map(Box::new);
                Ok(one(FromWorker::Location { id, detail }))
            }
            ToWorker::Suggest { id, text, limit } => {
                if self.roads.is_none() && self.catalogue.is_none() {
                    return Err(not_loaded(id, "locations or roads"));
                }
                let suggestions = self.suggest(&text, limit);
                Ok(one(FromWorker::Suggest { id, suggestions }))
            }
            ToWorker::BaseMap { id } => {
                let lines = base_map::base_map(&self.roads(id)?.network);
                Ok(vec![(FromWorker::BaseMap { id }, Some(lines))])
            }
            ToWorker::Plan {
                id,
                car,
                request,
                assumptions,
                now,
            } => {
                let request = self.checked(id, request, &assumptions)?;
                let car = self.car(id, car)?;
                self.begin_plan(id, &car, &request, &assumptions, now)
            }
            ToWorker::Cancel { id } => Ok(self
                .running
                .take_if(|running| running.id == id)
                .map_or_else(Vec::new, |running| one(cancelled(running.id)))),
        }
    }

    fn load_catalogue(&mut self, bytes: &[u8]) -> Result<Vec<Outgoing>, WorkerError> {
        let catalogue =
            file::decode(bytes).map_err(|e| error(WorkerErrorCode::BadLocations, e.to_string()))?;
        let summary = details::catalogue_summary(&catalogue);
        self.catalogue = Some(Locations {
            index: LocationIndex::new(&catalogue),
            catalogue: Rc::new(catalogue),
            names: OnceCell::new(),
        });
        self.world = None;
        Ok(one(FromWorker::CatalogueLoaded(summary)))
    }

    fn load_roads(&mut self, bytes: &[u8]) -> Result<Vec<Outgoing>, WorkerError> {
        let network = RoadNetwork::decode(bytes)
            .map_err(|e| error(WorkerErrorCode::BadRoads, e.to_string()))?;
        let summary = details::roads_summary(&network);
        self.roads = Some(Roads {
            network: Rc::new(network),
            names: OnceCell::new(),
        });
        self.world = None;
        Ok(one(FromWorker::RoadsLoaded(summary)))
    }

    fn load_cars(&mut self, bytes: &[u8]) -> Result<Vec<Outgoing>, WorkerError> {
        let mut cars = cars::parse_cars(bytes).map_err(|e| error(WorkerErrorCode::BadCars, e))?;
        cars.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        let summaries = cars.iter().map(cars::summary_of).collect();
        self.cars = cars;
        Ok(one(FromWorker::CarsLoaded { cars: summaries }))
    }

    fn suggest(&self, text: &str, limit: u32) -> Vec<crate::Suggestion> {
        let roads = self.roads.as_ref().map(|roads| {
            let names = &roads.names;
            let names = names.get_or_init(|| suggest::road_network_names(&roads.network));
            (&*roads.network, names)
        });
        let catalogue = self.catalogue.as_ref().map(|locations| {
            let names = &locations.names;
            let names = names.get_or_init(|| suggest::catalogue_names(&locations.catalogue));
            (&*locations.catalogue, names)
        });
        suggest::suggest(text, limit, roads, catalogue)
    }

    /// Messages carry bare numbers: what is no position would make every distance NaN.
    fn checked(
        &self,
        id: u32,
        request: TripRequest,
        assumptions: &Assumptions,
    ) -> Result<TripRequest, WorkerError> {
        self.locations(id)?;
        self.roads(id)?;
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

    fn car(&self, id: u32, choice: CarChoice) -> Result<Vehicle, WorkerError> {
        let bad = |detail: String| of(id, WorkerErrorCode::BadCar, detail);
        match choice {
            CarChoice::Own(car) => match car.validate() {
                Ok(()) => Ok(*car),
                Err(e) => Err(bad(e.to_string())),
            },
            CarChoice::Known(key) => {
                let known = self.cars.iter().find(|car| car.id.as_ref() == Some(&key));
                known
                    .cloned()
                    .ok_or_else(|| bad(format!("no car of the list has the id {key}")))
            }
        }
    }

    fn begin_plan(
        &mut self,
        id: u32,
        car: &Vehicle,
        request: &TripRequest,
        assumptions: &Assumptions,
        now: Instant,
    ) -> Result<Vec<Outgoing>, WorkerError> {
        let catalogue = Rc::clone(&self.locations(id)?.catalogue);
        let network = Rc::clone(&self.roads(id)?.network);
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
        Ok(older.map_or_else(Vec::new, |older| one(cancelled(older))))
    }

    fn locations(&self, id: u32) -> Result<&Locations, WorkerError> {
        let locations = self.catalogue.as_ref();
        locations.ok_or_else(|| not_loaded(id, "locations"))
    }

    fn roads(&self, id: u32) -> Result<&Roads, WorkerError> {
        self.roads.as_ref().ok_or_else(|| not_loaded(id, "roads"))
    }
}

fn same_build(schema: u16, build: &str) -> Result<Vec<Outgoing>, WorkerError> {
    let ours = crate::build_id();
    if (schema, build) == (SCHEMA, ours) {
        return Ok(Vec::new());
    }
    let detail = format!(
        "the app speaks schema {schema} of build {build}, the worker schema {SCHEMA} of build {ours}: reload the page"
    );
    Err(error(WorkerErrorCode::BadMessage, detail))
}

fn one(message: FromWorker) -> Vec<Outgoing> {
    vec![(message, None)]
}

fn cancelled(id: u32) -> FromWorker {
    FromWorker::Plan {
        id,
        result: PlanResult::Cancelled,
    }
}

fn error(code: WorkerErrorCode, detail: String) -> WorkerError {
    WorkerError {
        code,
        detail,
        id: None,
    }
}

fn of(id: u32, code: WorkerErrorCode, detail: String) -> WorkerError {
    WorkerError {
        code,
        detail,
        id: Some(id),
    }
}

fn not_loaded(id: u32, what: &str) -> WorkerError {
    let detail = format!("the {what} must be loaded before this is asked");
    of(id, WorkerErrorCode::NotLoaded, detail)
}
