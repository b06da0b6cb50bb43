//! What a practitioner's page may do. Several may be open; one holds the conversation ([`crate::hold`]).

use crate::{
    fact::Happened,
    guest::Place,
    input::{Conn, Time, Visitor},
    outcome::Outcome,
    person::Person,
    room::{MAX_DESKS, Room},
    signal,
    stage::Stage,
};
use sidelight_protocol::{
    Bye, Code, Devices, Signal,
    desk::{Act, ContactView, Reason},
    guest::ToGuest,
};

/// A connected page of the practitioner.
#[derive(Clone)]
pub(crate) struct DeskPage {
    pub(crate) tab: String,
    /// Whose it is, where it isn't the contact's practitioner.
    pub(crate) visitor: Option<Visitor>,
    /// The view it was sent last.
    pub(crate) view: Option<ContactView>,
}

impl Room {
    pub(crate) fn desk_connect(&mut self, now: Time, conn: Conn, tab: &str, out: &mut Outcome) {
        // What a visitor's page has got because no other was there is its practitioner's.
        let idle = self.holder_visits() && self.speaks.is_none() && self.admitted().is_none();
        if self.page_comes(conn, tab, None, out) && (idle || self.hold.open_to(tab)) {
            self.give_hold(now, conn, false, out);
        }
    }

    /// Takes in a page of the desk: whether it is there now.
    pub(crate) fn page_comes(&mut self, conn: Conn, tab: &str, visitor: Option<Visitor>, out: &mut Outcome) -> bool {
        if self.guests.contains_key(&conn) || self.desks.contains_key(&conn) {
            return false;
        }
        // The same page load again: its old socket is dead, though nobody has noticed yet.
        let old: Vec<Conn> = self.desks.iter().filter(|(_, page)| page.tab == tab).map(|(conn, _)| *conn).collect();
        for old in old {
            self.desks.remove(&old);
            if self.hold.holder() == Some(old) {
                self.hold.vacate();
            }
            out.close(old, Bye::OtherTab);
        }
        if self.desks.len() >= MAX_DESKS {
            out.close(conn, Bye::Misbehaved);
            return false;
        }
        self.desks.insert(conn, DeskPage { tab: tab.to_owned(), visitor, view: None });
        true
    }

    /// A page of the desk is gone. A conversation waits for it or for a press elsewhere; without one, another open page is
    /// as good.
    pub(crate) fn desk_gone(&mut self, conn: Conn) {
        self.desks.remove(&conn);
        if self.hold.holder() != Some(conn) {
            return;
        }
        self.hold.vacate();
        if self.admitted().is_none()
            && let Some(next) = self.next_page()
        {
            // Nobody is in conversation: this can't lead to facts or grants.
            self.give_hold(0, next, false, &mut Outcome::default());
        }
    }

    pub(crate) fn desk_does(&mut self, now: Time, conn: Conn, act: Act, out: &mut Outcome) {
        let re = act.text_id().map(str::to_owned);
        let contact = self.contact.clone();
        if !self.desks.contains_key(&conn) {
            return out.refuse_desk(conn, &contact, Code::Unknown, re);
        }
        let done = match act {
            // What keeps people safe needs neither the conversation nor a contact that goes on.
            Act::Alarm { person, how } => self.alarm(now, &person, how, out),
            Act::Handled { person, matter } => self.handled(now, &person, matter, out),
            Act::AtIt { person } => self.at_it(now, &person, out),
            Act::HandOver { person } => self.hand_over(now, &person, out),
            Act::EndQuietly { person } => self.end_quietly(now, &person, out),
            act => self.conduct(now, conn, act, out),
        };
        if let Err(code) = done {
            out.refuse_desk(conn, &contact, code, re);
        }
    }

