//! Search by name: building, and every kind of question on a country of names.

use crate::Scale;
use crate::data::ours;
use crate::generate;
use crate::random::Random;
use crate::table::{Table, Times, fnv1a};
use anyhow::{Context as _, Result, ensure};
use chongtu_feeds::import_region;
use chongtu_feeds::readings::catalogue_readings;
use chongtu_model::gazetteer::{Gazetteer, GazetteerBuilder, Query};
use chongtu_model::provenance::LocalText;
use chongtu_model::{Catalogue, LatLng};

const SEED: u64 = 11;
/// What a search box shows.
const LIMIT: usize = 8;
const NEAR: LatLng = LatLng {
    lat: 32.06,
    lng: 118.797,
};

pub(crate) fn measure(table: &mut Table, scale: Scale) -> Result<()> {
    let n = scale.pick(5_000, 200_000);
    let thousands = n / 1000;
    let catalogue = named(n)?;
    let make = || {
        let mut builder = GazetteerBuilder::new(catalogue.readings.clone());
        builder.add_catalogue(&catalogue);
        builder.build()
    };
    let gazetteer = make();
    let plain: Vec<Plain> = catalogue
        .locations
        .iter()
        .map(|l| Plain::new(&catalogue, l))
        .collect();
    let first_readings = || -> Vec<Plain> {
        catalogue
            .locations
            .iter()
            .map(|l| Plain::new(&catalogue, l))
            .collect()
    };
    table.row(
        &format!("gazetteer build, {thousands}k names"),
        &Times::of(scale.pick(2, 5), make),
        Some((
            "texts with first pinyin and initials",
            &Times::of(scale.pick(1, 3), first_readings),
        )),
        "-",
    )?;
    table.note(&format!(
        "{:.1} MB in memory; readings of {} characters in {} bytes",
        gazetteer.n_bytes() as f64 / 1e6,
        catalogue.readings.len(),
        catalogue.readings.to_bytes().len(),
    ))?;

    let r = &mut Random::new(SEED);
    let passes = scale.pick(1, 5);
    for kind in [
        Typed::OneHan,
        Typed::Han,
        Typed::TwoWords,
        Typed::OneLetter,
        Typed::Pinyin,
        Typed::Initials,
        Typed::Wrong,
    ] {
        let mut texts: Vec<String> = (0..60)
            .map(|_| kind.text(r, &plain, &catalogue))
            .filter(|t| !t.trim().is_empty())
            .collect();
        texts.sort();
        texts.dedup();
        let checksum = check(kind, &texts, &gazetteer, &plain)?;
        let ours = Times::of_each(&texts, passes, |text| gazetteer.search(&query(text, LIMIT)));
        let scan = Times::of_each(&texts, 1, |text| {
            plain.iter().filter(|p| p.holds(text)).count()
        });
        table.row(
            &format!("search {}, {thousands}k names", kind.name()),
            &ours,
            Some(("scan of the same texts with str::contains", &scan)),
            &checksum,
        )?;
    }
    Ok(())
}

fn query(text: &str, limit: usize) -> Query<'_> {
    Query {
        text,
        near: Some(NEAR),
        limit,
    }
}

/// Holds the answers against the scan, and gives their checksum.
fn check(kind: Typed, texts: &[String], gazetteer: &Gazetteer, plain: &[Plain]) -> Result<String> {
    let mut answers = Vec::new();
    for text in texts {
        let hits = gazetteer.search(&query(text, Gazetteer::MOST));
        let exact = hits.iter().filter(|h| h.quality.edits == 0).count();
        let scanned = plain
            .iter()
            .filter(|p| p.holds(text))
            .count()
            .min(Gazetteer::MOST);
        // In Han both say the same; in letters the scan knows one reading, we know all.
        let holds = match kind {
            Typed::OneHan | Typed::Han => exact == scanned,
            Typed::OneLetter | Typed::Pinyin | Typed::Initials | Typed::TwoWords => {
                exact >= scanned
            }
            Typed::Wrong => !hits.is_empty() || scanned == 0,
        };
        ensure!(holds, "{text:?}: {exact} found, {scanned} by the scan");
        for hit in &hits {
            answers.extend(hit.index.to_le_bytes());
        }
    }
    Ok(format!("{:016x}", fnv1a(&answers)))
}

/// The texts of a location for the scan: as written, in first readings, in initials.
struct Plain {
    texts: Vec<String>,
    pinyin: String,
    initials: String,
    readings: Vec<String>,
}

