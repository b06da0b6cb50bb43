//! How much anyone can have.

use sidelight_relay::{Client, Credential, Ended, Event, Limits, Scope, Via};
use stun_types::message::MessageWrite;
use turn_types::attribute::RequestedTransport;
use turn_types::message::ALLOCATE;

use crate::world::{Caller, World, udp};

#[test]
fn a_peer_has_so_many_allocations_and_no_more_while_they_are_in_use() {
    let mut world = World::with(Limits { allocations_per_peer: 3, ..Limits::default() });
    let mut callers: Vec<_> = (1..=3).map(|port| world.allocated(port, "room", "a", Scope::Room).0).collect();
    let mut fourth = world.caller(4, "room", "a", Scope::Room);
    assert_eq!(fourth.allocate(&mut world).code, 486);
    let (_, _) = world.allocated(5, "room", "b", Scope::Room);
    assert_eq!(callers[0].refresh(&mut world, 0).code, 0);
    assert_eq!(fourth.allocate(&mut world).code, 0, "a place was given back");
}

#[test]
fn what_a_reloaded_page_left_behind_gives_way_the_longest_silent_first() {
    let mut world = World::with(Limits { allocations_per_peer: 3, ..Limits::default() });
    let mut callers = Vec::new();
    for port in 1..=3 {
        callers.push(world.allocated(port, "room", "a", Scope::Room).0);
        world.later(1_000);
    }
    world.later(20_000);
    assert_eq!(callers[0].refresh(&mut world, 600).code, 0, "the first is still heard");
    world.relay.take_events();
    let mut fourth = world.caller(4, "room", "a", Scope::Room);
    assert_eq!(fourth.allocate(&mut world).code, 0);
    let events = world.relay.take_events();
    assert!(matches!(&events[..], [Event::AllocationEnded { client, why: Ended::GaveWay, .. }] if *client == callers[1].client));
    assert_eq!(callers[0].refresh(&mut world, 600).code, 0);
    assert_eq!(callers[1].refresh(&mut world, 600).code, 437);
    assert_eq!(callers[2].refresh(&mut world, 600).code, 0);
}

#[test]
fn there_are_so_many_allocations_in_all() {
    let mut world = World::with(Limits { allocations: 10, ..Limits::default() });
    for port in 1..=10 {
        world.allocated(port, "room", &format!("p{port}"), Scope::Room);
    }
    let mut more = world.caller(11, "room", "p11", Scope::Room);
    assert_eq!(more.allocate(&mut world).code, 508);
    let mut again = world.caller(12, "room", "p1", Scope::Room);
    assert_eq!(again.allocate(&mut world).code, 508);
}

#[test]
fn an_allocation_has_so_many_channels() {
    let mut world = World::with(Limits { channels_per_allocation: 3, ..Limits::default() });
    let (mut a, _) = world.allocated(1, "room", "a", Scope::Room);
    let peers: Vec<_> = (2..=5).map(|port| world.allocated(port, "room", "b", Scope::Room).1).collect();
    let mut channel = 0x4000;
    let codes: Vec<_> = peers
        .iter()
        .map(|peer| {
            channel += 1;
            a.bind(&mut world, channel, *peer).code
        })
        .collect();
    assert_eq!(codes, [0, 0, 0, 508]);
    world.later(600_000 - 1);
    a.refresh(&mut world, 3_600);
    world.later(1);
    assert_eq!(a.bind(&mut world, 0x4009, peers[3]).code, 0, "channels that ran out make room");
}

#[test]
fn a_peer_sends_no_more_packets_and_bytes_a_second_than_its_share() {
    let limits = Limits { packets_per_second: 100, bytes_per_second: 20_000, burst_seconds: 1, ..Limits::default() };
    for (size, expected) in [(10, 100..=110), (1_000, 20..=22)] {
        let mut world = World::with(limits);
        let (mut a, _, mut b, b_at) = world.pair();
        world.later(1_000);
        let passed =
            |world: &mut World, caller: &mut Caller| (0..500).filter(|_| caller.indicate(world, b_at, &vec![0; size]).is_some()).count();
        passed(&mut world, &mut a);
        let mut second = 0;
        for _ in 0..10 {
            world.later(100);
            second += passed(&mut world, &mut a);
        }
        assert!(expected.contains(&second), "{second} packets of {size} in a second");
        b.permit(&mut world, &[b_at]);
        assert!(b.indicate(&mut world, b_at, b"x").is_some(), "another peer has its own share");
    }
}

