//! The bounds of every field that a page sends, checked before anything looks at it. Out of bounds is a bad message, whoever
//! sends it and whenever.

use sidelight_protocol::{
    MAX_BODY, MAX_CANDIDATE, MAX_ID, MAX_SDP, MAX_TAG, Seal, Signal,
    desk::{Act, FromDesk},
    guest::FromGuest,
};

/// The longest session token, in bytes. Ours have about 350.
pub const MAX_SESSION: usize = 1024;

/// The longest name of a media section, and the greatest index of one. We have two sections.
const MAX_MID: usize = 16;
const MAX_LINE: u32 = 15;

/// The message in a service user's frame. None: it is none, or something in it is out of bounds.
pub fn from_guest(frame: &str) -> Option<FromGuest> {
    serde_json::from_str(frame).ok().filter(of_guest)
}

/// The message in a frame of the desk. None: as in [`from_guest`].
pub fn from_desk(frame: &str) -> Option<FromDesk> {
    serde_json::from_str(frame).ok().filter(of_desk)
}

/// Everything in a service user's message is within bounds.
pub fn of_guest(message: &FromGuest) -> bool {
    match message {
        FromGuest::Hello { protocol: _, session, tab } => {
            !session.is_empty() && session.len() <= MAX_SESSION && session.is_ascii() && id(tab)
        }
        FromGuest::Beat {}
        | FromGuest::Answer { .. }
        | FromGuest::Company { .. }
        | FromGuest::Keep { .. }
        | FromGuest::Choose { .. }
        | FromGuest::Knock {}
        | FromGuest::Devices { .. }
        | FromGuest::Page { .. }
        | FromGuest::Check {}
        | FromGuest::Checked { .. }
        | FromGuest::Leave { .. } => true,
        FromGuest::Text { id: text, body } => id(text) && self::body(body),
        FromGuest::Seal { seal } => self::seal(seal),
        FromGuest::Ack { id: text, proof } => id(text) && tag(proof),
        FromGuest::Signal { epoch: _, signal } => self::signal(signal),
    }
}

/// Everything in a practitioner's message is within bounds.
pub fn of_desk(message: &FromDesk) -> bool {
    match message {
        FromDesk::Hello { protocol: _, tab } => id(tab),
        FromDesk::Beat {} => true,
        FromDesk::Duty { on: _ } => true,
        FromDesk::Have { contact, person } => id(contact) && id(person),
        FromDesk::In { contact, act } => id(contact) && self::act(act),
    }
}

fn act(act: &Act) -> bool {
    match act {
        Act::Take {} | Act::End {} | Act::Devices { .. } => true,
        Act::Admit { person }
        | Act::Decline { person, reason: _, block: _ }
        | Act::Ask { person }
        | Act::AskWho { person }
        | Act::TakeBackWho { person }
        | Act::Ring { person }
        | Act::Move { person }
        | Act::Alarm { person, how: _ }
        | Act::AtIt { person }
        | Act::HandOver { person }
        | Act::Handled { person, matter: _ }
        | Act::EndQuietly { person }
        | Act::PutBack { person }
        | Act::PutOnHold { person }
        | Act::Reconnect { person, epoch: _ }
        | Act::ItsThem { person } => id(person),
        Act::Text { person, id: text, body } => id(person) && id(text) && self::body(body),
        Act::Seal { person, seal } => id(person) && self::seal(seal),
        Act::Ack { person, id: text, proof } => id(person) && id(text) && tag(proof),
        Act::Signal { person, epoch: _, signal } => id(person) && self::signal(signal),
    }
}

/// An id as pages make them.
pub fn id(id: &str) -> bool {
    !id.is_empty() && id.len() <= MAX_ID && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn seal(seal: &Seal) -> bool {
    let Seal { commitment, seen, key, nonce, link, proof } = seal;
    !commitment.is_empty() && [commitment, seen, key, nonce, link, proof].into_iter().all(|field| tag(field))
}

/// What pages compute and the service can't judge: base64url, or nothing.
fn tag(tag: &str) -> bool {
    tag.len() <= MAX_TAG && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn body(body: &str) -> bool {
    !body.is_empty() && body.len() <= MAX_BODY
}

fn signal(signal: &Signal) -> bool {
    match signal {
        Signal::Offer { sdp, bound } | Signal::Answer { sdp, bound } => sdp.len() <= MAX_SDP && tag(bound),
        Signal::Candidate { candidate, mid, line } => {
            candidate.len() <= MAX_CANDIDATE
                && mid.as_ref().is_none_or(|mid| mid.len() <= MAX_MID)
                && line.is_none_or(|line| line <= MAX_LINE)
        }
        Signal::Pace { sends: _, most: _, unseen: _, unheard: _, again: _ } => true,
    }
}
