//! How often things happened, by months. Counted when a contact is over, in the transaction that says so, from the facts that are there
//! then: what is told is never more than was kept.

use super::engine::on_each;
use super::{Records, Result};
use sidelight_room::{Fact, usage};
use sqlx::SqliteConnection;
use std::collections::BTreeMap;

pub use sidelight_room::usage::Counted;

/// Months that are kept. More: numbers that nobody asks for. Fewer: one year can't be held against the one before.
const KEPT: i64 = 36;

/// The month of a time, by UTC, as a year and a month in one number, such as 202611.
pub fn month_of(at: u32) -> u32 {
    let date = jiff::Timestamp::from_second(i64::from(at)).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC);
    u32::try_from(i64::from(date.year()) * 100 + i64::from(date.month())).unwrap_or(0)
}

/// The month so many before this one.
fn months_before(month: i64, many: i64) -> i64 {
    let months = month / 100 * 12 + month % 100 - 1 - many;
    months / 12 * 100 + months % 12 + 1
}

/// A contact is over: it had these facts.
pub(super) async fn count(write: &mut SqliteConnection, facts: &[Fact], at: u32) -> Result<()> {
    let month = i64::from(month_of(at));
    for what in usage::counted(facts) {
        let add = "INSERT INTO usage (month, what, count) VALUES ($1, $2, 1) \
            ON CONFLICT (month, what) DO UPDATE SET count = usage.count + 1";
        sqlx::query(add).bind(month).bind(what.name()).execute(&mut *write).await?;
    }
    sqlx::query("DELETE FROM usage WHERE month <= $1").bind(months_before(month, KEPT)).execute(write).await?;
    Ok(())
}

impl Records {
    /// What was counted, by months.
    pub async fn usage(&self) -> Result<BTreeMap<u32, BTreeMap<Counted, u32>>> {
        let rows: Vec<(i64, String, i64)> = on_each!(self.engine(), db => {
            sqlx::query_as("SELECT month, what, count FROM usage").fetch_all(db.readers()).await?
        });
        let mut months: BTreeMap<u32, BTreeMap<Counted, u32>> = BTreeMap::new();
        for (month, what, count) in rows {
            let Some(what) = Counted::ALL.into_iter().find(|one| one.name() == what) else { continue };
            let month = months.entry(u32::try_from(month).unwrap_or(0)).or_default();
            month.insert(what, u32::try_from(count).unwrap_or(u32::MAX));
        }
        Ok(months)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Folder, details, fact, opened};
    use super::*;
    use sidelight_room::Happened;

    #[tokio::test]
    async fn a_contact_is_counted_once_when_it_is_over_and_what_was_long_ago_goes() {
        let folder = Folder::new();
        let records = folder.records().await;
        let (november, later) = (1_793_491_200, 1_793_491_200 + 37 * 31 * 86_400);
        let id = records.new_contact("owner", &details("one"), 1).await.unwrap();
        records.append(&id, &[fact(november, Some("p1"), opened("s1"))], false, None).await.unwrap();
        assert!(records.usage().await.unwrap().is_empty(), "it isn't over");
        records.append(&id, &[fact(november, None, Happened::Ended)], false, None).await.unwrap();
        let counted = |month| BTreeMap::from([(month, BTreeMap::from([(Counted::Contact, 1), (Counted::Opened, 1)]))]);
        assert_eq!(records.usage().await.unwrap(), counted(202_611));
        let id = records.new_contact("owner", &details("two"), 1).await.unwrap();
        let facts = [fact(later, Some("p1"), opened("s1")), fact(later, None, Happened::Ended)];
        records.append(&id, &facts, false, None).await.unwrap();
        assert_eq!(records.usage().await.unwrap(), counted(month_of(later)));
    }

    #[test]
    fn a_month_begins_at_midnight_of_its_first_day_by_utc_and_years_are_counted_back_over() {
        assert_eq!((month_of(1_793_491_199), month_of(1_793_491_200)), (202_610, 202_611));
        assert_eq!((months_before(202_611, 36), months_before(202_601, 1), months_before(202_612, 12)), (202_311, 202_512, 202_512));
        assert_eq!(months_before(202_612, 11), 202_601);
    }
}
