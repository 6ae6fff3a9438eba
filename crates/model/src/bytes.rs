//! Writing and reading plain bytes: the bricks of the file formats. A reader never panics and
//! never allocates more than the bytes that are there can fill.

/// What is wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why} at byte {at}")]
pub struct BytesError {
    /// Offset within the bytes read.
    pub at: usize,
    /// What is wrong.
    pub why: &'static str,
}

/// A signed number as an unsigned one, small for small magnitudes.
pub const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// The inverse of [`zigzag`].
pub const fn unzigzag(value: u64) -> i64 {
    ((value >> 1) as i64) ^ -((value & 1) as i64)
}

/// FNV-1a with 64 bits: finds damage, proves no origin.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Bytes being written.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self { bytes: Vec::new() }
    }

    /// One byte.
    pub fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// An unsigned number, seven bits a byte, lowest first.
    pub fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// A signed number.
    pub fn signed(&mut self, value: i64) {
        self.varint(zigzag(value));
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Bytes with their length before them.
    pub fn block(&mut self, bytes: &[u8]) {
        self.varint(bytes.len() as u64);
        self.raw(bytes);
    }

    /// What has been written.
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    /// What has been written.
    pub fn into_vec(self) -> Vec<u8> {
        self.bytes
    }
}

/// Bytes being read.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// From the start.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes are left.
    pub const fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// An error at this place.
    pub const fn error(&self, why: &'static str) -> BytesError {
        BytesError { at: self.at, why }
    }

    /// One byte.
    ///
    /// # Errors
    /// At the end.
    pub fn byte(&mut self) -> Result<u8, BytesError> {
        let byte = *self
            .bytes
            .get(self.at)
            .ok_or_else(|| self.error("ends too early"))?;
        self.at += 1;
        Ok(byte)
    }

    /// An unsigned number.
    ///
    /// # Errors
    /// At the end, or when it is longer than 64 bits.
    pub fn varint(&mut self) -> Result<u64, BytesError> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(self.error("number is too large"));
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(self.error("number is too long"))
    }

    /// An unsigned number of 32 bits.
    ///
    /// # Errors
    /// At the end, or when it is larger.
    pub fn varint_u32(&mut self) -> Result<u32, BytesError> {
        u32::try_from(self.varint()?).map_err(|_| self.error("number is too large"))
    }

    /// A signed number.
    ///
    /// # Errors
    /// As [`Reader::varint`].
    pub fn signed(&mut self) -> Result<i64, BytesError> {
        self.varint().map(unzigzag)
    }

    /// The next `n` bytes.
    ///
    /// # Errors
    /// When fewer are left.
    pub fn raw(&mut self, n: usize) -> Result<&'a [u8], BytesError> {
        let bytes = self
            .at
            .checked_add(n)
            .and_then(|end| self.bytes.get(self.at..end))
            .ok_or_else(|| self.error("ends too early"))?;
        self.at += n;
        Ok(bytes)
    }

    /// Bytes with their length before them.
    ///
    /// # Errors
    /// When fewer are left than it says.
    pub fn block(&mut self) -> Result<&'a [u8], BytesError> {
        let n = self.varint()?;
        let n = usize::try_from(n).map_err(|_| self.error("length is too large"))?;
        self.raw(n)
    }

    /// How many items follow, each of which takes at least `bytes_each` (not 0) of what is left.
    ///
    /// # Errors
    /// When so many cannot follow: a damaged count must not become a huge allocation.
    pub fn count(&mut self, bytes_each: usize) -> Result<usize, BytesError> {
        let n = self.varint()?;
        usize::try_from(n)
            .ok()
            .filter(|n| *n <= self.remaining() / bytes_each.max(1))
            .ok_or_else(|| self.error("count is larger than the bytes that follow"))
    }

    /// That nothing is left.
    ///
    /// # Errors
    /// When something is.
    pub fn end(&self) -> Result<(), BytesError> {
        if self.remaining() == 0 {
            Ok(())
        } else {
            Err(self.error("bytes left over"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(unsigned: u64, signed: i64, block: Vec<u8>) {
            let mut w = Writer::new();
            w.varint(unsigned);
            w.signed(signed);
            w.block(&block);
            let bytes = w.into_vec();
            let mut r = Reader::new(&bytes);
            prop_assert_eq!(r.varint(), Ok(unsigned));
            prop_assert_eq!(r.signed(), Ok(signed));
            prop_assert_eq!(r.block(), Ok(block.as_slice()));
            prop_assert_eq!(r.end(), Ok(()));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let mut r = Reader::new(&bytes);
            while r.remaining() > 0 {
                let before = r.remaining();
                if r.block().is_err() && r.varint().is_err() {
                    break;
                }
                prop_assert!(r.remaining() < before);
            }
        }
    }

    #[test]
    fn hostile_lengths_are_refused() {
        let mut w = Writer::new();
        w.varint(u64::MAX);
        let bytes = w.into_vec();
        assert!(Reader::new(&bytes).block().is_err());
        assert!(Reader::new(&bytes).count(1).is_err());
        assert!(Reader::new(&[0xff; 11]).varint().is_err());
        assert!(
            Reader::new(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02])
                .varint()
                .is_err()
        );
    }

    #[test]
    fn published_hash_vectors() {
        // From the FNV reference test suite.
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
