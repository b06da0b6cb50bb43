//! What stands before the pieces of a backup: the key that seals this one file, wrapped by the service's own key and by the master key of
//! that moment, so that whichever of the two is at hand opens it. It is of one length, and the pieces are bound to every byte of it.

use super::super::sealing::{KEY_LEN, Key, Place};
use super::super::{RecordsError, Result};
use super::BackupFault;
use aws_lc_rs::aead::{MAX_TAG_LEN, NONCE_LEN};

const MARK: &[u8] = b"sidelight backup";
const VERSION: u8 = 1;
const WRAPPED: usize = NONCE_LEN + KEY_LEN + MAX_TAG_LEN;
pub(super) const LEN: usize = MARK.len() + 1 + 2 * WRAPPED;

/// What files of SQLite begin with: backups weren't sealed once.
const SQLITE: &[u8] = b"SQLite format 3\0";

const BY_SERVICE: Place<'static> = Place { table: "backup", row: "service", contact: "" };
const BY_MASTER: Place<'static> = Place { table: "backup", row: "master", contact: "" };

/// A key for one file, and what is to stand before it.
pub(super) fn new(service: &Key, master: &Key) -> Result<(Vec<u8>, Key)> {
    let key = Key::random()?;
    let head = [MARK, &[VERSION], &service.seal(&BY_SERVICE, key.bytes())?, &master.seal(&BY_MASTER, key.bytes())?].concat();
    if head.len() == LEN { Ok((head, key)) } else { Err(RecordsError::Damaged) }
}

/// The key of the file that begins with this. `service`: where there is a store of keys.
pub(super) fn key(head: &[u8], service: Option<&Key>, master: &Key) -> std::result::Result<Key, BackupFault> {
    let (by_service, by_master) = wrapped(head)?;
    let by_service = service.and_then(|service| service.open(&BY_SERVICE, by_service));
    let bytes = by_service.or_else(|| master.open(&BY_MASTER, by_master)).ok_or(BackupFault::OtherKeys)?;
    Key::from_bytes(&bytes).ok_or(BackupFault::OtherKeys)
}

fn wrapped(head: &[u8]) -> std::result::Result<(&[u8], &[u8]), BackupFault> {
    if head.starts_with(SQLITE) {
        return Err(BackupFault::Unsealed);
    }
    let rest = head.strip_prefix(MARK).ok_or(BackupFault::Unknown)?;
    let (version, wrapped) = rest.split_first().ok_or(BackupFault::Damaged)?;
    if *version != VERSION {
        return Err(BackupFault::Version);
    }
    if wrapped.len() != 2 * WRAPPED {
        return Err(BackupFault::Damaged);
    }
    wrapped.split_at_checked(WRAPPED).ok_or(BackupFault::Damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one() -> Key {
        Key::random().unwrap()
    }

    #[test]
    fn either_of_its_two_keys_opens_it_and_no_other_does() {
        let (service, master, other) = (one(), one(), one());
        let (head, sealing) = new(&service, &master).unwrap();
        assert_eq!(head.len(), LEN);
        for (has, fits) in [
            ((Some(&service), &master), true),
            ((Some(&service), &other), true),
            ((Some(&other), &master), true),
            ((None, &master), true),
            ((Some(&other), &other), false),
            ((None, &other), false),
            // Each wraps in its own place.
            ((Some(&master), &service), false),
        ] {
            let opened = key(&head, has.0, has.1);
            assert_eq!(opened.as_ref().is_ok_and(|opened| opened.bytes() == sealing.bytes()), fits);
            assert!(fits || matches!(opened, Err(BackupFault::OtherKeys)));
        }
        assert!(new(&service, &master).unwrap().1.bytes() != sealing.bytes(), "each file has its own");
    }

    #[test]
    fn of_every_length_and_with_every_bit_changed_it_is_refused_or_leads_to_the_same_key() {
        let (service, master) = (one(), one());
        let (head, sealing) = new(&service, &master).unwrap();
        for length in 0..LEN {
            assert!(key(&head[..length], Some(&service), &master).is_err(), "{length}");
        }
        for bit in 0..LEN * 8 {
            let mut bad = head.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            // Where only one of the two wraps is hit, the pieces refuse it: they are bound to all of this.
            assert!(key(&bad, Some(&service), &master).map_or(true, |same| same.bytes() == sealing.bytes()), "bit {bit}");
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_there_is_refused_and_breaks_nothing(mut bytes in proptest::collection::vec(any::<u8>(), 0..2 * LEN), like in any::<bool>()) {
            if like {
                bytes.splice(0..0, MARK.iter().copied().chain([VERSION]));
                bytes.truncate(LEN);
            }
            prop_assert!(key(&bytes, Some(&one()), &one()).is_err());
        }
    }
}
