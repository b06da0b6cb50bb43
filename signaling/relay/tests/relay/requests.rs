//! Requests by the letter of RFC 8656 and RFC 8489.

use sidelight_relay::{Client, Scope, Via};
use stun_types::attribute::{Fingerprint, Nonce, RawAttribute, Realm, UnknownAttributes, Username, XorMappedAddress};
use stun_types::message::{BINDING, IntegrityAlgorithm, Message, MessageClass, MessageType, MessageWrite, MessageWriteExt, Method};
use stun_types::prelude::AttributeWrite;
use turn_types::AddressFamily;
use turn_types::attribute::{
    ChannelNumber, DontFragment, EvenPort, Lifetime, RequestedAddressFamily, RequestedTransport, ReservationToken, XorPeerAddress,
};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CONNECT, CREATE_PERMISSION, REFRESH};

use crate::world::{Caller, REALM, World};

const UDP: u8 = 17;

#[test]
fn binding_tells_anyone_their_own_address() {
    let mut world = World::new();
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    let request = a.begin(BINDING, &[]).finish();
    for address in ["192.0.2.9:1001", "[2001:db8::9]:1001"] {
        let client = Client { via: Via::Udp(0), address: address.parse().unwrap() };
        let (_, bytes) = world.send(client, &request).unwrap();
        let reply = Message::from_bytes(&bytes).unwrap();
        assert_eq!(reply.class(), MessageClass::Success);
        assert_eq!(reply.attribute::<XorMappedAddress>().unwrap().addr(reply.transaction_id()), client.address);
    }
    let mapped = Client { via: Via::Stream(1), address: "[::ffff:192.0.2.9]:1001".parse().unwrap() };
    let (_, bytes) = world.send(mapped, &request).unwrap();
    let reply = Message::from_bytes(&bytes).unwrap();
    let told = reply.attribute::<XorMappedAddress>().unwrap().addr(reply.transaction_id());
    assert_eq!(told, "192.0.2.9:1001".parse().unwrap(), "a socket of both families shows IPv4 wrapped");
}

#[test]
fn an_allocation_gets_an_address_nobody_routes_and_its_own_reflexive_one() {
    let mut world = World::new();
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    let reply = a.allocate(&mut world);
    let relayed = reply.relayed();
    assert!(relayed.ip().to_string().starts_with("203.0.113."));
    assert!(relayed.port() >= 49_152);
    let message = reply.message();
    assert_eq!(message.attribute::<XorMappedAddress>().unwrap().addr(message.transaction_id()), a.client.address);
}

#[test]
fn the_same_allocate_again_is_answered_the_same_and_another_is_a_mismatch() {
    let mut world = World::new();
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    let request = a.signed(ALLOCATE, &[&RequestedTransport::new(UDP), &EvenPort::new(true)]);
    let first = a.exchange(&mut world, &request).unwrap();
    let again = a.exchange(&mut world, &request).unwrap();
    assert_eq!(first.code, 0);
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(world.relay.allocations(), 1);
    assert_eq!(a.allocate(&mut world).code, 437);
}

#[test]
fn anything_but_allocate_needs_an_allocation() {
    let mut world = World::new();
    let (_, b_at) = world.allocated(1_002, "room", "b", Scope::Room);
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    assert_eq!(a.refresh(&mut world, 600).code, 437);
    assert_eq!(a.refresh(&mut world, 0).code, 437);
    assert_eq!(a.permit(&mut world, &[b_at]).code, 437);
    assert_eq!(a.bind(&mut world, 0x4000, b_at).code, 437);
}

#[test]
fn an_allocate_that_asks_for_what_there_is_not_is_told_which() {
    let mut world = World::new();
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    let udp = RequestedTransport::new(UDP);
    let ipv4 = RequestedAddressFamily::new(AddressFamily::IPV4);
    let ipv6 = RequestedAddressFamily::new(AddressFamily::IPV6);
    let no_family = RawAttribute::new(0x0017.into(), &[9, 0, 0, 0]);
    let short_lifetime = RawAttribute::new(0x000d.into(), &[0, 0]);
    let token = ReservationToken::new(5);
    let cases: [(&[&dyn AttributeWrite], u16); 12] = [
        (&[], 400),
        (&[&RequestedTransport::new(6)], 442),
        (&[&RequestedTransport::new(0)], 442),
        (&[&udp, &ipv6], 440),
        (&[&udp, &no_family], 440),
        (&[&udp, &token], 508),
        (&[&udp, &token, &EvenPort::new(false)], 0),
        (&[&udp, &token, &EvenPort::new(true)], 400),
        (&[&udp, &token, &ipv4], 400),
        (&[&udp, &short_lifetime], 400),
        (&[&udp, &RawAttribute::new(0x0666.into(), &[])], 420),
        (&[&udp, &ipv4, &DontFragment::new(), &Lifetime::new(700), &RawAttribute::new(0x8666.into(), &[])], 0),
    ];
    for (number, (attributes, code)) in cases.into_iter().enumerate() {
        if number == 6 {
            // A token with EVEN-PORT is refused whatever the R bit says (RFC 8656 section 7.2).
            assert_eq!(a.ask(&mut world, ALLOCATE, attributes).code, 400);
            continue;
        }
        assert_eq!(a.ask(&mut world, ALLOCATE, attributes).code, code, "case {number}");
    }
}

