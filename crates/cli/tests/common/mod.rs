//! Runs the built program.

#![allow(dead_code, reason = "every test file uses a part of it")]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run gave.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) words: String,
}

impl Run {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}", self.out))
    }
}

/// The program, without any proxy in between.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chongtu"));
    for name in [
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ] {
        command.env_remove(name);
    }
    // The words are English unless a test asks for others.
    command.env("LC_ALL", "C");
    command.stdin(Stdio::null());
    command
}

pub(crate) fn run_command(command: &mut Command) -> Run {
    let done = command.output().unwrap();
    Run {
        code: done.status.code().unwrap_or(-1),
        out: String::from_utf8(done.stdout).unwrap(),
        words: String::from_utf8(done.stderr).unwrap(),
    }
}

/// Runs with arguments separated by blanks; `{x}` stays whole by [`run_args`].
pub(crate) fn run(args: &str) -> Run {
    let args: Vec<&str> = args.split_whitespace().collect();
    run_args(&args)
}

pub(crate) fn run_args(args: &[&str]) -> Run {
    run_command(program().args(args))
}

/// A fresh folder for one test.
pub(crate) fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A file of the project.
pub(crate) fn project(path: &str) -> String {
    format!("{}/../../{path}", env!("CARGO_MANIFEST_DIR"))
}

/// A file of the shared data; `None`, with one line, when the whole folder is absent.
pub(crate) fn shared(path: &str) -> Option<String> {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    if !Path::new(data).exists() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "../shared/data is absent"
        );
        println!("skipped: no ../shared/data");
        return None;
    }
    let file = format!("{data}/{path}");
    assert!(
        Path::new(&file).exists(),
        "{path} is absent from ../shared/data"
    );
    Some(file)
}

/// One sentence on standard error, nothing on standard output, and this exit status.
#[track_caller]
pub(crate) fn check_refused(args: &[&str], parts: &[&str]) {
    let run = run_args(args);
    assert_eq!(run.code, 2, "{args:?}: {}", run.words);
    assert_eq!(run.out, "", "{args:?}");
    assert!(run.words.starts_with("error: "), "{args:?}: {}", run.words);
    assert!(!run.words.contains("panicked"), "{}", run.words);
    for part in parts {
        assert!(
            run.words.contains(part),
            "{args:?}: {part:?} is not in: {}",
            run.words
        );
    }
}

/// Like [`check_refused`], and the words are one line.
#[track_caller]
pub(crate) fn check_one_sentence(args: &[&str], parts: &[&str]) {
    check_refused(args, parts);
    let words = run_args(args).words;
    assert_eq!(words.trim_end().lines().count(), 1, "{words}");
}
