//! Which format a file is in, from its first bytes and its name.

use crate::error::ImportError;

/// A format, known by its marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// GeoJSON points.
    GeoJson,
    /// A region's own TOML, written by hand.
    Region,
    /// A built `.locations` file: nothing to import.
    LocationsFile,
    /// An OCPI envelope.
    Ocpi,
    /// Open Charge Map's list.
    OpenChargeMap,
    /// OpenStreetMap, as XML or PBF.
    OpenStreetMap,
    /// A table.
    Csv,
}

/// First bytes of a `.locations` file.
const LOCATIONS_MAGIC: &[u8] = b"CTLOCS\0\0";
/// First bytes of a `.roads` file.
const ROADS_MAGIC: &[u8] = b"CTROADS\0";
/// How far to look for a JSON file's marks.
const HEAD: usize = 64 * 1024;

/// Tells the format from the bytes; the name only decides between text formats without marks.
///
/// # Errors
/// When it is empty, or another kind of file: the error names what it looks like.
pub fn detect(bytes: &[u8], file_name: &str) -> Result<Feed, ImportError> {
    let foreign = |looks_like, remedy| Err(ImportError::Foreign { looks_like, remedy });
    if bytes.starts_with(LOCATIONS_MAGIC) {
        return Ok(Feed::LocationsFile);
    }
    if bytes.starts_with(ROADS_MAGIC) {
        return foreign("a .roads file", "give it as --roads");
    }
    for (magic, looks_like, remedy) in [
        (&b"\x1f\x8b"[..], "a gzip archive", "unpack it first"),
        (b"PK\x03\x04", "a zip archive", "unpack it first"),
        (
            b"SQLite format 3\0",
            "an SQLite database",
            "export its locations as GeoJSON",
        ),
        (b"%PDF-", "a PDF document", "ask its publisher for GeoJSON"),
        (b"\x89PNG", "a picture", "give a GeoJSON file"),
        (b"\x7fELF", "a program", "give a GeoJSON file"),
        (b"\xff\xfe", "UTF-16 text", "convert it to UTF-8"),
        (b"\xfe\xff", "UTF-16 text", "convert it to UTF-8"),
    ] {
        if bytes.starts_with(magic) {
            return foreign(looks_like, remedy);
        }
    }
    let text = skip_mark(bytes);
    let Some(&first) = text.first() else {
        return Err(ImportError::Empty);
    };
    let extension = file_name
        .rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default();
    if extension == "toml" && (contains(text, b"[[road]]") || contains(text, b"[[node]]")) {
        return foreign(
            "a region's roads",
            "read it with `chongtu roads`, or give it as --roads",
        );
    }
    match first {
        b'{' => Ok(of_object(text)?),
        b'[' if extension == "toml" || text.starts_with(b"[[") && contains(text, b"]]\n") => {
            Ok(Feed::Region)
        }
        b'[' if contains(text, b"\"AddressInfo\"") => Ok(Feed::OpenChargeMap),
        b'[' if contains(text, b"\"country_code\"") || contains(text, b"\"evses\"") => {
            Ok(Feed::Ocpi)
        }
        b'[' => Err(ImportError::NotGeoJson {
            found: "it is a list, not an object".to_owned(),
        }),
        b'<' => of_markup(text),
        _ if contains(text, b"\x0a\x09OSMHeader") || contains(text, b"OSMHeader") => {
            Ok(Feed::OpenStreetMap)
        }
        _ if extension == "toml" => Ok(Feed::Region),
        _ if extension == "csv" => Ok(Feed::Csv),
        _ if text.iter().take(1024).any(|&b| b == 0) => {
            foreign("a binary file", "give a GeoJSON file")
        }
        _ => foreign(
            "plain text",
            "give a GeoJSON file, or a region's locations.toml",
        ),
    }
}

/// Skips a byte-order mark and blanks.
pub(crate) fn skip_mark(bytes: &[u8]) -> &[u8] {
    bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start()
}

fn contains(text: &[u8], needle: &[u8]) -> bool {
    let head = text.get(..HEAD).unwrap_or(text);
    head.windows(needle.len()).any(|w| w == needle)
}

