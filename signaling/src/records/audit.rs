//! The audit: who did what that must be answered for. Only ever added to, in the same transaction as what it tells of, so that
//! nothing audited happens without its entry. The database refuses to change an entry, or to delete one before its time; and where
//! somebody has made it do so all the same, the chain of hashes ([`chain`]) shows it.

mod beginning;
mod chain;
mod head;
mod verify;

pub use chain::Fault;
pub use head::{PublicKey, Signed};
pub use verify::{Whole, verify};
use verify::{begins_whole, checkpoint};

use super::contacts::{AT_A_TIME, seconds};
use super::copies::RECORDS;
use super::engine::on_each;
use super::erasure::values;
use super::receipts::{Tally, count};
use super::sealing::{Key, Place};
use super::{Records, RecordsError, Result};
use chain::Stored;
use head::{Head, Said};
use sidelight_protocol::audit::{AuditEntry, Audited, MAX_ENTRIES};
use sidelight_room::{Fact, Happened};
use sqlx::SqliteConnection;
use std::collections::HashMap;

const TABLE: &str = "audit";

/// Entries deleted in one transaction. More: everybody else's writing waits for longer. Fewer: it takes more transactions.
const BATCH: i64 = 500;

const NEXT: &str = "UPDATE audit_state SET last = last + 1 WHERE id = 1 RETURNING last, head";
const HEAD: &str = "UPDATE audit_state SET head = $1 WHERE id = 1";
const TO_STORE: &str =
    "INSERT INTO audit (id, at, who, what, contact, person, sealed, previous, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const SELECT: &str = "SELECT id, at, who, what, contact, person, sealed FROM audit";
/// Of the entries before the first one younger than $1, $2 at most: the newest.
const OLD: &str = "SELECT id, hash FROM (SELECT a.id, a.hash FROM audit a \
    WHERE a.id < COALESCE((SELECT MIN(y.id) FROM audit y WHERE y.at > $1), 9223372036854775807) ORDER BY a.id LIMIT $2) AS old \
    ORDER BY id DESC LIMIT 1";
const CHECKPOINT: &str = "INSERT INTO audit_checkpoint (id, last, at, hash, key, signature) VALUES (1, $1, $2, $3, $4, $5) \
    ON CONFLICT (id) DO UPDATE SET last = excluded.last, at = excluded.at, hash = excluded.hash, key = excluded.key, \
    signature = excluded.signature";

type Row = (i64, i64, Option<String>, String, Option<String>, Option<String>, Option<Vec<u8>>);

/// What is to be written down.
pub(super) struct Entry<'a> {
    pub at: u32,
    /// None: the service did it by itself.
    pub who: Option<&'a str>,
    pub what: Audited,
    /// By its [name](Key::name_in_audit).
    pub contact: Option<String>,
    pub about: Option<Reason<'a>>,
}

/// What somebody wrote to it, and the person it is about, under whose key it is sealed.
pub(super) struct Reason<'a> {
    pub person: &'a str,
    pub key: Key,
    pub text: &'a str,
}

/// Which entries are looked for; what is none, isn't asked about.
#[derive(Default)]
pub struct Wanted {
    /// Older than this one.
    pub before: Option<u32>,
    pub from: Option<u32>,
    pub to: Option<u32>,
    pub what: Option<Audited>,
    /// By, or done to, one of these members or tokens.
    pub who: Option<Vec<String>>,
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
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
        Happened::Invited { .. }
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
        | Happened::KeepsTyped { .. }
        | Happened::AskedToKeep
        | Happened::SaidToKeep { .. }
        | Happened::KeepUnanswered
        | Happened::Rung
        | Happened::Admitted { .. }
        | Happened::Reconnected { .. }
        | Happened::ItsThem
        | Happened::PutBack
        | Happened::PutOnHold
        | Happened::WaitsAgain
        | Happened::Declined { .. }
        | Happened::AtIt
        | Happened::Wrote { .. }
        | Happened::DidNotAttend
        | Happened::Left { .. }
        | Happened::Lost
        | Happened::Back
        | Happened::Revoked
        | Happened::Cancelled
        | Happened::Ended => None,
    }
}

/// Adds an entry within a transaction, and returns its id.
pub(super) async fn add(write: &mut SqliteConnection, entry: Entry<'_>) -> Result<i64> {
    chained(write, entry, None).await
}

