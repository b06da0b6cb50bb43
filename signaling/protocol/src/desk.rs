//! The practitioner's page and the service.

use crate::bounded::{FILLED, LINE, LINES};
use crate::hands::{Hands, TakesPart};
use crate::plan::Early;
use crate::{Answer, Bye, Checked, Code, Company, Devices, Leaving, RelayAccess, Seal, Signal, Way, WhenHidden};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the practitioner's page says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromDesk {
    /// First message on a socket; who it is, the cookie says. `tab` is made anew by each page load.
    Hello { protocol: u32, tab: String },
    /// The reply to the service's `beat`.
    Beat {},
    /// Something done in one contact.
    In { contact: String, act: Act },
    /// A supervisor switches their duty on or off. It holds while a page of theirs is connected.
    Duty { on: bool },
    /// A supervisor on duty has this alarm now.
    Have { contact: String, person: String },
}

/// What a practitioner does in a contact. Each is refused with [`Code::NotNow`] where the rules don't allow it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// This page holds the conversation from now on; texts and signals come here.
    Take {},
    Admit {
        person: String,
    },
    /// Turns somebody at the door away. `block`: their link is worthless from now on as well.
    Decline {
        person: String,
        reason: Reason,
        block: bool,
    },
    /// Asks "Is now a good time for a private call?" again, while they wait or talk. Asking twice is asking once.
    Ask {
        person: String,
    },
    /// Asks "Who is with you?", while they wait or talk. One question stands on their page at a time.
    AskWho {
        person: String,
    },
    /// Takes that question back. An answer that was pressed before is still taken.
    TakeBackWho {
        person: String,
    },
    /// Moves the person's place to the other browser that opened their link. It begins with the private question.
    Move {
        person: String,
    },
    /// The agreed word was used. Nothing at all changes on the other side. Allowed at every stage, also after the end.
    Alarm {
        person: String,
        how: Used,
    },
    /// A step of the alarm was pressed that only this page knows of: somebody is at it, and it doesn't go over by itself.
    AtIt {
        person: String,
    },
    /// Hands the alarm to the supervisors on duty. Allowed at every stage, also after the end.
    HandOver {
        person: String,
    },
    /// What was open about the person is dealt with. Allowed at every stage, also after the end.
    Handled {
        person: String,
        matter: Matter,
    },
    /// Ends it for this person without a word: from now on the service is to them as if it had been lost. Can't be undone.
    EndQuietly {
        person: String,
    },
    /// The practitioner is ringing them, since nothing else works. Refused where that wasn't agreed.
    Ring {
        person: String,
    },
    /// Back to the waiting room: media and conversation stop at once.
    PutBack {
        person: String,
    },
    /// The same for a while: they keep their place, and `admit` goes on from where it was.
    PutOnHold {
        person: String,
    },
    /// "It's them": the practitioner's own sound and picture may start.
    ItsThem {
        person: String,
    },
    /// What is switched on at this page now.
    Devices {
        devices: Devices,
    },
    /// A step of agreeing on a key with this person's page.
    Seal {
        person: String,
        seal: Seal,
    },
    /// The body is sealed and opaque to the service.
    Text {
        person: String,
        id: String,
        body: String,
    },
    /// A text of this person has arrived and is shown. `proof`: a tag over the id, by the same key.
    Ack {
        person: String,
        id: String,
        proof: String,
    },
    Signal {
        person: String,
        epoch: u32,
        signal: Signal,
    },
    /// This page's end of the connection of that epoch is beyond healing: both begin a new one. Said twice, it is said once.
    Reconnect {
        person: String,
        epoch: u32,
    },
    /// Ends the conversation and the contact; every link to it is finished.
    End {},
}

impl Act {
    /// The text that this is about: a refusal names it.
    pub fn text_id(&self) -> Option<&str> {
        match self {
            Act::Text { id, .. } => Some(id),
            Act::Take {}
            | Act::Admit { .. }
            | Act::Decline { .. }
            | Act::Ask { .. }
            | Act::AskWho { .. }
            | Act::TakeBackWho { .. }
            | Act::Move { .. }
            | Act::Alarm { .. }
            | Act::AtIt { .. }
            | Act::HandOver { .. }
            | Act::Handled { .. }
            | Act::EndQuietly { .. }
            | Act::Ring { .. }
            | Act::PutBack { .. }
            | Act::PutOnHold { .. }
            | Act::ItsThem { .. }
            | Act::Devices { .. }
            | Act::Seal { .. }
            | Act::Ack { .. }
            | Act::Signal { .. }
            | Act::Reconnect { .. }
            | Act::End {} => None,
        }
    }
}

