//! `page-weight`: what a service user's phone loads until they wait, with nothing kept from before. People pay for it by the
//! megabyte.
//!
//! The bytes are those that the line carried, counted by a proxy between browser and service: requests and responses, heads
//! and bodies, the WebSocket, TLS with its handshake. The requests are those the browser itself lists, to whatever origin,
//! and the WebSockets besides. Bodies, heads and WebSocket are told apart without TLS, where they can be. The line is slow,
//! so that what is loaded before a screen and what after it can be told apart.

use crate::attempt::attempt;
use crate::row::{Figures, Row};
use crate::visit::{LOADED, Loaded, PATIENCE, Visit, Visits};
use sidelight_e2e::phone::Way;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const BYTES: f64 = 60_000.0;
const REQUESTS: f64 = 15.0;
const FIRST_RESPONSE: f64 = 14_000.0;

/// What loads while waiting has come after so long, on this line.
const WHILE_WAITING: Duration = Duration::from_secs(4);

pub async fn measure(figures: &mut Figures) {
    {
        let visits = Visits::new(false, 1).await;
        match attempt(Duration::from_secs(10), first_response(visits.line().address())).await {
            Ok(bytes) => figures.say(Row::at_most("the first response, head and body", bytes as f64, FIRST_RESPONSE, "bytes")),
            Err(why) => figures.lacks("the first response", &why),
        }
        parts(visits, figures).await;
    }
    let mut visits = Visits::new(true, 3).await;
    for (way, name) in [(Way::Video, "by video"), (Way::Voice, "by voice"), (Way::Text, "by typing")] {
        match attempt(PATIENCE, visits.go(way, 1)).await {
            Ok(visit) => all(visit, name, figures).await,
            Err(why) => figures.lacks(name, &why),
        }
    }
}

/// The whole of it, under TLS, as it is met.
async fn all(visit: Visit, name: &str, figures: &mut Figures) {
    let noted = &visit.noted;
    let (up, down) = visit.carried;
    let requests = noted.loaded.len() + noted.sockets as usize;
    figures.say(Row::at_most(format!("all bytes until the waiting room, {name}, both ways, TLS"), (up + down) as f64, BYTES, "bytes"));
    figures.say(Row::told(format!("of these to the phone, {name}"), down as f64, "bytes"));
    figures.say(Row::told(format!("bodies of responses, {name}"), noted.loaded.iter().map(|one| one.body).sum(), "bytes"));
    figures.say(Row::at_most(
        format!("requests until the waiting room, WebSocket included, {name}"),
        requests as f64,
        REQUESTS,
        "requests",
    ));
    let first: Vec<&Loaded> = noted.loaded.iter().filter(|one| one.ended <= noted.first).collect();
    figures.say(Row::told(format!("requests to the first screen, {name}"), first.len() as f64, "requests"));
    figures.say(Row::told(format!("bodies to the first screen, {name}"), first.iter().map(|one| one.body).sum(), "bytes"));
    let own = noted.loaded.first().map(|page| origin(&page.url)).unwrap_or_default();
    tokio::time::sleep(WHILE_WAITING).await;
    let Ok(after) = visit.phone.try_ask::<Vec<Loaded>>(LOADED).await else {
        figures.lacks(&format!("what loads while waiting, {name}"), "the page doesn't answer");
        return;
    };
    let late: Vec<&Loaded> = after.iter().skip(noted.loaded.len()).collect();
    figures.say(Row::told(format!("requests while waiting, {name}"), late.len() as f64, "requests"));
    figures.say(Row::told(format!("bodies while waiting, {name}"), late.iter().fold(0.0, |sum, one| sum + one.body), "bytes"));
    let elsewhere = after.iter().filter(|one| origin(&one.url) != own).count();
    figures.say(Row::at_most(format!("requests to another origin, {name}, waiting included"), elsewhere as f64, 0.0, "requests"));
}

/// Heads, bodies and WebSocket, told apart where nothing hides them.
async fn parts(mut visits: Visits, figures: &mut Figures) {
    match attempt(PATIENCE, visits.go(Way::Video, 1)).await {
        Ok(visit) => {
            let ((up, down), (socket_up, socket_down)) = (visit.carried, visit.socket);
            let bodies: f64 = visit.noted.loaded.iter().map(|one| one.body).sum();
            figures.say(Row::told("without TLS, by HTTP/1.1: all bytes to the phone", down as f64, "bytes"));
            figures.say(Row::told("without TLS: heads of responses", (down - socket_down) as f64 - bodies, "bytes"));
            figures.say(Row::told("without TLS: WebSocket to the phone, its head included", socket_down as f64, "bytes"));
            figures.say(Row::told("without TLS: WebSocket from the phone, its head included", socket_up as f64, "bytes"));
            figures.say(Row::told("without TLS: all bytes from the phone", up as f64, "bytes"));
        }
        Err(why) => figures.lacks("heads, bodies and WebSocket apart", &why),
    }
}

/// Scheme, host and port of an address.
fn origin(url: &str) -> String {
    url.split('/').take(3).collect::<Vec<_>>().join("/")
}

/// Every byte that answers a browser's first request.
async fn first_response(at: SocketAddr) -> usize {
    let mut stream = TcpStream::connect(at).await.expect("the service listens");
    let request = format!(
        "GET / HTTP/1.1\r\nhost: {at}\r\naccept-encoding: gzip, deflate, br, zstd\r\naccept-language: en-GB\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.expect("the service takes it");
    let mut all = Vec::new();
    stream.read_to_end(&mut all).await.expect("the service answers");
    assert!(all.starts_with(b"HTTP/1.1 200 "), "the service answers with its page");
    all.len()
}
