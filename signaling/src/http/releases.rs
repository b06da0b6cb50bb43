//! Releasing a record for other programs to fetch: by its practitioner's own press, one record at a time.

use super::body::Json;
use super::contact_records::{GONE, Leaving, leaving, own};
use super::path::Path;
use super::rights::changing_at_desk;
use super::{Answer, App};
use crate::error::Refusal;
use crate::records::{RecordsError, Withdrawn};
use crate::time::now;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sidelight_protocol::api_tokens::Scope;
use sidelight_protocol::record::{ReleasedRecord, SendRecord};

const NO_PROGRAM: Refusal = Refusal::new(StatusCode::CONFLICT, "no_program", "No other program can fetch records here.");
const NOT_RELEASED: Refusal = Refusal::new(StatusCode::CONFLICT, "not_released", "This record isn't released.");
const FETCHED: Refusal = Refusal::new(StatusCode::CONFLICT, "record_fetched", "It was fetched already, so it can't be taken back.");

pub async fn release(
    State(app): State<App>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<SendRecord>,
) -> Answer<axum::Json<ReleasedRecord>> {
    let member = changing_at_desk(&app, &headers).await?;
    own(&app, &member, &id).await?;
    // Nothing lies here for a program that may come one day.
    if app.records.programs_with(Scope::RecordsRead, now()).await?.is_empty() {
        return Err(NO_PROGRAM);
    }
    let Leaving { record, body, safety } = leaving(&app, &member, &id, body).await?;
    app.records.release_record(&record.id, body, safety, &member.id, now()).await.map_err(gone)?;
    released_now(&app, &id).await
}

pub async fn withdraw(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<axum::Json<ReleasedRecord>> {
    let member = changing_at_desk(&app, &headers).await?;
    let (_, record) = own(&app, &member, &id).await?;
    let record = record.ok_or(NOT_RELEASED)?;
    match app.records.withdraw_release(&record.id, &member.id, now()).await.map_err(gone)? {
        Withdrawn::Done => released_now(&app, &id).await,
        Withdrawn::NotReleased => Err(NOT_RELEASED),
        Withdrawn::Fetched => Err(FETCHED),
    }
}

fn gone(error: RecordsError) -> Refusal {
    match error {
        RecordsError::Missing => GONE,
        error => error.into(),
    }
}

async fn released_now(app: &App, id: &str) -> Answer<axum::Json<ReleasedRecord>> {
    app.records.record_of(id).await?.and_then(|record| record.released).map(axum::Json).ok_or(GONE)
}
