//! What was typed in a contact. It is kept only where an administrator has given it a period, everybody was told before anything was
//! typed, and all who were in the text have agreed at the end. It is put together in the practitioner's browser: the service can't read it
//! before that.
//!
//! * `PUT /api/contacts/{id}/typed` with [`KeepTyped`] switches it on before anything is typed, or off; `409 typed_not_kept` where there is no
//!   period, `409 typed_already`.
//! * `POST /api/contacts/{id}/typed/ask` asks everybody, once; `409 not_all_here`, `409 not_now`. What they say isn't told: the contact's view
//!   says whether all agreed ([`crate::desk::KeepsTyped`]).
//! * `GET /api/contacts/{id}/transcript` answers [`ContactTranscript`]. `PUT` with [`NewTranscript`] keeps it, once; `409 not_agreed`,
//!   `409 transcript_kept`. `DELETE` deletes it; `409 held`.

use crate::bounded::LINES;
use crate::desk::Part;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most messages of one contact, the longest of them in characters, and the largest body that brings them, in bytes.
pub const MAX_TYPED: usize = 4_000;
pub const MAX_TYPED_TEXT: usize = 4_000;
pub const MAX_TRANSCRIPT: usize = 256 * 1024;

/// Whether what is typed may be kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct KeepTyped {
    pub on: bool,
}

/// What was typed, oldest first, as the practitioner's page has it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NewTranscript {
    #[schemars(length(min = 1, max = MAX_TYPED))]
    pub lines: Vec<NewTyped>,
}

/// One message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NewTyped {
    /// The id of whoever wrote it, or was written to.
    pub person: String,
    pub ours: bool,
    /// By the clock of the practitioner's device.
    pub at: u32,
    #[schemars(length(max = MAX_TYPED_TEXT), regex(pattern = LINES))]
    pub text: String,
}

/// What is kept of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ContactTranscript {
    /// For how many days it would be kept. Nought: it isn't.
    pub days: u32,
    pub transcript: Option<Transcript>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Transcript {
    pub made: u32,
    /// It is deleted then.
    pub gone_at: u32,
    pub typed: Typed,
}

/// What is sealed of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Typed {
    /// Everybody was told from then on, and asked then.
    pub since: u32,
    pub asked: u32,
    pub agreed: Vec<Agreed>,
    pub lines: Vec<TypedLine>,
}

/// Somebody who agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Agreed {
    /// None: the service user.
    pub part: Option<Part>,
    pub at: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TypedLine {
    /// Whose thread it is in. None: the service user's.
    pub part: Option<Part>,
    pub ours: bool,
    pub at: u32,
    pub text: String,
}
