//! The kinds of columns, each with its writer and its reader.

use super::{INSTANT_LIMIT_S, LocationsFileError, bounded};
use crate::bytes::{BytesError, Reader, Writer};
use crate::time::Instant;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

type Result<T> = core::result::Result<T, LocationsFileError>;

/// One column being read.
pub(super) struct Column<'a> {
    name: &'static str,
    reader: Reader<'a>,
}

impl<'a> Column<'a> {
    pub(super) fn error(&self, why: impl Into<String>) -> LocationsFileError {
        LocationsFileError::Content {
            column: self.name,
            why: why.into(),
        }
    }

    /// Reads with an error that names the column.
    pub(super) fn read<T>(
        &mut self,
        read: impl FnOnce(&mut Reader<'a>) -> core::result::Result<T, BytesError>,
    ) -> Result<T> {
        let name = self.name;
        read(&mut self.reader).map_err(|e| LocationsFileError::Content {
            column: name,
            why: e.to_string(),
        })
    }

    pub(super) fn remaining(&self) -> usize {
        self.reader.remaining()
    }

    /// That all of it has been read.
    pub(super) fn end(&self) -> Result<()> {
        self.reader.end().map_err(|e| self.error(e.to_string()))
    }
}

/// The content being read, column by column.
pub(super) struct Columns<'a> {
    reader: Reader<'a>,
    pub(super) budget: Budget,
}

/// How many bytes dictionaries and shared beginnings may still unfold to. Honest files use a
/// few times their size; this stops one whose every byte unfolds to a megabyte.
pub(super) struct Budget(usize);

impl Budget {
    fn spend(&mut self, bytes: usize) -> core::result::Result<(), &'static str> {
        self.0 = self
            .0
            .checked_sub(bytes)
            .ok_or("unfolds to far more than the file's size")?;
        Ok(())
    }
}

impl<'a> Columns<'a> {
    pub(super) fn new(content: &'a [u8]) -> Self {
        Self {
            reader: Reader::new(content),
            budget: Budget(content.len().saturating_mul(64).saturating_add(1 << 20)),
        }
    }

    /// The next column.
    pub(super) fn next(&mut self, name: &'static str) -> Result<Column<'a>> {
        let bytes = self
            .reader
            .block()
            .map_err(|e| LocationsFileError::Content {
                column: name,
                why: e.to_string(),
            })?;
        Ok(Column {
            name,
            reader: Reader::new(bytes),
        })
    }

    /// One value that fills a column.
    pub(super) fn value<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T> {
        let mut column = self.next(name)?;
        let bytes = column.read(|r| r.raw(r.remaining()))?;
        whole(bytes).map_err(|why| column.error(why))
    }

    /// That no column is left.
    pub(super) fn end(&self) -> Result<()> {
        self.reader.end().map_err(|e| LocationsFileError::Content {
            column: "end",
            why: e.to_string(),
        })
    }
}

/// A value of which nothing is left over.
fn whole<T: DeserializeOwned>(bytes: &[u8]) -> core::result::Result<T, String> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => Err(format!("{} bytes left over in a value", rest.len())),
        Err(e) => Err(format!("a value cannot be read ({e})")),
    }
}

/// Appends one value to the bytes. The stored types are plain data, which postcard always takes.
fn value_bytes<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).unwrap_or_default()
}

/// A column of one value.
pub(super) fn write_value<T: Serialize + ?Sized>(out: &mut Writer, value: &T) {
    out.block(&value_bytes(value));
}

/// A column by a closure that writes it.
pub(super) fn write_column(out: &mut Writer, write: impl FnOnce(&mut Writer)) {
    let mut column = Writer::new();
    write(&mut column);
    out.block(column.as_slice());
}

