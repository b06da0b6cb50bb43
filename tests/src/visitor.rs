//! Somebody who speaks to the web port by hand, from any address of 127.0.0.0/8: HTTP and WebSockets as a page speaks them, and as no
//! page would. And those who are really expected: a practitioner who plans contacts, and people who join by their links.

use crate::service::Service;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use sidelight_protocol::PROTOCOL;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::aws_lc_rs};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

/// Longer than an answer takes, however busy the machine is.
const LONG: Duration = Duration::from_secs(30);

/// splitmix64: what can be made again from its number.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// An invitation id.
    pub fn invitation(&mut self) -> String {
        format!("{:016x}{:016x}", self.roll(), self.roll())
    }

    /// An address of this machine: one of sixteen million, and none of those that the tests use otherwise.
    pub fn address(&mut self) -> Ipv4Addr {
        let [a, b, c, ..] = self.roll().to_be_bytes();
        Ipv4Addr::new(127, a.max(1), b, c.clamp(1, 254))
    }
}

pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// The way to a service's web port.
#[derive(Clone)]
pub struct Port {
    pub server: SocketAddr,
    origin: String,
    tls: Option<TlsConnector>,
}

impl Port {
    pub fn of(service: &Service) -> Port {
        let (_, server) = service.url().split_once("://").expect("an address");
        Port { server: server.parse().expect("an address and a port"), origin: service.url().to_owned(), tls: None }
    }

    /// Of a service under TLS, with the certificate that `Settings::under_tls` made in this folder.
    pub fn under_tls(service: &Service, folder: &std::path::Path) -> Port {
        let mut known = RootCertStore::empty();
        let certificate = CertificateDer::from_pem_file(folder.join("certificate.pem")).expect("was made for it");
        known.add(certificate).expect("can be trusted");
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider())).with_safe_default_protocol_versions();
        let config = config.expect("the provider has them").with_root_certificates(known).with_no_client_auth();
        Port { tls: Some(TlsConnector::from(Arc::new(config))), ..Port::of(service) }
    }

    /// Another port of the same service.
    pub fn at(&self, server: SocketAddr) -> Port {
        Port { server, ..self.clone() }
    }

    /// A bare connection from this address, whatever the port speaks.
    pub async fn tcp(&self, from: Ipv4Addr) -> io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        // Many connections from one address in a row: those of before may still be on their way out.
        socket.set_reuseaddr(true)?;
        socket.bind((from, 0).into())?;
        let stream = socket.connect(self.server).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// A connection with what the port has on top.
    pub async fn connect(&self, from: Ipv4Addr) -> io::Result<Box<dyn Stream>> {
        self.over(self.tcp(from).await?).await
    }

    /// The same over a connection that is there.
    pub async fn over(&self, stream: TcpStream) -> io::Result<Box<dyn Stream>> {
        let Some(tls) = &self.tls else { return Ok(Box::new(stream)) };
        Ok(Box::new(tls.connect(ServerName::from(std::net::IpAddr::from(Ipv4Addr::LOCALHOST)), stream).await?))
    }

    /// The head of a request of one of our pages, up to the blank line.
    pub fn head(&self, method: &str, path: &str, more: &str) -> String {
        format!("{method} {path} HTTP/1.1\r\nhost: {}\r\norigin: {}\r\n{more}\r\n", self.server, self.origin)
    }

    pub async fn visitor(&self, from: Ipv4Addr) -> io::Result<Visitor> {
        Ok(Visitor { port: self.clone(), stream: self.connect(from).await?, rest: Vec::new() })
    }

    pub async fn socket(&self, from: Ipv4Addr, path: &str, cookie: &str) -> io::Result<Socket> {
        let mut request = format!("ws://{}{path}", self.server).into_client_request().expect("is an address");
        request.headers_mut().insert("origin", self.origin.parse().expect("is a header"));
        request.headers_mut().insert("cookie", cookie.parse().expect("is a header"));
        let opened = tokio_tungstenite::client_async(request, self.connect(from).await?).await;
        opened.map(|(socket, _)| Socket(socket)).map_err(io::Error::other)
    }
}

/// A connection that is kept for several requests.
pub struct Visitor {
    port: Port,
    stream: Box<dyn Stream>,
    rest: Vec<u8>,
}

