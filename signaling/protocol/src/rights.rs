//! People and rights: what supervisors see of their team, and what administrators do about staff. Nothing in here is of any contact but
//! that it is, whose, and when.

use crate::bounded::FILLED;
use crate::http::Role;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `GET /api/team/contacts?from=SECONDS&to=SECONDS`: contacts of the supervisor's own team that start in that time, soonest first, at most
/// 500. For supervisors; of somebody who is in no team, none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TeamContacts {
    /// The team's name; none: they are in none.
    pub team: Option<String>,
    pub contacts: Vec<TeamContact>,
}

/// Of another's contact. Neither its reference nor anything else that was written of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TeamContact {
    pub id: String,
    /// The practitioner's name among staff.
    pub practitioner: String,
    pub starts_at: u32,
    pub ends_at: u32,
    pub state: ContactState,
    /// The name among staff of the supervisor who covers it, until when, and whether that is who asks.
    pub covered: Option<Covered>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Covered {
    pub by: String,
    pub until: u32,
    pub mine: bool,
}

/// How far a contact has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ContactState {
    Planned,
    /// Somebody came by its link.
    Open,
    Over,
}

/// `GET /api/members`: all members of staff, all who were invited, and all teams, each by name. For administrators.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Members {
    pub members: Vec<ListedMember>,
    pub invited: Vec<InvitedMember>,
    pub teams: Vec<Team>,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ListedMember {
    pub id: String,
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    /// The id of their team; none: in none.
    pub team: Option<String>,
    pub second_factor: bool,
    /// May not sign in, since then.
    pub disabled: Option<u32>,
    /// The last use of a sign-in that still holds.
    pub last_used: Option<u32>,
}

/// Somebody who was given a one-time link and hasn't used it. `DELETE /api/invited/{id}` makes it worthless. 204, `404 unknown_invited`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct InvitedMember {
    pub id: String,
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    pub team: Option<String>,
    pub expires: u32,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Team {
    pub id: String,
    pub name: String,
    /// How many of it may sign in.
    pub members: u32,
}

/// `POST /api/members`: makes a one-time link for somebody new; an earlier one for the same email is worthless from then on. 201 with
/// [`GivenLink`]. `422 bad_name`, `bad_email`, `email_taken`, `roles_missing`, `unknown_team`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// 1 to 80 characters.
    #[schemars(length(min = 1, max = 80), regex(pattern = FILLED))]
    pub name: String,
    /// 3 to 254 characters.
    #[schemars(length(min = 3, max = 254))]
    pub email: String,
    /// At least one.
    #[schemars(length(min = 1))]
    pub roles: Vec<Role>,
    /// The id of a team.
    #[serde(default)]
    pub team: Option<String>,
}

/// A one-time link, told this once. `POST /api/members/{id}/reset` makes one with which a member sets a new password; their second step
/// goes with the old one. 201; `404 unknown_member`, `409 member_disabled`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GivenLink {
    pub link: String,
    pub expires: u32,
}

/// `PUT /api/members/{id}`: these are their roles and their team from now on. Other roles end their sign-ins; another team doesn't. 204;
/// `404 unknown_member`, `422 roles_missing`, `unknown_team`, `409 not_yourself` where administrators would take that role from themselves.
/// `PUT /api/members/{id}/disabled`: they may not sign in any more, and all their sign-ins end at once; `DELETE`: they may again. 204;
/// `404 unknown_member`, `409 not_yourself`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ChangeMember {
    #[schemars(length(min = 1))]
    pub roles: Vec<Role>,
    #[serde(default)]
    pub team: Option<String>,
}

/// `POST /api/teams`: makes a team; 201 with [`TeamMade`]. `PUT /api/teams/{id}`: calls it otherwise; 204. `DELETE /api/teams/{id}`: whoever
/// is in it is in none; 204. `404 unknown_team`, `422 bad_team_name`, `team_taken`, `409 too_many_teams`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct TeamName {
    /// 1 to 60 characters.
    #[schemars(length(min = 1, max = 60), regex(pattern = FILLED))]
    pub name: String,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TeamMade {
    pub id: String,
}

/// `POST /api/members/import`: a list of staff (RFC 4180) with the columns name, email, roles and team; roles apart by spaces, a team by
/// its name or empty. The word `leaver` in place of roles switches that member off. All of it is done, or nothing. Replies with
/// [`Imported`]; `422 import_empty`, `import_long`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ImportStaff {
    pub csv: String,
    /// False: it is only looked at.
    pub now: bool,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Imported {
    /// False: nothing was.
    pub done: bool,
    pub lines: Vec<ImportedLine>,
}

/// A line of it that isn't a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ImportedLine {
    /// Counted from 1, headings and empty ones too.
    pub line: u32,
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    /// They leave: no link is made.
    pub leaves: bool,
    /// By its name.
    pub team: Option<String>,
    pub wrong: Option<ImportWrong>,
    /// The one-time link, once it is done, told this once.
    pub link: Option<String>,
}

/// Why nothing is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ImportWrong {
    /// Not two to four columns.
    Columns,
    Name,
    Email,
    /// None, or a word that is no role.
    Roles,
    Team,
    /// The same email stands in an earlier line.
    Twice,
    /// Somebody signs in with this email already.
    Known,
    /// A leaver with whose email nobody signs in.
    Unknown,
    /// Whoever imports it would switch themselves off.
    Yourself,
}

/// `GET /api/usage`: how many contacts went how, of the last twelve whole months in which there were any, newest first. For
/// administrators. A month that isn't over isn't told: its numbers would show each contact as it ends.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Usage {
    pub months: Vec<UsageMonth>,
    /// The month that isn't over, as a year and a month in one number, such as 202611.
    pub this_month: u32,
}

/// None: fewer than five, or what would tell such a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UsageMonth {
    pub month: u32,
    /// Planned for then, and over.
    pub contacts: Option<u32>,
    pub nobody_came: Option<u32>,
    pub not_let_in: Option<u32>,
    pub talked: Option<u32>,
    /// Of those that talked; one may be in several.
    pub video: Option<u32>,
    pub voice: Option<u32>,
    pub text: Option<u32>,
    /// Of those that talked: the line held; it broke and came back; it was lost.
    pub held: Option<u32>,
    pub broke: Option<u32>,
    pub lost: Option<u32>,
}

/// `POST /api/staff/second-factor/codes`: new codes that stand in for the authenticator; the old ones are worthless. Replies with
/// [`RecoveryCodes`](crate::http::RecoveryCodes). `403 password_refused`, `422 code_refused`, `409 second_factor_off`.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct RenewCodes {
    pub password: String,
    pub code: String,
}
