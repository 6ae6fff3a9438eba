//! The page's style sheets as one file: each of its own would cost a request before anything shows.

use crate::{
    page::{Files, integrity, take},
    workspace::short_hash,
};
use anyhow::{Context as _, Result, ensure};

/// Joins our own style sheets in the order in which the page names them, and gives the page that names the one instead.
/// Sheets in folders are someone else's and stay.
pub(crate) fn bundle(files: &mut Files, page: &str) -> Result<String> {
    let mut css = Vec::new();
    let mut out = String::with_capacity(page.len());
    let mut place = None;
    let mut rest = page;
    while let Some(start) = rest.find("<link ") {
        let length = rest[start..]
            .find('>')
            .context("index.html: a <link> has no end")?;
        let (before, tag) = (&rest[..start], &rest[start..=start + length]);
        rest = &rest[start + length + 1..];
        let Some(name) = own_sheet(tag) else {
            out.push_str(before);
            out.push_str(tag);
            continue;
        };
        ensure!(
            attribute(tag, "media").is_none(),
            "index.html: {name} is for some media only, which one sheet for all cannot keep: use @media inside it"
        );
        let sheet = take(files, name)?;
        let text =
            std::str::from_utf8(&sheet).with_context(|| format!("{name} is not UTF-8 text"))?;
        for rule in ["@import", "@charset"] {
            ensure!(
                !text.contains(rule),
                "{name}: {rule} counts only at the top of a file, and the style sheets are joined: name the sheet in index.html"
            );
        }
        css.extend_from_slice(&sheet);
        if !sheet.ends_with(b"\n") {
            css.push(b'\n');
        }
        if place.is_none() {
            out.push_str(before);
            place = Some(out.len());
        } else {
            out.push_str(before.trim_end());
        }
    }
    out.push_str(rest);
    if let Some(place) = place {
        let name = format!("app-{}.css", short_hash(&css));
        let tag = format!(
            "<link rel=\"stylesheet\" href=\"./{name}\" integrity=\"{}\">",
            integrity(&css)
        );
        out.insert_str(place, &tag);
        files.insert(name, css);
    }
    Ok(out)
}

/// The file that the tag names when it is a style sheet beside the page.
fn own_sheet(tag: &str) -> Option<&str> {
    attribute(tag, "rel").filter(|&rel| rel == "stylesheet")?;
    attribute(tag, "href")?
        .strip_prefix("./")
        .filter(|name| !name.contains('/') && !name.contains(':'))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    Some(value.split_once('"')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(sheets: &[(&str, &str)]) -> Files {
        sheets
            .iter()
            .map(|&(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn own_sheets_become_one_in_the_pages_order() {
        let page = "<head>\n  <link rel=\"icon\" href=\"./icon.svg\">\n  \
            <link rel=\"stylesheet\" href=\"./z-01.css\" integrity=\"sha384-z\"/>\n  \
            <link rel=\"stylesheet\" href=\"./a-02.css\" integrity=\"sha384-a\"/>\n  \
            <link rel=\"stylesheet\" href=\"./vendor/map-03.css\">\n  \
            <link rel=\"stylesheet\" href=\"./m-04.css\">\n</head>";
        let mut files = files(&[
            ("a-02.css", ".a{}"),
            ("m-04.css", ".m{}\n"),
            ("vendor/map-03.css", ".map{}"),
            ("z-01.css", ".z{}\n"),
        ]);
        let out = bundle(&mut files, page).unwrap();
        let names: Vec<&String> = files.keys().collect();
        let [one, map] = names[..] else {
            panic!("{names:?}")
        };
        assert_eq!(map, "vendor/map-03.css", "someone else's stays");
        assert_eq!(files[one], b".z{}\n.a{}\n.m{}\n");
        assert_eq!(*one, format!("app-{}.css", short_hash(&files[one])));
        let expected = format!(
            "<head>\n  <link rel=\"icon\" href=\"./icon.svg\">\n  \
            <link rel=\"stylesheet\" href=\"./{one}\" integrity=\"{}\">\n  \
            <link rel=\"stylesheet\" href=\"./vendor/map-03.css\">\n</head>",
            integrity(&files[one])
        );
        assert_eq!(out, expected);
    }

    #[test]
    fn what_cannot_be_joined_is_named() {
        let link = |more: &str| format!("<link rel=\"stylesheet\" href=\"./a.css\"{more}>");
        for (sheets, page, expected) in [
            (&[("a.css", ".a{}")][..], link(" media=\"print\""), "media"),
            (&[("a.css", "@import 'b.css';")], link(""), "@import"),
            (&[("b.css", ".b{}")], link(""), "trunk built no a.css"),
            (&[], "<link rel=".to_owned(), "no end"),
        ] {
            let error = bundle(&mut files(sheets), &page).unwrap_err().to_string();
            assert!(error.contains(expected), "{page}: {error}");
        }
        let plain = "<head><link rel=\"icon\" href=\"./a.svg\"></head>";
        assert_eq!(bundle(&mut files(&[]), plain).unwrap(), plain);
    }
}
