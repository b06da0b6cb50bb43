//! One direction of a network: packets enter at a time and come out at another, or are lost. It holds neither clock nor
//! socket: it is told the time, and tells when it wants to be asked again.
//!
//! A packet waits in the queue until those before it have left, leaves at the line's rate, and is under way for the delay
//! and what chance adds. Whatever happened since it was asked last happens at its own time then: who asks late (a machine
//! with much to do) gets packets late, but never another rate or another loss.

use super::conditions::{Chances, Conditions, Fate, Script, Tally};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// Packets that are under way at once. It bounds memory where nothing else does: on a line without a rate.
const UNDER_WAY: usize = 16 * 1024;

/// TCP sends what was lost again after a round trip, but no sooner than this.
const SENT_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// How a packet takes it that a network loses some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// UDP: what is lost is lost.
    Datagram,
    /// TCP: what is lost is sent again and so comes late, and nothing is sent that the queue has no room for.
    Segment,
}

/// What became of a packet that was to enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entered {
    /// It is on its way, or will be lost on it.
    Taken,
    /// The queue was full.
    Overflowed,
    /// Nothing passes.
    Outage,
    /// No UDP passes.
    Blocked,
}

struct Waiting<P> {
    kind: Kind,
    wire: u32,
    fate: Fate,
    packet: P,
}

impl<P> Waiting<P> {
    /// What it takes to send it, in nanoseconds of a line of 1 kbit/s.
    fn work(&self) -> u64 {
        u64::from(self.wire) * 8_000_000
    }
}

/// One direction, with packets of the type `P` on it.
pub(super) struct Line<P> {
    now: Duration,
    conditions: Conditions,
    /// What comes, at which time.
    script: VecDeque<(Duration, Conditions)>,
    blocked: bool,
    datagrams: Chances,
    segments: Chances,
    queue: VecDeque<Waiting<P>>,
    /// What is left of the work of sending the queue's first.
    left: u64,
    /// And the work of sending all behind it.
    behind: u64,
    /// By the time of their arrival, then in the order of their leaving; with whether they have to be sent again then.
    under_way: BTreeMap<(Duration, u64), (Waiting<P>, bool)>,
    have_left: u64,
    /// When the last of those arrives that keep their order.
    last_arrives: Duration,
    arrived: Vec<P>,
    tally: Tally,
}

impl<P> Line<P> {
    pub fn new(seed: u64) -> Line<P> {
        Line {
            now: Duration::ZERO,
            conditions: Conditions::default(),
            script: VecDeque::new(),
            blocked: false,
            datagrams: Chances::new(seed),
            segments: Chances::new(seed ^ u64::MAX),
            queue: VecDeque::new(),
            left: 0,
            behind: 0,
            under_way: BTreeMap::new(),
            have_left: 0,
            last_arrives: Duration::ZERO,
            arrived: Vec::new(),
            tally: Tally::default(),
        }
    }

    pub fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// A packet came for an address that the client no longer has.
    pub fn went_astray(&mut self, wire: u32) {
        self.tally.astray.add(wire);
    }

    /// From now on the script holds, and no other.
    pub fn play(&mut self, now: Duration, script: &Script) {
        self.go_on_to(now);
        self.script = script.steps.iter().map(|(after, conditions)| (self.now + *after, *conditions)).collect();
        self.go_on_to(now);
    }

    /// From now on UDP passes, or doesn't.
    pub fn block(&mut self, now: Duration, blocked: bool) {
        self.go_on_to(now);
        self.blocked = blocked;
        if blocked {
            self.drop_datagrams(|tally, wire| tally.blocked.add(wire));
        }
    }

    /// Whether a segment may enter: not into an outage, and not where it leaves no room for datagrams.
    pub fn takes_a_segment(&mut self, now: Duration) -> bool {
        self.go_on_to(now);
        !self.conditions.outage && self.wait() <= self.conditions.queue / 2 && self.under_way.len() < UNDER_WAY
    }

    /// A packet with so many bytes on the wire. A segment enters only where the line takes one.
    pub fn enter(&mut self, now: Duration, kind: Kind, wire: u32, packet: P) -> Entered {
        self.go_on_to(now);
        let fate = match kind {
            Kind::Datagram => self.datagrams.draw(&self.conditions),
            Kind::Segment => self.segments.draw(&self.conditions),
        };
        if kind == Kind::Datagram {
            if self.blocked {
                self.tally.blocked.add(wire);
                return Entered::Blocked;
            }
            if self.conditions.outage {
                self.tally.outage.add(wire);
                return Entered::Outage;
            }
            if self.wait() > self.conditions.queue || self.under_way.len() >= UNDER_WAY {
                self.tally.overflowed.add(wire);
                return Entered::Overflowed;
            }
        }
        self.wait_in_queue(Waiting { kind, wire, fate, packet });
        self.go_on_to(now);
        Entered::Taken
    }

    /// What has arrived by now, in its order.
    pub fn arrived(&mut self, now: Duration) -> Vec<P> {
        self.go_on_to(now);
        std::mem::take(&mut self.arrived)
    }

    /// When something happens next, if nothing enters before.
    pub fn next(&self) -> Option<Duration> {
        let changes = self.script.front().map(|change| change.0);
        let arrives = self.under_way.first_key_value().map(|(key, _)| key.0);
        [changes, self.leaves(), arrives].into_iter().flatten().min()
    }

