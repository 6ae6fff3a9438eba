//! The rules of the house, held against what the manifests and sources say (see ARCHITECTURE.md, invariants).

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking, its helpers too"
)]

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// Which of our crates a crate may name. Who is not listed here is a crate nobody thought about.
const ARROWS: [(&str, &[&str]); 12] = [
    ("chongtu", &["worker", "api", "words", "model"]),
    ("chongtu-worker", &["planner", "roads", "model"]),
    ("chongtu-planner", &["roads", "model"]),
    ("chongtu-roads", &["osm", "model"]),
    ("chongtu-feeds", &["osm", "model"]),
    ("chongtu-words", &["model"]),
    ("chongtu-model", &[]),
    ("chongtu-osm", &[]),
    ("chongtu-gateway", &["api", "feeds", "model"]),
    (
        "chongtu-cli",
        &["gateway", "feeds", "planner", "roads", "words", "model"],
    ),
    (
        "chongtu-bench",
        &[
            "api", "cli", "feeds", "gateway", "model", "osm", "planner", "roads", "words", "worker",
        ],
    ),
    ("xtask", &[]),
];

/// Values in, values out: no browser, no server, no file, no network, no clock.
const PURE: [&str; 5] = [
    "chongtu-model",
    "chongtu-roads",
    "chongtu-planner",
    "chongtu-feeds",
    "chongtu-words",
];

/// What a pure crate must not have anywhere below it.
const IMPURE: [&str; 17] = [
    "axum",
    "getrandom",
    "gloo-net",
    "gloo-timers",
    "hyper",
    "js-sys",
    "leptos",
    "mio",
    "rand",
    "reqwest",
    "rustls",
    "socket2",
    "sqlx",
    "tokio",
    "ureq",
    "wasm-bindgen",
    "web-sys",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Asked once: every test of this file reads the same answer.
fn metadata() -> &'static Value {
    static METADATA: OnceLock<Value> = OnceLock::new();
    METADATA.get_or_init(|| {
        let output = Command::new(env!("CARGO"))
            .current_dir(root())
            .args(["metadata", "--format-version", "1", "--locked"])
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    })
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value
        .as_array()
        .expect("cargo metadata has it as a list")
        .iter()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("cargo metadata has it as a text")
}

/// Our own packages by name.
fn members(metadata: &Value) -> BTreeMap<&str, &Value> {
    let ids: BTreeSet<&str> = list(&metadata["workspace_members"]).map(text).collect();
    list(&metadata["packages"])
        .filter(|package| ids.contains(text(&package["id"])))
        .map(|package| (text(&package["name"]), package))
        .collect()
}

/// Names of all packages that one is built with, in the browser or natively. `cargo tree` and not the metadata: these
/// join the features of the whole workspace, and the server's would show below the app.
fn below(package: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for target in ["wasm32-unknown-unknown", "host-tuple"] {
        let output = Command::new(env!("CARGO"))
            .current_dir(root())
            .args([
                "tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}",
            ])
            .args(["--package", package, "--target", target])
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8(output.stdout).unwrap();
        names.extend(
            text.lines()
                .filter_map(|line| line.split(' ').next())
                .map(str::to_owned),
        );
    }
    assert!(
        names.contains(package),
        "{package}: its tree was not understood"
    );
    names
}

