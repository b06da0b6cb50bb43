//! Someone who speaks TURN over UDP, TCP or TLS by hand, and the relay they speak to.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use sidelight::relay::{self, RelayControl, Running, Scope, Settings};
use sidelight_protocol::RelayAccess;
use stun_types::attribute::{ErrorCode, Nonce, Realm, Username};
use stun_types::message::{
    IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageClass, MessageType, MessageWrite, MessageWriteExt, MessageWriteVec, Method,
    TransactionId,
};
use stun_types::prelude::AttributeWrite;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;
use turn_types::attribute::{ChannelNumber, Data, Lifetime, RequestedTransport, XorPeerAddress, XorRelayedAddress};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND};

/// Longer than anything takes here, shorter than a person's patience.
const LONG: Duration = Duration::from_secs(10);

/// How long nothing must come for "nothing comes".
const QUIET: Duration = Duration::from_millis(300);

pub async fn running() -> Running {
    let settings = Settings { addresses: vec![Ipv4Addr::LOCALHOST.into()], ..Settings::default() };
    relay::start(settings).await.unwrap()
}

pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

enum Line {
    Datagrams(UdpSocket),
    Stream(Box<dyn Stream>),
}

pub struct Talker {
    line: Line,
    access: RelayAccess,
    nonce: String,
    transaction: u128,
    /// Bytes of a stream that belong to the next frame.
    rest: Vec<u8>,
}

/// What came.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    Stun(Vec<u8>),
    Channel(u16, Vec<u8>),
}