    /// When the queue's first has left.
    fn leaves(&self) -> Option<Duration> {
        if self.queue.is_empty() || self.conditions.outage {
            return None;
        }
        let takes = self.conditions.kbits.map_or(0, |kbits| self.left.div_ceil(u64::from(kbits)));
        Some(self.now + Duration::from_nanos(takes))
    }

    /// How long a packet that enters now would wait until it begins to leave.
    fn wait(&self) -> Duration {
        let Some(kbits) = self.conditions.kbits else { return Duration::ZERO };
        Duration::from_nanos((self.left + self.behind) / u64::from(kbits))
    }

    /// Everything that happens until then, each at its time.
    fn go_on_to(&mut self, now: Duration) {
        while let Some(at) = self.next().filter(|at| *at <= now) {
            self.pass_time(at);
            if let Some(first) = self.under_way.first_entry().filter(|first| first.key().0 <= at) {
                let (packet, sent_again) = first.remove();
                self.arrive(packet, sent_again);
            } else if self.leaves().is_some_and(|leaves| leaves <= at) {
                self.leave();
            } else if let Some((_, conditions)) = self.script.pop_front() {
                self.change(conditions);
            }
        }
        self.pass_time(now);
    }

    fn pass_time(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.now);
        self.now = self.now.max(now);
        if let Some(kbits) = self.conditions.kbits
            && !self.conditions.outage
        {
            let done = passed.as_nanos().saturating_mul(u128::from(kbits));
            self.left = self.left.saturating_sub(u64::try_from(done).unwrap_or(u64::MAX));
        }
    }

    fn wait_in_queue(&mut self, packet: Waiting<P>) {
        if self.queue.is_empty() {
            self.left = packet.work();
        } else {
            self.behind += packet.work();
        }
        self.queue.push_back(packet);
    }

    /// The queue has another first; nothing of it has been sent yet.
    fn begin_with_first(&mut self) {
        self.left = self.queue.front().map_or(0, Waiting::work);
        self.behind = self.queue.iter().skip(1).map(Waiting::work).sum();
    }

    /// The queue's first has left.
    fn leave(&mut self) {
        let Some(first) = self.queue.pop_front() else { return };
        self.left = self.queue.front().map_or(0, Waiting::work);
        self.behind -= self.left;
        let Fate { lost, extra, held_back } = first.fate;
        if lost {
            self.tally.lost.add(first.wire);
            if first.kind == Kind::Segment {
                let again = self.now + SENT_AGAIN_AFTER.max(self.conditions.delay * 2);
                self.set_out(again, first, true);
            }
            return;
        }
        let arrives = self.now + self.conditions.delay + extra;
        let arrives = match held_back {
            Some(longer) => arrives + longer,
            None => {
                self.last_arrives = self.last_arrives.max(arrives);
                self.last_arrives
            }
        };
        self.set_out(arrives, first, false);
    }

    fn set_out(&mut self, arrives: Duration, packet: Waiting<P>, sent_again: bool) {
        self.under_way.insert((arrives, self.have_left), (packet, sent_again));
        self.have_left += 1;
    }

    fn arrive(&mut self, mut packet: Waiting<P>, sent_again: bool) {
        if sent_again {
            packet.fate = self.segments.draw(&self.conditions);
            self.wait_in_queue(packet);
            return;
        }
        match packet.kind {
            Kind::Datagram => self.tally.datagrams.add(packet.wire),
            Kind::Segment => self.tally.segments.add(packet.wire),
        }
        self.arrived.push(packet.packet);
    }

    fn change(&mut self, conditions: Conditions) {
        self.conditions = conditions;
        if conditions.outage {
            self.drop_datagrams(|tally, wire| tally.outage.add(wire));
            // TCP sends again what didn't arrive: it waits for the end of the outage, in its old order and before the rest.
            let mut back: Vec<_> = std::mem::take(&mut self.under_way).into_iter().map(|((_, left), (packet, _))| (left, packet)).collect();
            back.sort_by_key(|(left, _)| *left);
            for (_, packet) in back.into_iter().rev() {
                self.queue.push_front(packet);
            }
            self.begin_with_first();
            self.last_arrives = self.now;
        } else if let Some(kbits) = conditions.kbits {
            // The queue got longer in time with a rate that fell: what waits too long is lost, the last first.
            let mut before = 0;
            let waiting = std::mem::take(&mut self.queue);
            for (at, packet) in waiting.into_iter().enumerate() {
                let waits = Duration::from_nanos(before / u64::from(kbits));
                if packet.kind == Kind::Datagram && waits > conditions.queue {
                    self.tally.overflowed.add(packet.wire);
                } else {
                    before += if at == 0 { self.left } else { packet.work() };
                    self.queue.push_back(packet);
                }
            }
            self.behind = before.saturating_sub(self.left);
        }
    }

    /// All datagrams on the line are lost, for the given reason.
    fn drop_datagrams(&mut self, count: impl Fn(&mut Tally, u32)) {
        let first_goes = self.queue.front().is_some_and(|first| first.kind == Kind::Datagram);
        let tally = &mut self.tally;
        let mut stays = |packet: &Waiting<P>| {
            let stays = packet.kind == Kind::Segment;
            if !stays {
                count(tally, packet.wire);
            }
            stays
        };
        self.queue.retain(&mut stays);
        self.under_way.retain(|_, (packet, _)| stays(packet));
        let left = self.left;
        self.begin_with_first();
        if !first_goes {
            self.left = left;
        }
    }
}

#[cfg(test)]
mod tests;
