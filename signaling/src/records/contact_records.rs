//! Records of contacts: what was drafted and what the practitioner wrote, each under a key of its own, since it outlives its contact.
//!
//! A record is made once for a contact, with the first note or when the contact ends, and never again: one that was erased stays erased.

mod releasing;
mod sending;
#[cfg(test)]
mod tests;

pub use releasing::{FetchedCopy, Withdrawn};
pub use sending::{Queued, SentCopy};

use super::contacts::{AT_A_TIME, Contact, MOST_LISTED, seconds};
use super::engine::on_each;
use super::erasure::values;
use super::receipts::{Tally, count};
use super::sealing::{Key, Place};
use super::{Records, RecordsError, Result, new_id};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sidelight_protocol::record::{Draft, ReleasedRecord, SafetyDraft, SaveRecord, SentRecord, UnfinishedRecord, Written};
use sidelight_room::draft::draft;

/// A record as it is kept.
#[derive(Clone)]
pub struct KeptRecord {
    pub id: String,
    pub owner: String,
    pub made: u32,
    pub ended: Option<u32>,
    pub copied: Option<u32>,
    /// The contact's id, from the draft.
    pub contact: Option<String>,
    /// None: the contact isn't over, and it is to be drafted from what is known of it now.
    pub draft: Option<(Draft, SafetyDraft)>,
    pub written: Written,
    pub revision: u32,
    pub sent: Option<SentRecord>,
    pub released: Option<ReleasedRecord>,
}

/// What became of a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Save {
    Kept {
        revision: u32,
    },
    /// A newer one of the same page is kept already.
    Old,
    /// Another page has saved since what this one has seen.
    Changed,
}

/// What is sealed of what was written: with whose save it is, so that an older one is known for what it is.
#[derive(Serialize, Deserialize, Default)]
struct Kept {
    written: Written,
    revision: u32,
    page: String,
    number: u32,
}

/// What is sealed of what was drafted: with the id of the contact, which stands in no column.
#[derive(Serialize, Deserialize)]
struct Drafted {
    contact: String,
    draft: Draft,
    safety: SafetyDraft,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    owner: String,
    made: i64,
    ended: Option<i64>,
    copied: Option<i64>,
    draft: Option<Vec<u8>>,
    written: Option<Vec<u8>>,
    send_state: Option<String>,
    send_at: Option<i64>,
    send_tries: i64,
    sending: Option<Vec<u8>>,
    released: Option<i64>,
    release_sealed: Option<Vec<u8>>,
}

fn draft_place(id: &str) -> Place<'_> {
    Place { table: "contact_records.draft", row: id, contact: id }
}

fn written_place(id: &str) -> Place<'_> {
    Place { table: "contact_records.written", row: id, contact: id }
}

fn seal<T: Serialize>(key: &Key, place: &Place<'_>, value: &T) -> Result<Vec<u8>> {
    let clear = zeroize::Zeroizing::new(serde_json::to_vec(value).map_err(|_| RecordsError::Damaged)?);
    key.seal(place, &clear)
}

fn open<T: DeserializeOwned>(key: &Key, place: &Place<'_>, sealed: &[u8]) -> Result<T> {
    let clear = key.open(place, sealed).ok_or(RecordsError::Damaged)?;
    serde_json::from_slice(&clear).map_err(|_| RecordsError::Damaged)
}

const SELECT: &str = "SELECT id, owner, made, ended, copied, draft, written, send_state, send_at, send_tries, sending, released, release_sealed \
    FROM contact_records";

