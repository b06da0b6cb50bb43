//! Tokens of other programs: the hash of each, what it is for, and on which day it was last used. What is revoked is deleted; the audit
//! tells that it was.

use super::audit::add_plain;
use super::contacts::seconds;
use super::engine::on_each;
use super::{Records, RecordsError, Result, new_id};
use sidelight_protocol::api_tokens::{MOST, Scope};
use sidelight_protocol::audit::Audited;

const DAY: u32 = 24 * 3600;

const INSERT: &str = "INSERT INTO api_tokens (id, hash, name, scopes, who, made, ends) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const SELECT: &str = "SELECT id, name, scopes, who, made, ends, last_used FROM api_tokens WHERE ends > $1 ORDER BY ends, id";

type Row = (String, String, String, String, i64, i64, Option<i64>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    pub id: String,
    pub name: String,
    pub scopes: Vec<Scope>,
    /// The member of staff who made it.
    pub who: String,
    pub made: u32,
    pub ends: u32,
    pub last_used: Option<u32>,
}

pub struct NewApiToken<'a> {
    pub hash: &'a [u8],
    pub name: &'a str,
    pub scopes: &'a [Scope],
    pub who: &'a str,
    pub ends: u32,
}

fn scopes(stored: &str) -> Result<Vec<Scope>> {
    serde_json::from_str(stored).map_err(|_| RecordsError::Damaged)
}

impl Records {
    /// Keeps one, and forgets those that have ended. Its id; `Taken` where there are as many as there can be.
    pub async fn new_api_token(&self, new: &NewApiToken<'_>, now: u32) -> Result<String> {
        let id = new_id()?;
        let stored = serde_json::to_string(new.scopes).map_err(|_| RecordsError::Damaged)?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            sqlx::query("DELETE FROM api_tokens WHERE ends <= $1").bind(i64::from(now)).execute(&mut *write).await?;
            let count = "SELECT CAST(COUNT(*) AS BIGINT) FROM api_tokens";
            let count: i64 = sqlx::query_scalar(count).fetch_one(&mut *write).await?;
            if usize::try_from(count).unwrap_or(MOST) >= MOST {
                return Err(RecordsError::Taken);
            }
            let query = sqlx::query(INSERT).bind(&id).bind(new.hash).bind(new.name).bind(stored).bind(new.who);
            query.bind(i64::from(now)).bind(i64::from(new.ends)).execute(&mut *write).await?;
            add_plain(&mut write, now, Some(new.who), Audited::ApiTokenMade).await?;
            write.commit().await?;
        });
        Ok(id)
    }

    /// From now on it is like none. `Missing` where there is no such.
    pub async fn revoke_api_token(&self, id: &str, who: &str, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let gone = sqlx::query("DELETE FROM api_tokens WHERE id = $1").bind(id).execute(&mut *write).await?;
            if gone.rows_affected() == 0 {
                return Err(RecordsError::Missing);
            }
            add_plain(&mut write, now, Some(who), Audited::ApiTokenRevoked).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Those that work, the one that ends first first.
    pub async fn api_tokens(&self, now: u32) -> Result<Vec<ApiToken>> {
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(SELECT).bind(i64::from(now)).fetch_all(db.readers()).await?
        });
        let token = |(id, name, stored, who, made, ends, used): Row| {
            let (made, ends, last_used) = (seconds(made), seconds(ends), used.map(seconds));
            Ok(ApiToken { id, name, scopes: scopes(&stored)?, who, made, ends, last_used })
        };
        rows.into_iter().map(token).collect()
    }

    /// The id and the scopes of the token of this hash, if it works; writes down the day.
    pub async fn use_api_token(&self, hash: &[u8], now: u32) -> Result<Option<(String, Vec<Scope>)>> {
        let select = "SELECT id, scopes, last_used FROM api_tokens WHERE hash = $1 AND ends > $2";
        let row: Option<(String, String, Option<i64>)> = on_each!(self.engine(), db => {
            sqlx::query_as(select).bind(hash).bind(i64::from(now)).fetch_optional(db.readers()).await?
        });
        let Some((id, stored, used)) = row else { return Ok(None) };
        let today = i64::from(now - now % DAY);
        if used.is_none_or(|used| used < today) {
            on_each!(self.engine(), db => {
                let mut write = db.write().await?;
                let update = "UPDATE api_tokens SET last_used = $2 WHERE id = $1";
                sqlx::query(update).bind(&id).bind(today).execute(&mut *write).await?;
                write.commit().await?;
            });
        }
        Ok(Some((id, scopes(&stored)?)))
    }
}

#[cfg(test)]
mod tests;
