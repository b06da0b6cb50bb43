//! For whoever watches the service.

use super::{Answer, App};
use crate::error::Refusal;
use axum::extract::State;

/// The process is alive.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// It can serve: its records can be read.
pub async fn ready(State(app): State<App>) -> Answer<&'static str> {
    app.records.ready().await.map_err(|_| Refusal::not_kept())?;
    Ok("ready\n")
}
