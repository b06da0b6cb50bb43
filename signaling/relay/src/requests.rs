//! What clients ask of the relay: Binding, Allocate, Refresh, CreatePermission, ChannelBind.

use std::net::{IpAddr, SocketAddr};

use stun_types::attribute::{
    AttributeType, Fingerprint, MessageIntegrity, MessageIntegritySha256, Nonce, Realm, Username, XorMappedAddress,
};
use stun_types::message::{BINDING, Message};
use stun_types::prelude::{Attribute, AttributeFromRaw, AttributeStaticType, AttributeWrite};
use turn_types::AddressFamily;
use turn_types::attribute::{
    ChannelNumber, DontFragment, EvenPort, Lifetime, RequestedAddressFamily, RequestedTransport, ReservationToken, XorPeerAddress,
    XorRelayedAddress,
};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH};

use crate::addresses::{Parity, Relayed};
use crate::allocation::{Allocation, Owner, Unbindable};
use crate::answer::{Refusal, refusal, success};
use crate::credential::Rights;
use crate::peer::Peer;
use crate::proof::{self, Proof, Unproven};
use crate::relay::{RESERVATION, Reservation};
use crate::{Client, Ended, Relay, Scope, Time};

/// Attributes that must be understood, and are. DONT-FRAGMENT is kept trivially: between two of our allocations there is no
/// network that could fragment.
const KNOWN: [AttributeType; 14] = [
    Username::TYPE,
    Realm::TYPE,
    Nonce::TYPE,
    MessageIntegrity::TYPE,
    MessageIntegritySha256::TYPE,
    Fingerprint::TYPE,
    Lifetime::TYPE,
    XorPeerAddress::TYPE,
    ChannelNumber::TYPE,
    EvenPort::TYPE,
    RequestedTransport::TYPE,
    DontFragment::TYPE,
    ReservationToken::TYPE,
    RequestedAddressFamily::TYPE,
];

/// UDP, as the Internet Protocol numbers it.
const UDP: u8 = 17;

/// The attributes of a success.
type Granted = Vec<Box<dyn AttributeWrite>>;

impl Relay {
    /// Answers a request; None to requests of methods that aren't ours (RFC 8489 section 6.3).
    pub(crate) fn request(&mut self, now: Time, client: Client, request: &Message<'_>) -> Option<Vec<u8>> {
        let handler = match request.method() {
            BINDING if self.answers_stranger(now, client) => return binding(client, request),
            BINDING => return None,
            ALLOCATE => Relay::allocate,
            REFRESH => Relay::refresh,
            CREATE_PERMISSION => Relay::create_permission,
            CHANNEL_BIND => Relay::channel_bind,
            _ => return None,
        };
        let proof = match proof::check(now, client, request, &self.realm, &self.nonces, &self.passwords) {
            Ok(proof) => proof,
            Err(Unproven::Unauthorized) => return self.challenge(now, client, request, Refusal::Unauthorized),
            Err(Unproven::StaleNonce) => return self.challenge(now, client, request, Refusal::StaleNonce),
            Err(Unproven::BadRequest) if self.answers_stranger(now, client) => {
                return refusal(request, Refusal::BadRequest, &[], &[], None);
            }
            Err(Unproven::BadRequest) => return None,
        };
        let rights = Rights::parse(&proof.username).filter(|rights| !self.is_revoked(rights));
        let Some(rights) = rights else { return self.challenge(now, client, request, Refusal::Unauthorized) };
        if let Some(&peer) = self.peer_numbers.get(rights.peer)
            && !self.peers.get_mut(peer)?.may_send(now, request.as_bytes().len())
        {
            return None;
        }
        let unknown = unknown_attributes(request);
        let outcome =
            if unknown.is_empty() { handler(self, now, client, request, &proof, &rights) } else { Err(Refusal::UnknownAttribute) };
        match outcome {
            Ok(granted) => {
                let attributes: Vec<&dyn AttributeWrite> = granted.iter().map(|attribute| &**attribute).collect();
                success(request, &attributes, Some(&proof))
            }
            // Sealed or not, a 401 must bring what the next attempt needs.
            Err(Refusal::Unauthorized) => self.challenge(now, client, request, Refusal::Unauthorized),
            Err(why) => refusal(request, why, &unknown, &[], Some(&proof)),
        }
    }

