//! When practitioners work, as each has set it. Only what holds now is kept, and no audit tells of it: it is theirs.

use super::engine::on_each;
use super::{Records, RecordsError, Result};
use sidelight_protocol::hours::OwnHours;

const SELECT: &str = "SELECT hours FROM own_hours WHERE member = $1";
const SET: &str = "INSERT INTO own_hours (member, hours) VALUES ($1, $2) ON CONFLICT (member) DO UPDATE SET hours = excluded.hours";

impl Records {
    /// None: they have set none. `Damaged` where what was set isn't hours.
    pub async fn own_hours(&self, member: &str) -> Result<Option<OwnHours>> {
        let hours: Option<String> = on_each!(self.engine(), db => {
            sqlx::query_scalar(SELECT).bind(member).fetch_optional(db.readers()).await?
        });
        hours.map(|hours| serde_json::from_str(&hours).map_err(|_| RecordsError::Damaged)).transpose()
    }

    /// In place of what they had.
    pub async fn set_own_hours(&self, member: &str, hours: &OwnHours) -> Result<()> {
        let hours = serde_json::to_string(hours).map_err(|_| RecordsError::Damaged)?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            sqlx::query(SET).bind(member).bind(hours).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }
}
