//! The app from source to `dist/`: native program, region data, wasm, names, compression.

use crate::{
    Options, compress,
    page::{self, Files, MapLibre},
    region,
    wasm::{self, Aim},
    workspace::{
        Workspace, files_under, hex, output, probe, read, remove_folder, run, say, shown, write,
    },
};
use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// What a build made.
#[derive(Debug)]
pub(crate) struct Built {
    dist: PathBuf,
}

/// Builds everything into `dist/`. One native release build and one wasm build, which serving, tests and measuring share:
/// what is tested is what ships.
pub(crate) fn build(workspace: &Workspace, options: &Options) -> Result<Built> {
    let _only_one = lock(workspace)?;
    let start = Instant::now();
    let build_id = build_id(workspace)?;

    say("building the native program");
    run(workspace
        .cargo()
        .args(["build", "--locked", "--release", "--package", "chongtu-cli"]))?;
    let region = region::build(
        workspace,
        &build_id,
        options.locations.as_deref(),
        options.roads.as_deref(),
        &workspace.root.join("public/data"),
    )?;

    say("building the app and its workers for the browser");
    let trunk_dist = trunk(workspace, &build_id, options.debug)?;
    let mut files = read_folder(&trunk_dist)?;
    // Icons and data lie at the root, wherever the page's own copying put them.
    files.retain(|name, _| !name.starts_with("public/"));
    files.extend(read_folder(&workspace.root.join("public"))?);
    let debug = options.debug;
    page::finish(
        &mut files,
        maplibre(workspace)?,
        &build_id,
        &region.url,
        |module, is_worker| {
            if debug {
                return Ok(module.to_vec());
            }
            say(if is_worker {
                "optimising a worker"
            } else {
                "optimising the app"
            });
            wasm::optimised(
                workspace,
                module,
                if is_worker { Aim::Speed } else { Aim::Size },
            )
        },
    )?;

    let compressed = if debug {
        BTreeMap::new()
    } else {
        say("compressing");
        compress::all(&files, &workspace.target.join("compressed"))?
    };
    let dist = workspace.dist();
    write_dist(&dist, &files, &compressed)?;
    say(&format!(
        "built dist/ ({build_id}) in {:.0} s",
        start.elapsed().as_secs_f64()
    ));
    Ok(Built { dist })
}

/// A copy of the built app with other data, as `dist` in `folder`: the same app, so that only the data are built.
pub(crate) fn with_data(
    workspace: &Workspace,
    locations: &Path,
    roads: &Path,
    folder: &Path,
) -> Result<PathBuf> {
    let _only_one = lock(workspace)?;
    let mut files = read_folder(&workspace.dist())?;
    let page = files
        .remove("index.html")
        .context("dist/ has no index.html. Run: cargo xtask build")?;
    let page = String::from_utf8(page).context("dist/index.html is not text")?;
    // The app's own files stay with their compressed forms.
    files.retain(|name, _| !name.starts_with("data/") && !name.starts_with("index.html"));
    let data = folder.join("data");
    let region = region::build(
        workspace,
        page::meta(&page, "chongtu-build")?,
        Some(locations),
        Some(roads),
        &data,
    )?;
    let mut fresh: Files = read_folder(&data)?
        .into_iter()
        .map(|(name, bytes)| (format!("data/{name}"), bytes))
        .collect();
    fresh.insert(
        "index.html".to_owned(),
        page::with_meta(&page, "chongtu-region", &region.url)?.into_bytes(),
    );
    let compressed = compress::all(&fresh, &folder.join("compressed"))?;
    files.extend(fresh);
    let dist = folder.join("dist");
    write_dist(&dist, &files, &compressed)?;
    Ok(dist)
}

/// Two builds at once would write the same folders: the second waits until the returned file is closed.
fn lock(workspace: &Workspace) -> Result<fs::File> {
    let path = workspace.target.join("xtask.lock");
    fs::create_dir_all(&workspace.target)
        .and_then(|()| fs::File::create(&path))
        .and_then(|file| {
            if file.try_lock().is_err() {
                say("waiting for another build of this checkout");
                file.lock()?;
            }
            Ok(file)
        })
        .with_context(|| format!("cannot lock {}", path.display()))
}

