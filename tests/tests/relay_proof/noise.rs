//! Noise: random and damaged datagrams and streams, from strangers and from people with a credential. The relay breaks
//! nowhere, keeps nothing, answers no longer than it may, and serves the next call as if nothing had been.
//!
//! The noise is made from a number that the test prints, so that a run can be played again.

use crate::{Relay, SECRET, Transport, long};
use sidelight_e2e::talker::{Credential, Frame, Talker, channel_data};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use turn_types::attribute::{ChannelNumber, EvenPort, Lifetime, RequestedTransport, XorPeerAddress};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH};

/// An answer to a stranger may be this much longer than the question: what a refusal needs, and no lever for a flood.
const LONGER: usize = 200;

/// Kilobytes by which the service may grow over all the noise, once warmed up: a few streams' buffers and what the system's
/// allocator holds back. A leak of one byte for each of a million would show.
const GROWTH: u64 = 8 * 1024;

/// Of so many pieces of noise, the share that comes as streams: each costs a connection.
const STREAMS: u64 = 20;

/// Datagrams between two looks at what was answered: few enough to wait in the relay's socket together.
const BATCH: usize = 32;

/// splitmix64: noise that can be made again from its number.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        self.next() as usize % most.max(1)
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next() as u8).collect()
    }

    /// One piece: random bytes, what begins as STUN and lies, a list of known attributes with any content, or a real request
    /// that was damaged.
    fn piece(&mut self, real: &[Vec<u8>]) -> Vec<u8> {
        match self.below(10) {
            0 => {
                let count = self.below(100);
                self.bytes(count)
            }
            1 => {
                let count = self.below(2_100);
                self.bytes(count)
            }
            2 | 3 => {
                let body = self.below(200);
                let length = if self.below(2) == 0 { body } else { self.below(70_000) };
                let mut bytes = self.header(length);
                bytes.extend(self.bytes(body));
                bytes
            }
            4 | 5 => {
                let mut body = Vec::new();
                for _ in 0..self.below(8) {
                    let value = self.below(40);
                    let kind = if self.below(4) == 0 { self.next() as u16 } else { self.below(0x30) as u16 };
                    body.extend(kind.to_be_bytes());
                    let length = if self.below(8) == 0 { self.below(70_000) } else { value };
                    body.extend((length as u16).to_be_bytes());
                    body.extend(self.bytes(value.next_multiple_of(4)));
                }
                let mut bytes = self.header(body.len());
                bytes.extend(body);
                bytes
            }
            _ => {
                let mut bytes = real[self.below(real.len())].clone();
                for _ in 0..1 + self.below(3) {
                    let at = self.below(bytes.len());
                    match self.below(4) {
                        0 if !bytes.is_empty() => bytes[at] = self.next() as u8,
                        1 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                        2 => bytes.truncate(at),
                        _ => bytes.insert(at, self.next() as u8),
                    }
                }
                bytes
            }
        }
    }

    fn header(&mut self, length: usize) -> Vec<u8> {
        const KINDS: [u16; 12] = [0x0001, 0x0003, 0x0004, 0x0006, 0x0008, 0x0009, 0x000A, 0x0011, 0x0016, 0x0017, 0x0103, 0x0113];
        let kind = if self.below(5) == 0 { self.next() as u16 & 0x3FFF } else { KINDS[self.below(KINDS.len())] };
        let mut bytes = kind.to_be_bytes().to_vec();
        bytes.extend((length as u16).to_be_bytes());
        bytes.extend(if self.below(10) == 0 { [0; 4] } else { [0x21, 0x12, 0xA4, 0x42] });
        bytes.extend(self.bytes(12));
        bytes
    }
}

/// What a real client sends, proved by a credential of its own: to be damaged.
async fn real(server: SocketAddr) -> Vec<Vec<u8>> {
    let mut talker = Talker::new(server, Transport::Udp, &Credential::made(SECRET, 3_600, "room:noise:model")).await;
    let us = talker.allocate().await.expect("a good credential");
    let peer = XorPeerAddress::new(us, talker.next_transaction());
    let mut frames = vec![talker.request(CREATE_PERMISSION, &[&peer])];
    let peer = XorPeerAddress::new(us, talker.next_transaction());
    frames.push(talker.request(CHANNEL_BIND, &[&ChannelNumber::new(0x4000), &peer]));
    frames.push(talker.request(REFRESH, &[&Lifetime::new(600)]));
    frames.push(talker.request(ALLOCATE, &[&RequestedTransport::new(17), &EvenPort::new(true)]));
    frames.push(channel_data(0x4000, b"sound and picture"));
    // Given back, or the damaged ones that still work would be somebody's.
    assert_eq!(talker.refresh(0).await, Some(0));
    frames
}