/// Two columns: the different values in order of appearance, and which of them each is.
pub(super) fn write_dictionary<T: Serialize>(out: &mut Writer, values: impl Iterator<Item = T>) {
    let mut known: HashMap<Vec<u8>, u64> = HashMap::new();
    let (mut dictionary, mut indices) = (Writer::new(), Writer::new());
    for value in values {
        let bytes = value_bytes(&value);
        let next = known.len() as u64;
        let index = known.get(&bytes).copied().unwrap_or_else(|| {
            dictionary.block(&bytes);
            known.insert(bytes, next);
            next
        });
        indices.varint(index);
    }
    out.block(dictionary.as_slice());
    out.block(indices.as_slice());
}

/// Reads what [`write_dictionary`] writes.
pub(super) struct Dictionary<'a, T> {
    /// The values with their size in the file.
    values: Vec<(T, usize)>,
    indices: Column<'a>,
}

impl<'a, T: DeserializeOwned + Clone> Dictionary<'a, T> {
    pub(super) fn new(columns: &mut Columns<'a>, name: &'static str) -> Result<Self> {
        let mut dictionary = columns.next(name)?;
        let mut values = Vec::new();
        while dictionary.remaining() > 0 {
            let bytes = dictionary.read(Reader::block)?;
            let value = whole(bytes).map_err(|why| dictionary.error(why))?;
            values.push((value, bytes.len()));
        }
        Ok(Self {
            values,
            indices: columns.next(name)?,
        })
    }

    /// Checks every value once.
    pub(super) fn check(&self, is_right: impl Fn(&T) -> bool, why: &str) -> Result<()> {
        if self.values.iter().all(|(value, _)| is_right(value)) {
            Ok(())
        } else {
            Err(self.indices.error(why))
        }
    }

    pub(super) fn next(&mut self, budget: &mut Budget) -> Result<T> {
        let index = self.indices.read(Reader::varint)?;
        let (value, bytes) = usize::try_from(index)
            .ok()
            .and_then(|i| self.values.get(i))
            .ok_or_else(|| self.indices.error("an index is beyond its dictionary"))?;
        budget
            .spend(*bytes)
            .map_err(|why| self.indices.error(why))?;
        Ok(value.clone())
    }

    pub(super) fn end(&self) -> Result<()> {
        self.indices.end()
    }
}

/// Two columns: lengths (plus 1; 0 is none) and the texts.
pub(super) fn write_texts<'t>(out: &mut Writer, texts: impl Iterator<Item = Option<&'t str>>) {
    let (mut lengths, mut bytes) = (Writer::new(), Writer::new());
    for text in texts {
        lengths.varint(text.map_or(0, |t| t.len() as u64 + 1));
        bytes.raw(text.unwrap_or_default().as_bytes());
    }
    out.block(lengths.as_slice());
    out.block(bytes.as_slice());
}

/// Reads what [`write_texts`] writes.
pub(super) struct Texts<'a> {
    lengths: Column<'a>,
    bytes: Column<'a>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(columns: &mut Columns<'a>, name: &'static str) -> Result<Self> {
        Ok(Self {
            lengths: columns.next(name)?,
            bytes: columns.next(name)?,
        })
    }

    pub(super) fn next(&mut self) -> Result<Option<String>> {
        let Some(length) = self.lengths.read(Reader::varint_u32)?.checked_sub(1) else {
            return Ok(None);
        };
        let bytes = self.bytes.read(|r| r.raw(length as usize))?;
        core::str::from_utf8(bytes)
            .map(|text| Some(text.to_owned()))
            .map_err(|_| self.bytes.error("a text is not UTF-8"))
    }

    /// A text that must be there.
    pub(super) fn must(&mut self) -> Result<String> {
        self.next()?
            .ok_or_else(|| self.lengths.error("a text is missing"))
    }

    pub(super) fn end(&self) -> Result<()> {
        self.lengths.end()?;
        self.bytes.end()
    }
}

