//! Numbers in bytes, and reading them back from bytes that may be damaged.

/// What is wrong with the bytes of a block or of the index; the reader turns it into a fault with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Damage(pub(super) &'static str);

pub(super) type Decoded<T> = Result<T, Damage>;

const SHORT: Damage = Damage("it ends too early");

/// Bytes being read from the front.
#[derive(Clone, Copy, Debug)]
pub(super) struct Input<'a>(pub(super) &'a [u8]);

impl<'a> Input<'a> {
    pub(super) fn take(&mut self, count: usize) -> Decoded<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(count).ok_or(SHORT)?;
        self.0 = rest;
        Ok(front)
    }

    pub(super) fn byte(&mut self) -> Decoded<u8> {
        Ok(self.take(1)?[0])
    }

    /// LEB128, at most 64 bits.
    pub(super) fn number(&mut self) -> Decoded<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            if part << shift >> shift != part {
                break;
            }
            value |= part << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Damage("a number is too large"))
    }

    /// A number that must fit into memory; more than `limit` is damage.
    pub(super) fn count(&mut self, limit: usize) -> Decoded<usize> {
        usize::try_from(self.number()?)
            .ok()
            .filter(|n| *n <= limit)
            .ok_or(Damage("a count is too large"))
    }

    /// A length and as many bytes.
    pub(super) fn framed(&mut self) -> Decoded<Input<'a>> {
        let length = self.count(self.0.len())?;
        Ok(Input(self.take(length)?))
    }

    pub(super) fn u32(&mut self) -> Decoded<u32> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    pub(super) fn u64(&mut self) -> Decoded<u64> {
        let (low, high) = (self.u32()?, self.u32()?);
        Ok(u64::from(high) << 32 | u64::from(low))
    }
}

pub(super) fn put_number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(super) fn put_framed(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Small numbers of either sign as small numbers.
pub(super) const fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63) as u64
}

pub(super) const fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let mut out = Vec::new();
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX];
        for number in numbers {
            put_number(&mut out, number);
        }
        put_framed(&mut out, b"abc");
        let mut input = Input(&out);
        for number in numbers {
            assert_eq!(input.number(), Ok(number));
        }
        assert_eq!(input.framed().map(|i| i.0), Ok(&b"abc"[..]));
        assert!(input.byte().is_err());
        assert!(Input(&[0xff; 12]).number().is_err());
        assert!(Input(&[5, 1]).framed().is_err());
        for value in [0, -1, 1, i64::MIN, i64::MAX] {
            assert_eq!(unzigzag(zigzag(value)), value);
        }
    }
}
