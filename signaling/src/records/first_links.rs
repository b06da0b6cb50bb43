//! One-time links of staff: each makes one member, or sets one's password anew. Here is their hash alone.

use super::audit::{add_of_staff, add_plain};
use super::contacts::seconds;
use super::engine::on_each;
use super::members::disable;
use super::sign_ins::{name, named};
use super::staff::{ADMINISTRATORS, NewMember, RoleFlags, fold, has, insert};
use super::{Member, Records, RecordsError, Result, new_id};
use sidelight_protocol::audit::Audited;
use sidelight_protocol::http::Role;
use sqlx::SqliteConnection;

/// What a one-time link is for.
#[derive(Clone, Default)]
pub struct FirstLink {
    pub name: Option<String>,
    pub email: Option<String>,
    pub roles: Vec<Role>,
    /// For the first administrator; worthless once there is one.
    pub first: bool,
    /// The member whose password it sets anew, by their id. None: it makes a new member.
    pub staff: Option<String>,
    /// The team of the new member.
    pub team: Option<String>,
    /// The administrator who gave it out, by their id; none: a command, or the service itself.
    pub by: Option<String>,
}

/// Somebody who was given a link and hasn't used it yet.
pub struct Invited {
    /// Names the link; it opens nothing.
    pub link: String,
    pub invited: FirstLink,
    pub expires: u32,
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    hash: Vec<u8>,
    name: Option<String>,
    email: Option<String>,
    #[sqlx(flatten)]
    roles: RoleFlags,
    first: i64,
    expires: i64,
    staff: Option<String>,
    team: Option<String>,
    given_by: Option<String>,
}

const SELECT: &str = "SELECT hash, name, email, practitioner, administrator, supervisor, auditor, first, expires, staff, team, given_by \
    FROM first_links";

fn link(row: LinkRow) -> Invited {
    let roles = row.roles.roles();
    let LinkRow { hash, name: called, email, first, expires, staff, team, given_by, .. } = row;
    let invited = FirstLink { name: called, email, roles, first: first != 0, staff, team, by: given_by };
    Invited { link: name(&hash), invited, expires: seconds(expires) }
}

/// The live link of this hash.
async fn live(write: &mut SqliteConnection, hash: &[u8], now: u32) -> Result<Option<FirstLink>> {
    let sql = format!("{SELECT} WHERE hash = $1 AND expires > $2");
    let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hash).bind(i64::from(now));
    let row: Option<LinkRow> = query.fetch_optional(write).await?;
    Ok(row.map(|row| link(row).invited))
}

/// Keeps a link. One that makes a new member replaces an earlier one for the same email. `Taken`: somebody signs in with it.
pub(super) async fn keep(write: &mut SqliteConnection, hash: &[u8], link: &FirstLink, expires: u32) -> Result<()> {
    if let Some(email) = link.email.as_deref().filter(|_| link.staff.is_none()) {
        let taken = "SELECT CAST(COUNT(*) AS BIGINT) FROM staff WHERE email_folded = $1";
        let taken: i64 = sqlx::query_scalar(taken).bind(fold(email)).fetch_one(&mut *write).await?;
        if taken > 0 {
            return Err(RecordsError::Taken);
        }
        forget_invitation(write, email).await?;
    }
    let insert = "INSERT INTO first_links \
        (hash, name, email, practitioner, administrator, supervisor, auditor, first, expires, staff, team, given_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let FirstLink { name, email, roles, first, staff, team, by } = link;
    let query = sqlx::query(insert).bind(hash).bind(name.as_deref()).bind(email.as_deref());
    let query = query.bind(has(roles, Role::Practitioner)).bind(has(roles, Role::Administrator));
    let query = query.bind(has(roles, Role::Supervisor)).bind(has(roles, Role::Auditor));
    let query = query.bind(i64::from(*first)).bind(i64::from(expires));
    query.bind(staff.as_deref()).bind(team.as_deref()).bind(by.as_deref()).execute(&mut *write).await?;
    Ok(())
}

/// Nobody becomes a member with this email by a link that was given out before.
pub(super) async fn forget_invitation(write: &mut SqliteConnection, email: &str) -> Result<()> {
    let delete = "DELETE FROM first_links WHERE staff IS NULL AND first = 0 AND LOWER(email) = $1";
    sqlx::query(delete).bind(fold(email)).execute(write).await?;
    Ok(())
}

