//! What every keeper of tries must do. One function for each behaviour, given a maker of limits; `tests.rs` runs them all on each keeper.

use super::{Limited, Tries};
use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

/// Makes a limit: so many at once, then one each interval, for so many keys.
pub trait Make<T>: Fn(u32, Duration, usize) -> T {}
impl<T, F: Fn(u32, Duration, usize) -> T> Make<T> for F {}

pub async fn a_burst_then_one_each_interval<T: Tries>(make: impl Make<T>) {
    let limit = make(3, SECOND * 10, 100);
    let now = Instant::now();
    for _ in 0..3 {
        assert_eq!(limit.take("a", now).await, Ok(()));
    }
    assert_eq!(limit.take("a", now).await, Err(Limited(11)));
    assert_eq!(limit.take("a", now + SECOND * 9).await, Err(Limited(2)));
    assert_eq!(limit.take("a", now + SECOND * 10).await, Ok(()));
    assert_eq!(limit.take("a", now + SECOND * 10).await, Err(Limited(11)));
}

pub async fn one_key_uses_up_nothing_of_anothers<T: Tries>(make: impl Make<T>) {
    let limit = make(1, SECOND * 10, 100);
    let now = Instant::now();
    assert_eq!(limit.take("a", now).await, Ok(()));
    assert!(limit.take("a", now).await.is_err());
    assert_eq!(limit.take("b", now).await, Ok(()));
}

pub async fn what_is_given_back_doesnt_count<T: Tries>(make: impl Make<T>) {
    let limit = make(1, SECOND * 10, 100);
    let now = Instant::now();
    limit.give_back("never taken").await;
    for _ in 0..20 {
        assert_eq!(limit.take("a", now).await, Ok(()));
        limit.give_back("a").await;
    }
    assert_eq!(limit.take("a", now).await, Ok(()));
    assert!(limit.take("a", now).await.is_err());
}

pub async fn a_refused_try_takes_nothing<T: Tries>(make: impl Make<T>) {
    let limit = make(1, SECOND * 10, 100);
    let now = Instant::now();
    assert_eq!(limit.take("a", now).await, Ok(()));
    for _ in 0..50 {
        assert!(limit.take("a", now).await.is_err());
    }
    assert_eq!(limit.take("a", now + SECOND * 10).await, Ok(()), "or who keeps trying is kept out for ever");
}

pub async fn made_up_keys_lock_nobody_out_and_free_nobody<T: Tries>(make: impl Make<T>) {
    let limit = make(3, SECOND * 10, 100);
    let now = Instant::now();
    for _ in 0..3 {
        assert_eq!(limit.take("guessed at", now).await, Ok(()));
    }
    for key in 0..10_000 {
        assert_eq!(limit.take(key, now).await, Ok(()));
    }
    assert!(limit.take("guessed at", now).await.is_err());
}

pub async fn many_at_once_dont_slip_through<T: Tries + 'static>(make: impl Make<T>) {
    let limit = std::sync::Arc::new(make(10, SECOND * 1_000, 100));
    let now = Instant::now();
    let tries: Vec<_> = (0..200)
        .map(|_| {
            tokio::spawn({
                let limit = limit.clone();
                async move { limit.take("a", now).await }
            })
        })
        .collect();
    let mut taken = 0;
    for one in tries {
        taken += usize::from(one.await.unwrap().is_ok());
    }
    assert_eq!(taken, 10);
}
