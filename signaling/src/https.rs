//! One request by POST to one https server, which an administrator has named.

use crate::tls;
use axum::body::Body;
use http::header::HOST;
use http::{Method, Request};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

pub struct Https {
    host: String,
    port: u16,
    path: String,
    name: ServerName<'static>,
    trusted: Arc<ClientConfig>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Unanswered {
    /// It wasn't reached: nothing of the request has gone out.
    NotSent(io::Error),
    /// What became of the request, nobody here knows.
    Unknown(io::Error),
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

    /// The status that it answers with. What else it says isn't read, nor is it followed elsewhere.
    pub async fn post(&self, headers: &[(&'static str, String)], body: String) -> Result<u16, Unanswered> {
        let (mut requests, _driver) = self.connect().await.map_err(Unanswered::NotSent)?;
        let host = if self.port == 443 { self.host.clone() } else { format!("{}:{}", self.host, self.port) };
        let mut request = Request::builder().method(Method::POST).uri(&self.path).header(HOST, host);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Body::from(body)).map_err(|error| Unanswered::NotSent(io::Error::other(error)))?;
        let answer = requests.send_request(request).await.map_err(|error| Unanswered::Unknown(io::Error::other(error)))?;
        Ok(answer.status().as_u16())
    }

    async fn connect(&self) -> io::Result<(SendRequest<Body>, Driver)> {
        let socket = TcpStream::connect((self.host.as_str(), self.port)).await?;
        let socket = TlsConnector::from(Arc::clone(&self.trusted)).connect(self.name.clone(), socket).await?;
        let (requests, connection) = http1::handshake(TokioIo::new(socket)).await.map_err(io::Error::other)?;
        let driver = Driver(tokio::spawn(async move {
            // What went wrong, the request tells too.
            let _ended = connection.await;
        }));
        Ok((requests, driver))
    }
}
