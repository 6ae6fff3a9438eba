//! The headers on every answer: what the page may load, who may frame it, what the browser must not guess.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// Powers the app never uses, and the few it does for its own origin (a portal that frames it grants them again with the
/// frame's `allow`).
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), clipboard-write=(self), display-capture=(), \
    encrypted-media=(), fullscreen=(self), geolocation=(self), gyroscope=(), magnetometer=(), microphone=(), midi=(), \
    payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(self), serial=(), usb=(), \
    web-share=(self), xr-spatial-tracking=()";

/// What the operator adds to the policy, checked already.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    /// The value of `frame-ancestors`.
    pub(crate) frame: String,
    /// More for `connect-src` and `img-src`, each with a space before it.
    pub(crate) base_map: String,
}

/// What is read off `index.html`.
#[derive(Debug, Clone)]
pub(crate) struct PageFacts {
    /// The content security policy that allows exactly this page's inline scripts and styles.
    pub(crate) policy: HeaderValue,
    /// The build id in the page's `chongtu-build`; empty when it has none.
    pub(crate) build: String,
}

impl PageFacts {
    /// Reads the page.
    pub(crate) fn of(html: &[u8], sources: &Sources) -> Self {
        let Sources { frame, base_map } = sources;
        // The browser hashes the text after its line ends became single line feeds.
        let html = String::from_utf8_lossy(html)
            .replace("\r\n", "\n")
            .replace('\r', "\n");
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{}; worker-src 'self'; style-src 'self'{}; \
             img-src 'self' data:{base_map}; connect-src 'self'{base_map}; font-src 'self'; manifest-src 'self'; base-uri 'self'; \
             form-action 'none'; frame-ancestors {frame}",
            inline_hashes(&html, "script"),
            inline_hashes(&html, "style"),
        );
        Self {
            // Base 64, checked origins and fixed words are all header text; the fallback allows nothing.
            policy: HeaderValue::from_str(&policy).unwrap_or_else(|_| {
                HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")
            }),
            build: meta_content(&html, "chongtu-build").unwrap_or_default(),
        }
    }
}

/// Adds what every answer carries. `shared`: other origins may load this very file (the page itself, which a portal
/// frames, and the portal's `embed.js`).
pub(crate) fn add_headers(headers: &mut HeaderMap, policy: HeaderValue, shared: bool) {
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(PERMISSIONS),
    );
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static(if shared {
            "cross-origin"
        } else {
            "same-origin"
        }),
    );
}

/// ` 'sha256-…'` for every inline element of this name, in the page's order and each once.
fn inline_hashes(html: &str, element: &str) -> String {
    let mut out = String::new();
    for text in inline_texts(html, element) {
        let source = format!(
            " 'sha256-{}'",
            STANDARD.encode(Sha256::digest(text.as_bytes()))
        );
        if !out.contains(&source) {
            out.push_str(&source);
        }
    }
    out
}

/// The text of every `<element>` without a `src`, comments skipped.
fn inline_texts<'a>(html: &'a str, element: &str) -> Vec<&'a str> {
    let lower = html.to_ascii_lowercase(); // same length, so positions agree
    let (open, close) = (format!("<{element}"), format!("</{element}"));
    let mut texts = Vec::new();
    let mut at = 0;
    while let Some(step) = lower[at..].find('<') {
        at += step;
        if lower[at..].starts_with("<!--") {
            match lower[at + 4..].find("-->") {
                Some(end) => at += 4 + end + 3,
                None => break,
            }
            continue;
        }
        let after = at + open.len();
        let named = lower[at..].starts_with(&open)
            && lower[after..]
                .starts_with(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/');
        if !named {
            at += 1;
            continue;
        }
        let Some(tag_end) = tag_end(&lower[after..]) else {
            break;
        };
        let attributes = &lower[after..after + tag_end];
        let start = after + tag_end + 1;
        let Some(len) = lower[start..].find(&close) else {
            break;
        };
        if attribute(attributes, "src").is_none() {
            texts.push(&html[start..start + len]);
        }
        at = start + len;
    }
    texts
}

/// Where the tag's `>` is, quoted values skipped.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (i, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(i),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// The value of an attribute in the inside of a tag; empty for one without a value.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/'))
            .unwrap_or(rest.len());
        let (key, after) = rest.split_at(end.max(1));
        let spaced = after.trim_start();
        let value;
        if let Some(raw) = spaced.strip_prefix('=') {
            let raw = raw.trim_start();
            let quote = raw.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (text, next) = match quote {
                Some(quote) => raw[1..].split_once(quote).unwrap_or((&raw[1..], "")),
                None => raw.split_at(
                    raw.find(|c: char| c.is_ascii_whitespace())
                        .unwrap_or(raw.len()),
                ),
            };
            value = text;
            rest = next;
        } else {
            value = "";
            rest = after;
        }
        if key.eq_ignore_ascii_case(name) {
            return Some(value);
        }
    }
}

/// The `content` of the page's `<meta name=…>`; only letters, digits and `. _ -`, whatever the page says.
fn meta_content(html: &str, name: &str) -> Option<String> {
    html.match_indices("<meta").find_map(|(at, open)| {
        let rest = &html[at + open.len()..];
        let tag = &rest[..tag_end(rest)?];
        (attribute(tag, "name")? == name).then_some(())?;
        let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        Some(
            attribute(tag, "content")?
                .chars()
                .filter(plain)
                .take(80)
                .collect(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Sources {
        Sources {
            frame: "'self'".to_owned(),
            ..Sources::default()
        }
    }

    #[test]
    fn every_inline_script_and_no_other() {
        for (html, expected) in [
            ("<script>a</script>", &["a"][..]),
            ("<SCRIPT type=module>\nb\n</SCRIPT >", &["\nb\n"]),
            ("<script src=x.js></script><script>c</script>", &["c"]),
            ("<script data-src='x'>d</script>", &["d"]),
            ("<script type=\"a>b\">e</script>", &["e"]),
            ("<!-- <script>no</script> --><script>f</script>", &["f"]),
            ("<scripted>g</scripted>", &[]),
            ("<script>h", &[]),
            ("<p>充</p><script>充</script>", &["充"]),
            ("<script defer src = 'y'>i</script>", &[]),
        ] {
            assert_eq!(inline_texts(html, "script"), expected, "{html}");
        }
    }

    #[test]
    fn the_hash_is_the_browsers() {
        // The example of the Content Security Policy documentation for hashes.
        let facts = PageFacts::of(b"<script>alert('Hello, world.');</script>", &own());
        let policy = facts.policy.to_str().unwrap();
        assert!(
            policy.contains("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"),
            "{policy}"
        );
        let dos = PageFacts::of(b"<script>a\r\nb</script>", &own()).policy;
        let unix = PageFacts::of(b"<script>a\nb</script>", &own()).policy;
        assert_eq!(dos, unix, "line ends are normalised before hashing");
    }

    #[test]
    fn the_build_id_is_read_and_kept_plain() {
        for (html, expected) in [
            (
                r#"<meta name="chongtu-build" content="0123abc">"#,
                "0123abc",
            ),
            (
                r#"<meta charset="utf-8"><meta content='x"y' name='chongtu-build'/>"#,
                "xy",
            ),
            ("<meta name=other content=z>", ""),
        ] {
            assert_eq!(
                PageFacts::of(html.as_bytes(), &own()).build,
                expected,
                "{html}"
            );
        }
    }
}
