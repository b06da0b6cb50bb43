//! The time that rooms are given.

use sidelight_room::Time;
use std::{
    sync::{Mutex, PoisonError},
    time::{Instant, SystemTime, UNIX_EPOCH},
};

/// The wall's time, that never goes back while the service runs. Set back, it goes on as if nothing were; set forward, it goes
/// along, and everybody who is lost waits again.
pub struct Clock {
    /// A moment and the time it was.
    anchor: Mutex<(Instant, Time)>,
}

impl Clock {
    pub fn new() -> Clock {
        Clock { anchor: Mutex::new((Instant::now(), wall())) }
    }

    pub fn now(&self) -> Time {
        self.at(Instant::now(), wall())
    }

    fn at(&self, moment: Instant, wall: Time) -> Time {
        let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = Time::try_from(moment.saturating_duration_since(anchor.0).as_millis()).unwrap_or(Time::MAX);
        let steady = anchor.1.saturating_add(passed);
        if wall > steady {
            *anchor = (moment, wall);
            return wall;
        }
        steady
    }
}

fn wall() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    Time::try_from(since).unwrap_or(Time::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_time_goes_along_with_the_wall_and_never_back() {
        let start = Instant::now();
        let clock = Clock { anchor: Mutex::new((start, 10_000_000)) };
        let at = |seconds, wall| clock.at(start + Duration::from_secs(seconds), wall);
        assert_eq!(at(1, 10_001_000), 10_001_000);
        // Set back by an hour: two minutes are still two minutes.
        assert_eq!(at(2, 10_002_000 - 3_600_000), 10_002_000);
        assert_eq!(at(122, 10_122_000 - 3_600_000), 10_122_000);
        // Set forward.
        assert_eq!(at(123, 90_000_000), 90_000_000);
        assert_eq!(at(124, 10_124_000), 90_001_000);
    }
}