/// What the service says to the practitioner's page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToDesk {
    /// The reply to a good `hello`. One `contact` for each of today's follows, then `ready`.
    Welcome {
        instance: String,
    },
    /// All of today's contacts have been sent; any that the page shows besides is gone.
    Ready,
    Beat,
    /// The whole truth about a contact now; replaces every earlier one.
    Contact {
        view: ContactView,
    },
    /// The contact is no longer among today's.
    Gone {
        contact: String,
    },
    /// Access to the relay for the conversation of this epoch. Comes before the view that needs it.
    Relay {
        contact: String,
        person: String,
        epoch: u32,
        access: RelayAccess,
    },
    /// A step of agreeing on a key with this person's page.
    Seal {
        contact: String,
        person: String,
        seal: Seal,
    },
    Text {
        contact: String,
        person: String,
        id: String,
        body: String,
    },
    /// The person's page has shown this text of yours.
    Ack {
        contact: String,
        person: String,
        id: String,
        proof: String,
    },
    Signal {
        contact: String,
        person: String,
        epoch: u32,
        signal: Signal,
    },
    /// Who is on duty, as this page must know it; after `welcome` and whenever it changes. `on`: who is signed in here is; `others`:
    /// a supervisor other than them is.
    Duty {
        on: bool,
        others: bool,
    },
    /// All alarms that supervisors on duty have before them, oldest first; replaces every earlier list.
    Supervised {
        alarms: Vec<Supervised>,
    },
    /// A message had no effect; `re` is the id of the text it was about, if it was one.
    Refused {
        code: Code,
        contact: Option<String>,
        re: Option<String>,
    },
    Bye {
        reason: Bye,
    },
}

/// A contact as its practitioner sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ContactView {
    pub id: String,
    pub details: ContactDetails,
    /// A link of the service user's exists that isn't revoked.
    pub link: bool,
    /// The service has seen that link, to draw it as a QR code.
    pub link_known: bool,
    /// Whether this page, another page of the practitioner, or none holds the conversation.
    pub held: Held,
    pub people: Vec<PersonView>,
    /// What happened, oldest first; the last [`MAX_HISTORY`] of it.
    pub history: Vec<Happening>,
    /// What waits for one press, "Handled", oldest first. Nothing of the contact is deleted before, for 30 days at most.
    pub open: Vec<Open>,
    /// Set once the contact is over.
    pub ended: Option<u32>,
    pub hands: Hands,
    pub typed: KeepsTyped,
    /// How who is signed in at this page takes part; none: it is theirs.
    pub part: Option<TakesPart>,
}

/// How far keeping what is typed is in a contact. Who answered what isn't in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KeepsTyped {
    /// It was switched on then, and everybody is told so.
    pub since: Option<u32>,
    /// Everybody who was in the text was asked then.
    pub asked: Option<u32>,
    /// Whether all of them agreed. None: they weren't asked, or a question still stands.
    pub agreed: Option<bool>,
}

/// Why a practitioner declined somebody at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Another time suits better.
    NotNow,
    /// It isn't the person it should be.
    NotThem,
    /// It didn't seem safe to talk.
    NotSafe,
    Other,
}

/// How the agreed word was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Used {
    Typed,
    Heard,
}

/// What must not be forgotten about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// The agreed word was used.
    Alarm,
    /// They left by the exit.
    Exit,
    /// They answered "Later".
    Later,
}

/// Something that waits for "Handled".
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Open {
    pub person: String,
    pub matter: Matter,
    /// Since when; the first time, if it happened more than once.
    pub since: u32,
    /// Of an alarm: a step was pressed, so that it goes to nobody by itself.
    pub at_it: bool,
    /// Of an alarm: it is with the supervisors.
    pub handover: Option<Handover>,
}

/// How far an alarm is with the supervisors.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Handover {
    pub at: u32,
    /// Nobody had touched it, and so it went by itself.
    pub by_itself: bool,
    /// The name of the supervisor who has it, and since when.
    pub taken_by: Option<String>,
    pub taken: Option<u32>,
}

