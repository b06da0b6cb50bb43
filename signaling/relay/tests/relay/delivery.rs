//! What reaches whom, and as what.

use sidelight_relay::{Client, Scope, Usage, Via};
use stun_types::attribute::RawAttribute;
use stun_types::message::{Message, MessageClass, MessageType, MessageWrite, MessageWriteExt, MessageWriteVec};
use turn_types::attribute::{Data, DontFragment, XorPeerAddress};
use turn_types::message::SEND;

use crate::world::{How, World, channel_data, udp};

#[test]
fn the_first_packet_on_a_channel_arrives_as_an_indication_while_the_other_side_has_bound_none() {
    let mut world = World::new();
    let (mut a, a_at, mut b, b_at) = world.pair();
    assert_eq!(a.bind(&mut world, 0x4000, b_at).code, 0);

    let first = a.channel(&mut world, 0x4000, b"ClientHello").unwrap();
    assert!(first.to == b.client);
    assert_eq!((first.how, &first.data[..]), (How::Indication(a_at), &b"ClientHello"[..]));

    assert_eq!(b.bind(&mut world, 0x4abc, a_at).code, 0);
    let second = a.channel(&mut world, 0x4000, b"again").unwrap();
    assert_eq!((second.how, &second.data[..]), (How::Channel(0x4abc), &b"again"[..]));
    let back = b.channel(&mut world, 0x4abc, b"ServerHello").unwrap();
    assert!(back.to == a.client);
    assert_eq!((back.how, &back.data[..]), (How::Channel(0x4000), &b"ServerHello"[..]));
}

#[test]
fn an_indication_arrives_on_the_channel_that_the_other_side_has_bound() {
    let mut world = World::new();
    let (mut a, a_at, mut b, b_at) = world.pair();
    let plain = a.indicate(&mut world, b_at, b"x").unwrap();
    assert_eq!((plain.how, &plain.data[..]), (How::Indication(a_at), &b"x"[..]));
    assert_eq!(b.bind(&mut world, 0x7fff, a_at).code, 0);
    let bound = a.indicate(&mut world, b_at, b"y").unwrap();
    assert_eq!((bound.how, &bound.data[..]), (How::Channel(0x7fff), &b"y"[..]));
}

#[test]
fn nothing_passes_unless_both_sides_permit_it() {
    let mut world = World::new();
    let (mut a, a_at) = world.allocated(1_001, "room", "a", Scope::Room);
    let (mut b, b_at) = world.allocated(1_002, "room", "b", Scope::Room);
    assert!(a.indicate(&mut world, b_at, b"x").is_none(), "nobody permits");
    a.permit(&mut world, &[b_at]);
    assert!(a.indicate(&mut world, b_at, b"x").is_none(), "only the sender permits");
    assert!(b.indicate(&mut world, a_at, b"x").is_none(), "only the receiver permits");
    b.permit(&mut world, &[a_at]);
    assert!(a.indicate(&mut world, b_at, b"x").is_some());
    assert!(b.indicate(&mut world, a_at, b"x").is_some());
}

#[test]
fn nothing_passes_between_two_rooms_whatever_they_permit() {
    let mut world = World::new();
    let (mut a, a_at) = world.allocated(1_001, "one", "a", Scope::Room);
    let (mut b, b_at) = world.allocated(1_002, "two", "b", Scope::Room);
    for (caller, peer) in [(&mut a, b_at), (&mut b, a_at)] {
        assert_eq!(caller.permit(&mut world, &[peer]).code, 0);
        assert_eq!(caller.bind(&mut world, 0x4000, peer).code, 0);
    }
    assert!(a.channel(&mut world, 0x4000, b"x").is_none());
    assert!(a.indicate(&mut world, b_at, b"x").is_none());
    assert!(b.channel(&mut world, 0x4000, b"x").is_none());
    assert!(b.indicate(&mut world, a_at, b"x").is_none());
}

