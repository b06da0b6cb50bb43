//! What may not be erased for now, whatever its period says and whoever asks: a contact, or a person with all contacts about them. Each
//! hold has a reason, which is sealed under the key of what is held, and an end, at which it lets go by itself.

use super::audit::{Entry, Reason, add};
use super::contacts::seconds;
use super::engine::on_each;
use super::sealing::{Key, Place};
use super::{Records, RecordsError, Result, new_id};
use sidelight_protocol::audit::Audited;
use sqlx::SqliteConnection;

/// Holds that are listed at most.
const MOST: i64 = 500;

const SELECT: &str = "SELECT h.id, h.subject, h.who, h.made, h.ends, h.sealed, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM people p WHERE p.id = h.subject) FROM holds h";

type Row = (String, String, String, i64, i64, Vec<u8>, i64);

/// One hold.
#[derive(Clone, PartialEq, Eq)]
pub struct Hold {
    pub id: String,
    /// The contact or person.
    pub subject: String,
    pub of_person: bool,
    /// The member of staff who holds it.
    pub who: String,
    pub made: u32,
    pub ends: u32,
    pub reason: String,
}

fn place<'a>(id: &'a str, subject: &'a str) -> Place<'a> {
    Place { table: "holds", row: id, contact: subject }
}

/// Its entry in the audit, under the name of what is held. Of a contact the reason stands with the hold alone.
async fn told(write: &mut SqliteConnection, at: u32, who: Option<&str>, what: Audited, hold: &Hold, key: Key) -> Result<()> {
    let Hold { subject, of_person, reason, .. } = hold;
    let entry = if *of_person {
        Entry { at, who, what, contact: None, about: Some(Reason { person: subject, key, text: reason }) }
    } else {
        Entry { at, who, what, contact: Some(key.name_in_audit(subject)), about: None }
    };
    add(write, entry).await.map(drop)
}

