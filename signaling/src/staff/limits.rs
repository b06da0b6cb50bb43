//! How often something may fail. Bounded in memory, whatever anybody tries.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Tries per key: `burst` at once, then one more each `interval`. A try is taken before it is known whether it fails, so
/// that many at once don't slip through, and given back when it succeeds.
pub struct Limit {
    burst: u32,
    interval: Duration,
    /// The most keys remembered.
    most: usize,
    /// For each key (hashed: an email has no business here) when all its tries will be back.
    full_at: Mutex<HashMap<u64, Instant>>,
    hasher: RandomState,
}

/// How many seconds to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limited(pub u32);

impl Limit {
    pub fn new(burst: u32, interval: Duration, most: usize) -> Limit {
        Limit { burst, interval, most, full_at: Mutex::default(), hasher: RandomState::new() }
    }

    /// Takes one try. When no more keys fit, the one nearest to having all its tries back is forgotten: whoever is being
    /// guessed at stays limited, however many other keys a guesser makes up.
    pub fn take(&self, key: impl Hash, now: Instant) -> Result<(), Limited> {
        let key = self.hasher.hash_one(key);
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let after = full_at.get(&key).copied().filter(|at| *at > now).unwrap_or(now) + self.interval;
        let over = after.duration_since(now).checked_sub(self.interval * self.burst).filter(|over| !over.is_zero());
        if let Some(over) = over {
            return Err(Limited(u32::try_from(over.as_secs()).unwrap_or(u32::MAX).saturating_add(1)));
        }
        if !full_at.contains_key(&key) && full_at.len() >= self.most {
            full_at.retain(|_, at| *at > now);
            if full_at.len() >= self.most
                && let Some(nearest) = full_at.iter().min_by_key(|(_, at)| **at).map(|(key, _)| *key)
            {
                full_at.remove(&nearest);
            }
        }
        full_at.insert(key, after);
        Ok(())
    }

    /// Gives a try back.
    pub fn give_back(&self, key: impl Hash) {
        let key = self.hasher.hash_one(key);
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = full_at.get_mut(&key)
            && let Some(earlier) = at.checked_sub(self.interval)
        {
            *at = earlier;
        }
    }
}

/// Who counts as one address: an IPv4 address, or the /64 that one IPv6 customer gets.
pub fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => std::net::Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_burst_then_one_each_interval_and_what_succeeded_doesnt_count() {
        let limit = Limit::new(3, SECOND * 10, 10);
        let now = Instant::now();
        for _ in 0..3 {
            assert_eq!(limit.take("a", now), Ok(()));
        }
        assert_eq!(limit.take("a", now), Err(Limited(11)));
        assert_eq!(limit.take("b", now), Ok(()), "another key is another's");
        assert_eq!(limit.take("a", now + SECOND * 9), Err(Limited(2)));
        assert_eq!(limit.take("a", now + SECOND * 10), Ok(()));
        assert_eq!(limit.take("a", now + SECOND * 10), Err(Limited(11)));
        for _ in 0..20 {
            limit.give_back("a");
            assert_eq!(limit.take("a", now + SECOND * 10), Ok(()));
        }
    }

    #[test]
    fn made_up_keys_neither_fill_the_memory_nor_free_the_one_that_is_guessed_at() {
        let limit = Limit::new(3, SECOND * 10, 100);
        let now = Instant::now();
        for _ in 0..3 {
            assert_eq!(limit.take("real", now), Ok(()));
        }
        for key in 0..10_000 {
            assert_eq!(limit.take(key, now), Ok(()));
        }
        assert!(limit.full_at.lock().unwrap().len() <= 100);
        assert!(limit.take("real", now).is_err());
    }

    #[test]
    fn one_customer_of_ipv6_is_one_address() {
        let same = |a: &str, b: &str| neighbourhood(a.parse().unwrap()) == neighbourhood(b.parse().unwrap());
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9") && !same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("192.0.2.1", "::ffff:192.0.2.1") && !same("192.0.2.1", "192.0.2.2"));
    }
}
