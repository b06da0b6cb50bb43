//! The relay's sockets: UDP, TCP and the way in from the web port. The rules are in the crate `sidelight-relay`; here are
//! the clock, the randomness and the queues that it must not have.

mod outbox;
mod shared;
mod stream;
mod udp;

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use sidelight_protocol::RelayAccess;
use sidelight_relay::{Config, Limits};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

use crate::proxies::Proxies;
pub use sidelight_relay::{Passed, Scope};
pub(crate) use stream::tune;

use shared::Shared;

/// What the rooms may ask of the relay.
pub trait RelayControl: Send + Sync + 'static {
    /// Gives `peer` a way to the relay in `room`. Both are opaque random names without `:`, at most 64 bytes long.
    /// May be called again for the same peer, also after [`RelayControl::revoke`]: what is granted later works.
    fn grant(&self, room: &str, peer: &str, scope: Scope) -> RelayAccess;

    /// For how long, from its grant on, an access of the room scope opens new ways. What runs outlasts it; who may need
    /// another way later must have been granted a fresh one by then.
    fn lasts(&self) -> Duration;

    /// Every access granted to `peer` until now stops working at once, running media included. Unknown peers are fine.
    fn revoke(&self, peer: &str);
}

/// Where the relay listens and what pages are told.
#[derive(Default)]
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
    /// Through these come many clients' streams.
    pub proxies: Proxies,
    pub limits: Limits,
}

/// Shown to nobody but programs; part of the key of each credential.
const REALM: &str = "sidelight";

/// A relay that runs; all clones are the same one. Ends when [`Running::stop`] is called.
#[derive(Clone)]
pub struct Running {
    shared: Arc<Shared>,
    udp: Arc<[SocketAddr]>,
    tcp: Arc<[SocketAddr]>,
    urls: Arc<[String]>,
    lasts: Duration,
}

/// Binds the sockets and starts to serve them on the current tokio runtime. Where a port can't be had, the error names it and
/// the key that it is configured by.
pub async fn start(settings: Settings) -> io::Result<Running> {
    let random = SystemRandom::new();
    let mut seed = [0; 32];
    let mut secret = vec![0; 32];
    let no_randomness = |_| io::Error::other("the system gives no random numbers");
    random.fill(&mut seed).map_err(no_randomness)?;
    if settings.secret.is_empty() {
        random.fill(&mut secret).map_err(no_randomness)?;
    } else {
        secret = settings.secret.into_bytes();
    }

    let sockets = bind_all(&settings.addresses, "udp_port", settings.udp_port, udp::bind, UdpSocket::local_addr)?;
    let listeners = bind_all(&settings.addresses, "tcp_port", settings.tcp_port, stream::bind, TcpListener::local_addr)?;
    let udp = sockets.iter().map(UdpSocket::local_addr).collect::<io::Result<Arc<[_]>>>()?;
    let tcp = listeners.iter().map(TcpListener::local_addr).collect::<io::Result<Arc<[_]>>>()?;
    let hosts = if settings.advertise.is_empty() { own_hosts(&settings.addresses) } else { settings.advertise };
    let urls = urls(&hosts, udp.first(), tcp.first(), settings.web_urls);

    let lasts = Duration::from_millis(settings.limits.room_grant);
    let config = Config { secret, seed, realm: REALM.to_owned(), limits: settings.limits };
    let shared = Arc::new(Shared::new(config, sockets, settings.proxies));
    for number in 0..shared.sockets() {
        udp::start(Arc::clone(&shared), number).inspect_err(|_| shared.stop())?;
    }
    for listener in listeners {
        shared.keep(tokio::spawn(stream::accept(Arc::clone(&shared), listener)));
    }
    shared.keep(tokio::spawn(sweep(Arc::clone(&shared))));
    Ok(Running { shared, udp, tcp, urls, lasts })
}

impl Running {
    /// The UDP addresses that were bound.
    pub fn udp(&self) -> &[SocketAddr] {
        &self.udp
    }

