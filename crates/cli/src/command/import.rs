//! `chongtu import`.

use crate::args::{DatumArg, FeedArg, ImportArgs};
use crate::error::{CliError, Result};
use crate::input::{self, ImportSettings, Input};
use crate::output::{Streams, write_file, write_json};
use chongtu_feeds::finding::ImportCounts;
use chongtu_feeds::options::MappingFile;
use chongtu_feeds::{DatumChoice, Feed, Finding, Imported, Severity, merge};
use chongtu_model::provenance::Datum;
use chongtu_words::{Lang, finding as words, program};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::path::Path;

/// How many findings of one code are written to the terminal.
const MAX_SHOWN_PER_CODE: usize = 3;

/// What `--report` and `--json` give.
#[derive(Serialize)]
struct Report<'a> {
    schema: u32,
    /// The format, or `mixed`.
    feed: &'static str,
    out: String,
    bytes: usize,
    #[serde(flatten)]
    counts: &'a ImportCounts,
    dropped: u32,
    summary: BTreeMap<&'static str, u32>,
    inputs: &'a [InputReport],
    findings: Vec<Worded<'a>>,
}

/// A finding with its sentence.
#[derive(Serialize)]
struct Worded<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    message: &'static str,
    suggestion: Option<&'static str>,
}

impl<'a> Worded<'a> {
    fn new(lang: Lang, finding: &'a Finding) -> Self {
        Self {
            finding,
            message: words::sentence(lang, finding.code),
            suggestion: words::suggestion(lang, finding.code),
        }
    }
}

/// One input of several.
#[derive(Serialize)]
struct InputReport {
    input: String,
    feed: &'static str,
    source: String,
    #[serde(flatten)]
    counts: ImportCounts,
}

pub(crate) fn run(args: &ImportArgs, streams: &mut Streams<'_>) -> Result<()> {
    let asked = asked_feed(args.feed)?;
    let mut settings = ImportSettings {
        mapping: match &args.mapping {
            Some(path) => input::load_mapping(path)?,
            None => MappingFile::default(),
        },
        datum: match args.datum {
            DatumArg::Auto => DatumChoice::Auto,
            DatumArg::Wgs84 => DatumChoice::Given(Datum::Wgs84),
            DatumArg::Gcj02 => DatumChoice::Given(Datum::Gcj02),
            DatumArg::Bd09 => DatumChoice::Given(Datum::Bd09),
        },
        assume_connector: args.assume_connector,
        assume_power_kw: args.assume_power_kw,
        taken_sources: BTreeSet::new(),
    };
    let token = args.token_env.as_deref().map(authorization).transpose()?;

    let mut parts: Vec<Imported> = Vec::new();
    let mut inputs: Vec<InputReport> = Vec::new();
    for name in &args.inputs {
        let input = if input::is_address(name) {
            streams.say(&format!("fetching {}", host_of(name)));
            Input::of_address(name, token.as_deref())?
        } else {
            Input::of_file(Path::new(name))?
        };
        let shown = input.shown.clone();
        let feed = match asked {
            Some(feed) => feed,
            None => input::feed_of(&input)?,
        };
        if feed == Feed::LocationsFile {
            return Err(CliError::usage(format!(
                "{shown}: this is a .locations file already; nothing to import"
            )));
        }
        let imported = input::usable(&shown, input::import(input, feed, &settings)?)?;
        let source = imported
            .catalogue
            .sources
            .first()
            .map(|s| s.id.as_str().to_owned())
            .unwrap_or_default();
        settings.taken_sources.insert(source.clone());
        inputs.push(InputReport {
            input: shown,
            feed: feed_name(feed),
            source,
            counts: imported.counts.clone(),
        });
        parts.push(imported);
    }
    let feed = match inputs.as_slice() {
        [first, rest @ ..] if rest.iter().all(|i| i.feed == first.feed) => first.feed,
        _ => "mixed",
    };
    let imported = if parts.len() == 1 {
        parts.pop().unwrap_or_default()
    } else {
        merge(parts)
    };

    let bytes = chongtu_model::file::encode(&imported.catalogue);
    write_file(&args.out, &bytes)?;
    let report = Report {
        schema: 1,
        feed,
        out: args.out.display().to_string(),
        bytes: bytes.len(),
        counts: &imported.counts,
        dropped: imported.counts.dropped(),
        summary: imported.summary(),
        inputs: &inputs,
        findings: imported
            .findings
            .iter()
            .map(|f| Worded::new(streams.lang, f))
            .collect(),
    };
    if let Some(path) = &args.report {
        write_json(path, &report)?;
    }
    if args.json {
        return streams.json(&report);
    }
    say(&report, &imported.findings, streams);
    Ok(())
}

