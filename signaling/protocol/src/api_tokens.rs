//! Tokens by which other programs ask, as an administrator makes and revokes them.

use crate::bounded::FILLED;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most tokens that there are at once.
pub const MOST: usize = 20;
/// The longest that one works, in days.
pub const MAX_DAYS: u32 = 365;
pub const MAX_NAME: usize = 60;

/// What a program may ask for. Stored by these names: add, never rename.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Scope {
    /// The counts of whole months that administrators see, small ones left out. Of no contact and nobody.
    #[serde(rename = "usage:read")]
    UsageRead,
    /// That contacts are planned or were, whose, when, and what became of them. Of no person, and nothing of what was said.
    #[serde(rename = "contacts:read")]
    ContactsRead,
    /// Records that practitioners have released, each by a press, and those alone.
    #[serde(rename = "records:read")]
    RecordsRead,
    /// A way through the relay from oneself to oneself, for a minute and a few bytes, to try whether calls get through. Of nobody.
    #[serde(rename = "doctor:call")]
    DoctorCall,
}

/// One token. What it is itself, nobody can be told again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ApiToken {
    pub id: String,
    pub name: String,
    pub scopes: Vec<Scope>,
    /// The member of staff who made it: their id, and their name where they are known still.
    pub who: String,
    pub who_name: Option<String>,
    pub made: u32,
    pub ends: u32,
    /// The first moment of the day, UTC, on which it was last used. None: it never was.
    pub last_used: Option<u32>,
    /// False: whoever made it is no administrator here any more, and so it opens nothing.
    pub works: bool,
}

/// `GET /api/tokens`: those that haven't ended, the one that ends first first. For administrators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ApiTokens {
    pub tokens: Vec<ApiToken>,
}

/// `POST /api/tokens`: makes one; 201. `DELETE /api/tokens/{id}` revokes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NewApiToken {
    #[schemars(length(min = 1, max = MAX_NAME), regex(pattern = FILLED))]
    pub name: String,
    #[schemars(length(min = 1))]
    pub scopes: Vec<Scope>,
    #[schemars(range(min = 1, max = MAX_DAYS))]
    pub days: u32,
}

/// The only answer that the token is in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ApiTokenMade {
    pub id: String,
    pub token: String,
}
