//! What is known of a peer while it has allocations: what it may still use, and what it used.

use std::sync::Arc;

use crate::{Limits, Time};

/// A bucket that fills by itself: what may be used a second, and for a moment more.
struct Bucket {
    per_second: u64,
    most: u64,
    /// In thousandths, so that a refill of one millisecond isn't lost to rounding.
    level: u64,
    filled: Time,
}

impl Bucket {
    fn new(now: Time, per_second: u32, burst_seconds: u32) -> Self {
        let most = u64::from(per_second) * u64::from(burst_seconds) * 1_000;
        Bucket { per_second: u64::from(per_second), most, level: most, filled: now }
    }

    fn spend(&mut self, now: Time, amount: u64) -> bool {
        let passed = now.saturating_sub(self.filled);
        if passed > 0 {
            self.level = self.level.saturating_add(passed.saturating_mul(self.per_second)).min(self.most);
            self.filled = now;
        }
        match self.level.checked_sub(amount * 1_000) {
            Some(rest) => {
                self.level = rest;
                true
            }
            None => false,
        }
    }
}

/// What is left of a credential to try the line. Kept until it can make no more allocations, or it would start anew.
pub(crate) struct Trial {
    /// The credential's expiry, which tells it from others of the same peer.
    pub credential: u64,
    pub ends: Time,
    pub bytes_left: u64,
}

pub(crate) struct Peer {
    pub name: Arc<str>,
    pub allocations: Vec<u32>,
    pub trials: Vec<Trial>,
    packets: Bucket,
    bytes: Bucket,
    /// Bytes of payload that this peer sent, and that it was sent.
    pub sent: u64,
    pub received: u64,
}

impl Peer {
    pub(crate) fn new(now: Time, name: &str, limits: &Limits) -> Self {
        Peer {
            name: name.into(),
            allocations: Vec::new(),
            trials: Vec::new(),
            packets: Bucket::new(now, limits.packets_per_second, limits.burst_seconds),
            bytes: Bucket::new(now, limits.bytes_per_second, limits.burst_seconds),
            sent: 0,
            received: 0,
        }
    }

    /// Whether the peer may send this much now.
    pub(crate) fn may_send(&mut self, now: Time, bytes: usize) -> bool {
        self.packets.spend(now, 1) && self.bytes.spend(now, bytes as u64)
    }

    /// The trial of this credential, begun with its first allocation.
    pub(crate) fn trial(&mut self, now: Time, credential: u64, limits: &Limits) -> &mut Trial {
        let at = self.trials.iter().position(|trial| trial.credential == credential).unwrap_or_else(|| {
            self.trials.push(Trial { credential, ends: now + limits.own_time, bytes_left: limits.own_bytes });
            self.trials.len() - 1
        });
        &mut self.trials[at]
    }

    /// Whether a trial with this credential may carry this much more.
    pub(crate) fn may_try(&mut self, credential: u64, bytes: usize) -> bool {
        let Some(trial) = self.trials.iter_mut().find(|trial| trial.credential == credential) else { return false };
        match trial.bytes_left.checked_sub(bytes as u64) {
            Some(left) => {
                trial.bytes_left = left;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_sends_no_more_than_its_rate_after_the_first_burst() {
        let limits = Limits { packets_per_second: 100, bytes_per_second: 10_000, burst_seconds: 2, ..Limits::default() };
        let mut peer = Peer::new(0, "p", &limits);
        let sent = |peer: &mut Peer, from: Time, to: Time, bytes: usize| {
            (from..to).map(|now| (0..10).filter(|_| peer.may_send(now, bytes)).count()).sum::<usize>()
        };
        assert_eq!(sent(&mut peer, 0, 1, 10), 10);
        assert_eq!(sent(&mut peer, 1, 1_001, 10), 290, "the burst of 200, 100 a second, less the 10 of before");
        assert_eq!(sent(&mut peer, 1_001, 2_001, 10), 100, "packets limit");
        let mut peer = Peer::new(0, "p", &limits);
        sent(&mut peer, 0, 5_000, 1_000);
        assert_eq!(sent(&mut peer, 5_000, 15_000, 1_000), 100, "bytes limit");
    }
}
