//! How many texts arrived, for the record of the contact. What stands in them nobody here can read.
//!
//! A text counts when the page it went to has acknowledged it. Each side sends the next when the last is acknowledged, so that one that
//! is acknowledged again is the last one again.

use crate::{fact::Happened, input::Time, outcome::Outcome, room::Room};

/// So long after the first one that isn't written down yet the count is. Longer: a kill loses more of it. Shorter: each text is a write
/// to the disk.
pub const COUNTED: Time = 10_000;

/// Texts of one person that aren't written down yet.
#[derive(Clone, Default)]
pub(crate) struct Wrote {
    ours: u32,
    theirs: u32,
    last_ours: Option<String>,
    last_theirs: Option<String>,
    since: Option<Time>,
}

impl Wrote {
    pub(crate) fn due(&self) -> Option<Time> {
        self.since.map(|since| since.saturating_add(COUNTED))
    }

    fn count(&mut self, now: Time, id: &str, ours: bool) {
        let (count, last) = if ours { (&mut self.ours, &mut self.last_ours) } else { (&mut self.theirs, &mut self.last_theirs) };
        if last.as_deref() == Some(id) {
            return;
        }
        *last = Some(id.to_owned());
        *count = count.saturating_add(1);
        self.since = self.since.or(Some(now));
    }

    fn take(&mut self) -> Option<Happened> {
        self.since.take()?;
        Some(Happened::Wrote { ours: std::mem::take(&mut self.ours), theirs: std::mem::take(&mut self.theirs) })
    }
}

impl Room {
    /// A text was acknowledged: by their page it was the practitioner's own, by the desk theirs.
    pub(crate) fn count_text(&mut self, now: Time, person: &str, id: &str, ours: bool) {
        // Every count is a fact: from a page that has done so much, none is taken any more.
        if self.full() || !self.hears_the_desk(person) {
            return;
        }
        if let Some(person) = self.person_mut(person) {
            person.wrote.count(now, id, ours);
        }
    }

    /// Writes down what was counted, once it is due; `all`: whatever there is.
    pub(crate) fn write_counts(&mut self, now: Time, all: bool, out: &mut Outcome) {
        let due = |wrote: &Wrote| wrote.due().is_some_and(|due| all || due <= now);
        let counted: Vec<(String, Happened)> = self
            .people
            .iter_mut()
            .filter(|person| due(&person.wrote))
            .filter_map(|person| Some((person.id.clone(), person.wrote.take()?)))
            .collect();
        for (id, wrote) in counted {
            self.record_of(now, &id, wrote, out);
        }
    }
}
