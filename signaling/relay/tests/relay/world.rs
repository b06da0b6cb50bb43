//! One relay and people who speak to it by hand. `Caller` builds each request itself, so that a test can get one wrong;
//! the client written by others is in `foreign.rs`.

use std::net::SocketAddr;

use sidelight_relay::{Client, Config, Credential, Limits, Relay, Scope, Time, Via};
use stun_types::attribute::{ErrorCode, Nonce, Realm, Username};
use stun_types::message::{
    IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageClass, MessageIntegrityCredentials, MessageType, MessageWrite,
    MessageWriteExt, MessageWriteVec, Method,
};
use stun_types::prelude::{AttributeStaticType, AttributeWrite};
use turn_types::attribute::{ChannelNumber, Data, Lifetime, RequestedTransport, XorPeerAddress, XorRelayedAddress};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, DATA, REFRESH, SEND};

pub const START: Time = 1_700_000_000_000;
pub const REALM: &str = "sidelight";

pub struct World {
    pub relay: Relay,
    pub now: Time,
    scratch: Vec<u8>,
}

pub type Attributes<'a> = &'a [&'a dyn AttributeWrite];

impl World {
    pub fn new() -> Self {
        Self::with(Limits::default())
    }

    pub fn with(limits: Limits) -> Self {
        let config = Config { secret: b"a secret".to_vec(), seed: [7; 32], realm: REALM.to_owned(), limits };
        World { relay: Relay::new(config), now: START, scratch: Vec::new() }
    }

    /// Sends bytes to the relay as one frame and tells what it sends on, and to whom.
    pub fn send(&mut self, from: Client, bytes: &[u8]) -> Option<(Client, Vec<u8>)> {
        let mut frame = bytes.to_vec();
        let outgoing = self.relay.handle(self.now, from, &mut frame, &mut self.scratch)?;
        Some((outgoing.to, outgoing.bytes.to_vec()))
    }

    pub fn later(&mut self, milliseconds: Time) {
        self.now += milliseconds;
    }

    /// Someone with a credential and no allocation yet.
    pub fn caller(&mut self, port: u16, room: &str, peer: &str, scope: Scope) -> Caller {
        let credential = self.relay.grant(self.now, room, peer, scope);
        self.caller_with(port, credential)
    }

    pub fn caller_with(&mut self, port: u16, credential: Credential) -> Caller {
        let mut caller = Caller { client: udp(port), credential, nonce: String::new(), transaction: u128::from(port) << 32 };
        caller.fetch_nonce(self);
        caller
    }

    /// Someone with an allocation.
    pub fn allocated(&mut self, port: u16, room: &str, peer: &str, scope: Scope) -> (Caller, SocketAddr) {
        let mut caller = self.caller(port, room, peer, scope);
        let address = caller.allocate(self).relayed();
        (caller, address)
    }

    /// Two people of one room who permit each other.
    pub fn pair(&mut self) -> (Caller, SocketAddr, Caller, SocketAddr) {
        let (mut a, a_at) = self.allocated(1_001, "room", "a", Scope::Room);
        let (mut b, b_at) = self.allocated(1_002, "room", "b", Scope::Room);
        assert_eq!(a.permit(self, &[b_at]).code, 0);
        assert_eq!(b.permit(self, &[a_at]).code, 0);
        (a, a_at, b, b_at)
    }
}

pub fn udp(port: u16) -> Client {
    Client { via: Via::Udp(0), address: ([192, 0, 2, 9], port).into() }
}

pub struct Caller {
    pub client: Client,
    pub credential: Credential,
    pub nonce: String,
    pub transaction: u128,
}

impl Caller {
    /// Asks without a credential, as every client does first, and keeps the nonce.
    pub fn fetch_nonce(&mut self, world: &mut World) {
        let request = self.begin(ALLOCATE, &[&RequestedTransport::new(17)]).finish();
        let reply = self.exchange(world, &request).unwrap();
        assert_eq!(reply.code, 401);
        self.nonce = reply.nonce();
    }

    pub fn begin(&mut self, method: Method, attributes: Attributes<'_>) -> MessageWriteVec {
        self.transaction += 1;
        let kind = MessageType::from_class_method(MessageClass::Request, method);
        let mut request = Message::builder(kind, self.transaction.into(), MessageWriteVec::new());
        for attribute in attributes {
            request.add_attribute(*attribute).unwrap();
        }
        request
    }

    /// A request with everything that proves the credential.
    pub fn signed(&mut self, method: Method, attributes: Attributes<'_>) -> Vec<u8> {
        let mut request = self.begin(method, attributes);
        request.add_attribute(&Username::new(&self.credential.username).unwrap()).unwrap();
        request.add_attribute(&Realm::new(REALM).unwrap()).unwrap();
        request.add_attribute(&Nonce::new(&self.nonce).unwrap()).unwrap();
        request.add_message_integrity(&self.key(), IntegrityAlgorithm::Sha1).unwrap();
        request.finish()
    }

    pub fn key(&self) -> MessageIntegrityCredentials {
        let Credential { username, password } = &self.credential;
        LongTermKeyCredentials::new(username.clone(), password.clone(), REALM.to_owned()).into()
    }

    pub fn exchange(&self, world: &mut World, request: &[u8]) -> Option<Reply> {
        let (to, bytes) = world.send(self.client, request)?;
        assert!(to == self.client, "an answer goes to who asked");
        let reply = Message::from_bytes(&bytes).expect("an answer is a STUN message");
        let request = Message::from_bytes(request).unwrap();
        assert_eq!(reply.transaction_id(), request.transaction_id());
        assert_eq!(reply.method(), request.method());
        let code = match reply.class() {
            MessageClass::Success => 0,
            MessageClass::Error => reply.attribute::<ErrorCode>().unwrap().code(),
            other => panic!("{other:?} is no answer"),
        };
        Some(Reply { code, bytes })
    }

    pub fn ask(&mut self, world: &mut World, method: Method, attributes: Attributes<'_>) -> Reply {
        let request = self.signed(method, attributes);
        let reply = self.exchange(world, &request).expect("an answer");
        // 401 and 438 come before anything is proved: there is nothing to seal them with.
        if !matches!(reply.code, 400 | 401 | 438) {
            reply.message().validate_integrity(&self.key()).expect("an answer sealed with the credential");
        }
        reply
    }

    pub fn allocate(&mut self, world: &mut World) -> Reply {
        self.ask(world, ALLOCATE, &[&RequestedTransport::new(17)])
    }

    pub fn refresh(&mut self, world: &mut World, seconds: u32) -> Reply {
        self.ask(world, REFRESH, &[&Lifetime::new(seconds)])
    }

    pub fn permit(&mut self, world: &mut World, peers: &[SocketAddr]) -> Reply {
        let transaction = (self.transaction + 1).into();
        let peers: Vec<_> = peers.iter().map(|peer| XorPeerAddress::new(*peer, transaction)).collect();
        // `add_attribute` takes each kind once only; the relay must take many, so the rest is added by hand.
        let mut request = self.begin(CREATE_PERMISSION, &[]);
        for peer in &peers {
            request.push_attribute_unchecked(peer);
        }
        request.add_attribute(&Username::new(&self.credential.username).unwrap()).unwrap();
        request.add_attribute(&Realm::new(REALM).unwrap()).unwrap();
        request.add_attribute(&Nonce::new(&self.nonce).unwrap()).unwrap();
        request.add_message_integrity(&self.key(), IntegrityAlgorithm::Sha1).unwrap();
        let request = request.finish();
        self.exchange(world, &request).expect("an answer")
    }

    pub fn bind(&mut self, world: &mut World, channel: u16, peer: SocketAddr) -> Reply {
        let peer = XorPeerAddress::new(peer, (self.transaction + 1).into());
        self.ask(world, CHANNEL_BIND, &[&ChannelNumber::new(channel), &peer])
    }

    /// Sends data by an indication and tells what arrives where.
    pub fn indicate(&mut self, world: &mut World, peer: SocketAddr, data: &[u8]) -> Option<Arrival> {
        self.transaction += 1;
        let kind = MessageType::from_class_method(MessageClass::Indication, SEND);
        let mut indication = Message::builder(kind, self.transaction.into(), MessageWriteVec::new());
        indication.add_attribute(&XorPeerAddress::new(peer, self.transaction.into())).unwrap();
        indication.add_attribute(&Data::new(data)).unwrap();
        world.send(self.client, &indication.finish()).map(Arrival::of)
    }

    /// Sends data on a channel and tells what arrives where.
    pub fn channel(&mut self, world: &mut World, channel: u16, data: &[u8]) -> Option<Arrival> {
        world.send(self.client, &channel_data(channel, data)).map(Arrival::of)
    }
}

pub fn channel_data(channel: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&channel.to_be_bytes()[..], &length.to_be_bytes(), data].concat()
}

