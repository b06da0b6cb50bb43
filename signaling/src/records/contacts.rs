//! Contacts as they were planned.

use super::engine::on_each;
use super::people::{laid_over, without_plan};
use super::sealing::{Key, Place};
use super::{Records, RecordsError, Result, new_id};
use sidelight_protocol::desk::ContactDetails;
use std::collections::HashSet;

/// A contact as it was planned.
#[derive(Clone)]
pub struct Contact {
    pub id: String,
    /// The practitioner's staff id.
    pub owner: String,
    pub details: ContactDetails,
    pub ended: Option<u32>,
    /// An invitation of the service user's exists that isn't dead.
    pub link: bool,
    /// The service has seen that link.
    pub link_known: bool,
    /// What it has in common with those it was planned together with.
    pub series: Option<String>,
    /// How often its time was changed, or it was called off.
    pub sequence: u32,
    pub opened: Option<u32>,
    pub cancelled: Option<u32>,
}

/// The most contacts that one list holds. More: a slow page; fewer: a busy team's week wouldn't fit.
pub const MOST_LISTED: i64 = 1_000;

/// The most contacts that are told of at a time as due to be ended or erased. More: much is done at one go, and everybody else
/// waits; fewer: it takes more goes.
pub const AT_A_TIME: usize = 200;

/// How long after its planned end a contact ends by itself, in seconds.
const OVERTIME: i64 = (sidelight_room::room::OVERTIME / 1000).cast_signed();

pub(super) type Row = (String, String, Vec<u8>, Option<i64>, Option<String>, Option<String>, i64, Option<i64>, Option<i64>, i64, i64);

pub(super) const SELECT: &str = "SELECT id, owner, sealed, ended, about, series, sequence, opened, cancelled, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM invitations i WHERE i.contact = contacts.id AND i.dead IS NULL AND i.beside = 0), \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM invitations i WHERE i.contact = contacts.id AND i.dead IS NULL AND i.beside = 0 AND i.known = 1) FROM contacts";

pub(super) const SEALED: &str = "SELECT sealed FROM contacts WHERE id = $1";

/// Another time is another edition of it in a calendar.
pub(super) const CHANGED: &str = "UPDATE contacts SET sequence = sequence + CASE WHEN starts_at = $2 AND ends_at = $3 THEN 0 ELSE 1 END, \
    starts_at = $2, ends_at = $3, sealed = $4, about = $5 WHERE id = $1";

/// A plan ($1) is kept from the latest end of a contact with its person on.
pub(super) const USED: &str = "UPDATE people SET last_used = $2 WHERE id = $1 AND last_used < $2";

fn place(contact: &str) -> Place<'_> {
    Place { table: "contacts", row: contact, contact }
}

pub(super) fn seal(key: &Key, contact: &str, details: &ContactDetails) -> Result<Vec<u8>> {
    let clear = zeroize::Zeroizing::new(serde_json::to_vec(&without_plan(details)).map_err(|_| RecordsError::Damaged)?);
    key.seal(&place(contact), &clear)
}

pub(super) fn open(key: &Key, contact: &str, sealed: &[u8]) -> Result<ContactDetails> {
    let clear = key.open(&place(contact), sealed).ok_or(RecordsError::Damaged)?;
    serde_json::from_slice(&clear).map_err(|_| RecordsError::Damaged)
}

pub(super) fn planned_end(details: &ContactDetails) -> i64 {
    i64::from(details.starts_at) + i64::from(details.minutes) * 60
}

