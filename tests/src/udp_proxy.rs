//! A small proxy between browsers and the relay's UDP port, which can lose what a test wants lost.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

/// Which datagrams of a browser are lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The first flight of DTLS: on a real network it is as easily lost as anything, and the call must still come up.
    FirstClientHello,
}

/// The proxy, until it is dropped.
pub struct UdpProxy {
    address: SocketAddr,
    lost: Arc<AtomicU32>,
    task: JoinHandle<()>,
}

impl UdpProxy {
    /// Listens on a free port of the relay's own address and passes on to it.
    pub async fn start(relay: SocketAddr, loss: Loss) -> UdpProxy {
        let outside = Arc::new(UdpSocket::bind(SocketAddr::new(relay.ip(), 0)).await.expect("a free port"));
        let address = outside.local_addr().expect("is bound");
        let lost = Arc::new(AtomicU32::new(0));
        let task = tokio::spawn(pass(outside, relay, loss, lost.clone()));
        UdpProxy { address, lost, task }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many datagrams it lost.
    pub fn lost(&self) -> u32 {
        self.lost.load(Ordering::SeqCst)
    }
}

impl Drop for UdpProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(outside: Arc<UdpSocket>, relay: SocketAddr, loss: Loss, lost: Arc<AtomicU32>) {
    // One socket towards the relay for each browser's socket, as a router has it.
    let mut inside: HashMap<SocketAddr, Arc<UdpSocket>> = HashMap::new();
    let mut buffer = [0; 2048];
    while let Ok((size, browser)) = outside.recv_from(&mut buffer).await {
        let datagram = &buffer[..size];
        match loss {
            Loss::FirstClientHello if lost.load(Ordering::SeqCst) == 0 && has_client_hello(datagram) => {
                lost.fetch_add(1, Ordering::SeqCst);
                continue;
            }
            Loss::FirstClientHello => {}
        }
        let socket = match inside.get(&browser) {
            Some(socket) => socket.clone(),
            None => {
                let socket = Arc::new(UdpSocket::bind(SocketAddr::new(relay.ip(), 0)).await.expect("a free port"));
                socket.connect(relay).await.expect("the relay's address is right");
                inside.insert(browser, socket.clone());
                tokio::spawn(back(socket.clone(), outside.clone(), browser));
                socket
            }
        };
        let _ = socket.send(datagram).await;
    }
}

async fn back(socket: Arc<UdpSocket>, outside: Arc<UdpSocket>, browser: SocketAddr) {
    let mut buffer = [0; 2048];
    while let Ok(size) = socket.recv(&mut buffer).await {
        if outside.send_to(&buffer[..size], browser).await.is_err() {
            return;
        }
    }
}

/// Whether a DTLS record with a ClientHello lies in a datagram to the relay, behind its ChannelData or Send header.
fn has_client_hello(datagram: &[u8]) -> bool {
    // Handshake record (22), DTLS 1.0 or 1.2 on the record layer, epoch 0; its first message is a ClientHello (1).
    datagram
        .windows(14)
        .any(|record| record[0] == 22 && record[1] == 0xfe && matches!(record[2], 0xff | 0xfd) && record[3..5] == [0, 0] && record[13] == 1)
}

#[cfg(test)]
mod tests {
    use super::has_client_hello;

    #[test]
    fn a_client_hello_is_known_behind_a_channel_header() {
        let mut datagram = vec![0x40, 0x00, 0x00, 0x20, 22, 0xfe, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 1, 0, 0];
        assert!(has_client_hello(&datagram));
        datagram[17] = 2;
        assert!(!has_client_hello(&datagram), "a ServerHello is another message");
    }
}
