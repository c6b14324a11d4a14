//! The recovery key: printed once at set-up, kept on paper.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Result, crypto::random};

/// Crockford's base 32: no I, L, O, U, so that it can be read from paper.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 160 bits.
const BYTES: usize = 20;

/// A key that opens the store when every passphrase is forgotten. [`fmt::Display`] gives eight groups of four signs.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct RecoveryKey([u8; BYTES]);

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryKey(..)")
    }
}

impl RecoveryKey {
    pub(crate) fn generate() -> Result<Self> {
        Ok(Self(*random::<BYTES>()?))
    }

    /// Reads what a person typed: groups, spaces and case do not matter; O is 0, I and L are 1.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut values = Zeroizing::new(Vec::with_capacity(32));
        for sign in text
            .bytes()
            .filter(|b| !matches!(b, b'-' | b' ' | b'\t' | b'\n' | b'\r'))
        {
            let sign = match sign.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            };
            values.push(DIGITS.iter().position(|d| *d == sign)? as u8);
        }
        if values.len() != BYTES * 8 / 5 {
            return None;
        }
        let mut key = Self([0; BYTES]);
        for (block, five) in values.chunks_exact(8).zip(key.0.chunks_exact_mut(5)) {
            let bits = block.iter().fold(0u64, |bits, v| bits << 5 | u64::from(*v));
            five.copy_from_slice(&bits.to_be_bytes()[3..]);
        }
        Some(key)
    }

    pub(crate) fn secret(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, five) in self.0.chunks_exact(5).enumerate() {
            let bits = five.iter().fold(0u64, |bits, b| bits << 8 | u64::from(*b));
            for sign in 0..8 {
                if sign % 4 == 0 && (n, sign) != (0, 0) {
                    f.write_str("-")?;
                }
                let value = bits >> (35 - 5 * sign) & 31;
                fmt::Write::write_char(f, char::from(DIGITS[value as usize]))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_printed_can_be_typed(bytes in any::<[u8; BYTES]>()) {
            let key = RecoveryKey(bytes);
            let text = key.to_string();
            prop_assert_eq!(text.len(), 39);
            prop_assert_eq!(RecoveryKey::parse(&text).unwrap().0, bytes);
            let sloppy = text.to_lowercase().replace('-', "  ").replace('0', "o").replace('1', "l");
            prop_assert_eq!(RecoveryKey::parse(&sloppy).unwrap().0, bytes);
            prop_assert!(RecoveryKey::parse(&text[1..]).is_none());
        }
    }

    #[test]
    fn a_sign_outside_the_alphabet_is_refused() {
        assert!(RecoveryKey::parse("UUUU-0000-0000-0000-0000-0000-0000-0000").is_none());
        assert_eq!(
            RecoveryKey([0; BYTES]).to_string(),
            "0000-0000-0000-0000-0000-0000-0000-0000"
        );
    }
}
