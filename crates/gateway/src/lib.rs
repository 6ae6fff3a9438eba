//! Serves the built app over HTTP.
//!
//! One folder of static, mostly content-hashed files, some of them with a compressed sibling (`.br`, `.gz`).
//! Every route of the app is one path segment and every asset address is relative, so the same folder serves under any
//! base path and inside any portal's frame.
//!
//! The parts, in reading order: [`ServeOptions`] and [`serve`], the router ([`app_router`]), the folder and its checks
//! (`folder`), the choice of an encoding (`encoding`), parts of files (`range`), the headers on every answer (`policy`).

mod encoding;
mod folder;
mod mime;
mod options;
mod policy;
mod range;
mod router;
mod run;

pub use options::{ServeError, ServeOptions};
pub use router::app_router;
pub use run::{bind, serve, stop_signal};