#[test]
fn allocating_and_letting_go_for_hours_leaves_nothing_behind() {
    let mut world = World::new();
    for round in 0..2_000_u32 {
        let peer = format!("p{round}");
        let scope = if round % 3 == 0 { Scope::Own } else { Scope::Room };
        let (mut a, _) = world.allocated(u16::try_from(round % 60_000).unwrap(), "room", &peer, scope);
        match round % 4 {
            0 => drop(a.refresh(&mut world, 0)),
            1 => world.relay.gone(a.client),
            2 => world.relay.revoke(world.now, &peer),
            _ => {}
        }
        world.later(5_000);
        world.relay.expire(world.now);
    }
    world.later(24 * 3_600_000);
    world.relay.expire(world.now);
    assert_eq!(world.relay.allocations(), 0);
    assert!(world.relay.is_empty(), "no peer, reservation or revocation either");
}

/// The same person at another place.
fn another(caller: &Caller) -> Caller {
    let Credential { username, password } = &caller.credential;
    let credential = Credential { username: username.clone(), password: password.clone() };
    Caller { client: caller.client, credential, nonce: caller.nonce.clone(), transaction: caller.transaction }
}

/// How many of so many questions without a credential are answered.
fn answered(world: &mut World, stranger: &mut Caller, questions: usize) -> usize {
    let from = stranger.client;
    let asked = (0..questions).map(|_| stranger.begin(ALLOCATE, &[&RequestedTransport::new(17)]).finish());
    asked.filter(|question| world.send(from, question).is_some()).count()
}

#[test]
fn strangers_are_answered_so_often_and_who_has_a_credential_always() {
    let mut world = World::with(Limits { stranger_burst: 10, stranger_interval: 100, ..Limits::default() });
    let (mut inside, _) = world.allocated(1, "room", "a", Scope::Room);
    let mut knows = world.caller(2, "room", "b", Scope::Room);
    let mut stranger = world.caller(3, "room", "c", Scope::Room);
    // Three have fetched a nonce from this address.
    assert_eq!(answered(&mut world, &mut stranger, 50), 7);
    let binding = [&[0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42][..], &[7; 12]].concat();
    assert!(world.send(stranger.client, &binding).is_none());
    assert!(world.send(inside.client, &binding).is_some(), "who has an allocation is no stranger");
    assert_eq!(knows.allocate(&mut world).code, 0, "a good credential passes");
    assert_eq!(inside.refresh(&mut world, 600).code, 0);
    // Elsewhere: another address, and a stream for itself though it comes from the same one.
    let mut elsewhere = Caller { client: Client { address: ([192, 0, 2, 10], 3).into(), ..udp(3) }, ..another(&stranger) };
    assert_eq!(answered(&mut world, &mut elsewhere, 50), 10);
    let mut stream = Caller { client: Client { via: Via::Stream(1), ..udp(3) }, ..another(&stranger) };
    assert_eq!(answered(&mut world, &mut stream, 50), 10);
    world.later(500);
    assert_eq!(answered(&mut world, &mut stranger, 50), 5, "it comes back");
}

#[test]
fn a_hundred_thousand_strangers_leave_nothing_behind_and_keep_nobody_out() {
    let mut world = World::with(Limits { strangers: 64, ..Limits::default() });
    let binding = [&[0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42][..], &[7; 12]].concat();
    for number in 0..100_000_u32 {
        let client = Client { address: (number.to_be_bytes(), 9).into(), ..udp(9) };
        assert!(world.send(client, &binding).is_some(), "{number}");
    }
    assert!(world.relay.is_empty());
    let (_, _) = world.allocated(1, "room", "a", Scope::Room);
}
