//! What must survive the process: staff, contacts, invitations and what happened.
//!
//! Everything about a contact is sealed under the contact's own data key before it reaches a database ([`sealing`]), and
//! the wrapped keys live in a small store of their own ([`key_store`]), so that deleting a key deletes what it sealed
//! wherever copies of it lie. SQLite is the only engine yet; the SQL and the migrations are written once for all engines.

mod api_tokens;
mod audit;
mod contact_records;
mod contacts;
mod copies;
mod ended;
mod engine;
mod erasure;
mod facts;
mod first_links;
mod for_programs;
mod holds;
mod invitations;
mod kept;
mod key_store;
mod life;
mod master_key;
mod members;
mod outbox;
mod own_hours;
mod pace;
mod parts;
mod people;
mod planned;
mod receipts;
mod rotation;
mod sealing;
mod second_factors;
mod settings;
mod sign_ins;
mod signing_keys;
mod sqlite;
mod staff;
mod subject;
mod teams;
#[cfg(test)]
mod tests;
mod transcripts;
mod upgrade;
mod usage;
mod work_accounts;

pub use api_tokens::{ApiToken, NewApiToken, Program};
pub use audit::{Fault, PublicKey, Signed, Wanted, Whole, verify as verify_audit};
pub use contact_records::{FetchedCopy, KeptRecord, Queued, Save, SentCopy, Withdrawn};
pub use contacts::{AT_A_TIME, Contact};
pub use copies::{BACKUP, BackupFault, Keys, RECORDS, Restored};
pub use ended::Ended;
pub use erasure::EndedContact;
pub use first_links::{FirstLink, Invited};
pub use for_programs::{Page, Planned};
pub use holds::Hold;
pub use invitations::Invitation;
pub use members::Listed;
pub use outbox::{Asked, NewOutgoing, Outgoing, Posted, Words};
pub use pace::Pace;
pub use parts::{AskedIn, Covering, LookedFor, Standing};
pub use people::Person;
pub use receipts::{NotAReceipt, Tally, verify_receipt};
pub use second_factors::{Factor, FactorKeys};
pub use settings::{Change, Changed};
pub use sign_ins::{NewSignIn, SignIn, SignedIn, Way, name as sign_in_name};
pub use signing_keys::{Purpose, SigningKey};
pub use staff::{Account, Member, NewMember};
pub use subject::{Contacted, EraseRefused, Erasure, KeptOf};
pub use teams::{Team, TeamContact, Teams};
pub use transcripts::KeptTranscript;
pub use usage::{Counted, month_of};
pub use work_accounts::At;

use crate::config;
use engine::Engine;
use key_store::KeyStore;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio::sync::Mutex;
use upgrade::Upgrading;

/// The records of one data folder. Cheap to clone.
#[derive(Clone)]
pub struct Records {
    inner: Arc<Inner>,
}

struct Inner {
    directory: PathBuf,
    engine: Engine,
    keys: KeyStore,
    /// Held while something is chosen for erasing and its keys go, and while something is put on hold.
    erasing: Mutex<()>,
    /// Something was deleted that is still to be wiped out of the files, outside of any sweep.
    unwiped: AtomicBool,
}

/// Why something couldn't be read or written. Says nothing about anybody.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    #[error("there is no such record")]
    Missing,
    #[error("there is one already")]
    Taken,
    #[error("what is recorded doesn't open with its key")]
    Damaged,
    #[error("the master key ({0}) is not the one these records were written with")]
    WrongMasterKey(String),
    #[error("the master key ({0}) is missing, and the records can't be read without it")]
    NoMasterKey(String),
    #[error("the master key ({0}) has mode {1:04o}: it must be its owner's alone (chmod 600)")]
    OpenMasterKey(String, u32),
    #[error("{0} was made by a newer version of Sidelight: use that one, or restore a backup from before it (records_newer)")]
    Newer(&'static str),
    #[error("{0} is of an earlier version of Sidelight: start the service, which brings it up to date and keeps a backup (records_older)")]
    Older(&'static str),
    #[error("{0}: {1}")]
    Backup(String, BackupFault),
    #[error("the records can't be used now: {0}")]
    Unusable(String),
}

pub type Result<T> = std::result::Result<T, RecordsError>;

impl From<sqlx::Error> for RecordsError {
    fn from(error: sqlx::Error) -> RecordsError {
        match &error {
            sqlx::Error::RowNotFound => RecordsError::Missing,
            sqlx::Error::Database(database) if database.is_unique_violation() => RecordsError::Taken,
            // The text of a database names tables and columns, never what was to be written.
            _ => RecordsError::Unusable(error.to_string()),
        }
    }
}

impl Records {
    /// Opens the records in this folder, and makes them where there are none. The master key is in the folder too.
    pub async fn open(directory: &Path) -> Result<Records> {
        Records::open_with(directory, &config::Keys::default()).await
    }

    /// The same with the keys where the configuration says. Those of an earlier version are brought up to date.
    pub async fn open_with(directory: &Path, keys: &config::Keys) -> Result<Records> {
        Records::open_by(directory, keys, Upgrading::Here).await
    }

    /// The same for a command that may run beside the service: refuses those of an earlier version.
    pub async fn open_for_command(directory: &Path, keys: &config::Keys) -> Result<Records> {
        Records::open_by(directory, keys, Upgrading::ByTheService).await
    }

    async fn open_by(directory: &Path, keys: &config::Keys, by: Upgrading) -> Result<Records> {
        sqlite::private_directory(directory)?;
        copies::Unsealed::take_left(directory)?;
        let engine = Engine::open(directory).await?;
        let schema = engine.schema().await?.allowed(RECORDS, by)?;
        let keys = KeyStore::open(directory, keys, by).await?;
        upgrade::bring_up(directory, &engine, &keys, schema).await?;
        let records = Records {
            inner: Arc::new(Inner {
                directory: directory.to_owned(),
                engine,
                keys,
                erasing: Mutex::default(),
                unwiped: AtomicBool::new(false),
            }),
        };
        // What an earlier version has left otherwise.
        records.adopt_signing_keys().await?;
        records.begin_audit().await?;
        Ok(records)
    }

    /// Can read and be read: for the readiness check.
    pub async fn ready(&self) -> Result<()> {
        engine::on_each!(&self.inner.engine, db => {
            sqlx::query("SELECT 1").execute(db.readers()).await?;
            Ok(())
        })
    }

    /// Closes every connection and merges the write-ahead log into the database.
    pub async fn close(&self) {
        self.inner.engine.close().await;
        self.inner.keys.close().await;
    }

    fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    fn keys(&self) -> &KeyStore {
        &self.inner.keys
    }
}

/// A random id.
fn new_id() -> Result<String> {
    crate::random::id().ok_or_else(|| RecordsError::Unusable("no randomness".into()))
}
