//! What ends when.

use sidelight_relay::{Ended, Event, Limits, Scope};

use crate::world::{How, World};

const SECOND: u64 = 1_000;

#[test]
fn an_allocation_lives_as_long_as_it_was_told_and_not_a_moment_longer() {
    let mut world = World::new();
    let mut a = world.caller(1_001, "room", "a", Scope::Room);
    let reply = a.allocate(&mut world);
    assert_eq!(reply.lifetime(), 600);
    world.later(600 * SECOND - 1);
    assert_eq!(a.refresh(&mut world, 0).code, 0, "alive until the last moment");
    let mut b = world.caller(1_002, "room", "b", Scope::Room);
    b.allocate(&mut world);
    world.later(600 * SECOND);
    assert_eq!(b.refresh(&mut world, 600).code, 437, "and then gone, before anyone cleans up");
    assert_eq!(world.relay.allocations(), 1);
    world.relay.take_events();
    world.relay.expire(world.now);
    assert_eq!(world.relay.allocations(), 0);
    let ended = world.relay.take_events();
    assert!(matches!(&ended[..], [Event::AllocationEnded { why: Ended::Expired, .. }, Event::PeerGone { .. },]));
}

#[test]
fn a_lifetime_is_at_least_the_usual_and_at_most_an_hour() {
    let mut world = World::new();
    let (mut a, _) = world.allocated(1_001, "room", "a", Scope::Room);
    for (asked, granted) in [(1, 600), (600, 600), (601, 601), (3_600, 3_600), (3_601, 3_600), (u32::MAX, 3_600)] {
        assert_eq!(a.refresh(&mut world, asked).lifetime(), granted, "asked for {asked}");
    }
}

#[test]
fn a_refresh_with_no_lifetime_left_gives_the_allocation_back() {
    let mut world = World::new();
    let (mut a, _) = world.allocated(1_001, "room", "a", Scope::Room);
    assert_eq!(a.refresh(&mut world, 0).lifetime(), 0);
    assert_eq!(world.relay.allocations(), 0);
    assert_eq!(a.refresh(&mut world, 600).code, 437);
    assert_eq!(a.allocate(&mut world).code, 0, "the place is free for another");
}

#[test]
fn a_permission_lasts_five_minutes_unless_it_is_renewed() {
    let mut world = World::new();
    let (mut a, _, mut b, b_at) = world.pair();
    world.later(299 * SECOND);
    assert!(a.indicate(&mut world, b_at, b"x").is_some());
    b.permit(&mut world, &[b_at]);
    world.later(SECOND);
    assert!(a.indicate(&mut world, b_at, b"x").is_none(), "the sender's ran out");
    a.permit(&mut world, &[b_at]);
    assert!(a.indicate(&mut world, b_at, b"x").is_some());
    world.later(299 * SECOND);
    assert!(a.indicate(&mut world, b_at, b"x").is_none(), "the receiver's ran out");
}

#[test]
fn a_channel_lasts_ten_minutes_and_needs_its_permission_all_the_while() {
    let mut world = World::new();
    let (mut a, a_at, mut b, b_at) = world.pair();
    a.refresh(&mut world, 3_600);
    b.refresh(&mut world, 3_600);
    a.bind(&mut world, 0x4000, b_at);
    b.bind(&mut world, 0x4000, a_at);
    world.later(300 * SECOND);
    assert!(a.channel(&mut world, 0x4000, b"x").is_none(), "bound, but no longer permitted");
    a.permit(&mut world, &[b_at]);
    b.permit(&mut world, &[a_at]);
    assert_eq!(a.channel(&mut world, 0x4000, b"x").unwrap().how, How::Channel(0x4000));
    world.later(299 * SECOND);
    assert!(a.channel(&mut world, 0x4000, b"x").is_some());
    a.permit(&mut world, &[b_at]);
    b.permit(&mut world, &[a_at]);
    world.later(SECOND);
    assert!(a.channel(&mut world, 0x4000, b"x").is_none(), "the channel ran out");
    assert_eq!(a.bind(&mut world, 0x4001, b_at).code, 0, "its peer may have another now");
    assert_eq!(a.channel(&mut world, 0x4001, b"x").unwrap().how, How::Indication(a_at), "the other side's ran out as well");
}

#[test]
fn a_stale_nonce_is_answered_with_a_fresh_one() {
    let mut world = World::with(Limits { nonce: 60 * SECOND, ..Limits::default() });
    let (mut a, _) = world.allocated(1_001, "room", "a", Scope::Room);
    world.later(60 * SECOND);
    let stale = a.refresh(&mut world, 600);
    assert_eq!(stale.code, 438);
    a.nonce = stale.nonce();
    assert_eq!(a.refresh(&mut world, 600).code, 0);
}

#[test]
fn an_allocation_ends_with_its_connection() {
    let mut world = World::new();
    let (a, _, mut b, _) = world.pair();
    world.relay.gone(a.client);
    assert_eq!(world.relay.allocations(), 1);
    assert!(matches!(&world.relay.take_events()[..], [Event::AllocationEnded { why: Ended::Closed, .. }, Event::PeerGone { .. },]));
    world.relay.gone(a.client);
    assert_eq!(b.refresh(&mut world, 600).code, 0, "the other's stays");
}
