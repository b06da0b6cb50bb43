//! A SQLite database: one writer that begins every transaction as a writer, and a pool that can only read.
//!
//! A transaction that begins as a reader and then writes fails under contention, however long it would wait; so nobody but
//! the writer gets a connection that can write.

use super::upgrade::Schema;
use super::{Pace, RecordsError, Result};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection, Transaction};
use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a writer waits for another process's write (`staff add` beside the service). Longer: a stuck process holds a
/// request up. Shorter: a slow disk refuses what would have worked.
const BUSY: Duration = Duration::from_secs(5);

/// Connections that read. More: memory; fewer: a slow list holds up a redeem.
const READERS: u32 = 4;

/// How long a wiping waits for readers at a time, with everybody's writing held up meanwhile; how often it is tried, and how
/// long it leaves the others alone in between. More: it holds them up; less: a busy hour leaves it undone until the next time.
const WIPE_BUSY: Duration = Duration::from_millis(200);
const WIPE_TRIES: u32 = 12;
const WIPE_PAUSE: Duration = Duration::from_millis(300);

/// Free pages given back at one go, 4 KB each, with writers held up meanwhile: as the time allows.
const GIVEN_BACK: Pace = Pace::new(32, 1000);

/// Goes after each of which the write-ahead log is put in order.
const SETTLES: u32 = 4;

/// Such goes in one wiping, so that it has an end whatever others do meanwhile.
const GOES: u32 = 20_000;

pub(super) struct Sqlite {
    writer: SqlitePool,
    readers: SqlitePool,
    /// Puts the write-ahead log in order beside the others.
    settling: SqlitePool,
    /// For connections that clean up beside the others.
    cleaning: SqliteConnectOptions,
    /// For one that copies: it sets nothing, since setting how files are vacuumed writes to them.
    copying: SqliteConnectOptions,
}

