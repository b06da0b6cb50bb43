//! Who takes part in another's contact, and whose it becomes. What anybody may do by that is said in [`sidelight_room::rights`].

use super::audit::{Entry, Reason, add, add_of_contact};
use super::contacts::{MOST_LISTED, open, seal, seconds};
use super::engine::on_each;
use super::sealing::{Key, Place};
use super::{Contact, Records, RecordsError, Result};
use sidelight_protocol::audit::Audited;
use sidelight_protocol::hands::{Colleague, Given, Hands, Helper, MAX_ASKED, MAX_COLLEAGUES, TakesPart};
use sidelight_room::visiting::goes_by;

/// What holds now ($1: now; p: parts, c: contacts). Whoever was asked in takes part until it is over, whoever covers until their time.
const HOLDS: &str = "((p.part = 'asked' AND c.ended IS NULL) OR (p.part = 'covering' AND p.until > $1))";

/// Whoever can be given a contact, or be asked in.
const PRACTISES: &str = "s.disabled IS NULL AND s.practitioner = 1";
const TAKES_PART: &str = "s.disabled IS NULL AND (s.practitioner = 1 OR s.supervisor = 1)";

/// How somebody stands to another's contact or person.
pub struct Standing {
    /// The teams of who asks and of the practitioner.
    pub team: Option<String>,
    pub owners_team: Option<String>,
    pub part: Option<TakesPart>,
}

/// What becomes of asking somebody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedIn {
    Yes,
    /// They can't, or can't any more.
    Nobody,
    /// As many as there can be take part.
    Full,
}

/// A contact that a supervisor covers.
pub struct Covering {
    pub contact: String,
    pub staff: String,
    pub until: u32,
}

/// What colleagues are looked for to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LookedFor {
    HandOver,
    Ask,
}

fn part(stored: &str) -> Result<TakesPart> {
    match stored {
        "asked" => Ok(TakesPart::Asked),
        "covering" => Ok(TakesPart::Covering),
        _ => Err(RecordsError::Damaged),
    }
}

fn place(contact: &str) -> Place<'_> {
    Place { table: "contacts.given_note", row: contact, contact }
}

type HelperRow = (String, String, String, i64, Option<i64>);
type GivenRow = (Option<String>, Option<i64>, Option<Vec<u8>>);

