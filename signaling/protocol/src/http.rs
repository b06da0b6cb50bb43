//! Bodies of the HTTP interface. Errors are `application/problem+json` ([`Problem`]).

use crate::bounded::{FILLED, HEX, LINE};
use crate::desk::{ContactDetails, Part};
use crate::pages::OutsideNumber;
use crate::planning::{PlannedTime, Repeat};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An error (RFC 9457). `code` is stable; `title` is one sentence for a person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Problem {
    pub status: u16,
    pub code: String,
    pub title: String,
    /// The field that is wrong, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Seconds to wait before trying again, where there is a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
    /// With `too_early`: when the call is, where they are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<u32>,
    /// With `too_early`, outside of the practitioner's own hours alone: what can be rung then. May hold none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ring: Option<Vec<OutsideNumber>>,
}

/// `POST /api/redeem`: "Continue" was pressed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Redeem {
    /// The invitation id: the first 16 bytes of SHA-256 over `sidelight invitation:` and the token's 26 characters, as 32 lower-case hexadecimal digits.
    #[schemars(regex(pattern = HEX))]
    pub invitation: String,
    /// Made by the page for this link, so that pressing again after a reply that got lost isn't another browser. As an id of a page.
    #[serde(default)]
    #[schemars(regex(pattern = r"^[A-Za-z0-9_-]{1,40}$"))]
    pub claim: Option<String>,
    /// It was typed as a code at the bare address: ten characters in place of 26, over `sidelight code:`.
    #[serde(default)]
    pub typed: bool,
}

/// The reply to [`Redeem`]. `404 link_finished` for every dead link, the same in words, status and time; `403 too_early`, with
/// `starts_at` unless the plan says otherwise, earlier than half an hour before the planned start. Where another browser was first,
/// the session waits until the practitioner moves the place; `409 place_taken` where more browsers came than are told. A typed code
/// that comes too early is like none: whoever guesses must not learn that they were near.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Redeemed {
    pub session: String,
}

/// `POST /api/leave`: leaving where the socket is gone. Answers 204 whatever the session is worth.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Leave {
    pub session: String,
    pub how: crate::Leaving,
}

/// A role of a member of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Practitioner,
    Administrator,
    /// Gets alarms while on duty; sees when contacts of their own team are, and nothing else of others' contacts.
    Supervisor,
    /// Reads the audit, and what was erased; nothing else.
    Auditor,
}

/// `PUT /api/contacts/{id}/help`: where help would go, asked anew in each contact; none: not known. 204, `409 contact_ended` after it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct HelpGoes {
    /// At most 200 characters.
    #[schemars(length(max = 200), regex(pattern = LINE))]
    pub help: Option<String>,
}

/// `POST /api/contacts/{id}/people`: a link of their own for somebody beside the service user, made in the desk's browser as any
/// other. 201 with [`Invited`]; `409 too_many_people` beyond [`MAX_INVITEES`](crate::desk::MAX_INVITEES). `DELETE` with the person's id
/// makes that one link worthless: 204.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NewInvitee {
    /// As of any link.
    #[schemars(regex(pattern = HEX))]
    pub invitation: String,
    pub part: Part,
    /// A first name, or what tells them from others. 1 to 40 characters.
    #[schemars(length(min = 1, max = 40), regex(pattern = FILLED))]
    pub name: String,
}

/// The reply to [`NewInvitee`]: by which the desk knows them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Invited {
    pub person: String,
}

/// `POST /api/staff/first-link`: what a one-time link of staff is for. `404 link_finished` once used, replaced or expired.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct FirstLink {
    pub token: String,
}

/// The reply to [`FirstLink`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FirstLinkFor {
    pub name: Option<String>,
    pub email: Option<String>,
    pub roles: Vec<Role>,
    /// It sets the password of a member anew, and nothing else of them.
    pub reset: bool,
}

/// `POST /api/staff/first`: uses a one-time link; signs in (sets the cookie). Replies with [`Me`]. Where the link sets a password
/// anew, that alone is read; the second step of that sign-in goes with the old password.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct First {
    pub token: String,
    /// 1 to 80 characters.
    #[schemars(length(min = 1, max = 80), regex(pattern = FILLED))]
    pub name: String,
    /// 3 to 254 characters.
    #[schemars(length(min = 3, max = 254))]
    pub email: String,
    /// 12 to 200 characters; refused with `password_weak` and a hint where it is easily guessed.
    #[schemars(length(min = 12, max = 200))]
    pub password: String,
    /// The first administrator is a practitioner too, unless they untick it.
    pub practitioner: bool,
}

/// `POST /api/staff/sign-in`. `401 sign_in_refused`, the same for unknown and wrong; `429 too_many` with `retry_after`. After the
/// right password `401 code_needed` where a code is asked for and none is there, `401 code_refused` for a wrong or used one.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[schemars(length(max = 254))]
    pub email: String,
    #[schemars(length(max = 200))]
    pub password: String,
    /// Of the authenticator, or one of those that stand in for it.
    #[serde(default)]
    pub code: Option<String>,
}

/// `GET /api/staff/second-factor`: the second step of one's own sign-in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SecondFactor {
    pub on: bool,
    /// Here, somebody with their roles must have it.
    pub required: bool,
    /// Codes that stand in for the authenticator and aren't used yet.
    pub codes_left: u32,
    /// The password is asked for once more; not just after a work account has vouched for them.
    pub password: bool,
}

/// `POST /api/staff/second-factor`: makes a secret for an authenticator. Nothing is asked for before a code of it has come.
/// `403 password_refused`; `409 second_factor_on` where there is one.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct BeginSecondFactor {
    pub password: String,
}

