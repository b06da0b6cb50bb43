//! A quiet ending and an outage behind the web port, frame by frame: whoever holds the phone must not be able to tell one from
//! the other.
//!
//! The outage is real as far as the phone goes: a stand-in at the web port lets pages and the opening of sockets through to the
//! service, and swallows everything else. The quiet ending is the service's own. Both are asked the same things.

use futures_util::{SinkExt, StreamExt};
use reqwest::Client;
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use serde_json::{Value, json};
use sidelight_e2e::stand_in::{Behind, StandIn};
use sidelight_e2e::world::World;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// Long enough for a beat (4 seconds), for a hello that nobody said (10) and for a judgement on silence (12).
const LISTENING: Duration = Duration::from_secs(16);

type Socket = WebSocketStream<TcpStream>;

/// A phone without a page.
struct Phone {
    service: String,
    port: SocketAddr,
    session: String,
    invitation: String,
}

impl Phone {
    async fn opens(&self) -> Socket {
        let mut request = format!("{}/ws/guest", self.service.replacen("http", "ws", 1)).into_client_request().expect("is an address");
        request.headers_mut().insert(ORIGIN, self.service.parse().expect("is a header"));
        let stream = TcpStream::connect(self.port).await.expect("connects");
        let (socket, reply) = tokio_tungstenite::client_async(request, stream).await.expect("opens");
        assert_eq!(reply.status(), 101);
        socket
    }

    async fn says_hello(&self, tab: &str) -> Socket {
        let mut socket = self.opens().await;
        let hello = json!({ "type": "hello", "protocol": sidelight_protocol::PROTOCOL, "session": self.session, "tab": tab });
        socket.send(Message::text(hello.to_string())).await.expect("sends");
        socket
    }

    /// The status and the length of what comes back, or that nothing does.
    async fn asks(&self, request: &str, body: &str) -> String {
        let host = self.service.trim_start_matches("http://");
        let text = format!(
            "{request} HTTP/1.1\r\nhost: {host}\r\norigin: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.service,
            body.len()
        );
        let mut stream = TcpStream::connect(self.port).await.expect("connects");
        stream.write_all(text.as_bytes()).await.expect("sends");
        let mut reply = Vec::new();
        let ended = tokio::time::timeout(LISTENING, stream.read_to_end(&mut reply)).await.is_ok();
        let status = String::from_utf8_lossy(&reply).lines().next().unwrap_or_default().to_owned();
        let body = reply.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| reply.len() - at - 4);
        format!("{request}: {status:?}, {body} bytes, ended: {ended}")
    }
}

/// Everything that comes on a socket for a while, in words.
async fn hears(socket: &mut Socket, what: &str) -> Vec<String> {
    let mut heard = Vec::new();
    let listening = tokio::time::timeout(LISTENING, async {
        while let Some(message) = socket.next().await {
            heard.push(format!("{what}: {message:?}"));
            if heard.len() > 20 {
                break;
            }
        }
        "ended"
    });
    let end = listening.await.unwrap_or("still open");
    heard.push(format!("{what}: {end}"));
    heard
}

async fn say(socket: &mut Socket, message: Value) {
    let _gone = socket.send(Message::text(message.to_string())).await;
}

/// All that a phone can try after its conversation fell silent, and what comes of it.
async fn tries_everything(phone: &Phone, mut before: Socket) -> Vec<String> {
    let goes_on = async {
        say(&mut before, json!({ "type": "text", "id": "after", "body": "are you there?" })).await;
        say(&mut before, json!({ "type": "nonsense" })).await;
        hears(&mut before, "the socket of before").await
    };
    let comes_back = async {
        let mut socket = phone.says_hello("the-same").await;
        say(&mut socket, json!({ "type": "text", "id": "again", "body": "hello?" })).await;
        hears(&mut socket, "back again").await
    };
    let hangs_up = async {
        let mut socket = phone.says_hello("the-same").await;
        let _gone = socket.send(Message::Close(None)).await;
        hears(&mut socket, "hanging up").await
    };
    let pings = async {
        let mut socket = phone.says_hello("pings").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let _gone = socket.send(Message::Ping(Vec::new().into())).await;
        hears(&mut socket, "a ping").await
    };
    let reloaded = async {
        let mut heard = vec![phone.asks("GET /", "").await];
        let mut socket = phone.says_hello("reloaded").await;
        heard.append(&mut hears(&mut socket, "reloaded").await);
        heard
    };
    let redeem = json!({ "invitation": phone.invitation, "claim": "another" }).to_string();
    let presses = async { vec![phone.asks("POST /api/redeem", &redeem).await] };
    let leave = json!({ "session": phone.session, "how": "exit" }).to_string();
    let leaves = async {
        // After the rest has opened: an exit that was heard would end it.
        tokio::time::sleep(Duration::from_secs(1)).await;
        vec![phone.asks("POST /api/leave", &leave).await]
    };
    let (a, b, c, d, e, f, g) = tokio::join!(goes_on, comes_back, hangs_up, pings, reloaded, presses, leaves);
    [a, b, c, d, e, f, g].concat()
}

