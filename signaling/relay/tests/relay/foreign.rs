//! A client written by others (`turn-client-proto`): what two ends made by the same hand agree on proves little.
//!
//! Its one flaw is mended here: over TCP it neither pads ChannelData nor expects padding, as RFC 8656 section 12.5 demands
//! (and browsers do). So what it sends is padded, and padding is taken off what it gets.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use sidelight_relay::{Client, Frames, Limits, Relay, Scope, Via, padding};
use turn_client_proto::api::{TurnConfig, TurnEvent, TurnRecvRet};
use turn_client_proto::prelude::*;
use turn_client_proto::stun::agent::Transmit;
use turn_client_proto::tcp::TurnClientTcp;
use turn_client_proto::types::{Instant, TransportType, TurnCredentials};
use turn_client_proto::udp::TurnClientUdp;

use crate::world::World;

turn_client_proto::impl_client!(AnyClient, (Udp, TurnClientUdp), (Tcp, TurnClientTcp));

/// The relay's address, as the clients know it.
const RELAY: ([u8; 4], u16) = ([192, 0, 2, 2], 3_478);

struct Foreigner {
    client: AnyClient,
    place: Client,
    /// What came over its stream and isn't a whole frame yet.
    frames: Frames,
    relayed: Option<SocketAddr>,
    permitted: bool,
    bound: bool,
    received: VecDeque<(SocketAddr, Vec<u8>)>,
}

impl Foreigner {
    fn new(relay: &Relay, now: u64, peer: &str, transport: TransportType, number: u16) -> Self {
        let granted = relay.grant(now, "room", peer, Scope::Room);
        let config = TurnConfig::new(TurnCredentials::new(&granted.username, &granted.password));
        let local: SocketAddr = ([192, 0, 2, 9], 1_000 + number).into();
        let (client, via) = match transport {
            TransportType::Udp => (AnyClient::Udp(TurnClientUdp::allocate(local, RELAY.into(), config)), Via::Udp(0)),
            TransportType::Tcp => (AnyClient::Tcp(TurnClientTcp::allocate(local, RELAY.into(), config)), Via::Stream(u32::from(number))),
        };
        Foreigner {
            client,
            place: Client { via, address: local },
            frames: Frames::default(),
            relayed: None,
            permitted: false,
            bound: false,
            received: VecDeque::new(),
        }
    }

    fn take(&mut self, bytes: &[u8], now: Instant) {
        let transport = self.client.transport();
        let transmit = Transmit::new(bytes.to_vec(), transport, RELAY.into(), self.place.address);
        match self.client.recv(transmit, now) {
            TurnRecvRet::PeerData(data) => self.received.push_back((data.peer, data.data().to_vec())),
            TurnRecvRet::Handled => {}
            other => panic!("{other:?}"),
        }
        while let Some(data) = self.client.poll_recv(now) {
            self.received.push_back((data.peer, data.data().to_vec()));
        }
    }
}

/// Two of them and the relay between. Streams are cut into pieces of changing size, in both directions.
struct Between {
    world: World,
    ends: [Foreigner; 2],
    piece: usize,
    started: u64,
}

impl Between {
    fn new(transports: [TransportType; 2]) -> Self {
        let limits = Limits { packets_per_second: 1_000_000, bytes_per_second: 1_000_000_000, ..Limits::default() };
        let world = World::with(limits);
        let [a, b] = transports;
        let ends = [Foreigner::new(&world.relay, world.now, "a", a, 1), Foreigner::new(&world.relay, world.now, "b", b, 2)];
        let started = world.now;
        let mut between = Between { world, ends, piece: 0, started };
        between.until(|ends| ends.iter().all(|end| end.relayed.is_some()));
        let [a, b] = [0, 1].map(|end: usize| between.ends[end].relayed.unwrap());
        let now = between.instant();
        between.ends[0].client.create_permission(TransportType::Udp, b.ip(), now).unwrap();
        between.ends[1].client.create_permission(TransportType::Udp, a.ip(), now).unwrap();
        between.until(|ends| ends.iter().all(|end| end.permitted));
        between
    }

    fn instant(&self) -> Instant {
        Instant::from_nanos(0) + Duration::from_millis(self.world.now - self.started + 1)
    }

    fn until(&mut self, done: impl Fn(&[Foreigner; 2]) -> bool) {
        for _ in 0..1_000 {
            self.turn();
            if done(&self.ends) {
                return;
            }
        }
        panic!("the client came no further");
    }

