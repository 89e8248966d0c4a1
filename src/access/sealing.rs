//! Sealing what is kept of people, under the keys of the archive.
//!
//! XChaCha20-Poly1305 with 192 random bits for each sealing, so that none repeats, and with the name of the place as
//! associated data: what is moved to another place does not open there. From each key of the file others are derived
//! (HKDF-SHA256): one that encrypts, one for keyed hashes of numbers, and the name of the key itself.
//!
//! ```text
//! 1 byte   version of this form
//! 4 bytes  name of the key
//! 24 bytes nonce
//! …        ciphertext and tag (16 bytes)
//! ```

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use thiserror::Error;

use super::keys::{FileState, KeyDirectory, KeyError};

/// Version of the form.
const FORM: u8 = 1;
/// Bytes before the nonce.
const HEAD: usize = 5;
/// Bytes of a nonce.
const NONCE: usize = 24;
/// Bytes of a tag.
const TAG: usize = 16;

/// Name of a key of the archive: derived from it, telling nothing about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 4]);

impl KeyId {
    /// Reads what [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        hex::decode(text).ok()?.try_into().ok().map(Self)
    }

    /// The name of the key that is made from a seed.
    pub(super) fn of_seed(seed: &[u8; 32]) -> Self {
        ArchiveKey::of(seed).id
    }

    /// The name of the key under which something is sealed; `None` when it is not sealed.
    pub fn of_sealed(sealed: &[u8]) -> Option<Self> {
        let [FORM, a, b, c, d, ..] = sealed else { return None };
        Some(Self([*a, *b, *c, *d]))
    }

    /// How everything begins that is sealed under the key.
    pub fn head(self) -> [u8; HEAD] {
        let [a, b, c, d] = self.0;
        [FORM, a, b, c, d]
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// Why something cannot be sealed or opened.
#[derive(Debug, Error)]
pub enum SealError {
    /// It is longer than can be sealed, or no randomness is to be had.
    #[error("it cannot be sealed")]
    Unsealable,
    /// It was changed, moved to another place, or was never sealed.
    #[error("it is damaged or was sealed for another place")]
    Damaged,
    /// The key is not to be had.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// A key with what is derived from it.
struct ArchiveKey {
    id: KeyId,
    cipher: XChaCha20Poly1305,
    lookup: [u8; 32],
}

impl ArchiveKey {
    fn of(seed: &[u8; 32]) -> Self {
        let derive = Hkdf::<Sha256>::new(Some(b"juanzong archive key"), seed);
        let mut id = [0; 4];
        let mut encryption = [0; 32];
        let mut lookup = [0; 32];
        for (purpose, key) in [
            (&b"name"[..], &mut id[..]),
            (b"encryption", &mut encryption),
            (b"lookup", &mut lookup),
        ] {
            let derived = derive.expand(purpose, key);
            debug_assert!(derived.is_ok(), "at most 8,160 bytes can be derived");
        }
        Self {
            id: KeyId(id),
            cipher: XChaCha20Poly1305::new(&encryption.into()),
            lookup,
        }
    }
}

/// The keys of an archive. Cheap to clone; all clones see keys that are added while they are in use.
#[derive(Clone)]
pub struct Keyring(Arc<Inner>);

struct Inner {
    directory: KeyDirectory,
    keys: RwLock<Keys>,
}

/// What was read, and what the file looked like then.
struct Keys {
    file: FileState,
    /// The one in use is the last.
    keys: Arc<[ArchiveKey]>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({})", self.0.directory.path().display())
    }
}

impl Keyring {
    /// The keys in a directory; the first is made when there is no file.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn open_or_make(directory: &KeyDirectory) -> Result<Self, KeyError> {
        directory.make_archive_key()?;
        Self::open(directory)
    }

    /// The keys in a directory.
    ///
    /// # Errors
    /// When the file is missing or cannot be used.
    pub fn open(directory: &KeyDirectory) -> Result<Self, KeyError> {
        let keys = RwLock::new(read(directory)?);
        let directory = directory.clone();
        Ok(Self(Arc::new(Inner { directory, keys })))
    }

    /// The key under which is sealed.
    pub fn current(&self) -> KeyId {
        // There is always one: `KeyDirectory::archive_seeds` refuses an empty file.
        self.keys().last().map_or(KeyId([0; 4]), |key| key.id)
    }

    /// All keys, the one in use last.
    pub fn ids(&self) -> Vec<KeyId> {
        self.keys().iter().map(|key| key.id).collect()
    }

    /// Fails when a key is missing, and says which.
    ///
    /// # Errors
    /// [`KeyError::Lost`].
    pub fn need(&self, id: KeyId) -> Result<(), KeyError> {
        self.with_key(id, |_| ())
    }

    /// Does something with a key; one that is not known is looked for in the file, where it may be new.
    fn with_key<T>(&self, id: KeyId, work: impl FnOnce(&ArchiveKey) -> T) -> Result<T, KeyError> {
        if let Some(key) = self.keys().iter().find(|key| key.id == id) {
            return Ok(work(key));
        }
        self.refresh()?;
        match self.keys().iter().find(|key| key.id == id) {
            Some(key) => Ok(work(key)),
            None => Err(self.0.directory.lost(id)),
        }
    }

    /// Reads the file again when it has changed: another process may have added a key.
    ///
    /// # Errors
    /// When it cannot be used any more.
    pub fn refresh(&self) -> Result<(), KeyError> {
        let seen = self.0.keys.read().unwrap_or_else(PoisonError::into_inner).file;
        if self.0.directory.archive_key_file()? != seen {
            let keys = read(&self.0.directory)?;
            *self.0.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        }
        Ok(())
    }

    /// Seals bytes for a place.
    ///
    /// # Errors
    /// [`SealError::Unsealable`].
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let keys = self.keys();
        let key = keys.last().ok_or(SealError::Unsealable)?;
        let mut sealed = Vec::with_capacity(HEAD + NONCE + plain.len() + TAG);
        sealed.extend(key.id.head());
        encrypt(&key.cipher, place, plain, &mut sealed)?;
        Ok(sealed)
    }

    /// Opens what was sealed for a place.
    ///
    /// # Errors
    /// [`SealError::Damaged`]; [`SealError::Key`] when the key is not in the file.
    pub fn open_sealed(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let id = KeyId::of_sealed(sealed).ok_or(SealError::Damaged)?;
        let rest = sealed.get(HEAD..).ok_or(SealError::Damaged)?;
        self.with_key(id, |key| decrypt(&key.cipher, place, rest))?
    }

    /// The key for keyed hashes that belongs to a key of the archive.
    ///
    /// # Errors
    /// [`KeyError::Lost`].
    pub fn lookup_key(&self, id: KeyId) -> Result<[u8; 32], KeyError> {
        self.with_key(id, |key| key.lookup)
    }

    fn keys(&self) -> Arc<[ArchiveKey]> {
        let keys = self.0.keys.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&keys.keys)
    }
}

