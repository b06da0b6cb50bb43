//! Handing a contact over, asking a colleague in, covering for its practitioner.

use super::body::Json;
use super::details::text;
use super::path::Path;
use super::rights::{at_desk, changing_at_desk, contact_for, contact_to_change};
use super::{Answer, App};
use crate::error::{CONTACT_ENDED, Refusal, UNKNOWN_CONTACT};
use crate::records::{AskedIn, LookedFor, RecordsError};
use crate::time::now;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use http::{HeaderMap, StatusCode};
use sidelight_protocol::hands::{Colleagues, Cover, HandOver, HandedOver, MAX_NOTE};
use sidelight_room::rights::Deed;
use std::ops::RangeInclusive;

/// A day: whoever is needed for longer says so again, or it is handed over.
const HOURS: RangeInclusive<u32> = 1..=24;

const COLLEAGUE_GONE: Refusal =
    Refusal::new(StatusCode::CONFLICT, "colleague_gone", "They can't take contacts any more. Choose somebody else.");
const IN_CONVERSATION: Refusal =
    Refusal::new(StatusCode::CONFLICT, "in_conversation", "Somebody is being talked with. End the conversation first, then hand it over.");
const TOO_MANY_ASKED: Refusal =
    Refusal::new(StatusCode::CONFLICT, "too_many_asked", "Five colleagues are asked in already. Take one out first.");
const BAD_SEARCH: Refusal = Refusal::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "bad_query",
    "The address needs what: hand_over or ask; and a search of at most 80 characters.",
);

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sought {
    #[serde(default)]
    search: String,
    what: What,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum What {
    HandOver,
    Ask,
}

pub async fn colleagues(
    State(app): State<App>,
    headers: HeaderMap,
    sought: Result<Query<Sought>, QueryRejection>,
) -> Answer<axum::Json<Colleagues>> {
    let member = at_desk(&app, &headers).await?;
    let Ok(Query(Sought { search, what })) = sought else { return Err(BAD_SEARCH) };
    if search.chars().count() > 80 {
        return Err(BAD_SEARCH);
    }
    let what = match what {
        What::HandOver => LookedFor::HandOver,
        What::Ask => LookedFor::Ask,
    };
    Ok(axum::Json(Colleagues { colleagues: app.records.colleagues(&member.id, &search, what).await? }))
}

pub async fn hand_over(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<HandOver>,
) -> Answer<axum::Json<HandedOver>> {
    let (member, contact) = contact_to_change(&app, &headers, &id, Deed::Manage).await?;
    let note = text("note", "The note", body.note, MAX_NOTE, true)?;
    if body.to == contact.owner {
        return Err(COLLEAGUE_GONE);
    }
    let contacts = app.records.goes_along(&contact).await?;
    for one in &contacts {
        if app.hub.in_conversation(one).await? {
            return Err(IN_CONVERSATION);
        }
    }
    match app.records.hand_over(&contact, &contacts, &body.to, note.as_deref(), &member.id, now()).await {
        Ok(()) => {}
        Err(RecordsError::Missing) => return Err(COLLEAGUE_GONE),
        Err(error) => return Err(error.into()),
    }
    for one in &contacts {
        app.hub.hands_changed(one).await;
    }
    Ok(axum::Json(HandedOver { contacts }))
}

pub async fn ask(State(app): State<App>, headers: HeaderMap, Path((id, whom)): Path<(String, String)>) -> Answer<StatusCode> {
    let (member, contact) = contact_to_change(&app, &headers, &id, Deed::Manage).await?;
    if contact.ended.is_some() {
        return Err(CONTACT_ENDED);
    }
    match app.records.ask_in(&contact, &whom, &member.id, now()).await? {
        AskedIn::Yes => {}
        AskedIn::Nobody => return Err(COLLEAGUE_GONE),
        AskedIn::Full => return Err(TOO_MANY_ASKED),
    }
    app.hub.hands_changed(&id).await;
    Ok(StatusCode::NO_CONTENT)
}

/// By whoever manages it, or by themselves.
pub async fn release(State(app): State<App>, headers: HeaderMap, Path((id, whom)): Path<(String, String)>) -> Answer<StatusCode> {
    let member = changing_at_desk(&app, &headers).await?;
    let deed = if member.id == whom { Deed::Open } else { Deed::Manage };
    contact_for(&app, &member, &id, deed).await?;
    app.records.release_colleague(&id, &whom, &member.id, now()).await?;
    app.hub.hands_changed(&id).await;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn cover(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>, Json(body): Json<Cover>) -> Answer<StatusCode> {
    let (member, _) = contact_to_change(&app, &headers, &id, Deed::Cover).await?;
    if !HOURS.contains(&body.hours) {
        return Err(Refusal::field("hours_out_of_range", "hours", "It can be covered for 1 to 24 hours at a time."));
    }
    let reason = text("reason", "The reason", Some(body.reason), MAX_NOTE, true)?.filter(|reason| reason.chars().count() >= 10);
    let reason = reason.ok_or_else(|| Refusal::field("reason_short", "reason", "Write the reason, in 10 characters or more."))?;
    let now = now();
    app.records.cover(&id, &member.id, &reason, now.saturating_add(body.hours * 3600), now).await?;
    app.hub.hands_changed(&id).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Whoever covers gives it back. Whoever has left the team has lost it already.
pub async fn end_cover(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<StatusCode> {
    let member = changing_at_desk(&app, &headers).await?;
    // Of a contact that they don't even see that it is, there is none.
    contact_for(&app, &member, &id, Deed::SeeThatItIs).await?;
    match app.records.end_cover(&id, &member.id, now()).await {
        Err(RecordsError::Missing) => return Err(UNKNOWN_CONTACT),
        done => done?,
    }
    app.hub.hands_changed(&id).await;
    Ok(StatusCode::NO_CONTENT)
}
