//! Members of staff, for administrators: who they are, what they may, and lists of them.

use super::body::Json;
use super::path::Path;
use super::rights::{changing_in, entering};
use super::{Answer, App};
use crate::error::{MEMBER_DISABLED, NOT_YOURSELF, Refusal, UNKNOWN_INVITED, UNKNOWN_MEMBER};
use crate::records::{Listed, RecordsError};
use crate::staff::members::{self, Known};
use crate::staff::{INVITED, RESET};
use crate::time::now;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sidelight_protocol::http::Role;
use sidelight_protocol::rights::{ChangeMember, GivenLink, ImportStaff, Imported, Invite, InvitedMember, ListedMember, Members, Team};
use sidelight_room::rights::Area;

pub async fn list(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<Members>> {
    entering(&app, &headers, Area::Administration).await?;
    let listed = |Listed { member, disabled, last_used }: Listed| ListedMember {
        id: member.id,
        name: member.name,
        email: member.email,
        roles: member.roles,
        team: member.team,
        second_factor: member.second_factor,
        disabled,
        last_used,
    };
    let members = app.records.members().await?.into_iter().map(listed).collect();
    let invited = app.records.invited_members(now()).await?.into_iter().map(|one| InvitedMember {
        id: one.link,
        name: one.invited.name.unwrap_or_default(),
        email: one.invited.email.unwrap_or_default(),
        roles: one.invited.roles,
        team: one.invited.team,
        expires: one.expires,
    });
    let teams = app.records.teams().await?.into_iter().map(|team| Team { id: team.id, name: team.name, members: team.members });
    Ok(axum::Json(Members { members, invited: invited.collect(), teams: teams.collect() }))
}

/// The address of a one-time link.
fn address(app: &App, token: &str) -> String {
    format!("{}/desk#first={token}", app.origins.public())
}

fn some_roles(mut roles: Vec<Role>) -> Answer<Vec<Role>> {
    roles.sort_unstable();
    roles.dedup();
    if roles.is_empty() { Err(Refusal::field("roles_missing", "roles", "Choose at least one role.")) } else { Ok(roles) }
}

async fn known_team(app: &App, team: Option<&str>) -> Answer<()> {
    let Some(team) = team else { return Ok(()) };
    let there = app.records.teams().await?.iter().any(|one| one.id == team);
    if there { Ok(()) } else { Err(no_team()) }
}

fn no_team() -> Refusal {
    Refusal::field("unknown_team", "team", "There is no such team any more.")
}

/// The member that an address names.
async fn member(app: &App, id: &str) -> Answer<Listed> {
    app.records.member_by_id(id).await.map_err(|error| if matches!(error, RecordsError::Missing) { UNKNOWN_MEMBER } else { error.into() })
}

pub async fn invite(State(app): State<App>, headers: HeaderMap, Json(body): Json<Invite>) -> Answer<(StatusCode, axum::Json<GivenLink>)> {
    let by = changing_in(&app, &headers, Area::Administration).await?;
    let (name, email) = (members::name(&body.name)?.to_owned(), members::email(&body.email)?.to_owned());
    let roles = some_roles(body.roles)?;
    known_team(&app, body.team.as_deref()).await?;
    let (token, link) = members::link(&name, &email, roles, body.team, &by.id)?;
    app.records.take_in(&[link], &[], &by.id, now(), now().saturating_add(INVITED)).await.map_err(members::taken)?;
    Ok((StatusCode::CREATED, axum::Json(GivenLink { link: address(&app, &token), expires: now().saturating_add(INVITED) })))
}

pub async fn withdraw(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<StatusCode> {
    let by = changing_in(&app, &headers, Area::Administration).await?;
    match app.records.withdraw_link(&id, &by.id, now()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(RecordsError::Missing) => Err(UNKNOWN_INVITED),
        Err(error) => Err(error.into()),
    }
}

/// An administrator can't shut out the last one: themselves.
pub async fn change(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<ChangeMember>,
) -> Answer<StatusCode> {
    let by = changing_in(&app, &headers, Area::Administration).await?;
    let Listed { member, .. } = member(&app, &id).await?;
    let roles = some_roles(body.roles)?;
    if id == by.id && !roles.contains(&Role::Administrator) {
        return Err(NOT_YOURSELF);
    }
    app.records.move_to_team(&id, body.team.as_deref(), &by.id, now()).await.map_err(|error| match error {
        RecordsError::Missing => no_team(),
        error => error.into(),
    })?;
    if roles != member.roles {
        app.records.set_roles(&id, &roles, Some(&by.id), now()).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What ends is found in the records by whoever holds the sockets, within half a second.
pub async fn disable(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<StatusCode> {
    set_disabled(&app, &headers, &id, true).await
}

pub async fn enable(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<StatusCode> {
    set_disabled(&app, &headers, &id, false).await
}

async fn set_disabled(app: &App, headers: &HeaderMap, id: &str, disabled: bool) -> Answer<StatusCode> {
    let by = changing_in(app, headers, Area::Administration).await?;
    member(app, id).await?;
    if id == by.id {
        return Err(NOT_YOURSELF);
    }
    app.records.set_disabled(id, disabled, Some(&by.id), now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn reset(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<(StatusCode, axum::Json<GivenLink>)> {
    let by = changing_in(&app, &headers, Area::Administration).await?;
    let listed = member(&app, &id).await?;
    if listed.disabled.is_some() {
        return Err(MEMBER_DISABLED);
    }
    let token = members::reset_link(&app.records, listed.member, Some(&by.id), now()).await?;
    Ok((StatusCode::CREATED, axum::Json(GivenLink { link: address(&app, &token), expires: now().saturating_add(RESET) })))
}

/// All of it or nothing. What is wrong is told line by line, before anything is done.
pub async fn import(State(app): State<App>, headers: HeaderMap, Json(body): Json<ImportStaff>) -> Answer<axum::Json<Imported>> {
    let by = changing_in(&app, &headers, Area::Administration).await?;
    let known = Known::new(&app.records, &by.id).await?;
    let mut lines = members::look(&body.csv, &known)?;
    if !body.now || lines.iter().any(|line| line.wrong.is_some()) {
        return Ok(axum::Json(Imported { done: false, lines }));
    }
    let (mut links, mut leavers) = (Vec::new(), Vec::new());
    for line in &mut lines {
        if line.leaves {
            leavers.extend(known.id(&line.email));
            continue;
        }
        let team = line.team.as_deref().and_then(|team| known.team(team));
        let (token, link) = members::link(&line.name, &line.email, line.roles.clone(), team, &by.id)?;
        line.link = Some(address(&app, &token));
        links.push(link);
    }
    app.records.take_in(&links, &leavers, &by.id, now(), now().saturating_add(INVITED)).await.map_err(members::taken)?;
    Ok(axum::Json(Imported { done: true, lines }))
}
