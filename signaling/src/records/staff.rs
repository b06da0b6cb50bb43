//! Staff and their one-time links. Secrets come here hashed: a copy of this table signs nobody in.

use super::engine::on_each;
use super::{Records, RecordsError, Result, new_id};
use sidelight_protocol::http::Role;

/// A member of staff.
#[derive(Clone)]
pub struct Member {
    pub id: String,
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    pub look_first: bool,
    /// A code is asked for after the password.
    pub second_factor: bool,
}

/// A member of staff with what proves them.
pub struct Account {
    pub member: Member,
    /// A PHC string of argon2id.
    pub password: String,
}

/// What a one-time link is for.
#[derive(Clone)]
pub struct FirstLink {
    pub name: Option<String>,
    pub email: Option<String>,
    pub roles: Vec<Role>,
    /// For the first administrator; worthless once there is one.
    pub first: bool,
    /// The member whose password it sets anew, by their id. None: it makes a new member.
    pub staff: Option<String>,
}

/// Who a one-time link makes.
pub struct NewMember<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub password: &'a str,
    pub roles: &'a [Role],
}

type MemberRow = (String, String, String, String, i64, i64, i64, i64, i64);
type LinkRow = (Option<String>, Option<String>, i64, i64, i64, i64, Option<String>);

const MEMBER: &str = "SELECT staff.id, staff.name, staff.email, staff.password, \
    staff.practitioner, staff.administrator, staff.supervisor, staff.look_first, CASE WHEN f.confirmed IS NULL THEN 0 ELSE 1 END \
    FROM staff LEFT JOIN second_factors f ON f.staff = staff.id";
const LINK: &str =
    "SELECT name, email, practitioner, administrator, supervisor, first, staff FROM first_links WHERE hash = $1 AND expires > $2";
const ADMINISTRATORS: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM staff WHERE administrator = 1 AND disabled IS NULL";

/// The form an email is looked up by.
pub(super) fn fold(email: &str) -> String {
    email.trim().to_lowercase()
}

/// In the order of the enum.
pub(super) fn roles(practitioner: i64, administrator: i64, supervisor: i64) -> Vec<Role> {
    let all = [(Role::Practitioner, practitioner), (Role::Administrator, administrator), (Role::Supervisor, supervisor)];
    all.into_iter().filter(|(_, has)| *has != 0).map(|(role, _)| role).collect()
}

pub(super) fn has(roles: &[Role], role: Role) -> i64 {
    i64::from(roles.contains(&role))
}

fn account((id, name, email, password, practitioner, administrator, supervisor, look_first, second): MemberRow) -> Account {
    let roles = roles(practitioner, administrator, supervisor);
    let member = Member { id, name, email, roles, look_first: look_first != 0, second_factor: second != 0 };
    Account { member, password }
}

fn link((name, email, practitioner, administrator, supervisor, first, staff): LinkRow) -> FirstLink {
    FirstLink { name, email, roles: roles(practitioner, administrator, supervisor), first: first != 0, staff }
}

impl Records {
    pub async fn has_administrator(&self) -> Result<bool> {
        let count: i64 = on_each!(self.engine(), db => sqlx::query_scalar(ADMINISTRATORS).fetch_one(db.readers()).await?);
        Ok(count > 0)
    }

    /// Who signs in with this email. None also for somebody who may not any more.
    pub async fn account(&self, email: &str) -> Result<Option<Account>> {
        let sql = format!("{MEMBER} WHERE staff.email_folded = $1 AND staff.disabled IS NULL");
        let row: Option<MemberRow> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(fold(email)).fetch_optional(db.readers()).await?
        });
        Ok(row.map(account))
    }

    /// The name of a member of staff; none: there is no such member.
    pub async fn staff_name(&self, id: &str) -> Result<Option<String>> {
        Ok(on_each!(self.engine(), db => {
            sqlx::query_scalar("SELECT name FROM staff WHERE id = $1").bind(id).fetch_optional(db.readers()).await?
        }))
    }

    /// Keeps a one-time link. One for the first administrator replaces every earlier one of its kind.
    pub async fn new_first_link(&self, hash: &[u8], link: &FirstLink, expires: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            if link.first {
                sqlx::query("DELETE FROM first_links WHERE first = 1").execute(&mut *write).await?;
            }
            if let Some(email) = &link.email
                && link.staff.is_none()
            {
                let taken = "SELECT CAST(COUNT(*) AS BIGINT) FROM staff WHERE email_folded = $1";
                let taken: i64 = sqlx::query_scalar(taken).bind(fold(email)).fetch_one(&mut *write).await?;
                if taken > 0 {
                    return Err(RecordsError::Taken);
                }
            }
            let insert = "INSERT INTO first_links (hash, name, email, practitioner, administrator, supervisor, first, expires, staff) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
            let query = sqlx::query(insert).bind(hash).bind(link.name.as_deref()).bind(link.email.as_deref());
            let query = query.bind(has(&link.roles, Role::Practitioner)).bind(has(&link.roles, Role::Administrator));
            let query = query.bind(has(&link.roles, Role::Supervisor));
            let query = query.bind(i64::from(link.first)).bind(i64::from(expires)).bind(link.staff.as_deref());
            query.execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// None for a link that is used, replaced, expired or never was.
    pub async fn first_link(&self, hash: &[u8], now: u32) -> Result<Option<FirstLink>> {
        let row: Option<LinkRow> = on_each!(self.engine(), db => {
            sqlx::query_as(LINK).bind(hash).bind(i64::from(now)).fetch_optional(db.readers()).await?
        });
        match row.map(link) {
            Some(link) if link.first && self.has_administrator().await? => Ok(None),
            found => Ok(found),
        }
    }

    /// Spends the link and makes the member, both or neither. `Missing` for a dead link, `Taken` for an email in use.
    pub async fn use_first_link(&self, hash: &[u8], new: &NewMember<'_>, now: u32) -> Result<Member> {
        let id = new_id()?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let row: Option<LinkRow> = sqlx::query_as(LINK).bind(hash).bind(i64::from(now)).fetch_optional(&mut *write).await?;
            let link = row.map(link).ok_or(RecordsError::Missing)?;
            let administrators: i64 = sqlx::query_scalar(ADMINISTRATORS).fetch_one(&mut *write).await?;
            if link.staff.is_some() || link.first && administrators > 0 {
                return Err(RecordsError::Missing);
            }
            let spend = "DELETE FROM first_links WHERE hash = $1 OR expires <= $2";
            sqlx::query(spend).bind(hash).bind(i64::from(now)).execute(&mut *write).await?;
            let insert = "INSERT INTO staff \
                (id, name, email, email_folded, password, practitioner, administrator, supervisor, look_first, made) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)";
            let query = sqlx::query(insert).bind(&id).bind(new.name).bind(new.email.trim()).bind(fold(new.email)).bind(new.password);
            let query = query.bind(has(new.roles, Role::Practitioner)).bind(has(new.roles, Role::Administrator));
            let query = query.bind(has(new.roles, Role::Supervisor));
            query.bind(i64::from(now)).execute(&mut *write).await?;
            write.commit().await?;
        });
        let (name, email) = (new.name.to_owned(), new.email.trim().to_owned());
        Ok(Member { id, name, email, roles: new.roles.to_vec(), look_first: true, second_factor: false })
    }

    pub async fn set_look_first(&self, staff: &str, look_first: bool) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE staff SET look_first = $2 WHERE id = $1";
            sqlx::query(update).bind(staff).bind(i64::from(look_first)).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }
}
