//! From what trunk built to what is served: names with hashes, the page that knows them, MapLibre beside it.

use crate::{styles, workspace::short_hash};
use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha384};
use std::collections::BTreeMap;

/// Served files by their path.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The map library's files, as npm brings them.
pub(crate) struct MapLibre {
    pub(crate) module: Vec<u8>,
    pub(crate) worker: Vec<u8>,
    pub(crate) css: Vec<u8>,
    pub(crate) licence: Vec<u8>,
}

/// The programs of the web workers, as trunk names them. The page starts the first at once, the second when it is needed.
const WORKERS: [&str; 2] = ["worker", "planner_worker"];

/// Gives every file that trunk did not hash a name with its content's hash, and tells the page.
///
/// `optimise` gets each wasm module with whether it is a worker's.
pub(crate) fn finish(
    files: &mut Files,
    maplibre: MapLibre,
    build_id: &str,
    region_url: &str,
    optimise: impl Fn(&[u8], bool) -> Result<Vec<u8>>,
) -> Result<()> {
    let mut page =
        String::from_utf8(take(files, "index.html")?).context("index.html is not text")?;

    page = styles::bundle(files, &page)?;
    let app = only(files, |name| {
        name.strip_suffix("_bg.wasm")
            .is_some_and(|program| !WORKERS.contains(&program))
    })?;
    let module = take(files, &app)?;
    let small = optimise(&module, false)?;
    // Trunk names it `<program>-<hash of what the compiler made>_bg.wasm`.
    let stem = app.trim_end_matches("_bg.wasm");
    let stem = stem.rsplit_once('-').map_or(stem, |(program, _)| program);
    let name = format!("{stem}-{}_bg.wasm", short_hash(&small));
    page = page
        .replace(&app, &name)
        .replace(&integrity(&module), &integrity(&small));
    files.insert(name, small);

    let [worker, planner_worker] = WORKERS;
    let worker = give_names(files, worker, &optimise)?;
    let planner_worker = give_names(files, planner_worker, &optimise)?;
    let [module, map_worker, css] = map_library(files, maplibre)?;

    let metas = [
        ("chongtu-build", build_id),
        ("chongtu-worker", &worker),
        ("chongtu-planner", &planner_worker),
        ("chongtu-maplibre", &module),
        ("chongtu-maplibre-worker", &map_worker),
        ("chongtu-maplibre-css", &css),
        ("chongtu-region", region_url),
    ];
    let mut tags = String::new();
    for (name, content) in metas {
        tags.push_str(&meta_tag(name, content)?);
        tags.push('\n');
    }
    let head = page.find("</head>").context("index.html has no </head>")?;
    page.insert_str(head, &tags);
    files.insert("index.html".to_owned(), page.into_bytes());
    Ok(())
}

fn meta_tag(name: &str, content: &str) -> Result<String> {
    ensure!(
        !content.contains('"'),
        "{name} would break out of its attribute: {content}"
    );
    Ok(format!("<meta name=\"{name}\" content=\"{content}\">"))
}

/// What a finished page says under this name.
pub(crate) fn meta<'a>(page: &'a str, name: &str) -> Result<&'a str> {
    page.split_once(&format!("<meta name=\"{name}\" content=\""))
        .and_then(|(_, rest)| Some(rest.split_once('"')?.0))
        .with_context(|| format!("the built page does not say its {name}"))
}

/// The finished page with something else said under this name.
pub(crate) fn with_meta(page: &str, name: &str, content: &str) -> Result<String> {
    let old = meta_tag(name, meta(page, name)?)?;
    Ok(page.replace(&old, &meta_tag(name, content)?))
}

/// Renames a worker's three files, which trunk leaves without a hash, and writes its loader anew.
fn give_names(
    files: &mut Files,
    program: &str,
    optimise: impl Fn(&[u8], bool) -> Result<Vec<u8>>,
) -> Result<String> {
    take(files, &format!("{program}_loader.js"))?;
    let script = take(files, &format!("{program}.js"))?;
    let module = optimise(&take(files, &format!("{program}_bg.wasm"))?, true)?;
    let script_name = format!("{program}-{}.js", short_hash(&script));
    let module_name = format!("{program}-{}_bg.wasm", short_hash(&module));
    // Both names are resolved from the loader's own address.
    let loader = format!(
        "importScripts(\"./{script_name}\");\nwasm_bindgen({{ module_or_path: \"./{module_name}\" }});\n"
    );
    let loader_name = format!("{program}_loader-{}.js", short_hash(loader.as_bytes()));
    files.insert(script_name, script);
    files.insert(module_name, module);
    files.insert(loader_name.clone(), loader.into_bytes());
    Ok(format!("./{loader_name}"))
}

/// Adds the map library; its addresses from the page: module, worker, style.
fn map_library(files: &mut Files, maplibre: MapLibre) -> Result<[String; 3]> {
    for script in [&maplibre.module, &maplibre.worker] {
        let text = std::str::from_utf8(script).context("MapLibre's script is not text")?;
        let alone = !text.contains("from\"./")
            && !text.contains("from \"./")
            && !text.contains("import\"./");
        ensure!(
            alone,
            "MapLibre's script imports a neighbour, which a new name would break: see its release notes"
        );
    }
    let mut put = |stem: &str, extension: &str, bytes: Vec<u8>| {
        let name = format!("vendor/{stem}-{}.{extension}", short_hash(&bytes));
        let url = format!("./{name}");
        files.insert(name, bytes);
        url
    };
    let urls = [
        put("maplibre-gl", "mjs", maplibre.module),
        put("maplibre-gl-worker", "mjs", maplibre.worker),
        put("maplibre-gl", "css", maplibre.css),
    ];
    files.insert(
        "vendor/maplibre-gl-LICENSE.txt".to_owned(),
        maplibre.licence,
    );
    Ok(urls)
}