impl Records {
    /// Holds a contact or a person until then; the id of the hold. `Missing` where there is no such.
    pub async fn hold(&self, subject: &str, who: &str, ends: u32, reason: &str, now: u32) -> Result<String> {
        // Whoever erases has either taken its key by now, or sees the hold.
        let _alone = self.inner.erasing.lock().await;
        let key = self.keys().key(subject).await?;
        let id = new_id()?;
        let sealed = key.seal(&place(&id, subject), reason.as_bytes())?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let count = "SELECT CAST(COUNT(*) AS BIGINT) FROM people WHERE id = $1";
            let of_person: i64 = sqlx::query_scalar(count).bind(subject).fetch_one(&mut *write).await?;
            let of_person = of_person > 0;
            let insert = "INSERT INTO holds (id, subject, who, made, ends, sealed) VALUES ($1, $2, $3, $4, $5, $6)";
            let query = sqlx::query(insert).bind(&id).bind(subject).bind(who).bind(i64::from(now)).bind(i64::from(ends));
            query.bind(sealed).execute(&mut *write).await?;
            let hold = Hold { id: id.clone(), subject: subject.into(), of_person, who: who.into(), made: now, ends, reason: reason.into() };
            told(&mut write, now, Some(who), Audited::HoldPlaced, &hold, key).await?;
            write.commit().await?;
        });
        Ok(id)
    }

    /// What is held now, contacts and people.
    pub(super) async fn held_subjects(&self, now: u32) -> Result<Vec<String>> {
        let select = "SELECT DISTINCT subject FROM holds WHERE ends > $1 ORDER BY subject LIMIT 5000";
        Ok(on_each!(self.engine(), db => sqlx::query_scalar(select).bind(i64::from(now)).fetch_all(db.readers()).await?))
    }

    /// Holds that are on, the one that ends first first, at most 500.
    pub async fn holds(&self, now: u32) -> Result<Vec<Hold>> {
        let select = format!("{SELECT} WHERE h.ends > $1 ORDER BY h.ends, h.id LIMIT $2");
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(i64::from(now)).bind(MOST).fetch_all(db.readers()).await?
        });
        let mut holds = Vec::with_capacity(rows.len());
        for row in rows {
            holds.extend(self.open_hold(row).await?.map(|(hold, _)| hold));
        }
        Ok(holds)
    }

    /// None where the key of what is held is gone: restored without it.
    async fn open_hold(&self, (id, subject, who, made, ends, sealed, people): Row) -> Result<Option<(Hold, Key)>> {
        let key = match self.keys().key(&subject).await {
            Err(RecordsError::Missing) => return Ok(None),
            key => key?,
        };
        let clear = key.open(&place(&id, &subject), &sealed).ok_or(RecordsError::Damaged)?;
        let reason = String::from_utf8(clear.to_vec()).map_err(|_| RecordsError::Damaged)?;
        let (made, ends) = (seconds(made), seconds(ends));
        Ok(Some((Hold { id, subject, of_person: people > 0, who, made, ends, reason }, key)))
    }

    /// Lets go before its end. `Missing` where there is no such hold.
    pub async fn release(&self, id: &str, who: &str, now: u32) -> Result<()> {
        self.let_go(id, now, Some(who), Audited::HoldReleased).await
    }

    async fn let_go(&self, id: &str, now: u32, who: Option<&str>, what: Audited) -> Result<()> {
        let select = format!("{SELECT} WHERE h.id = $1");
        let row: Option<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(id).fetch_optional(db.readers()).await?
        });
        let opened = self.open_hold(row.ok_or(RecordsError::Missing)?).await?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let deleted = sqlx::query("DELETE FROM holds WHERE id = $1").bind(id).execute(&mut *write).await?.rows_affected();
            if deleted == 0 {
                return Err(RecordsError::Missing);
            }
            if let Some((hold, key)) = opened {
                told(&mut write, now, who, what, &hold, key).await?;
            }
            write.commit().await?;
        });
        Ok(())
    }

    /// Lets go of what has come to its end, each with its entry in the audit; how many.
    pub async fn release_ended(&self, now: u32) -> Result<usize> {
        let select = "SELECT id FROM holds WHERE ends <= $1 ORDER BY ends, id LIMIT $2";
        let ended: Vec<String> = on_each!(self.engine(), db => {
            sqlx::query_scalar(select).bind(i64::from(now)).bind(MOST).fetch_all(db.readers()).await?
        });
        for id in &ended {
            match self.let_go(id, now, None, Audited::HoldEnded).await {
                Ok(()) | Err(RecordsError::Missing) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(ended.len())
    }

    /// Until when this person, or a contact about them, is held. None: by nobody.
    pub async fn person_held(&self, person: &str, now: u32) -> Result<Option<u32>> {
        let select = "SELECT CAST(MAX(h.ends) AS BIGINT) FROM holds h WHERE h.ends > $2 \
            AND (h.subject = $1 OR h.subject IN (SELECT c.id FROM contacts c WHERE c.about = $1))";
        let ends: Option<i64> = on_each!(self.engine(), db => {
            sqlx::query_scalar(select).bind(person).bind(i64::from(now)).fetch_one(db.readers()).await?
        });
        Ok(ends.map(seconds))
    }

    /// What of this practitioner's is held: the ids of contacts and people, and until when.
    pub async fn held_of(&self, owner: &str, now: u32) -> Result<Vec<(String, u32)>> {
        let select = "SELECT h.subject, CAST(MAX(h.ends) AS BIGINT) FROM holds h WHERE h.ends > $2 AND (\
            h.subject IN (SELECT c.id FROM contacts c WHERE c.owner = $1) OR h.subject IN (SELECT p.id FROM people p WHERE p.owner = $1)) \
            GROUP BY h.subject ORDER BY h.subject LIMIT $3";
        let rows: Vec<(String, i64)> = on_each!(self.engine(), db => {
            sqlx::query_as(select).bind(owner).bind(i64::from(now)).bind(MOST).fetch_all(db.readers()).await?
        });
        Ok(rows.into_iter().map(|(subject, ends)| (subject, seconds(ends))).collect())
    }
}

#[cfg(test)]
mod tests;
