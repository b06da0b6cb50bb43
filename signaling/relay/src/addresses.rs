//! The virtual addresses the relay hands out: 203.0.113.1:49152 and onwards, in TEST-NET-3 (RFC 5737), which no router
//! carries. A second address joins when more than half of the ports are taken, so that finding a free one stays quick.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

const NETWORK: [u8; 3] = [203, 0, 113];
const FIRST_PORT: u16 = 49_152;
/// All of 49152 to 65535: what RFC 8656 section 7.2 names for relayed addresses.
const PORTS: usize = 16_384;
const MOST_HOSTS: usize = 254;

const FREE: u32 = u32::MAX;
const RESERVED: u32 = u32::MAX - 1;

/// A relayed address of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Relayed {
    /// The last byte of the address.
    pub host: u8,
    pub port: u16,
}

impl Relayed {
    pub(crate) fn address(self) -> SocketAddr {
        let [a, b, c] = NETWORK;
        SocketAddrV4::new(Ipv4Addr::new(a, b, c, self.host), self.port).into()
    }

    fn index(self) -> Option<(usize, usize)> {
        Some((usize::from(self.host).checked_sub(1)?, usize::from(self.port.checked_sub(FIRST_PORT)?)))
    }

    fn at(host: usize, port: usize) -> Option<Self> {
        Some(Relayed { host: u8::try_from(host + 1).ok()?, port: FIRST_PORT.checked_add(u16::try_from(port).ok()?)? })
    }
}

/// What the client wants of its port (RFC 8656 section 7.2: EVEN-PORT).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parity {
    Any,
    Even,
    /// Even, and the next one kept for another allocation.
    EvenAndNext,
}

/// Who holds which relayed address. Looking one up is an index, not a search: it happens for each packet.
pub(crate) struct Addresses {
    hosts: Vec<Box<[u32]>>,
    taken: usize,
    random: u64,
}

impl Addresses {
    pub(crate) fn new(seed: u64) -> Self {
        Addresses { hosts: Vec::new(), taken: 0, random: seed }
    }

    /// The relayed address behind a peer address that a client named, if it is one of ours.
    pub(crate) fn ours(&self, address: SocketAddr) -> Option<Relayed> {
        let SocketAddr::V4(address) = address else { return None };
        let [a, b, c, host] = address.ip().octets();
        ([a, b, c] == NETWORK && (1..=self.hosts.len()).contains(&usize::from(host))).then_some(Relayed { host, port: address.port() })
    }

    /// The allocation that holds this address.
    pub(crate) fn holder(&self, address: Relayed) -> Option<u32> {
        let (host, port) = address.index()?;
        let holder = *self.hosts.get(host)?.get(port)?;
        (holder < RESERVED).then_some(holder)
    }

    /// Takes a free address, at a place nobody can foresee.
    pub(crate) fn take(&mut self, parity: Parity) -> Option<Relayed> {
        if self.taken * 2 >= self.hosts.len() * PORTS && self.hosts.len() < MOST_HOSTS {
            self.hosts.push(vec![FREE; PORTS].into());
        }
        let random = self.next_random();
        let hosts = self.hosts.len();
        for step in 0..hosts {
            let host = (random as usize / PORTS + step) % hosts;
            let ports = self.hosts.get(host)?;
            let first = random as usize % PORTS;
            let free = (0..PORTS).map(|step| (first + step) % PORTS).find(|&port| {
                let even = port % 2 == 0;
                ports[port] == FREE
                    && match parity {
                        Parity::Any => true,
                        Parity::Even => even,
                        Parity::EvenAndNext => even && ports[port + 1] == FREE,
                    }
            });
            if let Some(port) = free {
                let found = Relayed::at(host, port)?;
                self.put(found, RESERVED);
                return Some(found);
            }
        }
        None
    }

    /// Takes the address after this one, which [`Parity::EvenAndNext`] found free.
    pub(crate) fn take_next(&mut self, address: Relayed) -> Option<Relayed> {
        let next = Relayed { port: address.port.checked_add(1)?, ..address };
        let (host, port) = next.index()?;
        if *self.hosts.get(host)?.get(port)? != FREE {
            return None;
        }
        self.put(next, RESERVED);
        Some(next)
    }

    /// From now on, packets for a taken address go to this allocation.
    pub(crate) fn give(&mut self, address: Relayed, allocation: u32) {
        self.put(address, allocation);
    }

    pub(crate) fn free(&mut self, address: Relayed) {
        self.put(address, FREE);
    }

    fn put(&mut self, address: Relayed, value: u32) {
        let Some((host, port)) = address.index() else { return };
        let Some(slot) = self.hosts.get_mut(host).and_then(|ports| ports.get_mut(port)) else { return };
        match (*slot == FREE, value == FREE) {
            (true, false) => self.taken += 1,
            (false, true) => self.taken = self.taken.saturating_sub(1),
            (true, true) | (false, false) => {}
        }
        *slot = value;
    }

    /// splitmix64: spread, not secret. What keeps strangers out is the room and the permission.
    fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_address_is_handed_out_once_and_a_second_host_joins_before_the_first_is_full() {
        let mut addresses = Addresses::new(1);
        let mut seen = HashSet::new();
        for _ in 0..20_000 {
            let address = addresses.take(Parity::Any).unwrap();
            assert!(address.port >= FIRST_PORT);
            assert!(seen.insert(address));
        }
        assert_eq!(addresses.hosts.len(), 3);
        for address in seen {
            addresses.free(address);
        }
        assert_eq!(addresses.taken, 0);
    }

    #[test]
    fn an_even_port_is_even_and_its_neighbour_can_be_kept() {
        let mut addresses = Addresses::new(1);
        for _ in 0..1_000 {
            assert_eq!(addresses.take(Parity::Even).unwrap().port % 2, 0);
            let first = addresses.take(Parity::EvenAndNext).unwrap();
            assert_eq!(first.port % 2, 0);
            assert_eq!(addresses.take_next(first).unwrap().port, first.port + 1);
            assert!(addresses.take_next(first).is_none(), "only once");
        }
    }

    #[test]
    fn only_addresses_in_use_are_ours() {
        let mut addresses = Addresses::new(1);
        let ours: SocketAddr = ([203, 0, 113, 1], 50_000).into();
        assert!(addresses.ours(ours).is_none(), "none was handed out yet");
        addresses.take(Parity::Any);
        assert!(addresses.ours(ours).is_some());
        for other in ["203.0.113.0:50000", "203.0.113.2:50000", "203.0.113.255:50000", "203.0.112.1:50000", "127.0.0.1:50000"] {
            assert!(addresses.ours(other.parse().unwrap()).is_none(), "{other}");
        }
        assert!(addresses.ours("[::ffff:203.0.113.1]:50000".parse().unwrap()).is_none());
    }
}
