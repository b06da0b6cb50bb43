//! Copies of the records, and the way back.
//!
//! A backup holds the records and none of the keys: what is erased later can't be read in it once its key is gone. It is sealed as a
//! whole, too, since accounts, settings and the audit stand in the clear in the records ([`head`], [`pieces`]). The keys are copied to a
//! place of their own, where each copy takes the one before it away. Both are made while the service runs.

mod head;
mod pieces;
mod sealed;
mod unsealed;

pub(super) use unsealed::Unsealed;

use super::engine::{Engine, on_each};
use super::key_store::KeyStore;
use super::master_key::{beside, settle};
use super::sqlite::{private_directory, wait_for};
use super::upgrade::Upgrading;
use super::{Records, RecordsError, Result};
use crate::config;
use sealed::AtHand;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::timeout;

/// The file of a backup.
pub const BACKUP: &str = "records.backup";
pub const RECORDS: &str = "records.db";
const KEYS: &str = "keys.db";

/// How long a copy of the keys may take: it may go over a network, and the sweep waits for it. More: erasing waits for longer.
/// Less: a slow network leaves an old copy behind.
const COPYING: Duration = Duration::from_secs(30);

/// Where the keys come from that belong to restored records.
pub enum Keys<'a> {
    /// Those in the data folder; where it has none, the copy that the configuration names.
    Newest,
    Copy(&'a Path),
    /// There are none any more: accounts come back, and no contact.
    None,
}

/// Where nobody waits to hear how far a copy has come.
pub(super) fn told_by_nobody(_: u64, _: u64) {}

/// Why a backup isn't opened. The word at its end stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackupFault {
    #[error("no backup of Sidelight (backup_unknown)")]
    Unknown,
    #[error("made before backups were sealed, so that anybody may have changed it: make a new one (backup_unsealed)")]
    Unsealed,
    #[error("made by another version of Sidelight, which can read it (backup_version)")]
    Version,
    #[error("no key that is here opens it: it was sealed with others, or its beginning was changed (backup_keys)")]
    OtherKeys,
    #[error("changed, cut off or put together from several (backup_damaged)")]
    Damaged,
}

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub struct Restored {
    /// Contacts, people and records without a key: erased since, or newer than the keys.
    pub unreadable: usize,
    /// The newest entry of the audit.
    pub audited: u32,
}

impl Records {
    /// A sealed copy of the records in this folder, which is made if need be. `Taken` where there is one already. `told`: how many bytes
    /// are sealed, and of how many.
    pub async fn back_up(&self, folder: &Path, told: impl FnMut(u64, u64) + Send + 'static) -> Result<()> {
        seal_copy(&self.inner.directory, self.engine(), self.keys(), folder, Earlier::Stays, told).await
    }

    /// The records of a backup in the clear, in a file that must be new, for whoever wants to look into them: nothing is changed for
    /// that. `directory`: where the keys are. `Taken` where there is such a file.
    pub async fn open_backup(
        directory: &Path,
        keys: &config::Keys,
        backup: &Path,
        to: &Path,
        told: impl FnMut(u64, u64) + Send + 'static,
    ) -> Result<()> {
        let keys = AtHand::of(directory, keys, Upgrading::ByTheService).await?;
        let unfinished = beside(to, "new");
        if to.exists() {
            return Err(RecordsError::Taken);
        }
        remove(&unfinished)?;
        let opened = open_sound(backup, &unfinished, keys, told).await;
        whole_or_nothing(&unfinished, opened.and_then(|()| put(&unfinished, to)))
    }

    /// A copy of the keys as they are now, in the place of the one before.
    pub async fn copy_keys(&self, to: &Path) -> Result<()> {
        let alone = self.inner.directory.join("copying");
        let copied = async {
            // Or an older copy of another process could take the place of a newer one.
            let _alone = lock(alone).await?;
            let unfinished = beside(to, "new");
            remove(&unfinished)?;
            self.keys().copy_into(&unfinished).await?;
            put(&unfinished, to)
        };
        let late = || RecordsError::Unusable(format!("{}: took more than {} seconds", to.display(), COPYING.as_secs()));
        timeout(COPYING, copied).await.map_err(|_| late())?
    }

