//! The `.locations` file: a [`Catalogue`] as typed columns.
//!
//! Magic, version, length and hash of the content, then the content: sources, operators, tariffs,
//! zones and readings, then one column after the other for all locations in order of id and for all their
//! EVSEs. Positions are differences in millionths of a degree; what repeats stands once in a
//! dictionary. The columns are made for a general compressor (brotli, gzip) to follow.
//!
//! The same catalogue gives the same bytes. A file that is not whole is refused with what is
//! wrong and what to do; none makes the reader panic or allocate out of proportion to its size.
//!
//! Enumerations stand by their position in the source: whoever inserts a value before others
//! or changes a stored type raises [`VERSION`].

mod columns;
mod content;

use crate::bytes::fnv1a;
use crate::catalogue::Catalogue;
use crate::geo::LatLng;
use crate::location::Location;
use crate::time::Instant;

/// What every file begins with.
pub const MAGIC: [u8; 8] = *b"CTLOCS\0\0";
/// The version that is written, and the only one that is read.
pub const VERSION: u16 = 4;
/// Magic, version (2 bytes), length (8) and hash (8) of the content, little-endian.
const HEADER: usize = 26;
/// Instants stand within this many seconds of 1970 (about 30,000 years).
const INSTANT_LIMIT_S: i64 = 1_000_000_000_000;

/// Why a file is refused, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocationsFileError {
    /// Another kind of file.
    #[error("this is not a .locations file; make one with `chongtu import`")]
    NotLocations,
    /// Made by another version of the program.
    #[error(
        "this .locations file has format version {found}, this program reads version {VERSION}: {}",
        if *found > VERSION { "it was made by a newer version; update this program" }
        else { "build the file again with `chongtu import`" }
    )]
    Version {
        /// The file's.
        found: u16,
    },
    /// The end is missing.
    #[error(
        "this .locations file is cut off: {found} of {expected} bytes; copy or download it again"
    )]
    Truncated {
        /// Bytes there should be.
        expected: u64,
        /// Bytes there are.
        found: u64,
    },
    /// More follows than belongs to it.
    #[error(
        "this .locations file is damaged: {extra} bytes follow its end; build it again with `chongtu import`"
    )]
    TrailingBytes {
        /// How many.
        extra: u64,
    },
    /// Some bit differs.
    #[error(
        "this .locations file is damaged: its content hash does not match; build it again with `chongtu import`"
    )]
    Hash,
    /// The hash is right and the content is not: written by a faulty program.
    #[error(
        "this .locations file is damaged: column {column}: {why}; build it again with `chongtu import`"
    )]
    Content {
        /// Which column.
        column: &'static str,
        /// What is wrong.
        why: String,
    },
}

impl LocationsFileError {
    /// A stable code for the interface to translate.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotLocations => "locations_file_foreign",
            Self::Version { .. } => "locations_file_version",
            Self::Truncated { .. } => "locations_file_truncated",
            Self::TrailingBytes { .. } | Self::Hash | Self::Content { .. } => {
                "locations_file_damaged"
            }
        }
    }
}

/// A catalogue as a file. Locations are written in order of id, positions and instants as
/// [`Catalogue::normalize`] leaves them; [`decode`] gives back the normal catalogue. What the
/// catalogue's indices point to must be there, or the file will be refused.
pub fn encode(catalogue: &Catalogue) -> Vec<u8> {
    let content = content::write(catalogue);
    let mut file = Vec::with_capacity(HEADER + content.len());
    file.extend_from_slice(&MAGIC);
    file.extend_from_slice(&VERSION.to_le_bytes());
    file.extend_from_slice(&(content.len() as u64).to_le_bytes());
    file.extend_from_slice(&fnv1a(&content).to_le_bytes());
    file.extend_from_slice(&content);
    file
}

/// Reads a file.
///
/// # Errors
/// When it is no such file, of another version, cut off or damaged.
pub fn decode(file: &[u8]) -> Result<Catalogue, LocationsFileError> {
    let truncated = |expected: u64| LocationsFileError::Truncated {
        expected,
        found: file.len() as u64,
    };
    let Some(after_magic) = file.strip_prefix(&MAGIC) else {
        return Err(if !file.is_empty() && MAGIC.starts_with(file) {
            truncated(HEADER as u64)
        } else {
            LocationsFileError::NotLocations
        });
    };
    let (version, rest) = take::<2>(after_magic).ok_or_else(|| truncated(HEADER as u64))?;
    let found = u16::from_le_bytes(version);
    if found != VERSION {
        return Err(LocationsFileError::Version { found });
    }
    let (length, rest) = take::<8>(rest).ok_or_else(|| truncated(HEADER as u64))?;
    let (hash, content) = take::<8>(rest).ok_or_else(|| truncated(HEADER as u64))?;
    let (length, there) = (u64::from_le_bytes(length), content.len() as u64);
    if there < length {
        return Err(truncated(length.saturating_add(HEADER as u64)));
    }
    if there > length {
        return Err(LocationsFileError::TrailingBytes {
            extra: there - length,
        });
    }
    if fnv1a(content) != u64::from_le_bytes(hash) {
        return Err(LocationsFileError::Hash);
    }
    content::read(content)
}

/// The first `N` bytes and the rest.
fn take<const N: usize>(bytes: &[u8]) -> Option<([u8; N], &[u8])> {
    bytes
        .split_first_chunk()
        .map(|(first, rest)| (*first, rest))
}

/// An instant as files hold it.
fn bounded(at: Instant) -> Instant {
    Instant::from_unix_s(at.unix_s().clamp(-INSTANT_LIMIT_S, INSTANT_LIMIT_S))
}

impl Catalogue {
    /// Brings it into the form that files hold, so that `decode(&encode(&x)) == Ok(x)`: locations
    /// in order of id (equal ids stay in their order), positions in whole millionths of a degree
    /// (0.11 m), instants within 30,000 years of 1970. Importers end with this.
    pub fn normalize(&mut self) {
        self.locations.sort_by(|a, b| a.id.cmp(&b.id));
        for location in &mut self.locations {
            normalize_location(location);
        }
    }
}

fn normalize_location(location: &mut Location) {
    let [lat, lng] = location.position.to_e6();
    location.position = LatLng {
        lat: f64::from(lat) / 1e6,
        lng: f64::from(lng) / 1e6,
    };
    location.last_updated = location.last_updated.map(bounded);
    for evse in &mut location.evses {
        evse.status_updated = evse.status_updated.map(bounded);
    }
}
