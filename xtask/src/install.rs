//! What the house needs, whether it is there, and how it gets there.

use crate::workspace::{Workspace, hex, probe, read, read_text, run, say, write};
use anyhow::{Context as _, Result, bail};
use sha2::{Digest, Sha256};
use std::{path::Path, time::Instant};

/// The newest trunk that builds with our Rust: 0.22 wants 1.96.
const TRUNK: &str = "0.21.14";
const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// What the browser tests need, as Debian packages it.
const DEBIAN_PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-cjk"];

/// One thing the house needs.
struct Need {
    name: String,
    why: &'static str,
    /// What is there now when it is not enough; none when all is well.
    missing: Option<String>,
    /// What installs it, to be typed as it is.
    remedy: String,
}

/// Installs what building and serving need.
pub(crate) fn for_build(workspace: &Workspace) -> Result<()> {
    let node = node(workspace);
    if let Some(found) = &node.missing {
        bail!(
            "{} is needed {} ({found}). Run: {}",
            node.name,
            node.why,
            node.remedy
        );
    }
    ensure(&wasm_target(workspace), || {
        run(workspace
            .command("rustup")
            .args(["target", "add", WASM_TARGET]))
    })?;
    ensure(&trunk(workspace), || {
        cargo_install(workspace, "trunk", TRUNK)
    })?;
    let bindgen = locked_version(workspace, "wasm-bindgen")?;
    ensure(&wasm_binder(workspace, &bindgen), || {
        cargo_install(workspace, "wasm-bindgen-cli", &bindgen)
    })?;
    ensure(&npm_packages(workspace)?, || {
        run(workspace.command("npm").args([
            "ci",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--loglevel=error",
        ]))?;
        write(&workspace.root.join(NPM_STAMP), lock_hash(workspace)?)
    })
}

/// Installs what the browser tests need besides.
pub(crate) fn for_tests(workspace: &Workspace) -> Result<()> {
    ensure(&browser(workspace), || {
        let is_root = probe(workspace.command("id").arg("-u")).is_some_and(|id| id == "0");
        if !is_root || !Path::new("/usr/bin/apt-get").exists() {
            bail!("only root on Debian can install them from here");
        }
        let mut apt = workspace.command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        run(apt.args(["update", "-qq"]))?;
        let mut apt = workspace.command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        run(apt
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(DEBIAN_PACKAGES))
    })
}

/// Says what is there and what is not.
pub(crate) fn doctor(workspace: &Workspace) -> Result<()> {
    let bindgen = locked_version(workspace, "wasm-bindgen")?;
    let needs = [
        node(workspace),
        wasm_target(workspace),
        trunk(workspace),
        wasm_binder(workspace, &bindgen),
        npm_packages(workspace)?,
        browser(workspace),
    ];
    let mut n_missing = 0;
    for need in &needs {
        match &need.missing {
            None => say(&format!("  there    {} ({})", need.name, need.why)),
            Some(found) => {
                n_missing += 1;
                say(&format!(
                    "  missing  {} ({}): {found}. Run: {}",
                    need.name, need.why, need.remedy
                ));
            }
        }
    }
    if n_missing > 0 {
        bail!(
            "{n_missing} of {} are missing; `cargo xtask install --tests` installs what it may",
            needs.len()
        );
    }
    Ok(())
}

fn ensure(need: &Need, install: impl FnOnce() -> Result<()>) -> Result<()> {
    let Some(found) = &need.missing else {
        return Ok(());
    };
    say(&format!("installing {} ({}): {found}", need.name, need.why));
    let start = Instant::now();
    install()
        .with_context(|| format!("{} could not be installed. Run: {}", need.name, need.remedy))?;
    say(&format!("  done in {:.0} s", start.elapsed().as_secs_f64()));
    Ok(())
}

fn node(workspace: &Workspace) -> Need {
    let version = probe(workspace.command("node").arg("--version"));
    let major = version.as_deref().and_then(|version| {
        version
            .trim_start_matches('v')
            .split('.')
            .next()?
            .parse::<u32>()
            .ok()
    });
    let npm = probe(workspace.command("npm").arg("--version"));
    let missing = match (major, npm) {
        (Some(20..), Some(_)) => None,
        (Some(20..), None) => Some("npm is not found".to_owned()),
        (Some(old), _) => Some(format!("version {old} is too old")),
        (None, _) => Some("not found".to_owned()),
    };
    Need {
        name: "Node 20 or newer, with npm".to_owned(),
        why: "for the map library and the wasm optimiser",
        missing,
        remedy: "apt-get install nodejs npm".to_owned(),
    }
}

