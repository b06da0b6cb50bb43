//! Any frames at the relay, from eight clients of three rooms: as they are, and sealed with a credential that is right, so that
//! what lies behind the seal is reached. Whatever comes, what goes to somebody else goes to the same room only, as it was sent; a
//! broken seal opens nothing; who was revoked has nothing; and a stranger is answered with little.

use crate::bytes::Bytes;
use sidelight_relay::{Client, Config, Credential, Frames, Limits, Relay, Scope, Time, Via};
use std::net::SocketAddr;
use stun_types::attribute::{ErrorCode, Nonce, RawAttribute, Realm, Username};
use stun_types::message::{
    BINDING, IntegrityAlgorithm, LongTermKeyCredentials, Message, MessageClass, MessageIntegrityCredentials, MessageType, MessageWrite,
    MessageWriteExt, MessageWriteVec, Method,
};
use stun_types::prelude::AttributeWrite;
use turn_types::attribute::{ChannelNumber, Data, Lifetime, RequestedTransport, XorPeerAddress, XorRelayedAddress};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, DATA, REFRESH, SEND};

const START: Time = 1_700_000_000_000;
const REALM: &str = "sidelight";

/// Room, name and scope of each client's peer. The first four come by UDP, the others by streams; two are one peer's.
const WHO: [(&str, &str, Scope); 8] = [
    ("one", "a", Scope::Room),
    ("one", "b", Scope::Room),
    ("two", "c", Scope::Room),
    ("one", "d", Scope::Own),
    ("one", "a", Scope::Room),
    ("one", "e", Scope::Room),
    ("two", "f", Scope::Room),
    ("one", "d", Scope::Own),
];

/// What an input came to: the seeds are held to it, so that they don't end at the door.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Came {
    pub allocated: u32,
    pub refused: u32,
    /// Payloads that reached somebody.
    pub carried: u32,
}

pub fn play(data: &[u8]) {
    came_to(data);
}

pub fn came_to(data: &[u8]) -> Came {
    let mut world = World::new();
    let mut input = Bytes::new(data);
    // Longer inputs find nothing that shorter ones don't, and take their time.
    for _ in 0..256 {
        if input.is_empty() {
            break;
        }
        world.step(&mut input);
    }
    world.relay.expire(world.now);
    world.relay.expire(world.now + 100 * 3_600_000);
    assert!(world.relay.is_empty(), "something is kept for ever");
    world.came
}

struct Caller {
    client: Client,
    credential: Credential,
    nonce: String,
    frames: Frames,
    /// Its stream was given up.
    broken: bool,
    relayed: Option<SocketAddr>,
}

impl Caller {
    fn key(&self) -> MessageIntegrityCredentials {
        let Credential { username, password } = &self.credential;
        LongTermKeyCredentials::new(username.clone(), password.clone(), REALM.to_owned()).into()
    }
}

struct World {
    relay: Relay,
    now: Time,
    scratch: Vec<u8>,
    callers: Vec<Caller>,
    transaction: u128,
    came: Came,
}

impl World {
    fn new() -> World {
        // So small that each of them is met.
        let limits = Limits {
            allocations: 6,
            allocations_per_peer: 3,
            own_allocations: 2,
            own_bytes: 2_000,
            channels_per_allocation: 4,
            packets_per_second: 50,
            bytes_per_second: 20_000,
            ..Limits::default()
        };
        let config = Config { secret: b"a secret".to_vec(), seed: [7; 32], realm: REALM.to_owned(), limits };
        let relay = Relay::new(config);
        let callers = WHO.iter().zip(0_u16..).map(|((room, peer, scope), number)| Caller {
            client: Client {
                via: if number < 4 { Via::Udp(number % 2) } else { Via::Stream(u32::from(number)) },
                address: ([192, 0, 2, 9], 1_000 + number).into(),
            },
            credential: relay.grant(START, room, peer, *scope),
            nonce: String::new(),
            frames: Frames::default(),
            broken: false,
            relayed: None,
        });
        World { callers: callers.collect(), relay, now: START, scratch: Vec::new(), transaction: 1, came: Came::default() }
    }

    fn step(&mut self, input: &mut Bytes<'_>) {
        let (what, who) = (input.byte() % 14, input.index(WHO.len()));
        match what {
            0 => self.stranger(who, input.long()),
            1 => self.stream(who, input.long()),
            2 => self.sealed(who, input),
            3 => self.bent(who, input),
            4 => {
                self.allocate(who);
            }
            5 => self.permit(who, input.index(WHO.len())),
            6 => self.bind(who, input.index(WHO.len()), input.word()),
            7 => self.indicate(who, input.index(WHO.len()), input.short()),
            8 => self.channel(who, input.word(), input.long()),
            9 => self.refresh(who, input.word()),
            10 => self.later(u64::from(input.word())),
            11 => self.revoke(who),
            12 => self.grant(who),
            _ => self.relay.gone(self.callers[who].client),
        }
        assert!(self.relay.allocations() <= 6);
        self.relay.take_events();
    }

