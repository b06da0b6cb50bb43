//! Whether the audit in a file of records is whole. The file is only read, so that it may be a backup, or in use.

use super::super::{RecordsError, Result};
use super::chain::{Anchor, Fault, Stored, Walk};
use super::head::{Head, PublicKey, Signed};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::path::Path;

/// Entries read at a time.
const AT_ONCE: i64 = 1000;

/// What was found whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// The last entry that a checkpoint stands for; 0: none.
    pub checkpoint: u32,
    pub last: u32,
    pub entries: usize,
    /// Heads of the anchor that it was compared with.
    pub anchored: usize,
}

type Row = (i64, i64, Option<String>, String, Option<String>, Option<String>, Option<Vec<u8>>, Vec<u8>, Vec<u8>);
type CheckpointRow = (i64, i64, Vec<u8>, Vec<u8>, Vec<u8>);

/// Goes along the audit in this file. `trusted`: the keys that may have signed; `anchor`: what was sent out of it, as it was kept there.
pub async fn verify(file: &Path, trusted: &[PublicKey], anchor: Option<&str>) -> Result<std::result::Result<Whole, Fault>> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).disable_statement_logging();
    let mut connection = options.connect().await?;
    let found = walk(&mut connection, trusted, anchor).await;
    connection.close().await?;
    found
}

async fn walk(connection: &mut SqliteConnection, trusted: &[PublicKey], anchor: Option<&str>) -> Result<std::result::Result<Whole, Fault>> {
    // One state of the file, whatever is written meanwhile.
    let mut read = connection.begin().await?;
    let state = "SELECT node, head FROM audit_state WHERE id = 1";
    let (node, head): (Option<String>, Option<Vec<u8>>) = sqlx::query_as(state).fetch_one(&mut *read).await?;
    let (Some(node), Some(head)) = (node, head) else {
        return Err(RecordsError::Unusable("the audit has no chain yet: start the service once".into()));
    };
    let anchor = match anchor.map(|text| Anchor::read(text, &node, trusted)) {
        None => Anchor::default(),
        Some(Ok(anchor)) => anchor,
        Some(Err(fault)) => return Ok(Err(fault)),
    };
    let checkpoint = checkpoint(&mut read, &node).await?;
    let mut walk = match Walk::begin(&node, checkpoint.as_ref(), &anchor, trusted) {
        Ok(walk) => walk,
        Err(fault) => return Ok(Err(fault)),
    };
    let checkpoint = checkpoint.map_or(0, |signed| signed.head.last);
    let (mut after, mut entries) = (i64::MIN, 0);
    loop {
        let some = "SELECT id, at, who, what, contact, person, sealed, previous, hash FROM audit WHERE id > $1 ORDER BY id LIMIT $2";
        let rows: Vec<Row> = sqlx::query_as(some).bind(after).bind(AT_ONCE).fetch_all(&mut *read).await?;
        let Some(last) = rows.last() else { break };
        after = last.0;
        for row in rows {
            if let Err(fault) = walk.follow(&stored(row)?) {
                return Ok(Err(fault));
            }
            entries += 1;
        }
    }
    Ok(walk.end(&head).map(|last| Whole { checkpoint, last, entries, anchored: anchor.len() }))
}

/// Whether the entries up to this one are whole, from the beginning or the checkpoint on: before something stands in their place.
pub(super) async fn begins_whole(
    read: &mut SqliteConnection,
    node: &str,
    upto: u32,
    own: PublicKey,
) -> Result<std::result::Result<(), Fault>> {
    let (anchor, checkpoint) = (Anchor::default(), checkpoint(read, node).await?);
    let mut walk = match Walk::begin(node, checkpoint.as_ref(), &anchor, &[own]) {
        Ok(walk) => walk,
        Err(fault) => return Ok(Err(fault)),
    };
    let some = "SELECT id, at, who, what, contact, person, sealed, previous, hash FROM audit WHERE id <= $1 ORDER BY id";
    let rows: Vec<Row> = sqlx::query_as(some).bind(i64::from(upto)).fetch_all(read).await?;
    for row in rows {
        if let Err(fault) = walk.follow(&stored(row)?) {
            return Ok(Err(fault));
        }
    }
    Ok(Ok(()))
}

pub(super) async fn checkpoint(read: &mut SqliteConnection, node: &str) -> Result<Option<Signed>> {
    let select = "SELECT last, at, hash, key, signature FROM audit_checkpoint WHERE id = 1";
    let row: Option<CheckpointRow> = sqlx::query_as(select).fetch_optional(&mut *read).await?;
    let Some((last, at, hash, key, signature)) = row else { return Ok(None) };
    let number = |number: i64| u32::try_from(number).map_err(|_| RecordsError::Damaged);
    let head =
        Head { node: node.to_owned(), last: number(last)?, at: number(at)?, hash: hash.try_into().map_err(|_| RecordsError::Damaged)? };
    Ok(Some(Signed { head, key: PublicKey::from_bytes(&key).ok_or(RecordsError::Damaged)?, signature }))
}

fn stored((id, at, who, what, contact, person, sealed, previous, hash): Row) -> Result<Stored> {
    let id = u32::try_from(id).map_err(|_| RecordsError::Damaged)?;
    Ok(Stored { id, at, who, what, contact, person, sealed, previous, hash })
}
