//! Looks up how Han characters are read, for the names that a file holds.
//!
//! The table is that of the crate `pinyin` (MIT), from the Unihan database and dictionaries. It is far larger than the
//! page may be; what goes into a file is only what its own names need.

use chongtu_model::Catalogue;
use chongtu_model::gazetteer::Readings;
use pinyin::ToPinyinMulti as _;

/// The readings of all Han characters in some texts, the most usual first.
pub fn readings_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Readings {
    let mut readings = Readings::new();
    for c in texts.into_iter().flat_map(str::chars) {
        if c.is_ascii() || !readings.of(c).is_empty() {
            continue;
        }
        for reading in c.to_pinyin_multi().into_iter().flatten() {
            let plain = reading.plain();
            // Keyboards have no ü: some people type u for it, some v.
            for typed in ["u", "v"] {
                readings.add(c, &plain.replace('ü', typed));
            }
        }
    }
    readings
}

/// The readings that a catalogue's names, addresses and operators need.
pub fn catalogue_readings(catalogue: &Catalogue) -> Readings {
    let operators = catalogue.operators.iter().map(|o| o.name.text.as_str());
    let locations = catalogue.locations.iter().flat_map(|l| {
        let address = l.address.as_ref().map(|a| a.text.as_str());
        let areas = [&l.city, &l.district].into_iter().flatten();
        let areas = areas.map(String::as_str);
        [l.name.text.as_str()]
            .into_iter()
            .chain(address)
            .chain(areas)
    });
    readings_of(operators.chain(locations))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reading_of_a_character() {
        let table = readings_of(["六合 Luhe 重庆", "厦门绿略"]);
        for (c, readings) in [
            ('六', vec!["liu", "lu"]),
            ('重', vec!["zhong", "chong"]),
            ('厦', vec!["xia", "sha"]),
            ('绿', vec!["lv", "lu"]),
            ('略', vec!["lve", "lue"]),
            ('门', vec!["men"]),
        ] {
            for reading in readings {
                assert!(table.of(c).iter().any(|r| r == reading), "{c} {reading}");
            }
        }
        assert_eq!(table.len(), 8);
        assert!(readings_of(["Nanjing 12", "🚗"]).is_empty());
    }
}
