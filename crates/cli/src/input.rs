//! Files and addresses read, and what they hold: catalogues and road networks.

use crate::error::{CliError, Result};
use crate::parse;
use crate::zones::ZoneDatabase;
use chongtu_feeds::options::{ImportOptions, MappingFile};
use chongtu_feeds::readings::{catalogue_readings, readings_of};
use chongtu_feeds::{
    DatumChoice, Feed, ImportError, Imported, detect, import_geojson, import_region,
};
use chongtu_model::provenance::{Datum, LocalText, Source};
use chongtu_model::{Catalogue, ConnectorStandard, SourceId};
use chongtu_roads::{BuildReport, RoadNetwork, SpeedDefaults, parse_graph_json, parse_region_with};
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Speeds by tier, for graphs that have none.
const SPEEDS: &str = include_str!("../../../data/speeds.toml");

/// Reads a file; an error names it and says what to do.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|e| {
        let why = match e.kind() {
            ErrorKind::NotFound => "there is no such file".to_owned(),
            ErrorKind::IsADirectory => "it is a folder; name a file in it".to_owned(),
            ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
            _ => e.to_string(),
        };
        CliError::usage(format!("cannot read {}: {why}", path.display()))
    })
}

fn read_text(path: &Path) -> Result<String> {
    text_of(read_file(path)?, &path.display().to_string())
}

fn text_of(bytes: Vec<u8>, place: &str) -> Result<String> {
    let text = String::from_utf8(bytes)
        .map_err(|_| CliError::usage(format!("{place}: not UTF-8 text")))?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// An error with its file in front.
fn in_file<E: std::fmt::Display>(place: &str) -> impl Fn(E) -> CliError + '_ {
    move |e| CliError::usage(format!("{place}: {e}"))
}

/// How locations are imported.
#[derive(Default)]
pub(crate) struct ImportSettings {
    pub(crate) mapping: MappingFile,
    pub(crate) datum: DatumChoice,
    pub(crate) assume_connector: Option<ConnectorStandard>,
    pub(crate) assume_power_kw: Option<f64>,
    /// Ids of sources that other inputs have: a file of the same name gets a number.
    pub(crate) taken_sources: BTreeSet<String>,
}

/// One input: where it came from, and its bytes.
pub(crate) struct Input {
    /// For messages and reports, without secrets.
    pub(crate) shown: String,
    /// The name of the file, for its format and its source.
    pub(crate) file_name: String,
    /// The folder it lies in; `None` for addresses.
    pub(crate) folder: Option<std::path::PathBuf>,
    pub(crate) bytes: Vec<u8>,
}

impl Input {
    pub(crate) fn of_file(path: &Path) -> Result<Self> {
        Ok(Self {
            shown: path.display().to_string(),
            file_name: file_name(path),
            folder: path.parent().map(Path::to_owned),
            bytes: read_file(path)?,
        })
    }

    /// Fetches an address. `token` is the value of `Authorization`.
    pub(crate) fn of_address(address: &str, token: Option<&str>) -> Result<Self> {
        /// The longest answer that is taken, bytes.
        const MAX_BYTES: u64 = 1 << 30;
        let shown = without_secrets(address);
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_connect(Some(std::time::Duration::from_secs(15)))
            .timeout_global(Some(std::time::Duration::from_mins(10)))
            .build()
            .into();
        let mut request = agent.get(address);
        if let Some(token) = token {
            request = request.header("Authorization", token);
        }
        let failed = |e: ureq::Error| {
            CliError::usage(match e {
                ureq::Error::StatusCode(401 | 403) => format!(
                    "{shown}: the server refuses access; give a token with --token-env NAME"
                ),
                ureq::Error::StatusCode(code) => {
                    format!("{shown}: the server answers with HTTP status {code}")
                }
                other => format!("{shown}: {other}"),
            })
        };
        let mut answer = request.call().map_err(failed)?;
        let bytes = answer
            .body_mut()
            .with_config()
            .limit(MAX_BYTES)
            .read_to_vec()
            .map_err(failed)?;
        let name = shown.trim_end_matches('/').rsplit('/').next().unwrap_or("");
        Ok(Self {
            file_name: name.to_owned(),
            folder: None,
            bytes,
            shown,
        })
    }

    /// The name without its extension.
    fn stem(&self) -> &str {
        let name = self.file_name.as_str();
        name.split_once('.').map_or(name, |(stem, _)| stem)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// An address without user, password, query and fragment: those may hold secrets.
fn without_secrets(address: &str) -> String {
    let bare = address.split(['?', '#']).next().unwrap_or_default();
    match bare.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').map_or((rest, ""), |(h, p)| (h, p));
            let host = host.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}/{path}")
        }
        None => bare.to_owned(),
    }
}