fn resident_kilobytes(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("Linux tells it");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Throws datagrams from strangers' sockets, reading every answer; how many answers there were, and the longest lever.
async fn datagrams(server: SocketAddr, seed: u64, count: u64, real: &[Vec<u8>]) -> (u64, usize) {
    let mut noise = Noise(seed);
    let (mut answers, mut lever) = (0, 0);
    let mut buffer = [0; 4096];
    let mut thrown = 0;
    while thrown < count {
        for _ in 0..100 {
            // Each time somebody else: a stranger is answered only so often.
            let from = Ipv4Addr::new(127, 1 + noise.below(250) as u8, noise.below(256) as u8, 1 + noise.below(250) as u8);
            let socket = UdpSocket::bind((from, 0)).await.expect("a free port");
            socket.connect(server).await.expect("the relay's address is right");
            let mut asked = Vec::new();
            for _ in 0..BATCH {
                let piece = noise.piece(real);
                let _ = socket.send(&piece).await;
                asked.push(piece);
                thrown += 1;
            }
            // What every relay answers to anybody. After it nothing more comes: all of the batch was looked at.
            let last = noise.bytes(12);
            let _ = socket.send(&[&[0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42], &last[..]].concat()).await;
            loop {
                let answer = tokio::time::timeout(Duration::from_secs(5), socket.recv(&mut buffer)).await;
                let size = answer.expect("the relay still answers").expect("its port is open");
                let name = &buffer[8..20.min(size)];
                if name == last {
                    break;
                }
                // Damaged requests may share a name: then it was the shortest that had this answer.
                let questions = asked.iter().filter(|piece| piece.get(8..20) == Some(name));
                let question = questions.map(Vec::len).min().expect("an answer to what was asked");
                answers += 1;
                lever = lever.max(size.saturating_sub(question));
            }
        }
    }
    (answers, lever)
}

/// Which door streams are thrown at.
enum Door {
    Relay,
    /// The first byte decides whose it is: HTTP, TLS and STUN are all begun and broken off.
    Web,
    /// The same behind TLS; some are thrown at the outside, most inside.
    Tls(TlsConnector),
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl Door {
    async fn open(&self, server: SocketAddr, noise: &mut Noise) -> Option<Box<dyn Stream>> {
        let stream = TcpStream::connect(server).await.ok()?;
        match self {
            Door::Tls(connector) if noise.below(4) != 0 => {
                let inside = connector.connect(ServerName::from(std::net::IpAddr::from(Ipv4Addr::LOCALHOST)), stream).await;
                Some(Box::new(inside.expect("whoever speaks TLS is let in")))
            }
            Door::Relay | Door::Web | Door::Tls(_) => Some(Box::new(stream)),
        }
    }
}

/// Throws streams of several pieces each, cut anywhere, and reads what comes until the other side closes or says nothing.
async fn streams(server: SocketAddr, seed: u64, count: u64, real: &[Vec<u8>], door: Door) -> u64 {
    let mut noise = Noise(seed);
    let mut thrown = 0;
    while thrown < count {
        let Some(mut stream) = door.open(server, &mut noise).await else { continue };
        if !matches!(door, Door::Relay) && noise.below(2) == 0 {
            let begins: [&[u8]; 4] =
                [b"GET / HTTP/1.1\r\nhost: ", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &[0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3], &[0]];
            let begin = begins[noise.below(begins.len())];
            let _ = stream.write_all(begin).await;
        }
        for _ in 0..1 + noise.below(STREAMS as usize * 2) {
            let mut piece = noise.piece(real);
            thrown += 1;
            if noise.below(2) == 0 {
                piece.resize(piece.len().next_multiple_of(4), 0);
            }
            let cut = noise.below(piece.len());
            if stream.write_all(&piece[..cut]).await.is_err() || stream.write_all(&piece[cut..]).await.is_err() {
                break;
            }
        }
        let _ = stream.shutdown().await;
        let mut buffer = [0; 4096];
        while let Ok(Ok(1..)) = tokio::time::timeout(Duration::from_millis(100), stream.read(&mut buffer)).await {}
    }
    thrown
}

/// Two people who talk through all of it.
async fn a_call_works(relay: &Relay, round: u32) {
    let mut ends = Vec::new();
    for (transport, name) in [(Transport::Udp, "a"), (Transport::Tcp, "b")] {
        let credential = Credential::made(SECRET, 600, &format!("room:call{round}:{name}"));
        let mut talker = Talker::new(relay.at(transport), transport, &credential).await;
        let at = talker.allocate().await.expect("an ordinary allocation works");
        ends.push((talker, at));
    }
    let (mut b, b_at) = ends.pop().expect("two");
    let (mut a, a_at) = ends.pop().expect("two");
    assert_eq!((a.bind(0x4001, b_at).await, b.bind(0x4002, a_at).await), (Some(0), Some(0)));
    a.say(0x4001, b"hello").await;
    assert_eq!(b.next_within(Duration::from_secs(5)).await, Some(Frame::Channel(0x4002, b"hello".to_vec())));
    assert_eq!((a.refresh(0).await, b.refresh(0).await), (Some(0), Some(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn noise_breaks_nothing_fills_nothing_and_is_no_lever() {
    let count: u64 = if long() { 1_000_000 } else { 30_000 };
    let relay = Relay::start().await;
    let real = real(relay.udp).await;
    let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_nanos() as u64;
    println!("noise {seed:#x}");
    let throw = async |seed: u64, count: u64| {
        // Half of it datagrams; of the rest, as many at the relay's own port as at the web's.
        let (datagrams, tcp, web) = tokio::join!(
            datagrams(relay.udp, seed, count / 2, &real),
            streams(relay.tcp, seed ^ 1, count / 4, &real, Door::Relay),
            streams(relay.web(), seed ^ 2, count / 4, &real, Door::Web),
        );
        (datagrams, count / 2 + tcp + web)
    };
    // What is grown once isn't grown a second time: threads' stacks, buffers, pages of the allocator.
    throw(seed ^ 0xFF, (count / 10).max(10_000)).await;
    a_call_works(&relay, 1).await;
    let before = resident_kilobytes(relay.service.process());
    let ((answers, lever), thrown) = throw(seed, count).await;
    a_call_works(&relay, 2).await;
    let after = resident_kilobytes(relay.service.process());
    println!(
        "{thrown} pieces of noise; {answers} answers to datagrams, at most {lever} bytes longer; {before} kB before, {after} kB after"
    );
    relay.has_not_broken();
    assert!(thrown >= count);
    assert!(answers > count / 100, "the control: some of it was good enough to be answered: {answers}");
    assert!(lever <= LONGER, "an answer was {lever} bytes longer than its question");
    assert!(after <= before + GROWTH, "{before} kB before, {after} kB after");
}

#[tokio::test(flavor = "multi_thread")]
async fn noise_behind_tls_and_at_its_door_breaks_nothing_and_fills_nothing() {
    let count: u64 = if long() { 100_000 } else { 5_000 };
    let relay = Relay::start_with(|settings, folder| {
        settings.under_tls(folder);
    })
    .await;
    let mut known = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(relay.data.path().join("certificate.pem")).expect("was made for it");
    known.add(certificate).expect("can be trusted");
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider())).with_safe_default_protocol_versions();
    let config = Arc::new(config.expect("the provider has them").with_root_certificates(known).with_no_client_auth());
    let real = real(relay.udp).await;
    let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_nanos() as u64;
    println!("noise {seed:#x}");
    let throw = |seed, count| streams(relay.web(), seed, count, &real, Door::Tls(TlsConnector::from(config.clone())));
    throw(seed ^ 0xFF, (count / 10).max(2_000)).await;
    a_call_works(&relay, 1).await;
    let before = resident_kilobytes(relay.service.process());
    let thrown = throw(seed, count).await;
    a_call_works(&relay, 2).await;
    let after = resident_kilobytes(relay.service.process());
    println!("{thrown} pieces of noise at the TLS port; {before} kB before, {after} kB after");
    relay.has_not_broken();
    assert!(after <= before + GROWTH, "{before} kB before, {after} kB after");
}
