//! Contacts planned again and again, moved, called off. Staff only.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far one repeated contact is from the next, by the clock on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Every {
    Week,
    TwoWeeks,
    FourWeeks,
    /// The same weekday of each month, such as the second Tuesday; what is a fifth one is the last.
    Month,
}

/// Plans a contact several times, each a contact of its own.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Repeat {
    pub every: Every,
    /// In all, 2 to 26.
    #[schemars(range(min = 2, max = 26))]
    pub times: u8,
    /// Whose clocks stay as they are: a name of the IANA time zone database.
    pub zone: String,
}

/// One of those that were planned together.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PlannedTime {
    pub id: String,
    pub starts_at: u32,
    /// The clocks show this time twice in that night: it is the first of the two.
    pub twice: bool,
    /// Not within the hours that were agreed with the person whose plan holds.
    pub outside: bool,
}

/// `PUT /api/contacts/{id}/time`: another time for a contact, and, if so wished, for those of its series after it, which move by as
/// much on the wall. All of them or none. Replies with [`Moved`]. `409 clocks_skip` where one would come into an hour that isn't there.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MoveTo {
    pub starts_at: u32,
    /// As in [`Repeat`].
    pub zone: String,
    /// Those after it too. What was opened, is over, or is none of its series stays.
    pub and_after: bool,
}

/// The reply to [`MoveTo`]: what was moved, this one first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Moved {
    pub contacts: Vec<PlannedTime>,
}

/// `POST /api/contacts/{id}/cancel`: calls a contact off, and, if so wished, those of its series after it. Their links are as dead as any.
/// Nothing is sent by it. Replies with [`Cancelled`]. `409 somebody_there` while somebody is at the door or talks: that is ended, not
/// called off.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Cancel {
    pub and_after: bool,
}

/// The reply to [`Cancel`]: what was called off, this one first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Cancelled {
    pub contacts: Vec<String>,
}