    /// "Not like this: use this realm and nonce."
    fn challenge(&mut self, now: Time, client: Client, request: &Message<'_>, why: Refusal) -> Option<Vec<u8>> {
        if !self.answers_stranger(now, client) {
            return None;
        }
        let realm = Realm::new(&self.realm).ok()?;
        let nonce = Nonce::new(&self.nonces.make(now, client)).ok()?;
        refusal(request, why, &[], &[&realm, &nonce], None)
    }

    fn allocate(
        &mut self,
        now: Time,
        client: Client,
        request: &Message<'_>,
        proof: &Proof,
        rights: &Rights<'_>,
    ) -> Result<Granted, Refusal> {
        if let Some(&number) = self.clients.get(&client) {
            if let Some(allocation) = self.allocations.get(number).filter(|allocation| allocation.is_alive(now)) {
                let repeated = allocation.made_by == request.transaction_id() && *allocation.username == *proof.username;
                let left = u32::try_from((allocation.expires - now) / 1_000).unwrap_or(u32::MAX);
                return if repeated { Ok(allocated(allocation, request, left)) } else { Err(Refusal::AllocationMismatch) };
            }
            self.end(number, Ended::Expired);
        }
        if rights.expired(now) {
            return Err(Refusal::Unauthorized);
        }
        let transport = request.attribute::<RequestedTransport>().map_err(|_| Refusal::BadRequest)?;
        if transport.protocol() != UDP {
            return Err(Refusal::UnsupportedTransport);
        }
        let parity = wanted_parity(request)?;
        let token = optional::<ReservationToken>(request)?.map(|token| token.token());
        if token.is_some() && (parity != Parity::Any || request.has_attribute(RequestedAddressFamily::TYPE)) {
            return Err(Refusal::BadRequest);
        }
        if request.has_attribute(RequestedAddressFamily::TYPE) && !asks_for_ipv4(request) {
            return Err(Refusal::AddressFamilyNotSupported);
        }
        let lifetime = optional::<Lifetime>(request)?.map(|lifetime| lifetime.seconds());

        let peer = self.make_room_for(now, rights, &proof.username)?;
        let relayed = match token {
            None => self.addresses.take(parity),
            Some(token) => self.redeem(now, token, rights.peer),
        }
        .ok_or(Refusal::InsufficientCapacity)?;
        let owner = Owner { client, peer, room: rights.room, scope: rights.scope, username: &proof.username, credential: rights.expires };
        let mut allocation = Allocation::new(now, &owner, relayed, request.transaction_id());
        if rights.scope == Scope::Own {
            let trial = self.peers.get_mut(peer).map(|peer| peer.trial(now, rights.expires, &self.limits).ends);
            allocation.ends = Some(trial.unwrap_or(now));
        }
        if parity == Parity::EvenAndNext {
            allocation.token = self.reserve(now, relayed, rights.peer);
        }
        let granted = allocation.live_on(now, lifetime, &self.limits);
        let attributes = allocated(&allocation, request, granted);
        let Some(number) = self.allocations.insert(allocation) else {
            self.addresses.free(relayed);
            return Err(Refusal::InsufficientCapacity);
        };
        self.clients.insert(client, number);
        self.addresses.give(relayed, number);
        if let Some(peer) = self.peers.get_mut(peer) {
            peer.allocations.push(number);
        }
        Ok(attributes)
    }

    /// The number of the peer, which may have one allocation more with this credential.
    fn make_room_for(&mut self, now: Time, rights: &Rights<'_>, username: &str) -> Result<u32, Refusal> {
        let Some(&number) = self.peer_numbers.get(rights.peer) else {
            if self.allocations.len() >= self.limits.allocations {
                return Err(Refusal::InsufficientCapacity);
            }
            let peer = Peer::new(now, rights.peer, &self.limits);
            let name = peer.name.clone();
            let number = self.peers.insert(peer).ok_or(Refusal::InsufficientCapacity)?;
            self.peer_numbers.insert(name, number);
            return Ok(number);
        };
        let peer = self.peers.get_mut(number).ok_or(Refusal::InsufficientCapacity)?;
        if rights.scope == Scope::Own {
            let trial = peer.trial(now, rights.expires, &self.limits);
            if now >= trial.ends || trial.bytes_left == 0 {
                return Err(Refusal::AllocationQuotaReached);
            }
        }
        if rights.scope == Scope::Own {
            let beside =
                peer.allocations.iter().filter_map(|number| self.allocations.get(*number)).filter(|one| *one.username == *username);
            if beside.count() >= self.limits.own_allocations {
                return Err(Refusal::AllocationQuotaReached);
            }
        }
        if peer.allocations.len() >= self.limits.allocations_per_peer {
            let silent = peer.allocations.iter().filter_map(|number| Some((self.allocations.get(*number)?.heard, *number))).min();
            match silent {
                Some((heard, oldest)) if now.saturating_sub(heard) >= self.limits.idle => self.end(oldest, Ended::GaveWay),
                Some(_) | None => return Err(Refusal::AllocationQuotaReached),
            }
        }
        if self.allocations.len() >= self.limits.allocations {
            return Err(Refusal::InsufficientCapacity);
        }
        Ok(number)
    }

