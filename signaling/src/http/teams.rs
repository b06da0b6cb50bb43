//! Teams, for administrators.

use super::body::Json;
use super::path::Path;
use super::rights::changing_in;
use super::{Answer, App};
use crate::error::{Refusal, UNKNOWN_TEAM};
use crate::records::RecordsError;
use crate::time::now;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sidelight_protocol::rights::{TeamMade, TeamName};
use sidelight_room::rights::Area;

/// More: a list that nobody reads to its end. Fewer: a large organisation hasn't got enough.
const MOST: usize = 200;

fn name(body: &TeamName) -> Answer<&str> {
    let name = body.name.trim();
    let fits = (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits { Ok(name) } else { Err(Refusal::field("bad_team_name", "name", "A team's name has 1 to 60 characters.")) }
}

fn refused(error: RecordsError) -> Refusal {
    match error {
        RecordsError::Missing => UNKNOWN_TEAM,
        RecordsError::Taken => Refusal::field("team_taken", "name", "There is a team of this name already."),
        error => error.into(),
    }
}

pub async fn add(State(app): State<App>, headers: HeaderMap, Json(body): Json<TeamName>) -> Answer<(StatusCode, axum::Json<TeamMade>)> {
    let by = changing_in(&app, &headers, Area::Administration).await?;
    let name = name(&body)?;
    if app.records.teams().await?.len() >= MOST {
        return Err(Refusal::new(StatusCode::CONFLICT, "too_many_teams", "There are as many teams as there can be."));
    }
    let id = app.records.new_team(name, &by.id, now()).await.map_err(refused)?;
    Ok((StatusCode::CREATED, axum::Json(TeamMade { id })))
}

pub async fn rename(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>, Json(body): Json<TeamName>) -> Answer<StatusCode> {
    let by = changing_in(&app, &headers, Area::Administration).await?;
    app.records.rename_team(&id, name(&body)?, &by.id, now()).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn remove(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<StatusCode> {
    let by = changing_in(&app, &headers, Area::Administration).await?;
    app.records.remove_team(&id, &by.id, now()).await.map_err(refused)?;
    Ok(StatusCode::NO_CONTENT)
}
