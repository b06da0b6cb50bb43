//! The beginning of the chain: once in the life of the records, when they are opened. What was written before there was one gets its
//! place in it, and ids give way to names that go with the keys.

use super::super::engine::on_each;
use super::super::{Records, RecordsError, Result, new_id};
use super::chain::{Stored, beginning};
use super::head::{Head, Said, Signed};
use super::{insert, keep_checkpoint};
use std::collections::HashMap;

type Before = (i64, i64, Option<String>, String, Option<String>, Option<String>, Option<Vec<u8>>);

impl Records {
    /// Begins the chain where there is none yet. All or nothing.
    pub(in crate::records) async fn begin_audit(&self) -> Result<()> {
        let begun = "SELECT head FROM audit_state WHERE id = 1";
        let head: Option<Vec<u8>> = on_each!(self.engine(), db => sqlx::query_scalar(begun).fetch_one(db.readers()).await?);
        if head.is_some() {
            return Ok(());
        }
        let named = self.keys().named_in_audit().await?;
        let mut names: HashMap<String, String> = named.into_iter().map(|(name, id)| (id, name)).collect();
        let node = new_id()?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let (last, head): (i64, Option<Vec<u8>>) =
                sqlx::query_as("SELECT last, head FROM audit_state WHERE id = 1").fetch_one(&mut *write).await?;
            if head.is_some() {
                // Another process was first.
                return Ok(());
            }
            let select = "SELECT id, at, who, what, contact, person, sealed FROM audit_unchained ORDER BY id";
            let before: Vec<Before> = sqlx::query_as(select).fetch_all(&mut *write).await?;
            let mut hash = beginning(&node);
            // Entries that went before there were checkpoints.
            let gone = before.first().map_or(last, |first| first.0 - 1);
            if gone > 0 {
                let last = u32::try_from(gone).map_err(|_| RecordsError::Damaged)?;
                let head = Head { node: node.clone(), last, at: 0, hash };
                keep_checkpoint(&mut write, &Signed::new(self.keys().audit(), Said::Checkpoint, head).ok_or(RecordsError::Damaged)?).await?;
            }
            for (id, at, who, what, contact, person, sealed) in before {
                let mut entry = Stored {
                    id: u32::try_from(id).map_err(|_| RecordsError::Damaged)?,
                    at,
                    who,
                    what,
                    contact: contact.map(|id| named_now(&mut names, id)).transpose()?,
                    person: person.map(|id| named_now(&mut names, id)).transpose()?,
                    sealed,
                    previous: hash.to_vec(),
                    hash: vec![],
                };
                hash = entry.hashed();
                entry.hash = hash.to_vec();
                insert(&mut write, &entry).await?;
            }
            let begin = "UPDATE audit_state SET node = $1, head = $2 WHERE id = 1";
            sqlx::query(begin).bind(&node).bind(hash.as_slice()).execute(&mut *write).await?;
            sqlx::query("DROP TABLE audit_unchained").execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }
}

/// Whoever has been erased gets a name as random as the others, the same in all their entries.
fn named_now(names: &mut HashMap<String, String>, id: String) -> Result<String> {
    if let Some(name) = names.get(&id) {
        return Ok(name.clone());
    }
    let name = new_id()?;
    names.insert(id, name.clone());
    Ok(name)
}
