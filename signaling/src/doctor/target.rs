//! What is looked at, and where its relay may be.

use crate::config;
use std::fmt;
use std::net::IpAddr;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub tls: bool,
    pub host: String,
    pub port: u16,
}

impl Target {
    /// `https://HOST[:PORT]`, or the same with http.
    pub fn read(text: &str) -> Option<Target> {
        let origin = config::origin(text)?;
        let (scheme, host) = origin.split_once("://")?;
        let tls = scheme == "https";
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None => (host, if tls { 443 } else { 80 }),
        };
        Some(Target { tls, host: host.to_owned(), port })
    }

    /// Host and, where it isn't the usual one, port.
    pub fn authority(&self) -> String {
        if self.port == if self.tls { 443 } else { 80 } { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// As browsers write it.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.tls { "https" } else { "http" }, self.authority())
    }

    pub fn is_this_machine(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// By which way sound and picture go to the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Udp,
    Tcp,
    Tls,
}

impl fmt::Display for Way {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Way::Udp => "UDP",
            Way::Tcp => "TCP",
            Way::Tls => "TLS",
        })
    }
}

/// A place of the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub way: Way,
    pub host: String,
    pub port: u16,
    /// It is the port of the pages.
    pub web: bool,
}

impl Place {
    /// Those that a service has which was set up as docs/install.md says.
    pub fn usual(target: &Target, udp: Option<(String, u16)>, tcp: Option<(String, u16)>) -> Vec<Place> {
        let usual = || (target.host.clone(), 3478);
        let ((udp, udp_port), (tcp, tcp_port)) = (udp.unwrap_or_else(usual), tcp.unwrap_or_else(usual));
        vec![
            Place { way: Way::Udp, host: udp, port: udp_port, web: false },
            Place { way: Way::Tcp, host: tcp, port: tcp_port, web: false },
            Place::web(target),
        ]
    }

    pub fn web(target: &Target) -> Place {
        Place { way: if target.tls { Way::Tls } else { Way::Tcp }, host: target.host.clone(), port: target.port, web: true }
    }

    /// As pages are told it: `turn:HOST:PORT?transport=udp`.
    pub fn told(url: &str, target: &Target) -> Option<Place> {
        let (scheme, rest) = url.split_once(':')?;
        let (at, transport) = rest.split_once("?transport=")?;
        let (host, port) = host_and_port(at)?;
        let way = match (scheme, transport) {
            ("turn", "udp") => Way::Udp,
            ("turn", "tcp") => Way::Tcp,
            ("turns", "tcp") => Way::Tls,
            _ => return None,
        };
        let web = way != Way::Udp && host == target.host && port == target.port;
        Some(Place { way, host, port, web })
    }
}

/// `HOST:PORT`.
pub fn host_and_port(text: &str) -> Option<(String, u16)> {
    let (host, port) = text.rsplit_once(':')?;
    let port = port.parse().ok().filter(|port| *port > 0)?;
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-.[]:".contains(letter);
    (!host.is_empty() && host.len() <= 255 && host.chars().all(fits)).then(|| (host.to_lowercase(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_a_browser_would() {
        let read = |text| Target::read(text).unwrap();
        assert_eq!(read("https://Call.example.org/").origin(), "https://call.example.org");
        assert_eq!((read("https://a.org:8443").port, read("https://a.org").port, read("http://127.0.0.1").port), (8443, 443, 80));
        assert!(read("http://127.0.0.1:8080").is_this_machine() && !read("https://a.org").is_this_machine());
        for wrong in ["a.org", "ftp://a.org", "https://a.org/desk", "https://", "https://a.org:0", "https://a b"] {
            assert_eq!(Target::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_pages_are_told_of_the_relay_is_read_and_nothing_else() {
        let target = Target::read("https://a.org").unwrap();
        let place = |url| Place::told(url, &target);
        assert_eq!(
            place("turn:192.0.2.2:3478?transport=udp"),
            Some(Place { way: Way::Udp, host: "192.0.2.2".into(), port: 3478, web: false })
        );
        assert_eq!(place("turns:a.org:443?transport=tcp"), Some(Place::web(&target)));
        for wrong in [
            "stun:a.org:3478",
            "turn:a.org?transport=udp",
            "turns:a.org:1?transport=udp",
            "turn:a.org:0?transport=tcp",
            "turn:a/b:1?transport=tcp",
        ] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }
}
