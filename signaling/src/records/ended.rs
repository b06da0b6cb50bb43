//! How sign-ins end: signed out, ended from elsewhere, or all of a member's because of what was changed about them. Each is told in
//! a list that grows, in the same transaction, so that a service that runs closes the sockets whoever did it: a page, or a command
//! beside it.

use super::engine::on_each;
use super::sign_ins::{name, named};
use super::{Records, Result};
use sqlx::SqliteConnection;

/// How long it is told, in seconds: a service that runs looks several times a second.
const TOLD: u32 = 60 * 60;

/// At most so many are read at once; the rest is read right after.
const AT_ONCE: i64 = 500;

/// What has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// One sign-in, by its name.
    SignIn(String),
    /// All of a member's, also those that have expired while a page stayed open, by the member's id.
    Member(String),
}

/// Tells that a sign-in (none: all) of a member has ended.
async fn tell(write: &mut SqliteConnection, staff: &str, sign_in: Option<&str>, now: u32) -> Result<()> {
    let next = "UPDATE staff_state SET last = last + 1 WHERE id = 1 RETURNING last";
    let number: i64 = sqlx::query_scalar(next).fetch_one(&mut *write).await?;
    let insert = "INSERT INTO ended_sign_ins (number, staff, sign_in, at) VALUES ($1, $2, $3, $4)";
    sqlx::query(insert).bind(number).bind(staff).bind(sign_in).bind(i64::from(now)).execute(&mut *write).await?;
    let old = "DELETE FROM ended_sign_ins WHERE at <= $1";
    sqlx::query(old).bind(i64::from(now.saturating_sub(TOLD))).execute(&mut *write).await?;
    Ok(())
}

/// Ends sign-ins of a member, by the hashes of their cookies.
pub(super) async fn end(write: &mut SqliteConnection, staff: &str, hashes: &[Vec<u8>], now: u32) -> Result<()> {
    for hash in hashes {
        sqlx::query("DELETE FROM staff_sessions WHERE hash = $1").bind(hash).execute(&mut *write).await?;
        tell(write, staff, Some(&name(hash)), now).await?;
    }
    Ok(())
}

/// Ends all sign-ins of a member.
pub(super) async fn end_all(write: &mut SqliteConnection, staff: &str, now: u32) -> Result<()> {
    let all = sqlx::query_scalar("SELECT hash FROM staff_sessions WHERE staff = $1").bind(staff).fetch_all(&mut *write).await?;
    end(write, staff, &all, now).await?;
    tell(write, staff, None, now).await
}

/// Ends all sign-ins of a member but one, by its name, and returns theirs.
pub(super) async fn end_others(write: &mut SqliteConnection, staff: &str, but: &str, now: u32) -> Result<Vec<String>> {
    let others = "SELECT hash FROM staff_sessions WHERE staff = $1 AND substr(hash, 1, 16) <> $2";
    let query = sqlx::query_scalar(others).bind(staff).bind(named(but).unwrap_or_default());
    let others: Vec<Vec<u8>> = query.fetch_all(&mut *write).await?;
    end(write, staff, &others, now).await?;
    Ok(others.iter().map(|hash| name(hash)).collect())
}

/// Forgets those that are over. Pages that stayed open stay: nobody is cut off in the middle of a conversation by the clock.
pub(super) async fn end_expired(write: &mut SqliteConnection, now: u32) -> Result<()> {
    sqlx::query("DELETE FROM staff_sessions WHERE expires <= $1").bind(i64::from(now)).execute(&mut *write).await?;
    Ok(())
}

impl Records {
    /// Ends a sign-in of this member by its name. False: they have none such.
    pub async fn end_sign_in_of(&self, staff: &str, sign_in: &str, now: u32) -> Result<bool> {
        let Some(start) = named(sign_in) else { return Ok(false) };
        let ended = on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let select = "SELECT hash FROM staff_sessions WHERE staff = $1 AND substr(hash, 1, 16) = $2";
            let found: Vec<Vec<u8>> = sqlx::query_scalar(select).bind(staff).bind(start).fetch_all(&mut *write).await?;
            end(&mut write, staff, &found, now).await?;
            write.commit().await?;
            !found.is_empty()
        });
        Ok(ended)
    }

    /// Ends all sign-ins of this member but the one of this name, and returns theirs.
    pub async fn end_other_sign_ins(&self, staff: &str, but: &str, now: u32) -> Result<Vec<String>> {
        Ok(on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let ended = end_others(&mut write, staff, but, now).await?;
            write.commit().await?;
            ended
        }))
    }

    /// Ends the sign-in whose cookie has this hash. Fine if there is none.
    pub async fn end_sign_in(&self, hash: &[u8], now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let whose = sqlx::query_scalar("SELECT staff FROM staff_sessions WHERE hash = $1").bind(hash).fetch_optional(&mut *write);
            let whose: Option<String> = whose.await?;
            if let Some(staff) = whose {
                end(&mut write, &staff, &[hash.to_vec()], now).await?;
            }
            write.commit().await?;
        });
        Ok(())
    }

    /// The number that was given last to what has ended.
    pub async fn last_ended(&self) -> Result<i64> {
        let select = "SELECT last FROM staff_state WHERE id = 1";
        Ok(on_each!(self.engine(), db => sqlx::query_scalar(select).fetch_one(db.readers()).await?))
    }

    /// What has ended after the one of this number, oldest first, each with its own.
    pub async fn ended_after(&self, number: i64) -> Result<Vec<(i64, Ended)>> {
        let select = "SELECT number, staff, sign_in FROM ended_sign_ins WHERE number > $1 ORDER BY number LIMIT $2";
        let rows: Vec<(i64, String, Option<String>)> = on_each!(self.engine(), db => {
            sqlx::query_as(select).bind(number).bind(AT_ONCE).fetch_all(db.readers()).await?
        });
        let ended = |(number, staff, sign_in): (_, _, Option<String>)| (number, sign_in.map_or(Ended::Member(staff), Ended::SignIn));
        Ok(rows.into_iter().map(ended).collect())
    }
}
