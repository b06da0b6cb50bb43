//! What a service user's page may do.

use crate::{
    fact::{Fact, Happened},
    input::{Conn, Side, Time},
    outcome::Outcome,
    room::{CHECKED_AGAIN, CHECKS, CHECKS_IN, GOODBYE, Room, seconds},
    signal,
    stage::Stage,
};
use sidelight_protocol::{
    Answer, Bye, Checked, Code, Devices, Leaving, MayKeep, Way,
    desk::ToDesk,
    guest::{FromGuest, GuestView, ToGuest},
};

/// A connected page of a service user.
#[derive(Clone)]
pub(crate) struct GuestPage {
    pub(crate) person: String,
    pub(crate) place: Place,
    /// The view it was sent last.
    pub(crate) view: Option<GuestView>,
}

/// What a page of the link is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It has the person's place.
    Theirs,
    /// Another browser: it waits to be given the place.
    Told,
    /// It had the place until just now.
    Moved,
}

impl Room {
    pub(crate) fn guest_connect(&mut self, now: Time, conn: Conn, id: &str, session: &str, tab: &str, out: &mut Outcome) {
        if self.silenced.contains(&conn) {
            return;
        }
        if self.guests.contains_key(&conn) || self.desks.contains_key(&conn) {
            return out.refuse_guest(conn, Code::NotNow, None);
        }
        // Whichever session of theirs it is: a page that is told anything is a page that can tell an end from an outage.
        if self.is_quiet(id, now) {
            return self.silence(conn, out);
        }
        if self.person(id).is_some_and(|person| person.is_waited_for_by(session)) {
            return self.other_connect(conn, id, tab, out);
        }
        let Some(person) = self.person(id).filter(|person| person.belongs_to(session)) else {
            return out.close(conn, Bye::NoSession);
        };
        if !person.stage.live() {
            return self.missed_goodbye(now, conn, id, out);
        }
        if self.full() {
            return out.close(conn, Bye::Misbehaved);
        }
        let (came, loss_written, old, same_tab) =
            (person.came, person.page.loss_written, person.page.conn, person.page.tab.as_deref() == Some(tab));
        if let Some(old) = old {
            self.guests.remove(&old);
            out.close(old, Bye::OtherTab);
        }
        if !came {
            self.record_of(now, id, Happened::Came, out);
        }
        if loss_written {
            self.record_of(now, id, Happened::Back, out);
        }
        self.guests.insert(conn, GuestPage { person: id.to_owned(), place: Place::Theirs, view: None });
        if let Some(person) = self.person_mut(id) {
            person.page.conn = Some(conn);
            person.page.lost = None;
            if !same_tab {
                person.page.tab = Some(tab.to_owned());
                person.page.devices = Devices::default();
                person.page.hidden = false;
                person.page.covered = false;
                person.page.quiet = false;
            }
        }
        out.welcome(conn);
        if self.in_conversation(id) {
            self.seat(now, Side::Guest, out);
        }
    }

    /// The page of another browser, which waits to be given the place.
    fn other_connect(&mut self, conn: Conn, id: &str, tab: &str, out: &mut Outcome) {
        let Some(other) = self.person_mut(id).and_then(|person| person.other.as_mut()) else { return };
        other.tab = Some(tab.to_owned());
        if let Some(old) = other.conn.replace(conn) {
            self.guests.remove(&old);
            out.close(old, Bye::OtherTab);
        }
        self.guests.insert(conn, GuestPage { person: id.to_owned(), place: Place::Told, view: None });
        out.welcome(conn);
    }

    /// The page was away when its session ended: it is told how, for a short while. After leaving by their own press nobody
    /// is told anything.
    fn missed_goodbye(&self, now: Time, conn: Conn, id: &str, out: &mut Outcome) {
        let missed = self.person(id).is_some_and(|person| match &person.stage {
            Stage::Later { since } | Stage::Declined { since } | Stage::Ended { since } => {
                now <= u64::from(*since).saturating_mul(1000).saturating_add(GOODBYE)
            }
            Stage::NotOpened { .. }
            | Stage::Asked { .. }
            | Stage::Choosing { .. }
            | Stage::Preparing { .. }
            | Stage::Waiting(_)
            | Stage::In(_)
            | Stage::Left { .. }
            | Stage::Revoked { .. }
            | Stage::Quiet { .. } => false,
        });
        match self.guest_view(id).filter(|_| missed) {
            Some(view) => {
                out.welcome(conn);
                out.tell_guest(conn, ToGuest::View { view });
                out.close(conn, Bye::Over);
            }
            None => out.close(conn, Bye::NoSession),
        }
    }

