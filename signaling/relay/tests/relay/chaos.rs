//! Anything at all, from anyone: no panic, no answer to the wrong person, and the relay still works afterwards.

use proptest::collection::vec;
use proptest::prelude::*;
use sidelight_relay::{BadFrame, Client, Frames, Scope, Via};
use stun_types::attribute::RawAttribute;
use stun_types::message::{Message, MessageWrite};
use stun_types::prelude::AttributeWrite;
use turn_types::attribute::{ChannelNumber, EvenPort, Lifetime, RequestedTransport, XorPeerAddress};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH};

use crate::world::{World, channel_data, udp};

/// A message that says STUN and lies about the rest.
fn nearly_stun() -> impl Strategy<Value = Vec<u8>> {
    (any::<u16>(), any::<u16>(), any::<bool>(), vec(any::<u8>(), 0..200), any::<bool>()).prop_map(|(kind, length, honest, rest, cookie)| {
        let length = if honest { u16::try_from(rest.len()).unwrap() } else { length };
        let mut bytes = (kind & 0x3FFF).to_be_bytes().to_vec();
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(if cookie { &[0x21, 0x12, 0xA4, 0x42] } else { &[0; 4] });
        bytes.extend_from_slice(&[7; 12]);
        bytes.extend_from_slice(&rest);
        bytes
    })
}

