//! Trying one's own line over real sockets: it reaches what the same access made, and nobody else.

use std::net::SocketAddr;

use sidelight::relay::{RelayControl, Running, Scope};

use crate::talker::{Frame, Talker, connect, running};

/// Both ends of somebody's own line, who permit each other and have a channel.
async fn own_line(relay: &Running, room: &str, peer: &str) -> ([Talker; 2], [SocketAddr; 2]) {
    let access = relay.grant(room, peer, Scope::Own);
    let mut ends = [Talker::with(relay, access.clone()).await, Talker::with(relay, access).await];
    let at = [ends[0].allocate().await, ends[1].allocate().await];
    for end in 0..2 {
        assert_eq!(ends[end].permit(at[1 - end]).await, 0);
        assert_eq!(ends[end].bind(0x4001, at[1 - end]).await, 0);
    }
    (ends, at)
}

async fn reaches_itself([one, two]: &mut [Talker; 2]) {
    one.say(0x4001, b"there").await;
    assert_eq!(two.next().await, Some(Frame::Channel(0x4001, b"there".to_vec())));
    two.say(0x4001, b"and back").await;
    assert_eq!(one.next().await, Some(Frame::Channel(0x4001, b"and back".to_vec())));
}

#[tokio::test]
async fn two_people_who_try_their_lines_reach_themselves_and_not_each_other() {
    let relay = running().await;
    let (mut alex, alex_at) = own_line(&relay, "room", "alex").await;
    let (mut robin, robin_at) = own_line(&relay, "room", "robin").await;
    for (who, other_at) in [(&mut alex, robin_at), (&mut robin, alex_at)] {
        reaches_itself(who).await;
        for at in other_at {
            assert_eq!(who[0].permit(at).await, 403);
            assert_eq!(who[0].bind(0x4002, at).await, 403);
            // What is permitted is the host, which all have in common: so this is held back by reach alone.
            who[0].indicate(at, b"at the window").await;
            who[0].say(0x4002, b"at the window").await;
        }
    }
    for end in alex.iter_mut().chain(&mut robin) {
        end.nothing_comes().await;
    }
    reaches_itself(&mut alex).await;
    reaches_itself(&mut robin).await;
}

#[tokio::test]
async fn who_tries_their_line_reaches_nobody_in_conversation_and_is_reached_by_nobody() {
    let relay = running().await;
    let mut sam = Talker::udp(&relay, "room", "sam").await;
    let mut jo = Talker::udp(&relay, "room", "jo").await;
    let (mut alex, alex_at) = own_line(&relay, "room", "alex").await;
    // The control: two of the ordinary kind in one room reach each other, on the same host.
    connect(&mut sam, &mut jo).await;
    let sam_at = Talker::udp(&relay, "room", "sam").await.allocate().await;
    sam.say(0x4001, b"hello").await;
    assert_eq!(jo.next().await, Some(Frame::Channel(0x4002, b"hello".to_vec())));

    assert_eq!(alex[0].permit(sam_at).await, 403);
    assert_eq!(alex[0].bind(0x4003, sam_at).await, 403);
    alex[0].indicate(sam_at, b"at the window").await;
    // Those inside may name any address of the relay; it gives them nothing.
    assert_eq!(jo.bind(0x4003, alex_at[0]).await, 0);
    jo.say(0x4003, b"who is there?").await;
    jo.indicate(alex_at[0], b"who is there?").await;
    for end in alex.iter_mut().chain([&mut sam, &mut jo]) {
        end.nothing_comes().await;
    }
    reaches_itself(&mut alex).await;
}

#[tokio::test]
async fn who_tries_their_line_reaches_no_real_address() {
    let relay = running().await;
    let (mut alex, _) = own_line(&relay, "room", "alex").await;
    let listener = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let real = listener.local_addr().unwrap();
    assert_eq!(alex[0].permit(real).await, 403);
    assert_eq!(alex[0].bind(0x4002, real).await, 403);
    alex[0].indicate(real, b"x").await;
    let mut buffer = [0; 16];
    let came = tokio::time::timeout(std::time::Duration::from_millis(300), listener.recv(&mut buffer)).await;
    assert!(came.is_err(), "something came");
}

#[tokio::test]
async fn a_line_that_is_tried_carries_200_kilobytes_and_then_nothing() {
    let relay = running().await;
    let ([mut one, mut two], _) = own_line(&relay, "room", "alex").await;
    let data = [7; 1_000];
    for count in 0..200 {
        one.say(0x4001, &data).await;
        assert_eq!(two.next().await, Some(Frame::Channel(0x4001, data.to_vec())), "after {count} kilobytes");
    }
    one.say(0x4001, &data).await;
    two.say(0x4001, b"x").await;
    two.nothing_comes().await;
    one.nothing_comes().await;
}