    pub(crate) fn guest_says(&mut self, now: Time, conn: Conn, message: FromGuest, out: &mut Outcome) {
        if self.silenced.contains(&conn) {
            return;
        }
        let re = message.text_id().map(str::to_owned);
        let Some((id, place)) = self.guests.get(&conn).map(|page| (page.person.clone(), page.place)) else {
            return out.refuse_guest(conn, Code::Unknown, re);
        };
        if place != Place::Theirs {
            return match message {
                // Every page says these by itself; of this one nobody is told more than that it is there.
                FromGuest::Beat {} | FromGuest::Devices { .. } | FromGuest::Page { .. } => {}
                FromGuest::Leave { .. } => self.other_leaves(now, &id, out),
                FromGuest::Hello { .. }
                | FromGuest::Answer { .. }
                | FromGuest::Company { .. }
                | FromGuest::Keep { .. }
                | FromGuest::Choose { .. }
                | FromGuest::Knock {}
                | FromGuest::Check {}
                | FromGuest::Checked { .. }
                | FromGuest::Seal { .. }
                | FromGuest::Text { .. }
                | FromGuest::Ack { .. }
                | FromGuest::Signal { .. } => out.refuse_guest(conn, Code::NotNow, re),
            };
        }
        match message {
            FromGuest::Beat {} => {}
            FromGuest::Hello { .. } => out.refuse_guest(conn, Code::NotNow, None),
            FromGuest::Answer { answer } => self.answer(now, conn, &id, answer, out),
            FromGuest::Company { company } => self.said_who(now, conn, &id, company, out),
            FromGuest::Keep { keep } => self.said_to_keep(now, &id, keep == MayKeep::Yes, out),
            FromGuest::Choose { way } => self.choose(now, conn, &id, way, out),
            FromGuest::Knock {} => self.knock(now, conn, &id, out),
            FromGuest::Devices { devices } => match self.person_mut(&id).filter(|person| person.stage.live()) {
                Some(person) => person.page.devices = devices,
                None => out.refuse_guest(conn, Code::NotNow, None),
            },
            FromGuest::Page { hidden, covered, quiet } => match self.person_mut(&id).filter(|person| person.stage.live()) {
                Some(person) => (person.page.hidden, person.page.covered, person.page.quiet) = (hidden, covered, quiet),
                None => out.refuse_guest(conn, Code::NotNow, None),
            },
            FromGuest::Check {} => self.check(now, conn, &id, out),
            FromGuest::Checked { checked } => self.checked(now, conn, &id, checked, out),
            FromGuest::Text { id: text, body } => self.text_from_guest(conn, &id, text, body, out),
            FromGuest::Seal { seal } => {
                let (contact, person) = (self.contact.clone(), id.clone());
                self.repeatable_from_guest(conn, &id, ToDesk::Seal { contact, person, seal }, out);
            }
            FromGuest::Ack { id: text, proof } => {
                let (contact, person) = (self.contact.clone(), id.clone());
                self.count_text(now, &id, &text, true);
                self.repeatable_from_guest(conn, &id, ToDesk::Ack { contact, person, id: text, proof }, out);
            }
            FromGuest::Signal { epoch, signal } => self.signal_from_guest(conn, &id, epoch, signal, out),
            FromGuest::Leave { how } => self.leave(now, conn, &id, how, out),
        }
    }

    fn answer(&mut self, now: Time, conn: Conn, id: &str, answer: Answer, out: &mut Outcome) {
        let asked = self.person(id).is_some_and(|person| match &person.stage {
            Stage::Asked { .. } => true,
            Stage::Waiting(_) | Stage::In(_) => person.asked.is_some(),
            _ => false,
        });
        if !asked {
            return out.refuse_guest(conn, Code::NotNow, None);
        }
        self.record_of(now, id, Happened::Answered { answer }, out);
        if answer == Answer::Later {
            self.goodbye(id, out);
        }
    }

    fn choose(&mut self, now: Time, conn: Conn, id: &str, way: Way, out: &mut Outcome) {
        // Typing is always possible: a phone without camera and microphone never meets a dead end.
        let offered = way == Way::Text || self.details.ways.contains(&way);
        let may = match self.person(id).map(|person| &person.stage) {
            Some(Stage::Choosing { .. } | Stage::Preparing { .. } | Stage::Waiting(_) | Stage::In(_)) => offered,
            Some(_) | None => false,
        };
        if !may {
            return out.refuse_guest(conn, Code::NotNow, None);
        }
        if self.full() {
            return out.refuse_guest(conn, Code::TooFast, None);
        }
        let choosing = matches!(self.person(id).map(|person| &person.stage), Some(Stage::Choosing { .. }));
        if choosing || self.person(id).is_some_and(|person| person.way != Some(way)) {
            self.record_of(now, id, Happened::Chose { way }, out);
        }
    }

    fn knock(&mut self, now: Time, conn: Conn, id: &str, out: &mut Outcome) {
        match self.person(id).map(|person| &person.stage) {
            Some(Stage::Preparing { .. }) => self.record_of(now, id, Happened::Knocked, out),
            Some(_) | None => out.refuse_guest(conn, Code::NotNow, None),
        }
    }

