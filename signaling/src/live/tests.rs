//! Two people over real sockets, with real records and a relay that only keeps account of what it was asked.

mod access;
mod duty;
mod erasing;

use super::*;
use crate::{
    connection::{self, SignedIn},
    random,
    relay::Scope,
    time::now,
    tokens::{Key, Session},
};
use axum::{Router, extract::ws::WebSocketUpgrade, http::HeaderMap, routing::any};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use sidelight_protocol::{PROTOCOL, RelayAccess, Way, desk::ContactDetails, http::Role};
use sqlx::{ConnectOptions, Connection};
use std::path::PathBuf;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

/// What the relay was asked for, in order.
struct Ledger {
    asked: Mutex<Vec<String>>,
    /// For how long it says that an access lasts.
    lasts: Duration,
}

impl RelayControl for Ledger {
    fn grant(&self, room: &str, peer: &str, scope: Scope) -> RelayAccess {
        lock(&self.asked).push(format!("grant {peer}{}", if scope == Scope::Room { "" } else { " (own)" }));
        RelayAccess { urls: vec!["turn:192.0.2.2:3478".into()], username: format!("{room}:{peer}"), credential: "secret".into() }
    }

    fn lasts(&self) -> Duration {
        self.lasts
    }

    fn revoke(&self, peer: &str) {
        lock(&self.asked).push(format!("revoke {peer}"));
    }
}

/// A hub with a contact in which Alex is invited, and a web server that knows nothing but the two sockets. `/ws/desk` takes
/// the name of who is signed in from a header.
struct World {
    folder: PathBuf,
    records: Records,
    relay: Arc<Ledger>,
    tokens: Arc<Tokens>,
    hub: Hub,
    address: String,
    contact: String,
}

impl Drop for World {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.folder);
    }
}

fn details() -> ContactDetails {
    ContactDetails {
        reference: "JT-4471".into(),
        greeting: Some("Alex".into()),
        practitioner: Some("Sam".into()),
        starts_at: now(),
        minutes: 30,
        ways: vec![Way::Video, Way::Voice, Way::Text],
        waiting_words: None,
        word: None,
        response: None,
        when_hidden: None,
        rings: false,
        number: None,
        signing: false,
        by_code: false,
        about: None,
        spellings: vec![],
        early: None,
        help: None,
    }
}

impl World {
    async fn new() -> World {
        World::whose_access_lasts(Duration::from_secs(3600)).await
    }

    async fn whose_access_lasts(lasts: Duration) -> World {
        let folder = std::env::temp_dir().join(format!("sidelight-live-{}", random::id().unwrap()));
        let records = Records::open(&folder).await.unwrap();
        let contact = records.new_contact("sam", &details(), now()).await.unwrap();
        records.invite(&contact, &"a".repeat(32), "alex", now()).await.unwrap();
        let tokens = Arc::new(Tokens::new(vec![Key { id: "key".into(), secret: vec![7; 32].into() }]).unwrap());
        let relay = Arc::new(Ledger { asked: Mutex::default(), lasts });
        let hub = Hub::new(records.clone(), relay.clone(), tokens.clone(), None);
        hub.invite(&contact, "alex").await.unwrap();
        let address = World::serve(hub.clone()).await;
        World { folder, records, relay, tokens, hub, address, contact }
    }

