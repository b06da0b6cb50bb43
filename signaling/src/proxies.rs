//! Whose address a request comes from, where a proxy stands in front. What a proxy says is believed of those alone that an administrator
//! named: anybody can send such a header.

use http::HeaderMap;
use http::header::{FORWARDED, HeaderName};
use std::net::{IpAddr, Ipv6Addr, SocketAddrV4};
use std::str::FromStr;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The proxies that are believed.
#[derive(Clone, Default)]
pub struct Proxies(Vec<Network>);

/// Addresses that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    bits: u32,
}

/// Not an address, nor one with the number of bits behind `/`.
#[derive(Debug, PartialEq, Eq)]
pub struct NoNetwork;

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Network, NoNetwork> {
        let (first, bits) = text.split_once('/').map_or((text, None), |(first, bits)| (first, Some(bits)));
        let first: IpAddr = first.parse().map_err(|_| NoNetwork)?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        let digits = |bits: &str| bits.bytes().all(|digit| digit.is_ascii_digit());
        let bits = bits.map_or(Ok(most), |bits| if digits(bits) { bits.parse().map_err(|_| NoNetwork) } else { Err(NoNetwork) })?;
        let network = Network { first, bits };
        // Bits beyond the prefix are a slip: who writes 10.1.2.3/8 may have meant one machine.
        if bits <= most && network.masked(first) == Some(numbered(first).1) { Ok(network) } else { Err(NoNetwork) }
    }
}

impl Network {
    fn contains(&self, address: IpAddr) -> bool {
        self.masked(address).is_some_and(|masked| Some(masked) == self.masked(self.first))
    }

    /// The bits that count, of an address of the same kind.
    fn masked(&self, address: IpAddr) -> Option<u128> {
        let ((kind, _), (width, number)) = (numbered(self.first), numbered(address));
        (kind == width)
            .then(|| number.checked_shr(width.saturating_sub(self.bits)).unwrap_or(0) << width.saturating_sub(self.bits).min(127))
    }
}

/// How many bits an address has, and which.
fn numbered(address: IpAddr) -> (u32, u128) {
    match address {
        IpAddr::V4(address) => (32, address.to_bits().into()),
        IpAddr::V6(address) => (128, address.to_bits()),
    }
}

impl Proxies {
    pub fn new(networks: Vec<Network>) -> Proxies {
        Proxies(networks)
    }

    pub fn include(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address.to_canonical()))
    }

    /// Who sent what came from `peer`: `peer`, unless it is a proxy of ours. Then the last address in its header that isn't another one:
    /// what stands before that, anybody may have written. Where two headers say two things, one of them went past the proxy, and none
    /// is believed.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.include(peer) {
            return peer;
        }
        let forwarded = self.farthest(peer, hops(headers, &FORWARDED, ',', forwarded_for));
        let forwarded_for = self.farthest(peer, hops(headers, &X_FORWARDED_FOR, ',', address));
        match (forwarded, forwarded_for) {
            (Some(one), Some(other)) if one != other => peer,
            (Some(client), _) | (None, Some(client)) => client,
            (None, None) => peer,
        }
    }

    /// Back along the way until an address that isn't a proxy's, or that can't be read.
    fn farthest(&self, peer: IpAddr, hops: Option<Vec<Option<IpAddr>>>) -> Option<IpAddr> {
        let mut at = peer;
        for hop in hops?.into_iter().rev() {
            let Some(hop) = hop else { break };
            at = hop;
            if !self.include(hop) {
                break;
            }
        }
        Some(at)
    }
}

/// What each hop says that it was asked by, the nearest last. None: there is no such header.
fn hops(headers: &HeaderMap, name: &HeaderName, between: char, read: fn(&str) -> Option<IpAddr>) -> Option<Vec<Option<IpAddr>>> {
    let mut hops = Vec::new();
    for value in headers.get_all(name) {
        match value.to_str() {
            Ok(value) => hops.extend(unquoted(value, between).map(read)),
            Err(_) => hops.push(None),
        }
    }
    (!hops.is_empty()).then_some(hops)
}

/// Cuts where the character doesn't stand in quotes.
fn unquoted(text: &str, between: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |letter| {
        quoted ^= letter == '"';
        letter == between && !quoted
    })
}

/// `for=` of one hop (RFC 7239).
fn forwarded_for(hop: &str) -> Option<IpAddr> {
    let mut named = unquoted(hop, ';').filter_map(|pair| pair.split_once('=')).filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
    let (first, second) = (named.next(), named.next());
    second.is_none().then_some(first?.1).and_then(address)
}

/// An address as proxies write it: bare, with a port, in brackets, in quotes.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let address = if let Some(rest) = text.strip_prefix('[') {
        let (inner, port) = rest.split_once(']')?;
        let bare = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
        inner.parse::<Ipv6Addr>().ok().filter(|_| bare)?.into()
    } else {
        text.parse::<IpAddr>().or_else(|_| text.parse::<SocketAddrV4>().map(|with_port| IpAddr::V4(*with_port.ip()))).ok()?
    };
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests;
