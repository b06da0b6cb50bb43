//! A backup's file: a head and pieces, written from a file in the clear, and read back into one.

use super::super::key_store::KeyStore;
use super::super::master_key::Holder;
use super::super::sealing::Key;
use super::super::sqlite::wait_for;
use super::super::{RecordsError, Result};
use super::{BackupFault, KEYS, head, pieces};
use crate::config;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The keys that there are to open a backup with: one that fits is enough.
pub(super) struct AtHand {
    service: Option<Key>,
    master: Key,
}

impl AtHand {
    /// Those of this data folder, where none is made for it.
    pub async fn of(directory: &Path, keys: &config::Keys) -> Result<AtHand> {
        if directory.join(KEYS).exists() {
            let store = KeyStore::open(directory, keys).await?;
            let found = AtHand { service: Some(store.service().clone()), master: store.master().clone() };
            store.close().await;
            return Ok(found);
        }
        let holder = Holder::of(&keys.master, directory)?;
        let master = holder.read()?.ok_or_else(|| RecordsError::NoMasterKey(holder.named()))?;
        Ok(AtHand { service: None, master })
    }
}

/// Seals what stands in `clear` into a file that must be new; it is on disk when this returns. `told`: how many bytes are, and of how many.
pub(super) async fn seal(clear: &Path, to: &Path, keys: &KeyStore, told: impl FnMut(u64, u64) + Send + 'static) -> Result<()> {
    let (head, key) = head::new(keys.service(), keys.master())?;
    let (from, file) = (clear.to_owned(), to.to_owned());
    let sealed = wait_for(move || {
        let mut from = Watched::open(&from, told)?;
        let mut to = private(&file)?;
        to.write_all(&head)?;
        pieces::seal(&key, &head, &mut from, &mut to)?;
        to.sync_all()
    });
    sealed.await.map_err(|error| failed(clear, to, &error))
}

/// The way back, into a file that must be new: nothing in it may be used unless this returns Ok.
pub(super) async fn open(sealed: &Path, to: &Path, keys: AtHand, told: impl FnMut(u64, u64) + Send + 'static) -> Result<()> {
    let (from, file) = (sealed.to_owned(), to.to_owned());
    let opened = wait_for(move || {
        let mut from = Watched::open(&from, told)?;
        let mut head = Vec::with_capacity(head::LEN);
        from.by_ref().take(head::LEN as u64).read_to_end(&mut head)?;
        let key = match head::key(&head, keys.service.as_ref(), &keys.master) {
            Ok(key) => key,
            Err(fault) => return Ok(Err(fault)),
        };
        let mut to = private(&file)?;
        match pieces::open(&key, &head, &mut from, &mut to) {
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return Ok(Err(BackupFault::Damaged)),
            opened => opened?,
        }
        to.sync_all().map(Ok)
    });
    match opened.await {
        Ok(opened) => opened.map_err(|fault| RecordsError::Backup(sealed.display().to_string(), fault)),
        Err(error) => Err(failed(sealed, to, &error)),
    }
}

/// Whichever of the two it was.
fn failed(from: &Path, to: &Path, error: &io::Error) -> RecordsError {
    RecordsError::Unusable(format!("{} into {}: {error}", from.display(), to.display()))
}

/// For its owner alone.
fn private(file: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)
}

/// Tells how far its reading has come.
struct Watched<T> {
    file: File,
    read: u64,
    of: u64,
    told: T,
}

impl<T: FnMut(u64, u64)> Watched<T> {
    fn open(file: &Path, told: T) -> io::Result<Watched<T>> {
        let file = File::open(file)?;
        let of = file.metadata()?.len();
        Ok(Watched { file, read: 0, of, told })
    }
}

impl<T: FnMut(u64, u64)> Read for Watched<T> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.read += read as u64;
        (self.told)(self.read, self.of);
        Ok(read)
    }
}

#[cfg(test)]
mod tests;
