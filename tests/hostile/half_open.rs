//! Requests that begin and never end: each holds a place, and is to lose it within ten seconds.

use crate::long;
use sidelight_e2e::folder::Folder;
use sidelight_e2e::service::{Service, Settings};
use sidelight_e2e::visitor::{Dice, Port, Practitioner, joins, p99};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The longest that a stranger may hold a place.
const HELD: Duration = Duration::from_secs(10);

/// How a request is left half done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Half {
    Nothing,
    Handshake,
    DrippingHead,
    DrippingBody,
    SocketWithoutHello,
    RelayWithoutRequest,
    Http2WithoutRequest,
}

const HALVES: [Half; 7] = [
    Half::Nothing,
    Half::Handshake,
    Half::DrippingHead,
    Half::DrippingBody,
    Half::SocketWithoutHello,
    Half::RelayWithoutRequest,
    Half::Http2WithoutRequest,
];

/// A whole head whose body never ends.
fn body_begun(port: &Port) -> String {
    port.head("POST", "/api/redeem", "content-type: application/json\r\ncontent-length: 4000\r\n") + "{"
}

fn upgrade(port: &Port) -> String {
    let more = "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    port.head("GET", "/ws/guest", more)
}

/// Begins, drips on where that is its way, and waits until it is closed; for how long it was held. Counted from when the stranger had its
/// connection, which is before the handshake of TLS.
async fn hold(port: &Port, half: Half, dice: &mut Dice) -> io::Result<Duration> {
    let bare = port.tcp(dice.address()).await?;
    let start = Instant::now();
    let (bytes, drips): (Vec<u8>, bool) = match half {
        Half::Nothing => (Vec::new(), false),
        Half::Handshake => (vec![0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3], true),
        Half::DrippingHead => (b"GET / HTTP/1.1\r\nhost: x\r\nx-y: ".to_vec(), true),
        Half::DrippingBody => (body_begun(port).into_bytes(), true),
        Half::SocketWithoutHello => (upgrade(port).into_bytes(), false),
        Half::RelayWithoutRequest => (vec![0, 3, 0, 8], false),
        Half::Http2WithoutRequest => (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec(), false),
    };
    let mut stream: Box<dyn sidelight_e2e::visitor::Stream> = match half {
        Half::Nothing | Half::Handshake => Box::new(bare),
        _ => port.over(bare).await?,
    };
    stream.write_all(&bytes).await?;
    let mut buffer = [0; 1024];
    let mut drip = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            read = stream.read(&mut buffer) => if !matches!(read, Ok(1..)) { return Ok(start.elapsed()) },
            // Closing shows in the reading; dripping goes on as long as there is one.
            _ = drip.tick(), if drips => { let _closed = stream.write_all(b"a").await; }
        }
        if start.elapsed() > HELD * 3 {
            return Ok(start.elapsed());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn five_thousand_half_open_requests_are_closed_in_ten_seconds_and_hold_nobody_up() {
    let count: u64 = if long() { 5_000 } else { 700 };
    let data = Folder::new("half-open");
    let mut settings = Settings::new(data.path(), "http://127.0.0.1:9/weather");
    settings.under_tls(data.path());
    let service = Service::start(&settings).await;
    let port = Port::under_tls(&service, data.path());
    let sam = Practitioner::first(&service, &port).await;
    let links = sam.links(if long() { 120 } else { 40 }).await;
    let over = Arc::new(AtomicBool::new(false));
    let pace = Duration::from_millis(if long() { 20 } else { 150 });
    let joining = tokio::spawn(joins(port.clone(), links, pace, over.clone()));
    let strangers: Vec<_> = (0..count)
        .map(|number| {
            let port = port.clone();
            tokio::spawn(async move {
                // All of them together, but no more handshakes in a second than the machine can do.
                tokio::time::sleep(Duration::from_millis(number)).await;
                let half = HALVES[number as usize % HALVES.len()];
                (half, hold(&port, half, &mut Dice(number)).await)
            })
        })
        .collect();
    let mut longest: std::collections::BTreeMap<Half, Duration> = Default::default();
    for stranger in strangers {
        let (half, held) = stranger.await.expect("holds on to the end");
        let held = held.unwrap_or_else(|error| panic!("{half:?}: {error}"));
        let most = longest.entry(half).or_default();
        *most = held.max(*most);
    }
    over.store(true, Ordering::Relaxed);
    let mut took = joining.await.expect("joins to the end");
    println!(
        "{count} half-open requests, held for at most {longest:?}; {} joins, p99 {:?}, longest {:?}",
        took.len(),
        p99(&mut took),
        took.last()
    );
    assert!(longest.len() == HALVES.len() && longest.values().all(|held| *held <= HELD), "{longest:?}");
    assert!(took.len() >= 10 && p99(&mut took) < Duration::from_secs(1));
}

#[tokio::test]
async fn whoever_says_what_is_expected_is_not_closed_with_them() {
    // The control: a socket that says hello, and a connection that asks and asks again, last longer than any stranger.
    let data = Folder::new("half-open");
    let service = Service::start(&Settings::new(data.path(), "http://127.0.0.1:9/weather")).await;
    let port = Port::of(&service);
    let sam = Practitioner::first(&service, &port).await;
    let (_, link) = sam.plan(&mut Dice(1), 0, false).await;
    let mut visitor = port.visitor([127, 0, 0, 1].into()).await.expect("it listens");
    let session = visitor.redeem(&link, false, "").await.expect("it answers").json()["session"].as_str().expect("is let in").to_owned();
    let mut socket = port.socket([127, 0, 0, 1].into(), "/ws/guest", "").await.expect("opens");
    socket.say(sidelight_e2e::visitor::hello(&session)).await;
    let start = Instant::now();
    while start.elapsed() < HELD + Duration::from_secs(1) {
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert!(socket.say(serde_json::json!({ "type": "beat" })).await, "closed after {:?}", start.elapsed());
        assert_eq!(visitor.ask("GET", "/healthz", "", &serde_json::Value::Null).await.expect("is still open").status, 200);
    }
}
