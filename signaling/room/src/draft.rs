//! What can be said of a contact by what was written down of it: the draft of its record.
//!
//! Whatever tells of a person's safety stands in a part of its own ([`SafetyDraft`]), so that it can stay here when the rest goes to
//! another system. In the rest, somebody who left by the exit has left, and somebody who answered "Later" came and didn't talk.

use crate::fact::{Fact, Happened};
use sidelight_protocol::{
    Answer, Leaving, Way,
    desk::{ContactDetails, Part, What},
    record::{Attended, Break, Draft, Interrupted, MAX_LINES, Outcome, SafetyDraft, SafetyState, Talk, WayUsed},
};

/// The draft of a contact with these details in which this happened, in this order.
pub fn draft(details: &ContactDetails, facts: &[Fact]) -> (Draft, SafetyDraft) {
    let mut drafter = Drafter::default();
    for fact in facts {
        drafter.follow(fact);
        drafter.weigh(fact);
    }
    drafter.finish(details)
}

#[derive(Default)]
struct Drafter {
    people: Vec<Someone>,
    talks: Vec<Talk>,
    ways: Vec<WayUsed>,
    breaks: Vec<Break>,
    rung: Vec<u32>,
    ours: u32,
    theirs: u32,
    more: bool,
    missed: bool,
    called_off: bool,
    ended: Option<u32>,
    states: Vec<SafetyState>,
    lines: Vec<sidelight_protocol::desk::Happening>,
    more_lines: bool,
}

/// Somebody who was invited, as far as a draft needs to know.
#[derive(Default)]
struct Someone {
    id: String,
    /// None: the service user.
    part: Option<Part>,
    came: Option<u32>,
    way: Option<Way>,
    talks: bool,
    /// The line to them is lost since then, in a conversation.
    lost: Option<u32>,
    /// Their conversation stopped then, and may go on.
    stopped: Option<(u32, Interrupted)>,
}

impl Drafter {
    fn follow(&mut self, fact: &Fact) {
        let at = fact.at;
        if let Happened::Cancelled = fact.what {
            self.called_off = true;
            return;
        }
        if let Happened::Ended = fact.what {
            self.ended = Some(at);
            for index in 0..self.people.len() {
                self.stop(index, at, None);
            }
            return;
        }
        let Some(id) = fact.person.as_deref() else { return };
        let index = match self.people.iter().position(|someone| someone.id == id) {
            Some(index) => index,
            None => {
                self.people.push(Someone { id: id.to_owned(), ..Someone::default() });
                self.people.len() - 1
            }
        };
        let Some(someone) = self.people.get_mut(index) else { return };
        if let Happened::Invited { invitee } = &fact.what {
            someone.part = invitee.as_ref().map(|invitee| invitee.part);
        }
        // Of others than the service user it says that they came, and how much was written.
        if someone.part.is_some() && !matches!(fact.what, Happened::Opened { .. } | Happened::Wrote { .. }) {
            return;
        }
        match &fact.what {
            Happened::Opened { .. } => {
                someone.came.get_or_insert(at);
                someone.way = None;
            }
            Happened::Chose { way } => self.way(index, at, *way),
            Happened::Answered { answer: Answer::Type } => self.way(index, at, Way::Text),
            Happened::ItsThem => self.start(index, at),
            Happened::PutBack | Happened::PutOnHold => self.stop(index, at, Some(Interrupted::Paused)),
            Happened::Lost => someone.lost = someone.talks.then_some(at),
            Happened::Back => {
                if let Some(from) = someone.lost.take() {
                    self.interrupted(Break { from, until: Some(at), why: Interrupted::Line });
                }
            }
            Happened::WaitsAgain => self.stop(index, at, Some(Interrupted::Line)),
            Happened::Answered { answer: Answer::Later }
            | Happened::Left { .. }
            | Happened::Declined { .. }
            | Happened::Moved
            | Happened::Revoked
            | Happened::EndedQuietly => self.stop(index, at, None),
            Happened::Rung => push(&mut self.rung, at, &mut self.more),
            Happened::Wrote { ours, theirs } => {
                self.ours = self.ours.saturating_add(*ours);
                self.theirs = self.theirs.saturating_add(*theirs);
            }
            Happened::DidNotAttend => self.missed = true,
            Happened::Invited { .. }
            | Happened::LinkKnown
            | Happened::OtherBrowser { .. }
            | Happened::OtherLeft
            | Happened::Came
            | Happened::Answered { answer: Answer::Yes }
            | Happened::Knocked
            | Happened::AskedAgain
            | Happened::AskedWho
            | Happened::SaidWho { .. }
            | Happened::TookBackWho
            | Happened::WhoUnanswered
            | Happened::KeepsTyped { .. }
            | Happened::AskedToKeep
            | Happened::SaidToKeep { .. }
            | Happened::KeepUnanswered
            | Happened::Admitted { .. }
            | Happened::Reconnected { .. }
            | Happened::Alarm { .. }
            | Happened::AtIt
            | Happened::HandedOver { .. }
            | Happened::Taken { .. }
            | Happened::Handled { .. }
            | Happened::Cancelled
            | Happened::Ended => {}
        }
    }

