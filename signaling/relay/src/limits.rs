//! Every bound of the relay in one place.

use crate::Time;

/// Times are in milliseconds. The defaults are meant for one machine with a few hundred conversations.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a nonce is taken. Shorter costs each call a round trip more often; longer gives a replayed request, which
    /// must come from the same address anyway, more time.
    pub nonce: Time,
    /// What an allocation gets if it asks for no more. Shorter frees the places of vanished phones sooner; longer needs
    /// fewer refreshes, each of which a bad network can lose.
    pub lifetime: Time,
    /// The most an allocation gets, whatever it asks for.
    pub longest_lifetime: Time,
    /// RFC 8656 section 9: five minutes. Browsers refresh every four: anything else would cut calls.
    pub permission: Time,
    /// RFC 8656 section 12: ten minutes, for the same reason.
    pub channel: Time,
    /// How long a credential of the room scope makes new allocations. After a change of network a browser allocates anew with
    /// what it was given last, so whoever is in a call is given a fresh one in time. Revocation, not this, ends access early.
    pub room_grant: Time,
    /// How long a credential to try the line makes new allocations. With [`Limits::own_time`] it is worth something for a minute
    /// at most. Shorter: a page that is slow to begin finds it void. Longer: whoever gets hold of one has longer.
    pub own_grant: Time,
    /// How long a credential to try the line carries packets, counted from its first allocation.
    pub own_time: Time,
    /// How many bytes of payload a credential to try the line carries in all. What comes after them is dropped. Whoever tries their
    /// own line sends and receives each of them, so that this is 400 KB of their data.
    pub own_bytes: u64,
    /// Allocations of a credential to try the line. A browser makes one for each end, way to the relay (UDP, TCP, TLS) and network
    /// that it has: fewer, and a phone on two networks is told that it has no connection. More, and waiting takes up more places.
    pub own_allocations: usize,
    /// Allocations in all: bounds memory (about 1 KB each).
    pub allocations: usize,
    /// Allocations of one peer. A browser makes one per relay address, transport and network, and twice as many while it
    /// restarts; too low breaks calls on phones with several networks, too high lets one peer take all places.
    pub allocations_per_peer: usize,
    /// An allocation that was silent for this long gives way when its peer needs the place (a page that was reloaded
    /// leaves its allocations behind).
    pub idle: Time,
    /// Addresses and channels that one allocation may name.
    pub channels_per_allocation: usize,
    /// Answers that one stranger (who has neither proved a credential nor has an allocation) gets at once, and between two more; of UDP
    /// an IPv4 address or an IPv6 /64 is one, of streams a connection. Fewer: an office in which many calls begin together is kept
    /// waiting. More: whoever writes another's address into packets has us send more to them.
    pub stranger_burst: u32,
    pub stranger_interval: Time,
    /// Strangers remembered: bounds memory (16 bytes each). Who is forgotten has all answers again.
    pub strangers: usize,
    /// Packets and bytes a second that one peer may send, and how many seconds' worth at once.
    pub packets_per_second: u32,
    pub bytes_per_second: u32,
    pub burst_seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            nonce: 3_600_000,
            lifetime: 600_000,
            longest_lifetime: 3_600_000,
            permission: 300_000,
            channel: 600_000,
            room_grant: 12 * 3_600_000,
            own_grant: 30_000,
            own_time: 30_000,
            own_bytes: 200_000,
            own_allocations: 16,
            allocations: 10_000,
            allocations_per_peer: 32,
            idle: 20_000,
            channels_per_allocation: 64,
            stranger_burst: 1_000,
            stranger_interval: 20,
            strangers: 16_384,
            packets_per_second: 2_000,
            bytes_per_second: 1_000_000,
            burst_seconds: 2,
        }
    }
}
