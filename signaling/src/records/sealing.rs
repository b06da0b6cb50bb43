//! Encryption at rest: AES-256-GCM with random nonces.
//!
//! A data key belongs to one contact and seals everything about it. The master key wraps data keys and those of backups, and nothing
//! else that is stored. What a sealed value is bound to (table, row, contact) is authenticated with it, so that a row copied to
//! another place doesn't open there.

use super::{RecordsError, Result};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

/// Bytes of a key.
pub const KEY_LEN: usize = 32;

/// Bytes of a name in the audit: as many as of an id.
const NAME_LEN: usize = 16;

/// A key that seals and opens. Has no Debug, and is wiped when dropped.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; KEY_LEN]>);

impl Key {
    pub fn random() -> Result<Key> {
        let mut bytes = Zeroizing::new([0; KEY_LEN]);
        aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| RecordsError::Unusable("no randomness".into()))?;
        Ok(Key(bytes))
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Key> {
        Some(Key(Zeroizing::new(bytes.try_into().ok()?)))
    }

    pub fn bytes(&self) -> &[u8] {
        self.0.as_ref()
    }

    /// What the audit calls the contact or person of this key. It follows from the key alone, so that it can be found while there is
    /// the key, and means nothing to anybody afterwards, whatever else they know of the contact.
    pub fn name_in_audit(&self, id: &str) -> String {
        self.name("in audit", id)
    }

    /// What the record of a contact is found by, where this is the service's key: the contact's id outlives the contact nowhere.
    pub fn name_of_record(&self, contact: &str) -> String {
        self.name("of record", contact)
    }

    /// What programs know a contact by, where this is the service's key: it stands in no address and no log here.
    pub fn name_for_programs(&self, contact: &str) -> String {
        self.name("for programs", contact)
    }

    fn name(&self, purpose: &str, id: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_ref());
        let named = hmac::sign(&key, format!("sidelight name {purpose} {id}").as_bytes());
        HEXLOWER.encode(named.as_ref().get(..NAME_LEN).unwrap_or_default())
    }

    /// Nonce, ciphertext and tag, bound to `place`.
    pub fn seal(&self, place: &Place<'_>, clear: &[u8]) -> Result<Vec<u8>> {
        let failed = |_| RecordsError::Unusable("encryption failed".into());
        let key = RandomizedNonceKey::new(&AES_256_GCM, self.0.as_ref()).map_err(failed)?;
        let mut body = clear.to_vec();
        let nonce = key.seal_in_place_append_tag(Aad::from(place.bytes()), &mut body).map_err(failed)?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + body.len());
        sealed.extend_from_slice(nonce.as_ref());
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    /// None where the key, the place or a single bit is wrong.
    pub fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, self.0.as_ref()).ok()?;
        let mut clear = Zeroizing::new(body.to_vec());
        let length = key.open_in_place(nonce, Aad::from(place.bytes()), &mut clear).ok()?.len();
        clear.truncate(length);
        Some(clear)
    }
}

/// Where a sealed value stands.
pub struct Place<'a> {
    pub table: &'a str,
    pub row: &'a str,
    pub contact: &'a str,
}

impl Place<'_> {
    /// Each part with its length before it, so that no two places read the same.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in [self.table, self.row, self.contact] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'static> = Place { table: "contacts", row: "1", contact: "a" };

    #[test]
    fn what_was_sealed_opens_in_its_place_only() {
        let key = Key::random().unwrap();
        let sealed = key.seal(&HERE, b"JT-4471").unwrap();
        assert_eq!(key.open(&HERE, &sealed).unwrap().as_slice(), b"JT-4471");
        for elsewhere in [
            Place { table: "facts", row: "1", contact: "a" },
            Place { table: "contacts", row: "2", contact: "a" },
            Place { table: "contacts", row: "1", contact: "b" },
            Place { table: "contacts1", row: "", contact: "a" },
        ] {
            assert!(key.open(&elsewhere, &sealed).is_none());
        }
        assert!(Key::random().unwrap().open(&HERE, &sealed).is_none(), "another key opened it");
    }

    #[test]
    fn every_flipped_bit_is_noticed_and_every_length_is_safe() {
        let key = Key::random().unwrap();
        let sealed = key.seal(&HERE, b"word").unwrap();
        for index in 0..sealed.len() * 8 {
            let mut bad = sealed.clone();
            bad[index / 8] ^= 1 << (index % 8);
            assert!(key.open(&HERE, &bad).is_none());
        }
        for length in 0..sealed.len() {
            assert!(key.open(&HERE, &sealed[..length]).is_none());
        }
    }

    #[test]
    fn a_name_in_the_audit_follows_from_the_key_and_from_nothing_else_that_is_known() {
        let (key, other) = (Key::random().unwrap(), Key::random().unwrap());
        let name = key.name_in_audit("a");
        assert_eq!((name.len(), &name), (32, &Key::from_bytes(key.bytes()).unwrap().name_in_audit("a")));
        assert!(name != other.name_in_audit("a") && name != key.name_in_audit("b") && name != key.name_of_record("a"));
    }

    #[test]
    fn the_same_words_never_look_the_same() {
        let key = Key::random().unwrap();
        assert_ne!(key.seal(&HERE, b"word").unwrap(), key.seal(&HERE, b"word").unwrap());
    }
}
