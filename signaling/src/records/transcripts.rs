//! What was typed in contacts, where everybody agreed that it is kept: each under a key of its own, so that it goes before its contact's
//! record does. What was agreed is kept in it, since the facts of a contact are gone long before.

use super::audit::{Entry, add};
use super::contacts::{Contact, seconds};
use super::engine::on_each;
use super::erasure::values;
use super::receipts::{Tally, count};
use super::sealing::{Key, Place};
use super::{Records, RecordsError, Result, new_id};
use serde::{Deserialize, Serialize};
use sidelight_protocol::audit::Audited;
use sidelight_protocol::transcript::Typed;
use sqlx::AssertSqlSafe;
use std::sync::atomic::Ordering;

/// Whose contact is held, or whose person is ($1: now). Held contacts are looked for by their names.
const HELD: &str = "EXISTS (SELECT 1 FROM holds h WHERE h.ends > $1 AND (h.subject = transcripts.about OR h.subject = \
    (SELECT r.about FROM contact_records r WHERE r.contact = transcripts.contact)))";

/// Those of a person ($1): also where the contact became theirs later.
pub(super) const OF_PERSON: &str =
    "SELECT id FROM transcripts WHERE about = $1 OR contact IN (SELECT r.contact FROM contact_records r WHERE r.about = $1)";

/// One as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptTranscript {
    pub id: String,
    pub made: u32,
    pub typed: Typed,
}

/// What is sealed of it: with the id of the contact, which stands in no column.
#[derive(Serialize, Deserialize)]
struct Sealed {
    contact: String,
    typed: Typed,
}

type Row = (String, i64, Vec<u8>);

fn place(id: &str) -> Place<'_> {
    Place { table: "transcripts.sealed", row: id, contact: id }
}

