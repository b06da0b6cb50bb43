//! What a room is told and what it wants done.

use crate::fact::Fact;
use sidelight_protocol::{
    Bye, Leaving,
    desk::{Act, ContactDetails, HandedAlarm, Invitee, ToDesk},
    guest::{FromGuest, ToGuest},
    hands::{Hands, TakesPart},
};

/// Milliseconds since 1970. Never read here, always given.
pub type Time = u64;

/// A connected page. Given by the outside, never used twice; later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Conn(pub u64);

/// One side of one connection through the relay. A new epoch is a new peer, so that what belonged to the old one can be cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Peer {
    pub epoch: u32,
    pub side: Side,
}

/// Which side of the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    Guest,
    Desk,
}

/// Somebody who takes part in another's contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Their staff id.
    pub staff: String,
    /// What the service user is told of who they are with; none: nobody is named.
    pub goes_by: Option<String>,
    pub part: TakesPart,
}

/// What happens to a contact.
#[derive(Clone)]
pub enum Input {
    /// A link was made for a new person. `replacing`: every other link of the service user's is worthless from now on. `invitee`: it
    /// is for somebody beside the service user.
    Invite {
        person: String,
        replacing: bool,
        invitee: Option<Invitee>,
    },
    /// A person's link is made worthless; none named: every link of the service user's.
    Revoke {
        person: Option<String>,
    },
    /// The contact is called off.
    Cancel,
    /// The person's link was shown to the service, to be drawn.
    LinkShown {
        person: String,
    },
    /// "Continue" was pressed. Whoever does so first, with a session of their own, has the person's place; another browser
    /// waits to be given it. `claim`: what the page calls this press, the same when it presses again.
    Redeem {
        person: String,
        session: String,
        browser: Option<String>,
        claim: Option<String>,
    },
    /// What was planned is different now.
    DetailsChanged {
        details: ContactDetails,
    },
    /// A supervisor on duty has the alarm of this person. The outside has made sure who it is; `by` is their name.
    TakeAlarm {
        person: String,
        by: String,
    },
    /// What is typed may be kept from now on, or not any more. The outside has made sure that the policy allows it.
    KeepTyped {
        on: bool,
    },
    /// Everybody who was in the text is asked whether it may be kept.
    AskToKeep,
    /// A service user's page said hello with a valid session token of this contact.
    GuestConnect {
        conn: Conn,
        person: String,
        session: String,
        tab: String,
    },
    /// A page of the contact's practitioner is open. The outside has made sure whose it is.
    DeskConnect {
        conn: Conn,
        tab: String,
    },
    /// A page of somebody who takes part in another's contact. The outside has made sure who it is, and that they do.
    VisitorConnect {
        conn: Conn,
        tab: String,
        visitor: Visitor,
    },
    /// In whose hands the contact is.
    Hands {
        hands: Hands,
    },
    /// This is no longer theirs to see: a visitor's by their staff id; none: who was its practitioner. Whoever was in conversation with
    /// them is in the waiting room again.
    NotTheirs {
        staff: Option<String>,
    },
    /// The socket is gone, or this contact is no longer among today's.
    Disconnect {
        conn: Conn,
    },
    FromGuest {
        conn: Conn,
        message: FromGuest,
    },
    FromDesk {
        conn: Conn,
        act: Act,
    },
    /// Leaving where the socket is gone, by a request that carries the session.
    LeaveByRequest {
        person: String,
        session: String,
        how: Leaving,
    },
    /// The time that [`crate::Room::deadline`] named has come.
    Deadline,
}

/// What is to be done, in the order given.
#[derive(Clone, PartialEq, Eq)]
pub enum Effect {
    /// Write these down; if that fails, do none of what follows. Always first.
    Record(Vec<Fact>),
    /// The answer to [`Input::Redeem`].
    Redeemed(Result<(), RedeemRefused>),
    /// The answer to [`Input::Invite`], [`Input::Revoke`], [`Input::Cancel`], [`Input::LinkShown`], [`Input::DetailsChanged`], [`Input::TakeAlarm`], [`Input::KeepTyped`] and [`Input::AskToKeep`].
    Changed(Result<(), ChangeRefused>),
    /// Take the relay away from this peer: its bytes stop at once.
    Revoke {
        peer: Peer,
    },
    /// The reply to a service user's good hello: which instance of the service this is.
    Welcome {
        conn: Conn,
    },
    /// Access to the relay for this peer; comes before the view that needs it. The same peer may be granted again.
    Grant {
        conn: Conn,
        person: String,
        peer: Peer,
    },
    /// Access to the relay for somebody who waits, by which this page reaches nothing but itself.
    GrantCheck {
        conn: Conn,
    },
    TellGuest {
        conn: Conn,
        message: ToGuest,
    },
    TellDesk {
        conn: Conn,
        message: ToDesk,
    },
    /// These are all alarms of this contact that supervisors have before them now.
    TellSupervisors {
        alarms: Vec<HandedAlarm>,
    },
    /// Be to this page from now on as a service that was lost: nothing is sent, nothing answered, and nothing closed. The room
    /// has forgotten the connection already.
    Silence {
        conn: Conn,
    },
    /// Say goodbye and close. The room has forgotten the connection already.
    Close {
        conn: Conn,
        bye: Bye,
    },
}

/// Why "Continue" has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedeemRefused {
    /// The link is dead: revoked, left, ended, too late, or never there. One answer for all.
    Finished,
    /// The first half hour before the planned start hasn't begun.
    TooEarly { starts_at: Option<u32> },
    /// Another browser has the place, and one more waits for it already.
    PlaceTaken,
    /// It was ended quietly: there is to be no answer at all.
    Unanswered,
}

/// Why a change has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeRefused {
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
}
