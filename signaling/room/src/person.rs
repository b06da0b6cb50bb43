//! One person of a contact: where they are, and what is known of their page.

use crate::{
    door::Waiting,
    fact::Happened,
    input::{Conn, Time},
    stage::Stage,
};
use sidelight_protocol::{Answer, Devices, Way};
use std::mem;

/// One person of a contact.
#[derive(Clone)]
pub struct Person {
    pub(crate) id: String,
    pub(crate) stage: Stage,
    /// The session that has, or last had, the place.
    pub(crate) session: Option<String>,
    /// That session's page has come at least once.
    pub(crate) came: bool,
    pub(crate) answer: Option<Answer>,
    pub(crate) way: Option<Way>,
    pub(crate) page: Page,
}

/// What is known of a person's page, lost with the process.
#[derive(Clone, Default)]
pub(crate) struct Page {
    pub(crate) conn: Option<Conn>,
    pub(crate) tab: Option<String>,
    pub(crate) devices: Devices,
    pub(crate) hidden: bool,
    /// It came before and isn't connected, since then.
    pub(crate) lost: Option<Time>,
    /// The loss has been written down.
    pub(crate) loss_written: bool,
}

impl Person {
    pub(crate) fn invited(id: &str, at: u32) -> Person {
        Person {
            id: id.to_owned(),
            stage: Stage::NotOpened { since: at },
            session: None,
            came: false,
            answer: None,
            way: None,
            page: Page::default(),
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// What a fact does to a person. The only place where a stage changes: live and in replay alike. A fact that doesn't fit
    /// the stage changes nothing, so that not even a damaged store lets anybody in past the door.
    pub(crate) fn apply(&mut self, at: u32, what: &Happened) {
        let stage = mem::replace(&mut self.stage, Stage::NotOpened { since: at });
        self.stage = match what {
            Happened::Opened { session } => {
                if stage.finished() {
                    stage
                } else {
                    self.session = Some(session.clone());
                    self.came = false;
                    self.answer = None;
                    self.way = None;
                    self.page = Page::default();
                    Stage::Asked { since: at }
                }
            }
            Happened::Came => {
                self.came = true;
                stage
            }
            Happened::Answered { answer } => match stage {
                Stage::Asked { .. } => {
                    self.answer = Some(*answer);
                    match answer {
                        Answer::Yes => Stage::Choosing { since: at },
                        Answer::Later => Stage::Later { since: at },
                        Answer::Type => {
                            self.way = Some(Way::Text);
                            Stage::Preparing { since: at }
                        }
                    }
                }
                other => other,
            },
            Happened::Chose { way } => {
                self.way = Some(*way);
                match stage {
                    Stage::Choosing { since } => Stage::Preparing { since },
                    other => other,
                }
            }
            Happened::Knocked => match stage {
                Stage::Preparing { .. } => Stage::Waiting(Waiting::knocked(at)),
                other => other,
            },
            Happened::Admitted { epoch, .. } => match stage {
                Stage::Waiting(waiting) => Stage::In(waiting.admit(at, *epoch)),
                other => other,
            },
            Happened::Reconnected { epoch, .. } => match stage {
                Stage::In(mut admitted) => {
                    admitted.renew(*epoch);
                    Stage::In(admitted)
                }
                other => other,
            },
            Happened::ItsThem => match stage {
                Stage::In(mut admitted) => {
                    admitted.its_them();
                    Stage::In(admitted)
                }
                other => other,
            },
            Happened::PutBack | Happened::WaitsAgain => match stage {
                Stage::In(admitted) => {
                    // What they sent stops; whether they look at a picture is theirs to say.
                    self.page.devices = Devices { microphone: false, camera: false, ..self.page.devices };
                    Stage::Waiting(admitted.put_back(at))
                }
                other => other,
            },
            Happened::Declined => match stage {
                Stage::Waiting(_) => Stage::Declined { since: at },
                other => other,
            },
            Happened::Left { how } => {
                if stage.live() {
                    Stage::Left { since: at, how: *how }
                } else {
                    stage
                }
            }
            Happened::Lost => {
                self.page.lost = self.page.lost.or(Some(u64::from(at) * 1000));
                self.page.loss_written = true;
                stage
            }
            Happened::Back => {
                self.page.lost = None;
                self.page.loss_written = false;
                stage
            }
            Happened::Revoked => {
                if stage.finished() {
                    stage
                } else {
                    Stage::Revoked { since: at }
                }
            }
            Happened::Ended => {
                if stage.live() {
                    Stage::Ended { since: at }
                } else {
                    stage
                }
            }
            Happened::Invited => stage,
        };
        if !self.stage.live() {
            self.page.devices = Devices::default();
            self.page.hidden = false;
            self.page.lost = None;
            self.page.loss_written = false;
        }
    }
}