impl Records {
    /// How a member of staff stands to this contact of somebody else's, or to this person. Of several parts, the one that lets do most.
    pub async fn standing(&self, staff: &str, owner: &str, subject: &str, now: u32) -> Result<Standing> {
        let select = format!(
            "SELECT (SELECT team FROM staff WHERE id = $2), (SELECT team FROM staff WHERE id = $3), \
             (SELECT MAX(p.part) FROM parts p JOIN contacts c ON c.id = p.contact WHERE p.staff = $2 AND (c.id = $4 OR c.about = $4) AND {HOLDS})"
        );
        let (team, owners_team, stored): (Option<String>, Option<String>, Option<String>) = on_each!(self.engine(), db => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(i64::from(now)).bind(staff).bind(owner).bind(subject);
            query.fetch_one(db.readers()).await?
        });
        let part = stored.as_deref().map(part).transpose()?;
        Ok(Standing { team, owners_team, part })
    }

    /// In whose hands a contact is.
    pub async fn hands(&self, contact: &Contact, now: u32) -> Result<Hands> {
        let helpers = format!(
            "SELECT p.staff, s.name, p.part, p.since, p.until FROM parts p JOIN staff s ON s.id = p.staff JOIN contacts c ON c.id = p.contact \
             WHERE p.contact = $2 AND {HOLDS} ORDER BY p.since, p.staff"
        );
        let given = "SELECT (SELECT name FROM staff WHERE id = c.given_by), c.given, c.given_note FROM contacts c WHERE c.id = $1";
        let (rows, (by, at, note)): (Vec<HelperRow>, GivenRow) = on_each!(self.engine(), db => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(helpers)).bind(i64::from(now)).bind(&contact.id);
            let rows = query.fetch_all(db.readers()).await?;
            let given: Option<GivenRow> = sqlx::query_as(given).bind(&contact.id).fetch_optional(db.readers()).await?;
            (rows, given.unwrap_or_default())
        });
        let mut with = Vec::with_capacity(rows.len());
        for (id, name, stored, since, until) in rows {
            with.push(Helper { id, name, part: part(&stored)?, since: seconds(since), until: until.map(seconds) });
        }
        let given = match at {
            Some(at) => Some(Given { by: by.unwrap_or_default(), at: seconds(at), note: self.note_to(&contact.id, note).await? }),
            None => None,
        };
        let owner = self.staff_name(&contact.owner).await?.unwrap_or_default();
        Ok(Hands { owner, with, given })
    }

    async fn note_to(&self, contact: &str, sealed: Option<Vec<u8>>) -> Result<Option<String>> {
        let Some(sealed) = sealed else { return Ok(None) };
        let clear = self.keys().key(contact).await?.open(&place(contact), &sealed).ok_or(RecordsError::Damaged)?;
        String::from_utf8(clear.to_vec()).map(Some).map_err(|_| RecordsError::Damaged)
    }

    /// Others' contacts in which somebody takes part now: those that start in `from..to` or are under way, and whenever they start those
    /// that they cover; with their owners.
    pub async fn taken_part_in(&self, staff: &str, from: u32, to: u32, now: u32) -> Result<Vec<(String, String)>> {
        let select = format!(
            "SELECT c.id, c.owner FROM parts p JOIN contacts c ON c.id = p.contact WHERE p.staff = $2 AND {HOLDS} \
             AND (p.part = 'covering' OR (c.starts_at >= $3 AND c.starts_at < $4) OR (c.opened IS NOT NULL AND c.ended IS NULL)) \
             ORDER BY c.starts_at, c.id LIMIT $5"
        );
        Ok(on_each!(self.engine(), db => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(i64::from(now)).bind(staff).bind(i64::from(from)).bind(i64::from(to));
            query.bind(MOST_LISTED).fetch_all(db.readers()).await?
        }))
    }

    /// Which contacts of a team's members are covered now.
    pub async fn covered_in(&self, team: &str, now: u32) -> Result<Vec<Covering>> {
        let select = format!(
            "SELECT c.id, p.staff, p.until FROM parts p JOIN contacts c ON c.id = p.contact JOIN staff s ON s.id = c.owner \
             WHERE s.team = $2 AND p.part = 'covering' AND {HOLDS} ORDER BY c.id LIMIT $3"
        );
        let rows: Vec<(String, String, i64)> = on_each!(self.engine(), db => {
            sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(i64::from(now)).bind(team).bind(MOST_LISTED).fetch_all(db.readers()).await?
        });
        Ok(rows.into_iter().map(|(contact, staff, until)| Covering { contact, staff, until: seconds(until) }).collect())
    }

    /// Colleagues with this in their name, those of the same team first, at most [`MAX_COLLEAGUES`].
    pub async fn colleagues(&self, of: &str, search: &str, what: LookedFor) -> Result<Vec<Colleague>> {
        let who = if what == LookedFor::HandOver { PRACTISES } else { TAKES_PART };
        // Compared here: what is one letter in two cases, the engines don't agree on.
        let select = format!(
            "SELECT s.id, s.name, CASE WHEN s.team IS NOT NULL AND s.team = (SELECT o.team FROM staff o WHERE o.id = $1) THEN 1 ELSE 0 END \
             AS same FROM staff s WHERE s.id <> $1 AND {who} ORDER BY same DESC, s.name, s.id"
        );
        let rows: Vec<(String, String, i64)> =
            on_each!(self.engine(), db => sqlx::query_as(sqlx::AssertSqlSafe(select)).bind(of).fetch_all(db.readers()).await?);
        let wanted = search.trim().to_lowercase();
        let found = rows.into_iter().filter(|(_, name, _)| name.to_lowercase().contains(&wanted)).take(MAX_COLLEAGUES);
        Ok(found.map(|(id, name, same)| Colleague { id, name, same_team: same != 0 }).collect())
    }

    /// Asks a colleague in. Fine if they take part already.
    pub async fn ask_in(&self, contact: &Contact, whom: &str, by: &str, now: u32) -> Result<AskedIn> {
        let key = self.keys().key(&contact.id).await?;
        let can = format!("SELECT CAST(COUNT(*) AS BIGINT) FROM staff s WHERE s.id = $1 AND {TAKES_PART}");
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let can: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(can)).bind(whom).fetch_one(&mut *write).await?;
            if can == 0 || whom == contact.owner {
                return Ok(AskedIn::Nobody);
            }
            let count = "SELECT CAST(COUNT(*) AS BIGINT) FROM parts WHERE contact = $1 AND staff <> $2 AND part = 'asked'";
            let others: i64 = sqlx::query_scalar(count).bind(&contact.id).bind(whom).fetch_one(&mut *write).await?;
            if others >= i64::try_from(MAX_ASKED).unwrap_or(i64::MAX) {
                return Ok(AskedIn::Full);
            }
            // A cover that has run out is in nobody's way; one that holds lets do more.
            let over = "DELETE FROM parts WHERE contact = $1 AND staff = $2 AND part = 'covering' AND until <= $3";
            sqlx::query(over).bind(&contact.id).bind(whom).bind(i64::from(now)).execute(&mut *write).await?;
            let insert = "INSERT INTO parts (contact, staff, part, given_by, since, until) VALUES ($1, $2, 'asked', $3, $4, NULL) \
                ON CONFLICT (contact, staff) DO NOTHING";
            let query = sqlx::query(insert).bind(&contact.id).bind(whom).bind(by).bind(i64::from(now));
            if query.execute(&mut *write).await?.rows_affected() > 0 {
                let named = key.name_in_audit(&contact.id);
                add_of_contact(&mut write, now, by, Audited::ColleagueAsked, named, whom).await?;
            }
            write.commit().await?;
        });
        Ok(AskedIn::Yes)
    }

    /// Somebody who was asked in takes part no longer. Fine if they don't.
    pub async fn release_colleague(&self, contact: &str, whom: &str, by: &str, now: u32) -> Result<()> {
        let key = self.keys().key(contact).await?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let delete = "DELETE FROM parts WHERE contact = $1 AND staff = $2 AND part = 'asked'";
            if sqlx::query(delete).bind(contact).bind(whom).execute(&mut *write).await?.rows_affected() > 0 {
                add_of_contact(&mut write, now, by, Audited::ColleagueReleased, key.name_in_audit(contact), whom).await?;
            }
            write.commit().await?;
        });
        Ok(())
    }

    /// A supervisor covers from now on, until then. Again: until another time, for another reason.
    pub async fn cover(&self, contact: &str, by: &str, reason: &str, until: u32, now: u32) -> Result<()> {
        let key = self.keys().key(contact).await?;
        let named = key.name_in_audit(contact);
        let about = Some(Reason { person: contact, key, text: reason });
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let upsert = "INSERT INTO parts (contact, staff, part, given_by, since, until) VALUES ($1, $2, 'covering', $2, $3, $4) \
                ON CONFLICT (contact, staff) DO UPDATE SET part = excluded.part, given_by = excluded.given_by, since = excluded.since, \
                until = excluded.until";
            let query = sqlx::query(upsert).bind(contact).bind(by).bind(i64::from(now)).bind(i64::from(until));
            query.execute(&mut *write).await?;
            add(&mut write, Entry { at: now, who: Some(by), what: Audited::CoverBegun, contact: Some(named), about }).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Gives it back. Fine if they don't cover.
    pub async fn end_cover(&self, contact: &str, by: &str, now: u32) -> Result<()> {
        let key = self.keys().key(contact).await?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let delete = "DELETE FROM parts WHERE contact = $1 AND staff = $2 AND part = 'covering'";
            if sqlx::query(delete).bind(contact).bind(by).execute(&mut *write).await?.rows_affected() > 0 {
                let contact = Some(key.name_in_audit(contact));
                add(&mut write, Entry { at: now, who: Some(by), what: Audited::CoverEnded, contact, about: None }).await?;
            }
            write.commit().await?;
        });
        Ok(())
    }

    /// What goes with a contact that is handed over: all of its person's with the same practitioner, where a plan holds; else it alone.
    pub async fn goes_along(&self, contact: &Contact) -> Result<Vec<String>> {
        let select = "SELECT id FROM contacts WHERE id = $1 OR (owner = $2 AND about IS NOT NULL AND about = $3) ORDER BY starts_at, id";
        Ok(on_each!(self.engine(), db => {
            let query = sqlx::query_scalar(select).bind(&contact.id).bind(&contact.owner).bind(&contact.details.about);
            query.fetch_all(db.readers()).await?
        }))
    }

    /// Hands these contacts of one person over, with the plan and the records. `Missing`: whom it goes to can't take contacts any more, or
    /// it isn't whose it was.
    pub async fn hand_over(&self, contact: &Contact, along: &[String], to: &str, note: Option<&str>, by: &str, now: u32) -> Result<()> {
        let mut keys: Vec<(&str, Key)> = Vec::with_capacity(along.len());
        for id in along {
            match self.keys().key(id).await {
                Ok(key) => keys.push((id, key)),
                // Erased just now, but for the row.
                Err(RecordsError::Missing) => {}
                Err(error) => return Err(error),
            }
        }
        let (owner, about) = (&contact.owner, &contact.details.about);
        let can = format!("SELECT s.name FROM staff s WHERE s.id = $1 AND {PRACTISES}");
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let name: Option<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(can)).bind(to).fetch_optional(&mut *write).await?;
            let goes = goes_by(&name.ok_or(RecordsError::Missing)?);
            for (id, key) in keys {
                let kept: Option<(Vec<u8>, Option<i64>)> =
                    sqlx::query_as("SELECT sealed, ended FROM contacts WHERE id = $1 AND owner = $2").bind(id).bind(owner).fetch_optional(&mut *write).await?;
                let Some((sealed, ended)) = kept else {
                    if id == contact.id { return Err(RecordsError::Missing) } else { continue }
                };
                let mut details = open(&key, id, &sealed)?;
                // Who goes by no name there still does; of one that is over, it stays who it was.
                if ended.is_none() && details.practitioner.is_some() {
                    details.practitioner.clone_from(&goes);
                }
                let note = note.map(|note| key.seal(&place(id), note.as_bytes())).transpose()?;
                let update = "UPDATE contacts SET owner = $2, sealed = $3, given_by = $4, given = $5, given_note = $6 WHERE id = $1";
                let query = sqlx::query(update).bind(id).bind(to).bind(seal(&key, id, &details)?).bind(by).bind(i64::from(now));
                query.bind(note).execute(&mut *write).await?;
                sqlx::query("DELETE FROM parts WHERE contact = $1").bind(id).execute(&mut *write).await?;
                let records = "UPDATE contact_records SET owner = $2 WHERE contact = $1";
                sqlx::query(records).bind(self.record_name(id)).bind(to).execute(&mut *write).await?;
                add_of_contact(&mut write, now, by, Audited::ContactGiven, key.name_in_audit(id), to).await?;
            }
            if let Some(about) = about {
                for update in ["UPDATE people SET owner = $3 WHERE id = $1 AND owner = $2", "UPDATE contact_records SET owner = $3 WHERE about = $1 AND owner = $2"] {
                    sqlx::query(update).bind(about).bind(owner).bind(to).execute(&mut *write).await?;
                }
            }
            write.commit().await?;
        });
        Ok(())
    }
}
