//! How often something may fail. Pure: the time is given. Bounded in memory and in work, whatever anybody tries: a table of one size
//! from the start, and no look at more than one row of it.
//!
//! Why not `governor`: it can't give a try back, so that what succeeds would count too; and what it remembers grows with each new key
//! until somebody sweeps it.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

use std::hash::{BuildHasher, Hash, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// Milliseconds since any moment, by a clock that never goes back.
pub type Time = u64;

/// Keys that share a row. More: each try looks at more. Fewer: rows are full while others are empty.
const ROW: usize = 8;

/// For a key (hashed: an email or an address has no business here) when all its tries will be back. Before that time it is free.
#[derive(Clone, Copy, Default)]
struct Place {
    key: u64,
    full_at: Time,
}

/// Tries per key: some at once, then one more each interval. A try is taken before it is known whether it fails, so that many at
/// once don't slip through, and given back when it succeeds.
pub struct Tally {
    burst: u64,
    interval: Time,
    rows: Vec<[Place; ROW]>,
    hasher: RandomState,
}

/// In so many milliseconds a try is there again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limited(pub Time);

impl Tally {
    /// `burst` tries at once, then one each `interval`; at least `most` keys have a place, 16 bytes each.
    pub fn new(burst: u32, interval: Duration, most: usize) -> Tally {
        let interval = Time::try_from(interval.as_millis()).unwrap_or(Time::MAX).clamp(1, Time::from(u32::MAX));
        let rows = vec![[Place::default(); ROW]; most.div_ceil(ROW).max(1)];
        Tally { burst: u64::from(burst), interval, rows, hasher: RandomState::new() }
    }

    /// Takes one try. Where a row is full, the key nearest to having all its tries back is forgotten: whoever is being guessed at
    /// stays limited, however many other keys a guesser makes up, and a new key always has a place.
    pub fn take(&mut self, key: impl Hash, now: Time) -> Result<(), Limited> {
        let (key, interval, most) = (self.hasher.hash_one(key), self.interval, self.burst * self.interval);
        let Some(place) = self.place(key) else { return Ok(()) };
        let full_at = if place.key == key { place.full_at.max(now) } else { now };
        let after = full_at + interval;
        match (after - now).checked_sub(most).filter(|over| *over > 0) {
            Some(over) => Err(Limited(over)),
            None => {
                *place = Place { key, full_at: after };
                Ok(())
            }
        }
    }

    /// Gives a try back.
    pub fn give_back(&mut self, key: impl Hash) {
        let (key, interval) = (self.hasher.hash_one(key), self.interval);
        if let Some(place) = self.place(key).filter(|place| place.key == key) {
            place.full_at = place.full_at.saturating_sub(interval);
        }
    }

    /// The key's own place, or else the one to be had.
    fn place(&mut self, key: u64) -> Option<&mut Place> {
        let rows = self.rows.len() as u64;
        let row = usize::try_from(key % rows).ok().and_then(|row| self.rows.get_mut(row))?;
        row.iter_mut().min_by_key(|place| if place.key == key { (false, 0) } else { (true, place.full_at) })
    }
}

/// Who counts as one client: an IPv4 address, or the /64 that one IPv6 customer gets.
pub fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(burst: u32, most: usize) -> Tally {
        Tally::new(burst, Duration::from_secs(10), most)
    }

    #[test]
    fn a_burst_then_one_each_interval_and_what_succeeded_doesnt_count() {
        let mut tally = tally(3, 100);
        let now = 5_000;
        for _ in 0..3 {
            assert_eq!(tally.take("a", now), Ok(()));
        }
        assert_eq!(tally.take("a", now), Err(Limited(10_000)));
        assert_eq!(tally.take("b", now), Ok(()), "another key is another's");
        assert_eq!(tally.take("a", now + 9_000), Err(Limited(1_000)));
        assert_eq!(tally.take("a", now + 10_000), Ok(()));
        assert_eq!(tally.take("a", now + 10_000), Err(Limited(10_000)));
        for _ in 0..20 {
            tally.give_back("a");
            assert_eq!(tally.take("a", now + 10_000), Ok(()));
        }
        tally.give_back("never taken");
        assert_eq!(tally.take("a", Time::from(u32::MAX) * 1_000), Ok(()), "in years");
    }

    #[test]
    fn made_up_keys_neither_fill_the_memory_nor_free_the_one_that_is_guessed_at() {
        let mut tally = tally(3, 100);
        for _ in 0..3 {
            assert_eq!(tally.take("real", 0), Ok(()));
        }
        for key in 0..100_000 {
            assert_eq!(tally.take(key, 0), Ok(()), "whoever comes has a place");
        }
        assert_eq!(tally.rows.len(), 13);
        assert!(tally.take("real", 0).is_err());
    }

    #[test]
    fn of_two_thousand_keys_in_a_table_for_four_thousand_next_to_none_is_forgotten() {
        let mut tally = tally(1, 4_000);
        assert!((0..2_000).all(|key| tally.take(key, 0).is_ok()));
        let forgotten = (0..2_000).filter(|key| tally.take(key, 0).is_ok()).count();
        assert!(forgotten < 100, "{forgotten}");
    }

    #[test]
    fn one_customer_of_ipv6_is_one_client() {
        let same = |a: &str, b: &str| neighbourhood(a.parse().unwrap()) == neighbourhood(b.parse().unwrap());
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9") && !same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("192.0.2.1", "::ffff:192.0.2.1") && !same("192.0.2.1", "192.0.2.2"));
    }
}
