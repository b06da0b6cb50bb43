//! How much is done at one go where others wait for the same writer. Pure.

use std::time::Duration;

/// How long one go may hold others up. More: whoever joins or is let in meanwhile waits for longer. Less: a long sweep takes longer,
/// since each go has its own price on the disk.
const AIM: Duration = Duration::from_millis(15);

/// A size that follows the time that the last go took.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    size: usize,
    least: usize,
    most: usize,
}

impl Pace {
    /// Begins with the least.
    pub const fn new(least: usize, most: usize) -> Pace {
        Pace { size: least, least, most }
    }

    pub const fn size(&self) -> usize {
        self.size
    }

    /// Slower at once, faster by and by.
    pub fn took(&mut self, time: Duration) {
        let next = if time > AIM {
            self.size / 2
        } else if time < AIM / 2 {
            self.size + self.size / 4 + 1
        } else {
            self.size
        };
        self.size = next.clamp(self.least, self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_slows_down_at_once_speeds_up_by_and_by_and_stays_where_it_is_right() {
        let mut pace = Pace::new(10, 200);
        for _ in 0..50 {
            pace.took(Duration::from_millis(1));
        }
        assert_eq!(pace.size(), 200);
        pace.took(Duration::from_millis(10));
        assert_eq!(pace.size(), 200);
        pace.took(Duration::from_millis(16));
        assert_eq!(pace.size(), 100);
        for _ in 0..10 {
            pace.took(Duration::from_secs(9));
        }
        assert_eq!(pace.size(), 10);
        pace.took(Duration::ZERO);
        assert_eq!(pace.size(), 13);
    }
}
