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

type Row = (String, String, Option<i64>, i64);

const SELECT: &str = "SELECT contact, person, dead, beside FROM invitations WHERE id = $1";

/// Every invitation of the service user's is dead.
const THEIRS_DEAD: &str = "UPDATE invitations SET dead = $2 WHERE contact = $1 AND beside = 0 AND dead IS NULL";
const ONE_DEAD: &str = "UPDATE invitations SET dead = $2 WHERE contact = $1 AND person = $3 AND dead IS NULL";

impl Records {
    /// A new invitation for the service user; every older one of theirs is dead from now on.
    /// The same one again changes nothing. `Taken` where the id is of another contact or of somebody else, or dead.
    /// Returns the invitation's person: the given one, or the first time's.
    pub async fn invite(&self, contact: &str, invitation: &str, person: &str, now: u32) -> Result<String> {
        self.invited_as(contact, invitation, person, false, now).await
    }

    /// The same for somebody beside the service user: every other invitation stays as it is.
    pub async fn invite_beside(&self, contact: &str, invitation: &str, person: &str, now: u32) -> Result<String> {
        self.invited_as(contact, invitation, person, true, now).await
    }

    async fn invited_as(&self, contact: &str, invitation: &str, person: &str, beside: bool, now: u32) -> Result<String> {
        let beside = i64::from(beside);
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let existing: Option<Row> = sqlx::query_as(SELECT).bind(invitation).fetch_optional(&mut *write).await?;
            if let Some((of, person, dead, was)) = existing {
                return if of == contact && dead.is_none() && was == beside { Ok(person) } else { Err(RecordsError::Taken) };
            }
            if beside == 0 {
                sqlx::query(THEIRS_DEAD).bind(contact).bind(i64::from(now)).execute(&mut *write).await?;
            }
            let insert = "INSERT INTO invitations (id, contact, person, made, beside) VALUES ($1, $2, $3, $4, $5)";
            let query = sqlx::query(insert).bind(invitation).bind(contact).bind(person).bind(i64::from(now)).bind(beside);
            query.execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(person.to_owned())
    }

    pub async fn invitation(&self, invitation: &str) -> Result<Option<Invitation>> {
        let row: Option<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(SELECT).bind(invitation).fetch_optional(db.readers()).await?
        });
        Ok(row.map(|(contact, person, dead, _)| Invitation { contact, person, dead: dead.is_some() }))
    }

    /// The people whose way into the contact is open.
    pub async fn invited(&self, contact: &str) -> Result<Vec<String>> {
        let select = "SELECT person FROM invitations WHERE contact = $1 AND dead IS NULL ORDER BY made, id";
        Ok(on_each!(self.engine(), db => sqlx::query_scalar(select).bind(contact).fetch_all(db.readers()).await?))
    }

    /// This person's invitation, or every one of the service user's, is dead from now on.
    pub async fn revoke(&self, contact: &str, person: Option<&str>, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let query = sqlx::query(if person.is_some() { ONE_DEAD } else { THEIRS_DEAD }).bind(contact).bind(i64::from(now));
            match person {
                Some(person) => query.bind(person).execute(&mut *write).await?,
                None => query.execute(&mut *write).await?,
            };
            write.commit().await?;
        });
        Ok(())
    }
}
