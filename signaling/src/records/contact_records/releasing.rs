//! Copies of records that their practitioners have released, and which programs have fetched them. Who fetches is written down before
//! anything is given out, so that nothing can be taken back that is elsewhere already.

use super::super::api_tokens::Program;
use super::super::audit::{Entry, add, add_of_token};
use super::super::contacts::seconds;
use super::super::engine::on_each;
use super::super::for_programs::{Page, page_of};
use super::super::sealing::{Key, Place};
use super::super::{Records, RecordsError, Result};
use super::{open, seal};
use serde::{Deserialize, Serialize};
use sidelight_protocol::audit::Audited;
use sidelight_protocol::programs::{MAX_PAGE, ReleasedListed};
use sidelight_protocol::record::{RecordFetch, ReleasedRecord};
use sqlx::SqliteConnection;

/// The most fetches that are remembered of one record. The audit has them all.
const MOST_FETCHES: usize = 50;

const SELECT: &str = "SELECT released, release_sealed FROM contact_records WHERE id = $1";
const UPDATE: &str = "UPDATE contact_records SET released = $2, release_sealed = $3 WHERE id = $1";

/// What is sealed of it.
#[derive(Default, Serialize, Deserialize)]
struct Release {
    /// Word for word. None: it was taken back.
    copy: Option<String>,
    safety: bool,
    fetches: Vec<Fetch>,
}

#[derive(Serialize, Deserialize)]
struct Fetch {
    token: String,
    program: String,
    at: u32,
    taken: Option<u32>,
    /// Of a copy before this one.
    earlier: bool,
}

/// A copy that a program gets.
pub struct FetchedCopy {
    pub copy: String,
    pub released: u32,
    /// The practitioner's staff id.
    pub owner: String,
    /// What programs know its contact by.
    pub contact: String,
}

/// What became of taking a release back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    Done,
    NotReleased,
    /// A program has it.
    Fetched,
}

fn place(id: &str) -> Place<'_> {
    Place { table: "contact_records.release_sealed", row: id, contact: id }
}

pub(super) fn released(key: &Key, id: &str, at: Option<i64>, sealed: Option<&[u8]>) -> Result<Option<ReleasedRecord>> {
    let Some(sealed) = sealed else { return Ok(None) };
    let Release { safety, fetches, .. } = open(key, &place(id), sealed)?;
    let shown = |Fetch { program, at, taken, earlier, .. }| RecordFetch { program, at, taken, earlier };
    Ok(Some(ReleasedRecord { at: at.map(seconds), safety, fetched: fetches.into_iter().map(shown).collect() }))
}

/// Since when it is released, and what of it; `Missing` where there is no such record.
async fn read(write: &mut SqliteConnection, key: &Key, id: &str) -> Result<(Option<u32>, Release)> {
    let found: Option<(Option<i64>, Option<Vec<u8>>)> = sqlx::query_as(SELECT).bind(id).fetch_optional(&mut *write).await?;
    let (at, sealed) = found.ok_or(RecordsError::Missing)?;
    let release = sealed.map(|sealed| open(key, &place(id), &sealed)).transpose()?;
    Ok((at.map(seconds), release.unwrap_or_default()))
}

async fn keep(write: &mut SqliteConnection, key: &Key, id: &str, at: Option<u32>, release: &Release) -> Result<()> {
    let sealed = seal(key, &place(id), release)?;
    sqlx::query(UPDATE).bind(id).bind(at.map(i64::from)).bind(sealed).execute(&mut *write).await?;
    Ok(())
}

/// By the name of the record's own key: its contact may be gone.
fn entry<'a>(key: &Key, id: &str, who: &'a str, what: Audited, at: u32) -> Entry<'a> {
    Entry { at, who: Some(who), what, contact: Some(key.name_in_audit(id)), about: None }
}

