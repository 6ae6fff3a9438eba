//! The data the page loads: locations, roads, cars and base map under hashed names, and `region.json` that names them.

use crate::{
    basemap::{self, Box4},
    tiles,
    workspace::{
        Workspace, files_under, output, read, read_text, remove_folder, run, say, short_hash, write,
    },
};
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Map, Value, json};
use std::path::Path;

/// The region that is built when none is named: `data/<this>/`.
const DEMONSTRATION: &str = "yangtze";
/// First bytes of built files: such a file is taken as it is.
const LOCATIONS_MAGIC: &[u8] = b"CTLOCS\0\0";
const ROADS_MAGIC: &[u8] = b"CTROADS\0";

/// A built region.
#[derive(Debug)]
pub(crate) struct Region {
    /// Its `region.json`, from the page.
    pub(crate) url: String,
}

/// Builds the region's data with the native program into the folder `all`, emptied before; the page has it as `data/`.
pub(crate) fn build(
    workspace: &Workspace,
    build_id: &str,
    locations: Option<&Path>,
    roads: Option<&Path>,
    all: &Path,
) -> Result<Region> {
    let is_own = locations.is_none() && roads.is_none();
    let id = if is_own { DEMONSTRATION } else { "custom" };
    let source = workspace.root.join("data").join(DEMONSTRATION);
    remove_folder(all)?; // data of an earlier build must not be served on
    let work = workspace.target.join("region");
    remove_folder(&work)?;

    let locations_file = work.join("region.locations");
    let roads_file = work.join("region.roads");
    made(
        workspace,
        "import",
        locations,
        &source.join("locations.toml"),
        LOCATIONS_MAGIC,
        &locations_file,
    )?;
    made(
        workspace,
        "roads",
        roads,
        &source.join("roads.toml"),
        ROADS_MAGIC,
        &roads_file,
    )?;
    let facts = Facts {
        locations: info(workspace, &locations_file)?,
        roads: info(workspace, &roads_file)?,
    };

    tiles::put_reader(&workspace.root)?;
    say("drawing the base map");
    let bounds = facts.bounds()?;
    let land = basemap::read_land(&workspace.root.join("node_modules"))?;
    let water_path = source.join("water.toml");
    let water = water_path
        .exists()
        .then(|| read_text(&water_path))
        .transpose()?;
    let base_map = basemap::build(&land, bounds, water.as_deref())?;
    let cars = cars(&workspace.root.join("data/cars"))?;

    let folder = all.join(id);
    let put = |stem: &str, extension: &str, bytes: &[u8]| -> Result<Value> {
        let name = format!("{stem}-{}.{extension}", short_hash(bytes));
        write(&folder.join(&name), bytes)?;
        Ok(json!({"url": name, "bytes": bytes.len()}))
    };
    let region = json!({
        "schema": 1,
        "build": build_id,
        "id": id,
        "name": facts.name(roads),
        "note": facts.roads["note"],
        "demonstration": facts.demonstration(),
        "bounds": bounds.0,
        "locations": put("locations", "locations", &read(&locations_file)?)?,
        "roads": put("roads", "roads", &read(&roads_file)?)?,
        "cars": put("cars", "json", cars.as_bytes())?,
        "basemap": put("basemap", "geojson", base_map.as_bytes())?,
        "attribution": facts.attribution(),
    });
    write(
        &folder.join("region.json"),
        serde_json::to_vec_pretty(&region)?,
    )?;
    Ok(Region {
        url: format!("./data/{id}/region.json"),
    })
}

/// The built file: copied when it is one already, else made by the program.
fn made(
    workspace: &Workspace,
    command: &str,
    given: Option<&Path>,
    own: &Path,
    magic: &[u8],
    out: &Path,
) -> Result<()> {
    let input = given.unwrap_or(own);
    if read(input)?.starts_with(magic) {
        return write(out, read(input)?);
    }
    write(out, b"")?; // makes the folder
    say(&format!(
        "reading {}",
        input
            .strip_prefix(&workspace.root)
            .unwrap_or(input)
            .display()
    ));
    run(workspace
        .command(workspace.chongtu())
        .arg(command)
        .arg(input)
        .arg("--out")
        .arg(out))
}

fn info(workspace: &Workspace, file: &Path) -> Result<Value> {
    let text = output(workspace.command(workspace.chongtu()).arg("info").arg(file))?;
    serde_json::from_str(&text).context("`chongtu info` did not print JSON")
}

