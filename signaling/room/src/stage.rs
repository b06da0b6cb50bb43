//! Where a person is on their way through the door.

use crate::door::{Admitted, Waiting};
use sidelight_protocol::{Leaving, desk::PersonStage, guest::Over};

/// Where a person is. Each is left only by the facts that [`crate::person::Person`] lets leave it.
#[derive(Clone, PartialEq, Eq)]
pub enum Stage {
    /// "Continue" wasn't pressed yet.
    NotOpened {
        since: u32,
    },
    /// The private question is before them.
    Asked {
        since: u32,
    },
    /// They choose how to talk.
    Choosing {
        since: u32,
    },
    /// A way is chosen; they may try camera and microphone.
    Preparing {
        since: u32,
    },
    Waiting(Waiting),
    In(Admitted),
    /// They answered "Later": the session is over, the link asks afresh.
    Later {
        since: u32,
    },
    /// The practitioner can't talk now: the session is over, the link asks afresh.
    Declined {
        since: u32,
    },
    /// They left by their own press: the link is dead.
    Left {
        since: u32,
        how: Leaving,
    },
    /// The contact is over.
    Ended {
        since: u32,
    },
    /// The link was revoked or replaced.
    Revoked {
        since: u32,
    },
    /// It was ended without a word to them: see [`crate::quiet`].
    Quiet {
        since: u32,
    },
}

impl Stage {
    pub fn since(&self) -> u32 {
        match self {
            Stage::NotOpened { since }
            | Stage::Asked { since }
            | Stage::Choosing { since }
            | Stage::Preparing { since }
            | Stage::Later { since }
            | Stage::Declined { since }
            | Stage::Left { since, .. }
            | Stage::Ended { since }
            | Stage::Revoked { since }
            | Stage::Quiet { since } => *since,
            Stage::Waiting(waiting) => waiting.since(),
            Stage::In(admitted) => admitted.since(),
        }
    }

    /// A session has the place: its page may be connected and come back.
    pub fn live(&self) -> bool {
        match self {
            Stage::Asked { .. } | Stage::Choosing { .. } | Stage::Preparing { .. } | Stage::Waiting(_) | Stage::In(_) => true,
            Stage::NotOpened { .. }
            | Stage::Later { .. }
            | Stage::Declined { .. }
            | Stage::Left { .. }
            | Stage::Ended { .. }
            | Stage::Revoked { .. }
            | Stage::Quiet { .. } => false,
        }
    }

    /// The link is worth nothing any more, whatever comes.
    pub fn finished(&self) -> bool {
        match self {
            Stage::Left { .. } | Stage::Ended { .. } | Stage::Revoked { .. } | Stage::Quiet { .. } => true,
            Stage::NotOpened { .. }
            | Stage::Asked { .. }
            | Stage::Choosing { .. }
            | Stage::Preparing { .. }
            | Stage::Waiting(_)
            | Stage::In(_)
            | Stage::Later { .. }
            | Stage::Declined { .. } => false,
        }
    }

    /// Texts go to and come from people in the waiting room and in conversation.
    pub fn hears_the_desk(&self) -> bool {
        matches!(self, Stage::Waiting(_) | Stage::In(_))
    }

    /// Waits to go on with a conversation.
    pub fn on_hold(&self) -> bool {
        matches!(self, Stage::Waiting(waiting) if waiting.on_hold())
    }

    /// A place in the conversation, or on hold: it is kept for a page that is lost, for a while.
    pub(crate) fn kept(&self) -> bool {
        matches!(self, Stage::In(_)) || self.on_hold()
    }

    /// Why a session is over, where it is.
    pub fn over(&self) -> Option<Over> {
        match self {
            Stage::Later { .. } => Some(Over::Later),
            Stage::Declined { .. } => Some(Over::Declined),
            Stage::Left { .. } => Some(Over::Left),
            Stage::Ended { .. } => Some(Over::Ended),
            Stage::Revoked { .. } => Some(Over::Finished),
            Stage::NotOpened { .. }
            | Stage::Asked { .. }
            | Stage::Choosing { .. }
            | Stage::Preparing { .. }
            | Stage::Waiting(_)
            | Stage::In(_)
            | Stage::Quiet { .. } => None,
        }
    }

    /// As the desk sees it.
    pub fn at_the_desk(&self) -> PersonStage {
        match self {
            Stage::NotOpened { .. } => PersonStage::NotOpened,
            Stage::Asked { .. } => PersonStage::Asked,
            Stage::Choosing { .. } | Stage::Preparing { .. } => PersonStage::Choosing,
            Stage::Waiting(_) => PersonStage::Waiting,
            Stage::In(admitted) => PersonStage::In { epoch: admitted.epoch(), started: admitted.started() },
            Stage::Later { .. } => PersonStage::Later,
            Stage::Declined { .. } => PersonStage::Declined,
            Stage::Left { how, .. } => PersonStage::Left { how: *how },
            Stage::Ended { .. } => PersonStage::Ended,
            Stage::Revoked { .. } => PersonStage::Revoked,
            Stage::Quiet { .. } => PersonStage::EndedQuietly,
        }
    }
}
