//! Keys: what is sealed at rest, and keyed hashes of what must be found without being told.
//!
//! The store itself never opens anything: it keeps sealed bytes under keyed hashes. Whoever holds the [`Keyring`] (the
//! bridge) seals before a commit and opens after a read.

use std::cell::RefCell;
use std::fmt;

use chacha20::{R20, hchacha};
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ring::aead::{self, Aad, LessSafeKey, UnboundKey};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::KeyedHash;
use crate::types::Secret;

/// Bytes of either kind of key.
const KEY: usize = 32;
/// Bytes of an `XChaCha20` nonce (`draft-irtf-cfrg-xchacha` section 2.3): wide enough to be drawn at random for every record.
const NONCE: usize = 24;
/// Bytes before what is sealed: the key's id and the nonce.
const HEAD: usize = 1 + NONCE;

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
pub struct Keyring {
    /// Keyed already; each hash starts from a copy.
    hasher: Hmac<Sha256>,
    /// Seals what is written from now on.
    first: SealingKey,
    /// Open what was sealed before the last rotation.
    former: Vec<SealingKey>,
}

struct SealingKey {
    id: u8,
    key: Zeroizing<[u8; KEY]>,
}

impl SealingKey {
    /// `XChaCha20-Poly1305` (`draft-irtf-cfrg-xchacha` section 2.3): the first 16 bytes of the nonce make a key of its own for the
    /// record, under which the other 8, after four zeros, are the nonce of RFC 8439.
    fn cipher(&self, nonce: &[u8; NONCE]) -> (LessSafeKey, aead::Nonce) {
        let mut first = [0; 16];
        let mut last = [0; aead::NONCE_LEN];
        for (to, from) in first.iter_mut().chain(last.iter_mut().skip(4)).zip(nonce) {
            *to = *from;
        }
        let key = Zeroizing::new(<[u8; KEY]>::from(hchacha::<R20>((&*self.key).into(), &first.into())));
        let key = UnboundKey::new(&aead::CHACHA20_POLY1305, &*key).expect("a key of 32 bytes");
        (LessSafeKey::new(key), aead::Nonce::assume_unique_for_key(last))
    }
}

impl Keyring {
    /// Both in base 64, 32 bytes each. The hash key cannot be rotated: what was hashed with another is not found again.
    pub fn new(hash_key: &Secret, sealing: &[(u8, Secret)]) -> Result<Self, KeyError> {
        let hash_key = decode(hash_key).ok_or(KeyError::HashKey)?;
        let hasher = Hmac::new_from_slice(&*hash_key).map_err(|_| KeyError::HashKey)?;
        let mut keys: Vec<SealingKey> = Vec::with_capacity(sealing.len());
        for (id, key) in sealing {
            let key = decode(key).ok_or(KeyError::Shape(*id))?;
            if keys.iter().any(|other| other.id == *id) {
                return Err(KeyError::Twice(*id));
            }
            keys.push(SealingKey { id: *id, key });
        }
        let mut keys = keys.into_iter();
        let first = keys.next().ok_or(KeyError::None)?;
        Ok(Self { hasher, first, former: keys.collect() })
    }

    /// Random keys, for `demo` and tests: `(hash key, sealing key)` in base 64.
    ///
    /// # Panics
    /// When the system has no random numbers.
    pub fn draw() -> (Secret, Secret) {
        let draw = || Secret::new(BASE64.encode(&*Zeroizing::new(random::<KEY>())));
        (draw(), draw())
    }

    /// HMAC-SHA-256 over the domain (`"msisdn"`, `"leg"`, …), a zero byte and the parts, each with its length, so that
    /// neither another domain nor another division of the same bytes gives the same hash. The first 16 bytes of it.
    pub fn hash(&self, domain: &'static str, parts: &[&[u8]]) -> KeyedHash {
        let mut mac = self.hasher.clone();
        mac.update(domain.as_bytes());
        mac.update(&[0]);
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        let mut short = [0; 16];
        for (to, from) in short.iter_mut().zip(whole) {
            *to = from;
        }
        KeyedHash(short)
    }

    /// Key id, nonce (24 random bytes), XChaCha20-Poly1305 of `plain`; `place` is authenticated, so that a record moved
    /// to another row does not open. 41 bytes longer than `plain`.
    ///
    /// # Panics
    /// When the system has no random numbers, or `plain` is longer than 256 GiB.
    pub fn seal(&self, place: &[u8], plain: &[u8]) -> Vec<u8> {
        self.seal_with(nonce(), place, plain)
    }