    async fn serve(hub: Hub) -> String {
        let desks = hub.clone();
        let router =
            Router::new().route("/ws/guest", any(move |upgrade: WebSocketUpgrade| async move { connection::guest(hub, upgrade) })).route(
                "/ws/desk",
                any(move |headers: HeaderMap, upgrade: WebSocketUpgrade| async move {
                    let who = headers.get("x-staff").map(|name| {
                        let staff = name.to_str().unwrap().to_owned();
                        let mut roles = vec![Role::Practitioner];
                        if staff.starts_with("supervisor") {
                            roles.push(Role::Supervisor);
                        }
                        SignedIn { sign_in: format!("sign-in of {staff}"), name: staff.clone(), roles, staff }
                    });
                    connection::desk(desks, upgrade, who)
                }),
            );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    /// Everything but the disk is new.
    async fn restarted(&mut self) {
        self.hub.shutdown().await;
        self.hub = Hub::new(self.records.clone(), self.relay.clone(), self.tokens.clone(), None);
        self.address = World::serve(self.hub.clone()).await;
    }

    async fn presses_continue(&self, session: &str) -> Result<(), RedeemRefused> {
        self.hub.redeem(&self.contact, "alex", session, "Chrome on Android".into(), None).await
    }

    async fn session(&self, session: &str) -> String {
        self.presses_continue(session).await.unwrap();
        let session = Session { contact: self.contact.clone(), person: "alex".into(), session: session.into() };
        self.tokens.issue(&session, now()).unwrap()
    }

    async fn open(&self, path: &str, staff: Option<&str>) -> Socket {
        use tokio_tungstenite::tungstenite::client::IntoClientRequest;
        let mut request = format!("ws://{}{path}", self.address).into_client_request().unwrap();
        if let Some(staff) = staff {
            request.headers_mut().insert("x-staff", staff.parse().unwrap());
        }
        Socket(tokio_tungstenite::connect_async(request).await.unwrap().0)
    }

    async fn phone(&self, token: &str, tab: &str) -> Socket {
        let mut socket = self.open("/ws/guest", None).await;
        socket.say(json!({ "type": "hello", "protocol": PROTOCOL, "session": token, "tab": tab })).await;
        socket
    }

    async fn desk(&self, staff: &str, tab: &str) -> Socket {
        let mut socket = self.open("/ws/desk", Some(staff)).await;
        socket.say(json!({ "type": "hello", "protocol": PROTOCOL, "tab": tab })).await;
        socket
    }

    fn act(&self, act: &Value) -> Value {
        json!({ "type": "in", "contact": self.contact, "act": act })
    }

    /// Alex waits and Sam's page is open.
    async fn waiting(&self) -> (Socket, Socket) {
        let mut desk = self.desk("sam", "desk-tab").await;
        desk.until("ready").await;
        let mut phone = self.phone(&self.session("session").await, "tab").await;
        phone.stage("asked").await;
        phone.say(json!({ "type": "answer", "answer": "type" })).await;
        phone.say(json!({ "type": "knock" })).await;
        phone.stage("waiting").await;
        desk.stage("waiting").await;
        (phone, desk)
    }

    /// They talk; the epoch.
    async fn talking(&self) -> (Socket, Socket, Value) {
        let (mut phone, mut desk) = self.waiting().await;
        desk.say(self.act(&json!({ "do": "admit", "person": "alex" }))).await;
        desk.stage("in").await;
        let epoch = phone.stage("in").await["view"]["stage"]["epoch"].clone();
        (phone, desk, epoch)
    }
}

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn say(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next message but beats, which are answered; the end of the socket is its close code.
    async fn next(&mut self) -> Value {
        let wait = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) => {
                        let message: Value = serde_json::from_str(text.as_str()).unwrap();
                        if message["type"] != "beat" {
                            return message;
                        }
                        self.say(json!({ "type": "beat" })).await;
                    }
                    Some(Ok(Message::Close(frame))) => return json!({ "type": "close", "code": frame.map(|frame| u16::from(frame.code)) }),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => panic!("the socket broke: {error}"),
                    None => panic!("the socket ended without a goodbye"),
                }
            }
        };
        timeout(Duration::from_secs(10), wait).await.expect("a message")
    }

    async fn until(&mut self, kind: &str) -> Value {
        loop {
            let message = self.next().await;
            if message["type"] == kind {
                return message;
            }
            assert_ne!(message["type"], "close", "waiting for {kind}");
        }
    }

    /// The next view in which Alex is at this stage.
    async fn stage(&mut self, stage: &str) -> Value {
        loop {
            let message = self.next().await;
            let at = [&message["view"]["stage"]["name"], &message["view"]["people"][0]["stage"]["name"]];
            if at.contains(&&json!(stage)) {
                return message;
            }
            assert_ne!(message["type"], "close", "waiting for {stage}");
        }
    }

    async fn goodbye(&mut self) -> (Value, Value) {
        let bye = self.until("bye").await["reason"].clone();
        (bye, self.next().await["code"].clone())
    }
}

