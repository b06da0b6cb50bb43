//! The record of a contact: drafted from what happened, finished by its practitioner, copied out, and then gone.
//!
//! * `GET /api/contacts/{id}/record` answers [`ContactRecord`], also while the contact goes on and after it was erased; `404 unknown_contact`,
//!   `410 record_gone` once it was erased.
//! * `PUT /api/contacts/{id}/record` with [`SaveRecord`] answers [`RecordSaved`]; `409 record_old` where a newer save of the same page is
//!   kept already, `409 record_changed` where another page has saved meanwhile.
//! * `PUT /api/contacts/{id}/record/copied` starts its purge, `DELETE` takes that back; both answer [`RecordEnds`]. `409 contact_not_over`.
//! * `POST /api/contacts/{id}/record/send` with [`SendRecord`] answers [`SentRecord`]; `409 no_case_system`, `409 record_changed`,
//!   `409 record_on_its_way`. `POST .../send/arrived` with [`Arrived`] answers the question whether one with an unknown outcome did.
//! * `PUT /api/contacts/{id}/record/release` with [`SendRecord`] releases a copy for other programs ([`crate::programs`]), in the place of the
//!   one before; `409 no_program`, `409 record_changed`. `DELETE` takes it back; `409 not_released`, `409 record_fetched`. Both answer
//!   [`ReleasedRecord`].
//! * `GET /api/records` lists what is still to be written up, as [`Unfinished`].

use crate::Way;
use crate::bounded::LINES;
use crate::desk::{Happening, Part};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest notes, and the longest text of either part, in characters.
pub const MAX_NOTES: usize = 8_000;
pub const MAX_TEXT: usize = 6_000;

/// The most lines of one kind in a draft.
pub const MAX_LINES: usize = 100;

/// What is drafted of a contact, without anything of the person's safety: see [`SafetyDraft`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Draft {
    pub reference: String,
    /// As it was planned.
    pub starts_at: u32,
    pub minutes: u32,
    pub ways: Vec<Way>,
    pub outcome: Outcome,
    pub people: Vec<Attended>,
    /// Conversation, from "It's them" until it stopped; oldest first, as all that follows.
    pub talks: Vec<Talk>,
    pub ways_used: Vec<WayUsed>,
    pub breaks: Vec<Break>,
    /// The practitioner rang them then.
    pub rung: Vec<u32>,
    /// Messages that arrived: of the practitioner, and of whoever was invited.
    pub messages_ours: u32,
    pub messages_theirs: u32,
    /// More happened than fits the lists.
    pub more: bool,
    pub ended: Option<u32>,
}

/// What became of a contact. How somebody left, and why they didn't stay, isn't in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It isn't over, and nobody has talked yet.
    Open,
    Talked,
    /// Somebody came, and there was no conversation.
    NoTalk,
    /// Nobody came by the link.
    DidNotAttend,
    /// It was ended before its planned start, and nobody had come.
    CalledOff,
    /// Nobody was ever given a link.
    NoLink,
}

/// Somebody who was invited, by the part they have; all their links together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Attended {
    /// None: the service user.
    pub part: Option<Part>,
    /// When they first came by their link.
    pub came: Option<u32>,
}

/// One stretch of conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Talk {
    pub from: u32,
    /// None: it goes on.
    pub until: Option<u32>,
}

/// From then on they talked this way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WayUsed {
    pub at: u32,
    pub way: Way,
}

/// An interruption of the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Break {
    pub from: u32,
    /// None: it didn't go on.
    pub until: Option<u32>,
    pub why: Interrupted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Interrupted {
    /// The line to them was lost.
    Line,
    /// The practitioner stopped it for a while.
    Paused,
}

/// What is drafted of a person's safety: a part of its own, which leaves this service only where it is chosen each time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SafetyDraft {
    /// What it came to, each once, in this order.
    pub states: Vec<SafetyState>,
    /// The private question and its answers, who was with them, the word, how somebody left; the last [`MAX_LINES`].
    pub lines: Vec<Happening>,
    /// More happened than these.
    pub more: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SafetyState {
    /// The agreed word was used.
    Alarm,
    LeftByExit,
    EndedQuietly,
    /// They answered "Later".
    Later,
}

