//! Roads: from a description of a road network to fastest and least-energy paths on it.
//!
//! Three types for three lives: [`RoadNetworkBuilder`] takes nodes and edges as they come, clean
//! or not; [`RoadNetwork`] is the frozen result, small enough to ship (`.roads` files) and
//! readable by every algorithm of petgraph; [`Router`] is the scratch a query works in.
//!
//! ```
//! use chongtu_model::LatLng;
//! use chongtu_roads::{EdgeInput, Metric, RoadNetworkBuilder, Router, Weighting};
//!
//! let mut builder = RoadNetworkBuilder::new();
//! let west = builder.add_node(LatLng { lat: 32.0, lng: 118.0 }, None);
//! let east = builder.add_node(LatLng { lat: 32.0, lng: 118.1 }, None);
//! builder.add_edge(EdgeInput { a: west, b: east, length_m: 9_500.0, ..EdgeInput::default() });
//! let (network, report) = builder.build();
//! assert_eq!(report.edges, 1);
//!
//! let from = network.snap(LatLng { lat: 32.0, lng: 118.0 }, 1_000.0, 1);
//! let to = network.snap(LatLng { lat: 32.001, lng: 118.05 }, 1_000.0, 1);
//! let weighting = Weighting::new(&network, None, |_kmh| 180.0);
//! let mut router = Router::new(&network);
//! router.search(&network, &weighting, Metric::Duration, &from[0], true, f64::INFINITY);
//! let sums = router.to(&network, &weighting, &to[0]).expect("one road joins them");
//! assert!((sums.distance_m - 4_750.0).abs() < 1.0);
//! ```
//!
//! What is absent: no file, no network, no clock, no randomness. The same input gives the same
//! network, the same bytes and the same paths on every target.
//!
//! Reading order: [`network`], [`builder`], [`snap`], [`weighting`], [`router`], [`path`],
//! [`file`](mod@file), then the importers.

pub mod builder;
mod bytes;
mod contract;
pub mod file;
mod geometry;
#[cfg(feature = "import")]
pub mod graph_json;
pub mod names;
pub mod network;
mod order;
pub mod path;
#[cfg(feature = "import")]
pub mod region_toml;
pub mod report;
pub mod router;
pub mod snap;
pub mod speeds;
mod visit;
pub mod weighting;

pub use builder::{EdgeInput, RoadNetworkBuilder};
pub use file::RoadsFileError;
#[cfg(feature = "import")]
pub use graph_json::{GraphError, parse_graph_json};
pub use names::NamedRoad;
pub use network::{EdgeIdx, Junction, NodeIdx, Place, RoadNetwork};
pub use path::{PathPiece, PathSums, RoutePath};
#[cfg(feature = "import")]
pub use region_toml::{RegionError, parse_region, parse_region_with};
pub use report::{BuildReport, RoadFinding};
pub use router::{Metric, Router};
pub use snap::{Side, Snap};
pub use speeds::{SpeedDefaults, SpeedDefaultsError};
pub use visit::{RoadEdge, Visited};
pub use weighting::Weighting;