    fn check(&mut self, now: Time, conn: Conn, id: &str, out: &mut Outcome) {
        let Some(person) = self.person_mut(id) else { return };
        let Stage::Waiting(waiting) = &person.stage else { return out.refuse_guest(conn, Code::NotNow, None) };
        person.page.checks.retain(|at| now < at.saturating_add(CHECKS_IN));
        if person.page.checks.len() >= CHECKS {
            return out.refuse_guest(conn, Code::TooFast, None);
        }
        out.grant(waiting.check(conn));
        person.page.checks.push(now);
    }

    /// Nothing of it is written down: it is about this visit.
    fn checked(&mut self, now: Time, conn: Conn, id: &str, checked: Checked, out: &mut Outcome) {
        let Some(person) = self.person_mut(id).filter(|person| person.stage.hears_the_desk()) else {
            return out.refuse_guest(conn, Code::NotNow, None);
        };
        if person.page.checked.is_some_and(|(_, at)| now < at.saturating_add(CHECKED_AGAIN)) {
            return out.refuse_guest(conn, Code::TooFast, None);
        }
        person.page.checked = Some((checked, now));
    }

    fn text_from_guest(&mut self, conn: Conn, id: &str, text: String, body: String, out: &mut Outcome) {
        if !self.hears_the_desk(id) {
            return out.refuse_guest(conn, Code::NotNow, Some(text));
        }
        match self.hold.holder() {
            Some(desk) => {
                self.was_written(id);
                let message = ToDesk::Text { contact: self.contact.clone(), person: id.to_owned(), id: text, body };
                out.tell_desk(desk, message);
            }
            None => out.refuse_guest(conn, Code::NotThere, Some(text)),
        }
    }

    /// What finds nobody is not refused: a text will be sent again and acknowledged again, and a key is agreed on anew with who comes.
    fn repeatable_from_guest(&mut self, conn: Conn, id: &str, message: ToDesk, out: &mut Outcome) {
        if !self.hears_the_desk(id) {
            return out.refuse_guest(conn, Code::NotNow, None);
        }
        if let Some(desk) = self.hold.holder() {
            out.tell_desk(desk, message);
        }
    }

    fn signal_from_guest(&mut self, conn: Conn, id: &str, epoch: u32, signal: sidelight_protocol::Signal, out: &mut Outcome) {
        let Some(Stage::In(admitted)) = self.person(id).map(|person| &person.stage) else {
            return out.refuse_guest(conn, Code::NotNow, None);
        };
        if epoch != admitted.epoch() {
            return out.refuse_guest(conn, Code::OldEpoch, None);
        }
        let Some(desk) = self.hold.holder() else {
            return out.refuse_guest(conn, Code::NotThere, None);
        };
        match signal::clean(signal, &self.relayed) {
            Ok(Some(clean)) => out.tell(admitted.signal_to_desk(desk, &self.contact, id, clean)),
            Ok(None) => {}
            Err(signal::BadSignal) => out.refuse_guest(conn, Code::BadMessage, None),
        }
    }

    fn leave(&mut self, now: Time, conn: Conn, id: &str, how: Leaving, out: &mut Outcome) {
        if !self.person(id).is_some_and(|person| person.stage.live()) {
            return out.refuse_guest(conn, Code::NotNow, None);
        }
        self.record_of(now, id, Happened::Left { how }, out);
        self.goodbye(id, out);
    }

    /// Without a word about what the session was worth.
    pub(crate) fn leave_by_request(&mut self, now: Time, id: &str, session: &str, how: Leaving, out: &mut Outcome) {
        let Some(person) = self.person(id).filter(|person| person.stage.live()) else { return };
        if person.is_waited_for_by(session) {
            self.other_leaves(now, id, out);
        } else if person.belongs_to(session) {
            self.record_of(now, id, Happened::Left { how }, out);
            self.goodbye(id, out);
        }
    }

    /// The other browser gives up. The place and the link are not its own, so they stay.
    fn other_leaves(&mut self, now: Time, id: &str, out: &mut Outcome) {
        let Some(other) = self.person(id).and_then(|person| person.other.as_ref()) else { return };
        let conn = other.conn;
        self.record_of(now, id, Happened::OtherLeft, out);
        if let Some(conn) = conn {
            out.close(conn, Bye::Over);
        }
    }

    pub(crate) fn record_of(&mut self, now: Time, id: &str, what: Happened, out: &mut Outcome) {
        self.record(out, Fact { at: seconds(now), person: Some(id.to_owned()), what });
    }

    pub(crate) fn in_conversation(&self, id: &str) -> bool {
        matches!(self.person(id).map(|person| &person.stage), Some(Stage::In(_)))
    }

    pub(crate) fn hears_the_desk(&self, id: &str) -> bool {
        self.person(id).is_some_and(|person| person.stage.hears_the_desk())
    }
}
