//! What is written down of a contact. Replaying a contact's facts in order gives its room again, so that killing the service
//! loses nothing that anybody was told.
//!
//! Facts are stored as JSON for as long as the contact is kept: add variants and fields with defaults, never rename.

use serde::{Deserialize, Serialize};
use sidelight_protocol::{
    Answer, Company, Leaving, Way,
    desk::{Happening, Invitee, Matter, Reason, Used, What},
};

/// One thing that happened, as it is stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Seconds since 1970.
    pub at: u32,
    /// Whom it is about; none: the contact as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    #[serde(flatten)]
    pub what: Happened,
}

/// What can be written down. More than the desk's history shows ([`What`]): also what only the rules need.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Happened {
    /// A link was made for a new person; with `invitee`, for somebody beside the service user.
    Invited {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invitee: Option<Invitee>,
    },
    /// Their link was drawn as a QR code: the service has seen it.
    LinkKnown,
    /// "Continue" was pressed: this session has the person's place.
    Opened {
        session: String,
        /// What kind of browser it is, to tell another one's by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        browser: Option<String>,
        /// What the page calls this press, so that it can repeat it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        claim: Option<String>,
        /// The place was free, and it is another kind of browser than had it last.
        #[serde(default, skip_serializing_if = "is_false")]
        another: bool,
    },
    /// "Continue" was pressed in another browser while this person's place was held: its session waits to be given the place.
    OtherBrowser {
        session: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        browser: Option<String>,
        same_kind: bool,
    },
    /// The other browser gave up.
    OtherLeft,
    /// The practitioner moved the place to the other browser.
    Moved,
    /// The session's page came for the first time: from now on no other browser can have the place.
    Came,
    Answered {
        answer: Answer,
    },
    Chose {
        way: Way,
    },
    Knocked,
    /// The private question was asked again.
    AskedAgain,
    /// "Who is with you?" was asked.
    AskedWho,
    SaidWho {
        company: Company,
    },
    TookBackWho,
    WhoUnanswered,
    /// What is typed may be kept from now on, and everybody is told so; or not any more, and nothing is.
    KeepsTyped {
        on: bool,
    },
    /// They were asked whether what was typed may be kept.
    AskedToKeep,
    SaidToKeep {
        agreed: bool,
    },
    /// That question went without an answer.
    KeepUnanswered,
    /// The practitioner rang them.
    Rung,
    /// `desk`: the page that holds the conversation, so that it gets it back after a restart.
    Admitted {
        epoch: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        desk: Option<String>,
    },
    /// A page came anew within a conversation, which therefore starts a new connection.
    Reconnected {
        epoch: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        desk: Option<String>,
    },
    ItsThem,
    PutBack,
    /// Out of the conversation for a while.
    PutOnHold,
    WaitsAgain,
    Declined {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// The agreed word was used.
    Alarm {
        how: Used,
    },
    /// Somebody pressed a step of the alarm.
    AtIt,
    /// The alarm went to the supervisors.
    HandedOver {
        by_itself: bool,
    },
    /// A supervisor has it. `by`: the name they go by among staff.
    Taken {
        by: String,
    },
    /// What was open about the person is dealt with.
    Handled {
        matter: Matter,
    },
    /// Ended without a word: nothing of theirs is answered any more.
    EndedQuietly,
    /// The link can't be opened for the first time any more, and never was.
    DidNotAttend,
    /// So many texts arrived since the last of these: the practitioner's and theirs. What stands in them is known to nobody here.
    Wrote {
        ours: u32,
        theirs: u32,
    },
    /// They left by their own press: their link is dead.
    Left {
        how: Leaving,
    },
    Lost,
    Back,
    /// Their link was revoked or replaced: it is dead.
    Revoked,
    /// It was called off. [`Happened::Ended`] follows at once.
    Cancelled,
    /// The contact is over: every link is dead.
    Ended,
}

impl Fact {
    /// The line of the desk's history that tells of it; none for what only the rules need.
    pub fn happening(&self) -> Option<Happening> {
        let what = match &self.what {
            Happened::Invited { .. } => What::Invited,
            Happened::LinkKnown => What::LinkKnown,
            Happened::Opened { another: false, .. } => What::Opened,
            Happened::Opened { another: true, .. } => What::OpenedByAnother,
            Happened::Came | Happened::Reconnected { .. } | Happened::OtherLeft | Happened::AtIt | Happened::Wrote { .. } => return None,
            // Who answered what is nobody's to read.
            Happened::KeepsTyped { .. } | Happened::AskedToKeep | Happened::SaidToKeep { .. } | Happened::KeepUnanswered => return None,
            Happened::OtherBrowser { same_kind, .. } => What::OtherBrowser { same_kind: *same_kind },
            Happened::Moved => What::Moved,
            Happened::AskedAgain => What::AskedAgain,
            Happened::AskedWho => What::AskedWho,
            Happened::SaidWho { company } => What::SaidWho { company: *company },
            Happened::TookBackWho => What::TookBackWho,
            Happened::WhoUnanswered => What::WhoUnanswered,
            Happened::Rung => What::Rung,
            Happened::Alarm { how } => What::Alarm { how: *how },
            Happened::HandedOver { by_itself } => What::HandedOver { by_itself: *by_itself },
            Happened::Taken { .. } => What::Taken,
            Happened::Handled { matter } => What::Handled { matter: *matter },
            Happened::EndedQuietly => What::EndedQuietly,
            Happened::DidNotAttend => What::DidNotAttend,
            Happened::Answered { answer } => What::Answered { answer: *answer },
            Happened::Chose { way } => What::Chose { way: *way },
            Happened::Knocked => What::Knocked,
            Happened::Admitted { .. } => What::Admitted,
            Happened::ItsThem => What::ItsThem,
            Happened::PutBack => What::PutBack,
            Happened::PutOnHold => What::PutOnHold,
            Happened::WaitsAgain => What::WaitsAgain,
            Happened::Declined { reason } => What::Declined { reason: *reason },
            Happened::Left { how } => What::Left { how: *how },
            Happened::Lost => What::Lost,
            Happened::Back => What::Back,
            Happened::Revoked => What::Revoked,
            Happened::Cancelled => What::Cancelled,
            Happened::Ended => What::Ended,
        };
        Some(Happening { at: self.at, person: self.person.clone(), what })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_false(is: &bool) -> bool {
    !is
}