    /// Lets each end say what it has to say.
    fn turn(&mut self) {
        self.world.later(1);
        let now = self.instant();
        for end in 0..2 {
            self.ends[end].client.poll(now);
            while let Some(transmit) = self.ends[end].client.poll_transmit(now) {
                let bytes = transmit.data.as_ref().to_vec();
                self.carry(end, &bytes);
            }
            while let Some(event) = self.ends[end].client.poll_event() {
                match event {
                    TurnEvent::AllocationCreated(_, address) => self.ends[end].relayed = Some(address),
                    TurnEvent::PermissionCreated(..) => self.ends[end].permitted = true,
                    TurnEvent::ChannelCreated(..) => self.ends[end].bound = true,
                    other => panic!("{other:?}"),
                }
            }
        }
    }

    fn piece(&mut self, rest: usize) -> usize {
        self.piece = (self.piece * 7 + 3) % 1_013;
        (self.piece + 1).min(rest)
    }

    /// From a client to the relay, and on from there.
    fn carry(&mut self, from: usize, bytes: &[u8]) {
        let place = self.ends[from].place;
        if let Via::Udp(_) = place.via {
            let onward = self.world.send(place, bytes);
            self.deliver(onward);
            return;
        }
        let padded = [bytes, &[0; 3][..padding(bytes.len())]].concat();
        let mut rest = &padded[..];
        while !rest.is_empty() {
            let count = self.piece(rest.len());
            let frames = &mut self.ends[from].frames;
            frames.space()[..count].copy_from_slice(&rest[..count]);
            frames.filled(count);
            rest = &rest[count..];
            while let Some(frame) = self.ends[from].frames.next_frame().expect("the client sends whole frames") {
                let frame = frame.to_vec();
                let onward = self.world.send(place, &frame);
                self.deliver(onward);
            }
        }
    }

    fn deliver(&mut self, onward: Option<(Client, Vec<u8>)>) {
        let Some((to, bytes)) = onward else { return };
        let now = self.instant();
        let end = (0..2).find(|end| self.ends[*end].place == to).expect("one of the two");
        if let Via::Udp(_) = to.via {
            self.ends[end].take(&bytes, now);
            return;
        }
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let count = self.piece(rest.len());
            self.ends[end].take(&rest[..count], now);
            rest = &rest[count..];
        }
    }

    fn send(&mut self, from: usize, data: &[u8]) {
        let to = self.ends[1 - from].relayed.unwrap();
        let now = self.instant();
        let transmit = self.ends[from].client.send_to(TransportType::Udp, to, data, now).unwrap();
        if let Some(transmit) = transmit {
            let bytes = transmit.build().data;
            self.carry(from, &bytes);
        }
        self.turn();
    }

    fn bind(&mut self, end: usize) {
        let to = self.ends[1 - end].relayed.unwrap();
        let now = self.instant();
        self.ends[end].client.bind_channel(TransportType::Udp, to, now).unwrap();
        self.until(|ends| ends[end].bound);
    }

    /// Sends every size both ways; each must arrive whole, once, in order, from the right address.
    fn every_size(&mut self) {
        for size in 1..=1_400_usize {
            for from in 0..2 {
                let data = checked(size, from);
                self.send(from, &data);
                let sender = self.ends[from].relayed.unwrap();
                let got = self.ends[1 - from].received.pop_front().unwrap_or_else(|| panic!("{size} bytes got lost"));
                assert!(got == (sender, data), "{size} bytes were changed");
                assert!(self.ends.iter().all(|end| end.received.is_empty()), "{size} bytes: something else came too");
            }
        }
    }
}

/// Bytes that look like frames of their own here and there, and end in a sum over all of them.
fn checked(size: usize, salt: usize) -> Vec<u8> {
    let mut data: Vec<u8> = (0..size).map(|at| if at % 5 == 0 { 0x40 } else { (at * 31 + size * 7 + salt) as u8 }).collect();
    let sum = data.iter().fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(*byte));
    *data.last_mut().unwrap() = sum;
    data
}

fn every_size_in_each_wrapping(transports: [TransportType; 2]) {
    let mut between = Between::new(transports);
    between.every_size();
    between.bind(0);
    between.every_size();
    between.bind(1);
    between.every_size();
}

#[test]
fn every_size_from_1_to_1400_bytes_arrives_over_udp() {
    every_size_in_each_wrapping([TransportType::Udp, TransportType::Udp]);
}

#[test]
fn every_size_from_1_to_1400_bytes_arrives_over_tcp() {
    every_size_in_each_wrapping([TransportType::Tcp, TransportType::Tcp]);
}

#[test]
fn every_size_from_1_to_1400_bytes_arrives_from_udp_to_tcp_and_back() {
    every_size_in_each_wrapping([TransportType::Udp, TransportType::Tcp]);
}
