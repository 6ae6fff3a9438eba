//! Several inputs side by side in one catalogue. Sources stay apart: nothing is fused, so every
//! licence keeps to its own layer.

use crate::draft::Log;
use crate::draft::Place;
use crate::finding::{Imported, code};
use chongtu_model::{Catalogue, LocationId};
use std::collections::{BTreeMap, BTreeSet};

/// Puts inputs into one catalogue, in the order given. A location whose id is taken by an
/// earlier input is dropped and counted; operators of one id become one.
pub fn merge(inputs: Vec<Imported>) -> Imported {
    let mut out = Catalogue::default();
    let mut log = Log::default();
    let mut taken: BTreeSet<LocationId> = BTreeSet::new();
    for input in inputs {
        let Imported {
            catalogue,
            findings,
            counts,
        } = input;
        log.findings.extend(findings);
        log.counts.add(&counts);

        let sources = out.sources.len();
        out.sources.extend(catalogue.sources);
        out.readings.extend(&catalogue.readings);
        let operators = place_all(&mut out.operators, catalogue.operators, |a, b| a.id == b.id);
        let tariffs = place_all(&mut out.tariffs, catalogue.tariffs, |a, b| a == b);
        let zones = place_all(&mut out.zones, catalogue.zones, |a, b| a == b);
        for mut location in catalogue.locations {
            if !taken.insert(location.id.clone()) {
                let at = Place {
                    row: 0,
                    id: Some(location.id.as_str()),
                };
                log.drop_record(code::ID_REPEATED, at, Some("id"), None);
                if let Some(last) = log.findings.last_mut() {
                    last.row = None;
                }
                log.counts.locations -= 1;
                log.counts.evses -= location.evses.len() as u32;
                continue;
            }
            location.source += sources as u16;
            location.operator = location.operator.and_then(|i| operators.get(&i).copied());
            location.zone = location
                .zone
                .and_then(|i| zones.get(&u32::from(i)))
                .map(|&i| i as u16);
            for connector in location.evses.iter_mut().flat_map(|e| &mut e.connectors) {
                connector.tariff = connector.tariff.and_then(|i| tariffs.get(&i).copied());
            }
            out.locations.push(location);
        }
    }
    out.locations.sort_by(|a, b| a.id.cmp(&b.id));
    Imported {
        catalogue: out,
        findings: log.findings,
        counts: log.counts,
    }
}

/// Appends what is not there yet; gives the new index of every old one.
fn place_all<T>(
    into: &mut Vec<T>,
    items: Vec<T>,
    same: impl Fn(&T, &T) -> bool,
) -> BTreeMap<u32, u32> {
    let mut places = BTreeMap::new();
    for (item, old) in items.into_iter().zip(0_u32..) {
        let new = into.iter().position(|x| same(x, &item)).unwrap_or_else(|| {
            into.push(item);
            into.len() - 1
        });
        places.insert(old, new as u32);
    }
    places
}
