//! The mark of life: when the service was last known to run. A place in a conversation is kept for two minutes only, and the
//! time in which the service itself was away counts.

use super::contacts::seconds;
use super::engine::on_each;
use super::{Records, Result};

impl Records {
    /// The service runs now.
    pub async fn mark_alive(&self, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let mark = "INSERT INTO marks_of_life (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at";
            sqlx::query(mark).bind(i64::from(now)).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// When it was last said that the service runs. None: never yet.
    pub async fn last_alive(&self) -> Result<Option<u32>> {
        let select = "SELECT at FROM marks_of_life WHERE id = 1";
        let at: Option<i64> = on_each!(self.engine(), db => sqlx::query_scalar(select).fetch_optional(db.readers()).await?);
        Ok(at.map(seconds))
    }
}