/// What is known of the data, to be put in words on the page.
struct Facts {
    locations: Value,
    roads: Value,
}

impl Facts {
    fn bounds(&self) -> Result<Box4> {
        let of = |info: &Value| bounds_in(info);
        match (of(&self.roads), of(&self.locations)) {
            (Some(roads), Some(locations)) => Ok(roads.union(locations)),
            (Some(one), None) | (None, Some(one)) => Ok(one),
            (None, None) => {
                bail!("neither the roads nor the locations say where they are: both are empty")
            }
        }
    }

    /// The name as `{text, en}`: the roads' own, else that of the file they came from.
    fn name(&self, roads: Option<&Path>) -> Value {
        let own = &self.roads["name"];
        if own["text"]
            .as_str()
            .is_some_and(|text| !text.trim().is_empty())
        {
            return own.clone();
        }
        let stem = roads
            .and_then(Path::file_stem)
            .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        json!({"text": stem, "en": null})
    }

    /// Whether any of it is made up: then the page says so on every view.
    fn demonstration(&self) -> bool {
        [&self.locations, &self.roads]
            .iter()
            .any(|info| info["demonstration"] == true)
    }

    fn attribution(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for info in [&self.locations, &self.roads] {
            match &info["attribution"] {
                Value::String(text) => all.push(text.clone()),
                Value::Array(texts) => {
                    all.extend(texts.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                _ => {}
            }
        }
        all.push("Natural Earth".to_owned());
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|text| !text.trim().is_empty() && seen.insert(text.clone()));
        all
    }
}

/// `bounds` as a list (west, south, east, north) or with named sides.
fn bounds_in(info: &Value) -> Option<Box4> {
    let bounds = &info["bounds"];
    let side = |i: usize, name: &str| bounds[i].as_f64().or_else(|| bounds[name].as_f64());
    Some(Box4([
        side(0, "west")?,
        side(1, "south")?,
        side(2, "east")?,
        side(3, "north")?,
    ]))
}

/// All car files as one list, each with its file's stem as `id`.
fn cars(folder: &Path) -> Result<String> {
    let mut list = Vec::new();
    for (name, path) in files_under(folder)? {
        let Some(stem) = name.strip_suffix(".json") else {
            continue;
        };
        let mut car: Map<String, Value> = serde_json::from_slice(&read(&path)?)
            .with_context(|| format!("{} is not a JSON object", path.display()))?;
        if let Some(id) = car.get("id") {
            ensure!(
                id == stem,
                "{}: its id is {id}, which is not its file's name",
                path.display()
            );
        }
        car.insert("id".to_owned(), Value::from(stem));
        list.push(Value::Object(car));
    }
    ensure!(!list.is_empty(), "{} has no car files", folder.display());
    Ok(serde_json::to_string(&list)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_read_in_both_forms() {
        let expected = Some(Box4([1.0, 2.0, 3.0, 4.0]));
        assert_eq!(
            bounds_in(&json!({"bounds": [1.0, 2.0, 3.0, 4.0]})),
            expected
        );
        assert_eq!(
            bounds_in(&json!({"bounds": {"west": 1.0, "south": 2.0, "east": 3.0, "north": 4.0}})),
            expected
        );
        assert_eq!(bounds_in(&json!({"bounds": null})), None);
    }

    #[test]
    fn names_and_marks_come_from_the_data() {
        let facts = |name: Value, demonstration: bool| Facts {
            locations: json!({"demonstration": demonstration}),
            roads: json!({"name": name, "demonstration": false}),
        };
        let own = json!({"text": "R", "en": "r"});
        let file = Some(Path::new("x/graph.json"));
        assert_eq!(facts(own.clone(), true).name(file), own);
        assert_eq!(
            facts(json!({"text": "", "en": null}), true).name(file)["text"],
            "graph"
        );
        assert!(facts(Value::Null, true).demonstration());
        assert!(!facts(Value::Null, false).demonstration());
    }

    #[test]
    fn attributions_come_once_each() {
        let facts = Facts {
            locations: json!({"attribution": ["A", "B", ""]}),
            roads: json!({"attribution": "A"}),
        };
        assert_eq!(facts.attribution(), ["A", "B", "Natural Earth"]);
    }
}
