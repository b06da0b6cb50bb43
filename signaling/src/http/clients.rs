//! Whose requests these are, as far as limits go.

use super::App;
use crate::error::{NOT_SIGNED_IN, Refusal, Told};
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header;
use std::net::SocketAddr;
use std::time::Instant;

/// Puts the client's own address where a proxy's stands, if it is a proxy that is believed: so all that asks for the address of a request,
/// now and later, is told the right one.
pub async fn believe(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>().copied() {
        let client = app.proxies.client(peer.ip(), request.headers());
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client, peer.port())));
    }
    next.run(request).await
}

/// Counts cookies that are nobody's, after they were found to be: so whoever is signed in passes, whatever others at their address do.
/// Who brings no cookie has tried nothing, and must be able to sign in.
pub async fn count(State(app): State<App>, ConnectInfo(from): ConnectInfo<SocketAddr>, request: Request, next: Next) -> Response {
    let brings_one = request.headers().contains_key(header::COOKIE);
    let response = next.run(request).await;
    if brings_one
        && response.extensions().get() == Some(&Told(NOT_SIGNED_IN.code))
        && let Err(limited) = app.strange_cookies.take(from.ip(), Instant::now()).await
    {
        return Refusal::from(limited).into_response();
    }
    response
}
