//! Teams of staff. A name and who is in it: a team has no rights of its own.

use super::audit::add_plain;
use super::contacts::{MOST_LISTED, seconds};
use super::engine::on_each;
use super::members::note;
use super::staff::fold;
use super::{Records, RecordsError, Result, new_id};
use sidelight_protocol::audit::Audited;
use std::collections::HashMap;

pub struct Team {
    pub id: String,
    pub name: String,
    /// How many are in it and may sign in.
    pub members: u32,
}

/// Of a contact what its practitioner's supervisors see: when, and how far it has come. Nothing of it is opened for that.
pub struct TeamContact {
    pub id: String,
    /// The practitioner's staff id.
    pub owner: String,
    pub starts_at: u32,
    pub ends_at: u32,
    pub opened: bool,
    pub ended: bool,
}

/// The team of each member of staff who is in one, for periods of a team's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Teams(pub HashMap<String, String>);

impl Teams {
    pub fn of(&self, member: &str) -> Option<&str> {
        self.0.get(member).map(String::as_str)
    }

    /// Each team once.
    pub fn all(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.0.values().map(String::as_str).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

type ContactRow = (String, String, i64, i64, i64, i64);

impl Records {
    /// All teams, by name.
    pub async fn teams(&self) -> Result<Vec<Team>> {
        let select = "SELECT t.id, t.name, (SELECT CAST(COUNT(*) AS BIGINT) FROM staff s WHERE s.team = t.id AND s.disabled IS NULL) \
            FROM teams t ORDER BY t.name_folded";
        let rows: Vec<(String, String, i64)> = on_each!(self.engine(), db => sqlx::query_as(select).fetch_all(db.readers()).await?);
        Ok(rows.into_iter().map(|(id, name, members)| Team { id, name, members: seconds(members) }).collect())
    }

    /// Who is in which team, whether they may sign in or not.
    pub async fn in_teams(&self) -> Result<Teams> {
        let select = "SELECT id, team FROM staff WHERE team IS NOT NULL";
        let rows: Vec<(String, String)> = on_each!(self.engine(), db => sqlx::query_as(select).fetch_all(db.readers()).await?);
        Ok(Teams(rows.into_iter().collect()))
    }

    /// The team that a member is in.
    pub async fn team_of(&self, staff: &str) -> Result<Option<String>> {
        let select = "SELECT team FROM staff WHERE id = $1";
        let row: Option<(Option<String>,)> =
            on_each!(self.engine(), db => sqlx::query_as(select).bind(staff).fetch_optional(db.readers()).await?);
        Ok(row.and_then(|(team,)| team))
    }

    /// Makes a team and returns its id. `Taken`: there is one of this name.
    pub async fn new_team(&self, name: &str, by: &str, now: u32) -> Result<String> {
        let id = new_id()?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let insert = "INSERT INTO teams (id, name, name_folded, made) VALUES ($1, $2, $3, $4)";
            sqlx::query(insert).bind(&id).bind(name).bind(fold(name)).bind(i64::from(now)).execute(&mut *write).await?;
            add_plain(&mut write, now, Some(by), Audited::TeamMade).await?;
            write.commit().await?;
        });
        Ok(id)
    }

    /// `Missing`: there is no such team; `Taken`: there is another one of this name.
    pub async fn rename_team(&self, team: &str, name: &str, by: &str, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE teams SET name = $2, name_folded = $3 WHERE id = $1";
            let renamed = sqlx::query(update).bind(team).bind(name).bind(fold(name)).execute(&mut *write).await?;
            if renamed.rows_affected() == 0 {
                return Err(RecordsError::Missing);
            }
            add_plain(&mut write, now, Some(by), Audited::TeamRenamed).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Whoever is in it, or was invited to it, is in none. `Missing`: there is no such team.
    pub async fn remove_team(&self, team: &str, by: &str, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            if sqlx::query("DELETE FROM teams WHERE id = $1").bind(team).execute(&mut *write).await?.rows_affected() == 0 {
                return Err(RecordsError::Missing);
            }
            for update in ["UPDATE staff SET team = NULL WHERE team = $1", "UPDATE first_links SET team = NULL WHERE team = $1"] {
                sqlx::query(update).bind(team).execute(&mut *write).await?;
            }
            add_plain(&mut write, now, Some(by), Audited::TeamRemoved).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// `Missing`: there is no such team. Nothing is written down where they are in it already. Their sign-ins go on: a team is looked up
    /// at each request.
    pub async fn move_to_team(&self, staff: &str, team: Option<&str>, by: &str, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            if let Some(team) = team {
                let there = "SELECT CAST(COUNT(*) AS BIGINT) FROM teams WHERE id = $1";
                let there: i64 = sqlx::query_scalar(there).bind(team).fetch_one(&mut *write).await?;
                if there == 0 {
                    return Err(RecordsError::Missing);
                }
            }
            let update = "UPDATE staff SET team = $2 WHERE id = $1 AND COALESCE(team, '') <> COALESCE($2, '')";
            if sqlx::query(update).bind(staff).bind(team).execute(&mut *write).await?.rows_affected() > 0 {
                note(&mut write, now, Some(by), Audited::TeamChanged, staff).await?;
            }
            write.commit().await?;
        });
        Ok(())
    }

    /// Contacts of the members of a team that start in `from..to`, soonest first, at most [`MOST_LISTED`]. Only what stands there in
    /// clear is read.
    pub async fn team_contacts(&self, team: &str, from: u32, to: u32) -> Result<Vec<TeamContact>> {
        let select = "SELECT c.id, c.owner, c.starts_at, c.ends_at, CASE WHEN c.opened IS NULL THEN 0 ELSE 1 END, \
            CASE WHEN c.ended IS NULL THEN 0 ELSE 1 END FROM contacts c JOIN staff s ON s.id = c.owner \
            WHERE s.team = $1 AND c.starts_at >= $2 AND c.starts_at < $3 ORDER BY c.starts_at, c.made, c.id LIMIT $4";
        let rows: Vec<ContactRow> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(select).bind(team).bind(i64::from(from)).bind(i64::from(to));
            query.bind(MOST_LISTED).fetch_all(db.readers()).await?
        });
        let contact = |(id, owner, starts_at, ends_at, opened, ended): ContactRow| {
            let (starts_at, ends_at) = (seconds(starts_at), seconds(ends_at));
            TeamContact { id, owner, starts_at, ends_at, opened: opened != 0, ended: ended != 0 }
        };
        Ok(rows.into_iter().map(contact).collect())
    }
}
