//! The data key, what is derived from it, and how it is wrapped.
//!
//! One random 256-bit data key opens a store. It is never written; what is written is the key encrypted with AES-256-GCM
//! under a key that Argon2id derives from a passphrase (or from the recovery key). The associated data binds the wrap to
//! the store, the user and the parameters, so that a wrap cannot be moved or its cost lowered.

use aes_gcm::{Aes256Gcm, KeyInit, aead::Aead, aead::Payload};
use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use rand::{TryRng, rngs::SysRng};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Result, StoreError, StoreErrorKind};
use clinotype_genome::Fault;

/// Bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>> {
    let mut bytes = Zeroizing::new([0u8; N]);
    SysRng.try_fill_bytes(bytes.as_mut()).map_err(|_| {
        StoreError::new(
            StoreErrorKind::Io,
            Fault::resource("the operating system gives no random numbers"),
        )
    })?;
    Ok(bytes)
}

/// The key that everything in a store hangs on.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct DataKey([u8; 32]);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(..)")
    }
}

impl DataKey {
    pub(crate) fn generate() -> Result<Self> {
        Ok(Self(*random::<32>()?))
    }

    /// The text of `PRAGMA key`: the raw key, so that `SQLCipher` derives nothing.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        use std::fmt::Write as _;
        let mut text = Zeroizing::new(String::with_capacity(100));
        text.push_str("PRAGMA key = \"x'");
        for byte in self.0 {
            let _ = write!(text, "{byte:02x}");
        }
        text.push_str("'\"");
        text
    }

    /// An independent key for one use.
    pub(crate) fn derive(&self, label: &str) -> Result<SubKey> {
        let mut key = SubKey([0; 32]);
        Hkdf::<Sha256>::new(Some(b"clinotype store"), &self.0)
            .expand(label.as_bytes(), &mut key.0)
            .map_err(|_| StoreError::internal("a key could not be derived"))?;
        Ok(key)
    }
}

/// A key derived for one use.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct SubKey([u8; 32]);

impl std::fmt::Debug for SubKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SubKey(..)")
    }
}

impl SubKey {
    fn hmac(&self, parts: &[&[u8]]) -> Result<Hmac<Sha256>> {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.0)
            .map_err(|_| StoreError::internal("a key has the wrong length"))?;
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        Ok(mac)
    }
    /// HMAC-SHA-256 over the length-prefixed parts.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> Result<[u8; 32]> {
        Ok(self.hmac(parts)?.finalize().into_bytes().into())
    }
    /// Whether `mac` is that of the parts, in constant time.
    pub(crate) fn verify(&self, parts: &[&[u8]], mac: &[u8]) -> Result<bool> {
        Ok(self.hmac(parts)?.verify_slice(mac).is_ok())
    }
    /// Encrypts a small secret (nonce first) bound to `bound`.
    pub(crate) fn seal(&self, secret: &[u8], bound: &[u8]) -> Result<Vec<u8>> {
        let nonce = random::<12>()?;
        let mut out = nonce.to_vec();
        out.extend(encrypt(&self.0, &nonce, secret, bound)?);
        Ok(out)
    }
    /// The secret that [`SubKey::seal`] encrypted; `None` where key, bytes or binding differ.
    pub(crate) fn open(&self, sealed: &[u8], bound: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let Some((nonce, body)) = sealed.split_first_chunk::<12>() else {
            return Ok(None);
        };
        decrypt(&self.0, nonce, body, bound)
    }
}

fn cipher(key: &[u8; 32]) -> Result<Aes256Gcm> {
    Aes256Gcm::new_from_slice(key).map_err(|_| StoreError::internal("a key has the wrong length"))
}

fn encrypt(key: &[u8; 32], nonce: &[u8; 12], message: &[u8], bound: &[u8]) -> Result<Vec<u8>> {
    cipher(key)?
        .encrypt(
            &(*nonce).into(),
            Payload {
                msg: message,
                aad: bound,
            },
        )
        .map_err(|_| StoreError::internal("a secret could not be encrypted"))
}

fn decrypt(key: &[u8; 32], nonce: &[u8; 12], body: &[u8], bound: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>> {
    Ok(cipher(key)?
        .decrypt(&(*nonce).into(), Payload { msg: body, aad: bound })
        .ok()
        .map(Zeroizing::new))
}

/// The cost of one try of a passphrase (Argon2id, version 1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KdfParams {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for KdfParams {
    /// 64 MiB, three passes, one lane.
    fn default() -> Self {
        Self {
            memory_kib: 64 * 1024,
            passes: 3,
            lanes: 1,
        }
    }
}

impl KdfParams {
    /// Parameters come from a file that anybody may have changed: absurd ones must not bring the machine down.
    fn argon2(self) -> Result<Argon2<'static>> {
        let bad = || {
            StoreError::new(
                StoreErrorKind::KeysDamaged,
                Fault::input("the store's keys name impossible parameters").hint("restore keys.json from a backup"),
            )
        };
        if self.memory_kib > 1024 * 1024 || self.passes > 64 || self.lanes > 16 {
            return Err(bad());
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).map_err(|_| bad())?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// The data key, encrypted for one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wrap {
    pub(crate) kdf: KdfParams,
    #[serde(with = "hex")]
    pub(crate) salt: Vec<u8>,
    #[serde(with = "hex")]
    pub(crate) nonce: Vec<u8>,
    #[serde(with = "hex")]
    pub(crate) key: Vec<u8>,
}

