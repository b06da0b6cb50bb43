//! The relay as its owner sees it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use sidelight_tally::{Tally, neighbourhood};
use stun_types::message::{Message, MessageClass};
use turn_types::message::SEND;

use crate::addresses::{Addresses, Relayed};
use crate::allocation::Allocation;
use crate::credential::{Passwords, Rights};
use crate::nonce::Nonces;
use crate::peer::Peer;
use crate::places::Places;
use crate::{Client, Credential, Limits, Scope, Time, Via};

/// What a relay is made with.
pub struct Config {
    /// Credentials are computed from it. Whoever knows it can relay.
    pub secret: Vec<u8>,
    /// Random, new at each start, known to nobody: nonces are computed from it.
    pub seed: [u8; 32],
    /// Shown to clients; part of the key that seals their requests.
    pub realm: String,
    pub limits: Limits,
}

/// A frame to send, without the padding that streams need ([`crate::padding`]).
pub struct Outgoing<'a> {
    pub to: Client,
    pub bytes: &'a [u8],
}

/// Payload in bytes that a peer sent to others, and that others sent to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    pub sent: u64,
    pub received: u64,
}

/// What was passed on since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    pub packets: u64,
    /// Of payload.
    pub bytes: u64,
}

/// Why an allocation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The client gave it back.
    GivenBack,
    /// It wasn't refreshed, or its trial was over.
    Expired,
    /// Its connection closed.
    Closed,
    /// It was silent, and its peer needed the place.
    GaveWay,
    /// The peer's access was revoked.
    Revoked,
}

/// What the owner may want to know.
pub enum Event {
    AllocationEnded {
        client: Client,
        peer: Arc<str>,
        why: Ended,
    },
    /// The peer's last allocation ended; this is what it used since its first.
    PeerGone {
        peer: Arc<str>,
        usage: Usage,
    },
}

/// A port kept for the allocation that brings its token.
pub(crate) struct Reservation {
    pub relayed: Relayed,
    pub peer: Arc<str>,
    pub expires: Time,
}

/// RFC 8656 section 7.2: a reserved port is kept for at least 30 seconds.
pub(crate) const RESERVATION: Time = 30_000;

/// Expiries run to the second, so a grant can't be told from one a moment later; see [`Relay::revoke`].
type Expiry = u64;

/// The relay. Total: any bytes from anyone yield at most one frame to send, never a panic.
pub struct Relay {
    pub(crate) realm: String,
    pub(crate) limits: Limits,
    pub(crate) nonces: Nonces,
    pub(crate) passwords: Passwords,
    pub(crate) addresses: Addresses,
    pub(crate) clients: HashMap<Client, u32>,
    pub(crate) allocations: Places<Allocation>,
    pub(crate) peers: Places<Peer>,
    pub(crate) peer_numbers: HashMap<Arc<str>, u32>,
    pub(crate) reservations: HashMap<u64, Reservation>,
    /// Credentials of these peers that expire then or earlier are worth nothing.
    revoked: HashMap<Box<str>, Expiry>,
    /// Answers to those who have proved nothing. None is kept back from all of them together: whoever floods would keep every call
    /// from beginning.
    strangers: Tally,
    pub(crate) transaction: u128,
    events: Vec<Event>,
    pub(crate) passed: Passed,
}

impl Relay {
    pub fn new(config: Config) -> Self {
        let Config { secret, seed, realm, limits } = config;
        let [a, b, c, d, e, f, g, h, ..] = seed;
        let number = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        Relay {
            realm,
            nonces: Nonces::new(&seed, limits.nonce),
            passwords: Passwords::new(&secret),
            addresses: Addresses::new(number),
            clients: HashMap::new(),
            allocations: Places::default(),
            peers: Places::default(),
            peer_numbers: HashMap::new(),
            reservations: HashMap::new(),
            revoked: HashMap::new(),
            strangers: Tally::new(limits.stranger_burst, Duration::from_millis(limits.stranger_interval), limits.strangers),
            transaction: u128::from(number) << 32,
            events: Vec::new(),
            passed: Passed::default(),
            limits,
        }
    }

