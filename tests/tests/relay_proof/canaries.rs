//! Listeners on every form of address of a machine, which must hear nothing from the relay, whatever address a client with a
//! good credential names; and coturn, which they do hear, to show that they can.
//!
//! All of it happens in a network namespace with nothing but a loopback device in it: whatever a relay were made to send, it
//! could not leave the machine. The test runs itself anew in there.

use crate::{Relay, SECRET, Transport};
use sidelight_e2e::coturn::Coturn;
use sidelight_e2e::process::Program;
use sidelight_e2e::talker::{Credential, TCP, Talker};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::process::Command;
use turn_types::AddressFamily;
use turn_types::attribute::XorPeerAddress;
use turn_types::message::CONNECT;

/// The addresses of the machine in there: private ones of each range, of carriers, link-local, where clouds keep their keys,
/// and one that the relay hands out.
const NETWORK: &str = "ip link set lo up multicast on \
    && for address in 10.1.2.3/8 172.16.0.9/12 192.168.7.7/16 100.64.0.9/10 169.254.169.254/16 203.0.113.1/32 198.51.100.9/24; \
       do ip address add $address dev lo; done \
    && for address in fd00::9/64 fe80::1/64 2001:db8::9/64; do ip -6 address add $address dev lo nodad; done \
    && ip route add 224.0.0.0/4 dev lo";

/// Where there is a canary for UDP and one for TCP.
const PERCHES: [&str; 15] = [
    "127.0.0.1",
    "127.0.0.2",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.9",
    "192.168.7.7",
    "100.64.0.9",
    "169.254.169.254",
    "203.0.113.1",
    "198.51.100.9",
    "::1",
    "::",
    "fd00::9",
    "2001:db8::9",
    "fe80::1",
];

/// How a client may name them and what is beside them. Those on `0.0.0.0` and `::` would hear by any of the machine's own.
const NAMED: [&str; 33] = [
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    "0.0.0.0",
    "0.0.0.1",
    "10.1.2.3",
    "10.255.255.255",
    "172.16.0.9",
    "192.168.7.7",
    "100.64.0.9",
    "169.254.169.254",
    "203.0.113.1",
    "203.0.113.2",
    "198.51.100.9",
    "224.0.0.1",
    "224.0.0.251",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fd00::9",
    "2001:db8::9",
    "fe80::1",
    "ff02::1",
    "ff05::2",
    "::ffff:127.0.0.1",
    "::ffff:0.0.0.0",
    "::ffff:10.1.2.3",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "::ffff:203.0.113.1",
];

const CALL: &[u8] = b"is anybody there?";

/// Longer than a datagram takes on one machine.
const A_WHILE: Duration = Duration::from_millis(500);