    /// What only the page that holds the conversation may do, or takes it by doing.
    fn conduct(&mut self, now: Time, conn: Conn, act: Act, out: &mut Outcome) -> Result<(), Code> {
        if self.ended.is_some() {
            return Err(Code::NotNow);
        }
        let pressed = match &act {
            Act::Take {} => {
                self.give_hold(now, conn, true, out);
                return Ok(());
            }
            Act::Admit { .. }
            | Act::Decline { .. }
            | Act::Ask { .. }
            | Act::AskWho { .. }
            | Act::TakeBackWho { .. }
            | Act::Move { .. }
            | Act::Ring { .. }
            | Act::PutBack { .. }
            | Act::PutOnHold { .. }
            | Act::ItsThem { .. }
            | Act::Text { .. }
            | Act::End {} => true,
            Act::Devices { .. }
            | Act::Seal { .. }
            | Act::Ack { .. }
            | Act::Signal { .. }
            | Act::Reconnect { .. }
            | Act::Alarm { .. }
            | Act::AtIt { .. }
            | Act::HandOver { .. }
            | Act::Handled { .. }
            | Act::EndQuietly { .. } => false,
        };
        match self.hold.holder() {
            Some(holder) if holder != conn => return Err(Code::HeldElsewhere),
            Some(_) | None if pressed => self.give_hold(now, conn, true, out),
            Some(_) => {}
            None => return Err(Code::HeldElsewhere),
        }
        match act {
            // Done above.
            Act::Take {} | Act::Alarm { .. } | Act::AtIt { .. } | Act::HandOver { .. } | Act::Handled { .. } | Act::EndQuietly { .. } => {
                Ok(())
            }
            Act::Admit { person } => self.admit(now, &person, out),
            Act::Decline { person, reason, block } => self.decline(now, &person, reason, block, out),
            Act::Ask { person } => self.ask_again(now, &person, out),
            Act::AskWho { person } => self.ask_who(now, &person, out),
            Act::TakeBackWho { person } => self.take_back_who(now, &person, out),
            Act::Move { person } => self.move_place(now, &person, out),
            Act::Ring { person } => self.ring(now, &person, out),
            Act::PutBack { person } => self.out_of_it(now, &person, Happened::PutBack, out),
            Act::PutOnHold { person } => self.out_of_it(now, &person, Happened::PutOnHold, out),
            Act::ItsThem { person } => self.its_them(now, &person, out),
            Act::Devices { devices } => {
                self.desk_devices = devices;
                Ok(())
            }
            Act::Text { person, id, body } => {
                self.text_from_desk(&person, ToGuest::Text { id, body }, out)?;
                self.was_written(&person);
                Ok(())
            }
            Act::Seal { person, seal } => self.repeatable_from_desk(&person, ToGuest::Seal { seal }, out),
            Act::Ack { person, id, proof } => {
                self.count_text(now, &person, &id, false);
                self.repeatable_from_desk(&person, ToGuest::Ack { id, proof }, out)
            }
            Act::Signal { person, epoch, signal } => self.signal_from_desk(&person, epoch, signal, out),
            Act::Reconnect { person, epoch } => self.reconnect(now, &person, epoch, out),
            Act::End {} => {
                self.finish(now, out);
                Ok(())
            }
        }
    }

    fn admit(&mut self, now: Time, id: &str, out: &mut Outcome) -> Result<(), Code> {
        let person = self.person(id).ok_or(Code::Unknown)?;
        let Stage::Waiting(_) = &person.stage else { return Err(Code::NotNow) };
        // Nobody is let in who isn't there: whoever comes back would find the door open.
        if person.page.conn.is_none() {
            return Err(Code::NotThere);
        }
        if self.admitted().is_some() {
            return Err(Code::Busy);
        }
        // What was on for whoever was inside before is nothing to do with this one.
        self.desk_devices = Devices::default();
        let desk = self.hold.holder().and_then(|conn| self.desks.get(&conn)).map(|page| page.tab.clone());
        let what = Happened::Admitted { epoch: self.next_epoch(now), desk };
        self.record_of(now, id, what, out);
        self.seat_both(id, out);
        Ok(())
    }

    fn decline(&mut self, now: Time, id: &str, reason: Reason, block: bool, out: &mut Outcome) -> Result<(), Code> {
        let person = self.person(id).ok_or(Code::Unknown)?;
        let Stage::Waiting(_) = &person.stage else { return Err(Code::NotNow) };
        self.record_of(now, id, Happened::Declined { reason: Some(reason) }, out);
        if block {
            self.record_of(now, id, Happened::Revoked, out);
        }
        self.goodbye(id, out);
        Ok(())
    }

    fn ask_again(&mut self, now: Time, id: &str, out: &mut Outcome) -> Result<(), Code> {
        let person = self.service_user(id)?;
        if !person.stage.hears_the_desk() || person.who.stands() {
            return Err(Code::NotNow);
        }
        if person.who.just_took_back(now) {
            return Err(Code::TooFast);
        }
        if person.asked.is_none() {
            self.record_of(now, id, Happened::AskedAgain, out);
        }
        Ok(())
    }

