//! A practitioner's own working hours. Theirs alone: nobody else is given them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A part of one weekday in which they work.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct WorkSpan {
    /// Monday is 0.
    pub day: u8,
    /// Minutes since midnight; `until` is after `from`, at most 1440, and not among them.
    pub from: u16,
    pub until: u16,
}

/// From a day to another, both among them, as `2026-12-24`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AwayDays {
    pub from: String,
    pub to: String,
}

/// `PUT /api/hours`, for practitioners: sets their own, and answers with [`OwnHoursNow`]. 422 where one is none.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct OwnHours {
    /// At most three a day, none into another. None at all: always.
    pub spans: Vec<WorkSpan>,
    /// At most 20; those that are over aren't kept.
    pub away: Vec<AwayDays>,
    /// Whose clocks they go by, a name of the IANA time zone database. The organisation's goes before it, where it has one.
    pub zone: String,
}

/// `GET /api/hours`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OwnHoursNow {
    pub hours: OwnHours,
    /// Now isn't among them.
    pub outside: bool,
}
