//! Messages that the service sends, and where they go. To whom and in which words is sealed under the contact's key, and kept only
//! until the message is sent. That one is under way is on disk before anything goes to the network: so whatever is under way when
//! the service begins may have gone, and is never sent again by itself.

use super::contacts::{AT_A_TIME, seconds};
use super::engine::on_each;
use super::erasure::values;
use super::receipts::{Tally, count};
use super::sealing::{Key, Place};
use super::{Records, RecordsError, Result, new_id};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sidelight_protocol::plan::Channel;
use sidelight_protocol::sending::{Message, MessageKind, MessageState, NotSent};
use sidelight_room::outbox::{Now, Report, reported};
use sqlx::SqliteConnection;

const TABLE: &str = "messages";
const ADDRESSES: &str = "addresses";

/// When what was sent, or may have been, is asked after, in seconds since: then no more. Text messages arrive up to 72 hours late.
const ASKED: [u32; 8] = [10, 60, 300, 1800, 7200, 6 * 3600, 24 * 3600, 73 * 3600];

/// What goes out. No Debug: it holds a number or an address, and perhaps a link.
#[derive(Clone, Serialize, serde::Deserialize)]
pub struct Words {
    pub to: String,
    pub text: String,
    /// The invitation whose link the text holds.
    pub invitation: Option<String>,
}

/// A message to be sent.
pub struct NewOutgoing {
    pub id: String,
    pub contact: String,
    pub channel: Channel,
    pub kind: MessageKind,
    /// So many seconds before the planned start, or at once.
    pub lead: u32,
    pub words: Words,
}

/// A message whose time has come; from now on it is under way.
#[derive(Clone)]
pub struct Outgoing {
    pub id: String,
    pub contact: String,
    pub channel: Channel,
    pub kind: MessageKind,
    /// Which try this is, from 1.
    pub tries: u32,
    pub words: Words,
}

/// A message to ask after.
pub struct Asked {
    pub id: String,
    pub channel: Channel,
}

/// What became of the wish to send something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Posted {
    /// It is kept, and will be sent.
    Kept,
    /// It was here already, and nothing changes.
    Same,
    /// Another one like it is on its way, or nobody knows yet whether it went.
    Busy,
    /// The contact has had as many as it can have.
    Full,
}

/// A value as it stands in a row: as in messages.
fn written<T: Serialize>(value: T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => Ok(text),
        Ok(_) | Err(_) => Err(RecordsError::Damaged),
    }
}

fn read<T: DeserializeOwned>(text: String) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(text)).map_err(|_| RecordsError::Damaged)
}

fn seal(key: &Key, contact: &str, id: &str, words: &Words) -> Result<Vec<u8>> {
    let clear = zeroize::Zeroizing::new(serde_json::to_vec(words).map_err(|_| RecordsError::Damaged)?);
    key.seal(&Place { table: TABLE, row: id, contact }, &clear)
}

fn open(key: &Key, contact: &str, id: &str, sealed: &[u8]) -> Result<Words> {
    let clear = key.open(&Place { table: TABLE, row: id, contact }, sealed).ok_or(RecordsError::Damaged)?;
    serde_json::from_slice(&clear).map_err(|_| RecordsError::Damaged)
}

type Row = (String, String, String, String, Option<String>, i64, i64, i64, i64, i64);

const SELECT: &str = "SELECT m.id, m.kind, m.channel, m.state, m.why, m.since, m.due, m.asks, m.lead, c.starts_at \
    FROM messages m JOIN contacts c ON c.id = m.contact";

fn shown((id, kind, channel, state, why, since, due, asks, lead, starts_at): Row) -> Result<Message> {
    let why = why.map(read::<NotSent>).transpose()?;
    let due = if lead > 0 { due.max(starts_at - lead) } else { due };
    let (kind, channel, state) = (read(kind)?, read(channel)?, read(state)?);
    Ok(Message { id, kind, channel, state, why, since: seconds(since), due: seconds(due), asks: asks != 0 })
}

/// What a message is from now on ($2 state, $3 why, $4 time): what it holds goes with it, unless it waits or may have to be sent again.
const SETTLE: &str = "UPDATE messages SET state = $2, why = $3, since = $4, \
    sealed = CASE WHEN $2 IN ('waiting', 'unknown') THEN sealed ELSE NULL END, \
    asks = CASE WHEN $2 = 'unknown' THEN 1 ELSE 0 END, due = $5, ask = $6 WHERE id = $1";

