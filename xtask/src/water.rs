//! Lakes and rivers of a region, drawn by hand in its `water.toml`.

use crate::basemap::{Ring, feature, line_json, rings_json};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

/// Lakes (`[[area]]`) and rivers (`[[line]]`) of a region's water file. Errors name the entry.
pub(crate) fn features(text: &str) -> Result<Vec<Value>> {
    let file: toml::Table = text.parse().context("water.toml")?;
    for key in file.keys() {
        ensure!(
            key == "area" || key == "line",
            "water.toml: there is no {key:?}; entries are [[area]] and [[line]]"
        );
    }
    let mut features = Vec::new();
    for (i, entry) in entries(&file, "area").into_iter().enumerate() {
        let at = || format!("water.toml: area {} ({})", i + 1, name_of(entry));
        let mut rings = vec![points(entry, "ring").with_context(at)?];
        let islands = entry.get("islands").and_then(toml::Value::as_array);
        for island in islands.into_iter().flatten() {
            rings.push(point_list(island).context("an island").with_context(at)?);
        }
        for ring in &mut rings {
            if ring.first() == ring.last() {
                ring.pop();
            }
            ensure!(ring.len() >= 3, "{}: a ring needs three corners", at());
        }
        features.push(feature(
            &water_properties(entry, "lake"),
            "Polygon",
            &rings_json(&rings),
        ));
    }
    for (i, entry) in entries(&file, "line").into_iter().enumerate() {
        let at = || format!("water.toml: line {} ({})", i + 1, name_of(entry));
        let path = points(entry, "path").with_context(at)?;
        ensure!(path.len() >= 2, "{}: a path needs two points", at());
        features.push(feature(
            &water_properties(entry, "river"),
            "LineString",
            &line_json(&path),
        ));
    }
    Ok(features)
}

fn entries<'a>(file: &'a toml::Table, key: &str) -> Vec<&'a toml::Value> {
    file.get(key)
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .collect()
}

fn name_of(entry: &toml::Value) -> &str {
    entry
        .get("name")
        .and_then(|name| name.get("zh")?.as_str())
        .unwrap_or("no name")
}

fn water_properties(entry: &toml::Value, layer: &str) -> Value {
    let text = |value: Option<&toml::Value>| value.and_then(toml::Value::as_str).map(str::to_owned);
    let number = |key: &str| match entry.get(key) {
        Some(toml::Value::Integer(number)) => Some(json!(number)),
        Some(toml::Value::Float(number)) => Some(json!(number)),
        _ => None,
    };
    let name = entry.get("name");
    let all = [
        ("kind", text(entry.get("kind")).map(Value::from)),
        (
            "name",
            text(name.and_then(|name| name.get("zh"))).map(Value::from),
        ),
        (
            "name_en",
            text(name.and_then(|name| name.get("en"))).map(Value::from),
        ),
        ("rank", number("rank")),
        ("width_m", number("width_m")),
    ];
    let mut properties = json!({"layer": layer});
    for (key, value) in all {
        if let Some(value) = value {
            properties[key] = value;
        }
    }
    properties
}

fn points(entry: &toml::Value, key: &str) -> Result<Ring> {
    point_list(entry.get(key).with_context(|| format!("no {key}"))?).context(key.to_owned())
}

fn point_list(value: &toml::Value) -> Result<Ring> {
    let degrees = |value: &toml::Value| match value {
        toml::Value::Float(number) => Some(*number),
        toml::Value::Integer(number) => Some(*number as f64),
        _ => None,
    };
    value
        .as_array()
        .context("not a list of [lng, lat]")?
        .iter()
        .enumerate()
        .map(|(i, pair)| {
            let pair = pair.as_array().filter(|pair| pair.len() == 2);
            let point = pair.and_then(|pair| Some([degrees(&pair[0])?, degrees(&pair[1])?]));
            point
                .filter(|[lng, lat]| lng.abs() <= 180.0 && lat.abs() <= 85.0)
                .with_context(|| format!("point {} is not [lng, lat] in degrees", i + 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_water_file_names_the_place() {
        for (text, expected) in [
            (
                "[[area]]\nname = {zh='a'}\nring = [[1.0, 2.0], [3.0]]",
                "area 1 (a): ring: point 2",
            ),
            ("[[area]]\nring = [[1.0, 2.0], [3.0, 4.0]]", "three corners"),
            ("[[line]]\nname = {zh='b'}", "line 1 (b): no path"),
            (
                "[[line]]\npath = [[31.0, 118.0], [31.0, 119.0]]",
                "point 1 is not [lng, lat]",
            ),
            ("[[lake]]\n", "\"lake\""),
            ("[[area", "water.toml"),
        ] {
            let error = format!("{:#}", features(text).unwrap_err());
            assert!(error.contains(expected), "{text:?}: {error}");
        }
    }

    #[test]
    fn water_becomes_features() {
        let text = "[[area]]\nname = {zh='L', en='Lake'}\nkind='lake'\nrank=1\n\
                    ring=[[0.0,0.0],[4.0,0.0],[4.0,4.0],[0.0,4.0]]\nislands=[[[1.0,1.0],[2,1],[2,2]]]\n\
                    [[line]]\nname={zh='R'}\nkind='river'\nwidth_m=800\npath=[[0.123456789, 1.0],[2.0,3.0]]";
        let features = features(text).unwrap();
        assert_eq!(
            features[0]["geometry"]["coordinates"][0]
                .as_array()
                .unwrap()
                .len(),
            5,
            "closed"
        );
        assert_eq!(
            features[0]["geometry"]["coordinates"]
                .as_array()
                .unwrap()
                .len(),
            2,
            "with its island"
        );
        assert_eq!(
            features[0]["properties"],
            json!({"layer": "lake", "kind": "lake", "name": "L", "name_en": "Lake", "rank": 1})
        );
        assert_eq!(features[1]["properties"]["width_m"], 800);
        assert_eq!(
            features[1]["geometry"]["coordinates"][0],
            json!([0.12346, 1.0])
        );
    }
}
