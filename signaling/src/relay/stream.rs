//! Clients over TCP and TLS: for networks that let no UDP through.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use sidelight_relay::{BadFrame, Client, Frames, Via};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::outbox::{Outbox, Straight};
use super::shared::{Shared, Stream};

/// A stream without allocation is looked at this often and closed the second time. A browser allocates at once; a longer
/// time lets strangers hold places.
const PATIENCE: Duration = Duration::from_secs(8);

/// A client that takes nothing for so long loses its place.
const STUCK: Duration = Duration::from_secs(10);

/// What the kernel may hold for a client besides our queue. More would be delay on a slow line, less would slow a fast one.
const SEND_BUFFER: usize = 64 * 1024;

pub(super) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    // A restart must not wait for connections of before to be forgotten.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(1_024)?;
    TcpListener::from_std(socket.into())
}

/// Makes a connection fit for media.
pub(crate) fn tune(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
    let _ = socket2::SockRef::from(stream).set_send_buffer_size(SEND_BUFFER);
}

pub(super) async fn accept(shared: Arc<Shared>, listener: TcpListener) {
    loop {
        let Ok((stream, address)) = listener.accept().await else {
            // Out of file descriptors, most likely: wait for some to be closed instead of spinning.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        tune(&stream);
        let shared = Arc::clone(&shared);
        tokio::spawn(async move { serve_plain(&shared, stream, address).await });
    }
}

/// Serves a plain connection until it ends, whichever side ends it.
pub(super) async fn serve_plain(shared: &Shared, stream: TcpStream, address: SocketAddr) {
    let (reader, writer) = stream.into_split();
    let straight = Straight::new(writer);
    serve(shared, reader, straight.clone(), Some(straight), address, &[]).await;
}

/// Serves a connection under TLS until it ends, whichever side ends it. Its frames all go through its own task.
pub(super) async fn serve_sealed<S>(shared: &Shared, stream: S, address: SocketAddr, first: &[u8])
where
    S: AsyncRead + AsyncWrite + Send,
{
    let (reader, writer) = tokio::io::split(stream);
    serve(shared, reader, writer, None, address, first).await;
}

async fn serve<R, W>(shared: &Shared, reader: R, writer: W, straight: Option<Straight>, address: SocketAddr, first: &[u8])
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin,
{
    let Some((number, Stream { outbox, close, .. })) = shared.open_stream(straight, address) else { return };
    let client = Client { via: Via::Stream(number), address };
    let place = Place { shared, client };
    tokio::select! {
        biased;
        () = close.notified() => {}
        _ = read(shared, client, reader, first) => {}
        _ = write(writer, &outbox) => {}
        () = without_allocation(shared, client) => {}
    }
    drop(place);
}

/// Gives the stream's place back however its task ends.
struct Place<'a> {
    shared: &'a Shared,
    client: Client,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.shared.close_stream(self.client);
    }
}

async fn read(shared: &Shared, client: Client, mut reader: impl AsyncRead + Unpin, first: &[u8]) -> io::Result<()> {
    let mut frames = Frames::default();
    let mut scratch = Vec::new();
    let replay = frames.space().get_mut(..first.len()).ok_or(io::ErrorKind::InvalidData)?;
    replay.copy_from_slice(first);
    frames.filled(first.len());
    loop {
        while let Some(frame) = frames.next_frame().map_err(|BadFrame| io::ErrorKind::InvalidData)? {
            shared.handle(client, frame, &mut scratch);
        }
        match reader.read(frames.space()).await? {
            0 => return Ok(()),
            count => frames.filled(count),
        }
    }
}

async fn write(mut writer: impl AsyncWrite + Unpin, outbox: &Outbox) -> io::Result<()> {
    let mut batch = Vec::new();
    loop {
        outbox.next(&mut batch).await;
        tokio::time::timeout(STUCK, async {
            writer.write_all(&batch).await?;
            writer.flush().await
        })
        .await??;
    }
}

/// Ends when the client has had time enough and still, or again, has no allocation.
async fn without_allocation(shared: &Shared, client: Client) {
    let mut empty = 0;
    while empty < 2 {
        tokio::time::sleep(PATIENCE / 2).await;
        let has_allocation = shared.core().has_allocation(shared.now(), client);
        empty = if has_allocation { 0 } else { empty + 1 };
    }
}
