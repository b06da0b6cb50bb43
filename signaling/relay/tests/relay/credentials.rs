//! Who may use the relay, how far, and until when.

use sidelight_relay::{Credential, Ended, Event, Limits, Scope};
use turn_types::attribute::{Lifetime, RequestedTransport, XorPeerAddress};
use turn_types::message::{ALLOCATE, CHANNEL_BIND, CREATE_PERMISSION, REFRESH};

use crate::world::{START, World};

const HOUR: u64 = 3_600_000;

#[test]
fn a_request_without_credential_is_told_how_to_prove_one_and_leaves_nothing_behind() {
    let mut world = World::new();
    for port in 1..2_000 {
        world.caller(port, "room", "a", Scope::Room);
        world.later(20);
    }
    assert_eq!(world.relay.allocations(), 0);
    assert!(!world.relay.has_events());
}

#[test]
fn a_wrong_credential_of_each_scope_is_refused_in_the_same_words() {
    let mut world = World::new();
    let mut answers = Vec::new();
    for scope in [Scope::Room, Scope::Own] {
        let good = |world: &World| world.relay.grant(world.now, "room", "a", scope);
        let Credential { username, password } = good(&world);
        let other_peer = world.relay.grant(world.now, "room", "b", scope);
        let other_scope = if scope == Scope::Room { username.replace("room:room", "own:room") } else { username.replace("own", "room") };
        let later = username.replacen("17", "18", 1);
        for (what, username, password) in [
            ("wrong password", username.clone(), "wrong".to_owned()),
            ("no password", username.clone(), String::new()),
            ("another peer's password", username.clone(), other_peer.password.clone()),
            ("another's name with one's own password", other_peer.username.clone(), password.clone()),
            ("a wider or other scope", other_scope, password.clone()),
            ("a later expiry", later, password.clone()),
            ("another room", username.replace(":a", "x:a"), password.clone()),
            ("an invented name", "admin".to_owned(), "admin".to_owned()),
            ("an invented name of the right form", format!("{}:room:room:a", START / 1_000 + 60), "x".to_owned()),
            ("not a name at all", ":::".to_owned(), String::new()),
        ] {
            let mut a = world.caller_with(1_001, Credential { username, password });
            let reply = a.allocate(&mut world);
            assert_eq!(reply.code, 401, "{what}");
            answers.push(reply.bytes.len());
        }
        let mut a = world.caller_with(1_001, good(&world));
        assert_eq!(a.allocate(&mut world).code, 0, "the control: the right one works");
        a.refresh(&mut world, 0);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "nothing tells a wrong password from an invented name");
    assert_eq!(world.relay.allocations(), 0);
}

#[test]
fn an_expired_credential_makes_no_new_allocation_but_keeps_the_old_one() {
    for (scope, lasts) in [(Scope::Room, 12 * HOUR), (Scope::Own, HOUR / 120)] {
        let mut world = World::new();
        let credential = world.relay.grant(world.now, "room", "a", scope);
        let again = world.relay.grant(world.now, "room", "a", scope);
        world.later(lasts - 1_000);
        let mut a = world.caller_with(1_001, credential);
        assert_eq!(a.allocate(&mut world).code, 0);
        world.later(1_000);
        let mut late = world.caller_with(1_002, again);
        assert_eq!(late.allocate(&mut world).code, 401);
        assert_eq!(a.refresh(&mut world, 600).code, 0, "a browser refreshes with what it began with");
        assert_eq!(a.refresh(&mut world, 0).code, 0);
        assert_eq!(a.allocate(&mut world).code, 401);
    }
}

#[test]
fn revoking_a_peer_ends_its_running_allocations_at_once_and_every_credential_it_had() {
    for scope in [Scope::Room, Scope::Own] {
        let mut world = World::new();
        let unused = world.relay.grant(world.now, "room", "a", scope);
        let (mut a, a_at, mut b, b_at) = world.pair();
        a.bind(&mut world, 0x4000, b_at);
        b.bind(&mut world, 0x4000, a_at);
        assert!(a.channel(&mut world, 0x4000, b"x").is_some());
        world.relay.take_events();

        world.relay.revoke(world.now, "a");

        assert!(a.channel(&mut world, 0x4000, b"x").is_none());
        assert!(a.indicate(&mut world, b_at, b"x").is_none());
        assert!(b.channel(&mut world, 0x4000, b"x").is_none());
        assert_eq!(world.relay.allocations(), 1, "the other's stays");
        let events = world.relay.take_events();
        assert!(matches!(&events[..], [
            Event::AllocationEnded { client, why: Ended::Revoked, .. },
            Event::PeerGone { usage, .. },
        ] if *client == a.client && usage.sent == 1));
        for request in [ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND] {
            let peer = XorPeerAddress::new(b_at, (a.transaction + 1).into());
            assert_eq!(a.ask(&mut world, request, &[&RequestedTransport::new(17), &Lifetime::new(600), &peer]).code, 401);
        }
        let mut second = world.caller_with(1_003, unused);
        assert_eq!(second.allocate(&mut world).code, 401, "one that was never used");
        world.later(11 * HOUR);
        world.relay.expire(world.now);
        second.fetch_nonce(&mut world);
        assert_eq!(second.allocate(&mut world).code, 401, "and it stays so");
        world.later(2 * HOUR);
        world.relay.expire(world.now);
        second.fetch_nonce(&mut world);
        assert_eq!(second.allocate(&mut world).code, 401, "also when the revocation is forgotten, since it expired");
    }
}

