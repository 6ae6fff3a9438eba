//! A base map from elsewhere: what the browser reads it with, and the setting in a built app.

use crate::{
    page,
    workspace::{hex, read, read_text, say, write},
};
use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

/// The npm package brings no file with its licence, which must go with it.
const LICENCE: &str = include_str!("../licences/pmtiles.txt");

/// Puts what reads tiles into `public/vendor`. The page loads it only where a base map is configured, by names without a
/// hash: the server's tags keep them fresh.
pub(crate) fn put_reader(root: &Path) -> Result<()> {
    let packages = root.join("node_modules");
    let vendor = root.join("public/vendor");
    let script = read_text(&packages.join("pmtiles/dist/pmtiles.js"))?;
    write(&vendor.join("pmtiles.mjs"), module(&script)?)?;
    write(
        &vendor.join("tiles.mjs"),
        read(&root.join("src/js/tiles.js"))?,
    )?;
    let fflate = read_text(&packages.join("fflate/LICENSE"))?;
    write(
        &vendor.join("pmtiles-LICENSE.txt"),
        format!("{LICENCE}{fflate}"),
    )
}

/// The package's script for pages, which needs no neighbour, as a module.
fn module(script: &str) -> Result<String> {
    ensure!(
        script.contains("var pmtiles="),
        "PMTiles' script does not define `pmtiles`: see its release notes"
    );
    let code: Vec<&str> = script
        .lines()
        .filter(|line| !line.starts_with("//# sourceMappingURL="))
        .collect();
    Ok(format!(
        "{}\nexport const {{ PMTiles, Protocol, TileType }} = pmtiles;\n",
        code.join("\n")
    ))
}

/// What stands under the pins instead of our own base map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BaseMap {
    /// A `PMTiles` file, copied into the app; or the address of one or of a MapLibre style.
    pub(crate) source: Source,
    /// What its licence wants to be written on the map.
    pub(crate) attribution: Vec<String>,
    /// Its approval number, where one is required.
    pub(crate) approval: Option<String>,
}

/// Where a base map is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Source {
    /// Our own is drawn.
    #[default]
    Own,
    /// Elsewhere.
    Address(String),
    /// On this machine.
    Archive(PathBuf),
}

impl Source {
    /// # Errors
    /// When it is neither an address nor a `PMTiles` file.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        if text.starts_with("https://") || text.starts_with("http://") {
            return Ok(Self::Address(text.to_owned()));
        }
        let path = PathBuf::from(text)
            .canonicalize()
            .with_context(|| format!("cannot read the base map {text}"))?;
        let mut magic = [0; 8];
        let is_archive = fs::File::open(&path)
            .and_then(|mut file| file.read_exact(&mut magic))
            .is_ok()
            && magic == *b"PMTiles\x03";
        ensure!(
            is_archive,
            "the base map {text} is no PMTiles archive of version 3; a style is named by its address, https://…"
        );
        Ok(Self::Archive(path))
    }
}

impl BaseMap {
    /// Whether there is anything to set.
    pub(crate) fn is_own(&self) -> bool {
        *self == Self::default()
    }
}

/// Sets the base map in the `region.json` of the app in `dist`.
pub(crate) fn configure(dist: &Path, base_map: &BaseMap) -> Result<()> {
    if base_map.is_own() {
        return Ok(());
    }
    let page = read_text(&dist.join("index.html"))?;
    let file = dist.join(page::meta(&page, "chongtu-region")?);
    let folder = file.parent().context("the region has no folder")?;
    let mut region: Value = serde_json::from_slice(&read(&file)?)
        .with_context(|| format!("{} is not JSON", file.display()))?;
    match &base_map.source {
        Source::Own => {}
        Source::Address(url) => region["style"] = json!(url),
        Source::Archive(path) => {
            say("copying the base map");
            let name = format!("basemap-{}.pmtiles", hash(path)?);
            fs::copy(path, folder.join(&name))
                .with_context(|| format!("cannot copy {}", path.display()))?;
            region["style"] = json!(name);
        }
    }
    if let Some(approval) = &base_map.approval {
        region["map_approval"] = json!(approval);
    }
    let Some(said) = region["attribution"].as_array_mut() else {
        bail!("{} has no list of attributions", file.display());
    };
    for text in &base_map.attribution {
        if !said.iter().any(|one| one == text) {
            said.push(json!(text));
        }
    }
    write(&file, serde_json::to_vec_pretty(&region)?)?;
    // What was compressed before says what stood there before.
    for suffix in ["br", "gz"] {
        let name = file.with_extension(format!("json.{suffix}"));
        if name.exists() {
            fs::remove_file(&name).with_context(|| format!("cannot remove {}", name.display()))?;
        }
    }
    Ok(())
}