fn binding(store: &str, holder: &str, kdf: KdfParams) -> Vec<u8> {
    let cost = format!("argon2id v19 m={} t={} p={}", kdf.memory_kib, kdf.passes, kdf.lanes);
    let mut out = Vec::new();
    for part in ["clinotype wrap 1", store, holder, &cost] {
        out.extend((part.len() as u64).to_le_bytes());
        out.extend(part.as_bytes());
    }
    out
}

fn stretch(kdf: KdfParams, secret: &[u8], salt: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0u8; 32]);
    kdf.argon2()?
        .hash_password_into(secret, salt, key.as_mut())
        .map_err(|_| StoreError::internal("the passphrase could not be stretched"))?;
    Ok(key)
}

impl Wrap {
    /// Encrypts the data key under `secret` for `holder` of the store.
    pub(crate) fn new(data: &DataKey, store: &str, holder: &str, secret: &[u8], kdf: KdfParams) -> Result<Self> {
        let (salt, nonce) = (random::<16>()?, random::<12>()?);
        let key = stretch(kdf, secret, salt.as_ref())?;
        Ok(Self {
            kdf,
            key: encrypt(&key, &nonce, &data.0, &binding(store, holder, kdf))?,
            salt: salt.to_vec(),
            nonce: nonce.to_vec(),
        })
    }
    /// The data key; `None` where the secret is wrong or the wrap was changed, which cannot be told apart.
    pub(crate) fn open(&self, store: &str, holder: &str, secret: &[u8]) -> Result<Option<DataKey>> {
        let key = stretch(self.kdf, secret, &self.salt)?;
        let Some(nonce) = self.nonce.first_chunk::<12>() else {
            return Ok(None);
        };
        let data = decrypt(&key, nonce, &self.key, &binding(store, holder, self.kdf))?;
        Ok(data.and_then(|d| d.first_chunk::<32>().copied()).map(DataKey))
    }
}

/// Bytes as lower-case hexadecimal.
pub(crate) mod hex {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn encode(bytes: &[u8]) -> String {
        use std::fmt::Write as _;
        bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
            let _ = write!(out, "{b:02x}");
            out
        })
    }
    pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
        let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
        let bytes = text.as_bytes();
        if !bytes.len().is_multiple_of(2) {
            return None;
        }
        bytes
            .chunks_exact(2)
            .map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?))
            .collect()
    }
    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&encode(bytes))
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(from)?;
        decode(&text).ok_or_else(|| D::Error::custom("not hexadecimal"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIGHT: KdfParams = KdfParams {
        memory_kib: 16,
        passes: 1,
        lanes: 1,
    };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_wrap_opens_with_its_secret_only(secret in ".{1,40}", other in ".{1,40}", store in "[a-f0-9]{8}", user in "[a-z]{1,12}") {
            let data = DataKey::generate().unwrap();
            let wrap = Wrap::new(&data, &store, &user, secret.as_bytes(), LIGHT).unwrap();
            let json = serde_json::to_string(&wrap).unwrap();
            let wrap: Wrap = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(wrap.open(&store, &user, secret.as_bytes()).unwrap().unwrap().0, data.0);
            prop_assert_eq!(wrap.open(&store, &user, other.as_bytes()).unwrap().is_some(), secret == other);
            prop_assert!(wrap.open("another", &user, secret.as_bytes()).unwrap().is_none());
            let longer = user.clone() + "x";
            prop_assert!(wrap.open(&store, &longer, secret.as_bytes()).unwrap().is_none());
            let cheaper = Wrap { kdf: KdfParams { memory_kib: 8, ..LIGHT }, ..wrap.clone() };
            prop_assert!(cheaper.open(&store, &user, secret.as_bytes()).unwrap().is_none());
        }

        #[test]
        fn hexadecimal_goes_both_ways(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            prop_assert_eq!(hex::decode(&hex::encode(&bytes)).unwrap(), bytes);
        }

        #[test]
        fn a_sealed_secret_is_bound(secret in proptest::collection::vec(any::<u8>(), 0..90), at in 0usize..1000) {
            let key = DataKey::generate().unwrap().derive("test").unwrap();
            let mut sealed = key.seal(&secret, b"here").unwrap();
            prop_assert_eq!(key.open(&sealed, b"here").unwrap().unwrap().to_vec(), secret);
            prop_assert!(key.open(&sealed, b"there").unwrap().is_none());
            let at = at % sealed.len();
            sealed[at] ^= 1;
            prop_assert!(key.open(&sealed, b"here").unwrap().is_none());
        }
    }

    #[test]
    fn labels_give_different_keys_and_nothing_is_printed() {
        let data = DataKey::generate().unwrap();
        let (a, b) = (data.derive("audit").unwrap(), data.derive("files").unwrap());
        assert_ne!(a.0, b.0);
        assert_ne!(a.0, data.0);
        assert_eq!(format!("{data:?} {a:?}"), "DataKey(..) SubKey(..)");
    }
}
