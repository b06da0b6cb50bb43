//! One phone's access to the network: its two lines, on the real clock.

use super::conditions::{Conditions, Script, Tally};
use super::line::{Entered, Kind, Line};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

/// What is done with a packet when it arrives. It must neither wait nor ask for the lines: they are locked, so that
/// packets keep their order.
pub(super) type Arrival = Box<dyn FnOnce() + Send>;

/// From the phone, or to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
}

/// What became of everything so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// From the phone.
    pub up: Tally,
    /// To the phone.
    pub down: Tally,
}

/// The network of one phone, until the last copy of it goes.
#[derive(Clone)]
pub struct Access {
    lines: Arc<Lines>,
    _clockwork: Arc<Clockwork>,
}

struct Lines {
    began: Instant,
    both: Mutex<Both>,
    /// Something happens sooner than was known.
    sooner: Notify,
    /// Something happened: what waits for room may look again.
    room: Notify,
}

struct Both {
    up: Line<Arrival>,
    down: Line<Arrival>,
    /// When the clockwork looks next.
    looks: Option<Duration>,
}

/// The task that lets packets arrive in time.
struct Clockwork(JoinHandle<()>);

impl Drop for Clockwork {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Access {
    /// Without conditions as yet. The same seed loses the same packets: the nth datagram, the nth segment, of each direction.
    pub fn new(seed: u64) -> Access {
        let both = Both { up: Line::new(seed), down: Line::new(seed ^ (1 << 63)), looks: None };
        let lines = Arc::new(Lines { began: Instant::now(), both: Mutex::new(both), sooner: Notify::new(), room: Notify::new() });
        let clockwork = tokio::spawn(run(lines.clone()));
        Access { lines, _clockwork: Arc::new(Clockwork(clockwork)) }
    }

    /// From now on these conditions hold, both ways.
    pub fn set(&self, conditions: Conditions) {
        self.play(&Script::new(conditions));
    }

    /// The script begins now, both ways.
    pub fn play(&self, script: &Script) {
        self.play_each(script, script);
    }

    /// One script begins now for what the phone sends, and one for what it receives.
    pub fn play_each(&self, up: &Script, down: &Script) {
        self.lines.change(|both, now| {
            both.up.play(now, up);
            both.down.play(now, down);
        });
    }

    /// From now on no UDP passes, either way. TCP goes on.
    pub fn block(&self) {
        self.set_blocked(true);
    }

    /// UDP passes again.
    pub fn unblock(&self) {
        self.set_blocked(false);
    }

    fn set_blocked(&self, blocked: bool) {
        self.lines.change(|both, now| {
            both.up.block(now, blocked);
            both.down.block(now, blocked);
        });
    }

    /// What became of all packets until now, by their outcome.
    pub fn carried(&self) -> Carried {
        self.lines.change(|_, _| {});
        let both = self.lines.lock();
        Carried { up: both.up.tally(), down: both.down.tally() }
    }

    /// There and back, without waiting and without jitter.
    pub(super) fn round_trip(&self) -> Duration {
        let both = self.lines.lock();
        both.up.conditions().delay + both.down.conditions().delay
    }

    /// A datagram, with the bytes it has on the wire.
    pub(super) fn send(&self, direction: Direction, wire: u32, arrival: Arrival) -> Entered {
        self.lines.change(|both, now| both.line(direction).enter(now, Kind::Datagram, wire, arrival))
    }

    /// A segment of TCP, which waits for its turn.
    pub(super) async fn send_segment(&self, direction: Direction, wire: u32, arrival: Arrival) {
        let mut arrival = Some(arrival);
        self.when_there_is_room(|both, now| {
            let line = both.line(direction);
            let takes = line.takes_a_segment(now);
            if takes && let Some(arrival) = arrival.take() {
                line.enter(now, Kind::Segment, wire, arrival);
            }
            takes
        })
        .await;
    }

    /// Until there is no outage, either way.
    pub(super) async fn until_open(&self) {
        self.when_there_is_room(|both, _| !both.up.conditions().outage && !both.down.conditions().outage).await;
    }

    async fn when_there_is_room(&self, mut is_done: impl FnMut(&mut Both, Duration) -> bool) {
        loop {
            let room = self.lines.room.notified();
            tokio::pin!(room);
            // Before looking, so that room which comes right after it is noticed.
            room.as_mut().enable();
            if self.lines.change(&mut is_done) {
                return;
            }
            room.await;
        }
    }

    /// A datagram came for an address that the phone no longer has.
    pub(super) fn went_astray(&self, wire: u32) {
        self.lines.lock().down.went_astray(wire);
    }
}

impl Both {
    fn line(&mut self, direction: Direction) -> &mut Line<Arrival> {
        match direction {
            Direction::Up => &mut self.up,
            Direction::Down => &mut self.down,
        }
    }

    fn arrive(&mut self, now: Duration) {
        for line in [&mut self.up, &mut self.down] {
            for arrival in line.arrived(now) {
                arrival();
            }
        }
    }

    fn next(&self) -> Option<Duration> {
        [self.up.next(), self.down.next()].into_iter().flatten().min()
    }
}

impl Lines {
    fn lock(&self) -> MutexGuard<'_, Both> {
        self.both.lock().expect("no holder panics")
    }

    /// Does something at this moment, lets arrive what has come by now, and tells the clockwork if it has to look sooner.
    fn change<R>(&self, what: impl FnOnce(&mut Both, Duration) -> R) -> R {
        let mut both = self.lock();
        let now = self.began.elapsed();
        both.arrive(now);
        let conditions = (*both.up.conditions(), *both.down.conditions());
        let result = what(&mut both, now);
        both.arrive(now);
        if both.next().is_some_and(|next| both.looks.is_none_or(|looks| next < looks)) {
            self.sooner.notify_one();
        }
        if (*both.up.conditions(), *both.down.conditions()) != conditions {
            self.room.notify_waiters();
        }
        result
    }
}

async fn run(lines: Arc<Lines>) {
    loop {
        let next = {
            let mut both = lines.lock();
            both.arrive(lines.began.elapsed());
            both.looks = both.next();
            both.looks
        };
        lines.room.notify_waiters();
        match next {
            Some(at) => tokio::select! {
                () = sleep_until(lines.began + at) => {}
                () = lines.sooner.notified() => {}
            },
            None => lines.sooner.notified().await,
        }
    }
}
