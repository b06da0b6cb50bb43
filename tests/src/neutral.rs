//! The neutral page that "Leave this page" leads to, served locally: no test reaches the network.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Weather</title><h1>Weather</h1><p>Cloudy.</p></html>";

/// A server with one page, until it is dropped.
pub struct NeutralPage {
    address: SocketAddr,
    url: String,
    task: tokio::task::JoinHandle<()>,
}

impl NeutralPage {
    pub async fn start() -> NeutralPage {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("is bound");
        let url = format!("http://{address}/weather");
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut request = [0; 4096];
                    let _ = stream.read(&mut request).await;
                    let reply = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{PAGE}",
                        PAGE.len()
                    );
                    let _ = stream.write_all(reply.as_bytes()).await;
                });
            }
        });
        NeutralPage { address, url, task }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for NeutralPage {
    fn drop(&mut self) {
        self.task.abort();
    }
}