fn relay_candidate() -> Value {
    json!({ "kind": "candidate", "candidate": "candidate:1 1 UDP 5 203.0.113.9 50000 typ relay raddr 192.168.1.7 rport 5", "mid": "0", "line": 0 })
}

#[tokio::test]
async fn they_talk_and_being_put_back_stops_signals_and_the_relay_at_once_while_texts_go_on() {
    let world = World::new().await;
    let (mut phone, mut desk, epoch) = world.talking().await;
    let granted = lock(&world.relay.asked).clone();
    assert!(granted.len() == 2 && granted.iter().all(|line| line.starts_with("grant ") && !line.ends_with("(own)")), "{granted:?}");

    phone.say(json!({ "type": "signal", "epoch": epoch, "signal": relay_candidate() })).await;
    let signal = desk.until("signal").await;
    assert_eq!(signal["signal"]["candidate"], "candidate:1 1 UDP 5 203.0.113.9 50000 typ relay raddr 0.0.0.0 rport 9");
    assert_eq!((&signal["person"], &signal["epoch"]), (&json!("alex"), &epoch));
    desk.say(world.act(&json!({ "do": "signal", "person": "alex", "epoch": epoch, "signal": relay_candidate() }))).await;
    assert_eq!(phone.until("signal").await["epoch"], epoch);

    desk.say(world.act(&json!({ "do": "put_back", "person": "alex" }))).await;
    phone.stage("waiting").await;
    let revoked: Vec<String> = granted.iter().map(|line| line.replace("grant", "revoke")).collect();
    assert_eq!(lock(&world.relay.asked)[2..], revoked);
    phone.say(json!({ "type": "signal", "epoch": epoch, "signal": relay_candidate() })).await;
    assert_eq!(phone.next().await, json!({ "type": "refused", "code": "not_now", "re": null }));
    phone.say(json!({ "type": "text", "id": "t1", "body": "are you there?" })).await;
    assert_eq!(desk.until("text").await["body"], "are you there?");
}

#[tokio::test]
async fn the_relay_is_told_before_the_view_that_needs_it() {
    let world = World::new().await;
    let (mut phone, mut desk) = world.waiting().await;
    desk.say(world.act(&json!({ "do": "admit", "person": "alex" }))).await;
    let first = phone.next().await;
    assert_eq!((&first["type"], &first["access"]["credential"]), (&json!("relay"), &json!("secret")));
    let second = phone.next().await;
    assert_eq!((&second["view"]["stage"]["name"], &second["view"]["stage"]["epoch"]), (&json!("in"), &first["epoch"]));
    assert_eq!(desk.until("relay").await["epoch"], first["epoch"]);
}

