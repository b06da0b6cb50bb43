//! The web port: one door for pages, sockets and relay, told apart by the first byte of each connection. So a phone behind
//! a firewall that lets nothing through but this port still gets sound and picture.

pub(crate) mod crowd;
mod door;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::{LazyConfigAcceptor, server::TlsStream};
use tower_service::Service;

use crate::proxies::Proxies;
use crate::relay;
use crate::tls::Tls;
use crowd::{Crowd, Inside};
use door::Door;

/// Connections in all, sockets and relay included; one more is closed at once. Each costs a file descriptor and, idle,
/// about 10 KB.
const CONNECTIONS: usize = 10_000;

/// How many of them one client may have: far more than an office or a mobile network that shares an address.
const OF_ONE_CLIENT: usize = CONNECTIONS / 4;

/// Time for the first byte, the TLS handshake and the first whole request head together, in which a stranger holds a place; and for
/// the head of each later one. Shorter would turn away phones on the worst networks.
const PATIENCE: Duration = Duration::from_secs(8);

/// A connection on which nothing moves for so long is dropped: browsers keep unused ones open, sockets beat far more often.
const STILLNESS: Duration = Duration::from_secs(60);

/// A request, its body included, is answered by then. Against bodies that trickle.
const REQUEST: Duration = Duration::from_secs(30);

/// At the end, requests and sockets get this long to finish; the process has ten seconds.
const FAREWELL: Duration = Duration::from_secs(8);

/// Request heads are far smaller; axum's own limits hold for bodies.
const HEAD: usize = 32 * 1024;

/// Serves until `shutdown` turns true, then lets requests and sockets under way finish for a few seconds: whoever owns the
/// sockets tells them to. Handlers find the other side's address as `ConnectInfo<SocketAddr>`. Without `relay`, STUN is
/// refused. Behind `proxies` are many clients each.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    relay: Option<relay::Running>,
    proxies: Proxies,
    mut shutdown: watch::Receiver<bool>,
) -> io::Result<()> {
    let crowd = Crowd::new(OF_ONE_CLIENT, proxies);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let port = Port { tls, router, relay, shutdown: shutdown.clone() };
    loop {
        let accepted = tokio::select! {
            biased;
            _ = shutdown.wait_for(|stop| *stop) => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, address)) = accepted else {
            // Out of file descriptors, most likely: wait for some to be closed instead of spinning.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let Some(inside) = crowd.enter(address.ip()) else { continue };
        let place = Place { _of_all: place, _of_client: inside };
        let port = port.clone();
        tokio::spawn(async move { port.receive(stream, address, place).await });
    }
    drop(listener);
    let everyone = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
    let _ = timeout(FAREWELL, places.acquire_many(everyone)).await;
    Ok(())
}

/// A connection's place among all and among its client's, until this is dropped.
struct Place {
    _of_all: OwnedSemaphorePermit,
    _of_client: Inside,
}

/// What every connection needs.
#[derive(Clone)]
struct Port {
    tls: Option<Tls>,
    router: Router,
    relay: Option<relay::Running>,
    shutdown: watch::Receiver<bool>,
}

/// What the first byte says (RFC 7983, and RFC 8446 for TLS).
enum Speaks {
    Stun,
    Tls,
    Http,
}

impl Speaks {
    fn by(first: u8) -> Self {
        match first {
            0x00..=0x03 => Speaks::Stun,
            0x16 => Speaks::Tls,
            0x04..=0x15 | 0x17..=0xFF => Speaks::Http,
        }
    }
}

impl Port {
    async fn receive(mut self, stream: TcpStream, address: SocketAddr, place: Place) {
        let _ = stream.set_nodelay(true);
        let by = Instant::now() + PATIENCE;
        let mut first = [0];
        let Ok(Ok(1)) = timeout_at(by, stream.peek(&mut first)).await else { return };
        match (Speaks::by(first[0]), self.tls.take()) {
            (Speaks::Stun, _) => {
                relay::tune(&stream);
                self.relay(place, async |relay| relay.serve_plain(stream, address).await).await;
            }
            (Speaks::Tls, Some(tls)) => self.receive_tls(tls, stream, address, place, by).await,
            (Speaks::Http, None) => self.http(stream, address, Bytes::new(), place, by).await,
            (Speaks::Http, Some(_)) => refuse_plain_http(stream).await,
            (Speaks::Tls, None) => {}
        }
    }