/// Seals what belongs to hashes under a key ([`Keyring::lookup_key`]) for one place, with a key of its own derived from it. What is
/// sealed does not say under which.
pub struct LookupCipher(XChaCha20Poly1305);

impl LookupCipher {
    /// Of the key of the hashes.
    pub fn new(lookup: &[u8; 32]) -> Self {
        let mut key = [0; 32];
        let derived = Hkdf::<Sha256>::new(Some(b"juanzong lookup key"), lookup).expand(b"encryption", &mut key);
        debug_assert!(derived.is_ok(), "at most 8,160 bytes can be derived");
        Self(XChaCha20Poly1305::new(&key.into()))
    }

    /// Seals bytes for a place.
    ///
    /// # Errors
    /// [`SealError::Unsealable`].
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut sealed = Vec::with_capacity(NONCE + plain.len() + TAG);
        encrypt(&self.0, place, plain, &mut sealed)?;
        Ok(sealed)
    }

    /// Opens what was sealed for a place.
    ///
    /// # Errors
    /// [`SealError::Damaged`], also when it was sealed under another key.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        decrypt(&self.0, place, sealed)
    }
}

/// Adds nonce, ciphertext and tag.
fn encrypt(cipher: &XChaCha20Poly1305, place: &str, plain: &[u8], into: &mut Vec<u8>) -> Result<(), SealError> {
    let nonce: [u8; NONCE] = rand::random();
    into.extend(nonce);
    let start = into.len();
    into.extend(plain);
    let body = into.get_mut(start..).ok_or(SealError::Unsealable)?;
    let tag = cipher
        .encrypt_inout_detached(&XNonce::from(nonce), place.as_bytes(), body.into())
        .map_err(|_| SealError::Unsealable)?;
    into.extend(tag);
    Ok(())
}

/// Opens nonce, ciphertext and tag.
fn decrypt(cipher: &XChaCha20Poly1305, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE>().ok_or(SealError::Damaged)?;
    let (body, tag) = rest.split_last_chunk::<TAG>().ok_or(SealError::Damaged)?;
    let mut plain = body.to_vec();
    let (nonce, tag) = (XNonce::from(*nonce), Tag::from(*tag));
    cipher
        .decrypt_inout_detached(&nonce, place.as_bytes(), plain.as_mut_slice().into(), &tag)
        .map_err(|_| SealError::Damaged)?;
    Ok(plain)
}