    /// Handles one frame: a datagram, or what [`crate::Frames`] cut from a stream. A ChannelData frame is changed in place;
    /// all else is written to `scratch`, which grows once and is used again.
    pub fn handle<'a>(&mut self, now: Time, client: Client, frame: &'a mut [u8], scratch: &'a mut Vec<u8>) -> Option<Outgoing<'a>> {
        match frame.first()? {
            0x40..=0x7F => self.channel_data(now, client, frame, scratch),
            0x00..=0x3F => {
                let to = self.stun(now, client, frame, scratch)?;
                Some(Outgoing { to, bytes: scratch })
            }
            0x80..=0xFF => None,
        }
    }

    /// Handles a STUN message and tells for whom `scratch` now holds what.
    fn stun(&mut self, now: Time, client: Client, frame: &[u8], scratch: &mut Vec<u8>) -> Option<Client> {
        let &[_, _, high, low, ..] = frame else { return None };
        // Bytes after the message are no part of it: without this cut they would be read as attributes.
        let message = frame.get(..20 + usize::from(u16::from_be_bytes([high, low])))?;
        if message.len() > crate::LARGEST_FRAME {
            return None;
        }
        let message = Message::from_bytes(message).ok()?;
        match message.class() {
            MessageClass::Request => {
                *scratch = self.request(now, client, &message)?;
                Some(client)
            }
            MessageClass::Indication if message.has_method(SEND) => self.send_indication(now, client, &message, scratch),
            // Binding indications keep a way open and want no answer; we made no request that a response could be for.
            MessageClass::Indication | MessageClass::Success | MessageClass::Error => None,
        }
    }

    /// Whether a client that has proved nothing is answered: as often as a browser needs, and no lever for who floods. What comes with a
    /// good credential isn't counted, whoever else is at its address.
    pub(crate) fn answers_stranger(&mut self, now: Time, client: Client) -> bool {
        let stream = if let Via::Stream(number) = client.via { Some(number) } else { None };
        let address = stream.is_none().then(|| neighbourhood(client.address.ip()));
        self.clients.contains_key(&client) || self.strangers.take((stream, address), now).is_ok()
    }

    /// Makes a credential. Names are as in [`Credential`]: without `:`, at most 64 bytes; others never work.
    pub fn grant(&self, now: Time, room: &str, peer: &str, scope: Scope) -> Credential {
        let lasts = match scope {
            Scope::Own => self.limits.own_grant,
            Scope::Room => self.limits.room_grant,
        };
        let after_revocation = self.revoked.get(peer).map_or(0, |expiry| expiry + 1);
        let expires = ((now + lasts) / 1_000).max(after_revocation);
        let username = Rights { expires, scope, room, peer }.username();
        let password = self.passwords.of(&username);
        Credential { username, password }
    }

    /// Ends the peer's allocations now and makes all that it was granted so far worthless. What it is granted later works.
    pub fn revoke(&mut self, now: Time, peer: &str) {
        // Nothing granted so far can expire later than this; what is granted from now on does.
        let latest = (now + self.limits.room_grant.max(self.limits.own_grant)) / 1_000;
        let before = self.revoked.get(peer).map_or(0, |expiry| expiry + 1);
        self.revoked.insert(peer.into(), latest.max(before));
        let Some(&number) = self.peer_numbers.get(peer) else { return };
        let allocations = self.peers.get(number).map(|peer| peer.allocations.clone()).unwrap_or_default();
        for allocation in allocations {
            self.end(allocation, Ended::Revoked);
        }
        self.reservations.retain(|_, reservation| {
            let keep = &*reservation.peer != peer;
            if !keep {
                self.addresses.free(reservation.relayed);
            }
            keep
        });
    }

