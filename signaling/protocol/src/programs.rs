//! What other programs ask for, by a token whose scope opens it.
//!
//! * `contacts:read`: `GET /api/programs/contacts?from=SECONDS&to=SECONDS[&after=CURSOR]` answers [`ProgramContacts`].
//! * `records:read`: `GET /api/programs/records[?after=CURSOR]` lists what was released as [`ReleasedRecords`]; `GET .../{id}` answers
//!   [`FetchedRecord`]; `POST .../{id}/taken` says that it is stored there. `404 unknown_record` of whatever isn't released, one answer for all.

use crate::record::{Draft, SafetyDraft};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most that one page holds.
pub const MAX_PAGE: u16 = 100;
/// The longest time between `from` and `to`, in seconds: 62 days.
pub const MAX_SPAN: u32 = 62 * 24 * 3600;

/// What became of a contact, as far as programs are told. What may tell that something just happened, isn't.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgramState {
    /// It is to come, or its planned end isn't past, or it isn't over.
    Planned,
    /// The conversation took place.
    Held,
    /// There was none, for whatever reason.
    NotHeld,
    /// Nobody came by the link.
    DidNotAttend,
    CalledOff,
}

/// Of a contact that it is, whose, when, and what became of it. Of the person nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProgramContact {
    /// What programs know it by, the same each time and in its record. It opens nothing.
    pub contact: String,
    /// The ids of the practitioner's account and of their team; none: they are in no team.
    pub practitioner: String,
    pub team: Option<String>,
    /// As planned.
    pub starts_at: u32,
    pub ends_at: u32,
    pub state: ProgramState,
}

/// One page, soonest first, at most [`MAX_PAGE`]. `next`: what to ask for `after`; none: this is the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProgramContacts {
    pub contacts: Vec<ProgramContact>,
    pub next: Option<String>,
}

/// A record that its practitioner has released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReleasedListed {
    pub record: String,
    pub released: u32,
}

/// One page, the one released first first, at most [`MAX_PAGE`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReleasedRecords {
    pub records: Vec<ReleasedListed>,
    pub next: Option<String>,
}

/// A record as it leaves for a case system: what its practitioner chose this time, and nothing else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordCopy {
    /// `sidelight-record-1`
    pub format: String,
    /// The record's id, the same each time it is sent.
    pub record: String,
    /// What happened, in the practitioner's words.
    pub text: String,
    pub notes: String,
    pub draft: Draft,
    /// None unless it was chosen this time.
    pub safety: Option<SafetyCopy>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SafetyCopy {
    pub text: String,
    pub draft: SafetyDraft,
}

/// One released record.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FetchedRecord {
    /// What programs know its contact by.
    pub contact: String,
    /// The id of its practitioner's account.
    pub practitioner: String,
    pub released: u32,
    pub copy: RecordCopy,
}
