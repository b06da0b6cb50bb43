//! One person of a contact: where they are, what is known of their page, and of another browser that would like to be it.

use crate::{
    door::Waiting,
    fact::Happened,
    input::{Conn, Time},
    stage::Stage,
    who::Who,
    wrote::Wrote,
};
use sidelight_protocol::{Answer, Checked, Devices, Way, desk::Invitee};
use std::mem;

/// One person of a contact.
#[derive(Clone)]
pub struct Person {
    pub(crate) id: String,
    /// None: the service user.
    pub(crate) invitee: Option<Invitee>,
    pub(crate) stage: Stage,
    /// The session that has, or last had, the place.
    pub(crate) session: Option<String>,
    /// What kind of browser that is, and what it calls its press of "Continue".
    pub(crate) browser: Option<String>,
    pub(crate) claim: Option<String>,
    /// The service has seen their link.
    pub(crate) link_known: bool,
    /// That session's page has come at least once.
    pub(crate) came: bool,
    /// Another browser that opened the link.
    pub(crate) other: Option<Other>,
    /// How many other browsers came in all.
    pub(crate) others: u32,
    /// That they never came has been written down.
    pub(crate) missed: bool,
    /// The private question was asked again then, and isn't answered yet.
    pub(crate) asked: Option<u32>,
    pub(crate) who: Who,
    /// Another kind of browser has the place than the last time, since then; until "It's them".
    pub(crate) another: Option<u32>,
    /// The practitioner rang them, the last time then.
    pub(crate) rung: Option<u32>,
    pub(crate) answer: Option<Answer>,
    pub(crate) way: Option<Way>,
    pub(crate) page: Page,
    pub(crate) wrote: Wrote,
}

/// A browser that opened the link while another held the place. It is told that the practitioner knows, and nothing else.
#[derive(Clone)]
pub(crate) struct Other {
    pub(crate) session: String,
    pub(crate) browser: Option<String>,
    pub(crate) same_kind: bool,
    pub(crate) since: u32,
    /// Its page, lost with the process.
    pub(crate) conn: Option<Conn>,
    pub(crate) tab: Option<String>,
}

/// What is known of a person's page, lost with the process.
#[derive(Clone, Default)]
pub(crate) struct Page {
    pub(crate) conn: Option<Conn>,
    pub(crate) tab: Option<String>,
    pub(crate) devices: Devices,
    pub(crate) hidden: bool,
    /// It is covered and silent until "Carry on" is pressed.
    pub(crate) covered: bool,
    /// It is in quiet mode: they read, and answer by taps or typing.
    pub(crate) quiet: bool,
    /// How trying sound and picture went, and when that was told; and when access to try it was given.
    pub(crate) checked: Option<(Checked, Time)>,
    pub(crate) checks: Vec<Time>,
    /// It came before and isn't connected, since then.
    pub(crate) lost: Option<Time>,
    /// The loss has been written down.
    pub(crate) loss_written: bool,
}