/// A STUN message whose attributes are of known kinds with any content.
fn strange_attributes() -> impl Strategy<Value = Vec<u8>> {
    let kinds = prop::sample::select(vec![
        0x0001_u16, 0x0006, 0x0008, 0x0009, 0x000A, 0x000C, 0x000D, 0x0012, 0x0013, 0x0014, 0x0015, 0x0016, 0x0017, 0x0018, 0x0019, 0x001A,
        0x001C, 0x001D, 0x001E, 0x0020, 0x0022, 0x0024, 0x8002, 0x8003, 0x8022, 0x8023, 0x8028, 0x8000, 0xFFFF,
    ]);
    let methods = prop::sample::select(vec![0x0001_u16, 0x0003, 0x0004, 0x0008, 0x0009, 0x0016, 0x0017, 0x0103, 0x0113]);
    (methods, vec((kinds, vec(any::<u8>(), 0..40)), 0..8)).prop_map(|(method, attributes)| {
        let mut body = Vec::new();
        for (kind, value) in attributes {
            body.extend_from_slice(&kind.to_be_bytes());
            body.extend_from_slice(&u16::try_from(value.len()).unwrap().to_be_bytes());
            body.extend_from_slice(&value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        let mut bytes = method.to_be_bytes().to_vec();
        bytes.extend_from_slice(&u16::try_from(body.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(&[0x21, 0x12, 0xA4, 0x42]);
        bytes.extend_from_slice(&[7; 12]);
        bytes.extend_from_slice(&body);
        bytes
    })
}

/// What each request of a real conversation looks like, to be damaged.
fn conversation(world: &mut World) -> (Client, Vec<Vec<u8>>) {
    let (mut a, a_at, _, b_at) = world.pair();
    let peer = XorPeerAddress::new(b_at, (a.transaction + 1).into());
    let mut frames = vec![a.signed(CREATE_PERMISSION, &[&peer])];
    let peer = XorPeerAddress::new(b_at, (a.transaction + 1).into());
    frames.push(a.signed(CHANNEL_BIND, &[&ChannelNumber::new(0x4000), &peer]));
    frames.push(a.signed(REFRESH, &[&Lifetime::new(600)]));
    frames.push(a.signed(ALLOCATE, &[&RequestedTransport::new(17), &EvenPort::new(true)]));
    frames.push(channel_data(0x4000, b"media"));
    let _ = a_at;
    (a.client, frames)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_from_a_stranger_yield_at_most_an_answer_to_them(
        frames in vec(prop_oneof![vec(any::<u8>(), 0..80), nearly_stun(), strange_attributes()], 1..8),
    ) {
        let mut world = World::new();
        for frame in frames {
            if let Some((to, bytes)) = world.send(udp(7), &frame) {
                prop_assert!(to == udp(7));
                prop_assert!(Message::from_bytes(&bytes).is_ok());
                prop_assert!(bytes.len() <= frame.len() + 200, "no lever for a flood");
            }
        }
        prop_assert_eq!(world.relay.allocations(), 0);
        prop_assert!(world.relay.is_empty());
    }

    #[test]
    fn a_damaged_conversation_harms_nobody(
        damage in vec((0..5_usize, any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..30),
    ) {
        let mut world = World::new();
        let (client, frames) = conversation(&mut world);
        for (frame, at, byte, how) in damage {
            let mut bytes = frames[frame].clone();
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes[at] ^= 1 << (byte % 8),
                2 => bytes.truncate(at),
                _ => bytes.insert(at, byte),
            }
            world.send(client, &bytes);
            world.later(u64::from(byte));
        }
        let (mut c, c_at) = world.allocated(2_001, "other", "c", Scope::Room);
        let (mut d, d_at) = world.allocated(2_002, "other", "d", Scope::Room);
        c.permit(&mut world, &[d_at]);
        d.permit(&mut world, &[c_at]);
        prop_assert!(c.indicate(&mut world, d_at, b"still here").is_some());
    }

    #[test]
    fn strange_attributes_in_a_proved_request_are_refused_or_taken_but_never_fatal(
        attributes in vec((0x0000..0x0030_u16, vec(any::<u8>(), 0..24)), 0..5),
        method in prop::sample::select(vec![ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND]),
    ) {
        // Sealing and naming are the test's own to add.
        let taken = [0x0006, 0x0008, 0x0014, 0x0015, 0x001C];
        let mut kinds = Vec::new();
        let attributes: Vec<RawAttribute<'_>> = attributes
            .iter()
            .filter(|(kind, _)| !taken.contains(kind) && !kinds.contains(kind) && { kinds.push(*kind); true })
            .map(|(kind, value)| RawAttribute::new((*kind).into(), value))
            .collect();
        let attributes: Vec<&dyn AttributeWrite> = attributes.iter().map(|attribute| attribute as &dyn AttributeWrite).collect();
        let mut world = World::new();
        let (mut a, _) = world.allocated(1_001, "room", "a", Scope::Room);
        a.ask(&mut world, method, &attributes);
        let mut b = world.caller(1_002, "room", "a", Scope::Room);
        b.ask(&mut world, method, &attributes);
        prop_assert!(world.relay.allocations() <= 2);
    }

    #[test]
    fn any_bytes_on_a_stream_are_frames_or_the_end(pieces in vec(vec(any::<u8>(), 0..100), 0..20)) {
        let mut world = World::new();
        let client = Client { via: Via::Stream(1), ..udp(1) };
        let mut frames = Frames::default();
        'stream: for piece in pieces {
            frames.space()[..piece.len()].copy_from_slice(&piece);
            frames.filled(piece.len());
            loop {
                match frames.next_frame() {
                    Ok(Some(frame)) => {
                        let frame = frame.to_vec();
                        world.send(client, &frame);
                    }
                    Ok(None) => break,
                    Err(BadFrame) => break 'stream,
                }
            }
        }
    }
}

#[test]
fn a_frame_as_long_as_can_be_is_handled() {
    let mut world = World::new();
    let (mut a, _, _, b_at) = world.pair();
    a.bind(&mut world, 0x4000, b_at);
    for length in [1_500, 2_000, 2_044, 9_000, 65_000, 65_535] {
        world.send(a.client, &channel_data(0x4000, &vec![0; length]));
        let request = a.begin(REFRESH, &[&RawAttribute::new(0x8022.into(), &vec![0; length.min(60_000)])]).finish();
        world.send(a.client, &request);
    }
}