/// The reply to [`BeginSecondFactor`], shown once.
#[derive(Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AuthenticatorSecret {
    /// In base32 (RFC 4648), to be typed where no camera is at hand.
    pub secret: String,
    pub qr: QrCode,
}

/// `PUT /api/staff/second-factor`: a code shows that the authenticator has the secret; from now on codes are asked for, and all
/// other sign-ins of this person end. `422 code_refused`.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ConfirmSecondFactor {
    pub code: String,
}

/// The reply to [`ConfirmSecondFactor`]: codes that each stand in for the authenticator once. Shown this once.
#[derive(Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RecoveryCodes {
    pub codes: Vec<String>,
}

/// `DELETE /api/staff/second-factor`: no code is asked for any more. `403 password_refused`, `422 code_refused`. 204.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct EndSecondFactor {
    pub password: String,
    pub code: String,
}

/// `GET /api/staff/me`: who is signed in; `401 not_signed_in` otherwise. `POST /api/staff/sign-out` answers 204. While `must_enrol`,
/// this, signing out and the second step of one's own sign-in are all there is: all else answers `403 enrol_first`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Me {
    pub id: String,
    pub name: String,
    pub email: String,
    pub roles: Vec<Role>,
    /// "Look first": the practitioner's own picture and sound start with a press. On by default.
    pub look_first: bool,
    /// A second step must be added to this sign-in before anything else.
    pub must_enrol: bool,
    /// Whose clocks the desk goes by; none: those of the machine it is open on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Their work account has just vouched for them: where else a password is asked for, none is, for ten minutes.
    #[serde(default)]
    pub vouched: bool,
}

/// `GET /api/staff/work-account`: whether one can sign in by one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WorkAccount {
    pub on: bool,
    /// What stands on the button; none: the page's own words.
    pub label: Option<String>,
}

/// `POST /api/staff/work-account` (without a body) begins to: the address to go to, with a cookie for the way. `503 work_away` where the
/// provider can't be reached, `404 work_off` where there is none. It sends back to `/sign-in/back`, which signs in, or leads to `/desk#work=`
/// with what there is to say: `code`, or the code of a refusal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WorkAccountAt {
    pub address: String,
}

/// `POST /api/staff/work-account/code`: the second step, where the work account doesn't stand for it. Replies with [`Me`], and the cookie.
/// `401 work_stale` where no work account has just vouched for anybody; `401 code_refused` for a wrong or used code.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct WorkAccountCode {
    /// Of the authenticator, or one of those that stand in for it.
    pub code: String,
}

/// `POST /api/staff/work-account/ended`, as a form: the provider's own word that somebody has signed out there.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkAccountEnded {
    pub logout_token: String,
}

/// `GET /api/staff/sessions`: where this person is signed in. `DELETE /api/staff/sessions/{id}` ends one there; its sockets close. 204.
/// `DELETE /api/staff/sessions` ends all but this one. 204.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StaffSessions {
    pub sessions: Vec<StaffSession>,
}

/// One sign-in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct StaffSession {
    pub id: String,
    /// The kind of browser, say "Firefox on Linux".
    pub browser: String,
    pub since: u32,
    pub last_used: u32,
    /// The one that asks.
    pub here: bool,
}

/// `PATCH /api/staff/me`: a member of staff's own settings. Replies with [`Me`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MySettings {
    pub look_first: bool,
}

/// `POST /api/contacts`: plans a contact. Replies 201 with [`ContactMade`]; the contact then comes over the desk's socket.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    pub details: ContactDetails,
    /// `409 clocks_skip` where one of them would come into an hour that isn't there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repeat>,
}

/// The reply to [`NewContact`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ContactMade {
    pub id: String,
    /// Of a repeated one: all, that one first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeated: Option<Vec<PlannedTime>>,
}

/// `POST /api/contacts/{id}/qr`: draws the contact's link as a QR code. Who asks shows the service the link, and that is kept
/// of the invitation. `422 unknown_link` for what isn't the contact's open link.
#[derive(Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ShownLink {
    /// What stands behind `#` in the link.
    pub token: String,
}

/// The reply to [`ShownLink`]: a QR code (ISO/IEC 18004), to be drawn dark on light.
#[derive(Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct QrCode {
    /// Modules of one side, with the quiet zone of four around it.
    pub size: u32,
    /// The dark modules as an SVG path in those units: nothing but `M`, `h`, `v`, `z`, digits, `-` and spaces.
    pub path: String,
}

/// `PUT /api/contacts/{id}/invitation`: a new link, made in the desk's browser; every older one is worthless from now on. 204.
/// `DELETE /api/contacts/{id}/invitation` revokes the link. 204.
/// `PUT /api/contacts/{id}` with a [`ContactDetails`] changes what was planned. 204.
/// `GET /api/contacts?from=SECONDS&to=SECONDS` lists contacts that start in that time, as [`Listed`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// As in [`Redeem`].
    #[schemars(regex(pattern = HEX))]
    pub invitation: String,
    /// It is a code to be typed. `409 code_agreed` where it isn't, and what was agreed with the person says that they type one.
    #[serde(default)]
    pub typed: bool,
}

/// The reply of `GET /api/contacts`: planned contacts, soonest first, at most 1000.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Listed {
    pub contacts: Vec<ListedContact>,
}

/// A contact in a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ListedContact {
    pub id: String,
    pub details: ContactDetails,
    pub link: bool,
    /// The service has seen that link, to draw it as a QR code.
    pub link_known: bool,
    pub ended: Option<u32>,
    /// The name that it has in common with those it was planned together with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// When somebody first came in by a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<u32>,
    /// When it was called off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<u32>,
}
