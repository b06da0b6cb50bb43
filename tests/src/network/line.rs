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
mod tests {
    use super::super::conditions::{Bursts, Conditions, Reordering, Script, Tally};
    use super::{Entered, Kind, Line};
    use std::time::Duration;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn line(conditions: Conditions) -> Line<u32> {
        let mut line = Line::new(7);
        line.play(Duration::ZERO, &Script::new(conditions));
        line
    }

    /// So many datagrams of 125 bytes enter, one every `apart`; when each that arrives has entered and arrives.
    fn sent(line: &mut Line<u32>, count: u32, apart: Duration) -> Vec<(Duration, Duration, u32)> {
        let mut arrived = Vec::new();
        let mut go_on = |line: &mut Line<u32>, until: Duration| {
            while let Some(at) = line.next().filter(|at| *at < until) {
                arrived.extend(line.arrived(at).into_iter().map(|number| (apart * number, at, number)));
            }
            arrived.extend(line.arrived(until).into_iter().map(|number| (apart * number, until, number)));
        };
        for number in 0..count {
            go_on(line, apart * number);
            line.enter(apart * number, Kind::Datagram, 125, number);
            go_on(line, apart * number);
        }
        go_on(line, apart * count + Duration::from_secs(60));
        arrived
    }

    /// All are accounted for.
    fn in_all(tally: &Tally) -> u64 {
        [tally.datagrams, tally.segments, tally.lost, tally.overflowed, tally.outage, tally.blocked].iter().map(|one| one.packets).sum()
    }

    #[test]
    fn without_conditions_nothing_is_lost_or_late() {
        let mut line = line(Conditions::default());
        let arrived = sent(&mut line, 10_000, ms(1));
        assert_eq!(arrived.len(), 10_000);
        assert!(arrived.iter().enumerate().all(|(at, (entered, came, number))| entered == came && *number == at as u32));
        assert_eq!(line.tally().carried().bytes, 1_250_000);
    }

    #[test]
    fn of_100_kbits_and_10_percent_loss_90_kbits_arrive_and_the_rest_has_a_name() {
        // 300 kbit/s for 100 s.
        let mut line = line(Conditions { kbits: Some(100), loss: 0.1, ..Conditions::default() });
        sent(&mut line, 30_000, Duration::from_micros(3_333));
        let tally = line.tally();
        let kbits = |bytes: u64| bytes as f64 * 8.0 / 100_000.0;
        assert!((kbits(tally.carried().bytes) / 90.0 - 1.0).abs() < 0.05, "{tally:?}");
        assert!((tally.lost.packets as f64 / (tally.lost.packets + tally.carried().packets) as f64 / 0.1 - 1.0).abs() < 0.05, "{tally:?}");
        assert!((kbits(tally.overflowed.bytes) / 200.0 - 1.0).abs() < 0.05, "{tally:?}");
        assert_eq!(in_all(&tally), 30_000);
    }

    #[test]
    fn nothing_waits_longer_than_the_queue_and_a_line_with_room_loses_nothing() {
        let narrow = Conditions { kbits: Some(100), queue: ms(200), ..Conditions::default() };
        let mut full = line(narrow);
        let waits: Vec<_> = sent(&mut full, 5_000, ms(5)).iter().map(|(entered, came, _)| *came - *entered).collect();
        assert_eq!(waits.iter().max(), Some(&ms(210)), "the queue, and its own 10 ms of leaving");
        assert!(full.tally().overflowed.packets > 2_400);
        let mut free = line(narrow);
        assert!(sent(&mut free, 5_000, ms(11)).iter().all(|(entered, came, _)| *came - *entered == ms(10)));
        assert_eq!(free.tally().overflowed.packets, 0);
    }

    #[test]
    fn jitter_keeps_its_bounds_and_the_order() {
        let arrived = sent(&mut line(Conditions { delay: ms(150), jitter: ms(60), ..Conditions::default() }), 10_000, ms(10));
        assert!(arrived.iter().all(|(entered, came, _)| (ms(150)..ms(211)).contains(&(*came - *entered))));
        assert!(arrived.windows(2).all(|two| two[0].2 < two[1].2), "in order");
        let latest = arrived.iter().map(|(entered, came, _)| *came - *entered).max();
        assert!(latest > Some(ms(205)), "{latest:?} of up to 210 ms");
    }

    #[test]
    fn a_share_of_all_is_overtaken() {
        let reordering = Some(Reordering { share: 0.05, by: ms(25) });
        let arrived = sent(&mut line(Conditions { reordering, ..Conditions::default() }), 20_000, ms(10));
        assert_eq!(arrived.len(), 20_000);
        let mut highest = 0;
        let mut is_overtaken = |number: u32| {
            highest = highest.max(number);
            highest > number
        };
        let overtaken = arrived.iter().filter(|(_, _, number)| is_overtaken(*number)).count();
        assert!((overtaken as f64 / 1_000.0 - 1.0).abs() < 0.05, "{overtaken}");
    }

