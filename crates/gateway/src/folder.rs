//! The folder of the built app: from the segments of an address to an open file, and nothing outside the folder.

use crate::{encoding::Encoding, options::ServeError};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    fmt::Write as _,
    fs::{self, File, Metadata},
    io::{self, Read, Seek},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

/// Larger files, archives of tiles, are tagged by their size and time: hashing them would hold up the first to ask.
const HASHED_UP_TO: u64 = 64 << 20;

/// The built app on disk. Files are opened for each request, so a rebuild shows without a restart.
#[derive(Debug)]
pub(crate) struct AppFolder {
    root: PathBuf,
    tags: Mutex<HashMap<PathBuf, (Stamp, String)>>,
}

/// A file ready to send.
#[derive(Debug)]
pub(crate) struct OpenFile {
    pub(crate) file: File,
    pub(crate) len: u64,
    pub(crate) encoding: Encoding,
    /// Strong entity tag with its quotes: the hash of exactly these bytes, or of a very large file's stamp.
    pub(crate) etag: String,
}

/// What changes when a file is written again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    modified: Option<SystemTime>,
    len: u64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        Self {
            modified: metadata.modified().ok(),
            len: metadata.len(),
        }
    }
}

impl AppFolder {
    /// # Errors
    /// When the folder cannot be read or has no `index.html`.
    pub(crate) fn new(app: &Path) -> Result<Self, ServeError> {
        let no_app = |reason: String| ServeError::NoApp {
            app: app.to_owned(),
            reason,
        };
        let root = app
            .canonicalize()
            .map_err(|error| no_app(error.to_string()))?;
        if !root.join("index.html").is_file() {
            return Err(no_app("it has no index.html".to_owned()));
        }
        Ok(Self {
            root,
            tags: Mutex::new(HashMap::new()),
        })
    }

    /// The bytes of `index.html` with their stamp; none when it is gone.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub(crate) fn index(&self) -> io::Result<Option<Vec<u8>>> {
        absent_is_none(fs::read(self.root.join("index.html")))
    }

    /// What tells whether `index.html` changed; none when it is gone.
    pub(crate) fn index_stamp(&self) -> Option<Stamp> {
        let metadata = fs::metadata(self.root.join("index.html")).ok()?;
        metadata.is_file().then(|| Stamp::of(&metadata))
    }

    /// Opens the file at these path segments (already checked by [`segments`]) in the first of `encodings` that is
    /// stored; none when there is no such file or it lies outside the folder.
    ///
    /// # Errors
    /// When a file is there and cannot be read.
    pub(crate) fn open(
        &self,
        segments: &[String],
        encodings: &[Encoding],
    ) -> io::Result<Option<OpenFile>> {
        let mut path = self.root.clone();
        path.extend(segments);
        let Some(plain) = self.inside(&path)? else {
            return Ok(None);
        };
        for &encoding in encodings {
            let path = if encoding == Encoding::Identity {
                plain.clone()
            } else {
                let mut name = path.clone().into_os_string();
                name.push(encoding.suffix());
                match self.inside(Path::new(&name))? {
                    Some(path) => path,
                    None => continue,
                }
            };
            let mut file = File::open(&path)?;
            let metadata = file.metadata()?;
            let etag = self.etag(&path, &mut file, Stamp::of(&metadata))?;
            return Ok(Some(OpenFile {
                file,
                len: metadata.len(),
                encoding,
                etag,
            }));
        }
        Ok(None)
    }

    /// The real path of a regular file within the folder; none for anything else, links that lead out among it.
    fn inside(&self, path: &Path) -> io::Result<Option<PathBuf>> {
        let Some(real) = absent_is_none(path.canonicalize())? else {
            return Ok(None);
        };
        let ok = real.starts_with(&self.root) && fs::metadata(&real)?.is_file();
        Ok(ok.then_some(real))
    }

    fn etag(&self, path: &Path, file: &mut File, stamp: Stamp) -> io::Result<String> {
        let known = |tags: &HashMap<PathBuf, (Stamp, String)>| {
            tags.get(path)
                .filter(|(at, _)| *at == stamp)
                .map(|(_, tag)| tag.clone())
        };
        if let Some(tag) = known(&self.tags.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(tag);
        }
        // Outside the lock: hashing a file must not hold up the others.
        let mut hasher = Sha256::new();
        match stamp.modified.map(|at| at.duration_since(UNIX_EPOCH)) {
            Some(Ok(since)) if stamp.len > HASHED_UP_TO => {
                hasher.update(stamp.len.to_le_bytes());
                hasher.update(since.as_nanos().to_le_bytes());
            }
            _ => {
                let mut buffer = vec![0; 64 * 1024];
                loop {
                    let n = file.read(&mut buffer)?;
                    if n == 0 {
                        break;
                    }
                    hasher.update(&buffer[..n]);
                }
                file.rewind()?;
            }
        }
        let mut tag = String::from("\"");
        for byte in &hasher.finalize()[..16] {
            let _ = write!(tag, "{byte:02x}");
        }
        tag.push('"');
        self.tags
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(path.to_owned(), (stamp, tag.clone()));
        Ok(tag)
    }
}

/// Absence is an answer here, not a fault. A name too long or with a file where a folder should be is absent too.
fn absent_is_none<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) => match error.kind() {
            io::ErrorKind::NotFound
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::InvalidFilename => Ok(None),
            _ => Err(error),
        },
    }
}

/// The decoded segments of a path below the base; none when a segment could mean another place than it says: empty,
/// hidden (`.`, `..`, dot files), or with a slash, backslash, control character or bytes that are not text in it.
pub(crate) fn segments(path: &str) -> Option<Vec<String>> {
    path.split('/')
        .map(|raw| {
            let segment = percent_decoded(raw)?;
            let fine = !segment.is_empty()
                && !segment.starts_with('.')
                && !segment.contains(['/', '\\', ':'])
                && !segment.chars().any(char::is_control);
            fine.then_some(segment)
        })
        .collect()
}

fn percent_decoded(raw: &str) -> Option<String> {
    let mut out = Vec::with_capacity(raw.len());
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            out.push((high * 16 + low) as u8);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_mean_what_they_say_or_nothing() {
        let list = |items: &[&str]| Some(items.iter().map(|&s| s.to_owned()).collect::<Vec<_>>());
        for (path, expected) in [
            ("plan", list(&["plan"])),
            ("data/x/y.json", list(&["data", "x", "y.json"])),
            ("a%20b", list(&["a b"])),
            ("%E5%85%85", list(&["充"])),
        ] {
            assert_eq!(segments(path), expected, "{path:?}");
        }
        for bad in [
            "..", "a/..", "../a", "%2e%2e", "%2E./a", ".git", "%2egit", "a//b", "a/", "/a",
            "a%2fb", "a%5cb", "a\\b", "%00", "a%00.js", "%", "%4", "%zz", "%ff", "a%0ab", "c:x",
        ] {
            assert_eq!(segments(bad), None, "{bad:?}");
        }
    }
}
