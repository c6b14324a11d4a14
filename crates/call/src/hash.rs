//! A small hash that is fast on k-mers and the same in every build, for choices that must not change.

use std::hash::{BuildHasherDefault, Hasher};

/// Multiplies and rotates eight bytes at a time.
#[derive(Clone, Copy, Default)]
pub(crate) struct Mix(u64);

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        let x = (self.0 ^ (self.0 >> 32)).wrapping_mul(ODD);
        x ^ (x >> 29)
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(23) ^ u64::from_le_bytes(word)).wrapping_mul(ODD);
        }
        self.0 ^= bytes.len() as u64;
    }
}

/// For hash maps keyed by sequence.
pub(crate) type BuildMix = BuildHasherDefault<Mix>;

/// The hash of a read name.
pub(crate) fn of(bytes: &[u8]) -> u64 {
    let mut mix = Mix(0);
    mix.write(bytes);
    mix.finish()
}