/// `whom`: the member of staff that it was done to.
async fn chained(write: &mut SqliteConnection, entry: Entry<'_>, whom: Option<&str>) -> Result<i64> {
    let Entry { at, who, what, contact, about } = entry;
    let (id, head): (i64, Option<Vec<u8>>) = sqlx::query_as(NEXT).fetch_one(&mut *write).await?;
    let sealed = match &about {
        Some(Reason { person, key, text }) => Some(key.seal(&place(&id.to_string(), person), text.as_bytes())?),
        None => None,
    };
    let mut stored = Stored {
        id: u32::try_from(id).map_err(|_| RecordsError::Damaged)?,
        at: i64::from(at),
        who: who.map(str::to_owned),
        what: name(what)?,
        contact,
        person: about.as_ref().map(|about| about.key.name_in_audit(about.person)).or(whom.map(str::to_owned)),
        sealed,
        previous: head.ok_or(RecordsError::Damaged)?,
        hash: vec![],
    };
    stored.hash = stored.hashed().to_vec();
    insert(write, &stored).await?;
    sqlx::query(HEAD).bind(stored.hash).execute(&mut *write).await?;
    Ok(id)
}

/// The same of what is about no contact and no person.
pub(super) async fn add_plain(write: &mut SqliteConnection, at: u32, who: Option<&str>, what: Audited) -> Result<()> {
    add(write, Entry { at, who, what, contact: None, about: None }).await.map(drop)
}

/// The same of what one member of staff did to another. An id of staff names nobody outside, so it stands there as it is.
pub(super) async fn add_of_staff(write: &mut SqliteConnection, at: u32, who: &str, what: Audited, whom: &str) -> Result<()> {
    chained(write, Entry { at, who: Some(who), what, contact: None, about: None }, Some(whom)).await.map(drop)
}

/// The same of what one member of staff did to another in a contact, by its [name](Key::name_in_audit).
pub(super) async fn add_of_contact(
    write: &mut SqliteConnection,
    at: u32,
    who: &str,
    what: Audited,
    contact: String,
    whom: &str,
) -> Result<()> {
    chained(write, Entry { at, who: Some(who), what, contact: Some(contact), about: None }, Some(whom)).await.map(drop)
}

/// The same of what was done to the token of a program, by a member of staff, or by it. An id of a token opens nothing.
pub(super) async fn add_of_token(
    write: &mut SqliteConnection,
    at: u32,
    who: Option<&str>,
    what: Audited,
    contact: Option<String>,
    token: &str,
) -> Result<()> {
    chained(write, Entry { at, who, what, contact, about: None }, Some(token)).await.map(drop)
}

async fn insert(write: &mut SqliteConnection, entry: &Stored) -> Result<()> {
    let Stored { id, at, who, what, contact, person, sealed, previous, hash } = entry;
    let query = sqlx::query(TO_STORE).bind(i64::from(*id)).bind(at).bind(who).bind(what).bind(contact).bind(person);
    query.bind(sealed).bind(previous).bind(hash).execute(&mut *write).await?;
    Ok(())
}

/// Stands, from the end of the transaction on, for all entries up to its own.
async fn keep_checkpoint(write: &mut SqliteConnection, Signed { head, key, signature }: &Signed) -> Result<()> {
    let query = sqlx::query(CHECKPOINT).bind(i64::from(head.last)).bind(i64::from(head.at)).bind(head.hash.as_slice());
    query.bind(key.0.as_slice()).bind(signature).execute(&mut *write).await?;
    Ok(())
}

/// Bound to its entry and its person: moved to another, it doesn't open.
fn place<'a>(id: &'a str, person: &'a str) -> Place<'a> {
    Place { table: TABLE, row: id, contact: person }
}

fn name(what: Audited) -> Result<String> {
    match serde_json::to_value(what) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        Ok(_) | Err(_) => Err(RecordsError::Damaged),
    }
}