#[tokio::test(flavor = "multi_thread")]
async fn no_address_that_a_client_can_name_is_reached_through_our_relay() {
    let me = std::env::current_exe().expect("a test binary has a path");
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    let inside = "canaries::inside_a_network_without_a_way_out";
    let mut command = Command::new("unshare");
    // Whoever isn't root may have a namespace of their own in which they are.
    command.args(if root { &["--net"][..] } else { &["--net", "--map-root-user"] }).args(["--", "sh", "-c"]);
    command.arg(format!("{NETWORK} && exec \"$0\" --exact {inside} --ignored --nocapture")).arg(me);
    let mut program = Program::start("unshare", &mut command);
    let status = program.ended(Duration::from_secs(120)).await;
    let lines = program.output().lines();
    assert!(status == Some(0) && lines.iter().any(|line| line.contains("1 passed")), "{}", lines.join("\n"));
    for line in lines.iter().filter(|line| line.starts_with("canaries:")) {
        println!("{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "is run by the test above, in a network of its own"]
async fn inside_a_network_without_a_way_out() {
    let devices = std::fs::read_dir("/sys/class/net").map(Iterator::count).unwrap_or_default();
    let routes = std::fs::read_to_string("/proc/net/route").expect("Linux tells its routes");
    assert!(!routes.lines().skip(1).any(|route| !route.starts_with("lo")), "{devices} devices, but there is a way out: {routes}");

    let cage = Cage::full().await;
    cage.each_hears_who_calls_it().await;

    let relay = Relay::start().await;
    let by = |transport, name| attack(&cage, &relay, transport, Credential::made(SECRET, 600, name));
    let refused = tokio::join!(
        by(Transport::Udp, "room:room:one"),
        by(Transport::Tcp, "room:room:two"),
        by(Transport::Udp, "own:room:three"),
        by(Transport::Tcp, "own:room:four"),
    );
    let refused = refused.0 + refused.1 + refused.2 + refused.3;
    // Over TCP a client may also wish for connections (RFC 6062): that is refused, and asking for one all the same has no answer.
    let mut asking = Talker::new(relay.tcp, Transport::Tcp, &Credential::made(SECRET, 600, "room:room:asking")).await;
    assert_eq!(asking.allocate_for(TCP, None).await, Err(442));
    asking.allocate().await.expect("an ordinary allocation");
    for canary in &cage.0 {
        let peer = XorPeerAddress::new(canary.address, asking.next_transaction());
        let request = asking.request(CONNECT, &[&peer]);
        asking.send(&request).await;
    }
    assert_eq!(asking.next_within(A_WHILE).await, None);
    tokio::time::sleep(A_WHILE).await;
    let heard = cage.heard();
    assert!(heard.is_empty(), "heard our relay: {heard:?}");
    relay.has_not_broken();
    println!("canaries: {} heard nothing from our relay; {refused} wishes were refused", cage.0.len());

    // The control: the same canaries, and a relay that goes where it is told.
    let coturn = Coturn::start(&[Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]).await;
    for family in [AddressFamily::IPV4, AddressFamily::IPV6] {
        let credential = Credential::made(SECRET, 600, "canary");
        let mut datagrams = Talker::new(coturn.address(), Transport::Udp, &credential).await;
        datagrams.allocate_for(sidelight_e2e::talker::UDP, Some(family)).await.expect("coturn knows this family");
        let mut connections = Talker::new(coturn.address(), Transport::Tcp, &credential).await;
        connections.allocate_for(TCP, Some(family)).await.expect("coturn knows this family");
        for canary in cage.0.iter().filter(|canary| canary.address.is_ipv4() == (family == AddressFamily::IPV4)) {
            let mut address = canary.address;
            // coturn takes these two themselves for nowhere; whoever is on all addresses is on this one.
            if address.ip().is_unspecified() {
                address.set_ip(if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
            }
            match canary.transport {
                Transport::Udp => {
                    datagrams.permit(address).await;
                    datagrams.indicate(address, CALL).await;
                }
                Transport::Tcp => {
                    let peer = XorPeerAddress::new(address, connections.next_transaction());
                    connections.code(CONNECT, &[&peer]).await;
                }
            }
        }
    }
    tokio::time::sleep(A_WHILE).await;
    let heard = cage.heard();
    println!("canaries: {} of {} heard coturn", heard.len(), cage.0.len());
    for canary in &cage.0 {
        let heard = heard.iter().any(|(address, transport, _)| (*address, *transport) == (canary.address, canary.transport));
        // A connection to a link-local address needs a device, which nobody can name to a relay.
        let deaf = canary.transport == Transport::Tcp && canary.address.to_string().contains("fe80");
        assert!(heard || deaf, "{:?} {} didn't hear coturn", canary.transport, canary.address);
    }
}

/// Names every address at every canary's port, in every way that there is; how many wishes were refused.
async fn attack(cage: &Cage, relay: &Relay, transport: Transport, credential: Credential) -> usize {
    let mut talker = Talker::new(relay.at(transport), transport, &credential).await;
    let us = talker.allocate().await.expect("a good credential");
    let mut refused = 0;
    let ports: BTreeSet<u16> = cage.0.iter().map(|canary| canary.address.port()).chain([relay.udp.port(), relay.tcp.port()]).collect();
    for (number, port) in ports.into_iter().enumerate() {
        for named in NAMED {
            let peer = SocketAddr::new(named.parse().expect("an address"), port);
            let channel = 0x4000 + (number as u16) * 0x40;
            let (permitted, bound) = (talker.permit(peer).await, talker.bind(channel, peer).await);
            // The addresses that the relay hands out may be named, and lead to nobody but its own.
            if peer.ip() != us.ip() {
                let right = if peer.is_ipv4() { Some(403) } else { Some(443) };
                assert_eq!((permitted, bound), (right, right), "{peer}");
                refused += 2;
            }
            talker.indicate(peer, CALL).await;
            talker.say(channel, CALL).await;
            // As fast as anybody may: more would be dropped before it is looked at.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    assert_eq!(talker.next_within(A_WHILE).await, None, "nothing comes back");
    assert_eq!(talker.refresh(600).await, Some(0), "it was heard to the end");
    refused
}

struct Canary {
    address: SocketAddr,
    transport: Transport,
    /// Datagrams or connections, and bytes.
    heard: Arc<AtomicU64>,
}

/// All canaries.
struct Cage(Vec<Canary>);

impl Cage {
    async fn full() -> Cage {
        let mut canaries = Vec::new();
        for perch in PERCHES {
            let ip: IpAddr = perch.parse().expect("an address");
            // A link-local address is bound on a device, of which there is one.
            let at = |port| match ip {
                IpAddr::V6(ip) if perch.starts_with("fe80") => SocketAddr::from(std::net::SocketAddrV6::new(ip, port, 0, 1)),
                ip => SocketAddr::new(ip, port),
            };
            let socket = UdpSocket::bind(at(0)).await.unwrap_or_else(|error| panic!("{perch}: {error}"));
            if perch == "0.0.0.0" {
                for group in [[224, 0, 0, 251], [239, 255, 255, 250]] {
                    socket.join_multicast_v4(group.into(), Ipv4Addr::LOCALHOST).expect("joins");
                }
            }
            canaries.push(Canary::on_datagrams(socket));
            canaries.push(Canary::on_connections(TcpListener::bind(at(0)).await.unwrap_or_else(|error| panic!("{perch}: {error}"))));
        }
        Cage(canaries)
    }

    /// Who has heard anything since this was last asked: where, over what, and how much.
    fn heard(&self) -> Vec<(SocketAddr, Transport, u64)> {
        let heard = self.0.iter().map(|canary| (canary.address, canary.transport, canary.heard.swap(0, Ordering::SeqCst)));
        heard.filter(|(_, _, heard)| *heard > 0).collect()
    }

    /// Each is called directly, that on all IPv4 addresses by its groups too; and forgets it again.
    async fn each_hears_who_calls_it(&self) {
        for canary in &self.0 {
            let mut address = canary.address;
            if canary.transport == Transport::Tcp {
                let mut stream = TcpStream::connect(address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
                stream.write_all(CALL).await.expect("takes it");
                continue;
            }
            let own = if address.is_ipv4() { SocketAddr::from(([0, 0, 0, 0], 0)) } else { SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)) };
            let socket = UdpSocket::bind(own).await.expect("a free port");
            socket.send_to(CALL, address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
            // A loopback device carries no groups of IPv6.
            let groups: &[&str] = if address.ip() == Ipv4Addr::UNSPECIFIED { &["224.0.0.251", "239.255.255.250"] } else { &[] };
            for group in groups {
                tokio::time::sleep(Duration::from_millis(50)).await;
                canary.heard.store(0, Ordering::SeqCst);
                address.set_ip(group.parse().expect("an address"));
                socket.send_to(CALL, address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
            }
        }
        tokio::time::sleep(A_WHILE).await;
        let heard = self.heard();
        assert_eq!(heard.len(), self.0.len(), "only these hear: {heard:?}");
    }
}

impl Canary {
    fn on_datagrams(socket: UdpSocket) -> Canary {
        let (address, heard) = (socket.local_addr().expect("is bound"), Arc::new(AtomicU64::new(0)));
        let count = heard.clone();
        tokio::spawn(async move {
            let mut buffer = [0; 2048];
            while let Ok((size, _)) = socket.recv_from(&mut buffer).await {
                count.fetch_add(1 + size as u64, Ordering::SeqCst);
            }
        });
        Canary { address, transport: Transport::Udp, heard }
    }

    fn on_connections(listener: TcpListener) -> Canary {
        let (address, heard) = (listener.local_addr().expect("is bound"), Arc::new(AtomicU64::new(0)));
        let count = heard.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let count = count.clone();
                tokio::spawn(async move {
                    let mut buffer = [0; 2048];
                    while let Ok(size @ 1..) = stream.read(&mut buffer).await {
                        count.fetch_add(size as u64, Ordering::SeqCst);
                    }
                });
            }
        });
        Canary { address, transport: Transport::Tcp, heard }
    }
}
