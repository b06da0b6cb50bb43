//! Keeping what is typed: switched on before anything is typed, said to everybody, asked of everybody at the end, once.
//!
//! Everybody who was in the text is asked, in private. Silence, leaving, a place that went to another browser: each is a no, and one no is
//! enough. The desk learns whether all agreed and nothing else, and that they didn't only when the question's time is over, so that a no
//! looks like silence; a page that answered is told that the question has gone, the same whatever was pressed. What was typed nobody here can read: it is put together in the practitioner's browser.

use crate::{
    fact::{Fact, Happened},
    input::{ChangeRefused, Effect, Time},
    outcome::Outcome,
    room::{Room, seconds},
};
use sidelight_protocol::{
    Answer,
    desk::{KeepsTyped, Part},
    guest::Kept,
};
use std::collections::{BTreeMap, BTreeSet};

/// So long the question stands. Longer: somebody who comes in reads it. Shorter: who reads slowly is taken to have said no.
pub const STANDS: Time = 3 * 60_000;

/// What somebody said, or didn't.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// The question is before them.
    Nothing,
    Agreed(u32),
    /// They said no, or it went without an answer: there is no difference.
    No,
}

/// What is known of it: live, and from what is written down alone.
#[derive(Clone, Default)]
pub struct Typed {
    since: Option<u32>,
    /// Who typed, or was written to.
    written: BTreeSet<String>,
    parts: BTreeMap<String, Option<Part>>,
    asked: Option<u32>,
    said: BTreeMap<String, Said>,
}

/// Everybody agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    pub since: u32,
    pub asked: u32,
    /// Whose thread it is, as what they took part (none: the service user), and when they agreed.
    pub by: BTreeMap<String, (Option<Part>, u32)>,
}

impl Typed {
    /// What was agreed, by what is written down of a contact. None: not everybody did.
    pub fn agreement(facts: &[Fact]) -> Option<Agreement> {
        let mut typed = Typed::default();
        for fact in facts {
            typed.apply(fact);
        }
        let (since, asked) = typed.since.zip(typed.asked)?;
        let agreed = |(id, said): (&String, &Said)| match said {
            Said::Agreed(at) => Some((id.clone(), (typed.parts.get(id).copied().flatten(), *at))),
            Said::Nothing | Said::No => None,
        };
        let by: Option<BTreeMap<_, _>> = typed.said.iter().map(agreed).collect();
        by.filter(|by| !by.is_empty()).map(|by| Agreement { since, asked, by })
    }

    pub(crate) fn apply(&mut self, fact: &Fact) {
        let id = fact.person.as_deref();
        match (&fact.what, id) {
            (Happened::Invited { invitee }, Some(id)) => {
                self.parts.insert(id.to_owned(), invitee.as_ref().map(|invitee| invitee.part));
            }
            (Happened::Wrote { .. }, Some(id)) => self.wrote(id),
            (Happened::KeepsTyped { on: true }, _) => self.since = Some(fact.at),
            // Whatever was agreed is void.
            (Happened::KeepsTyped { on: false }, _) => {
                self.since = None;
                self.said.values_mut().for_each(|said| *said = Said::No);
            }
            (Happened::AskedToKeep, Some(id)) => {
                self.asked = Some(fact.at);
                self.said.insert(id.to_owned(), Said::Nothing);
            }
            (Happened::SaidToKeep { agreed: true }, Some(id)) => self.answered(id, Said::Agreed(fact.at)),
            (
                Happened::SaidToKeep { agreed: false }
                | Happened::KeepUnanswered
                | Happened::Left { .. }
                | Happened::Answered { answer: Answer::Later }
                | Happened::Moved
                | Happened::Opened { .. }
                | Happened::Declined { .. }
                | Happened::Revoked
                | Happened::EndedQuietly,
                Some(id),
            ) => self.answered(id, Said::No),
            (Happened::Ended, _) => {
                for said in self.said.values_mut().filter(|said| **said == Said::Nothing) {
                    *said = Said::No;
                }
            }
            _ => {}
        }
    }

    /// Only the first answer counts.
    fn answered(&mut self, id: &str, now: Said) {
        if let Some(said) = self.said.get_mut(id).filter(|said| **said == Said::Nothing) {
            *said = now;
        }
    }

    fn wrote(&mut self, id: &str) {
        if !self.written.contains(id) {
            self.written.insert(id.to_owned());
        }
    }

    /// They were asked, and not one said anything but yes.
    fn all_agreed(&self) -> bool {
        !self.said.is_empty() && self.said.values().all(|said| matches!(said, Said::Agreed(_)))
    }

