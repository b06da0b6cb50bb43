//! coturn, from its Debian package: the relay that everybody knows, as a measure for ours, and its test client
//! `turnutils_uclient`, which others wrote and which speaks to both.
//!
//! Both relays are given the same secret, so the client computes the credentials of either by itself.

use crate::folder::Folder;
use crate::ports::free_port;
use crate::process::Program;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::process::Command;

/// What credentials are made with, in every test.
pub const SECRET: &str = "a secret of the tests, of no worth";

/// A running `turnserver` that listens on UDP and TCP.
pub struct Coturn {
    program: Program,
    address: SocketAddr,
    _folder: Folder,
}

impl Coturn {
    /// As an administrator runs it, but on 127.0.0.1 at a free port, and with the loopback addresses as peers: two clients of
    /// one machine meet there. `from`: where it relays from, an address for each family.
    pub async fn start(from: &[IpAddr]) -> Coturn {
        let folder = Folder::new("coturn");
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut command = Command::new("turnserver");
        // No file of configuration, so that what a package brings along makes no difference.
        command.args(["-n", "--log-file=stdout", "--simple-log", "--no-cli", "--no-tls", "--no-dtls", "--no-rfc5780"]);
        command.args(["--use-auth-secret", "--realm=sidelight", "--allow-loopback-peers"]).arg(format!("--static-auth-secret={SECRET}"));
        command.args(["--listening-ip", &address.ip().to_string(), "--listening-port", &address.port().to_string()]);
        for from in from {
            command.args(["--relay-ip", &from.to_string()]);
        }
        let path = |name: &str| folder.path().join(name).display().to_string();
        command.args(["--pidfile", &path("pid"), "--db", &path("db")]);
        let program = Program::start("turnserver", &mut command);
        let ready = "Total General servers";
        program.output().wait_for(ready, Duration::from_secs(20), |line| line.contains(ready).then_some(())).await;
        Coturn { program, address, _folder: folder }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn process(&self) -> u32 {
        self.program.id()
    }
}

/// How the client reaches a relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Udp,
    Tcp,
}

/// What `turnutils_uclient` is to do: clients in pairs, each sending to the other through the relay.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub server: SocketAddr,
    pub transport: Transport,
    /// What follows the expiry in the username: for our relay, scope, room and peer.
    pub name: &'static str,
    /// Bytes of each message.
    pub payload: u32,
    /// Messages that each client sends.
    pub messages: u32,
    pub clients: u32,
    /// Milliseconds between two messages of a client.
    pub interval: u32,
    /// A pair of ports for each client, as telephones had them: EVEN-PORT with the next one reserved, and its token.
    pub port_pairs: bool,
    /// Each message in an indication in place of a channel.
    pub indications: bool,
}

impl Exchange {
    pub fn new(server: SocketAddr, transport: Transport, payload: u32) -> Exchange {
        let (messages, clients, interval) = (150, 2, 20);
        Exchange {
            server,
            transport,
            name: "room:uclient:uclient",
            payload,
            messages,
            clients,
            interval,
            port_pairs: false,
            indications: false,
        }
    }

    /// Does it, and reads the client's own account of it.
    pub async fn run(&self) -> Totals {
        let mut command = Command::new("turnutils_uclient");
        // Verbose: only so does it tell of the tokens that come with port pairs.
        command.args(["-v", "-y", "-u", self.name, "-W", SECRET, "-p", &self.server.port().to_string()]);
        let numbers = [("-l", self.payload), ("-n", self.messages), ("-m", self.clients), ("-z", self.interval)];
        for (flag, number) in numbers {
            command.args([flag, &number.to_string()]);
        }
        let flags = [("-t", self.transport == Transport::Tcp), ("-c", !self.port_pairs), ("-s", self.indications)];
        command.args(flags.iter().filter(|(_, wanted)| *wanted).map(|(flag, _)| flag)).arg(self.server.ip().to_string());
        let mut program = Program::start("turnutils_uclient", &mut command);
        let at_least = Duration::from_millis(u64::from(self.interval) * u64::from(self.messages));
        let status = program.ended(at_least + Duration::from_secs(60)).await;
        let lines = program.output().lines();
        match Totals::read(&lines) {
            Some(totals) if status == Some(0) => totals,
            _ => panic!("{self:?} came to no end (status {status:?}):\n{}", lines.join("\n")),
        }
    }
}

/// What `turnutils_uclient` counted over all its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    pub sent: u64,
    pub received: u64,
    /// Lost on the way, and not even sent.
    pub lost: u64,
    pub dropped: u64,
    /// Allocations that asked for an even port and got a token for the next.
    pub port_pairs: usize,
}

impl Totals {
    fn read(lines: &[String]) -> Option<Totals> {
        let number = |text: &str, after: &str| -> Option<u64> {
            let rest = text.split(after).nth(1)?.trim_start();
            rest.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
        };
        // The last of those lines that tell how far it is: the total, without a number of clients before it.
        let total = lines.iter().rev().find(|line| line.contains("start_mclient: tot_send_msgs="))?;
        let losses = lines.iter().rev().find(|line| line.contains("Total lost packets"))?;
        let pairs = lines.iter().filter(|line| number(line, "rtv=").is_some_and(|token| token != 0)).count();
        Some(Totals {
            sent: number(total, "tot_send_msgs=")?,
            received: number(total, "tot_recv_msgs=")?,
            lost: number(losses, "Total lost packets ")?,
            dropped: number(losses, "total send dropped ")?,
            port_pairs: pairs,
        })
    }
}

/// Seconds of processor time that a process has used, its own and the kernel's for it.
pub fn cpu_seconds(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_else(|error| panic!("process {process}: {error}"));
    // The name in parentheses may hold anything; the 14th and 15th of all fields are wanted. Linux counts them in hundredths.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or(f64::NAN);
    (ticks(11) + ticks(12)) / 100.0
}

#[cfg(test)]
mod tests {
    use super::Totals;

    #[test]
    fn the_clients_account_is_read_and_a_client_that_gave_none_has_none() {
        let lines = [
            "0: : clnet_allocate: rtv=16474561298307221477",
            "0: : clnet_allocate: rtv=0",
            "3: : start_mclient: msz=2, tot_send_msgs=144, tot_recv_msgs=140, tot_send_bytes ~ 14400, tot_recv_bytes ~ 14000",
            "3: : start_mclient: tot_send_msgs=400, tot_recv_msgs=397",
            "3: : start_mclient: tot_send_bytes ~ 40000, tot_recv_bytes ~ 39700",
            "3: : Total lost packets 3 (0.750000%), total send dropped 1 (0.250000%)",
        ]
        .map(str::to_owned);
        assert_eq!(Totals::read(&lines), Some(Totals { sent: 400, received: 397, lost: 3, dropped: 1, port_pairs: 1 }));
        assert_eq!(Totals::read(&lines[..3]), None);
    }
}