    fn way(&mut self, index: usize, at: u32, way: Way) {
        let Some(someone) = self.people.get_mut(index) else { return };
        someone.way = Some(way);
        if someone.talks {
            self.used(at, way);
        }
    }

    fn used(&mut self, at: u32, way: Way) {
        if self.ways.last().is_none_or(|last| last.way != way) {
            push(&mut self.ways, WayUsed { at, way }, &mut self.more);
        }
    }

    fn start(&mut self, index: usize, at: u32) {
        let Some(someone) = self.people.get_mut(index).filter(|someone| !someone.talks) else { return };
        someone.talks = true;
        let (stopped, way) = (someone.stopped.take(), someone.way);
        if let Some((from, why)) = stopped {
            self.interrupted(Break { from, until: Some(at), why });
        }
        push(&mut self.talks, Talk { from: at, until: None }, &mut self.more);
        if let Some(way) = way {
            self.used(at, way);
        }
    }

    /// Where the line was lost before, that is when the conversation stopped.
    fn stop(&mut self, index: usize, at: u32, why: Option<Interrupted>) {
        let Some(someone) = self.people.get_mut(index).filter(|someone| someone.talks) else { return };
        let lost = someone.lost.take();
        let until = lost.unwrap_or(at);
        someone.talks = false;
        let broke = lost.filter(|_| why.is_none());
        someone.stopped = why.map(|why| (until, if lost.is_some() { Interrupted::Line } else { why }));
        // One at a time talks: the last one that began is theirs.
        if let Some(talk) = self.talks.last_mut().filter(|talk| talk.until.is_none()) {
            talk.until = Some(until);
        }
        if let Some(from) = broke {
            self.interrupted(Break { from, until: None, why: Interrupted::Line });
        }
    }

    fn interrupted(&mut self, one: Break) {
        push(&mut self.breaks, one, &mut self.more);
    }

    /// About somebody beside the service user.
    fn is_beside(&self, fact: &Fact) -> bool {
        let named = |someone: &&Someone| fact.person.as_deref() == Some(someone.id.as_str());
        self.people.iter().find(named).is_some_and(|someone| someone.part.is_some())
    }

