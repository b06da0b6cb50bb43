//! Pages that are none: frames as large as can be, messages in a thousand pieces, who never reads, who comes back and back.

use crate::long;
use sidelight_e2e::folder::Folder;
use sidelight_e2e::service::{Service, Settings};
use sidelight_e2e::visitor::{Dice, Port, Practitioner, Stream, hello, joins, p99};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

/// Bytes by which the service may grow while all of them are at it.
const GROWTH: u64 = 100_000_000;

/// Bytes by which it may have grown when a storm is over.
const KEPT: u64 = 20_000_000;

/// How a page misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// One frame that says that it is a gigabyte.
    Huge,
    /// A message in pieces, which never ends.
    Pieces,
    /// Pings without an end, whose answers are never read.
    NeverReads,
    /// Empty pieces, which cost the sender next to nothing.
    EmptyPieces,
}

const WAYS: [Way; 4] = [Way::Huge, Way::Pieces, Way::NeverReads, Way::EmptyPieces];

/// A frame of a client, masked with zeros.
fn frame(first: u8, says: u64, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match says {
        0..126 => frame.push(0x80 | says as u8),
        126..65_536 => {
            frame.push(0x80 | 126);
            frame.extend((says as u16).to_be_bytes());
        }
        _ => {
            frame.push(0x80 | 127);
            frame.extend(says.to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

/// An open socket whose frames are made by hand, after hello.
async fn open(port: &Port, dice: &mut Dice, session: &str) -> io::Result<Box<dyn Stream>> {
    let mut stream = port.connect(dice.address()).await?;
    let more = "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    stream.write_all(port.head("GET", "/ws/guest", more).as_bytes()).await?;
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let hello = hello(session).to_string();
    stream.write_all(&frame(0x81, hello.len() as u64, hello.as_bytes())).await?;
    Ok(stream)
}

/// Misbehaves until it is thrown out, or gives up after a minute; how long it was let.
async fn misbehave(port: &Port, way: Way, dice: &mut Dice, session: &str) -> io::Result<Duration> {
    let mut stream = open(port, dice, session).await?;
    let start = Instant::now();
    let piece = vec![b'a'; 16 * 1024];
    let (first, next) = match way {
        Way::Huge => (frame(0x81, 1 << 30, &piece), piece),
        Way::Pieces => (frame(0x01, 1_000, &piece[..1_000]), frame(0x00, 1_000, &piece[..1_000])),
        Way::NeverReads => (frame(0x89, 100, &piece[..100]), frame(0x89, 100, &piece[..100])),
        Way::EmptyPieces => (frame(0x01, 0, b""), frame(0x00, 0, b"").repeat(500)),
    };
    let sending = async {
        let mut sent = stream.write_all(&first).await;
        while sent.is_ok() && start.elapsed() < Duration::from_secs(60) {
            sent = stream.write_all(&next).await;
            if way == Way::NeverReads || way == Way::EmptyPieces {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    };
    sending.await;
    Ok(start.elapsed())
}

async fn service() -> (Service, Port, Practitioner, Folder) {
    let data = Folder::new("floods");
    let service = Service::start(&Settings::new(data.path(), "http://127.0.0.1:9/weather")).await;
    let port = Port::of(&service);
    let sam = Practitioner::first(&service, &port).await;
    (service, port, sam, data)
}

/// A session that came by a link.
async fn session(port: &Port, sam: &Practitioner, seed: u64) -> String {
    let (_, link) = sam.plan(&mut Dice(seed << 20), 0, false).await;
    let mut visitor = port.visitor([127, 0, 0, 1].into()).await.expect("it listens");
    let reply = visitor.redeem(&link, false, "").await.expect("it answers");
    reply.json()["session"].as_str().expect("is let in").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn huge_and_endless_messages_and_who_never_reads_are_thrown_out_and_hold_nobody_up() {
    let count: u64 = if long() { 100 } else { 24 };
    let (service, port, sam, _data) = service().await;
    // Each has a place of its own: whoever comes by another's session takes their line away.
    let mut sessions = Vec::new();
    for number in 0..count {
        sessions.push(session(&port, &sam, number + 1).await);
    }
    let links = sam.links(20).await;
    let over = Arc::new(AtomicBool::new(false));
    let joining = tokio::spawn(joins(port.clone(), links, Duration::from_millis(if long() { 500 } else { 150 }), over.clone()));
    let before = service.memory().expect("it runs");
    let rude: Vec<_> = (0..count)
        .map(|number| {
            let (port, session) = (port.clone(), sessions[number as usize].clone());
            tokio::spawn(async move {
                let way = WAYS[number as usize % WAYS.len()];
                (way, misbehave(&port, way, &mut Dice(number), &session).await)
            })
        })
        .collect();
    let mut most = before;
    let mut longest = [Duration::ZERO; WAYS.len()];
    for (number, one) in rude.into_iter().enumerate() {
        let (way, let_be) = one.await.expect("misbehaves to the end");
        // Thrown out before it had said hello is thrown out.
        let let_be = let_be.unwrap_or_default();
        assert!(let_be < Duration::from_secs(40), "{way:?} was let for {let_be:?}");
        longest[number % WAYS.len()] = longest[number % WAYS.len()].max(let_be);
        most = most.max(service.memory().expect("it still runs"));
    }
    over.store(true, Ordering::Relaxed);
    let mut took = joining.await.expect("joins to the end");
    let grown = most.saturating_sub(before) / 1024;
    println!("{count} thrown out, {WAYS:?} after at most {longest:?}; {grown} kB more; {} joins, p99 {:?}", took.len(), p99(&mut took));
    assert!(most < before + GROWTH, "{grown} kB more");
    assert!(p99(&mut took) < Duration::from_secs(1));
    // The control: who sends whole messages of an ordinary size, and reads, is let be.
    let mut stream = open(&port, &mut Dice(99), &sessions[0]).await.expect("opens");
    let beat = br#"{"type":"beat"}"#;
    let mut buffer = [0; 4096];
    for _ in 0..20 {
        stream.write_all(&frame(0x81, beat.len() as u64, beat)).await.expect("is open");
        while let Ok(read) = timeout(Duration::from_millis(100), stream.read(&mut buffer)).await {
            assert!(matches!(read, Ok(1..)), "it was closed");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_of_reconnects_holds_nobody_up() {
    let count: u64 = if long() { 40_000 } else { 5_000 };
    let (service, port, sam, _data) = service().await;
    let session = session(&port, &sam, 1).await;
    let links = sam.links(if long() { 120 } else { 30 }).await;
    let over = Arc::new(AtomicBool::new(false));
    let joining = tokio::spawn(joins(port.clone(), links, Duration::from_millis(100), over.clone()));
    // What is grown once isn't grown a second time.
    storm(&port, &session, count / 4).await;
    let before = service.memory().expect("it runs");
    let start = Instant::now();
    storm(&port, &session, count).await;
    let lasted = start.elapsed();
    over.store(true, Ordering::Relaxed);
    let mut took = joining.await.expect("joins to the end");
    // Who has gone holds a place for some seconds still.
    let settling = Instant::now();
    let mut grown = u64::MAX;
    while grown > KEPT && settling.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep(Duration::from_millis(100)).await;
        grown = service.memory().expect("it still runs").saturating_sub(before);
    }
    println!("{count} reconnects in {lasted:?}; {} kB more; {} joins, p99 {:?}", grown / 1024, took.len(), p99(&mut took));
    assert!(grown <= KEPT, "{grown} bytes more");
    assert!(p99(&mut took) < Duration::from_secs(1));
}

/// Fifty at a time open a socket, say hello with one and the same session, and are gone.
async fn storm(port: &Port, session: &str, count: u64) {
    let one = async |port: Port, session: String, seed: u64| {
        let mut dice = Dice(seed << 33);
        for _ in 0..count / 50 {
            let mut socket = port.socket(dice.address(), "/ws/guest", "").await.expect("opens");
            socket.say(hello(&session)).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let all: Vec<_> = (0..50).map(|seed| one(port.clone(), session.to_owned(), seed)).collect();
    futures_util::future::join_all(all).await;
}