/// The format that was asked for; `None`: look at the file.
fn asked_feed(feed: FeedArg) -> Result<Option<Feed>> {
    let not_yet = match feed {
        FeedArg::Auto => return Ok(None),
        FeedArg::Geojson => return Ok(Some(Feed::GeoJson)),
        FeedArg::Region => return Ok(Some(Feed::Region)),
        FeedArg::Csv => "csv",
        FeedArg::Ocpi => "ocpi",
        FeedArg::Tcec => "tcec",
        FeedArg::Ocm => "ocm",
        FeedArg::Osm => "osm",
        FeedArg::Irve => "irve",
        FeedArg::Bnetza => "bnetza",
    };
    Err(CliError::usage(format!(
        "--feed {not_yet} is not read yet; convert the data to GeoJSON (--feed geojson)"
    )))
}

const fn feed_name(feed: Feed) -> &'static str {
    match feed {
        Feed::GeoJson => "geojson",
        Feed::Region => "region",
        Feed::LocationsFile => "locations",
        Feed::Ocpi => "ocpi",
        Feed::OpenChargeMap => "ocm",
        Feed::OpenStreetMap => "osm",
        Feed::Csv => "csv",
    }
}

/// The value of `Authorization` from an environment variable; a bare token becomes a Bearer.
fn authorization(name: &str) -> Result<String> {
    let value = env::var(name).unwrap_or_default();
    let value = value.trim();
    if value.is_empty() {
        return Err(CliError::usage(format!(
            "--token-env {name}: the environment variable {name} is not set"
        )));
    }
    Ok(if value.contains(' ') {
        value.to_owned()
    } else {
        format!("Bearer {value}")
    })
}

fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    host.rsplit('@').next().unwrap_or(host)
}

fn say(report: &Report<'_>, findings: &[Finding], streams: &mut Streams<'_>) {
    let counts = report.counts;
    let lang = streams.lang;
    streams.say(&program::import_totals(
        lang,
        counts.records,
        counts.locations,
        counts.evses,
        report.dropped,
        report.bytes,
        &report.out,
    ));
    streams.say(&program::import_unknown(
        lang,
        [
            counts.power_unknown,
            counts.connector_unknown,
            counts.stalls_unknown,
        ],
        [counts.power_assumed, counts.connector_assumed],
    ));
    for (&code, n) in &report.summary {
        streams.say(&format!("{n:>7} {code}: {}", words::sentence(lang, code)));
        let of_code = || {
            findings
                .iter()
                .filter(move |f| f.code == code && f.severity != Severity::Info)
        };
        for finding in of_code().take(MAX_SHOWN_PER_CODE) {
            streams.say(&format!("          {}", describe(lang, finding)));
        }
        let more = of_code().count().saturating_sub(MAX_SHOWN_PER_CODE);
        if more > 0 {
            streams.say(&format!("          {}", program::more_findings(lang, more)));
        }
    }
}

/// `row 12 (id 7): power_kw = -5`.
fn describe(lang: Lang, finding: &Finding) -> String {
    let record = program::record(lang, finding.row, finding.id.as_deref());
    match (finding.field, &finding.value) {
        (Some(field), Some(value)) => format!("{record}: {field} = {value}"),
        (Some(field), None) => format!("{record}: {field}"),
        (None, _) => record,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_feeds::finding::code;

    #[test]
    fn every_code_has_a_sentence_of_its_own_in_both_languages() {
        for lang in [Lang::Zh, Lang::En] {
            let mut seen: Vec<&str> = code::ALL.iter().map(|c| words::sentence(lang, c)).collect();
            assert!(!seen.contains(&""), "{lang:?}: {seen:?}");
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), code::ALL.len(), "{lang:?}");
        }
    }
}
