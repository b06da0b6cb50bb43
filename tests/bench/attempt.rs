//! One try at measuring something: it may fail or hang, and the other figures are wanted all the same.

use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

/// What a measurement gives, or why there is none: a page that doesn't come, a browser that doesn't start.
pub async fn attempt<T>(within: Duration, measuring: impl Future<Output = T>) -> Result<T, String> {
    match tokio::time::timeout(within, AssertUnwindSafe(measuring).catch_unwind()).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(panic)) => {
            let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            let text = text.unwrap_or_else(|| "it broke off".to_owned());
            // In between may stand a whole script; all of it has been printed where it happened.
            let (first, last) = (text.lines().next().unwrap_or_default(), text.lines().last().unwrap_or_default());
            Err(if first == last { text } else { format!("{first} … {}", last.trim()) })
        }
        Err(_) => Err(format!("it took more than {within:?}")),
    }
}
