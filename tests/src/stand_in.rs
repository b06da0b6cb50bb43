//! An outage that is real as far as a phone goes: a stand-in at the web port lets pages and the opening of sockets through to the
//! service, and swallows everything else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the stand-in does with what comes from now on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    Whole,
    /// Pages load, the socket opens, nothing answers.
    Lost,
    /// Whole, but one word comes on each new socket, though nothing was said: the planted difference.
    Talks,
}

/// Stands at the web port, in front of the service.
pub struct StandIn {
    pub address: SocketAddr,
    behind: Arc<AtomicU8>,
}

impl StandIn {
    pub async fn new(service: &str) -> StandIn {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("has an address");
        let behind = Arc::new(AtomicU8::new(Behind::Whole as u8));
        let service: SocketAddr = service.trim_start_matches("http://").parse().expect("is an address");
        let shared = behind.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(stand_between(stream, service, shared.clone()));
            }
        });
        StandIn { address, behind }
    }

    pub fn becomes(&self, behind: Behind) {
        self.behind.store(behind as u8, Ordering::SeqCst);
    }
}

/// One connection. What is lost is lost for what was open before, too.
async fn stand_between(mut phone: TcpStream, service: SocketAddr, behind: Arc<AtomicU8>) {
    let is = |what: Behind| behind.load(Ordering::SeqCst) == what as u8;
    let Ok(mut there) = TcpStream::connect(service).await else { return };
    let mut from_phone = vec![0; 64 * 1024];
    let mut from_service = vec![0; 64 * 1024];
    let (mut opens, mut lost) = (false, false);
    loop {
        tokio::select! {
            read = phone.read(&mut from_phone) => {
                let Ok(read @ 1..) = read else { return };
                let bytes = &from_phone[..read];
                let opening = !opens && bytes.starts_with(b"GET ");
                opens = opens || (opening && String::from_utf8_lossy(bytes).to_lowercase().contains("upgrade: websocket"));
                let swallowed = !opening && is(Behind::Lost);
                lost = lost || swallowed || opens;
                if !swallowed && there.write_all(bytes).await.is_err() {
                    return;
                }
            }
            read = there.read(&mut from_service) => {
                let Ok(read) = read else { return };
                if read == 0 {
                    // What is lost hangs up on nobody; where nothing was asked but for a page, the web port itself is done.
                    if is(Behind::Lost) && lost {
                        std::future::pending::<()>().await;
                    }
                    return;
                }
                let bytes = &from_service[..read];
                let answer = bytes.starts_with(b"HTTP/1.1 ") || !opens;
                if (answer || !is(Behind::Lost)) && phone.write_all(bytes).await.is_err() {
                    return;
                }
                if opens && answer && is(Behind::Talks) {
                    let _gone = phone.write_all(b"\x81\x0f{\"type\":\"beat\"}").await;
                }
            }
        }
    }
}
