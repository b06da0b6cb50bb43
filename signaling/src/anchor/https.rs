//! One line by POST to an https server.

use crate::tls;
use axum::body::Body;
use http::header::{CONTENT_TYPE, HOST};
use http::{Method, Request};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

pub(super) struct Https {
    host: String,
    port: u16,
    path: String,
    name: ServerName<'static>,
    trusted: Arc<ClientConfig>,
}

/// Ends the connection with the request, however that ends.
struct Driver(tokio::task::JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Https {
    pub fn new(host: &str, port: u16, path: &str, root: Option<&Path>) -> io::Result<Https> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        Ok(Https { host: host.to_owned(), port, path: path.to_owned(), name, trusted: Arc::new(tls::client(root)?) })
    }

    /// Fine when the server says that it is (2xx). What else it says isn't read, nor is it followed elsewhere.
    pub async fn post(&self, line: String) -> io::Result<()> {
        let socket = TcpStream::connect((self.host.as_str(), self.port)).await?;
        let socket = TlsConnector::from(Arc::clone(&self.trusted)).connect(self.name.clone(), socket).await?;
        let (mut requests, connection) = hyper::client::conn::http1::handshake(TokioIo::new(socket)).await.map_err(io::Error::other)?;
        let _driver = Driver(tokio::spawn(async move {
            // What went wrong, the request tells too.
            let _ended = connection.await;
        }));
        let host = if self.port == 443 { self.host.clone() } else { format!("{}:{}", self.host, self.port) };
        let request = Request::builder().method(Method::POST).uri(&self.path).header(HOST, host);
        let request = request.header(CONTENT_TYPE, "text/plain; charset=utf-8").body(Body::from(format!("{line}\n")));
        let answer = requests.send_request(request.map_err(io::Error::other)?).await.map_err(io::Error::other)?;
        if answer.status().is_success() { Ok(()) } else { Err(io::Error::other(format!("it answers {}", answer.status().as_u16()))) }
    }
}