/// Tells the format of an input, and refuses in one sentence what is not read yet.
pub(crate) fn feed_of(input: &Input) -> Result<Feed> {
    let feed = detect(&input.bytes, &input.file_name).map_err(in_file(&input.shown))?;
    let not_yet = match feed {
        Feed::GeoJson | Feed::Region | Feed::LocationsFile => return Ok(feed),
        Feed::Ocpi => "OCPI",
        Feed::OpenChargeMap => "Open Charge Map",
        Feed::OpenStreetMap => "OpenStreetMap",
        Feed::Csv => "CSV",
    };
    Err(CliError::usage(format!(
        "{}: this looks like {not_yet}, which is not read yet; convert it to GeoJSON",
        input.shown
    )))
}

/// Imports one input in a format that is known, with the readings of its names.
pub(crate) fn import(input: Input, feed: Feed, settings: &ImportSettings) -> Result<Imported> {
    let mut imported = import_bare(input, feed, settings)?;
    imported.catalogue.readings = catalogue_readings(&imported.catalogue);
    Ok(imported)
}

fn import_bare(input: Input, feed: Feed, settings: &ImportSettings) -> Result<Imported> {
    match feed {
        Feed::GeoJson => {
            let options = options(&input, settings);
            import_geojson(&input.bytes, &options).map_err(in_file::<ImportError>(&input.shown))
        }
        Feed::Region => {
            let Some(folder) = &input.folder else {
                return Err(CliError::usage(format!(
                    "{}: a region's locations.toml needs operators.toml beside it, so give it as a file",
                    input.shown
                )));
            };
            let operators = read_text(&folder.join("operators.toml"))?;
            let place = input.shown.clone();
            let locations = text_of(input.bytes, &place)?;
            import_region(&locations, &operators).map_err(in_file::<ImportError>(&place))
        }
        other => Err(CliError::usage(format!(
            "{}: {other:?} is nothing to import",
            input.shown
        ))),
    }
}

fn options<'a>(input: &Input, settings: &'a ImportSettings) -> ImportOptions<'a> {
    let about = &settings.mapping.source;
    let name = about
        .name
        .clone()
        .unwrap_or_else(|| input.stem().to_owned());
    let id = match &about.id {
        Some(given) => slug(given),
        None => untaken(slug(input.stem()), &settings.taken_sources),
    };
    ImportOptions {
        source: Source {
            id: SourceId::new(&id),
            name: LocalText::plain(name),
            licence: about.licence.clone(),
            attribution: about.attribution.clone(),
            datum: Datum::Wgs84,
            stale_after_s: about
                .stale_after_s
                .or(Some(chongtu_model::status::DEFAULT_STALE_AFTER_S)),
            demonstration: false,
        },
        datum: settings.datum,
        mapping: settings.mapping.fields.clone(),
        default_zone: about.time_zone.clone(),
        zones: &ZoneDatabase,
        assume_connector: settings.assume_connector,
        assume_power_kw: settings.assume_power_kw,
    }
}

/// Lower-case letters and digits, `-` for all else.
fn slug(text: &str) -> String {
    let folded: String = text
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    let words: Vec<&str> = folded.split('-').filter(|w| !w.is_empty()).collect();
    if words.is_empty() {
        "import".to_owned()
    } else {
        words.join("-")
    }
}

/// The id, with the first number from 2 that makes it another when it is taken.
fn untaken(id: String, taken: &BTreeSet<String>) -> String {
    if !taken.contains(&id) {
        return id;
    }
    let mut n = 2;
    while taken.contains(&format!("{id}-{n}")) {
        n += 1;
    }
    format!("{id}-{n}")
}

/// Reads a mapping file.
pub(crate) fn load_mapping(path: &Path) -> Result<MappingFile> {
    MappingFile::parse(&read_text(path)?).map_err(in_file(&path.display().to_string()))
}

/// Locations: a built file, or any file that `import` reads.
pub(crate) fn load_locations(path: &Path) -> Result<Catalogue> {
    let input = Input::of_file(path)?;
    let feed = feed_of(&input)?;
    if feed == Feed::LocationsFile {
        return chongtu_model::file::decode(&input.bytes).map_err(in_file(&input.shown));
    }
    let shown = input.shown.clone();
    let imported = import(input, feed, &ImportSettings::default())?;
    usable(&shown, imported).map(|i| i.catalogue)
}

/// Refuses an import out of which nothing came, with the reasons.
pub(crate) fn usable(shown: &str, imported: Imported) -> Result<Imported> {
    if imported.counts.locations > 0 {
        return Ok(imported);
    }
    let reasons: Vec<String> = imported
        .counts
        .dropped_by_code
        .iter()
        .map(|(code, n)| format!("{code} {n}"))
        .collect();
    Err(CliError::usage(if reasons.is_empty() {
        format!("{shown}: there is no location in it")
    } else {
        format!(
            "{shown}: no usable location: all {} records dropped ({})",
            imported.counts.records,
            reasons.join(", ")
        )
    }))
}