    fn seal_with(&self, nonce: [u8; NONCE], place: &[u8], plain: &[u8]) -> Vec<u8> {
        let (cipher, unique) = self.first.cipher(&nonce);
        let mut record = Vec::with_capacity(HEAD + plain.len() + aead::MAX_TAG_LEN);
        record.push(self.first.id);
        record.extend_from_slice(&nonce);
        record.extend_from_slice(plain);
        let (_, message) = record.split_at_mut(HEAD);
        let tag = cipher.seal_in_place_separate_tag(unique, Aad::from(place), message);
        record.extend_from_slice(tag.expect("the cipher takes messages of up to 256 GiB").as_ref());
        record
    }

    /// What [`Keyring::seal`] sealed for this place, with any key of the ring.
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (id, rest) = sealed.split_first().ok_or(SealError::Damaged)?;
        let (nonce, message) = rest.split_first_chunk::<NONCE>().ok_or(SealError::Damaged)?;
        let key = std::iter::once(&self.first)
            .chain(&self.former)
            .find(|key| key.id == *id)
            .ok_or(SealError::UnknownKey(*id))?;
        let (cipher, unique) = key.cipher(nonce);
        let mut plain = message.to_vec();
        let length = cipher.open_in_place(unique, Aad::from(place), &mut plain).map_err(|_| SealError::Damaged)?.len();
        plain.truncate(length);
        Ok(plain)
    }
}

/// Shows which keys there are, never one of them.
impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let former: Vec<u8> = self.former.iter().map(|key| key.id).collect();
        f.debug_struct("Keyring")
            .field("seals_with", &self.first.id)
            .field("opens_too", &former)
            .finish_non_exhaustive()
    }
}

fn decode(key: &Secret) -> Option<Zeroizing<[u8; KEY]>> {
    let bytes = Zeroizing::new(BASE64.decode(key.reveal().trim().as_bytes()).ok()?);
    bytes.as_array().copied().map(Zeroizing::new)
}

#[expect(clippy::disallowed_methods, reason = "nonces and keys must be the system's; no test may choose them")]
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("without the system's random numbers nothing can be sealed");
    bytes
}

