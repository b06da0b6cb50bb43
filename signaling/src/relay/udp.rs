//! Clients over UDP: one thread for each socket.
//!
//! A thread that blocks needs two system calls for each packet, one to receive and one to send; an asynchronous task needs
//! four (it must also wait, and ask until there is nothing more). And sound doesn't wait for whatever else the runtime is
//! busy with, such as someone's password being hashed.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use sidelight_relay::{Client, LARGEST_FRAME, Via};
use socket2::{Domain, Protocol, SockAddr, SockRef, Socket, Type};

use super::shared::Shared;

/// How often a thread without packets looks whether it is time to end.
const GLANCE: Duration = Duration::from_millis(500);

/// What the kernel keeps while the thread is busy, or waits for its turn on a machine with much to do: some thousand packets. It may grant
/// less (`net.core.rmem_max`). Less: in a flood, packets of calls are dropped with the rest. More: they come too late to be heard.
const BUFFER: usize = 4 << 20;

/// `MSG_DONTWAIT`: what can't be sent now is lost instead of holding up what comes after it.
const DO_NOT_WAIT: i32 = if cfg!(any(target_os = "linux", target_os = "android")) { 0x40 } else { 0x80 };

pub(super) fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    let _ = socket.set_recv_buffer_size(BUFFER);
    let _ = socket.set_send_buffer_size(BUFFER);
    socket.set_read_timeout(Some(GLANCE))?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}

/// Sends without waiting.
pub(super) fn send(socket: &UdpSocket, bytes: &[u8], to: SocketAddr) {
    let _ = SockRef::from(socket).send_to_with_flags(bytes, &SockAddr::from(to), DO_NOT_WAIT);
}

/// Starts the thread of a socket, which ends soon after [`Shared::stop`].
pub(super) fn start(shared: Arc<Shared>, number: u16) -> io::Result<()> {
    std::thread::Builder::new().name(format!("relay-udp-{number}")).spawn(move || serve(&shared, number)).map(drop)
}

fn serve(shared: &Shared, number: u16) {
    let Some(socket) = shared.socket(number) else { return };
    // One byte more than the largest frame: what fills it was cut short and is no frame.
    let mut buffer = vec![0; LARGEST_FRAME + 1];
    let mut scratch = Vec::with_capacity(LARGEST_FRAME);
    while !shared.stopped() {
        match socket.recv_from(&mut buffer) {
            Ok((length, address)) if length <= LARGEST_FRAME => {
                let client = Client { via: Via::Udp(number), address };
                shared.handle(client, &mut buffer[..length], &mut scratch);
            }
            Ok(_) => {}
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted => {}
                // An ICMP answer to something sent before: it says nothing about this socket.
                io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset => {}
                // Whatever else it is, it must not spin.
                _ => std::thread::sleep(Duration::from_millis(10)),
            },
        }
    }
}
