//! A service that isn't honest: it stands in front of the real one on somebody's way to it, passes pages on, and does what it likes
//! with what is said on the socket.

use crate::sealing::{Part, Root};
use aws_lc_rs::rand;
use data_encoding::BASE64URL_NOPAD;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::{Request, generate_key};
use tokio_tungstenite::{accept_async, client_async};

/// Whither a message goes: to the page behind us, or on to the service, and so to the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    Page,
    Service,
}

/// What is made of each message: nothing, itself, others.
pub trait Tampers: Send + 'static {
    fn pass(&mut self, to: To, message: Value) -> Vec<(To, Value)>;
}

/// Passes everything on as it is.
pub struct Honest;

impl Tampers for Honest {
    fn pass(&mut self, to: To, message: Value) -> Vec<(To, Value)> {
        vec![(to, message)]
    }
}

/// Says of all media that they come from somebody else.
pub struct SwapsFingerprints;

impl Tampers for SwapsFingerprints {
    fn pass(&mut self, to: To, mut message: Value) -> Vec<(To, Value)> {
        swap_fingerprints(&mut message);
        vec![(to, message)]
    }
}

const FINGERPRINT: &str = "a=fingerprint:sha-256 ";

fn swap_fingerprints(message: &mut Value) {
    let Some(sdp) = message["signal"]["sdp"].as_str() else { return };
    let swapped =
        sdp.lines().map(|line| if line.starts_with(FINGERPRINT) { format!("{FINGERPRINT}{}", ["AB"; 32].join(":")) } else { line.into() });
    message["signal"]["sdp"] = swapped.map(|line| line + "\r\n").collect::<String>().into();
}

/// Agrees on a key with each side as if it were the other, and vouches for other media by it. What it could read of what was typed is
/// noted.
pub struct SwapsKeys {
    page: Leg,
    desk: Leg,
    pub read: Arc<Mutex<Vec<String>>>,
}

/// The agreement with one side.
struct Leg {
    /// Whom this side takes us for.
    role: &'static str,
    private: Vec<u8>,
    part: Part,
    secret: Option<String>,
    root: Option<Root>,
}

impl Leg {
    fn new(role: &'static str, secret: Option<&str>) -> Leg {
        let (mut private, mut nonce) = ([0; 32], [0; 16]);
        rand::fill(&mut private).expect("there is randomness");
        rand::fill(&mut nonce).expect("there is randomness");
        // Below the order of the curve.
        private[0] &= 0x7f;
        Leg { role, part: Part::of(&private, &nonce, secret), private: private.to_vec(), secret: secret.map(str::to_owned), root: None }
    }

    /// What is answered to what this side says of its key.
    fn heard(&mut self, seal: &Value) -> Value {
        let said = |field: &str| seal[field].as_str().unwrap_or_default().to_owned();
        if !said("key").is_empty() && said("seen") == self.part.commitment() {
            let theirs = Part { key: said("key"), nonce: said("nonce"), link: said("link") };
            let (guest, desk) = if self.role == "guest" { (&self.part, &theirs) } else { (&theirs, &self.part) };
            let link = self.secret.as_deref().filter(|_| theirs.link == self.part.link);
            self.root = Some(Root::agree(&self.private, &theirs.key, guest, desk, link));
        }
        let proof = self.root.as_ref().map(|root| root.tag(&format!("proof {}", self.role), &[])).unwrap_or_default();
        json!({
            "commitment": self.part.commitment(), "seen": said("commitment"), "key": self.part.key, "nonce": self.part.nonce,
            "link": self.part.link, "proof": proof,
        })
    }
}

impl SwapsKeys {
    /// `secret`: what it knows of the link, if it does.
    pub fn new(secret: Option<&str>) -> SwapsKeys {
        SwapsKeys { page: Leg::new("desk", secret), desk: Leg::new("guest", secret), read: Arc::default() }
    }

    /// What was typed, if the key to it is ours. The epochs have only to be tried.
    fn note(&self, from: &Leg, side: &str, message: &Value) {
        let (Some(root), Some(id), Some(body)) = (&from.root, message["id"].as_str(), message["body"].as_str()) else { return };
        let now = jiff::Timestamp::now().as_second();
        for (stage, since) in ["waiting", "in"].into_iter().flat_map(|stage| (now - 60..=now + 1).map(move |since| (stage, since))) {
            if let Some(text) = root.open(&format!("text {side} {stage} {since}"), id, body) {
                self.read.lock().expect("nobody panics with it").push(text);
            }
        }
    }
}