fn read(directory: &KeyDirectory) -> Result<Keys, KeyError> {
    // Looked at before it is read: a change in between is seen the next time.
    let file = directory.archive_key_file()?;
    let keys = directory.archive_seeds()?.iter().map(ArchiveKey::of).collect();
    Ok(Keys { file, keys })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ring() -> (tempfile::TempDir, KeyDirectory, Keyring) {
        let folder = tempfile::tempdir().unwrap();
        let directory = KeyDirectory::open(folder.path().join("keys")).unwrap();
        let ring = Keyring::open_or_make(&directory).unwrap();
        (folder, directory, ring)
    }

    #[test]
    fn what_is_changed_or_moved_does_not_open() {
        let (_folder, _, ring) = ring();
        let sealed = ring.seal("page a 1", "甲".as_bytes()).unwrap();
        assert_eq!(ring.open_sealed("page a 1", &sealed).unwrap(), "甲".as_bytes());
        assert_eq!(KeyId::of_sealed(&sealed), Some(ring.current()));
        assert!(!sealed.windows(3).any(|bytes| bytes == "甲".as_bytes()));
        let damaged = |place: &str, sealed: &[u8]| {
            let error = ring.open_sealed(place, sealed).unwrap_err();
            assert!(
                matches!(error, SealError::Damaged | SealError::Key(KeyError::Lost { .. })),
                "{error}"
            );
        };
        damaged("page a 2", &sealed);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            damaged("page a 1", &changed);
            damaged("page a 1", &sealed[..at]);
        }
    }

    #[test]
    fn a_lookup_key_seals_with_a_key_of_its_own() {
        let (one, other) = (LookupCipher::new(&[7; 32]), LookupCipher::new(&[8; 32]));
        let sealed = one.seal("a", b"140224").unwrap();
        assert_eq!(one.open("a", &sealed).unwrap(), b"140224");
        assert!(one.open("b", &sealed).is_err() && other.open("a", &sealed).is_err());
        assert_ne!(sealed, one.seal("a", b"140224").unwrap());
        for end in 0..sealed.len() {
            assert!(one.open("a", &sealed[..end]).is_err());
        }
    }

    #[test]
    fn the_same_twice_looks_different() {
        let (_folder, _, ring) = ring();
        assert_ne!(ring.seal("a", b"x").unwrap(), ring.seal("a", b"x").unwrap());
    }

    #[test]
    fn a_new_key_is_seen_and_the_earlier_ones_still_open() {
        let (_folder, directory, ring) = ring();
        let before = ring.seal("a", b"x").unwrap();
        let first = ring.current();
        let second = directory.add_archive_key().unwrap();
        assert_eq!(ring.current(), first);
        ring.refresh().unwrap();
        assert_eq!((ring.current(), ring.ids()), (second, vec![first, second]));
        assert_eq!(ring.open_sealed("a", &before).unwrap(), b"x");
        assert_ne!(ring.lookup_key(first).unwrap(), ring.lookup_key(second).unwrap());
    }

    #[test]
    fn a_key_that_another_process_added_is_found() {
        let (_folder, directory, ring) = ring();
        directory.add_archive_key().unwrap();
        let later = Keyring::open(&directory).unwrap();
        let sealed = later.seal("a", b"x").unwrap();
        assert_eq!(ring.open_sealed("a", &sealed).unwrap(), b"x");
    }

    #[test]
    fn a_lost_key_is_named() {
        let (folder, _, ring) = ring();
        let sealed = ring.seal("a", b"x").unwrap();
        let other = KeyDirectory::open(folder.path().join("other")).unwrap();
        let other = Keyring::open_or_make(&other).unwrap();
        let error = other.open_sealed("a", &sealed).unwrap_err().to_string();
        assert!(
            error.contains(&ring.current().to_string()) && error.contains("archive.key"),
            "{error}"
        );
    }

    proptest! {
        #[test]
        fn names_of_keys_come_back(bytes: [u8; 4]) {
            let id = KeyId(bytes);
            prop_assert_eq!(KeyId::parse(&id.to_string()), Some(id));
            prop_assert_eq!(KeyId::of_sealed(&id.head()), Some(id));
        }

        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let (_folder, _, ring) = ring();
            prop_assert!(ring.open_sealed("a", &bytes).is_err());
        }
    }
}
