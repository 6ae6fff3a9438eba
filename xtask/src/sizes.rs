//! The bytes of everything the first page loads, plain and compressed.

use crate::workspace::{files_under, say};
use anyhow::{Result, ensure};
use std::{collections::BTreeMap, fs, path::Path};

/// What the first page may weigh compressed, without the map library and the region's data: the goal of the house.
pub(crate) const GOAL_BYTES: u64 = 350_000;

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    App,
    MapLibrary,
    Data,
}

impl Part {
    /// None for what the first page does not load: licence texts, `embed.js`, icons beyond what the page shows.
    fn of(name: &str) -> Option<Self> {
        if name.starts_with("data/") {
            Some(Self::Data)
        } else if name.starts_with("vendor/maplibre-gl") && !name.contains("LICENSE") {
            Some(Self::MapLibrary)
        } else if name.starts_with("vendor/") || name == "embed.js" {
            None
        } else {
            let loaded = [
                ".html",
                ".js",
                ".mjs",
                ".wasm",
                ".css",
                ".webmanifest",
                ".svg",
            ];
            loaded
                .iter()
                .any(|end| name.ends_with(end))
                .then_some(Self::App)
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::App => "page, app, worker, styles",
            Self::MapLibrary => "MapLibre",
            Self::Data => "region data",
        }
    }
}

/// Bytes of one file, or a sum: plain, gzip, brotli.
type Sizes = [u64; 3];

/// Prints the table.
pub(crate) fn print(dist: &Path) -> Result<()> {
    let rows = measure(dist)?;
    ensure!(!rows.is_empty(), "dist/ is empty. Run: cargo xtask build");
    let row = |name: &str, sizes: Sizes| {
        say(&format!(
            "{name:<52}{:>11}{:>11}{:>11}",
            sizes[0], sizes[1], sizes[2]
        ));
    };
    say(&format!(
        "\n{:<52}{:>11}{:>11}{:>11}",
        "bytes of the first page", "plain", "gzip", "brotli"
    ));
    for part in [Part::App, Part::MapLibrary, Part::Data] {
        for (name, (_, sizes)) in rows.iter().filter(|(_, (of, _))| *of == part) {
            row(name, *sizes);
        }
        row(&format!("= {}", part.words()), sum(&rows, part));
    }
    Ok(())
}

/// Fails when the first page weighs more than the goal.
pub(crate) fn check(dist: &Path) -> Result<()> {
    print(dist)?;
    let [_, _, brotli] = sum(&measure(dist)?, Part::App);
    ensure!(
        brotli < GOAL_BYTES,
        "the first page weighs {brotli} bytes compressed, its goal is below {GOAL_BYTES}"
    );
    say(&format!(
        "the first page weighs {brotli} bytes compressed, below its goal of {GOAL_BYTES}"
    ));
    Ok(())
}

fn sum(rows: &BTreeMap<String, (Part, Sizes)>, part: Part) -> Sizes {
    rows.values()
        .filter(|(of, _)| *of == part)
        .fold([0; 3], |all, (_, sizes)| {
            [all[0] + sizes[0], all[1] + sizes[1], all[2] + sizes[2]]
        })
}

fn measure(dist: &Path) -> Result<BTreeMap<String, (Part, Sizes)>> {
    let mut rows = BTreeMap::new();
    for (name, path) in files_under(dist)? {
        let is_compressed_form = [".br", ".gz"].iter().any(|end| name.ends_with(end));
        let Some(part) = Part::of(&name).filter(|_| !is_compressed_form) else {
            continue;
        };
        let plain = fs::metadata(&path)?.len();
        // What has no compressed form is sent as it is.
        let stored = |suffix: &str| {
            fs::metadata(dist.join(format!("{name}{suffix}"))).map_or(plain, |m| m.len())
        };
        let sizes = [plain, stored(".gz"), stored(".br")];
        rows.insert(name, (part, sizes));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_takes_the_compressed_form_where_there_is_one() {
        let dist = std::env::temp_dir().join(format!("chongtu-sizes-{}", std::process::id()));
        for (name, bytes) in [
            ("index.html", 100),
            ("app-0123abcd.js", 1000),
            ("app-0123abcd.js.br", 300),
            ("app-0123abcd.js.gz", 400),
            ("vendor/maplibre-gl-1.mjs", 7),
            ("vendor/maplibre-gl-LICENSE.txt", 9),
            ("data/x/region.json", 5),
        ] {
            crate::workspace::write(&dist.join(name), vec![0; bytes]).unwrap();
        }
        let rows = measure(&dist).unwrap();
        assert_eq!(sum(&rows, Part::App), [1100, 500, 400]);
        assert_eq!(sum(&rows, Part::MapLibrary), [7, 7, 7]);
        assert_eq!(sum(&rows, Part::Data), [5, 5, 5]);
        check(&dist).unwrap();
        crate::workspace::write(&dist.join("b.js"), vec![0; GOAL_BYTES as usize]).unwrap();
        assert!(check(&dist).is_err());
        fs::remove_dir_all(&dist).unwrap();
    }
}
