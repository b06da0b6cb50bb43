//! Requests to another server: one connection each, under TLS unless it is on this machine. Whoever asks learns whether the request may
//! have arrived, and not only that it failed.

use crate::tls;
use axum::body::{Body, to_bytes};
use http::header::HOST;
use http::{Method, Request};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// What is read of an answer at most, in bytes.
const ANSWER: usize = 64 * 1024;

/// How long it may take until a request can be sent. Longer: whoever waits learns late that nobody is there.
const CONNECTING: Duration = Duration::from_secs(8);

/// With TLS or without.
pub(crate) trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Socket for S {}

/// A server by its address.
pub struct Https {
    host: String,
    port: u16,
    path: String,
    /// None: without TLS.
    trusted: Option<(ServerName<'static>, Arc<ClientConfig>)>,
}

/// What it said.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// Nothing of the request was sent.
    #[error("{0}")]
    Before(io::Error),
    /// It may have arrived.
    #[error("{0}")]
    After(io::Error),
}

/// Ends the connection with the request, however that ends.
pub(crate) struct Driver(pub(crate) tokio::task::JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Https {
    pub fn new(host: &str, port: u16, path: &str, root: Option<&Path>) -> io::Result<Https> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let trusted = Some((name, Arc::new(tls::client(root)?)));
        Ok(Https { host: host.to_owned(), port, path: path.to_owned(), trusted })
    }

    /// Without TLS, for a server on this machine.
    pub fn plain(host: &str, port: u16, path: &str) -> Https {
        Https { host: host.to_owned(), port, path: path.to_owned(), trusted: None }
    }

    /// `more` stands behind the path of the address. The answer is what it is: nobody is followed elsewhere.
    pub async fn ask(&self, method: Method, more: &str, headers: &[(&str, &str)], body: String) -> Result<Answer, Failed> {
        let standard = if self.trusted.is_some() { 443 } else { 80 };
        let host = if self.port == standard { self.host.clone() } else { format!("{}:{}", self.host, self.port) };
        let path = format!("{}{more}", self.path);
        let path = if path.is_empty() { "/" } else { &path };
        let mut request = Request::builder().method(method).uri(path).header(HOST, host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body)).map_err(|error| Failed::Before(io::Error::other(error)))?;
        match timeout(CONNECTING, self.connect()).await {
            Err(_) => Err(Failed::Before(io::Error::new(io::ErrorKind::TimedOut, "it can't be reached in time"))),
            Ok(Err(error)) => Err(Failed::Before(error)),
            Ok(Ok(socket)) => exchange(socket, request).await,
        }
    }

    async fn connect(&self) -> io::Result<Box<dyn Socket>> {
        let socket = TcpStream::connect((self.host.as_str(), self.port)).await?;
        match &self.trusted {
            None => Ok(Box::new(socket)),
            Some((name, trusted)) => Ok(Box::new(TlsConnector::from(Arc::clone(trusted)).connect(name.clone(), socket).await?)),
        }
    }

    /// One line of text. Fine when the server says that it is (2xx).
    pub async fn post_line(&self, line: &str) -> io::Result<()> {
        let headers = [("content-type", "text/plain; charset=utf-8")];
        match self.ask(Method::POST, "", &headers, format!("{line}\n")).await {
            Ok(answer) if answer.is_good() => Ok(()),
            Ok(answer) => Err(io::Error::other(format!("it answers {}", answer.status))),
            Err(Failed::Before(error) | Failed::After(error)) => Err(error),
        }
    }
}

async fn exchange(socket: Box<dyn Socket>, request: Request<Body>) -> Result<Answer, Failed> {
    let begun = hyper::client::conn::http1::handshake(TokioIo::new(socket)).await;
    let (mut requests, connection) = begun.map_err(|error| Failed::Before(io::Error::other(error)))?;
    let _driver = Driver(tokio::spawn(async move {
        // What went wrong, the request tells too.
        let _ended = connection.await;
    }));
    let answer = requests.send_request(request).await.map_err(|error| Failed::After(io::Error::other(error)))?;
    let status = answer.status().as_u16();
    // A status without its body still says what became of the request.
    let body = to_bytes(Body::new(answer.into_body()), ANSWER).await.map(|body| body.to_vec()).unwrap_or_default();
    Ok(Answer { status, body })
}
