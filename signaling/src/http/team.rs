//! What a supervisor sees of their own team's contacts: that they are, whose, and when.

use super::contacts::Between;
use super::rights::entering;
use super::{Answer, App};
use crate::error::BAD_QUERY;
use crate::records;
use crate::time::now;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use http::HeaderMap;
use sidelight_protocol::rights::{ContactState, Covered, TeamContact, TeamContacts};
use sidelight_room::rights::{Area, Asker, Deed, Whose, may};

pub async fn contacts(
    State(app): State<App>,
    headers: HeaderMap,
    between: Result<Query<Between>, QueryRejection>,
) -> Answer<axum::Json<TeamContacts>> {
    let member = entering(&app, &headers, Area::Team).await?;
    let Ok(Query(Between { from, to })) = between else { return Err(BAD_QUERY) };
    if from >= to {
        return Err(BAD_QUERY);
    }
    let Some(team) = member.team.as_deref() else { return Ok(axum::Json(TeamContacts { team: None, contacts: vec![] })) };
    let asker = Asker { id: &member.id, roles: &member.roles, team: Some(team) };
    // Each by the rule once more: what is shown hangs on it, and not on how it was looked for.
    let sees = |one: &records::TeamContact| may(asker, Deed::SeeThatItIs, Whose { owner: &one.owner, team: Some(team), part: None });
    let names = app.records.staff_names().await?;
    let covered = app.records.covered_in(team, now()).await?;
    let covered = |contact: &str| {
        let cover = covered.iter().find(|cover| cover.contact == contact)?;
        let by = names.get(&cover.staff).cloned().unwrap_or_default();
        Some(Covered { by, until: cover.until, mine: cover.staff == member.id })
    };
    let shown = |one: records::TeamContact| {
        let state = match (one.opened, one.ended) {
            (_, true) => ContactState::Over,
            (true, false) => ContactState::Open,
            (false, false) => ContactState::Planned,
        };
        let practitioner = names.get(&one.owner).cloned().unwrap_or_default();
        let covered = covered(&one.id);
        TeamContact { id: one.id, practitioner, starts_at: one.starts_at, ends_at: one.ends_at, state, covered }
    };
    let contacts = app.records.team_contacts(team, from, to).await?.into_iter().filter(sees).map(shown).collect();
    let team = app.records.teams().await?.into_iter().find(|one| one.id == team).map(|one| one.name);
    Ok(axum::Json(TeamContacts { team, contacts }))
}
