//! What is on its way to one stream client. A frame is written at once where nothing waits before it, which spares most
//! frames a copy and the waking of a task; the rest waits here, in its order, and the stream's own task writes it.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use sidelight_relay::padding;
use tokio::io::AsyncWrite;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::Notify;

use super::shared::lock;

/// Packets that wait for one stream client. More would only arrive too late to be heard: 128 are two seconds of video.
const MOST_WAITING: usize = 128;

/// A packet that waited longer is dropped: on a slow line old sound would only push back new sound.
const TOO_LATE: Duration = Duration::from_secs(1);

/// What is written at once.
const BATCH: usize = 16 * 1024;

/// The zeros that pad a frame on a stream.
const ZEROS: [u8; 3] = [0; 3];

pub(super) struct Outbox {
    /// None where frames can't be written from outside the stream's task: TLS.
    straight: Option<Straight>,
    state: Mutex<State>,
    more: Notify,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Waiting>,
    /// Set from the first frame that has to wait until the stream's task has written all: whatever else comes goes behind it.
    busy: bool,
}

/// A padded frame, or the rest of one, and since when it waits.
struct Waiting {
    bytes: Vec<u8>,
    since: Instant,
    /// The rest of a frame whose beginning is written: dropping it would leave the client no way to find the next frame.
    begun: bool,
}

impl Outbox {
    pub(super) fn new(straight: Option<Straight>) -> Self {
        Outbox { straight, state: Mutex::default(), more: Notify::new() }
    }

    /// Writes the frame or lets it wait; drops it where too many wait already.
    pub(super) fn send(&self, frame: &[u8]) {
        let padding = &ZEROS[..padding(frame.len())];
        let mut state = lock(&self.state);
        let mut written = 0;
        if let Some(stream) = &self.straight
            && !state.busy
        {
            // An error counts as nothing written: the stream's task meets it again, and ends.
            written = stream.0.try_write_vectored(&[IoSlice::new(frame), IoSlice::new(padding)]).unwrap_or(0);
        }
        if written == frame.len() + padding.len() || state.waiting.len() >= MOST_WAITING {
            return;
        }
        let bytes = [frame, padding].concat().split_off(written);
        state.waiting.push_back(Waiting { bytes, since: Instant::now(), begun: written > 0 });
        if !state.busy {
            state.busy = true;
            self.more.notify_one();
        }
    }

    /// Puts what is to be written next into `batch`, at least one byte. Whoever calls it must have written the last batch, and
    /// be the only one who calls.
    pub(super) async fn next(&self, batch: &mut Vec<u8>) {
        loop {
            if self.fill(batch) {
                return;
            }
            self.more.notified().await;
        }
    }

    /// Whether there is something to write. Where not, the next frame may go straight.
    fn fill(&self, batch: &mut Vec<u8>) -> bool {
        batch.clear();
        let now = Instant::now();
        let mut state = lock(&self.state);
        while batch.len() < BATCH
            && let Some(packet) = state.waiting.pop_front()
        {
            if packet.begun || now.saturating_duration_since(packet.since) < TOO_LATE {
                batch.extend_from_slice(&packet.bytes);
            }
        }
        state.busy = !batch.is_empty();
        state.busy
    }
}

/// A plain connection that can be written from any task.
#[derive(Clone)]
pub(super) struct Straight(Arc<OwnedWriteHalf>);

impl Straight {
    pub(super) fn new(writer: OwnedWriteHalf) -> Self {
        Straight(Arc::new(writer))
    }
}

impl AsyncWrite for Straight {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            ready!(AsRef::<TcpStream>::as_ref(&*self.0).poll_write_ready(context))?;
            match self.0.try_write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                outcome => return Poll::Ready(outcome),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// Whoever drops the last clone closes the connection.
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    /// The relay's end of a connection that the kernel holds little for, and the client's.
    async fn connection() -> (Straight, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (ours, _) = listener.accept().await.unwrap();
        socket2::SockRef::from(&ours).set_send_buffer_size(4_096).unwrap();
        // Dropping the reading half closes nothing.
        (Straight::new(ours.into_split().1), client)
    }

    /// A frame that tells its place among the others: its number and its length, then the number's last byte.
    fn frame(number: u16) -> Vec<u8> {
        let length = 5 + usize::from(number) * 37 % 1_400;
        let mut frame = vec![number.to_le_bytes()[0]; length];
        frame[..2].copy_from_slice(&number.to_be_bytes());
        frame[2..4].copy_from_slice(&u16::try_from(length).unwrap().to_be_bytes());
        frame
    }

    /// The numbers of the frames, read until the connection ends; panics where one isn't whole.
    async fn numbers(client: &mut TcpStream) -> Vec<u16> {
        let mut numbers = Vec::new();
        let mut head = [0; 4];
        while client.read_exact(&mut head).await.is_ok() {
            let number = u16::from_be_bytes([head[0], head[1]]);
            let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
            let mut rest = vec![0; length - 4 + padding(length)];
            client.read_exact(&mut rest).await.unwrap();
            assert_eq!(rest[..length - 4], frame(number)[4..], "frame {number} is not whole");
            numbers.push(number);
        }
        numbers
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn frames_that_went_straight_in_part_or_had_to_wait_arrive_whole_and_in_order() {
        const FRAMES: u16 = 2_000;
        let (straight, mut client) = connection().await;
        let outbox = Arc::new(Outbox::new(Some(straight.clone())));
        let task = tokio::spawn({
            let (outbox, mut writer) = (Arc::clone(&outbox), straight);
            async move {
                let mut batch = Vec::new();
                loop {
                    outbox.next(&mut batch).await;
                    writer.write_all(&batch).await.unwrap();
                }
            }
        });
        let reader = tokio::spawn(async move { numbers(&mut client).await });
        let (mut waited, mut in_part) = (0, 0);
        for number in 0..FRAMES {
            outbox.send(&frame(number));
            let state = lock(&outbox.state);
            waited += usize::from(state.busy);
            in_part += usize::from(state.waiting.iter().any(|packet| packet.begun));
            drop(state);
            // Fewer than may wait come faster than the other side reads, then it catches up: both ways are taken, many times.
            while number % 100 == 99 && lock(&outbox.state).busy {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        task.abort();
        let _ = task.await;
        drop(outbox);
        let arrived = reader.await.unwrap();
        assert!(arrived.is_sorted_by(|one, next| one < next), "out of order: {arrived:?}");
        assert_eq!(arrived.len(), usize::from(FRAMES), "some were lost");
        assert!(waited > 100 && in_part > 0 && waited < usize::from(FRAMES), "{waited} waited, {in_part} in part: not both ways");
    }

    #[tokio::test]
    async fn what_waited_too_long_is_dropped_but_never_the_rest_of_a_frame() {
        let outbox = Outbox::new(None);
        let old = Instant::now().checked_sub(TOO_LATE).unwrap();
        lock(&outbox.state).waiting.extend([
            Waiting { bytes: vec![1], since: old, begun: true },
            Waiting { bytes: vec![2], since: old, begun: false },
            Waiting { bytes: vec![3], since: Instant::now(), begun: false },
        ]);
        let mut batch = Vec::new();
        outbox.next(&mut batch).await;
        assert_eq!(batch, [1, 3]);
    }

    #[test]
    fn no_more_wait_than_may() {
        let outbox = Outbox::new(None);
        for number in 0..1_000 {
            outbox.send(&frame(number));
        }
        assert_eq!(lock(&outbox.state).waiting.len(), MOST_WAITING);
    }
}
