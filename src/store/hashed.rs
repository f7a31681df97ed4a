//! Maps by keyed hashes.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::KeyedHash;

/// By keyed hashes: they are as good as random, and nobody outside can choose them, so that eight of their bytes do for a hash.
pub type ByHash<Value> = HashMap<KeyedHash, Value, BuildHasherDefault<FirstBytes>>;

/// The first eight bytes of what was written last. An array's length comes before its bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct FirstBytes(u64);

impl Hasher for FirstBytes {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(first) = bytes.first_chunk() {
            self.0 = u64::from_ne_bytes(*first);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher as _, BuildHasherDefault};

    use super::*;

    #[test]
    fn it_is_the_keys_own_bytes() {
        let hash = |key: [u8; 16]| BuildHasherDefault::<FirstBytes>::default().hash_one(KeyedHash(key));
        assert_ne!(hash([1; 16]), hash([2; 16]));
        assert_eq!(hash([7; 16]), u64::from_ne_bytes([7; 8]));
    }
}
