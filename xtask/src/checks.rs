//! Everything that must hold before a change is done, in stages, each with its time.

use crate::{
    Options, build, install, sizes,
    workspace::{Workspace, files_under, output, run, say},
};
use anyhow::{Context as _, Result, bail, ensure};
use std::{
    path::Path,
    time::{Duration, Instant},
};

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

/// What the app is tried on besides the demonstration region, in `../shared/data`.
const REAL_LOCATIONS: &str = "locations/yangtze_delta_chargers_wgs84.geojson";
const REAL_ROADS: &str = "roads/yangtze_delta_graph.json";

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
    let has_data = data.exists();
    if !has_data {
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
    if installed {
        stage("same bits", &mut || same_bits(workspace));
    }
    let built = installed
        && stage("build", &mut || {
            build::build(workspace, &Options::default()).map(drop)
        });
    if built {
        stage("bytes of the first page", &mut || {
            sizes::check(&workspace.dist())
        });
        let mut real = None;
        if has_data {
            stage("the app on real data", &mut || {
                real = Some(build::with_data(
                    workspace,
                    &data.join(REAL_LOCATIONS),
                    &data.join(REAL_ROADS),
                    &workspace.target.join("e2e-real"),
                )?);
                Ok(())
            });
        }
        stage("browser, end to end", &mut || {
            end_to_end(workspace, real.as_deref())
        });
    }
    let mut not_run = |name: &'static str, why: &'static str| {
        done.push(Done {
            name,
            took: Duration::ZERO,
            outcome: Outcome::Skipped(why),
        });
    };
    if !installed {
        not_run("same bits", "the tools are missing");
    }
    if !built {
        for name in ["bytes of the first page", "browser, end to end"] {
            not_run(name, "there is no build to test");
        }
    }
    report(&done)
}

/// The planner's answers on the demonstration region, here and in WebAssembly: every bit must be the same.
fn same_bits(workspace: &Workspace) -> Result<()> {
    let test = || {
        let mut command = workspace.cargo();
        command.args([
            "test",
            "--locked",
            "--package",
            "chongtu-worker",
            "--test",
            "bits",
        ]);
        command
    };
    let printed = output(test().args(["--", "--nocapture"]))?;
    let bits = bits_in(&printed).with_context(|| {
        format!("the native test printed no line `bits: <16 hexadecimal digits>`:\n{printed}")
    })?;
    say(&format!("bits: {bits} (native)"));
    let printed = output(
        test()
            .args(["--target", "wasm32-unknown-unknown"])
            .env("CHONGTU_EXPECTED_BITS", bits),
    )?;
    // The runner is content with no test at all.
    ensure!(
        printed.contains(" 1 passed"),
        "the test for WebAssembly did not run:\n{printed}"
    );
    say(&format!("bits: {bits} (WebAssembly)"));
    Ok(())
}

/// The digest in what the native test printed; libtest may have put its own words before it on the line.
fn bits_in(printed: &str) -> Option<&str> {
    printed
        .lines()
        .filter_map(|line| line.split_once("bits: "))
        .map(|(_, digits)| digits.trim())
        .find(|digits| digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
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

/// All `tests/e2e/*.test.mjs` against the built app and, where there is one, the app on real data, in a real browser.
fn end_to_end(workspace: &Workspace, real: Option<&Path>) -> Result<()> {
    let folder = workspace.root.join("tests/e2e");
    let tests: Vec<_> = files_under(&folder)?
        .into_iter()
        .filter(|(name, _)| name.ends_with(".test.mjs") && !name.contains('/'))
        .map(|(_, path)| path)
        .collect();
    ensure!(!tests.is_empty(), "{} has no tests", folder.display());
    // One file at a time: the browser draws in software and would starve its neighbour.
    let mut command = workspace.command("node");
    command
        .env("CHONGTU_PROGRAM", workspace.chongtu())
        .env("CHONGTU_DIST", workspace.dist())
        .env_remove("CHONGTU_DIST_REAL");
    if let Some(real) = real {
        command.env("CHONGTU_DIST_REAL", real);
    }
    run(command
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_found_in_what_libtest_prints() {
        let digest = "0123456789abcdef";
        for (printed, expected) in [
            (
                format!("running 1 test\nbits: {digest}\ntest a ... ok\n"),
                Some(digest),
            ),
            (
                format!("test native_digest ... bits: {digest}\nok\n"),
                Some(digest),
            ),
            ("running 1 test\ntest a ... ok\n".to_owned(), None),
            ("bits: \n".to_owned(), None),
            ("bits: 0123456789abcdeg\n".to_owned(), None),
        ] {
            assert_eq!(bits_in(&printed), expected, "{printed:?}");
        }
    }
}
