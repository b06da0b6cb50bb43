//! Those invited beside the service user: each has a link of their own, made and revoked by itself.

use super::body::Json;
use super::contacts::{own, still_to_come, used_before};
use super::details::text;
use super::guests::{bad_invitation, is_invitation};
use super::path::Path;
use super::{Answer, App};
use crate::error::Refusal;
use crate::live::ChangeRefused;
use crate::time::now;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sidelight_protocol::desk::Invitee;
use sidelight_protocol::http::{Invited, NewInvitee};

/// Sending the same link again, after an answer that got lost, changes nothing more.
pub async fn invite(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<NewInvitee>,
) -> Answer<(StatusCode, axum::Json<Invited>)> {
    let contact = own(&app, &headers, &id).await?;
    let NewInvitee { invitation, part, name } = body;
    if !is_invitation(&invitation) {
        return Err(bad_invitation());
    }
    let name = text("name", "The name", Some(name), 40, false)?
        .ok_or_else(|| Refusal::field("name_missing", "name", "A first name is needed, or another word for who it is."))?;
    still_to_come(&contact)?;
    let person = crate::random::id().ok_or_else(Refusal::not_kept)?;
    let person = app.records.invite_beside(&id, &invitation, &person, now()).await.map_err(used_before)?;
    if let Err(refused) = app.hub.invite_beside(&id, &person, Invitee { part, name }).await {
        // One that the room doesn't know would be refused like a dead one: it is one.
        app.records.revoke(&id, Some(&person), now()).await?;
        return Err(if refused == ChangeRefused::TooMany { too_many() } else { refused.into() });
    }
    Ok((StatusCode::CREATED, axum::Json(Invited { person })))
}

fn too_many() -> Refusal {
    let title = "Five people can be invited besides the person themselves. Remove one first.";
    Refusal::new(StatusCode::CONFLICT, "too_many_people", title)
}

/// Fine where it is worthless already, or where there is no such person: nobody comes by it in either case.
pub async fn revoke(State(app): State<App>, headers: HeaderMap, Path((id, person)): Path<(String, String)>) -> Answer<StatusCode> {
    own(&app, &headers, &id).await?;
    app.records.revoke(&id, Some(&person), now()).await?;
    app.hub.revoke(&id, Some(person)).await?;
    Ok(StatusCode::NO_CONTENT)
}
