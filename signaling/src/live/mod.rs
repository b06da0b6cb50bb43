//! What may be lost with the process: the rooms in use and who is connected to them.

use crate::{records::Records, relay::RelayControl, tokens::Tokens};
use sidelight_protocol::Leaving;
use std::sync::Arc;

/// All rooms of this process and everybody connected to them. Cheap to clone.
#[derive(Clone)]
pub struct Hub {
    _inner: Arc<()>,
}

/// Why "Continue" has no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedeemRefused {
    /// The link is dead: revoked, left, ended or never there. One answer for all.
    Finished,
    /// Another browser has the place.
    PlaceTaken,
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
    /// It couldn't be written down, or the service is overloaded or stopping: try again.
    NotKept,
}

impl Hub {
    /// `relay` gives and takes access to the relay.
    pub fn new(records: Records, relay: Arc<dyn RelayControl>, tokens: Arc<Tokens>) -> Hub {
        let _ = (records, relay, tokens);
        Hub { _inner: Arc::new(()) }
    }

    /// "Continue" was pressed: claims the person's place for a session. The caller then issues the session's token.
    pub async fn redeem(&self, contact: &str, person: &str, session: &str) -> Result<(), RedeemRefused> {
        let _ = (contact, person, session);
        Err(RedeemRefused::NotKept)
    }

    /// A new link for a new person of the contact; all older people's links are dead and their sessions over from now on.
    /// Call it after `Records::invite`: an invitation without this is refused like a dead one.
    pub async fn invite(&self, contact: &str, person: &str) -> Result<(), ChangeRefused> {
        let _ = (contact, person);
        Err(ChangeRefused::NotKept)
    }

    /// Makes every link of the contact worthless and ends the sessions that came by them. Fine if there is none.
    pub async fn revoke(&self, contact: &str) -> Result<(), ChangeRefused> {
        let _ = contact;
        Err(ChangeRefused::NotKept)
    }

    /// What was planned has changed: call it after `Records::change_contact`.
    pub async fn details_changed(&self, contact: &str) -> Result<(), ChangeRefused> {
        let _ = contact;
        Err(ChangeRefused::NotKept)
    }

    /// A contact was planned: call it after `Records::new_contact`. Shows it on its owner's open pages if it is one of today's.
    pub async fn contact_made(&self, contact: &str) {
        let _ = contact;
    }

    /// Whether a link of the contact exists that isn't dead.
    pub async fn has_link(&self, contact: &str) -> Result<bool, ChangeRefused> {
        let _ = contact;
        Err(ChangeRefused::NotKept)
    }

    /// Leaving where the socket is gone. Says nothing about what the session was worth.
    pub async fn leave(&self, contact: &str, person: &str, session: &str, how: Leaving) {
        let _ = (contact, person, session, how);
    }

    /// Closes all desk sockets of a member of staff (disabled, password reset).
    pub async fn close_staff(&self, staff: &str) {
        let _ = staff;
    }

    /// Closes the desk sockets of one sign-in (sign-out).
    pub async fn close_sign_in(&self, sign_in: &str) {
        let _ = sign_in;
    }

    /// Tells everybody "back in a moment", closes every socket and stops every room; returns when done, within 10 seconds.
    pub async fn shutdown(&self) {}
}
