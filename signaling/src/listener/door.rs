//! A connection as the web server sees it: it begins with what was read to decide who it is for, it ends when nothing moves
//! for too long, and it keeps its place until it is really closed, also after an upgrade to a WebSocket.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use super::Place;

/// Bytes that are read from one connection at once, and each second from then on; the rest waits, at last at the sender. More: frames of no
/// content keep a core busy until their silence is noticed. Less: slower than a socket may send (`connection/meter.rs`).
const AT_ONCE: u64 = 1024 * 1024;
const A_SECOND: u64 = 256 * 1024;

pub(super) struct Door<S> {
    stream: S,
    first: Bytes,
    stillness: Duration,
    moved: Instant,
    alarm: Pin<Box<Sleep>>,
    /// When all that was read would have come, had it come at that pace.
    due: Instant,
    held: Option<Pin<Box<Sleep>>>,
    _place: Place,
}

impl<S> Door<S> {
    pub(super) fn new(stream: S, first: Bytes, stillness: Duration, place: Place) -> Self {
        let now = Instant::now();
        let alarm = Box::pin(tokio::time::sleep(stillness));
        Door { stream, first, stillness, moved: now, alarm, due: now, held: None, _place: place }
    }

    /// So many bytes were read: where they are more than fit the pace, the next have to wait.
    fn pace(&mut self, count: usize) {
        let now = Instant::now();
        let micros = |bytes: u64| Duration::from_micros(bytes.saturating_mul(1_000_000) / A_SECOND);
        self.due = self.due.max(now) + micros(count as u64);
        let ahead = self.due.duration_since(now).saturating_sub(micros(AT_ONCE));
        if !ahead.is_zero() {
            self.held = Some(Box::pin(tokio::time::sleep(ahead)));
        }
    }

    /// Bytes came or went, or else: asks to be woken when none have for too long.
    fn moved<T>(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.moved = Instant::now();
        }
        self.watch(context, outcome)
    }

    /// The same for what moves no bytes: a flush of nothing is no sign of life.
    fn watch<T>(&mut self, context: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            return outcome;
        }
        // The alarm is set anew only when it goes off: setting it at each packet would cost more than the packet.
        loop {
            ready!(self.alarm.as_mut().poll(context));
            let end = self.moved + self.stillness;
            if end <= Instant::now() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.alarm.as_mut().reset(end);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Door<S> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.first.has_remaining() {
            let count = self.first.remaining().min(buffer.remaining());
            buffer.put_slice(&self.first.split_to(count));
            return Poll::Ready(Ok(()));
        }
        if let Some(held) = &mut self.held {
            ready!(held.as_mut().poll(context));
            self.held = None;
        }
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(context, buffer);
        if outcome.is_ready() {
            self.pace(buffer.filled().len() - before);
        }
        self.moved(context, outcome)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Door<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.moved(context, outcome)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.moved(context, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(context);
        self.watch(context, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watch(context, outcome)
    }
}
