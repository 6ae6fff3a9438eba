//! Content types by file name. A fixed table: what the browser runs must not depend on the machine's settings.

/// The content type of a file by the end of its name; bytes without a meaning otherwise.
pub(crate) fn content_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "geojson" => "application/geo+json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "pmtiles" => "application/vnd.pmtiles",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "md" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        _ => "application/octet-stream",
    }
}

/// Whether the name carries its content's hash, as in `app-0f3a9c51_bg.wasm`: such a file never changes.
pub(crate) fn is_hashed(name: &str) -> bool {
    name.split('-').skip(1).any(|part| {
        let hex = part
            .bytes()
            .take_while(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
            .count();
        hex >= 8 && matches!(part.as_bytes().get(hex), Some(b'.' | b'_'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_what_a_browser_insists_on() {
        for (name, expected) in [
            ("a_bg.wasm", "application/wasm"),
            ("a.js", "text/javascript; charset=utf-8"),
            ("maplibre-gl.mjs", "text/javascript; charset=utf-8"),
            ("region.json", "application/json"),
            ("icon.svg", "image/svg+xml"),
            ("app.webmanifest", "application/manifest+json"),
            ("x.locations", "application/octet-stream"),
            ("x.roads", "application/octet-stream"),
            ("china.pmtiles", "application/vnd.pmtiles"),
            ("none", "application/octet-stream"),
        ] {
            assert_eq!(content_type(name), expected, "{name}");
        }
    }

    #[test]
    fn only_a_hash_makes_a_file_immutable() {
        for yes in [
            "app-0123abcd.js",
            "chongtu-app-0123456789abcdef_bg.wasm",
            "a-b-deadbeef.css",
        ] {
            assert!(is_hashed(yes), "{yes}");
        }
        for no in [
            "app.js",
            "app-0123abc.js",
            "0123456789abcdef.js",
            "app-0123abcdx.js",
            "app-0123ABCD.js",
            "app-deadbeef",
            "maplibre-gl.mjs",
        ] {
            assert!(!is_hashed(no), "{no}");
        }
    }
}
