//! Two people in conversation without a page: what the service gives each of them, and what becomes of it.

use crate::service::Service;
use crate::talker::Credential;
use futures_util::{SinkExt, StreamExt};
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use sidelight_protocol::PROTOCOL;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// Whose desk it is.
pub const EMAIL: &str = "sam@example.org";
pub const PASSWORD: &str = "quiet harbour lantern 42";

const INVITATION: &str = "0123456789abcdef0123456789abcdef";

/// They talk.
pub struct Talk {
    desk: Socket,
    guest: Socket,
    contact: String,
    person: String,
    pub of_desk: Credential,
    pub of_guest: Credential,
    /// The desk's sign-in.
    pub cookie: String,
}

impl Talk {
    pub async fn start(service: &Service) -> Talk {
        let link = service.first_link().await;
        let staff = json!({
            "token": link.rsplit("first=").next(), "name": "Sam Rivers", "email": EMAIL, "password": PASSWORD,
            "practitioner": true,
        });
        let reply = ask(service, Method::POST, "/api/staff/first", "", staff).await;
        let cookie = cookie_of(&reply);
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
        let details = json!({
            "reference": "JT-4471", "greeting": null, "practitioner": "Sam", "starts_at": now, "minutes": 30,
            "ways": ["video", "voice", "text"], "waiting_words": null, "word": null, "response": null,
        });
        let made: Value =
            ask(service, Method::POST, "/api/contacts", &cookie, json!({ "details": details })).await.json().await.expect("is JSON");
        let contact = made["id"].as_str().expect("has an id").to_owned();
        let invitation = json!({ "invitation": INVITATION });
        ask(service, Method::PUT, &format!("/api/contacts/{contact}/invitation"), &cookie, invitation.clone()).await;
        let redeemed: Value = ask(service, Method::POST, "/api/redeem", "", invitation).await.json().await.expect("is JSON");

        let mut desk = Socket::open(service, "/ws/desk", &cookie, json!({ "type": "hello", "protocol": PROTOCOL, "tab": "desk" })).await;
        desk.next("ready").await;
        let hello = json!({ "type": "hello", "protocol": PROTOCOL, "session": redeemed["session"], "tab": "guest" });
        let mut guest = Socket::open(service, "/ws/guest", "", hello).await;
        for message in
            [json!({ "type": "answer", "answer": "yes" }), json!({ "type": "choose", "way": "voice" }), json!({ "type": "knock" })]
        {
            guest.say(message).await;
        }
        let person = loop {
            let view = desk.next("contact").await;
            if view["view"]["people"][0]["stage"]["name"] == "waiting" {
                break view["view"]["people"][0]["id"].as_str().expect("has an id").to_owned();
            }
        };
        desk.say(json!({ "type": "in", "contact": contact, "act": { "do": "take" } })).await;
        desk.say(json!({ "type": "in", "contact": contact, "act": { "do": "admit", "person": person } })).await;
        let (of_guest, of_desk) = (access(&guest.next("relay").await), access(&desk.next("relay").await));
        Talk { desk, guest, contact, person, of_desk, of_guest, cookie }
    }

    /// Back to the waiting room, as far as the person's page knows.
    pub async fn put_back(&mut self) {
        let act = json!({ "type": "in", "contact": self.contact, "act": { "do": "put_back", "person": self.person } });
        self.desk.say(act).await;
        while self.guest.next("view").await["view"]["stage"]["name"] != "waiting" {}
    }

    /// When the desk's connection has ended, of which nothing more is read or answered as a page would.
    pub async fn desk_hangs_up(&mut self) -> Instant {
        let MaybeTlsStream::Plain(stream) = self.desk.0.get_mut() else { panic!("without TLS") };
        let mut buffer = [0; 4096];
        while stream.read(&mut buffer).await.is_ok_and(|count| count > 0) {}
        Instant::now()
    }

    /// The desk's page is gone without a word; its credential isn't.
    pub async fn desk_vanishes(&mut self) {
        let MaybeTlsStream::Plain(stream) = self.desk.0.get_mut() else { panic!("without TLS") };
        stream.shutdown().await.expect("was open");
        self.desk_hangs_up().await;
    }
}

/// The first cookie that a reply sets.
fn cookie_of(reply: &reqwest::Response) -> String {
    reply.headers()[SET_COOKIE].to_str().expect("is text").split(';').next().unwrap_or_default().to_owned()
}

/// The same person signs in once more, elsewhere; the cookie.
pub async fn sign_in(service: &Service) -> String {
    cookie_of(&ask(service, Method::POST, "/api/staff/sign-in", "", json!({ "email": EMAIL, "password": PASSWORD })).await)
}

fn access(message: &Value) -> Credential {
    let text = |field: &str| message["access"][field].as_str().expect("is there").to_owned();
    Credential { username: text("username"), password: text("credential") }
}

pub async fn ask(service: &Service, method: Method, path: &str, cookie: &str, body: Value) -> reqwest::Response {
    let request = Client::new().request(method, format!("{}{path}", service.url())).header(ORIGIN, service.url()).header(COOKIE, cookie);
    let reply = request.json(&body).send().await.expect("answers");
    assert!(reply.status().is_success(), "{path}: {}", reply.status());
    reply
}

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn open(service: &Service, path: &str, cookie: &str, hello: Value) -> Socket {
        let mut request = format!("{}{path}", service.url().replacen("http", "ws", 1)).into_client_request().expect("is an address");
        request.headers_mut().insert(ORIGIN, service.url().parse().expect("is a header"));
        request.headers_mut().insert(COOKIE, cookie.parse().expect("is a header"));
        let (socket, _) = tokio_tungstenite::connect_async(request).await.expect("opens");
        let mut socket = Socket(socket);
        socket.say(hello).await;
        socket
    }

    async fn say(&mut self, message: Value) {
        self.0.send(message.to_string().into()).await.expect("sends");
    }

    /// The next message of this type.
    async fn next(&mut self, kind: &str) -> Value {
        let wait = async {
            while let Some(Ok(message)) = self.0.next().await {
                let message: Value = serde_json::from_str(message.to_text().unwrap_or_default()).unwrap_or_default();
                if message["type"] == kind {
                    return message;
                }
            }
            panic!("waiting for {kind}: the service closed")
        };
        tokio::time::timeout(Duration::from_secs(10), wait).await.unwrap_or_else(|_| panic!("{kind} didn't come"))
    }
}
