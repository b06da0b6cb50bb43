//! What goes to the case system, and how far it is. A record that is on its way is marked so before it goes, so that after a kill nobody
//! takes it for one that never went.

use super::super::contacts::seconds;
use super::super::engine::on_each;
use super::super::sealing::{Key, Place};
use super::super::{Records, RecordsError, Result};
use super::{open, seal};
use serde::{Deserialize, Serialize};
use sidelight_protocol::record::{SendState, SentRecord};

/// What is sent, word for word, until it has arrived.
#[derive(Clone, Serialize, Deserialize)]
pub struct SentCopy {
    /// The same for every try, so that the case system can tell that it is the same.
    pub key: String,
    pub body: String,
    /// The part about safety is in it.
    pub safety: bool,
}

/// Something that is due.
#[derive(Clone)]
pub struct Queued {
    pub record: String,
    pub tries: u32,
    pub outgoing: SentCopy,
}

const STATES: [SendState; 6] =
    [SendState::Waiting, SendState::Trying, SendState::Arrived, SendState::Refused, SendState::GivenUp, SendState::Unknown];

fn place(id: &str) -> Place<'_> {
    Place { table: "contact_records.sending", row: id, contact: id }
}

fn name(state: SendState) -> &'static str {
    match state {
        SendState::Waiting => "waiting",
        SendState::Trying => "trying",
        SendState::Arrived => "arrived",
        SendState::Refused => "refused",
        SendState::GivenUp => "given_up",
        SendState::Unknown => "unknown",
    }
}

pub(super) fn sent(key: &Key, id: &str, state: Option<(String, i64)>, tries: i64, sealed: Option<&[u8]>) -> Result<Option<SentRecord>> {
    let (Some((named, at)), Some(sealed)) = (state, sealed) else { return Ok(None) };
    let state = STATES.into_iter().find(|state| name(*state) == named).ok_or(RecordsError::Damaged)?;
    let outgoing: SentCopy = open(key, &place(id), sealed)?;
    Ok(Some(SentRecord { state, at: seconds(at), tries: seconds(tries), safety: outgoing.safety }))
}

impl Records {
    /// Has this go to the case system as soon as may be, in the place of what went before. False where something is under way, or where
    /// nobody knows what became of it. `Missing` where there is no such record.
    pub async fn queue_record(&self, record: &str, outgoing: &SentCopy, now: u32) -> Result<bool> {
        let key = self.keys().key(record).await?;
        let sealed = seal(&key, &place(record), outgoing)?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE contact_records SET send_state = 'waiting', send_at = $2, send_tries = 0, sending = $3 \
                WHERE id = $1 AND (send_state IS NULL OR send_state NOT IN ('waiting', 'trying', 'unknown'))";
            let query = sqlx::query(update).bind(record).bind(i64::from(now)).bind(sealed);
            let queued = query.execute(&mut *write).await?.rows_affected() > 0;
            write.commit().await?;
            Ok(queued)
        })
    }

    /// Takes what is due first, if anything is, and marks that it is on its way.
    pub async fn take_due_record(&self, now: u32) -> Result<Option<Queued>> {
        let select = "SELECT id, send_tries, sending FROM contact_records WHERE send_state = 'waiting' AND send_at <= $1 \
            ORDER BY send_at, id LIMIT 1";
        let due: Option<(String, i64, Option<Vec<u8>>)> = on_each!(self.engine(), db => {
            sqlx::query_as(select).bind(i64::from(now)).fetch_optional(db.readers()).await?
        });
        let Some((record, tries, Some(sealed))) = due else { return Ok(None) };
        let key = match self.keys().key(&record).await {
            // It is being erased.
            Err(RecordsError::Missing) => return Ok(None),
            key => key?,
        };
        let outgoing: SentCopy = open(&key, &place(&record), &sealed)?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE contact_records SET send_state = 'trying', send_at = $2, send_tries = send_tries + 1 \
                WHERE id = $1 AND send_state = 'waiting'";
            let query = sqlx::query(update).bind(&record).bind(i64::from(now));
            let taken = query.execute(&mut *write).await?.rows_affected() > 0;
            write.commit().await?;
            Ok(taken.then(|| Queued { record, tries: seconds(tries).saturating_add(1), outgoing }))
        })
    }

    /// What became of what was on its way; `at`: since when, or when it is to be tried again.
    pub async fn record_sent(&self, record: &str, state: SendState, at: u32) -> Result<()> {
        self.settle_record(record, "trying", state, at).await.map(|_| ())
    }

    /// The answer to the question whether one with an unknown outcome arrived. It didn't: it is sent again, as the same. False where
    /// nothing is asked.
    pub async fn record_arrived(&self, record: &str, arrived: bool, now: u32) -> Result<bool> {
        let state = if arrived { SendState::Arrived } else { SendState::Waiting };
        self.settle_record(record, "unknown", state, now).await
    }

    /// What was on its way when the service went away: nobody knows whether it arrived. For the start, before anything is sent.
    pub async fn forget_what_was_on_its_way(&self, now: u32) -> Result<u64> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE contact_records SET send_state = 'unknown', send_at = $1 WHERE send_state = 'trying'";
            let lost = sqlx::query(update).bind(i64::from(now)).execute(&mut *write).await?.rows_affected();
            write.commit().await?;
            Ok(lost)
        })
    }

    async fn settle_record(&self, record: &str, from: &str, state: SendState, at: u32) -> Result<bool> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE contact_records SET send_state = $2, send_at = $3 WHERE id = $1 AND send_state = $4";
            let query = sqlx::query(update).bind(record).bind(name(state)).bind(i64::from(at)).bind(from);
            let settled = query.execute(&mut *write).await?.rows_affected() > 0;
            write.commit().await?;
            Ok(settled)
        })
    }
}
