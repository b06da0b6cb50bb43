//! The practitioner's page and the service.

use crate::plan::Early;
use crate::{Answer, Bye, Checked, Code, Devices, Leaving, RelayAccess, Signal, Way, WhenHidden};
use serde::{Deserialize, Serialize};

/// What the practitioner's page says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromDesk {
    /// First message on a socket; who it is, the cookie says. `tab` is made anew by each page load.
    Hello { protocol: u32, tab: String },
    /// The reply to the service's `beat`.
    Beat {},
    /// Something done in one contact.
    In { contact: String, act: Act },
}

/// What a practitioner does in a contact. Each is refused with [`Code::NotNow`] where the rules don't allow it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Moves the person's place to the other browser that opened their link. It begins with the private question.
    Move {
        person: String,
    },
    /// The agreed word was used. Nothing at all changes on the other side. Allowed at every stage, also after the end.
    Alarm {
        person: String,
        how: Used,
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
    /// "It's them": the practitioner's own sound and picture may start.
    ItsThem {
        person: String,
    },
    /// What is switched on at this page now.
    Devices {
        devices: Devices,
    },
    Text {
        person: String,
        id: String,
        body: String,
    },
    /// A text of this person has arrived and is shown.
    Ack {
        person: String,
        id: String,
    },
    Signal {
        person: String,
        epoch: u32,
        signal: Signal,
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
            | Act::Move { .. }
            | Act::Alarm { .. }
            | Act::Handled { .. }
            | Act::EndQuietly { .. }
            | Act::Ring { .. }
            | Act::PutBack { .. }
            | Act::ItsThem { .. }
            | Act::Devices { .. }
            | Act::Ack { .. }
            | Act::Signal { .. }
            | Act::End {} => None,
        }
    }
}

/// What the service says to the practitioner's page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    },
    Signal {
        contact: String,
        person: String,
        epoch: u32,
        signal: Signal,
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
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ContactView {
    pub id: String,
    pub details: ContactDetails,
    /// A link exists that isn't revoked.
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
}

/// Why a practitioner declined somebody at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Used {
    Typed,
    Heard,
}

/// What must not be forgotten about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Open {
    pub person: String,
    pub matter: Matter,
    /// Since when; the first time, if it happened more than once.
    pub since: u32,
}

/// Another browser that opened a person's link.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ContactDetails {
    /// Initials or case number; staff see it, nobody else. 1 to 60 characters.
    pub reference: String,
    /// The first name to greet the person by. At most 40 characters.
    pub greeting: Option<String>,
    /// The first name the practitioner goes by. At most 40 characters.
    pub practitioner: Option<String>,
    pub starts_at: u32,
    /// Planned length, 5 to 240.
    pub minutes: u32,
    /// At least one, none twice.
    pub ways: Vec<Way>,
    /// Shown while waiting. At most 200 characters.
    pub waiting_words: Option<String>,
    /// The agreed safe word; staff only. None: "No word agreed yet". At most 40 characters.
    pub word: Option<String>,
    /// What to do when it is used; staff only. At most 400 characters.
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
    pub number: Option<String>,
    /// They sign: their picture, and the one they see, keeps its movement before its sharpness.
    #[serde(default)]
    pub signing: bool,
    /// The person whose plan holds here. Where one does, word, response, ringing, number, signing and what a hidden page does are
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

/// Which page holds a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Held {
    Here,
    Elsewhere,
    Nowhere,
}

/// A person of a contact, as the desk sees them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PersonView {
    pub id: String,
    pub stage: PersonStage,
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
    /// How trying sound and picture went, if they did.
    pub checked: Option<Checked>,
    /// Their page isn't connected, since then.
    pub lost: Option<u32>,
    /// The private question was asked again then, and isn't answered yet.
    pub asked: Option<u32>,
    /// The practitioner rang them, the last time then.
    pub rung: Option<u32>,
    pub other: Option<OtherBrowser>,
}

/// Where a person is, as the desk sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Happening {
    pub at: u32,
    /// Whom it is about; none: the contact as a whole.
    pub person: Option<String>,
    #[serde(flatten)]
    pub what: What,
}

/// What can happen in a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// A link was made for a new person.
    Invited,
    /// The person's link was drawn as a QR code: the service has seen it.
    LinkKnown,
    /// "Continue" was pressed.
    Opened,
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
    /// The practitioner rang them.
    Rung,
    Alarm {
        how: Used,
    },
    Handled {
        matter: Matter,
    },
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
}