fn of_object(text: &[u8]) -> Result<Feed, ImportError> {
    let has = |needle: &str| contains(text, needle.as_bytes());
    if has("\"FeatureCollection\"") || has("\"Feature\"") || has("\"features\"") {
        return Ok(Feed::GeoJson);
    }
    if has("\"nodes\"") || has("\"edges\"") {
        return Err(ImportError::Foreign {
            looks_like: "a road graph",
            remedy: "read it with `chongtu roads`, or give it as --roads",
        });
    }
    if has("\"status_code\"") || has("\"country_code\"") {
        return Ok(Feed::Ocpi);
    }
    if has("\"usable_battery_kwh\"") {
        return Err(ImportError::Foreign {
            looks_like: "a car file",
            remedy: "give it as --car",
        });
    }
    // The reader says more exactly what is wrong with it.
    Ok(Feed::GeoJson)
}

fn of_markup(text: &[u8]) -> Result<Feed, ImportError> {
    if contains(text, b"<osm") {
        return Ok(Feed::OpenStreetMap);
    }
    let head = text.get(..512).unwrap_or(text).to_ascii_lowercase();
    let html = contains(&head, b"<html") || contains(&head, b"<!doctype html");
    Err(if html {
        ImportError::Foreign {
            looks_like: "a web page (HTML)",
            remedy: "the address may ask for a login or have moved; save the data itself",
        }
    } else {
        ImportError::Foreign {
            looks_like: "XML",
            remedy: "give a GeoJSON file",
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], name: &str, expected: Result<Feed, &str>) {
        let got = detect(bytes, name);
        match (got, expected) {
            (Ok(feed), Ok(wanted)) => assert_eq!(feed, wanted),
            (Err(error), Err(part)) => {
                assert!(error.to_string().contains(part), "{error} without {part}");
            }
            (got, expected) => panic!("{got:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn tells_formats_apart() {
        check(
            br#"{"type":"FeatureCollection","features":[]}"#,
            "x",
            Ok(Feed::GeoJson),
        );
        check(
            b"\xef\xbb\xbf {\"type\":\"Feature\"}",
            "x",
            Ok(Feed::GeoJson),
        );
        check(
            b"# by hand\n[[location]]\n",
            "locations.toml",
            Ok(Feed::Region),
        );
        check(
            b"[[location]]\nid = \"a\"\n",
            "locations.toml",
            Ok(Feed::Region),
        );
        check(b"CTLOCS\0\0\x01\0", "x", Ok(Feed::LocationsFile));
        check(br#"{"data":[],"status_code":1000}"#, "x", Ok(Feed::Ocpi));
        check(
            br#"[{"ID":1,"AddressInfo":{}}]"#,
            "x",
            Ok(Feed::OpenChargeMap),
        );
        check(
            b"<?xml version='1.0'?><osm version='0.6'/>",
            "x",
            Ok(Feed::OpenStreetMap),
        );
        check(
            b"\0\0\0\x0d\n\x09OSMHeader\x18",
            "x.osm.pbf",
            Ok(Feed::OpenStreetMap),
        );
        check(b"a,b\n1,2\n", "x.csv", Ok(Feed::Csv));
        check(b"", "x.geojson", Err("empty"));
        check(b" \n", "x.geojson", Err("empty"));
        check(b"<!DOCTYPE html><html>", "x", Err("web page"));
        check(b"<kml/>", "x", Err("XML"));
        check(
            br#"{"nodes":[[32,118,""]],"edges":[]}"#,
            "x",
            Err("road graph"),
        );
        check(b"\x1f\x8b\x08", "x.geojson", Err("gzip"));
        check(b"[1,2]", "x.json", Err("list"));
        check(b"\x01\0\x02", "x", Err("binary"));
        check(b"hello", "x.txt", Err("plain text"));
        check(b"[region]\n[[node]]\n", "roads.toml", Err("region's roads"));
        check(b"CTROADS\0\x01", "x", Err(".roads"));
    }
}
