//! What pages say of names and numbers, which administrators set: `GET|PUT|DELETE /api/pages`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One of what pages say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PageValue {
    Title,
    DeskTitle,
    CalendarTitle,
    NeutralPage,
    Number,
    Outside,
}

/// A number for the hours in which nobody is at their desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct OutsideNumber {
    /// Who or what answers there.
    pub label: String,
    pub number: String,
    /// When it is answered, in words. May be empty.
    pub answered: String,
}

/// All that administrators set of what pages say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PageWords {
    /// Of the service user's page. Empty: the page's own.
    pub title: String,
    /// Of the desk. Empty: the desk's own.
    pub desk_title: String,
    /// Of entries in calendars. Empty: "Call".
    pub calendar_title: String,
    /// Where "Leave this page" leads.
    pub neutral_page: String,
    /// Empty: pages say "ring the person who sent this".
    pub number: String,
    /// At most 3. They go with `too_early` alone, outside of the practitioner's own hours. None: the number of every page stands in.
    pub outside: Vec<OutsideNumber>,
}

/// `PUT /api/pages`: pages say this from their next load on; answered with [`PagesNow`]. `422` with the field where one can't be, `409
/// pages_pinned` where whoever installed it keeps this to the configuration. `DELETE`: what was said before the last change again
/// (`409 nothing_to_undo`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NewPageWords {
    pub words: PageWords,
    /// 10 to 400 characters.
    pub reason: Option<String>,
}

/// The most characters of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PageBounds {
    pub title: u32,
    pub address: u32,
    pub number: u32,
    /// Of a number's label, and of when it is answered.
    pub label: u32,
    /// Numbers for outside of hours.
    pub outside: u32,
}

/// Who changed what, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PagesChange {
    pub at: u32,
    /// A member's id, and their name while they are one.
    pub who: String,
    pub name: Option<String>,
    pub reason: String,
    pub changed: Vec<PageValue>,
}

/// `GET /api/pages`, for administrators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PagesNow {
    pub words: PageWords,
    /// Which of them were set on the page; the others are the configuration's.
    pub set_here: Vec<PageValue>,
    /// Only the configuration's count (`pages.pinned`).
    pub pinned: bool,
    pub most: PageBounds,
    /// The last ones, newest first.
    pub changes: Vec<PagesChange>,
}
