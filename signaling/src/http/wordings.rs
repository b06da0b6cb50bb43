//! What messages say, for administrators.

use super::body::Json;
use super::contacts::{changing_as, signed_in_as};
use super::details::text;
use super::{Answer, App};
use crate::error::Refusal;
use crate::records::Change;
use crate::sending::{SETTING, wordings};
use crate::time::now;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sidelight_protocol::audit::Audited;
use sidelight_protocol::http::Role;
use sidelight_protocol::sending::{NewWordings, WordingsNow};

pub async fn show(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<WordingsNow>> {
    signed_in_as(&app, &headers, Role::Administrator).await?;
    let (prefix, origin) = (app.sending.prefix(), app.sending.origin());
    let room = u32::try_from(wordings::room(prefix, origin)).unwrap_or_default();
    Ok(axum::Json(WordingsNow { wordings: app.sending.wordings().await?, prefix: prefix.to_owned(), room }))
}

pub async fn change(State(app): State<App>, headers: HeaderMap, Json(body): Json<NewWordings>) -> Answer<StatusCode> {
    let who = changing_as(&app, &headers, Role::Administrator).await?;
    let set = wordings::checked(body.wordings, app.sending.prefix(), app.sending.origin())?;
    let reason = text("reason", "The reason", Some(body.reason), 400, true)?.filter(|reason| reason.chars().count() >= 10);
    let reason = reason.ok_or_else(|| Refusal::field("reason_short", "reason", "Write the reason, in 10 characters or more."))?;
    let change = Change { at: now(), who: &who, reason: Some(&reason), what: Audited::SettingChanged };
    app.records.set_setting(SETTING, &set, change).await?;
    Ok(StatusCode::NO_CONTENT)
}
