//! Everything that must hold before a change is done, in stages, each with its time.

use crate::{
    Options, build, install, sizes,
    workspace::{Workspace, files_under, run, say},
};
use anyhow::{Context as _, Result, bail, ensure};
use std::time::{Duration, Instant};

/// What is compiled for the browser, and what must be able to.
const FOR_THE_BROWSER: [&str; 7] = [
    "chongtu",
    "chongtu-worker",
    "chongtu-model",
    "chongtu-roads",
    "chongtu-planner",
    "chongtu-feeds",
    "chongtu-words",
];

/// One stage as it went.
struct Done {
    name: &'static str,
    took: Duration,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    Failed(String),
    Skipped(&'static str),
}

/// Runs all stages, also after one failed, and says at the end how each went.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    let data = workspace.root.join("../shared/data");
    if !data.exists() {
        ensure!(
            !workspace.ci,
            "../shared/data is absent: the tests on real data need it, and CI=true allows no skipping"
        );
        say("skipped: tests on real data (../shared/data is absent)");
    }
    let mut done = Vec::new();
    let mut stage = |name: &'static str, job: &mut dyn FnMut() -> Result<()>| {
        say(&format!("\n== {name}"));
        let start = Instant::now();
        let outcome = match job() {
            Ok(()) => Outcome::Passed,
            Err(error) => {
                say(&format!("error: {error:#}"));
                Outcome::Failed(format!("{error:#}"))
            }
        };
        let ok = matches!(outcome, Outcome::Passed);
        done.push(Done {
            name,
            took: start.elapsed(),
            outcome,
        });
        ok
    };

    let installed = stage("install", &mut || {
        install::for_build(workspace)?;
        install::for_tests(workspace)
    });
    stage("format", &mut || {
        run(workspace.cargo().args(["fmt", "--all", "--check"]))
    });
    stage("clippy, native", &mut || {
        run(workspace.cargo().args([
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    });
    stage("clippy, wasm", &mut || {
        let mut command = workspace.cargo();
        command.args(["clippy", "--locked", "--target", "wasm32-unknown-unknown"]);
        for package in FOR_THE_BROWSER {
            command.args(["--package", package]);
        }
        run(command.args(["--", "-D", "warnings"]))
    });
    stage("unit, property and house tests", &mut || {
        run(workspace.cargo().args(["test", "--locked", "--workspace"]))
    });
    stage("documentation", &mut || {
        let mut command = workspace.cargo();
        command.env("RUSTDOCFLAGS", "-D warnings");
        run(command.args(["doc", "--locked", "--workspace", "--no-deps"]))
    });
    let built = installed
        && stage("build", &mut || {
            build::build(workspace, &Options::default()).map(drop)
        });
    if built {
        stage("bytes of the first page", &mut || {
            sizes::check(&workspace.dist())
        });
        stage("browser, end to end", &mut || end_to_end(workspace));
    } else {
        for name in ["bytes of the first page", "browser, end to end"] {
            let outcome = Outcome::Skipped("there is no build to test");
            done.push(Done {
                name,
                took: Duration::ZERO,
                outcome,
            });
        }
    }
    report(&done)
}

fn report(done: &[Done]) -> Result<()> {
    say("");
    for stage in done {
        let (word, why) = match &stage.outcome {
            Outcome::Passed => ("passed", ""),
            Outcome::Failed(why) => ("FAILED", why.lines().next().unwrap_or("")),
            Outcome::Skipped(why) => ("not run", *why),
        };
        say(&format!(
            "{:>8.1} s  {word:<8} {:<34} {why}",
            stage.took.as_secs_f64(),
            stage.name
        ));
    }
    let total: Duration = done.iter().map(|stage| stage.took).sum();
    say(&format!("{:>8.1} s  in all", total.as_secs_f64()));
    let n_bad = done
        .iter()
        .filter(|stage| !matches!(stage.outcome, Outcome::Passed))
        .count();
    ensure!(n_bad == 0, "{n_bad} of {} stages did not pass", done.len());
    Ok(())
}

/// All `tests/e2e/*.test.mjs` against the built app, in a real browser.
fn end_to_end(workspace: &Workspace) -> Result<()> {
    let folder = workspace.root.join("tests/e2e");
    let tests: Vec<_> = files_under(&folder)?
        .into_iter()
        .filter(|(name, _)| name.ends_with(".test.mjs") && !name.contains('/'))
        .map(|(_, path)| path)
        .collect();
    ensure!(!tests.is_empty(), "{} has no tests", folder.display());
    // One file at a time: the browser draws in software and would starve its neighbour.
    run(workspace
        .command("node")
        .env("CHONGTU_PROGRAM", workspace.chongtu())
        .env("CHONGTU_DIST", workspace.dist())
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(tests))
}

/// The bench program's table, then the sizes.
pub(crate) fn bench(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    if workspace.root.join("crates/bench/Cargo.toml").exists() {
        let mut command = workspace.cargo();
        command.args([
            "run",
            "--locked",
            "--release",
            "--package",
            "chongtu-bench",
            "--",
        ]);
        run(command.args(arguments)).context("the bench program")?;
    } else if !arguments.is_empty() {
        bail!("there is no bench program to give {arguments:?} to");
    } else {
        say("there is no crates/bench: sizes only");
    }
    sizes::print(&workspace.dist())
}
