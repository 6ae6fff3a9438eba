//! One module a command.

pub(crate) mod cars;
pub(crate) mod import;
pub(crate) mod info;
pub(crate) mod plan;
mod plan_json;
pub(crate) mod roads;
pub(crate) mod serve;