impl Plain {
    fn new(catalogue: &Catalogue, location: &chongtu_model::Location) -> Self {
        let name = &location.name.text;
        let readings: Vec<String> = name
            .chars()
            .map(|c| match catalogue.readings.of(c) {
                [first, ..] => first.clone(),
                [] => c.to_lowercase().collect(),
            })
            .collect();
        let address = location.address.as_ref().map(|a| a.text.clone());
        Self {
            texts: [name.clone()].into_iter().chain(address).collect(),
            pinyin: readings.concat(),
            initials: readings.iter().filter_map(|r| r.chars().next()).collect(),
            readings,
        }
    }

    fn holds(&self, text: &str) -> bool {
        text.split_whitespace().all(|word| {
            self.texts.iter().any(|t| t.contains(word))
                || self.pinyin.contains(word)
                || self.initials.starts_with(word)
        })
    }
}

/// What is typed for a name.
#[derive(Clone, Copy, Debug)]
enum Typed {
    OneHan,
    Han,
    TwoWords,
    OneLetter,
    Pinyin,
    Initials,
    Wrong,
}

impl Typed {
    const fn name(self) -> &'static str {
        match self {
            Self::OneHan => "one Han character",
            Self::Han => "two to four Han characters",
            Self::TwoWords => "two words",
            Self::OneLetter => "one letter",
            Self::Pinyin => "pinyin, as far as typed",
            Self::Initials => "initials",
            Self::Wrong => "with wrong letters",
        }
    }

    /// Something typed for a random name; may be empty.
    fn text(self, r: &mut Random, plain: &[Plain], catalogue: &Catalogue) -> String {
        let i = r.below(plain.len());
        let (plain, location) = (&plain[i], &catalogue.locations[i]);
        let han: Vec<char> = location
            .name
            .text
            .chars()
            .filter(|c| !c.is_ascii())
            .collect();
        let some = |r: &mut Random, n: usize| -> String {
            let at = r.below(han.len().saturating_sub(n).max(1));
            han.iter().skip(at).take(n).collect()
        };
        match self {
            Self::OneHan => some(r, 1),
            Self::Han => {
                let n = 2 + r.below(3);
                // Beside each other in the name as well.
                Some(some(r, n))
                    .filter(|t| location.name.text.contains(t))
                    .unwrap_or_default()
            }
            Self::TwoWords => format!("{} {}", some(r, 2), some(r, 2)),
            Self::OneLetter => plain
                .pinyin
                .chars()
                .next()
                .map(String::from)
                .unwrap_or_default(),
            Self::Pinyin => {
                let syllables = 1 + r.below(4);
                let all: String = plain.readings.iter().take(syllables).cloned().collect();
                let keep = 2 + r.below(all.len().max(2));
                all.chars().take(keep).collect()
            }
            Self::Initials => plain.initials.chars().take(2 + r.below(5)).collect(),
            Self::Wrong => {
                let all: String = plain.readings.iter().take(4).cloned().collect();
                let mut all: Vec<char> = all.chars().collect();
                if all.len() > 5 {
                    let at = 1 + r.below(all.len() - 3);
                    all.swap(at, at + 1);
                    all[at + 2] = 'q';
                }
                all.into_iter().collect()
            }
        }
    }
}

/// Locations with Chinese names, made of pieces of the demonstration region's.
fn named(n: usize) -> Result<Catalogue> {
    let region = import_region(
        &ours("yangtze/locations.toml")?,
        &ours("yangtze/operators.toml")?,
    )
    .context("data/yangtze")?
    .catalogue;
    let r = &mut Random::new(SEED);
    let mut catalogue = generate::catalogue(SEED, n);
    let pick = |r: &mut Random| &region.locations[r.below(region.locations.len())];
    for location in &mut catalogue.locations {
        let piece = |r: &mut Random, least: usize| -> String {
            let name: Vec<char> = pick(r)
                .name
                .text
                .chars()
                .filter(|c| !c.is_whitespace())
                .collect();
            let len = least + r.below(4);
            let at = r.below(name.len().saturating_sub(len).max(1));
            name.iter().skip(at).take(len).collect()
        };
        let number = r.below(200);
        location.name = LocalText::both(
            format!("{}{}{number}", piece(r, 3), piece(r, 4)),
            pick(r).name.get(true),
        );
        location.address.clone_from(&pick(r).address);
    }
    catalogue.operators.clone_from(&region.operators);
    for location in &mut catalogue.locations {
        location.operator = None;
        location.city = None;
    }
    catalogue.readings = catalogue_readings(&catalogue);
    Ok(catalogue)
}
