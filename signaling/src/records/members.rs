//! What is changed about members of staff: by a command, or by an administrator on their page. Each is audited. By a command, `who` is
//! the member, since whoever holds the machine did it; by an administrator, `who` is theirs.

use super::audit::{add_of_staff, add_plain};
use super::contacts::seconds;
use super::ended::end_all;
use super::engine::on_each;
use super::second_factors::forget;
use super::staff::{FROM, MEMBER, MemberRow, fold, has};
use super::{Member, Records, RecordsError, Result};
use sidelight_protocol::audit::Audited;
use sidelight_protocol::http::Role;
use sqlx::SqliteConnection;

/// A member as they are listed.
pub struct Listed {
    pub member: Member,
    /// May not sign in, since then.
    pub disabled: Option<u32>,
    /// The last use of a sign-in that still holds.
    pub last_used: Option<u32>,
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    member: MemberRow,
    disabled: Option<i64>,
    last_used: Option<i64>,
}

const MORE: &str = "staff.disabled AS disabled, (SELECT MAX(s.last_used) FROM staff_sessions s WHERE s.staff = staff.id) AS last_used";

fn listed(Row { member, disabled, last_used }: Row) -> Listed {
    Listed { member: member.into(), disabled: disabled.map(seconds), last_used: last_used.map(seconds) }
}

/// `by`: the administrator who did it; none: a command.
pub(super) async fn note(write: &mut SqliteConnection, now: u32, by: Option<&str>, what: Audited, staff: &str) -> Result<()> {
    match by {
        Some(by) => add_of_staff(write, now, by, what, staff).await,
        None => add_plain(write, now, Some(staff), what).await,
    }
}

/// They may not sign in any more, and all their sign-ins end. Fine if it is so already.
pub(super) async fn disable(write: &mut SqliteConnection, staff: &str, by: Option<&str>, now: u32) -> Result<()> {
    let update = "UPDATE staff SET disabled = $2 WHERE id = $1 AND disabled IS NULL";
    if sqlx::query(update).bind(staff).bind(i64::from(now)).execute(&mut *write).await?.rows_affected() > 0 {
        note(write, now, by, Audited::StaffDisabled, staff).await?;
    }
    forget_hours(write, staff).await?;
    end_links(write, staff).await?;
    end_all(write, staff, now).await
}

pub(super) async fn set_flags(write: &mut SqliteConnection, staff: &str, roles: &[Role]) -> Result<()> {
    let update = "UPDATE staff SET practitioner = $2, administrator = $3, supervisor = $4, auditor = $5 WHERE id = $1";
    let query = sqlx::query(update).bind(staff).bind(has(roles, Role::Practitioner)).bind(has(roles, Role::Administrator));
    query.bind(has(roles, Role::Supervisor)).bind(has(roles, Role::Auditor)).execute(write).await?;
    Ok(())
}

/// When they work, and when they were away, is nobody's any more.
async fn forget_hours(write: &mut SqliteConnection, staff: &str) -> Result<()> {
    sqlx::query("DELETE FROM own_hours WHERE member = $1").bind(staff).execute(write).await?;
    Ok(())
}

/// Nobody comes by what was given out for this member before.
async fn end_links(write: &mut SqliteConnection, staff: &str) -> Result<()> {
    sqlx::query("DELETE FROM first_links WHERE staff = $1").bind(staff).execute(write).await?;
    Ok(())
}

impl Records {
    /// All members, by name.
    pub async fn members(&self) -> Result<Vec<Listed>> {
        let sql = format!("{MEMBER}, {MORE} {FROM} ORDER BY staff.name, staff.email_folded");
        let rows: Vec<Row> = on_each!(self.engine(), db => sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(db.readers()).await?);
        Ok(rows.into_iter().map(listed).collect())
    }

    /// `Missing`: nobody signs in with this email.
    pub async fn member(&self, email: &str) -> Result<Listed> {
        let sql = format!("{MEMBER}, {MORE} {FROM} WHERE staff.email_folded = $1");
        let row: Row = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(fold(email)).fetch_one(db.readers()).await?
        });
        Ok(listed(row))
    }

    /// `Missing`: no member has this id.
    pub async fn member_by_id(&self, staff: &str) -> Result<Listed> {
        let sql = format!("{MEMBER}, {MORE} {FROM} WHERE staff.id = $1");
        let row: Row = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(staff).fetch_one(db.readers()).await?
        });
        Ok(listed(row))
    }

    /// They may not sign in any more, and all their sign-ins end; or they may again. Fine if it is so already.
    pub async fn set_disabled(&self, staff: &str, disabled: bool, by: Option<&str>, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            if disabled {
                disable(&mut write, staff, by, now).await?;
            } else {
                let update = "UPDATE staff SET disabled = NULL WHERE id = $1 AND disabled IS NOT NULL";
                if sqlx::query(update).bind(staff).execute(&mut *write).await?.rows_affected() > 0 {
                    note(&mut write, now, by, Audited::StaffEnabled, staff).await?;
                }
            }
            write.commit().await?;
        });
        Ok(())
    }

    /// These are all their roles from now on. Their sign-ins end, so that no page goes on with what it was allowed before.
    pub async fn set_roles(&self, staff: &str, roles: &[Role], by: Option<&str>, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            set_flags(&mut write, staff, roles).await?;
            end_all(&mut write, staff, now).await?;
            note(&mut write, now, by, Audited::RolesChanged, staff).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// A link to set a new password was given out: call it before `Records::new_first_link`. Earlier ones end.
    pub async fn replace_reset_links(&self, staff: &str, by: Option<&str>, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            end_links(&mut write, staff).await?;
            note(&mut write, now, by, Audited::ResetGiven, staff).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Spends a link that sets a password anew: their second factor goes, and all their sign-ins end. `Missing` for a dead link.
    pub async fn use_reset_link(&self, hash: &[u8], password: &str, now: u32) -> Result<Member> {
        let staff: String = on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let select = "SELECT l.staff FROM first_links l JOIN staff ON staff.id = l.staff \
                WHERE l.hash = $1 AND l.expires > $2 AND staff.disabled IS NULL";
            let query = sqlx::query_scalar(select).bind(hash).bind(i64::from(now));
            let staff: String = query.fetch_optional(&mut *write).await?.ok_or(RecordsError::Missing)?;
            end_links(&mut write, &staff).await?;
            let update = "UPDATE staff SET password = $2 WHERE id = $1";
            sqlx::query(update).bind(&staff).bind(password).execute(&mut *write).await?;
            forget(&mut write, &staff).await?;
            end_all(&mut write, &staff, now).await?;
            add_plain(&mut write, now, Some(&staff), Audited::PasswordReset).await?;
            write.commit().await?;
            staff
        });
        Ok(self.member_by_id(&staff).await?.member)
    }
}