/// Three columns for texts that begin like the one before: how many bytes are shared, how many
/// follow (plus 1; 0 is none, and the text before stays), and those that follow.
pub(super) fn write_similar<'t>(out: &mut Writer, texts: impl Iterator<Item = Option<&'t str>>) {
    let (mut shared, mut lengths, mut bytes) = (Writer::new(), Writer::new(), Writer::new());
    let mut before: &[u8] = &[];
    for text in texts {
        let Some(text) = text.map(str::as_bytes) else {
            shared.varint(0);
            lengths.varint(0);
            continue;
        };
        let same = before.iter().zip(text).take_while(|(a, b)| a == b).count();
        shared.varint(same as u64);
        lengths.varint((text.len() - same) as u64 + 1);
        bytes.raw(&text[same..]);
        before = text;
    }
    out.block(shared.as_slice());
    out.block(lengths.as_slice());
    out.block(bytes.as_slice());
}

/// Reads what [`write_similar`] writes.
pub(super) struct Similar<'a> {
    shared: Column<'a>,
    lengths: Column<'a>,
    bytes: Column<'a>,
    before: Vec<u8>,
}

impl<'a> Similar<'a> {
    pub(super) fn new(columns: &mut Columns<'a>, name: &'static str) -> Result<Self> {
        Ok(Self {
            shared: columns.next(name)?,
            lengths: columns.next(name)?,
            bytes: columns.next(name)?,
            before: Vec::new(),
        })
    }

    pub(super) fn next(&mut self, budget: &mut Budget) -> Result<Option<&str>> {
        let shared = self.shared.read(Reader::varint_u32)? as usize;
        let Some(length) = self.lengths.read(Reader::varint_u32)?.checked_sub(1) else {
            return Ok(None);
        };
        if shared > self.before.len() {
            return Err(self.shared.error("shares more than the text before has"));
        }
        let rest = self.bytes.read(|r| r.raw(length as usize))?;
        self.before.truncate(shared);
        self.before.extend_from_slice(rest);
        budget
            .spend(self.before.len())
            .map_err(|why| self.bytes.error(why))?;
        core::str::from_utf8(&self.before)
            .map(Some)
            .map_err(|_| self.bytes.error("a text is not UTF-8"))
    }

    /// Whether the last has been read.
    pub(super) fn is_done(&self) -> bool {
        self.lengths.remaining() == 0
    }

    /// A text that must be there.
    pub(super) fn must(&mut self, budget: &mut Budget) -> Result<&str> {
        let missing = self.lengths.error("a text is missing");
        self.next(budget)?.ok_or(missing)
    }

    pub(super) fn end(&self) -> Result<()> {
        self.shared.end()?;
        self.lengths.end()?;
        self.bytes.end()
    }
}

/// One column: 0 for none, else the difference to the instant before, plus 1.
pub(super) fn write_instants(out: &mut Writer, instants: impl Iterator<Item = Option<Instant>>) {
    write_column(out, |column| {
        let mut before = 0;
        for instant in instants {
            match instant.map(|at| bounded(at).unix_s()) {
                None => column.varint(0),
                Some(at) => {
                    column.varint(crate::bytes::zigzag(at - before) + 1);
                    before = at;
                }
            }
        }
    });
}

/// Reads what [`write_instants`] writes.
pub(super) struct Instants<'a> {
    column: Column<'a>,
    before: i64,
}

impl<'a> Instants<'a> {
    pub(super) fn new(columns: &mut Columns<'a>, name: &'static str) -> Result<Self> {
        Ok(Self {
            column: columns.next(name)?,
            before: 0,
        })
    }

    pub(super) fn next(&mut self) -> Result<Option<Instant>> {
        let Some(difference) = self.column.read(Reader::varint)?.checked_sub(1) else {
            return Ok(None);
        };
        self.before = self
            .before
            .checked_add(crate::bytes::unzigzag(difference))
            .filter(|at| (-INSTANT_LIMIT_S..=INSTANT_LIMIT_S).contains(at))
            .ok_or_else(|| self.column.error("an instant is out of range"))?;
        Ok(Some(Instant::from_unix_s(self.before)))
    }

    pub(super) fn end(&self) -> Result<()> {
        self.column.end()
    }
}
