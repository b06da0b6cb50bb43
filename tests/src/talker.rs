//! Someone who speaks TURN by hand, over UDP or TCP, to any relay: what no browser would send can be sent, and every answer
//! read.

use aws_lc_rs::hmac;
use data_encoding::BASE64;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use stun_types::attribute::{ErrorCode, Nonce, Realm, Username};
use stun_types::message::{
    IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageClass, MessageType, MessageWrite, MessageWriteExt, MessageWriteVec, Method,
    TransactionId,
};
use stun_types::prelude::AttributeWrite;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;
use turn_types::AddressFamily;
use turn_types::attribute::{ChannelNumber, Data, Lifetime, RequestedAddressFamily, RequestedTransport, XorPeerAddress, XorRelayedAddress};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH, SEND};

use crate::coturn::Transport;

/// Longer than an answer takes here, however busy the machine is.
const LONG: Duration = Duration::from_secs(10);

/// The number of UDP, and of TCP, in a wish for an allocation.
pub const UDP: u8 = 17;
pub const TCP: u8 = 6;

/// What opens a relay.
#[derive(Clone)]
pub struct Credential {
    pub username: String,
    pub password: String,
}

impl Credential {
    /// Of the right make: what the service and coturn compute from the secret. `seconds` from now it is over.
    pub fn made(secret: &str, seconds: i64, name: &str) -> Credential {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let username = format!("{}:{name}", now.saturating_add_signed(seconds));
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret.as_bytes());
        let password = BASE64.encode(hmac::sign(&key, username.as_bytes()).as_ref());
        Credential { username, password }
    }
}

enum Line {
    Datagrams(UdpSocket),
    Stream(TcpStream),
}

/// What came.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    Stun(Vec<u8>),
    Channel(u16, Vec<u8>),
}

/// An answer: 0 for a success, else the number of the refusal.
pub struct Answer {
    pub code: u16,
    pub bytes: Vec<u8>,
}

pub struct Talker {
    line: Line,
    credential: Credential,
    realm: String,
    nonce: String,
    transaction: u128,
    /// Bytes of a stream that belong to the next frame.
    rest: Vec<u8>,
}

impl Talker {
    pub async fn new(server: SocketAddr, transport: Transport, credential: &Credential) -> Talker {
        let line = match transport {
            Transport::Udp => {
                let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
                socket.connect(server).await.expect("the relay's address is right");
                Line::Datagrams(socket)
            }
            Transport::Tcp => {
                let stream = TcpStream::connect(server).await.expect("the relay listens");
                stream.set_nodelay(true).expect("is open");
                Line::Stream(stream)
            }
        };
        Talker { line, credential: credential.clone(), realm: String::new(), nonce: String::new(), transaction: 0, rest: Vec::new() }
    }

    /// From now on asks with another credential.
    pub fn turns_to(&mut self, credential: &Credential) {
        self.credential = credential.clone();
    }

    /// Sends a frame; false when the other side has closed.
    pub async fn send(&mut self, frame: &[u8]) -> bool {
        match &mut self.line {
            Line::Datagrams(socket) => socket.send(frame).await.is_ok(),
            Line::Stream(stream) => {
                let mut padded = frame.to_vec();
                padded.resize(frame.len().next_multiple_of(4), 0);
                stream.write_all(&padded).await.is_ok()
            }
        }
    }

    /// The next frame within a time; none when nothing came or the other side closed.
    pub async fn next_within(&mut self, time: Duration) -> Option<Frame> {
        timeout(time, self.read()).await.ok().flatten()
    }

