//! The native program `chongtu`, for whoever runs, feeds or checks the service.
//!
//! Results go to standard output, words to standard error. Exit status: 0 done; 1 internal fault;
//! 2 wrong use or unreadable input; 3 the answer is "not possible". [`run`] is the whole program
//! with its streams as arguments.

mod args;
mod cars;
mod command;
mod error;
mod input;
mod output;
mod parse;
mod places;
mod zones;

use crate::args::{Cli, Command, LangArg};
use crate::error::CliError;
use crate::output::Streams;
use clap::Parser as _;
use std::ffi::OsString;
use std::io::Write;

pub use chongtu_words::Lang;

/// Runs the program: arguments with the program's name first, the language of the words unless
/// `--lang` says otherwise, standard output, standard error. Gives the exit status.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    lang: Lang,
    out: &mut dyn Write,
    words: &mut dyn Write,
) -> u8 {
    let mut streams = Streams { lang, out, words };
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(usage) => return streams.usage(&usage),
    };
    if let Some(asked) = cli.lang {
        streams.lang = match asked {
            LangArg::Zh => Lang::Zh,
            LangArg::En => Lang::En,
        };
    }
    let result = match cli.command {
        Command::Import(args) => command::import::run(&args, &mut streams),
        Command::Roads(args) => command::roads::run(&args, &mut streams),
        Command::Plan(args) => command::plan::run(&args, &mut streams),
        Command::Serve(args) => command::serve::run(&args, &mut streams),
        Command::Info(args) => command::info::run(&args, &mut streams),
        Command::Cars(args) => command::cars::run(&args, &mut streams),
    };
    match result {
        // A closed output: whoever read it has seen enough.
        Ok(()) | Err(CliError::OutputClosed) => 0,
        Err(CliError::NotPossible) => 3,
        Err(error) => {
            streams.error(&error);
            error.exit_status()
        }
    }
}
