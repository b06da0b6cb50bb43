//! Requests to the relay from those who have no credential: they cost no memory, and whoever talks doesn't hear them.

use crate::long;
use sidelight_e2e::coturn::{SECRET, Transport};
use sidelight_e2e::folder::Folder;
use sidelight_e2e::ports::free_port;
use sidelight_e2e::service::{Service, Settings};
use sidelight_e2e::talker::{Credential, Frame, Talker};
use sidelight_e2e::visitor::{Dice, Port};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UdpSocket;
use turn_types::attribute::{ChannelNumber, Lifetime, XorPeerAddress};
use turn_types::message::{CHANNEL_BIND, REFRESH};

/// Datagrams a second. Faster than the relay's one thread reads, the kernel drops anybody's: that is the machine's limit and not what is
/// tried here.
const A_SECOND: u64 = 25_000;

/// Datagrams of one address in a row.
const OF_ONE: u64 = 500;

/// Of all requests, one in so many comes by TCP.
const BY_TCP: u64 = 20;

/// Requests of one stream.
const OF_A_STREAM: u64 = 1_000;

/// Bytes by which the service may grow.
const GROWTH: u64 = 20_000_000;

/// How often each side of the call speaks.
const PACE: Duration = Duration::from_millis(20);

const COOKIE: [u8; 4] = [0x21, 0x12, 0xA4, 0x42];

/// Binding, Allocate without a credential, or garbage.
fn request(dice: &mut Dice) -> Vec<u8> {
    let (name, kind) = (dice.roll().to_be_bytes(), dice.roll() % 3);
    match kind {
        0 => [&[0, 1, 0, 0], &COOKIE[..], &name, &[0; 4]].concat(),
        1 => [&[0, 3, 0, 8], &COOKIE[..], &name, &[0; 4], &[0, 0x19, 0, 4, 17, 0, 0, 0]].concat(),
        _ => {
            let length = 20 + dice.roll() as usize % 60;
            let mut garbage: Vec<u8> = std::iter::repeat_with(|| dice.roll() as u8).take(length).collect();
            garbage[0] &= 0x3F;
            garbage
        }
    }
}

/// As many datagrams, at most so many a second, from ever other addresses. Answers are not read, as those of a forger aren't.
async fn datagrams(server: SocketAddr, count: u64) {
    let mut dice = Dice(count);
    let start = Instant::now();
    let mut sent = 0;
    while sent < count {
        let socket = UdpSocket::bind((dice.address(), 0)).await.expect("a free port");
        socket.connect(server).await.expect("the relay's address is right");
        for _ in 0..OF_ONE.min(count - sent) {
            let _dropped = socket.send(&request(&mut dice)).await;
            sent += 1;
            if sent % 50 == 0 {
                let due = Duration::from_micros(sent * 1_000_000 / A_SECOND);
                if let Some(early) = due.checked_sub(start.elapsed()).filter(|early| early.as_millis() > 0) {
                    tokio::time::sleep(early).await;
                }
            }
        }
    }
}

/// As many requests by streams, at the relay's own port and at the web's in turns.
async fn streams(ports: [Port; 2], count: u64) {
    let mut dice = Dice(count + 1);
    let mut sent = 0;
    while sent < count {
        let mut stream = ports[(sent / OF_A_STREAM) as usize % 2].tcp(dice.address()).await.expect("strangers are let in too");
        let mut buffer = [0; 16 * 1024];
        for _ in 0..OF_A_STREAM.min(count - sent) {
            let mut bytes = request(&mut dice);
            // What says that it is longer than it is would only be waited for: streams get whole frames.
            let says = u16::try_from(bytes.len() - 20).expect("is short").to_be_bytes();
            bytes[2..4].copy_from_slice(&says);
            bytes.resize(bytes.len().next_multiple_of(4), 0);
            sent += 1;
            if stream.write_all(&bytes).await.is_err() {
                break;
            }
            while let Ok(Ok(1..)) = tokio::time::timeout(Duration::ZERO, stream.read(&mut buffer)).await {}
        }
    }
}

/// How often each side says again what it needs, which lasts for five minutes.
const AGAIN: u32 = 5_000;

/// Waits until the relay has read what was thrown at it: what is asked before that, the kernel may drop.
async fn reads_again(relay: SocketAddr) {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    socket.connect(relay).await.expect("the relay's address is right");
    let binding = [&[0, 1, 0, 0], &COOKIE[..], &[7; 12]].concat();
    for _ in 0..60 {
        let _dropped = socket.send(&binding).await;
        if tokio::time::timeout(Duration::from_secs(1), socket.recv(&mut [0; 100])).await.is_ok() {
            return;
        }
    }
    panic!("the relay answers nobody any more");
}

/// Two who talk, each saying a packet every so often.
struct Call {
    ends: [Talker; 2],
    /// Where each is reached.
    at: [SocketAddr; 2],
}

impl Call {
    async fn start(relay: SocketAddr) -> Call {
        let mut ends = Vec::new();
        for name in ["a", "b"] {
            let mut talker = Talker::new(relay, Transport::Udp, &Credential::made(SECRET, 7_200, &format!("room:call:{name}"))).await;
            let at = talker.allocate().await.expect("a good credential");
            ends.push((talker, at));
        }
        let ((mut b, b_at), (mut a, a_at)) = (ends.pop().expect("two"), ends.pop().expect("two"));
        assert_eq!((a.bind(0x4001, b_at).await, b.bind(0x4001, a_at).await), (Some(0), Some(0)));
        Call { ends: [a, b], at: [a_at, b_at] }
    }

