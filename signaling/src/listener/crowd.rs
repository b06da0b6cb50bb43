//! How many connections one client has. Else a single machine could have all places there are, and leave none for anybody.

use crate::proxies::Proxies;
use sidelight_tally::neighbourhood;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Those who are inside. As large as the places that its owner has: an entry goes with its last connection.
pub(crate) struct Crowd {
    most: usize,
    proxies: Proxies,
    inside: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection's place, until this is dropped.
pub(crate) struct Inside {
    crowd: Arc<Crowd>,
    /// None: it isn't counted.
    client: Option<IpAddr>,
}

impl Crowd {
    /// At most `most` connections of a client. Through a proxy of ours come many, and through this machine itself whatever stands on it.
    pub(crate) fn new(most: usize, proxies: Proxies) -> Arc<Crowd> {
        Arc::new(Crowd { most, proxies, inside: Mutex::default() })
    }

    /// None: the client has too many.
    pub(crate) fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Inside> {
        let address = address.to_canonical();
        let client = (!address.is_loopback() && !self.proxies.include(address)).then(|| neighbourhood(address));
        if let Some(client) = client {
            let mut inside = self.inside();
            let count = inside.entry(client).or_default();
            if *count >= self.most {
                return None;
            }
            *count += 1;
        }
        Some(Inside { crowd: Arc::clone(self), client })
    }

    fn inside(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        let Some(client) = self.client else { return };
        let mut inside = self.crowd.inside();
        if let Some(count) = inside.get_mut(&client) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                inside.remove(&client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_has_so_many_places_and_no_more_until_it_gives_one_back() {
        let crowd = Crowd::new(2, Proxies::new(vec!["10.0.0.0/8".parse().unwrap()]));
        let enter = |address: &str| crowd.enter(address.parse().unwrap());
        let (first, second) = (enter("2001:db8:1:2::1"), enter("2001:db8:1:2::9"));
        assert!(first.is_some() && second.is_some() && enter("2001:db8:1:2:ffff::1").is_none());
        assert!(enter("2001:db8:1:3::1").is_some(), "another is another");
        drop(first);
        let third = enter("2001:db8:1:2::1");
        assert!(third.is_some() && enter("2001:db8:1:2::1").is_none());
        drop((second, third));
        assert!(crowd.inside().is_empty(), "nothing is kept of whoever has gone");
    }

    #[test]
    fn a_proxy_of_ours_and_this_machine_have_as_many_as_there_are() {
        let crowd = Crowd::new(1, Proxies::new(vec!["10.0.0.0/8".parse().unwrap()]));
        for address in ["10.1.2.3", "::ffff:10.1.2.3", "127.0.0.1", "::1"] {
            let many: Vec<_> = (0..5).map(|_| crowd.enter(address.parse().unwrap())).collect();
            assert!(many.iter().all(Option::is_some), "{address}");
        }
    }
}
