//! One port for pages, sockets and relay, plain and under TLS.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{ConnectInfo, WebSocketUpgrade, ws};
use axum::routing::get;
use futures_util::{SinkExt, StreamExt};
use rustls::pki_types::{CertificateDer, ServerName};
use sidelight::listener;
use sidelight::proxies::Proxies;
use sidelight::relay::Running;
use sidelight::tls::Tls;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite;

use crate::talker::{Frame, Stream, Talker, connect, running};

struct Port {
    address: SocketAddr,
    relay: Running,
    stop: watch::Sender<bool>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
    certificate: Option<CertificateDer<'static>>,
    /// Told when a request that takes long has come in.
    slow: Arc<Notify>,
}

impl Port {
    async fn plain() -> Self {
        Self::open(None).await
    }

    async fn with_tls() -> Self {
        let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let folder = std::env::temp_dir().join(format!("sidelight-web-port-{}-{:?}", std::process::id(), std::thread::current().id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
        std::fs::write(&certificate, cert.pem()).unwrap();
        std::fs::write(&key, signing_key.serialize_pem()).unwrap();
        let tls = Tls::from_files(&certificate, &key).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        Self::open(Some((tls, cert.der().clone()))).await
    }

    async fn open(tls: Option<(Tls, CertificateDer<'static>)>) -> Self {
        let relay = running().await;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let slow = Arc::new(Notify::new());
        let asked = Arc::clone(&slow);
        let router = Router::new()
            .route("/", get(|ConnectInfo(address): ConnectInfo<SocketAddr>| async move { format!("hello {}", address.ip()) }))
            .route("/echo", get(|upgrade: WebSocketUpgrade| async move { upgrade.on_upgrade(echo) }))
            .route(
                "/slow",
                get(move || {
                    asked.notify_one();
                    tokio::time::sleep(Duration::from_secs(1))
                }),
            );
        let (stop, stopped) = watch::channel(false);
        let (config, certificate) = tls.unzip();
        let served = tokio::spawn(listener::serve(listener, config, router, Some(relay.clone()), Proxies::default(), stopped));
        Port { address, relay, stop, served, certificate, slow }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A connection with what the port has on top: TLS, offering these protocols, or nothing.
    async fn line(&self, protocols: &[&[u8]]) -> Box<dyn Stream> {
        let stream = self.connect().await;
        let Some(certificate) = &self.certificate else { return Box::new(stream) };
        let mut roots = rustls::RootCertStore::empty();
        roots.add(certificate.clone()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        let name = ServerName::try_from("localhost").unwrap();
        Box::new(TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap())
    }

    async fn talker(&self, peer: &str) -> Talker {
        Talker::stream(self.line(&[b"stun.turn"]).await, &self.relay, "room", peer)
    }
}

async fn echo(mut socket: ws::WebSocket) {
    while let Some(Ok(message)) = socket.recv().await {
        if socket.send(message).await.is_err() {
            return;
        }
    }
}

/// Asks for a page and reads until the other side closes.
async fn page(line: &mut (impl Stream + ?Sized), path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    line.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = line.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// How long the other side leaves a connection open on which `bytes` were sent and nothing else.
async fn patience(line: &mut (impl Stream + ?Sized), bytes: &[u8]) -> Duration {
    let started = Instant::now();
    line.write_all(bytes).await.unwrap();
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(25), line.read_to_end(&mut rest)).await;
    assert!(read.is_ok(), "left open");
    started.elapsed()
}

async fn pages_sockets_and_relay(port: Port) {
    // In turns and all at once, so that one doesn't live off the other.
    let (mut a, mut b) = (port.talker("a").await, port.talker("b").await);
    connect(&mut a, &mut b).await;
    let answer = page(&mut *port.line(&[b"http/1.1"]).await, "/").await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.ends_with("hello 127.0.0.1"), "{answer}");

    let line = port.line(&[b"http/1.1"]).await;
    let (mut socket, _) = tokio_tungstenite::client_async("ws://localhost/echo", line).await.unwrap();
    for length in [1, 100, 10_000] {
        let text = "x".repeat(length);
        socket.send(tungstenite::Message::text(text.clone())).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap(), tungstenite::Message::text(text));
    }
    for length in [1, 2, 3, 4, 5, 1_200] {
        a.say(0x4001, &vec![9; length]).await;
        assert_eq!(b.next().await, Some(Frame::Channel(0x4002, vec![9; length])));
    }
    assert_eq!(port.relay.allocations(), 2);
}

#[tokio::test]
async fn pages_sockets_and_relay_share_a_plain_port() {
    pages_sockets_and_relay(Port::plain().await).await;
}

#[tokio::test]
async fn pages_sockets_and_relay_share_a_port_under_tls() {
    pages_sockets_and_relay(Port::with_tls().await).await;
}

#[tokio::test]
async fn a_relay_client_without_tls_is_served_on_a_port_with_tls() {
    let port = Port::with_tls().await;
    let mut a = Talker::stream(port.connect().await, &port.relay, "room", "a");
    let mut b = port.talker("b").await;
    connect(&mut a, &mut b).await;
    a.say(0x4001, b"mixed").await;
    assert_eq!(b.next().await, Some(Frame::Channel(0x4002, b"mixed".to_vec())));
}

#[tokio::test]
async fn plain_http_on_a_port_with_tls_is_told_so() {
    let port = Port::with_tls().await;
    let answer = page(&mut port.connect().await, "/").await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(answer.ends_with("This address begins with https://, please"), "{answer}");
}

#[tokio::test]
async fn http_2_is_spoken_where_it_is_chosen_and_can_carry_sockets() {
    let port = Port::with_tls().await;
    let mut line = port.line(&[b"h2"]).await;
    // GET / in HPACK's fixed words, and the authority spelt out.
    let head = b"\x82\x86\x84\x41\x09localhost";
    let mut request = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00".to_vec();
    request.extend_from_slice(&[0, 0, u8::try_from(head.len()).unwrap(), 0x01, 0x05, 0, 0, 0, 1]);
    request.extend_from_slice(head);
    line.write_all(&request).await.unwrap();
    let mut settings = Vec::new();
    loop {
        let mut frame = [0; 9];
        line.read_exact(&mut frame).await.unwrap();
        let mut body = vec![0; usize::from(frame[1]) * 256 + usize::from(frame[2])];
        line.read_exact(&mut body).await.unwrap();
        match frame[3] {
            // HEADERS of the answer; 0x88 is `:status: 200`.
            0x01 => break assert_eq!(body[0], 0x88),
            0x04 => settings.extend(body),
            _ => {}
        }
    }
    let connect_protocol = settings.chunks(6).any(|setting| setting == [0, 8, 0, 0, 0, 1]);
    assert!(connect_protocol, "or browsers open a second connection for each socket");
}

#[tokio::test]
async fn half_a_request_of_any_kind_is_closed_in_time() {
    let port = Port::plain().await;
    let tls = Port::with_tls().await;
    let expected = Duration::from_secs(7)..Duration::from_secs(10);
    let silent = async { patience(&mut port.connect().await, b"").await };
    let half_head = async { patience(&mut port.connect().await, b"GET / HTTP/1.1\r\nHost: x\r\n").await };
    let half_http2 = async { patience(&mut port.connect().await, b"PRI * HT").await };
    let http2_without_request = async {
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";
        patience(&mut port.connect().await, preface).await
    };
    let silent_tls = async { patience(&mut tls.connect().await, b"").await };
    let half_handshake = async { patience(&mut tls.connect().await, b"\x16\x03\x01").await };
    let silent_in_tls = async { patience(&mut *tls.line(&[b"http/1.1"]).await, b"").await };
    let half_head_in_tls = async { patience(&mut *tls.line(&[b"http/1.1"]).await, b"GET").await };
    let (a, b, c, d, e, f, g, h) =
        tokio::join!(silent, half_head, half_http2, http2_without_request, silent_tls, half_handshake, silent_in_tls, half_head_in_tls);
    for (number, took) in [a, b, c, d, e, f, g, h].into_iter().enumerate() {
        assert!(expected.contains(&took), "number {number} took {took:?}");
    }
}

#[tokio::test]
async fn tls_on_a_port_without_is_closed_at_once() {
    let port = Port::plain().await;
    assert!(patience(&mut port.connect().await, b"\x16\x03\x01\x00\xa5\x01").await < Duration::from_secs(2));
}

#[tokio::test]
async fn hundreds_of_silent_connections_do_not_keep_a_page_from_loading() {
    let port = Port::plain().await;
    let mut silent = Vec::new();
    for _ in 0..300 {
        silent.push(port.connect().await);
    }
    let started = Instant::now();
    assert!(page(&mut port.connect().await, "/").await.contains("hello"));
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn stopping_lets_requests_under_way_finish_and_closes_the_rest() {
    let port = Port::plain().await;
    let mut relayed = port.talker("a").await;
    relayed.allocate().await;
    let mut idle = port.connect().await;
    idle.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut first = [0; 15];
    idle.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    let mut busy = port.connect().await;
    let asked = tokio::spawn(async move { page(&mut busy, "/slow").await });
    port.slow.notified().await;

    let started = Instant::now();
    port.stop.send(true).unwrap();
    assert!(asked.await.unwrap().starts_with("HTTP/1.1 200"));
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).await.unwrap();
    assert_eq!(relayed.next().await, None);
    port.served.await.unwrap().unwrap();
    assert!(started.elapsed() < Duration::from_secs(4), "took {:?}", started.elapsed());
    assert!(TcpStream::connect(port.address).await.is_err());
}

#[tokio::test]
async fn stopping_waits_for_open_sockets_but_not_for_ever() {
    let port = Port::plain().await;
    let (mut socket, _) = tokio_tungstenite::client_async("ws://localhost/echo", port.connect().await).await.unwrap();
    port.stop.send(true).unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!port.served.is_finished(), "an upgraded socket is under way too");
    socket.send(tungstenite::Message::text("still")).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), tungstenite::Message::text("still"));
    drop(socket);
    tokio::time::timeout(Duration::from_secs(2), port.served).await.expect("ends with the last").unwrap().unwrap();

    let port = Port::plain().await;
    let (_socket, _) = tokio_tungstenite::client_async("ws://localhost/echo", port.connect().await).await.unwrap();
    port.stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(10), port.served).await.expect("ends all the same").unwrap().unwrap();
}
