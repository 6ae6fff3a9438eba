//! The program `chongtu`.

use std::env::args_os;
use std::io::{stderr, stdout};
use std::panic::catch_unwind;
use std::process::ExitCode;

fn main() -> ExitCode {
    let status = catch_unwind(|| chongtu_cli::run(args_os(), &mut stdout(), &mut stderr()));
    // A panic has said where it happened; its exit status is that of an internal fault.
    ExitCode::from(status.unwrap_or(1))
}
