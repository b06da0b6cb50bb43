//! Whose safety plans a practitioner keeps. Another's person is answered like one that doesn't exist.

use super::body::Json;
use super::contacts::{changing, changing_as, practitioner};
use super::details::text;
use super::path::Path;
use super::plans::checked;
use super::rights::{at_desk, changing_at_desk, lets, manages};
use super::{Answer, App};
use crate::error::{Refusal, UNKNOWN_PERSON};
use crate::planning::hours::week_minute;
use crate::records::{self, Member, RecordsError};
use crate::time::now;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sidelight_protocol::http::Role;
use sidelight_protocol::plan::{Allowed, Channel, ChannelNow, Override, People, Person, SafetyPlan};
use sidelight_room::rights::Deed;
use sidelight_room::sending::refused;

fn shown(records::Person { id, plan, allowed, .. }: records::Person) -> Person {
    let now = now();
    let at = week_minute(&plan.zone, now);
    let allowed = allowed.filter(|allowed| now < allowed.until);
    let open = allowed.as_ref().map(|allowed| allowed.channel);
    let channels = Channel::ALL.into_iter().map(|channel| ChannelNow { channel, refused: refused(&plan, channel, at, open) }).collect();
    Person { id, plan, channels, allowed }
}

/// A person with whom they may do this: their own, or by a contact about them in which they take part.
async fn person_for(app: &App, member: &Member, id: &str, deed: Deed) -> Answer<records::Person> {
    let person = app.records.person(id).await?.ok_or(UNKNOWN_PERSON)?;
    if lets(app, member, deed, &person.owner, id).await? { Ok(person) } else { Err(UNKNOWN_PERSON) }
}

/// This practitioner's person.
pub(super) async fn own(app: &App, owner: &str, id: &str) -> Answer<records::Person> {
    app.records.person(id).await?.filter(|person| manages(owner, &person.owner)).ok_or(UNKNOWN_PERSON)
}

pub async fn list(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<People>> {
    let owner = practitioner(&app, &headers).await?;
    let people = app.records.people(&owner).await?;
    Ok(axum::Json(People { people: people.into_iter().map(shown).collect() }))
}

pub async fn one(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<axum::Json<Person>> {
    let member = at_desk(&app, &headers).await?;
    Ok(axum::Json(shown(person_for(&app, &member, &id, Deed::Open).await?)))
}

pub async fn add(State(app): State<App>, headers: HeaderMap, Json(body): Json<SafetyPlan>) -> Answer<(StatusCode, axum::Json<Person>)> {
    let owner = changing(&app, &headers).await?;
    let plan = checked(body)?;
    let id = app.records.new_person(&owner, &plan, now()).await?;
    Ok((StatusCode::CREATED, axum::Json(shown(records::Person { id, owner, plan, allowed: None }))))
}

/// What changes holds at once in every contact with them that isn't over.
pub async fn change(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<SafetyPlan>,
) -> Answer<axum::Json<Person>> {
    let member = changing_at_desk(&app, &headers).await?;
    let records::Person { owner, allowed, .. } = person_for(&app, &member, &id, Deed::Manage).await?;
    let plan = checked(body)?;
    app.records.change_person(&id, &plan, now()).await?;
    for contact in app.records.contacts_about(&id).await? {
        // One that ended meanwhile needs it no more.
        match app.hub.details_changed(&contact).await {
            Ok(()) | Err(crate::live::ChangeRefused::Ended | crate::live::ChangeRefused::Unknown) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    Ok(axum::Json(shown(records::Person { id, owner, plan, allowed })))
}

/// Whoever keeps the plan: an administrator sees nothing of it by this, and has to know the person's id.
pub async fn allow(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>, Json(body): Json<Override>) -> Answer<StatusCode> {
    let by = changing_as(&app, &headers, Role::Administrator).await?;
    let Override { channel, minutes, reason } = body;
    if channel == Channel::Voice {
        return Err(Refusal::field("channel_rings", "channel", "Ringing can't be allowed: a ringing phone tells whoever is near."));
    }
    if !(5..=1440).contains(&minutes) {
        return Err(Refusal::field("minutes_out_of_range", "minutes", "It can be allowed for 5 minutes to 24 hours."));
    }
    let reason = text("reason", "The reason", Some(reason), 400, true)?.filter(|reason| reason.chars().count() >= 10);
    let reason = reason.ok_or_else(|| Refusal::field("reason_short", "reason", "Write the reason, in 10 characters or more."))?;
    let now = now();
    let allowed = Allowed { channel, until: now.saturating_add(minutes * 60), reason };
    known(app.records.allow(&id, &by, Some(&allowed), now).await)
}

/// Fine if there is nothing to take back.
pub async fn withdraw(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<StatusCode> {
    let by = changing_as(&app, &headers, Role::Administrator).await?;
    known(app.records.allow(&id, &by, None, now()).await)
}

fn known(done: Result<(), RecordsError>) -> Answer<StatusCode> {
    match done {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(RecordsError::Missing) => Err(UNKNOWN_PERSON),
        Err(error) => Err(error.into()),
    }
}

pub async fn erase(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<StatusCode> {
    // Whoever covers does much, and doesn't erase what another keeps.
    let owner = changing_at_desk(&app, &headers).await?.id;
    app.records.person(&id).await?.filter(|person| manages(&owner, &person.owner)).ok_or(UNKNOWN_PERSON)?;
    if !app.records.contacts_about(&id).await?.is_empty() {
        return Err(Refusal::new(StatusCode::CONFLICT, "has_contacts", "A contact with this person isn't over yet. End it first."));
    }
    if app.records.erase_person(&id, now()).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refusal::new(StatusCode::CONFLICT, "held", "This is on hold, so it can't be erased now. Ask an administrator."))
    }
}
