//! What happened in a contact, in order. Each fact is sealed by itself and bound to its number.

use super::audit::{Entry, add, audited};
use super::engine::on_each;
use super::outbox::NOT_SENT_ANY_MORE;
use super::sealing::{Key, Place};
use super::usage::count;
use super::{Records, RecordsError, Result};
use sidelight_room::{Fact, Happened};

const TABLE: &str = "facts";

const OPENED: &str = "UPDATE contacts SET opened = $2 WHERE id = $1 AND opened IS NULL";
const ENDED: &str = "UPDATE contacts SET ended = $2 WHERE id = $1 AND ended IS NULL";
const CANCELLED: &str = "UPDATE contacts SET cancelled = $2, sequence = sequence + 1 WHERE id = $1 AND cancelled IS NULL";
const ALL_DEAD: &str = "UPDATE invitations SET dead = $2 WHERE contact = $1 AND dead IS NULL";
const DEAD: &str = "UPDATE invitations SET dead = $2 WHERE contact = $1 AND person = $3 AND dead IS NULL";
const KNOWN: &str = "UPDATE invitations SET known = 1 WHERE contact = $1 AND person = $3 AND made <= $2";
const UNHANDLED: &str = "UPDATE contacts SET unhandled = $2 WHERE id = $1 AND unhandled <> $2";

const SELECT: &str = "SELECT number, sealed FROM facts WHERE contact = $1 ORDER BY number";

type Row = (i64, Vec<u8>);

fn open(key: &Key, contact: &str, rows: Vec<Row>) -> Result<Vec<Fact>> {
    let open = |(number, sealed): Row| {
        let place = Place { table: TABLE, row: &number.to_string(), contact };
        let clear = key.open(&place, &sealed).ok_or(RecordsError::Damaged)?;
        serde_json::from_slice(&clear).map_err(|_| RecordsError::Damaged)
    };
    rows.into_iter().map(open).collect()
}

/// What a fact changes in the rows that are in clear: statements over the contact ($1), the time ($2) and a person ($3).
fn marks(fact: &Fact) -> Vec<(&'static str, Option<&str>)> {
    match (&fact.what, fact.person.as_deref()) {
        (Happened::Opened { .. }, _) => vec![(OPENED, None)],
        (Happened::Left { .. } | Happened::Revoked | Happened::EndedQuietly, Some(person)) => vec![(DEAD, Some(person))],
        (Happened::LinkKnown, Some(person)) => vec![(KNOWN, Some(person))],
        (Happened::Cancelled, _) => vec![(CANCELLED, None)],
        (Happened::Ended, _) => vec![(ENDED, None), (ALL_DEAD, None), (NOT_SENT_ANY_MORE, None)],
        _ => vec![],
    }
}

impl Records {
    /// What happened in a contact, in order.
    pub async fn facts(&self, contact: &str) -> Result<Vec<Fact>> {
        let rows: Vec<Row> = on_each!(self.engine(), db => sqlx::query_as(SELECT).bind(contact).fetch_all(db.readers()).await?);
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        open(&self.keys().key(contact).await?, contact, rows)
    }

    /// Appends in one transaction that is on disk when this returns. All or nothing.
    /// That a contact was opened or ended, or that a person's way in is over, is marked in the same transaction; and so is
    /// whether something in it waits for "Handled" from now on, so that nothing that waits can be erased. What is audited has its
    /// entry in it too, and with its end a contact is counted; `who`: the member of staff by whose press this happened.
    pub async fn append(&self, contact: &str, facts: &[Fact], unhandled: bool, who: Option<&str>) -> Result<()> {
        if facts.is_empty() {
            return Ok(());
        }
        let key = self.keys().key(contact).await?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let last = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM facts WHERE contact = $1";
            let mut number: i64 = sqlx::query_scalar(last).bind(contact).fetch_one(&mut *write).await?;
            for fact in facts {
                number += 1;
                let clear = zeroize::Zeroizing::new(serde_json::to_vec(fact).map_err(|_| RecordsError::Damaged)?);
                let sealed = key.seal(&Place { table: TABLE, row: &number.to_string(), contact }, &clear)?;
                let insert = "INSERT INTO facts (contact, number, sealed) VALUES ($1, $2, $3)";
                sqlx::query(insert).bind(contact).bind(number).bind(sealed).execute(&mut *write).await?;
                if let Some((what, pressed)) = audited(fact) {
                    let who = who.filter(|_| pressed);
                    add(&mut write, Entry { at: fact.at, who, what, contact: Some(key.name_in_audit(contact)), about: None }).await?;
                }
                for (update, person) in marks(fact) {
                    let mut query = sqlx::query(update).bind(contact).bind(i64::from(fact.at));
                    if let Some(person) = person {
                        query = query.bind(person);
                    }
                    query.execute(&mut *write).await?;
                }
            }
            if let Some(ended) = facts.iter().find(|fact| matches!(fact.what, Happened::Ended)) {
                let rows: Vec<Row> = sqlx::query_as(SELECT).bind(contact).fetch_all(&mut *write).await?;
                count(&mut write, &open(&key, contact, rows)?, ended.at).await?;
            }
            sqlx::query(UNHANDLED).bind(contact).bind(i64::from(unhandled)).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }
}
