//! People of whom a safety plan is kept, each under a key of their own. What a plan says stands there alone: a contact names its
//! person, and what was agreed with them is laid over it whenever it is read.

use super::audit::{Entry, Reason, add};
use super::contacts::{AT_A_TIME, seconds};
use super::engine::on_each;
use super::erasure::values;
use super::receipts::{Tally, count};
use super::sealing::{Key, Place};
use super::{Records, RecordsError, Result, new_id};
use sidelight_protocol::audit::Audited;
use sidelight_protocol::desk::ContactDetails;
use sidelight_protocol::plan::{Allowed, Channel, Early, SafetyPlan};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// A person of whom a plan is kept.
#[derive(Clone)]
pub struct Person {
    pub id: String,
    /// The practitioner's staff id.
    pub owner: String,
    pub plan: SafetyPlan,
    /// What was let through last; its time may be over.
    pub allowed: Option<Allowed>,
}

/// The most people that one list holds.
const MOST_LISTED: i64 = 500;

/// A person whose plan nobody has used for long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    pub id: String,
    pub owner: String,
    pub last_used: u32,
}

/// No contact with them is kept, and nobody holds them ($1: now).
const UNUSED: &str = "NOT EXISTS (SELECT 1 FROM contacts c WHERE c.about = people.id) \
    AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.ends > $1 AND h.subject = people.id)";

type Row = (String, String, Vec<u8>, Option<Vec<u8>>);

const SELECT: &str = "SELECT id, owner, sealed, allowed FROM people";

fn place(person: &str) -> Place<'_> {
    Place { table: "people", row: person, contact: person }
}

fn place_of_allowed(person: &str) -> Place<'_> {
    Place { table: "people.allowed", row: person, contact: person }
}

fn seal(key: &Key, person: &str, plan: &SafetyPlan) -> Result<Vec<u8>> {
    let clear = zeroize::Zeroizing::new(serde_json::to_vec(plan).map_err(|_| RecordsError::Damaged)?);
    key.seal(&place(person), &clear)
}

/// A contact's details with what was agreed with its person.
pub(super) fn laid_over(details: ContactDetails, about: &str, plan: &SafetyPlan) -> ContactDetails {
    let SafetyPlan { word, spellings, response, when_hidden, signing, by_code, number, channels, early, .. } = plan.clone();
    let rings = channels.contains(&Channel::Voice);
    let about = Some(about.to_owned());
    let number = number.filter(|_| rings);
    let early = early.or(Some(Early::NotTold));
    ContactDetails { about, word, spellings, response, when_hidden, signing, by_code, rings, number, early, ..details }
}

/// A contact's details without what its person's plan says: that is kept under the person's key alone.
pub(super) fn without_plan(details: &ContactDetails) -> ContactDetails {
    let mut own = details.clone();
    if own.about.take().is_some() {
        (own.word, own.response, own.number, own.when_hidden) = (None, None, None, None);
        (own.rings, own.signing, own.by_code) = (false, false, false);
    }
    own.spellings.clear();
    own.early = None;
    own
}

