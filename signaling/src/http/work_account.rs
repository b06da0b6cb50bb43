//! Signing in by a work account, and what its provider tells us by itself.
//!
//! The provider sends people back from another site, so the sign-in's own cookie (`Strict`) isn't there yet and isn't sent along either:
//! the answer is a page of ours that goes on to the desk by itself, and from there it is.

use super::body::{Form, Json};
use super::pages::on_to_desk;
use super::sign_in::{SignedIn, entered};
use super::{Answer, App};
use crate::error::{BAD_QUERY, Refusal, Told, WORK_OFF, WORK_STALE};
use crate::oidc::{Back, LASTS, Ticket, WorkAccounts};
use crate::records::At;
use crate::staff::{CODE, Came, LOGIN, Work, cookie, expired, passing};
use crate::time::now;
use axum::extract::rejection::QueryRejection;
use axum::extract::{ConnectInfo, Query, State};
use axum::response::{AppendHeaders, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use sidelight_protocol::http::{WorkAccount, WorkAccountAt, WorkAccountCode};
use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

fn on(app: &App) -> Answer<&WorkAccounts> {
    app.work_accounts.as_ref().ok_or(WORK_OFF)
}

fn work(accounts: &WorkAccounts) -> Work<'_> {
    let oidc = &accounts.oidc;
    Work { issuer: &oidc.issuer, rules: &oidc.rules, lasts: oidc.lasts }
}

pub async fn show(State(app): State<App>) -> axum::Json<WorkAccount> {
    let label = app.work_accounts.as_ref().and_then(|accounts| accounts.oidc.label.clone());
    axum::Json(WorkAccount { on: app.work_accounts.is_some(), label })
}

pub async fn begin(State(app): State<App>) -> Answer<(AppendHeaders<[(HeaderName, HeaderValue); 1]>, axum::Json<WorkAccountAt>)> {
    let (address, kept) = on(&app)?.begin(now()).await?;
    let kept = passing(LOGIN, &kept, LASTS).ok_or_else(Refusal::not_kept)?;
    Ok((AppendHeaders([(header::SET_COOKIE, kept)]), axum::Json(WorkAccountAt { address })))
}

/// Somebody is back. However it ends, they are led on to the desk, whose page says it.
pub async fn back(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    query: Result<Query<Vec<(String, String)>>, QueryRejection>,
) -> Response {
    let query = query.ok().and_then(|Query(query)| Back::of(query)).ok_or(BAD_QUERY);
    match came(&app, from.ip(), &headers, query).await {
        Ok((Came::In(entered), _)) => hop(&app, &headers, StatusCode::OK, "", entered.cookies.into()).await,
        Ok((Came::Code(ticket), accounts)) => {
            let ticket = passing(CODE, &ticket.cookie(&accounts.key), LASTS);
            hop(&app, &headers, StatusCode::OK, "#work=code", ticket.into_iter().collect()).await
        }
        Err(refusal) => {
            let mut response = hop(&app, &headers, refusal.status, &format!("#work={}", refusal.code), vec![]).await;
            response.extensions_mut().insert(Told(refusal.code));
            response
        }
    }
}

/// Each try is taken before anything is asked of the provider, and given back to who comes in.
async fn came<'a>(app: &'a App, from: IpAddr, headers: &HeaderMap, back: Answer<Back>) -> Answer<(Came, &'a WorkAccounts)> {
    let accounts = on(app)?;
    accounts.tries.take(from, Instant::now()).await?;
    let now = now();
    let person = accounts.who(cookie(headers, LOGIN), back?, now).await?;
    let came = app.staff.come_by_work_account(person, work(accounts), headers, now).await?;
    accounts.tries.give_back(from).await;
    Ok((came, accounts))
}

async fn hop(app: &App, headers: &HeaderMap, status: StatusCode, fragment: &str, cookies: Vec<HeaderValue>) -> Response {
    let mut response = on_to_desk(app, headers, fragment).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    for cookie in cookies.into_iter().chain(expired(LOGIN)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

pub async fn code(State(app): State<App>, headers: HeaderMap, Json(body): Json<WorkAccountCode>) -> Answer<SignedIn> {
    let accounts = on(&app)?;
    let ticket = cookie(&headers, CODE).and_then(|ticket| Ticket::of(ticket, &accounts.key, now())).ok_or(WORK_STALE)?;
    let came = app.staff.code_of_work_account(&ticket, &body.code, work(accounts), &headers, now()).await?;
    Ok(entered(&app, came))
}

/// The provider tells that somebody has signed out there, or was signed out: all their sign-ins here end
/// (OpenID Connect Back-Channel Logout 1.0). 200; 400 for what isn't believed.
pub async fn ended(State(app): State<App>, ConnectInfo(from): ConnectInfo<SocketAddr>, Form(body): Form) -> Answer<StatusCode> {
    let accounts = on(&app)?;
    accounts.tries.take(from.ip(), Instant::now()).await?;
    let refused = |refusal: Refusal| Refusal { status: StatusCode::BAD_REQUEST, ..refusal };
    let token = logout_token(&body).ok_or_else(|| refused(crate::error::WORK_UNTRUSTED))?;
    let subject = accounts.ended(token, now()).await.map_err(refused)?;
    accounts.tries.give_back(from.ip()).await;
    app.records.end_work_account(At { issuer: &accounts.oidc.issuer, subject: &subject }, now()).await?;
    Ok(StatusCode::OK)
}

/// A token needs no escapes in a form.
fn logout_token(body: &[u8]) -> Option<&str> {
    std::str::from_utf8(body).ok()?.split('&').find_map(|field| field.strip_prefix("logout_token="))
}
