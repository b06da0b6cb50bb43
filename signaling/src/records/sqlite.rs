//! A SQLite database: one writer that begins every transaction as a writer, and a pool that can only read.
//!
//! A transaction that begins as a reader and then writes fails under contention, however long it would wait; so nobody but
//! the writer gets a connection that can write.

use super::{RecordsError, Result};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Transaction};
use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

/// How long a writer waits for another process's write (`staff add` beside the service). Longer: a stuck process holds a
/// request up. Shorter: a slow disk refuses what would have worked.
const BUSY: Duration = Duration::from_secs(5);

/// Connections that read. More: memory; fewer: a slow list holds up a redeem.
const READERS: u32 = 4;

pub(super) struct Sqlite {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Sqlite {
    pub async fn open(file: &Path) -> Result<Sqlite> {
        private_file(file)?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(false)
            .busy_timeout(BUSY)
            // Statements carry nothing but placeholders; still, what is never logged can't leak.
            .disable_statement_logging();
        let writing = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            // A commit is on disk before anybody is told of it.
            .synchronous(SqliteSynchronous::Full)
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .pragma("secure_delete", "ON")
            .foreign_keys(true);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(BUSY)
            .connect_with(writing)
            .await?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).acquire_timeout(BUSY).connect_lazy_with(options.read_only(true));
        Ok(Sqlite { writer, readers })
    }

    pub async fn migrate(&self, migrations: &Migrator) -> Result<()> {
        migrations.run(&self.writer).await.map_err(|error| RecordsError::Unusable(error.to_string()))
    }

    pub fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// The one transaction that may write now.
    pub async fn write(&self) -> Result<Transaction<'static, sqlx::Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    pub async fn close(&self) {
        self.readers.close().await;
        // What couldn't be merged now is merged at the next start.
        let _merged = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await;
        self.writer.close().await;
    }
}

fn unusable(path: &Path, error: &io::Error) -> RecordsError {
    RecordsError::Unusable(format!("{}: {error}", path.display()))
}

/// Makes the folder for its owner alone, and takes others' rights away from one that exists.
pub(super) fn private_directory(path: &Path) -> Result<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.and_then(|()| fs::set_permissions(path, Permissions::from_mode(0o700))).map_err(|error| unusable(path, &error))
}

/// Makes the file for its owner alone before SQLite does: the files it puts beside it get the same mode.
fn private_file(path: &Path) -> Result<()> {
    let opened = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    opened.and_then(|file| file.set_permissions(Permissions::from_mode(0o600))).map_err(|error| unusable(path, &error))
}
