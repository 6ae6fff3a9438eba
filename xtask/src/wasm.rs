//! The wasm optimiser, from npm's `binaryen`: trunk would want to download its own.

use crate::workspace::{Workspace, read, run, short_hash, write};
use anyhow::Result;

/// What the optimiser aims at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aim {
    /// The app: views, downloaded before anything shows.
    Size,
    /// The worker: search and planning.
    Speed,
}

impl Aim {
    fn level(self) -> &'static str {
        match self {
            Self::Size => "-Oz",
            Self::Speed => "-O3",
        }
    }
}

/// Post-MVP features that Rust's wasm32-unknown-unknown emits since 1.87; the optimiser refuses a module that uses one it
/// was not told of. Every browser that runs the map library has them.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The optimised module. Kept by content, so that only a changed module is optimised again.
pub(crate) fn optimised(workspace: &Workspace, module: &[u8], aim: Aim) -> Result<Vec<u8>> {
    let folder = workspace.target.join("wasm-opt");
    let name = format!("{}{}", short_hash(module), aim.level());
    let output = folder.join(format!("{name}.out.wasm"));
    if !output.exists() {
        let input = folder.join(format!("{name}.in.wasm"));
        let fresh = folder.join(format!("{name}.new.wasm"));
        write(&input, module)?;
        run(workspace
            .command("node")
            .arg(workspace.root.join("node_modules/binaryen/bin/wasm-opt"))
            .arg(aim.level())
            .args(FEATURES)
            .args(["--strip-debug", "--strip-producers", "-o"])
            .arg(&fresh)
            .arg(&input))?;
        // Renamed at the end: an interrupted run leaves no half file behind.
        std::fs::rename(&fresh, &output)?;
        std::fs::remove_file(&input)?;
    }
    read(&output)
}