/// An alarm as supervisors see it: what was agreed, and nothing of what was written or said.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct HandedAlarm {
    pub person: String,
    pub reference: String,
    /// What to do, without the word.
    pub response: Option<String>,
    /// Where help would go, as far as it is known.
    pub help: Option<String>,
    pub since: u32,
    pub handover: Handover,
}

/// An alarm before the supervisors, and whose contact it is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Supervised {
    pub contact: String,
    /// The name of its member of staff.
    pub practitioner: String,
    pub alarm: HandedAlarm,
}

/// Another browser that opened a person's link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OtherBrowser {
    pub since: u32,
    /// It is of the same kind as the one that holds the place (say, Chrome on Android).
    pub same_kind: bool,
    /// Its page is there now, so that the place can be moved to it.
    pub there: bool,
}

/// How many entries of history a view carries at most.
pub const MAX_HISTORY: usize = 100;

/// What was planned. Also the body that makes or changes a contact.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ContactDetails {
    /// Initials or case number; staff see it, nobody else. 1 to 60 characters.
    #[schemars(length(min = 1, max = 60), regex(pattern = FILLED))]
    pub reference: String,
    /// The first name to greet the person by. At most 40 characters.
    #[schemars(length(max = 40), regex(pattern = LINE))]
    pub greeting: Option<String>,
    /// The first name the practitioner goes by. At most 40 characters.
    #[schemars(length(max = 40), regex(pattern = LINE))]
    pub practitioner: Option<String>,
    pub starts_at: u32,
    /// Planned length, 5 to 240.
    #[schemars(range(min = 5, max = 240))]
    pub minutes: u32,
    /// At least one, none twice.
    #[schemars(length(min = 1, max = 3), extend("uniqueItems" = true))]
    pub ways: Vec<Way>,
    /// Shown while waiting. At most 200 characters.
    #[schemars(length(max = 200), regex(pattern = LINES))]
    pub waiting_words: Option<String>,
    /// The agreed safe word; staff only. None: "No word agreed yet". At most 40 characters.
    #[schemars(length(max = 40), regex(pattern = LINE))]
    pub word: Option<String>,
    /// What to do when it is used; staff only. At most 400 characters.
    #[schemars(length(max = 400), regex(pattern = LINES))]
    pub response: Option<String>,
    /// What their page does out of sight. None, as in what was written down before this could be chosen: quiet where a word or
    /// what to do is agreed, else the voice goes on.
    pub when_hidden: Option<WhenHidden>,
    /// They may be rung where the conversation can't be had. Never without having been agreed: a ringing phone tells whoever is
    /// near. Not there in what was written down before this could be chosen, nor are the two that follow.
    #[serde(default)]
    pub rings: bool,
    /// Their number, or words for where to find it; staff only. None where they may not be rung. At most 60 characters.
    #[serde(default)]
    #[schemars(length(max = 60), regex(pattern = LINE))]
    pub number: Option<String>,
    /// They sign: their picture, and the one they see, keeps its movement before its sharpness.
    #[serde(default)]
    pub signing: bool,
    /// They type a code at the bare address in place of opening a link, which would stay in their browser's history.
    #[serde(default)]
    pub by_code: bool,
    /// The person whose plan holds here. Where one does, word, response, ringing, number, signing, typing
    /// a code and what a hidden page does are
    /// theirs, whatever is said of them here.
    #[serde(default)]
    pub about: Option<String>,
    /// Other spellings of the word, from the plan.
    #[serde(default)]
    pub spellings: Vec<String>,
    /// Whether they are told the time when they are early, from the plan. None: no plan holds, and they are.
    #[serde(default)]
    pub early: Option<Early>,
    /// Where help would go, as they said in this contact; staff only. Kept with the contact alone and changed by its own request
    /// ([`HelpGoes`](crate::http::HelpGoes)), whatever is said of it here. At most 200 characters.
    #[serde(default)]
    pub help: Option<String>,
}

/// As what somebody is invited beside the service user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Interpreter,
    Advocate,
    Supporter,
    /// Somebody the practitioner works with, here or elsewhere.
    Colleague,
}

/// Somebody who is invited beside the service user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Invitee {
    pub part: Part,
    /// A first name, or what tells them from others; staff see it, nobody else. 1 to 40 characters.
    pub name: String,
}

/// People invited beside the service user whose links are alive, at most.
pub const MAX_INVITEES: usize = 5;

/// Which page holds a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Held {
    Here,
    Elsewhere,
    Nowhere,
}