#[test]
fn what_a_peer_is_granted_after_a_revocation_works_even_in_the_same_moment() {
    let mut world = World::new();
    for round in 0..5 {
        let mut before = world.caller(1_001, "room", "a", Scope::Room);
        assert_eq!(before.allocate(&mut world).code, 0, "round {round}");
        world.relay.revoke(world.now, "a");
        assert_eq!(before.allocate(&mut world).code, 401, "round {round}");
    }
}

#[test]
fn revoking_someone_unknown_does_nothing_to_others() {
    let mut world = World::new();
    let (mut a, _, _, b_at) = world.pair();
    world.relay.revoke(world.now, "nobody");
    world.relay.revoke(world.now, "");
    assert!(a.indicate(&mut world, b_at, b"x").is_some());
}

#[test]
fn someone_who_tries_the_line_reaches_their_own_allocations_and_nobody_elses() {
    let mut world = World::new();
    let (mut one, one_at) = world.allocated(1_001, "room", "a", Scope::Own);
    let (mut two, two_at) = world.allocated(1_002, "room", "a", Scope::Own);
    let (mut other, other_at) = world.allocated(1_003, "room", "b", Scope::Own);
    let (mut inside, inside_at) = world.allocated(1_004, "room", "c", Scope::Room);
    assert_eq!(inside.permit(&mut world, &[one_at, two_at, other_at]).code, 0);
    // Each permits its own host, which all share: from here on only the reach of the credential holds a packet back.
    for (caller, own) in [(&mut one, one_at), (&mut two, two_at), (&mut other, other_at)] {
        assert_eq!(caller.permit(&mut world, &[own]).code, 0);
    }
    assert_eq!(one.bind(&mut world, 0x4000, two_at).code, 0);
    assert!(one.channel(&mut world, 0x4000, b"x").unwrap().to == two.client);
    assert!(one.indicate(&mut world, two_at, b"x").unwrap().to == two.client);

    for peer in [other_at, inside_at] {
        assert_eq!(one.permit(&mut world, &[peer]).code, 403);
        assert_eq!(one.permit(&mut world, &[two_at, peer]).code, 403);
        assert_eq!(one.bind(&mut world, 0x4001, peer).code, 403);
        assert!(one.indicate(&mut world, peer, b"x").is_none());
    }
    assert!(other.indicate(&mut world, one_at, b"x").is_none());
    assert_eq!(inside.bind(&mut world, 0x4000, one_at).code, 0);
    assert!(inside.channel(&mut world, 0x4000, b"x").is_none(), "nor does anyone inside reach them");
    let nobody = std::net::SocketAddr::new(one_at.ip(), 49_152);
    assert_eq!(one.bind(&mut world, 0x4002, nobody).code, 403, "a place nobody holds looks the same as a stranger's");
    assert_eq!(one.permit(&mut world, &[nobody]).code, 403);
}

#[test]
fn two_credentials_to_try_the_line_reach_nothing_of_each_other_though_they_are_one_persons() {
    let mut world = World::new();
    let (mut first, first_at) = world.allocated(1_001, "room", "a", Scope::Own);
    world.later(1_000);
    let (mut second, second_at) = world.allocated(1_002, "room", "a", Scope::Own);
    let (mut beside, beside_at) = world.allocated(1_003, "room", "a", Scope::Own);
    for (caller, own) in [(&mut first, first_at), (&mut second, second_at), (&mut beside, beside_at)] {
        assert_eq!(caller.permit(&mut world, &[own]).code, 0);
    }
    assert_eq!(first.bind(&mut world, 0x4000, second_at).code, 403);
    assert!(first.indicate(&mut world, second_at, b"x").is_none());
    assert!(second.indicate(&mut world, first_at, b"x").is_none());
    assert!(second.indicate(&mut world, beside_at, b"x").is_some(), "the control: the same credential");
}

#[test]
fn whoever_is_in_conversation_does_not_reach_what_they_tried_the_line_with() {
    let mut world = World::new();
    let (mut before, before_at) = world.allocated(1_001, "room", "a", Scope::Own);
    let (mut inside, inside_at) = world.allocated(1_002, "room", "a", Scope::Room);
    before.permit(&mut world, &[before_at]);
    assert_eq!(inside.permit(&mut world, &[before_at]).code, 0);
    assert!(inside.indicate(&mut world, before_at, b"x").is_none());
    assert!(before.indicate(&mut world, inside_at, b"x").is_none());
}