/// One conversation by text, up to the moment when it falls silent in one way or another, and what the phone gets from then on.
async fn falls_silent(number: u8, way: Way) -> Vec<String> {
    let world = World::new().await;
    let service = world.service.url().to_owned();
    let stand_in = StandIn::new(&service).await;
    let client = Client::new();
    let token = world.service.first_link().await.rsplit("first=").next().expect("has a token").to_owned();
    let body = json!({ "token": token, "name": "Sam Rivers", "email": "sam@example.org", "password": "quiet harbour lantern 42", "practitioner": true });
    let reply = client.post(format!("{service}/api/staff/first")).header(ORIGIN, &service).json(&body).send().await.expect("answers");
    let cookie = reply.headers()[SET_COOKIE].to_str().expect("is text").split(';').next().expect("has a value").to_owned();
    let staff = async |request: reqwest::RequestBuilder, body: Value| {
        request.header(ORIGIN, &service).header(COOKIE, &cookie).json(&body).send().await.expect("answers")
    };
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
    let details = json!({
        "reference": "JT-4471", "greeting": null, "practitioner": "Sam", "starts_at": now, "minutes": 30,
        "ways": ["video", "voice", "text"], "waiting_words": null, "word": "marmalade", "response": "End quietly",
    });
    let made: Value =
        staff(client.post(format!("{service}/api/contacts")), json!({ "details": details })).await.json().await.expect("is JSON");
    let contact = made["id"].as_str().expect("has an id").to_owned();
    let invitation = format!("{number:032x}");
    staff(client.put(format!("{service}/api/contacts/{contact}/invitation")), json!({ "invitation": invitation })).await;
    let redeem = client.post(format!("{service}/api/redeem")).header(ORIGIN, &service).json(&json!({ "invitation": invitation }));
    let redeemed: Value = redeem.send().await.expect("answers").json().await.expect("is JSON");
    let session = redeemed["session"].as_str().expect("has a session").to_owned();
    let phone = Phone { service: service.clone(), port: stand_in.address, session, invitation };

    let mut request = format!("{}/ws/desk", service.replacen("http", "ws", 1)).into_client_request().expect("is an address");
    request.headers_mut().insert(ORIGIN, service.parse().expect("is a header"));
    request.headers_mut().insert(COOKIE, cookie.parse().expect("is a header"));
    let stream = TcpStream::connect(service.trim_start_matches("http://")).await.expect("connects");
    let (mut desk, _) = tokio_tungstenite::client_async(request, stream).await.expect("opens");
    say(&mut desk, json!({ "type": "hello", "protocol": sidelight_protocol::PROTOCOL, "tab": "desk" })).await;
    let mut socket = phone.says_hello("the-same").await;
    say(&mut socket, json!({ "type": "answer", "answer": "type" })).await;
    say(&mut socket, json!({ "type": "knock" })).await;
    let person = desk_sees(&mut desk, "waiting").await;
    let act = |act: Value| json!({ "type": "in", "contact": contact, "act": act });
    say(&mut desk, act(json!({ "do": "admit", "person": person }))).await;
    desk_sees(&mut desk, "in").await;
    until(&mut socket, |message| message["view"]["stage"]["name"] == "in").await;

    match way {
        Way::Outage => stand_in.becomes(Behind::Lost),
        Way::Quiet | Way::QuietAndEnded | Way::QuietAndPlanted => {
            say(&mut desk, act(json!({ "do": "end_quietly", "person": person }))).await;
            desk_sees(&mut desk, "ended_quietly").await;
            if way == Way::QuietAndEnded {
                say(&mut desk, act(json!({ "do": "end" }))).await;
                until(&mut desk, |message| message["view"]["ended"].is_u64()).await;
            }
            if way == Way::QuietAndPlanted {
                stand_in.becomes(Behind::Talks);
            }
        }
        Way::End => say(&mut desk, act(json!({ "do": "end" }))).await,
    }
    tries_everything(&phone, socket).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Outage,
    Quiet,
    QuietAndEnded,
    QuietAndPlanted,
    End,
}

async fn until(socket: &mut Socket, is: impl Fn(&Value) -> bool) -> Value {
    let waiting = tokio::time::timeout(Duration::from_secs(10), async {
        while let Some(Ok(message)) = socket.next().await {
            let Ok(message) = serde_json::from_str::<Value>(message.to_text().unwrap_or_default()) else { continue };
            if is(&message) {
                return message;
            }
        }
        panic!("the socket ended")
    });
    waiting.await.expect("it comes in time")
}

/// The person's id, once they are there.
async fn desk_sees(desk: &mut Socket, stage: &str) -> String {
    let seen = until(desk, |message| message["view"]["people"][0]["stage"]["name"] == stage).await;
    seen["view"]["people"][0]["id"].as_str().expect("has an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_ending_is_frame_by_frame_what_an_outage_behind_the_web_port_is() {
    let (outage, quiet, ended, planted, end) = tokio::join!(
        falls_silent(1, Way::Outage),
        falls_silent(2, Way::Quiet),
        falls_silent(3, Way::QuietAndEnded),
        falls_silent(4, Way::QuietAndPlanted),
        falls_silent(5, Way::End),
    );
    println!("{outage:#?}");
    // The outage is one: the page loads, and nothing else is answered.
    assert!(outage.iter().any(|line| line.starts_with("GET /: \"HTTP/1.1 200 OK\"")), "{outage:#?}");
    assert!(
        outage
            .iter()
            .filter(|line| !line.starts_with("GET"))
            .all(|line| line.ends_with("still open") || line.contains("\"\", 0 bytes, ended: false")),
        "{outage:#?}"
    );
    assert_eq!(quiet, outage);
    assert_eq!(ended, outage, "also when the practitioner ends the contact afterwards");
    assert!(planted != outage, "the control: one word more on a new socket is a difference");
    assert!(end != outage, "the control: an ordinary end is a difference");
}