    /// Whether the question is before this person.
    pub(crate) fn stands_before(&self, id: &str) -> bool {
        self.said.get(id) == Some(&Said::Nothing)
    }

    /// When the question's time is over. None: nobody was asked.
    fn until(&self) -> Option<Time> {
        Some(u64::from(self.asked?).saturating_mul(1000).saturating_add(STANDS))
    }

    /// When there is something to do: the question goes by itself, and the desk learns that not all agreed.
    pub(crate) fn due(&self, latest: Time) -> Option<Time> {
        self.until().filter(|until| *until > latest && !self.all_agreed())
    }

    /// `over`: the contact is.
    pub(crate) fn at_the_desk(&self, latest: Time, over: bool) -> KeepsTyped {
        let all = self.all_agreed();
        let known = all || over || self.until().is_some_and(|until| latest >= until);
        KeepsTyped { since: self.since, asked: self.asked, agreed: self.asked.filter(|_| known).map(|_| all) }
    }

    /// What a person inside is told; `safety`: another question is before them, which comes first. After they were asked, nothing more is kept.
    pub(crate) fn told(&self, id: &str, safety: bool) -> Kept {
        match (self.since, self.stands_before(id)) {
            (Some(_), true) if !safety => Kept::Asked,
            (Some(_), true) => Kept::May,
            (Some(_), false) if self.asked.is_none() => Kept::May,
            _ => Kept::No,
        }
    }
}

impl Room {
    /// A text has gone through, of either side: from now on it can't be switched on.
    pub(crate) fn was_written(&mut self, id: &str) {
        self.typed.wrote(id);
    }

    pub(crate) fn keep_typed(&mut self, now: Time, on: bool, out: &mut Outcome) {
        let kept = self.may_keep_typed(on);
        if let Ok(true) = kept {
            self.record(out, Fact { at: seconds(now), person: None, what: Happened::KeepsTyped { on } });
        }
        out.reply(Effect::Changed(kept.map(drop)));
    }

    /// Whether there is anything to write down. Off is always possible: it takes a question back, and what was agreed.
    fn may_keep_typed(&self, on: bool) -> Result<bool, ChangeRefused> {
        if on == self.typed.since.is_some() {
            Ok(false)
        } else if !on {
            Ok(true)
        } else if self.ended.is_some() {
            Err(ChangeRefused::Ended)
        } else if self.typed.asked.is_some() || self.full() {
            Err(ChangeRefused::NotNow)
        } else if !self.typed.written.is_empty() {
            Err(ChangeRefused::TypedAlready)
        } else {
            Ok(true)
        }
    }

    pub(crate) fn ask_to_keep(&mut self, now: Time, out: &mut Outcome) {
        let asked = self.to_be_asked();
        if let Ok(people) = &asked {
            for id in people {
                self.record_of(now, id, Happened::AskedToKeep, out);
            }
        }
        out.reply(Effect::Changed(asked.map(drop)));
    }

    /// Everybody who was in the text, all of them there and with no other question before them: a finger on its way to one question
    /// must not meet another. Nobody is asked twice.
    fn to_be_asked(&self) -> Result<Vec<String>, ChangeRefused> {
        if self.ended.is_some() {
            return Err(ChangeRefused::Ended);
        }
        if self.typed.since.is_none() || self.typed.asked.is_some() || self.typed.written.is_empty() || self.full() {
            return Err(ChangeRefused::NotNow);
        }
        let people: Vec<String> = self.typed.written.iter().cloned().collect();
        for id in &people {
            let person = self.person(id).filter(|person| person.stage.hears_the_desk() && person.page.conn.is_some());
            let person = person.ok_or(ChangeRefused::NotAllHere)?;
            if person.asked.is_some() || person.who.stands() {
                return Err(ChangeRefused::NotNow);
            }
        }
        Ok(people)
    }

    /// An answer that comes too late is nobody's, and nobody is told off for it: nothing of it is to be seen on their page.
    pub(crate) fn said_to_keep(&mut self, now: Time, id: &str, agreed: bool, out: &mut Outcome) {
        if self.typed.stands_before(id) {
            self.record_of(now, id, Happened::SaidToKeep { agreed }, out);
        }
    }

    /// Nobody answered for so long.
    pub(crate) fn withdraw_keep(&mut self, now: Time, out: &mut Outcome) {
        if self.typed.until().is_none_or(|until| now < until) {
            return;
        }
        let asked = self.typed.said.keys().filter(|id| self.typed.stands_before(id));
        for id in asked.cloned().collect::<Vec<_>>() {
            self.record_of(now, &id, Happened::KeepUnanswered, out);
        }
    }
}