/// How many a contact ($1) has had.
/// Those that are to go, and those of which somebody must say what became of them.
const UNDER_WAY: &str = "SELECT CAST(COUNT(CASE WHEN state IN ('waiting', 'under_way') THEN 1 END) AS BIGINT), \
    CAST(COUNT(CASE WHEN asks = 1 THEN 1 END) AS BIGINT) FROM messages WHERE contact IS NOT NULL";
const HAD: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM messages WHERE contact = $1";
const MOST: i64 = sidelight_protocol::sending::MOST_MESSAGES as i64;

/// How many of a contact ($1) are such ($2, $3) that another one would be a second: a reminder at all; or what may be on its way.
const LIKE_IT: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM messages WHERE contact = $1 AND kind = $2 AND \
    ((kind = 'reminder' AND state <> 'failed') OR (channel = $3 AND (state IN ('waiting', 'under_way') OR asks = 1)))";

/// The contact ($1) is over ($2): what waits and speaks of it as planned isn't sent, and nobody is asked about it any more.
pub(super) const NOT_SENT_ANY_MORE: &str = "UPDATE messages SET state = 'failed', why = 'over', since = $2, sealed = NULL \
    WHERE contact = $1 AND state = 'waiting' AND kind <> 'notice'";

/// What is left of erased contacts' messages: when, by which channel and how it went, and nothing by which somebody who knows
/// them otherwise could tell whose they were.
pub(super) async fn only_deliveries(write: &mut SqliteConnection, contacts: &[String]) -> Result<()> {
    let these = values(1, contacts.len());
    let all = async |write: &mut SqliteConnection, sql: String| -> Result<()> {
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        for contact in contacts {
            query = query.bind(contact);
        }
        query.execute(write).await?;
        Ok(())
    };
    all(write, format!("DELETE FROM addresses WHERE contact IN ({these})")).await?;
    let select = format!("SELECT id FROM messages WHERE contact IN ({these})");
    let mut query = sqlx::query_scalar(sqlx::AssertSqlSafe(select));
    for contact in contacts {
        query = query.bind(contact);
    }
    let ids: Vec<String> = query.fetch_all(&mut *write).await?;
    let update = "UPDATE messages SET id = $2, contact = NULL, sealed = NULL, ask = NULL, asks = 0, \
        why = CASE WHEN state = 'waiting' THEN 'over' ELSE why END, \
        state = CASE WHEN state = 'under_way' THEN 'unknown' WHEN state = 'waiting' THEN 'failed' ELSE state END WHERE id = $1";
    for id in ids {
        sqlx::query(update).bind(id).bind(new_id()?).execute(&mut *write).await?;
    }
    Ok(())
}

impl Records {
    /// How many messages are to go, and of how many somebody must say what became of them.
    pub async fn messages_under_way(&self) -> Result<(i64, i64)> {
        Ok(on_each!(self.engine(), db => sqlx::query_as(UNDER_WAY).fetch_one(db.readers()).await?))
    }

