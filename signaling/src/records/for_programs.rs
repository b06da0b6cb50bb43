//! What other programs read, page by page. A cursor says where a page ended, sealed: it holds an id, and ids of contacts leave by no list.

use super::contacts::seconds;
use super::engine::on_each;
use super::sealing::Place;
use super::{Records, RecordsError, Result};
use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use sidelight_protocol::programs::{MAX_PAGE, ProgramContact};
use sidelight_room::programs::state;

/// One page; `next`: the cursor of the one after it.
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

/// Which contacts are asked for: those that start in `from..to`.
#[derive(Clone, Copy)]
pub struct Planned<'a> {
    pub from: u32,
    pub to: u32,
    pub after: Option<&'a str>,
}

type Row = (i64, String, String, Option<String>, i64, i64);

/// At most [`MAX_PAGE`] of one row more than that, and the cursor of the last of them where there is more.
pub(super) fn page_of<T>(mut rows: Vec<T>, cursor: impl Fn(&T) -> Result<String>) -> Result<(Vec<T>, Option<String>)> {
    let most = usize::from(MAX_PAGE);
    if rows.len() <= most {
        return Ok((rows, None));
    }
    rows.truncate(most);
    let next = rows.last().map(cursor).transpose()?;
    Ok((rows, next))
}

fn place(list: &str) -> Place<'_> {
    Place { table: "cursor", row: list, contact: "" }
}

impl Records {
    pub(super) fn name_for_programs(&self, contact: &str) -> String {
        self.keys().service().name_for_programs(contact)
    }

    pub(super) fn cursor(&self, list: &str, at: i64, id: &str) -> Result<String> {
        Ok(HEX.encode(&self.keys().service().seal(&place(list), format!("{at} {id}").as_bytes())?))
    }

    /// Where to go on; before everything where there is no cursor. None: it is none of ours.
    pub(super) fn after(&self, list: &str, cursor: Option<&str>) -> Option<(i64, String)> {
        let Some(cursor) = cursor else { return Some((-1, String::new())) };
        let clear = self.keys().service().open(&place(list), &HEX.decode(cursor.as_bytes()).ok()?)?;
        let (at, id) = std::str::from_utf8(&clear).ok()?.split_once(' ')?;
        Some((at.parse().ok()?, id.to_owned()))
    }

    /// A page of all contacts, soonest first. None: there is no such cursor. Of those that are over it is opened what became of them.
    pub async fn contacts_for_programs(&self, asked: Planned<'_>, now: u32) -> Result<Option<Page<ProgramContact>>> {
        let Some((at, id)) = self.after("contacts", asked.after) else { return Ok(None) };
        let select = "SELECT c.starts_at, c.id, c.owner, s.team, c.ends_at, CASE WHEN c.ended IS NULL THEN 0 ELSE 1 END \
            FROM contacts c LEFT JOIN staff s ON s.id = c.owner WHERE c.starts_at >= $1 AND c.starts_at < $2 \
            AND (c.starts_at > $3 OR (c.starts_at = $3 AND c.id > $4)) ORDER BY c.starts_at, c.id LIMIT $5";
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(select).bind(i64::from(asked.from)).bind(i64::from(asked.to)).bind(at).bind(id);
            query.bind(i64::from(MAX_PAGE) + 1).fetch_all(db.readers()).await?
        });
        let (rows, next) = page_of(rows, |(at, id, ..)| self.cursor("contacts", *at, id))?;
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            items.extend(self.told_of(row, now).await?);
        }
        Ok(Some(Page { items, next }))
    }

    /// None where its key is gone: it is being erased.
    async fn told_of(&self, (starts_at, id, practitioner, team, ends_at, over): Row, now: u32) -> Result<Option<ProgramContact>> {
        let outcome = if over != 0 {
            let Some(contact) = self.contact(&id).await? else { return Ok(None) };
            Some(self.draft_of(&contact).await?.0.outcome)
        } else {
            match self.keys().key(&id).await {
                Err(RecordsError::Missing) => return Ok(None),
                key => drop(key?),
            }
            None
        };
        let (starts_at, ends_at) = (seconds(starts_at), seconds(ends_at));
        let contact = self.name_for_programs(&id);
        Ok(Some(ProgramContact { contact, practitioner, team, starts_at, ends_at, state: state(outcome, ends_at, now) }))
    }
}
