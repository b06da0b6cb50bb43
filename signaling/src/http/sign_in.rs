//! Staff: one-time links, signing in and out, where they are signed in, their own settings.

use super::body::Json;
use super::path::Path;
use super::{Answer, App};
use crate::records::{Member, Way};
use crate::staff::{Entered, Staff, Who, expired_sign_in};
use crate::time::now;
use axum::extract::{ConnectInfo, State};
use axum::response::{AppendHeaders, IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use sidelight_protocol::http::{First, FirstLink, FirstLinkFor, Me, MySettings, SignIn, StaffSession, StaffSessions};
use std::net::SocketAddr;

pub(super) type SignedIn = (AppendHeaders<[(HeaderName, HeaderValue); 2]>, axum::Json<Me>);

/// `vouched`: a work account has just vouched for them, so that no password is asked for.
fn about(app: &App, member: Member, way: Way, vouched: bool) -> Me {
    let must_enrol = app.staff.must_enrol(&member, way);
    let Member { id, name, email, roles, look_first, .. } = member;
    let zone = app.pages.time_zone().map(str::to_owned);
    Me { id, name, email, roles, look_first, must_enrol, zone, vouched }
}

pub(super) fn entered(app: &App, Entered { member, way, cookies }: Entered) -> SignedIn {
    (AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie))), axum::Json(about(app, member, way, way != Way::Own)))
}

pub async fn first_link(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    Json(body): Json<FirstLink>,
) -> Answer<axum::Json<FirstLinkFor>> {
    let link = app.staff.first_link(&body.token, from.ip(), now()).await?;
    Ok(axum::Json(FirstLinkFor { name: link.name, email: link.email, roles: link.roles, reset: link.staff.is_some() }))
}

pub async fn first(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(body): Json<First>,
) -> Answer<SignedIn> {
    app.staff.use_first_link(body, &headers, from.ip(), now()).await.map(|entering| entered(&app, entering))
}

pub async fn sign_in(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(body): Json<SignIn>,
) -> Answer<SignedIn> {
    app.staff.sign_in(body, &headers, from.ip(), now()).await.map(|entering| entered(&app, entering))
}

/// Ends the sign-in everywhere: the cookie is worthless, and the desk's sockets that came by it are closed.
pub async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Answer<(StatusCode, AppendHeaders<[(HeaderName, HeaderValue); 1]>)> {
    if let Some(sign_in) = app.staff.sign_out(&headers, now()).await? {
        app.hub.close_sign_in(&sign_in).await;
    }
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, expired_sign_in())])))
}

pub async fn sessions(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<StaffSessions>> {
    let who = app.staff.who(&headers, now()).await?;
    let sign_ins = app.staff.sign_ins(&who, now()).await?.into_iter();
    let sessions = sign_ins.map(|sign_in| {
        let here = sign_in.name == who.sign_in;
        StaffSession { id: sign_in.name, browser: sign_in.browser, since: sign_in.since, last_used: sign_in.last_used, here }
    });
    Ok(axum::Json(StaffSessions { sessions: sessions.collect() }))
}

/// Ends one of the person's own sign-ins everywhere, this one too if they like. Another person's is like none.
pub async fn end_session(State(app): State<App>, headers: HeaderMap, Path(id): Path<String>) -> Answer<Response> {
    let who = app.staff.who(&headers, now()).await?;
    app.staff.end_sign_in(&who, &id, now()).await?;
    app.hub.close_sign_in(&id).await;
    let here = id == who.sign_in;
    Ok(if here {
        (StatusCode::NO_CONTENT, AppendHeaders([(header::SET_COOKIE, expired_sign_in())])).into_response()
    } else {
        StatusCode::NO_CONTENT.into_response()
    })
}

/// Ends all of the person's sign-ins but this one.
pub async fn end_other_sessions(State(app): State<App>, headers: HeaderMap) -> Answer<StatusCode> {
    let who = app.staff.who(&headers, now()).await?;
    for sign_in in app.staff.end_other_sign_ins(&who, now()).await? {
        app.hub.close_sign_in(&sign_in).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

pub async fn me(State(app): State<App>, headers: HeaderMap) -> Answer<axum::Json<Me>> {
    let who = app.staff.who_at_all(&headers, now()).await?;
    Ok(axum::Json(about_them(&app, who)))
}

fn about_them(app: &App, who: Who) -> Me {
    let vouched = Staff::came_by_work_account(who.way, who.since, now());
    about(app, who.member, who.way, vouched)
}

pub async fn settings(State(app): State<App>, headers: HeaderMap, Json(body): Json<MySettings>) -> Answer<axum::Json<Me>> {
    let mut who = app.staff.who(&headers, now()).await?;
    app.records.set_look_first(&who.member.id, body.look_first).await?;
    who.member.look_first = body.look_first;
    Ok(axum::Json(about_them(&app, who)))
}
