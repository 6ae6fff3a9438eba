//! Every sentence a person reads, in Chinese and English, with its parameters. The app and the
//! command line share it. Findings, failures and bill lines are codes elsewhere; their
//! sentences stand here.
//!
//! One module a view. Plain words are made by `words!`; a sentence with parameters is a function
//! that takes the language first.

#[macro_use]
mod lang;
pub mod common;
pub mod map;
pub mod plan;

pub use lang::Lang;
