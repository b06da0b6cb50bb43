//! Clients over UDP: one task for each socket.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sidelight_relay::{Client, LARGEST_FRAME, Via};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

use super::shared::Shared;

/// Datagrams handled in a row before other tasks get their turn.
const ROUND: usize = 64;

/// What the kernel keeps while the task is busy: a tenth of a second of a hundred videos. It may grant less.
const RECEIVE_BUFFER: usize = 1 << 20;

pub(super) fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    let _ = socket.set_recv_buffer_size(RECEIVE_BUFFER);
    let _ = socket.set_send_buffer_size(RECEIVE_BUFFER);
    socket.bind(&address.into())?;
    UdpSocket::from_std(socket.into())
}

pub(super) async fn serve(shared: Arc<Shared>, number: u16) {
    let Some(socket) = shared.socket(number) else { return };
    // One byte more than the largest frame: what fills it was cut short and is no frame.
    let mut buffer = vec![0; LARGEST_FRAME + 1];
    let mut scratch = Vec::with_capacity(LARGEST_FRAME);
    loop {
        if socket.readable().await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        for _ in 0..ROUND {
            match socket.try_recv_from(&mut buffer) {
                Ok((length, address)) if length <= LARGEST_FRAME => {
                    let client = Client { via: Via::Udp(number), address };
                    shared.handle(client, &mut buffer[..length], &mut scratch);
                }
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                // An ICMP answer to something sent before: it says nothing about the socket.
                Err(_) => {}
            }
        }
        tokio::task::yield_now().await;
    }
}
