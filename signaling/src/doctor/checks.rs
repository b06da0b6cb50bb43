//! Looking, without a password for anything: the name, the port, the certificate, and what a stranger's browser is given.

use super::finding::Told;
use super::reach_rules::{self, Validity};
use super::web::{Reply, Trouble, Web, within};
use super::web_rules::{self, Socket, changed, keeps_to_tls, sockets_of, without_hashes};
use crate::http::{ALWAYS, ONLY_TLS, Pages, UNLESS_SAID};
use futures_util::{SinkExt, StreamExt};
use http::{HeaderValue, Method, header};
use sidelight_protocol::PROTOCOL;
use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use x509_parser::prelude::{FromDer, X509Certificate};

/// Of another site, for a control: it is to be refused.
const STRANGE_ORIGIN: &str = "https://elsewhere.invalid";

pub async fn port(web: &Web) -> Told {
    let mut reached = Vec::new();
    for address in &web.addresses {
        let tried = within(web.limit, async { Ok(TcpStream::connect(address).await.map(drop)?) }).await;
        reached.push((address.ip(), tried));
    }
    reach_rules::port(&web.target, &reached)
}

pub async fn certificate(web: &Web) -> Told {
    if !web.target.tls {
        return reach_rules::certificate(&web.target, None, 0);
    }
    let seen = async {
        let line = web.sealed_line().await?;
        let own = line.get_ref().1.peer_certificates().and_then(<[_]>::first);
        let unread = || Trouble::Broken("its certificate can't be read".into());
        let (_, own) = X509Certificate::from_der(own.ok_or_else(unread)?).map_err(|_| unread())?;
        let validity = own.validity();
        Ok(Validity { from: validity.not_before.timestamp(), to: validity.not_after.timestamp() })
    };
    let seen: Result<Validity, Trouble> = seen.await;
    reach_rules::certificate(&web.target, Some(seen.as_ref().copied()), seconds(SystemTime::now()))
}

pub async fn plain(web: &Web) -> Told {
    // What browsers try first for who types the bare name; where the port isn't the usual one, that port itself.
    let port = if web.target.port == 443 { 80 } else { web.target.port };
    let answer = web.ask_plainly(port).await;
    web_rules::plain(port, answer.as_ref().map(|reply| (reply.status, reply.header("location"))))
}

pub async fn service(web: &Web) -> Told {
    let (alive, ready) = (web.ask(Method::GET, "/healthz", &[]).await, web.ask(Method::GET, "/readyz", &[]).await);
    fn said(reply: &Result<Reply, Trouble>) -> Result<(u16, &[u8]), &Trouble> {
        reply.as_ref().map(|reply| (reply.status, reply.body.as_slice()))
    }
    web_rules::service(said(&alive), said(&ready))
}

/// What the service sends with its first page. `ours`: the pages of this program.
pub async fn headers(web: &Web, ours: &Pages) -> Told {
    let reply = web.ask(Method::GET, "/", &[(header::ACCEPT_LANGUAGE.as_str(), "en")]).await;
    let changed = reply.as_ref().map(|reply| {
        let due = ALWAYS.iter().chain(UNLESS_SAID.iter().filter(|(name, _)| name != header::CONTENT_SECURITY_POLICY));
        let mut wrong = changed(&reply.headers, due.map(|(name, value): &(_, HeaderValue)| (name.as_str(), value)));
        let policy = reply.header(header::CONTENT_SECURITY_POLICY.as_str());
        let ours = sockets_of(policy).and_then(|sockets| ours.join_policy(sockets));
        // Which scripts may run is for the files to tell: another version has others.
        if ours.is_none_or(|ours| without_hashes(&ours) != without_hashes(policy)) {
            wrong.push(header::CONTENT_SECURITY_POLICY.to_string());
        }
        // Browsers heed it for names alone.
        let named = web.target.host.parse::<IpAddr>().is_err();
        if web.target.tls && named && !keeps_to_tls(&reply.headers, &ONLY_TLS) {
            wrong.push(ONLY_TLS.0.to_string());
        }
        wrong
    });
    web_rules::headers(changed.as_deref().map_err(|trouble| *trouble))
}

pub async fn clock(web: &Web) -> Told {
    let apart = web.ask(Method::GET, "/healthz", &[]).await.ok().and_then(|reply| {
        let theirs = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(reply.header("date")).ok()?.as_second();
        // It was written at some moment between these two, and is rounded down.
        let (from, to) = (seconds(reply.asked), seconds(reply.answered));
        Some(if theirs < from { theirs - from } else { (theirs - to).max(0) })
    });
    web_rules::clock(apart)
}

fn seconds(time: SystemTime) -> i64 {
    time.duration_since(UNIX_EPOCH).ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or_default()
}

pub async fn socket(web: &Web) -> Told {
    let origin = web.target.origin();
    let seen = match open(web, &origin).await {
        Err(seen) => seen,
        Ok(mut line) => match open(web, STRANGE_ORIGIN).await {
            Ok(_) => Socket::AnyOrigin,
            Err(_) => hello(&mut line, web.limit).await,
        },
    };
    web_rules::socket(&web.target, &seen)
}

type Line = WebSocketStream<Box<dyn crate::https::Socket>>;

async fn open(web: &Web, origin: &str) -> Result<Line, Socket> {
    let address = web.target.origin().replacen("http", "ws", 1);
    let broken = |error: &dyn std::fmt::Display| Socket::Broken(error.to_string());
    let mut request = format!("{address}/ws/guest").into_client_request().map_err(|error| broken(&error))?;
    let value = HeaderValue::try_from(origin).map_err(|error| broken(&error))?;
    request.headers_mut().insert(header::ORIGIN, value);
    let line = web.line().await.map_err(|trouble| Socket::Broken(format!("{trouble:?}")))?;
    match tokio::time::timeout(web.limit, client_async(request, line)).await {
        Err(_) => Err(Socket::Broken("nothing is answered".into())),
        Ok(Ok((line, _))) => Ok(line),
        Ok(Err(tungstenite::Error::Http(answer))) => {
            let said: Option<serde_json::Value> = answer.body().as_ref().and_then(|body| serde_json::from_slice(body).ok());
            let code = said.as_ref().and_then(|said| said["code"].as_str()).unwrap_or_default();
            Err(Socket::Refused(answer.status().as_u16(), code.to_owned()))
        }
        Ok(Err(error)) => Err(broken(&error)),
    }
}

/// Says hello as a page does that has no session, and reads what comes of it.
async fn hello(line: &mut Line, limit: Duration) -> Socket {
    let hello = serde_json::json!({ "type": "hello", "protocol": PROTOCOL, "session": "none", "tab": "doctor" });
    let talk = async {
        line.send(Message::text(hello.to_string())).await.ok()?;
        loop {
            match line.next().await?.ok()? {
                Message::Text(text) => {
                    let said: serde_json::Value = serde_json::from_str(text.as_str()).ok()?;
                    match (said["type"].as_str(), said["reason"].as_str()) {
                        (Some("bye"), Some("no_session")) => return Some(Socket::Opens),
                        (Some("bye"), Some("reload")) => return Some(Socket::OtherVersion),
                        (Some("beat"), _) => {}
                        _ => return Some(Socket::Other),
                    }
                }
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
                Message::Binary(_) | Message::Close(_) => return Some(Socket::Other),
            }
        }
    };
    tokio::time::timeout(limit, talk).await.ok().flatten().unwrap_or(Socket::Silent)
}