    fn later(&mut self, tenths: u64) {
        self.now += tenths * 100;
        self.relay.expire(self.now);
    }

    fn revoke(&mut self, who: usize) {
        let (_, peer, _) = WHO[who];
        self.relay.revoke(self.now, peer);
        for (caller, (_, other, _)) in self.callers.iter_mut().zip(WHO) {
            if other == peer {
                caller.relayed = None;
                assert!(!self.relay.has_allocation(self.now, caller.client), "revoked, and still there");
            }
        }
        assert!(self.allocate(who).is_none_or(|code| code != 0), "a revoked credential opens something");
    }

    fn grant(&mut self, who: usize) {
        let (room, peer, scope) = WHO[who];
        self.callers[who].credential = self.relay.grant(self.now, room, peer, scope);
    }

    /// A frame as it is. Whoever sends it: without a seal it makes no allocation.
    fn stranger(&mut self, who: usize, frame: &[u8]) {
        let before = self.relay.allocations();
        let answer = self.send(who, frame);
        assert!(self.relay.allocations() <= before, "an allocation without a credential");
        if let Some(answer) = answer {
            assert!(answer.len() <= frame.len() + 200, "a lever for a flood: {} bytes for {}", answer.len(), frame.len());
        }
    }

    fn stream(&mut self, who: usize, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() && !self.callers[who].broken {
            let frames = &mut self.callers[who].frames;
            let space = frames.space();
            let count = rest.len().min(space.len());
            space[..count].copy_from_slice(&rest[..count]);
            frames.filled(count);
            rest = &rest[count..];
            loop {
                let frame = match self.callers[who].frames.next_frame() {
                    Ok(Some(frame)) => frame.to_vec(),
                    Ok(None) => break,
                    Err(_) => {
                        self.callers[who].broken = true;
                        break;
                    }
                };
                self.stranger(who, &frame);
            }
        }
    }

    /// Sends a frame and sees to it that what comes back goes where it may. The answer, where it is one.
    fn send(&mut self, who: usize, frame: &[u8]) -> Option<Vec<u8>> {
        let from = self.callers[who].client;
        let mut sent = frame.to_vec();
        let outgoing = self.relay.handle(self.now, from, &mut sent, &mut self.scratch)?;
        let (to, bytes) = (outgoing.to, outgoing.bytes.to_vec());
        let payload = match bytes.first() {
            Some(0x40..=0x7F) => {
                assert_eq!(bytes.len(), 4 + usize::from(u16::from_be_bytes([bytes[2], bytes[3]])), "a frame is as long as it says");
                bytes[4..].to_vec()
            }
            _ => {
                let message = Message::from_bytes(&bytes).expect("what is sent is STUN or ChannelData");
                if (message.class(), message.method()) != (MessageClass::Indication, DATA) {
                    assert!(to == from, "an answer goes to who asked");
                    assert_eq!(bytes[8..20], frame[8..20], "the answer of another request");
                    return Some(bytes);
                }
                message.attribute::<Data<'_>>().expect("an indication carries data").data().to_vec()
            }
        };
        let other = self.callers.iter().position(|caller| caller.client == to).expect("nobody of ours");
        assert!(self.relay.has_allocation(self.now, to), "data for one who has no allocation");
        let ((room, _, scope), (other_room, other_peer, other_scope)) = (WHO[who], WHO[other]);
        assert!(room == other_room && scope == other_scope, "data from one room in another");
        assert!(scope == Scope::Room || other_peer == WHO[who].1, "trying the line reaches somebody");
        assert!(payload.is_empty() || frame.windows(payload.len()).any(|part| part == payload), "the data are changed on their way");
        self.came.carried += 1;
        None
    }

    fn begin(&mut self, method: Method) -> MessageWriteVec {
        self.transaction += 1;
        let kind = MessageType::from_class_method(MessageClass::Request, method);
        Message::builder(kind, self.transaction.into(), MessageWriteVec::new())
    }

    fn seal(&mut self, who: usize, mut request: MessageWriteVec) -> Option<Vec<u8>> {
        if self.callers[who].nonce.is_empty() {
            self.fetch_nonce(who);
        }
        let caller = &self.callers[who];
        request.push_attribute_unchecked(&Username::new(&caller.credential.username).ok()?);
        request.push_attribute_unchecked(&Realm::new(REALM).ok()?);
        request.push_attribute_unchecked(&Nonce::new(&caller.nonce).ok()?);
        request.add_message_integrity(&caller.key(), IntegrityAlgorithm::Sha1).ok()?;
        Some(request.finish())
    }

    fn fetch_nonce(&mut self, who: usize) {
        let request = self.begin(REFRESH).finish();
        let answer = self.send(who, &request).expect("a stranger is told a nonce");
        let message = Message::from_bytes(&answer).expect("an answer is a STUN message");
        self.callers[who].nonce = message.attribute::<Nonce>().expect("a nonce").nonce().to_owned();
    }