impl Records {
    /// Releases this very copy, in the place of what was released before. `Missing` where there is no such record.
    pub async fn release_record(&self, id: &str, copy: String, safety: bool, who: &str, now: u32) -> Result<()> {
        let key = self.keys().key(id).await?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let (_, Release { mut fetches, .. }) = read(&mut write, &key, id).await?;
            for fetch in &mut fetches {
                fetch.earlier = true;
            }
            keep(&mut write, &key, id, Some(now), &Release { copy: Some(copy), safety, fetches }).await?;
            add(&mut write, entry(&key, id, who, Audited::RecordReleased, now)).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Takes it back, where no program has fetched it. `Missing` where there is no such record.
    pub async fn withdraw_release(&self, id: &str, who: &str, now: u32) -> Result<Withdrawn> {
        let key = self.keys().key(id).await?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let (at, release) = read(&mut write, &key, id).await?;
            if at.is_none() {
                return Ok(Withdrawn::NotReleased);
            }
            if release.fetches.iter().any(|fetch| !fetch.earlier) {
                return Ok(Withdrawn::Fetched);
            }
            keep(&mut write, &key, id, None, &Release { copy: None, safety: false, ..release }).await?;
            add(&mut write, entry(&key, id, who, Audited::RecordReleaseWithdrawn, now)).await?;
            write.commit().await?;
            Ok(Withdrawn::Done)
        })
    }

    /// A page of what is released, the one released first first. None: there is no such cursor.
    pub async fn released_records(&self, after: Option<&str>) -> Result<Option<Page<ReleasedListed>>> {
        let Some((at, id)) = self.after("records", after) else { return Ok(None) };
        let select = "SELECT released, id FROM contact_records WHERE released IS NOT NULL AND (released > $1 OR (released = $1 AND id > $2)) \
            ORDER BY released, id LIMIT $3";
        let rows: Vec<(i64, String)> = on_each!(self.engine(), db => {
            sqlx::query_as(select).bind(at).bind(id).bind(i64::from(MAX_PAGE) + 1).fetch_all(db.readers()).await?
        });
        let (rows, next) = page_of(rows, |(at, id)| self.cursor("records", *at, id))?;
        Ok(Some(Page { items: rows.into_iter().map(|(at, record)| ReleasedListed { record, released: seconds(at) }).collect(), next }))
    }

    /// The copy that is released, once it is on disk that this program has it. None where nothing is released, or its key is gone.
    pub async fn fetch_record(&self, id: &str, by: &Program, now: u32) -> Result<Option<FetchedCopy>> {
        let Some((kept, key)) = self.with_key(id).await? else { return Ok(None) };
        let Some(contact) = kept.contact else { return Ok(None) };
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let (Some(released), mut release) = read(&mut write, &key, id).await? else { return Ok(None) };
            let Some(copy) = release.copy.clone() else { return Ok(None) };
            if !release.fetches.iter().any(|fetch| fetch.token == by.id && !fetch.earlier) {
                if release.fetches.len() >= MOST_FETCHES {
                    release.fetches.remove(0);
                }
                release.fetches.push(Fetch { token: by.id.clone(), program: by.name.clone(), at: now, taken: None, earlier: false });
                keep(&mut write, &key, id, Some(released), &release).await?;
                add_of_token(&mut write, now, None, Audited::RecordFetched, Some(key.name_in_audit(id)), &by.id).await?;
            }
            write.commit().await?;
            Ok(Some(FetchedCopy { copy, released, owner: kept.owner, contact: self.name_for_programs(&contact) }))
        })
    }

    /// A program says that it has stored what it fetched; the first time counts. False where it fetched nothing that is released still.
    pub async fn record_taken(&self, id: &str, by: &Program, now: u32) -> Result<bool> {
        let Some((_, key)) = self.with_key(id).await? else { return Ok(false) };
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let (Some(released), mut release) = read(&mut write, &key, id).await? else { return Ok(false) };
            let mine = release.fetches.iter_mut().find(|fetch| fetch.token == by.id && !fetch.earlier);
            let Some(mine) = mine else { return Ok(false) };
            mine.taken.get_or_insert(now);
            keep(&mut write, &key, id, Some(released), &release).await?;
            write.commit().await?;
            Ok(true)
        })
    }

    async fn with_key(&self, id: &str) -> Result<Option<(super::KeptRecord, Key)>> {
        let Some(kept) = self.record(id).await? else { return Ok(None) };
        match self.keys().key(id).await {
            Ok(key) => Ok(Some((kept, key))),
            Err(RecordsError::Missing) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
