//! Which of a file's stored encodings an `Accept-Encoding` header prefers (RFC 9110, section 12.5.3).

/// How a file's bytes are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// What the file's name ends with on disk, after its own name.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    /// The value of `Content-Encoding`; none for the plain file.
    pub(crate) fn token(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// The encodings to try, best first. The plain file is always last resort: a client that refuses even that still gets
/// it, as the standard allows, because an error page would help nobody.
pub(crate) fn preferred(accept_encoding: &str) -> Vec<Encoding> {
    let mut br = None;
    let mut gzip = None;
    let mut identity = None;
    let mut any = None;
    for part in accept_encoding.split(',') {
        let mut fields = part.split(';');
        let coding = fields.next().unwrap_or("").trim();
        let weight = fields
            .find_map(|field| {
                let (key, value) = field.split_once('=')?;
                key.trim()
                    .eq_ignore_ascii_case("q")
                    .then(|| thousandths(value.trim()))
            })
            .unwrap_or(1000);
        if coding.eq_ignore_ascii_case("br") {
            br = Some(weight);
        } else if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") {
            gzip = Some(weight);
        } else if coding.eq_ignore_ascii_case("identity") {
            identity = Some(weight);
        } else if coding == "*" {
            any = Some(weight);
        }
    }
    // Not named and no star: compressed forms are not accepted, the plain one is, after all that are named.
    let mut choices = [
        (Encoding::Brotli, br.or(any).unwrap_or(0)),
        (Encoding::Gzip, gzip.or(any).unwrap_or(0)),
        (Encoding::Identity, identity.unwrap_or(0)),
    ];
    choices.sort_by_key(|&(_, weight)| std::cmp::Reverse(weight)); // stable: smaller files win ties
    let mut out: Vec<Encoding> = choices
        .into_iter()
        .filter(|&(_, weight)| weight > 0)
        .map(|(encoding, _)| encoding)
        .collect();
    if !out.contains(&Encoding::Identity) {
        out.push(Encoding::Identity);
    }
    out
}

/// A quality value in thousandths; 0 for one that is not a number between 0 and 1.
fn thousandths(text: &str) -> u16 {
    match text.parse::<f32>() {
        Ok(q) if (0.0..=1.0).contains(&q) => (q * 1000.0).round() as u16,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{Encoding::*, *};

    #[test]
    fn the_header_decides() {
        for (header, expected) in [
            ("", &[Identity][..]),
            ("gzip, deflate, br, zstd", &[Brotli, Gzip, Identity]),
            ("gzip", &[Gzip, Identity]),
            ("GZIP", &[Gzip, Identity]),
            ("br;q=0, gzip", &[Gzip, Identity]),
            ("br;q=0.2, gzip;q=0.8", &[Gzip, Brotli, Identity]),
            ("identity, gzip;q=0.5", &[Identity, Gzip]),
            ("*", &[Brotli, Gzip, Identity]),
            ("*;q=0", &[Identity]),
            ("br;q=0, *", &[Gzip, Identity]),
            ("gzip;q=0.001", &[Gzip, Identity]),
            ("br ; q = 0", &[Identity]),
            ("br;q=nonsense", &[Identity]),
            ("br;q=5", &[Identity]),
            ("identity;q=0", &[Identity]),
            ("zstd", &[Identity]),
        ] {
            assert_eq!(preferred(header), expected, "{header:?}");
        }
    }
}
