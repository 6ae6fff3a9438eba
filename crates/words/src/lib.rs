//! Every sentence a person reads, in Chinese and English, with its parameters. The app and the
//! command line share it. Findings, failures and bill lines are codes elsewhere; their
//! sentences stand here.
//!
//! One module a view. Plain words are made by `words!`; a sentence with parameters is a function
//! that takes the language first.

#[macro_use]
mod lang;
pub mod bill;
pub mod common;
pub mod filter;
pub mod finding;
pub mod location;
pub mod map;
pub mod me;
pub mod plan;
pub mod program;
pub mod search;

pub use lang::Lang;