impl Sqlite {
    pub async fn open(file: &Path) -> Result<Sqlite> {
        private_file(file)?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(false)
            .busy_timeout(BUSY)
            // Or sorting and VACUUM put copies of rows into files elsewhere.
            .pragma("temp_store", "MEMORY")
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
        let copying = options.clone();
        let cleaning = writing.clone().busy_timeout(WIPE_BUSY);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(BUSY)
            .connect_with(writing)
            .await?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).acquire_timeout(BUSY).connect_lazy_with(options.read_only(true));
        let settling = SqlitePoolOptions::new().max_connections(1).acquire_timeout(BUSY).connect_lazy_with(cleaning.clone());
        Ok(Sqlite { writer, readers, settling, cleaning, copying })
    }

    pub async fn migrate(&self, migrations: &Migrator) -> Result<()> {
        migrations.run(&self.writer).await.map_err(|error| RecordsError::Unusable(error.to_string()))
    }

    /// What it is to a version that has these migrations.
    pub async fn schema(&self, migrations: &Migrator) -> Result<Schema> {
        // Not by a reader: an empty file can't be opened for reading alone in this mode.
        let mut connection = self.writer.acquire().await?;
        let table = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
        let begun: i64 = sqlx::query_scalar(table).fetch_one(&mut *connection).await?;
        let found: Option<i64> = if begun == 0 {
            None
        } else {
            sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(&mut *connection).await?
        };
        Ok(Schema::of(found, migrations.iter().map(|migration| migration.version).max().unwrap_or(0)))
    }

    pub fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// The one transaction that may write now.
    pub async fn write(&self) -> Result<Transaction<'static, sqlx::Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Writes the whole database anew, without what was deleted from it: for a small one. False as with [`Sqlite::merged`].
    pub async fn rewrite(&self) -> Result<bool> {
        let mut connection = self.cleaning.connect().await?;
        let mut rewritten = false;
        for attempt in 0..WIPE_TRIES {
            if attempt > 0 {
                tokio::time::sleep(WIPE_PAUSE).await;
            }
            match sqlx::query("VACUUM").execute(&mut connection).await {
                Ok(_) => {
                    rewritten = true;
                    break;
                }
                Err(error) if is_busy(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let merged = Sqlite::merged(&mut connection).await?;
        connection.close().await?;
        Ok(rewritten && merged)
    }

    /// A copy of what is there now, in a file of its owner alone that must be new; complete and on disk when this returns. Nobody is
    /// held up by it, and what was deleted isn't in it, nor in free pages of it.
    pub async fn copy_into(&self, file: &Path) -> Result<()> {
        let named = file.to_str().ok_or_else(|| RecordsError::Unusable(format!("{}: not a name in UTF-8", file.display())))?;
        // SQLite fills an empty file, and would make one that others can read.
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
        let made = made.map_err(|error| unusable(file, &error))?;
        let mut connection = self.copying.connect().await?;
        sqlx::query("VACUUM INTO $1").bind(named).execute(&mut connection).await?;
        connection.close().await?;
        // It doesn't do that by itself.
        wait_for(move || made.sync_all()).await.map_err(|error| unusable(file, &error))
    }

    /// Gives free pages back, a few at a time, each in its turn among those who write: for a large database, where writing it anew would
    /// hold everybody up. False as with [`Sqlite::merged`].
    pub async fn shrink(&self) -> Result<bool> {
        let (mut before, mut pace) = (i64::MAX, GIVEN_BACK);
        for go in 1..=GOES {
            let mut writer = self.writer.acquire().await?;
            let free: i64 = sqlx::query_scalar("PRAGMA freelist_count").fetch_one(&mut *writer).await?;
            if free == 0 || free >= before {
                break;
            }
            before = free;
            let begun = Instant::now();
            // One page is given back each time that it is stepped: all must be fetched.
            let some = format!("PRAGMA incremental_vacuum({})", pace.size());
            match sqlx::query(sqlx::AssertSqlSafe(some)).fetch_all(&mut *writer).await {
                Ok(_) => {}
                // The next time will do: free pages are overwritten already.
                Err(error) if is_busy(&error) => break,
                Err(error) => return Err(error.into()),
            }
            drop(writer);
            let took = begun.elapsed();
            pace.took(took);
            // Whatever else there is to do on the disk has its turn too.
            tokio::time::sleep(took).await;
            if go % SETTLES == 0 {
                self.settle().await?;
            }
        }
        self.settle().await?;
        let mut connection = self.cleaning.connect().await?;
        let merged = Sqlite::merged(&mut connection).await?;
        connection.close().await?;
        Ok(merged)
    }

    /// Moves what the write-ahead log holds into the database, as far as no reader is in the way, while others go on writing. Where
    /// nobody did that, whoever writes next would have to when the log has grown long, and would wait for it.
    pub async fn settle(&self) -> Result<()> {
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").fetch_all(&self.settling).await?;
        Ok(())
    }

    /// Merges the write-ahead log into the database and empties it: until then it holds pages as they were before. Somebody who
    /// reads an old state makes that impossible for a while, which SQLite tells in a row and not as an error. False: for too long.
    async fn merged(connection: &mut SqliteConnection) -> Result<bool> {
        for attempt in 0..WIPE_TRIES {
            if attempt > 0 {
                tokio::time::sleep(WIPE_PAUSE).await;
            }
            let checkpoint = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await;
            match checkpoint {
                Ok((0_i64, _, _)) => return Ok(true),
                Ok::<(i64, i64, i64), _>(_) => {}
                Err(error) if is_busy(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(false)
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.settling.close().await;
        // What couldn't be merged now is merged at the next start.
        let _merged = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await;
        self.writer.close().await;
    }
}

/// Does what a slow disk may hold up on a thread where nobody else waits.
pub(super) async fn wait_for<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other).flatten()
}

/// Somebody else holds what was needed (SQLITE_BUSY, SQLITE_LOCKED, whatever their closer reasons).
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()).and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| matches!(code & 0xff, 5 | 6))
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
