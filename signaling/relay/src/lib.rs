//! The TURN relay's core (RFC 8656 over RFC 8489), pure: packets and time in, packets out. It opens no socket, reads no
//! clock and makes no randomness; whoever owns the sockets calls [`Relay::handle`] for each frame that arrives and sends
//! what comes back.
//!
//! What makes it different from a general TURN server, and why:
//!
//! - **It has no relay sockets.** The relayed addresses it hands out are virtual (in 203.0.113.0/24, a range kept for
//!   documentation, to which nobody ever sends). A packet can go from one allocation to another of the same room and
//!   nowhere else, so that no credential, stolen or bought, can scan or reach a network through it.
//! - **Nothing is stored for anyone who hasn't proved a credential.** Nonces are computed, not remembered.
//! - **Credentials can be revoked**, which ends running media at once: putting someone back to the waiting room relies on
//!   it. Expiry alone ends nothing that runs, since browsers refresh with the credential they began with.
//! - **ChannelData takes a path without allocation**: that is nearly all of the traffic.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod addresses;
mod allocation;
mod answer;
mod client;
mod credential;
mod forward;
mod frames;
mod limits;
mod nonce;
mod peer;
mod places;
mod proof;
mod relay;
mod requests;

pub use client::{Client, Via};
pub use credential::{Credential, Scope};
pub use frames::{BadFrame, Frames, LARGEST_FRAME, padding};
pub use limits::Limits;
pub use relay::{Config, Ended, Event, Outgoing, Passed, Relay, Usage};

/// Milliseconds since 1970, by a clock that never jumps: credentials are compared with it as well as lifetimes.
pub type Time = u64;
