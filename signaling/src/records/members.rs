//! What the command line changes about members of staff. Each is audited; `who` is the member, since whoever holds the machine did it.

use super::audit::add_plain;
use super::contacts::seconds;
use super::ended::end_all;
use super::engine::on_each;
use super::second_factors::forget;
use super::staff::{fold, has, roles};
use super::{Member, Records, RecordsError, Result};
use sidelight_protocol::audit::Audited;
use sidelight_protocol::http::Role;
use sqlx::SqliteConnection;

/// A member as `staff list` shows them.
pub struct Listed {
    pub member: Member,
    /// May not sign in, since then.
    pub disabled: Option<u32>,
    /// The last use of a sign-in that still holds.
    pub last_used: Option<u32>,
}

type Row = (String, String, String, i64, i64, i64, i64, i64, Option<i64>, Option<i64>);

const SELECT: &str = "SELECT staff.id, staff.name, staff.email, staff.practitioner, staff.administrator, staff.supervisor, \
    staff.look_first, CASE WHEN f.confirmed IS NULL THEN 0 ELSE 1 END, staff.disabled, \
    (SELECT MAX(s.last_used) FROM staff_sessions s WHERE s.staff = staff.id) \
    FROM staff LEFT JOIN second_factors f ON f.staff = staff.id";

fn listed((id, name, email, practitioner, administrator, supervisor, look_first, second, disabled, last_used): Row) -> Listed {
    let roles = roles(practitioner, administrator, supervisor);
    let member = Member { id, name, email, roles, look_first: look_first != 0, second_factor: second != 0 };
    Listed { member, disabled: disabled.map(seconds), last_used: last_used.map(seconds) }
}

/// Nobody comes by what was given out for this member before.
async fn end_links(write: &mut SqliteConnection, staff: &str) -> Result<()> {
    sqlx::query("DELETE FROM first_links WHERE staff = $1").bind(staff).execute(write).await?;
    Ok(())
}

impl Records {
    /// All members, by name.
    pub async fn members(&self) -> Result<Vec<Listed>> {
        let sql = format!("{SELECT} ORDER BY staff.name, staff.email_folded");
        let rows: Vec<Row> = on_each!(self.engine(), db => sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(db.readers()).await?);
        Ok(rows.into_iter().map(listed).collect())
    }

    /// `Missing`: nobody signs in with this email.
    pub async fn member(&self, email: &str) -> Result<Listed> {
        let sql = format!("{SELECT} WHERE staff.email_folded = $1");
        let row: Row = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(fold(email)).fetch_one(db.readers()).await?
        });
        Ok(listed(row))
    }

    /// They may not sign in any more, and all their sign-ins end; or they may again. Fine if it is so already.
    pub async fn set_disabled(&self, staff: &str, disabled: bool, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE staff SET disabled = $2 WHERE id = $1 AND (disabled IS NULL) <> ($2 IS NULL)";
            let since = disabled.then_some(i64::from(now));
            let changed = sqlx::query(update).bind(staff).bind(since).execute(&mut *write).await?.rows_affected();
            if changed > 0 {
                let what = if disabled { Audited::StaffDisabled } else { Audited::StaffEnabled };
                add_plain(&mut write, now, Some(staff), what).await?;
            }
            if disabled {
                end_links(&mut write, staff).await?;
                end_all(&mut write, staff, now).await?;
            }
            write.commit().await?;
        });
        Ok(())
    }

    /// These are all their roles from now on. Their sign-ins end, so that no page goes on with what it was allowed before.
    pub async fn set_roles(&self, staff: &str, roles: &[Role], now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE staff SET practitioner = $2, administrator = $3, supervisor = $4 WHERE id = $1";
            let query = sqlx::query(update).bind(staff).bind(has(roles, Role::Practitioner)).bind(has(roles, Role::Administrator));
            query.bind(has(roles, Role::Supervisor)).execute(&mut *write).await?;
            end_all(&mut write, staff, now).await?;
            add_plain(&mut write, now, Some(staff), Audited::RolesChanged).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// A link to set a new password was given out: call it before `Records::new_first_link`. Earlier ones end.
    pub async fn replace_reset_links(&self, staff: &str, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            end_links(&mut write, staff).await?;
            add_plain(&mut write, now, Some(staff), Audited::ResetGiven).await?;
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
        let sql = format!("{SELECT} WHERE staff.id = $1");
        let row: Row = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(staff).fetch_one(db.readers()).await?
        });
        Ok(listed(row).member)
    }
}