pub struct Reply {
    pub status: u16,
    /// Without the date.
    pub head: Vec<String>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .iter()
            .filter_map(|line| line.split_once(": "))
            .find(|(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

impl Visitor {
    /// `more`: further header lines, each with its end.
    pub async fn ask(&mut self, method: &str, path: &str, more: &str, body: &Value) -> io::Result<Reply> {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let more = format!("content-type: application/json\r\ncontent-length: {}\r\n{more}", body.len());
        let request = self.port.head(method, path, &more) + body.as_str();
        self.stream.write_all(request.as_bytes()).await?;
        timeout(LONG, self.reply()).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    pub async fn redeem(&mut self, invitation: &str, typed: bool, more: &str) -> io::Result<Reply> {
        self.ask("POST", "/api/redeem", more, &json!({ "invitation": invitation, "typed": typed, "claim": "the-same" })).await
    }

    async fn reply(&mut self) -> io::Result<Reply> {
        let end = loop {
            match self.rest.windows(4).position(|four| four == b"\r\n\r\n") {
                Some(at) => break at,
                None => self.more().await?,
            }
        };
        let head = String::from_utf8_lossy(&self.rest[..end]).into_owned();
        let mut lines = head.split("\r\n").map(str::to_owned);
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).unwrap_or(0);
        let head: Vec<String> = lines.filter(|line| !line.to_ascii_lowercase().starts_with("date:")).collect();
        let mut reply = Reply { status, head, body: Vec::new() };
        let length: usize = reply.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        while self.rest.len() < end + 4 + length {
            self.more().await?;
        }
        reply.body = self.rest[end + 4..end + 4 + length].to_vec();
        self.rest.drain(..end + 4 + length);
        Ok(reply)
    }

    async fn more(&mut self) -> io::Result<()> {
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                self.rest.extend_from_slice(&buffer[..count]);
                Ok(())
            }
        }
    }
}

/// An open WebSocket.
pub struct Socket(pub WebSocketStream<Box<dyn Stream>>);

impl Socket {
    pub async fn say(&mut self, message: Value) -> bool {
        self.0.send(message.to_string().into()).await.is_ok()
    }

    /// The next message of this type; none when the service closed before.
    pub async fn next(&mut self, kind: &str) -> Option<Value> {
        let wait = async {
            while let Some(Ok(message)) = self.0.next().await {
                let message: Value = serde_json::from_str(message.to_text().unwrap_or_default()).unwrap_or_default();
                if message["type"] == kind {
                    return Some(message);
                }
            }
            None
        };
        timeout(LONG, wait).await.ok().flatten()
    }

    /// All that comes until the other side closes, as it came, the close included.
    pub async fn rest(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        while let Ok(Some(Ok(message))) = timeout(LONG, self.0.next()).await {
            all.push(match message {
                Message::Close(frame) => format!("close {:?}", frame.map(|frame| (u16::from(frame.code), frame.reason.to_string()))),
                other => other.to_text().unwrap_or("binary").to_owned(),
            });
        }
        all
    }
}

/// Somebody signed in, who plans.
pub struct Practitioner {
    port: Port,
    pub cookie: String,
}

impl Practitioner {
    /// The first administrator, who is a practitioner too.
    pub async fn first(service: &Service, port: &Port) -> Practitioner {
        Practitioner::by_link(port, &service.first_link().await, "sam@example.org").await
    }

    /// By a one-time link, whoever it was made for.
    pub async fn by_link(port: &Port, link: &str, email: &str) -> Practitioner {
        let body = json!({
            "token": link.rsplit("first=").next(), "name": "Sam Rivers", "email": email, "password": "quiet harbour lantern 42",
            "practitioner": true,
        });
        let mut visitor = port.visitor(Ipv4Addr::LOCALHOST).await.expect("it listens");
        let reply = visitor.ask("POST", "/api/staff/first", "", &body).await.expect("it answers");
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        let cookie = reply.header("set-cookie").expect("a cookie").split(';').next().unwrap_or_default().to_owned();
        Practitioner { port: port.clone(), cookie }
    }

    async fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut visitor = self.port.visitor(Ipv4Addr::LOCALHOST).await.expect("it listens");
        let reply = visitor.ask(method, path, &format!("cookie: {}\r\n", self.cookie), body).await.expect("it answers");
        assert!((200..300).contains(&reply.status), "{path}: {} {}", reply.status, String::from_utf8_lossy(&reply.body));
        reply.json()
    }

