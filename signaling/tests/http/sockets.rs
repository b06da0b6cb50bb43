//! From the link to the conversation over the two sockets, without a browser.

use crate::world::{Client, Folder, Running, details, invitation};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use sidelight_protocol::PROTOCOL;
use std::time::Duration;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

pub struct Socket(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Socket {
    async fn open(client: &Client, path: &str, hello: Value) -> Socket {
        let mut socket = Socket::raw(client, path, &client.address).await.unwrap();
        socket.say(hello).await;
        socket
    }

    async fn raw(client: &Client, path: &str, origin: &str) -> Result<Socket, tungstenite::Error> {
        let mut request = format!("{}{path}", client.address.replacen("http", "ws", 1)).into_client_request()?;
        request.headers_mut().insert("origin", origin.parse().unwrap());
        if !client.cookies.is_empty() {
            request.headers_mut().insert("cookie", client.cookie_header().parse().unwrap());
        }
        tokio_tungstenite::connect_async(request).await.map(|(socket, _)| Socket(socket))
    }

    pub async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next message of this type, or the close code of the end.
    pub async fn next(&mut self, kind: &str) -> Value {
        let wait = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) => {
                        let message: Value = serde_json::from_str(text.as_str()).unwrap();
                        if message["type"] == "beat" {
                            self.say(json!({"type": "beat"})).await;
                        }
                        if message["type"] == kind {
                            return message;
                        }
                    }
                    Some(Ok(Message::Close(frame))) => return json!(frame.map(|frame| u16::from(frame.code))),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => panic!("waiting for {kind}: {error}"),
                    None => panic!("waiting for {kind}: it ended"),
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), wait).await.unwrap_or_else(|_| panic!("{kind} didn't come"))
    }

    /// The next whole view in which the person is at this stage.
    pub async fn stage(&mut self, kind: &str, stage: &str) -> Value {
        loop {
            let view = self.next(kind).await["view"].clone();
            let at = if kind == "view" { &view["stage"]["name"] } else { &view["people"][0]["stage"]["name"] };
            if at == stage {
                return view;
            }
            assert!(view.is_object(), "{stage} didn't come: {view}");
        }
    }
}

pub async fn desk(client: &Client, tab: &str) -> Socket {
    Socket::open(client, "/ws/desk", json!({"type": "hello", "protocol": PROTOCOL, "tab": tab})).await
}

pub async fn guest(client: &Client, session: &str, tab: &str) -> Socket {
    Socket::open(client, "/ws/guest", json!({"type": "hello", "protocol": PROTOCOL, "session": session, "tab": tab})).await
}

