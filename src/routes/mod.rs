//! One file an address.

pub(crate) mod location;
pub(crate) mod map;
pub(crate) mod me;
pub(crate) mod not_found;
pub(crate) mod plan;