/// A person of a contact, as the desk sees them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PersonView {
    pub id: String,
    /// None: the service user.
    pub invitee: Option<Invitee>,
    pub stage: PersonStage,
    /// They wait because the practitioner put them on hold: letting them in goes on from where it was.
    pub on_hold: bool,
    /// Since when they are at this stage.
    pub since: u32,
    /// The last private answer: a hint, never proof.
    pub answer: Option<Answer>,
    pub way: Option<Way>,
    pub devices: Devices,
    /// Their page is in the background.
    pub hidden: bool,
    /// Their page is covered: they hear nothing and aren't heard until "Carry on" is pressed there.
    pub covered: bool,
    /// They switched to quiet mode: their speaker and microphone are off, they read, and answer by taps or typing.
    pub quiet: bool,
    /// How trying sound and picture went, if they did.
    pub checked: Option<Checked>,
    /// Their page isn't connected, since then.
    pub lost: Option<u32>,
    /// The private question was asked again then, and isn't answered yet.
    pub asked: Option<u32>,
    /// Whether somebody is with them, as far as they said.
    pub who: Who,
    /// The practitioner rang them, the last time then.
    pub rung: Option<u32>,
    pub other: Option<OtherBrowser>,
    /// Since then another kind of browser has the place than the last time: it opened the link when the place was free. Until
    /// "It's them".
    pub another: Option<u32>,
}

/// "Who is with you?", as the desk sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Who {
    /// It was asked then, and stands on their page.
    pub asked: Option<u32>,
    /// It was asked then, and went by itself without an answer.
    pub unanswered: Option<u32>,
    /// The last answer: a hint, never proof.
    pub said: Option<Company>,
}

/// Where a person is, as the desk sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum PersonStage {
    /// The link wasn't opened yet ("Continue" wasn't pressed).
    NotOpened,
    /// "Continue" was pressed; their page hasn't come yet.
    Opened,
    /// The private question is before them.
    Asked,
    /// They choose how to talk, or try camera and microphone.
    Choosing,
    Waiting,
    /// In conversation. `started`: "It's them" was pressed.
    In {
        epoch: u32,
        started: bool,
    },
    /// They answered "Later".
    Later,
    Declined,
    Left {
        how: Leaving,
    },
    /// The practitioner ended it.
    Ended,
    /// Their link was revoked or replaced.
    Revoked,
    /// The practitioner ended it without a word to their page.
    EndedQuietly,
    /// An hour past the planned end, and the link was never opened.
    DidNotAttend,
}

/// One line of what happened in a contact.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Happening {
    pub at: u32,
    /// Whom it is about; none: the contact as a whole.
    pub person: Option<String>,
    #[serde(flatten)]
    pub what: What,
}

/// What can happen in a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// A link was made for a new person.
    Invited,
    /// The person's link was drawn as a QR code: the service has seen it.
    LinkKnown,
    /// "Continue" was pressed.
    Opened,
    /// "Continue" was pressed where the place was free, in another kind of browser than the last time.
    OpenedByAnother,
    Answered {
        answer: Answer,
    },
    Chose {
        way: Way,
    },
    Knocked,
    Admitted,
    ItsThem,
    PutBack,
    PutOnHold,
    /// Away for longer than a place in the conversation is kept: waits again.
    WaitsAgain,
    /// `reason`: none in what was written down before reasons were.
    Declined {
        reason: Option<Reason>,
    },
    /// Another browser opened the person's link.
    OtherBrowser {
        same_kind: bool,
    },
    /// The place was moved to the other browser.
    Moved,
    /// The private question was asked again.
    AskedAgain,
    /// "Who is with you?" was asked.
    AskedWho,
    SaidWho {
        company: Company,
    },
    /// The practitioner took that question back.
    TookBackWho,
    /// It went by itself: nobody had answered it.
    WhoUnanswered,
    /// The practitioner rang them.
    Rung,
    Alarm {
        how: Used,
    },
    Handled {
        matter: Matter,
    },
    /// The alarm went to the supervisors on duty.
    HandedOver {
        by_itself: bool,
    },
    /// A supervisor has the alarm.
    Taken,
    /// Ended for the person without a word to their page.
    EndedQuietly,
    DidNotAttend,
    Left {
        how: Leaving,
    },
    Lost,
    Back,
    Revoked,
    Ended,
    /// It was called off; `ended` follows.
    Cancelled,
}
