//! What a network does to what is sent through it, and how that changes over time. Plain values: no clock, no sockets.

use std::time::Duration;

/// What one direction of a network does to a packet. By default nothing: all arrives, at once and in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// How much it carries: thousands of bits in a second, with the headers of IP and UDP or TCP. No limit if none.
    pub kbits: Option<u32>,
    /// The longest that a packet waits until it begins to leave, at the present rate. Longer makes a call late where
    /// shorter makes it lose.
    pub queue: Duration,
    /// How long a packet is under way once it has left.
    pub delay: Duration,
    /// Each packet takes up to this much longer, evenly spread; they stay in order.
    pub jitter: Duration,
    /// The share of packets that are lost, each by itself.
    pub loss: f64,
    /// What is lost besides, many in a row. With `loss` it makes the model of Gilbert and Elliott.
    pub bursts: Option<Bursts>,
    /// The share of packets that go astray for a while, so that later ones overtake them.
    pub reordering: Option<Reordering>,
    /// Nothing passes, and what was under way is lost.
    pub outage: bool,
}

/// Loss in bursts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bursts {
    /// The share of all packets that is lost so, in the long run.
    pub share: f64,
    /// How many packets in a row a burst takes, in the mean. At least one.
    pub length: f64,
}

/// Packets out of their order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reordering {
    pub share: f64,
    /// How much longer such a packet takes. No packet is overtaken where the next comes later than that.
    pub by: Duration,
}

impl Default for Conditions {
    fn default() -> Conditions {
        Conditions {
            kbits: None,
            queue: Duration::from_millis(500),
            delay: Duration::ZERO,
            jitter: Duration::ZERO,
            loss: 0.0,
            bursts: None,
            reordering: None,
            outage: false,
        }
    }
}

impl Conditions {
    /// Nothing passes.
    pub fn outage() -> Conditions {
        Conditions { outage: true, ..Conditions::default() }
    }

    /// A test that asks for what can't be would otherwise measure something else than it says.
    pub(super) fn checked(self) -> Conditions {
        let share = |share: f64| assert!((0.0..=1.0).contains(&share), "{share} is no share");
        assert!(self.kbits != Some(0), "a line that carries nothing is an outage");
        share(self.loss);
        if let Some(bursts) = self.bursts {
            share(bursts.share);
            assert!(bursts.length >= 1.0, "a burst takes at least one packet");
            assert!(bursts.begins() <= 1.0, "bursts of {} packets in the mean can't be {} of all", bursts.length, bursts.share);
        }
        if let Some(reordering) = self.reordering {
            share(reordering.share);
        }
        self
    }
}

impl Bursts {
    /// How likely a burst begins with the packet after one that passed.
    pub(super) fn begins(self) -> f64 {
        if self.share == 0.0 { 0.0 } else { self.share / (self.length * (1.0 - self.share)) }
    }

    /// How likely it is over with the packet after one that it took.
    pub(super) fn ends(self) -> f64 {
        1.0 / self.length
    }
}

/// Conditions one after the other.
#[derive(Clone, Debug)]
pub struct Script {
    /// When each step begins, from the beginning of the script; the first at once.
    pub(super) steps: Vec<(Duration, Conditions)>,
}

impl Script {
    pub fn new(first: Conditions) -> Script {
        Script { steps: vec![(Duration::ZERO, first.checked())] }
    }

    /// So much after the step before began, these conditions follow.
    #[must_use]
    pub fn then(mut self, after: Duration, next: Conditions) -> Script {
        let begun = self.steps.last().map_or(Duration::ZERO, |step| step.0);
        self.steps.push((begun + after, next.checked()));
        self
    }
}

/// How many packets, and their bytes on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub packets: u64,
    pub bytes: u64,
}

impl Count {
    pub(super) fn add(&mut self, bytes: u32) {
        self.packets += 1;
        self.bytes += u64::from(bytes);
    }
}

/// What became of all packets of one direction, by their outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Came through, by UDP.
    pub datagrams: Count,
    /// Came through, by TCP.
    pub segments: Count,
    /// Were lost by chance. A segment of TCP among them was sent again, and is counted again.
    pub lost: Count,
    /// Found the queue full.
    pub overflowed: Count,
    /// Met an outage, on the way or at the beginning of it.
    pub outage: Count,
    /// Were UDP while UDP was blocked.
    pub blocked: Count,
    /// Came for an address that the client no longer has.
    pub astray: Count,
}

impl Tally {
    /// All that came through.
    pub fn carried(&self) -> Count {
        Count { packets: self.datagrams.packets + self.segments.packets, bytes: self.datagrams.bytes + self.segments.bytes }
    }
}

/// The chances of one kind of packet in one direction: the same seed gives the nth packet the same fate in every run,
/// whatever time it comes and whatever became of others.
pub(super) struct Chances {
    seed: u64,
    packets: u64,
    in_burst: bool,
}

