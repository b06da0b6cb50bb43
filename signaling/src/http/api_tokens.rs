//! Tokens of other programs, as administrators make, see and revoke them.

use super::body::Json;
use super::path::Path;
use super::programs::{hash, new_token};
use super::rights::{changing_in, entering};
use super::{Answer, App};
use crate::error::{Refusal, UNKNOWN_TOKEN};
use crate::records::{self, RecordsError};
use crate::time::now;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sidelight_protocol::api_tokens::{ApiToken, ApiTokenMade, ApiTokens, MAX_DAYS, MAX_NAME, NewApiToken};
use sidelight_room::rights::Area;

const DAY: u32 = 24 * 3600;

const TOO_MANY: Refusal =
    Refusal::new(StatusCode::CONFLICT, "too_many_tokens", "There are as many tokens as there can be. Revoke one that nothing uses.");

pub async fn list(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<ApiTokens>> {
    entering(&app, &headers, Area::Administration).await?;
    let members = app.records.members().await?;
    let named = |who: &str| members.iter().find(|listed| listed.member.id == who).map(|listed| listed.member.name.clone());
    let shown = |token: records::ApiToken| {
        let records::ApiToken { id, name, scopes, who, made, ends, last_used, works } = token;
        ApiToken { id, name, scopes, who_name: named(&who), who, made, ends, last_used, works }
    };
    Ok(axum::Json(ApiTokens { tokens: app.records.api_tokens(now()).await?.into_iter().map(shown).collect() }))
}

/// A name, what it is for, and how long.
fn checked(body: NewApiToken) -> Answer<NewApiToken> {
    let NewApiToken { name, mut scopes, days } = body;
    let name = name.trim().to_owned();
    if !(1..=MAX_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(Refusal::field("bad_token_name", "name", "A name has 1 to 60 characters."));
    }
    if scopes.is_empty() {
        return Err(Refusal::field("scopes_missing", "scopes", "Choose what the program may ask for."));
    }
    if !(1..=MAX_DAYS).contains(&days) {
        return Err(Refusal::field("days_out_of_range", "days", "It can work for 1 to 365 days."));
    }
    scopes.sort_unstable();
    scopes.dedup();
    Ok(NewApiToken { name, scopes, days })
}

pub async fn make(
    State(app): State<App>,
    headers: HeaderMap,
    Json(body): Json<NewApiToken>,
) -> Answer<(StatusCode, axum::Json<ApiTokenMade>)> {
    let by = changing_in(&app, &headers, Area::Administration).await?;
    let NewApiToken { name, scopes, days } = checked(body)?;
    let token = new_token().ok_or_else(Refusal::not_kept)?;
    let (now, hash) = (now(), hash(token.as_bytes()));
    let new = records::NewApiToken { hash: &hash, name: &name, scopes: &scopes, who: &by.id, ends: now.saturating_add(days * DAY) };
    match app.records.new_api_token(&new, now).await {
        Ok(id) => Ok((StatusCode::CREATED, axum::Json(ApiTokenMade { id, token }))),
        Err(RecordsError::Taken) => Err(TOO_MANY),
        Err(error) => Err(error.into()),
    }
}

pub async fn revoke(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<StatusCode> {
    let by = changing_in(&app, &headers, Area::Administration).await?;
    match app.records.revoke_api_token(&id, &by.id, now()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(RecordsError::Missing) => Err(UNKNOWN_TOKEN),
        Err(error) => Err(error.into()),
    }
}
