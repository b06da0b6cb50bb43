//! How many things of each category there are. What other parts keep has its line here, and no other place counts it.

use super::engine::on_each;
use super::{Records, Result};
use sidelight_protocol::keeping::Category;

const REACH: &str = "addresses a JOIN contacts c ON c.id = a.contact WHERE c.ended <= $1";
const DELIVERY: &str = "messages WHERE since <= $1 AND state NOT IN ('waiting', 'under_way') AND NOT (asks = 1 AND contact IS NOT NULL)";

impl Records {
    /// What nobody holds and what counts from `cutoff` or before, by owner. What belongs to nobody has none.
    pub async fn count_due(&self, category: Category, cutoff: u32, now: u32) -> Result<Vec<(String, u32)>> {
        match category {
            Category::Contact => self.count_ended_by(cutoff, false, now).await,
            Category::Unhandled => self.count_ended_by(cutoff, true, now).await,
            Category::Plan => self.count_unused_since(cutoff, now).await,
            Category::Audit => Ok(vec![(String::new(), self.count_rows("audit WHERE at <= $1", cutoff).await?)]),
            Category::Receipts => Ok(vec![(String::new(), self.count_rows("receipts WHERE done <= $1", cutoff).await?)]),
            Category::Reach => Ok(vec![(String::new(), self.count_rows(REACH, cutoff).await?)]),
            Category::Record => Ok(vec![(String::new(), self.count_rows("contact_records WHERE copied <= $1", cutoff).await?)]),
            Category::Unfinished => {
                Ok(vec![(String::new(), self.count_rows("contact_records WHERE copied IS NULL AND ended <= $1", cutoff).await?)])
            }
            Category::Delivery => Ok(vec![(String::new(), self.count_rows(DELIVERY, cutoff).await?)]),
            Category::Transcript => Ok(vec![(String::new(), self.count_rows("transcripts WHERE made <= $1", cutoff).await?)]),
        }
    }

    /// How many there are, due or not.
    pub async fn count_kept(&self, category: Category) -> Result<u32> {
        match category {
            Category::Contact => self.count_rows("contacts WHERE unhandled = 0 AND made <= $1", u32::MAX).await,
            Category::Unhandled => self.count_rows("contacts WHERE unhandled = 1 AND made <= $1", u32::MAX).await,
            Category::Plan => self.count_rows("people WHERE made <= $1", u32::MAX).await,
            Category::Audit => self.count_rows("audit WHERE at <= $1", u32::MAX).await,
            Category::Receipts => self.count_rows("receipts WHERE done <= $1", u32::MAX).await,
            Category::Reach => self.count_rows("addresses WHERE $1 >= 0", u32::MAX).await,
            Category::Record => self.count_rows("contact_records WHERE copied IS NOT NULL AND made <= $1", u32::MAX).await,
            Category::Unfinished => self.count_rows("contact_records WHERE copied IS NULL AND made <= $1", u32::MAX).await,
            Category::Delivery => self.count_rows("messages WHERE since <= $1", u32::MAX).await,
            Category::Transcript => self.count_rows("transcripts WHERE made <= $1", u32::MAX).await,
        }
    }

    /// `of`: a table, and which of its rows up to a time ($1).
    async fn count_rows(&self, of: &str, until: u32) -> Result<u32> {
        let select = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM {of}");
        let many: i64 = on_each!(self.engine(), db => {
            sqlx::query_scalar(sqlx::AssertSqlSafe(select)).bind(i64::from(until)).fetch_one(db.readers()).await?
        });
        Ok(u32::try_from(many).unwrap_or(u32::MAX))
    }
}
