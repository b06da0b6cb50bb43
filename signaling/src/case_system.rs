//! Sends records to the case system, each because its practitioner pressed for it.
//!
//! What is about to go is marked as on its way first. Where it surely didn't arrive, it is tried again, more and more rarely; where it was
//! refused, it isn't. Where nobody knows (no answer came, or the service went away meanwhile), nothing is sent again by itself: the desk asks.
//! Each try carries the same key, so that a case system that has the record already can tell.

use crate::config::CaseSystem;
use crate::https::{Failed, Https};
use crate::records::{Queued, Records, Result, SentCopy};
use crate::time::now;
use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use http::Method;
use sidelight_protocol::record::SendState;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::timeout;

/// How often is looked for something to be tried again. More: it goes later than it was said. Less: work for nothing.
const LOOK: Duration = Duration::from_secs(5);

/// How long one try may take. Longer: a practitioner waits for "sent". Shorter: a slow case system leaves it unknown whether it has it.
const TRY: Duration = Duration::from_secs(20);

/// Seconds until the next try, by how many there were. After the last, the last one again, for a day in all.
const AGAIN: [u32; 6] = [5, 30, 120, 600, 1800, 3600];

/// So many tries take about a day; then it is given up.
const TRIES: u32 = 28;

/// Tells the sender that something is to go.
#[derive(Clone, Default)]
pub struct Press(Arc<Notify>);

impl Press {
    pub fn tell(&self) {
        self.0.notify_one();
    }
}

pub struct Sender {
    records: Records,
    https: Https,
    secret: hmac::Key,
    press: Press,
}

impl Sender {
    /// None where there is no case system. An error names the file that is wrong.
    pub fn new(records: Records, case_system: Option<&CaseSystem>) -> io::Result<Option<(Sender, Press)>> {
        let Some(CaseSystem { host, port, path, secret, root }) = case_system else { return Ok(None) };
        let https = Https::new(host, *port, path, root.as_deref())?;
        let press = Press::default();
        let secret = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        Ok(Some((Sender { records, https, secret, press: press.clone() }, press)))
    }

    pub async fn run(self) {
        let Press(pressed) = &self.press;
        loop {
            if let Err(error) = self.send_what_is_due().await {
                tracing::error!(%error, "records can't be sent to the case system now");
            }
            // Either is a reason to look.
            let _late = timeout(LOOK, pressed.notified()).await;
        }
    }

    async fn send_what_is_due(&self) -> Result<()> {
        while let Some(queued) = self.records.take_due_record(now()).await? {
            let answer = timeout(TRY, self.post(&queued.outgoing)).await;
            let answer = answer.unwrap_or_else(|_| Err(Failed::After(io::ErrorKind::TimedOut.into())));
            let (state, at) = became(&queued, &answer, now());
            match &answer {
                Ok(status) => tracing::info!(status, "the case system answered"),
                Err(Failed::Before(error)) => tracing::warn!(%error, "the case system can't be reached (case_system.url)"),
                Err(Failed::After(error)) => tracing::warn!(%error, "the case system didn't answer (case_system.url)"),
            }
            self.records.record_sent(&queued.record, state, at).await?;
        }
        Ok(())
    }

    async fn post(&self, outgoing: &SentCopy) -> std::result::Result<u16, Failed> {
        let at = now().to_string();
        let signature = signed(&self.secret, &at, &outgoing.body);
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", outgoing.key.as_str()),
            ("sidelight-time", at.as_str()),
            ("sidelight-signature", &format!("v1={signature}")),
        ];
        Ok(self.https.ask(Method::POST, "", &headers, outgoing.body.clone()).await?.status)
    }
}

/// HMAC-SHA-256 over the time, a full stop and the body, in hexadecimal digits.
fn signed(secret: &hmac::Key, at: &str, body: &str) -> String {
    HEXLOWER.encode(hmac::sign(secret, format!("{at}.{body}").as_bytes()).as_ref())
}

/// What became of a try, and since when, or when the next one is.
fn became(queued: &Queued, answer: &std::result::Result<u16, Failed>, now: u32) -> (SendState, u32) {
    match answer {
        Ok(200..=299) => (SendState::Arrived, now),
        // It says itself that it hasn't taken it.
        Ok(408 | 425 | 429 | 500..=599) | Err(Failed::Before(_)) => again(queued.tries, now),
        Ok(_) => (SendState::Refused, now),
        Err(Failed::After(_)) => (SendState::Unknown, now),
    }
}

fn again(tries: u32, now: u32) -> (SendState, u32) {
    if tries >= TRIES {
        return (SendState::GivenUp, now);
    }
    let index = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
    let pause = AGAIN.get(index).or(AGAIN.last()).copied().unwrap_or(3600);
    (SendState::Waiting, now.saturating_add(pause))
}

#[cfg(test)]
mod tests;
