//! `region.json`: which files there are, and what must be known about them.

use chongtu_model::BoundingBox;
use chongtu_model::provenance::LocalText;

/// A value of JSON. The browser reads JSON itself, so no reader of our own is loaded for one small
/// file; tests read it with another.
pub(crate) trait Json: Sized {
    /// A field of an object; `None` when it is absent or null.
    fn field(&self, key: &str) -> Option<Self>;
    /// A string.
    fn text(&self) -> Option<String>;
    /// A number.
    fn number(&self) -> Option<f64>;
    /// True or false.
    fn truth(&self) -> Option<bool>;
    /// The values of a list.
    fn items(&self) -> Option<Vec<Self>>;
}

/// `region.json`. Addresses in it are relative to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Manifest {
    /// Its schema.
    pub schema: u32,
    /// The build that made it.
    pub build: Option<String>,
    /// The region's name.
    pub name: LocalText,
    /// What must be known about the data.
    pub note: Option<LocalText>,
    /// Invented or approximate data.
    pub demonstration: bool,
    /// West, south, east, north.
    pub bounds: [f64; 4],
    /// The `.locations` file.
    pub locations: DataFile,
    /// The `.roads` file.
    pub roads: DataFile,
    /// The list of cars.
    pub cars: DataFile,
    /// Land and water.
    pub basemap: Option<DataFile>,
    /// What must be written beside the map.
    pub attribution: Vec<String>,
    /// A MapLibre style of the same origin to stand under the pins, instead of our base map.
    pub style: Option<String>,
    /// The approval number of the map, where one is required.
    pub map_approval: Option<String>,
}

/// A file of the region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DataFile {
    /// Where it is.
    pub url: String,
    /// Its size, uncompressed; 0 where the manifest does not say.
    pub bytes: u64,
}

impl Manifest {
    /// Reads it. What is not known is left alone.
    ///
    /// # Errors
    /// The field that is missing or not what it must be.
    pub(crate) fn read<J: Json>(json: &J) -> Result<Self, &'static str> {
        let get = |key: &'static str| json.field(key);
        let bounds = get("bounds").and_then(|b| b.items());
        let bounds: Option<Vec<f64>> = bounds.and_then(|b| b.iter().map(J::number).collect());
        let attribution = or_nothing(get("attribution"), "attribution", |list| {
            list.items()?.iter().map(J::text).collect()
        })?;
        Ok(Self {
            schema: get("schema").and_then(|s| s.number()).ok_or("schema")? as u32,
            build: or_nothing(get("build"), "build", J::text)?,
            name: get("name").and_then(|n| words(&n)).ok_or("name")?,
            note: or_nothing(get("note"), "note", words)?,
            demonstration: or_nothing(get("demonstration"), "demonstration", J::truth)?
                .unwrap_or(false),
            bounds: bounds.and_then(|b| b.try_into().ok()).ok_or("bounds")?,
            locations: get("locations").and_then(|f| file(&f)).ok_or("locations")?,
            roads: get("roads").and_then(|f| file(&f)).ok_or("roads")?,
            cars: get("cars").and_then(|f| file(&f)).ok_or("cars")?,
            basemap: or_nothing(get("basemap"), "basemap", file)?,
            attribution: attribution.unwrap_or_default(),
            style: or_nothing(get("style"), "style", J::text)?,
            map_approval: or_nothing(get("map_approval"), "map_approval", J::text)?,
        })
    }

    /// The box around the region.
    pub(crate) fn bounding_box(&self) -> BoundingBox {
        let [west, south, east, north] = self.bounds;
        BoundingBox {
            west,
            south,
            east,
            north,
        }
    }
}

/// What may be absent, but not be something else.
fn or_nothing<J: Json, T>(
    value: Option<J>,
    key: &'static str,
    read: impl Fn(&J) -> Option<T>,
) -> Result<Option<T>, &'static str> {
    value.map(|value| read(&value).ok_or(key)).transpose()
}

fn words<J: Json>(value: &J) -> Option<LocalText> {
    Some(LocalText {
        text: value.field("text")?.text()?,
        en: match value.field("en") {
            Some(en) => Some(en.text()?),
            None => None,
        },
    })
}

fn file<J: Json>(value: &J) -> Option<DataFile> {
    Some(DataFile {
        url: value.field("url")?.text()?,
        bytes: match value.field("bytes") {
            Some(bytes) => bytes.number().filter(|n| *n >= 0.0)? as u64,
            None => 0,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    impl Json for Value {
        fn field(&self, key: &str) -> Option<Self> {
            self.get(key).filter(|value| !value.is_null()).cloned()
        }
        fn text(&self) -> Option<String> {
            self.as_str().map(str::to_owned)
        }
        fn number(&self) -> Option<f64> {
            self.as_f64()
        }
        fn truth(&self) -> Option<bool> {
            self.as_bool()
        }
        fn items(&self) -> Option<Vec<Self>> {
            self.as_array().cloned()
        }
    }

    fn least() -> Value {
        json!({"schema": 1, "id": "y", "name": {"text": "长三角", "en": "Delta"}, "bounds": [118, 31, 122, 34],
            "locations": {"url": "l", "bytes": 5}, "roads": {"url": "r"}, "cars": {"url": "c", "bytes": 1}})
    }

    #[test]
    fn a_manifest_needs_only_what_it_must() {
        let manifest = Manifest::read(&least()).unwrap();
        assert_eq!(manifest.bounding_box().north, 34.0);
        assert_eq!((manifest.locations.bytes, manifest.roads.bytes), (5, 0));
        assert_eq!(manifest.name.en.as_deref(), Some("Delta"));
        assert!(
            !manifest.demonstration && manifest.attribution.is_empty() && manifest.style.is_none()
        );
        for must in ["schema", "name", "bounds", "locations", "roads", "cars"] {
            let mut without = least();
            without.as_object_mut().unwrap().remove(must);
            assert_eq!(Manifest::read(&without), Err(must));
        }
    }

    #[test]
    fn everything_that_may_be_there_is_read_and_must_be_right() {
        let more = json!({"build": "b", "note": {"text": "注"}, "demonstration": true, "basemap": {"url": "m"},
            "attribution": ["a", "b"], "style": "s", "map_approval": "GS 1"});
        let mut all = least();
        for (key, value) in more.as_object().unwrap() {
            all[key] = value.clone();
        }
        let read = Manifest::read(&all).unwrap();
        assert_eq!(read.build.as_deref(), Some("b"));
        assert_eq!(read.note.unwrap(), LocalText::plain("注"));
        assert!(read.demonstration);
        assert_eq!(read.basemap.unwrap().url, "m");
        assert_eq!(read.attribution, ["a", "b"]);
        assert_eq!(read.style.as_deref(), Some("s"));
        assert_eq!(read.map_approval.as_deref(), Some("GS 1"));
        for key in more.as_object().unwrap().keys() {
            let mut wrong = all.clone();
            wrong[key] = json!(7);
            assert_eq!(Manifest::read(&wrong), Err(key.as_str()));
            wrong[key] = Value::Null;
            assert!(Manifest::read(&wrong).is_ok(), "{key}: null is absent");
        }
        for (key, value) in [
            ("bounds", json!([1, 2, 3])),
            ("locations", json!({"url": "l", "bytes": -1})),
        ] {
            let mut wrong = all.clone();
            wrong[key] = value;
            assert_eq!(Manifest::read(&wrong), Err(key));
        }
    }
}
