//! In whose hands a contact is: handing it over, asking a colleague in, covering for its practitioner.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How somebody who isn't its practitioner takes part in a contact. Each is written down before it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TakesPart {
    /// Its practitioner asked them.
    Asked,
    /// They cover for its practitioner.
    Covering,
}

/// In whose hands a contact is, as all who take part see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Hands {
    /// Its practitioner's name among staff.
    pub owner: String,
    /// Who takes part beside them, longest first.
    pub with: Vec<Helper>,
    /// It was handed over to its practitioner, the last time so.
    pub given: Option<Given>,
}

/// Somebody who takes part in another's contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Helper {
    /// The id of a member of staff, and their name among staff.
    pub id: String,
    pub name: String,
    pub part: TakesPart,
    pub since: u32,
    /// It ends by itself then; none: with the contact.
    pub until: Option<u32>,
}

/// A contact was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Given {
    /// The name among staff of who did it.
    pub by: String,
    pub at: u32,
    pub note: Option<String>,
}

/// The most colleagues that one list holds, and the most that can be asked into one contact.
pub const MAX_COLLEAGUES: usize = 20;
pub const MAX_ASKED: usize = 5;

/// The longest note to whoever is given a contact, and reason for covering, in characters.
pub const MAX_NOTE: usize = 200;

/// `GET /api/colleagues?search=TEXT&what=hand_over|ask`: colleagues to whom a contact can be handed over, or who can be asked in; those
/// of one's own team first, then by name, at most [`MAX_COLLEAGUES`]. For whoever has a desk.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Colleagues {
    pub colleagues: Vec<Colleague>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Colleague {
    pub id: String,
    pub name: String,
    pub same_team: bool,
}

/// `POST /api/contacts/{id}/hand-over`: it is this colleague's from now on; where its person has a plan, so is their plan, with all of
/// their contacts and records. Whoever was asked in, or covered, takes part no longer. Replies with [`HandedOver`]. `404 unknown_contact`,
/// `409 colleague_gone` (they can't take contacts any more), `409 in_conversation`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// The id of a member of staff.
    pub to: String,
    /// At most [`MAX_NOTE`] characters.
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HandedOver {
    /// The contacts that went.
    pub contacts: Vec<String>,
}

/// `PUT /api/contacts/{id}/cover`: a supervisor covers for the practitioner of this contact, who is in their team, for so long. 204; `404
/// unknown_contact`, `422 reason_short`, `hours_out_of_range`. `DELETE`: gives it back; fine if it isn't covered.
/// `PUT /api/contacts/{id}/asked/{staff}`: asks a colleague in; they may open it and talk, until it is over. 204; `404 unknown_contact`,
/// `409 colleague_gone`, `too_many_asked`, `contact_ended`. `DELETE`: they take part no longer, and their pages lose it at once. 204.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// 10 to [`MAX_NOTE`] characters. It stands in the audit.
    pub reason: String,
    /// 1 to 24.
    pub hours: u32,
}
