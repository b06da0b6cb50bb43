//! Keeping what is typed: switched on, asked, kept, read and deleted. What was agreed is looked at here, by what is written down; what was
//! typed comes from the practitioner's page.

use super::body::{Json, LongJson};
use super::contact_records::own;
use super::contacts::own_or_over;
use super::path::Path;
use super::rights::{at_desk, changing_at_desk, contact_to_change};
use super::{Answer, App};
use crate::error::Refusal;
use crate::records::RecordsError;
use crate::retention::Chosen;
use crate::time::now;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sidelight_protocol::transcript::{
    Agreed, ContactTranscript, KeepTyped, MAX_TYPED, MAX_TYPED_TEXT, NewTranscript, NewTyped, Transcript, Typed, TypedLine,
};
use sidelight_room::keeping::Category;
use sidelight_room::rights::Deed;
use sidelight_room::typed;

const NOT_KEPT: Refusal = Refusal::new(StatusCode::CONFLICT, "typed_not_kept", "What is typed isn't kept here.");
const NOT_AGREED: Refusal = Refusal::new(StatusCode::CONFLICT, "not_agreed", "Not everybody has agreed that it is kept.");
const KEPT: Refusal = Refusal::new(StatusCode::CONFLICT, "transcript_kept", "What was typed is kept already.");
const HELD: Refusal = Refusal::new(StatusCode::CONFLICT, "held", "This is on hold, so it can't be erased now. Ask an administrator.");

/// For how many days it is kept, and for how many seconds. Nought: it isn't.
async fn period(app: &App) -> Answer<(u32, u32)> {
    let due = Chosen::read(&app.records).await?.due(&app.keeping.installed, now());
    Ok((due.policies.organisation.period(Category::Transcript), due.everybodys(Category::Transcript).0))
}

async fn allowed(app: &App) -> Answer<()> {
    if period(app).await?.0 > 0 { Ok(()) } else { Err(NOT_KEPT) }
}

/// Off is always possible.
pub async fn switch(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>, Json(body): Json<KeepTyped>) -> Answer<StatusCode> {
    own_or_over(&app, &headers, &id).await?;
    if body.on {
        allowed(&app).await?;
    }
    app.hub.keep_typed(&id, body.on).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn ask(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<StatusCode> {
    own_or_over(&app, &headers, &id).await?;
    allowed(&app).await?;
    app.hub.ask_to_keep(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn show(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<axum::Json<ContactTranscript>> {
    let member = at_desk(&app, &headers).await?;
    own(&app, &member, &id).await?;
    let (days, seconds) = period(&app).await?;
    let kept = app.records.transcript_of(&id).await?;
    let shown = |kept: crate::records::KeptTranscript| Transcript {
        made: kept.made,
        gone_at: kept.made.saturating_add(seconds),
        typed: kept.typed,
    };
    Ok(axum::Json(ContactTranscript { days, transcript: kept.map(shown) }))
}

pub async fn keep(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    LongJson(body): LongJson<NewTranscript>,
) -> Answer<StatusCode> {
    let (member, contact) = contact_to_change(&app, &headers, &id, Deed::Manage).await?;
    allowed(&app).await?;
    let agreement = typed::Typed::agreement(&app.records.facts(&id).await?).ok_or(NOT_AGREED)?;
    let typed = typed_by(&agreement, body)?;
    match app.records.keep_transcript(&contact, typed, &member.id, now()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(RecordsError::Taken) => Err(KEPT),
        Err(error) => Err(error.into()),
    }
}

/// Nobody's words are in it who wasn't asked.
fn typed_by(agreement: &typed::Agreement, NewTranscript { lines }: NewTranscript) -> Answer<Typed> {
    if lines.is_empty() || lines.len() > MAX_TYPED {
        return Err(Refusal::field("lines_out_of_range", "lines", format!("There are 1 to {MAX_TYPED} messages in it.")));
    }
    let lines = lines.into_iter().map(|NewTyped { person, ours, at, text }| {
        let (part, _) = agreement.by.get(&person).ok_or(NOT_AGREED)?;
        if text.chars().count() > MAX_TYPED_TEXT {
            return Err(Refusal::field("text_long", "text", format!("A message has at most {MAX_TYPED_TEXT} characters.")));
        }
        if text.chars().any(|letter| letter.is_control() && letter != '\n') {
            return Err(Refusal::field("bad_characters", "text", "There are characters in it that can't be shown."));
        }
        Ok(TypedLine { part: *part, ours, at, text })
    });
    let agreed = agreement.by.values().map(|(part, at)| Agreed { part: *part, at: *at }).collect();
    Ok(Typed { since: agreement.since, asked: agreement.asked, agreed, lines: lines.collect::<Answer<_>>()? })
}

pub async fn delete(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<StatusCode> {
    let member = changing_at_desk(&app, &headers).await?;
    own(&app, &member, &id).await?;
    match app.records.delete_transcript(&id, &member.id, now()).await {
        // Gone is gone.
        Ok(()) | Err(RecordsError::Missing) => Ok(StatusCode::NO_CONTENT),
        Err(RecordsError::Taken) => Err(HELD),
        Err(error) => Err(error.into()),
    }
}