    /// Keeps a message to be sent, and where it goes for the next one. `Taken` where the id is of another contact.
    pub async fn post_message(&self, new: &NewOutgoing, now: u32) -> Result<Posted> {
        let NewOutgoing { id, contact, channel, kind, lead, words } = new;
        let key = self.keys().key(contact).await?;
        let (sealed, name) = (seal(&key, contact, id, words)?, key.name_in_audit(contact));
        let (channel, kind) = (written(channel)?, written(kind)?);
        let address = key.seal(&Place { table: ADDRESSES, row: &channel, contact }, words.to.as_bytes())?;
        Ok(on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let same = "SELECT contact FROM messages WHERE id = $1";
            let existing: Option<Option<String>> = sqlx::query_scalar(same).bind(id).fetch_optional(&mut *write).await?;
            if let Some(of) = existing {
                return if of.as_deref() == Some(contact) { Ok(Posted::Same) } else { Err(RecordsError::Taken) };
            }
            let like: i64 = sqlx::query_scalar(LIKE_IT).bind(contact).bind(&kind).bind(&channel).fetch_one(&mut *write).await?;
            if like > 0 {
                return Ok(Posted::Busy);
            }
            let had: i64 = sqlx::query_scalar(HAD).bind(contact).fetch_one(&mut *write).await?;
            if had >= MOST {
                return Ok(Posted::Full);
            }
            let insert = "INSERT INTO messages (id, contact, name, channel, kind, lead, state, tries, due, asks, made, since, sealed) \
                VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, 0, $7, $7, $8)";
            let query = sqlx::query(insert).bind(id).bind(contact).bind(name).bind(&channel).bind(kind).bind(i64::from(*lead));
            query.bind(i64::from(now)).bind(sealed).execute(&mut *write).await?;
            let keep = "INSERT INTO addresses (contact, channel, sealed) VALUES ($1, $2, $3) \
                ON CONFLICT (contact, channel) DO UPDATE SET sealed = excluded.sealed";
            sqlx::query(keep).bind(contact).bind(&channel).bind(address).execute(&mut *write).await?;
            write.commit().await?;
            Posted::Kept
        }))
    }

    /// Sends the same once more under a new id, of which nobody knows whether it went. False where that isn't so, or was decided already.
    /// The same new id again changes nothing.
    pub async fn send_again(&self, contact: &str, old: &str, id: &str, now: u32) -> Result<bool> {
        let key = self.keys().key(contact).await?;
        Ok(on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let there: Option<i64> = sqlx::query_scalar("SELECT CAST(1 AS BIGINT) FROM messages WHERE id = $1 AND contact = $2")
                .bind(id).bind(contact).fetch_optional(&mut *write).await?;
            if there.is_some() {
                return Ok(true);
            }
            let had: i64 = sqlx::query_scalar(HAD).bind(contact).fetch_one(&mut *write).await?;
            let select = "SELECT sealed FROM messages WHERE id = $1 AND contact = $2 AND asks = 1";
            let sealed: Option<Option<Vec<u8>>> = sqlx::query_scalar(select).bind(old).bind(contact).fetch_optional(&mut *write).await?;
            let Some(sealed) = sealed.flatten().filter(|_| had < MOST) else { return Ok(false) };
            let sealed = seal(&key, contact, id, &open(&key, contact, old, &sealed)?)?;
            let insert = "INSERT INTO messages (id, contact, name, channel, kind, lead, state, tries, due, asks, made, since, sealed) \
                SELECT $2, m.contact, m.name, m.channel, m.kind, m.lead, 'waiting', 0, $3, 0, $3, $3, $4 FROM messages m WHERE m.id = $1";
            let query = sqlx::query(insert).bind(old).bind(id).bind(i64::from(now)).bind(sealed);
            query.execute(&mut *write).await?;
            let decided = "UPDATE messages SET asks = 0, sealed = NULL WHERE id = $1";
            sqlx::query(decided).bind(old).execute(&mut *write).await?;
            write.commit().await?;
            true
        }))
    }

    /// A waiting message isn't sent; one that nobody knows of is left at that. False where it is neither.
    pub async fn drop_message(&self, contact: &str, id: &str, now: u32) -> Result<bool> {
        Ok(on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let cancel = "UPDATE messages SET state = 'failed', why = 'over', since = $3, sealed = NULL \
                WHERE id = $1 AND contact = $2 AND state = 'waiting'";
            let query = sqlx::query(cancel).bind(id).bind(contact).bind(i64::from(now));
            let cancelled = query.execute(&mut *write).await?.rows_affected();
            let leave = "UPDATE messages SET asks = 0, sealed = NULL WHERE id = $1 AND contact = $2 AND asks = 1";
            let left = sqlx::query(leave).bind(id).bind(contact).execute(&mut *write).await?.rows_affected();
            write.commit().await?;
            cancelled + left > 0
        }))
    }

    /// A contact's messages, the first one first.
    pub async fn messages(&self, contact: &str) -> Result<Vec<Message>> {
        let sql = format!("{SELECT} WHERE m.contact = $1 ORDER BY m.made, m.id");
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(contact).fetch_all(db.readers()).await?
        });
        rows.into_iter().map(shown).collect()
    }

    /// Where this contact's messages go by this channel, if that was said.
    pub async fn address(&self, contact: &str, channel: Channel) -> Result<Option<String>> {
        let channel = written(channel)?;
        let select = "SELECT sealed FROM addresses WHERE contact = $1 AND channel = $2";
        let sealed: Option<Vec<u8>> = on_each!(self.engine(), db => {
            sqlx::query_scalar(select).bind(contact).bind(&channel).fetch_optional(db.readers()).await?
        });
        let Some(sealed) = sealed else { return Ok(None) };
        let key = self.keys().key(contact).await?;
        let clear = key.open(&Place { table: ADDRESSES, row: &channel, contact }, &sealed).ok_or(RecordsError::Damaged)?;
        String::from_utf8(clear.to_vec()).map(Some).map_err(|_| RecordsError::Damaged)
    }

    /// The next message whose time has come, which is under way when this returns.
    pub async fn take_due(&self, now: u32) -> Result<Option<Outgoing>> {
        loop {
            let select = "SELECT m.id, m.contact, m.channel, m.kind, m.tries, m.sealed FROM messages m JOIN contacts c ON c.id = m.contact \
                WHERE m.state = 'waiting' AND m.due <= $1 AND (m.lead = 0 OR c.starts_at - m.lead <= $1) ORDER BY m.due, m.id LIMIT 1";
            type Due = (String, String, String, String, i64, Option<Vec<u8>>);
            let due: Option<Due> = on_each!(self.engine(), db => {
                let mut write = db.write().await?;
                let due: Option<Due> = sqlx::query_as(select).bind(i64::from(now)).fetch_optional(&mut *write).await?;
                if let Some((id, ..)) = &due {
                    let take = "UPDATE messages SET state = 'under_way', why = NULL, tries = tries + 1, since = $2 WHERE id = $1";
                    sqlx::query(take).bind(id).bind(i64::from(now)).execute(&mut *write).await?;
                    write.commit().await?;
                }
                due
            });
            let Some((id, contact, channel, kind, tries, sealed)) = due else { return Ok(None) };
            let words = match (self.keys().key(&contact).await, sealed) {
                (Ok(key), Some(sealed)) => open(&key, &contact, &id, &sealed),
                (Err(RecordsError::Missing), _) | (Ok(_), None) => Err(RecordsError::Damaged),
                (Err(error), _) => return Err(error),
            };
            let (Ok(words), Ok(channel), Ok(kind)) = (words, read(channel), read(kind)) else {
                // Erased, or not to be read: it can't go, and holds up nothing that can.
                self.settle_message(&id, &Now { state: MessageState::Failed, why: Some(NotSent::Over), after: 0 }, now).await?;
                continue;
            };
            let tries = seconds(tries).saturating_add(1);
            return Ok(Some(Outgoing { id, contact, channel, kind, tries, words }));
        }
    }

    /// What a message is from now on. Fine if it is gone.
    pub async fn settle_message(&self, id: &str, to: &Now, now: u32) -> Result<()> {
        let open = matches!(to.state, MessageState::Sent | MessageState::Unknown);
        let ask = ASKED.first().filter(|_| open).map(|after| i64::from(now) + i64::from(*after));
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let why = to.why.map(written).transpose()?;
            let query = sqlx::query(SETTLE).bind(id).bind(written(to.state)?).bind(why).bind(i64::from(now));
            query.bind(i64::from(now.saturating_add(to.after))).bind(ask).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Nobody knows any more whether what is under way went: for the beginning, when nothing can be. How many there were.
    pub async fn interrupted(&self, now: u32) -> Result<u64> {
        let update = "UPDATE messages SET state = 'unknown', asks = 1, since = $1, ask = $2 WHERE state = 'under_way'";
        let ask = i64::from(now) + i64::from(ASKED.first().copied().unwrap_or_default());
        Ok(on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let found = sqlx::query(update).bind(i64::from(now)).bind(ask).execute(&mut *write).await?.rows_affected();
            write.commit().await?;
            found
        }))
    }

    /// Messages to ask after now, at most [`AT_A_TIME`]. Each is asked after more and more rarely, whatever comes of it.
    pub async fn to_ask(&self, now: u32) -> Result<Vec<Asked>> {
        let select = "SELECT id, channel, since FROM messages WHERE ask <= $1 ORDER BY ask, id LIMIT $2";
        let most = i64::try_from(AT_A_TIME).unwrap_or(i64::MAX);
        let rows: Vec<(String, String, i64)> = on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let rows: Vec<(String, String, i64)> = sqlx::query_as(select).bind(i64::from(now)).bind(most).fetch_all(&mut *write).await?;
            for (id, _, since) in &rows {
                let next = ASKED.iter().map(|after| since + i64::from(*after)).find(|next| *next > i64::from(now));
                sqlx::query("UPDATE messages SET ask = $2 WHERE id = $1").bind(id).bind(next).execute(&mut *write).await?;
            }
            write.commit().await?;
            rows
        });
        rows.into_iter().map(|(id, channel, _)| Ok(Asked { id, channel: read(channel)? })).collect()
    }

    /// What whoever passes messages on says of one. Fine if it says nothing new.
    pub async fn reported(&self, id: &str, report: Report, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let state: Option<String> =
                sqlx::query_scalar("SELECT state FROM messages WHERE id = $1").bind(id).fetch_optional(&mut *write).await?;
            let Some(to) = state.map(read).transpose()?.and_then(|state| reported(state, report)) else { return Ok(()) };
            // The times at which it is asked after go on from when it was sent, and stop where there is nothing more to hear.
            let update = "UPDATE messages SET state = $2, why = $3, asks = 0, sealed = NULL, \
                since = CASE WHEN $2 = 'sent' THEN since ELSE $4 END, ask = CASE WHEN $2 = 'sent' THEN ask ELSE NULL END WHERE id = $1";
            let query = sqlx::query(update).bind(id).bind(written(to.state)?).bind(to.why.map(written).transpose()?);
            query.bind(i64::from(now)).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Contacts that ended by then and of which a number, an address or a message's words are still kept, at most `limit`.
    pub async fn addresses_over(&self, by: u32, now: u32, limit: usize) -> Result<Vec<String>> {
        let select = "SELECT c.id FROM contacts c WHERE c.ended <= $1 AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.ends > $3 \
            AND (h.subject = c.id OR h.subject = c.about)) AND (EXISTS (SELECT 1 FROM addresses a WHERE a.contact = c.id) \
            OR EXISTS (SELECT 1 FROM messages m WHERE m.contact = c.id AND m.state <> 'under_way' AND m.sealed IS NOT NULL)) ORDER BY c.ended, c.id LIMIT $2";
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(
            on_each!(self.engine(), db => sqlx::query_scalar(select).bind(i64::from(by)).bind(most).bind(i64::from(now)).fetch_all(db.readers()).await?),
        )
    }

    /// Erases where the messages of a contact went and what they said. What waits isn't sent, what is under way goes on, and nothing is
    /// asked after or about any more. Fine if there is nothing.
    pub async fn forget_addresses(&self, contact: &str, now: u32, tally: Option<Tally>) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let gone = sqlx::query("DELETE FROM addresses WHERE contact = $1").bind(contact).execute(&mut *write).await?;
            count(&mut write, tally, gone.rows_affected()).await?;
            let waiting = "UPDATE messages SET state = 'failed', why = 'over', since = $2 WHERE contact = $1 AND state = 'waiting'";
            sqlx::query(waiting).bind(contact).bind(i64::from(now)).execute(&mut *write).await?;
            let words = "UPDATE messages SET sealed = NULL, ask = NULL, asks = 0 WHERE contact = $1 AND state <> 'under_way'";
            sqlx::query(words).bind(contact).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// How many receipts are of messages that have been as they are since then or before: of erased contacts, and of others that are done.
    pub async fn deliveries_over(&self, by: u32) -> Result<u64> {
        let count = "SELECT CAST(COUNT(*) AS BIGINT) FROM messages WHERE since <= $1 AND state NOT IN ('waiting', 'under_way') AND NOT (asks = 1 AND contact IS NOT NULL)";
        let found: i64 = on_each!(self.engine(), db => sqlx::query_scalar(count).bind(i64::from(by)).fetch_one(db.readers()).await?);
        Ok(u64::try_from(found).unwrap_or_default())
    }

    /// Deletes them, at most `limit` at a time; how many there were.
    pub async fn forget_deliveries(&self, by: u32, limit: usize, tally: Option<Tally>) -> Result<u64> {
        let delete = "DELETE FROM messages WHERE id IN (SELECT m.id FROM messages m WHERE m.since <= $1 \
            AND m.state NOT IN ('waiting', 'under_way') AND NOT (m.asks = 1 AND m.contact IS NOT NULL) ORDER BY m.since, m.id LIMIT $2)";
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let deleted = sqlx::query(delete).bind(i64::from(by)).bind(most).execute(&mut *write).await?.rows_affected();
            count(&mut write, tally, deleted).await?;
            write.commit().await?;
            deleted
        }))
    }
}

#[cfg(test)]
mod tests;
