//! A person's safety plan: what was agreed with them beforehand. Staff only.

use crate::WhenHidden;
use crate::bounded::{FILLED, LINE, LINES};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A way by which word of a contact can reach somebody. What isn't in their plan isn't used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A text message from the practitioner's own phone.
    Text,
    /// A text message that the service sends.
    SystemText,
    Email,
    Calendar,
    /// They may be rung.
    Voice,
}

impl Channel {
    pub const ALL: [Channel; 5] = [Channel::Text, Channel::SystemText, Channel::Email, Channel::Calendar, Channel::Voice];
}

/// Whether somebody who opens their link before its time is told when the call is. Whoever holds the phone reads it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Early {
    Told,
    NotTold,
}

/// Hours of the week in which word may reach them, by the clocks where they live.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SafeHours {
    /// Monday is 0. At least one, none twice.
    #[schemars(length(min = 1, max = 7), inner(range(max = 6)), extend("uniqueItems" = true))]
    pub days: Vec<u8>,
    /// Minutes since midnight; `until` is after `from`, at most 1440, and not among them.
    #[schemars(range(min = 0, max = 1439))]
    pub from: u16,
    #[schemars(range(min = 1, max = 1440))]
    pub until: u16,
}

/// What was agreed with a person. Outlives their contacts, and is erased some time after the last of them. By default nothing is agreed,
/// and so nothing may be sent.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct SafetyPlan {
    /// Initials or case number, by which staff know them. 1 to 60 characters.
    #[schemars(length(min = 1, max = 60), regex(pattern = FILLED))]
    pub reference: String,
    /// Safe channels, none twice. None at all: nothing may be sent.
    #[schemars(extend("uniqueItems" = true))]
    pub channels: Vec<Channel>,
    /// Safe hours, at most 14. None at all: nothing may be sent at any.
    #[schemars(length(max = 14))]
    pub hours: Vec<SafeHours>,
    /// Whose clocks the hours go by: a name of the IANA time zone database.
    #[schemars(length(min = 1, max = 60))]
    pub zone: String,
    /// What to ring, or words for where to find it. Kept only where they may be rung. At most 60 characters.
    #[schemars(length(max = 60), regex(pattern = LINE))]
    pub number: Option<String>,
    /// The agreed safe word, at most 40 characters; and other spellings of it, at most 5.
    #[schemars(length(max = 40), regex(pattern = LINE))]
    pub word: Option<String>,
    #[schemars(length(max = 5), inner(length(max = 40), regex(pattern = LINE)))]
    pub spellings: Vec<String>,
    /// What to do when it is used. At most 400 characters; so are those that follow.
    #[schemars(length(max = 400), regex(pattern = LINES))]
    pub response: Option<String>,
    /// By what question the practitioner proves who they are.
    #[schemars(length(max = 400), regex(pattern = LINES))]
    pub proves_us: Option<String>,
    /// By what question the person does, and what they answer: on the desk only.
    #[schemars(length(max = 400), regex(pattern = LINES))]
    pub proves_them: Option<String>,
    #[schemars(length(max = 400), regex(pattern = LINES))]
    pub proves_them_answer: Option<String>,
    /// What to do if someone else answers, if the call drops, if they leave by the exit.
    #[schemars(length(max = 400), regex(pattern = LINES))]
    pub if_other: Option<String>,
    #[schemars(length(max = 400), regex(pattern = LINES))]
    pub if_drops: Option<String>,
    #[schemars(length(max = 400), regex(pattern = LINES))]
    pub if_exit: Option<String>,
    /// As in a contact's own details.
    pub when_hidden: Option<WhenHidden>,
    pub signing: bool,
    #[serde(default)]
    pub by_code: bool,
    /// None, as in what was written down before this could be chosen: not told.
    #[serde(default)]
    pub early: Option<Early>,
    /// What goes out with the link; none: the same few words as to everyone. Whoever reads it on a locked screen learns nothing by
    /// it: a word that tells is refused. At most 120 characters.
    #[serde(default)]
    #[schemars(length(max = 120), regex(pattern = LINE))]
    pub wording: Option<String>,
    /// The service may remind them of a contact, without a link. Not there in what was written down before this could be chosen: then not.
    #[serde(default)]
    pub reminders: bool,
}

/// Why nothing may be sent by a channel now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Unsafe {
    /// No channel was agreed yet.
    NoChannels,
    /// This one wasn't.
    Channel,
    /// No hours were agreed yet, or nobody knows whose clocks they go by.
    NoHours,
    /// Not at this hour.
    Hour,
}

/// One channel as it is now.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChannelNow {
    pub channel: Channel,
    /// None: it may be used.
    pub refused: Option<Unsafe>,
}

/// What an administrator lets through for a while though the plan doesn't: one channel, and never ringing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Allowed {
    pub channel: Channel,
    /// In seconds; from then on the plan alone counts.
    pub until: u32,
    /// As the administrator wrote it.
    pub reason: String,
}

/// `POST /api/people/{id}/override`, for administrators: lets one channel be used with this person, whoever keeps their plan, in place of
/// whatever was let through before. 204; the audit has it with the reason. `DELETE` takes it back: 204.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// `422 channel_rings` for [`Channel::Voice`]: a ringing phone tells whoever is near.
    pub channel: Channel,
    /// From now on, 5 to 1440.
    #[schemars(range(min = 5, max = 1440))]
    pub minutes: u32,
    /// 10 to 400 characters.
    #[schemars(length(min = 10, max = 400), regex(pattern = LINES))]
    pub reason: String,
}

/// A person of whom a plan is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Person {
    pub id: String,
    pub plan: SafetyPlan,
    /// Every channel, as it is now.
    pub channels: Vec<ChannelNow>,
    /// What is let through now besides.
    pub allowed: Option<Allowed>,
}

/// `GET /api/people`: whose plans this practitioner keeps, by reference, at most 500. `POST` with a [`SafetyPlan`] keeps a new one;
/// 201 with a [`Person`]. `PUT /api/people/{id}` with a [`SafetyPlan`] changes it, `GET` answers with the [`Person`], `DELETE` erases
/// plan and key: 204, or `409 has_contacts` while a contact of theirs isn't over.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct People {
    pub people: Vec<Person>,
}
