//! Staff: who signs in, and with which roles. Secrets come here hashed: a copy of this table signs nobody in.

use super::engine::on_each;
use super::{Records, Result};
use sidelight_protocol::http::Role;
use sqlx::SqliteConnection;
use std::collections::HashMap;

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
    /// The id of their team; none: in none.
    pub team: Option<String>,
}

/// A member of staff with what proves them.
pub struct Account {
    pub member: Member,
    /// A PHC string of argon2id.
    pub password: String,
}

/// Who a one-time link makes.
pub struct NewMember<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub password: &'a str,
    pub roles: &'a [Role],
    pub team: Option<&'a str>,
}

/// A row of [`MEMBER`].
#[derive(sqlx::FromRow)]
pub(super) struct MemberRow {
    id: String,
    name: String,
    email: String,
    #[sqlx(flatten)]
    roles: RoleFlags,
    look_first: i64,
    second_factor: i64,
    team: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(super) struct RoleFlags {
    practitioner: i64,
    administrator: i64,
    supervisor: i64,
    auditor: i64,
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    #[sqlx(flatten)]
    member: MemberRow,
    password: String,
}

/// The columns of a member. Behind it: more of them, then [`FROM`].
pub(super) const MEMBER: &str = "SELECT staff.id AS id, staff.name AS name, staff.email AS email, staff.practitioner AS practitioner, \
    staff.administrator AS administrator, staff.supervisor AS supervisor, staff.auditor AS auditor, staff.look_first AS look_first, \
    CASE WHEN f.confirmed IS NULL THEN 0 ELSE 1 END AS second_factor, staff.team AS team";
pub(super) const FROM: &str = "FROM staff LEFT JOIN second_factors f ON f.staff = staff.id";
pub(super) const ADMINISTRATORS: &str = "SELECT CAST(COUNT(*) AS BIGINT) FROM staff WHERE administrator = 1 AND disabled IS NULL";

/// The form an email is looked up by.
pub(super) fn fold(email: &str) -> String {
    email.trim().to_lowercase()
}

pub(super) fn has(roles: &[Role], role: Role) -> i64 {
    i64::from(roles.contains(&role))
}

impl RoleFlags {
    /// In the order of the enum.
    pub(super) fn roles(&self) -> Vec<Role> {
        let all = [
            (Role::Practitioner, self.practitioner),
            (Role::Administrator, self.administrator),
            (Role::Supervisor, self.supervisor),
            (Role::Auditor, self.auditor),
        ];
        all.into_iter().filter(|(_, has)| *has != 0).map(|(role, _)| role).collect()
    }
}

impl From<MemberRow> for Member {
    fn from(row: MemberRow) -> Member {
        let roles = row.roles.roles();
        let MemberRow { id, name, email, look_first, second_factor, team, .. } = row;
        Member { id, name, email, roles, look_first: look_first != 0, second_factor: second_factor != 0, team }
    }
}

/// Keeps a new member. `Taken`: somebody signs in with this email.
pub(super) async fn insert(write: &mut SqliteConnection, id: &str, new: &NewMember<'_>, now: u32) -> Result<()> {
    let insert = "INSERT INTO staff \
        (id, name, email, email_folded, password, practitioner, administrator, supervisor, auditor, team, look_first, made) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11)";
    let query = sqlx::query(insert).bind(id).bind(new.name).bind(new.email.trim()).bind(fold(new.email)).bind(new.password);
    let query = query.bind(has(new.roles, Role::Practitioner)).bind(has(new.roles, Role::Administrator));
    let query = query.bind(has(new.roles, Role::Supervisor)).bind(has(new.roles, Role::Auditor)).bind(new.team);
    query.bind(i64::from(now)).execute(write).await?;
    Ok(())
}

impl Records {
    pub async fn has_administrator(&self) -> Result<bool> {
        let count: i64 = on_each!(self.engine(), db => sqlx::query_scalar(ADMINISTRATORS).fetch_one(db.readers()).await?);
        Ok(count > 0)
    }

    /// Who signs in with this email. None also for somebody who may not any more.
    pub async fn account(&self, email: &str) -> Result<Option<Account>> {
        let sql = format!("{MEMBER}, staff.password AS password {FROM} WHERE staff.email_folded = $1 AND staff.disabled IS NULL");
        let row: Option<AccountRow> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(fold(email)).fetch_optional(db.readers()).await?
        });
        Ok(row.map(|AccountRow { member, password }| Account { member: member.into(), password }))
    }

    /// The name of a member of staff; none: there is no such member.
    pub async fn staff_name(&self, id: &str) -> Result<Option<String>> {
        Ok(on_each!(self.engine(), db => {
            sqlx::query_scalar("SELECT name FROM staff WHERE id = $1").bind(id).fetch_optional(db.readers()).await?
        }))
    }

    /// The names of all members, by their ids.
    pub async fn staff_names(&self) -> Result<HashMap<String, String>> {
        let rows: Vec<(String, String)> =
            on_each!(self.engine(), db => sqlx::query_as("SELECT id, name FROM staff").fetch_all(db.readers()).await?);
        Ok(rows.into_iter().collect())
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
