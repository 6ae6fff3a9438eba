//! The program `chongtu`.

use chongtu_cli::Lang;
use std::env::{args_os, var};
use std::io::{stderr, stdout};
use std::panic::catch_unwind;
use std::process::ExitCode;

fn main() -> ExitCode {
    let status =
        catch_unwind(|| chongtu_cli::run(args_os(), locale(), &mut stdout(), &mut stderr()));
    // A panic has said where it happened; its exit status is that of an internal fault.
    ExitCode::from(status.unwrap_or(1))
}

/// The language of the locale, by the order POSIX gives its variables.
fn locale() -> Lang {
    let name = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default();
    if name.starts_with("zh") {
        Lang::Zh
    } else {
        Lang::En
    }
}
