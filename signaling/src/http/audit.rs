//! The audit, for administrators to read. Nobody can change it by this interface.

use super::{Answer, App};
use crate::error::{NOT_ALLOWED, Refusal};
use crate::time::now;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use http::{HeaderMap, StatusCode};
use sidelight_protocol::audit::AuditEntries;
use sidelight_protocol::http::Role;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Before {
    before: Option<u32>,
}

pub async fn list(
    State(app): State<App>,
    headers: HeaderMap,
    query: Result<Query<Before>, QueryRejection>,
) -> Answer<axum::Json<AuditEntries>> {
    let who = app.staff.who(&headers, now()).await?;
    if !who.member.roles.contains(&Role::Administrator) {
        return Err(NOT_ALLOWED);
    }
    let bad =
        |_| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_query", "The address takes before, the id of an entry, and nothing else.");
    let Query(Before { before }) = query.map_err(bad)?;
    Ok(axum::Json(AuditEntries { entries: app.records.audit_entries(before).await? }))
}
