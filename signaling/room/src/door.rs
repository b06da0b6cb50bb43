//! The two sides of the door, as two types: [`Waiting`] has no way to signalling, nor by the relay to anybody; [`Admitted`] is made from it by
//! admitting alone, and becomes it again. No slip elsewhere in this crate can leak an offer to someone who waits.

use crate::{
    input::{Conn, Effect, Peer, Side},
    signal::Clean,
};
use sidelight_protocol::{desk::ToDesk, guest::ToGuest};

/// In the waiting room.
#[derive(Clone, PartialEq, Eq)]
pub struct Waiting {
    since: u32,
    on_hold: Option<OnHold>,
}

/// What a conversation goes on from that was put on hold. It gives no more right than waiting does.
#[derive(Clone, PartialEq, Eq)]
struct OnHold {
    started: bool,
}

/// In conversation.
#[derive(Clone, PartialEq, Eq)]
pub struct Admitted {
    since: u32,
    started: bool,
    epoch: u32,
    guest: Seat,
    desk: Seat,
}

/// Which page has one end of the present connection.
#[derive(Clone, PartialEq, Eq)]
enum Seat {
    /// No page had access in this epoch yet.
    Empty,
    /// This page load has it.
    Tab(String),
    /// A page had it before the service was started again; nobody knows which.
    Forgotten,
}

/// What a page that comes into a conversation means for its connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seating {
    /// It has its end of the present connection.
    Seated,
    /// The end belongs to another page load: the connection must be made anew, in a new epoch.
    NewEpoch,
}

impl Waiting {
    pub(crate) fn knocked(since: u32) -> Waiting {
        Waiting { since, on_hold: None }
    }

    pub fn since(&self) -> u32 {
        self.since
    }

    pub fn on_hold(&self) -> bool {
        self.on_hold.is_some()
    }

    /// Trying sound and picture: by the relay and back to the same page, which is all that somebody who waits can reach.
    pub(crate) fn check(&self, conn: Conn) -> Effect {
        Effect::GrantCheck { conn }
    }

    /// The practitioner opens the door. "It's them" goes on to hold for whoever was on hold beside the service user.
    pub(crate) fn admit(self, since: u32, epoch: u32) -> Admitted {
        let started = self.on_hold.is_some_and(|before| before.started);
        Admitted { since, started, epoch, guest: Seat::Empty, desk: Seat::Empty }
    }
}

impl Admitted {
    pub fn since(&self) -> u32 {
        self.since
    }

    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// "It's them" was pressed.
    pub fn started(&self) -> bool {
        self.started
    }

    pub(crate) fn its_them(&mut self) {
        self.started = true;
    }

    /// Back to the waiting room.
    pub(crate) fn put_back(self, since: u32) -> Waiting {
        Waiting { since, on_hold: None }
    }

    /// The same, to come back to. `goes_on`: "It's them" holds until then; without, they are looked at first again, since the phone may
    /// be in other hands by then.
    pub(crate) fn put_on_hold(self, since: u32, goes_on: bool) -> Waiting {
        Waiting { since, on_hold: Some(OnHold { started: self.started && goes_on }) }
    }

    /// A new connection with nobody at either end.
    pub(crate) fn renew(&mut self, epoch: u32) {
        self.epoch = epoch;
        self.guest = Seat::Empty;
        self.desk = Seat::Empty;
    }

    /// After the service was started again: whoever had the ends, their connection went with the relay.
    pub(crate) fn forget(&mut self) {
        self.guest = Seat::Forgotten;
        self.desk = Seat::Forgotten;
    }

    /// Takes an end of the connection for a page, if that is possible within this epoch.
    pub(crate) fn seat(&mut self, side: Side, tab: &str) -> Seating {
        let seat = match side {
            Side::Guest => &mut self.guest,
            Side::Desk => &mut self.desk,
        };
        match seat {
            Seat::Empty => {
                *seat = Seat::Tab(tab.to_owned());
                Seating::Seated
            }
            Seat::Tab(holder) if holder == tab => Seating::Seated,
            Seat::Tab(_) | Seat::Forgotten => Seating::NewEpoch,
        }
    }

    /// Access to the relay for one end.
    pub(crate) fn grant(&self, side: Side, conn: Conn, person: &str) -> Effect {
        Effect::Grant { conn, person: person.to_owned(), peer: Peer { epoch: self.epoch, side } }
    }

    /// Takes the relay away from those ends that had it.
    pub(crate) fn cut(&self) -> impl Iterator<Item = Effect> + use<> {
        let epoch = self.epoch;
        [(Side::Guest, &self.guest), (Side::Desk, &self.desk)]
            .map(|(side, seat)| matches!(seat, Seat::Tab(_)).then_some(Effect::Revoke { peer: Peer { epoch, side } }))
            .into_iter()
            .flatten()
    }

    pub(crate) fn signal_to_guest(&self, conn: Conn, signal: Clean) -> Effect {
        Effect::TellGuest { conn, message: ToGuest::Signal { epoch: self.epoch, signal: signal.into_signal() } }
    }

    pub(crate) fn signal_to_desk(&self, conn: Conn, contact: &str, person: &str, signal: Clean) -> Effect {
        Effect::TellDesk {
            conn,
            message: ToDesk::Signal {
                contact: contact.to_owned(),
                person: person.to_owned(),
                epoch: self.epoch,
                signal: signal.into_signal(),
            },
        }
    }
}
