//! Messages that the service itself sends: text messages and emails with a contact's link, and reminders. Staff only.

use crate::bounded::{FILLED, LINE, LINES};
use crate::plan::{Channel, Unsafe};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Texts that an administrator sets: the most of them, their longest, and the longest name of a sender, in characters.
pub const MOST_WORDINGS: usize = 5;
pub const LONGEST_WORDING: usize = 120;
pub const LONGEST_SENDER: usize = 40;
/// The most messages of one contact.
pub const MOST_MESSAGES: usize = 20;

/// Where a message is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// For its time, or for the next try.
    Waiting,
    /// It is being sent at this moment.
    UnderWay,
    /// Whoever passes it on has taken it. A text message may still arrive up to 72 hours late.
    Sent,
    /// It reached the phone or the mailbox. Nobody knows whether it was read.
    Delivered,
    /// It certainly didn't go, or didn't arrive.
    Failed,
    /// Nobody knows whether it went. It isn't sent again unless somebody says so.
    Unknown,
}

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Holds the link, or the code.
    Link,
    /// Holds no link.
    Reminder,
    /// Words about a contact that is over or was moved, without a link.
    Notice,
}

/// Why a message didn't go, or hasn't gone yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NotSent {
    /// Whoever passes messages on can't be reached.
    Unreachable,
    /// They don't take messages from this service now: its set-up, their limit, or their fault.
    SetUp,
    /// They don't take this one, such as for its number.
    Refused,
    /// They took it, and it didn't arrive.
    Undelivered,
    /// The plan of the person doesn't let it through at this hour, or any more.
    Unsafe,
    /// The contact ended, or its time had come, before it went; or somebody took it back.
    Over,
    /// The link it holds works no more.
    LinkOver,
}

/// One message, as far as anybody needs to know: neither to whom nor in which words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Message {
    pub id: String,
    pub kind: MessageKind,
    /// [`Channel::SystemText`] or [`Channel::Email`].
    pub channel: Channel,
    pub state: MessageState,
    /// For one that failed, or waits for its next try.
    pub why: Option<NotSent>,
    /// Since when it is in this state, in seconds.
    pub since: u32,
    /// When it is due, for one that waits.
    pub due: u32,
    /// Nobody knows whether it went, and nobody has said yet what to do about it.
    pub asks: bool,
}

/// A way by which the service can send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SendingWay {
    pub channel: Channel,
    /// Why nothing may be sent this way now; none: it may.
    pub refused: Option<Unsafe>,
    /// How the number or address ends that was given for this contact; none: it has to be given.
    pub to: Option<String>,
}

/// `GET /api/contacts/{id}/messages`: what can be sent in this contact and what was. No ways: sending isn't set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Messages {
    pub ways: Vec<SendingWay>,
    /// What goes before the link, to choose from. From the person's plan if there is one: then it is the only one.
    pub wordings: Vec<String>,
    pub reminder: String,
    /// What is said of a contact that was called off.
    pub off: String,
    /// What each text message begins with.
    pub prefix: String,
    /// Where links lead, such as `https://call.example.org`.
    pub origin: String,
    /// The person's plan lets them be reminded.
    pub may_remind: bool,
    pub messages: Vec<Message>,
}

/// What to send.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "say", rename_all = "snake_case", deny_unknown_fields)]
pub enum Saying {
    /// The link behind the `#`, or the code, which the service sees by this: the contact says so from then on.
    Link {
        token: String,
        /// Which of the wordings, from 0.
        wording: u32,
    },
    /// So many minutes before the planned start, 15 to 2880. At most one for a contact.
    Reminder { before: u32 },
    /// That a contact was called off. It holds no link.
    Off,
    /// The same once more of which nobody knows whether it went: somebody decided so.
    Again { message: String },
}

/// `PUT /api/contacts/{id}/messages/{message}`: sends a message under an id that the page makes (32 hexadecimal digits): 204. The same
/// again changes nothing. [`Saying::Off`] goes only in a contact that was called off (`409 not_called_off`), and nothing else does there
/// (`409 contact_ended`). `409 cant_send` where this way isn't set up, `409 unsafe_now` with the reason in the title where the plan
/// doesn't let it through. `DELETE`: a waiting one isn't sent any more; one that nobody knows of is left at that. 204.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    pub channel: Channel,
    /// None: the one given for this contact before.
    pub to: Option<String>,
    pub saying: Saying,
}

/// `GET /api/wordings` and `PUT`, for administrators: what messages say. 422 where one tells what a call is about, or is too long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Wordings {
    /// Whose name emails come from, and text messages where the gateway takes one. May be empty.
    #[schemars(length(max = LONGEST_SENDER), regex(pattern = LINE))]
    pub sender: String,
    /// Of emails.
    #[schemars(length(min = 1, max = LONGEST_WORDING), regex(pattern = FILLED))]
    pub subject: String,
    /// What goes before the link: 1 to 5.
    #[schemars(length(min = 1, max = MOST_WORDINGS), inner(length(min = 1, max = LONGEST_WORDING), regex(pattern = FILLED)))]
    pub texts: Vec<String>,
    #[schemars(length(min = 1, max = LONGEST_WORDING), regex(pattern = FILLED))]
    pub reminder: String,
    /// Of a contact that was called off.
    #[serde(default)]
    pub off: String,
}

/// `PUT /api/wordings`: 204.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NewWordings {
    pub wordings: Wordings,
    /// 10 to 400 characters.
    #[schemars(length(min = 10, max = 400), regex(pattern = LINES))]
    pub reason: String,
}

/// `GET /api/wordings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct WordingsNow {
    pub wordings: Wordings,
    /// What each text message begins with, by the configuration.
    pub prefix: String,
    /// Places of a text message that prefix and link leave.
    pub room: u32,
}