/// Serves what was built, until interrupted.
pub(crate) fn serve(workspace: &Workspace, built: &Built, listen: &str) -> Result<()> {
    let mut command = workspace.command(workspace.chongtu());
    command
        .arg("serve")
        .arg("--app")
        .arg(&built.dist)
        .args(["--listen", listen]);
    say(&format!("open http://{listen}/ (stop with Ctrl-C)"));
    let shown = shown(&command);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        // In place of this process, so that a signal to it stops the server itself.
        Err(command.exec()).with_context(|| format!("cannot run `{shown}`"))
    }
    #[cfg(not(unix))]
    run(&mut command).with_context(|| format!("`{shown}` ended"))
}

fn trunk(workspace: &Workspace, build_id: &str, debug: bool) -> Result<PathBuf> {
    // Trunk builds without the network, so that it never fetches tools by itself; the crates must be there before.
    run(workspace.cargo().args(["fetch", "--locked", "--quiet"]))?;
    let dist = workspace.target.join("trunk");
    remove_folder(&dist)?;
    fs::create_dir_all(&dist)?;
    let mut command = workspace.command("trunk");
    command
        .env("CHONGTU_BUILD", build_id)
        // Trunk reads it as its own switch and refuses values such as 1.
        .env_remove("NO_COLOR")
        .args([
            "build",
            "--offline",
            "--skip-version-check",
            "--public-url",
            "./",
            "--dist",
        ])
        .arg(&dist);
    // Said either way: Trunk.toml has its own default.
    let profile = if debug {
        ["--release=false", "--cargo-profile=dev"]
    } else {
        ["--release=true", "--cargo-profile=wasm"]
    };
    command.args(profile);
    run(&mut command)?;
    Ok(dist)
}

fn maplibre(workspace: &Workspace) -> Result<MapLibre> {
    let package = workspace.root.join("node_modules/maplibre-gl");
    Ok(MapLibre {
        module: read(&package.join("dist/maplibre-gl.mjs"))?,
        worker: read(&package.join("dist/maplibre-gl-worker.mjs"))?,
        css: read(&package.join("dist/maplibre-gl.css"))?,
        licence: read(&package.join("LICENSE.txt"))?,
    })
}

fn read_folder(folder: &Path) -> Result<Files> {
    files_under(folder)?
        .into_iter()
        .map(|(name, path)| Ok((name, read(&path)?)))
        .collect()
}

/// Writes the folder beside the old one and then takes its place: a server that runs never sees half of it.
fn write_dist(
    dist: &Path,
    files: &Files,
    compressed: &BTreeMap<String, compress::Compressed>,
) -> Result<()> {
    let fresh = dist.with_file_name("dist.new");
    let old = dist.with_file_name("dist.old");
    remove_folder(&fresh)?;
    remove_folder(&old)?;
    for (name, bytes) in files {
        write(&fresh.join(name), bytes)?;
        let forms = compressed.get(name);
        for (suffix, form) in [
            (".br", forms.and_then(|forms| forms.br.as_ref())),
            (".gz", forms.and_then(|forms| forms.gz.as_ref())),
        ] {
            if let Some(form) = form {
                write(&fresh.join(format!("{name}{suffix}")), form)?;
            }
        }
    }
    if dist.exists() {
        fs::rename(dist, &old).context("cannot move the old dist/ away")?;
    }
    fs::rename(&fresh, dist).context("cannot put the new dist/ in place")?;
    remove_folder(&old)
}

