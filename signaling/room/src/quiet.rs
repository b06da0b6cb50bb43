//! Ending quietly: for who answers another's phone, or reads along, there must be no difference between a practitioner who
//! ended it and a service that was lost.
//!
//! So nothing is said: no goodbye, no view, no refusal. Every page of the person is let go of without a word ([`Effect::Silence`]),
//! the relay is taken away, and whatever comes by their link or their sessions afterwards, a reload or another browser, meets
//! the same silence. Nothing that they do then has an effect.
//!
//! The silence ends where the contact's links end in any case; from there on the link is as dead as any other.
//!
//! [`Effect::Silence`]: crate::Effect::Silence

use crate::{
    fact::Happened,
    input::{Conn, Time},
    outcome::Outcome,
    room::Room,
    stage::Stage,
};
use sidelight_protocol::Code;

/// How long the silence lasts at least, where the contact's own time is nearly over. Longer: an empty place is kept for longer.
/// Shorter: a page that tries again for a few minutes would be told that it has ended, and so that somebody ended it.
pub const SILENT: Time = 60 * 60_000;

impl Room {
    /// From any page of the practitioner, as with the alarm: whoever must act at once doesn't look for the right tab first.
    pub(crate) fn end_quietly(&mut self, now: Time, id: &str, out: &mut Outcome) -> Result<(), Code> {
        let person = self.service_user(id)?;
        if let Stage::Quiet { .. } = person.stage {
            return Ok(());
        }
        // Their page has been told how it ended: nothing could be taken back.
        if person.stage.finished() || self.ended() {
            return Err(Code::NotNow);
        }
        let pages: Vec<Conn> = self.guests.iter().filter(|(_, page)| page.person == id).map(|(conn, _)| *conn).collect();
        for conn in pages {
            self.guests.remove(&conn);
            self.silence(conn, out);
        }
        self.record_of(now, id, Happened::EndedQuietly, out);
        Ok(())
    }

    pub(crate) fn silence(&mut self, conn: Conn, out: &mut Outcome) {
        self.silenced.insert(conn);
        out.silence(conn);
    }

    /// Nothing that comes by this person's link or sessions is answered now.
    pub fn is_quiet(&self, id: &str, now: Time) -> bool {
        match self.person(id).map(|person| &person.stage) {
            Some(Stage::Quiet { since }) => now < self.end().max(u64::from(*since).saturating_mul(1000).saturating_add(SILENT)),
            Some(_) | None => false,
        }
    }
}