impl Records {
    /// None where there is no such person, or where their key is gone: that is the same.
    pub async fn person(&self, id: &str) -> Result<Option<Person>> {
        let sql = format!("{SELECT} WHERE id = $1");
        let row: Option<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.readers()).await?
        });
        match row {
            Some(row) => self.open_person(row).await,
            None => Ok(None),
        }
    }

    /// Whose plans this practitioner keeps, the one used last first, at most 500.
    pub async fn people(&self, owner: &str) -> Result<Vec<Person>> {
        let sql = format!("{SELECT} WHERE owner = $1 ORDER BY last_used DESC, id LIMIT $2");
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(owner).bind(MOST_LISTED).fetch_all(db.readers()).await?
        });
        let mut people = Vec::with_capacity(rows.len());
        for row in rows {
            people.extend(self.open_person(row).await?);
        }
        Ok(people)
    }

    /// Keeps a new plan and returns its person's id. Their key is on disk before anything is sealed under it.
    pub async fn new_person(&self, owner: &str, plan: &SafetyPlan, now: u32) -> Result<String> {
        let id = new_id()?;
        let key = self.keys().make(&id).await?;
        let sealed = seal(&key, &id, plan)?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let insert = "INSERT INTO people (id, owner, sealed, made, last_used) VALUES ($1, $2, $3, $4, $4)";
            let query = sqlx::query(insert).bind(&id).bind(owner).bind(sealed).bind(i64::from(now));
            query.execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(id)
    }

    /// Replaces the plan. `Missing` where there is no such person.
    pub async fn change_person(&self, id: &str, plan: &SafetyPlan, now: u32) -> Result<()> {
        let key = self.keys().key(id).await?;
        let sealed = seal(&key, id, plan)?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE people SET sealed = $2, last_used = CASE WHEN last_used > $3 THEN last_used ELSE $3 END WHERE id = $1";
            let query = sqlx::query(update).bind(id).bind(sealed).bind(i64::from(now));
            if query.execute(&mut *write).await?.rows_affected() == 0 {
                return Err(RecordsError::Missing);
            }
            write.commit().await?;
        });
        Ok(())
    }

    /// Lets a channel through with this person, or, by None, nothing any more. The audit has it, and the reason, in the same transaction.
    /// `Missing` where there is no such person.
    pub async fn allow(&self, id: &str, by: &str, allowed: Option<&Allowed>, now: u32) -> Result<()> {
        let key = self.keys().key(id).await?;
        let sealed = match allowed {
            Some(allowed) => {
                let clear = zeroize::Zeroizing::new(serde_json::to_vec(allowed).map_err(|_| RecordsError::Damaged)?);
                Some(key.seal(&place_of_allowed(id), &clear)?)
            }
            None => None,
        };
        let what = if allowed.is_some() { Audited::OverrideGiven } else { Audited::OverrideWithdrawn };
        let about = Some(Reason { person: id, key, text: allowed.map_or("", |allowed| &allowed.reason) });
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE people SET allowed = $2 WHERE id = $1 AND ($2 IS NOT NULL OR allowed IS NOT NULL)";
            if sqlx::query(update).bind(id).bind(sealed).execute(&mut *write).await?.rows_affected() == 0 {
                // Nobody, or nothing to take back.
                return if allowed.is_some() { Err(RecordsError::Missing) } else { Ok(()) };
            }
            add(&mut write, Entry { at: now, who: Some(by), what, contact: None, about }).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Contacts with this person that aren't over, or in which something waits for "Handled", at most 500.
    pub async fn contacts_about(&self, person: &str) -> Result<Vec<String>> {
        let select = "SELECT id FROM contacts WHERE about = $1 AND (ended IS NULL OR unhandled = 1) ORDER BY starts_at, id LIMIT $2";
        Ok(on_each!(self.engine(), db => {
            sqlx::query_scalar(select).bind(person).bind(MOST_LISTED).fetch_all(db.readers()).await?
        }))
    }

    /// People whose plan was used last by `then`, whom nobody holds and of whom no contact is kept, with their practitioners and when
    /// that was; from the one after `after`, at most [`AT_A_TIME`].
    pub async fn unused_since(&self, then: u32, now: u32, after: Option<&Unused>) -> Result<Vec<Unused>> {
        let select = format!(
            "SELECT id, owner, last_used FROM people WHERE last_used <= $2 AND (last_used, id) > ($3, $4) AND {UNUSED} \
             ORDER BY last_used, id LIMIT $5"
        );
        let (used, id) = after.map_or((-1, ""), |after| (i64::from(after.last_used), &after.id));
        let most = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
        let rows: Vec<(String, String, i64)> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(i64::from(now)).bind(i64::from(then)).bind(used).bind(id);
            query.bind(most).fetch_all(db.readers()).await?
        });
        Ok(rows.into_iter().map(|(id, owner, used)| Unused { id, owner, last_used: seconds(used) }).collect())
    }

    /// How many of these there are, by owner.
    pub async fn count_unused_since(&self, then: u32, now: u32) -> Result<Vec<(String, u32)>> {
        let select = format!("SELECT owner, CAST(COUNT(*) AS BIGINT) FROM people WHERE last_used <= $2 AND {UNUSED} GROUP BY owner");
        let rows: Vec<(String, i64)> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(i64::from(now)).bind(i64::from(then)).fetch_all(db.readers()).await?
        });
        Ok(rows.into_iter().map(|(owner, many)| (owner, seconds(many))).collect())
    }

    /// Erases people: their keys first, so that nobody can read what may be left of the rows. Fine if there is nothing. Leaves out
    /// whoever is held by now. Returns the longest that it held others up.
    pub async fn erase_people(&self, people: &[String], tally: Tally) -> Result<Duration> {
        let _alone = self.inner.erasing.lock().await;
        let select = format!("SELECT subject FROM holds WHERE ends > $1 AND subject IN ({})", values(2, people.len()));
        let held: Vec<String> = on_each!(self.engine(), db => {
            let mut query = sqlx::query_scalar(sqlx::AssertSqlSafe(select)).bind(i64::from(tally.at));
            for person in people {
                query = query.bind(person);
            }
            query.fetch_all(db.readers()).await?
        });
        let free: Vec<String> = people.iter().filter(|person| !held.contains(person)).cloned().collect();
        if free.is_empty() {
            return Ok(Duration::ZERO);
        }
        let keys = self.keys().forget(&free).await?;
        let delete = format!("DELETE FROM people WHERE id IN ({})", values(1, free.len()));
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let begun = Instant::now();
            let mut query = sqlx::query(sqlx::AssertSqlSafe(delete));
            for person in &free {
                query = query.bind(person);
            }
            let erased = query.execute(&mut *write).await?.rows_affected();
            count(&mut write, Some(tally), erased).await?;
            write.commit().await?;
            Ok(keys.max(begun.elapsed()))
        })
    }

    /// Erases a person whom somebody asks to be erased. Fine if there is nothing. False, and nothing is erased: they are held, or a
    /// contact about them is.
    pub async fn erase_person(&self, id: &str, now: u32) -> Result<bool> {
        // Nobody begins to hold them between the look and the deed.
        let _alone = self.inner.erasing.lock().await;
        if self.person_held(id, now).await?.is_some() {
            return Ok(false);
        }
        self.keys().forget(&[id.to_owned()]).await?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            sqlx::query("DELETE FROM people WHERE id = $1").bind(id).execute(&mut *write).await?;
            write.commit().await?;
        });
        // The next sweep does it.
        self.inner.unwiped.store(true, Ordering::SeqCst);
        Ok(true)
    }

    async fn open_person(&self, (id, owner, sealed, allowed): Row) -> Result<Option<Person>> {
        let key = match self.keys().key(&id).await {
            Err(RecordsError::Missing) => return Ok(None),
            key => key?,
        };
        let clear = key.open(&place(&id), &sealed).ok_or(RecordsError::Damaged)?;
        let plan = serde_json::from_slice(&clear).map_err(|_| RecordsError::Damaged)?;
        let allowed = match allowed {
            Some(sealed) => {
                let clear = key.open(&place_of_allowed(&id), &sealed).ok_or(RecordsError::Damaged)?;
                Some(serde_json::from_slice(&clear).map_err(|_| RecordsError::Damaged)?)
            }
            None => None,
        };
        Ok(Some(Person { id, owner, plan, allowed }))
    }
}

#[cfg(test)]
mod tests;