/// A record, as its practitioner sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ContactRecord {
    pub draft: Draft,
    pub safety: SafetyDraft,
    pub written: Written,
    /// Rises with each save.
    pub revision: u32,
    pub copied: Option<u32>,
    /// When it is erased, as far as that is known.
    pub gone_at: Option<u32>,
    /// There is a case system to send it to.
    pub case_system: bool,
    pub sent: Option<SentRecord>,
    /// Programs that could fetch it if it were released, by their names.
    pub programs: Vec<String>,
    pub released: Option<ReleasedRecord>,
}

/// What was released of a record for other programs to fetch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ReleasedRecord {
    /// Since when; none: it was taken back.
    pub at: Option<u32>,
    /// The part about safety is in it.
    pub safety: bool,
    /// Oldest first.
    pub fetched: Vec<RecordFetch>,
}

/// A program has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RecordFetch {
    /// By its name.
    pub program: String,
    pub at: u32,
    /// It said then that it is stored there.
    pub taken: Option<u32>,
    /// It was another copy, released before this one.
    pub earlier: bool,
}

/// What the practitioner wrote.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// At most [`MAX_NOTES`] characters.
    #[schemars(length(max = MAX_NOTES), regex(pattern = LINES))]
    pub notes: String,
    /// The draft in words, as they left it; none: as it is drafted. At most [`MAX_TEXT`] characters, as the next.
    #[schemars(length(max = MAX_TEXT), regex(pattern = LINES))]
    pub text: Option<String>,
    /// The same of the part about safety.
    #[schemars(length(max = MAX_TEXT), regex(pattern = LINES))]
    pub safety: Option<String>,
}

/// Saves what was written. An older save that comes late never replaces a newer one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SaveRecord {
    pub written: Written,
    /// Made anew by each page load, as an id of a page.
    #[schemars(regex(pattern = r"^[A-Za-z0-9_-]{1,40}$"))]
    pub page: String,
    /// Rises with each save of that page.
    pub number: u32,
    /// The revision that this page has seen last.
    pub base: u32,
}

/// The reply to [`SaveRecord`]: it is on disk.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RecordSaved {
    pub revision: u32,
}

/// Whether a record counts as copied, and when it is gone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RecordEnds {
    pub copied: Option<u32>,
    pub gone_at: Option<u32>,
}

/// Sends the record to the case system.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SendRecord {
    /// The revision that is before whoever sends it.
    pub revision: u32,
    /// The plain part, in the words that are before them.
    #[schemars(length(max = MAX_TEXT), regex(pattern = LINES))]
    pub text: String,
    /// The part about safety, where they chose that it goes along this time.
    #[schemars(length(max = MAX_TEXT), regex(pattern = LINES))]
    pub safety: Option<String>,
}

/// How far the sending is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SentRecord {
    pub state: SendState,
    /// Since when; of one that is tried again: when.
    pub at: u32,
    pub tries: u32,
    /// The part about safety goes along.
    pub safety: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SendState {
    /// It is to go, or to be tried again.
    Waiting,
    /// It is on its way.
    Trying,
    /// The case system has said that it has it.
    Arrived,
    /// The case system has said that it won't have it.
    Refused,
    /// It was tried for a day and never got there.
    GivenUp,
    /// Nobody knows whether it arrived. Nothing is sent again by itself.
    Unknown,
}

/// Whether a record arrived whose outcome is unknown. It didn't: it is sent again, so that the case system can tell that it is the same.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Arrived {
    pub arrived: bool,
}

/// The reply of `GET /api/records`: contacts that are over and not copied yet, the latest first, at most 500.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Unfinished {
    pub records: Vec<UnfinishedRecord>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UnfinishedRecord {
    pub contact: String,
    pub reference: String,
    pub starts_at: u32,
    pub ended: u32,
    pub outcome: Outcome,
}
