//! Erasing a contact: its key first, which makes everything sealed under it unreadable wherever copies of it lie; then its
//! rows; and at last what both have left behind in the files.
//!
//! The two databases don't commit together. Whatever a power cut leaves half done is a row without a key, which is like no
//! contact to everybody else, and which still says that it has ended: it is found and erased again like any other.

use super::contacts::{AT_A_TIME, seconds};
use super::engine::on_each;
use super::{Records, Result};

/// Facts deleted in one transaction. More: everybody else's writing waits for longer. Fewer: it takes more transactions.
const BATCH: i64 = 500;

/// A contact that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedContact {
    pub id: String,
    pub ended: u32,
    /// Something in it waits for "Handled".
    pub unhandled: bool,
}

impl Records {
    /// Contacts that ended by `handled` with nothing left to handle, and those that ended by `any`, whatever waits in them.
    /// Those that ended first come first, at most [`AT_A_TIME`].
    pub async fn ended_by(&self, handled: u32, any: u32) -> Result<Vec<EndedContact>> {
        let select = "SELECT id, ended, unhandled FROM contacts WHERE ended IS NOT NULL \
            AND ((unhandled = 0 AND ended <= $1) OR ended <= $2) ORDER BY ended, id LIMIT $3";
        let most = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
        let rows: Vec<(String, i64, i64)> = on_each!(self.engine(), db => {
            sqlx::query_as(select).bind(i64::from(handled)).bind(i64::from(any)).bind(most).fetch_all(db.readers()).await?
        });
        let contact = |(id, ended, unhandled)| EndedContact { id, ended: seconds(ended), unhandled: unhandled != 0 };
        Ok(rows.into_iter().map(contact).collect())
    }

    /// Deletes the contact's key: from here on nobody can read it, and nothing more can be written of it. Fine if it is gone.
    pub async fn shred(&self, contact: &str) -> Result<()> {
        self.keys().forget(&[contact.to_owned()]).await
    }

    /// Deletes what is left of a contact without a key, a few rows at a time. Fine if there is nothing.
    pub async fn delete_rows(&self, contact: &str) -> Result<()> {
        on_each!(self.engine(), db => {
            loop {
                let mut write = db.write().await?;
                let some = "DELETE FROM facts WHERE contact = $1 AND number IN \
                    (SELECT f.number FROM facts f WHERE f.contact = $1 ORDER BY f.number LIMIT $2)";
                let deleted = sqlx::query(some).bind(contact).bind(BATCH).execute(&mut *write).await?.rows_affected();
                write.commit().await?;
                if deleted == 0 {
                    break;
                }
            }
        });
        self.only_receipts(contact).await?;
        on_each!(self.engine(), db => {
            // The contact's own row goes last: while anything is left, it is found again.
            let mut write = db.write().await?;
            sqlx::query("DELETE FROM invitations WHERE contact = $1").bind(contact).execute(&mut *write).await?;
            sqlx::query("DELETE FROM contacts WHERE id = $1").bind(contact).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Wipes what deleted keys and rows have left behind in the files. False where a reader was in the way for too long: some
    /// of it may still be there, and it is to be tried again.
    pub async fn wipe(&self) -> Result<bool> {
        let keys = self.keys().wipe().await?;
        let rows = on_each!(self.engine(), db => db.shrink().await?);
        Ok(keys && rows)
    }
}

#[cfg(test)]
mod tests;
