//! The relay's own sockets.

use std::time::{Duration, Instant};

use sidelight::relay::{self, RelayControl, Scope, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::talker::{Frame, Talker, channel_data, connect, running};

async fn talk(a: &mut Talker, b: &mut Talker) {
    for length in (1..=32).chain([500, 1_199, 1_200, 1_400]) {
        let data: Vec<u8> = (0..length).map(|at| (at * 7 + length) as u8).collect();
        a.say(0x4001, &data).await;
        assert_eq!(b.next().await, Some(Frame::Channel(0x4002, data.clone())));
        b.say(0x4002, &data).await;
        assert_eq!(a.next().await, Some(Frame::Channel(0x4001, data)));
    }
}

#[tokio::test]
async fn two_people_talk_over_udp() {
    let relay = running().await;
    let mut a = Talker::udp(&relay, "room", "a").await;
    let mut b = Talker::udp(&relay, "room", "b").await;
    connect(&mut a, &mut b).await;
    talk(&mut a, &mut b).await;
    assert_eq!(relay.usage("a").sent, relay.usage("b").received);
    assert_eq!(relay.allocations(), 2);
}

#[tokio::test]
async fn two_people_talk_over_tcp() {
    let relay = running().await;
    let mut a = Talker::tcp(&relay, "room", "a").await;
    let mut b = Talker::tcp(&relay, "room", "b").await;
    connect(&mut a, &mut b).await;
    talk(&mut a, &mut b).await;
}

#[tokio::test]
async fn one_over_udp_and_one_over_tcp_talk() {
    let relay = running().await;
    let mut a = Talker::udp(&relay, "room", "a").await;
    let mut b = Talker::tcp(&relay, "room", "b").await;
    connect(&mut a, &mut b).await;
    talk(&mut a, &mut b).await;
}

#[tokio::test]
async fn frames_that_arrive_over_tcp_byte_by_byte_are_whole() {
    let relay = running().await;
    let mut a = Talker::tcp(&relay, "room", "a").await;
    let mut b = Talker::udp(&relay, "room", "b").await;
    connect(&mut a, &mut b).await;
    let mut bytes = channel_data(0x4001, b"hello");
    bytes.extend_from_slice(&[0; 3]);
    bytes.extend_from_slice(&channel_data(0x4001, b"you!"));
    for byte in bytes {
        a.send_raw(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(b.next().await, Some(Frame::Channel(0x4002, b"hello".to_vec())));
    assert_eq!(b.next().await, Some(Frame::Channel(0x4002, b"you!".to_vec())));
}

#[tokio::test]
async fn revoking_stops_the_bytes_at_once_and_closes_the_connection() {
    let relay = running().await;
    let mut a = Talker::tcp(&relay, "room", "a").await;
    let mut b = Talker::udp(&relay, "room", "b").await;
    let mut c = Talker::udp(&relay, "room", "c").await;
    connect(&mut a, &mut b).await;
    a.say(0x4001, b"before").await;
    assert_eq!(b.next().await, Some(Frame::Channel(0x4002, b"before".to_vec())));
    c.allocate().await;

    relay.revoke("a");
    assert_eq!(a.next().await, None, "its connection is closed");
    b.say(0x4002, b"after").await;
    relay.revoke("b");
    b.say(0x4002, b"after").await;
    b.nothing_comes().await;
    assert_eq!(b.refresh().await, 401);
    assert_eq!(c.refresh().await, 0, "others don't notice");
    assert_eq!(relay.allocations(), 1);

    let mut again = Talker::udp(&relay, "room", "b").await;
    again.allocate().await;
}

#[tokio::test]
async fn a_closed_connection_gives_its_allocation_back() {
    let relay = running().await;
    let mut a = Talker::tcp(&relay, "room", "a").await;
    a.allocate().await;
    assert_eq!(relay.allocations(), 1);
    drop(a);
    for _ in 0..100 {
        if relay.allocations() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("still there");
}

#[tokio::test]
async fn what_is_no_frame_ends_a_connection_and_a_stranger_who_says_nothing_too() {
    let relay = running().await;
    let mut rude = Talker::tcp(&relay, "room", "a").await;
    rude.send_raw(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    assert_eq!(rude.next().await, None);

    let started = Instant::now();
    let mut silent = TcpStream::connect(relay.tcp()[0]).await.unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(20), silent.read(&mut [0])).await.expect("closed in time");
    assert_eq!(ended.unwrap(), 0);
    assert!(started.elapsed() > Duration::from_secs(4), "but not before a browser could have spoken");
}

#[tokio::test]
async fn a_client_that_does_not_read_loses_packets_and_holds_up_nobody() {
    let relay = running().await;
    let mut deaf = Talker::tcp(&relay, "room", "a").await;
    let mut b = Talker::udp(&relay, "room", "b").await;
    let mut c = Talker::udp(&relay, "other", "c").await;
    let mut d = Talker::udp(&relay, "other", "d").await;
    connect(&mut deaf, &mut b).await;
    connect(&mut c, &mut d).await;
    for _ in 0..40 {
        for _ in 0..20 {
            b.say(0x4002, &[7; 1_200]).await;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
        c.say(0x4001, b"meanwhile").await;
        assert_eq!(d.next().await, Some(Frame::Channel(0x4002, b"meanwhile".to_vec())));
    }
    // What it reads at last is whole frames, fewer than were sent.
    let mut read = 0;
    while let Ok(Some(Frame::Channel(0x4001, data))) = tokio::time::timeout(Duration::from_millis(500), deaf.next()).await {
        assert_eq!(data, [7; 1_200]);
        read += 1;
    }
    assert!((1..=800).contains(&read), "{read}");
}

#[tokio::test]
async fn a_client_that_never_reads_loses_its_place() {
    let relay = running().await;
    let mut deaf = Talker::tcp(&relay, "room", "a").await;
    let mut b = Talker::udp(&relay, "room", "b").await;
    connect(&mut deaf, &mut b).await;
    let started = Instant::now();
    while relay.allocations() == 2 {
        for _ in 0..10 {
            b.say(0x4002, &[7; 1_200]).await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(started.elapsed() < Duration::from_secs(30), "it holds its place");
    }
    assert!(started.elapsed() > Duration::from_secs(9), "but a tunnel is no reason");
    assert_eq!(b.refresh().await, 0);
}

#[tokio::test]
async fn the_same_port_is_bound_on_every_address_and_told_to_pages() {
    let addresses = vec!["127.0.0.1".parse().unwrap(), "127.0.0.2".parse().unwrap()];
    let relay = relay::start(Settings { addresses, web_urls: vec!["turn:w:80?transport=tcp".to_owned()], ..Settings::default() });
    let relay = relay.await.unwrap();
    assert_eq!(relay.udp().len(), 2);
    assert_eq!(relay.udp()[0].port(), relay.udp()[1].port());
    assert_eq!(relay.tcp()[0].port(), relay.tcp()[1].port());
    let access = relay.grant("room", "a", Scope::Room);
    let (udp, tcp) = (relay.udp()[0].port(), relay.tcp()[0].port());
    let expected = [
        format!("turn:127.0.0.1:{udp}?transport=udp"),
        format!("turn:127.0.0.1:{tcp}?transport=tcp"),
        "turn:w:80?transport=tcp".to_owned(),
    ];
    assert_eq!(access.urls, expected);
    assert!(access.username.ends_with(":room:room:a"));
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let first = running().await;
    let port = first.udp()[0].port();
    let settings = Settings { addresses: vec!["127.0.0.1".parse().unwrap()], udp_port: port, ..Settings::default() };
    assert!(relay::start(settings).await.is_err());
}

#[tokio::test]
async fn stopping_closes_everything() {
    let relay = running().await;
    let mut a = Talker::tcp(&relay, "room", "a").await;
    a.allocate().await;
    relay.stop();
    assert_eq!(a.next().await, None);
    relay.stop();
    let started = Instant::now();
    loop {
        let refused = match TcpStream::connect(relay.tcp()[0]).await {
            Err(_) => true,
            Ok(mut stream) => stream.write_all(b"x").await.is_err(),
        };
        if refused {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(2), "it still listens");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
