//! What is to go out on one socket: bounded, in order, with a named end. Rooms put messages in and never wait.

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::{SinkExt, stream::SplitSink};
use serde::Serialize;
use sidelight_protocol::{Bye, guest::ToGuest};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};

/// How long one message may take to go out. Longer: a page that doesn't read holds its messages for longer. Shorter: a phone
/// on a dreadful network is cut off.
const STUCK: Duration = Duration::from_secs(10);

/// How long the last messages and the goodbye may take.
const FAREWELL: Duration = Duration::from_secs(2);

/// How much may wait for a page that reads slowly. More: a page that doesn't read costs more memory. Less: a poor network is
/// taken for one.
#[derive(Clone, Copy)]
pub struct Space {
    pub messages: usize,
    pub bytes: usize,
}

impl Space {
    pub const GUEST: Space = Space { messages: 256, bytes: 512 * 1024 };
    /// A desk gets the views of all of today's contacts at once: 500 at most, each with its history.
    pub const DESK: Space = Space { messages: 2048, bytes: 8 * 1024 * 1024 };
}

/// Where rooms put what a page is to be told. Full: the socket is closed with [`Bye::TooSlow`].
#[derive(Clone)]
pub struct Outbox {
    queue: mpsc::Sender<Utf8Bytes>,
    waiting: Arc<AtomicUsize>,
    bytes: usize,
    closing: Arc<watch::Sender<Option<Closing>>>,
}

/// How a socket ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closing {
    Bye(Bye),
    /// Without a word, and without being closed: what was put in and hasn't gone out yet stays here.
    Silence,
}

/// The other end of an [`Outbox`].
pub struct Inbox {
    queue: mpsc::Receiver<Utf8Bytes>,
    waiting: Arc<AtomicUsize>,
    closing: watch::Receiver<Option<Closing>>,
}

/// An outbox of this size.
pub fn outbox(space: Space) -> (Outbox, Inbox) {
    let (queue, out) = mpsc::channel(space.messages);
    let (closing, closed) = watch::channel(None);
    let waiting = Arc::new(AtomicUsize::new(0));
    (
        Outbox { queue, waiting: waiting.clone(), bytes: space.bytes, closing: Arc::new(closing) },
        Inbox { queue: out, waiting, closing: closed },
    )
}

impl Outbox {
    /// Puts a message in. After the socket was closed this does nothing.
    pub fn send<M: Serialize>(&self, message: &M) {
        let Ok(text) = serde_json::to_string(message) else { return self.close(Bye::BackInAMoment) };
        let length = text.len();
        let waiting = self.waiting.fetch_add(length, Ordering::Relaxed).saturating_add(length);
        if waiting > self.bytes {
            return self.close(Bye::TooSlow);
        }
        match self.queue.try_send(text.into()) {
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => {}
            Err(mpsc::error::TrySendError::Full(_)) => self.close(Bye::TooSlow),
        }
    }

    /// Says goodbye after what was put in before, and closes. The first reason counts.
    pub fn close(&self, bye: Bye) {
        self.end(Closing::Bye(bye));
    }

    /// Nothing goes out any more, as if the service were lost. The first reason counts here too: whoever hears a goodbye already
    /// hears it out.
    pub fn silence(&self) {
        self.end(Closing::Silence);
    }

    fn end(&self, closing: Closing) {
        self.closing.send_if_modified(|before| {
            let first = before.is_none();
            if first {
                *before = Some(closing);
            }
            first
        });
    }

    pub fn is_closing(&self) -> bool {
        self.closing.borrow().is_some()
    }

    pub fn is_silenced(&self) -> bool {
        *self.closing.borrow() == Some(Closing::Silence)
    }

    /// Resolves when the socket is to be closed.
    pub async fn closing(&self) -> Closing {
        // Nobody left to close it is impossible while `self` is here.
        closed(&mut self.closing.subscribe()).await.unwrap_or(Closing::Bye(Bye::BackInAMoment))
    }
}

async fn closed(closing: &mut watch::Receiver<Option<Closing>>) -> Option<Closing> {
    closing.wait_for(Option::is_some).await.ok().and_then(|closing| *closing)
}

impl Inbox {
    /// Sends what is put in, until the socket is to be closed or breaks; then the goodbye.
    pub async fn write(self, sink: SplitSink<WebSocket, Message>) {
        let Inbox { mut queue, waiting, mut closing } = self;
        let mut pen = Pen { sink, waiting };
        let bye = loop {
            tokio::select! {
                biased;
                closing = closed(&mut closing) => match closing {
                    Some(Closing::Bye(bye)) => break bye,
                    Some(Closing::Silence) | None => return,
                },
                text = queue.recv() => {
                    let Some(text) = text else { return };
                    if !pen.write(text).await {
                        return;
                    }
                }
            }
        };
        // Nobody waits for a page that doesn't read.
        let _late = timeout(FAREWELL, async {
            while bye != Bye::TooSlow
                && let Ok(text) = queue.try_recv()
            {
                if !pen.write(text).await {
                    return;
                }
            }
            pen.goodbye(bye).await;
        })
        .await;
    }
}

struct Pen {
    sink: SplitSink<WebSocket, Message>,
    waiting: Arc<AtomicUsize>,
}

impl Pen {
    async fn write(&mut self, text: Utf8Bytes) -> bool {
        self.waiting.fetch_sub(text.len(), Ordering::Relaxed);
        matches!(timeout(STUCK, self.sink.send(Message::Text(text))).await, Ok(Ok(())))
    }

    async fn goodbye(&mut self, bye: Bye) {
        // Spelled the same for both sides.
        if let Ok(text) = serde_json::to_string(&ToGuest::Bye { reason: bye })
            && self.sink.send(Message::Text(text.into())).await.is_ok()
        {
            let close = CloseFrame { code: bye.close_code(), reason: Utf8Bytes::from_static("") };
            let _gone = self.sink.send(Message::Close(Some(close))).await;
        }
    }
}
