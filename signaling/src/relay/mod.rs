//! The relay's sockets: UDP, TCP and the way in from the web port. The rules are in the crate `sidelight-relay`.

use std::io;
use std::net::{IpAddr, SocketAddr};

use sidelight_protocol::RelayAccess;

/// How far a grant reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Before admission, to try the line: the peer's own allocations only, 300 KB, 30 s.
    Own,
    /// From admission on: everyone of the same room.
    Room,
}

/// What the rooms may ask of the relay.
pub trait RelayControl: Send + Sync + 'static {
    /// Gives `peer` a way to the relay in `room`. Both are opaque random names without `:`, at most 64 bytes long.
    /// May be called again for the same peer, also after [`RelayControl::revoke`]: what is granted later works.
    fn grant(&self, room: &str, peer: &str, scope: Scope) -> RelayAccess;

    /// Every access granted to `peer` until now stops working at once, running media included. Unknown peers are fine.
    fn revoke(&self, peer: &str);
}

/// Where the relay listens and what pages are told.
pub struct Settings {
    /// Each is bound on its own: a socket on 0.0.0.0 could answer from another address than it was asked at.
    pub addresses: Vec<IpAddr>,
    /// 0: any free port, the same for all addresses.
    pub udp_port: u16,
    /// 0: any free port, the same for all addresses.
    pub tcp_port: u16,
    /// Hosts that pages are told, best first; empty: the addresses that aren't loopback, else 127.0.0.1.
    pub advertise: Vec<String>,
    /// Addresses of the web port that pages are told besides, such as `turns:host:443?transport=tcp`.
    pub web_urls: Vec<String>,
    /// What credentials are made with; empty: random, made at start.
    pub secret: String,
}

/// A relay that runs; all clones are the same one. Ends when [`Running::stop`] is called.
#[derive(Clone)]
pub struct Running {}

/// Binds the sockets and starts to serve them on the current tokio runtime.
pub async fn start(settings: Settings) -> io::Result<Running> {
    let _ = settings;
    Ok(Running {})
}

impl Running {
    /// The UDP addresses that were bound.
    pub fn udp(&self) -> Vec<SocketAddr> {
        Vec::new()
    }

    /// The TCP addresses that were bound.
    pub fn tcp(&self) -> Vec<SocketAddr> {
        Vec::new()
    }

    /// The addresses that pages are told.
    pub fn urls(&self) -> Vec<String> {
        Vec::new()
    }

    /// Closes all sockets. May be called again.
    pub fn stop(&self) {}
}

impl RelayControl for Running {
    fn grant(&self, _room: &str, _peer: &str, _scope: Scope) -> RelayAccess {
        RelayAccess { urls: Vec::new(), username: String::new(), credential: String::new() }
    }

    fn revoke(&self, _peer: &str) {}
}
