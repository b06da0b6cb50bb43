//! The audit, for administrators to read. Nobody can change it by this interface.

use super::contacts::signed_in_as;
use super::{Answer, App};
use crate::error::Refusal;
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
    signed_in_as(&app, &headers, Role::Administrator).await?;
    let bad =
        |_| Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_query", "The address takes before, the id of an entry, and nothing else.");
    let Query(Before { before }) = query.map_err(bad)?;
    Ok(axum::Json(AuditEntries { entries: app.records.audit_entries(before).await?, anchor: app.anchored.now() }))
}