impl Records {
    /// None where there is no such contact, or where its key is gone: that is the same.
    pub async fn contact(&self, id: &str) -> Result<Option<Contact>> {
        let sql = format!("{SELECT} WHERE id = $1");
        let row: Option<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.readers()).await?
        });
        match row {
            Some(row) => self.open_contact(row).await,
            None => Ok(None),
        }
    }

    /// Contacts of this owner that start in `from..to`; and, whenever they start, those that were opened and aren't ended and
    /// those in which something waits for "Handled", ended or not. Soonest first, at most [`MOST_LISTED`].
    /// One whose key is gone is left out: the others must be seen all the same.
    pub async fn contacts_between(&self, owner: &str, from: u32, to: u32) -> Result<Vec<Contact>> {
        let sql = format!(
            "{SELECT} WHERE owner = $1 AND ((starts_at >= $2 AND starts_at < $3) OR (opened IS NOT NULL AND ended IS NULL) \
             OR unhandled = 1) \
             ORDER BY starts_at, made, id LIMIT $4"
        );
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(owner).bind(i64::from(from)).bind(i64::from(to));
            query.bind(MOST_LISTED).fetch_all(db.readers()).await?
        });
        let mut contacts = Vec::with_capacity(rows.len());
        for row in rows {
            contacts.extend(self.open_contact(row).await?);
        }
        Ok(contacts)
    }

    /// Keeps a new contact and returns its id. Its key is on disk before anything is sealed under it.
    pub async fn new_contact(&self, owner: &str, details: &ContactDetails, now: u32) -> Result<String> {
        let id = new_id()?;
        let key = self.keys().make(&id).await?;
        let sealed = seal(&key, &id, details)?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let insert = "INSERT INTO contacts (id, owner, starts_at, ends_at, sealed, made, about) VALUES ($1, $2, $3, $4, $5, $6, $7)";
            let query = sqlx::query(insert).bind(&id).bind(owner).bind(i64::from(details.starts_at)).bind(planned_end(details));
            query.bind(sealed).bind(i64::from(now)).bind(&details.about).execute(&mut *write).await?;
            sqlx::query(USED).bind(&details.about).bind(planned_end(details)).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(id)
    }

    /// Replaces the details, but for where help would go ([`help_goes`](Records::help_goes)). `Missing` where there is no such contact.
    pub async fn change_contact(&self, id: &str, details: &ContactDetails) -> Result<()> {
        let key = self.keys().key(id).await?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let kept: Option<Vec<u8>> = sqlx::query_scalar(SEALED).bind(id).fetch_optional(&mut *write).await?;
            let help = open(&key, id, &kept.ok_or(RecordsError::Missing)?)?.help;
            let sealed = seal(&key, id, &ContactDetails { help, ..details.clone() })?;
            let query = sqlx::query(CHANGED).bind(id).bind(i64::from(details.starts_at)).bind(planned_end(details)).bind(sealed);
            if query.bind(&details.about).execute(&mut *write).await?.rows_affected() == 0 {
                return Err(RecordsError::Missing);
            }
            sqlx::query(USED).bind(&details.about).bind(planned_end(details)).execute(&mut *write).await?;
            // Notes of a contact that was moved are kept for as long as the contact is to come.
            let moved = "UPDATE contact_records SET starts_at = $2 WHERE contact = $1";
            let query = sqlx::query(moved).bind(self.record_name(id)).bind(i64::from(details.starts_at));
            query.execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Where help would go, from now on. `Missing` where there is no such contact.
    pub async fn help_goes(&self, id: &str, help: Option<String>) -> Result<()> {
        let key = self.keys().key(id).await?;
        on_each!(self.engine(), db => {
            // Read where it is written, so that neither this nor a change of the plan is lost.
            let mut write = db.write().await?;
            let kept: Option<Vec<u8>> = sqlx::query_scalar(SEALED).bind(id).fetch_optional(&mut *write).await?;
            let details = open(&key, id, &kept.ok_or(RecordsError::Missing)?)?;
            let sealed = seal(&key, id, &ContactDetails { help, ..details })?;
            sqlx::query("UPDATE contacts SET sealed = $2 WHERE id = $1").bind(id).bind(sealed).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Contacts that aren't ended though they should have ended by themselves, soonest first, at most [`AT_A_TIME`].
    pub async fn due_to_end(&self, now: u32) -> Result<Vec<String>> {
        let select = "SELECT id FROM contacts WHERE ended IS NULL AND ends_at <= $1 ORDER BY ends_at, id LIMIT $2";
        let most = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
        Ok(on_each!(self.engine(), db => {
            sqlx::query_scalar(select).bind(i64::from(now) - OVERTIME).bind(most).fetch_all(db.readers()).await?
        }))
    }

    /// Contacts that were opened and aren't ended, in which somebody may hold a place; and those in which something waits for
    /// "Handled", ended or not, such as an alarm that goes to the supervisors. In the order of their ids, from the one
    /// after `after`, at most [`AT_A_TIME`].
    pub async fn under_way(&self, after: &str) -> Result<Vec<String>> {
        let select = "SELECT id FROM contacts WHERE ((opened IS NOT NULL AND ended IS NULL) OR unhandled = 1) AND id > $1 \
            ORDER BY id LIMIT $2";
        let most = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
        Ok(on_each!(self.engine(), db => sqlx::query_scalar(select).bind(after).bind(most).fetch_all(db.readers()).await?))
    }

    /// Forgets keys whose contact, person or record was never written: the two files don't commit together, and the key comes first.
    /// Only for the process that alone makes them, before it makes any.
    pub async fn forget_orphaned_keys(&self) -> Result<usize> {
        const ALL: &str = "SELECT id FROM contacts UNION ALL SELECT id FROM people UNION ALL SELECT id FROM contact_records \
            UNION ALL SELECT id FROM transcripts";
        let written: Vec<String> = on_each!(self.engine(), db => {
            sqlx::query_scalar(ALL).fetch_all(db.readers()).await?
        });
        let written: HashSet<String> = written.into_iter().collect();
        let mut orphans = self.keys().contacts().await?;
        orphans.retain(|contact| !written.contains(contact));
        if !orphans.is_empty() {
            self.keys().forget(&orphans).await?;
        }
        Ok(orphans.len())
    }

    /// None where its key is gone: erased, though a power cut may have left the row behind.
    pub(super) async fn open_contact(&self, row: Row) -> Result<Option<Contact>> {
        let (id, owner, sealed, ended, about, series, sequence, opened, cancelled, links, known) = row;
        let key = match self.keys().key(&id).await {
            Err(RecordsError::Missing) => return Ok(None),
            key => key?,
        };
        let own = open(&key, &id, &sealed)?;
        let person = match &about {
            Some(about) => self.person(about).await?,
            None => None,
        };
        let details = match person {
            Some(person) => laid_over(own, &person.id, &person.plan),
            None => own,
        };
        let [ended, opened, cancelled] = [ended, opened, cancelled].map(|at| at.map(seconds));
        let (link, link_known, sequence) = (links > 0, known > 0, seconds(sequence));
        Ok(Some(Contact { id, owner, details, ended, link, link_known, series, sequence, opened, cancelled }))
    }
}

/// A stored time. What can't be one is the end of time, so that nothing becomes valid by it.
pub(super) fn seconds(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or(u32::MAX)
}
