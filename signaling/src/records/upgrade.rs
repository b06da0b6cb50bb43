//! From what an earlier version has left to what this one reads: forwards only, and not without a backup from before.

use super::copies::{self, told_by_nobody};
use super::engine::on_each;
use super::key_store::KeyStore;
use super::{Engine, RecordsError, Result};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// In the data folder: one folder, as `restore` takes it, named by the schema that the records had.
const BEFORE: &str = "before-upgrade";

/// How long the backup from before is kept. Longer: accounts that were removed live on in it. Shorter: whoever finds after a fortnight that
/// the new version isn't for them has no way back.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// Who has older records brought up to date. A command beside a running service would do it under that service's feet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upgrading {
    Here,
    ByTheService,
}

/// What a database is to this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Schema {
    /// There is nothing in it yet.
    New,
    Current,
    Older(i64),
    Newer(i64),
}

impl Schema {
    /// `found`: the newest migration that it has had. `ours`: the newest that this version knows.
    pub fn of(found: Option<i64>, ours: i64) -> Schema {
        match found {
            None => Schema::New,
            Some(found) if found < ours => Schema::Older(found),
            Some(found) if found > ours => Schema::Newer(found),
            Some(_) => Schema::Current,
        }
    }

    /// What is refused before anything is touched. `what`: the database.
    pub fn allowed(self, what: &'static str, by: Upgrading) -> Result<Schema> {
        match self {
            Schema::Newer(_) => Err(RecordsError::Newer(what)),
            Schema::Older(_) if by == Upgrading::ByTheService => Err(RecordsError::Older(what)),
            schema => Ok(schema),
        }
    }
}

/// Brings the records up to date, where they are older, and keeps a sealed copy of them as they were. Cut off at any moment, the next start
/// begins again, from what there is then; the oldest copy stays until all is done.
pub(super) async fn bring_up(directory: &Path, engine: &Engine, keys: &KeyStore, schema: Schema) -> Result<()> {
    let Schema::Older(found) = schema else { return engine.migrate().await };
    let kept = directory.join(BEFORE);
    let folder = kept.join(format!("schema-{found}"));
    tracing::info!(schema = found, backup = %folder.display(), "bringing the records up to date; a backup is made first");
    copies::seal_copy(directory, engine, keys, &folder, copies::Earlier::IsReplaced, told_by_nobody).await?;
    engine.migrate().await?;
    for other in folders(&kept)?.into_iter().filter(|other| *other != folder) {
        fs::remove_dir_all(&other).map_err(|error| copies::unusable(&other, &error))?;
    }
    tracing::info!("the records are up to date");
    Ok(())
}

/// Takes away backups that have been kept for long enough.
pub(super) fn forget_old(directory: &Path) -> Result<()> {
    for folder in folders(&directory.join(BEFORE))? {
        let made = fs::metadata(folder.join(copies::BACKUP)).and_then(|found| found.modified());
        // Without one in it, it was cut off on its way.
        if made.is_ok_and(|made| made.elapsed().is_ok_and(|age| age > KEPT)) {
            fs::remove_dir_all(&folder).map_err(|error| copies::unusable(&folder, &error))?;
        }
    }
    Ok(())
}

fn folders(kept: &Path) -> Result<Vec<PathBuf>> {
    match fs::read_dir(kept) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(vec![]),
        found => found.and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect()).map_err(|error| copies::unusable(kept, &error)),
    }
}

impl Engine {
    pub(super) async fn schema(&self) -> Result<Schema> {
        on_each!(self, db => db.schema(&Engine::migrations()).await)
    }

    async fn migrate(&self) -> Result<()> {
        on_each!(self, db => db.migrate(&Engine::migrations()).await)
    }
}

#[cfg(test)]
mod tests;