    /// Keeps the next port and makes the token for it.
    fn reserve(&mut self, now: Time, relayed: Relayed, peer: &str) -> Option<u64> {
        let next = self.addresses.take_next(relayed)?;
        // Guessing it gives nothing: it works for the same peer only.
        self.transaction = self.transaction.wrapping_add(1);
        let token = self.transaction as u64 ^ now.rotate_left(32);
        self.reservations.insert(token, Reservation { relayed: next, peer: peer.into(), expires: now + RESERVATION });
        Some(token)
    }

    fn redeem(&mut self, now: Time, token: u64, peer: &str) -> Option<Relayed> {
        let reservation = self.reservations.get(&token)?;
        if now >= reservation.expires || *reservation.peer != *peer {
            return None;
        }
        self.reservations.remove(&token).map(|reservation| reservation.relayed)
    }

    /// The allocation that a request is about: the client's own, and made with the same credential.
    fn own_allocation(&mut self, now: Time, client: Client, proof: &Proof) -> Result<u32, Refusal> {
        let number = self.allocation_of(now, client).ok_or(Refusal::AllocationMismatch)?;
        let allocation = self.allocations.get_mut(number).ok_or(Refusal::AllocationMismatch)?;
        if *allocation.username != *proof.username {
            return Err(Refusal::WrongCredentials);
        }
        allocation.heard = now;
        Ok(number)
    }

    fn refresh(&mut self, now: Time, client: Client, request: &Message<'_>, proof: &Proof, _: &Rights<'_>) -> Result<Granted, Refusal> {
        let number = self.own_allocation(now, client, proof)?;
        if request.has_attribute(RequestedAddressFamily::TYPE) && !asks_for_ipv4(request) {
            return Err(Refusal::PeerAddressFamilyMismatch);
        }
        let asked = optional::<Lifetime>(request)?.map(|lifetime| lifetime.seconds());
        if asked == Some(0) {
            self.end(number, Ended::GivenBack);
            return Ok(vec![Box::new(Lifetime::new(0))]);
        }
        let allocation = self.allocations.get_mut(number).ok_or(Refusal::AllocationMismatch)?;
        let granted = allocation.live_on(now, asked, &self.limits);
        Ok(vec![Box::new(Lifetime::new(granted))])
    }

    fn create_permission(
        &mut self,
        now: Time,
        client: Client,
        request: &Message<'_>,
        proof: &Proof,
        rights: &Rights<'_>,
    ) -> Result<Granted, Refusal> {
        let number = self.own_allocation(now, client, proof)?;
        let mut hosts = Vec::new();
        for (_, attribute) in request.iter_attributes().filter(|(_, attribute)| attribute.get_type() == XorPeerAddress::TYPE) {
            let address = XorPeerAddress::from_raw(attribute).map_err(|_| Refusal::BadRequest)?;
            let to = self.peer_address(address.addr(request.transaction_id()))?;
            self.may_name(number, to, rights)?;
            hosts.push(to.host);
        }
        if hosts.is_empty() {
            return Err(Refusal::BadRequest);
        }
        // All or none (RFC 8656 section 10.2).
        let allocation = self.allocations.get_mut(number).ok_or(Refusal::AllocationMismatch)?;
        for host in hosts {
            allocation.permit(now, host, &self.limits);
        }
        Ok(Vec::new())
    }