    async fn read(&mut self) -> Option<Frame> {
        let bytes: Vec<u8> = match &mut self.line {
            Line::Datagrams(socket) => {
                let mut buffer = vec![0; 4096];
                let length = socket.recv(&mut buffer).await.ok()?;
                buffer.truncate(length);
                buffer
            }
            Line::Stream(stream) => loop {
                if let Some(length) = whole_frame(&self.rest) {
                    break self.rest.drain(..length).collect();
                }
                let mut buffer = [0; 4096];
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
        Some(Frame::Channel(u16::from_be_bytes([bytes[0], bytes[1]]), bytes[4..4 + length].to_vec()))
    }

    /// A request with everything that proves the credential, once a nonce is known.
    pub fn request(&mut self, method: Method, attributes: &[&dyn AttributeWrite]) -> Vec<u8> {
        self.transaction += 1;
        let kind = MessageType::from_class_method(MessageClass::Request, method);
        let mut request = Message::builder(kind, self.transaction.into(), MessageWriteVec::new());
        for attribute in attributes {
            request.add_attribute(*attribute).expect("each kind once");
        }
        if !self.nonce.is_empty() {
            let Credential { username, password } = self.credential.clone();
            request.add_attribute(&Username::new(&username).expect("is short")).expect("once");
            request.add_attribute(&Realm::new(&self.realm).expect("is short")).expect("once");
            request.add_attribute(&Nonce::new(&self.nonce).expect("is short")).expect("once");
            let key = LongTermKeyCredentials::new(username, password, self.realm.clone()).into();
            request.add_message_integrity(&key, IntegrityAlgorithm::Sha1).expect("once");
        }
        request.finish()
    }

    /// Asks and waits for the answer; none when the other side closed or says nothing. What else comes meanwhile is dropped.
    pub async fn ask(&mut self, method: Method, attributes: &[&dyn AttributeWrite]) -> Option<Answer> {
        let request = self.request(method, attributes);
        let asked = TransactionId::from(self.transaction);
        if !self.send(&request).await {
            return None;
        }
        loop {
            let Frame::Stun(bytes) = self.next_within(LONG).await? else { continue };
            let answer = Message::from_bytes(&bytes).expect("an answer is a STUN message");
            if answer.transaction_id() != asked {
                continue;
            }
            if let (Ok(realm), Ok(nonce)) = (answer.attribute::<Realm>(), answer.attribute::<Nonce>()) {
                (self.realm, self.nonce) = (realm.realm().to_owned(), nonce.nonce().to_owned());
            }
            let code = answer.attribute::<ErrorCode>().map_or(0, |error| error.code());
            return Some(Answer { code, bytes });
        }
    }

    /// As [`Talker::ask`]; its code, or none when there was no answer.
    pub async fn code(&mut self, method: Method, attributes: &[&dyn AttributeWrite]) -> Option<u16> {
        self.ask(method, attributes).await.map(|answer| answer.code)
    }

    pub fn next_transaction(&self) -> TransactionId {
        (self.transaction + 1).into()
    }

    /// Learns the nonce, then asks for an allocation of this transport; the address, or why not.
    pub async fn allocate_for(&mut self, transport: u8, family: Option<AddressFamily>) -> Result<SocketAddr, u16> {
        let family = family.map(RequestedAddressFamily::new);
        let wish = RequestedTransport::new(transport);
        let mut attributes: Vec<&dyn AttributeWrite> = vec![&wish];
        attributes.extend(family.as_ref().map(|family| family as &dyn AttributeWrite));
        if self.nonce.is_empty() {
            assert_eq!(self.code(ALLOCATE, &attributes).await, Some(401), "strangers are asked who they are");
        }
        let Some(Answer { code, bytes }) = self.ask(ALLOCATE, &attributes).await else { return Err(0) };
        if code != 0 {
            return Err(code);
        }
        let answer = Message::from_bytes(&bytes).expect("was read before");
        Ok(answer.attribute::<XorRelayedAddress>().expect("a success has one").addr(answer.transaction_id()))
    }

    pub async fn allocate(&mut self) -> Result<SocketAddr, u16> {
        self.allocate_for(UDP, None).await
    }

    pub async fn permit(&mut self, peer: SocketAddr) -> Option<u16> {
        let peer = XorPeerAddress::new(peer, self.next_transaction());
        self.code(CREATE_PERMISSION, &[&peer]).await
    }

    pub async fn bind(&mut self, channel: u16, peer: SocketAddr) -> Option<u16> {
        let peer = XorPeerAddress::new(peer, self.next_transaction());
        self.code(CHANNEL_BIND, &[&ChannelNumber::new(channel), &peer]).await
    }

    pub async fn refresh(&mut self, seconds: u32) -> Option<u16> {
        self.code(REFRESH, &[&Lifetime::new(seconds)]).await
    }

    /// Sends data to an address in an indication, which has no answer.
    pub async fn indicate(&mut self, peer: SocketAddr, data: &[u8]) {
        self.transaction += 1;
        let kind = MessageType::from_class_method(MessageClass::Indication, SEND);
        let mut indication = Message::builder(kind, self.transaction.into(), MessageWriteVec::new());
        indication.add_attribute(&XorPeerAddress::new(peer, self.transaction.into())).expect("once");
        indication.add_attribute(&Data::new(data)).expect("once");
        self.send(&indication.finish()).await;
    }

    /// Sends data on a channel.
    pub async fn say(&mut self, channel: u16, data: &[u8]) {
        self.send(&channel_data(channel, data)).await;
    }
}

pub fn channel_data(channel: u16, data: &[u8]) -> Vec<u8> {
    [&channel.to_be_bytes()[..], &u16::try_from(data.len()).expect("is short").to_be_bytes(), data].concat()
}

/// How many bytes the first frame takes, padding included, if it is whole.
fn whole_frame(bytes: &[u8]) -> Option<usize> {
    let &[first, _, high, low, ..] = bytes else { return None };
    let length = usize::from(u16::from_be_bytes([high, low]));
    let whole = if first < 0x40 { 20 + length } else { 4 + length.next_multiple_of(4) };
    (bytes.len() >= whole).then_some(whole)
}
