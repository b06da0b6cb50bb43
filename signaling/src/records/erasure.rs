//! Erasing contacts: their keys first, which makes everything sealed under them unreadable wherever copies of it lie; then their
//! rows; and at last what both have left behind in the files.
//!
//! The two databases don't commit together. Whatever a power cut leaves half done is a row without a key, which is like no
//! contact to everybody else, and which still says that it has ended: it is found and erased again like any other.
//!
//! A million at once must hold nobody up: all is done in short transactions, which take their turn among everybody else's.

use super::contacts::{AT_A_TIME, seconds};
use super::copies::Unsealed;
use super::engine::on_each;
use super::outbox::only_deliveries;
use super::receipts::{Tally, count};
use super::{Records, Result};
use sqlx::AssertSqlSafe;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Rows deleted in one transaction for each contact of it. More: everybody else's writing waits for longer. Fewer: it takes more
/// transactions.
const ROWS: usize = 10;

/// Whose contact is held, or whose person is ($1: now).
const HELD: &str = "EXISTS (SELECT 1 FROM holds h WHERE h.ends > $1 AND (h.subject = contacts.id OR h.subject = contacts.about))";

/// What else is kept of a contact, by table and column, in the order in which it goes. The contact's own row goes last: while anything
/// is left, it is found again.
const OF_CONTACTS: [(&str, &str); 2] = [("invitations", "contact"), ("parts", "contact")];

/// A contact that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedContact {
    pub id: String,
    /// The practitioner's staff id.
    pub owner: String,
    pub ended: u32,
    /// Something in it waits for "Handled".
    pub unhandled: bool,
}

/// `$2, $3, $4`: so many values from this one on.
pub(super) fn values(from: usize, many: usize) -> String {
    let names: Vec<String> = (from..from + many).map(|number| format!("${number}")).collect();
    names.join(", ")
}

