//! The `.locations` file: what goes in comes out, and nothing else is taken.

#[allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "shared by several test programs"
)]
mod common;

use chongtu_model::bytes::fnv1a;
use chongtu_model::file::{LocationsFileError, VERSION, decode, encode};
use chongtu_model::{Catalogue, Instant, LatLng, Status};
use common::{Random, generate};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Header: magic 8, version 2, length 8, hash 8.
const HEADER: usize = 26;

/// Gives damaged content the length and hash of honest content, so that its structure is read.
fn sealed(mut file: Vec<u8>) -> Vec<u8> {
    let content = file.split_off(HEADER.min(file.len()));
    file.truncate(10);
    file.extend((content.len() as u64).to_le_bytes());
    file.extend(fnv1a(&content).to_le_bytes());
    file.extend(content);
    file
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn comes_back(seed: u64, n in 0..120_u64) {
        let catalogue = generate(seed, n);
        let file = encode(&catalogue);
        prop_assert_eq!(decode(&file).unwrap(), catalogue.clone());
        let mut shuffled = catalogue.clone();
        shuffled.locations.reverse();
        prop_assert_eq!(encode(&shuffled), file, "the order of input does not show");
    }

    #[test]
    fn extremes_come_back(
        lat in -90.0..=90.0_f64,
        lng in -180.0..=180.0_f64,
        raw: Option<(f64, f64)>,
        at: Option<i64>,
        text in "\\PC*",
        evse_id: Option<String>,
        power: Option<u32>,
    ) {
        let mut catalogue = generate(5, 3);
        let location = &mut catalogue.locations[1];
        location.position = LatLng { lat, lng };
        location.raw_position = raw.filter(|r| !r.0.is_nan() && !r.1.is_nan());
        location.last_updated = at.map(Instant::from_unix_s);
        location.name.text = text.clone();
        location.city = Some(text);
        let mut evse = generate(6, 40).locations.into_iter().find_map(|l| l.evses.into_iter().next()).unwrap();
        evse.status_updated = at.map(Instant::from_unix_s);
        evse.evse_id = evse_id;
        for connector in &mut evse.connectors {
            connector.power_w = power;
        }
        for status in Status::ALL {
            evse.status = status;
            location.evses.push(evse.clone());
        }
        let mut normal = catalogue.clone();
        normal.normalize();
        prop_assert_eq!(decode(&encode(&catalogue)).unwrap(), normal.clone());
        let moved = normal.locations.iter().find(|l| l.id == catalogue.locations[1].id).unwrap();
        let off_m = moved.position.distance_m(LatLng { lat, lng });
        prop_assert!(off_m < 0.11);
        prop_assert_eq!(encode(&normal), encode(&catalogue));
    }

    /// Any flipped bit is noticed.
    #[test]
    fn flips_are_refused(at: prop::sample::Index, bit in 0..8_u32) {
        let mut file = encode(&generate(9, 20));
        let at = at.index(file.len());
        file[at] ^= 1 << bit;
        prop_assert!(decode(&file).is_err());
    }

    /// With a right hash the structure itself is looked at: read or refused, never a panic.
    #[test]
    fn hostile_content_is_read_or_refused(seed: u64, n in 0..6_u64, changes in 1..12_u32) {
        let mut r = Random::new(seed);
        let mut file = encode(&generate(seed, n));
        for _ in 0..changes {
            let length = file.len() as u64;
            let at = HEADER + r.below(length - HEADER as u64) as usize;
            match r.below(4) {
                0 => file[at] = r.next() as u8,
                1 => file[at] = r.pick(&[0, 1, 0x7f, 0x80, 0xff]),
                2 => { file.remove(at); }
                _ => file.insert(at, r.next() as u8),
            }
            if file.len() <= HEADER {
                break;
            }
        }
        if let Ok(catalogue) = decode(&sealed(file)) {
            // What is taken can be used and written again.
            let index = chongtu_model::LocationIndex::new(&catalogue);
            prop_assert_eq!(index.len(), catalogue.locations.len());
            prop_assert_eq!(decode(&encode(&catalogue)).map(|c| c.locations.len()), Ok(catalogue.locations.len()));
        }
    }

    #[test]
    fn any_bytes_are_refused(bytes: Vec<u8>) {
        prop_assert!(decode(&bytes).is_err());
    }
}