#[test]
fn a_channel_binding_permits_its_peer() {
    let mut world = World::new();
    let (mut a, a_at) = world.allocated(1_001, "room", "a", Scope::Room);
    let (mut b, b_at) = world.allocated(1_002, "room", "b", Scope::Room);
    a.bind(&mut world, 0x4000, b_at);
    b.bind(&mut world, 0x4000, a_at);
    assert_eq!(a.channel(&mut world, 0x4000, b"x").unwrap().how, How::Channel(0x4000));
}

#[test]
fn an_unbound_channel_a_stranger_and_a_frame_that_lies_about_its_length_deliver_nothing() {
    let mut world = World::new();
    let (mut a, _, b, b_at) = world.pair();
    a.bind(&mut world, 0x4000, b_at);
    assert!(a.channel(&mut world, 0x4001, b"x").is_none());
    assert!(world.send(udp(9), &channel_data(0x4000, b"x")).is_none(), "no allocation");
    assert!(world.send(b.client, &channel_data(0x4000, b"x")).is_none(), "the other side's channel");
    let moved = Client { via: Via::Udp(1), ..a.client };
    assert!(world.send(moved, &channel_data(0x4000, b"x")).is_none(), "another socket of the relay");
    for cut in 0..8 {
        assert!(world.send(a.client, &channel_data(0x4000, b"abcd")[..cut]).is_none(), "cut to {cut}");
    }
    assert!(world.send(a.client, &channel_data(0x4000, b"abcd")).is_some());
}

#[test]
fn padding_of_a_datagram_is_no_payload() {
    let mut world = World::new();
    let (mut a, a_at, mut b, b_at) = world.pair();
    a.bind(&mut world, 0x4000, b_at);
    b.bind(&mut world, 0x4000, a_at);
    let mut padded = channel_data(0x4000, b"abcde");
    padded.extend_from_slice(&[0xFF; 3]);
    let (_, bytes) = world.send(a.client, &padded).unwrap();
    assert_eq!(bytes, channel_data(0x4000, b"abcde"));
}

#[test]
fn an_empty_payload_is_delivered_as_one() {
    let mut world = World::new();
    let (mut a, _, _, b_at) = world.pair();
    a.bind(&mut world, 0x4000, b_at);
    assert!(a.channel(&mut world, 0x4000, b"").unwrap().data.is_empty());
    assert!(a.indicate(&mut world, b_at, b"").unwrap().data.is_empty());
}

#[test]
fn a_send_indication_with_an_unknown_required_attribute_is_dropped_and_with_dont_fragment_delivered() {
    let mut world = World::new();
    let (a, _, _, b_at) = world.pair();
    let mut sent = |extra: &dyn stun_types::prelude::AttributeWrite| {
        let kind = MessageType::from_class_method(MessageClass::Indication, SEND);
        let mut indication = Message::builder(kind, 5.into(), MessageWriteVec::new());
        indication.add_attribute(&XorPeerAddress::new(b_at, 5.into())).unwrap();
        indication.add_attribute(&Data::new(b"x")).unwrap();
        indication.add_attribute(extra).unwrap();
        world.send(a.client, &indication.finish()).is_some()
    };
    assert!(!sent(&RawAttribute::new(0x0666.into(), &[1])));
    assert!(sent(&RawAttribute::new(0x8666.into(), &[1])), "an optional one is no matter");
    assert!(sent(&DontFragment::new()));
}

#[test]
fn what_each_peer_sends_and_receives_is_counted() {
    let mut world = World::new();
    let (mut a, _, b, b_at) = world.pair();
    a.bind(&mut world, 0x4000, b_at);
    a.channel(&mut world, 0x4000, &[0; 100]).unwrap();
    a.indicate(&mut world, b_at, &[0; 11]).unwrap();
    a.channel(&mut world, 0x4001, &[0; 1_000]);
    assert_eq!(world.relay.usage("a"), Some(Usage { sent: 111, received: 0 }));
    assert_eq!(world.relay.usage("b"), Some(Usage { sent: 0, received: 111 }));
    assert_eq!(world.relay.passed().bytes, 111, "each counted once");
    world.relay.gone(b.client);
    assert_eq!(world.relay.usage("b"), None);
}
