//! One person's own rights: a copy of all that is kept of them, and having it erased. For the practitioner who keeps their plan; to
//! everybody else such a person is like one that doesn't exist, to administrators too.

use super::path::Path;
use super::people::own;
use super::rights::{at_desk, changing_at_desk};
use super::{Answer, App};
use crate::error::{Refusal, UNKNOWN_PERSON};
use crate::records::{EraseRefused, Member, RecordsError};
use crate::subject_copy::zipped;
use crate::time::now;
use axum::extract::State;
use axum::response::IntoResponse;
use http::{HeaderMap, StatusCode, header};
use sidelight_protocol::keeping::{ErasedPerson, PersonErasure};

const TOO_LARGE: Refusal =
    Refusal::new(StatusCode::CONFLICT, "copy_too_large", "More is kept of them than one file can hold. Ask whoever runs this service.");
const HELD: Refusal = Refusal::new(StatusCode::CONFLICT, "held", "This is on hold, so it can't be erased now. Ask an administrator.");
const OPEN: Refusal = Refusal::new(
    StatusCode::CONFLICT,
    "has_contacts",
    "A contact with this person isn't over yet, or something in it waits to be handled.",
);

/// Says nothing to whoever sees it among other files.
const NAME: &str = "attachment; filename=\"copy.zip\"";

/// Made in memory, and kept nowhere. Not GET: that it was made is written down.
pub async fn copy(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<impl IntoResponse> {
    let Member { id: owner, .. } = changing_at_desk(&app, &headers).await?;
    own(&app, &owner, &id).await?;
    let now = now();
    let kept = match app.records.kept_of(&id, now).await {
        Err(RecordsError::Taken) => return Err(TOO_LARGE),
        kept => kept?.ok_or(UNKNOWN_PERSON)?,
    };
    let file = zipped(&kept, now).ok_or(TOO_LARGE)?;
    app.records.tell_of_copy(&id, &owner, now).await?;
    Ok(([(header::CONTENT_TYPE, "application/zip"), (header::CONTENT_DISPOSITION, NAME)], file))
}

pub async fn preview(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<axum::Json<PersonErasure>> {
    let Member { id: owner, .. } = at_desk(&app, &headers).await?;
    own(&app, &owner, &id).await?;
    Ok(axum::Json(app.records.erasure_of(&id, now()).await?))
}

/// The receipts are in the answer alone: they are listed without anything that tells whose they are.
pub async fn erase(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<axum::Json<ErasedPerson>> {
    let Member { id: owner, .. } = changing_at_desk(&app, &headers).await?;
    own(&app, &owner, &id).await?;
    let found = app.records.erasure_of(&id, now()).await?;
    // Before any room lets go, so that a refusal changes nothing on the desk.
    if found.held.is_some() {
        return Err(HELD);
    }
    if found.open > 0 {
        return Err(OPEN);
    }
    let contacts = app.records.all_of(&id).await?;
    for contact in contacts.contacts() {
        if !app.hub.forget(contact).await {
            return Err(Refusal::not_kept());
        }
    }
    let receipts = app.records.erase_all_of(&id, &owner, now()).await.map_err(|refused| match refused {
        EraseRefused::Held => HELD,
        EraseRefused::Open => OPEN,
        EraseRefused::Records(RecordsError::Missing) => UNKNOWN_PERSON,
        EraseRefused::Records(error) => error.into(),
    })?;
    // Somebody may have asked for one after it was let go and before its key was gone.
    for contact in contacts.contacts() {
        app.hub.forget(contact).await;
    }
    Ok(axum::Json(ErasedPerson { receipts }))
}