/// Of a file that may be larger than memory.
fn hash(path: &Path) -> Result<String> {
    let cannot = || format!("cannot read {}", path.display());
    let mut file = fs::File::open(path).with_context(cannot)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let n = file.read(&mut buffer).with_context(cannot)?;
        if n == 0 {
            return Ok(hex(&hasher.finalize()[..8]));
        }
        hasher.update(&buffer[..n]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_becomes_a_module() {
        let made =
            module("\"use strict\";var pmtiles=(()=>1)();\n//# sourceMappingURL=x.map").unwrap();
        assert!(made.starts_with("\"use strict\";var pmtiles="), "{made}");
        assert!(
            made.contains("export const {") && !made.contains("sourceMapping"),
            "{made}"
        );
        assert!(module("var other=1").is_err());
    }

    #[test]
    fn the_reader_goes_with_its_licences() {
        let root = std::env::temp_dir().join(format!("chongtu-reader-{}", std::process::id()));
        write(&root.join("src/js/tiles.js"), "ours").unwrap();
        let package = root.join("node_modules/pmtiles/dist/pmtiles.js");
        write(&package, "var pmtiles=1;\n").unwrap();
        write(&root.join("node_modules/fflate/LICENSE"), "fflate's words").unwrap();
        put_reader(&root).unwrap();
        let put = |name: &str| read_text(&root.join("public/vendor").join(name)).unwrap();
        assert_eq!(put("tiles.mjs"), "ours");
        assert!(put("pmtiles.mjs").starts_with("var pmtiles=1;\nexport "));
        let licences = put("pmtiles-LICENSE.txt");
        assert!(licences.contains("Protomaps LLC") && licences.ends_with("fflate's words"));
        fs::remove_file(&package).unwrap();
        let error = format!("{:#}", put_reader(&root).unwrap_err());
        assert!(error.contains("pmtiles.js"), "{error}");
        fs::remove_dir_all(&root).unwrap();
    }

    #[test]
    fn a_base_map_is_set_beside_what_is_there() {
        let folder = std::env::temp_dir().join(format!("chongtu-tiles-{}", std::process::id()));
        let dist = folder.join("dist");
        let region = dist.join("data/x/region.json");
        write(
            &dist.join("index.html"),
            "<meta name=\"chongtu-region\" content=\"./data/x/region.json\">",
        )
        .unwrap();
        write(&region, r#"{"schema": 1, "attribution": ["A"]}"#).unwrap();
        write(&dist.join("data/x/region.json.br"), "old").unwrap();
        let archive = folder.join("some.pmtiles");
        write(&archive, b"PMTiles\x03 and so on").unwrap();

        configure(&dist, &BaseMap::default()).unwrap();
        assert!(
            dist.join("data/x/region.json.br").exists(),
            "nothing to set"
        );
        let base_map = BaseMap {
            source: Source::parse(&archive.display().to_string()).unwrap(),
            attribution: vec!["A".to_owned(), "B".to_owned()],
            approval: Some("GS 1".to_owned()),
        };
        configure(&dist, &base_map).unwrap();
        let set: Value = serde_json::from_slice(&read(&region).unwrap()).unwrap();
        assert_eq!(set["schema"], 1);
        assert_eq!(set["attribution"], json!(["A", "B"]));
        assert_eq!(set["map_approval"], "GS 1");
        let copy = region.with_file_name(set["style"].as_str().unwrap());
        assert_eq!(read(&copy).unwrap(), read(&archive).unwrap());
        assert!(!dist.join("data/x/region.json.br").exists());

        let address = "https://tiles.example/style.json";
        let base_map = BaseMap {
            source: Source::parse(address).unwrap(),
            ..BaseMap::default()
        };
        configure(&dist, &base_map).unwrap();
        let set: Value = serde_json::from_slice(&read(&region).unwrap()).unwrap();
        assert_eq!(set["style"], address);

        let style = folder.join("style.json");
        write(&style, "{}").unwrap();
        for (bad, part) in [
            (style.as_path(), "no PMTiles"),
            (Path::new("/none"), "cannot read"),
        ] {
            let error = format!(
                "{:#}",
                Source::parse(&bad.display().to_string()).unwrap_err()
            );
            assert!(error.contains(part), "{error}");
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
