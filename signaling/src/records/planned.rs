//! Contacts that were planned together, and another time for several at once.

use super::contacts::{CHANGED, Contact, Row, SEALED, SELECT, USED, open, planned_end, seal};
use super::engine::on_each;
use super::{Records, RecordsError, Result, new_id};
use sidelight_protocol::desk::ContactDetails;

/// What a contact is moved with: by its series ($1), those of this owner ($2) after a moment ($3) to which nothing has happened yet.
const AFTER: &str =
    "WHERE series = $1 AND owner = $2 AND starts_at > $3 AND opened IS NULL AND ended IS NULL ORDER BY starts_at, id LIMIT 100";

impl Records {
    /// Keeps a contact for each of these moments, with the same details and a name in common; all of them or none. Returns their
    /// ids, in that order. Each has a key of its own, which is on disk before anything is sealed under it.
    pub async fn new_series(&self, owner: &str, details: &ContactDetails, starts: &[u32], now: u32) -> Result<Vec<String>> {
        let series = new_id()?;
        let mut made = Vec::with_capacity(starts.len());
        for starts_at in starts {
            let id = new_id()?;
            let key = self.keys().make(&id).await?;
            let details = ContactDetails { starts_at: *starts_at, ..details.clone() };
            let sealed = seal(&key, &id, &details)?;
            made.push((id, details, sealed));
        }
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            for (id, details, sealed) in &made {
                let insert = "INSERT INTO contacts (id, owner, starts_at, ends_at, sealed, made, about, series) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
                let query = sqlx::query(insert).bind(id).bind(owner).bind(i64::from(details.starts_at)).bind(planned_end(details));
                let query = query.bind(sealed).bind(i64::from(now)).bind(&details.about).bind(&series);
                query.execute(&mut *write).await?;
                sqlx::query(USED).bind(&details.about).bind(planned_end(details)).execute(&mut *write).await?;
            }
            write.commit().await?;
        });
        Ok(made.into_iter().map(|(id, ..)| id).collect())
    }

    /// Those of its series that come after it, soonest first. What was opened or is over isn't among them.
    pub async fn after_in_series(&self, contact: &Contact) -> Result<Vec<Contact>> {
        let Some(series) = &contact.series else { return Ok(Vec::new()) };
        let sql = format!("{SELECT} {AFTER}");
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(series).bind(&contact.owner);
            query.bind(i64::from(contact.details.starts_at)).fetch_all(db.readers()).await?
        });
        let mut contacts = Vec::with_capacity(rows.len());
        for row in rows {
            contacts.extend(self.open_contact(row).await?);
        }
        Ok(contacts)
    }

    /// Another start for each of these, all of them or none. `Missing` where one isn't there.
    pub async fn move_contacts(&self, moved: &[(String, u32)]) -> Result<()> {
        let mut keys = Vec::with_capacity(moved.len());
        for (id, _) in moved {
            keys.push(self.keys().key(id).await?);
        }
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            for ((id, starts_at), key) in moved.iter().zip(&keys) {
                // Read where it is written, so that nothing else that was changed meanwhile is lost.
                let kept: Option<Vec<u8>> = sqlx::query_scalar(SEALED).bind(id).fetch_optional(&mut *write).await?;
                let details = ContactDetails { starts_at: *starts_at, ..open(key, id, &kept.ok_or(RecordsError::Missing)?)? };
                let about: Option<String> =
                    sqlx::query_scalar("SELECT about FROM contacts WHERE id = $1").bind(id).fetch_one(&mut *write).await?;
                let query = sqlx::query(CHANGED).bind(id).bind(i64::from(*starts_at)).bind(planned_end(&details));
                query.bind(seal(key, id, &details)?).bind(&about).execute(&mut *write).await?;
                sqlx::query(USED).bind(&about).bind(planned_end(&details)).execute(&mut *write).await?;
            }
            write.commit().await?;
        });
        Ok(())
    }
}
