//! Somebody who asks the relay as a phone does (STUN and TURN, RFC 8489 and 8656), over UDP, TCP or TLS.

use super::target::{Place, Way};
use super::web::{Trouble, Web, addresses};
use crate::https::Socket;
use sidelight_protocol::RelayAccess;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use stun_types::attribute::{ErrorCode, Nonce, Realm, Username};
use stun_types::message::{
    IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageClass, MessageType, MessageWrite, MessageWriteExt, MessageWriteVec, Method,
    TransactionId,
};
use stun_types::prelude::AttributeWrite;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

/// What is lost on UDP is said again after this.
const AGAIN: Duration = Duration::from_millis(500);

/// On a stream nothing is lost: whoever asks gives up before this.
const NEVER: Duration = Duration::from_secs(3600);

/// The largest frame that anybody sends here.
const FRAME: usize = 2_048;

enum Line {
    Datagrams(UdpSocket),
    Stream(Box<dyn Socket>),
}

/// An answer: 0 is a success, else the relay's number for what is wrong.
pub struct Answered {
    pub code: u16,
    pub bytes: Vec<u8>,
}

pub struct Talker {
    line: Line,
    access: Option<RelayAccess>,
    /// What the relay asks to be used with the password.
    realm: String,
    nonce: String,
    /// Bytes of a stream that belong to the next frame.
    rest: Vec<u8>,
}

/// What comes on a line.
pub enum Frame {
    Message(Vec<u8>),
    Channel(u16, Vec<u8>),
}

fn not_ours(why: &str) -> Trouble {
    Trouble::Broken(why.to_owned())
}

impl Talker {
    /// Connects. `web` knows whom to trust, and where its own host is.
    pub async fn to(place: &Place, web: &Web, access: Option<RelayAccess>) -> Result<Talker, Trouble> {
        let at = match place.host == web.target.host {
            true => web.ips().into_iter().map(|ip| SocketAddr::new(ip, place.port)).collect(),
            false => addresses(place.host.trim_matches(['[', ']']), place.port, web.limit).await?,
        };
        let first = *at.first().ok_or_else(|| not_ours("nobody knows its name"))?;
        let line = match place.way {
            Way::Udp => {
                let any: SocketAddr = if first.is_ipv4() { (Ipv4Addr::UNSPECIFIED, 0).into() } else { (Ipv6Addr::UNSPECIFIED, 0).into() };
                let socket = UdpSocket::bind(any).await?;
                socket.connect(first).await?;
                Line::Datagrams(socket)
            }
            Way::Tcp => Line::Stream(Box::new(TcpStream::connect(at.as_slice()).await?)),
            Way::Tls => {
                let stream = TcpStream::connect(at.as_slice()).await?;
                Line::Stream(Box::new(web.sealed_for_relay(&place.host, stream).await?))
            }
        };
        Ok(Talker { line, access, realm: String::new(), nonce: String::new(), rest: Vec::new() })
    }

    /// Asks and waits for the answer, for as long as the caller does. `attributes` are made for this question's own number.
    pub async fn ask(
        &mut self,
        method: Method,
        attributes: impl FnOnce(TransactionId) -> Vec<Box<dyn AttributeWrite + Send>>,
    ) -> Result<Answered, Trouble> {
        let transaction = TransactionId::generate();
        let request = self.request(method, transaction, &attributes(transaction))?;
        let again = if matches!(self.line, Line::Datagrams(_)) { AGAIN } else { NEVER };
        loop {
            self.send(&request).await?;
            if let Ok(bytes) = timeout(again, self.answer_to(transaction)).await {
                return self.answered(bytes?);
            }
        }
    }

    async fn answer_to(&mut self, transaction: TransactionId) -> Result<Vec<u8>, Trouble> {
        loop {
            if let Frame::Message(bytes) = self.next().await?
                && Message::from_bytes(&bytes).is_ok_and(|answer| answer.transaction_id() == transaction)
            {
                return Ok(bytes);
            }
        }
    }

    fn answered(&mut self, bytes: Vec<u8>) -> Result<Answered, Trouble> {
        let answer = Message::from_bytes(&bytes).map_err(|_| not_ours("its answer isn't one"))?;
        if let (Ok(realm), Ok(nonce)) = (answer.attribute::<Realm>(), answer.attribute::<Nonce>()) {
            self.realm = realm.realm().to_owned();
            self.nonce = nonce.nonce().to_owned();
        }
        let code = match answer.class() {
            MessageClass::Success => 0,
            MessageClass::Error => answer.attribute::<ErrorCode>().map_err(|_| not_ours("its refusal says nothing"))?.code(),
            MessageClass::Request | MessageClass::Indication => return Err(not_ours("its answer isn't one")),
        };
        Ok(Answered { code, bytes })
    }

