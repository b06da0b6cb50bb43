//! The web port: one door for pages, sockets and relay, told apart by the first byte of each connection.

use std::io;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::relay;

/// Reads a certificate chain and its key (PEM) and offers what this port speaks by ALPN.
pub fn tls_from_files(certificate: &Path, key: &Path) -> io::Result<Arc<rustls::ServerConfig>> {
    let _ = (certificate, key);
    Err(io::Error::other("not built yet"))
}

/// Serves until `shutdown` turns true, then lets requests under way finish for a few seconds.
/// Handlers find the other side's address as `ConnectInfo<SocketAddr>`. Without `relay`, STUN is refused.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    router: Router,
    relay: Option<relay::Running>,
    shutdown: watch::Receiver<bool>,
) -> io::Result<()> {
    let _ = (tls, relay);
    axum::serve(listener, router.into_make_service_with_connect_info::<std::net::SocketAddr>())
        .with_graceful_shutdown(async move {
            let mut shutdown = shutdown;
            let _ = shutdown.wait_for(|stop| *stop).await;
        })
        .await
}