impl Records {
    /// Keeps a one-time link. One for the first administrator replaces every earlier one of its kind.
    pub async fn new_first_link(&self, hash: &[u8], link: &FirstLink, expires: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            if link.first {
                sqlx::query("DELETE FROM first_links WHERE first = 1").execute(&mut *write).await?;
            }
            keep(&mut write, hash, link, expires).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Keeps the links that an administrator gives out to new members, and switches leavers off: all of it or nothing. `Taken` where
    /// somebody is a member already.
    pub async fn take_in(&self, links: &[(Vec<u8>, FirstLink)], leavers: &[String], by: &str, now: u32, expires: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            // Names of people who never came aren't kept for longer than their link.
            sqlx::query("DELETE FROM first_links WHERE expires <= $1").bind(i64::from(now)).execute(&mut *write).await?;
            for (hash, link) in links {
                keep(&mut write, hash, link, expires).await?;
                add_plain(&mut write, now, Some(by), Audited::StaffInvited).await?;
            }
            for leaver in leavers {
                disable(&mut write, leaver, Some(by), now).await?;
            }
            write.commit().await?;
        });
        Ok(())
    }

    /// Who was given a link by which they may still become a member, by name.
    pub async fn invited_members(&self, now: u32) -> Result<Vec<Invited>> {
        let sql = format!("{SELECT} WHERE staff IS NULL AND first = 0 AND expires > $1 ORDER BY name, email");
        let rows: Vec<LinkRow> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(i64::from(now)).fetch_all(db.readers()).await?
        });
        Ok(rows.into_iter().map(link).collect())
    }

    /// What somebody with this email was invited to, if they may still become a member.
    pub async fn invitation_of(&self, email: &str, now: u32) -> Result<Option<FirstLink>> {
        let sql = format!("{SELECT} WHERE staff IS NULL AND first = 0 AND LOWER(email) = $1 AND expires > $2");
        let row: Option<LinkRow> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(fold(email)).bind(i64::from(now));
            query.fetch_optional(db.readers()).await?
        });
        Ok(row.map(|row| link(row).invited))
    }

    /// The link of this name makes nobody any more. `Missing`: there is none.
    pub async fn withdraw_link(&self, link: &str, by: &str, now: u32) -> Result<()> {
        let start = named(link).ok_or(RecordsError::Missing)?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let delete = "DELETE FROM first_links WHERE staff IS NULL AND first = 0 AND substr(hash, 1, 16) = $1";
            if sqlx::query(delete).bind(start).execute(&mut *write).await?.rows_affected() == 0 {
                return Err(RecordsError::Missing);
            }
            add_plain(&mut write, now, Some(by), Audited::InvitationWithdrawn).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// None for a link that is used, replaced, expired or never was.
    pub async fn first_link(&self, hash: &[u8], now: u32) -> Result<Option<FirstLink>> {
        let sql = format!("{SELECT} WHERE hash = $1 AND expires > $2");
        let row: Option<LinkRow> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hash).bind(i64::from(now));
            query.fetch_optional(db.readers()).await?
        });
        match row.map(|row| link(row).invited) {
            Some(link) if link.first && self.has_administrator().await? => Ok(None),
            found => Ok(found),
        }
    }

    /// Spends the link and makes the member, both or neither. `Missing` for a dead link, `Taken` for an email in use.
    pub async fn use_first_link(&self, hash: &[u8], new: &NewMember<'_>, now: u32) -> Result<Member> {
        let id = new_id()?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let link = live(&mut write, hash, now).await?.ok_or(RecordsError::Missing)?;
            let administrators: i64 = sqlx::query_scalar(ADMINISTRATORS).fetch_one(&mut *write).await?;
            if link.staff.is_some() || link.first && administrators > 0 {
                return Err(RecordsError::Missing);
            }
            let spend = "DELETE FROM first_links WHERE hash = $1 OR expires <= $2";
            sqlx::query(spend).bind(hash).bind(i64::from(now)).execute(&mut *write).await?;
            insert(&mut write, &id, new, now).await?;
            if let Some(by) = &link.by {
                add_of_staff(&mut write, now, by, Audited::StaffJoined, &id).await?;
            }
            write.commit().await?;
        });
        let (name, email) = (new.name.to_owned(), new.email.trim().to_owned());
        let team = new.team.map(str::to_owned);
        Ok(Member { id, name, email, roles: new.roles.to_vec(), look_first: true, second_factor: false, team })
    }
}
