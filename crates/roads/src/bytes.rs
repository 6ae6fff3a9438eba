//! Numbers as bytes: variable-length integers, and a hash of contents.

/// FNV-1a, 64 bits: finds accidents, not forgery.
pub(crate) fn content_hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &b| {
        (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Appends 7 bits a byte, least first; all but the last byte have the top bit set.
pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a signed number: 0, -1, 1, -2… become 0, 1, 2, 3….
pub(crate) fn put_zigzag(out: &mut Vec<u8>, value: i64) {
    put_varint(out, ((value << 1) ^ (value >> 63)) as u64);
}

/// What ended a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReadFault {
    /// The bytes are at an end.
    End,
    /// A number of more than 64 bits, or beyond what it may be.
    Range,
}

/// Reads what the functions above wrote.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn remaining(&self) -> usize {
        self.rest.len()
    }

    pub(crate) fn bytes(&mut self, n: usize) -> Result<&'a [u8], ReadFault> {
        let (head, rest) = self.rest.split_at_checked(n).ok_or(ReadFault::End)?;
        self.rest = rest;
        Ok(head)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, ReadFault> {
        let (&head, rest) = self.rest.split_first().ok_or(ReadFault::End)?;
        self.rest = rest;
        Ok(head)
    }

    pub(crate) fn u64_le(&mut self) -> Result<u64, ReadFault> {
        let bytes = self.bytes(8)?;
        Ok(bytes
            .iter()
            .rev()
            .fold(0, |value, &b| value << 8 | u64::from(b)))
    }

    pub(crate) fn varint(&mut self) -> Result<u64, ReadFault> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return Err(ReadFault::Range);
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(ReadFault::Range)
    }

    pub(crate) fn zigzag(&mut self) -> Result<i64, ReadFault> {
        let value = self.varint()?;
        Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> Result<u32, ReadFault> {
        let value = self.varint()?;
        if value < end as u64 {
            u32::try_from(value).map_err(|_| ReadFault::Range)
        } else {
            Err(ReadFault::Range)
        }
    }

    /// A count of things that take at least `least` bytes each: never more than can follow, so
    /// that damaged counts do not ask for memory.
    pub(crate) fn count(&mut self, least: usize) -> Result<usize, ReadFault> {
        let value = self.varint()?;
        if value <= (self.rest.len() / least) as u64 {
            Ok(value as usize)
        } else {
            Err(ReadFault::End)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_return(unsigned: u64, signed: i64, small in -300i64..300) {
            let mut out = Vec::new();
            put_varint(&mut out, unsigned);
            put_zigzag(&mut out, signed);
            put_zigzag(&mut out, small);
            out.extend(unsigned.to_le_bytes());
            let mut reader = Reader::new(&out);
            prop_assert_eq!(reader.varint(), Ok(unsigned));
            prop_assert_eq!(reader.zigzag(), Ok(signed));
            prop_assert_eq!(reader.zigzag(), Ok(small));
            prop_assert_eq!(reader.u64_le(), Ok(unsigned));
            prop_assert_eq!(reader.byte(), Err(ReadFault::End));
        }
    }

    #[test]
    fn refuses_more_than_64_bits() {
        let mut bytes = [0xff; 10];
        bytes[9] = 0x02;
        assert_eq!(Reader::new(&bytes).varint(), Err(ReadFault::Range));
        assert_eq!(Reader::new(&[0x80; 11]).varint(), Err(ReadFault::Range));
    }

    #[test]
    fn hashes_as_published() {
        // From the reference test vectors of FNV-1a (Noll).
        assert_eq!(content_hash(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(content_hash(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(content_hash(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