    fn move_place(&mut self, now: Time, id: &str, out: &mut Outcome) -> Result<(), Code> {
        let person = self.person(id).ok_or(Code::Unknown)?;
        let other = person.other.as_ref().filter(|_| person.stage.live()).ok_or(Code::NotNow)?;
        // A place that is given to nobody would be lost to both.
        let new = other.conn.ok_or(Code::NotThere)?;
        let old = person.page.conn;
        self.record_of(now, id, Happened::Moved, out);
        if let Some(page) = self.guests.get_mut(&new) {
            page.place = Place::Theirs;
        }
        if let Some(old) = old {
            if let Some(page) = self.guests.get_mut(&old) {
                page.place = Place::Moved;
            }
            out.close(old, Bye::Over);
        }
        Ok(())
    }

    /// Ringing that goes on is the same ringing.
    fn ring(&mut self, now: Time, id: &str, out: &mut Outcome) -> Result<(), Code> {
        let person = self.service_user(id)?;
        if !self.details.rings || !person.stage.hears_the_desk() {
            return Err(Code::NotNow);
        }
        if !self.rings_now(person) {
            self.record_of(now, id, Happened::Rung, out);
        }
        Ok(())
    }

    /// Back to the waiting room, for a while or not.
    fn out_of_it(&mut self, now: Time, id: &str, what: Happened, out: &mut Outcome) -> Result<(), Code> {
        let person = self.person(id).ok_or(Code::Unknown)?;
        let Stage::In(_) = &person.stage else { return Err(Code::NotNow) };
        self.record_of(now, id, what, out);
        Ok(())
    }

    /// Whom the plan is about: what belongs to it is refused for everybody else.
    pub(crate) fn service_user(&self, id: &str) -> Result<&Person, Code> {
        let person = self.person(id).ok_or(Code::Unknown)?;
        if person.is_service_user() { Ok(person) } else { Err(Code::NotNow) }
    }

    fn its_them(&mut self, now: Time, id: &str, out: &mut Outcome) -> Result<(), Code> {
        let person = self.person(id).ok_or(Code::Unknown)?;
        match &person.stage {
            Stage::In(admitted) if !admitted.started() => {
                self.record_of(now, id, Happened::ItsThem, out);
                Ok(())
            }
            _ => Err(Code::NotNow),
        }
    }

    fn reconnect(&mut self, now: Time, id: &str, epoch: u32, out: &mut Outcome) -> Result<(), Code> {
        let person = self.person(id).ok_or(Code::Unknown)?;
        let Stage::In(admitted) = &person.stage else { return Err(Code::NotNow) };
        if admitted.epoch() == epoch {
            self.begin_anew(now, out);
        }
        Ok(())
    }

    fn text_from_desk(&mut self, id: &str, message: ToGuest, out: &mut Outcome) -> Result<(), Code> {
        let person = self.person(id).ok_or(Code::Unknown)?;
        if !person.stage.hears_the_desk() {
            return Err(Code::NotNow);
        }
        let conn = person.page.conn.ok_or(Code::NotThere)?;
        out.tell_guest(conn, message);
        Ok(())
    }

    /// What finds nobody is not refused: see the same of a service user's page.
    fn repeatable_from_desk(&mut self, id: &str, message: ToGuest, out: &mut Outcome) -> Result<(), Code> {
        match self.text_from_desk(id, message, out) {
            Err(Code::NotThere) => Ok(()),
            done => done,
        }
    }

    fn signal_from_desk(&mut self, id: &str, epoch: u32, signal: Signal, out: &mut Outcome) -> Result<(), Code> {
        let person = self.person(id).ok_or(Code::Unknown)?;
        let Stage::In(admitted) = &person.stage else { return Err(Code::NotNow) };
        if epoch != admitted.epoch() {
            return Err(Code::OldEpoch);
        }
        let conn = person.page.conn.ok_or(Code::NotThere)?;
        if let Some(clean) = signal::clean(signal, &self.relayed).map_err(|signal::BadSignal| Code::BadMessage)? {
            out.tell(admitted.signal_to_guest(conn, clean));
        }
        Ok(())
    }
}
