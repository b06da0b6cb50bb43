//! What must survive the process: staff, contacts, invitations and what happened.
//!
//! Everything about a contact is encrypted under the contact's own data key before it reaches a database.

use sidelight_protocol::desk::ContactDetails;
use sidelight_room::Fact;
use std::path::Path;

/// The records of one data folder. Cheap to clone.
#[derive(Clone)]
pub struct Records {}

/// Why something couldn't be read or written. Says nothing about anybody.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    #[error("there is no such record")]
    Missing,
    #[error("the records can't be used now: {0}")]
    Unusable(String),
}

pub type Result<T> = std::result::Result<T, RecordsError>;

/// A contact as it was planned.
#[derive(Clone)]
pub struct Contact {
    pub id: String,
    /// The practitioner's staff id.
    pub owner: String,
    pub details: ContactDetails,
    pub ended: Option<u32>,
    /// An invitation exists that isn't dead.
    pub link: bool,
}

/// One person's way into a contact.
#[derive(Clone)]
pub struct Invitation {
    pub contact: String,
    pub person: String,
    /// Revoked, replaced, or left by its person.
    pub dead: bool,
}

/// A key that signs session tokens. Newest first in [`Records::signing_keys`]; the newest signs, all verify.
#[derive(Clone)]
pub struct SigningKey {
    pub id: String,
    pub secret: [u8; 32],
    pub made: u32,
}

impl Records {
    /// Opens the records in this folder, and makes them where there are none.
    pub async fn open(_directory: &Path) -> Result<Records> {
        todo!()
    }

    pub async fn contact(&self, _id: &str) -> Result<Option<Contact>> {
        todo!()
    }

    /// Contacts of this owner that start in `from..to`, and those that were opened and aren't ended, whenever they start.
    /// Soonest first, at most 500.
    pub async fn contacts_between(&self, _owner: &str, _from: u32, _to: u32) -> Result<Vec<Contact>> {
        todo!()
    }

    /// Keeps a new contact and returns its id.
    pub async fn new_contact(&self, _owner: &str, _details: &ContactDetails) -> Result<String> {
        todo!()
    }

    /// Replaces the details. `Missing` where there is no such contact.
    pub async fn change_contact(&self, _id: &str, _details: &ContactDetails) -> Result<()> {
        todo!()
    }

    /// What happened in a contact, in order.
    pub async fn facts(&self, _contact: &str) -> Result<Vec<Fact>> {
        todo!()
    }

    /// Appends in one transaction that is on disk when this returns. All or nothing.
    /// That a contact ended, or that a person's way in is over, is marked in the same transaction.
    pub async fn append(&self, _contact: &str, _facts: &[Fact]) -> Result<()> {
        todo!()
    }

    /// A new invitation for this person; every older one of the contact is dead from now on.
    pub async fn invite(&self, _contact: &str, _invitation: &str, _person: &str, _now: u32) -> Result<()> {
        todo!()
    }

    pub async fn invitation(&self, _invitation: &str) -> Result<Option<Invitation>> {
        todo!()
    }

    /// The keys that sign service users' sessions. Makes the first one where there is none.
    pub async fn signing_keys(&self, _now: u32) -> Result<Vec<SigningKey>> {
        todo!()
    }
}
