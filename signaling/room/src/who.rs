//! "Who is with you?": asked by a press of the practitioner alone, answered or left alone, and gone by itself.
//!
//! The answer is a fact and a hint. It goes to the practitioner's pages; the page that gave it is told that the question has gone,
//! the same whatever was pressed. Nothing here asks what it was.

use crate::{
    fact::Happened,
    input::{Conn, Time},
    outcome::Outcome,
    person::Person,
    room::Room,
};
use sidelight_protocol::{Code, Company, desk};

/// So long the question stands on their page. Longer: somebody who comes in reads it. Shorter: who reads slowly is not asked.
pub const STANDS: Time = 5 * 60_000;

/// So long after it was taken back nothing is asked. Longer: the practitioner waits. Shorter: a finger on its way to one question
/// meets another one, whose answers may end the call.
pub const GAP: Time = 3_000;

/// What is known of it.
#[derive(Clone, Default)]
pub(crate) struct Who {
    asked: Option<u32>,
    unanswered: Option<u32>,
    took_back: Option<u32>,
    /// It was withdrawn, and an answer may have been on its way.
    late: bool,
    said: Option<Company>,
}

impl Who {
    pub(crate) fn apply(&mut self, at: u32, what: &Happened) {
        match what {
            Happened::AskedWho => *self = Who { asked: Some(at), said: self.said, ..Who::default() },
            Happened::SaidWho { company } => *self = Who { said: Some(*company), ..Who::default() },
            Happened::TookBackWho => *self = Who { took_back: Some(at), late: true, said: self.said, ..Who::default() },
            Happened::WhoUnanswered => *self = Who { unanswered: self.asked, late: true, said: self.said, ..Who::default() },
            _ => {}
        }
    }

    /// The session is over: what was said stays.
    pub(crate) fn over(&mut self) {
        *self = Who { said: self.said, ..Who::default() };
    }

    pub(crate) fn stands(&self) -> bool {
        self.asked.is_some()
    }

    pub(crate) fn at_the_desk(&self) -> desk::Who {
        desk::Who { asked: self.asked, unanswered: self.unanswered, said: self.said }
    }

    /// When it goes by itself.
    pub(crate) fn until(&self) -> Option<Time> {
        Some(u64::from(self.asked?).saturating_mul(1000).saturating_add(STANDS))
    }

    fn may_be_answered(&self) -> bool {
        self.stands() || self.late
    }

    /// Too soon after it was taken back.
    pub(crate) fn just_took_back(&self, now: Time) -> bool {
        self.took_back.is_some_and(|at| now < u64::from(at).saturating_mul(1000).saturating_add(GAP))
    }
}

impl Room {
    pub(crate) fn ask_who(&mut self, now: Time, id: &str, out: &mut Outcome) -> Result<(), Code> {
        let person = self.service_user(id)?;
        if !person.stage.hears_the_desk() || person.asked.is_some() {
            return Err(Code::NotNow);
        }
        if person.who.just_took_back(now) {
            return Err(Code::TooFast);
        }
        if !person.who.stands() {
            self.record_of(now, id, Happened::AskedWho, out);
        }
        Ok(())
    }

    /// Of what doesn't stand any more nothing is taken back, and nobody is told off for it: it went at the same moment.
    pub(crate) fn take_back_who(&mut self, now: Time, id: &str, out: &mut Outcome) -> Result<(), Code> {
        if self.person(id).ok_or(Code::Unknown)?.who.stands() {
            self.record_of(now, id, Happened::TookBackWho, out);
        }
        Ok(())
    }

    /// Nobody answered for so long.
    pub(crate) fn withdraw_who(&mut self, now: Time, out: &mut Outcome) {
        let gone = |person: &&Person| person.stage.live() && person.who.until().is_some_and(|until| now >= until);
        let gone: Vec<String> = self.people.iter().filter(gone).map(|person| person.id.clone()).collect();
        for id in gone {
            self.record_of(now, &id, Happened::WhoUnanswered, out);
        }
    }

    pub(crate) fn said_who(&mut self, now: Time, conn: Conn, id: &str, company: Company, out: &mut Outcome) {
        if self.person(id).is_some_and(|person| person.stage.hears_the_desk() && person.who.may_be_answered()) {
            self.record_of(now, id, Happened::SaidWho { company }, out);
        } else {
            out.refuse_guest(conn, Code::NotNow, None);
        }
    }
}
