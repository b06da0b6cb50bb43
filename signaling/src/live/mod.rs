//! What may be lost with the process: the rooms in use and who is connected to them.
//!
//! [`Hub`] is what the HTTP side and the sockets know: it finds the room of a contact ([`rooms`]), starting its task if need
//! be, and keeps the practitioners' pages attached to all of today's contacts ([`desks`]).

mod clock;
mod counts;
mod desks;
mod duty;
mod ended;
mod hands;
pub mod limits;
mod rooms;
#[cfg(test)]
mod tests;

use crate::{
    connection::outbox::Outbox,
    records::{Ended, Records},
    relay::{RelayControl, Scope},
    room_task::{self, Ask, Change, Mailbox},
    tokens::Tokens,
};
use clock::Clock;
pub use counts::Counts;
pub(crate) use counts::Here;
use desks::Desk;
use duty::Supervision;
use sidelight_protocol::{Bye, Leaving, RelayAccess, desk::Invitee};
use sidelight_room::{Conn, Time};
use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Notify, oneshot},
    time::timeout,
};

/// How long closing all sockets, and then stopping all rooms, may take; together less than the 10 seconds promised.
const CLOSING: Duration = Duration::from_secs(4);
const STOPPING: Duration = Duration::from_secs(2);

/// How long the HTTP side waits for a room's answer.
const ANSWER: Duration = Duration::from_secs(10);

/// All rooms of this process and everybody connected to them. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Shared>,
}

/// What the hub, the rooms and the sockets share.
pub struct Shared {
    pub(crate) records: Records,
    pub(crate) relay: Arc<dyn RelayControl>,
    tokens: Arc<Tokens>,
    /// Names this run of the service: pages that were connected to another one make their connections anew.
    pub(crate) instance: String,
    /// When an earlier run of the service was last known to run: whoever was connected to it is lost since then.
    pub(crate) away_since: Time,
    pub(crate) clock: Clock,
    pub(crate) counts: Counts,
    rooms: Mutex<HashMap<String, Mailbox>>,
    desks: Mutex<HashMap<Conn, Desk>>,
    /// Where both are locked, this comes before `desks`.
    supervision: Mutex<Supervision>,
    /// What was ended of late: a page that was on its way in meanwhile isn't let in.
    ended: Mutex<VecDeque<Ended>>,
    /// All open sockets, said hello or not.
    sockets: Mutex<HashMap<Conn, Outbox>>,
    last_closed: Notify,
    next: AtomicU64,
    stopping: AtomicBool,
}

/// Why "Continue" has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedeemRefused {
    /// The link is dead: revoked, left, ended or never there. One answer for all.
    Finished,
    /// The first half hour before the planned start hasn't begun.
    TooEarly { starts_at: Option<u32> },
    /// Another browser has the place, and one more waits for it already.
    PlaceTaken,
    /// It was ended quietly: there is to be no answer at all.
    Unanswered,
    /// It couldn't be written down, or the service is overloaded or stopping: try again.
    NotKept,
}

/// Why a change from the desk's HTTP interface has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeRefused {
    /// No such contact.
    Unknown,
    /// The contact is over.
    Ended,
    /// More people than a contact can have.
    TooMany,
    /// A new link couldn't be opened any more: the planned time has passed.
    TooLate,
    /// The person has no link, or a dead one.
    NoLink,
    /// No alarm of theirs is with the supervisors.
    NoAlarm,
    /// Somebody is at the door or talks.
    SomebodyThere,
    /// Something was typed, and nobody had been told that it may be kept.
    TypedAlready,
    /// Not everybody who was in the text is there.
    NotAllHere,
    /// Nothing is to be asked, or something else is asked just now.
    NotNow,
    /// It couldn't be written down, or the service is overloaded or stopping: try again.
    NotKept,
}

/// How much is open in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InUse {
    pub rooms: usize,
    pub sockets: usize,
    /// Of these sockets, those of the desk that are ready.
    pub desks: usize,
}

/// An open socket is known by its number until this is dropped.
pub(crate) struct Open {
    conn: Conn,
    shared: Arc<Shared>,
}

impl Open {
    pub(crate) fn conn(&self) -> Conn {
        self.conn
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let mut sockets = lock(&self.shared.sockets);
        sockets.remove(&self.conn);
        if sockets.is_empty() {
            self.shared.last_closed.notify_waiters();
        }
    }
}

