//! What administrators set: each setting is one JSON value by its name, with who set it, when and why.

use super::audit::add_plain;
use super::contacts::seconds;
use super::engine::on_each;
use super::{Records, RecordsError, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sidelight_protocol::audit::Audited;

/// Changes of one setting that are kept. More: a list that nobody reads; the audit has them all the same.
const KEPT: i64 = 100;

const NEWEST: &str = "SELECT value FROM settings WHERE name = $1 ORDER BY number DESC LIMIT 1";
const INSERT: &str = "INSERT INTO settings (name, number, value, at, who, reason) VALUES \
    ($1, COALESCE((SELECT MAX(s.number) FROM settings s WHERE s.name = $1), 0) + 1, $2, $3, $4, $5)";
const FORGET: &str = "DELETE FROM settings WHERE name = $1 AND number <= (SELECT MAX(s.number) FROM settings s WHERE s.name = $1) - $2";
const CHANGES: &str = "SELECT value, at, who, reason FROM settings WHERE name = $1 ORDER BY number DESC LIMIT $2";

/// Who changes a setting, and what the audit says of it.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    pub at: u32,
    /// The id of a member of staff.
    pub who: &'a str,
    pub reason: Option<&'a str>,
    pub what: Audited,
}

/// A setting as it was from a time on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed<T> {
    pub value: T,
    pub at: u32,
    pub who: String,
    pub reason: Option<String>,
}

fn read<T: DeserializeOwned>(value: &str) -> Result<T> {
    serde_json::from_str(value).map_err(|_| RecordsError::Damaged)
}

impl Records {
    /// None: nobody has set it. `Damaged` where what was set isn't a `T`.
    pub async fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let value: Option<String> = on_each!(self.engine(), db => {
            sqlx::query_scalar(NEWEST).bind(name).fetch_optional(db.readers()).await?
        });
        value.map(|value| read(&value)).transpose()
    }

    /// Sets it, with its entry in the audit.
    pub async fn set_setting<T: Serialize + Sync>(&self, name: &str, value: &T, change: Change<'_>) -> Result<()> {
        let value = serde_json::to_string(value).map_err(|_| RecordsError::Damaged)?;
        let Change { at, who, reason, what } = change;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            sqlx::query(INSERT).bind(name).bind(value).bind(i64::from(at)).bind(who).bind(reason).execute(&mut *write).await?;
            sqlx::query(FORGET).bind(name).bind(KEPT).execute(&mut *write).await?;
            add_plain(&mut write, at, Some(who), what).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// How it came to be what it is: its changes, newest first, at most `most`.
    pub async fn setting_changes<T: DeserializeOwned>(&self, name: &str, most: u32) -> Result<Vec<Changed<T>>> {
        let rows: Vec<(String, i64, String, Option<String>)> = on_each!(self.engine(), db => {
            sqlx::query_as(CHANGES).bind(name).bind(i64::from(most)).fetch_all(db.readers()).await?
        });
        rows.into_iter().map(|(value, at, who, reason)| Ok(Changed { value: read(&value)?, at: seconds(at), who, reason })).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Folder;
    use super::*;

    fn change(at: u32, reason: Option<&'static str>) -> Change<'static> {
        Change { at, who: "ada", reason, what: Audited::SettingChanged }
    }

    #[tokio::test]
    async fn the_newest_value_holds_and_those_before_it_are_told() {
        let folder = Folder::new();
        let records = folder.records().await;
        assert_eq!(records.setting::<Vec<u32>>("numbers").await.unwrap(), None);
        records.set_setting("numbers", &[1, 2], change(5, None)).await.unwrap();
        records.set_setting("numbers", &[3], change(6, Some("They moved"))).await.unwrap();
        records.set_setting("others", &"x", change(7, None)).await.unwrap();
        assert_eq!(records.setting::<Vec<u32>>("numbers").await.unwrap(), Some(vec![3]));
        let told = |at, value: &[u32], reason: Option<&str>| Changed {
            value: value.to_vec(),
            at,
            who: "ada".into(),
            reason: reason.map(str::to_owned),
        };
        let changes = records.setting_changes::<Vec<u32>>("numbers", 9).await.unwrap();
        assert_eq!(changes, [told(6, &[3], Some("They moved")), told(5, &[1, 2], None)]);
        assert!(matches!(records.setting::<u32>("numbers").await, Err(RecordsError::Damaged)));
        let audited: Vec<_> = records.audit_entries(None).await.unwrap().into_iter().map(|entry| (entry.at, entry.what)).collect();
        assert_eq!(audited, [7, 6, 5].map(|at| (at, Audited::SettingChanged)));
    }

    #[tokio::test]
    async fn of_a_setting_that_is_changed_over_and_over_the_newest_changes_are_kept() {
        let folder = Folder::new();
        let records = folder.records().await;
        for at in 1..=103 {
            records.set_setting("numbers", &at, change(at, None)).await.unwrap();
        }
        let changes = records.setting_changes::<u32>("numbers", 1000).await.unwrap();
        assert_eq!((changes.len(), changes[0].value, changes[99].value), (100, 103, 4));
    }
}