    /// Whoever has this sign-in already.
    pub fn of(port: &Port, cookie: &str) -> Practitioner {
        Practitioner { port: port.clone(), cookie: cookie.to_owned() }
    }

    /// Plans a contact that begins in so many seconds, with a link or a code; its id and the invitation's.
    pub async fn plan(&self, dice: &mut Dice, in_seconds: u64, by_code: bool) -> (String, String) {
        let contact = self.contact(in_seconds, by_code).await;
        let invitation = self.invite(&contact, dice, by_code).await;
        (contact, invitation)
    }

    /// Plans it, and gives nobody a link; its id.
    pub async fn contact(&self, in_seconds: u64, by_code: bool) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let details = json!({
            "reference": "JT-4471", "greeting": null, "practitioner": "Sam", "starts_at": now + in_seconds, "minutes": 60,
            "ways": ["video", "voice", "text"], "waiting_words": null, "word": null, "response": null, "by_code": by_code,
        });
        let made = self.ask("POST", "/api/contacts", &json!({ "details": details })).await;
        made["id"].as_str().expect("has an id").to_owned()
    }

    /// A link or a code for it; the invitation's id.
    pub async fn invite(&self, contact: &str, dice: &mut Dice, by_code: bool) -> String {
        let invitation = dice.invitation();
        let body = json!({ "invitation": invitation, "typed": by_code });
        self.ask("PUT", &format!("/api/contacts/{contact}/invitation"), &body).await;
        invitation
    }

    /// Links that can be opened now. At most 140: somebody who plans faster than people do is held up.
    pub async fn links(&self, count: usize) -> Vec<String> {
        let mut dice = Dice(21);
        let mut links = Vec::new();
        for _ in 0..count {
            links.push(self.plan(&mut dice, 0, false).await.1);
        }
        links
    }

    pub async fn revoke(&self, contact: &str) {
        self.ask("DELETE", &format!("/api/contacts/{contact}/invitation"), &Value::Null).await;
    }

    pub async fn end(&self, contact: &str) {
        let mut desk = self.port.socket(Ipv4Addr::LOCALHOST, "/ws/desk", &self.cookie).await.expect("opens");
        desk.say(json!({ "type": "hello", "protocol": PROTOCOL, "tab": "desk" })).await;
        desk.next("ready").await.expect("is let in");
        desk.say(json!({ "type": "in", "contact": contact, "act": { "do": "end" } })).await;
        while desk.next("contact").await.expect("is shown")["view"]["ended"].is_null() {}
    }
}

pub fn hello(session: &str) -> Value {
    json!({ "type": "hello", "protocol": PROTOCOL, "session": session, "tab": "guest" })
}

/// Joins as a page does: "Continue", a socket, hello, and the first view. How long it took, or why not.
pub async fn join(port: &Port, from: Ipv4Addr, invitation: &str) -> Result<Duration, String> {
    let start = Instant::now();
    let said = |error: io::Error| error.to_string();
    let reply = port.visitor(from).await.map_err(said)?.redeem(invitation, false, "").await.map_err(said)?;
    let session = reply.json()["session"].as_str().map(str::to_owned);
    let session = session.ok_or_else(|| format!("{}: {}", reply.status, String::from_utf8_lossy(&reply.body)))?;
    let mut socket = port.socket(from, "/ws/guest", "").await.map_err(said)?;
    socket.say(hello(&session)).await;
    socket.next("view").await.ok_or_else(|| format!("no view came in {:?}", start.elapsed()))?;
    Ok(start.elapsed())
}

/// Joins by one link after the other, each from another address, until they are used up or it is over; how long each took. A link is good
/// for one join: whoever comes by it again is another browser.
pub async fn joins(port: Port, links: Vec<String>, pace: Duration, over: Arc<AtomicBool>) -> Vec<Duration> {
    let mut dice = Dice(7);
    let mut took = Vec::new();
    for link in links {
        if over.load(Ordering::Relaxed) {
            break;
        }
        took.push(join(&port, dice.address(), &link).await.unwrap_or_else(|why| panic!("a real join: {why}")));
        tokio::time::sleep(pace).await;
    }
    took
}

/// Of a hundred the longest but one.
pub fn p99(took: &mut [Duration]) -> Duration {
    took.sort();
    took[(took.len() * 99).div_ceil(100).clamp(1, took.len()) - 1]
}