    fn request(
        &self,
        method: Method,
        transaction: TransactionId,
        attributes: &[Box<dyn AttributeWrite + Send>],
    ) -> Result<Vec<u8>, Trouble> {
        let kind = MessageType::from_class_method(MessageClass::Request, method);
        let mut request = Message::builder(kind, transaction, MessageWriteVec::new());
        let unfit = |_| not_ours("what it says doesn't fit into a question");
        for attribute in attributes {
            request.add_attribute(&**attribute).map_err(unfit)?;
        }
        if let Some(RelayAccess { username, credential, .. }) = self.access.as_ref().filter(|_| !self.nonce.is_empty()) {
            request.add_attribute(&Username::new(username).map_err(unfit)?).map_err(unfit)?;
            request.add_attribute(&Realm::new(&self.realm).map_err(unfit)?).map_err(unfit)?;
            request.add_attribute(&Nonce::new(&self.nonce).map_err(unfit)?).map_err(unfit)?;
            let key = LongTermKeyCredentials::new(username.clone(), credential.clone(), self.realm.clone()).into();
            request.add_message_integrity(&key, IntegrityAlgorithm::Sha1).map_err(unfit)?;
        }
        Ok(request.finish())
    }

    /// Data by a channel.
    pub async fn say(&mut self, channel: u16, data: &[u8]) -> Result<(), Trouble> {
        let length = u16::try_from(data.len()).map_err(|_| not_ours("too long"))?;
        self.send(&[&channel.to_be_bytes()[..], &length.to_be_bytes(), data].concat()).await
    }

    async fn send(&mut self, frame: &[u8]) -> Result<(), Trouble> {
        match &mut self.line {
            Line::Datagrams(socket) => drop(socket.send(frame).await?),
            Line::Stream(stream) => {
                let mut padded = frame.to_vec();
                padded.resize(frame.len().next_multiple_of(4), 0);
                stream.write_all(&padded).await?;
                stream.flush().await?;
            }
        }
        Ok(())
    }

    /// The next frame. May be given up at any moment without losing one.
    pub async fn next(&mut self) -> Result<Frame, Trouble> {
        let bytes = match &mut self.line {
            Line::Datagrams(socket) => {
                let mut buffer = vec![0; FRAME];
                let length = socket.recv(&mut buffer).await?;
                buffer.truncate(length);
                buffer
            }
            Line::Stream(stream) => loop {
                match whole(&self.rest) {
                    Some(length) if length > FRAME => return Err(not_ours("it speaks something else")),
                    Some(length) if length <= self.rest.len() => break self.rest.drain(..length).collect(),
                    Some(_) | None => {}
                }
                let mut buffer = [0; FRAME];
                match stream.read(&mut buffer).await? {
                    0 => return Err(not_ours("it hangs up")),
                    count => self.rest.extend_from_slice(buffer.get(..count).unwrap_or_default()),
                }
            },
        };
        frame(bytes).ok_or_else(|| not_ours("it speaks something else"))
    }
}

/// How many bytes the first frame of a stream takes, padding included; none while that can't be told yet.
fn whole(bytes: &[u8]) -> Option<usize> {
    let &[first, _, high, low, ..] = bytes else { return None };
    let length = usize::from(u16::from_be_bytes([high, low]));
    Some(match first {
        0x00..=0x3F => 20 + length,
        0x40..=0x7F => 4 + length.next_multiple_of(4),
        // Neither: nothing is that long.
        0x80..=0xFF => usize::MAX,
    })
}

fn frame(bytes: Vec<u8>) -> Option<Frame> {
    let &[first, second, high, low, ..] = bytes.as_slice() else { return None };
    match first {
        0x00..=0x3F => Some(Frame::Message(bytes)),
        0x40..=0x7F => {
            let length = usize::from(u16::from_be_bytes([high, low]));
            let data = bytes.get(4..4 + length)?.to_vec();
            Some(Frame::Channel(u16::from_be_bytes([first, second]), data))
        }
        0x80..=0xFF => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_a_stream_are_told_apart_and_a_page_is_none() {
        assert_eq!((whole(b""), whole(&[0, 1, 0])), (None, None));
        assert_eq!(whole(&[0x01, 0x01, 0, 12]), Some(32));
        assert_eq!(whole(&[0x40, 0x01, 0, 5]), Some(12));
        // An HTTP answer reads like a channel's data of a length that nobody sends.
        assert!(whole(b"HTTP/1.1 400").is_some_and(|length| length > FRAME));
        assert!(whole(&[0x80, 0, 0, 0]).is_some_and(|length| length > FRAME));
        assert!(matches!(frame(vec![0x40, 1, 0, 2, 7, 8, 0, 0]), Some(Frame::Channel(0x4001, data)) if data == [7, 8]));
        assert!(frame(vec![0x40, 1, 0, 9, 7]).is_none() && frame(vec![0xFF; 4]).is_none() && frame(vec![]).is_none());
    }
}
