//! Words that more than one direction uses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The answer to "Is now a good time for a private call?" A hint for the practitioner, never proof; it unlocks nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Yes,
    Later,
    /// "I'd rather type": the way is text, and no camera or microphone is asked for.
    Type,
}

/// Whether what was typed may be kept. Both are as long as each other: who watches the line can't tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum MayKeep {
    Yes,
    Not,
}

/// The answer to "Who is with you?" A hint like the other, and no more: nothing is unlocked by it. Each is two letters long, so that
/// whoever sees no more than how long a message is can't tell one from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Company {
    #[serde(rename = "me")]
    OnlyMe,
    /// A child under 2.
    #[serde(rename = "u2")]
    SmallChild,
    #[serde(rename = "ch")]
    Child,
    /// Another adult.
    #[serde(rename = "ad")]
    Adult,
    #[serde(rename = "no")]
    NotSaid,
}

/// A way to talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Video,
    Voice,
    Text,
}

/// What a service user's page does when nobody looks at it any more: the home button, the lock, another app. Their camera goes
/// off either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum WhenHidden {
    /// The voice goes on, both ways.
    Voice,
    /// Sound and microphone stop at once, and the page is covered until "Carry on" is pressed.
    Quiet,
}

/// How a service user went by their own press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Leaving {
    /// "End call", or leaving the waiting room: the ordinary way out.
    End,
    /// "Leave this page": the quick one.
    Exit,
}

/// What a participant's page has switched on now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Devices {
    pub microphone: bool,
    pub camera: bool,
    /// The page shows the other side's picture. `false` is "voice only": the other side's camera goes off.
    pub picture: bool,
}

impl Default for Devices {
    /// A page that has just loaded: nothing of its own is on, and it will show what comes.
    fn default() -> Self {
        Devices { microphone: false, camera: false, picture: true }
    }
}

/// One step of WebRTC negotiation (W3C names). The service passes on relay candidates only and blanks every other address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Signal {
    /// `bound` (here and below): a tag over the fingerprints in `sdp`, by the key that both pages have agreed on.
    Offer {
        sdp: String,
        bound: String,
    },
    Answer {
        sdp: String,
        bound: String,
    },
    /// `RTCIceCandidate`; an empty `candidate` means that there are no more.
    Candidate {
        candidate: String,
        #[serde(default)]
        mid: Option<String>,
        #[serde(default)]
        line: Option<u32>,
    },
    /// How much a page sends now, and the most that it would like to be sent: what its network bears. A page that is out of sight is
    /// unseen and has no use for a picture; one that is covered is unheard too, and has none for a voice. `again` is said once, when
    /// somebody has pressed for the pictures: whoever hears it tries its own as well.
    Pace {
        sends: Rung,
        most: Rung,
        #[serde(default)]
        unseen: bool,
        #[serde(default)]
        unheard: bool,
        #[serde(default)]
        again: bool,
    },
}

/// What a page has to say of the key that it agrees on with the page at the other end: all of it, each time. Everything is base64url
/// without padding, and opaque to the service. How keys come of it stands in `docs/security-model.md`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// SHA-256 over this page's public key and nonce, which are shown only to who has committed to theirs.
    pub commitment: String,
    /// The commitment of the other page that this one goes by; empty: none yet.
    pub seen: String,
    /// The public key (P-256, uncompressed) and the nonce; empty until they may be shown.
    pub key: String,
    pub nonce: String,
    /// By what the secret of a link is known again, where this page has one; empty: it has none.
    pub link: String,
    /// Proof that this page has come to the same key; empty until it has come to one.
    pub proof: String,
}

/// How much of a conversation is sent, the least first: a voice that the poorest line carries, a voice, a voice with a picture every
/// few seconds, and with a small, a medium and a larger moving picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    VoiceLeast,
    Voice,
    Stills,
    Small,
    Medium,
    Large,
}

/// Where and with what a page reaches the relay (`RTCIceServer`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RelayAccess {
    /// `turn:` and `turns:` addresses, best first.
    pub urls: Vec<String>,
    pub username: String,
    pub credential: String,
}

/// How trying sound and picture went, in a waiting person's own page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Checked {
    pub connection: CheckedConnection,
    pub microphone: CheckedMicrophone,
    pub camera: CheckedCamera,
    pub speaker: CheckedSpeaker,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CheckedConnection {
    Good,
    /// A voice gets through; a picture hardly.
    Poor,
    /// Nothing came back from the relay.
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CheckedMicrophone {
    Works,
    /// It is on, and nothing was heard.
    Silent,
    /// It is on, and that browser doesn't tell what it hears.
    On,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CheckedCamera {
    Works,
    /// It is on, and no picture came from it.
    None,
    /// Its person has it off, and a check switches no camera on.
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CheckedSpeaker {
    Heard,
    NotHeard,
    NotTried,
}

/// Why a message had no effect. Stable: pages and tests go by these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Not JSON, an unknown type or field, or a field out of bounds.
    BadMessage,
    /// Allowed for others, or at another time, but not for this person now.
    NotNow,
    /// The addressee of a text or signal isn't there; keep it and send it again.
    NotThere,
    /// A signal of an epoch that is over.
    OldEpoch,
    /// Another person is in this conversation already.
    Busy,
    /// Another page holds this conversation.
    HeldElsewhere,
    /// No such person or contact, or not yours.
    Unknown,
    /// It couldn't be written down, so it wasn't done. Try again.
    NotKept,
    /// Too many messages in too short a time.
    TooFast,
}

/// Why the service closes a socket; sent as the last message, then closed with the close code of [`Bye::close_code`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Bye {
    /// The service restarts: "Back in a moment". Come back by yourself.
    BackInAMoment,
    /// The same browser opened the page again in another tab, which holds the place now.
    OtherTab,
    /// It is over; what it was stands in the view sent before.
    Over,
    /// The session or sign-in is not valid (any more).
    NoSession,
    /// This page speaks another version: load it again.
    Reload,
    /// Nothing was heard for too long.
    Silence,
    /// Bad or too many messages.
    Misbehaved,
    /// The page didn't read what it was sent.
    TooSlow,
}

impl Bye {
    /// The WebSocket close code that goes with the reason.
    pub fn close_code(self) -> u16 {
        match self {
            Bye::Over => 1000,
            Bye::Misbehaved => 1008,
            Bye::BackInAMoment => 1012,
            Bye::OtherTab => 4001,
            Bye::NoSession => 4002,
            Bye::Reload => 4003,
            Bye::Silence => 4004,
            Bye::TooSlow => 4005,
        }
    }
}
