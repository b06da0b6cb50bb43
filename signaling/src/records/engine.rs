//! The engines that can hold the records. One SQL text serves all: numbered placeholders, BIGINT for every number, no NULL
//! read into a plain number (SQLite would make it 0 without a word).

use super::{Result, sqlite::Sqlite};
use sqlx::migrate::Migrator;
use std::path::Path;

pub(super) enum Engine {
    Sqlite(Sqlite),
}

/// Runs the same body on whichever engine there is: it is compiled once for each.
macro_rules! on_each {
    ($engine:expr, $db:ident => $body:expr) => {
        match $engine {
            $crate::records::engine::Engine::Sqlite($db) => $body,
        }
    };
}
pub(super) use on_each;

impl Engine {
    /// As it is: it may be of an earlier version, or empty ([`super::upgrade`]).
    pub async fn open(directory: &Path) -> Result<Engine> {
        Ok(Engine::Sqlite(Sqlite::open(&directory.join("records.db")).await?))
    }

    pub fn migrations() -> Migrator {
        sqlx::migrate!("./migrations/records")
    }

    pub async fn close(&self) {
        on_each!(self, db => db.close().await)
    }
}