impl Person {
    pub(crate) fn invited(id: &str, at: u32, invitee: Option<Invitee>) -> Person {
        Person {
            id: id.to_owned(),
            invitee,
            stage: Stage::NotOpened { since: at },
            session: None,
            browser: None,
            claim: None,
            link_known: false,
            came: false,
            other: None,
            others: 0,
            missed: false,
            asked: None,
            who: Who::default(),
            another: None,
            rung: None,
            answer: None,
            way: None,
            page: Page::default(),
            wrote: Wrote::default(),
        }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    /// To whom the plan belongs, and with it the private question, the agreed word, ringing and ending quietly.
    pub fn is_service_user(&self) -> bool {
        self.invitee.is_none()
    }

    /// Where whoever has just got the place begins. Only the service user is asked whether it is a good time.
    fn first(&self, since: u32) -> Stage {
        if self.is_service_user() { Stage::Asked { since } } else { Stage::Choosing { since } }
    }

    /// This session has the place.
    pub(crate) fn belongs_to(&self, session: &str) -> bool {
        self.session.as_deref() == Some(session)
    }

    /// This session is another browser's, which waits to be given the place.
    pub(crate) fn is_waited_for_by(&self, session: &str) -> bool {
        self.other.as_ref().is_some_and(|other| other.session == session)
    }

    /// Their link wasn't opened, and nothing is written down of that.
    pub(crate) fn may_be_missed(&self) -> bool {
        !self.missed && matches!(self.stage, Stage::NotOpened { .. })
    }

    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// What a fact does to a person. The only place where a stage changes: live and in replay alike. A fact that doesn't fit
    /// the stage changes nothing, so that not even a damaged store lets anybody in past the door.
    pub(crate) fn apply(&mut self, at: u32, what: &Happened) {
        let stage = mem::replace(&mut self.stage, Stage::NotOpened { since: at });
        self.stage = match what {
            Happened::Opened { session, browser, claim, another } => {
                if stage.finished() {
                    stage
                } else {
                    self.begins(session.clone(), browser.clone());
                    self.claim = claim.clone();
                    self.another = another.then_some(at);
                    self.first(at)
                }
            }
            Happened::OtherBrowser { session, browser, same_kind } => {
                self.others = self.others.saturating_add(1);
                if stage.live() {
                    let (session, browser) = (session.clone(), browser.clone());
                    self.other = Some(Other { session, browser, same_kind: *same_kind, since: at, conn: None, tab: None });
                }
                stage
            }
            Happened::OtherLeft => {
                self.other = None;
                stage
            }
            // A moved place begins anew: whoever has it now has answered nothing.
            Happened::Moved => match self.other.take() {
                Some(other) if stage.live() => {
                    self.begins(other.session, other.browser);
                    self.came = true;
                    self.page.conn = other.conn;
                    self.page.tab = other.tab;
                    self.first(at)
                }
                _ => stage,
            },
            Happened::AskedAgain => {
                if stage.hears_the_desk() {
                    self.asked = Some(at);
                }
                stage
            }
            Happened::AskedWho | Happened::SaidWho { .. } | Happened::TookBackWho | Happened::WhoUnanswered => {
                if stage.hears_the_desk() {
                    self.who.apply(at, what);
                }
                stage
            }
            Happened::Rung => {
                if stage.hears_the_desk() {
                    self.rung = Some(at);
                }
                stage
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
                Stage::Waiting(_) | Stage::In(_) if self.asked.take().is_some() => {
                    self.answer = Some(*answer);
                    match answer {
                        Answer::Yes => stage,
                        Answer::Later => Stage::Later { since: at },
                        Answer::Type => {
                            self.way = Some(Way::Text);
                            stage
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
                    self.another = None;
                    Stage::In(admitted)
                }
                other => other,
            },
            Happened::PutBack | Happened::PutOnHold | Happened::WaitsAgain => match stage {
                // What is on at their page stays ready there and reaches nobody, as before they were let in.
                Stage::In(admitted) if matches!(what, Happened::PutOnHold) => {
                    Stage::Waiting(admitted.put_on_hold(at, self.invitee.is_some()))
                }
                Stage::In(admitted) => {
                    // What they sent stops; whether they look at a picture is theirs to say.
                    self.page.devices = Devices { microphone: false, camera: false, ..self.page.devices };
                    Stage::Waiting(admitted.put_back(at))
                }
                Stage::Waiting(waiting) if waiting.on_hold() && matches!(what, Happened::WaitsAgain) => {
                    self.page.devices = Devices { microphone: false, camera: false, ..self.page.devices };
                    Stage::Waiting(Waiting::knocked(at))
                }
                other => other,
            },
            Happened::Declined { .. } => match stage {
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
            // Of the contact as a whole; its end follows.
            Happened::Cancelled => stage,
            Happened::Ended => {
                if stage.live() {
                    Stage::Ended { since: at }
                } else {
                    stage
                }
            }
            Happened::EndedQuietly => {
                if stage.finished() {
                    stage
                } else {
                    self.page = Page::default();
                    Stage::Quiet { since: at }
                }
            }
            Happened::DidNotAttend => {
                self.missed = true;
                stage
            }
            Happened::LinkKnown => {
                self.link_known = true;
                stage
            }
            Happened::Invited { .. }
            | Happened::KeepsTyped { .. }
            | Happened::AskedToKeep
            | Happened::SaidToKeep { .. }
            | Happened::KeepUnanswered
            | Happened::Alarm { .. }
            | Happened::AtIt
            | Happened::Wrote { .. }
            | Happened::HandedOver { .. }
            | Happened::Taken { .. }
            | Happened::Handled { .. } => stage,
        };
        if !self.stage.live() {
            self.page.devices = Devices::default();
            self.page.hidden = false;
            self.page.covered = false;
            self.page.quiet = false;
            self.page.checked = None;
            self.page.lost = None;
            self.page.loss_written = false;
            self.asked = None;
            self.who.over();
            self.another = None;
            self.rung = None;
            self.other = None;
        }
    }

    /// A session has the place, and starts anew.
    fn begins(&mut self, session: String, browser: Option<String>) {
        self.session = Some(session);
        self.browser = browser;
        self.claim = None;
        self.came = false;
        self.asked = None;
        self.who = Who::default();
        self.another = None;
        self.rung = None;
        self.answer = None;
        self.way = None;
        self.page = Page::default();
    }
}
