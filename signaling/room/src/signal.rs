//! What is left of signalling before the other side gets it: relay candidates and nothing that tells where a phone is.
//!
//! Pages gather relay candidates only. That is their promise; this module is what holds when a browser or a person breaks it.
//! Everything is taken apart and written anew from what was understood, so that no trick of spelling passes: what isn't
//! understood is left out (a candidate, an attribute) or refused (a line that would change the meaning of the rest).

use crate::sdp;
use sidelight_protocol::{MAX_CANDIDATE, MAX_SDP, Signal};
use std::net::Ipv4Addr;

/// The addresses that the relay gives out: virtual ones, to which nobody ever sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relayed {
    network: u32,
    mask: u32,
}

impl Relayed {
    /// The addresses whose first `bits` are those of `network`.
    pub fn new(network: Ipv4Addr, bits: u8) -> Relayed {
        let mask = u32::MAX.checked_shl(32 - u32::from(bits.min(32))).unwrap_or(0);
        Relayed { network: u32::from(network) & mask, mask }
    }

    pub fn contains(&self, address: Ipv4Addr) -> bool {
        u32::from(address) & self.mask == self.network
    }
}

impl Default for Relayed {
    /// 203.0.113.0/24, which is set aside for documentation.
    fn default() -> Relayed {
        Relayed::new(Ipv4Addr::new(203, 0, 113, 0), 24)
    }
}

/// A signal in which no address is left but the relay's. Only such can be told ([`crate::door::Admitted`]).
pub struct Clean(Signal);

impl Clean {
    pub fn into_signal(self) -> Signal {
        self.0
    }
}

/// A signal that can't be passed on even in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSignal;

/// What may be passed on of a signal. `Ok(None)`: nothing, and nothing is wrong (a candidate that isn't the relay's).
pub fn clean(signal: Signal, relayed: &Relayed) -> Result<Option<Clean>, BadSignal> {
    match signal {
        Signal::Offer { sdp, bound } => Ok(Some(Clean(Signal::Offer { sdp: description(&sdp, relayed)?, bound }))),
        Signal::Answer { sdp, bound } => Ok(Some(Clean(Signal::Answer { sdp: description(&sdp, relayed)?, bound }))),
        Signal::Pace { .. } => Ok(Some(Clean(signal))),
        Signal::Candidate { candidate: line, mid, line: index } => {
            let bad = |mid: &String| !mid.bytes().all(token_byte) || sdp::names_a_place(mid);
            if line.len() > MAX_CANDIDATE || mid.as_ref().is_some_and(bad) {
                return Err(BadSignal);
            }
            if line.is_empty() {
                return Ok(Some(Clean(Signal::Candidate { candidate: line, mid, line: index })));
            }
            // As in a session description: `a=candidate:` without the `a=`.
            let Some(value) = line.strip_prefix("candidate:") else { return Err(BadSignal) };
            let Some(kept) = candidate(value, relayed) else { return Ok(None) };
            Ok(Some(Clean(Signal::Candidate { candidate: format!("candidate:{kept}"), mid, line: index })))
        }
    }
}

fn description(sdp: &str, relayed: &Relayed) -> Result<String, BadSignal> {
    if sdp.len() > MAX_SDP {
        return Err(BadSignal);
    }
    sdp::clean(sdp, relayed)
}

/// A candidate's value (what follows `candidate:`), written anew if it is one of the relay's; none otherwise.
pub(crate) fn candidate(value: &str, relayed: &Relayed) -> Option<String> {
    if !value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return None;
    }
    let mut words = value.split(' ');
    let foundation = words.next().filter(|word| (1..=32).contains(&word.len()) && word.bytes().all(ice_byte))?;
    let component = number(words.next()?, 256)?;
    let transport = words.next().filter(|word| word.eq_ignore_ascii_case("udp"))?;
    let priority = number(words.next()?, u32::MAX)?;
    let address: Ipv4Addr = words.next()?.parse().ok().filter(|address| relayed.contains(*address))?;
    let port = number(words.next()?, 65_535).filter(|port| *port > 0)?;
    if words.next()? != "typ" || words.next()? != "relay" {
        return None;
    }
    // `raddr` is the phone's own address in some browsers: it is replaced, whatever it was, or made up, since the grammar
    // wants it.
    let mut kept = format!("{foundation} {component} {transport} {priority} {address} {port} typ relay raddr 0.0.0.0 rport 9");
    while let Some(name) = words.next() {
        let value = words.next()?;
        let fine = match name {
            "generation" | "network-cost" => number(value, u32::MAX).is_some(),
            "ufrag" => (1..=256).contains(&value.len()) && value.bytes().all(ice_byte),
            // Told by the relay type already, or of no use to the other side.
            _ => false,
        };
        if fine {
            kept.push_str(&format!(" {name} {value}"));
        }
    }
    Some(kept)
}

/// A decimal number up to `most`, without sign or leading zeros' tricks.
pub(crate) fn number(word: &str, most: u32) -> Option<u32> {
    if word.is_empty() || word.len() > 10 || !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    word.parse().ok().filter(|number| *number <= most)
}

pub(crate) fn ice_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/'
}

/// RFC 8866's `token-char`, without what a browser never uses in a name.
pub(crate) fn token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.+{}".contains(&byte)
}
