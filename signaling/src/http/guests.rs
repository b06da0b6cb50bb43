//! The two requests of a service user's page; all else goes over its socket.

use super::body::{Beacon, Json};
use super::{Answer, App};
use crate::browser_kind::browser_kind;
use crate::error::{LINK_FINISHED, PLACE_TAKEN, Refusal};
use crate::live::RedeemRefused;
use crate::staff::limits::neighbourhood;
use crate::time::now;
use crate::tokens::Session;
use axum::extract::{ConnectInfo, State};
use http::{HeaderMap, StatusCode, header};
use sidelight_protocol::http::{Leave, Redeem, Redeemed};
use sidelight_room::bounds;
use std::net::SocketAddr;
use std::time::Instant;

/// "Continue" was pressed. One answer for every dead link: unknown, revoked, left, ended.
pub async fn redeem(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(body): Json<Redeem>,
) -> Answer<axum::Json<Redeemed>> {
    if !is_invitation(&body.invitation) {
        return Err(bad_invitation());
    }
    if !body.claim.as_deref().is_none_or(bounds::id) {
        return Err(Refusal::field("bad_claim", "claim", "A claim is 1 to 40 letters, digits, - and _."));
    }
    let from = neighbourhood(from.ip());
    app.redeems.take(from, Instant::now()).map_err(|limited| Refusal::too_many(limited.0))?;
    let invitation = app.records.invitation(&body.invitation).await?.filter(|invitation| !invitation.dead).ok_or(LINK_FINISHED)?;
    let session = app.tokens.new_session().map_err(|_| Refusal::not_kept())?;
    let browser = browser_kind(headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()));
    let redeemed = app.hub.redeem(&invitation.contact, &invitation.person, &session, browser, body.claim).await;
    if redeemed != Err(RedeemRefused::Finished) {
        app.redeems.give_back(from);
    }
    redeemed.map_err(|refused| match refused {
        RedeemRefused::Finished => LINK_FINISHED,
        RedeemRefused::TooEarly { starts_at } => Refusal::too_early(starts_at),
        RedeemRefused::PlaceTaken => PLACE_TAKEN,
        RedeemRefused::NotKept => Refusal::not_kept(),
    })?;
    let session = Session { contact: invitation.contact, person: invitation.person, session };
    let session = app.tokens.issue(&session, now()).map_err(|_| Refusal::not_kept())?;
    Ok(axum::Json(Redeemed { session }))
}

/// Leaving where the socket is gone: by a request that outlives its page. The same answer whatever the session is worth.
pub async fn leave(State(app): State<App>, Beacon(body): Beacon<Leave>) -> StatusCode {
    if let Ok(Session { contact, person, session }) = app.tokens.read(&body.session, now()) {
        app.hub.leave(&contact, &person, &session, body.how).await;
    }
    StatusCode::NO_CONTENT
}

/// 128 bits in lower-case hexadecimal digits.
pub fn is_invitation(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit))
}

pub fn bad_invitation() -> Refusal {
    Refusal::field("bad_invitation", "invitation", "An invitation is 32 lower-case hexadecimal digits.")
}
