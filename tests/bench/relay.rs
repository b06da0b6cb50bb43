//! Processor time that the relay needs for the same packets as coturn, and what either loses. The packets are coturn's own test
//! client's, from one person to another; the two relays run in turns, so that a busy moment of the machine meets both.

use crate::row::{Figures, Row, median};
use sidelight_e2e::coturn::{Coturn, Exchange, SECRET, Totals, Transport, cpu_seconds};
use sidelight_e2e::folder::Folder;
use sidelight_e2e::ports::free_port;
use sidelight_e2e::service::{Service, Settings};
use std::net::{Ipv4Addr, SocketAddr};

/// Bytes of a message: as small as can be, voice, and pictures.
const PAYLOADS: [u32; 3] = [16, 100, 1000];

/// Of coturn's processor time, ours may be this much.
const SHARE: f64 = 0.6;

/// How often each relay has its turn with each kind of packets.
const ROUNDS: usize = 3;

/// Messages of one client, 5 ms apart. Our relay lets each person send 2,000 packets and a megabyte a second, so the clients
/// are several, each pair under a name of its own.
const MESSAGES: u32 = 1_500;
const INTERVAL: u32 = 5;
const NAMES: [&str; 6] = ["room:one:a", "room:two:b", "room:three:c", "room:four:d", "room:five:e", "room:six:f"];
/// Clients under one name: 4 of them send 800 packets and, at most, 800 KB a second.
const CLIENTS: u32 = 4;

pub async fn measure(figures: &mut Figures) {
    let data = Folder::new("bench");
    let (udp, tcp) = (free_port(), free_port());
    let mut settings = Settings::new(data.path(), "http://127.0.0.1:9/weather");
    settings.set("relay.udp_port", &udp.to_string()).set("relay.tcp_port", &tcp.to_string()).set("relay.secret", SECRET);
    let service = Service::start(&settings).await;
    let coturn = Coturn::start(&[Ipv4Addr::LOCALHOST.into()]).await;

    for (transport, port, name) in [(Transport::Udp, udp, "UDP"), (Transport::Tcp, tcp, "TCP")] {
        let ours = SocketAddr::from(([127, 0, 0, 1], port));
        for payload in PAYLOADS {
            let mut turns = Vec::new();
            for _ in 0..ROUNDS {
                let one = Turn::of(service.process(), ours, transport, payload).await;
                turns.push((one, Turn::of(coturn.process(), coturn.address(), transport, payload).await));
            }
            let of = |pick: &dyn Fn(&(Turn, Turn)) -> f64| median(&turns.iter().map(pick).collect::<Vec<_>>());
            let what = format!("{payload} bytes over {name}");
            let share = of(&|(ours, theirs)| ours.per_thousand() / theirs.per_thousand());
            figures.say(Row::at_most(format!("processor time, {what}, as a share of coturn's"), share, SHARE, "of 1"));
            let (mine, theirs) = (of(&|turn| turn.0.per_thousand()), of(&|turn| turn.1.per_thousand()));
            figures.say(Row::told(format!("processor time, {what}"), mine, "ms/1000").beside("coturn", theirs));
            let (mine, theirs) = (of(&|turn| turn.0.lost()), of(&|turn| turn.1.lost()));
            figures.say(Row::told(format!("lost, {what}"), mine, "%").beside("coturn", theirs));
        }
    }
}

/// What one relay did in its turn.
struct Turn {
    seconds: f64,
    totals: Vec<Totals>,
}

impl Turn {
    async fn of(process: u32, server: SocketAddr, transport: Transport, payload: u32) -> Turn {
        let before = cpu_seconds(process);
        let clients = NAMES.map(|name| {
            let exchange =
                Exchange { name, messages: MESSAGES, clients: CLIENTS, interval: INTERVAL, ..Exchange::new(server, transport, payload) };
            tokio::spawn(async move { exchange.run().await })
        });
        let mut totals = Vec::new();
        for client in clients {
            totals.push(client.await.expect("the client's account is read"));
        }
        Turn { seconds: cpu_seconds(process) - before, totals }
    }

    fn sum(&self, count: impl Fn(&Totals) -> u64) -> f64 {
        self.totals.iter().map(count).sum::<u64>() as f64
    }

    /// Milliseconds for a thousand messages that arrived.
    fn per_thousand(&self) -> f64 {
        self.seconds * 1e6 / self.sum(|totals| totals.received)
    }

    fn lost(&self) -> f64 {
        self.sum(|totals| totals.lost + totals.dropped) / self.sum(|totals| totals.sent) * 100.0
    }
}
