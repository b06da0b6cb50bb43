//! Connections to what is looked at: each within a time of its own, and whatever keeps it from coming about has a name.

use super::target::Target;
use crate::https::{Driver, Socket};
use crate::tls;
use axum::body::{Body, to_bytes};
use http::header::HOST;
use http::{HeaderMap, Method, Request};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Larger than any file that browsers get.
const BODY: usize = 8 * 1024 * 1024;

/// Addresses of one name that are looked at.
const ADDRESSES: usize = 8;

/// Why nothing came of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// Nothing came in time.
    Silent,
    /// The other side's machine said that nothing listens there.
    Shut,
    Tls(rustls::Error),
    Broken(String),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Trouble {
        if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return Trouble::Tls(error.clone());
        }
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Trouble::Shut,
            io::ErrorKind::TimedOut => Trouble::Silent,
            _ => Trouble::Broken(error.to_string()),
        }
    }
}

impl From<hyper::Error> for Trouble {
    fn from(error: hyper::Error) -> Trouble {
        Trouble::Broken(error.to_string())
    }
}

pub async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    timeout(limit, work).await.unwrap_or(Err(Trouble::Silent))
}

/// The addresses of a name, or of an address itself. None: nobody knows it.
pub async fn addresses(host: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, Trouble> {
    within(limit, async {
        let mut found: Vec<SocketAddr> = tokio::net::lookup_host((host, port)).await.map_err(unknown)?.collect();
        found.sort_by_key(SocketAddr::is_ipv6);
        found.dedup();
        found.truncate(ADDRESSES);
        Ok(found)
    })
    .await
}

/// Whoever keeps names says that there is no such, or says nothing: the system tells that by its words alone (glibc's, musl's).
fn unknown(error: io::Error) -> Trouble {
    let words = error.to_string();
    if ["Temporary failure", "Try again"].iter().any(|silent| words.contains(silent)) { Trouble::Silent } else { Trouble::Broken(words) }
}

/// Whoever is looked at, once it is known where they are.
pub struct Web {
    pub target: Target,
    pub addresses: Vec<SocketAddr>,
    pub limit: Duration,
    trusted: Arc<ClientConfig>,
    /// The same for relay clients.
    trusted_by_relay: Arc<ClientConfig>,
}

pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Between these two it was written.
    pub asked: SystemTime,
    pub answered: SystemTime,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Web {
    pub fn new(target: Target, addresses: Vec<SocketAddr>, limit: Duration, root: Option<&Path>) -> io::Result<Web> {
        let trusted = tls::client(root)?;
        let mut by_relay = trusted.clone();
        // As browsers' relay clients offer it.
        by_relay.alpn_protocols = vec![b"stun.turn".to_vec()];
        Ok(Web { target, addresses, limit, trusted: Arc::new(trusted), trusted_by_relay: Arc::new(by_relay) })
    }

    pub fn ips(&self) -> Vec<IpAddr> {
        self.addresses.iter().map(SocketAddr::ip).collect()
    }

    async fn tcp(&self) -> Result<TcpStream, Trouble> {
        Ok(TcpStream::connect(self.addresses.as_slice()).await?)
    }

    /// A connection for pages, within the time for a step.
    pub async fn line(&self) -> Result<Box<dyn Socket>, Trouble> {
        match self.target.tls {
            true => Ok(Box::new(self.sealed_line().await?)),
            false => within(self.limit, async { Ok(Box::new(self.tcp().await?) as Box<dyn Socket>) }).await,
        }
    }

    pub async fn sealed_line(&self) -> Result<TlsStream<TcpStream>, Trouble> {
        within(self.limit, async { self.sealed(&self.trusted, &self.target.host, self.tcp().await?).await }).await
    }

    /// Under TLS as a relay client speaks it.
    pub async fn sealed_for_relay(&self, host: &str, stream: TcpStream) -> Result<TlsStream<TcpStream>, Trouble> {
        self.sealed(&self.trusted_by_relay, host, stream).await
    }

    async fn sealed(&self, config: &Arc<ClientConfig>, host: &str, stream: TcpStream) -> Result<TlsStream<TcpStream>, Trouble> {
        let name = ServerName::try_from(host.to_owned()).map_err(|error| Trouble::Broken(error.to_string()))?;
        Ok(TlsConnector::from(Arc::clone(config)).connect(name, stream).await?)
    }

    /// One request on a connection of its own.
    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Result<Reply, Trouble> {
        self.asking().await?.ask(method, path, headers).await
    }

    /// A connection for requests one after the other.
    pub async fn asking(&self) -> Result<Asking, Trouble> {
        Asking::on(self.line().await?, self.target.authority(), self.limit).await
    }

    /// What is answered to a page's request without TLS, on this port.
    pub async fn ask_plainly(&self, port: u16) -> Result<Reply, Trouble> {
        let limit = self.limit;
        let addresses: Vec<SocketAddr> = self.ips().into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
        let line = within(limit, async { Ok(TcpStream::connect(addresses.as_slice()).await?) }).await?;
        Asking::on(Box::new(line), self.target.host.clone(), limit).await?.ask(Method::GET, "/", &[]).await
    }
}

pub struct Asking {
    requests: SendRequest<Body>,
    host: String,
    limit: Duration,
    _driver: Driver,
}

impl Asking {
    async fn on(line: Box<dyn Socket>, host: String, limit: Duration) -> Result<Asking, Trouble> {
        let begun = within(limit, async { Ok(hyper::client::conn::http1::handshake(TokioIo::new(line)).await?) });
        let (requests, connection) = begun.await?;
        let driver = Driver(tokio::spawn(async move {
            // What went wrong, the request tells too.
            let _ended = connection.await;
        }));
        Ok(Asking { requests, host, limit, _driver: driver })
    }

    pub async fn ask(&mut self, method: Method, path: &str, headers: &[(&str, &str)]) -> Result<Reply, Trouble> {
        let mut request = Request::builder().method(method).uri(path).header(HOST, &self.host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).map_err(|error| Trouble::Broken(error.to_string()))?;
        within(self.limit, async {
            self.requests.ready().await?;
            let asked = SystemTime::now();
            let answer = self.requests.send_request(request).await?;
            let (head, body) = answer.into_parts();
            let answered = SystemTime::now();
            let body = to_bytes(Body::new(body), BODY).await.map_err(|error| Trouble::Broken(error.to_string()))?;
            Ok(Reply { status: head.status.as_u16(), headers: head.headers, body: body.to_vec(), asked, answered })
        })
        .await
    }
}
