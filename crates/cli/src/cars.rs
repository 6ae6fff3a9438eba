//! Cars by id: the built-in ones, or a folder of car files; or a car file of one's own.

use crate::error::{CliError, Result};
use crate::input::read_file;
use chongtu_model::Vehicle;
use std::fs;
use std::path::Path;

/// File stem and text of every car in `data/cars`.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/cars.rs"));

/// All cars, in order of id.
pub(crate) fn all(folder: Option<&Path>) -> Result<Vec<Vehicle>> {
    let Some(folder) = folder else {
        return BUILT_IN
            .iter()
            .map(|(id, text)| read(text, id, &format!("built-in car {id}")))
            .collect();
    };
    let failed =
        |e: std::io::Error| CliError::usage(format!("cannot read {}: {e}", folder.display()));
    let mut cars = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|e| e == "json") {
            cars.push(of_file(&path)?);
        }
    }
    cars.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(cars)
}

/// The car that `--car` names.
pub(crate) fn find(asked: &str, folder: Option<&Path>) -> Result<Vehicle> {
    let path = Path::new(asked);
    let is_file_name = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("json"));
    if is_file_name || asked.contains(['/', '\\']) {
        return of_file(path);
    }
    let cars = all(folder)?;
    let key = asked.trim().to_lowercase();
    if let Some(car) = cars.iter().find(|c| c.id.as_deref() == Some(&key)) {
        return Ok(car.clone());
    }
    let mut near: Vec<(usize, &str)> = cars
        .iter()
        .filter_map(|c| c.id.as_deref())
        .map(|id| (dissimilarity(&key, id), id))
        .collect();
    near.sort_unstable();
    let near: Vec<&str> = near.iter().take(3).map(|&(_, id)| id).collect();
    Err(CliError::usage(if near.is_empty() {
        format!("no car {asked:?}: there are no cars; give a car file")
    } else {
        format!(
            "no car {asked:?}; nearest: {}; `chongtu cars` lists all, and --car takes a car file too",
            near.join(", ")
        )
    }))
}

/// A car file of one's own.
fn of_file(path: &Path) -> Result<Vehicle> {
    let bytes = read_file(path)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| CliError::usage(format!("{}: not UTF-8 text", path.display())))?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    read(text, &stem, &path.display().to_string())
}

fn read(text: &str, stem: &str, place: &str) -> Result<Vehicle> {
    let mut car: Vehicle = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|e| CliError::usage(format!("{place}: not a car file: {e}")))?;
    car.validate()
        .map_err(|e| CliError::usage(format!("{place}: {e}")))?;
    if car.id.is_none() {
        car.id = Some(stem.to_lowercase());
    }
    Ok(car)
}

/// How far apart two ids are: parts of the one that begin no part of the other weigh most, then
/// the edit distance. "dolphin" is nearer to "byd-dolphin-2023-60" than to "aion-s".
fn dissimilarity(asked: &str, id: &str) -> usize {
    let parts = |s: &str| -> Vec<String> {
        s.split(|c: char| !c.is_alphanumeric())
            .filter(|p| !p.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let theirs = parts(id);
    let missed = parts(asked)
        .iter()
        .map(|p| {
            theirs
                .iter()
                .map(|t| {
                    if t.starts_with(p.as_str()) {
                        0
                    } else {
                        edit_distance(p, t)
                    }
                })
                .min()
                .unwrap_or(p.len())
        })
        .sum::<usize>();
    missed * 100 + edit_distance(asked, id)
}

/// Levenshtein's distance.
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (slot, &cb) in row.iter_mut().skip(1).zip(&b) {
            let up = *slot;
            left = (diagonal + usize::from(ca != cb)).min(up + 1).min(left + 1);
            diagonal = up;
            *slot = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_car_is_sound_and_named_after_its_file() {
        let cars = all(None).unwrap();
        assert!(cars.len() >= 12, "issue 2 asks for 12 cars");
        for (car, (stem, _)) in cars.iter().zip(BUILT_IN) {
            assert_eq!(car.id.as_deref(), Some(*stem));
            assert!(
                car.source.as_ref().is_some_and(|s| !s.is_empty()),
                "{stem} names its source"
            );
        }
    }

    #[test]
    fn unknown_ids_get_the_nearest() {
        for (asked, wanted) in [
            ("byd-dolfin", "byd-dolphin"),
            ("seagull", "byd-seagull"),
            ("model-y", "tesla-model-y"),
        ] {
            let error = find(asked, None).unwrap_err().to_string();
            assert!(error.contains(wanted), "{asked}: {error}");
        }
    }

    #[test]
    fn distances_by_hand() {
        for (a, b, d) in [
            ("", "", 0),
            ("abc", "", 3),
            ("", "ab", 2),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
        ] {
            assert_eq!(edit_distance(a, b), d, "{a} {b}");
        }
    }
}
