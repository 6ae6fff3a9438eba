//! The house's own tasks: `cargo xtask serve|build|test|bench|sizes|install|doctor`.
//!
//! `serve` and `test` install what is missing, say what they do, and where something cannot be installed name the one
//! command to run.

mod basemap;
mod build;
mod checks;
mod compress;
mod install;
mod page;
mod region;
mod sizes;
mod styles;
mod tiles;
mod wasm;
mod water;
mod workspace;

use anyhow::{Context as _, Result, bail};
use std::{path::PathBuf, process::ExitCode};
use workspace::{Workspace, say};

const USAGE: &str = "\
The tasks of this house:

  cargo xtask serve  [--locations FILE] [--roads FILE] [--base-map FILE] [--listen 127.0.0.1:8080]
                     installs what is missing, builds everything in release, serves the app
  cargo xtask test   everything: format, lints, tests, same bits in wasm, documentation, browser
  cargo xtask bench  the bench table and the sizes of the first page
  cargo xtask build  [--locations FILE] [--roads FILE] [--base-map FILE|ADDRESS] [--debug]
                     builds the app into dist/ (--debug: quick to build, large and slow to run)
  cargo xtask sizes  the bytes of the first page, of the last build
  cargo xtask install [--tests]   installs the tools; with --tests the browser too
  cargo xtask doctor  says what is there and what is missing, and changes nothing

--locations and --roads take any file that `chongtu import` and `chongtu roads` read; without them the
demonstration region is built.

--base-map takes a PMTiles archive, or the address of one (its path ends with .pmtiles) or of a MapLibre style, to be
drawn instead of our own base map. --map-attribution TEXT and --map-approval NUMBER are written on the map.
";

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// What may follow a task's name.
#[derive(Debug, Default)]
struct Options {
    locations: Option<PathBuf>,
    roads: Option<PathBuf>,
    base_map: tiles::BaseMap,
    listen: Option<String>,
    debug: bool,
    tests: bool,
    rest: Vec<String>,
}

fn run(arguments: Vec<String>) -> Result<()> {
    let mut arguments = arguments.into_iter();
    let task = arguments.next().unwrap_or_else(|| "help".to_owned());
    if matches!(task.as_str(), "help" | "--help" | "-h") {
        say(USAGE);
        return Ok(());
    }
    let options = options(&task, arguments.collect())?;
    let workspace = Workspace::new()?;
    match task.as_str() {
        "serve" => {
            install::for_build(&workspace)?;
            let built = build::build(&workspace, &options)?;
            tiles::configure(&workspace.dist(), &options.base_map)?;
            build::serve(
                &workspace,
                &built,
                options.listen.as_deref().unwrap_or("127.0.0.1:8080"),
            )
        }
        "build" => {
            install::for_build(&workspace)?;
            build::build(&workspace, &options)?;
            tiles::configure(&workspace.dist(), &options.base_map)?;
            sizes::print(&workspace.dist())
        }
        "test" => checks::test(&workspace),
        "bench" => checks::bench(&workspace, &options.rest),
        "sizes" => sizes::print(&workspace.dist()),
        "install" => {
            install::for_build(&workspace)?;
            if options.tests {
                install::for_tests(&workspace)?;
            }
            Ok(())
        }
        "doctor" => install::doctor(&workspace),
        other => bail!("no task is called {other:?}\n\n{USAGE}"),
    }
}

fn options(task: &str, arguments: Vec<String>) -> Result<Options> {
    let mut options = Options::default();
    if task == "bench" {
        options.rest = arguments; // they are the bench program's own
        return Ok(options);
    }
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let (name, inline) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        let mut value = || {
            inline
                .clone()
                .or_else(|| arguments.next())
                .with_context(|| format!("{name} needs a value"))
        };
        let builds = matches!(task, "serve" | "build");
        match name.as_str() {
            "--locations" if builds => options.locations = Some(file(&value()?)?),
            "--roads" if builds => options.roads = Some(file(&value()?)?),
            "--base-map" if builds => options.base_map.source = tiles::Source::parse(&value()?)?,
            "--map-attribution" if builds => options.base_map.attribution.push(value()?),
            "--map-approval" if builds => options.base_map.approval = Some(value()?),
            "--listen" if task == "serve" => options.listen = Some(value()?),
            "--debug" if builds => options.debug = true,
            "--tests" if task == "install" => options.tests = true,
            _ => bail!("`cargo xtask {task}` does not know {name:?}\n\n{USAGE}"),
        }
    }
    if task == "serve"
        && let tiles::Source::Address(url) = &options.base_map.source
    {
        bail!(
            "`cargo xtask serve` keeps the page to its own origin, and {url} is another. Run `cargo xtask build --base-map {url}`, \
             then `chongtu serve --base-map-origin` with that address's scheme and host"
        );
    }
    Ok(options)
}

/// The file, named from where the command was typed.
fn file(name: &str) -> Result<PathBuf> {
    let path = PathBuf::from(name);
    path.canonicalize().with_context(|| {
        format!("cannot read {name}; the path is taken from the folder you are in")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(task: &str, line: &str) -> Result<Options> {
        options(task, line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn options_are_read_and_strange_ones_named() {
        assert_eq!(
            parsed("serve", "--listen 0.0.0.0:1")
                .unwrap()
                .listen
                .unwrap(),
            "0.0.0.0:1"
        );
        assert_eq!(
            parsed("serve", "--listen=0.0.0.0:2")
                .unwrap()
                .listen
                .unwrap(),
            "0.0.0.0:2"
        );
        assert!(parsed("build", "--debug").unwrap().debug);
        assert_eq!(
            parsed("bench", "plan --quick").unwrap().rest,
            ["plan", "--quick"]
        );
        for (task, line, expected) in [
            ("serve", "--listen", "--listen needs a value"),
            ("serve", "--lisen x", "\"--lisen\""),
            ("test", "--debug", "\"--debug\""),
            ("build", "--roads /no/such/file", "/no/such/file"),
            ("build", "--base-map /no/such/file", "/no/such/file"),
            (
                "serve",
                "--base-map https://tiles.example/style.json",
                "--base-map-origin",
            ),
        ] {
            let error = format!("{:#}", parsed(task, line).unwrap_err());
            assert!(error.contains(expected), "{task} {line}: {error}");
        }
    }
}