#[tokio::test]
async fn what_can_not_be_written_down_is_not_done_and_works_again_afterwards() {
    let world = World::new().await;
    let (mut phone, mut desk) = world.waiting().await;
    // As a full disk does: nothing can be appended.
    let file = std::fs::read_dir(&world.folder).unwrap().map(|entry| entry.unwrap().path());
    let file = file.filter(|path| path.extension().is_some_and(|end| end == "db" || end == "sqlite"));
    let mut broken = Vec::new();
    for file in file {
        let mut database = sqlx::sqlite::SqliteConnectOptions::new().filename(file).connect().await.unwrap();
        let sql = "CREATE TRIGGER full BEFORE INSERT ON facts BEGIN SELECT RAISE(FAIL, 'full'); END";
        if sqlx::query(sql).execute(&mut database).await.is_ok() {
            broken.push(database);
        }
    }
    assert_eq!(broken.len(), 1, "one database holds the facts");

    desk.say(world.act(&json!({ "do": "admit", "person": "alex" }))).await;
    assert_eq!(desk.next().await, json!({ "type": "refused", "code": "not_kept", "contact": world.contact, "re": null }));
    phone.say(json!({ "type": "choose", "way": "voice" })).await;
    assert_eq!(phone.next().await, json!({ "type": "refused", "code": "not_kept", "re": null }));
    assert_eq!(lock(&world.relay.asked).len(), 0, "nobody was given the relay");
    assert_eq!(world.hub.invite(&world.contact, "another").await, Err(ChangeRefused::NotKept));
    // What needs no writing goes on.
    phone.say(json!({ "type": "text", "id": "t1", "body": "hello" })).await;
    assert_eq!(desk.next().await["type"], "text");

    for mut database in broken {
        sqlx::query("DROP TRIGGER full").execute(&mut database).await.unwrap();
        database.close().await.unwrap();
    }
    desk.say(world.act(&json!({ "do": "admit", "person": "alex" }))).await;
    phone.stage("in").await;
    let written = world.records.facts(&world.contact).await.unwrap().iter().filter_map(sidelight_room::Fact::happening).count();
    assert_eq!(written, 5, "invited, opened, answered, knocked, admitted");
}