    async fn receive_tls(self, tls: Tls, stream: TcpStream, address: SocketAddr, place: Place, by: Instant) {
        let Ok(Some(mut stream)) = timeout_at(by, handshake(&tls, stream)).await else { return };
        // Inside TLS nothing can be peeked at: what is read to decide is handed on.
        let mut first = [0; 1_024];
        let Ok(Ok(count)) = timeout_at(by, stream.read(&mut first)).await else { return };
        let first = first.get(..count).unwrap_or_default();
        match first.first().map(|byte| Speaks::by(*byte)) {
            Some(Speaks::Stun) => {
                relay::tune(stream.get_ref().0);
                self.relay(place, async |relay| relay.serve_sealed(stream, address, first).await).await;
            }
            Some(Speaks::Http) => self.http(stream, address, Bytes::copy_from_slice(first), place, by).await,
            Some(Speaks::Tls) | None => {}
        }
    }

    async fn relay(mut self, place: Place, serve: impl AsyncFnOnce(relay::Running)) {
        if let Some(relay) = self.relay.take() {
            tokio::select! {
                () = serve(relay) => {}
                _ = self.shutdown.wait_for(|stop| *stop) => {}
            }
        }
        drop(place);
    }

    async fn http<S>(mut self, stream: S, address: SocketAddr, first: Bytes, place: Place, by: Instant)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let io = TokioIo::new(Door::new(stream, first, STILLNESS, place));
        let asked = Arc::new(AtomicBool::new(false));
        let service = {
            let asked = Arc::clone(&asked);
            let router = self.router;
            hyper::service::service_fn(move |mut request: Request<Incoming>| {
                asked.store(true, Ordering::Relaxed);
                request.extensions_mut().insert(ConnectInfo(address));
                let mut router = router.clone();
                async move { Ok::<_, Infallible>(answer(&mut router, request).await) }
            })
        };
        let mut server = auto::Builder::new(TokioExecutor::new());
        server.http1().timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(HEAD);
        server.http2().timer(TokioTimer::new()).max_concurrent_streams(100).max_header_list_size(16 * 1024).enable_connect_protocol();
        let mut connection = pin!(server.serve_connection_with_upgrades(io, service));
        // The header timeout doesn't run while the server still tells HTTP/1 from HTTP/2, nor in HTTP/2.
        let mut first_request = pin!(tokio::time::sleep_until(by));
        let mut waits = true;
        let mut closing = false;
        loop {
            tokio::select! {
                _ = connection.as_mut() => return,
                () = &mut first_request, if waits => {
                    waits = false;
                    if !asked.load(Ordering::Relaxed) {
                        return;
                    }
                }
                _ = self.shutdown.wait_for(|stop| *stop), if !closing => {
                    closing = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }
}

/// None: it failed, or was an ACME server's, who has seen what it wanted when it is done.
async fn handshake(tls: &Tls, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
    let start = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), stream).await.ok()?;
    match tls.challenge() {
        Some(challenge) if rustls_acme::is_tls_alpn_challenge(&start.client_hello()) => {
            let mut stream = start.into_stream(challenge).await.ok()?;
            let _closed_either_way = stream.shutdown().await;
            None
        }
        _ => start.into_stream(tls.config()).await.ok(),
    }
}

async fn answer(router: &mut Router, request: Request<Incoming>) -> Response<Body> {
    match timeout(REQUEST, router.call(request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(never)) => match never {},
        Err(_) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
            response
        }
    }
}

/// Someone typed `http://` at a port that speaks TLS: one sentence instead of a page that never loads.
async fn refuse_plain_http(mut stream: TcpStream) {
    const ANSWER: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 41\r\nConnection: close\r\n\r\n\
        This address begins with https://, please";
    let farewell = async {
        // Read first: closing with unread bytes would reset the connection and take the answer with it.
        let mut head = [0; 4_096];
        let _ = stream.read(&mut head).await;
        let _ = stream.write_all(ANSWER).await;
        let _ = stream.shutdown().await;
    };
    let _ = timeout(PATIENCE, farewell).await;
}