impl Records {
    /// None where there is none, or where its key is gone: that is the same.
    pub async fn record_of(&self, contact: &str) -> Result<Option<KeptRecord>> {
        let sql = format!("{SELECT} WHERE contact = $1");
        let found: Option<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(self.record_name(contact)).fetch_optional(db.readers()).await?
        });
        match found {
            Some(found) => self.open_record(found).await,
            None => Ok(None),
        }
    }

    /// The same by the record's own id.
    pub(super) async fn record(&self, id: &str) -> Result<Option<KeptRecord>> {
        let sql = format!("{SELECT} WHERE id = $1");
        let found: Option<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.readers()).await?
        });
        match found {
            Some(found) => self.open_record(found).await,
            None => Ok(None),
        }
    }

    /// What can be said of a contact by what is written down of it now.
    pub async fn draft_of(&self, contact: &Contact) -> Result<(Draft, SafetyDraft)> {
        Ok(draft(&contact.details, &self.facts(&contact.id).await?))
    }

    /// Contacts of this practitioner that are over and whose record isn't copied yet, the latest first, at most [`MOST_LISTED`].
    pub async fn records_to_write_up(&self, owner: &str) -> Result<Vec<UnfinishedRecord>> {
        let sql = format!("{SELECT} WHERE owner = $1 AND copied IS NULL AND ended IS NOT NULL ORDER BY ended DESC, id LIMIT $2");
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(owner).bind(MOST_LISTED).fetch_all(db.readers()).await?
        });
        let mut unfinished = Vec::with_capacity(rows.len());
        for found in rows {
            let Some(kept) = self.open_record(found).await? else { continue };
            let (Some((draft, _)), Some(contact), Some(ended)) = (kept.draft, kept.contact, kept.ended) else { continue };
            let Draft { reference, starts_at, outcome, .. } = draft;
            unfinished.push(UnfinishedRecord { contact, reference, starts_at, ended, outcome });
        }
        Ok(unfinished)
    }

    /// Keeps what was written, on disk when this returns; `contact`: whose record is made where there is none yet. `Missing` where it was
    /// erased, or where there is neither.
    pub async fn save_record(&self, id: &str, contact: Option<&Contact>, save: &SaveRecord, now: u32) -> Result<Save> {
        let (id, key) = self.record_key(id, contact, now).await?;
        on_each!(self.engine(), db => {
            // Read where it is written, so that two saves at once can't both be the next.
            let mut write = db.write().await?;
            let select = "SELECT written FROM contact_records WHERE id = $1";
            let sealed: Option<Option<Vec<u8>>> = sqlx::query_scalar(select).bind(&id).fetch_optional(&mut *write).await?;
            let kept: Kept = match sealed.ok_or(RecordsError::Missing)? {
                Some(sealed) => open(&key, &written_place(&id), &sealed)?,
                None => Kept::default(),
            };
            if kept.page == save.page {
                if save.number <= kept.number {
                    return Ok(Save::Old);
                }
            } else if save.base != kept.revision {
                return Ok(Save::Changed);
            }
            let revision = kept.revision.saturating_add(1);
            let next = Kept { written: save.written.clone(), revision, page: save.page.clone(), number: save.number };
            let sealed = seal(&key, &written_place(&id), &next)?;
            sqlx::query("UPDATE contact_records SET written = $2 WHERE id = $1").bind(&id).bind(sealed).execute(&mut *write).await?;
            write.commit().await?;
            Ok(Save::Kept { revision })
        })
    }

    /// Drafts the record of a contact that is over from what is written down of it, unless it is drafted from all of that already. Fine where
    /// the contact isn't over or isn't there, and where its record was erased.
    pub async fn keep_draft(&self, contact: &str, now: u32) -> Result<()> {
        let select = "SELECT c.ended, c.recorded, (SELECT r.drafted FROM contact_records r WHERE r.contact = $2), \
            (SELECT CAST(COUNT(*) AS BIGINT) FROM facts f WHERE f.contact = c.id) FROM contacts c WHERE c.id = $1";
        let found: Option<(Option<i64>, Option<i64>, Option<i64>, i64)> = on_each!(self.engine(), db => {
            sqlx::query_as(select).bind(contact).bind(self.record_name(contact)).fetch_optional(db.readers()).await?
        });
        let Some((Some(ended), recorded, drafted, _)) = found.filter(|(_, recorded, drafted, facts)| match drafted {
            Some(drafted) => drafted < facts,
            None => recorded.is_none(),
        }) else {
            return Ok(());
        };
        let Some(contact) = self.contact(contact).await? else { return Ok(()) };
        let facts = self.facts(&contact.id).await?;
        let (id, key) = match self.record_key(&contact.id, Some(&contact), now).await {
            // Erased meanwhile.
            Err(RecordsError::Missing) if recorded.is_some() || drafted.is_some() => return Ok(()),
            made => made?,
        };
        let (drafted, safety) = draft(&contact.details, &facts);
        let sealed = seal(&key, &draft_place(&id), &Drafted { contact: contact.id.clone(), draft: drafted, safety })?;
        let count = i64::try_from(facts.len()).unwrap_or(i64::MAX);
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            // Two at once: the one that knows more stays.
            let update = "UPDATE contact_records SET draft = $2, drafted = $3, ended = $4, owner = $5, about = $6, starts_at = $7 \
                WHERE id = $1 AND drafted < $3";
            let query = sqlx::query(update).bind(&id).bind(sealed).bind(count).bind(ended).bind(&contact.owner);
            query.bind(&contact.details.about).bind(i64::from(contact.details.starts_at)).execute(&mut *write).await?;
            let drafted = sqlx::query("UPDATE contacts SET drafted = $2 WHERE id = $1").bind(&contact.id).bind(i64::from(now));
            drafted.execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// A record of this contact was made, whether it is there still or not. A contact that isn't there never had one.
    pub async fn had_record(&self, contact: &str) -> Result<bool> {
        let select = "SELECT recorded FROM contacts WHERE id = $1";
        let recorded: Option<Option<i64>> = on_each!(self.engine(), db => {
            sqlx::query_scalar(select).bind(contact).fetch_optional(db.readers()).await?
        });
        Ok(recorded.flatten().is_some())
    }

    /// Contacts that are over and were never drafted, as after a kill in that moment; at most [`AT_A_TIME`].
    pub async fn ended_without_record(&self) -> Result<Vec<String>> {
        let select = "SELECT id FROM contacts WHERE ended IS NOT NULL AND drafted IS NULL ORDER BY ended, id LIMIT $1";
        let most = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
        Ok(on_each!(self.engine(), db => sqlx::query_scalar(select).bind(most).fetch_all(db.readers()).await?))
    }

    /// "Copied into the case record", or, by None, not after all. The first time counts. When it was. `Missing` where there is no record.
    pub async fn record_copied(&self, contact: &str, at: Option<u32>) -> Result<Option<u32>> {
        let name = self.record_name(contact);
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE contact_records SET copied = CASE WHEN $2 IS NULL THEN NULL ELSE COALESCE(copied, $2) END WHERE contact = $1";
            sqlx::query(update).bind(&name).bind(at.map(i64::from)).execute(&mut *write).await?;
            let select = "SELECT copied FROM contact_records WHERE contact = $1";
            let copied: Option<Option<i64>> = sqlx::query_scalar(select).bind(&name).fetch_optional(&mut *write).await?;
            write.commit().await?;
            Ok(copied.ok_or(RecordsError::Missing)?.map(seconds))
        })
    }

    /// Records to be erased now: copied so many seconds ago, or of a contact that ended so many ago; and those of contacts that never
    /// ended though they began so long ago, which aren't there any more, since each ends by itself. At most `limit`, in the order in
    /// which their time was over, each with whether it was copied. Nothing that is held.
    pub async fn records_over(&self, now: u32, copied_period: u32, made_period: u32, limit: usize) -> Result<Vec<(String, bool)>> {
        let then = |period: u32| i64::from(now) - i64::from(period);
        let held: Vec<String> = self.held_subjects(now).await?.iter().map(|subject| self.record_name(subject)).collect();
        let of_held = if held.is_empty() { String::new() } else { format!("AND contact NOT IN ({})", values(5, held.len())) };
        let select = format!(
            "SELECT id, CAST(CASE WHEN copied IS NULL THEN 0 ELSE 1 END AS BIGINT) FROM contact_records \
             WHERE (copied <= $1 OR ended <= $2 OR (ended IS NULL AND made <= $2 AND starts_at <= $2)) \
             AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.ends > $3 AND h.subject = contact_records.about) {of_held} \
             ORDER BY COALESCE(copied, ended, made), id LIMIT $4"
        );
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows: Vec<(String, i64)> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(then(copied_period)).bind(then(made_period));
            let mut query = query.bind(i64::from(now)).bind(most);
            for name in held {
                query = query.bind(name);
            }
            query.fetch_all(db.readers()).await?
        });
        Ok(rows.into_iter().map(|(id, copied)| (id, copied != 0)).collect())
    }

    /// Erases a record: the key first, so that nobody can read what may be left of the row; and what was typed in the same contact, which is
    /// counted as `typed`. Fine if there is nothing.
    pub async fn erase_record(&self, id: &str, tally: Option<Tally>, typed: Option<Tally>) -> Result<()> {
        if let Some(transcript) = self.transcript_beside(id).await? {
            self.erase_transcript(&transcript, typed).await?;
        }
        self.keys().forget(&[id.to_owned()]).await?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let gone = sqlx::query("DELETE FROM contact_records WHERE id = $1").bind(id).execute(&mut *write).await?;
            count(&mut write, tally, gone.rows_affected()).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// The record of a contact, by the contact's id, with its key: the one that there is, or else a new one, whose key is on disk before
    /// anything is sealed under it.
    async fn record_key(&self, contact: &str, make: Option<&Contact>, now: u32) -> Result<(String, Key)> {
        let select = "SELECT id FROM contact_records WHERE contact = $1";
        let name = self.record_name(contact);
        let found: Option<String> = on_each!(self.engine(), db => {
            sqlx::query_scalar(select).bind(&name).fetch_optional(db.readers()).await?
        });
        if let Some(id) = found {
            let key = self.keys().key(&id).await?;
            return Ok((id, key));
        }
        let make = make.ok_or(RecordsError::Missing)?;
        let id = new_id()?;
        let key = self.keys().make(&id).await?;
        if self.insert_record(&id, make, now).await? {
            return Ok((id, key));
        }
        // There was one before, or there is another now.
        self.keys().forget(&[id]).await?;
        let found: Option<String> = on_each!(self.engine(), db => {
            sqlx::query_scalar(select).bind(&name).fetch_optional(db.readers()).await?
        });
        let id = found.ok_or(RecordsError::Missing)?;
        let key = self.keys().key(&id).await?;
        Ok((id, key))
    }

    /// What a contact's record is found by.
    pub(super) fn record_name(&self, contact: &str) -> String {
        self.keys().service().name_of_record(contact)
    }

    /// False: this contact has or had one.
    async fn insert_record(&self, id: &str, contact: &Contact, now: u32) -> Result<bool> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let first = "UPDATE contacts SET recorded = $2 WHERE id = $1 AND recorded IS NULL";
            let first = sqlx::query(first).bind(&contact.id).bind(i64::from(now)).execute(&mut *write).await?;
            if first.rows_affected() == 0 {
                return Ok(false);
            }
            let insert = "INSERT INTO contact_records (id, owner, contact, about, starts_at, made) VALUES ($1, $2, $3, $4, $5, $6)";
            let query = sqlx::query(insert).bind(id).bind(&contact.owner).bind(self.record_name(&contact.id)).bind(&contact.details.about);
            query.bind(i64::from(contact.details.starts_at)).bind(i64::from(now)).execute(&mut *write).await?;
            write.commit().await?;
            Ok(true)
        })
    }

    async fn open_record(&self, row: Row) -> Result<Option<KeptRecord>> {
        let Row { id, owner, made, ended, copied, draft, written, send_state, send_at, send_tries, sending, released, release_sealed } =
            row;
        let key = match self.keys().key(&id).await {
            Err(RecordsError::Missing) => return Ok(None),
            key => key?,
        };
        let drafted: Option<Drafted> = draft.map(|sealed| open(&key, &draft_place(&id), &sealed)).transpose()?;
        let (contact, draft) = drafted.map(|Drafted { contact, draft, safety }| (contact, (draft, safety))).unzip();
        let kept: Kept = written.map(|sealed| open(&key, &written_place(&id), &sealed)).transpose()?.unwrap_or_default();
        let sent = sending::sent(&key, &id, send_state.zip(send_at), send_tries, sending.as_deref())?;
        let released = releasing::released(&key, &id, released, release_sealed.as_deref())?;
        let (made, ended, copied) = (seconds(made), ended.map(seconds), copied.map(seconds));
        Ok(Some(KeptRecord {
            id,
            owner,
            contact,
            made,
            ended,
            copied,
            draft,
            written: kept.written,
            revision: kept.revision,
            sent,
            released,
        }))
    }
}