#[test]
fn every_truncation_is_named() {
    let file = encode(&generate(2, 4));
    for n in 1..file.len() {
        let error = decode(&file[..n]).expect_err("a part of a file");
        assert!(
            matches!(error, LocationsFileError::Truncated { found, .. } if found == n as u64),
            "{n}: {error}"
        );
    }
    // Content cut off and sealed again runs out of columns.
    for n in HEADER..file.len() {
        let error = decode(&sealed(file[..n].to_vec())).expect_err("a part of the content");
        assert!(
            matches!(error, LocationsFileError::Content { .. }),
            "{n}: {error}"
        );
    }
}

#[test]
fn errors_say_what_and_what_to_do() {
    let file = encode(&generate(2, 4));
    let check = |change: &dyn Fn(&mut Vec<u8>), said: &str, code: &str| {
        let mut changed = file.clone();
        change(&mut changed);
        let error = decode(&changed).expect_err(said);
        assert!(error.to_string().contains(said), "{error}");
        assert_eq!(error.code(), code);
    };
    check(
        &Vec::clear,
        "not a .locations file",
        "locations_file_foreign",
    );
    check(
        &|f| f[0] = b'P',
        "not a .locations file",
        "locations_file_foreign",
    );
    check(
        &|f| f[8] = 200,
        &format!(
            "format version 200, this program reads version {VERSION}: it was made by a newer version"
        ),
        "locations_file_version",
    );
    check(&|f| f[8] = 0, "`chongtu import`", "locations_file_version");
    check(
        &|f| f.truncate(100),
        "cut off: 100 of",
        "locations_file_truncated",
    );
    check(
        &|f| f.push(0),
        "1 bytes follow its end",
        "locations_file_damaged",
    );
    check(
        &|f| *f.last_mut().unwrap() ^= 1,
        "content hash does not match; build it again with `chongtu import`",
        "locations_file_damaged",
    );
}

#[test]
fn what_is_pointed_to_must_be_there() {
    let check = |change: &dyn Fn(&mut Catalogue)| {
        let mut catalogue = generate(2, 40);
        assert!(decode(&encode(&catalogue)).is_ok());
        change(&mut catalogue);
        let error = decode(&encode(&catalogue)).expect_err("dangling");
        assert!(error.to_string().contains("not in the file"), "{error}");
    };
    check(&|c| c.sources.truncate(1));
    check(&|c| c.operators.clear());
    check(&|c| c.zones.clear());
    check(&|c| c.tariffs.clear());
}

/// A small file must not unfold to a huge catalogue.
#[test]
fn a_bomb_is_refused() {
    let mut catalogue = generate(2, 1);
    let mut location = catalogue.locations[0].clone();
    location.evses.clear();
    location.city = Some("x".repeat(100_000));
    catalogue.locations = (0..5_000)
        .map(|i| {
            let mut copy = location.clone();
            copy.id = chongtu_model::LocationId::new(&format!("{i:05}"));
            copy
        })
        .collect();
    let file = encode(&catalogue);
    assert!(file.len() < 400_000, "{}", file.len());
    let error = decode(&file).expect_err("a bomb");
    assert!(error.to_string().contains("unfolds"), "{error}");
}

/// The invented catalogues exercise what they are meant to.
#[test]
fn the_generator_reaches_every_field() {
    let catalogue = generate(1, 500);
    let evses = || catalogue.locations.iter().flat_map(|l| &l.evses);
    let distinct = |values: Vec<String>| values.into_iter().collect::<BTreeSet<_>>().len();
    assert_eq!(
        distinct(evses().map(|e| format!("{:?}", e.status)).collect()),
        9
    );
    let some = |f: &dyn Fn(&chongtu_model::Location) -> bool| catalogue.locations.iter().any(f);
    assert!(some(&|l| l.raw_position.is_some()));
    assert!(some(&|l| !l.aliases.is_empty()));
    assert!(some(&|l| l.road.is_some()));
    assert!(some(&|l| l.evses.is_empty()));
    assert!(some(&|l| l.name.en.is_some()));
    assert!(some(&|l| l.accessible == Some(false)));
}
