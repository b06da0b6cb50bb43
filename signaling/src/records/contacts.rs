//! Contacts as they were planned.

use super::engine::on_each;
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
    /// An invitation exists that isn't dead.
    pub link: bool,
}

/// The most contacts that one list holds. More: a slow page; fewer: a busy team's day wouldn't fit.
pub const MOST_LISTED: i64 = 500;

type Row = (String, String, Vec<u8>, Option<i64>, i64);

const SELECT: &str = "SELECT id, owner, sealed, ended, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM invitations i WHERE i.contact = contacts.id AND i.dead IS NULL) FROM contacts";

fn place(contact: &str) -> Place<'_> {
    Place { table: "contacts", row: contact, contact }
}

fn seal(key: &Key, contact: &str, details: &ContactDetails) -> Result<Vec<u8>> {
    let clear = zeroize::Zeroizing::new(serde_json::to_vec(details).map_err(|_| RecordsError::Damaged)?);
    key.seal(&place(contact), &clear)
}

impl Records {
    pub async fn contact(&self, id: &str) -> Result<Option<Contact>> {
        let sql = format!("{SELECT} WHERE id = $1");
        let row: Option<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(db.readers()).await?
        });
        match row {
            Some(row) => Ok(Some(self.open_contact(row).await?)),
            None => Ok(None),
        }
    }

    /// Contacts of this owner that start in `from..to`, and those that were opened and aren't ended, whenever they start.
    /// Soonest first, at most [`MOST_LISTED`].
    pub async fn contacts_between(&self, owner: &str, from: u32, to: u32) -> Result<Vec<Contact>> {
        let sql = format!(
            "{SELECT} WHERE owner = $1 AND ((starts_at >= $2 AND starts_at < $3) OR (opened IS NOT NULL AND ended IS NULL)) \
             ORDER BY starts_at, made, id LIMIT $4"
        );
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(owner).bind(i64::from(from)).bind(i64::from(to));
            query.bind(MOST_LISTED).fetch_all(db.readers()).await?
        });
        let mut contacts = Vec::with_capacity(rows.len());
        for row in rows {
            contacts.push(self.open_contact(row).await?);
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
            let insert = "INSERT INTO contacts (id, owner, starts_at, sealed, made) VALUES ($1, $2, $3, $4, $5)";
            let query = sqlx::query(insert).bind(&id).bind(owner).bind(i64::from(details.starts_at)).bind(sealed);
            query.bind(i64::from(now)).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(id)
    }

    /// Replaces the details. `Missing` where there is no such contact.
    pub async fn change_contact(&self, id: &str, details: &ContactDetails) -> Result<()> {
        let key = self.keys().key(id).await?;
        let sealed = seal(&key, id, details)?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE contacts SET starts_at = $2, sealed = $3 WHERE id = $1";
            let query = sqlx::query(update).bind(id).bind(i64::from(details.starts_at)).bind(sealed);
            if query.execute(&mut *write).await?.rows_affected() == 0 {
                return Err(RecordsError::Missing);
            }
            write.commit().await?;
        });
        Ok(())
    }

    /// Forgets keys whose contact was never written: the two files don't commit together, and the key comes first.
    /// Only for the process that alone makes contacts, before it makes any.
    pub async fn forget_orphaned_keys(&self) -> Result<usize> {
        let contacts: Vec<String> = on_each!(self.engine(), db => {
            sqlx::query_scalar("SELECT id FROM contacts").fetch_all(db.readers()).await?
        });
        let contacts: HashSet<String> = contacts.into_iter().collect();
        let mut orphans = self.keys().contacts().await?;
        orphans.retain(|contact| !contacts.contains(contact));
        if !orphans.is_empty() {
            self.keys().forget(&orphans).await?;
        }
        Ok(orphans.len())
    }

    async fn open_contact(&self, (id, owner, sealed, ended, links): Row) -> Result<Contact> {
        let key = self.keys().key(&id).await?;
        let clear = key.open(&place(&id), &sealed).ok_or(RecordsError::Damaged)?;
        let details = serde_json::from_slice(&clear).map_err(|_| RecordsError::Damaged)?;
        Ok(Contact { id, owner, details, ended: ended.map(seconds), link: links > 0 })
    }
}

/// A stored time. What can't be one is the end of time, so that nothing becomes valid by it.
pub(super) fn seconds(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or(u32::MAX)
}