#[tokio::test]
async fn a_bad_frame_costs_one_connection_and_nothing_else() {
    let world = World::new().await;
    let (mut phone, mut desk) = world.waiting().await;
    let huge = json!({ "type": "text", "id": "t", "body": "x".repeat(65 * 1024) }).to_string();
    let bad = [
        Message::text("not JSON"),
        Message::text(r#"{"type":"fly"}"#),
        Message::text(r#"{"type":"knock","more":1}"#),
        Message::text(r#"{"type":"text","id":"a b","body":"x"}"#),
        Message::text(format!(r#"{{"type":"text","id":"t","body":"{}"}}"#, "x".repeat(8 * 1024 + 1))),
        Message::text(huge),
        Message::text(" ".repeat(1024 * 1024)),
        Message::binary(vec![1, 2, 3]),
    ];
    for (number, frame) in bad.into_iter().enumerate() {
        phone.0.send(frame).await.unwrap();
        assert_eq!(phone.until("refused").await["code"], "bad_message", "frame {number}");
        assert_eq!(phone.goodbye().await, (json!("misbehaved"), json!(1008)), "frame {number}");
        // The place is kept: the session is not at fault for a page's bad frame.
        phone = world.phone(&world.session("session").await, "tab").await;
        phone.stage("waiting").await;
    }
    desk.say(json!({ "type": "in", "contact": "../etc", "act": { "do": "take" } })).await;
    assert_eq!(desk.until("refused").await["code"], "bad_message");
    assert_eq!(desk.goodbye().await, (json!("misbehaved"), json!(1008)));
}

#[tokio::test]
async fn the_first_message_is_a_good_hello_or_the_socket_is_closed() {
    let world = World::new().await;
    let token = world.session("session").await;
    let hello = |protocol: u32, session: &str| json!({ "type": "hello", "protocol": protocol, "session": session, "tab": "tab" });
    for (first, bye, code) in [
        (json!({ "type": "knock" }), "misbehaved", 1008),
        (hello(PROTOCOL + 1, &token), "reload", 4003),
        (hello(PROTOCOL, "a.b.c"), "no_session", 4002),
    ] {
        let mut socket = world.open("/ws/guest", None).await;
        socket.say(first).await;
        assert_eq!(socket.goodbye().await, (json!(bye), json!(code)));
    }
    let mut nobody = world.open("/ws/desk", None).await;
    nobody.say(json!({ "type": "hello", "protocol": PROTOCOL, "tab": "tab" })).await;
    assert_eq!(nobody.goodbye().await, (json!("no_session"), json!(4002)));
}

#[tokio::test]
async fn who_says_nothing_is_closed_before_or_after_hello() {
    let world = World::new().await;
    let token = world.session("session").await;
    let silent = world.open("/ws/guest", None).await;
    let phone = world.phone(&token, "tab").await;
    let start = std::time::Instant::now();
    // Reads, but answers no beat.
    let closed = |mut socket: Socket| async move {
        loop {
            if let Some(Ok(Message::Close(frame))) = socket.0.next().await {
                return frame.map(|frame| u16::from(frame.code));
            }
        }
    };
    assert_eq!(tokio::join!(closed(silent), closed(phone)), (Some(4004), Some(4004)));
    let took = start.elapsed();
    assert!(took > Duration::from_secs(8) && took < Duration::from_secs(12), "{took:?}");
}

#[tokio::test]
async fn too_many_messages_are_refused_and_then_cost_the_connection() {
    let world = World::new().await;
    let (mut phone, mut desk) = world.waiting().await;
    for number in 0..130 {
        phone.say(json!({ "type": "text", "id": format!("t{number}"), "body": "x" })).await;
    }
    let refused = phone.until("refused").await;
    assert_eq!(refused["code"], "too_fast");
    // The text that wasn't passed on is named, so that the page keeps it and sends it again.
    let re = refused["re"].as_str().unwrap().to_owned();
    for number in 0.. {
        let id = desk.until("text").await["id"].as_str().unwrap().to_owned();
        assert_ne!(id, re);
        if number == 110 {
            break;
        }
    }
    for number in 0..300 {
        // The socket may be closed already.
        let _closed = phone.0.send(Message::text(json!({ "type": "ack", "id": format!("a{number}"), "proof": "" }).to_string())).await;
    }
    assert_eq!(phone.goodbye().await, (json!("misbehaved"), json!(1008)));
}

#[tokio::test]
async fn anothers_contact_is_like_none() {
    let world = World::new().await;
    let (_phone, _desk) = world.waiting().await;
    let mut other = world.desk("robin", "desk-tab").await;
    assert_eq!(other.next().await["type"], "welcome");
    assert_eq!(other.next().await["type"], "duty");
    assert_eq!(other.next().await["type"], "ready", "no contact of another is shown");
    for contact in [world.contact.as_str(), "nothing"] {
        other.say(json!({ "type": "in", "contact": contact, "act": { "do": "admit", "person": "alex" } })).await;
        assert_eq!(other.next().await, json!({ "type": "refused", "code": "unknown", "contact": contact, "re": null }));
    }
}

#[tokio::test]
async fn a_new_contact_and_a_change_are_shown_at_once() {
    let world = World::new().await;
    let mut desk = world.desk("sam", "desk-tab").await;
    desk.until("ready").await;
    let mut planned = details();
    let made = world.records.new_contact("sam", &planned, now()).await.unwrap();
    world.hub.contact_made(&made).await;
    assert_eq!(desk.next().await["view"]["id"], made);
    planned.reference = "KL-12".into();
    world.records.change_contact(&made, &planned).await.unwrap();
    world.hub.details_changed(&made).await.unwrap();
    assert_eq!(desk.next().await["view"]["details"]["reference"], "KL-12");
    assert_eq!(world.hub.details_changed("nothing").await, Err(ChangeRefused::Unknown));
    planned.starts_at = now() + 48 * 3600;
    let far = world.records.new_contact("sam", &planned, now()).await.unwrap();
    world.hub.contact_made(&far).await;
    world.hub.revoke(&world.contact, None).await.unwrap();
    // The one the day after tomorrow isn't among today's.
    let next = desk.next().await;
    assert_eq!((&next["view"]["id"], &next["view"]["link"]), (&json!(world.contact), &json!(false)));
}

#[tokio::test]
async fn signing_out_closes_that_sign_ins_pages_only_and_the_guest_sees_the_desk_gone() {
    let world = World::new().await;
    let (mut phone, mut desk) = world.waiting().await;
    world.hub.close_sign_in("sign-in of robin").await;
    world.hub.close_sign_in("sign-in of sam").await;
    assert_eq!(desk.goodbye().await, (json!("no_session"), json!(4002)));
    assert_eq!(phone.next().await["view"]["stage"]["desk"], false);
}

#[tokio::test]
async fn another_tab_of_the_session_takes_over() {
    let world = World::new().await;
    let (mut phone, _desk) = world.waiting().await;
    let mut second = world.phone(&world.session("session").await, "second-tab").await;
    second.stage("waiting").await;
    assert_eq!(phone.goodbye().await, (json!("other_tab"), json!(4001)));
}

#[tokio::test]
async fn another_browser_waits_until_the_desk_moves_the_place_to_it() {
    let world = World::new().await;
    let (mut phone, mut desk) = world.waiting().await;
    let mut other = world.phone(&world.session("another").await, "another-tab").await;
    other.stage("told").await;
    assert_eq!(world.presses_continue("a third").await, Err(RedeemRefused::PlaceTaken));
    desk.say(json!({ "type": "in", "contact": world.contact, "act": { "do": "move", "person": "alex" } })).await;
    assert_eq!(phone.until("view").await["view"]["stage"], json!({ "name": "over", "why": "moved" }));
    assert_eq!(phone.goodbye().await, (json!("over"), json!(1000)));
    other.stage("asked").await;
}

#[tokio::test]
async fn a_restart_says_back_in_a_moment_and_both_come_back_into_the_conversation() {
    let mut world = World::new().await;
    let (mut phone, mut desk, epoch) = world.talking().await;
    let token = world.session("session").await;
    let both = async { (phone.goodbye().await, desk.goodbye().await) };
    let back = || (json!("back_in_a_moment"), json!(1012));
    let start = std::time::Instant::now();
    let hub = world.hub.clone();
    assert_eq!(tokio::join!(both, hub.shutdown()).0, (back(), back()));
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    world.restarted().await;
    let mut desk = world.desk("sam", "desk-tab").await;
    let mut phone = world.phone(&token, "tab").await;
    let again = phone.stage("in").await["view"]["stage"]["epoch"].clone();
    assert!(again.as_u64() > epoch.as_u64(), "a new connection");
    phone.say(json!({ "type": "signal", "epoch": again, "signal": relay_candidate() })).await;
    assert_eq!(desk.until("signal").await["epoch"], again);
}

#[tokio::test]
async fn leaving_by_request_closes_the_page_and_finishes_the_link() {
    let world = World::new().await;
    let (mut phone, mut desk, _) = world.talking().await;
    world.hub.leave(&world.contact, "alex", "session", Leaving::Exit).await;
    assert_eq!(phone.until("view").await["view"]["stage"], json!({ "name": "over", "why": "left" }));
    assert_eq!(phone.goodbye().await, (json!("over"), json!(1000)));
    assert_eq!(desk.stage("left").await["view"]["people"][0]["stage"]["how"], "exit");
    assert_eq!(lock(&world.relay.asked).iter().filter(|line| line.starts_with("revoke")).count(), 2);
    assert_eq!(world.presses_continue("again").await, Err(RedeemRefused::Finished));
}

#[test]
fn a_page_that_does_not_read_is_closed_as_too_slow_and_its_queue_stays_bounded() {
    use crate::connection::outbox::{Closing, Space, outbox};
    let closing = |outbox: &Outbox| futures_util::FutureExt::now_or_never(outbox.closing());
    let (few, _inbox) = outbox(Space { messages: 3, bytes: 1000 });
    (0..3).for_each(|_| few.send(&"x"));
    assert_eq!(closing(&few), None);
    few.send(&"x");
    assert_eq!(closing(&few), Some(Closing::Bye(Bye::TooSlow)));
    let (small, _inbox) = outbox(Space { messages: 100, bytes: 10 });
    small.send(&"12345678");
    assert_eq!(closing(&small), None);
    small.send(&"1");
    assert_eq!(closing(&small), Some(Closing::Bye(Bye::TooSlow)));
    small.close(Bye::Over);
    assert_eq!(closing(&small), Some(Closing::Bye(Bye::TooSlow)), "the first reason counts");
}
