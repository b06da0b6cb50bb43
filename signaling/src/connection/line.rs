//! The rules of every socket, whoever is at the other end: hello in time, beats, silence, bounds, one bad frame costs one
//! connection.

use super::{
    meter::{Meter, Pace},
    outbox::{Closing, Outbox, Space, outbox},
};
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use futures_util::{StreamExt, stream::SplitStream};
use sidelight_protocol::{BEAT, Bye, Code, MAX_FRAME, SILENCE, desk::ToDesk, guest::ToGuest};
use std::time::Duration;
use tokio::{
    task::JoinHandle,
    time::{Instant, Interval, MissedTickBehavior, interval_at, timeout},
};

/// How long a page may take to say hello. It opens its line while "Continue" is on its way and says nothing before the answer. Longer:
/// with [`CLOSE`], strangers hold places for more than ten seconds. Shorter: pages on dreadful networks begin again.
const HELLO: Duration = Duration::from_secs(6);

/// How long the other end may take to close, once asked.
const CLOSE: Duration = Duration::from_secs(2);

/// The same for a page whose sign-in has ended: it may be a thief's.
const REMOVED: Duration = Duration::from_millis(500);

/// How long a socket that can't be read any more is kept after the goodbye. What it still sends lies unread, so closing it
/// resets the connection and takes a goodbye with it that hasn't been read yet. Longer: a misbehaving page holds its place.
const LINGER: Duration = Duration::from_secs(1);

/// How long a socket that was silenced is held open, unless the page lets go of it first. A page takes its line for lost after 15
/// seconds at most. Longer: who holds a worthless session holds more places. Shorter: a page on a poor network sees us hang up,
/// which a service that is lost doesn't do.
const SILENT: Duration = Duration::from_secs(60);

/// Whose page is at the other end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    Guest,
    Desk,
}

/// A frame within bounds.
pub struct Frame {
    pub text: Utf8Bytes,
    /// It came too soon after the others, and is to be refused.
    pub too_fast: bool,
}

/// One open socket.
pub struct Line {
    pub outbox: Outbox,
    other: End,
    stream: SplitStream<WebSocket>,
    writer: JoinHandle<()>,
    meter: Meter,
    beat: Interval,
    heard: Instant,
    /// Nothing more can be read: what came was broken or far too large.
    broken: bool,
}

impl Line {
    pub fn new(socket: WebSocket, other: End) -> Line {
        let (outbox, inbox) = outbox(match other {
            End::Guest => Space::GUEST,
            End::Desk => Space::DESK,
        });
        let (sink, stream) = socket.split();
        let now = Instant::now();
        let mut beat = interval_at(now + seconds(BEAT), seconds(BEAT));
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Line {
            outbox,
            other,
            stream,
            writer: tokio::spawn(inbox.write(sink)),
            meter: Meter::new(now.into()),
            beat,
            heard: now,
            broken: false,
        }
    }

    /// The first frame. None: there is none in time, and the socket is closing.
    pub async fn hello(&mut self) -> Option<Frame> {
        match timeout(HELLO, self.frame()).await {
            Ok(frame) => frame,
            Err(_) => {
                self.outbox.close(Bye::Silence);
                None
            }
        }
    }

    /// The next frame within bounds. None: the socket is closing or gone.
    pub async fn frame(&mut self) -> Option<Frame> {
        loop {
            let next = tokio::select! {
                biased;
                _ = self.outbox.closing() => return None,
                _ = self.beat.tick() => {
                    self.outbox.send(&ToGuest::Beat);
                    continue;
                }
                // Before the judgement on silence: what came while this side was busy has been said in time.
                next = self.stream.next() => next,
                _ = tokio::time::sleep_until(self.heard + seconds(SILENCE)) => {
                    self.outbox.close(Bye::Silence);
                    return None;
                }
            };
            self.heard = Instant::now();
            match next {
                Some(Ok(Message::Text(text))) if text.len() <= MAX_FRAME => match self.meter.take(self.heard.into(), text.len()) {
                    Pace::Fine => return Some(Frame { text, too_fast: false }),
                    Pace::TooFast => return Some(Frame { text, too_fast: true }),
                    Pace::Misbehaved => {
                        self.outbox.close(Bye::Misbehaved);
                        return None;
                    }
                },
                Some(Ok(Message::Text(_) | Message::Binary(_))) => {
                    self.bad_message();
                    return None;
                }
                // Answered by the library; they count as heard, and towards the pace.
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {
                    if self.meter.take(self.heard.into(), 0) == Pace::Misbehaved {
                        self.outbox.close(Bye::Misbehaved);
                        return None;
                    }
                }
                Some(Ok(Message::Close(_))) | None => return None,
                // Broken, not UTF-8, or far too large: nothing more can be read, but the reason can still be told.
                Some(Err(_)) => {
                    self.broken = true;
                    self.bad_message();
                    return None;
                }
            }
        }
    }

    /// One bad frame costs one connection.
    pub fn bad_message(&self) {
        self.refuse(Code::BadMessage, None, None);
        self.outbox.close(Bye::Misbehaved);
    }

    pub fn refuse(&self, code: Code, contact: Option<String>, re: Option<String>) {
        match self.other {
            End::Guest => self.outbox.send(&ToGuest::Refused { code, re }),
            End::Desk => self.outbox.send(&ToDesk::Refused { code, contact, re }),
        }
    }

    /// It was silenced: see [`Line::swallow`].
    pub fn is_silenced(&self) -> bool {
        self.outbox.is_silenced()
    }

    /// Takes whatever comes and answers nothing, as when what stands behind the web port is lost. At last the connection is
    /// dropped without a word.
    pub async fn swallow(mut self) {
        // Nothing may be written, not even what is half out.
        self.writer.abort();
        let _long_enough = timeout(SILENT, async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Text(_) | Message::Binary(_))) => {}
                    // The library answers these by itself as soon as it is read from again: so it isn't.
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_))) => std::future::pending::<()>().await,
                    Some(Err(_)) if !self.broken => std::future::pending::<()>().await,
                    Some(Err(_)) | None => return,
                }
            }
        })
        .await;
    }

    /// Says goodbye and waits, not for long, until the other end has heard it: closing earlier, with something unread, would
    /// reset the connection and take the goodbye with it.
    pub async fn end(mut self) {
        // Where nobody said why, the other end has gone by itself.
        self.outbox.close(Bye::Over);
        let removed = self.outbox.closing().await == Closing::Bye(Bye::NoSession);
        let _late = timeout(if removed { REMOVED } else { CLOSE }, async {
            while let Some(Ok(_)) = self.stream.next().await {}
            let _ended = (&mut self.writer).await;
        })
        .await;
        if self.broken {
            tokio::time::sleep(LINGER).await;
        }
        self.writer.abort();
    }
}

fn seconds(count: u32) -> Duration {
    Duration::from_secs(u64::from(count))
}
