//! The service user's page and the service.

use crate::{Answer, Bye, Checked, Code, Company, Devices, Leaving, MayKeep, RelayAccess, Seal, Signal, Way, WhenHidden};
use serde::{Deserialize, Serialize};

/// What the service user's page says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromGuest {
    /// First message on a socket. `tab` is made anew by each page load: the same tab coming back keeps its media.
    Hello {
        protocol: u32,
        session: String,
        tab: String,
    },
    /// The reply to the service's `beat`. (The braces make serde refuse unknown fields here too.)
    Beat {},
    /// The answer to the private question: at the door, and whenever it is asked again.
    Answer {
        answer: Answer,
    },
    /// The answer to "Who is with you?", where that was asked.
    Company {
        company: Company,
    },
    /// The answer to whether what was typed may be kept, where that was asked. One that comes too late is nobody's.
    Keep {
        keep: MayKeep,
    },
    /// The way to talk: before waiting, and again at any time.
    Choose {
        way: Way,
    },
    /// Ready: take a place in the waiting room.
    Knock {},
    /// What is switched on now; sent at each change.
    Devices {
        devices: Devices,
    },
    /// The page went into the background, or came back. `covered`: it is covered and silent until "Carry on" is pressed, also
    /// when it is in sight again. `quiet`: it was switched to quiet mode, where nothing is said aloud.
    Page {
        hidden: bool,
        #[serde(default)]
        covered: bool,
        #[serde(default)]
        quiet: bool,
    },
    /// Sound and picture are to be tried, in the waiting room: for access to the relay that reaches this page alone.
    Check {},
    /// How it went. Of several the last one counts.
    Checked {
        checked: Checked,
    },
    /// A step of agreeing on a key with the page at the desk that holds the conversation.
    Seal {
        seal: Seal,
    },
    /// Text for whoever is at the desk; the body is sealed and opaque to the service.
    Text {
        id: String,
        body: String,
    },
    /// A text of the desk has arrived and is shown. `proof`: a tag over the id, by the same key.
    Ack {
        id: String,
        proof: String,
    },
    Signal {
        epoch: u32,
        signal: Signal,
    },
    Leave {
        how: Leaving,
    },
}

impl FromGuest {
    /// The text that this is about: a refusal names it.
    pub fn text_id(&self) -> Option<&str> {
        match self {
            FromGuest::Text { id, .. } => Some(id),
            FromGuest::Hello { .. }
            | FromGuest::Beat {}
            | FromGuest::Answer { .. }
            | FromGuest::Company { .. }
            | FromGuest::Keep { .. }
            | FromGuest::Choose { .. }
            | FromGuest::Knock {}
            | FromGuest::Devices { .. }
            | FromGuest::Page { .. }
            | FromGuest::Check {}
            | FromGuest::Checked { .. }
            | FromGuest::Seal { .. }
            | FromGuest::Ack { .. }
            | FromGuest::Signal { .. }
            | FromGuest::Leave { .. } => None,
        }
    }
}

/// What the service says to the service user's page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToGuest {
    /// The reply to a good `hello`. `instance` changes when the service was started again.
    Welcome {
        instance: String,
    },
    Beat,
    /// A renewed session token; keep it in place of the old one.
    Session {
        session: String,
    },
    /// The whole truth about this person's place now; replaces every earlier one.
    View {
        view: GuestView,
    },
    /// Access to the relay for the conversation of this epoch. Comes before the view that needs it.
    Relay {
        epoch: u32,
        access: RelayAccess,
    },
    /// The reply to `check`: access to the relay that reaches only what is made with it, for a minute at most.
    Check {
        access: RelayAccess,
    },
    /// A step of agreeing on a key with the page at the desk.
    Seal {
        seal: Seal,
    },
    Text {
        id: String,
        body: String,
    },
    /// The desk has shown this text of yours.
    Ack {
        id: String,
        proof: String,
    },
    Signal {
        epoch: u32,
        signal: Signal,
    },
    /// A message had no effect; `re` is the id of the text it was about, if it was one.
    Refused {
        code: Code,
        re: Option<String>,
    },
    Bye {
        reason: Bye,
    },
}

/// All that a service user's page is told. Nobody but staff learns who else waits.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GuestView {
    /// The first name to greet the person by, if one was given.
    pub greeting: Option<String>,
    /// The first name the practitioner goes by, if one was given.
    pub practitioner: Option<String>,
    /// 0 where the plan says that who is early isn't told.
    pub starts_at: u32,
    pub minutes: u32,
    /// The ways offered, in the order to show them. Never empty.
    pub ways: Vec<Way>,
    /// Words to show while waiting, if any were given.
    pub waiting_words: Option<String>,
    /// The way chosen, once one is.
    pub way: Option<Way>,
    /// The private question is before the person again, while they wait or talk. Nothing else changes with it.
    pub asked: bool,
    /// "Who is with you?" is before the person, while they wait or talk. What they answered is never in a view of theirs.
    pub who_asked: bool,
    /// Whether what is typed may be kept, as far as it concerns them now. What they answered is never in a view of theirs.
    pub kept: Kept,
    /// What the page does out of sight. Never why: a practitioner may choose either for anybody, so that "quiet" doesn't mean
    /// that a word is agreed. Whoever reads what the page is sent learns it no sooner than the page needs it: before the
    /// waiting room it is "voice" for all.
    pub when_hidden: WhenHidden,
    /// They are rung where the conversation can't be had: known beforehand, since it is said when there is no line. Before the
    /// waiting room it is false for all, and so are the two that follow.
    pub rings: bool,
    /// The practitioner is ringing them now.
    pub ringing: bool,
    /// Sign language is spoken here: the picture keeps its movement before its sharpness.
    pub signing: bool,
    pub stage: GuestStage,
}

/// What somebody is told of keeping what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// Nothing: it isn't kept, or what is typed from now on isn't.
    No,
    /// What is typed may be kept, if they agree at the end.
    May,
    /// They are asked now.
    Asked,
}

/// Where the person is on their way through the door. An answer is never among it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum GuestStage {
    /// "Is now a good time for a private call?" is to be answered.
    Asked,
    /// The way to talk is to be chosen.
    Choosing,
    /// A way is chosen; camera and microphone may be tried; `knock` comes next.
    Preparing,
    /// In the waiting room. `desk`: the practitioner's page is open, so that what is written is seen. `late`: ten minutes have
    /// passed since the planned start and since they came, and the page gives the number. `on_hold`: they were inside, and are told
    /// that the practitioner comes back; never why.
    Waiting { since: u32, desk: bool, late: bool, on_hold: bool },
    /// Another browser holds the place. The practitioner has been told, and may move it here. The rest of the view is empty.
    Told,
    /// Admitted. `desk`: the practitioner's page is connected now; `started`: they pressed "It's them".
    In { since: u32, epoch: u32, desk: bool, started: bool, desk_devices: Devices },
    /// The session is over.
    Over { why: Over },
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// The person answered "Later".
    Later,
    /// The person left by their own press.
    Left,
    /// The practitioner ended the conversation, or the contact is over.
    Ended,
    /// The practitioner can't talk now.
    Declined,
    /// The link was revoked or replaced.
    Finished,
    /// The practitioner moved the place to another browser.
    Moved,
}
