//! The relay of the built binary, proved by what others wrote and by what no honest client does: coturn's test client,
//! listeners that must hear nothing, credentials that are worth nothing, and noise.

mod canaries;
mod credentials;
mod noise;
mod uclient;

use sidelight_e2e::coturn::{SECRET, Transport};
use sidelight_e2e::folder::Folder;
use sidelight_e2e::ports::free_port;
use sidelight_e2e::service::{Service, Settings};
use std::net::SocketAddr;
use std::path::Path;

/// A running service whose relay is made with [`SECRET`], with all its ways in on 127.0.0.1.
struct Relay {
    service: Service,
    udp: SocketAddr,
    tcp: SocketAddr,
    data: Folder,
}

impl Relay {
    async fn start() -> Relay {
        Relay::start_with(|_, _| {}).await
    }

    /// With other settings, and its folder for what they need.
    async fn start_with(change: impl FnOnce(&mut Settings, &Path)) -> Relay {
        let data = Folder::new("relay");
        let (udp, tcp) = (free_port(), free_port());
        let mut settings = Settings::new(data.path(), "http://127.0.0.1:9/weather");
        settings.set("relay.udp_port", &udp.to_string()).set("relay.tcp_port", &tcp.to_string()).set("relay.secret", SECRET);
        change(&mut settings, data.path());
        let service = Service::start(&settings).await;
        let here = |port| SocketAddr::from(([127, 0, 0, 1], port));
        Relay { service, udp: here(udp), tcp: here(tcp), data }
    }

    fn at(&self, transport: Transport) -> SocketAddr {
        match transport {
            Transport::Udp => self.udp,
            Transport::Tcp => self.tcp,
        }
    }

    /// The web port, which takes the relay's clients too.
    fn web(&self) -> SocketAddr {
        self.service.url().rsplit('/').next().unwrap_or_default().parse().expect("an address and a port")
    }

    /// Ends the test if anything broke inside the service.
    fn has_not_broken(&self) {
        let lines = self.service.output().lines();
        let broken: Vec<_> = lines.iter().filter(|line| line.contains("broke") || line.contains("panic")).collect();
        assert!(broken.is_empty(), "{broken:?}");
    }
}

/// Whether everything is played at full count.
fn long() -> bool {
    std::env::var_os("SIDELIGHT_LONG").is_some()
}
