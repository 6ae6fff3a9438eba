//! Commands and their flags. The texts here are the program's help.

#![expect(
    clippy::doc_markdown,
    reason = "these texts are read on a terminal, where backticks are noise"
)]

use crate::parse;
use chongtu_model::{ConnectorStandard, Instant, Soc};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// EV charging map and trip planner: import data, plan trips, serve the app.
#[derive(Parser)]
#[command(
    name = "chongtu",
    version,
    after_help = "Exit status: 0 done; 1 internal fault; 2 wrong use or unreadable input; 3 not possible."
)]
pub(crate) struct Cli {
    /// Language of the words; without it the locale's (LC_ALL, LC_MESSAGES, LANG), else English
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE")]
    pub(crate) lang: Option<LangArg>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Languages of the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    /// Chinese
    Zh,
    /// English
    En,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Import(ImportArgs),
    Roads(RoadsArgs),
    Plan(Box<PlanArgs>),
    Serve(ServeArgs),
    Info(InfoArgs),
    Cars(CarsArgs),
}

/// Read charging locations into a .locations file.
///
/// Rows that cannot be used are dropped, counted and named in the report; the rest is kept.
#[derive(Args)]
#[command(after_help = "Example:\n  \
    chongtu import chargers.geojson --assume-connector GBT_DC --out region.locations --report report.json")]
pub(crate) struct ImportArgs {
    /// Files or http(s) addresses; several become several sources in one file
    #[arg(required = true, value_name = "FILE|URL")]
    pub(crate) inputs: Vec<String>,
    /// Environment variable with the token for addresses ("Token abc", "Bearer abc", or a bare token)
    #[arg(long, value_name = "NAME")]
    pub(crate) token_env: Option<String>,
    /// Format of the inputs
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) feed: FeedArg,
    #[arg(
        long,
        value_name = "FILE",
        help = "TOML file that names the properties: [fields] name = \"title\", power_kw = [\"kw\", \"max_kw\"]"
    )]
    pub(crate) mapping: Option<PathBuf>,
    /// Datum of the positions; auto: as the format's standard says
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) datum: DatumArg,
    /// Connector where none is known, such as GBT_DC; marked as assumed
    #[arg(long, value_name = "STANDARD", value_parser = parse::standard)]
    pub(crate) assume_connector: Option<ConnectorStandard>,
    /// Power where none is known, kW; marked as assumed
    #[arg(long, value_name = "KW", value_parser = parse::power_kw)]
    pub(crate) assume_power_kw: Option<f64>,
    /// Where to write the .locations file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Where to write the report, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Formats of charging locations. Those that are not read yet are refused by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FeedArg {
    /// Look at the file
    Auto,
    /// GeoJSON points
    Geojson,
    /// A region's locations.toml, with operators.toml beside it
    Region,
    #[value(hide = true)]
    Csv,
    #[value(hide = true)]
    Ocpi,
    #[value(hide = true)]
    Tcec,
    #[value(hide = true)]
    Ocm,
    #[value(hide = true)]
    Osm,
    #[value(hide = true)]
    Irve,
    #[value(hide = true)]
    Bnetza,
}

/// Datums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DatumArg {
    /// As the format's standard says
    Auto,
    /// GPS
    Wgs84,
    /// Shifted, as on published maps of mainland China
    Gcj02,
    /// Baidu's
    Bd09,
}

/// Read a road network into a .roads file.
#[derive(Args)]
#[command(
    after_help = "Example:\n  chongtu roads graph.json --out region.roads --report report.json"
)]
pub(crate) struct RoadsArgs {
    /// Graph JSON, or a region's roads.toml with places.toml beside it
    #[arg(value_name = "FILE")]
    pub(crate) input: PathBuf,
    /// Format of the file
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) format: RoadsFormat,
    /// Where to write the .roads file
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Where to write the report, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Formats of road networks. Those that are not read yet are refused by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoadsFormat {
    /// Look at the file
    Auto,
    /// {"nodes": [[lat, lon, label]…], "edges": [[a, b, km, tier, routes]…]}
    GraphJson,
    /// A region's roads.toml
    Region,
    #[value(hide = true)]
    OsmPbf,
    #[value(hide = true)]
    OsmXml,
}

/// Plan a trip with charging stops: the fastest, exact on the legs that the roads give.
#[derive(Args)]
#[command(after_help = "Example:\n  \
    chongtu plan --locations region.locations --roads region.roads --car byd-seal-2022-82 \\\n    \
    --from nanjing --to shanghai --departure-soc 40")]