    /// The answer's code, 0 for a success, and the answer. None: there was none.
    fn exchange(&mut self, who: usize, request: &[u8]) -> Option<(u16, Vec<u8>)> {
        let answer = self.send(who, request)?;
        let message = Message::from_bytes(&answer).expect("an answer is a STUN message");
        let code = match message.class() {
            MessageClass::Success => 0,
            _ => message.attribute::<ErrorCode>().expect("a refusal says why").code(),
        };
        if code == 438 {
            self.callers[who].nonce.clear();
        }
        self.came.refused += u32::from(code != 0);
        Some((code, answer))
    }

    fn ask(&mut self, who: usize, method: Method, attributes: &[&dyn AttributeWrite]) -> Option<(u16, Vec<u8>)> {
        // XOR-PEER-ADDRESS is written for the transaction that comes next.
        if self.callers[who].nonce.is_empty() {
            self.fetch_nonce(who);
        }
        let mut request = self.begin(method);
        for attribute in attributes {
            request.push_attribute_unchecked(*attribute);
        }
        let request = self.seal(who, request)?;
        self.exchange(who, &request)
    }

    fn allocate(&mut self, who: usize) -> Option<u16> {
        let (code, answer) = self.ask(who, ALLOCATE, &[&RequestedTransport::new(17)])?;
        if code == 0 {
            let message = Message::from_bytes(&answer).expect("an answer is a STUN message");
            let relayed = message.attribute::<XorRelayedAddress>().expect("a relayed address");
            self.callers[who].relayed = Some(relayed.addr(message.transaction_id()));
            self.came.allocated += 1;
        }
        Some(code)
    }

    /// The address of somebody else's allocation, as far as one was given out; else one that nobody has.
    fn address_of(&self, who: usize) -> SocketAddr {
        self.callers[who].relayed.unwrap_or(([203, 0, 113, 1], 50_000).into())
    }

    fn peer(&mut self, who: usize, other: usize) -> XorPeerAddress {
        if self.callers[who].nonce.is_empty() {
            self.fetch_nonce(who);
        }
        XorPeerAddress::new(self.address_of(other), (self.transaction + 1).into())
    }

    fn permit(&mut self, who: usize, other: usize) {
        let peer = self.peer(who, other);
        self.ask(who, CREATE_PERMISSION, &[&peer]);
    }

    fn bind(&mut self, who: usize, other: usize, channel: u16) {
        let peer = self.peer(who, other);
        self.ask(who, CHANNEL_BIND, &[&ChannelNumber::new(channel), &peer]);
    }

    fn refresh(&mut self, who: usize, seconds: u16) {
        self.ask(who, REFRESH, &[&Lifetime::new(u32::from(seconds))]);
    }

    fn indicate(&mut self, who: usize, other: usize, data: &[u8]) {
        self.transaction += 1;
        let kind = MessageType::from_class_method(MessageClass::Indication, SEND);
        let mut indication = Message::builder(kind, self.transaction.into(), MessageWriteVec::new());
        indication.push_attribute_unchecked(&XorPeerAddress::new(self.address_of(other), self.transaction.into()));
        indication.push_attribute_unchecked(&Data::new(data));
        let answer = self.send(who, &indication.finish());
        assert!(answer.is_none(), "an indication is answered");
    }

    fn channel(&mut self, who: usize, channel: u16, data: &[u8]) {
        let length = u16::try_from(data.len()).unwrap_or(u16::MAX).to_be_bytes();
        self.send(who, &[&channel.to_be_bytes()[..], &length, data].concat());
    }

    /// A request of any method with any attributes, in a seal that is right.
    fn strange(&mut self, who: usize, input: &mut Bytes<'_>) -> Option<Vec<u8>> {
        let method = [BINDING, ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND, SEND, DATA][input.index(7)];
        let mut request = self.begin(method);
        for _ in 0..input.index(12) {
            let kind = input.word();
            request.push_attribute_unchecked(&RawAttribute::new(kind.into(), input.short()));
        }
        self.seal(who, request)
    }

    fn sealed(&mut self, who: usize, input: &mut Bytes<'_>) {
        if let Some(request) = self.strange(who, input) {
            self.exchange(who, &request);
        }
    }

    /// The same with a byte of it changed after it was sealed.
    fn bent(&mut self, who: usize, input: &mut Bytes<'_>) {
        let (at, change) = (usize::from(input.word()), input.byte());
        let Some(mut request) = self.strange(who, input) else { return };
        let at = at % request.len();
        request[at] ^= change;
        let before = self.relay.allocations();
        if change != 0
            && let Some((code, answer)) = self.exchange(who, &request)
        {
            let method = Message::from_bytes(&answer).expect("an answer is a STUN message").method();
            assert!(code != 0 || method == BINDING, "a broken seal opened something");
        }
        assert!(change == 0 || self.relay.allocations() <= before, "a broken seal made an allocation");
    }
}
