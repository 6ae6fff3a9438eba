//! The cars of the person's own, kept on the device as they are written: one that is listed but
//! calibrated, or one with its own figures. What they are, the planner worker says.
//!
//! Kept as lines: the version, then one car a line, the newest last.

use super::AppState;
use super::follow::{follow, follow_changes};
use super::trip::TripLink;
use super::url::Route;
use crate::js::storage;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The key they are kept under.
pub(crate) const KEY: &str = "garage";
/// No more than this.
pub(crate) const MOST: usize = 20;
const VERSION: &str = "1";
/// What stands in every car that is more than the id of one listed.
const OWN: char = '~';

/// Reads what was kept. `None` when it is damaged or of a version that is not known.
pub(crate) fn read(kept: &str) -> Option<Vec<String>> {
    let mut lines = kept.lines();
    if lines.next()? != VERSION {
        return None;
    }
    let mut cars: Vec<String> = Vec::new();
    for car in lines {
        if !car.is_empty() && cars.iter().all(|c| c != car) {
            cars.push(car.to_owned());
        }
    }
    cars.truncate(MOST);
    Some(cars)
}

fn write(cars: &[String]) -> String {
    let mut text = VERSION.to_owned();
    for car in cars {
        text.push('\n');
        text.push_str(car);
    }
    text
}

/// Whether a car is more than the id of one listed.
pub(crate) fn is_own(car: &str) -> bool {
    car.contains(OWN)
}

/// Keeps every change, and has the cars to choose from follow: those kept, one of a link, those
/// listed.
pub(crate) fn run(app: AppState) {
    follow_changes(move |first| {
        let text = app.garage.with(|cars| write(cars));
        if first {
            return;
        }
        if app.garage.with_untracked(Vec::is_empty) {
            storage::remove(KEY);
        } else {
            storage::set(KEY, &text);
        }
    });
    // Most changes of the address are no other car.
    let own = Memo::new(move |_| own_cars(app));
    let newest = StoredValue::new(0_u32);
    follow(move || {
        let listed = app.planner.listed.get();
        let own = own.get();
        newest.update_value(|n| *n += 1);
        if listed.is_empty() || own.is_empty() {
            app.planner.cars.set(listed);
            return;
        }
        let asked = newest.get_value();
        spawn_local(async move {
            let Ok(found) = app.planner.worker.describe_cars(own).await else {
                return;
            };
            if newest.get_value() == asked {
                let cars = found.into_iter().flatten().chain(listed).collect();
                app.planner.cars.set(cars);
            }
        });
    });
}

/// The cars kept, the one in use, and that of a link, each once; only those that are not merely listed.
fn own_cars(app: AppState) -> Vec<String> {
    let of_link = app.url.with(|u| match u.route {
        Route::Plan => TripLink::parse(&u.fragment).inputs.car,
        _ => None,
    });
    let of_trip = app.trip.with(|t| t.inputs.car.clone());
    let mut cars = app.garage.get();
    for car in [app.car.get(), of_link, of_trip].into_iter().flatten() {
        if is_own(&car) && !cars.contains(&car) {
            cars.push(car);
        }
    }
    cars
}

/// Why a car was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotKept {
    /// There is no room.
    Full,
    /// It is there.
    There,
}

/// Keeps a car, in the place of another where one is given, and uses it.
///
/// # Errors
/// There is no room; or it is there already, and used all the same.
pub(crate) fn put(app: AppState, car: &str, in_place_of: Option<&str>) -> Result<(), NotKept> {
    let id = car.to_owned();
    let result = if !is_own(car) {
        // A calibration taken back: the listed car itself.
        if let Some(old) = in_place_of {
            app.garage.update(|cars| cars.retain(|c| c != old));
        }
        Ok(())
    } else if app.garage.with_untracked(|cars| cars.contains(&id)) {
        Err(NotKept::There)
    } else {
        let place = app
            .garage
            .with_untracked(|cars| in_place_of.and_then(|old| cars.iter().position(|c| c == old)));
        match place {
            None if app.garage.with_untracked(Vec::len) >= MOST => return Err(NotKept::Full),
            None => app.garage.update(|cars| cars.push(id.clone())),
            Some(at) => app.garage.update(|cars| {
                if let Some(slot) = cars.get_mut(at) {
                    slot.clone_from(&id);
                }
            }),
        }
        Ok(())
    };
    use_car(app, id);
    result
}

/// Uses a car from now on, in the trip being planned too.
pub(crate) fn use_car(app: AppState, car: String) {
    app.trip.update(|t| t.inputs.car = Some(car.clone()));
    app.car.set(Some(car));
}

/// Takes a car away; gives what brings it back: its place, and whether it was in use.
pub(crate) fn remove(app: AppState, car: &str) -> (usize, bool) {
    let at = app
        .garage
        .with_untracked(|cars| cars.iter().position(|c| c == car));
    let in_use = app.car.with_untracked(|c| c.as_deref() == Some(car));
    app.garage.update(|cars| cars.retain(|c| c != car));
    if in_use {
        app.car.set(None);
    }
    (at.unwrap_or(0), in_use)
}

/// Undoes [`remove`].
pub(crate) fn restore(app: AppState, car: &str, (at, in_use): (usize, bool)) {
    app.garage.update(|cars| {
        if !cars.iter().any(|c| c == car) {
            cars.insert(at.min(cars.len()), car.to_owned());
        }
    });
    if in_use {
        use_car(app, car.to_owned());
    }
}

/// How many of the kept cars nobody can read, once the planner has said.
pub(crate) fn n_unread(app: AppState) -> usize {
    let known = app.planner.cars.get();
    if known.is_empty() {
        return 0;
    }
    let unread = |car: &&String| known.iter().all(|k| k.id != **car);
    app.garage.with(|cars| cars.iter().filter(unread).count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again() {
        for cars in [&[][..], &["a~1.1"], &["a~1.1", "own1~1~\u{5357} b"]] {
            let cars: Vec<String> = cars.iter().map(|&c| c.to_owned()).collect();
            assert_eq!(read(&write(&cars)), Some(cars));
        }
        for damaged in ["", "2\na~1", "x"] {
            assert_eq!(read(damaged), None, "{damaged}");
        }
        let many: Vec<String> = (0..50).map(|i| format!("a~{i}")).collect();
        assert_eq!(read(&write(&many)).map(|c| c.len()), Some(MOST));
        assert_eq!(read("1\na~1\n\na~1").map(|c| c.len()), Some(1));
    }
}
