//! A network in trouble, between browsers and the service: scripted over time, and with a seed so that a run can be repeated.
//!
//! A test makes one [`Access`] for each phone: what lies between that phone and everybody else, Wi-Fi or a mobile network.
//! It has a line up and a line down, each with the same [`Conditions`] unless the test says otherwise. In front of what the
//! phone wants to reach it puts proxies that all share these two lines: a [`UdpProxy`] for the relay over UDP, a
//! [`TcpProxy`] for the relay over TCP and for the web port. So a picture over UDP delays a word over the WebSocket, as it
//! would there.
//!
//! ```no_run
//! # use sidelight_e2e::network::{Access, Conditions, Script, UdpProxy};
//! # use std::time::Duration;
//! # async fn example(relay: std::net::SocketAddr) {
//! let network = Access::new(1);
//! let proxy = UdpProxy::start(relay, &network).await;
//! let wide = Conditions { kbits: Some(1_000), delay: Duration::from_millis(30), ..Conditions::default() };
//! let narrow = Conditions { kbits: Some(40), ..wide };
//! network.play(&Script::new(wide).then(Duration::from_secs(20), narrow).then(Duration::from_secs(30), wide));
//! network.block(); // UDP passes nothing, TCP goes on
//! proxy.rebind(); // the phone has another address
//! println!("{:?}", network.carried().up);
//! # }
//! ```
//!
//! What it doesn't do: TCP's acknowledgements take no room on the way back; a connection doesn't begin slowly, and wakes at
//! once after an outage, where a real one may wait as long again as the outage was; datagrams aren't split.

mod access;
mod conditions;
mod line;
mod tcp;
mod udp;

pub use access::{Access, Carried};
pub use conditions::{Bursts, Conditions, Count, Reordering, Script, Tally};
pub use tcp::TcpProxy;
pub use udp::{UdpProxy, has_client_hello};