    /// The TCP addresses that were bound.
    pub fn tcp(&self) -> &[SocketAddr] {
        &self.tcp
    }

    /// The addresses that pages are told.
    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// Serves a plain connection that another port found to be the relay's, until it ends.
    pub async fn serve_plain(&self, stream: TcpStream, address: SocketAddr) {
        stream::serve_plain(&self.shared, stream, address).await;
    }

    /// The same for a connection under TLS. `first` is what was read from it.
    pub async fn serve_sealed<S>(&self, stream: S, address: SocketAddr, first: &[u8])
    where
        S: AsyncRead + AsyncWrite + Send,
    {
        stream::serve_sealed(&self.shared, stream, address, first).await;
    }

    /// How many allocations there are.
    pub fn allocations(&self) -> usize {
        self.shared.core().allocations()
    }

    /// Bytes that this peer sent and was sent through its allocations of now.
    pub fn usage(&self, peer: &str) -> sidelight_relay::Usage {
        self.shared.core().usage(peer).unwrap_or_default()
    }

    /// Ends all connections and answers no one any more. May be called again.
    pub fn stop(&self) {
        self.shared.stop();
    }
}

impl Running {
    /// Relayed addresses in use, and what was passed on since the start.
    pub fn carried(&self) -> (usize, Passed) {
        let core = self.shared.core();
        (core.allocations(), core.passed())
    }
}

impl RelayControl for Running {
    fn grant(&self, room: &str, peer: &str, scope: Scope) -> RelayAccess {
        let credential = self.shared.core().grant(self.shared.now(), room, peer, scope);
        RelayAccess { urls: self.urls.to_vec(), username: credential.username, credential: credential.password }
    }

    fn lasts(&self) -> Duration {
        self.lasts
    }

    fn revoke(&self, peer: &str) {
        let mut core = self.shared.core();
        core.revoke(self.shared.now(), peer);
        let events = core.take_events();
        drop(core);
        self.shared.heed(events);
    }
}

async fn sweep(shared: Arc<Shared>) {
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let mut core = shared.core();
        core.expire(shared.now());
        let events = core.take_events();
        drop(core);
        shared.heed(events);
    }
}

/// Binds the same port on every address. A port that is free on one may be taken on another, so with 0 a few are tried.
fn bind_all<S>(
    addresses: &[IpAddr],
    key: &str,
    port: u16,
    bind: impl Fn(SocketAddr) -> io::Result<S>,
    address_of: impl Fn(&S) -> io::Result<SocketAddr>,
) -> io::Result<Vec<S>> {
    let attempts = if port == 0 { 20 } else { 1 };
    let mut outcome = Ok(Vec::new());
    for _ in 0..attempts {
        let mut shared_port = port;
        outcome = addresses
            .iter()
            .map(|ip| {
                let address = SocketAddr::new(*ip, shared_port);
                let named = |error: io::Error| io::Error::new(error.kind(), format!("relay.{key} {shared_port} on {ip}: {error}"));
                let socket = bind(address).map_err(named)?;
                shared_port = address_of(&socket)?.port();
                Ok(socket)
            })
            .collect();
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

fn own_hosts(addresses: &[IpAddr]) -> Vec<String> {
    let own: Vec<String> = addresses.iter().filter(|ip| !ip.is_loopback()).map(IpAddr::to_string).collect();
    if own.is_empty() { vec!["127.0.0.1".to_owned()] } else { own }
}

fn urls(hosts: &[String], udp: Option<&SocketAddr>, tcp: Option<&SocketAddr>, web: Vec<String>) -> Arc<[String]> {
    let of = |address: Option<&SocketAddr>, transport: &str| -> Vec<String> {
        let Some(port) = address.map(SocketAddr::port) else { return Vec::new() };
        hosts
            .iter()
            .map(|host| {
                let host = if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.clone() };
                format!("turn:{host}:{port}?transport={transport}")
            })
            .collect()
    };
    of(udp, "udp").into_iter().chain(of(tcp, "tcp")).chain(web).collect()
}
