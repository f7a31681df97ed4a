//! Keys: what is sealed at rest, and keyed hashes of what must be found without being told.

use super::KeyedHash;
use crate::types::Secret;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the record was sealed with key {0}, which the settings no longer have")]
    UnknownKey(u8),
    #[error("the record is damaged, or sealed for another place")]
    Damaged,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("key {0} is not 32 bytes in base 64")]
    Shape(u8),
    #[error("there are two keys with id {0}")]
    Twice(u8),
    #[error("there is no key to seal with")]
    None,
    #[error("the hash key is not 32 bytes in base 64")]
    HashKey,
}

/// The keys of the settings: one to hash, one or more to seal, of which the first seals and all open (rotation).
#[derive(Debug)]
pub struct Keyring {}

impl Keyring {
    /// Both in base 64, 32 bytes each.
    pub fn new(_hash_key: &Secret, _sealing: &[(u8, Secret)]) -> Result<Self, KeyError> {
        unimplemented!()
    }

    /// Random keys, for `demo` and tests: `(hash key, sealing key)` in base 64.
    pub fn draw() -> (Secret, Secret) {
        unimplemented!()
    }

    /// HMAC-SHA-256 over the domain (`"msisdn"`, `"leg"`, …), a zero byte and the parts, each with its length.
    pub fn hash(&self, _domain: &'static str, _parts: &[&[u8]]) -> KeyedHash {
        unimplemented!()
    }

    /// Key id, nonce (24 random bytes), XChaCha20-Poly1305 of `plain`; `place` is authenticated, so that a record moved
    /// to another row does not open.
    pub fn seal(&self, _place: &[u8], _plain: &[u8]) -> Vec<u8> {
        unimplemented!()
    }

    pub fn open(&self, _place: &[u8], _sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        unimplemented!()
    }
}
