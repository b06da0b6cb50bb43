//! Proof of what was erased: counted in the transaction that erases it, and signed when the sweep is over.

mod paper;

pub use paper::{NotAReceipt, Paper, verify as verify_receipt};

use super::contacts::seconds;
use super::engine::on_each;
use super::{Records, RecordsError, Result};
use sidelight_protocol::keeping::{Category, DeletionReceipt, MAX_RECEIPTS, SignedReceipt};
use sqlx::SqliteConnection;

const LISTED: &str = "SELECT number, category, many, period, begun, done FROM receipts";

type Row = (i64, String, i64, Option<i64>, i64, i64);

/// What something is counted as that is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    pub category: Category,
    /// How long it had been kept, in the category's unit.
    pub period: u32,
    pub at: u32,
}

fn name(category: Category) -> Result<String> {
    match serde_json::to_value(category) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        Ok(_) | Err(_) => Err(RecordsError::Damaged),
    }
}

fn category(name: String) -> Result<Category> {
    serde_json::from_value(serde_json::Value::String(name)).map_err(|_| RecordsError::Damaged)
}

fn receipt((number, named, many, period, begun, done): Row) -> Result<DeletionReceipt> {
    let number = u32::try_from(number).map_err(|_| RecordsError::Damaged)?;
    let (category, count, period) = (category(named)?, seconds(many), period.map(seconds));
    Ok(DeletionReceipt { number, category, count, period, begun: seconds(begun), done: seconds(done) })
}

/// Adds so many to those that are in no receipt yet. None: they are in one already.
pub(super) async fn count(write: &mut SqliteConnection, tally: Option<Tally>, many: u64) -> Result<()> {
    let Some(tally) = tally.filter(|_| many > 0) else { return Ok(()) };
    let add = "INSERT INTO erased (category, period, many, begun, done) VALUES ($1, $2, $3, $4, $4) \
        ON CONFLICT (category, period) DO UPDATE SET many = erased.many + excluded.many, done = excluded.done";
    let query = sqlx::query(add).bind(name(tally.category)?).bind(i64::from(tally.period));
    query.bind(i64::try_from(many).unwrap_or(i64::MAX)).bind(i64::from(tally.at)).execute(&mut *write).await?;
    Ok(())
}

impl Records {
    /// Signs what was erased and is in no receipt yet; how many receipts that are. All or nothing.
    pub async fn write_receipts(&self) -> Result<usize> {
        let select = "SELECT category, period, many, begun, done FROM erased ORDER BY category, period";
        let waiting: Vec<(String, i64, i64, i64, i64)> =
            on_each!(self.engine(), db => sqlx::query_as(select).fetch_all(db.readers()).await?);
        if waiting.is_empty() {
            return Ok(0);
        }
        let (node, ..) = self.chain().await?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            // As they are now: another process may have been first, or more may have gone.
            let waiting: Vec<(String, i64, i64, i64, i64)> = sqlx::query_as(select).fetch_all(&mut *write).await?;
            for (named, period, many, begun, done) in &waiting {
                self.write_receipt(&mut write, &node, (named, *many, Some(*period), *begun, *done)).await?;
            }
            sqlx::query("DELETE FROM erased").execute(&mut *write).await?;
            write.commit().await?;
            Ok(waiting.len())
        })
    }

    /// Signs the next one, and keeps it: a category, how many, how long they had been kept (none: somebody asked for it), from when
    /// until when they were erased.
    pub(super) async fn write_receipt(
        &self,
        write: &mut SqliteConnection,
        node: &str,
        (named, many, period, begun, done): (&str, i64, Option<i64>, i64, i64),
    ) -> Result<SignedReceipt> {
        let last = "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM receipts";
        let number: i64 = sqlx::query_scalar::<_, i64>(last).fetch_one(&mut *write).await? + 1;
        let receipt = receipt((number, named.to_owned(), many, period, begun, done))?;
        let paper = Paper { node: node.to_owned(), receipt };
        let signed = paper.signed(self.keys().audit()).ok_or(RecordsError::Damaged)?;
        let insert = "INSERT INTO receipts (number, category, many, period, begun, done, signed) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let query = sqlx::query(insert).bind(number).bind(named).bind(many).bind(period).bind(begun).bind(done);
        query.bind(&signed).execute(&mut *write).await?;
        Ok(SignedReceipt { receipt: paper.receipt, signed })
    }

    /// Signs at once what somebody asked to be erased.
    pub(super) async fn receipts_asked_for(
        &self,
        write: &mut SqliteConnection,
        node: &str,
        erased: &[(Category, u64)],
        at: u32,
    ) -> Result<Vec<SignedReceipt>> {
        let mut receipts = Vec::new();
        for (category, many) in erased.iter().filter(|(_, many)| *many > 0) {
            let many = i64::try_from(*many).unwrap_or(i64::MAX);
            let (named, at) = (name(*category)?, i64::from(at));
            receipts.push(self.write_receipt(write, node, (&named, many, None, at, at)).await?);
        }
        Ok(receipts)
    }

    /// The newest receipts first, at most [`MAX_RECEIPTS`].
    pub async fn receipts(&self) -> Result<Vec<DeletionReceipt>> {
        let select = format!("{LISTED} ORDER BY number DESC LIMIT $1");
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(i64::from(MAX_RECEIPTS)).fetch_all(db.readers()).await?
        });
        rows.into_iter().map(receipt).collect()
    }

    /// A receipt as it is given out.
    pub async fn receipt_file(&self, number: u32) -> Result<Option<String>> {
        let select = "SELECT signed FROM receipts WHERE number = $1";
        Ok(on_each!(self.engine(), db => sqlx::query_scalar(select).bind(i64::from(number)).fetch_optional(db.readers()).await?))
    }

    /// Something of these was erased after this time, in a receipt or about to be in one.
    pub async fn erased_since(&self, then: u32, categories: &[Category]) -> Result<bool> {
        let select =
            "SELECT category FROM receipts WHERE done >= $1 AND period IS NOT NULL UNION SELECT category FROM erased WHERE done >= $1";
        let named: Vec<String> = on_each!(self.engine(), db => {
            sqlx::query_scalar(select).bind(i64::from(then)).fetch_all(db.readers()).await?
        });
        let of = named.into_iter().map(category).collect::<Result<Vec<_>>>()?;
        Ok(of.iter().any(|category| categories.contains(category)))
    }

    /// Receipts go too when they are old. Nothing is a receipt of that: it would never end.
    pub async fn forget_receipts(&self, then: u32) -> Result<u64> {
        Ok(on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let delete = sqlx::query("DELETE FROM receipts WHERE done <= $1").bind(i64::from(then));
            let deleted = delete.execute(&mut *write).await?.rows_affected();
            write.commit().await?;
            deleted
        }))
    }
}

#[cfg(test)]
mod tests;