pub struct Reply {
    /// 0 for a success.
    pub code: u16,
    pub bytes: Vec<u8>,
}

impl Reply {
    pub fn message(&self) -> Message<'_> {
        Message::from_bytes(&self.bytes).unwrap()
    }

    pub fn nonce(&self) -> String {
        self.message().attribute::<Nonce>().expect("a nonce").nonce().to_owned()
    }

    pub fn relayed(&self) -> SocketAddr {
        assert_eq!(self.code, 0);
        let message = self.message();
        message.attribute::<XorRelayedAddress>().expect("a relayed address").addr(message.transaction_id())
    }

    pub fn lifetime(&self) -> u32 {
        assert_eq!(self.code, 0);
        self.message().attribute::<Lifetime>().expect("a lifetime").seconds()
    }

    pub fn has<A: AttributeStaticType>(&self) -> bool {
        self.message().has_attribute(A::TYPE)
    }
}

/// Data that the relay passed on.
pub struct Arrival {
    pub to: Client,
    pub how: How,
    pub data: Vec<u8>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum How {
    Channel(u16),
    Indication(SocketAddr),
}

impl Arrival {
    fn of((to, bytes): (Client, Vec<u8>)) -> Self {
        if bytes[0] >= 0x40 {
            let length = usize::from(u16::from_be_bytes([bytes[2], bytes[3]]));
            assert_eq!(bytes.len(), 4 + length, "a frame is as long as it says");
            return Arrival { to, how: How::Channel(u16::from_be_bytes([bytes[0], bytes[1]])), data: bytes[4..].to_vec() };
        }
        let message = Message::from_bytes(&bytes).expect("STUN or ChannelData");
        assert_eq!((message.class(), message.method()), (MessageClass::Indication, DATA));
        let from = message.attribute::<XorPeerAddress>().unwrap().addr(message.transaction_id());
        let data = message.attribute::<Data<'_>>().unwrap().data().to_vec();
        Arrival { to, how: How::Indication(from), data }
    }
}