fn wasm_target(workspace: &Workspace) -> Need {
    let sysroot = probe(workspace.command("rustc").args(["--print", "sysroot"]));
    let there = sysroot.is_some_and(|root| {
        Path::new(&root)
            .join("lib/rustlib")
            .join(WASM_TARGET)
            .exists()
    });
    Need {
        name: format!("Rust target {WASM_TARGET}"),
        why: "to compile the app for the browser",
        missing: (!there).then(|| "not installed".to_owned()),
        remedy: format!("rustup target add {WASM_TARGET}"),
    }
}

fn trunk(workspace: &Workspace) -> Need {
    tool(
        workspace,
        "trunk",
        "trunk",
        TRUNK,
        "to put the app's files together",
    )
}

fn wasm_binder(workspace: &Workspace, version: &str) -> Need {
    tool(
        workspace,
        "wasm-bindgen",
        "wasm-bindgen-cli",
        version,
        "to join wasm and JavaScript; its version is the library's in Cargo.lock",
    )
}

/// A program of one exact version, on the path or among our tools.
fn tool(
    workspace: &Workspace,
    program: &str,
    package: &str,
    version: &str,
    why: &'static str,
) -> Need {
    let found = probe(workspace.command(program).arg("--version"));
    let is_it = found
        .as_deref()
        .is_some_and(|text| text.split_whitespace().nth(1) == Some(version));
    let missing = (!is_it).then(|| match found {
        Some(text) => format!("found {text}"),
        None => "not found".to_owned(),
    });
    Need {
        name: format!("{package} {version}"),
        why,
        missing,
        remedy: format!("cargo install --locked {package}@{version}"),
    }
}

/// Into our own folder: another version that someone installed for something else stays theirs.
fn cargo_install(workspace: &Workspace, package: &str, version: &str) -> Result<()> {
    run(workspace
        .cargo()
        .env("CARGO_TARGET_DIR", workspace.target.join("tools-build"))
        .args(["install", "--locked", "--quiet", "--root"])
        .arg(&workspace.tools)
        .arg(format!("{package}@{version}")))
}

/// Which lock file `node_modules` was made from.
const NPM_STAMP: &str = "node_modules/.chongtu-lock";

fn lock_hash(workspace: &Workspace) -> Result<String> {
    Ok(hex(&Sha256::digest(read(
        &workspace.root.join("package-lock.json"),
    )?)))
}

fn npm_packages(workspace: &Workspace) -> Result<Need> {
    let stamp = std::fs::read_to_string(workspace.root.join(NPM_STAMP)).ok();
    let missing = match stamp {
        None => Some("not installed".to_owned()),
        Some(stamp) if stamp != lock_hash(workspace)? => {
            Some("older than package-lock.json".to_owned())
        }
        Some(_) => None,
    };
    Ok(Need {
        name: "npm packages".to_owned(),
        why: "map library, wasm optimiser, coastline, browser tests; nothing of it is loaded from elsewhere at run time",
        missing,
        remedy: "npm ci".to_owned(),
    })
}

fn browser(workspace: &Workspace) -> Need {
    let chromium = std::env::var_os("CHROMIUM").is_some_and(|path| Path::new(&path).exists())
        || Path::new("/usr/bin/chromium").exists();
    let driver = probe(workspace.command("chromedriver").arg("--version")).is_some();
    let fonts =
        probe(workspace.command("fc-list").arg(":lang=zh")).is_some_and(|list| !list.is_empty());
    let mut missing = Vec::new();
    for (there, name) in [
        (chromium, "Chromium"),
        (driver, "chromedriver"),
        (fonts, "a Chinese font"),
    ] {
        if !there {
            missing.push(name);
        }
    }
    Need {
        name: "Chromium, its driver and a Chinese font".to_owned(),
        why: "for the tests in a real browser",
        missing: (!missing.is_empty()).then(|| format!("not found: {}", missing.join(", "))),
        remedy: format!(
            "apt-get update && apt-get install -y {}",
            DEBIAN_PACKAGES.join(" ")
        ),
    }
}

/// The version of a package in Cargo.lock.
fn locked_version(workspace: &Workspace, package: &str) -> Result<String> {
    let lock = read_text(&workspace.root.join("Cargo.lock"))?;
    version_in_lock(&lock, package)
        .with_context(|| format!("Cargo.lock has no {package}: run `cargo fetch` and try again"))
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let mut lines = lock.lines();
    let name = format!("name = \"{package}\"");
    lines.find(|line| *line == name)?;
    Some(
        lines
            .next()?
            .strip_prefix("version = \"")?
            .strip_suffix('"')?
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::version_in_lock;

    #[test]
    fn the_locked_version_is_of_the_very_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n";
        assert_eq!(
            version_in_lock(lock, "wasm-bindgen").as_deref(),
            Some("0.2.129")
        );
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }
}
