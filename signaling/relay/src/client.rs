//! Who sent a packet: what RFC 8656 calls the 5-tuple.

use std::net::{IpAddr, SocketAddr};

/// One client's way to the relay. It holds an IP address, so it has no Debug.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Client {
    pub via: Via,
    pub address: SocketAddr,
}

/// By what the relay can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Via {
    /// The relay's UDP socket of this number.
    Udp(u16),
    /// The TCP or TLS connection of this number; numbers are never used twice.
    Stream(u32),
}

impl Client {
    /// The client in 23 bytes, for the nonce.
    pub(crate) fn fingerprint(&self) -> [u8; 23] {
        let (kind, number) = match self.via {
            Via::Udp(socket) => (0, u32::from(socket)),
            Via::Stream(number) => (1, number),
        };
        let ip = match self.address.ip() {
            IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
            IpAddr::V6(ip) => ip.octets(),
        };
        let mut bytes = [0; 23];
        bytes[0] = kind;
        bytes[1..5].copy_from_slice(&number.to_be_bytes());
        bytes[5..21].copy_from_slice(&ip);
        bytes[21..].copy_from_slice(&self.address.port().to_be_bytes());
        bytes
    }
}
