//! What can be asked of a room, where to ask it, and what is answered where there is no room to ask.

use crate::connection::{SignedIn, outbox::Outbox};
use crate::records::Ended;
use sidelight_protocol::{
    Bye, Leaving,
    desk::{Act, ContactDetails, Invitee},
    guest::FromGuest,
};
use sidelight_room::{ChangeRefused, Conn, RedeemRefused};
use std::time::Duration;
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

/// What may wait for a room. More: a busy room holds more in memory. Fewer: its pages are slowed down earlier.
const MAILBOX: usize = 256;

/// How long whoever asks waits for a place in the mailbox. Full for so long: the room is taken for stuck, and refuses.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the tasks around ask of a room.
pub enum Ask {
    Redeem {
        person: String,
        session: String,
        browser: String,
        claim: Option<String>,
        reply: oneshot::Sender<Result<(), Refused<RedeemRefused>>>,
    },
    Change {
        change: Change,
        reply: oneshot::Sender<Result<(), Refused<ChangeRefused>>>,
    },
    Guest {
        conn: Conn,
        person: String,
        session: String,
        tab: String,
        outbox: Outbox,
        renewed: Option<String>,
    },
    /// `told`: the page has been sent the contact's view (true), or couldn't be (false).
    Desk {
        conn: Conn,
        who: SignedIn,
        tab: String,
        outbox: Outbox,
        told: oneshot::Sender<bool>,
    },
    FromGuest {
        conn: Conn,
        message: FromGuest,
    },
    /// `staff`: whose page it is.
    FromDesk {
        conn: Conn,
        staff: String,
        act: Act,
    },
    /// The socket is gone, or the contact is no longer among the page's.
    Disconnect {
        conn: Conn,
    },
    Leave {
        person: String,
        session: String,
        how: Leaving,
        done: oneshot::Sender<()>,
    },
    /// A sign-in has ended, or all of a member's: what their pages were given of the relay ends too, wherever the pages are.
    SignedOut {
        ended: Ended,
    },
    /// Whether somebody is talked with.
    InConversation {
        reply: oneshot::Sender<bool>,
    },
    /// It has gone into other hands, or somebody takes part or doesn't any more: as it is written down.
    LookAtHands {
        done: oneshot::Sender<()>,
    },
    /// Whether nothing that comes by this person's link or session is to be answered: it was ended quietly.
    IsQuiet {
        person: String,
        reply: oneshot::Sender<bool>,
    },
    /// Do what is due by now, though nobody is there to ask for it.
    Wake {
        done: oneshot::Sender<()>,
    },
    /// Finish what was asked before, then end.
    Stop {
        done: oneshot::Sender<()>,
    },
}

/// A change that comes from the desk's requests.
#[derive(Clone)]
pub enum Change {
    /// `invitee`: somebody beside the service user; without, every older link of the service user's is worthless.
    Invite {
        person: String,
        invitee: Option<Invitee>,
    },
    /// Of nobody: every link of the service user's.
    Revoke {
        person: Option<String>,
    },
    Cancel,
    LinkShown {
        person: String,
    },
    Details(ContactDetails),
    /// What is typed may be kept, or not any more.
    KeepTyped {
        on: bool,
    },
    AskToKeep,
    /// A supervisor on duty has the alarm; `by` is their name, `staff` their id.
    TakeAlarm {
        person: String,
        by: String,
        staff: String,
    },
}

/// Why nothing was done: the rules say so, there is no such contact, or it couldn't be written down or read.
pub enum Refused<R> {
    Rule(R),
    Unknown,
    NotKept,
}

/// Where to ask.
#[derive(Clone)]
pub struct Mailbox {
    asks: mpsc::Sender<Ask>,
}

impl Mailbox {
    pub(super) fn new() -> (Mailbox, mpsc::Receiver<Ask>) {
        let (asks, inbox) = mpsc::channel(MAILBOX);
        (Mailbox { asks }, inbox)
    }

    /// Puts an ask in, and waits for a place if need be. Gives it back where the room is stuck or gone.
    pub async fn tell(&self, ask: Ask) -> Result<(), Ask> {
        match timeout(PATIENCE, self.asks.reserve()).await {
            Ok(Ok(place)) => {
                place.send(ask);
                Ok(())
            }
            Ok(Err(_)) | Err(_) => Err(ask),
        }
    }

    pub fn same(&self, other: &Mailbox) -> bool {
        self.asks.same_channel(&other.asks)
    }

    pub fn gone(&self) -> bool {
        self.asks.is_closed()
    }
}

/// Why a room can't be had.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NoRoom {
    Unknown,
    Unreadable,
}

/// Answers whoever asked a room that can't be had.
pub(super) fn refuse(ask: Ask, why: NoRoom) {
    match ask {
        Ask::Redeem { reply, .. } => {
            let _gone = reply.send(Err(if why == NoRoom::Unknown { Refused::Unknown } else { Refused::NotKept }));
        }
        Ask::Change { reply, .. } => {
            let _gone = reply.send(Err(if why == NoRoom::Unknown { Refused::Unknown } else { Refused::NotKept }));
        }
        Ask::Guest { outbox, .. } => outbox.close(if why == NoRoom::Unknown { Bye::NoSession } else { Bye::BackInAMoment }),
        Ask::Desk { told, .. } => {
            let _gone = told.send(false);
        }
        Ask::FromGuest { .. } | Ask::FromDesk { .. } | Ask::Disconnect { .. } | Ask::SignedOut { .. } => {}
        Ask::IsQuiet { reply, .. } | Ask::InConversation { reply } => {
            let _gone = reply.send(false);
        }
        // Answered alike whatever it was worth.
        Ask::Leave { done, .. } | Ask::Wake { done } | Ask::LookAtHands { done } | Ask::Stop { done } => {
            let _gone = done.send(());
        }
    }
}
