//! Legal holds: an administrator names a contact or a person by the number that its practitioner tells, and sees nothing of it by this.

use super::body::Json;
use super::contacts::{changing_as, practitioner, signed_in_as};
use super::details::text;
use super::path::Path;
use super::{Answer, App};
use crate::error::Refusal;
use crate::records::{self, RecordsError};
use crate::time::now;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sidelight_protocol::http::Role;
use sidelight_protocol::keeping::{HeldThing, HeldThings, Hold, Holds, NewHold};
use std::ops::RangeInclusive;

/// Two years: longer than any period, and short enough that somebody looks at it again.
const DAYS: RangeInclusive<u32> = 1..=730;

const DAY: u32 = 24 * 3600;

const UNKNOWN: Refusal = Refusal::new(StatusCode::NOT_FOUND, "unknown_subject", "There is no contact and no person with this number.");
const UNKNOWN_HOLD: Refusal = Refusal::new(StatusCode::NOT_FOUND, "unknown_hold", "There is no such hold.");

pub async fn list(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<Holds>> {
    signed_in_as(&app, &headers, Role::Administrator).await?;
    let members = app.records.members().await?;
    let named = |who: &str| members.iter().find(|listed| listed.member.id == who).map(|listed| listed.member.name.clone());
    let shown = |hold: records::Hold| {
        let records::Hold { id, subject, of_person, who, made, ends, reason } = hold;
        Hold { id, subject, of_person, name: named(&who), who, made, ends, reason }
    };
    Ok(axum::Json(Holds { holds: app.records.holds(now()).await?.into_iter().map(shown).collect() }))
}

pub async fn hold(State(app): State<App>, headers: HeaderMap, Json(body): Json<NewHold>) -> Answer<StatusCode> {
    let who = changing_as(&app, &headers, Role::Administrator).await?;
    let NewHold { subject, days, reason } = body;
    if !DAYS.contains(&days) {
        return Err(Refusal::field("days_out_of_range", "days", "It can be held for 1 to 730 days."));
    }
    let reason = text("reason", "The reason", Some(reason), 400, true)?.filter(|reason| reason.chars().count() >= 10);
    let reason = reason.ok_or_else(|| Refusal::field("reason_short", "reason", "Write the reason, in 10 characters or more."))?;
    let now = now();
    match app.records.hold(&subject, &who, now.saturating_add(days * DAY), &reason, now).await {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(RecordsError::Missing) => Err(UNKNOWN),
        Err(error) => Err(error.into()),
    }
}

pub async fn release(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<StatusCode> {
    let who = changing_as(&app, &headers, Role::Administrator).await?;
    match app.records.release(&id, &who, now()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(RecordsError::Missing) => Err(UNKNOWN_HOLD),
        Err(error) => Err(error.into()),
    }
}

/// What of this practitioner's own is held, and never why.
pub async fn mine(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<HeldThings>> {
    let owner = practitioner(&app, &headers).await?;
    let mut held = Vec::new();
    for (subject, ends) in app.records.held_of(&owner, now()).await? {
        let person = app.records.person(&subject).await?.map(|person| person.plan.reference);
        let reference = match person {
            Some(reference) => Some(reference),
            None => app.records.contact(&subject).await?.map(|contact| contact.details.reference),
        };
        held.extend(reference.map(|reference| HeldThing { subject, reference, ends }));
    }
    Ok(axum::Json(HeldThings { held }))
}
