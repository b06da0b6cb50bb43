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

#[cfg(test)]
mod tests {
    use super::super::tests::Folder;
    use super::*;
    use sidelight_protocol::hours::WorkSpan;

    fn from(minute: u16) -> OwnHours {
        OwnHours { spans: vec![WorkSpan { day: 0, from: minute, until: 1440 }], ..OwnHours::default() }
    }

    #[tokio::test]
    async fn the_newest_hours_are_kept_for_each_alone_and_go_with_whoever_goes() {
        let folder = Folder::new();
        let records = folder.records().await;
        assert!(records.own_hours("ada").await.unwrap().is_none());
        for (member, minute) in [("ada", 1), ("kim", 2), ("ada", 3)] {
            records.set_own_hours(member, &from(minute)).await.unwrap();
        }
        assert!(records.own_hours("ada").await.unwrap() == Some(from(3)));
        records.set_disabled("ada", true, None, 5).await.unwrap();
        assert!(records.own_hours("ada").await.unwrap().is_none(), "away days say something of whoever had them");
        assert!(records.own_hours("kim").await.unwrap() == Some(from(2)));
        assert!(records.audit_entries(None).await.unwrap().is_empty(), "what is theirs is nobody's to read");
    }
}
