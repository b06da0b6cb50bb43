//! How often something may fail, from one client and in all. Only failures count: what turns out right is given back, or is never
//! taken. Lost with the process, and bounded in memory whatever anybody tries.

use sidelight_tally::Tally;
pub use sidelight_tally::neighbourhood;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many seconds to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limited(pub u32);

/// Tries per key. Whatever keeps them must pass `limits/conformance.rs`.
pub trait Tries: Send + Sync {
    /// Takes one try, before it is known whether it fails, so that many at once don't slip through. Refused: nothing was taken.
    fn take(&self, key: impl Hash + Send, now: Instant) -> impl Future<Output = Result<(), Limited>> + Send;

    /// Gives a try back: it was no failure. Fine if there is none.
    fn give_back(&self, key: impl Hash + Send) -> impl Future<Output = ()> + Send;
}

/// Tries that this process keeps.
pub struct Limit {
    tally: Mutex<Tally>,
    /// What `now` is counted from.
    start: Instant,
}

impl Limit {
    /// `burst` tries at once, then one more each `interval`, for at least `most` keys.
    pub fn new(burst: u32, interval: Duration, most: usize) -> Limit {
        Limit { tally: Mutex::new(Tally::new(burst, interval, most)), start: Instant::now() }
    }
}

impl Tries for Limit {
    async fn take(&self, key: impl Hash + Send, now: Instant) -> Result<(), Limited> {
        let now = u64::try_from(now.saturating_duration_since(self.start).as_millis()).unwrap_or(u64::MAX);
        let taken = self.tally.lock().unwrap_or_else(PoisonError::into_inner).take(key, now);
        taken.map_err(|over| Limited(u32::try_from(over.0 / 1_000).unwrap_or(u32::MAX).saturating_add(1)))
    }

    async fn give_back(&self, key: impl Hash + Send) {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).give_back(key);
    }
}

/// Between two lines in the log about the same limit.
const TELLING: Duration = Duration::from_secs(600);

/// Wrong tries of each client, so that nobody uses up alone what there is for all; and tries in all.
pub struct Guesses {
    what: &'static str,
    by_client: Limit,
    in_all: Limit,
    /// When it was last told that there are too many in all.
    told: Mutex<Option<Instant>>,
}

impl Guesses {
    /// `what` fails, for the log.
    pub fn new(what: &'static str, by_client: Limit, in_all: Limit) -> Guesses {
        Guesses { what, by_client, in_all, told: Mutex::default() }
    }

    /// Takes one try of the client's and one of all, or none.
    pub async fn take(&self, client: IpAddr, now: Instant) -> Result<(), Limited> {
        let client = neighbourhood(client);
        self.by_client.take(client, now).await?;
        if let Err(limited) = self.in_all.take((), now).await {
            self.by_client.give_back(client).await;
            self.tell(now);
            return Err(limited);
        }
        Ok(())
    }

    pub async fn give_back(&self, client: IpAddr) {
        self.by_client.give_back(neighbourhood(client)).await;
        self.in_all.give_back(()).await;
    }

    /// Somebody is trying, from many addresses: worth a line, and not one for each try.
    fn tell(&self, now: Instant) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.is_none_or(|last| now.saturating_duration_since(last) >= TELLING) {
            *told = Some(now);
            tracing::warn!("far more {} than people make: somebody may be guessing, and more of them are refused unseen", self.what);
        }
    }
}

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod tests;