/// A contact with a link that was just continued.
pub async fn redeemed(running: &Running, sam: &mut Client) -> (String, String) {
    let id = sam.plan(details("JT-4471")).await;
    let link = invitation();
    sam.put(&format!("/api/contacts/{id}/invitation"), json!({ "invitation": link })).await.is(204);
    let redeemed = running.client().post("/api/redeem", json!({ "invitation": link })).await.is(200);
    (id, redeemed["session"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn from_the_link_to_the_conversation_and_back_out() {
    let folder = Folder::new();
    // At the most talkative level, to see what it doesn't say.
    let running = Running::start_with(&folder, |command| {
        command.env("SIDELIGHT_LOG__LEVEL", "trace");
    });
    let mut sam = running.practitioner().await;
    let (id, session) = redeemed(&running, &mut sam).await;
    let mut at_desk = desk(&sam, "tab-desk-1").await;
    assert!(at_desk.next("welcome").await["instance"].is_string());
    at_desk.next("ready").await;
    let mut phone = guest(&running.client(), &session, "tab-phone-1").await;
    phone.next("welcome").await;
    let asked = phone.stage("view", "asked").await;
    assert_eq!((&asked["greeting"], &asked["practitioner"]), (&json!("Persephone"), &json!("Balthazar")));
    phone.say(json!({"type": "answer", "answer": "yes"})).await;
    phone.say(json!({"type": "choose", "way": "voice"})).await;
    phone.say(json!({"type": "knock"})).await;
    let waiting = phone.stage("view", "waiting").await;
    assert_eq!(waiting["stage"]["desk"], true);
    let seen = at_desk.stage("contact", "waiting").await;
    let person = seen["people"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!((&seen["people"][0]["answer"], &seen["people"][0]["way"]), (&json!("yes"), &json!("voice")));
    let act = |act: Value| json!({"type": "in", "contact": id, "act": act});
    at_desk.say(act(json!({"do": "take"}))).await;
    at_desk.say(act(json!({"do": "text", "person": person, "id": "m1", "body": "running 5 minutes late"}))).await;
    assert_eq!(phone.next("text").await["body"], "running 5 minutes late");
    phone.say(json!({"type": "ack", "id": "m1", "proof": ""})).await;
    assert_eq!(at_desk.next("ack").await["id"], "m1");
    at_desk.say(act(json!({"do": "admit", "person": person}))).await;
    let access = phone.next("relay").await["access"].clone();
    assert!(access["urls"].as_array().is_some_and(|urls| !urls.is_empty()), "{access}");
    let talking = phone.stage("view", "in").await;
    at_desk.stage("contact", "in").await;
    let candidate = |line: &str| json!({"kind": "candidate", "candidate": line, "mid": "0", "line": 0});
    let epoch = talking["stage"]["epoch"].clone();
    for line in ["candidate:1 1 udp 1 192.168.7.8 9 typ host", "candidate:2 1 udp 2 203.0.113.1 50000 typ relay raddr 192.168.7.8 rport 9"]
    {
        at_desk.say(act(json!({"do": "signal", "person": person, "epoch": epoch, "signal": candidate(line)}))).await;
    }
    let signal = phone.next("signal").await.to_string();
    assert!(signal.contains("203.0.113.1") && !signal.contains("192.168.7.8"), "{signal}");
    phone.say(json!({"type": "leave", "how": "end"})).await;
    assert_eq!(phone.stage("view", "over").await["stage"]["why"], "left");
    assert_eq!(phone.next("none").await, 1000);
    assert_eq!(at_desk.stage("contact", "left").await["people"][0]["stage"]["how"], "end");
    let (log, cookie) = (running.log(), sam.cookies["sidelight"].clone());
    assert!(running.stop().success());
    assert!(!log.is_empty(), "the control: it does log");
    let said =
        ["JT-4471", "Persephone", "Balthazar", "marmalade", "kettle", "running 5 minutes", "203.0.113", "192.168", "127.0.0.1", "sam@"];
    for secret in said.into_iter().chain([id.as_str(), &person, &session, &cookie]) {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
    }
}

#[tokio::test]
async fn a_person_who_waits_still_waits_after_a_power_cut() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (_, session) = redeemed(&running, &mut sam).await;
    let mut phone = guest(&running.client(), &session, "tab-phone-1").await;
    phone.stage("view", "asked").await;
    phone.say(json!({"type": "answer", "answer": "type"})).await;
    phone.say(json!({"type": "knock"})).await;
    let before = phone.stage("view", "waiting").await;
    running.kill();
    let running = Running::start(&folder);
    sam.address.clone_from(&running.address);
    let mut phone = guest(&running.client(), &session, "tab-phone-1").await;
    let after = phone.stage("view", "waiting").await;
    assert_eq!((&after["stage"]["since"], &after["way"]), (&before["stage"]["since"], &json!("text")));
    let seen = desk(&sam, "tab-desk-1").await.stage("contact", "waiting").await;
    assert_eq!(seen["people"][0]["answer"], "type");
}

#[tokio::test]
async fn leaving_by_a_beacon_ends_the_session_and_the_link() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let id = sam.plan(details("JT-4471")).await;
    let link = json!({ "invitation": invitation() });
    sam.put(&format!("/api/contacts/{id}/invitation"), link.clone()).await.is(204);
    let mut phone = running.client();
    let session = phone.post("/api/redeem", link.clone()).await.is(200)["session"].clone();
    phone.origin = Some("null".into());
    let body = json!({"session": session, "how": "exit"}).to_string();
    let plain = [("content-type", "text/plain;charset=UTF-8")];
    // Another page that knows no session has nothing thrown away.
    let made_up = json!({"session": format!("{}x", session.as_str().unwrap()), "how": "exit"}).to_string();
    let strangers = phone.send(reqwest::Method::POST, "/api/leave", &plain, made_up.into_bytes()).await;
    assert_eq!((strangers.status.as_u16(), strangers.header("clear-site-data")), (204, ""));
    let left = phone.send(reqwest::Method::POST, "/api/leave", &plain, body.into_bytes()).await;
    assert_eq!((left.status.as_u16(), left.header("clear-site-data")), (204, "\"cache\""));
    running.client().post("/api/redeem", link).await.refused(404, "link_finished");
    let mut socket = guest(&running.client(), session.as_str().unwrap(), "tab").await;
    let over = socket.next("bye").await;
    assert!(over == 1000 || over["reason"] == "over" || over["reason"] == "no_session", "{over}");
}

#[tokio::test]
async fn a_socket_without_a_session_is_told_so_in_band_and_one_of_another_page_is_not_opened() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let sam = running.practitioner().await;
    let mut nobody = desk(&running.client(), "tab").await;
    assert_eq!(nobody.next("bye").await["reason"], "no_session");
    assert_eq!(nobody.next("none").await, 4002);
    let mut forged = guest(&running.client(), "a.b.c", "tab").await;
    assert_eq!(forged.next("bye").await["reason"], "no_session");
    for path in ["/ws/desk", "/ws/guest"] {
        match Socket::raw(&sam, path, "https://evil.example").await {
            Err(tungstenite::Error::Http(reply)) => assert_eq!(reply.status(), 403),
            _ => panic!("{path} was opened for another page"),
        }
    }
}

#[tokio::test]
async fn signing_out_closes_the_desk_and_stopping_says_back_in_a_moment() {
    let folder = Folder::new();
    let running = Running::start(&folder);
    let mut sam = running.practitioner().await;
    let (_, session) = redeemed(&running, &mut sam).await;
    let mut first = desk(&sam, "tab-1").await;
    first.next("ready").await;
    sam.post("/api/staff/sign-out", Value::Null).await.is(204);
    assert_eq!(first.next("bye").await["reason"], "no_session");
    let body = json!({"email": "sam@example.org", "password": crate::world::PASSWORD});
    sam.post("/api/staff/sign-in", body).await.is(200);
    let mut second = desk(&sam, "tab-2").await;
    second.next("ready").await;
    let mut phone = guest(&running.client(), &session, "tab-3").await;
    phone.stage("view", "asked").await;
    let stopped = tokio::task::spawn_blocking(move || running.stop());
    for socket in [&mut second, &mut phone] {
        assert_eq!(socket.next("bye").await["reason"], "back_in_a_moment");
        assert_eq!(socket.next("none").await, 1012);
    }
    assert!(stopped.await.unwrap().success());
}