/// A format of roads, known by its marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RoadsFeed {
    GraphJson,
    Region,
    RoadsFile,
}

/// Tells the format of a file of roads.
pub(crate) fn roads_feed_of(input: &Input) -> Result<RoadsFeed> {
    let err = |text: &str| Err(CliError::usage(format!("{}: {text}", input.shown)));
    let bytes = input
        .bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(&input.bytes);
    let text = bytes.trim_ascii_start();
    if text.starts_with(b"CTROADS") {
        return Ok(RoadsFeed::RoadsFile);
    }
    let has = |needle: &[u8]| {
        let head = text.get(..64 * 1024).unwrap_or(text);
        head.windows(needle.len()).any(|w| w == needle)
    };
    let is_toml = Path::new(&input.file_name)
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("toml"));
    match text.first() {
        None => err("the file is empty"),
        Some(b'{') if has(b"\"features\"") || has(b"\"FeatureCollection\"") => {
            err("this is GeoJSON, not a road network; charging locations go into --locations")
        }
        Some(b'{' | b'[') if !is_toml => Ok(RoadsFeed::GraphJson),
        _ if text.starts_with(b"CTLOCS") => {
            err("this is a .locations file, not a road network; give it as --locations")
        }
        _ if has(b"OSMHeader") || has(b"<osm") => err(
            "this looks like OpenStreetMap, which is not read yet; give graph JSON, or a region's roads.toml",
        ),
        _ if is_toml && has(b"[[location]]") => {
            err("these are charging locations, not a road network; give it as --locations")
        }
        _ if is_toml => Ok(RoadsFeed::Region),
        Some(b'<') => err("this looks like XML or a web page, not a road network; give graph JSON"),
        _ => {
            err("this is no road network; give graph JSON, a region's roads.toml or a .roads file")
        }
    }
}

/// Imports roads in a format that is known, with the readings of their names.
pub(crate) fn import_roads(input: Input, feed: RoadsFeed) -> Result<(RoadNetwork, BuildReport)> {
    let (network, report) = import_bare_roads(input, feed)?;
    let readings = readings_of(network.searched_texts());
    Ok((network.with_readings(readings), report))
}

fn import_bare_roads(input: Input, feed: RoadsFeed) -> Result<(RoadNetwork, BuildReport)> {
    let speeds = SpeedDefaults::parse(SPEEDS)
        .map_err(|e| CliError::Internal(anyhow::Error::new(e).context("data/speeds.toml")))?;
    match feed {
        RoadsFeed::GraphJson => {
            parse_graph_json(&input.bytes, &speeds).map_err(in_file(&input.shown))
        }
        RoadsFeed::Region => {
            let shown = input.shown;
            let roads = text_of(input.bytes, &shown)?;
            let places = input.folder.map(|folder| folder.join("places.toml"));
            let places = match places.filter(|p| p.exists()) {
                Some(path) => Some(read_text(&path)?),
                None => None,
            };
            parse_region_with(&roads, places.as_deref(), &speeds).map_err(in_file(&shown))
        }
        RoadsFeed::RoadsFile => Err(CliError::usage(format!(
            "{}: this is a .roads file already",
            input.shown
        ))),
    }
}

/// Roads: a built file, or any file that `roads` reads.
pub(crate) fn load_roads(path: &Path) -> Result<RoadNetwork> {
    let input = Input::of_file(path)?;
    match roads_feed_of(&input)? {
        RoadsFeed::RoadsFile => RoadNetwork::decode(&input.bytes).map_err(in_file(&input.shown)),
        feed => Ok(import_roads(input, feed)?.0),
    }
}

/// Whether an input is an address.
pub(crate) fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// A position given as numbers, or `None` when it is a name.
pub(crate) fn position(flag: &str, text: &str) -> Result<Option<chongtu_model::LatLng>> {
    parse::lat_lng(text)
        .transpose()
        .map_err(|e| CliError::usage(format!("{flag} {text:?}: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_without_secrets() {
        for (address, shown) in [
            (
                "https://example.org/a/b.geojson?key=s3cret#x",
                "https://example.org/a/b.geojson",
            ),
            ("http://user:pass@example.org/", "http://example.org/"),
            (
                "https://user:p@ss@example.org?key=1",
                "https://example.org/",
            ),
        ] {
            assert_eq!(without_secrets(address), shown);
        }
    }

    #[test]
    fn sources_are_named_after_files() {
        for (text, expected) in [
            (
                "yangtze_delta_chargers_wgs84",
                "yangtze-delta-chargers-wgs84",
            ),
            ("--A  b", "a-b"),
            ("充电", "import"),
            ("", "import"),
        ] {
            assert_eq!(slug(text), expected);
        }
    }
}