impl Tampers for SwapsKeys {
    fn pass(&mut self, to: To, mut message: Value) -> Vec<(To, Value)> {
        let kind = message["type"].as_str().unwrap_or_default().to_owned();
        if kind == "seal" {
            // Each side hears from us alone.
            let (leg, back) = if to == To::Service { (&mut self.page, To::Page) } else { (&mut self.desk, To::Service) };
            let had = leg.root.is_some();
            let answer = leg.heard(&message["seal"]);
            // As long as there is something new: else two who answer each other never end.
            let done = had && !message["seal"]["proof"].as_str().unwrap_or_default().is_empty();
            return if done { vec![] } else { vec![(back, json!({ "type": "seal", "seal": answer }))] };
        }
        if kind == "text" {
            let (from, side) = if to == To::Service { (&self.page, "guest") } else { (&self.desk, "desk") };
            self.note(from, side, &message);
        }
        if kind == "signal" && message["signal"]["sdp"].is_string() {
            swap_fingerprints(&mut message);
            let leg = if to == To::Page { &self.page } else { &self.desk };
            if let Some(root) = &leg.root {
                let prints = format!("sha-256 {}", ["ab"; 32].join(":"));
                let (kind, epoch) = (message["signal"]["kind"].as_str().unwrap_or_default().to_owned(), message["epoch"].to_string());
                let name = BASE64URL_NOPAD.encode(&root.bytes("name", 6));
                message["signal"]["bound"] =
                    format!("{name}{}", root.tag(&format!("media {}", leg.role), &[&kind, &epoch, &prints])).into();
            }
        }
        vec![(to, message)]
    }
}

/// Starts one; its address.
pub async fn in_between(service: &str, tampers: impl Tampers) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("has an address");
    let service: SocketAddr = service.trim_start_matches("http://").parse().expect("is an address");
    let tampers: Arc<Mutex<dyn Tampers>> = Arc::new(Mutex::new(tampers));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(one(stream, service, tampers.clone()));
        }
    });
    address
}

async fn one(mut page: TcpStream, service: SocketAddr, tampers: Arc<Mutex<dyn Tampers>>) {
    let Some(head) = head(&page).await else { return };
    let Ok(mut there) = TcpStream::connect(service).await else { return };
    if !head.to_lowercase().contains("upgrade: websocket") {
        let _closed = tokio::io::copy_bidirectional(&mut page, &mut there).await;
        return;
    }
    let Some((mut page, mut there)) = sockets(page, there, &head).await else { return };
    loop {
        let (to, message) = tokio::select! {
            message = page.next() => (To::Service, message),
            message = there.next() => (To::Page, message),
        };
        let Some(Ok(message)) = message else { return };
        let passed = match message.to_text().ok().and_then(|text| serde_json::from_str(text).ok()) {
            Some(value) => tampers.lock().expect("nobody panics with it").pass(to, value),
            None => return,
        };
        for (to, value) in passed {
            let text = Message::text(value.to_string());
            let sent = if to == To::Page { page.send(text).await } else { there.send(text).await };
            if sent.is_err() {
                return;
            }
        }
    }
}

/// What the first request begins with, left where it is; empty where it is none, but something for the relay.
async fn head(stream: &TcpStream) -> Option<String> {
    let mut bytes = vec![0; 16 * 1024];
    for _ in 0..200 {
        let length = stream.peek(&mut bytes).await.ok().filter(|length| *length > 0)?;
        if bytes[0] < b' ' {
            return Some(String::new());
        }
        let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
        if let Some(end) = text.find("\r\n\r\n") {
            return Some(text[..end].to_owned());
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    None
}

type Socket = tokio_tungstenite::WebSocketStream<TcpStream>;

/// The page's socket, and one like it to the service.
async fn sockets(page: TcpStream, there: TcpStream, head: &str) -> Option<(Socket, Socket)> {
    let mut lines = head.lines();
    let path = lines.next()?.split(' ').nth(1)?;
    let headers: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
    let of = |name: &str| headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    let mut request = Request::builder()
        .uri(format!("ws://{}{path}", of("host")?))
        .header("host", of("host")?)
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", generate_key());
    for name in ["origin", "cookie", "user-agent"] {
        if let Some(value) = of(name) {
            request = request.header(name, value);
        }
    }
    let (there, _) = client_async(request.body(()).ok()?, there).await.ok()?;
    Some((accept_async(page).await.ok()?, there))
}
