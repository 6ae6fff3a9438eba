//! The two streams, and files written whole or not at all.

use crate::error::{CliError, Result};
use anyhow::Context as _;
use chongtu_words::Lang;
use serde::Serialize;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Standard output for results, standard error for words.
pub(crate) struct Streams<'a> {
    pub(crate) lang: Lang,
    pub(crate) out: &'a mut dyn Write,
    pub(crate) words: &'a mut dyn Write,
}

impl Streams<'_> {
    /// Prints help or version to standard output, a usage error to standard error.
    pub(crate) fn usage(&mut self, error: &clap::Error) -> u8 {
        let text = error.render().to_string();
        let stream = if error.use_stderr() {
            &mut self.words
        } else {
            &mut self.out
        };
        // Nowhere to report a closed stream to.
        let _ = stream.write_all(text.as_bytes());
        if error.use_stderr() { 2 } else { 0 }
    }

    pub(crate) fn error(&mut self, error: &CliError) {
        let _ = writeln!(self.words, "error: {error}");
    }

    /// A line of words.
    pub(crate) fn say(&mut self, line: &str) {
        let _ = writeln!(self.words, "{line}");
    }

    /// A line of the result.
    pub(crate) fn line(&mut self, line: &str) -> Result<()> {
        writeln!(self.out, "{line}").map_err(CliError::writing)
    }

    /// The result as JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<()> {
        let text = to_json(value)?;
        self.out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush())
            .map_err(CliError::writing)
    }
}

fn to_json(value: &impl Serialize) -> Result<String> {
    let mut text =
        serde_json::to_string_pretty(value).context("the answer cannot be written as JSON")?;
    text.push('\n');
    Ok(text)
}

/// Writes a file whole: beside it first, then in its place, so that nobody reads half of it.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed =
        |e: std::io::Error| CliError::usage(format!("cannot write {}: {e}", path.display()));
    let Some(name) = path.file_name() else {
        return Err(CliError::usage(format!(
            "cannot write {}: it is no file name",
            path.display()
        )));
    };
    let mut partial = name.to_owned();
    partial.push(format!(".{}.part", std::process::id()));
    let partial = path.with_file_name(partial);
    let written = fs::write(&partial, bytes).and_then(|()| fs::rename(&partial, path));
    if let Err(error) = written {
        let _ = fs::remove_file(&partial);
        return Err(failed(error));
    }
    Ok(())
}

/// Writes a JSON file.
pub(crate) fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    write_file(path, to_json(value)?.as_bytes())
}