    /// Whether the credential with these rights was revoked.
    pub(crate) fn is_revoked(&self, rights: &Rights<'_>) -> bool {
        self.revoked.get(rights.peer).is_some_and(|expiry| rights.expires <= *expiry)
    }

    /// A stream closed: its allocation goes with it.
    pub fn gone(&mut self, client: Client) {
        if let Some(&allocation) = self.clients.get(&client) {
            self.end(allocation, Ended::Closed);
        }
    }

    /// Frees what has expired. Call about once a second: nothing expired works until then either, it only takes up room.
    pub fn expire(&mut self, now: Time) {
        let expired: Vec<u32> = self.allocations.iter().filter(|(_, a)| !a.is_alive(now)).map(|(number, _)| number).collect();
        for allocation in expired {
            self.end(allocation, Ended::Expired);
        }
        self.reservations.retain(|_, reservation| {
            let keep = now < reservation.expires;
            if !keep {
                self.addresses.free(reservation.relayed);
            }
            keep
        });
        // After that second the credential makes no allocation, revoked or not.
        self.revoked.retain(|_, expiry| now / 1_000 < *expiry);
        let mut left = Vec::new();
        for (number, peer) in self.peers.iter_mut() {
            peer.trials.retain(|trial| now / 1_000 < trial.credential);
            if peer.allocations.is_empty() && peer.trials.is_empty() {
                left.push((number, peer.name.clone()));
            }
        }
        for (number, name) in left {
            self.peers.remove(number);
            self.peer_numbers.remove(&name);
        }
    }

    /// What happened since this was last asked.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Whether [`Relay::take_events`] would yield anything.
    pub fn has_events(&self) -> bool {
        !self.events.is_empty()
    }

    /// What a peer used since its first allocation; nothing once the last has ended.
    pub fn usage(&self, peer: &str) -> Option<Usage> {
        let peer = self.peers.get(*self.peer_numbers.get(peer)?)?;
        (!peer.allocations.is_empty()).then_some(Usage { sent: peer.sent, received: peer.received })
    }

    /// How many allocations there are, expired ones included until [`Relay::expire`].
    pub fn passed(&self) -> Passed {
        self.passed
    }

    pub fn allocations(&self) -> usize {
        self.allocations.len()
    }

    /// Whether nothing at all is kept: no allocation, peer, reservation or revocation.
    pub fn is_empty(&self) -> bool {
        self.allocations.len() == 0 && self.peers.len() == 0 && self.reservations.is_empty() && self.revoked.is_empty()
    }

    /// Whether the client has an allocation that is alive.
    pub fn has_allocation(&self, now: Time, client: Client) -> bool {
        self.allocation_of(now, client).is_some()
    }

    /// The client's allocation, if it has one that is alive.
    pub(crate) fn allocation_of(&self, now: Time, client: Client) -> Option<u32> {
        let number = *self.clients.get(&client)?;
        self.allocations.get(number)?.is_alive(now).then_some(number)
    }

    pub(crate) fn end(&mut self, number: u32, why: Ended) {
        let Some(allocation) = self.allocations.remove(number) else { return };
        self.clients.remove(&allocation.client);
        self.addresses.free(allocation.relayed);
        let Some(peer) = self.peers.get_mut(allocation.peer) else { return };
        peer.allocations.retain(|other| *other != number);
        self.events.push(Event::AllocationEnded { client: allocation.client, peer: peer.name.clone(), why });
        if peer.allocations.is_empty() {
            let usage = Usage { sent: std::mem::take(&mut peer.sent), received: std::mem::take(&mut peer.received) };
            self.events.push(Event::PeerGone { peer: peer.name.clone(), usage });
        }
        // An owner that never asks must not cost memory: the oldest events go.
        if self.events.len() > MOST_EVENTS {
            self.events.drain(..MOST_EVENTS / 2);
        }
    }
}

const MOST_EVENTS: usize = 4_096;
