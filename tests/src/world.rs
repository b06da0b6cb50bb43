//! The service, a practitioner's desk and service users' phones.

use crate::browser::Browser;
use crate::desk::Desk;
use crate::driver::{Kind, Setup};
use crate::folder::Folder;
use crate::network::{Access, TcpProxy};
use crate::neutral::NeutralPage;
use crate::phone::Phone;
use crate::ports::free_port;
use crate::service::{Service, Settings};
use crate::words::say;
use std::net::SocketAddr;
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many worlds live at once: two browsers in a call fill a core, and starved media looks like broken media.
pub const AT_ONCE: usize = 2;
static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);

/// The practitioner's first name, as service users read it.
pub const PRACTITIONER: &str = "Sam";
/// The first name to greet the service user by.
pub const GREETING: &str = "Jo";
/// What only staff see.
pub const REFERENCE: &str = "JT-4471";

/// A size that a cheap phone has.
pub const PHONE: (u32, u32) = (360, 640);
/// A size that an office laptop has.
pub const LAPTOP: (u32, u32) = (1280, 800);

/// A running service and all that belongs to it.
pub struct World {
    pub service: Service,
    pub neutral: NeutralPage,
    pub data: Folder,
    settings: Settings,
    network: Option<Network>,
    _place: SemaphorePermit<'static>,
}

/// The network between browsers and everything else: pages, sockets, the relay over TCP, and the neutral page too.
pub struct Network {
    pub web: TcpProxy,
    neutral: TcpProxy,
}

impl Network {
    /// From now on nothing passes and nothing closes.
    pub fn freeze(&self) {
        self.web.freeze();
        self.neutral.freeze();
    }

    pub fn thaw(&self) {
        self.web.thaw();
        self.neutral.thaw();
    }

    /// The port of everything that goes to the service.
    pub fn port(&self) -> u16 {
        self.web.address().port()
    }
}

impl World {
    pub async fn new() -> World {
        World::with(|_| {}).await
    }

    /// A world beside which no other lives: for what is measured in milliseconds.
    pub async fn alone() -> World {
        World::taking(AT_ONCE as u32, false, |_| {}).await
    }

    /// As [`World::alone`], with other settings.
    pub async fn alone_with(change: impl FnOnce(&mut Settings)) -> World {
        World::taking(AT_ONCE as u32, false, change).await
    }

    /// A world whose service is started with other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> World {
        World::taking(1, false, change).await
    }

    /// As [`World::alone`], with other settings and with a [`Network`] that can be frozen.
    pub async fn alone_behind_a_network(change: impl FnOnce(&mut Settings)) -> World {
        World::taking(AT_ONCE as u32, true, change).await
    }

    /// A world whose service comes back at the same ports when it is started again, the relay's included.
    pub async fn to_be_started_again() -> World {
        World::with(know_the_ports).await
    }

    /// As [`World::alone`], with relay ports that proxies can be put in front of.
    pub async fn alone_with_known_ports() -> World {
        World::taking(AT_ONCE as u32, false, know_the_ports).await
    }

    async fn taking(places: u32, behind_a_network: bool, change: impl FnOnce(&mut Settings)) -> World {
        let place = PLACES.acquire_many(places).await.expect("is never closed");
        let neutral = NeutralPage::start().await;
        let data = Folder::new("data");
        let mut settings = Settings::new(data.path(), neutral.url());
        let mut network = None;
        if behind_a_network {
            let target = SocketAddr::from(([127, 0, 0, 1], free_port()));
            // Fine as long as a test doesn't change it.
            let access = Access::new(1);
            let between =
                Network { web: TcpProxy::start(target, &access).await, neutral: TcpProxy::start(neutral.address(), &access).await };
            settings.set("web.listen", &target.to_string());
            settings.set("web.public_url", &format!("http://{}", between.web.address()));
            settings.set("pages.neutral_page", &format!("http://{}/weather", between.neutral.address()));
            network = Some(between);
        }
        change(&mut settings);
        let service = Service::start(&settings).await;
        World { service, neutral, data, settings, network, _place: place }
    }

    /// The network of a world that has one.
    pub fn network(&self) -> &Network {
        self.network.as_ref().expect("this world was made without a network")
    }

    /// A port that was set before the start.
    pub fn port_of(&self, key: &str) -> u16 {
        let set = self.settings.get(key).and_then(|port| port.parse().ok()).filter(|port| *port != 0);
        set.unwrap_or_else(|| panic!("this world was made without a known {key}"))
    }

    /// The port of pages and sockets.
    pub fn web_port(&self) -> u16 {
        self.service.url().rsplit(':').next().and_then(|port| port.parse().ok()).expect("the address has a port")
    }

    /// Starts the service again on the same data, at the same address as before.
    pub async fn start_again(&mut self) {
        if self.network.is_none() {
            let listen = self.service.url().rsplit('/').next().unwrap_or_default().to_owned();
            self.settings.set("web.listen", &listen);
        }
        self.service = Service::start(&self.settings).await;
    }

    /// A laptop at the desk, signed in as the first administrator, who is a practitioner too.
    pub async fn desk(&self, kind: Kind) -> Desk {
        self.desk_of(&Setup::new(kind, LAPTOP)).await
    }

    pub async fn desk_of(&self, setup: &Setup) -> Desk {
        let desk = Desk::new(Browser::open("desk", setup).await, self.service.url());
        desk.use_first_link(&self.service.first_link().await).await;
        desk
    }

    /// A laptop of a supervisor who has no contacts of their own.
    pub async fn supervisor(&self, kind: Kind, name: &str) -> Desk {
        let arguments = ["staff", "add", "--name", name, "--email", "supervisor@example.org", "--role", "supervisor"];
        let told = self.settings.run(&arguments).await;
        let link = told.split_whitespace().next().expect("a link is printed").to_owned();
        let desk = Desk::new(Browser::open("supervisor", &Setup::new(kind, LAPTOP)).await, self.service.url());
        desk.joins_by(&link).await;
        desk.until_offered(say("desk.duty")).await;
        desk
    }

    /// A phone with nothing open yet.
    /// A browser at no page yet.
    pub async fn empty_desk(&self) -> Desk {
        Desk::new(Browser::open("desk", &Setup::new(Kind::Chromium, LAPTOP)).await, self.service.url())
    }

    /// What a `sidelight staff` command beside the service prints.
    pub async fn staff(&self, arguments: &[&str]) -> String {
        self.settings.run(&[&["staff"], arguments].concat()).await
    }

    pub async fn phone(&self, kind: Kind) -> Phone {
        self.phone_of(&Setup::new(kind, PHONE)).await
    }

    pub async fn phone_of(&self, setup: &Setup) -> Phone {
        Phone::new(Browser::open("phone", setup).await)
    }
}

fn know_the_ports(settings: &mut Settings) {
    settings.set("relay.udp_port", &free_port().to_string()).set("relay.tcp_port", &free_port().to_string());
}
