//! How much a page may send, per second and in bytes.

use std::time::Instant;

/// Messages per second for long, and at once. More: one page keeps the service busy. Fewer: the candidates at the start of a
/// call, or fast typing, are refused.
const MESSAGES: f64 = 20.0;
const MESSAGES_AT_ONCE: f64 = 120.0;

/// Bytes likewise. A session description with its candidates has 10 to 20 KB.
const BYTES: f64 = 64.0 * 1024.0;
const BYTES_AT_ONCE: f64 = 512.0 * 1024.0;

/// After so many messages too many the page misbehaves; each that is in time makes up for one. So nobody sends at twice the pace for long.
const PATIENCE: u32 = 100;

/// What to do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    Fine,
    TooFast,
    Misbehaved,
}

/// Measures one page.
pub struct Meter {
    messages: f64,
    bytes: f64,
    last: Instant,
    refused: u32,
}

impl Meter {
    pub fn new(now: Instant) -> Meter {
        Meter { messages: MESSAGES_AT_ONCE, bytes: BYTES_AT_ONCE, last: now, refused: 0 }
    }

    pub fn take(&mut self, now: Instant, bytes: usize) -> Pace {
        let passed = now.saturating_duration_since(self.last).as_secs_f64();
        self.last = now;
        self.messages = (self.messages + passed * MESSAGES).min(MESSAGES_AT_ONCE);
        self.bytes = (self.bytes + passed * BYTES).min(BYTES_AT_ONCE);
        let bytes = u32::try_from(bytes).map_or(f64::INFINITY, f64::from);
        if self.messages >= 1.0 && self.bytes >= bytes {
            self.messages -= 1.0;
            self.bytes -= bytes;
            self.refused = self.refused.saturating_sub(1);
            Pace::Fine
        } else if self.refused < PATIENCE {
            self.refused += 1;
            Pace::TooFast
        } else {
            Pace::Misbehaved
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_passes_then_the_pace_is_kept_and_who_goes_on_misbehaves() {
        let start = Instant::now();
        let mut meter = Meter::new(start);
        let paces = |meter: &mut Meter, now, count: usize| (0..count).map(|_| meter.take(now, 10)).collect::<Vec<_>>();
        assert_eq!(paces(&mut meter, start, 120), vec![Pace::Fine; 120]);
        assert_eq!(paces(&mut meter, start, 1), [Pace::TooFast]);
        let later = start + Duration::from_secs(1);
        assert_eq!(paces(&mut meter, later, 20), vec![Pace::Fine; 20]);
        assert_eq!(paces(&mut meter, later, 100), vec![Pace::TooFast; 100]);
        assert_eq!(paces(&mut meter, later, 1), [Pace::Misbehaved]);
    }

    #[test]
    fn whoever_goes_on_faster_misbehaves_though_some_are_in_time() {
        let start = Instant::now();
        let paces = |each: Duration, count: u32| {
            let mut meter = Meter::new(start);
            (0..count).map(|number| meter.take(start + each * number, 10)).any(|pace| pace == Pace::Misbehaved)
        };
        // A hundred a second, of which every fifth is in time; a minute of thirty.
        assert!(paces(Duration::from_millis(10), 1_000));
        assert!(!paces(Duration::from_millis(33), 1_800));
    }

    #[test]
    fn bytes_count_as_well() {
        let start = Instant::now();
        let mut meter = Meter::new(start);
        let large = 60 * 1024;
        assert_eq!((0..9).map(|_| meter.take(start, large)).filter(|pace| *pace == Pace::Fine).count(), 8);
        assert_eq!(meter.take(start + Duration::from_secs(1), large), Pace::Fine);
    }
}
