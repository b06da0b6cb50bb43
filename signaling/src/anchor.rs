//! The audit's head, sent out of this machine whenever there is a new entry: whoever takes over the machine can rewrite everything on it,
//! and not what others were told before.
//!
//! Only the newest head counts, so nothing queues up. A place that doesn't answer is tried again, more and more rarely; the service goes
//! on meanwhile, and its log and the page of the audit say so.

use crate::config::{self, AnchorPlace};
use crate::https::Https;
use crate::records::Records;
use sidelight_protocol::audit::AuditAnchor;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::UnixDatagram;
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

/// How often is looked whether there is a new entry. More: what was just written down can be rewritten for longer. Less: work for nothing.
const LOOK: Duration = Duration::from_secs(5);

/// The longest between two tries. More: a place that is back is noticed late. Less: the log fills up with what it has said already.
const LONGEST: Duration = Duration::from_secs(600);

/// How long one try may take.
const TRY: Duration = Duration::from_secs(10);

/// Where the machine's log takes lines, and how they begin: a notice (5) of what only few should read (facility 10).
const SYSLOG: &str = "/dev/log";
const PRIORITY: &str = "<85>sidelight: ";

/// What is known of the sending, for whoever asks. None: nowhere is anything sent.
#[derive(Clone, Default)]
pub struct Sent(Option<watch::Receiver<AuditAnchor>>);

impl Sent {
    pub fn now(&self) -> Option<AuditAnchor> {
        self.0.as_ref().map(|sent| sent.borrow().clone())
    }
}

enum Place {
    /// With the one place to wait in for a disk that doesn't answer.
    File(PathBuf, Arc<Semaphore>),
    Syslog(PathBuf),
    Https(Https),
}

/// Sends heads out for as long as it runs.
pub struct Sender {
    records: Records,
    place: Place,
    sent: watch::Sender<AuditAnchor>,
    look: Duration,
}

impl Sender {
    /// None where the configuration names no place. An error names the file that is wrong.
    pub fn new(records: Records, audit: &config::Audit) -> io::Result<(Option<Sender>, Sent)> {
        let place = match &audit.anchor {
            None => return Ok((None, Sent::default())),
            Some(AnchorPlace::File(path)) => Place::File(path.clone(), Arc::new(Semaphore::new(1))),
            Some(AnchorPlace::Syslog) => Place::Syslog(SYSLOG.into()),
            Some(AnchorPlace::Https { host, port, path }) => Place::Https(Https::new(host, *port, path, audit.anchor_root.as_deref())?),
        };
        let (sent, seen) = watch::channel(AuditAnchor { entry: None, at: None, failing: false });
        Ok((Some(Sender { records, place, sent, look: LOOK }), Sent(Some(seen))))
    }

    pub async fn run(self) {
        let (mut newest, mut pause) = (None, self.look);
        loop {
            match self.send(&mut newest).await {
                Ok(()) => pause = self.look,
                Err(error) => {
                    pause = (pause * 2).min(LONGEST);
                    self.sent.send_modify(|sent| sent.failing = true);
                    let seconds = pause.as_secs();
                    tracing::error!(%error, "the audit's head can't be sent out (audit.anchor); it is tried again in {seconds} seconds");
                }
            }
            sleep(pause).await;
        }
    }

    /// Sends the head, unless it was sent last.
    async fn send(&self, newest: &mut Option<Vec<u8>>) -> io::Result<()> {
        let head = self.records.audit_head(crate::time::now()).await.map_err(io::Error::other)?;
        let hash = head.head.hash.to_vec();
        if newest.as_ref() == Some(&hash) {
            return Ok(());
        }
        let late = |_| io::Error::new(io::ErrorKind::TimedOut, format!("no answer in {} seconds", TRY.as_secs()));
        timeout(TRY, self.place.take(head.line())).await.map_err(late).flatten()?;
        *newest = Some(hash);
        self.sent.send_modify(|sent| {
            if sent.failing {
                tracing::info!("the audit's head is sent out again");
            }
            *sent = AuditAnchor { entry: Some(head.head.last), at: Some(head.head.at), failing: false };
        });
        Ok(())
    }
}

impl Place {
    async fn take(&self, line: String) -> io::Result<()> {
        match self {
            Place::File(path, waiting) => {
                let waiting = Arc::clone(waiting).try_acquire_owned();
                let waiting = waiting.map_err(|_| io::Error::other("the disk is still busy with the last one"))?;
                let path = path.clone();
                let written = tokio::task::spawn_blocking(move || {
                    let _waiting = waiting;
                    let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
                    file.write_all(format!("{line}\n").as_bytes())?;
                    file.sync_data()
                });
                written.await.map_err(io::Error::other).flatten()
            }
            Place::Syslog(socket) => {
                let line = format!("{PRIORITY}{line}");
                UnixDatagram::unbound()?.send_to(line.as_bytes(), socket).await.map(|_| ())
            }
            Place::Https(https) => https.post_line(&line).await,
        }
    }
}

#[cfg(test)]
mod tests;
