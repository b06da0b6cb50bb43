//! The agreed word was used: who has the alarm before them, and until when it may lie untouched.
//!
//! Nothing in here has an effect towards a phone. Whoever sits beside the person must not be able to tell a contact with an alarm
//! from one without, whatever becomes of the alarm: raised, handed over, gone over by itself, taken or handled.

use crate::{
    fact::{Fact, Happened},
    input::{ChangeRefused, Effect, Time},
    outcome::Outcome,
    room::Room,
};
use sidelight_protocol::{
    Code,
    desk::{HandedAlarm, Handover, Matter, Open, Used},
};

/// So long may an alarm lie untouched before it goes to the supervisors by itself. Longer: help comes later where nobody looks at
/// the desk. Shorter: a practitioner who reads what was agreed and thinks is passed over.
pub const UNTOUCHED: Time = 60_000;

impl Room {
    /// The agreed word was used. Nobody but the desk learns of it. One that is open already is the same one.
    pub(crate) fn alarm(&mut self, now: Time, id: &str, how: Used, out: &mut Outcome) -> Result<(), Code> {
        self.service_user(id)?;
        if !self.is_open(id, Matter::Alarm) {
            self.record_of(now, id, Happened::Alarm { how }, out);
        }
        Ok(())
    }

    pub(crate) fn handled(&mut self, now: Time, id: &str, matter: Matter, out: &mut Outcome) -> Result<(), Code> {
        if self.is_open(id, matter) {
            self.record_of(now, id, Happened::Handled { matter }, out);
        }
        Ok(())
    }

    pub(crate) fn at_it(&mut self, now: Time, id: &str, out: &mut Outcome) -> Result<(), Code> {
        let alarm = self.open_alarm(id).ok_or(Code::NotNow)?;
        // Once it is with the supervisors, nothing hangs on it any more.
        if !alarm.at_it && alarm.handover.is_none() {
            self.record_of(now, id, Happened::AtIt, out);
        }
        Ok(())
    }

    /// Handing over again is the same handing over.
    pub(crate) fn hand_over(&mut self, now: Time, id: &str, out: &mut Outcome) -> Result<(), Code> {
        let alarm = self.open_alarm(id).ok_or(Code::NotNow)?;
        if alarm.handover.is_none() {
            self.record_of(now, id, Happened::HandedOver { by_itself: false }, out);
        }
        Ok(())
    }

    /// Alarms that nobody touched in time go to the supervisors, also when the contact is over and no desk is open.
    pub(crate) fn hand_over_untouched(&mut self, now: Time, out: &mut Outcome) {
        let due: Vec<String> =
            self.open.iter().filter(|open| goes_over_at(open).is_some_and(|at| at <= now)).map(|open| open.person.clone()).collect();
        for id in due {
            self.record_of(now, &id, Happened::HandedOver { by_itself: true }, out);
        }
    }

    /// When the next untouched alarm goes over.
    pub(crate) fn next_goes_over(&self) -> Option<Time> {
        self.open.iter().filter_map(goes_over_at).min()
    }

    /// A supervisor has it. The first one who says so has it; for the others nothing changes.
    pub(crate) fn take_alarm(&mut self, now: Time, id: &str, by: String, out: &mut Outcome) {
        let Some(handover) = self.open_alarm(id).and_then(|alarm| alarm.handover.as_ref()) else {
            return out.reply(Effect::Changed(Err(ChangeRefused::NoAlarm)));
        };
        if handover.taken.is_none() {
            self.record_of(now, id, Happened::Taken { by }, out);
        }
        out.reply(Effect::Changed(Ok(())));
    }

    /// What an open alarm has come to by this fact. What takes sound and picture away is a step that was pressed.
    pub(crate) fn follow_alarm(&mut self, fact: &Fact) {
        let Some(person) = fact.person.as_deref() else { return };
        let Some(alarm) = self.open.iter_mut().find(|open| open.matter == Matter::Alarm && open.person == person) else { return };
        match &fact.what {
            Happened::AtIt | Happened::PutBack | Happened::EndedQuietly => alarm.at_it = true,
            Happened::HandedOver { by_itself } => {
                alarm.at_it |= !by_itself;
                alarm.handover = Some(Handover { at: fact.at, by_itself: *by_itself, taken_by: None, taken: None });
            }
            Happened::Taken { by } => {
                if let Some(handover) = &mut alarm.handover {
                    (handover.taken_by, handover.taken) = (Some(by.clone()), Some(fact.at));
                }
            }
            _ => {}
        }
    }

    /// What supervisors on duty see of this contact.
    pub fn handed(&self) -> Vec<HandedAlarm> {
        let details = &self.details;
        let words: Vec<&str> = details.word.iter().chain(&details.spellings).map(String::as_str).collect();
        let shown = |open: &Open| {
            Some(HandedAlarm {
                person: open.person.clone(),
                reference: details.reference.clone(),
                response: details.response.as_deref().map(|response| without(response, &words)),
                help: details.help.clone(),
                since: open.since,
                handover: open.handover.clone()?,
            })
        };
        self.open.iter().filter_map(shown).collect()
    }

    fn open_alarm(&self, id: &str) -> Option<&Open> {
        self.open.iter().find(|open| open.matter == Matter::Alarm && open.person == id)
    }
}

fn goes_over_at(open: &Open) -> Option<Time> {
    let waits = open.matter == Matter::Alarm && !open.at_it && open.handover.is_none();
    waits.then(|| u64::from(open.since).saturating_mul(1000).saturating_add(UNTOUCHED))
}

/// The word is its practitioner's alone: wherever it stands in what was agreed, whatever its case, it is left out for others.
fn without(text: &str, words: &[&str]) -> String {
    let fold = |letter: char| letter.to_lowercase().next().unwrap_or(letter);
    let mut left: Vec<char> = text.chars().collect();
    for word in words.iter().map(|word| word.trim()).filter(|word| !word.is_empty()) {
        let word: Vec<char> = word.chars().map(fold).collect();
        let folded: Vec<char> = left.iter().copied().map(fold).collect();
        let mut kept = Vec::with_capacity(left.len());
        let mut at = 0;
        while at < left.len() {
            if folded.get(at..).is_some_and(|rest| rest.starts_with(&word)) {
                kept.push('…');
                at += word.len();
            } else {
                kept.extend(left.get(at));
                at += 1;
            }
        }
        left = kept;
    }
    left.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_left_out_whatever_its_case_and_wherever_it_stands() {
        let words = ["marmalade", "Lampe à huile", ""];
        assert_eq!(without("MARMALADE: ring, say marmalade.", &words), "…: ring, say ….");
        assert_eq!(without("une lampe À huile", &words), "une …");
        assert_eq!(without("marmalad", &words), "marmalad");
        assert_eq!(without("", &words), "");
    }
}