    /// What it says of the person's safety, if anything.
    fn weigh(&mut self, fact: &Fact) {
        let Some(happening) = fact.happening() else { return };
        if self.is_beside(fact) {
            return;
        }
        let state = match &happening.what {
            What::Alarm { .. } => Some(SafetyState::Alarm),
            What::Left { how: Leaving::Exit } => Some(SafetyState::LeftByExit),
            What::EndedQuietly => Some(SafetyState::EndedQuietly),
            What::Answered { answer: Answer::Later } => Some(SafetyState::Later),
            What::Answered { answer: Answer::Yes | Answer::Type }
            | What::AskedAgain
            | What::AskedWho
            | What::SaidWho { .. }
            | What::TookBackWho
            | What::WhoUnanswered
            | What::HandedOver { .. }
            | What::Taken
            | What::Handled { .. }
            | What::Declined { .. }
            | What::OpenedByAnother
            | What::OtherBrowser { .. }
            | What::Moved => None,
            What::Invited
            | What::LinkKnown
            | What::Opened
            | What::Chose { .. }
            | What::Knocked
            | What::Admitted
            | What::ItsThem
            | What::PutBack
            | What::PutOnHold
            | What::WaitsAgain
            | What::Rung
            | What::DidNotAttend
            | What::Left { how: Leaving::End }
            | What::Lost
            | What::Back
            | What::Revoked
            | What::Cancelled
            | What::Ended => return,
        };
        if let Some(state) = state.filter(|state| !self.states.contains(state)) {
            self.states.push(state);
        }
        if self.lines.len() >= MAX_LINES {
            self.lines.remove(0);
            self.more_lines = true;
        }
        self.lines.push(happening);
    }

    fn outcome(&self, details: &ContactDetails) -> Outcome {
        let mut theirs = self.people.iter().filter(|someone| someone.part.is_none()).peekable();
        let invited = theirs.peek().is_some();
        let came = theirs.any(|someone| someone.came.is_some());
        match (self.talks.is_empty(), came, self.ended) {
            (false, _, _) => Outcome::Talked,
            (true, _, _) if self.called_off => Outcome::CalledOff,
            (true, true, Some(_)) => Outcome::NoTalk,
            (true, false, Some(_)) if !invited => Outcome::NoLink,
            (true, false, Some(ended)) if ended < details.starts_at => Outcome::CalledOff,
            (true, false, Some(_)) => Outcome::DidNotAttend,
            (true, false, None) if self.missed => Outcome::DidNotAttend,
            (true, _, None) => Outcome::Open,
        }
    }

    fn finish(mut self, details: &ContactDetails) -> (Draft, SafetyDraft) {
        let outcome = self.outcome(details);
        // A loss or a pause that didn't end before the conversation did.
        for someone in &self.people {
            if let Some(from) = someone.lost {
                push(&mut self.breaks, Break { from, until: None, why: Interrupted::Line }, &mut self.more);
            }
            if let Some((from, why)) = someone.stopped {
                push(&mut self.breaks, Break { from, until: None, why }, &mut self.more);
            }
        }
        self.states.sort_unstable();
        // All links of the service user's together; of the others each is one person's.
        let theirs: Vec<&Someone> = self.people.iter().filter(|someone| someone.part.is_none()).collect();
        let came = theirs.iter().filter_map(|someone| someone.came).min();
        let service_user = (!theirs.is_empty()).then_some(Attended { part: None, came });
        let beside = self.people.iter().filter(|someone| someone.part.is_some() && someone.came.is_some());
        let beside = beside.map(|Someone { part, came, .. }| Attended { part: *part, came: *came });
        let people = service_user.into_iter().chain(beside).take(MAX_LINES).collect();
        let draft = Draft {
            reference: details.reference.clone(),
            starts_at: details.starts_at,
            minutes: details.minutes,
            ways: details.ways.clone(),
            outcome,
            people,
            talks: self.talks,
            ways_used: self.ways,
            breaks: self.breaks,
            rung: self.rung,
            messages_ours: self.ours,
            messages_theirs: self.theirs,
            more: self.more,
            ended: self.ended,
        };
        (draft, SafetyDraft { states: self.states, lines: self.lines, more: self.more_lines })
    }
}

fn push<T>(list: &mut Vec<T>, one: T, more: &mut bool) {
    if list.len() < MAX_LINES {
        list.push(one);
    } else {
        *more = true;
    }
}