impl Records {
    /// None where there is none, or where its key is gone: that is the same.
    pub async fn transcript_of(&self, contact: &str) -> Result<Option<KeptTranscript>> {
        let select = "SELECT id, made, sealed FROM transcripts WHERE contact = $1";
        let row: Option<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(select).bind(self.record_name(contact)).fetch_optional(db.readers()).await?
        });
        match row {
            Some(row) => self.open_transcript(row).await,
            None => Ok(None),
        }
    }

    pub(super) async fn transcript(&self, id: &str) -> Result<Option<KeptTranscript>> {
        let select = "SELECT id, made, sealed FROM transcripts WHERE id = $1";
        let row: Option<Row> = on_each!(self.engine(), db => sqlx::query_as(select).bind(id).fetch_optional(db.readers()).await?);
        match row {
            Some(row) => self.open_transcript(row).await,
            None => Ok(None),
        }
    }

    async fn open_transcript(&self, (id, made, sealed): Row) -> Result<Option<KeptTranscript>> {
        let key = match self.keys().key(&id).await {
            Err(RecordsError::Missing) => return Ok(None),
            key => key?,
        };
        let clear = key.open(&place(&id), &sealed).ok_or(RecordsError::Damaged)?;
        let Sealed { typed, .. } = serde_json::from_slice(&clear).map_err(|_| RecordsError::Damaged)?;
        Ok(Some(KeptTranscript { id, made: seconds(made), typed }))
    }

    /// Keeps it, on disk when this returns. `Taken` where there is one: what everybody agreed to isn't changed.
    pub async fn keep_transcript(&self, contact: &Contact, typed: Typed, who: &str, now: u32) -> Result<()> {
        let id = new_id()?;
        let key = self.keys().make(&id).await?;
        let kept = self.insert_transcript(&id, &key, contact, typed, who, now).await;
        if kept.is_err() {
            self.keys().forget(&[id]).await?;
        }
        kept
    }

    async fn insert_transcript(&self, id: &str, key: &Key, contact: &Contact, typed: Typed, who: &str, now: u32) -> Result<()> {
        let sealed = Sealed { contact: contact.id.clone(), typed };
        let clear = zeroize::Zeroizing::new(serde_json::to_vec(&sealed).map_err(|_| RecordsError::Damaged)?);
        let sealed = key.seal(&place(id), &clear)?;
        let name = self.keys().key(&contact.id).await?.name_in_audit(&contact.id);
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let insert = "INSERT INTO transcripts (id, contact, about, made, sealed) VALUES ($1, $2, $3, $4, $5)";
            let query = sqlx::query(insert).bind(id).bind(self.record_name(&contact.id)).bind(&contact.details.about);
            query.bind(i64::from(now)).bind(sealed).execute(&mut *write).await?;
            add(&mut write, Entry { at: now, who: Some(who), what: Audited::TranscriptKept, contact: Some(name), about: None }).await?;
            write.commit().await?;
            Ok(())
        })
    }

    /// Deletes that of a contact, by its practitioner. `Missing` where there is none; `Taken` where it is held.
    pub async fn delete_transcript(&self, contact: &str, who: &str, now: u32) -> Result<()> {
        // Nobody begins to hold it between the look and the deed.
        let alone = self.inner.erasing.lock().await;
        let kept = self.transcript_of(contact).await?.ok_or(RecordsError::Missing)?;
        if self.transcript_held(&kept.id, contact, now).await? {
            return Err(RecordsError::Taken);
        }
        // By the name of the contact's key, or by that of its own where the contact is gone.
        let named = match self.keys().key(contact).await {
            Err(RecordsError::Missing) => self.keys().key(&kept.id).await?.name_in_audit(&kept.id),
            key => key?.name_in_audit(contact),
        };
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            add(&mut write, Entry { at: now, who: Some(who), what: Audited::TranscriptDeleted, contact: Some(named), about: None }).await?;
            write.commit().await?;
        });
        self.inner.unwiped.store(true, Ordering::SeqCst);
        self.erase_transcript(&kept.id, None).await?;
        drop(alone);
        Ok(())
    }

    async fn transcript_held(&self, id: &str, contact: &str, now: u32) -> Result<bool> {
        let select = format!(
            "SELECT CAST(COUNT(*) AS BIGINT) FROM transcripts WHERE id = $2 AND \
             ({HELD} OR EXISTS (SELECT 1 FROM holds c WHERE c.ends > $1 AND c.subject = $3))"
        );
        let held: i64 = on_each!(self.engine(), db => {
            sqlx::query_scalar(AssertSqlSafe(select)).bind(i64::from(now)).bind(id).bind(contact).fetch_one(db.readers()).await?
        });
        Ok(held > 0)
    }

    /// Those to be erased now: made by `then`, the oldest first, at most `limit`. Nothing that is held.
    pub async fn transcripts_over(&self, then: u32, now: u32, limit: usize) -> Result<Vec<String>> {
        let held: Vec<String> = self.held_subjects(now).await?.iter().map(|subject| self.record_name(subject)).collect();
        let of_held = if held.is_empty() { String::new() } else { format!("AND contact NOT IN ({})", values(4, held.len())) };
        let select = format!("SELECT id FROM transcripts WHERE made <= $2 AND NOT {HELD} {of_held} ORDER BY made, id LIMIT $3");
        Ok(on_each!(self.engine(), db => {
            let query = sqlx::query_scalar(AssertSqlSafe(select)).bind(i64::from(now)).bind(i64::from(then));
            let mut query = query.bind(i64::try_from(limit).unwrap_or(i64::MAX));
            for name in held {
                query = query.bind(name);
            }
            query.fetch_all(db.readers()).await?
        }))
    }

    /// Erases one: the key first, so that nobody can read what may be left of the row. Fine if there is nothing.
    pub async fn erase_transcript(&self, id: &str, tally: Option<Tally>) -> Result<()> {
        self.keys().forget(&[id.to_owned()]).await?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let gone = sqlx::query("DELETE FROM transcripts WHERE id = $1").bind(id).execute(&mut *write).await?;
            count(&mut write, tally, gone.rows_affected()).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// That of the same contact as a record, by the record's own id: it never outlives it.
    pub(super) async fn transcript_beside(&self, record: &str) -> Result<Option<String>> {
        let select = "SELECT t.id FROM transcripts t JOIN contact_records r ON r.contact = t.contact WHERE r.id = $1";
        Ok(on_each!(self.engine(), db => sqlx::query_scalar(select).bind(record).fetch_optional(db.readers()).await?))
    }
}

#[cfg(test)]
mod tests;