impl Records {
    /// Contacts that nobody holds, of those that ended by `handled` with nothing left to handle and those that ended by `any`, whatever
    /// waits in them, which is never later. Those that ended first come first, from the one after `after`, at most [`AT_A_TIME`].
    pub async fn ended_by(&self, handled: u32, any: Option<u32>, now: u32, after: Option<&EndedContact>) -> Result<Vec<EndedContact>> {
        let select = format!(
            "SELECT id, owner, ended, unhandled FROM contacts WHERE ended IS NOT NULL AND ended <= $2 AND (unhandled = 0 OR ended <= $3) \
             AND (ended, id) > ($4, $5) AND NOT {HELD} ORDER BY ended, id LIMIT $6"
        );
        let (ended, id) = after.map_or((-1, ""), |after| (i64::from(after.ended), &after.id));
        let any = any.map_or(-1, i64::from);
        let most = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
        let rows: Vec<(String, String, i64, i64)> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(AssertSqlSafe(select)).bind(i64::from(now)).bind(i64::from(handled)).bind(any);
            query.bind(ended).bind(id).bind(most).fetch_all(db.readers()).await?
        });
        let contact = |(id, owner, ended, unhandled)| EndedContact { id, owner, ended: seconds(ended), unhandled: unhandled != 0 };
        Ok(rows.into_iter().map(contact).collect())
    }

    /// How many of these there are, by owner: with something left to handle or with nothing.
    pub async fn count_ended_by(&self, ended: u32, unhandled: bool, now: u32) -> Result<Vec<(String, u32)>> {
        let select = format!(
            "SELECT owner, CAST(COUNT(*) AS BIGINT) FROM contacts WHERE ended IS NOT NULL AND ended <= $2 AND unhandled = $3 \
             AND NOT {HELD} GROUP BY owner"
        );
        let rows: Vec<(String, i64)> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(AssertSqlSafe(select)).bind(i64::from(now)).bind(i64::from(ended)).bind(i64::from(unhandled));
            query.fetch_all(db.readers()).await?
        });
        Ok(rows.into_iter().map(|(owner, many)| (owner, seconds(many))).collect())
    }

    /// Deletes the contact's key, whoever holds it: from here on nobody can read it, and nothing more can be written of it. Fine if it is gone.
    pub async fn shred(&self, contact: &str) -> Result<()> {
        self.keys().forget(&[contact.to_owned()]).await.map(drop)
    }

    /// Deletes these contacts' keys: from here on nobody can read them, and nothing more can be written of them. Fine if they are gone.
    /// Leaves out whatever is held by now; returns the rest, and how long it held others up.
    pub async fn shred_all(&self, mut contacts: Vec<String>, now: u32) -> Result<(Vec<String>, Duration)> {
        if contacts.is_empty() {
            return Ok((contacts, Duration::ZERO));
        }
        // Nobody begins to hold one between the look and the deed.
        let _alone = self.inner.erasing.lock().await;
        let select = format!("SELECT id FROM contacts WHERE id IN ({}) AND {HELD}", values(2, contacts.len()));
        let held: Vec<String> = on_each!(self.engine(), db => {
            let mut query = sqlx::query_scalar(AssertSqlSafe(select)).bind(i64::from(now));
            for contact in &contacts {
                query = query.bind(contact);
            }
            query.fetch_all(db.readers()).await?
        });
        contacts.retain(|contact| !held.contains(contact));
        let took = self.keys().forget(&contacts).await?;
        Ok((contacts, took))
    }

    /// Deletes what is left of a contact without a key, and counts it nowhere.
    pub async fn delete_rows(&self, contact: &str) -> Result<()> {
        self.delete_rows_of(&[contact.to_owned()], None).await.map(drop)
    }

    /// Deletes what is left of contacts without keys, a few rows at a time, and counts them as erased. Fine if there is nothing.
    /// Returns the longest that it held others up.
    pub async fn delete_rows_of(&self, contacts: &[String], tally: Option<Tally>) -> Result<Duration> {
        if contacts.is_empty() {
            return Ok(Duration::ZERO);
        }
        let these = values(1, contacts.len());
        let some = contacts.len().saturating_mul(ROWS).max(100);
        // By its key as a whole, which every engine looks up.
        let facts = format!(
            "DELETE FROM facts WHERE (contact, number) IN \
             (SELECT f.contact, f.number FROM facts f WHERE f.contact IN ({these}) ORDER BY f.contact, f.number LIMIT {some})"
        );
        let mut longest = Duration::ZERO;
        on_each!(self.engine(), db => {
            loop {
                let mut write = db.write().await?;
                let begun = Instant::now();
                let mut query = sqlx::query(AssertSqlSafe(facts.as_str()));
                for contact in contacts {
                    query = query.bind(contact);
                }
                let deleted = query.execute(&mut *write).await?.rows_affected();
                let last = deleted < some as u64;
                if last {
                    only_deliveries(&mut write, contacts).await?;
                    let mut erased = 0;
                    for (table, column) in OF_CONTACTS.into_iter().chain([("contacts", "id")]) {
                        let mut query = sqlx::query(AssertSqlSafe(format!("DELETE FROM {table} WHERE {column} IN ({these})")));
                        for contact in contacts {
                            query = query.bind(contact);
                        }
                        erased = query.execute(&mut *write).await?.rows_affected();
                    }
                    count(&mut write, tally, erased).await?;
                }
                write.commit().await?;
                longest = longest.max(begun.elapsed());
                if last {
                    break;
                }
            }
        });
        Ok(longest)
    }

    /// Moves what was written into the database itself, as far as nobody is in the way, so that no request has to.
    pub async fn settle(&self) -> Result<()> {
        self.keys().settle().await?;
        on_each!(self.engine(), db => db.settle().await)
    }

    /// Wipes what deleted keys and rows have left behind in the files. False where a reader was in the way for too long: some
    /// of it may still be there, and it is to be tried again.
    pub async fn wipe(&self) -> Result<bool> {
        // What is deleted meanwhile asks for another.
        self.inner.unwiped.store(false, Ordering::SeqCst);
        let wiped = self.wipe_files().await;
        if !matches!(wiped, Ok(true)) {
            self.inner.unwiped.store(true, Ordering::SeqCst);
        }
        wiped
    }

    async fn wipe_files(&self) -> Result<bool> {
        let keys = self.keys().wipe().await?;
        Unsealed::take_left(&self.inner.directory)?;
        let rows = on_each!(self.engine(), db => db.shrink().await?);
        Ok(keys && rows)
    }

    /// Something was deleted that may still be in the files.
    pub fn unwiped(&self) -> bool {
        self.inner.unwiped.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests;