    /// Brings the copy that the configuration names up to date, unless it is, as far as this process knows. Fine if it names none.
    pub async fn renew_key_copy(&self) -> Result<()> {
        let Some(to) = &self.keys().copy else { return Ok(()) };
        // Asked for first: what is made or forgotten meanwhile asks for the next copy.
        if self.keys().copied.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        let done = self.copy_keys(to).await;
        if done.is_err() {
            self.keys().copied.store(false, Ordering::SeqCst);
        }
        done
    }

    /// Puts records from a backup into a data folder that has none. Only for the process that alone uses it. What the keys open no more
    /// is erased: that is what a contact is that was erased after the backup.
    pub async fn restore(
        directory: &Path,
        keys: &config::Keys,
        backup: &Path,
        from: Keys<'_>,
        told: impl FnMut(u64, u64) + Send + 'static,
    ) -> Result<Restored> {
        private_directory(directory)?;
        let records = directory.join(RECORDS);
        nothing_of(directory, RECORDS)?;
        let brought = put_keys(directory, keys, &from)?;
        let opened = async {
            // A wrong or missing master key is told before anything else is done.
            let keys = AtHand::of(directory, keys, Upgrading::Here).await?;
            let unsealed = Unsealed::alone(directory).await?;
            open_sound(backup, &unsealed.file(), keys, told).await?;
            put(&unsealed.file(), &records)
        };
        if let Err(error) = opened.await {
            // As it was before: else another copy of the keys would be refused the next time.
            if brought {
                of_sqlite(directory, KEYS).iter().try_for_each(|file| remove(file))?;
            }
            return Err(error);
        }
        let records = Records::open_with(directory, keys).await?;
        let unreadable = records.erase_unreadable().await?;
        records.adopt_checkpoint().await?;
        records.forget_orphaned_keys().await?;
        records.wipe().await?;
        let audited = records.audit_head(0).await?.head.last;
        records.close().await;
        Ok(Restored { unreadable, audited })
    }

    /// Erases contacts, people and records whose key is gone.
    async fn erase_unreadable(&self) -> Result<usize> {
        let readable: std::collections::HashSet<String> = self.keys().contacts().await?.into_iter().collect();
        let (contacts, people, records, typed): (Vec<String>, Vec<String>, Vec<String>, Vec<String>) = on_each!(self.engine(), db => (
            sqlx::query_scalar("SELECT id FROM contacts").fetch_all(db.readers()).await?,
            sqlx::query_scalar("SELECT id FROM people").fetch_all(db.readers()).await?,
            sqlx::query_scalar("SELECT id FROM contact_records").fetch_all(db.readers()).await?,
            sqlx::query_scalar("SELECT id FROM transcripts").fetch_all(db.readers()).await?,
        ));
        let mut erased = 0;
        for contact in contacts.iter().filter(|id| !readable.contains(*id)) {
            self.delete_rows(contact).await?;
            erased += 1;
        }
        for person in people.iter().filter(|id| !readable.contains(*id)) {
            // Without its key nobody holds anything of it.
            self.erase_person(person, u32::MAX).await?;
            erased += 1;
        }
        for record in records.iter().filter(|id| !readable.contains(*id)) {
            self.erase_record(record, None, None).await?;
            erased += 1;
        }
        for typed in typed.iter().filter(|id| !readable.contains(*id)) {
            self.erase_transcript(typed, None).await?;
            erased += 1;
        }
        Ok(erased)
    }
}

/// What becomes of a backup that is in the folder already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Earlier {
    /// The new one is refused: `Taken`.
    Stays,
    IsReplaced,
}

/// [`Records::back_up`], before there are records.
pub(super) async fn seal_copy(
    directory: &Path,
    engine: &Engine,
    keys: &KeyStore,
    folder: &Path,
    earlier: Earlier,
    told: impl FnMut(u64, u64) + Send + 'static,
) -> Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| unusable(folder, &error))?;
    let (file, unfinished) = (folder.join(BACKUP), beside(&folder.join(BACKUP), "new"));
    let clear = Unsealed::alone(directory).await?;
    if earlier == Earlier::Stays && file.exists() {
        return Err(RecordsError::Taken);
    }
    remove(&unfinished)?;
    on_each!(engine, db => db.copy_into(&clear.file()).await?);
    let sealed = sealed::seal(&clear.file(), &unfinished, keys, told).await;
    whole_or_nothing(&unfinished, sealed.and_then(|()| put(&unfinished, &file)))
}

