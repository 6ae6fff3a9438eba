//! The bench table: what we do, how fast, beside a peer that does the same in the same run.
//!
//! One thread on both sides, a warm-up before every measurement. No expected value is written
//! down anywhere: every answer is held against its peer, a scan, or a check that computes it in
//! another way ([`check`]), and a row whose answers differ ends the program with an error.
//!
//! Reading order: [`table`], [`random`], [`generate`], [`data`], then the sections [`index`],
//! [`gazetteer`], [`locations_file`], [`roads`], [`plans`] with [`sites`], [`check`] and [`grid`].

mod check;
mod clusters;
mod data;
mod gazetteer;
mod generate;
mod grid;
mod index;
mod locations_file;
mod plans;
mod random;
mod roads;
mod sites;
mod table;

use anyhow::Result;
use std::io::{self, Write as _};
use std::process::ExitCode;
use table::Table;

const USAGE: &str = "\
Usage: chongtu-bench [--quick | --full] [index] [names] [file] [roads] [plans]

  --quick   small inputs, few repetitions: does everything still run, and agree?
  --full    also a million locations and the roads of Germany
  sections  only these; all without";

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    /// A smoke test.
    Quick,
    /// The table.
    Usual,
    /// The table and its largest rows.
    Full,
}

impl Scale {
    /// One number or another.
    pub(crate) fn pick(self, quick: usize, usual: usize) -> usize {
        match self {
            Self::Quick => quick,
            Self::Usual | Self::Full => usual,
        }
    }
}

const SECTIONS: [&str; 5] = ["index", "names", "file", "roads", "plans"];

/// The scale and the sections asked for; `None`: only how to ask.
fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Option<(Scale, Vec<String>)>> {
    let (mut scale, mut sections) = (Scale::Usual, Vec::new());
    for argument in arguments {
        match argument.as_str() {
            "--quick" => scale = Scale::Quick,
            "--full" => scale = Scale::Full,
            "--help" | "-h" => return Ok(None),
            section if SECTIONS.contains(&section) => sections.push(argument),
            other => anyhow::bail!("{other:?} is nothing to measure\n\n{USAGE}"),
        }
    }
    Ok(Some((scale, sections)))
}

fn run() -> Result<()> {
    let Some((scale, sections)) = parse(std::env::args().skip(1))? else {
        writeln!(io::stdout(), "{USAGE}")?;
        return Ok(());
    };
    let asked = |section: &str| sections.is_empty() || sections.iter().any(|s| s == section);
    let mut table = Table::begin()?;
    if asked("index") {
        index::measure(&mut table, scale)?;
    }
    if asked("names") {
        gazetteer::measure(&mut table, scale)?;
    }
    if asked("file") {
        locations_file::measure(&mut table, scale)?;
    }
    if asked("roads") {
        roads::measure(&mut table, scale)?;
    }
    if asked("plans") {
        plans::measure(&mut table, scale)?;
    }
    table.end()
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to hear of a standard error that is closed.
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        let parsed = |line: &str| parse(line.split_whitespace().map(str::to_owned));
        assert_eq!(parsed("").unwrap(), Some((Scale::Usual, Vec::new())));
        assert_eq!(
            parsed("plans --quick").unwrap(),
            Some((Scale::Quick, vec!["plans".to_owned()]))
        );
        assert_eq!(parsed("--help").unwrap(), None);
        assert!(parsed("--fast").unwrap_err().to_string().contains("--fast"));
    }
}