pub(crate) struct PlanArgs {
    /// A .locations file, or any file that `import` reads
    #[arg(long, value_name = "FILE")]
    pub(crate) locations: PathBuf,
    #[command(flatten)]
    pub(crate) travel: TravelArgs,
    /// Speed between places with --great-circle, km/h
    #[arg(long, value_name = "KMH", default_value = "105", value_parser = parse::speed_kmh, conflicts_with = "roads")]
    pub(crate) cruise_kmh: f64,
    /// Road length over great circle with --great-circle
    #[arg(long, value_name = "FACTOR", default_value = "1.0", value_parser = parse::detour, conflicts_with = "roads")]
    pub(crate) detour: f64,
    /// A car by its id (see `chongtu cars`), or a car file: ours, or open-ev-data (FILE#id for one of many)
    #[arg(long, value_name = "ID|FILE")]
    pub(crate) car: String,
    /// Folder of car files to use instead of the built-in ones
    #[arg(long, value_name = "FOLDER")]
    pub(crate) cars: Option<PathBuf>,
    /// Start: "lat,lng", or the name of a place, junction or location
    #[arg(long, value_name = "LAT,LNG|NAME", allow_hyphen_values = true)]
    pub(crate) from: String,
    /// End: "lat,lng", or the name of a place, junction or location
    #[arg(long, value_name = "LAT,LNG|NAME", allow_hyphen_values = true)]
    pub(crate) to: String,
    /// Charge at the start, percent
    #[arg(long, value_name = "PERCENT", default_value = "90", value_parser = parse::percent)]
    pub(crate) departure_soc: Soc,
    /// Charge never falls below this, percent
    #[arg(long, value_name = "PERCENT", default_value = "10", value_parser = parse::percent)]
    pub(crate) reserve_soc: Soc,
    /// Least charge on arrival at a charger, percent
    #[arg(long, value_name = "PERCENT", default_value = "10", value_parser = parse::percent)]
    pub(crate) charger_arrival_soc: Soc,
    /// Least charge on arrival at the end, percent
    #[arg(long, value_name = "PERCENT", default_value = "10", value_parser = parse::percent)]
    pub(crate) arrival_soc: Soc,
    /// Charging stops here at the latest, percent
    #[arg(long, value_name = "PERCENT", default_value = "100", value_parser = parse::percent)]
    pub(crate) max_charge_soc: Soc,
    /// Time lost at each stop beside charging: 0, 90s, 5m, 1h30m
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = parse::duration_s)]
    pub(crate) overhead: f64,
    /// When the trip begins, for prices that depend on the hour; without it: now
    #[arg(long, value_name = "INSTANT", value_parser = parse::instant)]
    pub(crate) departure_at: Option<Instant>,
    /// Never faster than this, km/h
    #[arg(long, value_name = "KMH", default_value = "120", value_parser = parse::speed_kmh)]
    pub(crate) max_speed: f64,
    /// Offer 110, 100 and 90 km/h too: drive slower, charge less
    #[arg(long)]
    pub(crate) allow_slower: bool,
    /// Connector of sites where none is known, such as GBT_DC
    #[arg(long, value_name = "STANDARD", value_parser = parse::standard)]
    pub(crate) assume_connector: Option<ConnectorStandard>,
    /// Power of sites where none is known, kW
    #[arg(long, value_name = "KW", value_parser = parse::power_kw)]
    pub(crate) assume_power_kw: Option<f64>,
    /// What to plan for
    #[arg(long, value_enum, default_value = "fastest")]
    pub(crate) objective: Objective,
    /// Print the answer as JSON, unrounded
    #[arg(long)]
    pub(crate) json: bool,
    /// With --json: add every leg that the search asked for
    #[arg(long, requires = "json")]
    pub(crate) legs: bool,
}

/// What the legs are made of.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct TravelArgs {
    /// A .roads file, or any file that `roads` reads
    #[arg(long, value_name = "FILE")]
    pub(crate) roads: Option<PathBuf>,
    /// No roads: great circles at one speed
    #[arg(long)]
    pub(crate) great_circle: bool,
}

/// What to plan for. Those that are not planned for yet are refused by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Objective {
    /// Least total time
    Fastest,
    #[value(hide = true)]
    Cheapest,
    #[value(hide = true)]
    FewestStops,
    #[value(hide = true)]
    Alternatives,
}

/// Serve the built app over HTTP, until interrupted.
#[derive(Args)]
#[command(after_help = "Example:\n  chongtu serve --app dist --listen 127.0.0.1:8080")]
pub(crate) struct ServeArgs {
    /// Address and port; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Folder of the built app
    #[arg(long, value_name = "FOLDER", default_value = "dist")]
    pub(crate) app: PathBuf,
    /// Path under which the app is mounted, such as /portal/charge/
    #[arg(long, value_name = "PATH", default_value = "/")]
    pub(crate) base_path: String,
    #[arg(
        long,
        value_name = "ORIGIN",
        num_args = 1..,
        help = "Origins that may show the app in a frame, such as https://portal.example"
    )]
    pub(crate) frame_ancestors: Vec<String>,
    #[arg(
        long = "base-map-origin",
        value_name = "ORIGIN",
        num_args = 1..,
        help = "Origins besides the app's own that the base map may come from, such as https://tiles.example"
    )]
    pub(crate) base_map_origins: Vec<String>,
}

/// Say what is in a .locations or .roads file, as JSON: bounds, counts, names, sources.
#[derive(Args)]
#[command(after_help = "Example:\n  chongtu info region.roads")]
pub(crate) struct InfoArgs {
    /// A .locations or .roads file, or any file that `import` or `roads` reads
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

/// List the cars that --car knows.
#[derive(Args)]
#[command(after_help = "Example:\n  chongtu cars")]
pub(crate) struct CarsArgs {
    /// Folder of car files to use instead of the built-in ones
    #[arg(long, value_name = "FOLDER")]
    pub(crate) cars: Option<PathBuf>,
    /// Print them as JSON, with all figures
    #[arg(long)]
    pub(crate) json: bool,
}
