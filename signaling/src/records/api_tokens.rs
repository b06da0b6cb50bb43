//! Tokens of other programs: the hash of each, what it is for, and on which day it was last used. What is revoked is deleted; the audit
//! tells that it was, and what it was called. A token is known to whoever made it, so it opens nothing once they are no administrator here.

use super::audit::add_of_token;
use super::contacts::seconds;
use super::engine::on_each;
use super::{Records, RecordsError, Result, new_id};
use sidelight_protocol::api_tokens::{MOST, Scope};
use sidelight_protocol::audit::Audited;
use std::collections::HashMap;

const DAY: u32 = 24 * 3600;

const INSERT: &str = "INSERT INTO api_tokens (id, hash, name, scopes, who, made, ends) VALUES ($1, $2, $3, $4, $5, $6, $7)";
/// Who made it is an administrator here.
const MADE_BY_ONE: &str = "EXISTS (SELECT 1 FROM staff s WHERE s.id = api_tokens.who AND s.administrator = 1 AND s.disabled IS NULL)";
/// Its name stays for as long as the audit speaks of it.
const NAMED: &str = "INSERT INTO token_names (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING";
const NAMED_NO_MORE: &str = "DELETE FROM token_names WHERE id NOT IN (SELECT t.id FROM api_tokens t) \
    AND id NOT IN (SELECT a.person FROM audit a WHERE a.person IS NOT NULL)";

type Row = (String, String, String, String, i64, i64, Option<i64>, i64);

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
    /// Whoever made it is an administrator here.
    pub works: bool,
}

/// The token that a program has brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub id: String,
    pub name: String,
    pub scopes: Vec<Scope>,
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
            sqlx::query(NAMED).bind(&id).bind(new.name).execute(&mut *write).await?;
            sqlx::query(NAMED_NO_MORE).execute(&mut *write).await?;
            add_of_token(&mut write, now, Some(new.who), Audited::ApiTokenMade, None, &id).await?;
            write.commit().await?;
        });
        Ok(id)
    }

    /// From now on it is like none. `Missing` where there is no such.
    pub async fn revoke_api_token(&self, id: &str, who: &str, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let gone = "DELETE FROM api_tokens WHERE id = $1 RETURNING name";
            let gone: Option<String> = sqlx::query_scalar(gone).bind(id).fetch_optional(&mut *write).await?;
            sqlx::query(NAMED).bind(id).bind(gone.ok_or(RecordsError::Missing)?).execute(&mut *write).await?;
            add_of_token(&mut write, now, Some(who), Audited::ApiTokenRevoked, None, id).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Those that haven't ended, the one that ends first first.
    pub async fn api_tokens(&self, now: u32) -> Result<Vec<ApiToken>> {
        let select = format!(
            "SELECT id, name, scopes, who, made, ends, last_used, CASE WHEN {MADE_BY_ONE} THEN 1 ELSE 0 END FROM api_tokens \
             WHERE ends > $1 ORDER BY ends, id"
        );
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(i64::from(now)).fetch_all(db.readers()).await?
        });
        let token = |(id, name, stored, who, made, ends, used, works): Row| {
            let (made, ends, last_used) = (seconds(made), seconds(ends), used.map(seconds));
            Ok(ApiToken { id, name, scopes: scopes(&stored)?, who, made, ends, last_used, works: works != 0 })
        };
        rows.into_iter().map(token).collect()
    }

    /// The names of programs that get by with this scope now, each once.
    pub async fn programs_with(&self, scope: Scope, now: u32) -> Result<Vec<String>> {
        let tokens = self.api_tokens(now).await?.into_iter().filter(|token| token.works && token.scopes.contains(&scope));
        let mut names: Vec<String> = tokens.map(|token| token.name).collect();
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// What tokens are called, by their ids, also those that have ended and that the audit speaks of.
    pub async fn token_names(&self) -> Result<HashMap<String, String>> {
        let select = "SELECT id, name FROM token_names UNION SELECT id, name FROM api_tokens";
        let rows: Vec<(String, String)> = on_each!(self.engine(), db => sqlx::query_as(select).fetch_all(db.readers()).await?);
        Ok(rows.into_iter().collect())
    }

    /// The token of this hash, if it works; writes down the day.
    pub async fn use_api_token(&self, hash: &[u8], now: u32) -> Result<Option<Program>> {
        let select = format!("SELECT id, name, scopes, last_used FROM api_tokens WHERE hash = $1 AND ends > $2 AND {MADE_BY_ONE}");
        let row: Option<(String, String, String, Option<i64>)> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(hash).bind(i64::from(now)).fetch_optional(db.readers()).await?
        });
        let Some((id, name, stored, used)) = row else { return Ok(None) };
        let today = i64::from(now - now % DAY);
        if used.is_none_or(|used| used < today) {
            on_each!(self.engine(), db => {
                let mut write = db.write().await?;
                let update = "UPDATE api_tokens SET last_used = $2 WHERE id = $1";
                sqlx::query(update).bind(&id).bind(today).execute(&mut *write).await?;
                write.commit().await?;
            });
        }
        Ok(Some(Program { id, name, scopes: scopes(&stored)? }))
    }
}

#[cfg(test)]
mod tests;