/// The value that subresource integrity checks.
pub(crate) fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

pub(crate) fn take(files: &mut Files, name: &str) -> Result<Vec<u8>> {
    files
        .remove(name)
        .with_context(|| format!("trunk built no {name}; index.html names what it builds"))
}

fn only(files: &Files, is_it: impl Fn(&str) -> bool) -> Result<String> {
    let mut found = files.keys().filter(|name| is_it(name));
    let first = found.next().context("trunk built no app module")?;
    ensure!(found.next().is_none(), "trunk built several app modules");
    Ok(first.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<html><head><link rel="preload" href="./chongtu-app-00aa11bb22cc33dd_bg.wasm" integrity="INTEGRITY"></head>
<body><script type="module">init({ module_or_path: './chongtu-app-00aa11bb22cc33dd_bg.wasm' })</script></body></html>"#;

    fn built() -> Files {
        [
            (
                "index.html",
                PAGE.replace("INTEGRITY", &integrity(b"app module")),
            ),
            (
                "chongtu-app-00aa11bb22cc33dd_bg.wasm",
                "app module".to_owned(),
            ),
            ("chongtu-app-00aa11bb22cc33dd.js", "app script".to_owned()),
            ("worker.js", "worker script".to_owned()),
            ("worker_bg.wasm", "worker module".to_owned()),
            ("worker_loader.js", "trunk's loader".to_owned()),
            ("planner_worker.js", "planner script".to_owned()),
            ("planner_worker_bg.wasm", "planner module".to_owned()),
            ("planner_worker_loader.js", "trunk's loader".to_owned()),
        ]
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.into_bytes()))
        .collect()
    }

    fn maplibre() -> MapLibre {
        MapLibre {
            module: b"map".to_vec(),
            worker: b"map worker".to_vec(),
            css: b"css".to_vec(),
            licence: b"BSD".to_vec(),
        }
    }

    #[expect(
        clippy::unnecessary_wraps,
        reason = "stands in for the optimiser, which may fail"
    )]
    fn smaller(module: &[u8], is_worker: bool) -> Result<Vec<u8>> {
        Ok([module, if is_worker { b" fast" } else { b" tiny" }].concat())
    }

    /// By the attribute itself, so that it does not lean on what is tested.
    fn said<'a>(page: &'a str, name: &str) -> &'a str {
        let start = page
            .split(&format!("<meta name=\"{name}\" content=\""))
            .nth(1)
            .unwrap();
        start.split('"').next().unwrap()
    }

    #[test]
    fn another_region_changes_its_tag_alone() {
        let page = "<meta name=\"chongtu-build\" content=\"b\">\n<meta name=\"chongtu-region\" content=\"./data/x/region.json\">";
        assert_eq!(meta(page, "chongtu-build").unwrap(), "b");
        assert_eq!(
            with_meta(page, "chongtu-region", "./data/y/region.json").unwrap(),
            page.replace("/x/", "/y/")
        );
        assert!(with_meta(page, "chongtu-worker", "w").is_err());
        assert!(with_meta(page, "chongtu-region", "\"").is_err());
    }

    #[test]
    fn the_page_names_exactly_what_is_there() {
        let mut files = built();
        finish(
            &mut files,
            maplibre(),
            "b1",
            "./data/x/region.json",
            smaller,
        )
        .unwrap();
        let page = String::from_utf8(files["index.html"].clone()).unwrap();
        assert_eq!(said(&page, "chongtu-build"), "b1");
        assert_eq!(said(&page, "chongtu-region"), "./data/x/region.json");
        for (name, content) in [
            ("chongtu-maplibre", "map"),
            ("chongtu-maplibre-worker", "map worker"),
            ("chongtu-maplibre-css", "css"),
        ] {
            let path = said(&page, name).strip_prefix("./").unwrap();
            assert_eq!(files[path], content.as_bytes(), "{name}");
        }
        for (name, script, module) in [
            ("chongtu-worker", "worker script", "worker module fast"),
            ("chongtu-planner", "planner script", "planner module fast"),
        ] {
            let loader = said(&page, name).strip_prefix("./").unwrap();
            let loader = String::from_utf8(files[loader].clone()).unwrap();
            let named: Vec<&str> = loader
                .split('"')
                .filter_map(|part| part.strip_prefix("./"))
                .collect();
            assert_eq!(files[named[0]], script.as_bytes());
            assert_eq!(files[named[1]], module.as_bytes());
        }

        let module = page
            .split("href=\"./")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        assert_eq!(files[module], b"app module tiny");
        assert!(
            module.starts_with("chongtu-app-") && !module.contains("00aa11bb22cc33dd"),
            "{module}"
        );
        assert_eq!(page.matches(module).count(), 2, "preload and script");
        assert!(
            page.contains(&integrity(b"app module tiny")),
            "the browser checks what it gets"
        );
        for program in WORKERS {
            for rest in [".js", "_bg.wasm", "_loader.js"] {
                assert!(!files.contains_key(&format!("{program}{rest}")));
            }
        }
    }

    #[test]
    fn what_trunk_did_not_build_is_named() {
        for missing in [
            "index.html",
            "worker.js",
            "worker_bg.wasm",
            "planner_worker.js",
            "planner_worker_bg.wasm",
            "planner_worker_loader.js",
            "chongtu-app-00aa11bb22cc33dd_bg.wasm",
        ] {
            let mut files = built();
            files.remove(missing);
            let error = finish(&mut files, maplibre(), "b", "./r", smaller)
                .unwrap_err()
                .to_string();
            assert!(error.contains("trunk built no"), "{missing}: {error}");
        }
    }
}
