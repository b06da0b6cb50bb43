//! The audit: who did what that must be answered for. Only ever added to, in the same transaction as what it tells of, so that
//! nothing audited happens without its entry. The database refuses to change an entry, or to delete one before its time.

use super::contacts::seconds;
use super::engine::on_each;
use super::sealing::{Key, Place};
use super::{Records, RecordsError, Result};
use sidelight_protocol::audit::{AuditEntry, Audited, MAX_ENTRIES};
use sidelight_room::{Fact, Happened};
use sqlx::SqliteConnection;

const TABLE: &str = "audit";

/// Entries deleted in one transaction. More: everybody else's writing waits for longer. Fewer: it takes more transactions.
const BATCH: i64 = 500;

const NEXT: &str = "UPDATE audit_state SET last = last + 1 WHERE id = 1 RETURNING last";
const INSERT: &str = "INSERT INTO audit (id, at, who, what, contact, person, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const SELECT: &str = "SELECT id, at, who, what, contact, person, sealed FROM audit";

type Row = (i64, i64, Option<String>, String, Option<String>, Option<String>, Option<Vec<u8>>);

/// What is to be written down.
pub(super) struct Entry<'a> {
    pub at: u32,
    /// None: the service did it by itself.
    pub who: Option<&'a str>,
    pub what: Audited,
    pub contact: Option<&'a str>,
    pub about: Option<Reason<'a>>,
}

/// What somebody wrote to it, and the person it is about, under whose key it is sealed.
pub(super) struct Reason<'a> {
    pub person: &'a str,
    pub key: Key,
    pub text: &'a str,
}

/// Which facts of a contact are audited, and whether somebody did it by a press.
pub(super) fn audited(fact: &Fact) -> Option<(Audited, bool)> {
    match &fact.what {
        Happened::Alarm { .. } => Some((Audited::AlarmRaised, true)),
        Happened::HandedOver { by_itself: false } => Some((Audited::AlarmHandedOver, true)),
        Happened::HandedOver { by_itself: true } => Some((Audited::AlarmWentOver, false)),
        Happened::Taken { .. } => Some((Audited::AlarmTaken, true)),
        Happened::EndedQuietly => Some((Audited::EndedQuietly, true)),
        Happened::Handled { .. } => Some((Audited::Handled, true)),
        Happened::Invited
        | Happened::LinkKnown
        | Happened::Opened { .. }
        | Happened::OtherBrowser { .. }
        | Happened::OtherLeft
        | Happened::Moved
        | Happened::Came
        | Happened::Answered { .. }
        | Happened::Chose { .. }
        | Happened::Knocked
        | Happened::AskedAgain
        | Happened::AskedWho
        | Happened::SaidWho { .. }
        | Happened::TookBackWho
        | Happened::WhoUnanswered
        | Happened::Rung
        | Happened::Admitted { .. }
        | Happened::Reconnected { .. }
        | Happened::ItsThem
        | Happened::PutBack
        | Happened::WaitsAgain
        | Happened::Declined { .. }
        | Happened::AtIt
        | Happened::DidNotAttend
        | Happened::Left { .. }
        | Happened::Lost
        | Happened::Back
        | Happened::Revoked
        | Happened::Ended => None,
    }
}

/// Adds an entry within a transaction, and returns its id.
pub(super) async fn add(write: &mut SqliteConnection, entry: &Entry<'_>) -> Result<i64> {
    let Entry { at, who, what, contact, about } = entry;
    let id: i64 = sqlx::query_scalar(NEXT).fetch_one(&mut *write).await?;
    let sealed = match about {
        Some(Reason { person, key, text }) => Some(key.seal(&place(&id.to_string(), person), text.as_bytes())?),
        None => None,
    };
    let query = sqlx::query(INSERT).bind(id).bind(i64::from(*at)).bind(who).bind(stored(*what)?).bind(contact);
    query.bind(about.as_ref().map(|about| about.person)).bind(sealed).execute(&mut *write).await?;
    Ok(id)
}

/// Bound to its entry and its person: moved to another, it doesn't open.
fn place<'a>(id: &'a str, person: &'a str) -> Place<'a> {
    Place { table: TABLE, row: id, contact: person }
}

fn stored(what: Audited) -> Result<String> {
    match serde_json::to_value(what) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        Ok(_) | Err(_) => Err(RecordsError::Damaged),
    }
}

impl Records {
    /// Writes down what a member of staff did outside of any contact. On disk when this returns.
    pub async fn audit(&self, at: u32, who: &str, what: Audited) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            add(&mut write, &Entry { at, who: Some(who), what, contact: None, about: None }).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// The newest entries, or those before this one, newest first, at most [`MAX_ENTRIES`].
    pub async fn audit_entries(&self, before: Option<u32>) -> Result<Vec<AuditEntry>> {
        let sql = format!("{SELECT} WHERE id < $1 ORDER BY id DESC LIMIT $2");
        let before = before.map_or(i64::MAX, i64::from);
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(before).bind(i64::from(MAX_ENTRIES));
            query.fetch_all(db.readers()).await?
        });
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            entries.push(self.open_entry(row).await?);
        }
        Ok(entries)
    }

    async fn open_entry(&self, (id, at, who, what, contact, person, sealed): Row) -> Result<AuditEntry> {
        let reason = match (&person, &sealed) {
            (Some(person), Some(sealed)) => self.reason(id, person, sealed).await?,
            _ => None,
        };
        let what = serde_json::from_value(serde_json::Value::String(what)).map_err(|_| RecordsError::Damaged)?;
        let id = u32::try_from(id).map_err(|_| RecordsError::Damaged)?;
        Ok(AuditEntry { id, at: seconds(at), who, what, contact, person, reason })
    }

    /// None where the key is gone with the person.
    async fn reason(&self, id: i64, person: &str, sealed: &[u8]) -> Result<Option<String>> {
        let key = match self.keys().key(person).await {
            Err(RecordsError::Missing) => return Ok(None),
            key => key?,
        };
        let clear = key.open(&place(&id.to_string(), person), sealed).ok_or(RecordsError::Damaged)?;
        let reason = String::from_utf8(clear.to_vec()).map_err(|_| RecordsError::Damaged)?;
        Ok(Some(reason).filter(|reason| !reason.is_empty()))
    }

    /// For how many days entries are kept: the database refuses to delete younger ones.
    pub async fn keep_audit(&self, days: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE audit_state SET kept_days = $1 WHERE id = 1 AND kept_days <> $1";
            sqlx::query(update).bind(i64::from(days)).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Deletes entries from `then` and before, and returns how many.
    pub async fn forget_audit(&self, then: u32) -> Result<u64> {
        let delete = "DELETE FROM audit WHERE id IN (SELECT a.id FROM audit a WHERE a.at <= $1 ORDER BY a.id LIMIT $2)";
        let mut deleted = 0;
        on_each!(self.engine(), db => {
            loop {
                let mut write = db.write().await?;
                let some = sqlx::query(delete).bind(i64::from(then)).bind(BATCH).execute(&mut *write).await?.rows_affected();
                write.commit().await?;
                deleted += some;
                if some == 0 {
                    break;
                }
            }
        });
        Ok(deleted)
    }
}

#[cfg(test)]
mod tests;