/// Drawn for a thread many at a time: to ask the system for each takes longer than to seal. They are no secret, so that a stock of
/// them tells nothing; each is given out once. (Of a machine whose memory is saved and resumed twice, both would give out the rest of it.)
fn nonce() -> [u8; NONCE] {
    const STOCK: usize = 64;

    thread_local! {
        static DRAWN: RefCell<Vec<[u8; NONCE]>> = const { RefCell::new(Vec::new()) };
    }
    DRAWN.with_borrow_mut(|drawn| {
        if drawn.is_empty() {
            let bytes: [u8; STOCK * NONCE] = random();
            let (nonces, _) = bytes.as_chunks();
            drawn.extend_from_slice(nonces);
        }
        drawn.pop().expect("some were drawn")
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use proptest::prelude::*;

    fn key(byte: u8) -> Secret {
        Secret::new(BASE64.encode(&[byte; 32]))
    }

    fn ring(sealing: &[u8]) -> Keyring {
        let sealing: Vec<_> = sealing.iter().map(|id| (*id, key(*id))).collect();
        Keyring::new(&key(200), &sealing).expect("keys of 32 bytes")
    }

    proptest! {
        #[test]
        fn opens_what_it_sealed(place: Vec<u8>, plain: Vec<u8>) {
            let ring = ring(&[1]);
            prop_assert_eq!(ring.open(&place, &ring.seal(&place, &plain)), Ok(plain));
        }

        #[test]
        fn no_changed_byte_opens(plain: Vec<u8>, at: prop::sample::Index, flip in 1..=255u8) {
            let ring = ring(&[1]);
            let mut sealed = ring.seal(b"here", &plain);
            let at = at.index(sealed.len());
            sealed[at] ^= flip;
            prop_assert!(ring.open(b"here", &sealed).is_err());
        }

        #[test]
        fn no_bytes_panic(sealed: Vec<u8>) {
            prop_assert!(ring(&[1]).open(b"here", &sealed).is_err());
        }
    }

    /// `draft-irtf-cfrg-xchacha-03`, appendix A.3.1.
    #[test]
    fn a_record_is_sealed_as_the_draft_says() {
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).expect("hexadecimal");
        let sealing: Vec<u8> = (0x80..0xa0).collect();
        let ring = Keyring::new(&key(200), &[(7, Secret::new(BASE64.encode(&sealing)))]).expect("keys of 32 bytes");
        let plain = b"Ladies and Gentlemen of the class of '99: \
                      If I could offer you only one tip for the future, sunscreen would be it.";
        let place = hex("50515253c0c1c2c3c4c5c6c7");
        let record = ring.seal_with(std::array::from_fn(|at| 0x40 + u8::try_from(at).expect("24")), &place, plain);
        let sealed = "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39\
                      ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9\
                      21f9664c97637da9768812f615c68b13b52e\
                      c0875924c1c7987947deafd8780acf49";
        assert_eq!(data_encoding::HEXLOWER.encode(record.get(HEAD..).expect("it is longer")), sealed);
        assert_eq!(ring.open(&place, &record).as_deref(), Ok(&plain[..]));
    }

    #[test]
    fn a_record_opens_in_its_own_place_only() {
        let ring = ring(&[1]);
        let sealed = ring.seal(b"one", b"plain");
        assert_eq!(ring.open(b"two", &sealed), Err(SealError::Damaged));
    }

    #[test]
    fn after_a_rotation_old_records_open_and_new_ones_use_the_new_key() {
        let (before, after, later) = (ring(&[1]), ring(&[2, 1]), ring(&[2]));
        let (old, new) = (before.seal(b"p", b"old"), after.seal(b"p", b"new"));
        assert_eq!(after.open(b"p", &old), Ok(b"old".to_vec()));
        assert_eq!(later.open(b"p", &new), Ok(b"new".to_vec()));
        assert_eq!(later.open(b"p", &old), Err(SealError::UnknownKey(1)));
    }

    #[test]
    fn the_same_plain_text_is_never_sealed_alike() {
        let ring = ring(&[1]);
        // More than are drawn at a time.
        let sealed: HashSet<_> = (0..200).map(|_| ring.seal(b"p", b"same")).collect();
        assert_eq!(sealed.len(), 200);
    }

    /// The expected value comes from another implementation (Python's `hmac`) over the documented bytes.
    #[test]
    fn a_hash_is_what_its_documentation_says() {
        let hash = ring(&[1]).hash("msisdn", &[b"919800000001"]);
        assert_eq!(data_encoding::HEXLOWER.encode(&hash.0), "3124073fe5927d51633de3d59dbe13af");
    }

    #[test]
    fn domains_and_divisions_tell_hashes_apart() {
        let ring = ring(&[1]);
        let hashes =
            [ring.hash("a", &[b"bc"]), ring.hash("ab", &[b"c"]), ring.hash("a", &[b"b", b"c"]), ring.hash("a", &[])];
        for (place, hash) in hashes.iter().enumerate() {
            assert!(!hashes[..place].contains(hash), "hash {place} is one of the former");
        }
    }

    #[test]
    fn bad_keys_are_named() {
        let good = key(1);
        let short = Secret::new(BASE64.encode(b"short"));
        let case = |hash: &Secret, sealing: &[(u8, Secret)]| Keyring::new(hash, sealing).expect_err("must be refused");
        assert_eq!(case(&short, &[(1, good.clone())]), KeyError::HashKey);
        assert_eq!(case(&good, &[(1, good.clone()), (7, short)]), KeyError::Shape(7));
        assert_eq!(case(&good, &[(3, good.clone()), (3, key(2))]), KeyError::Twice(3));
        assert_eq!(case(&good, &[]), KeyError::None);
        assert_eq!(case(&Secret::new("not base 64!".into()), &[(1, good.clone())]), KeyError::HashKey);
    }

    #[test]
    fn drawn_keys_make_a_ring_that_shows_no_key() {
        let (hash, seal) = Keyring::draw();
        assert_ne!(hash.reveal(), seal.reveal());
        let ring = Keyring::new(&hash, &[(9, seal)]).expect("drawn keys fit");
        assert_eq!(format!("{ring:?}"), "Keyring { seals_with: 9, opens_too: [], .. }");
    }
}
