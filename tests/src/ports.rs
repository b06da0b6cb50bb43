//! Ports known before anything listens on them, for what must come back at the same place.

use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};

/// The machine's own address, or 127.0.0.1 where it has no other.
pub fn own_address() -> IpAddr {
    // Nothing is sent: connecting a UDP socket only picks the address that would be used.
    let picked = UdpSocket::bind("0.0.0.0:0").and_then(|socket| socket.connect("203.0.113.1:9").and_then(|()| socket.local_addr()));
    picked.map_or(IpAddr::from([127, 0, 0, 1]), |address| address.ip())
}

/// A port that was free a moment ago, for UDP and TCP and on every address of this machine.
pub fn free_port() -> u16 {
    for _ in 0..100 {
        let Ok(tcp) = TcpListener::bind("0.0.0.0:0") else { continue };
        let Ok(SocketAddr::V4(address)) = tcp.local_addr() else { continue };
        if UdpSocket::bind(address).is_ok() {
            return address.port();
        }
    }
    panic!("no port is free");
}