impl Records {
    /// Writes down what a member of staff did outside of any contact, or what was done by a command (none). On disk when this returns.
    pub async fn audit(&self, at: u32, who: impl Into<Option<&str>>, what: Audited) -> Result<()> {
        let who = who.into();
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            add_plain(&mut write, at, who, what).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// The newest entries, or those before this one, newest first, at most [`MAX_ENTRIES`].
    pub async fn audit_entries(&self, before: Option<u32>) -> Result<Vec<AuditEntry>> {
        self.audit_found(&Wanted { before, ..Wanted::default() }).await
    }

    /// The newest entries that are looked for, newest first, at most [`MAX_ENTRIES`].
    pub async fn audit_found(&self, wanted: &Wanted) -> Result<Vec<AuditEntry>> {
        let Wanted { before, from, to, what, who } = wanted;
        let what: Option<String> = what.map(name).transpose()?;
        // Ids of staff are ours alone, and so need no placeholders, whose number would differ each time.
        let quoted = |ids: &Vec<String>| ids.iter().filter(|id| is_id(id)).map(|id| format!("'{id}'")).collect::<Vec<_>>().join(", ");
        let by = match who.as_ref().map(quoted) {
            None => String::new(),
            Some(none) if none.is_empty() => return Ok(vec![]),
            Some(ids) => format!("AND (who IN ({ids}) OR person IN ({ids}))"),
        };
        let sql = format!("{SELECT} WHERE id < $1 AND at >= $2 AND at < $3 AND ($4 IS NULL OR what = $4) {by} ORDER BY id DESC LIMIT $5");
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(before.map_or(i64::MAX, i64::from));
            let query = query.bind(from.map_or(i64::MIN, i64::from)).bind(to.map_or(i64::MAX, i64::from)).bind(what);
            query.bind(i64::from(MAX_ENTRIES)).fetch_all(db.readers()).await?
        });
        let ids = if rows.is_empty() { HashMap::new() } else { self.keys().named_in_audit().await? };
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            entries.push(self.open_entry(row, &ids).await?);
        }
        Ok(entries)
    }

    /// What the audit says of a person and of contacts with them, oldest first, at most [`MAX_ENTRIES`] for each 200 contacts.
    pub(super) async fn audit_of(&self, person: &str, contacts: &[String]) -> Result<Vec<AuditEntry>> {
        let mut entries = Vec::new();
        let mut some: Vec<&[String]> = contacts.chunks(AT_A_TIME).collect();
        if some.is_empty() {
            some.push(&[]);
        }
        for (round, contacts) in some.into_iter().enumerate() {
            // The person's own come with the first.
            let all = contacts.iter().map(String::as_str).chain((round == 0).then_some(person));
            let mut ids = HashMap::new();
            for id in all {
                match self.keys().key(id).await {
                    Ok(key) => drop(ids.insert(key.name_in_audit(id), id.to_owned())),
                    Err(RecordsError::Missing) => {}
                    Err(error) => return Err(error),
                }
            }
            let names: Vec<&String> = ids.keys().collect();
            let these = values(2, names.len());
            let sql = format!("{SELECT} WHERE contact IN ({these}) OR person IN ({these}) ORDER BY id LIMIT $1");
            let rows: Vec<Row> = on_each!(self.engine(), db => {
                let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(i64::from(MAX_ENTRIES));
                for name in names {
                    query = query.bind(name);
                }
                query.fetch_all(db.readers()).await?
            });
            for row in rows {
                entries.push(self.open_entry(row, &ids).await?);
            }
        }
        entries.sort_by_key(|entry| entry.id);
        Ok(entries)
    }

    async fn open_entry(&self, (id, at, who, what, contact, person, sealed): Row, ids: &HashMap<String, String>) -> Result<AuditEntry> {
        let known = |name: Option<&String>| name.and_then(|name| ids.get(name)).cloned();
        let reason = match (known(person.as_ref()), &sealed) {
            (Some(person), Some(sealed)) => self.reason(id, &person, sealed).await?,
            _ => None,
        };
        let what: Audited = serde_json::from_value(serde_json::Value::String(what)).map_err(|_| RecordsError::Damaged)?;
        let id = u32::try_from(id).map_err(|_| RecordsError::Damaged)?;
        let (contact, person) = (known(contact.as_ref()).or(contact), known(person.as_ref()).or(person));
        let (person, token) = if what.is_of_token() { (None, person) } else { (person, None) };
        let (person, whom) = if what.is_of_staff() { (None, person) } else { (person, None) };
        // What was written to a contact is sealed under its own key: it is about nobody else.
        let person = person.filter(|person| contact.as_ref() != Some(person));
        Ok(AuditEntry { id, at: seconds(at), who, what, contact, person, whom, token, reason })
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

    /// How far the audit has come, signed.
    pub async fn audit_head(&self, now: u32) -> Result<Signed> {
        let (node, last, head) = self.chain().await?;
        let hash = head.try_into().map_err(|_| RecordsError::Damaged)?;
        Signed::new(self.keys().audit(), Said::Head, Head { node, last, at: now, hash }).ok_or(RecordsError::Damaged)
    }

    /// Which chain, the id and the hash of its newest entry.
    pub(super) async fn chain(&self) -> Result<(String, u32, Vec<u8>)> {
        let select = "SELECT node, last, head FROM audit_state WHERE id = 1";
        let (node, last, head): (Option<String>, i64, Option<Vec<u8>>) =
            on_each!(self.engine(), db => sqlx::query_as(select).fetch_one(db.readers()).await?);
        let last = u32::try_from(last).map_err(|_| RecordsError::Damaged)?;
        Ok((node.ok_or(RecordsError::Damaged)?, last, head.ok_or(RecordsError::Damaged)?))
    }

    /// Whether it is whole, as far as this machine can tell.
    pub async fn audit_chain(&self) -> Result<std::result::Result<Whole, Fault>> {
        verify(&self.inner.directory.join(RECORDS), &[self.audit_key()?], None).await
    }

    /// What signatures of the audit are checked with.
    pub fn audit_key(&self) -> Result<PublicKey> {
        PublicKey::of(self.keys().audit()).ok_or(RecordsError::Damaged)
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

    /// Deletes entries from `then` and before, but for those behind a younger one, and returns how many. A signed checkpoint with the
    /// hash of the last one stands in their place, so that what is left can still be seen to be whole. Nothing goes, and nothing is
    /// signed, where they aren't whole themselves: the signature would hide it.
    pub async fn forget_audit(&self, then: u32, tally: Option<Tally>) -> Result<u64> {
        let (node, ..) = self.chain().await?;
        let own = self.audit_key()?;
        let mut deleted = 0;
        on_each!(self.engine(), db => {
            loop {
                let mut write = db.write().await?;
                let old: Option<(i64, Vec<u8>)> =
                    sqlx::query_as(OLD).bind(i64::from(then)).bind(BATCH).fetch_optional(&mut *write).await?;
                let Some((last, hash)) = old else { break };
                let (last, hash) = (u32::try_from(last).map_err(|_| RecordsError::Damaged)?, hash.try_into().map_err(|_| RecordsError::Damaged)?);
                if let Err(fault) = begins_whole(&mut write, &node, last, own).await? {
                    return Err(RecordsError::Unusable(format!("{fault}; nothing of the audit goes until that is cleared up (sidelight audit verify)")));
                }
                let head = Head { node: node.clone(), last, at: then, hash };
                keep_checkpoint(&mut write, &Signed::new(self.keys().audit(), Said::Checkpoint, head).ok_or(RecordsError::Damaged)?).await?;
                let delete = sqlx::query("DELETE FROM audit WHERE id <= $1").bind(i64::from(last));
                let some = delete.execute(&mut *write).await?.rows_affected();
                count(&mut write, tally, some).await?;
                write.commit().await?;
                deleted += some;
            }
        });
        Ok(deleted)
    }
}

impl Records {
    /// Signs the checkpoint anew where another key of the service has signed it: records that were restored without their keys.
    pub(super) async fn adopt_checkpoint(&self) -> Result<()> {
        let (node, ..) = self.chain().await?;
        let own = self.audit_key()?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let Some(kept) = checkpoint(&mut write, &node).await?.filter(|kept| kept.key != own) else { return Ok(()) };
            if kept.holds(Said::Checkpoint, &[kept.key]) {
                let replaced = Signed::new(self.keys().audit(), Said::Checkpoint, kept.head).ok_or(RecordsError::Damaged)?;
                let update = "UPDATE audit_checkpoint SET key = $1, signature = $2 WHERE id = 1";
                sqlx::query(update).bind(replaced.key.0.as_slice()).bind(replaced.signature).execute(&mut *write).await?;
                write.commit().await?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests;