/// What was drawn for a packet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fate {
    pub lost: bool,
    /// How long it takes besides.
    pub extra: Duration,
    /// How long it is overtaken for.
    pub held_back: Option<Duration>,
}

impl Chances {
    pub fn new(seed: u64) -> Chances {
        // People give small seeds, which differ in few bits.
        Chances { seed: mix(seed), packets: 0, in_burst: false }
    }

    /// The next packet's fate. As much is drawn for each, whether it is needed or not: conditions that change don't shift
    /// the chances of what comes later.
    pub fn draw(&mut self, conditions: &Conditions) -> Fate {
        let mut at = self.seed ^ mix(self.packets.wrapping_add(1));
        self.packets += 1;
        let mut next = || {
            at = at.wrapping_add(0x9e37_79b9_7f4a_7c15);
            // 53 bits are what a float holds between 0 and 1.
            (mix(at) >> 11) as f64 / (1_u64 << 53) as f64
        };
        let (alone, burst, extra, overtaken) = (next(), next(), next(), next());
        self.in_burst = match conditions.bursts {
            Some(bursts) if self.in_burst => burst >= bursts.ends(),
            Some(bursts) => burst < bursts.begins(),
            None => false,
        };
        Fate {
            lost: self.in_burst || alone < conditions.loss,
            extra: conditions.jitter.mul_f64(extra),
            held_back: conditions.reordering.filter(|reordering| overtaken < reordering.share).map(|reordering| reordering.by),
        }
    }
}

/// Spreads every bit of a number over all bits of the result (the last step of SplitMix64, which is in the public domain).
fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Bursts, Chances, Conditions, Fate, Reordering};
    use std::time::Duration;

    const MANY: usize = 200_000;

    fn fates(seed: u64, conditions: Conditions) -> Vec<Fate> {
        let mut chances = Chances::new(seed);
        (0..MANY).map(|_| chances.draw(&conditions)).collect()
    }

    fn share(fates: &[Fate], of: impl Fn(&Fate) -> bool) -> f64 {
        fates.iter().filter(|fate| of(fate)).count() as f64 / fates.len() as f64
    }

    /// Within 5% of what was asked for.
    #[track_caller]
    fn about(measured: f64, asked: f64) {
        assert!((measured / asked - 1.0).abs() < 0.05, "{measured} in place of {asked}");
    }

    const POOR: Conditions = Conditions {
        kbits: None,
        queue: Duration::ZERO,
        delay: Duration::ZERO,
        jitter: Duration::from_millis(40),
        loss: 0.1,
        bursts: None,
        reordering: Some(Reordering { share: 0.05, by: Duration::from_millis(30) }),
        outage: false,
    };

    #[test]
    fn without_conditions_nothing_is_lost_or_late() {
        let fine = Fate { lost: false, extra: Duration::ZERO, held_back: None };
        assert!(fates(1, Conditions::default()).iter().all(|fate| *fate == fine));
    }

    #[test]
    fn as_many_are_lost_and_overtaken_as_was_asked_whatever_the_seed() {
        for seed in 0..8 {
            let fates = fates(seed, POOR);
            about(share(&fates, |fate| fate.lost), 0.1);
            about(share(&fates, |fate| fate.held_back.is_some()), 0.05);
            let extra = fates.iter().map(|fate| fate.extra.as_secs_f64()).sum::<f64>() / MANY as f64;
            about(extra, 0.02);
            // One is no more likely lost after another.
            let again = fates.windows(2).filter(|two| two[0].lost && two[1].lost).count() as f64;
            about(again / MANY as f64, 0.01);
        }
    }

    #[test]
    fn bursts_take_their_share_and_have_their_length() {
        for (share_asked, length_asked) in [(0.1, 4.0), (0.05, 1.0), (0.3, 10.0)] {
            let bursts = Some(Bursts { share: share_asked, length: length_asked });
            let fates = fates(5, Conditions { bursts, ..Conditions::default() });
            let lost = share(&fates, |fate| fate.lost);
            about(lost, share_asked);
            let begun = fates.windows(2).filter(|two| !two[0].lost && two[1].lost).count();
            about(lost * MANY as f64 / begun as f64, length_asked);
        }
    }

    #[test]
    fn a_seed_repeats_every_fate_and_another_gives_others() {
        assert_eq!(fates(3, POOR), fates(3, POOR));
        let other = fates(4, POOR);
        let alike = fates(3, POOR).iter().zip(&other).filter(|(a, b)| a.lost == b.lost).count() as f64;
        about(alike / MANY as f64, 0.9 * 0.9 + 0.1 * 0.1);
    }

    #[test]
    fn what_changed_on_the_way_does_not_shift_what_comes_later() {
        let (mut steady, mut changing) = (Chances::new(9), Chances::new(9));
        for _ in 0..1000 {
            steady.draw(&POOR);
            changing.draw(&Conditions::default());
        }
        for _ in 0..1000 {
            assert_eq!(steady.draw(&POOR), changing.draw(&POOR));
        }
    }
}
