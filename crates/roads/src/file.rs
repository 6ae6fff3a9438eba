//! The `.roads` file: a network as bytes.
//!
//! Header: magic `CTROADS\0`, version (u16), payload length (u64) and payload hash (FNV-1a, u64),
//! little-endian. Payload, numbers as varints and differences as zigzag varints:
//!
//! 1. words (postcard, length first): names, note, attribution, places, junctions,
//!    readings;
//! 2. speeds by class (f64); refs, then the lists of refs that occur;
//! 3. nodes along a Hilbert curve: latitudes, then longitudes, as differences in 1e-6 degree;
//! 4. edges by their smaller node: how many each node has; their larger nodes, as differences;
//!    direction (0 both ways, 1 to the larger node, 2 to the smaller); class; length in
//!    centimetres; list of refs;
//! 5. shapes: how many inner points each edge has; the points, as differences.
//!
//! The same network gives the same bytes. [`RoadNetwork::decode`] checks everything a query
//! relies on, so that no bytes, however damaged, make a query fail later.

use crate::bytes::{ReadFault, Reader, content_hash, put_varint, put_zigzag};
use crate::network::{Columns, MAX_EDGES, RoadNetwork, Words};
use crate::speeds::SpeedDefaults;
use chongtu_model::LatLng;
use std::collections::BTreeMap;

const MAGIC: &[u8; 8] = b"CTROADS\0";
/// The version this program writes and reads.
pub const FORMAT_VERSION: u16 = 2;
const HEADER_BYTES: usize = 26;
/// Lengths up to this many centimetres are exact as `f64`.
const MAX_LENGTH_CM: u64 = 1 << 53;

/// Why bytes are not a `.roads` file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoadsFileError {
    /// Another kind of file.
    #[error(
        "this is not a .roads file (it does not begin with CTROADS); build one with `chongtu roads`"
    )]
    NotRoads,
    /// Written by another version of the program.
    #[error(
        "this .roads file has format version {found}, this program reads {FORMAT_VERSION}; build it again with `chongtu roads`"
    )]
    Version {
        /// The version of the file.
        found: u16,
    },
    /// Shorter than it says.
    #[error("the .roads file is truncated: {found} of {expected} bytes are there")]
    Truncated {
        /// Bytes there are.
        found: u64,
        /// Bytes the header announces.
        expected: u64,
    },
    /// The hash does not fit.
    #[error("the .roads file is damaged: its content does not match its hash")]
    Damaged,
    /// The hash fits and the content does not hold together.
    #[error("the .roads file is malformed in its {part}")]
    Malformed {
        /// Which part of the payload.
        part: &'static str,
    },
}

impl RoadNetwork {
    /// The network as the bytes of a `.roads` file.
    pub fn encode(&self) -> Vec<u8> {
        with_header(&encode_payload(&self.columns))
    }

    /// Reads the bytes of a `.roads` file.
    ///
    /// # Errors
    /// When they are another kind of file, of another version, truncated or damaged.
    pub fn decode(bytes: &[u8]) -> Result<Self, RoadsFileError> {
        if !bytes.starts_with(MAGIC) {
            return Err(RoadsFileError::NotRoads);
        }
        let Some((header, payload)) = bytes.split_at_checked(HEADER_BYTES) else {
            return Err(RoadsFileError::Truncated {
                found: bytes.len() as u64,
                expected: HEADER_BYTES as u64,
            });
        };
        let found = u16::from_le_bytes([header[8], header[9]]);
        if found != FORMAT_VERSION {
            return Err(RoadsFileError::Version { found });
        }
        let mut numbers = Reader::new(&header[10..]);
        let (Ok(length), Ok(hash)) = (numbers.u64_le(), numbers.u64_le()) else {
            return Err(RoadsFileError::Damaged);
        };
        if (payload.len() as u64) < length {
            return Err(RoadsFileError::Truncated {
                found: bytes.len() as u64,
                expected: length.saturating_add(HEADER_BYTES as u64),
            });
        }
        if payload.len() as u64 != length || content_hash(payload) != hash {
            return Err(RoadsFileError::Damaged);
        }
        let mut reader = Reader::new(payload);
        let columns = decode_payload(&mut reader)?;
        if reader.remaining() > 0 {
            return Err(RoadsFileError::Malformed { part: "end" });
        }
        Ok(Self::from_columns(columns))
    }
}

