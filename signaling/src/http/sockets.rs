//! The way into the two WebSockets. Their Origin was checked before.

use super::App;
use crate::connection::{self, SignedIn};
use crate::error::{ENROL_FIRST, NOT_A_SOCKET, NOT_SIGNED_IN};
use crate::records::Member;
use crate::staff::Who;
use crate::time::now;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use sidelight_room::rights::has_desk;

type Upgrade = Result<WebSocketUpgrade, WebSocketUpgradeRejection>;

pub async fn guest(State(app): State<App>, upgrade: Upgrade) -> Response {
    match upgrade {
        Ok(upgrade) => connection::guest(app.hub.clone(), upgrade),
        Err(_) => NOT_A_SOCKET.into_response(),
    }
}

/// A page whose sign-in is over, or has no desk, is told so in band: a refused handshake is a bare 1006 to it.
pub async fn desk(State(app): State<App>, headers: HeaderMap, upgrade: Upgrade) -> Response {
    let Ok(upgrade) = upgrade else { return NOT_A_SOCKET.into_response() };
    match app.staff.who(&headers, now()).await {
        Ok(Who { member: Member { roles, .. }, .. }) if !has_desk(&roles) => connection::desk(app.hub.clone(), upgrade, None),
        Ok(Who { member: Member { id, name, roles, .. }, sign_in, .. }) => {
            connection::desk(app.hub.clone(), upgrade, Some(SignedIn { staff: id, name, roles, sign_in }))
        }
        Err(refusal) if refusal == NOT_SIGNED_IN || refusal == ENROL_FIRST => connection::desk(app.hub.clone(), upgrade, None),
        Err(refusal) => refusal.into_response(),
    }
}