#[test]
fn an_even_port_is_even_and_its_token_gives_the_next_port_to_the_same_peer_for_half_a_minute() {
    let mut world = World::new();
    let udp = RequestedTransport::new(UDP);
    let reserve = |world: &mut World, port: u16| {
        let mut a = world.caller(port, "room", "a", Scope::Room);
        let reply = a.ask(world, ALLOCATE, &[&udp, &EvenPort::new(true)]);
        let token = reply.message().attribute::<ReservationToken>().unwrap().token();
        assert_eq!(reply.relayed().port() % 2, 0);
        (reply.relayed(), ReservationToken::new(token))
    };
    let redeem = |world: &mut World, port: u16, peer: &str, token: &ReservationToken| {
        world.caller(port, "room", peer, Scope::Room).ask(world, ALLOCATE, &[&udp, token])
    };
    let (first, token) = reserve(&mut world, 1_001);
    assert_eq!(redeem(&mut world, 1_002, "b", &token).code, 508, "not for another peer");
    assert_eq!(redeem(&mut world, 1_003, "a", &token).relayed().port(), first.port() + 1);
    assert_eq!(redeem(&mut world, 1_004, "a", &token).code, 508, "once");
    let (_, token) = reserve(&mut world, 1_005);
    world.later(30_000);
    world.relay.expire(world.now);
    assert_eq!(redeem(&mut world, 1_006, "a", &token).code, 508, "too late");
    let mut even = world.caller(1_007, "room", "a", Scope::Room);
    let reply = even.ask(&mut world, ALLOCATE, &[&udp, &EvenPort::new(false)]);
    assert_eq!(reply.relayed().port() % 2, 0);
    assert!(!reply.has::<ReservationToken>());
}

#[test]
fn a_refresh_for_another_family_is_refused() {
    let mut world = World::new();
    let (mut a, _) = world.allocated(1_001, "room", "a", Scope::Room);
    assert_eq!(a.ask(&mut world, REFRESH, &[&RequestedAddressFamily::new(AddressFamily::IPV6)]).code, 443);
    assert_eq!(a.ask(&mut world, REFRESH, &[&RequestedAddressFamily::new(AddressFamily::IPV4)]).code, 0);
}

#[test]
fn a_channel_has_a_number_of_its_range_and_one_peer() {
    let mut world = World::new();
    let (mut a, _, _, b_at) = world.pair();
    let (_, c_at) = world.allocated(1_003, "room", "c", Scope::Room);
    for number in [0, 0x3FFF, 0x8000, 0xFFFF] {
        assert_eq!(a.bind(&mut world, number, b_at).code, 400, "{number:#x}");
    }
    assert_eq!(a.bind(&mut world, 0x4000, b_at).code, 0);
    assert_eq!(a.bind(&mut world, 0x4000, b_at).code, 0, "again: renewed");
    assert_eq!(a.bind(&mut world, 0x4000, c_at).code, 400, "the number leads elsewhere");
    assert_eq!(a.bind(&mut world, 0x4001, b_at).code, 400, "the peer has a number");
    assert_eq!(a.bind(&mut world, 0x7FFF, c_at).code, 0);
    let peer = XorPeerAddress::new(b_at, (a.transaction + 1).into());
    assert_eq!(a.ask(&mut world, CHANNEL_BIND, &[&peer]).code, 400, "no number");
    assert_eq!(a.ask(&mut world, CHANNEL_BIND, &[&ChannelNumber::new(0x4002)]).code, 400, "no peer");
}

#[test]
fn a_permission_for_nobody_or_for_half_an_address_is_a_bad_request() {
    let mut world = World::new();
    let (mut a, _) = world.allocated(1_001, "room", "a", Scope::Room);
    assert_eq!(a.permit(&mut world, &[]).code, 400);
    for half in [&[][..], &[0, 1], &[0, 1, 0, 80, 1, 2, 3], &[0, 2, 0, 80, 1, 2, 3, 4], &[0, 9, 0, 80, 1, 2, 3, 4]] {
        let attribute = RawAttribute::new(0x0012.into(), half);
        assert_eq!(a.ask(&mut world, CREATE_PERMISSION, &[&attribute]).code, 400, "{half:?}");
    }
}

#[test]
fn unknown_required_attributes_are_named_and_not_too_many() {
    let mut world = World::new();
    let (mut a, _) = world.allocated(1_001, "room", "a", Scope::Room);
    let many: Vec<RawAttribute<'_>> = (0x0700..0x0740).map(|kind: u16| RawAttribute::new(kind.into(), &[])).collect();
    let attributes: Vec<&dyn AttributeWrite> = many.iter().map(|attribute| attribute as &dyn AttributeWrite).collect();
    let reply = a.ask(&mut world, REFRESH, &attributes);
    assert_eq!(reply.code, 420);
    let message = reply.message();
    let named = message.attribute::<UnknownAttributes>().unwrap();
    assert!(named.has_attribute(0x0700.into()));
    assert!(reply.bytes.len() < 200);
    assert_eq!(a.refresh(&mut world, 0).code, 0, "and nothing was done");
}

