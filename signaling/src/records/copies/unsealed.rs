//! A copy in the clear, which there is for a moment in the data folder, where the records themselves stand in the clear, and nowhere else.

use super::super::Result;
use super::{lock, of_sqlite, remove, unusable};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

const FILE: &str = "unsealed.db";
const LOCK: &str = "unsealed";

/// There for as long as this lives. What a killed process leaves is taken away by the next that opens the records.
pub(in super::super) struct Unsealed {
    directory: PathBuf,
    _alone: File,
}

impl Unsealed {
    /// The only one of its data folder: it waits for another process's. There is no file yet.
    pub(super) async fn alone(directory: &Path) -> Result<Unsealed> {
        let alone = lock(directory.join(LOCK)).await?;
        take_away(directory)?;
        Ok(Unsealed { directory: directory.to_owned(), _alone: alone })
    }

    pub(super) fn file(&self) -> PathBuf {
        self.directory.join(FILE)
    }

    /// Takes away what a killed process has left; a living one's stays.
    pub(in super::super) fn take_left(directory: &Path) -> Result<()> {
        if !of_sqlite(directory, FILE).iter().any(|file| file.exists()) {
            return Ok(());
        }
        let held = directory.join(LOCK);
        let opened = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&held);
        let alone = opened.map_err(|error| unusable(&held, &error))?;
        if alone.try_lock().is_ok() { take_away(directory) } else { Ok(()) }
    }
}

impl Drop for Unsealed {
    fn drop(&mut self) {
        // What can't be taken away now is by the next that opens the records.
        let _taken = take_away(&self.directory);
    }
}

fn take_away(directory: &Path) -> Result<()> {
    of_sqlite(directory, FILE).iter().try_for_each(|file| remove(file))
}