    /// Talks until it is over; of how many packets how many were lost.
    async fn talk(self, over: Arc<AtomicBool>) -> (u64, u64) {
        let ([mut a, mut b], [a_at, b_at]) = (self.ends, self.at);
        let mut round = 0_u32;
        let (said, heard) = (AtomicU64::new(0), AtomicU64::new(0));
        let mut tick = tokio::time::interval(PACE);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut last_word = None;
        loop {
            tokio::select! {
                biased;
                frame = a.next_within(Duration::from_secs(60)) => count(&heard, frame),
                frame = b.next_within(Duration::from_secs(60)) => count(&heard, frame),
                _ = tick.tick() => {
                    // What is on its way when it is over has a second to come.
                    if over.load(Ordering::Relaxed) {
                        let since = *last_word.get_or_insert_with(Instant::now);
                        if since.elapsed() > Duration::from_secs(1) {
                            break;
                        }
                        continue;
                    }
                    round += 1;
                    for (end, other) in [(&mut a, b_at), (&mut b, a_at)] {
                        if round.is_multiple_of(AGAIN) {
                            let peer = XorPeerAddress::new(other, end.next_transaction());
                            let again = [
                                end.request(CHANNEL_BIND, &[&ChannelNumber::new(0x4001), &peer]),
                                end.request(REFRESH, &[&Lifetime::new(600)]),
                            ];
                            for request in again {
                                end.send(&request).await;
                            }
                        }
                        end.say(0x4001, &[7; 60]).await;
                    }
                    said.fetch_add(2, Ordering::Relaxed);
                }
            }
        }
        let (said, heard) = (said.into_inner(), heard.into_inner());
        (said, said.saturating_sub(heard))
    }
}

fn count(heard: &AtomicU64, frame: Option<Frame>) {
    if matches!(frame, Some(Frame::Channel(0x4001, _))) {
        heard.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_million_requests_of_strangers_fill_nothing_and_are_not_heard_in_a_call() {
    let count: u64 = if long() { 10_000_000 } else { 150_000 };
    let data = Folder::new("strangers");
    let (udp, tcp) = (free_port(), free_port());
    let mut settings = Settings::new(data.path(), "http://127.0.0.1:9/weather");
    settings.set("relay.udp_port", &udp.to_string()).set("relay.tcp_port", &tcp.to_string()).set("relay.secret", SECRET);
    let service = Service::start(&settings).await;
    let web = Port::of(&service);
    let own = web.at((Ipv4Addr::LOCALHOST, tcp).into());
    let relay = SocketAddr::from((Ipv4Addr::LOCALHOST, udp));
    let throw = async |count: u64| {
        let by_tcp = count / BY_TCP;
        let streams = tokio::spawn(streams([own.clone(), web.clone()], by_tcp));
        let datagrams = tokio::spawn(datagrams(relay, count - by_tcp));
        streams.await.expect("throws to the end");
        datagrams.await.expect("throws to the end");
    };
    // What is grown once isn't grown a second time: threads' stacks, buffers, pages of the allocator.
    throw(20_000).await;
    reads_again(relay).await;
    let before = service.memory().expect("it runs");
    let over = Arc::new(AtomicBool::new(false));
    let call = tokio::spawn(Call::start(relay).await.talk(over.clone()));
    let start = Instant::now();
    let throwing = async {
        throw(count).await;
        over.store(true, Ordering::Relaxed);
    };
    let watching = async {
        let mut most = before;
        while !over.load(Ordering::Relaxed) {
            most = most.max(service.memory().expect("it still runs"));
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        most
    };
    let ((), most) = tokio::join!(throwing, watching);
    let lasted = start.elapsed();
    let (said, lost) = call.await.expect("talks to the end");
    println!(
        "{count} requests of strangers in {lasted:?}; {} kB before, at most {} kB more; {lost} of {said} packets of the call lost",
        before / 1024,
        most.saturating_sub(before) / 1024
    );
    assert!(most <= before + GROWTH, "{before} bytes before, {most} at most");
    assert!(said > 100 && lost * 100 < said, "{lost} of {said} lost");

    reads_again(relay).await;
    // The controls: memory that is held is seen, and so is a call that loses its way.
    let mut held = Vec::new();
    let before = service.memory().expect("it runs");
    for _ in 0..1_500 {
        let mut stream = own.tcp(Ipv4Addr::LOCALHOST).await.expect("is let in");
        stream.write_all(&[0, 1]).await.expect("is open");
        held.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let grown = service.memory().expect("it runs").saturating_sub(before);
    assert!(grown > GROWTH / 4, "fifteen hundred streams take {grown} bytes");
    let mut broken = Call::start(relay).await;
    assert_eq!(broken.ends[1].refresh(0).await, Some(0));
    let over = Arc::new(AtomicBool::new(false));
    let talk = tokio::spawn(broken.talk(over.clone()));
    tokio::time::sleep(Duration::from_secs(1)).await;
    over.store(true, Ordering::Relaxed);
    let (said, lost) = talk.await.expect("talks to the end");
    assert!(said > 10 && lost == said, "{lost} of {said}");
}
