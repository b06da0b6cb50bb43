//! What the relay's tasks share: the core behind a lock, the clock, and the ways to send.

use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use sidelight_relay::{Client, Config, Ended, Event, Outgoing, Relay, Time, Via};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::outbox::{Outbox, Straight};
use super::udp;
use crate::listener::crowd::{Crowd, Inside};
use crate::proxies::Proxies;

/// Streams in all: each costs about 20 KB. One more is closed at once.
const MOST_STREAMS: usize = 4_096;

/// How many of them one client may have.
const OF_ONE_CLIENT: usize = MOST_STREAMS / 4;

/// A stream as the relay and its own task know it.
#[derive(Clone)]
pub(super) struct Stream {
    pub outbox: Arc<Outbox>,
    pub close: Arc<Notify>,
    _inside: Arc<Inside>,
}

pub(super) struct Shared {
    core: Mutex<Relay>,
    sockets: Vec<UdpSocket>,
    streams: Mutex<HashMap<u32, Stream>>,
    crowd: Arc<Crowd>,
    next_stream: AtomicU32,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    stopped: AtomicBool,
    started: Instant,
    started_at: Time,
}

impl Shared {
    pub(super) fn new(config: Config, sockets: Vec<UdpSocket>, proxies: Proxies) -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Shared {
            core: Mutex::new(Relay::new(config)),
            sockets,
            streams: Mutex::default(),
            crowd: Crowd::new(OF_ONE_CLIENT, proxies),
            next_stream: AtomicU32::new(0),
            tasks: Mutex::default(),
            stopped: AtomicBool::new(false),
            started: Instant::now(),
            started_at: Time::try_from(since_1970.as_millis()).unwrap_or_default(),
        }
    }

    /// The wall clock as it was at start, and steady since: a clock that is set meanwhile ends no call.
    pub(super) fn now(&self) -> Time {
        self.started_at + Time::try_from(self.started.elapsed().as_millis()).unwrap_or(Time::MAX / 2)
    }

    /// The core. The lock is held for less than a microsecond for a packet, and never across a send or an await.
    pub(super) fn core(&self) -> MutexGuard<'_, Relay> {
        lock(&self.core)
    }

    pub(super) fn sockets(&self) -> u16 {
        u16::try_from(self.sockets.len()).unwrap_or(u16::MAX)
    }

    pub(super) fn socket(&self, number: u16) -> Option<&UdpSocket> {
        self.sockets.get(usize::from(number))
    }

    /// Handles one frame and sends what comes of it.
    pub(super) fn handle(&self, client: Client, frame: &mut [u8], scratch: &mut Vec<u8>) {
        let mut core = self.core();
        let outgoing = core.handle(self.now(), client, frame, scratch);
        let events = if core.has_events() { core.take_events() } else { Vec::new() };
        drop(core);
        if let Some(outgoing) = outgoing {
            self.send(&outgoing);
        }
        self.heed(events);
    }

    /// Sends without waiting: what can't go now is lost, as it may be on any network. Media would rather lose than wait.
    fn send(&self, outgoing: &Outgoing<'_>) {
        match outgoing.to.via {
            Via::Udp(number) => {
                if let Some(socket) = self.socket(number) {
                    udp::send(socket, outgoing.bytes, outgoing.to.address);
                }
            }
            Via::Stream(number) => {
                let outbox = lock(&self.streams).get(&number).map(|stream| Arc::clone(&stream.outbox));
                if let Some(outbox) = outbox {
                    outbox.send(outgoing.bytes);
                }
            }
        }
    }

    /// Acts on what happened: a stream whose allocation ended against its will has nothing more to do here.
    pub(super) fn heed(&self, events: Vec<Event>) {
        for event in events {
            match event {
                Event::AllocationEnded { client, why: Ended::Revoked | Ended::Expired | Ended::GaveWay, .. } => {
                    if let Via::Stream(number) = client.via
                        && let Some(stream) = lock(&self.streams).remove(&number)
                    {
                        stream.close.notify_one();
                    }
                }
                Event::AllocationEnded { why: Ended::GivenBack | Ended::Closed, .. } => {}
                Event::PeerGone { usage, .. } => {
                    tracing::debug!(sent = usage.sent, received = usage.received, "a peer left the relay");
                }
            }
        }
    }

    /// A place for a new stream; None when there are too many, in all or of this client. `straight`: where frames may be written without its task.
    pub(super) fn open_stream(&self, straight: Option<Straight>, address: SocketAddr) -> Option<(u32, Stream)> {
        let mut streams = lock(&self.streams);
        if streams.len() >= MOST_STREAMS {
            return None;
        }
        let inside = Arc::new(self.crowd.enter(address.ip())?);
        let number = self.next_stream.fetch_add(1, Ordering::Relaxed);
        let stream = Stream { outbox: Arc::new(Outbox::new(straight)), close: Arc::default(), _inside: inside };
        streams.insert(number, stream.clone());
        Some((number, stream))
    }

    pub(super) fn close_stream(&self, client: Client) {
        if let Via::Stream(number) = client.via {
            lock(&self.streams).remove(&number);
        }
        let mut core = self.core();
        core.gone(client);
        let events = core.take_events();
        drop(core);
        self.heed(events);
    }

    /// Keeps a task until [`Shared::stop`].
    pub(super) fn keep(&self, task: JoinHandle<()>) {
        lock(&self.tasks).push(task);
    }

    pub(super) fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        for task in lock(&self.tasks).drain(..) {
            task.abort();
        }
        for (_, stream) in lock(&self.streams).drain() {
            stream.close.notify_one();
        }
    }
}

/// A panic elsewhere must not take the relay with it: what the lock guards is whole after each call.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