    fn channel_bind(
        &mut self,
        now: Time,
        client: Client,
        request: &Message<'_>,
        proof: &Proof,
        rights: &Rights<'_>,
    ) -> Result<Granted, Refusal> {
        let number = self.own_allocation(now, client, proof)?;
        let channel = request.attribute::<ChannelNumber>().map_err(|_| Refusal::BadRequest)?.channel();
        let address = request.attribute::<XorPeerAddress>().map_err(|_| Refusal::BadRequest)?;
        let to = self.peer_address(address.addr(request.transaction_id()))?;
        // RFC 8656 hands out up to 0x4FFF; RFC 5766, which some clients still follow, up to 0x7FFF.
        if !(0x4000..=0x7FFF).contains(&channel) {
            return Err(Refusal::BadRequest);
        }
        self.may_name(number, to, rights)?;
        let allocation = self.allocations.get_mut(number).ok_or(Refusal::AllocationMismatch)?;
        match allocation.bind(now, channel, to, &self.limits) {
            Ok(()) => Ok(Vec::new()),
            Err(Unbindable::Taken) => Err(Refusal::BadRequest),
            Err(Unbindable::Full) => Err(Refusal::InsufficientCapacity),
        }
    }

    /// Who tries the line may name what they made with the same credential, and nothing else. (What holds a packet back in any
    /// case is [`Allocation::may_reach`]: a permission is for a host, and all share one.)
    fn may_name(&self, number: u32, to: Relayed, rights: &Rights<'_>) -> Result<(), Refusal> {
        let holder = self.addresses.holder(to).and_then(|holder| self.allocations.get(holder));
        let beside = self.allocations.get(number).zip(holder).is_some_and(|(own, holder)| own.is_beside(holder));
        // The same for a stranger's address and an empty one: nobody learns which are in use.
        if rights.scope == Scope::Own && !beside { Err(Refusal::Forbidden) } else { Ok(()) }
    }

    /// A peer address that a client may name at all: one of ours. Every other form ends here.
    fn peer_address(&self, address: SocketAddr) -> Result<Relayed, Refusal> {
        match address.ip() {
            IpAddr::V4(_) => self.addresses.ours(address).ok_or(Refusal::Forbidden),
            IpAddr::V6(_) => Err(Refusal::PeerAddressFamilyMismatch),
        }
    }
}

fn binding(client: Client, request: &Message<'_>) -> Option<Vec<u8>> {
    let unknown = unknown_attributes(request);
    if !unknown.is_empty() {
        return refusal(request, Refusal::UnknownAttribute, &unknown, &[], None);
    }
    success(request, &[&mapped(client, request)], None)
}

/// How the client's address looks from here.
fn mapped(client: Client, request: &Message<'_>) -> XorMappedAddress {
    // A socket that takes both families shows IPv4 as ::ffff:a.b.c.d.
    let address = SocketAddr::new(client.address.ip().to_canonical(), client.address.port());
    XorMappedAddress::new(address, request.transaction_id())
}

fn allocated(allocation: &Allocation, request: &Message<'_>, lifetime: u32) -> Granted {
    let mut granted: Granted = vec![
        Box::new(XorRelayedAddress::new(allocation.relayed.address(), request.transaction_id())),
        Box::new(Lifetime::new(lifetime)),
        Box::new(mapped(allocation.client, request)),
    ];
    if let Some(token) = allocation.token {
        granted.push(Box::new(ReservationToken::new(token)));
    }
    granted
}

fn unknown_attributes(request: &Message<'_>) -> Vec<AttributeType> {
    let mut unknown: Vec<AttributeType> = request
        .iter_attributes()
        .map(|(_, attribute)| attribute.get_type())
        .filter(|kind| kind.comprehension_required() && !KNOWN.contains(kind))
        .collect();
    // The answer must not be longer than the question by much.
    unknown.truncate(16);
    unknown
}

/// An attribute that may be missing but not malformed.
fn optional<'a, A: AttributeFromRaw<'a> + AttributeStaticType>(request: &'a Message<'a>) -> Result<Option<A>, Refusal> {
    if !request.has_attribute(A::TYPE) {
        return Ok(None);
    }
    request.attribute::<A>().map(Some).map_err(|_| Refusal::BadRequest)
}

fn wanted_parity(request: &Message<'_>) -> Result<Parity, Refusal> {
    Ok(match optional::<EvenPort>(request)? {
        None => Parity::Any,
        Some(wanted) if wanted.requested() => Parity::EvenAndNext,
        Some(_) => Parity::Even,
    })
}

fn asks_for_ipv4(request: &Message<'_>) -> bool {
    request.attribute::<RequestedAddressFamily>().is_ok_and(|asked| asked.family() == AddressFamily::IPV4)
}
