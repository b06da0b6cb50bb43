//! Which pages requests may come from.

use super::App;
use crate::config::Config;
use crate::error::BAD_ORIGIN;
use crate::records::Program;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, header};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The origins of our own pages: the one that is told to people first.
#[derive(Clone)]
pub struct Origins(Vec<String>);

impl Origins {
    /// From `public_url`, else from where the service listens. `own`: this machine's addresses that aren't loopback.
    pub fn new(config: &Config, listening: SocketAddr, own: &[Ipv4Addr]) -> Origins {
        if let Some(url) = &config.web.public_url {
            return Origins(vec![url.clone()]);
        }
        let scheme = if config.certificate.is_some() { "https" } else { "http" };
        let standard = if config.certificate.is_some() { 443 } else { 80 };
        let port = if listening.port() == standard { String::new() } else { format!(":{}", listening.port()) };
        let mut hosts = Vec::new();
        match listening.ip() {
            ip if ip.is_unspecified() => {
                hosts.extend(own.iter().map(Ipv4Addr::to_string));
                hosts.extend(["127.0.0.1".into(), "localhost".into()]);
            }
            IpAddr::V4(ip) => hosts.push(ip.to_string()),
            IpAddr::V6(ip) => hosts.push(format!("[{ip}]")),
        }
        if listening.ip().is_loopback() {
            hosts.push("localhost".into());
        }
        Origins(hosts.into_iter().map(|host| format!("{scheme}://{host}{port}")).collect())
    }

    /// The address that people are told.
    pub fn public(&self) -> &str {
        self.0.first().map_or("", String::as_str)
    }

    pub fn is_https(&self) -> bool {
        self.public().starts_with("https://")
    }

    /// For a policy's `connect-src`: Safari 14 leaves sockets out of 'self'.
    pub fn sockets(&self) -> String {
        let sockets: Vec<String> = self.0.iter().map(|origin| origin.replacen("http", "ws", 1)).collect();
        sockets.join(" ")
    }

    /// It comes from a page of another site, and says so.
    pub fn is_foreign(&self, headers: &HeaderMap) -> bool {
        headers.contains_key(header::ORIGIN) && !self.allows(headers)
    }

    fn allows(&self, headers: &HeaderMap) -> bool {
        let mut given = headers.get_all(header::ORIGIN).iter();
        let (first, second) = (given.next(), given.next());
        second.is_none() && first.is_some_and(|given| self.0.iter().any(|own| own.as_bytes() == given.as_bytes()))
    }
}

/// Refuses what comes from another page: whatever may change something, and every socket.
pub async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // A beacon of a page that is going away says `null`, and the session in its body is all that counts.
    let beacon = path == "/api/leave";
    // The provider of work accounts is no page: what it signed is all that counts.
    let provider = path == "/api/staff/work-account/ended";
    let reads = matches!(*request.method(), Method::GET | Method::HEAD) && !path.starts_with("/ws/");
    // A program is no page either: its token is all that counts, and it has been looked at.
    let program = request.extensions().get::<Program>().is_some();
    if reads || beacon || provider || program || app.origins.allows(request.headers()) {
        next.run(request).await
    } else {
        BAD_ORIGIN.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;
    use http::HeaderValue;

    fn origins(public: &str, listening: &str) -> Origins {
        let environment = [("SIDELIGHT_WEB__PUBLIC_URL".to_owned(), public.to_owned())];
        let config = Config::read(&Flags::default(), environment.into_iter()).unwrap_or_else(|wrong| panic!("{wrong}"));
        Origins::new(&config, listening.parse().unwrap(), &[Ipv4Addr::new(192, 0, 2, 2)])
    }

    #[test]
    fn the_origins_are_the_public_one_or_those_of_the_listening_address() {
        let all = |public, listening| origins(public, listening).0.join(" ");
        assert_eq!(all("https://call.example.org", "127.0.0.1:8080"), "https://call.example.org");
        assert_eq!(all("", "127.0.0.1:8080"), "http://127.0.0.1:8080 http://localhost:8080");
        assert_eq!(all("", "[::1]:80"), "http://[::1] http://localhost");
        assert_eq!(all("", "192.0.2.2:8080"), "http://192.0.2.2:8080");
        assert_eq!(all("", "0.0.0.0:80"), "http://192.0.2.2 http://127.0.0.1 http://localhost");
        assert_eq!(origins("", "127.0.0.1:8080").sockets(), "ws://127.0.0.1:8080 ws://localhost:8080");
        assert_eq!(origins("https://a.b", "127.0.0.1:8080").sockets(), "wss://a.b");
    }

    #[test]
    fn an_origin_is_ours_exactly_or_not_at_all() {
        let origins = origins("https://call.example.org", "127.0.0.1:8080");
        let allows = |given: &[&str]| {
            let headers = given.iter().map(|given| (header::ORIGIN, HeaderValue::from_str(given).unwrap()));
            origins.allows(&headers.collect::<Vec<_>>().into_iter().fold(HeaderMap::new(), |mut all, (name, value)| {
                all.append(name, value);
                all
            }))
        };
        assert!(allows(&["https://call.example.org"]));
        let strangers = [
            "https://call.example.org.evil.org",
            "http://call.example.org",
            "https://call.example.org:444",
            "https://CALL.example.org",
            "https://example.org",
            "null",
            "",
        ];
        for stranger in strangers {
            assert!(!allows(&[stranger]), "{stranger}");
        }
        assert!(!allows(&[]) && !allows(&["https://call.example.org", "https://evil.org"]));
    }
}