/// Opens a backup into this file, all of it, and sees that SQLite can read it.
async fn open_sound(backup: &Path, to: &Path, keys: AtHand, told: impl FnMut(u64, u64) + Send + 'static) -> Result<()> {
    let (file, unsealed) = (backup.join(BACKUP), backup.join(RECORDS));
    if !file.exists() && unsealed.exists() {
        return Err(RecordsError::Backup(unsealed.display().to_string(), BackupFault::Unsealed));
    }
    sealed::open(&file, to, keys, told).await?;
    sound(to).await
}

/// A database and what SQLite puts beside it.
fn of_sqlite(directory: &Path, database: &str) -> [PathBuf; 4] {
    ["", "-wal", "-shm", "-journal"].map(|ending| directory.join(format!("{database}{ending}")))
}

/// Nothing of this database: SQLite would take a log that was left there for the new one's.
fn nothing_of(directory: &Path, database: &str) -> Result<()> {
    let files = of_sqlite(directory, database);
    match files.iter().find(|file| file.exists()) {
        Some(there) => Err(RecordsError::Unusable(format!("{} is there already: move it away first", there.display()))),
        None => Ok(()),
    }
}

/// Sees to the keys before there are records that need them. Whether they were brought here.
fn put_keys(directory: &Path, keys: &config::Keys, from: &Keys<'_>) -> Result<bool> {
    let file = directory.join(KEYS);
    let copy_of: Option<PathBuf> = match from {
        Keys::Newest | Keys::None if file.exists() => None,
        Keys::Newest => Some(keys.copy.clone().ok_or_else(|| {
            RecordsError::Unusable(format!("{} isn't there, and keys.copy names no copy: name one (--keys)", file.display()))
        })?),
        Keys::Copy(copy) => Some((*copy).to_owned()),
        Keys::None => None,
    };
    let Some(copy_of) = copy_of else { return Ok(false) };
    nothing_of(directory, KEYS)?;
    let unfinished = beside(&file, "new");
    copy(&copy_of, &unfinished)?;
    put(&unfinished, &file)?;
    Ok(true)
}

/// Whether SQLite can read all of it.
async fn sound(file: &Path) -> Result<()> {
    let mut connection = SqliteConnectOptions::new().filename(file).read_only(true).disable_statement_logging().connect().await?;
    let found: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut connection).await?;
    connection.close().await?;
    if found == "ok" { Ok(()) } else { Err(RecordsError::Unusable(format!("{} is damaged", file.display()))) }
}

/// Its owner's alone, and on disk when this returns.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut source = File::open(from).map_err(|error| unusable(from, &error))?;
    remove(to)?;
    let copied = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to).and_then(|mut file| {
        io::copy(&mut source, &mut file)?;
        file.sync_all()
    });
    copied.map_err(|error| unusable(to, &error))
}

/// In one step, so that there is the old one or the new one and never a part of one.
fn put(unfinished: &Path, file: &Path) -> Result<()> {
    fs::rename(unfinished, file).and_then(|()| settle(file)).map_err(|error| unusable(file, &error))
}

/// Takes away what came to be only in part.
fn whole_or_nothing(unfinished: &Path, made: Result<()>) -> Result<()> {
    if made.is_err() {
        remove(unfinished)?;
    }
    made
}

fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unusable(file, &error)),
        _ => Ok(()),
    }
}

/// Holds this file for as long as what is returned lives.
async fn lock(file: PathBuf) -> Result<File> {
    let named = file.clone();
    let locked = wait_for(move || {
        let held = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(file)?;
        held.lock()?;
        Ok(held)
    });
    locked.await.map_err(|error| unusable(&named, &error))
}

pub(super) fn unusable(path: &Path, error: &io::Error) -> RecordsError {
    RecordsError::Unusable(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests;
