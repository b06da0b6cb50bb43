//! A phone with a network of its own: everything it reaches of the service, it reaches by that one [`Access`]. The desk and
//! other phones have theirs, or none.

use crate::driver::{Route, Setup};
use crate::network::{Access, TcpProxy, UdpProxy};
use crate::ports::own_address;
use crate::world::World;
use std::net::SocketAddr;

/// The network, until it is dropped.
pub struct OwnNetwork {
    pub access: Access,
    /// In front of the relay over UDP.
    pub relay: UdpProxy,
    /// In front of the relay over TCP on its own port.
    pub relay_tcp: TcpProxy,
    /// In front of the web port: pages, sockets, and the relay over TCP or TLS.
    pub web: TcpProxy,
    routes: Vec<Route>,
}

impl OwnNetwork {
    /// For a world whose relay's ports are known, such as [`World::alone_with_known_ports`].
    pub async fn new(world: &World, seed: u64) -> OwnNetwork {
        let access = Access::new(seed);
        let (udp, tcp, web) = (world.port_of("relay.udp_port"), world.port_of("relay.tcp_port"), world.web_port());
        let relay = UdpProxy::start(SocketAddr::new(own_address(), udp), &access).await;
        let relay_tcp = TcpProxy::start(SocketAddr::new(own_address(), tcp), &access).await;
        let before_web = TcpProxy::start(SocketAddr::from(([127, 0, 0, 1], web)), &access).await;
        let routes = vec![
            Route { port: udp, through: relay.address() },
            Route { port: tcp, through: relay_tcp.address() },
            Route { port: web, through: before_web.address() },
        ];
        OwnNetwork { access, relay, relay_tcp, web: before_web, routes }
    }

    /// The phone has another address, as after a change from Wi-Fi to a mobile network: what it sends by UDP comes from new
    /// ports, and its connections of TCP are closed, as its system closes those of an address that is gone. The service
    /// learns that too, sooner than it would from a real phone.
    pub fn change_address(&self) {
        self.relay.rebind();
        self.relay_tcp.cut();
        self.web.cut();
    }

    /// The same browser, behind this network.
    pub fn of(&self, setup: Setup) -> Setup {
        Setup { routes: self.routes.clone(), ..setup }
    }
}