impl Talker {
    pub async fn udp(relay: &Running, room: &str, peer: &str) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        socket.connect(relay.udp()[0]).await.unwrap();
        Self::on(Line::Datagrams(socket), relay, room, peer)
    }

    pub async fn tcp(relay: &Running, room: &str, peer: &str) -> Self {
        let stream = TcpStream::connect(relay.tcp()[0]).await.unwrap();
        Self::stream(stream, relay, room, peer)
    }

    pub fn stream(stream: impl Stream + 'static, relay: &Running, room: &str, peer: &str) -> Self {
        Self::on(Line::Stream(Box::new(stream)), relay, room, peer)
    }

    /// With an access that was granted before, or never.
    pub async fn with(relay: &Running, access: RelayAccess) -> Self {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        socket.connect(relay.udp()[0]).await.unwrap();
        Talker { line: Line::Datagrams(socket), access, nonce: String::new(), transaction: 0, rest: Vec::new() }
    }

    fn on(line: Line, relay: &Running, room: &str, peer: &str) -> Self {
        let access = relay.grant(room, peer, Scope::Room);
        Talker { line, access, nonce: String::new(), transaction: 0, rest: Vec::new() }
    }

    pub async fn send(&mut self, frame: &[u8]) {
        match &mut self.line {
            Line::Datagrams(socket) => {
                socket.send(frame).await.unwrap();
            }
            Line::Stream(stream) => {
                let mut padded = frame.to_vec();
                padded.resize(frame.len().next_multiple_of(4), 0);
                stream.write_all(&padded).await.unwrap();
                stream.flush().await.unwrap();
            }
        }
    }

    /// Sends bytes as they are.
    pub async fn send_raw(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match &mut self.line {
            Line::Datagrams(socket) => socket.send(bytes).await.map(drop),
            Line::Stream(stream) => {
                stream.write_all(bytes).await?;
                stream.flush().await
            }
        }
    }

    /// The next frame; None when the other side closed.
    pub async fn next(&mut self) -> Option<Frame> {
        timeout(LONG, self.read()).await.expect("something should have come")
    }

    pub async fn nothing_comes(&mut self) {
        if let Ok(Some(frame)) = timeout(QUIET, self.read()).await {
            panic!("came: {frame:?}");
        }
    }

    async fn read(&mut self) -> Option<Frame> {
        let bytes = match &mut self.line {
            Line::Datagrams(socket) => {
                let mut buffer = vec![0; 4_096];
                let length = socket.recv(&mut buffer).await.unwrap();
                buffer.truncate(length);
                buffer
            }
            Line::Stream(stream) => loop {
                if let Some(length) = whole_frame(&self.rest) {
                    break self.rest.drain(..length).collect();
                }
                let mut buffer = [0; 4_096];
                match stream.read(&mut buffer).await {
                    Ok(0) | Err(_) => return None,
                    Ok(count) => self.rest.extend_from_slice(&buffer[..count]),
                }
            },
        };
        if bytes[0] < 0x40 {
            return Some(Frame::Stun(bytes));
        }
        let length = usize::from(u16::from_be_bytes([bytes[2], bytes[3]]));
        if let Line::Datagrams(_) = self.line {
            assert_eq!(bytes.len(), 4 + length, "no padding in datagrams");
        }
        Some(Frame::Channel(u16::from_be_bytes([bytes[0], bytes[1]]), bytes[4..4 + length].to_vec()))
    }

    /// Asks and waits for the answer; 0 is a success.
    pub async fn ask(&mut self, method: Method, attributes: &[&dyn AttributeWrite]) -> (u16, Vec<u8>) {
        self.transaction += 1;
        let kind = MessageType::from_class_method(MessageClass::Request, method);
        let mut request = Message::builder(kind, self.transaction.into(), MessageWriteVec::new());
        for attribute in attributes {
            request.add_attribute(*attribute).unwrap();
        }
        if !self.nonce.is_empty() {
            let RelayAccess { username, credential, .. } = &self.access;
            request.add_attribute(&Username::new(username).unwrap()).unwrap();
            request.add_attribute(&Realm::new("sidelight").unwrap()).unwrap();
            request.add_attribute(&Nonce::new(&self.nonce).unwrap()).unwrap();
            let key = LongTermKeyCredentials::new(username.clone(), credential.clone(), "sidelight".to_owned()).into();
            request.add_message_integrity(&key, IntegrityAlgorithm::Sha1).unwrap();
        }
        self.send(&request.finish()).await;
        let Some(Frame::Stun(bytes)) = self.next().await else { panic!("no answer") };
        let answer = Message::from_bytes(&bytes).unwrap();
        assert_eq!(answer.transaction_id(), self.transaction.into());
        if let Ok(nonce) = answer.attribute::<Nonce>() {
            self.nonce = nonce.nonce().to_owned();
        }
        let code = answer.attribute::<ErrorCode>().map_or(0, |error| error.code());
        (code, bytes)
    }

    pub fn next_transaction(&self) -> TransactionId {
        (self.transaction + 1).into()
    }

    pub async fn allocate(&mut self) -> SocketAddr {
        assert_eq!(self.ask(ALLOCATE, &[&RequestedTransport::new(17)]).await.0, 401);
        let (code, bytes) = self.ask(ALLOCATE, &[&RequestedTransport::new(17)]).await;
        assert_eq!(code, 0);
        let answer = Message::from_bytes(&bytes).unwrap();
        answer.attribute::<XorRelayedAddress>().unwrap().addr(answer.transaction_id())
    }

    pub async fn bind(&mut self, channel: u16, peer: SocketAddr) -> u16 {
        let peer = XorPeerAddress::new(peer, self.next_transaction());
        self.ask(CHANNEL_BIND, &[&ChannelNumber::new(channel), &peer]).await.0
    }

    pub async fn permit(&mut self, peer: SocketAddr) -> u16 {
        let peer = XorPeerAddress::new(peer, self.next_transaction());
        self.ask(CREATE_PERMISSION, &[&peer]).await.0
    }

    /// Sends data without a channel. Nobody answers to that, whatever becomes of it.
    pub async fn indicate(&mut self, peer: SocketAddr, data: &[u8]) {
        self.transaction += 1;
        let kind = MessageType::from_class_method(MessageClass::Indication, SEND);
        let mut indication = Message::builder(kind, self.transaction.into(), MessageWriteVec::new());
        indication.add_attribute(&XorPeerAddress::new(peer, self.transaction.into())).unwrap();
        indication.add_attribute(&Data::new(data)).unwrap();
        self.send(&indication.finish()).await;
    }

    pub async fn refresh(&mut self) -> u16 {
        self.ask(REFRESH, &[&Lifetime::new(600)]).await.0
    }

    pub async fn say(&mut self, channel: u16, data: &[u8]) {
        self.send(&channel_data(channel, data)).await;
    }
}

pub fn channel_data(channel: u16, data: &[u8]) -> Vec<u8> {
    [&channel.to_be_bytes()[..], &u16::try_from(data.len()).unwrap().to_be_bytes(), data].concat()
}

/// How many bytes the first frame takes, padding included, if it is whole.
fn whole_frame(bytes: &[u8]) -> Option<usize> {
    let &[first, _, high, low, ..] = bytes else { return None };
    let length = usize::from(u16::from_be_bytes([high, low]));
    let whole = if first < 0x40 { 20 + length } else { 4 + length.next_multiple_of(4) };
    (bytes.len() >= whole).then_some(whole)
}

/// Two talkers with a channel to each other.
pub async fn connect(a: &mut Talker, b: &mut Talker) {
    let (a_at, b_at) = (a.allocate().await, b.allocate().await);
    assert_eq!(a.bind(0x4001, b_at).await, 0);
    assert_eq!(b.bind(0x4002, a_at).await, 0);
}