/// A hash of all that the app and the worker are compiled from: both carry it, and the data says which build made it.
/// Data files are not in it: their own hashes are in their names, and other data need no new wasm.
fn build_id(workspace: &Workspace) -> Result<String> {
    let metadata = output(workspace.cargo().args([
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
        "--locked",
    ]))
    .or_else(|error| {
        // A lock file behind the manifests is a mistake that deserves its own sentence.
        match probe(
            workspace
                .cargo()
                .args(["metadata", "--no-deps", "--format-version", "1"]),
        ) {
            Some(_) => bail!("Cargo.lock is behind the manifests. Run: cargo update --workspace"),
            None => Err(error),
        }
    })?;
    let metadata: Value =
        serde_json::from_str(&metadata).context("`cargo metadata` did not print JSON")?;
    let mut hasher = Sha256::new();
    let mut add = |name: &str, path: &Path| -> Result<()> {
        let bytes = read(path)?;
        hasher.update(name.as_bytes());
        hasher.update([0]);
        hasher.update(bytes.len().to_le_bytes());
        hasher.update(&bytes);
        Ok(())
    };
    for name in [
        ".cargo/config.toml",
        "Cargo.toml",
        "Cargo.lock",
        "index.html",
        "Trunk.toml",
        "package-lock.json",
        "rust-toolchain.toml",
    ] {
        add(name, &workspace.root.join(name))?;
    }
    let mut folders = vec![workspace.root.join("src"), workspace.root.join("style")];
    for folder in crate_folders(&metadata, &["chongtu", "chongtu-worker"]) {
        if folder != workspace.root {
            add("Cargo.toml", &folder.join("Cargo.toml"))?;
            folders.push(folder.join("src"));
        }
    }
    for folder in folders {
        let prefix = folder
            .strip_prefix(&workspace.root)
            .unwrap_or(&folder)
            .display()
            .to_string();
        for (name, path) in files_under(&folder)? {
            add(&format!("{prefix}/{name}"), &path)?;
        }
    }
    Ok(hex(&hasher.finalize()[..8]))
}

/// The folders of these packages and of all the workspace's packages they need.
fn crate_folders(metadata: &Value, roots: &[&str]) -> BTreeSet<PathBuf> {
    let packages: Vec<&Value> = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    let mut waiting: Vec<String> = roots.iter().map(|&root| root.to_owned()).collect();
    let mut seen = BTreeSet::new();
    let mut folders = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let Some(package) = packages
            .iter()
            .find(|package| package["name"] == name.as_str())
        else {
            continue;
        };
        if let Some(folder) = package["manifest_path"]
            .as_str()
            .and_then(|path| Path::new(path).parent())
        {
            folders.insert(folder.to_owned());
        }
        let needed = package["dependencies"].as_array().into_iter().flatten();
        waiting.extend(
            needed
                .filter(|dependency| dependency["kind"].is_null())
                .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned)),
        );
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_build_id_follows_what_is_needed_and_no_tests() {
        let metadata = json!({"packages": [
            {"name": "a", "manifest_path": "/w/a/Cargo.toml", "dependencies": [
                {"name": "b", "kind": null}, {"name": "t", "kind": "dev"}, {"name": "foreign", "kind": null}]},
            {"name": "b", "manifest_path": "/w/b/Cargo.toml", "dependencies": [{"name": "a", "kind": null}]},
            {"name": "t", "manifest_path": "/w/t/Cargo.toml", "dependencies": []},
        ]});
        let folders = crate_folders(&metadata, &["a"]);
        assert_eq!(
            folders,
            BTreeSet::from([PathBuf::from("/w/a"), PathBuf::from("/w/b")])
        );
    }

    #[test]
    fn a_new_dist_replaces_the_old_one_wholly() {
        let folder = std::env::temp_dir().join(format!("chongtu-dist-{}", std::process::id()));
        let dist = folder.join("dist");
        let files = |name: &str| Files::from([(name.to_owned(), b"x".to_vec())]);
        let compressed = compress::Compressed {
            br: Some(b"b".to_vec()),
            gz: None,
        };
        write_dist(&dist, &files("old.js"), &BTreeMap::new()).unwrap();
        write_dist(
            &dist,
            &files("d/new.js"),
            &BTreeMap::from([("d/new.js".to_owned(), compressed)]),
        )
        .unwrap();
        let names: Vec<String> = files_under(&folder)
            .unwrap()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["dist/d/new.js", "dist/d/new.js.br"]);
        fs::remove_dir_all(&folder).unwrap();
    }
}