/// A lock whose holder broke is as good as another: what it guards is changed by single steps only.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// `relay` gives and takes access to the relay. `away_since`: when an earlier run of the service was last known to run; none:
    /// there was none, or nobody knows.
    pub fn new(records: Records, relay: Arc<dyn RelayControl>, tokens: Arc<Tokens>, away_since: Option<Time>) -> Hub {
        let clock = Clock::new();
        let started = clock.now();
        // A clock that was set back in between makes nobody's absence shorter than none.
        let away_since = away_since.map_or(started, |last| last.min(started));
        let shared = Shared {
            records,
            relay,
            tokens,
            // Without randomness nothing else works either; the time names the run well enough.
            instance: crate::random::id().unwrap_or_else(|| format!("{started:032x}")),
            away_since,
            clock,
            counts: Counts::default(),
            rooms: Mutex::default(),
            desks: Mutex::default(),
            supervision: Mutex::default(),
            ended: Mutex::default(),
            sockets: Mutex::default(),
            last_closed: Notify::new(),
            next: AtomicU64::new(1),
            stopping: AtomicBool::new(false),
        };
        Hub { shared: Arc::new(shared) }
    }

    /// What is counted here.
    pub fn counts(&self) -> &Counts {
        &self.shared.counts
    }

    /// How much is open now.
    pub fn in_use(&self) -> InUse {
        let Shared { rooms, sockets, desks, .. } = &*self.shared;
        InUse { rooms: lock(rooms).len(), sockets: lock(sockets).len(), desks: lock(desks).len() }
    }

    /// "Continue" was pressed: claims the person's place for a session. The caller then issues the session's token.
    /// `browser`: its kind; `claim`: what the page calls this press, so that pressing again is no other browser.
    pub async fn redeem(
        &self,
        contact: &str,
        person: &str,
        session: &str,
        browser: String,
        claim: Option<String>,
    ) -> Result<(), RedeemRefused> {
        let (reply, answer) = oneshot::channel();
        let ask = Ask::Redeem { person: person.into(), session: session.into(), browser, claim, reply };
        self.ask(contact, ask).await.ok_or(RedeemRefused::NotKept)?;
        match timeout(ANSWER, answer).await {
            Ok(Ok(answer)) => answer.map_err(|refused| match refused {
                room_task::Refused::Rule(sidelight_room::RedeemRefused::Finished) | room_task::Refused::Unknown => RedeemRefused::Finished,
                room_task::Refused::Rule(sidelight_room::RedeemRefused::TooEarly { starts_at }) => RedeemRefused::TooEarly { starts_at },
                room_task::Refused::Rule(sidelight_room::RedeemRefused::PlaceTaken) => RedeemRefused::PlaceTaken,
                room_task::Refused::Rule(sidelight_room::RedeemRefused::Unanswered) => RedeemRefused::Unanswered,
                room_task::Refused::NotKept => RedeemRefused::NotKept,
            }),
            Ok(Err(_)) | Err(_) => Err(RedeemRefused::NotKept),
        }
    }

    /// A new link for the service user; all older ones of theirs are dead and their sessions over from now on.
    /// Call it after `Records::invite`: an invitation without this is refused like a dead one. The same person again is fine.
    pub async fn invite(&self, contact: &str, person: &str) -> Result<(), ChangeRefused> {
        self.change(contact, Change::Invite { person: person.into(), invitee: None }).await
    }

    /// The same for somebody beside the service user; nobody else's link changes.
    pub async fn invite_beside(&self, contact: &str, person: &str, invitee: Invitee) -> Result<(), ChangeRefused> {
        self.change(contact, Change::Invite { person: person.into(), invitee: Some(invitee) }).await
    }

    /// Makes this person's link worthless, or every one of the service user's, and ends the sessions that came by it. Fine if there
    /// is none.
    pub async fn revoke(&self, contact: &str, person: Option<String>) -> Result<(), ChangeRefused> {
        self.change(contact, Change::Revoke { person }).await
    }

    /// Calls a contact off: its links are dead, and it has ended.
    pub async fn cancel(&self, contact: &str) -> Result<(), ChangeRefused> {
        self.change(contact, Change::Cancel).await
    }

    /// The service has seen this person's link. Kept and told to the desk before this returns.
    pub async fn link_shown(&self, contact: &str, person: &str) -> Result<(), ChangeRefused> {
        self.change(contact, Change::LinkShown { person: person.into() }).await
    }

    /// What was planned has changed: call it after `Records::change_contact`.
    pub async fn details_changed(&self, contact: &str) -> Result<(), ChangeRefused> {
        let planned = self.shared.records.contact(contact).await.map_err(|_| ChangeRefused::NotKept)?.ok_or(ChangeRefused::Unknown)?;
        self.change(contact, Change::Details(planned.details.clone())).await?;
        self.show(&planned).await;
        Ok(())
    }

    /// A contact was planned: call it after `Records::new_contact`. Shows it on its owner's open pages if it is one of today's.
    pub async fn contact_made(&self, contact: &str) {
        match self.shared.records.contact(contact).await {
            Ok(Some(planned)) => self.show(&planned).await,
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "a new contact can't be read, and isn't shown until the page comes back"),
        }
    }

    /// Leaving where the socket is gone. Says nothing about what the session was worth.
    pub async fn leave(&self, contact: &str, person: &str, session: &str, how: Leaving) {
        let (done, left) = oneshot::channel();
        let ask = Ask::Leave { person: person.into(), session: session.into(), how, done };
        if self.ask(contact, ask).await.is_some() {
            let _late = timeout(ANSWER, left).await;
        }
    }

    /// Whether nothing that comes by this person's link or session is to be answered: it was ended quietly.
    pub async fn is_quiet(&self, contact: &str, person: &str) -> bool {
        let (reply, answer) = oneshot::channel();
        if self.ask(contact, Ask::IsQuiet { person: person.into(), reply }).await.is_none() {
            return false;
        }
        matches!(timeout(ANSWER, answer).await, Ok(Ok(true)))
    }

    /// Has a contact's room do what is due by now, such as to end, though nobody is there to ask for it. Fine if nothing is due.
    pub async fn wake(&self, contact: &str) {
        let (done, woken) = oneshot::channel();
        if self.ask(contact, Ask::Wake { done }).await.is_some() {
            let _late = timeout(ANSWER, woken).await;
        }
    }

    /// Lets go of a contact that is being erased: the desk's pages show it no longer, and nothing of it is left in a room here.
    /// False: its room is stuck, and may still write. Whoever asks for the contact later has it read anew.
    pub async fn forget(&self, contact: &str) -> bool {
        self.take_from_desks(contact);
        let stopped = self.stop_room(contact).await;
        self.shared.supervise(contact, "", "", Vec::new());
        stopped
    }

    /// What is typed may be kept from now on, or not any more.
    pub async fn keep_typed(&self, contact: &str, on: bool) -> Result<(), ChangeRefused> {
        self.change(contact, Change::KeepTyped { on }).await
    }

    /// Asks everybody who was in the text whether it may be kept.
    pub async fn ask_to_keep(&self, contact: &str) -> Result<(), ChangeRefused> {
        self.change(contact, Change::AskToKeep).await
    }

    async fn change(&self, contact: &str, change: Change) -> Result<(), ChangeRefused> {
        let (reply, answer) = oneshot::channel();
        self.ask(contact, Ask::Change { change, reply }).await.ok_or(ChangeRefused::NotKept)?;
        match timeout(ANSWER, answer).await {
            Ok(Ok(answer)) => answer.map_err(|refused| match refused {
                room_task::Refused::Rule(sidelight_room::ChangeRefused::Ended) => ChangeRefused::Ended,
                room_task::Refused::Rule(sidelight_room::ChangeRefused::TooMany) => ChangeRefused::TooMany,
                room_task::Refused::Rule(sidelight_room::ChangeRefused::TooLate) => ChangeRefused::TooLate,
                room_task::Refused::Rule(sidelight_room::ChangeRefused::NoLink) => ChangeRefused::NoLink,
                room_task::Refused::Rule(sidelight_room::ChangeRefused::NoAlarm) => ChangeRefused::NoAlarm,
                room_task::Refused::Rule(sidelight_room::ChangeRefused::SomebodyThere) => ChangeRefused::SomebodyThere,
                room_task::Refused::Rule(sidelight_room::ChangeRefused::TypedAlready) => ChangeRefused::TypedAlready,
                room_task::Refused::Rule(sidelight_room::ChangeRefused::NotAllHere) => ChangeRefused::NotAllHere,
                room_task::Refused::Rule(sidelight_room::ChangeRefused::NotNow) => ChangeRefused::NotNow,
                room_task::Refused::Unknown => ChangeRefused::Unknown,
                room_task::Refused::NotKept => ChangeRefused::NotKept,
            }),
            Ok(Err(_)) | Err(_) => Err(ChangeRefused::NotKept),
        }
    }

    /// A way through the relay for nobody: what is made with it reaches what is made with it. None where the machine gives no randomness.
    pub fn try_a_call(&self) -> Option<RelayAccess> {
        let (room, peer) = (crate::random::id()?, crate::random::id()?);
        Some(self.shared.relay.grant(&room, &peer, Scope::Own))
    }

    pub(crate) fn tokens(&self) -> &Tokens {
        &self.shared.tokens
    }

    /// Numbers a socket. While the service stops, it is closed at once.
    pub(crate) fn opened(&self, outbox: &Outbox) -> Open {
        let conn = Conn(self.shared.next.fetch_add(1, Ordering::Relaxed));
        lock(&self.shared.sockets).insert(conn, outbox.clone());
        // After the insertion, so that either this sees that it stops, or stopping sees the socket.
        if self.shared.stopping.load(Ordering::SeqCst) {
            outbox.close(Bye::BackInAMoment);
        }
        Open { conn, shared: self.shared.clone() }
    }

    /// Tells everybody "back in a moment", closes every socket and stops every room; returns when done, within 10 seconds.
    pub async fn shutdown(&self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        for outbox in lock(&self.shared.sockets).values() {
            outbox.close(Bye::BackInAMoment);
        }
        let _late = timeout(CLOSING, async {
            loop {
                let closed = self.shared.last_closed.notified();
                tokio::pin!(closed);
                closed.as_mut().enable();
                if lock(&self.shared.sockets).is_empty() {
                    return;
                }
                closed.await;
            }
        })
        .await;
        let rooms: Vec<Mailbox> = lock(&self.shared.rooms).values().cloned().collect();
        let _late = timeout(STOPPING, async {
            let mut stopped = Vec::new();
            for room in rooms {
                let (done, end) = oneshot::channel();
                if room.tell(Ask::Stop { done }).await.is_ok() {
                    stopped.push(end);
                }
            }
            for end in stopped {
                let _gone = end.await;
            }
        })
        .await;
    }
}