#[test]
fn trying_the_line_takes_so_many_allocations_and_no_more() {
    let mut world = World::with(Limits { own_allocations: 2, ..Limits::default() });
    let (mut one, _) = world.allocated(1_001, "room", "a", Scope::Own);
    world.allocated(1_002, "room", "a", Scope::Own);
    let mut third = world.caller(1_003, "room", "a", Scope::Own);
    assert_eq!(third.allocate(&mut world).code, 486);
    let (_, _) = world.allocated(1_004, "room", "a", Scope::Room);
    assert_eq!(one.refresh(&mut world, 0).code, 0);
    assert_eq!(third.allocate(&mut world).code, 0, "a place was given back");
}

#[test]
fn trying_the_line_is_over_within_a_minute_of_its_grant() {
    let mut world = World::new();
    let mut unused = world.caller(1_001, "room", "a", Scope::Own);
    let mut late = world.caller(1_002, "room", "a", Scope::Own);
    world.later(29_999);
    assert_eq!(late.allocate(&mut world).code, 0);
    assert_eq!(late.refresh(&mut world, 3_600).code, 0);
    world.later(1);
    assert_eq!(unused.allocate(&mut world).code, 401);
    world.later(30_000);
    assert_eq!(late.refresh(&mut world, 600).code, 437);
    assert_eq!(late.allocate(&mut world).code, 401);
}

#[test]
fn the_same_peer_reaches_itself_in_its_own_room_only() {
    let mut world = World::new();
    let (mut one, one_at) = world.allocated(1_001, "one", "a", Scope::Own);
    let (mut two, two_at) = world.allocated(1_002, "two", "a", Scope::Own);
    one.permit(&mut world, &[two_at]);
    two.permit(&mut world, &[one_at]);
    assert!(one.indicate(&mut world, two_at, b"x").is_none());
}

#[test]
fn trying_the_line_ends_after_200_kilobytes() {
    let mut world = World::new();
    let (mut one, one_at) = world.allocated(1_001, "room", "a", Scope::Own);
    let (mut two, two_at) = world.allocated(1_002, "room", "a", Scope::Own);
    one.permit(&mut world, &[two_at]);
    two.permit(&mut world, &[one_at]);
    let mut passed = 0;
    for round in 0..500 {
        let (caller, to) = if round % 2 == 0 { (&mut one, two_at) } else { (&mut two, one_at) };
        passed += caller.indicate(&mut world, to, &[0; 1_000]).map_or(0, |arrival| arrival.data.len());
        world.later(10);
    }
    assert_eq!(passed, 200_000, "both ways together");
    let mut third = world.caller(1_003, "room", "a", Scope::Own);
    third.credential = Credential { username: one.credential.username.clone(), password: one.credential.password.clone() };
    assert_eq!(third.allocate(&mut world).code, 486, "and no new allocation begins it anew");
}

#[test]
fn trying_the_line_ends_after_30_seconds_however_often_it_is_refreshed() {
    // So that what ends it isn't the credential's own end.
    let mut world = World::with(Limits { own_grant: 600_000, ..Limits::default() });
    let mut one = world.caller(1_001, "room", "a", Scope::Own);
    assert_eq!(one.allocate(&mut world).lifetime(), 30);
    let (mut two, two_at) = world.allocated(1_002, "room", "a", Scope::Own);
    one.permit(&mut world, &[two_at]);
    two.permit(&mut world, &[two_at]);
    world.later(20_000);
    assert_eq!(one.refresh(&mut world, 3_600).lifetime(), 10);
    world.later(9_999);
    assert!(one.indicate(&mut world, two_at, b"x").is_some());
    world.later(1);
    assert!(one.indicate(&mut world, two_at, b"x").is_none());
    assert_eq!(one.refresh(&mut world, 600).code, 437);
    assert_eq!(one.allocate(&mut world).code, 486);
    world.relay.expire(world.now);
    assert_eq!(one.allocate(&mut world).code, 486, "also after the cleaning");
    let mut fresh = world.caller(1_005, "room", "a", Scope::Own);
    assert_eq!(fresh.allocate(&mut world).code, 0, "another try needs another grant");
}

#[test]
fn an_allocation_is_changed_only_with_the_credential_it_was_made_with() {
    let mut world = World::new();
    let (mut a, a_at) = world.allocated(1_001, "room", "a", Scope::Room);
    let mine = std::mem::replace(&mut a.credential, world.relay.grant(world.now, "room", "b", Scope::Room));
    assert_eq!(a.refresh(&mut world, 0).code, 441);
    assert_eq!(a.permit(&mut world, &[a_at]).code, 441);
    assert_eq!(a.bind(&mut world, 0x4000, a_at).code, 441);
    a.credential = mine;
    assert_eq!(a.refresh(&mut world, 0).code, 0);
}