    #[test]
    fn the_same_seed_loses_the_same_packets_and_another_loses_others() {
        let poor = Conditions { loss: 0.05, bursts: Some(Bursts { share: 0.05, length: 3.0 }), ..Conditions::default() };
        let of = |seed| {
            let mut line = Line::new(seed);
            line.play(Duration::ZERO, &Script::new(poor));
            sent(&mut line, 2_000, ms(1)).into_iter().map(|(_, _, number)| number).collect::<Vec<_>>()
        };
        assert_eq!(of(1), of(1));
        assert_ne!(of(1), of(2));
    }

    #[test]
    fn an_outage_takes_what_enters_and_what_is_under_way_and_nothing_after() {
        let far = Conditions { delay: ms(100), ..Conditions::default() };
        let mut line = Line::new(1);
        line.play(Duration::ZERO, &Script::new(far).then(ms(1_000), Conditions::outage()).then(ms(500), far));
        let numbers: Vec<_> = sent(&mut line, 200, ms(10)).into_iter().map(|(_, _, number)| number).collect();
        // What has entered by 900 ms arrives in time, or just as the outage begins.
        assert_eq!(numbers, (0..=90).chain(150..200).collect::<Vec<_>>());
        assert_eq!(line.tally().outage.packets, 59);
    }

    #[test]
    fn who_asks_late_gets_what_was_promised() {
        let script = Script::new(Conditions { kbits: Some(10), ..Conditions::default() })
            .then(ms(1_000), Conditions { kbits: Some(100), ..Conditions::default() })
            .then(ms(1_000), Conditions::outage());
        let mut line = Line::new(1);
        line.play(Duration::ZERO, &script);
        // Each takes 100 ms, the queue holds five and one is leaving.
        let entered: Vec<_> = (0..8).map(|number| line.enter(Duration::ZERO, Kind::Datagram, 125, number)).collect();
        assert_eq!(entered, [[Entered::Taken; 6].as_slice(), &[Entered::Overflowed; 2]].concat());
        assert_eq!(line.arrived(Duration::from_secs(100)), [0, 1, 2, 3, 4, 5]);
        assert_eq!(line.enter(Duration::from_secs(100), Kind::Datagram, 125, 9), Entered::Outage);
    }

    #[test]
    fn a_rate_that_falls_in_the_middle_of_a_packet_sends_its_rest_slowly_and_keeps_no_longer_queue() {
        let mut line = line(Conditions { kbits: Some(100), ..Conditions::default() });
        for number in 0..20 {
            line.enter(Duration::ZERO, Kind::Datagram, 125, number);
        }
        line.play(ms(5), &Script::new(Conditions { kbits: Some(10), ..Conditions::default() }));
        assert_eq!(line.next(), Some(ms(55)), "half of the first was left");
        assert_eq!(line.arrived(Duration::from_secs(10)), [0, 1, 2, 3, 4, 5]);
        assert_eq!(line.tally().overflowed.packets, 14);
    }

    #[test]
    fn tcp_loses_nothing_comes_late_and_leaves_room_for_datagrams() {
        let mut line = line(Conditions { kbits: Some(100), loss: 0.2, ..Conditions::default() });
        let (mut now, mut entered, mut arrived) = (Duration::ZERO, 0, Vec::new());
        while entered < 1_000 {
            while line.takes_a_segment(now) {
                line.enter(now, Kind::Segment, 125, entered);
                entered += 1;
            }
            assert_eq!(line.enter(now, Kind::Datagram, 12, u32::MAX), Entered::Taken, "a full line of TCP has room for voice");
            now += ms(10);
            arrived.extend(line.arrived(now).into_iter().filter(|number| *number < u32::MAX));
        }
        line.play(now, &Script::new(Conditions::outage()));
        assert!(!line.takes_a_segment(now), "nothing enters an outage");
        now += Duration::from_secs(30);
        assert_eq!(line.arrived(now), [0; 0], "nor leaves it");
        line.play(now, &Script::new(Conditions::default()));
        arrived.extend(line.arrived(now + Duration::from_secs(10)));
        assert!(arrived.windows(2).any(|two| two[0] > two[1]), "what was lost came late");
        arrived.sort_unstable();
        assert_eq!(arrived, (0..entered).collect::<Vec<_>>(), "each once");
        assert!(line.tally().lost.packets > 150);
    }

    #[test]
    fn blocked_udp_is_lost_both_on_the_way_and_at_the_door_while_tcp_goes_on() {
        let mut line = line(Conditions { kbits: Some(100), delay: ms(100), ..Conditions::default() });
        for number in 0..4 {
            line.enter(Duration::ZERO, if number % 2 == 0 { Kind::Datagram } else { Kind::Segment }, 125, number);
        }
        line.block(ms(25), true);
        assert_eq!(line.enter(ms(25), Kind::Datagram, 125, 4), Entered::Blocked);
        assert_eq!(line.arrived(Duration::from_secs(1)), [1, 3]);
        assert_eq!(line.tally().blocked.packets, 3);
        line.block(Duration::from_secs(1), false);
        assert_eq!(line.enter(Duration::from_secs(1), Kind::Datagram, 125, 5), Entered::Taken);
        assert_eq!(line.arrived(Duration::from_secs(2)), [5]);
    }
}
