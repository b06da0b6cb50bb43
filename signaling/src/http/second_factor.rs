//! The second step of a member's own sign-in. Open to whoever must add it before anything else.

use super::body::Json;
use super::{Answer, App};
use crate::time::now;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use sidelight_protocol::http::{AuthenticatorSecret, BeginSecondFactor, ConfirmSecondFactor, EndSecondFactor, RecoveryCodes, SecondFactor};
use sidelight_protocol::rights::RenewCodes;

pub async fn show(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<SecondFactor>> {
    let who = app.staff.who_at_all(&headers, now()).await?;
    Ok(axum::Json(app.staff.second_factor(&who, now()).await?))
}

pub async fn begin(
    State(app): State<App>,
    headers: HeaderMap,
    Json(body): Json<BeginSecondFactor>,
) -> Answer<axum::Json<AuthenticatorSecret>> {
    let who = app.staff.who_at_all(&headers, now()).await?;
    let issuer = app.pages.desk_title().unwrap_or_else(|| "Sidelight".into());
    Ok(axum::Json(app.staff.begin_second_factor(&who, body.password, &issuer, now()).await?))
}

pub async fn confirm(
    State(app): State<App>,
    headers: HeaderMap,
    Json(body): Json<ConfirmSecondFactor>,
) -> Answer<axum::Json<RecoveryCodes>> {
    let who = app.staff.who_at_all(&headers, now()).await?;
    let (codes, ended) = app.staff.confirm_second_factor(&who, &body.code, now()).await?;
    for sign_in in ended {
        app.hub.close_sign_in(&sign_in).await;
    }
    Ok(axum::Json(codes))
}

pub async fn end(State(app): State<App>, headers: HeaderMap, Json(body): Json<EndSecondFactor>) -> Answer<StatusCode> {
    let who = app.staff.who_at_all(&headers, now()).await?;
    app.staff.end_second_factor(&who, body, now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn renew(State(app): State<App>, headers: HeaderMap, Json(body): Json<RenewCodes>) -> Answer<axum::Json<RecoveryCodes>> {
    let who = app.staff.who(&headers, now()).await?;
    Ok(axum::Json(app.staff.renew_stand_ins(&who, body, now()).await?))
}