fn with_header(payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER_BYTES + payload.len());
    out.extend(MAGIC);
    out.extend(FORMAT_VERSION.to_le_bytes());
    out.extend((payload.len() as u64).to_le_bytes());
    out.extend(content_hash(payload).to_le_bytes());
    out.extend(payload);
    out
}

fn encode_payload(c: &Columns) -> Vec<u8> {
    let mut out = Vec::new();
    // Words are strings and numbers in memory: nothing of them can fail to be written.
    let words = postcard::to_allocvec(&c.words).unwrap_or_default();
    put_varint(&mut out, words.len() as u64);
    out.extend(words);
    put_varint(&mut out, c.class_speeds_kmh.len() as u64);
    for kmh in &c.class_speeds_kmh {
        out.extend(kmh.to_le_bytes());
    }
    encode_refs(&mut out, &c.ref_sets);

    put_varint(&mut out, c.nodes.len() as u64);
    for axis in 0..2 {
        let mut previous = 0;
        for node in &c.nodes {
            put_zigzag(&mut out, i64::from(node[axis]) - previous);
            previous = i64::from(node[axis]);
        }
    }

    put_varint(&mut out, c.edge_ends.len() as u64);
    let sorted: Vec<(u32, u32)> = c
        .edge_ends
        .iter()
        .map(|&[a, b]| (a.min(b), a.max(b)))
        .collect();
    let mut rest = sorted.as_slice();
    for node in 0..c.nodes.len() as u32 {
        let n = rest.partition_point(|e| e.0 <= node);
        put_varint(&mut out, n as u64);
        rest = &rest[n..];
    }
    let mut previous = (u32::MAX, 0);
    for &(lo, hi) in &sorted {
        let base = if previous.0 == lo { previous.1 } else { lo };
        put_varint(&mut out, u64::from(hi - base));
        previous = (lo, hi);
    }
    for (&[a, b], &oneway) in c.edge_ends.iter().zip(&c.oneway) {
        out.push(if oneway { 1 + u8::from(a > b) } else { 0 });
    }
    out.extend(&c.classes);
    for &cm in &c.lengths_cm {
        put_varint(&mut out, cm);
    }
    for &set in &c.edge_ref_set {
        put_varint(&mut out, u64::from(set));
    }

    for ends in c.shape_first.windows(2) {
        put_varint(&mut out, u64::from(ends[1] - ends[0]));
    }
    for (e, ends) in c.shape_first.windows(2).enumerate() {
        let mut previous = c.nodes[c.edge_ends[e][0] as usize];
        for &point in &c.shape_points[ends[0] as usize..ends[1] as usize] {
            for axis in 0..2 {
                put_zigzag(&mut out, i64::from(point[axis]) - i64::from(previous[axis]));
            }
            previous = point;
        }
    }
    out
}

fn encode_refs(out: &mut Vec<u8>, ref_sets: &[Vec<String>]) {
    let mut numbers: BTreeMap<&str, u64> =
        ref_sets.iter().flatten().map(|r| (r.as_str(), 0)).collect();
    put_varint(out, numbers.len() as u64);
    for (i, (r, number)) in numbers.iter_mut().enumerate() {
        *number = i as u64;
        put_varint(out, r.len() as u64);
        out.extend(r.as_bytes());
    }
    put_varint(out, ref_sets.len() as u64);
    for set in ref_sets {
        put_varint(out, set.len() as u64);
        for r in set {
            put_varint(out, numbers.get(r.as_str()).copied().unwrap_or(0));
        }
    }
}