#[test]
fn a_seal_without_name_realm_or_nonce_is_a_bad_request() {
    let mut world = World::new();
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    let name = Username::new(&a.credential.username).unwrap();
    let realm = Realm::new(REALM).unwrap();
    let nonce = Nonce::new(&a.nonce).unwrap();
    for attributes in [[&name as &dyn AttributeWrite, &realm], [&name, &nonce], [&realm, &nonce]] {
        let mut request = a.begin(ALLOCATE, &attributes);
        request.add_message_integrity(&a.key(), IntegrityAlgorithm::Sha1).unwrap();
        let request = request.finish();
        assert_eq!(a.exchange(&mut world, &request).unwrap().code, 400);
    }
}

#[test]
fn a_nonce_of_another_client_or_of_nobody_is_stale() {
    let mut world = World::new();
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    let b = world.caller(1_002, "room", "b", Scope::Room);
    for nonce in [b.nonce.as_str(), "", "0", "obMatJos2AAAAf//499k954d6OL34oL9FSTvy64sA"] {
        a.nonce = nonce.to_owned();
        assert_eq!(a.allocate(&mut world).code, 438, "{nonce}");
    }
    assert_eq!(world.relay.allocations(), 0);
}

#[test]
fn a_request_changed_on_the_way_is_refused() {
    let mut world = World::new();
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    let good = a.signed(ALLOCATE, &[&RequestedTransport::new(UDP), &Lifetime::new(700)]);
    for at in 0..good.len() {
        let mut changed = good.clone();
        changed[at] ^= 0x04;
        if let Some((_, bytes)) = world.send(a.client, &changed) {
            let reply = Message::from_bytes(&bytes).unwrap();
            assert_eq!(reply.class(), if reply.method() == BINDING { MessageClass::Success } else { MessageClass::Error }, "byte {at}");
        }
        assert_eq!(world.relay.allocations(), 0, "byte {at}");
    }
}

#[test]
fn attributes_after_the_seal_count_for_nothing() {
    let mut world = World::new();
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    // REQUESTED-TRANSPORT, smuggled in behind the seal of a request without one.
    let mut request = a.signed(ALLOCATE, &[]);
    request.extend_from_slice(&[0x00, 0x19, 0x00, 0x04, UDP, 0, 0, 0]);
    let length = u16::try_from(request.len() - 20).unwrap();
    request[2..4].copy_from_slice(&length.to_be_bytes());
    assert_eq!(a.exchange(&mut world, &request).unwrap().code, 400);
}

#[test]
fn bytes_behind_a_message_are_no_part_of_it() {
    let mut world = World::new();
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    let mut request = a.begin(BINDING, &[]).finish();
    // An unknown attribute that must be understood, beyond the length that the message says.
    request.extend_from_slice(&[0x06, 0x66, 0x00, 0x00]);
    let (_, answer) = world.send(a.client, &request).unwrap();
    assert_eq!(Message::from_bytes(&answer).unwrap().class(), MessageClass::Success);
}

#[test]
fn a_fingerprint_is_answered_with_one_and_only_then() {
    let mut world = World::new();
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    assert!(!a.allocate(&mut world).has::<Fingerprint>());
    let asked = |a: &mut Caller| {
        let mut request = a.begin(REFRESH, &[]);
        request.add_attribute(&Username::new(&a.credential.username).unwrap()).unwrap();
        request.add_attribute(&Realm::new(REALM).unwrap()).unwrap();
        request.add_attribute(&Nonce::new(&a.nonce).unwrap()).unwrap();
        request.add_message_integrity(&a.key(), IntegrityAlgorithm::Sha1).unwrap();
        request.add_fingerprint().unwrap();
        request.finish()
    };
    let request = asked(&mut a);
    let reply = a.exchange(&mut world, &request).unwrap();
    assert_eq!(reply.code, 0);
    assert!(reply.has::<Fingerprint>());
    let mut wrong = asked(&mut a);
    *wrong.last_mut().unwrap() ^= 1;
    assert!(world.send(a.client, &wrong).is_none(), "a wrong one is no STUN at all");
}

#[test]
fn other_methods_classes_and_cookies_get_no_answer() {
    let mut world = World::new();
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    for method in [CONNECT, Method::new(0x0002), Method::new(0x0666)] {
        let request = a.signed(method, &[]);
        assert!(world.send(a.client, &request).is_none());
    }
    for class in [MessageClass::Indication, MessageClass::Success, MessageClass::Error] {
        for method in [BINDING, ALLOCATE, REFRESH, CREATE_PERMISSION] {
            let kind = MessageType::from_class_method(class, method);
            let message = Message::builder(kind, 9.into(), stun_types::message::MessageWriteVec::new()).finish();
            assert!(world.send(a.client, &message).is_none());
        }
    }
    let mut old = a.begin(BINDING, &[]).finish();
    old[4] = 0;
    assert!(world.send(a.client, &old).is_none(), "RFC 3489, without the cookie");
}
