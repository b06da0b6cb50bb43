//! What other programs read: that contacts are, and records that were released; and how they try whether calls get through. Each asks for a [`Program`], so that nobody else gets by.

use super::path::Path;
use super::{Answer, App};
use crate::error::Refusal;
use crate::records::{FetchedCopy, Planned, Program, RecordsError};
use crate::time::now;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use http::StatusCode;
use sidelight_protocol::RelayAccess;
use sidelight_protocol::programs::{FetchedRecord, MAX_SPAN, ProgramContacts, ReleasedRecords};

const UNKNOWN_RECORD: Refusal = Refusal::new(StatusCode::NOT_FOUND, "unknown_record", "There is no such record.");
const BAD_PAGE: Refusal = Refusal::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "bad_query",
    "The address takes after, as the page before says it, and, for contacts, from and to, in seconds, 62 days apart at most.",
);

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    from: u32,
    to: u32,
    #[schemars(length(max = 300))]
    after: Option<String>,
}

/// From where a list goes on.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct On {
    #[schemars(length(max = 300))]
    after: Option<String>,
}

pub async fn contacts(
    _: Program,
    State(app): State<App>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Answer<axum::Json<ProgramContacts>> {
    let Query(Asked { from, to, after }) = asked.map_err(|_| BAD_PAGE)?;
    if from >= to || to - from > MAX_SPAN {
        return Err(BAD_PAGE);
    }
    let page = app.records.contacts_for_programs(Planned { from, to, after: after.as_deref() }, now()).await?.ok_or(BAD_PAGE)?;
    Ok(axum::Json(ProgramContacts { contacts: page.items, next: page.next }))
}

pub async fn records(_: Program, State(app): State<App>, on: Result<Query<On>, QueryRejection>) -> Answer<axum::Json<ReleasedRecords>> {
    let Query(On { after }) = on.map_err(|_| BAD_PAGE)?;
    let page = app.records.released_records(after.as_deref()).await?.ok_or(BAD_PAGE)?;
    Ok(axum::Json(ReleasedRecords { records: page.items, next: page.next }))
}

pub async fn record(by: Program, State(app): State<App>, Path(id): Path<String>) -> Answer<axum::Json<FetchedRecord>> {
    let fetched = app.records.fetch_record(&id, &by, now()).await?.ok_or(UNKNOWN_RECORD)?;
    let FetchedCopy { copy, released, owner, contact } = fetched;
    let copy = serde_json::from_str(&copy).map_err(|_| RecordsError::Damaged)?;
    Ok(axum::Json(FetchedRecord { contact, practitioner: owner, released, copy }))
}

pub async fn taken(by: Program, State(app): State<App>, Path(id): Path<String>) -> Answer<StatusCode> {
    if app.records.record_taken(&id, &by, now()).await? { Ok(StatusCode::NO_CONTENT) } else { Err(UNKNOWN_RECORD) }
}

/// Access to the relay of the kind that a person has who tries their line while they wait: from what is made with it to what is made with
/// it, and to nobody else. No contact is begun for it.
pub async fn call(_: Program, State(app): State<App>) -> Answer<axum::Json<RelayAccess>> {
    app.hub.try_a_call().map(axum::Json).ok_or_else(Refusal::not_kept)
}