/// Names the part of the payload that a fault is in.
trait In<T> {
    fn part(self, part: &'static str) -> Result<T, RoadsFileError>;
}

impl<T> In<T> for Result<T, ReadFault> {
    fn part(self, part: &'static str) -> Result<T, RoadsFileError> {
        self.map_err(|_| RoadsFileError::Malformed { part })
    }
}

fn check(holds: bool, part: &'static str) -> Result<(), RoadsFileError> {
    if holds {
        Ok(())
    } else {
        Err(RoadsFileError::Malformed { part })
    }
}

fn decode_payload(r: &mut Reader<'_>) -> Result<Columns, RoadsFileError> {
    let n_bytes = r.count(1).part("words")?;
    let words = r.bytes(n_bytes).part("words")?;
    let (words, left): (Words, &[u8]) = postcard::take_from_bytes(words)
        .map_err(|_| RoadsFileError::Malformed { part: "words" })?;
    check(left.is_empty(), "words")?;

    let n_classes = r.count(8).part("speeds")?;
    let class_speeds_kmh = (0..n_classes)
        .map(|_| r.u64_le().map(f64::from_bits))
        .collect::<Result<Vec<_>, _>>()
        .part("speeds")?;
    let class_speeds_kmh = SpeedDefaults::new(class_speeds_kmh)
        .map_err(|_| RoadsFileError::Malformed { part: "speeds" })?
        .tiers_kmh()
        .to_vec();
    let ref_sets = decode_refs(r)?;
    let nodes = decode_nodes(r)?;
    check_words(&words, nodes.len())?;
    decode_edges(
        r,
        Columns {
            words,
            class_speeds_kmh,
            nodes,
            ref_sets,
            ..Columns::default()
        },
    )
}

fn decode_refs(r: &mut Reader<'_>) -> Result<Vec<Vec<String>>, RoadsFileError> {
    let part = "road numbers";
    let n_refs = r.count(1).part(part)?;
    let mut refs: Vec<&str> = Vec::with_capacity(n_refs);
    for _ in 0..n_refs {
        let n_bytes = r.count(1).part(part)?;
        let text = std::str::from_utf8(r.bytes(n_bytes).part(part)?);
        refs.push(text.map_err(|_| RoadsFileError::Malformed { part })?);
    }
    let n_sets = r.count(1).part(part)?;
    let mut sets = Vec::with_capacity(n_sets);
    for _ in 0..n_sets {
        let n = r.count(1).part(part)?;
        let set = (0..n)
            .map(|_| r.below(n_refs).map(|i| refs[i as usize].to_owned()))
            .collect::<Result<Vec<_>, _>>()
            .part(part)?;
        sets.push(set);
    }
    Ok(sets)
}

fn decode_nodes(r: &mut Reader<'_>) -> Result<Vec<[i32; 2]>, RoadsFileError> {
    let part = "nodes";
    let n_nodes = r.count(2).part(part)?;
    check(u32::try_from(n_nodes).is_ok(), part)?;
    let mut nodes = vec![[0; 2]; n_nodes];
    for axis in 0..2 {
        let mut previous = 0;
        for node in &mut nodes {
            previous = next_coordinate(r, previous, axis, part)?;
            node[axis] = previous;
        }
    }
    Ok(nodes)
}

/// Adds a difference to a coordinate (axis 0: latitude) and checks that the Earth has it.
fn next_coordinate(
    r: &mut Reader<'_>,
    previous: i32,
    axis: usize,
    part: &'static str,
) -> Result<i32, RoadsFileError> {
    let limit = [90_000_000, 180_000_000][axis];
    let value = i64::from(previous).checked_add(r.zigzag().part(part)?);
    value
        .and_then(|v| i32::try_from(v).ok())
        .filter(|v| (-limit..=limit).contains(v))
        .ok_or(RoadsFileError::Malformed { part })
}

fn check_words(words: &Words, n_nodes: usize) -> Result<(), RoadsFileError> {
    let in_order = words.node_names.windows(2).all(|w| w[0].0 < w[1].0);
    let last = words
        .node_names
        .last()
        .is_none_or(|n| (n.0 as usize) < n_nodes);
    let places = words
        .places
        .iter()
        .chain(&words.far_places)
        .map(|p| p.position);
    let junctions = words.junctions.iter().map(|j| j.position);
    let on_earth = places
        .chain(junctions)
        .all(|p| LatLng::new(p.lat, p.lng).is_ok());
    check(in_order && last && on_earth, "words")
}

fn decode_edges(r: &mut Reader<'_>, mut c: Columns) -> Result<Columns, RoadsFileError> {
    let part = "edges";
    let n_edges = r.count(5).part(part)?;
    check(n_edges <= MAX_EDGES, part)?;
    let n_nodes = c.nodes.len();
    c.edge_ends.reserve_exact(n_edges);
    for lo in 0..n_nodes as u32 {
        let n = r.below(n_edges + 1 - c.edge_ends.len()).part(part)?;
        for _ in 0..n {
            c.edge_ends.push([lo; 2]);
        }
    }
    check(c.edge_ends.len() == n_edges, part)?;
    let mut previous = (u32::MAX, 0);
    for ends in &mut c.edge_ends {
        let lo = ends[0];
        let base = if previous.0 == lo { previous.1 } else { lo };
        let hi = base + r.below(n_nodes - base as usize).part(part)?;
        check(hi > lo, part)?;
        ends[1] = hi;
        previous = (lo, hi);
    }
    for ends in &mut c.edge_ends {
        let direction = r.byte().part(part)?;
        check(direction <= 2, part)?;
        c.oneway.push(direction > 0);
        if direction == 2 {
            ends.reverse();
        }
    }
    c.classes = r.bytes(n_edges).part(part)?.to_vec();
    let n_classes = c.class_speeds_kmh.len();
    check(
        c.classes
            .iter()
            .all(|&class| usize::from(class) < n_classes),
        part,
    )?;
    for _ in 0..n_edges {
        let cm = r.varint().part("lengths")?;
        check(cm <= MAX_LENGTH_CM, "lengths")?;
        c.lengths_cm.push(cm);
    }
    for _ in 0..n_edges {
        c.edge_ref_set
            .push(r.below(c.ref_sets.len()).part("road numbers")?);
    }
    decode_shapes(r, &mut c)?;
    Ok(c)
}

fn decode_shapes(r: &mut Reader<'_>, c: &mut Columns) -> Result<(), RoadsFileError> {
    let part = "shapes";
    let mut total = 0u32;
    c.shape_first.push(0);
    for _ in 0..c.edge_ends.len() {
        // Each point takes at least two bytes.
        let n = r.count(2).part(part)?;
        total = u32::try_from(n)
            .ok()
            .and_then(|n| total.checked_add(n))
            .ok_or(RoadsFileError::Malformed { part })?;
        c.shape_first.push(total);
    }
    check(total as usize <= r.remaining() / 2, part)?;
    c.shape_points.reserve_exact(total as usize);
    for (e, ends) in c.shape_first.windows(2).enumerate() {
        let mut point = c.nodes[c.edge_ends[e][0] as usize];
        for _ in ends[0]..ends[1] {
            for (axis, value) in point.iter_mut().enumerate() {
                *value = next_coordinate(r, *value, axis, part)?;
            }
            c.shape_points.push(point);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chongtu_model::provenance::LocalText;

    fn columns() -> Columns {
        Columns {
            class_speeds_kmh: vec![100.0],
            nodes: vec![[0, 0], [0, 10], [0, 20]],
            edge_ends: vec![[0, 1], [1, 2]],
            lengths_cm: vec![5, 6],
            classes: vec![0, 0],
            oneway: vec![false, false],
            ref_sets: vec![vec!["G1".to_owned()]],
            edge_ref_set: vec![0, 0],
            shape_first: vec![0, 1, 1],
            shape_points: vec![[1, 5]],
            words: Words::default(),
        }
    }

    /// Content that hangs together badly is refused although its hash fits.
    #[test]
    fn refuses_what_a_query_could_trip_over() {
        let refused = |part: &str, spoil: fn(&mut Columns)| {
            let mut c = columns();
            spoil(&mut c);
            let got = RoadNetwork::decode(&with_header(&encode_payload(&c)));
            assert!(
                matches!(&got, Err(RoadsFileError::Malformed { part: p }) if *p == part),
                "{part}: {got:?}"
            );
        };
        let whole = with_header(&encode_payload(&columns()));
        assert_eq!(
            RoadNetwork::decode(&whole).map(|n| n.columns),
            Ok(columns())
        );
        refused("edges", |c| c.edge_ends[1] = [1, 1]);
        refused("edges", |c| c.edge_ends[1] = [1, 3]);
        refused("edges", |c| c.classes[0] = 1);
        refused("lengths", |c| c.lengths_cm[0] = u64::MAX);
        refused("road numbers", |c| c.edge_ref_set[0] = 1);
        refused("speeds", |c| c.class_speeds_kmh[0] = 0.0);
        refused("speeds", |c| c.class_speeds_kmh.clear());
        refused("nodes", |c| c.nodes[0] = [90_000_001, 0]);
        refused("shapes", |c| c.shape_points[0] = [0, -180_000_001]);
        refused("words", |c| {
            c.words.node_names = vec![(3, LocalText::default())];
        });
    }
}