#[test]
fn crates_name_only_whom_they_may() {
    let metadata = metadata();
    let members = members(metadata);
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    let mut wrong = Vec::new();
    for (name, package) in &members {
        let Some(allowed) = arrows.get(name) else {
            wrong.push(format!(
                "{name} has no line in this test's table: say what it may import"
            ));
            continue;
        };
        for dependency in
            list(&package["dependencies"]).filter(|dependency| dependency["kind"].is_null())
        {
            let to = text(&dependency["name"]);
            let short = to.strip_prefix("chongtu-").unwrap_or(to);
            if members.contains_key(to) && !allowed.contains(&short) {
                wrong.push(format!("{name} imports {to}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_crates_have_nothing_impure_below_them() {
    let mut rules: Vec<(&str, &[&str])> = PURE.iter().map(|&name| (name, &IMPURE[..])).collect();
    // Two sides that must not meet.
    rules.extend([
        ("chongtu", &["axum", "hyper", "sqlx", "tokio"][..]),
        (
            "chongtu-worker",
            &["axum", "hyper", "leptos", "sqlx", "tokio"],
        ),
        (
            "chongtu-gateway",
            &["chongtu-planner", "leptos", "wasm-bindgen"],
        ),
    ]);
    let mut wrong = Vec::new();
    for (name, never) in rules {
        let below = below(name);
        wrong.extend(
            never
                .iter()
                .filter(|bad| below.contains(**bad))
                .map(|bad| format!("{name} has {bad}")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_crates_build_for_the_browser() {
    let mut command = Command::new(env!("CARGO"));
    command
        .current_dir(root())
        .args(["check", "--locked", "--target", "wasm32-unknown-unknown"]);
    for name in PURE {
        command.args(["--package", name]);
    }
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn every_crate_takes_the_houses_lints() {
    let metadata = metadata();
    for (name, package) in members(metadata) {
        let manifest = fs::read_to_string(text(&package["manifest_path"])).unwrap();
        let takes = manifest
            .split("[lints]")
            .nth(1)
            .is_some_and(|rest| rest.trim_start().starts_with("workspace = true"));
        assert!(
            takes,
            "{name}: its Cargo.toml lacks [lints] workspace = true"
        );
    }
}

/// Every Rust file of the workspace's sources, by its path from the root; tests, benches and built files left out.
fn sources() -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    let mut waiting = vec![
        root.join("src"),
        root.join("crates"),
        root.join("xtask/src"),
    ];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !matches!(name.as_str(), "tests" | "benches" | "target") {
                    waiting.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let shown = path
                    .strip_prefix(&root)
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                found.push((shown, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    assert!(found.len() > 20, "the sources were not found");
    found
}

/// A line of code and a literal, as far as the rules here must tell them apart.
#[derive(Debug, PartialEq)]
enum Token {
    Code(String),
    Literal(String),
}

/// Splits Rust source into code and string literals, comments dropped, each with its line number.
fn tokens(source: &str) -> Vec<(usize, Token)> {
    let chars: Vec<char> = source.chars().collect();
    let (mut i, mut line) = (0, 1);
    let mut out: Vec<(usize, Token)> = Vec::new();
    let mut code = String::new();
    let mut code_line = 1;
    while i < chars.len() {
        let rest = |n: usize| chars.get(i + n).copied().unwrap_or('\0');
        let after_name = i > 0 && (chars[i - 1].is_alphanumeric() || chars[i - 1] == '_');
        if chars[i] == '/' && rest(1) == '/' {
            while i < chars.len() && chars[i] != '\n' {
                i += 1;
            }
            continue;
        }
        if chars[i] == '/' && rest(1) == '*' {
            let mut depth = 0;
            while i < chars.len() {
                let pair = (chars[i], chars.get(i + 1).copied().unwrap_or('\0'));
                line += usize::from(chars[i] == '\n');
                match pair {
                    ('/', '*') => depth += 1,
                    ('*', '/') => depth -= 1,
                    _ => {
                        i += 1;
                        continue;
                    }
                }
                i += 2;
                if depth == 0 {
                    break;
                }
            }
            continue;
        }
        // r"…", r#"…"#, with b or c before.
        let prefix = usize::from(matches!(chars[i], 'b' | 'c') && rest(1) == 'r');
        let raw = (chars[i] == 'r' || prefix == 1) && !after_name;
        let hashes = if raw {
            chars[i..]
                .iter()
                .skip(prefix + 1)
                .take_while(|&&c| c == '#')
                .count()
        } else {
            0
        };
        if raw && rest(prefix + 1 + hashes) == '"' {
            i += prefix + 2 + hashes;
            let start = line;
            let mut text = String::new();
            while i < chars.len() {
                if chars[i] == '"' && (1..=hashes).all(|n| chars.get(i + n) == Some(&'#')) {
                    i += 1 + hashes;
                    break;
                }
                line += usize::from(chars[i] == '\n');
                text.push(chars[i]);
                i += 1;
            }
            out.push((code_line, Token::Code(std::mem::take(&mut code))));
            out.push((start, Token::Literal(text)));
            code_line = line;
            continue;
        }
        // A character, or a lifetime.
        let quote = chars[i] == '\'' && (rest(1) == '\\' || rest(2) == '\'');
        if chars[i] == '"' || quote {
            let (end, start) = (chars[i], line);
            let mut text = String::new();
            i += 1;
            while i < chars.len() && chars[i] != end {
                if chars[i] == '\\' {
                    text.push('\\');
                    i += 1;
                }
                if let Some(&c) = chars.get(i) {
                    line += usize::from(c == '\n');
                    text.push(c);
                }
                i += 1;
            }
            i += 1;
            out.push((code_line, Token::Code(std::mem::take(&mut code))));
            out.push((start, Token::Literal(text)));
            code_line = line;
            continue;
        }
        if chars[i] == '\n' {
            out.push((code_line, Token::Code(std::mem::take(&mut code))));
            line += 1;
            code_line = line;
        }
        code.push(chars[i]);
        i += 1;
    }
    out.push((code_line, Token::Code(code)));
    out
}

/// The line where a file's own tests begin: the last `#[cfg(test)]` followed by a `mod`.
fn tests_begin(source: &str) -> usize {
    let lines: Vec<&str> = source.lines().collect();
    let is_tests = |i: usize| {
        lines[i].trim() == "#[cfg(test)]"
            && lines[i + 1..]
                .iter()
                .find(|line| !line.trim_start().starts_with("#["))
                .is_some_and(|line| {
                    line.trim_start()
                        .trim_start_matches("pub(crate) ")
                        .starts_with("mod ")
                        && line.contains('{')
                })
    };
    (0..lines.len())
        .rev()
        .find(|&i| is_tests(i))
        .map_or(usize::MAX, |i| i + 1)
}

fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

#[test]
fn the_splitter_tells_code_from_words() {
    let source = "let a = \"充\\\"b\"; // 电 \"x\"\nlet c = 'd'; let e: &'static str = r#\"f\"g\"#; /* \"h\" /* */ */ bar(\"i\");\n";
    let literals: Vec<(usize, String)> = tokens(source)
        .into_iter()
        .filter_map(|(line, token)| match token {
            Token::Literal(text) => Some((line, text)),
            Token::Code(_) => None,
        })
        .collect();
    let expected = [(1, "充\\\"b"), (2, "d"), (2, "f\"g"), (2, "i")];
    assert_eq!(
        literals,
        expected.map(|(line, text)| (line, text.to_owned()))
    );
    let code: String = tokens(source)
        .into_iter()
        .filter_map(|(_, token)| {
            if let Token::Code(text) = token {
                Some(text)
            } else {
                None
            }
        })
        .collect();
    assert!(
        !code.contains('电')
            && !code.contains('h')
            && code.contains("static str")
            && code.contains("bar("),
        "{code}"
    );
}

#[test]
fn what_people_read_stands_in_words_only() {
    let mut wrong = Vec::new();
    let sources = sources();
    // A file of tests is one that its parent takes up for tests alone.
    let is_of_tests = |path: &str| {
        path.strip_suffix("/tests.rs").is_some_and(|parent| {
            sources.iter().any(|(at, source)| {
                (at.strip_suffix(".rs") == Some(parent) || *at == format!("{parent}/mod.rs"))
                    && source.contains("#[cfg(test)]\nmod tests;")
            })
        })
    };
    for (path, source) in &sources {
        if path.starts_with("crates/words/") || is_of_tests(path) {
            continue;
        }
        let end = tests_begin(source);
        for (line, token) in tokens(source) {
            if let Token::Literal(text) = token
                && line < end
                && text.contains(is_cjk)
            {
                wrong.push(format!("{path}:{line}: {text}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "Chinese in a string literal belongs in crates/words: {wrong:#?}"
    );
}

#[test]
fn only_the_border_speaks_to_javascript() {
    let border = |path: &str| {
        path.starts_with("src/js/")
            || path == "src/js.rs"
            || path == "crates/worker/src/main.rs"
            || path == "crates/worker/src/scope.rs" // main.rs's own module
            || path == "crates/verify_worker/src/main.rs"
    };
    let mut wrong = Vec::new();
    for (path, source) in sources() {
        if border(&path) {
            continue;
        }
        for (line, token) in tokens(&source) {
            if let Token::Code(text) = token {
                for name in ["wasm_bindgen", "web_sys", "js_sys"] {
                    if text.contains(name) {
                        wrong.push(format!("{path}:{line}: {name}"));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "only src/js and the workers' entry points name these: {wrong:#?}"
    );
}

#[test]
fn only_http_fetches() {
    let mut wrong = Vec::new();
    for (path, source) in sources() {
        if !path.starts_with("src/") || path.starts_with("src/http") {
            continue;
        }
        for (line, token) in tokens(&source) {
            if matches!(&token, Token::Code(text) if text.contains("gloo_net")) {
                wrong.push(format!("{path}:{line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "only src/http speaks HTTP: {wrong:#?}");
}
