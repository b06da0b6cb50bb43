//! Each person's way into a contact. The link's secret is never here: only the id that the page derives from it.

use super::engine::on_each;
use super::{Records, RecordsError, Result};

/// One person's way into a contact.
#[derive(Clone)]
pub struct Invitation {
    pub contact: String,
    pub person: String,
    /// Revoked, replaced, or left by its person.
    pub dead: bool,
}

type Row = (String, String, Option<i64>);

const SELECT: &str = "SELECT contact, person, dead FROM invitations WHERE id = $1";

impl Records {
    /// A new invitation for this person; every older one of the contact is dead from now on.
    /// The same one again changes nothing. `Taken` where the id is of another contact, or dead.
    /// Returns the invitation's person: the given one, or the first time's.
    pub async fn invite(&self, contact: &str, invitation: &str, person: &str, now: u32) -> Result<String> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let existing: Option<Row> = sqlx::query_as(SELECT).bind(invitation).fetch_optional(&mut *write).await?;
            if let Some((of, person, dead)) = existing {
                return if of == contact && dead.is_none() { Ok(person) } else { Err(RecordsError::Taken) };
            }
            let kill = "UPDATE invitations SET dead = $2 WHERE contact = $1 AND dead IS NULL";
            sqlx::query(kill).bind(contact).bind(i64::from(now)).execute(&mut *write).await?;
            let insert = "INSERT INTO invitations (id, contact, person, made) VALUES ($1, $2, $3, $4)";
            let query = sqlx::query(insert).bind(invitation).bind(contact).bind(person).bind(i64::from(now));
            query.execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(person.to_owned())
    }

    pub async fn invitation(&self, invitation: &str) -> Result<Option<Invitation>> {
        let row: Option<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(SELECT).bind(invitation).fetch_optional(db.readers()).await?
        });
        Ok(row.map(|(contact, person, dead)| Invitation { contact, person, dead: dead.is_some() }))
    }

    /// The people whose way into the contact is open.
    pub async fn invited(&self, contact: &str) -> Result<Vec<String>> {
        let select = "SELECT person FROM invitations WHERE contact = $1 AND dead IS NULL ORDER BY made, id";
        Ok(on_each!(self.engine(), db => sqlx::query_scalar(select).bind(contact).fetch_all(db.readers()).await?))
    }

    /// Every invitation of the contact is dead from now on.
    pub async fn revoke(&self, contact: &str, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let kill = "UPDATE invitations SET dead = $2 WHERE contact = $1 AND dead IS NULL";
            sqlx::query(kill).bind(contact).bind(i64::from(now)).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }
}
